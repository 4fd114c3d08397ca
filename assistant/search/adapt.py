"""Adapts the static encoder to the user's own documents, in numpy, in a minute or two.

A static model knows the words of the texts that it was trained on.  From the passages that are
about to be indexed we draw (sentence → the rest of its passage) and (heading → the section
under it) and move the rows of the pieces that occur, with the same loss as the training from
scratch (softmax over the passages of a batch, both ways), row-wise Adagrad and a pull back to
the rows we started from.  Nothing leaves the machine and nothing but numpy is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.domain import Passage
from assistant.errors import InputError
from assistant.japanese.text import split_sentences
from assistant.search.encoder import Encoder
from assistant.search.static_encoder import StaticEncoder, count_pieces, write_static_model

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Adaptation:
    """How far and how long to train."""

    epochs: int = 6
    pairs_per_passage: int = 2
    batch: int = 512
    rate: float = 0.01
    scale: float = 20.0
    pull: float = 0.0  # share of the way back to the base rows after each epoch
    most_passages: int = 30_000  # more are sampled evenly: the time must stay bounded
    longest: int = 400  # pieces of a passage that are read
    seed: int = 7


@dataclass(frozen=True)
class _Section:
    """A passage as piece numbers: what stands over it, and its sentences."""

    heading: list[int]
    sentences: list[list[int]]


def adapt_encoder(
    encoder: Encoder,
    passages: Iterable[Passage],
    directory: Path,
    progress: Progress | None = None,
    settings: Adaptation | None = None,
) -> StaticEncoder:
    """Trains on passages and writes the adapted model to ``directory``, which ``open_encoder`` opens.

    Args:
        encoder: A static encoder (the bundled one, or one adapted before).
        passages: What will be indexed; the order does not matter.
        directory: Where the model folder is written (made when missing).
        progress: Called with (steps done, steps in all).
        settings: How to train; the defaults were measured (see the model card).

    Raises:
        InputError: The encoder is not a static one; a transformer cannot be adapted here.
    """
    if not isinstance(encoder, StaticEncoder):
        raise InputError(
            f"埋め込みモデル「{encoder.name}」は、手元の文書に合わせた調整に対応していません。",
            remedy="標準のモデル「bundled」を使うと調整できます。",
        )
    chosen = settings or Adaptation()
    sections = _read_sections(encoder, passages, chosen)
    rows = encoder.rows.astype(np.float32) * encoder.scales[:, None]
    if len(sections) > 1:
        rows = train_rows(rows, sections, chosen, progress)
    write_static_model(directory, encoder.tokenizer, rows, bits=8)
    return StaticEncoder.open(directory)


def _read_sections(
    encoder: StaticEncoder, passages: Iterable[Passage], settings: Adaptation
) -> list[_Section]:
    ordered = sorted(passages, key=lambda p: p.id)
    if len(ordered) > settings.most_passages:
        kept = np.linspace(0, len(ordered) - 1, settings.most_passages).astype(np.int64)
        ordered = [ordered[place] for place in kept.tolist()]
    sections = []
    for passage in ordered:
        cuts = [passage.text[start:end] for start, end in split_sentences(passage.text)]
        heading = " ".join(dict.fromkeys([passage.title, *passage.trail]))
        pieces = encoder.pieces([heading, *cuts])
        sections.append(_Section(pieces[0], [s for s in pieces[1:] if s]))
    return [s for s in sections if s.sentences]


def draw_pairs(
    sections: Sequence[_Section], settings: Adaptation, rng: np.random.Generator
) -> list[tuple[list[int], list[int], int]]:
    """(query, passage, number of the section) of one epoch, shuffled.

    A section with one sentence gives its heading as the query; the others give a sentence,
    and in a third of the draws their heading.
    """
    pairs = []
    for number, section in enumerate(sections):
        for _ in range(settings.pairs_per_passage):
            whole = [piece for sentence in section.sentences for piece in sentence]
            if len(section.sentences) == 1 or (section.heading and rng.random() < 1 / 3):
                query, passage = section.heading, whole
            else:
                place = int(rng.integers(len(section.sentences)))
                query = section.sentences[place]
                rest = [s for i, s in enumerate(section.sentences) if i != place]
                passage = section.heading + [piece for sentence in rest for piece in sentence]
            if query and passage:
                pairs.append((query, passage[: settings.longest], number))
    return [pairs[place] for place in rng.permutation(len(pairs))]


def train_rows(
    rows: Vectors, sections: Sequence[_Section], settings: Adaptation, progress: Progress | None = None
) -> Vectors:
    """Rows after training on sections; ``rows`` itself is left as it is."""
    rng = np.random.default_rng(settings.seed)
    base, trained = rows, rows.copy()
    squares = np.full(len(rows), 1e-6, np.float32)
    steps = settings.epochs * -(-len(sections) * settings.pairs_per_passage // settings.batch)
    done = 0
    for _ in range(settings.epochs):
        pairs = draw_pairs(sections, settings, rng)
        for start in range(0, len(pairs), settings.batch):
            part = pairs[start : start + settings.batch]
            if len(part) > 1:
                _step(trained, squares, part, settings, settings.rate * (1 - done / steps))
            done += 1
            if progress is not None:
                progress(min(done, steps), steps)
        if settings.pull:
            trained += settings.pull * (base - trained)
    return trained


def _step(
    rows: Vectors,
    squares: Vectors,
    pairs: Sequence[tuple[list[int], list[int], int]],
    settings: Adaptation,
    rate: float,
) -> None:
    """One row-wise Adagrad step in place (Duchi et al. 2011, one accumulator per row)."""
    count = len(pairs)
    texts, ids, weights = count_pieces(
        [query for query, _, _ in pairs] + [passage for _, passage, _ in pairs]
    )
    summed = _sum_by(texts, weights[:, None] * rows[ids], 2 * count)
    lengths = np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
    units = summed / lengths
    gradient = loss_gradient(units, np.array([number for _, _, number in pairs]), settings.scale)
    gradient = (gradient - (gradient * units).sum(1, keepdims=True) * units) / lengths
    order = np.argsort(ids, kind="stable")
    touched, firsts = np.unique(ids[order], return_index=True)
    moves = np.add.reduceat(weights[order, None] * gradient[texts[order]], firsts, axis=0)
    squares[touched] += (moves * moves).mean(axis=1)
    rows[touched] -= rate * moves / np.sqrt(squares[touched])[:, None]


def loss_gradient(units: Vectors, kin: npt.NDArray[np.int64], scale: float) -> Vectors:
    """Gradient of the two-way softmax loss to the unit vectors (queries first, then passages).

    ``kin``: the section of each pair; pairs of one section are not each other's negatives.
    """
    count = len(kin)
    queries, passages = units[:count], units[count:]
    logits = scale * (queries @ passages.T)
    alike = kin[:, None] == kin[None, :]
    np.fill_diagonal(alike, False)
    logits[alike] = -1e4
    to_logits = (_softmax(logits, 1) + _softmax(logits, 0)) / (2 * count)
    to_logits[np.arange(count), np.arange(count)] -= 1.0 / count
    to_logits *= scale
    return np.concatenate([to_logits @ passages, to_logits.T @ queries]).astype(np.float32)


def _softmax(logits: Vectors, axis: int) -> Vectors:
    raised = np.exp(logits - logits.max(axis=axis, keepdims=True))
    shares: Vectors = raised / raised.sum(axis=axis, keepdims=True)
    return shares


def _sum_by(texts: npt.NDArray[np.int64], values: Vectors, count: int) -> Vectors:
    """Sums of ``values`` by text number (``texts`` is sorted)."""
    summed = np.zeros((count, values.shape[1]), np.float32)
    firsts = np.flatnonzero(np.diff(texts, prepend=-1))
    summed[texts[firsts]] = np.add.reduceat(values, firsts, axis=0)
    return summed
