"""Synthetic strategies with planted omissions and decoys, and the labels of what they hold.

``make(folder)`` writes 14 plans (PDF in one and two columns and as slides, Word, Excel; some with a scanned page)
and returns their labels. Everything is drawn from ``sentences.yaml`` with fixed seeds. All places are invented.
"""

from __future__ import annotations

import random
from pathlib import Path

import yaml
from writing import Plan, write_docx, write_pdf, write_xlsx

HERE = Path(__file__).parent
TEXTS = yaml.safe_load((HERE / "sentences.yaml").read_text(encoding="utf-8"))
KPI_REQUIREMENTS = (
    "measure-kpi",
    "kpi-baseline",
    "kpi-baseline-year",
    "kpi-target-year",
    "kpi-beyond-baseline",
    "kpi-outcome",
)
TARGET_WORDS = {
    "t-related": "関係人口",
    "t-youth": ("移住者", "社会増減"),
    "t-productivity": ("消費額", "出荷額"),
    "t-shopping": "移動販売",
    "t-digital": "オンライン",
}
CHAPTERS = (
    (
        "第1章 策定の趣旨",
        ("law-basis", "national-strategy", "prefecture-strategy", "initiative-2-0", "comprehensive-plan"),
    ),
    (
        "第2章 人口と経済の状況",
        (
            "population-now",
            "population-outlook",
            "natural-change",
            "social-change",
            "outflow-causes",
            "data-use",
            "adaptation",
            "previous-review",
        ),
    ),
    ("第3章 基本目標と施策", ()),
    (
        "第4章 推進の進め方",
        ("pdca", "external-review", "yearly-review", "revision", "promotion-body", "roadmap", "funding"),
    ),
    (
        "第5章 参画と周知",
        (
            "stakeholders",
            "stakeholders-all",
            "residents",
            "young-voices",
            "publication",
            "results-publication",
        ),
    ),
)
GOALS = (
    (
        "基本目標1 ともに支え合い、安心して暮らせるまち",
        ("p1-work", "p1-services", "p1-transport", "p1-childcare", "p1-hub", "p1-disaster"),
    ),
    (
        "基本目標2 地域の宝で稼ぐまち",
        ("p2-earning", "p2-combination", "p2-agriculture", "p2-startup", "p2-tourism"),
    ),
    ("基本目標3 人がつながり、戻ってくるまち", ("p3-migration", "p3-related", "p3-companies", "p3-youth")),
    ("基本目標4 新しい技術で便利なまち", ("p4-digital", "p4-administration", "p4-green")),
    ("基本目標5 手を取り合うまち", ("p5-wide-area", "p5-region", "p5-partners")),
)
# A sentence that bears one requirement and, by its words, another too: not counted as an omission of the other.
ALSO = {"national-strategy": ("initiative-2-0",), "stakeholders-all": ("stakeholders",), "p5-region": ("p5-wide-area",), "results-publication": ("publication",),
        "stakeholders": ("stakeholders-all", "p5-partners"), "young-voices": ("residents",), "p2-earning": ("p2-agriculture",),
        "p2-agriculture": ("p2-tourism",), "p4-digital": ("p2-agriculture",), "p3-youth": ("p3-migration",), "p5-wide-area": ("p2-tourism",)}  # fmt: skip


LAYOUTS = (
    ("asahi", "column"), ("aoba", "docx"), ("hikari", "two-columns"), ("minato", "slides"), ("midori", "docx-yearly"), ("sakura", "column-scan"), ("yamabuki", "xlsx"),
    ("kaede", "two-columns"), ("fuji", "column"), ("nagi", "docx"), ("hayate", "slides-scan"), ("koharu", "docx-yearly"), ("izumi", "column"), ("tsubaki", "two-columns"),
)  # fmt: skip


def plans() -> list[Plan]:
    """All plans, not yet written; the second half is held out."""
    return [_plan(number, name, layout, number >= 7) for number, (name, layout) in enumerate(LAYOUTS)]


