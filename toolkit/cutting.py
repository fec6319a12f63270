"""Cutting many texts at once: the codes of their words, and where these stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.engine import BLOCK, NumberingEngine
from toolkit.metadata import CorpusError
from toolkit.wordlists import ADDRESS, LATIN_EDGE

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.segmentation import Segmenter

# So many characters are cut at a time: much of the work is the same for one text as for many.
_CHUNK = 200_000
#: Stands between the texts of a chunk: in no word, and no space, of which two may be one token.
_BETWEEN = "\0"

Array = np.ndarray[Any, Any]


def is_odd(term: str) -> bool:
    """Tell whether engines would break a term: “十四五”规划, 7·21暴雨, 5G-A."""
    if not BLOCK.fullmatch(term):
        return True
    # Of Latin letters and figures alone, it is one token without a dictionary.
    return bool(LATIN_EDGE.search(term)) and not (term.isascii() and term.isalnum())


def beforehand(terms: Iterable[str]) -> re.Pattern[str]:
    """Match what is cut before an engine comes: addresses, and terms that it would break."""
    patterns = [ADDRESS.pattern]
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        before = "(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", term) else ""
        after = "(?![A-Za-z0-9])" if re.search("[A-Za-z0-9]$", term) else ""
        patterns.append(before + re.escape(term) + after)
    return re.compile("|".join(patterns))


class TokenCodes(dict[str, int]):
    """Codes of the tokens a segmenter has met, numbered as they come.

    A token has the code of the word it counts as, or -1 if it is left out. Each distinct
    token is judged once; what recurs, which is nearly all, is a look-up.

    Parameters
    ----------
    segmenter : Segmenter
    """

    _LEFT_OUT, _DIVIDED, _UNMET = -1, -2, -3

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._word, self._divided = segmenter._word, segmenter._divided
        self._words: dict[str, int] = {}
        engine = segmenter._engine
        self._numbering = engine if isinstance(engine, NumberingEngine) else None
        if self._numbering:  # the last is of what has no number, always unmet
            self._of_number = np.full(self._numbering.n_numbers + 1, self._UNMET, dtype=np.int32)

    def __missing__(self, token: str) -> int:
        word = self._word(token)
        if token in self._divided:
            code = self._DIVIDED
        elif word is None:
            code = self._LEFT_OUT
        else:
            code = self._words.setdefault(word, len(self._words))
        self[token] = code
        return code

    def cut(self, texts: Iterable[str]) -> Iterator[tuple[Array, Array, Array]]:
        """Yield, some texts at a time, the codes of the tokens kept, their places, how many.

        Yields
        ------
        codes : array of int32, shape (t,)
            Text after text.
        spans : array of int32, shape (t, 2)
            Where each token stands in its text.
        counts : array of int64, shape (n,)
            Number of tokens of each text.
        """
        chunk: list[str] = []
        size = 0
        for text in texts:
            chunk.append(text)
            size += len(text)
            if size >= _CHUNK:
                yield self._chunk(chunk)
                chunk, size = [], 0
        if chunk:
            yield self._chunk(chunk)

    def _chunk(self, texts: list[str]) -> tuple[Array, Array, Array]:
        if self._numbering is None:
            return self._by_strings(texts)
        # Terms that no engine knows, and those cut into parts: these texts go by strings.
        marks = self._segmenter._marks
        again = np.array([any(mark in text for mark in marks) for text in texts])
        some = ["" if by_strings else t for t, by_strings in zip(texts, again, strict=True)]
        codes, spans, counts, divided = self._by_numbers(self._numbering, some)
        again |= divided
        if not again.any():
            return codes, spans, counts
        which = np.flatnonzero(again)
        own_codes, own_spans, own_counts = self._by_strings([texts[i] for i in which])
        stay = ~np.repeat(again, counts)
        text = np.repeat(np.arange(len(texts)), counts)[stay]
        order = np.argsort(np.concatenate([text, np.repeat(which, own_counts)]), kind="stable")
        counts[again] = own_counts
        return (
            np.concatenate([codes[stay], own_codes])[order],
            np.concatenate([spans[stay], own_spans])[order],
            counts,
        )

    def _by_numbers(
        self, engine: NumberingEngine, texts: list[str]
    ) -> tuple[Array, Array, Array, Array]:
        """Cut without making strings; tell too which texts hold terms that have parts."""
        joined, begin = _joined(texts)
        numbers, bounds = engine.numbers(joined, hmm=self._segmenter.hmm)
        codes = self._of_number[numbers]
        unmet = np.flatnonzero(codes == self._UNMET)
        if len(unmet):
            met, first = np.unique(numbers[unmet], return_index=True)
            met, known = met[met >= 0], unmet[first[met >= 0]]
            self._of_number[met] = [self[token] for token in _between(joined, bounds, known)]
            codes = self._of_number[numbers]
            rest = unmet[numbers[unmet] < 0]
            codes[rest] = [self[token] for token in _between(joined, bounds, rest)]
        divided = np.zeros(len(texts), dtype=bool)
        places = bounds[:-1][codes == self._DIVIDED]
        divided[np.searchsorted(begin, places, side="right") - 1] = True
        return (*_placed(codes, bounds, begin), divided)

    def _by_strings(self, texts: list[str]) -> tuple[Array, Array, Array]:
        joined, begin = _joined(texts)
        tokens = self._segmenter._whole(joined)
        codes = np.fromiter(map(self.__getitem__, tokens), np.int32, len(tokens))
        if codes.min(initial=0) == self._DIVIDED:
            tokens = self._segmenter._divide(tokens)
            codes = np.fromiter(map(self.__getitem__, tokens), np.int32, len(tokens))
        bounds = np.zeros(len(tokens) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)), out=bounds[1:])
        return _placed(codes, bounds, begin)

    def vocabulary(self) -> tuple[Array, Array]:
        """Return the words that were met, sorted, and the place of each code among them."""
        words = sorted(self._words)
        codes = np.fromiter(map(self._words.__getitem__, words), np.int32, len(words))
        place = np.empty(len(words), dtype=np.int32)
        place[codes] = np.arange(len(words), dtype=np.int32)
        return np.array(words, dtype=object), place


def _joined(texts: list[str]) -> tuple[str, Array]:
    """Return texts as one, and where each begins in it."""
    begin = np.zeros(len(texts), dtype=np.int64)
    np.cumsum([len(text) + len(_BETWEEN) for text in texts[:-1]], out=begin[1:])
    return _BETWEEN.join(texts), begin


def _between(text: str, bounds: Array, which: Array) -> Iterator[str]:
    places = zip(bounds[which].tolist(), bounds[which + 1].tolist(), strict=True)
    return (text[start:end] for start, end in places)


def _placed(codes: Array, bounds: Array, begin: Array) -> tuple[Array, Array, Array]:
    """Return the tokens kept of texts that were joined: codes, spans in their texts, counts."""
    kept = np.flatnonzero(codes >= 0)
    text = np.searchsorted(begin, bounds[kept], side="right") - 1
    spans = np.stack([bounds[kept], bounds[kept + 1]], axis=1) - begin[text][:, None]
    return codes[kept], spans.astype(np.int32), np.bincount(text, minlength=len(begin))


def spans_of(
    words: Mapping[str, Sequence[str]], texts: pd.Series[str]
) -> tuple[Array, Array, Array, Array]:
    """Return vocabulary, codes, offsets and spans of words that were cut elsewhere."""
    others = words.keys() - {*texts.index}
    problems = [f"words of {i!r}, which is no unit of the corpus" for i in others]
    found: list[str] = []
    spans: list[tuple[int, int]] = []
    offsets = [0]
    for i, text in texts.items():
        at = 0
        if str(i) not in words:
            problems.append(f"unit {i!r} has no words; give it an empty list if it has none")
        for number, word in enumerate(words.get(str(i), ()), 1):
            listed = isinstance(word, str) and not isinstance(words[str(i)], str)
            start = text.find(word, at) if listed and word.strip() else -1
            if start < 0:
                problems.append(
                    f"unit {i!r}: its word {number}, {word!r}, does not follow in its text: give a "
                    "list of words, cut from the text as it stands in corpus.units"
                )
                break
            found.append(word)
            spans.append((start, at := start + len(word)))
        offsets.append(len(found))
    if problems:
        raise CorpusError(problems)
    vocabulary, codes = np.unique(np.array(found, dtype=object), return_inverse=True)
    places = np.array(spans, dtype=np.int32).reshape(-1, 2)
    return vocabulary, codes.astype(np.int32), np.array(offsets, dtype=np.int64), places
