"""Second versions of the synthetic plans: edits that a comparison must find, and changes of spelling that it must not."""

from __future__ import annotations

import copy
import random
import re
from collections import Counter
from dataclasses import dataclass

from writing import Plan

NEW_SENTENCES = (
    "空き店舗を改修した交流の場を、町の中央に3か所開きます。",
    "子どもの医療費の助成を、高校を卒業する年代まで広げます。",
    "林業の担い手を育てる学校を、隣の町と共同で開設します。",
    "川の水を使った小さな発電所を2か所に設けます。",
    "町営の住宅30戸を、断熱の性能が高いものに建て替えます。",
)
SURU = re.compile(r"(?P<stem>(?!目指)[一-龠ァ-ヶ]{2,})し(?P<end>ます。)$")
SURU_PLAIN = re.compile(r"(?P<stem>[一-龠ァ-ヶ]{2,})する。$")
COUNTED = re.compile(
    r"(?<![一二三四五六七八九十百千〇第・])(?P<n>[二三四五六七八])(?=人|件|社|校|か所|箇所|回|名|戸|台|団体|地区)"
)
PLAIN = re.compile(r"(?P<stem>[一-龠]+[ぁ-ん]?)(?P<tail>みます|きます|ります|めます|けます|えます|せます)。$")
DICTIONARY = {
    "みます": "む",
    "きます": "く",
    "ります": "る",
    "めます": "める",
    "けます": "ける",
    "えます": "える",
    "せます": "せる",
}
NUMBER = re.compile(
    r"(?<![0-9第,.令和平成〜])(?P<n>[0-9]{1,3}(?:,[0-9]{3})*)(?=人|件|か所|回|地区|名|社|世帯|戸|％|%|校)"
)
YEAR = re.compile(r"令和(?P<n>[0-9]{1,2})年")
SPELLINGS = (
    ("取組", "取り組み"), ("及び", "および"), ("子ども", "子供"), ("すべて", "全て"), ("めざします", "目指します"),
    ("進めます", "すすめます"), ("つくります", "作ります"), ("町民", "町民　"), ("、", "，"),
)  # fmt: skip
POLITE = (("です。", "である。"), ("ました。", "た。"), ("進めます。", "進める。"))


@dataclass
class Edit:
    """One change of a plan. ``key``: its line's key in both versions; ``requirement``: what the line bore."""

    kind: str
    before: str
    after: str
    key: str
    requirement: str = ""


def second_version(plan: Plan, seed: int) -> tuple[Plan, Plan, list[Edit]]:
    """Both versions (with the edited lines marked) and the edits."""
    dice = random.Random(seed)
    old = copy.deepcopy(plan)
    lines = old.lines
    texts = Counter(str(content) for kind, _, content in lines if kind == "p")
    free = [
        n for n, (kind, _, c) in enumerate(lines) if kind == "p" and len(str(c)) >= 14 and texts[str(c)] == 1
    ]
    dice.shuffle(free)
    edits: list[Edit] = []
    after: dict[int, list[tuple[str, str, object]]] = {}

    def put(kind: str, n: int, text: str) -> None:
        key = f"edit{len(edits)}"
        edits.append(Edit(kind, str(lines[n][2]), text, key, lines[n][1]))
        lines[n] = (lines[n][0], key, lines[n][2])
        after[n] = [(lines[n][0], key, text)] if text else []

    for kind, change, most in (
        ("weakened", _weaken, 2), ("negated", _negate, 1), ("number", _number(dice), 2), ("year", _year, 1), ("reworded", _reword, 2),
        ("dropped", lambda text: "", 3),
    ):  # fmt: skip
        done = 0
        for n in list(free):
            text = change(str(lines[n][2]))
            if text is not None and done < most:
                put(kind, n, text)
                free.remove(n)
                done += 1
    for text in dice.sample(NEW_SENTENCES, 2):
        n = free.pop() if free else len(lines) - 1
        key = f"edit{len(edits)}"
        edits.append(Edit("added", "", text, key))
        after[n] = [lines[n], ("p", key, text)]
    source, target = (free.pop(), free.pop()) if len(free) > 1 else (0, 0)
    if abs(source - target) > 6:
        key = f"edit{len(edits)}"
        edits.append(Edit("moved", str(lines[source][2]), str(lines[source][2]), key, lines[source][1]))
        lines[source] = ("p", key, lines[source][2])
        after[source] = []
        after[target] = [lines[target], lines[source]]
    _kpis(lines, after, edits, dice)
    decoys = 0
    for n in free:
        text = _respell(str(lines[n][2]))
        if n not in after and text != lines[n][2]:
            after[n] = [(lines[n][0], lines[n][1], text)]
            decoys += 1
    new = copy.deepcopy(old)
    new.lines = [line for n, own in enumerate(lines) for line in after.get(n, [own])]
    new.name = f"{plan.name}-2"
    edits.append(Edit("spelling", "", str(decoys), ""))
    return old, new, edits


