"""Hits → draft claims: choose and order the statements that answer, with no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.ask.slots import slot_words
from assistant.ask.units import Unit, cut_units, is_repeat
from assistant.ask.vocabulary import Vocabulary
from assistant.ask.weighing import Weigh, Weighed, subject_of, weigh_unit
from assistant.domain import Hit, Intent, Kind, Understanding
from assistant.japanese.calendar import find_fiscal_years
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set, tokenise

MOST_CLAIMS = 6
_ENOUGH = 0.5  # share of the question's telling words a statement (with its headings) must hold
_ENOUGH_FILLED = 0.35  # … that fills the slot that was asked for
_ENOUGH_OF_GRANT = 0.2  # … and stands in the digest of the grant that was named
_FEW = 2  # terms
_MUCH = 0.44  # coverage at which a statement may leave a word of the question open
_ENOUGH_NAMED = 0.28  # … or holds half of the words itself
_NEAR_BEST_OVERVIEW = 0.72
_NEAR_BEST = 0.8  # statements scoring less than this share of the best are left out
_NEAR_BEST_SLOT = 0.82  # a question for a figure wants the figure, not all that is near it
_FAR_FROM_BEST = 0.4  # a statement for another slot may share few words with the best one
_ABOUT_SLOT = 0.6
_CIRCLED = re.compile(r"[①-⑲]")
_A_LIST = 3  # so many different numbers make a list, told in its order
_RARE = 4.5  # weight of a word that about one passage in a hundred holds
_HIRAGANA = re.compile(r"[ぁ-ゖー]+\Z")
_KATAKANA = re.compile(r"[ァ-ヴー]{4,}\Z")
_OWN_SYSTEM = re.compile(
    r"(?:独自|単独)?の?(?:補助|助成|給付|支援|手当|制度|条例|窓口|奨励|予算|人口|総合戦略)"
)


@dataclass(frozen=True)
class Draft:
    """A claim before its check: text, the unit it cites, and why it was chosen."""

    text: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Selection:
    """What composing found: drafts in reading order, slots left open, statements of other years."""

    drafts: tuple[Draft, ...]
    unfilled: tuple[str, ...] = ()
    other_year: bool = False
    best_coverage: float = 0.0


def must_hold(question: str, rest_terms: Sequence[str], weigh: Weigh) -> tuple[str, ...]:
    """Names in a question without which a statement speaks of something else.

    Proper names and rare words of katakana; 「サービス」 occurs everywhere and names nothing.
    """
    names: dict[str, None] = {}
    for token in tokenise(normalise(question)):
        if token.lemma not in rest_terms and token.surface not in rest_terms:
            continue
        proper = token.pos2 == "固有名詞" and not _HIRAGANA.match(token.surface)
        rare = _KATAKANA.match(token.surface) and weigh(token.lemma) >= _RARE
        if proper or rare:
            names[token.surface] = None
    for quoted in re.findall(r"[「『]([^」』]{2,20})[」』]", question):
        names[normalise(quoted)] = None
    return tuple(names)


def _holds(unit: Unit, name: str, expansions: Sequence[tuple[str, str]]) -> bool:
    text = normalise(unit.text + " " + unit.surroundings)
    return (
        name in text
        or name in content_set(text)
        or any(name in word and other in text for word, other in expansions)
    )


_CASE_NAME = 5  # characters: a compound this long in a case's title is its name
_TOLD = frozenset(("取組", "成果"))  # headings of a case that answer "what did they do?"
_DATED = frozenset(("上限額", "下限額", "補助率", "予算額", "件数"))  # slots whose figures change by the year
_OF_A_PLACE = frozenset(("時点", "件数", "目標", "予算額"))  # slots that a case may fill for its own place


def _admissible(unit: Unit, understanding: Understanding) -> bool:
    """A case tells of one place: it answers questions about cases or about that place, no others."""
    passage = unit.hit.passage
    if passage.kind is not Kind.CASE or understanding.intent is Intent.CASES:
        return True
    name = subject_of(understanding)
    if len(name) >= _CASE_NAME and name in normalise(passage.title):
        return True  # 「神山まるごと高専の財源は？」 names the case itself
    return (
        understanding.place_named
        and not understanding.follows
        and understanding.municipality_code in passage.municipality_codes
        and set(understanding.slots) <= _OF_A_PLACE
    )


def _right_year(unit: Unit, understanding: Understanding) -> bool:
    """Whether a statement may answer for the year asked.

    A grant's statement must be of that fiscal year, or of none, and where it names fiscal years itself
    they must hold it.  A year named in the question must be among the years that any statement names.
    """
    passage = unit.hit.passage
    if understanding.calendar_year is not None:
        return understanding.calendar_year in {m.year for m in find_fiscal_years(unit.text)}
    year = understanding.fiscal_year
    if year is None:
        return True
    if passage.kind not in (Kind.GRANT, Kind.ORIGINAL):
        return True
    figures = bool(set(understanding.slots) & _DATED)  # 「平成27年は400万円」 is no figure of 平成20年度
    mentions = [m for m in find_fiscal_years(unit.text) if m.fiscal or figures]
    # A supplementary budget is spent in the year after: 「令和6年度補正」 speaks of 令和7年度 too.
    own = {m.year for m in mentions} | {m.year + 1 for m in mentions if m.supplementary}
    if own:
        return year in own or (unit.tells_unknown and year in passage.fiscal_years)
    if passage.grant_id in understanding.standing_grants:
        return True  # a scheme not tied to a year: what it says without a year holds over the years
    return not passage.fiscal_years or year in passage.fiscal_years


def select(
    understanding: Understanding,
    hits: Sequence[Hit],
    weigh: Weigh,
    *,
    place_names: Sequence[str] = (),
    most: int = MOST_CLAIMS,
) -> Selection:
    """Choose the statements that answer ``understanding`` from ``hits``.

    Statements of another fiscal year are used only when none of the right year answers,
    and are then marked as such; the caller says so to the person.
    """
    if not hits:
        return Selection(())
    best_hit = max(hit.score for hit in hits)
    texts = [normalise(f"{h.passage.title} {' '.join(h.passage.trail)} {h.passage.text}") for h in hits]
    known = tuple(p for p in understanding.phrases if any(p in text for text in texts))
    understanding = understanding.model_copy(update={"known_phrases": known})
    needed = [
        n
        for n in must_hold(understanding.resolved, understanding.terms, weigh)
        if not any(n in p for p in place_names)
    ]
    weighed: list[Weighed] = []
    for unit in cut_units(hits):
        if not _admissible(unit, understanding):
            continue
        if any(not _holds(unit, name, understanding.expansions) for name in needed):
            continue
        weighed.append(weigh_unit(unit, understanding, weigh, best_hit))
    right = [w for w in weighed if _right_year(w.unit, understanding)]
    selection = _choose(understanding, right, most)
    if selection.drafts and not all(_tells_unknown(d) for d in selection.drafts):
        return selection
    other = [w for w in weighed if not _right_year(w.unit, understanding)]
    fallback = _choose(understanding, other, max(1, most - len(selection.drafts)))
    if not fallback.drafts:
        return selection
    return Selection(
        selection.drafts + fallback.drafts,
        fallback.unfilled,
        other_year=True,
        best_coverage=fallback.best_coverage,
    )


def _tells_unknown(draft: Draft) -> bool:
    return all(unit.tells_unknown for unit in draft.units)


def _good(weighed: Weighed, understanding: Understanding) -> bool:
    of_grant = weighed.unit.hit.passage.grant_id in understanding.grant_ids
    if weighed.filled:
        enough = _ENOUGH_OF_GRANT if of_grant else _ENOUGH_FILLED
        if of_grant and (len(understanding.slots) > 1 or len(understanding.terms) <= _FEW):
            # 「補助率と上限、採択件数は」: each part is answered by a statement of its own.  And a word or
            # two beside grant and slot may be said otherwise (始まる ⇔ 創設); a name among them is needed.
            enough = 0.0
    elif (of_grant and weighed.own_coverage > 0) or weighed.own_coverage >= _ENOUGH:
        enough = _ENOUGH_NAMED
    else:
        enough = _ENOUGH
    if weighed.coverage < enough:
        return False
    if understanding.slots:
        return bool(weighed.filled)
    if not weighed.answers_rest:
        return weighed.coverage >= _MUCH and weighed.own_coverage >= _MUCH
    return weighed.own_coverage >= 0.2 or understanding.intent is Intent.OVERVIEW


def _choose(understanding: Understanding, weighed: Sequence[Weighed], most: int) -> Selection:
    good = sorted((w for w in weighed if _good(w, understanding)), key=lambda w: -w.score)
    if not good:
        return Selection((), unfilled=understanding.slots)
    best = good[0].score
    if understanding.intent is Intent.CASES:
        return _choose_cases(good, weighed, most)
    chosen: list[Weighed] = []
    open_slots = list(understanding.slots)
    groups = (
        understanding.grant_ids
        if understanding.intent is Intent.COMPARE and len(understanding.grant_ids) > 1
        else ()
    )
    for slot in understanding.slots:  # first the best statement for each slot …
        for group in groups or ("",):
            for candidate in _for_slot(good, slot, understanding):
                if group and candidate.unit.hit.passage.grant_id != group:
                    continue
                if candidate in chosen:
                    break
                if candidate.score < _FAR_FROM_BEST * best or is_repeat(
                    candidate.unit.text, (c.unit.text for c in chosen)
                ):
                    continue
                chosen.append(candidate)
                break
    known = {slot for c in chosen if not c.unit.tells_unknown for slot in c.filled}
    open_slots = [slot for slot in understanding.slots if slot not in known]
    near = _NEAR_BEST_SLOT if understanding.slots else _NEAR_BEST
    if understanding.intent is Intent.OVERVIEW:
        near = _NEAR_BEST_OVERVIEW
    for candidate in good:  # … then what else is nearly as good
        if len(chosen) >= most or candidate.score < near * best:
            break
        if candidate in chosen or is_repeat(candidate.unit.text, (c.unit.text for c in chosen)):
            continue
        chosen.append(candidate)
    chosen = chosen[:most]
    if understanding.intent is Intent.OVERVIEW:
        first = chosen[0].unit.hit.passage.document_id
        chosen.sort(
            key=lambda c: (c.unit.hit.passage.document_id != first, c.unit.hit.passage.id, c.unit.start)
        )
    elif len({_place_in_list(c) for c in chosen}) > _A_LIST:
        chosen.sort(key=_place_in_list)
    elif len(understanding.slots) > 1 or groups:
        order = {slot: i for i, slot in enumerate(understanding.slots)}
        rank = {group: i for i, group in enumerate(groups)}
        chosen.sort(
            key=lambda c: (
                rank.get(c.unit.hit.passage.grant_id or "", 99),
                min((order[s] for s in c.filled), default=99),
                -c.score,
            )
        )
    drafts = tuple(Draft(c.unit.text, (c.unit,)) for c in chosen)
    return Selection(drafts, tuple(open_slots), best_coverage=max(c.coverage for c in chosen))


def _place_in_list(candidate: Weighed) -> str:
    match = _CIRCLED.search(candidate.unit.text)
    return match[0] if match else "⑳"


def _for_slot(good: Sequence[Weighed], slot: str, understanding: Understanding) -> list[Weighed]:
    """Statements that fill a slot, those about the question's own word for it (「任期は」) first."""
    words = slot_words(normalise(understanding.question), (slot,))

    def key(candidate: Weighed) -> float:
        about = any(f"{word}は" in normalise(candidate.unit.text)[:60] for word in words)
        return -candidate.score - (_ABOUT_SLOT if about else 0.0)

    return sorted((c for c in good if slot in c.filled), key=key)


