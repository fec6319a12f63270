"""Topics of a term matrix: which terms make them, how much of each is in each unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.matrix import TermMatrix
from toolkit.recipe import Recipe, Recorded, check_kind, check_numbers, fingerprint, step
from toolkit.structure import sentences
from toolkit.topics.factorise import (
    LDA,
    NMF,
    Array,
    Factorise,
    GibbsLDA,
    fitted_to,
    method_for,
    residual,
    solver_for,
)
from toolkit.units import group_index, grouped, left_out

Method = Literal["auto", "nmf", "nmf-neighbours", "lda", "lda-gibbs"]
#: Cosine of the weights of two passages from which on they are nearly the same.
ALIKE = 0.9


@dataclass(frozen=True, eq=False)
class Topics(Recorded, variable="topics", by="fit_topics", of=TermMatrix):
    """Topics: which terms make them, and how much of each is in each unit.

    Topics are in order of their total share, the largest first (those of a codebook in its
    order, before the free ones), and numbered from 1.

    Parameters
    ----------
    doc_topic : array, shape (n, k)
        Share of each topic in each unit; a row sums to 1, or to 0 where a unit holds no
        term of the matrix.
    topic_term : array, shape (k, m)
        Weight of each term in each topic; a row sums to 1.
    matrix : TermMatrix
        What the topics were fitted to.
    error : float
        Share of what was fitted (weights, read with their neighbours or not; for LDA,
        counts) that the topics leave unexplained: Frobenius norm of the remainder by that
        of the whole.
    recipe : Recipe
    fit : callable
        Fits the same model to another matrix with the same terms.
    labels : dict of int to str
        Names that people gave to topics; see `toolkit.carry_labels`.

    Examples
    --------
    >>> from toolkit import Corpus, clean, segment, tfidf
    >>> corpus = clean(Corpus.sample()).corpus.split("section")
    >>> topics = fit_topics(tfidf(segment(corpus)), k=4)
    >>> topics.top_terms(n=3).groupby("topic")["term"].agg("、".join).tolist()
    ['平台、部门、热线', '改造、老旧小区、居民', '条例、施行、法规', '工作、城市、治理']
    """

    doc_topic: Array
    topic_term: Array
    matrix: TermMatrix
    error: float
    recipe: Recipe = field(default_factory=Recipe)
    fit: Factorise | None = None
    labels: Mapping[int, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        n, k = self.doc_topic.shape
        how = ", read with their neighbours" if self.neighbours else ""
        return f"Topics: {k} topics of {n:,} units × {len(self.terms):,} terms{how}"

    @property
    def terms(self) -> Array:
        """Terms of the matrix, shape (m,)."""
        return self.matrix.terms

    @property
    def units(self) -> pd.DataFrame:
        """Units of the matrix, n rows."""
        return self.matrix.units

    @property
    def k(self) -> int:
        """Number of topics."""
        return len(self.topic_term)

    @property
    def neighbours(self) -> bool:
        """Whether units were read with those like them: shares are then of these too."""
        return isinstance(self.fit, NMF) and self.fit.neighbours

    @property
    def titles(self) -> list[str]:
        """Each topic's label, or else three top terms: ``"数据·平台·场景"``."""
        top = self.top_terms(n=3).groupby("topic")["term"].agg("·".join)
        return [self.labels.get(topic, top[topic]) for topic in range(1, self.k + 1)]

    @property
    def names(self) -> list[str]:
        """Each topic's number and title: ``"1 数据·平台·场景"``."""
        return [f"{topic} {title}" for topic, title in enumerate(self.titles, 1)]

    @cached_property
    def filled(self) -> Array:
        """Whether each unit holds a term of the matrix, shape (n,); the others have no topic."""
        return np.asarray(self.doc_topic.sum(axis=1) > 0)

    @property
    def shares(self) -> pd.Series[float]:
        """Mean share of each topic (index, from 1) in the units that hold a term; sums to 1."""
        return self.doc_topics()[self.filled].mean()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the terms, the units and both factors, rounded to 1e-6."""
        factors = [np.round(f, 6) + 0.0 for f in (self.doc_topic, self.topic_term)]
        return fingerprint(self.terms.tolist(), self.units.index, *factors)

    def top_terms(self, n: int = 10) -> pd.DataFrame:
        """Rank the terms of each topic.

        Returns
        -------
        DataFrame
            ``topic``, ``rank``, ``term``, ``weight``; at most `n` rows for each topic.
        """
        check_numbers(Topics.top_terms, locals())
        order = np.argsort(-self.topic_term, axis=1, kind="stable")[:, :n]
        table = ranked_terms(self, order, weight=self.topic_term)
        return table[table["weight"] > 0].reset_index(drop=True)

    def top_passages(self, n: int = 3) -> pd.DataFrame:
        """Return the units that each topic is strongest in, and what makes it so.

        Units are ranked by how much of their weight the topic explains, so a long rich
        passage comes before a short one that holds nothing else. Of those that are nearly
        the same (a message sent twice, a form), the first stands for all.

        Returns
        -------
        DataFrame
            ``topic``, ``rank``, ``unit_id``, ``doc_id``, ``section`` (if the corpus is
            split), ``share`` (of the topic in the unit), ``alike`` (other units that are
            nearly the same: cosine of the weights 0.9), ``words`` (the unit's terms that weigh
            most in the topic), ``sentence`` (the one in which they weigh most) and
            ``start`` (of that sentence in the text of the unit, in characters); the last
            two only if the units have their ``text``, which those of shards have not.
        """
        check_numbers(Topics.top_passages, locals())
        rows = []
        for topic in range(self.k):
            share = self.doc_topic[:, topic]
            for rank, (i, alike) in enumerate(self._strongest(topic, n), 1):
                words, sentence = self._evidence(i, topic)
                unit = self.units.iloc[i]
                row = {"topic": topic + 1, "rank": rank, "unit_id": self.units.index[i]}
                row |= {c: unit[c] for c in ("doc_id", "section") if c in unit}
                row |= {"share": share[i], "alike": alike, "words": "、".join(words)}
                rows.append(row | sentence)
        return pd.DataFrame(rows)

    def doc_topics(self, *, by: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return the share of each topic in each unit, or its mean in each group of units.

        Parameters
        ----------
        by : column of the units, or several, optional
            Such as ``"city"``, ``"year"``, ``["city", "year"]``, ``"doc_id"``.

        Returns
        -------
        DataFrame
            A row for each unit or group, a column for each topic (its number). Units
            without any term of the matrix do not count in the mean of their group;
            ``attrs["left_out"]`` says how many have no value to group them by, if any.
        """
        columns = pd.RangeIndex(1, self.k + 1, name="topic")
        if by is None:
            return pd.DataFrame(self.doc_topic, index=self.units.index, columns=columns)
        means = {
            group: self.doc_topic[rows[self.filled[rows]]].mean(axis=0)
            for group, rows in grouped(self.units, by).items()
            if self.filled[rows].any()
        }
        table = pd.DataFrame([*means.values()], index=group_index(means, by), columns=columns)
        table.attrs["left_out"] = left_out(self.units, by)
        return table

    def _strongest(self, topic: int, n: int) -> list[tuple[int, int]]:
        """Return the rows of the units that a topic is strongest in, and how many are like each."""
        share, weights = self.doc_topic[:, topic], self.matrix.weights
        order = np.argsort(-share * (weights @ self.topic_term[topic]), kind="stable")
        found: list[tuple[int, int]] = []
        left = share > 0
        for i in order:
            if len(found) == n or share[i] <= 0:
                break
            if left[i]:
                alike = cosine(weights, [i])[0] >= ALIKE
                left[alike] = left[i] = False
                found.append((int(i), int(alike.sum()) - 1))
        return found

    def _evidence(self, i: int, topic: int) -> tuple[list[str], dict[str, Any]]:
        """Return the words of a unit that speak most for a topic, and the sentence."""
        row = self.matrix.weights[[i]]
        weight = row.data * self.topic_term[topic, row.indices]
        weights = dict(zip(self.terms[row.indices], weight, strict=True))
        words = sorted((w for w in weights if weights[w] > 0), key=lambda w: (-weights[w], w))[:5]
        if "text" not in self.units:
            return words, {}
        forms = [(w.replace(" ", ""), x) for w, x in weights.items() if x > 0]
        found = sentences(self.units["text"].iloc[i])
        start, sentence = max(found, key=lambda s: sum(x for form, x in forms if form in s[1]))
        return words, {"sentence": sentence, "start": start}


