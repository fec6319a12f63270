"""How evenly words are spread over the texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.compare.company import codes_of
from toolkit.recipe import check_kind
from toolkit.segmentation import Tokens
from toolkit.units import grouped, left_out, starts

Array = np.ndarray[Any, Any]


def dispersion(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    by: str | Sequence[str] = "doc_id",
    min_count: int = 5,
) -> pd.DataFrame:
    """Measure how evenly words are spread over the texts.

    Parameters
    ----------
    tokens : Tokens
    terms : sequence of str, optional
        All words that occur `min_count` times if not given.
    by : column of the units, or several
        What counts as a part of the corpus.
    min_count : int
        Fewest occurrences; used only without `terms`.

    Returns
    -------
    DataFrame
        Most frequent first: ``term``, ``count``, ``range`` (parts that hold the word),
        ``juilland_d`` (1: the same rate everywhere), ``dp`` (0: spread as the words of
        the texts are; 1: all in one small part), ``dp_norm`` (the same, with its most
        as 1), ``rosengren_s`` (1: spread evenly). ``attrs["left_out"]`` says how many
        units have no value, if any.

    References
    ----------
    Gries, S. Th. (2008). Dispersions and adjusted frequencies in corpora. *International
    Journal of Corpus Linguistics*, 13(4), 403–437.

    Lijffijt, J., & Gries, S. Th. (2012). Correction to Gries (2008). *International
    Journal of Corpus Linguistics*, 17(1), 147–149.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> table = dispersion(segment(Corpus.sample()), ["城市", "两邻"])
    >>> table[["term", "count", "range"]].to_numpy().tolist()
    [['城市', 188, 36], ['两邻', 9, 1]]
    """
    check_kind(tokens, Tokens, "dispersion")
    names = grouped(tokens.units, by)
    part = np.full(len(tokens), -1)
    for number, inside in enumerate(names.values()):
        part[inside] = number
    if len(names) < 2:
        raise ValueError(f"all units have one {by}; dispersion needs two parts or more")
    part = np.repeat(part, np.diff(tokens.offsets))
    inside = part >= 0  # units without a value are in no part
    shape = (len(names), len(tokens.vocabulary))
    ones = np.ones(int(inside.sum()))
    counts = sparse.coo_array((ones, (part[inside], tokens.codes[inside])), shape).tocsc()
    total: Array = np.asarray(counts.sum(axis=0)).ravel()
    wanted = np.flatnonzero(total >= min_count) if terms is None else codes_of(tokens, terms)
    wanted = wanted[np.argsort(-total[wanted], kind="stable")]
    sizes: Array = np.asarray(counts.sum(axis=1)).ravel()
    sizes, filled = sizes[sizes > 0], np.flatnonzero(sizes > 0)
    rows = [_spread(counts[:, [code]].toarray().ravel()[filled], sizes) for code in wanted]
    table = pd.DataFrame(rows)
    table.insert(0, "term", tokens.vocabulary[wanted])
    table.attrs["left_out"] = left_out(tokens.units, by)
    return table


def occurrences(tokens: Tokens, terms: Sequence[str]) -> pd.DataFrame:
    """Return where words stand in their documents: what a dispersion plot draws.

    Returns
    -------
    DataFrame
        A row for each occurrence: ``term``, ``doc_id``, ``unit_id``, ``position`` (in
        characters from the beginning of the document), ``share`` (the same, as a share
        of the text of the document that the units cover).

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> tokens = segment(Corpus.from_texts({"a": "热线接诉求", "b": "居民打热线"}))
    >>> occurrences(tokens, ["热线"])[["doc_id", "position", "share"]].to_numpy().tolist()
    [['a', 0, 0.0], ['b', 3, 0.6]]
    """
    check_kind(tokens, Tokens, "occurrences")
    units = tokens.units
    begin = starts(units).to_numpy()
    ends = pd.Series(begin + units["text"].str.len().to_numpy(), index=units.index)
    length = ends.groupby(units["doc_id"]).transform("max").to_numpy()
    unit = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    place = np.flatnonzero(np.isin(tokens.codes, codes_of(tokens, terms)))
    position = begin[unit[place]] + tokens.spans[place, 0]
    return pd.DataFrame(
        {
            "term": tokens.vocabulary[tokens.codes[place]],
            "doc_id": units["doc_id"].to_numpy()[unit[place]],
            "unit_id": units.index.to_numpy()[unit[place]],
            "position": position,
            "share": position / length[unit[place]],
        }
    )


def _spread(counts: Array, sizes: Array) -> dict[str, Any]:
    """Return the measures of dispersion of one word, given its counts in the parts."""
    shares, expected = counts / counts.sum(), sizes / sizes.sum()
    rates = counts / sizes
    dp = float(np.abs(shares - expected).sum() / 2)
    return {
        "count": int(counts.sum()),
        "range": int((counts > 0).sum()),
        "juilland_d": float(1 - rates.std() / rates.mean() / np.sqrt(len(sizes) - 1)),
        "dp": dp,
        "dp_norm": dp / (1 - float(expected.min())),
        "rosengren_s": float(np.sqrt(expected * counts).sum() ** 2 / counts.sum()),
    }
