"""How terms and topics rise and fall over the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import Language, canvas, group_name, plain, remember, settle
from toolkit.figures.style import MARKERS, colours, fine_print

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.segmentation import Tokens
    from toolkit.topics import Topics

_PER = 10_000  # words
_LABELS = {
    "rate": {"zh": "每万词出现次数", "en": "Occurrences per 10,000 words"},
    "share": {"zh": "平均占比（%）", "en": "Mean share (%)"},
}
_TEXTS = {"zh": "{} 篇", "en": "n = {}"}


def trend_table(
    value: Tokens | Topics, *, terms: Sequence[str] | Sequence[int] | None = None, by: str = "year"
) -> pd.DataFrame:
    """Return how often terms occur, or how large topics are, in each year.

    Parameters
    ----------
    value : Tokens or Topics
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given).
    by : column of the units
        ``"year"``, or another that has an order.

    Returns
    -------
    DataFrame
        ``series`` (the term, or the name of the topic), `by`, ``n_texts`` (texts of that
        year), and for terms ``count``, ``n_words`` and ``rate`` (occurrences per 10,000
        words that were kept), for topics ``share`` (mean over the units, 0 to 1).

    Raises
    ------
    ValueError
        If `terms` is missing or holds something that does not occur.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> trend_table(segment(corpus), terms=["热线"])["rate"].round().tolist()
    [5000.0, 3333.0]
    """
    import pandas as pd

    from toolkit.segmentation import Tokens

    rows = _term_rates(value, terms, by) if isinstance(value, Tokens) else _shares(value, terms, by)
    texts = value.units.groupby(by)["doc_id"].nunique().rename("n_texts")
    return pd.concat(rows, ignore_index=True).merge(texts, left_on=by, right_index=True, how="left")


def plot_trend(
    value: Tokens | Topics,
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often terms occur, or how large topics are, over the years.

    The data are those of `trend_table`. Below each year stands the number of its texts.

    Parameters
    ----------
    value : Tokens or Topics
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given); up to seven.
    by : column of the units
        ``"year"``, or another that has an order.
    lang : {"zh", "en"}
        Language of the labels.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> ax = plot_trend(segment(corpus), terms=["热线"], lang="en")
    >>> ax.get_ylabel()
    'Occurrences per 10,000 words'
    """
    data = trend_table(value, terms=terms, by=by)
    names = [*dict.fromkeys(data["series"])]
    if len(names) > len(MARKERS):
        raise ValueError(
            f"{len(names)} lines cannot be told apart; choose up to {len(MARKERS)} terms"
        )
    measure = "rate" if "rate" in data else "share"
    scale = 1 if measure == "rate" else 100
    groups = data.drop_duplicates(by).set_index(by)["n_texts"].sort_index()
    numeric = isinstance(groups.index[0], (int, float))  # years keep their distances
    at = {group: group if numeric else i for i, group in enumerate(groups.index)}
    label = _LABELS[measure][lang]
    caption = {
        "zh": f"{_LABELS[measure]['zh']}，按{group_name(by, 'zh')}；刻度下方为文本篇数。",
        "en": f"{_LABELS[measure]['en']}, by {group_name(by, 'en')}; n is the number of texts.",
    }
    with canvas(ax, columns=1.5, height=62) as one:
        ends = []
        for name, colour, marker in zip(names, colours().categories, MARKERS, strict=False):
            line = data[data["series"] == name].sort_values(by)
            x = [at[group] for group in line[by]]
            y = (scale * line[measure]).tolist()
            one.plot(x, y, color=colour, marker=marker, label=name, clip_on=False)
            ends.append((x[-1], y[-1], colour))
        one.set_ylim(bottom=0)
        one.set_ylabel(label)
        ticks = [f"{plain(g)}\n{_TEXTS[lang].format(n)}" for g, n in groups.items()]
        one.set_xticks([*at.values()], ticks)
        one.grid(axis="y")
        _label_ends(one, names, ends)
        params = {"terms": terms, "by": by, "lang": lang}
        remember(
            one,
            plot_trend,
            value,
            data=data,
            caption=caption,
            params=params,
            kind=("折线图", "Line chart"),
        )
    return one


def _label_ends(ax: Axes, names: list[str], ends: list[tuple[float, float, str]]) -> None:
    """Name each line at its right end; names that would overlap make room for each other."""
    import numpy as np
    from scipy.optimize import isotonic_regression

    low, high = ax.get_ylim()
    gap = (high - low) * 1.4 * fine_print() / settle(ax)  # a line of text, in data units
    order = np.argsort([y for _, y, _ in ends], kind="stable")
    steps = gap * np.arange(len(ends))
    # As near to the ends as they can be, at least a gap apart.
    places = isotonic_regression([ends[i][1] for i in order] - steps).x + steps
    for i, place in zip(order, places, strict=True):
        x, y, colour = ends[i]
        ax.annotate(
            plain(names[i]),
            (x, y),
            (1.05, place),
            textcoords=("axes fraction", "data"),
            va="center",
            size=fine_print(),
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "lw": 0.6,
                "relpos": (0, 0.5),
                "shrinkA": 1,
                "shrinkB": 3,
            },
        )


def _term_rates(tokens: Tokens, terms: Any, by: str) -> list[pd.DataFrame]:
    import numpy as np
    import pandas as pd

    from toolkit.matrix import _groups

    if not terms or isinstance(terms, str):
        raise ValueError("say which terms: terms=['接诉即办', '网格']")
    codes = {word: code for code, word in enumerate(tokens.vocabulary)}
    if absent := [term for term in terms if term not in codes]:
        raise ValueError(
            f"no token is {'、'.join(map(str, absent))}; "
            "see tokens.vocabulary, or add the terms to the lexicon"
        )
    unit = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    groups = {
        group: tokens.codes[np.isin(unit, rows)]
        for group, rows in _groups(tokens.units, by).items()
    }
    tables = []
    for term in terms:
        table = pd.DataFrame(
            {
                "series": term,
                by: [*groups],
                "count": [int((found == codes[term]).sum()) for found in groups.values()],
                "n_words": [len(found) for found in groups.values()],
            }
        )
        tables.append(table.assign(rate=_PER * table["count"] / table["n_words"]).sort_values(by))
    return tables


def _shares(topics: Topics, numbers: Any, by: str) -> list[pd.DataFrame]:
    import pandas as pd

    shares = topics.doc_topics(by=by).sort_index()
    numbers = numbers or [*shares.columns[:6]]
    if absent := [number for number in numbers if number not in shares.columns]:
        raise ValueError(f"no topic has number {absent}; they are numbered 1 to {topics.k}")
    return [
        pd.DataFrame(
            {"series": topics.names[n - 1], by: shares.index, "share": shares[n].to_numpy()}
        )
        for n in numbers
    ]
