"""Zip files, which may lie: what they unpack to is checked before and while it is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import PurePosixPath

from toolkit.ingest.limits import Limits, UnreadableError, size

_UTF8_NAME = 0x800
_SYMLINK = 0o120000


def members(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes | UnreadableError]]:
    """Yield the files of an archive by name; in place of the bytes, why they are not read.

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
        name = _name(entry)
        if entry.is_dir() or _skipped(name):
            continue
        again = (f"{number}/{name}" for number in count(2))
        name = name if name not in names else next(n for n in again if n not in names)
        names.add(name)
        try:
            content = _read(archive, entry, name, min(left, limits.file_bytes))
        except UnreadableError as error:
            yield name, error
        else:
            left -= len(content)
            yield name, content


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limit: int) -> bytes:
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


def _name(entry: zipfile.ZipInfo) -> str:
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


def _skipped(name: str) -> bool:
    """Tell what systems leave in archives for themselves."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1] in (".DS_Store", "Thumbs.db"))
