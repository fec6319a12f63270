"""What can be measured on a figure: sizes, texts that meet or are cut, colours, fonts."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.figures.press.fonts import problem_of
from toolkit.figures.press.pictures import laid_out
from toolkit.figures.press.style import MM, SIZED
from toolkit.figures.press.vision import VISIONS, chroma, contrast, distance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

Array = np.ndarray[Any, Any]

_APART = 10.0  # colour difference that the eye tells without a neighbour to compare
_GREY = 3.0  # chroma up to which a colour passes for grey
_TRUETYPE = (b"\x00\x01\x00\x00", b"true", b"ttcf")
_SHOWN = 5  # of each kind of finding


def measure(figure: Figure) -> dict[str, Any]:
    """Measure a figure as it would be printed.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    dict
        Plain values, the same every time: ``size_mm``; ``smallest_text`` and
        ``largest_text`` (pt, the text; the second but for words whose size is a value);
        ``thinnest_line`` (pt); ``fonts`` that are not TrueType; ``letters`` that cannot be
        drawn as meant; ``overlaps`` and ``cut`` texts; ``see_through`` artists;
        ``contrast`` (the least of a text with its ground, the text); ``confused``: for
        each kind of vision the pairs of colours that look alike and that nothing but
        colour tells apart; ``coloured``: whether something is not grey.
    """
    width, height = figure.get_size_inches()
    found: dict[str, Any] = {"size_mm": [round(width / MM, 2), round(height / MM, 2)]}
    with _settled(figure):
        lines, ground = _draw_without_text(figure)
    texts = [*dict.fromkeys(line.text for line in lines)]
    found |= _letters(texts)
    found["overlaps"] = _overlaps(lines)
    page = figure.bbox.padded(0.5)
    cut = dict.fromkeys(_short(line.text) for line in lines if not _inside(line.box, page))
    found["cut"] = [*cut][:_SHOWN]
    found["see_through"] = sorted({type(a).__name__ for a in figure.findobj(_see_through)})
    found["contrast"] = _least_contrast(lines, ground)
    colours = [series for axes in figure.axes for series in [_series(axes)] if series]
    found["confused"] = {vision: _confused(colours, vision) for vision in ("", *VISIONS)}
    found["coloured"] = any(
        chroma(colour) > _GREY for series in colours for colour, _ in series
    ) or any(chroma(text.get_color()) > _GREY for text in texts)
    widths = [float(width) for line in _lines(figure) for width in np.ravel(line.get_linewidth())]
    found["thinnest_line"] = round(min(widths), 2) if widths else None
    return found


def _lines(figure: Figure) -> Iterator[Any]:
    """Yield the lines that are seen, one by one or in collections."""
    from matplotlib.collections import LineCollection

    for axes in figure.axes:
        collections = [c for c in axes.collections if isinstance(c, LineCollection)]
        drawn = [c for c in collections if len(c.get_segments())]
        yield from (line for line in [*axes.lines, *drawn] if line.get_visible())


def _see_through(artist: Any) -> bool:
    """Tell whether an artist lets others shine through, which EPS cannot hold."""
    alpha = artist.get_alpha()
    part = np.asarray(1 if alpha is None else alpha)
    return bool(artist.get_visible() and ((part > 0) & (part < 1)).any())


@contextmanager
def _settled(figure: Figure) -> Iterator[None]:
    """Lay a figure out without the check of the style, which would raise here."""
    with figure.canvas.callbacks.blocked(signal="draw_event"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        with laid_out(figure):
            yield


@dataclass(frozen=True, eq=False)
class _Line:
    """A line of text: the strokes of its outline and the box around them, in pixels."""

    text: Text
    strokes: list[Array]
    box: Bbox


def _draw_without_text(figure: Figure) -> tuple[list[_Line], Array]:
    """Draw a figure; return the lines of its texts, and the pixels of all else."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D, Bbox

    width, height = (int(side) for side in figure.bbox.size)
    lines: list[_Line] = []

    class Recorder(RendererAgg):
        """Notes what text would be drawn, and draws the rest."""

        def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # type: ignore[no-untyped-def]
            size = prop.get_size_in_points() * figure.dpi / 72
            place = Affine2D().rotate_deg(angle).translate(x, height - y)
            outline = TextPath((0, 0), s, size=size, prop=prop).transformed(place)
            strokes = [np.asarray(stroke) for stroke in outline.to_polygons()]
            if mtext is not None and strokes:
                corners = np.concatenate(strokes)
                box = Bbox([corners.min(axis=0), corners.max(axis=0)])
                lines.append(_Line(mtext, strokes, box))

    renderer = Recorder(width, height, figure.dpi)
    figure.draw(renderer)
    return lines, np.asarray(renderer.buffer_rgba())[::-1, :, :3] / 255


