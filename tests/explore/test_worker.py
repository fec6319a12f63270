"""Work aside from the notebook: its result, its end, and the room it leaves."""

import asyncio
import sys
import threading
import time

import pytest

from toolkit.explore.worker import Stopped, Worker, _Room


class Notes:
    """What a worker told."""

    def __init__(self):
        self.progress, self.busy, self.done, self.failed = [], [], [], []


def run_in_loop(scenario):
    """Run `scenario(worker, notes)` in an event loop, as a notebook has one."""
    notes = Notes()

    async def main():
        worker = Worker(
            lambda *count: notes.progress.append(count),
            notes.busy.append,
            asyncio.get_running_loop(),
        )
        await scenario(worker, notes)

    asyncio.run(main())
    return notes


def test_work_is_done_aside_and_its_result_in_the_loop():
    threads = []

    async def scenario(worker, notes):
        def work(progress):
            threads.append(threading.current_thread())
            progress(1, 2)
            return 7

        def done(result):
            threads.append(threading.current_thread())
            notes.done.append(result)

        worker.run(work, done, notes.failed.append)
        while not notes.done:
            await asyncio.sleep(0.01)

    notes = run_in_loop(scenario)
    assert notes.done == [7]
    assert notes.progress == [(1, 2)]
    assert notes.busy == [True, False]
    assert threads[0] is not threads[1] is threading.main_thread()


def test_work_leaves_room_for_the_notebook_and_puts_back_what_it_set(monkeypatch):
    before, during, collected = sys.getswitchinterval(), [], []
    monkeypatch.setattr("toolkit.explore.worker._REST", 0.05)
    monkeypatch.setattr("toolkit.explore.worker._ROOM", _Room())
    monkeypatch.setattr("gc.get_count", lambda: (0, 0, 1))
    monkeypatch.setattr("gc.collect", lambda: collected.append(time.monotonic()))

    async def scenario(worker, notes):
        def work(progress):
            during.append(sys.getswitchinterval())
            time.sleep(0.1)
            return time.monotonic()

        worker.run(work, notes.done.append, notes.failed.append)
        other = Worker(lambda *count: None, lambda busy: None, asyncio.get_running_loop())
        other.run(work, notes.done.append, notes.failed.append)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if len(notes.done) == 2 and collected:
                break

    notes = run_in_loop(scenario)
    assert during == [pytest.approx(0.0005)] * 2
    assert sys.getswitchinterval() == before
    assert collected
    assert collected[0] > max(notes.done), "never while any work is under way"


def test_garbage_that_takes_long_is_left_to_python(monkeypatch):
    collected = []
    monkeypatch.setattr("toolkit.explore.worker._LONG", 0.02)
    monkeypatch.setattr("gc.get_count", lambda: (0, 0, 1))
    monkeypatch.setattr("gc.collect", lambda: collected.append(time.sleep(0.05)))
    room = _Room()
    room.collect()
    room.collect()
    assert len(collected) == 1


def test_work_can_be_stopped_and_is_superseded():
    ended = []

    async def scenario(worker, notes):
        def endless(progress):
            try:
                while True:
                    time.sleep(0.005)
                    progress(1, 2)
            except Stopped:
                ended.append(True)
                raise

        worker.run(endless, notes.done.append, notes.failed.append)
        await asyncio.sleep(0.05)
        worker.stop()
        await asyncio.sleep(0.1)
        worker.run(endless, notes.done.append, notes.failed.append)
        worker.run(lambda progress: 1, notes.done.append, notes.failed.append)
        while len(ended) < 2 or not notes.done:
            await asyncio.sleep(0.01)

    notes = run_in_loop(scenario)
    assert notes.done == [1]
    assert notes.failed == []
    assert notes.busy[-1] is False


def test_what_goes_wrong_is_told():
    async def scenario(worker, notes):
        worker.run(lambda progress: 1 / 0, notes.done.append, notes.failed.append)
        while not notes.failed:
            await asyncio.sleep(0.01)
        worker.run(lambda progress: 1, lambda result: {}[result], notes.failed.append)
        while len(notes.failed) < 2:
            await asyncio.sleep(0.01)

    notes = run_in_loop(scenario)
    assert [type(error) for error in notes.failed] == [ZeroDivisionError, KeyError]
    assert notes.busy == [True, False, True, False]
