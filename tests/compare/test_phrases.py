"""Phrases by place, and the share of texts that is formula: by hand."""

import pandas as pd
import pytest

from toolkit import Corpus, without_formulas
from toolkit.compare import phrase_table

TEXTS = {
    "a": ("北京", 2021, "推进接诉即办。接诉即办改革深入。"),
    "b": ("北京", 2019, "探索接诉即办。"),
    "c": ("上海", 2022, "学习接诉即办。推行一网统管。"),
    "d": ("广州", 2023, "修路种树。"),
    "e": ("广州", None, "接诉即办。"),
}


@pytest.fixture(scope="module")
def corpus():
    texts = {name: text for name, (_, _, text) in TEXTS.items()}
    metadata = {n: {"city": c, "year": y} for n, (c, y, _) in TEXTS.items()}
    return Corpus.from_texts(texts, metadata=metadata)


def test_each_place_has_its_earliest_sentence_and_its_zeros(corpus):
    table = phrase_table(corpus, ["接诉即办", "一网统管", "智慧城市"]).set_index(["phrase", "city"])
    assert len(table) == 9
    columns = ["documents", "documents_with", "count", "first_doc", "sentence"]
    assert table.loc[("接诉即办", "北京"), columns].tolist() == [2, 2, 3, "b", "探索接诉即办。"]
    assert table.loc["接诉即办", "years_after"].to_dict() == pytest.approx(
        {"北京": 0, "上海": 3, "广州": float("nan")}, nan_ok=True
    )
    assert table.loc[("接诉即办", "上海"), "rate"] == pytest.approx(10_000 / 12)
    assert table.loc["智慧城市", "count"].tolist() == [0, 0, 0]
    assert table.loc["智慧城市", ["first_doc", "sentence", "first_year"]].isna().all(axis=None)


def test_groups_of_several_columns_and_of_none_without_years(corpus):
    table = phrase_table(corpus, ["接诉即办"], by=["city", "year"])
    assert len(table) == 5 and table["count"].sum() == 5
    plain = Corpus.from_texts({"a": "接诉即办", "b": "修路"})
    table = phrase_table(plain, "接诉即办", by="doc_id")
    assert table["count"].tolist() == [1, 0]
    assert "first_year" not in table
    assert table["first_doc"].iloc[0] == "a" and pd.isna(table["first_doc"].iloc[1])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (([],), "at least two characters"),
        ((["好"],), "at least two characters"),
        ((["接诉即办"], "nothing"), "no column 'nothing'"),
    ],
)
def test_what_is_no_phrase_or_column_is_told(corpus, given, message):
    with pytest.raises(ValueError, match=message):
        phrase_table(corpus, given[0], by=given[1] if len(given) > 1 else "city")


def test_the_share_of_each_text_that_is_formula():
    fixed = "坚持以人民为中心的发展思想"
    texts = {str(i): f"{fixed}，{what}。" for i, what in enumerate(["修路", "种树", "办热线"])}
    texts["none"] = "口袋公园建在家门口。"
    table = without_formulas(Corpus.from_texts(texts), min_docs=3).texts.set_index("doc_id")
    assert table["letters"].to_dict() == {"0": 15, "1": 15, "2": 16, "none": 9}
    assert table["formula_share"].tolist() == pytest.approx([13 / 15, 13 / 15, 13 / 16, 0])
