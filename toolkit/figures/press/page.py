"""Pages that are one file and carry the Chinese letters that they need."""

from __future__ import annotations

from typing import Any

from toolkit.figures.press.webfont import embedded_font
from toolkit.templates import filled


def filled_with_font(template: str, **values: Any) -> str:
    """Return a page made from a template of the toolkit; see `toolkit.templates.filled`.

    The Chinese letters of the page stand where the template has ``{{ font }}``, so that it
    needs neither a network nor a Chinese font.
    """
    return filled(template, font=embedded_font(filled(template, font="", **values)), **values)
