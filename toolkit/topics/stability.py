"""How sure topics are, and topics that are surer: agreement of many fits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.matrix import TermMatrix
from toolkit.recipe import check_kind, step
from toolkit.resample import LEAST_TEXTS, folds
from toolkit.topics.factorise import NMF, Array, Guided, Solver, fold_in, nmf, solver_for
from toolkit.topics.model import Topics, assemble, check_k
from toolkit.topics.quality import ranked
from toolkit.topics.resample import Resampling, rows_of

_FOLDS = 10


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

    References
    ----------
    Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability
    analysis for topic models. *ECML PKDD*, 498–513.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=3)
    >>> topic_stability(topics, runs=3, n_jobs=1)["above"].tolist()
    [True, True, True]
    """
    resampling = resampling_of(topics, sample=sample, top=top, seed=seed)
    found = resampling.work(runs, n_jobs=n_jobs, what="topic_stability")
    return stability_table(pd.DataFrame([row for _, rows in found for row in rows]))


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
    return Resampling(
        topics.matrix,
        {topics.k: fit},
        sample,
        top,
        seed,
        {topics.k: ranked(topics.topic_term, top)},
    )


def stability_table(runs: pd.DataFrame) -> pd.DataFrame:
    """Return what `topic_stability` does, from the rows of all runs with one k."""
    by_topic = runs[runs["text"] == "real"].groupby("topic")
    real = by_topic["agreement"]
    null = runs.loc[runs["text"] == "shuffled", "agreement"]
    table = pd.DataFrame(
        {"stability": real.mean(), "low": real.quantile(0.05), "high": real.quantile(0.95)}
    )
    by_copy = null.groupby(runs["run"]).max()
    table["null"], table["null_high"] = null.mean(), by_copy.quantile(0.95, interpolation="higher")
    as_stable = (by_copy.to_numpy() >= table["stability"].to_numpy()[:, None]).sum(axis=1)
    table["p"] = (1 + as_stable) / (1 + len(by_copy))
    table["above"] = table["stability"] > table["null_high"]
    return table.join(by_topic[["npmi", "support"]].mean()).reset_index()


@step("topics")
def consensus_topics(matrix: TermMatrix, *, k: int, runs: int = 50, seed: int = 0) -> Topics:
    """Find `k` topics on which many fits agree.

    The texts are divided at random into ten parts; NMF is fitted ten times, each time
    without one of them, and this is done again with other parts until there are `runs`
    fits. Their topics are stacked and factorised once more; then the passages are laid
    out on the topics found.

    This evens out what hangs on the start of a single fit from a random start, where
    anything does. It does not make up for texts that are missing, and `fit_topics`, which
    starts from singular vectors, is not left to chance either: whether consensus is
    steadier than it differs from corpus to corpus; `topic_stability` tells.

    Parameters
    ----------
    matrix : TermMatrix
    k : int
        Number of topics.
    runs : int
        Number of fits.
    seed : int

    Returns
    -------
    Topics

    Raises
    ------
    ValueError
        If there is a single text: there is none to leave out.

    References
    ----------
    Belford, M., Mac Namee, B., & Greene, D. (2018). Stability of topic modeling via
    matrix factorization. *Expert Systems with Applications*, 91, 159–169.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> consensus_topics(tfidf(segment(Corpus.sample().split("section"))), k=3, runs=5)
    Topics: 3 topics of 223 units × ... terms
    """
    check_k(matrix, k, "consensus_topics")
    if matrix.units["doc_id"].nunique() < 2:
        raise ValueError("there is a single text, and none to leave out; use fit_topics")
    fit = Consensus(k, runs, seed, solver_for(matrix.weights, k))
    return assemble(matrix, fit, *fit(matrix))


@dataclass(frozen=True)
class Consensus:
    """The factorisation of `consensus_topics`."""

    k: int
    runs: int
    seed: int = 0
    solver: Solver = "cd"

    def __call__(self, matrix: TermMatrix) -> tuple[Array, Array]:
        """Stack the topics of the runs, each with length 1, and factorise the stack."""
        fit = NMF(self.k, self.seed, self.solver, quick=True)
        stack = []
        for run in range(self.runs):
            left_out = folds(matrix, _FOLDS, [self.seed, 3, run // _FOLDS]) == run % _FOLDS
            parts = fit(rows_of(matrix, np.flatnonzero(~left_out)))[1]
            stack.append(parts / np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), 1e-12))
        stacked = sparse.csr_array(np.vstack(stack))
        parts = nmf(stacked, self.k, seed=self.seed, solver=self.solver)[1]
        return fold_in(matrix.weights, parts), parts
