"""Topics guided by a codebook: dimensions that are known, and room for what is not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.matrix import TermMatrix
from toolkit.recipe import check_kind, step
from toolkit.topics.factorise import Guided, solver_for
from toolkit.topics.model import Topics, assemble, check_k
from toolkit.units import grouped
from toolkit.wordlists import shipped_table


class Seeds(Protocol):
    """A codebook, such as `toolkit.Codebook`: its table has ``dimension`` and ``term``."""

    @property
    def table(self) -> pd.DataFrame:
        """A row for each term of each dimension."""


@step("topics")
def seeded_topics(
    matrix: TermMatrix,
    codebook: Seeds | pd.DataFrame | None = None,
    *,
    free: int = 0,
    strength: float = 0.5,
    seed: int = 0,
) -> Topics:
    """Find topics that follow the dimensions of a codebook, and some that are free.

    Each dimension draws one topic towards its terms; the topic takes up other terms that
    go with them. With free topics, what fits no dimension goes there, and the share of a
    dimension is that of its own words; without, every passage is laid out on the
    dimensions alone.

    Parameters
    ----------
    matrix : TermMatrix
    codebook : Codebook or DataFrame, optional
        ``dimension``, ``term`` and, if terms differ in importance, ``weight``; the four
        dimensions that come with the toolkit if not given. Terms that are not in the
        matrix do not count.
    free : int
        Number of topics beside the dimensions.
    strength : float
        Weight of the terms of a dimension against the texts: 0.5 means as much as half
        of all passages.
    seed : int

    Returns
    -------
    Topics
        The topics of the dimensions first, with their names as labels.

    Raises
    ------
    ValueError
        If a dimension has no term in the matrix.

    References
    ----------
    Vendrow, J., Haddock, J., Rebrova, E., & Needell, D. (2021). On a guided nonnegative
    matrix factorization. *ICASSP*, 3265–3269.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> seeded_topics(tfidf(segment(Corpus.sample().split("section")))).names
    ['1 refined', '2 smart', '3 participatory', '4 legal']
    """
    check_kind(matrix, TermMatrix, "seeded_topics")
    if strength <= 0 or free < 0:
        raise ValueError(f"strength must be above 0 and free not below: {strength}, {free}")
    table = _table(codebook)
    profiles = _profiles(matrix, table)
    k = len(profiles) + free
    check_k(matrix, k, "seeded_topics")
    fit = Guided(profiles.to_numpy(), free, strength, seed, solver_for(matrix.weights, k))
    return assemble(matrix, fit, *fit(matrix), labels=tuple(profiles.index))


def seed_terms(
    matrix: TermMatrix, *, by: str = "dimension", ignore: Collection[str] = (), n: int = 100
) -> pd.DataFrame:
    """Learn a codebook from labelled passages: the terms that set each label apart.

    They are those of these passages, by size, and not tested: labels given at random have
    such terms too. `toolkit.keyness` tests words, over documents.

    Parameters
    ----------
    matrix : TermMatrix
    by : column of the units
        The labels.
    ignore : collection of str
        Labels that are left out.
    n : int
        Number of terms of each label.

    Returns
    -------
    DataFrame
        ``dimension``, ``term``, ``weight``: by how much the mean TF-IDF of the term under
        this label is above its mean under the others.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> dimensions = ["refined", "smart", "participatory", "legal"]
    >>> labelled = Corpus.sample().split("section").select(dimension=dimensions)
    >>> seed_terms(tfidf(segment(labelled)), n=1)["dimension"].tolist()
    ['participatory', 'legal', 'refined', 'smart']
    """
    groups = {g: rows for g, rows in grouped(matrix.units, by).items() if g not in set(ignore)}
    if len(groups) < 2:
        raise ValueError(f"column {by!r} holds fewer than two labels: {[*groups]}")
    means = np.array(
        [np.asarray(matrix.weights[rows].mean(axis=0)).ravel() for rows in groups.values()]
    )
    others = (means.sum(axis=0) - means) / (len(means) - 1)
    tables = []
    for label, above in zip(groups, means - others, strict=True):
        top = np.argsort(-above, kind="stable")[:n]
        top = top[above[top] > 0]
        tables.append(
            pd.DataFrame(
                {"dimension": [label] * len(top), "term": matrix.terms[top], "weight": above[top]}
            )
        )
    return pd.concat(tables, ignore_index=True)


def _table(codebook: Seeds | pd.DataFrame | None) -> pd.DataFrame:
    if codebook is None:
        codebook = shipped_table("codebook.csv")
    table = codebook if isinstance(codebook, pd.DataFrame) else codebook.table
    if missing := {"dimension", "term"} - {*table.columns}:
        raise ValueError(f"the codebook has no column {sorted(missing)}; it has {[*table.columns]}")
    weight = pd.to_numeric(table["weight"]) if "weight" in table else 1.0
    table = table[["dimension", "term"]].assign(weight=weight)
    return table[table["weight"] > 0]  # the others are only set aside


def _profiles(matrix: TermMatrix, table: pd.DataFrame) -> pd.DataFrame:
    """Return a row of length 1 for each dimension, a column for each term of the matrix."""
    known = table[table["term"].isin(matrix.terms)]
    names = table["dimension"].unique()
    if empty := [name for name in names if name not in set(known["dimension"])]:
        raise ValueError(
            f"no term of {empty} occurs in the matrix; give the codebook's terms to the "
            "segmenter as lexicon, or lower min_df"
        )
    profiles = known.pivot_table(index="dimension", columns="term", values="weight", fill_value=0)
    profiles = profiles.reindex(index=names, columns=matrix.terms, fill_value=0.0).astype(float)
    return profiles.div(np.sqrt((profiles**2).sum(axis=1)), axis=0)
