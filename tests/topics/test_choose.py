import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from toolkit import Corpus, choose_k, fit_topics, segment, tfidf, topic_stability
from toolkit.resample import shuffle_terms, subsample
from toolkit.topics import choose, resample
from toolkit.topics.resample import Resampling, spaced

QUICK = {"k_range": range(2, 6), "runs": 6, "n_jobs": 1}


def test_the_planted_number_is_first(planted):
    selection = choose_k(planted(3), **QUICK)
    assert selection.suggested == [3]
    best = selection.table.set_index("k").loc[3]
    assert best["p"] == pytest.approx(1 / (1 + resample.NULLS))
    assert best["agreement"] > best["null_high"]
    assert best["stable"]
    assert best["foretold"]
    assert best["p_likeness"] == best["p"]
    assert selection.table["likeness"].idxmax() == 1, "3 topics foretell best what is unseen"
    assert "The coarsest cut that is about as stable as any is k = 3" in repr(selection)
    assert "稳定程度与最稳定者难分高下的最粗划分是 k = 3" in selection.sentence()
    assert "the least that 20 shuffled texts can show" in repr(selection)
    meant = selection.topics[selection.topics["k"] == 3]
    assert meant["above"].all()
    assert len(meant) == 3
    # Which topic of 2 becomes which of 3, and so on; overlap is of passages.
    for k, cut in selection.topics.groupby("k"):
        if k == 2:
            assert cut["parent"].isna().all()
        else:
            assert cut["parent"].between(1, k - 1).all()
            assert cut["overlap"].between(0, 1).all()
    assert set(selection.topics.query("k == 3")["parent"]) == {1, 2}
    # One of the three is what two topics are split into, and two go on as they were.
    assert selection.topics.query("k == 4").groupby("parent").size().max() == 2


@pytest.mark.parametrize("k", [4, 7])
def test_the_planted_number_is_among_few(planted, k):
    selection = choose_k(planted(k, 40 * k), k_range=range(2, 13), runs=10, n_jobs=1)
    assert k in selection.suggested
    assert len(selection.suggested) <= 5, "not by suggesting everything"
    assert k in selection.table.loc[selection.table["reached"], "k"].tolist()


def test_most_to_nearly_all_of_likeness_is_reached():
    rng = np.random.default_rng(0)
    for true in (4, 8, 12):
        rising = np.minimum(np.arange(2, 16), true) / true
        for base in (0, -0.5):  # topics may foretell less than the mean passage: the way is as long
            runs = 0.05 * ((1 - base) * rising + base + rng.normal(0, 0.01, (10, 14)))
            near = choose._reached(pd.DataFrame(runs, columns=range(2, 16)))
            found = np.arange(2, 16)[near]
            assert true in found
            assert found.min() >= 0.7 * true, "far below, much is not yet told"
            assert found.max() <= true + 3, "and far above, no more"


def test_chance_is_fitted_at_some_k_and_told_at_all(planted, tmp_path):
    assert [*spaced(dict.fromkeys(range(2, 16)))] == [2, 3, 4, 5, 7, 9, 12, 15]
    assert [*spaced({3: None})] == [3]
    path = tmp_path / "runs.jsonl"
    table = choose_k(planted(3), k_range=[2, 4, 5, 6, 9], runs=3, n_jobs=1, resume=path).table
    runs = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    by = {
        kind: {row["k"] for run in runs if run["text"] == kind for row in run["rows"]}
        for kind in ("real", "shuffled")
    }
    assert by == {"real": {2, 4, 5, 6, 9}, "shuffled": {2, 4, 5, 9}}
    null = table.set_index("k")["null"]
    assert null[6] == pytest.approx(0.75 * null[5] + 0.25 * null[9])
    assert table["p"].notna().all()


def test_topics_have_the_numbers_that_fit_topics_gives_them():
    matrix = tfidf(segment(Corpus.sample().split("section")))
    meant = choose_k(matrix, k_range=[6], runs=1, n_jobs=1).topics
    first = fit_topics(matrix, k=6).top_terms(1)["term"]
    assert meant["terms"].str.split("、").str[0].tolist() == first.tolist()


@pytest.fixture(scope="module")
def cuts(planted):
    return choose_k(planted(4), k_range=[3, 4, 5, 6], runs=3, n_jobs=1)


def told(selection, lang="en", **columns):
    """Say it as if other things had been found."""
    return replace(selection, table=selection.table.assign(**columns)).sentence(lang=lang)


