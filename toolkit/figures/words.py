"""Figures of words: what weighs most, where they stand, how they rise and fall."""

from __future__ import annotations

import re
from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from toolkit.compare.rates import slope_table, trend_table, weight_intervals
from toolkit.compare.words import occurrences
from toolkit.figures.canvas import canvas
from toolkit.figures.marks import (
    draw_bars,
    draw_panels,
    height_of_bars,
    label_columns,
    label_ends,
    label_rows,
    plain,
)
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import FAINT, MARKERS, MUTED, colours, in_force
from toolkit.matrix import term_weights
from toolkit.say import Column, Language, Text, Value, say, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix
    from toolkit.segmentation import Tokens
    from toolkit.topics import Topics

_LEAST = 3  # texts that a point of a line must rest on
_SCALE = {"rate": 1, "share": 100}  # a share is drawn in %
_DATE = re.compile(r"\d{4}(\D?\d{1,2}\D?){0,2}|\d{4}\W?[QHqh]\d")


@plot("term_weights", value="weight", table=term_weights)
def plot_term_weights(
    matrix: TermMatrix,
    *,
    by: str | None = None,
    n: int = 12,
    intervals: bool = False,
    lang: Language = "zh",
    ax: Any = None,
) -> Drawn[Any]:
    """Draw the terms that weigh most, in the corpus or in each group of units.

    The data are those of `toolkit.term_weights`; with intervals, ``low`` and ``high`` too.

    Parameters
    ----------
    by : str, optional
        Column of the units, such as ``"city"`` or ``"section"``: a panel for each group.
    intervals : bool
        Draw 95% intervals over resampled documents, where there are at least 5.
    ax : Axes, or a sequence of them (one for each group), optional

    Returns
    -------
    Axes, or with `by` an array of Axes

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> ax = plot_term_weights(matrix, n=3)
    >>> len(ax.patches)
    3
    """
    data = (weight_intervals if intervals else term_weights)(matrix, by=by, n=n)
    sure = intervals and data["low"].notna().any()
    notes = [Text("notes.intervals")] if sure else []
    label = say("measures.weight", lang)
    if by is None:
        one = canvas(ax, columns=1, height=13 + height_of_bars(data))
        draw_bars(one, data)
        one.set_xlabel(label)
        return Drawn(one, data, {"n": n}, notes)
    in_order = pd.api.types.is_numeric_dtype(data["group"])  # years, not cities
    parts = dict(iter(data.groupby("group", sort=in_order)))
    titles = group_labels(matrix.units, by, parts, lang)
    # What stands before the first heading has none.
    panels = [(title or "—", part) for title, part in zip(titles, parts.values(), strict=True)]
    axes = draw_panels(ax, panels, label=label)
    fields = {"n": n, "by": Column(by)}
    return Drawn(axes, data, fields, notes, groups=parts, caption="of_groups")


