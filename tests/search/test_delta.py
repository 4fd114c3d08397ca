"""Small updates of a large index: the old files are shared, and the ranking is that of an index built at once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.search.build import build_index, build_memory_index
from assistant.search.generations import CURRENT, FOLDER
from assistant.search.index import DELTA, Index, check_index, open_index
from assistant.search.postings import ROUNDED_FROM, usual_length
from assistant.search.retrieve import Search, find_in, find_passages
from assistant.search.store import Filters
from assistant.search.writer import DocumentInput
from tests.search.conftest import TEXTS, HashEncoder, make_passage, offer

PLACES = ["山", "川", "海", "森", "谷", "港", "島", "原", "沢", "浜"]
QUESTIONS = [
    "空き家の補助率",
    "川の港で獅子舞",
    "し尿の料金はいくら",
    "谷の第3区のバス",
    "無人機",
    "電気自動車",
]
ALL = Search(candidates=200, depth=200)  # no cut among equals


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds of large indexes holds of small ones here."""
    monkeypatch.setattr("assistant.search.delta.SMALLEST", 10)
    monkeypatch.setattr("assistant.search.postings.ROUNDED_FROM", 10)
    monkeypatch.setattr("assistant.search.postings.STEPS", 1)


def offers(
    order: Sequence[str], texts: Mapping[str, str], cut: list[str] | None = None
) -> list[DocumentInput]:
    made = []
    for name in order:
        text = texts.get(name) or (f"{PLACES[len(name) % 10]}の話です。" if name not in TEXTS else "")
        title = "" if name in TEXTS else f"{name}の記録"
        made.append(
            offer(
                [make_passage(name, i, text=text and text + "続く。" * i, title=title) for i in range(2)], cut
            )
        )
    return made


NAMES = [*TEXTS, *(f"place{n:02d}" for n in range(52))]
FIRST = {
    f"place{n:02d}": f"{PLACES[n % 10]}の第{n // 10}区でバスを走らせ、{PLACES[n // 7]}まで運びます。"
    for n in range(52)
}
SECOND = {
    **FIRST,
    "sewage": "くみ取りの料金は1回につき、どこの地区でも500円です。",
    "place03": "谷の港で獅子舞を行いました。",
}
THIRD = {**SECOND, "new": "電気自動車を公用車として二台だけ買い入れます。"}


def ranking(index: Index, filters: Filters | None = None) -> list[list[tuple[str, object]]]:
    wanted = filters or Filters()
    return [
        [
            (h.passage.id, pytest.approx(h.score, abs=2e-5))
            for h in find_passages(index, q, k=12, filters=wanted, search=ALL)
        ]
        for q in QUESTIONS
    ]


def generation(directory: Path) -> Path:
    return directory / FOLDER / (directory / CURRENT).read_text().split()[0]


def assert_same(one: Index, two: Index) -> None:
    assert ranking(one) == ranking(two)
    assert one.digest == two.digest
    assert len(one) == len(two)
    assert list(one.document_ids) == list(two.document_ids)
    assert [one.passages_of(i) for i in one.document_ids] == [two.passages_of(i) for i in two.document_ids]
    for filters in (
        Filters.of(document_ids=["place03", "sewage", "place44", "nowhere"]),
        Filters.of(fiscal_years=[2025], undated=True),
        Filters.of(grant_ids=["grant8"]),
    ):
        assert ranking(one, filters) == ranking(two, filters)
    for lemma in ("料金", "港", "獅子", "自動", "補助", "無い"):
        assert one.document_frequency(lemma) == two.document_frequency(lemma)


def test_updates_rank_like_a_build_at_once(tmp_path: Path, encoder: HashEncoder) -> None:
    here = tmp_path / "a"
    build_index(offers(NAMES, FIRST), here, encoder)
    steps: list[tuple[list[str], dict[str, str]]] = [
        (NAMES, SECOND),  # two change
        ([*NAMES[:20], "new", *NAMES[20:]], THIRD),  # one comes between
        ([n for n in [*NAMES[:20], "new", *NAMES[20:]] if n not in ("place07", "place03")], THIRD),  # two go
        (sorted(NAMES[:59], reverse=True), SECOND),  # another order
        (NAMES, FIRST),  # and back
    ]
    for number, (order, texts) in enumerate(steps):
        report = build_index(offers(order, texts), here, encoder)
        assert report.passages == 2 * len(order)
        assert (generation(here) / DELTA).is_dir(), number
        build_index(offers(order, texts), tmp_path / f"b{number}", encoder)
        assert not (generation(tmp_path / f"b{number}") / DELTA).exists()
        assert_same(open_index(here, encoder), open_index(tmp_path / f"b{number}", encoder))
        assert check_index(here, {d.id: d.digest for d in offers(order, texts)}) == []


