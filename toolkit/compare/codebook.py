"""Codebooks: dimensions, sub-themes, and the terms by which a text speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.segmentation import Segmenter
from toolkit.wordlists import shipped_table

Array = np.ndarray[Any, Any]

_CODEBOOK = ["dimension", "sub_theme", "term", "weight", "note"]


@dataclass(frozen=True, eq=False)
class Codebook(Recorded):
    """Dimensions, their sub-themes, and the terms by which a text speaks of them.

    Parameters
    ----------
    table : DataFrame
        ``dimension``, ``sub_theme``, ``term``, ``weight`` (2: the term names the
        sub-theme; 1: it belongs to it), ``note`` (where the term is from). A term may
        stand in several dimensions.
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
                if not weight > 0:
                    problems.append(f"row {row} ({term!r}): weight must be a number above 0")
            doubled = table[table.duplicated(["dimension", "term"])]
            problems += [
                f"{d}: {t!r} stands twice" for d, t in doubled[["dimension", "term"]].to_numpy()
            ]
            if table["dimension"].nunique() < 2:
                problems.append("there are fewer than two dimensions")
        if problems:
            raise ValueError("this codebook cannot be used:\n- " + "\n- ".join(problems))
        object.__setattr__(self, "table", table.reset_index(drop=True))

    def __repr__(self) -> str:
        counts = self.table["dimension"].value_counts(sort=False)
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
        ``note`` says where a term is from: the article, the governance lexicon, or the
        common vocabulary of the field. The last were written down by someone who had
        read the section headings of the sample corpus, so a validation on that corpus
        flatters them; leave them out to be strict, as in the example.

        Examples
        --------
        >>> table = Codebook.load().table
        >>> strict = Codebook(table[~table["note"].str.endswith("common word of the field")])
        >>> len(strict.table) < len(table)
        True
        """
        if path is None:
            table = shipped_table("codebook.csv")
        else:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        return cls(table)

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
        """Rows of the table that hold each term."""
        rows: dict[str, list[int]] = {}
        for row, term in enumerate(self.table["term"]):
            rows.setdefault(term, []).append(row)
        return rows

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, sorted(self._rows, key=lambda t: (-len(t), t)))))

    @cached_property
    def _segmenter(self) -> Segmenter:
        return Segmenter(lexicon=["governance", *self._rows], stopwords=None)

    def find(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield the terms of a text with where they start, the longest where terms overlap.

        A term counts inside a longer word (执法 in 行政执法) but not across the border of
        two words (法治 in 依法治理).

        Examples
        --------
        >>> [term for term, _ in Codebook.load().find("依法治理，加强行政执法和法治宣传")]
        ['依法', '行政执法', '法治宣传']
        """
        word = np.zeros(len(text) + 1, dtype=np.int64)
        border = set()
        for number, (_, start, end) in enumerate(self._segmenter.cut(text)):
            word[start:end] = number
            border |= {start, end}
        position = 0
        while match := self._pattern.search(text, position):
            start, end = match.span()
            if word[start] == word[end - 1] or (start in border and end in border):
                yield match.group(), start
                position = end
            else:
                position = start + 1
