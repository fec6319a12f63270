"""Fits that are likely to be asked for next, made meanwhile in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from toolkit.topics.factorise import NMF, Array, nmf, solver_for
from toolkit.topics.model import check_k

if TYPE_CHECKING:
    from scipy import sparse

    from toolkit.explore.session import Session
    from toolkit.topics import Topics

_REST = 0.5  # seconds that nothing else is chosen, before a fit is begun
_LONGEST = 5.0  # seconds after which no further one is
_MOST = 30  # topics: as many as the slider goes to


class Ahead:
    """Fits numbers of topics near the one that is seen, the nearest first.

    They are what `fit_topics` gives, and stay with the session, so that a step of the slider
    finds them made. The process has low priority, and ends when it has nothing to do.

    Parameters
    ----------
    session : Session
    loop : event loop, optional
        None fits nothing ahead: outside of a notebook.
    """

    def __init__(self, session: Session, loop: asyncio.AbstractEventLoop | None) -> None:
        self._session, self._loop = session, loop
        self._task: asyncio.Task[None] | None = None
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, topics: Topics, seed: int) -> None:
        """Fit what may follow on these topics, instead of what was begun before."""
        if self._task is not None:
            self._task.cancel()
        if self._loop is not None:
            self._task = self._loop.create_task(self._fit(topics, seed))

    def stop(self) -> None:
        """End it all; a fit under way ends by itself, and is dropped."""
        if self._task is not None:
            self._task.cancel()
        self._end()

    async def _fit(self, topics: Topics, seed: int) -> None:
        await asyncio.sleep(_REST)
        matrix, begun, loop = topics.matrix, time.monotonic(), asyncio.get_running_loop()
        for k, other in _next(topics.k, seed):
            fit = NMF(k, other, solver_for(matrix.weights, k))
            if self._session.has_fit(matrix, fit):
                continue
            if time.monotonic() - begun > _LONGEST:
                break
            try:
                check_k(matrix, k, "fit_topics")
                found = loop.run_in_executor(self._process(), _factors, fit, matrix.weights)
                keep = partial(self._session.keep_fit, matrix, fit, await found)
                await loop.run_in_executor(None, keep)
            except BrokenProcessPool:  # nothing is lost but time
                break
            except (UserWarning, ValueError):  # told when this number is asked for
                continue
        self._end()

    def _process(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, mp_context=get_context("spawn"), initializer=_step_back
            )
        return self._pool

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _next(k: int, seed: int) -> Iterator[tuple[int, int]]:
    """Yield numbers of topics with a seed, the likeliest first."""
    for step in range(1, _MOST):
        yield from ((other, seed) for other in (k + step, k - step) if 2 <= other <= _MOST)
        if step == 1:
            yield k, seed + 1


def _factors(fit: NMF, weights: sparse.csr_array) -> tuple[Array, Array]:
    """Return what a fit finds in weights; raise what it would warn of."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return nmf(weights, fit.k, seed=fit.seed, solver=fit.solver)


def _step_back() -> None:
    """Leave the processor to others that want it, and interrupts to the notebook."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(10)
