"""A figure as picture files: exact size, fonts inside, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from toolkit.figures.press.fonts import used_faces, used_texts
from toolkit.figures.press.style import DRAWING
from toolkit.figures.press.webfont import embedded_font

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL import Image

FORMATS = ("png", "svg", "pdf", "eps", "tiff")
SvgText = Literal["path", "text"]

# What an SVG asks for where it holds text as text: the font inside it, then common ones.
_FALLBACK = {
    "sans": "'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif",
    "serif": "'Noto Serif SC', 'Source Han Serif SC', SimSun, 'Songti SC', serif",
}


def write_pictures(
    figure: Figure, stem: Path, formats: Sequence[str], *, dpi: int, svg_text: SvgText
) -> None:
    """Save a figure; its layout is settled once, so that all formats agree.

    Parameters
    ----------
    figure : Figure
    stem : path
        Of the files, without suffix; its name also makes the ids inside an SVG.
    formats : sequence of str
    dpi : int
        Of PNG and TIFF.
    svg_text : {"path", "text"}
        Whether an SVG holds outlines, or text with the font for it.
    """
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "pdf.fonttype": 42,
        "ps.fonttype": 3,  # TrueType takes some ten seconds here
        "savefig.bbox": None,  # which would change the size
        "svg.fonttype": "path" if svg_text == "path" else "none",
        "svg.hashsalt": stem.name,
    }
    with DRAWING, mpl.rc_context(settings), laid_out(figure):
        image = _pixels(figure, dpi) if {"png", "tiff"} & {*formats} else None
        for suffix in formats:
            path = stem.with_name(f"{stem.name}.{suffix}")
            if suffix == "png" and image is not None:
                image.save(path, dpi=(dpi, dpi))
            elif suffix == "tiff" and image is not None:
                image.save(path, dpi=(dpi, dpi), compression="tiff_lzw")
            else:
                path.write_bytes(_vector(figure, suffix, dpi, svg_text))


@contextmanager
def laid_out(figure: Figure) -> Iterator[None]:
    """Lay a figure out once, and keep it so: inside another of these, nothing moves.

    The layout begins anew, so that having been drawn before leaves no trace: each departs
    from the last one, and the rounding of floats adds up.
    """
    from matplotlib.layout_engine import PlaceHolderLayoutEngine

    engine = figure.get_layout_engine()
    if isinstance(engine, PlaceHolderLayoutEngine):  # it is laid out already
        yield
        return
    for axes in figure.axes if engine is not None else ():
        place = axes.get_subplotspec()
        if place is not None and axes.get_in_layout():
            axes.set_position(place.get_position(figure))
            axes.set_in_layout(True)  # which the line before ends
    if engine is not None:
        engine.execute(figure)  # all that drawing would do for the layout, without the drawing
    figure.set_layout_engine("none")
    try:
        yield
    finally:
        if engine is not None:
            figure.set_layout_engine(engine)


def _pixels(figure: Figure, dpi: int) -> Image.Image:
    """Return the figure as RGB pixels on white: journals want no transparency."""
    from PIL import Image

    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi=dpi)
    size = [int(side * dpi) for side in figure.get_size_inches()]
    pixels = Image.frombytes("RGBA", (size[0], size[1]), buffer.getvalue())
    if pixels.getchannel("A").getextrema() == (255, 255):
        return pixels.convert("RGB")
    page = Image.new("RGB", pixels.size, "white")
    page.paste(pixels, mask=pixels)
    return page


def _vector(figure: Figure, suffix: str, dpi: int, svg_text: SvgText) -> bytes:
    """Return the figure as PDF, SVG or EPS without a date."""
    undated: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix, dpi=dpi, metadata=undated.get(suffix))
    content = buffer.getvalue()
    if suffix == "eps":
        return re.sub(rb"%%CreationDate: .*\n", b"", content, count=1)
    if suffix == "svg" and svg_text == "text":
        return _with_fonts(figure, content.decode()).encode()
    return content


def _with_fonts(figure: Figure, svg: str) -> str:
    """Put the letters that an SVG needs into it, and name fonts that other programs know."""
    rules = ""
    for face, family in used_faces(figure).items():
        svg = svg.replace(f"'{family}'", _FALLBACK[face])
        letters = embedded_font("".join(used_texts(figure)), face=face)
        name = _FALLBACK[face].partition(",")[0]
        rules += f"@font-face{{font-family:{name};src:url(data:font/woff2;base64,{letters})}}"
    head, mark, rest = svg.partition("<defs>")
    return f"{head}{mark}\n  <style>{rules}</style>{rest}"
