"""Pages and pictures that are one file, with the Chinese letters that they need in it."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

from toolkit.figures.press.presets import Face
from toolkit.templates import filled


def embedded_font(content: str, *, face: Face = "sans") -> str:
    """Return a WOFF2 of the characters of a page or picture, base64.

    Parameters
    ----------
    content : str
        Text, HTML or SVG; its entities count as the characters that they stand for.
    face : {"sans", "serif"}
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    from toolkit.figures.press.fonts import font_path

    font = TTFont(font_path(face), recalcTimestamp=False)  # the same page, the same bytes
    subsetter = Subsetter(Options(drop_tables=["GSUB", "GPOS"], notdef_outline=True))
    subsetter.populate(text=content + html.unescape(content))
    subsetter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode()


def filled_with_font(template: str, **values: Any) -> str:
    """Return a page made from a template of the toolkit; see `toolkit.templates.filled`.

    The Chinese letters of the page stand where the template has ``{{ font }}``, so that it
    needs neither a network nor a Chinese font.
    """
    return filled(template, font=embedded_font(filled(template, font="", **values)), **values)
