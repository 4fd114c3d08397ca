from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain import Source
from assistant.errors import CorpusInvalid, UnknownName
from assistant.grants.lint import lint_grants
from assistant.grants.loader import Grants, load_grants, load_vocabulary, read_grants

from .conftest import CORPUS

FILE = "mihon-chiiki-r8.yaml"


def spoil(corpus: Path, old: str, new: str, name: str = FILE) -> None:
    path = corpus / "grants" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(corpus: Path, sources: dict[str, Source]) -> list[str]:
    return [str(p) for p in read_grants(corpus / "grants", sources, corpus / "facts.yaml")[1]]


def test_the_sample_loads_with_addresses_and_yen_read(grants: Grants) -> None:
    grant = grants.by_id["mihon-chiiki-r8"]
    assert [g.id for g in grants] == ["mihon-chiiki-r7", "mihon-chiiki-r8"]
    cap = next(rule for rule in grant.rules if rule.id == "cap-facility")
    assert cap.needs.value == 200_000_000  # type: ignore[union-attr]  # written as 2億円
    assert grant.amounts[0].cap_yen == 10_000_000  # written as 1000万円
    assert grant.clause_of(cap.id, cap.clause).url == "https://example.jp/youkou"
    assert "has_resident_group" in grant.vocabulary and "has_resident_group" in grants.vocabulary


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("says: 計画期間は", "sayss: 計画期間は", ["rules[5].sayss", "知らない項目", "says"]),
        ("fact: applicant", "fact: aplicant", ["rules[0].needs", "aplicant", "applicant"]),
        ("value: municipality}", "value: munipality}", ["rules[0].needs", "munipality", "municipality"]),
        ("source: T01, locator: 第3条", "source: T99, locator: 第3条", ["rules[0].clause.source", "T99"]),
        (
            "source: T03, locator: 本文, level: 第三者",
            "source: T03, locator: 本文, level: 公式",
            ["level", "第三者"],
        ),
        (
            "fiscal_year: 2025, predecessor: true",
            "fiscal_year: 2025",
            ["clause.fiscal_year", "predecessor: true", "standing"],
        ),
        ("fiscal_year: 2026\noffice", "fiscal_year: 2027\noffice", ["fiscal_year", "-r9"]),
        ("id: mihon-chiiki-r8", "id: mihon-chiiki", ["id", "mihon-chiiki-r8"]),
        ('op: "<=", value: 3}', 'op: "<=", value: 三}', ["rules[5].needs", "整数"]),
        ('fact: has_kpi, op: "="', 'fact: has_kpi, op: "<="', ["rules[2].needs", "has_kpi", "<="]),
        (
            'fact: has_kpi, op: "=", value: true',
            'fact: has_kpi, op: "=", value: はい',
            ["rules[2].needs", "true か false"],
        ),
        ('op: "<=", value: 3}', 'op: "in", value: 3}', ["rules[5].needs", "一覧"]),
        ('op: "<=", value: 3}', 'op: "<="}', ["rules[5].needs", "value が書かれていません"]),
        ('rate: "1/2"', 'rate: "3/2"', ["amounts[0].rate", "1 以下"]),
        ('rate: "1/2"', "rate: 0.5", ["amounts[0].rate", "文字"]),
        ("cap_yen: 1000万円", "cap_yen: たくさん", ["amounts[0].cap_yen", "たくさん"]),
        ("cap_yen: 50000000", "cap_yen: -1", ["amounts[1].cap_yen"]),
        ("  - id: no-land", "  - id: kpi", ["rules[3].id", "2度"]),
        ("      - {facts: {years: 4}, outcome: not_met}\n", "", ["rules[5].examples", "not_met"]),
        ("predecessor: mihon-chiiki-r7", "predecessor: mihon-r7", ["predecessor", "mihon-r7"]),
        ("family: mihon-chiiki\n", "family: other\n", ["family"]),
        ("start: 2026-05-01, end: 2026-05-31", "start: 2026-06-01, end: 2026-05-31", ["schedule[0]"]),
        ("has_resident_group: {kind", "has_kpi: {kind", ["facts.has_kpi", "同じ名前"]),
        ("findings: {kpi: not_met}", "findings: {kpl: not_met}", ["findings", "kpl", "kpi"]),
        ("outcome: met}", "outcome: ok}", ["outcome", "ok"]),
        ("needs: {fact: years", "needs: {fakt: years", ["rules[5].needs"]),
    ],
)
def test_every_mistake_is_told_with_file_key_and_fix(
    copied: Path, sources: dict[str, Source], old: str, new: str, expected: list[str]
) -> None:
    spoil(copied, old, new)
    found = problems(copied, sources)
    assert any(all(word in text for word in (FILE.removesuffix(".yaml"), *expected)) for text in found), found


