"""Likeness of municipalities: algebra on made-up places, sanity on the shipped register."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Municipality
from assistant.knowledge.likeness import NUMBERS, TOTAL_WEIGHT, compare, distance_km, like
from assistant.knowledge.municipalities import load_municipalities

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
REGISTER = load_municipalities(CORPUS / "municipalities.csv")
EVERY = REGISTER.municipalities
FIGURES = {
    "population": 8000.0, "share_65": 38.0, "change_rate": -12.0, "density": 60.0, "share_primary": 12.0,
    "share_manufacturing": 15.0, "share_lodging": 9.0, "fiscal_index": 0.3,
    "latitude": 35.0, "longitude": 135.0,
}  # fmt: skip
KINDS = ("村", "町", "市", "施行時特例市", "中核市", "指定都市", "特別区")


def _place(
    name: str = "甲町", kind: str = "町", flags: tuple[str, ...] = (), **figures: float | None
) -> Municipality:
    merged = FIGURES | figures
    return Municipality(
        code=name, name=name, kana="", prefecture="某県", kind=kind, flags=flags,
        figures={key: value for key, value in merged.items() if value is not None},
    )  # fmt: skip


def test_the_same_figures_are_wholly_alike() -> None:
    hit = compare(_place("甲町"), _place("乙町"))
    assert hit.score == pytest.approx(1.0) and hit.confidence == pytest.approx(1.0)
    assert hit.differences == ()


@pytest.mark.parametrize("factor", NUMBERS, ids=lambda factor: factor.name)
def test_half_as_alike_at_the_stated_half(factor: object) -> None:
    numbers = {f.name: f for f in NUMBERS}
    chosen = numbers[factor.name]  # type: ignore[attr-defined]
    base = FIGURES[chosen.name]
    other = base * 2**chosen.half if chosen.ratio else base + chosen.half
    hit = compare(_place(), _place("乙町", **{chosen.name: other}))
    (compared,) = (f for f in hit.factors if f.factor == chosen.name)
    assert compared.likeness == pytest.approx(0.5)
    assert hit.score == pytest.approx(1 - 0.5 * chosen.weight / TOTAL_WEIGHT)


@given(
    st.sampled_from([f.name for f in NUMBERS]),
    st.floats(0.01, 5),
    st.floats(0.01, 5),
    st.booleans(),
)
def test_score_never_rises_when_a_factor_moves_apart(name: str, near: float, more: float, up: bool) -> None:
    def moved(by: float) -> Municipality:
        value = FIGURES[name] * 2 ** (by if up else -by) if name in ("population", "density") else (
            FIGURES[name] + (by if up else -by))  # fmt: skip
        return _place("乙町", **{name: value})

    ours = _place()
    assert compare(ours, moved(near + more)).score <= compare(ours, moved(near)).score <= 1.0


@given(st.floats(0, 8), st.floats(0, 8))
def test_score_never_rises_with_distance(first: float, second: float) -> None:
    near, far = sorted((first, second))
    ours = _place()
    assert (
        compare(ours, _place("乙町", latitude=35 + far)).score
        <= compare(ours, _place("乙町", latitude=35 + near)).score
    )


@pytest.mark.parametrize("steps", [(("離島",), ("離島（一部）",), ()), (("過疎",), ("過疎（一部）",), ())])
def test_flags_fall_from_whole_to_none(steps: tuple[tuple[str, ...], ...]) -> None:
    ours = _place(flags=steps[0])
    scores = [compare(ours, _place("乙町", flags=flags)).score for flags in steps]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == 3


def test_kinds_fall_along_the_ladder() -> None:
    ours = _place(kind="村")
    scores = [compare(ours, _place("乙", kind=kind)).score for kind in KINDS[:6]]
    assert scores == sorted(scores, reverse=True)
    assert compare(ours, _place("乙", kind="都道府県")).score < scores[-1]


@given(st.sampled_from(EVERY), st.sampled_from(EVERY))
def test_symmetric_and_within_bounds(first: Municipality, second: Municipality) -> None:
    one, other = compare(first, second), compare(second, first)
    assert one.score == pytest.approx(other.score)
    assert 0.0 <= one.score <= one.confidence + 1e-9 <= 1.0 + 1e-9


@given(st.sampled_from(sorted(FIGURES)), st.sampled_from(EVERY))
def test_a_missing_figure_never_counts_as_alike(name: str, other: Municipality) -> None:
    ours, without = _place(), _place(**{name: None})
    assert compare(without, other).score <= compare(ours, other).score + 1e-9
    if name in other.figures:
        assert compare(without, other).confidence < compare(ours, other).confidence


def test_what_is_missing_is_said() -> None:
    hit = compare(REGISTER.find("双葉町"), REGISTER.find("大熊町"))
    assert hit.confidence < 1
    assert "65歳以上の割合は双葉町の数値がないため比べられません" in hit.differences
    none = compare(_place(population=0.0), _place("乙町"))
    assert "人口は甲町の数値がないため比べられません" in none.differences


def test_reasons_carry_figures_and_dates() -> None:
    hit = compare(REGISTER.find("海士町"), REGISTER.find("西ノ島町"))
    assert hit.why[0] == "人口が近い（海士町2,209人、西ノ島町2,495人、2025年1月1日）"
    assert "どちらも全域が離島（2026年4月1日）" in hit.why
    assert "65歳以上の割合が異なる（海士町39.9%、西ノ島町46.2%、2020年国勢調査）" in hit.differences


def test_sharing_what_most_places_share_is_no_reason() -> None:
    hit = compare(_place(), _place("乙町"))
    assert not any("ではない" in reason or "三大都市圏の外" in reason for reason in hit.why)


def test_like_leaves_itself_out_and_orders_by_score() -> None:
    ama = REGISTER.find("海士町")
    hits = like(ama, EVERY, 20)
    assert len(hits) == 20 and ama.code not in {hit.municipality.code for hit in hits}
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert like(ama, EVERY, 0) == like(ama, [ama], 3) == []


@pytest.mark.parametrize(
    ("group", "least"),
    [
        (lambda m: "離島" in m.flags, 0.7),
        (lambda m: m.kind == "特別区", 0.85),
        (lambda m: m.kind == "中核市", 0.7),
        (lambda m: "都道府県庁所在地" in m.flags and m.kind != "特別区", 0.5),
    ],
    ids=["islands", "wards", "core-cities", "capitals"],
)
def test_known_groups_find_one_another(group: object, least: float) -> None:
    """Share of the ten most alike that belong to the group, over members of the group (chance: 1–4 %)."""
    members = [m for m in EVERY if group(m)]  # type: ignore[operator]
    codes = {m.code for m in members}
    drawn = members[:: max(1, len(members) // 12)]
    shares = [sum(hit.municipality.code in codes for hit in like(m, EVERY, 10)) / 10 for m in drawn]
    assert sum(shares) / len(shares) >= least


def test_distance_of_known_offices() -> None:
    sapporo, naha = REGISTER.find("札幌市"), REGISTER.find("那覇市")
    assert distance_km(sapporo, naha) == pytest.approx(2244, abs=15)
    assert distance_km(sapporo, sapporo) == 0
    assert distance_km(sapporo, REGISTER.find("双葉町")) is None


def test_dates_told_are_those_of_the_register() -> None:
    register = yaml.safe_load((CORPUS / "municipalities.yaml").read_text(encoding="utf-8"))["columns"]
    told = {"2025-01-01": "2025年1月1日", "2020-10-01": "2020年国勢調査", "2023–2024": "2023–2024年",
            "2021": "2021年", "2021年度": "2021年度"}  # fmt: skip
    for factor in NUMBERS:
        assert told[register[factor.name]["as_of"]] == factor.as_of
        assert factor.label.split("（")[0] == register[factor.name]["label"].split("（")[0]
