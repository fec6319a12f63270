"""Profiles of groups: how alike they are, which go together, and what sets them apart."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]
Measure = Literal["cosine", "jensen-shannon"]


def profile_similarity(
    profiles: pd.DataFrame, *, measure: Measure = "jensen-shannon"
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
    if measure not in get_args(Measure):
        raise ValueError(f"measure must be 'cosine' or 'jensen-shannon', not {measure!r}")
    similar = 1 - distances(_profiles(profiles), measure)
    return pd.DataFrame(np.clip(similar, 0, 1), index=profiles.index, columns=profiles.index)


class ProfileClusters(NamedTuple):
    """Groups put together by their profiles.

    Parameters
    ----------
    clusters : Series of int
        Number of the cluster of each group, from 1, the largest first.
    stability : DataFrame
        Index ``cluster``: ``size``, ``jaccard`` (how well the cluster is found again when
        half of the groups are left out, on average; missing for one group), ``null_high``
        (the same at the 95th percentile of clusters of that place in profiles without
        any), ``p`` (of chance giving clusters that are found again as well, all taken
        together), ``verdict``: "stable" if p is below .05 and `jaccard` at least 0.75 and
        `null_high`; "a pattern" if p is below .05 and `jaccard` at least 0.6; else "no
        more than chance"; "stands alone" for one group.
    """

    clusters: pd.Series[int]
    stability: pd.DataFrame


def cluster_profiles(
    profiles: pd.DataFrame,
    *,
    k: int,
    n_resamples: int = 100,
    permutations: int = 99,
    seed: int = 0,
) -> ProfileClusters:
    """Put groups with like profiles together, and check whether the clusters hold.

    Agglomerative, by the mean Jensen–Shannon distance between the members.

    Any profiles fall into clusters, and those of mere noise are found again as well as
    others when some are left out. So the same is done with profiles in which the shares
    of each column have changed places, which leaves no clusters; "stable" is what stands
    out from these. Of profiles drawn from one Dirichlet distribution most clusters
    reach 0.75, and at most 5% of the draws hold a cluster that is called stable
    (``verdicts_null`` of the benchmarks measures it again).

    Parameters
    ----------
    profiles : DataFrame
        See `profile_similarity`.
    k : int
        Number of clusters.
    n_resamples : int
        How often half of the groups are left out to see which clusters remain.
    permutations : int
        How often this is done with columns whose shares have changed places.
    seed : int

    Returns
    -------
    ProfileClusters

    Raises
    ------
    ValueError
        If the groups are too few for so many clusters, or a profile holds nothing.

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
    half = int(np.ceil(n / 2))
    if not 2 <= k < half:
        raise ValueError(
            f"k must be from 2 to {half - 1} for {n} groups, not {k}: half of the groups, "
            "which must be more than k, are left out to see which clusters remain"
            if half > 2
            else f"{n} groups are too few for clusters; 5 are needed"
        )
    shares = values / values.sum(axis=1, keepdims=True)
    rng = np.random.default_rng(seed)
    parts = [rng.permutation(n)[:half] for _ in range(n_resamples)]
    labels, jaccard = _found_again(shares, k, parts)
    null = np.array(
        [_found_again(rng.permuted(shares, axis=0), k, parts)[1] for _ in range(permutations)]
    )
    mean = pd.DataFrame(np.vstack([jaccard, null])).mean(axis=1).fillna(0)
    p = float((mean >= mean[0] - 1e-9).mean())
    stability = pd.DataFrame({"size": np.bincount(labels), "jaccard": jaccard})
    stability = stability.assign(null_high=pd.DataFrame(null).quantile(0.95), p=p)
    certain = (jaccard >= 0.75) & (stability["jaccard"] >= stability["null_high"])
    stability["verdict"] = np.select(
        [stability["size"] == 1, p >= 0.05, certain, jaccard >= 0.6],
        ["stands alone", "no more than chance", "stable", "a pattern"],
        "no more than chance",
    )
    stability.index = pd.RangeIndex(1, k + 1, name="cluster")
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

    It describes this table: chance alone makes axes too, and the shares of the axes say how
    well they show the table, not that other texts would give the same.

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
    inertia = pd.Series(singular**2, pd.RangeIndex(1, n + 1, name="axis"), name="inertia")
    return Correspondence(
        _points(left * signs, singular, row_mass, counts.index),
        _points(right * signs, singular, column_mass, counts.columns),
        inertia.to_frame().assign(share=inertia / inertia.sum()),
    )


