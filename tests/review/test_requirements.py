"""The requirements as data."""

import pytest

from assistant.errors import CorpusInvalid
from assistant.review.requirements import load_requirements
from tests.review.conftest import SOURCES


def test_there_are_enough_and_every_pillar_is_covered(strategy):
    assert len(strategy.requirements) >= 45
    assert {r.pillar for r in strategy.requirements} == {None, 1, 2, 3, 4, 5}


def test_requirements_are_polite_sentences_with_a_draft(strategy):
    for requirement in strategy.requirements:
        assert requirement.requirement.endswith(("ます。", "です。"))
        assert "【要記入：" in requirement.draft


def test_all_mistakes_are_told_at_once(tmp_path):
    path = tmp_path / "strategy.yaml"
    path.write_text(
        "target: strategy\nname: 戦略\nrequirements:\n"
        "- {id: a, requirement: 甲です, chapter: 章, evidence: ['('], missing: 甲, advice: 書いてください。,"
        " clause: {source: NONE, level: 公式, fiscal_year: 2025}}\n"
        "- {id: b, requirement: 乙です。, chapter: 章, missing: 乙, advice: 書いてください。, clause: null, colour: red}\n"
        "- {id: c, requirement: 丙です。, chapter: 章, missing: 丙, advice: 書いてください。, clause: {source: P01, level: 第三者, fiscal_year: 2025}}\n",
        encoding="utf-8",
    )
    with pytest.raises(CorpusInvalid) as caught:
        load_requirements(path, SOURCES)
    told = "\n".join(caught.value.problems)
    for word in (
        "正規表現",
        "「。」で終わっていません",
        "NONE は sources.yaml にありません",
        "知らない項目",
        "evidence",
        "信頼度",
    ):
        assert word in told
