"""What is wrong with a KPI, told in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.japanese.numbers import find_quantities
from assistant.review.kpi_cells import folded, number_of, read_value, units_differ
from assistant.review.nouns import Kpi

# Indicators of which less is better.
_LESS = re.compile(
    r"待機|流出|転出(?!先)|空き家(?:の)?(?:数|率|戸数)(?!.*(?:成約|活用|登録|利活用))|犯罪|事故|火災|死亡|自殺|排出量|ごみ|廃棄|失業|離職|未就業|廃業|滞納|被害|遊休|耕作放棄|荒廃|高齢化率|要介護|認定率|喫煙|未婚"
    r"|人口減少|減少(?:率|数|幅|割合)|不登校|医療費|負債|赤字|苦情|待ち時間|所要時間|消費量|不足|漏水"
)
_KEEP = re.compile(r"維持|現状|以上|キープ")
_ACTIVITY = re.compile(
    r"(?:開催|実施|開設|発行|配布|配信|掲載|発信|訪問|会議|研修|セミナー|講座|イベント|説明会|相談会|教室|出展|作成|策定|検討会|ワークショップ|広報|投稿|更新|巡回)"
    r"(?:の)?(?:回数|数|件数|部数|日数|延べ回数|箇所数|か所数)(?!.*(?:参加|来場|受講|利用|成約|登録者))|回数(?:\(|$)"
)
_RESULT = re.compile(
    r"(?:参加|来場|受講|利用|登録|成約|就業|就職|移住|定住)(?:者|件|世帯|人)(?:の)?数|売上|販売額|満足度|認知度|率|割合|人数"
)


SAID = {
    "no-baseline": "基準値がありません。",
    "no-baseline-year": "基準値の年度がありません。",
    "no-target": "目標値がありません。",
    "no-target-year": "目標の年度がありません。",
    "units-differ": "基準値と目標値の単位が違い、比べられません。",
    "not-beyond": "目標値が基準値より良い水準になっていません。",
    "activity": "活動の量を測る指標で、成果を測っていません。",
}


def check_kpis(kpis: Iterable[Kpi]) -> tuple[Kpi, ...]:
    """The same indicators, each with its problems."""
    return tuple(
        kpi.model_copy(update={"kinds": kinds, "problems": tuple(SAID[kind] for kind in kinds)})
        for kpi in kpis
        for kinds in [tuple(_problems(kpi))]
    )


def _problems(kpi: Kpi) -> Iterable[str]:
    if not kpi.baseline:
        yield "no-baseline"
    elif kpi.baseline_year is None:
        yield "no-baseline-year"
    if not kpi.target:
        yield "no-target"
    elif kpi.target_year is None:
        yield "no-target-year"
    beyond = is_beyond(kpi)
    if beyond is None and _own_unit(kpi):
        yield "units-differ"
    if beyond is False:
        yield "not-beyond"
    name = folded(kpi.indicator)
    if _ACTIVITY.search(name) and not _RESULT.search(re.sub(r"実施率|開催率", "", name)):
        yield "activity"


def is_beyond(kpi: Kpi) -> bool | None:
    """Whether the target is better than the baseline; None where that cannot be told."""
    before, after = number_of(kpi.baseline), number_of(kpi.target)
    own = _own_unit(kpi)
    if own:  # 「900千円」 and 「1百万円」 can be compared, 「10件」 and 「20人」 cannot
        smallest = [_in_smallest(f"{kpi.baseline}"), _in_smallest(f"{kpi.target}{kpi.unit}")]
        if smallest[0] is None or smallest[1] is None or smallest[0][1] != smallest[1][1]:
            return None
        before, after = smallest[0][0], smallest[1][0]
    if before is None or after is None:
        return None
    name = folded(kpi.indicator)
    if before == after:
        return _KEEP.search(name + folded(kpi.where.quote)) is not None
    if _LESS.search(name) and before >= 0:  # an excess of those who leave may be written as minus
        return after < before
    return after > before


def _own_unit(kpi: Kpi) -> str:
    """The baseline's unit where it is not the target's; such a baseline is kept with its unit."""
    value = read_value(kpi.baseline)
    return value.unit if value is not None and units_differ(value.unit, kpi.unit) else ""


def _in_smallest(printed: str) -> tuple[float, str] | None:
    found = find_quantities(folded(printed))
    if len(found) != 1 or found[0].upper is not None or not found[0].unit:
        return None
    return float(found[0].value), found[0].unit
