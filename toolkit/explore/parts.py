"""Parts of the application: tables, figures, and the row of buttons below a view."""

from __future__ import annotations

import asyncio
import base64
import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as w
import pandas as pd

from toolkit.explore.labels import Language
from toolkit.explore.session import Session, call_key
from toolkit.explore.shown import plain, shown
from toolkit.explore.worker import Progress, Worker
from toolkit.figures.press.drawn import figure_of
from toolkit.figures.press.pictures import laid_out
from toolkit.figures.press.style import DRAWING
from toolkit.recipe import Recipe, Recorded, joint_code, record

_DPI = 110


@dataclass(frozen=True)
class View:
    """What is seen: a function of the toolkit, what it is applied to, its parameters."""

    function: Callable[..., Any]
    source: Recorded
    params: Mapping[str, Any] = field(default_factory=dict)
    makes: str = "table"
    take: str = ""  # attribute of the result that is seen
    more: str = ""  # code that follows

    def value(self, session: Session) -> Any:
        """Return what is seen, computed once."""
        found = session.call(self.function, self.source, **self.params)
        return getattr(found, self.take) if self.take else found

    @property
    def recipe(self) -> Recipe:
        """The steps that lead to what is seen; their code runs in a fresh kernel."""
        result = f".{self.take}" if self.take else ""
        return record(
            self.function, self.source, makes=self.makes, params=self.params, result=result
        )


@dataclass
class App:
    """What the tabs share."""

    session: Session
    work: Callable[[Tab], Worker]
    exporting: Worker  # of the tables and figures of all tabs
    lang: Language
    folder: Path
    say: dict[str, str]
    status: w.HTML
    loop: asyncio.AbstractEventLoop | None = None
    changed: Callable[[], None] = lambda: None
    shown: Callable[[], None] = lambda: None
    seen: Callable[[Tab], bool] = lambda tab: True

    def __post_init__(self) -> None:
        self._home, self._failed = threading.get_ident(), False
        self.exports: list[Callable[[], Path]] = []  # that wait

    def in_loop(self, call: Callable[..., None], *given: Any) -> None:
        """Call in the thread that displays: JupyterLab brings choices in one of their own."""
        if self.loop is None or threading.get_ident() == self._home:
            call(*given)
        else:
            self.loop.call_soon_threadsafe(call, *given)

    def tell(self, message: str) -> None:
        """Show a message below the title; it is text."""
        self._failed = False
        self.status.value = f'<span role="status">{shown(message, 500)}</span>'

    def fail(self, error: Exception) -> None:
        """Show what went wrong; what is seen stays as it is."""
        self._failed = True
        self.status.value = f'<span role="alert" class="cgt-error">{shown(error, 500)}</span>'

    def calm(self) -> None:
        """Take away what was said to be wrong."""
        if self._failed:
            self.tell("")

    def decide(self, **entry: Any) -> bool:
        """Add a decision and have everything follow; tell what is wrong with it."""
        try:
            self.session.decide(entry)
        except ValueError as error:
            self.fail(error)
            return False
        self.changed()
        return True


class Tab(w.VBox):  # type: ignore[misc]
    """One of the tabs: computes what is seen aside, then shows it."""

    def __init__(self, app: App, children: list[w.Widget]) -> None:
        self.app, self.stale, self.worker = app, True, app.work(self)
        self.workers, self._asked, self._at = [self.worker], 0, 0
        self.drawn = w.HTML().add_class("cgt-figure")
        self._displays: int | None = None
        super().__init__(children)

    def compute(self, progress: Progress) -> Any:
        """Return what is seen; done in a thread, so no widget is touched."""
        raise NotImplementedError

    def display(self, found: Any) -> None:
        """Show what was computed."""
        raise NotImplementedError

    def refresh(self, _: Any = None) -> None:
        """Compute and show anew, as far as anything has changed."""
        if not self.quiet:
            self._asked += 1
            self.app.in_loop(self._compute, self._asked)

    def _compute(self, asked: int) -> None:
        if asked == self._asked:  # else another choice came after it
            self.stale = True
            self.worker.run(self.compute, partial(self._shown, asked), self._failed)

    def stop(self) -> None:
        """Stop what is under way; a figure that is not finished goes."""
        for worker in self.workers:
            worker.stop()
        if "cgt-old" in self.drawn._dom_classes:
            self._drawn("")

    @property
    def quiet(self) -> bool:
        """Whether what changes now is set by `display`, and so no choice of the user."""
        return self._displays == threading.get_ident()

    def follow(self, *controls: w.Widget) -> None:
        """Refresh whenever the value of a control changes."""
        for control in controls:
            control.observe(self.refresh, "value")

    def put(self, control: w.Widget, value: Any) -> None:
        """Set a control to what is displayed, unless the user has chosen something since."""
        if self._at == self._asked:
            control.value = value

    def draw(self, view: View | None) -> None:
        """Draw a figure aside, after what is quicker to show; the last one fades until then."""
        if view is None:
            self.drawn.value = ""
            return
        app = self.app
        self.drawn.add_class("cgt-old")
        self.worker.run(
            lambda progress: picture(view, app.session, app.lang), self._drawn, self._not_drawn
        )

    def _drawn(self, html: str) -> None:
        self.drawn.value = html
        self.drawn.remove_class("cgt-old")

    def _not_drawn(self, error: Exception) -> None:
        self._drawn("")
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        if self.app.seen(self):  # else it is tried, and told, when it is opened
            self.app.fail(error)
        self.app.shown()

    def _shown(self, asked: int, found: Any) -> None:
        if asked != self._asked:
            return
        if self.app.seen(self):
            self.app.calm()
        self._displays, self._at = threading.get_ident(), asked
        try:
            self.display(found)
            self.stale = asked != self._asked
        finally:
            self._displays = None
        self.app.shown()


