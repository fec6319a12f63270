"""What texts speak of, by the terms of a codebook: the four dimensions of city governance."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.compare.codebook import Codebook
from toolkit.compare.rates import ratio_interval
from toolkit.corpus import Corpus
from toolkit.recipe import Recipe, Recorded, check_kind, fingerprint, step
from toolkit.resample import LEAST_DOCUMENTS
from toolkit.structure import sentences
from toolkit.units import columns_of, grouped, told_of, values_of

Array = np.ndarray[Any, Any]

#: What a passage is called that speaks of no dimension.
NONE = "none"
# Columns of its tables, beside those of their sentences.
_OWN = ["dimension", "count", "emphasis", "high", "low", "n_docs", "rank", "resampled", "share"]
_OWN += ["term", "weight"]
#: Fewest terms of a dimension per 1,000 letters for a passage to speak of it; see `classify`.
LEAST_TERMS = 5.0
# A dimension of which one term gives more is the score of that term.
_MOST_OF_ONE_TERM = 0.25


@dataclass(frozen=True, eq=False)
class FrameworkScores(Recorded, variable="scores", by="score_framework", of=Corpus):
    """What texts speak of, by the terms of a codebook, in two readings.

    `emphasis` tells how unusual a text is among these texts: a dimension that all speak
    of drops out. `classify` tells which dimension a passage is about, whatever the others
    are about. The two answer different questions: of the sentences on a rare dimension
    many are emphatic, few are about it. `terms` tells which terms make a score.

    Parameters
    ----------
    sentences : DataFrame
        Every sentence: ``unit_id``, ``doc_id``, ``start`` (in the text of the unit),
        ``sentence``, ``letters``, ``terms`` (those found, with their dimension) and a
        column for each dimension: the weights of the terms found.
    found : sparse array, shape (sentences, rows of the codebook)
        How often each sentence holds each term.
    units : DataFrame
        The units of the corpus.
    codebook : Codebook
    n_boot, seed : int
        Resamples for the intervals, and their seed.
    recipe : Recipe
    """

    sentences: pd.DataFrame
    found: sparse.csr_array
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

    def _grouped(self, by: str | Sequence[str] | None) -> tuple[list[str], pd.DataFrame]:
        """Return the columns that group, and the sentences with them."""
        units, keys = self.units.assign(unit_id=self.units.index), []
        if by is not None:
            own = self.sentences.columns.drop(["unit_id", "doc_id"])
            keys = columns_of(units, by, [*_OWN, *own])
        if of_units := [key for key in keys if key not in ("unit_id", "doc_id")]:
            grouped(units, of_units)  # tells what has no value
        rows = units.loc[self.sentences["unit_id"], of_units]
        found = self.sentences.assign(**{key: rows[key].to_numpy() for key in of_units})
        found.attrs |= told_of(units, keys)
        return keys, found

    def terms(self, by: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return which term gives which share of each score.

        Parameters
        ----------
        by : str, or several, optional
            ``"unit_id"`` or a column of the units, for the shares in each group.

        Returns
        -------
        DataFrame
            Largest share of each dimension first: `by`, ``dimension``, ``term``, ``count``,
            ``weight`` (the count by the weight of the term), ``share`` (of the weight of
            the dimension), ``n_docs``. Its ``attrs``, as those of the other tables, say in
            ``left_out`` how many units have no value to group them by, in ``flawed`` which
            texts have a known flaw.

        Examples
        --------
        >>> scores = score_framework(Corpus.sample())
        >>> scores.terms().groupby("dimension")["share"].max().lt(0.25).all()
        np.True_
        """
        at = self.found.tocoo()
        groups, where = self._grouped(by)
        keys = [*groups, "dimension"]
        table = self.codebook.table[["dimension", "term", "weight"]]
        table = table.iloc[at.col].reset_index(drop=True)
        table = where[[*dict.fromkeys(["doc_id", *groups])]].iloc[at.row].reset_index().join(table)
        table = table.assign(count=at.data, weight=table["weight"] * at.data)
        each = table.groupby([*keys, "term"], sort=False, as_index=False)
        sums = {"count": ("count", "sum"), "weight": ("weight", "sum")}
        table = each.agg(**sums, n_docs=("doc_id", "nunique"))
        table["share"] = table["weight"] / table.groupby(keys)["weight"].transform("sum")
        places = [pd.factorize(table[key])[0] for key in groups]
        rank = pd.Categorical(table["dimension"], self.codebook.dimensions).codes
        order: list[Any] = [table["term"], -table["weight"], rank, *places]
        table = table.iloc[np.lexsort(order)]
        table.attrs |= where.attrs
        return table[[*keys, "term", "count", "weight", "share", "n_docs"]].reset_index(drop=True)

    def classify(
        self, by: str | Sequence[str] = "unit_id", *, least: float = LEAST_TERMS
    ) -> pd.DataFrame:
        """Return which dimension each passage is about, or that it is about none.

        Parameters
        ----------
        by : str, or several
            ``"unit_id"``, or a column of the units. Passages have one subject; of whole
            reports, which have many, ask for the `emphasis`.
        least : float
            Terms of the dimension per 1,000 letters below which it is "none".

        Returns
        -------
        DataFrame
            One row for each group: `by`, ``dimension`` (the one with most terms, the
            first of the codebook where two have as many; "none" below `least`), a column
            for each dimension (its terms per 1,000 letters) and ``letters``.

        Notes
        -----
        Terms are counted as they are, without weights and without regard to what is
        usual. The least was set on thirty paragraphs on ten other subjects, of which 97%
        are recognised, and holds for thirty on ten further subjects (93%); 5% of the
        labelled sections of the sample fall below it. `validate_framework` sets it
        anew on labels of your own.

        Examples
        --------
        >>> about = score_framework(Corpus.sample().split("section")).classify()
        >>> article = about["unit_id"].str.startswith("beijing-2023")
        >>> about.loc[article, "dimension"].tolist()[-4:]
        ['refined', 'smart', 'participatory', 'legal']
        """
        dimensions, (keys, table) = self.codebook.dimensions, self._grouped(values_of(by))
        counts = self.found @ (self.codebook._weights > 0).astype(float)
        table = table[[*keys, "letters"]].assign(**dict(zip(dimensions, counts.T, strict=True)))
        table = table.groupby(keys, sort=False).sum()
        rates = table[dimensions].div(table["letters"].clip(lower=1), axis=0) * 1000
        rates["letters"] = table["letters"]
        values = rates[dimensions].to_numpy()
        rates.attrs |= table.attrs
        rates.insert(0, "dimension", most_of(values, dimensions, max(least, 1e-9)))
        return rates.reset_index()

    def emphasis(self, by: str | Sequence[str] = "unit_id") -> pd.DataFrame:
        """Return how much each unit or group of units speaks of each dimension.

        Parameters
        ----------
        by : str, or several
            ``"unit_id"``, or a column of the units: ``"doc_id"``, ``"city"``; several make
            groups of their values together.

        Returns
        -------
        DataFrame
            One row for each group and dimension: `by`, ``dimension``, ``emphasis`` (weight
            per 1,000 letters, by that of all texts together: 1 is as usual here, 2 twice
            as much; so length and what all texts share drop out), ``low`` and ``high``
            (95% interval), ``share`` (of the emphases of the group), ``n_docs``,
            ``resampled`` ("documents" where the group has 5 or more, otherwise
            "sentences": such an interval says how much hangs on single sentences, not how
            other texts of the group would be). ``attrs["measure"]`` is "emphasis".
        """
        dimensions, (keys, table) = self.codebook.dimensions, self._grouped(values_of(by))
        usual, rng = self.usual.to_numpy() / 1000, np.random.default_rng(self.seed)
        tables = []
        for group, part in table.groupby(keys, sort=False):
            n_docs = part["doc_id"].nunique()
            if documents := n_docs >= LEAST_DOCUMENTS:
                part = part.groupby("doc_id", sort=False)[["letters", *dimensions]].sum()
            letters, hits = part["letters"].to_numpy(), part[dimensions].to_numpy()
            low, high = ratio_interval(hits, letters, n_boot=self.n_boot, seed=rng, least=1).T
            with np.errstate(invalid="ignore"):
                emphasis = hits.sum(axis=0) / letters.sum() / usual
                share = emphasis / emphasis.sum()
            row = dict(zip(keys, group, strict=True)) | {"dimension": dimensions}
            row |= {"emphasis": emphasis, "low": low / usual, "high": high / usual, "share": share}
            row |= {"n_docs": n_docs, "resampled": "documents" if documents else "sentences"}
            tables.append(pd.DataFrame(row))
        found = pd.concat(tables, ignore_index=True)
        found.attrs |= {"measure": "emphasis", **table.attrs}
        return found

    def table(self, by: str | Sequence[str] = "unit_id", values: str = "emphasis") -> pd.DataFrame:
        """Return the same as a row for each group and a column for each dimension."""
        table = self.emphasis(by)
        if values not in (known := ["emphasis", "low", "high", "share", "n_docs"]):
            raise ValueError(f"values must be one of {', '.join(known)}, not {values!r}")
        wide = table.pivot_table(
            index=[*map(str, values_of(by))], columns="dimension", values=values, sort=False
        )
        wide.attrs |= table.attrs
        return wide[self.codebook.dimensions].rename_axis(columns=None)

    def counts(self, by: str | Sequence[str] = "unit_id") -> pd.DataFrame:
        """Return the weights found, summed: groups by dimensions, for `correspondence`."""
        keys, table = self._grouped(values_of(by))
        return table.groupby(keys, sort=False)[self.codebook.dimensions].sum()

    def evidence(self, n: int = 3, *, by: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return the sentences that count most, and the terms that make them count.

        Parameters
        ----------
        n : int
            Sentences for each dimension, and each group if `by` is given.
        by : str, or several, optional
            ``"unit_id"`` or a column of the units.

        Returns
        -------
        DataFrame
            ``dimension``, `by`, ``rank``, ``weight``, ``terms``, ``sentence``, ``unit_id``,
            ``doc_id``, ``start``.
        """
        keys, table = self._grouped(by)
        dimensions = self.codebook.dimensions
        given = [column for column in table if column not in dimensions]
        found = table.melt(given, dimensions, "dimension", "weight")
        found = found[found["weight"] > 0].sort_values("weight", ascending=False, kind="stable")
        found["rank"] = found.groupby([*keys, "dimension"], sort=False).cumcount() + 1
        order = pd.Categorical(found["dimension"], dimensions).argsort(kind="stable")
        found = found.iloc[order].query("rank <= @n").reset_index(drop=True)
        keys = [key for key in keys if key not in ("unit_id", "doc_id")]
        columns = ["dimension", *keys, "rank", "weight", "terms", "sentence"]
        return found[[*columns, "unit_id", "doc_id", "start"]]


def most_of(rates: Array, names: list[str], least: float = -np.inf) -> Array:
    """Return the name of the greatest value of each row, or "none" if it is below the least."""
    most = np.array(names, dtype=object)[rates.argmax(axis=1)]
    return np.where(rates.max(axis=1) < least, NONE, most)


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

    Warns
    -----
    UserWarning
        If one term gives more than a quarter of a dimension.

    Examples
    --------
    >>> score_framework(Corpus.sample())
    FrameworkScores: refined, smart, participatory, legal in 41 units, by 1,114 of 1,931 sentences
    """
    from tqdm.auto import tqdm

    if codebook is None:
        codebook = Codebook.load()
    check_kind(codebook, Codebook, "score_framework")
    units = zip(corpus.units.index, corpus.units["doc_id"], corpus.units["text"], strict=True)
    rows = [(unit, doc, *sentence) for unit, doc, text in units for sentence in sentences(text)]
    scored = pd.DataFrame(rows, columns=["unit_id", "doc_id", "start", "sentence"])
    scored["letters"] = [sum(map(str.isalnum, text)) for text in scored["sentence"]]
    texts = tqdm(scored["sentence"], desc="score", unit="sentence", delay=2, leave=False)
    found = codebook.count(texts)
    named = (codebook.table["term"] + " (" + codebook.table["dimension"] + ")").to_numpy()
    scored["terms"] = [
        "、".join(part) for part in np.split(named[found.indices], found.indptr[1:-1])
    ]
    found.sum_duplicates()
    scored[codebook.dimensions] = found @ codebook._weights
    if missing := [d for d in codebook.dimensions if not scored[d].sum()]:
        raise ValueError(
            f"no term of {', '.join(missing)} occurs in these {len(corpus)} units; "
            "take a codebook or a corpus in which every dimension can be found"
        )
    scores = FrameworkScores(scored, found, corpus.units, codebook, n_boot, seed)
    most = scores.terms().groupby("dimension", sort=False).head(1)
    if heavy := [
        f"{term} gives {share:.0%} of {dimension}"
        for dimension, term, share in most[["dimension", "term", "share"]].to_numpy()
        if share > _MOST_OF_ONE_TERM
    ]:
        warnings.warn(
            f"{'; '.join(heavy)}: such a score is that of one term. Read it in context, "
            "concordance(corpus, term), then take it out of the codebook or set aside the longer "
            "strings that give it (weight 0); scores.terms() shows all shares",
            stacklevel=3,
        )
    return scores
