"""Ports to listen on."""

from __future__ import annotations

import socket

from assistant.errors import InputError


def check_port(port: int, address: str) -> None:
    """Raise ``InputError`` where something listens on the port already."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
        if probe.connect_ex((here, port)) == 0:
            raise InputError(
                f"ポート{port}は使われています。",
                why="ほかのプログラム、または起動済みのこのアプリが使っています。",
                remedy=f"http://localhost:{port} を開くか、--port で別の番号を指定してください。",
            )
