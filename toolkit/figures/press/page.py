"""Pages that are one file: a template, filled with text that is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.press.webfont import embedded_font

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = Path(__file__).parents[2]


def filled(template: str, *, font: bool = False, **values: Any) -> str:
    """Return a page made from a template of the toolkit.

    Parameters
    ----------
    template : str
        Its path inside the package, such as ``"exercises/marks.html"``. What is put into it is
        escaped, unless the template says ``|safe``.
    font : bool
        Put the Chinese letters of the page where the template has ``{{ font }}``, so that it
        needs neither a network nor a Chinese font.
    **values
        What the template asks for; a name that is missing is an error.
    """
    page = _templates().get_template(template)
    if font:
        values["font"] = embedded_font(page.render(font="", **values))
    return page.render(**values) + "\n"


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
