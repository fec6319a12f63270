"""The codebook, what texts emphasise by it, profiles, and what changes."""

from pathlib import Path

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
    correspondence,
    score_framework,
    segment,
    validate_framework,
)
from toolkit.compare import cluster_profiles, compare_readings, profile_similarity
from toolkit.compare.framework import LEAST_TERMS
from toolkit.loading import DIMENSIONS

SHIPPED = Codebook.load()
# Codebooks of two or three terms, where one gives more than a quarter by necessity.
pytestmark = pytest.mark.filterwarnings("ignore:.*such a score is that of one term")


@pytest.fixture(scope="module")
def codebook():
    return SHIPPED


@pytest.fixture(scope="module")
def tiny():
    rows = [("x", "一", "热线", 2), ("x", "一", "诉求", 1), ("y", "二", "条例", 1)]
    return Codebook(pd.DataFrame(rows, columns=["dimension", "sub_theme", "term", "weight"]))


def test_the_codebook_follows_the_article(codebook, sample):
    assert codebook.dimensions == [d for d in DIMENSIONS if d != "general"]
    counted = codebook.table[codebook.table["weight"] > 0]
    themes = counted.groupby("dimension")["sub_theme"].nunique()
    assert themes.to_dict() == dict.fromkeys(codebook.dimensions, 3)
    article = "".join(sample["beijing-2023"].split())
    named = codebook.table[codebook.table["note"].str.endswith("in the article")]
    assert len(named) > 80
    assert all(term in article for term in named["term"])
    assert set(codebook.table["weight"]) == {0, 1, 2}
    assert "Reading 2, 2026-11-30" in codebook.reading


def test_a_codebook_of_ones_own(tmp_path, codebook):
    path = tmp_path / "own.csv"
    path.write_text("dimension,term\n甲,热线\n乙,条例\n", encoding="utf-8-sig")
    own = Codebook.load(path)
    assert own.dimensions == ["甲", "乙"]
    assert own.table["weight"].tolist() == [1, 1]
    assert own.version != codebook.version
    assert own.reading == ""
    assert "Codebook.load(path=" in own.recipe.to_code()
    path.write_text("# Meine Lesart\n# 2026\ndimension,term\n甲,热线\n乙,条例\n", encoding="utf-8")
    assert Codebook.load(path).reading == "Meine Lesart\n2026"
    assert Codebook.load(path).version == own.version


def test_all_problems_of_a_codebook_are_told_together():
    rows = [("x", "热线", 1), ("x", "热线", 1), ("x", "", 1), ("x", "条例", "many")]
    with pytest.raises(ValueError) as error:
        Codebook(pd.DataFrame(rows, columns=["dimension", "term", "weight"]))
    for part in ("stands twice", "row 3", "row 4 ('条例')"):
        assert part in str(error.value)
    with pytest.raises(ValueError, match="no column 'term'"):
        Codebook(pd.DataFrame({"dimension": ["x"]}))
    with pytest.raises(ValueError, match="no rows"):
        Codebook(pd.DataFrame({"dimension": [], "term": []}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公共治理", []),  # 共治 would cut through two words
        ("依法治理", ["依法治理"]),
        ("深入依法治港", ["依法"]),  # not 法治
        ("综合行政执法", ["综合行政执法"]),  # the longest
        ("深化法治宣传", ["法治宣传"]),
        ("老旧小区改造", ["老旧小区改造"]),
        ("天气晴朗", []),
        ("广西壮族自治区、义务教育、社会主义、中央八项规定、高标准农田", []),
        ("延边朝鲜族自治州的长白县和鄂伦春自治旗", []),
        ("村民小组自治、自治组织", ["自治", "自治"]),
        ("精细化工园区、智慧农业、违法犯罪、请予审议", []),
    ],
)
def test_terms_are_found_as_words(codebook, text, found):
    assert [term for term, _ in codebook.find(text)] == found


def test_every_term_is_found_as_it_is(codebook):
    for row in codebook.table.itertuples():
        found = [term for term, _ in codebook.find(f"，{row.term}。")]
        assert found == ([row.term] if row.weight else []), row.term


