"""The base of all nouns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """Base of all nouns: immutable, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
