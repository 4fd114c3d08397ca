"""Cutting passages into terms, beside the main process where a build is large.

Tokenising takes most of a build and holds Python's lock, so a large build gives it to
other processes while this one encodes and writes, and cuts what they do not keep up with.
A small build never starts them.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from assistant.domain import Passage
from assistant.search.terms import PassageTerms, analyse_text, indexed_head

_ALONE = 4096  # passages that are cut here before others are asked to help
_MOST_WORKERS = 4
_AHEAD = 2  # batches that wait for each of them; more are cut here

Texts = list[tuple[str, str]]  # head and text


def _analyse(texts: Texts) -> list[PassageTerms]:
    return [analyse_text(head, text) for head, text in texts]


def _leave_with_parent() -> None:  # pragma: no cover - runs in another process
    """End this process when the one that builds is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, daemon=True).start()


class Analyser:
    """Terms of batches of passages, in the order they were given.

    ``workers``: other processes to use once a build turns out large; None leaves one core for
    this process, 0 uses none.
    """

    def __init__(self, workers: int | None = None) -> None:
        cores = os.cpu_count() or 1
        self._workers = min(_MOST_WORKERS, cores - 1) if workers is None else workers
        self._pool: ProcessPoolExecutor | None = None
        self._done = 0
        self._away: list[Future[list[PassageTerms]]] = []

    def submit(self, passages: Sequence[Passage]) -> Future[list[PassageTerms]]:
        """Start on a batch."""
        texts = [(indexed_head(passage), passage.text) for passage in passages]
        self._done += len(texts)
        self._away = [future for future in self._away if not future.done()]
        if not self._workers or self._done <= _ALONE or len(self._away) > self._workers * _AHEAD:
            future: Future[list[PassageTerms]] = Future()
            future.set_result(_analyse(texts))
            return future
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers, multiprocessing.get_context("spawn"), initializer=_leave_with_parent
            )
        self._away.append(self._pool.submit(_analyse, texts))
        return self._away[-1]

    def close(self) -> None:
        """Let the other processes go."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
