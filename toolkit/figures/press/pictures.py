"""A figure as picture files: exact size, fonts inside, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.press.style import DRAWING

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL import Image

FORMATS = ("png", "svg", "pdf", "eps", "tiff")


def write_pictures(figure: Figure, stem: Path, formats: Sequence[str], *, dpi: int) -> None:
    """Save a figure; its layout is settled once, so that all formats agree.

    Parameters
    ----------
    figure : Figure
    stem : path
        Of the files, without suffix; its name also makes the ids inside an SVG.
    formats : sequence of str
    dpi : int
        Of PNG and TIFF.
    """
    with laid_out(figure):
        image = pixels(figure, dpi) if {"png", "tiff"} & {*formats} else None
        for suffix in formats:
            path = stem.with_name(f"{stem.name}.{suffix}")
            if image is not None and suffix in ("png", "tiff"):
                compression = {"compression": "tiff_lzw"} if suffix == "tiff" else {}
                image.save(path, dpi=(dpi, dpi), **compression)
            else:
                path.write_bytes(_vector(figure, suffix, dpi, stem.name))


def pixels(figure: Figure, dpi: int) -> Image.Image:
    """Return a figure as RGB pixels on white: journals want no transparency."""
    from PIL import Image

    data = _saved(figure, "rgba", dpi)
    width, height = (int(side * dpi) for side in figure.get_size_inches())
    drawn = Image.frombytes("RGBA", (width, height), data)
    if drawn.getchannel("A").getextrema() == (255, 255):
        return drawn.convert("RGB")
    page = Image.new("RGB", drawn.size, "white")
    page.paste(drawn, mask=drawn)
    return page


def _vector(figure: Figure, suffix: str, dpi: int, name: str) -> bytes:
    """Return the figure as PDF, SVG or EPS without a date."""
    undated: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    content = _saved(figure, suffix, dpi, name, metadata=undated.get(suffix))
    return re.sub(rb"%%CreationDate: .*\n", b"", content, count=1) if suffix == "eps" else content


def _saved(figure: Figure, suffix: str, dpi: int, name: str = "", **how: Any) -> bytes:
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "pdf.fonttype": 42,
        "ps.fonttype": 3,  # TrueType takes some ten seconds here
        "savefig.bbox": None,  # which would change the size
        "svg.fonttype": "path",
        "svg.hashsalt": name,
    }
    buffer = io.BytesIO()
    with DRAWING, mpl.rc_context(settings), laid_out(figure):
        figure.savefig(buffer, format=suffix, dpi=dpi, **how)
    return buffer.getvalue()


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
