"""The terms: what weighs, where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets as w
import pandas as pd

from toolkit.compare import concordance, dispersion
from toolkit.explore.blocks import (
    Adjust,
    Block,
    Figure,
    Html,
    Note,
    Progress,
    Table,
    View,
    columns,
    groupings,
)
from toolkit.explore.controls import Code, Column, Control, Look, Panel, Row
from toolkit.explore.decisions import Entry
from toolkit.explore.labels import labels
from toolkit.explore.session import Session
from toolkit.explore.untrusted import escaped, visible
from toolkit.matrix import term_weights
from toolkit.say import Language
from toolkit.segmentation import Tokens

_MOST, _OF_EACH = 400, 60  # terms of the table, and of each group
_LINE = ["left", "match", "right", "unit_id"]


def terms_panel(session: Session, lang: Language) -> Panel:
    """Return the panel: terms by weight; the chosen one in context; decisions on it."""
    say = labels("application", lang)
    groups = groupings(session.corpus.units, say)
    figures = [(say[name], name) for name in ("trend", "dispersion")]
    decide = {name: _decides(name) for name in ("accept", "stop", "merge", "split")}
    other = Control("other", w.Text, {"placeholder": say["other_tip"]}, "19rem", waits=True)
    left = ["by", Look("terms", sets="term"), Code("export", ["terms"])]
    right = [
        Row(["term", "other", *decide]), "effect", Look("context", 7, ("36%", "10%", "36%")),
    ]  # fmt: skip
    split = Row([Column(left, "cgt-left"), Column(right, "cgt-right")], "cgt-split", flow="row")
    return Panel(
        terms,
        [
            Control(
                "by", w.Dropdown, {"options": [(say["all_texts"], None), *groups]}, "", say["by"]
            ),
            Control("term", w.Combobox, {"ensure_option": False}, "13rem", say["term"]),
            other,
            Control("figure", w.ToggleButtons, {"options": figures}),
        ],
        Column([split, "figure", "spread", "drawn", Code("export_term", ["context", "drawn"])]),
        decide,
    )


def terms(
    session: Session, lang: Language, *, by: str | None, term: str, other: str, figure: str
) -> Iterator[Block]:
    """Show the table of terms, and all about the chosen one."""
    for done in session.prepare():
        yield Progress(*done)
    view = _weights(session, by)
    table, tokens = view.value(session), session.tokens()
    listed = table["term"].tolist()
    term = term.strip() or listed[0]
    if (effect := session.effect()) is not None:  # first, as the browser is long over a table
        yield Html("effect", _effect(effect, labels("application", lang)))
    offered = [visible(t, 60) for t in dict.fromkeys(listed)]
    yield Adjust("term", {"options": offered, "value": term})
    yield from _about(session, lang, tokens, term, figure)
    row = listed.index(term) if term in listed else None
    yield Table("terms", view, table, row, listed)
    if term in set(tokens.vocabulary) and (drawn := _figure(tokens, term, figure, lang)):
        yield Figure("drawn", drawn)


def _weights(session: Session, by: str | None) -> View:
    params = {"n": _MOST} if by is None else {"by": by, "n": _OF_EACH}
    return View(term_weights, session.matrix(), params)


def _about(
    session: Session, lang: Language, tokens: Tokens, term: str, figure: str
) -> Iterator[Block]:
    """Show a term in context, and its spread."""
    say, whole = labels("application", lang), term in set(tokens.vocabulary)
    source = tokens if whole else session.passages()
    view = View(concordance, source, {"pattern": term, "window": 8 if whole else 20})
    try:
        lines = view.value(session)
    except ValueError:
        yield Table("context", None, pd.DataFrame({say["concordance"]: [say["no_line"]]}))
        return
    yield Table("context", view, lines[_LINE])
    if whole and len(tokens.units["doc_id"].unique()) > 1:
        row = View(dispersion, tokens, {"terms": [term]}).value(session).iloc[0]
        told = say["spread"].format(count=row["count"], range=row["range"], dp=row["dp"])
        yield Note("spread", told)


def _figure(tokens: Tokens, term: str, figure: str, lang: Language) -> View | None:
    from toolkit.figures import plot_dispersion, plot_trend

    if figure == "dispersion":
        return View(plot_dispersion, tokens, {"terms": [term], "lang": lang}, "ax")
    by = next((c for c in ("year", "kind", "region") if c in columns(tokens.units)), None)
    params = {"terms": [term], "by": by, "lang": lang}
    return None if by is None else View(plot_trend, tokens, params, "ax")


def _effect(changed: pd.DataFrame, say: dict[str, str]) -> str:
    rows = "、".join(
        f"<bdi>{escaped(word, 30)}</bdi> {before}→{after}"
        for word, before, after in changed.head(12).itertuples(name=None)
    )
    return f'<p class="note">{say["effect"].format(n=len(changed))} {rows}</p>'


def _decides(do: str) -> Callable[..., Iterator[Block]]:
    def decide(
        session: Session, lang: Language, *, by: str | None, term: str, other: str, **_: Any
    ) -> Iterator[Block]:
        """Decide on the term, and go on to the one to look at then."""
        say, term, other, then = labels("application", lang), term.strip(), other.strip(), term
        if do in ("merge", "split") and not other:
            raise ValueError(say["other_missing"].format(tip=say["other_tip"]))
        entry: Entry = {"do": do, "term": term}
        if do == "merge":
            entry, then = {**entry, "into": other}, other
        elif do == "split":
            entry, then = {**entry, "parts": other.split()}, other.split()[0]
        elif do == "stop":
            listed = _weights(session, by).value(session)["term"].tolist()
            if term in listed[:-1]:  # the next one, as this one will be gone
                then = listed[listed.index(term) + 1]
        session.decide(entry)
        yield Adjust("term", {"value": then})

    return decide
