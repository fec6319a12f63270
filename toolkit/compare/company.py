"""The company that words keep: collocations and co-occurrence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.compare.keywords import log_likelihood
from toolkit.recipe import check_kind
from toolkit.segmentation import Tokens

Array = np.ndarray[Any, Any]
Measure = Literal["log_likelihood", "log_dice", "pmi", "pmi3", "t_score"]


def association(pairs: Any, first: Any, second: Any, total: Any) -> pd.DataFrame:
    """Measure how much two things go together.

    Parameters
    ----------
    pairs : int or array of int
        How often they occur together.
    first, second : int or array of int
        How often each occurs.
    total : int
        How many places there are.

    Returns
    -------
    DataFrame
        ``log_likelihood`` (G² of the four cells), ``log_dice``, ``pmi``, ``pmi3`` (both in
        bits), ``npmi``, ``t_score``, ``expected``.

    Raises
    ------
    ValueError
        If they occur together more often than each does, or more often than there are
        places, or the places have no number.

    References
    ----------
    Church, K. W., & Hanks, P. (1990). Word association norms, mutual information, and
    lexicography. *Computational Linguistics*, 16(1), 22–29.

    Daille, B. (1994). *Approche mixte pour l'extraction automatique de terminologie*.

    Evert, S. (2008). Corpora and collocations. In *Corpus Linguistics: An International
    Handbook*, 1212–1248.

    Rychlý, P. (2008). A lexicographer-friendly association score. *RASLAN*, 6–9.

    Examples
    --------
    >>> association(8, 15828, 4675, 14307668)["t_score"].round(6).tolist()
    [0.999932]
    """
    pairs, first, second = np.atleast_1d(
        *(np.asarray(x, dtype=float) for x in (pairs, first, second))
    )
    cannot = ~(
        (pairs >= 0)
        & (pairs <= np.minimum(first, second))
        & (first + second - pairs <= total)
        & (np.asarray(total) > 0)
        & np.isfinite(total)
    )
    if cannot.any():
        found = np.broadcast_arrays(pairs, first, second, total)
        example = tuple(x[cannot][0].item() for x in found)
        raise ValueError(
            f"{int(cannot.sum())} of {cannot.size} cannot be, such as (pairs, first, second, "
            f"total) = {example}: pairs are at most as many as each occurs, and what "
            "occurs stands in one of the places"
        )
    expected = first * second / total
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log2(pairs / expected)
        surprise = -np.log2(pairs / total)
        return pd.DataFrame(
            {
                "log_likelihood": log_likelihood(
                    pairs, second - pairs, first, total - first, form="four-cell"
                ),
                "log_dice": 14 + np.log2(2 * pairs / (first + second)),
                "pmi": pmi,
                "pmi3": pmi + 2 * np.log2(pairs),
                "npmi": np.where(surprise > 0, pmi / np.where(surprise > 0, surprise, 1), 1.0),
                "t_score": (pairs - expected) / np.sqrt(pairs),
                "expected": expected,
            }
        )


def collocations(
    tokens: Tokens,
    node: str,
    *,
    span: int | Literal["sentence"] = 5,
    measure: Measure = "log_likelihood",
    min_count: int = 3,
) -> pd.DataFrame:
    """Rank the words that keep company with a word.

    Parameters
    ----------
    tokens : Tokens
    node : str
    span : int or "sentence"
        Words on each side of the node (of the words kept, within the sentence), or the
        sentence: then it is sentences that are counted.
    measure : str
        By which to rank; see `association`.
    min_count : int
        Fewest places where both occur.

    Returns
    -------
    DataFrame
        ``term``, ``count`` (places near the node, or sentences with both),
        ``count_term``, and the measures of `association`; only words that occur more
        often near the node than expected.

    Raises
    ------
    ValueError
        If the node is not among the words, or nothing keeps it company often enough.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> collocations(segment(Corpus.sample()), "条例", measure="log_dice")["term"].head(2).tolist()
    ['施行', '促进']
    """
    check_kind(tokens, Tokens, "collocations")
    if measure not in get_args(Measure):
        raise ValueError(f"measure must be one of {get_args(Measure)}, not {measure!r}")
    if span != "sentence" and not (isinstance(span, int) and span >= 1):
        raise ValueError(f"span must be at least 1 word or 'sentence', not {span!r}")
    code = codes_of(tokens, [node])[0]
    here = np.flatnonzero(tokens.codes == code)
    size = len(tokens.vocabulary)
    if span == "sentence":
        presence = _presence(tokens.sentences, tokens.codes, size)
        with_node = presence[:, [code]].toarray().ravel() > 0
        together = np.asarray(presence[with_node].sum(axis=0)).ravel()
        alone = np.asarray(presence.sum(axis=0)).ravel()
        first, total = int(with_node.sum()), presence.shape[0]
    else:
        near = np.zeros(len(tokens.codes), dtype=bool)
        sentence = tokens.sentences
        for step in [*range(-span, 0), *range(1, span + 1)]:
            place = here + step
            inside = (place >= 0) & (place < len(near))
            inside[inside] = sentence[place[inside]] == sentence[here[inside]]
            near[place[inside]] = True
        near[here] = False
        together = np.bincount(tokens.codes[near], minlength=size)
        alone = np.bincount(tokens.codes, minlength=size)
        first, total = int(near.sum()), len(tokens.codes) - len(here)
    together[code] = 0
    kept = np.flatnonzero(together >= min_count)
    table = pd.DataFrame(
        {"term": tokens.vocabulary[kept], "count": together[kept], "count_term": alone[kept]}
    )
    measures = association(table["count"], first, table["count_term"], total)
    if span != "sentence":  # Dice compares words with words, not with places near the node
        frequencies = len(here) + table["count_term"]
        measures["log_dice"] = 14 + np.log2(2 * table["count"] / frequencies)
    table = pd.concat([table, measures], axis=1)
    table = table[table["count"] > table["expected"]]
    if table.empty:
        raise ValueError(
            f"no word keeps {node!r} company {min_count} times or more; it occurs {len(here)} "
            "times: lower min_count or widen the span"
        )
    order = np.lexsort((table["term"], -table[measure]))
    return table.iloc[order].reset_index(drop=True)


def cooccurrence(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    n: int = 40,
    within: Literal["sentence", "unit"] = "sentence",
    min_count: int = 3,
) -> pd.DataFrame:
    """Count which words occur together: the edges of a network.

    Parameters
    ----------
    tokens : Tokens
    terms : sequence of str, optional
        The words of the network; the `n` most frequent if not given.
    n : int
    within : {"sentence", "unit"}
        Where two words have to meet.
    min_count : int
        Fewest meetings of a pair.

    Returns
    -------
    DataFrame
        Strongest first by ``npmi``: ``source``, ``target``, ``count`` (places with both),
        ``count_source``, ``count_target`` and the measures of `association`.

    References
    ----------
    Bouma, G. (2009). Normalized (pointwise) mutual information in collocation
    extraction. *Proceedings of GSCL*, 31–40.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> edges = cooccurrence(segment(Corpus.sample()), ["条例", "施行", "热线"])
    >>> edges[["source", "target", "count"]].to_numpy().tolist()[0]
    ['施行', '条例', 22]
    """
    check_kind(tokens, Tokens, "cooccurrence")
    if within not in ("sentence", "unit"):
        raise ValueError(f"within must be 'sentence' or 'unit', not {within!r}")
    if terms is None:
        terms = tokens.frequencies.index[:n].tolist()
    codes = np.sort(codes_of(tokens, list(dict.fromkeys(terms))))
    unit = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    place = tokens.sentences if within == "sentence" else unit
    presence = _presence(place, tokens.codes, len(tokens.vocabulary))[:, codes]
    together = sparse.triu(presence.T @ presence, k=1).tocoo()
    often = together.data >= min_count
    row, column, count = together.row[often], together.col[often], together.data[often]
    alone = np.asarray(presence.sum(axis=0)).ravel()
    names = tokens.vocabulary[codes]
    table = pd.DataFrame({"source": names[row], "target": names[column], "count": count})
    table["count_source"], table["count_target"] = alone[row], alone[column]
    measures = association(count, alone[row], alone[column], presence.shape[0])
    table = pd.concat([table, measures], axis=1)
    order = np.lexsort((table["target"], table["source"], -table["npmi"]))
    return table.iloc[order].reset_index(drop=True)


def _presence(place: Array, codes: Array, size: int) -> sparse.csr_array:
    """Return which words occur in which places that hold a word, as 0 and 1."""
    filled, row = np.unique(place, return_inverse=True)
    ones = np.ones(len(codes), dtype=np.int64)
    presence = sparse.coo_array((ones, (row, codes)), (len(filled), size)).tocsr()
    presence.data[:] = 1
    return presence


def codes_of(tokens: Tokens, terms: Sequence[str]) -> Array:
    """Return the codes of words; tell about all that do not occur."""
    index = {word: code for code, word in enumerate(tokens.vocabulary)}
    if missing := [term for term in terms if term not in index]:
        near = [word for word in index if any(word in term or term in word for term in missing)]
        hint = f"; words like them are {', '.join(sorted(near)[:8])}" if near else ""
        raise ValueError(
            f"not among the words of these texts: {', '.join(missing)}{hint}. A term is kept "
            "whole if it is in the lexicon: Segmenter(lexicon=['governance', 'term'])"
        )
    return np.array([index[term] for term in terms], dtype=np.int64)
