"""Words of tokens as numbers: their codes, their units, which places hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import sparse

from toolkit.compare.runs import expanded
from toolkit.recipe import check_kind
from toolkit.segmentation import Tokens

Array = np.ndarray[Any, Any]
Within = Literal["sentence", "unit"] | int


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


def unit_of(tokens: Tokens) -> Array:
    """Return the number of the unit that each token is in."""
    return np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))


def counted(tokens: Tokens, place: Array, n: int) -> sparse.csr_array:
    """Return how often each of `n` places holds each word; tokens of place -1 are in none."""
    inside = place >= 0
    ones = np.ones(int(inside.sum()), dtype=np.int64)
    shape = (n, len(tokens.vocabulary))
    return sparse.coo_array((ones, (place[inside], tokens.codes[inside])), shape).tocsr()


@dataclass(frozen=True)
class Places:
    """Where words can meet: first and last place of each of t tokens, and how many places."""

    first: Array
    last: Array
    n: int

    @classmethod
    def of(cls, tokens: Tokens, within: Within) -> Places:
        """Return the sentences or units that hold a word, or windows of words within sentences.

        Raises
        ------
        ValueError
            If it is none of them.
        """
        if within in ("sentence", "unit"):
            inside = tokens.sentences if within == "sentence" else unit_of(tokens)
            filled, number = np.unique(inside, return_inverse=True)
            return cls(number, number, len(filled))
        if isinstance(within, bool) or not isinstance(within, int | np.integer) or within < 2:
            raise ValueError(
                f"within must be 'sentence', 'unit' or a window of 2 words or more, not {within!r}"
            )
        _, begin, number, size = np.unique(
            tokens.sentences, return_index=True, return_inverse=True, return_counts=True
        )
        windows = np.maximum(1, size - within + 1)
        before = (np.cumsum(windows) - windows)[number]
        place, most = np.arange(len(tokens.codes)) - begin[number], windows[number] - 1
        first, last = np.maximum(0, place - within + 1), np.minimum(place, most)
        return cls(before + np.minimum(first, most), before + last, int(windows.sum()))

    def part(self, of_token: Array) -> Array:
        """Return which document, or other part of the texts, each place is in."""
        found = np.empty(self.n, dtype=np.int64)
        found[self.last] = of_token
        return found

    def hold(self, words: Array, m: int, at: Array | None = None) -> sparse.csr_array:
        """Return which of `m` words, numbers of the tokens `at`, stand in which places: 0, 1."""
        first, last = (self.first, self.last) if at is None else (self.first[at], self.last[at])
        word, place = expanded(words, first, last + 1)
        ones = np.ones(len(place), dtype=np.int64)
        return sparse.coo_array((ones, (place, word)), (self.n, m)).tocsr().sign()


def meetings(
    tokens: Tokens, terms: Sequence[str] | None, n: int, within: Within
) -> tuple[Array, sparse.csr_array, Places]:
    """Return words (if none are given the `n` most frequent), which places hold each, and these."""
    check_kind(tokens, Tokens, "cooccurrence")
    places = Places.of(tokens, within)
    if terms is None:
        terms = tokens.frequencies.index[:n].tolist()
    codes = np.sort(codes_of(tokens, list(dict.fromkeys(terms))))
    held = places.hold(tokens.codes, len(tokens.vocabulary))[:, codes]
    return tokens.vocabulary[codes], held, places
