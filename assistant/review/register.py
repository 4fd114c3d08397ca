"""What the public register says of the municipality that a person named, put where a draft leaves room for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import yaml
from pydantic import ValidationError

from assistant.domain import Document, Municipality, Noun, Source
from assistant.errors import CorpusInvalid
from assistant.knowledge.municipalities import PREFECTURE
from assistant.knowledge.sources import read_yaml, validation_problems, yaml_problem
from assistant.review.draft_nouns import Basis

Mentions = Callable[[str], Sequence[tuple[Municipality, int, int]]]

_FIELD = re.compile(r"\{([a-z0-9_]+)(\.when)?\}")
_FIRST_PAGES = 5  # where a document says whose it is


class Column(Protocol):
    """A column of the register: see ``municipalities.yaml``."""

    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def when(self) -> str: ...  # noqa: D102
    @property
    def sources(self) -> tuple[Source, ...]: ...  # noqa: D102


class Fills(Noun):
    """``corpus/drafts.yaml``: sentences by requirement, slots by their words."""

    sentences: dict[str, str] = {}
    slots: dict[str, dict[str, str]] = {}


def load_fills(path: Path) -> Fills:
    """Read the file; empty for a corpus that has none. Raises ``CorpusInvalid``."""
    if not path.is_file():
        return Fills()
    text = path.read_text(encoding="utf-8")
    try:
        return Fills.model_validate(read_yaml(text) or {})
    except yaml.YAMLError as error:
        raise CorpusInvalid([yaml_problem(path.name, error)]) from error
    except ValidationError as error:
        raise CorpusInvalid(validation_problems(path.name, text, error)) from error


class Register:
    """The register's words about one municipality."""

    def __init__(self, place: Municipality, columns: Mapping[str, Column], fills: Fills) -> None:
        self.place, self._columns, self._fills = place, columns, fills

    @property
    def _self(self) -> str:
        return self.place.name[-1]

    def sentence_for(self, requirement_id: str) -> tuple[str, tuple[Basis, ...]] | None:
        """A sentence that meets a requirement with known figures, and what bears it; None without them."""
        form = self._fills.sentences.get(requirement_id)
        if form is None:
            return None
        bases: dict[str, Basis] = {}

        def put(match: re.Match[str]) -> str:
            name = match[1]
            if name == "self":
                return self._self
            column, value = self._columns[name], self.place.figures[name]
            shown = f"{value:,.0f}" if value == int(value) else f"{value:,}"
            bases[name] = Basis(
                kind="register",
                says=f"{self.place.full_name}の{column.when}の{column.label}は{shown}{column.unit}です。",
                where=f"自治体の一覧の「{column.label}」（{column.when}）",
                sources=column.sources,
            )
            return column.when if match[2] else f"{shown}{column.unit}"

        try:
            return _FIELD.sub(put, form), tuple(bases.values())
        except KeyError:  # a column or a figure that is not known
            return None

    def spelled_out(self, text: str) -> str:
        """``text`` with the municipality by its name in place of 「本町」."""
        return text.replace(f"本{self._self}", self.place.full_name)

    def in_general(self, text: str) -> str:
        """``text`` as it holds for every plan of its kind: 「市町村」 for 「本町」."""
        general = text.replace(f"本{self._self}", "都道府県" if self.is_prefecture else "市町村")
        return general.replace("本戦略", "地方版総合戦略")

    @property
    def is_prefecture(self) -> bool:
        """Whether it is a prefecture."""
        return self.place.kind == PREFECTURE

    def fill(self, text: str) -> str:
        """``text`` with the slots filled that the kind of municipality decides."""
        kind = "prefecture" if self.is_prefecture else "municipality"
        for slot, words in self._fills.slots.items():
            if kind in words:
                text = text.replace(f"【要記入：{slot}】", words[kind].replace("{self}", self._self))
        return text


def places_in(document: Document, mentions: Mentions, k: int = 3) -> tuple[Municipality, ...]:
    """Municipalities that a document names on its first pages, most often first: for a person to confirm."""
    text = "\n".join([document.path or document.title, *(p.text for p in document.pages[:_FIRST_PAGES])])
    found = mentions(text)
    counts = Counter(place.code for place, _, _ in found)
    by_code = {place.code: place for place, _, _ in found}
    ranked = sorted(counts, key=lambda code: (by_code[code].kind == PREFECTURE, -counts[code], code))
    return tuple(by_code[code] for code in ranked[:k])
