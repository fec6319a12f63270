"""Networks: which cities or texts are alike, drawn as lines between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import canvas, group_name, remember
from toolkit.figures.labels import label_points
from toolkit.figures.press.style import FAINT, colours, in_force
from toolkit.figures.similarity import cosine_similarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix
    from toolkit.topics import Topics


def similarity_network(
    value: TermMatrix | Topics, *, by: str = "city", neighbours: int = 2
) -> pd.DataFrame:
    """Return the pairs of groups that are most alike: each with its nearest neighbours.

    Parameters
    ----------
    value : TermMatrix or Topics
    by : column of the units
    neighbours : int
        How many of the most similar groups each is joined to.

    Returns
    -------
    DataFrame
        ``source``, ``target``, ``similarity`` (cosine of the mean weights or shares, 0 to
        1), ``mutual`` (whether each is among the nearest of the other), most alike first.

    Raises
    ------
    ValueError
        If there are fewer than three groups, or fewer others than `neighbours`.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> similarity_network(matrix, by="doc_id", neighbours=1)[["source", "target"]].head(1)
      source target
    0      a      c
    """
    import numpy as np
    import pandas as pd

    groups, cosine = cosine_similarity(value, by)
    if not 1 <= neighbours < len(groups):
        raise ValueError(f"neighbours must be 1 to {len(groups) - 1}, not {neighbours}")
    np.fill_diagonal(cosine, -np.inf)
    nearest = np.zeros(cosine.shape, dtype=bool)
    order = np.argsort(-cosine, axis=1, kind="stable")[:, :neighbours]
    np.put_along_axis(nearest, order, True, axis=1)
    start, end = np.triu(nearest | nearest.T, 1).nonzero()
    table = pd.DataFrame(
        {
            "source": [groups[i] for i in start],
            "target": [groups[i] for i in end],
            "similarity": cosine[start, end],
            "mutual": nearest[start, end] & nearest[end, start],
        }
    )
    return table.sort_values("similarity", ascending=False, kind="stable", ignore_index=True)


def plot_similarity_network(
    value: TermMatrix | Topics,
    *,
    by: str = "city",
    neighbours: int = 2,
    seed: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw each group with lines to the groups most like it: thicker is more alike.

    The data are those of `similarity_network`. Distances mean nothing exact: for those
    see `plot_similarity`.

    Parameters
    ----------
    value : TermMatrix or Topics
    by : column of the units
    neighbours : int
        How many of the most similar groups each is joined to.
    seed : int
        Of the layout.
    ax : Axes, optional

    Returns
    -------
    Axes

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
    caption = {
        "zh": f"相似度网络：每个{group_name(by, 'zh')}与最相似的 {neighbours} 个相连，"
        "线越粗余弦相似度越高。",
        "en": f"Network of similarity: each {group_name(by, 'en')} is joined to the {neighbours} "
        "most like it; thicker lines have a greater cosine similarity.",
    }
    with canvas(ax, columns=1.5, ratio=0.7) as one:
        names = [*dict.fromkeys([*data["source"], *data["target"]])]
        draw_network(one, data, names, weight="similarity", areas=[20.0] * len(names), seed=seed)
        params = {"by": by, "neighbours": neighbours, "seed": seed}
        chart = ("网络图", "Network")
        remember(
            one,
            plot_similarity_network,
            value,
            data,
            caption,
            params,
            kind=chart,
            value="similarity",
        )
    return one


def draw_network(
    ax: Axes,
    pairs: pd.DataFrame,
    names: Sequence[Any],
    *,
    weight: str,
    areas: Sequence[float],
    seed: int,
) -> None:
    """Draw pairs as lines between named dots.

    Parameters
    ----------
    ax : Axes
    pairs : DataFrame
        ``source``, ``target`` and the column `weight`: the thicker the greater.
    names : sequence
        Every node.
    weight : str
    areas : sequence of float
        Of the dots of the nodes, in square points where small text has 7.5 pt.
    seed : int
    """
    import numpy as np
    import pandas as pd
    from matplotlib.collections import LineCollection

    nodes = pd.Index(names)
    start, end = nodes.get_indexer(pairs["source"]), nodes.get_indexer(pairs["target"])
    weights = pairs[weight].to_numpy()
    place = _layout(len(nodes), start, end, weights, seed)
    scale = in_force().preset.scale
    spread = np.ptp(weights) or 1.0
    widths = (0.4 + 2.4 * (weights - weights.min()) / spread) * scale
    lines = [*np.stack([place[start], place[end]], axis=1)]
    ax.add_collection(LineCollection(lines, colors=FAINT, linewidths=widths, zorder=1))
    sizes = np.asarray(areas) * scale**2
    colour = colours().categories[0]
    ax.scatter(place[:, 0], place[:, 1], sizes, color=colour, linewidths=0, zorder=2)
    ax.margins(0.08)
    ax.set_axis_off()
    label_points(ax, place, nodes)


def _layout(
    n: int, start: np.ndarray[Any, Any], end: np.ndarray[Any, Any], weight: Any, seed: int
) -> np.ndarray[Any, Any]:
    """Place the nodes of a network by forces (Fruchterman & Reingold 1991), shape (n, 2)."""
    import numpy as np

    place = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    ideal = 2 / np.sqrt(n)
    for step in np.linspace(0.2, 0.002, 300):
        apart = place[:, None] - place[None]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
        force = (apart * (ideal**2 / distance**2)[..., None]).sum(axis=1)
        pull = apart[start, end] * (distance[start, end] / ideal * weight)[:, None]
        np.add.at(force, start, -pull)
        np.add.at(force, end, pull)
        force -= place  # keeps parts that share no word from drifting off
        length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
        place += force / length * np.minimum(length, step)
    return np.asarray(place)
