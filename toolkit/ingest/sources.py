"""What is to be taken in: files, folders, archives, exports of a reference manager."""

from __future__ import annotations

import io
import os
import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

from toolkit.ingest.limits import Limits, UnreadableError, fault, size
from toolkit.ingest.references import Reference
from toolkit.ingest.store import Item, Store, is_gone, printable
from toolkit.ingest.worker import ReadingProcess
from toolkit.recipe import fingerprint
from toolkit.structure import bare

_DROPPINGS = ("Thumbs.db", "desktop.ini", ".DS_Store")
_EXPORTS = (".ris", ".bib", ".json")
_UTF8_NAME, _SYMLINK = 0x800, 0o120000


def gather(sources: Sequence[Path], store: Store, reader: ReadingProcess) -> list[Item]:
    """Find every file of the sources and keep its bytes.

    Parameters
    ----------
    sources : sequence of path
        Files, folders and zip archives.
    store : Store
    reader : ReadingProcess
        Reads the exports of reference managers.

    Returns
    -------
    list of Item
        Each file once, in the order of the names. None is left out but what systems
        drop into folders for themselves.

    Raises
    ------
    FileNotFoundError
        If a source does not exist, all of them told.

    Warns
    -----
    UserWarning
        If nothing is found in a source.
    """
    if missing := [str(source) for source in sources if not source.exists()]:
        raise FileNotFoundError(f"not found: {', '.join(map(printable, missing))}")
    items: dict[tuple[str, str], Item] = {}
    for source in sources:
        n = 0
        for path, name, reason in _files(source, store):
            place, n = store.place(path), n + 1
            found = (
                [Item("", name, place, reason=reason)] if reason else _of_file(path, name, store)
            )
            for item in found:
                items.setdefault((item.place, item.inner), item)
        if not n:
            warnings.warn(f"nothing was found in {printable(str(source))}", stacklevel=3)
    _add_references(items, store, reader)
    return sorted(items.values(), key=lambda item: (os.fsencode(item.path), item.inner))


def _files(source: Path, store: Store) -> Iterator[tuple[Path, str, str]]:
    """Yield path and name of each file of a source, and why it cannot be looked at."""
    name, source = source.name, source.resolve()
    if not source.is_dir():
        yield source, name, ""
        return
    inside = store.into.resolve()
    errors: list[OSError] = []
    for folder, folders, files in os.walk(source, onerror=errors.append):
        here = Path(folder)
        store.seen.add(store.place(here))
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(
            name for name in folders if name not in links and (here / name).resolve() != inside
        )
        for name in (*files, *links):
            if name not in _DROPPINGS and not name.startswith("~$"):
                path = here / name
                yield path, f"{source.name}/{path.relative_to(source).as_posix()}", ""
    for error in errors:
        path = Path(error.filename)
        inner = path.relative_to(source.parent).as_posix()
        yield path, inner, f"the folder cannot be opened ({error.strerror}), nor what is in it"


def _of_file(path: Path, name: str, store: Store) -> Iterator[Item]:
    item = store.keep_file(path, name)
    if item.reason or not name.lower().endswith(".zip"):
        yield item
        return
    n = 0
    try:
        for inner, content in members((store.into / item.original).read_bytes(), store.limits):
            n += 1
            full = f"{name}/{inner}"
            if isinstance(content, UnreadableError):
                yield Item("", full, item.place, inner, reason=str(content))
            elif inner.lower().endswith(".zip"):
                reason = "an archive in an archive; unpack it"
                yield Item("", full, item.place, inner, reason=reason)
            else:
                yield store.keep(full, content, item.place, inner)
        if not n:
            yield replace(item, reason="there are no files in the archive")
    except UnreadableError as error:
        yield replace(item, reason=str(error))
    except OSError:
        raise  # of the disk, where nothing more can be kept
    except Exception as error:
        yield replace(item, reason=fault("unpacking it", error))


def _add_references(
    items: dict[tuple[str, str], Item], store: Store, reader: ReadingProcess
) -> None:
    """Give the files of a reference manager what its exports say of them."""
    stems = {w: bare(PurePosixPath(i.path).stem) for w, i in items.items() if not i.reason}
    for where, item in [*items.items()]:
        suffix = PurePosixPath(item.path.lower()).suffix
        if suffix not in _EXPORTS or item.reason or item.inner:
            continue
        try:
            entries = reader.references(store.into / item.original, name=item.path)
        except UnreadableError as error:
            if suffix != ".json":  # which may be a table of texts as well
                items[where] = replace(item, reason=str(error))
            continue
        del items[where]
        for number, entry in enumerate(entries, 1):
            found = [*_attached(entry, item, items, store, stems)]
            for one in found:
                # What is said of the file itself comes before what an export says of it.
                items[one.place, one.inner] = replace(one, given={**entry.given, **one.given})
            if not found:
                inner = f"entry {number}"
                items[item.place, inner] = Item(
                    "",
                    f"{item.path}/{inner} {entry.given.get('title', '')}",
                    item.place,
                    inner,
                    given=entry.given,
                    reason=entry.reason
                    or "the reference has no attached file; export it with files, or "
                    "put the text beside it under its title",
                )


