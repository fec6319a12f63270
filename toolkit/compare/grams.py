"""Runs of characters that several documents share, found in arrays."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no character is lost in the product


@dataclass(frozen=True)
class Letters:
    """The letters of all texts in a row: no marks, no spaces, so that these do not matter.

    Parameters
    ----------
    code : array of int, shape (n,)
        The letters.
    unit, document : array of int, shape (n,)
        Number of the unit and of the document of each letter.
    offset : array of int, shape (n,)
        Where each letter stands in the text of its unit.
    names : array of str
        The documents, in order of their numbers.
    """

    code: Array
    unit: Array
    document: Array
    offset: Array
    names: Array

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
        offset = place - (np.cumsum(lengths) - lengths)[unit]
        document, names = pd.factorize(units["doc_id"])
        return cls(raw[place], unit, document[unit], offset, np.asarray(names, dtype=object))

    def grams(self, size: int) -> tuple[Array, Array]:
        """Return where runs of `size` letters begin, and a number for each distinct run."""
        place = np.arange(max(len(self.code) - size + 1, 0))
        place = place[self.unit[place] == self.unit[place + size - 1]]
        value, code = np.zeros(len(place), dtype=np.uint64), self.code.astype(np.uint64)
        for step in range(size):  # 64 bits: two different runs are never taken for one
            value = value * _BASE + code[place + step]
        return place, pd.factorize(value)[0]


def documents_of_grams(gram: Array, document: Array) -> Array:
    """Return, for each run, in how many distinct documents its letters occur."""
    if not len(gram):
        return np.zeros(0, dtype=np.int64)
    pairs = np.sort(gram * (document.max() + 1) + document)
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]  # np.unique takes ten times as long
    return np.bincount(pairs // (document.max() + 1))[gram]


def covered(place: Array, size: int, n: int) -> Array:
    """Return which of `n` letters stand in a run of `size` that begins at `place`."""
    edges = np.zeros(n + 1, dtype=np.int64)
    np.add.at(edges, place, 1)
    np.add.at(edges, place + size, -1)
    return np.cumsum(edges)[:-1] > 0
