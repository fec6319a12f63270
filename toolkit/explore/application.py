"""The application in a notebook: four tabs, a status line, and the log of decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import ipywidgets as w

from toolkit.corpus import Corpus
from toolkit.explore.compare_tab import CompareTab
from toolkit.explore.corpus_tab import CorpusTab
from toolkit.explore.decisions import Decisions
from toolkit.explore.font import characters_of, make_aside
from toolkit.explore.labels import Language, labels
from toolkit.explore.parts import App, Tab, button
from toolkit.explore.session import Session
from toolkit.explore.shown import plain, shown
from toolkit.explore.terms_tab import TermsTab
from toolkit.explore.topics_tab import TopicsTab
from toolkit.explore.worker import Worker
from toolkit.topics import Topics

_TABS = {"corpus": CorpusTab, "terms": TermsTab, "topics": TopicsTab, "compare": CompareTab}


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

    Examples
    --------
    >>> from toolkit.explore import explore
    >>> explorer = explore(Corpus.sample(), lang="en")
    >>> explorer.session.k
    6
    """
    if decisions is not None and not isinstance(decisions, Decisions):
        decisions = Decisions.load(decisions)
    return Explorer(Session(start, decisions), lang, Path(folder))


class Explorer(w.VBox):  # type: ignore[misc]
    """The application; see `explore`.

    Parameters
    ----------
    session : Session
        What is explored, and what was decided.
    lang : {"zh", "en"}
    folder : path
        Where exports go.
    """

    def __init__(self, session: Session, lang: Language, folder: Path) -> None:
        say = labels("application", lang)
        self.session = session
        self.bar = w.IntProgress(layout=w.Layout(width="12rem", visibility="hidden"))
        self.halt = button(say["stop_work"], self._halt)
        self.halt.layout.visibility = "hidden"
        self.loop = loop = _loop()
        status = w.HTML().add_class("cgt-status")
        self.tabs: dict[str, Tab] = {}
        self.exporting = Worker(self._count, self._busy, loop)
        self.app = App(session, self._work, self.exporting, lang, folder, say, status, loop)
        self.app.changed, self.app.shown, self.app.seen = self._changed, self._ahead, self._seen
        self.tab = w.Tab(children=[w.VBox() for _ in _TABS], titles=[say[name] for name in _TABS])
        self.history = w.Select(rows=5, layout=w.Layout(width="auto"))
        self.path = w.Text(value="decisions.yaml", layout=w.Layout(width="16rem"))
        buttons = [
            button(say["take_back"], self._take_back),
            self.path,
            button(say["save"], self._save),
            button(say["load"], self._load),
        ]
        log = w.Accordion(children=[w.VBox([self.history, w.HBox(buttons)])], titles=[say["log"]])
        style = files("toolkit.explore").joinpath("application.css").read_text("utf-8")
        title = w.HTML(f"<h2>{shown(say['title'])}</h2>")
        self.font = w.HTML()
        super().__init__(
            [
                w.HTML(f"<style>{style}</style>"),
                self.font,
                w.HBox([title, self.bar, self.halt], layout=w.Layout(grid_gap="1rem")),
                self.app.status,
                self.tab,
                log,
            ]
        )
        self.add_class("cgt")
        if loop is not None:
            make_aside(characters_of(session.corpus, say), self._put_font, loop)
        self._later = [] if loop is None else [*_TABS][1:]  # made while the first is read
        self._show_log()
        self.tab.observe(self._switched, "selected_index")
        self._switched(None)

    @property
    def topics(self) -> Topics:
        """The topics as they stand, with their labels and their recipe."""
        return self.session.topics()

    @property
    def decisions(self) -> Decisions:
        """What was decided so far."""
        return self.session.decisions

    def close(self) -> None:
        """End what is under way and let the widgets go; nothing is shown from then on."""
        self._later = []
        if "app" in vars(self):
            self.app.exports.clear()
            self.exporting.stop()
        for tab in vars(self).get("tabs", {}).values():
            tab.stop()
        for widget in _below(self):
            widget.layout.close()
            widget.close()
        super().close()

    def opened(self, name: str) -> Tab:
        """Return a tab; it is made when it is first opened."""
        if name not in self.tabs:
            self.tabs[name] = tab = _TABS[name](self.app)
            self.tab.children[[*_TABS].index(name)].children = [tab]
        return self.tabs[name]

    def _switched(self, _: Any) -> None:
        self.app.in_loop(self._open)

    def _open(self) -> None:
        tab = self.opened([*_TABS][self.tab.selected_index or 0])
        if tab.stale and not tab.worker.busy:
            tab.refresh()
        self._busy()

    def _ahead(self) -> None:
        """Make the next tab that was not opened, so that it is there when it is."""
        while self._later:
            if (name := self._later.pop(0)) not in self.tabs:
                self.opened(name).refresh()
                break

    def _changed(self, message: str = "") -> None:
        """Follow a decision: the tab that is seen at once, the others when they are opened."""
        self.app.in_loop(self._follow, message)

    def _follow(self, message: str) -> None:
        self.app.tell(message)
        self._show_log()
        for tab in self.tabs.values():
            tab.stale = True
            tab.stop()  # it is about what was
        self._open()

    def _put_font(self, rule: str) -> None:
        self.font.value = rule

    def _progress(self, tab: Tab, count: int, total: int) -> None:
        if self._seen(tab):
            self._count(count, total)

    def _count(self, count: int, total: int) -> None:
        self.bar.max, self.bar.value = max(total, 1), count

    def _seen(self, tab: Tab) -> bool:
        return tab is self.tabs.get([*_TABS][self.tab.selected_index or 0])

    def _work(self, tab: Tab) -> Worker:
        return Worker(partial(self._progress, tab), self._busy, self.loop)

    def _busy(self, _: bool = False) -> None:
        seen = [worker for tab in self.tabs.values() if self._seen(tab) for worker in tab.workers]
        busy = any(worker.busy for worker in [*seen, self.exporting])
        self.bar.value = 0
        self.bar.layout.visibility = self.halt.layout.visibility = "visible" if busy else "hidden"

    def _halt(self, _: Any) -> None:
        self._later = []
        self.app.exports.clear()
        self.exporting.stop()
        for tab in self.tabs.values():
            tab.stop()
        self.app.tell(self.app.say["stopped"])

    def _show_log(self) -> None:
        shown_log = [
            (plain(" · ".join(_told(self.app.say, *field) for field in entry.items()), 120), i)
            for i, entry in enumerate(self.session.decisions.log)
        ]
        self.history.options = shown_log or [(self.app.say["nothing_decided"], None)]

    def _take_back(self, _: Any) -> None:
        if self.history.value is not None:
            self.session.undo(self.session.decisions.log[self.history.value])
            self._changed()

    def _save(self, _: Any) -> None:
        try:
            path = self.session.decisions.save(self.app.folder / self.path.value)
        except OSError as error:
            self.app.fail(error)
        else:
            self.app.tell(self.app.say["written"].format(path=path))

    def _load(self, _: Any) -> None:
        try:
            decisions = Decisions.load(self.app.folder / self.path.value)
            if decisions.selection:
                self.session.corpus.select(**decisions.selection)
        except (OSError, ValueError) as error:
            self.app.fail(error)
            return
        self.session.decisions = decisions
        self._changed(self.app.say["loaded"].format(n=len(decisions.log)))


def _below(widget: w.Widget) -> Iterator[w.Widget]:
    for child in getattr(widget, "children", ()):
        yield from _below(child)
        yield child


def _told(say: dict[str, str], name: str, value: Any) -> str:
    """Return a field of a decision in words."""
    if isinstance(value, int):
        return f"{say.get(name, name)} {value}"
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value[:6]))
    return say.get(f"{name}_{value}", str(value))


def _loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop of the notebook; none outside of one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
