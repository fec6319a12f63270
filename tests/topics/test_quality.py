from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import compare_topics, fit_topics, relevant_terms
from toolkit.topics import distinctive_terms, topic_quality
from toolkit.topics.quality import (
    average_jaccard,
    coherence,
    diversity,
    exclusivity,
    matched,
    npmi,
    ranked,
)

# Units that hold a word, and pairs of words, of two word lists in 387 paragraphs of the
# sample corpus; NPMI by gensim 4.4.0 (c_npmi, window of a whole paragraph), which adds
# 1e-12 to every share.
GENSIM = [
    ([56, 19, 29, 21, 12], [12, 14, 8, 5, 7, 4, 6, 8, 9, 3], 0.3876313100385074),
    ([50, 34, 79, 27, 13], [8, 16, 6, 3, 8, 1, 1, 8, 5, 3], 0.09023852044906838),
    ([62, 51, 35, 33, 29], [25, 26, 20, 16, 17, 15, 13, 14, 9, 12], 0.4220839550557523),
]


@pytest.mark.parametrize(("alone", "together", "expected"), GENSIM)
def test_npmi_equals_gensim(alone, together, expected):
    i, j = np.triu_indices(5, 1)
    alone = np.array(alone)
    assert npmi(np.array(together), alone[i], alone[j], 387).mean() == pytest.approx(expected)


def test_pairs_that_never_meet_count_and_are_told():
    held = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1], [0, 0, 1]], dtype=bool)
    mean, support = coherence(held, np.array([[0, 1, 2]]))
    assert mean.tolist() == pytest.approx([(1 - 1 - 1) / 3])
    assert support.tolist() == pytest.approx([1 / 3])


def slow_average_jaccard(a, b):
    """Follow Greene et al. (2014), definition 2, word for word."""
    depths = range(1, len(a) + 1)
    return np.mean([len({*a[:d]} & {*b[:d]}) / len({*a[:d]} | {*b[:d]}) for d in depths])


@given(st.permutations(range(12)), st.permutations(range(12)), st.integers(1, 8))
def test_average_jaccard_follows_its_definition(a, b, top):
    found = average_jaccard(np.array([a[:top]]), np.array([b[:top]]), 12)
    assert found.item() == pytest.approx(slow_average_jaccard(a[:top], b[:top]))


def test_average_jaccard_of_the_paper():
    # Greene et al. (2014), table 1: album, music, best, award, win and
    # sport, best, win, medal, award agree by 0, 0, 1/5, 1/7, 3/7: 0.154.
    words = ["album", "music", "best", "award", "win", "sport", "medal"]
    a, b = ["album", "music", "best", "award", "win"], ["sport", "best", "win", "medal", "award"]
    lists = [np.array([[words.index(w) for w in x]]) for x in (a, b)]
    expected = np.mean([0, 0, 1 / 5, 1 / 7, 3 / 7])
    assert average_jaccard(*lists, 7).item() == pytest.approx(expected)


def test_matching_is_the_best_one_to_one():
    # The greedy match 0–0 (0.9) would leave 1 with nothing.
    similarity = np.array([[0.9, 0.8], [0.7, 0.0]])
    assert matched(similarity) == ([0, 1], [1, 0])


def test_exclusivity_and_diversity():
    apart = np.kron(np.eye(2), np.ones(30))
    assert exclusivity(apart).tolist() == [1, 1]
    assert diversity(apart) == 1
    same = np.ones((2, 60))
    assert exclusivity(same).tolist() == pytest.approx([0.5, 0.5])
    assert diversity(same) == 0.5
    assert ranked(np.array([[1, 3, 2]]), 2).tolist() == [[1, 2]]


def test_topic_quality_on_other_texts(matrix):
    topics = fit_topics(matrix, k=4)
    own = topic_quality(topics)
    few = topic_quality(topics, reference=matrix.select(city="北京"))
    assert own["share"].sum() == pytest.approx(1)
    assert (few["support"] <= own["support"]).all()
    assert few["support"].min() < 0.5
    assert ((own["npmi"] > 0) & (own["support"] > 0.9)).any()


def test_compare_topics_finds_the_same_ones_in_another_order(matrix):
    a = fit_topics(matrix, k=5)
    order = [3, 0, 4, 1, 2]
    b = replace(a, doc_topic=a.doc_topic[:, order], topic_term=a.topic_term[order])
    table = compare_topics(a, b)
    assert [order[j - 1] for j in table["topic_b"]] == [0, 1, 2, 3, 4]
    assert (table["agreement"] == 1).all()
    assert table["correlation"].tolist() == pytest.approx([1] * 5)
    assert (table["only_a"] == "").all()


def test_compare_topics_of_other_words_and_numbers(matrix):
    a = fit_topics(matrix, k=4)
    fewer = replace(matrix, counts=matrix.counts[:, 100:], weights=matrix.weights[:, 100:])
    b = fit_topics(replace(fewer, terms=matrix.terms[100:]), k=3)
    table = compare_topics(a, b)
    assert table["topic_b"].isna().sum() == 1
    assert table.loc[table["topic_b"].isna(), "agreement"].tolist() == [0]
    assert table["agreement"].max() > 0.5


def test_distinctive_terms_are_not_those_of_all_topics():
    from types import SimpleNamespace

    weight = np.array([[0.5, 0.3, 0.2, 0.0], [0.5, 0.0, 0.0, 0.5]])
    topics = SimpleNamespace(topic_term=weight, terms=np.array([*"abcd"]), k=2)
    found = distinctive_terms(topics, n=1)
    assert found["term"].tolist() == ["b", "d"]


def test_relevance_is_between_weight_and_lift(planted):
    topics = fit_topics(planted(3), k=3)
    overall = topics.doc_topic.mean(axis=0) @ topics.topic_term
    for relevance in (0.0, 0.4, 1.0):
        table = relevant_terms(topics, relevance=relevance, n=8)
        for topic, rows in table.groupby("topic"):
            own = topics.topic_term[topic - 1]
            with np.errstate(divide="ignore", invalid="ignore"):
                score = relevance * np.log(own) + (1 - relevance) * np.log(own / overall)
            best = np.sort(score[own > 0])[::-1][:8]
            np.testing.assert_allclose(rows["relevance"], best, atol=1e-6)
            code = pd.Index(topics.terms).get_indexer(pd.Index(rows["term"]))
            np.testing.assert_allclose(rows["weight"], own[code])
            np.testing.assert_allclose(rows["lift"], own[code] / overall[code])
    with pytest.raises(ValueError, match="0 to 1, not 2"):
        relevant_terms(topics, relevance=2)


def test_relevance_does_not_hang_on_the_last_digits(planted):
    topics = fit_topics(planted(3), k=3)
    noise = 1 + 1e-12 * np.random.default_rng(0).standard_normal(topics.topic_term.shape)
    other = replace(topics, topic_term=topics.topic_term * noise)
    for relevance in (0.0, 0.5):
        ranked_terms = [
            relevant_terms(t, relevance=relevance, n=50)["term"] for t in (topics, other)
        ]
        assert ranked_terms[0].equals(ranked_terms[1])
