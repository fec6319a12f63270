"""Figures of words: what weighs most, where they stand, with which others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.compare.company import cooccurrence
from toolkit.compare.rates import weight_intervals
from toolkit.compare.spread import occurrences
from toolkit.figures.canvas import canvas
from toolkit.figures.labels import label_rows, plain
from toolkit.figures.marks import draw_bars, draw_network, draw_panels, height_of_bars
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import FAINT, MARKERS, colours, in_force
from toolkit.matrix import term_weights
from toolkit.say import Column, Language, Text, say, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix
    from toolkit.segmentation import Tokens


@plot("term_weights", value="weight")
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
    matrix : TermMatrix
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


@plot("dispersion")
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


@plot("cooccurrence", value="npmi")
def plot_cooccurrence(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    n: int = 30,
    edges: int = 60,
    seed: int = 0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw which words share sentences, as a network.

    The data are those of `toolkit.cooccurrence`: the pairs with the greatest NPMI, a
    thicker line for a greater one. The size of a word is its number of sentences. Words
    that share few sentences lie apart, but distances mean nothing exact. Words without a
    pair are not drawn; the caption names them.

    Parameters
    ----------
    tokens : Tokens
    terms : sequence of str, optional
        The `n` most frequent words if not given.
    n : int
    edges : int
        Number of pairs.
    """
    table = cooccurrence(tokens, terms, n=n)
    data = table[table["npmi"] > 0].head(edges).reset_index(drop=True)
    if data.empty:
        raise ValueError("no two of these words share sentences more often than by chance")
    ends = (("source", "count_source"), ("target", "count_target"))
    size = pd.concat([data.set_index(word)[count] for word, count in ends])
    size = size[~size.index.duplicated()]
    one = canvas(ax, columns=2, ratio=0.65)
    areas = (8 + 90 * size / size.max()).tolist()
    nodes = {word: plain(word) for word in size.index}
    draw_network(one, data, nodes, weight="npmi", areas=areas, seed=seed)
    asked = [*dict.fromkeys([*table["source"], *table["target"], *(terms or [])])]
    alone = [word for word in asked if word not in nodes]
    notes = [Text("plots.cooccurrence.alone", {"words": several(alone)})] if alone else []
    return Drawn(one, data, {"pairs": len(data)}, notes)
