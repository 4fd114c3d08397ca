"""The names of grants without their rules: what a question needs to know which grant it means.

Reading and checking every rule takes ten times as long as answering; a question that asks for a
figure needs none of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

_WANTED = frozenset(
    (
        "id", "name", "short", "aliases", "family", "family_aliases", "fiscal_year", "predecessor", "successor",
        "status", "themes",
    )
)  # fmt: skip
_KEY = re.compile(r"(?m)^([a-z_]+):")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_names(directory: Path) -> list[Mapping[str, Any]]:
    """The naming keys of each grant file, in the order of file names.

    Files that are no grants are left out; ``load_grants`` is what tells their mistakes.
    """
    return [names for path in sorted(directory.glob("*.yaml")) if (names := _read(path)) is not None]


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        text = path.read_text(encoding="utf-8")
        starts = [(m.start(), m[1]) for m in _KEY.finditer(text)] + [(len(text), "")]
        kept = "".join(text[at:end] for (at, key), (end, _) in pairwise(starts) if key in _WANTED)
        value = yaml.load(kept, Loader=_Loader)  # noqa: S506 (the safe loader, in C where there is one)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    needed = ("id", "name", "short", "family", "fiscal_year")
    return value if isinstance(value, dict) and all(value.get(key) for key in needed) else None


def is_yearly(grant_id: str, fiscal_year: int) -> bool:
    """Whether a file is tied to its fiscal year by its name (its id ends in -rN)."""
    return grant_id.endswith(f"-r{fiscal_year - 2018}")


def is_of_one_year(names: Mapping[str, Any]) -> bool:
    """Whether a grant's rules speak of its own fiscal year only, by its naming keys (see ``Grant.is_of_one_year``)."""
    status = names.get("status")
    closed = isinstance(status, dict) and status.get("value") == "closed"
    return is_yearly(names["id"], names["fiscal_year"]) or names.get("successor") is not None or closed
