import csv
import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import Corpus, CorpusError, clean, concordance, segment, term_weights, tfidf
from toolkit.loading import DIMENSIONS


def write(folder, rows, texts, sections=()):
    """Write a corpus folder from rows of metadata, texts as bytes, rows of labels."""
    (folder / "texts").mkdir(parents=True)
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    for name, text in texts.items():
        (folder / "texts" / name).write_bytes(text)
    if sections:
        with (folder / "sections.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(sections)
    return folder


def test_sample_holds_the_article_and_forty_texts(sample):
    assert len(sample) == 41
    assert (sample.units["origin"] == "original").sum() == 1
    assert sample.units.loc["beijing-2023", "origin"] == "original"
    assert sample.units["year"].dtype == "int64"
    assert sample["beijing-2023"].startswith("中国共产党新闻网>>理论")
    assert "扫一扫" in sample["beijing-2023"], "the article stands as it was found"


def test_every_labelled_section_is_found(sections, sample):
    assert len(sections) == len(sample.sections) == 222
    assert set(sections.units["dimension"]) == set(DIMENSIONS)
    merged = sections.units.groupby("doc_id")["dimension"].agg(list)
    expected = sample.sections.groupby("doc_id")["dimension"].agg(list)
    assert merged.to_dict() == expected.to_dict()


def test_the_four_parts_of_the_article(sections):
    article = sections.select(doc_id="beijing-2023").units
    assert article["dimension"].tolist() == [
        "general",
        "refined",
        "smart",
        "participatory",
        "legal",
    ]
    assert article["section"].tolist()[1:3] == [
        "突出以人为本，不断提高城市治理精细化水平",
        "强化科技赋能，不断提高城市治理智能化水平",
    ]


def test_bad_corpus_tells_all_problems_at_once(tmp_path):
    (tmp_path / "outside.txt").write_text("外面", encoding="utf-8")
    folder = write(
        tmp_path / "bad",
        [
            ["id", "file", "year", "kind"],
            ["good", "texts/good.txt", "2023", "theory"],
            ["good", "texts/again.txt", "2023", "theory"],
            ["gone", "texts/gone.txt", "2023", "theory"],
            ["out", "../outside.txt", "2023", "theory"],
            ["year", "texts/year.txt", "去年", "theory"],
            ["kind", "texts/kind.txt", "2023", "poem"],
            ["empty", "texts/empty.txt", "2023", "theory"],
            ["gbk", "texts/gbk.txt", "2023", "theory"],
            ["../up", "texts/up.txt", "2023", "theory"],
        ],
        {
            "good.txt": "好。".encode(),
            "again.txt": "又。".encode(),
            "year.txt": "年。".encode(),
            "kind.txt": "类。".encode(),
            "empty.txt": b" \n",
            "gbk.txt": "城市".encode("gbk"),
            "up.txt": "上。".encode(),
            "stray.txt": "散。".encode(),
        },
        [
            ["doc_id", "position", "heading", "dimension"],
            ["nobody", "1", "甲", "smart"],
            ["good", "1", "甲", ""],
        ],
    )
    with pytest.raises(CorpusError) as caught:
        Corpus.load(folder)
    message = str(caught.value)
    assert message.startswith("10 problems in this corpus:")
    for expected in [
        "metadata.csv line 3: id 'good' stands on line 2 already",
        "line 4: file 'texts/gone.txt' does not exist",
        "line 5: file '../outside.txt' lies outside the folder",
        "line 6: year '去年' is not four digits",
        "line 8: file 'texts/empty.txt' is empty",
        "line 9: file 'texts/gbk.txt' is not UTF-8 (byte 0); save it again as UTF-8",
        "line 10: id '../up' may hold only",
        "stray.txt has no row in metadata.csv",
        "sections.csv line 2: unknown doc_id 'nobody'",
        "sections.csv line 3: no dimension",
    ]:
        assert expected in message


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["name"], ["a"]], "line 1: no column id, file; found name"),
        ([["id", "file"]], "has no rows"),
        ([["id", "file"], ["a", "x,y", "z"]], "line 2: 2 columns expected"),
    ],
)
def test_bad_tables(tmp_path, rows, expected):
    with pytest.raises(CorpusError, match=expected):
        Corpus.load(write(tmp_path / "c", rows, {}))


