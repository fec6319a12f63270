import itertools
import re

import jieba
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import (
    Corpus,
    Segmenter,
    TermLedger,
    load_lexicon,
    load_stopwords,
    segment,
    segmentation,
)
from toolkit.metadata import CorpusError
from toolkit.segmentation import Tokens
from toolkit.wordlists import NUMBER

# Strings that stand in the corpus where a lexicon term is *not* a word, read one by one:
# 大城管 in 特大城管理 is 大城 + 管理.
NOT_THE_TERM = {"大城管": ["大城", "管理"]}


@pytest.fixture(scope="module")
def segmenter():
    return Segmenter()


@pytest.fixture(scope="module")
def everything():
    """A segmenter that leaves no word out."""
    return Segmenter(stopwords=None, min_length=1, keep_numbers=True)


def test_every_lexicon_term_is_one_token_in_context(sample, segmenter):
    """In the sentences where it occurs; a longer term may hold it (人民城市 in 人民城市人民建)."""
    lexicon = load_lexicon()
    split = dict(zip(lexicon["term"], lexicon["parts"].str.split(), strict=True))
    occurrences = 0
    wrong = []
    for text in sample.units["text"]:
        tokens = list(segmenter.cut(text))
        for term, parts in split.items():
            for match in re.finditer(re.escape(term), text):
                occurrences += 1
                begin, stop = match.span()
                inside = [word for word, start, end in tokens if start < stop and end > begin]
                whole = len(inside) == 1 and inside[0] in split
                if not (inside == parts or whole or inside == NOT_THE_TERM.get(term)):
                    wrong.append((term, inside))
    assert occurrences > 800
    assert not wrong


@pytest.mark.parametrize("terms", [np.array(["首善标准", "两邻"]), pd.Series(["首善标准", "两邻"])])
def test_terms_in_an_array_are_written_as_code(terms):
    segmenter = Segmenter(lexicon=terms)
    assert repr(segmenter) == "Segmenter(lexicon=['首善标准', '两邻'])"
    assert segmenter("两邻首善标准") == ["两邻", "首善标准"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("深化接诉即办改革", ["深化", "接诉即办", "改革"]),
        ("推进精治共治法治", ["推进", "精治", "共治", "法治"]),
        ("精治共治一体推进", ["精治", "共治", "一体", "推进"]),
        ("坚持依法治理", ["坚持", "依法治理"]),
        ("治理“大城市病”。", ["治理", "大城市病"]),
        ("2023年受理902.8万件、百分之九十", ["受理"]),
        ("人工智能+政务", ["人工智能+", "政务"]),
    ],
)
def test_words_of_a_sentence(segmenter, text, expected):
    assert segmenter(text) == expected


@pytest.mark.parametrize(
    "term",
    ["12345热线", "“十四五”规划", "7·21暴雨", "OneService App", "U.S.治理", "人工智能+", "京"],
)
def test_odd_terms_stay_whole(term):
    segmenter = Segmenter(lexicon=["governance", term])
    assert segmenter(f"有关方面表示{term}很重要") == ["方面", "表示", term, "重要"]


def test_segmenters_do_not_see_each_other():
    before = Segmenter(lexicon=None)("深化首善标准改革")
    with_term = Segmenter(lexicon=["首善标准"])
    assert "首善标准" in with_term("深化首善标准改革")
    assert Segmenter(lexicon=None)("深化首善标准改革") == before
    assert "首善标准" not in before
    assert "接诉即办" not in jieba.lcut("深化接诉即办改革"), "jieba itself is untouched"


def test_order_of_the_lexicon_does_not_matter():
    text = "人民城市人民建，人民城市为人民，建设现代化人民城市"
    terms = ["人民城市", "人民城市人民建", "现代化人民城市", "人民建"]
    assert Segmenter(lexicon=terms)(text) == Segmenter(lexicon=terms[::-1])(text)


def test_an_empty_part_is_none():
    assert Segmenter(lexicon=[("城市", "", "更新")])("城市更新") == ["城市", "更新"]


