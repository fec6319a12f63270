"""The parts of a panel: its controls and where all stands; the blocks that it gives.

Blocks hold no widget, and know the code of what is seen by their views.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as w
import pandas as pd
from pandas.api.types import infer_dtype

from toolkit.explore.focus import Focus
from toolkit.explore.labels import Labels
from toolkit.explore.session import Session, unwarned
from toolkit.explore.table import TableWidget
from toolkit.explore.untrusted import escaped, visible
from toolkit.recipe import Recipe, Recorded, record
from toolkit.say import Language

_DPI = 110
#: Columns that texts of cities have.
USUAL = ("city", "region", "year", "kind")
_OF_PASSAGES = ("text", "doc_id", "section", "position", "start", "dimension")
_PLAIN = ("string", "integer", "floating", "boolean")  # what a log of decisions can hold
_MOST_VALUES = 200
_ODD = re.compile(r"[^\w]+")  # what names of files do without


@dataclass(frozen=True)
class View:
    """What is seen: a function of the toolkit, what it is applied to, its parameters."""

    function: Callable[..., Any]
    source: Recorded
    params: Mapping[str, Any] = field(default_factory=dict)
    makes: str = "table"  # nothing if `more` is all that its code adds to the source's
    take: str = ""  # attribute of the result that is seen
    more: str = ""  # code that follows

    def value(self, session: Session) -> Any:
        """Return what is seen, computed once."""

        def make() -> Any:
            with unwarned():
                return self.function(self.source, **self.params)

        found = session.once("view", self.key, make)
        return getattr(found, self.take) if self.take else found

    @contextmanager
    def drawn(self) -> Iterator[Any]:
        """Draw it, and let the figure go after: a notebook would show it once more."""
        import matplotlib.pyplot as plt

        from toolkit.figures.press.drawn import figure_of
        from toolkit.figures.press.style import DRAWING

        with DRAWING:
            with unwarned():
                axes = self.function(self.source, **self.params)
            try:
                yield axes
            finally:
                plt.close(figure_of(axes))

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from another: the function and what it is applied to."""
        given = {name: getattr(value, "fingerprint", value) for name, value in self.params.items()}
        return self.function.__qualname__, self.source.fingerprint, given

    @property
    def recipe(self) -> Recipe:
        """The steps that lead to what is seen; their code runs in a fresh kernel."""
        if not self.makes:
            return self.source.recipe
        taken = f".{self.take}" if self.take else ""
        return record(
            self.function, self.source, makes=self.makes, params=self.params, result=taken
        )

    @property
    def name(self) -> str:
        """A name for files: the function, and what it was asked.

        Examples
        --------
        >>> from toolkit import Corpus, keyness, segment
        >>> tokens = segment(Corpus.sample())
        >>> View(keyness, tokens, {"target": {"kind": ["regulation"]}}).name
        'keyness-target-kind-regulation'
        """
        unsaid = ("lang", "n", "window")
        asked = {k: v for k, v in self.params.items() if k not in unsaid and v is not None}
        name = self.function.__name__.removeprefix("plot_")
        return _ODD.sub("-", f"{name}-{asked}")[:60].strip("-")


@dataclass(frozen=True)
class Table:
    """A table that is searched, sorted and paged; choosing a row may set a control."""

    place: str
    table: View | None  # what is exported of it, if anything is
    data: pd.DataFrame  # as it is seen
    chosen: int | None = None  # the row that is chosen
    keys: Sequence[Any] = ()  # what each row sets the control to that `Look` names
    focus: Callable[[int], Focus] | None = None  # whose evidence a row asks for


@dataclass(frozen=True)
class Html:
    """Markup of our own, in which all text of a corpus is escaped; views of it are exported."""

    place: str
    html: str
    table: View | None = None
    figure: View | None = None


@dataclass(frozen=True)
class Adjust:
    """What a control now offers or holds; a choice that came meanwhile counts more."""

    place: str
    traits: Mapping[str, Any]  # of the widget; ``visible`` besides
    # What it is about: then it is done once for each, as somebody may be writing there.
    about: Any = None


#: What a panel gives; besides, a message, or how much is done of how much.
Block = Table | Html | Adjust | str | tuple[int, int]


def note(place: str, text: str) -> Html:
    """Return a line of text; it is text, whatever it holds."""
    return Html(place, f'<p class="note">{escaped(text)}</p>')


def figure(place: str, view: View, session: Session, lang: Language) -> Html:
    """Return a figure of the toolkit with its alternative text; it is drawn once."""

    def picture() -> str:
        from toolkit.figures.press.drawn import drawings, figure_of
        from toolkit.figures.press.pictures import pixels

        buffer = io.BytesIO()
        with unwarned(), view.drawn() as axes:
            whole = figure_of(axes)
            pixels(whole, _DPI).save(buffer, "png", compress_level=1)
            alt = " ".join(drawing.alt[lang] for drawing in drawings(whole))
        data = base64.b64encode(buffer.getvalue()).decode()
        width = round(whole.get_size_inches()[0] * _DPI * 0.95)
        return (
            f'<img alt="{escaped(alt, 2000)}" style="width:{width}px;max-width:100%" '
            f'src="data:image/png;base64,{data}">'
        )

    return Html(place, session.once("picture", view.key, picture), figure=view)


