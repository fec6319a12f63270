"""Words in context: the concordance."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.segmentation import Tokens
from toolkit.structure import sentences

Sort = Literal["position", "left", "right"]

_SOURCE = ("doc_id", "title", "city", "year", "section")


def concordance(
    source: Corpus | Tokens,
    pattern: str,
    *,
    regex: bool = False,
    window: int = 20,
    sort: Sort = "position",
) -> pd.DataFrame:
    """Show every occurrence of a string or a word in its context (KWIC).

    Parameters
    ----------
    source : Corpus or Tokens
        In a corpus the pattern is searched in the text and the window is in characters;
        in tokens it is searched among whole words and the window is in words.
    pattern : str
    regex : bool
        Whether `pattern` is a regular expression; among words it must match a word whole.
    window : int
        Context on each side, within the unit.
    sort : {"position", "left", "right"}
        Order by place, by the context before read backwards from the match, or by the
        context after.

    Returns
    -------
    DataFrame
        ``left``, ``match``, ``right``, ``unit_id``, the source (``doc_id``, ``title``,
        ``city``, ``year``, ``section``, as far as the units have them), ``start`` and
        ``end`` of the match in the text of the unit, ``sentence``.

    Raises
    ------
    ValueError
        If the pattern occurs nowhere or is no regular expression.

    Examples
    --------
    >>> table = concordance(Corpus.sample().select(doc_id="beijing-2023"), "绣", sort="right")
    >>> (table["match"] + table["right"].str[:3]).tolist()
    ['绣出城市', '绣花一样', '绣花般的']
    """
    if sort not in ("position", "left", "right"):
        raise ValueError(f"sort must be 'position', 'left' or 'right', not {sort!r}")
    if not pattern or window < 1:
        raise ValueError("pattern must not be empty, and window at least 1")
    try:
        matcher = re.compile(pattern if regex else re.escape(pattern))
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
    found = (
        _in_tokens(source, matcher, window)
        if isinstance(source, Tokens)
        else _in_text(source, matcher, window)
    )
    columns = [column for column in _SOURCE if column in source.units]
    metadata = source.units[columns].to_dict("records")
    texts, ids = source.units["text"].tolist(), source.units.index.tolist()
    split: dict[int, list[tuple[int, str]]] = {}
    rows: list[dict[Any, Any]] = []
    for i, start, end, before, after in found:
        text = texts[i]
        if i not in split:
            split[i] = [*sentences(text)]
        row = {"left": text[before:start], "match": text[start:end], "right": text[end:after]}
        where = {"unit_id": ids[i]} | metadata[i] | {"start": start, "end": end}
        rows.append(row | where | {"sentence": _sentence(split[i], start)})
    if not rows:
        kind = "word" if isinstance(source, Tokens) else "passage"
        raise ValueError(f"no {kind} matches {pattern!r} in these {len(source)} units")
    table = pd.DataFrame(rows).astype(source.units[columns].dtypes.to_dict())
    table[["left", "right"]] = table[["left", "right"]].replace(r"\s+", " ", regex=True)
    if sort == "position":
        return table
    key = table["left"].str[::-1] if sort == "left" else table["right"]
    return table.iloc[np.argsort(key.to_numpy(dtype=object), kind="stable")].reset_index(drop=True)


def _in_text(
    corpus: Corpus, matcher: re.Pattern[str], window: int
) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield unit, start, end and the bounds of the context of each match in the texts."""
    for i, text in enumerate(corpus.units["text"]):
        for match in matcher.finditer(text):
            start, end = match.span()
            if end > start:
                yield i, start, end, max(start - window, 0), min(end + window, len(text))


def _in_tokens(
    tokens: Tokens, matcher: re.Pattern[str], window: int
) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield the same of each word that matches whole."""
    matching = [bool(matcher.fullmatch(word)) for word in tokens.vocabulary]
    for place in np.flatnonzero(np.array(matching, dtype=bool)[tokens.codes]):
        i = int(np.searchsorted(tokens.offsets, place, side="right")) - 1
        low = max(tokens.offsets[i], place - window)
        high = min(tokens.offsets[i + 1] - 1, place + window)
        start, end = tokens.spans[place].tolist()
        yield i, start, end, int(tokens.spans[low, 0]), int(tokens.spans[high, 1])


def _sentence(found: list[tuple[int, str]], position: int) -> str:
    """Return the sentence that holds a position, of those that begin at given places."""
    place = bisect_right(found, position, key=lambda one: one[0])
    return found[place - 1][1] if place else ""
