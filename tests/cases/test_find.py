"""Finding cases: filters, counts, likeness, reasons, and what is said where nothing is found."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.cases.criteria import Criteria, admits
from assistant.cases.find import find
from assistant.cases.schemes import LABELS, NO_SUBSIDY, UNKNOWN, schemes_of
from assistant.errors import InputError, UnknownName

EVERY = 10_000


@pytest.fixture(scope="module")
def book(assistant):
    return assistant.cases.book


def ids(results):
    return [hit.id for hit in results.hits]


def test_everyday_words_find_the_case_that_says_it_otherwise(assistant):
    found = ids(assistant.find_cases("買い物難民のための移動スーパー", k=5))
    assert "nara-ido-hanbai" in found or "odawara-ido-hanbai" in found
    assert "tsuyama-aba-gas-stand" in ids(assistant.find_cases("最後の給油所がなくなる集落", k=5))


def test_every_hit_says_why_and_from_where(assistant):
    for hit in assistant.find_cases("空き家を移住者に貸す", k=10).hits:
        assert hit.why and hit.sources
        assert 0 <= hit.score <= 1
        assert all(source.url.startswith("http") for source in hit.sources)


def test_filters_hold_for_every_hit(assistant, book):
    results = assistant.find_cases(pillar=3, theme="空家", prefecture="東北", k=EVERY)
    assert results.total == len(results.hits) > 0
    for hit in results.hits:
        case = book.by_id[hit.id].case
        assert case.pillar == 3 and "空き家" in case.themes
    small = assistant.find_cases(population="-3000", k=EVERY)
    assert small.total > 3
    assert all(hit.population is not None and hit.population <= 3_000 for hit in small.hits), (
        "the population shown is that of the place that passes"
    )


def test_a_figure_that_is_not_known_does_not_pass_and_that_is_said(assistant, book):
    results = assistant.find_cases(year="2020-", k=EVERY)
    unknown = sum(entry.case.start_year is None for entry in book.entries)
    assert unknown > 0
    assert all(hit.start_year is not None and hit.start_year >= 2020 for hit in results.hits)
    assert any(f"{unknown}件" in note and "開始年" in note for note in results.notes)


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "pillars": st.lists(st.integers(1, 5), max_size=2, unique=True).map(tuple),
        "themes": st.lists(
            st.sampled_from(["空き家", "買物支援", "移住定住", "防災"]), max_size=2, unique=True
        ).map(tuple),
        "prefectures": st.lists(st.sampled_from(["北海道", "長野県", "島根県"]), max_size=2, unique=True).map(
            tuple
        ),
        "population": st.tuples(st.integers(0, 50_000), st.integers(50_000, 10**6)),
        "kinds": st.lists(st.sampled_from(["町", "村", "市"]), max_size=2, unique=True).map(tuple),
        "schemes": st.lists(st.sampled_from(LABELS), max_size=1).map(
            lambda ls: tuple(("group", label) for label in ls)
        ),
    },
).map(lambda given_: Criteria(**given_))


@given(FILTERS)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_count_of_a_facet_is_what_choosing_it_shows(book, criteria):
    results = find(book, criteria=criteria, k=EVERY)
    assert {hit.id for hit in results.hits} == {e.case.id for e in book.entries if admits(criteria, e)}
    facets = {facet.name: facet for facet in results.facets}
    for value in facets["pillars"].values:
        chosen = Criteria(**{**vars(criteria), "pillars": (int(value.value),)})
        assert find(book, criteria=chosen, k=0).total == value.count
    for value in facets["schemes"].values[:3]:
        chosen = Criteria(**{**vars(criteria), "schemes": (("group", value.value),)})
        assert find(book, criteria=chosen, k=0).total == value.count


@given(FILTERS)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_to_loosen_gives_as_many_as_it_promises(book, criteria):
    results = find(book, criteria=criteria, k=EVERY)
    if results.hits:
        assert results.loosen == ()
        return
    for offer in results.loosen:
        if offer.name == "all":
            assert offer.count == len(book.entries)
            continue
        empty = None if offer.name in ("population", "years") else ()
        loosened = Criteria(**{**vars(criteria), offer.name: empty})
        assert find(book, criteria=loosened, k=0).total == offer.count > 0


def test_nothing_found_says_what_to_loosen(assistant):
    results = assistant.find_cases("移動販売", prefecture="奈良県", pillar=3)
    assert results.hits == ()
    assert {offer.name for offer in results.loosen} & {"prefectures", "pillars", "words"}
    assert assistant.find_cases("zzzz").hits == ()


def test_like_ours_prefers_places_alike_and_says_what_differs(assistant):
    results = assistant.find_cases(like="海士町", k=EVERY)
    alike = [hit.likeness for hit in results.hits]
    assert alike == sorted(alike, reverse=True)
    assert all("325252" not in hit.id and hit.municipality != "海士町" for hit in results.hits)
    assert any("海士町自身の事例1件" in note for note in results.notes)
    first = results.hits[0]
    assert any("海士町" in why for why in first.why) and first.differences
    assert any(
        "2025年1月1日" in told or "2020年国勢調査" in told for told in (*first.why, *first.differences)
    )
    assert first.figure_sources, "figures of municipalities have their sources"


def test_words_and_likeness_together(assistant):
    plain = assistant.find_cases("空き家の活用", k=EVERY)
    like = assistant.find_cases("空き家の活用", like="海士町", k=EVERY)
    assert set(ids(like)) <= set(ids(plain))
    fit = {hit.id: hit.score for hit in plain.hits}
    for hit in like.hits:
        assert hit.score == pytest.approx((fit[hit.id] ** 0.5) * hit.likeness, abs=2e-3)


def test_wishes_in_the_words_move_places_up(assistant):
    def rank(words, case_id):
        return ids(assistant.find_cases(words, k=EVERY)).index(case_id)

    assert rank("北海道の小さな村の買い物支援", "shosanbetsu-convenience-store") < rank(
        "買い物支援", "shosanbetsu-convenience-store"
    )
    hit = next(h for h in assistant.find_cases("離島の医療", k=20).hits if h.id == "goto-drone-island")
    assert any("離島" in why for why in hit.why)


def test_a_place_named_by_its_old_name_is_found(assistant):
    former = next(
        (name, hit_code)
        for hit_code in ("152021", "352055", "202096")
        for name, _ in assistant.municipalities.former_names(hit_code)
    )
    hits = assistant.find_cases(f"{former[0]}の取組", k=5).hits
    place = assistant.municipalities.by_code(former[1])
    here = [hit for hit in hits if former[1] == hit.municipality_code]
    assert here and any(former[0] in why and place.name in why for why in here[0].why)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"like": "府中市"}, ("東京都府中市", "広島県府中市")),
        ({"like": "海土町"}, ("海士町",)),
        ({"theme": "空屋"}, ("空き家",)),
        ({"scheme": "宇宙予算"}, ("企業版ふるさと納税",)),
        ({"kind": "藩"}, ("中核市",)),
    ],
)
def test_unknown_names_come_with_suggestions(assistant, options, told):
    with pytest.raises(UnknownName) as refused:
        assistant.find_cases(**options)
    assert all(name in str(refused.value) for name in told)


def test_bad_filters_are_refused(assistant):
    for options in ({"pillar": 7}, {"population": "たくさん"}, {"year": "昔"}):
        with pytest.raises(InputError):
            assistant.find_cases(**options)


# ── schemes ──────────────────────────────────────────────────────────────────


def test_unknown_money_is_never_taken_for_no_subsidy(book):
    for entry in book.entries:
        groups = schemes_of(entry.case)
        assert groups
        if entry.case.scheme is None:
            assert UNKNOWN in groups or NO_SUBSIDY in groups
        if NO_SUBSIDY in groups:
            told = (entry.case.scheme or "") + entry.case.title
            assert "補助金に頼らない" in told or "公費" in told


def test_schemes_by_label_and_by_their_own_words(assistant):
    by_label = ids(assistant.find_cases(scheme="企業版ふるさと納税", k=EVERY))
    assert "kamiyama-marugoto-kosen" in by_label and "shintomi-koyu-zaidan" not in by_label
    assert "hinohara-chiiki-kasseika-kigyojin" in ids(
        assistant.find_cases(scheme="地域活性化起業人", k=EVERY)
    )
    assert ids(assistant.find_cases(scheme="補助金なし", k=EVERY)) == ids(
        assistant.find_cases(scheme=NO_SUBSIDY, k=EVERY)
    )