def test_terms_of_users_are_taken_as_they_are():
    # Marks, Latin letters, spaces, names of files, part of a word of jieba's dictionary.
    terms = ["“十四五”规划", "AI+治理", "一网 通办", "governance", "a.csv", "绣花", "人大附中"]
    rows = [(f"d{i % 2}", term) for i, term in enumerate(terms)]
    book = Codebook(pd.DataFrame(rows, columns=["dimension", "term"]))
    for term in terms:
        text = f"推进，{term}，以及{term}。"
        assert [(t, text[i : i + len(t)]) for t, i in book.find(text)] == [(term, term)] * 2


@pytest.mark.parametrize(
    ("shorter", "longer", "text"),
    [
        ("中国", "中国人", "中国人民"),
        ("街道", "街道办", "街道办事效率"),
        ("法治", "法治政", "法治政府"),
    ],
)
def test_a_longer_term_that_is_no_word_here_does_not_hide_the_shorter(shorter, longer, text):
    table = pd.DataFrame({"dimension": ["a", "b"], "term": [shorter, longer]})
    assert [*Codebook(table).find(text)] == [(shorter, 0)]


@given(
    st.lists(st.sampled_from(["自治", "自治区", "区", "热线", "线上", "，", "a", " "]), max_size=9)
)
def test_terms_are_whole_words_and_do_not_overlap(parts):
    text = "".join(parts)
    ends = {0} | {end for _, _, end in SHIPPED._segmenter.cut(text)}
    free = 0
    for term, start in SHIPPED.find(text):
        assert start >= free
        assert text[start : start + len(term)] == term
        free = start + len(term)
        assert {start, free} <= ends
    texts = [text, "热线", ""]
    assert SHIPPED.count(texts).sum(axis=1).tolist() == [
        sum(len(SHIPPED._rows[t]) for t, _ in SHIPPED.find(x)) for x in texts
    ]


@pytest.mark.parametrize("judge", [score_framework, validate_framework])
def test_a_path_is_no_codebook(sample, judge):
    with pytest.raises(TypeError, match=r"needs a Codebook, not a str: Codebook\.load\(path\)"):
        judge(sample, "codebook.csv")


def test_what_is_set_aside_hides_the_shorter_term():
    rows = [("x", "规定", 1), ("x", "规定动作", 0), ("y", "热线", 1)]
    book = Codebook(pd.DataFrame(rows, columns=["dimension", "term", "weight"]))
    assert [t for t, _ in book.find("这项规定好，规定动作不走样")] == ["规定"]
    with pytest.raises(ValueError, match="y: no term counts"):
        Codebook(pd.DataFrame([("x", "规定", 1), ("y", "热线", 0)], columns=rows_of(book)))


def rows_of(book):
    return book.table.columns[[0, 2, 3]]


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


@pytest.mark.parametrize("name", ["table", "emphasis", "classify", "counts", "terms", "evidence"])
def test_scores_are_grouped_by_several_columns(sample, name):
    made = getattr(score_framework(sample), name)
    both = made(by=["city", "year"]).reset_index()
    assert {*zip(both["city"], both["year"], strict=True)} == {
        *sample.units[["city", "year"]].itertuples(index=False, name=None)
    }
    pd.testing.assert_frame_equal(made(by=np.array(["city"])), made(by="city"))


def test_a_codebook_of_one_dimension_is_scored_and_validated(sections):
    one = SHIPPED.table[SHIPPED.table["dimension"] == "legal"]
    scores = score_framework(sections, Codebook(one))
    assert {*scores.classify()["dimension"]} == {"legal", "none"}
    assert scores.emphasis("city")["share"].dropna().eq(1).all()
    with pytest.raises(ValueError, match="needed are sections for each of legal, none"):
        validate_framework(sections, Codebook(one))
    labels = sections.units["dimension"].where(sections.units["dimension"] == "legal", "none")
    corpus = Corpus(sections.units.assign(dimension=labels), unit="section")
    summary = validate_framework(corpus, Codebook(one), folds=3).summary.set_index("method")
    assert summary.loc["terms", "macro_f1"] > 0.8
    assert "seeded topics" not in summary.index