def test_an_update_cuts_what_changed_and_shares_the_rest(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(offers(NAMES, FIRST), tmp_path, encoder)
    old = {p.name: p.stat().st_ino for p in generation(tmp_path).iterdir()}
    encoder.encoded = 0
    cut: list[str] = []
    report = build_index(offers(NAMES, SECOND, cut), tmp_path, encoder)
    assert cut == ["sewage", "place03"]
    assert (report.changed, report.added, report.removed, report.unchanged) == (2, 0, 0, 58)
    assert encoder.encoded == 4
    new = {p.name: p.stat().st_ino for p in generation(tmp_path).iterdir()}
    shared = {name for name in old if new.get(name) == old[name]}
    assert {"passages.jsonl", "vectors.faiss", "lexicon.bin", "codes.u16", "lemmas.u16"} <= shared
    cut.clear()
    build_index(offers([*NAMES, "new"], THIRD, cut), tmp_path, encoder)
    assert cut == ["new"]
    again = build_index(offers([*NAMES, "new"], THIRD), tmp_path, encoder)
    assert not again.published


def test_documents_that_only_go_leave_an_update_without_passages(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    left = [n for n in NAMES if n not in ("drone", "place44")]
    build_index(offers(NAMES, FIRST), tmp_path / "a", encoder)
    report = build_index(offers(left, FIRST), tmp_path / "a", encoder)
    assert (report.removed, report.passages) == (2, 2 * len(left))
    one = open_index(tmp_path / "a", encoder)
    assert one.delta is not None and len(one.delta.streams) == 0
    build_index(offers(left, FIRST), tmp_path / "b", encoder)
    assert_same(one, open_index(tmp_path / "b", encoder))
    assert one.passages_of("drone") == []


def test_an_upload_is_searched_beside_an_updated_index_as_beside_one_built_at_once(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    build_index(offers(NAMES, FIRST), tmp_path / "a", encoder)
    build_index(offers(NAMES, SECOND), tmp_path / "a", encoder)
    build_index(offers(NAMES, SECOND), tmp_path / "b", encoder)
    rankings = []
    for folder in ("a", "b"):
        index = open_index(tmp_path / folder, encoder)
        upload = build_memory_index(
            [make_passage("upload", text="谷の港の計画です。", title="計画")], encoder, beside=index
        )
        hits = find_in([index, upload], "谷の港の計画", k=8, search=ALL)
        rankings.append([(h.passage.id, pytest.approx(h.score, abs=2e-5)) for h in hits])
    assert rankings[0] == rankings[1]
    assert rankings[0][0][0] == "upload#000"


def test_a_disk_without_links_gets_copies(
    tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    build_index(offers(NAMES, FIRST), tmp_path / "a", encoder)
    monkeypatch.setattr("os.link", refuse)
    build_index(offers(NAMES, SECOND), tmp_path / "a", encoder)
    build_index(offers(NAMES, SECOND), tmp_path / "b", encoder)
    assert check_index(tmp_path / "a") == []
    assert_same(open_index(tmp_path / "a", encoder), open_index(tmp_path / "b", encoder))


def test_many_changes_are_built_as_one_again(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(offers(NAMES, FIRST), tmp_path / "a", encoder)
    build_index(offers([*NAMES, "new"], THIRD), tmp_path / "a", encoder)
    assert (generation(tmp_path / "a") / DELTA).is_dir()
    cut: list[str] = []
    many = {
        **THIRD,
        **{f"place{n:02d}": f"{PLACES[n // 10]}の港の話を少し変えました。" for n in range(10, 20)},
    }
    build_index(offers([*NAMES, "new"], many, cut), tmp_path / "a", encoder)
    assert len(cut) == 10  # the others come from both parts of the index before
    assert not (generation(tmp_path / "a") / DELTA).exists()
    build_index(offers([*NAMES, "new"], many), tmp_path / "b", encoder)
    one, two = open_index(tmp_path / "a", encoder), open_index(tmp_path / "b", encoder)
    assert_same(one, two)
    assert one.vectors is not None and two.vectors is not None
    np.testing.assert_array_equal(one.vectors.matrix, two.vectors.matrix)
    few = NAMES[:40]
    build_index(offers([*NAMES, "new"], THIRD), tmp_path / "c", encoder)
    build_index(offers(few, THIRD), tmp_path / "c", encoder)
    assert not (generation(tmp_path / "c") / DELTA).exists()


def test_longer_texts_that_move_the_average_are_built_as_one_again(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    build_index(offers(NAMES, FIRST), tmp_path / "a", encoder)
    long = {**FIRST, "place05": "空き家を直すための費用の半分を補助しています。" * 60}
    build_index(offers(NAMES, long), tmp_path / "a", encoder)
    assert not (generation(tmp_path / "a") / DELTA).exists()
    build_index(offers(NAMES, long), tmp_path / "b", encoder)
    assert_same(open_index(tmp_path / "a", encoder), open_index(tmp_path / "b", encoder))


def test_a_flipped_bit_in_what_came_since_is_noticed(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(offers(NAMES, FIRST), tmp_path, encoder)
    build_index(offers(NAMES, SECOND), tmp_path, encoder)
    files = [p for p in (generation(tmp_path) / DELTA).rglob("*") if p.is_file() and p.stat().st_size]
    assert {"places.npy", "passages.jsonl", "vectors.faiss"} <= {p.name for p in files}
    for file in files:
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        name = file.relative_to(generation(tmp_path)).as_posix()
        assert any(name in problem for problem in check_index(tmp_path)), name
        file.write_bytes(whole)
    assert check_index(tmp_path) == []


def test_a_reader_of_the_old_files_lives_on_and_they_go_with_the_last_reader(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    build_index(offers(NAMES, FIRST), tmp_path, encoder)
    reader = open_index(tmp_path, encoder)
    before = ranking(reader)
    build_index(offers(NAMES, SECOND), tmp_path, encoder)
    assert ranking(reader) == before
    assert reader.pin is not None
    reader.pin.close()
    build_index(offers(NAMES, FIRST), tmp_path, encoder)
    assert [p.name for p in (tmp_path / FOLDER).iterdir()] == [generation(tmp_path).name]
    assert [[i for i, _ in hits] for hits in ranking(open_index(tmp_path, encoder))] == [
        [i for i, _ in hits] for hits in before
    ]


KILLED = """
import os, signal, sys
from pathlib import Path
import assistant.search.delta, assistant.search.postings
assistant.search.delta.SMALLEST = assistant.search.postings.ROUNDED_FROM = 10
assistant.search.postings.STEPS = 1
from assistant.search.build import build_index
from tests.search.conftest import HashEncoder
from tests.search.test_delta import NAMES, SECOND, offers
def die(point):
    if point == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
build_index(offers(NAMES, SECOND), Path(sys.argv[1]), HashEncoder(), checkpoint=die)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize(
    "point", ["streams-written", "vectors-written", "manifest-written", "pointer-written"]
)
def test_an_update_killed_anywhere_leaves_a_whole_index(
    tmp_path: Path, encoder: HashEncoder, point: str
) -> None:
    build_index(offers(NAMES, FIRST), tmp_path, encoder)
    before = ranking(open_index(tmp_path, encoder))
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), point], cwd=root, check=False)
    assert run.returncode == -signal.SIGKILL
    assert ranking(open_index(tmp_path, encoder)) == before
    build_index(offers(NAMES, SECOND), tmp_path, encoder)
    assert check_index(tmp_path) == []
    assert open_index(tmp_path, encoder).passages_of("place03")[0].text == SECOND["place03"]


def test_the_usual_length_is_near_the_mean_and_moves_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for mean in (0.7, 12.3, 190.0, 4000.0):
        usual = usual_length(mean, 100_000)
        assert abs(usual / mean - 1) < 0.011
        assert usual_length(mean * 1.0001, 100_000) == pytest.approx(usual, rel=0.023)
        assert usual_length(mean, 9) == mean
    assert usual_length(0.0, ROUNDED_FROM) == 1.0
