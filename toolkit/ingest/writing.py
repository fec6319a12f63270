"""Writing that is whole or not at all, and names that are safe to show and to keep."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ASIDE = ".part"
# Windows keeps these names for devices, whatever their ending.
_FORMULA = re.compile(r"[=@\t\r]|[+-][^\d\s—–-]")
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside and rename it; leave one alone that holds this already."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}{_ASIDE}")
    aside.write_bytes(data)
    aside.replace(path)


def write_json(path: Path, value: Any) -> None:
    """Write plain values as JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(path, text.encode("utf-8", "backslashreplace"))


def read_json(path: Path, otherwise: Any) -> Any:
    """Return what a JSON file holds; `otherwise` if there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return otherwise


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    r"""Write a CSV file in UTF-8 with ``\n`` line ends."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    write_whole(path, out.getvalue().encode("utf-8", "backslashreplace"))


def _harmless(value: Any) -> Any:
    """Put an apostrophe before what a spreadsheet would run as a formula.

    Titles and names come from anywhere, and people open these tables in Excel.
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed run was writing aside."""
    for path in [*folder.rglob(f".*{_ASIDE}")]:
        path.unlink(missing_ok=True)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder for one run; the hold ends with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("wb") as lock:
        try:
            import fcntl
        except ImportError:  # Windows: two runs at a time are the user's own doing
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BlockingIOError(
                f"another run is writing to {folder.parent}; wait for it, or end it"
            ) from None
        yield


def printable(name: str) -> str:
    r"""Return a name that shows what it is: line ends, marks of direction and the like escaped.

    Examples
    --------
    >>> printable("a\n\u202eb.txt")
    'a\\n\\u202eb.txt'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in os.fspath(name))[:500]


def file_id(name: str) -> str:
    """Return an id for a file, which names its text: letters, digits and ``. _ -``.

    Examples
    --------
    >>> file_id("2024 政府工作报告（杭州）.docx"), file_id("../../.bashrc"), file_id("con.txt")
    ('2024-政府工作报告-杭州', 'bashrc', '_con')
    """
    stem = Path(name.replace("\\", "/").rsplit("/", 1)[-1])
    stem_text = unicodedata.normalize("NFC", stem.stem if stem.stem.strip(".") else stem.name)
    cleaned = re.sub(r"[^\w.]+", "-", stem_text).strip("-._")[:60]
    # Surrogates and private characters are letters to nobody.
    cleaned = "".join(c for c in cleaned if c.isprintable())
    # File systems count bytes, and what is kept beside a text has a longer name.
    cleaned = cleaned.encode()[:180].decode("utf-8", "ignore").strip("-._")
    if _DEVICES.fullmatch(cleaned.split(".")[0]):
        cleaned = f"_{cleaned}"
    return cleaned or "text"
