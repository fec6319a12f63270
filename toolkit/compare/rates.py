"""How often words occur, and how large topics are, in groups of texts: with how much is sure."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from toolkit.compare.counts import codes_of, counted, unit_of
from toolkit.matrix import TermMatrix, term_weights
from toolkit.recipe import check_kind
from toolkit.resample import LEAST_DOCUMENTS, bootstrap_weights
from toolkit.segmentation import Tokens
from toolkit.topics import Topics
from toolkit.units import columns_of, grouped, told_of, values_of

Array = np.ndarray[Any, Any]
Order = Literal["topic", "dendrogram", "clusters"]
PER = 10_000  #: words that a rate is of


def trend_table(
    value: Tokens | Topics,
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str | Sequence[str] = "year",
) -> pd.DataFrame:
    """Return how often terms occur, or how large topics are, in each year.

    Parameters
    ----------
    value : Tokens or Topics
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given).
    by : column of the units, or several
        Such as ``"year"``. Units without a value there are in no group.

    Returns
    -------
    DataFrame
        ``series`` (the term, or the name of the topic), the columns of `by`, ``n_texts``
        (texts of that year that hold words, or for topics a term of the matrix), and for
        terms ``count``, ``n_words`` and ``rate`` (occurrences per 10,000 words that were
        kept), for topics ``share`` (mean over the units, 0 to 1); ``low`` and ``high``: 95%
        interval over resampled texts, empty where there are fewer than 5. ``attrs``:
        ``measure`` ("rate" or "share"), ``flawed`` (the texts with a known flaw that are
        in), ``left_out`` (how many units have no value, if any).

    Raises
    ------
    ValueError
        If `terms` is missing or holds something that does not occur.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> trend_table(segment(corpus), terms=["热线"])["rate"].round().tolist()
    [5000.0, 3333.0]
    """
    if isinstance(value, Topics):
        measure, names, above, below, per = _topic_shares(value, terms)
    else:
        check_kind(value, Tokens, "trend_table")
        measure, names, above, below, per = _term_counts(value, terms)
    own = ["series", "n_texts", "count", "n_words", measure, "low", "high"]
    documents, columns = value.units["doc_id"].to_numpy(), columns_of(value.units, by, own)
    tables = []
    for group, rows in grouped(value.units, by).items():
        sums, sizes = (by_document(part[rows], documents[rows]) for part in (above, below))
        if not (total := sizes.sum()):
            continue
        low, high = per * ratio_interval(sums, sizes).T
        given = dict(zip(columns, [group] if isinstance(by, str) else group, strict=True))
        table = {"series": names} | given | {"n_texts": int((sizes > 0).sum())}
        if measure == "rate":
            table |= {"count": sums.sum(axis=0).astype(int), "n_words": int(total)}
        table |= {measure: per * sums.sum(axis=0) / total, "low": low, "high": high}
        tables.append(pd.DataFrame(table))
    # The index counts the series in each group, and so puts them in order.
    found = pd.concat(tables).sort_values(columns, key=in_order, kind="stable")
    found = found.sort_index(kind="stable")
    found.attrs |= {"measure": measure, **told_of(value.units, by)}
    return found.reset_index(drop=True)


def slope_table(
    value: Tokens | Topics,
    groups: Sequence[Any],
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str | Sequence[str] = "year",
) -> pd.DataFrame:
    """Return how often terms occur, or how large topics are, in two groups.

    Parameters
    ----------
    groups : sequence of two
        Such as ``[2021, 2025]`` or, with ``by="city"``, ``["北京", "上海"]``.
    value, terms, by
        See `trend_table`.

    Returns
    -------
    DataFrame
        ``series`` (the term, or the name of the topic), ``first``, ``second`` (per 10,000
        words, or mean share), ``change`` (second minus first), ``n_first``, ``n_second``
        (texts), in the order of ``second``; ``attrs`` as those of `trend_table`.

    Raises
    ------
    ValueError
        If there are not two groups, or one does not exist.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> slope_table(segment(corpus), [2021, 2023], terms=["热线"])["change"].round().tolist()
    [-1667.0]
    """
    table = trend_table(value, terms=terms, by=by)
    rows = table[values_of(by)].itertuples(index=False, name=None)
    present = [*dict.fromkeys(row[0] if isinstance(by, str) else row for row in rows)]
    if len(groups) != 2 or isinstance(groups, str):
        raise ValueError(f"a slope chart compares two groups of {by!r}; found {groups!r}")
    if unknown := [group for group in groups if group not in present]:
        raise ValueError(f"no {by} {unknown}; there are {present}")
    values = table.set_index([*values_of(by), "series"])
    first, second = (values.loc[group] for group in groups)
    measure = table.attrs["measure"]
    wide = pd.DataFrame({"first": first[measure], "second": second[measure]})
    wide["change"] = wide["second"] - wide["first"]
    wide = wide.assign(n_first=first["n_texts"], n_second=second["n_texts"])
    wide = wide.sort_values("second", ascending=False, kind="stable").reset_index()
    wide.attrs |= table.attrs
    return wide


def topic_share(
    topics: Topics, *, by: str | Sequence[str] = "city", order: Order = "topic"
) -> pd.DataFrame:
    """Return the mean share of each topic in each group of units, in an order that reads well.

    Parameters
    ----------
    topics : Topics
    by : column of the units, or several
        Such as ``"city"``, ``"year"``, ``"doc_id"``.
    order : {"topic", "dendrogram", "clusters"}
        How groups that have no order of their own are put in one: with those of the same
        main topic, the purest first; or as the leaves of a dendrogram (average linkage of
        the distances of their shares, in the order that keeps neighbours most alike), or so
        for groups and for topics.

    Returns
    -------
    DataFrame
        A row for each group, a column for each topic (its number). Groups that are numbers
        (years) stay in their order. ``attrs["measure"]`` is "share", ``attrs["flawed"]``
        names the texts with a known flaw that are in; with a dendrogram, ``attrs["linkage"]``
        is SciPy's, and that of the topics ``attrs["linkage_columns"]``.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> topics = fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=2)
    >>> topic_share(topics, by="doc_id").shape
    (3, 2)
    """
    check_kind(topics, Topics, "topic_share")
    table = topics.doc_topics(by=by)
    table.attrs |= {"measure": "share", **told_of(topics.units, by)}
    if order not in get_args(Order):
        raise ValueError(f"order must be 'topic', 'dendrogram' or 'clusters', not {order!r}")
    if order == "clusters" and topics.k > 2:
        table, tree = _as_leaves(table.T)
        table = table.T
        table.attrs["linkage_columns"] = tree
    if pd.api.types.is_numeric_dtype(table.index):
        return table.sort_index()
    if order != "topic" and len(table) > 2:
        found, tree = _as_leaves(table)
        found.attrs["linkage"] = tree
        return found
    shares = table.to_numpy()
    return table.iloc[np.lexsort([-shares.max(axis=1), shares.argmax(axis=1)])]


def _as_leaves(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Any]]:
    """Return the rows of a table as the leaves of a dendrogram, and the dendrogram."""
    from scipy.cluster.hierarchy import leaves_list, linkage

    tree = linkage(table.to_numpy(), "average", optimal_ordering=True)
    return table.iloc[leaves_list(tree)], tree.tolist()


def weight_intervals(
    matrix: TermMatrix,
    *,
    by: str | Sequence[str] | None = None,
    n: int = 12,
    n_boot: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the terms that weigh most, each with the interval of its mean weight.

    Parameters
    ----------
    matrix : TermMatrix
    by : column of the units, optional
    n : int
        Number of terms (of each group).
    n_boot, seed : int
        Resamples of documents (percentile bootstrap).

    Returns
    -------
    DataFrame
        As `toolkit.term_weights`, with ``low`` and ``high``: the 95% interval, empty where
        there are fewer than 5 documents.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> matrix = tfidf(segment(Corpus.sample().split("section")))
    >>> table = weight_intervals(matrix, n=3)
    >>> bool((table["low"] < table["weight"]).all() & (table["weight"] < table["high"]).all())
    True
    """
    table = term_weights(matrix, by=by, n=n)
    documents, ends = matrix.units["doc_id"].to_numpy(), []
    with warnings.catch_warnings(action="ignore"):  # what is left out is told already
        groups = grouped(matrix.units, by)
    for group, rows in groups.items():
        here = slice(None) if by is None else [found == group for found in table["group"]]
        terms = np.searchsorted(matrix.terms, table.loc[here, "term"])
        above = by_document(matrix.weights[rows][:, terms].toarray(), documents[rows])
        below = by_document(np.ones(len(rows)), documents[rows])
        ends.append(ratio_interval(above, below, n_boot=n_boot, seed=seed))
    table[["low", "high"]] = np.concatenate(ends)
    return table


