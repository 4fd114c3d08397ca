"""The check on real sentences: the corpus bears itself out, hand-written lies are caught."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.domain import Kind, SupportLabel
from assistant.evidence.check import check_support
from assistant.knowledge.digests import parse_digest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "benchmarks" / "data"


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("folder", ["policy", "grants"])
def test_every_statement_of_the_corpus_is_borne_out_by_itself(folder: str) -> None:
    refused = []
    for path in sorted((ROOT / "corpus" / folder).glob("*.md"))[::3]:
        digest, _ = parse_digest(
            path.read_text(encoding="utf-8"), document_id=path.stem, kind=Kind.OTHER, shown=path.name
        )
        assert digest is not None
        for page in digest.document.pages:
            for statement in page.statements:
                text = page.text[statement.start : statement.end]
                if check_support(text, text).label is not SupportLabel.SUPPORTED:
                    refused.append(text)
    assert refused == []


def test_there_are_enough_hand_written_sentences_and_no_duplicates() -> None:
    paraphrases, traps = rows("paraphrases.jsonl"), rows("hard_negatives.jsonl")
    assert len({(r["claim"], r["evidence"]) for r in paraphrases}) == len(paraphrases) >= 150
    assert len({(r["claim"], r["evidence"]) for r in traps}) == len(traps) >= 60
    assert not [r for r in paraphrases if r["claim"] in r["evidence"]]


def test_honest_paraphrases_pass() -> None:
    found = [check_support(r["claim"], r["evidence"]) for r in rows("paraphrases.jsonl")]
    refused = [s.reason for s in found if s.label is not SupportLabel.SUPPORTED]
    assert len(refused) <= 0.03 * len(found), refused


def test_hand_written_lies_are_caught() -> None:
    traps = rows("hard_negatives.jsonl")
    missed = [
        r["claim"] for r in traps if check_support(r["claim"], r["evidence"]).label is SupportLabel.SUPPORTED
    ]
    assert len(missed) <= 0.08 * len(traps), missed
