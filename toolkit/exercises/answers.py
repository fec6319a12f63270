"""Comparing an answer with the right one: plain values, whatever they come wrapped in."""

from __future__ import annotations

import math
import reprlib
import unicodedata
from collections.abc import Sequence, Set
from typing import Any


def kind(value: Any) -> str:
    """Return the kind of a plain value, one of those in ``words.toml``; else its type's name.

    Examples
    --------
    >>> kind(3), kind("3"), kind(("a", "b")), kind({"a"}), kind({})
    ('number', 'text', 'list', 'set', 'dict')
    """
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Set):
        return "set"
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return "list"
    return type(value).__name__


def unwrapped(value: Any) -> Any:
    """Return the plain value of a scalar, array, Series or Index; others as they are.

    Examples
    --------
    >>> import numpy as np
    >>> unwrapped(np.int64(3)), unwrapped(np.array(["a", "b"])), unwrapped("热线")
    (3, ['a', 'b'], '热线')
    """
    return value.tolist() if hasattr(value, "tolist") else value


def same(answer: Any, expected: Any, *, tolerance: float = 0.0) -> bool:
    """Tell whether an answer is the expected value.

    Parameters
    ----------
    answer : anything
    expected : bool, int, float, str, list or set
    tolerance : float
        How far a number may be off, in its own unit. Texts may differ in case, in full and
        half width (NFKC) and in the space around them.

    Examples
    --------
    >>> same(0.418, 0.42, tolerance=0.01), same(" １２３４５ 热线", "12345 热线")
    (True, True)
    >>> same(["乙", "甲"], ["甲", "乙"]), same(["乙", "甲"], {"甲", "乙"}), same(1, True)
    (False, True, False)
    """
    answer = unwrapped(answer)
    wanted, given = kind(expected), kind(answer)
    if wanted == "set" and given in ("set", "list"):
        # Not by hashes: an answer may hold what no set can.
        every = all(any(same(a, e, tolerance=tolerance) for a in answer) for e in expected)
        return every and all(any(same(a, e, tolerance=tolerance) for e in expected) for a in answer)
    if wanted != given:
        return False
    if wanted == "number":
        finite = abs(answer) < 1e300  # a larger int is no float
        close = finite and math.isclose(answer, expected, rel_tol=1e-9, abs_tol=tolerance)
        return close or bool(answer == expected)
    if wanted == "list":
        each = (same(a, e, tolerance=tolerance) for a, e in zip(answer, expected, strict=False))
        return len(answer) == len(expected) and all(each)
    return bool(_folded(answer) == _folded(expected))


def described(value: Any) -> str:
    """Return a value in a few words of code, or the name of its type.

    Examples
    --------
    >>> described("87"), described(list(range(99))), described(object())
    ("'87'", '[0, 1, 2, 3, 4, 5, ...]', 'object')
    """
    if type(value) in (str, int, float, bool, list, tuple, set, dict):
        try:
            return reprlib.repr(value)
        except Exception:  # of what is inside; a number of very many digits has no text either
            pass
    return type(value).__name__


def _folded(value: Any) -> Any:
    value = unwrapped(value)
    return unicodedata.normalize("NFKC", value).strip().casefold() if type(value) is str else value
