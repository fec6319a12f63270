"""Reading a corpus folder: everything is checked, all problems are told together."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.files import TableError, half_character, read_csv, read_json

#: The dimensions of city governance that the toolkit's own codebook speaks of.
DIMENSIONS = ("refined", "smart", "participatory", "legal", "general")
#: What a text usually is, to which intake brings other words; any other value stays.
KINDS: tuple[str, ...] = (
    *("theory", "review", "case", "regulation", "note"),
    *("report", "policy", "speech", "news", "interview", "other"),
)
#: The file beside the texts that `Corpus.save` writes: what a row is, the types of columns.
MANIFEST = "corpus.json"
_ID = re.compile(r"[\w.#-]+")
_DIGITS = str.maketrans("〇零一二三四五六七八九０１２３４５６７８９", "00123456789" + "0123456789")
_YEAR = re.compile(r"(\d{4})(?:\.0)?\s*年?度?")
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


class CorpusError(ValueError):
    """A corpus that cannot be used: all of its problems, told together.

    Parameters
    ----------
    problems : collection of str
        One line each: where, what was found, what to do.
    """

    def __init__(self, problems: Collection[str]) -> None:
        self.problems = tuple(problems)
        count = counted(len(self.problems), "problem")
        super().__init__(f"{count} in this corpus:\n- " + "\n- ".join(self.problems))


def read_folder(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame | None, str]:
    """Read and check a corpus folder: its units, the labels of sections, what a unit is.

    Raises
    ------
    CorpusError
        With all problems of the folder.
    """
    table = folder / "metadata.csv"
    if not table.is_file():
        problem = (
            f"{table} does not exist; it lists the texts, one row each, with columns id and file"
        )
        if n := len([*folder.glob("*.txt")]):
            found = counted(n, "text file")
            problem += f'. {found} found: toolkit intake "{folder}" --into corpus makes it'
        raise CorpusError([problem])
    # What the toolkit saved comes back to the letter; what people wrote is read more kindly.
    manifest = _manifest(folder / MANIFEST)
    problems: list[str] = []
    rows = _rows(table, ("id", "file"), problems, strip=manifest is None)
    root = folder.resolve()
    seen: dict[str, int] = {}
    files: dict[Path, int] = {}
    for line, row in rows:
        where = f"{table} line {line}"
        unit_id = row["id"]
        if problem := id_problem(unit_id):
            problems.append(f"{where}: {problem}")
        elif unit_id in seen:
            problems.append(f"{where}: id {unit_id!r} stands on line {seen[unit_id]} already")
        seen.setdefault(unit_id, line)
        problems += [f"{where}: {problem}" for problem in row_problems(row)]
        row["doc_id"] = row.get("doc_id") or unit_id
        path = (root / row["file"]).resolve()
        text = _read_text(path, row["file"], root, where, problems, exact=manifest is not None)
        if path in files:
            problems.append(f"{where}: file {row['file']!r} stands on line {files[path]} already")
        files.setdefault(path, line)
        row["text"] = text
    for path in sorted({p for parent in {p.parent for p in files} for p in parent.glob("*.txt")}):
        if path.is_relative_to(root) and path.resolve() not in files:
            name = path.relative_to(root).as_posix()
            problems.append(
                f"{folder / name} has no row in {table.name}; add one or move the file away"
            )
    if not rows and not problems:
        problems.append(f"{table} has no rows")
    sections = None
    if (labels := folder / "sections.csv").is_file():
        sections = _read_sections(labels, {row["doc_id"] for _, row in rows}, problems)
    if problems:
        raise CorpusError(problems)
    units = frame([{"unit_id": row.pop("id"), **row} for _, row in rows]).drop(columns="file")
    if manifest is None:
        return units, sections, "document"
    units = units.rename(columns=manifest["renamed"])
    return _typed(units, manifest["types"], folder), sections, str(manifest["unit"])


def _manifest(path: Path) -> dict[str, Any] | None:
    """Return what `Corpus.save` noted of a corpus; nothing if it did not save it."""
    if not path.is_file():
        return None
    try:
        found = read_json(path)
        tables = [*found["types"].items(), *found["renamed"].items()]
        if isinstance(found["unit"], str) and all(isinstance(v, str) for _, v in tables):
            return dict(found)
        why = "it is not as Corpus.save writes it"
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        why = f"{type(error).__name__}: {error}"
    raise CorpusError(
        [f"{path} is damaged ({why}); put back a copy, or delete it, and all columns are text"]
    )


def _rows(
    path: Path, required: tuple[str, ...], problems: list[str], *, strip: bool = True
) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows of a CSV with their line numbers; note what is wrong with it."""
    try:
        table = read_csv(path, required=required, strip=strip)
    except TableError as error:
        problems += error.problems
        return []
    rows = table.to_dict("records")
    return [
        (int(line), {str(k): v for k, v in row.items()})
        for line, row in zip(table.index, rows, strict=True)
    ]


