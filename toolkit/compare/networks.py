"""Co-word analysis: a matrix of words, a network above chance, its themes, clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.compare.counts import Places, Within, codes_of, meetings, unit_of
from toolkit.compare.words import association
from toolkit.recipe import Recipe, Recorded, check_numbers, step
from toolkit.resample import LEAST_TEXTS
from toolkit.segmentation import Tokens

if TYPE_CHECKING:
    from networkx import Graph

Array = np.ndarray[Any, Any]
Similarity = Literal["ochiai", "jaccard", "equivalence", "npmi"]
#: The quarters of a strategic diagram: upper right, lower right, upper left, lower left.
QUADRANTS = ("motor", "basic", "isolated", "emerging or declining")
_RATE = 0.05  # of the edges, by chance


def cooccurrence_matrix(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    n: int = 40,
    within: Within = "sentence",
    measure: Similarity | Literal["count"] = "ochiai",
) -> pd.DataFrame:
    """Return how much every two words go together, as a square table.

    Parameters
    ----------
    tokens, terms, n, within
        See `cooccurrence`; a pair that never meets is here too.
    measure : {"ochiai", "jaccard", "equivalence", "npmi", "count"}
        See `association`; or the number of places that hold both.

    Returns
    -------
    DataFrame
        Rows and columns are the words, the most frequent first. On the diagonal stand 1, or
        with ``"count"`` the places that hold the word.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> tokens = segment(Corpus.from_texts({"a": "热线工单。热线条例。热线。", "b": "工单热线。"}))
    >>> cooccurrence_matrix(tokens, ["热线", "工单", "条例"]).round(2).to_numpy().tolist()
    [[1.0, 0.71, 0.5], [0.71, 1.0, 0.0], [0.5, 0.0, 1.0]]
    """
    check_numbers(cooccurrence_matrix, locals())
    if measure != "count":
        check_measure(measure)
    names, held, _ = meetings(tokens, terms, n, within)
    counts = (held.T @ held).toarray()
    order = np.argsort(-counts.diagonal(), kind="stable")
    values = counts if measure == "count" else similar(counts, held.shape[0], measure)
    return pd.DataFrame(values[np.ix_(order, order)], names[order], names[order])


@dataclass(frozen=True, eq=False)
class WordNetwork(Recorded, variable="network", by="word_network", of=Tokens):
    """Words that go together more than by chance.

    Parameters
    ----------
    nodes : DataFrame
        Index ``term``: ``count`` (places that hold it), ``degree`` (words it is joined to),
        ``strength`` (the sum of its weights), ``betweenness`` and ``closeness`` (of the lines
        as such, without weights, from 0 to 1; in a network of several parts closeness is that
        of Wasserman and Faust), ``community`` (from 1, the largest first; 0 for a word that
        is joined to none).
    edges : DataFrame
        Heaviest first: ``source``, ``target``, ``count``, ``count_source``, ``count_target``,
        the measures of `association`, ``weight`` (the measure that was asked for), ``n_docs``
        (documents where they meet), ``q`` (of the
        pairs that stand out as far, the share that chance would give).
    modularity : float
        Of the communities, with weights; missing without edges.
    measure : str
    tested : str
        What has changed places in the null: "documents", or "units" where there are fewer
        than 10 documents.
    units : DataFrame
        The units of the tokens.
    recipe : Recipe
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    modularity: float
    measure: str
    tested: str
    units: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        return (
            f"WordNetwork: {len(self.nodes)} words, {len(self.edges)} edges above chance, "
            f"{self.nodes['community'].max()} communities (modularity {self.modularity:.2f})"
        )

    @cached_property
    def graph(self) -> Graph[str]:
        """The network as a graph of networkx, with all that is known of nodes and edges."""
        return graph_of(self.nodes, self.edges)

    @property
    def matrix(self) -> pd.DataFrame:
        """The weights of the edges as a square table, 0 where there is none."""
        table = self.edges.pivot_table(index="source", columns="target", values="weight")
        table = table.reindex(index=self.nodes.index, columns=self.nodes.index).fillna(0.0)
        return (table + table.T).rename_axis(index=None, columns=None)

    def themes(self, *, n: int = 3) -> pd.DataFrame:
        """Return the place of each community in the strategic diagram.

        Centrality is ten times the sum of the equivalence indices of the edges that lead to
        other communities, density a hundred times the sum of those within it, by its number
        of words. What is high is above the median of the communities.

        Parameters
        ----------
        n : int
            Words that name a community: those of the greatest strength.

        Returns
        -------
        DataFrame
            Index ``community``: ``name``, ``words`` (how many), ``count`` (occurrences of
            its words in places), ``centrality``, ``density``, ``quadrant`` ("motor",
            "basic": central but loose; "isolated": dense but apart; "emerging or
            declining": neither).

        Notes
        -----
        One diagram does not tell what emerges from what declines: compare those of two
        periods. That a median divides says that some must be below it, not that these are weak.

        References
        ----------
        Callon, M., Courtial, J.-P., & Laville, F. (1991). Co-word analysis as a tool for
        describing the network of interactions between basic and technological research.
        *Scientometrics*, 22(1), 155–205.
        """
        check_numbers(WordNetwork.themes, locals())
        nodes = self.nodes[self.nodes["community"] > 0]
        nodes = nodes.rename_axis("term").reset_index()
        community, pairs = nodes.set_index("term")["community"], self.edges
        first, second = (pairs[end].map(community) for end in ("source", "target"))
        own, values = first == second, pairs["equivalence"]
        within = values[own].groupby(first[own]).sum()
        ends = pd.concat([values[~own].groupby(side[~own]).sum() for side in (first, second)])
        across = ends.groupby(level=0).sum().reindex(within.index, fill_value=0.0)
        ordered = nodes.sort_values(["strength", "term"], ascending=[False, True])
        groups = ordered.groupby("community")
        table = groups["term"].agg(lambda terms: "·".join(terms.head(n))).to_frame("name")
        table = table.assign(words=groups.size(), count=groups["count"].sum())
        table["centrality"], table["density"] = 10 * across, 100 * within / table["words"]
        high = [table[column] > table[column].median() for column in ("centrality", "density")]
        table["quadrant"] = np.select(
            [high[0] & high[1], high[0], high[1]], ["motor", "basic", "isolated"], QUADRANTS[-1]
        )
        return table


