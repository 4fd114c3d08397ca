"""An answer as Markdown or Word, every sentence with its footnote."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.ask.wording import number_citations
from assistant.domain import Answer, Citation, Claim, Comparison, GrantFit
from assistant.export.footnotes import NotedDocument
from assistant.grants.scene import BLOCK, say_finding
from assistant.grants.table import told_of

TOUCHED = "ご質問の言葉に関わる条件（読み取りが正しい場合）"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~<>$!])")


def note_of(citation: Citation) -> str:
    """A footnote: title, place, quote, and the sources with level, address and day of checking."""
    where = " ".join(part for part in (citation.title, " ＞ ".join(citation.trail), citation.locator) if part)
    sources = "；".join(
        f"【{s.level}】{s.publisher}「{s.title}」{s.url}（確認日 {s.checked.isoformat()}）"
        for s in citation.sources
    )
    return f"{where}「{citation.quote}」" + (f" 出典: {sources}" if sources else "")


def own_claims(answer: Answer) -> tuple[Claim, ...]:
    """The claims that stand by themselves: neither in a table nor among the reasons for a grant."""
    if answer.comparison is not None:
        return ()
    placed = {claim.text for fit in answer.fits for claim in (*fit.why, *fit.against)}
    return tuple(claim for claim in answer.claims if claim.text not in placed)


def split_text(answer: Answer) -> tuple[list[str], list[str]]:
    """The lines of the answer's text that are not claims: before the claims, and between them and its parts."""
    claims = {claim.text for claim in answer.claims}
    own = {claim.text for claim in own_claims(answer)}
    says = {row.says for row in answer.comparison.rows} if answer.comparison else set()
    lead: list[str] = []
    bridge: list[str] = []
    seen = False
    for line in answer.text.split("\n"):
        if line.startswith(BLOCK):
            break
        bare = re.sub(r"(?:\[\d+\])+$", "", line)
        seen = seen or bare in own
        if bare not in claims and line not in says:
            (bridge if seen else lead).append(line)
    return lead, bridge


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def answer_markdown(question: str, answer: Answer) -> str:
    """Markdown with footnotes (``[^1]``)."""
    marks = number_citations(answer.claims)
    out = [f"# {_escape(question)}", ""]
    lead, bridge = split_text(answer)

    def noted(claims: Sequence[Claim]) -> str:
        return " ".join(
            _escape(c.text) + "".join(f"[^{marks[_key(citation)]}]" for citation in c.citations)
            for c in claims
        )

    out += [_escape(line) for line in lead]
    for claim in own_claims(answer):
        out += ["", noted((claim,))]
    out += ["", *(_escape(line) for line in bridge)] if bridge else []
    out += _comparison_lines(answer.comparison, noted) if answer.comparison else []
    for number, fit in enumerate(answer.fits, start=1):
        out += ["", f"## {number}. {_escape(named(fit))}", ""]
        out += [
            f"- **{label}**: {_escape(text) if text else noted(claims)}"
            for label, text, claims in parts_of(fit)
        ]
    if answer.touched:
        out += ["", f"## {TOUCHED}", ""]
        out += [f"- {_escape(say_finding(finding))}" for finding in answer.touched]
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


def _comparison_lines(comparison: Comparison, noted: Callable[[Sequence[Claim]], str]) -> list[str]:
    heads = [_escape(f"{side.name}（{side.note or side.year}）") for side in comparison.sides]
    out = ["", *(_escape(row.says) for row in comparison.rows if row.says), ""]
    out += [f"| 項目 | {' | '.join(heads)} | 違い |", "|---" * (len(heads) + 2) + "|"]
    for row in comparison.rows:
        cells = [
            (f"**{_escape(cell.value)}** " if cell.value else "")
            + (noted(cell.claims) or ("" if cell.value else _escape(cell.text)))
            for cell in row.cells
        ]
        out.append(f"| {_escape(row.aspect)} | {' | '.join(cells)} | {told_of(row)} |")
    return out


def named(fit: GrantFit) -> str:
    """A grant of a list with its year."""
    year = fit.year.partition("（")[0]
    return fit.name if year in fit.name else f"{fit.name}（{year}）"


def parts_of(fit: GrantFit) -> list[tuple[str, str, tuple[Claim, ...]]]:
    """What is told of a grant of a list: a label with a text of our own, or with quoted sentences."""
    parts: list[tuple[str, str, tuple[Claim, ...]]] = [("合う点", "", (claim,)) for claim in fit.why]
    parts += [("注意する点", "", (claim,)) for claim in fit.against]
    parts += [("関わる条件（読み取りが正しい場合）", say_finding(f), ()) for f in fit.touched[:2]]
    parts += [("まだ分からないこと", " ".join(fit.unknown), ())] if fit.unknown else []
    return parts + ([("確認先", fit.office, ())] if fit.office else [])


def answer_docx(question: str, answer: Answer) -> bytes:
    """A Word file; each claim carries real footnotes."""
    document = NotedDocument(question)
    lead, bridge = split_text(answer)
    for line in lead:
        document.paragraph(line)
    for claim in own_claims(answer):
        document.paragraph(claim.text, _notes(claim))
    for line in bridge:
        document.paragraph(line)
    if answer.comparison:
        _add_comparison(document, answer.comparison)
    for number, fit in enumerate(answer.fits, start=1):
        document.heading(f"{number}. {named(fit)}")
        for label, text, claims in parts_of(fit):
            told = [(text, [])] if text else [(claim.text, _notes(claim)) for claim in claims]
            document.sentences(told, label=f"{label}: ", style="List Bullet")
    if answer.touched:
        document.heading(TOUCHED)
        for finding in answer.touched:
            document.paragraph(say_finding(finding), style="List Bullet")
    if answer.cautions:
        document.heading("留意点")
        for caution in answer.cautions:
            document.paragraph(caution, style="List Bullet")
    return document.to_bytes()


def _add_comparison(document: NotedDocument, comparison: Comparison) -> None:
    for row in comparison.rows:
        if row.says:
            document.paragraph(row.says)
    heads = ["項目", *(f"{side.name}（{side.note or side.year}）" for side in comparison.sides), "違い"]
    rows: list[list[list[tuple[str, list[str]]]]] = []
    for row in comparison.rows:
        cells = []
        for cell in row.cells:
            told: list[tuple[str, list[str]]] = [(f"{cell.value}　", [])] if cell.value else []
            told += [(claim.text, _notes(claim)) for claim in cell.claims]
            cells.append(told or [(cell.text, [])])
        rows.append([[(row.aspect, [])], *cells, [(told_of(row), [])]])
    document.table(heads, rows)


def _notes(claim: Claim) -> list[str]:
    return [note_of(citation) for citation in claim.citations]


def _key(citation: Citation) -> tuple[str, int, int]:
    return citation.passage_id, citation.start, citation.end
