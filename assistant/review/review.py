"""A document held against requirements: met, not met or unknown, each with quotes and the reason.

"Not mentioned" is said only where every page could be read; where one could not, the outcome is
unknown and the page is named. What a document says to its reader changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.domain import Document, Outcome, PageQuote, Source
from assistant.japanese.calendar import wareki
from assistant.japanese.text import fold
from assistant.review.decoys import why_not
from assistant.review.fit import fit_of
from assistant.review.kpi_checks import check_kpis
from assistant.review.kpi_sentences import kpis_in_sentences
from assistant.review.kpi_table_checks import Finding, check_table
from assistant.review.kpis import find_kpis
from assistant.review.nouns import Kpi, ReadingReport, Review, ReviewedItem, Strictness
from assistant.review.periods import find_period
from assistant.review.requirements import CHECKS_WITH_WORDS, Requirement, RequirementFile
from assistant.review.second_look import ENOUGH, ENOUGH_LENIENT, NEAR, SecondLook
from assistant.review.summing_up import Reading, said_years, seems_a_strategy, summary_of
from assistant.review.units import Unit, units_of

Progress = Callable[[int, int], None]

_MOST_QUOTES = 3
_LONGEST_QUOTE = 240  # characters; a longer unit is cut about the words that were found
_LESS_PAGES = re.compile(r"^([0-9、]+)ページは大半が画像")
_HOLES = 0.02  # share of unreadable letters above which a page may hide what was not found
_WEAK_REASONS = ("mention", "heading", "indicator", "state", "past")  # of words that stand there by chance
_MEASURES = "measures"
_ENOUGH_MEASURES = 5  # requirements for measures that must be met
_KPI_WORDS = re.compile(r"基準値|現状値|目標値|kpi|重要業績")


@dataclass(frozen=True, slots=True)
class _Place:
    """The words found in a unit (from ``start`` to ``end`` of its folded text), and how much they weigh."""

    unit: Unit
    start: int
    end: int
    weight: float = 0.0

    @property
    def quote(self) -> PageQuote:
        """The unit, or the stretch of it about the words."""
        return _quote(self.unit, self.start, self.end)


@dataclass(slots=True)
class _Found:
    """Units that bear a requirement, and those that only look so."""

    evidence: list[_Place] = field(default_factory=list)
    decoys: list[tuple[str, str, _Place]] = field(default_factory=list)  # name, reason, place


def review_document(
    document: Document,
    requirements: RequirementFile,
    *,
    sources: Mapping[str, Source],
    today: date,
    strictness: Strictness = "standard",
    progress: Progress | None = None,
) -> Review:
    """Hold ``document`` against ``requirements``; ``progress(done, total)`` counts requirements.

    ``strictness="lenient"`` makes a plan that is only considered, named in the contents or in
    a heading unknown instead of not met.
    """
    units = units_of(document)
    kpis = check_kpis([*find_kpis(document), *kpis_in_sentences(units)])
    units = _with_indicators(units, kpis)
    found = {r.id: _found(r, units) for r in requirements.requirements if r.check in CHECKS_WITH_WORDS}
    reading = Reading(
        document, units, kpis, find_period(units), reading_report(document), strictness, today,
        SecondLook(document, units, kpis, requirements.ways),
        fit_of(units if seems_a_strategy(units) else (), {(p.unit.page, p.unit.start, p.unit.end) for f in found.values() for p in f.evidence}),
        any(_KPI_WORDS.search(unit.folded) for unit in units if unit.kind != "contents"),
    )  # fmt: skip
    items = []
    for number, requirement in enumerate(requirements.requirements, 1):
        finding = _check(requirement, reading, found.get(requirement.id, _Found()))
        items.append(_item(requirement, finding, sources))
        if progress is not None:
            progress(number, len(requirements.requirements))
    items = _with_measures(items, requirements)
    return Review(
        file=document.path or document.title,
        target=requirements.target,
        target_name=requirements.name,
        pages=len(document.pages),
        fidelity=reading.report,
        items=tuple(items),
        summary=summary_of(items, reading, requirements),
    )


def _with_indicators(units: Sequence[Unit], kpis: Sequence[Kpi]) -> list[Unit]:
    """The same units; those that lie in a row of a KPI table are marked."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for kpi in kpis:
        if kpi.form == "table":
            spans.setdefault(kpi.where.page, []).append((kpi.where.start, kpi.where.end))
    return [
        replace(unit, kind="kpi")
        if unit.kind in ("sentence", "row")
        and any(a <= unit.start and unit.end <= b for a, b in spans.get(unit.page, ()))
        else unit
        for unit in units
    ]


