"""How terms and topics rise and fall over the years."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import Language, canvas, group_name, remember, value_name
from toolkit.figures.intervals import by_document, ratio_interval
from toolkit.figures.labels import label_ends, plain
from toolkit.figures.press.style import MARKERS, colours, in_force
from toolkit.recipe import check_kind

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.segmentation import Tokens
    from toolkit.topics import Topics

_PER = 10_000  # words
MEASURES = {
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
        Such as ``"year"``.

    Returns
    -------
    DataFrame
        ``series`` (the term, or the name of the topic), `by`, ``n_texts`` (texts of that
        year), and for terms ``count``, ``n_words`` and ``rate`` (occurrences per 10,000
        words that were kept), for topics ``share`` (mean over the units, 0 to 1); ``low``
        and ``high``: 95% interval over resampled texts, empty where there are fewer than 5.

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
    from toolkit.topics import Topics

    if isinstance(value, Topics):
        rows = _shares(value, terms, by)
    else:
        check_kind(value, Tokens, "trend_table")
        rows = _term_rates(value, terms, by)
    texts = value.units.groupby(by)["doc_id"].nunique().rename("n_texts")
    return pd.concat(rows, ignore_index=True).merge(texts, left_on=by, right_index=True, how="left")


def measure_of(table: pd.DataFrame) -> str:
    """Return the column of `trend_table` that is drawn: "rate" or "share"."""
    return "rate" if "rate" in table else "share"


def plot_trend(
    value: Tokens | Topics,
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often terms occur, or how large topics are, over the years.

    The data are those of `trend_table`. Below each year stands the number of its texts;
    upright lines are 95% intervals over resampled texts, where there are at least 5. Groups
    without an order, such as kinds of text, are not joined.

    Parameters
    ----------
    value : Tokens or Topics
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given); up to seven.
    by : column of the units
        Such as ``"year"``.
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
    from matplotlib.transforms import ScaledTranslation

    data = trend_table(value, terms=terms, by=by)
    names = [*dict.fromkeys(data["series"])]
    if len(names) > len(MARKERS):
        raise ValueError(
            f"{len(names)} lines cannot be told apart; choose up to {len(MARKERS)} terms"
        )
    measure = measure_of(data)
    scale = 1 if measure == "rate" else 100
    groups = data.drop_duplicates(by).set_index(by)["n_texts"].sort_index()
    numeric = isinstance(groups.index[0], Real)  # years keep their distances
    ordered = all(str(group)[:1].isdigit() for group in groups.index)  # dates, not kinds of text
    style, chart = ("-", ("折线图", "Line chart")) if ordered else ("", ("点图", "Dot plot"))
    at = {group: group if numeric else i for i, group in enumerate(groups.index)}
    label = MEASURES[measure][lang]
    sure = data["low"].notna().any()
    lines = {
        "zh": "；竖线为按文本自助抽样的 95% 区间（不足 5 篇的没有）" if sure else "",
        "en": "; upright lines are 95% intervals over resampled texts (5 or more)" if sure else "",
    }
    caption = {
        "zh": f"{MEASURES[measure]['zh']}，按{group_name(by, 'zh')}；刻度下方为文本篇数"
        f"{lines['zh']}。",
        "en": f"{MEASURES[measure]['en']}, by {group_name(by, 'en')}; n is the number "
        f"of texts{lines['en']}.",
    }
    with canvas(ax, columns=1.5, height=62) as one:
        ends: list[tuple[float, float, str]] = []
        line_width = in_force().preset.line
        for name, colour, marker in zip(names, colours().categories, MARKERS, strict=False):
            line = data[data["series"] == name].sort_values(by)
            x = [at[group] for group in line[by]]
            y = (scale * line[measure]).tolist()
            look: dict[str, Any] = {"color": colour, "linestyle": style, "marker": marker}
            one.plot(x, y, label=name, clip_on=False, **look)
            low, high = (scale * line[end] for end in ("low", "high"))
            # Side by side, so that none hides another.
            shift = (len(ends) - (len(names) - 1) / 2) * 2 * line_width / 72
            beside = one.transData + ScaledTranslation(shift, 0, one.figure.dpi_scale_trans)
            one.vlines(x, low, high, color=colour, linewidth=line_width, zorder=1, transform=beside)
            ends.append((x[-1], y[-1], colour))
        # The intervals count too: matplotlib does not see them, since they are moved aside.
        one.set_ylim(0, 1.05 * scale * float(data[[measure, "high"]].max().max()) or 1)
        one.set_ylabel(label)
        ticks = [
            f"{plain(value_name(by, g, lang))}\n{_TEXTS[lang].format(n)}" for g, n in groups.items()
        ]
        one.set_xticks([*at.values()], ticks)
        one.grid(axis="y")
        label_ends(one, names, ends)
        params = {"terms": terms, "by": by, "lang": lang}
        remember(one, plot_trend, value, data, caption, params, kind=chart)
    return one


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
    wanted = np.array([codes[term] for term in terms])
    units = len(tokens)
    counts = np.stack(
        [np.bincount(unit[tokens.codes == code], minlength=units) for code in wanted], axis=1
    )
    lengths = np.diff(tokens.offsets)
    documents = tokens.units["doc_id"].to_numpy()
    tables = []
    for group, rows in _groups(tokens.units, by).items():
        count, words = counts[rows].sum(axis=0), int(lengths[rows].sum())
        above, below = (by_document(v[rows], documents[rows]) for v in (counts, lengths))
        low, high = _PER * ratio_interval(above, below).T
        table = {"series": terms, by: group, "count": count, "n_words": words}
        rates = {"rate": _PER * count / words, "low": low, "high": high}
        tables.append(pd.DataFrame(table | rates))
    return _in_order(tables, [*terms], by)


def _shares(topics: Topics, numbers: Any, by: str) -> list[pd.DataFrame]:
    import numpy as np
    import pandas as pd

    shares = topics.doc_topics(by=by).sort_index()
    numbers = numbers or [*shares.columns[:6]]
    if absent := [number for number in numbers if number not in shares.columns]:
        raise ValueError(f"no topic has number {absent}; they are numbered 1 to {topics.k}")
    from toolkit.matrix import _groups

    columns = [n - 1 for n in numbers]
    part, filled = topics.doc_topic[:, columns], topics.filled
    documents = topics.units["doc_id"].to_numpy()
    names = [topics.names[i] for i in columns]
    tables = []
    for group, rows in _groups(topics.units, by).items():
        rows = rows[filled[rows]]
        if len(rows):
            above = by_document(part[rows], documents[rows])
            below = by_document(np.ones(len(rows)), documents[rows])
            low, high = ratio_interval(above, below).T
            share = shares.loc[group, [*numbers]].to_numpy()
            table = {"series": names, by: group, "share": share, "low": low, "high": high}
            tables.append(pd.DataFrame(table))
    return _in_order(tables, names, by)


def _in_order(tables: list[pd.DataFrame], names: list[str], by: str) -> list[pd.DataFrame]:
    """Return a table for each series, in the order of the groups."""
    import pandas as pd

    table = pd.concat(tables, ignore_index=True)
    return [table[table["series"] == name].sort_values(by) for name in names]
