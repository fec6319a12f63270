import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from toolkit import Corpus, choose_k, fit_topics, segment, tfidf, topic_stability
from toolkit.resample import shuffle_terms, subsample
from toolkit.topics import resample
from toolkit.topics.resample import Resampling

QUICK = {"k_range": range(2, 6), "runs": 6, "n_jobs": 1}


def test_the_planted_number_is_first(planted):
    selection = choose_k(planted(3), **QUICK)
    assert selection.suggested[0] == 3
    best = selection.table.set_index("k").loc[3]
    assert best["p"] == pytest.approx(1 / (1 + resample.NULLS))
    assert best["agreement"] > best["null_high"]
    assert "k = 3 is the most stable" in repr(selection)
    assert "k = 3 最稳定" in selection.sentence()
    meant = selection.topics[selection.topics["k"] == 3]
    assert meant["above"].all()
    assert len(meant) == 3
    # Which topic of 2 becomes which of 3, and so on.
    for k, cut in selection.topics.groupby("k"):
        if k == 2:
            assert cut["parent"].isna().all()
        else:
            assert cut["parent"].between(1, k - 1).all()
            assert cut["overlap"].between(0, 1).all()
    assert set(selection.topics.query("k == 3")["parent"]) == {1, 2}
    # One of the three is what two topics are split into, and two go on as they were.
    assert selection.topics.query("k == 4").groupby("parent").size().max() == 2


def test_topics_have_the_numbers_that_fit_topics_gives_them():
    matrix = tfidf(segment(Corpus.sample().split("section")))
    meant = choose_k(matrix, k_range=[6], runs=1, n_jobs=1).topics
    first = fit_topics(matrix, k=6).top_terms(1)["term"]
    assert meant["terms"].str.split("、").str[0].tolist() == first.tolist()


def test_near_ties_say_what_each_would_mean(planted):
    # As in the test above, but told of numbers that could not be told apart.
    selection = choose_k(planted(3), k_range=[2, 3, 4], runs=3, n_jobs=1)
    table = selection.table.assign(suggested=True, as_good=0.5, corrected=[0.5, 0.9, 0.5])
    tied = replace(selection, table=table)
    fewer, best, more = (
        {terms[:14].replace("、", "·") for terms in group}
        for _, group in selection.topics.groupby("k")["terms"]
    )
    text = tied.sentence(lang="en")
    assert any(f"k = 2 does as well in 50% of the runs, without {x}." in text for x in best)
    assert any(f"k = 4 does as well in 50% of the runs, and adds {x}." in text for x in more)
    assert "，但没有单独的“w" in tied.sentence()
    assert len(fewer) == 2


def test_the_most_stable_cut_is_not_told_as_the_number_of_topics(planted):
    selection = choose_k(planted(4), k_range=[3, 4, 5], runs=3, n_jobs=1)

    def told(above, lang="en"):
        """Say it as if k = 3 were the most stable, and these above chance."""
        rows = {"above": [k in above for k in (3, 4, 5)], "corrected": [0.9, 0.5, 0.4]}
        table = selection.table.assign(suggested=[True, False, False], **rows)
        return replace(selection, table=table).sentence(lang=lang)

    assert "finer cuts that also stand above chance are k = 4–5" in told({3, 4, 5})
    assert "k = 4–5 也高于偶然水平" in told({3, 4, 5}, "zh")
    assert "finer cuts" not in told({3})
    assert "does not tell that there are no finer topics" in told({3})
    assert "k = 3 is the lowest k that was tried" in told({3})


def test_text_without_structure_is_told_so(planted):
    selection = choose_k(planted(0), **QUICK)
    assert selection.suggested == []
    assert "No k from 2 to 5 stands above chance" in selection.sentence(lang="en")
    assert "没有一个主题数" in selection.sentence()
    assert "not be claimed" in selection.sentence(lang="en")
    assert "不宜作为结论" in selection.sentence()
    assert "left out" not in selection.sentence(lang="en")


def test_what_was_left_out_is_told(planted):
    selection = choose_k(planted(0, 14, per_text=1), k_range=range(1, 6), runs=6, n_jobs=1)
    assert selection.left_out == {"one": [1], "passages": [3, 4, 5]}
    english, chinese = selection.sentence(lang="en"), selection.sentence()
    assert english.startswith("k = 2 does not stand above chance")
    assert " k = 1 left out: 2 topics are the fewest." in english
    assert english.endswith(" k = 3–5 left out: fewer than 5 passages for a topic.")
    assert chinese.startswith("k = 2 并不明显好于")
    assert chinese.endswith("k = 3–5 未计算：平均每个主题不足 5 个片段。")
    assert [*selection.recipe.steps[-1].params["k_range"]] == [1, 2, 3, 4, 5]


def test_more_topics_than_terms_are_left_out(planted):
    matrix = planted(2, 60, per_text=30, m=8)
    selection = choose_k(matrix, k_range=[2, 7, 8, 10, 31], n_jobs=1)
    assert selection.left_out == {"passages": [31], "terms": [8, 10]}
    assert "k = 8, 10 left out: no more terms than topics" in selection.sentence(lang="en")
    assert "k = 31 left out: fewer than 2 passages for a topic" in selection.sentence(lang="en")


