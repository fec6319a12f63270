"""What a panel is made of: its function, its controls, its buttons, and where all stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as w
import pandas as pd

from toolkit.explore.blocks import USUAL, Block, groupings, options

#: What a panel or a button does: given the session, the language and the values of controls.
Act = Callable[..., Iterator[Block]]


@dataclass(frozen=True)
class Control:
    """Something that a person sets: a parameter of the panel.

    Parameters
    ----------
    name : str
        Of the parameter; its label is found by the same name unless another is given.
    widget : type
        Of ipywidgets.
    traits : mapping
        Of the widget, such as ``options``.
    width : str
        Of CSS.
    label : str, optional
        What stands before it; empty for nothing.
    act : callable, optional
        What a change does, such as a decision, in place of running the panel.
    waits : bool
        Whether a change does nothing by itself, until a button takes it.
    """

    name: str
    widget: type[w.Widget]
    traits: Mapping[str, Any] = field(default_factory=dict)
    width: str = "auto"
    label: str = ""
    act: Act | None = None
    waits: bool = False

    def make(self, tip: str) -> w.Widget:
        """Return its widget."""
        traits: dict[str, Any] = {"description": self.label, **self.traits}
        if issubclass(self.widget, (w.Text, w.Combobox)):
            traits.setdefault("continuous_update", False)
        if self.widget is w.ToggleButtons:
            style = {"button_width": "auto"}
        else:
            style = {"description_width": "initial"}
            traits["layout"] = w.Layout(width=self.width)
        return self.widget(tooltip=tip, style=style, **traits)


@dataclass(frozen=True)
class Row:
    """Parts side by side, which go on below where there is no room; under a title, folded."""

    parts: Sequence[Any]
    css: str = ""
    flow: str = "row wrap"
    title: str = ""


@dataclass(frozen=True)
class Column:
    """Parts below each other."""

    parts: Sequence[Any]
    css: str = ""


@dataclass(frozen=True)
class Heading:
    """A short text of the toolkit's own, above what it is about."""

    text: str


@dataclass(frozen=True)
class Look:
    """Where a table stands: rows shown at once, widths, the control that a row sets."""

    place: str
    rows: int = 14
    widths: Sequence[str] = ()
    sets: str = ""


@dataclass(frozen=True)
class Code:
    """The row of buttons that copy and export what stands at some places."""

    name: str
    places: Sequence[str]


def chosen_by(
    units: pd.DataFrame, prefix: str, say: Mapping[str, str], *, rows: int, width: str
) -> tuple[list[Control], list[Row]]:
    """Return a list to choose values from for each column, and how these stand: own ones folded.

    Their names are those of the columns after `prefix`.
    """
    controls, boxes = [], {}
    for name, column in groupings(units, say):
        traits = {"options": options(units[column]), "rows": rows}
        controls.append(Control(f"{prefix}{column}", w.SelectMultiple, traits, width))
        boxes[column] = Column([Heading(name), controls[-1].name])
    own = [box for column, box in boxes.items() if column not in USUAL]
    layout = [Row([box for column, box in boxes.items() if column in USUAL])]
    return controls, layout + ([Row(own, title=say["own_columns"])] if own else [])


@dataclass(frozen=True)
class Panel:
    """A tab of the application, made for a session and a language.

    Parameters
    ----------
    run : callable
        ``run(session, lang, **values)`` yields blocks, the quickest first.
    controls : sequence of Control
    layout : Row or Column
        Of further ones, names of controls, buttons and places, `Look`, `Code`, `Heading`.
    buttons : mapping of name to callable
        What each does; it is called as `run` is and yields blocks, such as a message.
    """

    run: Act
    controls: Sequence[Control]
    layout: Row | Column
    buttons: Mapping[str, Act] = field(default_factory=dict)
