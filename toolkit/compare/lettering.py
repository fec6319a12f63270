"""How wide a text is, in Chinese and in Latin letters, and how it is broken into lines."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from itertools import accumulate, product
from unicodedata import east_asian_width

WIDEST = 26  #: half widths of a line of a label
# Parts of a text that stay together: between spaces and marks; of Chinese, each character.
_AFTER_MARKS = r"[^\s·、，；。：/—-]*[\s·、，；。：/—-]?"
_ANYWHERE = r"[^\s\u2e80-\uffef]*[\s\u2e80-\uffef]?[、，；。：）》”…]*"


def wrapped(text: str, most: float = WIDEST) -> str:
    r"""Return a text in as few lines of at most so many half widths as can be, of like length.

    Lines end after spaces and marks; where that takes more of them, Chinese ends anywhere.

    Examples
    --------
    >>> wrapped("基层治理共建共治共享", 12), wrapped("shared by all of us", 12)
    ('基层治理共\n建共治共享', 'shared by\nall of us')
    """
    least = max(1, math.ceil(half_widths(text) / most))
    for count, parts in product((least, least + 1), (_AFTER_MARKS, _ANYWHERE)):
        for width in range(math.ceil(half_widths(text) / count), int(most) + 1):
            lines = folded(text, width, parts)
            longest = max(map(half_widths, lines.split("\n")), default=0)
            if lines.count("\n") < count and longest <= most:
                return lines
    return folded(text, most, _ANYWHERE)


def folded(text: str, most: float, parts: str = r"[^\s，；。]*[\s，；。]?") -> str:
    r"""Return a text in lines of at most so many half widths, broken at spaces and marks.

    `parts` is a pattern of what stays together.

    Examples
    --------
    >>> folded("one two three", 8)
    'one two\nthree'
    """
    lines = [""]
    for part in re.findall(parts, text):
        if half_widths(lines[-1] + part.rstrip()) > most:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines if line)


def half_widths(text: str) -> int:
    """Return how wide a text is: a Chinese character is two half widths."""
    return sum(1 + (east_asian_width(c) in "WF") for c in text)


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many half widths, the mark that tells so included.

    Examples
    --------
    >>> shorten("城市治理", 8), shorten("城市治理", 7)
    ('城市治理', '城市…')
    """
    if half_widths(text) <= most:
        return text
    ends = [*accumulate(map(half_widths, text))]
    return f"{text[: bisect_right(ends, most - 2)]}…"
