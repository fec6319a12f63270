import json
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import normalized_mutual_info_score

from toolkit import (
    Corpus,
    agreement,
    carry_labels,
    choose_k,
    fit_topics,
    label_topics,
    report_card,
    save_labels,
    seeded_topics,
    segment,
    tfidf,
)
from toolkit.recipe import fingerprint
from toolkit.topics import factorise, seed_terms, topic_quality
from toolkit.topics.factorise import residual
from toolkit.topics.resample import rows_of


def test_a_fit_that_did_not_settle_says_so_in_plain_words(matrix, monkeypatch):
    monkeypatch.setitem(factorise._FULL, "max_iter", 2)
    with pytest.warns(UserWarning, match="the 4 topics still changed a little after 2 rounds") as w:
        fit_topics(matrix, k=4)
    assert len(w) == 1
    factorise.nmf(matrix.weights, 4, seed=0, solver="cd", quick=True)  # warns of nothing


@pytest.mark.exhaustive
def test_lda_is_a_second_opinion(matrix):
    nmf, lda = fit_topics(matrix, k=4), fit_topics(matrix, k=4, method="lda")
    for topics in (nmf, lda):
        assert topics.doc_topic.sum(axis=1) == pytest.approx(1)
        assert topics.topic_term.sum(axis=1) == pytest.approx(1)
        assert 0.5 < topics.error < 1
    assert lda.recipe.to_code().endswith("fit_topics(matrix, k=4, method='lda')")
    assert lda.fingerprint == fit_topics(matrix, k=4, method="lda").fingerprint
    with pytest.raises(ValueError, match="method must be one of"):
        fit_topics(matrix, k=4, method="lsa")


def test_gibbs_lda_says_what_it_needs(matrix, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "tomotopy", None)
    with pytest.raises(ImportError, match="pip install tomotopy"):
        fit_topics(matrix, k=4, method="lda-gibbs")


def test_gibbs_lda(matrix):
    pytest.importorskip("tomotopy")
    topics = fit_topics(matrix, k=4, method="lda-gibbs")
    assert topics.doc_topic.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert topics.topic_term.sum(axis=1) == pytest.approx(1)


def test_error_is_that_of_the_dense_formula(matrix):
    generator = np.random.default_rng(0)
    w, h = generator.random((len(matrix.units), 3)), generator.random((3, len(matrix.terms)))
    dense = matrix.weights.toarray()
    expected = np.linalg.norm(dense - w @ h) / np.linalg.norm(dense)
    assert residual(matrix.weights, w, h) == pytest.approx(expected)


def test_seeded_topics_follow_the_codebook(matrix):
    topics = seeded_topics(matrix)
    assert topics.labels == {1: "refined", 2: "smart", 3: "participatory", 4: "legal"}
    assert agreement(topics, labels="dimension", ignore="general")["nmi"] > 0.6
    terms = topics.top_terms(8).groupby("topic")["term"].agg(set)
    assert "一网统管" in terms[2]
    assert "法规" in terms[4]


def test_what_fits_no_dimension_is_free(planted):
    matrix = planted(4)
    own = 300 // 8
    codebook = pd.DataFrame(
        {
            "dimension": ["one", "one", "two", "two"],
            "term": [f"w{300 - t * own + i:03d}" for t in (1, 2) for i in (0, 1)],
        }
    )
    topics = seeded_topics(matrix, codebook, free=2)
    assert [topics.labels.get(t) for t in range(1, 5)] == ["one", "two", None, None]
    heads = {t: x.iloc[0] for t, x in topics.top_terms(1).groupby("topic")["term"]}
    assert heads[1] == f"w{300 - own}"
    assert heads[2] == f"w{300 - 2 * own}"
    assert {heads[3], heads[4]} == {f"w{300 - 3 * own}", f"w{300 - 4 * own}"}


def test_a_codebook_that_does_not_fit_is_refused(matrix):
    codebook = pd.DataFrame({"dimension": ["a", "b"], "term": ["数据", "量子纠缠"]})
    with pytest.raises(ValueError, match=r"no term of \['b'\] occurs"):
        seeded_topics(matrix, codebook)
    with pytest.raises(ValueError, match=r"no column \['term'\]"):
        seeded_topics(matrix, codebook[["dimension"]])