def test_all_mistakes_are_told_at_once_with_lines(copied: Path, sources: dict[str, Source]) -> None:
    spoil(copied, "source: T01, locator: 第3条", "source: T99, locator: 第3条")
    spoil(copied, "value: municipality}", "value: munipality}")
    spoil(copied, "successor: mihon-chiiki-r8", "successor: nobody-r8", "mihon-chiiki-r7.yaml")
    with pytest.raises(CorpusInvalid) as caught:
        load_grants(copied / "grants", sources)
    text = str(caught.value)
    assert all(word in text for word in ("T99", "munipality", "nobody-r8"))
    line = (
        (copied / "grants" / FILE)
        .read_text(encoding="utf-8")
        .splitlines()
        .index("    clause: {source: T99, locator: 第3条, level: 自治体, fiscal_year: 2026}")
    )
    assert f"{line + 1}行目" in text


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "別名"),
        ("id: x\nid: y\n", "2度"),
        ("- 1\n- 2\n", "並びではありません"),
        ("id: 'abc\n", "YAML"),
        ("id: \t x: y: z\n", "YAML"),
        ("[" * 60 + "]" * 60, "入れ子"),
        ("id: " + "x" * 1_100_000, "大きすぎ"),
        ("", "並びではありません"),
        ("id: 2026-13-45\n", "YAML"),
    ],
)
def test_hostile_or_broken_yaml_is_refused(
    copied: Path, sources: dict[str, Source], content: str, word: str
) -> None:
    (copied / "grants" / "bad-r8.yaml").write_text(content, encoding="utf-8")
    found = [text for text in problems(copied, sources) if "bad-r8" in text]
    assert any(word in text for text in found), found


def test_a_file_that_is_not_utf8_is_refused(copied: Path, sources: dict[str, Source]) -> None:
    (copied / "grants" / "bad-r8.yaml").write_bytes("名前: あ".encode("cp932"))
    assert any("UTF-8" in text for text in problems(copied, sources))


def test_a_comma_in_braces_is_explained(copied: Path, sources: dict[str, Source]) -> None:
    spoil(copied, 'says: "9,000万円"', "says: 9,000万円")
    assert any("「,」が区切り" in text for text in problems(copied, sources))


def test_a_broken_file_is_not_blamed_on_the_file_that_points_to_it(
    copied: Path, sources: dict[str, Source]
) -> None:
    (copied / "grants" / FILE).write_text("id: [", encoding="utf-8")
    assert not any("mihon-chiiki-r7" in text for text in problems(copied, sources))


def test_one_fact_name_means_one_thing_in_all_files(copied: Path, sources: dict[str, Source]) -> None:
    spoil(
        copied,
        "rules:\n",
        "facts: {has_resident_group: {kind: int, question: いくつですか。}}\nrules:\n",
        "mihon-chiiki-r7.yaml",
    )
    assert any(
        "has_resident_group" in text and "内容が違います" in text for text in problems(copied, sources)
    )