def excess_rates(
    tokens: Tokens, groups: Sequence[Any], *, by: str = "city", n: int = 25
) -> pd.DataFrame:
    """Return for each group the words whose rate in it is farthest above the mean rate.

    Parameters
    ----------
    tokens : Tokens
    groups : sequence of values of the column `by`
    n : int
        Words of each group.

    Returns
    -------
    DataFrame
        ``group``, ``term``, ``excess``: occurrences per 10,000 words above the mean of the groups.

    Raises
    ------
    ValueError
        If groups are unknown, or have no words of their own.
    """
    rows = grouped(tokens.units, by)
    if unknown := [group for group in groups if group not in rows]:
        raise ValueError(f"no {by} {unknown}; there are {[*rows]}")
    unit = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    size = len(tokens.vocabulary)
    counts = np.stack(
        [np.bincount(tokens.codes[np.isin(unit, rows[g])], minlength=size) for g in groups]
    )
    rates = PER * counts / counts.sum(axis=1, keepdims=True)
    excess = rates - rates.mean(axis=0)
    words = np.asarray(tokens.vocabulary, dtype=object)
    tables = []
    for i, group in enumerate(groups):
        own = np.flatnonzero((excess.argmax(axis=0) == i) & (excess[i] > 0))
        top = own[np.argsort(-excess[i, own], kind="stable")][:n]
        if not len(top):
            raise ValueError(f"{group} uses no word more than the others")
        table = {"group": group, "term": words[top], "excess": excess[i, top]}
        tables.append(pd.DataFrame(table))
    return pd.concat(tables, ignore_index=True)


