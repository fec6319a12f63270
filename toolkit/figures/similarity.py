"""Which groups are alike: on a map, and as a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toolkit.compare.maps import similarity_map, similarity_network
from toolkit.figures.canvas import canvas
from toolkit.figures.labels import label_points
from toolkit.figures.marks import draw_network, frame_map
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.presets import Columns
from toolkit.figures.press.style import FAINT, colours
from toolkit.say import Column, Language, Text, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix
    from toolkit.topics import Topics


@plot("similarity", value="similarity")
def plot_similarity(
    value: TermMatrix | Topics, *, by: str = "doc_id", lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw a map on which texts or groups that are alike lie close together.

    The data are those of `toolkit.compare.similarity_map`. A grey line joins each group to the one
    most similar to it, whatever the map makes of it. Of very many groups, those are named
    whose name finds room; the caption tells how many are not.

    Parameters
    ----------
    value : TermMatrix or Topics

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> ax = plot_similarity(matrix)
    >>> sorted(text.get_text() for text in ax.texts)
    ['a', 'b', 'c']
    """
    from matplotlib.collections import LineCollection

    data = similarity_map(value, by=by)
    letters = sum(len(str(group)) for group in data.index)
    columns: Columns = 2 if letters > 150 else 1.5 if letters > 40 else 1
    ratio = 0.8 if columns == 1 else 0.65
    one = canvas(ax, columns=columns, ratio=ratio + 0.05)
    places = data[["x", "y"]].to_numpy()
    nearest = data.loc[data["nearest"], ["x", "y"]].to_numpy()
    lines = [*np.stack([places, nearest], axis=1)]
    one.add_collection(LineCollection(lines, colors=FAINT, linewidths=0.7, zorder=1))
    x, y = places.T
    one.scatter(x, y, 12, color=colours().categories[0], linewidth=0, zorder=2)
    stress = {"stress": data.attrs["stress"]}
    note = say("plots.similarity.note", lang, **stress)
    frame_map(one, places, ratio=ratio, room=1.15, note=note)
    unnamed = label_points(one, places, group_labels(value.units, by, data.index, lang))
    notes = [Text("notes.unnamed", {"n": unnamed, "all": len(data)})] if unnamed else []
    return Drawn(one, data, stress | {"by": Column(by)}, notes, groups=data.index)


@plot("similarity_network", value="similarity")
def plot_similarity_network(
    value: TermMatrix | Topics,
    *,
    by: str = "city",
    neighbours: int = 2,
    seed: int = 0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw each group with lines to the groups most like it: thicker is more alike.

    The data are those of `toolkit.compare.similarity_network`. Distances mean nothing exact: for
    those see `plot_similarity`.

    Parameters
    ----------
    value : TermMatrix or Topics
    neighbours : int
        How many of the most similar groups each is joined to.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> ax = plot_similarity_network(matrix, by="doc_id", neighbours=1)
    >>> sorted(text.get_text() for text in ax.texts)
    ['a', 'b', 'c']
    """
    data = similarity_network(value, by=by, neighbours=neighbours)
    groups = [*dict.fromkeys([*data["source"], *data["target"]])]
    nodes = dict(zip(groups, group_labels(value.units, by, groups, lang), strict=True))
    one = canvas(ax, columns=1.5, ratio=0.7)
    draw_network(one, data, nodes, weight="similarity", areas=[20.0] * len(nodes), seed=seed)
    return Drawn(one, data, {"by": Column(by), "neighbours": neighbours}, groups=groups)
