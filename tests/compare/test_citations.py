"""Who issues, with whom, citing what: by hand."""

import pandas as pd
import pytest

from toolkit import Corpus, reuse
from toolkit.compare import find_citations, issuing_bodies

SHARED = "深化接诉即办改革完善首接负责制和限时办结机制让群众办事更方便"
DOCS = {
    "law": ("中华人民共和国城乡规划法（2019年修正）", None, 2019, f"第一条 {SHARED}。"),
    "plan": ("国务院办公厅关于加强城市更新的指导意见", "国办发〔2020〕25号", 2020, "推进更新。"),
    "old": ("甲市住房条例", "甲政发〔2020〕25号", 2020, "住房。"),
    "rule": (
        "甲市人民政府关于加强城市更新的实施办法",
        "甲政发〔2021〕7号",
        2021,
        f"根据《城乡规划法》和《国务院办公厅关于加强城市更新的指导意见》（国办发[2020]25号）制定。{SHARED}。"
        "本办法即《关于加强城市更新的实施办法》。参照《民法典》。",
    ),
    "note": (
        "札记",
        None,
        2022,
        "按照甲政发〔2021〕7 号文和国办发（2020）第25号要求，"
        "见《乙市人民政府关于加强城市更新的实施办法》。",
    ),
}


@pytest.fixture(scope="module")
def corpus():
    names = ("title", "document_number", "year")
    metadata = {d: dict(zip(names, row[:3], strict=True)) for d, row in DOCS.items()}
    return Corpus.from_texts({d: row[3] for d, row in DOCS.items()}, metadata=metadata)


def test_titles_and_numbers_are_found_again(corpus):
    found = find_citations(corpus)
    columns = ["doc_id", "title", "number", "cited"]
    assert found.mentions[columns].to_numpy().tolist() == [
        ["rule", "城乡规划法", "", "law"],
        ["rule", "国务院办公厅关于加强城市更新的指导意见", "国办发〔2020〕25号", "plan"],
        ["rule", "民法典", "", ""],
        ["note", "乙市人民政府关于加强城市更新的实施办法", "", ""],  # another issuer
        ["note", "", "甲政发〔2021〕7号", "rule"],
        ["note", "", "国办发〔2020〕25号", "plan"],
    ]
    assert found.documents["cited_by"].to_dict() == {
        "law": 1,
        "plan": 2,
        "old": 0,
        "rule": 1,
        "note": 0,
    }
    assert found.documents.loc["rule", "citing"] == 2
    assert found.mentions["sentence"].iloc[0].startswith("根据《城乡规划法》")
    assert "制定。" in found.mentions["sentence"].iloc[0]


def test_what_several_are_called_stays_open():
    texts = {"a": "甲。", "b": "乙。", "c": "见《政府工作报告》。"}
    metadata = {d: {"title": "政府工作报告"} for d in "ab"} | {"c": {"title": "解读"}}
    row = find_citations(Corpus.from_texts(texts, metadata=metadata)).mentions.iloc[0]
    assert (row["cited"], row["candidates"]) == ("", 2)


def test_a_later_document_is_never_meant():
    texts = {"a": "甲。", "b": "见《甲市办法》。"}
    metadata = {"a": {"title": "甲市办法", "year": 2023}, "b": {"title": "乙", "year": 2021}}
    assert find_citations(Corpus.from_texts(texts, metadata=metadata)).mentions[
        "cited"
    ].tolist() == [""]


def test_wording_is_joined_with_citations(corpus):
    edges = find_citations(corpus, reuse(corpus)).edges.set_index(["doc_id", "cited"])
    row = edges.loc[("rule", "law")]
    assert row["mentions"] == 1 and row["letters"] >= len(SHARED) and 0 < row["share"] < 1
    assert edges.loc[("note", "plan"), "letters"] == 0
    assert ("law", "rule") not in edges.index


def test_wording_without_a_citation_goes_from_the_earlier_to_the_later():
    texts = {"a": f"{SHARED}。种树。", "b": f"{SHARED}。修路。"}
    metadata = {"a": {"title": "甲", "year": 2022}, "b": {"title": "乙", "year": 2020}}
    corpus = Corpus.from_texts(texts, metadata=metadata)
    edges = find_citations(corpus, reuse(corpus)).edges
    assert edges[["doc_id", "cited", "mentions"]].to_numpy().tolist() == [["a", "b", 0]]


def test_bodies_over_years_and_under_their_names():
    rows = {
        "a": ("建设部、财政部", 2007),
        "b": ("财政部 住房和城乡建设部", 2010),
        "c": ("民政部；财政部，民政部", 2010),
        "d": (None, 2010),
    }
    metadata = {d: {"issuer": i, "year": y} for d, (i, y) in rows.items()}
    corpus = Corpus.from_texts(dict.fromkeys(rows, "通知。"), metadata=metadata)
    found = issuing_bodies(corpus, names={"建设部": "住房和城乡建设部"})
    assert found.bodies.to_numpy().tolist() == [
        ["财政部", 3, 3, 2],
        ["住房和城乡建设部", 2, 2, 1],
        ["民政部", 1, 1, 1],
    ]
    assert found.pairs["jaccard"].tolist() == pytest.approx([2 / 3, 1 / 3])
    by_year = issuing_bodies(corpus, by="year")
    assert by_year.pairs[["year", "documents"]].to_numpy().tolist() == [
        [2007, 1],
        [2010, 1],
        [2010, 1],
    ]
    assert by_year.bodies.query("body == '财政部'")["documents"].tolist() == [1, 2]


def test_what_is_missing_is_told():
    corpus = Corpus.from_texts({"a": "甲。"})
    with pytest.raises(ValueError, match="neither title nor document_number"):
        find_citations(Corpus(corpus.units.drop(columns="title", errors="ignore")))
    with pytest.raises(ValueError, match="no column 'issuer'"):
        issuing_bodies(corpus)
    with pytest.raises(ValueError, match="the column 'issuer' is empty"):
        issuing_bodies(Corpus(corpus.units.assign(issuer=pd.NA)))
