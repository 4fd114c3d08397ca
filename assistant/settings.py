"""One frozen ``Settings``; the only reader of the environment.

Every field can be set as ``ASSISTANT_<FIELD>`` (``ASSISTANT_CORPUS``, ``ASSISTANT_INDEX``,
``ASSISTANT_HOME``, ``ASSISTANT_MODEL`` …).
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
JST = ZoneInfo("Asia/Tokyo")


def today_in_japan() -> date:
    """The date in Japan, whatever the time zone of the machine."""
    return datetime.now(JST).date()


class Settings(BaseSettings):
    """Where things lie and how the assistant behaves."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="ignore")

    corpus: Path = ROOT / "corpus"
    index: Path = ROOT / "index"
    prompts: Path = ROOT / "prompts"
    home: Path = Field(default_factory=lambda: Path.home() / ".assistant")  # uploads, records, runs
    encoder: str = "bundled"  # or a sentence-transformers model name
    reranker: str | None = None  # a cross-encoder of sentence-transformers by name; None ranks without
    model: str | None = None  # "openai:…", "ollama:…"; None answers without a chat model
    model_base_url: str | None = None
    model_timeout_seconds: float = 60.0
    today: date = Field(default_factory=today_in_japan)
    hits: int = Field(default=12, ge=1, le=100)
    max_question_characters: int = 2000
    max_upload_bytes: int = 50 * 1024 * 1024
    upload_days: float = Field(default=1, ge=0)  # from a session's end until its uploads go; 0: 15 minutes
    child_memory_bytes: int = 1024**3
    child_seconds: int = 120
