"""What cuts Chinese text into words: jieba, and two that give the same tokens sooner.

`reference` is jieba, `rust` is rjieba, `compiled` needs numba and makes no strings.
"""

from __future__ import annotations

import importlib.util
import warnings
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np

from toolkit.engine.reference import BLOCK, JiebaEngine, check_cuts, dictionary, in_dictionary

__all__ = [
    "BLOCK",
    "Engine",
    "EngineName",
    "JiebaEngine",
    "NumberingEngine",
    "dictionary",
    "in_dictionary",
    "make_engine",
]

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
        ``"auto"`` is numba where that is installed, otherwise rjieba, otherwise jieba; what comes
        next, with a warning, where one that is installed cannot be imported or gives other tokens
        than jieba on trial.
    words : tuple of str
        Each enters with the frequency that keeps it whole.

    Returns
    -------
    Engine
        The same one for the same words, as making one takes up to half a second.

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
        quicker: list[EngineName] = ["numba", "rjieba"]
        there = [engine for engine in quicker if importlib.util.find_spec(engine)]
        for tried, instead in pairwise([*there, "jieba"]):
            try:
                return make_engine(tried, words)
            except (ImportError, RuntimeError) as error:
                warnings.warn(
                    f"{error}; using {instead}, which is slower", RuntimeWarning, stacklevel=2
                )
        return make_engine("jieba", words)
    if name == "rjieba":
        from toolkit.engine.rust import RjiebaEngine

        return RjiebaEngine(words)
    try:
        from toolkit.engine.compiled import CompiledEngine, forget

        try:
            plain = CompiledEngine(())
        except Exception:  # what numba keeps may be damaged, and it does not make it again
            forget()
            plain = CompiledEngine(())
    except Exception as error:  # numba and what it stands on raise errors of many kinds
        raise ImportError(f'numba cannot be used ({error}); pip install -e ".[fast]"') from error
    check_cuts(plain, "numba", 'take engine="jieba", and please tell us')
    return CompiledEngine(words)
