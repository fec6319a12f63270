"""Groups of units, named by their metadata."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from toolkit.corpus import unknown

#: Values of metadata columns, such as ``{"city": "北京", "year": range(2021, 2024)}``.
Group = Mapping[str, Any]

Rows = np.ndarray[Any, np.dtype[np.bool_]]


def two_groups(units: pd.DataFrame, target: Group, reference: Group | None) -> tuple[Rows, Rows]:
    """Return which units are in the target and which in the reference (None: all others).

    Raises
    ------
    ValueError
        With all that is wrong: unknown columns or values, empty groups, units in both.
    """
    problems: list[str] = []
    in_target = rows(units, target, "target", problems)
    if reference is None:
        in_reference = ~in_target
        if not problems and not in_reference.any():
            problems.append("target holds every unit; there is nothing left to compare it with")
    else:
        in_reference = rows(units, reference, "reference", problems)
        if not problems and (both := units.index[in_target & in_reference]).size:
            problems.append(
                f"{len(both)} units are in both groups, such as {both[0]!r}; "
                "name groups that do not overlap"
            )
    if problems:
        raise ValueError("; ".join(problems))
    return in_target, in_reference


def rows(units: pd.DataFrame, group: Group, name: str, problems: list[str]) -> Rows:
    """Return which units are in a group; note what is wrong with it."""
    if not isinstance(group, Mapping):
        raise TypeError(f"{name} must be a mapping such as {{'city': '北京'}}, not {group!r}")
    found = np.ones(len(units), dtype=bool)
    before = len(problems)
    if not group:
        problems.append(f"{name} names no column; say which units are meant: {{'city': '北京'}}")
    for column, value in group.items():
        if column not in units:
            problems.append(f"{name}: units have no column {column!r}; they have {[*units]}")
            continue
        single = isinstance(value, str) or not isinstance(value, Collection)
        values = {value} if single else set(value)
        # A range of years may reach past the corpus; a name that is not there is a slip.
        if not isinstance(value, range):
            problems += [f"{name}: {problem}" for problem in unknown(units[column], values)]
        found &= units[column].isin([*values]).to_numpy()
    if len(problems) == before and not found.any():
        problems.append(f"{name}: no unit has {dict(group)!r}")
    return found
