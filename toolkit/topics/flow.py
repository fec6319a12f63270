"""Topics from period to period, or level to level: which go on, are born, merge, split, end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.matrix import TermMatrix
from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.resample import LEAST_DOCUMENTS
from toolkit.topics.factorise import Array
from toolkit.topics.model import Topics, check_k, fit_topics, shares_of
from toolkit.topics.quality import average_jaccard, matched, ranked
from toolkit.topics.resample import rows_of
from toolkit.units import grouped, listed, told_of, values_of

#: Rounds of least squares in which loadings settle while the topics stay as they are.
_ROUNDS = 50
_LINK = ["terms", "passages", "similarity", "flow"]
_EVENTS = [("before", ["to", "topic_b"], "born", "merged")]
_EVENTS += [("after", ["from", "topic_a"], "gone", "split")]


@dataclass(frozen=True, eq=False)
class TopicFlow(Recorded, variable="flow", by="topic_flow", of=TermMatrix):
    """Topics of each period and how those of neighbouring periods go with each other.

    Parameters
    ----------
    strata : DataFrame
        A row for each topic of each period: the period (under the name of its column),
        ``topic``, ``title``, ``share``, ``n_texts`` (of the period), ``before`` ("born",
        "continues", "merged", "unclear"; empty in the first period), ``after`` ("gone",
        "continues", "split", "unclear"; empty in the last), ``doc_id`` and ``sentence`` (of
        the passage that it is strongest in).
    links : DataFrame
        A row for each two topics of neighbouring periods: ``from``, ``topic_a``, ``to``,
        ``topic_b``, ``terms`` (average Jaccard of the ranked top terms), ``passages``
        (cosine of their shares, when both are found in the passages of both periods),
        ``similarity`` (mean of the two), ``flow`` (share of these passages that is of the
        one and of the other), ``matched`` (one to one, so that the similarity is
        greatest), ``linked`` (more alike than topics that are not each other's), and
        what chance makes of similarities: ``needed`` for a link, and ``low``, below which
        a topic without a better one is born or gone.
    topics : mapping of period to Topics
    recipe : Recipe
    """

    strata: pd.DataFrame
    links: pd.DataFrame
    topics: Mapping[Any, Topics]
    recipe: Recipe = field(default_factory=Recipe)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the topics of each period and of their links."""
        return fingerprint([own.fingerprint for own in self.topics.values()], self.links)

    def __repr__(self) -> str:
        told = [*self.strata["before"], *self.strata["after"]]
        events = [f"{told.count(event)} {event}" for event in ("born", "merged", "split", "gone")]
        return f"TopicFlow: {len(self.topics)} periods, {', '.join(events)}"


@step("flow")
def topic_flow(
    matrix: TermMatrix,
    *,
    k: int,
    along: str = "year",
    order: Sequence[Any] | None = None,
    top: int = 20,
    n_null: int = 20,
    seed: int = 0,
) -> TopicFlow:
    """Fit topics to each period, and follow them from one to the next.

    Parameters
    ----------
    matrix : TermMatrix
    k : int
        Number of topics in each period.
    along : str
        Column of the units: a period, or a level (national, provincial, of cities).
    order : sequence, optional
        The periods or levels in their order, such as ``["全国", "省", "地级"]``; those that
        are not named stay out. In order of their names or numbers if not given.
    top : int
        Number of top terms compared.
    n_null : int
        How often texts get their period at random. With 20, chance shows anything of its
        kind between two periods in 1 case of 21.
    seed : int

    Returns
    -------
    TopicFlow

    Raises
    ------
    ValueError
        If there are fewer than two periods, one has fewer than 5 texts, or a text is in
        several.

    Notes
    -----
    Topics of each period are those of plain NMF, whatever its size, so that those of a
    large and a small period can be compared. Topics of two fits are never the same, even if
    nothing has changed. What is a change is told from what texts show that get their period
    at random, so that nothing changes: topics are *linked* if they are more alike than any
    two there that are not each other's match; one is *born* (or *gone*) if the most alike
    topic of the other period is less so than for any topic there. Between the two it is
    *unclear*: this many texts and topics do not tell. A topic that has several links is
    *merged* or *split*.

    Topics fitted to all periods jointly cannot be born: their shares over time are those of
    `toolkit.trend_table`, and what goes with the year is told by
    `toolkit.compare.topic_effects`.

    References
    ----------
    Greene, D., & Cross, J. P. (2017). Exploring the political agenda of the European
    Parliament using a dynamic topic modeling approach. *Political Analysis*, 25(1), 77–94.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> matrix = tfidf(segment(Corpus.sample().split("paragraph")))
    >>> flow = topic_flow(matrix, k=3, order=[2021, 2023], n_null=3)
    >>> flow.strata[["year", "topic", "n_texts"]].iloc[[0, -1]].to_numpy().tolist()
    [[2021, 1, 5], [2023, 3, 20]]
    """
    check_k(matrix, k, "topic_flow")
    if n_null < 1:
        raise ValueError("a change is told from chance: n_null must be at least 1, not 0")
    rows = _periods(matrix.units, along, order)
    parts = {p: rows_of(matrix, r) for p, r in rows.items()}
    fits = {p: fit_topics(part, k=k, seed=seed, method="nmf") for p, part in parts.items()}
    found = _compared(matrix, [*rows.values()], [own.topic_term for own in fits.values()], top)
    null = _chance(matrix, [*rows.values()], next(iter(fits.values())).fit, top, n_null, seed)
    links = _links(fits, found, null)
    strata = _strata(fits, links, along)
    strata.attrs |= {"measure": "share", **told_of(matrix.units, along)}
    return TopicFlow(strata, links, fits)


def loadings_of(weights: sparse.csr_array, parts: Array) -> Array:
    """Return how much of each topic is in each row, shape (n, k): least squares, none below 0.

    Examples
    --------
    >>> rows = sparse.csr_array(np.array([[2.0, 0, 1], [0, 3, 0]]))
    >>> loadings_of(rows, np.array([[1.0, 0, 0.5], [0, 1, 0]])).round(6).tolist()
    [[2.0, 0.0], [0.0, 3.0]]
    """
    cross, gram = np.asarray(weights @ parts.T), parts @ parts.T
    loadings: Array = cross / np.maximum(gram.diagonal(), 1e-12)
    for _ in range(_ROUNDS):
        for i in range(len(parts)):
            change = (cross[:, i] - loadings @ gram[:, i]) / max(gram[i, i], 1e-12)
            loadings[:, i] = np.maximum(loadings[:, i] + change, 0)
    return loadings


def _periods(units: pd.DataFrame, by: str, order: Sequence[Any] | None) -> dict[Any, Array]:
    """Return the rows of each period, in order."""
    if not isinstance(by, str):
        raise ValueError(f"topics are followed along one column: along='year', not {by!r}")
    groups = grouped(units, by)
    usual = sorted(groups, key=lambda g: (isinstance(g, str), g))
    wanted = usual if order is None else values_of(order)
    if unknown := [period for period in wanted if period not in groups]:
        raise ValueError(f"no {by} {listed(unknown)}; these units have {listed(groups)}")
    if len({*wanted}) < 2:
        raise ValueError(f"topics flow between two periods at least; {by} has {listed(wanted)}")
    rows = {period: groups[period] for period in wanted}
    texts = {period: {*units["doc_id"].iloc[r]} for period, r in rows.items()}
    if few := [f"{p} ({len(t)})" for p, t in texts.items() if len(t) < LEAST_DOCUMENTS]:
        raise ValueError(
            f"fewer than {LEAST_DOCUMENTS} texts: {listed(few)}; join periods in a column of "
            "your own, or name the others in order="
        )
    if sum(map(len, texts.values())) > len(set().union(*texts.values())):
        raise ValueError(f"some texts have several values of {by!r}; take a column of whole texts")
    return rows


def _compared(
    matrix: TermMatrix, rows: Sequence[Array], parts: Sequence[Array], top: int
) -> Iterator[Array]:
    """Yield what two neighbouring periods' topics have in common, as `_LINK` has it, (4, k, k)."""
    shares = [shares_of(loadings_of(matrix.weights, own), own) for own in parts]
    for (r, a, s), (q, b, t) in pairwise(zip(rows, parts, shares, strict=True)):
        both = np.concatenate([r, q])
        left, right = s[both], t[both]
        terms = average_jaccard(ranked(a, top), ranked(b, top), a.shape[1])
        joint = left.T @ right
        lengths = np.outer(np.linalg.norm(left, axis=0), np.linalg.norm(right, axis=0))
        passages = joint / np.maximum(lengths, 1e-12)
        yield np.array([terms, passages, (terms + passages) / 2, joint / max(joint.sum(), 1e-12)])


def _chance(
    matrix: TermMatrix,
    rows: Sequence[Array],
    fit: Any,
    top: int,
    n_null: int,
    seed: int,
) -> Array:
    """Return what similarity a link needs, and which is too low, for each two periods, (T-1, 2)."""
    documents = matrix.units["doc_id"].to_numpy()
    names = [pd.unique(documents[r]) for r in rows]
    sizes, rng = np.cumsum([len(n) for n in names])[:-1], np.random.default_rng(seed)
    ends = np.tile([0.0, 1.0], (len(rows) - 1, 1))
    for _ in range(n_null):
        drawn = np.split(rng.permutation(np.concatenate(names)), sizes)
        own = [np.flatnonzero(np.isin(documents, d)) for d in drawn]
        parts = [fit(rows_of(matrix, r))[1] for r in own]
        parts = [p / np.maximum(p.sum(axis=1, keepdims=True), 1e-12) for p in parts]
        for i, (_, _, similarity, _) in enumerate(_compared(matrix, own, parts, top)):
            best = min(similarity.max(axis=0).min(), similarity.max(axis=1).min())
            similarity[matched(similarity)] = 0
            ends[i] = max(ends[i, 0], similarity.max()), min(ends[i, 1], best)
    return ends


def _links(fits: Mapping[Any, Topics], found: Iterator[Array], null: Array) -> pd.DataFrame:
    """Return the table of `TopicFlow.links`."""
    tables = []
    for (a, b), values, (needed, low) in zip(pairwise(fits), found, null, strict=True):
        own = np.zeros(values[0].shape, dtype=bool)
        own[matched(values[2])] = True
        i, j = (side.ravel() + 1 for side in np.indices(own.shape))
        table = pd.DataFrame({"from": a, "topic_a": i, "to": b, "topic_b": j})
        table[_LINK] = values.reshape(len(_LINK), -1).T
        table["matched"], table["linked"] = own.ravel(), table["similarity"] > needed
        tables.append(table.assign(needed=needed, low=low))
    return pd.concat(tables, ignore_index=True)


def _strata(fits: Mapping[Any, Topics], links: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the table of `TopicFlow.strata`."""
    told: dict[str, dict[Any, str]] = {"before": {}, "after": {}}
    for side, ends, none, many in _EVENTS:
        for key, part in links.groupby(ends, sort=False):
            n, best = part["linked"].sum(), part["similarity"].max()
            event = many if n > 1 else "continues" if n else "unclear"
            told[side][key] = none if best < part["low"].iloc[0] else event
    rows = []
    for period, topics in fits.items():
        best = topics.top_passages(1).set_index("topic")
        for topic, (title, share) in enumerate(zip(topics.titles, topics.shares, strict=True), 1):
            row = {by: period, "topic": topic, "title": title, "share": share}
            row["n_texts"] = topics.units["doc_id"].nunique()
            row |= {side: told[side].get((period, topic), "") for side in told}
            rows.append(row | best.reindex(columns=["doc_id", "sentence"]).loc[topic].to_dict())
    return pd.DataFrame(rows)
