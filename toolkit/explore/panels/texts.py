"""The texts: which there are, what stands in them, before and after cleaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import pandas as pd

import toolkit.explore.parts as p
from toolkit.corpus import Corpus
from toolkit.explore.labels import Labels
from toolkit.explore.session import Session
from toolkit.explore.untrusted import LONGEST, escaped, visible
from toolkit.structure import outline
from toolkit.units import where

_COLUMNS = ("title", "city", "region", "year", "kind")
_SEEN = ("title", "section", "city", "year", "kind", "characters")
_IN = "in "  # before a column, the name of its filter


def texts_panel(session: Session, say: Labels) -> p.Panel:
    """Return the panel: a table of texts with filters, and a reader."""
    versions = [(say["cleaned"], "cleaned"), (say["raw"], "raw")]
    left = [
        *p.chosen_by(session.corpus.units, _IN, say, rows=5, width="10rem"),
        p.Row(
            [
                p.Control("analyse_these", w.Button, act=analyse_these),
                p.Control("analyse_all", w.Button, act=analyse_all),
            ]
        ),
        p.Look("table", "text", {"rows": 10, "widths": ("46%",)}),
        p.Code("export", ["table"]),
    ]
    right = [
        p.Control("text", w.Dropdown, {"options": []}),
        p.Control("version", w.ToggleButtons, {"options": versions}),
        "note",
        "reader",
    ]
    columns = [p.Column(left, "cgt-left"), p.Column(right, "cgt-right")]
    return p.Panel(read, p.Row(columns, "cgt-split"))


def read(
    session: Session, say: Labels, *, text: str | None, version: str, **filters: Any
) -> Iterator[p.Block]:
    """Show the texts that pass the filters, and one of them."""
    wanted = _wanted(filters)
    corpus = session.corpus if version == "raw" else session.whole()
    yield p.Adjust("analyse_these", {"disabled": not wanted})
    chosen = where(session.corpus.units, session.decisions.selection)
    every = say["analyse_all"].format(n=int(chosen.sum()))
    yield p.Adjust("analyse_all", {"disabled": bool(chosen.all()), "description": every})
    try:
        corpus = corpus.select(**wanted) if wanted else corpus
    except ValueError:  # no text has all of these
        yield p.note("note", say["no_text"])
        return
    table, ids = texts(corpus), corpus.units.index
    shown = text if text in ids else ids[0]
    names = table["title"].fillna("") if "title" in table else table["unit_id"]
    told = zip(table["unit_id"], names, strict=True)
    listed = [(f"{visible(i, 40)}  {visible(name, 60)}", i) for i, name in told]
    yield p.Adjust("text", {"options": listed, "value": shown})
    yield p.Html("reader", as_read(corpus[str(shown)]))
    seen = table[[c for c in _SEEN if c in table]]
    if "title" not in seen:
        seen = table[["unit_id", *seen]]
    kept = [c for c in _COLUMNS if c in corpus.units]
    more = f"table = corpus.units[{kept}]\ntext = corpus[{shown!r}]\n"
    view = p.View(texts, corpus, makes="", more=more)
    yield p.Table("table", view, seen, int(ids.get_indexer(pd.Index([shown]))[0]), ids.tolist())


def _wanted(filters: dict[str, Any]) -> dict[str, list[Any]]:
    return {name.removeprefix(_IN): [*values] for name, values in filters.items() if values}


def analyse_these(
    session: Session, say: Labels, *, text: Any, version: Any, **filters: Any
) -> None:
    """Choose the texts that pass the filters for all that follows."""
    if wanted := _wanted(filters):
        session.decide({"do": "select", **wanted})


def analyse_all(session: Session, say: Labels, **values: Any) -> None:
    """Take the choice of texts back."""
    session.undo({"do": "select"})


def texts(corpus: Corpus) -> pd.DataFrame:
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
