"""What cuts Chinese text into words: jieba, and two that give the same tokens sooner.

One is `toolkit.compiled`, which needs numba. rjieba is jieba in Rust with the same dictionary.
Where it is known to differ, the tokens are made here as jieba makes them: in numbers and latin
words with one of ``+#&._%-``, at rare characters, and where a character stands three times in a
row. One thing remains: rjieba has the figures of the guessing rounded to six decimals, and where
two guesses are as likely to within that, it may take the other. It happens in some of ten
thousand random strings made of few characters; no text is known where it did.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    import jieba

# A lexicon term must beat not only its own parts but words that overlap it in context:
# 一件事/由 lost against 一件/事由 until its frequency reached this.
_LEAST_FREQUENCY = 50

# jieba takes apart each unbroken run of these; any other character is a token of its own.
_PLAIN, _MARKS = r"\u4e00-\u9fd5a-zA-Z0-9", r"+#&._%-"
#: What jieba takes apart as a whole; a term with any other character is never found by it.
BLOCK = re.compile(f"[{_PLAIN}{_MARKS}]+")
# rjieba counts these as Chinese too, and it cannot take half a surrogate pair.
_FOREIGN = r"\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\ud800-\udfff\U00020000-\U0003ffff"
# With guessing it joins 12-5, a_b and 1.2.3, where to jieba only 12.5 is one. That the set of
# characters goes before the rest makes the search three times as quick.
_GUARDED = {
    True: re.compile(
        f"[+#&_%.\\-{_FOREIGN}](?:(?<=[{_FOREIGN}])|(?<=[+#&_%-])(?=[a-zA-Z0-9])"
        r"|(?<=\.)(?=[0-9]*[a-zA-Z]|[0-9]+\.[0-9]))"
    ),
    False: re.compile(f"[{_FOREIGN}]"),
}
# In 啊啊啊啊 guesses are often equally likely, and the last decimals decide.
_THRICE = re.compile(r"([\u4e00-\u9fd5])\1\1")
_GUARDED_THRICE = re.compile(f"{_GUARDED[True].pattern}|{_THRICE.pattern}")

# Within a run of single characters jieba guesses words in the Chinese parts and finds
# numbers and latin words in the others.
_CHINESE = re.compile(r"([\u4e00-\u9fd5]+)")
_LATIN = re.compile(r"([a-zA-Z0-9]+(?:\.[0-9]+)?%?)")

# A character for private use, which is in no block and so never met: as a word it takes
# up what jieba's total has over the sum of its frequencies.
_REMAINDER = "\ue000"

# SHA-256 of the dictionary of jieba 0.42.1, which is the one that rjieba 0.2.2 has in it.
_DICTIONARY = "7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8"
# What jieba 0.42.1 makes of some sentences, without its guesses and with them.
_TRIAL = {
    False: (
        "深化|接|诉|即|办|改革|，|让|城市|更|宜居|。",
        "增长|5|.|5|%|左右|，|PM2|.|5|浓度|为|32|微克",
        "小|明|硕士|毕业|于|中国科学院|计算所",
        "㐀|城市|鿖|治理|\r\n|　|C++|与|AT&T",
    ),
    True: (
        "深化|接诉|即|办|改革|，|让|城市|更|宜居|。",
        "增长|5.5%|左右|，|PM2.5|浓度|为|32|微克",
        "“|十四五|”|规划|实施|12|-|5|项目|A|+|B",
        "王晓刚|与|李德|海|在|龘|靐|村|视察|3|号线",
        "他|说|的|确实|在理|㐀|城市|鿖|治理|\r\n|　|C++|与|AT&T",
    ),
}


Array = np.ndarray[Any, Any]
EngineName = Literal["auto", "jieba", "rjieba", "numba"]


class Engine(Protocol):
    """Cuts a text, with guessing of unknown words or without, into all its tokens."""

    def __call__(self, text: str, *, hmm: bool) -> list[str]:
        """Return the tokens, which together are the text."""


@runtime_checkable
class NumberingEngine(Engine, Protocol):
    """An engine that has numbers for the tokens it knows, and so need not make strings."""

    @property
    def n_numbers(self) -> int:
        """Up to where tokens are numbered."""

    def numbers(self, text: str, *, hmm: bool) -> tuple[Array, Array]:
        """Return the number of every token, -1 if it has none, and where they begin and end."""


@lru_cache(maxsize=4)
def make_engine(name: EngineName, words: tuple[str, ...]) -> Engine:
    """Return an engine that knows some words besides its dictionary.

    Parameters
    ----------
    name : {"auto", "jieba", "rjieba", "numba"}
        ``"auto"`` is numba where that is installed, otherwise rjieba; what comes next, with a
        warning, where one cannot be imported or gives other tokens than jieba on trial.
    words : tuple of str
        Each enters with the frequency that keeps it whole.

    Returns
    -------
    Engine
        The same one for the same words, as making one takes a tenth of a second.

    Raises
    ------
    ImportError
        If what is asked for cannot be imported.
    RuntimeError
        If what is asked for gives other tokens than jieba on trial.

    Examples
    --------
    >>> make_engine("auto", ("首善标准",))("以首善标准治理100%", hmm=True)
    ['以', '首善标准', '治理', '100%']
    """
    if name == "jieba":
        return JiebaEngine(words)
    if name == "auto":
        better: list[EngineName] = ["rjieba", "jieba"]
        if importlib.util.find_spec("numba"):
            better.insert(0, "numba")
        for tried, instead in pairwise(better):
            try:
                return make_engine(tried, words)
            except (ImportError, RuntimeError) as error:
                warnings.warn(
                    f"{error}; using {instead}, which is slower", RuntimeWarning, stacklevel=2
                )
        return make_engine("jieba", words)
    if name == "rjieba":
        return _RjiebaEngine(words)
    try:
        from toolkit.compiled import CompiledEngine
    except ImportError as error:
        raise ImportError(f'numba cannot be imported ({error}); pip install -e ".[fast]"') from None
    _try(CompiledEngine(()), "numba", 'take engine="jieba", and please tell us')
    return CompiledEngine(words)


class JiebaEngine:
    """jieba itself: the reference."""

    def __init__(self, words: tuple[str, ...]) -> None:
        base = _base_tokenizer()
        self.tokenizer = type(base)()
        self.tokenizer.FREQ, self.tokenizer.total = dict(base.FREQ), base.total
        self.tokenizer.initialized = True
        for word in words:
            # Frequencies come from the untouched dictionary, so the order does not matter.
            self.tokenizer.add_word(word, max(base.suggest_freq(word), _LEAST_FREQUENCY))

    def __call__(self, text: str, *, hmm: bool) -> list[str]:
        """Return the tokens."""
        tokens: list[str] = self.tokenizer.lcut(text, HMM=hmm)
        return tokens


class _RjiebaEngine:
    """rjieba, with what it does otherwise than jieba set right."""

    def __init__(self, words: tuple[str, ...]) -> None:
        try:
            import rjieba
        except ImportError as error:
            raise ImportError(
                f"rjieba cannot be imported ({error}); pip install rjieba==0.2.2"
            ) from None
        if dictionary().digest != _DICTIONARY:
            raise RuntimeError("jieba's dictionary is not the one that rjieba has in it")
        engine = rjieba.Jieba()
        self._cut: Callable[[str, bool], list[str]] = engine.cut
        self._has_word: Callable[[str], bool] = engine.has_word
        guesser = rjieba.Jieba.empty()  # without a dictionary all is guessed
        guesser.add_word(_REMAINDER, 1, None)
        self._guess: Callable[[str, bool], list[str]] = guesser.cut
        _try(self, "rjieba", "pip install rjieba==0.2.2")
        known, total = dictionary().frequencies, dictionary().total
        frequencies = {
            word: frequency_to_keep(word, self(word, hmm=False), known.get, total) for word in words
        }
        for word, frequency in frequencies.items():
            engine.add_word(word, frequency, None)
        # jieba adds the frequency of a word to its total even if the word was known.
        remainder = dictionary().repeated + sum(known.get(word, 0) for word in words)
        engine.add_word(_REMAINDER, remainder, None)

    def __call__(self, text: str, *, hmm: bool) -> list[str]:
        pattern = _GUARDED_THRICE if hmm and _stands_thrice(text) else _GUARDED[hmm]
        guarded = pattern.search(text)
        if not guarded:
            return self._cut(text, hmm)
        tokens: list[str] = []
        position = 0
        while guarded:
            start, stop = guarded.span()
            if block := BLOCK.match(text, start):  # what goes before is of the block too
                before = BLOCK.match(text[position:start][::-1])
                start, stop = start - (before.end() if before else 0), block.end()
            if start > position:
                tokens += self._cut(text[position:start], hmm)
            tokens += self._marked(text[start:stop]) if block else text[start]
            position = stop
            guarded = pattern.search(text, position)
        if position < len(text):
            tokens += self._cut(text[position:], hmm)
        return tokens

    def _marked(self, block: str) -> Iterator[str]:
        """Cut a block with marks in it as jieba does with guessing.

        What the likeliest way leaves as single characters is joined and cut anew. rjieba
        without guessing gives the same way, with latin letters already joined.
        """
        singles: list[str] = []
        for word in self._cut(block, False):
            if len(word) == 1 or (word.isascii() and word.isalnum() and not self._has_word(word)):
                singles.append(word)
                continue
            yield from self._guessed("".join(singles))
            singles.clear()
            yield word
        yield from self._guessed("".join(singles))

    def _guessed(self, singles: str) -> Iterator[str]:
        if len(singles) > 1 and self._has_word(singles):
            yield from singles
            return
        for i, part in enumerate(_CHINESE.split(singles)):
            if i % 2 == 0:
                yield from filter(None, _LATIN.split(part))
            elif _THRICE.search(part):
                yield from _guessed_in_full(part)
            else:
                yield from self._guess(part, True)


def _try(engine: Engine, name: str, mend: str) -> None:
    """Raise unless an engine cuts some sentences as jieba does."""
    for hmm, expected in _TRIAL.items():
        for sentence in expected:
            tokens = engine("".join(sentence.split("|")), hmm=hmm)
            if tokens != sentence.split("|"):
                raise RuntimeError(
                    f"{name} cuts {'/'.join(tokens)} where jieba cuts "
                    f"{sentence.replace('|', '/')}; {mend}"
                )


def frequency_to_keep(
    word: str, parts: Iterable[str], frequency: Callable[[str, int], int], total: int
) -> int:
    """Return the frequency that keeps a word whole which is cut into parts, by jieba's formula.

    `frequency` is that of a word, or the default.
    """
    share = 1.0
    for part in parts:
        share *= frequency(part, 1) / float(total)
    return max(int(share * total) + 1, frequency(word, 1), _LEAST_FREQUENCY)


def _stands_thrice(text: str) -> bool:
    """Tell whether a character stands three times in a row; sooner than the pattern would."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    same = codes[1:] == codes[:-1]
    return bool((same[1:] & same[:-1]).any())


