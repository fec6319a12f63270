"""To other programs and back; other programs' parts with ours."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from toolkit import Corpus, Segmenter, segment, tfidf
from toolkit.compare import load_tokens, read_table, save_tokens, write_table

ODD = {
    "a": "=城市 治理。\n城市\t更新",
    "b": "。。",
    "c": "@北京 'x' \"热线\"，热线接诉即办。",
    "d-空": "社区共治",
}


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts(ODD)


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx", "conllu"])
def test_tokens_come_back(corpus, ending, tmp_path):
    given = Segmenter(synonyms={"热线": "12345热线"}, min_length=1, stopwords=None)
    tokens = segment(corpus, given)
    again = load_tokens(save_tokens(tokens, tmp_path / f"tokens.{ending}"), corpus)
    assert again.fingerprint == tokens.fingerprint
    np.testing.assert_array_equal(again.spans, tokens.spans)
    np.testing.assert_array_equal(again.sentences, tokens.sentences)
    assert "12345热线" in again["c"]


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_counts_come_back(corpus, ending, tmp_path):
    matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    table = pd.DataFrame(matrix.counts.toarray(), matrix.units.index, matrix.terms).reset_index()
    found = read_table(write_table(table, tmp_path / f"counts.{ending}")).set_index("unit_id")
    assert found.columns.tolist() == matrix.terms.tolist()
    assert found.index.tolist() == matrix.units.index.tolist()
    np.testing.assert_array_equal(found.astype(int), matrix.counts.toarray())


@pytest.mark.exhaustive
@given(st.lists(st.sampled_from(["=1", "@甲", "'乙", "-", "城市", "NA", "nan", "1"]), min_size=1))
def test_any_word_comes_back(tmp_path_factory, words):
    corpus = Corpus.from_texts({"a": "、".join(words)})
    tokens = segment(corpus, Segmenter(min_length=1, stopwords=None, keep_numbers=True))
    for ending in ("csv", "xlsx", "conllu"):
        path = tmp_path_factory.mktemp("door") / f"t.{ending}"
        assert load_tokens(save_tokens(tokens, path), corpus)["a"] == tokens["a"]


def test_conllu_is_what_its_readers_expect(corpus, tmp_path):
    path = save_tokens(segment(corpus), tmp_path / "t.conllu")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# newdoc id = a\n# sent_id = a-1\n1\t")
    assert text.endswith("\n\n")
    for block in text.strip().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line[0] != "#"]
        assert [row[0] for row in rows] == [str(i) for i in range(1, len(rows) + 1)]
        assert all(len(row) == 10 and all(row) for row in rows)


def test_what_does_not_fit_is_told(corpus, tmp_path):
    tokens = segment(corpus)
    with pytest.raises(ValueError, match=r"must end in \.csv, \.parquet, \.xlsx .*, not 'doc'"):
        save_tokens(tokens, tmp_path / "t.doc")
    wide = pd.DataFrame([range(16_385)]).rename(columns=str)
    with pytest.raises(ValueError, match="more than a sheet of Excel has"):
        write_table(wide, tmp_path / "t.xlsx")
    path = save_tokens(tokens, tmp_path / "t.csv")
    with pytest.raises(ValueError, match=r"'c' is no unit .*; words of 'a' stand outside its text"):
        load_tokens(path, Corpus.from_texts({"a": "短", "b": "。。", "d-空": "社区共治"}))


def test_a_corpus_is_a_frame_and_back(sample, tmp_path):
    table = sample.to_frame()
    again = Corpus.from_frame(table, text="text", id="doc_id")
    assert again.units["text"].to_dict() == sample.units["text"].to_dict()
    assert again.units["city"].equals(sample.units["city"])
    odd = pd.DataFrame({"text": ["=1\n一\t二", "\x0b三"]})
    kept = read_table(write_table(odd, tmp_path / "odd.xlsx"))["text"].tolist()
    assert kept == ["=1\n一\t二", " 三"]  # all but what Excel cannot hold
    table.loc[0, "text"] = "changed"
    assert sample.units["text"].iloc[0] != "changed"


def test_a_segmenter_is_an_analyzer_of_scikit_learn(sample):
    texts, kinds = sample.units["text"], sample.units["kind"].eq("regulation")
    ours = tfidf(segment(sample), min_df=2, max_df=0.5)
    theirs = TfidfVectorizer(analyzer=Segmenter(), min_df=2, max_df=0.5, sublinear_tf=True)
    np.testing.assert_allclose(theirs.fit_transform(texts).toarray(), ours.weights.toarray())
    assert theirs.get_feature_names_out().tolist() == ours.terms.tolist()
    model = make_pipeline(TfidfVectorizer(analyzer=Segmenter()), LogisticRegression())
    grid = {"tfidfvectorizer__analyzer": [Segmenter(), Segmenter(hmm=False)]}
    search = GridSearchCV(model, grid, cv=2).fit(texts[:20], kinds[:20] | (np.arange(20) % 2 == 0))
    assert isinstance(search.best_params_["tfidfvectorizer__analyzer"], Segmenter)
    # What BERTopic asks of its vectorizer_model: cloned, fitted on joined texts, then names.
    vectorizer = clone(CountVectorizer(analyzer=Segmenter())).fit(pd.Series(["城市治理", "社区"]))
    assert vectorizer.transform(["城市更新 城市"]).sum() == 1
    assert vectorizer.get_feature_names_out().tolist() == ["城市", "治理", "社区"]
