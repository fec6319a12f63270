import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from toolkit import agreement, fit_topics
from toolkit.topics.labelled import _indices, _shuffled

codes = st.lists(st.integers(0, 3), min_size=2, max_size=30)


@given(st.data())
def test_indices_equal_scikit_learn(data):
    found = np.array(data.draw(codes))
    n = len(found)
    orders = np.array(
        [data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)) for _ in range(3)]
    )
    ari, nmi = _indices(orders, found, 3, 4)
    for row, order in enumerate(orders):
        assert ari[row] == pytest.approx(adjusted_rand_score(order, found), abs=1e-9)
        if len(set(order)) > 1 or len(set(found)) > 1:
            expected = normalized_mutual_info_score(order, found)
            assert nmi[row] == pytest.approx(expected, abs=1e-9)


def test_agreement_with_the_dimensions(matrix):
    topics = fit_topics(matrix, k=6)
    found = agreement(topics, labels="dimension", ignore="general")
    counts = (topics.units["dimension"] != "general").to_numpy()
    truth, strongest = topics.units["dimension"][counts], topics.doc_topic[counts].argmax(axis=1)
    assert found["n"] == counts.sum() == 164
    assert found["ari"] == pytest.approx(adjusted_rand_score(truth, strongest))
    assert found["nmi"] == pytest.approx(normalized_mutual_info_score(truth, strongest))
    assert found["p"] == 1 / 1001, "no shuffling comes near"
    assert 0 < found["nmi_chance"] < 0.1
    assert found == agreement(topics, labels="dimension", ignore=["general"])


def test_labels_by_chance_do_not_agree(matrix):
    from dataclasses import replace

    topics = fit_topics(matrix, k=6)
    rng = np.random.default_rng(1)
    units = topics.units.assign(coin=rng.choice(["a", "b", "c"], len(topics.units)))
    shuffled = replace(topics, matrix=replace(topics.matrix, units=units))
    found = agreement(shuffled, labels="coin", permutations=200)
    assert found["p"] > 0.05
    assert abs(found["ari"]) < 0.05


def test_texts_are_what_is_shuffled():
    # Topic and label are the same in all ten passages of a text, and have nothing to do with
    # each other: one in ten such cases should have p up to 0.1, not nearly all of them.
    from types import SimpleNamespace

    small = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        topic, label = np.repeat(rng.integers(3, size=(2, 20)), 10, axis=1)
        units = pd.DataFrame({"doc_id": np.repeat(np.arange(20), 10), "label": label.astype(str)})
        filled = np.ones(len(units), dtype=bool)
        topics = SimpleNamespace(doc_topic=np.eye(3)[topic], units=units, k=3, filled=filled)
        small.append(agreement(topics, labels="label", permutations=99)["p"] <= 0.1)
    assert np.mean(small) < 0.25


def test_labels_that_go_together_stay_together():
    codes, documents = np.arange(24), np.repeat(np.arange(12), 2)
    rng = np.random.default_rng(0)
    for _ in range(20):
        found = _shuffled(codes, documents, rng)
        assert sorted(found) == [*range(24)]
        start = np.flatnonzero(found[:-1] % 2 == 0)
        assert (found[start + 1] == found[start] + 1).all()
    few = _shuffled(codes, documents % 3, rng)
    assert sorted(few) == [*range(24)]


def test_bad_labels(matrix):
    topics = fit_topics(matrix, k=3)
    with pytest.raises(ValueError, match="no column 'topic'"):
        agreement(topics, labels="topic")
    with pytest.raises(ValueError, match="fewer than two labels: \\['written'\\]"):
        agreement(topics, labels="origin", ignore="original")