def reading_report(document: Document) -> ReadingReport:
    """How well the document was read: pages that could not be read, and pages that were read in part."""
    fidelity = document.fidelity
    unreadable = fidelity.unreadable_pages if fidelity else ()
    notes = fidelity.notes if fidelity else ()
    doubtful = {int(n) for note in notes for m in [_LESS_PAGES.match(note)] if m for n in m[1].split("、")}
    doubtful |= {
        page.number
        for page in document.pages
        if page.text.count("〓") > max(3, _HOLES * len(page.text)) and page.number not in unreadable
    }
    # A document without a single letter is unreadable as a whole, whatever its format.
    if not unreadable and not any(page.text.strip() for page in document.pages):
        unreadable = tuple(page.number for page in document.pages)
    return ReadingReport(
        readable_pages=len(document.pages) - len(unreadable),
        unreadable_pages=unreadable,
        doubtful_pages=tuple(sorted(doubtful - set(unreadable))),
        notes=notes,
    )


# ── one requirement ──────────────────────────────────────────────────────────


def _item(requirement: Requirement, finding: Finding, sources: Mapping[str, Source]) -> ReviewedItem:
    return ReviewedItem(
        requirement_id=requirement.id,
        requirement=requirement.requirement,
        outcome=finding.outcome,
        evidence=finding.quotes,
        clause=requirement.outward_clause(sources),
        advice="" if finding.outcome is Outcome.MET else requirement.advice,
        because=finding.because,
        chapter=requirement.chapter,
        pillar=requirement.pillar,
        draft="" if finding.outcome is Outcome.MET else requirement.draft,
        sourced=requirement.clause is not None,
    )


def _check(requirement: Requirement, reading: Reading, found: _Found) -> Finding:
    if requirement.check == "period":
        return _period(requirement, reading)
    if requirement.check == "period-current":
        return _period_current(requirement, reading)
    if requirement.check != "words":
        finding = check_table(requirement, reading.kpis)
        if finding is not None:
            return finding
        if requirement.check not in CHECKS_WITH_WORDS:
            return _likely(requirement, reading) or _without_table(requirement, reading)
    return _by_words(requirement, reading, found)


def _with_measures(items: list[ReviewedItem], requirements: RequirementFile) -> list[ReviewedItem]:
    """The same items; concrete measures are there where requirements for measures were found met."""
    asked = {r.id for r in requirements.requirements if r.measure}
    borne = [item for item in items if item.requirement_id in asked and item.outcome is Outcome.MET]
    if len(borne) < _ENOUGH_MEASURES:
        return items
    met = {
        "outcome": Outcome.MET,
        "because": f"{len(borne)}件の項目で、具体的な施策の記載を確認しました。",
        "evidence": tuple(item.evidence[0] for item in borne[:_MOST_QUOTES]),
        "advice": "",
        "draft": "",
    }
    return [
        item.model_copy(update=met)
        if item.requirement_id == _MEASURES and item.outcome is not Outcome.MET
        else item
        for item in items
    ]


def _found(requirement: Requirement, units: Sequence[Unit]) -> _Found:
    found = _Found()
    for unit in units:
        if unit.kind != "order":
            _look(requirement, unit, found)
    return found