def test_parts_say_that_a_string_is_not_one_word(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("term,parts\n共建共治,共建 共治\n首善,\n", encoding="utf-8-sig")
    assert Segmenter(lexicon=path)("坚持共建共治首善") == ["坚持", "共建", "共治", "首善"]
    path.write_text("term,parts\n共建共治,共建 共享\n", encoding="utf-8")
    with pytest.raises(ValueError, match="parts of '共建共治' are '共建 共享'; together"):
        Segmenter(lexicon=path)


def test_options(segmenter):
    text = "居民拨打12345热线，诉求均已办结"
    assert Segmenter(keep_numbers=True)(text) == ["居民", "拨打", "12345", "热线", "诉求", "办结"]
    assert Segmenter(pos=("v",))(text) == ["拨打", "诉求", "办结"], "诉求 is of the lexicon"
    assert Segmenter(stopwords=["default", "热线"])(text) == ["居民", "拨打", "诉求", "办结"]
    assert Segmenter(synonyms={"居民": "市民"})(text)[0] == "市民"
    assert "的" in Segmenter(stopwords=None, min_length=1)("城市的治理")


def test_stop_list_file(tmp_path):
    path = tmp_path / "stop.txt"
    path.write_text("# mine\n热线\n", encoding="utf-8")
    assert "热线" not in Segmenter(stopwords=path)("居民拨打热线")


@pytest.mark.parametrize(
    ("options", "error", "expected"),
    [
        (
            {"lexicon": "gone.csv"},
            FileNotFoundError,
            "'gone.csv' is neither 'governance' nor a file",
        ),
        ({"stopwords": "的"}, FileNotFoundError, "neither 'default' nor a file"),
        ({"min_length": 0}, ValueError, "at least 1, not 0"),
        ({"pos": "n"}, TypeError, r"such as \('n',\)"),
    ],
)
def test_bad_options(options, error, expected):
    with pytest.raises(error, match=expected):
        Segmenter(**options)


def test_bad_files(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"term\n\xff\xff")
    with pytest.raises(ValueError, match=r"neither UTF-8 nor GBK .*; save it again"):
        Segmenter(lexicon=path)
    path.write_text("word\n城市", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no column 'term'; found \['word'\]"):
        Segmenter(lexicon=path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_dictionary_of_jieba(tmp_path, encoding):
    path = tmp_path / "user.txt"
    path.write_bytes("首善标准 100 n\n精治善治 5\n云网边端 nz\nAI 3 eng\n\n".encode(encoding))
    words = Segmenter(lexicon=path)("以首善标准推进精治善治，云网边端用AI")
    assert words == ["首善标准", "推进", "精治善治", "云网边端", "AI"]


def test_a_line_of_a_dictionary_that_is_not_understood_is_told(tmp_path):
    path = tmp_path / "user.txt"
    path.write_text("首善标准 100 n\n数字 经济\n好词 x y z\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 2: '数字 经济'; line 3: '好词 x y z'; a line is"):
        Segmenter(lexicon=path)


@pytest.mark.parametrize("engine", ["jieba", "auto"])
@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("AI", "推进AIGC和AI应用", ["推进", "AIGC", "AI", "应用"]),
        ("IP", "VIP和IP", ["VIP", "IP"]),
        ("APP", "HAPPY的APP", ["HAPPY", "APP"]),
        ("5G-A", "建设5G-A网络", ["建设", "5G-A", "网络"]),
        ("GPT模型", "ChatGPT模型与GPT模型", ["ChatGPT", "模型", "GPT模型"]),
    ],
)
def test_latin_terms_are_whole_words(term, text, expected, engine):
    segmenter = Segmenter(lexicon=[term], engine=engine)
    assert segmenter(text) == expected
    assert segment(Corpus.from_texts({"a": text}), segmenter)[0] == expected


def test_addresses_are_no_words(everything):
    text = (
        "详见https://www.example.com/a?b=1，或写信到abc.d@example.org.cn。登录www.example.com办理"
    )
    assert Segmenter()(text) == ["详见", "写信", "登录", "办理"]
    assert segment(Corpus.from_texts({"a": text}))[0] == Segmenter()(text)
    assert "https://www.example.com/a?b=1" in [word for word, _, _ in everything.cut(text)]


DEPARTMENTS = [
    "工信局",
    "城管委",
    "住建厅",
    "大数据中心",
    "交警支队",
    "市场监管局",
    "发改委",
    "卫健委",
    "公安局",
    "教委",
    "工商局",
    "公安厅",
    "城管执法支队",
    "自然资源和规划局",
    "规划和自然资源局",
    "规划资源局",
    "文化广电旅游局",
    "文广旅体局",
    "园林绿化局",
    "绿化市容局",
    "政务服务数据管理局",
    "大数据发展管理局",
    "林业和草原局",
    "行政审批服务局",
    "机关事务管理局",
    "发展和改革委员会",
    "住房和城乡建设委员会",
    "城市管理和综合执法局",
    "住房公积金管理中心",
    "消防救援支队",
]


@pytest.mark.parametrize("name", DEPARTMENTS)
def test_names_of_departments_are_whole_and_their_level_apart(everything, name):
    for level in "市区县省":
        words = [word for word, _, _ in everything.cut(f"单位：{level}{name}牵头")][2:]
        assert words == [level, name, "牵头"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("金融办法", ["金融", "办法"]),
        ("数据局限性", ["数据", "局限性"]),
        ("国际金融局势", ["国际金融", "局势"]),
        ("规划委托单位编制", ["规划", "委托", "单位", "编制"]),
        ("热线办理", ["热线", "办理"]),
        ("社会工作部门", ["社会", "工作部门"]),
        ("街道综治中心", ["街道", "综治中心"]),
    ],
)
def test_what_only_looks_like_a_department_is_cut_as_before(everything, text, words):
    assert [word for word, _, _ in everything.cut(text)] == words


