"""What can be measured on a figure: sizes, texts that meet or are cut, fonts, colours."""

from __future__ import annotations

import re
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
from toolkit.figures.press.vision import VISIONS, chroma, contrast, distance, is_even

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

Array = np.ndarray[Any, Any]

_APART = 10.0  # colour difference that the eye tells without a neighbour to compare
_GREY = 3.0  # chroma up to which a colour passes for grey
_TRUETYPE = (b"\x00\x01\x00\x00", b"true", b"ttcf")
_HIDDEN = 0.15  # of full red, green or blue: farther from its colour, a line is not seen
_SHOWN = 5  # of each kind of finding
_KINDS = 20  # colours up to which a map may stand for kinds, which have no order
_NUMBER = re.compile(r"[-+\u2212]?[\d,]*\.?\d+ ?%?|\$.*\d.*\$")
_YEAR = re.compile(r"(1[89]|20)\d\d")


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
        drawn as meant; ``overlaps``, ``struck`` (by a line of data) and ``cut`` texts;
        ``covering``: legends over data; ``unnamed`` axes of numbers; ``see_through`` artists;
        ``contrast`` (the least of a text with its ground, the text); ``confused``: for
        each kind of vision the pairs of colours that look alike and that nothing but
        colour tells apart; ``uneven`` maps of amounts to colours; ``coloured``: whether
        something is not grey.
    """
    from matplotlib.text import Text

    by_size = Text.get_fontsize
    with _settled(figure):
        lines, ground = _draw_without_text(figure)
        covering, struck = _covering(figure), _struck(figure, lines, ground)
    texts = [*dict.fromkeys(line.text for line in lines)]
    lettering = [text for text in texts if text.get_label() != SIZED]
    files = sorted({_font_file(family) for text in texts for family in text.get_fontfamily()})
    page = figure.bbox.padded(0.5)
    cut = [
        _short(line.text)
        for line in lines
        if not (page.contains(*line.box.min) and page.contains(*line.box.max))
    ]
    series = [_series(axes) for axes in figure.axes]
    inks = [colour for axes in series for colour, _ in axes] + [t.get_color() for t in texts]
    widths = [float(width) for line in _lines(figure) for width in np.ravel(line.get_linewidth())]
    return {
        "size_mm": [round(float(side) / MM, 2) for side in figure.get_size_inches()],
        "smallest_text": _size(min(texts, key=by_size, default=None)),
        "largest_text": _size(max(lettering, key=by_size, default=None)),
        "fonts": [file.name for file in files if file.read_bytes()[:4] not in _TRUETYPE],
        "letters": _first(str(p) for text in texts if (p := problem_of(text))),
        "overlaps": _overlaps(lines),
        "struck": struck,
        "cut": _first(cut),
        "covering": covering,
        "unnamed": _first(_unnamed(figure)),
        "see_through": sorted({type(a).__name__ for a in figure.findobj(_see_through)}),
        "contrast": _least_contrast(lines, ground),
        "confused": {vision: _confused(series, vision) for vision in ("", *VISIONS)},
        "uneven": _first(_uneven(figure)),
        "coloured": any(chroma(ink) > _GREY for ink in inks),
        "thinnest_line": round(min(widths), 2) if widths else None,
    }


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
    from matplotlib.text import Text
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D, Bbox

    width, height = (int(side) for side in figure.bbox.size)
    lines: list[_Line] = []
    # A renderer is told the text of a single line only, but the id of every one.
    texts = {f"text-{i}": text for i, text in enumerate(figure.findobj(Text))}
    ids = [(text, text.get_gid()) for text in texts.values()]

    class Recorder(RendererAgg):
        """Notes what text would be drawn, and draws the rest."""

        def open_group(self, s, gid=None):  # type: ignore[no-untyped-def]
            if s == "text":
                self.text = texts.get(gid)

        def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # type: ignore[no-untyped-def]
            size = prop.get_size_in_points() * figure.dpi / 72
            place = Affine2D().rotate_deg(angle).translate(x, height - y)
            outline = TextPath((0, 0), s, size=size, prop=prop).transformed(place)
            strokes = [np.asarray(stroke) for stroke in outline.to_polygons()]
            if (text := mtext or self.text) is not None and strokes:
                corners = np.concatenate(strokes)
                box = Bbox([corners.min(axis=0), corners.max(axis=0)])
                lines.append(_Line(text, strokes, box))

    renderer = Recorder(width, height, figure.dpi)
    try:
        for gid, text in texts.items():
            text.set_gid(gid)
        figure.draw(renderer)
    finally:
        for text, own in ids:
            text.set_gid(own)
    return lines, np.asarray(renderer.buffer_rgba())[::-1, :, :3] / 255


def _lines(figure: Figure) -> Iterator[Any]:
    """Yield the lines that are seen, one by one or in collections."""
    from matplotlib.collections import LineCollection

    for axes in figure.axes:
        collections = [c for c in axes.collections if isinstance(c, LineCollection)]
        drawn = [c for c in collections if len(c.get_segments())]
        yield from (line for line in [*axes.lines, *drawn] if line.get_visible())


def _legends(figure: Figure) -> list[Any]:
    from matplotlib.legend import Legend

    return [legend for legend in figure.findobj(Legend) if legend.get_visible()]


def _covering(figure: Figure) -> list[str]:
    """Return the first words of legends that lie over data."""
    found = []
    for legend in _legends(figure):
        first, *_ = legend.get_texts()
        box = legend.get_window_extent().padded(-0.3 * first.get_fontsize())
        if any(_reaches(axes, box) for axes in figure.axes):
            found.append(_short(first))
    return found[:_SHOWN]


def _reaches(axes: Axes, box: Bbox) -> bool:
    """Tell whether data of the axes are drawn within a box."""
    from matplotlib.collections import Collection, LineCollection
    from matplotlib.lines import Line2D
    from matplotlib.transforms import Bbox

    artists: list[Any] = [*axes.lines, *axes.patches, *axes.collections]
    inside = Bbox.intersection(box, axes.bbox)
    for artist in artists:
        whole, place = isinstance(artist, Collection), artist.get_transform()
        room = inside if artist.get_clip_on() else box
        if room is None:
            continue
        if whole and artist.get_offset_transform().contains_branch(axes.transData):
            points = artist.get_offset_transform().transform(artist.get_offsets())
            hit = bool(room.count_contains(points))
        elif place.contains_branch(axes.transData):
            paths = map(place.transform_path, artist.get_paths() if whole else [artist.get_path()])
            if isinstance(artist, Line2D) and artist.get_linestyle() == "None":
                hit = any(room.count_contains(path.vertices) for path in paths)
            else:
                area = not isinstance(artist, (Line2D, LineCollection))
                hit = any(path.intersects_bbox(room, filled=area) for path in paths)
        else:  # a line or a band across the axes
            continue
        if hit and artist.get_visible():
            return True
    return any(box.overlaps(image.get_window_extent()) for image in axes.images)


def _struck(figure: Figure, lines: list[_Line], ground: Array) -> list[str]:
    """Return texts through whose letters a line of data goes; a ground of their own hides it."""
    from matplotlib.colors import to_rgb
    from matplotlib.path import Path

    beside = {text for legend in _legends(figure) for text in legend.get_texts()}
    bare = [ln for ln in lines if ln.text.get_bbox_patch() is None and ln.text not in beside]
    found = []
    for axes in figure.axes:
        for drawn in axes.lines:
            place = drawn.get_transform()
            if drawn.get_linestyle() == "None" or not place.contains_branch(axes.transData):
                continue
            path = place.transform_path(drawn.get_path())
            near = [line for line in bare if path.intersects_bbox(line.box, filled=False)]
            if drawn.get_clip_on():  # beyond the axes it is not seen
                near = [line for line in near if axes.bbox.count_contains([_middle(line.box)])]
            for line in near if drawn.get_visible() else ():
                off = np.abs(_beneath(line, ground) - to_rgb(drawn.get_color())).max(axis=1)
                seen = off.min(initial=1) < _HIDDEN  # else a mark lies over the line
                strokes = map(Path, line.strokes)
                if seen and any(path.intersects_path(s, filled=False) for s in strokes):
                    found.append(_short(line.text))
    return _first(found)


def _middle(box: Bbox) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _uneven(figure: Figure) -> Iterator[str]:
    """Yield the names of maps of amounts to colours whose lightness goes up and down."""
    for axes in figure.axes:
        artists: list[Any] = [*axes.images, *axes.collections]
        for artist in artists:
            mapped = artist.get_visible() and artist.get_array() is not None
            if mapped and artist.cmap.N > _KINDS and not is_even(artist.cmap):
                yield artist.cmap.name


def _unnamed(figure: Figure) -> Iterator[str]:
    """Yield axes with numbers, of which nobody says what they are: no label, neighbour or title."""

    def span(axes: Axes, side: str) -> tuple[float, ...]:
        return tuple(np.round(getattr(axes.get_position(), f"interval{side}"), 3))

    shown = [axes for axes in figure.axes if axes.axison and axes.get_visible()]
    for number, axes in enumerate(shown, 1):
        sides = []
        for side in "yx":
            beside = [other for other in shown if span(other, side) == span(axes, side)]
            told = [getattr(other, f"get_{side}label")() for other in beside]
            told += [getattr(f, f"get_sup{side}label")() for f in (figure, axes.get_figure())]
            ticks = getattr(axes, f"get_{side}ticklabels")()
            numbers = any(_is_number(t.get_text()) for t in ticks if t.get_visible())
            sides += [side] * (numbers and not any(told))
        titled = any(axes.get_title(loc) for loc in ("left", "center", "right"))
        for side in sides[titled:]:  # a title may say what one of them counts
            yield f"{side} axis" + (f" of panel {number}" if len(shown) > 1 else "")


def _is_number(label: str) -> bool:
    """Tell whether a label of a tick is a number, but for years: these speak for themselves."""
    return bool(_NUMBER.fullmatch(label)) and not _YEAR.fullmatch(label)


def _see_through(artist: Any) -> bool:
    """Tell whether an artist lets others shine through, which EPS cannot hold."""
    alpha = artist.get_alpha()
    part = np.asarray(1 if alpha is None else alpha)
    return bool(artist.get_visible() and ((part > 0) & (part < 1)).any())


def _font_file(family: str) -> File:
    from matplotlib.font_manager import FontProperties, findfont

    return File(findfont(FontProperties(family=[family])))


def _size(text: Text | None) -> list[Any] | None:
    return None if text is None else [round(float(text.get_fontsize()), 2), _short(text)]


def _short(text: Text) -> str:
    content = text.get_text().replace("\n", " ")
    return content if len(content) <= 20 else f"{content[:19]}…"


def _first(found: Any) -> list[Any]:
    return [*dict.fromkeys(found)][:_SHOWN]


def _overlaps(lines: list[_Line]) -> list[list[str]]:
    edges = np.array([line.box.extents for line in lines]).reshape(-1, 4)
    low, high = edges[:, :2], edges[:, 2:]
    near = ((low[:, None] < high[None]) & (low[None] < high[:, None])).all(axis=2)
    return [
        [_short(one.text), _short(other.text)]
        for one, other in ((lines[i], lines[j]) for i, j in np.argwhere(np.triu(near, 1)))
        if one.text is not other.text and _cross(one, other)
    ][:_SHOWN]


def _cross(one: _Line, other: _Line) -> bool:
    """Tell whether the outlines of two texts cross, stroke by stroke."""
    from matplotlib.path import Path

    strokes, its = ([Path(stroke) for stroke in line.strokes] for line in (one, other))
    return any(a.intersects_path(b, filled=False) for a in strokes for b in its)


def _beneath(line: _Line, ground: Array) -> Array:
    """Return the pixels beneath a line of text, shape (n, 3)."""
    left, bottom, right, top = (max(0, round(edge)) for edge in line.box.extents)
    return ground[bottom:top, left:right].reshape(-1, 3)


def _least_contrast(lines: list[_Line], ground: Array) -> list[Any] | None:
    """Return the least contrast of a text with what is beneath it, and the text."""
    found = []
    for line in lines:
        beneath = _beneath(line, ground)
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
