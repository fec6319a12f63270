"""What can be measured on a figure: sizes, texts that meet or are cut, fonts, colours.

Colours are measured as others see them: colour-blind eyes, black-and-white print.
"""

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
# What is left of linear red, green and blue without one kind of cone, complete loss
# (Machado, Oliveira & Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.0).
_WITHOUT = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Linear sRGB to CIE XYZ, and the white point D65 (IEC 61966-2-1).
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


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
    from matplotlib.text import Text

    by_size = Text.get_fontsize
    with _settled(figure):
        lines, ground = _draw_without_text(figure)
    texts = [*dict.fromkeys(line.text for line in lines)]
    lettering = [text for text in texts if text.get_label() != SIZED]
    files = sorted({_font_file(family) for text in texts for family in text.get_fontfamily()})
    page = figure.bbox.padded(0.5)
    cut = [_short(line.text) for line in lines if not _inside(line.box, page)]
    series = [_series(axes) for axes in figure.axes]
    inks = [colour for axes in series for colour, _ in axes] + [t.get_color() for t in texts]
    widths = [float(width) for line in _lines(figure) for width in np.ravel(line.get_linewidth())]
    return {
        "size_mm": [round(float(side) / MM, 2) for side in figure.get_size_inches()],
        "smallest_text": _size(min(texts, key=by_size, default=None)),
        "largest_text": _size(max(lettering, key=by_size, default=None)),
        "fonts": [file.name for file in files if not _is_truetype(file)],
        "letters": _first(str(p) for text in texts if (p := problem_of(text))),
        "overlaps": _overlaps(lines),
        "cut": _first(cut),
        "see_through": sorted({type(a).__name__ for a in figure.findobj(_see_through)}),
        "contrast": _least_contrast(lines, ground),
        "confused": {vision: _confused(series, vision) for vision in ("", *_WITHOUT, "greyscale")},
        "coloured": any(chroma(ink) > _GREY for ink in inks),
        "thinnest_line": round(min(widths), 2) if widths else None,
    }


def distance(one: str, other: str, vision: str = "") -> float:
    """Return how different two colours look: CIE 1976 colour difference, 100 black to white.

    Parameters
    ----------
    one, other : str
        Colours as matplotlib takes them.
    vision : {"", "protanopia", "deuteranopia", "tritanopia", "greyscale"}
        Who looks; "" for trichromatic eyes.

    Examples
    --------
    >>> round(distance("black", "white"))
    100
    >>> distance("#d62728", "#8c8c00") > 3 * distance("#d62728", "#8c8c00", "deuteranopia")
    True
    """
    return float(np.linalg.norm(_lab(_seen(one, vision)) - _lab(_seen(other, vision))))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance).

    >>> round(contrast("black", "white"))
    21
    """
    light, dark = sorted((float(_linear(c) @ _TO_XYZ[1]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def chroma(colour: Any) -> float:
    """Return how far a colour is from grey.

    >>> round(chroma("#777777")), round(chroma("blue"))
    (0, 134)
    """
    return float(np.linalg.norm(_lab(_linear(colour))[1:]))


def _linear(colour: Any) -> Array:
    from matplotlib.colors import to_rgb

    rgb: Array = np.asarray(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _seen(colour: str, vision: str) -> Array:
    rgb = _linear(colour)
    if vision == "greyscale":
        return np.full(3, rgb @ _TO_XYZ[1])
    return np.clip(np.array(_WITHOUT[vision]) @ rgb, 0, 1) if vision else rgb


def _lab(rgb: Array) -> Array:
    share = _TO_XYZ @ rgb / _WHITE
    root = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


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


def _font_file(family: str) -> File:
    from matplotlib.font_manager import FontProperties, findfont

    return File(findfont(FontProperties(family=[family])))


def _is_truetype(file: File) -> bool:
    with file.open("rb") as font:
        return font.read(4) in _TRUETYPE


def _size(text: Text | None) -> list[Any] | None:
    return None if text is None else [round(float(text.get_fontsize()), 2), _short(text)]


def _short(text: Text) -> str:
    content = text.get_text().replace("\n", " ")
    return content if len(content) <= 20 else f"{content[:19]}…"


def _first(found: Any) -> list[Any]:
    return [*dict.fromkeys(found)][:_SHOWN]


def _inside(box: Bbox, page: Bbox) -> bool:
    return bool(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1)


def _overlaps(lines: list[_Line]) -> list[list[str]]:
    edges = np.array([line.box.extents for line in lines]).reshape(-1, 4)
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

    drawn: list[tuple[Any, ...]] = []
    for line in axes.lines:
        if line.get_visible() and line.get_transform() == axes.transData:
            drawn.append((line.get_color(), "line", line.get_linestyle(), str(line.get_marker())))
    for points in axes.collections:
        if isinstance(points, PathCollection) and points.get_visible():
            corners = np.asarray(points.get_paths()[0].vertices)
            outline = tuple(np.round(corners, 3).ravel())
            drawn += [(colour, "points", outline) for colour in points.get_facecolor()]
    for patch in axes.patches:
        if patch.get_visible():
            drawn.append((patch.get_facecolor(), "patch", patch.get_hatch()))
    return {
        (to_hex(colour), (*shape,))
        for colour, *shape in drawn
        if to_rgba(colour)[3] > 0 and to_hex(colour) != "#ffffff"
    }


def _confused(series: list[set[tuple[str, Any]]], vision: str) -> list[list[str]]:
    pairs = {
        tuple(sorted((one, other)))
        for axes in series
        for (one, shape), (other, its) in combinations(sorted(axes, key=str), 2)
        if shape == its and distance(one, other, vision) < _APART
    }
    return [list(pair) for pair in sorted(pairs)][:_SHOWN]
