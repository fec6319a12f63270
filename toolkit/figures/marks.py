"""Marks that plots share: bars, panels of them, intervals; and labels clear of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.compare.hand import at_hand, called, highlighted, kinds_of
from toolkit.compare.lettering import WIDEST, shorten, wrapped
from toolkit.compare.maps import spread
from toolkit.figures.canvas import canvases, label_below, page_size, settle
from toolkit.figures.press.style import FAINT, INK, MARKERS, MUTED, colours, fine_print, in_force
from toolkit.say import Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 4.3  # mm of height for a row and its label
_LINE = 3.2  # mm of height for another line of a label
_PANEL = 44  # mm of width for a panel
_NARROW = 34  # mm of width for a panel, where the page has no room for wider ones
_LONGEST = 60  # half widths of a label
_MANY = 250  # points: more names than that find no room, and the search is quadratic
_FEW = 60  # points: to place the names of more takes so long that it is done once
_POINT = 25.4 / 72  # mm
_GAP = 1.5  # pt between a label and the line to its point
# In which names are placed anew where a line goes through one: the wide first, or by chance.
_ORDERS = ("largest", *range(1, 12))


def looks(keys: Iterable[Any], alone: str | None = None) -> list[tuple[str, str]]:
    """Return the colour and the marker of groups, words or topics.

    Colours are those of what `colour_by` says of them; else of the author's; else `alone`, or
    each its own. What does not stand out is grey.
    """
    work, keys, turns = at_hand(), [*keys], colours().categories
    palette, kinds = work.given.get("palette"), kinds_of(keys)
    own = palette if isinstance(palette, Mapping) else {}
    named = [*dict.fromkeys(kinds or keys)]
    if kinds and len(named) > (most := 2 * len(turns)):
        raise ValueError(f"colour_by: more than {most} values cannot be told apart by colour")
    found = {}
    for i, key in enumerate(named):
        ink = alone if alone is not None and not kinds else turns[i % len(turns)]
        marker = MARKERS[(i + i // len(turns)) % len(MARKERS)] if kinds else MARKERS[0]
        found[key] = (own.get(key, ink), marker)
    if own.keys() & {*named} or (palette and not own):
        work.take("palette")
    lit = highlighted(keys)
    return [
        found[kind] if lights else (FAINT, found[kind][1])
        for kind, lights in zip(kinds or keys, lit, strict=True)
    ]


def inks(keys: Iterable[Any], alone: str | None = None) -> list[str]:
    """Return the colours of groups, words or topics: see `looks`."""
    return [ink for ink, _ in looks(keys, alone)]


def key_of_kinds(ax: Axes, groups: Sequence[Any]) -> bool:
    """Draw above the figure what `colour_by` says, if it is given: whether it is."""
    from matplotlib.lines import Line2D

    column, units = str(at_hand().given.get("colour_by")), at_hand().units
    kinds = dict(zip(kinds_of(groups), looks(groups), strict=False))
    names = [called(kind, Value(column, kind, units).said(at_hand().lang)) for kind in kinds]
    dots = [Line2D([], [], linestyle="", color=c, marker=m) for c, m in kinds.values()]
    if kinds:
        look: dict[str, Any] = {"handletextpad": 0.2, "columnspacing": 1, "fontsize": fine_print()}
        look |= {"loc": "outside upper center", "ncols": min(len(names), 7)}
        ax.figure.legend(dots, names, **look)
    return bool(kinds)


def plain(label: object) -> str:
    """Return a label that comes from data, as the author calls it: see `written`."""
    return written(called(label))


def written(name: str) -> str:
    """Return a name that is never taken for a formula, and never endless."""
    return shorten(name, _LONGEST).replace("$", r"\$")


def row_labels(labels: Iterable[object], most: float = WIDEST) -> list[str]:
    """Return labels of rows: long ones in lines of at most so many half widths."""
    return [wrapped(plain(label), most) for label in labels]


def draw_intervals(ax: Axes, table: pd.DataFrame) -> None:
    """Draw a line from ``low`` to ``high`` on each bar, with a rim: bars may be dark.

    A line that is open at an end goes to the edge of the axes.
    """
    from matplotlib.patheffects import withStroke

    width = 1.4 * in_force().preset.line
    rim = [withStroke(linewidth=2.4 * width, foreground="white")]
    ends = table[["low", "high"]].to_numpy(dtype=float)
    within = np.concatenate([ends[np.isfinite(ends)], ax.get_xlim()])
    low, high = ends.clip(within.min(), within.max()).T
    ax.hlines(range(len(table)), low, high, color=INK, linewidth=width, path_effects=rim)


def draw_bars(ax: Axes, table: pd.DataFrame) -> None:
    """Draw one bar for each row of ``term`` and ``weight``, the first on top."""
    fills = inks(table["term"], alone=colours().categories[0])
    ax.barh(range(len(table)), table["weight"], height=0.7, color=fills)
    if "low" in table:
        draw_intervals(ax, table)
    label_rows(ax, row_labels(table["term"]))
    ax.grid(axis="x")
    ax.locator_params(axis="x", nbins=4)
    ax.xaxis.set_major_formatter("{x:g}")


def height_of_bars(table: pd.DataFrame) -> float:
    """Return how high the bars of a table are, in mm."""
    return height_of_rows(row_labels(table["term"])) * len(table)


def height_of_rows(labels: Sequence[str]) -> float:
    """Return how high a row is, in mm, if all have the height of the highest label."""
    return ROW + _LINE * (_lines(labels) - 1)


def draw_panels(
    ax: Any, panels: Sequence[tuple[str, pd.DataFrame]], *, label: str, own: bool = False
) -> np.ndarray[Any, Any]:
    """Draw a panel of bars for each title and table, of the scale that `label` names.

    The tables are as `draw_bars` takes them. All panels have one scale, or each its `own`.

    Raises
    ------
    ValueError
        If there are not as many axes as panels.
    """
    count = len(panels)
    tables = [table for _, table in panels]
    if ax is not None and np.size(ax) != count:
        raise ValueError(f"{count} panels need as many axes; ax has {np.size(ax)}")
    width, _ = page_size(2, ratio=1)
    scale, tallest = in_force().preset.scale, max(map(height_of_bars, tables))
    most = max(1, min(4, int(width / (_PANEL * scale))))
    columns = count if count <= most else min((most, max(1, most - 1)), key=lambda c: -count % c)
    while -(-count // columns) * (12 + tallest) * scale * 0.8 > in_force().preset.max_height:
        if width / (columns + 1) < _NARROW * scale:
            break
        columns += 1
    rows = -(-count // columns)
    room = 0.62 * width / columns / (0.5 * in_force().preset.text[2] * _POINT)
    titles = [wrapped(title, room) for title, _ in panels]  # headings of sections are long
    title_height = 9 + _LINE * (_lines(titles) - 1)
    height = rows * (title_height + 3 * own + tallest) + 5
    grid = canvases(ax, columns=2, height=height, grid=(rows, columns))
    axes, empty = grid[:count], grid[count:]
    for one in empty:
        one.remove()
    widest = max(table.filter(["weight", "high"]).max().max() for table in tables)
    for i, (one, title, table) in enumerate(zip(axes, titles, tables, strict=True)):
        draw_bars(one, table)
        one.set_title(title)
        most = table.filter(["weight", "high"]).max().max() if own else widest
        one.set_xlim(0, most * 1.02)
        below = own or ax is not None or i + columns >= count
        one.tick_params(axis="x", labelbottom=below)
    label_below(axes[0].figure, label)
    return axes


def label_points(
    ax: Axes,
    places: np.ndarray[Any, Any],
    names: Iterable[object],
    colours: str | Sequence[str] = INK,
    *,
    clear_of: np.ndarray[Any, Any] | None = None,
) -> int:
    """Write a name beside each point of `places`, shape (n, 2), clear of all the others.

    The limits of the axes must be final: the labels go by them. They keep clear of the
    points of `clear_of`, shape (m, 2), too. Of very many, those are written that find room;
    how many do not is returned.
    """
    many = len(places) > _MANY
    points = places if clear_of is None else np.concatenate([places, clear_of])
    called = [plain(name) for name in names]
    texts, lines, struck = _placed(ax, places, called, colours, points, many, None)
    for order in _ORDERS if len(places) <= _FEW else ():
        if not struck:
            break
        again = _placed(ax, places, called, colours, points, many, order)
        better = again[2] < struck
        for artist in [*texts, *lines] if better else [*again[0], *again[1]]:
            artist.remove()
        texts, lines, struck = again if better else (texts, lines, struck)
    return len(places) - len(texts)


def _placed(
    ax: Axes,
    places: np.ndarray[Any, Any],
    names: list[str],
    colours: str | Sequence[str],
    points: np.ndarray[Any, Any],
    many: bool,
    order: Any,
) -> tuple[list[Any], list[Any], int]:
    """Return names placed in an order, the lines to their points, and how many these strike."""
    import textalloc

    settle(ax)
    own, whole = ax.get_figure(root=False), ax.get_figure(root=True)
    # textalloc asks the axes for their figure, and means the whole one, not a subfigure.
    vars(ax)["get_figure"] = lambda root=True: whole if root else own
    try:
        placed: Any = textalloc.allocate(
            ax,
            places[:, 0],
            places[:, 1],
            names,
            x_scatter=points[:, 0],
            y_scatter=points[:, 1],
            textsize=fine_print(),
            textcolor=colours if isinstance(colours, str) else [*colours],
            linecolor=MUTED,
            linewidth=0.4,
            margin=0.004,
            min_distance=0.012,
            avoid_label_lines_overlap=not many,
            avoid_crossing_label_lines=not many,
            draw_all=not many,
            nbr_candidates=40 if many else 200,
            priority_strategy=order,
            va="bottom",  # as its room is measured: Chinese letters reach below the baseline
        )
    finally:
        del vars(ax)["get_figure"]
    texts, lines = ([artist for artist in part if artist is not None] for part in placed[2:])
    boxes = [text.get_window_extent() for text in texts]
    pixels, struck = ax.transData, 0
    for line in lines:  # which begin a little after the label
        label, point = pixels.transform(np.asarray(line.get_xydata()))
        length = np.linalg.norm(point - label)
        begin = label + (point - label) * min(1, _GAP * ax.figure.dpi / 72 / length)
        line.set_data(*pixels.inverted().transform([begin, point]).T)
        line.set_solid_capstyle("butt")
        path = pixels.transform_path(line.get_path())
        struck += sum(path.intersects_bbox(box, filled=False) for box in boxes)
    return texts, lines, struck


def label_ends(
    ax: Axes,
    names: Sequence[str],
    ends: Sequence[tuple[float, float, str]],
    *,
    side: Literal["left", "right"] = "right",
) -> None:
    """Name lines beside the axes, by where each ends (x, y) and its colour.

    The limits of the axes must be final: names that would meet make room. Long ones have
    several lines, so that they leave the axes theirs.
    """
    names = row_labels(names)
    places = np.array([y for _, y, _ in ends])
    if len(ends) > 1:  # settling takes as long as drawing
        low, high = ax.get_ylim()
        line = (high - low) * fine_print() / settle(ax)  # in data units
        heights = line * np.array([0.3 + 1.2 * _lines([name]) for name in names])
        places = spread(places, heights, (low - 0.04 * (high - low), high))
    outside, align, edge = (1.05, "left", 0) if side == "right" else (-0.05, "right", 1)
    look = {"arrowstyle": "-", "lw": 0.6, "relpos": (edge, 0.5), "shrinkA": 1, "shrinkB": 3}
    for name, (x, y, colour), place in zip(names, ends, places, strict=True):
        ax.annotate(
            name,
            (x, y),
            (outside, place),
            textcoords=("axes fraction", "data"),
            ha=align,
            va="center",
            size=fine_print(),
            annotation_clip=False,
            arrowprops={"color": colour, **look},
        )


def label_rows(ax: Axes, labels: Sequence[str], *, dense: bool = False) -> None:
    """Name rows, the first on top: no ticks, no axis; `dense` ones as small as may be."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    if dense:
        ax.tick_params(axis="y", labelsize=in_force().preset.min_text, pad=1)
    ax.spines["left"].set_visible(False)


def label_columns(
    ax: Axes, places: Sequence[float], names: Sequence[str], below: Sequence[str]
) -> None:
    """Name columns, with a line below each name; names that would meet are broken or upright."""
    broken = [name.replace(" ", "\n") for name in names]
    narrow = [wrapped(name, 12) for name in names]
    for tried, turn in ((names, 0), (broken, 0), (narrow, 0), (row_labels(names), 90)):
        between = " " if turn else "\n"
        labels = [f"{name}{between}{line}" for name, line in zip(tried, below, strict=True)]
        ax.set_xticks(places, labels, rotation=turn)
        settle(ax)
        boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
        if all(one.x1 < other.x0 for one, other in pairwise(boxes)):
            return


def label_inside(ax: Axes, x: float, y: float, name: object, colour: str = "white") -> None:
    """Write a short name on a mark."""
    ax.text(x, y, str(name), size=fine_print(), color=colour, ha="center", va="center", zorder=4)


def _lines(labels: Sequence[str]) -> int:
    """Return how many lines the longest of the labels has."""
    return max((label.count("\n") + 1 for label in labels), default=1)
