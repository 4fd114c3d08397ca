"""Finding: filters never leak, wishes only move, uploads rank beside the corpus, reasons are true."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Kind, Level, Passage
from assistant.search.build import build_index, build_memory_index
from assistant.search.features import FEATURES
from assistant.search.index import Index, open_index
from assistant.search.langchain import PassageRetriever
from assistant.search.ranker import BUNDLED, bundled_ranker, read_ranker
from assistant.search.retrieve import DEFAULT, Preferences, Search, find_in, find_passages, rank
from assistant.search.runs import find_documents, write_run
from assistant.search.store import Filters
from assistant.search.thesaurus import thesaurus_of
from tests.search.conftest import TEXTS, HashEncoder, corpus, make_passage

ENCODER = HashEncoder()
ALL = build_memory_index([make_passage(name) for name in TEXTS], ENCODER)
QUESTIONS = [
    "空き家の補助率",
    "人手不足の介護",
    "し尿の料金はいくら",
    "交付金の上限は？",
    "バスの予約",
    "無人機で運ぶ",
]


def found(question: str, **options: object) -> list[str]:
    return [hit.passage.document_id for hit in find_passages(ALL, question, k=8, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("空き家を直すときの補助率は", "houses"),
        ("介護の人手不足", "workers"),
        ("し尿の収集は何曜日", "sewage"),
        ("市区町村の国費の上限", "grant8"),
        ("２分の１の補助率になる第２世代交付金", "grant7"),
        ("ﾄﾞﾛｰﾝで医薬品", "drone"),
    ],
)
def test_the_passage_that_answers_comes_first(question: str, document: str) -> None:
    assert found(question)[0] == document
    assert found(question, search=Search(use_ranker=False))[0] == document
    assert found(question, search=Search(use_vectors=False))[0] == document


def admitted(passage: Passage, filters: Filters) -> bool:
    years = not filters.fiscal_years or bool(filters.fiscal_years & set(passage.fiscal_years))
    return (
        (not filters.kinds or passage.kind in filters.kinds)
        and (years or (filters.undated and not passage.fiscal_years))
        and (not filters.grant_ids or passage.grant_id in filters.grant_ids)
        and (not filters.levels or passage.level in filters.levels)
        and (not filters.document_ids or passage.document_id in filters.document_ids)
        and (
            not filters.municipality_codes
            or bool(filters.municipality_codes & set(passage.municipality_codes))
        )
    )


@settings(max_examples=120, deadline=None)
@given(
    question=st.sampled_from(QUESTIONS),
    kinds=st.sets(st.sampled_from([Kind.GRANT, Kind.CASE, Kind.OTHER, Kind.POLICY]), max_size=2),
    years=st.sets(st.sampled_from([2024, 2025, 2026]), max_size=2),
    grants=st.sets(st.sampled_from(["grant7", "grant8", "none"]), max_size=2),
    levels=st.sets(st.sampled_from(list(Level)), max_size=2),
    documents=st.sets(st.sampled_from([*TEXTS, "none"]), max_size=3),
    codes=st.sets(st.sampled_from(["072010", "325252", "000000"]), max_size=2),
    undated=st.booleans(),
)
def test_filters_never_leak(
    question: str,
    kinds: set[Kind],
    years: set[int],
    grants: set[str],
    levels: set[Level],
    documents: set[str],
    codes: set[str],
    undated: bool,
) -> None:
    filters = Filters.of(
        kinds=kinds,
        fiscal_years=years,
        grant_ids=grants,
        levels=levels,
        document_ids=documents,
        municipality_codes=codes,
        undated=undated,
    )
    hits = find_passages(ALL, question, k=8, filters=filters)
    assert all(admitted(hit.passage, filters) for hit in hits)
    # and whatever is admitted is found, since vectors reach every passage of so small an index
    assert {h.passage.document_id for h in hits} == {n for n in TEXTS if admitted(make_passage(n), filters)}


def test_filters_hold_on_disk_too(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(corpus(), tmp_path, encoder)
    index = open_index(tmp_path, encoder)
    hits = find_passages(index, "交付金の上限", filters=Filters.of(fiscal_years=[2025]))
    assert {h.passage.document_id for h in hits} == {"grant7", "drone"}
    assert find_passages(index, "交付金", filters=Filters.of(document_ids=["none"])) == []


def test_a_preferred_year_moves_and_excludes_nothing() -> None:
    question = "交付金の補助率と国費上限"
    for year, first in ((2025, "grant7"), (2026, "grant8")):
        prefer = Preferences(year=year, year_weight=50.0)
        hits = find_passages(ALL, question, k=8, prefer=prefer)
        assert {h.passage.document_id for h in hits} == set(TEXTS)
        assert next(h.passage.document_id for h in hits if h.passage.grant_id) == first
        assert hits[0].parts["preference"] == pytest.approx(50.0)
    trusted = find_passages(ALL, question, k=8, prefer=Preferences(level_weight=50.0))
    assert [h.passage.document_id for h in trusted][:2] == ["grant8", "grant7"]
    wanted = find_passages(
        ALL, question, k=8, prefer=Preferences(grant_ids=frozenset(["grant7"]), grant_weight=50.0)
    )
    assert wanted[0].passage.document_id == "grant7"


def test_hits_are_ranked_scored_and_explained() -> None:
    hits = find_passages(ALL, "空き家の改修費の補助率と所得税", k=5)
    assert [h.rank for h in hits] == [1, 2, 3, 4, 5]
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    top = hits[0]
    assert top.passage.document_id == "houses"
    said = "\n".join(top.why)
    assert "一致した語" in said and "補助" in said
    assert "見当たらない語: " in said and "所得" in said.split("見当たらない語")[1]
    assert 0.0 < top.parts["coverage"] < 1.0
    assert top.parts["bm25"] > hits[1].parts["bm25"]
    assert top.parts["ranker"] == pytest.approx(top.score, abs=1e-3)


def test_uploads_are_searched_beside_the_corpus(tmp_path: Path, encoder: HashEncoder) -> None:
    names = list(TEXTS)
    build_index(corpus(), tmp_path, encoder)
    whole = open_index(tmp_path, encoder)
    first = build_memory_index([make_passage(n) for n in names[:6]], encoder, beside=whole)
    second = build_memory_index([make_passage(n) for n in names[6:]], encoder, beside=whole)
    for question in QUESTIONS:
        together = {h.passage.id: h.score for h in find_in([first, second], question, k=8)}
        alone = {h.passage.id: h.score for h in find_passages(whole, question, k=8)}
        assert together.keys() == alone.keys()
        for passage_id, score in alone.items():  # idf is pooled, so the split does not show
            assert together[passage_id] == pytest.approx(score, abs=0.02)


def test_an_empty_index_beside_another_changes_nothing(encoder: HashEncoder) -> None:
    nothing = build_memory_index([], encoder, beside=ALL)
    assert len(nothing) == 0
    for question in QUESTIONS:
        assert find_in([ALL, nothing], question) == find_passages(ALL, question)
        assert find_in([nothing, ALL], question) == find_passages(ALL, question)
    assert find_in([nothing], QUESTIONS[0]) == find_in([], QUESTIONS[0]) == []


def test_questions_without_words_find_nothing_or_do_no_harm() -> None:
    assert find_passages(ALL, "") == []
    assert find_passages(ALL, "  \n") == []
    for question in ("？？？", "は", "ですか。", "🏠", "\0", "a" * 5000, "#*[x](y)"):
        assert len(find_passages(ALL, question, k=3)) <= 3


def test_other_names_bring_in_what_the_words_miss() -> None:
    plain = Search(use_vectors=False)
    assert find_passages(ALL, "無人航空機の宅配", search=plain)[0].passage.document_id != "drone"
    hits = find_passages(ALL, "無人航空機の宅配", expansions=["ドローン"], search=plain)
    assert hits[0].passage.document_id == "drone"
    assert any("ドローン" in reason for reason in hits[0].why)


def test_the_thesaurus_is_used_and_can_be_turned_off() -> None:
    index = replace(ALL, thesaurus=thesaurus_of([["無人機", "ドローン"], ["くみ取り", "し尿の収集"]]))
    plain = Search(use_vectors=False)
    top = find_passages(index, "無人機の活用", search=plain)[0]
    assert top.passage.document_id == "drone"
    assert "言い換え: 無人機→ドローン" in top.why
    assert find_passages(index, "くみ取りは週に何回", search=plain)[0].passage.document_id == "sewage"
    without = find_passages(index, "無人機", search=replace(plain, use_thesaurus=False))
    assert "drone" not in [h.passage.document_id for h in without]


def test_another_form_of_a_word_is_another_name_too() -> None:
    index = replace(ALL, thesaurus=thesaurus_of([["送る", "医薬品を届ける"], ["汲む", "し尿の収集"]]))
    plain = Search(use_vectors=False)
    for question, document in (("送れますか", "drone"), ("汲んでもらう", "sewage")):
        assert find_passages(index, question, search=plain)[0].passage.document_id == document
        bare = find_passages(index, question, search=replace(plain, use_thesaurus=False))
        assert not bare or bare[0].passage.document_id != document


def test_copies_are_shown_once_and_documents_can_be_limited(encoder: HashEncoder) -> None:
    passages = [
        make_passage("a", 0, text="空き家の改修を補助します。", title="空き家"),
        make_passage("a", 1, text="空き家の改修の上限は100万円です。", title="空き家"),
        make_passage("b", 0, text="空き家の改修を補助します。", title="空き家"),
    ]
    index = build_memory_index(passages, encoder)
    assert len(find_passages(index, "空き家の改修", k=5)) == 2
    assert len(find_documents([index], "空き家の改修", k=5)) in (1, 2)
    ids = [h.passage.document_id for h in find_documents([index], "空き家の改修の上限", k=5)]
    assert len(ids) == len(set(ids))


def test_runs_are_in_trec_form(tmp_path: Path) -> None:
    path = tmp_path / "run.txt"
    count = write_run(ALL, [("q1", "空き家の補助率"), ("q 2", "バスの予約"), ("q3", "")], path, k=3)
    lines = [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]
    assert count == len(lines) == 6
    assert [(q, q0, rank) for q, q0, _, rank, _, _ in lines] == [
        (q, "Q0", str(r)) for q in ("q1", "q_2") for r in (1, 2, 3)
    ]
    assert lines[0][2] == "houses" and lines[3][2] == "ondemand"
    assert float(lines[0][4]) > float(lines[1][4])


def test_langchain_retriever_gives_documents() -> None:
    documents = PassageRetriever(indexes=(ALL,), k=2, filters=Filters.of(kinds=[Kind.GRANT])).invoke(
        "国費の上限"
    )
    assert [d.metadata["document_id"] for d in documents] == ["grant8", "grant7"]
    assert documents[0].page_content == make_passage("grant8").text
    assert documents[0].metadata["fiscal_years"] == [2026]


def test_the_bundled_ranker_fits_the_features_and_a_damaged_one_falls_back(tmp_path: Path) -> None:
    ranker = bundled_ranker()
    assert ranker is not None and len(ranker.weights) == len(FEATURES)
    broken = tmp_path / "ranker.json"
    broken.write_text(
        BUNDLED.read_text(encoding="utf-8").replace('"run-weight"', '"walk-weight"'), encoding="utf-8"
    )
    assert read_ranker(broken) is None
    assert read_ranker(tmp_path / "none.json") is None


def test_features_do_not_depend_on_the_other_candidates_order() -> None:
    one = rank([ALL], "空き家の補助率")
    shuffled = build_memory_index([make_passage(n) for n in reversed(TEXTS)], ENCODER)
    two = rank([shuffled], "空き家の補助率")
    assert one is not None and two is not None

    def rows(ranked: object, index: Index) -> dict[str, np.ndarray]:
        numbers = ranked.found.number.tolist()  # type: ignore[attr-defined]
        return {index.passages[n].id: row for n, row in zip(numbers, ranked.features, strict=True)}  # type: ignore[attr-defined]

    first, second = rows(one, ALL), rows(two, shuffled)
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_allclose(first[name], second[name], rtol=1e-4, atol=1e-5)


def test_feature_values_of_a_small_example() -> None:
    passages = [
        make_passage("a", text="空き家の改修費を補助します。上限は100万円です。", title="住まい"),
        make_passage("b", text="空き家です。改修費です。", title="住まい"),
    ]
    index = build_memory_index(passages, None)
    ranked = rank([index], "空き家の改修費", search=replace(DEFAULT, use_vectors=False))
    assert ranked is not None
    by_name = {
        index.passages[n].document_id: dict(zip(FEATURES, row.tolist(), strict=True))
        for n, row in zip(ranked.found.number.tolist(), ranked.features, strict=True)
    }
    a, b = by_name["a"], by_name["b"]
    assert a["run"] == 7 and b["run"] == 3
    assert a["run/length"] == 1.0 and a["runs-4"] == pytest.approx(1.0)
    assert a["coverage"] == b["coverage"] == pytest.approx(1.0)
    assert a["coverage-sentence"] == pytest.approx(1.0) and b["coverage-sentence"] < 1.0
    assert b["coverage-2-sentences"] == pytest.approx(1.0)
    assert a["missing"] == 0.0 and a["missing-count"] == 0.0
    assert a["head-coverage"] == 0.0 and a["neighbours"] > b["neighbours"]
    assert ranked.found.number[ranked.order[0]] == 0


def test_searches_from_many_threads_agree_with_one() -> None:
    questions = [
        f"{q}{tail}" for q in QUESTIONS for tail in ("", "を教えて", "は令和8年度も同じですか", "と対象")
    ]
    alone = [find_passages(ALL, q, k=5) for q in questions]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(lambda q: find_passages(ALL, q, k=5), questions)) == alone
