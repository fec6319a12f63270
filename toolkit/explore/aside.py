"""A process beside the notebook that calls functions for it.

Not one of multiprocessing, which would run the file of the notebook's user again in each
process (VS Code names one in `__main__`), and whose processes outlive a kernel that is killed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Aside:
    """Calls functions in a process of low priority, one after the other.

    The process has nothing to do with interrupts of the notebook, shows nothing, and ends as
    soon as nobody holds its input open, be it that the notebook was killed.

    Examples
    --------
    >>> aside = Aside()
    >>> aside.call(sum, [1, 2])
    3
    >>> aside.end()
    """

    def __init__(self) -> None:
        self._lock = Lock()
        # On Windows an interrupt goes to a group of processes, elsewhere to a session.
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
            creationflags=group,
        )

    def call(self, function: Callable[..., T], *given: Any) -> T:
        """Return ``function(*given)``, or raise what it raises; a thread waits for it.

        Raises
        ------
        EOFError, OSError
            If the process has ended.
        """
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        with self._lock:
            pickle.dump((function, given), asked)
            asked.flush()
            answer: tuple[T, Exception | None] = pickle.load(told)
        result, error = answer
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):  # of what was on its way
                pipe.close()


def _serve() -> None:
    """Answer calls until the input is closed."""
    if hasattr(os, "nice"):
        os.nice(10)
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a function prints is no answer
    while True:
        try:
            function, given = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answer: tuple[Any, Any]
        try:
            answer = function(*given), None
        except Exception as error:
            answer = None, error
        pickle.dump(answer, told)
        told.flush()


if __name__ == "__main__":
    _serve()
