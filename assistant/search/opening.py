"""Which encoder an index wants: the one in the settings, or one adapted to its own documents."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from assistant.domain import Passage
from assistant.errors import IndexUnusable
from assistant.search.adapt import adapt_encoder
from assistant.search.encoder import open_encoder
from assistant.search.generations import pin
from assistant.search.vectors import Encoder

_FOLDER = "encoders"


def _place(directory: Path, digest: str) -> Path:
    return directory / _FOLDER / digest[:16]


def open_encoder_of(directory: Path, name: str) -> Encoder:
    """The encoder that the index in ``directory`` was built with, where it was adapted; else ``name``."""
    try:
        made_with = pin(directory).manifest.get("encoder") or {}
    except IndexUnusable:
        made_with = {}
    digest = str(made_with.get("digest", "")) if isinstance(made_with, dict) else ""
    place = _place(directory, digest)
    return open_encoder(place if digest and place.is_dir() else name)


def adapt_for(
    directory: Path, name: str, passages: Iterable[Passage], progress: Callable[[int, int], None]
) -> Encoder:
    """Train the encoder ``name`` on the passages to be indexed and keep it beside the index."""
    work = directory / _FOLDER / ".part"
    shutil.rmtree(work, ignore_errors=True)
    work.parent.mkdir(parents=True, exist_ok=True)
    adapted = adapt_encoder(open_encoder(name), passages, work, progress)
    place = _place(directory, adapted.digest)
    shutil.rmtree(place, ignore_errors=True)
    work.rename(place)
    return open_encoder(place)


def drop_other_encoders(directory: Path, kept: Encoder) -> None:
    """Remove adapted encoders that no index uses any more."""
    folder = directory / _FOLDER
    if folder.is_dir():
        for path in folder.iterdir():
            if path != _place(directory, kept.digest):
                shutil.rmtree(path, ignore_errors=True)