def _plan(seed: int, name: str, layout: str, held_out: bool) -> Plan:
    dice = random.Random(1000 + seed)
    plan = Plan(name, layout, held_out, scanned=layout.endswith("scan"))
    _title(plan, dice)
    bearing = {r for _, rs in (*CHAPTERS, *GOALS) for r in rs}
    state = {r: _state(r, dice) for r in sorted(bearing)}
    contents = [
        r
        for r in ("p5-wide-area", "p1-disaster", "p3-related")
        if state[r] == "absent" and dice.random() < 0.7
    ]
    _contents(plan, contents)
    plan.labels["basic-goals"] = "met"
    for chapter, requirements in CHAPTERS:
        plan.lines.append(("h1", "", chapter))
        _fill(plan, dice, 4)
        for requirement in requirements:
            _say(plan, dice, requirement, state[requirement])
            _fill(plan, dice, dice.randint(1, 4))
        if not requirements:
            _goals(plan, dice, state)
    for requirement, others in ALSO.items():
        for other in others:
            if state.get(requirement) == "met" and plan.labels.get(other) != "met":
                plan.labels.pop(other, None)
    for requirement in contents:
        plan.labels[requirement] = "decoy"
    if plan.scanned:
        plan.lines.insert(len(plan.lines) // 2, ("scan", "", ""))
        told = (*KPI_REQUIREMENTS, "period-current")  # a flaw that was read stays one
        plan.labels = {
            r: label if label == "met" or r in told else "unknown" for r, label in plan.labels.items()
        }
    return plan


def _state(requirement: str, dice: random.Random) -> str:
    draw = dice.random()
    if draw < 0.62:
        return "met"
    return "decoy" if "decoy" in TEXTS[requirement] and draw < 0.85 else "absent"


def _title(plan: Plan, dice: random.Random) -> None:
    expired = dice.random() < 0.35
    start, end = (2020, 2024) if expired else (2025, 2029)
    plan.lines.append(
        (
            "title",
            "",
            f"{plan.name}町まち・ひと・しごと総合戦略"
            if dice.random() < 0.5
            else f"第{2 if expired else 3}期 {plan.name}町総合戦略",
        )
    )
    form = dice.choice(
        [
            f"計画期間は、令和{start - 2018}年度から令和{end - 2018}年度までの5年間です。",
            f"計画期間：{start}年度～{end}年度",
            f"本戦略の期間は、令和{start - 2018}（{start}）年度を初年度とする5年間とする。",
        ]
    )
    plan.lines.append(("p", "plan-period", form))
    plan.labels["plan-period"] = "met"
    plan.labels["period-current"] = "absent" if expired else "met"


def _contents(plan: Plan, named: list[str]) -> None:
    plan.lines.append(("h1", "", "目次"))
    words = {"p5-wide-area": "広域連携の推進", "p1-disaster": "防災力の強化", "p3-related": "関係人口の創出"}
    rows = [(chapter, 3 + 4 * i) for i, (chapter, _) in enumerate(CHAPTERS)]
    rows += [(f"資料{i} {words[r]}", 30 + i) for i, r in enumerate(named, 1)]
    for text, page in rows:
        plan.lines.append(("contents", "", f"{text}{'…' * 12}{page}"))
    plan.lines.append(("break", "", ""))


def _fill(plan: Plan, dice: random.Random, count: int) -> None:
    for text in dice.sample(TEXTS["filler"], count):
        plan.lines.append(("p", "", text))


def _say(plan: Plan, dice: random.Random, requirement: str, state: str) -> None:
    plan.labels[requirement] = state
    if state == "met":
        choices = TEXTS[requirement]["present"]
        text = choices[2] if plan.held_out and dice.random() < 0.6 else choices[dice.randint(0, 1)]
        plan.lines.append(("p", requirement, text))
    elif state == "decoy":
        plan.lines.append(("p", "", dice.choice(TEXTS[requirement]["decoy"])))


def _goals(plan: Plan, dice: random.Random, state: dict[str, str]) -> None:
    headings = {r: dice.random() < 0.75 for r in ("directions", "measures")}
    flaws = {kind: dice.random() < 0.4 for kind in ("kpi-baseline", "kpi-beyond-baseline", "kpi-outcome")}
    undated = dice.random() < 0.25
    rows = dice.sample(TEXTS["kpis"], 12)
    if flaws["kpi-outcome"]:
        rows[:5] = [
            [f"{what}の開催回数", "回", 2 + i, 6 + i]
            for i, what in enumerate(("移住相談会", "起業セミナー", "健康教室", "防災訓練", "意見交換会"))
        ]
    table_form = dice.randint(0, 2)
    given: list[str] = []
    for number, (goal, requirements) in enumerate(GOALS):
        plan.lines.append(("h2", "basic-goals", goal))
        for requirement, has in headings.items():
            if has:
                plan.lines.append(
                    (
                        "h3" if dice.random() < 0.5 else "p",
                        requirement,
                        TEXTS[requirement]["present"][dice.randint(0, 1)],
                    )
                )
        for requirement in requirements:
            _say(plan, dice, requirement, state[requirement])
            _fill(plan, dice, dice.randint(0, 2))
        mine = rows[number * 12 // 5 : (number + 1) * 12 // 5]
        cells = []
        for i, (indicator, unit, base, target) in enumerate(mine):
            base, target = str(base), str(target)
            if flaws["kpi-baseline"] and number in (1, 3) and i == 0:
                base = "－"
            if flaws["kpi-beyond-baseline"] and number == 2 and i == 0 and base != "－":
                target = base
            given.append(indicator)
            cells.append((indicator, unit, base, target))
            plan.kpis.append(
                (
                    indicator,
                    "" if unit == "－" else unit,
                    "" if base == "－" else base,
                    None if undated or base == "－" else 2024,
                    target,
                    None if undated else 2029,
                )
            )
        plan.lines.append(("table", "measure-kpi", (cells, table_form, undated)))
    for requirement, has in headings.items():
        plan.labels[requirement] = "met" if has else "absent"
    planted = sum(state[r] == "met" for _, requirements in GOALS for r in requirements)
    if not headings["measures"] and planted >= 5:
        del plan.labels["measures"]  # without the heading, but borne by the measures themselves
    plan.labels.update({r: "met" for r in KPI_REQUIREMENTS})
    for requirement, flawed in flaws.items():
        if flawed:
            plan.labels[requirement] = "absent"
    if undated:
        plan.labels["kpi-baseline-year"] = plan.labels["kpi-target-year"] = "absent"
    for requirement, words in TARGET_WORDS.items():
        wanted = (words,) if isinstance(words, str) else words
        plan.labels[requirement] = "met" if any(w in name for name in given for w in wanted) else "absent"


def make(folder: Path) -> list[Plan]:
    """Write all plans under ``folder``."""
    made = plans()
    for plan in made:
        if plan.layout.startswith("docx"):
            write_docx(plan, folder)
        elif plan.layout == "xlsx":
            write_xlsx(plan, folder)
        else:
            write_pdf(plan, folder)
    return made
