"""Word clouds from weights, drawn as text: sharp at every size, the same every time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.compare.rates import excess_rates, heaviest
from toolkit.figures.canvas import canvas, page_size, settle
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.fonts import font_path
from toolkit.figures.press.presets import Columns
from toolkit.figures.press.style import FAINT, SIZED, colours, in_force
from toolkit.matrix import TermMatrix
from toolkit.say import Language, Value, several

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.segmentation import Tokens

_WIDTH, _HEIGHT = 900, 600  # of the sheet
_HEAD = 60  # above it, for the names of groups
_LARGEST = 130  # size of the font
_MARGIN = 16  # between words: room for the part of the em box above their ink


@plot("wordcloud", value="weight")
def plot_wordcloud(
    weights: TermMatrix | Mapping[str, float] | pd.Series[Any] | pd.DataFrame,
    *,
    n: int = 80,
    seed: int = 0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw a word cloud: the heavier a word, the larger and darker.

    The data are ``term``, ``weight``, ``size`` (of the font), ``x`` and ``y`` (where the
    word begins on its baseline), on a sheet of 900 by 600, as ``wordcloud`` lays it out; it
    is as wide as is needed to print the smallest word legibly. Sizes are hard to compare by
    eye: use `plot_term_weights` where the differences matter.

    Parameters
    ----------
    weights : TermMatrix, mapping, Series, or DataFrame with columns ``term`` and ``weight``
        Of a matrix, the mean TF-IDF weights.
    n : int
        Number of words, the heaviest.

    Raises
    ------
    ValueError
        If a word stands twice, no weight is positive, or there are too many words.
    MissingGlyphError
        If the font lacks a character.

    Examples
    --------
    >>> ax = plot_wordcloud({"接诉即办": 4, "城市更新": 2})
    >>> [text.get_text() for text in ax.texts]
    ['接诉即办', '城市更新']
    """
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    table = heaviest(weights, n)
    wanted = in_force().columns
    widths: tuple[Columns, ...] = (1, 1.5, 2) if wanted is None else (wanted,)
    for columns in widths:  # as wide as is needed to print the smallest word legibly
        data = _placed(table, "weight", (_WIDTH, _HEIGHT), _smallest(columns, _HEIGHT), seed)
        if data is not None:
            break
    else:
        raise ValueError(f"{len(table)} words do not fit; ask for fewer (n)")
    tones = LinearSegmentedColormap.from_list("weights", [colours().light, colours().dark])
    one, points = _sheet(ax, columns, _HEIGHT)
    sizes = data["size"] / data["size"].max()
    _write(one, data, [to_hex(tones(size)) for size in sizes], points)
    plain_weights = dict(zip(data["term"], data["weight"], strict=True))
    return Drawn(one, data, {"words": len(data)}, source=plain_weights)


@plot("comparison_cloud", value="excess")
def plot_comparison_cloud(
    tokens: Tokens,
    groups: Sequence[Any],
    *,
    by: str = "city",
    n: int = 25,
    seed: int = 0,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw what two to four groups use more than the others, a cloud for each.

    A word goes to the group whose rate of it is farthest above the mean rate of the groups
    (the measure of R's ``comparison.cloud``). The data are ``group``, ``term``, ``excess``
    (occurrences per 10,000 words above the mean of the groups), ``size``, ``x``, ``y`` as of
    `plot_wordcloud`. Sizes compare words of one group only; where differences matter use
    `plot_keyness`.

    Parameters
    ----------
    tokens : Tokens
    groups : sequence of 2 to 4 values of the column `by`
    n : int
        Words of each group.

    Raises
    ------
    ValueError
        If groups are unknown, too many or have no words of their own.

    References
    ----------
    Fellows, I. (2018). *wordcloud: Word clouds* (R package).

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> ax = plot_comparison_cloud(segment(Corpus.sample()), ["北京", "上海"], n=3)
    >>> [text.get_text() for text in ax.texts[:2]]
    ['北京', '上海']
    """
    wanted = [*dict.fromkeys([] if isinstance(groups, str) else groups)]
    if not 2 <= len(wanted) <= 4:
        raise ValueError(f"a comparison cloud takes two to four groups of {by!r}, not {groups!r}")
    sheet = (_WIDTH // len(wanted), _HEIGHT)
    smallest = _smallest(2, _HEIGHT + _HEAD)
    parts = []
    for i, (group, table) in enumerate(
        excess_rates(tokens, wanted, by=by, n=n).groupby("group", sort=False)
    ):
        placed = _placed(table, "excess", sheet, smallest, seed)
        if placed is None:
            raise ValueError(f"{len(table)} words of {group} do not fit; ask for fewer (n)")
        parts.append(placed.assign(x=placed["x"] + i * sheet[0]))
    data = pd.concat(parts, ignore_index=True)
    one, points = _sheet(ax, 2, _HEIGHT + _HEAD)
    inks = dict(zip(wanted, colours().categories, strict=False))
    part = _WIDTH / len(wanted)
    heading = in_force().preset.text[2]
    for i, name in enumerate(group_labels(tokens.units, by, wanted, lang)):
        one.text((i + 0.5) * part, _HEIGHT + _HEAD / 3, name, ha="center", size=heading)
        if i:
            one.axvline(i * part, color=FAINT, linewidth=0.6)
    _write(one, data, [inks[group] for group in data["group"]], points)
    named = several(Value(by, group, tokens.units) for group in wanted)
    return Drawn(one, data, {"groups": named})


def _placed(
    table: pd.DataFrame, weight: str, sheet: tuple[int, int], smallest: int, seed: int
) -> pd.DataFrame | None:
    """Return a table with ``size``, ``x`` and ``y`` of each word; None if they find no room."""
    from PIL import ImageFont
    from wordcloud import WordCloud

    frequencies = dict(zip(table["term"], table[weight], strict=True))
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
    found = pd.DataFrame.from_dict(places, orient="index", columns=["size", "x", "y"])
    return table.join(found, on="term")


def _smallest(columns: Columns, height: float) -> int:
    """Return the smallest size on a sheet so high that is legible on so many columns."""
    page = page_size(columns, ratio=height / _WIDTH)
    unit = min(page[0] / _WIDTH, page[1] / height) / 25.4 * 72  # pt
    return math.ceil(in_force().preset.min_text / unit)


def _sheet(ax: Axes | None, columns: Columns, height: float) -> tuple[Axes, float]:
    """Return axes that are a sheet so high, and how many points one of its units is long."""
    one = canvas(ax, columns=columns, ratio=height / _WIDTH)
    if ax is None:  # the words bring their margins
        one.get_figure(root=True).get_layout_engine().set(w_pad=0, h_pad=0)  # type: ignore[union-attr, call-arg]
    one.set(xlim=(0, _WIDTH), ylim=(0, height), aspect="equal")
    one.axis("off")
    return one, settle(one) / height


def _write(ax: Axes, words: pd.DataFrame, inks: Sequence[str], points: float) -> None:
    """Write words at their places on a sheet, of which a unit is `points` long."""
    columns = (words[name] for name in ("term", "size", "x", "y"))
    for term, size, x, y, ink in zip(*columns, inks, strict=True):
        ax.text(
            x,
            y,
            term,
            size=size * points,
            color=ink,
            va="baseline",
            parse_math=False,
            label=SIZED,
            in_layout=False,  # sizes go by the axes, so the axes must not go by them
        )
