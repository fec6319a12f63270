"""Figures of what lies close to what: groups, topics, dimensions and words, on maps and nets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.compare.maps import similarity_map, similarity_network, spring_layout, topic_map
from toolkit.compare.told import topic_labels
from toolkit.figures.canvas import canvas, settle
from toolkit.figures.marks import label_inside, label_points
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.presets import Columns
from toolkit.figures.press.style import FAINT, INK, MARKERS, MUTED, colours, fine_print, in_force
from toolkit.files import rounded
from toolkit.recipe import check_kind
from toolkit.say import Column, Language, Text, Value, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.compare.framework import FrameworkScores
    from toolkit.matrix import TermMatrix
    from toolkit.topics import Topics

_LARGEST = 22.0  # pt, across the largest topic
_DIGIT = (0.6, 0.8)  # width and height of a digit, in sizes of its font


@plot("similarity", value="similarity", table=similarity_map)
def plot_similarity(
    value: TermMatrix | Topics, *, by: str = "doc_id", lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw a map on which texts or groups that are alike lie close together.

    The data are those of `toolkit.compare.similarity_map`. A grey line joins each group to the one
    most similar to it, whatever the map makes of it. Of very many groups, those are named
    whose name finds room; the caption tells how many are not.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> ax = plot_similarity(matrix)
    >>> sorted(text.get_text() for text in ax.texts)
    ['a', 'b', 'c']
    """
    data = similarity_map(value, by=by)
    letters = sum(len(str(group)) for group in data.index)
    columns: Columns = 2 if letters > 150 else 1.5 if letters > 40 else 1
    ratio = 0.8 if columns == 1 or len(data) > 24 else 0.65  # names need height too
    stress = {"stress": data.attrs["stress"]}
    note = say("plots.similarity.note", lang, **stress)
    one = canvas(ax, columns=columns, ratio=ratio + 0.05 + 0.02 * note.count("\n"))
    places = data[["x", "y"]].to_numpy()
    nearest = data.loc[data["nearest"], ["x", "y"]].to_numpy()
    _draw_lines(one, places, nearest, 0.7)
    x, y = places.T
    one.scatter(x, y, 12, color=colours().categories[0], linewidth=0, zorder=2)
    _frame(one, places, ratio=ratio, room=1.15, note=note)
    unnamed = label_points(one, places, group_labels(value.units, by, data.index, lang))
    notes = [Text("notes.unnamed", {"n": unnamed, "all": len(data)})] if unnamed else []
    return Drawn(one, data, stress | {"by": Column(by)}, notes, groups=data.index)


@plot("similarity_network", value="similarity", table=similarity_network)
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


