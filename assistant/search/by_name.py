"""Models of sentence-transformers by their name; code lying in a model folder is never run."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from assistant.errors import DependencyMissing, UnknownName

INSTALL = "pip install torch==2.13.0\npip install 'chihou-assistant[embed]'"


def load_by_name(kind: str, name: str, *, what: str, without: str) -> Any:
    """The model ``name`` (or in that folder) as the library's class ``kind``, from this machine, else from its hub.

    ``what`` and ``without`` go into messages: what such a model is called, and what to do without one.

    Raises:
        DependencyMissing: sentence-transformers is not installed.
        UnknownName: No model of that name can be loaded here.
    """
    try:
        library = importlib.import_module("sentence_transformers")
    except ImportError as error:
        raise DependencyMissing(
            f"{what}「{name}」を使うための追加部品が入っていません。",
            why="sentence-transformers が見つかりません。",
            remedy=f"次の2行を順に実行してください。\n{INSTALL}",
        ) from error
    make = getattr(library, kind)
    try:
        return make(name, device="cpu", local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        failure: Exception = error
    if not Path(name).exists():  # a folder that cannot be read does not get better by asking a hub
        try:
            return make(name, device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            failure = error
    raise UnknownName(
        f"{what}「{name}」を読み込めませんでした。",
        why="名前が違うか、ネットワークにつながらないか、フォルダーの中身が足りません。",
        remedy=f"名前またはフォルダーを確かめてください。{without}",
    ) from failure
