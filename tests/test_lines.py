import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import Corpus, clean
from toolkit.cleaning import clean_text, mend_lines
from toolkit.lines import join_lines, part_lines


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        # Inline elements that a copy broke.
        (
            "我们签署了\n区域全面经济伙伴关系协定\n，“\n十三五\n”规划完成。",
            "我们签署了区域全面经济伙伴关系协定，“十三五”规划完成。",
        ),
        ("空气（PM\n2.5\n）变好了。", "空气（PM2.5）变好了。"),
        ("依据《\n著作权法\n》第五条。", "依据《著作权法》第五条。"),
        # Hard line ends, with a blank line at the end of a page.
        ("全市上下推进治理，\n\n办好群众的事。甲\n乙。", "全市上下推进治理，办好群众的事。甲乙。"),
        ("全年增长3\n.5%，好于预期。", "全年增长3.5%，好于预期。"),
        # A heading in two lines ends with the second.
        (
            "一、坚持党的领导，\n推进精细治理\n城市要像绣花一样精细。\n（一)目标\n推进治理。",
            "一、坚持党的领导，推进精细治理\n城市要像绣花一样精细。\n（一)目标\n推进治理。",
        ),
        ("好。推进 City，建设 Smart\nCity 平台。", "好。推进 City，建设 Smart City 平台。"),
    ],
)
def test_broken_lines_are_joined(broken, whole):
    assert join_lines(broken).text == whole


@pytest.mark.parametrize(
    "text",
    [
        "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。",
        "山中的风\n吹过城市的楼\n灯火一盏一盏亮了",
        "一、情形\n（一）甲；\n（二）乙；\n（三）丙",
        "责任单位：\n市教育局\n市民政局\n各区政府",
        "地区\t2022\t2023\n江南区\t18\t19\n江北区\t20\t21",
        "江南区 | 18\n江北区 | 20",
        "强化科技赋能\n让城市更聪明。\n支持多元参与\n城市是人民的城市。",
        "第一章 总则\n第一条 为了治理，制定本条例。",
        "我家楼下每天冒烟，没人管\n请尽快解决，谢谢",
        "甲办好了。\n某市人民政府\n2022年4月14日",
        "关键词：城市治理；基层\n甲办好了。",
        "一、形势\n\n三年来，全市推进治理，\n二、继续改革；\n三、办好实事；\n四、结束\n\n甲。",
        "还原\n（减小\n）\n题目\n甲办好了。".replace("（减小\n）", "减小"),
    ],
)
def test_what_is_no_broken_line_stays(text):
    assert join_lines(text) == (text, 0, "")
    assert clean_text(text, steps=["lines"]) == (text, [])


_HAN = st.text(alphabet="推进城市治理办好群众实事让百姓生活更", min_size=8, max_size=30)
_CLAUSES = st.lists(_HAN, min_size=1, max_size=4).map("，".join)
_PARAGRAPH = st.lists(_CLAUSES, min_size=3, max_size=6).map(lambda some: "。".join(some) + "。")
_TEXT = st.lists(st.lists(_PARAGRAPH, min_size=1, max_size=3), min_size=2, max_size=4)


@settings(max_examples=200, deadline=None)
@given(_TEXT, st.integers(0, 2**32), st.integers(15, 60))
def test_a_text_cut_inside_its_sentences_is_joined_again(sections, seed, often):
    """A first line without a mark may be a heading, so cuts come after the first clause."""
    import random

    chance = random.Random(seed)
    whole, cut = [], []
    for number, section in zip("一二三四", sections, strict=False):
        heading = f"{number}、第{number}部分工作"
        whole += [heading, *section]
        cut.append(heading)
        for paragraph in section:
            first = paragraph.index("。") + 2
            cut.append(
                paragraph[:first]
                + "".join(
                    "\n" + char
                    if not chance.randrange(often) and before not in "，。" and char not in "，。"
                    else char
                    for before, char in zip(paragraph[first - 1 :], paragraph[first:], strict=False)
                )
            )
    corpus = Corpus.from_texts({"whole": "\n".join(whole), "cut": "\n".join(cut)})
    units = clean(corpus).corpus.split("paragraph").units
    of = {name: group["text"].tolist() for name, group in units.groupby("doc_id")}
    assert of["cut"] == of["whole"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="城市治理，。、“”（）《》一1. \n\n\t|——A%"))
def test_nothing_but_line_ends_and_spaces_is_touched(text):
    for mended in (join_lines(text).text, part_lines(text), mend_lines(text)):
        assert re.sub(r"\s", "", mended) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("2 0 0 5年，增长1 2 %。", "2005年，增长12%。"),
        ("评分 1 2 3 4", "评分 1 2 3 4"),
        ("江南 5 3\n江北 4 4", "江南 5 3\n江北 4 4"),
        ("共12 3项", "共12 3项"),
        ("达到 4 1 . 5 %，人均 1 4 . 2平方米", "达到 41.5%，人均 14.2平方米"),
        ("增长9 8 . 7 5 %", "增长98.75%"),
        ("第 1 2 . 3 . 1 项", "第 1 2 . 3 . 1 项"),
        ("江南 5 . 9 7 . 2", "江南 5 . 9 7 . 2"),
        ("江南 1 . 4 3 5", "江南 1 . 4 3 5"),
    ],
)
def test_digits_set_apart(text, mended):
    assert mend_lines(text) == mended


def test_the_report_counts_joined_lines():
    corpus, report = clean(Corpus.from_texts({"a": "全市推进治理，\n办好实事，让\n百姓满意。"}))
    assert corpus["a"] == "全市推进治理，办好实事，让百姓满意。"
    row = report[report["step"] == "lines"].iloc[0]
    assert (row["rule"], row["n_chars"]) == ("broken lines", 2)


@pytest.mark.parametrize("line", ["甲，\n", "“\n", "，\n", "推进治理\n", "2 ", "第一章 甲 第一条 "])
def test_many_lines(line):
    """Whatever the text, the work grows with its length and no faster."""
    text = line * 30_000
    assert len(re.sub(r"\s", "", mend_lines(text))) == len(re.sub(r"\s", "", text))


def test_the_number_of_a_page_between_the_halves_of_a_sentence_comes_behind_them():
    first = "坚持人民城市人民建，人民城市为人民。" * 4
    rows = [f"{first}深入推进城", "— 2 —", f"市治理，{first}推进精", "- 3 -", "细化管理。", first]
    joined = join_lines("\n".join(rows))
    whole = f"{first}深入推进城市治理，{first}推进精细化管理。"
    assert joined.text.split("\n") == [whole, "— 2 —", "- 3 -", first]
    assert join_lines(joined.text).n_joined == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("受理案件 1 2 3 , 4 5 6 件，办结完毕。", "受理案件123,456件，办结完毕。"),
        ("拨打热线 1 2 3 4 5 ，全年无休。", "拨打热线12345，全年无休。"),
        ("名次 1 2 3 4 5 名单", "名次 1 2 3 4 5 名单"),
        ("路灯不亮｡请修理｡", "路灯不亮。请修理。"),
    ],
)
def test_numbers_and_marks_of_old_systems(text, expected):
    assert clean_text(text)[0] == expected
