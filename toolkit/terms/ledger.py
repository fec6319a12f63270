"""The term ledger: decisions on terms, edited by a person, followed by a segmenter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.files import read_csv, write_csv
from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.segmentation import Segmenter
from toolkit.wordlists import Entry

#: What can be decided on a term; an empty decision means that it is still open.
DECISIONS = ("accept", "reject", "stop", "synonym")

_EDITED = ("term", "decision", "synonym_of", "note")


@dataclass(frozen=True, eq=False)
class TermLedger(Recorded):
    """Decisions on terms: a table that a person edits and a segmenter follows.

    Parameters
    ----------
    table : DataFrame
        ``term``, ``decision`` ("accept", "reject", "stop", "synonym", or empty while
        open), ``synonym_of`` (what a synonym is counted as), ``note``, and whatever
        evidence stands beside them.
    recipe : Recipe
        How the ledger was made.

    Raises
    ------
    ValueError
        With every row that makes no sense.

    Examples
    --------
    >>> ledger = TermLedger.decide(accept=["首善标准"], synonym={"市民热线": "热线"})
    >>> ledger.segmenter()("以首善标准办好市民热线")
    ['首善标准', '办好', '热线']
    """

    table: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __post_init__(self) -> None:
        table = self.table.copy()
        for column in _EDITED:
            values = table[column] if column in table else pd.Series("", index=table.index)
            table[column] = values.fillna("").astype(str).str.strip()
        rest = [column for column in table if column not in _EDITED]
        object.__setattr__(self, "table", table[[*_EDITED, *rest]].reset_index(drop=True))
        if problems := _ledger_problems(self.table):
            raise ValueError("this ledger cannot be used:\n- " + "\n- ".join(problems))

    def __repr__(self) -> str:
        counts = self.table["decision"].replace("", "open").value_counts()
        parts = [f"{counts[d]} {d}" for d in (*DECISIONS, "open") if d in counts]
        return f"TermLedger: {', '.join(parts) or 'empty'}"

    @classmethod
    @step("ledger")
    def decide(
        cls,
        *,
        accept: Sequence[str] = (),
        reject: Sequence[str] = (),
        stop: Sequence[str] = (),
        synonym: dict[str, str] | None = None,
    ) -> TermLedger:
        """Return a ledger of decisions given here; `synonym` maps a variant to its word."""
        given = {"accept": accept, "reject": reject, "stop": stop}
        rows = [(term, decision, "") for decision, terms in given.items() for term in terms]
        rows += [(variant, "synonym", word) for variant, word in (synonym or {}).items()]
        return cls(pd.DataFrame(rows, columns=["term", "decision", "synonym_of"]))

    @classmethod
    @step("ledger", data=lambda made, given: {"path": made.fingerprint})
    def load(cls, path: str | Path) -> TermLedger:
        """Read a ledger that was saved, and perhaps edited in a spreadsheet since.

        Raises
        ------
        ValueError
            If it has no column ``term``, or holds rows that make no sense.
        """
        return cls(read_csv(path, required=["term"]))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the decisions, whatever the order of their rows."""
        return fingerprint(sorted(self._decided().items()))

    def terms(self, decision: str) -> list[str]:
        """Return the terms that have a decision."""
        if decision not in DECISIONS:
            raise ValueError(f"decision must be one of {DECISIONS}, not {decision!r}")
        found: list[str] = self.table.loc[self.table["decision"] == decision, "term"].tolist()
        return found

    def _decided(self) -> dict[str, tuple[str, str]]:
        """Return the decision on each term that has one, and what a synonym counts as."""
        rows = self.table[["term", "decision", "synonym_of"]].itertuples(index=False, name=None)
        return {term: (decision, word) for term, decision, word in rows if decision}

    @step("ledger")
    def merge(self, other: TermLedger) -> TermLedger:
        """Return this ledger with the decisions, notes, rows and columns it lacks of another.

        Raises
        ------
        ValueError
            If the two decide differently on a term.
        """
        mine, theirs = self._decided(), other._decided()
        if differ := [t for t in mine if t in theirs and mine[t] != theirs[t]]:
            shown = "; ".join(f"{t}: {mine[t][0]} here, {theirs[t][0]} there" for t in differ[:10])
            raise ValueError(f"two decisions on {len(differ)} terms ({shown}); settle them first")
        table, rest = self.table.set_index("term"), other.table.set_index("term")
        taken = [t for t in table.index if t not in mine and t in theirs]
        edited = [*_EDITED[1:]]
        table.loc[taken, edited] = rest.loc[taken, edited]
        noted = [t for t in table.index[table["note"] == ""] if t in rest.index]
        table.loc[noted, "note"] = rest.loc[noted, "note"]
        table = table.join(rest[[column for column in rest if column not in table]])
        added = rest.loc[~rest.index.isin(table.index)]
        return TermLedger(pd.concat([table, added]).reset_index())

    def save(self, path: str | Path) -> Path:
        """Write the ledger as CSV; decisions that stand in the file already are kept.

        Raises
        ------
        ValueError
            If the file decides differently on a term; the file is left as it is.
        """
        path = Path(path)
        ledger = self.merge(TermLedger.load(path)) if path.exists() else self
        write_csv(ledger.table, path)
        return path

    def segmenter(self, base: Segmenter | None = None) -> Segmenter:
        """Return a segmenter that follows the decisions.

        Parameters
        ----------
        base : Segmenter, optional
            The one to start from, ``Segmenter()`` if not given.
        """
        base = base or Segmenter()
        lexicon, rejected = _listed(base.lexicon), set(self.terms("reject"))
        if not rejected.isdisjoint(base._terms):
            lexicon = [parts or term for term, parts in base._terms.items() if term not in rejected]
        synonyms = self.table[self.table["decision"] == "synonym"]
        variants = dict(zip(synonyms["term"], synonyms["synonym_of"], strict=True))
        decided = [*self.terms("accept"), *variants, *variants.values()]
        return replace(
            base,
            lexicon=[*lexicon, *dict.fromkeys(decided)],
            stopwords=[*_listed(base.stopwords), *self.terms("stop")],
            synonyms={**(base.synonyms or {}), **variants} or None,
        )


def _ledger_problems(table: pd.DataFrame) -> list[str]:
    problems = []
    synonyms = set(table.loc[table["decision"] == "synonym", "term"])
    for row, (term, decision, word) in enumerate(
        table[["term", "decision", "synonym_of"]].itertuples(index=False, name=None), 1
    ):
        where = f"row {row} ({term!r})"
        if not term:
            problems.append(f"row {row} has no term; fill it or remove the row")
        if decision and decision not in DECISIONS:
            problems.append(f"{where}: unknown decision {decision!r}; use {', '.join(DECISIONS)}")
        if decision == "synonym" and not word:
            problems.append(f"{where}: a synonym of what? fill synonym_of")
        if decision == "synonym" and word in synonyms:
            problems.append(f"{where}: {word!r} is a synonym itself; name the word both count as")
    doubled = table["term"][table["term"].duplicated()].unique()
    return problems + [f"{term!r} stands in several rows; keep one" for term in doubled]


def _listed(source: str | Path | Sequence[Entry] | None) -> list[Any]:
    if source is None:
        return []
    return [source] if isinstance(source, (str, Path)) else [*source]
