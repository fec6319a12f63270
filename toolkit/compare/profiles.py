"""Profiles of groups: how alike they are, which go together, and what sets them apart."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]


def profile_similarity(
    profiles: pd.DataFrame, *, measure: Literal["cosine", "jensen-shannon"] = "jensen-shannon"
) -> pd.DataFrame:
    """Compare every two profiles, such as cities by topics or by dimensions.

    Parameters
    ----------
    profiles : DataFrame
        A row for each group, a column for each topic, dimension or term; no value below
        0. Such are ``topics.doc_topics(by="city")`` and ``scores.table("city")``.
    measure : {"jensen-shannon", "cosine"}
        1 less the Jensen–Shannon distance of the shares (base 2), or the cosine.

    Returns
    -------
    DataFrame
        Square, rows and columns as the rows of `profiles`; 1: the same profile.

    References
    ----------
    Endres, D. M., & Schindelin, J. E. (2003). A new metric for probability
    distributions. *IEEE Transactions on Information Theory*, 49(7), 1858–1860.

    Examples
    --------
    >>> table = pd.DataFrame([[1, 1], [2, 2], [1, 0]], index=["a", "b", "c"])
    >>> profile_similarity(table).round(2).loc["a"].tolist()
    [1.0, 1.0, 0.44]
    """
    values = _profiles(profiles)
    if measure == "cosine":
        unit = values / np.linalg.norm(values, axis=1, keepdims=True)
        similar = unit @ unit.T
    elif measure == "jensen-shannon":
        similar = 1 - _distances(values)
    else:
        raise ValueError(f"measure must be 'cosine' or 'jensen-shannon', not {measure!r}")
    return pd.DataFrame(np.clip(similar, 0, 1), index=profiles.index, columns=profiles.index)


class ProfileClusters(NamedTuple):
    """Groups put together by their profiles.

    Parameters
    ----------
    clusters : Series of int
        Number of the cluster of each group, from 1, the largest first.
    stability : DataFrame
        Index ``cluster``: ``size``, ``jaccard`` (how well the cluster is found again when
        a fifth of the groups is left out, on average), ``verdict`` ("stable" from 0.75,
        "a pattern" from 0.6, else "not to be relied on"; "stands alone" for one group).
    """

    clusters: pd.Series[int]
    stability: pd.DataFrame


def cluster_profiles(
    profiles: pd.DataFrame, *, k: int, n_resamples: int = 200, seed: int = 0
) -> ProfileClusters:
    """Put groups with like profiles together, and check whether the clusters hold.

    Agglomerative, by the mean Jensen–Shannon distance between the members.

    Parameters
    ----------
    profiles : DataFrame
        See `profile_similarity`.
    k : int
        Number of clusters.
    n_resamples : int
        How often a fifth of the groups is left out to see which clusters remain.
    seed : int

    Returns
    -------
    ProfileClusters

    References
    ----------
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. *Computational
    Statistics & Data Analysis*, 52(1), 258–271.

    Examples
    --------
    >>> table = pd.DataFrame([[9, 1], [8, 2], [1, 9], [2, 8], [1, 8]], index=[*"abcde"])
    >>> cluster_profiles(table, k=2).clusters.to_dict()
    {'a': 2, 'b': 2, 'c': 1, 'd': 1, 'e': 1}
    """
    values = _profiles(profiles)
    n = len(values)
    if not 2 <= k < n * 0.8:
        raise ValueError(
            f"k must be from 2 to {max(int(np.ceil(n * 0.8)) - 1, 2)} for {n} groups, not {k}"
        )
    distances = _distances(values)
    labels = _clusters(distances, k)
    rng = np.random.default_rng(seed)
    found: list[list[float]] = [[] for _ in range(k)]
    for _ in range(n_resamples):
        kept = rng.permutation(n)[: int(np.ceil(n * 0.8))]
        again = _clusters(distances[np.ix_(kept, kept)], k)
        for cluster in range(k):
            members = labels[kept] == cluster
            if members.any():
                overlaps = [
                    (members & (again == other)).sum() / (members | (again == other)).sum()
                    for other in range(k)
                ]
                found[cluster].append(max(overlaps))
    jaccard = np.array([np.mean(values) for values in found])
    size = np.bincount(labels, minlength=k)
    verdicts = np.select(
        [size == 1, jaccard >= 0.75, jaccard >= 0.6],
        ["stands alone", "stable", "a pattern"],
        "not to be relied on",
    )
    stability = pd.DataFrame(
        {"size": size, "jaccard": jaccard, "verdict": verdicts},
        index=pd.RangeIndex(1, k + 1, name="cluster"),
    )
    return ProfileClusters(pd.Series(labels + 1, index=profiles.index, name="cluster"), stability)


class Correspondence(NamedTuple):
    """A correspondence analysis.

    Parameters
    ----------
    rows, columns : DataFrame
        A row for each row or column of the table: ``mass``, ``inertia`` (share of the
        whole), and for each axis its coordinate ``axis_1`` … (principal), its
        ``contribution_1`` … to the axis and ``quality_1`` … (squared cosine: how well
        the axis shows the point).
    inertia : DataFrame
        Index ``axis``: ``inertia`` (principal inertia), ``share``.
    """

    rows: pd.DataFrame
    columns: pd.DataFrame
    inertia: pd.DataFrame


def correspondence(counts: pd.DataFrame) -> Correspondence:
    """Show how the rows and columns of a table of counts attract each other.

    Parameters
    ----------
    counts : DataFrame
        Such as ``scores.counts("city")``: cities by dimensions.

    Returns
    -------
    Correspondence

    Raises
    ------
    ValueError
        If a row or column holds nothing, or the table is smaller than 3 by 2.

    References
    ----------
    Greenacre, M. (1984). *Theory and Applications of Correspondence Analysis*. Academic
    Press.

    Examples
    --------
    >>> table = pd.DataFrame([[10, 1], [5, 5], [1, 10]], index=[*"abc"], columns=["x", "y"])
    >>> correspondence(table).rows["axis_1"].abs().round(2).tolist()
    [0.82, 0.0, 0.82]
    """
    values = _profiles(counts)
    if empty := counts.columns[values.sum(axis=0) == 0].tolist():
        raise ValueError(f"columns {empty} hold nothing; leave them out")
    if values.shape[0] < 3 or values.shape[1] < 2:
        raise ValueError(f"needed are 3 rows and 2 columns at least, not {values.shape}")
    shares = values / values.sum()
    row_mass, column_mass = shares.sum(axis=1), shares.sum(axis=0)
    expected = np.outer(row_mass, column_mass)
    residuals = (shares - expected) / np.sqrt(expected)
    left, singular, right = np.linalg.svd(residuals, full_matrices=False)
    n = min(values.shape) - 1
    left, singular, right = left[:, :n], singular[:n], right[:n].T
    # The sign of an axis is arbitrary: let the heaviest column lie on the positive side.
    signs = np.where(right[np.abs(right).argmax(axis=0), np.arange(n)] < 0, -1, 1)
    axes = pd.RangeIndex(1, n + 1, name="axis")
    inertia = pd.DataFrame(
        {"inertia": singular**2, "share": singular**2 / (singular**2).sum()}, axes
    )
    return Correspondence(
        _points(left * signs, singular, row_mass, counts.index),
        _points(right * signs, singular, column_mass, counts.columns),
        inertia,
    )


def _points(vectors: Array, singular: Array, mass: Array, index: pd.Index[Any]) -> pd.DataFrame:
    coordinates = vectors * singular / np.sqrt(mass)[:, None]
    distance = (coordinates**2).sum(axis=1)
    table = {"mass": mass, "inertia": mass * distance / (singular**2).sum()}
    for axis in range(len(singular)):
        number = axis + 1
        table[f"axis_{number}"] = coordinates[:, axis]
        table[f"contribution_{number}"] = vectors[:, axis] ** 2
        with np.errstate(invalid="ignore"):
            table[f"quality_{number}"] = coordinates[:, axis] ** 2 / distance
    return pd.DataFrame(table, index=index)


def _profiles(table: pd.DataFrame) -> Array:
    values = table.to_numpy(dtype=float)
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(
            "profiles hold values below 0 or missing ones; give counts, shares or emphases"
        )
    if empty := table.index[values.sum(axis=1) == 0].tolist():
        raise ValueError(f"rows {empty} hold nothing; leave them out")
    return values


def _distances(values: Array) -> Array:
    """Return the Jensen–Shannon distance, base 2, between every two rows."""
    from scipy.spatial.distance import jensenshannon

    shares = values / values.sum(axis=1, keepdims=True)
    distances = np.zeros((len(shares), len(shares)))
    for i in range(1, len(shares)):
        others = np.broadcast_to(shares[i], shares[:i].shape)
        distances[i, :i] = jensenshannon(shares[:i], others, base=2, axis=1)
    return np.asarray(distances + distances.T)


def _clusters(distances: Array, k: int) -> Array:
    """Return the number of the cluster of each row, from 0, the largest first."""
    from sklearn.cluster import AgglomerativeClustering

    model = AgglomerativeClustering(k, metric="precomputed", linkage="average")
    labels = model.fit_predict(distances)
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    return np.asarray(np.argsort(order)[labels])
