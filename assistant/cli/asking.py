"""``assistant ask`` and ``assistant search``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.frame import (
    CorpusOption,
    IndexOption,
    JsonOption,
    ModelOption,
    PlaceOption,
    YearOption,
    guarded,
    make_settings,
    note,
    print_json,
    read_pairs,
    read_text,
    say,
)
from assistant.cli.verdicts import say_verdict
from assistant.domain import Answer, Claim, Kind
from assistant.errors import InputError
from assistant.export.values import answer_value, hit_value
from assistant.grants.facts import read_facts
from assistant.grants.vocabulary import Facts
from assistant.service import STEPS, Assistant


@guarded
def ask(
    question: Annotated[str, typer.Argument(help="質問")],
    fiscal_year: YearOption = None,
    municipality: PlaceOption = None,
    model: ModelOption = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", help=f"途中の段階で止めて表示します（{'・'.join(STEPS)}）", show_default=False
        ),
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("-f", "--fact", help="判定に使う事実を 名前=値 で", show_default=False)
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """質問に、出典つきで答えます。"""
    if until is not None and until not in STEPS:
        raise InputError(
            f"段階「{until}」はありません。", remedy=f"{'、'.join(STEPS)} のどれかを指定してください。"
        )
    assistant = Assistant.open(make_settings(corpus, index, model=model))
    if until is not None and until != "answer":
        print_json(assistant.step(question, until, fiscal_year=fiscal_year, municipality=municipality))
        return
    facts = read_facts(read_pairs(given or []), assistant.grants.vocabulary)
    answer = assistant.ask(question, fiscal_year=fiscal_year, municipality=municipality, facts=facts)
    _note_unused(facts, answer, assistant)
    if as_json:
        print_json(answer_value(answer))
    else:
        _show(answer)


def _note_unused(facts: Facts, answer: Answer, assistant: Assistant) -> None:
    """Say on stderr which facts the answer made no use of."""
    if answer.verdict is None:
        unused, why = list(facts), "この質問には判定が付かないため"
    else:
        vocabulary = assistant.grants.by_id[answer.verdict.grant_id].vocabulary
        unused = [name for name in facts if name not in vocabulary]
        why = f"{answer.verdict.grant_name}の判定では尋ねない事実のため"
    if unused:
        note(f"{why}、次の事実は使っていません: {'、'.join(unused)}")


def _show(answer: Answer) -> None:
    say(answer.text)
    numbered: list[tuple[int, Claim, int]] = []
    seen: dict[tuple[str, int, int], int] = {}
    for claim in answer.claims:
        for position, citation in enumerate(claim.citations):
            key = (citation.passage_id, citation.start, citation.end)
            if key not in seen:
                seen[key] = len(seen) + 1
                numbered.append((seen[key], claim, position))
    if numbered:
        say("\n出典")
    for number, claim, position in numbered:
        citation = claim.citations[position]
        say(f"[{number}] {citation.title} {citation.locator}".rstrip())
        say(f"    「{citation.quote}」")
        for source in citation.sources:
            say(
                f"    {source.level} {source.publisher}「{source.title}」 {source.url}（確認日 {source.checked}）"
            )
    if answer.verdict is not None:
        say("\n判定")
        say_verdict(answer.verdict)
    for caution in answer.cautions:
        say(f"※ {caution}")
    for suggestion in answer.suggestions:
        say(f"→ {suggestion}")


@guarded
def search(
    query: Annotated[str | None, typer.Argument(help="検索する言葉", show_default=False)] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="件数")] = 10,
    kind: Annotated[
        str | None, typer.Option("--kind", help="policy・grant・case・original・other", show_default=False)
    ] = None,
    queries: Annotated[
        Path | None, typer.Option("--queries", help="1行に「qid<TAB>質問」のファイル", show_default=False)
    ] = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="結果を書くファイル（TREC形式）", show_default=False)
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """資料の断片を探します。"""
    kinds = (_kind(kind),) if kind else ()
    if queries is not None:
        if run is None:
            raise InputError("結果の書き出し先がありません。", remedy="--run ファイル名 を指定してください。")
        assistant = Assistant.open(make_settings(corpus, index))
        pairs = read_queries(queries)
        count = assistant.write_run(pairs, run, k=k, kinds=kinds)
        note(f"{len(pairs)}件の質問について{count}行を「{run}」に書きました。")
        return
    if query is None or not query.strip():
        raise InputError(
            "検索する言葉がありません。", remedy="言葉を1つ以上入力するか、--queries を指定してください。"
        )
    hits = Assistant.open(make_settings(corpus, index)).search(query, k=k, kinds=kinds)
    if as_json:
        print_json([hit_value(hit) for hit in hits])
        return
    for hit in hits:
        say(
            f"{hit.rank:>2}. {hit.passage.title} {' ＞ '.join(hit.passage.trail)} {hit.passage.locator} ({hit.score:.3f})"
        )
        say(f"    {hit.passage.text[:120]}")
    if not hits:
        say("見つかりませんでした。")


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise InputError(
            f"種類「{name}」はありません。", remedy=f"{'、'.join(Kind)} のどれかを指定してください。"
        ) from None


def read_queries(path: Path) -> list[tuple[str, str]]:
    """``qid<TAB>text`` lines."""
    text = read_text(path)
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        qid, tab, question = line.partition("\t")
        if not tab or not qid.strip() or not question.strip():
            raise InputError(
                f"「{path}」の{number}行目を読めません。",
                why="「qid<TAB>質問」の形ではありません。",
                remedy="番号と質問をタブで区切ってください。",
            )
        pairs.append((qid.strip(), question.strip()))
    return pairs