def _points(vectors: Array, singular: Array, mass: Array, index: pd.Index[Any]) -> pd.DataFrame:
    coordinates = vectors * singular / np.sqrt(mass)[:, None]
    distance = (coordinates**2).sum(axis=1)
    table = pd.DataFrame({"mass": mass, "inertia": mass * distance / (singular**2).sum()}, index)
    for axis, points in enumerate(coordinates.T, 1):
        table[f"axis_{axis}"] = points
        table[f"contribution_{axis}"] = vectors[:, axis - 1] ** 2
        table[f"quality_{axis}"] = points**2 / np.where(distance > 0, distance, np.nan)
    return table


def _profiles(table: pd.DataFrame) -> Array:
    try:
        values = table.to_numpy(dtype=float)
    except (TypeError, ValueError):
        values = np.array([])
    if not values.size or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(
            "profiles hold nothing, text, values below 0 or missing ones; give counts, shares or "
            "emphases, with the names of the groups as index"
        )
    if empty := table.index[values.sum(axis=1) == 0].tolist():
        raise ValueError(f"rows {empty} hold nothing; leave them out")
    return values


def distances(values: Array, measure: Measure = "jensen-shannon") -> Array:
    """Return the distance between every two rows: Jensen–Shannon, base 2, or 1 less the cosine."""
    from scipy.spatial.distance import pdist, squareform

    if measure == "cosine":  # of many terms a product is quicker than pdist
        unit = values / np.linalg.norm(values, axis=1, keepdims=True)
        return np.asarray(1 - unit @ unit.T)
    # A distance of 0 comes out as the root of a rounding error, below 0 or above.
    apart = np.nan_to_num(pdist(values, "jensenshannon")) / np.sqrt(np.log(2))
    return np.asarray(squareform(apart))


def _clusters(apart: Array, k: int) -> Array:
    """Return the number of the cluster of each row, from 0, the largest first."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    n = len(apart)
    members = {i: [i] for i in range(n)}
    merged = linkage(squareform(apart, checks=False), "average")[: n - k, :2].astype(int)
    for i, (a, b) in enumerate(merged.tolist(), n):
        members[i] = members.pop(a) + members.pop(b)
    labels = np.empty(n, dtype=np.int64)
    ordered = sorted(members.values(), key=lambda rows: (-len(rows), min(rows)))
    for number, rows in enumerate(ordered):
        labels[rows] = number
    return labels


def _found_again(shares: Array, k: int, parts: list[Array]) -> tuple[Array, Array]:
    """Return the cluster of each row, and how well each cluster is found again in the parts.

    NaN for a cluster of one, of which nothing can be left out.
    """
    apart = distances(shares)
    labels = _clusters(apart, k)
    total, times = np.zeros(k), np.zeros(k)
    for kept in parts:
        again = _clusters(apart[np.ix_(kept, kept)], k)
        both = np.bincount(labels[kept] * k + again, minlength=k * k).reshape(k, k)
        here = both.sum(axis=1)
        either = here[:, None] + both.sum(axis=0) - both
        total += (both / np.maximum(either, 1)).max(axis=1)
        times += here > 0
    mean = np.divide(total, times, out=np.zeros(k), where=times > 0)
    return labels, np.where(np.bincount(labels, minlength=k) > 1, mean, np.nan)