class Actions(w.VBox):  # type: ignore[misc]
    """Copy as code, export of the table and of the figure of a view."""

    def __init__(self, app: App, name: str) -> None:
        self.app, self.name = app, name
        self.view: View | None = None
        self.figure: View | None = None
        from toolkit.figures.press.presets import PRESETS

        say = app.say
        self.code_button = button(say["code"], self._code, tip=say["code_tip"])
        self.table_button = button(say["export_table"], self._export_table)
        self.figure_button = button(say["export_figure"], self._export_figure)
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

    def show(self, view: View | None, figure: View | None = None) -> None:
        """Set what the buttons are about."""
        self.view, self.figure = view, figure
        self.table_button.disabled = view is None
        self.code_button.disabled = view is None
        self.figure_button.disabled = self.preset.disabled = figure is None
        if self.code.layout.display != "none":
            self.code.value = self.text()

    def text(self) -> str:
        """Return the code of the view, and of its figure."""
        views = [view for view in (self.view, self.figure) if view is not None]
        if not views:
            return ""
        more = self.view.more if self.view is not None else ""
        return f"{joint_code([view.recipe for view in views])}\n{more}"

    def _code(self, _: Any) -> None:
        hidden = self.code.layout.display == "none"
        if hidden:
            self.code.value = self.text()
        self.code.layout.display = "" if hidden else "none"

    def _export_table(self, _: Any) -> None:
        if self.view is not None:
            self._aside(partial(self._write_table, self.view))

    def _export_figure(self, _: Any) -> None:
        if self.figure is not None:
            self._aside(partial(self._write_figure, self.figure, self.preset.value))

    def _aside(self, write: Callable[[], Path]) -> None:
        """Write in a thread, one after the other, and tell where, or what went wrong."""
        self.app.exports.append(write)
        self.app.in_loop(self._begin)

    def _begin(self) -> None:
        if not self.app.exporting.busy:
            self._write_next()

    def _write_next(self) -> None:
        if self.app.exports:
            write = self.app.exports.pop(0)
            self.app.exporting.run(lambda _: write(), self._written, self._not_written)

    def _written(self, path: Path) -> None:
        self.app.tell(self.app.say["written"].format(path=path))
        self._write_next()

    def _not_written(self, error: Exception) -> None:
        self.app.fail(error)
        self._write_next()

    def _write_table(self, view: View) -> Path:
        from toolkit.files import write_csv

        path = self.app.folder / "tables" / f"{self.name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{self.name}-{threading.get_ident()}.part")
        try:
            write_csv(view.value(self.app.session), aside)
            return aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)

    def _write_figure(self, figure: View, preset: str) -> Path:
        from toolkit.figures import export_figure, figure_style

        with DRAWING:
            with figure_style(preset):
                axes = figure.function(figure.source, **figure.params)
            try:
                return export_figure(axes, self.name, folder=self.app.folder / "figures")
            finally:
                close(axes)


def picture(view: View, session: Session, lang: Language) -> str:
    """Return a figure of the toolkit as HTML, with its alternative text; drawn once."""
    return session.remember(
        ("picture", *call_key(view.function, view.source, view.params)),
        lambda: _picture(view, lang),
    )


def _picture(view: View, lang: Language) -> str:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from toolkit.figures.press.drawn import drawings

    with DRAWING:
        axes = view.function(view.source, **view.params)
        buffer, figure = io.BytesIO(), figure_of(axes)
        figure.set_dpi(_DPI)
        try:
            with laid_out(figure):  # `savefig` would draw it twice
                canvas: Any = FigureCanvasAgg(figure)
                canvas.print_png(buffer, pil_kwargs={"compress_level": 1})
            alt = " ".join(drawing.alt[lang] for drawing in drawings(figure))
        finally:
            close(axes)
    data = base64.b64encode(buffer.getvalue()).decode()
    width = round(figure.get_size_inches()[0] * _DPI * 0.95)
    return (
        f'<img alt="{shown(alt, 2000)}" style="width:{width}px;max-width:100%" '
        f'src="data:image/png;base64,{data}">'
    )


def close(axes: Any) -> None:
    """Let a figure go, so that no notebook shows it once more."""
    import matplotlib.pyplot as plt

    plt.close(figure_of(axes))


def bars(names: list[str], values: list[float], notes: list[str]) -> str:
    """Return bars as HTML: a name, a bar, a note in each row."""
    widest = max([*values, 1e-12])
    rows = "".join(
        f"<tr><th><bdi>{shown(name, 40)}</bdi></th><td class='bar'><i style='width:"
        f"{100 * value / widest:.1f}%'></i></td><td class='note'>{shown(note)}</td></tr>"
        for name, value, note in zip(names, values, notes, strict=True)
    )
    return f'<table class="cgt-bars"><tbody>{rows}</tbody></table>'


def button(
    text: str, clicked: Callable[[Any], None], *, tip: str = "", style: str = ""
) -> w.Button:
    """Return a button as wide as its text."""
    made = w.Button(
        description=text, tooltip=tip or text, button_style=style, layout=w.Layout(width="auto")
    )
    made.on_click(clicked)
    return made


def options(values: pd.Series[Any]) -> list[tuple[str, Any]]:
    """Return the values of a column as the choices of a list."""
    found = sorted(values.dropna().unique().tolist(), key=lambda v: (str(type(v)), v))
    return [(plain(value, 40), value) for value in found]
