"""Draft claims by a chat model: proposals only, under opaque tokens, read as they stream in.

The model sees passages as S1…Sn and never an id, a path or an address, so it cannot cite
what it was not shown.  Every proposal must bring a quote that stands in its passage.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.ask.compose import Draft
from assistant.ask.units import Unit
from assistant.domain import Hit, Rejected, Understanding
from assistant.errors import ModelFailed
from assistant.japanese.calendar import fiscal_year_label
from assistant.japanese.text import find_quote
from assistant.llm import ChatModel
from assistant.prompts import Prompt

_LONGEST_REPLY = 60_000  # characters; a model that never stops is cut off
_SYSTEM = "あなたは根拠のあることだけを述べる調査員です。出力は指定されたJSONだけにしてください。"


@dataclass(frozen=True)
class Proposal:
    """What the model wrote for one claim."""

    text: str
    token: str
    quote: str


def render_passages(hits: Sequence[Hit]) -> str:
    """The passages as the model sees them."""
    blocks = []
    for number, hit in enumerate(hits, 1):
        passage = hit.passage
        years = "・".join(fiscal_year_label(year) for year in passage.fiscal_years)
        head = " ＞ ".join((passage.title, *passage.trail)) + (f"（{years}）" if years else "")
        blocks.append(f"[S{number}] {head}\n{passage.text}")
    return "\n\n".join(blocks)


def read_proposals(pieces: Iterator[str]) -> Iterator[Proposal]:
    """Claims out of a streamed JSON reply, each as soon as it is complete.

    Raises ``ModelFailed`` when the reply holds no list of claims; a reply that is cut off
    gives the claims that were complete.
    """
    decoder = json.JSONDecoder()
    buffer = ""
    at = -1
    read = 0
    for piece in pieces:
        buffer += piece
        read += len(piece)
        if read > _LONGEST_REPLY:
            break
        if at < 0:
            key = buffer.find('"claims"')
            bracket = buffer.find("[", key) if key >= 0 else -1
            if bracket < 0:
                continue
            at = bracket + 1
        while True:
            while at < len(buffer) and buffer[at] in " \t\r\n,":
                at += 1
            if at >= len(buffer) or buffer[at] != "{":
                break
            try:
                item, end = decoder.raw_decode(buffer, at)
            except ValueError:
                break
            at = end
            if isinstance(item, dict):
                values = [item.get(key) for key in ("text", "token", "quote")]
                if all(isinstance(value, str) for value in values):
                    yield Proposal(*(str(value) for value in values))
        if at < len(buffer) and buffer[at] == "]":
            return
    if at < 0:
        raise ModelFailed(
            "文章生成モデルの応答を読み取れませんでした。",
            why="指定した形（JSON）ではない応答でした。",
            remedy="別のモデルをお試しください。",
        )


def draft_with_model(
    understanding: Understanding, hits: Sequence[Hit], model: ChatModel, prompt: Prompt
) -> Iterator[Draft | Rejected]:
    """Ask the model and turn each proposal into a draft, or into a rejection with its reason."""
    year = fiscal_year_label(understanding.fiscal_year) if understanding.fiscal_year else "指定なし"
    user = prompt.fill(question=understanding.resolved, year=year, passages=render_passages(hits))
    by_token = {f"S{number}": hit for number, hit in enumerate(hits, 1)}
    for proposal in read_proposals(model.stream(_SYSTEM, user)):
        text = " ".join(proposal.text.split())
        if not text:
            continue
        hit = by_token.get(proposal.token.strip().strip("[]"))
        if hit is None:
            yield Rejected(text=text, reason="示していない資料の記号が根拠とされました。")
            continue
        place = find_quote(proposal.quote, hit.passage.text) if proposal.quote.strip() else None
        if place is None:
            yield Rejected(text=text, reason="根拠とされた引用が、その資料の中に見つかりませんでした。")
            continue
        start, end = place
        yield Draft(text, (Unit(hit, start, end, text, hit.passage.sources_at(start, end)),))
