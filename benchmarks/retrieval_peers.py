"""What a user could pick instead, each over the same passages: name of the system, and a function that searches.

No model can be had without a network, so peers that need one get our vectors; peers that split at spaces are
also given our content lemmas joined by spaces.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import bm25s
import faiss
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.japanese.text import normalise  # noqa: E402
from assistant.japanese.tokens import content_lemmas, tokenise  # noqa: E402
from assistant.search.vectors import Encoder  # noqa: E402

Find = Callable[[str], list[str]]  # question → ids of documents, best first
DEPTH = 20


def lemmas(text: str) -> str:
    """Our content lemmas joined by spaces."""
    return " ".join(content_lemmas(normalise(text)))


def surfaces(text: str) -> list[str]:
    return [token.surface for token in tokenise(normalise(text)) if token.pos != "補助記号"]


def best(scores: np.ndarray, names: list[str]) -> list[str]:
    top = np.argsort(-scores, kind="stable")[:DEPTH]
    return [names[i] for i in top if scores[i] > 0]


def peers(names: list[str], texts: list[str], encoder: Encoder, folder: Path) -> Iterator[tuple[str, Find]]:
    """Every peer that is installed over the same passages; ``folder``: for what one keeps on disk."""
    yield from lexical_peers(names, texts)
    yield from hybrid_peers(names, texts, encoder, folder)
    matrix = np.asarray(encoder.encode_passages(texts), dtype=np.float32)
    flat = faiss.IndexFlatIP(matrix.shape[1])
    flat.add(matrix)

    def near(question: str) -> list[str]:
        _, found = flat.search(np.asarray(encoder.encode_queries([question]), dtype=np.float32), DEPTH)
        return [names[i] for i in found[0] if i >= 0]

    yield "LangChain FAISS form: our vectors alone, flat", near
    words = bm25s.BM25(k1=1.5, b=0.75, backend="numpy")
    words.index([surfaces(text) for text in texts], show_progress=False)

    def by_words(question: str) -> list[str]:
        known = [w for w in surfaces(question) if w in words.vocab_dict]
        return best(words.get_scores(known), names) if known else []

    def fused(question: str) -> list[str]:
        scores: dict[str, float] = {}
        for found in (by_words(question), near(question)):
            for place, name in enumerate(found, start=1):
                scores[name] = scores.get(name, 0.0) + 0.5 / (60 + place)
        return sorted(scores, key=lambda name: -scores[name])[:DEPTH]

    yield "LangChain EnsembleRetriever form: BM25 fugashi + our vectors, RRF c=60", fused


def lexical_peers(names: list[str], texts: list[str]) -> Iterator[tuple[str, Find]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from langchain_community.retrievers import BM25Retriever
    except ImportError:
        print("(left out: langchain-community is not installed)", file=sys.stderr)
    else:
        metadata = [{"name": name} for name in names]

        def langchain(preprocess: Callable[[str], list[str]] | None) -> Find:
            options = {"preprocess_func": preprocess} if preprocess else {}
            retriever = BM25Retriever.from_texts(texts, metadatas=metadata, k=DEPTH, **options)
            return lambda question: [d.metadata["name"] for d in retriever.invoke(question)]

        yield "LangChain BM25Retriever, as shipped", langchain(None)
        yield "LangChain BM25Retriever, fugashi preprocess", langchain(surfaces)
    try:
        yield "Haystack InMemoryBM25Retriever, as shipped", haystack_find(names, texts, None)
        yield (
            "Haystack InMemoryBM25Retriever, our content lemmas joined by spaces",
            haystack_find(names, texts, lambda text: " ".join(content_lemmas(normalise(text)))),
        )
    except ImportError as error:
        print(f"(left out: haystack-ai: {error})", file=sys.stderr)
    try:
        from rank_bm25 import BM25Okapi
    except ImportError:
        print("(left out: rank-bm25 is not installed)", file=sys.stderr)
    else:
        okapi = BM25Okapi([content_lemmas(normalise(text)) for text in texts])
        yield (
            "rank_bm25, our content lemmas",
            lambda question: best(okapi.get_scores(content_lemmas(normalise(question))), names),
        )
    for label, tokens in (
        ("fugashi surface", surfaces),
        ("our content lemmas", lambda t: content_lemmas(normalise(t))),
    ):
        peer = bm25s.BM25(k1=1.5, b=0.75, backend="numpy")
        peer.index([tokens(text) for text in texts], show_progress=False)

        def find(
            question: str, peer: bm25s.BM25 = peer, tokens: Callable[[str], list[str]] = tokens
        ) -> list[str]:
            known = [w for w in tokens(question) if w in peer.vocab_dict]
            return best(peer.get_scores(known), names) if known else []

        yield f"bm25s, {label}", find
    try:
        import tantivy
    except ImportError:
        print("(left out: tantivy is not installed)", file=sys.stderr)
        return

    def tantivy_find(prepare: Callable[[str], str], tokenizer: str) -> Find:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("name", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name=tokenizer)
        index = tantivy.Index(builder.build())
        writer = index.writer()
        for name, text in zip(names, texts, strict=True):
            writer.add_document(tantivy.Document(name=name, text=prepare(text)))
        writer.commit()
        index.reload()
        searcher = index.searcher()

        def find(question: str) -> list[str]:
            words = prepare("".join(c if c.isalnum() else " " for c in question)).lower().split()
            if not words:
                return []
            query, _ = index.parse_query_lenient(" ".join(words), ["text"])
            return [searcher.doc(address)["name"][0] for _, address in searcher.search(query, DEPTH).hits]

        return find

    yield "tantivy, default tokenizer", tantivy_find(lambda text: text, "default")
    yield "tantivy, fugashi surface", tantivy_find(lambda text: " ".join(surfaces(text)), "whitespace")


def haystack_find(names: list[str], texts: list[str], prepare: Callable[[str], str] | None) -> Find:
    """Haystack's store in memory with its own defaults; ``prepare``: what is written and asked instead."""
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    written = prepare or (lambda text: text)
    store = InMemoryDocumentStore()
    store.write_documents(
        [Document(id=name, content=written(text)) for name, text in zip(names, texts, strict=True)]
    )
    retriever = InMemoryBM25Retriever(store, top_k=DEPTH)

    def find(question: str) -> list[str]:
        asked = written(question)
        return [d.id for d in retriever.run(query=asked)["documents"]] if asked.strip() else []

    return find