def cosine(weights: sparse.csr_array, rows: Sequence[int] | Array) -> Array:
    """Return the cosine of some rows of a matrix with all, shape (rows, n)."""
    lengths = np.maximum(np.sqrt((weights * weights).sum(axis=1)), 1e-12)
    return np.asarray((weights[rows] @ weights.T).toarray() / lengths[rows, None] / lengths)


def ranked_terms(topics: Topics, order: Array, **values: Array) -> pd.DataFrame:
    """Return terms of each topic in an order, with their values.

    Parameters
    ----------
    topics : Topics
    order : array of int, shape (k, n)
        Columns of the terms of each topic.
    **values : arrays, shape (k, m)

    Returns
    -------
    DataFrame
        ``topic``, ``rank``, ``term`` and each of the values.
    """
    k, n = order.shape
    table = {
        "topic": np.repeat(np.arange(1, k + 1), n),
        "rank": np.tile(np.arange(1, n + 1), k),
        "term": topics.terms[order].ravel(),
    }
    found = {name: np.take_along_axis(x, order, axis=1).ravel() for name, x in values.items()}
    return pd.DataFrame(table | found)


@step("topics")
def fit_topics(
    matrix: TermMatrix,
    *,
    k: int,
    seed: int = 0,
    method: Method = "auto",
) -> Topics:
    """Find `k` topics in a term matrix.

    Parameters
    ----------
    matrix : TermMatrix
    k : int
        Number of topics; `toolkit.choose_k` tells which can be defended.
    seed : int
        Of the randomised SVD that NMF starts from, or of the sampling of LDA.
    method : {"auto", "nmf", "nmf-neighbours", "lda", "lda-gibbs"}
        Non-negative matrix factorisation of the TF-IDF weights; the same of passages that
        are read with their neighbours (see below); or, as a second opinion, latent
        Dirichlet allocation of the counts: by variational Bayes (scikit-learn) or by Gibbs
        sampling (tomotopy, to be installed beside the toolkit). ``"auto"`` takes neighbours
        from 250 to 100,000 passages (units of the matrix), and else plain NMF.

    Returns
    -------
    Topics

    Raises
    ------
    TypeError
        If `matrix` is something else, such as a corpus, or `k` is not a whole number.
    ValueError
        If the units cannot bear `k` topics.

    Notes
    -----
    A passage says little, and the next one may say the same in other words. With
    ``"nmf-neighbours"`` each is read together with those most like it, and with those
    like these, by vectors of words that are learnt from the matrix itself (see
    `toolkit.topics.neighbours`). So a share is that of the passage *and those like it*,
    wherever these come from: groups of passages differ somewhat less than in their own
    words alone. Topics agree better with what people call alike, the more so the shorter
    the passages (``topics_labels`` of the benchmarks); some 250 passages are needed for
    that, as fewer teach too little of the words. Compare topics of the same method: where
    one matrix has fewer than 250 passages and the other more, name it.

    References
    ----------
    Lee, D. D., & Seung, H. S. (1999). Learning the parts of objects by non-negative
    matrix factorization. *Nature*, 401, 788–791.

    Boutsidis, C., & Gallopoulos, E. (2008). SVD based initialization: A head start for
    nonnegative matrix factorization. *Pattern Recognition*, 41(4), 1350–1362.

    Tao, T., Wang, X., Mei, Q., & Zhai, C. (2006). Language model information retrieval
    with document expansion. *HLT-NAACL*, 407–414.

    Blei, D. M., Ng, A. Y., & Jordan, M. I. (2003). Latent Dirichlet allocation. *Journal
    of Machine Learning Research*, 3, 993–1022.
    """
    check_k(matrix, k, "fit_topics")
    methods: dict[str, Factorise] = {
        "nmf": NMF(k, seed, solver_for(matrix.weights, k)),
        "nmf-neighbours": NMF(k, seed, "hals", neighbours=True),
        "lda": LDA(k, seed),
        "lda-gibbs": GibbsLDA(k, seed),
    }
    if (chosen := method_for(matrix, method)) not in methods:
        raise ValueError(f"method must be one of {['auto', *methods]}, not {method!r}")
    fit = methods[chosen]
    return assemble(matrix, fit, *fit(matrix))


