"""Metadata of texts: what its columns are called, what may stand in them, all problems told."""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.dates import iso_date, year_of
from toolkit.files import TableError, half_character

#: Columns of a corpus, with the names that they have elsewhere.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    column: tuple(names.split())
    for column, names in tomllib.loads(
        Path(__file__).with_name("columns.toml").read_text("utf-8")
    ).items()
}
#: Those of them that hold dates, the one that tells the year first.
DATES = ("date", "published", "effective")
_ID = re.compile(r"[\w.#-]+")
# What a corpus holds beside the metadata, and so no column of theirs can be called.
_OWN = ("text", "unit_id")


def counted(n: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "text"), counted(2, "text")
    ('1 text', '2 texts')
    """
    return f"{n} {noun}{'s' * (n != 1)}"


class CorpusError(TableError):
    """A corpus that cannot be used: all of its problems, told together; see `TableError`."""

    def __str__(self) -> str:
        told = "\n- ".join(self.problems)
        return f"{counted(len(self.problems), 'problem')} in this corpus:\n- {told}"


def row_problems(row: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a text or its metadata: a date that is none, half a character."""
    problems = [
        f"{k} {p}" for k, v in row.items() if isinstance(v, str) and (p := half_character(v))
    ]
    readers = {name: iso_date for name in (*DATES, _date_column(tuple(row))) if name in row}
    for name, read in {**readers, "year": year_of}.items():
        try:
            read(row.get(name))
        except ValueError as error:
            named = f"column {name!r}, which holds dates by its name: "
            problems.append(f"{named * (name not in (*DATES, 'year'))}{error}")
    return problems


@cache
def _date_column(names: tuple[str, ...]) -> str:
    """Return the column that tells when a text is of; nothing if there is none."""
    usual = (name for column in DATES[:2] for name in COLUMNS[column])
    return next((name for name in usual if name in names), "")


def frame(rows: list[dict[str, Any]] | pd.DataFrame, *, exact: bool = False) -> pd.DataFrame:
    """Return the units of a corpus, text first; an empty cell is a missing value.

    Dates are written as ISO does, and tell the year where nothing else does; but for `exact`.
    """
    units = pd.DataFrame(rows).set_index("unit_id")
    # Before its first heading a text has the section "", which says something.
    words = units.select_dtypes(["object", "string"]).columns
    known = words.difference(["text", "section", "path", "chapter"])
    units[known] = units[known].replace("", None)
    dates = None
    for name in () if exact else (*DATES, _date_column(tuple(units.columns))):
        if name in units:
            cells = units[name].map(iso_date).astype(object).replace("", None)
            dates = cells if dates is None else dates.fillna(cells)
            if name in DATES:
                units[name] = cells
    if dates is not None and "date" not in units:
        units["date"] = dates
    if "year" in units or dates is not None:
        years = units.get("year", pd.Series(None, index=units.index, dtype=object)).map(year_of)
        years = years.astype("Int64")
        if dates is not None:
            years = years.fillna(dates.map(year_of).astype("Int64"))
        units["year"] = years if years.isna().any() else years.astype("int64")
    first = ["text", "doc_id"]
    return units[first + [column for column in units if column not in first]]


