"""Bars of terms: what weighs in the corpus, in a group of texts, in a topic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, overload

from toolkit.figures.drawing import (
    Language,
    canvas,
    canvases,
    draw_intervals,
    group_name,
    named,
    page_size,
    remember,
    value_name,
)
from toolkit.figures.intervals import by_document, ratio_interval
from toolkit.figures.labels import label_rows, lines_of, row_labels, shorten
from toolkit.figures.press.style import colours, in_force
from toolkit.recipe import check_kind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix
    from toolkit.topics import Topics

_ROW = 4.3  # mm of height for a bar and its label
_LINE = 3.2  # mm of height for another line of a label
_PANEL = 44  # mm of width for a panel
_LABEL = 20  # characters of a label in the title of a panel
_WEIGHT = {"zh": "平均 TF-IDF 权重", "en": "Mean TF-IDF weight"}
_IN_TOPIC = {"zh": "词在主题中的权重", "en": "Weight of the term in the topic"}


def weight_intervals(
    matrix: TermMatrix, *, by: str | None = None, n: int = 12, n_boot: int = 500, seed: int = 0
) -> pd.DataFrame:
    """Return the terms that weigh most, each with the interval of its mean weight.

    Parameters
    ----------
    matrix : TermMatrix
    by : column of the units, optional
    n : int
        Number of terms (of each group).
    n_boot, seed : int
        Resamples of documents (percentile bootstrap).

    Returns
    -------
    DataFrame
        As `toolkit.term_weights`, with ``low`` and ``high``: the 95% interval, empty where
        there are fewer than 5 documents.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> matrix = tfidf(segment(Corpus.sample().split("section")))
    >>> table = weight_intervals(matrix, n=3)
    >>> bool((table["low"] < table["weight"]).all() & (table["weight"] < table["high"]).all())
    True
    """
    import numpy as np
    import pandas as pd

    from toolkit.matrix import _groups, term_weights

    table = term_weights(matrix, by=by, n=n)
    everything = {None: np.arange(len(matrix.units))}
    groups = everything if by is None else _groups(matrix.units, by)
    number = {term: i for i, term in enumerate(matrix.terms)}
    documents = matrix.units["doc_id"].to_numpy()
    ends = []
    for group, rows in groups.items():
        terms = table["term"] if by is None else table.loc[table["group"] == group, "term"]
        weights = matrix.weights[rows][:, [number[term] for term in terms]].toarray()
        above = by_document(weights, documents[rows])
        below = by_document(np.ones(len(rows)), documents[rows])
        ends.append(ratio_interval(above, below, n_boot=n_boot, seed=seed))
    interval = pd.DataFrame(np.concatenate(ends), columns=["low", "high"], index=table.index)
    return pd.concat([table, interval], axis=1)


@overload
def plot_term_weights(
    matrix: TermMatrix,
    *,
    by: None = ...,
    n: int = ...,
    intervals: bool = ...,
    lang: Language = ...,
    ax: Axes | None = ...,
) -> Axes: ...
@overload
def plot_term_weights(
    matrix: TermMatrix,
    *,
    by: str,
    n: int = ...,
    intervals: bool = ...,
    lang: Language = ...,
    ax: Any = ...,
) -> np.ndarray[Any, Any]: ...
def plot_term_weights(
    matrix: TermMatrix,
    *,
    by: str | None = None,
    n: int = 12,
    intervals: bool = False,
    lang: Language = "zh",
    ax: Any = None,
) -> Any:
    """Draw the terms that weigh most, in the corpus or in each group of units.

    The data are those of `toolkit.term_weights`, with intervals those of `weight_intervals`.

    Parameters
    ----------
    matrix : TermMatrix
    by : column of the units, optional
        Such as ``"city"`` or ``"section"``: a panel for each group.
    n : int
        Number of terms (of each group).
    intervals : bool
        Draw 95% intervals over resampled documents, where there are at least 5.
    lang : {"zh", "en"}
        Language of the labels.
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
    import pandas as pd

    from toolkit.matrix import term_weights

    data = (weight_intervals if intervals else term_weights)(matrix, by=by, n=n)
    params = {"by": by, "n": n, "intervals": intervals, "lang": lang}
    caption = {
        "zh": f"平均 TF-IDF 权重最高的 {n} 个词。",
        "en": f"The {n} terms with the highest mean TF-IDF weight.",
    }
    if intervals and data["low"].notna().any():
        caption["zh"] += "线段为按文档自助抽样的 95% 区间（不足 5 篇的没有）。"
        caption["en"] += " Lines are 95% intervals over resampled documents (5 or more)."
    if by is None:
        with canvas(ax, columns=1, height=13 + _height(data)) as one:
            _bars(one, data)
            one.set_xlabel(_WEIGHT[lang])
            chart = ("横向条形图", "Horizontal bar chart")
            remember(
                one, plot_term_weights, matrix, data, caption, params, kind=chart, value="weight"
            )
        return one
    caption["zh"] = f"按{group_name(by, 'zh')}，{caption['zh']}"
    caption["en"] = f"By {group_name(by, 'en')}: t{caption['en'][1:]}"
    in_order = pd.api.types.is_numeric_dtype(data["group"])  # years, not cities
    # What stands before the first heading has none.
    tables = {
        value_name(by, group, lang) or "—": table
        for group, table in data.groupby("group", sort=in_order)
    }
    with _panels(ax, tables, label=_WEIGHT[lang]) as axes:
        chart = ("横向条形图", "Horizontal bar chart")
        remember(
            axes[0], plot_term_weights, matrix, data, caption, params, kind=chart, value="weight"
        )
    return axes


