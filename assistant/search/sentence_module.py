"""The bundled model as a sentence-transformers module.

``SentenceTransformer(folder, trust_remote_code=True)`` finds this class through the folder's
``modules.json`` and gives the same vectors as ``static_encoder`` to 1e-5.  (sentence-transformers
asks for ``trust_remote_code`` for every module class that is not its own.)  Needs the [embed] extra;
nothing in the default install imports this file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from assistant.search.static_encoder import (
    CONFIG,
    TOKENIZER,
    WEIGHTS,
    count_pieces,
    unpack_rows,
    write_static_model,
)

try:
    from sentence_transformers.base.modules import Module
except ImportError:  # sentence-transformers 5
    from sentence_transformers.models import Module


class SqrtTfPooling(Module):  # type: ignore[misc]
    """Tokenises, sums rows with the square root of each piece's count and cuts to length 1."""

    save_in_root = True

    def __init__(self, tokenizer: Tokenizer, rows: torch.Tensor, bits: int = 4) -> None:
        super().__init__()
        self.tokenizer, self.bits = tokenizer, bits
        self.rows = torch.nn.Parameter(rows)

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Distinct pieces of each text, where each text starts, and √count."""
        encoded = self.tokenizer.encode_batch_fast([(prompt or "") + text for text in inputs])
        texts, ids, weights = count_pieces([encoding.ids for encoding in encoded])
        starts = np.searchsorted(texts, np.arange(len(inputs)))
        return {
            "input_ids": torch.from_numpy(ids),
            "offsets": torch.from_numpy(starts),
            "weights": torch.from_numpy(weights),
        }

    def tokenize(self, texts: list[str], **kwargs: Any) -> dict[str, torch.Tensor]:
        """The name of ``preprocess`` in sentence-transformers 5."""
        return self.preprocess(texts, **kwargs)

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Adds ``sentence_embedding``."""
        summed = torch.nn.functional.embedding_bag(
            features["input_ids"],
            self.rows,
            features["offsets"],
            mode="sum",
            per_sample_weights=features["weights"],
        )
        features["sentence_embedding"] = torch.nn.functional.normalize(summed, dim=1)
        return features

    def get_embedding_dimension(self) -> int:
        """Columns of a vector."""
        return int(self.rows.shape[1])

    def get_sentence_embedding_dimension(self) -> int:
        """The name of ``get_embedding_dimension`` in sentence-transformers 5."""
        return self.get_embedding_dimension()

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Writes the folder that ``load`` and the numpy encoder read."""
        write_static_model(Path(output_path), self.tokenizer, self.rows.detach().cpu().numpy(), self.bits)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> Self:
        """Reads a local model folder."""
        folder = Path(model_name_or_path) / subfolder
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        weights = load_file(folder / WEIGHTS)
        rows = unpack_rows(weights["rows"]).astype(np.float32) * weights["scales"][:, None]
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        return cls(tokenizer, torch.from_numpy(rows), int(config["bits"]))
