"""Shared by all tests: an index of the repository's own corpus, built once per worker."""

from datetime import date
from pathlib import Path

import pytest

from assistant.ingest import ingest
from assistant.service import Assistant
from assistant.settings import Settings

TODAY = date(2026, 11, 23)  # golden answers say 「今年度」


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root: Path = tmp_path_factory.mktemp("assistant")
    made = Settings(index=root / "index", home=root / "home", today=TODAY, model=None)
    ingest(made)
    return made


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Assistant:
    return Assistant.open(settings)
