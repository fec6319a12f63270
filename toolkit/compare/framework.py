"""What texts emphasise, by the terms of a codebook: the four dimensions of city governance."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from toolkit.compare.codebook import Codebook
from toolkit.corpus import Corpus
from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.resample import LEAST_DOCUMENTS, bootstrap_weights
from toolkit.structure import sentences


@dataclass(frozen=True, eq=False)
class FrameworkScores(Recorded, variable="scores", by="score_framework", of=Corpus):
    """What texts emphasise, by the terms of a codebook.

    Parameters
    ----------
    sentences : DataFrame
        Every sentence: ``unit_id``, ``doc_id``, ``start`` (in the text of the unit),
        ``sentence``, ``letters``, ``terms`` (those found, with their dimension) and a
        column for each dimension: the weights of the terms found.
    units : DataFrame
        The units of the corpus.
    codebook : Codebook
    n_boot, seed : int
        Resamples for the intervals, and their seed.
    recipe : Recipe
    """

    sentences: pd.DataFrame
    units: pd.DataFrame
    codebook: Codebook
    n_boot: int = 500
    seed: int = 0
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        found = int((self.sentences["terms"] != "").sum())
        return (
            f"FrameworkScores: {', '.join(self.codebook.dimensions)} in {len(self.units)} units, "
            f"by {found:,} of {len(self.sentences):,} sentences"
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the weights found in each sentence."""
        hits = self.sentences[self.codebook.dimensions].to_numpy()
        return fingerprint(self.sentences["unit_id"].tolist(), hits, self.n_boot, self.seed)

    @cached_property
    def usual(self) -> pd.Series[float]:
        """Weight of each dimension per 1,000 letters in all texts together."""
        totals = self.sentences[self.codebook.dimensions].sum()
        return totals / self.sentences["letters"].sum() * 1000

    def _grouped(self, by: str) -> pd.DataFrame:
        """Return the sentences with the column of the units that groups them."""
        if by in ("unit_id", "doc_id"):
            return self.sentences
        if by not in self.units:
            raise ValueError(f"units have no column {by!r}; they have {[*self.units]}")
        values = self.units[by].loc[self.sentences["unit_id"]]
        return self.sentences.assign(**{by: values.to_numpy()})

    def emphasis(self, by: str = "unit_id") -> pd.DataFrame:
        """Return how much each unit or group of units speaks of each dimension.

        Parameters
        ----------
        by : str
            ``"unit_id"``, or a column of the units: ``"doc_id"``, ``"city"``, ``"year"``.

        Returns
        -------
        DataFrame
            One row for each group and dimension: `by`, ``dimension``, ``emphasis`` (weight
            per 1,000 letters, by that of all texts together: 1 is as usual here, 2 twice
            as much; so length and what all texts share drop out), ``low`` and ``high``
            (95% interval), ``share`` (of the emphases of the group), ``n_docs``,
            ``resampled`` ("documents" where the group has 5 or more, otherwise
            "sentences": such an interval says how much hangs on single sentences, not how
            other texts of the group would be).
        """
        dimensions, table = self.codebook.dimensions, self._grouped(by)
        usual = self.usual.to_numpy() / 1000
        rng = np.random.default_rng(self.seed)
        rows = []
        for group, part in table.groupby(by, sort=False):
            n_docs = part["doc_id"].nunique()
            if documents := n_docs >= LEAST_DOCUMENTS:
                part = part.groupby("doc_id", sort=False)[["letters", *dimensions]].sum()
            letters, hits = part["letters"].to_numpy(), part[dimensions].to_numpy()
            emphasis = hits.sum(axis=0) / letters.sum() / usual
            drawn = bootstrap_weights(letters, self.n_boot, rng)
            with np.errstate(invalid="ignore", divide="ignore"):
                resampled = (drawn @ hits) / (drawn @ letters)[:, None] / usual
                share = emphasis / emphasis.sum()
            low, high = np.nanquantile(resampled, (0.025, 0.975), axis=0)
            for d, dimension in enumerate(dimensions):
                row = (group, dimension, emphasis[d], low[d], high[d], share[d], n_docs)
                rows.append((*row, "documents" if documents else "sentences"))
        columns = [by, "dimension", "emphasis", "low", "high", "share", "n_docs", "resampled"]
        return pd.DataFrame(rows, columns=columns)

    def table(self, by: str = "unit_id", values: str = "emphasis") -> pd.DataFrame:
        """Return the same as a row for each group and a column for each dimension."""
        wide = self.emphasis(by).pivot_table(
            index=by, columns="dimension", values=values, sort=False
        )
        return wide[self.codebook.dimensions].rename_axis(columns=None)

    def counts(self, by: str = "unit_id") -> pd.DataFrame:
        """Return the weights found, summed: groups by dimensions, for `correspondence`."""
        table = self._grouped(by)
        return table.groupby(by, sort=False)[self.codebook.dimensions].sum()

    def evidence(self, n: int = 3, *, by: str | None = None) -> pd.DataFrame:
        """Return the sentences that count most, and the terms that make them count.

        Parameters
        ----------
        n : int
            Sentences for each dimension, and each group if `by` is given.
        by : str, optional
            ``"unit_id"`` or a column of the units.

        Returns
        -------
        DataFrame
            ``dimension``, `by`, ``rank``, ``weight``, ``terms``, ``sentence``, ``unit_id``,
            ``doc_id``, ``start``.
        """
        table = self._grouped(by) if by else self.sentences
        keys = [by] if by and by not in ("unit_id", "doc_id") else []
        parts = []
        for dimension in self.codebook.dimensions:
            found = table[table[dimension] > 0].sort_values(
                dimension, ascending=False, kind="stable"
            )
            found = found.groupby(by, sort=False).head(n) if by else found.head(n)
            found = found.assign(dimension=dimension, weight=found[dimension])
            groups = found.groupby(by, sort=False) if by else found.groupby("dimension")
            found["rank"] = groups.cumcount() + 1
            parts.append(found)
        columns = ["dimension", *keys, "rank", "weight", "terms", "sentence"]
        return pd.concat(parts, ignore_index=True)[[*columns, "unit_id", "doc_id", "start"]]


