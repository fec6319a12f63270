"""The solver for many topics, against scikit-learn's coordinate descent."""

from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
from scipy import sparse
from sklearn.decomposition import NMF

from toolkit import choose_k, fit_topics, topic_stability
from toolkit.topics.factorise import NMF as NMFactorisation
from toolkit.topics.factorise import fitted_to, residual, solver_for
from toolkit.topics.hals import hals, leading
from toolkit.topics.resample import NULL_RUNS, NULLS


@pytest.mark.exhaustive
@pytest.mark.parametrize("k", [3, 8, 12, 16, 20, 30])
def test_it_is_as_exact_as_coordinate_descent(matrix, k):
    loadings, parts = hals(matrix.weights, k, seed=0, tol=1e-5)
    model = NMF(k, init="nndsvd", random_state=0, max_iter=1000)
    expected = residual(matrix.weights, model.fit_transform(matrix.weights), model.components_)
    assert residual(matrix.weights, loadings, parts) < expected * 1.001
    assert loadings.min() >= 0
    assert parts.min() >= 0


@pytest.mark.exhaustive
def test_what_it_returns_is_the_best_it_has_seen(matrix, monkeypatch):
    """Steps beyond the updates may go too far: that must never be where it ends."""
    found = []
    for most in (*range(1, 16), 30, 60):
        monkeypatch.setattr("toolkit.topics.hals._MOST", most)
        monkeypatch.setattr("toolkit.topics.hals._AHEAD", 1.0)
        found.append(residual(matrix.weights, *hals(matrix.weights, 20, seed=0, tol=0)))
    assert found == pytest.approx(sorted(found, reverse=True), abs=1e-6)


def test_it_finds_planted_parts():
    generator = np.random.default_rng(0)
    true = [generator.random((200, 5)) ** 4, generator.random((5, 60)) ** 4]
    values = sparse.csr_array(true[0] @ true[1])
    loadings, parts = hals(values, 5, seed=0, tol=1e-7)
    assert residual(values, loadings, parts) < 2e-3
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (true[1], parts)]
    assert (unit[0] @ unit[1].T).max(axis=1) == pytest.approx(1, abs=0.02)


def test_it_starts_from_what_is_given(matrix):
    generator = np.random.default_rng(0)
    n, m = matrix.weights.shape
    start = generator.random((n, 3)), generator.random((3, m))
    copies = [factor.copy() for factor in start]
    found = hals(matrix.weights, 3, seed=0, tol=1e-5, start=start)
    assert all((a == b).all() for a, b in zip(start, copies, strict=True))
    error = residual(matrix.weights, *found)
    assert error < residual(matrix.weights, *start)
    again = hals(matrix.weights, 3, seed=0, tol=1e-5, start=found)
    assert residual(matrix.weights, *again) <= error * (1 + 1e-6)


def test_units_and_terms_without_weight_do_no_harm():
    weights = sparse.csr_array(np.pad(np.eye(4), 2))
    loadings, parts = hals(weights, 4, seed=0, tol=1e-6)
    assert np.isfinite(loadings).all()
    assert not loadings[[0, 1, -1, -2]].any()
    assert not parts[:, [0, 1, -1, -2]].any()
    assert residual(weights, loadings, parts) < 5e-3  # single precision


def test_many_topics_or_weights_take_it_and_few_do_not(matrix, monkeypatch):
    assert [solver_for(matrix.weights, k) for k in (12, 19, 20)] == ["cd", "cd", "hals"]
    assert fit_topics(matrix, k=20).fit.solver == "hals"
    monkeypatch.setattr("toolkit.topics.factorise._MANY_WEIGHTS", matrix.weights.nnz)
    assert solver_for(matrix.weights, 4) == "hals"


@pytest.mark.exhaustive
def test_fits_that_are_compared_take_one_solver(matrix, monkeypatch):
    """The parts of the texts have fewer weights than all of them, and k goes up to 20."""
    taken = []
    monkeypatch.setattr(
        "toolkit.topics.factorise.hals", lambda *a, **k: taken.append(a[1]) or hals(*a, **k)
    )
    choose_k(matrix, k_range=[3, 20], runs=2, n_jobs=1)
    assert {*taken} == {3, 20}
    assert taken.count(3) == taken.count(20)
    monkeypatch.setattr("toolkit.topics.factorise._MANY_WEIGHTS", matrix.weights.nnz)
    taken.clear()
    topic_stability(fit_topics(matrix, k=3), runs=2, n_jobs=1)
    assert len(taken) == 1 + 2 + NULLS * (1 + NULL_RUNS)


def test_the_same_seed_gives_the_same_topics(matrix):
    a, b = (fit_topics(matrix, k=20, seed=1) for _ in range(2))
    assert a.fingerprint == b.fingerprint


@pytest.mark.parametrize("aside", [False, True])
def test_a_quick_fit_shows_no_bar_in_a_notebook(matrix, monkeypatch, aside):
    """Bars of notebooks that are left early turn red and stay, unless one takes care."""
    from tqdm.notebook import tqdm

    made, shown = [], []

    def bar(*args, **kwargs):
        made.append(tqdm(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr("tqdm.auto.tqdm", bar)
    monkeypatch.setattr("tqdm.notebook.display", shown.append)
    if aside:
        thread = Thread(target=hals, args=(matrix.weights, 4), kwargs={"seed": 0, "tol": 1e-3})
        thread.start()
        thread.join()
    else:
        hals(matrix.weights, 4, seed=0, tol=1e-3)
    assert shown == []
    assert hasattr(made[0], "container") is not aside, "a thread belongs to no cell"


def test_the_start_does_not_hang_on_the_seed_where_directions_are_nearly_as_strong():
    generator = np.random.default_rng(0)
    left, right = (np.linalg.qr(generator.standard_normal((n, 150)))[0] for n in (300, 200))
    weights = sparse.csr_array((left * 0.98 ** np.arange(150)) @ right.T)
    (_, _, one), (_, _, two) = (leading(weights, 10, seed) for seed in (0, 1))
    assert np.abs((one * two).sum(axis=1)) == pytest.approx(1, abs=1e-3)


def test_fits_of_several_k_start_from_the_same_vectors(matrix):
    for neighbours in (False, True):
        how = {"solver": "hals", "quick": True, "neighbours": neighbours}
        for k in (2, 5, 8):
            alone, among = (NMFactorisation(k, **how, most=most) for most in (0, 8))
            values = fitted_to(alone, matrix)
            one, two = (residual(values, *fit(matrix)) for fit in (alone, among))
            assert two == pytest.approx(one, rel=5e-3)


def test_each_way_to_read_a_matrix_has_its_own_vectors(planted):
    matrix, found = planted(3), []
    for first in (True, False):
        anew = replace(matrix)
        how = [{"solver": "hals", "neighbours": x, "most": 4} for x in (first, not first)]
        found.append([NMFactorisation(3, **one)(anew)[1] for one in how])
    assert np.array_equal(found[0][0], found[1][1])
    assert np.array_equal(found[0][1], found[1][0])
