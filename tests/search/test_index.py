"""Building: incremental equals full, killed builds leave the old index, damage is seen."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import CorpusInvalid, IndexUnusable, StorageFailed
from assistant.search.build import build_index, build_memory_index
from assistant.search.generations import CURRENT, FOLDER, LOCK, MANIFEST
from assistant.search.index import Index, check_index, open_index
from assistant.search.retrieve import find_passages
from assistant.search.store import PassageFile
from tests.search.conftest import TEXTS, HashEncoder, corpus, make_passage, offer

QUESTIONS = ["空き家の補助率", "人手不足の介護", "し尿の料金はいくら", "交付金の上限", "バスの予約", "無人機"]


def ranking(index: Index) -> list[list[tuple[str, float]]]:
    return [[(h.passage.id, h.score) for h in find_passages(index, q, k=8)] for q in QUESTIONS]


def generation(directory: Path) -> Path:
    return directory / FOLDER / (directory / CURRENT).read_text().split()[0]


def test_passages_come_back_as_they_went_in(tmp_path: Path, encoder: HashEncoder) -> None:
    report = build_index(corpus(), tmp_path, encoder)
    index = open_index(tmp_path, encoder)
    assert (report.documents, report.passages, report.added, report.published) == (
        len(TEXTS),
        len(TEXTS),
        8,
        True,
    )
    assert [index.passages[i] for i in range(len(index))] == [make_passage(name) for name in TEXTS]
    assert index.passages_of("drone") == [make_passage("drone")]
    assert index.passage("drone#000") == make_passage("drone")
    assert index.passage("drone#001") is None
    assert index.digest == report.digest


def test_only_changed_documents_are_cut_and_encoded_again(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(corpus(), tmp_path, encoder)
    encoder.encoded = 0
    cut: list[str] = []
    changed = [
        offer([make_passage(n, text="改めました。" if n == "drone" else "")], cut)
        for n in TEXTS
        if n != "school"
    ]
    report = build_index(
        [*changed, offer([make_passage("new", text="新しい文書です。")], cut)], tmp_path, encoder
    )
    assert cut == ["drone", "new"]
    assert encoder.encoded == 2
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 1, 6)


def test_incremental_build_ranks_like_a_full_one(tmp_path: Path, encoder: HashEncoder) -> None:
    after = [
        offer([make_passage("zero", text="最初に来る文書です。空き家の話もあります。", title="零")]),
        *(
            offer([make_passage(n, text="くみ取りの料金は1回500円です。" if n == "sewage" else "")])
            for n in reversed(TEXTS)
        ),
        offer([make_passage("many", i, text=f"第{i}回の募集です。", title="募集") for i in range(5)]),
    ]
    build_index(corpus(), tmp_path / "a", encoder)
    build_index(after, tmp_path / "a", encoder)
    build_index(after, tmp_path / "b", encoder)
    one, two = open_index(tmp_path / "a", encoder), open_index(tmp_path / "b", encoder)
    assert ranking(one) == ranking(two)
    assert one.digest == two.digest
    assert one.vectors is not None and two.vectors is not None
    np.testing.assert_array_equal(one.vectors.matrix, two.vectors.matrix)
    assert [p.id for p in one.passages_of("many")] == [f"many#{i:03d}" for i in range(5)]
    assert {h.passage.document_id for h in find_passages(one, "くみ取りの料金", k=1)} == {"sewage"}


def test_what_is_taken_over_in_several_goes_is_the_same(
    tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(corpus(), tmp_path / "a", encoder)
    copied: list[int] = []
    lines = PassageFile.lines

    def counted(file: PassageFile, start: int, end: int) -> bytes:
        copied.append(end - start)
        return lines(file, start, end)

    monkeypatch.setattr("assistant.search.writer._MOST_COPIED", 3)
    monkeypatch.setattr(PassageFile, "lines", counted)
    after = corpus(school="閉校しました。")
    build_index(after, tmp_path / "a", encoder)
    assert copied == [3, 3, 1]
    build_index(after, tmp_path / "b", encoder)
    one, two = open_index(tmp_path / "a", encoder), open_index(tmp_path / "b", encoder)
    assert ranking(one) == ranking(two)
    assert [one.passages[i] for i in range(len(one))] == [two.passages[i] for i in range(len(two))]


def test_few_lemmas_and_many_are_stored_and_found_alike(
    tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(corpus(), tmp_path / "few", encoder)
    monkeypatch.setattr("assistant.search.writer._FEW_LEMMAS", 20)
    build_index(corpus(), tmp_path / "many", encoder)
    few, many = open_index(tmp_path / "few", encoder), open_index(tmp_path / "many", encoder)
    assert (generation(tmp_path / "few") / "lemmas.u16").exists()
    assert (generation(tmp_path / "many") / "lemmas.u32").exists()
    assert ranking(few) == ranking(many)
    after = corpus(drone="気球で運びます。")
    build_index(after, tmp_path / "few", encoder)  # from few to many, and back
    monkeypatch.undo()
    build_index(after, tmp_path / "many", encoder)
    assert (generation(tmp_path / "few") / "lemmas.u32").exists()
    assert (generation(tmp_path / "many") / "lemmas.u16").exists()
    assert ranking(open_index(tmp_path / "few", encoder)) == ranking(open_index(tmp_path / "many", encoder))


def test_a_build_without_changes_publishes_nothing(tmp_path: Path, encoder: HashEncoder) -> None:
    first = build_index(corpus(), tmp_path, encoder)
    again = build_index(corpus(), tmp_path, encoder)
    assert not again.published
    assert (again.generation, again.digest, again.unchanged) == (first.generation, first.digest, 8)
    assert build_index(corpus(), tmp_path, encoder, fresh=True).published
    moved = build_index(reversed(corpus()), tmp_path, encoder)
    assert moved.published and moved.unchanged == 8


def test_another_encoder_builds_anew_and_a_wrong_one_is_refused(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(corpus(), tmp_path, encoder)
    other = HashEncoder("hash-2")
    with pytest.raises(IndexUnusable, match="別の文ベクトルモデル"):
        open_index(tmp_path, other)
    assert build_index(corpus(), tmp_path, other).added == 8
    assert ranking(open_index(tmp_path, other))


def test_the_empty_corpus_is_an_index_that_finds_nothing(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index([], tmp_path, encoder)
    assert find_passages(open_index(tmp_path, encoder), "空き家", k=5) == []
    assert build_index(corpus(), tmp_path, encoder).added == 8
    assert find_passages(open_index(tmp_path, None), "空き家", k=1)[0].passage.document_id == "houses"


def test_two_documents_of_one_id_are_refused(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(corpus(), tmp_path, encoder)
    before = (tmp_path / CURRENT).read_text()
    with pytest.raises(CorpusInvalid, match="drone"):
        build_index([*corpus(), offer([make_passage("drone")])], tmp_path, encoder)
    assert (tmp_path / CURRENT).read_text() == before


def test_a_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable) as caught:
        open_index(tmp_path / "none")
    assert "assistant index build" in str(caught.value)


@pytest.mark.parametrize("where", [0.0, 0.5, 0.999])
def test_a_flipped_bit_in_any_file_is_noticed(tmp_path: Path, encoder: HashEncoder, where: float) -> None:
    build_index(corpus(), tmp_path, encoder)
    files = [f for f in generation(tmp_path).iterdir() if f.stat().st_size]
    assert {"vectors.faiss", "passages.jsonl", "lexicon.bin", "tables.bin", MANIFEST} <= {
        f.name for f in files
    }
    for file in files:
        whole = file.read_bytes()
        at = int(len(whole) * where)
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(IndexUnusable, match="壊れています"):
            open_index(tmp_path, encoder)
        if file.name != MANIFEST:
            assert any(file.name in problem for problem in check_index(tmp_path))
        file.write_bytes(whole)
    assert check_index(tmp_path) == []
    assert ranking(open_index(tmp_path, encoder))


def test_a_missing_or_cut_file_is_named_and_the_next_build_repairs(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    build_index(corpus(), tmp_path, encoder)
    (generation(tmp_path) / "codes.u16").unlink()
    with pytest.raises(IndexUnusable, match=r"codes\.u16 がありません"):
        open_index(tmp_path, encoder)
    assert build_index(corpus(), tmp_path, encoder).added == 8
    file = generation(tmp_path) / "tables.bin"
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(IndexUnusable, match=r"tables\.bin の大きさ"):
        open_index(tmp_path, encoder)


def test_a_damaged_pointer_is_refused_and_repaired(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(corpus(), tmp_path, encoder)
    for content in ("", "../../etc x", "nowhere " + "0" * 64):
        (tmp_path / CURRENT).write_text(content)
        with pytest.raises(IndexUnusable):
            open_index(tmp_path, encoder)
    build_index(corpus(), tmp_path, encoder)
    assert ranking(open_index(tmp_path, encoder))


def test_check_says_what_differs_from_the_corpus(tmp_path: Path, encoder: HashEncoder) -> None:
    documents = corpus()
    build_index(documents, tmp_path, encoder)
    expected = {d.id: d.digest for d in documents}
    assert check_index(tmp_path, expected) == []
    expected["drone"] = "other"
    expected["fresh"] = "x"
    del expected["school"]
    said = "\n".join(check_index(tmp_path, expected))
    assert "「drone」は索引の作成後に変わりました" in said
    assert "「fresh」は索引にまだありません" in said
    assert "「school」は資料から無くなりました" in said


def test_a_reader_keeps_its_generation_while_a_new_one_is_published(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    build_index(corpus(), tmp_path, encoder)
    reader = open_index(tmp_path, encoder)
    before = ranking(reader)
    old = generation(tmp_path)
    build_index(corpus(drone="まったく別の話です。"), tmp_path, encoder)
    assert old.exists() and old != generation(tmp_path)
    assert ranking(reader) == before
    assert reader.passages_of("drone") == [make_passage("drone")]
    assert reader.pin is not None
    reader.pin.close()
    build_index(corpus(drone="三つ目です。"), tmp_path, encoder)
    assert not old.exists()


def test_two_builds_at_once_are_refused(tmp_path: Path, encoder: HashEncoder) -> None:
    def and_another(point: str) -> None:
        if point == "tables-written":
            with pytest.raises(StorageFailed, match="別の処理が作成中"):
                build_index(corpus(), tmp_path, encoder)

    assert build_index(corpus(), tmp_path, encoder, checkpoint=and_another).published


POINTS = [
    "started",
    "streams-written",
    "tables-written",
    "inverted-content",
    "lexicon-written",
    "vectors-written",
    "files-synced",
    "manifest-written",
    "folder-renamed",
    "pointer-written",
    "published",
    "cleaned",
]
KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.search.build import build_index
from tests.search.conftest import HashEncoder, corpus
def die(point):
    if point == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
build_index(corpus(drone="無人機ではなく気球で運びます。"), Path(sys.argv[1]), HashEncoder(), checkpoint=die)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("point", POINTS)
def test_a_build_killed_anywhere_leaves_a_whole_index(
    tmp_path: Path, encoder: HashEncoder, point: str
) -> None:
    build_index(corpus(), tmp_path, encoder)
    old = ranking(open_index(tmp_path, encoder))
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), point], cwd=root, check=False)
    assert run.returncode == -signal.SIGKILL
    index = open_index(tmp_path, encoder)
    text = index.passages_of("drone")[0].text
    if point in ("published", "cleaned"):
        assert text.startswith("無人機ではなく")
    else:
        assert ranking(index) == old
    assert check_index(tmp_path) == []
    if index.pin is not None:
        index.pin.close()
    build_index(corpus(school="閉校しました。"), tmp_path, encoder)
    left = {p.name for p in (tmp_path / FOLDER).iterdir()}
    assert left == {generation(tmp_path).name}
    assert {p.name for p in tmp_path.iterdir()} == {CURRENT, LOCK, FOLDER}
    assert open_index(tmp_path, encoder).passages_of("school")[0].text == "閉校しました。"


def test_memory_index_ranks_like_the_same_index_on_disk(tmp_path: Path, encoder: HashEncoder) -> None:
    build_index(corpus(), tmp_path, encoder)
    memory = build_memory_index([make_passage(name) for name in TEXTS], encoder)
    assert ranking(memory) == ranking(open_index(tmp_path, encoder))


def test_other_processes_make_the_same_index(
    tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = build_index(corpus(), tmp_path / "a", encoder, workers=0)
    monkeypatch.setattr("assistant.search.analysis._ALONE", 2)
    monkeypatch.setattr("assistant.search.writer._BATCH", 1)
    helped = build_index(corpus(), tmp_path / "b", encoder, workers=1)
    assert helped.digest == alone.digest
    assert helped.passages == len(TEXTS)
    one, two = open_index(tmp_path / "a", encoder), open_index(tmp_path / "b", encoder)
    assert ranking(one) == ranking(two)
    np.testing.assert_array_equal(one.streams.codes, two.streams.codes)


def test_progress_is_told_in_japanese_and_rises(tmp_path: Path, encoder: HashEncoder) -> None:
    told: list[tuple[str, int]] = []
    build_index(corpus(), tmp_path, encoder, progress=lambda p: told.append((p.step, p.done)))
    done = [count for _, count in told]
    assert done == sorted(done) and done[-1] == len(TEXTS)
    assert {"文書を読み込んでいます", "語の索引を作成しています", "索引を保存しています"} <= {
        step for step, _ in told
    }


def test_an_index_of_another_format_is_refused(
    tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(corpus(), tmp_path, encoder)
    monkeypatch.setattr("assistant.search.index.FORMAT", 0)
    with pytest.raises(IndexUnusable, match="形式が違います"):
        open_index(tmp_path, encoder)
    assert any("形式が違います" in problem for problem in check_index(tmp_path))


def test_a_changed_thesaurus_is_taken_up(tmp_path: Path, encoder: HashEncoder) -> None:
    words = tmp_path / "thesaurus.tsv"
    words.write_text("気球\tドローン\n", encoding="utf-8")
    first = build_index(corpus(), tmp_path / "i", encoder, thesaurus=words)
    assert (
        find_passages(open_index(tmp_path / "i", encoder), "気球の実証", k=1)[0].passage.document_id
        == "drone"
    )
    words.write_text("気球\tし尿\n", encoding="utf-8")
    second = build_index(corpus(), tmp_path / "i", encoder, thesaurus=words)
    assert second.published and second.unchanged == 8 and second.digest != first.digest
    words.write_text("一語\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid):
        build_index(corpus(), tmp_path / "i", encoder, thesaurus=words)
