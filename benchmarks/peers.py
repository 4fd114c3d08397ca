"""Other open pipelines on our gold questions: same questions, same corpus, same measures.

    python benchmarks/peers.py [--split dev|test|all] > benchmarks/peers.md

Peers are built as their documentation writes them, with nothing tuned here:

* LangChain: ``RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)``, ``BM25Retriever``, ``FAISS``
  and ``EnsembleRetriever(weights=[0.5, 0.5])``; BM25 as shipped (it splits at white space, which Japanese lacks)
  and with fugashi as its ``preprocess_func``.
* Haystack: ``DocumentSplitter(split_by="word", split_length=200)`` is of no use without spaces, so its documents
  are cut by the same LangChain splitter; ``InMemoryBM25Retriever`` as shipped.

No chat model is at hand, so a peer's answer is extractive: the sentences of its best passage, each cited to
it.  FAISS needs vectors and no model hub is at hand: it gets our bundled encoder, which can only help it.
Peers that are not installed are left out and named (``pip install langchain-community rank-bm25 haystack-ai``).
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

from assistant.domain import AnswerStatus  # noqa: E402
from assistant.evaluation.entailment import OUR_CHECK, EvidenceCheck  # noqa: E402
from assistant.evaluation.generate import generate  # noqa: E402
from assistant.evaluation.given import Given, GivenCitation, GivenClaim  # noqa: E402
from assistant.evaluation.gold import GoldQuestion, load_gold, pick  # noqa: E402
from assistant.evaluation.measures import MEASURE_BY_NAME  # noqa: E402
from assistant.evaluation.runs import corpus_digest, default_gold, stored_in  # noqa: E402
from assistant.evaluation.scene import Scene, Stored  # noqa: E402
from assistant.evaluation.score import Scores, inspect_all, score  # noqa: E402
from assistant.evaluation.statistics import paired_test  # noqa: E402
from assistant.ingest import ingest, read_corpus  # noqa: E402
from assistant.japanese.text import sentences  # noqa: E402
from assistant.japanese.tokens import tokenise  # noqa: E402
from assistant.search.langchain_embeddings import AssistantEmbeddings  # noqa: E402
from assistant.service import Assistant  # noqa: E402
from assistant.settings import Settings  # noqa: E402

OURS = "this assistant"
DEPTH = 20
SHOWN = (
    "ndcg_10",
    "mrr_10",
    "recall_10",
    "nugget_vital",
    "citations_matched",
    "right_year",
    "over_refusal",
    "false_answer_rate",
    "forbidden_shown",
)
Chunk = tuple[str, str, str, str]  # chunk id, document id, title, text
Retrieve = Callable[[str], Sequence[str]]  # question → chunk ids, best first


def surfaces(text: str) -> list[str]:
    """fugashi's words, as LangChain's documentation writes a ``preprocess_func``."""
    return [token.surface for token in tokenise(text)]


def cut(corpus: Any) -> list[Chunk]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = []
    for document in corpus.documents():
        text = "\n".join(page.text for page in document.pages)
        for number, piece in enumerate(splitter.split_text(text)):
            chunks.append((f"{document.id}#{number}", document.id, document.title, piece))
    return chunks


def peers(chunks: Sequence[Chunk]) -> Iterator[tuple[str, Retrieve]]:
    try:
        yield from _langchain(chunks)
    except ImportError as error:
        print(f"(left out: LangChain: {error})", file=sys.stderr)
    try:
        yield "Haystack InMemoryBM25Retriever", _haystack(chunks)
    except ImportError as error:
        print(f"(left out: Haystack: {error})", file=sys.stderr)


def _langchain(chunks: Sequence[Chunk]) -> Iterator[tuple[str, Retrieve]]:
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document

    documents = [Document(page_content=c[3], metadata={"id": c[0]}) for c in chunks]

    def ids(retriever: Any) -> Retrieve:
        return lambda question: [d.metadata["id"] for d in retriever.invoke(question)]

    shipped = BM25Retriever.from_documents(documents, k=DEPTH)
    fugashi = BM25Retriever.from_documents(documents, k=DEPTH, preprocess_func=surfaces)
    faiss = FAISS.from_documents(documents, AssistantEmbeddings()).as_retriever(search_kwargs={"k": DEPTH})
    yield "LangChain BM25Retriever, as shipped", ids(shipped)
    yield "LangChain BM25Retriever + fugashi", ids(fugashi)
    yield "LangChain FAISS (our encoder)", ids(faiss)
    both = EnsembleRetriever(retrievers=[fugashi, faiss], weights=[0.5, 0.5])
    yield "LangChain EnsembleRetriever (BM25 + fugashi, FAISS)", ids(both)


def _haystack(chunks: Sequence[Chunk]) -> Retrieve:
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents([Document(id=c[0], content=c[3]) for c in chunks])
    retriever = InMemoryBM25Retriever(store, top_k=DEPTH)
    return lambda question: [d.id for d in retriever.run(query=question)["documents"]]


def ask_peer(
    gold: Sequence[GoldQuestion],
    chunks: Sequence[Chunk],
    retrieve: Retrieve,
    years: Mapping[str, tuple[int, ...]],
) -> list[Given]:
    by_id = {chunk[0]: chunk for chunk in chunks}
    given = []
    for item in gold:
        found = [by_id[i] for i in retrieve(item.question) if i in by_id]
        claims = []
        for chunk_id, document_id, title, text in found[:1]:
            for start, end in sentences(text):
                if text[start:end].strip():
                    claims.append(
                        GivenClaim(
                            text=text[start:end],
                            citations=(
                                GivenCitation(
                                    passage_id=chunk_id, document_id=document_id, title=title, page=1,
                                    quote=text[start:end], start=start, end=end, context=text,
                                    fiscal_years=years.get(document_id, ()),
                                ),
                            ),
                        )
                    )  # fmt: skip
        cases = tuple(dict.fromkeys(chunk[1] for chunk in found))
        given.append(
            Given(
                id=item.id,
                status=AnswerStatus.ANSWERED if claims else AnswerStatus.NO_PASSAGE,
                text="".join(c.text for c in claims),
                claims=tuple(claims),
                cases=cases[:5],
                ranking=cases,
            )
        )
    return given


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", default="test", choices=["dev", "test", "all"])
    split = parser.parse_args().split
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            index=Path(folder) / "index", home=Path(folder) / "home", today=date(2026, 11, 23), model=None
        )
        ingest(settings)
        assistant = Assistant.open(settings)
        gold = pick(load_gold(default_gold(settings)), split)
        corpus = read_corpus(settings.corpus)
        chunks = cut(corpus)
        years = {document.id: document.fiscal_years for document in corpus.documents()}
        texts = {chunk[0]: chunk[3] for chunk in chunks}
        answers = {OURS: (generate(assistant, gold), stored_in(assistant))}
        for name, retrieve in peers(chunks):
            print(f"… {name}", file=sys.stderr)
            answers[name] = (
                ask_peer(gold, chunks, retrieve, years),
                lambda i: (texts[i], 1) if i in texts else None,
            )
        scored = {name: _score(gold, given, stored) for name, (given, stored) in answers.items()}
        _print(split, gold, scored, corpus_digest(settings.corpus), len(chunks))


def _score(gold: Sequence[GoldQuestion], given: Sequence[Given], stored: Stored) -> tuple[Scores, float]:
    scenes: list[Scene] = inspect_all(gold, given, EvidenceCheck(), stored)
    answered = [len(g.claims) for g in given if g.claims]
    return score(scenes, OUR_CHECK), sum(answered) / len(answered) if answered else 0.0


def _print(
    split: str,
    gold: Sequence[GoldQuestion],
    scored: dict[str, tuple[Scores, float]],
    digest: str,
    chunks: int,
) -> None:
    import numpy as np

    print("# Peers on the same questions\n")
    print(
        f"{len(gold)} gold questions ({split} half: {sum(g.answerable for g in gold)} answerable, "
        f"{sum(not g.answerable for g in gold)} not), corpus {digest}, {chunks} chunks for the peers.  "
        f"Made by `python benchmarks/peers.py --split {split}`.\n\n"
        "A peer answers with the sentences of its best passage (no chat model is at hand), so whatever it shows "
        "is in its source by construction; citation support is therefore left out of the table.  A passage of a "
        "thousand characters says many things at once: `sentences` is how many a person has to read.  The stock "
        "retrievers have no notion of not knowing: they show something for everything, and count as honest only "
        "where one of those many sentences happens to admit what is not known.  Intervals: 95 %, bootstrap over "
        "questions.  Difference: to this assistant, paired, with the p of a randomisation test.\n"
    )
    print("| system | " + " | ".join(SHOWN) + " | sentences |")
    print("|---|" + "---|" * (len(SHOWN) + 1))
    for name, (scores, length) in scored.items():
        cells = []
        for measure in SHOWN:
            value = scores.measures[measure]
            if value.value is None or value.ci95 is None:
                cells.append("—")
            else:
                digits = 0 if measure == "forbidden_shown" else 3
                cells.append(
                    f"{value.value:.{digits}f} ({value.ci95[0]:.{digits}f}–{value.ci95[1]:.{digits}f})"
                )
        print(f"| {name} | " + " | ".join(cells) + f" | {length:.1f} |")
    ours = scored[OURS][0]
    print("\n| difference to this assistant | " + " | ".join(SHOWN) + " |\n|---|" + "---|" * len(SHOWN))
    for name, (scores, _) in scored.items():
        if name == OURS:
            continue
        cells = []
        for measure in SHOWN:
            mine, theirs = ours.parts[measure], scores.parts[measure]
            common = sorted(mine.keys() & theirs.keys())
            if not common:
                cells.append("—")
                continue
            test = paired_test(
                np.array([mine[i] for i in common], dtype=np.float64),
                np.array([theirs[i] for i in common], dtype=np.float64),
                MEASURE_BY_NAME[measure].combine,
            )
            cells.append(f"{test.difference:+.3f} (p {test.p:.4f})")
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
