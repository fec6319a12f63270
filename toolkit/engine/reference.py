"""jieba itself: its dictionary, and the tokens that any other engine must give."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba

    from toolkit.engine import Engine

# A lexicon term must beat not only its own parts but words that overlap it in context:
# 一件事/由 lost against 一件/事由 until its frequency reached this.
_LEAST_FREQUENCY = 50

# jieba takes apart each unbroken run of these; any other character is a token of its own.
_PLAIN, _MARKS = r"\u4e00-\u9fd5a-zA-Z0-9", r"+#&._%-"
#: What jieba takes apart as a whole; a term with any other character is never found by it.
BLOCK = re.compile(f"[{_PLAIN}{_MARKS}]+")
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


def check_cuts(engine: Engine, name: str, mend: str) -> None:
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


def in_dictionary(word: str) -> bool:
    """Tell whether jieba's dictionary holds a word, without reading it into a table.

    Examples
    --------
    >>> in_dictionary("城市"), in_dictionary("城市是")
    (True, False)
    """
    return f"\n{word} ".encode() in b"\n" + dictionary_file().read_bytes()


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
