"""The register of municipalities: find one by what people call it, and see it named in a text.

The table is read as lines and a noun is made only when it is asked for, so that opening takes
milliseconds.  Character variants (ヶ/ケ, 檮/梼, 惠/恵) are unified one character to one, which keeps
the offsets of ``mentions`` those of the original text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.domain import Municipality
from assistant.errors import CorpusInvalid, UnknownName
from assistant.knowledge.nearness import nearest

PREFECTURE = "都道府県"
TOKYO_AREA = frozenset(("埼玉県", "千葉県", "東京都", "神奈川県"))
_TEXT_COLUMNS = ("code", "code5", "name", "kana", "prefecture", "kind", "flags")
_VARIANTS = str.maketrans("ヶヵｹ惠檮鰺鯵濱邊澤﨑祇溪", "ケカケ恵梼鯵鯵浜辺沢崎祗渓")
_ENDINGS = "都道府県市区町村"
# A word that begins where a name seems to end: 大阪|市町村課, 中央|市場, 港|区域.
_NOT_AFTER = {
    "市": "場",
    "区": "域分画間",
    "都": "市",
    "道": "路府",
    "府": "県",
    "町": "",
    "村": "",
    "県": "",
}
_NOT_AFTER_WORDS = ("町村",)
_KANJI = re.compile("[一-鿿々]")
# Names of Tokyo's special wards that wards of designated cities bear as well.
_SHARED_WARDS = frozenset(("中央区", "港区", "北区"))
_DISTRICT = re.compile("^.{1,5}?郡")


def unify(name: str) -> str:
    """Character variants unified, one to one; for matching only."""
    return name.translate(_VARIANTS)


@dataclass(frozen=True)
class Ambiguous:
    """A name in a text that several municipalities bear and the text does not tell apart."""

    name: str
    start: int
    end: int
    candidates: tuple[Municipality, ...]


class Municipalities:
    """All 市区町村 and prefectures, in the order of the table (prefectures first)."""

    def __init__(self, lines: Iterable[str], former: Iterable[tuple[str, str, str, str]] = ()) -> None:
        """``lines``: the CSV with its header; ``former``: old name, prefecture, present code, source id."""
        rows = iter(lines)
        self._header = next(rows).split(",")
        at = {column: self._header.index(column) for column in _TEXT_COLUMNS}
        self._at = at
        self._rows: dict[str, list[str]] = {}
        self._made: dict[str, Municipality] = {}
        self._by_name: dict[str, list[str]] = {}
        self._by_full: dict[str, str] = {}
        self._by_kana: dict[str, list[str]] = {}
        self._prefectures: list[str] = []
        for line in rows:
            if not line:
                continue
            row = line.split(",")
            code, name = row[at["code"]], unify(row[at["name"]])
            self._rows[code] = row
            self._by_name.setdefault(name, []).append(code)
            self._by_kana.setdefault(row[at["kana"]], []).append(code)
            if row[at["kind"]] == PREFECTURE:
                self._prefectures.append(row[at["prefecture"]])
                self._by_full[name] = code
            else:
                self._by_full[row[at["prefecture"]] + name] = code
        self._by_code5 = {code[:5]: code for code in self._rows}
        self._former: dict[str, list[tuple[str, str, str]]] = {}
        for old, prefecture, code, source in former:
            self._former.setdefault(unify(old), []).append((prefecture, code, source))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Municipality]:
        return (self._make(code) for code in self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    @cached_property
    def municipalities(self) -> tuple[Municipality, ...]:
        """The 1,741 市区町村, without the prefectures."""
        return tuple(m for m in self if m.kind != PREFECTURE)

    def by_code(self, code: str) -> Municipality:
        """The municipality of a 6- or 5-digit code; ``UnknownName`` where there is none."""
        known = code if code in self._rows else self._by_code5.get(code, "")
        if not known:
            raise UnknownName(
                f"団体コード「{code}」の市区町村は見つかりません。",
                remedy="6桁または5桁の全国地方公共団体コードを入力してください。",
            )
        return self._make(known)

    def of_prefecture(self, prefecture: str) -> tuple[Municipality, ...]:
        """Its 市区町村, by code."""
        place = self._at["prefecture"], self._at["kind"]
        return tuple(
            self._make(code)
            for code, row in self._rows.items()
            if row[place[0]] == prefecture and row[place[1]] != PREFECTURE
        )

    def find(self, name: str) -> Municipality:
        """The municipality that ``name`` means: a code, a full or bare name, kana, or an old name.

        Raises ``UnknownName``: with all bearers and their prefectures where several share the name,
        with near names where nobody bears it.
        """
        wanted = unify(re.sub(r"\s", "", name))
        if re.fullmatch(r"\d{5,6}", wanted):
            return self.by_code(wanted)
        codes = self._codes_of(wanted)
        if len(codes) == 1:
            return self._make(codes[0])
        if codes:
            bearers = tuple(self._make(code).full_name for code in codes)
            raise UnknownName(
                f"「{name}」という名前の団体は{len(bearers)}つあります。",
                near=bearers,
                remedy=f"都道府県を付けて入力してください（{'、'.join(bearers)}）。",
            )
        near = self._near(wanted)
        raise UnknownName(
            f"「{name}」という市区町村は見つかりません。",
            near=near,
            remedy=f"もしかして: {'、'.join(near)}" if near else "市区町村名をご確認ください。",
        )

    def former_names(self, code: str) -> tuple[tuple[str, str], ...]:
        """Old names known to lie in the municipality today, each with the id of its source."""
        return tuple(
            (old, source) for old, rows in self._former.items() for _, now, source in rows if now == code
        )

    def mentions(self, text: str) -> list[tuple[Municipality, int, int]]:
        """Municipalities named in ``text`` with the offsets of each name, in the order of the text.

        The longest name wins.  A name that several bear is told apart by a prefecture the text
        names; where none decides, it is left out here and found in ``ambiguous``.
        """
        return self._read(text)[0]

    def ambiguous(self, text: str) -> list[Ambiguous]:
        """Names in ``text`` that several municipalities bear and no named prefecture decides."""
        return self._read(text)[1]

    def class_of(self, municipality: Municipality) -> str | None:
        """The class that grants ask for; None where no source at hand decides.

        designated 指定都市, special_ward 特別区, core_city 中核市 outside 中枢中核都市, general 一般,
        prefecture.  The list of 中枢中核都市 is not at hand: they lie outside the Tokyo area and have
        city functions of 100,000 people and more, so only larger cities elsewhere stay open.
        """
        kind = municipality.kind
        fixed = {PREFECTURE: "prefecture", "指定都市": "designated", "特別区": "special_ward"}
        if kind in fixed:
            return fixed[kind]
        if kind in ("町", "村"):
            return "general"
        if municipality.prefecture in TOKYO_AREA:
            return "core_city" if kind == "中核市" else "general"
        if kind == "市" and municipality.population is not None and municipality.population < 100_000:
            return "general" if "都道府県庁所在地" not in municipality.flags else None
        return None

    def known_facts(self, municipality: Municipality) -> dict[str, object]:
        """What the register knows of the facts in corpus/facts.yaml; a fact it does not know is absent."""
        facts: dict[str, object] = {"prefecture": municipality.prefecture}
        if municipality.kind == PREFECTURE:
            facts["applicant"] = "prefecture"
        else:
            facts |= {"applicant": "municipality", "municipality": municipality.name}
            if (found := self.class_of(municipality)) is not None:
                facts["municipality_class"] = found
            if municipality.population:
                facts["population"] = municipality.population
            flags = municipality.flags
            facts["is_depopulated"] = any(flag.startswith("過疎") for flag in flags)
            whole, part = "条件不利地域（全部）" in flags, "条件不利地域（一部）" in flags
            facts["disadvantaged_area"] = "whole" if whole else "partial" if part else "none"
            facts["is_three_metro"] = "三大都市圏" in flags
        facts["is_tokyo_area"] = municipality.prefecture in TOKYO_AREA
        return facts

    # ── inside ───────────────────────────────────────────────────────────────

    def _make(self, code: str) -> Municipality:
        if code not in self._made:
            row, at = self._rows[code], self._at
            figures = {
                column: float(value)
                for column, value in zip(self._header, row, strict=True)
                if value and column not in _TEXT_COLUMNS
            }
            population = figures.get("population")
            self._made[code] = Municipality(
                code=code,
                name=row[at["name"]],
                kana=row[at["kana"]],
                prefecture=row[at["prefecture"]],
                kind=row[at["kind"]],
                population=None if population is None else int(population),
                flags=tuple(flag for flag in row[at["flags"]].split(";") if flag),
                figures=figures,
            )
        return self._made[code]

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        """Names without their ending: 「海士」「島根」."""
        stems: dict[str, list[str]] = {}
        for name, codes in self._by_name.items():
            stems.setdefault(name[:-1] if name != "北海道" else name, []).extend(codes)
        return stems

    def _codes_of(self, wanted: str) -> list[str]:
        """Codes that the words mean, by ever looser readings; the first that hits decides."""
        prefecture = next((p for p in self._prefectures if wanted.startswith(p) and wanted != p), "")
        rest = wanted[len(prefecture) :]
        bare = _DISTRICT.sub("", rest, count=1)
        for reading in (rest, bare):
            if codes := self._in(prefecture, self._by_name.get(reading, [])):
                return codes
        for city in self._cities_with_wards:
            if rest.startswith(city) and rest.endswith("区"):
                return self._in(prefecture, self._by_name[city])
        if codes := self._in(prefecture, self._by_kana.get(rest, [])):
            return codes
        old = [code for of, code, _ in self._former.get(rest, []) if prefecture in ("", of)]
        return list(dict.fromkeys(old)) or self._in(prefecture, self._by_stem.get(rest, []))

    def _in(self, prefecture: str, codes: list[str]) -> list[str]:
        place = self._at["prefecture"]
        return [code for code in codes if not prefecture or self._rows[code][place] == prefecture]

    @cached_property
    def _cities_with_wards(self) -> tuple[str, ...]:
        return tuple(
            unify(row[self._at["name"]]) for row in self._rows.values() if row[self._at["kind"]] == "指定都市"
        )

    def _near(self, wanted: str) -> tuple[str, ...]:
        """Full names of up to five municipalities whose name or kana is close to the words."""
        spellings: dict[str, str] = {}
        for code, row in self._rows.items():
            full = (
                row[self._at["name"]]
                if row[self._at["kind"]] == PREFECTURE
                else row[self._at["prefecture"]] + row[self._at["name"]]
            )
            spellings[full + "\0" + unify(row[self._at["name"]])] = code
            spellings[full + "\0" + row[self._at["kana"]]] = code
        prefecture = next((p for p in self._prefectures if wanted.startswith(p)), "")
        rest = wanted[len(prefecture) :] or wanted
        pool = [key for key in spellings if not prefecture or key.startswith(prefecture)]
        hits = nearest(rest, pool, spelling=lambda key: key.split("\0")[1], limit=8)
        return tuple(dict.fromkeys(hit.split("\0")[0] for hit in hits))[:5]

    def _read(self, text: str) -> tuple[list[tuple[Municipality, int, int]], list[Ambiguous]]:
        """Names found from left to right, then told apart by the prefectures among them."""
        plain = unify(text)
        spans: list[tuple[int, int, list[str]]] = []
        taken = 0
        for start in range(len(plain)):
            if start < taken:
                continue
            hit = self._longest_at(plain, start)
            if hit:
                spans.append((start, *hit))
                taken = hit[0]
        named = {self._rows[codes[0]][self._at["prefecture"]] for _, _, codes in spans if len(codes) == 1} | {
            p for p in self._prefectures if p in plain
        }
        found: list[tuple[Municipality, int, int]] = []
        open_: list[Ambiguous] = []
        for start, end, codes in spans:
            if len(codes) > 1:
                place = self._at["prefecture"]
                codes = [code for code in codes if self._rows[code][place] in named] or codes
            if len(codes) == 1:
                found.append((self._make(codes[0]), start, end))
            else:
                bearers = tuple(self._make(code) for code in codes)
                open_.append(Ambiguous(text[start:end], start, end, bearers))
        return found, open_

    @cached_property
    def _starts(self) -> dict[str, tuple[int, ...]]:
        """First two characters → lengths of the names that begin with them, longest first."""
        lengths: dict[str, set[int]] = {}
        for name in (*self._by_name, *self._by_full, *self._former):
            lengths.setdefault(name[:2], set()).add(len(name))
        return {key: tuple(sorted(values, reverse=True)) for key, values in lengths.items()}

    def _longest_at(self, plain: str, start: int) -> tuple[int, list[str]] | None:
        """End and codes of the longest name that begins at ``start`` and stands as a word."""
        for length in self._starts.get(plain[start : start + 2], ()):
            end = start + length
            name = plain[start:end]
            if len(name) < length or name[-1] not in _ENDINGS or not self._ends_as_word(plain, name, end):
                continue
            if full := self._by_full.get(name):
                if self._begins_as_word(plain, name, start):
                    return end, [full]
                continue
            codes = self._by_name.get(name) or list(
                dict.fromkeys(code for _, code, _ in self._former.get(name, []))
            )
            if codes and self._begins_as_word(plain, name, start):
                if name in _SHARED_WARDS and "東京" not in plain:
                    continue
                return end, list(codes)
        return None

    def _ends_as_word(self, plain: str, name: str, end: int) -> bool:
        following = plain[end : end + 2]
        if name[-1] == "市" and following.startswith(_NOT_AFTER_WORDS):
            return False
        return not following or following[0] not in _NOT_AFTER.get(name[-1], "")

    def _begins_as_word(self, plain: str, name: str, start: int) -> bool:
        """Short names and wards must not continue a word: 今|津市, 札幌市|中央区 is the city's ward."""
        before = plain[:start]
        if name.endswith("区") and before.endswith(self._cities_with_wards):
            return False
        if name == "京都市" and before.endswith("東"):
            return False
        if len(name) > 2 or not before or not _KANJI.match(before[-1]):
            return True
        return before[-1] in "都道府県郡市区町村旧現元"


