"""Figures of comparisons: keywords, dimensions, a map of groups and dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import (
    Language,
    canvas,
    canvases,
    dimension_name,
    draw_intervals,
    group_name,
    remember,
    value_name,
)
from toolkit.figures.labels import label_points, label_rows, plain, settle
from toolkit.figures.press.style import FAINT, INK, MARKERS, MUTED, colours
from toolkit.recipe import check_kind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.compare.framework import FrameworkScores
    from toolkit.compare.groups import Group
    from toolkit.segmentation import Tokens

_ROW = 4.3  # mm of height for a row and its label
_LOG_RATIO = {"zh": "对数比（1 = 两倍）", "en": "Log ratio (1 = twice as often)"}
_EMPHASIS = {"zh": "强调程度（1 = 语料平均）", "en": "Emphasis (1 = as usual in the corpus)"}
_AXIS = {"zh": "第 {} 轴（{:.0%}）", "en": "Axis {} ({:.0%})"}


def plot_keyness(
    tokens: Tokens,
    target: Group,
    reference: Group | None = None,
    *,
    names: tuple[str, str] | None = None,
    n: int = 12,
    min_count: int = 5,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw the words that two groups of texts use most differently, and how sure that is.

    The data are those of `toolkit.keyness`. Lines are 95% intervals, of whole
    documents, and go to the edge where they are open; there are none where a group has fewer
    than 5 documents. A hollow bar is a
    word of which one document holds over half, or which the other group never uses.

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
    lang : {"zh", "en"}
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    import pandas as pd

    from toolkit.compare.keywords import keyness

    table = keyness(tokens, target, reference, min_count=min_count)
    more = table[table["log_ratio"] > 0].head(n)
    less = table[table["log_ratio"] <= 0].tail(n)
    data = pd.concat([more, less], ignore_index=True)
    called = names or (_group_name(target, lang), _group_name(reference, lang))
    more_in, less_in = (plain(name) for name in called)
    sure = data["low"].notna().any()
    lines = {
        "zh": "线段为 95% 区间（以整篇文档为单位），" if sure else "",
        "en": "lines are 95% intervals, of whole documents; " if sure else "",
    }
    caption = {
        "zh": f"{more_in}与{less_in}相比用得更多（右）和更少（左）的词；{lines['zh']}"
        "空心条表示过半出现于同一文档，或另一组中一次也没有。",
        "en": f"Words used more (right) and less (left) in {more_in} than in {less_in}; "
        f"{lines['en']}hollow: over half in one document, or never in the other group.",
    }
    with canvas(ax, columns=1, height=16 + _ROW * len(data)) as one:
        more_colour, less_colour = colours().categories[:2]
        edges = [more_colour if ratio > 0 else less_colour for ratio in data["log_ratio"]]
        frail = data["most_of"].ne("") | data["absent_in"].ne("")
        fills = ["white" if c else f for c, f in zip(frail, edges, strict=True)]
        one.barh(range(len(data)), data["log_ratio"], height=0.66, color=fills, edgecolor=edges)
        draw_intervals(one, data)
        label_rows(one, [plain(term) for term in data["term"]])
        one.axvline(0, color=MUTED, linewidth=0.6)
        one.grid(axis="x")
        one.set_xlabel(_LOG_RATIO[lang])
        for side, title in ((-5, f"← {less_in}"), (5, f"{more_in} →")):
            one.annotate(
                title,
                (0, 1),
                xycoords=("data", "axes fraction"),
                xytext=(side, 4),
                textcoords="offset points",
                ha="right" if side < 0 else "left",
            )
        params = {"target": target, "reference": reference, "names": names}
        chart = ("双向条形图", "Diverging bar chart")
        remember(
            one,
            plot_keyness,
            tokens,
            data,
            caption,
            params | {"n": n, "min_count": min_count, "lang": lang},
            kind=chart,
            value="log_ratio",
        )
    return one


def plot_dimensions(
    scores: FrameworkScores,
    *,
    by: str = "city",
    groups: Sequence[Any] | None = None,
    lang: Language = "zh",
    ax: Any = None,
) -> np.ndarray[Any, Any]:
    """Draw the emphasis on each dimension with its interval: two groups or many.

    Two groups are drawn as a dumbbell in one panel; more in a panel for each dimension.
    The data are those of `toolkit.FrameworkScores.emphasis`.

    Parameters
    ----------
    scores : FrameworkScores
    by : str
        Column of the units.
    groups : sequence, optional
        Which groups, in this order; all if not given.
    lang : {"zh", "en"}
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
    names = [dimension_name(dimension, lang) for dimension in dimensions]
    caption = {
        "zh": f"各维度的强调程度（按{group_name(by, 'zh')}分组，1 为语料平均）；"
        "线段为自助抽样的 95% 区间，不足 5 篇文档的组按句抽样。",
        "en": f"Emphasis on each dimension by {group_name(by, 'en')} (1: as usual in the corpus); "
        "lines are 95% bootstrap intervals, over sentences where a group has fewer than 5 "
        "documents.",
    }
    two = len(wanted) == 2
    called = [plain(value_name(by, group, lang)) for group in wanted]
    rows = [*names] if two else called
    columns = 1 if two else len(dimensions)
    height = 18 + (9 if two else _ROW) * len(rows)
    size = (1 if two else 2, height, None)
    with canvases(ax, size=size, grid=(1, columns)) as axes:
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
        axes[0].figure.supxlabel(_EMPHASIS[lang], size="medium")
        params = {"by": by, "groups": groups and wanted, "lang": lang}
        chart = ("点与区间图", "Dot plot with intervals")
        remember(
            axes[0], plot_dimensions, scores, data, caption, params, kind=chart, value="emphasis"
        )
    return axes


