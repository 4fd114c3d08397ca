"""Answers as they were last reviewed: a change shows in the diff of answers.json.

    python -m tests.golden.test_answers     # writes the answers as they are now, to be read before committing
"""

import json
import tempfile
from datetime import date
from pathlib import Path

import pytest

from assistant.ingest import ingest
from assistant.service import Assistant
from assistant.settings import Settings

GOLDEN = Path(__file__).with_name("answers.json")
QUESTIONS = (
    ("第2世代交付金の市町村の国費上限と補助率は？", 2025),
    ("第2世代交付金の市町村の国費上限と補助率は？", 2026),
    ("第2世代交付金の対象外になる経費は？", None),
    ("第2世代交付金の計画期間は何年？", None),
    ("地域未来交付金のTYPE Vの補助率と上限は？", None),
    ("地域未来交付金で申請書作成のコンサル費は使えますか？", None),
    ("令和10年度の地域未来交付金の補助率は？", None),
    ("地域防災緊急整備型の一般市町村の上限は？", 2025),
    ("企業版ふるさと納税で本社のある自治体に寄附できますか？", None),
    ("企業版ふるさと納税の税額控除は最大何割？", None),
    ("地域おこし協力隊の任期は何年までですか？", None),
    ("移住支援金の世帯加算はいくらですか？", None),
    ("過疎債の充当率は？", None),
    ("特定地域づくり事業協同組合の財政支援の上限は？", None),
    ("重層的支援体制整備事業とは？", None),
    ("地方創生2.0基本構想の5本柱は？", None),
    ("関係人口の目標は？", None),
    ("地方版総合戦略は義務ですか？", None),
    ("RESASとRAIDAの違いは？", None),
    ("買物支援の事例は？", None),
    ("札幌市独自の空き家改修補助金の申請期限は？", None),
    ("第1世代交付金の上限は？", None),
    ("うちの計画は採択されますか？", None),
    ("明日の天気は？", None),
    ("上限はいくらですか", None),
)


def key(question: str, year: int | None) -> str:
    return f"{question}（{year}年度）" if year else question


def summary(assistant: Assistant, question: str, year: int | None) -> dict[str, object]:
    answer = assistant.ask(question, fiscal_year=year)
    return {
        "status": str(answer.status),
        "text": answer.text.split("\n"),
        "sources": sorted({s.id for c in answer.claims for citation in c.citations for s in citation.sources}),
        "cautions": list(answer.cautions),
        "verdict": str(answer.verdict.outcome) if answer.verdict else None,
    }


@pytest.mark.parametrize(("question", "year"), QUESTIONS, ids=[key(*q) for q in QUESTIONS])
def test_an_answer_is_as_it_was_reviewed(assistant, question, year):
    expected = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert summary(assistant, question, year) == expected[key(question, year)]


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index", today=date(2026, 11, 23), model=None)
        ingest(settings)
        assistant = Assistant.open(settings)
        answers = {key(q, y): summary(assistant, q, y) for q, y in QUESTIONS}
    GOLDEN.write_text(json.dumps(answers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
