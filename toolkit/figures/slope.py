"""What changed between two years, or differs between two cities: a slope chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from toolkit.figures.drawing import Language, canvas, group_name, remember, value_name
from toolkit.figures.labels import label_ends, plain
from toolkit.figures.press.style import MUTED, colours
from toolkit.figures.trend import MEASURES, measure_of, trend_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.segmentation import Tokens
    from toolkit.topics import Topics


def slope_table(
    value: Tokens | Topics,
    groups: Sequence[Any],
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
) -> pd.DataFrame:
    """Return how often terms occur, or how large topics are, in two groups.

    Parameters
    ----------
    value : Tokens or Topics
    groups : sequence of two
        Such as ``[2021, 2025]`` or, with ``by="city"``, ``["北京", "上海"]``.
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given).
    by : column of the units

    Returns
    -------
    DataFrame
        ``series`` (the term, or the name of the topic), ``first``, ``second`` (per 10,000
        words, or mean share), ``change`` (second minus first), in the order of ``second``.

    Raises
    ------
    ValueError
        If there are not two groups, or one does not exist.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> slope_table(segment(corpus), [2021, 2023], terms=["热线"])["change"].round().tolist()
    [-1667.0]
    """
    import pandas as pd

    table = trend_table(value, terms=terms, by=by)
    present = [*dict.fromkeys(table[by])]
    if len(groups) != 2 or isinstance(groups, str):
        raise ValueError(f"a slope chart compares two groups of {by!r}; found {groups!r}")
    if unknown := [group for group in groups if group not in present]:
        raise ValueError(f"no {by} {unknown}; there are {present}")
    values = table.set_index([by, "series"])[measure_of(table)]
    wide = pd.DataFrame({"first": values[groups[0]], "second": values[groups[1]]})
    wide["change"] = wide["second"] - wide["first"]
    return wide.sort_values("second", ascending=False, kind="stable").reset_index()


def plot_slope(
    value: Tokens | Topics,
    groups: Sequence[Any],
    *,
    terms: Sequence[str] | Sequence[int] | None = None,
    by: str = "year",
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Draw two groups side by side, a line for each term or topic: up is more in the second.

    The data are those of `slope_table`. What falls is dashed.

    Parameters
    ----------
    value : Tokens or Topics
    groups : sequence of two
        Such as ``[2021, 2025]`` or, with ``by="city"``, ``["北京", "上海"]``.
    terms : sequence of str (Tokens) or of int (Topics)
        Terms, or numbers of topics (the six largest if not given).
    by : column of the units
    lang : {"zh", "en"}
        Language of the title.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> texts = {"a": "热线诉求", "b": "热线条例立法"}
    >>> corpus = Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2023}})
    >>> ax = plot_slope(segment(corpus), [2021, 2023], terms=["热线"])
    >>> [text.get_text() for text in ax.texts]
    ['5,000', '热线 3,333']
    """
    data = slope_table(value, groups, terms=terms, by=by)
    measure = "share" if data[["first", "second"]].to_numpy().max() <= 1 else "rate"
    scale = 100 if measure == "share" else 1
    left, right = (plain(value_name(by, group, lang)) for group in groups)
    caption = {
        "zh": f"{MEASURES[measure]['zh']}：{left}与{right}（按{group_name(by, 'zh')}）；"
        "虚线为下降。",
        "en": f"{MEASURES[measure]['en']} in {left} and {right} (by {group_name(by, 'en')}); "
        "dashed lines fall.",
    }
    with canvas(ax, columns=1, height=26 + 6 * len(data)) as one:
        rise, fall = colours().categories[:2]
        for first, second in data[["first", "second"]].to_numpy() * scale:
            down = second < first
            one.plot(
                [0, 1],
                [first, second],
                color=fall if down else rise,
                linestyle="--" if down else "-",
                marker="s" if down else "o",
                clip_on=False,
            )
        one.set_xlim(0, 1)
        one.margins(y=0.08)
        one.set_xticks([0, 1], [left, right])
        one.xaxis.tick_top()
        one.tick_params(axis="x", length=0)
        one.set_yticks([])
        one.spines[["top", "bottom"]].set_visible(False)
        one.spines[["left", "right"]].set(visible=True, color=MUTED)
        one.set_xlabel(MEASURES[measure][lang])
        lines = [str(line.get_color()) for line in one.lines]
        sides: tuple[tuple[Literal["left", "right"], str], ...]
        sides = (("left", "first"), ("right", "second"))
        for side, column in sides:
            values = scale * data[column]
            texts = [f"{v:,.0f}" if v >= 10 else f"{v:.1f}" for v in values]
            if side == "right":
                texts = [f"{n} {t}" for n, t in zip(data["series"], texts, strict=True)]
            across = [int(side == "right")] * len(texts)
            ends = [*zip(across, values, lines, strict=True)]
            label_ends(one, texts, ends, side=side)
        params = {"groups": [*groups], "terms": terms and [*terms], "by": by, "lang": lang}
        chart = ("坡度图", "Slope chart")
        remember(one, plot_slope, value, data, caption, params, kind=chart, value="change")
    return one
