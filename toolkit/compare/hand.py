"""An author's hand: which groups are shown, in which order, and what they are called."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypedDict

import pandas as pd

from toolkit.say import Language, Several, Spoken, Value
from toolkit.units import columns_of, listed, values_of

_SHARED = {
    "by": 'by : str\n    Column of the units, such as ``"city"`` or ``"year"``.',
    "n": "n : int\n    How many words; of each group, where there are groups.",
    "seed": "seed : int\n    Of the places: the same seed gives the same picture.",
    "lang": 'lang : {"zh", "en"}\n    Language of the labels; the caption is written in both.',
    "ax": "ax : Axes, optional\n    Where to draw; a new figure if not given.",
}
_RETURNS = "Returns\n-------\nAxes\n"


class Look(TypedDict, total=False):
    """What parts of a figure are called, and how they look: see `Hand`."""

    labels: Mapping[Any, str]
    highlight: Any
    colour_by: str
    palette: Sequence[str] | Mapping[Any, str]


class Hand(Look, total=False):
    """What the plots that have groups take, in the same words; `@plot` documents it there.

    Parameters
    ----------
    groups : sequence, optional
        Which groups, in this order; all if not given.
    order : sequence, optional
        Groups that come first, in this order. By default the order of the table, or that of
        the column, if it is an ordered one of pandas.
    labels : mapping, optional
        What groups, words or topics are called in the figure: ``{'华东': 'East'}``.
    highlight : value or sequence, optional
        Groups, words or topics that stand out: the others are grey.
    colour_by : str, optional
        Column of the units, such as ``"region"``: its values give the groups their colours.
    palette : sequence or mapping of colours, optional
        Colours in turn, or those of groups, words or values of `colour_by`.
    """

    groups: Sequence[Any]
    order: Any


@dataclass(frozen=True)
class _Work:
    """What an author gave, for which groups, and what of it a plot has taken up."""

    given: Mapping[str, Any] = field(default_factory=dict)
    units: Any = None
    by: str | None = None
    lang: Language = "zh"
    taken: set[str] = field(default_factory=set)

    def take(self, name: str, default: Any = None) -> Any:
        """Return what was given, and note that it is of use."""
        self.taken.add(name)
        return self.given.get(name, default)


_work: ContextVar[_Work | None] = ContextVar("hand", default=None)


@contextmanager
def at_work(given: Mapping[str, Any], units: Any, by: str | None, lang: Language) -> Iterator[None]:
    """Show what an author gave; refuse what nothing has taken up."""
    given = {name: value for name, value in given.items() if value is not None}
    if unknown := {*given} - {*Hand.__annotations__}:
        raise TypeError(f"a plot has no parameter {listed(unknown)}")
    work = _Work(given, units, by, lang)
    token = _work.set(work)
    try:
        yield
        if idle := {*given} - work.taken:
            raise ValueError(
                f"{listed(idle)}: nothing in this figure answers to it; leave it out, or name "
                "groups, words or topics that are drawn"
            )
    finally:
        _work.reset(token)


def at_hand() -> _Work:
    """Return what an author gave for what is being drawn."""
    return _work.get() or _Work()


def arranged(groups: Iterable[Any]) -> list[Any]:
    """Return those of the groups that the author wants, in the author's order."""
    work, found = at_hand(), [*groups]
    kind = None if work.units is None else getattr(work.units.get(work.by), "dtype", None)
    if isinstance(kind, pd.CategoricalDtype) and kind.ordered:
        found = [group for group in kind.categories if group in {*found}]
    wanted, order = values_of(work.take("groups")), work.take("order")
    first = [] if isinstance(order, str) else values_of(order)
    if unknown := [group for group in [*wanted, *first] if group not in found]:
        raise ValueError(f"no {work.by or 'group'} {unknown}; there are {found}")
    return [*dict.fromkeys(group for group in [*first, *(wanted or found)])]


def called(label: Any, otherwise: str | None = None) -> str:
    """Return what a group, word or topic is called."""
    work = at_hand()
    if label in work.given.get("labels", ()):
        return str(work.take("labels")[label])
    return str(label) if otherwise is None else otherwise


def renamed(said: Any, lang: Language) -> Any:
    """Return a field of a caption with the author's labels, in the language of the figure."""
    if isinstance(said, Several):
        return Several(tuple(renamed(item, lang) for item in said.items), said.between)
    value = said.value if isinstance(said, Value) else said
    if lang != at_hand().lang or not isinstance(value, str) or called(value) == value:
        return said
    return Spoken({lang: called(value)})


def highlighted(keys: Iterable[Any]) -> list[bool]:
    """Tell which of the groups, words or topics stand out; all, if none is asked for."""
    found = [key in values_of(at_hand().given.get("highlight")) for key in keys]
    if any(found):
        at_hand().take("highlight")
    return found if any(found) else [True] * len(found)


def kinds_of(groups: Sequence[Any]) -> list[Any]:
    """Return of each group its most frequent value of `colour_by`; none if it is not given."""
    work = at_hand()
    if "colour_by" not in work.given or work.units is None or work.by is None:
        return []
    (column,) = columns_of(work.units, work.take("colour_by"))
    values = work.units.groupby(work.by, observed=True)[column]
    most = values.agg(lambda own: next(iter(own.mode().astype(str)), "—"))
    return [most.get(group, "—") for group in groups]


def shown(function: Callable[..., Any], signature: inspect.Signature) -> inspect.Signature:
    """Return the signature of a plot with what an author's hand may give, each by its name."""
    *own, lang, ax, hand = signature.parameters.values()
    if hand.kind is not inspect.Parameter.VAR_KEYWORD:
        return signature
    kind = Hand if "Hand" in function.__annotations__[hand.name] else Look
    named = [n for n in _parameters(inspect.getdoc(Hand) or "") if n in kind.__annotations__]
    extra = [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY, default=None) for n in named]
    return signature.replace(parameters=[*own, *extra, lang, ax])


def documented(
    function: Callable[..., Any], signature: inspect.Signature, table: Callable[..., Any] | None
) -> str:
    """Return the docstring of a plot with what it shares with its table and with all plots."""
    doc = inspect.cleandoc(function.__doc__ or "")
    head, *sections = re.split(r"\n\n(?=(?:Returns|Raises|References|Examples)\n-)", doc)
    said = (
        _parameters(inspect.getdoc(table) or "") | _SHARED | _parameters(inspect.getdoc(Hand) or "")
    )
    said |= _parameters(head)
    entries = dict.fromkeys(said[name] for name in signature.parameters if name in said)
    head = head.partition("\n\nParameters\n---")[0]
    if not any(section.startswith("Returns") for section in sections):
        sections.insert(0, _RETURNS.rstrip())
    return "\n\n".join([head, "\n".join(["Parameters\n----------", *entries]), *sections]) + "\n"


def _parameters(doc: str) -> dict[str, str]:
    """Return the entry of each parameter that a docstring documents."""
    found = re.search(r"(?:^|\n\n)Parameters\n-+\n(.*?)(?=\n\n\S|\Z)", doc, re.DOTALL)
    entries = re.split(r"\n(?=\S)", found[1]) if found else []
    return {name: entry for entry in entries for name in entry.split(" : ")[0].split(", ")}