def test_no_table(tmp_path):
    with pytest.raises(CorpusError, match="does not exist; it lists the texts"):
        Corpus.load(tmp_path)


def test_line_numbers_count_quoted_line_breaks(tmp_path):
    rows = [["id", "file", "title"], ["a", "texts/a.txt", "两\n行"], ["b", "texts/b.txt", "甲"]]
    with pytest.raises(CorpusError, match=r"line 4: file 'texts/b\.txt' does not exist"):
        Corpus.load(write(tmp_path / "c", rows, {"a.txt": "文。".encode()}))


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "secret.txt").write_text("密", encoding="utf-8")
    folder = write(tmp_path / "c", [["id", "file"], ["a", "texts/a.txt"]], {})
    (folder / "texts" / "a.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(CorpusError, match="lies outside the folder"):
        Corpus.load(folder)


@pytest.mark.parametrize("unit", [None, "section", "paragraph", "sentence"])
def test_save_and_load_give_the_same_corpus(sample, tmp_path, unit):
    corpus = sample.select(city="北京")
    if unit:
        corpus = corpus.split(unit)
    again = Corpus.load(corpus.save(tmp_path / "saved"))
    assert again.unit == corpus.unit
    assert again.units["text"].to_dict() == corpus.units["text"].to_dict()
    shared = [c for c in corpus.units if c not in ("text", "dimension")]
    for column in shared:
        assert again.units[column].tolist() == corpus.units[column].tolist(), column


def test_save_never_overwrites(sample, tmp_path):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError, match="exists and is not empty"):
        sample.save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_select(sample):
    assert set(sample.select(city="北京").units.index) == {
        "beijing-2021",
        "beijing-2023",
        "beijing-2025",
    }
    chosen = sample.select(city=["北京", "上海"], year=range(2022, 2030), kind="review")
    assert set(chosen.units.index) == {"beijing-2025", "shanghai-2023", "shanghai-2025"}
    assert set(chosen.sections["doc_id"]) == set(chosen.units.index)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"city": "南极"}, "no city 南极; these units have 上海, 佛山"),
        ({"city": ["北京", "南极"]}, "no city 南极"),
        (
            {"year": "2024"},
            r"no year 2024 \(a str; they are numbers\); these units have 2020, 2021",
        ),
        ({"year": 1999, "kind": "poem"}, "no year 1999.*no kind poem"),
        ({"city": "佛山", "year": 2025}, "no unit has city='佛山' and year=2025"),
    ],
)
def test_select_explains_itself(sample, wanted, expected):
    with pytest.raises(ValueError, match=expected):
        sample.select(**wanted)


def test_what_there_is_one_of_has_no_plural(tmp_path):
    one = Corpus.from_texts({"a": "热线。网格。"}, metadata={"a": {"city": "北京", "year": 2024}})
    assert repr(one) == "Corpus: 1 document, 1 place, 2024"
    assert repr(one.split("sentence")) == "Corpus: 2 sentences, 1 document, 1 place, 2024"
    (tmp_path / "a.txt").write_text("文。", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"1 text file found"):
        Corpus.load(tmp_path)


