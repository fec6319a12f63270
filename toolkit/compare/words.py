"""Where words stand, how evenly, and with which others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.compare.counts import Places, Within, codes_of, counted, meetings, unit_of
from toolkit.compare.keywords import log_likelihood
from toolkit.recipe import check_kind, check_numbers
from toolkit.segmentation import Tokens
from toolkit.units import grouped, starts, told_of

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
        bits), ``npmi`` (-1 for what is never together), ``t_score``, ``expected``; and
        ``ochiai``, ``jaccard``, ``equivalence`` (the square of Ochiai's), from 0 to 1, which
        the number of places does not touch.

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
    places = (np.asarray(total) > 0) & np.isfinite(total) & (first + second - pairs <= total)
    cannot = ~(places & (pairs >= 0) & (pairs <= np.minimum(first, second)))
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
                "npmi": np.select(
                    [pairs == 0, surprise > 0],
                    [-1.0, pmi / np.where(surprise > 0, surprise, 1)],
                    1.0,
                ),
                "t_score": (pairs - expected) / np.sqrt(pairs),
                "expected": expected,
                "ochiai": pairs / np.sqrt(first * second),
                "jaccard": pairs / (first + second - pairs),
                "equivalence": pairs**2 / (first * second),
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
    if span == "sentence":
        presence = Places.of(tokens, "sentence").hold(tokens.codes, len(tokens.vocabulary))
        with_node = presence[:, [code]].toarray().ravel() > 0
        together, alone = presence[with_node].sum(axis=0), presence.sum(axis=0)
        first, total = int(with_node.sum()), presence.shape[0]
    else:
        place = here[:, None] + [*range(-span, 0), *range(1, span + 1)]
        inside = (place >= 0) & (place < len(tokens.codes))
        place = np.where(inside, place, here[:, None])
        place = place[tokens.sentences[place] == tokens.sentences[here][:, None]]
        near = np.setdiff1d(place, here)
        size = len(tokens.vocabulary)
        together, alone = (
            np.bincount(x, minlength=size) for x in (tokens.codes[near], tokens.codes)
        )
        first, total = len(near), len(tokens.codes) - len(here)
    together[code] = 0
    kept = np.flatnonzero(together >= min_count)
    table = pd.DataFrame(
        {"term": tokens.vocabulary[kept], "count": together[kept], "count_term": alone[kept]}
    )
    measures = association(table["count"], first, table["count_term"], total)
    measures = measures.loc[:, :"expected"]  # the others compare words with words
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
    return table.sort_values([measure, "term"], ascending=[False, True], ignore_index=True)


def cooccurrence(
    tokens: Tokens,
    terms: Sequence[str] | None = None,
    *,
    n: int = 40,
    within: Within = "sentence",
    min_count: int = 3,
) -> pd.DataFrame:
    """Count which words occur together: every pair, strongest first.

    Parameters
    ----------
    tokens : Tokens
    terms : sequence of str, optional
        The words; the `n` most frequent if not given.
    n : int
    within : {"sentence", "unit"} or int
        Where two words have to meet: in a sentence, in a unit of the corpus, or in a window
        of so many words. A window begins at each word of a sentence from which it is full;
        a shorter sentence is one window.
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
    check_numbers(cooccurrence, locals())
    check_kind(tokens, Tokens, "cooccurrence")
    names, presence, _ = meetings(tokens, terms, n, within)
    together = sparse.triu(presence.T @ presence, k=1).tocoo()
    often = together.data >= min_count
    row, column, count = together.row[often], together.col[often], together.data[often]
    alone = presence.sum(axis=0)
    table = pd.DataFrame({"source": names[row], "target": names[column], "count": count})
    table["count_source"], table["count_target"] = alone[row], alone[column]
    measures = association(count, alone[row], alone[column], presence.shape[0])
    table = pd.concat([table, measures], axis=1)
    order, up = ["npmi", "source", "target"], [False, True, True]
    return table.sort_values(order, ascending=up, ignore_index=True)


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
    [['城市', 187, 36], ['两邻', 9, 1]]
    """
    check_numbers(dispersion, locals())
    check_kind(tokens, Tokens, "dispersion")
    groups = grouped(tokens.units, by)
    if len(groups) < 2:
        raise ValueError(f"all units have one {by}; dispersion needs two parts or more")
    part = np.full(len(tokens), -1)  # units without a value are in no part
    for number, inside in enumerate(groups.values()):
        part[inside] = number
    counts = counted(tokens, part[unit_of(tokens)], len(groups))
    counts = counts[counts.sum(axis=1) > 0]
    sizes, total = counts.sum(axis=1), counts.sum(axis=0)
    wanted = np.flatnonzero(total >= min_count) if terms is None else codes_of(tokens, terms)
    wanted = wanted[np.argsort(-total[wanted], kind="stable")]
    columns = counts[:, wanted].toarray().T
    table = pd.DataFrame([_spread(column, sizes) for column in columns])
    table.insert(0, "term", tokens.vocabulary[wanted])
    table.attrs |= told_of(tokens.units, by)
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
    place = np.flatnonzero(np.isin(tokens.codes, codes_of(tokens, terms)))
    unit = unit_of(tokens)[place]
    position = begin[unit] + tokens.spans[place, 0]
    return pd.DataFrame(
        {
            "term": tokens.vocabulary[tokens.codes[place]],
            "doc_id": units["doc_id"].to_numpy()[unit],
            "unit_id": units.index.to_numpy()[unit],
            "position": position,
            "share": position / length[unit],
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