def test_mistakes_in_the_vocabulary_are_told(copied: Path) -> None:
    path = copied / "facts.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("at_most: total_yen", "at_most: totl"), encoding="utf-8"
    )
    with pytest.raises(CorpusInvalid, match="totl"):
        load_vocabulary(path)
    path.write_text("a: {kind: choice, question: 何ですか。}", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="options"):
        load_vocabulary(path)
    path.write_text("a: {kind: number, question: 何ですか。}", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="number"):
        load_vocabulary(path)


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("mihon-chiiki-r7", None, "mihon-chiiki-r7"),
        ("見本県地域づくり補助金", None, "mihon-chiiki-r8"),
        ("地域づくり補助金", 2025, "mihon-chiiki-r7"),
        ("地域づくり補助", 2025, "mihon-chiiki-r7"),
        ("見本県の補助金", 2026, "mihon-chiiki-r8"),
        ("見本県の補助金", None, "mihon-chiiki-r8"),
    ],
)
def test_names_aliases_and_years_lead_to_the_grant(
    grants: Grants, name: str, year: int | None, expected: str
) -> None:
    assert grants.find(name, year).id == expected


def test_an_unknown_name_is_answered_with_near_ones(grants: Grants) -> None:
    with pytest.raises(UnknownName) as caught:
        grants.find("地域づくり補助金制度")
    assert "地域づくり補助金" in caught.value.near


def test_a_year_without_rules_is_never_judged_by_another_year(grants: Grants) -> None:
    with pytest.raises(UnknownName) as caught:
        grants.find("地域づくり補助金", 2024)
    assert "令和6年度" in str(caught.value) and "mihon-chiiki-r7" in str(caught.value)


def test_a_standing_grant_serves_any_year_and_one_that_is_over_only_its_own(
    copied: Path, sources: dict[str, Source]
) -> None:
    path = copied / "grants" / "mihon-chiiki-r7.yaml"
    text = path.read_text(encoding="utf-8").replace("successor: mihon-chiiki-r8", "successor: null")
    text = text.replace("id: mihon-chiiki-r7", "id: other-support").replace(
        "family: mihon-chiiki", "family: other"
    )
    path.unlink()
    spoil(copied, "predecessor: mihon-chiiki-r7", "predecessor: null")
    other = copied / "grants" / "other-support.yaml"
    other.write_text(text, encoding="utf-8")
    with pytest.raises(UnknownName):
        load_grants(copied / "grants", sources).find("other-support", 2030)  # closed
    other.write_text(text.replace("value: closed", "value: open"), encoding="utf-8")
    assert load_grants(copied / "grants", sources).find("other-support", 2030).fiscal_year == 2025


def test_a_family_comes_in_order_of_time(grants: Grants) -> None:
    assert [g.fiscal_year for g in grants.family("mihon-chiiki")] == [2025, 2026]


SAMPLE = (CORPUS / "grants" / FILE).read_text(encoding="utf-8")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, len(SAMPLE)),
    cut=st.integers(0, 40),
    put=st.sampled_from(
        [
            "",
            ":",
            "- ",
            "{",
            "}",
            "[",
            "null",
            "&a ",
            "*a",
            "'",
            "\t",
            "true",
            "1e9",
            "\x00",
            "2026-02-30",
            "{}",
        ]
    )
    | st.text(max_size=6),
)
def test_a_spoilt_file_is_told_of_never_crashed_on(
    tmp_path: Path, sources: dict[str, Source], at: int, cut: int, put: str
) -> None:
    directory = tmp_path / "grants"
    directory.mkdir(exist_ok=True)
    spoilt = SAMPLE[:at] + put + SAMPLE[at + cut :]
    (directory / FILE).write_text(spoilt, encoding="utf-8", errors="replace")
    _, problems = read_grants(directory, sources, CORPUS / "facts.yaml")
    shutil.copy(CORPUS / "facts.yaml", tmp_path / "facts.yaml")
    found = lint_grants(directory, sources)
    assert {str(problem) for problem in problems} <= {str(problem) for problem in found}
