"""Work aside from the notebook: jobs in one thread, a step at a time, the most urgent first."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

#: Held while anything is computed or drawn: filters of warnings are those of the whole process.
COMPUTING = threading.RLock()


@dataclass(eq=False)
class Job:
    """Something to be done in steps; what each gives is shown in the loop of the notebook.

    A job is its own token: once it is stopped, no further step is taken, and nothing that it
    gave is shown any more.
    """

    steps: Iterator[Any]  # taking an item is the work
    show: Callable[[Any], None]  # given each item, in the loop
    # Given None, or what went wrong, in the loop; not called once the job is stopped.
    done: Callable[[Exception | None], None]
    order: int = 0  # lower is more urgent
    stopped: bool = False
    taken: bool = False  # there is no further step, though the last may not be shown yet

    def stop(self) -> None:
        """Take no further step; one that is under way ends by itself and is dropped."""
        self.stopped = self.taken = True

    def step(self) -> Callable[[], None]:
        """Take a step; return what tells of it."""
        error: Exception | None = None
        with COMPUTING:
            try:
                return partial(self._show, next(self.steps))
            except StopIteration:
                self.taken = True
            except Exception as problem:
                self.taken, error = True, problem
        return partial(self._end, error)

    def _show(self, item: Any) -> None:
        if not self.stopped:
            try:
                self.show(item)
            except Exception as error:
                self._end(error)

    def _end(self, error: Exception | None) -> None:
        if not self.stopped:
            self.stop()
            self.done(error)


class Worker:
    """Takes the steps of all jobs in one thread, so that no two get into each other's way.

    Parameters
    ----------
    loop : event loop, optional
        None takes them at once, in the thread that asks: outside of a notebook.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.loop = loop
        self._jobs: list[Job] = []
        self._lock, self._runs = threading.Lock(), False

    def begin(self, job: Job) -> None:
        """Take up a job."""
        if self.loop is None:
            while not job.taken:
                job.step()()
            return
        with self._lock:
            self._jobs.append(job)
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="explore", daemon=True).start()

    def in_loop(self, call: Callable[[], None]) -> None:
        """Call in the loop of the notebook: JupyterLab brings choices in another thread."""
        if self.loop is None:
            call()
        else:
            with suppress(RuntimeError):  # the loop is closed: nobody is there to see it
                self.loop.call_soon_threadsafe(call)

    def _run(self) -> None:
        from threadpoolctl import threadpool_limits

        # The matrices are small: two threads take longer than one, and leave the notebook none.
        with threadpool_limits(1):
            while (job := self._next()) is not None:
                self.in_loop(job.step())

    def _next(self) -> Job | None:
        with self._lock:
            self._jobs = [job for job in self._jobs if not job.taken]
            self._runs = bool(self._jobs)
            return min(self._jobs, key=lambda job: job.order, default=None)
