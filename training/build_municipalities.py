"""Make corpus/municipalities.csv from the public tables.

    python training/build_municipalities.py --tables DIR [--lists FILE] [--out FILE]

DIR holds localgovjp-utf8.csv, prefjp-utf8.csv, SSDSE-A-2025.csv, the register population
(juki_*.json), shuyo-zaisei-shihyo-R3.xlsx and chiiki-okoshi_municipalities.json.  Tables that carry
the 6-digit code are joined by it; those that carry names only are joined by prefecture and name with
character variants unified, and every one of the 1,741 must be found exactly once, or the script stops.

What a column means, its year and its source stand in corpus/municipalities.yaml.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from pathlib import Path

import openpyxl
import yaml

ROOT = Path(__file__).resolve().parent.parent
COUNT = 1741
METROPOLITAN = {"３大都市圏内"}

# SSDSE item → our column; counts are kept only where a share is made of them.
SSDSE = {
    "population_2020": "A1101",
    "young": "A1301",
    "old": "A1303",
    "oldest": "A1419",
    "foreign": "A1700",
    "moved_in": "A5101",
    "moved_out": "A5102",
    "households": "A7101",
    "single_old": "A8301",
    "area_ha": "B1101",
    "habitable_ha": "B1103",
    "workers": "C2208",
    "manufacturing_workers": "C220837",
    "lodging_workers": "C220847",
    "care_workers": "C220850",
    "staff": "D1202",
    "revenue_thousand": "D3201",
    "local_tax_thousand": "D320101",
    "primary_schools": "E2101",
    "high_schools": "E4101",
    "employed": "F1102",
    "unemployed": "F1107",
    "primary_industry": "F2201",
    "secondary_industry": "F2211",
    "tertiary_industry": "F2221",
    "retail_shops": "H6130",
    "hospitals": "I510120",
    "clinics": "I5102",
    "doctors": "I6100",
}

COLUMNS = [
    "code", "code5", "name", "kana", "prefecture", "kind", "latitude", "longitude", "flags",
    "population", "population_2020", "area_km2", "habitable_km2", "density",
    "share_65", "share_75", "share_0_14", "share_foreign",
    "households", "share_single_65", "births", "deaths", "moved_in", "moved_out",
    "natural_rate", "social_rate", "change_rate",
    "share_primary", "share_secondary", "share_tertiary", "unemployment",
    "workers", "share_manufacturing", "share_lodging", "share_care",
    "staff", "revenue_thousand_yen", "local_tax_thousand_yen",
    "primary_schools", "high_schools", "retail_shops", "hospitals", "clinics", "doctors",
    "fiscal_index", "ordinary_balance", "debt_service", "future_burden",
]  # fmt: skip

VARIANTS = str.maketrans("ヶヵ惠檮祇溪", "ケカ恵梼祗渓")


def plain(name: str) -> str:
    """The name with character variants unified, for matching only."""
    return name.translate(VARIANTS).replace(" ", "").replace("　", "")


def check_digit(code5: str) -> str:
    """The check digit of 全国地方公共団体コード (weights 6…2, 11 − remainder, last digit)."""
    total = sum(int(digit) * weight for digit, weight in zip(code5, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def number(value: object) -> float | None:
    """A figure of a table; None where the cell is empty or not a number (「-」: nothing to state)."""
    text = str(value if value is not None else "").replace(",", "").strip()
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def share(part: float | None, whole: float | None) -> float | None:
    """Per cent to one decimal; None where the whole is zero or unknown."""
    return None if part is None or not whole else round(100 * part / whole, 1)


def per_thousand(part: float | None, whole: float | None) -> float | None:
    """Per mille to one decimal; None where the whole is zero or unknown."""
    return None if part is None or not whole else round(1000 * part / whole, 1)


def minus(first: float | None, second: float | None) -> float | None:
    """The difference; None where either side is unknown."""
    return None if first is None or second is None else first - second


def read_ssdse(path: Path) -> dict[str, dict[str, object]]:
    """5-digit code → our items, with name and prefecture."""
    with path.open(encoding="cp932", newline="") as file:
        rows = list(csv.reader(file))
    place = {item: index for index, item in enumerate(rows[0])}
    found: dict[str, dict[str, object]] = {}
    for row in rows[3:]:
        items: dict[str, object] = {ours: number(row[place[theirs]]) for ours, theirs in SSDSE.items()}
        found[row[0][1:]] = items | {"prefecture": row[1], "name": row[2]}
    return found


def read_positions(path: Path) -> dict[str, dict[str, str]]:
    """6-digit code → row of localgovjp."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["lgcode"].zfill(6): row for row in csv.DictReader(file)}


def read_register_population(path: Path) -> list[dict[str, object]]:
    """Rows of the resident register: area is prefecture + 郡 + name."""
    rows: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def read_finance(path: Path) -> dict[str, tuple[float | None, ...]]:
    """6-digit code → 財政力指数, 経常収支比率, 実質公債費比率, 将来負担比率."""
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    found = {}
    for row in sheet.iter_rows(values_only=True):
        if row[0] and re.fullmatch(r"\d{6}", str(row[0])):
            found[str(row[0])] = tuple(number(cell) for cell in row[3:7])
    return found