def hybrid_peers(
    names: list[str], texts: list[str], encoder: Encoder, folder: Path
) -> Iterator[tuple[str, Find]]:
    try:
        yield "txtai keyword (BM25), as shipped", txtai_find(names, texts, lambda text: text, None)
        yield "txtai keyword (BM25), our content lemmas", txtai_find(names, texts, lemmas, None)
        yield "txtai hybrid: our content lemmas + our vectors", txtai_find(names, texts, lemmas, encoder)
    except ImportError as error:
        print(f"(left out: txtai: {error})", file=sys.stderr)
    try:
        yield (
            "milvus-lite BM25, as shipped (standard analyzer)",
            milvus_find(names, texts, lambda text: text, None, folder / "milvus-1"),
        )
        yield (
            "milvus-lite BM25, our content lemmas",
            milvus_find(names, texts, lemmas, None, folder / "milvus-2"),
        )
        yield (
            "milvus-lite hybrid: our content lemmas + our vectors, RRF k=60",
            milvus_find(names, texts, lemmas, encoder, folder / "milvus-3"),
        )
    except ImportError as error:
        print(f"(left out: pymilvus[milvus-lite]: {error})", file=sys.stderr)


def txtai_find(
    names: list[str], texts: list[str], written: Callable[[str], str], encoder: Encoder | None
) -> Find:
    """txtai's keyword index with its defaults; with ``encoder`` its hybrid of that and vectors, half and half."""
    from txtai import Embeddings

    if encoder is None:
        index = Embeddings(keyword=True)
        index.index([(name, written(text), None) for name, text in zip(names, texts, strict=True)])

        def by_words(question: str) -> list[str]:
            asked = written(question)
            return [name for name, score in index.search(asked, DEPTH) if score > 0] if asked.strip() else []

        return by_words
    # txtai gives the same text to both sides; what is written for the words is looked up for the vectors.
    source = {written(text): text for text in texts}

    def transform(batch: list[str]) -> np.ndarray:
        known = [source.get(text, text) for text in batch]
        return np.asarray(encoder.encode_passages(known), dtype=np.float32)

    both = Embeddings(method="external", transform=transform, hybrid=True)
    both.index([(name, written(text), None) for name, text in zip(names, texts, strict=True)])

    def find(question: str) -> list[str]:
        asked = written(question)
        source[asked] = question
        return [name for name, _ in both.search(asked, DEPTH)] if asked.strip() else []

    return find


def milvus_find(
    names: list[str],
    texts: list[str],
    written: Callable[[str], str],
    encoder: Encoder | None,
    folder: Path,
) -> Find:
    """Milvus in a local file with its BM25 function and ``standard`` analyzer; with ``encoder`` its RRF hybrid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker

    client = MilvusClient(f"{folder}.db")
    schema = client.create_schema()
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field(
        "text",
        DataType.VARCHAR,
        max_length=60_000,
        enable_analyzer=True,
        analyzer_params={"type": "standard"},
    )
    schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        Function(
            name="bm25",
            function_type=FunctionType.BM25,
            input_field_names=["text"],
            output_field_names=["words"],
        )
    )
    indexes = client.prepare_index_params()
    indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    rows = [{"id": number, "text": written(text)[:15_000]} for number, text in enumerate(texts)]
    if encoder is not None:
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=encoder.dimension)
        indexes.add_index("vector", index_type="FLAT", metric_type="COSINE")
        vectors = np.asarray(encoder.encode_passages(texts), dtype=np.float32)
        rows = [{**row, "vector": vector.tolist()} for row, vector in zip(rows, vectors, strict=True)]
    client.create_collection("passages", schema=schema, index_params=indexes)
    for start in range(0, len(rows), 1000):
        client.insert("passages", rows[start : start + 1000])
    words = {"metric_type": "BM25"}

    def find(question: str) -> list[str]:
        asked = written(question)
        if not asked.strip():
            return []
        if encoder is None:
            found = client.search(
                "passages",
                data=[asked],
                anns_field="words",
                limit=DEPTH,
                search_params=words,
                output_fields=["id"],
            )
        else:
            near = np.asarray(encoder.encode_queries([question]), dtype=np.float32)[0].tolist()
            found = client.hybrid_search(
                "passages",
                [
                    AnnSearchRequest([asked], "words", words, limit=DEPTH),
                    AnnSearchRequest([near], "vector", {"metric_type": "COSINE"}, limit=DEPTH),
                ],
                RRFRanker(60),
                limit=DEPTH,
                output_fields=["id"],
            )
        return [names[hit["id"]] for hit in found[0]]

    return find
