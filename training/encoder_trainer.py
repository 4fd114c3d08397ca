"""Trains the embedding table: √tf pooling, one weight per piece, contrastive loss both ways."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from training.encoder_batches import Batch, Ids, bag

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    """How the table is trained."""

    dimension: int = 256
    epochs: int = 6
    rate: float = 0.02
    scale: float = 20.0
    backward: float = 0.5  # weight of passage → query
    nested: tuple[tuple[int, float], ...] = ()  # Matryoshka: (leading columns, weight of their loss)
    decay: float = 0.0
    ema: float = 0.0  # exponential average of the weights over steps; 0 = off
    power: float = 0.5
    seed: int = 7


class Table(torch.nn.Module):
    """Embedding per piece times a learned weight, summed with √tf."""

    def __init__(self, vocabulary: int, dimension: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Parameter(torch.randn(vocabulary, dimension) / math.sqrt(dimension))
        self.log_weight = torch.nn.Parameter(torch.zeros(vocabulary))

    def forward(self, texts: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Matrix]) -> torch.Tensor:
        ids, offsets, weights = (torch.from_numpy(part) for part in texts)
        weights = weights * self.log_weight[ids].exp()
        return functional.embedding_bag(ids, self.embedding, offsets, mode="sum", per_sample_weights=weights)

    def folded(self) -> Matrix:
        """One row per piece with its weight folded in."""
        rows = self.embedding * self.log_weight.exp()[:, None]
        folded: Matrix = rows.detach().numpy().astype(np.float32)
        return folded


def contrast(
    queries: torch.Tensor, passages: torch.Tensor, keys: torch.Tensor, settings: Settings
) -> torch.Tensor:
    """MultipleNegativesRanking both ways (and over leading columns); kin passages are masked."""
    count = len(queries)
    kin = keys[:, None] == keys[None, :]
    kin.fill_diagonal_(False)
    blocked = torch.zeros(count, len(passages), dtype=torch.bool)
    blocked[:, :count] = kin
    target = torch.arange(count)
    loss = torch.zeros(())
    for size, weight in ((settings.dimension, 1.0), *settings.nested):
        left = functional.normalize(queries[:, :size], dim=1)
        right = functional.normalize(passages[:, :size], dim=1)
        logits = (left @ right.T * settings.scale).masked_fill(blocked, -1e4)
        part = functional.cross_entropy(logits, target)
        if settings.backward:
            part = part + settings.backward * functional.cross_entropy(logits[:, :count].T, target)
        loss = loss + weight * part
    return loss


def train(
    vocabulary: int,
    draw: Callable[[int], Iterable[Batch]],
    steps_per_epoch: int,
    settings: Settings,
    report: Callable[[int, float, Table], None],
    start: Matrix | None = None,
) -> Matrix:
    """Trains a table; ``draw(epoch)`` yields that epoch's batches.  Returns the folded rows."""
    torch.manual_seed(settings.seed)
    table = Table(vocabulary, settings.dimension)
    if start is not None:
        table.embedding.data.copy_(torch.from_numpy(start))
    optimiser = torch.optim.AdamW(
        table.parameters(), lr=settings.rate, weight_decay=settings.decay, fused=True
    )
    total = max(1, steps_per_epoch * settings.epochs)
    warm = max(1, total // 20)
    average = None
    step = 0
    for epoch in range(settings.epochs):
        losses, began = [], time.monotonic()
        for batch in draw(epoch):
            factor = step / warm if step < warm else max(0.0, (total - step) / (total - warm))
            for group in optimiser.param_groups:
                group["lr"] = settings.rate * factor
            loss = contrast(
                table(batch.queries), table(batch.passages), torch.from_numpy(batch.keys), settings
            )
            optimiser.zero_grad(set_to_none=False)
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
            step += 1
        report(epoch, float(np.mean(losses)), table)
        print(f"epoch {epoch + 1}: {time.monotonic() - began:.1f} s, {len(losses)} steps", flush=True)
        if settings.ema and epoch >= settings.epochs * (1 - settings.ema):
            folded = table.folded()
            average = folded if average is None else average + folded
    return average if average is not None else table.folded()


def encode(rows: Matrix, texts: Sequence[Ids], power: float = 0.5) -> Matrix:
    """Unit vectors of texts given as piece ids (zero for a text without pieces)."""
    found = np.zeros((len(texts), rows.shape[1]), np.float32)
    for begin in range(0, len(texts), 2048):
        ids, offsets, weights = bag(texts[begin : begin + 2048], power=power)
        summed = functional.embedding_bag(
            torch.from_numpy(ids),
            torch.from_numpy(rows),
            torch.from_numpy(offsets),
            mode="sum",
            per_sample_weights=torch.from_numpy(weights),
        )
        found[begin : begin + 2048] = functional.normalize(summed, dim=1).numpy()
    return found
