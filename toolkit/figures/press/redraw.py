"""How a figure was made, as steps and as code that draws it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.figures.press.style import Style
from toolkit.recipe import Recipe

_HEADER = '''"""Draws this figure again: the same bytes with the versions in provenance.json.

A path that is not absolute starts where this is run: run it from the folder of your notebook.
"""'''


def histories_of(recipes: Iterable[Recipe], style: Style) -> list[dict[str, Any]]:
    """Return steps and code, one history for each plot on a figure."""
    return [_history(recipe, style) for recipe in recipes]


def identity(history: Mapping[str, Any]) -> list[Any]:
    """Return what was done, but not to which texts: the same figure may be drawn anew."""
    steps = [[step["call"], step["params"]] for step in history["steps"]]
    return json.loads(json.dumps(steps[:-1] if steps[-1][0] == "export_figure" else steps))  # type: ignore[no-any-return]


def _history(recipe: Recipe, style: Style) -> dict[str, Any]:
    try:
        code = _in_style(recipe.to_code(), style)
    except TypeError as error:
        code = f"# {error}"
    return {"steps": [step.to_dict() for step in recipe.steps], "code": code}


def _in_style(code: str, style: Style) -> str:
    """Return code whose last two lines, which draw and export, stand in the style."""
    arguments = style.arguments()
    head, _, body = code.partition("\n\n")
    lines = body.splitlines()
    if not arguments or not lines[-1].startswith("bundle = "):
        return code
    names = sorted({*head.removeprefix("from toolkit import ").split(", "), "figure_style"})
    given = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    lines[-2:] = [f"with figure_style({given}):", *(f"    {line}" for line in lines[-2:])]
    return f"from toolkit import {', '.join(names)}\n\n" + "\n".join(lines)


def script(code: str) -> str:
    """Return a script that draws the figure, or nothing if there is no code for it."""
    if code.startswith("#") or "export_figure(" not in code:
        return ""
    return f"{_HEADER}\n\n{code}\n"
