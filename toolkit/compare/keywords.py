"""Keyness: which words one group of texts uses more than another, by how much."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse, special

from toolkit.compare.groups import LEAST_DOCUMENTS, Group, bootstrap_weights, two_groups
from toolkit.recipe import check_kind
from toolkit.segmentation import Tokens

Array = np.ndarray[Any, Any]


def log_likelihood(
    a: Any, b: Any, n_a: Any, n_b: Any, *, form: Literal["two-cell", "four-cell"] = "two-cell"
) -> Array:
    """Return the log-likelihood ratio G² of `a` in `n_a` words against `b` in `n_b`.

    Parameters
    ----------
    a, b : int or array of int
        Occurrences in the two groups.
    n_a, n_b : int or array of int
        Words of the two groups.
    form : {"two-cell", "four-cell"}
        "two-cell" sums over the occurrences of the word only (Rayson & Garside 2000);
        it is what the calculators of corpus linguists give, and so the default.
        "four-cell" sums over the other words too (Dunning 1993): the G² of the whole
        2 × 2 table, a little larger, and the one to quote as a test of independence.

    Returns
    -------
    array
        G², at least 0; chi-squared with one degree of freedom where groups do not differ.

    References
    ----------
    Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
    *Computational Linguistics*, 19(1), 61–74.

    Rayson, P., & Garside, R. (2000). Comparing corpora using frequency profiling.
    *Proceedings of the Workshop on Comparing Corpora*, 1–6.

    Examples
    --------
    >>> log_likelihood(30, 10, 100, 100).round(3).item()
    10.465
    >>> log_likelihood(30, 10, 100, 100, form="four-cell").round(3).item()
    12.972
    """
    if form not in ("two-cell", "four-cell"):
        raise ValueError(f"form must be 'two-cell' or 'four-cell', not {form!r}")
    a, b, n_a, n_b = (np.asarray(x, dtype=float) for x in (a, b, n_a, n_b))
    rate = (a + b) / (n_a + n_b)
    total = _part(a, n_a * rate) + _part(b, n_b * rate)
    if form == "four-cell":
        total = total + _part(n_a - a, n_a * (1 - rate)) + _part(n_b - b, n_b * (1 - rate))
    return np.asarray(np.maximum(2 * total, 0.0))


def keyness(
    tokens: Tokens,
    target: Group,
    reference: Group | None = None,
    *,
    form: Literal["two-cell", "four-cell"] = "two-cell",
    min_count: int = 5,
    n_boot: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare how often two groups of texts use each word.

    Parameters
    ----------
    tokens : Tokens
    target : mapping
        The group of interest, by values of metadata columns: ``{"city": "北京"}``.
    reference : mapping, optional
        The group to compare with; all other units if not given.
    form : {"two-cell", "four-cell"}
        See `log_likelihood`.
    min_count : int
        Fewest occurrences of a word in both groups together; other words are left out.
        Few texts hold few words as often as that: lower it to see more of them.
    n_boot : int
        Resamples of documents for the interval of the log ratio.
    seed : int

    Returns
    -------
    DataFrame
        Words that the target uses more come first, those it uses less come last, each
        end in order of evidence (G²): ``term``, ``count_target``, ``count_reference``,
        ``rate_target`` and ``rate_reference`` (per 10,000 words), ``log_ratio`` (1: twice
        as often), ``low`` and ``high`` (95% interval of it over resampled documents),
        ``percent_diff``, ``odds_ratio``, ``g2``, ``p``, ``q`` (p after Benjamini &
        Hochberg), ``docs_target``, ``docs_reference`` (documents that hold the word),
        ``caution`` (if one document of the group that uses the word more holds over half
        of it: which, and how much; if a group does not use the word at all: which). Where
        a count is 0 the effects are computed with 0.5, which resampling does not change:
        the interval is too narrow.

    Raises
    ------
    ValueError
        If a group is empty, unknown or overlaps the other, or no word is frequent enough.

    Warns
    -----
    UserWarning
        If a group has fewer than 5 documents: words of one text depend on each other, so
        neither test nor interval holds, and ``g2``, ``p``, ``q``, ``low`` and ``high``
        are left empty.

    References
    ----------
    Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. *Journal
    of the Royal Statistical Society B*, 57(1), 289–300.

    Gabrielatos, C., & Marchi, A. (2011). Keyness: Matching metrics to definitions.

    Hardie, A. (2014). Log Ratio: An informal introduction.

    Lijffijt, J., et al. (2016). Significance testing of word frequencies in corpora.
    *Digital Scholarship in the Humanities*, 31(2), 374–397.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> table = keyness(segment(Corpus.sample()), {"kind": "regulation"})
    >>> table["term"].head(3).tolist()
    ['条例', '法规', '条文']
    """
    check_kind(tokens, Tokens, "keyness")
    groups = two_groups(tokens.units, target, reference)
    counts = [_by_document(tokens, group) for group in groups]
    a, b = (np.asarray(count.sum(axis=0)).ravel() for count in counts)
    n_a, n_b = int(a.sum()), int(b.sum())
    kept = np.flatnonzero(a + b >= min_count)
    n_rare = int(((a + b > 0) & (a + b < min_count)).sum())
    if not n_a or not n_b or not len(kept):
        raise ValueError(
            f"the target has {n_a} words and the reference {n_b}, and {len(kept)} words occur "
            f"{min_count} times or more; lower min_count or take larger groups"
        )
    lengths = [np.asarray(count.sum(axis=1)).ravel() for count in counts]
    counts = [sparse.csr_array(count[:, kept]) for count in counts]
    a, b = a[kept], b[kept]
    rate_a, rate_b = np.where(a, a, 0.5) / n_a, np.where(b, b, 0.5) / n_b
    rest_a, rest_b = (np.where(n > k, n - k, 0.5) / n for k, n in ((a, n_a), (b, n_b)))
    log_ratio = np.log2(rate_a / rate_b)
    g2 = log_likelihood(a, b, n_a, n_b, form=form)
    table = pd.DataFrame(
        {
            "term": tokens.vocabulary[kept],
            "count_target": a,
            "count_reference": b,
            "rate_target": a / n_a * 1e4,
            "rate_reference": b / n_b * 1e4,
            "log_ratio": log_ratio,
            "low": np.nan,
            "high": np.nan,
            "percent_diff": 100 * (rate_a - rate_b) / rate_b,
            "odds_ratio": rate_a * rest_b / (rest_a * rate_b),
            "g2": np.nan,
            "p": np.nan,
            "q": np.nan,
            "docs_target": np.bincount(counts[0].indices, minlength=len(kept)),
            "docs_reference": np.bincount(counts[1].indices, minlength=len(kept)),
        }
    )
    names = tokens.units["doc_id"].unique().tolist()
    table["caution"] = np.where(
        log_ratio > 0, _one_document(counts[0], names), _one_document(counts[1], names)
    )
    n_docs = [int((length > 0).sum()) for length in lengths]
    tested = min(n_docs) >= LEAST_DOCUMENTS
    for name, count in (("target", a), ("reference", b)):
        note = f"0 in the {name}: the effect rests on the 0.5 put in"
        note += ", and the interval is too narrow" * tested
        before = table.loc[count == 0, "caution"]
        table.loc[count == 0, "caution"] = [f"{c}; {note}" if c else note for c in before]
    if not tested:
        warnings.warn(
            f"the target has {n_docs[0]} documents and the reference {n_docs[1]}; with fewer than "
            f"{LEAST_DOCUMENTS} neither tests nor intervals hold, so only effect sizes are given; "
            f"{n_rare} words occur fewer than {min_count} times and are left out (min_count)",
            stacklevel=2,
        )
    else:
        table["g2"] = g2
        table["p"] = special.chdtrc(1, g2)
        table["q"] = benjamini_hochberg(table["p"].to_numpy())
        table[["low", "high"]] = _interval(counts, lengths, n_boot, np.random.default_rng(seed))
    order = np.lexsort((table["term"], -np.where(log_ratio > 0, g2, -g2)))
    return table.iloc[order].reset_index(drop=True)


