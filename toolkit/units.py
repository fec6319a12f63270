"""Units by their metadata: which have given values, how they group, which a grouping drops."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

#: Which units, or the rows of some.
Rows = np.ndarray[Any, Any]


def values_of(given: Any) -> list[Any]:
    """Return one value, or several in whatever holds them, as a list of plain values.

    Examples
    --------
    >>> values_of("北京"), values_of(np.int64(2023)), values_of(pd.Series([1, 2])), values_of(None)
    (['北京'], [2023], [1, 2], [])
    >>> values_of(range(2021, 2023)), values_of(np.array(["甲"])), values_of({"乙": 1})
    ([2021, 2022], ['甲'], ['乙'])
    """
    if given is None:
        return []
    if hasattr(given, "tolist"):  # arrays, Series, Index, numpy scalars
        given = given.tolist()
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        return [given]
    return [v.item() if isinstance(v, np.generic) else v for v in given]


def where(units: pd.DataFrame, wanted: Mapping[str, Any]) -> Rows:
    """Tell which units have the wanted values of their metadata.

    Parameters
    ----------
    units : DataFrame of n rows
    wanted : mapping of column to value or values
        Any column of the units, or ``unit_id``; values as in `values_of`. None stands
        for any value, ``""`` for a missing one.

    Returns
    -------
    array of bool, shape (n,)

    Raises
    ------
    ValueError
        If a column or a value does not occur, or nothing is left.

    Examples
    --------
    >>> units = pd.DataFrame({"city": ["北京", "上海", None]}, index=["a", "b", "c"])
    >>> where(units, {"city": ["北京", ""]}).tolist(), where(units, {"unit_id": "b"}).tolist()
    ([True, False, True], [False, True, False])
    """
    keep = np.ones(len(units), dtype=bool)
    problems = []
    wanted = {column: value for column, value in wanted.items() if value is not None}
    for column, value in wanted.items():
        if column not in units and column != "unit_id":
            problems.append(f"there is no column {column!r}, only {listed(units.columns)}")
            continue
        values = values_of(value)
        cells = units[column] if column in units else pd.Series(units.index, name="unit_id")
        _check_values(cells)
        # A range of years may reach past the corpus; a name that is not there is a slip.
        if not isinstance(value, range):
            problems += unknown(cells, values)
        found = cells.isin(values).to_numpy()
        if "" in values:
            found = found | cells.isna().to_numpy()
        keep &= found
    if not problems and not keep.any():
        problems.append(f"no unit has {' and '.join(f'{k}={v!r}' for k, v in wanted.items())}")
    if problems:
        raise ValueError("; ".join(problems))
    return keep


def grouped(units: pd.DataFrame, by: str | Sequence[str] | None) -> dict[Any, Rows]:
    """Return the rows of each group of units, in order of first appearance.

    Parameters
    ----------
    units : DataFrame of n rows
    by : column, or several
        Groups of several columns are tuples of values; None makes one group, None, of all.

    Returns
    -------
    dict of value to array of int

    Warns
    -----
    UserWarning
        If units have no value, and so are in no group; see `left_out`.

    Raises
    ------
    ValueError
        If there is no such column, or it holds nothing, or no values.

    Examples
    --------
    >>> grouped(pd.DataFrame({"city": ["北京", "上海", "北京"]}), "city")
    {'北京': array([0, 2]), '上海': array([1])}
    """
    if by is None:
        return {None: np.arange(len(units))}
    columns = columns_of(units, by)
    if units[columns].isna().any(axis=1).all():
        shown = " and ".join(map(repr, columns))
        raise ValueError(f"no unit has a value in its column {shown}; it groups nothing")
    if told := left_out(units, columns):
        warnings.warn(told, stacklevel=3)
    key = columns[0] if isinstance(by, str) else columns
    found = units[columns].reset_index(drop=True).groupby(key, sort=False).indices
    alone = len(columns) == 1 and not isinstance(by, str)
    return {(g,) if alone else g: np.asarray(rows) for g, rows in found.items()}


def columns_of(units: pd.DataFrame, by: Any, own: Iterable[str] = ()) -> list[str]:
    """Return the columns that group units, or tell why they cannot.

    Also refused are those that a table has of its `own`, where another would be lost.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> columns_of(pd.DataFrame({"city": ["北京"], "year": [2023]}), ["city", "year"], ["rate"])
    ['city', 'year']
    """
    columns = [str(column) for column in values_of(by)]
    if not columns or len({*columns}) < len(columns):
        raise ValueError(f"by names columns, each once, such as by='city'; found {by!r}")
    if absent := [column for column in columns if column not in units]:
        raise ValueError(
            f"units have no column {', '.join(map(repr, absent))}; they have {[*units.columns]}"
        )
    if both := [column for column in columns if column in {*own}]:
        raise ValueError(
            f"the table has a column {both[0]!r} of its own; rename that of the texts: "
            f"Corpus(corpus.units.rename(columns={{{both[0]!r}: 'my_{both[0]}'}}))"
        )
    for column in columns:
        _check_values(units[column])
    return columns


def _check_values(column: pd.Series[Any]) -> None:
    try:
        column.nunique()
    except TypeError:
        odd = next(cell for cell in column if not pd.api.types.is_hashable(cell))
        raise ValueError(
            f"column {column.name!r} holds cells such as {odd!r:.60}, which are no values to "
            "choose or group by; write them as text"
        ) from None


def group_index(groups: Iterable[Any], by: str | Sequence[str]) -> pd.Index[Any]:
    """Return the index of a table with a row for each group: of one level for each column.

    Examples
    --------
    >>> group_index([("北京", 2021), ("上海", 2023)], ["city", "year"]).names
    FrozenList(['city', 'year'])
    """
    index: pd.Index[Any]
    if isinstance(by, str):
        index = pd.Index([*groups], name=by)
    else:
        index = pd.MultiIndex.from_tuples([*groups], names=values_of(by))
    return index


def left_out(units: pd.DataFrame, by: str | Sequence[str] | None) -> str:
    """Say how many units are in no group, and why; nothing if all are in one.

    Examples
    --------
    >>> left_out(pd.DataFrame({"year": [2023, None, None]}), "year")
    '2 of 3 units have no year and are left out'
    """
    counts = {column: int(units[column].isna().sum()) for column in values_of(by)}
    told = [f"{n:,} of {len(units):,} units have no {c}" for c, n in counts.items() if n]
    return f"{', '.join(told)} and are left out" if told else ""


def told_of(units: pd.DataFrame, by: str | Sequence[str] | None = None) -> dict[str, Any]:
    """Return what the ``attrs`` of a table keep of its units: `left_out`, and which are `flawed`.

    Examples
    --------
    >>> told_of(pd.DataFrame({"year": [2023, None], "doc_id": ["a", "b"]}), "year")
    {'left_out': '1 of 2 units have no year and are left out', 'flawed': []}
    """
    return {"left_out": left_out(units, by or ()), "flawed": flawed_texts(units)}


def flawed_texts(units: pd.DataFrame) -> list[str]:
    """Return the texts of which the column ``flaw`` says that something is wrong with them.

    Tables and figures tell of them; ``corpus.select(flaw="")`` leaves them out.

    Examples
    --------
    >>> flawed_texts(pd.DataFrame({"doc_id": ["a", "b"], "flaw": ["", "cut short"]}))
    ['b']
    """
    if "flaw" not in units:
        return []
    flawed = units["flaw"].fillna("").astype(str).str.strip() != ""
    return [*dict.fromkeys(units.loc[flawed, "doc_id"].astype(str))]


def starts(units: pd.DataFrame) -> pd.Series[int]:
    """Return where each unit starts in the text of its document, in characters; 0 for a whole one.

    Only what `Corpus.split` wrote is believed: a column ``start`` may be the user's own.
    """
    split = {"section", "position", "start"} <= {*units.columns}
    return units["start"] if split else pd.Series(0, index=units.index)


def unknown(column: pd.Series[Any], values: Collection[Any]) -> list[str]:
    """Return what is wrong with values that do not occur in a column of the units.

    Examples
    --------
    >>> unknown(pd.Series([2021, 2023], name="year"), {"2021"})
    ['no year 2021 (a str; they are numbers); these units have 2021, 2023']
    """
    present = set(column.dropna())
    missing = {""} if column.isna().any() else set()
    if not (absent := set(values) - present - missing):
        return []
    kind = " (a str; they are numbers)" if {*map(str, present)} & absent else ""
    kind = " (a number; they are texts)" if {*map(str, absent)} & present else kind
    return [f"no {column.name} {listed(absent)}{kind}; these units have {listed(present)}"]


def listed(values: Iterable[Any]) -> str:
    """Return values in a row, for a message; the first 40 if there are more.

    Examples
    --------
    >>> listed({"乙", "甲"})
    '乙, 甲'
    """
    shown = sorted(map(str, values))
    more = f" … ({len(shown)} in all)" if len(shown) > 40 else ""
    return ", ".join(shown[:40]) + more or "none"
