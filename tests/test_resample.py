import numpy as np
import pytest

from toolkit.resample import max_t, relabelled


def test_p_is_a_share_of_all_looked_at():
    null = np.random.default_rng(0).normal(size=(19, 3))
    far = max_t(np.array([9.0, 0, np.nan]), null)
    assert far[0] == 1 / 20
    assert far[1] > 0.2
    assert np.isnan(far[2])


def test_p_is_uniform_without_structure():
    generator = np.random.default_rng(1)
    smallest = []
    for _ in range(400):
        values = generator.normal(size=(20, 4)) * [3, 1, 1, 2]
        smallest.append(max_t(values[0], values[1:]).min())
    assert np.mean(np.array(smallest) <= 0.05) == pytest.approx(0.05, abs=0.03)
    assert np.mean(np.array(smallest) <= 0.5) == pytest.approx(0.5, abs=0.08)


def test_documents_are_relabelled_whole():
    document = np.array([0, 1, 2, 3, 4, 2, 5])  # 2 has a row in both groups
    groups = np.array([True, True, True, False, False, False, False])
    drawn = relabelled(document, groups, 400, np.random.default_rng(0))
    assert (drawn.sum(axis=1) == 3).all()
    assert (drawn[:, 2] != drawn[:, 5]).all()
    assert drawn.mean(axis=0) == pytest.approx([0.4, 0.4, 0.5, 0.4, 0.4, 0.5, 0.4], abs=0.08)
