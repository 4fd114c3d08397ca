from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from assistant.domain import Source
from assistant.grants.lint import lint_grants, main
from assistant.grants.loader import load_grants
from assistant.grants.rules import AmountRule, ClauseRef, Event, Grant, Rule

FILE = "mihon-chiiki-r8.yaml"
GUIDE = Path(__file__).parents[2] / "docs" / "writing-rules.ja.md"


def spoil(corpus: Path, old: str, new: str) -> None:
    path = corpus / "grants" / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_sample_is_clean(copied: Path, sources: dict[str, Source]) -> None:
    assert lint_grants(copied / "grants", sources) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "{years: 3}, outcome: met",
            "{years: 5}, outcome: met",
            ["rules[5].examples[0]", "met のはずが not_met"],
        ),
        (
            "outcome: unknown, missing: [applicant]",
            "outcome: unknown, missing: [years]",
            ["足りない事実に years"],
        ),
        (
            "facts: {applicant: private}, outcome: 対象外",
            "facts: {applicant: private}, outcome: 要確認",
            ["民間の申請", "対象外 です", "applicant-municipality=not_met"],
        ),
        ("findings: {kpi: not_met}", "findings: {kpi: met}", ["findings.kpi", "met のはずが not_met"]),
        ("missing: [applicant, project_kind, has_kpi]", "missing: [total_yen]", ["missing", "total_yen"]),
        (
            "facts: {has_kpi: false}, outcome: not_met",
            "facts: {has_kpi: まあまあ}, outcome: not_met",
            ["rules[2].examples[1].facts", "まあまあ"],
        ),
        (
            "facts: {applicant: private}, outcome: 対象外",
            "facts: {applicant: private, total_yen: -5}, outcome: 対象外",
            ["examples[3].facts", "負"],
        ),
    ],
)
def test_examples_are_run(
    copied: Path, sources: dict[str, Source], old: str, new: str, words: list[str]
) -> None:
    spoil(copied, old, new)
    found = [str(p) for p in lint_grants(copied / "grants", sources)]
    assert any(all(word in text for word in words) for text in found), found


def test_too_few_projects_are_told(copied: Path, sources: dict[str, Source]) -> None:
    path = copied / "grants" / FILE
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("  - {name:") or "移動販売" in line]
    path.write_text("\n".join(kept), encoding="utf-8")
    found = "".join(str(p) for p in lint_grants(copied / "grants", sources))
    assert (
        "1件です" in found
        and "「対象外」になる例がありません" in found
        and "「要確認」になる例がありません" in found
    )


def test_as_a_command_it_writes_what_is_wrong(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(copied / "grants")]) == 0
    assert "2ファイルを確かめ、0件の誤り" in capsys.readouterr().out
    spoil(copied, "fact: applicant", "fact: aplicant")
    assert main([str(copied / "grants")]) == 1
    assert "aplicant" in capsys.readouterr().out
    assert main([str(copied / "grants"), "mihon-chiiki-r7"]) == 0


def test_the_guides_own_sample_works(tmp_path: Path, copied: Path, sources: dict[str, Source]) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    sample = next(block for block in blocks if block.startswith("id: "))
    register = yaml.safe_load(next(block for block in blocks if block.startswith("T01:")))
    assert sources["T01"] == Source(id="T01", **register["T01"])
    directory = tmp_path / "corpus2" / "grants"
    directory.mkdir(parents=True)
    (directory / "mihon-chiiki-r8.yaml").write_text(sample, encoding="utf-8")
    common = Path(__file__).parents[2] / "corpus" / "facts.yaml"
    grants = load_grants(directory, sources, common)
    assert grants.find("地域づくり補助").id == "mihon-chiiki-r8"


def test_every_key_of_the_format_is_in_the_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    keys = {key for model in (Grant, Rule, ClauseRef, AmountRule, Event) for key in model.model_fields}
    assert sorted(key for key in keys if key not in guide) == []
