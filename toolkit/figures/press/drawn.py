"""What a plot drew: the data, in words, and how to draw it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit.recipe import Recipe, Recorded, fingerprint

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_KEY = "toolkit_drawing"


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
    """

    data: pd.DataFrame
    caption: dict[str, str]
    alt: dict[str, str]
    recipe: Recipe
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data drawn."""
        return fingerprint(self.data.reset_index().to_dict("split"))


def keep(axes: Axes, drawing: Drawing) -> None:
    """Keep with the axes what was drawn on them."""
    vars(axes)[_KEY] = drawing


def drawings(figure: Figure) -> list[Drawing]:
    """Return what the plots of the toolkit drew on a figure, in the order of its axes."""
    return [vars(axes)[_KEY] for axes in figure.axes if _KEY in vars(axes)]
