"""Passages read with those like them: neighbours by the company that their words keep."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator

from toolkit.matrix import TermMatrix

Array = np.ndarray[Any, Any]

#: So many of the most frequent terms tell what company the others keep.
_CONTEXTS, _POWER = 1000, 0.75
#: Neighbours of a passage: so many for each of these lengths of the vectors of words.
_NEAREST, _LENGTHS = 10, (25, 50, 100)
#: Passages that are compared with each other, and comparisons that are held at once.
_MOST, _HELD = 20_000, 4_000_000
#: Columns that are looked at together when the largest are looked for.
_SET = 32

# By the matrix, as long as it lives: fits of several k have it in common.
_made: WeakKeyDictionary[TermMatrix, Smoothed] = WeakKeyDictionary()


class Smoothed(LinearOperator):
    """Weights of passages read with their neighbours, and with those of these.

    Each row is that of ``(I + A + A²) X``, scaled to length 1, where X are the weights and
    A says how near the neighbours are. The rows are never formed: a factorisation needs
    products of them.

    Parameters
    ----------
    weights : sparse array, shape (n, m)
    near : sparse array, shape (n, n)
        Rows that sum to 1, or to 0 for a passage without neighbours.
    """

    def __init__(self, weights: sparse.csr_array, near: sparse.csr_array) -> None:
        super().__init__(np.dtype(np.float32), weights.shape)  # type: ignore[call-arg]
        self._weights, self._near = weights.astype(np.float32), near.astype(np.float32)
        lengths = np.empty((weights.shape[0], 1))
        for begin in range(0, len(lengths), 1000):
            some = slice(begin, begin + 1000)
            rows = weights[some] + (near[some] @ near + near[some]) @ weights
            lengths[some, 0] = np.sqrt(rows.power(2).sum(axis=1))
        #: Sum of the squares of all values.
        self.squares = float((lengths > 0).sum())
        self._scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        self._scale = self._scale.astype(np.float32)

    def _matmat(self, columns: Array) -> Array:
        own = self._weights @ columns
        return np.asarray(self._scale * (own + self._near @ (own + self._near @ own)))

    def _rmatmat(self, columns: Array) -> Array:
        own, near = self._scale * columns, self._near.T
        return np.asarray(self._weights.T @ (own + near @ (own + near @ own)))


def smoothed(matrix: TermMatrix) -> Smoothed:
    """Return the weights of a matrix, each passage read with its neighbours.

    Words are alike if they keep the same company: vectors of words are learnt from the
    matrix itself, by positive pointwise mutual information of the terms that stand in one
    passage (the more the shorter it is), contexts to the power ¾ (Levy, Goldberg & Dagan
    2015). A passage stands where its words stand, by weight. Its neighbours are the 10 of
    the highest cosine, for vectors of 25, 50 and 100 numbers, of which the mean is taken.
    Beyond 20,000 passages, these are divided at random into as few parts as are needed,
    and neighbours are looked for within each.

    References
    ----------
    Tao, T., Wang, X., Mei, Q., & Zhai, C. (2006). Language model information retrieval
    with document expansion. *HLT-NAACL*, 407–414.

    Levy, O., Goldberg, Y., & Dagan, I. (2015). Improving distributional similarity with
    lessons learned from word embeddings. *Transactions of the ACL*, 3, 211–225.
    """
    if matrix not in _made:
        words, weights = _words(matrix.counts), matrix.weights
        n = weights.shape[0]
        graphs = []
        part = np.random.default_rng(0).permutation(n) % max(-(-n // _MOST), 1)
        for length in _LENGTHS:
            places = _unit(weights @ _unit(words[:, :length]))
            for number in range(part.max() + 1):
                rows = np.flatnonzero((part == number) & places.any(axis=1))
                graphs.append(_nearest(places, rows))
        near = sparse.csr_array(sum(graphs, sparse.csr_array((n, n))) / len(_LENGTHS))
        _made[matrix] = Smoothed(weights, near)
    return _made[matrix]


def _words(counts: sparse.csr_array) -> Array:
    """Return a vector for each term, shape (m, 100 at most), the numbers that vary most first."""
    from scipy.linalg import eigh

    frequent = np.sort(np.argsort(-counts.sum(axis=0), kind="stable")[:_CONTEXTS])
    shares = sparse.diags_array(1 / np.maximum(counts.sum(axis=1) - 1, 1))
    pairs = sparse.coo_array(counts.T @ (shares @ counts[:, frequent]))
    other = pairs.row != frequent[pairs.col]
    rows, columns, found = pairs.row[other], pairs.col[other], pairs.data[other]
    row = np.bincount(rows, found, counts.shape[1])
    column = np.bincount(columns, found, len(frequent)) ** _POWER
    information = np.log(found * column.sum() / (row[rows] * column[columns]))
    known = information > 0
    place = (rows[known], columns[known])
    table = sparse.csr_array(
        sparse.coo_array((information[known], place), (counts.shape[1], len(frequent)))
    )
    learnt = table[frequent].toarray()
    size = learnt.shape[1]
    length = min(max(_LENGTHS), size)
    directions = eigh(learnt.T @ learnt, subset_by_index=(size - length, size - 1))[1]
    return np.asarray(table @ directions[:, ::-1])


def _nearest(places: Array, rows: Array) -> sparse.csr_array:
    """Return how near the nearest of some passages are to each of them, shape (n, n)."""
    n, t = len(rows), min(_NEAREST, len(rows) - 1)
    whole = (len(places), len(places))
    if t < 1:
        return sparse.csr_array(whole)
    at = _unit(places[rows] - places[rows].mean(axis=0))
    found, near = np.empty((n, t), dtype=np.int64), np.empty((n, t))
    # Of passages that are the same the first ones are taken, on any machine; whole sets.
    whole_sets = np.vstack([at, np.zeros((-n % _SET, at.shape[1]))])
    later = np.where(np.arange(len(whole_sets)) < n, 1e-13 * np.arange(len(whole_sets)), 3)
    block = max(_HELD // n, 1)
    for begin in range(0, n, block):
        cosine = at[begin : begin + block] @ whole_sets.T
        cosine -= later
        here = np.arange(len(cosine))
        cosine[here, begin + here] = -2
        best = _largest(cosine, t)
        found[begin : begin + block] = rows[best]
        near[begin : begin + block] = np.maximum(np.take_along_axis(cosine, best, axis=1), 0)
    total = near.sum(axis=1, keepdims=True)
    near = np.divide(near, total, out=np.zeros_like(near), where=total > 0)
    place = (np.repeat(rows, t), found.ravel())
    return sparse.csr_array(sparse.coo_array((near.ravel(), place), whole))


def _largest(values: Array, t: int) -> Array:
    """Return where the `t` largest values of each row stand: in sets with the largest maxima."""
    n, m = values.shape
    if m <= _SET * t:
        return np.argpartition(-values, t - 1, axis=1)[:, :t]
    first = np.argpartition(-values.reshape(n, _SET, -1).max(axis=1), t - 1, axis=1)[:, :t]
    columns = (first[:, :, None] + m // _SET * np.arange(_SET)).reshape(n, -1)
    best = _largest(np.take_along_axis(values, columns, axis=1), t)
    return np.asarray(np.take_along_axis(columns, best, axis=1))


def _unit(vectors: Array) -> Array:
    """Return the rows with length 1; those of zeros as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Array = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
