"""What cuts Chinese text into words, compiled: jieba's steps on numbers instead of strings.

A text is an array of characters, the dictionary a tree of them (a *trie*) in which every word,
and every beginning of one, is a node with a number. What comes out is the number of the node
of each token and where it ends: no string is made, which is most of the work otherwise. All is
reckoned in jieba's order and with its own figures, so the tokens are jieba's by construction.

numba makes machine code of the functions below when they are first called, and keeps it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from platformdirs import user_cache_path

from toolkit.engine.reference import dictionary, dictionary_file, frequency_to_keep, import_jieba
from toolkit.files import whole_file

Array = np.ndarray[Any, Any]

# Chinese to jieba, which guesses words among these only.
_FIRST, _LAST = 0x4E00, 0x9FD5
# A slot of the table holds a node, a character that follows it, and the node which they lead to.
_BITS_CHARACTER, _BITS_NODE = 16, 23
_CHARACTERS, _NODE = 1 << _BITS_CHARACTER, (1 << _BITS_NODE) - 1
_EMPTY = -1
_BEGIN, _MIDDLE, _END, _SINGLE = range(4)  # of a word; the last is a word of one character
_STATES = "BMES"


class _Trie(NamedTuple):
    """Words: transitions by open addressing; the nodes of first characters; ln p of each node.

    What is no word, only the beginning of one, has a `cost` of -inf.
    """

    slots: Array  # int64, a power of two
    first: Array  # int32, by character
    cost: Array  # float64, by node
    unknown: float  # cost of a character that is no word


class _Work(NamedTuple):
    """A text, and where the functions below write, made once for it."""

    text: Array  # uint32, its characters
    ends: Array  # int32, of its tokens
    score: Array  # float64, of the best way from each character on
    way: Array  # int32, where the word ends that it takes there
    node: Array  # int32, of that word
    before: Array  # int8, the best state before each character and state
    states: Array  # float64, score of each state, before and after a character


class _Guesses(NamedTuple):
    """jieba's hidden Markov model of words that are in no dictionary, in natural logarithms."""

    start: Array  # by state
    step: Array  # from state to state
    emit: Array  # by Chinese character and state


@njit(cache=True, inline="always")
def _slot(slots: Array, key: np.int64) -> np.int64:
    """Return where a key (node and character) stands in the table, or would stand."""
    at = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20))
    at &= slots.size - 1
    while slots[at] != _EMPTY and slots[at] >> _BITS_NODE != key:
        at = (at + 1) & (slots.size - 1)
    return at


@njit(cache=True, inline="always")
def _child(slots: Array, node: int, character: int) -> int:
    """Return the node that a character leads to, or -1."""
    slot = slots[_slot(slots, (np.int64(node) << _BITS_CHARACTER) | np.int64(character))]
    return -1 if slot == _EMPTY else slot & _NODE


@njit(cache=True)
def _extend(known: Array, slots: Array, n: int, text: Array, ends: Array, nodes: Array) -> int:
    """Copy all transitions to a larger table and add words, which stand one after the other.

    Write the node of each word; return how many nodes there are, which were `n`.
    """
    for slot in known:
        if slot != _EMPTY:
            slots[_slot(slots, slot >> _BITS_NODE)] = slot
    start = 0
    for word in range(ends.size):
        node = np.int64(0)  # the root
        for i in range(start, ends[word]):
            key = (node << _BITS_CHARACTER) | np.int64(text[i])
            at = _slot(slots, key)
            if slots[at] == _EMPTY:
                slots[at] = (key << _BITS_NODE) | n
                n += 1
            node = slots[at] & _NODE
        nodes[word] = node
        start = ends[word]
    return n


@njit(cache=True, inline="always")
def _is_chinese(c: int) -> bool:
    return _FIRST <= c <= _LAST


@njit(cache=True, inline="always")
def _is_latin(c: int) -> bool:
    """Tell a letter or digit of ASCII."""
    return 97 <= c <= 122 or 65 <= c <= 90 or 48 <= c <= 57


