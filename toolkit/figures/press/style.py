"""The look of the figures: quiet, readable at column width, safe for colour-blind eyes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.press.fonts import check_text, font_family, is_chinese
from toolkit.figures.press.presets import PRESETS, Colours, Columns, Face, Preset, find_preset

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM = 1 / 25.4  # inches

#: Shapes that tell categories apart without colour, in step with the colours.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
#: Label of a text whose size is a value, as in a cloud: no size of letters is asked of it.
SIZED = "size is a value"
INK, MUTED, FAINT = "#222222", "#6b6b6b", "#d9d9d9"


@dataclass(frozen=True)
class Style:
    """What `figure_style` was asked for.

    Parameters
    ----------
    preset : Preset
    face : {"sans", "serif"}
    columns : {1, 1.5, 2} or None
        How wide figures are; None: what suits each plot.
    """

    preset: Preset
    face: Face
    columns: Columns | None = None

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `figure_style` that differ from the default."""
        given: dict[str, Any] = {"preset": self.preset.name} if self != DEFAULT else {}
        if self.face != self.preset.face:
            given["face"] = self.face
        if self.columns is not None:
            given["columns"] = self.columns
        return given

    def settings(self) -> dict[Any, Any]:
        """Return matplotlib's settings: those of ``style.mplstyle``, and those of the preset."""
        import matplotlib as mpl
        from cycler import cycler

        preset = self.preset
        small, label, title = preset.text
        size = (preset.widths[0] * MM, 0.7 * preset.widths[0] * MM)
        told = Path(__file__).with_name("style.mplstyle")
        settings: dict[Any, Any] = dict(mpl.rc_params_from_file(told, use_default_template=False))
        settings |= {
            "axes.labelsize": label,
            "axes.linewidth": preset.line,
            "axes.prop_cycle": cycler(color=preset.colours.categories),
            "axes.titlesize": title,
            "figure.figsize": size,
            "figure.hooks": [*mpl.rcParams["figure.hooks"], f"{__name__}:{_watch.__name__}"],
            "figure.titlesize": title,
            "font.family": [font_family(self.face)],
            "font.size": label,
            "grid.linewidth": 0.8 * preset.line,
            "image.cmap": preset.colours.sequential,
            "legend.fontsize": small,
            "lines.linewidth": 2.2 * preset.line,
            "lines.markersize": 4 * preset.scale,
            "mathtext.fontset": "stix" if self.face == "serif" else "stixsans",
            "patch.linewidth": preset.line,
        }
        for axis in ("xtick", "ytick"):
            settings |= {
                f"{axis}.direction": preset.ticks,
                f"{axis}.labelsize": small,
                f"{axis}.major.size": 2.5 * preset.scale,
                f"{axis}.major.width": preset.line,
            }
        return settings


DEFAULT = Style(PRESETS["notebook"], "sans")
#: matplotlib's settings are those of the whole process, so one thread at a time draws.
DRAWING = threading.RLock()
_current: ContextVar[Style] = ContextVar("figure_style", default=DEFAULT)
_recoloured: ContextVar[tuple[str, ...]] = ContextVar("recoloured", default=())
_KEY = "toolkit_style"


@contextmanager
def figure_style(
    preset: str = "notebook", *, face: Face | None = None, columns: Columns | None = None
) -> Iterator[None]:
    """Draw as a journal asks, within a ``with`` block or a decorated function.

    Parameters
    ----------
    preset : str
        "notebook", "nature", "elsevier", "springer", "ieee", "plos", "cn" (Chinese
        journals), "thesis" or "slides". The page "Figures" of the documentation lists
        their numbers, each with its source.
    face : {"sans", "serif"}, optional
        Noto Sans SC (黑体) or Noto Serif SC (宋体); that of the preset if not given.
    columns : {1, 1.5, 2}, optional
        How wide the figures are; what suits each plot if not given.

    Raises
    ------
    ValueError
        If there is no such preset, face or number of columns.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with figure_style("ieee"):
    ...     figure, ax = plt.subplots()
    ...     _ = ax.set_title("城市治理")
    >>> ax.title.get_fontfamily(), round(float(figure.get_figwidth()) * 25.4, 1)
    (['Noto Sans SC TrueType'], 88.9)
    >>> plt.close(figure)
    """
    import matplotlib.pyplot as plt

    found = find_preset(preset)
    if columns not in (None, 1, 1.5, 2):
        raise ValueError(f"columns must be 1, 1.5 or 2, not {columns!r}")
    style = Style(found, face or found.face, columns)
    settings = style.settings()
    with DRAWING:
        # Not rc_context, which would undo what a notebook sets when its first figure is made.
        before = {name: plt.rcParams[name] for name in settings}
        figures = plt.get_fignums()
        plt.rcParams.update(settings)
        token = _current.set(style)
        try:
            yield
            for number in plt.get_fignums():
                if number not in figures:
                    adopt(plt.figure(number))
        finally:
            _current.reset(token)
            plt.rcParams.update(before)


def in_force() -> Style:
    """Return the style that plots are drawn in at this moment."""
    return _current.get()


def colours() -> Colours:
    """Return the colours of the style in force, those of `recoloured` first."""
    own, others = in_force().preset.colours, _recoloured.get()
    return replace(own, categories=(*others, *own.categories)) if others else own


@contextmanager
def recoloured(palette: Any) -> Iterator[None]:
    """Draw categories in the colours of a palette in turn; a mapping or None changes none."""
    from matplotlib.colors import to_hex

    turns = () if palette is None or isinstance(palette, Mapping) else palette
    token = _recoloured.set(tuple(map(to_hex, turns)))
    try:
        yield
    finally:
        _recoloured.reset(token)


def fine_print() -> float:
    """Return the size of the smallest text of a plot, in pt."""
    preset = in_force().preset
    return max(preset.min_text, 0.875 * preset.text[1])


def tint(colour: str, strength: float) -> str:
    """Mix a colour with white, since what is see-through does not print everywhere.

    >>> tint("#000000", 0.25)
    '#bfbfbf'
    """
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (1 - strength * (1 - c) for c in to_rgb(colour))
    return str(to_hex((red, green, blue)))


def style_of(figure: Figure) -> Style:
    """Return the style that a figure was made in."""
    style: Style = vars(figure).get(_KEY, DEFAULT)
    return style


def adopt(figure: Figure) -> None:
    """Make a figure keep the style when it is drawn later, and check its text then.

    Matplotlib makes ticks as late as it can, from the settings of that moment; and it
    draws a box for a character that the font lacks.
    """
    _watch(figure)
    for axes in figure.axes:
        keep_style(axes)


def _watch(figure: Figure) -> None:
    """Check the text of a figure whenever it is drawn; pyplot calls this for each new one."""
    if _KEY not in vars(figure):
        vars(figure)[_KEY] = in_force()
        figure.canvas.mpl_connect("draw_event", lambda event: check_text(event.canvas.figure))


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


@contextmanager
def current_style() -> Iterator[None]:
    """Draw in the style that the caller draws in, or the default one."""
    import matplotlib as mpl

    with DRAWING, nullcontext() if is_chinese(mpl.rcParams["font.family"]) else figure_style():
        yield
