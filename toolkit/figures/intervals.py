"""Intervals of means and rates over resampled documents."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.resample import LEAST_DOCUMENTS, bootstrap_weights

Array = np.ndarray[Any, Any]


def ratio_interval(above: Array, below: Array, *, n_boot: int = 500, seed: int = 0) -> Array:
    """Return the 95% interval of the sum of `above` by the sum of `below`.

    Documents are drawn again with replacement (percentile bootstrap, Efron 1979), since the
    words of one text depend on each other.

    Parameters
    ----------
    above : array, shape (documents, m)
        Such as occurrences of m words in each document.
    below : array, shape (documents,)
        Such as the words of each document.
    n_boot, seed : int

    Returns
    -------
    array, shape (m, 2)
        Not a number where there are fewer than 5 documents.

    Examples
    --------
    >>> ratio_interval(np.array([[1.0]] * 5), np.ones(5))
    array([[1., 1.]])
    """
    used = below > 0
    above, below = above[used], below[used]
    if len(below) < LEAST_DOCUMENTS:
        return np.full((above.shape[1], 2), np.nan)
    drawn = bootstrap_weights(below, n_boot, np.random.default_rng(seed))
    rates = (drawn @ above) / (drawn @ below)[:, None]
    interval: Array = np.quantile(rates, (0.025, 0.975), axis=0).T
    return interval


def by_document(values: Array, documents: Array) -> Array:
    """Return the sums of the rows of `values` for each document, in order of their names."""
    names, place = np.unique(documents.astype(str), return_inverse=True)
    sums = np.zeros((len(names), *values.shape[1:]))
    np.add.at(sums, place, values)
    return sums
