"""Labels that come from data: short, whole, and clear of each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width

from toolkit.figures.press.style import INK, MUTED, fine_print

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

_LONGEST = 30  # characters of a label
_LINE = 26  # half widths of a line of a label
_MANY = 250  # points: more names than that find no room, and the search is quadratic
_GAP = 1.5  # pt between a label and the line to its point


def plain(label: object) -> str:
    """Return a label that comes from data: never taken for a formula, never endless."""
    return shorten(str(label), _LONGEST).replace("$", r"\$")


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def row_labels(labels: Iterable[object]) -> list[str]:
    """Return labels of rows: long Chinese ones in two lines."""
    return [_wrapped(plain(label)) for label in labels]


def folded(text: str, most: float) -> str:
    r"""Return a text in lines of at most so many half widths, broken at spaces and marks.

    Examples
    --------
    >>> folded("one two three", 8)
    'one two\nthree'
    """
    lines = [""]
    for part in re.findall(r"[^\s，；。]*[\s，；。]?", text):
        if _width(lines[-1] + part.rstrip()) > most:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines if line)


def lines_of(labels: Sequence[str]) -> int:
    """Return how many lines the longest of the labels has."""
    return max((label.count("\n") + 1 for label in labels), default=1)


def label_points(
    ax: Axes,
    places: np.ndarray[Any, Any],
    names: Iterable[object],
    colours: str | Sequence[str] = INK,
    *,
    clear_of: np.ndarray[Any, Any] | None = None,
) -> int:
    """Write a name beside each point of ``places``, shape (n, 2), clear of all the others.

    The limits of the axes must be final: the labels go by them. They keep clear of the
    points of `clear_of`, shape (m, 2), too. Of very many, those are written that find room.

    Returns
    -------
    int
        How many names found no room.
    """
    import numpy as np
    import textalloc

    settle(ax)
    x, y = places.T
    many = len(places) > _MANY
    before = len(ax.texts)
    all_x, all_y = (places if clear_of is None else np.concatenate([places, clear_of])).T
    lines: Any = textalloc.allocate(
        ax,
        x,
        y,
        [plain(name) for name in names],
        x_scatter=all_x,
        y_scatter=all_y,
        textsize=fine_print(),
        textcolor=colours if isinstance(colours, str) else [*colours],
        linecolor=MUTED,
        linewidth=0.4,
        margin=0.004,
        min_distance=0.012,
        avoid_label_lines_overlap=not many,
        avoid_crossing_label_lines=not many,
        draw_all=not many,
        nbr_candidates=40 if many else 200,
        va="bottom",  # as the room for it is measured: Chinese letters reach below the baseline
    )[-1]
    for line in lines:
        if line is not None:
            _end_before_label(line)
    return len(places) - (len(ax.texts) - before)


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

    places = np.array([y for _, y, _ in ends])
    if len(ends) > 1:  # settling takes as long as drawing
        low, high = ax.get_ylim()
        gap = (high - low) * 1.4 * fine_print() / settle(ax)  # a line of text, in data units
        places = spread(places, gap)
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


def label_rows(ax: Axes, labels: Sequence[str]) -> None:
    """Name rows, the first on top: no ticks, no axis beside them."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def label_columns(
    ax: Axes, places: Sequence[float], names: Sequence[str], below: Sequence[str]
) -> None:
    """Name columns, with a line below each name; names that would meet are broken or upright."""
    broken = [name.replace(" ", "\n") for name in names]
    for tried, turn in ((names, 0), (broken, 0), (names, 90)):
        labels = [f"{name}\n{line}" for name, line in zip(tried, below, strict=True)]
        ax.set_xticks(places, labels, rotation=turn)
        settle(ax)
        boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
        if all(one.x1 < other.x0 for one, other in pairwise(boxes)):
            return


def label_inside(ax: Axes, places: Iterable[Any], names: Iterable[object]) -> None:
    """Write a short name in white on each dark mark."""
    for (x, y), name in zip(places, names, strict=True):
        ax.text(
            x, y, str(name), size=fine_print(), color="white", ha="center", va="center", zorder=4
        )


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


def settle(axes: Axes) -> float:
    """Settle the layout, and return how many points the axes are high."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    return axes.get_window_extent().height / figure.dpi * 72


def _end_before_label(line: Line2D) -> None:
    """Let a line from a label to its point begin a little after the label."""
    import numpy as np

    assert line.axes is not None
    pixels = line.axes.transData
    label, point = pixels.transform(np.asarray(line.get_xydata()))
    length = np.linalg.norm(point - label)
    begin = label + (point - label) * min(1, _GAP * line.axes.figure.dpi / 72 / length)
    line.set_data(*pixels.inverted().transform([begin, point]).T)
    line.set_solid_capstyle("butt")


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
