"""The OpenAPI document, made from the verbs and the nouns they give."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter

from assistant.api.problems import Problem
from assistant.api.verbs import VERBS, QuestionAsked, Verb
from assistant.domain import Noun

EVENTS = "text/event-stream"
_TEMPLATE = "#/components/schemas/{model}"
_SAYS_BY_STATUS = {
    200: "結果",
    400: "本文または宛先の名前を受け取れません",
    403: "ほかのウェブページからの呼び出しです",
    404: "その名前のものはありません",
    413: "内容が大きすぎます",
    422: "言葉・値・文書に誤りがあります",
    503: "資料・索引・文章生成モデルが使えないか、込み合っています",
}
_SAYS_BY_SCHEMA = {
    "Answer": "回答。claims の文はすべて、citations の原文で裏付けを確かめたものです",
    "Claim": "回答の1文と、その根拠",
    "Citation": "原文の引用。context の start から end までが quote と一字一句同じです",
    "Source": "出典",
    "Verdict": "判定（対象になり得る・対象外・要確認）。採択を約束するものではありません",
    "Finding": "規則1つの判定",
    "Clause": "規則の根拠条項",
    "MissingFact": "判定に足りない事実と、尋ね方",
    "Amounts": "金額（円の整数）。分からないものは null です",
    "Rejected": "照合に合わず、表示しなかった文",
    "CaseHit": "見つかった事例",
    "SearchHit": "見つかった断片",
    "GrantSummary": "制度の一覧の1行",
    "GrantDetail": "制度1つ。grant は規則ファイルと同じ項目です",
    "Review": "文書の点検の結果",
    "ReviewedItem": "要件1つの点検の結果",
    "PageQuote": "文書の引用とページ",
    "Kpi": "指標1つ。値は文書に書かれたままです",
    "Health": "動いているか、どの索引で答えるか",
    "Problem": "何が起きたか（what）、その原因（why）、どうすればよいか（remedy）",
}
_ENGLISH_ONLY = ("title", "description")


def make_openapi() -> dict[str, Any]:
    """The document; every word in it that a person reads is Japanese."""
    nouns: list[type[Noun]] = [Problem, *(verb.asks for verb in VERBS if verb.where == "json")]
    schemas: dict[str, Any] = {}
    for noun in nouns:
        schema = noun.model_json_schema(ref_template=_TEMPLATE)
        schemas |= schema.pop("$defs", {}) | {noun.__name__: schema}
    paths: dict[str, Any] = {}
    for verb in VERBS:
        paths.setdefault(verb.path, {})[verb.method.lower()] = _operation(verb, schemas)
    schemas["Trace"]["properties"].pop("understanding")  # no answer carries it, see ``answer_value``
    for name in ("Understanding", "Intent"):
        schemas.pop(name)
    asked = {noun.__name__ for noun in nouns}
    for name, schema in schemas.items():
        _drop_english(schema, keep_fields=name in asked)
        if name in _SAYS_BY_SCHEMA:
            schema["description"] = _SAYS_BY_SCHEMA[name]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "地方創生アシスタント",
            "version": version("chihou-assistant"),
            "description": "交付金・支援制度・政策・事例について、資料の原文を示して答えます。"
            "JSONは `assistant` コマンドの --json と同じです。",
        },
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _operation(verb: Verb, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": verb.name, "summary": verb.says}
    asked = verb.asks.model_json_schema(ref_template=_TEMPLATE)
    schemas.update(asked.pop("$defs", {}))
    if verb.where == "query":
        operation["parameters"] = [
            _parameter(verb, name, schema, name in asked.get("required", ()))
            for name, schema in asked.get("properties", {}).items()
        ]
    elif verb.where == "json":
        content = {"schema": {"$ref": _TEMPLATE.format(model=verb.asks.__name__)}, "example": verb.example}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    else:
        operation["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": _form(asked)}},
        }
        schemas.pop("Upload", None)
    good = _response(200, _given_schema(verb, schemas))
    if verb.asks is QuestionAsked:
        good["content"][EVENTS] = {"schema": {"type": "string"}}
    operation["responses"] = {"200": good}
    for status in sorted({400, 403, 503, *verb.statuses}):
        operation["responses"][str(status)] = _response(status, {"$ref": _TEMPLATE.format(model="Problem")})
    return operation


def _parameter(verb: Verb, name: str, schema: dict[str, Any], is_required: bool) -> dict[str, Any]:
    in_path = f"{{{name}}}" in verb.path
    schema = {key: value for key, value in schema.items() if key != "title"}
    parameter: dict[str, Any] = {
        "name": name,
        "in": "path" if in_path else "query",
        "required": in_path or is_required,
        "description": schema.pop("description", ""),
        "schema": schema,
    }
    if name in verb.example:
        parameter["example"] = verb.example[name]
    return parameter


def _form(asked: dict[str, Any]) -> dict[str, Any]:
    properties = {
        name: {key: value for key, value in schema.items() if key not in ("title", "$ref", "allOf")}
        for name, schema in asked["properties"].items()
    }
    properties["file"] |= {"type": "string", "format": "binary"}
    return {"type": "object", "properties": properties, "required": asked["required"]}


def _given_schema(verb: Verb, schemas: dict[str, Any]) -> dict[str, Any]:
    given = TypeAdapter(verb.gives).json_schema(ref_template=_TEMPLATE)
    schemas.update(given.pop("$defs", {}))
    name = getattr(verb.gives, "__name__", "")
    if given.get("type") == "object" and name != "list":
        schemas[name] = given
        return {"$ref": _TEMPLATE.format(model=name)}
    given.pop("title", None)
    return given


def _response(status: int, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": _SAYS_BY_STATUS[status], "content": {"application/json": {"schema": schema}}}


def _drop_english(schema: dict[str, Any], *, keep_fields: bool) -> None:
    """Without the docstrings and made-up titles; the fields of what is asked are told in Japanese."""
    for word in _ENGLISH_ONLY:
        schema.pop(word, None)
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
        if not keep_fields:
            field.pop("description", None)