def load_municipalities(path: Path) -> Municipalities:
    """Read the register (``municipalities.csv``) and the old names beside it.

    Raises ``CorpusInvalid`` with every row that does not fit its header.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusInvalid([f"{path.name}: 読み込めません（{error}）。"]) from error
    problems = []
    header = lines[0].split(",") if lines else []
    missing = [column for column in _TEXT_COLUMNS if column not in header]
    if missing:
        raise CorpusInvalid([f"{path.name}: 列がありません（{'、'.join(missing)}）。"])
    commas = len(header) - 1
    problems = [
        f"{path.name}: {number}行目の列の数が違います。"
        for number, line in enumerate(lines[1:], start=2)
        if line and line.count(",") != commas
    ]
    former: list[tuple[str, str, str, str]] = []
    beside = path.with_name("former-municipalities.csv")
    if beside.is_file():
        with beside.open(encoding="utf-8", newline="") as file:
            former = [
                (row["name"], row["prefecture"], row["code"], row["source"]) for row in csv.DictReader(file)
            ]
    if problems:
        raise CorpusInvalid(problems)
    found = Municipalities(lines, former)
    strangers = [f"{beside.name}: {old}の団体コード{code}がありません。" for old, _, code, _ in former
                 if code not in found]  # fmt: skip
    if strangers:
        raise CorpusInvalid(strangers)
    return found
