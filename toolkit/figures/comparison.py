"""Figures of comparisons: keywords, dimensions, a map of groups and dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.figures.canvas import canvas, canvases, label_below
from toolkit.figures.labels import label_points, label_rows, plain, settle
from toolkit.figures.marks import ROW, draw_intervals
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import FAINT, INK, MARKERS, MUTED, colours
from toolkit.recipe import check_kind
from toolkit.say import Column, Language, Text, Value, say, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.compare.framework import FrameworkScores
    from toolkit.compare.groups import Group
    from toolkit.segmentation import Tokens


@plot("keyness", value="log_ratio")
def plot_keyness(
    tokens: Tokens,
    target: Group,
    reference: Group | None = None,
    *,
    names: Sequence[str] | None = None,
    n: int = 12,
    min_count: int = 5,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw the words that two groups of texts use most differently, and how sure that is.

    The data are those of `toolkit.keyness`, whose tests and intervals are of whole
    documents. Lines are 95% intervals and go to the edge where they are open; there are none
    where a group has fewer than 5 documents. A hollow bar is a word of which one document
    holds over half, or which the other group never uses.

    Parameters
    ----------
    tokens : Tokens
    target, reference : mapping
        See `toolkit.keyness`.
    names : pair of str, optional
        What target and reference are called; by default by the values that they have.
    n : int
        Words of each group.
    min_count : int
        Fewest occurrences of a word.
    """
    from toolkit.compare.keywords import keyness

    table = keyness(tokens, target, reference, min_count=min_count)
    more = table[table["log_ratio"] > 0].head(n)
    less = table[table["log_ratio"] <= 0].tail(n)
    data = pd.concat([more, less], ignore_index=True)
    weak = data["most_of"].ne("") | data["absent_in"].ne("")
    units = tokens.units
    fields = {"more": _called(target, units), "less": _called(reference, units)}
    if names is not None:
        fields = dict(zip(fields, map(plain, names), strict=True))
    one = canvas(ax, columns=1, height=16 + ROW * len(data))
    more_colour, less_colour = colours().categories[:2]
    edges = [more_colour if ratio > 0 else less_colour for ratio in data["log_ratio"]]
    fills = ["white" if hollow else edge for hollow, edge in zip(weak, edges, strict=True)]
    one.barh(range(len(data)), data["log_ratio"], height=0.66, color=fills, edgecolor=edges)
    draw_intervals(one, data)
    label_rows(one, [plain(term) for term in data["term"]])
    one.axvline(0, color=MUTED, linewidth=0.6)
    one.grid(axis="x")
    one.set_xlabel(say("measures.log_ratio", lang))
    for side, title in ((-5, "← {less}"), (5, "{more} →")):
        called = {key: plain(several([name]).said(lang)) for key, name in fields.items()}
        one.annotate(
            title.format(**called),
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(side, 4),
            textcoords="offset points",
            ha="right" if side < 0 else "left",
        )
    notes = [Text("plots.keyness.intervals")] if data["low"].notna().any() else []
    notes += [Text("plots.keyness.hollow")] if weak.any() else []
    notes += [Text("plots.keyness.order")] if data["p"].notna().any() else []
    return Drawn(one, data, fields, notes)


@plot("dimensions", value="emphasis")
def plot_dimensions(
    scores: FrameworkScores,
    *,
    by: str = "city",
    groups: Sequence[Any] | None = None,
    lang: Language = "zh",
    ax: Any = None,
) -> Drawn[np.ndarray[Any, Any]]:
    """Draw the emphasis on each dimension with its interval: two groups or many.

    Two groups are drawn as a dumbbell in one panel; more in a panel for each dimension.
    The data are those of `toolkit.compare.FrameworkScores.emphasis`.

    Parameters
    ----------
    scores : FrameworkScores
    groups : sequence, optional
        Which groups, in this order; all if not given.
    ax : Axes, or a sequence of them (one for each dimension), optional

    Returns
    -------
    array of Axes
    """
    from toolkit.compare.framework import FrameworkScores

    check_kind(scores, FrameworkScores, "plot_dimensions")
    emphasis = scores.emphasis(by)
    present = [*emphasis[by].unique()]
    wanted = sorted(present) if groups is None else [*groups]
    if unknown := [group for group in wanted if group not in present]:
        raise ValueError(f"no {by} {unknown}; there are {present}")
    data = emphasis.set_index(by).loc[wanted].reset_index()
    dimensions = scores.codebook.dimensions
    names = [Value("dimension", dimension).said(lang) for dimension in dimensions]
    two = len(wanted) == 2
    called = group_labels(scores.units, by, wanted, lang)
    rows = names if two else called
    size: tuple[Any, float, None] = (1 if two else 2, 18 + (9 if two else ROW) * len(rows), None)
    axes = canvases(ax, size=size, grid=(1, 1 if two else len(dimensions)))
    for i, one in enumerate(axes):
        if two:
            ends = [data.loc[data[by] == group, "emphasis"] for group in wanted]
            one.hlines(range(len(rows)), *ends, color=FAINT, linewidth=4)
            for number, group in enumerate(wanted):
                table = data[data[by] == group]
                _dots(one, table, number, shift=0.2 * (2 * number - 1), label=called[number])
            one.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
        else:
            _dots(one, data[data["dimension"] == dimensions[i]], i)
            one.set_title(names[i])
        one.axvline(1, color=MUTED, linewidth=0.6, linestyle=(0, (3, 3)), zorder=0)
        label_rows(one, rows if i == 0 else [""] * len(rows))
        one.set_xlim(0, data["high"].max() * 1.03)
        one.grid(axis="y")
    label_below(axes[0].figure, say("measures.emphasis", lang))
    return Drawn(axes, data, {"by": Column(by)}, groups=None if groups else wanted)


