"""Concordance, collocations, co-occurrence, dispersion."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import (
    Corpus,
    Segmenter,
    Tokens,
    collocations,
    concordance,
    cooccurrence,
    dispersion,
    fit_topics,
    occurrences,
    segment,
    term_weights,
    tfidf,
)
from toolkit.compare import association, similarity_map, similarity_network
from toolkit.compare.rates import slope_table, topic_share, trend_table
from toolkit.recipe import Recipe


@pytest.fixture(scope="module")
def small():
    texts = {"a": "热线接诉求。居民打热线，热线派工单。", "b": "居民看工单；条例管热线。"}
    return Corpus.from_texts(texts, metadata={"a": {"city": "甲"}, "b": {"city": "乙"}})


def test_concordance_finds_every_occurrence_in_the_sample(sample):
    total = sum(text.count("接诉即办") for text in sample.units["text"])
    table = concordance(sample, "接诉即办")
    assert len(table) == total == 12
    for row in table.itertuples():
        assert sample[row.unit_id][row.start : row.end] == row.match == "接诉即办"
        assert row.match in row.sentence


def test_concordance_by_character_and_by_word(small):
    by_character = concordance(small, "热线", window=3).iloc[1]
    assert by_character[["left", "match", "right"]].tolist() == ["居民打", "热线", "，热线"]
    assert by_character["sentence"] == "居民打热线，热线派工单。"
    by_word = concordance(segment(small), "热线", window=1).iloc[1]
    assert by_word[["left", "right"]].tolist() == ["居民打", "，热线"]


def test_words_are_matched_whole(small):
    assert len(concordance(small, "工")) == 2
    with pytest.raises(ValueError, match="no word matches '工'"):
        concordance(segment(small), "工")


def test_regular_expressions_and_their_errors(small):
    assert concordance(small, "工单|诉求", regex=True)["match"].tolist() == ["诉求", "工单", "工单"]
    assert len(concordance(segment(small), "热.", regex=True)) == 4
    with pytest.raises(ValueError, match="not a regular expression"):
        concordance(small, "(", regex=True)


def test_sorting_reads_away_from_the_match(small):
    right = concordance(small, "热线", sort="right")["right"].tolist()
    assert right == sorted(right)
    left = concordance(small, "热线", sort="left")["left"].str[::-1].tolist()
    assert left == sorted(left)


def test_context_stays_in_the_unit(small):
    row = concordance(small, "居民看", window=100).iloc[0]
    assert (row["left"], row["right"]) == ("", "工单；条例管热线。")


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=3))
def test_concordance_counts_what_python_counts(text, pattern):
    corpus = Corpus.from_texts({"a": "正文。" + text})
    found = ("正文。" + text).count(pattern)
    if found:
        assert len(concordance(corpus, pattern)) == found
    else:
        with pytest.raises(ValueError, match="no passage matches"):
            concordance(corpus, pattern)


# Dunning (1993), table 2: the pair, the first word without the second, the second without
# the first, the rest of 31,777 pairs of Swiss bank reports.
DUNNING = {
    "the swiss": (110, 2442, 111, 29114, 270.72),
    "can be": (29, 13, 123, 31612, 263.90),
    "previous year": (31, 23, 139, 31584, 256.84),
    "mineral water": (10, 0, 3, 31764, 167.23),
    "at the": (76, 104, 2476, 29121, 157.21),
}


@pytest.mark.parametrize(("both", "a", "b", "rest", "expected"), DUNNING.values(), ids=DUNNING)
def test_log_likelihood_of_bigrams(both, a, b, rest, expected):
    table = association(both, both + a, both + b, both + a + b + rest)
    assert table["log_likelihood"].round(2).tolist() == [expected]


def test_t_score_of_a_bigram():
    # Manning & Schütze (1999), Foundations of Statistical Natural Language Processing,
    # section 5.3.1: "new companies" in 14,307,668 words of the New York Times.
    found = association(8, 15828, 4675, 14307668)["t_score"]
    assert found.round(6).tolist() == [0.999932]


# Church & Hanks (1990), table 2: AP 1987, some 15 million words, in bits.
@pytest.mark.parametrize(
    ("pairs", "first", "second", "expected"),
    [(12, 111, 621, 11.3), (8, 1105, 44, 11.3), (30, 1105, 241, 10.7), (8, 1105, 154, 9.4)],
    ids=["honorary doctor", "doctors dentists", "doctors nurses", "doctors treating"],
)
def test_mutual_information_of_word_pairs(pairs, first, second, expected):
    table = association(pairs, first, second, 15_000_000)
    assert table["pmi"].to_numpy() == pytest.approx(expected, abs=0.1)


# M. Sugiura's teaching page on logDice (Nagoya University), after Rychlý (2008): "strong
# tea" in the first row, then what one point more and seven points more mean.
@pytest.mark.parametrize(
    ("pairs", "first", "second", "expected"),
    [
        (8, 389, 230, 8.726204),
        (300, 300, 300, 14),
        (3, 3000, 3000, 4.034216),
        (6, 3000, 3000, 5.034216),
        (300, 3000, 3000, 10.67807),
    ],
)
def test_log_dice_of_word_pairs(pairs, first, second, expected):
    table = association(pairs, first, second, 10**6)
    assert table["log_dice"].to_numpy() == pytest.approx(expected, rel=1e-6)


def test_pmi3_of_word_pairs():
    # Daille (1994) puts the cube of the pairs in place of the pairs: what Church & Hanks
    # (1990) publish for "honorary doctor" and "doctors nurses", and twice log2 of the pairs.
    found = association([12, 30], [111, 1105], [621, 241], 15_000_000)["pmi3"]
    expected = [11.3 + 2 * np.log2(12), 10.7 + 2 * np.log2(30)]
    assert found.tolist() == pytest.approx(expected, abs=0.1)


def test_npmi_is_one_for_words_that_only_meet_and_zero_for_chance():
    # Bouma (2009): the bounds of the measure.
    assert association(10, 10, 10, 1000)["npmi"].tolist() == pytest.approx([1])
    assert association(25, 50, 50, 100)["npmi"].tolist() == pytest.approx([0])


@pytest.mark.parametrize(
    "given",
    [(9, 5, 20, 100), (9, 20, 5, 100), (1, 60, 60, 100), (-1, 2, 2, 9), (1, 2, 2, np.inf)],
)
def test_pairs_that_cannot_be_are_refused(given):
    with pytest.raises(ValueError, match="cannot be, such as"):
        association(*([3, x] for x in given[:3]), [30, given[3]])


def test_what_stands_everywhere_goes_with_nothing():
    assert association([2, 5], [10, 10], [2, 5], 10)["log_likelihood"].tolist() == [0, 0]


def test_collocations_count_places_near_the_node(small):
    tokens = segment(small)
    # Words: a 热线 诉求 居民 热线 热线 派 工单 …, b 居民 工单 条例 热线, by hand within 1.
    table = collocations(tokens, "热线", span=1, min_count=1).set_index("term")
    assert table.loc["诉求", ["count", "count_term"]].tolist() == [1, 1]
    assert table.loc["条例", "count"] == 1
    assert "热线" not in table.index


_WORDS = ["城市", "治理", "社区", "热线"]


@given(
    st.lists(
        st.lists(st.sampled_from([*_WORDS, "。", "，", "\n", "！”"]), min_size=1, max_size=12),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 3),
)
def test_collocations_and_places_are_counted_as_by_hand(parts, span):
    texts = {f"d{i}": "城市。" + "".join(part) for i, part in enumerate(parts)}
    tokens = segment(Corpus.from_texts(texts), Segmenter(lexicon=_WORDS, stopwords=None))
    near = dict.fromkeys(_WORDS, 0)
    for text in texts.values():
        for sentence in re.split(r"[。！\n]", text):
            words = re.findall("|".join(_WORDS), sentence)
            for i, word in enumerate(words):
                window = words[max(i - span, 0) : i] + words[i + 1 : i + 1 + span]
                near[word] += word != "城市" and "城市" in window
    try:
        table = collocations(tokens, "城市", span=span, min_count=1)
    except ValueError:
        table = pd.DataFrame(columns=["term", "count", "count_term"])
    joined = "".join(texts.values())
    for row in table.itertuples():
        assert row.count == near[row.term]
        assert row.count_term == joined.count(row.term)
    for word in tokens.vocabulary:
        places = occurrences(tokens, [word])
        found = concordance(tokens, word)
        assert len(places) == len(found) == tokens.frequencies[word] == joined.count(word)
        assert [texts[d][p : p + 2] for d, p in places[["doc_id", "position"]].to_numpy()] == [
            word
        ] * len(places)
        if len(texts) > 1:
            (row,) = dispersion(tokens, [word]).itertuples()
            assert row.count == joined.count(word)
            assert row.range == sum(word in text for text in texts.values())


def test_collocations_stop_at_the_end_of_a_sentence():
    texts = {"a": "推进城市更新。社区治理很好", "b": "推进城市更新\n社区治理很好"}
    tokens = segment(Corpus.from_texts(texts), Segmenter(lexicon=["城市更新", "社区治理"]))
    found = collocations(tokens, "城市更新", span=5, min_count=1)["term"].tolist()
    assert found == ["推进"]


def test_collocations_by_sentence_count_sentences():
    texts = {"a": "热线工单工单。热线工单。热线居民。条例条例。居民。", "b": "条例。"}
    tokens = segment(Corpus.from_texts(texts))
    (row,) = collocations(tokens, "热线", span="sentence", min_count=2).itertuples()
    # Of six sentences three hold 热线, two 工单, two both: expected 3 × 2 / 6.
    assert (row.term, row.count, row.count_term, row.expected) == ("工单", 2, 2, 1)


def test_collocations_do_not_reach_over_units():
    corpus = Corpus.from_texts({"a": "热线工单", "b": "居民条例"})
    with pytest.raises(ValueError, match="lower min_count"):
        collocations(segment(corpus), "居民", span=5, min_count=2)
    found = collocations(segment(corpus), "居民", span=5, min_count=1)["term"].tolist()
    assert found == ["条例"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"measure": "mi"}, "measure must be one of .*log_dice.*, not 'mi'"),
        ({"span": 0}, "span must be at least 1 word or 'sentence', not 0"),
        ({"span": "paragraph"}, "not 'paragraph'"),
    ],
)
def test_collocations_explain_what_they_take(small, given, message):
    with pytest.raises(ValueError, match=message):
        collocations(segment(small), "热线", **given)


def test_unknown_word_names_words_like_it(small):
    with pytest.raises(ValueError, match=r"线.*words like them are 热线"):
        collocations(segment(small), "线")


def test_cooccurrence_counts_sentences_with_both():
    corpus = Corpus.from_texts({"a": "热线工单。热线居民。热线工单工单。条例。"})
    edges = cooccurrence(segment(corpus), ["热线", "工单", "条例"], min_count=1)
    (row,) = edges.itertuples()
    assert {row.source, row.target} == {"热线", "工单"}
    assert (row.count, {row.count_source, row.count_target}) == (2, {2, 3})
    assert row.pmi == pytest.approx(np.log2(2 * 4 / (2 * 3)))
    within_unit = cooccurrence(segment(corpus), ["热线", "条例"], within="unit", min_count=1)
    assert within_unit["count"].tolist() == [1]


@pytest.fixture(scope="module")
def gries():
    """The corpus of five parts and fifty words of Gries (2008), section 2."""
    parts = [
        "b a m n i b e u p",
        "b a s a t b e w q n",
        "b c a g a b e s t a",
        "b a g h a b e a a t",
        "b a h a a b e a x a t",
    ]
    words = [part.split() for part in parts]
    vocabulary = np.array(sorted({w for part in words for w in part}), dtype=object)
    codes = np.array([np.searchsorted(vocabulary, w) for part in words for w in part], np.int32)
    offsets = np.cumsum([0, *map(len, words)])
    spans = np.zeros((len(codes), 2), np.int32)
    units = pd.DataFrame({"text": parts, "doc_id": [*"12345"]}, index=[*"12345"])
    return Tokens(vocabulary, codes, offsets, spans, units, Recipe())


def test_dispersion_equals_gries_worked_example(gries):
    (row,) = dispersion(gries, ["a"]).itertuples()
    assert (row.count, row.range) == (15, 5)
    # Gries (2008), table 2: D 0.785, S 0.95, DP 0.18; the normalised DP with the correction
    # of Lijffijt & Gries (2012): 0.18 / (1 - 9/50).
    assert round(row.juilland_d, 3) == 0.785
    assert round(row.rosengren_s, 2) == 0.95
    assert round(row.dp, 2) == 0.18
    assert row.dp_norm == pytest.approx(0.18 / 0.82)


def test_dispersion_of_a_word_in_one_part_is_at_its_worst(gries):
    (row,) = dispersion(gries, ["m"]).itertuples()  # only in the smallest part
    assert row.dp_norm == pytest.approx(1)
    assert row.juilland_d == pytest.approx(0)


def test_dispersion_needs_parts(gries):
    with pytest.raises(ValueError, match="no column 'city'"):
        dispersion(gries, ["a"], by="city")
    with pytest.raises(ValueError, match="not among the words of these texts: zz"):
        dispersion(gries, ["a", "zz"])


@given(st.lists(st.integers(1, 9), min_size=2, max_size=8))
def test_dispersion_stays_in_its_bounds(counts):
    texts = {f"d{i}": "甲甲" * n + "乙乙" * 5 for i, n in enumerate(counts)}
    tokens = segment(Corpus.from_texts(texts), Segmenter(lexicon=["甲甲", "乙乙"], stopwords=None))
    (row,) = dispersion(tokens, ["甲甲"]).itertuples()
    assert 0 <= row.dp <= row.dp_norm <= 1
    assert 0 < row.rosengren_s <= 1 + 1e-9


def test_occurrences_of_sections_lie_in_the_document(sample, tokens):
    table = occurrences(tokens, ["接诉即办"])
    assert table["share"].between(0, 1).all()
    assert table["term"].eq("接诉即办").all()
    assert len(table) == tokens.frequencies["接诉即办"]


def test_groups_of_several_columns_and_arrays_as_arguments(sections):
    tokens, by = segment(sections), ["city", "year"]
    trend = trend_table(tokens, terms=np.array(["热线", "治理"]), by=by)
    assert {"city", "year", "n_texts"} <= {*trend}
    one = trend.query("series == '热线' and city == '北京' and year == 2023").iloc[0]
    alone = segment(sections.select(city="北京", year=2023))
    assert one["n_words"] == len(alone.codes)
    topics = fit_topics(tfidf(tokens), k=3)
    assert topics.doc_topics(by=by).index.names == by
    assert topic_share(topics, by=by).shape[1] == 3
    nearest = similarity_map(topics, by=by)["nearest"]
    assert nearest.index.names == by
    assert nearest.isin(nearest.index.tolist()).all()
    assert {*similarity_network(tfidf(tokens), by=by)["source"]} <= {*nearest.index}
    spread = dispersion(tokens, pd.Series(["热线"]), by=by)
    assert spread["count"].item() == (tokens.vocabulary[tokens.codes] == "热线").sum()
    pair = [("北京", 2023), ("上海", 2021)]
    change = slope_table(tokens, pair, terms=["治理"], by=by)
    assert change["first"].item() == pytest.approx(
        trend.query("series == '治理' and city == '北京' and year == 2023")["rate"].item()
    )
    for make in (trend_table, dispersion):
        found = [make(tokens, terms=["热线"], by=one) for one in ("year", ["year"])]
        pd.testing.assert_frame_equal(*found)
    assert ("北京", 2023) in term_weights(tfidf(tokens), by=by, n=1)["group"].tolist()
