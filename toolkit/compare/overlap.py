"""Shared passages: what texts have taken from each other or from a common source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare.grams import Letters, documents_of_grams
from toolkit.corpus import Corpus
from toolkit.engine import in_dictionary
from toolkit.recipe import Recipe, Recorded, step

Array = np.ndarray[Any, Any]

_SEED = 8  # letters in a row that two texts must share for a passage to begin
_GAP = 12  # letters that a passage may leave out, add or change between two such runs
_NEAR_DUPLICATE = 0.8  # share of the shorter text
_AT_ONCE = 1_000_000  # letters compared in one go
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
        many documents hold a typical part of it), ``kind`` ("formula": shared by many;
        "substance": by few), ``text_a``, ``text_b``.
    pairs : DataFrame
        Most shared first: ``doc_a``, ``doc_b``, ``passages``, ``letters``, ``share_a``
        and ``share_b`` (of the letters of the document), ``near_duplicate``.
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
def reuse(corpus: Corpus, *, min_chars: int = 25, formula_docs: int = 5) -> Reuse:
    """Find the passages that documents share, small edits allowed.

    Runs of 8 letters that occur in several documents are looked up in an index, put
    together to passages that may leave out, add or change up to 12 letters in between,
    and told apart by the number of documents that hold them. Marks, spaces and the cut
    into words do not matter. Runs that are in very many documents are followed from each
    document to the next only, so the work grows with the text, not with all pairs.

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

    Returns
    -------
    Reuse

    Raises
    ------
    ValueError
        If there are fewer than two documents, or a limit makes no sense.

    Examples
    --------
    >>> corpus = Corpus.from_texts({
    ...     "a": "会议指出,要深化接诉即办改革,完善首接负责制和限时办结机制,让群众满意。",
    ...     "b": "本市将深化接诉即办改革，进一步完善首接负责制和限时办结机制。",
    ...     "c": "口袋公园建在家门口，老人和孩子都多了去处。"})
    >>> reuse(corpus, min_chars=20).passages[["doc_a", "doc_b", "text_b"]].to_numpy().tolist()
    [['a', 'b', '深化接诉即办改革，进一步完善首接负责制和限时办结机制']]
    """
    if min_chars < _SEED or formula_docs < 3:
        raise ValueError(
            f"min_chars must be at least {_SEED} and formula_docs at least 3, "
            f"not {min_chars} and {formula_docs}"
        )
    letters = Letters.of(corpus.units)
    if len(letters.names) < 2:
        raise ValueError("reuse compares documents with each other; this corpus has only one")
    place, gram = letters.grams(_SEED)
    a, b = _seeds(place, gram, letters.document[place], formula_docs)
    chains = np.array([*_chains(letters, *_diagonals(letters, a, b))], dtype=np.int64)
    chains = chains.reshape(-1, 5)
    long = (chains[:, 1] - chains[:, 0] >= min_chars) & (chains[:, 3] - chains[:, 2] >= min_chars)
    chains = chains[long]
    pairs = _pairs(letters, chains)
    group = _groups_of_duplicates(pairs, letters)
    n_docs = np.zeros(len(letters.code), dtype=np.int64)
    n_docs[place] = documents_of_grams(gram, group[letters.document[place]])
    passages = _passages(corpus.units, letters, chains, n_docs, formula_docs)
    flags = _flags(corpus.units, pairs, letters.names, group)
    return Reuse(passages, pairs, flags, group)


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


def _seeds(place: Array, gram: Array, document: Array, many: int) -> tuple[Array, Array]:
    """Return the places in two documents where the same run begins.

    All pairs of documents for a run that fewer than `many` hold; otherwise each document
    with the next, which is enough to see that the run is shared.
    """
    again = np.bincount(gram)[gram] > 1  # most runs stand in one place only
    gram, document, place = gram[again], document[again], place[again]
    order = np.lexsort((place, document, gram))
    gram, document, place = gram[order], document[order], place[order]
    new = np.ones(len(gram), dtype=bool)
    new[1:] = (gram[1:] != gram[:-1]) | (document[1:] != document[:-1])
    gram, place = gram[new], place[new]  # the first place in each document stands for all
    n_docs = np.bincount(gram)[gram]
    found = []
    for apart in range(1, many):
        same = gram[apart:] == gram[:-apart]
        if apart > 1:
            same &= n_docs[apart:] < many
        i = np.flatnonzero(same)
        found.append((place[i], place[i + apart]))
    return tuple(np.concatenate(side) for side in zip(*found, strict=True))  # type: ignore[return-value]


def _diagonals(letters: Letters, a: Array, b: Array) -> tuple[Array, Array, Array]:
    """Join seeds that go on at the same distance: begin in a, end in a, begin in b."""
    order = np.lexsort((a, b - a, letters.unit[b], letters.unit[a]))
    a, b = a[order], b[order]
    if not len(a):
        return a, a, b
    units = letters.unit[a] * (letters.unit.max() + 1) + letters.unit[b]
    new = np.ones(len(a), dtype=bool)
    new[1:] = (np.diff(units) != 0) | (np.diff(b - a) != 0) | (np.diff(a) > _SEED + _GAP)
    first = np.flatnonzero(new)
    end = a[np.append(first[1:], len(a)) - 1] + _SEED
    a, b = a[first], b[first]
    # Runs of many documents are followed to the next document only: go on from here.
    after = _equal_run(letters, end, end + b - a, 1)
    before = _equal_run(letters, a - 1, b - 1, -1)
    pieces = np.unique(np.stack([a - before, end + after, b - before]), axis=1)
    return pieces[0], pieces[1], pieces[2]


def _equal_run(letters: Letters, a: Array, b: Array, step: int) -> Array:
    """Return how many letters from a and b on are equal, within their units."""
    code, unit = letters.code, letters.unit
    run = np.zeros(len(a), dtype=np.int64)
    going, width = np.arange(len(a)), 1
    while len(going):  # most end at once; whole texts may be the same
        reach = step * (run[going, None] + np.arange(width))
        at = np.stack([a[going, None], b[going, None]]) + reach
        inside = ((at >= 0) & (at < len(code))).all(axis=0)
        at = np.where(inside, at, 0)
        home = np.stack([unit[a[going] - step], unit[b[going] - step]])
        same = inside & (code[at[0]] == code[at[1]]) & (unit[at] == home[:, :, None]).all(axis=0)
        whole = same.all(axis=1)
        run[going] += np.where(whole, width, same.argmin(axis=1))
        going = going[whole]
        width = max(min(2 * width, _AT_ONCE // max(len(going), 1)), 1)
    return run


def _chains(
    letters: Letters, a: Array, a_end: Array, b: Array
) -> Iterator[tuple[int, int, int, int, int]]:
    """Join pieces that follow each other in both units: a, end, b, end, letters in common."""
    unit_a, unit_b = letters.unit[a], letters.unit[b]
    order = np.lexsort((b, a, unit_b, unit_a))
    a, a_end, b = a[order], a_end[order], b[order]
    pieces = (a, a_end, b, _in_common(letters, a, a_end, b), unit_a[order], unit_b[order])
    chain: list[int] = []
    home: tuple[int, int] = (-1, -1)
    for start, end, start_b, same, *units in zip(*(p.tolist() for p in pieces), strict=True):
        end_b = start_b + end - start
        if (
            chain
            and home == (units[0], units[1])
            and -_GAP <= start - chain[1] <= _GAP
            and -_GAP <= start_b - chain[3] <= _GAP
            and end > chain[1]
            and end_b > chain[3]
        ):
            twice = max(chain[1] - start, chain[3] - start_b, 0)
            chain = [chain[0], end, chain[2], end_b, chain[4] + max(same - twice, 0)]
        else:
            if chain:
                yield tuple(chain)  # type: ignore[misc]
            chain, home = [start, end, start_b, end_b, same], (units[0], units[1])
    if chain:
        yield tuple(chain)  # type: ignore[misc]


def _in_common(letters: Letters, a: Array, a_end: Array, b: Array) -> Array:
    """Return how many letters two pieces of equal length have in common, place by place."""
    if not len(a):
        return np.zeros(0, dtype=np.int64)
    lengths = a_end - a
    first = np.cumsum(lengths) - lengths
    place = np.arange(int(lengths.sum())) - np.repeat(first, lengths)
    at_a, at_b = np.repeat(a, lengths) + place, np.repeat(b, lengths) + place
    same = letters.code[at_a] == letters.code[at_b]
    return np.asarray(np.add.reduceat(same, first, dtype=np.int64))


def _pairs(letters: Letters, chains: Array) -> pd.DataFrame:
    """Sum the chains up over pairs of documents."""
    sizes = np.bincount(letters.document)
    documents = letters.document[chains[:, [0, 2]]]
    order = np.lexsort(documents.T[::-1])
    chains, documents = chains[order], documents[order]
    begins = np.flatnonzero((np.diff(documents, axis=0, prepend=-1) != 0).any(axis=1))
    rows = []
    for docs, part in zip(documents[begins], np.split(chains, begins[1:]), strict=False):
        shared = [_union(part[:, side : side + 2].tolist()) for side in (0, 2)]
        shares = np.array(shared) / sizes[docs]
        near = bool(shares.max() >= _NEAR_DUPLICATE)
        rows.append((*letters.names[docs], len(part), max(shared), *shares, near))
    columns = ["doc_a", "doc_b", "passages", "letters", "share_a", "share_b", "near_duplicate"]
    pairs = pd.DataFrame(rows, columns=columns).astype({"near_duplicate": bool})
    return pairs.sort_values("letters", ascending=False, kind="stable", ignore_index=True)


def _union(spans: list[list[int]]) -> int:
    """Return how many places lie in at least one of the spans."""
    total, reached = 0, -1
    for low, high in sorted(spans):
        total += max(high - max(low, reached), 0)
        reached = max(reached, high)
    return total


def _groups_of_duplicates(pairs: pd.DataFrame, letters: Letters) -> Array:
    """Return, for each document, the first of the documents that it is nearly the same as."""
    number = {name: i for i, name in enumerate(letters.names)}
    group = np.arange(len(letters.names))
    for a, b in pairs.loc[pairs["near_duplicate"], ["doc_a", "doc_b"]].to_numpy():
        one, other = group[number[a]], group[number[b]]
        group[group == max(one, other)] = min(one, other)
    return group


def _passages(
    units: pd.DataFrame, letters: Letters, chains: Array, n_docs: Array, many: int
) -> pd.DataFrame:
    texts, ids = units["text"].tolist(), units.index.tolist()
    rows = []
    for a, a_end, b, b_end, same in chains.tolist():
        row: dict[str, Any] = {}
        for side, first, last in (("a", a, a_end - 1), ("b", b, b_end - 1)):
            unit = letters.unit[first]
            start, end = int(letters.offset[first]), int(letters.offset[last]) + 1
            row |= {
                f"doc_{side}": letters.names[letters.document[first]],
                f"unit_{side}": ids[unit],
                f"start_{side}": start,
                f"end_{side}": end,
                f"text_{side}": texts[unit][start:end],
            }
        inside = n_docs[a : a_end - _SEED + 1]
        inside = np.sort(inside[inside > 0])
        middle = len(inside) // 2
        row["length"] = max(a_end - a, b_end - b)
        row["similarity"] = min(2 * same / (a_end - a + b_end - b), 1.0)
        row["n_docs"] = int(inside[middle] + inside[-1 - middle]) // 2  # their median
        row["kind"] = "formula" if row["n_docs"] >= many else "substance"
        rows.append(row)
    table = pd.DataFrame(rows, columns=_PASSAGES)
    return table.sort_values("length", ascending=False, kind="stable", ignore_index=True)


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
