"""The topics: how many, what makes them, where they stand, how sure they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import pandas as pd

import toolkit.explore.parts as p
from toolkit.compare import topic_share
from toolkit.explore.decisions import METHODS, UNITS, Fit
from toolkit.explore.difference import difference
from toolkit.explore.focus import Focus
from toolkit.explore.labels import Labels
from toolkit.explore.map import TopicMap, circles
from toolkit.explore.page import bars, passages_of, quotes, share_table
from toolkit.explore.session import Session
from toolkit.explore.untrusted import visible
from toolkit.resample import LEAST_TEXTS
from toolkit.templates import filled
from toolkit.topics import Topics, relevant_terms

_MOST = 30  # topics that the slider goes to, unless more are given
_TERMS, _PASSAGES, _LONGEST = 15, 5, 500
_OFFERED = ("auto", "codebook")


def topics_panel(session: Session, say: Labels) -> p.Panel:
    """Return the panel: a map of the topics, and all about the chosen one."""
    fit, corpus = session.fit, session.corpus
    whole = corpus.unit == "document"
    named = [(say[f"unit_{unit}"], unit) for unit in UNITS]
    of_unit = {"options": named, "value": session.unit if whole else corpus.unit}
    of_method = {"options": _methods(say, fit.method), "value": fit.method}
    of_k = {"value": fit.k, "min": 2, "max": max(_MOST, fit.k), "continuous_update": False}
    of_seed = {"value": fit.seed, "min": 0, "max": 10**6}
    looks = [(say[f"look_{look}"], look) for look in ("words", "share", "beside")]
    relevance = {"min": 0.0, "max": 1.0, "step": 0.1, "value": 1.0, "readout_format": ".1f"}
    groups = [*p.groupings(corpus.units, say), (say["doc_id"], "doc_id")]
    above = [
        p.Control("unit", w.Dropdown, of_unit | {"disabled": not whole}, "9rem", act=split),
        p.Control("k", w.IntSlider, of_k, "16rem", act=refit),
        p.Control("method", w.Dropdown, of_method, "15rem", act=refit),
        p.Control("seed", w.BoundedIntText, of_seed, "7.5rem", act=refit),
    ]
    name = p.Control("name", w.Text, {"placeholder": say["name_tip"]}, "12rem", waits=True)
    left = [
        p.Look("map", "topic", widget=TopicMap),
        p.Control("topic", w.Select, {"rows": 8}),
        p.Row([name, p.Control("label", w.Button, act=label)]),
        p.Row(
            [
                p.Control("stability", w.Button, act=stability),
                p.Control("hold", w.Button, act=hold),
            ]
        ),
        "sure",
    ]
    right = [
        p.Row(
            [
                p.Control("look", w.ToggleButtons, {"options": looks}),
                p.Control("relevance", w.FloatSlider, relevance | {"continuous_update": False}, ""),
                p.Control("by", w.Dropdown, {"options": groups}, "12rem"),
            ]
        ),
        "words",
        "passages",
        p.Code("export", ["words", "passages"]),
    ]
    below = p.Row([p.Column(left, "cgt-side"), p.Column(right, "cgt-right")], "cgt-split")
    return p.Panel(topics, p.Column([p.Row(above), below]))


def _methods(say: Labels, own: str) -> list[tuple[str, str]]:
    """Return those to choose from: the quick ones, and that of topics that were given."""
    return [(say[f"method_{m}"], m) for m in METHODS if m in (*_OFFERED, own)]


def topics(
    session: Session,
    say: Labels,
    *,
    topic: int | None,
    look: str,
    relevance: float,
    by: str | None,
    **_: Any,
) -> Iterator[p.Block]:
    """Show the topics on a map, and all about the chosen one."""
    yield from session.prepare()
    found, fit = session.topics(), session.fit
    topic = min(topic or 1, found.k)
    placed = session.once("map", found.fingerprint, lambda: circles(found))
    placed = placed.assign(name=[visible(name, 60) for name in found.names])
    shares = zip(placed["name"], placed["share"], strict=True)
    listed = [(f"{name}  {share:.0%}", i) for i, (name, share) in enumerate(shares, 1)]
    yield p.Adjust("topic", {"options": listed, "value": topic})
    yield p.Table("map", None, placed, topic - 1, placed["topic"].tolist(), _of_topic)
    yield p.Adjust("k", {"max": max(_MOST, found.k), "value": found.k})
    yield p.Adjust("seed", {"value": fit.seed})
    yield p.Adjust("method", {"options": _methods(say, fit.method), "value": fit.method})
    if session.corpus.unit == "document":
        yield p.Adjust("unit", {"value": session.unit})
    about = (found.recipe.fingerprint, topic)
    yield p.Adjust("name", {"value": found.labels.get(topic, "")}, about)
    by_group = look == "share" and by is not None
    yield p.Adjust("relevance", {"visible": look == "words"})
    yield p.Adjust("by", {"visible": by_group})
    if by_group:
        yield _shares(found, str(by), say)
    elif look == "beside":
        yield from _beside(session, found, say)
    else:
        yield from _words(session, found, topic, relevance, say)
    if (measured := session.measured()) is not None:
        yield _sure(measured, say)
    if lost := session.lost_labels():
        yield say["lost"].format(labels="、".join(lost))


def _beside(session: Session, found: Topics, say: Labels) -> Iterator[p.Block]:
    """Show the state that is held beside the one that is seen."""
    if session.held is None:
        yield p.note("words", say["nothing_held"])
        return
    held = session.beside(session.held)
    other, named = difference(held, session), held.topics().names
    counts = {"passages": len(other.passages), "moved": len(other.moved), "a": held.topics().k}
    yield p.note("words", say["beside_note"].format(**counts, b=found.k))
    rows = [
        [
            named[row["topic_a"] - 1],
            "—" if pd.isna(row["topic_b"]) else found.names[row["topic_b"] - 1],
            float(row["agreement"]),
            row["only_b"],
            row["only_a"],
        ]
        for row in other.topics.to_dict("records")
    ]
    new = {*range(1, found.k + 1)} - {*other.topics["topic_b"].dropna()}
    rows += [["—", found.names[topic - 1], 0.0, "", ""] for topic in sorted(new)]
    head = [say[name] for name in ("state_a", "state_b", "agreement", "gained", "lost_words")]
    table = {"head": head, "rows": rows, "caption": "", "named": True, "visible": visible}
    yield p.Html("passages", filled("explore/table.html", **table))


def _of_topic(row: int) -> Focus:
    return Focus(topic=row + 1)


def _shares(found: Topics, by: str, say: Labels) -> p.Html:
    from toolkit.figures import plot_topic_share

    table = p.View(topic_share, found, {"by": by})
    figure = p.View(plot_topic_share, found, {"by": by, "lang": say.lang}, "ax")
    return p.Html("passages", share_table(found, by, say.lang), table, figure)


def _words(
    session: Session, found: Topics, topic: int, relevance: float, say: Labels
) -> Iterator[p.Block]:
    from toolkit.figures import plot_topic_terms

    view = p.View(relevant_terms, found, {"relevance": relevance, "n": _TERMS})
    table = view.value(session)
    figure = p.View(plot_topic_terms, found, {"n": 10, "lang": say.lang}, "axes")
    yield p.Html("words", bars(table[table["topic"] == topic], asks=True), view, figure)
    quoted = session.once(
        "passages", found.fingerprint, lambda: passages_of(found, _PASSAGES, _LONGEST)
    )
    yield p.Html("passages", quotes(quoted[quoted["topic"] == topic], asks=True))


def hold(session: Session, say: Labels, **_: Any) -> Iterator[p.Block]:
    """Hold the state that is seen: others are then seen beside it."""
    session.held = session.decisions
    yield say["held"]


def refit(session: Session, say: Labels, *, k: int, seed: int, method: str, **_: Any) -> None:
    """Decide on the number of topics, the seed and the method."""
    session.decide(Fit(k, seed, method).entry)


def split(session: Session, say: Labels, *, unit: str, **_: Any) -> None:
    """Decide what a passage is."""
    session.decide({"do": "unit", "unit": unit})


def label(session: Session, say: Labels, *, topic: int | None, name: str, **_: Any) -> None:
    """Name the chosen topic."""
    session.label(session.topics(), topic or 1, name.strip())


def stability(session: Session, say: Labels, **_: Any) -> Iterator[p.Block]:
    """Measure how sure the topics are, a fit at a time."""
    texts = session.topics().units["doc_id"].nunique()
    if texts < LEAST_TEXTS:
        yield p.note("sure", say["few_texts"].format(n=texts, least=LEAST_TEXTS))
        return
    yield from session.measure()
    if (measured := session.measured()) is not None:  # else they are others by now
        yield _sure(measured, say)


def _sure(table: pd.DataFrame, say: Labels) -> p.Html:
    return p.Html("sure", filled("explore/sure.html", say=say, rows=table.to_dict("records")))
