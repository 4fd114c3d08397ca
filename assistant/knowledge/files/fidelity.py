"""How well a page was read, and the faults that can be mended at reading time.

The faults were met in real government PDFs: fonts without ToUnicode (fluent-looking
Greek, Tibetan or Yi), Type3 glyph names as text, one space between all characters,
text printed twice for a bold look, Kangxi radicals in place of kanji, symbol-font
bullets in the private use area.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from assistant.japanese.text import close_spaces

GARBLED_LIMIT = 0.1  # share of foreign characters; clean government pages stay at or below 0.015
GLYPH_NAME_LIMIT = 0.1

GARBLED = "文字化けのため読み取れません（フォントに文字の対応表がないか、日本語以外の文字です）。"
GLYPH_NAMES = "文字が記号名（/edGj0 など）で記録されているため読み取れません。"
IMAGE_ONLY = "画像だけのページで、文字の情報がありません（スキャンなど）。文字認識（OCR）をかけてください。"
OUTLINES = "文字が図形として描かれていて、文字の情報がありません。文字認識（OCR）をかけてください。"
FAILED = "ページの構造が壊れていて読み取れません。"

_LATIN_END = 0x0250
_GREEK_OK = frozenset("αβγδεθλμπρστφχψωΔΣΦΨΩ")  # of formulas and units; Greek prose is not expected
_SYMBOLS_OK = (  # punctuation, arrows, signs, rules, emoji: of no script
    (0x2000, 0x23FF),
    (0x2440, 0x27FF),
    (0x2900, 0x2BFF),
    (0x2E00, 0x30FF),
    (0x3190, 0x319F),
    (0x31C0, 0x33FF),
    (0xFE00, 0xFE6F),
    (0xFF00, 0xFFEF),
    (0x1F000, 0x1FAFF),
    (0x20000, 0x3FFFF),  # rare kanji of names; glyph numbers do not reach here
    (0xE0100, 0xE01EF),
)
_KANJI = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_CJK_PAIR = "\u3040-\u30ff\u3400-\u9fff\uff10-\uff5a々〇ー、。・「」（）"
_JUNCTION = re.compile(f"[{_CJK_PAIR}](?=( ?)[{_CJK_PAIR}])")
_GLYPH_NAME = re.compile(
    r"(?:/(?:[A-Za-z]{1,8}\d{1,6}|[a-z]{1,3}[A-Z][A-Za-z0-9]{1,6}|uni[0-9A-F]{4})){3,}|\(cid:\d+\)"
)
_URL = re.compile(r"(?:https?://|www\.)[!-~]+")
_URL_OR_GLYPHS = re.compile(f"(?P<url>{_URL.pattern})|{_GLYPH_NAME.pattern}")
_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_DOUBLED = re.compile(r"([^\s\d.…・\-ー―─=_*○●■□|｜]{2,30}?)\1")


@cache
def is_foreign(character: str) -> bool:
    """True for a character that a Japanese page does not hold: another script, a hole, a control."""
    code = ord(character)
    if code < _LATIN_END:
        return (code < 0x20 and character not in "\t\n\r\f\v") or 0x7F <= code < 0xA0
    if is_hole(character):
        return True
    if any(low <= code <= high for low, high in _KANJI):
        return not _is_japanese_kanji(character)
    return character not in _GREEK_OK and not any(low <= code <= high for low, high in _SYMBOLS_OK)


def _is_japanese_kanji(character: str) -> bool:
    # Glyph numbers taken for code points land all over the CJK block; JIS X 0213 and the
    # cp932 extensions hold what Japanese text uses, variant forms of names included.
    for codec in ("cp932", "euc_jis_2004"):
        try:
            character.encode(codec)
        except UnicodeEncodeError:
            continue
        return True
    return False


@dataclass(frozen=True)
class Quality:
    """Shares of a page's text that show faults, each 0–1, and the score made of them."""

    characters: int  # without white space
    garbled_share: float
    glyph_share: float
    spaced_share: float
    doubled_share: float

    @property
    def score(self) -> float:
        """1.0 for a page without faults; garbled text weighs most. 0.0 for a page without text."""
        if not self.characters:
            return 0.0
        score = max(0.0, 1.0 - 5.0 * self.garbled_share) * max(0.0, 1.0 - 5.0 * self.glyph_share)
        return score * (1.0 - 0.3 * self.spaced_share) * (1.0 - 0.5 * self.doubled_share)

    @property
    def unreadable(self) -> str | None:
        """The Japanese reason why this text may not be used, or None."""
        if self.garbled_share > GARBLED_LIMIT:
            return GARBLED
        if self.glyph_share > GLYPH_NAME_LIMIT:
            return GLYPH_NAMES
        return None


