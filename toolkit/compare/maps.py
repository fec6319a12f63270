"""What lies close to what: groups and topics on a plane, and the pairs most alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse.linalg import eigsh
from scipy.spatial.distance import cdist

from toolkit.compare.profiles import distances
from toolkit.matrix import TermMatrix
from toolkit.recipe import check_kind
from toolkit.topics import Topics, relevant_terms
from toolkit.units import columns_of, group_index, grouped, told_of

Array = np.ndarray[Any, Any]

_MANY = 200  # points


def similarity_map(
    value: TermMatrix | Topics, *, by: str | Sequence[str] = "doc_id"
) -> pd.DataFrame:
    """Place texts or groups of them on a plane, alike ones close together.

    Distance is one minus the cosine similarity of the mean weights (or mean topic shares)
    of two groups. No plane holds all distances: see ``attrs["stress"]``, and trust
    ``nearest`` more than the eye. Metric scaling by SMACOF from a classical start, so
    that nothing is random.

    Parameters
    ----------
    value : TermMatrix or Topics
    by : column of the units, or several
        Such as ``"doc_id"`` or ``"city"``.

    Returns
    -------
    DataFrame
        For each group (index): ``x``, ``y``, ``nearest`` (the group most similar to it)
        and ``similarity`` (the cosine of these two, 0 to 1). ``attrs["left_out"]`` says
        how many units have no value, if any; ``attrs["stress"]`` is
        Kruskal's stress-1: the share of the distances that the plane misses, 0 if none.

    Raises
    ------
    ValueError
        If there are fewer than three groups.

    References
    ----------
    Torgerson, W. S. (1952). Multidimensional scaling: I. Theory and method.
    *Psychometrika*, 17(4), 401–419.

    De Leeuw, J. (1977). Applications of convex analysis to multidimensional scaling. In
    *Recent developments in statistics* (pp. 133–146). North-Holland.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> similarity_map(matrix)["nearest"].to_dict()
    {'a': 'c', 'b': 'a', 'c': 'a'}
    """
    groups, cosine = cosine_similarity(value, by, "similarity_map")
    columns_of(value.units, by, ["x", "y", "nearest", "similarity"])
    plane, stress = scaled(1 - cosine)
    np.fill_diagonal(cosine, -np.inf)
    found = pd.DataFrame(plane, group_index(groups, by), ["x", "y"])
    found = found.assign(nearest=groups[cosine.argmax(axis=1)], similarity=cosine.max(axis=1))
    found.attrs |= {"stress": stress, **told_of(value.units, by)}
    return found


def similarity_network(
    value: TermMatrix | Topics, *, by: str | Sequence[str] = "city", neighbours: int = 2
) -> pd.DataFrame:
    """Return the pairs of groups that are most alike: each with its nearest neighbours.

    Parameters
    ----------
    value, by
        See `similarity_map`.
    neighbours : int
        How many of the most similar groups each is joined to.

    Returns
    -------
    DataFrame
        ``source``, ``target``, ``similarity`` (cosine of the mean weights or shares, 0 to
        1), ``mutual`` (whether each is among the nearest of the other), most alike first;
        ``attrs`` as those of `trend_table` but for the measure.

    Raises
    ------
    ValueError
        If there are fewer than three groups, or fewer others than `neighbours`.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> similarity_network(matrix, by="doc_id", neighbours=1)[["source", "target"]].head(1)
      source target
    0      a      c
    """
    groups, cosine = cosine_similarity(value, by, "similarity_network")
    if not 1 <= neighbours < len(groups):
        raise ValueError(f"neighbours must be 1 to {len(groups) - 1}, not {neighbours}")
    np.fill_diagonal(cosine, -np.inf)
    nearest = np.zeros(cosine.shape, dtype=bool)
    order = np.argsort(-cosine, axis=1, kind="stable")[:, :neighbours]
    np.put_along_axis(nearest, order, True, axis=1)
    start, end = np.triu(nearest | nearest.T, 1).nonzero()
    pairs = {"source": groups[start], "target": groups[end], "similarity": cosine[start, end]}
    found = pd.DataFrame(pairs | {"mutual": nearest[start, end] & nearest[end, start]})
    found.attrs |= told_of(value.units, by)
    return found.sort_values("similarity", ascending=False, kind="stable", ignore_index=True)


def topic_map(topics: Topics, *, n: int = 3, relevance: float = 1.0) -> pd.DataFrame:
    """Place topics on a plane by how alike their words are, and name them by words.

    Distance is the square root of the Jensen-Shannon divergence (base 2) of the terms of two
    topics, placed by metric scaling as in `similarity_map`. Words are ranked by relevance; as
    given, they are those of `toolkit.Topics.names`.

    Parameters
    ----------
    topics : Topics
    n : int
        Words of each topic.
    relevance : float
        From 0 (words that are only of this topic) to 1 (its most frequent words).

    Returns
    -------
    DataFrame
        For each topic (index, from 1): ``x``, ``y``, ``share`` (see `Topics.shares`),
        ``label`` (only if topics have labels; empty for those without: see
        `toolkit.label_topics`), ``terms`` (joined by "·").
        ``attrs``: see `similarity_map`; left out are units without a term of the matrix.

    Raises
    ------
    ValueError
        If there are fewer than three topics, or `relevance` is not 0 to 1.

    References
    ----------
    Sievert, C., & Shirley, K. (2014). LDAvis: A method for visualizing and interpreting
    topics. In *Proceedings of the Workshop on Interactive Language Learning, Visualization,
    and Interfaces* (pp. 63–70).

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.sample().split("section")
    >>> topics = fit_topics(tfidf(segment(corpus)), k=4)
    >>> topic_map(topics, n=2).shape
    (4, 4)
    """
    check_kind(topics, Topics, "topic_map")
    if topics.k < 3:
        raise ValueError(f"a map needs at least three topics; there are {topics.k}")
    telling = relevant_terms(topics, relevance=relevance, n=n)
    words = telling.groupby("topic")["term"].agg("·".join)
    plane, stress = scaled(distances(topics.topic_term))
    table = pd.DataFrame(plane, topics.shares.index, ["x", "y"]).assign(share=topics.shares)
    if topics.labels:
        table["label"] = [topics.labels.get(topic, "") for topic in table.index]
    table["terms"] = words
    n, without = len(topics.units), int((~topics.filled).sum())
    told = f"{without:,} of {n:,} units hold no term of the matrix and are left out"
    table.attrs |= {"stress": stress, **told_of(topics.units)}
    table.attrs["left_out"] = told * bool(without)
    return table


def cosine_similarity(
    value: TermMatrix | Topics, by: str | Sequence[str], function: str
) -> tuple[pd.Index[Any], Array]:
    """Return the groups, and the cosine of the mean weights (or topic shares) of each two."""
    if not isinstance(value, Topics):
        check_kind(value, TermMatrix, function)
    columns_of(value.units, by)  # None would be the units themselves
    if isinstance(value, Topics):
        table = value.doc_topics(by=by)
        groups, means = table.index, table.to_numpy()
    else:
        found = grouped(value.units, by)
        means = np.array([value.weights[rows].mean(axis=0) for rows in found.values()])
        filled = np.flatnonzero(means.any(axis=1))
        groups, means = group_index(found, by)[filled], means[filled]
    if (n := len(groups)) < 3:
        raise ValueError(f"a map needs at least three groups; {by!r} has {n}: {[*groups]}")
    return groups.to_flat_index(), 1 - distances(means, "cosine")


def scaled(distances: Array) -> tuple[Array, float]:
    """Place points on a plane so that their distances are kept as well as can be: n by n to n by 2.

    The plane is turned so that most of the spread is across, and an axis points to its farthest
    point. Beside it stands Kruskal's stress-1.
    """
    distances = np.clip(distances, 0, None)
    np.fill_diagonal(distances, 0)
    plane = _majorised(distances, _classical(distances))
    plane = plane - plane.mean(axis=0)
    plane = plane @ np.linalg.svd(plane, full_matrices=False)[2].T
    plane *= np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
    found = cdist(plane, plane)
    return plane, float(np.sqrt(((found - distances) ** 2).sum() / (distances**2).sum()))


def spring_layout(n: int, start: Any, end: Any, weight: Any, seed: int) -> Array:
    """Place the nodes of a network by forces (Fruchterman & Reingold 1991), shape (n, 2)."""
    place = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    ideal = 2 / np.sqrt(n)
    for step in np.linspace(0.2, 0.002, 300):
        apart = place[:, None] - place[None]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
        force = (apart * (ideal**2 / distance**2)[..., None]).sum(axis=1)
        pull = apart[start, end] * (distance[start, end] / ideal * weight)[:, None]
        np.add.at(force, start, -pull)
        np.add.at(force, end, pull)
        force -= place  # keeps parts that share no word from drifting off
        length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
        place += force / length * np.minimum(length, step)
    return np.asarray(place)


def spread(values: Array, gap: Any, within: tuple[float, float] = (-np.inf, np.inf)) -> Array:
    """Return places as near to the values as they can be, at least a gap apart.

    The gap is that of all, or each has its own height; they keep within limits if there is room.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.array([5.0, 1.0, 5.0]), 2)
    array([4., 1., 6.])
    """
    from scipy.optimize import isotonic_regression

    order = np.argsort(values, kind="stable")
    heights = np.broadcast_to(np.asarray(gap, dtype=float), len(values))[order]
    steps = np.cumsum(heights) - heights / 2
    places = np.empty(len(values))
    low, high = within[0], max(within[0], within[1] - heights.sum())
    places[order] = isotonic_regression(values[order] - steps).x.clip(low, high) + steps
    return places


def _majorised(distances: Array, plane: Array) -> Any:
    """Return the plane after as many Guttman transforms as lessen the stress (SMACOF).

    The same steps as scikit-learn's, which spends nine tenths of the time on checks that a
    map of a few dozen points does not need.
    """
    n, found, before = len(distances), cdist(plane, plane), np.inf
    # A step of many points costs their square: they stop where no eye would see the next one.
    least = 1e-9 * max(1.0, n / 100) ** 3
    for _ in range(2000):
        found[found == 0] = 1e-5
        ratio = distances / found
        plane = (ratio.sum(axis=1)[:, None] * plane - ratio @ plane) / n
        found = cdist(plane, plane)
        missed = found - distances
        stress = (missed**2).sum()
        if before - stress < least * (found**2).sum():
            break
        before = stress
    return plane


def _classical(distances: Array) -> Array:
    """Return the plane that classical scaling starts from, shape (n, 2)."""
    squared = distances**2
    gram = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    if len(gram) > _MANY:  # all eigenvectors cost the cube; the start is a column, so no chance
        eigenvalues, eigenvectors = eigsh(gram, 2, which="LA", v0=gram[gram.diagonal().argmax()])
    else:
        eigenvalues, eigenvectors = np.linalg.eigh(gram)
    plane: Array = eigenvectors[:, [-1, -2]] * np.sqrt(eigenvalues[[-1, -2]].clip(0))
    return plane
