"""A request → what a verb asks for."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from assistant.api.problems import Refused, refuse_values
from assistant.api.verbs import Upload, Verb
from assistant.domain import Noun
from assistant.errors import FileUnreadable, StorageFailed

_MOST_FIELDS = 10
_LONGEST_NAME = 200


@asynccontextmanager
async def asked_of(verb: Verb, request: Request) -> AsyncIterator[Noun]:
    """What was asked, checked; an uploaded file is deleted when the block ends, however it ends.

    Raises ``Refused`` (400, 422) and ``FileUnreadable``.
    """
    if verb.where == "query":
        yield _checked(verb, _query_values(verb, request))
    elif verb.where == "json":
        yield _checked(verb, await _json_values(request))
    else:
        async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
            values = _form_values(form)
            file = values.get("file")
            with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
                if isinstance(file, UploadFile):
                    values["file"] = await run_in_threadpool(_write, file, Path(folder))
                elif file is not None:
                    raise Refused(
                        422,
                        "「file」を受け取れませんでした。",
                        why="ファイルではなく文字が入っています。",
                        remedy="multipart/form-data でファイルとして送ってください。",
                    )
                yield _checked(verb, values)


def _checked(verb: Verb, values: Any) -> Noun:
    try:
        return verb.asks.model_validate(values)
    except ValidationError as error:
        raise refuse_values(error) from error


def _query_values(verb: Verb, request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in request.query_params:
        given = request.query_params.getlist(name)
        takes = verb.asks.model_fields.get(name)
        if takes is not None and takes.default == ():
            values[name] = given
        elif len(given) > 1:
            raise Refused(
                422, f"「{name}」が{len(given)}回指定されています。", remedy="1つだけ指定してください。"
            )
        else:
            values[name] = given[0]
    return values | request.path_params


async def _json_values(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(
            400,
            "本文をJSONとして受け取れませんでした。",
            why="Content-Type が application/json ではありません。",
            remedy="見出し Content-Type: application/json を付けて送ってください。",
        )
    body = await request.body()
    try:
        values = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        json.dumps(values, ensure_ascii=False).encode("utf-8")  # a lone surrogate is JSON, but no text
    except (ValueError, RecursionError):
        raise Refused(
            400,
            "本文をJSONとして読めませんでした。",
            why="JSONの書き方が正しくないか、文字コードがUTF-8ではありません。",
            remedy="本文を確かめて送り直してください。",
        ) from None
    if not isinstance(values, dict):
        raise Refused(
            422,
            "本文を受け取れませんでした。",
            why="名前と値の組（オブジェクト）ではありません。",
            remedy='例: {"question": "…"}',
        )
    return values


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _form_values(form: FormData) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in form.multi_items():
        if name in values:
            raise Refused(422, f"「{name}」が2回以上指定されています。", remedy="1つだけ指定してください。")
        values[name] = value
    return values


def _write(file: UploadFile, folder: Path) -> Upload:
    name = _shown_name(file.filename or "")
    path = folder / "document"  # nothing that a stranger typed becomes a path
    try:
        with path.open("wb") as target:
            shutil.copyfileobj(file.file, target)
    except OSError as error:
        raise StorageFailed(
            f"「{name}」を一時的に保存できませんでした。",
            why=error.strerror or str(error),
            remedy="サーバーの空き容量をご確認ください。",
        ) from error
    if path.stat().st_size == 0:
        raise FileUnreadable(
            name, "ファイルの中身が空です（0バイト）。", "ファイルを保存し直してからお試しください。"
        )
    return Upload(name=name, path=path)


def _shown_name(given: str) -> str:
    last = PurePosixPath(given.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[-_LONGEST_NAME:] or "文書"
