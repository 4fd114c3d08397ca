"""An index that is open: passages, lexicon, streams, vectors, and where they came from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Passage
from assistant.errors import IndexUnusable
from assistant.japanese.tokens import TOKENIZER
from assistant.search.generations import (
    REBUILD,
    VERIFY_AT_OPEN_BYTES,
    Manifest,
    Pin,
    find_damage,
    pin,
)
from assistant.search.lexical import FIELDS, Lexicon, Streams, open_lexicon
from assistant.search.mapped import MOST_RESIDENT_BYTES, MappedFile, let_go_of, read_arrays
from assistant.search.store import (
    COLUMNS,
    DocumentEntry,
    Filters,
    Labels,
    Meta,
    PassageFile,
    Passages,
    read_documents,
)
from assistant.search.terms import TERMS, lemma_keys
from assistant.search.thesaurus import Thesaurus, load_thesaurus
from assistant.search.vectors import Encoder, VectorStore, open_vectors

FORMAT = 3
DELTA, DEAD = (
    "delta",
    "dead.bin",
)  # folder of what came since the other files were made; lists of what is gone
TABLES, LEXICON = "tables.bin", "lexicon.bin"  # arrays in one file each
LEMMAS = "lemmas.u16", "lemmas.u32"  # whichever holds all numbers of lemmas
TERMS_NAME = f"{TERMS}+{TOKENIZER}"


def stored_settings(encoder: Encoder | None) -> dict[str, Any]:
    """What has to agree between a stored index and the program that opens it."""
    return {
        "format": FORMAT,
        "terms": TERMS_NAME,
        "fields": [[f.name, f.k1, f.b] for f in FIELDS],
        "encoder": {"name": encoder.name, "digest": encoder.digest, "dimension": encoder.dimension}
        if encoder
        else None,
    }


@dataclass(frozen=True)
class Index:
    """One generation, open for reading; safe to use from several threads."""

    passages: Passages
    lexicon: Lexicon
    streams: Streams
    meta: Meta
    vectors: VectorStore | None
    encoder: Encoder | None
    thesaurus: Thesaurus
    manifest: Manifest = field(default_factory=dict)
    entries: Sequence[DocumentEntry] | None = None  # given for an index in memory
    pin: Pin | None = None
    folder: Path | None = None
    places: NDArray[np.int32] | None = None  # place of each passage in the order of the corpus; -1: gone
    delta: Index | None = None  # passages that came since; their lists and numbers are their own
    dead: Lexicon | None = None  # lists of the passages that are gone
    stored_lemmas: NDArray[np.uint8] | None = None  # a line for each id
    files: tuple[MappedFile, ...] = ()  # whose pages may be let go

    def __len__(self) -> int:
        gone = self.dead.documents if self.dead is not None else 0
        return len(self.streams) - gone + (len(self.delta) if self.delta is not None else 0)

    @property
    def parts(self) -> tuple[Index, ...]:
        """What is searched: this index and, where one lies beside it, what came since."""
        return (self,) if self.delta is None else (self, self.delta)

    @property
    def digest(self) -> str:
        """Changes with any document, the tokenizer or the encoder."""
        return str(self.manifest.get("digest", ""))

    @cached_property
    def lemmas(self) -> Sequence[str]:
        """All lemmas of an index on disk by id."""
        return _text(self.stored_lemmas).split("\n") if self.stored_lemmas is not None else ()

    @cached_property
    def documents(self) -> Sequence[DocumentEntry]:
        """All documents in index order."""
        if self.entries is not None:
            return self.entries
        assert self.pin is not None
        return read_documents(self.pin.path / "documents.jsonl")

    @cached_property
    def _document_numbers(self) -> dict[str, int]:
        return {entry.id: number for number, entry in enumerate(self.documents)}

    @property
    def document_ids(self) -> Sequence[str]:
        """Ids of all documents in index order."""
        return list(self._document_numbers)

    def passages_of(self, document_id: str) -> list[Passage]:
        """Passages of one document in order; empty where the index does not hold it."""
        number = self._document_numbers.get(document_id)
        if number is None:
            return []
        entry = self.documents[number]
        part, start = self.locate(entry)
        return [part.passages[i] for i in range(start, start + entry.count)]

    def locate(self, entry: DocumentEntry) -> tuple[Index, int]:
        """The part that holds a document, and the number of its first passage there."""
        if self.delta is None or entry.start < len(self.streams):
            return self, entry.start
        return self.delta, entry.start - len(self.streams)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of an id (``document#number``), or None."""
        document_id = passage_id.rpartition("#")[0]
        return next((p for p in self.passages_of(document_id) if p.id == passage_id), None)

    def document_frequency(self, lemma: str) -> int:
        """Number of passages that hold a content lemma."""
        key = lemma_keys([lemma])
        held = [(1, part.lexicon) for part in self.parts]
        held += [(-1, self.dead)] if self.dead is not None else []
        return sum(
            sign * int(lexicon.fields["content"].document_frequency(lexicon.lemma_rows(key))[0])
            for sign, lexicon in held
        )

    def rest(self) -> None:
        """Let go of what searches read of a large index, once that is more than 1.1 GB.

        Lists of words last: of them every search reads much, of the others here and there a little.
        """
        let_go_of((file for part in self.parts for file in part.files), MOST_RESIDENT_BYTES)

    def masks(self, filters: Filters) -> list[NDArray[np.bool_] | None]:
        """Which passages of each part pass; None where all do."""
        masks: list[NDArray[np.bool_] | None] = [None] * len(self.parts)
        if not filters.is_empty:
            masks = [part.meta.mask(filters) for part in self.parts]
        if filters.document_ids:
            wanted = [np.zeros(len(part.streams), dtype=bool) for part in self.parts]
            for document_id in filters.document_ids & self._document_numbers.keys():
                entry = self.documents[self._document_numbers[document_id]]
                part, start = self.locate(entry)
                wanted[self.parts.index(part)][start : start + entry.count] = True
            masks = [both if mask is None else mask & both for mask, both in zip(masks, wanted, strict=True)]
        if self.dead is not None and self.dead.documents and self.places is not None:
            alive = self.places >= 0
            masks[0] = alive if masks[0] is None else masks[0] & alive
        return masks


