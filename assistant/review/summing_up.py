"""What all requirements share about one document, and what a review says as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.domain import Document, Outcome
from assistant.japanese.calendar import fiscal_year_of, wareki
from assistant.review.fit import Fit
from assistant.review.nouns import (
    Counts,
    Kpi,
    Period,
    ReadingReport,
    ReviewedItem,
    ReviewSummary,
    Strictness,
)
from assistant.review.requirements import RequirementFile
from assistant.review.second_look import SecondLook
from assistant.review.units import Unit

_BEGINNING = 400  # units
_STRATEGY = re.compile(r"総合戦略|創生戦略|デジタル田園都市|地方創生.{0,6}(?:戦略|計画)|人口ビジョン")


@dataclass(slots=True)
class Reading:
    """What all requirements share about one document."""

    document: Document
    units: list[Unit]
    kpis: tuple[Kpi, ...]
    period: Period | None
    report: ReadingReport
    strictness: Strictness
    today: date
    second_look: SecondLook
    fit: Fit
    kpi_words: bool = field(default=False)

    @property
    def this_year(self) -> int:
        """The current fiscal year."""
        return fiscal_year_of(self.today)


def seems_a_strategy(units: Sequence[Unit]) -> bool:
    """Whether the beginning of a document speaks of a strategy at all."""
    return any(_STRATEGY.search(unit.folded) for unit in units[:_BEGINNING])


def said_years(period: Period) -> str:
    """「令和7年度から令和11年度まで」."""
    return f"{wareki(period.start)}から{wareki(period.end)}まで"


def counts_of(items: Sequence[ReviewedItem]) -> Counts:
    """How many items came out how."""
    outcomes = Counter(item.outcome for item in items)
    return Counts(
        met=outcomes[Outcome.MET], not_met=outcomes[Outcome.NOT_MET], unknown=outcomes[Outcome.UNKNOWN]
    )


def summary_of(
    items: Sequence[ReviewedItem], reading: Reading, requirements: RequirementFile
) -> ReviewSummary:
    """The review in figures and sentences."""
    counts = counts_of(items)
    chapters = dict.fromkeys(item.chapter for item in items)
    pillars = sorted({item.pillar for item in items if item.pillar is not None})
    expired = reading.period is not None and reading.period.end < reading.this_year
    return ReviewSummary(
        text=(
            f"{len(items)}件の点検項目のうち、記載を確認できたものは{counts.met}件、"
            f"記載が見当たらないか不十分なものは{counts.not_met}件、判断できなかったものは{counts.unknown}件です。"
        ),
        counts=counts,
        by_chapter={c: counts_of([i for i in items if i.chapter == c]) for c in chapters},
        by_pillar={str(p): counts_of([i for i in items if i.pillar == p]) for p in pillars},
        period=reading.period,
        expired=expired,
        kpis=reading.kpis,
        cautions=tuple(_cautions(reading, requirements)),
        strictness=reading.strictness,
    )


def _cautions(reading: Reading, requirements: RequirementFile) -> list[str]:
    said = []
    if reading.period is not None and reading.period.end < reading.this_year:
        said.append(
            f"この戦略の計画期間は{said_years(reading.period)}で、{wareki(reading.period.end)}末に終わっています。"
            "現在の計画として使えるかをご確認ください。"
        )
    if not reading.units and reading.report.unreadable_pages:
        said.append(
            "この文書には読み取れる文字がないため、点検できていません。文字認識（OCR）をかけたファイルか、"
            "元のWord文書をお使いください。"
        )
    elif requirements.target == "strategy" and not seems_a_strategy(reading.units):
        said.append("地方版総合戦略ではない文書の可能性があります。点検の項目は地方版総合戦略のものです。")
    if reading.fit.is_poor:
        said.append(
            f"この文書には、点検の手がかりにない言い回しが多くあります（取組の記載{reading.fit.actions}件のうち、"
            f"手がかりに当たったものは{reading.fit.known}件）。見当たらない項目のうち近い記載のあるものは、"
            "言い換えで書かれている可能性があるため「判断できない」とし、その記載を示しています。"
        )
    orders = sorted({unit.page for unit in reading.units if unit.kind == "order"})
    if orders:
        pages = "、".join(str(page) for page in orders)
        said.append(
            f"文書の{pages}ページに、読み手や点検の結果に指示を与える文があります。点検には使っていません。"
        )
    if reading.report.unreadable_pages:
        pages = "、".join(str(page) for page in reading.report.unreadable_pages)
        said.append(f"{pages}ページは読み取れませんでした。見当たらない項目は「判断できない」としています。")
    if reading.report.doubtful_pages:
        pages = "、".join(str(page) for page in reading.report.doubtful_pages)
        said.append(f"{pages}ページは一部しか読み取れていません。")
    said.append(
        "点検は文書の言葉と表によるものです。言い回しの違いにより記載を見落とすことがあるため、「見当たらない」項目は原文でもお確かめください。"
        "内容の良し悪しや、国の審査の結果を示すものではありません。"
    )
    return said
