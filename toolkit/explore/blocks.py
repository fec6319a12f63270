"""What a panel gives: blocks, which hold no widget; and views, which know their code."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pandas.api.types import infer_dtype

from toolkit.explore.session import Session, unwarned
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
    makes: str = "table"
    take: str = ""  # attribute of the result that is seen
    more: str = ""  # code that follows

    def value(self, session: Session) -> Any:
        """Return what is seen, computed once."""

        def make() -> Any:
            with unwarned():
                return self.function(self.source, **self.params)

        found = session.remember(self.key, make)
        return getattr(found, self.take) if self.take else found

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from another: the function and what it is applied to."""
        given = {name: getattr(value, "fingerprint", value) for name, value in self.params.items()}
        return self.function.__qualname__, self.source.fingerprint, given

    @property
    def recipe(self) -> Recipe:
        """The steps that lead to what is seen; their code runs in a fresh kernel."""
        result = f".{self.take}" if self.take else ""
        return record(
            self.function, self.source, makes=self.makes, params=self.params, result=result
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


class Block:
    """Something to be seen; if it has a ``table`` or a ``figure``, these are exported."""


@dataclass(frozen=True)
class Table(Block):
    """A table that is searched, sorted and paged; choosing a row may set a control.

    Parameters
    ----------
    place : str
    table : View or None
        What it shows; None if there is nothing to export.
    data : DataFrame
        As it is seen.
    chosen : int, optional
        The row that is chosen.
    keys : sequence
        For each row, what the control is set to that the panel names for this place.
    """

    place: str
    table: View | None
    data: pd.DataFrame
    chosen: int | None = None
    keys: Sequence[Any] = ()


@dataclass(frozen=True)
class Figure(Block):
    """A figure of the toolkit; drawn aside, before it is shown."""

    place: str
    figure: View


@dataclass(frozen=True)
class Html(Block):
    """Markup of our own, in which all text of a corpus is escaped."""

    place: str
    html: str
    table: View | None = None
    figure: View | None = None


@dataclass(frozen=True)
class Note(Block):
    """A line of text; it is text, whatever it holds."""

    place: str
    text: str


@dataclass(frozen=True)
class Circles(Block):
    """Topics as circles (see `map.circles`), each a button that sets a control."""

    place: str
    circles: pd.DataFrame
    names: Sequence[str]
    chosen: int
    sets: str


@dataclass(frozen=True)
class Adjust(Block):
    """What a control now offers or holds; a choice that came meanwhile counts more.

    Parameters
    ----------
    place : str
    traits : mapping
        Of the widget; ``visible`` besides.
    about : optional
        What it is about: then it is done once for each, as somebody may be writing there.
    """

    place: str
    traits: Mapping[str, Any]
    about: Any = None


@dataclass(frozen=True)
class Tell(Block):
    """A message in the line below the title."""

    text: str


@dataclass(frozen=True)
class Progress(Block):
    """How much is done, of how much."""

    done: int
    total: int


def picture(view: View, session: Session, lang: Language) -> str:
    """Return a figure of the toolkit as HTML, with its alternative text; drawn once."""
    return session.remember(("picture", *view.key), lambda: _picture(view, lang))


def _picture(view: View, lang: Language) -> str:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from toolkit.figures.press.drawn import drawings, figure_of
    from toolkit.figures.press.pictures import laid_out
    from toolkit.figures.press.style import DRAWING

    with DRAWING, unwarned():
        axes = view.function(view.source, **view.params)
        buffer, figure = io.BytesIO(), figure_of(axes)
        figure.set_dpi(_DPI)
        try:
            with laid_out(figure):  # `savefig` would draw it twice
                canvas: Any = FigureCanvasAgg(figure)
                canvas.print_png(buffer, pil_kwargs={"compress_level": 1})
            alt = " ".join(drawing.alt[lang] for drawing in drawings(figure))
        finally:
            close(axes)
    data = base64.b64encode(buffer.getvalue()).decode()
    width = round(figure.get_size_inches()[0] * _DPI * 0.95)
    return (
        f'<img alt="{escaped(alt, 2000)}" style="width:{width}px;max-width:100%" '
        f'src="data:image/png;base64,{data}">'
    )


def close(axes: Any) -> None:
    """Let a figure go, so that no notebook shows it once more."""
    import matplotlib.pyplot as plt

    from toolkit.figures.press.drawn import figure_of

    plt.close(figure_of(axes))


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
        if c not in _OF_PASSAGES and infer_dtype(units[c]) in _PLAIN
    }
    usual = [c for c in USUAL if count.get(c, 0) > 1]
    fewest = min(_MOST_VALUES, units["doc_id"].nunique() - 1)
    return usual + [c for c, n in count.items() if c not in USUAL and 2 <= n <= fewest]


def groupings(units: pd.DataFrame, say: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the columns by which units are grouped, each after its name, as choices."""
    return [(visible(say.get(column, column), 40), column) for column in columns(units)]


def options(values: pd.Series[Any]) -> list[tuple[str, Any]]:
    """Return the values of a column as the choices of a list."""
    found = sorted(values.dropna().unique().tolist(), key=lambda v: (str(type(v)), v))
    return [(visible(value, 40), value) for value in found]