def test_seeds_learnt_elsewhere_find_the_dimensions_of_new_texts(matrix):
    documents = matrix.units["doc_id"]
    new = documents.isin(documents.unique()[::2]).to_numpy()
    codebook = seed_terms(rows_of(matrix, np.flatnonzero(~new)), ignore=["general"])
    topics = seeded_topics(matrix, codebook)
    given = matrix.units["dimension"]
    judged = new & given.notna().to_numpy() & (given != "general").to_numpy()
    found = topics.doc_topic[judged].argmax(axis=1)
    assert normalized_mutual_info_score(given[judged], found) > 0.5


def test_labels_follow_their_topics(tmp_path, planted):
    matrix = planted(4)
    a = label_topics(fit_topics(matrix, k=4), {1: "甲", 2: "乙"})
    assert a.names[:2] == ["1 甲", "2 乙"]
    path = save_labels(a, tmp_path / "labels.json")
    refit = fit_topics(rows_of(matrix, np.arange(20, 100)), k=4)
    carried = carry_labels(refit, path)
    assert carried.table["carried"].all()
    for label, topic in zip(carried.table["label"], carried.table["topic"], strict=True):
        assert carried.topics.labels[topic] == label
        number = {"甲": 1, "乙": 2}[label]
        first = [x.top_terms(1).set_index("topic")["term"] for x in (a, refit)]
        assert first[0][number] == first[1][topic]


def test_labels_that_match_nothing_warn(tmp_path, planted):
    path = save_labels(label_topics(fit_topics(planted(2), k=2), {1: "甲"}), tmp_path / "x.json")
    with pytest.warns(UserWarning, match="1 of 1 labels match no topic .*: 甲"):
        carried = carry_labels(fit_topics(planted(0), k=2), path)
    assert carried.topics.labels == {}
    assert not carried.table["carried"].any()


def test_labels_changed_by_hand_are_refused(tmp_path, planted):
    topics = fit_topics(planted(2), k=2)
    path = save_labels(label_topics(topics, {1: "甲"}), tmp_path / "x.json")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"version": 1', '"version": 2'), encoding="utf-8")
    with pytest.raises(ValueError, match="of version 1"):
        carry_labels(topics, path)
    path.write_text(text.replace('"w', '"v', 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"terms of \['甲'\] are not those"):
        carry_labels(topics, path)
    with pytest.raises(ValueError, match=r"no topics \[3\]"):
        label_topics(topics, {3: "丙"})
    with pytest.raises(ValueError, match="no topic has a label"):
        save_labels(topics, path)


def test_labels_replace_labels_and_nothing_else(tmp_path, planted):
    topics = label_topics(fit_topics(planted(2), k=2), {1: "甲"})
    path = save_labels(topics, tmp_path / "x.json")
    save_labels(label_topics(topics, {1: "乙"}), path)
    assert "乙" in path.read_text(encoding="utf-8")
    path.write_text('{"mine": 1}', encoding="utf-8")
    with pytest.raises(FileExistsError, match="holds no labels"):
        save_labels(topics, path)
    assert path.read_text(encoding="utf-8") == '{"mine": 1}'


def held_labels(**changed):
    entry = {"label": "甲", "terms": ["w1", "w2"]} | changed
    return {"version": 1, "labels": [entry | {"fingerprint": fingerprint(entry["terms"])[:12]}]}


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("[" * 99_999, "is not JSON"),
        ('{"version": 1, "labels": ' + '{"a":' * 99_999, "is not JSON"),
        ([], "does not hold topic labels"),
        ({"version": 1, "labels": {"甲": 1}}, "does not hold topic labels"),
        ({"version": 1, "labels": "甲"}, "does not hold topic labels"),
        ({"version": 1, "labels": [{"label": "甲"}, held_labels()["labels"][0]]}, r"labels \[1\]"),
        ({"version": 1, "labels": ["甲", None, 1]}, r"labels \[1, 2, 3\]"),
        (held_labels(label=3), "not as save_labels"),
        (held_labels(label=["甲"]), "not as save_labels"),
        (held_labels(terms=[]), "not as save_labels"),
        (held_labels(terms="w1"), "not as save_labels"),
        (held_labels(terms=[1, 2]), "not as save_labels"),
        (held_labels(terms={"w1": 1}), "not as save_labels"),
    ],
)
def test_labels_of_another_shape_are_told_with_their_file(tmp_path, planted, held, told):
    path = tmp_path / "labels.json"
    path.write_text(held if isinstance(held, str) else json.dumps(held), encoding="utf-8")
    with pytest.raises(ValueError, match=told) as info:
        carry_labels(fit_topics(planted(2), k=2), path)
    assert str(path) in str(info.value)


