import re

from assistant.domain import VerdictOutcome
from assistant.evaluation.failures import failures_of, worst
from assistant.evaluation.report import render_report
from assistant.evaluation.score import score
from tests.evaluation.making import claim, given, gold, scene
from tests.evaluation.test_measures import FAMILY, REFUSED, unanswerable

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def page(*scenes):
    return render_report({"gold": EVIL}, scenes, score(scenes, "evidence"))


def test_everything_from_outside_is_escaped():
    shown = page(
        scene(
            gold(question=EVIL, history=(EVIL,), expected_status=("answered",)),
            given(claim(EVIL, EVIL), text=EVIL, ranking=(EVIL,)),
        ),
        scene(gold(id="fact-002"), REFUSED.model_copy(update={"text": EVIL})),
    )
    assert "<script" not in shown
    assert "<img" not in shown
    assert shown.count("&lt;script&gt;") >= 4


def test_the_page_loads_and_runs_nothing():
    shown = page(scene(gold(), REFUSED))
    assert "default-src 'none'" in shown
    assert not re.search(r"<(script|link|iframe|img|form)|url\(", shown)


def test_a_failure_shows_question_answer_passage_and_reason():
    wrong = claim("移住支援金の額は、世帯での移住が最大200万円です。", FAMILY)
    shown = page(scene(gold(), given(wrong)))
    article = shown[shown.index("<article") :]
    for part in (
        "移住支援金はいくらですか",
        "最大200万円",
        f"<mark>{FAMILY}</mark>",
        "引用が裏付けていない",
        "ijuu",
    ):
        assert part in article
    assert "<a href='#fact-001'>" in shown
    assert "id='fact-001'" in shown


def test_what_went_well_is_no_failure():
    assert failures_of(scene(gold(), given(claim(FAMILY, FAMILY)))) == []


def test_the_gravest_failures_come_first():
    scenes = [
        scene(gold(id="fact-001"), REFUSED),
        scene(unanswerable(id="near-miss-001"), given(claim(FAMILY, FAMILY))),
        scene(
            gold(id="can-we-001", verdicts=("対象外",)),
            given(claim(FAMILY, FAMILY), verdict=VerdictOutcome.POSSIBLE),
        ),
    ]
    assert [f.item for f in worst(scenes)] == ["can-we-001", "near-miss-001", "fact-001"]
    assert len(worst(scenes, k=1)) == 1