def _weaken(text: str) -> str | None:
    if "検討" in text:
        return None
    if match := SURU.search(text):
        return f"{text[: match.start()]}{match['stem']}することを検討します。"
    if match := SURU_PLAIN.search(text):
        return f"{text[: match.start()]}{match['stem']}することを検討する。"
    if match := PLAIN.search(text):
        return f"{text[: match.start('tail')]}{DICTIONARY[match['tail']]}ことを検討します。"
    return None


def _negate(text: str) -> str | None:
    if SURU_PLAIN.search(text):
        return f"{text[:-3]}しない。"
    return f"{text[:-3]}ません。" if SURU.search(text) else None


def _number(dice: random.Random):
    def change(text: str) -> str | None:
        match = NUMBER.search(text)
        if match is None:
            counted = COUNTED.search(text)
            if counted is None:
                return None
            more = "二三四五六七八九"["二三四五六七八".index(counted["n"]) + 1]
            return f"{text[: counted.start()]}{more}{text[counted.end() :]}"
        value = int(match["n"].replace(",", ""))
        return f"{text[: match.start()]}{value + dice.randint(1, max(2, value // 2)):,}{text[match.end() :]}"

    return change


def _year(text: str) -> str | None:
    match = YEAR.search(text)
    return f"{text[: match.start()]}令和{int(match['n']) + 1}年{text[match.end() :]}" if match else None


def _reword(text: str) -> str | None:
    if re.match(r"[・【■〇（(]", text) or not text.endswith("。"):
        return None
    return f"町民や事業者と力を合わせ、{text}"


def _kpis(lines, after, edits: list[Edit], dice: random.Random) -> None:
    """Targets lowered and raised, an indicator dropped and one added, in the tables."""
    tables = [n for n, (kind, _, _) in enumerate(lines) if kind == "table"]
    dice.shuffle(tables)
    if tables and isinstance(lines[tables[0]][2], list):
        _cells(lines, after, edits, dice, tables)
        return
    for n, kind in zip(tables, ("target-lowered", "target-raised", "kpi-dropped", "kpi-new"), strict=False):
        cells, form, undated = lines[n][2]
        cells = list(cells)
        i = dice.randrange(len(cells))
        name, unit, base, target = cells[i]
        if kind.startswith("target") and not target.replace(",", "").replace(".", "").isdigit():
            continue
        value = float(target.replace(",", "")) if kind.startswith("target") else 0.0
        if kind.startswith("target"):
            changed = value * (1.5 if kind == "target-raised" else 0.75)
            shown = f"{changed:,.1f}" if "." in target else f"{round(changed):,}"
            if shown == target:
                continue
            cells[i] = (name, unit, base, shown)
        elif kind == "kpi-dropped" and len(cells) > 1:
            cells.pop(i)
        elif kind == "kpi-new":
            name = "町の体験施設を訪れた親子の数"
            cells.append((name, "人", "50", "90"))
        else:
            continue
        edits.append(Edit(kind, name, name, ""))
        after[n] = [("table", lines[n][1], (cells, form, undated))]


def _cells(lines, after, edits: list[Edit], dice: random.Random, tables: list[int]) -> None:
    """A target made lower in up to three tables of any form."""
    done = 0
    for n in tables:
        rows = [list(row) for row in lines[n][2]]
        column = next((c for c, head in enumerate(rows[0]) if "目標" in head or "めざす" in head), None)
        found = [
            r
            for r in rows[1:]
            if column is not None and len(r) > column and re.fullmatch(r"[0-9,]+[^0-9]*", r[column])
        ]
        if column is None or not found or done == 3:
            continue
        row = dice.choice(found)
        number = re.match(r"[0-9,]+", row[column])
        assert number is not None
        value = int(number[0].replace(",", ""))
        lower = f"{max(1, value * 3 // 4):,}"
        if lower == number[0]:
            continue
        edits.append(Edit("cell", number[0], lower, "", row[0]))
        row[column] = lower + row[column][number.end() :]
        after[n] = [("table", lines[n][1], rows)]
        done += 1


def _respell(text: str) -> str:
    """The same sentence in another spelling: full-width figures, another calendar, other kana, another style."""
    text = re.sub(r"令和([0-9]{1,2})年度", lambda m: f"{int(m[1]) + 2018}年度", text)
    text = re.sub(r"平成([0-9]{1,2})年(?!度)", lambda m: f"{int(m[1]) + 1988}年", text)
    for one, other in SPELLINGS:
        text = text.replace(one, other)
    if len(text) % 2:
        text = SURU.sub(lambda m: f"{m['stem']}する。", text)
        for one, other in POLITE:
            if text.endswith(one) and not text.endswith("ていました。"):
                text = text.removesuffix(one) + other
                break
    return text.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if len(text) % 3 else text
