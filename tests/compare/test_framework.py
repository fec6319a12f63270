"""The codebook, what texts emphasise by it, profiles, and what changes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from toolkit import (
    Codebook,
    Corpus,
    TermLedger,
    cluster_profiles,
    correspondence,
    profile_similarity,
    score_framework,
    segment,
    validate_framework,
    what_changes,
)
from toolkit.loading import DIMENSIONS

SHIPPED = Codebook.load()


@pytest.fixture(scope="module")
def codebook():
    return SHIPPED


@pytest.fixture(scope="module")
def tiny():
    rows = [("x", "一", "热线", 2), ("x", "一", "诉求", 1), ("y", "二", "条例", 1)]
    return Codebook(pd.DataFrame(rows, columns=["dimension", "sub_theme", "term", "weight"]))


def test_the_codebook_follows_the_article(codebook, sample):
    assert codebook.dimensions == [d for d in DIMENSIONS if d != "general"]
    themes = codebook.table.groupby("dimension")["sub_theme"].nunique()
    assert themes.to_dict() == dict.fromkeys(codebook.dimensions, 3)
    article = "".join(sample["beijing-2023"].split())
    named = codebook.table[codebook.table["note"].str.endswith("in the article")]
    assert len(named) > 100
    assert all(term in article for term in named["term"])
    assert set(codebook.table["weight"]) == {1, 2}


def test_a_codebook_of_ones_own(tmp_path, codebook):
    path = tmp_path / "own.csv"
    path.write_text("dimension,term\n甲,热线\n乙,条例\n", encoding="utf-8-sig")
    own = Codebook.load(path)
    assert own.dimensions == ["甲", "乙"]
    assert own.table["weight"].tolist() == [1, 1]
    assert own.version != codebook.version
    assert "Codebook.load(path=" in own.recipe.to_code()


def test_all_problems_of_a_codebook_are_told_together():
    rows = [("x", "热线", 1), ("x", "热线", 1), ("x", "", 1), ("x", "条例", "many")]
    with pytest.raises(ValueError) as error:
        Codebook(pd.DataFrame(rows, columns=["dimension", "term", "weight"]))
    for part in ("stands twice", "row 3", "row 4 ('条例')", "fewer than two dimensions"):
        assert part in str(error.value)
    with pytest.raises(ValueError, match="no column 'term'"):
        Codebook(pd.DataFrame({"dimension": ["x"]}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公共治理", []),  # 共治 would cut through two words
        ("依法治理", ["依法"]),
        ("综合行政执法", ["综合行政执法"]),  # the longest
        ("深化法治宣传", ["法治宣传"]),
        ("老旧小区改造", ["老旧小区改造"]),
        ("天气晴朗", []),
    ],
)
def test_terms_are_found_in_context(codebook, text, found):
    assert [term for term, _ in codebook.find(text)] == found


@given(st.text(max_size=40))
def test_terms_are_where_they_are_said_to_be(text):
    for term, start in SHIPPED.find(text):
        assert text[start : start + len(term)] == term


def test_emphasis_worked_by_hand(tiny):
    texts = {"a": "热线热线。", "b": "条例天气。"}
    scores = score_framework(Corpus.from_texts(texts), tiny)
    # x: weight 4 in 8 letters of all texts; a has 4 in 4, twice the usual.
    assert scores.usual.to_dict() == {"x": 500, "y": 125}
    assert scores.table().to_numpy().tolist() == [[2, 0], [0, 2]]
    assert scores.counts().to_numpy().tolist() == [[4, 0], [0, 1]]
    (first, second) = scores.evidence(1).itertuples()
    assert (first.dimension, first.weight, first.terms) == ("x", 4, "热线 (x)、热线 (x)")
    assert (second.sentence, second.unit_id, second.start) == ("条例天气。", "b", 0)


def test_emphasis_does_not_hang_on_length(tiny):
    texts = {"a": "热线天气。", "b": "热线天气。" * 9, "c": "条例天气。"}
    table = score_framework(Corpus.from_texts(texts), tiny).table()
    assert table.loc["a"].tolist() == pytest.approx(table.loc["b"].tolist())


def test_intervals_hold_the_emphasis_and_say_what_was_resampled(sample):
    scores = score_framework(sample)
    years = scores.emphasis("year")
    assert ((years["low"] <= years["emphasis"]) & (years["emphasis"] <= years["high"])).all()
    many = years["n_docs"] >= 5
    assert set(years.loc[many, "resampled"]) == {"documents"}
    assert set(years.loc[~many, "resampled"]) == {"sentences"}
    assert scores.emphasis("year").equals(score_framework(sample).emphasis("year"))
    np.testing.assert_allclose(years.groupby("year")["share"].sum(), 1)


def test_evidence_leads_back_to_the_text(sections):
    for row in score_framework(sections).evidence(2, by="city").itertuples():
        assert sections[row.unit_id][row.start : row.start + len(row.sentence)] == row.sentence
        assert f"({row.dimension})" in row.terms


def test_scores_explain_what_is_missing(tiny):
    with pytest.raises(ValueError, match="no term of y occurs"):
        score_framework(Corpus.from_texts({"a": "热线。"}), tiny)
    scores = score_framework(Corpus.from_texts({"a": "热线条例。"}), tiny)
    with pytest.raises(ValueError, match="no column 'city'"):
        scores.emphasis("city")


def test_scores_rebuild_from_their_recipe(tiny):
    code = score_framework(Corpus.sample(), Codebook.load(), seed=3).recipe.to_code()
    assert "scores = score_framework(corpus, codebook=codebook, seed=3)" in code


@pytest.fixture(scope="module")
def checked(sections):
    return validate_framework(sections)


def test_terms_of_article_and_lexicon_tell_the_sections_apart_with_what_is_learnt(sections):
    # Without the terms that someone who had read the headings of the sections added.
    table = Codebook.load().table
    strict = Codebook(table[~table["note"].str.endswith("common word of the field")])
    scores = validate_framework(sections, strict).summary.set_index("method")["macro_f1"]
    assert scores.idxmax() == "codebook + logistic regression"
    assert scores.max() >= 0.90


def test_the_codebook_tells_the_sections_apart(checked):
    # Flattered by the terms that the test before leaves out.
    summary = checked.summary.set_index("method")
    assert summary.loc["codebook", "macro_f1"] >= 0.90
    assert (
        summary.loc["codebook", "macro_f1"]
        > summary.loc[["TF-IDF + logistic regression", "seeded topics"], "macro_f1"].max()
    )


def test_the_report_agrees_with_the_predictions(checked):
    guess = checked.predictions
    for method, row in checked.summary.set_index("method").iterrows():
        expected = f1_score(guess["label"], guess[method], average="macro")
        assert row["macro_f1"] == pytest.approx(expected)
    table = checked.confusion.to_numpy()
    chance = (table.sum(axis=0) * table.sum(axis=1)).sum() / table.sum() ** 2
    observed = np.trace(table) / table.sum()
    kappa = checked.summary.set_index("method").loc["codebook", "kappa"]
    assert kappa == pytest.approx((observed - chance) / (1 - chance))


def test_validation_explains_what_it_needs(sample, sections):
    with pytest.raises(ValueError, match="no column 'dimension'"):
        validate_framework(sample)
    with pytest.raises(ValueError, match="needed are sections for each of"):
        validate_framework(sections.select(doc_id="beijing-2023"))
    with pytest.raises(ValueError, match="folds must be at least 2, not 1"):
        validate_framework(sections, folds=1)


# Greenacre (1984), table 3.1: staff groups by smoking. Inertias as published there.
STAFF = pd.DataFrame(
    [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]],
    index=["SM", "JM", "SE", "JE", "SC"],
    columns=["none", "light", "medium", "heavy"],
)


def test_correspondence_equals_greenacres_example():
    found = correspondence(STAFF)
    assert found.inertia["inertia"].round(4).tolist() == [0.0748, 0.0100, 0.0004]
    assert found.inertia["inertia"].sum() == pytest.approx(0.0852, abs=5e-5)
    assert found.inertia["share"].round(3).tolist()[:2] == [0.878, 0.118]
    assert found.rows["axis_1"].abs().round(3).tolist() == [0.066, 0.259, 0.381, 0.233, 0.201]
    assert found.columns["axis_1"].abs().round(3).tolist() == [0.393, 0.099, 0.196, 0.294]
    assert found.rows["mass"].round(3).tolist() == [0.057, 0.093, 0.264, 0.456, 0.130]


@given(
    st.lists(st.lists(st.integers(1, 50), min_size=3, max_size=3), min_size=3, max_size=6).map(
        lambda rows: pd.DataFrame(rows, columns=[*"abc"])
    )
)
def test_correspondence_keeps_its_sums(table):
    values = table.to_numpy(float)
    if np.linalg.matrix_rank(values) < 2:
        return
    found = correspondence(table)
    shares = values / values.sum()
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    assert found.inertia["inertia"].sum() == pytest.approx(
        ((shares - expected) ** 2 / expected).sum()
    )
    for points in (found.rows, found.columns):
        assert points["inertia"].sum() == pytest.approx(1)
        centre = (points["mass"] * points["axis_1"]).sum()
        assert centre == pytest.approx(0, abs=1e-9)


def test_profiles_explain_what_is_wrong():
    with pytest.raises(ValueError, match=r"rows \['b'\] hold nothing"):
        profile_similarity(pd.DataFrame([[1, 2], [0, 0]], index=["a", "b"]))
    with pytest.raises(ValueError, match="below 0"):
        correspondence(pd.DataFrame([[1, -2], [1, 1]]))
    with pytest.raises(ValueError, match="3 rows and 2 columns"):
        correspondence(pd.DataFrame([[1, 2], [1, 1]]))
    with pytest.raises(ValueError, match="measure must be"):
        profile_similarity(STAFF, measure="distance")


def test_similarity_is_one_for_equal_profiles_and_zero_for_disjoint_ones():
    table = pd.DataFrame([[1, 3, 0], [2, 6, 0], [0, 0, 5]], index=[*"abc"])
    for measure in ("cosine", "jensen-shannon"):
        found = profile_similarity(table, measure=measure)
        assert found.loc["a", "b"] == pytest.approx(1)
        assert found.loc["a", "c"] == pytest.approx(0)
        assert (found.to_numpy() == found.to_numpy().T).all()


def test_clusters_that_are_there_are_stable_and_others_are_not():
    rng = np.random.default_rng(0)
    clear = np.vstack([rng.dirichlet([60, 5, 5], 10), rng.dirichlet([5, 5, 60], 6)])
    found = cluster_profiles(pd.DataFrame(clear), k=2)
    assert found.clusters.tolist() == [1] * 10 + [2] * 6
    assert found.stability["verdict"].tolist() == ["stable", "stable"]
    far = cluster_profiles(pd.DataFrame(np.vstack([clear[:10], [0, 1, 0]])), k=2)
    assert far.stability["verdict"].tolist()[1] == "stands alone"
    none = cluster_profiles(pd.DataFrame(rng.dirichlet([9, 9, 9], 30)), k=6)
    stable = (none.stability["jaccard"] >= 0.75) & (none.stability["size"] > 1)
    assert not (none.stability["jaccard"] >= 0.75).all()
    assert (stable == none.stability["verdict"].eq("stable")).all()
    with pytest.raises(ValueError, match="k must be from 2"):
        cluster_profiles(STAFF, k=5)


def test_what_changes_between_two_ledgers(sections):
    before = TermLedger.decide()
    after = TermLedger.decide(stop=["热线"], synonym={"网格员": "网格"})
    changes = what_changes(sections, before, after, target={"kind": "regulation"}, k=4)
    keywords = changes.keywords.set_index("term")
    assert keywords.loc["热线", "change"] == "gone"
    assert keywords.loc["网格", "count_b"] > keywords.loc["网格", "count_a"]
    for row in keywords.dropna(subset=["rank_a", "rank_b"]).itertuples():
        rise = int(row.rank_a - row.rank_b)
        assert row.change == (f"up {rise}" if rise > 0 else f"down {-rise}" if rise else "same")
    assert keywords["change"].str.startswith("up").any()
    assert len(changes.topics) == 4
    assert changes.topics["agreement"].between(0, 1).all()
    assert "热线" in "".join(changes.topics["only_a"])
    compared = changes.comparisons
    assert compared is not None
    rows = compared.dropna()
    assert rows["difference"].tolist() == (rows["log_ratio_b"] - rows["log_ratio_a"]).tolist()
    assert rows["difference"].abs().is_monotonic_decreasing
    same = what_changes(sections, before, before, k=4)
    assert set(same.keywords["change"]) == {"same"}
    assert (same.topics["agreement"] == 1).all()


def test_readings_carry_the_recipe_of_their_ledger(sections):
    ledger = TermLedger.decide(accept=["首善标准"])
    assert "首善标准" in segment(sections, ledger.segmenter()).recipe.to_code()
