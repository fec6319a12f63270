"""Terms by units: counts and TF-IDF weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.cutting import TokenCodes
from toolkit.recipe import Recipe, Recorded, check_kind, check_numbers, fingerprint, step
from toolkit.segmentation import Segmenter, Tokens
from toolkit.units import grouped, left_out, where


@dataclass(frozen=True, eq=False)
class TermMatrix(Recorded, variable="matrix", by="tfidf", of=Tokens):
    """How often each term occurs in each unit, and how much it weighs there.

    Parameters
    ----------
    counts : sparse array of int, shape (n, m)
    weights : sparse array of float, shape (n, m)
        TF-IDF; goes straight into any scikit-learn estimator.
    terms : array of str, shape (m,)
        Sorted.
    units : DataFrame of n rows
    recipe : Recipe
    """

    counts: sparse.csr_array
    weights: sparse.csr_array
    terms: np.ndarray[Any, Any]
    units: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        return f"TermMatrix: {self.counts.shape[0]:,} units × {self.counts.shape[1]:,} terms"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over terms, units, counts and weights."""
        w = self.weights
        return fingerprint(
            self.terms.tolist(),
            self.units.index.tolist(),
            self.counts.data,
            w.data,
            w.indices,
            w.indptr,
        )

    @step("matrix")
    def select(self, /, **wanted: Any) -> TermMatrix:
        """Keep the units whose metadata have the given values; weights stay as they are.

        So a few units can be looked at with the weights that all of them gave; see
        `Corpus.select` for what can be given.
        """
        rows = np.flatnonzero(where(self.units, wanted))
        return TermMatrix(self.counts[rows], self.weights[rows], self.terms, self.units.iloc[rows])

    @cached_property
    def document_frequency(self) -> pd.Series[int]:
        """Number of units in which each term occurs."""
        found = np.bincount(self.counts.indices, minlength=len(self.terms))
        return pd.Series(found, index=self.terms, name="n_units")


@step("matrix")
def tfidf(
    tokens: Tokens,
    *,
    min_df: int | float = 2,
    max_df: int | float = 0.5,
    ngrams: tuple[int, int] = (1, 1),
    sublinear: bool = True,
    norm: Literal["l1", "l2"] | None = "l2",
) -> TermMatrix:
    """Weigh the terms of each unit by TF-IDF.

    Parameters
    ----------
    tokens : Tokens
    min_df, max_df : int or float
        Leave out terms in fewer than `min_df` or more than `max_df` units: an int is a
        number of units, a float a share of them.
    ngrams : (int, int)
        Shortest and longest run of words that is a term; the words of a run are joined
        by a space.
    sublinear : bool
        Count a term ``1 + ln(count)`` times instead of ``count`` times.
    norm : {"l2", "l1", None}
        Length to which the weights of each unit are scaled.

    Returns
    -------
    TermMatrix
        Counts and weights equal those of scikit-learn's ``CountVectorizer`` and
        ``TfidfVectorizer`` on the same tokens.

    Raises
    ------
    TypeError
        If `tokens` is something else, such as a corpus.
    ValueError
        If no term is left.

    References
    ----------
    Salton, G., & Buckley, C. (1988). Term-weighting approaches in automatic text
    retrieval. *Information Processing & Management*, 24(5), 513–523.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> tfidf(segment(Corpus.sample().split("section")))
    TermMatrix: 223 units × 2,... terms
    """
    check_kind(tokens, Tokens, "tfidf")
    if not 1 <= ngrams[0] <= ngrams[1]:
        raise ValueError(
            f"ngrams must be (shortest, longest) with 1 ≤ shortest ≤ longest: {ngrams}"
        )
    check_norm(norm)
    n = len(tokens)
    counts, terms = _counts(tokens, ngrams)
    df = np.bincount(counts.indices, minlength=len(terms))
    kept = kept_terms(df, n, min_df, max_df)
    counts = sparse.csr_array(counts[:, kept])
    weights = weighted(counts, df[kept], n, sublinear=sublinear, norm=norm)
    return TermMatrix(counts, weights, terms[kept], tokens.units)


def check_norm(norm: object) -> None:
    """Refuse a length that weights cannot be scaled to; see `tfidf`."""
    if norm not in ("l1", "l2", None):
        raise ValueError(f"norm must be 'l1', 'l2' or None, not {norm!r}")


def kept_terms(
    df: np.ndarray[Any, Any], n: int, min_df: int | float, max_df: int | float
) -> np.ndarray[Any, Any]:
    """Return which terms occur in enough of `n` units, and not in too many; see `tfidf`."""
    least = min_df * n if isinstance(min_df, float) else min_df
    most = max_df * n if isinstance(max_df, float) else max_df
    kept = np.flatnonzero((df >= least) & (df <= most))
    if not len(df):
        raise ValueError(
            f"these {n} units hold no words: digits, marks, single characters and stop words are "
            "left out, and nothing else is there; Segmenter(keep_numbers=True, min_length=1, "
            "stopwords=None) keeps them"
        )
    if not len(kept):
        raise ValueError(
            f"no term is left of {len(df)}: none occurs in at least {math.ceil(least)} and at "
            f"most {math.floor(most)} of the {n} units (min_df={min_df}, max_df={max_df}); lower "
            "min_df, raise max_df, or split into more passages"
        )
    return kept


