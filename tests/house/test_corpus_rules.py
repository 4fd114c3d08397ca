"""The corpus that we ship keeps its own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from assistant.domain import Document, Kind, Level
from assistant.knowledge.corpus import Corpus, load_corpus
from assistant.knowledge.coverage import corpus_coverage

CORPUS = Path(__file__).parents[2] / "corpus"
POLITE = re.compile(r"(です|ます|ました|ません|でした|ください)(（[^（）]*）)?。$")
LEANS = re.compile(r"(これ|それ|この|その|同|上記|前述|また|なお|ただし|さらに|当該)(?!一)")
# Words by which a sentence admits that it rests on the press or on private pages alone.
HEDGE = re.compile(r"報道|報じ|紹介|解説|説明|要確認|とされ|整理|見出し|要約|案内|確認でき|指摘|例が")


@lru_cache(maxsize=1)
def corpus() -> Corpus:
    return load_corpus(CORPUS)


def digest_statements() -> Iterator[tuple[Document, str, tuple[str, ...]]]:
    for digest in corpus().digests.values():
        for page in digest.document.pages:
            for statement in page.statements:
                yield digest.document, page.text[statement.start : statement.end], statement.source_ids


def test_there_are_as_many_sources_as_promised() -> None:
    assert len(corpus().sources) >= 250


def test_every_source_is_used() -> None:
    assert corpus_coverage(corpus()).sources_unused == ()


def test_no_statement_is_without_a_source() -> None:
    assert corpus_coverage(corpus()).statements_without_source == ()


def test_there_are_as_many_digests_as_promised() -> None:
    kinds = [document.kind for document in corpus().documents()]
    assert kinds.count(Kind.POLICY) >= 30


def test_statements_are_polite_sentences_that_stand_alone() -> None:
    prose = [(d.id, text) for d, text, _ in digest_statements() if "／" not in text]
    assert [item for item in prose if not POLITE.search(item[1]) and ": " not in item[1]] == []
    assert [item for item in prose if LEANS.match(item[1])] == []


def test_a_sentence_that_rests_on_third_parties_alone_says_so() -> None:
    sources = corpus().sources
    assert [
        (document.id, text)
        for document, text, ids in digest_statements()
        if document.kind is Kind.POLICY
        and "／" not in text
        and {sources[i].level for i in ids} == {Level.THIRD_PARTY}
        and not HEDGE.search(text)
    ] == []


def test_titles_are_for_people() -> None:
    for source in corpus().sources.values():
        for words in (source.title, source.publisher):
            assert unquote(words) == words, source.id
            assert re.search(r"[ぁ-んァ-ヶ一-龠]", words) or re.fullmatch(
                r"[A-Za-z0-9 .&'()（）-]+", words
            ), source.id
            assert "read_file" not in words and "/farm/" not in words, source.id


def test_every_address_can_be_opened_by_a_person() -> None:
    for source in corpus().sources.values():
        assert re.match(r"https?://[^/\s]+\.[^/\s]+", source.url), source.id
        assert " " not in source.url, source.id


def test_targets_tell_which_pillar_they_belong_to_and_whether_they_are_confirmed() -> None:
    targets = {target.id: target for target in corpus().targets}
    assert targets["kk-kankei-jinkou-jitsu"].value == 10_000_000
    assert targets["kk-kaimono-kankyou"].value == 100
    assert {target.pillar for target in targets.values()} >= {1, 2, 3, 4}
    sources = corpus().sources
    for target in targets.values():
        official = any(sources[i].level is not Level.THIRD_PARTY for i in target.sources)
        assert target.confirmed == official, target.id


@pytest.mark.parametrize("room", ["policy", "grants"])
def test_digests_are_in_their_rooms(room: str) -> None:
    assert list((CORPUS / room).glob("*.md"))