def _choose_cases(good: Sequence[Weighed], weighed: Sequence[Weighed], most: int) -> Selection:
    """Two statements of each of the best cases: what was done and what came of it, where the case says so."""
    best_of: dict[str, Weighed] = {}
    for candidate in good:
        best_of.setdefault(candidate.unit.hit.passage.document_id, candidate)
    drafts: list[Draft] = []
    told_of: dict[str, list[Weighed]] = {document_id: [] for document_id in best_of}
    for w in sorted(weighed, key=lambda w: -w.score):
        if set(w.unit.hit.passage.trail[-1:]) & _TOLD and not w.unit.tells_unknown:
            told_of.get(w.unit.hit.passage.document_id, []).append(w)
    ordered = sorted(best_of.items(), key=lambda item: not told_of[item[0]])  # stable: best first within each
    for document_id, best in ordered[: max(1, most // 2)]:
        told = told_of[document_id]
        first = told[0] if told else best
        second = next(
            (w for w in told if w.unit.hit.passage.trail[-1:] != first.unit.hit.passage.trail[-1:]), None
        )
        drafts.extend(Draft(w.unit.text, (w.unit,)) for w in (first, second) if w is not None)
    return Selection(tuple(drafts[:most]), best_coverage=good[0].coverage)


def named_own_system(question: str, place: str) -> bool:
    """Whether a question asks for a named place's own scheme (「札幌市の補助制度」)."""
    folded, name = normalise(question), normalise(place)
    at = folded.find(name)
    return at >= 0 and bool(_OWN_SYSTEM.match(folded, at + len(name)))


def grant_label(vocabulary: Vocabulary, grant_id: str) -> str:
    """A grant's short name for a sentence; its id where it is not known."""
    grant = vocabulary.by_id.get(grant_id)
    return grant.short if grant else grant_id
