"""Effects of covariates: against statsmodels, means by hand, and chance on noise."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from toolkit import Codebook, Corpus, Segmenter, fit_topics, segment, tfidf
from toolkit.compare import concept_effects, topic_effects
from toolkit.compare.effects import estimated

SHARE = [0.10, 0.22, 0.31, 0.18, 0.40, 0.35, 0.27, 0.15, 0.09, 0.33, 0.28, 0.21]
TIER = [
    "地级",
    "省会",
    "省会",
    "地级",
    "直辖",
    "直辖",
    "省会",
    "地级",
    "地级",
    "直辖",
    "省会",
    "地级",
]
YEAR = [2019, 2020, 2021, 2022, 2019, 2021, 2022, 2020, 2021, 2023, 2019, 2023]


def effects_of(values, covariates, **how):
    units = covariates.assign(doc_id=[f"d{i}" for i in range(len(covariates))])
    given = {"n_boot": 50, "n_permutations": 99, "seed": 0, "reference": None} | how
    return estimated(values, covariates, units, measure="share", **given)


@pytest.fixture(scope="module")
def small():
    values = pd.DataFrame({"甲": SHARE, "乙": 1 - np.array(SHARE)})
    return effects_of(values, pd.DataFrame({"城市 级别": TIER, "year": YEAR}))


def test_estimates_are_those_of_statsmodels(small):
    """statsmodels 0.15, OLS of ``share ~ C(tier, Treatment("地级")) + year``, HC3."""
    found = small.table[small.table["series"] == "甲"].set_index("level")["effect"]
    assert found["直辖"] == pytest.approx(0.2140000000000005)
    assert found["省会"] == pytest.approx(0.12704347826087006)
    assert found[""] == pytest.approx(0.006086956521738657)
    design = small._design()
    z = design.t(np.eye(4), np.full(4, 12), small.values.to_numpy())[:, 0]
    # Levels stand in order of their number of texts; z is Student's t of 11 degrees of freedom.
    t = stats.t.isf(stats.norm.sf(z[1:]), 11)
    assert t == pytest.approx([3.86366891, 4.09348173, 0.40621462])


def test_shares_that_sum_to_one_have_effects_that_sum_to_zero(small):
    sums = small.table.groupby(["covariate", "level"])["effect"].sum()
    assert sums.abs().max() < 1e-12
    assert small.means("城市 级别").groupby("level")["mean"].sum().tolist() == pytest.approx(
        [1] * 3
    )


def test_means_of_one_covariate_are_those_of_its_groups():
    values = pd.DataFrame({"甲": SHARE})
    effects = effects_of(values, pd.DataFrame({"tier": TIER}))
    expected = values["甲"].groupby(pd.Series(TIER)).mean()
    means = effects.means("tier").set_index("level")
    assert means["mean"].to_dict() == pytest.approx(expected.to_dict())
    assert means["n"].to_dict() == {"地级": 5, "省会": 4, "直辖": 3}
    # Fewer than five texts have an estimate, and no interval and no p.
    assert means["low"].notna().to_dict() == {"地级": True, "省会": False, "直辖": False}
    assert effects.table[["low", "p", "p_all"]].isna().all(axis=None)
    assert effects.table["n"].tolist() == [4, 3]


def test_contrasts_compare_all_levels(small):
    found = small.contrasts("城市 级别").query("series == '甲'")
    assert found[["level", "reference"]].to_numpy().tolist() == [
        ["省会", "地级"],
        ["直辖", "地级"],
        ["直辖", "省会"],
    ]
    a, b, c = found["effect"]
    assert c == pytest.approx(b - a)
    with pytest.raises(ValueError, match="is a number"):
        small.contrasts("year")


def noise(seed, n=48):
    rng = np.random.default_rng(seed)
    covariates = pd.DataFrame(
        {"tier": rng.choice([*"aaabbc"], n), "year": rng.integers(2018, 2024, n)}
    )
    values = pd.DataFrame(rng.dirichlet([1, 2, 3, 4], n))
    # One group varies twice as much as the others, around the same mean.
    values -= (covariates["tier"] != "b").to_numpy()[:, None] * (values - values.mean()) / 2
    return values, covariates


@pytest.mark.exhaustive
def test_p_is_uniform_where_nothing_goes_with_anything():
    """160 data sets of noise: p of one question, of a covariate, of all series."""
    one, whole = [], []
    for seed in range(160):
        effects = effects_of(*noise(seed), n_boot=2, n_permutations=59, seed=seed)
        one.append(effects.table.loc[effects.table["series"] == 2, "p"].tolist())
        whole.append(effects.tests["p"].tolist())
    for level in (0.1, 0.25, 0.5):
        margin = 3.5 * np.sqrt(level * (1 - level) / len(one))
        for found in np.array(one).T:
            assert np.mean(found <= level) == pytest.approx(level, abs=margin)
        assert (np.mean(np.array(whole) <= level, axis=0) < level + margin + 0.04).all()


def test_what_is_there_is_found():
    values, covariates = noise(1)
    values[0] += 0.3 * (covariates["tier"] == "b")
    effects = effects_of(values, covariates, n_permutations=199)
    tests = effects.tests.set_index("covariate")
    assert tests.loc["tier", "p"] == 1 / 200 < 0.2 < tests.loc["year", "p"]
    row = effects.table.query("series == 0 and level == 'b'").iloc[0]
    assert row["low"] < 0.3 < row["high"]
    assert row["p_all"] >= row["p"]


@pytest.fixture(scope="module")
def topics():
    rows = [("热线诉求工单", "甲", 1), ("网格社区楼栋", "乙", 2), ("条例立法法规", "甲", 3)]
    units = pd.DataFrame(
        [
            (f"d{i}", text, kind, n + i % 4, "同")
            for i in range(10)
            for text, kind, n in rows[i % 3 :]
        ],
        columns=["doc_id", "text", "kind", "n", "same"],
    )
    units["kind"] = units["doc_id"].map(lambda d: "甲" if int(d[1:]) % 2 else "乙")
    units["half"] = units["kind"] + "半"
    units["gap"] = units["doc_id"].gt("d5").astype(object).where(units["doc_id"] != "d3")
    units.index = [f"u{i}" for i in range(len(units))]
    matrix = tfidf(segment(Corpus(units, unit="paragraph")), min_df=1, max_df=1.0)
    return fit_topics(matrix, k=2)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("nothing", "no column 'nothing'"),
        ("kind * half", r"'kind \* half' is no column; .* interaction"),
        ("same", "'same' is 同 in all texts"),
        ("n", "n differs within"),
        (["kind", "half"], "'half' follows from kind"),
        ("doc_id", "cannot explain texts too"),
        ([], "by names columns"),
    ],
)
def test_what_cannot_explain_texts_is_told(topics, formula, message):
    with pytest.raises(ValueError, match=message):
        topic_effects(topics, formula)


def test_chance_needs_draws(topics):
    for given in ({"n_boot": 0}, {"n_permutations": 0}):
        with pytest.raises(ValueError, match="at least 1, not 0"):
            topic_effects(topics, "kind", **given)


def test_a_text_without_a_value_is_left_out_and_told(topics):
    with pytest.warns(UserWarning, match="1 of 10 texts have no gap"):
        effects = topic_effects(topics, "gap", n_boot=9, n_permutations=9)
    assert len(effects.values) == 9
    assert effects.table.attrs["left_out"]
    assert effects.table["n"].iloc[0] + effects.table["n_reference"].iloc[0] == 9


def test_reference_and_record(topics):
    effects = topic_effects(topics, "kind", reference={"kind": "甲"}, n_boot=9, n_permutations=9)
    assert effects.table["reference"].unique().tolist() == ["甲"]
    again = topic_effects(topics, ["kind"], reference={"kind": "甲"}, n_boot=9, n_permutations=9)
    assert again.fingerprint == effects.fingerprint
    for wrong, message in (
        ({"kind": "丙"}, "no level '丙'"),
        ({"city": "x"}, "no covariate: city"),
    ):
        with pytest.raises(ValueError, match=message):
            topic_effects(topics, "kind", reference=wrong)


def test_concepts_are_rates_of_texts():
    """By hand: 热线 is 2 of 4 words in 甲 and 1 of 4 in 乙, a text being two passages."""
    words = Segmenter(lexicon=["热线", "居民", "条例"], stopwords=None)
    rows = [
        (f"d{i}", "甲" if i < 6 else "乙", "热线居民" if part or i < 6 else "居民条例")
        for i in range(12)
        for part in (0, 1)
    ]
    units = pd.DataFrame(rows, columns=["doc_id", "city", "text"])
    units.index = [f"u{i}" for i in range(len(units))]
    codebook = Codebook(pd.DataFrame([("x", "热线"), ("y", "公园")], columns=["dimension", "term"]))
    tokens = segment(Corpus(units, unit="paragraph"), words)
    effects = concept_effects(
        tokens, "city", codebook=codebook, reference={"city": "乙"}, n_permutations=199
    )
    row = effects.table.set_index("series")
    assert row["effect"].tolist() == pytest.approx([2500, 0])
    assert row.loc["x", ["low", "high"]].tolist() == pytest.approx([2500, 2500])
    assert row.loc["x", "p"] < 0.03  # there is no variation within the cities
    assert np.isnan(row.loc["y", "p"])  # 公园 is nowhere
    means = effects.means("city").query("series == 'x'")
    assert means["mean"].tolist() == pytest.approx([2500, 5000])