def test_shares_of_terms_worked_by_hand():
    rows = [("x", "热线", 2), ("x", "诉求", 1), ("y", "条例", 1), ("y", "热线", 1)]
    book = Codebook(pd.DataFrame(rows, columns=["dimension", "term", "weight"]))
    texts = {"a": "热线热线。诉求。", "b": "热线，条例。"}
    cities = {"a": {"city": "甲"}, "b": {"city": "乙"}}
    with pytest.warns(UserWarning, match="热线 gives 86% of x; 热线 gives 75% of y"):
        scores = score_framework(Corpus.from_texts(texts, metadata=cities), book)
    assert scores.terms().to_numpy().tolist() == [
        ["x", "热线", 3, 6, 6 / 7, 2],
        ["x", "诉求", 1, 1, 1 / 7, 1],
        ["y", "热线", 3, 3, 3 / 4, 2],
        ["y", "条例", 1, 1, 1 / 4, 1],
    ]
    first = scores.terms("city").iloc[0]
    assert first[["city", "term", "weight", "share"]].tolist() == ["甲", "热线", 4, 4 / 5]


def test_shares_of_terms_add_up_to_the_scores(sample):
    scores = score_framework(sample)
    for by in ("doc_id", "year"):
        table = scores.terms(by).groupby([by, "dimension"])
        assert table["share"].sum().to_numpy() == pytest.approx(1)
        weights, sums = table["weight"].sum(), scores.counts(by)
        assert all(sums.loc[group, name] == weight for (group, name), weight in weights.items())
        assert weights.sum() == sums.to_numpy().sum()


def test_no_term_makes_a_dimension(sample):
    assert score_framework(sample).terms()["share"].max() < 0.25


def test_what_is_rare_is_emphasised_and_what_is_said_is_classified():
    # y is rare: the one sentence on it makes a text emphatic that is about x.
    texts = {"a": "热线热线热线条例。", "b": "热线。" * 20, "c": "天气天气晴朗。"}
    rows = [("x", "热线"), ("y", "条例")]
    book = Codebook(pd.DataFrame(rows, columns=["dimension", "term"]))
    scores = score_framework(Corpus.from_texts(texts), book)
    assert scores.table().loc["a"].idxmax() == "y"
    table = scores.classify()
    assert table["dimension"].tolist() == ["x", "x", "none"]
    assert table.loc[0, ["x", "y", "letters"]].tolist() == [3 / 8 * 1000, 1 / 8 * 1000, 8]
    assert scores.classify(least=400)["dimension"].tolist() == ["none", "x", "none"]


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
def others():
    """Return paragraphs on twenty subjects that are no governance, three of each."""
    table = pd.read_csv(Path(__file__).parent / "data" / "other_subjects.csv")
    table.index = table["kind"] + "#" + table.groupby("kind").cumcount().astype(str)
    return table.assign(doc_id="other: " + table["kind"], dimension="none")


@pytest.mark.parametrize("half", ["calibration", "held out"])
def test_other_subjects_are_none(others, half):
    part = others[others["half"] == half]
    assert (len(part), part["kind"].nunique()) == (30, 10)
    found = [sum(1 for _ in SHIPPED.find(text)) for text in part["text"]]
    rates = np.array(found) / part["text"].str.count(r"\w") * 1000
    assert (rates < LEAST_TERMS).mean() >= 0.9


def test_passages_of_a_dimension_are_not_none(sections):
    named = sections.units["dimension"].isin(SHIPPED.dimensions)
    about = score_framework(sections).classify().set_index("unit_id")["dimension"]
    assert about[named].eq("none").mean() <= 0.06


@pytest.fixture(scope="module")
def checked(sections, others):
    units = sections.units[["text", "doc_id", "dimension"]]
    return validate_framework(Corpus(pd.concat([units, others[[*units]]])))


