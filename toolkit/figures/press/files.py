"""Picture files as they lie in a folder: size, resolution, transparency, fonts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_POINT = 25.4 / 72  # mm
_LARGEST = 200_000_000  # bytes: no figure is larger
EXAMINED = ("png", "tiff", "tif", "pdf", "svg", "eps")


def examine(path: Path) -> dict[str, Any]:
    """Return what a picture file tells of itself.

    Parameters
    ----------
    path : path
        PNG, TIFF, PDF, SVG or EPS.

    Returns
    -------
    dict
        ``size_mm`` where the file tells it; ``dpi`` and ``alpha`` of pixels; ``bad_fonts``
        of a PDF: those that are not embedded, subset TrueType.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} has over {_LARGEST // 1_000_000} MB")
    suffix = path.suffix.lower()
    if suffix in (".png", ".tif", ".tiff"):
        return _pixels(path)
    if suffix == ".pdf":
        return _pdf(path)
    return _svg(path) if suffix == ".svg" else _eps(path)


def _pixels(path: Path) -> dict[str, Any]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            dpi = float(image.info.get("dpi", (0, 0))[0])
            found: dict[str, Any] = {"dpi": round(dpi, 1), "alpha": "A" in image.getbands()}
            if dpi:
                found["size_mm"] = [round(side / dpi * 25.4, 2) for side in image.size]
            return found
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None


def _pdf(path: Path) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        page = PdfReader(path).pages[0]
        box = page.mediabox
        fonts = page.get("/Resources", {}).get_object().get("/Font", {}).get_object()
        bad = [name for name, fine in map(_font, fonts.values()) if not fine]
    except (PyPdfError, IndexError, KeyError, AttributeError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None
    size = [round(float(side) * _POINT, 2) for side in (box.width, box.height)]
    return {"size_mm": size, "bad_fonts": sorted(bad)}


def _font(reference: Any) -> tuple[str, bool]:
    """Return the name of a font in a PDF, and whether it is embedded, subset TrueType."""
    font = reference.get_object()
    name = str(font["/BaseFont"]).lstrip("/")
    if "/DescendantFonts" in font:
        font = font["/DescendantFonts"].get_object()[0].get_object()
    descriptor = font.get("/FontDescriptor", {}).get_object()
    subset = re.match(r"[A-Z]{6}\+", name) is not None
    return name, subset and "/FontFile2" in descriptor


def _svg(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(4000)
    sides = [re.search(rf'\b{side}="([\d.]+)pt"', head) for side in ("width", "height")]
    if not all(sides):
        return {}
    return {"size_mm": [round(float(side[1]) * _POINT, 2) for side in sides if side]}


def _eps(path: Path) -> dict[str, Any]:
    with path.open(encoding="latin-1") as file:
        head = file.read(4000)
    box = re.search(r"%%HiResBoundingBox: ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)", head)
    box = box or re.search(r"%%BoundingBox: (\d+) (\d+) (\d+) (\d+)", head)
    if box is None:
        raise ValueError(f"{path.name} has no bounding box")
    left, bottom, right, top = (float(edge) for edge in box.groups())
    return {"size_mm": [round((right - left) * _POINT, 2), round((top - bottom) * _POINT, 2)]}
