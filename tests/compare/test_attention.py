"""The panel of attention, against numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from toolkit import Codebook, Corpus, Segmenter, segment, trend_table
from toolkit.compare import attention_panel
from toolkit.files import read_csv

TERMS = [("x", "热线"), ("x", "诉求"), ("y", "条例"), ("z", "公园")]
WORDS = Segmenter(lexicon=["热线", "诉求", "条例", "公园", "居民"], stopwords=None)
ROWS = [
    ("a", "甲", 2020, "热线热线诉求"),
    ("a", "甲", 2020, "居民居民"),
    ("b", "甲", 2021, "居民条例"),
    ("c", "乙", 2020, "居民"),
]


def tokens_of(rows):
    units = pd.DataFrame(rows, columns=["doc_id", "city", "year", "text"])
    units.index = [f"{doc}#{i}" for i, doc in enumerate(units["doc_id"])]
    return segment(Corpus(units, unit="paragraph"), WORDS)


@pytest.fixture(scope="module")
def codebook():
    return Codebook(pd.DataFrame(TERMS, columns=["dimension", "term"]))


@pytest.fixture(scope="module")
def panel(codebook):
    return attention_panel(tokens_of(ROWS), codebook)


def test_a_panel_worked_by_hand(panel):
    table = panel.table.set_index(["city", "year", "concept"])
    assert len(table) == 9  # three groups, of which none is 乙 in 2021
    found = ["count", "share", "rate", "passages", "share_of_passages"]
    assert table.loc[("甲", 2020, "x"), found].tolist() == [3, 3 / 5, 6000, 1, 1 / 2]
    assert table.loc[("甲", 2021, "y"), found].tolist() == [1, 1 / 2, 5000, 1, 1]
    assert table.loc[("乙", 2020), found].to_numpy().tolist() == [[0] * 5] * 3
    assert table.loc[("甲", 2020, "z"), ["n_texts", "n_passages", "n_words"]].tolist() == [1, 2, 5]
    assert panel.terms.query("term == '诉求'")["count"].tolist() == [0, 1, 0]
    assert panel.wide("count").loc[("甲", 2020)].to_dict() == {"x": 3, "y": 0, "z": 0}
    assert table["resampled"].eq("").all()  # neither five texts nor five passages


def test_the_rates_are_those_of_a_trend(codebook):
    rows = [(f"d{i}", "甲", 2020 + i % 2, "热线" * (i % 4) + "居民条例") for i in range(12)]
    tokens = tokens_of(rows)
    panel = attention_panel(tokens, codebook, by="year", seed=1)
    trend = trend_table(tokens, terms=["热线"])
    x = panel.table.query("concept == 'x'")
    for column in ("count", "rate", "n_texts", "n_words"):
        assert x[column].tolist() == pytest.approx(trend[column].tolist())
    assert x["resampled"].eq("documents").all()
    assert ((x["low"] <= x["rate"]) & (x["rate"] <= x["high"])).all()
    z = panel.table.query("concept == 'z'")
    assert z["count"].eq(0).all()
    assert z[["low", "high"]].isna().all(axis=None)  # what is not there cannot be drawn again
    assert panel.fingerprint == attention_panel(tokens, codebook, by=["year"], seed=1).fingerprint


def test_a_group_of_few_texts_has_intervals_of_its_passages(codebook):
    rows = [("a", "甲", 2020, "热线" * i + "居民") for i in range(6)]
    row = attention_panel(tokens_of(rows), codebook).table.iloc[0]
    assert (row["resampled"], row["n_texts"], row["n_passages"]) == ("passages", 1, 6)
    assert 0 <= row["low"] < row["rate"] < row["high"] <= 10_000


def test_one_concept_is_enough_and_one_never_met_is_zero():
    one = Codebook(pd.DataFrame([("z", "公园")], columns=["dimension", "term"]))
    panel = attention_panel(tokens_of(ROWS), one)
    assert panel.table["rate"].tolist() == [0, 0, 0]
    assert repr(panel) == "AttentionPanel: z in 3 groups by city and year"


def test_leaving_a_term_out_tells_what_hangs_on_it(codebook):
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, 9, (8, 2))
    rows = [
        (f"d{i}", f"c{i}", 2020, "热线" * h + "诉求" * s + "居民" * 9)
        for i, (h, s) in enumerate(drawn)
    ]
    table = attention_panel(tokens_of(rows), codebook).leave_one_out().set_index("term")
    assert table.loc[["热线", "诉求"], "count"].tolist() == drawn.sum(axis=0).tolist()
    assert table.loc["热线", "share"] == drawn[:, 0].sum() / drawn.sum()
    words = drawn.sum(axis=1) + 9
    expected = stats.spearmanr(drawn.sum(axis=1) / words, drawn[:, 1] / words)
    assert table.loc["热线", "correlation"] == pytest.approx(expected.statistic)
    assert table.loc["公园", ["count", "share"]].tolist() == [0, 0]
    assert np.isnan(table.loc["公园", "correlation"])


def test_a_panel_is_written_with_its_variables(panel, tmp_path):
    folder = panel.to_csv(tmp_path / "panel")
    written = read_csv(folder / "panel.csv")
    assert [*written] == [*panel.table]
    assert written["rate"].astype(float).tolist() == panel.table["rate"].tolist()
    variables = read_csv(folder / "variables.csv")
    assert variables["variable"].tolist() == [*panel.table]
    assert variables[["zh", "en"]].ne("").all(axis=None)
    assert read_csv(folder / "dictionary.csv")["term"].tolist() == [term for _, term in TERMS]
    assert len(read_csv(folder / "terms.csv")) == len(panel.terms)
    with pytest.raises(FileExistsError, match="choose another name"):
        panel.to_csv(folder)


def test_what_is_no_panel_explains_itself(codebook):
    tokens = tokens_of(ROWS)
    with pytest.raises(ValueError, match="no column 'region'"):
        attention_panel(tokens, codebook, by=["city", "region"])
    with pytest.raises(TypeError, match="needs a Codebook, not a str"):
        attention_panel(tokens, "codebook.csv")
    with pytest.raises(TypeError, match="needs Tokens, not a Corpus"):
        attention_panel(Corpus.sample(), codebook)
