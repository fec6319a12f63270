"""What a student has done: kept in a file of the folder, and handed in as another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolkit.files import write_json
from toolkit.say import Language, say
from toolkit.values import fingerprint

#: exercises → exercise → {"right": bool, "tries": int, "seen": bool}
Done = dict[str, dict[str, dict[str, Any]]]

FILE = "exercises-progress.json"
FORMAT = "city-governance-toolkit exercises 1"
_LARGEST = 1_000_000  # bytes; all tutorials together make some thousands
_MOST_TRIES = 1_000_000
LONGEST_NAME = 100


def said(key: str, lang: Language, **told: Any) -> str:
    """Return what a student is told, a text of ``words.toml``."""
    return say(f"exercises.said.{key}", lang, **told)


class ProgressError(ValueError):
    """A file of progress that cannot be used.

    Parameters
    ----------
    why : str
        A key of what students are told in ``words.toml``.
    lang : {"zh", "en"}
        Of what the error says when nothing else is asked for.
    """

    def __init__(self, why: str, *, lang: Language = "en", **told: str) -> None:
        self.why = why
        self.told = told
        super().__init__(self.said(lang))

    def said(self, lang: Language) -> str:
        """Return what is wrong, and how to mend it."""
        return said(self.why, lang, **self.told)


def done_in(folder: Path) -> Done:
    """Return what is kept in a folder; nothing yet, where there is no file.

    Raises
    ------
    ProgressError
        If the file is damaged.
    """
    try:
        done: Done = parsed(folder / FILE)["done"]
        return done
    except FileNotFoundError:
        return {}


def note(folder: Path, exercises: str, name: str, *, right: bool | None = None) -> None:
    """Keep a try; or, where nothing was tried, that the solution was looked at.

    Raises
    ------
    OSError or ProgressError
        If it cannot be kept. A file that cannot be read stays as it is.
    """
    done = done_in(folder)
    entry = {"right": False, "tries": 0, "seen": False}
    entry |= done.setdefault(exercises, {}).get(name, {})
    if right is None:
        entry["seen"] = True
    elif not entry["right"]:  # what was right once stays so
        entry |= {"right": right, "tries": min(entry["tries"] + 1, _MOST_TRIES)}
    done[exercises][name] = entry
    write_json(folder / FILE, {"format": FORMAT, "done": done}, indent=1)


def hand_in(folder: Path, student: str) -> Path:
    """Write the file for the teacher; see `Exercises.hand_in`.

    Raises
    ------
    ProgressError
        If the name is none, or the progress cannot be read.
    """
    from toolkit.ingest.store import file_id
    from toolkit.installed import DISTRIBUTION, versions

    student = " ".join(str(student).encode("utf-8", "replace").decode().split())
    if not 0 < len(student) <= LONGEST_NAME:
        raise ProgressError("name", name=student[:LONGEST_NAME])
    version, done = versions()[DISTRIBUTION], done_in(folder)
    held = {"format": FORMAT, "student": student, "version": version, "done": done}
    path = folder / f"hand-in-{file_id(student)}.json"
    write_json(path, {**held, "sha256": fingerprint(held)}, indent=1)
    return path


def parsed(path: Path) -> dict[str, Any]:
    """Return what a file of progress holds; it may come from anywhere.

    Raises
    ------
    ProgressError
        If it is not such a file.
    """
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ProgressError("too large", name=path.name)
    try:
        held = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ProgressError("damaged", name=path.name) from None
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise ProgressError("other format", name=path.name)
    done = held.get("done")
    if not isinstance(done, dict) or not all(map(_is_set, done.values())):
        raise ProgressError("damaged", name=path.name)
    return held


def _is_set(found: Any) -> bool:
    """Tell whether this is what is kept of the exercises of one notebook."""
    types = {"right": bool, "tries": int, "seen": bool}
    return isinstance(found, dict) and all(
        isinstance(entry, dict)
        and {name: type(value) for name, value in entry.items()} == types
        and 0 <= entry["tries"] <= _MOST_TRIES
        for entry in found.values()
    )