def open_index(directory: Path, encoder: Encoder | None = None, *, verify: bool = True) -> Index:
    """Open the current generation.

    ``encoder`` must be the one the index was built with; None opens the lexical side alone.
    Checksums are verified (contents of the first 768 MB, smallest files first; ``check_index``
    reads everything).  Raises ``IndexUnusable`` where the index is missing, damaged, of another
    format or made with another encoder.
    """
    pinned = pin(directory)
    manifest = pinned.manifest
    require_same_settings(manifest, encoder)
    if verify:
        damage = find_damage(pinned.path, manifest, up_to_bytes=VERIFY_AT_OPEN_BYTES)
        if damage:
            raise IndexUnusable("検索用の索引が壊れています。", why="、".join(damage[:5]), remedy=REBUILD)
    try:
        return _read(pinned, encoder)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise IndexUnusable("検索用の索引を読み込めません。", why=str(error), remedy=REBUILD) from error


def require_same_settings(manifest: Manifest, encoder: Encoder | None) -> None:
    """Raise ``IndexUnusable`` where the index was made in another way than this program reads it."""
    wanted = stored_settings(encoder)
    for key, what in (("format", "形式"), ("terms", "語の切り方"), ("fields", "検索項目の設定")):
        if manifest.get(key) != wanted[key]:
            raise IndexUnusable(
                "検索用の索引が、いまの版のプログラムと合いません。",
                why=f"{what}が違います（索引: {manifest.get(key)}、プログラム: {wanted[key]}）",
                remedy=REBUILD,
            )
    if encoder is not None and manifest.get("encoder") != wanted["encoder"]:
        made = manifest.get("encoder") or {}
        raise IndexUnusable(
            "検索用の索引が、別の文ベクトルモデルで作られています。",
            why=f"索引: {made.get('name', 'なし')}、いまの設定: {encoder.name}",
            remedy=REBUILD,
        )


