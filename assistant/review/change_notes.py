"""What changed between two wordings of one passage: the words, and what a reader must not overlook.

Numbers, years, dates, the strength of a commitment (実施します → 検討します) and negation are told in a sentence each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.evidence.lexicon import MUST_RE, NEUTRAL_RE
from assistant.review.nouns import ChangeNote
from assistant.review.pieces import Piece
from assistant.review.wordings import Word, is_negation

# How firm a sentence is, from dropped (0) over considered (1) and striven for (2) to done (3) and bound (4).
_FIRMNESS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        0,
        re.compile(
            r"(?:実施|整備|設置|策定|開催|導入|支援|補助|運行|公表|検証)(?:は|を)?(?:し|行わ|行い)(?:ない|ません|ず|て(?:い)?ません)|見送|取りやめ|廃止|休止|凍結|断念|中止|打ち切"
        ),
    ),
    (
        1,
        re.compile(
            r"検討(?!委員|会|部会|組織|チーム|協議会|結果|状況|体制|の(?:上|うえ|結果)|を(?:経|重ね|踏まえ)|した|しました|され)"
            r"|研究(?:し|を(?:進|行))|模索|今後の課題|未定|調整中|望ましい|望まれ|期待され|考えられ|必要が(?:ある|あり)|必要です|欠かせ|不可欠|可能性(?:が|を)|今後(?:設定|策定|設置|決定|定め)"
        ),
    ),
    (
        2,
        re.compile(
            r"努め|心がけ|心掛け|目指|めざ|予定|見込み?です|可能な(?:限り|範囲)|できる(?:限り|だけ)|必要に応じ|状況に応じ|働きかけ|働き掛け|促す|促し|呼びかけ"
            r"|よう(?:に)?(?:依頼|要望|要請|協力を)"
        ),
    ),
    (4, re.compile(r"必ず|確実に|しなければならない|しなければなりません|義務付け|義務づけ")),
)
_PLAIN = 3
_LONG_CHANGE = 3  # words
_SHORT_PREDICATE = 5  # characters; a shorter end of a sentence is shown with the word before it
_LONGEST_PREDICATE = 20  # characters of a sentence's end that are shown


@dataclass(frozen=True)
class Wordings:
    """How two wordings differ: stretches of the folded texts, and notes."""

    old_spans: tuple[tuple[int, int], ...]
    new_spans: tuple[tuple[int, int], ...]
    notes: tuple[ChangeNote, ...]


def compare_wordings(old: Piece, new: Piece) -> Wordings:
    """The difference of two pieces; every note of (old, new) has its counterpart in (new, old)."""
    a, b = old.words, new.words
    turned = (len(a), old.folded) > (len(b), new.folded)
    keys_a, keys_b = [w.key for w in a], [w.key for w in b]
    one, other = (keys_b, keys_a) if turned else (keys_a, keys_b)
    steps: list[tuple[int, int, int, int]] = []
    for tag, i, k, j, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        step = (j, m, i, k) if turned else (i, k, j, m)
        if steps and _is_chance(steps[-1], a[steps[-1][1] : step[0]], step):
            step = (steps[-1][0], step[1], steps[-1][2], step[3])
            steps.pop()
        steps.append(step)
    notes: list[ChangeNote] = []
    lost: list[Word] = []
    came: list[Word] = []
    for i, k, j, m in steps:
        notes += _figures(old, a[i:k], new, b[j:m], lost, came)
    notes += _left_over(old, lost, new, came)
    if "kpi" not in (old.kind, new.kind):
        notes += _firmness(old, new)
    return Wordings(
        _spans(a, [(i, k) for i, k, _, _ in steps]), _spans(b, [(j, m) for _, _, j, m in steps]), tuple(notes)
    )


def _is_chance(
    before: tuple[int, int, int, int], between: Sequence[Word], after: tuple[int, int, int, int]
) -> bool:
    """Whether two long changes share nothing but a particle or two between them."""
    if len(between) > 2 or any(word.content or word.kind != "word" for word in between):
        return False
    return all(max(k - i, m - j) >= _LONG_CHANGE for i, k, j, m in (before, after))


def _spans(words: Sequence[Word], steps: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Where the words of each step stand."""
    return tuple((words[i].start, words[k - 1].end) for i, k in steps if i < k)


# ── numbers and years ────────────────────────────────────────────────────────