def plot_topic_terms(
    topics: Topics, *, n: int = 10, lang: Language = "zh", ax: Any = None
) -> np.ndarray[Any, Any]:
    """Draw the terms that make each topic, a panel for each.

    The data are those of `toolkit.Topics.top_terms`. All panels have the same scale; the
    title of a panel tells the label of its topic, if people gave it one (see
    `toolkit.label_topics`), and its mean share (see `toolkit.Topics.shares`).

    Parameters
    ----------
    topics : Topics
    n : int
        Number of terms of each topic.
    lang : {"zh", "en"}
        Language of the labels.
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
    topic, title = {"zh": ("主题 {}", "{}（{:.0%}）"), "en": ("Topic {}", "{} ({:.0%})")}[lang]
    # Short enough that the share after it is not cut off.
    labels = {t: shorten(label, _LABEL) for t, label in topics.labels.items()}
    names = {t: topic.format(t) for t in share.index} | labels
    if len({*names.values()}) < topics.k:  # topics may share a label
        names |= {t: f"{t} {label}" for t, label in labels.items()}
    tables = {title.format(names[t], share[t]): table for t, table in data.groupby("topic")}
    caption = {
        "zh": f"{topics.k} 个主题各自权重最高的 {n} 个词；百分数为主题在全部片段中的平均占比。",
        "en": f"The {n} heaviest terms of each of {topics.k} topics; "
        "percentages are the mean share of the topic in the units.",
    }
    for key, words in named(topics).items():
        caption[key] += words
    params = {"n": n, "lang": lang}
    with _panels(ax, tables, label=_IN_TOPIC[lang]) as axes:
        chart = ("每个主题一格的横向条形图", "Horizontal bar charts, a panel for each topic")
        remember(
            axes[0], plot_topic_terms, topics, data, caption, params, kind=chart, value="weight"
        )
    return axes


@contextmanager
def _panels(
    ax: Any, tables: dict[Any, pd.DataFrame], *, label: str
) -> Iterator[np.ndarray[Any, Any]]:
    """Draw a panel of bars for each table; yield the axes."""
    import numpy as np

    count = len(tables)
    if ax is not None and np.size(ax) != count:
        raise ValueError(f"{count} panels need as many axes; ax has {np.size(ax)}")
    width, _ = page_size(2, ratio=1)
    most = max(1, min(4, int(width / (_PANEL * in_force().preset.scale))))
    columns = count if count <= most else min((most, max(1, most - 1)), key=lambda c: -count % c)
    rows = -(-count // columns)
    titles = row_labels(tables)  # headings of sections are long
    title_height = 9 + _LINE * (lines_of(titles) - 1)
    height = rows * (title_height + max(map(_height, tables.values()))) + 5
    with canvases(ax, size=(2, height, None), grid=(rows, columns)) as grid:
        axes, empty = grid[:count], grid[count:]
        for one in empty:
            one.remove()
        ends = ("weight", "high")
        widest = max(table[c].max() for table in tables.values() for c in ends if c in table)
        panels = zip(axes, titles, tables.values(), strict=True)
        for i, (one, title, table) in enumerate(panels):
            _bars(one, table)
            one.set_title(title)
            one.set_xlim(0, widest * 1.02)
            one.tick_params(axis="x", labelbottom=ax is not None or i + columns >= count)
        axes[0].figure.supxlabel(label, size="medium")
        yield axes


def _height(table: pd.DataFrame) -> float:
    """Return how high the bars of a table are, in mm."""
    lines = lines_of(row_labels(table["term"]))
    return (_ROW + _LINE * (lines - 1)) * len(table)


def _bars(ax: Axes, table: pd.DataFrame) -> None:
    """Draw one bar for each row of ``term`` and ``weight``, the first on top."""
    ax.barh(range(len(table)), table["weight"], height=0.7, color=colours().categories[0])
    if "low" in table:
        draw_intervals(ax, table)
    label_rows(ax, row_labels(table["term"]))
    ax.grid(axis="x")
    ax.locator_params(axis="x", nbins=4)
    ax.xaxis.set_major_formatter("{x:g}")