def test_an_empty_cell_is_a_missing_value(tmp_path):
    folder = write(
        tmp_path / "c",
        [
            ["id", "file", "doc_id", "title", "city", "year", "kind"],
            ["a", "texts/a.txt", "", "", "", "2024", "regulation"],
            ["b", "texts/b.txt", "", "", "", "", ""],
        ],
        {"a.txt": "热线诉求。".encode(), "b.txt": "热线网格。".encode()},
    )
    corpus = Corpus.load(folder)
    assert repr(corpus) == "Corpus: 2 documents, 2024"
    assert corpus.units["doc_id"].tolist() == ["a", "b"]
    assert corpus.units["kind"].dropna().tolist() == ["regulation"]
    with pytest.raises(ValueError, match=r"no city 上海; these units have none$"):
        corpus.select(city="上海")
    tokens = segment(corpus)
    with pytest.raises(ValueError, match="no unit has a value in its column 'city'"):
        term_weights(tfidf(tokens, min_df=1, max_df=1.0), by="city")
    assert Corpus.load(corpus.save(tmp_path / "again")).fingerprint == corpus.fingerprint


def test_a_year_that_some_texts_lack_stays_a_whole_number():
    corpus = Corpus.from_texts({"a": "热线。", "b": "网格。"}, metadata={"a": {"year": 2024}})
    split = corpus.split("paragraph").units
    lines = [concordance(corpus, word) for word in ("热线", "。")]
    for table, years in ((split, [2024, 0]), (lines[0], [2024]), (lines[1], [2024, 0])):
        assert table["year"].dtype == "Int64"
        assert table["year"].fillna(0).tolist() == years


def test_select_by_a_column_of_ones_own():
    metadata = {
        "a": {"district": "海淀", "source page": 3, "class": "x", "Ｎｏ": 1, "score": 0.5},
        "b": {"district": "朝阳", "source page": 4, "class": "y", "Ｎｏ": 2, "score": 1.5},
    }
    corpus = Corpus.from_texts({"a": "文", "b": "章"}, metadata=metadata)
    for column, value in metadata["b"].items():
        chosen = corpus.select(**{column: value})
        assert chosen.units.index.tolist() == ["b"]
        scope = {}
        exec(chosen.to_code(), scope)
        assert scope["corpus"].fingerprint == chosen.fingerprint
    assert corpus.select(district=["海淀", "朝阳"], score=None).units.equals(corpus.units)
    with pytest.raises(ValueError, match=r"no column 'distrikt', only city, district.*no city"):
        Corpus.from_texts({"a": "文"}, metadata={"a": {"city": "甲", "district": "乙"}}).select(
            distrikt="乙", city="丙"
        )


def test_select_names_a_missing_column():
    with pytest.raises(ValueError, match="no column 'city'"):
        Corpus.from_texts({"a": "文"}).select(city="北京")


def test_split_units_and_ids():
    text = "题目\n\n引子一。引子二。\n\n一、第一节\n\n甲。\n\n乙一！乙二？\n\n"
    text += "（二）第二节\n\n丙。\n\n落款"
    corpus = Corpus.from_texts({"x": text}, metadata={"x": {"title": "题目"}})
    assert corpus.split("section").units["text"].to_dict() == {
        "x#s01": "引子一。引子二。",
        "x#s02": "甲。\n\n乙一！乙二？",
        "x#s03": "丙。\n\n落款",
    }
    paragraphs = corpus.split("paragraph").units
    assert paragraphs.index.tolist() == ["x#p01", "x#p02", "x#p03", "x#p04", "x#p05"]
    assert paragraphs["section"].tolist() == [
        "",
        "一、第一节",
        "一、第一节",
        "（二）第二节",
        "（二）第二节",
    ]
    sentences = corpus.split("sentence").units
    assert sentences["text"].tolist() == [
        "引子一。",
        "引子二。",
        "甲。",
        "乙一！",
        "乙二？",
        "丙。",
        "落款",
    ]
    assert sentences.index[3:5].tolist() == ["x#p03.1", "x#p03.2"]
    joined = corpus.split("sentence", min_chars=5).units["text"].tolist()
    assert joined == ["引子一。引子二。", "甲。\n\n乙一！乙二？", "丙。\n\n落款"]