def test_report_card_holds_what_a_reviewer_asks(matrix):
    card = report_card(
        fit_topics(matrix, k=4), labels="dimension", ignore=["general"], lang="en", runs=3, n_jobs=1
    )
    assert len(card.topics) == 4
    assert len(card.passages) == 12
    assert card.summary["k"] == "4"
    assert card.summary["why this k"] == "given, not compared with others"
    assert card.summary["agreement with dimension"].startswith("NMI 0.")
    assert card.summary["fitted by"] == "fit_topics(k=4)"
    assert card.summary["seeds (fit, resampling)"] == "0, 0"
    assert card.passages["title"].notna().all()
    assert len(card.summary["lexicon (SHA-256)"]) == 64
    assert "scikit-learn" in card.summary["versions"]
    assert (card.topics["low"] <= card.topics["stability"]).all()
    assert "<table" in card._repr_html_()


@pytest.mark.filterwarnings("ignore:the 2 topics still changed")
def test_passages_that_are_nearly_the_same_are_shown_once_and_counted():
    template = "热线诉求办理流程公开承诺时限"
    texts = {f"t{i}": f"{template}第{i}号" for i in range(5)}
    texts |= {"a": "热线诉求回访", "b": "网格社区治理", "c": "网格社区巡查", "d": "网格员走访社区"}
    topics = fit_topics(tfidf(segment(Corpus.from_texts(texts)), max_df=1.0), k=2)
    shown = topics.top_passages(3)
    first = shown[shown["doc_id"].str.startswith("t")]
    assert first["doc_id"].tolist() == ["t0"]
    assert first["alike"].tolist() == [4]
    assert shown.loc[shown["doc_id"] == "a", "alike"].tolist() == [0]
    assert (
        shown.groupby("topic")["rank"].agg(list).map(lambda r: r == [*range(1, len(r) + 1)]).all()
    )


def test_units_without_a_term_do_not_count_in_the_shares():
    texts = {"a": "热线诉求", "b": "热线诉求", "c": "网格社区", "d": "网格社区", "e": "谢谢大家"}
    topics = fit_topics(tfidf(segment(Corpus.from_texts(texts)), max_df=1.0), k=2)
    assert topics.filled.tolist() == [True, True, True, True, False]
    assert topics.shares.index.tolist() == [1, 2]
    assert topics.shares.tolist() == pytest.approx([0.5, 0.5])
    assert topic_quality(topics)["share"].tolist() == topics.shares.tolist()
    card = report_card(topics, lang="en")
    assert card.summary["units"] == "5 (1 without a term do not count in the shares)"


@pytest.mark.exhaustive
def test_a_chinese_card_has_chinese_rows(matrix):
    rows = report_card(
        fit_topics(matrix, k=3), labels="dimension", ignore="general", runs=2, n_jobs=1
    ).summary.index
    assert [row for row in rows if not re.search("[一-龥]", row)] == ["k"]
    assert {"语料 (SHA-256)", "主题 (SHA-256)", "与 维度 的一致度"} <= {*rows}
    assert not [row for row in rows if re.search("corpus|topics|dimension", row)]


def test_report_card_says_first_which_k_was_taken(planted):
    few = planted(2, 30, per_text=30)
    selection = choose_k(few, k_range=[2, 3])
    for lang, row, taken in (
        ("zh", "为何取此 k", "取 k = 3。"),
        ("en", "why this k", "k = 3 was taken. "),
    ):
        why = report_card(fit_topics(few, k=3), selection=selection, lang=lang).summary[row]
        assert why.startswith(taken + selection.sentence(lang=lang))


def test_report_card_of_one_text_claims_no_stability(planted):
    few = planted(2, 30, per_text=30)
    card = report_card(fit_topics(few, k=2), lang="en")
    assert card.summary["stability"].startswith("not told: too few texts")
    assert card.topics["stability"].isna().all()
    assert "in these texts" in card.summary["coherence"]
    chinese = report_card(fit_topics(few, k=2)).summary
    assert chinese["稳定性"].startswith("文本太少")
    assert len(chinese) == len(card.summary)


def test_report_card_tells_of_wrong_arguments_before_its_runs(matrix, monkeypatch):
    import toolkit.topics.report as report

    def runs(*args, **kwargs):
        raise AssertionError("the runs have begun")

    monkeypatch.setattr(report, "topic_stability", runs)
    with pytest.raises(ValueError, match="no column 'dimenson'"):
        report_card(fit_topics(matrix, k=3), labels="dimenson")
