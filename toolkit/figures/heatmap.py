"""How much of each topic is in each city, year or text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from toolkit.figures.drawing import Language, canvas, columns_for, group_name, remember, value_name
from toolkit.figures.labels import plain
from toolkit.figures.press.style import INK, MUTED, colours, fine_print, in_force
from toolkit.recipe import check_kind

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.topics import Topics

Order = Literal["topic", "dendrogram"]

_LEAST = 0.05  # a smaller share is told by its colour alone
_SHARE = {"zh": "主题的平均占比（%）", "en": "Mean share of the topic (%)"}


def topic_share(topics: Topics, *, by: str = "city", order: Order = "topic") -> pd.DataFrame:
    """Return the mean share of each topic in each group of units, in an order that reads well.

    Parameters
    ----------
    topics : Topics
    by : column of the units
        Such as ``"city"``, ``"year"``, ``"doc_id"``.
    order : {"topic", "dendrogram"}
        How groups that have no order of their own are put in one: with those of the same
        main topic, the purest first; or as the leaves of a dendrogram (average linkage of
        the distances of their shares, in the order that keeps neighbours most alike).

    Returns
    -------
    DataFrame
        A row for each group, a column for each topic (its number). Groups that are numbers
        (years) stay in their order. With a dendrogram, ``attrs["linkage"]`` is SciPy's.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> topics = fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=2)
    >>> topic_share(topics, by="doc_id").shape
    (3, 2)
    """
    import pandas as pd

    from toolkit.topics import Topics

    check_kind(topics, Topics, "topic_share")
    table = topics.doc_topics(by=by)
    if order not in get_args(Order):
        raise ValueError(f"order must be 'topic' or 'dendrogram', not {order!r}")
    if pd.api.types.is_numeric_dtype(table.index):
        return table.sort_index()
    if order == "dendrogram" and len(table) > 2:
        from scipy.cluster.hierarchy import leaves_list, linkage

        tree = linkage(table.to_numpy(), "average", optimal_ordering=True)
        found = table.iloc[leaves_list(tree)]
        found.attrs["linkage"] = tree.tolist()
        return found
    main = pd.DataFrame({"main": table.idxmax(axis=1), "share": -table.max(axis=1)})
    return table.loc[main.sort_values(["main", "share"], kind="stable").index]


def plot_topic_share(
    topics: Topics,
    *,
    by: str = "city",
    order: Order = "topic",
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each topic in each group of units as a table of colours.

    The data are those of `topic_share`. In the order of a dendrogram, it stands beside.

    Parameters
    ----------
    topics : Topics
    by : column of the units
        Such as ``"city"``, ``"year"``, ``"doc_id"``.
    order : {"topic", "dendrogram"}
        See `topic_share`.
    lang : {"zh", "en"}
        Language of the labels.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> topics = fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=2)
    >>> ax = plot_topic_share(topics, by="doc_id")
    >>> ax.get_xlabel()
    '主题的平均占比（%）'
    """
    data = topic_share(topics, by=by, order=order)
    rows, columns = data.shape
    caption = {
        "zh": f"各主题的平均占比（%），按{group_name(by, 'zh')}；不足 {_LEAST:.0%} 的不标数字。",
        "en": f"Mean share of each topic (%), by {group_name(by, 'en')}; "
        f"shares below {_LEAST:.0%} are not labelled.",
    }
    share = data.to_numpy()
    preset = in_force().preset
    wide = (24 + 17 * columns) * preset.scale <= preset.widths[2]
    room = columns_for(30 + (19 if wide else 6) * columns)
    with canvas(ax, columns=room, height=(25 if wide else 40) + 4.8 * rows) as one:
        mesh = one.pcolormesh(
            share, cmap=colours().sequential, vmin=0, edgecolor="white", linewidth=0.8
        )
        for row, column in zip(*(share >= _LEAST).nonzero(), strict=True):
            light = sum(mesh.cmap(mesh.norm(share[row, column]))[:3]) > 1.6
            one.text(
                column + 0.5,
                row + 0.5,
                f"{100 * share[row, column]:.0f}",
                ha="center",
                va="center",
                size=fine_print(),
                color=INK if light else "white",
            )
        names = [plain(name) for name in topics.names]
        if wide:  # "1 数据·平台·系统" in a column of words
            names = [name.replace(" ", "\n", 1).replace("·", "\n") for name in names]
        one.set_xticks([i + 0.5 for i in range(columns)], names, rotation=0 if wide else 90)
        groups = [plain(value_name(by, group, lang)) for group in data.index]
        one.set_yticks([i + 0.5 for i in range(rows)], groups)
        one.set_xlabel(_SHARE[lang])
        one.invert_yaxis()
        one.tick_params(length=0, labeltop=True, labelbottom=False)
        for label in one.get_xticklabels():
            label.set_linespacing(1.35)
        one.spines[:].set_visible(False)
        if tree := data.attrs.get("linkage"):
            _dendrogram(one, tree)
        params = {"by": by, "order": order, "lang": lang}
        remember(one, plot_topic_share, topics, data, caption, params, kind=("热力图", "Heat map"))
    return one


def _dendrogram(ax: Axes, tree: list[Any]) -> None:
    """Draw the tree of the rows to the right of the table."""
    import numpy as np
    from matplotlib.collections import LineCollection
    from scipy.cluster.hierarchy import dendrogram

    found = dendrogram(np.array(tree), no_plot=True)
    # SciPy puts leaves at 5, 15, 25 …; a row is 1 high here.
    lines = [
        [*zip(far, (np.array(across) / 10).tolist(), strict=True)]
        for across, far in zip(found["icoord"], found["dcoord"], strict=True)
    ]
    beside = ax.inset_axes((1.01, 0, 0.12, 1), sharey=ax)
    beside.add_collection(LineCollection(lines, colors=MUTED, linewidths=0.6))
    beside.set_xlim(0, 1.05 * max(max(far) for far in found["dcoord"]))
    beside.set_axis_off()
