"""Names in a text: classes of municipality, kinds of project, types, grants, places, offices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.evidence import lexicon
from assistant.japanese.tokens import Token

_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_PLACE_TAIL = frozenset("都道府県市区町村郡島省庁")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name: what kind, which, where in the folded text. Values of one kind exclude one another."""

    kind: str
    value: str
    start: int
    end: int
    shown: str = ""  # as the text writes it


def find_mentions(text: str, tokens: list[Token], taken: list[tuple[int, int]]) -> tuple[Mention, ...]:
    """All names of a folded sentence; ``taken`` are spans of quantities (「60市町村」 names no class)."""
    found: list[Mention] = []

    def free(start: int, end: int) -> bool:
        return all(end <= s or e <= start for s, e in taken)

    for match in lexicon.MENTION_RE.finditer(text):
        if free(*match.span()) and match.lastgroup is not None:
            kind, _, value = lexicon.CONTRASTS[int(match.lastgroup[1:])]
            found.append(Mention(kind, value, *match.span()))
    for match in lexicon.TYPE_RE.finditer(text):
        found.append(Mention("type", "type" + match[1], *match.span()))
    for match in lexicon.LABEL_RE.finditer(text):
        number = match[1].translate(_DIGITS)
        if match[1] == "十":
            number = "10"
        found.append(Mention("label", f"第{number}{match[2]}", *match.span()))
    found.extend(_grants(text))
    found.extend(_places(text, tokens, taken))
    return tuple(sorted(found, key=lambda m: m.start))


def _grants(text: str) -> list[Mention]:
    """Names of grants, schemes and laws; words made of general parts alone (補助事業, 国庫補助金) are left out."""
    found = []
    for run in lexicon.GRANT_RUN_RE.finditer(text):
        if len(run[0]) > lexicon.LONGEST_NAME:
            continue
        ends = [m.end() for m in lexicon.GRANT_END_RE.finditer(run[0])]
        if not ends:
            continue
        name = run[0][: ends[-1]].strip("・,")
        stop = run.start() + ends[-1]
        lead = re.match(
            r"(?:第[0-9]+(?:次|回)|[0-9,]+|令和|平成|年度|年|月|日|円|億|万|補正|当初|の|・|、|前身|後継|主な|各)++",
            name,
        )
        if lead is not None and not name.startswith("第2世代"):
            name = name[lead.end() :]
        if len(lexicon.GENERIC.sub("", name)) >= 2:
            start = stop - len(name)
            found.append(Mention("grant", name, start, start + len(name)))
    return found


def _places(text: str, tokens: list[Token], taken: list[tuple[int, int]]) -> list[Mention]:
    """Proper nouns with their tail (海士町, 福島県西郷村 gives two), and offices of the state."""
    found = [Mention("place", m[0], *m.span()) for m in lexicon.OFFICE_RE.finditer(text)]
    office = [(m.start, m.end) for m in found]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.pos2 != "固有名詞" or token.surface in lexicon.NOT_NAMES:
            continue
        start, end = token.start, token.end
        while index < len(tokens) and tokens[index].pos2 == "固有名詞" and tokens[index].start == end:
            end = tokens[index].end
            index += 1
        if index < len(tokens) and tokens[index].start == end and tokens[index].surface in _PLACE_TAIL:
            end = tokens[index].end
            index += 1
        if len(text[start:end]) < 2 or re.fullmatch(r"[a-z]", text[start:end]):
            continue
        if all(end <= s or e <= start for s, e in [*taken, *office]):
            found.append(Mention("place", text[start:end], start, end))
    return found
