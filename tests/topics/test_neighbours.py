"""Passages read with their neighbours: what it helps, and what it must not blur."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import normalized_mutual_info_score
from threadpoolctl import threadpool_limits

from toolkit import TermMatrix, choose_k, fit_topics, report_card, topic_stability
from toolkit.matrix import weighted
from toolkit.topics import factorise, neighbours, resample
from toolkit.topics.neighbours import smoothed
from toolkit.topics.report import repeated

HOW = {"method": "nmf-neighbours"}


def speak(generator, *sources, n=8):
    """Draw words, the first of a source the likeliest."""
    words = []
    for source in sources:
        odds = 1 / np.arange(1, len(source) + 1)
        words += generator.choice(source, n // len(sources), p=odds / odds.sum()).tolist()
    return words


def strongest(topics):
    return topics.doc_topic.argmax(axis=1)


@pytest.fixture(scope="module")
def short():
    """Passages of few words: which of four topics one is of is hard to tell from it alone."""
    generator = np.random.default_rng(1)
    pools = [[f"{name}{i:02d}" for i in range(40)] for name in "春夏秋冬"]
    common = [f"常{i:02d}" for i in range(10)]
    truth = generator.integers(4, size=600)
    drawn = [[*generator.choice(pools[t], 3), *generator.choice(common, 2)] for t in truth]
    return truth, [("甲", words) for words in drawn]


def counted(passages):
    """Return a matrix whose terms are the words as they are given."""
    terms, codes = np.unique([w for _, words in passages for w in words], return_inverse=True)
    rows = np.repeat(np.arange(len(passages)), [len(words) for _, words in passages])
    counts = sparse.csr_array(
        sparse.coo_array(
            (np.ones(len(rows), dtype=int), (rows, codes)), (len(passages), len(terms))
        )
    )
    counts.sum_duplicates()
    df = np.bincount(counts.indices, minlength=len(terms))
    weights = weighted(counts, df, len(passages), sublinear=True, norm="l2")
    units = pd.DataFrame({"doc_id": np.arange(len(passages)), "city": [c for c, _ in passages]})
    units.index = pd.Index([f"u{i}" for i in range(len(passages))], name="unit_id")
    return TermMatrix(counts, weights, terms.astype(object), units)


def test_short_passages_that_say_one_thing_in_other_words_come_together(short):
    truth, passages = short
    matrix = counted(passages)
    alone, together = (
        normalized_mutual_info_score(truth, strongest(fit_topics(matrix, k=4, method=method)))
        for method in ("nmf", "nmf-neighbours")
    )
    assert together > 0.95 > alone + 0.1


def test_a_share_is_of_the_passage_and_those_like_it(short):
    topics = fit_topics(counted(short[1]), k=4, **HOW)
    assert topics.doc_topic.sum(axis=1) == pytest.approx(1)
    assert topics.topic_term.sum(axis=1) == pytest.approx(1)
    assert 0 < topics.error < 1
    assert topics.recipe.steps[-1].params == {"k": 4, "method": "nmf-neighbours"}
    # The same words, the same neighbours: the same shares.
    passages = [*short[1], short[1][0]]
    shares = fit_topics(counted(passages), k=4, **HOW).doc_topic
    assert shares[0] == pytest.approx(shares[-1], abs=0.05)


def test_it_is_the_same_twice_to_the_byte_and_nearly_so_for_other_seeds_and_threads(short):
    a, b = (fit_topics(counted(short[1]), k=4, **HOW) for _ in range(2))
    assert a.doc_topic.tobytes() == b.doc_topic.tobytes()
    assert a.topic_term.tobytes() == b.topic_term.tobytes()
    for seed in (1, 2):
        other = fit_topics(a.matrix, k=4, seed=seed, **HOW)
        assert other.doc_topic == pytest.approx(a.doc_topic, abs=0.01)
    with threadpool_limits(1):
        one = fit_topics(counted(short[1]), k=4, **HOW)
    with threadpool_limits(2):
        two = fit_topics(counted(short[1]), k=4, **HOW)
    assert one.doc_topic == pytest.approx(two.doc_topic, abs=1e-4)
    assert one.top_terms(5)["term"].tolist() == two.top_terms(5)["term"].tolist()


def test_a_topic_of_two_passages_in_a_hundred_is_still_found():
    generator = np.random.default_rng(0)
    common = [f"常{i:02d}" for i in range(60)]
    pools = [[f"{a}{i:02d}" for i in range(25)] for a in "春夏秋冬罕"]
    truth = generator.choice(5, 600, p=[0.245] * 4 + [0.02])
    passages = [("甲", speak(generator, pools[t], pools[t], common, n=24)) for t in truth]
    topics = fit_topics(counted(passages), k=5, **HOW)
    heads = topics.top_terms(5).groupby("topic")["term"].agg(lambda x: {w[0] for w in x})
    (rare,) = [topic for topic, kinds in heads.items() if kinds == {"罕"}]
    found = strongest(topics) == rare - 1
    assert found.sum() == pytest.approx((truth == 4).sum(), abs=2)
    assert (truth[found] == 4).all()


@pytest.mark.parametrize("shared", [0, 8])
def test_cities_with_their_own_words_for_one_thing_are_not_merged_unseen(shared):
    """They stay apart, or the topic that holds both shows the words of both."""
    generator = np.random.default_rng(0)
    pools = {name: [f"{name}{i:02d}" for i in range(20)] for name in "东西春夏秋"}
    both = [f"同{i:02d}" for i in range(20)]
    passages = []
    for i in range(480):
        city, kind = "东西"[i % 2], i // 2 % 4
        own = pools[city] if kind == 3 else pools["春夏秋"[kind]]
        words = speak(generator, own, n=16)
        passages.append((city, words + (speak(generator, both, n=shared) if kind == 3 else [])))
    topics = fit_topics(counted(passages), k=5, **HOW)
    top = topics.top_terms(20).groupby("topic")["term"].agg(lambda x: {w[0] for w in x})
    for kind, other in ("东西", "西东"):
        (place,) = {*strongest(topics)[[i for i, (c, w) in enumerate(passages) if w[0][0] == kind]]}
        held = {passages[i][1][0][0] for i in np.flatnonzero(strongest(topics) == place)}
        assert kind in top[place + 1]
        assert other in top[place + 1] or other not in held


def test_passages_without_words_or_company_have_no_neighbours(short):
    passages = [*short[1], ("甲", ["独"]), ("乙", ["独"])]
    matrix = counted(passages)
    near = smoothed(matrix)._near
    assert not near[[600, 601]].sum()
    assert not near[:, [600, 601]].sum()
    assert (abs(near[:600].sum(axis=1) - 1) < 1e-5).all()
    alone = matrix.select(city="乙")  # the terms of all are there, and mean nothing to it
    assert smoothed(alone).squares == 1


def test_beyond_what_can_be_compared_neighbours_are_of_one_part(short, monkeypatch):
    matrix = counted(short[1])
    whole = strongest(fit_topics(matrix, k=4, **HOW))
    monkeypatch.setattr(neighbours, "_MOST", 300)
    again = counted(short[1])
    near = smoothed(again)._near
    assert connected_components(near)[0] >= 2 * connected_components(smoothed(matrix)._near)[0]
    assert normalized_mutual_info_score(whole, strongest(fit_topics(again, k=4, **HOW))) > 0.9


def test_products_are_those_of_the_rows_that_are_never_formed(short):
    matrix = counted(short[1])
    rows = smoothed(matrix)
    near, weights = rows._near.toarray().astype(float), matrix.weights.toarray()
    full = weights + near @ (weights + near @ weights)
    full /= np.linalg.norm(full, axis=1, keepdims=True)
    generator = np.random.default_rng(0)
    right, left = (generator.random((size, 3), dtype=np.float32) for size in full.shape[::-1])
    assert rows @ right == pytest.approx(full @ right, rel=1e-4)
    assert rows.T @ left == pytest.approx(full.T @ left, rel=1e-4)
    assert rows.squares == pytest.approx((full**2).sum())


def test_stability_and_the_choice_of_k_take_the_same_factorisation(planted, monkeypatch):
    monkeypatch.setattr(resample, "NULLS", 3)
    made = []
    monkeypatch.setattr(factorise, "smoothed", lambda m: made.append(m) or smoothed(m))
    topics = fit_topics(planted(3), k=3, **HOW)
    assert topic_stability(topics, runs=2, n_jobs=1)["above"].all()
    parts = 2 + 3 * (1 + resample.NULL_RUNS)
    assert len({*map(id, made)}) == 1 + parts, "neighbours are looked for anew in each part"
    selection = choose_k(topics.matrix, k_range=[3], runs=2, n_jobs=1, **HOW)
    assert len(made) == 2 + parts + 1 + parts - 3, "a fit less for each shuffled copy"
    assert selection.recipe.steps[-1].params["method"] == "nmf-neighbours"
    with pytest.raises(ValueError, match="method must be one of"):
        choose_k(topics.matrix, method="lda")


@pytest.mark.exhaustive
def test_the_planted_number_is_chosen_and_none_where_there_is_none(planted):
    selection = choose_k(planted(3), k_range=[2, 3, 4], runs=4, n_jobs=1, **HOW)
    assert selection.suggested[0] == 3
    nothing = choose_k(planted(0), k_range=[2, 3, 4], runs=4, n_jobs=1, **HOW)
    assert nothing.suggested == []


def test_passages_are_read_with_their_neighbours_where_there_are_enough_of_them(short, monkeypatch):
    matrix = counted(short[1])
    many = fit_topics(matrix, k=4)
    assert many.neighbours
    assert many.recipe.steps[-1].params == {"k": 4}
    assert many.fingerprint == fit_topics(matrix, k=4, **HOW).fingerprint
    assert "neighbours" in repr(many)
    few = fit_topics(counted(short[1][:249]), k=4)
    assert not few.neighbours
    assert few.fingerprint == fit_topics(few.matrix, k=4, method="nmf").fingerprint
    assert fit_topics(counted(short[1][:250]), k=4).neighbours
    monkeypatch.setattr(factorise, "NEIGHBOURS_TO", 599)
    assert not fit_topics(matrix, k=4).neighbours
    with pytest.raises(ValueError, match=r"method must be one of \['auto', 'nmf'"):
        fit_topics(matrix, k=4, method="plsa")


def test_a_topic_that_is_mostly_formula_is_told_in_the_report_card(short):
    """What 5 texts say in nearly the same words is a formula; what one says twice is not."""
    formula = [("甲", ["谨", "请", "予", "审", "议", f"常0{i % 6 // 5}"]) for i in range(12)]
    matrix = counted([*short[1][:120], *formula])
    matrix = replace(matrix, units=matrix.units.assign(doc_id=np.arange(132) % 9))
    topics = fit_topics(matrix, k=5)
    (place,) = {*strongest(topics)[120:]}
    told = report_card(topics, runs=1, n_jobs=1, lang="en").summary["set phrases"]
    assert told.startswith(f"topics {place + 1}: ")
    assert "without_formulas(corpus)" in told
    assert repeated(topics).round(1).tolist() == [float(i == place) for i in range(5)]
    one = matrix.units.assign(doc_id=[*np.arange(120) % 8, *[8] * 12])
    own = fit_topics(replace(matrix, units=one), k=5)
    assert not repeated(own).any()
    assert "套语" not in report_card(own, runs=1, n_jobs=1).summary


def test_topics_of_short_passages_that_are_no_more_than_chance_are_told(monkeypatch):
    monkeypatch.setattr(resample, "NULLS", 4)
    generator = np.random.default_rng(5)
    words = [f"词{i:02d}" for i in range(60)]
    noise = counted([("甲", generator.choice(words, 4).tolist()) for _ in range(120)])
    with pytest.warns(UserWarning, match=r"no more than chance, and passages of 4 words"):
        table = topic_stability(fit_topics(noise, k=4), runs=3, n_jobs=1)
    assert table["above"].mean() < 0.5
    pools = [[f"{name}{i:02d}" for i in range(25)] for name in "春夏秋冬"]
    # As short, but with topics: nothing is told.
    clear = counted([("甲", speak(generator, pools[i % 4], words, n=8)) for i in range(240)])
    assert topic_stability(fit_topics(clear, k=4), runs=3, n_jobs=1)["above"].mean() >= 0.5
