from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toolkit import Corpus, Segmenter, keyness, segment
from toolkit.compare.keywords import log_likelihood
from toolkit.compare.rates import trend_table

WORDS = Segmenter(lexicon=["甲甲", "乙乙", "丙丙"], stopwords=None)


def tokens_of(texts, **columns):
    """Tokens of texts such as {"a": "甲甲乙乙"}, with metadata such as group={"a": "x"}."""
    metadata = {i: {c: values[i] for c, values in columns.items()} for i in texts}
    return segment(Corpus.from_texts(texts, metadata=metadata), WORDS)


def two_groups(n, *, in_x="甲甲乙乙", in_y="乙乙乙乙"):
    texts = {f"x{i}": in_x for i in range(n)} | {f"y{i}": in_y for i in range(n)}
    return tokens_of(texts, group={i: i[0] for i in texts})


@pytest.mark.parametrize(
    ("a", "b", "n_a", "n_b", "expected"),
    [
        # Worked by hand: 2 * (30 ln 1.5 + 10 ln 0.5).
        (30, 10, 100, 100, 10.465),
        # Rayson on the Corpora list, 18 January 2002: KEEP in two corpora of a million
        # words each, learners against native speakers, rounded to whole numbers there.
        (392, 170, 10**6, 10**6, 90),
        (348, 99, 10**6, 10**6, 147),
        (15, 14, 10**6, 10**6, 0),
        (9, 32, 10**6, 10**6, 14),
        (21, 25, 10**6, 10**6, 0),
        # A teaching example of the Lancaster log-likelihood calculator.
        (52, 57, 50_000, 75_000, 2.65),
    ],
)
def test_two_cell_log_likelihood_is_that_of_the_published_calculators(a, b, n_a, n_b, expected):
    decimals = len(str(expected).partition(".")[2])
    assert round(float(log_likelihood(a, b, n_a, n_b)), decimals) == expected


# Computed with scipy.stats.power_divergence (two cells) and chi2_contingency with
# lambda_="log-likelihood" (four cells): six words in texts of 2,684 and 2,526 tokens.
SCIPY = {
    "城市": (48, 4, 41.26192498, 41.61110896, 3.497432468),
    "首都": (7, 0, 9.285802913, 9.294665934, 3.71982489),
    "接诉即办": (5, 0, 6.632716367, 6.637236612, 3.234398062),
    "上海": (0, 6, 8.687313982, 8.694664618, -3.672492533),
    "治理": (36, 6, 21.99310109, 22.15290585, 2.497432468),
    "社区": (4, 0, 5.306173093, 5.309065505, 2.912469968),
}


@pytest.mark.parametrize(("a", "b", "two", "four", "_ratio"), SCIPY.values(), ids=SCIPY)
def test_both_forms_equal_scipy(a, b, two, four, _ratio):
    assert log_likelihood(a, b, 2684, 2526) == pytest.approx(two)
    assert log_likelihood(a, b, 2684, 2526, form="four-cell") == pytest.approx(four)


def test_four_cell_on_round_numbers():
    assert log_likelihood(30, 10, 100, 100, form="four-cell") == pytest.approx(12.972, abs=5e-4)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(50, 900), st.integers(50, 900))
def test_log_likelihood_is_symmetric_and_never_negative(a, b, n_a, n_b):
    for form in ("two-cell", "four-cell"):
        one = log_likelihood(a, b, n_a, n_b, form=form)
        assert one == pytest.approx(float(log_likelihood(b, a, n_b, n_a, form=form)), abs=1e-9)
        assert one >= 0


def test_effects_worked_by_hand():
    # x: 甲甲 and 乙乙 5 times each; y: 乙乙 10 times.
    table = keyness(two_groups(5), {"group": "x"}).set_index("term")
    assert table.index.tolist() == ["甲甲", "乙乙"]
    assert table.loc["乙乙", ["log_ratio", "percent_diff"]].tolist() == [-1, -50]
    # 5 of 10 against 10 of 10: the odds of the latter are taken with half an occurrence less.
    assert table.loc["乙乙", "odds_ratio"] == pytest.approx(0.5 / 0.5 / (1 / 0.05))
    assert table.loc["甲甲", "log_ratio"] == pytest.approx(np.log2(5 / 0.5))
    assert table.loc["甲甲", ["rate_target", "rate_reference"]].tolist() == [5000, 0]
    assert table.loc["甲甲", ["docs_target", "docs_reference"]].tolist() == [5, 0]


