"""Runs of letters that documents share, and the passages that they make, found in arrays."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph
from tqdm.auto import tqdm

Array = np.ndarray[Any, Any]

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no character is lost in the product
_GAP = 12  # letters that a passage may leave out, add or change between two runs
_OFTEN = 100  # pairs of places of one run in two documents, all of which are followed
_AT_ONCE = 1_000_000  # letters or places compared in one go
_MOST_PAIRS = 30_000_000  # of places; their passages would fill some gigabytes


@dataclass(frozen=True)
class Letters:
    """The letters of all texts in a row: no marks, no spaces, so that these do not matter."""

    code: Array
    unit: Array  # number of the unit of each letter
    document: Array  # and of the document
    offset: Array  # where each stands in the text of its unit
    begin: Array  # where each unit begins in all texts joined
    names: Array  # the documents, in order of their numbers

    @classmethod
    def of(cls, units: pd.DataFrame) -> Letters:
        """Return the letters of the units of a corpus."""
        texts = units["text"].tolist()
        lengths = np.array([len(text) for text in texts], dtype=np.int64)
        raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        is_letter = np.zeros(sys.maxunicode + 1, dtype=bool)
        known = np.flatnonzero(np.bincount(raw))  # each character is asked about once
        is_letter[known] = [chr(c).isalnum() for c in known]
        place = np.flatnonzero(is_letter[raw])
        unit = np.repeat(np.arange(len(units)), lengths)[place]
        begin = np.cumsum(lengths) - lengths
        document, names = pd.factorize(units["doc_id"])
        named = np.asarray(names, dtype=object)
        return cls(raw[place], unit, document[unit], place - begin[unit], begin, named)

    def grams(self, size: int) -> tuple[Array, Array]:
        """Return where runs of `size` letters begin, and a number for each distinct run."""
        place = np.arange(max(len(self.code) - size + 1, 0))
        place = place[self.unit[place] == self.unit[place + size - 1]]
        value, code = np.zeros(len(place), dtype=np.uint64), self.code.astype(np.uint64)
        for step in range(size):  # 64 bits: two different runs are never taken for one
            value = value * _BASE + code[place + step]
        return place, pd.factorize(value)[0]


def distinct(of: Array, what: Array) -> Array:
    """Return how many distinct numbers of `what` stand beside each number in `of`."""
    width = int(what.max(initial=0)) + 1
    key = np.sort(of * width + what)
    key = key[np.diff(key, prepend=-1) > 0]  # np.unique takes ten times as long
    return np.bincount(key // width)


def depth(begin: Array, end: Array, n: int) -> Array:
    """Return how many spans lie over each of `n` letters."""
    edges = np.zeros(n + 1, dtype=np.int64)
    np.add.at(edges, begin, 1)
    np.add.at(edges, end, -1)
    return np.cumsum(edges)[:-1]


def shared_places(
    letters: Letters, place: Array, gram: Array, reference: Array
) -> Iterator[tuple[Array, Array]]:
    """Yield places in two documents where the same run begins, some documents at once.

    Each run in each document is an entry, whose places stand together; it is compared with
    the entries of the same run in other documents that `low` and `high` bound.
    """
    gram, place = _telling(letters, place, gram)
    document = letters.document[place]
    order = np.lexsort((place, document, reference[document], gram))
    gram, place, document = gram[order], place[order], document[order]
    new = (np.diff(gram, prepend=-1) != 0) | (np.diff(document, prepend=-1) != 0)
    first = np.flatnonzero(new)
    size, gram, document = np.diff(first, append=len(place)), gram[first], document[first]
    high = np.searchsorted(gram, gram, side="right")
    low = np.arange(1, len(gram) + 1)
    if reference.any():  # the entries of the reference stand last in each run
        others = np.bincount(gram[~reference[document]], minlength=gram.max(initial=0) + 1)
        begin = np.searchsorted(gram, gram)
        low = np.where(reference[document], high, begin + others[gram])
    work = np.bincount(document, high - low, minlength=len(letters.names))
    if work.sum() > _MOST_PAIRS:
        often = np.bincount(gram, minlength=1).max()
        raise ValueError(
            f"{work.sum():,.0f} pairs of places would have to be compared: some runs of "
            f"letters stand in {often:,} documents. Name a reference=, select fewer "
            "documents, or take such phrases out first"
        )
    batch = (np.cumsum(work) // _AT_ONCE).astype(int)  # of documents, so that memory is bounded
    by_batch = np.argsort(document, kind="stable")
    parts = np.split(by_batch, np.flatnonzero(np.diff(batch[document[by_batch]])) + 1)
    for entries in tqdm(parts, desc="shared passages", disable=len(parts) < 20, leave=False):
        one, other = expanded(entries, low[entries], high[entries])
        often = size[one] * size[other] > _OFTEN
        times = np.where(often, np.maximum(size[one], size[other]), size[one] * size[other])
        pair, t = expanded(np.arange(len(one)), np.zeros_like(times), times)
        one, other, often = one[pair], other[pair], often[pair]
        of_one = np.where(often, t % size[one], t // size[other])
        yield place[first[one] + of_one], place[first[other] + t % size[other]]


def _telling(letters: Letters, place: Array, gram: Array) -> tuple[Array, Array]:
    """Return the runs that stand more than once.

    A run that stands as often as the one a letter before it, and only after that, shows
    nothing that following the other would not, and is left out.
    """
    count = np.bincount(gram)
    before = np.full(len(letters.code) + 1, -1)
    before[place + 1] = gram
    before = np.where(letters.unit[place - 1] == letters.unit[place], before[place], -1)
    lowest, highest = np.full(len(count), len(count)), np.full(len(count), -1)
    np.minimum.at(lowest, gram, before)
    np.maximum.at(highest, gram, before)
    led = (lowest == highest) & (lowest >= 0)
    led &= count[lowest * led] == count
    again = ((count > 1) & ~led)[gram]
    return gram[again], place[again]


def pieces(letters: Letters, a: Array, b: Array) -> tuple[Array, Array, Array]:
    """Follow runs as far as they go, and join those at the same distance with a small gap.

    Returns where each piece begins in a, ends in a, begins in b.
    """
    order = np.lexsort((a, b - a, letters.unit[b], letters.unit[a]))
    a, b = a[order], b[order]
    first = _another(letters, a, b, np.diff(a) > 1)
    a, b = a[first], b[first]
    before = _equal_run(letters, a - 1, b - 1, -1)
    after = 1 + _equal_run(letters, a + 1, b + 1, 1)
    order = np.lexsort((a - before, b - a, letters.unit[b], letters.unit[a]))
    a, b, end = (a - before)[order], (b - before)[order], (a + after)[order]
    first = _another(letters, a, b, a[1:] - end[:-1] > _GAP)
    return a[first], np.maximum.reduceat(end, first) if len(first) else end, b[first]


def _another(letters: Letters, a: Array, b: Array, apart: Array) -> Array:
    """Return where sorted pairs of places come to another unit, distance or part."""
    new = np.ones(len(a), dtype=bool)
    new[1:] = apart | (np.diff(b - a) != 0)
    new[1:] |= (np.diff(letters.unit[a]) != 0) | (np.diff(letters.unit[b]) != 0)
    return np.flatnonzero(new)


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


def passages(
    letters: Letters, a: Array, a_end: Array, b: Array, min_chars: int
) -> tuple[Array, Array]:
    """Join pieces that follow each other in both units.

    Whatever is joined by such steps is one passage, so that neither the order of the pieces
    nor which document comes first matters. Returns, for each passage, begin and end in a,
    begin and end in b, and how many letters of both stand in the other too; and the last for
    each pair of documents.
    """
    b_end = b + a_end - a
    home = letters.unit[a] * (letters.unit[-1] + 1) + letters.unit[b]
    home = np.unique(home, return_inverse=True)[1]
    key = home * (len(letters.code) + 4 * _GAP)  # so that no window reaches another home
    order = np.argsort(key + a, kind="stable")
    a, a_end, b, b_end, home, key = (x[order] for x in (a, a_end, b, b_end, home, key))
    low = np.searchsorted(key + a, key + a_end - _GAP)
    high = np.searchsorted(key + a, key + a_end + _GAP, side="right")
    one, other = expanded(np.arange(len(a)), low, high)
    follows = (np.abs(b[other] - b_end[one]) <= _GAP) & (home[one] == home[other])
    follows &= (a_end[other] > a_end[one]) & (b_end[other] > b_end[one])
    edges = (np.ones(int(follows.sum()), dtype=bool), (one[follows], other[follows]))
    graph = sparse.coo_array(edges, shape=(len(a), len(a)))
    passage = csgraph.connected_components(graph, directed=False)[1]
    order = np.argsort(passage, kind="stable")
    first = np.flatnonzero(np.diff(passage[order], prepend=-1))
    sides = [
        at.reduceat(x[order], first)
        for x, at in ((a, np.minimum), (a_end, np.maximum), (b, np.minimum), (b_end, np.maximum))
    ]
    long = (sides[1] - sides[0] >= min_chars) & (sides[3] - sides[2] >= min_chars)
    kept = long[passage]
    piece, place = expanded(np.flatnonzero(kept), a[kept], a_end[kept])
    there = place + (b - a)[piece]
    equal = letters.code[place] == letters.code[there]
    piece, places = piece[equal], (place[equal], there[equal])
    of = (np.cumsum(long) - 1)[passage[piece]]
    same = sum(distinct(of, side) for side in places)  # once each: pieces may lie over each other
    n_docs = len(letters.names)
    documents = letters.document[places[0]] * n_docs + letters.document[places[1]]
    pairs, number = np.unique(documents, return_inverse=True)
    together = sum(distinct(number, side) for side in places)
    return (
        np.column_stack([*(side[long] for side in sides), same]),
        np.column_stack([pairs // n_docs, pairs % n_docs, together]),
    )


def expanded(value: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Return each value as often as there are numbers from low to high, and these numbers."""
    times = np.maximum(high - low, 0)
    number = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(value, times), number + np.repeat(low, times)
