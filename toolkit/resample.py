"""Chance: what documents, drawn, relabelled or shuffled, would show as well.

Words and passages of one text depend on each other, so it is always whole documents that
are drawn and relabelled.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

#: Fewest documents of a group for a test or an interval to mean anything.
LEAST_DOCUMENTS = 5


def relabelled(document: Array, in_target: Array, n: int, rng: np.random.Generator) -> Array:
    """Return which of the rows are in the target when documents get their group at random.

    Parameters
    ----------
    document : array of int, shape (rows,)
        Which document each row is of; twice for one that has a row in both groups.
    in_target : array of bool, shape (rows,)
    n : int
        How often.
    rng : Generator

    Returns
    -------
    array of bool, shape (n, rows)
        Each with as many rows in the target. The two rows of one document change places,
        or do not; the others are drawn.

    Examples
    --------
    >>> groups = np.array([True, True, False, False])
    >>> relabelled(np.arange(4), groups, 3, np.random.default_rng(0)).sum(axis=1).tolist()
    [2, 2, 2]
    """
    drawn = np.tile(in_target, (n, 1))
    _, place, times = np.unique(document, return_inverse=True, return_counts=True)
    paired = times[place] == 2
    single = np.flatnonzero(~paired)
    drawn[:, single] = rng.permuted(drawn[:, single], axis=1)
    swap = rng.integers(2, size=(n, len(times)), dtype=bool)[:, place]
    drawn[:, paired] ^= swap[:, paired]
    return drawn


def bootstrap_weights(documents: Array, n: int, rng: np.random.Generator) -> Array:
    """Return how often each of `documents` is drawn in `n` resamples, shape (n, len).

    Raises
    ------
    ValueError
        If there are no resamples.
    """
    if n < 1:
        raise ValueError(f"an interval needs resamples: n_boot must be at least 1, not {n}")
    size = len(documents)
    return rng.multinomial(size, np.full(size, 1 / size), size=n)