class Names:
    """Municipalities of a prefecture by unified name; every lookup must hit exactly one."""

    def __init__(self, rows: dict[str, dict[str, object]]) -> None:
        self.codes: dict[tuple[str, str], str] = {}
        for code5, row in rows.items():
            key = (str(row["prefecture"]), plain(str(row["name"])))
            if key in self.codes:
                raise SystemExit(f"two municipalities share {key}")
            self.codes[key] = code5

    def code(self, prefecture: str, name: str) -> str:
        """5-digit code, or a stop that names the stranger."""
        try:
            return self.codes[(prefecture, plain(name))]
        except KeyError:
            raise SystemExit(f"not found: {prefecture} {name}") from None

    def anywhere(self, name: str) -> str:
        """5-digit code of a name that one municipality of Japan bears."""
        hits = [code for (_, known), code in self.codes.items() if known == plain(name)]
        if len(hits) != 1:
            raise SystemExit(f"{len(hits)} municipalities are called {name}")
        return hits[0]


def register_by_code(rows: list[dict[str, object]], names: Names) -> dict[str, dict[str, object]]:
    """Municipal and prefectural rows of the resident register by 5-digit code."""
    found: dict[str, dict[str, object]] = {}
    for row in rows:
        prefecture = str(row["prefecture"])
        rest = plain(str(row["area"])[len(prefecture) :])
        if rest in ("", "-"):
            found[prefecture] = row
            continue
        code5 = names.codes.get((prefecture, rest)) or names.codes.get(
            (prefecture, re.sub(r"^.+?郡", "", rest)), ""
        )
        if not code5 and "郡" in rest:  # 郡 inside the district's own name: 「上郡町」「小郡」
            code5 = next(
                (names.codes[(prefecture, rest[at + 1 :])] for at, char in enumerate(rest)
                 if char == "郡" and (prefecture, rest[at + 1 :]) in names.codes), ""
            )  # fmt: skip
        if code5:
            if code5 in found:
                raise SystemExit(f"twice in the register: {row['area']}")
            found[code5] = row
    return found


def flags_by_code(lists: dict[str, dict[str, dict[str, str]]], zones: list[dict[str, object]], names: Names,
                  capitals: list[str]) -> dict[str, list[str]]:  # fmt: skip
    """5-digit code → flags, in a fixed order."""
    flags: dict[str, list[str]] = {code5: [] for code5 in names.codes.values()}
    labels = {"全部過疎": "過疎", "みなし過疎": "過疎（みなし）", "一部過疎": "過疎（一部）"}
    for group, by_prefecture in lists["depopulated"].items():
        for prefecture, text in by_prefecture.items():
            for name in re.sub(r"\([^)]*\)", "", text).split():
                flags[names.code(prefecture, name)].append(labels[group])
    for group, label in (("全域", "離島"), ("一部", "離島（一部）")):
        for prefecture, text in lists["islands"][group].items():
            for name in text.split():
                flags[names.code(prefecture, name)].append(label)
    for zone in zones:
        code5 = names.code(str(zone["pref"]), str(zone["name"]))
        label = str(zone["categoryLabel"])
        if "全部条件不利" in label:
            flags[code5].append("条件不利地域（全部）")
        elif "一部条件不利" in label:
            flags[code5].append("条件不利地域（一部）")
        if label.split()[0] in METROPOLITAN:
            flags[code5].append("三大都市圏")
    for name in capitals:
        flags[names.anywhere(name)].append("都道府県庁所在地")
    return flags


def figures(row: dict[str, float | None], register: dict[str, object]) -> dict[str, float | None]:
    """The columns of figures from the counts of one municipality or of a prefecture's sum."""
    population = number(register["total_population"])
    births, deaths = number(register["births"]), number(register["deaths"])
    census = row["population_2020"]
    area = None if row["area_ha"] is None else round(row["area_ha"] / 100, 2)
    natural = per_thousand(minus(births, deaths), population)
    social = per_thousand(minus(row["moved_in"], row["moved_out"]), population)
    return {
        "population": population,
        "population_2020": census,
        "area_km2": area,
        "habitable_km2": None if row["habitable_ha"] is None else round(row["habitable_ha"] / 100, 2),
        "density": round(population / area, 1) if population is not None and area else None,
        "share_65": share(row["old"], census),
        "share_75": share(row["oldest"], census),
        "share_0_14": share(row["young"], census),
        "share_foreign": share(row["foreign"], census),
        "households": row["households"] if census else None,
        "share_single_65": share(row["single_old"], row["households"]),
        "births": births,
        "deaths": deaths,
        "moved_in": row["moved_in"],
        "moved_out": row["moved_out"],
        "natural_rate": natural,
        "social_rate": social,
        "change_rate": None if natural is None or social is None else round(natural + social, 1),
        "share_primary": share(row["primary_industry"], row["employed"]),
        "share_secondary": share(row["secondary_industry"], row["employed"]),
        "share_tertiary": share(row["tertiary_industry"], row["employed"]),
        "unemployment": share(row["unemployed"], (row["employed"] or 0) + (row["unemployed"] or 0)),
        "workers": row["workers"],
        "share_manufacturing": share(row["manufacturing_workers"], row["workers"]),
        "share_lodging": share(row["lodging_workers"], row["workers"]),
        "share_care": share(row["care_workers"], row["workers"]),
        "staff": row["staff"],
        "revenue_thousand_yen": row["revenue_thousand"],
        "local_tax_thousand_yen": row["local_tax_thousand"],
        **{key: row[key] for key in (
            "primary_schools", "high_schools", "retail_shops", "hospitals", "clinics", "doctors"
        )},
    }  # fmt: skip


