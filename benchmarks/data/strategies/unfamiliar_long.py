"""The long plan: a city's strategy of more than 60 pages with data chapters, lists and a glossary, as Markdown.

All of it is invented; the figures follow from a fixed seed.
"""

from __future__ import annotations

import random
from pathlib import Path

import yaml

DISTRICTS = (
    "中央", "本町", "東雲", "城山", "南原", "北浦", "大橋", "川西", "川東", "桜丘", "若松", "滝の上",
    "三日市", "五反田", "柳津", "鷹野", "石動", "向山",
)  # fmt: skip
AGES = ("10代・20代", "30代", "40代", "50代", "60代", "70代以上")


def markdown() -> str:
    """The whole plan."""
    parts = yaml.safe_load(
        (Path(__file__).parent / "unfamiliar" / "mihara-parts.yaml").read_text(encoding="utf-8")
    )
    draw = random.Random(1889)
    lines = [*parts["front"], "=== ", "# 第1部　美原市人口ビジョン", *parts["population"]]
    for n, name in enumerate(DISTRICTS):
        lines += _district(name, parts["remarks"][n % len(parts["remarks"])], draw)
        if n % 2:
            lines.append("===")
    lines += ["## 市民アンケートの結果", *parts["survey_intro"]]
    for n, question in enumerate(parts["survey"], 1):
        lines += [*_question(n, question, draw), "==="]
    lines += ["# 第2部　美原市総合戦略", *parts["strategy"]]
    for goal in parts["goals"]:
        lines += ["===", f"## {goal['title']}", *goal["intro"], *_figures(goal["figures"])]
        for number, measure in enumerate(goal["measures"], 1):
            lines += _measure(number, measure)
    lines += ["===", "# 第3部　戦略の推進", *parts["promotion"], "===", "# 資料編", *parts["appendix"]]
    for n, (word, meaning) in enumerate(parts["glossary"].items()):
        if n % 9 == 0:
            lines += ["===", "## 用語の解説"]
        lines += [f"{word}　{meaning}"]
    return "\n".join(lines)


def _district(name: str, remark: str, draw: random.Random) -> list[str]:
    people = draw.randrange(900, 6800)
    rows = []
    for year in (2000, 2005, 2010, 2015, 2020):
        young = people * draw.randrange(9, 15) // 100
        old = people * (20 + (year - 2000) // 2 + draw.randrange(4)) // 100
        rows.append(f"| {year}年 | {people:,} | {young:,} | {people - young - old:,} | {old:,} |")
        people = people * draw.randrange(91, 99) // 100
    shift = draw.randrange(-90, 20)
    return [
        f"### {name}地区",
        f"{name}地区では、{remark}2020年の国勢調査までの20年間の推移は次の表のとおりである。直近5年間の転入と転出の差は{shift}人となっている。",
        "| 年 | 総数 | 0～14歳 | 15～64歳 | 65歳以上 |",
        *rows,
    ]


def _question(number: int, question: dict, draw: random.Random) -> list[str]:
    options = question["options"]
    head = "| 年代 | " + " | ".join(options) + " |"
    rows = []
    for age in AGES:
        cuts = sorted(draw.randrange(1, 1000) for _ in range(len(options) - 1))
        shares = [b - a for a, b in zip([0, *cuts], [*cuts, 1000], strict=True)]
        rows.append(f"| {age} | " + " | ".join(f"{s / 10:.1f}" for s in shares) + " |")
    return [f"### 問{number}　{question['ask']}", question["says"], head, *rows]


def _figures(figures: list[list[str]]) -> list[str]:
    return [
        "| 数値目標 | 基準値（令和6年度） | 目標値（令和11年度） |",
        *[f"| {n} | {a} | {b} |" for n, a, b in figures],
    ]


def _measure(number: int, measure: dict) -> list[str]:
    lines = [
        "===",
        f"### 施策{number}　{measure['title']}",
        "#### 現状と課題",
        *measure["now"],
        "#### 取組の内容",
    ]
    lines += [f"- {what}" for what in measure["do"]]
    lines += ["#### 重要業績評価指標", "| 指標 | 基準値（令和6年度） | 目標値（令和11年度） |"]
    lines += [f"| {n} | {a} | {b} |" for n, a, b in measure["kpis"]]
    return lines
