"""How sure topics are: what is found again of them when some texts are left out."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.recipe import check_kind, check_numbers
from toolkit.resample import LEAST_TEXTS
from toolkit.topics.factorise import NMF, Guided
from toolkit.topics.model import Topics
from toolkit.topics.quality import ranked
from toolkit.topics.resample import Resampling

#: Words of a passage up to which it is called short.
_SHORT = 10


def topic_stability(
    topics: Topics,
    *,
    runs: int = 50,
    sample: float = 0.8,
    top: int = 20,
    seed: int = 0,
    n_jobs: int = -1,
) -> pd.DataFrame:
    """Measure how much of each topic is found again when some texts are left out.

    Parameters
    ----------
    topics : Topics
    runs : int
        Number of fits, each to the passages of a random part of the texts.
    sample : float
        Size of that part. Whole texts are left out, never single passages of them: those
        of one text are not independent.
    top : int
        Number of top terms compared.
    seed : int
    n_jobs : int
        Number of processes; −1 for all cores.

    Returns
    -------
    DataFrame
        ``topic``, ``stability`` (mean agreement with the matched topic of the runs, from
        0 to 1; see `compare_topics`), ``low`` and ``high`` (5th and 95th percentile of
        the runs), ``null`` (mean stability of the topics of text whose terms are
        shuffled across the passages), ``null_high`` (what the most stable topic of 95% of
        such texts does not exceed), ``p`` (share of such texts, and this one, whose most
        stable topic is as stable), ``above`` (`stability` is above `null_high`: more than
        chance), ``npmi`` and ``support`` (see `topic_quality`; means over the runs, in the texts
        that were left out). Where terms are shuffled to begin with, there is a topic
        above chance in no more than 5% of the cases (``verdicts_null`` of the
        benchmarks).

    Raises
    ------
    ValueError
        If there are fewer than 10 texts.

    Warns
    -----
    UserWarning
        If passages are short (10 words at most, by the median) and most topics are no
        more than chance.

    References
    ----------
    Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability
    analysis for topic models. *ECML PKDD*, 498–513.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=3)
    >>> topic_stability(topics, runs=3, n_jobs=1).eval("stability > null").tolist()
    [True, True, True]
    """
    check_numbers(topic_stability, locals())
    resampling = resampling_of(topics, sample=sample, top=top, seed=seed)
    found = resampling.work(runs, n_jobs=n_jobs, what="topic_stability")
    table = stability_table(pd.DataFrame([row for _, rows in found for row in rows]), topics.k)
    words = float(np.median(topics.matrix.counts.sum(axis=1)[topics.filled]))
    if words <= _SHORT and table["above"].mean() < 0.5:
        warnings.warn(
            f"{int((~table['above']).sum())} of {topics.k} topics are no more than chance, and "
            f"passages of {words:g} words tell little: put those of one sender, place or month "
            "together as one text, or take fewer topics",
            stacklevel=2,
        )
    return table


def resampling_of(
    topics: Topics, *, sample: float = 0.8, top: int = 20, seed: int = 0
) -> Resampling:
    """Return the work of `topic_stability`, to be done a task at a time."""
    check_kind(topics, Topics, "topic_stability")
    n_documents = topics.units["doc_id"].nunique()
    if n_documents < LEAST_TEXTS:
        raise ValueError(
            f"{n_documents} texts are too few to leave some out ({LEAST_TEXTS} are needed): "
            "how sure the topics are cannot be told; call them themes within these texts"
        )
    if topics.fit is None:
        raise ValueError("these topics do not know how they were fitted; use fit_topics")
    fit = replace(topics.fit, quick=True) if isinstance(topics.fit, (NMF, Guided)) else topics.fit
    found = {topics.k: ranked(topics.topic_term, top)}
    return Resampling(topics.matrix, {topics.k: fit}, sample, top, seed, found)


def stability_table(runs: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return what `topic_stability` does, from the rows of all runs; of chance the nearest k."""
    by_topic = runs[(runs["text"] == "real") & (runs["k"] == k)].groupby("topic")
    real, shuffled = by_topic["agreement"], runs[runs["text"] == "shuffled"]
    away = (shuffled["k"] - k).abs()
    null = shuffled.loc[away == away.min(), "agreement"]
    table = pd.DataFrame(
        {"stability": real.mean(), "low": real.quantile(0.05), "high": real.quantile(0.95)}
    )
    by_copy = null.groupby(runs["run"]).max()
    table["null"], table["null_high"] = null.mean(), by_copy.quantile(0.95, interpolation="higher")
    as_stable = (by_copy.to_numpy() >= table["stability"].to_numpy()[:, None]).sum(axis=1)
    table["p"] = (1 + as_stable) / (1 + len(by_copy))
    table["above"] = table["stability"] > table["null_high"]
    return table.join(by_topic[["npmi", "support"]].mean()).reset_index()
