"""The row of buttons below what is seen: its code, its table as a file, its figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import ipywidgets as w

from toolkit.explore.blocks import Block, Tell, View, close
from toolkit.explore.session import unwarned
from toolkit.files import write_csv
from toolkit.recipe import joint_code

if TYPE_CHECKING:
    from toolkit.explore.binder import Tab

Kind = Literal["table", "figure"]


class Exports(w.VBox):  # type: ignore[misc]
    """Copies the code of what stands at some places of a tab, and exports it.

    Parameters
    ----------
    tab : Tab
    places : sequence of str
        Of a table, and of a figure where there is one.
    """

    def __init__(self, tab: Tab, places: Sequence[str]) -> None:
        from toolkit.explore.binder import button
        from toolkit.figures.press.presets import PRESETS

        say = tab.app.say
        self.tab, self.places = tab, places
        self.code_button = button(say["code"], self._show_code, tip=say["code_tip"])
        self.table_button = button(say["export_table"], partial(self._export, "table"))
        self.figure_button = button(say["export_figure"], partial(self._export, "figure"))
        self.preset = w.Dropdown(
            options=[*PRESETS],
            description=say["preset"],
            layout=w.Layout(width="13rem"),
            style={"description_width": "initial"},
        )
        self.code = w.Textarea(rows=11, layout=w.Layout(width="auto", display="none"))
        self.code.add_class("cgt-code")
        row = [self.code_button, self.table_button, self.figure_button, self.preset]
        super().__init__([w.HBox(row, layout=w.Layout(flex_flow="row wrap")), self.code])
        self.update()

    def view(self, kind: Kind = "table") -> View | None:
        """Return what is seen as a table, or as a figure."""
        blocks = [self.tab.blocks[place] for place in self.places if place in self.tab.blocks]
        return next(filter(None, (getattr(block, kind, None) for block in blocks)), None)

    def text(self) -> str:
        """Return the code of the table that is seen, and of its figure."""
        views = [view for view in (self.view("table"), self.view("figure")) if view is not None]
        if not views:
            return ""
        return f"{joint_code([view.recipe for view in views])}\n{views[0].more}"

    def update(self) -> None:
        """Follow what is seen."""
        table, figure = self.view("table"), self.view("figure")
        self.code_button.disabled = table is None and figure is None
        self.table_button.disabled = table is None
        self.figure_button.disabled = self.preset.disabled = figure is None
        if self.code.layout.display != "none":
            self.code.value = self.text()

    def _show_code(self, _: Any) -> None:
        hidden = self.code.layout.display == "none"
        if hidden:
            self.code.value = self.text()
        self.code.layout.display = "" if hidden else "none"

    def _export(self, kind: Kind, _: Any) -> None:
        view = self.view(kind)
        if view is not None:
            write = self._write_table if kind == "table" else self._write_figure
            self.tab.app.worker.in_loop(lambda: self.tab.export(write(view, self.preset.value)))

    def _write_table(self, view: View, _: str) -> Iterator[Block]:
        """Write a table; the one step of a job."""
        path = free(self.tab.app.folder / "tables", view.name, ".csv")
        write_csv(view.value(self.tab.app.session), path)
        yield self._written(path)

    def _write_figure(self, view: View, preset: str) -> Iterator[Block]:
        """Draw a figure in a style and write its bundle; the one step of a job."""
        from toolkit.figures.press.export import export_figure
        from toolkit.figures.press.style import DRAWING, figure_style

        folder = self.tab.app.folder / "figures"
        with DRAWING:
            with figure_style(preset), unwarned():
                axes = view.function(view.source, **view.params)
            try:
                path = export_figure(axes, free(folder, view.name).name, folder=folder)
            finally:
                close(axes)
        yield self._written(path)

    def _written(self, path: Path) -> Tell:
        return Tell(self.tab.app.say["written"].format(path=path))


def free(folder: Path, name: str, suffix: str = "") -> Path:
    """Return a path of a name, numbered if there is something of that name already.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "keyness.csv").write_text("mine")
    ...     free(Path(folder), "keyness", ".csv").name
    'keyness-2.csv'
    """
    names = (f"{name}{suffix}" if n == 1 else f"{name}-{n}{suffix}" for n in count(1))
    return next(path for n in names if not (path := folder / n).exists())
