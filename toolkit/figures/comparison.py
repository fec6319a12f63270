"""Figures of comparisons: keywords, dimensions, and what two texts share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from toolkit.compare.hand import Hand, arranged, called
from toolkit.compare.keywords import keyness
from toolkit.compare.lettering import half_widths, wrapped
from toolkit.compare.overlap import aligned, reuse
from toolkit.figures import marks
from toolkit.figures.canvas import canvas, canvases, in_blocks, label_below, page_size
from toolkit.figures.marks import ROW, draw_intervals, label_inside, label_rows, plain
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import FAINT, MARKERS, MUTED, colours, in_force, tint
from toolkit.recipe import check_kind
from toolkit.say import Column, Language, Text, Value, say, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.compare.effects import Effects
    from toolkit.compare.framework import FrameworkScores
    from toolkit.compare.keywords import Group
    from toolkit.corpus import Corpus
    from toolkit.segmentation import Tokens

_PANEL = 13  # mm that a panel of dots needs, where small text has 7.5 pt
_PANELS = 6  # side by side, from which on their axes have room for few numbers
_BAR = 0.16  # height of the bar of a text; the two are 1 apart
_NARROWEST = 2.5  # % of a text that has room for a number


@plot("keyness", value="log_ratio", table=keyness)
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
    names : pair of str, optional
        What target and reference are called; by default by the values that they have.
    n : int
        Words of each group.
    """
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
    edges = [colours().categories[int(ratio <= 0)] for ratio in data["log_ratio"]]
    fills = ["white" if hollow else edge for hollow, edge in zip(weak, edges, strict=True)]
    one.barh(range(len(data)), data["log_ratio"], height=0.66, color=fills, edgecolor=edges)
    draw_intervals(one, data)
    label_rows(one, [plain(term) for term in data["term"]])
    one.axvline(0, color=MUTED, linewidth=0.6)
    one.grid(axis="x")
    one.set_xlabel(say("measures.log_ratio", lang))
    more_name, less_name = (plain(several([name]).said(lang)) for name in fields.values())
    for side, title, align in ((-5, f"← {less_name}", "right"), (5, f"{more_name} →", "left")):
        one.annotate(
            title,
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(side, 4),
            textcoords="offset points",
            ha=align,
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
    lang: Language = "zh",
    ax: Any = None,
    **hand: Unpack[Hand],
) -> Drawn[np.ndarray[Any, Any]]:
    """Draw the emphasis on each dimension with its interval: two groups or many.

    Two groups are drawn as a dumbbell in one panel; more in a panel for each dimension, very
    many in blocks of such panels side by side. The data are those of
    `toolkit.compare.FrameworkScores.emphasis`.

    Parameters
    ----------
    scores : FrameworkScores
    ax : Axes (for two groups), or a sequence of them (one for each dimension), optional

    Returns
    -------
    array of Axes

    Raises
    ------
    ValueError
        If a group is unknown, or there are not as many axes as panels.
    """
    from toolkit.compare.framework import FrameworkScores

    check_kind(scores, FrameworkScores, "plot_dimensions")
    emphasis = scores.emphasis(by)
    wanted = arranged(sorted(emphasis[by].unique()))
    data = emphasis.set_index(by).loc[wanted].reset_index()
    dimensions = scores.codebook.dimensions
    names = [called(d, Value("dimension", d).said(lang)) for d in dimensions]
    two = len(wanted) == 2 and (ax is None or np.size(ax) == 1)
    if not two and ax is not None and np.size(ax) != len(dimensions):
        raise ValueError(f"{len(dimensions)} panels need as many axes; ax has {np.size(ax)}")
    labels = group_labels(scores.units, by, wanted, lang)
    rows = [*map(wrapped, names if two else labels)]
    row, least = 9 if two else marks.height_of_rows(rows), _PANEL * len(dimensions)
    blocks, height = in_blocks(len(rows), row=row, head=18 if two else 24, least=least)
    blocks = blocks if ax is None else [range(len(rows))]
    grid = (1, len(blocks) * (1 if two else len(dimensions)))
    axes = canvases(ax, columns=1 if two else 2, height=height, grid=grid)
    if two:
        ends = [data.loc[data[by] == group, "emphasis"] for group in wanted]
        axes[0].hlines(range(len(rows)), *ends, color=FAINT, linewidth=4)
        for i, (ink, _) in enumerate(marks.looks(wanted)):
            table = data[data[by] == wanted[i]]
            look = [(ink, MARKERS[i])] * len(rows)
            _dots(axes[0], table, look, shift=0.2 * (2 * i - 1), label=labels[i])
        axes[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
        label_rows(axes[0], rows)
    keyed = not two and marks.key_of_kinds(axes[0], wanted)
    for one, (block, i) in zip(
        axes, [] if two else product(blocks, range(len(names))), strict=False
    ):
        table = data[data["dimension"] == dimensions[i]].iloc[block.start : block.stop]
        ink, marker = _turn(i)  # in panels they tell nothing
        shown = [(c, m if keyed else marker) for c, m in marks.looks(table[by], alone=ink)]
        _dots(one, table, shown)
        one.set_title(wrapped(names[i], 18), **_heading(names, len(axes), len(blocks)))
        label_rows(one, [rows[r] * (i == 0) for r in block], dense=len(blocks) > 1)
    for one in axes:
        one.axvline(1, color=MUTED, linewidth=0.6, linestyle=(0, (3, 3)), zorder=0)
        one.set_xlim(0, data["high"].max() * 1.03)
        one.locator_params(axis="x", nbins=4 if len(axes) < _PANELS else 2)
        one.grid(axis="y")
    label_below(axes[0].figure, say("measures.emphasis", lang))
    return Drawn(axes, data, {"by": Column(by)}, groups=wanted)


def _heading(names: Sequence[str], panels: int, blocks: int) -> dict[str, Any]:
    """Return the size and the turn of the headings of panels: upright where they would meet."""
    preset = in_force().preset
    size = preset.min_text if blocks > 1 else preset.text[2]
    room = 1.6 * page_size(2, ratio=1)[0] / panels / (size * 25.4 / 72)
    widest = max(half_widths(line) for name in names for line in wrapped(name, 18).split("\n"))
    return {"size": size, "rotation": 90 if blocks > 1 and widest > room else 0}


@plot("effects", value="effect")
def plot_effects(
    effects: Effects,
    covariate: str | None = None,
    *,
    levels: Sequence[Any] | None = None,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw the effects of a covariate on each topic or concept with intervals: a forest plot.

    The data are those of `toolkit.compare.Effects.table`. Filled marks stand above chance
    when all that is asked of the covariate is counted in (``p_all`` of 0.05 at most).

    Parameters
    ----------
    effects : Effects
    covariate : str, optional
        The first one if not given.
    levels : sequence, optional
        Which levels, at most six; the six with most texts if not given.

    Raises
    ------
    ValueError
        If the covariate or a level is unknown, or there are more than six.
    """
    from toolkit.compare.effects import Effects

    check_kind(effects, Effects, "plot_effects")
    covariate = str(effects.tests["covariate"].iloc[0] if covariate is None else covariate)
    data = effects.table[effects.table["covariate"] == covariate]
    present = [*dict.fromkeys(data["level"])]
    wanted = present[: len(MARKERS)] if levels is None else [*map(str, levels)]
    if not present or not {*wanted} <= {*present} or len(wanted) > len(MARKERS):
        raise ValueError(
            f"no such effects, or more than {len(MARKERS)} levels: {covariate!r} {wanted}; there "
            f"are {dict(effects.table.groupby('covariate', sort=False)['level'].unique())}"
        )
    data = data[data["level"].isin(wanted)].reset_index(drop=True)
    measure = effects.table.attrs["measure"]
    data[["effect", "low", "high"]] *= 100 if measure == "share" else 1
    names, step = data["series"].unique(), 0.8 / len(wanted)
    one = canvas(ax, columns=1.5, height=22 + (ROW + 2.2 * (len(wanted) - 1)) * len(names))
    for number, level in enumerate(wanted):
        table = data[data["level"] == level]
        called = plain(Value(covariate, level).said(lang)) if level else ""
        label = f"{called} ({say('notes.texts', lang, n=table['n'].iloc[0])})" if level else ""
        shift = step * (number - (len(wanted) - 1) / 2)
        firm = table["p_all"].le(0.05).to_numpy()
        look = [_turn(number)] * len(table)
        _dots(one, table, look, shift=shift, label=label, value="effect", filled=firm)
    one.axvline(0, color=MUTED, linewidth=0.6, zorder=0)
    label_rows(one, marks.row_labels(names))
    one.grid(axis="x")
    first = data.iloc[0]
    fields = {"covariate": Column(covariate), "measure": Text(f"measures.difference_{measure}")}
    fields |= {"reference": Value(covariate, plain(first["reference"])), "n": first["n_reference"]}
    kind = "levels" if present != [""] else "number"
    one.set_xlabel(say(f"plots.effects.{kind}", lang, **fields))
    if kind == "levels":
        columns = min(len(wanted), 3)
        one.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=columns)
    left = len(present) - len(wanted)
    notes = [Text("plots.effects.left", {"n": left})] if left else []
    return Drawn(one, data, fields, notes, caption=f"caption_of_{kind}")


@plot("alignment", value="length", table=reuse)
def plot_alignment(
    corpus: Corpus,
    documents: Sequence[str] | None = None,
    *,
    min_chars: int = 25,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw two texts as bars, and bands between the passages that they share.

    The data are the passages of `toolkit.reuse` with their places in each text: ``from_a``,
    ``to_a``, ``from_b``, ``to_b``, in % of the document, in the order of the first; numbers
    count them. Formula, which many texts hold, is hatched.

    Parameters
    ----------
    documents : sequence of two doc_id, optional
        The two that share most if not given.

    Raises
    ------
    ValueError
        If no two documents, or not these, share a passage.

    Examples
    --------
    >>> from toolkit import Corpus
    >>> corpus = Corpus.from_texts({
    ...     "a": "会议指出,要深化接诉即办改革,完善首接负责制和限时办结机制,让群众满意。",
    ...     "b": "本市将深化接诉即办改革，进一步完善首接负责制和限时办结机制。"})
    >>> ax = plot_alignment(corpus, min_chars=20)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['a', 'b']
    """
    from matplotlib.patches import Polygon, Rectangle

    data = aligned(corpus, documents, min_chars=min_chars)
    first, second = data.loc[0, ["doc_a", "doc_b"]]
    looks: dict[str, dict[str, Any]] = {}
    one = canvas(ax, columns=1.5, height=52)
    names = zip(("substance", "formula"), colours().categories, (None, "////"), strict=False)
    for kind, colour, hatch in names:
        looks[kind] = {"facecolor": tint(colour, 0.35), "edgecolor": colour, "hatch": hatch}
    places = data[["from_a", "to_a", "from_b", "to_b"]].to_numpy(float).tolist()
    for number, (place, kind) in enumerate(zip(places, data["kind"], strict=True), 1):
        left_a, right_a, left_b, right_b = place
        corners = [(left_a, 0), (right_a, 0), (right_b, 1), (left_b, 1)]
        one.add_patch(Polygon(corners, linewidth=0.5, zorder=1, **looks[kind]))
        for left, right, y in ((left_a, right_a, -_BAR), (left_b, right_b, 1)):
            look = {"color": looks[kind]["edgecolor"], "zorder": 3}
            one.add_patch(Rectangle((left, y), right - left, _BAR, **look))
        if right_a - left_a >= _NARROWEST:
            label_inside(one, (left_a + right_a) / 2, -_BAR / 2, number)
    for y in (-_BAR, 1):
        frame = Rectangle((0, y), 100, _BAR, facecolor="none", edgecolor=MUTED, zorder=5)
        one.add_patch(frame)
    one.set_xlim(0, 100)
    one.set_ylim(1 + 1.5 * _BAR, -1.5 * _BAR)
    labels = group_labels(corpus.units, "doc_id", [first, second], lang)
    one.set_yticks([-_BAR / 2, 1 + _BAR / 2], labels)
    one.tick_params(axis="y", length=0)
    one.spines[["left", "bottom"]].set_visible(False)
    one.set_xlabel(say("measures.position", lang))
    present = [kind for kind in looks if kind in {*data["kind"]}]
    boxes = [Rectangle((0, 0), 1, 1, **looks[kind]) for kind in present]
    called = [Value("kind", kind).said(lang) for kind in present]
    one.legend(boxes, called, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    fields = {"first": first, "second": second, "n": len(data), "min_chars": min_chars}
    return Drawn(one, data, fields)


def _dots(
    ax: Axes,
    table: pd.DataFrame,
    looks: Sequence[tuple[str, str]],
    *,
    shift: float = 0.0,
    label: str = "",
    value: str = "emphasis",
    filled: Any = True,
) -> None:
    """Draw a dot and its interval for each row in its colour and shape, the first on top."""
    rows, values = np.arange(len(table)) + shift, table[value].to_numpy()
    inks = [ink for ink, _ in looks]
    ax.hlines(rows, table["low"], table["high"], color=inks, linewidth=1, zorder=2)
    hollow = np.broadcast_to(~np.asarray(filled), len(table))
    for look in dict.fromkeys(looks):
        same = np.array([other == look for other in looks])
        style: dict[str, Any] = {"color": look[0], "marker": look[1], "linestyle": ""}
        ax.plot(values[same], rows[same], zorder=3, label=label, **style)
        if (same := same & hollow).any():
            ax.plot(values[same], rows[same], zorder=4, markerfacecolor="white", **style)


def _turn(number: int) -> tuple[str, str]:
    """Return the colour and the shape of what comes in turn."""
    return colours().categories[number % len(MARKERS)], MARKERS[number % len(MARKERS)]


def _called(group: Group | None, units: pd.DataFrame) -> Any:
    """Return what a group is called: by the values that it has."""
    if group is None:
        return Text("plots.keyness.others")
    values = []
    for column, value in group.items():
        many = [value] if isinstance(value, str) or not np.iterable(value) else value
        values += [Value(column, one, units) for one in many]
    return several(values)
