"""Problems as HTTP answers: a status and one Japanese message in three parts."""

from __future__ import annotations

import logging

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assistant.domain import Noun
from assistant.errors import AssistantError, InputError
from assistant.export.values import render_json

_LOG = logging.getLogger("assistant.api")


class Problem(Noun):
    """What happened, why, and what to do."""

    what: str
    why: str = ""
    remedy: str = ""


class Refused(Exception):
    """A request that is turned away with a status and a problem."""

    def __init__(self, status: int, what: str, *, why: str = "", remedy: str = "") -> None:
        self.status = status
        self.problem = Problem(what=what, why=why, remedy=remedy)
        super().__init__(what)


_BY_STATUS = {
    400: Problem(
        what="リクエストを読み取れませんでした。",
        why="本文の形が壊れています。",
        remedy="本文を作り直してから送ってください。書き方は /docs にあります。",
    ),
    404: Problem(what="その場所には何もありません。", remedy="使える場所は /docs にあります。"),
    405: Problem(what="その方法（メソッド）では使えません。", remedy="使える方法は /docs にあります。"),
}
_UNEXPECTED = Problem(
    what="処理の途中で予期しない問題が起きました。",
    why="このプログラムの誤りと思われます。",
    remedy="同じ操作でまた起きるときは、管理者にサーバー側の記録の確認を依頼してください。",
)


def json_response(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A value as the answer's body."""
    return Response(render_json(value), status, headers, media_type="application/json")


def status_of(error: AssistantError) -> int:
    """422 where the words or the file are off, 503 where the service cannot do its work now."""
    return 422 if isinstance(error, InputError) else 503


def refused_response(error: Refused) -> Response:
    """A refusal as the answer; a full house says when to come back."""
    headers = {"Retry-After": "30"} if error.status == 503 else None
    return json_response(error.problem, error.status, headers)


def problem_of(request: Request, error: Exception) -> tuple[Problem, int]:
    """Any error as one Japanese message with its status; the unforeseen goes to the server's log, not to the caller."""
    if isinstance(error, Refused):
        return error.problem, error.status
    if isinstance(error, AssistantError):
        return Problem(what=error.what, why=error.why, remedy=error.remedy), status_of(error)
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.status_code, _BY_STATUS[400]), error.status_code
    _LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    return _UNEXPECTED, 500


def problem_response(request: Request, error: Exception) -> Response:
    """Any error as an answer."""
    problem, status = problem_of(request, error)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    return json_response(problem, status, headers)


# ── what a caller gave, in pydantic's words → in Japanese ────────────────────

_WHY_BY_TYPE = {
    "missing": "指定がありません。",
    "extra_forbidden": "そのような項目はありません。",
    "string_too_short": "文字がありません。",
    "string_type": "文字列ではありません。",
    "string_unicode": "文字として読めない値が含まれています。",
    "int_type": "整数ではありません。",
    "int_parsing": "整数ではありません。",
    "int_from_float": "整数ではありません。",
    "bool_type": "true か false ではありません。",
    "bool_parsing": "true か false ではありません。",
    "dict_type": "名前と値の組ではありません。",
    "tuple_type": "並びではありません。",
}


def refuse_values(error: ValidationError) -> Refused:
    """Values that do not fit a verb, told by the first of them."""
    first = error.errors(include_url=False, include_context=True)[0]
    field = ".".join(str(part) for part in first["loc"] if not (isinstance(part, str) and part.endswith("]")))
    return Refused(
        422,
        f"「{field}」を受け取れませんでした。" if field else "本文を受け取れませんでした。",
        why=_why(first),
        remedy="項目の名前と書き方は /docs にあります。",
    )


def _why(first: ErrorDetails) -> str:
    context = first.get("ctx", {})
    if first["type"] in ("enum", "literal_error"):
        expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").replace(", ", "、")
        return f"使える値は {expected} です。"
    if first["type"] in ("greater_than_equal", "less_than_equal"):
        limit = context.get("ge", context.get("le"))
        return f"{limit}{'以上' if 'ge' in context else '以下'}ではありません。"
    if first["type"] in ("too_long", "string_too_long"):
        return f"{context.get('max_length')}{'個' if first['type'] == 'too_long' else '文字'}までです。"
    return _WHY_BY_TYPE.get(first["type"], "値の形が正しくありません。")
