"""The record of how a value was made: one list of steps, three uses.

Every value of the toolkit carries a `Recipe`, which the decorator `step` writes. From it
come the Python that rebuilds the value (`to_code`), the provenance file beside an exported
figure (`to_dict`), and the "copy as code" of the explorer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property, wraps
from importlib import import_module
from itertools import accumulate, pairwise
from typing import Any, ClassVar, ParamSpec, TypeVar

from toolkit.installed import versions
from toolkit.values import Digest, argument, as_parameter, bound, is_own, plain, source, writable
from toolkit.values import check_numbers as check_numbers
from toolkit.values import fingerprint as fingerprint

P = ParamSpec("P")
R = TypeVar("R")

#: Parameters that say how to work, not what comes of it: they are in no recipe.
_HOW = {"n_jobs", "resume"}
#: Parameters that read better without their name: Corpus.load('corpus').split('section').
_LEADING = {"folder", "shards", "unit", "texts"}
_SAVE = "save it to a file, and go on from what you load"


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
        Parameters that differ from the default, as plain values. Another value of the
        toolkit stands as its own `Recipe`, what cannot be code as its `Digest`.
    input : str or None
        Fingerprint of the value the step was applied to; None for a first step.
    data : dict
        Fingerprints of the data that shape the result (lexicon, stop list, files).
    result : str
        What is taken of the returned object, such as ``".corpus"``.
    made : str
        Fingerprint of the value that the step made; "" if it is not known.
    module : str
        Where the function is defined.
    leading : tuple of str
        Parameters that are written without their name.
    style : dict
        Arguments of `figure_style` that a plot was drawn in; none for the usual style.
    """

    call: str
    makes: str
    params: dict[str, Any] = field(default_factory=dict)
    input: str | None = None
    data: dict[str, str] = field(default_factory=dict)
    result: str = ""
    made: str = ""
    module: str = "toolkit"
    leading: tuple[str, ...] = ()
    style: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain values, ready for JSON."""
        return {
            "call": self.call,
            "params": {k: plain(v) for k, v in self.params.items()},
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
            If there is no such code: a parameter cannot be written down, such as a data
            frame, or a value on the way was made or changed by hand.
        """
        return joint_code([self])

    def to_dict(self) -> dict[str, Any]:
        """Return steps, code and library versions as plain values, ready for JSON."""
        return {"steps": self.to_plain(), "code": self.to_code(), "versions": versions()}

    def to_plain(self) -> list[dict[str, Any]]:
        """Return the steps as plain values, ready for JSON."""
        return [step.to_dict() for step in self.steps]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the steps: equal for equal histories of equal inputs."""
        return fingerprint(self.to_plain())


def joint_code(recipes: Iterable[Recipe]) -> str:
    """Return the Python that rebuilds several values; what they share stands there once."""
    code = _Code()
    for recipe in recipes:
        code.add(recipe)
    return str(code)


class _Code:
    """Python that rebuilds values, as it grows.

    What each variable holds is known by its steps, so that two recipes with a common
    beginning share it and different ones do not collide.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.imports: set[tuple[str, str]] = set()
        self.held: dict[str, tuple[Step, ...]] = {}

    def __str__(self) -> str:
        names: dict[str, list[str]] = {}
        for module, name in sorted(self.imports, key=lambda pair: pair[1]):
            names.setdefault(_offering(module, name), []).append(name)
        imports = [f"from {room} import {', '.join(own)}" for room, own in sorted(names.items())]
        return "\n".join([*imports, "", *self.lines])

    def add(self, recipe: Recipe) -> str:
        """Add the steps of a recipe that are not there yet; return the variable of its value."""
        _check_unbroken(recipe.steps)
        held = [(len(s), name) for name, s in self.held.items() if recipe.steps[: len(s)] == s]
        begin, variable = max(held, default=(0, ""))
        own = False  # whether the variable is this recipe's alone, so that it may be used again
        for i, step in enumerate(recipe.steps[begin:], begin + 1):
            arguments = [self._argument(k, v, k in step.leading) for k, v in step.params.items()]
            owner, _, method = step.call.partition(".")
            call = f"{variable}.{method}" if variable and method else step.call
            if call == step.call:
                self.imports.add((step.module, owner))
                arguments[:0] = [variable] if variable else []
            target, number = step.makes, 2
            while target in self.held and not (own and target == variable):
                target, number = f"{step.makes}_{number}", number + 1
            line = f"{target} = {call}({', '.join(arguments)}){step.result}"
            if step.style:
                self.imports.add(("toolkit.figures.press.style", "figure_style"))
                given = ", ".join(f"{k}={v!r}" for k, v in step.style.items())
                line = f"with figure_style({given}):\n    {line}"
            self.lines.append(line)
            self.held[target] = recipe.steps[:i]
            variable, own = target, True
        return variable

    def _argument(self, name: str, value: Any, leading: bool) -> str:
        """Return ``name=value`` as Python, or the value alone for a leading argument."""
        if isinstance(value, Recipe):
            written = self.add(value)
        elif is_own(value):
            self.imports.add((type(value).__module__, type(value).__name__))
            written = repr(value)
        else:
            try:
                written = source(writable(value))
            except TypeError as error:
                raise TypeError(f"parameter {name!r} {error}; {_SAVE}") from None
        return written if leading else argument(name, written)


