"""Zip files, which may lie: what they unpack to is checked before and while it is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from toolkit.ingest.limits import Limits, UnreadableError, size

# What the central directory may be: a million empty names are a bomb as well.
_UTF8_NAME = 0x800
_SYMLINK = 0o120000


def open_zip(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open a zip archive after a look at what it says it holds.

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
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise UnreadableError(
            f"it would unpack to {size(total)}; at most {size(limits.unpacked_bytes)} are read: "
            "unpack it yourself if you trust it"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError("it is encrypted; unpack it first")
    return archive


def members(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes | UnreadableError]]:
    """Yield the files of an archive by name; in place of the bytes, why they are not read.

    Nothing is written to disk, so no name can lead out of a folder; names that try to
    are refused all the same, since somebody meant harm.
    """
    archive = open_zip(data, limits)
    left = limits.unpacked_bytes
    for entry in archive.infolist():
        name = _name(entry)
        if entry.is_dir():
            continue
        if _skipped(name):
            continue
        try:
            content = _read(archive, entry, name, left, limits)
        except UnreadableError as error:
            yield name, error
        else:
            left -= len(content)
            yield name, content


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Read one file of an archive, never more than `limit` bytes of it.

    Raises
    ------
    UnreadableError
        If it is missing, broken, or longer: what it says of its size is not believed.
    """
    try:
        with archive.open(name) as file:
            content = file.read(limit + 1)
    except KeyError as error:
        raise UnreadableError(f"{name} is missing in it") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError,
            ValueError) as error:  # fmt: skip
        raise UnreadableError(f"{name} in it is broken ({error})") from error
    if len(content) > limit:
        raise UnreadableError(f"{name} in it unpacks to more than {size(limit)}")
    return content


def _read(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int, limits: Limits
) -> bytes:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name.split("/")[0][:2]:
        raise UnreadableError("its name leads out of the archive")
    if entry.external_attr >> 16 & 0o170000 == _SYMLINK:
        raise UnreadableError("it is a symbolic link")
    if entry.file_size > limits.file_bytes:
        raise UnreadableError(
            f"it has {size(entry.file_size)}; at most {size(limits.file_bytes)} are read"
        )
    return read_member(archive, entry.filename, min(left, limits.file_bytes))


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