def cell(value: object) -> str:
    """Text of a cell: integers without a point, None empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))
    return str(value)


def build(tables: Path, lists_path: Path) -> list[dict[str, object]]:
    """All rows: 47 prefectures, then 1,741 municipalities, each in the order of the codes."""
    ssdse = read_ssdse(tables / "SSDSE-A-2025.csv")
    positions = read_positions(tables / "localgovjp-utf8.csv")
    finance = read_finance(tables / "shuyo-zaisei-shihyo-R3.xlsx")
    zones = json.loads((tables / "chiiki-okoshi_municipalities.json").read_text(encoding="utf-8"))
    lists = yaml.safe_load(lists_path.read_text(encoding="utf-8"))
    names = Names(ssdse)
    register = register_by_code(read_register_population(next(tables.glob("juki_*.json"))), names)
    flags = flags_by_code(lists, zones, names, lists["capitals"])
    kinds = {names.anywhere(name): kind for kind, group in lists["kinds"].items() for name in group}
    if len(ssdse) != COUNT or len(zones) != COUNT or any(code not in register for code in ssdse):
        raise SystemExit("a table does not hold the 1,741 municipalities")

    rows: list[dict[str, object]] = []
    sums: dict[str, dict[str, float | None]] = {}
    for code5, counts in ssdse.items():
        code = code5 + check_digit(code5)
        place = positions[code]
        if plain(place["city"]) != plain(str(counts["name"])):
            raise SystemExit(f"{code}: {place['city']} is not {counts['name']}")
        own = {key: value for key, value in counts.items() if key in SSDSE}
        empty = not own["population_2020"]  # 双葉町: nobody lived there at the census, no share to state
        total = sums.setdefault(str(counts["prefecture"]), dict.fromkeys(SSDSE, 0.0))
        for key, value in own.items():
            total[key] = (total[key] or 0) + (value or 0)
        name = place["city"]
        kind = kinds.get(code5) or ("特別区" if name.endswith("区") else name[-1])
        extra = dict(zip(("fiscal_index", "ordinary_balance", "debt_service", "future_burden"),
                         finance.get(code, (None,) * 4), strict=True))  # fmt: skip
        rows.append({
            "code": code, "code5": code5, "name": name, "kana": place["citykana"],
            "prefecture": counts["prefecture"], "kind": kind,
            # 双葉町's listed position is the office it used in いわき市 while evacuated
            "latitude": None if empty else place["lat"], "longitude": None if empty else place["lng"],
            "flags": ";".join(flags[code5]), **figures(own, register[code5]), **extra,
        })  # fmt: skip

    prefectures = []
    with (tables / "prefjp-utf8.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = row["lgcode"].zfill(6)
            if check_digit(code[:5]) != code[5]:
                raise SystemExit(f"wrong check digit: {code}")
            own = figures(sums[row["pref"]], register[row["pref"]])
            # sums over municipalities are not the prefecture's own staff and budget, and they count moves
            # between its municipalities; the balance of moves (social_rate) is right all the same
            for key in ("staff", "revenue_thousand_yen", "local_tax_thousand_yen", "moved_in", "moved_out"):
                own[key] = None
            prefectures.append({
                "code": code, "code5": code[:5], "name": row["pref"], "kana": row["prefkana"],
                "prefecture": row["pref"], "kind": "都道府県", "latitude": row["lat"],
                "longitude": row["lng"], "flags": "", **own,
            })  # fmt: skip
    return prefectures + sorted(rows, key=lambda row: str(row["code"]))


def main() -> None:
    """Read the options, build, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--lists", type=Path, default=ROOT / "training" / "municipality_lists.yaml")
    parser.add_argument("--out", type=Path, default=ROOT / "corpus" / "municipalities.csv")
    options = parser.parse_args()
    rows = build(options.tables, options.lists)
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([[cell(row.get(column)) for column in COLUMNS] for row in rows])
    print(f"{len(rows)} rows → {options.out}")


if __name__ == "__main__":
    main()
