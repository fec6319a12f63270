"""A Chinese font for a page that is one file: only the characters of the page."""

from __future__ import annotations

import base64
import html
import io


def embedded_font(content: str) -> str:
    """Return a WOFF2 of the characters of a page, base64.

    Parameters
    ----------
    content : str
        HTML; its entities count as the characters that they stand for.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    from toolkit.figures.fonts import font_path

    font = TTFont(font_path("sans"), recalcTimestamp=False)  # the same page, the same bytes
    subsetter = Subsetter(Options(drop_tables=["GSUB", "GPOS"], notdef_outline=True))
    subsetter.populate(text=html.unescape(content))
    subsetter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode()
