"""``assistant review --chapters`` and ``--ask``: what one document says, in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.about import AboutDocument
from assistant.cli.frame import print_json, say
from assistant.domain import Answer
from assistant.errors import InputError
from assistant.export.values import answer_value
from assistant.review.nouns import Review
from assistant.review.summaries import LENGTHS, ChapterSummary, Length
from assistant.service import Assistant


def read_length(name: str) -> Length:
    """``short``, ``usual`` or ``long``, also in Japanese. Raises ``InputError``."""
    for length, label in LENGTHS.items():
        if name in (length, label):
            return length
    names = "、".join(f"{length}（{label}）" for length, label in LENGTHS.items())
    raise InputError(f"要約の長さ「{name}」は使えません。", remedy=f"{names} のどれかを指定してください。")


def open_document(assistant: Assistant, file: Path, review: Review | None = None) -> AboutDocument:
    """Read the file for questions and summaries. Raises ``FileUnreadable``."""
    document, _ = assistant.read_upload(file, file.name)
    return AboutDocument(assistant, document, review)


def answer_document(about: AboutDocument, question: str, *, with_corpus: bool, as_json: bool) -> None:
    """Answer ``question`` by the document, and by the corpus where ``with_corpus``."""
    answer = about.ask(question, with_corpus=with_corpus)
    if as_json:
        print_json(answer_value(answer))
    else:
        _say_answer(answer)


def _say_answer(answer: Answer) -> None:
    say(answer.text)
    seen: dict[tuple[str, int, int], None] = {}
    for claim in answer.claims:
        for citation in claim.citations:
            key = (citation.passage_id, citation.start, citation.end)
            if key in seen:
                continue
            if not seen:
                say("\n出典")
            seen[key] = None
            say(f"[{len(seen)}] {citation.title} {citation.locator}".rstrip())
            say(f"    「{' '.join(citation.quote.split())}」")
            for source in citation.sources:
                say(f"    {source.level} {source.publisher}「{source.title}」 {source.url}")
    for caution in answer.cautions:
        say(f"※ {caution}")


def say_chapters(chapters: Sequence[ChapterSummary]) -> None:
    """The chapters and their summaries as lines."""
    for chapter in chapters:
        first, last = chapter.first_page, chapter.last_page
        say(f"■ {chapter.title}（{first if first == last else f'{first}～{last}'}ページ）")
        for sentence in chapter.sentences:
            say(f"・{sentence.text}［{sentence.where.page}ページ］")
        for line in chapter.indicators:
            say(f"・指標 {line.text}［{line.where.page}ページ］")
        if chapter.more_indicators:
            say(f"・指標はほかに{chapter.more_indicators}件あります。")
        if chapter.note:
            say(f"※ {chapter.note}")
        say()
