"""Writing the files of a generation: a stream of passages, then what is made from all of them."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Passage
from assistant.search.analysis import Analyser
from assistant.search.generations import Checkpoint, Manifest
from assistant.search.index import LEMMAS, LEXICON, TABLES, Index, stored_settings
from assistant.search.lexical import SENTENCE, Streams, usual_lengths, write_lexicon
from assistant.search.mapped import ArrayWriter
from assistant.search.store import COLUMNS, DocumentEntry, Labels, PassageFile, meta_row, passage_line
from assistant.search.terms import PassageTerms, indexed_text, lemma_keys
from assistant.search.vectors import RAW_FILE, Encoder, write_vectors

_BATCH = 1024
_MOST_WAITING = 8  # batches
_FEW_LEMMAS = 65_536  # whose numbers need 16 bits
_NARROWED = 4_000_000  # numbers in memory at once
_MOST_COPIED = 65_536  # passages taken over from an older index in one go


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """One document offered to the index; ``passages`` is called only where ``digest`` is new."""

    id: str
    digest: str
    passages: Callable[[], Sequence[Passage]]


class Vocabulary:
    """Lemmas numbered in order of appearance; 0 is the mark that ends a sentence."""

    def __init__(self, lemmas: Sequence[str] = ()) -> None:
        self.lemmas = list(lemmas) or [""]
        self._ids = {lemma: number for number, lemma in enumerate(self.lemmas)}

    def ids(self, sentences: Iterable[Sequence[str]]) -> list[int]:
        """Ids of all lemmas with the mark after each sentence."""
        ids, found = self._ids, []
        for sentence in sentences:
            for lemma in sentence:
                number = ids.get(lemma)
                if number is None:
                    lemma = lemma.replace("\n", " ")
                    number = ids.setdefault(lemma, len(ids))
                    if number == len(self.lemmas):
                        self.lemmas.append(lemma)
                found.append(number)
            found.append(SENTENCE)
        return found


class StreamWriter:
    """Collects codes, lemmas and their places; writes them through ``sink`` callables."""

    def __init__(
        self, vocabulary: Vocabulary, codes: Callable[[Any], object], lemmas: Callable[[Any], object]
    ) -> None:
        self._vocabulary, self._codes, self._lemmas = vocabulary, codes, lemmas
        self.code_at, self.lemma_at = array("q", [0]), array("q", [0])
        self.head_codes, self.head_lemmas = array("i"), array("i")

    def add(self, terms: PassageTerms) -> None:
        """Append one passage."""
        ids = self._vocabulary.ids(terms.sentences)
        head = sum(len(sentence) + 1 for sentence in terms.sentences[: terms.head_sentences])
        self._codes(terms.codes.tobytes())
        self._lemmas(np.array(ids, dtype=np.uint32).tobytes())
        self.code_at.append(self.code_at[-1] + len(terms.codes))
        self.lemma_at.append(self.lemma_at[-1] + len(ids))
        self.head_codes.append(terms.head_codes)
        self.head_lemmas.append(head)

    def copy(self, streams: Streams, start: int, end: int, numbers: NDArray[np.uint32] | None = None) -> None:
        """Append passages of an index.

        ``numbers``: number of each of its lemmas in this vocabulary, where the two do not share one.
        """
        for at, source, mine, sink in (
            (streams.code_at, streams.codes, self.code_at, self._codes),
            (streams.lemma_at, streams.lemmas, self.lemma_at, self._lemmas),
        ):
            copied = source[int(at[start]) : int(at[end])]
            if source is streams.lemmas:
                copied = copied.astype(np.uint32) if numbers is None else numbers[copied]
            sink(np.ascontiguousarray(copied).data)
            mine.frombytes((at[start + 1 : end + 1] + (mine[-1] - at[start])).tobytes())
        self.head_codes.frombytes(np.ascontiguousarray(streams.head_codes[start:end]).tobytes())
        self.head_lemmas.frombytes(np.ascontiguousarray(streams.head_lemmas[start:end]).tobytes())

    def places(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """code_at, lemma_at, head_codes, head_lemmas as arrays."""
        return (
            np.array(self.code_at, dtype=np.int64),
            np.array(self.lemma_at, dtype=np.int64),
            np.array(self.head_codes, dtype=np.int32),
            np.array(self.head_lemmas, dtype=np.int32),
        )


@dataclass(frozen=True, slots=True)
class _Batch:
    passages: list[tuple[Passage, int]]
    terms: Future[list[PassageTerms]]
    vectors: bytes


@dataclass(slots=True)
class _Run:
    """Neighbouring passages of an older index, to be copied in one go."""

    part: Index
    start: int
    end: int
    documents: list[int]  # number of the document of each passage


class GenerationWriter:
    """The files of a generation under way."""

    def __init__(
        self,
        work: Path,
        encoder: Encoder | None,
        old: Index | None,
        step: Callable[[int], None],
        workers: int | None = None,
    ) -> None:
        self._work, self._encoder, self._old, self._step = work, encoder, old, step
        self._files = {
            name: (work / name).open("wb")
            for name in ("passages.jsonl", "codes.u16", LEMMAS[1], RAW_FILE, "documents.jsonl")
        }
        self._lexicon = ArrayWriter(work / LEXICON)
        self.vocabulary = Vocabulary(old.lemmas if old is not None else ())
        self._streams = StreamWriter(
            self.vocabulary, self._files["codes.u16"].write, self._files[LEMMAS[1]].write
        )
        self._text_at = array("q", [0])
        self._labels = Labels()
        self._meta = array("i")
        self._entries = 0
        self._pending: list[tuple[Passage, int]] = []
        self._analyser = Analyser(workers)
        self._waiting: deque[_Batch] = deque()
        self._digest = hashlib.sha256()
        self._run: _Run | None = None
        self._numbers: NDArray[np.uint32] | None = None

    @property
    def passages(self) -> int:
        """Passages taken so far."""
        held = len(self._run.documents) if self._run else 0
        waiting = sum(len(batch.passages) for batch in self._waiting)
        return len(self._text_at) - 1 + waiting + len(self._pending) + held

    def _enter(self, document: DocumentInput, count: int) -> int:
        entry = DocumentEntry(document.id, document.digest, self.passages, count)
        line = json_line([entry.id, entry.digest, entry.start, entry.count])
        self._files["documents.jsonl"].write(line)
        self._digest.update(line)
        self._entries += 1
        return self._entries - 1

    def take(self, document: DocumentInput, held: DocumentEntry | None) -> None:
        """Take a document over from the old index where it is ``held`` there, else cut it."""
        if held is None:
            self.add(document)
        else:
            self.keep(document, held)

    def add(self, document: DocumentInput) -> None:
        """Cut, and keep for the next batch."""
        passages = document.passages()
        self._copy_run()
        number = self._enter(document, len(passages))
        for passage in passages:
            self._pending.append((passage, number))
            if len(self._pending) >= _BATCH:
                self._flush(wait=False)

    def keep(self, document: DocumentInput, entry: DocumentEntry) -> None:
        """Take a document over from the old index; neighbours are copied in one go."""
        assert self._old is not None
        self._flush()
        part, start = self._old.locate(entry)
        run = self._run
        if run is not None and (
            run.part is not part or run.end != start or run.end - run.start >= _MOST_COPIED
        ):
            self._copy_run()
        number = self._enter(document, entry.count)
        if self._run is None:
            self._run = _Run(part, start, start, [])
        self._run.documents.extend([number] * entry.count)
        self._run.end = start + entry.count

    def _flush(self, *, wait: bool = True) -> None:
        """Send what is pending to be analysed; write batches that are ready, with ``wait`` all of them."""
        if self._pending:
            batch, self._pending = self._pending, []
            passages = [passage for passage, _ in batch]
            analysed = self._analyser.submit(passages)
            vectors = b""
            if self._encoder is not None:
                encoded = self._encoder.encode_passages([indexed_text(passage) for passage in passages])
                vectors = np.ascontiguousarray(encoded, dtype=np.float16).tobytes()
            self._waiting.append(_Batch(batch, analysed, vectors))
        while self._waiting:
            ready = wait or len(self._waiting) > _MOST_WAITING or self._waiting[0].terms.done()
            if not ready:
                break
            self._write(self._waiting.popleft())

    def _write(self, batch: _Batch) -> None:
        for (passage, number), terms in zip(batch.passages, batch.terms.result(), strict=True):
            line = passage_line(passage)
            self._files["passages.jsonl"].write(line)
            self._text_at.append(self._text_at[-1] + len(line))
            self._streams.add(terms)
            self._meta.extend(meta_row(passage, number, self._labels))
        self._files[RAW_FILE].write(batch.vectors)
        self._step(len(self._text_at) - 1)

    def _copy_run(self) -> None:
        if self._run is None:
            return
        old, start, end, numbers = self._run.part, self._run.start, self._run.end, self._run.documents
        self._run = None
        assert isinstance(old.passages, PassageFile)
        at = old.passages.at
        self._files["passages.jsonl"].write(old.passages.lines(start, end))
        self._text_at.frombytes((at[start + 1 : end + 1] + (self._text_at[-1] - at[start])).tobytes())
        self._streams.copy(old.streams, start, end, self._numbers_of(old))
        columns = np.array(old.meta.columns[:, start:end])
        columns[COLUMNS.index("document")] = numbers
        for column in ("year_set", "municipality_set", "grant"):
            row = COLUMNS.index(column)
            table = {
                n: self._labels.number(column, old.meta.labels.values(column)[n])
                for n in dict.fromkeys(columns[row].tolist())
            }
            columns[row] = [table[n] for n in columns[row].tolist()]
        self._meta.frombytes(np.ascontiguousarray(columns.T, dtype=np.int32).tobytes())
        if self._encoder is not None and old.vectors is not None:
            self._files[RAW_FILE].write(np.ascontiguousarray(old.vectors.matrix[start:end]).data)
        old.rest()
        self._step(self.passages)

    def _numbers_of(self, part: Index) -> NDArray[np.uint32] | None:
        """Numbers of the lemmas of what lay beside the old index; None for the old index itself."""
        if part is self._old:
            return None
        if self._numbers is None:
            known = self.vocabulary.ids([part.lemmas[1:]])[:-1]
            self._numbers = np.array([SENTENCE, *known], dtype=np.uint32)
        return self._numbers

    def _old_vectors(self) -> tuple[str, Path] | None:
        if self._old is None or self._old.folder is None:
            return None
        return str(self._old.manifest.get("vectors")), self._old.folder

    def close(self) -> None:
        """Close the files and end what is under way."""
        self._analyser.close()
        self._lexicon.close(whole=False)
        for file in self._files.values():
            file.close()

    def finish(self, checkpoint: Checkpoint, say: Callable[[str], None], thesaurus: str) -> Manifest:
        """Write what is made from all passages together; returns the manifest."""
        self._flush()
        self._copy_run()
        self._analyser.close()
        for file in self._files.values():
            file.close()
        checkpoint("streams-written")
        work, count = self._work, len(self._text_at) - 1
        code_at, lemma_at, head_codes, head_lemmas = self._streams.places()
        tables = ArrayWriter(work / TABLES)
        tables.add("at", np.stack([np.array(self._text_at, dtype=np.int64), code_at, lemma_at]))
        tables.add("heads", np.stack([head_codes, head_lemmas]))
        tables.add("meta", np.array(self._meta, dtype=np.int32).reshape(count, len(COLUMNS)).T)
        tables.add("labels", as_bytes(self._labels.to_json()))
        tables.add("lemmas", as_bytes("\n".join(self.vocabulary.lemmas)))
        tables.close()
        if len(self.vocabulary.lemmas) <= _FEW_LEMMAS:
            _narrow_file(work / LEMMAS[1], work / LEMMAS[0])
        checkpoint("tables-written")
        say("語の索引を作成しています")
        with ThreadPoolExecutor(1) as beside:
            vectors = beside.submit(self._write_vectors, count)
            occurrences = write_lexicon(
                Streams(
                    _RangeFile(work / "codes.u16", np.uint16),
                    code_at,
                    head_codes,
                    next(
                        _RangeFile(work / name, kind)
                        for name, kind in zip(LEMMAS, (np.uint16, np.uint32), strict=True)
                        if (work / name).exists()
                    ),
                    lemma_at,
                    head_lemmas,
                ),
                lemma_keys(self.vocabulary.lemmas),
                self._lexicon,
                checkpoint=checkpoint,
            )
            self._lexicon.close()
            checkpoint("lexicon-written")
            say("ベクトルの索引を作成しています")
            made = vectors.result()
        checkpoint("vectors-written")
        settings = stored_settings(self._encoder)
        self._digest.update(json.dumps([settings, thesaurus], sort_keys=True).encode())
        return {
            **settings,
            "digest": self._digest.hexdigest(),
            "counts": {"documents": self._entries, "passages": count},
            "average_lengths": usual_lengths(occurrences, count),
            "occurrences": occurrences,
            "vectors": made,
            "thesaurus": thesaurus,
            "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def _write_vectors(self, count: int) -> str:
        if self._encoder is None:
            (self._work / RAW_FILE).unlink()
            return "none"
        return write_vectors(self._work, count, self._encoder.dimension, self._old_vectors())


class _RangeFile:
    """A file of numbers of which ranges are read."""

    def __init__(self, path: Path, dtype: Any) -> None:
        self._path, self._dtype = path, np.dtype(dtype)

    def __getitem__(self, part: slice, /) -> NDArray[Any]:
        start, end, _ = part.indices(self._path.stat().st_size // self._dtype.itemsize)
        return np.fromfile(self._path, self._dtype, end - start, offset=start * self._dtype.itemsize)


def _narrow_file(wide: Path, narrow: Path) -> None:
    """Write 32-bit numbers that need 16 bits as such, a few at a time."""
    numbers, length = _RangeFile(wide, np.uint32), wide.stat().st_size // 4
    with narrow.open("wb") as file:
        for start in range(0, length, _NARROWED):
            file.write(numbers[start : start + _NARROWED].astype(np.uint16).data)
    wide.unlink()


def as_bytes(text: str) -> NDArray[np.uint8]:
    """A text as an array."""
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def json_line(value: object) -> bytes:
    """One line of JSON."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
