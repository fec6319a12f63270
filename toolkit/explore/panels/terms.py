"""The terms: what weighs, where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import partial
from typing import Any, get_args

import ipywidgets as w
import pandas as pd

import toolkit.explore.parts as p
from toolkit.compare import concordance, dispersion
from toolkit.explore.decisions import OF_TERMS, Entry
from toolkit.explore.difference import difference
from toolkit.explore.focus import Focus, Order, kwic
from toolkit.explore.labels import Labels
from toolkit.explore.session import Session
from toolkit.explore.untrusted import escaped, visible
from toolkit.matrix import term_weights
from toolkit.say import Language
from toolkit.segmentation import Tokens

_MOST, _OF_EACH = 400, 60  # terms of the table, and of each group
_LINE = ("left", "match", "right", "title", "year")


def terms_panel(session: Session, say: Labels) -> p.Panel:
    """Return the panel: terms by weight; the chosen one in context; decisions on it."""
    groups = [(say["all_texts"], None), *p.groupings(session.corpus.units, say)]
    plots = [(say[name], name) for name in ("trend", "dispersion")]
    decisive = [p.Control(do, w.Button, act=partial(decide, do)) for do in OF_TERMS]
    orders = [(say[f"order_{order}"], order) for order in get_args(Order)]
    left = [
        p.Control("by", w.Dropdown, {"options": groups}, ""),
        p.Look("terms", "term"),
        p.Code("export", ["terms"]),
    ]
    right = [
        p.Row(
            [
                p.Control("term", w.Combobox, {"ensure_option": False}, "13rem"),
                p.Control("other", w.Text, {"placeholder": say["other_tip"]}, "19rem", waits=True),
                *decisive,
                p.Control("preview", w.Checkbox, {"indent": False}, "auto", waits=True),
            ]
        ),
        "plan",
        "effect",
        p.Control("order", w.Dropdown, {"options": orders}, "12rem"),
        p.Look("context", traits={"rows": 9, "widths": ("36%", "10%", "36%")}),
    ]
    parts = [
        p.Row([p.Column(left, "cgt-left"), p.Column(right, "cgt-right")], "cgt-split"),
        p.Control("figure", w.ToggleButtons, {"options": plots}),
        "spread",
        "drawn",
        p.Code("export_term", ["context", "drawn"]),
    ]
    return p.Panel(terms, p.Column(parts))


def terms(
    session: Session,
    say: Labels,
    *,
    by: str | None,
    term: str,
    order: Order,
    figure: str,
    **_: Any,
) -> Iterator[p.Block]:
    """Show the table of terms, and all about the chosen one."""
    session.previewed = None
    yield from session.prepare()
    weights, tokens = _weights(session, by), session.tokens()
    table = weights.value(session)
    listed = table["term"].tolist()
    term = term.strip() or listed[0]
    if (effect := session.effect()) is not None:  # first, as the browser is long over a table
        yield p.Html("effect", _effect(effect, say))
    offered = [visible(t, 60) for t in dict.fromkeys(listed)]
    yield p.Adjust("term", {"options": offered, "value": term})
    yield from _about(session, say, tokens, term, order)
    chosen = listed.index(term) if term in listed else None

    def focus(row: int) -> Focus:
        return Focus(term=listed[row], group={} if by is None else {by: [table["group"].iloc[row]]})

    yield p.Table("terms", weights, table, chosen, listed, focus)
    if term in set(tokens.vocabulary) and (view := _plot(tokens, term, figure, by, say.lang)):
        yield p.figure("drawn", view, session, say.lang)


def _weights(session: Session, by: str | None) -> p.View:
    params = {"n": _MOST} if by is None else {"by": by, "n": _OF_EACH}
    return p.View(term_weights, session.matrix(), params)


def _about(
    session: Session, say: Labels, tokens: Tokens, term: str, order: Order
) -> Iterator[p.Block]:
    """Show a term in context, and its spread."""
    whole = term in set(tokens.vocabulary)
    view = p.View(concordance, session.passages(), {"pattern": term})
    if whole:
        view = p.View(kwic, tokens, {"term": term, "order": order})
    try:
        lines = view.value(session)
    except ValueError:
        yield p.Table("context", None, pd.DataFrame({say["concordance"]: [say["no_line"]]}))
        return

    def focus(row: int) -> Focus:
        line = lines.iloc[row]
        return Focus(line["unit_id"], (int(line["start"]), int(line["end"])), term)

    yield p.Table("context", view, lines[_line(lines)], focus=focus)
    if whole and len(tokens.units["doc_id"].unique()) > 1:
        row = p.View(dispersion, tokens, {"terms": [term]}).value(session).iloc[0]
        told = say["spread"].format(count=row["count"], range=row["range"], dp=row["dp"])
        yield p.note("spread", told)


def _line(lines: pd.DataFrame) -> list[str]:
    """Return what is shown of a line: it in its context, and a source that people know."""
    return [c for c in _LINE if c in lines] + ([] if "title" in lines else ["unit_id"])


def _plot(tokens: Tokens, term: str, look: str, by: str | None, lang: Language) -> p.View | None:
    from toolkit.figures import plot_dispersion, plot_trend

    params: dict[str, Any] = {"terms": [term], "lang": lang}
    if look == "dispersion":
        return p.View(plot_dispersion, tokens, params, "ax")
    known = p.columns(tokens.units)
    by = next((c for c in (by, "year", "kind", "region", *known) if c in known), None)
    return None if by is None else p.View(plot_trend, tokens, params | {"by": by}, "ax")


def _effect(changed: pd.DataFrame, say: Labels) -> str:
    rows = "、".join(
        f"<bdi>{escaped(word, 30)}</bdi> {before}→{after}"
        for word, before, after in changed.head(12).itertuples(name=None)
    )
    return f'<p class="note">{say["effect"].format(n=len(changed))} {rows}</p>'


def _plan(do: str, session: Session, say: Labels, entry: Entry) -> str:
    """Say what a decision would change, before it is taken."""
    found = difference(session, session.beside(session.decisions.add(entry)))
    names = session.topics().names
    topics = "、".join(names[topic - 1] for topic in found.changed) or "—"
    told = {"passages": len(found.passages), "moved": len(found.moved)}
    count = {"n": len(found.changed), "topics": topics}
    return say["plan"].format(do=f"{say[do]} “{entry['term']}”", **told, **count)


def decide(
    do: str,
    session: Session,
    say: Labels,
    *,
    by: str | None,
    term: str,
    other: str,
    preview: bool,
    **_: Any,
) -> Iterator[p.Block]:
    """Decide on the term, and go on to the one to look at then; first tell what it changes."""
    term, other = term.strip(), other.strip()
    if do in ("merge", "split") and not other:
        raise ValueError(say["other_missing"].format(tip=say["other_tip"]))
    known = set(session.tokens().vocabulary) if do == "merge" else {other}
    if other not in known:
        near = "、".join(get_close_matches(other, sorted(known), cutoff=0.4)) or "—"
        raise ValueError(say["merge_unknown"].format(word=other, near=near, accept=say["accept"]))
    entry: Entry = {"do": do, "term": term}
    then = term
    if do == "merge":
        entry, then = {**entry, "into": other}, other
    elif do == "split":
        entry, then = {**entry, "parts": other.split()}, other.split()[0]
    elif do == "stop":
        listed = _weights(session, by).value(session)["term"].tolist()
        if term in listed[:-1]:  # the next one, as this one will be gone
            then = listed[listed.index(term) + 1]
    if preview and session.previewed != entry:
        session.previewed = entry
        yield p.note("plan", _plan(do, session, say, entry))
        return
    session.previewed = None
    session.decide(entry)
    yield p.Adjust("term", {"value": then})
    yield p.Adjust("other", {"value": ""})  # else the next word would follow this one
