"""What a student is told, as text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from toolkit.say import Language, say

State = Literal["right", "not yet", "not attempted", "hint", "solution", "handed in"]

_SIGNS = {"right": "✓", "not yet": "✗", "not attempted": "○", "hint": "☞", "solution": "☞"}
_SIGNS |= {"handed in": "✓"}
_COLOURS = {"right": "#2a7f4f", "not yet": "#b5482a", "not attempted": "#7a7a7a"}


def said(key: str, lang: Language, **told: Any) -> str:
    """Return what a student is told, a text of ``words.toml``."""
    return say(f"exercises.said.{key}", lang, **told)


@dataclass(frozen=True)
class Feedback:
    """What became of an answer, or a hint, or a solution; shown by a notebook as a box.

    Parameters
    ----------
    name : str
        The exercise, ``"q1"``; or the file that is handed in.
    state : {"right", "not yet", "not attempted", "hint", "solution", "handed in"}
    message : str
        What to look at; words between backticks are code.
    code : str
        Of a solution.
    lang : {"zh", "en"}

    Examples
    --------
    >>> Feedback("q1", "right", "Each line is counted once.", lang="en")
    ✓ q1 Right. Each line is counted once.
    """

    name: str
    state: State
    message: str = ""
    code: str = ""
    lang: Language = "zh"

    def __repr__(self) -> str:
        space = "" if self.lang == "zh" else " "
        told = f"{said(self.state, self.lang)}{space}{self.message}".strip()
        line = f"{_SIGNS[self.state]} {self.name} {told}"
        return f"{line}\n{self.code}" if self.code else line

    def _repr_html_(self) -> str:
        message = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(self.message))
        code = f"<pre>{escape(self.code)}</pre>" if self.code else ""
        colour = _COLOURS.get(self.state, "#2f6296")
        return (
            f'<div lang="{self.lang}" style="border-left: 4px solid {colour}; padding: .3em .8em">'
            f'<strong style="color: {colour}">{_SIGNS[self.state]} {escape(self.name)}'
            f" {said(self.state, self.lang)}</strong> {message}{code}</div>"
        )
