"""Plain values: as JSON, as Python, as a fingerprint."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from math import isfinite
from numbers import Integral, Real
from pathlib import PurePath
from typing import Any
from unicodedata import normalize

#: A value that is longer as code, in characters, stands in a recipe as its hash.
_LONGEST = 100_000


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
        if hasattr(part, "columns"):
            part = _columns(part)
        if hasattr(part, "tobytes") and part.dtype != object:
            # An array: its type and shape tell it apart.
            from toolkit.mapped import parts_of

            head = f"{part.dtype.str}{part.shape}".encode()
            digest.update((len(head) + part.nbytes).to_bytes(8, "little") + head)
            for piece in parts_of(part):
                digest.update(piece.tobytes())
            continue
        part = getattr(part, "fingerprint", part)  # of a value of the toolkit
        if isinstance(part, bytes):
            raw = part
        else:
            text = json.dumps(plain(part), ensure_ascii=False, sort_keys=True)
            raw = text.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "little") + raw)
    return digest.hexdigest()


def _columns(frame: Any) -> dict[str, Any]:
    """Return what a data frame holds, its index with it; what recurs stands once."""
    held = {}
    for name in (frame := frame.reset_index()):
        try:
            codes, values = frame[name].factorize()
        except TypeError:  # values that cannot be told apart quickly, such as lists
            codes, values = None, frame[name]
        held[str(name)] = [
            [value if type(value) is str else str(value) for value in values.tolist()],
            None if codes is None else hashlib.sha256(codes.astype("int64").tobytes()).hexdigest(),
        ]
    return held


_AS_THEY_ARE = (str, int, float)  # as most values are: words, counts


def plain(
    value: Any, *, key: Callable[[Any], Any] = str, other: Callable[[Any], Any] = repr
) -> Any:
    """Return `value` as JSON knows it.

    `key` makes the keys of mappings, `other` what stands for a value that JSON does not know.
    """
    if type(value) in _AS_THEY_ARE:
        return value
    if hasattr(value, "to_plain"):  # a recipe
        return value.to_plain()
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, Mapping):
        return {key(k): plain(v, key=key, other=other) for k, v in value.items()}
    if hasattr(value, "tolist") and not hasattr(value, "to_frame"):  # numpy scalars and arrays
        return plain(value.tolist(), key=key, other=other)
    if isinstance(value, range) and other is _refuse:
        return value  # which says more than the numbers in it
    if isinstance(value, (set, frozenset)):
        return sorted((plain(v, key=key, other=other) for v in value), key=repr)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        if hasattr(value, "columns"):  # whose iteration gives the names of its columns alone
            return other(value)
        return [v if type(v) in _AS_THEY_ARE else plain(v, key=key, other=other) for v in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return other(value)


def writable(value: Any) -> Any:
    """Return `value` as plain values that `source` can write as Python.

    Raises
    ------
    TypeError
        If there is something in it that cannot be written.
    """
    if isinstance(value, Digest):
        _refuse(value)
    return plain(value, key=_code_key, other=_refuse)


def _code_key(key: Any) -> Any:
    return tuple(writable(key)) if isinstance(key, tuple) else writable(key)


def _refuse(value: Any) -> Any:
    kind = value.kind if isinstance(value, Digest) else type(value).__name__
    raise TypeError(f"is a {kind}, which cannot be written as code")


def bound(
    function: Callable[..., Any], places: Sequence[Any], names: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the arguments of a call by their names, numbers checked.

    Raises
    ------
    TypeError, ValueError
        If they do not fit, with the name of the function and all that it takes; or as
        `check_numbers` does.
    """
    signature = inspect.signature(function)
    try:
        given = dict(signature.bind(*places, **names).arguments)
    except TypeError as error:
        taken = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
        takes = inspect.Signature([p.replace(annotation=p.empty) for p in taken])
        raise TypeError(f"{function.__name__}(): {error}; it takes {takes}") from None
    check_numbers(function, given)
    return given


def check_numbers(function: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Refuse what is no number, or one below 0, where an annotation says ``int`` or ``float``.

    Raises
    ------
    TypeError, ValueError
        With all that are wrong.
    """
    odd, low = [], []
    for name, parameter in inspect.signature(function).parameters.items():
        kinds, value = {*str(parameter.annotation).split(" | ")}, given.get(name, parameter.default)
        if not kinds <= {"int", "float", "None"} or (value is None and "None" in kinds):
            continue
        wanted, kind = ("number", Real) if "float" in kinds else ("whole number", Integral)
        if isinstance(value, bool) or not isinstance(value, kind):
            odd.append(f"{name} must be a {wanted}, not {value!r:.60}")
        elif not float(value) >= 0 and name not in ("n_jobs", "min_pmi"):
            low.append(f"{name} must be a {wanted}, 0 or more, not {value!r}")
    if odd or low:
        error = TypeError if odd else ValueError
        raise error(f"{function.__qualname__}: {'; '.join(odd + low)}")


def source(value: Any) -> str:
    """Return a plain value as Python: its repr, but for what is infinite or no number.

    Examples
    --------
    >>> source({"a": [1, float("inf")]})
    "{'a': [1, float('inf')]}"
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k!r}: {source(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(source, value))}]"
    return f"float('{value}')" if isinstance(value, float) and not isfinite(value) else repr(value)


def argument(name: str, written: str) -> str:
    """Return an argument of a call as Python, its value being written already.

    Examples
    --------
    >>> argument("k", "3"), argument("所属 区", "'西城'")
    ('k=3', "**{'所属 区': '西城'}")
    """
    # Columns are parameters too (Corpus.select), and Python reads ＩＤ as ID.
    if not name.isidentifier() or iskeyword(name) or normalize("NFKC", name) != name:
        return f"**{{{name!r}: {written}}}"
    return f"{name}={written}"


@dataclass(frozen=True)
class Digest:
    """A parameter that cannot be written as code: what it is, and its fingerprint."""

    kind: str
    sha256: str

    def to_plain(self) -> dict[str, str]:
        """Return it as plain values, ready for JSON."""
        return {"type": self.kind, "sha256": self.sha256}


def as_parameter(value: Any) -> Any:
    """Return `value` as plain values, or as its `Digest` if it is no code or a long one."""
    if is_own(value):
        return value
    kind = type(value).__name__
    try:
        kept = writable(value)
    except TypeError:
        return Digest(kind, fingerprint(value))
    if not isinstance(kept, (str, list, dict)) or len(source(kept)) <= _LONGEST:
        return kept
    return Digest(f"{kind} of {len(value):,}", fingerprint(value))


def is_own(value: Any) -> bool:
    """Tell whether a value is of the toolkit, like a `Segmenter`: its repr is code."""
    return type(value).__module__.partition(".")[0] == __package__ and type(value) is not Digest
