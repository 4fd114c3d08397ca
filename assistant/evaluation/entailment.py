"""Does evidence bear out a sentence?  Our evidence check, or any NLI cross-encoder by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from assistant.domain import SupportLabel
from assistant.errors import InputError
from assistant.evidence.check import check_support
from assistant.search.by_name import load_by_name

OUR_CHECK = "evidence"


class Entailment(Protocol):
    """Judges one sentence against quotes."""

    name: str

    def judge(
        self, claim: str, quotes: Sequence[str], *, context: str = "", fiscal_years: Sequence[int] = ()
    ) -> SupportLabel:
        """How far the quotes together bear out the sentence; no quotes bear out nothing."""
        ...


class EvidenceCheck:
    """The check that the assistant itself uses: figures, names, polarity and words."""

    name = OUR_CHECK

    def judge(
        self, claim: str, quotes: Sequence[str], *, context: str = "", fiscal_years: Sequence[int] = ()
    ) -> SupportLabel:
        """See ``assistant.evidence.check``."""
        if not quotes:
            return SupportLabel.UNSUPPORTED
        return check_support(claim, tuple(quotes), context=context, fiscal_years=fiscal_years).label


class CrossEncoderNli:
    """A sentence-transformers cross-encoder trained on natural language inference, independent of our check."""

    def __init__(self, name: str) -> None:
        """Raises ``DependencyMissing`` without the [embed] extra, ``UnknownName`` and ``InputError`` for an unusable model."""
        self.name = name
        self._model: Any = load_by_name(
            "CrossEncoder",
            name,
            what="推論モデル",
            without=f"「{OUR_CHECK}」なら、追加の部品なしで使えます。",
        )
        labels = {str(v).lower(): int(k) for k, v in self._model.model.config.id2label.items()}
        wanted = [index for label, index in labels.items() if "entail" in label]
        if not wanted:
            raise InputError(
                f"「{name}」は含意を判定するモデルではありません。", why=f"ラベル: {', '.join(labels)}"
            )
        self._entails = wanted[0]
        self._contradicts = next((i for label, i in labels.items() if "contra" in label), None)

    def judge(
        self, claim: str, quotes: Sequence[str], *, context: str = "", fiscal_years: Sequence[int] = ()
    ) -> SupportLabel:
        """Supported where entailment is the likeliest label; there is no partial support in NLI."""
        if not quotes:
            return SupportLabel.UNSUPPORTED
        scores = self._model.predict([(f"{context} {' '.join(quotes)}".strip(), claim)])[0]
        best = int(scores.argmax())
        if best == self._entails:
            return SupportLabel.SUPPORTED
        return SupportLabel.CONTRADICTED if best == self._contradicts else SupportLabel.UNSUPPORTED


def open_entailment(name: str) -> Entailment:
    """``evidence`` for our own check, else a cross-encoder by name."""
    return EvidenceCheck() if name == OUR_CHECK else CrossEncoderNli(name)
