"""Figures of topics: their words, where they are, how alike they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.compare.maps import topic_map
from toolkit.compare.rates import Order, topic_share
from toolkit.figures.canvas import canvas, columns_for
from toolkit.figures.labels import label_inside, label_points, plain, settle, shorten
from toolkit.figures.marks import draw_panels, frame_map
from toolkit.figures.plotting import Drawn, group_labels, plot, topic_labels
from toolkit.figures.press.style import FAINT, INK, MUTED, colours, fine_print, in_force
from toolkit.files import rounded
from toolkit.recipe import check_kind
from toolkit.say import Column, Language, Text, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.topics import Topics

_LABEL = 20  # characters of a label in the title of a panel
_LEAST = 0.05  # a smaller share is told by its colour alone
_LARGEST = 22.0  # pt, across the largest topic


@plot("topic_terms", value="weight")
def plot_topic_terms(
    topics: Topics, *, n: int = 10, lang: Language = "zh", ax: Any = None
) -> Drawn[np.ndarray[Any, Any]]:
    """Draw the terms that make each topic, a panel for each.

    The data are those of `toolkit.Topics.top_terms`. All panels have the same scale; the
    title of a panel tells the label of its topic, if people gave it one (see
    `toolkit.label_topics`), and its mean share (see `toolkit.Topics.shares`).

    Parameters
    ----------
    topics : Topics
    n : int
        Number of terms of each topic.
    ax : sequence of k Axes, optional

    Returns
    -------
    array of k Axes

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> topics = fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=2)
    >>> axes = plot_topic_terms(topics, n=3, lang="en")
    >>> axes[0].get_title(loc="left").split(" (")[0]
    'Topic 1'
    """
    from toolkit.topics import Topics

    check_kind(topics, Topics, "plot_topic_terms")
    data = topics.top_terms(n)
    share = topics.shares
    # Short enough that the share after it is not cut off.
    labels = {t: shorten(label, _LABEL) for t, label in topics.labels.items()}
    names = {t: say("plots.topic_terms.topic", lang, number=t) for t in share.index} | labels
    if len({*names.values()}) < topics.k:  # topics may share a label
        names |= {t: f"{t} {label}" for t, label in labels.items()}
    panels = [
        (say("plots.topic_terms.title", lang, topic=names[t], share=share[t]), table)
        for t, table in data.groupby("topic")
    ]
    axes = draw_panels(ax, panels, label=say("measures.topic_weight", lang))
    return Drawn(axes, data, {"k": topics.k, "n": n}, topic_labels(topics.labels))


@plot("topic_share")
def plot_topic_share(
    topics: Topics,
    *,
    by: str = "city",
    order: Order = "topic",
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw the share of each topic in each group of units as a table of colours.

    The data are those of `toolkit.compare.topic_share`. In the order of a dendrogram, it stands
    beside.

    Parameters
    ----------
    topics : Topics
    order : {"topic", "dendrogram"}
        See `toolkit.compare.topic_share`.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> topics = fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=2)
    >>> ax = plot_topic_share(topics, by="doc_id")
    >>> ax.get_xlabel()
    '主题的平均占比（%）'
    """
    data = topic_share(topics, by=by, order=order)
    rows, columns = data.shape
    share = data.to_numpy()
    preset = in_force().preset
    wide = (24 + 17 * columns) * preset.scale <= preset.widths[2]
    room = columns_for(30 + (19 if wide else 6) * columns)
    one = canvas(ax, columns=room, height=(25 if wide else 40) + 4.8 * rows)
    look: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.8, "vmin": 0}
    mesh = one.pcolormesh(share, cmap=colours().sequential, **look)
    for row, column in zip(*(share >= _LEAST).nonzero(), strict=True):
        light = sum(mesh.cmap(mesh.norm(share[row, column]))[:3]) > 1.6
        one.text(
            column + 0.5,
            row + 0.5,
            f"{100 * share[row, column]:.0f}",
            ha="center",
            va="center",
            size=fine_print(),
            color=INK if light else "white",
        )
    names = [plain(name) for name in topics.names]
    if wide:  # "1 数据·平台·系统" in a column of words
        names = [name.replace(" ", "\n", 1).replace("·", "\n") for name in names]
    one.set_xticks([i + 0.5 for i in range(columns)], names, rotation=0 if wide else 90)
    groups = group_labels(topics.units, by, data.index, lang)
    one.set_yticks([i + 0.5 for i in range(rows)], groups)
    one.set_xlabel(say("measures.topic_share", lang))
    one.invert_yaxis()
    one.tick_params(length=0, labeltop=True, labelbottom=False)
    for label in one.get_xticklabels():
        label.set_linespacing(1.35)
    one.spines[:].set_visible(False)
    if tree := data.attrs.get("linkage"):
        _dendrogram(one, tree)
    fields = {"by": Column(by), "least": _LEAST}
    return Drawn(one, data, fields, topic_labels(topics.labels), groups=data.index)