def _by_words(requirement: Requirement, reading: Reading, found: _Found) -> Finding:
    if found.evidence:
        best = sorted(found.evidence, key=lambda p: (-p.weight, p.unit.page, p.unit.start))[:_MOST_QUOTES]
        quotes = tuple(place.quote for place in best)
        pages = "、".join(str(page) for page in sorted({quote.page for quote in quotes}))
        return Finding(Outcome.MET, f"{pages}ページに記載があります。", quotes)
    likely = _likely(requirement, reading, [place.quote for _, _, place in found.decoys])
    if likely is not None:
        return likely
    if found.decoys:
        return _of_decoys(requirement, found, reading)
    return _absent(requirement, reading)


def _likely(requirement: Requirement, reading: Reading, decoys: Sequence[PageQuote] = ()) -> Finding | None:
    """What a second look by meaning finds: never met, but a person is shown where to look."""
    quotes = reading.second_look.find(
        requirement,
        enough=ENOUGH if reading.strictness == "standard" else ENOUGH_LENIENT,
        apart_from=decoys,
    )
    if not quotes:
        return None
    pages = "、".join(str(page) for page in sorted({quote.page for quote in quotes}))
    because = (
        f"{requirement.missing}と言い切れる記載は見つかりませんが、{pages}ページに関係しそうな記載があります。"
        "要件に当たるかをご確認ください。"
    )
    return Finding(Outcome.UNKNOWN, because + (_holes(reading) if reading.report.holes else ""), quotes)


def _look(requirement: Requirement, unit: Unit, found: _Found) -> None:
    for form in requirement.forms:
        spans = []
        trail_used = False
        for group in form:
            match = _last(group.pattern, unit.folded)
            if match is not None:
                spans.append(match)
            elif group.in_headings and group.pattern.search(unit.trail):
                trail_used = True
            else:
                break
        else:
            if not spans:
                continue
            cue = max(end for _, end in spans)
            place = _Place(unit, min(start for start, _ in spans), cue)
            reason = why_not(
                unit,
                cue,
                headings=requirement.headings,
                measure=requirement.measure,
                about_others=requirement.about_others,
                indicators=requirement.check != "words",
            )
            if reason is None:
                weight = 1.0 + 0.5 * len(form) + (0.5 if unit.kind == "sentence" else 0.0) - 0.3 * trail_used
                weight += 0.4 if unit.folded.endswith("。") else 0.0
                found.evidence.append(replace(place, weight=weight))
            else:
                found.decoys.append((*reason, place))
            return


