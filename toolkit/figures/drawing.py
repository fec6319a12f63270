"""What a figure shows: the data, in words, and how to draw it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width

from toolkit.figures.fonts import check_text
from toolkit.figures.presets import Columns
from toolkit.figures.style import (
    INK,
    MM,
    MUTED,
    adopt,
    current_style,
    fine_print,
    in_force,
    keep_style,
)
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
_LINE = 26  # half widths of a line of a label
_TIGHTEST = 0.75  # share of the wanted height at which rows of text still stand apart


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


@contextmanager
def canvas(
    ax: Axes | None,
    *,
    columns: Columns,
    height: float | None = None,
    ratio: float | None = None,
) -> Iterator[Axes]:
    """Yield axes to draw on, in style: those given, or new ones.

    Parameters
    ----------
    ax : Axes or None
        Where to draw; None makes a figure.
    columns, height, ratio
        Of a new figure; see `page_size`.
    """
    size = None if ax is not None else (columns, height, ratio)
    with canvases(ax, size=size, grid=(1, 1)) as axes:
        yield axes[0]


@contextmanager
def canvases(
    ax: Any,
    *,
    size: tuple[Columns, float | None, float | None] | None,
    grid: tuple[int, int],
) -> Iterator[np.ndarray[Any, Any]]:
    """Yield a flat array of axes to draw on, in style: those given, or new ones.

    Parameters
    ----------
    ax : Axes, a sequence of them, or None
    size : tuple
        Of a new figure: columns, height, ratio of `page_size`.
    grid : tuple of int
        Rows and columns of axes on a new figure.
    """
    import matplotlib.pyplot as plt
    import numpy as np

    with current_style():
        figure = None
        if ax is None:
            assert size is not None
            width, height = page_size(*size)
            figure, ax = plt.subplots(
                *grid, figsize=(width * MM, height * MM), layout="constrained"
            )
        axes = np.ravel(ax)
        for one in axes:
            keep_style(one)
        try:
            yield axes
            if figure is not None:
                adopt(figure)
            check_text(axes[0].get_figure(root=True))
        except BaseException:
            if figure is not None:
                plt.close(figure)
            raise


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
        raise ValueError(
            f"the figure would be {wanted:.0f} mm high; figure_style({preset.name!r}) allows "
            f"{preset.max_height:g} mm: draw fewer rows"
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


def group_name(by: str, lang: Language) -> str:
    """Return what a column of the units is called in a caption."""
    return _GROUPS.get(by, (by, by))[0 if lang == "zh" else 1]


def plain(label: object) -> str:
    """Return a label that comes from data: never taken for a formula, never endless."""
    text = str(label)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return text.replace("$", r"\$")


def row_labels(labels: Iterable[object]) -> list[str]:
    """Return labels of rows: long Chinese ones in two lines."""
    return [_wrapped(plain(label)) for label in labels]


def lines_of(labels: Sequence[str]) -> int:
    """Return how many lines the longest of the labels has."""
    return max((label.count("\n") + 1 for label in labels), default=1)


def _wrapped(text: str) -> str:
    if _width(text) <= _LINE:
        return text
    # In the middle, at a space or after a mark if there is one near.
    places = [i for i in range(1, len(text)) if abs(_width(text[:i]) - _width(text) / 2) <= 4]
    places = places or [len(text) // 2]
    after = [i for i in places if text[i - 1] in " ·、，-—/"]
    middle = min(after or places, key=lambda i: abs(_width(text[:i]) - _width(text) / 2))
    return f"{text[:middle].rstrip()}\n{text[middle:].lstrip()}"


def _width(text: str) -> int:
    """Return how wide a text is, in half widths."""
    return sum(1 + (east_asian_width(c) in "WF") for c in text)


def settle(axes: Axes) -> float:
    """Settle the layout, and return how many points the axes are high."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    return axes.get_window_extent().height / figure.dpi * 72


def spread(values: np.ndarray[Any, Any], gap: float) -> np.ndarray[Any, Any]:
    """Return places as near to the values as they can be, at least a gap apart.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.array([5.0, 1.0, 5.0]), 2)
    array([4., 1., 6.])
    """
    import numpy as np
    from scipy.optimize import isotonic_regression

    order = np.argsort(values, kind="stable")
    steps = gap * np.arange(len(values))
    places = np.empty(len(values))
    places[order] = isotonic_regression(values[order] - steps).x + steps
    return places