def _read(pinned: Pin, encoder: Encoder | None) -> Index:
    path, manifest = pinned.path, pinned.manifest
    whole = _read_part(path, manifest, manifest.get("base") or manifest["counts"], encoder)
    if "base" not in manifest:
        return replace(whole, pin=pinned)
    folder, made = path / DELTA, manifest[DELTA]
    delta = _read_part(folder, manifest, made, encoder, thesaurus=whole.thesaurus)
    places = np.load(folder / "places.npy", allow_pickle=False)
    held = len(whole.streams)
    if places.shape != (held + len(delta.streams),):
        raise ValueError("断片の順序の数が目録と合いません")
    return replace(
        whole,
        pin=pinned,
        places=places[:held],
        delta=replace(delta, places=places[held:]),
        dead=open_lexicon(
            read_arrays(MappedFile(folder / DEAD)), manifest["average_lengths"], int(made["gone"])
        ),
    )


def _read_part(
    path: Path,
    manifest: Manifest,
    counts: dict[str, int],
    encoder: Encoder | None,
    thesaurus: Thesaurus | None = None,
) -> Index:
    narrow = (path / LEMMAS[0]).exists()
    texts, codes, lemmas, tables, lists = (
        MappedFile(path / name)
        for name in ("passages.jsonl", "codes.u16", LEMMAS[0 if narrow else 1], TABLES, LEXICON)
    )
    arrays = read_arrays(tables)
    at, heads, columns = arrays["at"], arrays["heads"], arrays["meta"]
    count = int(counts["passages"])
    if at.shape != (3, count + 1) or heads.shape != (2, count):
        raise ValueError("断片の数が目録と合いません")
    if columns.shape != (len(COLUMNS), count):
        raise ValueError("断片の属性の数が目録と合いません")
    vectors, large = open_vectors(path) if encoder is not None else (None, [])
    return Index(
        passages=PassageFile(texts, at[0]),
        lexicon=open_lexicon(read_arrays(lists), manifest["average_lengths"], count),
        streams=Streams(
            codes=codes.array(np.uint16),
            code_at=at[1],
            head_codes=heads[0],
            lemmas=lemmas.array(np.uint16 if narrow else np.uint32),
            lemma_at=at[2],
            head_lemmas=heads[1],
        ),
        meta=Meta(columns, Labels(json.loads(_text(arrays["labels"])))),
        vectors=vectors,
        encoder=encoder,
        thesaurus=load_thesaurus(path / "thesaurus.tsv") if thesaurus is None else thesaurus,
        manifest=manifest,
        folder=path,
        stored_lemmas=arrays["lemmas"],
        files=(texts, codes, lemmas, *large, tables, lists),
    )


def _text(stored: NDArray[np.uint8]) -> str:
    return stored.tobytes().decode("utf-8", "surrogatepass")


def check_index(directory: Path, expected: dict[str, str] | None = None) -> list[str]:
    """Read every byte; with ``expected`` (digest by document id) also say what differs from the corpus.

    Returns Japanese sentences; an empty list is a clean bill.  Raises ``IndexUnusable`` where there is
    no index to check.
    """
    pinned = pin(directory)
    problems = find_damage(pinned.path, pinned.manifest)
    try:
        require_same_settings(pinned.manifest, None)
    except IndexUnusable as error:
        problems.append(f"{error.what}{error.why}")
    if problems or expected is None:
        return problems
    held = {entry.id: entry.digest for entry in read_documents(pinned.path / "documents.jsonl")}
    problems += [f"文書「{i}」は索引にまだありません" for i in expected if i not in held]
    problems += [f"文書「{i}」は資料から無くなりました" for i in held if i not in expected]
    problems += [
        f"文書「{i}」は索引の作成後に変わりました" for i in expected if i in held and held[i] != expected[i]
    ]
    return problems
