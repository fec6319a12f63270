"""Jobs aside from the notebook: what they give, their order, their end."""

import asyncio
import threading
import time

from toolkit.explore.worker import Job, Worker


class Notes:
    """What a worker told."""

    def __init__(self):
        self.shown, self.done, self.threads = [], [], set()

    def job(self, steps, order=0):
        def show(item):
            self.threads.add(threading.current_thread())
            self.shown.append(item)

        return Job(iter(steps), show, self.done.append, order)


def in_loop(scenario):
    """Run `scenario(worker, notes)` in an event loop, as a notebook has one."""
    notes = Notes()

    async def main():
        await scenario(Worker(asyncio.get_running_loop()), notes)
        while any(thread.name == "explore" for thread in threading.enumerate()):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # what is on its way comes

    asyncio.run(main())
    return notes


def test_steps_are_taken_aside_and_shown_in_the_loop():
    taken = set()

    def steps():
        for n in range(3):
            taken.add(threading.current_thread().name)
            yield n

    async def scenario(worker, notes):
        worker.begin(notes.job(steps()))

    notes = in_loop(scenario)
    assert notes.shown == [0, 1, 2]
    assert notes.done == [None]
    assert taken == {"explore"}
    assert notes.threads == {threading.main_thread()}


def test_outside_of_a_notebook_all_is_done_at_once():
    notes = Notes()
    Worker().begin(notes.job("ab"))
    assert (notes.shown, notes.done) == (["a", "b"], [None])


def test_what_is_urgent_comes_between_the_steps_of_what_is_not():
    asked = threading.Event()

    def slow():
        asked.wait(60)
        yield "slow"
        yield "slower"

    async def scenario(worker, notes):
        worker.begin(notes.job(slow(), order=2))
        worker.begin(notes.job(["urgent", "more"], order=1))
        asked.set()

    assert in_loop(scenario).shown in (
        ["slow", "urgent", "more", "slower"],
        ["urgent", "more", "slow", "slower"],  # it came before the first step was taken
    )


def test_a_job_that_was_stopped_takes_no_step_and_shows_nothing():
    taken, stopped = [], threading.Event()

    def steps():
        yield 0
        stopped.wait(60)
        taken.append("the step that is under way")
        yield 1
        taken.append("a further step")
        yield 2

    async def scenario(worker, notes):
        job = notes.job(steps())
        worker.begin(job)
        while not notes.shown:
            await asyncio.sleep(0.01)
        job.stop()
        stopped.set()
        worker.begin(notes.job("x"))

    notes = in_loop(scenario)
    assert "a further step" not in taken
    assert notes.shown == [0, "x"]
    assert notes.done == [None], "of the other"


def test_what_goes_wrong_is_told_be_it_in_a_step_or_when_it_is_shown():
    def steps():
        yield 1
        raise ZeroDivisionError

    async def scenario(worker, notes):
        worker.begin(notes.job(steps()))
        worker.begin(Job(iter("a"), lambda item: {}[item], notes.done.append))

    notes = in_loop(scenario)
    assert notes.shown == [1]
    assert {type(error) for error in notes.done} == {ZeroDivisionError, KeyError}


def test_no_thread_goes_on_when_the_loop_is_closed():
    async def main():
        Worker(asyncio.get_running_loop()).begin(Notes().job(range(3)))

    asyncio.run(main())
    for _ in range(1000):
        if not any(thread.name == "explore" for thread in threading.enumerate()):
            return
        time.sleep(0.05)
    raise AssertionError("the thread goes on")
