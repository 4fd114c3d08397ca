"""Cases and grants for a gap as lines with their sources, and links to the pages of the reviewed file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from assistant.domain import Case, Source
from assistant.japanese.calendar import wareki
from assistant.review.nouns import GrantHint, ReviewedItem

GRANTS_NOTE: Final = "対象になるかは「交付金の判定」でお確かめください。"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One case or grant: what it is, what a source says of it, and the sources."""

    kind: str  # 「事例」「交付金・制度」
    name: str
    says: str
    sources: tuple[Source, ...]

    @property
    def text(self) -> str:
        """The line without its sources."""
        return f"{self.kind}: {self.name} — {self.says}"

    @property
    def notes(self) -> list[str]:
        """The sources, one line each."""
        return [
            f"【{s.level}】{s.publisher}「{s.title}」 {s.url}（出典 {s.id}、確認日 {s.checked.isoformat()}）"
            for s in self.sources
        ]


def help_lines(
    item: ReviewedItem, cases: Mapping[str, Case], sources: Mapping[str, Source]
) -> list[HelpLine]:
    """What helps with a gap: cases first, then grants, this fiscal year's before others."""
    told = []
    for case in (cases[i] for i in item.cases if i in cases):
        place = case.place if case.place.startswith(case.prefecture) else f"{case.prefecture}{case.place}"
        known = tuple(sources[i] for i in case.source_ids if i in sources)
        told.append(HelpLine("事例", f"「{case.title}」（{place}）", case.approach, known))
    for hint in item.grants:
        known = tuple(sources[i] for i in hint.source_ids if i in sources)
        told.append(HelpLine("交付金・制度", f"{hint.name}（{year_words(hint)}）", hint.why, known))
    return told


def year_words(hint: GrantHint) -> str:
    """The fiscal year whose rules are at hand: 「令和8年度」; an earlier one is never silent."""
    if not hint.of_one_year:
        return "年度に限らない制度"
    year = wareki(hint.fiscal_year)
    return year if hint.is_current else f"{year}のもので、現在の年度にあるかは要確認"


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Links to pages of the reviewed file, which lies at ``path`` seen from the export (with 「/」)."""

    path: str

    @classmethod
    def beside(cls, file: str) -> PageLinks:
        """For an export that is put beside the file."""
        return cls(file.replace("\\", "/").rpartition("/")[2])

    @property
    def file(self) -> str:
        """The address of the file, or nothing for one that has no pages to open (only PDF has)."""
        if not self.path.lower().endswith(".pdf"):
            return ""
        address = quote(self.path, safe="/")
        return address if address.startswith("../") else f"./{address.lstrip('/')}"

    def to(self, page: int) -> str:
        """The address of a page; empty where there is none to open."""
        return f"{self.file}#page={page}" if self.file else ""

    @property
    def note(self) -> str:
        """How to use the links."""
        folder, _, name = self.path.rpartition("/")
        where = (
            f"「{name}」とこのファイルの位置を変えずに"
            if folder
            else f"「{name}」をこのファイルと同じフォルダーに置いて"
        )
        return f"ページの番号を押すと「{name}」のそのページが開きます。{where}お使いください。"
