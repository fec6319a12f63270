"""A table of colours: rows in blocks where they are many, strips, trees, numbers or a bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Unpack, get_args

import numpy as np
import pandas as pd

from toolkit.compare.hand import Hand, arranged, highlighted
from toolkit.compare.lettering import half_widths, wrapped
from toolkit.compare.rates import topic_share
from toolkit.compare.told import topic_labels
from toolkit.figures.canvas import canvases, in_blocks, page_size
from toolkit.figures.marks import inks, key_of_kinds, label_inside, written
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import INK, MUTED, colours, in_force
from toolkit.say import Column, Language, Text, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.topics import Topics

Show = Literal["share", "difference", "z"]
_LEAST = 0.05  # a smaller share is told by its colour alone
_HEAD = 30  # half widths of an upright name of a column
_LINES = 5  # of a level one
_POINT = 25.4 / 72  # mm
_TREE = 0.13  # width of a tree beside a table, as a share of it
_STRIP = 2.0  # mm across


@plot("topic_share", table=topic_share)
def plot_topic_share(
    topics: Topics,
    *,
    by: str = "city",
    show: Show = "share",
    lang: Language = "zh",
    ax: Axes | None = None,
    **hand: Unpack[Hand],
) -> Drawn[Axes]:
    """Draw the share of each topic in each group of units as a table of colours.

    The data are those of `toolkit.compare.topic_share`. Clustered, trees stand beside (if the
    rows make one block); values of `colour_by` are a strip beside the rows. Where cells have no
    room for numbers, a bar tells what colours mean.

    Parameters
    ----------
    show : {"share", "difference", "z"}
        The mean share; its difference from the mean of all groups, in percentage points; or
        that difference by the standard deviation of the groups.
    order : {"topic", "dendrogram", "clusters"}, or sequence of groups
        See `toolkit.compare.topic_share`; or the groups that come first.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> topics = fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=2)
    >>> ax = plot_topic_share(topics, by="doc_id")
    >>> ax.get_xlabel()
    '主题的平均占比（%）'
    """
    from matplotlib.ticker import PercentFormatter

    asked = hand.get("order")
    order: Any = asked if isinstance(asked, str) else "topic"
    table = topic_share(topics, by=by, order=order)
    if show not in get_args(Show):
        raise ValueError(f"show must be 'share', 'difference' or 'z', not {show!r}")
    data = table if show == "share" else table - table.mean()
    if show == "z":
        data = data / table.std(ddof=0).replace(0, np.nan)
    data = data.loc[(groups := arranged(table.index))].copy()
    names = [topics.names[int(topic) - 1] for topic in data.columns.tolist()]
    beside = _TREE if table.attrs.get("linkage") and groups == [*table.index] else 0
    labels = group_labels(topics.units, by, groups, lang)
    grid = _planned(names, labels, alone=ax is not None, beside=beside)
    axes = canvases(ax, columns=grid.page, height=grid.height, grid=(1, len(grid.blocks)))
    bare = grid.heads[0].isdigit()
    numbered = len(grid.blocks) == 1 and grid.cell >= 4.4 * in_force().preset.scale
    extreme = float(np.nanmax(np.abs(data.to_numpy())))
    lit, keyed = highlighted(groups), key_of_kinds(axes[0], groups)
    for one, block in zip(axes, grid.blocks, strict=True):
        part = data.iloc[block.start : block.stop]
        mesh = _draw_cells(one, part, show, extreme, told=numbered)
        _label(one, grid, block, lit)
        if bare:
            one.xaxis.set_label_position("top")
            one.set_xlabel(say("plots.topic_share.heads", lang))
        if keyed:
            _draw_strip(one, [groups[row] for row in block], grid.cell)
    label = say(f"measures.topic_{show}", lang)
    if numbered:
        axes[0].set_xlabel(label)
    else:
        bar = axes[0].figure.colorbar(mesh, ax=[*axes], location="bottom", aspect=40, shrink=0.5)
        bar.outline.set_visible(False)
        bar.ax.xaxis.set_major_formatter("{x:g}" if show == "z" else PercentFormatter(1, symbol=""))
        bar.set_label(label)
    if len(grid.blocks) == 1 and groups == [*table.index]:
        for side in ("linkage", "linkage_columns"):
            if tree := table.attrs.get(side):
                _dendrogram(axes[0], tree, side)
    fields = {"by": Column(by), "measure": Text(f"measures.topic_{show}")}
    told = numbered and show == "share"
    notes = [Text("plots.topic_share.least", {"least": _LEAST})] if told else []
    if groups == [*table.index] and not pd.api.types.is_numeric_dtype(table.index):
        clustered = order != "topic"
        notes.append(Text(f"plots.topic_share.{'clustered' if clustered else 'by_topic'}"))
    named = dict(enumerate(topics.titles, 1)) if bare else topics.labels
    return Drawn(axes[0], data, fields, [*notes, *topic_labels(named)], groups=groups)


class _Grid(NamedTuple):
    """How a table of colours is laid out on the page, by names as they are written."""

    rows: Sequence[str]
    heads: Sequence[str]
    turn: int
    blocks: list[range]
    page: float
    height: float
    cell: float  # mm across


def _planned(names: Sequence[str], labels: Sequence[str], *, alone: bool, beside: float) -> _Grid:
    """Return how rows and columns of such names find room; in one block, if on one's own axes.

    What stands `beside` them is as wide as that share of the table.
    """
    preset = in_force().preset
    rows = [*map(wrapped, labels)]
    letter = preset.text[0] * _POINT
    half = max(half_widths(line) for row in rows for line in row.split("\n"))
    row = 4.8 + 3.2 * max(name.count("\n") for name in rows)
    wish = (30 + (19 if len(names) <= 8 else 6) * len(names)) * preset.scale
    page = next((n for n, width in zip((1, 1.5), preset.widths, strict=False) if wish <= width), 2)
    blocks, height, heads, turn, cell = [range(len(rows))], 0.0, [*names], 0, 0.0
    for _ in range(3):  # fewer, wider heads are higher, and leave rows less room
        size = preset.min_text if len(blocks) > 1 else preset.text[0]
        width = page_size(page if len(blocks) == 1 else 2, ratio=1)[0] / len(blocks)
        cell = (width - 0.5 * size * _POINT * half - 6) / len(names) / (1 + beside)
        heads, turn, head = _heads(names, cell, letter)
        found, height = in_blocks(len(rows), row=row, head=17 + head / preset.scale, least=20)
        if alone or len(found) <= len(blocks):
            break
        blocks = found
    return _Grid(rows, heads, turn, blocks, page if len(blocks) == 1 else 2, height, cell)


def _heads(names: Sequence[str], cell: float, letter: float) -> tuple[list[str], int, float]:
    """Return heads of columns for cells so wide, their turn, and how high they are, in mm.

    They are level, or else upright; their numbers alone, where neither finds room.
    """
    room = 2 * cell / letter - 1.5
    level = [f"{n}\n{wrapped(written(t), room)}" for n, _, t in (x.partition(" ") for x in names)]
    lines = [line for head in level for line in head.split("\n")]
    most = max(head.count("\n") + 1 for head in level)
    if room >= 6 and max(map(half_widths, lines)) <= room and most <= _LINES:
        return level, 0, 1.45 * letter * most
    if cell < 1.3 * letter:
        return [name.partition(" ")[0] for name in names], 0, 5 * letter
    upright = [name if half_widths(name) <= _HEAD else f"{name[: _HEAD // 2]}…" for name in names]
    return [written(name) for name in upright], 90, 0.5 * letter * max(map(half_widths, upright))


def _draw_cells(ax: Axes, data: pd.DataFrame, show: str, extreme: float, *, told: bool) -> Any:
    """Draw a cell for each number, and the number on it where that is `told`."""
    grey = in_force().preset.grey
    cmap = colours().sequential if show == "share" or grey else "RdBu_r"
    look: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.8 if told else 0.2}
    look |= {"vmin": 0 if show == "share" else -extreme, "vmax": extreme or 1}
    numbers = data.to_numpy()
    mesh = ax.pcolormesh(numbers, cmap=cmap, **look)
    least = _LEAST if show == "share" else 0
    for row, column in zip(*(np.abs(numbers) >= least).nonzero(), strict=True) if told else ():
        number = numbers[row, column]
        light = sum(mesh.cmap(mesh.norm(number))[:3]) > 1.6
        text = f"{number:.1f}" if show == "z" else f"{100 * number:.0f}"
        text = text.replace("-", "\N{MINUS SIGN}")
        label_inside(ax, column + 0.5, row + 0.5, text, INK if light else "white")
    return mesh


def _label(ax: Axes, grid: _Grid, block: range, lit: Sequence[bool]) -> None:
    """Name the columns above, and the rows of a block; those that do not stand out are grey."""
    letter = in_force().preset.text[0] * _POINT
    step = (
        math.ceil((0.55 * len(grid.heads[-1]) + 0.5) * letter / grid.cell)
        if grid.heads[0].isdigit()
        else 1
    )
    places = range(0, len(grid.heads), step)
    heads = [grid.heads[i] for i in places]
    ax.set_xticks([i + 0.5 for i in places], heads, rotation=grid.turn)
    ax.set_yticks([i + 0.5 for i in range(len(block))], [grid.rows[row] for row in block])
    ax.set_ylim(len(grid.blocks[0]), 0)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    if len(grid.blocks) > 1:
        ax.tick_params(axis="y", labelsize=in_force().preset.min_text, pad=1)
    for head in ax.get_xticklabels():
        head.set_linespacing(1.35)
    for name, row in zip(ax.get_yticklabels(), block, strict=True):
        name.set_color(INK if lit[row] else MUTED)
    ax.spines[:].set_visible(False)


def _draw_strip(ax: Axes, groups: Sequence[Any], cell: float) -> None:
    """Draw beside the rows the colours of what kind they are."""
    from matplotlib.patches import Rectangle

    across = _STRIP / cell
    for row, ink in enumerate(inks(groups)):
        ax.add_patch(Rectangle((-1.4 * across, row), across, 1, facecolor=ink, linewidth=0))
    ax.set_xlim(-1.5 * across, None)


def _dendrogram(ax: Axes, tree: list[Any], side: str) -> None:
    """Draw the tree of the rows to the right of the table, that of the columns below."""
    from matplotlib.collections import LineCollection
    from scipy.cluster.hierarchy import dendrogram

    found = dendrogram(np.array(tree), no_plot=True)
    far, across = np.array(found["dcoord"]), np.array(found["icoord"]) / 10
    # SciPy puts leaves at 5, 15, 25 …; a row is 1 high here.
    rows = side == "linkage"
    place = (1.01, 0, _TREE - 0.01, 1) if rows else (0, -_TREE, 1, _TREE - 0.01)
    shared: dict[str, Any] = {"sharey": ax} if rows else {"sharex": ax}
    beside = ax.inset_axes(place, **shared)
    lines = [*np.stack([far, across] if rows else [across, far], axis=2)]
    beside.add_collection(LineCollection(lines, colors=MUTED, linewidths=0.6))
    reach = (0, 1.05 * far.max())
    beside.set(**{"xlim": reach} if rows else {"ylim": reach[::-1]})
    beside.set_axis_off()