def check_k(matrix: TermMatrix, k: int, function: str) -> None:
    """Refuse what is no matrix, and a number of topics that its units cannot bear."""
    check_kind(matrix, TermMatrix, function)
    if not isinstance(k, Integral):
        raise TypeError(f"{function} needs a whole number of topics such as k=3, not k={k!r}")
    filled = int((np.diff(matrix.weights.indptr) > 0).sum())
    most = min(filled - 1, len(matrix.terms) - 1)
    if not 2 <= k <= most:
        raise ValueError(
            f"k={k} topics cannot be fitted to {filled} units with {len(matrix.terms)} terms: "
            + (
                f"choose k from 2 to {most}, or split the texts into more passages"
                if most >= 2
                else "split the texts into more passages, or lower min_df"
            )
        )


def shares_of(loadings: Array, parts: Array) -> Array:
    """Return the share of each topic in each unit, shape (n, k); 0 where a unit holds nothing."""
    sizes = loadings * parts.sum(axis=1)
    totals = sizes.sum(axis=1, keepdims=True)
    shares: Array = np.divide(sizes, totals, out=np.zeros_like(sizes), where=totals > 0)
    return shares


def assemble(
    matrix: TermMatrix,
    fit: Factorise,
    loadings: Array,
    parts: Array,
    *,
    labels: tuple[str, ...] = (),
) -> Topics:
    """Return the topics that a factorisation found: scaled to shares, and in order.

    Raises
    ------
    ValueError
        If a topic holds nothing.
    """
    k = len(parts)
    # Topic strength is meaningless up to scale: let each topic's terms sum to 1.
    scale = parts.sum(axis=1)
    if (dead := int((scale == 0).sum())) or not loadings.any(axis=0).all():
        raise ValueError(
            f"only {k - max(dead, int((~loadings.any(axis=0)).sum()))} of k={k} topics hold "
            "anything; ask for fewer topics"
        )
    error = residual(fitted_to(fit, matrix), loadings, parts)
    shares = shares_of(loadings, parts)
    parts = parts / scale[:, None]
    # Topics that have a name keep their places, the others follow by size.
    order = np.argsort(-shares.sum(axis=0), kind="stable")
    order = np.concatenate([np.arange(len(labels)), order[order >= len(labels)]])
    return Topics(
        doc_topic=shares[:, order],
        topic_term=parts[order],
        matrix=matrix,
        error=error,
        fit=fit,
        labels=dict(enumerate(labels, 1)),
    )
