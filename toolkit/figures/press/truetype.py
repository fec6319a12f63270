"""OpenType fonts with cubic (CFF) outlines made TrueType, which journals accept in a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

# Farthest a quadratic curve may stray from the cubic one, in units of 1/1000 em.
_MAX_ERROR = 1.0
_LINE_TO, _CURVE_TO, _CLOSE = 2, 4, 79  # codes of matplotlib.path.Path
# Tables that speak of cubic outlines, of vertical text, of glyph variants no one asks for,
# or that sign the source file.
_DROPPED = ("CFF ", "VORG", "vhea", "vmtx", "BASE", "GSUB", "DSIG")


def convert(source: Path, target: BinaryIO, *, family: str) -> None:
    """Write an OpenType font with CFF outlines as TrueType.

    Every glyph keeps its index, so that the table of characters stays as it is. The
    outlines are read by FreeType, which takes a tenth of the time that fontTools takes.

    Parameters
    ----------
    source : path
        The OpenType font.
    target : binary file
        Where the TrueType font is written.
    family : str
        Family name of the new font, so that it is not mistaken for an installed one.
    """
    from fontTools.misc import sstruct
    from fontTools.ttLib import TTFont, newTable
    from fontTools.ttLib.tables._g_l_y_f import Glyph
    from fontTools.ttLib.tables._m_a_x_p import maxpFormat_1_0_add
    from tqdm.auto import tqdm

    with TTFont(source, recalcBBoxes=False, recalcTimestamp=False) as font:
        names = font.getGlyphOrder()
        glyphs, most_points, most_contours = {}, 0, 0
        progress = tqdm(
            zip(names, _outlines(source), strict=True),
            total=len(names),
            desc=f"Preparing {source.stem} (once)",
            unit="glyph",
            leave=False,
        )
        for name, (vertices, codes) in progress:
            points, on_curve, ends = _quadratic(vertices, codes)
            glyphs[name] = Glyph(_pack(points, on_curve, ends))
            most_points = max(most_points, len(points))
            most_contours = max(most_contours, len(ends))
        for table in _DROPPED:
            if table in font:
                del font[table]
        font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
        font["glyf"].glyphOrder, font["glyf"].glyphs = names, glyphs
        maxp = font["maxp"]
        maxp.tableVersion = 0x00010000
        for limit in sstruct.getformat(maxpFormat_1_0_add)[1]:
            setattr(maxp, limit, 0)  # no programs, and no glyphs made of others
        maxp.maxZones, maxp.maxPoints, maxp.maxContours = 1, most_points, most_contours
        # The em box of Chinese type. Pillow hangs a text from its ascender while wordcloud
        # measures it from its ink: with the line spacing of the source, words would overlap.
        font["hhea"].ascent = font["OS/2"].sTypoAscender
        font["hhea"].descent = font["OS/2"].sTypoDescender
        font["post"].formatType = 3.0
        font["head"].glyphDataFormat = 0
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = family
            elif record.nameID == 4:
                record.string = f"{family} Regular"
        font.sfntVersion = "\0\1\0\0"
        font.save(target, reorderTables=None)


def _outlines(source: Path) -> Iterator[tuple[list[tuple[float, float]], list[int]]]:
    """Yield vertices and codes of each glyph, in font units."""
    from matplotlib.ft2font import FT2Font, LoadFlags

    font = FT2Font(str(source))
    flags = LoadFlags.NO_SCALE | LoadFlags.IGNORE_TRANSFORM
    for index in range(font.num_glyphs):
        font.load_glyph(index, flags=flags)  # type: ignore[arg-type]
        vertices, codes = font.get_path()
        # FT2Font takes the units for 1/64 pixel.
        yield [(x, y) for x, y in (vertices * 64).tolist()], codes.tolist()


def _quadratic(
    vertices: list[tuple[float, float]], codes: list[int]
) -> tuple[list[tuple[float, float]], bytearray, list[int]]:
    """Return points, which of them are on the curve, and the last point of each contour."""
    from fontTools.cu2qu import curve_to_quadratic

    points: list[tuple[float, float]] = []
    on_curve = bytearray()
    ends: list[int] = []
    start = i = 0
    while i < len(codes):
        code = codes[i]
        if code == _CURVE_TO:
            spline = curve_to_quadratic(vertices[i - 1 : i + 3], _MAX_ERROR)
            points += spline[1:]
            on_curve += bytes(len(spline) - 2) + b"\1"
            i += 3
            continue
        if code == _CLOSE:
            if points[-1] == points[start]:
                del points[-1], on_curve[-1]
            # TrueType fills to the right of a contour, PostScript to the left.
            points[start:] = points[start:][::-1]
            on_curve[start:] = on_curve[start:][::-1]
            start = len(points)
            ends.append(start - 1)
        else:
            points.append(vertices[i])
            on_curve.append(1)
        i += 1
    return points, on_curve, ends


def _pack(points: list[tuple[float, float]], on_curve: bytearray, ends: list[int]) -> bytes:
    """Return a glyph as the ``glyf`` table holds it."""
    if not ends:
        return b""
    xy = np.rint(np.array(points)).astype(np.int64)
    steps = np.diff(xy, axis=0, prepend=0)
    flags = np.frombuffer(on_curve, np.uint8).astype(np.int64)
    coordinates = []
    for axis in (0, 1):
        step = steps[:, axis]
        zero, short = step == 0, np.abs(step) < 256
        # Bit 1 (2 for y): one byte. Bit 4 (5 for y): that byte is positive, or no byte at all.
        flags |= (short & ~zero) << (1 + axis) | (zero | (short & (step > 0))) << (4 + axis)
        pairs = np.where(short, np.abs(step), step).astype(">i2").view(np.uint8).reshape(-1, 2)
        coordinates.append(pairs[np.column_stack([~short, ~zero])].tobytes())
    header = [len(ends), *xy.min(axis=0), *xy.max(axis=0), *ends, 0]
    return (
        np.array(header, ">i2").tobytes() + flags.astype(np.uint8).tobytes() + b"".join(coordinates)
    )
