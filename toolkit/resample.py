"""Chance: what documents, drawn, relabelled or shuffled, would show as well.

Words and passages of one text depend on each other, so it is always whole documents that
are drawn and relabelled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.matrix import TermMatrix

Array = np.ndarray[Any, Any]

#: Fewest documents of a group for a test or an interval to mean anything.
LEAST_DOCUMENTS = 5
#: Fewest texts for leaving some out to tell anything.
LEAST_TEXTS = 10


def max_t(found: Array, null: Array) -> Array:
    """Return how likely chance is to show anything as far out as each value: single-step max-T.

    Each value is set against what chance gives in its place, in units of how that varies;
    p is the share of the draws of chance in which *any* value stands out as far. So all
    values together are called more than chance, where they are not, in a share p of cases.
    What was found counts as one more draw, in the scale too.

    Parameters
    ----------
    found : array, shape (m,)
        NaN for what is not tested.
    null : array, shape (n, m)
        The same from `n` draws of chance.

    Returns
    -------
    array, shape (m,)
        NaN for what is not tested.

    References
    ----------
    Westfall, P. H., & Young, S. S. (1993). *Resampling-based multiple testing*. Wiley.

    Examples
    --------
    >>> null = np.tile(np.arange(20.0)[:, None], (1, 2))
    >>> max_t(np.array([30.0, 5.0]), null).round(2).tolist()
    [0.05, 0.76]
    """
    both = np.vstack([found, null])
    given = ~np.isnan(both)
    n = np.maximum(given.sum(axis=0), 1)
    away = np.where(given, both - np.where(given, both, 0).sum(axis=0) / n, 0)
    scale = np.sqrt((away**2).sum(axis=0) / n)
    # Rounded, so that what is the same but for the last digits is the same.
    z = np.where(given, away / np.maximum(scale, 1e-9), -np.inf).round(9)
    most = z.max(axis=1)
    p = (most[:, None] >= z[0]).mean(axis=0)
    return np.where(given[0], p, np.nan)


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


def subsample(matrix: TermMatrix, share: float, seed: Any) -> Array:
    """Return which units are in a random share of the texts, as bool."""
    document, names = pd.factorize(matrix.units["doc_id"])
    size = min(int(np.ceil(share * len(names))), len(names) - 1)
    chosen = np.random.default_rng(seed).choice(len(names), size, replace=False)
    seen: Array = np.isin(document, chosen)
    return seen


def folds(matrix: TermMatrix, n: int, seed: Any) -> Array:
    """Return which of `n` random parts the text of each unit is in, from 0."""
    document, names = pd.factorize(matrix.units["doc_id"])
    fold: Array = (np.random.default_rng(seed).permutation(len(names)) % n)[document]
    return fold


def shuffle_terms(matrix: TermMatrix, seed: Any) -> TermMatrix:
    """Return text without structure: each term in as many passages, but in others.

    How often a term occurs where it occurs stays as it is, and so do, nearly, the lengths
    of the passages: a term falls to passages in proportion to their number of terms.
    """
    generator = np.random.default_rng(seed)
    counts, weights = matrix.counts.tocsc(), matrix.weights.tocsc()
    held = np.diff(matrix.counts.indptr)
    odds = np.log(np.maximum(held, 0.5))
    rows = np.empty_like(counts.indices)
    for begin, end in zip(counts.indptr[:-1], counts.indptr[1:], strict=True):
        # The largest of log(odds) + Gumbel noise are a draw without replacement.
        keys = odds + generator.gumbel(size=len(odds))
        rows[begin:end] = np.argsort(-keys)[: end - begin]
    new_counts, new_weights = (
        sparse.csr_array(sparse.csc_array((x.data, rows, x.indptr), x.shape))
        for x in (counts, weights)
    )
    for array in (new_counts, new_weights):
        array.sort_indices()
    old, new = _norms(matrix.weights), _norms(new_weights)
    scale = np.divide(old, new, out=np.zeros_like(old), where=new > 0)
    new_weights.data *= np.repeat(scale, np.diff(new_weights.indptr))
    return replace(matrix, counts=new_counts, weights=new_weights)


def _norms(weights: sparse.csr_array) -> Array:
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    return np.sqrt(np.bincount(rows, weights.data**2, minlength=weights.shape[0]))
