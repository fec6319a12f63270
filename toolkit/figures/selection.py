"""Why so many topics, and how good each is: the figures for a reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import Language, canvases, remember
from toolkit.figures.labels import plain
from toolkit.figures.press.style import FAINT, MUTED, colours, fine_print, tint

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

    from toolkit.topics import KSelection, ReportCard

_TITLES = {
    "zh": {
        "agreement": "与重拟合的一致度",
        "npmi": "连贯性（NPMI）",
        "exclusivity": "排他性",
        "diversity": "多样性",
        "stability": "稳定性",
        "k": "主题数 k",
        "texts": "原文",
        "shuffled": "打乱词语",
        "support": "有共现的词对占比",
        "co-occur": "有共现",
        "few": "文本太少，无法检验",
    },
    "en": {
        "agreement": "Agreement of refits",
        "npmi": "Coherence (NPMI)",
        "exclusivity": "Exclusivity",
        "diversity": "Diversity",
        "stability": "Stability",
        "k": "Number of topics k",
        "texts": "Texts",
        "shuffled": "Shuffled text",
        "support": "Pairs that co-occur",
        "co-occur": "co-occur",
        "few": "too few texts to tell",
    },
}
_LEAST_SUPPORT = 0.3  # share of pairs below which a coherence rests on few; the captions tell it


def plot_k_selection(
    selection: KSelection, *, lang: Language = "zh", ax: Any = None
) -> np.ndarray[Any, Any]:
    """Draw what numbers of topics are worth: agreement, coherence, exclusivity, diversity.

    Bands hold 90% of the runs; filled points are the numbers of topics suggested. The
    data are those of `toolkit.KSelection.table`; what each number means goes beside them
    into an exported bundle.

    Parameters
    ----------
    selection : KSelection
    lang : {"zh", "en"}
        Language of the labels.
    ax : sequence of 4 Axes, optional
        The first stays empty if there were too few texts for agreement.

    Returns
    -------
    array of 4 Axes
    """
    table, words = selection.table, _TITLES[lang]
    best = [k in selection.suggested for k in table["k"]]
    with canvases(ax, size=(2, None, 0.57), grid=(2, 2)) as axes:
        first, second = colours().categories[:2]
        for one, name in zip(axes, ("agreement", "npmi", "exclusivity", "diversity"), strict=True):
            one.set_title(words[name])
            one.set_xticks(table["k"])
            one.grid(axis="y")
            if name in table:
                _line(one, table, name, first, best)
        if "null" in table:
            axes[0].plot(table["k"], table["null"], color=MUTED, linestyle="--")
            axes[0].fill_between(
                table["k"], table["null"], table["null_high"], color=FAINT, linewidth=0, zorder=0
            )
            _legend(axes[0], [(words["texts"], first, "-"), (words["shuffled"], MUTED, "--")])
        else:
            _too_few(axes[0], words["few"])
            axes[0].set_yticks([])
        _line(axes[1], table, "support", second, best)
        labels = [("NPMI", first, "-"), (words["support"], second, "-")]
        _legend(axes[1], labels)
        axes[1].axhline(0, color=MUTED, linewidth=0.6)
        axes[0].figure.supxlabel(words["k"], size="medium")
        bands = {
            "zh": "；色带含 90% 的重抽样，实心点为建议的主题数",
            "en": "; bands hold 90% of the runs, filled points are the numbers suggested",
        }
        told = bands if "null" in table else {"zh": "", "en": ""}
        caption = {
            "zh": f"不同主题数的比较{told['zh']}。{selection.sentence(lang='zh')}",
            "en": f"Numbers of topics compared{told['en']}. {selection.sentence(lang='en')}",
        }
        params = {"lang": lang}
        chart = ("四格折线图", "Line charts in four panels")
        remember(
            axes[0],
            plot_k_selection,
            selection,
            table,
            caption,
            params,
            kind=chart,
            beside={"topics": selection.topics},
        )
    return axes


def plot_report_card(
    card: ReportCard, *, lang: Language = "zh", ax: Any = None
) -> np.ndarray[Any, Any]:
    """Draw how good each topic is: stability against chance, coherence, exclusivity.

    The data are those of `toolkit.ReportCard.topics`; the facts and the passages of the
    card go beside them into an exported bundle.

    Parameters
    ----------
    card : ReportCard
    lang : {"zh", "en"}
        Language of the labels.
    ax : sequence of 3 Axes, optional
        The first stays empty if there were too few texts for stability.

    Returns
    -------
    array of 3 Axes
    """
    table, words = card.topics, _TITLES[lang]
    rows = range(len(table))
    size = (2, 29 + 7 * len(table), None)
    with canvases(ax, size=size, grid=(1, 3)) as axes:
        colour = colours().categories[0]
        for one, name in zip(axes, ("stability", "npmi", "exclusivity"), strict=True):
            one.set_title(words[name])
            one.set_yticks(rows, [""] * len(table))
            one.set_ylim(len(table) - 0.5, -1.2)
            one.grid(axis="x")
            one.tick_params(axis="y", length=0)
            one.spines["left"].set_visible(False)
            if table[name].notna().all():
                # Few pairs say little: hollow. The others are filled over it.
                face = "white" if name == "npmi" else colour
                one.plot(table[name], rows, "o", color=colour, markerfacecolor=face, zorder=3)
        names = [f"{t} {n}" for t, n in zip(table["topic"], table["name"], strict=True)]
        axes[0].set_yticklabels([plain(name) for name in names])
        stable = bool(table["stability"].notna().all())
        if stable:
            axes[0].hlines(rows, table["low"], table["high"], color=colour)
            axes[0].set_xlim(0, 1)
            axes[0].axvspan(0, table["null_high"].iloc[0], color=tint(FAINT, 0.6), linewidth=0)
        else:
            _too_few(axes[0], words["few"])
        firm = table["npmi"].where(table["support"] >= _LEAST_SUPPORT)
        axes[1].plot(firm, rows, "o", color=colour, zorder=3)
        axes[1].axvline(0, color=MUTED, linewidth=0.6)
        style: dict[str, Any] = {"size": fine_print(), "color": MUTED}
        for row, support in enumerate(table["support"]):
            axes[1].annotate(
                f"{support:.0%}",
                (1, row),
                xycoords=("axes fraction", "data"),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                **style,
            )
        # The head of the column of numbers; a title may reach over it, so it stands lower.
        axes[1].annotate(
            words["co-occur"],
            (1, -0.8),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            **style,
        )
        axes[2].set_xlim(0, 1)
        measured = {
            "zh": "稳定性（点为均值，线含 90% 的重抽样，灰色为打乱词语的文本 95% 的主题所及）、",
            "en": "stability (mean, and 90% of the runs; grey is as far as 95% of the topics of "
            "shuffled text come), ",
        }
        told = measured if stable else {"zh": "", "en": ""}
        caption = {
            "zh": f"各主题的{told['zh']}连贯性（右侧为有共现的词对占比；"
            "不足 30% 的为空心，依据很少）和排他性。",
            "en": f"Of each topic: {told['en']}coherence (right: share of the pairs of top "
            "terms that co-occur; hollow: under 30%, little to go by) and exclusivity.",
        }
        params = {"lang": lang}
        chart = ("三格点图", "Dot plots in three panels")
        remember(
            axes[0],
            plot_report_card,
            card,
            table,
            caption,
            params,
            kind=chart,
            value="stability",
            beside={"facts": card.summary.to_frame(), "passages": card.passages},
        )
    return axes


def _line(ax: Axes, table: Any, name: str, colour: str, best: list[bool]) -> None:
    """Draw the mean of a measure over k, its band if it has one, and the points suggested."""
    ax.plot(table["k"], table[name], color=colour)
    if f"{name}_low" in table:
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        ax.fill_between(table["k"], low, high, color=tint(colour, 0.15), linewidth=0, zorder=0.5)
    for chosen, face in ((best, colour), ([not b for b in best], "white")):
        ax.plot(table["k"][chosen], table[name][chosen], "o", color=colour, markerfacecolor=face)


def _too_few(ax: Axes, words: str) -> None:
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color=MUTED)
    ax.set_xticks([])
    ax.grid(False)


def _legend(ax: Axes, entries: list[tuple[str, str, Any]]) -> None:
    from matplotlib.lines import Line2D

    lines = [Line2D([], [], color=colour, linestyle=style) for _, colour, style in entries]
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.2 * (high - low))  # so that it hides nothing
    names = [name for name, _, _ in entries]
    ax.legend(lines, names, loc="upper right", ncols=len(entries), borderaxespad=0)
