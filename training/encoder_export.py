"""Writes a model folder that the numpy encoder and sentence-transformers both read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from assistant.search.static_encoder import CONFIG, KIND, TOKENIZER, WEIGHTS, pack_rows

MODULE = "assistant.search.sentence_module.SqrtTfPooling"


def write_model(folder: Path, tokenizer: Tokenizer, rows: npt.NDArray[np.float32], bits: int) -> None:
    """Quantises and writes weights, tokenizer and the sentence-transformers files (not the model card)."""
    folder.mkdir(parents=True, exist_ok=True)
    stored, scales = pack_rows(rows, bits)
    save_file({"rows": stored, "scales": scales}, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)
    compact = json.loads(tokenizer.to_str(pretty=False))
    for piece in compact["model"]["vocab"]:
        piece[1] = round(piece[1], 3)  # the third decimal of a log probability decides no segmentation
    _write_json(folder / TOKENIZER, compact, indent=None)
    _write_json(folder / CONFIG, {"kind": KIND, "bits": bits, "dimension": int(rows.shape[1])})
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


def _write_json(path: Path, value: object, indent: int | None = 2) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