def heaviest(weights: Any, n: int) -> pd.DataFrame:
    """Return the `n` heaviest words, checked."""
    if isinstance(weights, TermMatrix):
        weights = term_weights(weights, n=n)
    elif not isinstance(weights, pd.DataFrame):
        series = pd.Series(weights, dtype=float)
        weights = pd.DataFrame({"term": series.index.astype(str), "weight": series.to_numpy()})
    table: pd.DataFrame = weights[["term", "weight"]]
    problems = []
    if twice := [*table["term"][table["term"].duplicated()].unique()]:
        problems.append(
            f"these words stand twice: {'、'.join(twice[:5])}; choose one group or topic"
        )
    if not (table["weight"].notna().all() and (table["weight"] > 0).any()):
        problems.append("weights must be numbers, some of them positive")
    if problems:
        raise ValueError("; ".join(problems))
    table = table[table["weight"] > 0].sort_values("weight", ascending=False, kind="stable")
    return table.head(n).reset_index(drop=True)


def ratio_interval(
    above: Array, below: Array, *, n_boot: int = 500, seed: Any = 0, least: int = LEAST_DOCUMENTS
) -> Array:
    """Return the 95% interval of the sums of `above` by the sum of `below`, shape (m, 2).

    Each has a row for each document, such as its occurrences of m words and its words.
    Documents are drawn again with replacement (percentile bootstrap, Efron 1979), since the
    words of one text depend on each other; there is no interval for fewer than `least`.
    """
    used = below > 0
    above, below = above[used], below[used]
    if len(below) < least:
        return np.full((above.shape[1], 2), np.nan)
    drawn = bootstrap_weights(below, n_boot, np.random.default_rng(seed))
    rates = (drawn @ above) / (drawn @ below)[:, None]
    interval: Array = np.quantile(rates, (0.025, 0.975), axis=0).T
    return interval


def by_document(values: Array, documents: Array) -> Array:
    """Return the sums of the rows of `values` for each document, in order of their names."""
    names, place = np.unique(documents.astype(str), return_inverse=True)
    sums = np.zeros((len(names), *values.shape[1:]))
    np.add.at(sums, place, values)
    return sums


def in_order(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column that can be sorted: numbers beside texts as texts."""
    return column.astype(str) if pd.api.types.infer_dtype(column).startswith("mixed") else column


def _term_counts(tokens: Tokens, terms: Any) -> tuple[str, list[str], Array, Array, int]:
    """Return how often each term occurs in each unit, and the words of the unit."""
    if terms is None or isinstance(terms, str) or not len(terms):
        raise ValueError("say which terms: terms=['接诉即办', '网格']")
    codes = codes_of(tokens, terms)
    found = counted(tokens, unit_of(tokens), len(tokens))[:, codes].toarray()
    return "rate", [*terms], found, np.diff(tokens.offsets), PER


def _topic_shares(topics: Topics, numbers: Any) -> tuple[str, list[str], Array, Array, int]:
    """Return the share of each topic in each unit, and which units have a share of any."""
    numbers = [*range(1, min(topics.k, 6) + 1)] if numbers is None else [*numbers]
    if absent := [number for number in numbers if not 1 <= number <= topics.k]:
        raise ValueError(f"no topic has number {absent}; they are numbered 1 to {topics.k}")
    columns = [number - 1 for number in numbers]
    names = [topics.names[i] for i in columns]
    # A unit without a term of the matrix has a share of none, and does not count.
    return "share", names, topics.doc_topic[:, columns], topics.filled.astype(float), 1
