"""How well two surroundings fit."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.evidence.lexicon import ENTAILED
from assistant.japanese.calendar import wareki


def fit(claim: Mapping[str, float], evidence: Mapping[str, float]) -> float:
    """Share of the claim's surroundings that the evidence's surroundings hold (0–1)."""
    total = sum(claim.values())
    if not total:
        return 0.0
    return sum(min(weight, evidence.get(word, 0.0)) for word, weight in claim.items()) / total


def same_name(claim: str, evidence: str) -> bool:
    """Whether a name in a claim is borne out by a name of the same kind in the evidence."""
    return claim == evidence or claim in evidence or evidence in claim or (claim, evidence) in ENTAILED


def in_words(kind: str, value: str) -> str:
    """A canonical name as a person reads it: 令和7年度 for 2025, TYPE A for typea."""
    if kind == "year":
        return wareki(int(value))
    if kind == "type":
        return f"TYPE {value.removeprefix('type').upper()}"
    return "市区町村" if value == "市町村" else value
