"""Two versions of a document: what changed by requirement, by passage and by indicator.

Differences of spelling (white space, 全角 and 半角, 令和 and 西暦, 取組 and 取り組み) and of politeness are no changes.
What one version lacks is uncertain where pages of it could not be read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

from assistant.domain import Document
from assistant.japanese.text import fold
from assistant.review.alignment import Alignment, Match, align
from assistant.review.change_notes import compare_wordings
from assistant.review.kpi_changes import compare_kpis
from assistant.review.nouns import (
    Difference,
    KpiChange,
    PassageChange,
    ReadingReport,
    RequirementChange,
    Review,
    Side,
)
from assistant.review.pieces import Piece, joined, pieces_of, recut
from assistant.review.requirement_changes import Trace, compare_requirements
from assistant.review.review import reading_report


def compare_documents(old: Document, new: Document, before: Review, after: Review) -> Difference:
    """The difference of two versions that were reviewed against the same requirements."""
    whole_a, whole_b = pieces_of(old, before.summary.kpis), pieces_of(new, after.summary.kpis)
    a, b = recut(whole_a, whole_b), recut(whole_b, whole_a)
    alignment = align(a, b)
    old_report, new_report = reading_report(old), reading_report(new)
    kpis = compare_kpis(
        before.summary.kpis,
        after.summary.kpis,
        pages_in_old=_pages_of(old),
        pages_in_new=_pages_of(new),
        old_holes=old_report.holes,
        new_holes=new_report.holes,
    )
    told = _rows_told(kpis)
    passages, traces_old, traces_new = _passages(a, b, alignment, old_report, new_report)
    requirements = compare_requirements(before, after, traces_old, traces_new)
    shown = tuple(p for p in passages if not _is_told(p, told))
    same = [m for m in alignment.matches if m.same]
    return Difference(
        before_file=before.file,
        after_file=after.file,
        before_pages=len(old.pages),
        after_pages=len(new.pages),
        before_fidelity=old_report,
        after_fidelity=new_report,
        text=_text(requirements, shown, kpis),
        same_passages=sum(1 for m in same if not m.moved),
        spelling_only=sum(1 for m in same if _side_text(a, m.old) != _side_text(b, m.new)),
        requirements=requirements,
        passages=shown,
        kpis=kpis,
        cautions=_cautions(old_report, new_report),
    )


def _pages_of(document: Document) -> Callable[[str], Sequence[int]]:
    folded: list[tuple[int, str]] = []

    @lru_cache(maxsize=512)
    def pages(name: str) -> tuple[int, ...]:
        if not folded:
            folded.extend((page.number, fold(page.text, drop_spaces=True).text) for page in document.pages)
        return tuple(number for number, text in folded if name in text)

    return pages


def _side_text(pieces: Sequence[Piece], numbers: Sequence[int]) -> str:
    return "".join(pieces[n].folded for n in numbers)


# ── passages ─────────────────────────────────────────────────────────────────


def _passages(
    a: Sequence[Piece], b: Sequence[Piece], alignment: Alignment, old: ReadingReport, new: ReadingReport
) -> tuple[list[PassageChange], Trace, Trace]:
    """The changes in the order of the new version, and what became of each piece."""
    placed: list[tuple[tuple[float, int], PassageChange]] = []
    trace_a, trace_b = Trace(a), Trace(b)
    at = _places_in_new(alignment)
    for run in _runs(alignment.matches):
        first = run[0]
        one, other = joined([a[n] for m in run for n in m.old]), joined([b[n] for m in run for n in m.new])
        if first.same:
            if first.moved:
                change = PassageChange(kind="moved", before=_side(one), after=_side(other), moved=True)
                placed.append(((first.new[0], 0), change))
            continue
        wordings = compare_wordings(one, other)
        change = PassageChange(
            kind="changed",
            before=_side(one, wordings.old_spans),
            after=_side(other, wordings.new_spans),
            moved=first.moved,
            notes=wordings.notes,
        )
        placed.append(((first.new[0], 0), change))
        trace_a.note(first.old, change)
        trace_b.note(first.new, change)
    copies_a, copies_b = _pages_by_text(a), _pages_by_text(b)
    for n in alignment.removed:
        uncertain, because = _certainty("新しい版", new, copies_b.get(a[n].folded, ()))
        change = PassageChange(kind="removed", before=_side(a[n]), uncertain=uncertain, because=because)
        placed.append(((at(n), 1), change))
        trace_a.note((n,), change)
    for n in alignment.added:
        uncertain, because = _certainty("前の版", old, copies_a.get(b[n].folded, ()))
        change = PassageChange(kind="added", after=_side(b[n]), uncertain=uncertain, because=because)
        placed.append(((n, 0), change))
        trace_b.note((n,), change)
    return [change for _, change in sorted(placed, key=lambda p: p[0])], trace_a, trace_b


def _runs(matches: Sequence[Match]) -> list[list[Match]]:
    """Matches; moved ones that follow each other on both sides are one block."""
    runs: list[list[Match]] = []
    for match in matches:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and match.same
            and match.moved
            and last.same
            and last.moved
            and last.old[-1] + 1 == match.old[0]
            and last.new[-1] + 1 == match.new[0]
        ):
            runs[-1].append(match)
        else:
            runs.append([match])
    return runs


def _places_in_new(alignment: Alignment) -> Callable[[int], float]:
    """Where a removed piece would stand in the new version: after what it followed."""
    kept = [(m.old[-1], m.new[-1]) for m in alignment.matches if not m.moved]
    olds = [i for i, _ in kept]

    def place(n: int) -> float:
        number = bisect_right(olds, n) - 1
        return kept[number][1] + 0.5 if number >= 0 else -0.5

    return place


def _side(piece: Piece, spans: Sequence[tuple[int, int]] = ()) -> Side:
    return Side(page=piece.page, quotes=piece.quotes, marks=piece.places_of(spans))


def _pages_by_text(pieces: Sequence[Piece]) -> dict[str, list[int]]:
    pages: dict[str, list[int]] = defaultdict(list)
    for piece in pieces:
        if piece.page not in pages[piece.folded]:
            pages[piece.folded].append(piece.page)
    return pages


def _certainty(other: str, report: ReadingReport, copies: Sequence[int]) -> tuple[bool, str]:
    """Whether the other version may hold the piece on a page that could not be read, and what to say of it."""
    if copies:
        pages = "、".join(str(page) for page in copies[:5])
        return False, f"同じ文は{other}の{pages}ページにもあります。"
    if report.holes:
        pages = "、".join(str(page) for page in report.holes)
        return True, f"{other}の{pages}ページは読み取れない部分があり、そこに記載がある可能性があります。"
    return False, ""


def _rows_told(kpis: Sequence[KpiChange]) -> set[tuple[str, int, int]]:
    """Rows of tables of which the list of indicators tells all that changed."""
    told = set()
    for change in kpis:
        for side, kpi in (("before", change.before), ("after", change.after)):
            if kpi is not None and kpi.form == "table" and change.kinds:
                told.add((side, kpi.where.page, kpi.where.start))
    return told


def _is_told(change: PassageChange, told: set[tuple[str, int, int]]) -> bool:
    sides = [(name, side) for name, side in (("before", change.before), ("after", change.after)) if side]
    return all((name, side.quotes[0].page, side.quotes[0].start) in told for name, side in sides)


# ── words about the whole ────────────────────────────────────────────────────


def _text(
    requirements: Sequence[RequirementChange], passages: Sequence[PassageChange], kpis: Sequence[KpiChange]
) -> str:
    kinds = Counter(p.kind for p in passages)
    by_requirement = Counter(r.kind for r in requirements)
    by_kpi = Counter(kind for k in kpis for kind in k.kinds)
    changed = sum(1 for k in kpis if k.kinds)
    if not passages and not changed and by_requirement["same"] == len(requirements):
        return "読み取れた範囲では、2つの版に内容の違いは見つかりませんでした。"
    said = [
        _list("点検項目", ((by_requirement["gained"], "記載が加わったもの"), (by_requirement["lost"], "記載が失われたもの"), (by_requirement["changed"], "根拠の文が変わったもの"), (by_requirement["unclear"], "判断できないもの"))),
        _list("文と見出し", ((kinds["added"], "加わったもの"), (kinds["removed"], "なくなったもの"), (kinds["changed"], "変わったもの"), (kinds["moved"], "移ったもの"))),
        _list("指標", ((by_kpi["target-raised"], "目標値が上がったもの"), (by_kpi["target-lowered"], "目標値が下がったもの"), (by_kpi["new"], "加わったもの"), (by_kpi["dropped"], "見当たらなくなったもの"), (changed, "何らかの違いがあるもの"))),
    ]  # fmt: skip
    return "".join(line for line in said if line)


def _list(what: str, counted: Sequence[tuple[int, str]]) -> str:
    told = [f"{label}が{count}件" for count, label in counted if count]
    return f"{what}では、{'、'.join(told)}あります。" if told else f"{what}に違いは見つかりませんでした。"


def _cautions(old: ReadingReport, new: ReadingReport) -> tuple[str, ...]:
    said = []
    for name, report, effect in (
        ("前の版", old, "「加わった」とした箇所は、そこに書かれていた可能性があります。"),
        ("新しい版", new, "「なくなった」とした箇所は、そこに書かれている可能性があります。"),
    ):
        if report.holes:
            pages = "、".join(str(page) for page in report.holes)
            said.append(f"{name}の{pages}ページは読み取れない部分があります。{effect}")
    said.append(
        "空白、全角と半角、和暦と西暦、送り仮名、文体（です・ますと、である）の違いだけの箇所は、同じ内容として扱っています。"
        "図や写真の中の違いは比べていません。"
    )
    return tuple(said)
