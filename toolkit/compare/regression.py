"""Regression of values of texts on their metadata: covariates as columns, and their errors."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from toolkit.units import columns_of, left_out, listed, values_of

Array = np.ndarray[Any, Any]

TINY = 1e-9  #: what is less is rounding
_SURE = 30.0  #: errors from 0 that no chance reaches


class Term(NamedTuple):
    """A covariate: its values, its columns of the design, and its levels, the reference first."""

    values: pd.Series[Any]
    columns: Array
    levels: list[Any]


class Design(NamedTuple):
    """The columns of a regression, and which of them are of which covariate."""

    x: Array
    inverse: Array
    places: dict[str, list[int]]

    @classmethod
    def of(cls, terms: Mapping[str, Term]) -> Design:
        """Put covariates side by side; refuse one that follows from those before it."""
        n = len(next(iter(terms.values())).values)
        x, places = np.ones((n, 1)), {}
        for name, term in terms.items():
            begin = x.shape[1]
            x = np.column_stack([x, term.columns])
            places[name] = [*range(begin, x.shape[1])]
            if np.linalg.matrix_rank(x / np.abs(x).max(axis=0)) < x.shape[1]:
                others = listed(places.keys() - {name})
                raise ValueError(
                    f"{name!r} follows from {others}, so their effects cannot be told apart; "
                    "leave one of them out"
                )
        if n < x.shape[1] + 2:
            raise ValueError(
                f"{n} texts cannot tell {x.shape[1]} numbers ({', '.join(terms)}); take fewer "
                "covariates, or join levels that are alike"
            )
        return cls(x, np.linalg.pinv(x), places)

    def without(self, covariate: str) -> Design:
        """Return the design of the other covariates."""
        kept = [i for i in range(self.x.shape[1]) if i not in self.places[covariate]]
        return Design(self.x[:, kept], np.linalg.pinv(self.x[:, kept]), {})

    def fit(self, y: Array) -> Array:
        """Return the coefficients, shape (p, k): least squares."""
        return np.asarray(self.inverse @ y)

    def fitted(self, y: Array) -> Array:
        """Return what the covariates explain of values."""
        return np.asarray(self.x @ self.fit(y))

    def t(self, rows: Array, few: Array, y: Array) -> Array:
        """Return how far differences are from 0 by their errors, shape (m, k), 0 and more.

        What rests on `few` texts is often far off by chance: Student's t is put on the scale
        of the normal distribution, so that it does not drown the others in `max_t`.
        """
        found = np.abs(rows @ self.fit(y))
        error = np.sqrt((rows @ self.inverse) ** 2 @ self._rest(y) ** 2)
        rounding = TINY * np.abs(y).max(initial=TINY)
        # What differs without any variation is beyond all chance, what is the same, no question.
        sure = np.where(found > rounding, _SURE, np.nan)
        t = np.divide(found, error, out=sure, where=error > rounding)
        z = -special.ndtri(special.stdtr(np.maximum(few - 1, 1)[:, None], -t))
        return np.asarray(np.minimum(z, _SURE))

    def wald(self, place: Array, y: Array) -> float:
        """Return how far coefficients are from 0 together, by their errors, summed over series."""
        found, inverse, rest = self.fit(y)[place], self.inverse[place], self._rest(y)
        spread = np.einsum("pn,nk,qn->kpq", inverse, rest**2, inverse)
        far = np.einsum("pk,kpq,qk->k", found, np.linalg.pinv(spread, hermitian=True), found)
        return float(far.sum())

    def _rest(self, y: Array) -> Array:
        """Return what is left unexplained as HC3 has it: texts may vary more in one group."""
        spared = 1 - (self.x * self.inverse.T).sum(axis=1, keepdims=True)
        rest = y - self.fitted(y)
        return np.asarray(np.divide(rest, spared, out=np.zeros_like(rest), where=spared > TINY))


def covariates_of(units: pd.DataFrame, formula: str | Sequence[str], unit: str) -> pd.DataFrame:
    """Return the covariates of each text that has them all; tell of what they cannot be."""
    whole = isinstance(formula, str) and formula not in units
    names = [c.strip() for c in str(formula).split("+")] if whole else values_of(formula)
    if marks := [n for n in names if n not in units and {*str(n)} & {*"*:^()~|"}]:
        raise ValueError(
            f"{marks[0]!r} is no column; a formula names columns: 'tier + year'. For an "
            "interaction write a column that holds both: units['tier'] + units['period']"
        )
    columns, _ = columns_of(units, names), columns_of(units, unit)
    if unit in columns:
        raise ValueError(f"{unit!r} is what counts as one text, so it cannot explain texts too")
    groups = units.groupby(unit, sort=False)[columns]
    several = groups.nunique(dropna=False).gt(1).sum()
    differs = several[several > 0]
    if len(differs):
        raise ValueError(
            f"{listed(differs.index)} differs within {differs.max()} of the {len(groups)} "
            f"observations of {unit!r}, so it does not tell these apart; take a column that does"
        )
    found = groups.first(skipna=False).reset_index()
    if told := left_out(found, columns):
        warnings.warn(told.replace("units", "texts"), stacklevel=4)
    return found.dropna().set_index(unit)


def coded(column: pd.Series[Any], reference: Mapping[str, Any]) -> Term:
    """Return a covariate as columns of a design: its number, or one for each further level."""
    kind = pd.api.types
    if kind.is_numeric_dtype(column) and not kind.is_bool_dtype(column):
        if column.name in reference:
            raise ValueError(f"{column.name!r} is a number, which has no level of reference")
        values = column.astype(float)
        if values.nunique() < 2:
            raise ValueError(f"{column.name!r} is {values.iloc[0]:g} in all texts")
        return Term(values, (values - values.mean()).to_numpy()[:, None], [])
    counts = column.value_counts(sort=False)
    levels = sorted(counts.index[counts > 0], key=lambda level: (-counts[level], str(level)))
    if len(levels) < 2:
        raise ValueError(f"{column.name!r} is {listed(levels)} in all texts; nothing differs")
    first = reference.get(str(column.name), levels[0])
    if first not in levels:
        raise ValueError(f"{column.name!r} has no level {first!r}; it has {listed(levels)}")
    levels = [first, *(level for level in levels if level != first)]
    dummies = [(column == level).to_numpy(float) for level in levels[1:]]
    return Term(column, np.column_stack(dummies), levels)


def count_of(term: Term, level: Any) -> int:
    """Return how many texts have a level; all, if it is a number."""
    return int((term.values == level).sum()) if term.levels else len(term.values)
