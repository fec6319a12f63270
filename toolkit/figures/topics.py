"""Figures of topics: their words, where they are, why so many, and how good each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from toolkit.compare.hand import Hand, arranged
from toolkit.compare.told import topic_labels
from toolkit.figures.canvas import canvases, label_below
from toolkit.figures.marks import draw_panels, plain
from toolkit.figures.plotting import Drawn, plot
from toolkit.figures.press.style import FAINT, MUTED, colours, fine_print, tint
from toolkit.recipe import check_kind
from toolkit.say import LANGUAGES, Language, Spoken, phrases, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.topics import KSelection, ReportCard, Topics

_LEAST_SUPPORT = 0.3  # share of pairs below which a coherence rests on few; the captions tell it


@plot("topic_terms", value="weight")
def plot_topic_terms(
    topics: Topics,
    *,
    n: int = 10,
    lang: Language = "zh",
    ax: Any = None,
    **hand: Unpack[Hand],
) -> Drawn[np.ndarray[Any, Any]]:
    """Draw the terms that make each topic, a panel for each.

    The data are those of `toolkit.Topics.top_terms`. Each panel has its own scale, so that
    a topic of few formulas does not dwarf the others. The title of a panel tells the label of
    its topic, if people gave it one (see `toolkit.label_topics`), and its mean share (see
    `toolkit.Topics.shares`).

    Parameters
    ----------
    topics : Topics
    n : int
        Number of terms of each topic.
    ax : sequence of k Axes, optional

    Returns
    -------
    array of k Axes

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> topics = fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=2)
    >>> axes = plot_topic_terms(topics, n=3, lang="en")
    >>> axes[0].get_title(loc="left").split(" (")[0]
    'Topic 1'
    """
    from toolkit.topics import Topics

    check_kind(topics, Topics, "plot_topic_terms")
    data = topics.top_terms(n)
    share = topics.shares
    labels = {t: plain(label) for t, label in topics.labels.items()}
    names = {t: say("plots.topic_terms.topic", lang, number=t) for t in share.index} | labels
    if len({*names.values()}) < topics.k:  # topics may share a label
        names |= {t: f"{t} {label}" for t, label in labels.items()}
    panels = [
        (say("plots.topic_terms.title", lang, topic=names[t], share=share[t]), table)
        for t, table in ((t, data[data["topic"] == t]) for t in arranged(share.index))
    ]
    axes = draw_panels(ax, panels, label=say("measures.topic_weight", lang), own=True)
    return Drawn(axes, data, {"k": topics.k, "n": n}, topic_labels(topics.labels))


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
    words = phrases("plots.k_selection", lang)
    best = table["k"].isin(selection.suggested)
    axes = canvases(ax, columns=2, ratio=0.57, grid=(2, 2))
    first, second = colours().categories[:2]
    for one, name in zip(axes, ("agreement", "npmi", "exclusivity", "diversity"), strict=True):
        one.set_title(words[name])
        one.set_xticks(table["k"])
        one.grid(axis="y")
        if name in table:
            _line(one, table, name, first, best)
    tested = "null" in table
    if tested:
        k, null, high = (table[name] for name in ("k", "null", "null_high"))
        axes[0].plot(k, null, color=MUTED, linestyle="--")
        axes[0].fill_between(k, null, high, color=FAINT, linewidth=0, zorder=0)
        _legend(axes[0], [(words["texts"], first, "-"), (words["shuffled"], MUTED, "--")])
    else:
        _too_few(axes[0], words["few"])
        axes[0].set_yticks([])
    _line(axes[1], table, "support", second, best)
    _legend(axes[1], [("NPMI", first, "-"), (words["support"], second, "-")])
    axes[1].axhline(0, color=MUTED, linewidth=0.6)
    label_below(axes[0].figure, words["k"])
    fields = {"sentence": Spoken({lang: selection.sentence(lang=lang) for lang in LANGUAGES})}
    caption, beside = "caption" if tested else "of_few", {"topics": selection.topics}
    return Drawn(axes, table, fields, caption=caption, beside=beside)


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
    words = phrases("plots.k_selection", lang)
    rows = range(len(table))
    axes = canvases(ax, columns=2, height=29 + 7 * len(table), grid=(1, 3))
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
    caption, beside = "caption" if stable else "of_few", {"facts": card.summary.to_frame()}
    return Drawn(axes, table, caption=caption, beside=beside | {"passages": card.passages})


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


def _line(ax: Axes, table: Any, name: str, colour: str, best: Any) -> None:
    """Draw the mean of a measure over k, its band if it has one, and the points suggested."""
    ax.plot(table["k"], table[name], color=colour)
    if f"{name}_low" in table:
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        ax.fill_between(table["k"], low, high, color=tint(colour, 0.15), linewidth=0, zorder=0.5)
    for chosen, face in ((best, colour), (~best, "white")):
        ax.plot(table["k"][chosen], table[name][chosen], "o", color=colour, markerfacecolor=face)


def _too_few(ax: Axes, words: str) -> None:
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color=MUTED)
    ax.set_xticks([])
    ax.grid(False)


def _legend(ax: Axes, entries: list[tuple[str, str, Any]]) -> None:
    from matplotlib.lines import Line2D

    names, inks, styles = zip(*entries, strict=True)
    lines = [Line2D([], [], color=c, linestyle=s) for c, s in zip(inks, styles, strict=True)]
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.2 * (high - low))  # so that it hides nothing
    ax.legend(lines, names, loc="upper right", ncols=len(entries), borderaxespad=0)