def _last(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    last = None
    for match in pattern.finditer(text):
        last = match.span()
    return last


def _quote(unit: Unit, start: int, end: int) -> PageQuote:
    """The unit, or where it is long the sentence or stretch about the words found in it."""
    if len(unit.text) <= _LONGEST_QUOTE:
        return PageQuote(page=unit.page, quote=unit.text, start=unit.start, end=unit.end)
    folded = fold(unit.text, drop_spaces=True)
    last = len(folded.text)
    a, b = folded.original_span(min(start, last - 1), min(max(end, start + 1), last))
    left = max(unit.text.rfind("。", 0, a) + 1, a - _LONGEST_QUOTE // 2, 0)
    stop = unit.text.find("。", b)
    right = min(stop + 1 if stop >= 0 else len(unit.text), b + _LONGEST_QUOTE // 2, len(unit.text))
    return PageQuote(
        page=unit.page, quote=unit.text[left:right], start=unit.start + left, end=unit.start + right
    )


def _of_decoys(requirement: Requirement, found: _Found, reading: Reading) -> Finding:
    name, count = Counter(name for name, _, _ in found.decoys).most_common(1)[0]
    del count
    order = ["negated", "tentative", "contents", "heading"]
    names = [n for n, _, _ in found.decoys]
    name = next((n for n in order if n in names), name)
    chosen = [(because, place.quote) for n, because, place in found.decoys if n == name][:_MOST_QUOTES]
    if name in _WEAK_REASONS and (near := _near(requirement, reading)) is not None:
        return near
    quotes = tuple(quote for _, quote in chosen)
    pages = "、".join(str(page) for page in sorted({quote.page for quote in quotes}))
    because = f"{pages}ページに関係する言葉がありますが、{chosen[0][0]}"
    if reading.report.holes:
        return Finding(Outcome.UNKNOWN, f"{because}{_holes(reading)}", quotes)
    if reading.strictness == "lenient" and name in ("tentative", "contents", "heading"):
        return Finding(Outcome.UNKNOWN, because, quotes)
    return Finding(Outcome.NOT_MET, because, quotes)


def _holes(reading: Reading) -> str:
    pages = "、".join(str(page) for page in reading.report.holes)
    return f"読み取れない部分のあるページ（{pages}ページ）に記載がある可能性があるため、判断できません。"


def _absent(requirement: Requirement, reading: Reading) -> Finding:
    near = _near(requirement, reading)
    if near is not None:
        return near
    if reading.report.holes:
        return Finding(
            Outcome.UNKNOWN,
            f"読み取れたページには{requirement.missing}が見当たりません。{_holes(reading)}",
            (),
        )
    pages = len(reading.document.pages)
    every = f"全{pages}ページを読みましたが、" if pages > 1 else "文書の全体を読みましたが、"
    return Finding(Outcome.NOT_MET, f"{every}{requirement.missing}が見当たりません。", ())


def _near(requirement: Requirement, reading: Reading) -> Finding | None:
    """The more a document has words of its own, the less near a passage must be to be shown; None where none is."""
    if reading.fit.trust == 1 or reading.report.holes:
        return None
    near = reading.second_look.find(requirement, enough=NEAR + reading.fit.trust * (ENOUGH - NEAR))
    if not near:
        return None
    pages = "、".join(str(page) for page in sorted({quote.page for quote in near}))
    because = (
        f"{requirement.missing}は見当たりませんが、この文書には点検の手がかりにない言い回しも多く、"
        f"言い換えで書かれている可能性があるため、判断できません。近い記載は{pages}ページにあります。"
    )
    return Finding(Outcome.UNKNOWN, because, near)


def _without_table(requirement: Requirement, reading: Reading) -> Finding:
    if reading.kpi_words and requirement.check != "target":
        return Finding(
            Outcome.UNKNOWN,
            "KPIや基準値・目標値という言葉はありますが、指標の表を読み取れなかったため、判断できません。表をご確認ください。",
            (),
        )
    return _absent(requirement, reading)


# ── the period ───────────────────────────────────────────────────────────────


def _period(requirement: Requirement, reading: Reading) -> Finding:
    if reading.period is None:
        return _absent(requirement, reading)
    return Finding(Outcome.MET, f"計画期間は{said_years(reading.period)}です。", (reading.period.where,))


def _period_current(requirement: Requirement, reading: Reading) -> Finding:
    period = reading.period
    if period is None:
        return Finding(
            Outcome.UNKNOWN, "計画期間を読み取れなかったため、期間が終わっているか判断できません。", ()
        )
    now = wareki(reading.this_year)
    if period.end < reading.this_year:
        return Finding(
            Outcome.NOT_MET,
            f"計画期間は{said_years(period)}で、{wareki(period.end)}末に終わっています（現在は{now}）。",
            (period.where,),
        )
    if period.start > reading.this_year:
        return Finding(
            Outcome.MET,
            f"計画期間は{said_years(period)}で、これから始まります（現在は{now}）。",
            (period.where,),
        )
    return Finding(Outcome.MET, f"計画期間は{said_years(period)}で、現在の{now}を含みます。", (period.where,))
