"""How well topics agree with labels that people gave."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from scipy import special

from toolkit.recipe import check_numbers
from toolkit.resample import LEAST_TEXTS
from toolkit.topics.factorise import Array
from toolkit.topics.model import Topics


def agreement(
    topics: Topics,
    *,
    labels: str,
    ignore: str | Collection[str] = (),
    permutations: int = 1000,
    seed: int = 0,
) -> dict[str, float]:
    """Compare the strongest topic of each unit with its label.

    Parameters
    ----------
    topics : Topics
    labels : column of the units
        Such as ``"dimension"``. Units without a label or a term of the matrix do not count.
    ignore : str or collection of str
        Labels that do not count.
    permutations : int
        Shufflings of the labels, for what chance alone would give. The units of a text
        are not independent, so the labels of whole texts change places, with those of
        neighbours still neighbours. With fewer than 10 texts single labels are shuffled,
        which tells `nmi_chance` but no `p`.
    seed : int

    Returns
    -------
    dict
        ``n`` (units compared), ``ari`` (adjusted Rand index; 0 by chance, 1 for the same
        partition), ``nmi`` (normalised mutual information, arithmetic mean), ``nmi_low``
        and ``nmi_high`` (95%, from leaving out one text after the other), ``nmi_chance``
        (its mean over the shufflings: above 0, and the more so the fewer the units), ``p``
        (share of the shufflings whose ARI is as high, one-sided, with the +1 that keeps
        it above 0; NaN for fewer than 10 texts).

    Raises
    ------
    ValueError
        If there is no such column, or fewer than two labels are left.

    References
    ----------
    Hubert, L., & Arabie, P. (1985). Comparing partitions. *Journal of Classification*,
    2, 193–218.

    Winkler, A. M., Webster, M. A., Vidaurre, D., Nichols, T. E., & Smith, S. M. (2015).
    Multi-level block permutation. *NeuroImage*, 123, 253–268.

    Vinh, N. X., Epps, J., & Bailey, J. (2010). Information theoretic measures for
    clusterings comparison. *Journal of Machine Learning Research*, 11, 2837–2854.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=6)
    >>> found = agreement(topics, labels="dimension", ignore="general", permutations=99)
    >>> found["n"], found["p"]
    (164, 0.01)
    """
    check_numbers(agreement, locals())
    if not isinstance(labels, str) or labels not in topics.units:
        raise ValueError(f"units have no column {labels!r}; they have {[*topics.units]}")
    given = topics.units[labels]
    left_out = {ignore} if isinstance(ignore, str) else set(ignore)
    counts = given.notna() & ~given.isin(left_out) & topics.filled
    truth = given[counts].astype(str).to_numpy()
    found = topics.doc_topic[counts.to_numpy()].argmax(axis=1)
    if len(set(truth)) < 2:
        raise ValueError(f"column {labels!r} holds fewer than two labels: {sorted(set(truth))}")
    rng = np.random.default_rng(seed)
    values, codes = np.unique(truth, return_inverse=True)
    documents = topics.units["doc_id"][counts].to_numpy()
    orders = np.stack([codes, *(_shuffled(codes, documents, rng) for _ in range(permutations))])
    ari, nmi = _indices(orders, found, len(values), topics.k)
    error = 1.96 * _jackknife_error(codes, found, documents, len(values), topics.k)
    return {
        "n": len(truth),
        "ari": float(ari[0]),
        "nmi": float(nmi[0]),
        "nmi_low": max(float(nmi[0]) - error, 0.0),
        "nmi_high": min(float(nmi[0]) + error, 1.0),
        "nmi_chance": float(nmi[1:].mean()),
        "p": (
            float(1 + (ari[1:] >= ari[0] - 1e-12).sum()) / (1 + permutations)
            if len(set(documents)) >= LEAST_TEXTS
            else float("nan")
        ),
    }


def _shuffled(codes: Array, documents: Array, rng: np.random.Generator) -> Array:
    """Return the labels in another order, those of each text still side by side.

    The texts change places, and then all labels move on by a random number of units, so
    that the first section of one text does not always meet the first of another.
    """
    names, text = np.unique(documents, return_inverse=True)
    if len(names) < LEAST_TEXTS:
        return rng.permutation(codes)
    moved = np.argsort(rng.permutation(len(names))[text], kind="stable")
    shuffled = np.empty_like(codes)
    shuffled[np.argsort(text, kind="stable")] = np.roll(codes[moved], rng.integers(len(codes)))
    return shuffled


def _jackknife_error(codes: Array, found: Array, documents: Array, a: int, b: int) -> float:
    """Return the standard error of NMI; passages of one text are not independent."""
    names = np.unique(documents)
    if len(names) < 2:
        return float("nan")
    left = [documents != name for name in names]
    nmi = np.array([_indices(codes[None, some], found[some], a, b)[1][0] for some in left])
    return float(np.sqrt((len(names) - 1) * ((nmi - nmi.mean()) ** 2).mean()))


def _indices(orders: Array, found: Array, a: int, b: int) -> tuple[Array, Array]:
    """Return adjusted Rand index and NMI of one clustering with many others.

    `orders` has a row of `a` codes for each of the others, `found` holds `b` codes.
    """
    tables = np.zeros((len(orders), a, b))
    np.add.at(tables, (np.arange(len(orders))[:, None], orders, found), 1)
    n = len(found)
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)

    def pairs(counts: Array) -> Array:
        return np.asarray(counts * (counts - 1) / 2)

    together = pairs(tables).sum(axis=(1, 2))
    in_rows, in_columns = pairs(rows).sum(axis=1), pairs(columns).sum(axis=1)
    expected = in_rows * in_columns / (n * (n - 1) / 2)
    most = (in_rows + in_columns) / 2
    ari = np.divide(
        together - expected, most - expected, out=np.ones(len(orders)), where=most > expected
    )
    of_rows, of_columns = (special.entr(part / n).sum(axis=1) for part in (rows, columns))
    shared = of_rows + of_columns - special.entr(tables / n).sum(axis=(1, 2))
    mean = (of_rows + of_columns) / 2
    nmi = np.divide(shared, mean, out=np.ones(len(orders)), where=mean > 0)
    return ari, nmi
