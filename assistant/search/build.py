"""Building an index: only changed documents are cut, tokenised and encoded again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.domain import Passage
from assistant.errors import CorpusInvalid, IndexUnusable
from assistant.search.delta import Survey, shared_files, write_delta
from assistant.search.generations import Checkpoint, building, nothing, publish
from assistant.search.index import Index, open_index, stored_settings
from assistant.search.lexical import Streams, build_lexicon
from assistant.search.store import COLUMNS, DocumentEntry, Labels, Meta, meta_row
from assistant.search.terms import analyse_passage, indexed_text, lemma_keys
from assistant.search.thesaurus import Thesaurus, load_thesaurus
from assistant.search.vectors import Encoder, build_vectors
from assistant.search.writer import DocumentInput, GenerationWriter, StreamWriter, Vocabulary


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: a Japanese sentence, and passages done so far."""

    step: str
    done: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    generation: str
    digest: str
    documents: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    seconds: float
    published: bool  # False: nothing had changed, the old generation stays


def _silent(_: Progress) -> None:
    return None


def build_index(
    documents: Iterable[DocumentInput],
    directory: Path,
    encoder: Encoder | None,
    *,
    progress: Callable[[Progress], None] = _silent,
    thesaurus: Path | None = None,
    fresh: bool = False,
    workers: int | None = None,
    checkpoint: Checkpoint = nothing,
) -> BuildReport:
    """Bring the index in ``directory`` to the state of ``documents``.

    Documents whose id and digest the current generation holds are taken over as they are,
    unless ``fresh``; a small change to a large index touches nothing else (see ``delta``).  A build that ends in any way but success leaves the current generation
    serving.  ``workers``: other processes for tokenising a large build (None: one core stays free; 0: none).
    Memory stays bounded: passages, terms and vectors go to disk in batches.
    Raises ``CorpusInvalid`` for two documents of one id and ``StorageFailed`` where the disk refuses.
    """
    started = time.perf_counter()
    words = b""
    if thesaurus is not None and thesaurus.exists():
        load_thesaurus(thesaurus)  # mistakes are reported before anything is built
        words = thesaurus.read_bytes()
    with ExitStack() as stack:
        work = stack.enter_context(building(directory))
        checkpoint("started")
        old = None if fresh else _reusable(directory, encoder)
        held = {entry.id: entry for entry in old.documents} if old else {}
        seen: set[str] = set()
        twice: dict[str, None] = {}
        added = changed = unchanged = 0
        in_order = True

        def read(done: int) -> None:
            progress(Progress("文書を読み込んでいます", done))

        def say(step: str) -> None:
            progress(Progress(step, writer.passages if writer else survey.passages))

        def begin() -> GenerationWriter:
            made = GenerationWriter(work, encoder, old, read, workers)
            stack.callback(made.close)
            for planned in survey.plan:
                made.take(planned.document, planned.held)
            return made

        survey = Survey(old)
        writer = None if survey.fits else begin()
        for document in documents:
            if document.id in seen:
                twice[document.id] = None
                continue
            entry = held.get(document.id)
            in_order = in_order and old is not None and _at(old, len(seen)) == entry
            seen.add(document.id)
            same = entry is not None and entry.digest == document.digest
            unchanged += same
            added, changed = added + (entry is None), changed + (entry is not None and not same)
            if writer is not None:
                writer.take(document, entry if same else None)
                continue
            survey.add(document, entry if same else None)
            if not survey.fits:
                writer = begin()
        if twice:
            raise CorpusInvalid(f"文書の識別子「{i}」が重複しています" for i in twice)
        removed = len(held.keys() - seen)
        if old is not None and not (added or changed or removed) and in_order and _same_words(old, words):
            counts = old.manifest["counts"]
            return BuildReport(
                old.pin.path.name if old.pin else "",
                old.digest,
                counts["documents"],
                counts["passages"],
                *(0, 0, 0, unchanged),
                time.perf_counter() - started,
                False,
            )
        (work / "thesaurus.tsv").write_bytes(words)
        digest = hashlib.sha256(words).hexdigest()
        manifest = None
        if writer is None and old is not None and survey.leaves_enough:
            manifest = write_delta(work, encoder, old, survey.plan, digest, checkpoint, read, say)
        known = shared_files(old) if manifest is not None and old is not None else None
        if manifest is None:
            writer = writer or begin()
            manifest = writer.finish(checkpoint, say, digest)
        passages = int(manifest["counts"]["passages"])
        progress(Progress("索引を保存しています", passages))
        if old is not None and old.pin is not None:
            old.pin.close()  # nothing more is read from it, and it may be cleaned away
        generation = publish(directory, work, manifest, checkpoint, known=known)
    return BuildReport(
        generation,
        str(manifest["digest"]),
        len(seen),
        passages,
        added,
        changed,
        removed,
        unchanged,
        time.perf_counter() - started,
        True,
    )


