"""Cases side by side, and a municipality's figures beside its peers'."""

import statistics

import pytest

from assistant.cases.compare import UNKNOWN, compare_cases
from assistant.cases.indicators import compare_indicators, peers_of, register_indicators, tell_figure
from assistant.errors import InputError, UnknownName


@pytest.fixture(scope="module")
def book(assistant):
    return assistant.cases.book


def test_each_case_answers_the_same_questions(book):
    comparison = compare_cases(book, ["nara-ido-hanbai", "ama-oki-dozen-koko", "shiwa-ogal"])
    rows = dict(comparison.rows)
    assert {len(values) for values in rows.values()} == {3}
    assert rows["場所"][0] == "奈良県 奈良市"
    assert rows["取組"][1] == book.by_id["ama-oki-dozen-koko"].case.approach
    assert rows["費用"][0] == UNKNOWN, "what no source gives is said to be unknown"
    assert all(sources for sources in comparison.sources)


def test_against_a_place_it_says_what_is_alike_and_what_differs(book, assistant):
    comparison = compare_cases(
        book, ["nara-ido-hanbai", "ama-oki-dozen-koko"], assistant.find_municipality("海士町")
    )
    rows = dict(comparison.rows)
    assert "人口が異なる" in rows["海士町と異なる点"][0]
    assert "自身の事例" in rows["海士町と似ている点"][1]


def test_two_to_five_known_cases(book):
    with pytest.raises(InputError, match="2〜5件"):
        compare_cases(book, ["nara-ido-hanbai", "nara-ido-hanbai"])
    with pytest.raises(InputError, match="6件"):
        compare_cases(book, list(book.by_id)[:6])
    with pytest.raises(UnknownName):
        compare_cases(book, ["nara-ido-hanbai", "no-such-case"])


# ── indicators ───────────────────────────────────────────────────────────────


def test_medians_are_those_of_the_known_figures(assistant):
    register = assistant.municipalities
    known = register_indicators(register, assistant.cases.columns)
    place = register.find("海士町")
    peers = peers_of(place, register, 20)
    assert len(peers) == 20 and place not in peers
    (row,) = compare_indicators(place, peers, [known["population"]], register)
    assert row.ours == 2209
    assert row.peers.value == statistics.median(m.population for m in peers)
    shimane = [m.population for m in register.of_prefecture("島根県")]
    assert row.prefecture.value == statistics.median(shimane) and row.prefecture.known == len(shimane)
    assert row.rank == 1 + sum(m.population > 2209 for m in peers)


def test_every_indicator_of_the_register_has_a_year_and_a_source(assistant):
    known = register_indicators(assistant.municipalities, assistant.cases.columns)
    assert len(known) > 30
    for indicator in known.values():
        assert indicator.when and indicator.sources, indicator.key
    assert known["population"].when == "2025年1月1日"
    assert known["fiscal_index"].when == "2021年度"


def test_a_missing_figure_is_no_zero(assistant):
    register = assistant.municipalities
    known = register_indicators(register, assistant.cases.columns)
    place = next(m for m in register.municipalities if "future_burden" not in m.figures)
    (row,) = compare_indicators(place, peers_of(place, register), [known["future_burden"]], register)
    assert row.ours is None and row.rank is None
    assert row.peers.known <= row.peers.members
    assert tell_figure(row.ours, "%") == "数値なし"


def test_prefectures_are_compared_with_prefectures(assistant):
    register = assistant.municipalities
    place = register.find("島根県")
    peers = peers_of(place, register)
    assert len(peers) == 46 and {m.kind for m in peers} == {"都道府県"}


def test_figures_as_people_read_them():
    assert tell_figure(2209.0, "人") == "2,209人"
    assert tell_figure(39.9, "%") == "39.9%"
    assert tell_figure(-10.4, "人口千人当たり") == "-10.4"
    assert tell_figure(12_345_678.0, "千円") == "123.5億円"
