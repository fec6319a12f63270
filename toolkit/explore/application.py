"""The application in a notebook: four tabs, a status line, and the log of decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import ipywidgets as w

from toolkit.corpus import Corpus
from toolkit.explore.autosave import Autosave
from toolkit.explore.binder import Tab
from toolkit.explore.decisions import Decisions, Entry
from toolkit.explore.focus import Focus
from toolkit.explore.font import characters_of, make_aside
from toolkit.explore.labels import Labels
from toolkit.explore.panels import PANELS, evidence_panel
from toolkit.explore.parts import button
from toolkit.explore.session import Session
from toolkit.explore.table import script
from toolkit.explore.untrusted import escaped, visible
from toolkit.explore.worker import Worker
from toolkit.say import Language
from toolkit.templates import filled
from toolkit.topics import Topics


def explore(
    start: Corpus | Topics,
    *,
    decisions: str | Path | Decisions | None = None,
    lang: Language = "zh",
    folder: str | Path = ".",
) -> Explorer:
    """Explore texts in a notebook: the texts, their terms and topics, and comparisons.

    Parameters
    ----------
    start : Corpus or Topics
        Whole texts are cleaned and split into sections; what was split stays so.
    decisions : path or Decisions, optional
        Earlier decisions to go on from; see `apply_decisions`.
    lang : {"zh", "en"}
        Language of the labels.
    folder : path
        Where exported tables (``tables/``) and figures (``figures/``) go.

    Returns
    -------
    Explorer
        A widget: shown where it is the last line of a cell. ``explorer.topics`` and
        ``explorer.decisions`` give what was found and decided to the cells below.

    Notes
    -----
    Decisions are kept in `folder` as they are made, in ``autosave-….yaml``, and taken up by
    the next `explore` of the same texts that is given no `decisions`.

    Examples
    --------
    >>> from toolkit.explore import explore
    >>> explorer = explore(Corpus.sample(), lang="en")
    >>> explorer.session.fit.k
    6
    """
    session = Session(start, decisions)
    autosave = Autosave(folder, session)
    restored = autosave.restore() if decisions is None else (None, [])
    explorer = Explorer(session, lang, Path(folder), autosave)
    explorer.tell_restored(*restored)
    return explorer


class Explorer(w.VBox):  # type: ignore[misc]
    """The application for a session, in a language; see `explore`."""

    def __init__(self, session: Session, lang: Language, folder: Path, autosave: Autosave) -> None:
        self.say = say = Labels("application", lang)
        self.session, self.folder, self._autosave = session, folder, autosave
        self.worker = Worker(_loop())
        self.bar = w.IntProgress(layout=w.Layout(width="12rem", visibility="hidden"))
        self.halt = button(say["stop_work"], self._halt)
        self.halt.layout.visibility = "hidden"
        every = partial(session.undo, {"do": "select"})
        self.scope = button("", lambda _: self._move(every), tip=say["scope_tip"])
        self.scope.add_class("cgt-scope")
        self.undo = button(say["undo"], lambda _: self._move(session.back))
        self.redo = button(say["redo"], lambda _: self._move(session.forward))
        self.undo.tooltip, self.redo.tooltip = say["undo_tip"], say["redo_tip"]
        self.undo.add_class("cgt-undo")
        self.redo.add_class("cgt-redo")
        self.status = w.HTML().add_class("cgt-status")
        self._failed = False
        self.side: Tab | None = None  # the evidence, once there is any
        hide = button("✕", lambda _: self._hide(), tip=say["hide"])
        self._side = w.VBox([w.HBox([w.HTML(f"<h3>{escaped(say['evidence'])}</h3>"), hide])])
        self._side.add_class("cgt-evidence").layout.display = "none"
        self._static = ""  # as it was displayed
        self.tabs: dict[str, Tab] = {}
        self.tab = w.Tab(children=[w.VBox() for _ in PANELS], titles=[say[n] for n in PANELS])
        self.history = w.Select(rows=5, layout=w.Layout(width="auto")).add_class("cgt-log")
        self.path = w.Text(value="decisions.yaml", layout=w.Layout(width="16rem"))
        act = {"take_back": self._take_back, "save": self._save, "load": self._load}
        back, *files_of = (button(say[name], pressed) for name, pressed in act.items())
        log = w.VBox([self.history, w.HBox([back, self.path, *files_of])])
        style = files("toolkit.explore").joinpath("application.css").read_text("utf-8")
        title = w.HTML(f"<h2>{escaped(say['title'])}</h2>")
        self.font = w.HTML()
        super().__init__(
            [
                w.HTML(f"<style>{style}</style>"),
                self.font,
                script("bus.js", lambda asked: self.focus(Focus(**asked))),
                w.HBox(
                    [title, self.undo, self.redo, self.bar, self.halt],
                    layout=w.Layout(grid_gap="1rem"),
                ),
                self.scope,
                self.status,
                self.tab,
                self._side,
                w.Accordion(children=[log], titles=[say["log"]]),
            ]
        )
        self.add_class("cgt")
        if self.worker.loop is not None:
            put = partial(setattr, self.font, "value")
            make_aside(characters_of(session.corpus, say), put, self.worker.loop)
        # Made while the first is read.
        self._later = [] if self.worker.loop is None else [*PANELS][1:]
        self._show_log()
        self.tab.observe(lambda _: self.worker.in_loop(self._open), "selected_index")
        self._open()

    @property
    def topics(self) -> Topics:
        """The topics as they stand, with their labels and their recipe."""
        return self.session.topics()

    @property
    def decisions(self) -> Decisions:
        """What was decided so far."""
        return self.session.decisions

    def _ipython_display_(self) -> None:
        """Show the application, and below it what stands there where no kernel is."""
        self._display(self._repr_mimebundle_())
        self._static = self._as_static()
        self._display({"text/html": self._static}, display_id=f"cgt-{self.model_id}")

    @staticmethod
    def _display(bundle: Any, **options: Any) -> None:
        import IPython.display

        display: Any = IPython.display.display
        display(bundle, raw=True, **options)

    def _as_static(self) -> str:
        """Return what is seen as a page of its own, for a notebook without a kernel."""
        tab = self.tabs.get("topics")
        placed = tab.blocks.get("map") if tab else None
        return filled(
            "explore/static.html",
            say=self.say,
            visible=visible,
            scope=self.scope.description,
            topics=placed.data.to_dict("records") if placed else [],
            log=[_in_words(self.say, entry) for entry in self.session.decisions.log],
        )

    def _keep(self) -> None:
        """Keep the decisions, and what is seen of them, for a notebook that is opened later."""
        with self._failing():
            self._autosave.keep()
        if self._static and (static := self._as_static()) != self._static:
            self._static = static
            again = {"display_id": f"cgt-{self.model_id}", "update": True}
            self._display({"text/html": static}, **again)

    def close(self) -> None:
        """End what is under way and let the widgets go; nothing is shown from then on."""
        if "tabs" in vars(self):
            self._stop()
        for widget in _below(self):
            widget.layout.close()
            widget.close()
        super().close()

    # -- tabs ------------------------------------------------------------------

    def opened(self, name: str) -> Tab:
        """Return a tab; it is made when it is first opened."""
        if name not in self.tabs:
            panel = PANELS[name](self.session, self.say)
            self.tabs[name] = tab = Tab(name, panel, self)
            self.tab.children[[*PANELS].index(name)].children = [tab]
        return self.tabs[name]

    def focus(self, focus: Focus) -> None:
        """Show the passages behind a number, beside what is seen."""
        self.session.focus = focus
        self.worker.in_loop(self._show_evidence)

    def _show_evidence(self) -> None:
        if self.side is None:
            self.side = Tab("evidence", evidence_panel(self.session, self.say), self)
            self._side.children = [*self._side.children, self.side]
        self._side.layout.display = ""
        self.side.values["passage"] = 0  # that which is asked for, else the first
        self.side.refresh()

    def _hide(self) -> None:
        self._side.layout.display = "none"

    @property
    def _tabs(self) -> list[Tab]:
        """All that were made."""
        return [*self.tabs.values(), *filter(None, [self.side])]

    def seen(self, tab: Tab) -> bool:
        """Tell whether a tab is the one that is open."""
        return tab is self.side or tab.name == [*PANELS][self.tab.selected_index or 0]

    def _open(self) -> None:
        tab = self.opened([*PANELS][self.tab.selected_index or 0])
        if tab.stale and not tab.runs:
            tab.refresh()
        self.show_busy()

    def follow(self, message: str = "") -> None:
        """Follow a decision: the tab that is seen at once, the others when they are opened."""
        self.tell(message)
        self._show_log()
        for tab in self._tabs:
            tab.stop_run()  # it is about what was
            tab.stale = True
        self._open()
        if self.side is not None and self._side.layout.display == "":
            self.side.refresh()

    def rested(self) -> None:
        """Make the next tab that was not opened, so that it is there when it is."""
        self.show_busy()
        self._keep()
        while self._later:
            if (name := self._later.pop(0)) not in self.tabs:
                self.opened(name).refresh()
                break

    # -- the lines above -------------------------------------------------------

    def tell(self, message: str) -> None:
        """Show a message below the title; it is text."""
        self._failed = False
        self.status.value = f'<span role="status">{escaped(message, 500)}</span>'

    def fail(self, error: Exception) -> None:
        """Show what went wrong; what is seen stays as it is."""
        self._failed = True
        self.status.value = f'<span role="alert" class="cgt-error">{escaped(error, 500)}</span>'

    def tell_restored(self, path: Path | None, aside: list[tuple[Path, Path, str]]) -> None:
        """Tell which decisions were taken up, and which file could not be used."""
        n, say = len(self.session.decisions.log), self.say
        told = [say["restored"].format(n=n, path=path.name)] if path and n else []
        told += [
            say["unusable"].format(path=was.name, now=now.name, why=why) for was, now, why in aside
        ]
        if told:
            self.tell(" ".join(told))

    def calm(self) -> None:
        """Take away what was said to be wrong."""
        if self._failed:
            self.tell("")

    def count(self, done: int, total: int) -> None:
        """Show how much is done."""
        self.bar.max, self.bar.value = max(total, 1), done

    def show_busy(self) -> None:
        """Show the bar and the button that stops, while anything that is seen is under way."""
        busy = any(tab.busy or (self.seen(tab) and tab.runs) for tab in self._tabs)
        self.bar.layout.visibility = self.halt.layout.visibility = "visible" if busy else "hidden"
        if not busy:
            self.bar.value = 0

    def _halt(self, _: Any) -> None:
        self._stop()
        self.tell(self.say["stopped"])
        self.show_busy()

    def _stop(self) -> None:
        self._later = []
        for tab in self._tabs:
            tab.stop()

    # -- the log ---------------------------------------------------------------

    def _show_log(self) -> None:
        say, session = self.say, self.session
        lines = [
            (visible(_in_words(say, entry), 120), i)
            for i, entry in enumerate(session.decisions.log)
        ]
        self.history.options = lines or [(say["nothing_decided"], None)]
        self._keep()
        self.undo.disabled, self.redo.disabled = not session.past, not session.future
        self.scope.layout.display = "" if session.decisions.selection else "none"
        if selection := session.decisions.selection:
            chosen, texts = session.scope
            told = visible(_chosen(say, selection), 120)
            self.scope.description = say["scope"].format(n=chosen, all=texts, which=told)

    def _move(self, step: Callable[[], None]) -> None:
        step()
        self.worker.in_loop(self.follow)

    def _take_back(self, _: Any) -> None:
        if self.history.value is not None:
            self.session.undo(self.session.decisions.log[self.history.value])
            self.worker.in_loop(self.follow)

    def _save(self, _: Any) -> None:
        with self._failing():
            path = self.session.decisions.save(self.folder / self.path.value)
            self.tell(self.say["written"].format(path=path))

    def _load(self, _: Any) -> None:
        with self._failing():
            self.session.replay(Decisions.load(self.folder / self.path.value))
            told = self.say["loaded"].format(n=len(self.session.decisions.log))
            self.worker.in_loop(partial(self.follow, told))

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            self.fail(error)


def _below(widget: w.Widget) -> Iterator[w.Widget]:
    for child in getattr(widget, "children", ()):
        yield from _below(child)
        yield child


def _in_words(say: Labels, entry: Entry) -> str:
    """Return a decision in words."""
    words, fields = say[f"do_{entry['do']}"], {k: v for k, v in entry.items() if k != "do"}
    if entry["do"] == "select":
        return f"{words} · {_chosen(say, fields)}"
    for name, value in fields.items():
        if isinstance(value, int):
            told = f"{say.get(name, name)} {value}"
        else:
            told = "、".join(value[:6]) if isinstance(value, (list, tuple)) else value
            told = say.get(f"{name}_{told}", told)
        words += f" {'→' if name in ('into', 'parts') else '·'} {told}"
    return words


def _chosen(say: Labels, selection: dict[str, Any]) -> str:
    """Return in words by which values texts are chosen."""
    told = []
    for column, values in selection.items():
        some = "、".join(map(str, values[:6])) + ("…" if len(values) > 6 else "")
        sound = (column, values) == ("flaw", [""])
        told.append(say["no_flaw"] if sound else f"{say.get(column, column)} = {some}")
    return say["caution_and"].join(told)


def _loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop of the notebook; none outside of one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
