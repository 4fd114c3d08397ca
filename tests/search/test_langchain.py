"""LangChain's own conformance suite against our retriever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from assistant.search.build import build_memory_index
from assistant.search.langchain import PassageRetriever
from tests.search.conftest import TEXTS, HashEncoder, make_passage

INDEX = build_memory_index([make_passage(name) for name in TEXTS], HashEncoder())


class TestPassageRetriever(RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return PassageRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"indexes": (INDEX,)}

    @property
    def retriever_query_example(self) -> str:
        return "空き家の改修の補助率"

    @pytest.mark.xfail(reason="needs an asyncio plugin; the same is checked below without one")
    async def test_ainvoke_returns_documents(self, retriever: BaseRetriever) -> None: ...


def test_asynchronous_calls_find_the_same() -> None:
    retriever = PassageRetriever(indexes=(INDEX,), k=3)
    question = "空き家の改修の補助率"
    assert asyncio.run(retriever.ainvoke(question)) == retriever.invoke(question)
