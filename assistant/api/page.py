"""The page at ``/docs``: the verbs in Japanese, readable with no script and no network."""

from __future__ import annotations

import json
import shlex
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from assistant.api.verbs import VERBS, Verb

STYLE = """
body { font-family: sans-serif; line-height: 1.7; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { background: #f2f4f7; border-radius: 4px; padding: .1rem .3rem; }
pre { padding: .8rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #c9ced6; padding: .3rem .6rem; text-align: left; vertical-align: top; }
""".strip()


def render_docs(openapi: dict[str, Any], address: str) -> str:
    """The page; ``address`` is where the examples call."""
    parts = [_section(verb, openapi, address) for verb in VERBS]
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        f"<title>{escape(openapi['info']['title'])} API</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(openapi['info']['title'])} API</h1>"
        f"<p>{escape(openapi['info']['description'])}機械が読む定義は <a href='/openapi.json'>/openapi.json</a> です。</p>"
        "<p>誤りがあるときは、what（何が起きたか）・why（原因）・remedy（どうすればよいか）を返します。</p>"
        f"{''.join(parts)}</body></html>"
    )


def _section(verb: Verb, openapi: dict[str, Any], address: str) -> str:
    operation = openapi["paths"][verb.path][verb.method.lower()]
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{'必須' if needed else ''}</td><td>{escape(says)}</td></tr>"
        for name, needed, says in _fields(verb)
    )
    table = f"<table><tr><th>項目</th><th></th><th>内容</th></tr>{rows}</table>" if rows else ""
    statuses = "、".join(
        f"{status} {answer['description']}" for status, answer in operation["responses"].items()
    )
    return (
        f"<h2><code>{verb.method} {escape(verb.path)}</code></h2><p>{escape(verb.says)}</p>{table}"
        f"<pre>{escape(curl(verb, address))}</pre><p>返すもの: {escape(statuses)}</p>"
    )


def _fields(verb: Verb) -> list[tuple[str, bool, str]]:
    return [
        (name, field.is_required(), field.description or "") for name, field in verb.asks.model_fields.items()
    ]


def curl(verb: Verb, address: str) -> str:
    """A line for a shell that calls the verb with its example."""
    words = ["curl"]
    where = address + verb.path
    given = dict(verb.example)
    for name in [name for name in given if f"{{{name}}}" in where]:
        where = where.replace(f"{{{name}}}", quote(str(given.pop(name))))
    if verb.where == "json":
        words += [where, "-H", "Content-Type: application/json"]
        words += ["-d", json.dumps(given, ensure_ascii=False)]
    elif verb.where == "form":
        words += [where]
        for name, value in given.items():
            words += ["-F", f"{name}={value}"]
    else:
        words += [where + (f"?{urlencode(given)}" if given else "")]
    return shlex.join(words)
