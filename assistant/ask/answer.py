"""The asking flow as a visible list of steps: understand → retrieve → compose → check → answer.

Each step is a plain function, noun in, noun out.  ``run`` yields them one by one, so that a
person can stop after any and see what it made; ``ask`` runs them all.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.ask.check import check_draft, with_originals
from assistant.ask.compose import Draft, Selection, select
from assistant.ask.figures import missing_figures
from assistant.ask.narrow import about_grants, as_cases, places_meant
from assistant.ask.premise import find_premise, is_borne_out
from assistant.ask.retrieve import Finder, retrieve
from assistant.ask.speak import draft_with_model
from assistant.ask.understand import Context, split_parts, understand
from assistant.ask.vocabulary import Vocabulary
from assistant.ask.wording import Wording, render_text
from assistant.domain import (
    Answer,
    AnswerStatus,
    Claim,
    Hit,
    Intent,
    MissingFact,
    Rejected,
    Source,
    Trace,
    Understanding,
)
from assistant.errors import ModelFailed, QuestionRejected
from assistant.japanese.calendar import find_fiscal_years, fiscal_year_label, fiscal_year_of
from assistant.llm import ChatModel
from assistant.prompts import Prompt

_OWN_TERMS = re.compile(r"(?:で|に)?の|では|独自")  # 「熊本市の移住支援金」 asks for that city's own terms
STEPS = ("understand", "retrieve", "compose", "check", "answer")
ON_CLAIM = Callable[[Claim], None]


@dataclass(frozen=True)
class Tools:
    """What the flow needs, handed in by the service."""

    vocabulary: Vocabulary
    finder: Finder
    sources: Mapping[str, Source]
    wording: Wording
    prompt: Prompt
    model: ChatModel | None = None
    index_digest: str = ""
    hits: int = 12
    most_characters: int = 2000


@dataclass
class _Run:
    """What the steps of one question have made so far (private to ``run``)."""

    parts: list[Understanding] = field(default_factory=list)
    hits: list[list[Hit]] = field(default_factory=list)
    selections: list[Selection] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    spoken_by_model: bool = False
    model_failure: str = ""


def _validate(question: str, most: int) -> str:
    cleaned = "".join(c for c in question if c.isprintable() or c in "\n\t").strip()
    if not cleaned:
        raise QuestionRejected(
            "ご質問が入力されていません。",
            why="文字のない質問でした。",
            remedy="知りたいことを文章で入力してください。",
        )
    if len(cleaned) > most:
        raise QuestionRejected(
            "ご質問が長すぎます。",
            why=f"{len(cleaned):,}文字ありました（上限は{most:,}文字です）。",
            remedy="要点に絞るか、長い文書はファイルとして添付してください。",
        )
    return cleaned


def successors_in(vocabulary: Vocabulary, understanding: Understanding) -> tuple[str, ...]:
    """Grants of the asked year that follow (or precede) the named ones of another year."""
    year = understanding.fiscal_year
    if year is None or not understanding.grant_ids:
        return ()
    named = [vocabulary.by_id[g] for g in understanding.grant_ids if g in vocabulary.by_id]
    if any(g.fiscal_year in (None, year) for g in named):
        return ()
    linked: dict[str, None] = {}
    for grant in named:
        step, seen = grant, {grant.id}
        while True:
            later = grant.fiscal_year is not None and year > grant.fiscal_year
            following = step.successor if later else step.predecessor
            if not following or following in seen or following not in vocabulary.by_id:
                break
            step = vocabulary.by_id[following]
            seen.add(step.id)
            if step.fiscal_year == year:
                linked[step.id] = None
                break
    if not linked:
        for grant in named:
            for other in vocabulary.by_family.get(grant.family, ()):
                if other.fiscal_year == year:
                    linked[other.id] = None
    return tuple(linked)


def run(
    question: str,
    tools: Tools,
    context: Context,
    *,
    on_claim: ON_CLAIM | None = None,
) -> Iterator[tuple[str, Any]]:
    """Yield ``(step, noun)`` for each step; the last noun is the ``Answer``."""
    question = _validate(question, tools.most_characters)
    durations: dict[str, float] = {}
    state = _Run()

    def timed(step: str, started: float) -> None:
        durations[step] = round((time.perf_counter() - started) * 1000, 3)

    started = time.perf_counter()
    for part in split_parts(question):
        earlier = (*context.history, *state.parts)
        state.parts.append(
            understand(
                part,
                tools.vocabulary,
                replace(context, history=earlier, continues=bool(state.parts)),
            )
        )
    whole = state.parts[0].model_copy(update={"question": question})
    timed("understand", started)
    yield "understand", whole if len(state.parts) == 1 else tuple(state.parts)

    asking = [p for p in state.parts if p.intent is not Intent.OUT_OF_SCOPE and not p.unclear]
    started = time.perf_counter()
    related = [successors_in(tools.vocabulary, p) for p in asking]
    state.hits = [
        retrieve(p, tools.finder, k=tools.hits, related_grants=r)
        for p, r in zip(asking, related, strict=True)
    ]
    timed("retrieve", started)
    yield "retrieve", tuple(hit for hits in state.hits for hit in hits)

    started = time.perf_counter()
    for number, (reading, hits, later) in enumerate(zip(asking, state.hits, related, strict=True)):
        selection = _compose(reading, hits, later, tools, context)
        if reading.follows and not selection.drafts:  # it did not lean on the question before it after all
            alone = understand(reading.question, tools.vocabulary, replace(context, history=()))
            if alone.intent is not Intent.OUT_OF_SCOPE and not alone.unclear:
                again = retrieve(alone, tools.finder, k=tools.hits)
                selection = _compose(alone, again, (), tools, context)
                if selection.drafts:
                    asking[number], state.hits[number], related[number] = alone, again, ()
                    whole = alone.model_copy(update={"question": question}) if len(asking) == 1 else whole
        state.selections.append(selection)
    timed("compose", started)
    yield "compose", tuple(d for s in state.selections for d in s.drafts)

    started = time.perf_counter()
    _check_all(state, asking, tools, on_claim)
    timed("check", started)
    yield "check", (tuple(state.claims), tuple(state.rejected))

    started = time.perf_counter()
    answer = _conclude(question, whole, state, asking, related, tools, context)
    timed("answer", started)
    trace = answer.trace.model_copy(update={"durations_ms": durations})
    yield "answer", answer.model_copy(update={"trace": trace})


def ask(question: str, tools: Tools, context: Context, *, on_claim: ON_CLAIM | None = None) -> Answer:
    """Answer a question; see ``run``."""
    answer: Answer | None = None
    for _, noun in run(question, tools, context, on_claim=on_claim):
        if isinstance(noun, Answer):
            answer = noun
    if answer is None:
        raise AssertionError("the last step makes the answer")
    return answer


def _compose(
    part: Understanding, hits: Sequence[Hit], later: Sequence[str], tools: Tools, context: Context
) -> Selection:
    year = fiscal_year_of(context.today)
    places = places_meant(part, tools.vocabulary)
    if (
        later
    ):  # the named grant has another name in the asked year: what is known of each, the asked year first
        successor = part.model_copy(update={"grant_ids": tuple(later)})
        of_later = [h for h in hits if h.passage.grant_id in later]
        of_named = [h for h in hits if h.passage.grant_id in part.grant_ids]
        asked = select(successor, of_later, tools.finder.weigh, most=3)
        named = select(part.model_copy(update={"fiscal_year": None}), of_named, tools.finder.weigh, most=2)
        if asked.drafts or named.drafts:
            return Selection(
                asked.drafts + named.drafts,
                asked.unfilled if asked.drafts else part.slots,
                other_year=bool(named.drafts),
                best_score=max(asked.best_score, named.best_score),
            )
    chosen = select(
        part,
        about_grants(part, hits, tools.vocabulary),
        tools.finder.weigh,
        places=places,
        this_year=year,
    )
    asked_of_cases = None if chosen.drafts else as_cases(part, hits)
    return select(*asked_of_cases, tools.finder.weigh) if asked_of_cases else chosen


def _check_all(state: _Run, asking: Sequence[Understanding], tools: Tools, on_claim: ON_CLAIM | None) -> None:
    """Check drafts (the model's where there is one, else our own) and keep what passes."""

    def keep(checked: Claim | Rejected) -> None:
        if isinstance(checked, Rejected):
            state.rejected.append(checked)
        elif all(checked.text != claim.text for claim in state.claims):
            cited = tuple(source.id for citation in checked.citations for source in citation.sources)
            checked = with_originals(
                checked, tools.finder.find_in_originals(checked.text, cited, k=3), tools.sources
            )
            state.claims.append(checked)
            if on_claim:
                on_claim(checked)

    if tools.model is not None:
        try:
            for part, hits, selection in zip(asking, state.hits, state.selections, strict=True):
                if not selection.drafts:  # nothing in the corpus answers: a model must not fill the gap
                    continue
                for draft in draft_with_model(part, hits, tools.model, tools.prompt):
                    keep(check_draft(draft, tools.sources) if isinstance(draft, Draft) else draft)
        except ModelFailed as failure:
            state.model_failure = failure.why or failure.what
        if state.claims:
            state.spoken_by_model = True
            return
    for selection in state.selections:
        for draft in selection.drafts:
            keep(check_draft(draft, tools.sources))


def _conclude(
    question: str,
    whole: Understanding,
    state: _Run,
    asking: Sequence[Understanding],
    related: Sequence[tuple[str, ...]],
    tools: Tools,
    context: Context,
) -> Answer:
    """The status, the cautions and the text."""
    wording = tools.wording
    missing: tuple[MissingFact, ...] = tuple(m for p in state.parts for m in p.unclear)
    outside = next((p for p in state.parts if p.intent is Intent.OUT_OF_SCOPE), None)
    reason = "answered"
    doubts: tuple[str, ...] = ()
    if state.claims:
        open_slots = any(s.unfilled for s in state.selections)
        silent = len(asking) < len(state.parts) or any(not s.drafts for s in state.selections)
        of_other_year = any(s.other_year for s in state.selections)
        tells_unknown = any(_tells_unknown(p, s) for p, s in zip(asking, state.selections, strict=True))
        doubts = (*_doubts(question, asking, state, tools), *_undated(asking, state, tools, context))
        partly = open_slots or silent or of_other_year or tells_unknown or bool(doubts)
        status = AnswerStatus.PARTLY_ANSWERED if partly else AnswerStatus.ANSWERED
        reason = str(status)
    elif missing:
        status, reason = AnswerStatus.NEEDS_CLARIFICATION, "needs_clarification"
    elif outside is not None:
        status, reason = AnswerStatus.OUT_OF_SCOPE, outside.scope_reason or "out_of_scope"
    elif state.model_failure and not any(s.drafts for s in state.selections) and any(state.hits):
        status, reason = AnswerStatus.NO_PASSAGE, "no_passage"
    elif state.rejected:
        status, reason = AnswerStatus.NOT_SUPPORTED, "not_supported"
    elif asking and all(_is_foreign(p, tools) for p in asking):
        status, reason = AnswerStatus.OUT_OF_SCOPE, "world"
    else:
        status, reason = AnswerStatus.NO_PASSAGE, "no_passage"
    cautions = doubts + wording.cautions(
        whole, asking, related, state.selections, state.claims, state.rejected, tools.vocabulary, context
    )
    if state.model_failure and tools.model is not None and not state.spoken_by_model:
        cautions = (*cautions, wording.say("caution_model_failed", why=state.model_failure.rstrip("。")))
    return Answer(
        question=question,
        status=status,
        text=render_text(wording, reason, state.claims, missing),
        claims=tuple(state.claims),
        fiscal_year=whole.fiscal_year,
        missing=missing,
        cautions=cautions,
        rejected=tuple(state.rejected),
        suggestions=wording.suggestions(whole, status, tools.vocabulary, missing),
        trace=Trace(
            model=tools.model.name if tools.model and state.spoken_by_model else None,
            index=tools.index_digest,
            prompts={tools.prompt.name: tools.prompt.version, "statuses": wording.version},
            understanding=whole,
            hits=sum(len(hits) for hits in state.hits),
        ),
    )


def _tells_unknown(part: Understanding, selection: Selection) -> bool:
    """Whether the gist of an answer is that something is not known; for "can we?" one such point is enough."""
    unknown = [unit.tells_unknown for draft in selection.drafts for unit in draft.units]
    if part.intent is Intent.CAN_WE:
        return any(unknown)
    return bool(unknown) and (unknown[0] or all(unknown))


def _doubts(question: str, asking: Sequence[Understanding], state: _Run, tools: Tools) -> tuple[str, ...]:
    """Cautions about the question itself: a premise not borne out, a figure or a place's terms not known."""
    said: list[str] = []
    of_cases = all(part.intent is Intent.CASES for part in asking)
    premise = None if of_cases else find_premise(question)
    if premise is not None and not is_borne_out(premise, state.claims):
        said.append(tools.wording.say("caution_premise"))
    told = [claim.text for claim in state.claims]
    shown = " ".join(told)
    figures = [w for part in asking for w in missing_figures(part.question, told)]
    if figures:
        said.append(tools.wording.say("caution_figure_missing", words="」「".join(dict.fromkeys(figures))))
    for part in asking:
        if not part.grant_ids or part.intent in (Intent.CASES, Intent.COMPARE):
            continue
        for municipality, start, end in tools.vocabulary.mentions(part.question):
            words = part.question[start:end]
            if municipality.name not in shown and _OWN_TERMS.match(part.question, end):
                said.append(tools.wording.say("caution_place", place=words))
    return tuple(dict.fromkeys(said))


def _undated(asking: Sequence[Understanding], state: _Run, tools: Tools, context: Context) -> tuple[str, ...]:
    """Cautions where a year gone by was asked for and a statement of a standing scheme tells none."""
    said: dict[str, None] = {}
    for part, selection in zip(asking, state.selections, strict=True):
        year = part.fiscal_year
        if not part.fiscal_year_given or year is None or year >= fiscal_year_of(context.today):
            continue
        units = [unit for draft in selection.drafts for unit in draft.units]
        if not selection.other_year and any(
            year not in unit.hit.passage.fiscal_years
            and year not in {mention.year for mention in find_fiscal_years(unit.text)}
            for unit in units
        ):
            said[tools.wording.say("caution_undated", asked=fiscal_year_label(year))] = None
    return tuple(said)


def _is_foreign(part: Understanding, tools: Tools) -> bool:
    """Whether the corpus knows hardly a word of the question: then it is not a gap but another field."""
    if part.grant_ids or part.slots or not part.terms:
        return not part.terms and not part.grant_ids and not part.slots
    known = [term for term in part.terms if tools.finder.knows(term)]
    return len(known) * 2 < len(part.terms)
