"""Shared passages: what texts have taken from each other or from a common source."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from toolkit.compare.runs import Letters, depth, distinct, passages, pieces, shared_places
from toolkit.corpus import Corpus
from toolkit.engine import in_dictionary
from toolkit.recipe import Recipe, Recorded, step
from toolkit.units import listed, starts
from toolkit.wordlists import shipped_table

Array = np.ndarray[Any, Any]

_SEEDS = (4, 8)  # letters in a row that a passage rests on, at least and at most
_NEAR_DUPLICATE = 0.8  # share of the shorter text
_PASSAGES = ["doc_a", "doc_b", "unit_a", "start_a", "end_a", "unit_b", "start_b", "end_b"]
_PASSAGES += ["length", "similarity", "n_docs", "kind", "text_a", "text_b"]


@dataclass(frozen=True, eq=False)
class Reuse(Recorded):
    """Passages that documents share.

    Parameters
    ----------
    passages : DataFrame
        Longest first: ``doc_a``, ``doc_b``, ``unit_a``, ``start_a``, ``end_a`` (place in
        the text of the unit, in characters), the same for b, ``length`` (letters, marks
        not counted), ``similarity`` (letters in common, 1: the same), ``n_docs`` (how
        many documents hold a typical part of it), ``kind`` ("formula": shared by many, or a
        standing phrase of legislation; "substance": the rest), ``text_a``, ``text_b``.
    pairs : DataFrame
        Most shared first: ``doc_a``, ``doc_b``, ``passages``, ``letters``, ``share_a``
        and ``share_b`` (of the letters of the document that lie in a passage),
        ``similarity`` (letters of both that stand in the other too, of the letters of
        both: comparable to the ratio of `difflib`), ``near_duplicate``.
    flags : DataFrame
        Documents to look at: ``doc_id``, ``flag`` ("near-duplicate", "same text, other
        label", "never names its city"), ``detail``.
    groups : array of int, one for each document
        Equal for near duplicates: which documents count as one.
    recipe : Recipe
    """

    passages: pd.DataFrame
    pairs: pd.DataFrame
    flags: pd.DataFrame
    groups: Array
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        kinds = self.passages["kind"].value_counts()
        return (
            f"Reuse: {kinds.get('substance', 0):,} passages of substance and "
            f"{kinds.get('formula', 0):,} of formula in {len(self.pairs):,} pairs of documents, "
            f"{self.flags['doc_id'].nunique()} documents flagged"
        )


@step("shared")
def reuse(
    corpus: Corpus,
    *,
    min_chars: int = 25,
    formula_docs: int = 5,
    reference: str | Collection[str] | None = None,
) -> Reuse:
    """Find the passages that documents share, small edits allowed.

    Runs of letters that two documents share (a third of `min_chars`, but 4 at least and 8
    at most) are looked up in an index, joined on each diagonal (places at one distance),
    and joined again where the next run follows within 12 letters in both documents: so a
    passage may leave out, add or change up to 12 letters at a time. Marks, spaces and the
    cut into words do not matter. Every run of every pair is followed, so what is told of
    two documents is what is told of these two alone, whatever their order and company; the
    work grows with what documents share.

    Parameters
    ----------
    corpus : Corpus
        Passages are looked for between documents, not within one.
    min_chars : int
        Shortest passage, in letters.
    formula_docs : int
        In how many documents fixed phrasing stands at least. Near duplicates (80% of the
        shorter one is in the other) count as one document; so do short texts that are
        hardly more than the same fixed phrasing.
    reference : doc_id or collection of doc_id, optional
        Compare all others with these documents only, such as each city's report with the
        national one; the reference is then ``doc_b``.

    Returns
    -------
    Reuse

    Raises
    ------
    ValueError
        If there are fewer than two documents, a limit makes no sense, a reference is not
        in the corpus, or so many documents share so much that all pairs cannot be listed.

    Notes
    -----
    A run that stands very often in both documents (over 100 pairs of places) is followed
    from its first place to the first, from its second to the second, and so on, which
    keeps a text that repeats itself within bounds and depends on the two documents only.

    Examples
    --------
    >>> corpus = Corpus.from_texts({
    ...     "a": "会议指出,要深化接诉即办改革,完善首接负责制和限时办结机制,让群众满意。",
    ...     "b": "本市将深化接诉即办改革，进一步完善首接负责制和限时办结机制。",
    ...     "c": "口袋公园建在家门口，老人和孩子都多了去处。"})
    >>> reuse(corpus, min_chars=20).passages[["doc_a", "doc_b", "text_b"]].to_numpy().tolist()
    [['a', 'b', '深化接诉即办改革，进一步完善首接负责制和限时办结机制']]
    """
    if min_chars < 8 or formula_docs < 3:
        raise ValueError(
            f"min_chars must be at least 8 and formula_docs at least 3, "
            f"not {min_chars} and {formula_docs}"
        )
    letters = Letters.of(corpus.units)
    if len(letters.names) < 2:
        raise ValueError("reuse compares documents with each other; this corpus has only one")
    size = min(max(min_chars // 3, _SEEDS[0]), _SEEDS[1])
    place, gram = letters.grams(size)
    places = shared_places(letters, place, gram, _among(letters.names, reference))
    found = [passages(letters, *pieces(letters, a, b), min_chars) for a, b in places]
    shared, common = (np.concatenate(part) for part in zip(*found, strict=True))
    pairs = _pairs(letters, shared, common)
    group = _groups_of_duplicates(pairs, letters)
    n_docs = np.zeros(len(letters.code), dtype=np.int64)
    n_docs[place] = distinct(gram, group[letters.document[place]])[gram]
    held = _documents_that_hold(letters, shared, group)
    table = _passages(corpus.units, letters, shared, (n_docs, held), formula_docs)
    flags = _flags(corpus.units, pairs, letters.names, group)
    return Reuse(table, pairs, flags, group)


def align_passages(a: str, b: str) -> pd.DataFrame:
    """Set two passages side by side.

    Returns
    -------
    DataFrame
        One row a piece, in order: ``change`` ("same", "changed", "left out", "added"),
        ``text_a``, ``text_b``.

    Examples
    --------
    >>> align_passages("深化改革，完善机制", "深化改革，进一步完善制度").to_numpy().tolist()
    [['same', '深化改革，', '深化改革，'], ['added', '', '进一步'], ['same', '完善', '完善'],
     ['left out', '机', ''], ['same', '制', '制'], ['added', '', '度']]
    """
    names = {"equal": "same", "replace": "changed", "delete": "left out", "insert": "added"}
    pieces = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    rows = [(names[name], a[i:j], b[k:m]) for name, i, j, k, m in pieces]
    return pd.DataFrame(rows, columns=["change", "text_a", "text_b"])


def _among(names: Array, reference: str | Collection[str] | None) -> Array:
    """Return which documents are the reference."""
    wanted = [reference] if isinstance(reference, str) else list(reference or [])
    if missing := [name for name in wanted if name not in {*names}]:
        raise ValueError(
            f"no document {listed(missing)} for a reference; this corpus has {listed(names)}"
        )
    among = np.isin(names, wanted)
    if among.all():
        raise ValueError("the reference is the whole corpus; there is nothing to compare with it")
    return among


def _pairs(letters: Letters, shared: Array, common: Array) -> pd.DataFrame:
    """Sum the passages up over pairs of documents."""
    n = len(letters.names)
    common = common[np.argsort(common[:, 0] * n + common[:, 1])]
    sides = letters.document[shared[:, [0, 2]]]
    number = np.searchsorted(common[:, 0] * n + common[:, 1], sides[:, 0] * n + sides[:, 1])
    size = np.bincount(letters.document, minlength=n)[common[:, :2]]
    within = np.zeros(size.shape, dtype=np.int64)
    for side in (0, 1):
        order, begin, end = _not_told_yet(number, shared[:, 2 * side], shared[:, 2 * side + 1])
        within[:, side] = np.bincount(number[order], end - begin, minlength=len(common))
    shares = within / size
    pairs = pd.DataFrame(
        {
            "doc_a": letters.names[common[:, 0]],
            "doc_b": letters.names[common[:, 1]],
            "passages": np.bincount(number, minlength=len(common)),
            "letters": within.max(axis=1, initial=0),
            "share_a": shares[:, 0],
            "share_b": shares[:, 1],
            "similarity": common[:, 2] / size.sum(axis=1),
            "near_duplicate": shares.max(axis=1, initial=0) >= _NEAR_DUPLICATE,
        }
    )
    return pairs.sort_values("letters", ascending=False, kind="stable", ignore_index=True)


def _not_told_yet(of: Array, begin: Array, end: Array) -> tuple[Array, Array, Array]:
    """Sort spans, and cut off each what an earlier span of the same number holds already."""
    order = np.lexsort((begin, of))
    of, begin, end = of[order], begin[order], end[order]
    key = of * (int(end.max(initial=0)) + 1)
    reached = np.maximum.accumulate(key + end) if len(key) else key
    begin[1:] = np.maximum(begin[1:], reached[:-1] - key[1:])
    return order, np.minimum(begin, end), end


def _groups_of_duplicates(pairs: pd.DataFrame, letters: Letters) -> Array:
    """Return, for each document, the first of the documents that it is nearly the same as."""
    number = pd.Index(letters.names).get_indexer
    near = pairs[pairs["near_duplicate"]]
    ends = (number(pd.Index(near["doc_a"])), number(pd.Index(near["doc_b"])))
    graph = sparse.coo_array((np.ones(len(near)), ends), shape=(len(letters.names),) * 2)
    group = csgraph.connected_components(graph, directed=False)[1]
    return np.unique(group, return_index=True)[1][group]


def _documents_that_hold(letters: Letters, shared: Array, group: Array) -> Array:
    """Return, for each letter, how many documents share a passage there, its own among them."""
    begin, end, other = np.concatenate([shared[:, [0, 1, 2]], shared[:, [2, 3, 0]]]).T
    own, other = group[letters.document[begin]], group[letters.document[other]]
    apart = own != other
    _, begin, end = _not_told_yet(other[apart], begin[apart], end[apart])
    return depth(begin, end, len(letters.code)) + 1


def _passages(
    units: pd.DataFrame, letters: Letters, shared: Array, held: tuple[Array, Array], many: int
) -> pd.DataFrame:
    texts = units["text"].to_numpy(dtype=object)
    columns: dict[str, Any] = {}
    for side, first, end in (("a", shared[:, 0], shared[:, 1]), ("b", shared[:, 2], shared[:, 3])):
        unit, start, stop = letters.unit[first], letters.offset[first], letters.offset[end - 1] + 1
        columns |= {
            f"doc_{side}": letters.names[letters.document[first]],
            f"unit_{side}": units.index.to_numpy(dtype=object)[unit],
            f"start_{side}": start,
            f"end_{side}": stop,
            f"text_{side}": [t[i:j] for t, i, j in zip(texts[unit], start, stop, strict=True)],
        }
    table = pd.DataFrame(columns)
    lengths = shared[:, 1] - shared[:, 0], shared[:, 3] - shared[:, 2]
    table["length"] = np.maximum(*lengths)
    table["similarity"] = shared[:, 4] / np.maximum(sum(lengths), 1)
    table["n_docs"] = [_typical(held, *row) for row in shared[:, :4].tolist()]
    formula = table["n_docs"].ge(many) | table["text_a"].map(_of_law).astype(bool)
    table["kind"] = np.where(formula, "formula", "substance")
    order, up = ["length", "start_a", "start_b"], [False, True, True]
    return table.sort_values(order, ascending=up, ignore_index=True)[_PASSAGES]


def _typical(held: tuple[Array, Array], a: int, a_end: int, b: int, b_end: int) -> int:
    """Return how many documents hold a typical part: word for word, or with small edits."""
    exact, edited = held
    inside = exact[a:a_end]
    parts = inside[inside > 0], edited[a:a_end], edited[b:b_end]
    return max(int(np.partition(part, len(part) // 2)[len(part) // 2]) for part in parts)


def _of_law(text: str) -> bool:
    """Tell whether at least half of a passage is standing phrases of legislation."""
    letters = "".join(filter(str.isalnum, text))
    told = np.zeros(len(letters), dtype=bool)
    for pattern in _phrases_of_law():
        for match in pattern.finditer(letters):
            told[slice(*match.span())] = True
    return bool(2 * told.sum() >= len(letters))


@cache
def _phrases_of_law() -> list[re.Pattern[str]]:
    return [re.compile(pattern) for pattern in shipped_table("phrases_of_law.csv")["pattern"]]


def _flags(units: pd.DataFrame, pairs: pd.DataFrame, names: Array, group: Array) -> pd.DataFrame:
    """Return the documents that are not what their metadata say."""
    first = units.drop_duplicates("doc_id").set_index("doc_id")
    cities = first["city"].dropna().to_dict() if "city" in first else {}
    rows = []
    near = pairs[pairs["near_duplicate"]]
    for a, b, share_a, share_b in near[["doc_a", "doc_b", "share_a", "share_b"]].to_numpy():
        share = max(share_a, share_b)
        for doc, other in ((a, b), (b, a)):
            rows.append((doc, "near-duplicate", f"{share:.0%} the same as {other}"))
            if doc in cities and cities.get(other, cities[doc]) != cities[doc]:
                both = f"{cities[doc]} here, {cities[other]} in {other}"
                rows.append((doc, "same text, other label", both))
    if "city" in first:
        texts = units.groupby("doc_id", sort=False)["text"].agg("\n".join)
        for city, own in texts.groupby(first["city"], sort=False):
            nameless = own.index[[str(city) not in text for text in own]]
            if not len(nameless) or not in_dictionary(str(city)):
                continue  # a label such as 多城 is no name to look for
            for doc in nameless:
                rows.append((doc, "never names its city", f"{city} does not occur in the text"))
    return pd.DataFrame(rows, columns=["doc_id", "flag", "detail"]).drop_duplicates()


def aligned(
    corpus: Corpus, documents: Sequence[str] | None = None, *, min_chars: int = 25
) -> pd.DataFrame:
    """Return the passages that two documents share, and where they stand in each.

    Parameters
    ----------
    corpus : Corpus
    documents : sequence of two doc_id, optional
        The two that share most if not given.
    min_chars : int
        See `reuse`.

    Returns
    -------
    DataFrame
        The passages of `reuse`, with ``from_a``, ``to_a``, ``from_b``, ``to_b``: % of the text.

    Raises
    ------
    ValueError
        If no two documents, or not these, share a passage.
    """
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
