"""A run's folder: settings, answers, scores, report; each step reads what the one before wrote."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.domain import Noun
from assistant.errors import InputError
from assistant.evaluation.compare import compare
from assistant.evaluation.entailment import OUR_CHECK, open_entailment
from assistant.evaluation.generate import Progress, generate
from assistant.evaluation.given import Given
from assistant.evaluation.gold import GoldQuestion, gold_digest, load_gold, pick
from assistant.evaluation.report import render_report
from assistant.evaluation.scene import Scene
from assistant.evaluation.score import Scores, inspect_all, score, with_verdicts
from assistant.prompts import load_prompt
from assistant.service import Assistant
from assistant.settings import JST, Settings

SETTINGS, ANSWERS, SCORES, REPORT = "settings.json", "answers.jsonl", "scores.json", "report.html"
M = TypeVar("M", bound=BaseModel)


class RunSettings(Noun):
    """What has to be the same for a run to come out the same."""

    started: str
    gold: str
    gold_digest: str
    split: str
    n: int
    model: str | None
    encoder: str
    index_digest: str
    corpus_digest: str
    prompts: dict[str, str]
    today: str
    hits: int
    entailment: str


class Run(Noun):
    """A finished run."""

    out: str
    settings: RunSettings
    scores: Scores


def default_gold(settings: Settings) -> Path:
    """The corpus's own gold questions."""
    return settings.corpus / "gold" / "questions.jsonl"


def corpus_digest(directory: Path) -> str:
    """A digest of every corpus file but the gold: name and content, in order."""
    total = hashlib.sha256()
    for path in sorted(p for p in directory.rglob("*") if p.is_file()):
        name = path.relative_to(directory).as_posix()
        if not name.startswith("gold/"):
            total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def evaluate(
    assistant: Assistant,
    *,
    gold_path: Path | None = None,
    out: Path | None = None,
    split: str = "all",
    model: str | None = None,
    entailment: str = OUR_CHECK,
    earlier: Run | None = None,
    answers: Path | None = None,
    on_progress: Progress | None = None,
) -> Run:
    """Generate, score, report; writes one folder and returns what stands in it.

    The report tells what changed since the run ``earlier``.  With ``answers``, a run's folder, its answers are
    scored again and nothing is asked; questions that it did not ask are left out.
    """
    settings = assistant.settings
    judge = open_entailment(entailment)
    path = gold_path or default_gold(settings)
    gold = pick(load_gold(path), split)
    kept = {given.id: given for given in read_answers(answers)} if answers else None
    if kept is not None:
        gold = [item for item in gold if item.id in kept]
    if not gold:
        raise InputError(f"正解データ「{path}」の分割「{split}」に質問がありません。")
    now = datetime.now(JST)
    folder = out or settings.home / "runs" / now.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    described = _describe(assistant, path, gold, split, model, judge.name, now)
    _write(folder / SETTINGS, described.model_dump_json(indent=2))
    given = (
        generate(assistant, gold, model=model, on_progress=on_progress)
        if kept is None
        else [kept[item.id] for item in gold]
    )
    _write(folder / ANSWERS, "".join(g.model_dump_json() + "\n" for g in given))
    scenes = inspect_all(gold, given, judge, stored_in(assistant))
    scores = score(scenes, judge.name)
    verdicts = path.with_name("verdicts.jsonl")
    if verdicts.is_file():
        scores = with_verdicts(scores, assistant.grants, verdicts, settings.today)
    _write(folder / SCORES, scores.model_dump_json(indent=1))
    changes = compare(earlier.scores, scores) if earlier else []
    _write(folder / REPORT, render_report(described.model_dump(), scenes, scores, changes))
    return Run(out=str(folder), settings=described, scores=scores)


def stored_in(assistant: Assistant) -> Any:
    """Passage id → its text and page in the index, None where it is not there."""

    def look(passage_id: str) -> tuple[str, int] | None:
        passage = assistant.index.passage(passage_id)
        return (passage.text, passage.page) if passage else None

    return look


def _describe(
    assistant: Assistant,
    path: Path,
    gold: list[GoldQuestion],
    split: str,
    model: str | None,
    entailment: str,
    now: datetime,
) -> RunSettings:
    settings = assistant.settings
    return RunSettings(
        started=now.isoformat(timespec="seconds"),
        gold=path.name,
        gold_digest=gold_digest(gold),
        split=split,
        n=len(gold),
        model=model or settings.model,
        encoder=settings.encoder,
        index_digest=assistant.index.digest,
        corpus_digest=corpus_digest(settings.corpus),
        prompts={
            "answer": load_prompt(settings.prompts / "answer.md").version,
            "statuses": assistant.wording.version,
        },
        today=settings.today.isoformat(),
        hits=settings.hits,
        entailment=entailment,
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _read(path: Path, kind: type[M]) -> M:
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"評価の結果「{path}」を読めません。",
        why="ファイルがありません。" if isinstance(error, OSError) else "評価の結果の形ではありません。",
        remedy="`assistant evaluate --out フォルダー` が作ったフォルダーを指定してください。",
    )


def read_run(folder: Path) -> Run:
    """A run written before. Raises ``InputError`` where the folder holds none."""
    return Run(
        out=str(folder),
        settings=_read(folder / SETTINGS, RunSettings),
        scores=_read(folder / SCORES, Scores),
    )


def read_answers(folder: Path) -> list[Given]:
    """What a run generated, so that it can be scored again without asking."""
    path = folder / ANSWERS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Given.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def scenes_again(
    folder: Path, gold: list[GoldQuestion], assistant: Assistant, entailment: str
) -> list[Scene]:
    """A run's answers inspected once more, with another judge of entailment for instance."""
    return inspect_all(gold, read_answers(folder), open_entailment(entailment), stored_in(assistant))
