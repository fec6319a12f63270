"""The figure of a tree of topics: what finer cuts split."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.compare.lettering import shorten
from toolkit.figures.canvas import canvas
from toolkit.figures.marks import plain
from toolkit.figures.plotting import Drawn, plot
from toolkit.figures.press.style import MUTED, colours, fine_print, tint
from toolkit.recipe import check_kind
from toolkit.say import Language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.topics import KSelection

_CUTS = 4  # that are drawn if none are given: more leave no room for the terms
_LABEL = 16  # characters of a topic
_WIDEST, _THINNEST = 9, 0.6  # width in points of a line that holds all passages, and the least


@plot("topic_tree")
def plot_topic_tree(
    selection: KSelection,
    ks: Iterable[int] | None = None,
    *,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw which topic of a coarse cut becomes which of a finer one.

    The data are those of `toolkit.topics.KSelection.tree`, with the place of each topic (``x``,
    ``y``). A topic stands where its parts do, with three of its terms.

    Parameters
    ----------
    selection : KSelection
    ks : iterable of int, optional
        Cuts to draw; four of those suggested, from the first to the last, if not given.

    Examples
    --------
    >>> from toolkit import Corpus, choose_k, segment, tfidf
    >>> article = Corpus.sample().select(doc_id="beijing-2023").split("paragraph")
    >>> selection = choose_k(tfidf(segment(article), min_df=1), k_range=[2, 3])
    >>> ax = plot_topic_tree(selection)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['k = 2', 'k = 3']
    """
    from toolkit.topics import KSelection

    check_kind(selection, KSelection, "plot_topic_tree")
    if ks is None:
        usual = selection.suggested or selection.table["k"].tolist()
        chosen = np.linspace(0, len(usual) - 1, min(_CUTS, len(usual))).round().astype(int)
        ks = [usual[i] for i in chosen]
    data = _placed(selection.tree(ks))
    cuts = data["k"].unique().tolist()
    one = canvas(ax, columns=1 if len(cuts) < 3 else 2, height=10 + 5 * (1 + data["y"].max()))
    at = data.set_index(["k", "topic"])[["x", "y"]]
    families = data.groupby(["x", "parent"])["topic"].transform("count")
    t = np.linspace(0, 1, 40)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
    middle: Any = {"ha": "center", "va": "center"}
    for row, of in zip(data.to_dict("records"), families, strict=True):
        if row["x"]:
            x, y = at.loc[(cuts[int(row["x"]) - 1], row["parent"])]
            one.plot(
                x + t * (row["x"] - x),
                y + t * t * (3 - 2 * t) * (row["y"] - y),
                color=tint(*((colours().categories[0], 0.5) if of > 1 else (MUTED, 0.25))),
                linewidth=max(_WIDEST * row["passages"], _THINNEST),
                linestyle="-" if row["overlap"] >= 0.5 else "--",
                zorder=1,
            )
        name = shorten("·".join(row["terms"].split("、")[:3]), _LABEL)
        text = plain(f"{row['topic']} {name}")
        one.text(row["x"], row["y"], text, size=fine_print(), bbox=paper, zorder=3, **middle)
    one.set_xlim(-0.45, len(cuts) - 0.55)
    one.set_ylim(data["y"].max() + 0.7, -0.7)
    one.set_xticks(range(len(cuts)), [f"k = {k}" for k in cuts])
    one.tick_params(length=0, labeltop=True, labelbottom=False)
    one.set_yticks([])
    one.spines[:].set_visible(False)
    return Drawn(one, data, {"ks": ", ".join(map(str, cuts))})


def _placed(tree: pd.DataFrame) -> pd.DataFrame:
    """Return the tree with places: what splits no more takes a row, the others their middle."""
    cuts = tree["k"].unique().tolist()
    parts: dict[tuple[int, Any], list[tuple[int, Any]]] = {}
    for before, k in itertools.pairwise(cuts):
        for topic, parent in tree.loc[tree["k"] == k, ["topic", "parent"]].to_numpy().tolist():
            parts.setdefault((before, parent), []).append((k, topic))
    rows: dict[tuple[int, Any], float] = {}
    free = iter(range(len(tree)))

    def place(topic: tuple[int, Any]) -> float:
        below = [place(part) for part in parts.get(topic, [])]
        rows[topic] = float(np.mean(below)) if below else float(next(free))
        return rows[topic]

    for topic in tree.loc[tree["k"] == cuts[0], "topic"]:
        place((cuts[0], topic))
    y = [rows[key] for key in zip(tree["k"], tree["topic"], strict=True)]
    return tree.assign(x=tree["k"].map(cuts.index), y=y)
