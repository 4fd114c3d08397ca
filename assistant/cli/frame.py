"""What all commands share: settings from options, one JSON value on stdout, errors on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from pydantic import ValidationError

from assistant.errors import AssistantError, InputError, StorageFailed, say_cause, say_remedy
from assistant.export.values import render_json
from assistant.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="資料データのフォルダー", show_default=False)
]
IndexOption = Annotated[Path | None, typer.Option("--index", help="索引のフォルダー", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="JSONを1つだけ標準出力に出します")]
YearOption = Annotated[
    int | None,
    typer.Option("--fiscal-year", "-y", help="会計年度（西暦。令和8年度は2026）", show_default=False),
]
PlaceOption = Annotated[
    str | None, typer.Option("--municipality", "-m", help="自治体名またはコード", show_default=False)
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="文章生成モデル（例 ollama:qwen3、openai:gpt-4o-mini）", show_default=False),
]


def make_settings(corpus: Path | None = None, index: Path | None = None, **others: Any) -> Settings:
    """Settings from the environment, overridden by options that were given."""
    given = {"corpus": corpus, "index": index, **others}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        field = "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(
            "設定の値が正しくありません。",
            why=f"ASSISTANT_{field}: {first['msg']}",
            remedy="環境変数またはオプションの値を直してください。",
        ) from error


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn errors into one Japanese message on stderr and the agreed exit status."""

    @wraps(command)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except AssistantError as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(error.exit_status) from error
        except BrokenPipeError:  # the reader (head, less) has seen enough
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (stays open till the end)
            raise typer.Exit(0) from None
        except OSError as error:
            failed = StorageFailed(
                "ファイルの読み書きに失敗しました。",
                why=say_cause(error),
                remedy=say_remedy(error),
            )
            sys.stderr.write(f"{failed}\n")
            raise typer.Exit(1) from error

    return inner


def print_json(value: Any) -> None:
    """Exactly one JSON value on stdout."""
    sys.stdout.write(render_json(value) + "\n")


def say(text: str = "") -> None:
    """A line for people on stdout."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line for people on stderr."""
    sys.stderr.write(text + "\n")


def read_text(path: Path) -> str:
    """A text file in UTF-8; ``InputError`` where there is none or it is in another encoding."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"ファイル「{path}」がありません。", remedy="ファイル名をご確認ください。") from None
    except UnicodeDecodeError:
        raise InputError(
            f"ファイル「{path}」を読めません。",
            why="文字コードがUTF-8ではありません。",
            remedy="UTF-8で保存し直してください。",
        ) from None


def read_pairs(pairs: list[str]) -> dict[str, Any]:
    """Facts given as ``name=value``."""
    facts: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InputError(
                f"「{pair}」を読めません。",
                why="名前=値 の形ではありません。",
                remedy="例: -f applicant=municipality",
            )
        if name.strip() in facts:
            raise InputError(f"事実「{name.strip()}」が2回指定されています。", remedy="1つにしてください。")
        facts[name.strip()] = value.strip()
    return facts