def test_passages_are_told_apart_and_others_are_none(checked):
    scores = checked.summary.set_index("method")["macro_f1"]
    assert scores["terms + logistic regression"] >= 0.88
    assert scores["terms"] >= 0.8
    for method in ("terms", "terms + logistic regression"):
        table = checked.confusion(method)
        assert table.loc["none", "none"] / table.loc["none"].sum() >= 0.9
        assert table.to_numpy().sum() == len(checked.predictions)
    with pytest.raises(ValueError, match="no method 'codebook'; there are"):
        checked.confusion("codebook")


def test_a_codebook_of_ones_own_is_validated_on_ones_own_labels():
    texts = {
        f"{d}{i}": f"{d}说{w}。" for d, w in (("甲", "热线"), ("乙", "条例")) for i in range(4)
    }
    corpus = Corpus.from_texts(texts, metadata={i: {"dimension": i[0]} for i in texts})
    book = Codebook(pd.DataFrame([("甲", "热线"), ("乙", "条例")], columns=["dimension", "term"]))
    table = validate_framework(corpus, book, folds=2).confusion()
    assert table.to_numpy().tolist() == [[4, 0], [0, 4]]


def test_the_report_agrees_with_the_predictions(checked):
    guess = checked.predictions
    for method, row in checked.summary.set_index("method").iterrows():
        expected = f1_score(guess["label"], guess[method], average="macro")
        assert row["macro_f1"] == pytest.approx(expected)
        table = checked.confusion(method).to_numpy()
        chance = (table.sum(axis=0) * table.sum(axis=1)).sum() / table.sum() ** 2
        observed = np.trace(table) / table.sum()
        assert row["kappa"] == pytest.approx((observed - chance) / (1 - chance))


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
    for strange in (pd.DataFrame(), pd.DataFrame({"a": ["x"]}), pd.DataFrame({"a": [-1]})):
        with pytest.raises(ValueError, match="profiles hold nothing, text, values below 0"):
            profile_similarity(strange)
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


@given(st.lists(st.floats(0.01, 9), min_size=2, max_size=6), st.floats(0.1, 50))
def test_equal_shares_are_equal_profiles_whatever_their_sums(row, times):
    found = profile_similarity(pd.DataFrame([row, np.multiply(row, times), row[::-1]]))
    assert found.loc[0, 1] == pytest.approx(1, abs=1e-6)
    assert found.notna().all(axis=None)


@pytest.mark.exhaustive
def test_clusters_that_are_there_are_stable_and_others_are_not():
    rng = np.random.default_rng(0)
    clear = np.vstack([rng.dirichlet([60, 5, 5], 10), rng.dirichlet([5, 5, 60], 6)])
    found = cluster_profiles(pd.DataFrame(clear), k=2)
    assert found.clusters.tolist() == [1] * 10 + [2] * 6
    assert found.stability["verdict"].tolist() == ["stable", "stable"]
    far = cluster_profiles(pd.DataFrame(np.vstack([clear[:10], [0, 1, 0]])), k=2)
    assert far.stability["verdict"].tolist()[1] == "stands alone"
    with pytest.raises(ValueError, match="k must be from 2"):
        cluster_profiles(pd.DataFrame(clear), k=8)


def test_clusters_of_noise_are_not_called_stable():
    rng, called = np.random.default_rng(1), 0
    for _ in range(15):
        noise = pd.DataFrame(rng.dirichlet([4] * 5, 16))
        found = cluster_profiles(noise, k=3, n_resamples=20, permutations=39).stability
        assert (found["jaccard"].dropna() > 0.5).any()  # and yet they are found again
        called += found["verdict"].isin(["stable", "a pattern"]).any()
    assert called <= 2


def test_what_changes_between_two_ledgers(sections):
    after = TermLedger.decide(stop=["热线"], synonym={"网格员": "网格"})
    before, after = segment(sections), segment(sections, after.segmenter())
    changes = compare_readings(before, after, target={"kind": "regulation"}, k=4)
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
    same = compare_readings(before, before, k=4)
    assert set(same.keywords["change"]) == {"same"}
    assert (same.topics["agreement"] == 1).all()


def test_readings_carry_the_recipe_of_their_ledger(sections):
    ledger = TermLedger.decide(accept=["首善标准"])
    assert "首善标准" in segment(sections, ledger.segmenter()).recipe.to_code()
