"""``assistant serve`` and ``assistant bundle``."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from assistant.cli.bundling import make_bundle
from assistant.cli.frame import CorpusOption, IndexOption, guarded, make_settings, note, say
from assistant.cli.indexing import build_with_progress
from assistant.cli.ports import check_port
from assistant.errors import IndexUnusable
from assistant.ingest import is_current
from assistant.service import Assistant
from assistant.ui.frame import warm_up
from assistant.ui.server import serve as run_server


@guarded
def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="ポート番号")] = 8501,
    address: Annotated[str, typer.Option("--address", help="待ち受けるアドレス")] = "127.0.0.1",
    prepare: Annotated[bool, typer.Option("--prepare", help="索引がないか古いときに作り直します")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="ブラウザーを開きます")] = True,
) -> None:
    """画面（ブラウザーで使うアプリ）を起動します。"""
    settings = make_settings()
    check_port(port, address)
    if prepare and not is_current(settings):
        build_with_progress(settings, [])
    try:
        Assistant.open(settings)
    except IndexUnusable as error:
        if not prepare:
            raise
        note(str(error))
        build_with_progress(settings, [], fresh=True)
    say(f"http://localhost:{port} を開いてください（止めるときは Ctrl+C）。")
    if browser:
        Timer(1.5, lambda: webbrowser.open(f"http://localhost:{port}")).start()
    run_server(settings, port=port, address=address, warm_up=warm_up)


@guarded
def bundle(
    out: Annotated[
        Path,
        typer.Option(
            "--out", help="キットを書く新しいフォルダー（省略すると、今いる場所の kit）", show_default=False
        ),
    ] = Path("kit"),
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """ネットワークのないパソコン用の持ち運びキット（部品・資料・索引）を作ります。"""
    made = make_bundle(make_settings(corpus, index), out, say=note)
    say(f"「{made.absolute()}」を作りました。フォルダーごと運び、`python3 run.py` を実行してください。")
