"""The texts: which there are, what stands in them, before and after cleaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import ipywidgets as w
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.explore.blocks import Adjust, Block, Html, Note, Table, View
from toolkit.explore.controls import Code, Column, Control, Look, Panel, Row, chosen_by
from toolkit.explore.labels import labels
from toolkit.explore.session import Session
from toolkit.explore.untrusted import LONGEST, escaped, visible
from toolkit.recipe import Recipe
from toolkit.say import Language
from toolkit.structure import outline
from toolkit.units import where

_COLUMNS = ("title", "city", "region", "year", "kind")
_SEEN = ("title", "section", "city", "year", "kind", "characters")
_IN = "in "  # before a column, the name of its filter


def texts_panel(session: Session, lang: Language) -> Panel:
    """Return the panel: a table of texts with filters, and a reader."""
    say, units = labels("application", lang), session.corpus.units
    filters, boxes = chosen_by(units, _IN, say, rows=5, width="10rem")
    versions = [(say["cleaned"], "cleaned"), (say["raw"], "raw")]
    table = Look("table", 10, ("46%",), sets="text")
    left = [*boxes, Row(["analyse_these", "analyse_all"]), table, Code("export", ["table"])]
    right = Column(["text", "version", "note", "reader"], "cgt-right")
    return Panel(
        texts,
        [
            *filters,
            Control("text", w.Dropdown, {"options": []}),
            Control("version", w.ToggleButtons, {"options": versions}),
        ],
        Row([Column(left, "cgt-left"), right], "cgt-split", flow="row"),
        {"analyse_these": analyse_these, "analyse_all": analyse_all},
    )


def texts(
    session: Session, lang: Language, *, text: str | None, version: str, **filters: Any
) -> Iterator[Block]:
    """Show the texts that pass the filters, and one of them."""
    say, wanted = labels("application", lang), _wanted(filters)
    corpus = session.corpus if version == "raw" else session.whole()
    yield Adjust("analyse_these", {"disabled": not wanted})
    chosen = where(session.corpus.units, session.decisions.selection)
    every = say["analyse_all"].format(n=int(chosen.sum()))
    yield Adjust("analyse_all", {"disabled": bool(chosen.all()), "description": every})
    try:
        corpus = corpus.select(**wanted) if wanted else corpus
    except ValueError:  # no text has all of these
        yield Note("note", say["no_text"])
        return
    table, ids = table_of(corpus), corpus.units.index
    read = text if text in ids else ids[0]
    names = table["title"].fillna("") if "title" in table else table["unit_id"]
    told = zip(table["unit_id"], names, strict=True)
    listed = [(f"{visible(i, 40)}  {visible(name, 60)}", i) for i, name in told]
    yield Adjust("text", {"options": listed, "value": read})
    yield Html("reader", as_read(corpus[str(read)]))
    seen = table[[c for c in _SEEN if c in table]]
    if "title" not in seen:
        seen = table[["unit_id", *seen]]
    kept = [c for c in _COLUMNS if c in corpus.units]
    more = f"table = corpus.units[{kept}]\ntext = corpus[{read!r}]\n"
    view = TextsView(Corpus.select, corpus, more=more)
    yield Table("table", view, seen, int(ids.get_indexer(pd.Index([read]))[0]), ids.tolist())


def _wanted(filters: dict[str, Any]) -> dict[str, list[Any]]:
    return {name.removeprefix(_IN): [*values] for name, values in filters.items() if values}


def analyse_these(
    session: Session, lang: Language, *, text: Any, version: Any, **filters: Any
) -> Iterator[Block]:
    """Choose the texts that pass the filters for all that follows."""
    if wanted := _wanted(filters):
        session.decide({"do": "select", **wanted})
    yield from ()


def analyse_all(session: Session, lang: Language, **values: Any) -> Iterator[Block]:
    """Take the choice of texts back."""
    session.undo({"do": "select"})
    yield from ()


class TextsView(View):
    """The table of texts, and the text that is read."""

    def value(self, session: Session) -> pd.DataFrame:
        """Return the table of texts."""
        return table_of(cast(Corpus, self.source))

    @property
    def recipe(self) -> Recipe:
        """The steps that lead to the corpus."""
        return self.source.recipe

    @property
    def name(self) -> str:
        """A name for files."""
        return "texts"


def table_of(corpus: Corpus) -> pd.DataFrame:
    """Return what the table of texts shows."""
    units = corpus.units
    table = units[[c for c in (*_COLUMNS, "section") if c in units]].copy()
    table["characters"] = units["text"].str.len()
    return table.reset_index(names="unit_id")


def as_read(text: str) -> str:
    """Return a text as HTML: headings as such, nothing of it ever run."""
    lines, left = [], LONGEST
    for _, kind, _, line in outline(text):
        if left <= 0:
            lines.append("<p>…</p>")
            break
        tag = "h4" if kind == "heading" else "p"
        lines.append(f"<{tag}>{escaped(line, left)}</{tag}>")
        left -= len(line)
    return "".join(lines)