@plot("correspondence")
def plot_correspondence(
    scores: FrameworkScores, *, by: str = "city", lang: Language = "zh", ax: Axes | None = None
) -> Drawn[Axes]:
    """Draw a map of groups and dimensions by correspondence analysis.

    The data are those of `toolkit.correspondence`. A group lies towards the dimensions
    that it speaks of more than the others do; in the middle lies what is average.

    Parameters
    ----------
    scores : FrameworkScores
    """
    from toolkit.compare.framework import FrameworkScores
    from toolkit.compare.profiles import correspondence

    check_kind(scores, FrameworkScores, "plot_correspondence")
    found = correspondence(scores.counts(by))
    parts = {"row": found.rows, "column": found.columns}
    data = pd.concat(parts, names=["kind", "name"]).reset_index()
    share = found.inertia["share"]
    one = canvas(ax, columns=2, ratio=0.65)
    one.axhline(0, color=FAINT, linewidth=0.6, zorder=0)
    one.axvline(0, color=FAINT, linewidth=0.6, zorder=0)
    for number, kind in enumerate(parts):
        points = data[data["kind"] == kind]
        one.scatter(
            points["axis_1"],
            points["axis_2"],
            s=14 if kind == "row" else 40,
            marker=MARKERS[2 * number],
            color=colours().categories[number],
            linewidths=0,
            zorder=2,
        )
    labels = group_labels(scores.units, by, found.rows.index, lang)
    labels += [Value("dimension", name).said(lang) for name in found.columns.index]
    inks = [colours().categories[1] if kind == "column" else INK for kind in data["kind"]]
    one.margins(0.06)
    one.set_xlabel(say("measures.axis", lang, number=1, share=share[1]))
    one.set_ylabel(say("measures.axis", lang, number=2, share=share[2]))
    settle(one)
    _equal_scales(one)
    label_points(one, data[["axis_1", "axis_2"]].to_numpy(), labels, inks)
    fields = {"by": Column(by), "share": share.iloc[:2].sum()}
    return Drawn(one, data, fields, groups=found.rows.index)


def _equal_scales(ax: Axes) -> None:
    """Give both axes one scale: limits are widened, so that the room stays, and then fixed."""
    width, height = ax.bbox.width, ax.bbox.height
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    scale = max((right - left) / width, (top - bottom) / height) / 2
    ax.set_xlim((left + right) / 2 - scale * width, (left + right) / 2 + scale * width)
    ax.set_ylim((bottom + top) / 2 - scale * height, (bottom + top) / 2 + scale * height)
    ax.set_aspect("equal", adjustable="box")  # "datalim" would move the limits at each drawing


def _dots(
    ax: Axes, table: pd.DataFrame, number: int, *, shift: float = 0.0, label: str = ""
) -> None:
    """Draw a dot and its interval for each row, the first on top."""
    rows = [row + shift for row in range(len(table))]
    colour = colours().categories[number]
    style: dict[str, Any] = {"marker": MARKERS[number], "color": colour}
    ax.plot(table["emphasis"], rows, linestyle="", zorder=3, label=label, **style)
    ax.hlines(rows, table["low"], table["high"], color=colour, linewidth=1, zorder=2)


def _called(group: Group | None, units: pd.DataFrame) -> Any:
    """Return what a group is called: by the values that it has."""
    if group is None:
        return Text("plots.keyness.others")
    values = []
    for column, value in group.items():
        many = [value] if isinstance(value, str) or not np.iterable(value) else value
        values += [Value(column, one, units) for one in many]
    return several(values)