def _offering(module: str, name: str) -> str:
    """Return the outermost package through which a name of a module is public."""
    packages = accumulate(module.split("."), "{}.{}".format)
    return next((p for p in packages if hasattr(import_module(p), name)), module)


def _check_unbroken(steps: tuple[Step, ...]) -> None:
    """Refuse steps of which one was not applied to what the step before it made."""
    if not steps:
        raise TypeError(f"a value made by hand has no code; {_SAVE}")
    if steps[0].input is not None:
        raise TypeError(
            f"{steps[0].call} was applied to a value that was made by hand and has no code; {_SAVE}"
        )
    for before, step in pairwise(steps):
        if before.made and step.input not in (None, before.made):
            raise TypeError(
                f"what {before.call} made was changed by hand before {step.call}, so its "
                f"code would make something else; {_SAVE}"
            )


class Recorded:
    """A value that knows how it was made: base of every value of the toolkit.

    A class says, for messages, what usually holds one and how one is made:
    ``class Tokens(Recorded, variable="tokens", by="segment", of=Corpus)``.
    """

    recipe: Recipe
    _variable: ClassVar[str] = ""
    _by: ClassVar[str] = ""
    _of: ClassVar[type[Recorded] | None] = None

    def __init_subclass__(
        cls, *, variable: str = "", by: str = "", of: type[Recorded] | None = None
    ) -> None:
        cls._variable, cls._by, cls._of = variable, by, of

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what the value holds."""
        assert is_dataclass(self)
        held = (getattr(self, f.name) for f in fields(self) if f.name != "recipe")
        return fingerprint(*held)

    def to_code(self) -> str:
        """Return the Python that rebuilds this value; see `Recipe.to_code`."""
        last = self.recipe.steps[-1:]
        if last and last[0].made and last[0].made != self.fingerprint:
            raise TypeError(
                f"this {type(self).__name__} was changed by hand after {last[0].call}, so its "
                f"code would make something else; {_SAVE}"
            )
        return self.recipe.to_code()

    @classmethod
    def _making(cls, found: type) -> str:
        """Return the code that makes a value of this class from a value of another."""
        if cls._of is None:
            return cls._by
        known = found is cls._of or cls._of._of is None
        return f"{cls._by}({cls._of._variable if known else cls._of._making(found)})"


def step(
    makes: str,
    *,
    take: str = "",
    data: Callable[[Any, Mapping[str, Any]], Mapping[str, str]] | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function, so that what it makes knows its recipe.

    The recipe is that of the first argument, if this is a value of the toolkit, and one
    step more: the call with the arguments that differ from their defaults.

    Parameters
    ----------
    makes : str
        Name of the variable that holds the result in the code of the recipe.
    take : str
        Attribute of the result that is the value, such as ``"corpus"``; the result
        itself if not given.
    data : callable, optional
        Given the value and the arguments by their names, returns the fingerprints of the
        data that shape it.

    Examples
    --------
    >>> from toolkit import Corpus
    >>> @dataclass(frozen=True)
    ... class Longest(Recorded):
    ...     text: str
    ...     recipe: Recipe = field(default_factory=Recipe)
    >>> @step("found")
    ... def longest(corpus, *, least=1):
    ...     return Longest(max(corpus.units["text"], key=len))
    >>> longest(Corpus.from_texts({"a": "城市", "b": "社区共治"}), least=2).recipe.steps[-1].params
    {'least': 2}
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        call: Callable[..., R] = function

        @wraps(function)
        def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
            # What the function would use up is wanted here too.
            places = [[*v] if isinstance(v, Iterator) else v for v in args]
            names = {k: [*v] if isinstance(v, Iterator) else v for k, v in kwargs.items()}
            given = bound(function, places, names)
            result = call(*places, **names)
            value: Any = getattr(result, take) if take else result
            first = next(iter(given), "")
            source = given.pop(first) if isinstance(given.get(first), (Recorded, type)) else None
            recipe = record(
                function,
                source if isinstance(source, Recorded) else None,
                makes=makes,
                params=given,
                data=dict(data(value, given)) if data else {},
                result=f".{take}" if take else "",
                made=value.fingerprint,
            )
            # The value is new and nobody else's yet: a copy would lose what it has computed.
            object.__setattr__(value, "recipe", recipe)
            return result

        return recorded

    return decorate


def record(
    function: Callable[..., Any], source: Any, *, makes: str, params: Mapping[str, Any], **more: Any
) -> Recipe:
    """Return the recipe of `source` with one more step.

    For what is not a value of the toolkit, such as axes; the others have `step`.

    Parameters
    ----------
    function : callable
        What was called; its signature tells which parameters are at their default.
    source : value with a recipe, or None
        What it was applied to; None for a first step.
    params : mapping
        The parameters of the call, without `source`.
    makes, **more
        See `Step`.
    """
    known = inspect.signature(function).parameters
    given: dict[str, Any] = {}
    for name, value in params.items():
        if name in known and known[name].kind is inspect.Parameter.VAR_KEYWORD:
            given |= {k: _kept(v) for k, v in value.items()}
        elif name not in _HOW and not (name in known and _usual(value, known[name].default)):
            given[name] = _kept(value)
    taken = Step(
        call=function.__qualname__,
        makes=makes,
        params=given,
        input=None if source is None else source.fingerprint,
        module=function.__module__,
        leading=tuple(name for name in given if name in _LEADING and name in known),
        **more,
    )
    return Recipe((*(() if source is None else source.recipe.steps), taken))


def check_kind(value: object, kind: type[Recorded], function: str) -> None:
    """Refuse a value that a function cannot take, and say how to make the one it needs.

    Raises
    ------
    TypeError
        If `value` is not a `kind`.
    """
    if isinstance(value, kind):
        return
    needed, found = _one(kind.__name__), type(value).__name__
    held = [n for n in getattr(value, "_fields", ()) if isinstance(getattr(value, n), kind)]
    how = f"the .{held[0]} of this {found}" if held else kind._making(type(value))
    raise TypeError(f"{function} needs {needed}, not {_one(found)}: {how}")


def _one(name: str) -> str:
    """Return the name of a type with its article: there is no such thing as a Tokens."""
    if name.endswith("s") and not name.endswith("us"):
        return name
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _usual(value: Any, default: Any) -> bool:
    """Tell whether a parameter is at its default; None stands for a Segmenter(), say."""
    if default is None and is_own(value):
        return repr(value) == f"{type(value).__name__}()"
    return type(value) is type(default) and bool(value == default)


def _kept(value: Any) -> Any:
    """Return a parameter as a recipe keeps it: short, and nobody else's to change."""
    if not hasattr(value, "recipe"):
        return as_parameter(value)
    if value.recipe.steps:
        return value.recipe
    return Digest(f"{type(value).__name__} made by hand", value.fingerprint)
