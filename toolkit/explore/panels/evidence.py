"""The evidence of what was clicked: all its passages, and one to read, with its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w

import toolkit.explore.parts as p
from toolkit.explore.focus import Focus, evidence, marks
from toolkit.explore.labels import Labels
from toolkit.explore.panels.texts import as_read
from toolkit.explore.session import Session
from toolkit.explore.untrusted import marked, visible
from toolkit.loading import known_of


def evidence_panel(session: Session, say: Labels) -> p.Panel:
    """Return the panel: a table of passages, and the one that is read."""
    views = [(say["passage_only"], "passage"), (say["full_text"], "full")]
    look = p.Look("table", "passage", {"rows": 6, "widths": ("3.5rem",)})
    left = [look, p.Code("export", ["table"])]
    right = [
        p.Row(
            [
                p.Control("passage", w.BoundedIntText, {"value": 1, "min": 1}, "9rem"),
                p.Control("view", w.ToggleButtons, {"options": views}),
            ]
        ),
        "source",
        "reader",
    ]
    parts = [p.Column(left, "cgt-left"), p.Column(right, "cgt-right")]
    return p.Panel(shown, p.Column(["about", p.Row(parts, "cgt-split")]))


def source_of(session: Session, focus: Focus) -> Any:
    """Return what the number was counted in: topics, words, or the texts as strings."""
    if focus.topic:
        return session.topics()
    tokens = session.tokens()
    return tokens if focus.term in set(tokens.vocabulary) else session.passages()


def shown(session: Session, say: Labels, *, passage: int, view: str) -> Iterator[p.Block]:
    """Show the passages behind what is in focus, and one of them."""
    focus = session.focus
    if focus is None:
        return
    source = source_of(session, focus)
    params = {"term": focus.term, "topic": focus.topic, "group": dict(focus.group)}
    seen = p.View(evidence, source, {k: v for k, v in params.items() if v})
    try:
        table = seen.value(session)
    except ValueError:
        yield p.note("about", say["no_evidence"])
        return
    yield p.note("about", _about(session, focus, table, say))
    ids = table["unit_id"].tolist()
    if not ids:
        return
    if not passage:
        passage = ids.index(focus.doc) + 1 if focus.doc in ids else 1
    passage = min(passage, len(ids))
    yield p.Adjust("passage", {"max": len(ids), "value": passage})
    row = table.iloc[passage - 1]
    unit, known = str(row["unit_id"]), row.drop(["unit_id", table.columns[1], "text"]).dropna()
    told = [visible(value, 80) for value in known if str(value)]
    yield p.note("source", " · ".join(told) or unit)
    yield p.Html("reader", _read(session, source, focus, unit, view))
    listed = table.drop(columns="unit_id").assign(text=table["text"].str[:60])
    yield p.Table("table", seen, listed, passage - 1, range(1, len(ids) + 1))


def _read(session: Session, source: Any, focus: Focus, unit: str, view: str) -> str:
    """Return a passage as HTML, or the whole text that it is from, which begins there."""
    units = source.units
    text = str(units.loc[unit, "text"])
    if view == "passage":
        return f"<p>{marked(text, marks(source, focus, unit))}</p>"
    whole = session.cleaned()
    doc = whole.units.index[whole.units["doc_id"] == units.loc[unit, "doc_id"]]
    full = "\n".join(map(str, whole.units.loc[doc, "text"]))
    first = next((line for line in text.splitlines() if line.strip() and line in full), "")
    known = known_of(whole.sections).get(units.loc[unit, "doc_id"], ())
    return as_read(full, first[:80], known=known)


def _about(session: Session, focus: Focus, table: Any, say: Labels) -> str:
    """Return in words what is in focus, and what it is counted in."""
    told = []
    if focus.topic:
        told.append(f"{say['topic']} {session.topics().names[focus.topic - 1]}")
    if focus.term:
        told.append(f"“{focus.term}”")
    told += [f"{say.get(c, c)} = {'、'.join(map(str, v))}" for c, v in focus.group.items()]
    name = table.columns[1]
    number = f"{table[name].mean():.1%}" if name == "share" else f"{table[name].sum():,}"
    return say[f"evidence_{name}"].format(what=" · ".join(told), n=len(table), number=number)