@njit(cache=True, inline="always")
def _in_block(c: int) -> bool:
    """Tell what jieba takes apart together with its neighbours: also ``+#&._%-``."""
    marks = c == 43 or c == 35 or c == 38 or c == 46 or c == 95 or c == 37 or c == 45
    return _is_chinese(c) or _is_latin(c) or marks


@njit(cache=True)
def _node(trie: _Trie, text: Array, start: int, end: int) -> int:
    """Return the node of a part of the text, or -1."""
    node = int(trie.first[text[start]])
    for i in range(start + 1, end):
        if node < 0:
            break
        node = _child(trie.slots, node, text[i])
    return node


@njit(cache=True)
def _likeliest(trie: _Trie, work: _Work, start: int, stop: int) -> None:
    """Find the best way through a block, from its last character backwards.

    Of ways as likely as each other it is that with the longer word.
    """
    text, score, way, node_of = work.text, work.score, work.way, work.node
    score[stop] = 0.0
    for i in range(stop - 1, start - 1, -1):
        first = trie.first[text[i]]
        node, best, way[i] = first, -np.inf, -1
        end = i + 1
        while node >= 0:
            reached = trie.cost[node] + score[end]
            if reached > -np.inf and reached >= best:
                best, way[i], node_of[i] = reached, end, node
            if end == stop:
                break
            node = _child(trie.slots, node, text[end])
            end += 1
        if way[i] < 0:
            best, way[i], node_of[i] = trie.unknown + score[i + 1], i + 1, first
        score[i] = best


