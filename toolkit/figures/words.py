"""Figures of words in their texts: where they stand, and with which others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toolkit.figures.drawing import Language, canvas, remember
from toolkit.figures.labels import label_rows, plain
from toolkit.figures.network import draw_network
from toolkit.figures.press.style import FAINT, MARKERS, colours, in_force

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.segmentation import Tokens

_POSITION = {"zh": "在文本中的位置（%）", "en": "Position in the text (%)"}


def plot_dispersion(
    tokens: Tokens, terms: Sequence[str], *, lang: Language = "zh", ax: Axes | None = None
) -> Axes:
    """Draw where words stand in each text: a line for a text, a tick for an occurrence.

    The data are those of `toolkit.occurrences`. Texts that hold none of the words are
    left out.

    Parameters
    ----------
    tokens : Tokens
    terms : sequence of str
        Up to 7.
    lang : {"zh", "en"}
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    from toolkit.compare.spread import occurrences

    if not 1 <= len(terms) <= len(MARKERS):
        raise ValueError(f"draw 1 to {len(MARKERS)} words; there are {len(terms)}")
    data = occurrences(tokens, terms)
    documents = [doc for doc in tokens.units["doc_id"].unique() if doc in set(data["doc_id"])]
    row = {doc: i for i, doc in enumerate(documents)}
    caption = {
        "zh": f"{'、'.join(terms)}在各文本中的位置；不含这些词的文本未列出。",
        "en": f"Where {', '.join(terms)} stand in each text; texts without them are left out.",
    }
    with canvas(ax, columns=2, height=18 + 3.6 * len(documents)) as one:
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
        label_rows(one, [plain(doc) for doc in documents])
        one.set_xlim(-1, 101)
        one.set_xlabel(_POSITION[lang])
        one.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(terms))
        params = {"terms": [*terms], "lang": lang}
        chart = ("词语分布图", "Lexical dispersion plot")
        remember(one, plot_dispersion, tokens, data, caption, params, kind=chart)
    return one


def plot_cooccurrence(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    n: int = 30,
    edges: int = 60,
    seed: int = 0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw which words share sentences, as a network.

    The data are those of `toolkit.cooccurrence`: the pairs with the greatest NPMI, a
    thicker line for a greater one. The size of a word is its number of sentences. Words
    that share few sentences lie apart, but distances mean nothing exact.

    Parameters
    ----------
    tokens : Tokens
    terms : sequence of str, optional
        The `n` most frequent words if not given.
    n : int
    edges : int
        Number of pairs.
    seed : int
        Of the layout.
    lang : {"zh", "en"}
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    import pandas as pd

    from toolkit.compare.company import cooccurrence

    table = cooccurrence(tokens, terms, n=n)
    data = table[table["npmi"] > 0].head(edges).reset_index(drop=True)
    if data.empty:
        raise ValueError("no two of these words share sentences more often than by chance")
    size = pd.concat(
        [
            data.set_index("source")["count_source"],
            data.set_index("target")["count_target"],
        ]
    )
    size = size[~size.index.duplicated()]
    caption = {
        "zh": f"同句共现网络：NPMI 最高的 {len(data)} 对词；线越粗 NPMI 越高，"
        "点越大含该词的句子越多。",
        "en": f"Words that share sentences: the {len(data)} pairs with the greatest NPMI; thicker "
        "lines have a greater NPMI, larger dots occur in more sentences.",
    }
    with canvas(ax, columns=2, ratio=0.65) as one:
        areas = (8 + 90 * size / size.max()).tolist()
        draw_network(one, data, size.index.tolist(), weight="npmi", areas=areas, seed=seed)
        params = {"terms": terms and [*terms], "n": n, "edges": edges, "seed": seed, "lang": lang}
        chart = ("共现网络图", "Network of co-occurring words")
        remember(one, plot_cooccurrence, tokens, data, caption, params, kind=chart, value="npmi")
    return one
