"""What intake keeps in the corpus folder: the bytes as they came, and what another run needs."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.files import telling, whole_file
from toolkit.ingest.formats import kind_of
from toolkit.ingest.limits import Limits, size
from toolkit.metadata import CorpusError

# Windows keeps these names for devices, whatever their ending.
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)")


@dataclass(frozen=True)
class Item:
    """A file that was found, its bytes kept, or why they are not.

    Parameters
    ----------
    key : str
        Tells the same file again in the next run; empty until it is recognised.
    path : str
        What its endings and folders tell; of the file's own making.
    place : str
        Where its source is, as seen from the target folder.
    inner : str
        Which part of the source it is: a file of an archive, a page of a list.
    sha256 : str
        Of its bytes; empty if it was not opened.
    n_bytes : int
    original : str
        Where the bytes are kept, within the target folder.
    given : dict
        What the user says of it: a list, a reference, a table.
    declared : str
        The encoding that a server claimed.
    reason : str
        Why it cannot be read; empty if it can be tried.
    options : dict
        How the user wants it read.
    note : str
        What became of its source, if anything did.
    """

    key: str
    path: str
    place: str = ""
    inner: str = ""
    sha256: str = ""
    n_bytes: int = 0
    original: str = ""
    given: dict[str, str] = field(default_factory=dict)
    declared: str = ""
    reason: str = ""
    options: dict[str, object] = field(default_factory=dict)
    note: str = ""

    @property
    def name(self) -> str:
        """What is shown; safe to print."""
        return printable(self.path)


class Store:
    """The target folder: the originals by their SHA-256, and what another run needs to go on.

    Parameters
    ----------
    into : Path
        The target folder.
    limits : Limits
    """

    def __init__(self, into: Path, limits: Limits) -> None:
        self.into = into
        self.state = into / ".intake"
        self.limits = limits
        #: Places that were looked at: what was found there before and is not now is missing.
        self.seen: set[str] = set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for one run; the hold ends with the process, however it ends.

        Raises
        ------
        BlockingIOError
            If another run holds it.
        """
        with telling(self.state):
            self.state.mkdir(parents=True, exist_ok=True)
            lock = (self.state / ".lock").open("wb")
        with lock:
            try:
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:  # Windows: two runs at a time are the user's own doing
                pass
            except OSError:
                raise BlockingIOError(
                    f"another run is writing to {self.into}; wait for it, or end it"
                ) from None
            for path in [*self.into.rglob(".*.part")]:  # what a killed run was writing aside
                path.unlink(missing_ok=True)
            yield

    def read(self, name: str) -> dict[str, Any]:
        """Return what an earlier run noted under a name; nothing if it noted nothing.

        Raises
        ------
        CorpusError
            If it is damaged, and cannot be made again.
        """
        path = self.state / f"{name}.json"
        try:
            noted = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            noted = None
        if isinstance(noted, dict):
            return noted
        if "/" in name:  # what can be read or fetched again
            return {}
        raise CorpusError([f"{path} is damaged; put back a copy, or take in all into a new folder"])

    def note(self, name: str, value: Mapping[str, Any]) -> None:
        """Note plain values for another run."""
        # In ASCII: names of files may hold what no encoding knows.
        write(self.state / f"{name}.json", json.dumps(value, indent=1, sort_keys=True).encode())

    def keep(self, name: str, data: bytes, place: str = "", inner: str = "") -> Item:
        """Keep the bytes of a file."""
        sha256 = digest(data)
        suffix = kind_of(name, data)
        safe = suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) < 10 else ""
        original = f"originals/{sha256}{safe}"
        write(self.into / original, data)
        return Item("", name, place, inner, sha256, len(data), original)

    def keep_file(self, path: Path, name: str) -> Item:
        """Keep a file of the disk, if it is a plain one of bearable size."""
        place = self.place(path)
        self.seen.add(place)
        try:
            info = path.lstat()
            if stat.S_ISLNK(info.st_mode):
                reason = "it is a symbolic link, which may lead anywhere; give the file itself"
            elif not stat.S_ISREG(info.st_mode):
                reason = "it is no plain file"
            elif info.st_size > self.limits.file_bytes:
                reason = (
                    f"the file has {size(info.st_size)}; at most {size(self.limits.file_bytes)} "
                    "are read: split it. It stays where it is"
                )
            else:
                data, reason = path.read_bytes(), ""
        except OSError as error:
            reason = f"it cannot be opened ({error.strerror})"
        return Item("", name, place, reason=reason) if reason else self.keep(name, data, place)

    def place(self, path: Path) -> str:
        """Return where a file is as seen from the target: a study may be moved as a whole."""
        try:
            return Path(os.path.relpath(path, self.into.resolve())).as_posix()
        except ValueError:  # another drive of Windows
            return path.as_posix()


def encoded(text: str) -> bytes:
    """Return a text as it is written."""
    return text.encode("utf-8", "replace")


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of bytes, or of a text as it is written."""
    return hashlib.sha256(encoded(text) if isinstance(text, str) else text).hexdigest()


def write(path: Path, data: bytes) -> None:
    """Write a file whole; leave one alone that holds this already."""
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    with whole_file(path) as aside:
        aside.write_bytes(data)


def is_gone(path: Path) -> bool:
    """Tell whether there is no such file; one that may not be looked at is there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


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