def test_log_ratio_equals_that_of_the_published_numbers():
    for a, b, *_, ratio in SCIPY.values():
        rest_a, rest_b = 2684 - a, 2526 - b
        texts = {"x": "甲甲" * a + "乙乙" * rest_a, "y": "甲甲" * b + "乙乙" * rest_b}
        tokens = tokens_of(texts, group={"x": "x", "y": "y"})
        with pytest.warns(UserWarning, match="only effect sizes"):
            table = keyness(tokens, {"group": "x"}, min_count=1)
        assert table.set_index("term").loc["甲甲", "log_ratio"] == pytest.approx(ratio)


def test_few_documents_get_effect_sizes_only():
    with pytest.warns(UserWarning, match="the target has 4 documents"):
        table = keyness(two_groups(4), {"group": "x"}, min_count=1)
    assert table[["p", "q", "low", "high"]].isna().all(axis=None)
    assert table[["log_ratio", "g2"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("a", "b", "n_a", "n_b"),
    [
        (5, 3, 0, 10),
        (-1, 2, 10, 10),
        (2, 11, 10, 10),
        (1, float("nan"), 9, 9),
        (0, 0, 0, 0),
        (1, 2, float("inf"), 9),
    ],
)
def test_counts_that_cannot_be_are_refused(a, b, n_a, n_b):
    with pytest.raises(ValueError, match=r"must be from 0 to n_[ab]"):
        log_likelihood([3, a], [3, b], [9, n_a], [9, n_b])


def divided(tokens, columns):
    """The tokens with some columns more."""
    return replace(tokens, units=tokens.units.assign(**columns))


@pytest.mark.parametrize("size", [20, 8])
def test_texts_divided_at_random_differ_in_five_words_of_a_hundred(sample, size):
    tokens, rng = segment(sample), np.random.default_rng(size)
    tables = []
    for _ in range(12):
        group = rng.permutation(np.arange(len(tokens)) < size)
        tables.append(keyness(divided(tokens, {"g": group}), {"g": True}, permutations=200))
    assert sum((table["q"] < 0.05).any() for table in tables) <= 1
    found = pd.concat(tables)
    assert 0.03 < (found["p"] < 0.05).mean() < 0.07
    excludes = (found["low"] > 0) | (found["high"] < 0)
    assert excludes.equals(found["p"] <= 0.05)  # interval and test never disagree


def test_what_the_parts_of_a_document_share_is_no_variance():
    # Documents differ much in their words; in both their parts alike.
    words, planted = [a + b for a in "城社治服管" for b in "市区理务控据"], "城市"
    segmenter = Segmenter(lexicon=words, stopwords=None)

    def tested(seed, ratio):
        rng = np.random.default_rng(seed)
        rows = {}
        for document in range(20):
            share = rng.dirichlet(np.full(len(words), 0.5))
            for part in "xy":
                times = share * np.where((np.array(words) == planted) & (part == "x"), ratio, 1)
                text = "".join(rng.choice(words, 300, p=times / times.sum()))
                rows[f"{document}{part}"] = {"text": text, "doc_id": str(document), "part": part}
        corpus = Corpus(pd.DataFrame.from_dict(rows, orient="index"), unit="section")
        table = keyness(segment(corpus, segmenter), {"part": "x"}, permutations=199, seed=seed)
        return table.set_index("term")

    noise = pd.concat([tested(seed, 1) for seed in range(8)])
    assert 0.01 < (noise["p"] < 0.05).mean() < 0.08
    found = pd.DataFrame([tested(seed, 2).loc[planted] for seed in range(8)])
    assert (found["p"] < 0.05).mean() > 0.7
    assert found["low"].lt(1).all()
    assert found["high"].gt(1).mean() > 0.8


def test_sections_of_the_same_texts_are_compared_within_them(sample):
    tokens = segment(sample.split("section"))
    texts, rng = tokens.units["doc_id"], np.random.default_rng(1)
    share, told = [], 0
    for _ in range(12):
        nth = texts.groupby(texts).cumcount() + rng.integers(2, size=len(texts))
        table = keyness(divided(tokens, {"g": nth % 2}), {"g": 0}, permutations=200)
        share.append((table["p"] < 0.05).mean())
        told += (table["q"] < 0.05).any()
    assert told <= 1
    assert 0.02 < np.mean(share) < 0.07


def test_a_word_with_its_rate_doubled_is_found_and_its_interval_holds_the_truth():
    rng, n_texts, n_words = np.random.default_rng(2), 80, 150
    doubled = np.arange(n_words) < 30
    rate = np.full((n_texts, n_words), 8.0)
    rate[:40, doubled] *= 2
    # As words of real texts: the variance is more than the mean.
    counts = rng.poisson(rng.gamma(6, 1 / 6, size=rate.shape) * rate)
    names = [chr(ord("一") + i) * 2 for i in range(n_words)]
    texts = {
        f"{'x' if i < 40 else 'y'}{i}": "".join(w * int(n) for w, n in zip(names, row, strict=True))
        for i, row in enumerate(counts)
    }
    metadata = {i: {"group": i[0]} for i in texts}
    segmenter = Segmenter(lexicon=names, stopwords=None)
    tokens = segment(Corpus.from_texts(texts, metadata=metadata), segmenter)
    table = keyness(tokens, {"group": "x"}).set_index("term").loc[names]
    assert (table["q"].to_numpy()[doubled] < 0.05).mean() > 0.9
    # The texts of the target are longer by the words that are doubled.
    longer = rate[:40].sum() / rate[40:].sum()
    truth = np.log2(np.where(doubled, 2, 1) / longer)
    held = (table["low"] <= truth) & (truth <= table["high"])
    assert held.mean() > 0.9


def test_q_is_that_of_benjamini_and_hochberg(sample):
    table = keyness(segment(sample), {"kind": "regulation"}, permutations=100)
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p"]))


def test_one_text_that_drives_a_word_makes_its_interval_wide():
    texts = {f"x{i}": "乙乙乙乙" for i in range(6)} | {f"y{i}": "乙乙甲甲" * 3 for i in range(6)}
    texts["x0"] = "甲甲" * 40
    driven = keyness(tokens_of(texts, group={i: i[0] for i in texts}), {"group": "x"})
    row = driven.set_index("term").loc["甲甲"]
    assert row[["most_of", "most_count"]].tolist() == ["x0", 40]
    assert row["low"] < 0 < row["log_ratio"] < row["high"]


def test_one_document_is_named_from_over_half_on():
    texts = {f"y{i}": "乙乙" * 9 + "甲甲" for i in range(6)} | {f"x{i}": "甲甲" for i in range(6)}
    group = {i: i[0] for i in texts}
    for repeats, most in ((5, ["", 0]), (6, ["x0", 6])):
        texts["x0"] = "甲甲" * repeats
        table = keyness(tokens_of(texts, group=group), {"group": "x"})
        assert table.set_index("term").loc["甲甲", ["most_of", "most_count"]].tolist() == most


def test_a_group_that_never_uses_a_word_is_named_and_leaves_the_interval_open():
    texts = {f"y{i}": "乙乙" * 9 for i in range(6)} | {f"x{i}": "甲甲丙丙" for i in range(6)}
    texts["y0"] = "乙乙丙丙"
    group = {i: i[0] for i in texts}
    table = keyness(tokens_of(texts, group=group), {"group": "x"}).set_index("term")
    assert table["absent_in"].to_dict() == {"甲甲": "reference", "乙乙": "target", "丙丙": ""}
    assert table["low"].eq(-np.inf).tolist() == table["absent_in"].eq("target").tolist()
    assert table["high"].eq(np.inf).tolist() == table["absent_in"].eq("reference").tolist()
    few = {i: texts[i] for i in ("x1", "x2", "y1", "y2")}
    with pytest.warns(UserWarning, match="neither tests nor intervals") as warned:
        table = keyness(tokens_of(few, group=group), {"group": "x"})
    assert "2 words occur fewer than 5 times and are left out (min_count)" in str(warned[0].message)
    assert table.set_index("term").loc["乙乙", "absent_in"] == "target"


def test_same_seed_same_test():
    texts = {f"{g}{i}": "甲甲" * (i + 1) + "乙乙" * 3 for g in "xy" for i in range(6)}
    texts["x0"] = "甲甲" * 20
    tokens = tokens_of(texts, group={i: i[0] for i in texts})
    one, two, other = (keyness(tokens, {"group": "x"}, seed=s) for s in (1, 1, 2))
    assert one.equals(two)
    assert not one["p"].equals(other["p"])


def test_sections_of_one_document_are_not_documents(tokens):
    with pytest.warns(UserWarning, match="the target has 1 documents"):
        keyness(tokens, {"doc_id": "beijing-2023"})


@pytest.mark.parametrize(
    ("target", "reference", "message"),
    [
        ({"group": "z"}, None, "no group z; these units have x, y"),
        ({"city": "北京"}, None, "there is no column 'city'"),
        ({}, None, "target names no column"),
        ({"group": "x"}, {"group": ["x", "y"]}, "6 units are in both groups"),
        ({"group": ["x", "y"]}, None, "target holds every unit"),
        ({"group": "z"}, {"group": "w"}, "no group z.*no group w"),
        ({"group": 2}, None, "no group 2; these units have x, y"),
    ],
)
def test_bad_groups_explain_themselves(target, reference, message):
    with pytest.raises(ValueError, match=message):
        keyness(two_groups(6), target, reference)


def test_years_as_text_and_no_permutations_explain_themselves(tokens):
    with pytest.raises(ValueError, match=r"no year 2023 \(a str; they are numbers\)"):
        keyness(tokens, {"year": "2023"})
    with pytest.raises(ValueError, match="permutations: at least 1, not 0"):
        keyness(tokens, {"kind": "regulation"}, permutations=0)


def test_too_rare_words_explain_themselves():
    with pytest.raises(ValueError, match="lower min_count"):
        keyness(two_groups(6), {"group": "x"}, min_count=10**6)


def test_a_range_of_years_may_reach_past_the_corpus(tokens):
    table = keyness(tokens, {"year": range(2019, 2022)}, {"year": range(2022, 2030)})
    assert len(table) > 100


def test_texts_with_a_known_flaw_are_named():
    texts = {f"{g}{i}": "甲甲" * (i + 2) + "乙乙" * 3 for g in "xy" for i in range(6)}
    units = {i: i[0] for i in texts}
    flaws = dict.fromkeys(texts, "") | {"x1": "cut short", "y2": "of the year before"}
    tokens = tokens_of(texts, group=units, flaw=flaws)
    assert keyness(tokens, {"group": "x"}).attrs["flawed"] == ["x1", "y2"]
    assert trend_table(tokens, terms=["甲甲"], by="group").attrs["flawed"] == ["x1", "y2"]
    assert keyness(tokens, {"group": "x"}, {"doc_id": ["y0", "y1", "y3", "y4", "y5"]}).attrs[
        "flawed"
    ] == ["x1"]


@pytest.mark.filterwarnings("ignore:the target has")
def test_the_rest_leaves_out_who_may_belong_to_the_target():
    cities = {"a": "北京", "b": "上海", "c": None, "d": "上海"}
    kinds = {"a": "report", "b": None, "c": None, "d": "report"}
    told = {i: {"city": cities[i], "kind": kinds[i]} for i in cities}
    tokens = segment(Corpus.from_texts(dict.fromkeys(cities, "热线 " * 4), metadata=told))
    with pytest.warns(UserWarning, match="1 of 4 units have no city: they may belong"):
        table = keyness(tokens, {"city": "北京"})
    assert table[["count_target", "count_reference"]].to_numpy().tolist() == [[4, 8]]
    with pytest.warns(UserWarning, match="1 of 4 units have no city or kind"):
        table = keyness(tokens, {"city": "北京", "kind": ["report"]})
    assert table["count_reference"].tolist() == [8]
    table = keyness(tokens, {"city": ""})  # who asks for those without a value has no doubt
    assert table[["count_target", "count_reference"]].to_numpy().tolist() == [[4, 12]]
    table = keyness(tokens, {"city": "北京"}, {"city": "上海"})
    assert table["count_reference"].tolist() == [8]


def test_no_rare_words_no_word_of_them():
    cities = {"a": {"city": "北京"}, "b": {"city": "上海"}}
    tokens = segment(Corpus.from_texts(dict.fromkeys(cities, "热线 治理"), metadata=cities))
    with pytest.warns(UserWarning, match="only effect sizes are given$"):
        keyness(tokens, {"city": "北京"}, min_count=1)
