"""Rules of a codebook: which terms, together or apart, make a code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

#: Where the terms of a rule stand in a passage: (start, end, number of the word it begins with).
Place = tuple[int, int, int]
#: Of a term its places, in the text and in the headings above it.
Places = Mapping[str, Sequence[Place]]

_PIECE = re.compile(r'"[^"]*"|“[^”]*”|[()（）]|[^\s()（）"“”]+')
_NEAR = re.compile(r"NEAR/(\d{1,3})")
_WORDS = {"AND", "OR", "NOT", "IN"}
_DEEPEST = 40


class Rule(NamedTuple):
    """A rule that was read: what joins its parts, these, and how far apart they may stand."""

    joins: str  # "term", "heading", "NOT", "AND", "OR" or "NEAR"
    parts: tuple[Rule, ...] = ()
    term: str = ""
    distance: int = 0

    def terms(self) -> Iterator[str]:
        """Yield the terms of the rule."""
        if self.term:
            yield self.term
        for part in self.parts:
            yield from part.terms()

    def places(self, text: Places, headings: Places) -> list[Place] | None:
        """Return where a passage has what makes the rule true; nothing if it is false.

        Of NOT, and of what stands in a heading, no place of the passage tells.
        """
        if self.joins == "term":
            return list(text.get(self.term, ())) or None
        if self.joins == "heading":
            return [] if headings.get(self.term) else None
        found = [part.places(text, headings) for part in self.parts]
        if self.joins == "NOT":
            return [] if found[0] is None else None
        held = [places for places in found if places is not None]
        if self.joins == "OR":
            return sorted({place for places in held for place in places}) if held else None
        if len(held) < len(found):
            return None
        if self.joins == "NEAR":
            pairs = [(a, b) for a in held[0] for b in held[1] if abs(a[2] - b[2]) <= self.distance]
            return sorted({place for pair in pairs for place in pair}) or None
        return sorted({place for places in held for place in places})


def read_rule(rule: str) -> Rule:
    """Read a rule: terms with AND, OR, NOT, NEAR/n, IN heading, and brackets.

    NOT binds closest, then NEAR/n, AND, OR. A term that holds a space stands in quotes.

    Raises
    ------
    ValueError
        With what was found and what is missing.

    Examples
    --------
    >>> rule = read_rule("(财政 OR 税收) AND NOT 财政部")
    >>> rule.joins, list(rule.terms())
    ('AND', ['财政', '税收', '财政部'])
    >>> read_rule("财政 税收")
    Traceback (most recent call last):
    ValueError: between '财政' and '税收' stands no AND, OR or NEAR/n; words of one term: in quotes
    """
    pieces = _PIECE.findall(rule)
    if _PIECE.sub("", rule).strip():
        raise ValueError("a quote is opened that is not closed")
    if sum(piece in ("NOT", "(", "（") for piece in pieces) > _DEEPEST:
        raise ValueError(f"it has more than {_DEEPEST} brackets and NOT: make it several rows")
    tree, rest = _any_of(pieces)
    if rest:
        if rest[0] in ")）":
            raise ValueError("a bracket is closed that was not opened")
        before = pieces[len(pieces) - len(rest) - 1]
        raise ValueError(
            f"between {before!r} and {rest[0]!r} stands no AND, OR or NEAR/n; "
            "words of one term: in quotes"
        )
    if tree.places({}, {}) is not None:
        raise ValueError("it is true of a passage without any of its terms: add what must be there")
    return tree


#: A rule, and the pieces behind it.
_Read = tuple[Rule, list[str]]


def _any_of(pieces: list[str]) -> _Read:
    return _chain(pieces, "OR", lambda rest: _chain(rest, "AND", _near))


def _chain(pieces: list[str], joins: str, read: Callable[[list[str]], _Read]) -> _Read:
    first, rest = read(pieces)
    parts = [first]
    while rest and rest[0] == joins:
        part, rest = read(rest[1:])
        parts.append(part)
    return (Rule(joins, tuple(parts)) if len(parts) > 1 else first), rest


def _near(pieces: list[str]) -> _Read:
    first, rest = _one(pieces)
    while rest and (near := _NEAR.fullmatch(rest[0])):
        second, rest = _one(rest[1:])
        first = Rule("NEAR", (first, second), distance=int(near[1]))
    return first, rest


def _one(pieces: list[str]) -> _Read:
    """Read a term, a rule in brackets, or what must not be there."""
    if not pieces:
        raise ValueError("it ends where a term is missing")
    first, *rest = pieces
    if first == "NOT":
        part, rest = _one(rest)
        return Rule("NOT", (part,)), rest
    if first in "(（":
        inside, rest = _any_of(rest)
        if not rest or rest[0] not in ")）":
            raise ValueError("a bracket is opened that is not closed")
        return inside, rest[1:]
    if first in _WORDS or first in ")）" or _NEAR.fullmatch(first):
        raise ValueError(f"a term is missing before {first!r}")
    term = first.strip('"“”').strip()
    if not term:
        raise ValueError("a term is empty")
    if rest[:1] == ["IN"]:
        if rest[1:2] != ["heading"]:
            raise ValueError("IN is followed by 'heading'")
        return Rule("heading", term=term), rest[2:]
    return Rule("term", term=term), rest
