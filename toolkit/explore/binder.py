"""The binder: makes widgets of a panel, runs it when a choice changes, shows what it gives.

A panel is a function from a session and the values of its controls to blocks. All that is of
widgets and threads stands here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

import ipywidgets as w
import pandas as pd

from toolkit.explore.parts import (
    Act,
    Adjust,
    Block,
    Code,
    Column,
    Control,
    Html,
    Look,
    Panel,
    Table,
    View,
    button,
)
from toolkit.explore.worker import Job
from toolkit.files import write_csv
from toolkit.recipe import joint_code

if TYPE_CHECKING:
    from toolkit.explore.application import Explorer


Kind = Literal["table", "figure"]


class Tab(w.VBox):  # type: ignore[misc]
    """A panel with its widgets, each of which has a class ``cgt-PANEL-NAME``."""

    def __init__(self, name: str, panel: Panel, app: Explorer) -> None:
        self.name, self.panel, self.app, self.stale = name, panel, app, True
        self.job: Job | None = None  # the run of the panel that counts
        self.tasks: list[Job] = []  # of buttons and exports
        self.controls: dict[str, Control] = {}
        self.values: dict[str, Any] = {}  # of controls
        self.widgets: dict[str, w.Widget] = {}
        self.blocks: dict[str, Any] = {}  # that are shown, by their place
        self._about: dict[str, Any] = {}  # what was adjusted for what
        self._new: set[str] = set()  # places that were shown since the run began
        self._lock, self._adjusts = RLock(), False
        super().__init__([self._made(panel.layout)])

    # -- widgets ---------------------------------------------------------------

    def _made(self, part: Any) -> w.Widget:
        """Return the widget of a part of the layout, and make all that is in it."""
        if isinstance(part, w.Widget):
            return part
        if isinstance(part, Column):
            return part.box([self._made(p) for p in part.parts])
        if isinstance(part, str):
            name, made = part, w.HTML()
        elif isinstance(part, Look):
            name, chosen = part.place, partial(self._row_chosen, part)
            made = part.widget(self.app.say, chosen, **part.traits)
        elif isinstance(part, Code):
            name, made = part.name, Exports(self, part.places)
        else:
            name, made = part.name, part.make(self.app.say)
            self.controls[name] = part
            if part.widget is w.Button:
                made.on_click(partial(self._pressed, part.act))
            else:
                self.values[name] = made.value
                made.observe(partial(self._changed, part), "value")
        self.widgets[name] = made
        return made.add_class(re.sub(r"\W+", "-", f"cgt-{self.name}-{name}"))

    # -- choices ---------------------------------------------------------------

    def _changed(self, control: Control, change: Any) -> None:
        """Follow the choice of a user; it may come in another thread, amid what is shown."""
        with self._lock:
            if self._adjusts:
                return
            self.values[control.name] = change["new"]
            if control.waits:
                return
            self.stop_run()  # what it gives would take the place of the choice
        if control.act is None:
            self.app.worker.in_loop(self.refresh)
        else:
            self._pressed(control.act)

    def _row_chosen(self, look: Look, row: int) -> None:
        with self._lock:
            block = self.blocks.get(look.place)
            if self._adjusts or block is None:
                return
            if look.sets:
                self.widgets[look.sets].value = block.keys[row]
            if block.focus is not None:
                self.app.focus(block.focus(row))

    def _pressed(self, act: Act, _: Any = None) -> None:
        self.app.worker.in_loop(partial(self._act, act, dict(self.values)))

    # -- work ------------------------------------------------------------------

    def refresh(self) -> None:
        """Run the panel with the values of its controls, and show what it gives."""
        app = self.app
        self.stop_run()
        self.stale, self._new = True, set()
        self._fade(True)

        def done(error: Exception | None) -> None:
            self.stale = error is not None
            if error is None:
                for place in self.blocks.keys() - self._new:
                    self._clear(place)
            self._fade(False)
            if app.seen(self):  # else it is tried, and told, when it is opened
                self.stale = False
                app.calm() if error is None else app.fail(error)
            app.rested()

        steps = self.panel.run(app.session, app.say, **self.values)
        self.job = self._begin(steps, done, order=1 if app.seen(self) else 2)
        app.show_busy()

    def _act(self, act: Act, values: dict[str, Any]) -> None:
        """Do what a button or a decisive control does; all panels follow what it decides."""
        app, before = self.app, self.app.session.decisions

        def done() -> None:
            if app.session.decisions is not before:
                app.follow()
            elif self.values != values or (self.stale and not self.runs):
                self.refresh()

        def steps() -> Iterator[Block]:
            yield from act(app.session, app.say, **values) or ()

        self.work(steps(), done, order=0)

    def work(
        self, steps: Iterator[Block], done: Callable[[], None] = lambda: None, order: int = 1
    ) -> None:
        """Do what the decisions that follow do not end, such as an export."""

        def ended(error: Exception | None) -> None:
            done()
            if error is not None:
                self.app.fail(error)
            self.app.show_busy()

        self.tasks = [job for job in self.tasks if not job.stopped]
        self.tasks.append(self._begin(steps, ended, order))
        self.app.show_busy()

    def _begin(
        self, steps: Iterator[Block], done: Callable[[Exception | None], None], order: int
    ) -> Job:
        def show(block: Block) -> None:
            with self._lock:
                if not job.stopped:
                    self._show(block)

        job = Job(steps, show, done, order)
        self.app.worker.begin(job)
        return job

    def stop_run(self) -> None:
        """End the run of the panel."""
        if self.job is not None:
            self.job.stop()

    def stop(self) -> None:
        """End all that is under way here."""
        self.stop_run()
        for job in self.tasks:
            job.stop()
        self._fade(False)

    @property
    def runs(self) -> bool:
        """Whether the panel is run."""
        return self.job is not None and not self.job.stopped

    @property
    def busy(self) -> bool:
        """Whether a button or an export is under way."""
        return any(not job.stopped for job in self.tasks)

    # -- what is shown ---------------------------------------------------------

    def _show(self, block: Block) -> None:
        """Show a block where it belongs."""
        app = self.app
        match block:
            case Adjust():
                self._adjust(block)
            case Table() | Html():
                self.blocks[block.place] = block
                self._new.add(block.place)
                self._put(block)
            case str() if app.seen(self):
                app.tell(block)
            case (done, total) if app.seen(self):
                app.count(done, total)

    def _put(self, block: Table | Html) -> None:
        widget = self.widgets[block.place]
        if isinstance(block, Table):
            with self._adjusting():
                widget.show(block.data, block.chosen)
        else:
            widget.value = block.html
            widget.remove_class("cgt-old")
        for exports in self.widgets.values():
            if isinstance(exports, Exports):
                exports.update()

    def _clear(self, place: str) -> None:
        """Show nothing at a place."""
        block = self.blocks.pop(place)
        table = isinstance(block, Table)
        self._put(Table(place, None, pd.DataFrame()) if table else Html(place, ""))

    def _fade(self, fades: bool) -> None:
        """Let figures fade that are to be drawn anew."""
        for place, block in [*self.blocks.items()]:
            if isinstance(block, Html) and block.figure is not None:
                widget = self.widgets[place]
                (widget.add_class if fades else widget.remove_class)("cgt-old")

    @contextmanager
    def _adjusting(self) -> Iterator[None]:
        """Take what changes meanwhile for no choice; one that comes now waits its turn."""
        with self._lock:
            self._adjusts = True
            try:
                yield
            finally:
                self._adjusts = False

    def _adjust(self, block: Adjust) -> None:
        widget = self.widgets[block.place]
        if block.about is not None and self._about.get(block.place) == block.about:
            return
        self._about[block.place] = block.about
        with self._adjusting():
            for trait, value in block.traits.items():
                if trait == "visible":
                    widget.layout.display = "" if value else "none"
                else:
                    setattr(widget, trait, value)
            if block.place in self.values:
                self.values[block.place] = widget.value


class Exports(w.VBox):  # type: ignore[misc]
    """Copies the code of what stands at some places of a tab, a table or a figure; exports it."""

    def __init__(self, tab: Tab, places: Sequence[str]) -> None:
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
        super().__init__([w.HBox(row).add_class("cgt-row"), self.code])
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
        self.code.layout.display = "none" if self.code.layout.display == "" else ""
        self.update()

    def _export(self, kind: Kind, _: Any) -> None:
        view = self.view(kind)
        if view is not None:
            steps = self._written(kind, view, self.preset.value)
            self.tab.app.worker.in_loop(lambda: self.tab.work(steps))

    def _written(self, kind: Kind, view: View, preset: str) -> Iterator[Block]:
        """Write a table, or a figure in a style as a bundle; the one step of a job."""
        from toolkit.figures.press.export import export_figure
        from toolkit.figures.press.style import DRAWING, figure_style

        app = self.tab.app
        if kind == "table":
            path = free(app.folder / "tables", view.name, ".csv")
            write_csv(view.value(app.session), path)
        else:
            folder = app.folder / "figures"
            with DRAWING, figure_style(preset), view.drawn() as axes:
                path = export_figure(axes, free(folder, view.name).name, folder=folder)
        yield app.say["written"].format(path=path)


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
