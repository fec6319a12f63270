"""What a figure shows: the data, in words, and how to draw it again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from toolkit.figures.press.drawn import Drawing, keep
from toolkit.figures.press.fonts import check_text
from toolkit.figures.press.presets import Columns
from toolkit.figures.press.style import (
    INK,
    MM,
    adopt,
    current_style,
    in_force,
    keep_style,
)
from toolkit.recipe import record

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toolkit.topics import Topics

Language = Literal["zh", "en"]
_DIMENSIONS = {
    "refined": "精细化",
    "smart": "智能化",
    "participatory": "多元参与",
    "legal": "法治化",
    "general": "总论",
}
_KINDS = {
    "theory": "理论",
    "review": "综述",
    "case": "案例",
    "regulation": "法规",
    "note": "札记",
    "report": "报告",
    "policy": "政策",
    "speech": "讲话",
    "news": "新闻",
    "interview": "访谈",
    "other": "其他",
}
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
_HEAD = 40  # mm of height that is not of the rows, at most
_TIGHTEST = 0.75  # share of the wanted height at which rows of text still stand apart


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
            figure = _new_figure(*page_size(*size))
            ax = figure.subplots(*grid)
        axes = np.ravel(ax)
        for one in axes:
            keep_style(one)
        try:
            yield axes
            if not in_force().preset.grid:
                for one in axes:
                    one.grid(visible=False)
            if figure is not None:
                adopt(figure)
            check_text(axes[0].get_figure(root=True))
        except BaseException:
            if figure is not None:
                plt.close(figure)
            raise


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


def group_name(by: str, lang: Language) -> str:
    """Return what a column of the units is called in a caption."""
    return _GROUPS.get(by, (by, by))[0 if lang == "zh" else 1]


def dimension_name(dimension: str, lang: Language) -> str:
    """Return what a dimension of the codebook is called; one's own are called as they are."""
    return value_name("dimension", dimension, lang)


def value_name(by: str, value: object, lang: Language) -> str:
    """Return what a group is called: values that the toolkit gave have Chinese names."""
    known = {"dimension": _DIMENSIONS, "kind": _KINDS}.get(by, {}) if lang == "zh" else {}
    return known.get(str(value), str(value))


def named(topics: Topics) -> dict[str, str]:
    """Return a sentence for captions that lists the labels of topics; none without labels."""
    if not topics.labels:
        return {"zh": "", "en": ""}
    labels = [f"{topic} {label}" for topic, label in sorted(topics.labels.items())]
    return {"zh": f"主题名称：{'；'.join(labels)}。", "en": f" Labels: {'; '.join(labels)}."}


def fill_page(axes: Axes) -> None:
    """Let the axes of a new figure take the whole of it, for plots that bring their margins."""
    engine = axes.get_figure(root=True).get_layout_engine()  # type: ignore[union-attr]
    assert engine is not None
    engine.set(w_pad=0, h_pad=0)  # type: ignore[call-arg]


def remember(
    axes: Axes,
    plot: Callable[..., Any],
    source: Any,
    data: pd.DataFrame,
    caption: Mapping[str, str],
    params: Mapping[str, Any],
    *,
    kind: tuple[str, str],
    value: str | None = None,
    beside: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Keep with the axes what was drawn on them.

    Parameters
    ----------
    axes : Axes
    plot, source : function, value
        The plot and what it drew.
    data : DataFrame
        What is drawn.
    caption : mapping of "zh" and "en" to str
    params : mapping
        The other arguments of the plot: see `record`.
    kind : tuple of str
        What sort of figure it is, in Chinese and in English.
    value : str, optional
        The column of `data` whose ends the alternative text tells.
    beside : mapping of str to DataFrame, optional
        Tables that are not drawn, but belong to the figure.
    """
    recipe = record(plot, source, makes="ax", params=params)
    alt = alt_text(data, caption, kind=kind, value=value)
    again = partial(plot, *([] if source is None else [source]), **params)
    keep(axes, Drawing(data, dict(caption), alt, recipe, dict(beside or {}), again))


def alt_text(
    data: pd.DataFrame, caption: Mapping[str, str], *, kind: tuple[str, str], value: str | None
) -> dict[str, str]:
    """Say in words what a figure shows: its kind, its caption, the ends of its values."""
    texts = {"zh": f"{kind[0]}。{caption['zh']}", "en": f"{kind[1]}. {caption['en']}"}
    if value is None or data[value].dropna().empty:
        return texts
    ends = []
    by_value = data.dropna(subset=value).sort_values(value, kind="stable")
    by_value = by_value.drop(columns=["most_of", "absent_in"], errors="ignore")  # no row's name
    for place in (-1, 0):
        row = by_value.iloc[place]
        labels = [cell for cell in row if isinstance(cell, str) and cell]
        names = labels[:2] or [str(by_value.index[place])]
        ends.append((names, f"{row[value]:.3g}".replace("-", "\N{MINUS SIGN}")))
    most, least = (f"{'、'.join(names)} ({number})" for names, number in ends)
    texts["zh"] += f"最高：{most}；最低：{least}。"
    most, least = (f"{', '.join(names)} ({number})" for names, number in ends)
    texts["en"] += f" Highest: {most}; lowest: {least}."
    return texts


def draw_intervals(ax: Axes, table: pd.DataFrame) -> None:
    """Draw a line from ``low`` to ``high`` on each bar, with a rim: bars may be dark.

    A line that is open at an end goes to the edge of the axes.
    """
    import numpy as np
    from matplotlib.patheffects import withStroke

    width = 1.4 * in_force().preset.line
    rim = [withStroke(linewidth=2.4 * width, foreground="white")]
    rows = range(len(table))
    ends = table[["low", "high"]].to_numpy(dtype=float)
    within = np.concatenate([ends[np.isfinite(ends)], ax.get_xlim()])
    low, high = ends.clip(within.min(), within.max()).T
    ax.hlines(rows, low, high, color=INK, linewidth=width, path_effects=rim)
