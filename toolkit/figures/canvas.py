"""A page to draw on: new axes of the size and in the style that are in force."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.compare.lettering import folded
from toolkit.figures.press.presets import Columns
from toolkit.figures.press.style import (
    INK,
    MM,
    MUTED,
    current_style,
    fine_print,
    in_force,
    keep_style,
    recoloured,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEAD = 40  # mm of height that is not of the rows, at most
_TIGHTEST = 0.75  # share of the wanted height at which rows of text still stand apart
_below: ContextVar[str] = ContextVar("below", default="")


@contextmanager
def page(*, new: bool, below: str, palette: Any = None) -> Iterator[None]:
    """Draw in the style in force; if that fails, close what was opened.

    On a new figure stands `below` the axes, because it must not be missed.
    """
    import matplotlib.pyplot as plt

    with current_style(), recoloured(palette):
        before = {*plt.get_fignums()}
        token = _below.set(below if new else "")
        try:
            yield
        except BaseException:
            for number in {*plt.get_fignums()} - before:
                plt.close(number)
            raise
        finally:
            _below.reset(token)


def canvas(
    ax: Axes | None, *, columns: Columns, height: float | None = None, ratio: float | None = None
) -> Axes:
    """Return axes to draw on: those given, or new ones; see `canvases`."""
    axes: Axes = canvases(ax, columns=columns, height=height, ratio=ratio)[0]
    return axes


def canvases(
    ax: Any,
    *,
    columns: Columns,
    height: float | None = None,
    ratio: float | None = None,
    grid: tuple[int, int] = (1, 1),
) -> np.ndarray[Any, Any]:
    """Return a flat array of axes to draw on: those given, or new ones.

    A new figure has a `grid` of rows and columns of axes, and the `page_size` of `columns`,
    `height` and `ratio`.
    """
    if ax is None:
        width, height = page_size(columns, height, ratio)
        room = width * MM * 72 / (0.55 * fine_print())  # half widths of letters
        below = "\n".join(folded(line, room) for line in _below.get().splitlines())
        if below:
            more = (below.count("\n") + 1) * 1.4 * fine_print() / 72 / MM
            height = min(height + more, in_force().preset.max_height)
        figure = _new_figure(width, height)
        ax = figure.subplots(*grid)
        if below:
            figure.supxlabel(below, size=fine_print(), color=MUTED)
    axes = np.ravel(ax)
    for one in axes:
        keep_style(one)
    return axes


def label_below(figure: Figure, label: str) -> None:
    """Name the scale that all panels of a figure share."""
    told = figure.get_supxlabel()  # what must not be missed stands there already
    figure.supxlabel("\n".join(filter(None, (label, told))), size="medium", color=INK)


def page_size(
    columns: Columns, height: float | None = None, ratio: float | None = None
) -> tuple[float, float]:
    """Return the width and height of a figure on the page of the style in force, in mm.

    Parameters
    ----------
    columns : {1, 1.5, 2}
        How wide the plot would like to be; the style may say otherwise.
    height : float, optional
        In mm where small text has 7.5 pt: it grows with the text.
    ratio : float, optional
        Of height to width, for plots without rows.

    Raises
    ------
    ValueError
        If the rows of the plot do not fit on the page.
    """
    style = in_force()
    preset = style.preset
    width = preset.widths[int(2 * (style.columns or columns)) - 2]
    if height is None:
        assert ratio is not None
        return width, min(ratio * width, preset.max_height)
    wanted = height * preset.scale
    if preset.max_height < _TIGHTEST * wanted:
        head = _HEAD * preset.scale
        fitting = (preset.max_height / _TIGHTEST - head) / (wanted - head)
        raise ValueError(
            f"the figure would be {wanted:.0f} mm high; figure_style({preset.name!r}) allows "
            f"{preset.max_height:g} mm: draw fewer rows ({int(100 * fitting)}% of these fit)"
        )
    return width, min(wanted, preset.max_height)


def in_blocks(n: int, *, row: float, head: float, least: float) -> tuple[list[range], float]:
    """Return rows as blocks that stand side by side, and the height of the figure.

    Rows `row` mm high make one block below a `head`, if the page has room for them (both
    where small text has 7.5 pt). If not, their names are as small as the page allows, and
    there are as many blocks as then find room, each of them at `least` so many mm wide.

    Raises
    ------
    ValueError
        If they are not as wide.
    """
    preset = in_force().preset
    if preset.max_height >= _TIGHTEST * (head + row * n) * preset.scale:
        return [range(n)], head + row * n
    row = 1.2 * preset.min_text / 72 / MM / preset.scale
    room = max(1, int((preset.max_height / preset.scale - head) / row))
    count = math.ceil(n / room)
    if (fitting := int(preset.widths[2] / least / preset.scale)) < count:
        raise ValueError(
            f"{n} rows need {count} blocks side by side; {preset.name!r} has room for {fitting}: "
            f"draw up to {fitting * room} rows (groups=[…]), or choose smaller text"
        )
    each = math.ceil(n / count)
    return [range(i, min(i + each, n)) for i in range(0, n, each)], head + row * each


def settle(axes: Axes) -> float:
    """Settle the layout, and return how many points the axes are high."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    return axes.get_window_extent().height / figure.dpi * 72


def _new_figure(width: float, height: float) -> Figure:
    """Return a figure of so many mm; only the main thread's is one of pyplot's.

    pyplot would have the notebook show the figure of another thread below whatever cell is
    being run.
    """
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    in_mm = (width * MM, height * MM)
    if threading.current_thread() is threading.main_thread():
        return plt.figure(figsize=in_mm, layout="constrained")
    figure = Figure(figsize=in_mm, layout="constrained")
    FigureCanvasAgg(figure)
    return figure
