"""The texts: which there are, what stands in them, before and after cleaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import pandas as pd

import toolkit.explore.parts as p
from toolkit.corpus import Corpus
from toolkit.explore.labels import Labels
from toolkit.explore.session import Session
from toolkit.explore.untrusted import LONGEST, escaped, marked, visible
from toolkit.loading import known_of
from toolkit.outlines import outline
from toolkit.passages import Known
from toolkit.units import flawed_texts

_COLUMNS = ("title", "city", "region", "year", "kind")
_SEEN = ("title", "section", "city", "year", "kind", "characters", "found", "flaw")
_IN = "in "  # before a column, the name of its filter


def texts_panel(session: Session, say: Labels) -> p.Panel:
    """Return the panel: a table of texts with filters, and a reader."""
    versions = [(say["cleaned"], "cleaned"), (say["raw"], "raw")]
    left = [
        p.Control("find", w.Text, {"placeholder": say["find_tip"]}, "20rem"),
        *p.chosen_by(session.corpus.units, _IN, say, rows=5, width="10rem"),
        p.Row(
            [
                p.Control("analyse_these", w.Button, act=analyse_these),
                p.Control("sound", w.Button, act=leave_out_doubtful),
            ]
        ),
        p.Look("table", "text", {"rows": 10, "widths": ("46%",)}),
        p.Code("export", ["table"]),
    ]
    right = [
        p.Row(
            [
                p.Control("text", w.Dropdown, {"options": []}),
                p.Control("hit", w.BoundedIntText, {"value": 1, "min": 1}, "9rem"),
            ]
        ),
        p.Control("version", w.ToggleButtons, {"options": versions}),
        "note",
        "reader",
    ]
    columns = [p.Column(left, "cgt-left"), p.Column(right, "cgt-right")]
    return p.Panel(read, p.Row(columns, "cgt-split"))


def read(
    session: Session,
    say: Labels,
    *,
    find: str,
    text: str | None,
    hit: int,
    version: str,
    **filters: Any,
) -> Iterator[p.Block]:
    """Show the texts that pass the filters and hold what is searched, and one of them."""
    wanted, find = _wanted(filters), find.strip()
    doubtful = len(flawed_texts(session.corpus.units))
    left_out = "flaw" in session.decisions.selection
    label = say["sound"].format(n=doubtful)
    look = {"visible": doubtful > 0, "description": label, "disabled": left_out}
    yield p.Adjust("sound", look)
    corpus = _passing(session, version, wanted)
    table = pd.DataFrame() if corpus is None else texts(corpus, find)
    yield p.Adjust("analyse_these", {"disabled": table.empty or not (wanted or find)})
    if corpus is None or table.empty:  # no text has all of these
        yield p.note("note", say["no_text" if corpus is None else "nothing_found"])
        return
    ids = table["unit_id"].tolist()
    shown = text if text in ids else ids[0]
    row = ids.index(shown)
    names = table["title"].fillna("") if "title" in table else table["unit_id"]
    listed = [(f"{visible(i, 40)}  {visible(n, 60)}", i) for i, n in zip(ids, names, strict=True)]
    yield p.Adjust("text", {"options": listed, "value": shown})
    yield p.Adjust("hit", {"visible": bool(find)})
    more = ""
    if find:
        found = table["found"]
        hit = min(hit, int(found[row]))
        yield p.Adjust("hit", {"max": int(found[row]), "value": hit})
        yield p.note("note", say["found"].format(texts=len(found), times=int(found.sum())))
        more = f"found = corpus.units['text'].str.count({_pattern(find)!r})\n"
    known = known_of(corpus.sections).get(str(corpus.units.loc[str(shown), "doc_id"]), ())
    yield p.Html("reader", as_read(corpus[str(shown)], find, hit, known=known))
    seen = table[[c for c in _SEEN if c in table]]
    if "title" not in seen:
        seen = table[["unit_id", *seen]]
    kept = [c for c in _COLUMNS if c in corpus.units]
    more += f"table = corpus.units{'[found > 0]' if find else ''}[{kept}]\n"
    more += f"text = corpus[{shown!r}]\n"
    view = p.View(texts, corpus, {"find": find} if find else {}, makes="", more=more)
    yield p.Table("table", view, seen, row, ids)


def _passing(session: Session, version: str, wanted: dict[str, list[Any]]) -> Corpus | None:
    """Return the texts that pass filters; None if none does."""
    corpus = session.corpus if version == "raw" else session.whole()
    try:
        return corpus.select(**wanted) if wanted else corpus
    except ValueError:
        return None


def _wanted(filters: dict[str, Any]) -> dict[str, list[Any]]:
    return {name.removeprefix(_IN): [*values] for name, values in filters.items() if values}


def analyse_these(
    session: Session, say: Labels, *, find: str, text: Any, hit: int, version: str, **filters: Any
) -> None:
    """Choose the texts that pass the filters, and hold what is searched, for all that follows."""
    wanted, find = _wanted(filters), find.strip()
    if find and (corpus := _passing(session, version, wanted)) is not None:
        found = texts(corpus, find)["unit_id"]
        wanted = {"doc_id": corpus.units.loc[found, "doc_id"].unique().tolist()}
    if wanted:
        session.decide({"do": "select", **wanted})


def leave_out_doubtful(session: Session, say: Labels, **_: Any) -> None:
    """Leave out the texts of which something is known to be wrong."""
    session.decide({"do": "select", **session.decisions.selection, "flaw": [""]})


def texts(corpus: Corpus, find: str = "") -> pd.DataFrame:
    """Return what the table of texts shows: those that hold what is searched, and how often."""
    units = corpus.units
    table = units[[c for c in (*_COLUMNS, "section") if c in units]].copy()
    table["characters"] = units["text"].str.len()
    if flawed_texts(units):
        table["flaw"] = units["flaw"].fillna("")
    if find:
        table["found"] = units["text"].str.count(_pattern(find))
        table = table[table["found"] > 0]
    return table.reset_index(names="unit_id")


def _pattern(find: str) -> str:
    """Return the pattern of what is searched: as it stands, in small letters or capitals."""
    return ("" if find.lower() == find.upper() else "(?i)") + re.escape(find)


def as_read(text: str, find: str = "", hit: int = 1, *, known: Known = ()) -> str:
    """Return a text as HTML: headings as such, guessed where none is `known`; nothing is ever run.

    Of what is searched every hit is marked; the text begins where that of a number is.
    """
    lines: list[str] = []
    left, hits = LONGEST, 0
    for _, kind, _, line in outline(text, known):
        spans = [m.span() for m in re.finditer(_pattern(find), line)] if find else []
        marks = [(*span, 1.0 if n == hit else 0.5) for n, span in enumerate(spans, hits + 1)]
        hits += len(spans)
        if left <= 0 or (find and hits < hit):
            lines = lines if lines[-1:] == ["<p>…</p>"] else [*lines, "<p>…</p>"]
            continue
        tag = "h4" if kind == "heading" else "p"
        shown = marked(line, marks, 0, left) if marks else escaped(line, left)
        lines.append(f"<{tag}>{shown}</{tag}>")
        left -= len(line)
    return "".join(lines)