def test_finer_cuts_are_told_with_what_they_split(cuts):
    found = {"suggested": True, "above": True, "stable": [True, False, False, False]}
    text = told(cuts, **found)
    assert "The coarsest cut that is about as stable as any is k = 3" in text
    assert "Finer cuts that also stand above chance: k = 4–6." in text
    tree = cuts.tree([3, 4])
    names = tree.set_index(["k", "topic"])["terms"].str.split("、").str[:3].str.join("·")
    (split,) = [p for p, of in tree[tree["k"] == 4].groupby("parent") if len(of) > 1]
    parts = tree.loc[(tree["k"] == 4) & (tree["parent"] == split), "topic"]
    pair = [names[4, part] for part in parts]
    assert f"k = 4 splits {names[3, split]} into {pair[0]} and {pair[1]}." in text
    assert f"k = 4 把“{names[3, split]}”分为“{pair[0]}”与“{pair[1]}”。" in told(cuts, "zh", **found)
    assert "not to the maximum of stability" in text
    assert "k = 6 is the largest k that was tried" in text
    assert "k = 3 is the lowest k that was tried" in text


def test_one_cut_is_not_told_as_the_number_of_topics(cuts):
    one = [True, False, False, False]
    only = {"suggested": one, "above": one, "foretold": False}
    assert "does not tell that there are no finer topics" in told(cuts, **only)
    assert "Finer cuts" not in told(cuts, **only)
    assert "foretell" not in told(cuts, **only)


def test_finer_cuts_that_foretell_no_better_are_told(cuts):
    found = {"above": True, "stable": True, "suggested": [True, True, False, False]}
    assert "Finer ones still, k = 5–6, stand above chance too" in told(cuts, **found)
    assert "更细的 k = 5–6 也高于偶然水平" in told(cuts, "zh", **found)
    assert "Finer ones still" not in told(cuts, **found | {"suggested": True})


def test_what_is_foretold_alone_is_told_so(cuts):
    found = {"stable": False, "suggested": [False, True, True, False]}
    text = told(cuts, **found)
    assert text.startswith("No cut is stable above chance; but from k = 4 on")
    assert told(cuts, "zh", **found).startswith("没有一种划分的稳定性高于偶然水平；但从 k = 4 起")


def test_the_tree_tells_what_each_topic_was(cuts):
    tree = cuts.tree([6, 3, 5])
    assert tree["k"].tolist() == [3] * 3 + [5] * 5 + [6] * 6
    coarse, *finer = (cut for _, cut in tree.groupby("k"))
    assert coarse["parent"].isna().all()
    for before, cut in zip([coarse, *finer], finer, strict=False):
        places = cut["parent"].map({t: i for i, t in enumerate(before["topic"])})
        assert places.is_monotonic_increasing, "those of one parent stand side by side"
        assert sorted(cut["topic"]) == [*range(1, len(cut) + 1)]
        assert cut["passages"].sum() == pytest.approx(1)
        was, now = cuts.strongest[before["k"].iloc[0]], cuts.strongest[cut["k"].iloc[0]]
        for row in cut.itertuples():
            assert row.overlap == pytest.approx((was[now == row.topic] == row.parent).mean())
    assert cuts.tree()["k"].unique().tolist() == cuts.suggested
    with pytest.raises(ValueError, match=r"no cut was made at k = \[9\]; there are \[3, 4, 5, 6\]"):
        cuts.tree([3, 9])


def test_topics_of_noise_foretell_nothing(planted):
    table = choose_k(planted(0), k_range=[2, 4], runs=10, n_jobs=1).table
    assert (table["likeness"] < 0).all()
    assert not table["foretold"].any()


def test_runs_end_when_they_tell_enough(planted, monkeypatch):
    tasks, run = [], Resampling.run

    def count(self, kind, number):
        tasks.append((kind, number))
        return run(self, kind, number)

    monkeypatch.setattr(Resampling, "run", count)
    choose_k(planted(3), k_range=[3], runs=50, n_jobs=1)
    assert [n for kind, n in tasks if kind == "real"] == [*range(10)], "they agree: 10 are enough"
    assert [n for kind, n in tasks if kind == "shuffled"] == [*range(resample.NULLS)]
    tasks.clear()
    choose_k(planted(0), k_range=[3], runs=10, n_jobs=1)
    copies = [n for kind, n in tasks if kind == "shuffled"]
    assert len(copies) < resample.NULLS, "no k can stand above chance any more"


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


@pytest.mark.exhaustive
def test_the_same_seed_gives_the_same_answer(planted):
    results = [choose_k(planted(3), **QUICK, seed=s).fingerprint for s in (4, 4, 5)]
    assert results[0] == results[1] != results[2]


@pytest.mark.exhaustive
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


@pytest.mark.exhaustive
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
