"""The terms: what weighs, where it stands, and what to do about it."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pandas as pd

from toolkit.compare import concordance, dispersion
from toolkit.explore.parts import Actions, App, Tab, View, button
from toolkit.explore.shown import plain, shown
from toolkit.explore.table import Table
from toolkit.explore.worker import Progress
from toolkit.matrix import term_weights
from toolkit.segmentation import Tokens

_MOST, _OF_EACH = 400, 60  # terms of the table, and of each group
_KNOWN = ("city", "region", "year", "kind")
_FIGURES = ("trend", "dispersion")


class TermsTab(Tab):
    """Terms by weight; the chosen one in context; decisions on it."""

    def __init__(self, app: App) -> None:
        say, units = app.say, app.session.corpus.units
        known = [c for c in _KNOWN if c in units and len(units[c].dropna().unique()) > 1]
        self.by = w.Dropdown(
            options=[(say["all_texts"], None), *((say[c], c) for c in known)],
            description=say["by"],
            style={"description_width": "initial"},
        )
        self.table = Table(say, 14, chosen=self._picked)
        self.term = w.Combobox(
            description=say["term"],
            ensure_option=False,
            continuous_update=False,
            layout=w.Layout(width="13rem"),
            style={"description_width": "initial"},
        )
        self.other = w.Text(placeholder=say["other_tip"], layout=w.Layout(width="19rem"))
        decide = [
            button(say[do], self._decide(do), tip=say[f"{do}_tip"])
            for do in ("accept", "stop", "merge", "split")
        ]
        self.effect = w.HTML()
        self.context = Table(say, 7, widths=["36%", "10%", "36%"])
        self.figure = w.ToggleButtons(
            options=[(say[f], f) for f in _FIGURES], style={"button_width": "auto"}
        )
        self.spread = w.HTML()
        self.actions, self.of_term = Actions(app, "terms"), Actions(app, "term")
        left = w.VBox([self.by, self.table, self.actions]).add_class("cgt-left")
        right = w.VBox().add_class("cgt-right")
        below = w.VBox(layout=w.Layout(margin="1rem 0 0"))
        super().__init__(app, [w.HBox([left, right]).add_class("cgt-split"), below])
        right.children = [
            w.HBox([self.term, self.other, *decide], layout=w.Layout(flex_flow="row wrap")),
            self.effect,
            self.context,
        ]
        below.children = [self.figure, self.spread, self.drawn, self.of_term]
        self._rows: list[str] = []
        self._before: Tokens | None = None
        self.follow(self.by, self.term, self.figure)

    def compute(self, progress: Progress) -> dict[str, Any]:
        """Return the table of terms, and all about the chosen one."""
        session = self.app.session
        matrix, tokens = session.matrix(), session.tokens()
        by = self.by.value
        params = {"n": _MOST} if by is None else {"by": by, "n": _OF_EACH}
        view = View(term_weights, matrix, params)
        table = view.value(session)
        term = self.term.value.strip() or str(table["term"].iloc[0])
        found = {"view": view, "table": table, "term": term, "tokens": tokens}
        return found | {"effect": self._effect(tokens)} | self._about(tokens, term)

    def _about(self, tokens: Tokens, term: str) -> dict[str, Any]:
        """Return the concordance of a term, its spread, and a figure of it."""
        session = self.app.session
        whole = term in set(tokens.vocabulary)
        source = tokens if whole else session.passages()
        view = View(concordance, source, {"pattern": term, "window": 8 if whole else 20})
        try:
            lines = view.value(session)
        except ValueError:
            return {"lines": None, "of_term": None, "figure": None, "spread": None}
        if not whole:
            return {"lines": lines, "of_term": view, "figure": None, "spread": None}
        figure = self._figure(tokens, term)
        several = len(tokens.units["doc_id"].unique()) > 1
        spread = session.call(dispersion, tokens, terms=[term]) if several else None
        return {"lines": lines, "of_term": view, "figure": figure, "spread": spread}

    def _figure(self, tokens: Tokens, term: str) -> View | None:
        from toolkit.figures import plot_dispersion, plot_trend

        if self.figure.value == "dispersion":
            return View(plot_dispersion, tokens, {"terms": [term], "lang": self.app.lang}, "ax")
        by = next((c for c in ("year", "kind", "region") if self._several(tokens, c)), None)
        if by is None:
            return None
        params = {"terms": [term], "by": by, "lang": self.app.lang}
        return View(plot_trend, tokens, params, "ax")

    @staticmethod
    def _several(tokens: Tokens, column: str) -> bool:
        return column in tokens.units and len(tokens.units[column].dropna().unique()) > 1

    def _effect(self, tokens: Tokens) -> pd.DataFrame | None:
        """Return which words occur more or less often than before the last decision."""
        if self._before is None or self._before.fingerprint == tokens.fingerprint:
            return None
        before, after = self._before.frequencies, tokens.frequencies
        both = pd.DataFrame({"before": before, "after": after}).fillna(0).astype(int)
        changed = both[both["before"] != both["after"]]
        order = (changed["after"] - changed["before"]).abs().sort_values(ascending=False)
        return changed.loc[order.index]

    def display(self, found: dict[str, Any]) -> None:
        """Show them."""
        table, term, say = found["table"], found["term"], self.app.say
        if found["effect"] is not None:  # first, as the browser is long over a table
            self.effect.value = self._changes(found["effect"])
        self._before = found["tokens"]
        self._rows = table["term"].tolist()
        self.term.options = [plain(t, 60) for t in dict.fromkeys(self._rows)]
        self.put(self.term, term)
        lines = found["lines"]
        if lines is None:
            self.context.show(pd.DataFrame({say["concordance"]: [say["no_line"]]}))
        else:
            self.context.show(lines[["left", "match", "right", "unit_id"]])
        self.spread.value = self._spread(found["spread"])
        self.table.show(table, self._rows.index(term) if term in self._rows else None)
        self.actions.show(found["view"])
        self.of_term.show(found["of_term"], found["figure"])
        self.draw(found["figure"])

    def _spread(self, table: pd.DataFrame | None) -> str:
        if table is None:
            return ""
        row = table.iloc[0]
        told = self.app.say["spread"].format(count=row["count"], range=row["range"], dp=row["dp"])
        return f'<p class="note">{told}</p>'

    def _changes(self, table: pd.DataFrame) -> str:
        rows = "、".join(
            f"<bdi>{shown(word, 30)}</bdi> {before}→{after}"
            for word, before, after in table.head(12).itertuples(name=None)
        )
        return f'<p class="note">{self.app.say["effect"].format(n=len(table))} {rows}</p>'

    def _picked(self, row: int) -> None:
        self.term.value = self._rows[row]

    def _next(self, do: str, term: str, other: str) -> str:
        """Return the term to look at after a decision, as the last one may be gone."""
        if do == "stop" and term in self._rows[:-1]:
            return self._rows[self._rows.index(term) + 1]
        return other.split()[0] if do in ("merge", "split") else term

    def _decide(self, do: str) -> Any:
        def clicked(_: Any) -> None:
            say, term, other = self.app.say, self.term.value.strip(), self.other.value.strip()
            if do in ("merge", "split") and not other:
                self.app.fail(ValueError(say["other_missing"].format(tip=say["other_tip"])))
                return
            more: dict[str, Any] = {}
            if do == "merge":
                more = {"into": other}
            elif do == "split":
                more = {"parts": other.split()}
            then = self._next(do, term, other)
            if self.app.decide(do=do, term=term, **more):
                self.term.value = then

        return clicked
