"""How well one document answers questions about itself, and how true its summary is: ``python benchmarks/document_questions.py``.

Asks the questions of ``benchmarks/data/document_questions.yaml`` of the plans of ``benchmarks/data/strategies``, each
plan by itself, then exact ones (period, every indicator, chapters), and prints tables in Markdown: right answers, right
pages, false answers; sentences of summaries that stand on their page; chapters with their right title and page; time.
``--show`` lists what went wrong.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "data" / "strategies")]

import generate  # noqa: E402
from writing import write_pdf  # noqa: E402

from assistant.about import AboutDocument  # noqa: E402
from assistant.domain import Answer, AnswerStatus, Document, Kind  # noqa: E402
from assistant.japanese.text import fold  # noqa: E402
from assistant.knowledge.files.safely import read_safely  # noqa: E402
from assistant.review.summaries import summarise  # noqa: E402
from assistant.service import Assistant  # noqa: E402
from assistant.settings import Settings  # noqa: E402

QUESTIONS = ROOT / "benchmarks" / "data" / "document_questions.yaml"
FILLER = {fold(text, drop_spaces=True).text for text in generate.TEXTS["filler"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list every wrong answer")
    show = parser.parse_args().show
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    assistant = Assistant.open(Settings())
    with tempfile.TemporaryDirectory() as folder:
        plans = generate.make(Path(folder))
        read = [(plan, read_safely(plan.path, name=plan.path.name, kind=Kind.UPLOAD)) for plan in plans]
        print(
            "| wording | plans | questions | right answer | its page right | nothing found | unanswered | false answers | said to be only near | p50 ms | p95 ms |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        for wording, held_out in (("asked", False), ("held_out", True), ("fresh", True), ("blind", True)):
            own = [(plan, document) for plan, document in read if plan.held_out is held_out]
            ask_all(assistant, own, questions, wording, show)
        exact(assistant, read, show)
        summaries(read, show)
        hundred_pages(assistant, plans, Path(folder))


def key(text: str) -> str:
    return fold(text, drop_spaces=True).text.lstrip("・")


def gold_of(plan, topic, wording: str) -> list[str]:
    """The sentences of a plan that answer a topic."""
    lines = [(k, r, c) for k, r, c in plan.lines if isinstance(c, str)]
    held = [c for _, r, c in lines if r and r in topic.get("bears", ())]
    if topic.get("decoys"):
        decoys = {d for r in topic["bears"] for d in generate.TEXTS[r].get("decoy", [])}
        held += [c for _, _, c in lines if c in decoys]
    if "pattern" in topic:
        held += [c for k, _, c in lines if k != "contents" and re.search(topic["pattern"], c)]
    del wording
    return [key(c) for c in held]


def said(answer: Answer) -> list[tuple[int, str]]:
    return [(claim.citations[0].page or 0, key(claim.citations[0].quote)) for claim in answer.claims]


def ask_all(assistant: Assistant, plans, questions, wording: str, show: bool) -> None:
    t: Counter[str] = Counter()
    times = []
    for plan, document in plans:
        about = AboutDocument(assistant, document)
        about.ask("準備")
        for topic in (*questions["topics"], *questions["unanswered"]):
            started = time.perf_counter()
            answer = about.ask(topic[wording])
            times.append(1000 * (time.perf_counter() - started))
            wrong = judge(plan, document, topic, wording, answer, t)
            if wrong and show:
                print(f"  {wrong} {plan.name} {topic[wording]} → {[quote[:60] for _, quote in said(answer)]}")
    times.sort()
    print(
        f"| {wording} | {len(plans)} | {t['answerable']} | {share(t['right'], t['answerable'])} | {share(t['right page'], t['right'])}"
        f" | {share(t['nothing'], t['answerable'])} | {t['unanswered']} | {share(t['false'], t['unanswered'])} | {share(t['near'], t['unanswered'])}"
        f" | {times[len(times) // 2]:.0f} | {times[int(0.95 * len(times))]:.0f} |"
    )


def judge(plan, document: Document, topic, wording: str, answer: Answer, t: Counter[str]) -> str:
    quotes, gold = said(answer), gold_of(plan, topic, wording)
    if not gold:
        t["unanswered"] += 1
        off = [q for _, q in quotes if not (topic.get("also") and re.search(topic["also"], q))]
        if off and answer.status is AnswerStatus.PARTLY_ANSWERED:
            t["near"] += 1
        elif off:
            t["false"] += 1
            return "false"
        return ""
    t["answerable"] += 1
    if not quotes:
        t["nothing"] += 1
        return "nothing"
    right = [(page, q) for page, q in quotes if any(g in q or q in g for g in gold)]
    if not right:
        return "wrong"
    t["right"] += 1
    pages = {page.number for page in document.pages if any(g in key(page.text) for g in gold)}
    t["right page"] += any(page in pages for page, _ in right)
    return ""


def exact(assistant: Assistant, read, show: bool) -> None:
    """Period, every indicator's two values, indicators that are not there, every chapter, a chapter that is not there."""
    t: Counter[str] = Counter()
    for plan, document in read:
        about = AboutDocument(assistant, document)

        def count(name: str, right: bool, what: str = "", plan=plan) -> None:
            t[name] += 1
            t[f"{name} right"] += right
            if show and not right:
                print(f"  {name} {plan.name} {what}")

        period = said(about.ask("計画期間は？"))
        line = next(c for _, r, c in plan.lines if r == "plan-period")
        count(
            "period", bool(period) and (key(line) in period[0][1] or period[0][1] in key(line)), str(period)
        )
        for name, _, base, _, target, _ in plan.kpis:
            asked = name.split("（")[0]
            for word, value in (("目標値", target), ("基準値", base)):
                claims = about.ask(f"{name}の{word}は？").claims
                if value:
                    right = any(asked in c.text and f"{value}" in c.text for c in claims)
                    page = any(
                        asked.replace(" ", "") in key(document.pages[(c.citations[0].page or 1) - 1].text)
                        for c in claims
                    )
                    count(
                        "indicator", right and page, f"{name} {word} {value} → {[c.text for c in claims][:2]}"
                    )
                else:
                    count(
                        "value not given",
                        not any(re.search(rf"(?:{word}|現状値)は", c.text) for c in claims),
                        name,
                    )
        names = " ".join(name for name, *_ in plan.kpis)
        for name, _, _, _ in generate.TEXTS["kpis"]:
            if name.split("（")[0] not in names:
                answer = about.ask(f"{name}の目標値は？")
                off = (
                    bool(answer.claims)
                    and answer.status is AnswerStatus.ANSWERED
                    and any("目標値は" in c.text for c in answer.claims)
                )
                count("indicator not in the plan", not off, f"{name} → {[c.text for c in answer.claims][:1]}")
        for number, (title, _) in enumerate(generate.CHAPTERS, 1):
            answer = about.ask(f"{number}章には何が書いてある？")
            count("chapter", answer.text.startswith(f"「{title}」") and bool(answer.claims), answer.text[:60])
        count("chapter not in the plan", not about.ask("第9章の内容は？").claims)
    print("\n| asked for | questions | right |\n|---|---|---|")
    for name in (
        "period",
        "indicator",
        "value not given",
        "indicator not in the plan",
        "chapter",
        "chapter not in the plan",
    ):
        print(f"| {name} | {t[name]} | {share(t[f'{name} right'], t[name])} |")


