"""What a figure holds: what its plots drew, in words, and how to draw it again."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.figures.press.pictures import pixels
from toolkit.figures.press.style import figure_style, in_force, style_of
from toolkit.files import csv_text
from toolkit.recipe import Recipe, Recorded, fingerprint

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_KEY = "toolkit_drawing"
_COMPARED = 60  # dpi: any edit that is seen in print changes a pixel


@dataclass(frozen=True, eq=False)
class Drawing(Recorded):
    """A plot as a value: it stays with its axes, and goes into the bundle of the figure.

    Parameters
    ----------
    data : DataFrame
        What is drawn.
    caption : dict
        One or two sentences for each language, ``"zh"`` and ``"en"``.
    alt : dict
        What the figure shows, for who cannot see it, in each language.
    recipe : Recipe
        The steps up to and including the plot.
    beside : dict of str to DataFrame
        Tables that are not drawn, but belong to the figure.
    again : callable, optional
        Draws the plot once more, on a figure of its own; returns its axes.
    """

    data: pd.DataFrame
    caption: dict[str, str]
    alt: dict[str, str]
    recipe: Recipe
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    again: Callable[[], Any] | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data drawn, to the digits that are written."""
        return fingerprint(csv_text(self.data))


def keep(axes: Axes, drawing: Drawing) -> None:
    """Keep with the axes what was drawn on them, and in which style."""
    *before, plot = drawing.recipe.steps
    styled = replace(plot, style=in_force().arguments())
    vars(axes)[_KEY] = replace(drawing, recipe=Recipe((*before, styled)))


def drawings(figure: Figure) -> list[Drawing]:
    """Return what the plots of the toolkit drew on a figure, in the order of its axes."""
    return [vars(axes)[_KEY] for axes in figure.axes if _KEY in vars(axes)]


def figure_of(figure: Any) -> Figure:
    """Return the figure of axes, or of the first of several.

    Raises
    ------
    TypeError
        If there is none.
    """
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    first = figure
    while isinstance(first, Iterable) and not isinstance(first, (str, bytes, Mapping)):
        first = next(iter(first), None)
    root = first.get_figure(root=True) if isinstance(first, Artist) else None
    if not isinstance(root, Figure):
        raise TypeError(
            f"a figure of matplotlib, axes, or a sequence of axes is needed first, not "
            f"{type(figure).__name__} ({str(figure)[:40]!r}): export_figure(ax, 'name')"
        )
    return root


def is_as_drawn(figure: Figure) -> bool:
    """Tell whether a figure is what its one plot draws: it is drawn again and compared."""
    import matplotlib.pyplot as plt

    drawn = drawings(figure)
    if len(drawn) != 1 or (again := drawn[0].again) is None:
        return False
    with warnings.catch_warnings(), plt.ioff(), figure_style(**style_of(figure).arguments()):
        warnings.simplefilter("ignore")  # they were given when it was drawn
        fresh = figure_of(again())
    try:
        one, other = (np.asarray(pixels(each, _COMPARED)) for each in (figure, fresh))
        return np.array_equal(one, other)
    finally:
        plt.close(fresh)
