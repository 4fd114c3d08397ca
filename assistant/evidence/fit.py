"""How well two surroundings fit."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.evidence.lexicon import ENTAILED


def fit(claim: Mapping[str, float], evidence: Mapping[str, float]) -> float:
    """Share of the claim's surroundings that the evidence's surroundings hold (0–1)."""
    total = sum(claim.values())
    if not total:
        return 0.0
    return sum(min(weight, evidence.get(word, 0.0)) for word, weight in claim.items()) / total


def same_name(claim: str, evidence: str) -> bool:
    """Whether a name in a claim is borne out by a name of the same kind in the evidence."""
    return claim == evidence or claim in evidence or evidence in claim or (claim, evidence) in ENTAILED