@plot("dispersion", table=occurrences)
def plot_dispersion(
    tokens: Tokens, terms: Sequence[str], *, lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw where words stand in each text: a line for a text, a tick for an occurrence.

    The data are those of `toolkit.occurrences`. Texts that hold none of the words have no
    line; the caption tells how many.

    Parameters
    ----------
    tokens : Tokens
    terms : sequence of str
        Up to 7.
    """
    if not 1 <= len(terms) <= len(MARKERS):
        raise ValueError(f"draw 1 to {len(MARKERS)} words; there are {len(terms)}")
    data = occurrences(tokens, terms)
    texts = tokens.units["doc_id"].unique()
    documents = [doc for doc in texts if doc in set(data["doc_id"])]
    row = {doc: i for i, doc in enumerate(documents)}
    one = canvas(ax, columns=2, height=18 + 3.6 * len(documents))
    one.hlines(range(len(documents)), 0, 100, color=FAINT, linewidth=0.6, zorder=0)
    for number, term in enumerate(terms):
        found = data[data["term"] == term]
        # Words share a line: each has its own part of the height, and its own shape.
        shift = (number - (len(terms) - 1) / 2) * 0.6 / len(terms)
        one.scatter(
            found["share"] * 100,
            found["doc_id"].map(row) + shift,
            s=9 * in_force().preset.scale ** 2,
            marker=MARKERS[number],
            color=colours().categories[number],
            linewidths=0,
            label=plain(term),
        )
    label_rows(one, group_labels(tokens.units, "doc_id", documents, lang))
    one.set_xlim(-1, 101)
    one.set_xlabel(say("measures.position", lang))
    one.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(terms))
    without = {"n": len(texts) - len(documents), "all": len(texts)}
    notes = [Text("plots.dispersion.without", without)] if without["n"] else []
    return Drawn(one, data, {"terms": several(terms)}, notes)


@plot("trend", table=trend_table)
def plot_trend(
    value: Tokens | Topics,
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw how often terms occur, or how large topics are, over the years.

    The data are those of `toolkit.trend_table`. Below each year stands the number of its
    texts; upright lines are 95% intervals over resampled texts, where there are at least 5.
    A point that rests on fewer than 3 texts is hollow, and no line goes through it. Groups
    without an order, such as kinds of text, are not joined.

    Parameters
    ----------
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given); up to seven.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> ax = plot_trend(segment(corpus), terms=["热线"], lang="en")
    >>> ax.get_ylabel()
    'Occurrences per 10,000 words'
    """
    from matplotlib.transforms import ScaledTranslation

    data = trend_table(value, terms=terms, by=by)
    names = [*dict.fromkeys(data["series"])]
    if len(names) > len(MARKERS):
        raise ValueError(
            f"{len(names)} lines cannot be told apart; choose up to {len(MARKERS)} terms"
        )
    measure = data.attrs["measure"]
    scale = _SCALE[measure]
    groups = data.drop_duplicates(by).set_index(by)["n_texts"].sort_index()
    numeric = isinstance(groups.index[0], Real)  # years keep their distances
    ordered = numeric or all(_DATE.fullmatch(str(group)) for group in groups.index)
    at = {group: group if numeric else i for i, group in enumerate(groups.index)}
    one = canvas(ax, columns=1.5, height=62)
    ends: list[tuple[float, float, str]] = []
    line_width = in_force().preset.line
    for name, colour, marker in zip(names, colours().categories, MARKERS, strict=False):
        line = data[data["series"] == name].sort_values(by)
        x = line[by].map(at)
        y = scale * line[measure]
        firm = line["n_texts"] >= _LEAST
        look: dict[str, Any] = {"color": colour, "marker": marker, "clip_on": False}
        one.plot(x, y.where(firm), label=name, linestyle="-" if ordered else "", **look)
        if not firm.all():
            one.plot(x, y.mask(firm), linestyle="", markerfacecolor="white", **look)
        low, high = (scale * line[end] for end in ("low", "high"))
        # Side by side, so that none hides another.
        shift = (len(ends) - (len(names) - 1) / 2) * 2 * line_width / 72
        beside = one.transData + ScaledTranslation(shift, 0, one.figure.dpi_scale_trans)
        one.vlines(x, low, high, color=colour, linewidth=line_width, zorder=1, transform=beside)
        ends.append((x.iloc[-1], y.iloc[-1], colour))
    # The intervals count too: matplotlib does not see them, since they are moved aside.
    one.set_ylim(0, 1.05 * scale * float(data[[measure, "high"]].max().max()) or 1)
    one.set_ylabel(say(f"measures.{measure}", lang))
    labels = group_labels(value.units, by, groups.index, lang)
    label_columns(one, [*at.values()], labels, [say("notes.texts", lang, n=n) for n in groups])
    one.grid(axis="y")
    label_ends(one, names, ends)
    notes = [Text("plots.trend.intervals")] if data["low"].notna().any() else []
    notes += [Text("notes.few")] if (groups < _LEAST).any() else []
    fields = {"measure": Text(f"measures.{measure}"), "by": Column(by)}
    chart = "chart" if ordered else "dots"
    return Drawn(one, data, fields, notes, groups=groups.index, chart=chart)


@plot("slope", value="change", table=slope_table)
def plot_slope(
    value: Tokens | Topics,
    groups: Sequence[Any],
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw two groups side by side, a line for each term or topic: up is more in the second.

    The data are those of `toolkit.compare.slope_table`. What falls is dashed; ends that rest on
    fewer than 3 texts are hollow.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> ax = plot_slope(segment(corpus), [2021, 2023], terms=["热线"])
    >>> [text.get_text() for text in ax.texts]
    ['5,000', '热线 3,333']
    """
    data = slope_table(value, groups, terms=terms, by=by)
    measure = data.attrs["measure"]
    scale = _SCALE[measure]
    counts = data[["n_first", "n_second"]].max()
    few = (counts < _LEAST).to_numpy()
    one = canvas(ax, columns=1, height=29 + 6 * len(data))
    rise, fall = colours().categories[:2]
    for pair in data[["first", "second"]].to_numpy() * scale:
        down = pair[1] < pair[0]
        look: dict[str, Any] = {"color": fall if down else rise, "marker": "s" if down else "o"}
        one.plot([0, 1], pair, linestyle="--" if down else "-", clip_on=False, **look)
        for end in np.flatnonzero(few):
            one.plot(end, pair[end], markerfacecolor="white", clip_on=False, zorder=3, **look)
    one.set_xlim(0, 1)
    one.margins(y=0.08)
    heads = zip(group_labels(value.units, by, groups, lang), counts, strict=True)
    one.set_xticks([0, 1], [f"{head}\n{say('notes.texts', lang, n=n)}" for head, n in heads])
    one.xaxis.tick_top()
    one.tick_params(axis="x", length=0)
    one.set_yticks([])
    one.spines[["top", "bottom"]].set_visible(False)
    one.spines[["left", "right"]].set(visible=True, color=MUTED)
    one.set_xlabel(say(f"measures.{measure}", lang))
    inks = [fall if change < 0 else rise for change in data["change"]]
    sides: tuple[tuple[Literal["left", "right"], int, str], ...]
    sides = (("left", 0, "first"), ("right", 1, "second"))
    for side, x, column in sides:
        values = scale * data[column]
        texts = [*map(_number, values)]
        if side == "right":
            texts = [f"{n} {t}" for n, t in zip(data["series"], texts, strict=True)]
        ends = [(x, y, ink) for y, ink in zip(values, inks, strict=True)]
        label_ends(one, texts, ends, side=side)
    left, right = (Value(by, plain(group), value.units) for group in groups)
    fields = {"measure": Text(f"measures.{measure}"), "by": Column(by)}
    notes = [Text("plots.slope.few")] if few.any() else []
    return Drawn(one, data, fields | {"left": left, "right": right}, notes)


def _number(value: float) -> str:
    """Return a number with two digits or more that tell something."""
    if value >= 10 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else np.format_float_positional(value, 2, fractional=False)