@step("scores", data=lambda made, given: {"codebook": made.codebook.fingerprint})
def score_framework(
    corpus: Corpus, codebook: Codebook | None = None, *, n_boot: int = 500, seed: int = 0
) -> FrameworkScores:
    """Measure how much texts speak of each dimension of a codebook.

    Parameters
    ----------
    corpus : Corpus
        Whole or split; `without_formulas` sets fixed phrasing aside first.
    codebook : Codebook, optional
        The one of the toolkit if not given.
    n_boot : int
        Resamples for the intervals.
    seed : int

    Returns
    -------
    FrameworkScores

    Raises
    ------
    ValueError
        If a dimension does not occur in the corpus at all.

    Examples
    --------
    >>> article = Corpus.sample().select(doc_id="beijing-2023").split("section")
    >>> scores = score_framework(article)
    >>> scores.table().idxmax(axis=1).tolist()[-4:]
    ['refined', 'smart', 'participatory', 'legal']
    """
    from tqdm.auto import tqdm

    codebook = codebook or Codebook.load()
    dimensions = codebook.dimensions
    weights, owner = codebook._weights, codebook.table["dimension"].tolist()
    terms = codebook.table["term"].tolist()
    rows = []
    units = zip(corpus.units.index, corpus.units["doc_id"], corpus.units["text"], strict=True)
    for unit_id, doc_id, text in tqdm(
        units, total=len(corpus), desc="score", unit="text", delay=2, leave=False
    ):
        for start, sentence in sentences(text):
            hits = [row for term, _ in codebook.find(sentence) for row in codebook._rows[term]]
            named = [f"{terms[row]} ({owner[row]})" for row in hits]
            letters = sum(map(str.isalnum, sentence))
            found = weights[hits].sum(axis=0)
            rows.append((unit_id, doc_id, start, sentence, letters, "、".join(named), *found))
    columns = ["unit_id", "doc_id", "start", "sentence", "letters", "terms", *dimensions]
    table = pd.DataFrame(rows, columns=columns)
    if missing := [d for d in dimensions if not table[d].sum()]:
        raise ValueError(
            f"no term of {', '.join(missing)} occurs in these {len(corpus)} units; "
            "take a codebook or a corpus in which every dimension can be found"
        )
    return FrameworkScores(table, corpus.units, codebook, n_boot, seed)
