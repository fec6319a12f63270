"""What a student has done: kept in a file of the folder, and handed in as another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: exercises → exercise → {"right": bool, "tries": int, "seen": bool}
Done = dict[str, dict[str, dict[str, Any]]]

FILE = "exercises-progress.json"
FORMAT = "city-governance-toolkit exercises 1"
LARGEST = 1_000_000  # bytes; all tutorials together make some thousands


@dataclass(frozen=True)
class Progress:
    """The progress that is kept in a folder."""

    folder: Path

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    def read(self) -> Done:
        """Return what is kept; nothing yet, where there is no file.

        Raises
        ------
        ValueError
            If the file is damaged.
        """
        try:
            return parsed(self.path)["done"]  # type: ignore[no-any-return]
        except FileNotFoundError:
            return {}

    def note(
        self, exercises: str, name: str, *, right: bool | None = None, seen: bool = False
    ) -> str:
        """Keep a try, or that a solution was seen; return why it could not be kept."""
        from toolkit.ingest.writing import write_json

        try:
            done = self.read()
            entry = {"right": False, "tries": 0, "seen": False}
            entry |= done.setdefault(exercises, {}).get(name, {})
            entry["seen"] |= seen
            if right is not None and not entry["right"]:  # what was right once stays so
                entry |= {"right": right, "tries": entry["tries"] + 1}
            done[exercises][name] = entry
            write_json(self.path, {"format": FORMAT, "done": done})
        except (OSError, ValueError) as error:
            return str(error)
        return ""

    def hand_in(self, student: str) -> Path:
        """Write the file for the teacher; see `Exercises.hand_in`."""
        from toolkit.ingest.writing import file_id, write_json
        from toolkit.recipe import DISTRIBUTION, versions

        student = " ".join(str(student).split())
        if not student or len(student) > 100:
            raise ValueError(f"a name has 1 to 100 characters, this has {len(student)}")
        held: dict[str, Any] = {
            "format": FORMAT,
            "student": student,
            "version": versions()[DISTRIBUTION],
            "done": self.read(),
        }
        path = self.folder / f"hand-in-{file_id(student)}.json"
        write_json(path, {**held, "sha256": digest(held)})
        return path


def digest(held: dict[str, Any]) -> str:
    """Return the SHA-256 of canonical JSON: sorted keys, no space, UTF-8.

    Examples
    --------
    >>> digest({"b": 1, "a": "热线"}) == digest({"a": "热线", "b": 1})
    True
    """
    text = json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def parsed(path: Path) -> dict[str, Any]:
    """Return what a file of progress holds; it may come from anywhere.

    Raises
    ------
    ValueError
        If it is not such a file, with what is wrong with it.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{path.name} has over {LARGEST // 1000} kB: no file of progress has")
    try:
        held = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(f"{path.name} is not JSON: the file is damaged") from None
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise ValueError(f"{path.name} is no file of progress: its format is not {FORMAT!r}")
    done = held.get("done")
    if not isinstance(done, dict) or not all(map(_is_set, done.values())):
        raise ValueError(f"{path.name} is damaged: the exercises in it cannot be read")
    return held


def _is_set(found: Any) -> bool:
    """Tell whether this is what is kept of the exercises of one notebook."""
    return isinstance(found, dict) and all(
        isinstance(entry, dict)
        and {name: type(value) for name, value in entry.items()}
        == {"right": bool, "tries": int, "seen": bool}
        and entry["tries"] >= 0
        for entry in found.values()
    )
