"""Figures of words that go together: their network, their clusters, their themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.compare.clusters import WordClusters
from toolkit.compare.networks import QUADRANTS, WordNetwork
from toolkit.figures.canvas import canvas, settle
from toolkit.figures.maps import draw_dots, draw_network, line_widths, rims
from toolkit.figures.marks import label_points, label_rows, plain
from toolkit.figures.plotting import Drawn, plot
from toolkit.figures.press.style import FAINT, MUTED, colours, fine_print, in_force
from toolkit.recipe import check_kind
from toolkit.say import Language, Text, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FIRM = 0.7  # support from which a branch is dark


@plot("cooccurrence", value="weight")
def plot_cooccurrence(
    network: WordNetwork,
    *,
    edges: int = 60,
    seed: int = 0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw words that go together more than by chance, as a network.

    The data are the heaviest of `WordNetwork.edges`, a thicker line for a heavier one. The
    size of a word is the number of places that hold it, its colour and form its community;
    communities after the seventh are grey. Distances mean nothing exact. Words without a line
    are not drawn.

    Parameters
    ----------
    network : WordNetwork
        See `toolkit.compare.word_network`.
    edges : int
        Number of lines.

    Raises
    ------
    ValueError
        If no two words go together more than by chance.
    """
    check_kind(network, WordNetwork, "plot_cooccurrence")
    data = network.edges.head(edges)
    if data.empty:
        raise ValueError(
            "no two of these words go together more than by chance; take more words (n), or "
            "more texts"
        )
    nodes = network.nodes.loc[[*dict.fromkeys([*data["source"], *data["target"]])]]
    one = canvas(ax, columns=2, ratio=0.7)
    names, most = {word: plain(word) for word in nodes.index}, nodes["count"].max()
    areas = 8 + 90 * nodes["count"] / most
    groups = [*nodes["community"]]
    draw_network(one, data, names, weight="weight", areas=[*areas], seed=seed, groups=groups)
    _key(one, nodes["count"], data["weight"], network.measure, lang)
    fields = {"pairs": len(data), "all": len(network.edges), "measure": network.measure.title()}
    fields |= {"communities": nodes["community"].nunique(), "modularity": network.modularity}
    left = len(network.nodes) - len(nodes)
    notes = (
        [Text("plots.cooccurrence.alone", {"n": left, "all": len(network.nodes)})] if left else []
    )
    return Drawn(one, data, fields, notes, beside={"words": nodes.reset_index()})