def _figures(
    old: Piece, was: Sequence[Word], new: Piece, now: Sequence[Word], lost: list[Word], came: list[Word]
) -> list[ChangeNote]:
    """Numbers in place of numbers of the same unit; what finds no partner is left for the whole sentence."""
    notes = []
    left = [w for w in now if w.kind != "word"]
    for word in was:
        if word.kind == "word":
            continue
        partner = next((w for w in left if w.key.split(":")[0] == word.key.split(":")[0]), None) or next(
            (w for w in left if w.kind == word.kind), None
        )
        if partner is None:
            lost.append(word)
            continue
        left.remove(partner)
        if partner.key != word.key:
            notes.append(_note(old, word, new, partner))
    came += left
    return notes


def _left_over(old: Piece, lost: Sequence[Word], new: Piece, came: Sequence[Word]) -> list[ChangeNote]:
    notes = []
    free = list(came)
    for word in lost:
        same = next((w for w in free if w.key == word.key), None)
        if same is not None:  # it stands elsewhere in the sentence
            free.remove(same)
            continue
        partner = next((w for w in free if w.key.split(":")[0] == word.key.split(":")[0]), None)
        if partner is not None:
            free.remove(partner)
            notes.append(_note(old, word, new, partner))
            continue
        shown = _shown(old, word)
        notes.append(_of_kind(word, shown, "", f"「{shown}」がなくなりました。"))
    for word in free:
        shown = _shown(new, word)
        notes.append(_of_kind(word, "", shown, f"「{shown}」が加わりました。"))
    return notes


def _note(old: Piece, was: Word, new: Piece, now: Word) -> ChangeNote:
    before, after = _shown(old, was), _shown(new, now)
    turn = "変わりました"
    if was.kind == now.kind == "number":
        a, b = _value(was), _value(now)
        if a is not None and b is not None and a != b and was.key.split(":")[0] == now.key.split(":")[0]:
            turn = "上がりました" if b > a else "下がりました"
    return _of_kind(was, before, after, f"「{before}」が「{after}」に{turn}。")


def _of_kind(word: Word, before: str, after: str, says: str) -> ChangeNote:
    kind = word.kind
    assert kind != "word"
    return ChangeNote(kind=kind, before=before, after=after, says=says)


def _shown(piece: Piece, word: Word) -> str:
    """The number as it is printed, with what bounds it (約, 以上)."""
    end = word.end
    tail = re.match(r"以上|以下|以内|未満|程度|超|まで", piece.folded[end : end + 2])
    head = re.search(r"約$|[▲△]$", piece.folded[: word.start])
    start = word.start - (1 if head else 0)
    quotes = piece.places_of([(start, end + (len(tail[0]) if tail else 0))])
    return "".join("".join(quote.quote.split()) for quote in quotes)


def _value(word: Word) -> float | None:
    try:
        return float(word.key.split(":")[1])
    except ValueError:
        return None  # a range


# ── commitment and negation ──────────────────────────────────────────────────


def _firmness(old: Piece, new: Piece) -> list[ChangeNote]:
    was, now = _firm(old.folded), _firm(new.folded)
    before, after = _predicate(old), _predicate(new)
    if was != now and before != after:
        says = f"「{before}」が「{after}」に{'弱まりました' if now < was else '強まりました'}。"
        if now == 0:
            says = f"「{before}」が「{after}」になり、取りやめる言い方に変わりました。"
        elif was == 0:
            says = f"「{before}」が「{after}」になり、行う言い方に変わりました。"
        return [ChangeNote(kind="strength", before=before, after=after, says=says)]
    if _denials(old) % 2 != _denials(new) % 2:
        turn = (
            "打ち消しに変わりました"
            if _denials(new) > _denials(old)
            else "打ち消しではない言い方に変わりました"
        )
        return [
            ChangeNote(
                kind="negation", before=before, after=after, says=f"「{before}」が「{after}」になり、{turn}。"
            )
        ]
    return []


def _firm(folded: str) -> int:
    return next((firm for firm, pattern in _FIRMNESS if pattern.search(folded)), _PLAIN)


def _denials(piece: Piece) -> int:
    masked = [m.span() for pattern in (MUST_RE, NEUTRAL_RE) for m in pattern.finditer(piece.folded)]
    return sum(
        1
        for w in piece.words
        if is_negation(w) and not any(a <= w.start < b or a < w.end <= b for a, b in masked)
    )


def _predicate(piece: Piece) -> str:
    """The end of the sentence from its last word that carries meaning, as it is printed."""
    end = len(piece.folded.rstrip("。.!?、)」"))
    starts = [word.start for word in piece.words if word.content and word.start < end]
    if not starts:
        return ""
    start = starts[-1]
    for earlier in reversed(starts[:-1]):
        if end - start >= _SHORT_PREDICATE or end - earlier > _LONGEST_PREDICATE:
            break
        start = earlier
    return "".join("".join(quote.quote.split()) for quote in piece.places_of([(start, end)]))