@given(
    st.text(alphabet="城市治理。！，\n一、（）1. ", max_size=200),
    st.sampled_from(["section", "paragraph", "sentence"]),
    st.integers(1, 30),
)
def test_split_keeps_every_body_character_in_place(text, unit, min_chars):
    if not text.strip():
        return
    corpus = Corpus.from_texts({"x": text})
    try:
        units = corpus.split(unit, min_chars=min_chars).units
    except ValueError as error:
        assert "nothing to split" in str(error)
        return
    ends = 0
    for row in units.to_dict("records"):
        assert text[row["start"] : row["start"] + len(row["text"])] == row["text"]
        assert row["start"] >= ends
        ends = row["start"] + len(row["text"])

    def letters(some):
        return set(re.sub(r"\W", "", "".join(some)))

    headings = " / ".join({*units["section"], *units["path"]})
    assert letters(text) == letters([*units["text"], headings])


LAW = "某市条例\n第一章 总则\n第一条 为了治理。\n第二条 本市适用。\n本条例所称甲，是指乙。\n"
LAW += "第二章 职责\n第一节 市级\n第三条 市里负责：\n（一）甲；\n（二）乙。"


def test_articles_know_their_chapter():
    corpus = Corpus.from_texts({"x": LAW}, metadata={"x": {"title": "某市条例"}})
    units = corpus.split("article").units
    assert units[["path", "section", "chapter"]].to_numpy().tolist() == [
        ["第一章 总则", "第一条", "第一章 总则"],
        ["第一章 总则", "第二条", "第一章 总则"],
        ["第二章 职责 / 第一节 市级", "第三条", "第二章 职责"],
    ]
    assert units.index.tolist() == ["x#a001", "x#a002", "x#a003"]
    assert units["text"].tolist()[1:] == [
        "第二条 本市适用。\n本条例所称甲，是指乙。",
        "第三条 市里负责：\n（一）甲；\n（二）乙。",
    ]
    with pytest.raises(ValueError, match="no text has articles"):
        Corpus.from_texts({"x": "一、甲\n正文。"}).split("article")


def test_passages_know_the_headings_above_them(tmp_path):
    text = "引子。\n一、要求\n（一）思想\n甲。\n（二）目标\n乙。\n二、保障\n（一）组织\n丙。"
    corpus = Corpus.from_texts({"x": text}).split("section")
    assert corpus.units[["section", "path", "chapter"]].to_numpy().tolist() == [
        ["", "", ""],
        ["（一）思想", "一、要求", "一、要求"],
        ["（二）目标", "一、要求", "一、要求"],
        ["（一）组织", "二、保障", "二、保障"],
    ]
    assert corpus.units["text"].tolist() == ["引子。", "甲。", "乙。", "丙。"]
    again = Corpus.load(corpus.save(tmp_path / "saved")).units
    assert again["path"].tolist() == corpus.units["path"].tolist()


def test_a_passage_too_long_is_parted_at_sentences_and_told():
    text = "推进城市治理。" * 1_000
    corpus = Corpus.from_texts({"x": f"短的一段。\n{text}"})
    with pytest.warns(UserWarning, match="1 passage had more than 5,000 characters"):
        units = corpus.split("paragraph").units
    assert units.index.tolist() == ["x#p01", "x#p02-1", "x#p02-2"]
    assert "".join(units["text"][1:]) == text
    assert units["text"].str.endswith("。").all()
    assert len(corpus.split("paragraph", max_chars=None)) == 2


def test_split_explains_itself(sections):
    with pytest.raises(ValueError, match="split into sections already; split the whole texts"):
        sections.split("sentence")
    with pytest.raises(ValueError, match="must be one of"):
        Corpus.from_texts({"a": "文。"}).split("chapter")


def test_labels_that_fit_no_heading_warn(tmp_path):
    folder = write(
        tmp_path / "c",
        [["id", "file"], ["a", "texts/a.txt"]],
        {"a.txt": "甲节\n\n文。".encode()},
        [["doc_id", "position", "heading", "dimension"], ["a", "1", "乙节", "smart"]],
    )
    with pytest.warns(UserWarning, match="1 labelled headings are not headings .*a: 乙节"):
        Corpus.load(folder).split("section")