# Which states go before one: begin, middle and end of a word, and a word of one character.
_BEFORE = {"B": "ES", "M": "BM", "E": "BM", "S": "ES"}


def _guessed_in_full(chinese: str) -> list[str]:
    """Cut Chinese as jieba's hidden Markov model does, with all decimals of its figures.

    In time that grows with the length, where jieba's own takes the square of it.
    """
    model = import_jieba().finalseg
    least = model.MIN_FLOAT
    score = {s: model.start_P[s] + model.emit_P[s].get(chinese[0], least) for s in _BEFORE}
    steps: list[dict[str, str]] = []
    for character in chinese[1:]:
        reached = {
            state: max(
                (
                    score[one]
                    + model.trans_P[one].get(state, least)
                    + model.emit_P[state].get(character, least),
                    one,
                )
                for one in before
            )
            for state, before in _BEFORE.items()
        }
        score = {state: best for state, (best, _) in reached.items()}
        steps.append({state: one for state, (_, one) in reached.items()})
    states = [max("ES", key=lambda state: (score[state], state))]
    for step in reversed(steps):
        states.append(step[states[-1]])
    states.reverse()
    starts = [i for i, state in enumerate(states) if state in "BS"]
    return [chinese[i:j] for i, j in pairwise([*starts, len(chinese)])]


