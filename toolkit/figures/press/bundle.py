"""A folder of files that belong together: whole or not there, never in another's place."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from toolkit.figures.press.redraw import identity
from toolkit.recipe import versions

PROVENANCE = "provenance.json"

# Names that no system forbids: Windows reserves some words and drops final dots and spaces.
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def check_name(name: str) -> None:
    """Raise ValueError if a name could leave the folder or break a system."""
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name) or len(name) > 100:
        raise ValueError(
            f"{name!r} cannot name a bundle; use letters, digits, '_', '-' and single dots, "
            "no spaces, up to 100"
        )


def check_formats(formats: Sequence[str], known: Sequence[str]) -> None:
    """Raise ValueError if formats are none, or not all known."""
    if isinstance(formats, str) or not formats or (unknown := {*formats} - {*known}):
        wrong = formats if isinstance(formats, str) or not formats else sorted(unknown)
        raise ValueError(f"formats must be some of {known}; found {wrong!r}")


@contextmanager
def new_bundle(
    folder: str | Path, name: str, made_by: Sequence[Mapping[str, Any]], *, overwrite: bool
) -> Iterator[Path]:
    """Yield a folder aside to write to; at the end it takes its place in one rename.

    Parameters
    ----------
    folder : path
        Where the bundle goes; made if it does not exist.
    name : str
        Of the bundle.
    made_by : sequence of mapping
        Histories (see `histories_of`): another bundle is known by them.
    overwrite : bool
        Replace another bundle.

    Raises
    ------
    FileExistsError
        If what stands there is not the same thing in an older state.
    """
    target = Path(folder) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    _restore(target)
    _check_replaceable(target, made_by, overwrite)
    aside = Path(tempfile.mkdtemp(prefix=f".{name}-", suffix=".new", dir=target.parent))
    try:
        yield aside
        aside.chmod(0o755)  # mkdtemp makes it private
        _install(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_provenance(
    folder: Path, content: Mapping[str, Any], *, libraries: Sequence[str] = ()
) -> None:
    """Write how a bundle was made, with the checksums of the files that are in it."""
    record = dict(content) | {
        "versions": versions() | {name: metadata.version(name) for name in libraries},
        "files": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }
    text = json.dumps(record, ensure_ascii=False, indent=2)
    (folder / PROVENANCE).write_bytes(f"{text}\n".encode())


def sha256(path: Path) -> str:
    """Return the checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_replaceable(target: Path, made_by: Sequence[Mapping[str, Any]], overwrite: bool) -> None:
    if not target.exists():
        return
    try:
        old = json.loads((target / PROVENANCE).read_bytes())
        own = {PROVENANCE, *old["files"]}
        steps = [identity(history) for history in old["made_by"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise FileExistsError(
            f"{target} exists and is no figure bundle; choose another name or folder"
        ) from None
    if not overwrite and steps != [identity(history) for history in made_by]:
        raise FileExistsError(
            f"{target} holds another figure (made by {_last_step(steps)}); choose another "
            "name, or pass overwrite=True to replace it"
        )
    other = {path.name for path in target.iterdir() if not path.name.startswith(".")} - own
    if other:
        raise FileExistsError(
            f"{target} holds files that no export wrote ({', '.join(sorted(other))}); "
            "move them elsewhere, since the bundle is replaced as a whole"
        )


def _last_step(histories: Sequence[Sequence[Any]]) -> str:
    calls = [f"{history[-1][0]} {history[-1][1]}" for history in histories if history]
    return "; ".join(calls) or "no plot of the toolkit"


def _install(aside: Path, target: Path) -> None:
    """Rename the new bundle into place; the old one leaves only when the new one stands."""
    if _contents(aside) == _contents(target):
        return
    if not target.exists():
        aside.rename(target)
        return
    old = aside.with_suffix(".old")
    target.rename(old)
    try:
        aside.rename(target)
    except OSError:
        old.rename(target)
        raise
    _remove(old)


def _restore(target: Path) -> None:
    """Mend what a killed export left: put an old bundle back, remove anything else."""
    old = [*target.parent.glob(f".{target.name}-????????.old")]
    if old and not target.exists():
        old[0].rename(target)
    for path in target.parent.glob(f".{target.name}-????????.*"):
        _remove(path)


def _remove(folder: Path) -> None:
    # Renamed first, so that an export that still writes there fails and installs no half.
    gone = folder.with_suffix(".gone")
    if folder != gone:
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()} if folder.exists() else {}
