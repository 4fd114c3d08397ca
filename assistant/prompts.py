"""Prompt and sentence files: Markdown with front matter and ``{slots}``.

Plain slots and nothing more: a template language in files that users may edit has been
a way to run code (CVE-2026-45312), so an unknown or unfilled slot is an error and no
expression is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.errors import CorpusInvalid

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.S)
_SLOT = re.compile(r"\{([a-z_]+)\}")
_SECTION = re.compile(r"(?m)^## ([a-z_]+)\n")


@dataclass(frozen=True)
class Prompt:
    """A prompt file: ``version`` is written into every answer's trace."""

    name: str
    version: str
    slots: tuple[str, ...]
    body: str

    def fill(self, **values: str) -> str:
        """The body with every slot filled; a missing or unknown slot raises ``KeyError``."""
        if set(values) != set(self.slots):
            raise KeyError(f"{self.name}: slots {sorted(self.slots)}, given {sorted(values)}")
        return _SLOT.sub(lambda match: values[match[1]], self.body)


def fill_slots(text: str, values: Mapping[str, object]) -> str:
    """``text`` with its slots filled; values are never scanned for slots again."""
    return _SLOT.sub(lambda match: str(values[match[1]]), text)


@lru_cache(maxsize=32)
def load_prompt(path: Path) -> Prompt:
    """Read one prompt file and hold its slots against its front matter."""
    match = _FRONT.match(path.read_text(encoding="utf-8"))
    if not match:
        raise CorpusInvalid([f"{path.name}: 先頭に --- で囲んだ見出し情報がありません。"])
    front = yaml.safe_load(match[1])
    slots = tuple(front.get("slots", ()))
    used = set(_SLOT.findall(match[2]))
    if used != set(slots):
        raise CorpusInvalid(
            [f"{path.name}: slots の宣言 {sorted(slots)} と本文 {sorted(used)} が一致しません。"]
        )
    return Prompt(path.stem, str(front["version"]), slots, match[2].strip())


@lru_cache(maxsize=8)
def load_sentences(path: Path) -> Mapping[str, str]:
    """The named sentences of a file (``## name`` sections)."""
    match = _FRONT.match(path.read_text(encoding="utf-8"))
    if not match:
        raise CorpusInvalid([f"{path.name}: 先頭に --- で囲んだ見出し情報がありません。"])
    pieces = _SECTION.split(match[2])
    return {name: text.strip() for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}
