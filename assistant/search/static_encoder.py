"""A static encoder in numpy: a row per word piece, summed with the square root of its count.

The vector of a text is ``Σ √tf(p) · w(p) · e(p)`` over its distinct pieces, cut to length 1.
Rows are kept as 4- or 8-bit integers with one scale per piece (into which ``w`` is folded);
``tokenizer.json`` normalises (NFKC, lower case) and cuts the text into Unigram pieces.

The folder is a sentence-transformers model folder as well: see ``sentence_module``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from assistant.errors import IndexUnusable

Vectors = npt.NDArray[np.float32]

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
KIND = "static-sqrt-tf"

_TEXTS_AT_ONCE = 512
_PIECES_AT_ONCE = 4_096  # rows gathered at once: 4 MB of float32 at 256 columns, which stay in the cache


def is_static_model(folder: Path) -> bool:
    """Whether a folder holds a model of this kind."""
    try:
        kind = json.loads((folder / CONFIG).read_text(encoding="utf-8")).get("kind")
    except (OSError, ValueError, AttributeError):
        return False
    return bool(kind == KIND)


def unpack_rows(stored: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
    """Rows as int8; uint8 holds two 4-bit values per byte, the first in the low half, each plus 8."""
    if stored.dtype == np.int8:
        return stored
    rows = np.empty((stored.shape[0], stored.shape[1] * 2), np.int8)
    rows[:, 0::2] = (stored & 0x0F).astype(np.int8) - 8
    rows[:, 1::2] = (stored >> 4).astype(np.int8) - 8
    return rows


_SMALLEST = 1e-30  # far below any trained weight; a step made of less is no normal float


def pack_rows(rows: Vectors, bits: int) -> tuple[npt.NDArray[Any], Vectors]:
    """Quantises rows to 4 or 8 bits: (stored, scales) with ``row ≈ unpack_rows(stored) · scale``."""
    top = {4: 7, 8: 127}[bits]
    largest = np.abs(rows).max(axis=1)
    # A row too small to divide by its own step is a row of zeros.
    scales = np.where(largest > _SMALLEST, largest / top, 1.0).astype(np.float32)
    whole = np.clip(np.rint(rows / scales[:, None]), -top, top).astype(np.int8)
    if bits == 8:
        return whole, scales
    shifted = (whole + 8).astype(np.uint8)
    return shifted[:, 0::2] | (shifted[:, 1::2] << 4), scales


def write_static_model(folder: Path, tokenizer: Tokenizer, rows: Vectors, bits: int) -> None:
    """Quantises rows and writes what ``StaticEncoder.open`` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    stored, scales = pack_rows(rows, bits)
    save_file({"rows": stored, "scales": scales}, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)
    (folder / TOKENIZER).write_text(tokenizer.to_str(pretty=False) + "\n", encoding="utf-8")
    config = {"kind": KIND, "bits": bits, "dimension": int(rows.shape[1])}
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def digest_of_folder(folder: Path) -> str:
    """sha256 over the files that decide the vectors."""
    digest = hashlib.sha256()
    for name in (CONFIG, TOKENIZER, WEIGHTS):
        digest.update(name.encode())
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


class StaticEncoder:
    """Numpy encoder; loads in milliseconds and may be shared between threads."""

    def __init__(
        self, name: str, digest: str, tokenizer: Tokenizer, rows: npt.NDArray[np.int8], scales: Vectors
    ) -> None:
        if len(rows) != tokenizer.get_vocab_size() or len(scales) != len(rows):
            raise ValueError(f"{len(rows)} rows, {len(scales)} scales, {tokenizer.get_vocab_size()} pieces")
        self.name, self.digest = name, digest
        self.tokenizer, self.rows, self.scales = tokenizer, rows, scales
        self.dimension = int(rows.shape[1])

    @classmethod
    def open(cls, folder: Path, name: str | None = None) -> StaticEncoder:
        """Opens a model folder.

        Raises:
            IndexUnusable: The folder is incomplete or damaged.
        """
        try:
            weights = load_file(folder / WEIGHTS)
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            rows = unpack_rows(weights["rows"])
            return cls(name or str(folder), digest_of_folder(folder), tokenizer, rows, weights["scales"])
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise IndexUnusable(
                f"埋め込みモデル「{name or folder}」を開けませんでした。",
                why=str(error),
                remedy="モデルのフォルダーを元に戻すか、作り直してください。",
            ) from error
        except Exception as error:  # tokenizers raises bare Exception for a damaged file
            raise IndexUnusable(
                f"埋め込みモデル「{name or folder}」の分かち書き辞書を開けませんでした。",
                why=str(error),
                remedy="モデルのフォルダーを元に戻すか、作り直してください。",
            ) from error

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people ask."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched."""
        return self._encode(texts)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece numbers of each text, in order."""
        return [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]

    def table(self, pieces: npt.NDArray[np.int64]) -> Vectors:
        """What each of these pieces adds to a text's vector, shape (pieces, dimension)."""
        rows: Vectors = self.scales[pieces][:, None] * self.rows[pieces]
        return rows

    def _encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            found[start : start + _TEXTS_AT_ONCE] = self.pool(
                self.pieces(texts[start : start + _TEXTS_AT_ONCE])
            )
        return found

    def pool(self, pieces: Sequence[Sequence[int]]) -> Vectors:
        """Unit vectors of texts given as piece numbers."""
        summed = np.zeros((len(pieces), self.dimension), np.float32)
        texts, ids, weights = count_pieces(pieces)
        start = 0
        while start < len(ids):
            stop = _end_of_text(texts, start, _PIECES_AT_ONCE)
            part = slice(start, stop)
            scaled = (weights[part] * self.scales[ids[part]])[:, None] * self.rows[ids[part]]
            firsts = np.flatnonzero(np.diff(texts[part], prepend=-1))
            summed[texts[part][firsts]] = np.add.reduceat(scaled, firsts, axis=0)
            start = stop
        lengths = np.linalg.norm(summed, axis=1, keepdims=True)
        np.divide(summed, lengths, out=summed, where=lengths > 0)
        return summed


def count_pieces(
    pieces: Sequence[Sequence[int]],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Vectors]:
    """Distinct pieces of each text: (number of the text, piece, √count), sorted by text."""
    lengths = np.fromiter((len(p) for p in pieces), np.int64, len(pieces))
    flat = np.fromiter((i for p in pieces for i in p), np.int64, int(lengths.sum()))
    keys, counts = np.unique(
        (np.repeat(np.arange(len(pieces), dtype=np.int64), lengths) << 32) | flat, return_counts=True
    )
    return keys >> 32, keys & 0xFFFFFFFF, np.sqrt(counts, dtype=np.float32)


def _end_of_text(texts: npt.NDArray[np.int64], start: int, most: int) -> int:
    """Where to cut so that at most ``most`` pieces are taken, whole texts only (one text at the least)."""
    if len(texts) - start <= most:
        return len(texts)
    last = texts[start + most]
    cut = int(np.searchsorted(texts, last, side="left"))
    return cut if cut > start else int(np.searchsorted(texts, last, side="right"))
