"""Indices of policies: against a published surface, by hand, and with their evidence."""

import pytest
from scipy import stats

from toolkit import Corpus
from toolkit.compare import index_sheet, score_index
from toolkit.metadata import CorpusError

#: Revista Académica ECO 13, p. 9, table 3: nine variables of one policy, whose mean is told as 0.6.
PUBLISHED = [1, 0.75, 0.58, 1, 0.50, 0.67, 0.36, 0.36, 0.22]
TEXT = "三年内建成。市财政安排专项资金。\n加强组织领导。"


def filled(corpus, questions, values, sentence="三年内建成。", most=1):
    sheet = index_sheet(corpus, questions, most=most)
    sheet["value"] = values
    sheet["sentence"] = [sentence if value else "" for value in values]
    return sheet


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts({"a": TEXT, "b": TEXT})


def test_a_published_surface_is_found_again():
    """Each variable has 100 questions, of which as many are yes as the table has hundredths."""
    corpus = Corpus.from_texts({"a": TEXT})
    questions = {f"X{i}": [f"q{j}" for j in range(100)] for i in range(1, 10)}
    values = [int(j < round(100 * x)) for x in PUBLISHED for j in range(100)]
    index = score_index(corpus, {"one": filled(corpus, questions, values)})
    assert index.scores.loc["a"].tolist() == pytest.approx(PUBLISHED)
    assert round(index.table["index"].item() / 9, 1) == 0.6
    assert index.table["grade"].item() == "acceptable"  # 5.44


QUESTIONS = {"时效": ["有期限吗？", "有年度任务吗？"], "保障": ["有资金吗？"]}


def test_two_raters_by_hand(corpus):
    one = filled(corpus, QUESTIONS, [1, 0, 1, 0, 0, 1])
    two = filled(corpus, QUESTIONS, [1, 1, 1, 0, 0, 1])
    index = score_index(corpus, {"one": one, "two": two})
    assert index.scores.to_numpy().tolist() == [[0.75, 1], [0, 1]]
    assert index.table.to_numpy().tolist() == [[1.75, 1, ""], [1, 2, ""]]
    assert index.disagreements[
        ["doc_id", "variable", "item", "one", "two"]
    ].to_numpy().tolist() == [["a", "时效", 2, 0, 1]]
    agreement = index.agreement.set_index("variable")
    assert agreement["n"].tolist() == [4, 2, 6]
    assert agreement["same"].tolist() == pytest.approx([3 / 4, 1, 5 / 6])
    # Of 12 values 7 are 1; one pair of 6 differs: 1 - (2 / 12) / (2 · 7 · 5 / (12 · 11)).
    assert agreement.loc["all", "alpha"] == pytest.approx(1 - (2 / 12) / (70 / 132))
    assert index.answers.query("value > 0")["sentence"].eq("三年内建成。").all()


def test_a_csv_is_read_and_a_broken_sentence_is_known(corpus, tmp_path):
    sheet = filled(
        corpus, QUESTIONS, [1, 0, 1, 0, 0, 1], sentence="市财政安排专项资金。加强组织领导。"
    )
    sheet.to_csv(tmp_path / "one.csv", index=False)
    index = score_index(corpus, {"one": tmp_path / "one.csv"})
    assert index.table["index"].to_dict() == {"a": 1.5, "b": 1}


def test_all_that_is_wrong_is_told_together(corpus):
    sheet = filled(corpus, QUESTIONS, [1, 2, "", 0, 1, 1])
    sheet.loc[4, "sentence"], sheet.loc[5, "sentence"] = "", "没有这句话。"
    sheet.loc[3, "doc_id"] = "c"
    with pytest.raises(CorpusError) as told:
        score_index(corpus, {"one": sheet, "two": sheet.drop(columns="value")})
    text = str(told.value)
    for part in (
        "'2', not 0 to 1",
        "'', not 0 to 1",
        "needs the sentence",
        "does not hold '没有这句话。'",
    ):
        assert part.replace("'2'", "2") in text
    assert "c, 时效 1: there is no such document" in text
    assert "the sheet of two has no column value" in text
    whole = filled(corpus, QUESTIONS, [1, 0, 1, 0, 0, 1])
    with pytest.raises(CorpusError, match="two lacks 1 questions"):
        score_index(corpus, {"one": whole, "two": whole.iloc[:5]})
    with pytest.raises(CorpusError, match="b has 2 questions, others 3"):
        score_index(corpus, {"one": whole.iloc[:5]})
    with pytest.raises(CorpusError, match="no rater"):
        score_index(corpus, {})


def test_sensitivity_tells_what_hangs_on_a_variable():
    corpus = Corpus.from_texts(dict.fromkeys("abcd", TEXT))
    questions = {"x": ["?"], "y": ["?"], "same": ["?"]}
    sheet = filled(corpus, questions, [3, 1, 5, 2, 0, 5, 1, 4, 5, 0, 3, 5], most=5)
    index = score_index(corpus, {"one": sheet}, most=5)
    found = index.sensitivity().set_index("variable")
    assert found.loc["same", ["spread", "correlation", "most_moved"]].tolist() == [0, 1, 0]
    whole, rest = index.scores.sum(axis=1), index.scores[["y", "same"]].sum(axis=1)
    assert found.loc["x", "correlation"] == pytest.approx(stats.spearmanr(whole, rest).statistic)
