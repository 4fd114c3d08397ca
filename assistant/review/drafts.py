"""A suggested paragraph for every gap: what sources say, and slots for what only the municipality knows.

A sentence is a statement of the corpus (verbatim, or put together from its own words and held against them
again), a quote of the document, or one with 【要記入：…】. Nothing else can be made: see ``draft_nouns``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from assistant.domain import Case, Outcome, PageQuote, Source, SupportLabel
from assistant.errors import CorpusInvalid
from assistant.evidence.check import check_support
from assistant.japanese.calendar import wareki
from assistant.japanese.text import sentences
from assistant.review.draft_nouns import Basis, Drafts, DraftSentence, GapDraft, Role, slots_in
from assistant.review.nouns import GrantHint, Kpi, Review, ReviewedItem
from assistant.review.register import Register
from assistant.review.shelf import Shelf, Statement

CaseOf = Callable[[str], Case | None]
FactsAsked = Callable[
    [str], Sequence[tuple[str, bool]]
]  # a rule's id → its facts, and whether each is yes or no

_MOST_KPIS = 20
_MOST_CASES = 2
_MOST_GRANTS = 2
_NAMES_PREFECTURE = re.compile(r"[都道府県]")
_KIND_BY_REQUIREMENT = {
    "kpi-baseline": "no-baseline",
    "kpi-baseline-year": "no-baseline-year",
    "kpi-target-year": "no-target-year",
    "kpi-beyond-baseline": "not-beyond",
    "kpi-outcome": "activity",
}
CAUTIONS = (
    "この下書きは、資料の文と【要記入】の欄だけからできています。【要記入】の欄は、貴団体の確かな情報で埋めてください。",
    "第三者の資料だけによる文には【要確認】を付けています。公表元の資料でお確かめください。",
    "事例は参考です。交付金の対象になるかは「交付金の判定」でお確かめください。",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What drafting looks things up in. ``facts_asked`` is for plans held against a grant's rules."""

    shelf: Shelf
    sources: Mapping[str, Source]
    case_of: CaseOf
    facts_asked: FactsAsked


def draft_gaps(
    review: Review, desk: Desk, *, register: Register | None = None, only: Iterable[str] | None = None
) -> Drafts:
    """Drafts for what ``review`` found missing or could not decide; ``only``: these requirements."""
    chosen = None if only is None else frozenset(only)
    gaps = [
        _draft(item, review, desk, register)
        for item in review.items
        if item.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN)
        and (chosen is None or item.requirement_id in chosen)
    ]
    return Drafts(
        file=review.file,
        target_name=review.target_name,
        place=register.place.full_name if register else "",
        gaps=tuple(gap for gap in gaps if gap.sentences),
        cautions=CAUTIONS,
    )


def _draft(item: ReviewedItem, review: Review, desk: Desk, register: Register | None) -> GapDraft:
    own = tuple(_own(item, review, desk, register))
    parts = [
        *_present(item, own, review),
        *_background(item, desk, register),
        *own,
        *_cases(item, desk),
        *_grants(item, desk),
    ]
    return GapDraft(
        requirement_id=item.requirement_id,
        requirement=item.requirement,
        chapter=item.chapter,
        pillar=item.pillar,
        outcome=item.outcome,
        because=item.because,
        advice=item.advice,
        sentences=tuple(parts),
        cautions=tuple(_cautions(item, review)),
    )


def _cautions(item: ReviewedItem, review: Review) -> Iterable[str]:
    if item.outcome is Outcome.UNKNOWN:
        yield "記載の有無を判断できていない項目です。すでに書かれていないかをご確認ください。"
    if item.clause is not None and item.clause.predecessor:
        yield "この項目の根拠は、以前の制度や手引きによるものです。最新の手引きをご確認ください。"
    if not item.sourced:
        yield "この項目を求める出典は確認できていません（実務上の点検項目です）。"
    off = len(_kpis_of(item, review))
    if off > _MOST_KPIS:
        yield f"当てはまる指標は{off}件あります。ここでは{_MOST_KPIS}件を示しています。"


# ── the document's own words ─────────────────────────────────────────────────


def _document(quote: PageQuote, review: Review, says: str = "") -> Basis:
    return Basis(
        kind="document",
        says=one_line(f"{quote.quote} {says}"),
        where=f"「{review.file}」{quote.page}ページ",
        quote=quote,
    )


