"""Facts from a person's words, each with the words it came from; nothing counts until it is confirmed.

Patterns and quantities only, no language model: what is proposed can be pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from assistant.domain import Municipality, Noun
from assistant.errors import FactRejected
from assistant.grants.facts import check_agreement, read_value
from assistant.grants.propose_patterns import BUYING, DENIAL, FAR_DENIAL, MENTIONS, UNSURE, YEN_LABELS
from assistant.grants.vocabulary import FactValue, Vocabulary
from assistant.japanese.calendar import find_fiscal_years
from assistant.japanese.numbers import Quantity, find_quantities
from assistant.japanese.text import Folded, fold


class FactProposal(Noun):
    """A fact that words seem to state: ``text[start:end] == words``."""

    name: str
    value: FactValue
    says: str  # the value as a person reads it
    label: str
    words: str
    start: int
    end: int


class Register(Protocol):
    """Who knows the municipalities: names in a text, and what is known of each."""

    def mentions(self, text: str) -> list[tuple[Municipality, int, int]]:
        """Municipalities named in a text with the offsets of each name."""

    def known_facts(self, municipality: Municipality) -> Mapping[str, object]:
        """Facts of the vocabulary that the register knows of a municipality."""


_MENTIONS: Final = tuple((name, value, re.compile(pattern)) for name, value, pattern in MENTIONS)
_DENIAL: Final = re.compile(DENIAL)
_FAR_DENIAL: Final = re.compile(FAR_DENIAL)
_UNSURE: Final = re.compile(UNSURE)
_YEN_LABELS: Final = tuple(
    (name, re.compile(rf"(?:{pattern})[^0-9。、]{{0,6}}$")) for name, pattern in YEN_LABELS
)
_BUYING: Final = re.compile(BUYING)
_SHARES: Final = (
    ("outside_member_use_percent", re.compile(r"員外利用[^。、]{0,6}$")),
    ("facility_share_percent", re.compile(r"(?:施設整備|ハード)[^。、]{0,8}$")),
    ("combined_national_share_percent", re.compile(r"(?:県経由|合わせ|合計)[^。]{0,20}国費[^。]{0,8}$")),
)
_BEGINS: Final = re.compile(r"から|より|開始|に(?:始|開始|着手)|に[^。、]{0,24}(?:たい|予定|始め)")
_THING: Final = re.compile(r"(?:[一-龥々ヶァ-ヴー]|[A-Za-z])+$")
_PLACE: Final = re.compile(
    r"(?:人|過疎|小さな?|私たち|うち|我々|わが|我が|当|本|山間部?|離島|中山間)の?([市町村県])(?![一-龥々])"
)
_SUBJECT: Final = re.compile(r"(?:^|[、。\s])([市町村県])(?:が|は|で|として)")
_SELF: Final = {"市": "municipality", "町": "municipality", "村": "municipality", "県": "prefecture"}


def propose_facts(
    text: str, vocabulary: Vocabulary, register: Register | None = None
) -> tuple[FactProposal, ...]:
    """Facts that ``text`` seems to state, in order of place; at most one proposal for a fact.

    What the register knows of a named municipality fills its class, population and flags,
    unless the words themselves say otherwise.
    """
    return _Reading(text, vocabulary).run(register)


class _Reading:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.folded: Folded = fold(text)
        self.quantities = find_quantities(text)
        self.found: dict[str, FactProposal] = {}

    def run(self, register: Register | None) -> tuple[FactProposal, ...]:
        self._counts()
        self._money()
        self._things()
        self._mentions()
        self._place()
        if register is not None:
            self._municipality(register)
        return tuple(sorted(self.found.values(), key=lambda p: (p.start, p.end, p.name)))

    def _add(self, name: str, value: object, start: int, end: int) -> None:
        """Keep the first proposal for a fact, if the vocabulary can hold the value."""
        spec = self.vocabulary.get(name)
        if spec is None or name in self.found or start >= end:
            return
        try:
            read = read_value(name, value, spec)
        except FactRejected:
            return
        self.found[name] = FactProposal(
            name=name,
            value=read,
            says=spec.say(read),
            label=spec.name_in_text,
            words=self.text[start:end],
            start=start,
            end=end,
        )

    # ── numbers that are not money ──

    def _counts(self) -> None:
        for quantity in self.quantities:
            before, after = self.text[: quantity.start], self.text[quantity.end :]
            if quantity.unit == "割合" and quantity.upper is None:
                self._share(quantity, before)
            if quantity.upper is not None or quantity.value.denominator != 1:
                continue
            for name, start in self._count_names(quantity, before, after):
                factor = 12 if name == "left_after_months" and quantity.unit == "年" else 1
                self._add(name, int(quantity.value) * factor, start, quantity.end)
        for mention in find_fiscal_years(self.text):
            if mention.fiscal and _BEGINS.match(self.text, mention.end):
                self._add("fiscal_year_start", mention.year, mention.start, mention.end)

    def _share(self, quantity: Quantity, before: str) -> None:
        """Percentages that a word before them names."""
        percent = quantity.value * 100
        if percent.denominator != 1:
            return
        for name, pattern in _SHARES:
            if pattern.search(before):
                self._add(name, int(percent), quantity.start, quantity.end)
                return

    def _count_names(self, quantity: Quantity, before: str, after: str) -> Iterator[tuple[str, int]]:
        start = quantity.start
        if quantity.unit == "人":
            if match := re.search(r"人口(?:は|が|約|およそ|[^0-9。、]{0,4})?$", before):
                yield "population", match.start()
            elif re.search(r"(?:子ども?|お子さん|18歳未満)[^。、]{0,6}$", before):
                yield "children", start
            elif re.search(r"(?:雇用|採用)[^。、]{0,6}$", before) or re.match(
                r"(?:を|の)?(?:新規)?(?:雇用|採用)", after
            ):
                yield "new_jobs", start
            elif re.search(r"(?:隊員|協力隊|職員|参加者|対象者|起業人)[^。、]{0,8}$", before):
                yield "people", start
        elif quantity.unit == "年":
            if (
                re.search(r"任期[^。、]{0,4}$", before)
                or re.match(r"間?(?:、)?(?:任用|委嘱|隊員)", after)
                or re.match(r"目も?(?:、)?[^。、]{0,14}(?:任用|措置|隊員|委嘱)", after)
            ):
                yield "member_years", start
            elif re.match(r"(?:で|後に|たって)(?:転出|引っ越)", after):
                yield "left_after_months", start
            elif re.search(r"(?:デマンド|バス|乗合|交通)[^。、]{0,8}実証[^。、]{0,4}$", before):
                yield "transport_pilot_years", start
            elif "kpi" in fold(before[-6:]).text or re.match(r"(?:間|分)?の?kpi", fold(after[:8]).text):
                yield "kpi_years", start
            elif not re.search(
                r"(?:過去|直近|通算|昭和|平成|令和|創業|築)[^。、]{0,3}$", before
            ) and not re.match(r"(?:前|目|以上前|ぶり|連続)", after):
                yield "years", start
        elif quantity.unit == "か月":
            if re.search(r"転入[^。、]{0,6}$", before):
                yield "months_since_move", start
            elif re.match(r"(?:間)?(?:だけ)?(?:の)?(?:派遣|受け?入)", after):
                yield "dispatch_months", start
        elif quantity.unit == "世帯":
            yield "households", start
        elif quantity.unit in ("台", "基", "隻", "棟") and not re.match(
            r"(?:当たり|あたり|につき)?[約0-9０-９]", after
        ):
            yield "units", start
        elif quantity.unit in ("団体", "市町村") and re.match(r"(?:で|と|が)(?:共同|連携|参加)", after):
            yield "participating_municipalities", start
        elif quantity.unit in ("件", "事業") and re.match(r"を?(?:同時に)?申請", after):
            yield "applications_count", start
        elif quantity.unit in ("つ", "件", "") and re.search(
            r"(?:KPI|ＫＰＩ|kpi)(?:を|は|が)?(?:全部で)?$", before
        ):
            yield "kpi_count", start

    # ── money ──

    def _money(self) -> None:
        loose: list[Quantity] = []
        for quantity in self.quantities:
            if quantity.unit != "円" or quantity.upper is not None or quantity.value.denominator != 1:
                continue
            before = self.text[max(0, quantity.start - 16) : quantity.start]
            if name := self._yen_name_after(quantity, before):
                self._add(name, int(quantity.value), quantity.start, quantity.end)
                continue
            for name, pattern in _YEN_LABELS:
                if match := pattern.search(before):
                    self._add(
                        name, int(quantity.value), quantity.start - len(before) + match.start(), quantity.end
                    )
                    break
            else:
                after = self.text[quantity.end :]
                if re.search(r"(?:年|毎年|年間|年額|年度当たり)約?$", before):
                    if re.match(r"(?:の国費)?を?(?:申請|交付)", after):
                        self._add("national_yen", int(quantity.value), quantity.start, quantity.end)
                elif not re.match(r"(?:を|の)?(?:給付|支給|配)|以上|以下|まで|未満|ずつ", after):
                    loose.append(quantity)
        if len(loose) == 1 and "total_yen" not in self.found:
            quantity = loose[0]
            self._add("total_yen", self._whole_price(quantity), quantity.start, quantity.end)
        elif loose and "total_yen" not in self.found and all(self._is_priced_item(q) for q in loose):
            total = sum(self._whole_price(q) for q in loose)
            self._add("total_yen", total, loose[0].start, loose[-1].end)

    def _yen_name_after(self, quantity: Quantity, before: str) -> str | None:
        """「10億円の国費」「9万円の寄附」: what the words after an amount say it is."""
        after = self.text[quantity.end :]
        if re.match(r"の(?:寄附|寄付)", after):
            return "donation_yen"
        if re.match(r"(?:ちょうど)?の国費", after):
            return "national_total_yen" if re.search(r"合計|総額|全体|期間", before) else "national_yen"
        return None

    def _is_priced_item(self, quantity: Quantity) -> bool:
        """An amount in brackets straight after a thing: 「移動販売車2台(1,200万円)」."""
        return bool(re.search(r"[（(]$", self.text[: quantity.start]))

    def _whole_price(self, quantity: Quantity) -> int:
        """「1台600万円の車を2台」: a price for each times how many."""
        value = int(quantity.value)
        if re.search(r"(?:1|１|一)(?:台|棟|基|か所)(?:当たり|あたり|につき)?$", self.text[: quantity.start]):
            for other in self.quantities:
                if other.unit in ("台", "棟", "基", "か所") and other.start > quantity.end:
                    return value * int(other.value)
        return value

    # ── things, mentions, place ──

    def _things(self) -> None:
        for match in _BUYING.finditer(self.text):
            before = re.sub(r"[（(][^）)]*[）)]$", "", self.text[: match.start()])
            count = next((q for q in self.quantities if q.end == len(before)), None)
            stem = before[: count.start] if count else before
            thing = _THING.search(stem.removesuffix("を"))
            if thing and len(thing[0]) >= 2:
                self._add("items", self.text[thing.start() : len(before)], thing.start(), len(before))
                return

    def _mentions(self) -> None:
        for name, value, pattern in _MENTIONS:
            for match in pattern.finditer(self.folded.text):
                rest = self.folded.text[match.end() : match.end() + 24]
                if _UNSURE.match(rest) and name not in ("project_kind", "theme"):
                    continue
                stated: bool | str = value
                if value is True:
                    if _DENIAL.match(rest):
                        stated = False
                    elif _FAR_DENIAL.match(rest):
                        continue
                elif isinstance(value, str) and _DENIAL.match(rest):
                    continue
                self._add(name, stated, *self.folded.original_span(*match.span()))
        if "kpi_count" in self.found and "has_kpi" not in self.found:
            found = self.found["kpi_count"]
            self._add("has_kpi", found.value != 0, found.start, found.end)

    def _place(self) -> None:
        for match in (*_PLACE.finditer(self.text), *_SUBJECT.finditer(self.text)):
            kind = match[1]
            self._add("applicant", _SELF[kind], *match.span(1))
            if kind in "町村":
                self._add("municipality_class", "general", *match.span(1))

    def _municipality(self, register: Register) -> None:
        named = [
            (place, start, end)
            for place, start, end in register.mentions(self.text)
            if not re.match(r"(?:から|出身|在住|に本社|の企業)", self.text[end:])
        ]
        towns = [item for item in named if item[0].kind != "都道府県"]
        for place, start, end in (towns or named)[:1]:
            for name, value in register.known_facts(place).items():
                self._add(name, value, start, end)


def confirmed(proposals: tuple[FactProposal, ...], names: frozenset[str]) -> dict[str, FactValue]:
    """The proposals that a person has confirmed, as facts."""
    return {proposal.name: proposal.value for proposal in proposals if proposal.name in names}


def agreeing(proposals: tuple[FactProposal, ...], vocabulary: Vocabulary) -> tuple[FactProposal, ...]:
    """The proposals that can all be true together; of two that contradict, the earlier is kept."""
    kept: list[FactProposal] = []
    facts: dict[str, FactValue] = {}
    for proposal in proposals:
        try:
            check_agreement({**facts, proposal.name: proposal.value}, vocabulary)
        except FactRejected:
            continue
        facts[proposal.name] = proposal.value
        kept.append(proposal)
    return tuple(kept)