def test_from_texts_explains_itself():
    with pytest.raises(CorpusError, match="3 problems"):
        Corpus.from_texts({"a": " ", "b/c": "文"}, metadata={"z": {"year": 1}})
    with pytest.raises(CorpusError, match="no text"):
        Corpus.from_texts({})


def test_fingerprint_follows_text_metadata_and_labels(sample):
    base = Corpus.from_texts({"a": "文"}, metadata={"a": {"year": 2023}})
    assert (
        base.fingerprint
        == Corpus.from_texts({"a": "文"}, metadata={"a": {"year": 2023}}).fingerprint
    )
    assert (
        base.fingerprint
        != Corpus.from_texts({"a": "字"}, metadata={"a": {"year": 2023}}).fingerprint
    )
    assert (
        base.fingerprint
        != Corpus.from_texts({"a": "文"}, metadata={"a": {"year": 2024}}).fingerprint
    )
    assert sample.fingerprint != Corpus(sample.units, None).fingerprint


def test_a_folder_of_texts_is_told_to_be_taken_in(tmp_path):
    with pytest.raises(CorpusError) as empty:
        Corpus.load(tmp_path)
    assert "intake" not in str(empty.value)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("文", encoding="utf-8")
    told = f'2 text files found: toolkit intake "{tmp_path}" --into corpus makes it'
    with pytest.raises(CorpusError) as found:
        Corpus.load(tmp_path)
    assert told in str(found.value)


def test_a_kind_and_a_label_of_ones_own(tmp_path):
    folder = write(
        tmp_path / "c",
        [["id", "file", "kind"], ["a", "texts/a.txt", "诗"]],
        {"a.txt": "甲节\n\n文。".encode()},
        [["doc_id", "position", "heading", "dimension"], ["a", "1", "甲节", "数字化"]],
    )
    corpus = Corpus.load(folder)
    assert corpus.units["kind"].tolist() == ["诗"]
    assert corpus.split("section").units["dimension"].tolist() == ["数字化"]


@pytest.mark.parametrize("year", ["2023年", "2023", 2023, 2023.0, "二〇二三年", "２０２３"])
def test_a_year_is_a_number(year):
    corpus = Corpus.from_texts({"a": "文", "b": "章"}, metadata={"a": {"year": year}})
    assert corpus.units["year"].tolist() == [2023, pd.NA]


def test_a_year_that_is_none_is_an_error():
    with pytest.raises(CorpusError, match="text 'a': year '去年' is not four digits"):
        Corpus.from_texts({"a": "文"}, metadata={"a": {"year": "去年"}})


OWN = ("self", "unit", "position", "start", "section", "id", "file", "id_", "class", "kind", "ＩＤ")


def test_columns_of_any_name_are_the_users(tmp_path):
    metadata = {
        "a": {column: f"{column}甲" for column in OWN},
        "b": {column: f"{column}乙" for column in OWN},
    }
    corpus = Corpus.from_texts({"a": "城市。治理。", "b": "社区。"}, metadata=metadata)
    assert corpus.unit == "document"
    again = Corpus.load(corpus.save(tmp_path / "saved"))
    assert again.fingerprint == corpus.fingerprint
    for column in OWN:
        chosen = again.select(**{column: f"{column}乙"})
        assert chosen.units.index.tolist() == ["b"]
        exec(chosen.to_code(), scope := {})
        assert scope["corpus"].fingerprint == chosen.fingerprint
    with pytest.warns(UserWarning, match="are now document_section, document_position"):
        split = corpus.split("sentence")
    assert split.units["document_position"].tolist() == ["position甲"] * 2 + ["position乙"]
    assert concordance(corpus, "社区")["start"].tolist() == [0]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=6)


