"""The texts: which there are, what stands in them, before and after cleaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import ipywidgets as w
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.explore.decisions import COLUMNS
from toolkit.explore.parts import Actions, App, Tab, View, button, options
from toolkit.explore.session import Session
from toolkit.explore.shown import LONGEST, plain, shown
from toolkit.explore.table import Table
from toolkit.explore.worker import Progress
from toolkit.recipe import Recipe
from toolkit.structure import blocks, is_heading
from toolkit.units import where

_COLUMNS = ("title", "city", "region", "year", "kind")


@dataclass(frozen=True)
class TextView(View):
    """The table of texts, and the text that is read."""

    def value(self, session: Session) -> pd.DataFrame:
        """Return the table of texts."""
        return table_of(cast(Corpus, self.source))

    @property
    def recipe(self) -> Recipe:
        """The steps that lead to the corpus."""
        return self.source.recipe


class CorpusTab(Tab):
    """A table of texts with filters, and a reader."""

    def __init__(self, app: App) -> None:
        say, units = app.say, app.session.corpus.units
        self.filters = {
            column: w.SelectMultiple(
                options=options(units[column]),
                rows=5,
                layout=w.Layout(width="10rem"),
                tooltip=say[column],
            )
            for column in COLUMNS[:-1]
            if column in units and len(units[column].dropna().unique()) > 1
        }
        named = [w.VBox([w.Label(say[c]), box]) for c, box in self.filters.items()]
        self.choose = button(say["analyse_these"], self._choose, tip=say["analyse_tip"])
        self.everything = button(say["analyse_all"], self._all)
        self.table = Table(say, 10, widths=["46%"], chosen=self._picked)
        self.text = w.Dropdown(options=[], layout=w.Layout(width="auto"))
        self.version = w.ToggleButtons(
            options=[(say["cleaned"], "cleaned"), (say["raw"], "raw")],
            style={"button_width": "auto"},
        )
        self.reader = w.HTML().add_class("cgt-reader")
        self.actions = Actions(app, "texts")
        left = w.VBox(
            [
                w.HBox(named, layout=w.Layout(flex_flow="row wrap")),
                w.HBox([self.choose, self.everything]),
                self.table,
                self.actions,
            ]
        ).add_class("cgt-left")
        right = w.VBox([self.text, self.version, self.reader]).add_class("cgt-right")
        super().__init__(app, [w.HBox([left, right]).add_class("cgt-split")])
        self.follow(self.text, self.version, *self.filters.values())

    def wanted(self) -> dict[str, list[Any]]:
        """Return the values that are chosen in the filters."""
        return {column: [*box.value] for column, box in self.filters.items() if box.value}

    def compute(self, progress: Progress) -> dict[str, Any]:
        """Return the texts that pass the filters, and the one to read."""
        session, wanted = self.app.session, self.wanted()
        progress(0, 1)
        corpus = session.corpus if self.version.value == "raw" else session.whole()
        try:
            if wanted:
                corpus = corpus.select(**wanted)
        except ValueError:  # no text has all of these
            return {"corpus": None}
        ids = corpus.units.index
        unit_id = self.text.value if self.text.value in ids else ids[0]
        return {"corpus": corpus, "unit_id": unit_id, "text": corpus[unit_id]}

    def display(self, found: dict[str, Any]) -> None:
        """Show them."""
        corpus: Corpus | None = found["corpus"]
        if corpus is None:
            self.app.fail(ValueError(self.app.say["no_text"]))
            self.table.show(pd.DataFrame())
            self.actions.show(None)
            return
        table, unit_id = table_of(corpus), found["unit_id"]
        names = table["title"].fillna("") if "title" in table else table["unit_id"]
        self.text.options = [
            (f"{plain(i, 40)}  {plain(name, 60)}", i)
            for i, name in zip(table["unit_id"], names, strict=True)
        ]
        self.put(self.text, unit_id)
        shown_columns = ["title", "section", "city", "year", "kind", "characters"]
        seen = table[[c for c in shown_columns if c in table]]
        if "title" not in seen:
            seen = table[["unit_id", *seen]]
        self.table.show(seen, int(corpus.units.index.get_indexer(pd.Index([unit_id]))[0]))
        self.reader.value = read(found["text"])
        chosen = where(self.app.session.corpus.units, self.app.session.decisions.selection)
        self.everything.description = self.app.say["analyse_all"].format(n=int(chosen.sum()))
        self.everything.disabled = bool(chosen.all())
        self.choose.disabled = not self.wanted()
        columns = [c for c in _COLUMNS if c in corpus.units]
        more = f"table = corpus.units[{columns}]\ntext = corpus[{unit_id!r}]\n"
        self.actions.show(TextView(Corpus.select, corpus, more=more))

    def _picked(self, row: int) -> None:
        self.text.value = self.text.options[row][1]

    def _choose(self, _: Any) -> None:
        if wanted := self.wanted():
            self.app.decide(do="select", **wanted)

    def _all(self, _: Any) -> None:
        self.app.session.undo({"do": "select"})
        self.app.changed()


def table_of(corpus: Corpus) -> pd.DataFrame:
    """Return what the table of texts shows."""
    units = corpus.units
    table = units[[c for c in (*_COLUMNS, "section") if c in units]].copy()
    table["characters"] = units["text"].str.len()
    return table.reset_index(names="unit_id")


def read(text: str) -> str:
    """Return a text as HTML: headings as such, nothing of it ever run."""
    lines, left = [], LONGEST
    for _, line in blocks(text):
        if left <= 0:
            lines.append("<p>…</p>")
            break
        tag = "h4" if is_heading(line) else "p"
        lines.append(f"<{tag}>{shown(line, left)}</{tag}>")
        left -= len(line)
    return "".join(lines)
