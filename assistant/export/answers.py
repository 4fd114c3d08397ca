"""An answer as Markdown or Word, every sentence with its footnote."""

from __future__ import annotations

import re

from assistant.ask.wording import number_citations
from assistant.domain import Answer, Citation, Claim
from assistant.export.footnotes import NotedDocument

_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~<>$!])")


def note_of(citation: Citation) -> str:
    """A footnote: title, place, quote, and the sources with level, address and day of checking."""
    where = " ".join(part for part in (citation.title, " ＞ ".join(citation.trail), citation.locator) if part)
    sources = "；".join(
        f"【{s.level}】{s.publisher}「{s.title}」{s.url}（確認日 {s.checked.isoformat()}）"
        for s in citation.sources
    )
    return f"{where}「{citation.quote}」" + (f" 出典: {sources}" if sources else "")


def _lead(answer: Answer) -> list[str]:
    """The lines of the answer's text that are not claims (status sentences, questions back)."""
    claims = {claim.text for claim in answer.claims}
    return [line for line in answer.text.split("\n") if re.sub(r"(?:\[\d+\])+$", "", line) not in claims]


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def answer_markdown(question: str, answer: Answer) -> str:
    """Markdown with footnotes (``[^1]``)."""
    marks = number_citations(answer.claims)
    out = [f"# {_escape(question)}", ""]
    out += [_escape(line) for line in _lead(answer)]
    for claim in answer.claims:
        out += ["", _escape(claim.text) + "".join(f"[^{marks[_key(c)]}]" for c in claim.citations)]
    if answer.cautions:
        out += ["", "## 留意点", ""]
        out += [f"- {_escape(caution)}" for caution in answer.cautions]
    notes = {marks[_key(c)]: c for claim in answer.claims for c in claim.citations}
    if notes:
        out.append("")
        out += [
            f"[^{number}]: {_escape(' '.join(note_of(c).split()))}" for number, c in sorted(notes.items())
        ]
    return "\n".join(out) + "\n"


def answer_docx(question: str, answer: Answer) -> bytes:
    """A Word file; each claim carries real footnotes."""
    document = NotedDocument(question)
    for line in _lead(answer):
        document.paragraph(line)
    for claim in answer.claims:
        document.paragraph(claim.text, _notes(claim))
    if answer.cautions:
        document.heading("留意点")
        for caution in answer.cautions:
            document.paragraph(caution, style="List Bullet")
    return document.to_bytes()


def _notes(claim: Claim) -> list[str]:
    return [note_of(citation) for citation in claim.citations]


def _key(citation: Citation) -> tuple[str, int, int]:
    return citation.passage_id, citation.start, citation.end
