"""What is to be taken in: files, folders, archives, exports of a reference manager."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from toolkit.ingest.limits import Limits, UnreadableError, size
from toolkit.ingest.packed import members
from toolkit.ingest.readers import kind_of
from toolkit.ingest.references import Reference, references
from toolkit.ingest.writing import printable, write_whole
from toolkit.recipe import fingerprint
from toolkit.structure import bare

_DROPPINGS = ("Thumbs.db", "desktop.ini", ".DS_Store")
_EXPORTS = (".ris", ".bib", ".json")


@dataclass(frozen=True)
class Item:
    """A file that was found, its bytes kept, or why they are not.

    Parameters
    ----------
    key : str
        Tells the same file again in the next run.
    name : str
        What is shown; safe to print.
    path : str
        What its endings and folders tell; of the file's own making.
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
    """

    key: str
    name: str
    path: str
    sha256: str = ""
    n_bytes: int = 0
    original: str = ""
    given: dict[str, str] = field(default_factory=dict)
    declared: str = ""
    reason: str = ""


class Store:
    """The originals, by their SHA-256, in a folder of the target.

    Parameters
    ----------
    into : Path
        The target folder.
    limits : Limits
    """

    def __init__(self, into: Path, limits: Limits) -> None:
        self.into = into
        self.limits = limits

    def keep(self, name: str, data: bytes, *, key: str) -> Item:
        """Keep the bytes of a file."""
        digest = hashlib.sha256(data).hexdigest()
        suffix = kind_of(name, data)
        safe = suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) < 10 else ""
        original = f"originals/{digest}{safe}"
        write_whole(self.into / original, data)
        return Item(key, printable(name), name, digest, len(data), original)

    def keep_file(self, path: Path, name: str) -> Item:
        """Keep a file of the disk, if it is a plain one of bearable size."""
        key = fingerprint(os.fsencode(path))[:32]
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
                return self.keep(name, path.read_bytes(), key=key)
        except OSError as error:
            reason = f"it cannot be opened ({error.strerror})"
        return Item(key, printable(name), name, reason=reason)


def gather(sources: Sequence[Path], store: Store) -> list[Item]:
    """Find every file of the sources and keep its bytes.

    Parameters
    ----------
    sources : sequence of path
        Files, folders and zip archives.
    store : Store

    Returns
    -------
    list of Item
        Each file once, in the order of the names. None is left out but what systems
        drop into folders for themselves.

    Raises
    ------
    FileNotFoundError
        If a source does not exist, all of them told.
    """
    if missing := [str(source) for source in sources if not source.exists()]:
        raise FileNotFoundError(f"not found: {', '.join(map(printable, missing))}")
    paths = [pair for source in sources for pair in _files(source, store.into)]
    items: dict[str, Item] = {}
    for path, name in sorted(dict.fromkeys(paths), key=lambda pair: os.fsencode(pair[1])):
        for item in _of_file(path, name, store):
            items.setdefault(item.key, item)
    return _with_references(items, dict(paths), store)


def _files(source: Path, into: Path) -> Iterator[tuple[Path, str]]:
    name, source = source.name, source.resolve()
    if not source.is_dir():
        yield source, name
        return
    inside = into.resolve()
    for folder, folders, files in os.walk(source):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(
            name for name in folders if name not in links and (here / name).resolve() != inside
        )
        for name in (*files, *links):
            if name not in _DROPPINGS and not name.startswith("~$"):
                path = here / name
                yield path, f"{source.name}/{path.relative_to(source).as_posix()}"


def _of_file(path: Path, name: str, store: Store) -> Iterator[Item]:
    item = store.keep_file(path, name)
    if item.reason or not name.lower().endswith(".zip"):
        yield item
        return
    try:
        for inner, content in members(path.read_bytes(), store.limits):
            full, key = f"{name}/{inner}", fingerprint(item.key, inner)[:32]
            if isinstance(content, UnreadableError):
                yield Item(key, printable(full), full, reason=str(content))
            elif inner.lower().endswith(".zip"):
                yield Item(key, printable(full), full, reason="an archive in an archive; unpack it")
            else:
                yield store.keep(full, content, key=key)
    except UnreadableError as error:
        yield replace(item, reason=str(error))


def _with_references(items: dict[str, Item], paths: dict[Path, str], store: Store) -> list[Item]:
    """Give the files of a reference manager what its exports say of them."""
    where = {name: path for path, name in paths.items()}
    for item in [*items.values()]:
        suffix = PurePosixPath(item.path.lower()).suffix
        if suffix not in _EXPORTS or item.reason or item.path not in where:
            continue
        try:
            data = (store.into / item.original).read_bytes()
            entries = references(item.path, data, store.limits)
        except UnreadableError as error:
            if suffix != ".json":  # which may be a table of texts as well
                items[item.key] = replace(item, reason=str(error))
            continue
        del items[item.key]
        folder = where[item.path].parent
        for number, entry in enumerate(entries, 1):
            found = [*_attached(entry, folder, items, store)]
            for attached in found:
                # What is said of the file itself comes before what an export says of it.
                items[attached.key] = replace(attached, given={**entry.given, **attached.given})
            if not found:
                name = f"{item.path}/entry {number}"
                title = entry.given.get("title", "")
                items[f"{item.key}-{number}"] = Item(
                    f"{item.key}-{number}",
                    printable(f"{name} {title}"),
                    name,
                    given=entry.given,
                    reason="the reference has no attached file; export it with files, or "
                    "put the text beside it under its title",
                )
    return sorted(items.values(), key=lambda i: (os.fsencode(i.path), i.key))


def _attached(
    entry: Reference, folder: Path, items: dict[str, Item], store: Store
) -> Iterator[Item]:
    root = folder.resolve()
    for name in entry.attachments:
        path = (root / name.removeprefix("file://").lstrip("/")).resolve()
        if path.is_relative_to(root) and path.is_file():
            item = store.keep_file(path, f"{folder.name}/{path.relative_to(root).as_posix()}")
            yield items.get(item.key, item)
    title = bare(entry.given.get("title", ""))
    if not entry.attachments and len(title) >= 4:
        for item in [*items.values()]:
            # Zotero names a file after its author, year and title.
            if not item.reason and title in bare(PurePosixPath(item.path).stem):
                yield item
                return
