"""The binder: makes widgets of a panel, runs it when a choice changes, shows what it gives.

A panel is a function from a session and the values of its controls to blocks. All that is of
widgets and threads stands here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import pandas as pd

from toolkit.explore.blocks import (
    Adjust,
    Block,
    Circles,
    Figure,
    Html,
    Note,
    Progress,
    Table,
    Tell,
    picture,
)
from toolkit.explore.controls import Act, Code, Column, Heading, Look, Panel, Row
from toolkit.explore.exports import Exports
from toolkit.explore.table import TableWidget
from toolkit.explore.untrusted import escaped
from toolkit.explore.worker import Job

if TYPE_CHECKING:
    from toolkit.explore.application import Explorer

_SIDE = 330  # pixels of the map


class Tab(w.VBox):  # type: ignore[misc]
    """A panel with its widgets, each of which has a class ``cgt-PANEL-NAME``.

    Parameters
    ----------
    name : str
    panel : Panel
    app : Explorer
    """

    def __init__(self, name: str, panel: Panel, app: Explorer) -> None:
        self.name, self.panel, self.app, self.stale = name, panel, app, True
        self.job: Job | None = None  # the run of the panel that counts
        self.acts: list[Job] = []  # of buttons
        self.exports: list[Job] = []
        self.values: dict[str, Any] = {}
        self.blocks: dict[str, Any] = {}  # that are shown, by their place
        self.widgets: dict[str, w.Widget] = {}
        self._about: dict[str, Any] = {}  # what was adjusted for what
        self._new: set[str] = set()  # places that were shown since the run began
        self._lock, self._adjusts = RLock(), False
        self._controls = {control.name: control for control in panel.controls}
        self._sets: dict[str, str] = {}  # control that a table sets, by its place
        super().__init__([self._made(panel.layout)])
        for control in self._controls:
            self.values[control] = self.widgets[control].value
            self.widgets[control].observe(partial(self._changed, control), "value")

    # -- widgets ---------------------------------------------------------------

    def _made(self, part: Any) -> w.Widget:
        """Return the widget of a part of the layout, and make all that is in it."""
        say = self.app.say
        if isinstance(part, (Row, Column)):
            children = [self._made(p) for p in part.parts]
            if isinstance(part, Column):
                box = w.VBox(children)
            else:
                box = w.HBox(children, layout=w.Layout(flex_flow=part.flow))
                if part.title:
                    box = w.Accordion([box], titles=[part.title], selected_index=None)
            for css in part.css.split():
                box.add_class(css)
            return box
        if isinstance(part, Heading):
            return w.Label(part.text)
        name = part if isinstance(part, str) else getattr(part, "place", None) or part.name
        if isinstance(part, Code):
            made = Exports(self, part.places)
        elif isinstance(part, Look):
            self._sets[name] = part.sets
            chosen = partial(self._row_chosen, name) if part.sets else None
            made = TableWidget(say, part.rows, widths=part.widths, chosen=chosen)
        elif name in self._controls:
            made = self._controls[name].make(say.get(f"{name}_tip", say.get(name, "")))
        elif name in self.panel.buttons:
            pressed = partial(self._pressed, name)
            made = button(say[name], pressed, tip=say.get(f"{name}_tip", ""))
        else:
            made = w.Box().add_class("cgt-map") if name == "map" else w.HTML()
        self.widgets[name] = made
        return made.add_class(re.sub(r"\W+", "-", f"cgt-{self.name}-{name}"))

    # -- choices ---------------------------------------------------------------

    def _changed(self, name: str, change: Any) -> None:
        """Follow the choice of a user; it may come in another thread, amid what is shown."""
        control = self._controls[name]
        with self._lock:
            if self._adjusts:
                return
            self.values[name] = change["new"]
            if control.waits:
                return
            self.stop_run()  # what it gives would take the place of the choice
            values = dict(self.values)
        if control.act is not None:
            self.app.worker.in_loop(partial(self._act, control.act, values))
        else:
            self.app.worker.in_loop(self.refresh)

    def _row_chosen(self, place: str, row: int) -> None:
        with self._lock:
            if not self._adjusts:
                self.widgets[self._sets[place]].value = self.blocks[place].keys[row]

    def _circle_chosen(self, control: str, number: int, _: Any) -> None:
        self.widgets[control].value = number

    def _pressed(self, name: str, _: Any) -> None:
        act, values = self.panel.buttons[name], dict(self.values)
        self.app.worker.in_loop(partial(self._act, act, values))

    # -- work ------------------------------------------------------------------

    def refresh(self) -> None:
        """Run the panel with the values of its controls, and show what it gives."""
        app = self.app
        self.stop_run()
        self.stale, self._new = True, set()
        for place, block in self.blocks.items():
            if isinstance(block, Figure):
                self.widgets[place].add_class("cgt-old")

        def done(error: Exception | None) -> None:
            self.stale = error is not None
            if error is None:
                for place in self.blocks.keys() - self._new:
                    self._clear(place)
            self._unfade()
            if app.seen(self):  # else it is tried, and told, when it is opened
                self.stale = False
                app.calm() if error is None else app.fail(error)
            app.rested()

        steps = self.panel.run(app.session, app.lang, **self.values)
        self.job = self._begin(steps, done, order=1 if app.seen(self) else 2)
        app.show_busy()

    def _act(self, act: Act, values: dict[str, Any]) -> None:
        """Do what a button or a decisive control does; all panels follow what it decides."""
        app, before = self.app, self.app.session.decisions

        def done(error: Exception | None) -> None:
            if app.session.decisions is not before:
                app.follow()
            elif self.values != values or (self.stale and not self.runs):
                self.refresh()
            if error is not None:
                app.fail(error)
            app.show_busy()

        steps = act(app.session, app.lang, **values)
        self.acts = [job for job in self.acts if not job.stopped]
        self.acts.append(self._begin(steps, done))
        app.show_busy()

    def export(self, steps: Iterator[Block]) -> None:
        """Write something; the decisions that follow do not end it."""

        def done(error: Exception | None) -> None:
            if error is not None:
                self.app.fail(error)
            self.app.show_busy()

        self.exports = [job for job in self.exports if not job.stopped]
        self.exports.append(self._begin(steps, done, order=1))
        self.app.show_busy()

    def _begin(
        self, steps: Iterator[Any], done: Callable[[Exception | None], None], order: int = 0
    ) -> Job:
        def drawn() -> Iterator[tuple[Any, str | None]]:
            for block in steps:
                if isinstance(block, Figure):
                    yield block, None  # its code is there before it is drawn
                    yield block, picture(block.figure, self.app.session, self.app.lang)
                else:
                    yield block, None

        def show(item: tuple[Any, str | None]) -> None:
            with self._lock:
                if not job.stopped:
                    self._show(*item)

        job = Job(drawn(), show, done, order)
        self.app.worker.begin(job)
        return job

    def stop_run(self) -> None:
        """End the run of the panel."""
        if self.job is not None:
            self.job.stop()

    def stop(self) -> None:
        """End all that is under way here."""
        self.stop_run()
        for job in [*self.acts, *self.exports]:
            job.stop()
        self._unfade()

    @property
    def runs(self) -> bool:
        """Whether the panel is run."""
        return self.job is not None and not self.job.stopped

    @property
    def busy(self) -> bool:
        """Whether anything is under way that is about what is seen."""
        return self.runs or any(not job.stopped for job in self.acts)

    @property
    def exporting(self) -> bool:
        """Whether anything is written."""
        return any(not job.stopped for job in self.exports)

    # -- what is shown ---------------------------------------------------------

    def _show(self, block: Any, drawn: str | None = None) -> None:
        """Show a block; of a figure that is not drawn yet, its code."""
        app, place = self.app, getattr(block, "place", "")
        if isinstance(block, (Table, Figure, Html, Note)):
            self.blocks[place] = block
            self._new.add(place)
        match block:
            case Html():
                self.widgets[place].value = block.html
            case Note():
                self.widgets[place].value = f'<p class="note">{escaped(block.text)}</p>'
            case Figure() if drawn is not None:
                self.widgets[place].value = drawn
                self.widgets[place].remove_class("cgt-old")
            case Table():
                with self._adjusting():
                    self.widgets[place].show(block.data, block.chosen)
            case Circles():
                self._show_circles(block)
            case Adjust():
                self._adjust(block)
            case Tell() if app.seen(self):
                app.tell(block.text)
            case Progress() if app.seen(self):
                app.count(block.done, block.total)
        self._show_code()

    def _show_code(self) -> None:
        for widget in self.widgets.values():
            if isinstance(widget, Exports):
                widget.update()

    def _clear(self, place: str) -> None:
        """Show nothing at a place."""
        widget = self.widgets[place]
        del self.blocks[place]
        if isinstance(widget, TableWidget):
            widget.show(pd.DataFrame())
        else:
            widget.value = ""
            widget.remove_class("cgt-old")
        self._show_code()

    def _unfade(self) -> None:
        """Show figures as they were; one that was to be drawn anew, and was not, goes."""
        for place, block in [*self.blocks.items()]:
            if isinstance(block, Figure) and "cgt-old" in self.widgets[place]._dom_classes:
                if place in self._new:
                    self._clear(place)
                else:
                    self.widgets[place].remove_class("cgt-old")

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
            if block.place in self._controls:
                self.values[block.place] = widget.value

    def _show_circles(self, block: Circles) -> None:
        """Place a round button for each topic; buttons are reached by the keyboard too."""
        box = self.widgets[block.place]
        circles = [*box.children]
        for number in range(len(circles) + 1, len(block.names) + 1):
            circles.append(w.Button(description=str(number)))
            circles[-1].on_click(partial(self._circle_chosen, block.sets, number))
        circles = circles[: len(block.names)]
        rows = block.circles[["topic", "x", "y", "radius"]].itertuples(index=False, name=None)
        for circle, name, (number, x, y, radius) in zip(circles, block.names, rows, strict=True):
            size = 2 * radius * _SIDE
            with circle.layout.hold_sync():
                circle.layout.left = f"{x * _SIDE - size / 2:.0f}px"
                circle.layout.top = f"{(1 - y) * _SIDE - size / 2:.0f}px"
                circle.layout.width = circle.layout.height = f"{size:.0f}px"
            circle.tooltip = name
            current = number == block.chosen
            (circle.add_class if current else circle.remove_class)("cgt-current")
        box.children = circles


def button(text: str, clicked: Callable[[Any], None], *, tip: str = "") -> w.Button:
    """Return a button as wide as its text."""
    made = w.Button(description=text, tooltip=tip or text, layout=w.Layout(width="auto"))
    made.on_click(clicked)
    return made
