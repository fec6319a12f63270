"""Panels of attention: how much groups of texts speak of concepts, as data for a regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare.codebook import Codebook
from toolkit.compare.rates import PER, by_document, in_order, ratio_interval
from toolkit.files import whole_folder, write_csv
from toolkit.recipe import Recipe, Recorded, check_kind, step
from toolkit.resample import LEAST_DOCUMENTS
from toolkit.say import phrases
from toolkit.segmentation import Tokens
from toolkit.units import columns_of, grouped, told_of


@dataclass(frozen=True, eq=False)
class AttentionPanel(Recorded):
    """How much groups of texts speak of each concept: panel data.

    Parameters
    ----------
    table : DataFrame
        A row for each group and concept, those without a hit too: the columns that group,
        ``concept``, ``count`` (terms found), ``share`` (of the words), ``rate`` (per 10,000
        words), ``low`` and ``high`` (95% interval of the rate), ``resampled`` ("documents"
        where the group has 5 or more, else "passages": such an interval says how much hangs
        on single passages, not how other texts of the group would be; empty, as the
        interval is, where there are fewer than 5 of these too, or nothing was found that
        could be drawn again), ``passages`` and
        ``share_of_passages`` (that speak of it), ``n_texts``, ``n_passages``, ``n_words``.
        ``attrs["measure"]`` is "rate", ``attrs["flawed"]`` names the texts with a known flaw
        that are in, ``attrs["left_out"]`` says how many units have no value, if any.
    terms : DataFrame
        How often each group has each term: the columns that group, ``concept``, ``term``,
        ``count``.
    codebook : Codebook
        The concepts and their terms.
    recipe : Recipe
    """

    table: pd.DataFrame
    terms: pd.DataFrame
    codebook: Codebook
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        groups = len(self.table) // len(self.codebook.dimensions)
        concepts = ", ".join(self.codebook.dimensions)
        return f"AttentionPanel: {concepts} in {groups} groups by {' and '.join(self._columns)}"

    @property
    def _columns(self) -> list[str]:
        """The columns that group."""
        return [*self.terms.columns[:-3]]

    def wide(self, values: str = "rate") -> pd.DataFrame:
        """Return a column of the table as a row for each group and a column for each concept."""
        parts = self.table.groupby("concept", sort=False)
        return pd.DataFrame({c: part.set_index(self._columns)[values] for c, part in parts})

    def leave_one_out(self) -> pd.DataFrame:
        """Return how much each concept hangs on each of its terms.

        Returns
        -------
        DataFrame
            The term that gives most of a concept first: ``concept``, ``term``, ``count``,
            ``share`` (of the count of the concept), ``correlation`` (Spearman's, over the
            groups, of the rates with and without the term; missing where one of the two is
            the same in all groups).
        """
        n_words = self.wide("n_words").iloc[:, 0]
        rows = []
        for (concept, term), part in self.terms.groupby(["concept", "term"], sort=False):
            own, whole = part.set_index(self._columns)["count"], self.wide("count")[concept]
            rates = pd.DataFrame({"whole": whole / n_words, "rest": (whole - own) / n_words})
            ranks = rates.rank()
            varies = (ranks.max() > ranks.min()).all()
            correlation = ranks["whole"].corr(ranks["rest"]) if varies else np.nan
            rows.append((concept, term, own.sum(), own.sum() / max(whole.sum(), 1), correlation))
        table = pd.DataFrame(rows, columns=["concept", "term", "count", "share", "correlation"])
        places = table["concept"].map(self.codebook.dimensions.index)
        return table.iloc[np.lexsort([-table["count"], places])].reset_index(drop=True)

    def to_csv(self, folder: str | Path) -> Path:
        """Write the panel with all that a reader of it needs, for Stata, R or a spreadsheet.

        ``panel.csv`` is the table as it is, a row for each group and concept;
        ``variables.csv`` says in both languages what its columns are, ``dictionary.csv``
        has the concepts and their terms, ``terms.csv`` how often each was found where.

        Raises
        ------
        FileExistsError
            If the folder holds something already.
        """
        told = pd.DataFrame({lang: phrases("panel", lang) for lang in ("zh", "en")})
        names = self.table.columns.where(
            self.table.columns.isin(told.index), "a column that groups"
        )
        variables = told.loc[names].set_axis(self.table.columns).rename_axis("variable")
        with whole_folder(folder) as aside:
            write_csv(self.table, aside / "panel.csv", exact=True)
            write_csv(variables, aside / "variables.csv")
            write_csv(self.codebook.table, aside / "dictionary.csv", exact=True)
            write_csv(self.terms, aside / "terms.csv")
        return Path(folder)


@step("panel", data=lambda made, given: {"codebook": made.codebook.fingerprint})
def attention_panel(
    tokens: Tokens,
    codebook: Codebook | None = None,
    *,
    by: str | Sequence[str] = ("city", "year"),
    n_boot: int = 500,
    seed: int = 0,
) -> AttentionPanel:
    """Measure how much groups of texts speak of concepts: a panel of attention.

    Parameters
    ----------
    tokens : Tokens
        Of passages (``corpus.split("paragraph")``), so that the share of passages tells
        something: a whole text is one passage.
    codebook : Codebook, optional
        Its dimensions are the concepts, one or several; the one of the toolkit if not
        given. Terms are found as whole words (see `Codebook.find`) and counted without
        their weights.
    by : column of the units, or several
    n_boot, seed : int
        Resamples for the intervals, and their seed.

    Returns
    -------
    AttentionPanel

    Notes
    -----
    A concept that a group does not speak of is 0 there, as nothing was found where it was
    looked for; a group without texts has no row, as nobody knows. Words are those that
    the segmenter keeps, as in `trend_table`.

    Counting terms does not see negation (不搞 counts as 搞), irony or what the dictionary
    lacks. Read the sentences (`concordance`); set standing phrases aside and look what
    remains (`without_formulas`); see on which terms it hangs (`AttentionPanel.leave_one_out`).

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> rows = [("digital", "大数据"), ("digital", "数据"), ("digital", "平台")]
    >>> codebook = Codebook(pd.DataFrame(rows, columns=["dimension", "term"]))
    >>> tokens = segment(Corpus.sample().split("paragraph"))
    >>> panel = attention_panel(tokens, codebook, by="year")
    >>> panel.table[["year", "count", "passages", "n_passages"]].head(2)
       year  count  passages  n_passages
    0  2020      0         0           9
    1  2021     28        16          49
    """
    check_kind(tokens, Tokens, "attention_panel")
    codebook = Codebook.load() if codebook is None else codebook
    check_kind(codebook, Codebook, "attention_panel")
    units, keys = tokens.units, columns_of(tokens.units, by, [*phrases("panel", "en"), "term"])
    counting = codebook.table[codebook.table["weight"] > 0]
    found = codebook.count(units["text"]).astype(int)
    hits = found @ (codebook._weights > 0).astype(int)
    words, documents = tokens.lengths.to_numpy(), units["doc_id"].to_numpy()
    rng, tables, terms = np.random.default_rng(seed), [], []
    for group, rows in grouped(units, keys).items():
        above, below = (by_document(part[rows], documents[rows]) for part in (hits, words))
        resampled = "documents"
        if (below > 0).sum() < LEAST_DOCUMENTS:
            above, below, resampled = hits[rows], words[rows], "passages"
        count, speak = hits[rows].sum(axis=0), (hits[rows] > 0).sum(axis=0)
        low, high = PER * ratio_interval(above, below, n_boot=n_boot, seed=rng).T
        low, high = (np.where(count > 0, end, np.nan) for end in (low, high))
        share = count / (words[rows].sum() or np.nan)
        given = dict(zip(keys, group, strict=True))
        row: dict[str, Any] = given | {"concept": codebook.dimensions, "count": count}
        row |= {"share": share, "rate": PER * share, "low": low, "high": high}
        row |= {"resampled": np.where(np.isnan(low), "", resampled)}
        row |= {"passages": speak, "share_of_passages": speak / len(rows)}
        row |= {"n_texts": len({*documents[rows]}), "n_passages": len(rows)}
        tables.append(pd.DataFrame(row | {"n_words": words[rows].sum()}))
        named = {"concept": counting["dimension"], "term": counting["term"]}
        each = found[rows].sum(axis=0)[counting.index]
        terms.append(pd.DataFrame(given | named | {"count": each}))
    # The index counts the rows of each group, and so keeps their order.
    table, counts = (
        pd.concat(parts).sort_values(keys, key=in_order, kind="stable").reset_index(drop=True)
        for parts in (tables, terms)
    )
    table.attrs |= {"measure": "rate", **told_of(units, keys)}
    return AttentionPanel(table, counts, codebook)
