"""A folder of files that belong together: whole or not there, never in another's place."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from toolkit.files import begun, read_json, telling, whole_folder, write_json
from toolkit.installed import versions

PROVENANCE = "provenance.json"

# Names that no system forbids: Windows reserves some words and drops final dots and spaces.
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST = 200  # bytes, which file systems count: an ending goes behind the name


def check_name(name: str) -> None:
    """Raise ValueError if a name could leave the folder or break a system; TypeError if none."""
    if not isinstance(name, str):
        raise TypeError(
            f"the name of a bundle is text, not {type(name).__name__}: what is exported comes "
            "first, then its name"
        )
    long = len(name) > 100 or len(name.encode("utf-8", "replace")) > _LONGEST
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name) or long:
        raise ValueError(
            f"{name!r} cannot name a bundle; use letters, digits, '_', '-' and single dots, "
            f"no spaces, up to 100 ({_LONGEST // 3} of Chinese); folder= says where it goes"
        )


def check_formats(formats: Sequence[str], known: Sequence[str]) -> None:
    """Raise ValueError if formats are none, or not all known."""
    if isinstance(formats, str) or not formats or (unknown := {*formats} - {*known}):
        wrong = formats if isinstance(formats, str) or not formats else sorted(unknown)
        raise ValueError(f"formats must be some of {known}; found {wrong!r}")


@contextmanager
def new_bundle(
    folder: str | Path,
    name: str,
    made: Mapping[str, Any],
    *,
    overwrite: bool,
    libraries: Sequence[str] = (),
) -> Iterator[Path]:
    """Yield a folder aside to write to; at the end it takes its place in one rename.

    Parameters
    ----------
    folder : path
        Where the bundle goes; made if it does not exist.
    name : str
        Of the bundle.
    made : mapping
        What its provenance tells: by ``made_by``, histories, another bundle is known.
    overwrite : bool
        Replace another bundle; what was edited in it stays beside the new files.
    libraries : sequence of str
        Whose versions are told beside those of every result.

    Raises
    ------
    FileExistsError
        If what stands there is not the same thing in an older state, or was edited.
    """
    check_name(name)
    target = Path(folder) / name
    with our_folder(target, overwrite=overwrite) as aside:
        yield aside
        write_provenance(aside, made, libraries=libraries)
        if target.exists() and not overwrite:
            old = provenance_of(target)
            (kind, was), now = _identity(old), _identity(made)
            same = bool(was) or _written(aside).items() <= _written(target).items()
            if (kind, was) != now or not same:
                raise FileExistsError(
                    f"{target} holds another {kind} (made by {_last_step(old)}); choose another "
                    "name, or pass overwrite=True to replace it"
                )


def write_provenance(
    folder: Path, made: Mapping[str, Any], *, libraries: Sequence[str] = ()
) -> None:
    """Write how a folder was made, with the checksums of the files that are in it."""
    record = dict(made) | {
        "versions": versions() | {name: metadata.version(name) for name in libraries},
        "files": _written(folder),
    }
    write_json(folder / PROVENANCE, record, indent=2)


def provenance_of(folder: Path) -> dict[str, Any]:
    """Return what a folder tells of how it was made.

    Raises
    ------
    FileExistsError
        If it was not made here.
    """
    try:
        made: dict[str, Any] = read_json(folder / PROVENANCE)
        made["files"].items(), _identity(made), _last_step(made)  # else it is none of ours
        return made
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise FileExistsError(
            f"{folder} exists and was not made by this toolkit; choose another name or folder"
        ) from None


def changed(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return which files of a folder have not the checksum they had, or are gone."""
    found = _written(folder)
    return [name for name, digest in files.items() if found.get(name) != digest]


@contextmanager
def our_folder(target: Path, *, overwrite: bool = False, wait: bool = True) -> Iterator[Path]:
    """Yield an empty folder aside, which takes the place of `target` when all went well.

    One at a time writes to a folder; files that nobody here wrote stay in it. See
    `toolkit.files.whole_folder` for what a program that is killed leaves.

    Parameters
    ----------
    target : path
        A new or empty folder, or one with a ``provenance.json``.
    overwrite : bool
        Let files that were edited by hand give way: they stay as ``edited-NAME``.
    wait : bool
        Until another has written to this folder; otherwise that is an error.

    Raises
    ------
    FileExistsError
        If the folder was not made here, or files in it were edited since.
    BlockingIOError
        If another is writing to it, and this one is not to wait.
    OSError
        If it cannot be written, with its path and what to do.
    """
    with telling(target), _alone(target, wait):
        for left in begun(target):  # by a program that was killed
            shutil.rmtree(left, ignore_errors=True)
        with whole_folder(target, replace=True) as aside:
            _keep(target, None, overwrite)
            yield aside
            _keep(target, aside, overwrite)


@contextmanager
def _alone(target: Path, wait: bool) -> Iterator[None]:
    """Hold the lock of a folder; it ends with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # Windows: two runs at a time are the user's own doing
        yield
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.with_name(f".{target.name}.lock")
    while True:
        with path.open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise BlockingIOError(
                    f"another run is writing to {target}; wait for it, or choose another folder"
                ) from None
            except OSError:  # a file system without locks
                pass
            # Who held it before may have removed the file, and a third one made another.
            if path.exists() and os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                try:
                    yield
                finally:
                    path.unlink()
                return


def _keep(target: Path, aside: Path | None, overwrite: bool) -> None:
    """Check that all of a folder may give way; link what is not of the toolkit into `aside`."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    files = provenance_of(target)["files"]
    found = _written(target)
    edited = [name for name, digest in found.items() if files.get(name, digest) != digest]
    if edited and not overwrite:
        raise FileExistsError(
            f"{target} holds files that were edited since they were written ({', '.join(edited)}): "
            "rename them, and they stay; or choose another name or folder"
        )
    if aside is None:
        return
    for name in found:
        if name in files and name not in edited:
            continue
        place = aside / name
        if name in edited:
            place = place.with_name(f"edited-{place.name}")
        while place.exists():  # a file of this run has the name
            place = place.with_name(f"edited-{place.name}")
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(target / name, place, follow_symlinks=False)
        except (OSError, NotImplementedError):
            shutil.copy2(target / name, place, follow_symlinks=False)


def _written(folder: Path) -> dict[str, str]:
    """Return the checksums of the files of a folder but its provenance, which tells them."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name == PROVENANCE:
            continue
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _identity(made: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return what was done, but not to which texts: the same figure may be drawn anew.

    Nothing, of what no plot drew: a table, or a figure by hand. What `value` tells is how that
    was made which it shows.
    """
    kind = "table" if "table" in made else "figure"
    steps = [[[s["call"], s["params"]] for s in history["steps"]] for history in made["made_by"]]
    drawn = all(h and h[-1][0] == "export_figure" for h in steps)
    return kind, json.loads(json.dumps([h[:-1] for h in steps])) if drawn else []


def _last_step(made: Mapping[str, Any]) -> str:
    steps = [history["steps"] for history in made["made_by"]]
    plots = [h[-2 if h[-1]["call"] == "export_figure" and len(h) > 1 else -1] for h in steps if h]
    return "; ".join(f"{s['call']} {s['params']}" for s in plots) or "no plot of the toolkit"
