"""Shared passages, fixed phrasing, phrases over time."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import Corpus, align_passages, reuse, segment, track_phrase, without_formulas
from toolkit.compare import compare_readings

LONG = (
    "各区要把热线来电当作体检报告，逐条核对办理时限，"
    "逐件回访当事居民，并在次月公布仍未办结的事项清单"
)
FILL = {
    "a": "口袋公园建在家门口，老人和孩子都多了一个去处。",
    "b": "地铁末班车延后半小时，夜间返程的人少等一些时间。",
    "c": "法规草案交付审议以前，先在社区里听取了三轮意见。",
}


SIX = [
    *FILL.values(),
    "新装的路灯沿河排开，巡查员每晚记下不亮的那几盏。",
    "老楼加装电梯的账一户一户算清，出钱多少看楼层高低。",
    "调解员把两家请到一张桌前，先听完再谈漏水怎样赔偿。",
]


def corpus_of(**texts):
    return Corpus.from_texts(texts)


def test_a_shared_passage_is_found_with_its_places():
    corpus = corpus_of(a=FILL["a"] + LONG + "。", b=FILL["b"] + LONG + "。", c=FILL["c"])
    (row,) = reuse(corpus).passages.itertuples()
    assert (row.doc_a, row.doc_b, row.text_a, row.text_b) == ("a", "b", LONG, LONG)
    assert corpus["a"][row.start_a : row.end_a] == corpus["b"][row.start_b : row.end_b] == LONG
    assert (row.similarity, row.kind) == (1.0, "substance")
    assert row.length == sum(map(str.isalnum, LONG))


@pytest.mark.parametrize(
    "edited",
    [
        LONG.replace("，", ","),
        LONG.replace("，", " \n "),
        LONG.replace("逐件回访当事居民", "逐件电话回访居民"),
        LONG.replace("并在次月", "并在次月月底以前"),
        LONG.replace("办理时限，", ""),
    ],
    ids=["marks", "spaces", "changed", "added", "left out"],
)
def test_small_edits_do_not_break_a_passage(edited):
    corpus = corpus_of(a=FILL["a"] + LONG, b=FILL["b"] + edited, c=FILL["c"])
    (row,) = reuse(corpus).passages.itertuples()
    assert row.text_a.endswith("仍未办结的事项清单")
    assert row.text_a.startswith("各区要把热线")
    assert 0.75 < row.similarity <= 1


def test_texts_with_nothing_in_common_share_nothing():
    shared = reuse(corpus_of(**FILL))
    assert shared.passages.empty
    assert shared.pairs.empty
    assert shared.flags.empty
    assert "0 passages of substance" in repr(shared)


def test_formula_is_told_from_substance():
    formula = "以习惯的开场白说明会议的意义并对与会的各位代表表示衷心的感谢和崇高的敬意"
    texts = {f"d{i}": f"{text}{formula}。" for i, text in enumerate(SIX)}
    texts["d0"] = LONG + texts["d0"]
    texts["d1"] = LONG + texts["d1"]
    passages = reuse(corpus_of(**texts), formula_docs=5).passages
    kinds = dict(zip(passages["text_a"], passages["kind"], strict=True))
    assert {kind for text, kind in kinds.items() if formula in text} == {"formula"}
    assert [kind for text, kind in kinds.items() if LONG in text] == ["substance"]


def labelled(texts, cities):
    return Corpus.from_texts(texts, metadata={i: {"city": c} for i, c in cities.items()})


def test_one_text_under_three_names_is_flagged_and_nothing_else():
    report = "。".join(FILL.values()) * 3 + LONG
    texts = {"x": report, "y": report, "z": report[:-20], "w": "广州的报告。" + FILL["a"]}
    corpus = labelled(texts, {"x": "台州", "y": "襄阳", "z": "贵阳", "w": "广州"})
    shared = reuse(corpus)
    near = shared.pairs[shared.pairs["near_duplicate"]]
    assert {frozenset(p) for p in near[["doc_a", "doc_b"]].to_numpy()} == {
        frozenset("xy"),
        frozenset("xz"),
        frozenset("yz"),
    }
    flagged = shared.flags.groupby("flag")["doc_id"].agg(set).to_dict()
    assert flagged["near-duplicate"] == flagged["same text, other label"] == {*"xyz"}
    assert flagged["never names its city"] == {*"xyz"}
    assert shared.groups.tolist() == [0, 0, 0, 3]


def test_a_label_that_is_no_place_is_not_looked_for():
    corpus = labelled({"a": FILL["a"], "b": FILL["b"]}, {"a": "多城", "b": "多城"})
    assert reuse(corpus).flags.empty


def test_a_city_that_is_not_known_is_no_other_label():
    corpus = labelled(dict.fromkeys("ab", FILL["a"] + "北京。" + LONG), {"a": "北京", "b": ""})
    assert set(reuse(corpus).flags["flag"]) == {"near-duplicate"}


def test_many_copies_are_one_group():
    texts = {f"d{i}": FILL["a"] + LONG for i in range(12)} | {"other": FILL["b"]}
    shared = reuse(corpus_of(**texts), formula_docs=5)
    assert shared.groups.tolist() == [0] * 12 + [12]
    assert set(shared.passages["kind"]) == {"substance"}  # one text, however many copies


def test_the_sample_corpus_shares_two_clauses_and_has_no_duplicate(sample):
    shared = reuse(sample)
    assert shared.passages[["doc_a", "doc_b"]].to_numpy().tolist() == [
        ["compare-hotlines-2023", "jinan-2023"],
        ["beijing-2021", "compare-hotlines-2023"],
    ]
    assert shared.flags.empty


def told_of_pairs(texts, **limits):
    """What is told of each pair of documents, whichever of them comes first."""
    return {
        frozenset((row.doc_a, row.doc_b)): {
            row.doc_a: row.share_a,
            row.doc_b: row.share_b,
            "letters": row.letters,
            "similarity": row.similarity,
            "passages": row.passages,
            "near_duplicate": row.near_duplicate,
        }
        for row in reuse(corpus_of(**texts), **limits).pairs.itertuples()
    }


@pytest.mark.exhaustive
@given(
    st.lists(st.text("甲乙丙，", min_size=1, max_size=70), min_size=2, max_size=5),
    st.randoms(use_true_random=False),
)
def test_what_is_told_of_two_documents_depends_on_these_two_alone(texts, random):
    texts = {f"d{i}": f"文{text}" for i, text in enumerate(texts)}
    told = told_of_pairs(texts, min_chars=8)
    shuffled = [*texts]
    random.shuffle(shuffled)
    assert told_of_pairs({i: texts[i] for i in shuffled}, min_chars=8) == told
    alone = [told_of_pairs({a: texts[a], b: texts[b]}, min_chars=8) for a, b in pairs_of(texts)]
    assert {pair: what for one in alone for pair, what in one.items()} == told


def pairs_of(names):
    return itertools.combinations(names, 2)


def test_partial_copies_between_do_not_hide_an_edited_copy():
    whole = "。".join(SIX)
    parts = {f"p{i}": SIX[i] + SIX[(i + 2) % 6] for i in range(6)}
    edited = whole.replace("三轮", "四轮")
    told = told_of_pairs({"a": whole} | parts | {"z": edited})
    assert told[frozenset("az")]["near_duplicate"]
    assert told[frozenset("az")]["a"] == 1.0


def test_a_document_that_repeats_itself_is_found_in_its_edited_copy():
    text = "。".join([LONG, *SIX] * 12)
    told = told_of_pairs({"a": text, "b": text.replace("体检", "检查")})
    assert told[frozenset("ab")]["a"] > 0.99


def test_all_pairs_that_share_a_formula_are_listed():
    formula = "以习惯的开场白说明会议的意义并对与会的各位代表表示衷心的感谢和崇高的敬意"
    own = iter(range(0x4E00, 0x9F00))
    texts = {f"d{i}": formula + "".join(chr(next(own)) for _ in range(90)) for i in range(40)}
    shared = reuse(corpus_of(**texts))
    assert len(shared.pairs) == 780
    assert set(shared.passages["n_docs"]) == {40}


def test_all_are_compared_with_a_reference_alone():
    texts = {f"d{i}": f"{text}{LONG}" for i, text in enumerate(SIX)}
    told = told_of_pairs(texts)
    one = reuse(corpus_of(**texts), reference="d2").pairs
    assert set(one["doc_b"]) == {"d2"}
    assert len(one) == 5
    for row in one.itertuples():
        assert row.share_a == told[frozenset((row.doc_a, "d2"))][row.doc_a]
    with pytest.raises(ValueError, match=r"no document x for a reference; this corpus has d0"):
        reuse(corpus_of(**texts), reference=["d1", "x"])
    with pytest.raises(ValueError, match="whole corpus"):
        reuse(corpus_of(**texts), reference=[*texts])


def test_pairs_beyond_all_bounds_are_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr("toolkit.compare.runs._MOST_PAIRS", 10)
    texts = {f"d{i}": f"{text}{LONG}" for i, text in enumerate(SIX)}
    with pytest.raises(ValueError, match=r"stand in 6 documents. Name a reference="):
        reuse(corpus_of(**texts))


@pytest.mark.parametrize(
    ("clause", "kind"),
    [
        ("当事人对行政处罚决定不服的，可以依法申请行政复议或者提起行政诉讼。", "formula"),
        ("滥用职权、玩忽职守的，依法给予处分；构成犯罪的，依法追究刑事责任。", "formula"),
        ("电动自行车应当停放在集中充电设施旁，楼道和疏散通道内不得停放。", "substance"),
    ],
)
def test_standing_phrases_of_legislation_are_told_even_when_two_texts_share_them(clause, kind):
    texts = {name: FILL[name] + clause for name in "ab"}
    (row,) = reuse(corpus_of(**texts), min_chars=20).passages.itertuples()
    assert (row.kind, row.n_docs) == (kind, 2)


def test_passages_with_small_edits_count_as_held_by_each_document():
    edits = ["老人", "青年", "残疾人", "外来务工人员", "学生", "退役军人"]
    texts = {
        f"d{i}": f"{text}社区应当为{who}提供上门办理证件和陪同就医的便民服务项目。"
        for i, (text, who) in enumerate(zip(SIX, edits, strict=True))
    }
    assert set(reuse(corpus_of(**texts), min_chars=20).passages["n_docs"]) == {6}


@pytest.mark.parametrize("limits", [{"min_chars": 3}, {"formula_docs": 2}])
def test_reuse_explains_limits(limits):
    with pytest.raises(ValueError, match="must be at least"):
        reuse(corpus_of(**FILL), **limits)
    with pytest.raises(ValueError, match="only one"):
        reuse(corpus_of(a="一份文本。"))


@given(st.lists(st.text("甲乙丙，", min_size=1, max_size=60), min_size=2, max_size=5))
def test_passages_are_where_they_are_said_to_be(texts):
    corpus = Corpus.from_texts({f"d{i}": f"文{t}" for i, t in enumerate(texts)})
    for row in reuse(corpus, min_chars=8, formula_docs=3).passages.itertuples():
        assert corpus[row.unit_a][row.start_a : row.end_a] == row.text_a
        assert corpus[row.unit_b][row.start_b : row.end_b] == row.text_b
        assert row.doc_a != row.doc_b
        assert 0 < row.similarity <= 1


@given(st.text("甲乙丙", max_size=20), st.text("甲乙丙", max_size=20))
def test_alignment_gives_back_both_texts(a, b):
    table = align_passages(a, b)
    assert "".join(table["text_a"]) == a
    assert "".join(table["text_b"]) == b
    same = table[table["change"] == "same"]
    assert (same["text_a"] == same["text_b"]).all()


def test_without_formulas_keeps_places_and_tells_what_was_set_aside():
    formula = "坚持以人民为中心的发展思想"
    texts = {f"d{i}": f"{formula}，{text}" for i, text in enumerate(SIX)}
    corpus = corpus_of(**texts)
    rest = without_formulas(corpus, min_docs=6)
    for unit_id, text in rest.corpus.units["text"].items():
        assert len(text) == len(corpus[unit_id])
        kept = [(a, b) for a, b in zip(text, corpus[unit_id], strict=True) if a != " "]
        assert all(a == b for a, b in kept)
        assert formula not in text
    assert rest.phrases.to_numpy().tolist() == [[formula, 6, 6]]
    assert set(rest.sentences["kind"]) == {"mixed"}
    assert "without_formulas(corpus, min_docs=6).corpus" in rest.corpus.recipe.to_code()


_PARTS = [
    "坚持以人民为中心的发展思想",
    "加快推进城市治理现代化",
    "办好民生实事",
    "，",
    "。",
    "\n",
    "新",
]


@given(st.lists(st.lists(st.sampled_from(_PARTS), max_size=8).map("".join), min_size=3, max_size=7))
def test_phrases_are_counted_as_a_search_finds_them(texts):
    corpus = corpus_of(
        **{f"d{i}": f"正文{chr(0x4E00 + i)}。{text}" for i, text in enumerate(texts)}
    )
    rest = without_formulas(corpus, min_docs=2, min_chars=5)
    full = [*corpus.units["text"]]
    for row in rest.phrases.itertuples():
        assert row.n_docs == sum(row.phrase in text for text in full) >= 1
        assert row.count == sum(text.count(row.phrase) for text in full)
        letters = "".join(filter(str.isalnum, row.phrase))
        assert sum(letters in "".join(filter(str.isalnum, t)) for t in full) >= 2


def test_a_run_of_two_phrases_is_no_phrase():
    opening, ending = "坚持以人民为中心的发展思想", "加快推进城市治理现代化建设"
    texts = [f"{opening}做{i}事" for i in "甲乙"] + [f"为{i}{ending}" for i in "丙丁"]
    corpus = corpus_of(**{f"d{i}": t for i, t in enumerate([*texts, opening + ending])})
    phrases = without_formulas(corpus, min_docs=3).phrases
    assert phrases.to_numpy().tolist() == [[ending, 3, 3], [opening, 3, 3]]


def test_what_setting_formulas_aside_changes():
    formula = "坚持以人民为中心的发展思想"
    texts = {f"d{i}": f"{formula}。{text}热线社区老人电梯居民" for i, text in enumerate(SIX)}
    corpus = corpus_of(**texts)
    before, after = segment(corpus), segment(without_formulas(corpus, min_docs=6).corpus)
    assert "以人民为中心" in before.vocabulary
    assert "以人民为中心" not in after.vocabulary
    with pytest.raises(ValueError, match="different units"):
        compare_readings(before, segment(corpus_of(**FILL)))


def test_without_formulas_explains_limits():
    with pytest.raises(ValueError, match="min_docs must be at least 2"):
        without_formulas(corpus_of(**FILL), min_docs=1)
    texts = {f"d{i}": LONG for i in range(3)} | {"e": LONG[:-1]}
    assert len(without_formulas(corpus_of(**texts), min_docs=2).phrases) == 0  # one text


@pytest.fixture(scope="module")
def phrases():
    texts = {
        "b": "2021年推进“接诉—即办”。接诉即办改革。",
        "a": "接诉即办写入条例。民诉即办是另一说法。",
        "c": "没有这个说法，只有热线。",
    }
    metadata = {"a": {"year": 2019, "city": "甲"}, "b": {"year": 2021, "city": "乙"}}
    return Corpus.from_texts(texts, metadata=metadata | {"c": {"year": 2021, "city": "甲"}})


def test_track_phrase_counts_and_rates(phrases):
    track = track_phrase(phrases, "接诉即办", by=["year"])
    assert track.counts.set_index("year")["count"].to_dict() == {2019: 1, 2021: 1}
    track = track_phrase(phrases, "接诉即办", joined=True, by=["year"])
    table = track.counts.set_index("year")
    assert table["count"].to_dict() == {2019: 1, 2021: 2}
    assert table["documents"].to_dict() == {2019: 1, 2021: 2}
    assert table["documents_with"].to_dict() == {2019: 1, 2021: 1}
    letters = sum(map(str.isalnum, phrases["a"]))
    assert table.loc[2019, "rate"] == pytest.approx(1e4 / letters)


def test_texts_without_a_year_are_counted_too(phrases):
    years = {"a": {"year": 2019}, "b": {"year": 2021}}
    corpus = Corpus.from_texts(phrases.units["text"].to_dict(), metadata=years)
    table = track_phrase(corpus, "接诉即办", by=["year"]).counts
    assert table["documents"].sum() == 3
    assert table["year"].isna().sum() == 1


def test_variants_are_listed_and_only_the_sure_ones_counted(phrases):
    variants = track_phrase(phrases, "接诉即办").variants.set_index("variant")
    assert variants["kind"].to_dict() == {
        "接诉即办": "as written",
        "接诉—即办": "marks or spaces inside",
        "民诉即办": "one character differs",
    }
    assert variants["counted"].tolist() == [True, False, False]
    given_too = track_phrase(phrases, "接诉即办", variants=["民诉即办"], joined=True)
    assert given_too.counts["count"].sum() == 4
    assert given_too.variants["counted"].all()


def test_first_says_which_wording_was_met():
    texts = {
        "a": "坚持改革、开放。加快改革\n开放城市的建设。",
        "b": "坚持改革开放。",
        "c": "改革和开放。",
    }
    years = {"a": {"year": 1985}, "b": {"year": 1988}, "c": {"year": 1979}}
    corpus = Corpus.from_texts(texts, metadata=years)
    track = track_phrase(corpus, "改革开放", by=["year"])
    assert track.first().startswith("在本语料中，“改革开放”最早见于1988年的 b：")
    assert track.variants[["variant", "count", "counted"]].to_numpy().tolist() == [
        ["改革开放", 1, True],
        ["改革、开放", 1, False],
    ]
    joined = track_phrase(corpus, "改革开放", joined=True, by=["year"])
    assert len(joined.sentences) == 2  # not over the end of a line
    assert joined.first().startswith(
        "在本语料中，“改革开放”（写作“改革、开放”）最早见于1985年的 a："
    )
    assert joined.first(lang="en").startswith("改革开放 (worded “改革、开放”) stands first")
    with pytest.raises(ValueError, match=r"near to it are 改革、开放 \(joined=True counts"):
        track_phrase(corpus.select(doc_id="a"), "改革开放", by=["year"])


def test_first_in_the_corpus_is_not_called_invention(phrases):
    track = track_phrase(phrases, "接诉即办")
    first = track.first(lang="en")
    assert track.first().startswith(
        "在本语料中，“接诉即办”最早见于2019年的 a：“接诉即办写入条例。”"
    )
    assert "within this corpus, in a of 2019" in first
    assert "接诉即办写入条例。" in first
    assert "earlier use outside" in first


def test_without_years_none_is_first(phrases):
    undated = Corpus.from_texts(phrases.units["text"].to_dict())
    first = track_phrase(undated, "接诉即办", by=["doc_id"]).first(lang="en")
    assert first.startswith(
        "接诉即办 stands in 2 documents of this corpus; none of them has a year"
    )


def test_without_columns_to_group_by_all_texts_are_counted_as_one(phrases):
    texts = phrases.units["text"].to_dict()
    table = track_phrase(Corpus.from_texts(texts), "接诉即办").counts
    assert table[["documents", "documents_with"]].to_numpy().tolist() == [[3, 2]]
    dated = Corpus.from_texts(texts, metadata={name: {"year": 2020} for name in texts})
    assert track_phrase(dated, "接诉即办").counts["year"].tolist() == [2020]


def test_a_phrase_that_is_not_there_names_what_is_near(phrases):
    with pytest.raises(
        ValueError, match=r"does not occur in these 3 texts; near to it are 接诉即办"
    ):
        track_phrase(phrases, "接诉既办")
    with pytest.raises(ValueError, match=r"no column 'region'.*at least two characters"):
        track_phrase(phrases, "接", by=["region"])
