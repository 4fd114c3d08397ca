"""``assistant api``."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.api.app import serve
from assistant.api.guard import LOOPBACK, House
from assistant.cli.frame import CorpusOption, IndexOption, guarded, make_settings, say
from assistant.cli.ports import check_port
from assistant.errors import InputError
from assistant.service import Assistant

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


@guarded
def api(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="ポート番号")] = 8502,
    address: Annotated[str, typer.Option("--address", help="待ち受けるアドレス")] = "127.0.0.1",
    allowed: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", help="呼び出しに使える、このサーバーの名前（繰り返し可）", show_default=False
        ),
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """HTTPで使えるようにします（質問・検索・制度・判定・事例・点検。JSONは --json と同じ）。"""
    names = [name.strip().lower() for name in allowed or [] if name.strip()]
    if address in _EVERYWHERE and not names:
        raise InputError(
            f"「{address}」では待ち受けられません。",
            why="どの名前への呼び出しに答えてよいかが分かりません。",
            remedy="--allow-host にこのサーバーの名前かIPアドレスを指定してください。",
        )
    settings = make_settings(corpus, index)
    check_port(port, address)
    assistant = Assistant.open(settings)
    house = House(
        hosts=LOOPBACK | {address.lower(), *names} - set(_EVERYWHERE),
        upload_bytes=settings.max_upload_bytes,
    )
    shown = f"[{address}]" if ":" in address else address
    say(f"http://{shown}:{port}/docs に使い方があります（止めるときは Ctrl+C）。")
    serve(assistant, house, port=port, address=address)