@plot("topic_map", value="share", table=topic_map)
def plot_topic_map(
    topics: Topics,
    *,
    n: int = 3,
    relevance: float = 1.0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw a map of topics: alike ones close together, larger ones larger.

    The data are those of `toolkit.compare.topic_map`. A label stands in place of the words;
    the number of a topic whose mark has no room for it stands before them.

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
    _frame(one, places, ratio=0.62, room=1.3 if many else 1.8, note=note.said(lang))
    if many:
        cross(one, 0.5)
    areas = (_LARGEST * in_force().preset.scale) ** 2 * data["share"] / data["share"].max()
    x, y = places.T
    one.scatter(x, y, areas, color=colours().categories[0], edgecolor="white", zorder=2)
    names = [topics.labels.get(t, words) for t, words in enumerate(data["terms"], 1)]
    for i, (topic, across) in enumerate(np.sqrt(areas).items()):
        if across >= fine_print() * np.hypot(_DIGIT[0] * len(str(topic)), _DIGIT[1]):
            label_inside(one, x[i], y[i], topic)
        else:
            names[i] = f"{topic} {names[i]}"
    label_points(one, places, names, clear_of=rims(one, places, areas.to_numpy()))
    fields = {"note": note, "relevance": relevance}
    return Drawn(one, data, fields, topic_labels(topics.labels))


@plot("correspondence")
def plot_correspondence(
    scores: FrameworkScores, *, by: str = "city", lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw a map of groups and dimensions by correspondence analysis.

    The data are those of `toolkit.correspondence`. A group lies towards the dimensions
    that it speaks of more than the others do; in the middle lies what is average.

    Parameters
    ----------
    scores : FrameworkScores
    """
    from toolkit.compare.framework import FrameworkScores
    from toolkit.compare.profiles import correspondence

    check_kind(scores, FrameworkScores, "plot_correspondence")
    found = correspondence(scores.counts(by))
    parts = {"row": found.rows, "column": found.columns}
    data = pd.concat(parts, names=["kind", "name"]).reset_index()
    share = found.inertia["share"]
    one = canvas(ax, columns=2, ratio=0.65)
    cross(one, 0.6)
    looks = zip(parts, (14, 40), (MARKERS[0], MARKERS[2]), colours().categories, strict=False)
    for kind, size, marker, colour in looks:
        x, y = data.loc[data["kind"] == kind, ["axis_1", "axis_2"]].to_numpy().T
        one.scatter(x, y, size, colour, marker=marker, linewidths=0, zorder=2)
    labels = group_labels(scores.units, by, found.rows.index, lang)
    labels += [Value("dimension", name).said(lang) for name in found.columns.index]
    inks = [colours().categories[1] if kind == "column" else INK for kind in data["kind"]]
    one.margins(0.06)
    one.set_xlabel(say("measures.axis", lang, number=1, share=share[1]))
    one.set_ylabel(say("measures.axis", lang, number=2, share=share[2]))
    settle(one)
    _equal_scales(one)
    label_points(one, data[["axis_1", "axis_2"]].to_numpy(), labels, inks)
    fields = {"by": Column(by), "share": share.iloc[:2].sum()}
    return Drawn(one, data, fields, groups=found.rows.index)


def _frame(ax: Axes, places: Any, *, ratio: float, room: float, note: str) -> None:
    """Frame a map of places, shape (n, 2): the same scale across and up, a note below.

    It is `room` times as large as the spread of the places, its height `ratio` of its width.
    """
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    reach = np.abs((places - middle) / [1, ratio]).max() * room * np.array([1, ratio])
    (left, low), (right, high) = middle - reach, middle + reach
    ax.set(xlim=(left, right), ylim=(low, high), xticks=[], yticks=[], box_aspect=ratio)
    ax.spines[:].set(visible=True, color=FAINT)
    ax.set_xlabel(note, size=fine_print(), color=MUTED)


def cross(ax: Axes, width: float) -> None:
    """Draw the lines that cross in the middle of a map."""
    for line in (ax.axhline, ax.axvline):
        line(0, color=FAINT, linewidth=width, zorder=0)


def _draw_lines(ax: Axes, starts: Any, ends: Any, widths: Any) -> None:
    """Draw faint lines between places, both of shape (n, 2)."""
    from matplotlib.collections import LineCollection

    lines = [*np.stack([starts, ends], axis=1)]
    ax.add_collection(LineCollection(lines, colors=FAINT, linewidths=widths, zorder=1))


def _equal_scales(ax: Axes) -> None:
    """Give both axes one scale: limits are widened, so that the room stays, and then fixed."""
    width, height = ax.bbox.width, ax.bbox.height
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    scale = max((right - left) / width, (top - bottom) / height) / 2
    ax.set_xlim((left + right) / 2 - scale * width, (left + right) / 2 + scale * width)
    ax.set_ylim((bottom + top) / 2 - scale * height, (bottom + top) / 2 + scale * height)
    ax.set_aspect("equal", adjustable="box")  # "datalim" would move the limits at each drawing


def rims(ax: Axes, places: Any, areas: Any) -> np.ndarray[Any, Any]:
    """Return points on the rims of bubbles, in data units: labels keep clear of them too."""
    settle(ax)
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    pixels = np.sqrt(areas)[:, None] / 2 * ax.figure.dpi / 72
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    rims = ax.transData.transform(places)[:, None] + pixels[..., None] * circle
    return np.asarray(ax.transData.inverted().transform(rims.reshape(-1, 2)))


def draw_network(
    ax: Axes,
    pairs: pd.DataFrame,
    nodes: Mapping[Any, str],
    *,
    weight: str,
    areas: Sequence[float],
    seed: int,
    groups: Sequence[int] = (),
) -> None:
    """Draw pairs of ``source`` and ``target`` as lines between named dots.

    A line is the thicker the greater the column `weight`, see `line_widths`; for `areas` and
    `groups` of dots see `draw_dots`.
    """
    index = pd.Index([*nodes])
    start, end = index.get_indexer(pairs["source"]), index.get_indexer(pairs["target"])
    # To the digits that are written: the last bits, which threads change, would move the nodes.
    weights = rounded(pairs[[weight]])[weight].to_numpy()
    place = spring_layout(len(index), start, end, weights, seed)
    _draw_lines(ax, place[start], place[end], line_widths(weights, weights))
    draw_dots(ax, place, areas, groups or [1] * len(index))
    ax.margins(0.08)
    ax.set_axis_off()
    label_points(ax, place, nodes.values())


def draw_dots(
    ax: Axes, places: np.ndarray[Any, Any], areas: Sequence[float], groups: Sequence[int]
) -> None:
    """Draw dots, those of a group (from 1) in a colour and a form; after the last all alike.

    The form tells them apart where the colour does not: in print without colour, and for
    colour-blind eyes. Areas are in square points where small text has 7.5 pt.
    """
    known, number = colours().categories, np.asarray(groups)
    sizes = np.asarray(areas) * in_force().preset.scale ** 2
    for group in sorted({*groups}):
        rows, own = number == group, 1 <= group <= len(known)
        ink, form = (known[group - 1], MARKERS[(group - 1) % len(MARKERS)]) if own else (MUTED, "h")
        x, y = places[rows].T
        ax.scatter(x, y, sizes[rows], c=ink, marker=form, linewidths=0, zorder=2)


def line_widths(weights: Any, among: Any) -> Any:
    """Return how wide lines are drawn, in points, given all the weights that they are among."""
    spread = np.ptp(among) or 1.0
    return (0.4 + 2.4 * (weights - among.min()) / spread) * in_force().preset.scale
