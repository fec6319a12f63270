"""A page to draw on: new axes of the size and in the style that are in force."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from toolkit.figures.labels import folded
from toolkit.figures.press.fonts import check_text
from toolkit.figures.press.presets import Columns
from toolkit.figures.press.style import (
    INK,
    MM,
    MUTED,
    adopt,
    current_style,
    fine_print,
    in_force,
    keep_style,
)

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEAD = 40  # mm of height that is not of the rows, at most
_TIGHTEST = 0.75  # share of the wanted height at which rows of text still stand apart
_below: ContextVar[str] = ContextVar("below", default="")


@contextmanager
def page(*, new: bool, below: str) -> Iterator[None]:
    """Draw in the style in force; if that fails, close what was opened.

    Parameters
    ----------
    new : bool
        Whether a figure will be made.
    below : str
        What stands below a new figure, because it must not be missed.
    """
    import matplotlib.pyplot as plt

    with current_style():
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
    """Return axes to draw on: those given, or new ones.

    Parameters
    ----------
    ax : Axes or None
        Where to draw; None makes a figure.
    columns, height, ratio
        Of a new figure; see `page_size`.
    """
    axes: Axes = canvases(ax, size=(columns, height, ratio), grid=(1, 1))[0]
    return axes


def canvases(
    ax: Any, *, size: tuple[Columns, float | None, float | None], grid: tuple[int, int]
) -> np.ndarray[Any, Any]:
    """Return a flat array of axes to draw on: those given, or new ones.

    Parameters
    ----------
    ax : Axes, a sequence of them, or None
    size : tuple
        Of a new figure: columns, height, ratio of `page_size`.
    grid : tuple of int
        Rows and columns of axes on a new figure.
    """
    import numpy as np

    if ax is None:
        width, height = page_size(*size)
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


def fill_page(axes: Axes) -> None:
    """Let the axes of a new figure take the whole of it, for plots that bring their margins."""
    engine = axes.get_figure(root=True).get_layout_engine()  # type: ignore[union-attr]
    assert engine is not None
    engine.set(w_pad=0, h_pad=0)  # type: ignore[call-arg]


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


def columns_for(width: float) -> Columns:
    """Return how many columns hold a width, in mm where small text has 7.5 pt."""
    preset = in_force().preset
    fitting: tuple[Columns, ...] = (1, 1.5)
    for columns, room in zip(fitting, preset.widths[:2], strict=True):
        if width * preset.scale <= room:
            return columns
    return 2


def finish(axes: Sequence[Axes], *, new: bool) -> None:
    """Let a drawn figure out: each letter is checked, and a new one keeps its style."""
    figure = axes[0].get_figure(root=True)
    assert figure is not None
    if not in_force().preset.grid:
        for one in axes:
            one.grid(visible=False)
    if new:
        adopt(figure)
    check_text(figure)


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
