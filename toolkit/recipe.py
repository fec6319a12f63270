"""The record of how a value was made: one list of steps, three uses.

Every value of the toolkit carries a `Recipe`. From it come the Python that rebuilds
the value (`to_code`), the provenance file beside an exported figure (`to_dict`), and
the "copy as code" of the explorer.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from keyword import iskeyword
from pathlib import Path, PurePath
from typing import Any
from unicodedata import normalize

DISTRIBUTION = "city-governance-toolkit"
#: How to install something for this Python, whatever stands on the path.
PIP = f"{sys.executable} -m pip install"
_RECORDED_VERSIONS = (
    DISTRIBUTION,
    "jieba",
    "matplotlib",
    "numpy",
    "pandas",
    "rjieba",
    "scikit-learn",
    "scipy",
    "wordcloud",
)


#: From texts to topics: the usual variable of each value, and what makes it of the one before.
_CHAIN = {
    "Corpus": ("corpus", ""),
    "Tokens": ("tokens", "segment"),
    "TermMatrix": ("matrix", "tfidf"),
    "Topics": ("topics", "fit_topics"),
}


@dataclass(frozen=True)
class Step:
    """One call: what was called, on which input, with which parameters.

    Parameters
    ----------
    call : str
        Qualified name, such as ``"tfidf"``, ``"Corpus.load"`` or ``"Corpus.split"``.
    makes : str
        Name of the variable that holds the result in the code of the recipe.
    params : dict
        Parameters that differ from the default. Another value of the toolkit stands
        as its own `Recipe`.
    input : str or None
        Fingerprint of the value the step was applied to; None for a first step.
    data : dict
        Fingerprints of the data that shape the result (lexicon, stop list, files).
    result : str
        What is taken of the returned object, such as ``".corpus"``.
    """

    call: str
    makes: str
    params: dict[str, Any] = field(default_factory=dict)
    input: str | None = None
    data: dict[str, str] = field(default_factory=dict)
    result: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain values, ready for JSON."""
        return {
            "call": self.call,
            "params": {k: _plain(v) for k, v in self.params.items()},
            "input": self.input,
            "data": self.data,
        }