def _at(index: Index, number: int) -> DocumentEntry | None:
    return index.documents[number] if number < len(index.documents) else None


def _same_words(index: Index, words: bytes) -> bool:
    return index.manifest.get("thesaurus") == hashlib.sha256(words).hexdigest()


def _reusable(directory: Path, encoder: Encoder | None) -> Index | None:
    """The current generation where its parts can be taken over; None builds everything anew."""
    try:
        index = open_index(directory, encoder)
    except IndexUnusable:
        return None
    return index if index.manifest.get("encoder") == stored_settings(encoder)["encoder"] else None


def build_memory_index(
    passages: Sequence[Passage],
    encoder: Encoder | None,
    *,
    beside: Index | None = None,
    thesaurus: Thesaurus | None = None,
) -> Index:
    """An index in memory, for uploads; nothing is written.

    ``beside`` is the index it will be searched together with: it lends its average lengths and its
    thesaurus, so that scores of the two can be compared.
    """
    vocabulary, codes, lemmas = Vocabulary(), bytearray(), bytearray()
    writer = StreamWriter(vocabulary, codes.extend, lemmas.extend)
    labels, rows = Labels(), []
    entries: list[DocumentEntry] = []
    for number, passage in enumerate(passages):
        if not entries or entries[-1].id != passage.document_id:
            entries.append(DocumentEntry(passage.document_id, "", number, 0))
        last = entries[-1]
        entries[-1] = DocumentEntry(last.id, last.digest, last.start, last.count + 1)
        writer.add(analyse_passage(passage))
        rows.append(meta_row(passage, len(entries) - 1, labels))
    if len({entry.id for entry in entries}) != len(entries):
        raise ValueError("passages of one document must follow each other")
    code_at, lemma_at, head_codes, head_lemmas = writer.places()
    streams = Streams(
        np.frombuffer(bytes(codes), dtype=np.uint16),
        code_at,
        head_codes,
        np.frombuffer(bytes(lemmas), dtype=np.uint32),
        lemma_at,
        head_lemmas,
    )
    averages = (
        {name: postings.average_length for name, postings in beside.lexicon.fields.items()}
        if beside
        else None
    )
    vectors = None
    if encoder is not None:
        texts = [indexed_text(passage) for passage in passages]
        matrix = encoder.encode_passages(texts) if texts else np.zeros((0, encoder.dimension), np.float32)
        vectors = build_vectors(np.asarray(matrix, dtype=np.float16))
    columns = np.array(rows, dtype=np.int32).reshape(len(passages), len(COLUMNS)).T
    return Index(
        passages=list(passages),
        lexicon=build_lexicon(streams, lemma_keys(vocabulary.lemmas), average_lengths=averages),
        streams=streams,
        meta=Meta(np.ascontiguousarray(columns), labels),
        vectors=vectors,
        encoder=encoder,
        thesaurus=thesaurus or (beside.thesaurus if beside else Thesaurus()),
        manifest={"digest": hashlib.sha256("".join(p.id + p.digest for p in passages).encode()).hexdigest()},
        entries=entries,
    )
