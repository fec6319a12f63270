"""Codebooks: dimensions, sub-themes, and the terms by which a text speaks of them.

A codebook is a CSV. Lines that begin with ``#`` above its head say what reading it has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.files import TableError, parse_csv, read_text
from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.segmentation import Segmenter

Array = np.ndarray[Any, Any]

_CODEBOOK = ["dimension", "sub_theme", "term", "weight", "note"]


@dataclass(frozen=True, eq=False)
class Codebook(Recorded, variable="codebook", by="Codebook.load(path), or Codebook(table)"):
    """Dimensions, their sub-themes, and the terms by which a text speaks of them.

    Parameters
    ----------
    table : DataFrame
        ``dimension``, ``sub_theme``, ``term``, ``weight`` (2: the term names the
        sub-theme; 1: it belongs to it; 0: it is set aside, so that no shorter term is
        found inside it, as 自治 in 自治区), ``note`` (where the term is from). Only
        ``dimension`` and ``term`` must be there. A term may stand in several dimensions.
    reading : str
        What reading the codebook has: version, date, what was left out and why.
    recipe : Recipe

    Raises
    ------
    ValueError
        With every row that makes no sense.

    Examples
    --------
    >>> codebook = Codebook.load()
    >>> codebook.table.groupby("dimension", sort=False)["sub_theme"].agg(
    ...     lambda s: "、".join(s.unique())).to_dict()
    {'refined': '精准、精心、精确', 'smart': '数据、技术、场景',
     'participatory': '责任、协商、基层', 'legal': '立法、执法、意识'}
    """

    table: pd.DataFrame
    reading: str = ""
    recipe: Recipe = field(default_factory=Recipe)

    def __post_init__(self) -> None:
        table = self.table.copy()
        problems = [f"no column {c!r}" for c in _CODEBOOK[:3:2] if c not in table]
        if not problems:
            given: dict[str, Any] = {"sub_theme": "", "weight": 1, "note": ""}
            table = table.assign(**{c: v for c, v in given.items() if c not in table})[_CODEBOOK]
            table["weight"] = pd.to_numeric(table["weight"], errors="coerce")
            for row, (dimension, term, weight) in enumerate(
                table[["dimension", "term", "weight"]].itertuples(index=False, name=None), 1
            ):
                if not str(dimension).strip() or not str(term).strip():
                    problems.append(f"row {row}: dimension or term is empty")
                if not weight >= 0:
                    problems.append(f"row {row} ({term!r}): weight must be a number, 0 or more")
            doubled = table[table.duplicated(["dimension", "term"])]
            problems += [
                f"{d}: {t!r} stands twice" for d, t in doubled[["dimension", "term"]].to_numpy()
            ]
            weights = table.groupby("dimension", sort=False)["weight"].max()
            problems += [
                f"{d}: no term counts (weight above 0)" for d in weights.index[~(weights > 0)]
            ]
            if table.empty:
                problems.append("it has no rows")
        if problems:
            raise ValueError("this codebook cannot be used:\n- " + "\n- ".join(problems))
        object.__setattr__(self, "table", table.reset_index(drop=True))

    def __repr__(self) -> str:
        counts = self.table.loc[self.table["weight"] > 0, "dimension"].value_counts(sort=False)
        sizes = ", ".join(f"{name} {n}" for name, n in counts.items())
        return f"Codebook {self.version}: {sizes} terms"

    @classmethod
    @step("codebook", data=lambda made, given: {"codebook": made.fingerprint})
    def load(cls, path: str | Path | None = None) -> Codebook:
        """Read a codebook from a CSV; the one that comes with the toolkit if no path is given.

        The latter follows the article of the sample corpus: its four parts are the
        dimensions, the three steps of each part the sub-themes.

        Notes
        -----
        The shipped codebook reads for governance alone: words of the economy, of incomes,
        of public works, of whoever is addressed (企业, 社会, 投资, 工程, 代表) are not in
        it. `reading` says which version this is, and on which texts its terms were looked
        at one by one. ``note`` says where a term is from: the article, the governance
        lexicon, or the common vocabulary of the field. The last were written down by
        someone who had read the headings of the sample corpus; leave them out to be
        strict, as in the example.

        Examples
        --------
        >>> codebook = Codebook.load()
        >>> strict = codebook.table[~codebook.table["note"].str.endswith("word of the field")]
        >>> len(Codebook(strict).table) < len(codebook.table)
        True
        >>> codebook.reading[:21]
        'Reading 2, 2026-11-30'
        """
        path = path or Path(__file__).parents[1] / "lexicon" / "codebook.csv"
        lines = read_text(path).splitlines(keepends=True)
        above = [*takewhile(lambda line: line.startswith("#"), lines)]
        head, rows, problems = parse_csv("".join(lines[len(above) :]))
        if problems:
            below = f", below its {len(above)} lines of remarks," if above else ""
            raise TableError([f"{path}{below} {problem}" for problem in problems])
        table = pd.DataFrame([cells for _, cells in rows], columns=head)
        return cls(table, "".join(line.lstrip("# ") for line in above).strip())

    @property
    def dimensions(self) -> list[str]:
        """The dimensions, in the order of the table."""
        names: list[str] = self.table["dimension"].unique().tolist()
        return names

    @property
    def version(self) -> str:
        """The beginning of the fingerprint: equal for equal codebooks."""
        return self.fingerprint[:8]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over dimensions, sub-themes, terms and weights."""
        return fingerprint(self.table[_CODEBOOK[:4]].astype(str).to_numpy().tolist())

    @cached_property
    def _weights(self) -> Array:
        """Weight of each row of the table in each dimension, shape (rows, d)."""
        return np.asarray(
            (self.table["dimension"].to_numpy()[:, None] == np.array(self.dimensions))
            * self.table["weight"].to_numpy(dtype=float)[:, None]
        )

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        """Rows of the table that hold each term; none if it is only set aside."""
        rows: dict[str, list[int]] = {}
        for row, (term, weight) in enumerate(
            zip(self.table["term"], self.table["weight"], strict=True)
        ):
            rows.setdefault(term, []).extend([row] if weight else [])
        return rows

    @cached_property
    def _longest(self) -> dict[str, int]:
        """Length of the longest term that begins with each character."""
        longest: dict[str, int] = {}
        for term in self._rows:
            longest[term[0]] = max(longest.get(term[0], 0), len(term))
        return longest

    @cached_property
    def _segmenter(self) -> Segmenter:
        return Segmenter(lexicon=[(term,) for term in self._rows], stopwords=None)

    def find(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield the terms of a text with where they start, the longest where terms overlap.

        A term is found where it stands as whole words: one or several, as the text is cut
        with jieba's dictionary and all terms of the codebook. So 自治 is not found in
        自治区, 社会 not in 社会主义, and 法治 not across two words in 依法治理; 执法 is
        found in 规范执法, and a term of several words wherever they stand in a row. Where
        a longer string hides or wrongly gives a term, list it: as a term, or with the
        weight 0 to set it aside.

        Examples
        --------
        >>> codebook = Codebook.load()
        >>> [term for term, _ in codebook.find("依法治理，加强行政执法和法治宣传")]
        ['依法治理', '行政执法', '法治宣传']
        >>> [*codebook.find("广西壮族自治区的义务教育")]
        []
        """
        ends = [0, *(end for _, _, end in self._segmenter.cut(text))]
        at = 0
        while at < len(ends) - 1:
            start, at = ends[at], at + 1
            most = bisect_right(ends, start + self._longest.get(text[start], 0))
            for to in range(most - 1, at - 1, -1):
                if (rows := self._rows.get(text[start : ends[to]])) is not None:
                    if rows:
                        yield text[start : ends[to]], start
                    at = to
                    break

    def count(self, texts: Iterable[str]) -> sparse.csr_array:
        """Return how often each text holds the term of each row of the table.

        Parameters
        ----------
        texts : iterable of str

        Returns
        -------
        sparse array, shape (texts, rows)
            A place of its own for each time a term is found, in the order of the text;
            ``sum_duplicates()`` adds them up.
        """
        rows, ends = [], [0]
        for text in texts:
            rows += [row for term, _ in self.find(text) for row in self._rows[term]]
            ends.append(len(rows))
        shape = (len(ends) - 1, len(self.table))
        return sparse.csr_array((np.ones(len(rows)), rows, ends), shape=shape)
