"""Has a figure changed since its plot drew it? Then code that plots it draws another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

_KEY = "toolkit_trace"


def keep_trace(figure: Figure) -> None:
    """Note what a new figure looks like, at the end of the plot that made it."""
    vars(figure)[_KEY] = _trace(figure)


def is_untouched(figure: Figure) -> bool:
    """Tell whether a figure was made by a plot of the toolkit, and is as the plot left it.

    Compared are texts, lines, shapes, colours, limits, scales, ticks, grids and sizes: what
    is set by hand. Places that the layout gives when a figure is drawn are not.
    """
    return vars(figure).get(_KEY) == _trace(figure)


def _trace(figure: Figure) -> str:
    parts = [_plain(figure.get_size_inches()), _look(figure.patch)]
    parts += [str(_look(child)) for child in [*figure.texts, *figure.legends, *figure.lines]]
    parts += [str(_look(child)) for child in [*figure.patches, *figure.images]]
    parts += [str([*_axes(axes)]) for axes in figure.axes]
    return str(parts)


def _axes(axes: Axes) -> Iterator[Any]:
    from matplotlib.axis import Axis

    yield axes.get_visible(), axes.axison
    # With this aspect, drawing sets the limits.
    if axes.get_aspect() == "auto" or axes.get_adjustable() != "datalim":
        yield axes.get_xlim(), axes.get_ylim()
    placed = {*axes.texts, *axes.patches}
    for child in axes.get_children():
        if isinstance(child, Axis):
            yield [*_axis(child)]
        else:
            yield _look(child, placed=child in placed)


def _axis(axis: Axis) -> Iterator[Any]:
    """Yield the look of an axis; its ticks are made late, so only how they are made."""
    yield axis.get_visible(), axis.get_scale(), _look(axis.label)
    for maker in (axis.get_major_locator(), axis.get_minor_locator()):
        yield type(maker).__name__, _plain(getattr(maker, "locs", None))
    formatter = axis.get_major_formatter()
    yield type(formatter).__name__, getattr(formatter, "seq", None), getattr(formatter, "fmt", "")
    for which in ("major", "minor"):
        yield sorted(axis.get_tick_params(which).items(), key=str)
    tick = axis.majorTicks[0] if axis.majorTicks else None
    if tick is not None:
        looks = [_style(tick.label1), _style(tick.label2)]
        yield looks, _values(tick.gridline, "visible", "color", "linewidth", "linestyle")


def _look(artist: Any, *, placed: bool = False) -> Any:
    """Return what is set by hand on an artist, and where it is if no layout moves it."""
    from matplotlib.collections import Collection
    from matplotlib.image import AxesImage
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyArrowPatch, Patch
    from matplotlib.text import Text

    found: list[Any] = [type(artist).__name__, *_values(artist, "visible", "alpha", "zorder")]
    if isinstance(artist, Text):
        found += [artist.get_text(), _style(artist)]
        if placed:
            found += [_plain(artist.get_position()), _plain(getattr(artist, "xy", None))]
    elif isinstance(artist, Line2D):
        found += [_plain(artist.get_xydata())]
        found += _values(artist, "color", "linewidth", "linestyle", "marker", "markersize")
        found += _values(artist, "markerfacecolor", "markeredgecolor")
    elif isinstance(artist, Patch):
        found += _values(artist, "facecolor", "edgecolor", "linewidth", "linestyle", "hatch")
        if placed and not isinstance(artist, FancyArrowPatch):
            corners = artist.get_patch_transform().transform(artist.get_path().vertices)
            found.append(_plain(corners))
    elif isinstance(artist, Collection):
        found += _values(artist, "offsets", "array", "linewidth", "linestyle", "edgecolor")
        found += [_plain(path.vertices) for path in artist.get_paths()]
        found += _values(artist, "clim", "hatch")
        # Drawing turns an array into colours.
        values = artist.get_array()
        found += [artist.get_cmap().name] if values is not None else _values(artist, "facecolor")
        found += _values(artist, "sizes") if hasattr(artist, "get_sizes") else []
    elif isinstance(artist, AxesImage):
        found += [_plain(artist.get_array()), artist.get_cmap().name, *_values(artist, "clim")]
    elif isinstance(artist, Legend):
        found += [_look(text) for text in [artist.get_title(), *artist.get_texts()]]
        # `set_loc` has no counterpart that tells the place.
        found += [artist._loc, artist.get_frame_on()]  # type: ignore[attr-defined]
    return found


def _style(text: Any) -> list[Any]:
    names = ("fontsize", "color", "fontfamily", "rotation", "fontweight", "fontstyle")
    return _values(text, *names, "horizontalalignment", "verticalalignment", "visible")


def _values(artist: Any, *names: str) -> list[Any]:
    return [_plain(getattr(artist, f"get_{name}")()) for name in names]


def _plain(value: Any) -> Any:
    """Return a value whose text tells all of it: no long array is cut short."""
    if hasattr(value, "filled"):
        value = value.filled(np.nan)
    if isinstance(value, (np.ndarray, list, tuple)):
        return np.asarray(value, dtype=object).tolist()
    return value
