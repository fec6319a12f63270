"""Tables for papers and spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# A cell of text that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(table: pd.DataFrame, path: Path, *, bom: bool) -> None:
    """Write a table for spreadsheets: with no text that is run as a formula."""
    from pandas import RangeIndex

    if not isinstance(table.index, RangeIndex):
        table = table.reset_index()
    table = table.map(harmless).rename(columns=harmless)
    table.to_csv(path, index=False, encoding="utf-8-sig" if bom else "utf-8", lineterminator="\n")


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
