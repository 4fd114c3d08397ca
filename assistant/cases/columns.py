"""What the columns of the register mean: label, unit, of when, and which source bears them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.domain import Noun, Source
from assistant.errors import CorpusInvalid
from assistant.knowledge.sources import read_yaml


class Column(Noun):
    """A column of figures; ``derived`` ones are computed from those of its sources."""

    name: str
    label: str
    unit: str = ""
    as_of: str = ""
    sources: tuple[Source, ...] = ()
    derived: bool = False
    note: str = ""

    @property
    def when(self) -> str:
        """The day or year as people write it: 「2025年1月1日」「2021年度」."""
        parts = self.as_of.split("-")
        if len(parts) == 3 and all(part.isdigit() for part in parts):
            return f"{parts[0]}年{int(parts[1])}月{int(parts[2])}日"
        if len(parts) == 2 and all(part.isdigit() for part in parts):
            return f"{parts[0]}年{int(parts[1])}月"
        return self.as_of if not self.as_of or self.as_of.endswith(("年", "年度")) else f"{self.as_of}年"


def load_columns(path: Path, sources: Mapping[str, Source]) -> dict[str, Column]:
    """Columns of ``municipalities.yaml`` by name; empty where the corpus has no such file."""
    if not path.is_file():
        return {}
    raw = read_yaml(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or not isinstance(raw.get("columns"), dict):
        raise CorpusInvalid([f"{path.name}: columns がありません。"])
    columns = {}
    for name, entry in raw["columns"].items():
        columns[name] = Column(
            name=name,
            label=entry["label"],
            unit=entry.get("unit", ""),
            as_of=str(entry.get("as_of", "")),
            sources=tuple(sources[i] for i in entry.get("source", ()) if i in sources),
            derived=bool(entry.get("derived", False)),
            note=entry.get("note", ""),
        )
    return columns