def weighted(
    counts: sparse.csr_array,
    df: np.ndarray[Any, Any],
    n: int,
    *,
    sublinear: bool,
    norm: Literal["l1", "l2"] | None,
) -> sparse.csr_array:
    """Return the TF-IDF weights of some of `n` units; see `tfidf`."""
    weights = counts.astype(np.float64)
    if sublinear:
        weights.data = 1 + np.log(weights.data)
    # The smooth form of scikit-learn: as if one more unit held every term once.
    idf = np.log((1 + n) / (1 + df)) + 1
    weights.data *= idf[weights.indices]
    if norm:
        powers = weights.data**2 if norm == "l2" else weights.data
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(weights.indptr))
        lengths = np.bincount(rows, weights=powers, minlength=counts.shape[0])
        weights.data /= (np.sqrt(lengths) if norm == "l2" else lengths)[rows]
    return weights


def count_terms(
    texts: Iterable[str], segmenter: Segmenter | None = None
) -> tuple[np.ndarray[Any, Any], sparse.csr_array]:
    """Count the words of texts, without keeping where they stand.

    Parameters
    ----------
    texts : iterable of str
        They need not all be in memory.
    segmenter : Segmenter, optional
        ``Segmenter()`` if not given.

    Returns
    -------
    terms : array of str, shape (m,)
        Sorted, so that they do not depend on the order of the texts.
    counts : sparse array of int32, shape (n, m)

    Examples
    --------
    >>> terms, counts = count_terms(["城市治理，城市更新", "社区治理"])
    >>> terms.tolist(), counts.toarray().tolist()
    (['城市', '城市更新', '治理', '社区治理'], [[1, 1, 1, 0], [0, 0, 0, 1]])
    """
    code_of = TokenCodes(segmenter or Segmenter())
    codes, sizes = [np.empty(0, dtype=np.int32)], [np.zeros(1, dtype=np.int64)]
    for found, _, n in code_of.cut(texts):
        codes.append(found)
        sizes.append(n)
    terms, place = code_of.vocabulary()
    offsets = np.cumsum(np.concatenate(sizes))
    return terms, _counted(place[np.concatenate(codes)], offsets, len(terms))


def _counted(columns: np.ndarray[Any, Any], ends: np.ndarray[Any, Any], m: int) -> sparse.csr_array:
    """Return how often each of `m` columns stands in each row, which ends at `ends[i + 1]`."""
    ones = np.ones(len(columns), dtype=np.int32)
    # Copies, as they are put in order in place.
    counts = sparse.csr_array((ones, columns.copy(), ends.copy()), shape=(len(ends) - 1, m))
    counts.sum_duplicates()
    return counts


def term_weights(
    matrix: TermMatrix, *, by: str | Sequence[str] | None = None, n: int = 20
) -> pd.DataFrame:
    """Rank the terms of the corpus, or of each group of units, by mean TF-IDF.

    Parameters
    ----------
    matrix : TermMatrix
    by : column of the units, optional
        Such as ``"city"``, ``"year"``, ``"section"``; ``"doc_id"`` ranks within each text.
    n : int
        Number of terms of each group.

    Returns
    -------
    DataFrame
        ``group`` (only with `by`), ``rank``, ``term``, ``weight`` (mean TF-IDF over the
        units of the group), ``count`` (occurrences), ``n_units`` (units that hold it).
        ``attrs["left_out"]`` says how many units have no value to group them by, if any.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> matrix = tfidf(segment(Corpus.sample().split("section")))
    >>> term_weights(matrix, n=2)[["term", "count", "n_units"]]
      term  count  n_units
    0   城市    166       92
    1   治理    125       76
    """
    check_numbers(term_weights, locals())
    check_kind(matrix, TermMatrix, "term_weights")
    tables = []
    for group, rows in grouped(matrix.units, by).items():
        counts, weights = matrix.counts[rows], matrix.weights[rows]
        mean = np.asarray(weights.mean(axis=0)).ravel()
        top = np.argsort(-mean, kind="stable")[:n]
        top = top[mean[top] > 0]
        table = pd.DataFrame(
            {
                "rank": np.arange(1, len(top) + 1),
                "term": matrix.terms[top],
                "weight": mean[top],
                "count": np.asarray(counts.sum(axis=0)).ravel()[top],
                "n_units": np.bincount(counts.indices, minlength=len(matrix.terms))[top],
            }
        )
        if by is not None:
            table.insert(0, "group", [group] * len(table))
        tables.append(table)
    found = pd.concat(tables, ignore_index=True)
    found.attrs["left_out"] = left_out(matrix.units, by)
    return found


def _counts(
    tokens: Tokens, ngrams: tuple[int, int]
) -> tuple[sparse.csr_array, np.ndarray[Any, Any]]:
    """Count all runs of words within sentences; columns are in the order of the sorted terms."""
    size, names = len(tokens.vocabulary), tokens.vocabulary
    if ngrams == (1, 1):
        return _counted(tokens.codes, tokens.offsets, size), names
    starts, runs = np.arange(len(tokens.codes)), tokens.codes.astype(np.int64)
    found = []
    for length in range(1, ngrams[1] + 1):
        if length > 1:  # a run is the run one shorter and the next word of the same sentence
            last, sentence = starts + length - 1, tokens.sentences
            inside = last < len(tokens.codes)
            inside[inside] = sentence[starts[inside]] == sentence[last[inside]]
            starts = starts[inside]
            pairs = runs[inside] * size + tokens.codes[starts + length - 1]
            distinct, runs = np.unique(pairs, return_inverse=True)
            names = names[distinct // size] + " " + tokens.vocabulary[distinct % size]
        if length >= ngrams[0]:
            ends = np.searchsorted(starts, tokens.offsets)
            found.append((_counted(runs, ends, len(names)), names))
    terms = np.concatenate([names for _, names in found])
    order = np.argsort(terms)
    counts = sparse.csr_array(sparse.hstack([block for block, _ in found], format="csr")[:, order])
    counts.sort_indices()
    return counts, terms[order]
