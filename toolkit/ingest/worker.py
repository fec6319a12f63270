"""Reading in a process of its own, so that a hostile file can bring down nothing but its reader.

A reading process has a limit of memory, may write no file, and is ended when it takes too
long. It answers in JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from toolkit.ingest.evidence import Evidence
from toolkit.ingest.formats import read
from toolkit.ingest.limits import (
    BrokenError,
    Limits,
    OutOfBoundsError,
    UnreadableError,
    fault,
    size,
    told,
)
from toolkit.ingest.prepare import Prepared, prepare
from toolkit.ingest.references import Reference, references

# A reader starts anew after so many files: what libraries leak does not add up.
_FILES_EACH = 500
_START = "from toolkit.ingest.worker import main; main()"


class _OutOfMemoryError(OutOfBoundsError):
    """A file that ran out of memory, be it by its own fault or not."""


class ReadingProcess:
    """A process that reads files, one after the other; started when first needed.

    Parameters
    ----------
    limits : Limits

    Notes
    -----
    A file that a library calls broken, or that lacks memory, may owe it to the files before
    it: it is tried again in a new process, and what that one says holds.

    Examples
    --------
    >>> with ReadingProcess(Limits()) as reader:
    ...     reader.read(__file__, name="worker.txt")[0].encoding
    'utf-8'
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._process: subprocess.Popen[str] | None = None
        self._n_read = 0

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, path: str | Path, *, name: str, **options: Any) -> list[Prepared]:
        """Read and prepare a file, within bounds of time and memory.

        Parameters
        ----------
        path : path
        name : str
            What its ending and folder tell.
        **options
            ``declared`` and ``columns`` as of `formats.read`, ``simplify`` as of `prepare`.

        Raises
        ------
        UnreadableError
            As `formats.read` does.
        OutOfBoundsError
            If the process ran out of time or memory: another day it may not.
        """
        return [from_plain(row) for row in self._ask("read", path, name=name, **options)]

    def references(self, path: str | Path, *, name: str) -> list[Reference]:
        """Return the entries of an export of a reference manager; as `references.references`."""
        return [Reference(*row) for row in self._ask("references", path, name=name)]

    def _ask(self, task: str, path: str | Path, **options: Any) -> Any:
        asked = json.dumps([task, str(Path(path).resolve()), options])
        fresh = self._process is None
        try:
            return self._answer(asked)
        except (_OutOfMemoryError, BrokenError):
            if fresh:
                raise
            self.close()
            return self._answer(asked)

    def _answer(self, asked: str) -> Any:
        process, seconds, began = self._started(), self.limits.seconds, time.monotonic()
        assert process.stdin is not None and process.stdout is not None
        end = threading.Timer(seconds, process.kill)
        end.start()
        try:
            process.stdin.write(f"{asked}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = ""
        finally:
            end.cancel()
        if not answer.endswith("\n"):
            self.close()
            if time.monotonic() - began >= seconds:
                reason = f"reading it took longer than {seconds:g} seconds, so it was ended"
                raise OutOfBoundsError(reason)
            most = size(self.limits.memory_bytes)
            reason = f"reading it needs more than {most} of memory, or crashed its reader"
            raise _OutOfMemoryError(reason)
        self._n_read += 1
        if self._n_read >= _FILES_EACH:
            self.close()
        kind, content = json.loads(answer)
        if kind != "done":
            raise _ERRORS[kind](content)
        return content

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
            self._process = subprocess.Popen(
                # -P: what lies in the folder of the user's texts is never imported.
                [sys.executable, "-B", "-P", "-c", _START, json.dumps(asdict(self.limits))],
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                    "OPENBLAS_NUM_THREADS": "1",  # each thread of it sets memory aside
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
            self._n_read = 0
        return self._process

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what was not sent stays unsent
                    pipe.close()  # type: ignore[union-attr]


def from_plain(row: dict[str, Any]) -> Prepared:
    """Return a `Prepared` from what JSON keeps of it."""
    return Prepared(**{**row, "found": tuple(Evidence(*e) for e in row["found"])})


def _read(data: bytes, *, name: str, simplify: bool = False, **options: Any) -> list[Any]:
    return [asdict(prepare(d, name=name, simplify=simplify)) for d in read(name, data, **options)]


_TASKS: dict[str, Callable[..., Any]] = {"read": _read, "references": references}
_ERRORS = {"unreadable": UnreadableError, "broken": BrokenError, "memory": _OutOfMemoryError}


def _done(line: str, limits: Limits) -> tuple[str, Any]:
    """Do what is asked for; whatever goes wrong is told, and costs no other file."""
    task, path, options = json.loads(line)
    before = _most_memory()
    try:
        with open(path, "rb") as file:  # noqa: PTH123  a path may be any string
            # Room is made for as much as is asked for, so not for more than there is.
            there = os.fstat(file.fileno()).st_size
            data = file.read(min(there, limits.file_bytes) + 1)
        return "done", _TASKS[task](data=data, limits=limits, **options)
    except MemoryError:
        return "memory", f"reading it needs more than {size(limits.memory_bytes)}"
    except Exception as error:
        broken = isinstance(error, BrokenError)
        if isinstance(error, UnreadableError) and not broken:
            return "unreadable", str(error)
        # Libraries hide a lack of memory; they ask for twice of what they have, then copy.
        if _most_memory() - before > (limits.memory_bytes - before) / 3:
            said = f"near the {size(limits.memory_bytes)} of memory that it may take"
            return "memory", f"reading it failed {said} ({told(error)})"
        return "broken", str(error) if broken else fault("reading it", error)


def _most_memory() -> int:
    """Return the most memory that this process ever had, in bytes, as the limit counts it."""
    with contextlib.suppress(OSError):  # which only Linux tells
        peak = re.search(r"VmPeak:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
        return int(peak[1]) * 1024 if peak else 0
    return 0


def _bound(limits: Limits) -> None:
    """Give this process a limit of memory and forbid it to write files."""
    try:
        import resource
    except ImportError:  # Windows has none; the limit of time holds there too
        return
    for what, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS does not know a limit of address space.
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(what)[1]
            bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(what, (bound, bound))


def main() -> None:
    """Serve as a reading process: an answer for each line, until there are no more."""
    limits = Limits(**json.loads(sys.argv[1]))
    _bound(limits)
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_done(line, limits))}\n")
        sys.stdout.flush()
