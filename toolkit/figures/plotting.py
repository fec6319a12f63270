"""What makes a function a plot: a page to draw on, words, and the record of what it drew."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from toolkit.figures.canvas import page
from toolkit.figures.marks import plain
from toolkit.figures.press.drawn import Drawing, drawings, figure_of, keep
from toolkit.figures.press.fonts import check_text
from toolkit.figures.press.style import adopt, in_force
from toolkit.recipe import check_numbers, record
from toolkit.say import (
    LANGUAGES,
    Column,
    Language,
    Several,
    Text,
    Value,
    check_language,
    entry,
    fill,
    several,
)
from toolkit.units import flawed_texts

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

P = ParamSpec("P")
A = TypeVar("A")  # Axes, or an array of them

_NAMED = 5  # texts with a flaw that a caption names
_SHARED = {
    "by": 'by : str\n    Column of the units, such as ``"city"`` or ``"year"``.',
    "n": "n : int\n    How many words; of each group, where there are groups.",
    "seed": "seed : int\n    Of the places: the same seed gives the same picture.",
    "lang": 'lang : {"zh", "en"}\n    Language of the labels; the caption is written in both.',
    "ax": "ax : Axes, optional\n    Where to draw; a new figure if not given.",
}
_RETURNS = "Returns\n-------\nAxes\n"


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
            check_numbers(function, params)
            check_language(lang := params.get("lang", "zh"))
            by, ax = params.get("by"), params.pop("ax")
            if not isinstance(by, str | None):
                raise ValueError(f"a figure has groups of one column: by='city', not {by!r}")
            units = units_of(source)
            short, notes = _notes(units, by)
            below = "\n".join(note.said(lang) for note in short)
            with warnings.catch_warnings(), page(new=ax is None, below=below):
                # What a grouping leaves out the figure tells itself.
                warnings.filterwarnings("ignore", r".* units have no .* and are left out$")
                drawn = call(source, **params, ax=ax)
                for axes in () if in_force().preset.grid else _axes(drawn.axes):
                    axes.grid(visible=False)
                figure = figure_of(drawn.axes)
                if ax is None:
                    adopt(figure)
                check_text(figure)
            notes = [*drawn.notes, *_empty(units, by, drawn.groups), *notes]
            caption, alt = _words(words or entry(f"plots.{name}"), value, drawn, notes)
            recorded = source if hasattr(source, "recipe") else None
            again = partial(draw, source, **params)
            if recorded is None:
                params = {first: source if drawn.source is None else drawn.source} | params
            recipe = record(draw, recorded, makes="ax", params=params)
            drawing = Drawing(drawn.data, caption, alt, recipe, dict(drawn.beside), again)
            keep(_axes(drawn.axes)[0], drawing)
            return drawn.axes

        draw.__doc__ = _documented(function, signature, table)
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


def units_of(source: Any) -> pd.DataFrame | None:
    """Return the units of a value; None if it has none."""
    units = getattr(source, "units", None)
    return units if units is not None and "doc_id" in units else None


def group_labels(units: pd.DataFrame, by: str, groups: Iterable[Any], lang: Language) -> list[str]:
    """Return what groups are called on a figure; † marks those that hold a text with a flaw."""
    groups_of = units.get(by, units.index)
    flawed = {*groups_of[units["doc_id"].astype(str).isin(flawed_texts(units))]}
    return [plain(Value(by, group, units).said(lang)) + "†" * (group in flawed) for group in groups]


def topic_labels(labels: Mapping[int, str]) -> list[Text]:
    """Return the note that lists the labels of topics; none without labels."""
    if not labels:
        return []
    named = [f"{topic} {label}" for topic, label in sorted(labels.items())]
    return [Text("notes.labels", {"labels": Several(tuple(named), {"zh": "；", "en": "; "})})]


def _axes(axes: Any) -> list[Any]:
    import numpy as np

    return [*np.ravel(axes)]


def _notes(units: pd.DataFrame | None, by: str | None) -> tuple[list[Text], list[Text]]:
    """Return what must be told of the units: below the figure, and in its caption."""
    if units is None:
        return [], []
    short, notes = [], []
    texts = f"{units['doc_id'].nunique():,}"
    without = 0 if by not in units else units.loc[units[by].isna(), "doc_id"].nunique()
    if by is not None and without:
        fields = {"n": f"{without:,}", "all": texts, "column": Column(by)}
        short.append(Text("notes.none_given", fields))
        notes.append(short[-1])
    if flawed := flawed_texts(units):
        named: list[Any] = [*flawed[:_NAMED]]
        named += [Text("notes.more")] * (len(flawed) > _NAMED)
        fields = {"n": f"{len(flawed):,}", "all": texts, "texts": several(named)}
        short.append(Text("notes.flawed_short", fields))
        notes.append(Text("notes.flawed", fields))
    return short, notes


def _empty(units: pd.DataFrame | None, by: str | None, drawn: Iterable[Any] | None) -> list[Text]:
    """Return the note on groups that have nothing to draw."""
    if units is None or by is None or by not in units or drawn is None:
        return []
    shown = {*drawn}
    missing = [g for g in units[by].dropna().unique() if g not in shown]
    names = several(Value(by, group, units) for group in missing)
    return [Text("notes.empty", {"groups": names})] if missing else []


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
        sentences = [fill(words[drawn.caption], lang, drawn.fields)]
        sentences += [note.said(lang) for note in notes]
        caption[lang] = ("" if lang == "zh" else " ").join(sentences)
        parts = [words[drawn.chart][lang], caption[lang]]
        alt[lang] = ("。" if lang == "zh" else ". ").join(parts)
        if value is not None and not drawn.data[value].dropna().empty:
            ends = words.get("ends") or entry("alt")["ends"]
            alt[lang] += " " * (lang == "en") + fill(ends, lang, _ends(drawn.data, value, lang))
    return caption, alt


def _ends(data: pd.DataFrame, value: str, lang: Language) -> dict[str, str]:
    """Say what the row with the most and the row with the least of a value are called."""
    ordered = data.dropna(subset=value).sort_values(value, kind="stable")
    ordered = ordered.drop(columns=["most_of", "absent_in"], errors="ignore")
    found = {}
    for end, place in (("most", -1), ("least", 0)):
        row = ordered.iloc[place]
        names = [Value(str(c), v).said(lang) for c, v in row.items() if isinstance(v, str) and v]
        if (named := ordered.index.name) is not None or not names:
            names.insert(0, Value(str(named), ordered.index[place]).said(lang))
        number = f"{row[value]:.3g}".replace("-", "\N{MINUS SIGN}")
        found[end] = f"{several(names[:2]).said(lang)} ({number})"
    return found


def _plain(argument: Any) -> Any:
    """Return an argument as plain values: arrays, Series and iterators as lists."""
    if hasattr(argument, "tolist"):
        return argument.tolist()
    if isinstance(argument, Mapping):
        return {key: _plain(value) for key, value in argument.items()}
    return [*argument] if isinstance(argument, Iterator) else argument


def _documented(
    function: Callable[..., Any], signature: inspect.Signature, table: Callable[..., Any] | None
) -> str:
    """Return the docstring of a plot with what it shares with its table and with all plots."""
    doc = inspect.cleandoc(function.__doc__ or "")
    head, *sections = re.split(r"\n\n(?=(?:Returns|Raises|References|Examples)\n-)", doc)
    said = _parameters(inspect.getdoc(table) or "") | _SHARED | _parameters(head)
    entries = dict.fromkeys(said[name] for name in signature.parameters if name in said)
    head = head.partition("\n\nParameters\n---")[0]
    if not any(section.startswith("Returns") for section in sections):
        sections.insert(0, _RETURNS.rstrip())
    return "\n\n".join([head, "\n".join(["Parameters\n----------", *entries]), *sections]) + "\n"


def _parameters(doc: str) -> dict[str, str]:
    """Return the entry of each parameter that a docstring documents."""
    found = re.search(r"(?:^|\n\n)Parameters\n-+\n(.*?)(?=\n\n\S|\Z)", doc, re.DOTALL)
    entries = re.split(r"\n(?=\S)", found[1]) if found else []
    return {name: entry for entry in entries for name in entry.split(" : ")[0].split(", ")}