@dataclass(frozen=True)
class Recipe:
    """The ordered steps that made a value.

    Examples
    --------
    >>> from toolkit import Corpus
    >>> print(Corpus.sample().select(city="北京").split("section").to_code())
    from toolkit import Corpus
    <BLANKLINE>
    corpus = Corpus.sample()
    corpus = corpus.select(city='北京')
    corpus = corpus.split('section')
    """

    steps: tuple[Step, ...] = ()

    def to_code(self) -> str:
        """Return the Python that rebuilds the value.

        Raises
        ------
        TypeError
            If a parameter cannot be written as code, such as a data frame.
        """
        return joint_code([self])

    def _write(
        self, lines: list[str], imports: set[str], taken: dict[str, tuple[Step, ...]]
    ) -> str:
        """Append this recipe's lines; return the variable that holds its value.

        `taken` maps a variable name to the steps whose value it already holds, so that two
        recipes with a common beginning share it and different ones do not collide.
        """
        held = [(len(s), name) for name, s in taken.items() if self.steps[: len(s)] == s]
        begin, variable = max(held, default=(0, ""))
        own = False  # whether the variable is this recipe's alone, so that it may be used again
        for i, step in enumerate(self.steps[begin:], begin):
            arguments = [_code(v, k, lines, imports, taken) for k, v in step.params.items()]
            owner, _, method = step.call.partition(".")
            if variable and method:
                call = f"{variable}.{method}"
            else:
                imports.add(owner)
                call = step.call
                if variable:
                    arguments.insert(0, variable)
            target = step.makes
            number = 2
            while target in taken and not (own and target == variable):
                target = f"{step.makes}_{number}"
                number += 1
            lines.append(f"{target} = {call}({', '.join(arguments)}){step.result}")
            taken[target] = self.steps[: i + 1]
            variable, own = target, True
        return variable

    def to_dict(self) -> dict[str, Any]:
        """Return steps, code and library versions as plain values, ready for JSON."""
        return {
            "steps": [step.to_dict() for step in self.steps],
            "code": self.to_code(),
            "versions": versions(),
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the steps: equal for equal histories of equal inputs."""
        return fingerprint([step.to_dict() for step in self.steps])


def joint_code(recipes: Iterable[Recipe]) -> str:
    """Return the Python that rebuilds several values; what they share stands there once."""
    lines: list[str] = []
    imports: set[str] = set()
    taken: dict[str, tuple[Step, ...]] = {}
    for recipe in recipes:
        recipe._write(lines, imports, taken)
    return f"from toolkit import {', '.join(sorted(imports))}\n\n" + "\n".join(lines)


class Recorded:
    """A value that knows how it was made: base of every value of the toolkit."""

    recipe: Recipe

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what the value holds."""
        raise NotImplementedError

    def to_code(self) -> str:
        """Return the Python that rebuilds this value; see `Recipe.to_code`."""
        return self.recipe.to_code()


def record(
    function: Callable[..., Any],
    source: Recorded | None,
    *,
    makes: str,
    params: Mapping[str, Any],
    data: Mapping[str, str] | None = None,
    result: str = "",
) -> Recipe:
    """Return the recipe of `source` with one more step.

    Parameters
    ----------
    function : callable
        What was called; its signature tells which parameters are at their default.
    source : value with a recipe, or None
        What it was applied to; None for a first step.
    makes, data, result
        See `Step`.
    params : mapping
        The parameters of the call, without `source`.

    Returns
    -------
    Recipe
    """
    defaults = {k: p.default for k, p in inspect.signature(function).parameters.items()}
    given = {
        k: v.recipe if hasattr(v, "recipe") else v
        for k, v in params.items()
        if not _same(v, defaults.get(k, inspect.Parameter.empty))
    }
    step = Step(
        call=function.__qualname__,
        makes=makes,
        params=given,
        input=None if source is None else source.fingerprint,
        data=dict(data or {}),
        result=result,
    )
    return Recipe((*(() if source is None else source.recipe.steps), step))


def check_kind(value: object, kind: type, function: str) -> None:
    """Refuse a value that a function cannot take, and say how to make the one it needs.

    Raises
    ------
    TypeError
        If `value` is not a `kind`.
    """
    if isinstance(value, kind):
        return
    needed, found = kind.__name__, type(value).__name__
    names = [*_CHAIN]
    if needed == names[0]:
        how = "Corpus.load(folder), or Corpus.from_texts({'a': text})"
        if hasattr(value, "corpus"):  # what clean() returns
            how = f"the .corpus of this {found}"
    elif needed == "FrameworkScores":
        how = "score_framework(corpus)"
    else:
        start = names.index(found) if found in names[: names.index(needed)] else 0
        how = _CHAIN[names[start]][0]
        for name in names[start + 1 : names.index(needed) + 1]:
            how = f"{_CHAIN[name][1]}({how})"
    raise TypeError(f"{function} needs {_one(needed)}, not {_one(found)}: {how}")


def fingerprint(*parts: Any) -> str:
    """Return the SHA-256 of plain values, bytes or arrays, as 64 hex digits.

    Examples
    --------
    >>> fingerprint("城市", 1) == fingerprint("城市", 1)
    True
    >>> fingerprint("ab", "c") == fingerprint("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        if hasattr(part, "tobytes"):  # numpy arrays: the type and shape tell them apart
            from toolkit.mapped import parts_of

            head = f"{part.dtype.str}{part.shape}".encode()
            digest.update((len(head) + part.nbytes).to_bytes(8, "little") + head)
            for piece in parts_of(part):
                digest.update(piece.tobytes())
            continue
        if isinstance(part, bytes):
            raw = part
        else:
            text = json.dumps(_plain(part), ensure_ascii=False, sort_keys=True)
            raw = text.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "little") + raw)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape a result."""
    found = {"python": platform.python_version()}
    for name in _RECORDED_VERSIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def resource(*parts: str) -> Path:
    """Return the path of data shipped with the toolkit: ``corpus``, ``docs``, ``notebooks``.

    An installed wheel carries them inside the package; in a checkout they stand at
    the top, where people look for them.
    """
    package = Path(__file__).parent
    for root in (package / "_data", package.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(
        f"{'/'.join(parts)} is neither inside the installed package nor beside it; "
        f"reinstall {DISTRIBUTION}"
    )


def _one(name: str) -> str:
    """Return the name of a type with its article: there is no such thing as a Tokens."""
    if name in ("Tokens", "Topics"):
        return name
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(a == b)


_AS_THEY_ARE = (str, int, float)  # as most values are: words, counts


def _plain(value: Any, *, key: Callable[[Any], Any] = str) -> Any:
    """Return `value` as JSON knows it; `key` makes the keys of mappings."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Recipe):
        return [step.to_dict() for step in value.steps]
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, Mapping):
        return {key(k): _plain(v, key=key) for k, v in value.items()}
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return _plain(value.tolist(), key=key)
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(v, key=key) for v in value), key=repr)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [v if type(v) in _AS_THEY_ARE else _plain(v, key=key) for v in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return repr(value)


def _code(
    value: Any,
    name: str,
    lines: list[str],
    imports: set[str],
    taken: dict[str, tuple[Step, ...]],
) -> str:
    """Return ``name=value`` as Python, or the value alone for a leading argument."""
    if isinstance(value, Recipe):
        return f"{name}={value._write(lines, imports, taken)}"
    if type(value).__module__.partition(".")[0] == __package__:
        imports.add(type(value).__name__)  # its repr is the call that makes it
        return f"{name}={value!r}"
    plain = _plain(value, key=lambda k: k if isinstance(k, (int, bool)) else str(k))
    if isinstance(plain, str) and not isinstance(value, (str, PurePath)):
        raise TypeError(
            f"parameter {name!r} is a {type(value).__name__}, which cannot be written as code; "
            "save it to a file and pass the path"
        )
    if name in _POSITIONAL:
        return repr(plain)
    # Columns are parameters too (Corpus.select), and Python reads ＩＤ as ID.
    if not name.isidentifier() or iskeyword(name) or normalize("NFKC", name) != name:
        return f"**{{{name!r}: {plain!r}}}"
    return f"{name}={plain!r}"


# Parameters that read better without their name: Corpus.load('corpus').split('section').
_POSITIONAL = {"folder", "shards", "unit", "texts"}
