"""Other ways of saying what a requirement asks for, as data: ``corpus/requirements/<target>.tsv``."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from assistant.domain import Noun
from assistant.errors import CorpusInvalid
from assistant.japanese.text import fold

NOTHING = "-"  # the id under which sentences stand that bear no requirement


class Ways(Noun):
    """Sentences and words by which a passage may be like a requirement; keys are requirement ids.

    ``words`` and ``hints`` are folded (half-width, lower case, no spaces). ``examples`` also holds
    ``NOTHING``: sentences that bear no requirement.
    """

    examples: dict[str, tuple[str, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    hints: dict[str, tuple[str, ...]] = {}


def load_ways(path: Path, requirement_ids: Collection[str]) -> Ways:
    """Read one file; none at ``path`` gives no ways. Raises ``CorpusInvalid`` with every mistake."""
    if not path.is_file():
        return Ways()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusInvalid([f"{path.name}: 読み込めません（{error}）"]) from error
    kinds: dict[str, dict[str, list[str]]] = {"例": {}, "語": {}, "縁語": {}}
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 3 or cells[1] not in kinds or not cells[2].strip():
            problems.append(f"{path.name}:{number}: 「id・種類（例・語・縁語）・言葉」の3列ではありません")
        elif cells[0] != NOTHING and cells[0] not in requirement_ids:
            problems.append(f"{path.name}:{number}: 要件 {cells[0]} はありません")
        else:
            said = [cells[2].strip()] if cells[1] == "例" else [_folded(w) for w in cells[2].split()]
            kinds[cells[1]].setdefault(cells[0], []).extend(said)
    if problems:
        raise CorpusInvalid(problems)
    examples, words, hints = (
        {key: tuple(dict.fromkeys(said)) for key, said in kinds[kind].items()}
        for kind in ("例", "語", "縁語")
    )
    return Ways(examples=examples, words=words, hints=hints)


def _folded(word: str) -> str:
    return fold(word, drop_spaces=True).text
