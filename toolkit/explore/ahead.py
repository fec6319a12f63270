"""Fits that are likely to be asked for next, made meanwhile in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from toolkit.explore.aside import Aside
from toolkit.topics.factorise import NMF, Array, nmf, solver_for
from toolkit.topics.model import check_k

if TYPE_CHECKING:
    from scipy import sparse

    from toolkit.explore.session import Session
    from toolkit.matrix import TermMatrix
    from toolkit.topics import Topics

_REST = 0.5  # seconds that nothing else is chosen, before a fit is begun
_LONGEST = 5.0  # seconds after which no further one is
_NEXT = "next"  # said to a task that another takes over from, with the process
#: Topics that the slider goes to, unless more are given.
MOST = 30


class Ahead:
    """Fits numbers of topics near the one that is seen, the nearest first.

    They are what `fit_topics` gives, and stay with the session, so that a step of the slider
    finds them made. The process ends when it has nothing to do.

    Parameters
    ----------
    session : Session
    loop : event loop, optional
        None fits nothing ahead: outside of a notebook.
    """

    def __init__(self, session: Session, loop: asyncio.AbstractEventLoop | None) -> None:
        self._session, self._loop = session, loop
        self._task: asyncio.Task[None] | None = None
        self._aside: Aside | None = None
        self._refused: set[tuple[str, NMF]] = set()  # told when these are asked for

    def begin(self, topics: Topics, seed: int) -> None:
        """Fit what may follow on these topics, instead of what was begun before."""
        if self._task is not None:
            self._task.cancel(_NEXT)
        if self._loop is not None:
            self._task = self._loop.create_task(self._fit(topics, seed))

    def stop(self) -> None:
        """End it all, a fit under way too."""
        if self._task is not None:
            self._task.cancel()
        self._end()

    async def _fit(self, topics: Topics, seed: int) -> None:
        matrix = topics.matrix
        try:
            await asyncio.sleep(_REST)
            begun = time.monotonic()
            for k, other in _next(topics.k, seed):
                fit = NMF(k, other, solver_for(matrix.weights, k))
                refused = (matrix.fingerprint, fit) in self._refused
                if refused or self._session.has_fit(matrix, fit):
                    continue
                if time.monotonic() - begun > _LONGEST:
                    break
                self._aside = aside = self._aside or Aside()
                await asyncio.to_thread(self._make, aside, matrix, fit)
        except asyncio.CancelledError as cancelled:
            if _NEXT not in cancelled.args:  # as when the loop ends
                self._end()
            raise
        except Exception as error:  # nothing is lost but time
            logging.getLogger(__name__).debug("no fit ahead: %r", error)
        self._end()

    def _make(self, aside: Aside, matrix: TermMatrix, fit: NMF) -> None:
        try:
            check_k(matrix, fit.k, "fit_topics")
            factors = aside.call(_factors, fit, matrix.weights)
            self._session.keep_fit(matrix, fit, factors)
        except (UserWarning, ValueError):
            self._refused.add((matrix.fingerprint, fit))

    def _end(self) -> None:
        if self._aside is not None:
            self._aside.end()
            self._aside = None


def _next(k: int, seed: int) -> Iterator[tuple[int, int]]:
    """Yield numbers of topics with a seed, the likeliest first."""
    for step in range(1, MOST):
        yield from ((other, seed) for other in (k + step, k - step) if 2 <= other <= MOST)
        if step == 1:
            yield k, seed + 1


def _factors(fit: NMF, weights: sparse.csr_array) -> tuple[Array, Array]:
    """Return what a fit finds in weights; raise what it would warn of."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return nmf(weights, fit.k, seed=fit.seed, solver=fit.solver)
