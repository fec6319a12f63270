"""Clusters of words: a dendrogram, and how often other documents would give its branches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare.counts import Within, meetings, unit_of
from toolkit.compare.networks import Similarity, check_measure, similar
from toolkit.recipe import Recipe, Recorded, step
from toolkit.resample import LEAST_DOCUMENTS, bootstrap_weights
from toolkit.segmentation import Tokens

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class WordClusters(Recorded, variable="clusters", by="cluster_words", of=Tokens):
    """Words put together step by step, those that go together most first.

    Parameters
    ----------
    merges : DataFrame
        A row for each step: ``words`` (of the new cluster, joined by "、"), ``size``,
        ``height`` (1 less the mean similarity of the two parts), ``support`` (share of the
        resamples of whole documents that have the very same cluster; missing for fewer than
        5 documents).
    linkage : array, shape (n - 1, 4)
        The same as scipy has it, for its ``fcluster`` and others.
    terms : list of n str
        In the order of `linkage`.
    measure : str
    n_boot : int
    units : DataFrame
        The units of the tokens.
    recipe : Recipe
    """

    merges: pd.DataFrame
    linkage: Array
    terms: list[str]
    measure: str
    n_boot: int
    units: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        return f"WordClusters: {len(self.terms)} words, by 1 − {self.measure}, average linkage"


@step("clusters")
def cluster_words(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    n: int = 40,
    within: Within = "sentence",
    measure: Similarity = "ochiai",
    n_boot: int = 200,
    seed: int = 0,
) -> WordClusters:
    """Cluster words by how much they go together, with the support of each cluster.

    Agglomerative, by the mean of 1 − similarity between the words of two clusters.

    Parameters
    ----------
    tokens, terms, n, within
        See `cooccurrence`.
    measure : {"ochiai", "jaccard", "equivalence", "npmi"}
    n_boot : int
        Resamples of whole documents.
    seed : int

    Returns
    -------
    WordClusters

    Notes
    -----
    Any words fall into clusters. Support says whether other documents of the same kind would
    give the same cluster, not that its words belong together: words that always meet by way
    of one formula have a support of 1.

    References
    ----------
    Felsenstein, J. (1985). Confidence limits on phylogenies: An approach using the bootstrap.
    *Evolution*, 39(4), 783–791.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> clusters = cluster_words(segment(Corpus.sample()), n=20, n_boot=20)
    >>> clusters.merges["words"].iloc[0]
    '城市、治理'
    """
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    check_measure(measure)
    names, held, places = meetings(tokens, terms, n, within)
    if len(names) < 3:
        raise ValueError(f"clusters need three words or more; there are {len(names)}")
    document, texts = pd.factorize(tokens.units["doc_id"])
    of_place = places.part(document[unit_of(tokens)])

    def merged(weights: Array) -> Array:
        """Return the linkage when each document stands there so many times."""
        times = weights[of_place]
        counts = (held.T @ held.multiply(times[:, None])).toarray()
        apart = 1 - similar(counts, int(times.sum()), measure)
        return np.asarray(linkage(squareform(apart.round(12), checks=False), "average"))

    found = merged(np.ones(len(texts), dtype=np.int64))
    clusters = _members(found)
    support = np.full(len(found), np.nan)
    if len(texts) >= LEAST_DOCUMENTS:
        draws = bootstrap_weights(np.asarray(texts), n_boot, np.random.default_rng(seed))
        again = [{*_members(merged(weights))} for weights in draws]
        support = np.array([np.mean([own in drawn for drawn in again]) for own in clusters])
    words = ["、".join(names[sorted(own)]) for own in clusters]
    merges = {"words": words, "size": found[:, 3].astype(int), "height": found[:, 2]}
    table = pd.DataFrame(merges | {"support": support})
    return WordClusters(table, found, names.tolist(), measure, n_boot, tokens.units)


def _members(merges: Array) -> list[frozenset[int]]:
    """Return the words of each cluster that a linkage makes, in its order."""
    n = len(merges) + 1
    sets = [frozenset([i]) for i in range(n)]
    for left, right in merges[:, :2].astype(int).tolist():
        sets.append(sets[left] | sets[right])
    return sets[n:]
