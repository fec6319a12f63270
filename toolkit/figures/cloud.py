"""Word clouds from weights, drawn as text: sharp at every size, the same every time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import canvas, fill_page, page_size, remember, settle
from toolkit.figures.fonts import check_words, font_path
from toolkit.figures.presets import Columns
from toolkit.figures.style import colours, in_force

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix

_WIDTH, _HEIGHT = 900, 600  # of the sheet
_LARGEST = 130  # size of the font
_MARGIN = 16  # between words: room for the part of the em box above their ink


def wordcloud_layout(
    weights: TermMatrix | Mapping[str, float] | pd.Series[Any] | pd.DataFrame,
    *,
    n: int = 80,
    seed: int = 0,
) -> pd.DataFrame:
    """Choose the size and the place of each word of a cloud.

    Parameters
    ----------
    weights : TermMatrix, mapping, Series, or DataFrame with columns ``term`` and ``weight``
        Of a matrix, the mean TF-IDF weights.
    n : int
        Number of words, the heaviest.
    seed : int
        Of the places.

    Returns
    -------
    DataFrame
        ``term``, ``weight``, ``size`` (of the font), ``x`` and ``y`` (where the word begins
        on its baseline), on a sheet of 900 by 600, as ``wordcloud`` lays it out. No word is
        smaller than the style in force allows on a sheet ``attrs["columns"]`` wide.

    Raises
    ------
    ValueError
        If a word stands twice, no weight is positive, or there are too many words.
    MissingGlyphError
        If the font lacks a character.

    Examples
    --------
    >>> table = wordcloud_layout({"接诉即办": 4, "城市更新": 2})
    >>> table["term"].tolist(), bool(table["size"][0] > table["size"][1])
    (['接诉即办', '城市更新'], True)
    """
    table = _table(weights, n)
    check_words(table["term"])
    frequencies = dict(zip(table["term"], table["weight"], strict=True))
    wanted = in_force().columns
    widths: tuple[Columns, ...] = (1, 1.5, 2) if wanted is None else (wanted,)
    for columns in widths:  # as wide as is needed to print the smallest word legibly
        found = _places(
            frequencies, sheet=(_WIDTH, _HEIGHT), smallest=_smallest(columns), seed=seed
        )
        if found is not None:
            break
    else:
        raise ValueError(f"{len(table)} words do not fit; ask for fewer (n)")
    table = table.join(found, on="term")
    table.attrs["columns"] = columns
    return table


def plot_wordcloud(
    weights: TermMatrix | Mapping[str, float] | pd.Series[Any] | pd.DataFrame,
    *,
    n: int = 80,
    seed: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw a word cloud: the heavier a word, the larger and darker.

    The data are those of `wordcloud_layout`. Sizes are hard to compare by eye: use
    `plot_term_weights` where the differences matter.

    Parameters
    ----------
    weights : TermMatrix, mapping, Series, or DataFrame with columns ``term`` and ``weight``
        Of a matrix, the mean TF-IDF weights.
    n : int
        Number of words, the heaviest.
    seed : int
        Of the places: the same seed gives the same picture.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_wordcloud({"接诉即办": 4, "城市更新": 2})
    >>> [text.get_text() for text in ax.texts]
    ['接诉即办', '城市更新']
    """
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    from toolkit.matrix import TermMatrix

    data = wordcloud_layout(weights, n=n, seed=seed)
    tones = LinearSegmentedColormap.from_list("weights", [colours().light, colours().dark])
    caption = {
        "zh": f"词云：{len(data)} 个词，字号随权重增大。",
        "en": f"Word cloud of {len(data)} terms; size grows with weight.",
    }
    with canvas(ax, columns=data.attrs["columns"], ratio=_HEIGHT / _WIDTH) as one:
        if ax is None:
            fill_page(one)
        one.set(xlim=(0, _WIDTH), ylim=(0, _HEIGHT), aspect="equal")
        one.axis("off")
        points = settle(one) / _HEIGHT
        columns = (data[name] for name in ("term", "size", "x", "y"))
        for term, size, x, y in zip(*columns, strict=True):
            one.text(
                x,
                y,
                term,
                size=size * points,
                color=to_hex(tones(size / data["size"].max())),
                va="baseline",
                parse_math=False,
                in_layout=False,  # sizes go by the axes, so the axes must not go by them
            )
        source = weights if isinstance(weights, TermMatrix) else None
        params: dict[str, Any] = {"n": n, "seed": seed}
        if source is None:
            params = {"weights": dict(zip(data["term"], data["weight"], strict=True)), **params}
        remember(
            one,
            plot_wordcloud,
            source,
            data=data,
            caption=caption,
            params=params,
            kind=("词云", "Word cloud"),
            value="weight",
        )
    return one


def _places(
    frequencies: Mapping[str, float], *, sheet: tuple[int, int], smallest: int, seed: int
) -> pd.DataFrame | None:
    """Return ``size``, ``x`` and ``y`` of each word, or None if they do not all find room."""
    import pandas as pd
    from PIL import ImageFont
    from wordcloud import WordCloud

    path = str(font_path(in_force().face))
    for largest in range(_LARGEST, smallest, -10):  # until every word finds room
        cloud = WordCloud(
            font_path=path,
            width=sheet[0],
            height=sheet[1],
            margin=_MARGIN,
            max_words=len(frequencies),
            max_font_size=largest,
            min_font_size=smallest,
            prefer_horizontal=1.0,
            relative_scaling=0.6,
            random_state=seed,
        ).generate_from_frequencies(frequencies)
        if len(cloud.layout_) == len(frequencies):
            break
    else:
        return None
    # The layout holds the upper left corner of each word, counted from the top.
    places = {
        word: (size, x, sheet[1] - y - ImageFont.truetype(path, size).getmetrics()[0])
        for (word, _), size, (y, x), _, _ in cloud.layout_
    }
    return pd.DataFrame.from_dict(places, orient="index", columns=["size", "x", "y"])


def _smallest(columns: Columns) -> int:
    """Return the smallest size on the sheet that is legible on so many columns."""
    width, _ = page_size(columns, ratio=_HEIGHT / _WIDTH)
    return math.ceil(in_force().preset.min_text * _WIDTH / (width / 25.4 * 72))


def _table(weights: Any, n: int) -> pd.DataFrame:
    """Return the `n` heaviest words, checked."""
    import pandas as pd

    from toolkit.matrix import TermMatrix, term_weights

    if isinstance(weights, TermMatrix):
        weights = term_weights(weights, n=n)
    elif not isinstance(weights, pd.DataFrame):
        series = pd.Series(weights, dtype=float)
        weights = pd.DataFrame({"term": series.index.astype(str), "weight": series.to_numpy()})
    table: pd.DataFrame = weights[["term", "weight"]]
    problems = []
    if twice := [*table["term"][table["term"].duplicated()].unique()]:
        problems.append(
            f"these words stand twice: {'、'.join(twice[:5])}; choose one group or topic"
        )
    if not (table["weight"].notna().all() and (table["weight"] > 0).any()):
        problems.append("weights must be numbers, some of them positive")
    if problems:
        raise ValueError("; ".join(problems))
    table = table[table["weight"] > 0].sort_values("weight", ascending=False, kind="stable")
    return table.head(n).reset_index(drop=True)
