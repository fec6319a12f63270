"""Marks that several plots share: bars, panels of them, intervals, maps, networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.figures.canvas import canvases, label_below, page_size
from toolkit.figures.labels import label_points, label_rows, lines_of, row_labels
from toolkit.figures.press.style import FAINT, INK, MUTED, colours, fine_print, in_force
from toolkit.files import rounded

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 4.3  # mm of height for a row and its label
_LINE = 3.2  # mm of height for another line of a label
_PANEL = 44  # mm of width for a panel


def draw_intervals(ax: Axes, table: pd.DataFrame) -> None:
    """Draw a line from ``low`` to ``high`` on each bar, with a rim: bars may be dark.

    A line that is open at an end goes to the edge of the axes.
    """
    from matplotlib.patheffects import withStroke

    width = 1.4 * in_force().preset.line
    rim = [withStroke(linewidth=2.4 * width, foreground="white")]
    rows = range(len(table))
    ends = table[["low", "high"]].to_numpy(dtype=float)
    within = np.concatenate([ends[np.isfinite(ends)], ax.get_xlim()])
    low, high = ends.clip(within.min(), within.max()).T
    ax.hlines(rows, low, high, color=INK, linewidth=width, path_effects=rim)


def draw_bars(ax: Axes, table: pd.DataFrame) -> None:
    """Draw one bar for each row of ``term`` and ``weight``, the first on top."""
    ax.barh(range(len(table)), table["weight"], height=0.7, color=colours().categories[0])
    if "low" in table:
        draw_intervals(ax, table)
    label_rows(ax, row_labels(table["term"]))
    ax.grid(axis="x")
    ax.locator_params(axis="x", nbins=4)
    ax.xaxis.set_major_formatter("{x:g}")


def height_of_bars(table: pd.DataFrame) -> float:
    """Return how high the bars of a table are, in mm."""
    lines = lines_of(row_labels(table["term"]))
    return (ROW + _LINE * (lines - 1)) * len(table)


def draw_panels(
    ax: Any, panels: Sequence[tuple[str, pd.DataFrame]], *, label: str
) -> np.ndarray[Any, Any]:
    """Draw a panel of bars for each table, all of one scale; return the axes.

    Parameters
    ----------
    ax : sequence of Axes, or None
    panels : sequence of (str, DataFrame)
        The title of each, and its ``term``, ``weight`` and perhaps ``low`` and ``high``.
    label : str
        Of the scale.

    Raises
    ------
    ValueError
        If there are not as many axes as panels.
    """
    count = len(panels)
    titles = row_labels(title for title, _ in panels)  # headings of sections are long
    tables = [table for _, table in panels]
    if ax is not None and np.size(ax) != count:
        raise ValueError(f"{count} panels need as many axes; ax has {np.size(ax)}")
    width, _ = page_size(2, ratio=1)
    most = max(1, min(4, int(width / (_PANEL * in_force().preset.scale))))
    columns = count if count <= most else min((most, max(1, most - 1)), key=lambda c: -count % c)
    rows = -(-count // columns)
    title_height = 9 + _LINE * (lines_of(titles) - 1)
    height = rows * (title_height + max(map(height_of_bars, tables))) + 5
    grid = canvases(ax, size=(2, height, None), grid=(rows, columns))
    axes, empty = grid[:count], grid[count:]
    for one in empty:
        one.remove()
    ends = ("weight", "high")
    widest = max(table[c].max() for table in tables for c in ends if c in table)
    for i, (one, title, table) in enumerate(zip(axes, titles, tables, strict=True)):
        draw_bars(one, table)
        one.set_title(title)
        one.set_xlim(0, widest * 1.02)
        one.tick_params(axis="x", labelbottom=ax is not None or i + columns >= count)
    label_below(axes[0].figure, label)
    return axes


def frame_map(
    ax: Axes, places: np.ndarray[Any, Any], *, ratio: float, room: float, note: str
) -> None:
    """Frame a map of places, shape (n, 2): the same scale across and up, a note below.

    Parameters
    ----------
    ax : Axes
    places : array, shape (n, 2)
    ratio : float
        Of height to width.
    room : float
        How much larger the map is than the spread of the places.
    note : str
    """
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    reach = np.abs((places - middle) / [1, ratio]).max() * room * np.array([1, ratio])
    (left, low), (right, high) = middle - reach, middle + reach
    ax.set(xlim=(left, right), ylim=(low, high), xticks=[], yticks=[], box_aspect=ratio)
    ax.spines[:].set(visible=True, color=FAINT)
    ax.set_xlabel(note, size=fine_print(), color=MUTED)


def draw_network(
    ax: Axes,
    pairs: pd.DataFrame,
    nodes: Mapping[Any, str],
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
    nodes : mapping of object to str
        Every node, and what it is called.
    weight : str
    areas : sequence of float
        Of the dots of the nodes, in square points where small text has 7.5 pt.
    seed : int
    """
    from matplotlib.collections import LineCollection

    index = pd.Index([*nodes])
    start, end = index.get_indexer(pairs["source"]), index.get_indexer(pairs["target"])
    # To the digits that are written: the last bits, which threads change, would move the nodes.
    weights = rounded(pairs[[weight]])[weight].to_numpy()
    place = _layout(len(index), start, end, weights, seed)
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
    label_points(ax, place, nodes.values())


def _layout(
    n: int, start: np.ndarray[Any, Any], end: np.ndarray[Any, Any], weight: Any, seed: int
) -> np.ndarray[Any, Any]:
    """Place the nodes of a network by forces (Fruchterman & Reingold 1991), shape (n, 2)."""
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
