"""Numbers in kanji as digits, for matching: 「令和八年度」 → 「令和8年度」, 「一万四千二百十八人」 → 「14218人」."""

from __future__ import annotations

import re

_DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "億": 100_000_000}
# Only before what is counted, so that 三重県, 一部 and 千葉 stay as they are; 千円 and 百万円 are units, not numbers.
_NUMBER = re.compile(
    r"(?<![0-9〇零一二三四五六七八九十百千万億数何])(?![十百千万億]+(?:円|人|t))[〇零一二三四五六七八九十百千万億]+"
    r"(?=年|か年|箇年|カ年|ヶ年|月|日|人|件|円|%|割|条|項|号|期|世帯|戸|社|回|組|棟|市町|町村|つの|つを|団体|[かヶカ箇]所|[かヶカ箇]月|歳)"
)


def in_digits(folded: str) -> str:
    """The folded text with numbers in kanji, where they count something, written in digits."""
    return _NUMBER.sub(lambda match: _written(match.group()), folded)


def _written(kanji: str) -> str:
    if all(letter in _DIGITS for letter in kanji):
        return "".join(str(_DIGITS[letter]) for letter in kanji)
    total = part = digit = 0
    for letter in kanji:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _TENS:
            part += (digit or 1) * _TENS[letter]
            digit = 0
        else:
            total += (part + digit or 1) * _SCALES[letter]
            part = digit = 0
    return str(total + part + digit)
