"""For the teacher: who did what, which exercises are hard, what is wrong with a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.exercises.checking import exercise_names, questions_of
from toolkit.exercises.progress import LONGEST_NAME, ProgressError, parsed
from toolkit.files import csv_text, write_text
from toolkit.ingest.store import printable
from toolkit.say import Language, check_language, phrases
from toolkit.values import fingerprint

if TYPE_CHECKING:
    import pandas as pd

_MOST = 10_000  # files
# The last line of a page: by it are known, later, the page and the table beside it.
_MARK = "<!-- sha256 {} -->\n"


@dataclass(frozen=True)
class HandIn:
    """What one file holds, or why it cannot be used.

    Parameters
    ----------
    file : str
        Its path in the folder.
    student : str
        The name written in it.
    done : mapping of (str, str) to dict
        For each notebook and exercise: whether it is right, how often it was tried, whether
        the solution was seen.
    problem : ProgressError, optional
        What the teacher should know. Where the file cannot be used, `done` is empty.
    """

    file: str
    student: str = ""
    done: Mapping[tuple[str, str], dict[str, Any]] | None = None
    problem: ProgressError | None = None


def collect(folder: str | Path) -> list[HandIn]:
    """Read the files that students handed in.

    The checksum in a file tells whether it was damaged or edited by the way. It is no proof
    of who made it: whoever can read this code can write such a file.

    Parameters
    ----------
    folder : path
        Its JSON files are read, and those of folders in it; links are not followed.

    Returns
    -------
    list of HandIn
        One for each file, by its path; those with a `problem` too.

    Raises
    ------
    ValueError
        If there is no such folder, or no file in it, or more than 10,000.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit.exercises import exercises
    >>> from toolkit.exercises.checking import Exercises
    >>> folder = Path(tempfile.mkdtemp())
    >>> check = Exercises("00-setup", exercises("00-setup").questions, folder=folder)
    >>> _ = check("q1", 41), check.hand_in("王小明")
    >>> [(found.student, found.done["00-setup", "q1"]["right"]) for found in collect(folder)
    ...  if found.done]
    [('王小明', True)]
    """
    folder = Path(folder)
    paths = sorted(p for p in folder.rglob("*.json") if p.is_file() and not p.is_symlink())
    if not paths or len(paths) > _MOST:
        found = "no JSON file" if folder.is_dir() else "no such folder"
        raise ValueError(f"{folder}: {f'over {_MOST:,} files' if paths else found}")
    known = {(notebook, name) for notebook in exercise_names() for name in questions_of(notebook)}
    handed: list[HandIn] = []
    first: dict[str, str] = {}
    for path in paths:
        one = _read(path, printable(path.relative_to(folder).as_posix()), known)
        same = unicodedata.normalize("NFKC", one.student).casefold()
        if one.done is not None and first.setdefault(same, one.file) != one.file:
            twice = ProgressError("twice", name=one.file, other=first[same])
            one = replace(one, problem=one.problem or twice)
        handed.append(one)
    return handed


def marks(handed: Sequence[HandIn]) -> pd.DataFrame:
    """Return a table of what was handed in.

    Returns
    -------
    DataFrame
        A row for each file: ``student``, ``file``, ``right`` (exercises), ``tries``,
        ``solutions_seen``, a column for each exercise of the notebooks that anybody did
        (1 right, 0 tried, empty not attempted), ``problem``.
    """
    import pandas as pd

    rows, begun = [], exercises_begun(handed)
    for one in handed:
        done = one.done or {}
        row: dict[str, Any] = {
            "student": one.student,
            "file": one.file,
            "right": sum(entry["right"] for entry in done.values()),
            "tries": sum(entry["tries"] for entry in done.values()),
            "solutions_seen": sum(entry["seen"] for entry in done.values()),
        }
        for key in begun:
            row[" ".join(key)] = int(e["right"]) if (e := done.get(key)) and e["tries"] else ""
        rows.append(row | {"problem": str(one.problem or "")})
    return pd.DataFrame(rows)


def exercises_begun(handed: Sequence[HandIn]) -> list[tuple[str, str]]:
    """Return the exercises of the notebooks that anybody did."""
    begun = {notebook for one in handed for notebook, _ in one.done or ()}
    return [(notebook, name) for notebook in sorted(begun) for name in questions_of(notebook)]


def save_marks(handed: Sequence[HandIn], path: str | Path, *, lang: Language = "zh") -> Path:
    """Write the table as CSV that spreadsheets open, and a page beside it.

    Written before, they are replaced if they stand as they were written.

    Returns
    -------
    Path
        The page, with the name of the table and the ending ``.html``.

    Raises
    ------
    FileExistsError
        If another file has one of the names, or one of them was edited.
    """
    table, page = Path(path), Path(path).with_suffix(".html")
    if table == page:
        raise ValueError(f"{path} is the name of the page; give the table another ending, .csv")
    made = csv_text(marks(handed), bom=True)
    of_page = marks_page(handed, lang=lang)
    for file in (table, page):
        if file.exists() and not _ours(table, page):
            raise FileExistsError(
                f"{file} exists and was not written here, or was edited since, and stays: rename "
                "it, or choose another name, --out NAME.csv"
            )
    write_text(table, made)
    write_text(page, of_page + _MARK.format(fingerprint(made, of_page)))
    return page


def _ours(table: Path, page: Path) -> bool:
    """Tell whether a table and its page stand as they were written."""
    try:
        shown, found = page.read_bytes().decode(), table.read_bytes().decode()
    except (OSError, ValueError):
        return False
    begin = shown.rfind(_MARK.partition("{")[0])
    return shown[begin:] == _MARK.format(fingerprint(found, shown[:begin]))


def marks_page(handed: Sequence[HandIn], *, lang: Language = "zh") -> str:
    """Return one page of what was handed in.

    It needs no network and no Chinese font; names are escaped.
    """
    from toolkit.figures.press.webfont import filled_with_font

    check_language(lang)
    begun = exercises_begun(handed)
    used = []
    for one in sorted(handed, key=lambda one: one.student):
        if (done := one.done) is not None:
            entries = [done.get(key) for key in begun]
            used.append((one.student, sum(e["right"] for e in entries if e), entries))
    columns = [
        {
            "notebook": notebook,
            "name": name,
            "first": name == next(iter(questions_of(notebook))),
            "question": questions_of(notebook)[name]["question"][lang],
            "right": sum(e["right"] for *_, entries in used if (e := entries[place])),
        }
        for place, (notebook, name) in enumerate(begun)
    ]
    return filled_with_font(
        "exercises/marks.html",
        lang=lang,
        said=phrases("exercises.page", lang),
        used=used,
        columns=columns,
        problems=[one.problem.said(lang) for one in handed if one.problem],
    )


def _read(path: Path, name: str, known: Collection[tuple[str, str]]) -> HandIn:
    """Return what one file holds; `name` is how it is shown."""
    try:
        held = parsed(path)
    except (OSError, ProgressError) as error:
        why = error.why if isinstance(error, ProgressError) else "damaged"
        return HandIn(name, problem=ProgressError(why, name=name))
    wanted = {"format": str, "student": str, "version": str, "done": dict, "sha256": str}
    if {key: type(value) for key, value in held.items()} != wanted:
        return HandIn(name, problem=ProgressError("no hand-in", name=name))
    student = printable(held["student"])[:LONGEST_NAME]
    if fingerprint({k: v for k, v in held.items() if k != "sha256"}) != held["sha256"]:
        return HandIn(name, student, problem=ProgressError("changed", name=name))
    entries = {(notebook, key): e for notebook, d in held["done"].items() for key, e in d.items()}
    strange = [printable(" ".join(key)) for key in entries if key not in known]
    which = ", ".join(strange[:5]) + (" …" if len(strange) > 5 else "")
    problem = ProgressError("unknown", name=name, which=which) if strange else None
    return HandIn(name, student, {k: e for k, e in entries.items() if k in known}, problem)
