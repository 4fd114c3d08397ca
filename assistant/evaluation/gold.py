"""Gold questions: what a right answer says, cites and must not say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from assistant.domain import AnswerStatus, Noun, VerdictOutcome
from assistant.errors import CorpusInvalid, InputError
from assistant.japanese.text import normalise

Split = Literal["dev", "test"]
SPLITS: tuple[Split, ...] = ("dev", "test")

_COMMA = re.compile(r"(?<=\d),(?=\d)")
_SPACE = re.compile(r"\s+")


def fold_for_patterns(text: str) -> str:
    """The form that gold patterns are matched on: NFKC, lower case, no spaces, no digit commas."""
    return _COMMA.sub("", _SPACE.sub("", normalise(text)))


class Nugget(Noun):
    """One thing that a right answer says; every pattern must match one and the same shown sentence."""

    text: str
    vital: bool = True
    patterns: tuple[str, ...] = Field(min_length=1)

    @field_validator("patterns")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(patterns)

    def is_in(self, folded: str) -> bool:
        """Whether a sentence, already folded, says it."""
        return all(re.search(pattern, folded) for pattern in self.patterns)


def _checked(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"pattern {pattern!r}: {error}") from error
    return patterns


class GoldQuestion(Noun):
    """A question and what the sources bear out about it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    question: str = Field(min_length=1)
    kind: str
    answerable: bool
    expected_status: tuple[AnswerStatus, ...] = Field(min_length=1)
    nuggets: tuple[Nugget, ...] = ()
    gold_documents: tuple[str, ...] = ()
    gold_cases: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    expected_year: int | None = None
    history: tuple[str, ...] = ()
    fiscal_year: int | None = None
    municipality: str | None = None
    admissions: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    verdicts: tuple[VerdictOutcome, ...] = ()
    provenance: str
    date: str

    @field_validator("admissions", "forbidden")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(patterns)

    @property
    def split(self) -> Split:
        """The half it belongs to, for good."""
        return split_of(self.id)


def split_of(item_id: str) -> Split:
    """``dev`` or ``test`` by the SHA-256 of the id, so that no later choice can move an item."""
    return "dev" if hashlib.sha256(item_id.encode()).digest()[0] < 128 else "test"


def load_gold(path: Path) -> list[GoldQuestion]:
    """Gold questions, one JSON object a line.

    Raises ``InputError`` where the file is missing or empty, ``CorpusInvalid`` listing every bad line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            f"正解データ「{path}」がありません。", remedy="--gold のファイル名をご確認ください。"
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            f"正解データ「{path}」を読めません。", why="文字コードがUTF-8ではありません。"
        ) from None
    gold: list[GoldQuestion] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = GoldQuestion.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            problems.append(f"{path.name} {number}行目: JSONとして読めません（{error.msg}）")
            continue
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            problems.append(f"{path.name} {number}行目: {where} が正しくありません（{first['msg']}）")
            continue
        if item.id in seen:
            problems.append(f"{path.name} {number}行目: id「{item.id}」が重複しています")
        seen.add(item.id)
        gold.append(item)
    if problems:
        raise CorpusInvalid(problems)
    if not gold:
        raise InputError(f"正解データ「{path}」に質問がありません。")
    return gold


def pick(gold: Iterable[GoldQuestion], split: str) -> list[GoldQuestion]:
    """The items of one half, or all of them. Raises ``InputError`` for another word."""
    if split == "all":
        return list(gold)
    if split not in SPLITS:
        raise InputError(
            f"分割「{split}」はありません。", remedy="dev、test、all のどれかを指定してください。"
        )
    return [item for item in gold if item.split == split]


def gold_digest(gold: Sequence[GoldQuestion]) -> str:
    """A digest of the items, so that two runs can be seen to be about the same questions."""
    content = "\n".join(item.model_dump_json() for item in sorted(gold, key=lambda item: item.id))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
