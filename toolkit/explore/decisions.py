"""Decisions: what a person chose while exploring, as a small text file that is replayed."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from toolkit.files import write_text
from toolkit.passages import UNITS as PASSAGES
from toolkit.segmentation import Segmenter
from toolkit.terms import TermLedger

_VERSION = 1
METHODS = ("auto", "nmf", "nmf-neighbours", "codebook", "lda", "lda-gibbs")
UNITS = (*PASSAGES, "document")

Entry = Mapping[str, Any]
_MEND = "as Decisions.save writes it: mend it, or save the log anew"
# What each decision holds beside `do`: name and type of every field.
_FIELDS: dict[str, dict[str, type[Any]]] = {
    "select": {},
    "unit": {"unit": str},
    "accept": {"term": str},
    "stop": {"term": str},
    "merge": {"term": str, "into": str},
    "split": {"term": str, "parts": list},
    "topics": {"k": int, "seed": int, "method": str},
    "label": {"label": str, "terms": list},
}
_DEEPEST = 20
_LARGEST = 5_000_000  # bytes of a file: some 100,000 decisions
_MOST_TOPICS = 10_000
#: Decisions on how words are cut and counted.
OF_TERMS = ("accept", "stop", "merge", "split")
_HEAD = """\
# Decisions made while exploring, in their order; `apply_decisions(corpus, this file)` of
# toolkit.explore replays them. A later decision on the same thing replaces the earlier one.
"""


@dataclass(frozen=True)
class Fit:
    """How topics are found: how many, with which seed and method; see `Decisions`."""

    k: int = 6
    seed: int = 0
    method: str = "auto"

    @property
    def entry(self) -> Entry:
        """The decision for it."""
        return {"do": "topics", **asdict(self)}


@dataclass(frozen=True)
class Decisions:
    """What was decided, in order; one decision for each thing that is decided on.

    Parameters
    ----------
    log : tuple of mapping
        Each holds ``do`` and what belongs to it:

        - ``select`` with lists of values of any columns of the metadata
        - ``unit`` ("section", "paragraph", "sentence", "document")
        - ``accept`` or ``stop`` with ``term``; ``merge`` with ``term`` and ``into``;
          ``split`` with ``term`` and ``parts``
        - ``topics`` with ``k``, ``seed``, ``method`` (one of `fit_topics`, or
          "codebook" for topics that follow the four dimensions, of which ``k`` counts the
          free ones too)
        - ``label`` with ``label`` and the top ``terms`` of the topic it was given to

    Raises
    ------
    ValueError
        With every decision that makes no sense.

    Examples
    --------
    >>> decisions = Decisions().add({"do": "stop", "term": "推进"})
    >>> decisions.add({"do": "accept", "term": "推进"}).log
    ({'do': 'accept', 'term': '推进'},)
    """

    log: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        problems = [
            f"decision {number}: {problem}"
            for number, entry in enumerate(self.log, 1)
            if (problem := _problem(entry))
        ]
        if not problems and (cycle := _circle(self.log)):
            problems.append(cycle)
        if problems:
            raise ValueError("these decisions cannot be used:\n- " + "\n- ".join(problems))

    def add(self, entry: Entry) -> Decisions:
        """Return the decisions with one more; it replaces an earlier one on the same thing."""
        if problem := _problem(entry):
            raise ValueError(problem)
        return replace(self, log=(*self.without(entry).log, dict(entry)))

    def without(self, entry: Entry) -> Decisions:
        """Return the decisions without that on the thing which `entry` is about."""
        return replace(self, log=tuple(e for e in self.log if _subject(e) != _subject(entry)))

    def find(self, do: str) -> list[Entry]:
        """Return the decisions of one kind."""
        return [entry for entry in self.log if entry["do"] == do]

    def last(self, do: str) -> dict[str, Any]:
        """Return what the last decision of a kind holds; nothing if there is none."""
        found = self.find(do)
        return {k: v for k, v in found[-1].items() if k != "do"} if found else {}

    @property
    def selection(self) -> dict[str, Any]:
        """The values of metadata columns that texts are chosen by."""
        return self.last("select")

    @property
    def labels(self) -> list[tuple[str, list[str]]]:
        """Labels of topics with the top terms that they stand for."""
        return [(e["label"], [*e["terms"]]) for e in self.find("label")]

    def segmenter(self, base: Segmenter | None = None) -> Segmenter:
        """Return the segmenter that follows the decisions on terms."""
        base = base or Segmenter()
        synonyms = {e["term"]: e["into"] for e in self.find("merge")}
        terms = {do: [e["term"] for e in self.find(do)] for do in ("accept", "stop")}
        if synonyms or any(terms.values()):
            base = TermLedger.decide(**terms, synonym=synonyms).segmenter(base)
        if parts := [tuple(e["parts"]) for e in self.find("split")]:
            lexicon = base.lexicon
            listed = [lexicon] if isinstance(lexicon, (str, Path)) else [*(lexicon or ())]
            base = replace(base, lexicon=[*listed, *parts])
        return base

    def to_yaml(self) -> str:
        """Return the decisions as text, a line for each."""
        import yaml

        lines = [
            yaml.safe_dump(
                dict(entry),
                allow_unicode=True,
                default_flow_style=True,
                sort_keys=False,
                width=10**6,
            )
            for entry in self.log
        ]
        body = "\n" + "".join(f"- {line}" for line in lines) if lines else " []\n"
        return f"{_HEAD}version: {_VERSION}\ndecisions:{body}"

    def save(self, path: str | Path) -> Path:
        """Write the decisions to a file; written aside and renamed."""
        path = Path(path)
        write_text(path, self.to_yaml())
        return path

    @classmethod
    def load(cls, path: str | Path) -> Decisions:
        """Read decisions that were saved, and perhaps edited by hand since.

        Raises
        ------
        ValueError
            If it is no such file, or with every decision that makes no sense.
        """
        import yaml

        try:
            if Path(path).stat().st_size > _LARGEST:
                raise ValueError(f"it has more than {_LARGEST:,} bytes")
            found = _read_yaml(Path(path).read_text(encoding="utf-8-sig"))
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise ValueError(f"{path} is not YAML in UTF-8, {_MEND}: {error}") from None
        if not isinstance(found, dict) or found.get("version") != _VERSION:
            raise ValueError(f"{path} does not hold decisions of version {_VERSION}; {_MEND}")
        log = found.get("decisions")
        if log is not None and not isinstance(log, list):
            raise ValueError(f"{path}: decisions must be a list, {_MEND}")
        try:
            return cls(tuple(log or ()))
        except ValueError as error:
            raise ValueError(f"{path}: {error}\nMend or delete these lines.") from None


def _read_yaml(text: str) -> Any:
    """Return what a text of YAML holds; ValueError if it stands for more than is seen, or less."""
    import yaml

    class Plain(yaml.SafeLoader):
        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):  # a few lines of them have no end
                event: Any = self.peek_event()  # type: ignore[no-untyped-call]
                raise ValueError(f"*{event.anchor} refers to another line; write out what it is")
            self.depth += 1
            if self.depth > _DEEPEST:
                raise ValueError(
                    f"its lists stand within each other more than {_DEEPEST} deep, too deep"
                )
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            names = [name.value for name, _ in node.value]
            if twice := [name for name in names if names.count(name) > 1]:
                raise ValueError(f"line {node.start_mark.line + 1}: {twice[0]!r} stands twice")
            return super().construct_mapping(node, deep)

    return yaml.load(text, Plain)


def _problem(entry: Any) -> str:
    """Say what is wrong with a decision, or nothing."""
    do = entry.get("do") if isinstance(entry, Mapping) else None
    if not isinstance(do, str) or do not in _FIELDS:
        return f"{_brief(entry)} is not one of {', '.join(_FIELDS)}"
    fields = _FIELDS[do]
    if not all(isinstance(name, str) for name in entry):
        return f"{do}: the names of its fields must be words: {_brief([*entry])}"
    if do == "select":
        problems = (_wrong_values(c, values) for c, values in entry.items() if c != "do")
        return next(filter(None, problems), "")
    if odd := {"do", *fields} ^ {*entry}:
        return f"{do} needs {', '.join(fields)}; {', '.join(map(_brief, sorted(odd)))} is odd"
    for name, kind in fields.items():
        value = entry[name]
        if not isinstance(value, kind) or isinstance(value, bool) or value in ("", []):
            expected = f"a {kind.__name__} that is not empty"
            return f"{do}: {name} must be {expected}, not {_brief(value)}"
        if kind is list and not all(isinstance(v, str) and v for v in value):
            return f"{do}: {name} must hold words, not {_brief(value)}"
    if do == "split" and "".join(entry["parts"]) != entry["term"]:
        return f"split: the parts {entry['parts']} together must give {entry['term']!r}"
    if do == "merge" and entry["term"] == entry["into"]:
        return f"merge: {entry['term']!r} cannot be merged into itself"
    if do == "unit" and entry["unit"] not in UNITS:
        return f"unit must be one of {', '.join(UNITS)}, not {_brief(entry['unit'])}"
    if do == "topics" and not (
        entry["method"] in METHODS
        and 2 <= entry["k"] <= _MOST_TOPICS
        and 0 <= entry["seed"] < 2**32
    ):
        return (
            f"topics: k must be at least 2 and at most {_MOST_TOPICS:,}, seed from 0 to "
            f"4294967295 and method one of {', '.join(METHODS)}: {_brief(dict(entry))}"
        )
    return ""


def _brief(value: object) -> str:
    """Return a value for a message: a file may hold one that has no end."""
    try:
        return reprlib.repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "what holds a number of thousands of digits"


def _wrong_values(column: str, values: Any) -> str:
    """Say what is wrong with the values that texts are chosen by, or nothing."""
    if not isinstance(values, list) or not values:
        return f"select: {column} must be a list of values, not {_brief(values)}"
    kind, what = ((int,), "year") if column == "year" else ((str, int, float), "name or number")
    odd = not all(isinstance(v, kind) for v in values)
    return f"select: {column} holds what is no {what}: {_brief(values)}" if odd else ""


def _circle(log: tuple[Entry, ...]) -> str:
    """Find a word that others are merged into though it is merged itself."""
    merged = {e["term"]: e["into"] for e in log if e["do"] == "merge"}
    odd = [term for term, word in merged.items() if word in merged]
    return f"{odd[0]!r} is merged into {merged[odd[0]]!r}, which is merged itself" if odd else ""


def _subject(entry: Entry) -> tuple[Any, ...]:
    """Return what a decision is about."""
    if entry["do"] in OF_TERMS:
        return "term", entry["term"]
    return entry["do"], *(entry["terms"] if entry["do"] == "label" else ())
