"""``assistant review``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.document import answer_document, open_document, read_length, say_chapters
from assistant.cli.frame import (
    CorpusOption,
    IndexOption,
    JsonOption,
    guarded,
    make_settings,
    note,
    print_json,
    say,
)
from assistant.domain import Outcome
from assistant.errors import FileUnreadable, InputError
from assistant.export.differences import (
    PASSAGE_WORDS,
    REQUIREMENT_WORDS,
    TITLE,
    kpis_told,
    pages_of,
    passages_told,
    remarks,
    requirements_told,
)
from assistant.export.drafts import drafts_docx
from assistant.export.review_help import PageLinks
from assistant.export.reviews import (
    OUTCOME_WORDS,
    by_outcome,
    review_docx,
    review_html,
    review_markdown,
    review_xlsx,
)
from assistant.review.nouns import Difference, Review
from assistant.service import Assistant

_SHOWN = 120  # characters of a passage
_ENDINGS = (".docx", ".html", ".md", ".xlsx")


@guarded
def review(
    file: Annotated[Path, typer.Argument(help="点検する文書（PDF、Word、Excelなど）")],
    against: Annotated[
        str, typer.Option("--against", help="点検の相手（strategy または交付金のid）")
    ] = "strategy",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="結果を書くファイル（.docx、.html、.md、.xlsx）", show_default=False
        ),
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option("--draft", help="見当たらない項目の下書きを書くファイル（.docx）", show_default=False),
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option(
            "--municipality",
            help="どの自治体の文書か（事例を規模で選び、下書きに人口などを入れます）",
            show_default=False,
        ),
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(
            "--before", help="前の版の文書（違いを点検項目・文・指標ごとに示します）", show_default=False
        ),
    ] = None,
    question: Annotated[
        str | None,
        typer.Option("--ask", help="文書についての質問（文書の記載だけで答えます）", show_default=False),
    ] = None,
    with_corpus: Annotated[
        bool, typer.Option("--with-corpus", help="--ask の答えに手元の資料も使います")
    ] = False,
    chapters: Annotated[bool, typer.Option("--chapters", help="文書の章と、章ごとの要約を示します")] = False,
    length: Annotated[
        str, typer.Option("--length", help="--chapters の要約の長さ（short・usual・long）")
    ] = "usual",
    lenient: Annotated[
        bool, typer.Option("--lenient", help="検討中や目次・見出しだけの項目を「判断できない」とします")
    ] = False,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """地方版総合戦略や交付金の計画を、要件ごとにページを示して点検します。"""
    if output is not None and (output.is_dir() or output.suffix.lower() not in _ENDINGS):
        raise InputError(
            f"「{output}」には保存できません。",
            remedy=f"{'、'.join(_ENDINGS)} のどれかで終わるファイル名を指定してください。",
        )
    if draft is not None and (draft.is_dir() or draft.suffix.lower() != ".docx"):
        raise InputError(
            f"「{draft}」には保存できません。", remedy=".docx で終わるファイル名を指定してください。"
        )
    summary_length = read_length(length)
    for given in (file, before):
        if given is not None:
            _check_given(given)
    assistant = Assistant.open(make_settings(corpus, index))
    if question is not None:
        answer_document(open_document(assistant, file), question, with_corpus=with_corpus, as_json=as_json)
        return
    if chapters and not as_json:
        say_chapters(open_document(assistant, file).summary(summary_length))
        if output is None and draft is None:
            return
    place = assistant.find_municipality(municipality) if municipality else None
    found = assistant.review(
        file,
        file.name,
        against,
        strictness="lenient" if lenient else "standard",
        progress=_progress,
        place=place,
        before=before,
    )
    if output is not None:
        _write(found, output, file, assistant)
        note(f"結果を「{output}」に書きました。")
    if draft is not None:
        made = assistant.reviews.draft(found, place=place)
        draft.write_bytes(drafts_docx(made, today=assistant.settings.today))
        note(f"{len(made.gaps)}項目の下書きを「{draft}」に書きました。")
    if as_json and chapters:
        told = open_document(assistant, file, found).summary(summary_length)
        print_json({**found.model_dump(mode="json"), "chapters": told})
    elif as_json:
        print_json(found)
    elif output is None and draft is None:
        _say(found)


def _check_given(file: Path) -> None:
    if not file.is_file():
        raise FileUnreadable(file.name, "ファイルがありません。", "ファイルの場所をご確認ください。")
    if file.stat().st_size == 0:
        raise FileUnreadable(
            file.name, "ファイルの中身が空です（0バイト）。", "ファイルを保存し直してからお試しください。"
        )


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r読み取り中 {done}／{total}ページ" + ("\n" if done == total else ""))


def _write(found: Review, output: Path, file: Path, assistant: Assistant) -> None:
    ending, sources, today = output.suffix.lower(), assistant.sources, assistant.settings.today
    cases, links = assistant.reviews.cases_of(found), _links(file, output)
    if ending == ".docx":
        output.write_bytes(review_docx(found, sources, today=today, cases=cases, links=links))
    elif ending == ".xlsx":
        output.write_bytes(review_xlsx(found, sources, cases=cases, links=links))
    elif ending == ".html":
        output.write_text(
            review_html(found, sources, today=today, cases=cases, links=links), encoding="utf-8"
        )
    else:
        output.write_text(review_markdown(found, sources, today=today, cases=cases), encoding="utf-8")


def _links(file: Path, output: Path) -> PageLinks:
    """Links to the reviewed file as it lies seen from the report."""
    try:
        return PageLinks(Path(os.path.relpath(file.resolve(), output.resolve().parent)).as_posix())
    except ValueError:  # another drive
        return PageLinks.beside(file.name)


def _say(found: Review) -> None:
    if found.difference is not None:
        _say_difference(found.difference)
    say(found.summary.text)
    for line in found.summary.cautions:
        say(f"※ {line}")
    for outcome, items in by_outcome(found):
        say(f"\n■ {OUTCOME_WORDS[outcome]}（{len(items)}件）")
        for item in items:
            say(f"・{item.requirement}")
            say(f"    {item.because}")
            for quote in item.evidence[:1]:
                say(f"    {quote.page}ページ「{' '.join(quote.quote.split())[:120]}」")
            if outcome is not Outcome.MET and item.advice:
                say(f"    助言: {item.advice}")
    if found.summary.kpis:
        say(f"\n■ 指標（{len(found.summary.kpis)}件）")
    for kpi in found.summary.kpis:
        base = f"{kpi.baseline or '－'}（{kpi.baseline_year or '年度なし'}）"
        target = f"{kpi.target or '－'}（{kpi.target_year or '年度なし'}）"
        say(f"・{kpi.indicator} [{kpi.unit}] {base} → {target} {' '.join(kpi.problems)}".rstrip())


def _say_difference(difference: Difference) -> None:
    say(f"■ {TITLE}（{difference.before_file} → {difference.after_file}）")
    say(difference.text)
    for line in difference.cautions:
        say(f"※ {line}")
    for requirement in requirements_told(difference):
        say(f"・{REQUIREMENT_WORDS[requirement.kind]}: {requirement.requirement}")
        say(f"    {requirement.says}")
    for kpi in kpis_told(difference):
        say(f"・指標「{kpi.indicator}」: {' '.join(kpi.says)}")
    for passage in passages_told(difference):
        said = " ".join(remarks(passage))
        say(f"・{PASSAGE_WORDS[passage.kind]}文: {said}".rstrip(": "))
        for name, side in (("前の版", passage.before), ("新しい版", passage.after)):
            if side is not None:
                say(f"    {name} {pages_of(side)}ページ「{side.text[:_SHOWN]}」")
    say()