@step("network")
def word_network(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    n: int = 60,
    within: Within = "sentence",
    measure: Similarity = "ochiai",
    min_docs: int = 3,
    permutations: int = 39,
    seed: int = 0,
) -> WordNetwork:
    """Join the words that go together more than by chance.

    By chance means: each word on its own is dealt whole documents in another order, and all its
    occurrences of one document stay together, as far apart as they were. So a word stays as
    frequent and as bursty as it is, and long sentences hold more words; only which words meet is
    left to chance. Edges are the pairs that stand out so far that at most 5% of them are as
    many as chance gives (false discovery rate).

    Parameters
    ----------
    tokens, terms, n, within
        See `cooccurrence`.
    measure : {"ochiai", "jaccard", "equivalence", "npmi"}
        Weight of an edge; which pairs are edges does not depend on it.
    min_docs : int
        Fewest documents in which a pair meets (or units, where these are dealt): what one
        text repeats says nothing of others.
    permutations : int
        Draws of chance, 20 or more.
    seed : int
        Of the draws and of the communities (Louvain).

    Returns
    -------
    WordNetwork

    Raises
    ------
    ValueError
        If there are fewer than 10 documents and fewer than 10 units.

    Notes
    -----
    A corpus without associations gives an edge at all in about 5% of cases. Communities are
    those that one run of Louvain finds: networks without any have a modularity above 0 too,
    so read it beside that of another seed and of another measure.

    References
    ----------
    Tusher, V. G., Tibshirani, R., & Chu, G. (2001). Significance analysis of microarrays
    applied to the ionizing radiation response. *PNAS*, 98(9), 5116–5121.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> network = word_network(segment(Corpus.sample()), n=20, permutations=20)
    >>> network.edges[["source", "target"]].to_numpy().tolist()[0]
    ['城市', '治理']
    """
    check_measure(measure)
    if permutations < 20:
        raise ValueError(f"permutations must be 20 or more for q to reach .05, not {permutations}")
    names, held, places = meetings(tokens, terms, n, within)
    met, documents, null, tested = _by_chance(tokens, names, held, places, permutations, seed)
    # So that what is rare and what is frequent vary alike (Freeman & Tukey 1950).
    q = false_discovery(*(np.sqrt(counts) + np.sqrt(counts + 1) for counts in (met, null)))
    first, second = np.triu_indices(len(names), 1)
    alone = np.asarray(held.sum(axis=0))
    edges = pd.DataFrame({"source": names[first], "target": names[second], "count": met})
    edges["count_source"], edges["count_target"] = alone[first], alone[second]
    edges = pd.concat([edges, association(met, alone[first], alone[second], places.n)], axis=1)
    edges = edges.assign(weight=edges[measure], n_docs=documents, q=q)
    above = (
        (q <= _RATE) & (documents >= min_docs) & (edges["weight"] > 0) & (met > edges["expected"])
    )
    edges = edges[above].sort_values(
        ["weight", "source", "target"], ascending=[False, True, True], ignore_index=True
    )
    order = np.argsort(-alone, kind="stable")
    nodes = pd.DataFrame({"count": alone[order]}, pd.Index(names[order], name="term"))
    nodes, modularity = _measured(nodes, edges, seed)
    return WordNetwork(nodes, edges, modularity, measure, tested, tokens.units)


def check_measure(measure: str) -> None:
    """Refuse a measure that says not how alike two words are."""
    if measure not in get_args(Similarity):
        raise ValueError(f"measure must be one of {get_args(Similarity)}, not {measure!r}")


