"""An optional last look at the best hits by a cross-encoder, by its name; none by default.

A cross-encoder reads question and passage together (Nogueira and Cho, "Passage Re-ranking with
BERT", 2019), which is slower than anything before it, so it sees only the best of the ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from assistant.domain import Hit
from assistant.errors import UnknownName
from assistant.search.by_name import load_by_name

DEPTH = 30  # hits that are read again


class Reranker(Protocol):
    """Puts hits into a better order."""

    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """The same passages, best first."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder with one output; code in a model folder is never run."""

    def __init__(self, name: str) -> None:
        """Raises ``DependencyMissing`` without the [embed] extra, ``UnknownName`` for an unusable model."""
        self._model: Any = load_by_name(
            "CrossEncoder",
            name,
            what="並べ替えモデル",
            without="指定しなければ、並べ替えモデルなしで動きます。",
        )
        self.name = name
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