def _attached(
    entry: Reference,
    export: Item,
    items: Mapping[tuple[str, str], Item],
    store: Store,
    stems: Mapping[tuple[str, str], str],
) -> Iterator[Item]:
    """Yield the files that a reference names, or the one that bears its title."""
    root = (store.into.resolve() / export.place).resolve().parent
    for name in entry.attachments:
        path = (root / name.removeprefix("file://").lstrip("/")).resolve()
        if path.is_relative_to(root) and path.is_file():
            full = f"{root.name}/{path.relative_to(root).as_posix()}"
            yield items.get((store.place(path), "")) or store.keep_file(path, full)
    # Zotero names a file by author, year and title, which has some length.
    title = bare(entry.given.get("title", ""))
    where = next((where for where, stem in stems.items() if title in stem), ("", ""))
    if not entry.attachments and len(title) > 3 and where in items:
        yield items[where]


def recognised(found: Sequence[Item], known: Mapping[str, Item], into: Path) -> list[Item]:
    """Give each item the key that it had, wherever its source stands now.

    An item is the one that stood at its place; else, of those whose place is gone, one with
    the same bytes, under the same name if there is one; else the one at its place in a folder
    that moved, as other files of it show. What is none of these is new.
    """
    keys = {i: item.key for i, item in enumerate(found) if item.key}
    preset = set(keys.values())
    left = {(k.place, k.inner): k for k in known.values() if k.key not in preset}
    moved: dict[PurePosixPath, PurePosixPath] = {}

    def match(sign: Callable[[Item], Any], among: Iterable[Item]) -> None:
        waiting: dict[object, list[Item]] = defaultdict(list)
        for old in among:
            if (old.place, old.inner) in left:
                waiting[sign(old)].append(old)
        for i, item in enumerate(found):
            if i not in keys and sign(item) and waiting.get(sign(item)):
                old = waiting[sign(item)].pop(0)
                del left[old.place, old.inner]
                keys[i] = old.key
                new_root, old_root = PurePosixPath(item.place), PurePosixPath(old.place)
                while new_root.name == old_root.name != "":
                    new_root, old_root = new_root.parent, old_root.parent
                if str(new_root) not in (item.place, "."):
                    moved[new_root] = old_root

    match(lambda item: (item.place, item.inner), [*left.values()])
    gone = [old for old in left.values() if is_gone(into / old.place)]
    match(lambda item: item.sha256 and (item.sha256, item.path), gone)
    match(lambda item: item.sha256, gone)
    for roots in [*moved.items()]:
        match(lambda item, roots=roots: _below(item, *roots), gone)  # type: ignore[misc]
    taken = {*known, *keys.values()}
    for i, item in enumerate(found):
        n = 0
        while i not in keys:  # the first key may be that of a file that stood here and moved
            key, n = fingerprint(item.place, item.inner, *([n] if n else ()))[:32], n + 1
            if key not in taken:
                keys[i] = key
                taken.add(key)
    return [replace(item, key=keys[i]) for i, item in enumerate(found)]


def _below(item: Item, new: PurePosixPath, old: PurePosixPath) -> tuple[PurePosixPath, str] | None:
    """Return where an item is below a folder that moved, be it as it was or as it is."""
    path = PurePosixPath(item.place)
    for root in (new, old):
        if path.is_relative_to(root):
            return path.relative_to(root), item.inner
    return None


def members(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes | UnreadableError]]:
    """Yield the files of a zip archive by name; in place of the bytes, why they are not read.

    Archives may lie: what they unpack to is checked before and while it is read.

    Of files of one name the second is ``2/name``. Nothing is written to disk, so no name can
    lead out of a folder; names that try to are refused all the same, since somebody meant harm.

    Raises
    ------
    UnreadableError
        If it is broken, has too many entries, or says it unpacks to more than allowed.
    """
    try:
        # The number of entries stands at the end, before any of them is read.
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError) as error:
        raise UnreadableError(f"the archive is broken ({error})") from error
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise UnreadableError(f"it holds {len(entries)} entries; at most {limits.entries} are read")
    left = limits.unpacked_bytes
    if (total := sum(entry.file_size for entry in entries)) > left:
        raise UnreadableError(
            f"it would unpack to {size(total)}; at most {size(left)} are read: "
            "unpack it yourself if you trust it"
        )
    names: set[str] = set()
    for entry in entries:
        name = _entry_name(entry)
        path = PurePosixPath(name)
        if entry.is_dir() or "__MACOSX" in path.parts or path.name in _DROPPINGS:
            continue
        again = (f"{number}/{name}" for number in count(2))
        name = name if name not in names else next(n for n in again if n not in names)
        names.add(name)
        try:
            content = _unpacked(archive, entry, name, min(left, limits.file_bytes))
        except UnreadableError as error:
            yield name, error
        else:
            left -= len(content)
            yield name, content


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limit: int) -> bytes:
    """Read a file of an archive, never more than `limit` bytes, whatever it says of its size."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name.split("/")[0][:2]:
        raise UnreadableError("its name leads out of the archive")
    if entry.external_attr >> 16 & 0o170000 == _SYMLINK:
        raise UnreadableError("it is a symbolic link")
    try:
        with archive.open(entry) as file:
            content = file.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError,
            ValueError) as error:  # fmt: skip
        raise UnreadableError(f"it cannot be unpacked ({error})") from error
    if len(content) > limit:
        raise UnreadableError(f"it unpacks to more than {size(limit)}, which is not read")
    return content


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; Windows in China writes them in GBK without saying so."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