@plot("dendrogram", value="support")
def plot_dendrogram(
    clusters: WordClusters, *, lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw how words are put together, and in how many resamples each cluster stands again.

    The data are those of `WordClusters.merges`. Beside a cluster stands its support in %;
    clusters with less than 70% are grey and dashed.

    Parameters
    ----------
    clusters : WordClusters
        See `toolkit.compare.cluster_words`.
    """
    from scipy.cluster.hierarchy import dendrogram

    check_kind(clusters, WordClusters, "plot_dendrogram")
    data, n = clusters.merges, len(clusters.terms)
    order = dendrogram(clusters.linkage, no_plot=True)["leaves"] or []
    one = canvas(ax, columns=1.5, height=16 + 3.8 * n)
    at = {leaf: (0.0, float(row)) for row, leaf in enumerate(order)}
    for step, (left, right) in enumerate(clusters.linkage[:, :2].astype(int).tolist()):
        height, support = data["height"].iloc[step], data["support"].iloc[step]
        (x1, y1), (x2, y2) = at[left], at[right]
        at[n + step] = (height, (y1 + y2) / 2)
        firm = not support < _FIRM
        ink = colours().categories[0] if firm else MUTED
        line: dict[str, Any] = {"color": ink, "linewidth": in_force().preset.line}
        line["linestyle"] = "-" if firm else (0, (4, 1.5))
        one.plot([x1, height, height, x2], [y1, y1, y2, y2], **line)
        if step < n - 2 and support >= 0.5:  # all words together are a cluster in any resample
            look: dict[str, Any] = {
                "size": fine_print(),
                "color": ink,
                "textcoords": "offset points",
                "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            }
            one.annotate(f"{support:.0%}", at[n + step], (-2, 0), ha="right", va="center", **look)
    label_rows(one, [plain(clusters.terms[leaf]) for leaf in order])
    one.set_xlim(0, data["height"].max() * 1.08)
    one.set_xlabel(f"1 − {clusters.measure.title()}")
    return Drawn(one, data, {"n": n, "measure": clusters.measure.title(), "boots": clusters.n_boot})


@plot("strategic_diagram", value="centrality")
def plot_strategic_diagram(
    network: WordNetwork, *, n: int = 3, lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw the communities of a network by centrality and density.

    The data are those of `WordNetwork.themes`; the lines are the medians, the size of a theme
    its number of words.

    Parameters
    ----------
    network : WordNetwork
        See `toolkit.compare.word_network`.
    n : int
        Words that name a theme.

    Raises
    ------
    ValueError
        If there are fewer than two communities.
    """
    check_kind(network, WordNetwork, "plot_strategic_diagram")
    data = network.themes(n=n)
    if len(data) < 2:
        raise ValueError(f"a diagram needs two communities or more; the network has {len(data)}")
    places, middle = data[["centrality", "density"]].to_numpy(), data.median(numeric_only=True)
    one = canvas(ax, columns=1.5, ratio=0.75)
    areas = 20 + 180 * data["words"].to_numpy() / data["words"].max()
    draw_dots(one, places, [*areas], [*data.index])
    one.axvline(middle["centrality"], color=FAINT, zorder=0)
    one.axhline(middle["density"], color=FAINT, zorder=0)
    one.margins(0.2)
    for name, (x, y) in zip(QUADRANTS, ((1, 1), (1, 0), (0, 1), (0, 0)), strict=True):
        told = say(f"plots.strategic_diagram.{name.split()[0]}", lang)
        place: dict[str, Any] = {"ha": "right" if x else "left", "va": "top" if y else "bottom"}
        ground = {"facecolor": "white", "linewidth": 0, "pad": 2}
        look: dict[str, Any] = {
            "transform": one.transAxes,
            "color": MUTED,
            "size": fine_print(),
            "bbox": ground,
        }
        one.text(0.02 + 0.96 * x, 0.02 + 0.96 * y, told, **look, **place)
    one.set_xlabel(say("plots.strategic_diagram.centrality", lang))
    one.set_ylabel(say("plots.strategic_diagram.density", lang))
    settle(one)
    clear = rims(one, places, areas)
    label_points(one, places, [plain(name) for name in data["name"]], clear_of=clear)
    return Drawn(one, data, {"n": len(data)}, beside={"words": network.nodes.reset_index()})


def _key(
    ax: Axes, counts: pd.Series[Any], weights: pd.Series[Any], measure: str, lang: Language
) -> None:
    """Say what sizes of dots and widths of lines stand for."""
    from matplotlib.lines import Line2D

    scale, most, marks = in_force().preset.scale, counts.max(), []
    for count in dict.fromkeys([int(counts.min()), int(counts.median()), int(most)]):
        across = np.sqrt(8 + 90 * count / most) * scale
        dot: dict[str, Any] = {"marker": "o", "linestyle": "", "color": MUTED, "markeredgewidth": 0}
        told = say("plots.cooccurrence.places", lang, n=f"{count:,}")
        marks.append(Line2D([], [], markersize=across, label=told, **dot))
    for weight in dict.fromkeys([weights.min(), weights.max()]):
        width = line_widths(weight, weights)
        told = f"{measure.title()} {weight:.2f}"
        marks.append(Line2D([], [], color=FAINT, linewidth=width, label=told))
    place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "ncols": len(marks)}
    ax.legend(handles=marks, fontsize=fine_print(), **place)
