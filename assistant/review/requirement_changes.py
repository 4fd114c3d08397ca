"""Requirements of two versions, one by one: gained, lost, borne by other words, or the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from assistant.domain import Outcome, PageQuote
from assistant.japanese.text import fold
from assistant.review.nouns import ChangeNote, PassageChange, RequirementChange, Review, ReviewedItem
from assistant.review.pieces import Piece
from assistant.review.wordings import words_of

_DECIDED = (Outcome.MET, Outcome.NOT_MET)
_TELLING = ("strength", "negation")
_SPELT_OTHERWISE = "根拠の文は、表記や置かれた場所を除いて両方の版にありますが、点検の結果が分かれました。原文でお確かめください。"


class Trace:
    """What became of the pieces of one version."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._by_page: dict[int, list[tuple[int, Piece]]] = defaultdict(list)
        for number, piece in enumerate(pieces):
            for page in {quote.page for quote in piece.quotes}:
                self._by_page[page].append((number, piece))
        self._change_by_piece: dict[int, PassageChange] = {}

    def note(self, numbers: Sequence[int], change: PassageChange) -> None:
        """Remember what became of pieces."""
        self._change_by_piece.update(dict.fromkeys(numbers, change))

    def changes_at(self, quotes: Sequence[PageQuote]) -> list[PassageChange]:
        """The changes of the pieces that ``quotes`` stand in."""
        return [
            self._change_by_piece[number]
            for quote in quotes
            for number, piece in self._by_page.get(quote.page, ())
            if number in self._change_by_piece and piece.overlaps(quote)
        ]


def compare_requirements(
    before: Review, after: Review, old: Trace, new: Trace
) -> tuple[RequirementChange, ...]:
    """Every requirement of either review, in the order of the new one."""
    old_items = {item.requirement_id: item for item in before.items}
    new_items = {item.requirement_id: item for item in after.items}
    return tuple(
        _change(old_items.get(name), new_items.get(name), old, new)
        for name in dict.fromkeys([*new_items, *old_items])
    )


def _change(was: ReviewedItem | None, now: ReviewedItem | None, old: Trace, new: Trace) -> RequirementChange:
    item = now or was
    assert item is not None
    before, after = (was.outcome if was else None), (now.outcome if now else None)
    quotes_before, quotes_after = (was.evidence if was else ()), (now.evidence if now else ())
    touched = [*old.changes_at(quotes_before), *new.changes_at(quotes_after)]
    notes = tuple(dict.fromkeys(note for change in touched for note in change.notes))
    made = RequirementChange(
        requirement_id=item.requirement_id,
        requirement=item.requirement,
        kind="same",
        before=before,
        after=after,
        before_evidence=quotes_before,
        after_evidence=quotes_after,
        notes=notes,
        says="",
    )
    if before is not after:
        kind, says = _turned(before, after, quotes_before, quotes_after)
        if kind in ("gained", "lost") and not touched:
            kind, says = "unclear", _SPELT_OTHERWISE
        kept = old.changes_at(quotes_before) if kind == "lost" else new.changes_at(quotes_after)
        if kind in ("gained", "lost"):
            why = dict.fromkeys(n.says for change in kept for n in change.notes if n.kind in _TELLING)
            says += "".join(list(why)[:2])
        if kind == "unclear" and touched:
            says += "根拠の文には違いがあります。"
        return made.model_copy(update={"kind": kind, "says": says})
    if before is Outcome.MET and touched and _keys(quotes_before) != _keys(quotes_after):
        return made.model_copy(update={"kind": "changed", "says": _reworded(touched, notes)})
    return made.model_copy(update={"says": "どちらの版でも、結果は同じです。", "notes": ()})


def _keys(quotes: Sequence[PageQuote]) -> frozenset[tuple[str, ...]]:
    folded = (fold(quote.quote, drop_spaces=True).text for quote in quotes)
    return frozenset(tuple(word.key for word in words_of(text)) for text in folded)


def _turned(
    before: Outcome | None,
    after: Outcome | None,
    quotes_before: Sequence[PageQuote],
    quotes_after: Sequence[PageQuote],
) -> tuple[str, str]:
    if before is None or after is None:
        which = "前の版" if before is None else "新しい版"
        return "unclear", f"{which}では、この項目の条件に当てはまりませんでした。"
    if before in _DECIDED and after in _DECIDED:
        if after is Outcome.MET:
            return (
                "gained",
                f"新しい版では{_pages(quotes_after)}に記載があります。前の版では確認できませんでした。",
            )
        return "lost", f"前の版では{_pages(quotes_before)}に記載がありましたが、新しい版では確認できません。"
    which = "前の版" if before is Outcome.UNKNOWN else "新しい版"
    return "unclear", f"{which}では判断できなかったため、変わったかどうか分かりません。"


def _pages(quotes: Sequence[PageQuote]) -> str:
    pages = sorted({quote.page for quote in quotes})
    return f"{'、'.join(str(page) for page in pages)}ページ" if pages else "文書"


def _reworded(touched: Sequence[PassageChange], notes: Sequence[ChangeNote]) -> str:
    kinds = {change.kind for change in touched}
    if kinds == {"added"}:
        return "どちらの版にも記載があり、新しい版では根拠となる文が加わりました。"
    if kinds == {"removed"}:
        return "どちらの版にも記載がありますが、根拠となる文の一部が新しい版には見当たりません。"
    return "どちらの版にも記載がありますが、根拠の文に違いがあります。" + "".join(
        note.says for note in notes[:3]
    )
