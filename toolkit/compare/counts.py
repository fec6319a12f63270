"""Words of tokens as numbers: their codes, their units, how often places hold them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from toolkit.segmentation import Tokens

Array = np.ndarray[Any, Any]


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