@given(
    st.dictionaries(
        st.sampled_from(["甲", "@乙", "=丙", "year"]),
        CELLS | st.integers(-9, 9) | st.floats(allow_nan=False) | st.booleans(),
    ),
    st.text("城市\n\r。\ufeff ", min_size=1).filter(str.strip),
)
def test_what_is_saved_is_loaded_to_the_letter(tmp_path_factory, values, text):
    values = {k: v for k, v in values.items() if k != "year"} | {"year": 2023}
    corpus = Corpus.from_texts({"a": text, "b": "文"}, metadata={"a": values, "b": values})
    again = Corpus.load(corpus.save(tmp_path_factory.mktemp("c") / "saved"))
    assert again.fingerprint == corpus.fingerprint
    assert again["a"] == text


def test_types_come_back(tmp_path):
    days = pd.to_datetime(["2023-05-10 10:33", "2024-01-01 00:00"])
    units = Corpus.from_texts({"a": "文", "b": "章"}).units.assign(
        day=days, share=[1 / 3, np.nan], known=[True, False], n=pd.array([1, None], dtype="Int64")
    )
    again = Corpus.load(Corpus(units).save(tmp_path / "saved")).units
    for column in ("day", "share", "known", "n"):
        pd.testing.assert_series_equal(again[column], units[column])


def test_a_text_that_ended_empty_is_saved_and_loaded(tmp_path):
    corpus = Corpus.from_texts({"a": "分享到：微信", "b": "首页>>理论\n城市治理要精细。"})
    cleaned = clean(corpus).corpus
    assert cleaned["a"] == ""
    again = Corpus.load(cleaned.save(tmp_path / "saved"))
    assert again.fingerprint == cleaned.fingerprint


def test_half_a_character_names_its_text():
    with pytest.raises(CorpusError, match=r"text 'b': text holds half a character.*'\\ud83d' at 1"):
        Corpus.from_texts({"a": "文", "b": "文\ud83d"})
    with pytest.raises(CorpusError, match="text 'a': title holds half a character"):
        Corpus.from_texts({"a": "文"}, metadata={"a": {"title": "\udc00"}})


@pytest.mark.parametrize(
    "values",
    [
        ["a", "b"],
        ("a", "b"),
        {"a", "b"},
        np.array(["a", "b"]),
        pd.Series(["a", "b"]),
        pd.Index(["a", "b"]),
        {"a": 1, "b": 2}.keys(),
        iter(["a", "b"]),
    ],
)
def test_values_come_in_any_form(values):
    corpus = Corpus.from_texts(dict.fromkeys("abc", "文"))
    chosen = corpus.select(unit_id=values)
    assert chosen.units.index.tolist() == ["a", "b"]
    exec(chosen.to_code(), scope := {})
    assert scope["corpus"].fingerprint == chosen.fingerprint


def test_a_missing_value_can_be_selected():
    corpus = Corpus.from_texts(dict.fromkeys("abc", "文"), metadata={"b": {"flaw": "去年的"}})
    assert corpus.select(flaw="").units.index.tolist() == ["a", "c"]


def test_a_corpus_is_narrowed_by_what_it_holds():
    corpus = Corpus.from_texts({"a": "热线，热线。", "b": "热线。", "c": "网格热线。"})
    assert corpus.matching("热线", at_least=2).units.index.tolist() == ["a"]
    found = corpus.matching({"网格", "网格热线"})
    assert found.units.index.tolist() == ["c"]
    exec(found.to_code(), scope := {})
    assert scope["corpus"].fingerprint == found.fingerprint
    with pytest.raises(ValueError, match="no unit holds 热线 3 times; the most is 2"):
        corpus.matching("热线", at_least=3)
    with pytest.raises(ValueError, match="terms that are not empty"):
        corpus.matching([])


def test_a_grouping_tells_what_it_leaves_out():
    corpus = Corpus.from_texts(dict.fromkeys("abc", "城市"), metadata={"a": {"year": 2023}})
    matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    with pytest.warns(UserWarning, match="2 of 3 units have no year and are left out"):
        table = term_weights(matrix, by="year")
    assert table["group"].tolist() == [2023]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        term_weights(matrix, by="doc_id")