def _letters(texts: list[Text]) -> dict[str, Any]:
    from matplotlib.font_manager import FontProperties, findfont

    files = {
        findfont(FontProperties(family=[family])) for t in texts for family in t.get_fontfamily()
    }
    other = [File(file).name for file in sorted(files) if not _is_truetype(File(file))]
    smallest = min(texts, key=lambda t: t.get_fontsize(), default=None)
    lettering = [text for text in texts if text.get_label() != SIZED]
    largest = max(lettering, key=lambda t: t.get_fontsize(), default=None)
    problems = dict.fromkeys(p for text in texts if (p := problem_of(text)))
    return {
        "smallest_text": smallest and [round(float(smallest.get_fontsize()), 2), _short(smallest)],
        "largest_text": largest and [round(float(largest.get_fontsize()), 2), _short(largest)],
        "fonts": other,
        "letters": [*problems][:_SHOWN],
    }


def _is_truetype(file: File) -> bool:
    with file.open("rb") as font:
        return font.read(4) in _TRUETYPE


def _short(text: Text) -> str:
    content = text.get_text().replace("\n", " ")
    return content if len(content) <= 20 else f"{content[:19]}…"


def _inside(box: Bbox, page: Bbox) -> bool:
    return bool(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1)


def _overlaps(lines: list[_Line]) -> list[list[str]]:
    edges = np.array([[b.x0, b.y0, b.x1, b.y1] for b in (line.box for line in lines)])
    edges = edges.reshape(-1, 4)
    low, high = edges[:, :2], edges[:, 2:]
    near = ((low[:, None] < high[None]) & (low[None] < high[:, None])).all(axis=2)
    return [
        [_short(one.text), _short(other.text)]
        for one, other in ((lines[i], lines[j]) for i, j in np.argwhere(np.triu(near, 1)))
        if _cross(one, other)
    ][:_SHOWN]


def _cross(one: _Line, other: _Line) -> bool:
    """Tell whether the outlines of two texts cross, stroke by stroke."""
    from matplotlib.path import Path

    strokes, its = ([Path(stroke) for stroke in line.strokes] for line in (one, other))
    return any(a.intersects_path(b, filled=False) for a in strokes for b in its)


def _least_contrast(lines: list[_Line], ground: Array) -> list[Any] | None:
    """Return the least contrast of a text with what is beneath it, and the text."""
    found = []
    for line in lines:
        left, bottom, right, top = (max(0, round(edge)) for edge in line.box.extents)
        beneath = ground[bottom:top, left:right].reshape(-1, 3)
        if len(beneath):
            colour = tuple(np.median(beneath, axis=0).tolist())
            ratio = contrast(line.text.get_color(), colour)
            found.append([round(ratio, 1), _short(line.text)])
    return min(found, default=None)


def _series(axes: Axes) -> set[tuple[str, Any]]:
    """Return the colours of the data on axes, each with what else tells it apart."""
    from matplotlib.collections import PathCollection
    from matplotlib.colors import to_hex, to_rgba

    found: set[tuple[str, Any]] = set()

    def add(colour: Any, *shape: Any) -> None:
        if to_rgba(colour)[3] > 0 and to_hex(colour) != "#ffffff":
            found.add((to_hex(colour), shape))

    for line in axes.lines:
        if line.get_visible() and line.get_transform() == axes.transData:
            add(line.get_color(), "line", line.get_linestyle(), str(line.get_marker()))
    for points in axes.collections:
        if isinstance(points, PathCollection) and points.get_visible():
            corners = np.asarray(points.get_paths()[0].vertices)
            outline = tuple(np.round(corners, 3).ravel())
            for colour in points.get_facecolor():
                add(colour, "points", outline)
    for patch in axes.patches:
        if patch.get_visible():
            add(patch.get_facecolor(), "patch", patch.get_hatch())
    return found


def _confused(series: list[set[tuple[str, Any]]], vision: str) -> list[list[str]]:
    pairs = {
        tuple(sorted((one, other)))
        for axes in series
        for (one, shape), (other, its) in combinations(sorted(axes, key=str), 2)
        if shape == its and distance(one, other, vision) < _APART
    }
    return [list(pair) for pair in sorted(pairs)][:_SHOWN]
