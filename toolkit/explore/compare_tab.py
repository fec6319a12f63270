"""Two groups of texts side by side: words, shared passages, likeness."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

from toolkit.compare import keyness, profile_similarity, reuse
from toolkit.compare.groups import two_groups
from toolkit.explore.parts import Actions, App, Tab, View, options
from toolkit.explore.table import Table
from toolkit.explore.worker import Progress

_KNOWN = ("city", "year", "kind")
_KEY = ["term", "log_ratio", "count_target", "count_reference", "g2", "q"]
_SHARED = ["doc_a", "doc_b", "length", "similarity", "n_docs", "kind", "text_a", "text_b"]


class CompareTab(Tab):
    """Which words one group uses more, which passages both share, how alike they are."""

    def __init__(self, app: App) -> None:
        say, units = app.say, app.session.corpus.units
        known = [c for c in _KNOWN if c in units and len(units[c].dropna().unique()) > 1]
        self.groups = {
            side: {
                c: w.SelectMultiple(
                    options=options(units[c]),
                    rows=4,
                    layout=w.Layout(width="7.4rem"),
                    tooltip=say[c],
                )
                for c in known
            }
            for side in ("a", "b")
        }
        boxes = [
            w.VBox(
                [
                    w.HTML(f"<b>{say[f'group_{side}']}</b>"),
                    w.HBox([w.VBox([w.Label(say[c]), box]) for c, box in group.items()]),
                ]
            )
            for side, group in self.groups.items()
        ]
        self.look = w.ToggleButtons(
            options=[(say[f"look_{x}"], x) for x in ("keyness", "shared", "likeness")],
            style={"button_width": "auto"},
        )
        self.note = w.HTML()
        self.table = Table(say, 14)
        self.actions = Actions(app, "compare")
        side_by_side = w.HBox().add_class("cgt-split").add_class("cgt-wide")
        super().__init__(
            app,
            [
                w.HBox(boxes, layout=w.Layout(flex_flow="row wrap", grid_gap="2rem")),
                self.look,
                self.note,
                side_by_side,
                self.actions,
            ],
        )
        side_by_side.children = [
            self.table.add_class("cgt-left"),
            self.drawn.add_class("cgt-right"),
        ]
        controls = [box for group in self.groups.values() for box in group.values()]
        self.follow(self.look, *controls)

    def group(self, side: str) -> dict[str, list[Any]]:
        """Return what is chosen for a group."""
        return {c: [*box.value] for c, box in self.groups[side].items() if box.value}

    def compute(self, progress: Progress) -> dict[str, Any]:
        """Return the table, the figure and a note of what is looked at."""
        session = self.app.session
        target, reference = self.group("a"), self.group("b") or None
        if self.look.value == "likeness":
            return self._likeness(session.topics(), target, reference)
        if not target:
            return {"note": self.app.say["choose_group" if self.groups["a"] else "no_groups"]}
        params = {"target": target, "reference": reference}
        if self.look.value == "shared":
            return self._shared(params)
        from toolkit.figures import plot_keyness

        tokens = session.tokens()
        view = View(keyness, tokens, params)
        table = view.value(session)
        drawn = params | {"lang": self.app.lang}
        figure = View(plot_keyness, tokens, drawn, "ax")
        few = self.app.say["few"] if table["p"].isna().all() else ""
        seen = table[_KEY].assign(caution=cautions(table, self.app.say))
        seen = seen.dropna(axis="columns", how="all")
        return {"view": view, "table": seen, "figure": figure, "note": few}

    def _shared(self, groups: dict[str, Any]) -> dict[str, Any]:
        """Return the passages that a text of the one group shares with one of the other."""
        session = self.app.session
        texts = session.cleaned()
        view = View(reuse, texts, take="passages")
        passages = view.value(session)
        a, b = two_groups(texts.units, **groups)
        documents = texts.units["doc_id"].to_numpy()
        first, second = passages["doc_a"], passages["doc_b"]
        across = (first.isin(documents[a]) & second.isin(documents[b])) | (
            first.isin(documents[b]) & second.isin(documents[a])
        )
        note = self.app.say["shared_note"].format(n=int(across.sum()), all=len(passages))
        return {"view": view, "table": passages.loc[across, _SHARED], "note": note}

    def _likeness(self, topics: Any, target: Any, reference: Any) -> dict[str, Any]:
        from toolkit.compare import similarity_map
        from toolkit.figures import plot_similarity

        session, say = self.app.session, self.app.say
        by = next((c for c in ("city", "doc_id") if c in topics.units), "doc_id")
        note = say["likeness_note"]
        if target:
            a, b = two_groups(topics.units, target, reference)
            means = pd.DataFrame([topics.doc_topic[rows].mean(axis=0) for rows in (a, b)])
            alike = float(np.asarray(profile_similarity(means))[0, 1])
            note = say["alike"].format(alike=alike) + " " + note
        view = View(similarity_map, topics, {"by": by})
        figure = View(plot_similarity, topics, {"by": by, "lang": self.app.lang}, "ax")
        table = view.value(session).reset_index()
        return {"view": view, "table": table, "figure": figure, "note": note}

    def display(self, found: dict[str, Any]) -> None:
        """Show them."""
        self.note.value = f'<p class="note">{found["note"]}</p>'
        table = found.get("table")
        self.table.show(pd.DataFrame() if table is None else table)
        self.actions.show(found.get("view"), found.get("figure"))
        self.draw(found.get("figure"))


def cautions(table: pd.DataFrame, say: dict[str, str]) -> list[str]:
    """Say what must be borne in mind with words of `toolkit.keyness`."""
    notes = []
    for row in table.to_dict("records"):
        total = row["count_target" if row["log_ratio"] > 0 else "count_reference"]
        most = say["caution_most"].format(row["most_count"], total, row["most_of"])
        found = [most] if row["most_of"] else []
        found += [say[f"caution_{row['absent_in']}"]] if row["absent_in"] else []
        notes.append(say["caution_and"].join(found))
    return notes