def summaries(read, show: bool) -> None:
    print(
        "\n| length | sentences | verbatim on their page | in their chapter | fillers | indicators | chapters found | begin on the right page |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for length in ("short", "usual", "long"):
        t: Counter[str] = Counter()
        for plan, document in read:
            from assistant.review.reading import DocumentReading

            reading = DocumentReading(document)
            told = summarise(reading, length)
            titles = {c.title: c for c in reading.chapters}
            for title, _ in generate.CHAPTERS:
                t["chapters"] += 1
                if title not in titles:
                    if show:
                        print(f"  chapter {plan.name} {title}")
                    continue
                t["found"] += 1
                t["right page"] += titles[title].first_page == page_of(document, title)
            t["too many"] += sum(c.form == "heading" for c in reading.chapters) - len(generate.CHAPTERS)
            for chapter, summary in zip(reading.chapters, told, strict=True):
                for s in summary.sentences:
                    t["sentences"] += 1
                    page = document.pages[s.where.page - 1].text
                    t["verbatim"] += page[s.where.start : s.where.end] == s.where.quote and key(
                        s.text
                    ) in key(s.where.quote)
                    t["inside"] += chapter.holds(s.where.page, s.where.start)
                    t["fillers"] += key(s.text) in FILLER
                for line in summary.indicators:
                    t["indicators"] += 1
                    t["indicators verbatim"] += (
                        document.pages[line.where.page - 1].text[line.where.start : line.where.end]
                        == line.where.quote
                    )
        print(
            f"| {length} | {t['sentences']} | {share(t['verbatim'], t['sentences'])} | {share(t['inside'], t['sentences'])} | {share(t['fillers'], t['sentences'])}"
            f" | {share(t['indicators verbatim'], t['indicators'])} | {share(t['found'], t['chapters'])}, {t['too many']} too many | {share(t['right page'], t['found'])} |"
        )


def page_of(document: Document, title: str) -> int:
    """The page on which a chapter's heading stands as a line of its own, last (the contents come first)."""
    wanted = key(title)
    return max(
        p.number
        for p in document.pages
        if any(key(line.strip("| ")) == wanted for line in p.text.split("\n"))
    )


def hundred_pages(assistant: Assistant, plans, folder: Path) -> None:
    plan = next(p for p in plans if p.layout == "column")
    long = generate.Plan("long", "column", False, lines=list(plan.lines) * 15)
    write_pdf(long, folder)
    document = read_safely(long.path, name="long.pdf", kind=Kind.UPLOAD)
    about = AboutDocument(assistant, document)
    timed = []
    for what in (
        lambda: about.summary("usual"),
        lambda: about.ask("財源は？"),
        lambda: about.ask("買物に困っている人への支援は？"),
    ):
        started = time.perf_counter()
        what()
        timed.append(time.perf_counter() - started)
    print(
        f"\n{len(document.pages)} pages: summary {timed[0]:.1f} s; first question (with the review) {timed[1]:.1f} s; second {1000 * timed[2]:.0f} ms"
    )


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "0/0"


if __name__ == "__main__":
    main()