def checked(
    rows: list[dict[str, Any]] | pd.DataFrame, places: Sequence[str], problems: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the units of rows as `frame` does; `places` tell where each row stands.

    Raises
    ------
    CorpusError
        With all problems of their ids, texts and metadata, and those found before.
    """
    records: list[Any] = rows if isinstance(rows, list) else rows.to_dict("records")
    problems = [*problems, *["there is no text"] * (not records)]
    seen: dict[str, str] = {}
    for place, row in zip(places, records, strict=True):
        found = [p] if (p := id_problem(row["unit_id"])) else []
        if not isinstance(row["text"], str) or not row["text"].strip():
            found.append("the text is empty; leave it out")
        if (first := seen.setdefault(row["unit_id"], place)) != place:
            found.append(f"id {row['unit_id']!r} is that of {first} already")
        found += row_problems({str(k): v for k, v in row.items()})
        problems += [f"{place}: {problem}" for problem in found]
    if problems:
        raise CorpusError(problems)
    return frame(rows)


def units_of(
    table: pd.DataFrame, text: str, unit_id: str | None
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return the rows of a frame as units, where each stands, and what is wrong with its head."""
    names = [str(name) for name in table.columns]
    if problems := _head_problems(names, [name for name in (text, unit_id) if name is not None]):
        raise CorpusError(problems)
    units = table.set_axis(names, axis=1)
    if unit_id is None and _only_counts(units.index) and "doc_id" in units:
        # Joining columns or filtering leaves numbers, not the ids that the texts have.
        unit_id = "doc_id" if units["doc_id"].is_unique else None
    labels = [*map(_label, units.index if unit_id is None else units[unit_id])]
    places = [f"row {label}" for label in units.index]
    texts = units[text]
    units = units.drop(columns=[text, *({"unit_id"} & {unit_id})])
    problems = own_columns(units.columns)
    units = units.drop(columns=[name for name in _OWN if name in units])
    if "doc_id" not in units:
        units.insert(0, "doc_id", labels)
    units.insert(0, "text", texts)
    units.insert(0, "unit_id", labels)
    return units, places, problems


def _only_counts(index: pd.Index) -> bool:
    return index.name is None and pd.api.types.is_integer_dtype(index)


def _head_problems(names: list[str], needed: Iterable[str]) -> list[str]:
    problems = [
        f"there is no column {name!r}; there are {', '.join(names[:20])}"
        for name in needed
        if name not in names
    ]
    return problems + [
        f"there are {names.count(name)} columns {name!r}; give each its own name"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def check_units(units: object) -> None:
    """Refuse what cannot be the units of a corpus."""
    how = "Corpus.from_frame(table, text=…) makes a corpus of any table"
    if not isinstance(units, pd.DataFrame):
        raise TypeError(f"units are a DataFrame, not {type(units).__name__}; {how}")
    problems = _head_problems([*map(str, units.columns)], ["text", "doc_id"])
    if problems := problems + own_columns(units.columns.difference(["text"])):
        raise CorpusError([*problems[:-1], f"{problems[-1]}; {how}"])


def _label(value: Any) -> str:
    """Return an id as text; whole numbers without .0, nothing for a missing one."""
    if value is None or value is pd.NA or value != value:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def column_names(names: Iterable[str], columns: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return which column of the corpus each column of a table is.

    Names that are known in Chinese or English are mapped, others keep their name; of several
    columns that would be the same one, the one that the user named is it, or else the first.

    Examples
    --------
    >>> column_names(["标题", "正文", "内容", "街道"])
    {'标题': 'title', '正文': 'text', '内容': '内容', '街道': '街道'}
    >>> column_names(["标题", "正文", "留言"], {"留言": "text"})
    {'标题': 'title', '正文': '正文', '留言': 'text'}
    """
    names, columns = [*names], columns or {}
    known = {name: column for column, others in COLUMNS.items() for name in others}
    found: dict[str, str] = {}  # by column of the corpus
    for name in sorted(names, key=lambda name: name not in columns):
        target = columns.get(name) or known.get(name.lower(), name)
        found[free_name(name if target in found else target, found)] = name
    mapped = {name: target for target, name in found.items()}
    return {name: mapped[name] for name in names}


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken: 市, or 市 2, or 市 3."""
    numbered = (f"{name} {number}" for number in count(2))
    return name if name not in taken else next(n for n in numbered if n not in taken)


def id_problem(unit_id: str) -> str:
    """Return what is wrong with an id; it names a file, so it may not lead out of the folder."""
    if not (_ID.fullmatch(unit_id) and not unit_id.startswith(".")):
        return (
            f"id {unit_id!r} may hold only letters, digits and . _ - #, "
            "and must not begin with a dot"
        )
    if len(unit_id.encode()) > 200:
        return f"id {unit_id!r} has more than 200 bytes, too many for the name of a file"
    return ""


def own_columns(columns: Collection[str]) -> list[str]:
    """Return what is wrong with the names of metadata columns."""
    return [
        f"metadata column {name!r} is the {'text' if name == 'text' else 'id'} itself; give it "
        "another name"
        for name in _OWN
        if name in columns
    ]


def warn_flaws(units: pd.DataFrame) -> None:
    """Warn of the texts of which the column ``flaw`` says that something is wrong."""
    if "flaw" not in units:
        return
    flaws = units.loc[units["flaw"].fillna("").str.strip() != "", "flaw"]
    if len(flaws):
        shown = "; ".join(f"{unit_id}: {flaw}" for unit_id, flaw in flaws.head(5).items())
        more = f" … and {len(flaws) - 5} more" if len(flaws) > 5 else ""
        warnings.warn(
            f"{len(flaws)} of {len(units)} texts have a flaw ({shown}{more}); "
            'the column flaw of units tells all, select(flaw="") leaves them out',
            stacklevel=4,
        )
