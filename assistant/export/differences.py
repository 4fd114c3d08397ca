"""The difference of two versions as a section of the review's files: Markdown, HTML, Word and Excel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

from assistant.domain import Outcome, PageQuote
from assistant.export.footnotes import NotedDocument, clean
from assistant.japanese.calendar import wareki
from assistant.review.nouns import Difference, Kpi, KpiChange, PassageChange, RequirementChange, Side

TITLE: Final = "前の版との違い"
PASSAGE_WORDS: Final = {
    "changed": "変わった",
    "removed": "なくなった",
    "added": "加わった",
    "moved": "移った",
}
REQUIREMENT_WORDS: Final = {
    "lost": "記載が失われた",
    "gained": "記載が加わった",
    "unclear": "判断できない",
    "changed": "根拠の文が変わった",
    "same": "同じ",
}
OUTCOME_WORDS: Final = {
    Outcome.MET: "記載あり",
    Outcome.NOT_MET: "見当たらない・不十分",
    Outcome.UNKNOWN: "判断できない",
    Outcome.NOT_APPLICABLE: "対象外",
    None: "対象外",
}
CSS: Final = (
    "del{background:#fde2d8;color:#7a2100;text-decoration:line-through}ins{background:#d9f2e6;color:#00533a;text-decoration:underline}"
    ".sides td{width:42%}.sides td:first-child{width:16%}"
)
_PASSAGE_HEAD: Final = ("種類", "前の版のページ", "前の版", "新しい版のページ", "新しい版", "読み取った変化")
_REQUIREMENT_HEAD: Final = (
    "点検項目",
    "違い",
    "前の版",
    "新しい版",
    "説明",
    "前の版の引用",
    "新しい版の引用",
)
_KPI_HEAD: Final = (
    "指標",
    "違い",
    "前の版（基準値→目標値）",
    "新しい版（基準値→目標値）",
    "前の版のページ",
    "新しい版のページ",
)


def requirements_told(difference: Difference) -> list[RequirementChange]:
    """Requirements that are not the same, the lost ones first."""
    order = list(REQUIREMENT_WORDS)
    found = [r for r in difference.requirements if r.kind != "same"]
    return sorted(found, key=lambda r: order.index(r.kind))


def kpis_told(difference: Difference) -> list[KpiChange]:
    """Indicators that are not the same."""
    return [k for k in difference.kpis if k.kinds]


def passages_told(difference: Difference) -> list[PassageChange]:
    """Passages, those first that a reader must not overlook."""
    return sorted(difference.passages, key=lambda p: not p.notes)


def remarks(change: PassageChange) -> list[str]:
    """What is said of one passage."""
    said = [note.says for note in change.notes]
    if change.kind == "changed" and change.moved:
        said.append("文の位置も変わりました。")
    return [*said, *([change.because] if change.because else [])]


def kpi_line(kpi: Kpi | None) -> str:
    """「30人（令和6年度）→120人（令和11年度）」."""
    if kpi is None:
        return "－"
    sides = []
    for value, year in ((kpi.baseline, kpi.baseline_year), (kpi.target, kpi.target_year)):
        shown = " ".join(value.split()) or "－"
        unit = kpi.unit if shown[-1].isdigit() else ""
        sides.append(f"{shown}{unit}{f'（{wareki(year)}）' if year else ''}")
    return "→".join(sides)


def pages_of(side: Side | None) -> str:
    """「3」, or 「3、4」 for a sentence that runs over a page break."""
    return "、".join(str(page) for page in sorted({q.page for q in side.quotes})) if side else ""


def _quoted(quotes: Sequence[PageQuote]) -> str:
    return "\n".join(f"{q.page}ページ「{' '.join(q.quote.split())}」" for q in quotes)


def _files(difference: Difference) -> str:
    return (
        f"前の版: {difference.before_file}（{difference.before_pages}ページ）　"
        f"新しい版: {difference.after_file}（{difference.after_pages}ページ）"
    )


# ── Markdown ─────────────────────────────────────────────────────────────────


def difference_markdown(difference: Difference, inline: Callable[[str], str]) -> list[str]:
    """Lines of Markdown; ``inline`` makes text from a document safe."""
    out = ["", f"## {TITLE}", "", inline(_files(difference)), "", difference.text, ""]
    out += [f"- {inline(line)}" for line in difference.cautions]
    requirements, kpis, passages = (
        requirements_told(difference), kpis_told(difference), passages_told(difference),
    )  # fmt: skip
    if requirements:
        out += ["", f"### 点検項目の違い（{len(requirements)}件）", ""]
        for change in requirements:
            out.append(f"- {REQUIREMENT_WORDS[change.kind]}: {change.requirement} {inline(change.says)}")
            for name, quotes in (("前の版", change.before_evidence), ("新しい版", change.after_evidence)):
                out += [f"    - {name} {q.page}ページ: 「{inline(q.quote)}」" for q in quotes]
    if kpis:
        out += ["", f"### 指標の違い（{len(kpis)}件）", ""]
        out += [f"- {inline(k.indicator)}: {inline(' '.join(k.says))}" for k in kpis]
    if passages:
        out += ["", f"### 文と見出しの違い（{len(passages)}件）", ""]
        for passage in passages:
            out.append(f"- {PASSAGE_WORDS[passage.kind]}: {inline(' '.join(remarks(passage)))}".rstrip(": "))
            for name, side in (("前の版", passage.before), ("新しい版", passage.after)):
                if side:
                    out.append(f"    - {name} {pages_of(side)}ページ: 「{_marked(side, inline)}」")
    return out


def _marked(side: Side, inline: Callable[[str], str]) -> str:
    return "".join(f"**{inline(text)}**" if marked else inline(text) for text, marked in side.stretches)


# ── HTML ─────────────────────────────────────────────────────────────────────


def difference_html(difference: Difference) -> list[str]:
    """A section of HTML, the versions side by side."""
    out = [f"<h2>{TITLE}</h2><p>{escape(_files(difference))}</p><p>{escape(difference.text)}</p><ul>"]
    out += [f"<li>{escape(line)}</li>" for line in difference.cautions]
    out.append("</ul>")
    requirements, kpis, passages = (
        requirements_told(difference), kpis_told(difference), passages_told(difference),
    )  # fmt: skip
    if requirements:
        out.append(f"<h3>点検項目の違い（{len(requirements)}件）</h3>{_sides_head()}")
        for change in requirements:
            out.append(
                f"<tr><td><strong>{REQUIREMENT_WORDS[change.kind]}</strong><br>{escape(change.requirement)}<br>{escape(change.says)}</td>"
                + "".join(
                    "<td>" + "<br>".join(f"{q.page}ページ: {escape(q.quote)}" for q in quotes) + "</td>"
                    for quotes in (change.before_evidence, change.after_evidence)
                )
                + "</tr>"
            )
        out.append("</table>")
    if kpis:
        out.append(f"<h3>指標の違い（{len(kpis)}件）</h3>{_sides_head()}")
        for kpi in kpis:
            out.append(
                f"<tr><td><strong>{escape(kpi.indicator)}</strong><br>{escape(' '.join(kpi.says))}</td>"
                f"<td>{_kpi_cell(kpi.before)}</td><td>{_kpi_cell(kpi.after)}</td></tr>"
            )
        out.append("</table>")
    if passages:
        out.append(f"<h3>文と見出しの違い（{len(passages)}件）</h3>{_sides_head()}")
        for passage in passages:
            said = "<br>".join(escape(line) for line in remarks(passage))
            out.append(
                f"<tr><td><strong>{PASSAGE_WORDS[passage.kind]}</strong><br>{said}</td>"
                f"<td>{_side_html(passage.before, 'del')}</td><td>{_side_html(passage.after, 'ins')}</td></tr>"
            )
        out.append("</table>")
    return out


def _sides_head() -> str:
    return "<table class='sides'><tr><th>違い</th><th>前の版</th><th>新しい版</th></tr>"


def _kpi_cell(kpi: Kpi | None) -> str:
    return f"{kpi.where.page}ページ: {escape(kpi_line(kpi))}" if kpi else ""


def _side_html(side: Side | None, tag: str) -> str:
    if side is None:
        return ""
    text = "".join(f"<{tag}>{escape(t)}</{tag}>" if marked else escape(t) for t, marked in side.stretches)
    return f"{pages_of(side)}ページ: {text}"


# ── Word and Excel ───────────────────────────────────────────────────────────


def add_difference(document: NotedDocument, difference: Difference) -> None:
    """The section at the end of a Word file; changed words are struck out and underlined."""
    document.heading(TITLE)
    document.paragraph(_files(difference))
    document.paragraph(difference.text)
    for line in difference.cautions:
        document.paragraph(line, style="List Bullet")
    requirements, kpis, passages = (
        requirements_told(difference), kpis_told(difference), passages_told(difference),
    )  # fmt: skip
    if requirements:
        document.heading(f"点検項目の違い（{len(requirements)}件）", 3)
    for change in requirements:
        document.paragraph(f"{REQUIREMENT_WORDS[change.kind]}: {change.requirement}{change.says}")
        for name, quotes in (("前の版", change.before_evidence), ("新しい版", change.after_evidence)):
            for quote in quotes:
                document.paragraph(f"{name} {quote.page}ページ: 「{quote.quote}」", style="List Bullet")
    if kpis:
        document.heading(f"指標の違い（{len(kpis)}件）", 3)
    for kpi in kpis:
        document.paragraph(f"{kpi.indicator}: {' '.join(kpi.says)}")
        for name, side in (("前の版", kpi.before), ("新しい版", kpi.after)):
            if side:
                document.paragraph(f"{name} {side.where.page}ページ: {kpi_line(side)}", style="List Bullet")
    if passages:
        document.heading(f"文と見出しの違い（{len(passages)}件）", 3)
    for passage in passages:
        document.paragraph(f"{PASSAGE_WORDS[passage.kind]}: {' '.join(remarks(passage))}".rstrip(": "))
        for name, shown in (("前の版", passage.before), ("新しい版", passage.after)):
            if shown:
                _add_side(document, name, shown, struck=name == "前の版")


def _add_side(document: NotedDocument, name: str, side: Side, *, struck: bool) -> None:
    paragraph = document.document.add_paragraph(f"{name} {pages_of(side)}ページ: ", style="List Bullet")
    for text, marked in side.stretches:
        run = paragraph.add_run(clean(text))
        if marked:
            run.bold = True
            run.font.strike, run.font.underline = (True, None) if struck else (None, True)


def add_difference_sheets(
    book: Any,
    difference: Difference,
    fill: Callable[[Any, Sequence[str], Sequence[Sequence[str]], Sequence[int]], None],
) -> None:
    """Three sheets of an Excel book; ``fill`` writes rows under a heading with the widths of the columns."""
    fill(
        book.create_sheet("違い・点検項目"),
        _REQUIREMENT_HEAD,
        [
            (
                r.requirement,
                REQUIREMENT_WORDS[r.kind],
                OUTCOME_WORDS[r.before],
                OUTCOME_WORDS[r.after],
                r.says,
                _quoted(r.before_evidence),
                _quoted(r.after_evidence),
            )
            for r in requirements_told(difference)
        ],
        (44, 18, 16, 16, 50, 50, 50),
    )
    fill(
        book.create_sheet("違い・指標"),
        _KPI_HEAD,
        [
            (
                k.indicator,
                " ".join(k.says),
                kpi_line(k.before),
                kpi_line(k.after),
                str(k.before.where.page) if k.before else "",
                str(k.after.where.page) if k.after else "",
            )
            for k in kpis_told(difference)
        ],
        (40, 50, 34, 34, 14, 14),
    )
    fill(
        book.create_sheet("違い・文"),
        _PASSAGE_HEAD,
        [
            (
                PASSAGE_WORDS[p.kind],
                pages_of(p.before),
                p.before.text if p.before else "",
                pages_of(p.after),
                p.after.text if p.after else "",
                " ".join(remarks(p)),
            )
            for p in passages_told(difference)
        ],
        (14, 12, 60, 12, 60, 50),
    )
