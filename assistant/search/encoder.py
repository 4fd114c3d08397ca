"""Sentence encoders: text in, unit vectors out.

``open_encoder("bundled")`` opens the small static Japanese model that lies in
``assistant/search/model``; it needs neither torch nor a network.  A folder opens a model
lying there (also one adapted to the user's own documents), and any other name is loaded
by sentence-transformers, with the prefixes that its family was trained with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.search.by_name import load_by_name
from assistant.search.static_encoder import StaticEncoder, is_static_model

Vectors = npt.NDArray[np.float32]

BUNDLED = "bundled"
BUNDLED_FOLDER = Path(__file__).parent / "model"

# What a family of models expects in front of a query and of a passage.
_PREFIXES = (
    ("cl-nagoya/ruri-v3", "検索クエリ: ", "検索文書: "),
    ("intfloat/multilingual-e5", "query: ", "passage: "),
)


class Encoder(Protocol):
    """Turns texts into rows that a dot product compares.

    Both methods return float32 of shape ``(len(texts), dimension)``; each row has length 1,
    or is zero where the text holds nothing to encode.
    """

    @property
    def name(self) -> str:
        """What it was opened by."""

    @property
    def digest(self) -> str:
        """Hexadecimal sha256 that changes when the vectors may change."""

    @property
    def dimension(self) -> int:
        """Columns of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people ask."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched."""


def open_encoder(name: str | Path = BUNDLED) -> Encoder:
    """Opens the encoder of that name or in that folder.

    Raises:
        DependencyMissing: The model needs sentence-transformers, which is not installed.
        UnknownName: No model of that name can be loaded here.
    """
    if str(name) == BUNDLED:
        return StaticEncoder.open(BUNDLED_FOLDER, name=BUNDLED)
    folder = Path(name)
    if is_static_model(folder):
        return StaticEncoder.open(folder, name=str(name))
    return SentenceTransformerEncoder(str(name))


def prefixes_of(name: str) -> tuple[str, str]:
    """The (query, passage) prefixes of a model by its name or folder; empty where it uses none."""
    plain = name.replace("\\", "/")
    for family, query, passage in _PREFIXES:
        if family in plain or plain.rsplit("/", 1)[-1].startswith(family.rsplit("/", 1)[-1]):
            return query, passage
    return "", ""


class SentenceTransformerEncoder:
    """A model loaded by sentence-transformers; code lying in a model folder is never run."""

    def __init__(self, name: str) -> None:
        self._model: Any = load_by_name(
            "SentenceTransformer",
            name,
            what="埋め込みモデル",
            without="標準のモデルは「bundled」で使えます。",
        )
        self.name = name
        self._prefixes = prefixes_of(name)
        self.dimension = int(self._width())
        self.digest = _digest_of_parameters(name, self._model.state_dict().items())

    def _width(self) -> int:
        named = getattr(self._model, "get_embedding_dimension", None)
        return int((named or self._model.get_sentence_embedding_dimension)())

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what people ask, after the family's query prefix."""
        return self._encode(texts, self._prefixes[0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched, after the family's passage prefix."""
        return self._encode(texts, self._prefixes[1])

    def _encode(self, texts: Sequence[str], prefix: str) -> Vectors:
        found = np.zeros((len(texts), self.dimension), np.float32)
        filled = [number for number, text in enumerate(texts) if text.strip()]
        if filled:
            # prompt="" keeps a prompt configured in the model from being added to our prefix
            raw = self._model.encode(
                [prefix + texts[number] for number in filled],
                prompt="",
                convert_to_numpy=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            found[filled] = np.asarray(raw, np.float32)
        return found


def _digest_of_parameters(name: str, parameters: Iterable[tuple[str, Any]]) -> str:
    """A fingerprint of a model: names, shapes and the first values of each parameter.

    Reading gigabytes to the end at each start would cost more than it protects.
    """
    digest = hashlib.sha256(name.encode())
    for label, values in parameters:
        digest.update(f"{label}{tuple(values.shape)}".encode())
        digest.update(values.flatten()[:256].float().cpu().numpy().tobytes())
    return digest.hexdigest()
