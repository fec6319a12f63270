"""Figures of words: what weighs most, where they stand, how they rise and fall."""

from __future__ import annotations

import re
from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np
import pandas as pd

from toolkit.compare.hand import Hand, Look, arranged, called, highlighted
from toolkit.compare.lettering import half_widths, wrapped
from toolkit.compare.rates import in_order, slope_table, trend_table, weight_intervals
from toolkit.compare.words import occurrences
from toolkit.figures import marks
from toolkit.figures.canvas import canvas, canvases, in_blocks, label_below, page_size
from toolkit.figures.marks import inks, label_ends, label_rows, plain, row_labels
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import FAINT, MARKERS, MUTED, colours, in_force, tint
from toolkit.matrix import term_weights
from toolkit.say import Column, Language, Text, Value, say, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix
    from toolkit.segmentation import Tokens
    from toolkit.topics import Topics

_MANY = 12  # groups that have room on less than the whole page
_PANEL = 58  # mm of width for a panel of a line
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
    **hand: Unpack[Hand],
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
        one = canvas(ax, columns=1, height=13 + marks.height_of_bars(data))
        marks.draw_bars(one, data)
        one.set_xlabel(label)
        return Drawn(one, data, {"n": n}, notes)
    in_order = pd.api.types.is_numeric_dtype(data["group"])  # years, not cities
    parts = dict(iter(data.groupby("group", sort=in_order)))
    parts = {group: parts[group] for group in arranged(parts)}
    titles = group_labels(matrix.units, by, parts, lang)
    # What stands before the first heading has none.
    panels = [(title or "—", part) for title, part in zip(titles, parts.values(), strict=True)]
    axes = marks.draw_panels(ax, panels, label=label)
    fields = {"n": n, "by": Column(by)}
    return Drawn(axes, data, fields, notes, groups=parts, caption="of_groups")