def columns(units: pd.DataFrame) -> list[str]:
    """Return the columns by which texts are chosen and grouped, the usual ones first.

    Others, such as a district of one's own, count where they have 2 to 200 values, and fewer
    than there are texts.

    Examples
    --------
    >>> texts = {"a": "城市", "b": "社区", "c": "热线"}
    >>> districts = {"a": {"district": "东"}, "b": {"district": "东"}, "c": {"district": "西"}}
    >>> from toolkit import Corpus
    >>> columns(Corpus.from_texts(texts, metadata=districts).units)
    ['district']
    """
    count = {
        str(c): units[c].dropna().nunique()
        for c in units
        if c not in _OF_PASSAGES
        and infer_dtype(units[c]) in _PLAIN
        and str(c).removesuffix("_en") not in {*units.columns} - {c}  # a name in English
    }
    usual = [c for c in USUAL if count.get(c, 0) > 1]
    fewest = min(_MOST_VALUES, units["doc_id"].nunique() - 1)
    return usual + [c for c, n in count.items() if c not in USUAL and 2 <= n <= fewest]


def groupings(units: pd.DataFrame, say: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the columns by which units are grouped, each after its name, as choices."""
    return [(visible(say.get(column, column), 40), column) for column in columns(units)]


# -- what a panel is made of ---------------------------------------------------

#: What a button does: given the session, the labels and the values of controls; may yield blocks.
Act = Callable[..., Iterator[Block] | None]


@dataclass(frozen=True)
class Control:
    """Something that a person sets, a parameter of the panel; or a button.

    Parameters
    ----------
    name : str
        Of the parameter; its label and its tip (``…_tip``) are found by it.
    widget : type
        Of ipywidgets.
    traits : mapping
        Of the widget, such as ``options``.
    width : str
        Of CSS.
    act : callable, optional
        What a change or a click does, such as a decision, in place of running the panel.
    waits : bool
        Whether a change does nothing by itself, until a button takes it.
    """

    name: str
    widget: type[w.Widget]
    traits: Mapping[str, Any] = field(default_factory=dict)
    width: str = "auto"
    act: Act | None = None
    waits: bool = False

    def make(self, say: Labels) -> w.Widget:
        """Return its widget."""
        label = say.get(self.name, "")
        traits: dict[str, Any] = {"description": label, **self.traits}
        traits["tooltip"] = say.get(f"{self.name}_tip", label)
        if issubclass(self.widget, (w.Text, w.Combobox)):
            traits.setdefault("continuous_update", False)
        if self.widget is w.ToggleButtons:
            traits["style"] = {"button_width": "auto"}
        else:
            traits["layout"] = w.Layout(width=self.width)
            if self.widget is not w.Button:
                traits["style"] = {"description_width": "initial"}
        return self.widget(**traits)


@dataclass(frozen=True)
class Look:
    """Where a table is seen, the control that a row sets, and how the widget is made."""

    place: str
    sets: str = ""
    traits: Mapping[str, Any] = field(default_factory=dict)
    widget: Callable[..., w.Widget] = TableWidget


@dataclass(frozen=True)
class Code:
    """The row of buttons that copy and export what stands at some places."""

    name: str
    places: Sequence[str]


@dataclass(frozen=True)
class Column:
    """Parts below each other."""

    parts: Sequence[Any]
    css: str = ""

    def box(self, children: Sequence[w.Widget]) -> w.Widget:
        """Return the widget that holds those of its parts."""
        return _with_classes(w.VBox(children), self.css)


@dataclass(frozen=True)
class Row(Column):
    """Parts side by side, which go on below where there is no room; under a title, folded."""

    title: str = ""

    def box(self, children: Sequence[w.Widget]) -> w.Widget:
        """Return the widget that holds those of its parts."""
        row = _with_classes(w.HBox(children), f"cgt-row {self.css}")
        return w.Accordion([row], titles=[self.title], selected_index=None) if self.title else row


@dataclass(frozen=True)
class Panel:
    """A tab of the application, made for a session and a language.

    Parameters
    ----------
    run : callable
        ``run(session, say, **values)`` yields blocks, the quickest first.
    layout : Row or Column
        Of further ones, of `Control`, `Look` and `Code`, and of names of places.
    """

    run: Callable[..., Iterator[Block]]
    layout: Column


def chosen_by(units: pd.DataFrame, prefix: str, say: Labels, *, rows: int, width: str) -> list[Row]:
    """Return a list to choose values from for each column, own ones folded.

    Their names are those of the columns after `prefix`.
    """
    usual: list[Column] = []
    own: list[Column] = []
    for name, column in groupings(units, say):
        values = units[column].dropna().unique().tolist()
        values = sorted(values, key=lambda value: (str(type(value)), value))
        traits = {"options": [(visible(value, 40), value) for value in values], "rows": rows}
        control = Control(f"{prefix}{column}", w.SelectMultiple, traits, width)
        (usual if column in USUAL else own).append(Column([w.Label(name), control]))
    return [Row(usual)] + ([Row(own, title=say["own_columns"])] if own else [])


def button(text: str, clicked: Callable[[Any], None], *, tip: str = "") -> w.Button:
    """Return a button as wide as its text."""
    made = w.Button(description=text, tooltip=tip or text, layout=w.Layout(width="auto"))
    made.on_click(clicked)
    return made


def _with_classes(widget: w.Widget, css: str) -> w.Widget:
    for name in css.split():
        widget.add_class(name)
    return widget