@njit(cache=True)
def _guess(guesses: _Guesses, work: _Work, start: int, stop: int, n: int) -> int:
    """Cut Chinese by the likeliest states (Viterbi); of two as likely the later letter wins."""
    text, ends, before = work.text, work.ends, work.before
    score, reached = work.states[0], work.states[1]
    for state in range(4):
        score[state] = guesses.start[state] + guesses.emit[text[start] - _FIRST, state]
    for i in range(start + 1, stop):
        for state in range(4):
            after_word = state in (_BEGIN, _SINGLE)
            one, other = (_END, _SINGLE) if after_word else (_BEGIN, _MIDDLE)
            emitted = guesses.emit[text[i] - _FIRST, state]
            through_other = score[other] + guesses.step[other, state] + emitted
            through_one = score[one] + guesses.step[one, state] + emitted
            before[i, state] = one if through_one > through_other else other
            reached[state] = max(through_one, through_other)
        score, reached = reached, score
    state = _SINGLE if score[_SINGLE] >= score[_END] else _END
    last = n
    for i in range(stop - 1, start - 1, -1):  # backwards, and then turned round
        if state in (_END, _SINGLE):
            ends[last] = i + 1
            last += 1
        state = before[i, state]
    for i in range((last - n) // 2):
        ends[n + i], ends[last - 1 - i] = ends[last - 1 - i], ends[n + i]
    return last


@njit(cache=True)
def _singles(trie: _Trie, guesses: _Guesses, work: _Work, start: int, stop: int, n: int) -> int:
    """Cut what the best way left as single characters; return how many tokens there are then."""
    text, ends = work.text, work.ends
    node = _node(trie, text, start, stop)
    if stop - start == 1 or (node >= 0 and trie.cost[node] > -np.inf):
        for i in range(start, stop):
            ends[n] = i + 1
            n += 1
        return n
    i = start
    while i < stop:
        chinese, latin = _is_chinese(text[i]), _is_latin(text[i])
        j = i + 1
        while j < stop and _is_chinese(text[j]) == chinese and _is_latin(text[j]) == latin:
            j += 1
        if latin:  # a number may go on: 5.5%
            if j + 1 < stop and text[j] == 46 and 48 <= text[j + 1] <= 57:
                j += 2
                while j < stop and 48 <= text[j] <= 57:
                    j += 1
            if j < stop and text[j] == 37:
                j += 1
        if chinese:
            n = _guess(guesses, work, i, j, n)
        else:
            ends[n] = j
            n += 1
        i = j
    return n


@njit(cache=True, nogil=True)
def _cut(trie: _Trie, guesses: _Guesses, text: Array, hmm: bool) -> tuple[Array, Array]:
    """Return the number of every token, and 0 with the end of each."""
    bounds, nodes = np.empty(text.size + 1, np.int32), np.empty(text.size, np.int32)
    bounds[0], ends = 0, bounds[1:]
    way, node_of = np.empty(text.size, np.int32), np.empty(text.size, np.int32)
    score, before = np.empty(text.size + 1), np.empty((text.size, 4), np.int8)
    work = _Work(text, ends, score, way, node_of, before, np.empty((2, 4)))
    n = start = 0
    while start < text.size:
        stop = start
        while stop < text.size and _in_block(text[stop]):
            stop += 1
        if stop == start:  # any other character is a token, but for one pair
            character = text[start]
            pair = character == 13 and start + 1 < text.size and text[start + 1] == 10
            start += 2 if pair else 1
            single = not pair and character < _CHARACTERS
            ends[n], nodes[n] = start, trie.cost.size + character if single else -1
            n += 1
            continue
        _likeliest(trie, work, start, stop)
        i = start
        while i < stop:
            if way[i] > i + 1 or not (hmm or _is_latin(text[i])):
                ends[n], nodes[n] = way[i], node_of[i]
                n += 1
                i = way[i]
                continue
            j = i + 1
            while j < stop and way[j] == j + 1 and (hmm or _is_latin(text[j])):
                j += 1
            cut = n
            ends[n] = j  # letters together; others are cut
            n = _singles(trie, guesses, work, i, j, n) if hmm else n + 1
            for token in range(cut, n):
                nodes[token] = _node(trie, text, i, ends[token])
                i = ends[token]
        start = stop
    return nodes[:n], bounds[: n + 1]


class _Lexicon(NamedTuple):
    """Words with their frequencies."""

    slots: Array  # transitions, as in the trie
    frequencies: Array  # int64, by node
    logarithms: Array  # float64, of the frequencies; infinite where that is 0
    total: int  # of the frequencies, as jieba reckons it

    def trie(self) -> _Trie:
        begin = self.slots[(self.slots != _EMPTY) & (self.slots >> _BITS_NODE < _CHARACTERS)]
        first = np.full(_CHARACTERS, -1, dtype=np.int32)
        first[begin >> _BITS_NODE] = begin & _NODE
        total = math.log(self.total)
        return _Trie(self.slots, first, self.logarithms - total, -total)

    def with_words(self, added: Mapping[str, int]) -> _Lexicon:
        """Return a lexicon that knows more words, or known ones by another frequency."""
        # No block has characters that take more bits, so a word with one is never met.
        words = [word for word in added if max(word) < chr(_CHARACTERS)]
        n, text = len(self.frequencies), "".join(words)
        slots = np.full(2 << (n + len(text) - 1).bit_length(), _EMPTY, np.int64)  # half is free
        nodes = np.empty(len(words), dtype=np.int32)
        ends = np.cumsum([*map(len, words)], dtype=np.int64)
        new = _extend(self.slots, slots, n, _characters(text), ends, nodes) - n
        if n + new > _NODE + 1:
            raise ValueError(f"a lexicon of {len(words):,} words is too large; split it")
        frequencies = np.pad(self.frequencies, (0, new))
        logarithms = np.pad(self.logarithms, (0, new), constant_values=-np.inf)
        frequencies[nodes] = [added[word] for word in words]
        # By Python, as in jieba: numpy's logarithm may have another last digit.
        logarithms[nodes] = [math.log(added[w]) if added[w] else -math.inf for w in words]
        # jieba adds the frequency of a word to its total even if the word was known.
        return _Lexicon(slots, frequencies, logarithms, self.total + sum(added.values()))


class CompiledEngine:
    """jieba's steps in machine code; see `toolkit.engine.Engine`.

    Parameters
    ----------
    words : sequence of str
        Each enters with the frequency that keeps it whole.
    """

    def __init__(self, words: Sequence[str]) -> None:
        known, self._trie, self._guesses = _known()
        self.numbers("城市", hmm=True)  # what numba keeps may be damaged, which shows here

        def frequency(word: str, default: int) -> int:
            rare = max(word) >= chr(_CHARACTERS)
            node = -1 if rare else _node(self._trie, _characters(word), 0, len(word))
            return int(known.frequencies[node]) if node >= 0 else default

        if words:
            added = {
                word: frequency_to_keep(word, self(word, hmm=False), frequency, known.total)
                for word in words
            }
            self._trie = known.with_words(added).trie()

    def __call__(self, text: str, *, hmm: bool) -> list[str]:
        """Return the tokens."""
        return [text[i:j] for i, j in pairwise(self.numbers(text, hmm=hmm)[1].tolist())]

    @property
    def n_numbers(self) -> int:
        """Up to where tokens are numbered: nodes, and after them characters that are no word."""
        return len(self._trie.cost) + _CHARACTERS

    def numbers(self, text: str, *, hmm: bool) -> tuple[Array, Array]:
        """Return the number of every token, -1 if it has none, and where they begin and end.

        Token `i` is ``text[bounds[i]:bounds[i + 1]]``.
        """
        numbers, bounds = _cut(self._trie, self._guesses, _characters(text), hmm)
        return numbers, bounds


def _characters(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@cache
def _known() -> tuple[_Lexicon, _Trie, _Guesses]:
    """Return jieba's dictionary and model.

    They are kept in a file of the user's, which processes share: it is written aside first, has
    checksums, as zip files do, and its name tells what it was made from.
    """
    folder = dictionary_file().parent
    made_from = [dictionary_file(), *sorted(folder.glob("finalseg/prob_*.py")), Path(__file__)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()[:20]
    path = user_cache_path("city-governance-toolkit", appauthor=False) / f"dictionary-{digest}"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if arrays.zip.testzip():  # an array whose head is damaged may be read in part
                raise OSError(f"{path} is damaged")
            lexicon = _Lexicon(*(arrays[name] for name in _Lexicon._fields))
            guesses = _Guesses(*(arrays[name] for name in _Guesses._fields))
    except Exception:  # it is not there yet, or damaged, of which there are many kinds
        lexicon, guesses = _made()
        # A disk that is full or cannot be written makes it slower only.
        with suppress(OSError), whole_file(path) as aside, aside.open("wb") as to:
            np.savez(to, **lexicon._asdict(), **guesses._asdict())
    return lexicon, lexicon.trie(), guesses


def forget() -> None:
    """Remove what numba keeps of this module; it makes it again."""
    for path in Path(str(_cut.stats.cache_path)).glob(f"{Path(__file__).stem}.*.nb?"):
        with suppress(OSError):
            path.unlink()


def _made() -> tuple[_Lexicon, _Guesses]:
    words = dictionary()
    root = np.zeros(1, np.int64)
    empty = _Lexicon(np.empty(0, np.int64), root, np.full(1, -np.inf), words.repeated)
    # With none added the table, made for as many nodes as all words have characters, is halved.
    # The most frequent first, so that what is met most stands together.
    frequent = dict(sorted(words.frequencies.items(), key=lambda item: -item[1]))
    lexicon = empty.with_words(frequent).with_words({})
    model, chinese = import_jieba().finalseg, map(chr, range(_FIRST, _LAST + 1))
    least = model.MIN_FLOAT
    start = [model.start_P[state] for state in _STATES]
    step = [[model.trans_P[a].get(b, least) for b in _STATES] for a in _STATES]
    emit = [[model.emit_P[state].get(c, least) for state in _STATES] for c in chinese]
    return lexicon, _Guesses(np.array(start), np.array(step), np.array(emit))