@plot("dispersion", table=occurrences)
def plot_dispersion(
    tokens: Tokens,
    terms: Sequence[str],
    *,
    lang: Language = "zh",
    ax: Any = None,
    **hand: Unpack[Look],
) -> Drawn[Axes]:
    """Draw where words stand in each text: a line for a text, a tick for an occurrence.

    The data are those of `toolkit.occurrences`. Texts that hold none of the words have no
    line; the caption tells how many. Very many lines stand in blocks side by side.

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
    blocks, height = in_blocks(len(documents), row=3.6, head=18, least=30)
    blocks = blocks if ax is None else [range(len(documents))]
    axes = canvases(ax, columns=2, height=height, grid=(1, len(blocks)))
    labels = [*map(wrapped, group_labels(tokens.units, "doc_id", documents, lang))]
    for one, block in zip(axes, blocks, strict=True):
        one.hlines(range(len(block)), 0, 100, color=FAINT, linewidth=0.6, zorder=0)
        for number, (term, ink) in enumerate(zip(terms, inks(terms), strict=True)):
            found = data[(data["term"] == term) & data["doc_id"].map(row).isin(block)]
            # Words share a line: each has its own part of the height, and its own shape.
            shift = (number - (len(terms) - 1) / 2) * 0.6 / len(terms)
            one.scatter(
                found["share"] * 100,
                found["doc_id"].map(row) - block[0] + shift,
                s=(9 if len(blocks) == 1 else 4) * in_force().preset.scale ** 2,
                marker=MARKERS[number],
                color=ink,
                linewidths=0,
                label=plain(term),
            )
        label_rows(one, labels[block[0] : block[-1] + 1], dense=len(blocks) > 1)
        one.set_xlim(-1, 101)
    label_below(axes[0].figure, say("measures.position", lang))
    keys = axes[0].get_legend_handles_labels()
    look: dict[str, Any] = {"columnspacing": 1, "handletextpad": 0.2}
    if len(blocks) == 1:
        axes[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(terms), **look)
    else:
        axes[0].figure.legend(*keys, loc="outside upper center", ncols=len(terms), **look)
    without = {"n": len(texts) - len(documents), "all": len(texts)}
    notes = [Text("plots.dispersion.without", without)] if without["n"] else []
    return Drawn(axes[0], data, {"terms": several(terms)}, notes)


@plot("trend", table=trend_table)
def plot_trend(
    value: Tokens | Topics,
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
    panels: bool = False,
    lang: Language = "zh",
    ax: Any = None,
    **hand: Unpack[Hand],
) -> Drawn[Any]:
    """Draw how often terms occur, or how large topics are, over the years.

    The data are those of `toolkit.trend_table`. Below each year stands the number of its
    texts; upright lines are 95% intervals over resampled texts, where there are at least 5;
    in panels they are bands. A point that rests on fewer than 3 texts is hollow, and no line
    goes through it. Groups without an order, such as kinds of text, are not joined.

    Parameters
    ----------
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given); up to seven on one axes.
    panels : bool
        Whether each has a panel of its own, all of one scale.
    ax : Axes, or a sequence of them (one for each panel), optional

    Returns
    -------
    Axes, or with `panels` an array of Axes

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> ax = plot_trend(segment(corpus), terms=["热线"], lang="en")
    >>> ax.get_ylabel()
    'Occurrences per 10,000 words'
    """
    data = trend_table(value, terms=terms, by=by)
    names = [*dict.fromkeys(data["series"])]
    if len(names) > len(MARKERS) and not panels:
        raise ValueError(
            f"{len(names)} lines cannot be told apart; choose up to {len(MARKERS)} terms, or "
            "panels=True"
        )
    first = data.drop_duplicates(by).sort_values(by, key=in_order, kind="stable")
    groups = arranged(first[by])
    counts = first.set_index(by)["n_texts"][groups]
    data = data[data[by].isin(groups)]
    numeric = isinstance(groups[0], Real) and groups == sorted(groups)  # years keep distances
    ordered = numeric or all(_DATE.fullmatch(str(group)) for group in groups)
    x = np.array(groups if numeric else range(len(groups)))
    labels = group_labels(value.units, by, groups, lang)
    axes = _lines_of(ax, len(names) if panels else 1, labels)
    measure = data.attrs["measure"]
    scale = _SCALE[measure]
    ends: list[tuple[float, float, str]] = []
    for i, (name, ink) in enumerate(zip(names, inks(names), strict=True)):
        line = data[data["series"] == name].set_index(by).loc[groups]
        shift = None if panels else (i - (len(names) - 1) / 2) * 2
        look = (ink, MARKERS[i % len(MARKERS)])
        _draw_line(axes[i * panels], x, line, look, joined=ordered, shift=shift)
        ends.append((x[-1], scale * line[measure].iloc[-1], ink))
    # The intervals count too: matplotlib does not see them, since they are moved aside.
    most = 1.05 * scale * float(data[[measure, "high"]].max().max()) or 1
    below = [say("notes.texts", lang, n=n) for n in counts]
    for one, name in zip(axes, names, strict=False):
        one.set_ylim(0, most)
        one.grid(axis="y")
        one.set_title(wrapped(plain(name)) * panels)
        if len(groups) == 1:  # its names stand beside it: a line to them would look like data
            one.set_xlim(x[0] - 1, x[0] + 0.1)
        marks.label_columns(one, [*x], labels, below)
    if not panels:
        label_ends(axes[0], names, ends)
    axes[0].set_ylabel(say(f"measures.{measure}", lang))
    told = Text(f"plots.trend.{'bands' if panels else 'intervals'}")
    notes = [told] if data["low"].notna().any() else []
    notes += [Text("notes.few")] if (counts < _LEAST).any() else []
    fields = {"measure": Text(f"measures.{measure}"), "by": Column(by)}
    chart = "chart" if ordered else "dots"
    drawn = axes if panels else axes[0]
    return Drawn(drawn, data, fields, notes, groups=groups, chart=chart)


def _lines_of(ax: Any, count: int, labels: Sequence[str]) -> np.ndarray[Any, Any]:
    """Return axes for so many panels of lines, with room for the labels below."""
    if ax is not None and np.size(ax) != count:
        raise ValueError(f"{count} panels need as many axes; ax has {np.size(ax)}")
    room = page_size(2, ratio=1)[0] / (_PANEL * in_force().preset.scale)
    across = min(count, max(1, int(room)))
    down, few = -(-count // across), len(labels) <= 3
    longest = max(half_widths(wrapped(label).split("\n")[0]) for label in labels)
    height = 10.0 + 40 * down if count > 1 else 62 + 0.8 * max(0, longest - 10) * (not few)
    page = 2 if count > 1 or len(labels) > _MANY else 1.5 if len(labels) > 1 else 1
    axes = canvases(ax, columns=page, height=height, grid=(down, across))
    for one in axes[count:]:
        one.remove()
    return axes[:count]


def _draw_line(
    ax: Axes,
    x: Any,
    line: pd.DataFrame,
    look: tuple[str, str],
    *,
    joined: bool,
    shift: float | None,
) -> None:
    """Draw a series with its intervals, `shift` line widths aside, or as a band."""
    from matplotlib.transforms import ScaledTranslation

    measure = line.attrs["measure"]
    y, low, high = (_SCALE[measure] * line[name].to_numpy() for name in (measure, "low", "high"))
    firm = (line["n_texts"] >= _LEAST).to_numpy()
    style: dict[str, Any] = {"color": look[0], "marker": look[1], "clip_on": False}
    label = line["series"].iloc[0]
    ax.plot(x, np.where(firm, y, np.nan), label=label, linestyle="-" if joined else "", **style)
    if not firm.all():
        ax.plot(x, np.where(firm, np.nan, y), linestyle="", markerfacecolor="white", **style)
    width = in_force().preset.line
    if shift is None and joined and len(x) > 1:
        ax.fill_between(x, low, high, color=tint(look[0], 0.2), linewidth=0, zorder=0.5)
        return
    # Side by side, so that none hides another.
    beside = ax.transData + ScaledTranslation(
        (shift or 0) * width / 72, 0, ax.figure.dpi_scale_trans
    )
    ax.vlines(x, low, high, color=look[0], linewidth=width, zorder=1, transform=beside)


@plot("slope", value="change", table=slope_table)
def plot_slope(
    value: Tokens | Topics,
    groups: Sequence[Any],
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
    lang: Language = "zh",
    ax: Axes | None = None,
    **hand: Unpack[Look],
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
    rows = sum(name.count("\n") + 1 for name in row_labels(data["series"]))
    height = 29 + 3.0 * (len(data) + rows)
    if height * in_force().preset.scale > in_force().preset.max_height:
        height = 29 + 4.4 * rows
    one = canvas(ax, columns=1, height=height)
    rise, fall = colours().categories[:2]
    ways = [fall if change < 0 else rise for change in data["change"]]
    lit = highlighted(data["series"])
    lines = [way if lights else FAINT for way, lights in zip(ways, lit, strict=True)]
    for pair, line in zip(data[["first", "second"]].to_numpy() * scale, lines, strict=True):
        down = pair[1] < pair[0]
        look: dict[str, Any] = {"color": line, "marker": "s" if down else "o"}
        one.plot([0, 1], pair, linestyle="--" if down else "-", clip_on=False, **look)
        for end in np.flatnonzero(few):
            one.plot(end, pair[end], markerfacecolor="white", clip_on=False, zorder=3, **look)
    one.set_xlim(0, 1)
    one.margins(y=0.08)
    heads = zip(group_labels(value.units, by, groups, lang), counts, strict=True)
    below = [(wrapped(head, 20), say("notes.texts", lang, n=n)) for head, n in heads]
    one.set_xticks([0, 1], ["\n".join(lines) for lines in below])
    one.xaxis.tick_top()
    one.tick_params(axis="x", length=0)
    one.set_yticks([])
    one.spines[["top", "bottom"]].set_visible(False)
    one.spines[["left", "right"]].set(visible=True, color=MUTED)
    one.set_xlabel(say(f"measures.{measure}", lang))
    sides: tuple[tuple[Literal["left", "right"], int, str], ...]
    sides = (("left", 0, "first"), ("right", 1, "second"))
    for side, x, column in sides:
        values = scale * data[column]
        texts = [*map(_number, values)]
        if side == "right":
            texts = [f"{called(n)} {t}" for n, t in zip(data["series"], texts, strict=True)]
        ends = [(x, y, line) for y, line in zip(values, lines, strict=True)]
        label_ends(one, texts, ends, side=side)
    left, right = (Value(by, marks.written(str(group)), value.units) for group in groups)
    fields = {"measure": Text(f"measures.{measure}"), "by": Column(by)}
    notes = [Text("plots.slope.few")] if few.any() else []
    return Drawn(one, data, fields | {"left": left, "right": right}, notes)


def _number(value: float) -> str:
    """Return a number with two digits or more that tell something."""
    if value >= 10 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else np.format_float_positional(value, 2, fractional=False)