@pytest.mark.parametrize(
    "text",
    ["[" * 99_999, "[]", "{}", '{"unit": 3, "types": {}, "renamed": {}}', "7",
     '{"unit": "document", "types": [], "renamed": {}}',
     '{"unit": "document", "types": {"year": 3}, "renamed": {}}'],
)  # fmt: skip
def test_a_damaged_note_of_a_saved_corpus_is_told_with_its_mend(sample, tmp_path, text):
    folder = sample.select(city="北京").save(tmp_path / "c")
    (folder / "corpus.json").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"corpus\.json is damaged .*delete it"):
        Corpus.load(folder)


def test_a_saved_corpus_is_edited_in_a_spreadsheet(tmp_path):
    folder = tmp_path / "c"
    units = {"a": "城市治理要精细。", "b": "社区共治要落实。"}
    corpus = Corpus.from_texts(units)
    corpus = replace(corpus, units=corpus.units.assign(kept=[True, False], n=[1, 2], x=[0.5, 1.5]))
    corpus.save(folder)
    path = folder / "metadata.csv"
    was = path.read_text("utf-8-sig")
    path.write_text(was.replace("True", "TRUE").replace("False", "FALSE"), encoding="utf-8")
    assert Corpus.load(folder).units["kept"].tolist() == [True, False]
    path.write_text(was.replace(",x", ",y").replace("kept", "held"), encoding="utf-8")
    assert Corpus.load(folder).units["y"].tolist() == ["0.5", "1.5"]
    path.write_text(was.replace("True", "是").replace("1.5", "一半"), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"(?s)'kept' was saved as bool.*'x' was saved as float"):
        Corpus.load(folder)


# ---------------------------------------------------------------- dates and frames

MESSAGES = pd.DataFrame(
    {
        "编号": [1207, 1208, 1300],
        "留言主题": ["路灯", "公交", "噪声"],
        "留言详情": ["路灯不亮。", "公交太少。", "夜里施工。"],
        "留言时间": ["2019/4/3 10:47:25", "2020年1月9日", "20190403"],
        "点赞数": [3, 0, 12],
    }
)


def test_ids_outlive_a_table_to_which_columns_were_joined():
    corpus = Corpus.from_texts({"a": "城市", "b": "社区", "c": "热线"})
    table = corpus.to_frame().assign(city=["北京", "上海", "广州"])
    known = pd.DataFrame({"city": ["上海", "北京", "广州"], "tier": ["一", "二", "三"]})
    joined = Corpus.from_frame(table.merge(known, on="city"))
    assert [*joined.units.index] == ["a", "b", "c"]
    assert [*joined.units["doc_id"]] == ["a", "b", "c"]
    assert [*Corpus.from_frame(table[table["city"] != "上海"]).units.index] == ["a", "c"]
    # An index with names of its own is what the user said, and passages have no id in doc_id.
    assert [*Corpus.from_frame(table.set_axis(["x", "y", "z"])).units.index] == ["x", "y", "z"]
    assert [*Corpus.from_frame(table.assign(doc_id="a")).units.index] == ["0", "1", "2"]


def test_a_frame_is_a_corpus_with_all_of_its_columns():
    corpus = Corpus.from_frame(MESSAGES, text="留言详情", id="编号")
    assert corpus.units.index.tolist() == ["1207", "1208", "1300"]
    assert corpus["1208"] == "公交太少。"
    assert corpus.units["year"].tolist() == [2019, 2020, 2019]
    assert corpus.units["date"].tolist() == ["2019-04-03 10:47:25", "2020-01-09", "2019-04-03"]
    for column in MESSAGES.columns.drop("留言详情"):
        assert corpus.units[column].tolist() == MESSAGES[column].tolist()
    assert corpus.units["点赞数"].dtype == "int64"
    by_index = Corpus.from_frame(MESSAGES.set_index("编号"), text="留言详情")
    assert by_index.units.index.tolist() == corpus.units.index.tolist()