def _present(item: ReviewedItem, own: Sequence[DraftSentence], review: Review) -> Iterable[DraftSentence]:
    """What the document says so far, where it falls short; left out where the draft itself speaks of it."""
    if any(basis.kind == "document" for sentence in own for basis in sentence.bases):
        return
    for quote in item.evidence[:2]:
        words = one_line(quote.quote)
        if words:
            yield DraftSentence(
                text=words, kind="document", role="present", bases=(_document(quote, review),)
            )


def one_line(text: str) -> str:
    """Words of a document on one line, a row without its rules, unable to pass for a slot."""
    line = " ".join(text.split()).replace("【", "〔").replace("】", "〕")
    if line.startswith("|"):
        line = "／".join(cell.strip() for cell in line.split("|") if cell.strip())
    return line


# ── the municipality's own sentences ─────────────────────────────────────────


def _own(
    item: ReviewedItem, review: Review, desk: Desk, register: Register | None
) -> Iterable[DraftSentence]:
    asks = _asks(item, desk)
    if kpis := _kpis_of(item, review):
        for kpi in kpis[:_MOST_KPIS]:
            yield _of_kpi(_KIND_BY_REQUIREMENT[item.requirement_id], kpi, asks, review)
        return
    if register and (known := register.sentence_for(item.requirement_id)):
        text, bases = known
        if _is_borne(register.spelled_out(text), bases):
            yield DraftSentence(text=text, kind="sourced", role="own", bases=(*bases, *asks))
            return
    form = item.draft or _of_rule(item, desk)
    for start, end in sentences(form):
        text = form[start:end].strip()
        filled = register.fill(text) if register else text
        if register and not slots_in(filled) and slots_in(text):
            general = register.in_general(filled)
            source = item.clause.source_id if item.clause else ""
            said = (_of_statement(s, desk) for s in desk.shelf.said_by(source))
            borne = next((basis for basis in said if _is_borne(general, (basis,))), None)
            if borne is not None:
                yield DraftSentence(text=filled, kind="sourced", role="own", bases=(borne, *asks))
                continue
            filled = text
        if slots_in(filled):
            yield _to_complete(filled, item, asks)


def _to_complete(text: str, item: ReviewedItem, asks: tuple[Basis, ...]) -> DraftSentence:
    try:
        return DraftSentence(text=text, kind="slot", role="own", bases=asks)
    except ValidationError as error:
        what = f"{item.requirement_id}: draft に、要件にも根拠条項にもない数字があります（{text}）"
        raise CorpusInvalid([what]) from error


def _asks(item: ReviewedItem, desk: Desk) -> tuple[Basis, ...]:
    """The clause that asks for it."""
    if item.clause is None:
        return ()
    source = desk.sources.get(item.clause.source_id)
    return (
        Basis(
            kind="clause",
            says=f"{item.requirement} {item.clause.quote}".strip(),
            where=item.clause.locator,
            clause=item.clause,
            sources=(source,) if source else (),
            fiscal_years=(item.clause.fiscal_year,),
        ),
    )


def _of_rule(item: ReviewedItem, desk: Desk) -> str:
    """For a grant's rule: each fact that it needs, as a sentence to complete."""
    asked = desk.facts_asked(item.requirement_id)
    named = [
        fact for fact in asked if f"「{fact[0]}」" in item.because
    ]  # those that the document does not tell
    return "".join(
        f"「{label}」ことについて、本事業では【要記入：具体的な内容】とします。"
        if yes_or_no
        else f"本事業の「{label}」は、【要記入：{label}】です。"
        for label, yes_or_no in named or asked
    )


def _kpis_of(item: ReviewedItem, review: Review) -> list[Kpi]:
    kind = _KIND_BY_REQUIREMENT.get(item.requirement_id)
    return [kpi for kpi in review.summary.kpis if kind in kpi.kinds]


def _of_kpi(kind: str, kpi: Kpi, asks: tuple[Basis, ...], review: Review) -> DraftSentence:
    name = f"「{one_line(kpi.indicator)}」"
    base, target = (_with_unit(one_line(v), one_line(kpi.unit)) for v in (kpi.baseline, kpi.target))
    text = {
        "no-baseline": f"{name}の基準値は、【要記入：基準値】（【要記入：基準値の年度】）です。",
        "no-baseline-year": f"{name}の基準値{base}は、【要記入：基準値の年度】の値です。",
        "no-target-year": f"{name}の目標値{target}は、【要記入：達成する年度】までに達成します。",
        "not-beyond": f"{name}の目標値は、基準値{base}より良い【要記入：目標値】（【要記入：達成する年度】）とします。",
        "activity": f"{name}に加えて、成果を測る指標として【要記入：指標】を置き、"
        "基準値は【要記入：値と年度】、目標値は【要記入：値と年度】とします。",
    }[kind]
    own = _document(kpi.where, review, f"{kpi.indicator} {kpi.unit} {kpi.baseline} {kpi.target}")
    return DraftSentence(text=text, kind="slot", role="own", bases=(own, *asks))


