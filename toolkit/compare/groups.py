"""Groups of units, named by their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from toolkit.units import Rows, where

#: Values of metadata columns, such as ``{"city": "北京", "year": range(2021, 2024)}``.
Group = Mapping[str, Any]


def two_groups(units: pd.DataFrame, target: Group, reference: Group | None) -> tuple[Rows, Rows]:
    """Return which units are in the target and which in the reference (None: all others).

    Raises
    ------
    ValueError
        With all that is wrong: unknown columns or values, empty groups, units in both.
    """
    problems: list[str] = []
    in_target = _rows(units, target, "target", problems)
    if reference is None:
        in_reference = ~in_target
        if not problems and not in_reference.any():
            problems.append("target holds every unit; there is nothing left to compare it with")
    else:
        in_reference = _rows(units, reference, "reference", problems)
        if not problems and (both := units.index[in_target & in_reference]).size:
            problems.append(
                f"{len(both)} units are in both groups, such as {both[0]!r}; "
                "name groups that do not overlap"
            )
    if problems:
        raise ValueError("; ".join(problems))
    return in_target, in_reference


def _rows(units: pd.DataFrame, group: Group, name: str, problems: list[str]) -> Rows:
    """Return which units are in a group; note what is wrong with it."""
    if not isinstance(group, Mapping):
        raise TypeError(f"{name} must be a mapping such as {{'city': '北京'}}, not {group!r}")
    if not group:
        problems.append(f"{name} names no column; say which units are meant: {{'city': '北京'}}")
    try:
        return where(units, group)
    except ValueError as error:
        problems.append(f"{name}: {error}")
    return np.zeros(len(units), dtype=bool)
