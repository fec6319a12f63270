"""Reading a corpus folder: everything is checked, all problems are told together."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

#: The dimensions of city governance that a section can be about.
DIMENSIONS = ("refined", "smart", "participatory", "legal", "general")
#: What a text is. Add a column of your own for anything finer.
KINDS: tuple[str, ...] = (
    *("theory", "review", "case", "regulation", "note"),
    *("report", "policy", "speech", "news", "interview", "other"),
)
_ID = re.compile(r"[\w.#-]+")


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


def read_folder(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Read and check a corpus folder; raise one `CorpusError` with all its problems."""
    table = folder / "metadata.csv"
    if not table.is_file():
        problem = (
            f"{table} does not exist; it lists the texts, one row each, with columns id and file"
        )
        if n := len([*folder.glob("*.txt")]):
            found = counted(n, "text file")
            problem += f'. {found} found: toolkit intake "{folder}" --into corpus makes it'
        raise CorpusError([problem])
    problems: list[str] = []
    rows = _read_table(table, ("id", "file"), problems)
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
        if row.get("year") and not re.fullmatch(r"\d{4}", row["year"]):
            problems.append(
                f"{where}: year {row['year']!r} is not four digits; leave it empty if unknown"
            )
        if row.get("kind") and row["kind"] not in KINDS:
            problems.append(f"{where}: unknown kind {row['kind']!r}; use one of {', '.join(KINDS)}")
        row["doc_id"] = row.get("doc_id") or unit_id
        path = (root / row["file"]).resolve()
        row["text"] = _read_text(path, row["file"], root, where, problems)
        if path in files:
            problems.append(f"{where}: file {row['file']!r} stands on line {files[path]} already")
        files.setdefault(path, line)
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
    return frame([row for _, row in rows]), sections


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write to, which becomes `folder` when all went well.

    Raises
    ------
    FileExistsError
        If the folder exists and is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} exists and is not empty; choose another name")
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield aside
        aside.chmod(0o755)  # mkdtemp makes it private
        if folder.exists():
            folder.rmdir()
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _read_table(
    path: Path, required: tuple[str, ...], problems: list[str]
) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV with their line numbers; note what is wrong with it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(f"{path} is not UTF-8 (byte {error.start}); save it again as UTF-8")
        return []
    reader = csv.DictReader(io.StringIO(text))
    columns = reader.fieldnames or []
    if missing := [name for name in required if name not in columns]:
        problems.append(
            f"{path} line 1: no column {', '.join(missing)}; found {', '.join(columns)}"
        )
        return []
    rows = []
    for row in reader:
        if None in row or None in row.values():
            problems.append(
                f"{path} line {reader.line_num}: {len(columns)} columns expected; "
                "put a value that holds a comma between double quotes"
            )
            continue
        rows.append((reader.line_num, {name: value.strip() for name, value in row.items()}))
    return rows


def _read_text(path: Path, name: str, root: Path, where: str, problems: list[str]) -> str:
    if not path.is_relative_to(root):
        problems.append(f"{where}: file {name!r} lies outside the folder; copy it inside")
    elif not path.is_file():
        problems.append(f"{where}: file {name!r} does not exist; correct the name or add the file")
    else:
        try:
            text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            problems.append(
                f"{where}: file {name!r} is not UTF-8 (byte {error.start}); save it again as UTF-8"
            )
            return ""
        if not text.strip():
            problems.append(f"{where}: file {name!r} is empty; remove the row or fill the file")
        return text
    return ""


def _read_sections(path: Path, documents: set[str], problems: list[str]) -> pd.DataFrame:
    rows = _read_table(path, ("doc_id", "position", "heading", "dimension"), problems)
    for line, row in rows:
        where = f"{path} line {line}"
        if row["doc_id"] not in documents:
            problems.append(f"{where}: unknown doc_id {row['doc_id']!r}; it is not in metadata.csv")
        if row["dimension"] not in DIMENSIONS:
            problems.append(
                f"{where}: unknown dimension {row['dimension']!r}; "
                f"use one of {', '.join(DIMENSIONS)}"
            )
    return pd.DataFrame(
        [row for _, row in rows], columns=["doc_id", "position", "heading", "dimension"]
    )


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the units of a corpus, typed, text first; an empty cell is a missing value."""
    units = pd.DataFrame(rows).drop(columns="file", errors="ignore")
    units = units.rename(columns={"id": "unit_id"}).set_index("unit_id")
    # Before its first heading a text has the section "", which says something.
    known = units.columns.difference(["text", "section"])
    units[known] = units[known].replace("", None)
    for column in ("year", "position", "start"):
        if column in units:
            numbers = pd.to_numeric(units[column], errors="coerce").astype("Int64")
            units[column] = numbers if numbers.isna().any() else numbers.astype("int64")
    first = ["text", "doc_id"]
    return units[first + [column for column in units if column not in first]]


def id_problem(unit_id: str) -> str:
    """Return what is wrong with an id; it names a file, so it may not lead out of the folder."""
    if _ID.fullmatch(unit_id) and not unit_id.startswith("."):
        return ""
    return (
        f"id {unit_id!r} may hold only letters, digits and . _ - #, and must not begin with a dot"
    )
