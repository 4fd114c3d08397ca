"""The engine is tested on a small made-up corpus, independently of the real one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.domain import Source
from assistant.grants.facts import read_facts
from assistant.grants.loader import Grants, load_grants
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactValue

CORPUS = Path(__file__).parent / "data" / "corpus"


def read_sources(path: Path) -> dict[str, Source]:
    register = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {i: Source(id=i, **entry) for i, entry in register.items()}


@pytest.fixture(scope="session")
def sources() -> dict[str, Source]:
    return read_sources(CORPUS / "sources.yaml")


@pytest.fixture(scope="session")
def grants(sources: dict[str, Source]) -> Grants:
    return load_grants(CORPUS / "grants", sources)


@pytest.fixture(scope="session")
def grant(grants: Grants) -> Grant:
    return grants.by_id["mihon-chiiki-r8"]


@pytest.fixture(scope="session")
def today() -> date:
    return date(2026, 11, 23)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the corpus that a test may spoil."""
    return Path(shutil.copytree(CORPUS, tmp_path / "corpus"))


@pytest.fixture(scope="session")
def project(grant: Grant) -> Callable[..., dict[str, FactValue]]:
    """A project that meets everything, with changes; ``name=None`` leaves a fact out."""
    base: dict[str, Any] = dict(grant.examples[0].facts)

    def make(**changes: Any) -> dict[str, FactValue]:
        return read_facts({**base, **changes}, grant.vocabulary)

    return make
