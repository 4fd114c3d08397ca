from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from assistant.domain import Kind, Level, Passage
from assistant.search.writer import DocumentInput


class HashEncoder:
    """A tiny deterministic encoder: hashed character pairs."""

    name = "hash"
    dimension = 32

    def __init__(self, digest: str = "hash-1") -> None:
        self.digest = digest
        self.encoded = 0

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += len(texts)
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            for a, b in itertools.pairwise(text):
                row[(ord(a) * 31 + ord(b)) % self.dimension] += 1.0
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        return out / np.where(norms == 0, 1.0, norms)

    encode_queries = _encode
    encode_passages = _encode


TEXTS = {
    "ondemand": (
        "地域交通の確保",
        "オンデマンドバスを運行し、買物困難者の移動を支えます。予約は電話で受け付けます。",
    ),
    "drone": ("物流の効率化", "ドローンで中山間地域に医薬品を届けます。令和7年に実証を行いました。"),
    "workers": ("人手不足への対応", "介護の現場では人手不足が深刻です。外国人材の受け入れを進めます。"),
    "sewage": ("し尿の処理", "し尿の収集は週に1回です。料金は10リットルあたり120円です。"),
    "houses": (
        "空き家の活用",
        "空き家バンクに登録した家を、移住者に貸し出します。改修費の補助率は2分の1、上限は100万円です。",
    ),
    "grant8": ("地域未来交付金", "地域未来交付金の国費上限は、市区町村で年度あたり10億円です。"),
    "grant7": ("第2世代交付金", "第2世代交付金の補助率は2分の1です。対象は地方公共団体です。"),
    "school": ("学校の統合", "小学校を統合し、通学バスを走らせます。𠮷田地区の児童も利用します。"),
}
YEARS = {"grant8": (2026,), "grant7": (2025,), "drone": (2025, 2026)}
KINDS = {"grant8": Kind.GRANT, "grant7": Kind.GRANT, "drone": Kind.CASE}
LEVELS = {"grant8": Level.OFFICIAL, "grant7": Level.MUNICIPAL, "houses": Level.THIRD_PARTY}
CODES = {"drone": ("072010",), "houses": ("322059", "325252")}


def make_passage(document_id: str, number: int = 0, *, text: str = "", title: str = "") -> Passage:
    known_title, known_text = TEXTS.get(document_id, ("", ""))
    text = text or known_text
    return Passage(
        id=f"{document_id}#{number:03d}",
        document_id=document_id,
        kind=KINDS.get(document_id, Kind.OTHER),
        title=title or known_title,
        trail=(),
        text=text,
        page=1,
        locator="1ページ",
        start=0,
        end=len(text),
        level=LEVELS.get(document_id),
        fiscal_years=YEARS.get(document_id, ()),
        grant_id=document_id if document_id.startswith("grant") else None,
        municipality_codes=CODES.get(document_id, ()),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def offer(passages: Sequence[Passage], seen: list[str] | None = None) -> DocumentInput:
    """A document input whose digest is that of its texts; ``seen`` notes that it was cut."""
    digest = hashlib.sha256("\n".join(p.title + "\n" + p.text for p in passages).encode()).hexdigest()
    name = passages[0].document_id

    def cut() -> Sequence[Passage]:
        if seen is not None:
            seen.append(name)
        return passages

    return DocumentInput(name, digest, cut)


def corpus(**texts: str) -> list[DocumentInput]:
    """All of ``TEXTS`` as one-passage documents, with some texts replaced."""
    return [offer([make_passage(name, text=texts.get(name, ""))]) for name in TEXTS]


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()
