"""Why so many topics, and how good each is: the figures for a reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.figures.canvas import canvases, label_below
from toolkit.figures.labels import plain
from toolkit.figures.plotting import Drawn, plot
from toolkit.figures.press.style import FAINT, MUTED, colours, fine_print, tint
from toolkit.say import LANGUAGES, Language, Spoken, say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.topics import KSelection, ReportCard

_LEAST_SUPPORT = 0.3  # share of pairs below which a coherence rests on few; the captions tell it


@plot("k_selection")
def plot_k_selection(
    selection: KSelection, *, lang: Language = "zh", ax: Any = None
) -> Drawn[np.ndarray[Any, Any]]:
    """Draw what numbers of topics are worth: agreement, coherence, exclusivity, diversity.

    Bands hold 90% of the runs; filled points are the numbers of topics suggested. The
    data are those of the table of the selection; what each number means goes beside them
    into an exported bundle.

    Parameters
    ----------
    selection : KSelection
    ax : sequence of 4 Axes, optional
        The first stays empty if there were too few texts for agreement.

    Returns
    -------
    array of 4 Axes
    """
    table = selection.table
    words = {name: say(f"plots.k_selection.{name}", lang) for name in _NAMES}
    best = [k in selection.suggested for k in table["k"]]
    axes = canvases(ax, size=(2, None, 0.57), grid=(2, 2))
    first, second = colours().categories[:2]
    for one, name in zip(axes, ("agreement", "npmi", "exclusivity", "diversity"), strict=True):
        one.set_title(words[name])
        one.set_xticks(table["k"])
        one.grid(axis="y")
        if name in table:
            _line(one, table, name, first, best)
    tested = "null" in table
    if tested:
        axes[0].plot(table["k"], table["null"], color=MUTED, linestyle="--")
        axes[0].fill_between(
            table["k"], table["null"], table["null_high"], color=FAINT, linewidth=0, zorder=0
        )
        _legend(axes[0], [(words["texts"], first, "-"), (words["shuffled"], MUTED, "--")])
    else:
        _too_few(axes[0], words["few"])
        axes[0].set_yticks([])
    _line(axes[1], table, "support", second, best)
    _legend(axes[1], [("NPMI", first, "-"), (words["support"], second, "-")])
    axes[1].axhline(0, color=MUTED, linewidth=0.6)
    label_below(axes[0].figure, words["k"])
    sentence = Spoken({lang: selection.sentence(lang=lang) for lang in LANGUAGES})
    return Drawn(
        axes,
        table,
        {"sentence": sentence},
        caption="caption" if tested else "of_few",
        beside={"topics": selection.topics},
    )


@plot("report_card", value="stability")
def plot_report_card(
    card: ReportCard, *, lang: Language = "zh", ax: Any = None
) -> Drawn[np.ndarray[Any, Any]]:
    """Draw how good each topic is: stability against chance, coherence, exclusivity.

    The data are those of the topics of the card; the facts and the passages of the
    card go beside them into an exported bundle.

    Parameters
    ----------
    card : ReportCard
    ax : sequence of 3 Axes, optional
        The first stays empty if there were too few texts for stability.

    Returns
    -------
    array of 3 Axes
    """
    table = card.topics
    words = {name: say(f"plots.k_selection.{name}", lang) for name in _NAMES}
    rows = range(len(table))
    axes = canvases(ax, size=(2, 29 + 7 * len(table), None), grid=(1, 3))
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
    _support(axes[1], table["support"], words["co-occur"])
    axes[2].set_xlim(0, 1)
    return Drawn(
        axes,
        table,
        caption="caption" if stable else "of_few",
        beside={"facts": card.summary.to_frame(), "passages": card.passages},
    )


_NAMES = (
    *("agreement", "npmi", "exclusivity", "diversity", "stability", "k"),
    *("texts", "shuffled", "support", "co-occur", "few"),
)


def _support(ax: Axes, support: pd.Series[float], head: str) -> None:
    """Write beside each row how many of its pairs co-occur."""
    numbers = [(f"{share:.0%}", row) for row, share in enumerate(support)]
    # The head of the column of numbers; a title may reach over it, so it stands lower.
    for text, row in [*numbers, (head, -0.8)]:
        ax.annotate(
            text,
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            size=fine_print(),
            color=MUTED,
        )


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
