"""Our encoders in LangChain's ``Embeddings`` socket."""

from __future__ import annotations

from pathlib import Path

from langchain_core.embeddings import Embeddings

from assistant.search.encoder import BUNDLED, Encoder, open_encoder


class AssistantEmbeddings(Embeddings):
    """LangChain embeddings over any encoder that ``open_encoder`` opens.

    ``AssistantEmbeddings()`` is the bundled model; ``model`` takes the same names and folders as
    ``open_encoder`` and ``encoder`` an open one.
    """

    def __init__(self, model: str | Path = BUNDLED, *, encoder: Encoder | None = None) -> None:
        self.encoder = encoder if encoder is not None else open_encoder(model)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of passages, in order."""
        return [[float(value) for value in row] for row in self.encoder.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return [float(value) for value in self.encoder.encode_queries([text])[0]]