def benjamini_hochberg(p: Array) -> Array:
    """Return the p-values adjusted so that at most a share q of findings is false.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p)[::-1]
    adjusted = np.empty(len(p))
    steps = p[order] * len(p) / np.arange(len(p), 0, -1)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps), 1)
    return adjusted


def _part(observed: Array, expected: Array) -> Array:
    """Return ``observed * ln(observed / expected)``, 0 where nothing is observed."""
    observed, expected = np.broadcast_arrays(observed, expected)
    ratio = np.divide(observed, expected, out=np.ones(observed.shape), where=observed > 0)
    return np.asarray(special.xlogy(observed, ratio))


def _by_document(tokens: Tokens, group: Array) -> sparse.csr_array:
    """Count the words of each document in the units of a group."""
    document, names = pd.factorize(tokens.units["doc_id"])
    n_tokens = np.diff(tokens.offsets)
    kept = np.repeat(group, n_tokens)
    row, column = np.repeat(document, n_tokens)[kept], tokens.codes[kept]
    shape = (len(names), len(tokens.vocabulary))
    return sparse.coo_array((np.ones(len(row), dtype=np.int64), (row, column)), shape).tocsr()


def _one_document(counts: sparse.csr_array, names: Any) -> Array:
    """Name, for each word, the document that holds more than half of its occurrences."""
    by_word = counts.tocsc()
    notes = np.full(by_word.shape[1], "", dtype=object)
    if (np.diff(counts.indptr) > 0).sum() < 2:
        return notes  # a group of one document: that it is one is told elsewhere
    totals = np.asarray(by_word.sum(axis=0)).ravel()
    word = np.repeat(np.arange(len(totals)), np.diff(by_word.indptr))
    for most in np.flatnonzero(by_word.data * 2 > totals[word]):  # at most one for each word
        total = totals[word[most]]
        notes[word[most]] = f"{by_word.data[most]} of {total} in {names[by_word.indices[most]]}"
    return notes


def _interval(
    counts: list[sparse.csr_array], lengths: list[Array], n_boot: int, rng: np.random.Generator
) -> Array:
    """Return the 95% interval of each log ratio over resampled documents, shape (m, 2)."""
    draws = []
    for length in lengths:
        documents = np.flatnonzero(length)
        drawn = np.zeros((n_boot, len(length)), dtype=np.int64)
        drawn[:, documents] = bootstrap_weights(documents, n_boot, rng)
        draws.append(drawn)
    interval = np.empty((counts[0].shape[1], 2))
    for start in range(0, len(interval), 2048):  # bounds the memory: words × n_boot at once
        part = slice(start, start + 2048)
        rates = []
        for drawn, count, length in zip(draws, counts, lengths, strict=True):
            found = count[:, part].T.tocsr() @ drawn.T
            rates.append(np.where(found, found, 0.5) / (drawn @ length))
        ratios = np.log2(rates[0] / rates[1])
        interval[part] = np.quantile(ratios, (0.025, 0.975), axis=1).T
    return interval