def _with_unit(value: str, unit: str) -> str:
    return f"{value}{unit}" if value and value[-1].isdigit() else value


# ── what sources say ─────────────────────────────────────────────────────────


def _is_borne(text: str, bases: Sequence[Basis], context: str = "") -> bool:
    """Whether the words of the bases bear a sentence out."""
    support = check_support(
        text,
        tuple(basis.says for basis in bases),
        context=context,
        fiscal_years=tuple(sorted({year for basis in bases for year in basis.fiscal_years})),
    )
    return support.label is SupportLabel.SUPPORTED


def _checked(text: str, role: Role, basis: Basis, context: str) -> DraftSentence | None:
    """The sentence, if its basis has a source and bears it out; None otherwise."""
    if not basis.sources or not _is_borne(text, (basis,), context):
        return None
    return DraftSentence(text=text, kind="sourced", role=role, bases=(basis,))


def _known(source_ids: Iterable[str], desk: Desk) -> tuple[Source, ...]:
    return tuple(desk.sources[i] for i in source_ids if i in desk.sources)


def _of_statement(statement: Statement, desk: Desk) -> Basis:
    passage = statement.passage
    return Basis(
        kind="statement",
        says=statement.text,
        where=" ＞ ".join(dict.fromkeys((passage.title, *passage.trail))),
        sources=_known(statement.source_ids, desk),
        fiscal_years=passage.fiscal_years,
    )


def _background(item: ReviewedItem, desk: Desk, register: Register | None) -> Iterable[DraftSentence]:
    if desk.facts_asked(item.requirement_id):  # a grant's rule is itself what its clause says
        yield from (
            DraftSentence(text=item.requirement, kind="sourced", role="background", bases=asks)
            for asks in [_asks(item, desk)]
            if asks
        )
        return
    others = ("市町村の" if register.is_prefecture else "都道府県の") if register else ""
    for statement in desk.shelf.background(item, not_of=others):
        basis = _of_statement(statement, desk)
        sentence = _checked(statement.text, "background", basis, basis.where)
        if sentence is not None:
            yield sentence


def _cases(item: ReviewedItem, desk: Desk) -> Iterable[DraftSentence]:
    for case_id in item.cases[:_MOST_CASES]:
        case = desk.case_of(case_id)
        sentence = case and _of_case(case, desk)
        if sentence:
            yield sentence


def _of_case(case: Case, desk: Desk) -> DraftSentence | None:
    """「富山県朝日町の取組「…」では、…」 from the title and the first sentence of what was done there."""
    spans = sentences(case.approach)
    if not spans:
        return None
    done = case.approach[slice(*spans[0])].strip()
    place = case.place if _NAMES_PREFECTURE.search(case.place) else f"{case.prefecture}{case.place}"
    title = case.title.translate({ord("「"): "『", ord("」"): "』"})
    text = f"{place}の取組「{title}」では、{done}"
    basis = Basis(
        kind="case",
        says=f"{place}の取組「{title}」: {case.approach}",
        where=f"事例「{case.title}」（{place}）",
        sources=_known(case.source_ids, desk),
    )
    return _checked(text, "case", basis, f"{place} {title}")


def _grants(item: ReviewedItem, desk: Desk) -> Iterable[DraftSentence]:
    for hint in item.grants[:_MOST_GRANTS]:
        basis = Basis(
            kind="statement",
            says=hint.why,
            where=f"交付金・制度の要点「{hint.name}」（{year_of(hint)}）",
            sources=_known(hint.source_ids, desk),
            fiscal_years=(hint.fiscal_year,),
        )
        sentence = _checked(hint.why, "grant", basis, hint.name)
        if sentence is not None:
            yield sentence


def year_of(hint: GrantHint) -> str:
    """「令和8年度」, 「年度に限らない制度」, or that it is of an earlier year."""
    if not hint.of_one_year:
        return "年度に限らない制度"
    label = wareki(hint.fiscal_year)
    return label if hint.is_current else f"{label}のもので、現在の年度にあるかは要確認"
