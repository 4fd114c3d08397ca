"""What every encoder promises, and that the bundled folder means the same to sentence-transformers."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_tests.unit_tests import EmbeddingsUnitTests

from assistant.search.encoder import BUNDLED_FOLDER, Encoder, open_encoder
from assistant.search.langchain_embeddings import AssistantEmbeddings
from assistant.search.static_encoder import StaticEncoder

TEXTS = [
    "第2世代交付金のソフト事業の補助率は1/2です。",
    "デジタル実装型の上限額はいくらですか",
    "人口が減っている町で、若い人に来てもらいたい。" * 40,
    "ＡＩオンデマンド交通㈱　①",
    "café Ωμέγα 100%",
    "",
    "。。。",
]

needs_embed = [
    pytest.mark.embed,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None, reason="the [embed] extra is not installed"
    ),
]


class TestBundledInLangChain(EmbeddingsUnitTests):
    """langchain-tests' conformance suite."""

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return AssistantEmbeddings


def test_langchain_socket_gives_the_encoders_vectors() -> None:
    encoder = open_encoder()
    socket = AssistantEmbeddings(encoder=encoder)
    np.testing.assert_allclose(socket.embed_documents(TEXTS), encoder.encode_passages(TEXTS))
    np.testing.assert_allclose(socket.embed_query(TEXTS[1]), encoder.encode_queries([TEXTS[1]])[0])
    assert socket.embed_documents([]) == []


@pytest.fixture(
    scope="module", params=["numpy", pytest.param("sentence-transformers", marks=needs_embed)], name="encoder"
)
def _encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    if request.param == "numpy":
        return open_encoder()
    return open_encoder(_plain_sentence_transformer(tmp_path_factory.mktemp("plain")))


def _plain_sentence_transformer(folder: Path) -> Path:
    """A small model of sentence-transformers' own kind, made from the bundled tokenizer."""
    from sentence_transformers import SentenceTransformer

    try:
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    except ImportError:  # sentence-transformers 5
        from sentence_transformers.models import StaticEmbedding

    bundled = open_encoder()
    assert isinstance(bundled, StaticEncoder)
    rows = bundled.rows.astype(np.float32) * bundled.scales[:, None]
    SentenceTransformer(modules=[StaticEmbedding(bundled.tokenizer, embedding_weights=rows)]).save(
        str(folder)
    )
    return folder


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors[:5], axis=1), 1.0, atol=1e-5)
    assert not vectors[5].any()
    backwards = encoder.encode_passages(TEXTS[::-1])[::-1]
    np.testing.assert_allclose(vectors, backwards, atol=1e-5)
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_digest_is_stable_and_hexadecimal(encoder: Encoder) -> None:
    assert len(encoder.digest) == 64
    assert int(encoder.digest, 16) >= 0


@pytest.mark.embed
@needs_embed[1]
def test_sentence_transformers_gives_the_same_vectors() -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu", trust_remote_code=True)
    ours = open_encoder()
    np.testing.assert_allclose(model.encode(TEXTS), ours.encode_passages(TEXTS), atol=1e-5)
    np.testing.assert_allclose(model.encode(TEXTS[1]), ours.encode_queries([TEXTS[1]])[0], atol=1e-5)


@pytest.mark.embed
@needs_embed[1]
def test_saved_by_sentence_transformers_and_opened_by_us(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(BUNDLED_FOLDER), device="cpu", trust_remote_code=True)
    model.save(str(tmp_path))
    again = open_encoder(tmp_path)
    np.testing.assert_allclose(again.encode_passages(TEXTS), open_encoder().encode_passages(TEXTS), atol=1e-5)