@plot("topic_map", value="share")
def plot_topic_map(
    topics: Topics,
    *,
    n: int = 3,
    relevance: float = 1.0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw a map of topics: alike ones close together, larger ones larger.

    The data are those of `toolkit.compare.topic_map`. A label stands in place of the words.

    Parameters
    ----------
    topics : Topics
    n : int
        Words of each topic.
    relevance : float
        From 0 (words that are only of this topic) to 1 (its most frequent words).

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.sample().split("section")
    >>> topics = fit_topics(tfidf(segment(corpus)), k=4)
    >>> ax = plot_topic_map(topics, n=2)
    >>> [text.get_text() for text in ax.texts[:4]]
    ['1', '2', '3', '4']
    """
    data = topic_map(topics, n=n, relevance=relevance)
    many = len(data) > 3  # three points always lie in a plane: stress tells nothing
    stress = {"stress": data.attrs["stress"]} if many else {}
    note = Text(f"plots.topic_map.{'note' if many else 'note_of_three'}", stress)
    one = canvas(ax, columns=1.5, ratio=0.7)
    places = rounded(data[["x", "y"]]).to_numpy()  # what threads change would move the labels
    frame_map(one, places, ratio=0.62, room=1.3 if many else 1.8, note=note.said(lang))
    if many:
        one.axhline(0, color=FAINT, linewidth=0.5, zorder=0)
        one.axvline(0, color=FAINT, linewidth=0.5, zorder=0)
    areas = (_LARGEST * in_force().preset.scale) ** 2 * data["share"] / data["share"].max()
    x, y = places.T
    one.scatter(x, y, areas, color=colours().categories[0], edgecolor="white", zorder=2)
    label_inside(one, places, data.index)
    names = [topics.labels.get(t, words) for t, words in enumerate(data["terms"], 1)]
    label_points(one, places, names, clear_of=_rims(one, places, areas.to_numpy()))
    fields = {"note": note, "relevance": relevance}
    return Drawn(one, data, fields, topic_labels(topics.labels))


def _rims(ax: Axes, places: Any, areas: Any) -> np.ndarray[Any, Any]:
    """Return points on the rims of bubbles, in data units: labels keep clear of them too."""
    settle(ax)
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    pixels = np.sqrt(areas)[:, None] / 2 * ax.figure.dpi / 72
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    rims = ax.transData.transform(places)[:, None] + pixels[..., None] * circle
    return np.asarray(ax.transData.inverted().transform(rims.reshape(-1, 2)))


def _dendrogram(ax: Axes, tree: list[Any]) -> None:
    """Draw the tree of the rows to the right of the table."""
    from matplotlib.collections import LineCollection
    from scipy.cluster.hierarchy import dendrogram

    found = dendrogram(np.array(tree), no_plot=True)
    # SciPy puts leaves at 5, 15, 25 …; a row is 1 high here.
    lines = [
        [*zip(far, (np.array(across) / 10).tolist(), strict=True)]
        for across, far in zip(found["icoord"], found["dcoord"], strict=True)
    ]
    beside = ax.inset_axes((1.01, 0, 0.12, 1), sharey=ax)
    beside.add_collection(LineCollection(lines, colors=MUTED, linewidths=0.6))
    beside.set_xlim(0, 1.05 * max(max(far) for far in found["dcoord"]))
    beside.set_axis_off()
