"""What stands behind a number: the passages of a topic, of a word, of a group; line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from toolkit.compare import concordance
from toolkit.corpus import Corpus
from toolkit.explore.untrusted import Mark, marks_of
from toolkit.segmentation import Tokens
from toolkit.topics import Topics
from toolkit.units import where

_SOURCE = ("title", "city", "year", "section")
Order = Literal["position", "L1", "L2", "L3", "R1", "R2", "R3"]


@dataclass(frozen=True)
class Focus:
    """What is asked about: a number stands for the passages that it was counted in.

    Parameters
    ----------
    doc : str
        The id of a passage, which is shown first.
    span : tuple of int, optional
        Where in it, in characters.
    term : str
    topic : int
        From 1; 0 for none.
    group : mapping
        Of columns of the metadata to values.
    """

    doc: str = ""
    span: tuple[int, int] | None = None
    term: str = ""
    topic: int = 0
    group: Mapping[str, Any] = field(default_factory=dict)


def evidence(
    source: Corpus | Tokens | Topics,
    *,
    term: str = "",
    topic: int = 0,
    group: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Return all passages that a number was counted in, those that count most first.

    Parameters
    ----------
    source : Corpus, Tokens or Topics
        Topics give the share of `topic` in each passage, whose mean is the share of a group;
        tokens, how often `term` occurs as a word, whose sum is its count; a corpus, how often
        it occurs as a string.
    term : str
        Only passages that hold it; of topics, as one of their terms.
    topic : int
        From 1.
    group : mapping of column to values, optional
        Of the metadata.

    Returns
    -------
    DataFrame
        ``unit_id``, ``share`` or ``count``, and the source: ``title``, ``city``, ``year``,
        ``section``, as far as the units have them; then ``text``. Passages without any term
        of the topics, which no share counts, are left out.

    Raises
    ------
    ValueError
        If neither a term nor a topic is asked for, or there is no such topic or group.

    Examples
    --------
    >>> from toolkit import fit_topics, segment, tfidf
    >>> tokens = segment(Corpus.sample().split("section"))
    >>> found = evidence(tokens, term="热线", group={"city": "北京"})
    >>> int(found["count"].sum()), found.columns.tolist()[:3]
    (8, ['unit_id', 'count', 'title'])
    """
    units = source.units
    keep = where(units, group or {})
    if isinstance(source, Topics):
        if not 1 <= topic <= source.k:
            raise ValueError(f"topic must be 1 to {source.k}, not {topic!r}")
        name, number = "share", source.doc_topic[:, topic - 1]
        keep = keep & source.filled
        if term:
            weights = source.matrix.weights.tocsc()[:, np.flatnonzero(source.terms == term)]
            keep = keep & (np.asarray(weights.sum(axis=1)).ravel() > 0)
    elif not term:
        raise ValueError("say which term, or give topics and say which topic")
    elif isinstance(source, Tokens):
        hits = np.flatnonzero(source.vocabulary[source.codes] == term)
        rows = np.searchsorted(source.offsets, hits, side="right") - 1
        name, number = "count", np.bincount(rows, minlength=len(units))
        keep = keep & (number > 0)
    else:
        name, number = "count", units["text"].str.count(re.escape(term)).to_numpy()
        keep = keep & (number > 0)
    rows = np.flatnonzero(keep)
    rows = rows[np.argsort(-number[rows], kind="stable")]
    table = units.iloc[rows][[c for c in (*_SOURCE, "text") if c in units]]
    table.insert(0, name, number[rows])
    return table.reset_index(names="unit_id")


def marks(source: Corpus | Tokens | Topics, focus: Focus, unit_id: str) -> list[Mark]:
    """Return where in a passage the words stand that it was counted for."""
    row = int(source.units.index.get_indexer(pd.Index([unit_id]))[0])
    text = str(source.units["text"].iloc[row])
    if isinstance(source, Topics) and not focus.term:
        return marks_of(source, row, focus.topic)
    if isinstance(source, Tokens):
        at = slice(source.offsets[row], source.offsets[row + 1])
        held = source.vocabulary[source.codes[at]] == focus.term
        spans = [(int(a), int(b)) for a, b in source.spans[at][held]]
    else:
        spans = [found.span() for found in re.finditer(re.escape(focus.term), text)]
    chosen = focus.span if focus.doc == unit_id else None
    return [(*span, 1.0 if chosen in (None, span) else 0.4) for span in spans]


def kwic(tokens: Tokens, term: str, *, window: int = 8, order: Order = "position") -> pd.DataFrame:
    """Return every occurrence of a word in its context, sorted by a word beside it.

    Parameters
    ----------
    tokens : Tokens
    term : str
    window : int
        Words on each side.
    order : {"position", "L1", "L2", "L3", "R1", "R2", "R3"}
        By place, or by the first, second or third word on the left or right and then by those
        farther out; a line without one comes first.

    Returns
    -------
    DataFrame
        Of `toolkit.concordance`.

    Examples
    --------
    >>> tokens = Tokens.from_lists({"a": ["社区", "治理", "城市", "治理"]})
    >>> kwic(tokens, "治理", order="L1")["left"].str.split().str[-1].tolist()
    ['城市', '社区']
    """
    if order not in get_args(Order):
        raise ValueError(f"order must be one of {', '.join(get_args(Order))}, not {order!r}")
    lines = concordance(tokens, term, window=window)
    if order == "position":
        return lines
    step, first = (-1 if order[0] == "L" else 1), int(order[1])
    # The lines come in the order of the tokens.
    places = np.flatnonzero(tokens.vocabulary[tokens.codes] == term)
    rows = np.searchsorted(tokens.offsets, places, side="right") - 1
    low, high = tokens.offsets[rows], tokens.offsets[rows + 1]
    keys = []
    for n in range(first, 4):
        at = places + step * n
        inside = (at >= low) & (at < high)
        words = tokens.vocabulary[tokens.codes[np.where(inside, at, 0)]]
        keys.append(np.where(inside, words, "").astype(str))
    return lines.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)
