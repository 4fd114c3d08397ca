import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.evaluation.bench import (
    Bench,
    Edit,
    Fit,
    Rating,
    Support,
    assigned,
    export_csv,
    export_jsonl,
    read_ratings,
    sentences_of,
    weighted_support,
)
from assistant.records import Records
from tests.evaluation.making import claim, given, gold
from tests.evaluation.test_measures import FAMILY, RESAS

SENTENCES = sentences_of(
    [given(claim(FAMILY, FAMILY), claim(RESAS, RESAS), id=f"fact-{n:03d}") for n in range(30)],
    [gold(id=f"fact-{n:03d}") for n in range(30)],
)
ROOT = Path(__file__).resolve().parents[2]
RATERS = ("佐藤", "鈴木", "高橋")


@pytest.fixture
def bench(tmp_path):
    return Bench(Records(tmp_path / "records.sqlite"), "run-1")


def rating(sentence="fact-000.1", rater="佐藤", support=Support.FULL, **more):
    return Rating(sentence=sentence, rater=rater, support=support, **more)


def test_every_sentence_goes_to_two_raters_and_evenly():
    shares = {name: {s.id for s in assigned(SENTENCES, name, RATERS)} for name in RATERS}
    for sentence in SENTENCES:
        assert sum(sentence.id in share for share in shares.values()) == 2
    assert all(25 <= len(share) <= 55 for share in shares.values())  # 40 each, less chance


def test_assignment_does_not_hang_on_the_order_of_names():
    assert assigned(SENTENCES, "鈴木", RATERS) == assigned(SENTENCES, "鈴木", RATERS[::-1])


def test_what_a_rater_sees_holds_no_machine_label():
    assert set(type(SENTENCES[0]).model_fields) == {"id", "item", "question", "text", "citations"}


def test_the_latest_rating_counts(bench):
    bench.rate(rating(support=Support.NONE))
    bench.rate(rating(support=Support.PART, fit=Fit.WEAK, edits=(Edit.EVIDENCE,), note="年度なし"))
    assert bench.ratings() == [
        rating(support=Support.PART, fit=Fit.WEAK, edits=(Edit.EVIDENCE,), note="年度なし")
    ]


def test_runs_are_apart(bench):
    bench.rate(rating())
    assert Bench(bench.records, "run-2").ratings() == []


def test_unrated_is_missing_and_one_rating_settles_nothing(bench):
    bench.rate(rating())
    assert bench.settled() == {}
    assert bench.agreement().sentences == 0
    assert bench.agreement().alpha is None
    assert math.isnan(weighted_support([])[0])


def test_support_by_people_counts_a_part_as_half():
    mean, (low, high) = weighted_support([Support.FULL] * 6 + [Support.PART] * 2 + [Support.NONE] * 2)
    assert mean == pytest.approx(0.7)
    assert 0.4 < low < mean < high < 1.0
    full, (low, high) = weighted_support([Support.FULL] * 10)  # Wilson's: ten of ten is no certainty
    assert full == 1.0 and (low, high) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_a_dispute_stands_until_it_is_ruled_on(bench):
    bench.rate(rating(rater="佐藤", support=Support.FULL))
    bench.rate(rating(rater="鈴木", support=Support.NONE))
    assert bench.disputed() == ["fact-000.1"]
    assert bench.settled() == {}
    bench.rate(rating(rater="高橋", support=Support.PART, adjudicates=True))
    assert bench.disputed() == []
    assert bench.settled() == {"fact-000.1": Support.PART}
    assert {r.support for r in bench.ratings() if not r.adjudicates} == {Support.FULL, Support.NONE}


def test_agreement_has_an_interval(bench):
    for number, (a, b) in enumerate([("FS", "FS")] * 8 + [("NS", "NS")] * 4 + [("FS", "NS")] * 2):
        bench.rate(rating(f"s.{number}", "佐藤", Support(a)))
        bench.rate(rating(f"s.{number}", "鈴木", Support(b)))
    told = bench.agreement()
    # 28 ratings, 18 FS and 10 NS: observed 2·2/28, expected 2·18·10/(28·27)
    assert told.alpha == pytest.approx(1 - (4 / 28) / (360 / 756))
    assert told.sentences == 14
    assert told.ci95[0] < told.alpha < told.ci95[1]


def test_no_write_of_twenty_parallel_raters_is_lost(bench):
    def work(number):
        mine = Bench(Records(bench.records.path), "run-1")
        for n in range(5):
            mine.rate(rating(f"s.{n}", f"評価者{number}"))

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, range(20)))
    assert len(bench.ratings()) == 100
    assert bench.records.verify() is None


WRITER = """
import sys
from pathlib import Path
from assistant.evaluation.bench import Bench, Rating
from assistant.records import Records
bench = Bench(Records(Path(sys.argv[1])), "run-1")
for n in range(100000):
    bench.rate(Rating(sentence=f"s.{n}", rater="佐藤", support="FS"))
    sys.stdout.write(f"{n}\\n")
    sys.stdout.flush()
"""


def test_what_was_kept_survives_a_killed_process(bench):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(bench.records.path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        kept = [int(process.stdout.readline()) for _ in range(10)]
    finally:
        process.kill()
        kept += [int(line) for line in process.stdout.read().split()]
        process.stdout.close()
        process.wait()
    assert {r.sentence for r in bench.ratings()} >= {f"s.{n}" for n in kept}
    assert bench.records.verify() is None


def test_two_raters_are_needed(bench):
    with pytest.raises(InputError, match="評価者"):
        bench.name_raters(["佐藤", " 佐藤 ", ""])
    assert bench.name_raters(["佐藤", "鈴木"]) == bench.raters == ("佐藤", "鈴木")


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
ratings = st.builds(
    Rating,
    sentence=st.sampled_from([s.id for s in SENTENCES]),
    rater=st.sampled_from(RATERS),
    support=st.sampled_from(Support),
    fit=st.none() | st.sampled_from(Fit),
    edits=st.lists(st.sampled_from(Edit), unique=True).map(tuple),
    note=words.filter(lambda text: not text.startswith("'")),
    adjudicates=st.booleans(),
)


@hypothesis_given(st.lists(ratings, min_size=1, max_size=5))
def test_what_is_exported_can_be_read_again(made):
    assert read_ratings(export_jsonl(made, SENTENCES)) == made
    assert read_ratings(export_csv(made)) == made


def test_a_note_is_no_formula():
    assert ",'=HYPERLINK" in export_csv([rating(note="=HYPERLINK(1)")])


@pytest.mark.parametrize("text", ['{"sentence": "a"}', "{", "sentence,rater,support\nx,y,MAYBE\n"])
def test_a_file_that_is_off_is_told(text):
    with pytest.raises(InputError, match="読めません"):
        read_ratings(text)