def plot_correspondence(
    scores: FrameworkScores, *, by: str = "city", lang: Language = "zh", ax: Axes | None = None
) -> Axes:
    """Draw a map of groups and dimensions by correspondence analysis.

    The data are those of `toolkit.correspondence`. A group lies towards the dimensions
    that it speaks of more than the others do; in the middle lies what is average.

    Parameters
    ----------
    scores : FrameworkScores
    by : str
        Column of the units.
    lang : {"zh", "en"}
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    import pandas as pd

    from toolkit.compare.framework import FrameworkScores
    from toolkit.compare.profiles import correspondence

    check_kind(scores, FrameworkScores, "plot_correspondence")
    found = correspondence(scores.counts(by))
    parts = {"row": found.rows, "column": found.columns}
    data = pd.concat(parts, names=["kind", "name"]).reset_index()
    share = found.inertia["share"]
    caption = {
        "zh": f"{group_name(by, 'zh')} × 维度的对应分析图；"
        f"两轴共解释 {share.iloc[:2].sum():.0%} 的惯量。",
        "en": f"Correspondence analysis of {group_name(by, 'en')} by dimension; the two axes hold "
        f"{share.iloc[:2].sum():.0%} of the inertia.",
    }
    with canvas(ax, columns=2, ratio=0.65) as one:
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
        labels = [
            dimension_name(name, lang) if kind == "column" else value_name(by, name, lang)
            for kind, name in zip(data["kind"], data["name"], strict=True)
        ]
        inks = [colours().categories[1] if kind == "column" else INK for kind in data["kind"]]
        one.set_aspect("equal", adjustable="datalim")
        one.margins(0.06)
        one.set_xlabel(_AXIS[lang].format(1, share[1]))
        one.set_ylabel(_AXIS[lang].format(2, share[2]))
        settle(one)  # equal scales change the limits, which the labels go by
        one.set_adjustable("box")  # and drawing would change them again
        label_points(one, data[["axis_1", "axis_2"]].to_numpy(), labels, inks)
        params = {"by": by, "lang": lang}
        chart = ("散点图", "Scatter plot")
        remember(one, plot_correspondence, scores, data, caption, params, kind=chart)
    return one


def _dots(
    ax: Axes, table: pd.DataFrame, number: int, *, shift: float = 0.0, label: str = ""
) -> None:
    """Draw a dot and its interval for each row, the first on top."""
    rows = [row + shift for row in range(len(table))]
    colour = colours().categories[number]
    style: dict[str, Any] = {"marker": MARKERS[number], "color": colour}
    ax.plot(table["emphasis"], rows, linestyle="", zorder=3, label=label, **style)
    ax.hlines(rows, table["low"], table["high"], color=colour, linewidth=1, zorder=2)


def _group_name(group: Group | None, lang: Language) -> str:
    if group is None:
        return {"zh": "其余", "en": "the others"}[lang]
    values = []
    for by, value in group.items():
        several = [value] if isinstance(value, (str, int)) else value
        values += [value_name(by, v, lang) for v in several]
    return "、".join(values) if lang == "zh" else ", ".join(values)