@dataclass(frozen=True)
class Dictionary:
    """jieba's dictionary.

    Parameters
    ----------
    frequencies : mapping of str to int
        Of each word.
    total : int
        Sum of all frequencies, as jieba reckons it.
    repeated : int
        What the total counts again of words that stand in the file twice.
    digest : str
        SHA-256 of the file.
    """

    frequencies: Mapping[str, int]
    total: int
    repeated: int
    digest: str


def dictionary_file() -> Path:
    """Return where jieba has its dictionary."""
    package = importlib.util.find_spec("jieba")  # found, not imported: that takes its time
    if package is None or package.origin is None:
        raise ImportError("jieba is not installed; pip install jieba==0.42.1")
    return Path(package.origin).with_name("dict.txt")


@cache
def dictionary() -> Dictionary:
    """Return jieba's dictionary, read once.

    Examples
    --------
    >>> dictionary().frequencies["城市"]
    25084
    """
    raw = dictionary_file().read_bytes()
    entries = raw.decode().split()
    counts = [*map(int, entries[1::3])]
    frequencies = dict(zip(entries[::3], counts, strict=True))
    total = sum(counts)
    digest = hashlib.sha256(raw).hexdigest()
    return Dictionary(frequencies, total, total - sum(frequencies.values()), digest)


@cache
def _base_tokenizer() -> jieba.Tokenizer:
    """Return jieba with its own dictionary; callers copy it and never change it."""
    tokenizer = import_jieba().Tokenizer()
    # Not initialize(): it writes a cache into the shared temporary folder. What jieba reads
    # holds the beginnings of all words too, with a frequency of 0.
    known = dictionary().frequencies
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = {**known}, dictionary().total, True
    for word in known:
        while (word := word[:-1]) and word not in tokenizer.FREQ:
            tokenizer.FREQ[word] = 0
    return tokenizer


def import_jieba() -> ModuleType:
    """Import jieba, whose import warns of what is not the reader's concern."""
    with warnings.catch_warnings():
        # jieba 0.42.1 imports pkg_resources where it can, which warns.
        warnings.simplefilter("ignore")
        return importlib.import_module("jieba")
