"""Figures of what goes on from one to the next: topics of periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.figures.canvas import canvas
from toolkit.figures.marks import label_ends, label_inside, plain
from toolkit.figures.plotting import Drawn, plot
from toolkit.figures.press.style import colours, tint
from toolkit.recipe import check_kind
from toolkit.say import Column, Language, Value, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.topics import TopicFlow

_BAR, _GAP = 0.05, 1.5  # half the width of a bar; % between two
_SIGNS = {"born": "+", "gone": "×"}


@plot("topic_flow", value="share")
def plot_topic_flow(
    flow: TopicFlow, *, lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw topics of each period as bars, and bands between those that go on: alluvial.

    The data are those of `toolkit.topics.TopicFlow.strata`, with the places of the bars in %
    (``bottom``, ``top``) and the ``chain`` of topics that each is of; its links are kept
    beside. Topics stand near those that they come from; where a bar has no band, its
    passages are of no topic alone before or after.

    Parameters
    ----------
    flow : TopicFlow
    """
    from toolkit.topics import TopicFlow

    check_kind(flow, TopicFlow, "plot_topic_flow")
    by, periods, links = str(flow.strata.columns[0]), [*flow.topics], flow.links
    data = _placed(flow, by)
    usual, event = colours().categories[:2]
    happens = data["before"].eq("born") | data["after"].eq("gone")
    bars = data.assign(colour=np.where(happens, event, usual)).set_index([by, "topic"])
    one = canvas(ax, columns=2, height=16 + 6.5 * data.groupby(by)["topic"].count().max())
    for band in _bands(links, bars):
        x = np.linspace(periods.index(band["from"]) + _BAR, periods.index(band["to"]) - _BAR, 40)
        t = np.linspace(0, 1, 40)
        bend = t * t * (3 - 2 * t)
        ends = [a + (b - a) * bend for a, b in zip(band["left"], band["right"], strict=True)]
        look: dict[str, Any] = {"facecolor": tint(usual, 0.3), "linewidth": 0}
        if not band["linked"]:
            look = {"facecolor": "none", "edgecolor": usual, "linestyle": "--", "linewidth": 0.5}
        one.fill_between(x, *ends, zorder=1, **look)
    for bar in bars.reset_index().to_dict("records"):
        at, height = periods.index(bar[by]), bar["top"] - bar["bottom"]
        one.bar(at, height, 2 * _BAR, bar["bottom"], color=bar["colour"], zorder=3)
        if height > 3:
            label_inside(one, at, bar["bottom"] + height / 2, bar["topic"])
    one.set_xlim(-_BAR, len(periods) - 1 + _BAR)
    one.set_ylim(0, data["top"].max())
    n_texts = data.drop_duplicates(by)["n_texts"]
    names = [plain(Value(by, period).said(lang)) for period in periods]
    heads = zip(names, n_texts, strict=True)
    below = [f"{name}\n{say('notes.texts', lang, n=n)}" for name, n in heads]
    one.set_xticks(range(len(periods)), below)
    one.tick_params(length=0)
    one.set_yticks([])
    one.spines[["left", "bottom"]].set_visible(False)
    sides: tuple[tuple[Literal["left", "right"], Any], ...]
    sides = (("left", periods[0]), ("right", periods[-1]))
    for side, period in sides:
        part = data[data[by] == period]
        called = [_called(bar) for bar in part.to_dict("records")]
        middles = (part["top"] + part["bottom"]) / 2
        inks = bars.loc[period, "colour"]
        ends = [(periods.index(period), y, ink) for y, ink in zip(middles, inks, strict=True)]
        label_ends(one, called, ends, side=side)
    fields = {"born": (data["before"] == "born").sum(), "gone": (data["after"] == "gone").sum()}
    return Drawn(one, data, {"by": Column(by)} | fields, beside={"links": links})


def _called(bar: dict[Any, Any]) -> str:
    """Return what a topic is called, with a sign if it is born or ends here."""
    signs = [_SIGNS[bar[side]] for side in ("before", "after") if bar[side] in _SIGNS]
    return " ".join([f"{bar['topic']} {bar['title']}", *signs])


def _placed(flow: TopicFlow, by: str) -> pd.DataFrame:
    """Return the strata with the places of their bars, the first period by size."""
    tables: list[pd.DataFrame] = []
    chains, n_chains = pd.Series(dtype=int), 0
    for period in flow.topics:
        part = flow.strata[flow.strata[by] == period].copy()
        into = flow.links[(flow.links["to"] == period) & flow.links["matched"]]
        known = into[into["similarity"] >= into["low"]].set_index("topic_b")["topic_a"]
        part["chain"] = part["topic"].map(known).map(chains)
        new = part["chain"].isna()
        part.loc[new, "chain"] = np.arange(n_chains, n_chains + new.sum())
        n_chains += int(new.sum())
        part = part.astype({"chain": int}).sort_values("chain", kind="stable")
        chains = part.set_index("topic")["chain"]
        heights = 100 * part["share"]
        below = heights[::-1].cumsum()[::-1] - heights
        part["bottom"] = below + _GAP * np.arange(len(part))[::-1]
        part["top"] = part["bottom"] + heights
        tables.append(part)
    return pd.concat(tables, ignore_index=True)


def _bands(links: pd.DataFrame, bars: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the links to draw, with where they leave and reach the bars, from the top down."""
    flow = links.assign(place=0.0)
    for side, ends in (("left", ["from", "topic_a"]), ("right", ["to", "topic_b"])):
        heights = (bars["top"] - bars["bottom"]).reindex(pd.MultiIndex.from_frame(links[ends]))
        whole = links.groupby([*ends, "to" if side == "left" else "from"])["flow"].transform("sum")
        flow[side] = heights.to_numpy() * links["flow"] / whole
    flow = flow[links["linked"] | (links["matched"] & (links["similarity"] >= links["low"]))]
    drawn, at = [], bars["top"].to_dict()
    for band in flow.to_dict("records"):
        a, b = (band["from"], band["topic_a"], "a"), (band["to"], band["topic_b"], "b")
        for side, key in (("left", a), ("right", b)):
            top = at.setdefault(key, at[key[:2]])
            at[key] = top - band[side]
            band[side] = (at[key], top)
        drawn.append(band)
    return drawn