def similar(counts: Array, n: int, measure: Similarity) -> Array:
    """Return how alike words are that meet in so many of `n` places; 0 for what does not occur."""
    alone = counts.diagonal()
    first, second = (x.ravel() for x in np.broadcast_arrays(alone[:, None], alone[None]))
    with np.errstate(invalid="ignore"):
        found = association(counts.ravel(), first, second, n)[measure].to_numpy(copy=True)
    found = np.nan_to_num(found.reshape(counts.shape))
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def graph_of(nodes: pd.DataFrame, edges: pd.DataFrame) -> Graph[str]:
    """Return a graph of networkx, the columns of nodes and edges as attributes."""
    import networkx as nx

    graph: Graph[str] = nx.Graph()
    graph.add_nodes_from(zip(nodes.index, nodes.to_dict("records"), strict=True))
    ends = zip(edges["source"], edges["target"], strict=True)
    attributes = edges.drop(columns=["source", "target"]).to_dict("records")
    graph.add_edges_from((*pair, given) for pair, given in zip(ends, attributes, strict=True))
    return graph


def _measured(nodes: pd.DataFrame, edges: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, float]:
    """Return the nodes with their measures and communities, and the modularity of these."""
    import networkx as nx

    graph = graph_of(nodes, edges)
    measures = {
        "degree": dict(graph.degree()),
        "strength": dict(graph.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph),
    }
    nodes = nodes.assign(**{name: nodes.index.map(found) for name, found in measures.items()})
    joined = graph.subgraph(term for term, degree in measures["degree"].items() if degree)
    if not joined:
        return nodes.assign(community=0), float("nan")
    found = nx.community.louvain_communities(joined, seed=seed)
    found = sorted((sorted(part) for part in found), key=lambda part: (-len(part), part))
    number = {term: i for i, part in enumerate(found, 1) for term in part}
    nodes = nodes.assign(community=[number.get(term, 0) for term in nodes.index])
    return nodes, float(nx.community.modularity(joined, found))


def _by_chance(
    tokens: Tokens, names: Array, held: Any, places: Places, n: int, seed: int
) -> tuple[Array, Array, Array, str]:
    """Return for every two words: meetings, documents where they meet, `n` draws; what is dealt."""
    for block, tested in ((tokens.units["doc_id"], "documents"), (tokens.units.index, "units")):  # noqa: B007
        own, parts = pd.factorize(block)
        if len(parts) >= LEAST_TEXTS:
            break
    else:
        raise ValueError(
            f"{len(parts)} units are too few to tell what is chance: {LEAST_TEXTS} documents, or "
            "else units, are needed; split the corpus into passages, corpus.split('paragraph')"
        )
    part = own[unit_of(tokens)]
    # The tokens in a row, those of a document side by side.
    row = np.argsort(part, kind="stable")
    sizes = np.bincount(part, minlength=len(parts))
    number = np.full(len(tokens.vocabulary), -1)
    number[codes_of(tokens, names.tolist())] = np.arange(len(names))
    at = np.flatnonzero(number[tokens.codes[row]] >= 0)
    word, of = number[tokens.codes[row[at]]], part[row[at]]
    after = at - (np.cumsum(sizes) - sizes)[of]
    m, pairs = len(names), np.triu_indices(len(names), 1)
    rng = np.random.default_rng(seed)
    null = np.empty((n, len(pairs[0])), dtype=np.int32)
    for draw in null:
        order = rng.permuted(np.tile(np.arange(len(parts)), (m, 1)), axis=1)
        begin = np.empty_like(order)
        np.put_along_axis(begin, order, sizes[order].cumsum(axis=1) - sizes[order], axis=1)
        dealt = places.hold(word, m, row[begin[word, of] + after])
        draw[:] = (dealt.T @ dealt).toarray()[pairs]
    cells = held.tocoo()
    ends = (places.part(part)[cells.row] * m + cells.col, cells.row)
    apart = sparse.coo_array((cells.data, ends), (len(parts) * m, places.n)).tocsr()
    meet = (apart @ held).tocoo()
    documents = np.bincount(meet.row % m * m + meet.col, minlength=m * m).reshape(m, m)
    return (held.T @ held).toarray()[pairs], documents[pairs], null, tested


def false_discovery(found: Array, null: Array) -> Array:
    """Return of the values that stand out as far as each, the share that chance would give.

    `found` has m values, `null` n draws of them. All draws are told together, each value in
    units of how it varies by chance, 1 at the least: what is rare varies too little to tell.
    """
    both = np.vstack([found, null])
    away = ((both - both.mean(axis=0)) / np.maximum(both.std(axis=0), 1.0)).round(9)
    order = np.argsort(-away[0], kind="stable")
    chance = np.sort(away[1:], axis=None)
    above = 1 + chance.size - np.searchsorted(chance, away[0, order])
    rank = np.searchsorted(-away[0, order], -away[0, order], side="right")
    share = np.minimum(above / len(null) / rank, 1.0)
    q = np.empty_like(share)
    q[order] = np.minimum.accumulate(share[::-1])[::-1]
    return np.asarray(q)
