"""An optional last look at the best hits by a cross-encoder, by its name; none by default.

A cross-encoder reads question and passage together (Nogueira and Cho, "Passage Re-ranking with
BERT", 2019), which is slower than anything before it, so it sees only the best of the ranking.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.domain import Hit
from assistant.errors import DependencyMissing, UnknownName
from assistant.search.encoder import INSTALL

DEPTH = 30  # hits that are read again


class Reranker(Protocol):
    """Puts hits into a better order."""

    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same passages, best first."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder with one output; code in a model folder is never run."""

    def __init__(self, name: str) -> None:
        """Raises ``DependencyMissing`` without the [embed] extra, ``UnknownName`` for an unusable model."""
        try:
            library = importlib.import_module("sentence_transformers")
        except ImportError as error:
            raise DependencyMissing(
                f"並べ替えモデル「{name}」を使うための追加部品が入っていません。",
                why="sentence-transformers が見つかりません。",
                remedy=f"次の2行を順に実行してください。\n{INSTALL}",
            ) from error
        self.name = name
        self._model: Any = _load(library, name)
        outputs = int(self._model.config.num_labels)
        if outputs != 1:
            raise UnknownName(
                f"「{name}」は検索結果を並べ替えるモデルではありません。",
                why=f"質問と文の近さを1つの数値で出すモデルが必要ですが、出力が{outputs}個ありました。",
                remedy="再順位付け（reranker）用のモデルの名前を指定してください。",
            )

    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same passages in the model's order; hits after the first ``DEPTH`` keep their places.

        A hit takes the score of the place it moves to, so that scores keep the scale that
        everything after the search knows; what the model said is in ``parts["cross_encoder"]``.
        Equal values keep their order.
        """
        read = list(hits[:DEPTH])
        if not read:
            return []
        pairs = [(query, "\n".join((*hit.passage.trail, hit.passage.text))) for hit in read]
        said = [float(value) for value in self._model.predict(pairs, show_progress_bar=False)]
        order = sorted(range(len(read)), key=lambda i: -said[i])
        moved = [
            read[i].model_copy(
                update={
                    "rank": place.rank,
                    "score": place.score,
                    "parts": {**read[i].parts, "cross_encoder": said[i]},
                    "why": (*read[i].why, f"並べ替えモデルの評価 {said[i]:.2f}"),
                }
            )
            for place, i in zip(read, order, strict=True)
        ]
        return [*moved, *hits[DEPTH:]]


def _load(library: Any, name: str) -> Any:
    """The model from this machine if it is there, else from its hub."""
    failure: Exception
    try:
        return library.CrossEncoder(name, device="cpu", local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        failure = error
    if not Path(name).exists():
        try:
            return library.CrossEncoder(name, device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            failure = error
    raise UnknownName(
        f"並べ替えモデル「{name}」を読み込めませんでした。",
        why="名前が違うか、ネットワークにつながらないか、フォルダーの中身が足りません。",
        remedy="名前またはフォルダーを確かめてください。指定しなければ、並べ替えモデルなしで動きます。",
    ) from failure
