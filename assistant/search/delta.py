"""A small update: what changed lies beside the files of the last full build, which are not made again.

::

    generation/
      passages.jsonl, codes.u16, …  the last full build, shared with the generation before
      delta/                        the same kinds of files for documents that came or changed since
      delta/dead.bin                inverted lists of passages that are gone, to count words without them
      delta/places.npy              place of every passage in the order of the corpus, -1 for one that is gone

A later update makes ``delta`` anew from the older one.  Where more than a tenth has changed, or the
average length of a field has moved by a step (``usual_length``), everything is built as one again, so
that a search ranks as it would over an index built at once.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.search.generations import Checkpoint, Manifest, share
from assistant.search.index import DEAD, DELTA, Index, stored_settings
from assistant.search.lexical import Streams, usual_lengths, write_lexicon
from assistant.search.mapped import ArrayWriter
from assistant.search.store import DocumentEntry
from assistant.search.vectors import Encoder
from assistant.search.writer import DocumentInput, GenerationWriter, StreamWriter, Vocabulary, json_line

SMALLEST = 2_000  # passages; a smaller index is built as one
SHARE = 10  # one document in so many may lie beside
_OWN = ("documents.jsonl", "thesaurus.tsv")  # files that every generation has of its own


@dataclass(frozen=True)
class Planned:
    """A document as it was offered, and what the index holds of it where it is the same."""

    document: DocumentInput
    held: DocumentEntry | None


class Survey:
    """Documents as they come in, as long as the last full build can still hold most of them."""

    def __init__(self, old: Index | None) -> None:
        self.plan: list[Planned] = []
        self.passages = 0  # taken over so far
        self._base, self._documents, self._beside = 0, 0, 0
        if old is not None and old.folder is not None and "occurrences" in old.manifest:
            self._base = len(old.streams) if len(old.streams) >= SMALLEST else 0
            self._documents = int((old.manifest.get("base") or old.manifest["counts"])["documents"])

    @property
    def fits(self) -> bool:
        """Whether few enough documents would lie beside the last full build."""
        return self._base > 0 and self._beside * SHARE <= self._documents

    @property
    def leaves_enough(self) -> bool:
        """Whether few enough documents of the last full build are gone."""
        return (self._documents - (len(self.plan) - self._beside)) * SHARE <= self._documents

    def add(self, document: DocumentInput, held: DocumentEntry | None) -> None:
        """Note a document; ``held``: what the index holds of it where it is the same."""
        if held is not None:  # what would cut it again is let go
            document = DocumentInput(document.id, document.digest, tuple)
            self.passages += held.count
        self._beside += held is None or held.start >= self._base
        self.plan.append(Planned(document, held))


def write_delta(
    work: Path,
    encoder: Encoder | None,
    old: Index,
    plan: Sequence[Planned],
    thesaurus: str,
    checkpoint: Checkpoint,
    step: Callable[[int], None],
    say: Callable[[str], None],
) -> Manifest | None:
    """Write a generation that shares the files of the last full build; None (and no files) where it must not."""
    folder = work / DELTA
    folder.mkdir()
    base = len(old.streams)
    writer = GenerationWriter(folder, encoder, old.delta, step, workers=0)
    places = _Places(base)
    averages = {name: float(value) for name, value in old.manifest["average_lengths"].items()}
    digest = hashlib.sha256()
    try:
        with (work / "documents.jsonl").open("wb") as file:
            for planned in plan:
                document, entry = planned.document, planned.held
                if entry is not None and entry.start < base:
                    start, count = entry.start, entry.count
                else:
                    start = base + writer.passages
                    if entry is None:
                        writer.add(document)
                    else:
                        writer.keep(
                            document, DocumentEntry(entry.id, entry.digest, entry.start - base, entry.count)
                        )
                    count = base + writer.passages - start
                line = [document.id, document.digest, start, count]
                file.write(json_line(line))
                # The digest of an index does not tell how it came about.
                digest.update(json_line([*line[:2], places.total, count]))
                places.add(start, count)
        order = places.array(writer.passages)
        gone = np.flatnonzero(order[:base] < 0)
        dead = _write_dead(old, gone, folder / DEAD)
        part = writer.finish(checkpoint, say, thesaurus)
    finally:
        writer.close()
    occurrences = {
        name: int(old.manifest["occurrences"][name]) + int(part["occurrences"][name]) - dead[name]
        for name in averages
    }
    if usual_lengths(occurrences, places.total) != averages:
        shutil.rmtree(folder)
        return None
    np.save(folder / "places.npy", order)
    assert old.folder is not None
    for name in shared_files(old):
        share(old.folder / name, work / name)
    settings = stored_settings(encoder)
    digest.update(json.dumps([settings, thesaurus], sort_keys=True).encode())
    held = old.manifest.get("base") or old.manifest["counts"]
    return {
        **settings,
        "digest": digest.hexdigest(),
        "counts": {"documents": len(plan), "passages": places.total},
        "base": {"documents": held["documents"], "passages": held["passages"]},
        DELTA: {"passages": part["counts"]["passages"], "gone": len(gone), "vectors": part["vectors"]},
        "average_lengths": averages,
        "occurrences": old.manifest["occurrences"],
        "vectors": old.manifest["vectors"],
        "thesaurus": thesaurus,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def shared_files(old: Index) -> Manifest:
    """Entries of the files that a delta takes over from the generation before."""
    files: Manifest = old.manifest["files"]
    return {name: entry for name, entry in files.items() if name not in _OWN and "/" not in name}


class _Places:
    """Where each passage stands in the order of the corpus."""

    def __init__(self, base: int) -> None:
        self.total, self._base = 0, base
        self._runs: list[tuple[int, int, int]] = []  # number, count, place

    def add(self, start: int, count: int) -> None:
        self._runs.append((start, count, self.total))
        self.total += count

    def array(self, beside: int) -> NDArray[np.int32]:
        order = np.full(self._base + beside, -1, dtype=np.int32)
        for start, count, place in self._runs:
            order[start : start + count] = np.arange(place, place + count, dtype=np.int32)
        return order


def _write_dead(old: Index, gone: NDArray[np.int64], path: Path) -> dict[str, int]:
    """Write inverted lists of the passages ``gone`` of the last full build; returns the terms they hold."""
    codes, lemmas = bytearray(), bytearray()
    writer = StreamWriter(Vocabulary(), codes.extend, lemmas.extend)
    for number in gone.tolist():
        writer.copy(old.streams, number, number + 1)
    code_at, lemma_at, head_codes, head_lemmas = writer.places()
    streams = Streams(
        np.frombuffer(bytes(codes), dtype=np.uint16),
        code_at,
        head_codes,
        np.frombuffer(bytes(lemmas), dtype=np.uint32),
        lemma_at,
        head_lemmas,
    )
    keys = np.empty(len(old.lexicon.lemma_ids), dtype=np.uint64)
    keys[old.lexicon.lemma_ids] = old.lexicon.lemma_keys
    arrays = ArrayWriter(path)
    occurrences = write_lexicon(streams, keys, arrays)
    arrays.close()
    return occurrences
