"""rjieba: jieba in Rust, with what it does otherwise set right.

It has the same dictionary. Where it is known to differ, the tokens are made here as jieba makes
them: in numbers and latin words with one of ``+#&._%-``, at rare characters, and where a
character stands three times in a row. One thing remains: rjieba has the figures of the guessing
rounded to six decimals, and where two guesses are as likely to within that, it may take the
other. It happens in some of ten thousand random strings made of few characters; no text is known
where it did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from toolkit.engine.reference import BLOCK, check_cuts, dictionary, frequency_to_keep, import_jieba

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


class RjiebaEngine:
    """rjieba; see `toolkit.engine.Engine`."""

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
        check_cuts(self, "rjieba", "pip install rjieba==0.2.2")
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
        """Return the tokens."""
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
