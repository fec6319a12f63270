"""Work aside from the notebook: in a thread, with progress, and with a way to stop."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

#: Told how much is done, of how much.
Progress = Callable[[int, int], None]
T = TypeVar("T")
_EVERY = 0.1  # seconds between two reports of progress
_REST = 0.5  # seconds after the last work until garbage is collected
_LONG = 0.3  # seconds, for a notebook that holds much else
_TURN = 0.0005  # seconds that a thread may compute while another waits


class Stopped(Exception):
    """Raised inside of work that somebody stopped."""


class _Room:
    """Leaves room for the notebook while any work is under way.

    Libraries compute in one thread: the matrices are small, so two take longer than one, and
    leave the notebook none. Threads take turns more often than Python lets them: a message
    to the browser passes through several, and would wait 5 ms for each.
    """

    def __init__(self) -> None:
        self._lock, self._under_way, self._settings = threading.Lock(), 0, ExitStack()
        self._collects = True

    def collect(self) -> None:
        """Collect garbage while nothing is under way, or else it would come amid a step.

        Once it has taken long, it is left to Python, which then does it the more seldom.
        """
        if self._under_way == 0 and self._collects and gc.get_count()[-1]:
            begun = time.monotonic()
            gc.collect()
            self._collects = time.monotonic() - begun < _LONG

    def __enter__(self) -> None:
        from threadpoolctl import threadpool_limits

        with self._lock:
            if self._under_way == 0:
                self._settings.enter_context(threadpool_limits(1))
                self._settings.callback(sys.setswitchinterval, sys.getswitchinterval())
                sys.setswitchinterval(_TURN)
            self._under_way += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._under_way -= 1
            if self._under_way == 0:
                self._settings.close()


_ROOM = _Room()


class Worker:
    """Runs one piece of work at a time, in a thread; a new one takes the place of the old.

    What is done with the result happens in the event loop of the notebook, between two
    cells, so that nothing is drawn from two threads at a time. Work that was stopped ends
    at its next report of progress; work that makes no reports ends by itself, and its
    result is dropped.

    Parameters
    ----------
    progress : callable
        Told of what is done and of how much, from the loop.
    busy : callable
        Told in the loop whether work is under way.
    loop : event loop, optional
        None does the work at once: outside of a notebook.
    """

    def __init__(
        self,
        progress: Progress,
        busy: Callable[[bool], None],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._progress, self._busy, self._loop = progress, busy, loop
        self._current = threading.Event()  # set: whoever holds it is to stop
        self.busy = False

    def run(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do `work`, then give what it returns to `done`, or what it raises to `failed`."""
        self._current.set()
        self._current = stop = threading.Event()
        self._now(True)
        if self._loop is None:
            self._finish(stop, *self._attempt(work, self._progress), done, failed)
            return
        loop = self._loop
        told = 0.0

        def progress(count: int, total: int) -> None:
            nonlocal told
            if stop.is_set():
                raise Stopped
            if count and time.monotonic() - told > _EVERY:
                told = time.monotonic()
                loop.call_soon_threadsafe(self._tell, stop, count, total)

        def target() -> None:
            outcome = self._attempt(work, progress)
            loop.call_soon_threadsafe(self._finish, stop, *outcome, done, failed)

        threading.Thread(target=target, name="explore", daemon=True).start()

    def stop(self) -> None:
        """Stop what is under way."""
        self._current.set()
        self._now(False)

    def _now(self, busy: bool) -> None:
        self.busy = busy
        self._busy(busy)

    @staticmethod
    def _attempt(work: Callable[[Progress], T], progress: Progress) -> tuple[Any, Any]:
        try:
            with _ROOM:
                return work(progress), None
        except Exception as error:
            return None, error

    def _tell(self, stop: threading.Event, count: int, total: int) -> None:
        if not stop.is_set():
            self._progress(count, total)

    def _finish(
        self, stop: threading.Event, result: Any, error: Any, done: Any, failed: Any
    ) -> None:
        if stop.is_set():
            return
        try:
            if error is None:
                done(result)
        except Exception as problem:  # such as a character that no font holds
            error = problem
        if stop is self._current:  # else `done` began something new
            self._now(False)
            if self._loop is not None:
                self._loop.call_later(_REST, _ROOM.collect)
        if error is not None:
            failed(error)
