"""What makes a function a plot: a page to draw on, words, and the record of what it drew."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from toolkit.compare.hand import at_work, called, documented, renamed, shown
from toolkit.compare.told import basis, ends_of, flaws, missing, units_of
from toolkit.figures.canvas import page
from toolkit.figures.marks import written
from toolkit.figures.press.drawn import Drawing, drawings, figure_of, keep
from toolkit.figures.press.fonts import check_text
from toolkit.figures.press.style import adopt, in_force
from toolkit.recipe import check_numbers, record
from toolkit.say import (
    LANGUAGES,
    Language,
    Text,
    Value,
    check_language,
    entry,
    fill,
)
from toolkit.units import flawed_texts

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

P = ParamSpec("P")
A = TypeVar("A")  # Axes, or an array of them


@dataclass(frozen=True, eq=False)
class Drawn(Generic[A]):
    """What a plot has drawn, and the fields of its caption in ``words.toml``.

    Parameters
    ----------
    axes : Axes or array of Axes
    data : DataFrame
        What is drawn.
    fields : mapping
        Of the caption: plain values, or what can be said in two languages (see `toolkit.say`).
    notes : sequence of Text
        Sentences after the caption.
    groups : iterable, optional
        The groups drawn: those of the units that are not among them are told.
    chart, caption : str
        The entries that say what sort of figure it is, and what it shows.
    beside : mapping of str to DataFrame
        Tables that are not drawn, but belong to the figure.
    source : object, optional
        What the record holds in place of a first argument that has no recipe.
    """

    axes: A
    data: pd.DataFrame
    fields: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[Text] = ()
    groups: Iterable[Any] | None = None
    chart: str = "chart"
    caption: str = "caption"
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    source: Any = None


def plot(
    name: str,
    *,
    value: str | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
    table: Callable[..., Any] | None = None,
) -> Callable[[Callable[P, Drawn[A]]], Callable[P, A]]:
    """Make a plot of a function that draws on `canvas` and returns what it has `Drawn`.

    Arrays and Series among the arguments become lists. The function draws in the style in
    force; with its axes are kept the data, the recipe, and the caption and alternative text
    that ``words.toml`` has under ``plots.<name>``, with notes on units that a grouping drops
    and on texts with a known flaw. If it fails, no figure is left open. Parameters that it
    shares with the function of its `table`, or with all plots (`by`, `lang`, `ax` …), need no
    entry in its docstring.

    Parameters
    ----------
    name : str
        Of its table in ``words.toml``: ``chart``, ``caption`` and, if the ends of the values
        are not the highest and the lowest, ``ends``.
    value : str, optional
        The column of the data whose ends the alternative text tells.
    words : mapping, optional
        Stands in place of the table, for a plot that is not of the toolkit.
    table : function, optional
        Returns what is drawn.
    """

    def decorate(function: Callable[P, Drawn[A]]) -> Callable[P, A]:
        signature = inspect.signature(function)
        call: Callable[..., Drawn[A]] = function

        @wraps(function)
        def draw(*args: P.args, **kwargs: P.kwargs) -> A:
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            (first, source), *others = given.arguments.items()
            params = {key: _plain(argument) for key, argument in others}
            hand = params.pop("hand", {})
            check_numbers(function, params)
            check_language(lang := params.get("lang", "zh"))
            by, ax = params.get("by"), params.pop("ax")
            if not isinstance(by, str | None):
                raise ValueError(f"a figure has groups of one column: by='city', not {by!r}")
            units = units_of(source)
            short, notes = flaws(units, by)
            below = "\n".join(note.said(lang) for note in short)
            ground = page(new=ax is None, below=below, palette=hand.get("palette"))
            with warnings.catch_warnings(), ground, at_work(hand, units, by, lang):
                # What a grouping leaves out the figure tells itself.
                warnings.filterwarnings("ignore", r".* units have no .* and are left out$")
                drawn = call(source, **params, **hand, ax=ax)
                for axes in () if in_force().preset.grid else _axes(drawn.axes):
                    axes.grid(visible=False)
                figure = figure_of(drawn.axes)
                if ax is None:
                    adopt(figure)
                check_text(figure)
                chosen = hand.get("groups") is not None
                gone = missing(units, by, drawn.groups, chosen)
                notes = [*drawn.notes, *gone, *notes, *basis(source, units)]
                caption, alt = _words(words or entry(f"plots.{name}"), value, drawn, notes)
            params |= hand
            recorded = source if hasattr(source, "recipe") else None
            again = partial(draw, source, **params)
            if recorded is None:
                params = {first: source if drawn.source is None else drawn.source} | params
            recipe = record(draw, recorded, makes="ax", params=params)
            drawing = Drawing(drawn.data, caption, alt, recipe, dict(drawn.beside), again)
            keep(_axes(drawn.axes)[0], drawing)
            return drawn.axes

        vars(draw)["__signature__"] = shown(function, signature)
        draw.__doc__ = documented(function, inspect.signature(draw), table)
        return draw

    return decorate


def figure_data(ax: Axes | Sequence[Axes]) -> pd.DataFrame:
    """Return the table that a plot of the toolkit has drawn.

    Parameters
    ----------
    ax : Axes or sequence of Axes
        What the plot returned.

    Returns
    -------
    DataFrame
        As `export_figure` writes it to the CSV of the bundle.

    Raises
    ------
    ValueError
        If no plot of the toolkit has drawn on the figure.

    Examples
    --------
    >>> from toolkit.figures import plot_wordcloud
    >>> figure_data(plot_wordcloud({"接诉即办": 4, "城市更新": 2}))["term"].tolist()
    ['接诉即办', '城市更新']
    """
    axes = _axes(ax)
    drawn = [vars(one)["toolkit_drawing"] for one in axes if "toolkit_drawing" in vars(one)]
    drawn = drawn or drawings(axes[0].get_figure(root=True))
    if not drawn:
        raise ValueError("no plot of the toolkit has drawn on this figure, so it holds no table")
    return drawn[0].data


def group_labels(units: pd.DataFrame, by: str, groups: Iterable[Any], lang: Language) -> list[str]:
    """Return what groups are called on a figure; † marks those that hold a text with a flaw."""
    groups_of = units.get(by, units.index)
    flawed = {*groups_of[units["doc_id"].astype(str).isin(flawed_texts(units))]}
    names = {group: called(group, Value(by, group, units).said(lang)) for group in groups}
    return [written(name) + "†" * (group in flawed) for group, name in names.items()]


def _axes(axes: Any) -> list[Any]:
    import numpy as np

    return [*np.ravel(axes)]


def _words(
    words: Mapping[str, Mapping[str, str]],
    value: str | None,
    drawn: Drawn[Any],
    notes: Iterable[Text],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the caption and the alternative text, in each language."""
    caption: dict[str, str] = {}
    alt: dict[str, str] = {}
    for lang in LANGUAGES:
        fields = {name: renamed(said, lang) for name, said in drawn.fields.items()}
        sentences = [fill(words[drawn.caption], lang, fields)]
        sentences += [note.said(lang) for note in notes]
        caption[lang] = ("" if lang == "zh" else " ").join(sentences)
        parts = [words[drawn.chart][lang], caption[lang]]
        alt[lang] = ("。" if lang == "zh" else ". ").join(parts)
        if value is not None and not drawn.data[value].dropna().empty:
            ends = words.get("ends") or entry("alt")["ends"]
            alt[lang] += " " * (lang == "en") + fill(ends, lang, ends_of(drawn.data, value, lang))
    return caption, alt


def _plain(argument: Any) -> Any:
    """Return an argument as plain values: arrays, Series and iterators as lists."""
    if hasattr(argument, "tolist"):
        return argument.tolist()
    if isinstance(argument, Mapping):
        return {key: _plain(value) for key, value in argument.items()}
    return [*argument] if isinstance(argument, Iterator) else argument
