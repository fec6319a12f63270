"""The look of the figures: quiet, readable at column width, safe for colour-blind eyes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from toolkit.figures.fonts import Face, check_text, font_family, is_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import DrawEvent
    from matplotlib.figure import Figure

MM = 1 / 25.4  # inches
#: Widths of a figure over one and over two columns of a journal page, in mm.
ONE_COLUMN, TWO_COLUMNS = 89.0, 183.0

#: Colours of categories, told apart by colour-blind eyes (Paul Tol's "bright" scheme,
#: ordered so that neighbours differ in lightness too).
PALETTE = ("#4477aa", "#ee6677", "#228833", "#aa3377", "#66ccee", "#ccbb44", "#555555")
#: Shapes that tell categories apart without colour, in step with `PALETTE`.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
#: Colour map of amounts: lightness falls evenly, so it works in grey too.
SEQUENTIAL = "Blues"
INK, MUTED, FAINT = "#222222", "#6b6b6b", "#d9d9d9"

_SETTINGS: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 8,
    "axes.labelweight": "normal",
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 4,
    "axes.titlesize": 8.5,
    # The Chinese fonts are regular only: size tells a title, not weight.
    "axes.titleweight": "normal",
    "figure.constrained_layout.use": True,
    "figure.dpi": 200,
    "figure.facecolor": "white",
    "figure.figsize": (ONE_COLUMN * MM, 62 * MM),
    "figure.titlesize": 9,
    "figure.titleweight": "normal",
    "font.size": 8,
    "font.weight": "normal",
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "image.cmap": SEQUENTIAL,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "mathtext.fontset": "stixsans",
    "patch.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 7.5,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 7.5,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
}


@contextmanager
def figure_style(*, face: Face = "sans") -> Iterator[None]:
    """Draw with the toolkit's fonts and style, within a ``with`` block or a decorated function.

    Parameters
    ----------
    face : {"sans", "serif"}
        Noto Sans SC (黑体) or Noto Serif SC (宋体).

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with figure_style():
    ...     figure, ax = plt.subplots()
    ...     _ = ax.set_title("城市治理")
    >>> ax.title.get_fontfamily()
    ['Noto Sans SC TrueType']
    >>> plt.close(figure)
    """
    import matplotlib.pyplot as plt
    from cycler import cycler

    settings = _SETTINGS | {
        "axes.prop_cycle": cycler(color=PALETTE),
        "font.family": [font_family(face)],
    }
    if face == "serif":
        settings["mathtext.fontset"] = "stix"
    # Not rc_context, which would undo what a notebook sets when its first figure is made.
    before = {name: plt.rcParams[name] for name in settings}
    figures = plt.get_fignums()
    plt.rcParams.update(settings)
    try:
        yield
        for number in plt.get_fignums():
            if number not in figures:
                adopt(plt.figure(number))
    finally:
        plt.rcParams.update(before)


def adopt(figure: Figure) -> None:
    """Make a figure keep the style when it is drawn later, and check its text then.

    Matplotlib makes ticks as late as it can, from the settings of that moment; and it
    draws a box for a character that the font lacks.
    """
    for axes in figure.axes:
        keep_style(axes)
    figure.canvas.mpl_connect("draw_event", _check_drawn)


def keep_style(axes: Axes) -> None:
    """Give the axes, and the ticks they make later, the font and sizes of this moment."""
    import matplotlib as mpl
    from matplotlib.text import Text

    now: dict[Any, Any] = mpl.rcParams
    labels = [axis.label for axis in (axes.xaxis, axes.yaxis)]
    for text in [*labels, *axes.get_children()]:  # the titles are among the children
        if isinstance(text, Text) and not text.get_text():
            text.set_fontfamily(now["font.family"])
    for axis in (axes.xaxis, axes.yaxis):
        tick = f"{axis.axis_name}tick"
        settings = {
            "labelfontfamily": now["font.family"],
            "labelsize": now[f"{tick}.labelsize"],
            "labelcolor": now[f"{tick}.labelcolor"],
            "color": now[f"{tick}.color"],
            "length": now[f"{tick}.major.size"],
            "width": now[f"{tick}.major.width"],
        }
        for name in axis.get_tick_params():
            settings.pop(name, None)  # was set on purpose
        axis.set_tick_params(which="both", **settings)


def current_style() -> AbstractContextManager[None]:
    """Return the style that the caller drew in, or the default one."""
    import matplotlib as mpl

    return nullcontext() if is_chinese(mpl.rcParams["font.family"]) else figure_style()


def _check_drawn(event: DrawEvent) -> None:
    check_text(event.canvas.figure)
