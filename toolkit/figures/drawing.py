"""What a figure shows: the data, in words, and how to draw it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from toolkit.figures.fonts import check_text
from toolkit.figures.style import INK, MM, MUTED, current_style, keep_style
from toolkit.recipe import Recipe, Recorded, fingerprint, record

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Language = Literal["zh", "en"]
_KEY = "toolkit_drawing"
_GROUPS = {
    "city": ("城市", "city"),
    "city_en": ("城市", "city"),
    "dimension": ("维度", "dimension"),
    "doc_id": ("文本", "text"),
    "kind": ("文体", "kind of text"),
    "region": ("地区", "region"),
    "section": ("小节", "section"),
    "year": ("年份", "year"),
}
_LONGEST = 30  # characters of a label


@dataclass(frozen=True, eq=False)
class Drawing(Recorded):
    """A plot as a value: it stays with its axes, and goes into the bundle of the figure.

    Parameters
    ----------
    data : DataFrame
        What is drawn.
    caption : dict
        One or two sentences for each language, ``"zh"`` and ``"en"``.
    recipe : Recipe
        The steps up to and including the plot.
    beside : dict of str to DataFrame
        Tables that are not drawn, but belong to the figure.
    """

    data: pd.DataFrame
    caption: dict[str, str]
    recipe: Recipe
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data drawn."""
        return fingerprint(self.data.reset_index().to_dict("split"))


@contextmanager
def canvas(ax: Axes | None, *, width: float, height: float) -> Iterator[Axes]:
    """Yield axes to draw on, in style: those given, or new ones.

    Parameters
    ----------
    ax : Axes or None
        Where to draw; None makes a figure.
    width, height : float
        Of a new figure, in mm.
    """
    with canvases(ax, width=width, height=height, rows=1, columns=1) as axes:
        yield axes[0]


@contextmanager
def canvases(
    ax: Any, *, width: float, height: float, rows: int, columns: int
) -> Iterator[np.ndarray[Any, Any]]:
    """Yield a flat array of axes to draw on, in style: those given, or new ones."""
    import matplotlib.pyplot as plt
    import numpy as np

    with current_style():
        figure = None
        if ax is None:
            size = (width * MM, height * MM)
            figure, ax = plt.subplots(rows, columns, figsize=size, layout="constrained")
        axes = np.ravel(ax)
        for one in axes:
            keep_style(one)
        try:
            yield axes
            check_text(axes[0].get_figure(root=True))
        except BaseException:
            if figure is not None:
                plt.close(figure)
            raise


def group_name(by: str, lang: Language) -> str:
    """Return what a column of the units is called in a caption."""
    return _GROUPS.get(by, (by, by))[0 if lang == "zh" else 1]


def plain(label: object) -> str:
    """Return a label that comes from data: never taken for a formula, never endless."""
    text = str(label)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return text.replace("$", r"\$")


def settle(axes: Axes) -> float:
    """Settle the layout, and return how many points the axes are high."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    return axes.get_window_extent().height / figure.dpi * 72


def label_points(
    ax: Axes,
    places: np.ndarray[Any, Any],
    names: Iterable[object],
    colours: str | list[str] = INK,
) -> None:
    """Write a name beside each point of ``places``, shape (n, 2), clear of all the others.

    The limits of the axes must be final: the labels go by them.
    """
    import textalloc

    settle(ax)
    x, y = places.T
    textalloc.allocate(
        ax,
        x,
        y,
        [plain(name) for name in names],
        x_scatter=x,
        y_scatter=y,
        nbr_candidates=600,
        textsize=7,
        textcolor=colours,
        linecolor=MUTED,
        linewidth=0.4,
        margin=0.004,
        min_distance=0.008,
        avoid_label_lines_overlap=True,
        avoid_crossing_label_lines=True,
    )


def remember(
    axes: Axes,
    plot: Callable[..., Any],
    source: Any,
    *,
    data: pd.DataFrame,
    caption: Mapping[str, str],
    params: Mapping[str, Any],
    beside: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Keep with the axes what was drawn on them."""
    recipe = record(plot, source, makes="ax", params=params)
    vars(axes)[_KEY] = Drawing(data, dict(caption), recipe, dict(beside or {}))


def drawings(figure: Figure) -> list[Drawing]:
    """Return what the plots of the toolkit drew on a figure, in the order of its axes."""
    return [vars(axes)[_KEY] for axes in figure.axes if _KEY in vars(axes)]
