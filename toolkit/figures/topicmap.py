"""A map of topics: alike ones close together, larger ones larger, named by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.figures.drawing import Language, canvas, named, remember
from toolkit.figures.labels import label_inside, label_points, settle
from toolkit.figures.press.style import FAINT, colours, in_force
from toolkit.figures.similarity import frame_map, scaled
from toolkit.recipe import check_kind

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.topics import Topics

_NOTE = {
    "zh": ("越近越相似；面积为平均占比", "；应力 {:.2f}"),
    "en": ("close means alike; area: mean share", "; stress {:.2f}"),
}
_LARGEST = 22.0  # pt, across the largest topic


def topic_map(topics: Topics, *, n: int = 3, relevance: float = 1.0) -> pd.DataFrame:
    """Place topics on a plane by how alike their words are, and name them by words.

    Distance is the square root of the Jensen-Shannon divergence (base 2) of the terms of two
    topics, placed by metric scaling as in `similarity_map`. Words are ranked by relevance; as
    given, they are those of `toolkit.Topics.names`.

    Parameters
    ----------
    topics : Topics
    n : int
        Words of each topic.
    relevance : float
        From 0 (words that are only of this topic) to 1 (its most frequent words).

    Returns
    -------
    DataFrame
        For each topic (index, from 1): ``x``, ``y``, ``share`` (see `Topics.shares`),
        ``label`` (only if topics have labels; empty for those without: see
        `toolkit.label_topics`), ``terms`` (joined by "·").
        ``attrs["stress"]``: see `similarity_map`.

    Raises
    ------
    ValueError
        If there are fewer than three topics, or `relevance` is not 0 to 1.

    References
    ----------
    Sievert, C., & Shirley, K. (2014). LDAvis: A method for visualizing and interpreting
    topics. In *Proceedings of the Workshop on Interactive Language Learning, Visualization,
    and Interfaces* (pp. 63–70).

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.sample().split("section")
    >>> topics = fit_topics(tfidf(segment(corpus)), k=4)
    >>> topic_map(topics, n=2).shape
    (4, 4)
    """
    import numpy as np
    import pandas as pd
    from scipy.spatial.distance import pdist, squareform

    from toolkit.topics import Topics, relevant_terms

    check_kind(topics, Topics, "topic_map")
    if topics.k < 3:
        raise ValueError(f"a map needs at least three topics; there are {topics.k}")
    telling = relevant_terms(topics, relevance=relevance, n=n)
    term = topics.topic_term / topics.topic_term.sum(axis=1, keepdims=True)
    share = topics.shares.to_numpy()
    plane, stress = scaled(squareform(pdist(term, "jensenshannon") / np.sqrt(np.log(2))))
    table = pd.DataFrame(
        {
            "x": plane[:, 0],
            "y": plane[:, 1],
            "share": share,
            "terms": telling.groupby("topic")["term"].agg("·".join).to_numpy(),
        },
        index=pd.RangeIndex(1, topics.k + 1, name="topic"),
    )
    if topics.labels:
        labels = [topics.labels.get(topic, "") for topic in table.index]
        table.insert(list(table).index("terms"), "label", labels)
    table.attrs["stress"] = stress
    return table


def plot_topic_map(
    topics: Topics,
    *,
    n: int = 3,
    relevance: float = 1.0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw a map of topics: alike ones close together, larger ones larger.

    The data are those of `topic_map`. A label stands in place of the words.

    Parameters
    ----------
    topics : Topics
    n : int
        Words of each topic.
    relevance : float
        From 0 (words that are only of this topic) to 1 (its most frequent words).
    lang : {"zh", "en"}
        Language of the note below the map.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.sample().split("section")
    >>> topics = fit_topics(tfidf(segment(corpus)), k=4)
    >>> ax = plot_topic_map(topics, n=2)
    >>> [text.get_text() for text in ax.texts[:4]]
    ['1', '2', '3', '4']
    """
    import numpy as np

    data = topic_map(topics, n=n, relevance=relevance)
    many = len(data) > 3  # three points always lie in a plane: stress tells nothing
    note = {
        key: text + (stress.format(data.attrs["stress"]) if many else "")
        for key, (text, stress) in _NOTE.items()
    }
    caption = {
        "zh": f"主题地图：{note['zh']}；词按相关度（λ = {relevance:g}）选出。",
        "en": f"Map of topics: {note['en']}; words by relevance (λ = {relevance:g}).",
    }
    for key, words in named(topics).items():
        caption[key] += words
    with canvas(ax, columns=1.5, ratio=0.7) as one:
        places = data[["x", "y"]].to_numpy()
        frame_map(one, places, ratio=0.62, room=1.3 if many else 1.8, note=note[lang])
        if many:
            one.axhline(0, color=FAINT, linewidth=0.5, zorder=0)
            one.axvline(0, color=FAINT, linewidth=0.5, zorder=0)
        areas = (_LARGEST * in_force().preset.scale) ** 2 * data["share"] / data["share"].max()
        x, y = places.T
        one.scatter(x, y, areas, color=colours().categories[0], edgecolor="white", zorder=2)
        label_inside(one, places, data.index)
        # The labels keep clear of the rims too.
        settle(one)
        turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        pixels = np.sqrt(areas.to_numpy())[:, None] / 2 * one.figure.dpi / 72
        rims = one.transData.transform(places)[:, None] + pixels[..., None] * np.stack(
            [np.cos(turn), np.sin(turn)], axis=1
        )
        rims = one.transData.inverted().transform(rims.reshape(-1, 2))
        names = [topics.labels.get(t, words) for t, words in enumerate(data["terms"], 1)]
        label_points(one, places, names, clear_of=rims)
        params = {"n": n, "relevance": relevance, "lang": lang}
        chart = ("主题地图（气泡图）", "Map of topics (bubble chart)")
        remember(one, plot_topic_map, topics, data, caption, params, kind=chart, value="share")
    return one
