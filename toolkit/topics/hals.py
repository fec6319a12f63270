"""Non-negative matrix factorisation of many rows: block after block, in single precision."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse

from toolkit.mapped import row_blocks
from toolkit.topics.neighbours import Smoothed

Array = np.ndarray[Any, Any]
Weights = sparse.csr_array | Smoothed

# Columns of a factor that are updated together: with them, all that is read stays in the cache.
_CHUNK = 2048
# Directions beyond k, and passes, of the search for the leading singular vectors.
_BEYOND, _PASSES = 20, 12
# How far to go beyond an update, at first; how that grows, and shrinks where it went wrong:
# the values of Ang & Gillis.
_AHEAD, _GROWTH, _CEILING_GROWTH, _SHRINK = 0.5, 1.01, 1.005, 1.5
# Passes over which the error has to fall, and most passes.
_PATIENCE, _MOST = 10, 2000


def hals(
    weights: Weights,
    k: int,
    *,
    seed: int,
    tol: float,
    start: tuple[Array, Array] | None = None,
) -> tuple[Array, Array]:
    """Factorise non-negative weights by extrapolated alternating least squares.

    The updates are those of scikit-learn's coordinate descent; single precision, many
    columns at a time and a step beyond each update make them quicker. A pass over the
    rows holds one block of them, so the weights may be mapped from files and larger than
    the memory; only the factors are held whole.

    Parameters
    ----------
    weights : sparse array or Smoothed, shape (n, m)
    k : int
    seed : int
        Of the search for the singular vectors to start from.
    tol : float
        Stop when ten passes lower the error by less than this share of it.
    start : arrays of shape (n, k) and (k, m), optional
        To start from instead.

    Returns
    -------
    loadings : array of float, shape (n, k)
    parts : array of float, shape (k, m)

    References
    ----------
    Cichocki, A., & Phan, A.-H. (2009). Fast local algorithms for large scale nonnegative
    matrix and tensor factorizations. *IEICE Transactions on Fundamentals*, E92-A(3),
    708–721.

    Ang, A. M. S., & Gillis, N. (2019). Accelerating nonnegative matrix factorization
    algorithms using extrapolation. *Neural Computation*, 31(2), 417–439.
    """
    from tqdm.auto import tqdm

    if start is None:
        loadings, parts = nndsvd(*leading(weights, k, seed))
    else:
        loadings, parts = start[0].T.astype(np.float32), start[1].astype(np.float32)
    total = squares(weights)
    # From here on: the factors to go on from, those of the last update, and the best seen.
    last_loadings, last_parts = loadings.copy(), parts.copy()
    best_loadings, best_parts = loadings.copy(), parts
    ahead, ceiling, errors = _AHEAD, 1.0, [np.inf]
    # Not `for _ in tqdm(...)`: a loop that is left early shows in a notebook as failed.
    aside = threading.current_thread() is not threading.main_thread()  # of no cell of a notebook
    with tqdm(desc="nmf", unit="pass", delay=5, leave=False, disable=aside) as bar:
        for _ in range(_MOST):
            gram, columns = parts @ parts.T, _single(parts.T)
            own, cross = np.zeros((k, k), np.float32), np.zeros_like(columns)
            for where, block in blocks(weights):
                new = updated(loadings[:, where], (block @ columns).T, gram)
                mine = _beyond(new, last_loadings[:, where], ahead)
                last_loadings[:, where], loadings[:, where] = new, mine
                own += mine @ mine.T
                cross += block.T @ _single(mine.T)
            new = updated(parts, cross.T, own)
            explained = 2 * np.vdot(cross.T, new) - np.vdot(own, new @ new.T)
            error = float(np.sqrt(max(1 - float(explained) / total, 0)))
            if error > errors[-1]:  # too far: back to the best, and smaller steps from there
                loadings[:] = last_loadings[:] = best_loadings
                parts = last_parts = best_parts
                ceiling, ahead = ahead, ahead / _SHRINK
            else:
                best_loadings[:], best_parts = loadings, new
                parts, last_parts = _beyond(new, last_parts, ahead), new
                ahead, ceiling = min(ceiling, _GROWTH * ahead), min(1.0, _CEILING_GROWTH * ceiling)
            errors.append(min(error, errors[-1]))
            if len(errors) > _PATIENCE and errors[-_PATIENCE - 1] - errors[-1] <= tol * errors[-1]:
                break
            bar.update()
    return best_loadings.T.astype(float), best_parts.astype(float)


def squares(weights: Weights) -> float:
    """Return the sum of the squares of all weights."""
    if isinstance(weights, Smoothed):
        return weights.squares
    return sum(float((block.data.astype(float) ** 2).sum()) for _, block in row_blocks(weights))


def updated(factor: Array, cross: Array, gram: Array) -> Array:
    """Return a factor (k, c) with each row in turn, given the others, at its best.

    What is to be explained stands in `cross` (k, c), the other factor in `gram` (k, k).
    """
    parts = []
    for begin in range(0, factor.shape[1], _CHUNK):
        part = _single(factor[:, begin : begin + _CHUNK]).copy()
        wanted = _single(cross[:, begin : begin + _CHUNK])
        for j, row in enumerate(part):
            if gram[j, j] > 0:
                step = (wanted[j] - gram[j] @ part) / gram[j, j]
                np.maximum(row + step, 0, out=row)
        parts.append(part)
    return np.concatenate(parts, axis=1)


def _beyond(new: Array, old: Array, ahead: float) -> Array:
    """Return where `new` leads, further from `old`, and nowhere below zero."""
    return np.maximum(new + np.float32(ahead) * (new - old), 0)


def leading(weights: Weights, k: int, seed: int) -> tuple[Array, Array, Array]:
    """Return the k leading singular vectors and values: (k, n), (k,), (k, m).

    By subspace iteration from a random start (Halko, Martinsson & Tropp 2011).
    """
    n, m = weights.shape
    size = min(k + _BEYOND, n, m)
    basis = np.random.default_rng(seed).standard_normal((m, size), dtype=np.float32)
    for _ in range(_PASSES):
        image = np.zeros_like(basis)
        for _, block in blocks(weights):
            image += block.T @ (block @ basis)
        basis = _single(np.linalg.qr(image)[0])
    seen = np.empty((n, size), np.float32)
    for where, block in blocks(weights):
        seen[where] = block @ basis
    squares, turn = np.linalg.eigh(seen.T @ seen)
    values = np.sqrt(np.maximum(squares[::-1][:k], np.finfo(np.float32).tiny))
    turn = turn[:, ::-1][:, :k]
    return (seen @ turn / values).T, values, (basis @ turn).T


def nndsvd(left: Array, values: Array, right: Array) -> tuple[Array, Array]:
    """Return the loadings (k, n) and the parts (k, m) to start from, of leading vectors.

    Of each pair of singular vectors, the heavier of its positive and its negative half
    (Boutsidis & Gallopoulos 2008).
    """
    loadings, parts = np.empty_like(left, order="C"), np.empty_like(right, order="C")
    for j, (u, v) in enumerate(zip(left, right, strict=True)):
        halves = [(np.maximum(s * u, 0), np.maximum(s * v, 0)) for s in (1, -1)]
        norms = [(np.linalg.norm(a), np.linalg.norm(b)) for a, b in halves]
        best = int(np.argmax([a * b for a, b in norms]))
        (u, v), (a, b) = halves[best], norms[best]
        scale = np.sqrt(values[j] * a * b)
        loadings[j], parts[j] = scale * u / (a or 1), scale * v / (b or 1)
    return loadings, parts


def blocks(weights: Weights, kind: type = np.float32) -> Iterator[tuple[slice, Any]]:
    """Yield the rows in blocks, with where they stand; `Smoothed` ones hang together."""
    if isinstance(weights, Smoothed):
        yield slice(None), weights
        return
    for where, block in row_blocks(weights):
        yield where, block.astype(kind)


def _single(array: Array) -> Array:
    """Return a copy or the array itself, in single precision and in C order."""
    return np.ascontiguousarray(array, dtype=np.float32)
