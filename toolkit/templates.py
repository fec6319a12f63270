"""Pages made from the templates that stand beside the modules; what is put in is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def filled(template: str, **values: Any) -> str:
    """Return a page made from a template of the toolkit.

    Parameters
    ----------
    template : str
        Its path inside the package, such as ``"exercises/marks.html"``. What is put into it is
        escaped, unless the template says ``|safe``.
    **values
        What the template asks for; a name that is missing is an error.
    """
    return _templates().get_template(template).render(**values) + "\n"


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
