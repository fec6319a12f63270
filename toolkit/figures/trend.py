"""How terms and topics rise and fall: over the years, and between two groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from toolkit.compare.rates import slope_table, trend_table
from toolkit.figures.canvas import canvas
from toolkit.figures.labels import label_columns, label_ends, plain
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import MARKERS, MUTED, colours, in_force
from toolkit.say import Column, Language, Text, Value, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.segmentation import Tokens
    from toolkit.topics import Topics

_LEAST = 3  # texts that a point of a line must rest on
_SCALE = {"rate": 1, "share": 100}  # a share is drawn in %
_DATE = re.compile(r"\d{4}(\D?\d{1,2}\D?){0,2}|\d{4}\W?[QHqh]\d")


@plot("trend")
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
    value : Tokens or Topics
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
        x = [at[group] for group in line[by]]
        y = scale * line[measure].to_numpy()
        firm = (line["n_texts"] >= _LEAST).to_numpy()
        look: dict[str, Any] = {"color": colour, "marker": marker, "clip_on": False}
        joined = "-" if ordered else ""
        one.plot(x, np.where(firm, y, np.nan), label=name, linestyle=joined, **look)
        if not firm.all():
            few = np.where(firm, np.nan, y)
            one.plot(x, few, linestyle="", markerfacecolor="white", **look)
        low, high = (scale * line[end] for end in ("low", "high"))
        # Side by side, so that none hides another.
        shift = (len(ends) - (len(names) - 1) / 2) * 2 * line_width / 72
        beside = one.transData + ScaledTranslation(shift, 0, one.figure.dpi_scale_trans)
        one.vlines(x, low, high, color=colour, linewidth=line_width, zorder=1, transform=beside)
        ends.append((x[-1], y[-1], colour))
    # The intervals count too: matplotlib does not see them, since they are moved aside.
    one.set_ylim(0, 1.05 * scale * float(data[[measure, "high"]].max().max()) or 1)
    one.set_ylabel(say(f"measures.{measure}", lang))
    labels = group_labels(value.units, by, groups.index, lang)
    label_columns(one, [*at.values()], labels, [say("notes.texts", lang, n=n) for n in groups])
    one.grid(axis="y")
    label_ends(one, names, ends)
    notes = [Text("plots.trend.intervals")] if data["low"].notna().any() else []
    notes += [Text("notes.few")] if (groups < _LEAST).any() else []
    return Drawn(
        one,
        data,
        {"measure": Text(f"measures.{measure}"), "by": Column(by)},
        notes,
        groups=groups.index,
        chart="chart" if ordered else "dots",
    )


@plot("slope", value="change")
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

    Parameters
    ----------
    value : Tokens or Topics
    groups : sequence of two
        Such as ``[2021, 2025]`` or, with ``by="city"``, ``["北京", "上海"]``.
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given).

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
    for ends in data[["first", "second"]].to_numpy() * scale:
        down = ends[1] < ends[0]
        look: dict[str, Any] = {"color": fall if down else rise, "marker": "s" if down else "o"}
        one.plot([0, 1], ends, linestyle="--" if down else "-", clip_on=False, **look)
        for end in np.flatnonzero(few):
            one.plot(end, ends[end], markerfacecolor="white", clip_on=False, zorder=3, **look)
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
    sides: tuple[tuple[Literal["left", "right"], str], ...]
    sides = (("left", "first"), ("right", "second"))
    for side, column in sides:
        values = scale * data[column]
        texts = [*map(_number, values)]
        if side == "right":
            texts = [f"{n} {t}" for n, t in zip(data["series"], texts, strict=True)]
        across = [int(side == "right")] * len(texts)
        label_ends(one, texts, [*zip(across, values, inks, strict=True)], side=side)
    left, right = (Value(by, plain(group), value.units) for group in groups)
    fields = {"measure": Text(f"measures.{measure}"), "by": Column(by)}
    notes = [Text("plots.slope.few")] if few.any() else []
    return Drawn(one, data, fields | {"left": left, "right": right}, notes)


def _number(value: float) -> str:
    """Return a number with two digits or more that tell something."""
    if value >= 10 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else np.format_float_positional(value, 2, fractional=False)
