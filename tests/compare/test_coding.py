"""Codes by rules, their crosstab against chance, and labels judged against people."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from toolkit import Corpus
from toolkit.compare import base_labels, code_passages, judge_labels, load_scheme
from toolkit.compare.rules import read_rule


@pytest.mark.parametrize(
    ("rule", "there", "found"),
    [
        ("甲", "甲", True),
        ("甲 AND 乙", "甲", False),
        ("甲 AND 乙", "甲 乙", True),
        ("甲 OR 乙 AND 丙", "甲", True),
        ("(甲 OR 乙) AND 丙", "甲", False),
        ("（甲 OR 乙） AND 丙", "乙 丙", True),
        ("甲 AND NOT 乙", "甲", True),
        ("甲 AND NOT 乙", "甲 乙", False),
        ("甲 AND NOT (乙 OR 丙)", "甲 丙", False),
        ("甲 NEAR/2 乙", "甲 丁 乙", True),
        ("甲 NEAR/1 乙", "甲 丁 乙", False),
        ("甲 NEAR/1 乙", "乙 甲", True),
        ("甲 IN heading", "甲", False),
        ("甲 IN heading AND 乙", "# 甲 乙", True),
    ],
)
def test_what_a_rule_finds(rule, there, found):
    words = there.removeprefix("# ").split()
    text = {w: [(i, i + 1, i) for i, v in enumerate(words) if v == w] for w in words}
    headings = {words[0]: [(0, 1, 0)]} if there.startswith("#") else {}
    assert (read_rule(rule).places(text, headings) is not None) == found


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "it ends where a term is missing"),
        ("甲 AND", "it ends where a term is missing"),
        ("AND 甲", "a term is missing before 'AND'"),
        ("甲 乙", "between '甲' and '乙' stands no AND"),
        ("(甲", "a bracket is opened that is not closed"),
        ("甲)", "a bracket is closed that was not opened"),
        ("NOT 甲", "true of a passage without any of its terms"),
        ("甲 OR NOT 乙", "true of a passage without any of its terms"),
        ('"甲', "a quote is opened that is not closed"),
        ("甲 IN title", "IN is followed by 'heading'"),
        ("(" * 5000 + "甲", "more than 40 brackets"),
    ],
)
def test_a_rule_that_cannot_be_read_says_why(rule, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        read_rule(rule)


@given(st.text(alphabet='甲乙 ()NOTANDR"/1IEheading', max_size=60))
def test_any_rule_is_read_or_refused(rule):
    try:
        read = read_rule(rule)
    except ValueError as error:
        assert str(error)
    else:
        assert [*read.terms()]


def test_all_that_is_wrong_with_rules_is_told_at_once():
    rules = pd.DataFrame({"code": ["a", "b"], "rule": ["甲 乙", "(甲"]})
    with pytest.raises(ValueError, match=r"row 1 \(a: 甲 乙\)[\s\S]*row 2 \(b: \(甲\)"):
        code_passages(Corpus.from_texts({"x": "甲。"}), rules)
    with pytest.raises(ValueError, match="no column 'rule'"):
        code_passages(Corpus.from_texts({"x": "甲。"}), rules[["code"]])


RULES = pd.DataFrame(
    [
        ("instrument", "finance", "资金 OR 补贴"),
        ("instrument", "law", "条例 AND NOT 废止"),
        ("stage", "goal", "目标 IN heading"),
        ("stage", "means", "落实 NEAR/3 责任"),
    ],
    columns=["axis", "code", "rule"],
)
TEXT = "一、工作目标\n安排资金，给予补贴。\n二、措施\n落实部门责任，修订条例。\n废止条例。"


def test_passages_have_codes_of_several_axes_down_to_their_words():
    coding = code_passages(Corpus.from_texts({"x": TEXT}).split("paragraph"), RULES)
    found = coding.table.set_index(["unit_id", "code"])["terms"].to_dict()
    one, two, three = coding.units.index
    assert found == {
        (one, "finance"): "资金、补贴",
        (one, "goal"): "",
        (two, "law"): "条例",
        (two, "means"): "落实、责任",
    }
    for row in coding.table.dropna(subset="start").itertuples():
        first = row.terms.split("、")[0]
        assert coding.units.loc[row.unit_id, "text"][row.start :].startswith(first)
    assert [*coding.evidence(instrument="law", stage="means").index] == [two]
    assert three not in {*coding.table["unit_id"]}
    with pytest.raises(ValueError, match="has no code 'tax'"):
        coding.evidence(instrument="tax")


def test_terms_that_stand_inside_of_longer_words_are_told():
    rules = pd.DataFrame({"code": ["a", "b"], "rule": ["补贴", "条例"]})
    corpus = Corpus.from_texts({"x": "财政补贴到位。" * 9 + "发放补贴。修订条例。"})
    with pytest.warns(UserWarning, match=r"补贴 10 times, 1 as a word \(财政补贴 9\)"):
        terms = code_passages(corpus, rules).terms.set_index("term")
    assert terms[["found", "stands"]].to_numpy().tolist() == [[1, 10], [1, 1]]
    assert terms["inside"].tolist() == ["财政补贴 9", ""]


def passages_of(codes):
    """Return passages of documents with the words of two axes, as told."""
    texts = {
        f"d{i}": "\n".join("甲乙丙"[a] * 4 + "城市" + "丁戊己"[b] * 4 + "。" for a, b in rows)
        for i, rows in enumerate(codes)
    }
    rules = pd.DataFrame(
        [(axis, c, c * 4) for axis, own in (("x", "甲乙丙"), ("y", "丁戊己")) for c in own],
        columns=["axis", "code", "rule"],
    )
    return code_passages(Corpus.from_texts(texts).split("paragraph", min_chars=1), rules)


def test_codes_that_go_together_stand_out_and_others_seldom_do():
    rng = np.random.default_rng(0)
    chance = 0
    for seed in range(20):
        coding = passages_of(rng.integers(3, size=(10, 12, 2)).tolist())
        chance += coding.crosstab("x", "y", n_null=200, seed=seed)["p"].min() <= 0.05
    assert chance <= 3
    rows = rng.integers(3, size=(10, 12, 1))
    table = passages_of(np.concatenate([rows, rows], axis=2).tolist()).crosstab("x", "y")
    same = table["x"].map("甲乙丙".index) == table["y"].map("丁戊己".index)
    assert table.loc[same, "p"].max() <= 0.05 and table.loc[same, "ratio"].min() > 1
    assert table["passages"].sum() == rows.size
    assert table.loc[~same, "passages"].sum() == 0


def test_what_documents_speak_of_is_no_reason_to_find_codes_together():
    """Half of the documents hold one pair of codes, the others another: so chance has it."""
    coding = passages_of([[(i % 2, i % 2)] * 8 for i in range(10)])
    table = coding.crosstab("x", "y")
    assert (table["passages"] == table["expected"].round(6)).all() and (table["p"] == 1).all()


def test_labels_are_judged_as_scikit_learn_does():
    rng = np.random.default_rng(1)
    units = pd.DataFrame(
        {"doc_id": np.repeat([*"abcdef"], 20), "people": rng.choice([*"xyz"], 120)}
    )
    wrong = rng.random(120) < 0.3
    units["model"] = np.where(wrong, rng.choice([*"xyz"], 120), units["people"])
    found = judge_labels(units, "people", "model", n_boot=200).set_index("label")
    parts = precision_recall_fscore_support(units["people"], units["model"], labels=[*"xyz"])
    for name, values in zip(("precision", "recall", "f1", "n"), parts, strict=True):
        assert found.loc[[*"xyz"], name].to_numpy() == pytest.approx(values)
    assert found.loc["all", "kappa"] == pytest.approx(
        cohen_kappa_score(units["people"], units["model"])
    )
    for label in "xyz":
        binary = cohen_kappa_score(units["people"] == label, units["model"] == label)
        assert found.loc[label, "kappa"] == pytest.approx(binary)
    assert (found["f1_low"] <= found["f1"]).all() and (found["f1"] <= found["f1_high"]).all()
    by = judge_labels(units.assign(city=["甲", "乙"] * 60), "people", "model", by="city", n_boot=50)
    assert by["city"].unique().tolist() == ["甲", "乙"]
    with pytest.raises(ValueError, match="no column 'human'"):
        judge_labels(units, "human", "model")


def test_the_simplest_classifier_learns_from_other_documents(sample):
    corpus = sample.split("section")
    units = corpus.units.assign(about=corpus.units["dimension"].where(lambda d: d != "general"))
    corpus = Corpus(units)
    guess = base_labels(corpus, "about", folds=5)
    judged = judge_labels(units.join(guess), "about", "base", n_boot=50).set_index("label")
    assert judged.loc["all", "kappa"] > 0.3
    with pytest.raises(ValueError, match="as many documents as folds"):
        base_labels(corpus, "about", folds=500)


def test_schemes_are_skeletons():
    for name in ("rothwell-zegveld", "hood", "howlett-ramesh"):
        scheme = load_scheme(name)
        assert (scheme["rule"] == "").all() and scheme["definition_zh"].str.len().min() > 5
        assert not scheme.duplicated(["axis", "code"]).any()
    with pytest.raises(ValueError, match="there is no scheme 'x'"):
        load_scheme("x")