def test_repr_is_the_call_that_makes_it():
    segmenter = Segmenter(hmm=False, lexicon=["governance", "首善"], min_length=1)
    assert eval(repr(segmenter)) == segmenter
    assert repr(Segmenter()) == "Segmenter()"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="精治共治法城市接诉即办的一二三2.+#&%-“”， \nAb龘\u200b😀", max_size=60))
def test_cutting_loses_nothing(everything, text):
    tokens = list(everything.cut(text))
    assert "".join(word for word, _, _ in tokens) == text
    assert all(text[start:end] == word for word, start, end in tokens)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_cut(everything, text):
    assert "".join(word for word, _, _ in everything.cut(text)) == text


def test_tokens(sections, tokens, segmenter):
    assert len(tokens) == len(sections)
    for i in (0, 7, len(tokens) - 1):
        text = sections.units["text"].iloc[i]
        assert tokens[i] == tokens[sections.units.index[i]] == segmenter(text)
        spans = tokens.spans[tokens.offsets[i] : tokens.offsets[i + 1]]
        assert [text[a:b] for a, b in spans] == tokens[i]
    assert list(tokens.vocabulary) == sorted(tokens.vocabulary)
    assert tokens.codes.dtype == "int32"
    assert tokens.offsets.dtype == "int64"
    assert tokens.lengths.sum() == tokens.frequencies.sum() == len(tokens.codes)
    assert tokens.frequencies.index[0] == "城市"
    with pytest.raises(KeyError, match="no unit 'nobody'"):
        tokens["nobody"]
    with pytest.raises(IndexError):
        tokens[len(tokens)]


def test_a_corpus_without_words():
    tokens = segment(Corpus.from_texts({"a": "，。", "b": "123"}))
    assert (len(tokens), len(tokens.codes), tokens[1]) == (2, 0, [])


def test_synonyms_keep_the_span_of_what_stands_in_the_text():
    corpus = Corpus.from_texts({"a": "居民参与"})
    tokens = segment(corpus, Segmenter(synonyms={"居民": "市民群众"}))
    assert tokens[0] == ["市民群众", "参与"]
    assert tokens.spans.tolist() == [[0, 2], [2, 4]]


def test_shipped_data_say_where_they_come_from():
    lexicon, stopwords = load_lexicon(), load_stopwords()
    assert len(lexicon) == 415
    assert not lexicon["term"].duplicated().any()
    assert lexicon[["term", "category", "gloss_en"]].all(axis=None)
    assert lexicon["source"].ne("").sum() >= 70
    assert not stopwords["word"].duplicated().any()
    assert stopwords[["word", "class", "note"]].all(axis=None)
    assert not set(lexicon["term"]) & set(stopwords["word"])


def test_segmenter_is_an_analyzer(sections):
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(analyzer=Segmenter()).fit_transform(sections.units["text"][:5])
    assert counts.sum() == sum(len(Segmenter()(text)) for text in sections.units["text"][:5])