def label_ends(
    ax: Axes,
    names: Sequence[str],
    ends: Sequence[tuple[float, float, str]],
    *,
    side: Literal["left", "right"] = "right",
) -> None:
    """Name lines at their ends, beside the axes; names that would meet make room.

    Parameters
    ----------
    ax : Axes
        Its limits must be final.
    names : sequence of str
    ends : sequence of tuple
        Where each line ends (x and y) and its colour.
    side : {"left", "right"}
    """
    import numpy as np

    low, high = ax.get_ylim()
    gap = (high - low) * 1.4 * fine_print() / settle(ax)  # a line of text, in data units
    places = spread(np.array([y for _, y, _ in ends]), gap)
    outside, align, edge = (1.05, "left", 0) if side == "right" else (-0.05, "right", 1)
    for name, (x, y, colour), place in zip(names, ends, places, strict=True):
        ax.annotate(
            plain(name),
            (x, y),
            (outside, place),
            textcoords=("axes fraction", "data"),
            ha=align,
            va="center",
            size=fine_print(),
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "lw": 0.6,
                "relpos": (edge, 0.5),
                "shrinkA": 1,
                "shrinkB": 3,
            },
        )


def fill_page(axes: Axes) -> None:
    """Let the axes of a new figure take the whole of it, for plots that bring their margins."""
    engine = axes.get_figure(root=True).get_layout_engine()  # type: ignore[union-attr]
    assert engine is not None
    engine.set(w_pad=0, h_pad=0)  # type: ignore[call-arg]


def label_points(
    ax: Axes,
    places: np.ndarray[Any, Any],
    names: Iterable[object],
    colours: str | Sequence[str] = INK,
    *,
    clear_of: np.ndarray[Any, Any] | None = None,
) -> None:
    """Write a name beside each point of ``places``, shape (n, 2), clear of all the others.

    The limits of the axes must be final: the labels go by them. They keep clear of the
    points of `clear_of`, shape (m, 2), too.
    """
    import numpy as np
    import textalloc

    settle(ax)
    x, y = places.T
    all_x, all_y = (places if clear_of is None else np.concatenate([places, clear_of])).T
    textalloc.allocate(
        ax,
        x,
        y,
        [plain(name) for name in names],
        x_scatter=all_x,
        y_scatter=all_y,
        nbr_candidates=600,
        textsize=fine_print(),
        textcolor=colours if isinstance(colours, str) else [*colours],
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
    kind: tuple[str, str],
    value: str | None = None,
    beside: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Keep with the axes what was drawn on them.

    Parameters
    ----------
    axes : Axes
    plot, source, params
        The function, the value it drew and its other arguments: see `record`.
    data : DataFrame
        What is drawn.
    caption : mapping of "zh" and "en" to str
    kind : tuple of str
        What sort of figure it is, in Chinese and in English.
    value : str, optional
        The column of `data` whose ends the alternative text tells.
    beside : mapping of str to DataFrame, optional
        Tables that are not drawn, but belong to the figure.
    """
    recipe = record(plot, source, makes="ax", params=params)
    alt = alt_text(data, caption, kind=kind, value=value)
    vars(axes)[_KEY] = Drawing(data, dict(caption), alt, recipe, dict(beside or {}))


def alt_text(
    data: pd.DataFrame, caption: Mapping[str, str], *, kind: tuple[str, str], value: str | None
) -> dict[str, str]:
    """Say in words what a figure shows: its kind, its caption, the ends of its values."""
    texts = {"zh": f"{kind[0]}。{caption['zh']}", "en": f"{kind[1]}. {caption['en']}"}
    if value is None or data[value].dropna().empty:
        return texts
    ends = []
    by_value = data.dropna(subset=value).sort_values(value, kind="stable")
    for place in (-1, 0):
        row = by_value.iloc[place]
        labels = [cell for cell in row if isinstance(cell, str)]
        name = ", ".join(labels[:2]) or str(by_value.index[place])
        ends.append(f"{name} ({row[value]:.3g})")
    texts["zh"] += f"最高：{ends[0]}；最低：{ends[1]}。"
    texts["en"] += f" Highest: {ends[0]}; lowest: {ends[1]}."
    return texts


def drawings(figure: Figure) -> list[Drawing]:
    """Return what the plots of the toolkit drew on a figure, in the order of its axes."""
    return [vars(axes)[_KEY] for axes in figure.axes if _KEY in vars(axes)]
