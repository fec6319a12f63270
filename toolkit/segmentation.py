"""Words: jieba with a governance lexicon, private to each segmenter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.cutting import TokenCodes, beforehand, is_odd, spans_of
from toolkit.engine import Engine, EngineName, JiebaEngine, make_engine
from toolkit.recipe import Recipe, Recorded, check_kind, fingerprint, step
from toolkit.values import source, writable
from toolkit.wordlists import ADDRESS, BEGINS_NUMBER, LATIN_EDGE, NUMBER, Entry, word_entries

# What ends a sentence or a line; as `structure.sentences` has it.
_ENDS = np.array([ord(mark) for mark in "。！？!?…\n\r\v\f\x85\u2028\u2029"], dtype=np.uint32)
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Segmenter:
    """Cut Chinese text into words.

    A segmenter owns its dictionary: two with different lexicons do not see each other.
    It is callable, so ``TfidfVectorizer(analyzer=Segmenter())`` works.

    Parameters
    ----------
    lexicon : str, path, sequence of str, or None
        Terms kept whole. ``"governance"`` is the lexicon that comes with the toolkit, a
        path names a file in UTF-8 or GBK (CSV with a column ``term`` and, optionally,
        ``parts``; one term a line; or jieba's ``词 频 性``), a sequence may mix all these.
    stopwords : str, path, sequence of str, or None
        Words left out; the same forms, ``"default"`` being the list that comes with the
        toolkit and ``word`` the column of a CSV.
    synonyms : mapping of str to str, optional
        Variant to the word it is counted as.
    hmm : bool
        Let jieba guess words that are in no dictionary.
    min_length : int
        Shortest word, in characters; terms of the lexicon are kept whatever their length.
    keep_numbers : bool
        Keep words that are nothing but a number.
    pos : sequence of str, optional
        Keep only words whose part of speech in jieba's dictionary begins with one of
        these (``("n", "v")``), whatever their context; terms of the lexicon are kept.
    engine : {"auto", "jieba", "rjieba", "numba"}
        What cuts. The tokens are jieba's with each, so this is no part of what a segmenter
        is equal to, nor of a recipe. ``"auto"`` takes numba where it is installed (the
        extra ``fast``), which counts 1.5 times as fast as rjieba, and otherwise rjieba, which
        is many times quicker than jieba; and jieba, with a warning, where these fail.

    Notes
    -----
    A term enters jieba's dictionary with the frequency that keeps it whole, and so wins
    where it makes the likelier reading of the sentence: 法治 is not cut out of 依法治理.
    Latin letters and figures are words between what is none: AI is not found in AIGC, nor
    IP in VIP. Addresses of pages and e-mail are no words. Short names of departments are
    whole and their level apart: 市工信局 is 市, 工信局.

    A CSV row with ``parts`` says that a string is *not* one word: 精治共治法治 becomes
    精治, 共治, 法治.

    Examples
    --------
    >>> Segmenter()("坚持精治共治法治一体推进，深化接诉即办改革。")
    ['坚持', '精治', '共治', '法治', '一体', '推进', '深化', '接诉即办', '改革']
    >>> Segmenter(lexicon=["governance", "首善标准"])("以首善标准抓好首都城市治理")
    ['首善标准', '抓好', '首都', '城市', '治理']
    >>> Segmenter(lexicon=["governance", ("城市", "管理", "者")])("城市管理者")
    ['城市', '管理']
    """

    lexicon: str | Path | Sequence[Entry] | None = "governance"
    stopwords: str | Path | Sequence[str | Path] | None = "default"
    synonyms: Mapping[str, str] | None = None
    hmm: bool = True
    min_length: int = 2
    keep_numbers: bool = False
    pos: Sequence[str] | None = None
    engine: EngineName = field(default="auto", compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.min_length < 1:
            raise ValueError(f"min_length must be at least 1, not {self.min_length}")
        if isinstance(self.pos, str):
            raise TypeError(f"pos must be a sequence such as ({self.pos!r},), not a str")
        if self.engine not in get_args(EngineName):
            raise ValueError(
                f"engine must be 'auto', 'jieba', 'rjieba' or 'numba', not {self.engine!r}"
            )
        _ = self._terms, self._stops  # unreadable files are told now, not in mid-corpus

    def __repr__(self) -> str:
        given = [
            f"{name}={source(value)}"
            for name, default in Segmenter.__dataclass_fields__.items()
            if default.repr and (value := writable(getattr(self, name))) != default.default
        ]
        return f"Segmenter({', '.join(given)})"

    def __getstate__(self) -> dict[str, Any]:
        """Only what was given travels to another process; the rest is made anew there."""
        return {name: getattr(self, name) for name in Segmenter.__dataclass_fields__}

    def __call__(self, text: str) -> list[str]:
        """Return the words of a text that are kept."""
        kept = map(self._kept, self._tokens(text))
        return [word for word in kept if word is not None]

    def cut(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield every token of a text with its start and end; nothing is left out."""
        end = 0
        for token in self._tokens(text):
            start, end = end, end + len(token)
            yield token, start, end

    def _tokens(self, text: str) -> list[str]:
        """Return every token of a text."""
        tokens = self._whole(text)
        return tokens if self._divided.isdisjoint(tokens) else self._divide(tokens)

    def _divide(self, tokens: list[str]) -> list[str]:
        """Cut the terms among some tokens into their parts."""
        divided = self._divided
        return [
            part
            for token in tokens
            for part in (self._terms[token] if token in divided else (token,))
        ]

    def _whole(self, text: str) -> list[str]:
        """Return the tokens of a text before terms are cut into their parts."""
        if not any(mark in text for mark in self._marks):
            return self._engine(text, hmm=self.hmm)
        tokens: list[str] = []
        position = 0
        for match in self._beforehand.finditer(text):
            if match.start() > position:
                tokens += self._engine(text[position : match.start()], hmm=self.hmm)
            tokens.append(match.group())
            position = match.end()
        if position < len(text):
            tokens += self._engine(text[position:], hmm=self.hmm)
        return tokens

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Fingerprints of the lexicon, the stop list and the synonyms."""
        return {
            "lexicon": fingerprint({term: list(parts) for term, parts in self._terms.items()}),
            "stopwords": fingerprint(self._stops),
            "synonyms": fingerprint(dict(self.synonyms or {})),
        }

    @cached_property
    def _terms(self) -> dict[str, tuple[str, ...]]:
        """Terms with the parts that a term is to be cut into (none: it stays whole)."""
        return word_entries(self.lexicon, "governance", "terms.csv", "term")

    @cached_property
    def _stops(self) -> frozenset[str]:
        return frozenset(word_entries(self.stopwords, "default", "stopwords.csv", "word"))

    @cached_property
    def _words(self) -> tuple[str, ...]:
        """What enters the engine's dictionary: whole terms, and the parts of others."""
        words = {part for parts in self._terms.values() for part in parts}
        words |= {term for term, parts in self._terms.items() if not parts}
        return tuple(sorted(word for word in words if not LATIN_EDGE.search(word)))

    @cached_property
    def _divided(self) -> frozenset[str]:
        return frozenset(term for term, parts in self._terms.items() if parts)

    @cached_property
    def _engine(self) -> Engine:
        return make_engine(self.engine, self._words)

    @cached_property
    def _part_of_speech(self) -> Callable[[str], str]:
        from jieba.posseg import POSTokenizer

        tagger = POSTokenizer(JiebaEngine(self._words).tokenizer)
        return lambda word: str(tagger.lcut(word)[0].flag)

    @cached_property
    def _beforehand(self) -> re.Pattern[str]:
        return beforehand(self._odd)

    @cached_property
    def _odd(self) -> list[str]:
        return [term for term in self._terms if is_odd(term)]

    @cached_property
    def _marks(self) -> list[str]:
        """What a text holds that is not for the engine alone."""
        return [*self._odd, "://", "www.", "@"]

    @cached_property
    def _word(self) -> Callable[[str], str | None]:
        """Tell the word a token counts as, or None if it is left out."""
        stops, terms, synonyms = self._stops, self._terms, self.synonyms or {}
        least, pos = self.min_length, tuple(self.pos or ())
        is_number = None if self.keep_numbers else NUMBER.fullmatch
        listed = {*stops, *terms, *synonyms}

        def word_of(token: str) -> str | None:
            word = token
            if token in listed:  # few are, so one look-up does for most
                word = synonyms.get(token, token)
                if token in stops or word in stops:
                    return None
                if token in terms or word in terms:
                    return word
            if len(word) < least or not (word.isalnum() or any(map(str.isalnum, word))):
                return None
            if not word.isalpha() and ADDRESS.fullmatch(word):
                return None
            may_be_number = word[0] in BEGINS_NUMBER or not word.isalpha()
            if may_be_number and is_number and is_number(word):
                return None
            if pos and not self._part_of_speech(token).startswith(pos):
                return None
            return word

        return word_of

    @cached_property
    def _kept(self) -> Callable[[str], str | None]:
        """The same, remembered, as tokens recur."""
        return cache(self._word)


@dataclass(frozen=True, eq=False)
class Tokens(Recorded, variable="tokens", by="segment", of=Corpus):
    """The words of a corpus, integer-coded.

    Parameters
    ----------
    vocabulary : array of str, shape (m,)
        The words, sorted.
    codes : array of int32, shape (t,)
        Index of each token in the vocabulary, unit after unit.
    offsets : array of int64, shape (n + 1,)
        Tokens of unit `i` are ``codes[offsets[i]:offsets[i + 1]]``.
    spans : array of int32, shape (t, 2)
        Where each token stands in the text of its unit: start and end, in characters.
    units : DataFrame of n rows
        The units of the corpus.
    recipe : Recipe
        How the tokens were made.

    Examples
    --------
    >>> tokens = segment(Corpus.from_texts({"a": "城市治理要精细", "b": "社区共治"}))
    >>> tokens[0], tokens["b"]
    (['城市', '治理', '精细'], ['社区', '共治'])
    """

    vocabulary: Array
    codes: Array
    offsets: Array
    spans: Array
    units: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    @classmethod
    @step("tokens")
    def from_lists(
        cls, words: Mapping[str, Sequence[str]], *, corpus: Corpus | None = None
    ) -> Tokens:
        """Return tokens that another tool cut.

        Parameters
        ----------
        words : mapping of unit id to its words, in their order
        corpus : Corpus, optional
            The texts that were cut. Words that were left out may be missing. Without it the
            words, with spaces between them, are the texts.

        Raises
        ------
        CorpusError
            With every unit whose words are missing or do not stand in its text.

        Examples
        --------
        >>> Tokens.from_lists({"a": ["城市", "治理"], "b": ["社区"]})["a"]
        ['城市', '治理']
        """
        if corpus is None:
            corpus = Corpus.from_texts({i: " ".join(map(str, own)) for i, own in words.items()})
        return cls(*spans_of(words, corpus.units["text"]), units=corpus.units)

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, unit: int | str) -> list[str]:
        """Return the words of a unit, given its position or its id."""
        if isinstance(unit, str):
            found = int(self.units.index.get_indexer(pd.Index([unit]))[0])
            if found < 0:
                raise KeyError(f"no unit {unit!r}; the first are {[*self.units.index[:3]]}")
            unit = found
        i = range(len(self))[unit]
        words: list[str] = self.vocabulary[
            self.codes[self.offsets[i] : self.offsets[i + 1]]
        ].tolist()
        return words

    def __repr__(self) -> str:
        return (
            f"Tokens: {len(self.codes):,} of {len(self.vocabulary):,} words in {len(self):,} units"
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over words, their order and the ids of the units."""
        return fingerprint(
            self.vocabulary.tolist(), self.codes, self.offsets, self.units.index.tolist()
        )

    @property
    def lengths(self) -> pd.Series[Any]:
        """Number of words of each unit."""
        return pd.Series(np.diff(self.offsets), index=self.units.index, name="n_tokens")

    @cached_property
    def sentences(self) -> Array:
        """Number of the sentence or line that each token is in, over all units; shape (t,).

        What runs over words, such as n-grams and windows, stops where it changes: two tokens
        of one number have neither a final mark nor the end of a line or unit between them.
        """
        parts = [np.zeros(0, dtype=np.int64)]
        before = 0
        bounds = zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True)
        for text, (begin, end) in zip(self.units["text"], bounds, strict=True):
            marks = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
            ends = np.flatnonzero(np.isin(marks, _ENDS))
            parts.append(np.searchsorted(ends, self.spans[begin:end, 0]) + before)
            before += len(ends) + 1
        return np.concatenate(parts)

    @cached_property
    def frequencies(self) -> pd.Series[Any]:
        """How often each word occurs, most frequent first."""
        counts = np.bincount(self.codes, minlength=len(self.vocabulary))
        order = np.argsort(-counts, kind="stable")
        return pd.Series(counts[order], index=self.vocabulary[order], name="count")


@step("tokens", data=lambda made, given: (given.get("segmenter") or Segmenter()).hashes)
def segment(corpus: Corpus, segmenter: Segmenter | None = None) -> Tokens:
    """Cut the units of a corpus into words.

    Parameters
    ----------
    corpus : Corpus
    segmenter : Segmenter, optional
        ``Segmenter()`` if not given.

    Returns
    -------
    Tokens

    Examples
    --------
    >>> segment(Corpus.from_texts({"a": "城市治理"}))
    Tokens: 2 of 2 words in 1 units
    """
    from tqdm.auto import tqdm

    check_kind(corpus, Corpus, "segment")
    segmenter = segmenter or Segmenter()
    code_of = TokenCodes(segmenter)
    codes, spans = [np.empty(0, dtype=np.int32)], [np.empty((0, 2), dtype=np.int32)]
    counts = [np.zeros(1, dtype=np.int64)]
    with tqdm(total=len(corpus), desc="segment", unit="text", delay=2, leave=False) as bar:
        for own, places, n in code_of.cut(corpus.units["text"].tolist()):
            codes.append(own)
            spans.append(places)
            counts.append(n)
            bar.update(len(n))
    vocabulary, place = code_of.vocabulary()
    return Tokens(
        vocabulary=vocabulary,
        codes=place[np.concatenate(codes)],
        offsets=np.cumsum(np.concatenate(counts), dtype=np.int64),
        spans=np.concatenate(spans),
        units=corpus.units,
    )
