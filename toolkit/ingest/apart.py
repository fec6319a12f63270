"""Reading in processes of their own, so that a file can take down nothing but its reader.

A reading process has a limit of memory, may write no file, and is ended when it takes too
long. It answers in JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from toolkit.ingest.evidence import Evidence
from toolkit.ingest.limits import Limits, OutOfBoundsError, UnreadableError, size
from toolkit.ingest.prepare import Prepared, prepare
from toolkit.ingest.readers import read

# A reader starts anew after so many files: what libraries leak does not add up.
_FILES_EACH = 500
_START = "from toolkit.ingest.apart import main; main()"


class _OutOfMemoryError(OutOfBoundsError):
    """A file that ran out of memory, be it by its own fault or not."""


class ReadingProcess:
    """A process that reads files, one after the other; started when first needed.

    Parameters
    ----------
    limits : Limits

    Examples
    --------
    >>> with ReadingProcess(Limits()) as reader:
    ...     reader.read(__file__, name="apart.txt")[0].encoding
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

    def read(
        self,
        path: str | Path,
        *,
        name: str,
        declared: str = "",
        columns: Mapping[str, str] | None = None,
        simplify: bool = False,
    ) -> list[Prepared]:
        """Read and prepare a file, within bounds of time and memory.

        Raises
        ------
        UnreadableError
            As `readers.read` does.
        OutOfBoundsError
            If the process ran out of time or memory: another day it may not.
        """
        task = {
            "path": str(Path(path).resolve()),
            "name": name,
            "declared": declared,
            "columns": dict(columns or {}),
            "simplify": simplify,
        }
        fresh = self._process is None
        try:
            return self._asked(task)
        except _OutOfMemoryError:
            if fresh:
                raise
            # The files before it may have left too little; alone it gets all there is.
            self.close()
            return self._asked(task)

    def _asked(self, task: dict[str, Any]) -> list[Prepared]:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.limits.seconds, end)
        timer.start()
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = ""
        finally:
            timer.cancel()
        if not answer.endswith("\n"):
            self.close()
            if late.is_set():
                raise OutOfBoundsError(
                    f"reading it took longer than {self.limits.seconds:g} seconds, so it was ended"
                )
            raise _OutOfMemoryError(
                f"reading it needs more than {size(self.limits.memory_bytes)} of memory, "
                "or crashed its reader"
            )
        self._n_read += 1
        status, content, worn = json.loads(answer)
        if worn or self._n_read >= _FILES_EACH:
            self.close()
        if status == "out of bounds":
            raise _OutOfMemoryError(content)
        if status == "unreadable":
            raise UnreadableError(content)
        return [from_plain(row) for row in content]

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                # -P: what lies in the folder of the user's texts is never imported.
                [sys.executable, "-B", "-P", "-c", _START, json.dumps(asdict(self.limits))],
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(
                        [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
                    ).rstrip(os.pathsep),
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
                if pipe is not None:
                    with contextlib.suppress(OSError):  # what was not sent stays unsent
                        pipe.close()


def _answers(tasks: IO[str], answers: IO[str], limits: Limits) -> None:
    """Read what is asked for, line by line, until there is no more."""
    for line in tasks:
        task: dict[str, Any] = json.loads(line)
        try:
            with open(task["path"], "rb") as file:  # noqa: PTH123  a path may be any string
                # Room is made for as much as is asked for, so not for more than there is.
                there = os.fstat(file.fileno()).st_size
                data = file.read(min(there, limits.file_bytes) + 1)
            drafts = read(
                task["name"],
                data,
                limits=limits,
                declared=task["declared"],
                columns=task["columns"],
            )
            answer = [
                "read",
                [
                    asdict(prepare(draft, name=task["name"], simplify=task["simplify"]))
                    for draft in drafts
                ],
            ]
        except UnreadableError as error:
            answer = ["unreadable", str(error)]
        except MemoryError:
            answer = ["out of bounds", f"reading it needs more than {size(limits.memory_bytes)}"]
        except Exception as error:
            # What no reader foresaw is told as well, and costs no other file.
            answer = ["unreadable", f"its reader failed ({type(error).__name__}: {error})"[:300]]
        answers.write(json.dumps([*answer, _is_worn(limits)]) + "\n")
        answers.flush()


def from_plain(row: dict[str, Any]) -> Prepared:
    """Return a `Prepared` from what JSON keeps of it."""
    tuples = {k: tuple(v) for k, v in row.items() if isinstance(v, list)}
    tuples["found"] = tuple(Evidence(*e) for e in row["found"])
    tuples |= {name: tuple(map(tuple, row[name])) for name in ("removed", "changed")}
    return Prepared(**{**row, **tuples})


def _is_worn(limits: Limits) -> bool:
    """Tell whether this process needed so much memory that the next file may lack it."""
    try:
        import resource
    except ImportError:
        return False
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > limits.memory_bytes / 3


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
        try:
            hard = resource.getrlimit(what)[1]
            bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(what, (bound, bound))
        except (ValueError, OSError):
            continue  # macOS does not know a limit of address space


def main() -> None:
    """Serve as a reading process."""
    limits = Limits(**json.loads(sys.argv[1]))
    _bound(limits)
    _answers(sys.stdin, sys.stdout, limits)
