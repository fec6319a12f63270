"""The test of whole documents that `keyness` makes: its statistic, its null, its intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse, special

Array = np.ndarray[Any, Any]

#: Words whose relabelled statistics are pooled, at the least: p must be told from 0.05 / n.
_POOLED = 100
#: An interval never rests on less than the 97.5% point of the normal distribution.
_NORMAL = 1.959964


def by_relabelling(
    counts: sparse.csr_array, length: Array, document: Array, groups: Array
) -> tuple[Array, Array, Array]:
    """Return p, and the ends of the 95% interval of the log ratio, of each word.

    `counts` has a row for each document, or for its part in each group; `length` its words;
    `document` tells which it is of, twice for one that is in both groups. The columns of
    `groups` tell which rows are in the target: first as they are, then relabelled.
    """
    _, place, times = np.unique(document, return_inverse=True, return_counts=True)
    pairs = np.argsort(place, kind="stable")[(times == 2)[np.sort(place)]].reshape(-1, 2)
    n_words = counts.shape[1]
    words = counts.T.tocsr().astype(float)
    # Words in about as many documents are alike in what chance makes of them; those in
    # just as many stay together.
    documents = np.diff(words.indptr)
    n_strata = max(n_words // _POOLED, 1)
    stratum = np.searchsorted(np.sort(documents), documents) * n_strata // n_words
    p, low, high = np.empty(n_words), np.empty(n_words), np.empty(n_words)
    for number in np.unique(stratum):
        here = np.flatnonzero(stratum == number)
        parts = _parts(words[here], length, pairs, groups)
        # Rounded, so that the same counts are the same in whatever order they were summed.
        size = np.abs(_distance(*parts)).round(9)
        null = np.append(np.sort(size[:, 1:], axis=None), np.inf)
        n_null, seen = len(null) - 1, size[:, 0]
        chance = (n_null - np.searchsorted(null, seen) + 1) / (n_null + 1)
        p[here] = np.maximum(chance, 2 * special.ndtr(-seen))
        most = max(null[min(int(np.ceil(0.95 * (n_null + 1))) - 1, n_null)], _NORMAL)
        a, b, odds, *spread = (part[:, 0] for part in parts)
        low[here] = np.where(a > 0, _ratio_at(most, a, b, odds, *spread), -np.inf)
        high[here] = np.where(b > 0, _ratio_at(-most, a, b, odds, *spread), np.inf)
    return p, low, high


def _parts(
    words: sparse.csr_array, length: Array, pairs: Array, groups: Array
) -> tuple[Array, ...]:
    """Return occurrences in both groups, the odds of their lengths, and how words spread.

    That is the variance of the counts of a group around its rate by their mean: 1 for
    a word that falls at random, more for one that comes in bursts; that of both groups
    where one does not use the word. The last is the same of the covariance between the two
    rows of a document, whose numbers `pairs` has, shape (documents, 2).
    """
    inside = groups.astype(float)
    sums = (words, words.power(2), sparse.csr_array(words.multiply(length)))
    total = length.sum(), (length.astype(float) ** 2).sum(), len(length)
    n_a = length @ inside, (length.astype(float) ** 2) @ inside, inside.sum(axis=0)
    n_b = tuple(whole - part for whole, part in zip(total, n_a, strict=True))
    found = [x @ inside for x in sums]
    rest = [x.sum(axis=1)[:, None] - part for x, part in zip(sums, found, strict=True)]
    # What two rows of a document share is neither the one group's nor the other's.
    one, other = pairs.T
    crossed = np.zeros(len(length))
    crossed[one], crossed[other] = length[other], length[one]
    with_other = sparse.csr_array(words.multiply(crossed))
    in_a = with_other @ inside
    in_b = with_other.sum(axis=1)[:, None] - in_a
    both = sparse.csr_array(words[:, one].multiply(words[:, other])).sum(axis=1)[:, None]
    rate_a, rate_b = found[0] / n_a[0], rest[0] / n_b[0]
    shared = both - rate_b * in_a - rate_a * in_b + rate_a * rate_b * (length[one] @ length[other])
    around = []
    for (count, square, product), (n, n_squares, n_rows) in ((found, n_a), (rest, n_b)):
        rate = count / n
        variance = np.maximum(square - 2 * rate * product + rate**2 * n_squares, 0)
        around.append(variance * n_rows / (n_rows - 1))
    a, b = found[0], rest[0]
    pooled = (around[0] + around[1]) / (a + b)
    spread = [
        np.maximum(np.divide(v, k, out=pooled.copy(), where=k > 0), 1)
        for v, k in zip(around, (a, b), strict=True)
    ]
    shared *= len(pairs) / max(len(pairs) - 1, 1)
    shared = np.divide(shared, np.sqrt(a * b), out=np.zeros_like(shared), where=(a > 0) & (b > 0))
    return a, b, np.broadcast_to(n_a[0] / n_b[0], a.shape), *spread, shared


def _distance(
    a: Array, b: Array, odds: Array, spread_a: Array, spread_b: Array, shared: Array
) -> Array:
    """Return how far the target's share of a word is from its share of the text, in errors."""
    total, share = a + b, odds / (1 + odds)
    spread = (1 - share) * spread_a + share * spread_b - 2 * np.sqrt(share * (1 - share)) * shared
    spread = np.maximum(spread, 1)  # chance alone
    return np.asarray((a - total * share) / np.sqrt(total * share * (1 - share) * spread))


def _ratio_at(distance: float, a: Array, b: Array, odds: Array, *spread: Array) -> Array:
    """Return the log ratio that a word is at some distance from: by bisection."""
    low, high = np.full(len(a), -40.0), np.full(len(a), 40.0)
    for _ in range(50):  # to 1e-13
        middle = (low + high) / 2
        above = _distance(a, b, odds * 2**middle, *spread) > distance
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return high
