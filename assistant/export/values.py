"""Nouns as the JSON values that people script against: one form for the command line and for HTTP."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from assistant.domain import Answer, Hit
from assistant.grants.rules import Grant


def plain(value: Any) -> Any:
    """Nouns, dataclasses and containers of them as JSON values."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def render_json(value: Any) -> str:
    """One JSON value in one line, Japanese as it is."""
    return json.dumps(plain(value), ensure_ascii=False)


def answer_value(answer: Answer) -> dict[str, Any]:
    """An answer; how its question was understood is left to ``--until understand``."""
    value = answer.model_dump(mode="json")
    value["trace"].pop("understanding", None)
    return value


def hit_value(hit: Hit) -> dict[str, Any]:
    """A passage found."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "kind": passage.kind.value,
        "title": passage.title,
        "trail": list(passage.trail),
        "page": passage.page,
        "text": passage.text,
        "parts": hit.parts,
        "why": list(hit.why),
    }


def grant_summary(grant: Grant) -> dict[str, Any]:
    """A grant in a list."""
    return {
        "id": grant.id,
        "name": grant.name,
        "short": grant.short,
        "family": grant.family,
        "fiscal_year": grant.fiscal_year,
        "status": grant.status.value if grant.status else "unknown",
        "predecessor": grant.predecessor,
        "successor": grant.successor,
        "rules": len(grant.rules),
        "unknowns": len(grant.unknowns),
    }


def grant_value(grant: Grant) -> dict[str, Any]:
    """A grant with all that its rule file says."""
    return {**grant_summary(grant), "grant": grant.model_dump(mode="json", by_alias=True)}