@pytest.mark.parametrize("k_range", [3, "34", [2.5], None])
def test_numbers_of_topics_are_whole(planted, k_range):
    with pytest.raises(TypeError, match="k_range must be whole numbers such as"):
        choose_k(planted(3), k_range=k_range)


def test_few_texts_say_what_can_be_said():
    article = Corpus.sample().select(doc_id="beijing-2023").split("paragraph")
    selection = choose_k(tfidf(segment(article), min_df=1), k_range=[2, 3, 9])
    assert selection.table["k"].tolist() == [2, 3], "9 topics have no two passages each"
    assert "k = 9 left out: fewer than 2 passages" in selection.sentence(lang="en")
    assert selection.suggested == []
    assert "agreement" not in selection.table
    assert "themes within these texts" in repr(selection)
    assert "这些文本内部的主题" in selection.sentence()


def test_nothing_to_choose_from(planted):
    with pytest.raises(ValueError, match=r"none of k = \[30\] can be fitted to 100 passages"):
        choose_k(planted(3), k_range=[30])
    with pytest.raises(ValueError, match="sample must be between 0 and 1"):
        choose_k(planted(3), k_range=[3], sample=1.5)


def test_the_same_seed_gives_the_same_answer(planted):
    results = [choose_k(planted(3), **QUICK, seed=s).fingerprint for s in (4, 4, 5)]
    assert results[0] == results[1] != results[2]


def test_an_interrupted_call_goes_on(tmp_path, monkeypatch, planted):
    whole = choose_k(planted(3), **QUICK)
    path, real = tmp_path / "runs.jsonl", Resampling.real
    calls = []

    def stop_at_three(self, run):
        if run == 3:
            raise KeyboardInterrupt
        return real(self, run)

    def count(self, run):
        calls.append(run)
        return real(self, run)

    monkeypatch.setattr(Resampling, "real", stop_at_three)
    with pytest.raises(KeyboardInterrupt) as info:
        choose_k(planted(3), **QUICK, resume=path)
    assert "3 runs are kept" in info.value.__notes__[0]
    assert len(path.read_text().splitlines()) == 1 + 3
    with path.open("a") as file:
        file.write('{"text": "real", "ru')  # the machine went down while writing

    monkeypatch.setattr(Resampling, "real", count)
    resumed = choose_k(planted(3), **QUICK, resume=path)
    assert calls == [3, 4, 5], "finished runs are not done again"
    assert resumed.fingerprint == whole.fingerprint
    again = choose_k(planted(3), **QUICK, resume=path)
    assert again.fingerprint == whole.fingerprint
    for other in ({"matrix": planted(4)}, {"reference": planted(4)}, {"seed": 1}):
        with pytest.raises(ValueError, match="not of this call"):
            choose_k(**{"matrix": planted(3), **QUICK, "resume": path, **other})


def test_whole_texts_are_left_out(planted):
    matrix = planted(2, 50)
    seen = subsample(matrix, 0.8, 1)
    by_text = pd.Series(seen).groupby(matrix.units["doc_id"].to_numpy()).mean()
    assert sorted(by_text) == [0] * 2 + [1] * 8


def test_shuffling_keeps_all_but_who_goes_with_whom(planted):
    matrix = planted(3)
    shuffled = shuffle_terms(matrix, 0)
    for column in range(0, 300, 50):
        before, after = matrix.counts[:, [column]], shuffled.counts[:, [column]]
        assert sorted(before.data) == sorted(after.data)
    assert (matrix.counts != shuffled.counts).nnz > 0
    lengths = np.sqrt(shuffled.weights.multiply(shuffled.weights).sum(axis=1))
    assert lengths.tolist() == pytest.approx([1] * 100)
    together = [(x.counts.T @ x.counts).toarray()[250, 251:270].mean() for x in (matrix, shuffled)]
    assert together[0] > 2 * together[1], "words of a topic meet no more"


def test_kept_runs_are_plain_json(tmp_path, planted):
    path = tmp_path / "runs.jsonl"
    choose_k(planted(3), **QUICK, resume=path)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) == 1 + 6 + resample.NULLS


def test_recipe_rebuilds_the_selection(matrix):
    selection = choose_k(matrix, k_range=[3, 4], runs=2, n_jobs=1)
    assert selection.recipe.to_code().endswith("choose_k(matrix, k_range=[3, 4], runs=2)")


def test_topic_stability_tells_topics_from_noise(planted):
    found = topic_stability(fit_topics(planted(3), k=3), runs=6, n_jobs=1)
    assert found["above"].all()
    assert (found["low"] <= found["stability"]).all()
    noise = topic_stability(fit_topics(planted(0), k=3), runs=6, n_jobs=1)
    assert not noise["above"].any()


def test_the_bar_has_the_name_of_what_runs(planted, capsys):
    topic_stability(fit_topics(planted(3), k=3), runs=2, n_jobs=1)
    assert "topic_stability: " in capsys.readouterr().err


def test_topic_stability_refuses_few_texts(planted):
    with pytest.raises(ValueError, match="9 texts are too few"):
        topic_stability(fit_topics(planted(2, 45), k=2))