def japanese_share(text: str) -> float:
    """Share of kana and kanji among the characters that are not white space, 0–1."""
    compact = "".join(text.split())
    return len(_JAPANESE.findall(compact)) / len(compact) if compact else 0.0


def measure(text: str) -> Quality:
    """Measure the faults in ``text`` (one page)."""
    compact = "".join(text.split())
    n = len(compact)
    if not n:
        return Quality(0, 0.0, 0.0, 0.0, 0.0)
    foreign = sum(1 for c in compact if is_foreign(c))
    glyphs = sum(len(m.group()) for m in _GLYPH_NAME.finditer(_URL.sub("", compact)))
    junctions = _JUNCTION.findall(text)
    spaced = sum(1 for gap in junctions if gap) / len(junctions) if len(junctions) >= 8 else 0.0
    doubled = sum(len(m.group()) for m in _DOUBLED.finditer(compact))
    return Quality(n, foreign / n, glyphs / n, spaced, doubled / n)


# ── mending ──────────────────────────────────────────────────────────────────

# Radicals of the supplement block that readers emit in place of the kanji (NFKC leaves most of them).
_RADICALS = {
    **{chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)},
    **dict(
        zip(
            "⺁⺃⺄⺅⺉⺊⺌⺎⺐⺒⺓⺖⺘⺙⺛⺝⺟⺠⺡⺣⺤⺨⺩⺫⺬⺭⺮⺯⺱⺲⺹⺼⺽⺾⺿⻁⻂⻃⻄⻆⻊⻌⻍⻏⻑⻒⻖⻗⻘⻝⻞⻟⻣⻤⻨⻩⻫⻭⻯⻲",
            "厂乚乙亻刂卜小兀尢巳幺忄扌攵旡月母民氵灬爫犭王目示礻竹糸罓罒耂月臼艹艹虎衤覀西角足辶辶阝長镸阝雨青食食飠骨鬼麦黄斉歯竜亀",
            strict=True,
        )
    ),
}
# Wingdings and Symbol code points of common list marks (private use area).
_SYMBOLS = {
    0xF06C: "●", 0xF06D: "○", 0xF06E: "■", 0xF06F: "□", 0xF071: "□", 0xF072: "□", 0xF074: "◆", 0xF075: "◆",
    0xF076: "❖", 0xF077: "◆", 0xF09E: "・", 0xF09F: "•", 0xF0A7: "■", 0xF0A8: "□", 0xF0B2: "☆", 0xF0B7: "•",
    0xF0D8: "➢", 0xF0E0: "→", 0xF0E8: "➔", 0xF0F0: "⇨", 0xF0FC: "✓", 0xF0FE: "☑", 0xF0A1: "○", 0xF0DC: "➲",
}  # fmt: skip
_MENDED = str.maketrans(
    {
        **_RADICALS,
        **{chr(code): mark for code, mark in _SYMBOLS.items()},
        "\ufffe": "",  # pdfium's mark for a hyphen at a line end
        "\u00ad": "",
        "\ufeff": "",
        "\u200b": "",
        "\u00a0": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\f": "\n",
        "\v": "\n",
    }
)
_DAKUTEN = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_TRAILING = re.compile(r"[ \t\u3000]+$", re.M)
_BLANK_LINES = re.compile(r"\n{3,}")


