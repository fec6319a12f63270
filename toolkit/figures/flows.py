"""Figures of what goes on from one to the next: topics of periods, documents that cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.compare.lettering import shorten
from toolkit.figures.canvas import canvas, settle
from toolkit.figures.marks import label_ends, label_inside, label_points, plain
from toolkit.figures.plotting import Drawn, plot
from toolkit.figures.press.style import MUTED, colours, tint
from toolkit.recipe import check_kind
from toolkit.say import Column, Language, Text, Value, say
from toolkit.units import columns_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.compare import Citations
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


@plot("citations", value="cited_by")
def plot_citations(
    citations: Citations,
    *,
    by: str | None = None,
    n: int = 8,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw documents along the years, with a line from each to those that cite it.

    The data are those of `toolkit.compare.Citations.documents` that have a year, with their
    places ``x`` and ``y``; the edges are kept beside. Larger marks are cited by more. A dashed
    line is wording in common without a citation.

    Parameters
    ----------
    citations : Citations
    by : str, optional
        Column whose values lie in rows of their own, such as ``"level"`` or ``"issuer"``.
    n : int
        How many of the documents that are cited most have their title.

    Raises
    ------
    ValueError
        If no document has a year, or there is no such column.
    """
    from toolkit.compare import Citations

    check_kind(citations, Citations, "plot_citations")
    documents = citations.documents
    lane = [] if by is None else columns_of(documents, by)
    if "year" not in documents or documents["year"].isna().all():
        raise ValueError("documents stand along the years; none has a year")
    data = documents.dropna(subset=["year", *lane]).copy()
    rows = data[by].unique().tolist() if lane else [""]
    data["x"], data["y"] = data["year"].astype(float), 0.0
    places = data.groupby(["year", *lane], sort=False).cumcount()
    most = places.groupby(data["year"]).transform("max").clip(lower=1)
    own = np.array([rows.index(v) for v in data[by]]) if lane else np.zeros(len(data))
    data["y"] = own + 0.7 * (places / np.maximum(most, places.max() or 1)).to_numpy()
    one = canvas(ax, columns=2, height=24 + 16 * len(rows))
    known = citations.edges[citations.edges[["doc_id", "cited"]].isin(data.index).all(axis=1)]
    struck = [data[["x", "y"]].to_numpy()]
    for edge in known.to_dict("records"):
        (x, y), (u, v) = data.loc[[edge["cited"], edge["doc_id"]], ["x", "y"]].to_numpy()
        t = np.linspace(0, 1, 30)
        bend = 0.12 * np.sin(np.pi * t)
        look = {"linestyle": "-" if edge["mentions"] else (0, (3, 2)), "linewidth": 0.6}
        struck.append(np.column_stack([x + (u - x) * t, y + (v - y) * t - bend]))
        one.plot(*struck[-1].T, color=MUTED, zorder=1, **look)
    sizes = 14 + 26 * np.sqrt(data["cited_by"])
    one.scatter(data["x"], data["y"], sizes, colours().categories[0], linewidths=0, zorder=2)
    one.set_yticks(range(len(rows)), [plain(Value(str(by), row).said(lang)) for row in rows])
    one.set_ylim(data["y"].max() + 0.3, -0.45)
    one.tick_params(axis="y", length=0)
    one.spines["left"].set_visible(False)
    one.margins(x=0.08)
    one.xaxis.get_major_locator().set_params(integer=True)
    one.set_xlabel(Column("year").said(lang))
    named = data[data["cited_by"] > 0].nlargest(n, "cited_by")
    titles = named.get("title", pd.Series(named.index, named.index)).fillna("")
    settle(one)
    label_points(
        one,
        named[["x", "y"]].to_numpy(),
        [shorten(t, 36) for t in titles],
        clear_of=np.concatenate(struck),
    )
    fields = {"n": len(data), "edges": (known["mentions"] > 0).sum()}
    left = len(documents) - len(data)
    notes = [Text("plots.citations.left", {"n": left})] if left else []
    return Drawn(one, data, fields, notes, beside={"edges": known})


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
