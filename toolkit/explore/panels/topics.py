"""The topics: how many, what makes them, where they stand, how sure they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import pandas as pd

from toolkit.compare import topic_share
from toolkit.explore.blocks import (
    Adjust,
    Block,
    Circles,
    Html,
    Note,
    Progress,
    Tell,
    View,
    groupings,
)
from toolkit.explore.controls import Code, Column, Control, Panel, Row
from toolkit.explore.decisions import METHODS, UNITS, Fit
from toolkit.explore.labels import labels
from toolkit.explore.map import circles
from toolkit.explore.page import bars, passages_of, quotes, share_table
from toolkit.explore.session import Session
from toolkit.explore.untrusted import escaped, visible
from toolkit.resample import LEAST_TEXTS
from toolkit.say import Language
from toolkit.topics import Topics, relevant_terms

_MOST = 30  # topics that the slider goes to, unless more are given
_TERMS, _PASSAGES, _LONGEST = 15, 5, 500
_OFFERED = ("nmf", "codebook")


def topics_panel(session: Session, lang: Language) -> Panel:
    """Return the panel: a map of the topics, and all about the chosen one."""
    say, fit, units = labels("application", lang), session.fit, session.corpus.units
    whole = session.corpus.unit == "document"
    passage = session.unit if whole else session.corpus.unit
    named = [(say[f"unit_{unit}"], unit) for unit in UNITS]
    groups = [*groupings(units, say), (say["doc_id"], "doc_id")]
    looks = [(say["look_words"], "words"), (say["look_share"], "share")]
    steps = {"min": 0.0, "max": 1.0, "step": 0.1, "value": 1.0, "readout_format": ".1f"}
    slider = {"value": fit.k, "min": 2, "max": max(_MOST, fit.k), "continuous_update": False}
    of_unit = {"options": named, "value": passage, "disabled": not whole}
    of_method = {"options": _methods(say, fit.method), "value": fit.method}
    of_seed = {"value": fit.seed, "min": 0, "max": 10**6}
    left = ["map", "topic", Row(["name", "label"]), "stability", "sure"]
    right = [Row(["look", "relevance", "by"]), "words", "passages"]
    right.append(Code("export", ["words", "passages"]))
    return Panel(
        topics,
        [
            Control("unit", w.Dropdown, of_unit, "9rem", say["unit"], act=split),
            Control("k", w.IntSlider, slider, "16rem", "k", act=refit),
            Control("method", w.Dropdown, of_method, "15rem", say["method"], act=refit),
            Control("seed", w.BoundedIntText, of_seed, "7.5rem", say["seed"], act=refit),
            Control("topic", w.Select, {"rows": 8}),
            Control("name", w.Text, {"placeholder": say["name_tip"]}, "12rem", waits=True),
            Control("look", w.ToggleButtons, {"options": looks}),
            Control(
                "relevance", w.FloatSlider, {**steps, "continuous_update": False}, "",
                say["relevance"],
            ),
            Control("by", w.Dropdown, {"options": groups}, "12rem", say["by"]),
        ],
        Column(
            [
                Row(["unit", "k", "method", "seed"]),
                Row(
                    [Column(left, "cgt-side"), Column(right, "cgt-right")], "cgt-split", flow="row"
                ),
            ]
        ),
        {"label": label, "stability": stability},
    )  # fmt: skip


def _methods(say: dict[str, str], own: str) -> list[tuple[str, str]]:
    """Return those to choose from: the quick ones, and that of topics that were given."""
    return [(say[f"method_{m}"], m) for m in METHODS if m in (*_OFFERED, own)]


def topics(
    session: Session,
    lang: Language,
    *,
    topic: int | None,
    look: str,
    relevance: float,
    by: str | None,
    **_: Any,
) -> Iterator[Block]:
    """Show the topics on a map, and all about the chosen one."""
    for done in session.prepare():
        yield Progress(*done)
    say, found, fit = labels("application", lang), session.topics(), session.fit
    topic = min(topic or 1, found.k)
    placed = session.remember(("map", found.fingerprint), lambda: circles(found))
    names = [visible(name, 60) for name in found.names]
    listed = [(f"{name}  {placed['share'][i]:.0%}", i + 1) for i, name in enumerate(names)]
    yield Adjust("topic", {"options": listed, "value": topic})
    yield Circles("map", placed, names, topic, "topic")
    yield Adjust("k", {"max": max(_MOST, found.k), "value": found.k})
    yield Adjust("seed", {"value": fit.seed})
    yield Adjust("method", {"options": _methods(say, fit.method), "value": fit.method})
    if session.corpus.unit == "document":
        yield Adjust("unit", {"value": session.unit})
    about = (found.recipe.fingerprint, topic)
    yield Adjust("name", {"value": found.labels.get(topic, "")}, about)
    by_group = look == "share" and by is not None
    yield Adjust("relevance", {"visible": not by_group})
    yield Adjust("by", {"visible": by_group})
    if by_group:
        yield _shares(found, str(by), lang)
    else:
        yield from _words(session, found, topic, relevance, lang)
    if (measured := session.measured()) is not None:
        yield Html("sure", _sure(measured, say))
    if lost := session.lost_labels():
        yield Tell(say["lost"].format(labels="、".join(lost)))


def _shares(found: Topics, by: str, lang: Language) -> Html:
    from toolkit.figures import plot_topic_share

    table = View(topic_share, found, {"by": by})
    figure = View(plot_topic_share, found, {"by": by, "lang": lang}, "ax")
    return Html("passages", share_table(found, by, lang), table, figure)


def _words(
    session: Session, found: Topics, topic: int, relevance: float, lang: Language
) -> Iterator[Block]:
    from toolkit.figures import plot_topic_terms

    view = View(relevant_terms, found, {"relevance": relevance, "n": _TERMS})
    table = view.value(session)
    drawn = bars(table[table["topic"] == topic])
    yield Html("words", drawn, view, View(plot_topic_terms, found, {"n": 10, "lang": lang}, "axes"))
    key = ("passages", found.fingerprint)
    quoted = session.remember(key, lambda: passages_of(found, _PASSAGES, _LONGEST))
    yield Html("passages", quotes(quoted[quoted["topic"] == topic]))


def refit(
    session: Session, lang: Language, *, k: int, seed: int, method: str, **_: Any
) -> Iterator[Block]:
    """Decide on the number of topics, the seed and the method."""
    session.decide(Fit(k, seed, method).entry)
    yield from ()


def split(session: Session, lang: Language, *, unit: str, **_: Any) -> Iterator[Block]:
    """Decide what a passage is."""
    session.decide({"do": "unit", "unit": unit})
    yield from ()


def label(
    session: Session, lang: Language, *, topic: int | None, name: str, **_: Any
) -> Iterator[Block]:
    """Name the chosen topic."""
    session.label(session.topics(), topic or 1, name.strip())
    yield from ()


def stability(session: Session, lang: Language, **_: Any) -> Iterator[Block]:
    """Measure how sure the topics are, a fit at a time."""
    say = labels("application", lang)
    texts = session.topics().units["doc_id"].nunique()
    if texts < LEAST_TEXTS:
        yield Note("sure", say["few_texts"].format(n=texts, least=LEAST_TEXTS))
        return
    for done, total in session.measure():
        yield Progress(done, total)
    if (measured := session.measured()) is not None:  # else they are others by now
        yield Html("sure", _sure(measured, say))


def _sure(table: pd.DataFrame, say: dict[str, str]) -> str:
    rows = "".join(
        f"<tr><th>{r.topic}</th><td>{r.stability:.2f}</td><td>{r.low:.2f}–{r.high:.2f}</td>"
        f"<td>{r.null:.2f}</td><td>{'✓' if r.above else '—'}</td></tr>"
        for r in table.itertuples()
    )
    columns = ("topic", "mean", "range", "null", "above")
    head = "".join(f"<th>{say[f's_{column}']}</th>" for column in columns)
    note = f'<p class="note">{escaped(say["s_note"])}</p>'
    return f'<table class="cgt-small"><tr>{head}</tr>{rows}</table>{note}'
