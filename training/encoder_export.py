"""Writes a model folder that the numpy encoder and sentence-transformers both read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from assistant.search.static_encoder import write_static_model

MODULE = "assistant.search.sentence_module.SqrtTfPooling"


def rounded(tokenizer: Tokenizer, digits: int = 3) -> Tokenizer:
    """The tokenizer with shorter log probabilities: a third smaller, the same pieces but for near ties."""
    written = json.loads(tokenizer.to_str(pretty=False))
    for piece in written["model"]["vocab"]:
        piece[1] = round(piece[1], digits)
    return Tokenizer.from_str(json.dumps(written))


def write_model(folder: Path, tokenizer: Tokenizer, rows: npt.NDArray[np.float32], bits: int) -> None:
    """Writes weights, tokenizer and the files by which sentence-transformers opens the folder."""
    write_static_model(folder, tokenizer, rows, bits)
    _write_json(folder / "modules.json", [{"idx": 0, "name": "0", "path": "", "type": MODULE}])
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "model_type": "SentenceTransformer",
            "prompts": {},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