def mend(text: str) -> str:
    """Give back the kanji behind radicals, the marks behind symbol fonts, and closed-up lines.

    Nothing is folded beyond that: full-width digits, ①, old kanji and long dashes stay as printed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_MENDED)
    text = _DAKUTEN.sub(lambda m: unicodedata.normalize("NFC", m.group()), text)
    text = "\n".join(_close_line(line) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("", text)).strip("\n")


_INDENT = re.compile(r"^[ \t]+", re.M)
_RUN_OF_SPACES = re.compile(r"[ \t]{2,}|(?<=[^ \t\n])\u3000{2,}")


def close_layout(text: str) -> str:
    """One space for each run of spaces that only put things in their place on the paper."""
    return _RUN_OF_SPACES.sub(lambda m: m.group()[0], _INDENT.sub("", text))


def mark_holes(text: str) -> str:
    """Put 〓 (the printer's mark for a missing sort) where a code point carries no agreed character."""
    return "".join("〓" if is_hole(c) and not c.isspace() else c for c in text)


def mark_broken_lines(text: str) -> str:
    """``mark_holes``, glyph names, and foreign letters in a line that is mostly foreign and mixes scripts.

    Such a line on a page that is otherwise sound was set in the one font without ToUnicode.
    """
    text = _URL_OR_GLYPHS.sub(lambda m: m["url"] or "〓", text)
    return "\n".join(_mark_line(line) for line in text.split("\n"))


def _mark_line(line: str) -> str:
    foreign = [c for c in line if is_foreign(c)]
    if not foreign:
        return line
    letters = sum(1 for c in line if not c.isspace())
    scripts = {unicodedata.name(c, "?").split()[0] for c in foreign}
    broken = len(foreign) >= 3 and len(foreign) > 0.4 * letters and len(scripts) >= 2
    return "".join(
        "〓" if (is_hole(c) and not c.isspace()) or (broken and is_foreign(c)) else c for c in line
    )


@cache
def is_hole(character: str) -> bool:
    """True for code points that carry no agreed character at all."""
    return unicodedata.category(character) in ("Cn", "Co", "Cs", "Cc") or character == "\ufffd"


def _close_line(line: str) -> str:
    gaps = _JUNCTION.findall(line)
    if len(gaps) >= 4 and sum(1 for gap in gaps if gap) > 0.6 * len(gaps):
        return close_spaces(line)
    return line


# ── lines that were broken only because the paper ended ──────────────────────

_LIST_MARK = re.compile(
    r"[ \t　]*(?:[・●○◎■□◆◇▶▪※★☆→⇒➔➢✓✔•❖☑◯【\[｜|\-–—*+#>＜<]|[①-⓿❶-➓㈠-㈩⒈-⒓⑴-⒇ⅰ-ⅹⅠ-Ⅻ]"
    r"|[（(][0-9０-９一二三四五六七八九十ア-ンa-zA-Z]{1,3}[）)]|[0-9０-９]{1,3}[.．、)）\s　]"
    r"|[0-9０-９]{1,2}[\-－.．][0-9０-９]|[ア-ンa-zA-Z][.．、)）\s　]|[一二三四五六七八九十]{1,3}[\s　、]"
    r"|第[0-9０-９一二三四五六七八九十百]+[章節条項編部款]|(?:附|付)則|別[表紙記]|様式|(?:注|資料|出典|図|表)[\s:：0-9０-９])"
)
_WRAPPABLE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々〇ー、，（「『0-9０-９A-Za-zＡ-Ｚａ-ｚ％%・]$")
_CONTINUES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々〇ー、。，．）」』0-9０-９A-Za-zＡ-Ｚａ-ｚ％%（「・]")


_FLOWS_ON = re.compile(
    "[をにがはのとでてもやへるれらりすしせそさきくけっゃゅょぁぃぅぇぉたなめまえわ、。，．）」』ー]"
)
_HANGS = re.compile("[、，をにがはのとでもやへ]$")


def join_wrapped_lines(text: str) -> str:
    """Join lines of running text that fill their column with the line after them.

    A line is full when it is at least 0.85 of the page's usual width (the 90th percentile
    of line widths, at least 18 characters), or, in a narrower column, 0.9 of the widest
    line nearby; then the join must also read on (a particle, an inflection or a third
    line of the same width). Lists, headings, table rows and short lines keep their breaks.
    """
    lines = text.split("\n")
    widths = [_width(line) for line in lines]
    printed = sorted(width for width in widths if width)
    if len(printed) < 2:
        return text
    page_width = printed[min(len(printed) - 1, int(0.9 * len(printed)))]
    out = [lines[0]]
    for i in range(1, len(lines)):
        last, line = lines[i - 1], lines[i]
        body = line.lstrip(" \u3000\t")
        if (
            body
            and not line.startswith("\u3000")
            and _WRAPPABLE.search(last)
            and _CONTINUES.match(body)
            and not _LIST_MARK.match(line)
            and _is_full(i - 1, lines, widths, page_width)
        ):
            words = last[-1:].isascii() and body[0].isascii() and last[-1:].isalpha() and body[0].isalpha()
            out[-1] += (" " if words else "") + body
        else:
            out.append(line)
    return "\n".join(out)


def _is_full(i: int, lines: list[str], widths: list[float], page_width: float) -> bool:
    width = widths[i]
    if page_width >= 18 and width >= 0.85 * page_width:
        return True
    near = [widths[j] for j in range(max(0, i - 2), min(len(lines), i + 2)) if widths[j]]
    if width < 10 or width < 0.9 * max(near):
        return False
    reads_on = bool(_FLOWS_ON.match(lines[i + 1].lstrip()) or _HANGS.search(lines[i]))
    return reads_on or sum(1 for other in near if abs(other - width) <= 1.0) >= 3


def _width(line: str) -> float:
    """Printed width in full-width characters, without the indent."""
    return sum(0.5 if c.isascii() or "\uff61" <= c <= "\uff9f" else 1.0 for c in line.strip())
