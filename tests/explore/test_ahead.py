"""Fits made ahead: the same topics, kept for when they are asked for, and nothing left over."""

import asyncio
import time

import numpy as np
import psutil
import pytest

from toolkit import Corpus, fit_topics
from toolkit.explore import Session, explore
from toolkit.explore.ahead import Ahead, _factors, _next
from toolkit.topics.factorise import NMF, solver_for


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr("toolkit.explore.ahead._REST", 0.0)


@pytest.fixture
def none_left():
    """Tell whether no process is left of those that were begun here."""
    before = _asides()

    def ended():
        end = time.monotonic() + 20
        while (found := _asides() - before) and time.monotonic() < end:
            time.sleep(0.05)
        return not found

    return ended


def fitted_ahead(session, topics, seed=0, until=None):
    """Fit ahead until nothing is left to do, or until a number of topics is at hand."""

    async def main():
        ahead = Ahead(session, asyncio.get_running_loop())
        ahead.begin(topics, seed)
        while not (until and at_hand(session, until, seed)):
            if ahead._task.done():
                break
            await asyncio.sleep(0.02)
        ahead.stop()
        await asyncio.sleep(0.02)
        return ahead

    return asyncio.run(main())


def at_hand(session, k, seed=0):
    matrix = session.matrix()
    return session.has_fit(matrix, NMF(k, seed, solver_for(matrix.weights, k)))


def _asides():
    found = psutil.Process().children(recursive=True)
    return {child for child in found if "toolkit.explore.aside" in child.cmdline()}


def test_the_likeliest_come_first():
    assert [*_next(3, 0)][:6] == [(4, 0), (2, 0), (3, 1), (5, 0), (6, 0), (7, 0)]
    assert {k for k, _ in _next(3, 0)} == {*range(2, 31)}


def test_what_was_fitted_ahead_is_what_would_be_fitted(monkeypatch, none_left):
    session = Session(Corpus.sample())
    topics = session.topics()
    fitted_ahead(session, topics, until=7)
    monkeypatch.setattr("toolkit.explore.session._fit", None)  # nothing is fitted from here on
    session.decide({"do": "topics", "k": 7, "seed": 0, "method": "nmf"})
    found, expected = session.topics(), fit_topics(topics.matrix, k=7)
    # To the bit only as far as two fits in two processes are: sums may come in another order.
    assert np.allclose(found.topic_term, expected.topic_term, rtol=0, atol=1e-12)
    assert np.allclose(found.doc_topic, expected.doc_topic, rtol=0, atol=1e-12)
    assert found.fingerprint == expected.fingerprint
    assert found.recipe.to_dict() == expected.recipe.to_dict()
    assert found.error == pytest.approx(expected.error)
    assert found.fit == expected.fit
    assert none_left()


def test_when_all_is_fitted_the_process_ends_and_none_is_begun(monkeypatch, none_left):
    monkeypatch.setattr("toolkit.explore.ahead.MOST", 7)
    session = Session(Corpus.sample())
    topics = session.topics()
    assert fitted_ahead(session, topics)._task.done()
    assert all(at_hand(session, k) for k in range(2, 8))
    assert at_hand(session, 6, 1)
    assert none_left()
    monkeypatch.setattr("toolkit.explore.ahead.Aside", None)
    assert fitted_ahead(session, topics)._task.exception() is None


def test_a_loop_that_ends_takes_the_process_with_it(none_left):
    session = Session(Corpus.sample())
    topics = session.topics()

    async def main():
        ahead = Ahead(session, asyncio.get_running_loop())
        ahead.begin(topics, 0)
        while ahead._aside is None:
            await asyncio.sleep(0.02)

    asyncio.run(main())
    assert none_left()


def test_time_is_bounded(monkeypatch):
    monkeypatch.setattr("toolkit.explore.ahead._LONGEST", 0.0)
    session = Session(Corpus.sample())
    topics = session.topics()
    assert fitted_ahead(session, topics)._task.done()
    assert not at_hand(session, 7)


def test_what_would_warn_is_left_to_be_asked_for(matrix, monkeypatch):
    monkeypatch.setattr("toolkit.topics.factorise._FULL", {"max_iter": 2, "tol": 1e-9})
    with pytest.raises(UserWarning, match="still changed"):
        _factors(NMF(5), matrix.weights)


def test_the_explorer_fits_ahead_while_topics_are_seen(tmp_path, none_left):
    async def main():
        explorer = explore(Corpus.sample(), folder=tmp_path, lang="en")
        while len(explorer.tabs) < 4 or any(tab.stale for tab in explorer.tabs.values()):
            await asyncio.sleep(0.05)
        tab, session = explorer.tabs["topics"], explorer.session
        before = tab.ahead._task  # out of sight, nothing is fitted ahead
        explorer.tab.selected_index = 2
        end = time.monotonic() + 30
        while not at_hand(session, 7) and time.monotonic() < end:
            await asyncio.sleep(0.05)
        made = at_hand(session, 7)
        explorer.close()
        await asyncio.sleep(0.05)
        return before, made, tab.ahead

    before, made, ahead = asyncio.run(main())
    assert before is None
    assert made
    assert ahead._task.cancelled() or ahead._task.done()
    assert none_left()