def _typed(units: pd.DataFrame, types: Mapping[str, str], folder: Path) -> pd.DataFrame:
    """Return units with the types that they had when they were saved, if they still can."""
    units, problems = units.copy(), []
    for column in [column for column in types if column in units]:
        cells, kind = units[column], types[column]
        try:
            if kind.startswith("bool"):  # which spreadsheets write in capitals
                read: pd.Series[Any] = cells.str.casefold().map({"true": True, "false": False})
                if odd := [*cells[read.isna() & cells.notna()]]:
                    raise ValueError(f"{odd[0]!r} is neither True nor False")
            elif kind.startswith("datetime"):
                read = pd.to_datetime(cells, format="ISO8601")
            else:
                read = pd.to_numeric(cells)
            if read.isna().any() and kind == "bool":
                raise ValueError("a cell is empty")
            units[column] = read.astype(kind)  # type: ignore[call-overload]
        except (ValueError, TypeError) as error:
            problems.append(
                f"{folder / 'metadata.csv'}: column {column!r} was saved as {kind}, which it no "
                f"longer is ({error}); mend its cells, or take its line out of {MANIFEST}"
            )
    if problems:
        raise CorpusError(problems)
    return units


def _read_text(
    path: Path, name: str, root: Path, where: str, problems: list[str], *, exact: bool
) -> str:
    if not path.is_relative_to(root):
        problems.append(f"{where}: file {name!r} lies outside the folder; copy it inside")
    elif not path.is_file():
        problems.append(f"{where}: file {name!r} does not exist; correct the name or add the file")
    else:
        try:
            text = path.read_bytes().decode("utf-8" if exact else "utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(
                f"{where}: file {name!r} is not UTF-8 (byte {error.start}); save it again as UTF-8"
            )
            return ""
        if exact:
            return text
        if not text.strip():
            problems.append(f"{where}: file {name!r} is empty; remove the row or fill the file")
        return text.replace("\r\n", "\n")
    return ""


def _read_sections(path: Path, documents: set[str], problems: list[str]) -> pd.DataFrame:
    columns = ("doc_id", "position", "heading", "dimension")
    rows = _rows(path, columns, problems)
    for line, row in rows:
        where = f"{path} line {line}"
        if row["doc_id"] not in documents:
            problems.append(f"{where}: unknown doc_id {row['doc_id']!r}; it is not in metadata.csv")
        if not row["dimension"]:
            problems.append(f"{where}: no dimension; say what the section is about")
    return pd.DataFrame([row for _, row in rows], columns=[*columns])


def row_problems(row: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a text or its metadata: a year that is none, half a character."""
    problems = [
        f"{k} {p}" for k, v in row.items() if isinstance(v, str) and (p := half_character(v))
    ]
    try:
        year_of(row.get("year"))
    except ValueError as error:
        problems.append(str(error))
    return problems


def year_of(value: Any) -> int | None:
    """Return the year that a value names; None for a missing one.

    Raises
    ------
    ValueError
        If it names none.

    Examples
    --------
    >>> year_of("2023年"), year_of("二〇二三年"), year_of(2023.0), year_of("")
    (2023, 2023, 2023, None)
    """
    if value is None or value is pd.NA or value != value or not str(value).strip():
        return None
    if found := _YEAR.fullmatch(str(value).strip().translate(_DIGITS)):
        return int(found[1])
    raise ValueError(f"year {value!r} is not four digits; leave it empty if unknown")


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the units of a corpus, text first; an empty cell is a missing value."""
    units = pd.DataFrame(rows).set_index("unit_id")
    # Before its first heading a text has the section "", which says something.
    known = units.columns.difference(["text", "section", "path", "chapter"])
    units[known] = units[known].replace("", None)
    if "year" in units:
        years = units["year"].map(year_of).astype("Int64")
        units["year"] = years if years.isna().any() else years.astype("int64")
    first = ["text", "doc_id"]
    return units[first + [column for column in units if column not in first]]


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
