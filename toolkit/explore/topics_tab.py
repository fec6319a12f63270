"""The topics: how many, what makes them, where they stand, how sure they are."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pandas as pd

from toolkit.explore.decisions import METHODS, UNITS
from toolkit.explore.map import circles
from toolkit.explore.page import share_table
from toolkit.explore.parts import Actions, App, Tab, View, bars, button
from toolkit.explore.shown import excerpt, marked, marks_of, plain, shown
from toolkit.explore.worker import Progress
from toolkit.topics import Topics, relevant_terms
from toolkit.topics.resample import LEAST_DOCUMENTS

_MOST = 30  # topics that the slider goes to, unless more are given
_SIDE = 330  # pixels of the map
_TERMS, _PASSAGES, _LONGEST = 15, 5, 500
_OFFERED = ("nmf", "codebook")
_KNOWN = ("city", "region", "year", "kind", "doc_id")


class TopicsTab(Tab):
    """A map of the topics, and all about the chosen one."""

    def __init__(self, app: App) -> None:
        say, session = app.say, app.session
        narrow = {"description_width": "initial"}
        whole = session.corpus.unit == "document"
        self.unit = w.Dropdown(
            options=[(say[f"unit_{u}"], u) for u in UNITS],
            value=session.unit if whole else session.corpus.unit,
            description=say["unit"],
            disabled=not whole,
            layout=w.Layout(width="9rem"),
            style=narrow,
        )
        self.k = w.IntSlider(
            value=session.k, min=2, max=max(_MOST, session.k), description="k",
            continuous_update=False, style=narrow, layout=w.Layout(width="16rem"),
        )  # fmt: skip
        self.method = w.Dropdown(
            options=self._methods(say, session.fit["method"]),
            value=session.fit["method"],
            description=say["method"],
            layout=w.Layout(width="15rem"),
            style=narrow,
        )
        self.seed = w.BoundedIntText(
            value=session.fit["seed"], min=0, max=10**6, description=say["seed"],
            layout=w.Layout(width="7.5rem"), style=narrow,
        )  # fmt: skip
        self.relevance = w.FloatSlider(
            value=1.0, min=0, max=1, step=0.1, description=say["relevance"],
            continuous_update=False, readout_format=".1f", style=narrow,
        )  # fmt: skip
        self.map = w.Box().add_class("cgt-map")
        self._circles: list[w.Button] = []  # kept when there are fewer topics
        self.names = w.Select(rows=8, layout=w.Layout(width="auto"))
        self.label = w.Text(placeholder=say["label_tip"], layout=w.Layout(width="12rem"))
        self.give = button(say["label"], self._label)
        self.measure = button(say["stability"], self._measure, tip=say["stability_tip"])
        self.sure = w.HTML()
        self.look = w.ToggleButtons(
            options=[(say["look_words"], "words"), (say["look_share"], "share")],
            style={"button_width": "auto"},
        )
        units = session.corpus.units
        known = [c for c in _KNOWN if c in units and len(units[c].dropna().unique()) > 1]
        self.by = w.Dropdown(
            options=[(say[c], c) for c in known], description=say["by"],
            layout=w.Layout(width="12rem"), style=narrow,
        )  # fmt: skip
        self.words, self.passages = w.HTML(), w.HTML().add_class("cgt-passages")
        self.actions = Actions(app, "topics")
        top = [self.unit, self.k, self.method, self.seed]
        left = w.VBox(
            [
                self.map,
                self.names,
                w.HBox([self.label, self.give]),
                self.measure,
                self.sure,
            ]
        ).add_class("cgt-side")
        right = w.VBox(
            [
                w.HBox([self.look, self.relevance, self.by], layout=w.Layout(flex_flow="row wrap")),
                self.words,
                self.passages,
                self.actions,
            ]
        ).add_class("cgt-right")
        super().__init__(
            app,
            [
                w.HBox(top, layout=w.Layout(flex_flow="row wrap")),
                w.HBox([left, right]).add_class("cgt-split"),
            ],
        )
        self.measuring = app.work(self)  # other work in this tab does not end it
        self.workers.append(self.measuring)
        self._topics: Topics | None = None  # that are displayed
        self._named: tuple[str, int] | None = None
        for control in (self.k, self.method, self.seed):
            control.observe(self._refit, "value")
        self.unit.observe(self._split, "value")
        self.follow(self.names, self.relevance, self.look, self.by)

    @staticmethod
    def _methods(say: dict[str, str], own: str) -> list[tuple[str, str]]:
        """Return those to choose from: the quick ones, and that of topics that were given."""
        return [(say[f"method_{m}"], m) for m in METHODS if m in (*_OFFERED, own)]

    def compute(self, progress: Progress) -> dict[str, Any]:
        """Return the topics, the map, and all about the chosen topic."""
        session = self.app.session
        topics = session.topics()
        topic = min(self.names.value or 1, topics.k)
        found = {"topics": topics, "topic": topic, "lost": session.lost_labels()}
        found["map"] = session.remember(("map", topics.fingerprint), lambda: circles(topics))
        if self.look.value == "share" and self.by.value:
            return found | self._share(topics)
        params = {"relevance": self.relevance.value, "n": _TERMS}
        view = View(relevant_terms, topics, params)
        html = session.remember(
            ("quotes", topics.fingerprint, topic), lambda: quotes(topics, topic)
        )
        return found | {"view": view, "table": view.value(session), "passages": html}

    def _share(self, topics: Topics) -> dict[str, Any]:
        from toolkit.compare import topic_share
        from toolkit.figures import plot_topic_share

        by = self.by.value
        figure = View(plot_topic_share, topics, {"by": by, "lang": self.app.lang}, "ax")
        html = share_table(topics, by, self.app.lang)
        return {"view": View(topic_share, topics, {"by": by}), "figure": figure, "drawn": html}

    def display(self, found: dict[str, Any]) -> None:
        """Show them."""
        topics, topic, session = found["topics"], found["topic"], self.app.session
        if self._topics is not None and topics.fingerprint != self._topics.fingerprint:
            self.sure.value = ""  # it is of others
        self._topics = topics
        share = found["map"]["share"]
        names = [plain(name, 60) for name in topics.names]
        self.names.options = [(f"{name}  {share[i]:.0%}", i + 1) for i, name in enumerate(names)]
        self.put(self.names, topic)
        self.k.max = max(_MOST, topics.k)
        self.put(self.k, topics.k)
        self.put(self.seed, session.fit["seed"])
        self.method.options = self._methods(self.app.say, session.fit["method"])
        self.put(self.method, session.fit["method"])
        if not self.unit.disabled:
            self.put(self.unit, session.unit)
        named = (topics.recipe.fingerprint, topic)
        if named != self._named:  # else somebody may be writing a name just now
            self._named, self.label.value = named, topics.labels.get(topic, "")
        self._draw_map(names, topic, found["map"])
        figure = found.get("figure")
        if figure is not None:
            self.words.value, self.passages.value = "", found["drawn"]
        else:
            self.words.value = self._bars(found["table"], topic)
            self.passages.value = found["passages"]
            figure = self._figure(topics)
        self.relevance.layout.display = "none" if "drawn" in found else ""
        self.by.layout.display = "" if "drawn" in found else "none"
        self.actions.show(found["view"], figure)
        if found["lost"] and self.app.seen(self):
            self.app.tell(self.app.say["lost"].format(labels="、".join(found["lost"])))

    def _figure(self, topics: Topics) -> View:
        from toolkit.figures import plot_topic_terms

        return View(plot_topic_terms, topics, {"n": 10, "lang": self.app.lang}, "axes")

    def _bars(self, table: pd.DataFrame, topic: int) -> str:
        own = table[table["topic"] == topic]
        notes = [
            f"{100 * weight:.2f}% · ×{lift:.1f}"
            for weight, lift in own[["weight", "lift"]].itertuples(index=False, name=None)
        ]
        return bars(own["term"].tolist(), own["weight"].tolist(), notes)

    def _draw_map(self, names: list[str], topic: int, table: pd.DataFrame) -> None:
        """Place a round button for each topic; buttons are reached by the keyboard too."""
        for number in range(len(self._circles) + 1, len(names) + 1):
            self._circles.append(w.Button(description=str(number)))
            self._circles[-1].on_click(lambda _, number=number: self._go(number))
        circles = self._circles[: len(names)]
        rows = table[["topic", "x", "y", "radius"]].itertuples(index=False, name=None)
        for circle, name, (number, x, y, radius) in zip(circles, names, rows, strict=True):
            size = 2 * radius * _SIDE
            with circle.layout.hold_sync():
                circle.layout.left = f"{x * _SIDE - size / 2:.0f}px"
                circle.layout.top = f"{(1 - y) * _SIDE - size / 2:.0f}px"
                circle.layout.width = circle.layout.height = f"{size:.0f}px"
            circle.tooltip = name
            (circle.add_class if number == topic else circle.remove_class)("cgt-current")
        self.map.children = circles

    def _go(self, topic: int) -> None:
        self.names.value = topic

    def _refit(self, _: Any) -> None:
        if not self.quiet:
            values = {"k": self.k.value, "seed": self.seed.value, "method": self.method.value}
            self.app.decide(do="topics", **values)

    def _split(self, change: Any) -> None:
        if not self.quiet:
            self.app.decide(do="unit", unit=change["new"])

    def _label(self, _: Any) -> None:
        if self._topics is not None:
            label = self.label.value.strip()
            self.app.session.label(self._topics, self.names.value or 1, label)
            self.app.changed()

    def _measure(self, _: Any) -> None:
        session, say = self.app.session, self.app.say
        texts = 0 if self._topics is None else self._topics.units["doc_id"].nunique()
        if 0 < texts < LEAST_DOCUMENTS:
            note = say["few_texts"].format(n=texts, least=LEAST_DOCUMENTS)
            self.sure.value = f'<p class="note">{note}</p>'
            return
        self.app.in_loop(
            self.measuring.run,
            lambda progress: session.stability(progress=progress),
            self._sure,
            self.app.fail,
        )

    def _sure(self, table: pd.DataFrame) -> None:
        say = self.app.say
        rows = "".join(
            f"<tr><th>{r.topic}</th><td>{r.stability:.2f}</td><td>{r.low:.2f}–{r.high:.2f}</td>"
            f"<td>{r.null:.2f}</td><td>{'✓' if r.above else '—'}</td></tr>"
            for r in table.itertuples()
        )
        head = "".join(
            f"<th>{say[f's_{c}']}</th>" for c in ("topic", "mean", "range", "null", "above")
        )
        self.sure.value = f'<table class="cgt-small"><tr>{head}</tr>{rows}</table>'


def quotes(topics: Topics, topic: int) -> str:
    """Return the top passages of a topic as HTML, its words highlighted."""
    parts = []
    for row in topics._strongest(topic - 1, _PASSAGES):
        share = topics.doc_topic[row, topic - 1]
        text = str(topics.units["text"].iloc[row])
        marks = marks_of(topics, row, topic)
        start, end = excerpt(text, marks, _LONGEST)
        lead = "…" if start else ""
        parts.append(
            f"<blockquote><p>{lead}{marked(text, marks, start, end)}</p>"
            f"<footer>{shown(topics.units.index[row], 100)} · {share:.0%}</footer></blockquote>"
        )
    return "".join(parts)
