"""The factorisations that topics come from: each takes a matrix, none keeps a state."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
from scipy import sparse

from toolkit.matrix import TermMatrix
from toolkit.topics.hals import Weights, blocks, hals, leading, nndsvd, squares
from toolkit.topics.neighbours import Smoothed, smoothed

Array = np.ndarray[Any, Any]
#: Takes a matrix; returns the loadings (n, k) and the parts (k, m).
Factorise = Callable[[TermMatrix], tuple[Array, Array]]

# Enough for the top terms to settle: on the sample corpus 9 in 10 of the terms of a fit
# that ran to the end, in a third of the time.
_QUICK = {"max_iter": 100, "tol": 1e-3}
_FULL = {"max_iter": 2000, "tol": 1e-4}
# From so many topics, or stored weights, on `hals` is several times quicker, and as exact;
# its tolerance is of the error, not of the gradient.
_MANY_TOPICS, _MANY_WEIGHTS = 20, 200_000
_HALS_QUICK, _HALS_FULL = 1e-3, 1e-5

#: Passages from and up to which they are read with their neighbours where nothing is told:
#: fewer teach too little of the words, and those of more take too long to find.
NEIGHBOURS_FROM, NEIGHBOURS_TO = 250, 100_000

# By the matrix, as long as it lives: what it is read as, for how many topics, by which seed.
_led: WeakKeyDictionary[TermMatrix, dict[tuple[bool, int, int], tuple[Array, ...]]]
_led = WeakKeyDictionary()

#: Coordinate descent of scikit-learn, or `hals`.
Solver = Literal["cd", "hals"]


def solver_for(weights: sparse.csr_array, k: int) -> Solver:
    """Return the quicker solver.

    Fits that are compared take the same one, chosen for all texts and the largest k: else
    a part of the texts, or one topic fewer, would be fitted otherwise.
    """
    return "hals" if k >= _MANY_TOPICS or weights.nnz >= _MANY_WEIGHTS else "cd"


def method_for(matrix: TermMatrix, method: str) -> str:
    """Return a method of `fit_topics`: that for so many passages if it is "auto"."""
    if method != "auto":
        return method
    many = NEIGHBOURS_FROM <= matrix.weights.shape[0] <= NEIGHBOURS_TO
    return "nmf-neighbours" if many else "nmf"


@dataclass(frozen=True)
class NMF:
    """Non-negative matrix factorisation of the TF-IDF weights, `smoothed` or as they are.

    Fits of several k to one matrix start from the same singular vectors, those for the
    `most` topics of them.
    """

    k: int
    seed: int = 0
    solver: Solver = "cd"
    quick: bool = False
    neighbours: bool = False
    most: int = 0

    def __call__(self, matrix: TermMatrix) -> tuple[Array, Array]:
        """Factorise from the leading singular vectors."""
        values, start = fitted_to(self, matrix), None
        if self.most:
            vectors = _led.setdefault(matrix, {})
            if (key := (self.neighbours, self.most, self.seed)) not in vectors:
                vectors[key] = leading(values, self.most, self.seed)
            left, size, right = (x[: self.k] for x in vectors[key])
            loadings, parts = nndsvd(left, size, right)
            start = loadings.T, parts
        how: Any = {"seed": self.seed, "solver": self.solver, "quick": self.quick}
        return nmf(values, self.k, start=start, **how)


@dataclass(frozen=True)
class LDA:
    """Latent Dirichlet allocation of the counts, by variational Bayes (scikit-learn)."""

    k: int
    seed: int = 0

    def __call__(self, matrix: TermMatrix) -> tuple[Array, Array]:
        """Fit in batch mode; loadings are scaled to the words of each unit."""
        from sklearn.decomposition import LatentDirichletAllocation

        model = LatentDirichletAllocation(
            self.k, learning_method="batch", max_iter=100, random_state=self.seed
        )
        shares = model.fit_transform(matrix.counts)
        parts = model.components_ / model.components_.sum(axis=1, keepdims=True)
        return shares * _lengths(matrix), parts


@dataclass(frozen=True)
class GibbsLDA:
    """Latent Dirichlet allocation of the counts, by Gibbs sampling (tomotopy)."""

    k: int
    seed: int = 0

    def __call__(self, matrix: TermMatrix) -> tuple[Array, Array]:
        """Sample 1,000 times, in one thread: more would change the result."""
        try:
            import tomotopy
        except ImportError:
            raise ImportError(
                "method='lda-gibbs' needs tomotopy: pip install tomotopy, or use method='lda'"
            ) from None
        filled = np.flatnonzero(np.diff(matrix.counts.indptr))
        model = tomotopy.LDAModel(k=self.k, seed=self.seed)
        for i in filled:
            row = matrix.counts[[i]]
            model.add_doc(np.repeat(row.indices, row.data).astype(str).tolist())
        model.train(1000, workers=1)
        parts = np.zeros((self.k, len(matrix.terms)))
        column = np.array([int(word) for word in model.used_vocabs])
        for topic in range(self.k):
            parts[topic, column] = model.get_topic_word_dist(topic)
        shares = np.zeros((len(matrix.units), self.k))
        shares[filled] = [doc.get_topic_dist() for doc in model.docs]
        return shares * _lengths(matrix), parts


@dataclass(frozen=True, eq=False)
class Guided:
    """NMF in which each of the first topics is drawn towards given terms.

    A profile stands as one more row of the matrix, as heavy as `strength` of the rows of
    texts together, that its topic has to explain (Vendrow et al. 2021).
    """

    profiles: Array
    free: int
    strength: float
    seed: int = 0
    solver: Solver = "cd"
    quick: bool = False

    def __call__(self, matrix: TermMatrix) -> tuple[Array, Array]:
        """Start from the profiles, and for the free topics from what they leave."""
        weights, guides = matrix.weights, self.profiles
        n, g = weights.shape[0], len(guides)
        weight = np.sqrt(self.strength * n)
        parts = guides
        if self.free:
            rest = sparse.csr_array(weights - weights.multiply(guides.max(axis=0) > 0))
            free = nmf(rest, self.free, seed=self.seed, solver=self.solver, quick=True)[1]
            free /= np.linalg.norm(free, axis=1, keepdims=True)
            parts = np.vstack([guides, free])
        # A zero would never leave it again: every topic may take up every term.
        parts = parts + 1e-4 * weights.mean()
        loadings = np.zeros((n + g, g + self.free))
        loadings[:n] = weights @ parts.T + 1e-4
        loadings[n:, :g] = weight * np.eye(g)
        rows = sparse.csr_array(sparse.vstack([weights, sparse.csr_array(weight * guides)]))
        how: Any = {"seed": self.seed, "solver": self.solver, "quick": self.quick}
        loadings, parts = nmf(rows, len(parts), start=(loadings, parts), **how)
        return loadings[:n], parts


def fitted_to(fit: Factorise, matrix: TermMatrix) -> Weights:
    """Return the values of a matrix that a factorisation explains."""
    if isinstance(fit, (LDA, GibbsLDA)):
        return matrix.counts
    return smoothed(matrix) if isinstance(fit, NMF) and fit.neighbours else matrix.weights


def nmf(
    weights: Weights,
    k: int,
    *,
    seed: int,
    solver: Solver,
    quick: bool = False,
    start: tuple[Array, Array] | None = None,
) -> tuple[Array, Array]:
    """Return the loadings (n, k) and the parts (k, m) of non-negative weights."""
    if solver == "hals" or isinstance(weights, Smoothed):
        tol = _HALS_QUICK if quick else _HALS_FULL
        return hals(weights, k, seed=seed, tol=tol, start=start)
    from sklearn.decomposition import NMF as Model
    from sklearn.exceptions import ConvergenceWarning

    how = _QUICK if quick else _FULL
    model = Model(k, init="custom" if start else "nndsvd", random_state=seed, **how)
    given = {"W": start[0].copy(), "H": start[1].copy()} if start else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # told below, in plain words
        loadings = model.fit_transform(weights, **given)
    # With `quick`, stopping early is what was asked for.
    if not quick and model.n_iter_ >= how["max_iter"]:
        warnings.warn(
            f"the {k} topics still changed a little after {model.n_iter_} rounds: "
            f"{weights.shape[0]} units hold little to tell topics apart; take fewer topics, or "
            "more texts",
            stacklevel=2,
        )
    return loadings, model.components_


def residual(values: Weights, loadings: Array, parts: Array) -> float:
    """Return the Frobenius norm of ``values - loadings @ parts`` by that of the values."""
    total, cross = squares(values), 0.0
    for where, block in blocks(values, float):
        cross += float(((block @ parts.T) * loadings[where]).sum())
    model = float(((loadings.T @ loadings) * (parts @ parts.T)).sum())
    return float(np.sqrt(max(total - 2 * cross + model, 0.0) / total))


def _lengths(matrix: TermMatrix) -> Array:
    return np.asarray(matrix.counts.sum(axis=1)).reshape(-1, 1).astype(float)
