"""A table of the application: searched, sorted and paged in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import ipywidgets as w
import pandas as pd

from toolkit.explore.untrusted import visible

_CELL = 300  # characters of a cell
_DIGITS = 3  # decimals of a cell
_CHANCES = ("p", "q")  # columns in which no cell says 0.000
_LETS_GO = ".rows().deselect()"
_AROUND = {  # what stands around a table
    "topStart": None,
    "topEnd": "search",
    "bottomStart": "info",
    "bottomEnd": {"paging": {"type": "simple_numbers", "buttons": 5}},
}
# Said at every update: else it takes what the user has set for tables of their own.
_SAFE: dict[str, Any] = {"allow_html": False, "maxBytes": 0}


def script(name: str, told: Callable[[Any], None] | None = None) -> w.Widget:
    """Return a widget that is not seen: a script; `told` is given what it sends."""
    from anywidget import AnyWidget

    made = AnyWidget(_esm=files("toolkit.explore").joinpath(name).read_text("utf-8"))
    if told is not None:
        made.on_msg(lambda _widget, content, _buffers: told(content))
    return made


@cache
def _table_widget() -> type[w.Widget]:
    """Return the table of itables; choosing no row costs no time.

    Before rows are chosen it lets go of every row, chosen or not, and tells of each: 0.1 s
    for 600 rows, each time that a table is shown.
    """
    from itables.widget import ITable

    script = str(ITable._esm)
    if _LETS_GO not in script:
        raise RuntimeError(
            "the script of this version of itables has no place where rows are let go "
            f"({_LETS_GO}); install a version that pyproject.toml names"
        )
    script = script.replace(_LETS_GO, ".rows({selected:true}).deselect()")
    return type("QuickTable", (ITable,), {"_esm": script})


class TableWidget(w.VBox):  # type: ignore[misc]
    """A table that is searched, sorted and paged in the browser; a row can be chosen.

    Parameters
    ----------
    say : mapping
        Labels; those of columns are called ``col_…``.
    chosen : callable, optional
        Told the position of the row that is chosen, be it by `show`.
    rows : int
        Shown at once.
    widths : sequence of str
        Of the first columns, such as ``"40%"``.
    """

    def __init__(
        self,
        say: Mapping[str, str],
        chosen: Callable[[int], None] | None = None,
        *,
        rows: int = 14,
        widths: Sequence[str] = (),
    ) -> None:
        self._chosen, self._say = chosen, say
        self._columns = [{"width": x, "targets": i} for i, x in enumerate(widths)]
        self._data = pd.DataFrame()
        options: dict[str, Any] = {
            **_SAFE,
            "pageLength": rows,
            # By the keyboard: Tab or the arrows go to a row, Enter or the space bar chooses it.
            "select": {"style": "single", "keys": True} if chosen else False,
            "showIndex": False,
            "classes": "display compact",
            "style": "table-layout:auto;width:100%;margin:0",
            "language": {k[6:]: v for k, v in say.items() if k.startswith("table_")}
            | {"select": {"rows": ""}},
            "order": [],
            "autoWidth": False,
        }
        self._table = _table_widget()(pd.DataFrame(), **options)
        super().__init__([self._table, script("table.js")])
        self.add_class("cgt-table")
        self._table.observe(self._on_choice, "selected_rows")

    def show(self, data: pd.DataFrame, selected: int | None = None) -> None:
        """Show a table; its text is text. The browser keeps the page of one it has already."""
        rows = [selected] if self._chosen and selected is not None else []
        self.layout.display = "" if len(data) else "none"
        if data.columns.equals(self._data.columns) and data.equals(self._data):
            self._table.selected_rows = rows
            return
        self._data = data
        chances = [i for i, column in enumerate(data) if column in _CHANCES]
        aligned = {"className": "dt-right dt-nowrap", "targets": chances}
        self._table.update(
            self._safe(data),
            selected_rows=rows,
            columnDefs=[*self._columns, aligned],
            layout=_AROUND,
            **_SAFE,
        )

    def _safe(self, data: pd.DataFrame) -> pd.DataFrame:
        """Return the cells as they are shown, and the names of the columns."""
        safe = data.copy()
        for column in data:
            if pd.api.types.is_float_dtype(data[column]):
                # As text, which the browser still sorts as numbers: so decimals are aligned.
                safe[column] = [_number(x, column in _CHANCES) for x in data[column].tolist()]
            elif not pd.api.types.is_numeric_dtype(data[column]):
                safe[column] = pd.Series(map(_cell, data[column]), data.index, dtype=object)
        safe.columns = pd.Index([self._say.get(f"col_{c}", visible(c, 40)) for c in data])
        return safe

    def _on_choice(self, change: Any) -> None:
        if change["new"] and self._chosen is not None:
            self._chosen(int(change["new"][0]))


def _number(x: float, chance: bool) -> str:
    if chance and 0 <= x < 10**-_DIGITS:
        return f" < {10**-_DIGITS:g}"  # the space, which is not seen, sorts it before 0.001
    return "" if x != x else f"{x:.{_DIGITS}f}"


def _cell(value: Any) -> Any:
    missing = value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value))
    return "" if missing else re.sub(r"\s+", " ", visible(value, _CELL))
