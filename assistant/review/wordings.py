"""The words of a sentence so that two spellings of one thing are the same word.

A word's key is its lemma (取組 and 取り組み, 子ども and 子供); a number's is its value with its unit
(1億2千万円 and 120,000千円), a year's the Gregorian one (令和7年度 and 2025年度). Punctuation, bullets and the
difference between です・ます and である have no key: a change in them is no change of what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.japanese.counters import DATE, FISCAL_YEAR, YEAR
from assistant.japanese.numbers import Quantity, find_quantities
from assistant.japanese.tokens import Token, tokenise

WordKind = Literal["word", "number", "year", "date"]

_ERA = re.compile(r"(?P<era>令和|平成|昭和|(?<![a-z])[rhs]\.?(?=[0-9元]))(?P<number>元|[0-9]{1,2})(?:年度?)?")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
_IN_BRACKETS = re.compile(r"(?<=\()((?:19|20)[0-9]{2})(?=\))")
_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_MINUS = re.compile(r"[▲△-]$")
_LEAD = re.compile(
    r"^(?:[・●○◎■□◆◇▶▪※★☆→⇒✓➢➤*+|#>〇-]|[(]?[0-9]{1,2}[).](?![0-9])|[①-⓿❶-➓㈠-㈩]|\([ア-ンa-z一二三四五六七八九十]\))+"
)
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
_TELLING = frozenset("○◎×△〇→⇒%")  # marks in the cells of a table
# Words in kana that the tagger may take for another word of the same sound.
_ONE_WORD = {
    "勧める": "進める",
    "薦める": "進める",
    "計る": "図る",
    "測る": "図る",
    "止む": "止める",
    "未だ": "まだ",
}
_NEGATIONS = frozenset({"ない", "無い", "ず", "ぬ", "まい"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number of a folded text, at ``[start:end]``. Equal keys mean equal sense."""

    key: str
    start: int
    end: int
    kind: WordKind = "word"
    content: bool = False  # a noun, verb or adjective that carries meaning by itself
    quantity: Quantity | None = None


def words_of(folded: str) -> list[Word]:
    """The words of a text that was folded without its spaces, in order."""
    words: list[Word] = []
    folded = _COMMA.sub("、", folded)  # the tagger cuts words otherwise beside 「,」
    lead = _LEAD.match(folded)
    at = lead.end() if lead is not None and lead.end() < len(folded) else 0
    for number in _numbers(folded):
        if number.start < at:
            continue
        words += _plain(folded, at, number.start)
        words.append(number)
        at = number.end
    words += _plain(folded, at, len(folded))
    return _without_politeness(words)


def is_negation(word: Word) -> bool:
    """Whether the word denies."""
    return word.key in _NEGATIONS


def _numbers(folded: str) -> Iterator[Word]:
    """Numbers, years and dates in order, none over another."""
    found: list[Word] = [
        Word(f"#{FISCAL_YEAR}:{_ERAS[m['era'].rstrip('.')] + _count(m['number'])}", *m.span(), kind="year")
        for m in _ERA.finditer(folded)
    ]
    found += [Word(f"#{FISCAL_YEAR}:{m[1]}", *m.span(), kind="year") for m in _IN_BRACKETS.finditer(folded)]
    read = find_quantities(folded)
    taken = [q for q in read if q.text[:1] not in "①②③④⑤⑥⑦⑧⑨⑩"]
    wide = {(q.start, q.end) for q in taken}
    found = [w for w in found if not any(a <= w.start and w.end <= b for a, b in wide)]
    found += [_of_quantity(folded, q) for q in taken if not _crosses(q, found)]
    spans = sorted((w.start, w.end) for w in found)
    for match in _NUMBER.finditer(folded):
        if all(match.end() <= a or b <= match.start() for a, b in spans):
            sign = "-" if _MINUS.search(folded[max(0, match.start() - 1) : match.start()]) else ""
            value = match[0].replace(",", "")
            value = value.rstrip("0").rstrip(".") if "." in value else value
            found.append(Word(f"#:{sign}{value}::", *match.span(), kind="number"))
    yield from sorted(found, key=lambda w: w.start)


def _count(number: str) -> int:
    return 1 if number == "元" else int(number)


def _crosses(quantity: Quantity, words: list[Word]) -> bool:
    return any(quantity.start < w.end and w.start < quantity.end for w in words)


def _of_quantity(folded: str, q: Quantity) -> Word:
    value = "~".join(str(v) if v.denominator == 1 else str(float(v)) for v in q.values)
    if q.unit in (FISCAL_YEAR, YEAR):
        return Word(f"#{q.unit}:{value}", q.start, q.end, "year", quantity=q)
    if q.unit == DATE:
        return Word(f"#{q.unit}:{value}", q.start, q.end, "date", quantity=q)
    sign = "-" if _MINUS.search(folded[max(0, q.start - 1) : q.start]) else ""
    about = "約" if q.approximate else ""
    return Word(f"#{q.unit}:{sign}{value}:{q.bound}:{about}", q.start, q.end, "number", quantity=q)


def _plain(folded: str, start: int, end: int) -> Iterator[Word]:
    if start >= end:
        return
    for token in tokenise(folded[start:end]):
        key = _key(token)
        if key:
            yield Word(key, start + token.start, start + token.end, content=token.is_content)


def _key(token: Token) -> str:
    if token.pos in ("補助記号", "記号", "空白"):
        return token.surface if token.surface in _TELLING else ""
    if token.pos2 == "固有名詞":
        return token.surface
    lemma = token.lemma
    if lemma in _NEGATIONS:
        return "ない"
    lemma = _ONE_WORD.get(lemma, lemma)
    # 受入れ is read as a verb, 受入 as a noun: one key for both
    return lemma[:-1] if len(lemma) > 2 and lemma.endswith("る") else lemma


def _without_politeness(words: list[Word]) -> list[Word]:
    kept: list[Word] = []
    for word in words:
        if word.kind == "word" and word.key == "ます":
            continue
        if word.kind == "word" and word.key == "です":
            kept.append(Word("だ", word.start, word.end))
            continue
        if word.key == "有る" and kept and kept[-1].key == "だ" and kept[-1].end == word.start:
            kept[-1] = Word("だ", kept[-1].start, word.end)
            continue
        kept.append(word)
    return kept