def test_a_frame_tells_all_that_is_wrong_with_it():
    table = MESSAGES.assign(编号=[1207, 1207, None], 留言时间=["去年夏天", "", "2019-04-03"])
    table.loc[2, "留言详情"] = None
    with pytest.raises(CorpusError) as found:
        Corpus.from_frame(table, text="留言详情", id="编号")
    for told in (
        "row 0: column '留言时间', which holds dates by its name: date '去年夏天' is not understood"
        "; "
        "write it as 2019-04-03",
        "row 1: id '1207' is that of row 0 already",
        "row 2: id '' may hold only",
        "row 2: the text is empty",
    ):
        assert told in str(found.value)
    with pytest.raises(CorpusError, match=r"no column '留言'; there are 编号, 留言主题"):
        Corpus.from_frame(MESSAGES, text="留言")
    with pytest.raises(TypeError, match="from_frame needs a DataFrame, not list"):
        Corpus.from_frame(["路灯不亮。"])
    with pytest.raises(CorpusError, match="2 columns '编号'"):
        Corpus.from_frame(MESSAGES.rename(columns={"点赞数": "编号"}), text="留言详情")


def test_whoever_brings_a_date_it_is_read_in_one_way(tmp_path):
    from toolkit import intake

    dates = {"a": "2019/4/3 10:47:25", "b": "２０２３", "c": "二〇二四年一月二十七日", "d": "43558"}
    texts = {i: f"{i}。路灯不亮，请尽快修理。" for i in dates}
    made = Corpus.from_texts(texts, metadata={i: {"date": date} for i, date in dates.items()})
    table = pd.DataFrame({"id": [*texts], "text": texts.values(), "date": dates.values()})
    framed = Corpus.from_frame(table, id="id")
    rows = [["id", "file", "date"], *([i, f"texts/{i}.txt", date] for i, date in dates.items())]
    loaded = Corpus.load(
        write(tmp_path / "c", rows, {f"{i}.txt": t.encode() for i, t in texts.items()})
    )
    table.to_csv(tmp_path / "messages.csv", index=False)
    intake(tmp_path / "messages.csv", into=tmp_path / "taken")
    taken = Corpus.load(tmp_path / "taken")
    for corpus in (made, framed, loaded, taken):
        assert corpus.units["year"].tolist() == [2019, 2023, 2024, 2019]
        assert corpus.units["date"].tolist() == [
            "2019-04-03 10:47:25", "2023", "2024-01-27", "2019-04-03"
        ]  # fmt: skip


def test_a_date_that_is_none_is_an_error_wherever_it_stands(tmp_path):
    with pytest.raises(CorpusError, match="text 'a': date '改天' is not understood"):
        Corpus.from_texts({"a": "文"}, metadata={"a": {"date": "改天"}})
    folder = write(
        tmp_path / "c",
        [["id", "file", "date"], ["a", "texts/a.txt", "改天"]],
        {"a.txt": "文".encode()},
    )
    with pytest.raises(CorpusError, match="line 2: date '改天' is not understood"):
        Corpus.load(folder)


def test_a_saved_corpus_comes_back_with_its_dates_as_they_were(tmp_path):
    corpus = Corpus.from_frame(MESSAGES, text="留言详情", id="编号")
    back = Corpus.load(corpus.save(tmp_path / "c"))
    assert back.fingerprint == corpus.fingerprint


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda units: units.drop(columns="text"), "no column 'text'"),
        (lambda units: units.drop(columns=["text", "doc_id"]), "no column 'doc_id'"),
        (lambda units: units.assign(unit_id=1), "metadata column 'unit_id' is the id itself"),
        (lambda units: pd.concat([units, units[["city"]]], axis=1), "2 columns 'city'"),
        (lambda units: units["text"], "units are a DataFrame, not Series"),
    ],
)
def test_units_made_by_hand_are_checked(sample, change, told):
    with pytest.raises((CorpusError, TypeError), match=f"(?s){told}.*Corpus.from_frame"):
        Corpus(change(sample.units))
