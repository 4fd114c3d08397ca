"""KPIs in running text: 「…を、令和6年度の120人から令和11年度に300人に増やす」, 「…：120人（R6）→300人（R11）」."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import PageQuote
from assistant.japanese.text import fold
from assistant.review.kpi_cells import number_of, read_value, year_in
from assistant.review.nouns import Kpi
from assistant.review.units import Unit

_Y = r"(?:(?:令和|平成|[rh])(?:元|[0-9]{1,2})|(?:19|20)[0-9]{2})(?:年度?)?(?:末|時点|\([^()]*\))?"
_V = r"[▲△約]?(?:[0-9][0-9,]*億)?[0-9][0-9,.]*(?:億円|百万円|千円|万円|円|万人|人|名|世帯|戸|件|社|[箇かヶカ]所|%|回|団体|店舗|店|組|台|ha|km|t|品目|泊|人泊|校|施設|法人|地区|事業者|経営体|倍|ポイント|区画)?(?:/年)?"
_CAPTION = re.compile(
    r"^.*(?:数値目標|成果目標|めざす数|目指す数|指標)[:： 　]*(?=\S{2})"
)  # what stands before a name
_ARROW = re.compile(
    rf"^[・○●■◆※]*(?P<name>[^→⇒。、|]{{2,50}}?)[:：]?(?:(?:基準値|現状値?)[:：]?)?(?P<y0>{_Y})?(?P<v1>{_V})(?:\((?P<y1>{_Y})[^()]*\))?(?:→|⇒|➡|⇨|->)(?:(?:目標値?)[:：]?)?(?P<y3>{_Y})?(?P<v2>{_V})(?:以上)?(?:\((?P<y2>{_Y})[^()]*\))?"
)
# 「数値目標 町内総生産 基準値（令和4年度）128億円 目標値（令和12年度）136億円」
_LABELLED = re.compile(
    rf"(?:数値目標|指標|めざす数)?[:：]?(?P<name>[^:：→⇒。、|]{{2,40}}?)[:：]?(?:基準値?|現状値?|現況値?)[:：]?(?:\((?P<y0>{_Y})[^()]*\))?[:：]?(?P<v1>{_V})(?:\((?P<y1>{_Y})[^()]*\))?[、,→⇒]?(?:目標値?)[:：]?(?:\((?P<y3>{_Y})[^()]*\))?[:：]?(?P<v2>{_V})(?:以上)?(?:\((?P<y2>{_Y})[^()]*\))?"
)
_FROM_TO = re.compile(
    rf"(?:^|。|、)(?P<name>[^。、「」|]{{2,40}}?)(?:を|は|について)、?(?:(?P<y1>{_Y})の?(?:実績(?:値)?の?|時点の?)?)?(?P<v1>{_V})(?:\([^()]*\))?(?:から|より)、?(?:(?P<y2>{_Y})(?:までに|には|に|度に|には、)?、?)?(?P<v2>{_V})(?:以上)?(?:\([^()]*\))?(?:に|へ|まで)"
)
# 「2025年に85人だった会員を、2030年には300人にします」
_BECOMES = re.compile(
    rf"(?P<y0>{_Y})に?は?(?P<v1>{_V})(?:だった|である|の)(?P<name>[^。、「」|]{{2,40}}?)を、?(?:(?P<y3>{_Y})(?:までに|には|に)、?)(?P<v2>{_V})(?:以上)?(?:に|へ|まで)"
)


def kpis_in_sentences(units: Sequence[Unit]) -> list[Kpi]:
    """Indicators that a sentence gives with both values."""
    found = []
    places = set()  # a sentence that runs over a page break is among the units twice
    for unit in units:
        if unit.kind != "sentence" or len(unit.folded) > 400:
            continue
        folded = fold(unit.text, drop_spaces=True)
        match = next(
            (m for form in (_ARROW, _LABELLED, _BECOMES, _FROM_TO) if (m := form.search(folded.text))), None
        )
        if match is None or not re.search(r"[^0-9,.%▲△]", match["name"]):
            continue
        first, second = read_value(match["v1"]), read_value(match["v2"])
        if first is None or second is None or number_of(match["v1"]) is None:
            continue
        if (unit.page, unit.start) in places:
            continue
        places.add((unit.page, unit.start))
        start, end = folded.original_span(min(match.start("name"), match.start("v1")), match.end())
        name_start, name_end = folded.original_span(*match.span("name"))
        found.append(
            Kpi(
                indicator=_CAPTION.sub("", " ".join(unit.text[name_start:name_end].split())),
                unit=second.unit or first.unit,
                baseline=first.printed,
                baseline_year=_year_of(match, "y1", "y0"),
                target=second.printed,
                target_year=_year_of(match, "y2", "y3"),
                where=PageQuote(
                    page=unit.page, quote=unit.text[start:end], start=unit.start + start, end=unit.start + end
                ),
                form="sentence",
            )
        )
    return found


def _year_of(match: re.Match[str], *names: str) -> int | None:
    """The year of the first of these groups that the pattern has and that matched."""
    found = match.groupdict()
    return next((year_in(found[name]) for name in names if found.get(name)), None)
