"""``assistant sync``: the one command that opens network connections."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.frame import CorpusOption, JsonOption, guarded, make_settings, note, print_json, say
from assistant.errors import UnknownName
from assistant.knowledge.originals import Fetcher, Original, public_https_only, wanted
from assistant.knowledge.originals import sync as fetch
from assistant.knowledge.sources import load_sources

_STATES = {
    "fetched": "取得しました",
    "unchanged": "変わっていません",
    "moved": "移転先から取得しました",
    "gone": "公開元にありません",
    "failed": "取得できませんでした",
}


@guarded
def sync(
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="出典のid（省略時は原本が登録されているものすべて）", show_default=False),
    ] = None,
    corpus: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """公開元の原本（PDFなど）を取得します。取得後に `assistant index build` を実行すると検索の対象になります。"""
    settings = make_settings(corpus)
    sources = load_sources(settings.corpus / "sources.yaml")
    unknown = [i for i in ids or () if i not in sources]
    if unknown:
        raise UnknownName(
            f"出典「{'、'.join(unknown)}」は登録されていません。",
            remedy="corpus/sources.yaml のidをご確認ください。",
        )

    def tell(row: Original) -> None:
        note(f"{row.source_id}: {_STATES[row.state]}" + (f"（{row.why}）" if row.why else ""))

    rows = fetch(
        wanted(sources, ids or ()), settings.home / "originals", Fetcher(public_https_only), tell=tell
    )
    if as_json:
        print_json(rows)
    else:
        fetched = sum(row.state in ("fetched", "moved") for row in rows)
        say(f"{len(rows)}件のうち{fetched}件を取得しました。")
        if fetched:
            say("`assistant index build` を実行すると、原本が検索と引用の対象になります。")
