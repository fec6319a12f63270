"""What two texts share, and where it stands in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toolkit.compare.overlap import reuse
from toolkit.figures.canvas import canvas
from toolkit.figures.labels import label_inside
from toolkit.figures.plotting import Drawn, group_labels, plot
from toolkit.figures.press.style import MUTED, colours, tint
from toolkit.say import Language, Value, say
from toolkit.units import starts

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.corpus import Corpus

_BAR = 0.16  # height of the bar of a text; the two are 1 apart
_NARROWEST = 2.5  # % of a text that has room for a number


@plot("alignment", value="length")
def plot_alignment(
    corpus: Corpus,
    documents: Sequence[str] | None = None,
    *,
    min_chars: int = 25,
    lang: Language = "zh",
    ax: Axes | None = None,
) -> Drawn[Axes]:
    """Draw two texts as bars, and bands between the passages that they share.

    The data are the passages of `toolkit.reuse` with their places in each text: ``from_a``,
    ``to_a``, ``from_b``, ``to_b``, in % of the document, in the order of the first; numbers
    count them. Formula, which many texts hold, is hatched.

    Parameters
    ----------
    corpus : Corpus
    documents : sequence of two doc_id, optional
        The two that share most if not given.
    min_chars : int
        Shortest passage; see `toolkit.reuse`.

    Raises
    ------
    ValueError
        If no two documents, or not these, share a passage.

    Examples
    --------
    >>> from toolkit import Corpus
    >>> corpus = Corpus.from_texts({
    ...     "a": "会议指出,要深化接诉即办改革,完善首接负责制和限时办结机制,让群众满意。",
    ...     "b": "本市将深化接诉即办改革，进一步完善首接负责制和限时办结机制。"})
    >>> ax = plot_alignment(corpus, min_chars=20)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['a', 'b']
    """
    from matplotlib.patches import Polygon, Rectangle

    data = _alignment(corpus, documents, min_chars)
    first, second = data.loc[0, ["doc_a", "doc_b"]]
    looks: dict[str, dict[str, Any]] = {}
    one = canvas(ax, columns=1.5, height=52)
    names = zip(("substance", "formula"), colours().categories, (None, "////"), strict=False)
    for kind, colour, hatch in names:
        looks[kind] = {"facecolor": tint(colour, 0.35), "edgecolor": colour, "hatch": hatch}
    places = data[["from_a", "to_a", "from_b", "to_b"]].to_numpy(float).tolist()
    for row, kind in enumerate(data["kind"]):
        left_a, right_a, left_b, right_b = places[row]
        corners = [(left_a, 0), (right_a, 0), (right_b, 1), (left_b, 1)]
        one.add_patch(Polygon(corners, linewidth=0.5, zorder=1, **looks[kind]))
        for left, right, y in ((left_a, right_a, -_BAR), (left_b, right_b, 1)):
            colour = looks[kind]["edgecolor"]
            part = Rectangle((left, y), right - left, _BAR, color=colour, zorder=3)
            one.add_patch(part)
            if right - left >= _NARROWEST and y < 0:
                middle = ((left + right) / 2, y + _BAR / 2)
                label_inside(one, [middle], [row + 1])
    for y in (-_BAR, 1):
        frame = Rectangle((0, y), 100, _BAR, facecolor="none", edgecolor=MUTED, zorder=5)
        one.add_patch(frame)
    one.set_xlim(0, 100)
    one.set_ylim(1 + 1.5 * _BAR, -1.5 * _BAR)
    labels = group_labels(corpus.units, "doc_id", [first, second], lang)
    one.set_yticks([-_BAR / 2, 1 + _BAR / 2], labels)
    one.tick_params(axis="y", length=0)
    one.spines[["left", "bottom"]].set_visible(False)
    one.set_xlabel(say("measures.position", lang))
    present = [kind for kind in looks if kind in {*data["kind"]}]
    boxes = [Rectangle((0, 0), 1, 1, **looks[kind]) for kind in present]
    called = [Value("kind", kind).said(lang) for kind in present]
    one.legend(boxes, called, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    fields = {"first": first, "second": second, "n": len(data), "min_chars": min_chars}
    return Drawn(one, data, fields)


def _alignment(corpus: Corpus, documents: Sequence[str] | None, min_chars: int) -> pd.DataFrame:
    """Return the passages that two documents share, and where they stand in each."""
    shared = reuse(corpus, min_chars=min_chars)
    if shared.pairs.empty:
        raise ValueError(f"no two documents share a passage of {min_chars} letters")
    if documents is None:
        documents = shared.pairs[["doc_a", "doc_b"]].iloc[0].tolist()
    found = shared.passages
    both = {*documents}
    table = found[found["doc_a"].isin(both) & found["doc_b"].isin(both)]
    if len(both) != 2 or table.empty:
        raise ValueError(f"{' and '.join(map(str, documents))} share no passage; see reuse().pairs")
    units = corpus.units
    begin = starts(units)
    end = (begin + units["text"].str.len()).groupby(units["doc_id"]).max()
    parts = {}
    for side in "ab":
        offset = begin.reindex(table[f"unit_{side}"]).to_numpy()
        whole = end.reindex(table[f"doc_{side}"]).to_numpy() / 100
        parts[f"from_{side}"] = (offset + table[f"start_{side}"]) / whole
        parts[f"to_{side}"] = (offset + table[f"end_{side}"]) / whole
    columns = ["doc_a", "doc_b", *parts, "length", "similarity", "kind", "text_a", "text_b"]
    return table.assign(**parts)[columns].sort_values("from_a", kind="stable", ignore_index=True)