@pytest.mark.parametrize("word", ["多余", "万一", "千万", "万千", "亿万", "十四五"])
def test_a_word_of_figures_is_no_number(word):
    assert Segmenter()(word) == [word]


@pytest.mark.parametrize(
    "number",
    [
        *("三千多万", "一百余", "十余", "几十", "二十五", "一万亿", "百分之百", "第一", "近百"),
        *("一九七八", "一亿两千万", "百万", "千亿", "百余", "三四百", "一万零五", "2,300", "3.5%"),
    ],
)
def test_a_number_is_left_out(number):
    assert NUMBER.fullmatch(number)
    assert Segmenter()._word(number) is None


def test_a_rejected_term_leaves_the_other_rules():
    base = Segmenter(lexicon=["governance", ("城市", "管理", "者")])
    segmenter = TermLedger.decide(reject=["接诉即办"]).segmenter(base)
    assert segmenter("城市管理者接诉即办") == ["城市", "管理", "接诉"]


def test_tokens_know_their_sentences():
    corpus = Corpus.from_texts({"a": "热线办理。网格！\n居民议事，条例", "b": "热线"})
    tokens = segment(corpus)
    words = [w for i in range(2) for w in tokens[i]]
    found = dict(zip(words[:-1], tokens.sentences.tolist(), strict=False))
    assert found["热线"] == found["办理"] < found["网格"] < found["居民"]
    assert found["居民"] == found["议事"] == found["条例"] < tokens.sentences[-1]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_line_end_ends_a_sentence(end):
    first, last = segment(Corpus.from_texts({"a": f"热线{end}网格"})).sentences
    assert first < last


TEXT = st.lists(
    st.sampled_from([*"城市治理。，\r\n\0 a1.-", "“十四五”规划", "精治共治法治", "接诉即办"])
)


@given(st.lists(TEXT.map("".join), max_size=8), st.sampled_from(["auto", "rjieba", "jieba"]))
def test_many_texts_are_cut_as_each_alone(texts, engine):
    segmenter = Segmenter(engine=engine, min_length=1, stopwords=None)
    codes = segmentation.TokenCodes(segmenter)
    found = [*codes.cut(texts)]
    words, place = codes.vocabulary()
    own, spans, counts = (
        (np.concatenate([part[i] for part in found]) for i in range(3)) if found else ([], [], [])
    )
    assert [words[c] for c in place[own]] == [w for text in texts for w in segmenter(text)]
    ends = np.cumsum([0, *counts])
    for i, text in enumerate(texts):
        places = spans[ends[i] : ends[i + 1]].tolist()
        assert [text[a:b] for a, b in places] == segmenter(text)


def test_words_that_another_tool_cut_are_tokens():
    corpus = Corpus.from_texts({"a": "城市治理，要精细。", "b": "社区 共治 共治"})
    words = {"a": ["城市", "治理", "精细"], "b": ["社区", "共治", "共治"]}
    tokens = Tokens.from_lists(words, corpus=corpus)
    assert {i: tokens[i] for i in "ab"} == words
    for i, (begin, end) in zip("ab", itertools.pairwise(tokens.offsets), strict=True):
        assert [corpus[i][a:b] for a, b in tokens.spans[begin:end]] == words[i]
    assert tokens.frequencies.to_dict()["共治"] == 2
    assert Tokens.from_lists(words).vocabulary.tolist() == tokens.vocabulary.tolist()
    assert "Tokens.from_lists" in tokens.to_code()


def test_words_that_stand_in_no_text_are_told():
    corpus = Corpus.from_texts({"a": "城市治理", "b": "社区"})
    with pytest.raises(CorpusError) as found:
        Tokens.from_lists({"a": ["城市", "社会"], "c": []}, corpus=corpus)
    assert "unit 'a': its word 2, '社会', does not follow" in str(found.value)
    assert "words of 'c', which is no unit" in str(found.value)
    assert "unit 'b' has no words" in str(found.value)


@pytest.mark.parametrize("own", ["城市", ["城市", 3]])
def test_a_text_where_a_list_of_words_belongs_is_told(own):
    with pytest.raises(CorpusError, match=r"unit 'a'.*give a list of words"):
        Tokens.from_lists({"a": own})
