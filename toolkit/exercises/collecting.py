"""For the teacher: what many students handed in, as a table and as a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.exercises.checking import exercise_names, questions_of
from toolkit.exercises.progress import LONGEST_NAME, Done, ProgressError, digest, parsed

if TYPE_CHECKING:
    import pandas as pd

_MOST = 10_000  # files


@dataclass(frozen=True)
class HandIn:
    """What one file holds, or why it cannot be used.

    Parameters
    ----------
    file : str
        Its path in the folder.
    student : str
        The name written in it.
    done : mapping
        For each notebook and exercise: whether it is right, how often it was tried, whether
        the solution was seen.
    problem : ProgressError, optional
        What the teacher should know. Where the file cannot be used, `done` is empty.
    """

    file: str
    student: str = ""
    done: Done | None = None
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
    >>> [(found.student, found.done["00-setup"]["q1"]["right"]) for found in collect(folder)
    ...  if found.done]
    [('王小明', True)]
    """
    from toolkit.ingest.names import printable

    folder = Path(folder)
    paths = sorted(p for p in folder.rglob("*.json") if p.is_file() and not p.is_symlink())
    if not paths or len(paths) > _MOST:
        found = "no JSON file" if folder.is_dir() else "no such folder"
        raise ValueError(f"{folder}: {f'over {_MOST:,} files' if paths else found}")
    known = {name: set(questions_of(name)) for name in exercise_names()}
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
        entries = [entry for done in (one.done or {}).values() for entry in done.values()]
        row: dict[str, Any] = {
            "student": one.student,
            "file": one.file,
            "right": sum(entry["right"] for entry in entries),
            "tries": sum(entry["tries"] for entry in entries),
            "solutions_seen": sum(entry["seen"] for entry in entries),
        }
        for notebook, name in begun:
            entry = (one.done or {}).get(notebook, {}).get(name)
            row[f"{notebook} {name}"] = int(entry["right"]) if entry and entry["tries"] else ""
        rows.append(row | {"problem": str(one.problem or "")})
    return pd.DataFrame(rows)


def exercises_begun(handed: Sequence[HandIn]) -> list[tuple[str, str]]:
    """Return the exercises of the notebooks that anybody did."""
    begun = {notebook for one in handed for notebook, done in (one.done or {}).items() if done}
    return [(notebook, name) for notebook in sorted(begun) for name in questions_of(notebook)]


def _read(path: Path, name: str, known: dict[str, set[str]]) -> HandIn:
    """Return what one file holds; `name` is how it is shown."""
    from toolkit.ingest.names import printable

    try:
        held = parsed(path)
    except (OSError, ProgressError) as error:
        why = error.why if isinstance(error, ProgressError) else "damaged"
        return HandIn(name, problem=ProgressError(why, name=name))
    student = held.get("student")
    if {*held} != {"format", "student", "version", "done", "sha256"} or not isinstance(
        student, str
    ):
        return HandIn(name, problem=ProgressError("no hand-in", name=name))
    student = printable(student)[:LONGEST_NAME]
    if digest({key: value for key, value in held.items() if key != "sha256"}) != held["sha256"]:
        return HandIn(name, student, problem=ProgressError("changed", name=name))
    done: Done = held["done"]
    strange = [
        printable(f"{notebook} {exercise}")
        for notebook, entries in done.items()
        for exercise in entries
        if exercise not in known.get(notebook, ())
    ]
    kept = {
        notebook: {exercise: entry for exercise, entry in entries.items() if exercise in names}
        for notebook, entries in done.items()
        if (names := known.get(notebook))
    }
    which = ", ".join(strange[:5]) + (" …" if len(strange) > 5 else "")
    problem = ProgressError("unknown", name=name, which=which) if strange else None
    return HandIn(name, student, kept, problem)
