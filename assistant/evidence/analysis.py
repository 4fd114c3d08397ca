"""What a text says, in a form that can be compared: figures and predicates, each with the words they hang on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from assistant.evidence import lexicon
from assistant.evidence.mentions import Mention, find_mentions
from assistant.japanese.counters import DATE, FISCAL_YEAR, YEAR
from assistant.japanese.numbers import Quantity, find_quantities
from assistant.japanese.text import Folded, fold, sentences
from assistant.japanese.tokens import Token, tokenise

_CLAUSE_END: Final = re.compile(
    r"(?<=[ずでてりしばがけきいみく])、|(?<=ため)、|(?<=ます)が、|[。;]|(?<=もの)の、|(?<=とき)は、|(?<=場合)は、"
)
_TABLE_RULE: Final = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_NAMED_AFTER: Final = re.compile(r"(?:程度)?(?:が|を|は)(?:国費の?)?")  # 「4億円が目安」「1例目は中国地域」
_AHEAD: Final = re.compile(r"に(?!は、)|付け|の(?!予定)|までに")
_LONGEST: Final = 1000  # characters; no sentence is longer, and work grows with the square of the length
_INFLECTION: Final = re.compile(r"(?<=な)い|(?<=ませ)ん(?:でした)?|(?<=なら)ない|(?<=[りい])ます|")
_JOINED: Final = re.compile(r"(?:が|は|を|の|/年度?|程度|まで|以内|以上|以下|未満|\)|とする|という)*")
_NAME_WEIGHT: Final = 3.0  # a class, a grant or a year tells two figures apart better than a common word
_FAR: Final = 0.35  # weight of a word beyond a clause boundary or another figure
_AFTER: Final = 0.45  # weight of a word that follows


@dataclass(frozen=True, slots=True)
class Word:
    """A content word and its place in the folded sentence."""

    lemma: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with its surroundings: words weighted by nearness, and the nearest mention of each kind."""

    quantity: Quantity
    context: dict[str, float]
    bound_to: dict[str, frozenset[str]]
    shown: str

    @property
    def near(self) -> frozenset[str]:
        """The words right before it, up to the last clause end or figure."""
        return frozenset(w for w, weight in self.context.items() if weight >= 1.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A predicate with a side to it: 対象/対象外, できる/できない, 必要/不要, 増/減, 確認済み/未確認."""

    axis: str
    sign: int
    context: dict[str, float]
    shown: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one cell of a table together with its headings."""

    text: str
    shown: str
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    figures: tuple[Figure, ...]
    marks: tuple[Mark, ...]
    bag: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Lemmas inside its names: they say what a sentence is about, not what it says of it."""
        return frozenset(
            w.lemma for w in self.words if any(m.start <= w.start and w.end <= m.end for m in self.mentions)
        )

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing that could be held against evidence."""
        return not (self.words or self.figures or self.mentions)

    def values(self, kind: str) -> frozenset[str]:
        """The values of the mentions of one kind."""
        return frozenset(m.value for m in self.mentions if m.kind == kind)


@dataclass(frozen=True)
class Analysis:
    """All sentences of one text."""

    sentences: tuple[Sentence, ...]
    flat: str  # folded, without white space: for looking up names
    bag: frozenset[str]
    characters: frozenset[str] = field(default_factory=frozenset)

    def mentioned(self, kind: str) -> frozenset[str]:
        """The values of one kind anywhere in the text."""
        return frozenset(m.value for s in self.sentences for m in s.mentions if m.kind == kind)


def _cells(block: list[str]) -> Iterable[str]:
    """Each cell of a pipe table as 「heading 行 列: cell」, so that a figure hangs on its row and column."""
    rows = [[c.strip() for c in line.strip().strip("|").split("|")] for line in block]
    rows = [row for row, line in zip(rows, block, strict=True) if not _TABLE_RULE.match(line)]
    if len(rows) < 2:
        yield from (" ".join(row) for row in rows)
        return
    head = rows[0]
    for row in rows[1:]:
        for column, cell in enumerate(row[1:], start=1):
            if cell and not re.fullmatch(r"(?:\[[A-Za-z0-9-]+\])+", cell):
                name = head[column] if column < len(head) else ""
                yield f"{head[0]} {row[0]} {name}: {cell}"
        if len(row) == 1:
            yield row[0]


_ROW: Final = re.compile(r"[^／:：。]{1,60}[:：] ?[^／]+(?:／[^／:：]{1,60}[:：] ?[^／]+)+")


def _row(piece: str) -> Iterable[str]:
    """A table row told as 「区分: ソフト事業／国費上限: 10億円。」 cell by cell, each with the row's name."""
    if not _ROW.fullmatch(piece.strip()):
        yield piece
        return
    first, *rest = piece.strip().rstrip("。").split("／")
    for cell in rest:
        yield f"{first} {cell}"


def _pieces(text: str) -> Iterable[str]:
    """Sentences and table cells of a text, in order."""
    table: list[str] = []
    prose: list[str] = []

    def flush() -> Iterable[str]:
        if table:
            yield from _cells(table)
            table.clear()
        if prose:
            joined = "\n".join(prose)
            for a, b in sentences(joined):
                yield from _row(joined[a:b])
            prose.clear()

    for line in text.split("\n"):
        is_row = line.count("|") >= 2
        if (is_row and prose) or (table and not is_row):
            yield from flush()
        (table if is_row else prose).append(line)
    yield from flush()


def _weights(
    at: tuple[int, int],
    words: tuple[Word, ...],
    mentions: tuple[Mention, ...],
    barriers: list[int],
    bound_to: dict[str, frozenset[str]],
    before: float = 1.0,
    after: float = _AFTER,
) -> dict[str, float]:
    """Words about a place, weighted by how few barriers (figures, clause ends) lie between."""
    start, end = at
    context: dict[str, float] = {}
    for word in words:
        if word.end <= start:
            weight = before if not any(word.end <= b < start for b in barriers) else _FAR
        elif word.start >= end:
            weight = after if not any(end <= b < word.start for b in barriers) else _FAR / 2
        else:
            continue
        context[word.lemma] = max(context.get(word.lemma, 0.0), weight)
    for mention in mentions:
        key = f"{mention.kind}:{mention.value}"
        near = mention.value in bound_to.get(mention.kind, ())
        context[key] = max(context.get(key, 0.0), _NAME_WEIGHT if near else 0.1)
    return context


def _bind(at: tuple[int, int], text: str, mentions: tuple[Mention, ...]) -> dict[str, frozenset[str]]:
    """For each kind the group of mentions that a place hangs on: the nearest before it, else the first after.

    Mentions joined by と・や・及び form one group; いずれも, それぞれ and ともに gather all that came before.
    """
    start, end = at
    bound: dict[str, frozenset[str]] = {}
    named = _NAMED_AFTER.match(text, end)
    for kind in {m.kind for m in mentions}:
        of_kind = [m for m in mentions if m.kind == kind]
        before = [m for m in of_kind if m.end <= start]
        if named is not None and any(m.start == named.end() for m in of_kind):
            before = []
        if not before:
            after = [m for m in of_kind if m.start >= end]
            if after and _JOINED.fullmatch(text[end : after[0].start]):
                bound[kind] = frozenset(m.value for m in _group(after, text))
            continue
        gap = text[before[-1].end : start]
        if re.search(r"いずれも|それぞれ|ともに|どちらも|各々|いずれの", gap) or re.match(
            r"(?:それぞれ|いずれも)", text[end:]
        ):
            bound[kind] = frozenset(m.value for m in before)
        else:
            bound[kind] = frozenset(m.value for m in _group(before[::-1], text))
    return bound


def _group(ordered: list[Mention], text: str) -> list[Mention]:
    """The first mention and its neighbours that are joined to it by a connective alone."""
    group = [ordered[0]]
    for other in ordered[1:]:
        low, high = sorted((group[-1], other), key=lambda m: m.start)
        joint = text[low.end : high.start]
        if not re.fullmatch(r"[・、,]|と|や|及び|および|または|又は|か|や、|と、|並びに|\s|", joint):
            break
        group.append(other)
    return group


def _sentence(piece: str) -> Sentence:
    folded = fold(piece)
    text = folded.text
    for short, full in lexicon.ALIASES:
        if short in text:
            folded = fold(text.replace(short, full))
            text, piece = folded.text, folded.text
    bare = lexicon.NOTE.sub(lambda m: " " * len(m[0]), text)
    quantities = find_quantities(bare)
    tokens = tokenise(bare)
    spans = [(q.start, q.end) for q in quantities]
    mentions = find_mentions(bare, tokens, spans)
    mentions += tuple(
        Mention("year", str(int(v)), q.start, q.end)
        for q in quantities
        if q.unit == FISCAL_YEAR
        for v in (range(int(q.value), int(q.upper) + 1) if q.upper else (q.value,))
    )
    mentions = tuple(replace(m, shown=_shown(folded, piece, (m.start, m.end))) for m in mentions)
    covered = spans + [(m.start, m.end) for m in mentions]
    content = tuple(
        Word(lexicon.canonical(t.lemma), t.start, t.end)
        for t in tokens
        if t.is_content and not _inside(t, spans) and t.pos2 != "数詞"
    )
    words = tuple(w for w in content if not any(s <= w.start and w.end <= e for s, e in covered))
    ends = [m.end() - 1 for m in _CLAUSE_END.finditer(bare)]
    figures = []
    shared: dict[str, list[str]] = {}
    for quantity in quantities:
        at = (quantity.start, quantity.end)
        around = tuple(m for m in mentions if (m.start, m.end) != at)
        bound = _bind(at, bare, around)
        if quantity.unit in (FISCAL_YEAR, YEAR, DATE):
            bound.pop("year", None)
        barriers = ends + [
            q.start for q in quantities if q is not quantity and q.unit != FISCAL_YEAR and q.value != 1
        ]
        # 「1月に募集」 looks ahead, 「募集は1月」 back.
        dated = quantity.unit in (YEAR, DATE) and bool(_AHEAD.match(bare, quantity.end))
        context = _weights(at, words, around, barriers, bound, *((0.9, 1.0) if dated else (1.0, _AFTER)))
        before = max((q.end for q in quantities if q.end <= quantity.start), default=-1)
        if (
            bare[quantity.end : quantity.end + 1] == "は"
        ):  # 「1例目は中国地域、2例目は九州」: what follows is its own
            for word in words:
                if word.start >= quantity.end and not any(quantity.end <= b < word.start for b in barriers):
                    context[word.lemma] = 1.0
                elif (
                    bare[before : before + 1] == "は" and before <= word.start and word.end <= quantity.start
                ):
                    context[word.lemma] = _FAR
        if quantity.unit not in (FISCAL_YEAR, YEAR, DATE):
            # 「2024年度までに1,000団体、2027年度までに1,500団体」: the second shares the first one's words.
            if 1.0 not in context.values():
                context |= dict.fromkeys(shared.get(quantity.unit, ()), 1.0)
            shared[quantity.unit] = [w for w, weight in context.items() if weight == 1.0]
        figures.append(Figure(quantity, context, bound, _shown(folded, piece, at)))
    marks = []
    for axis, sign, start, end in _polarity(bare, tokens):
        bound = _bind((start, end), bare, mentions)
        others = tuple(w for w in words if not (start <= w.start < end))
        barriers = [e for e in ends if e < start - 1] + [e for e in ends if e >= end]
        marks.append(
            Mark(
                axis,
                sign,
                _weights((start, end), others, mentions, barriers, bound),
                _shown(folded, piece, (start, _INFLECTION.match(bare, end).end())),  # type: ignore[union-attr]
                start,
                end,
            )
        )
    return Sentence(
        text=bare,
        shown=piece.strip(),
        words=content,
        mentions=mentions,
        figures=tuple(figures),
        marks=tuple(marks),
        bag=frozenset(w.lemma for w in content),
    )


def _inside(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(s <= token.start and token.end <= e for s, e in spans)


def _shown(folded: Folded, piece: str, at: tuple[int, int]) -> str:
    start, end = folded.original_span(*at)
    return piece[start:end]


def _polarity(text: str, tokens: list[Token]) -> list[tuple[str, int, int, int]]:
    """(axis, sign, start, end) of all predicates of a sentence; the more specific pattern wins."""
    masked = lexicon.NEUTRAL_RE.sub(lambda m: "　" * len(m[0]), text)
    found: list[tuple[str, int, int, int]] = []
    for match in lexicon.MUST_RE.finditer(masked):
        found.append(("need", 1, *match.span()))
    masked = lexicon.MUST_RE.sub(lambda m: "　" * len(m[0]), masked)
    for match in lexicon.MARK_RE.finditer(masked):
        assert match.lastgroup is not None
        axis, sign, _ = lexicon.MARKS[int(match.lastgroup[1:])]
        found.append((axis, sign, *match.span()))
    for index, token in enumerate(tokens):
        if token.lemma in lexicon.NEGATIVE_LEMMAS and token.pos in ("助動詞", "形容詞"):
            if "　" in masked[token.start : token.end] or any(
                s <= token.end and token.start <= e for _, _, s, e in found
            ):
                continue
            head = _head(tokens, index)
            if head is not None:
                found.append((f"verb:{lexicon.canonical(head.lemma)}", -1, head.start, token.end))
    negated = {(s, e) for _, _, s, e in found}
    for index, token in enumerate(tokens):
        if token.pos != "動詞":
            continue
        head = token
        if not token.is_content:
            if index == 0 or tokens[index - 1].pos != "名詞":
                continue
            head = tokens[index - 1]
        if (
            any(s < token.end and head.start < e for s, e in negated)
            or "　" in masked[head.start : token.end]
        ):
            continue
        found.append((f"verb:{lexicon.canonical(head.lemma)}", 1, head.start, token.end))
    return sorted(found, key=lambda f: f[2])


def _head(tokens: list[Token], index: int) -> Token | None:
    """The word that a negation negates: the nearest content word before it."""
    for token in reversed(tokens[max(0, index - 6) : index]):
        if token.is_content or (token.pos == "名詞"):
            return token
    return None


@lru_cache(maxsize=4096)
def _analyse_piece(piece: str) -> Sentence:
    return _sentence(piece)


@lru_cache(maxsize=2048)
def analyse(text: str) -> Analysis:
    """The sentences and table cells of a text, analysed; cached by text."""
    pieces = (p[i : i + _LONGEST] for p in _pieces(text) for i in range(0, len(p), _LONGEST))
    found = tuple(_analyse_piece(piece) for piece in pieces if piece.strip())
    flat = re.sub(r"\s+", "", "".join(s.text for s in found))
    return Analysis(
        sentences=found,
        flat=flat,
        bag=frozenset().union(*(s.bag for s in found)) if found else frozenset(),
        characters=frozenset(flat),
    )
