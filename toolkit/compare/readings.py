"""What changes in the results when texts are read otherwise: cleaned, cut into words, split."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.cleaning import clean
from toolkit.compare.formulas import without_formulas
from toolkit.compare.keywords import Group, effects
from toolkit.corpus import Corpus
from toolkit.matrix import term_weights, tfidf
from toolkit.passages import UNITS, Unit
from toolkit.resample import LEAST_TEXTS
from toolkit.segmentation import Segmenter, Tokens, segment
from toolkit.topics import Topics, compare_topics, fit_topics, topic_stability
from toolkit.topics.model import Method


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


def compare_readings(
    a: Tokens, b: Tokens, *, target: Group | None = None, k: int = 5, n: int = 20, seed: int = 0
) -> Changes:
    """Tell what changes from one reading of the same texts to another.

    Parameters
    ----------
    a, b : Tokens
        Such as those of a corpus before and after `without_formulas`, or by the segmenters of
        two ledgers of terms; split into passages, as topics need more than a few.
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

    Examples
    --------
    >>> from toolkit import Corpus, TermLedger, segment
    >>> corpus = Corpus.sample().split("section")
    >>> after = TermLedger.decide(stop=["热线"]).segmenter()
    >>> changes = compare_readings(segment(corpus), segment(corpus, after), n=5)
    >>> changes.keywords.loc[changes.keywords["change"] == "gone", "term"].tolist()
    ['热线']
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
    table = table.astype(dict.fromkeys(numbers, "Int64"))
    table["change"] = [_moved(x, y) for x, y in zip(table["rank_a"], table["rank_b"], strict=True)]
    first = table[["rank_a", "rank_b"]].min(axis=1)
    order = first[first.le(n)].sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _moved(before: int, after: int) -> str:
    if pd.isna(before):
        return "new"
    if pd.isna(after):
        return "gone"
    if before == after:
        return "same"
    return f"up {before - after}" if after < before else f"down {after - before}"


def _comparisons(a: Tokens, b: Tokens, target: Group, n: int) -> pd.DataFrame:
    tables = [effects(tokens, target)[["term", "log_ratio"]] for tokens in (a, b)]
    key = {term for table in tables for end in (table[:n], table[-n:]) for term in end["term"]}
    table = tables[0].merge(tables[1], on="term", how="outer", suffixes=("_a", "_b"))
    table = table[table["term"].isin(key)]
    table["difference"] = table["log_ratio_b"] - table["log_ratio_a"]
    size = -table["difference"].abs().fillna(np.inf)
    return table.iloc[np.argsort(size, kind="stable")].reset_index(drop=True)


def sensitivity(
    corpus: Corpus,
    *,
    k: int,
    unit: Unit,
    segmenter: Segmenter | None = None,
    runs: int = 50,
    seed: int = 0,
    n_jobs: int = -1,
) -> pd.DataFrame:
    """Fit again with one decision about reading changed; tell which topics survive.

    Parameters
    ----------
    corpus : Corpus
        Whole texts, as they came: cleaning and splitting are among the decisions.
    k : int
        Number of topics.
    unit : {"section", "paragraph", "sentence"}
        What the texts are split into: that of the topics whose fate is asked.
    segmenter : Segmenter, optional
        ``Segmenter()`` if not given.
    runs : int
        Number of fits to parts of the texts; see `topic_stability`.
    seed : int
    n_jobs : int
        Number of processes; −1 for all cores.

    Returns
    -------
    DataFrame
        A row for each change and topic: ``change`` ("lexicon off", "HMM off" (or on),
        "stop list off", "page residue kept", "formulas out" (see `without_formulas`),
        "unit: paragraph", …), ``topic``, ``terms``,
        ``agreement`` and ``correlation`` (see `compare_topics`), ``least`` (agreement
        that the topic keeps in 95% of the cases when a fifth of the texts is left out,
        or that of the most stable topic of shuffled text if it is higher),
        ``survives`` (the topic is more than chance, see `topic_stability`, and the change
        matters no more than that; missing for fewer than 10 texts), ``lost`` and
        ``gained`` (top terms).

    Raises
    ------
    ValueError
        If the corpus is split already.

    Examples
    --------
    >>> from toolkit import Corpus
    >>> table = sensitivity(Corpus.sample().select(city="北京"), k=3, unit="section")
    >>> table["change"].unique().tolist()
    ['lexicon off', 'HMM off', 'stop list off', 'page residue kept', 'formulas out',
     'unit: paragraph', 'unit: sentence']
    >>> bool(table["survives"].isna().all())  # too few texts to tell how far topics vary anyway
    True
    """
    if corpus.unit != "document":
        raise ValueError(f"this corpus is split into {corpus.unit}s; give the whole texts")
    segmenter = segmenter or Segmenter()
    cleaned = clean(corpus).corpus
    base = _fit(cleaned, unit, segmenter, k, seed, "auto")
    # One method for all, however many passages a change leaves.
    method: Method = "nmf-neighbours" if base.neighbours else "nmf"
    least = above = pd.Series(float("nan"), index=range(1, k + 1))
    if enough := len(corpus) >= LEAST_TEXTS:
        stability = topic_stability(base, runs=runs, seed=seed, n_jobs=n_jobs).set_index("topic")
        least, above = stability[["low", "null_high"]].max(axis=1), stability["above"]
    other = f"HMM {'off' if segmenter.hmm else 'on'}"
    changes = {
        "lexicon off": (cleaned, unit, replace(segmenter, lexicon=None)),
        other: (cleaned, unit, replace(segmenter, hmm=not segmenter.hmm)),
        "stop list off": (cleaned, unit, replace(segmenter, stopwords=None)),
        "page residue kept": (corpus, unit, segmenter),
        "formulas out": (without_formulas(cleaned).corpus, unit, segmenter),
    }
    changes |= {f"unit: {u}": (cleaned, u, segmenter) for u in UNITS if u != unit}
    tables = []
    for name, (texts, split, words) in changes.items():
        changed = _fit(texts, split, words, k, seed, method)
        found = compare_topics(base, changed).set_index("topic_a")
        found["survives"] = found["agreement"].ge(least) & above if enough else pd.NA
        found = found.assign(change=name, terms=base.titles, least=least)
        tables.append(found.rename_axis("topic").reset_index())
    names = {"only_a": "lost", "only_b": "gained"}
    columns = ["change", "topic", "terms", "agreement", "correlation", "least", "survives"]
    return pd.concat(tables, ignore_index=True).rename(columns=names)[[*columns, "lost", "gained"]]


def _fit(
    corpus: Corpus, unit: Unit, segmenter: Segmenter, k: int, seed: int, method: Method
) -> Topics:
    with warnings.catch_warnings():
        # Labels of sections play no part here.
        warnings.filterwarnings("ignore", message=".*labelled headings are not headings")
        passages = corpus.split(unit)
    return fit_topics(tfidf(segment(passages, segmenter)), k=k, seed=seed, method=method)
