"""What changes in the results when the same texts are read in two ways."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.compare.groups import Group
from toolkit.compare.keywords import effects
from toolkit.corpus import Corpus
from toolkit.matrix import term_weights, tfidf
from toolkit.segmentation import Tokens, segment
from toolkit.terms import TermLedger
from toolkit.topics.model import fit_topics
from toolkit.topics.quality import compare_topics


class Changes(NamedTuple):
    """How two readings of the same texts differ, a before and b after.

    Parameters
    ----------
    keywords : DataFrame
        Terms among the first of either reading: ``term``, ``rank_a``, ``rank_b`` (by mean
        TF-IDF, empty where the term is not there), ``count_a``, ``count_b``, ``change``
        ("new", "gone", "up 3", "down 2", "same").
    topics : DataFrame
        The topics of the two matched one to one by their first ten terms; see
        `compare_topics`.
    comparisons : DataFrame or None
        Where a target was given: ``term``, ``log_ratio_a``, ``log_ratio_b``,
        ``difference``; largest difference first, of the words that are key in either.
    """

    keywords: pd.DataFrame
    topics: pd.DataFrame
    comparisons: pd.DataFrame | None


def what_changes(
    corpus: Corpus,
    ledger_a: TermLedger,
    ledger_b: TermLedger,
    *,
    target: Group | None = None,
    k: int = 5,
    n: int = 20,
    seed: int = 0,
) -> Changes:
    """Tell which keywords, topics and comparisons hang on the decisions of a ledger.

    Parameters
    ----------
    corpus : Corpus
        Split into passages: topics need more than a few.
    ledger_a, ledger_b : TermLedger
    target, k, n, seed
        See `compare_readings`.

    Returns
    -------
    Changes

    Examples
    --------
    >>> corpus = Corpus.sample().split("section")
    >>> after = TermLedger.decide(stop=["热线"])
    >>> changes = what_changes(corpus, TermLedger.decide(), after, n=5)
    >>> changes.keywords.loc[changes.keywords["change"] == "gone", "term"].tolist()
    ['热线']
    """
    readings = [segment(corpus, ledger.segmenter()) for ledger in (ledger_a, ledger_b)]
    return compare_readings(*readings, target=target, k=k, n=n, seed=seed)


def compare_readings(
    a: Tokens, b: Tokens, *, target: Group | None = None, k: int = 5, n: int = 20, seed: int = 0
) -> Changes:
    """Tell what changes from one reading of the same texts to another.

    Parameters
    ----------
    a, b : Tokens
        Such as those of a corpus before and after `without_formulas`.
    target : mapping, optional
        The group whose keyness, against all other texts, is compared; see `keyness`.
    k : int
        Number of topics.
    n : int
        Keywords of each reading.
    seed : int

    Returns
    -------
    Changes

    Raises
    ------
    ValueError
        If the two are not of the same units.
    """
    if not a.units.index.equals(b.units.index):
        raise ValueError(
            f"the readings are of different units ({len(a)} and {len(b)}); "
            "read the same corpus twice"
        )
    matrices = [tfidf(tokens) for tokens in (a, b)]
    ranked = [term_weights(matrix, n=len(matrix.terms)) for matrix in matrices]
    topics = [fit_topics(matrix, k=k, seed=seed) for matrix in matrices]
    return Changes(
        _keywords(ranked[0], ranked[1], n),
        compare_topics(topics[0], topics[1], top=10),
        None if target is None else _comparisons(a, b, target, n),
    )


def _keywords(a: pd.DataFrame, b: pd.DataFrame, n: int) -> pd.DataFrame:
    columns = ["term", "rank", "count"]
    table = a[columns].merge(b[columns], on="term", how="outer", suffixes=("_a", "_b"))
    numbers = ["rank_a", "rank_b", "count_a", "count_b"]
    table[numbers] = table[numbers].astype("Int64")
    first = (table["rank_a"].le(n) | table["rank_b"].le(n)).fillna(False)
    table = table[first].copy()
    table["change"] = [_moved(x, y) for x, y in zip(table["rank_a"], table["rank_b"], strict=True)]
    order = table[["rank_a", "rank_b"]].min(axis=1).argsort(kind="stable")
    return table.iloc[order.to_numpy()].reset_index(drop=True)


def _moved(before: int, after: int) -> str:
    if pd.isna(before):
        return "new"
    if pd.isna(after):
        return "gone"
    if before == after:
        return "same"
    return f"up {before - after}" if after < before else f"down {after - before}"


def _comparisons(a: Tokens, b: Tokens, target: Group, n: int) -> pd.DataFrame:
    tables = []
    with warnings.catch_warnings():
        # Only effect sizes are compared, so that groups may be small.
        warnings.simplefilter("ignore", UserWarning)
        for tokens in (a, b):
            table = effects(tokens, target)
            table["key"] = False
            table.loc[[*table.index[:n], *table.index[-n:]], "key"] = True
            tables.append(table[["term", "log_ratio", "key"]])
    table = tables[0].merge(tables[1], on="term", how="outer", suffixes=("_a", "_b"))
    table = table[table["key_a"].eq(True) | table["key_b"].eq(True)]
    table = table[["term", "log_ratio_a", "log_ratio_b"]]
    table["difference"] = table["log_ratio_b"] - table["log_ratio_a"]
    size = table["difference"].abs().fillna(np.inf)
    return table.iloc[np.argsort(-size, kind="stable")].reset_index(drop=True)
