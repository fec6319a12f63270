import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.apart import set_apart
from toolkit.cleaning import normalize_unicode
from toolkit.outlines import outline
from toolkit.structure import blocks, is_heading, sentences


@pytest.mark.parametrize(
    "line",
    [
        "第一章 总则",
        "第三节　数据共享",
        "一、总体要求",
        "（二）强化科技赋能",
        "(三)完善基层治理",
        "1. 工作目标",
        "2、主要任务",
        "①责任",
        "突出以人为本，不断提高城市治理精细化水平",
        "九百多万件诉求说明了什么",
        "市、区县、镇街各守一段",
        "名字里的“促进”二字",
    ],
)
def test_headings(line):
    assert is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "城市管理应该像绣花一样精细。",
        "各位代表：",
        "一是明确责任；二是搭建平台。",
        "一、坚持以人民为中心。推动城市治理重心下移",
        "他在会上说，",
        "〔2023〕12号",
        "城" * 60,
    ],
)
def test_not_headings(line):
    assert not is_heading(line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一句。两句！三句？", ["一句。", "两句！", "三句？"]),
        ("他问：“行吗？”没人答。", ["他问：“行吗？”", "没人答。"]),
        ("没有句号", ["没有句号"]),
        ("……还是要办。", ["……", "还是要办。"]),
        ("（已办结。）再回访。", ["（已办结。）", "再回访。"]),
        ("增长3.5%，达1,000件。", ["增长3.5%，达1,000件。"]),
        ("甲；乙。", ["甲；乙。"]),
        ("甲\r乙\r\n丙\v丁\f戊\x85己\u2028庚\u2029辛", list("甲乙丙丁戊己庚辛")),
        ("  \n\n", []),
    ],
)
def test_sentences(text, expected):
    assert [sentence for _, sentence in sentences(text)] == expected


@given(st.text(alphabet="城市。！？”\n …a1 "))
def test_sentences_and_blocks_lose_nothing_and_know_their_place(text):
    for split in (sentences, blocks):
        found = list(split(text))
        assert "".join("".join(piece for _, piece in found).split()) == "".join(text.split())
        assert all(text[start : start + len(piece)] == piece for start, piece in found)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "第一编 甲\n第一章 乙\n第一节 丙\n一、丁\n（一）道路\n1. 市政\n（1）灯\n①路灯\n正文。",
            [("heading", level) for level in range(1, 9)] + [("paragraph", 0)],
        ),
        (
            "第一章 总则\n第一条　为了规范治理，制定本条例。\n第二条 适用范围",
            [("heading", 1), ("article", 0), ("article", 0)],
        ),
        (
            "各位代表：\n一、回顾\n各位代表！\n各位代表，同志们：",
            [("salutation", 0), ("heading", 1), ("salutation", 0), ("salutation", 0)],
        ),
        ("一、甲\n没有编号的小标题\n正文。", [("heading", 1), ("heading", 2), ("paragraph", 0)]),
        ("一是明确责任；二是搭建平台。", [("paragraph", 0)]),
        # A parent heads a heading, an item of a list nothing.
        (
            "一、要求\n（一）思想\n甲。\n（二）目标\n乙。\n二、保障\n（一）组织\n丙。",
            [
                ("heading", level) if level else ("paragraph", 0)
                for level in (1, 2, 0, 2, 0, 1, 2, 0)
            ],
        ),
        (
            "第一篇 甲\n第一章 乙\n第一节 丙\n正文。",
            [("heading", 1), ("heading", 2), ("heading", 3), ("paragraph", 0)],
        ),
        ("一、甲\n正文。\n二、乙\n三、丙", [("heading", 1)] + [("paragraph", 0)] * 3),
        (
            "一、情形\n（一）法律变化的；\n（二）职能变化的；\n（三）其他",
            [("heading", 1)] + [("paragraph", 0)] * 3,
        ),
        # Run-in headings, and numbered sentences that are none.
        (
            "（一）稳经济，促发展。面对压力。\n（二）惠民生。办好实事。",
            [("heading", 1), ("paragraph", 0)] * 2,
        ),
        (
            "（一）稳经济，促发展。\n面对压力。\n（二）惠民生。\n办实事。",
            [("heading", 1), ("paragraph", 0)] * 2,
        ),
        ("1.修路五条。\n（甲局办）\n2.架桥两座。\n（乙局办）", [("paragraph", 0)] * 4),
        ("1.修路五条。\n2.架桥两座。\n以上由市里办理。", [("paragraph", 0)] * 3),
        ("第一章　总则　　第一条　为了治理，制定本条例。", [("heading", 1), ("article", 0)]),
        ("正文。\n第三条规定的情形，依法处理。", [("paragraph", 0)] * 2),
        # The title of a document that another brings with it heads all of that.
        (
            "现印发。\n某市人民政府\n2022年4月14日\n某市考评办法\n一、对象\n各区。",
            [("paragraph", 0)] * 3 + [("heading", 1), ("heading", 2), ("paragraph", 0)],
        ),
        # A list of annexes heads nothing, whatever stands below it.
        (
            "一、保障\n1.组织。\n各区建专班。\n2.资金。\n市里安排。\n附件：1.任务表\n2.规程\n某市住建局",
            [("heading", 1), *[("heading", 2), ("paragraph", 0)] * 2] + [("paragraph", 0)] * 3,
        ),
        # Numbers in decimals, and those of their chapters, that have no mark.
        (
            "1 总则\n1.1 目的\n改善环境。\n1.2 范围\n城区。\n2 现状\n2.1 人\n2.1.1总量\n2.5万人。",
            [
                ("heading", level) if level else ("paragraph", 0)
                for level in (1, 2, 0, 2, 0, 1, 2, 3, 0)
            ],
        ),
        ("一．总则\n（一）目的\n改善环境。", [("heading", 1), ("heading", 2), ("paragraph", 0)]),
        # An annex is no part of what was before it; in a list it heads nothing.
        (
            "一、保障\n市里安排。\n附件1\n建设标准\n一、车位\n宽2.5米。\n附录A：用词\n应当。",
            [
                ("heading", level) if level else ("paragraph", 0)
                for level in (3, 0, 1, 2, 3, 0, 1, 0)
            ],
        ),
        (
            "一、保障\n市里安排。\n附件1：任务表\n附件2：规程\n某市住建局\n2022年4月14日",
            [("heading", 1)] + [("paragraph", 0)] * 5,
        ),
        ("附件: 1.任务表\n2、规程\n3.办法\n请按规程办理，并报市里。", [("paragraph", 0)] * 4),
    ],
)
def test_outline(text, kinds):
    assert [(line.kind, line.level) for line in outline(text)] == kinds
    assert all(text[line.start :].startswith(line.text) for line in outline(text))


@pytest.mark.parametrize("mark", [".", "、", "．", "﹒", "\u2024"])
def test_a_number_is_one_with_any_full_stop(mark):
    text = f"一、任务\n（一）网络\n1{mark}建设网。支持企业。\n2{mark}改造内网。\n支持应用。"
    headings = [line.text for line in outline(text) if line.kind == "heading"]
    assert headings == ["一、任务", "（一）网络", f"1{mark}建设网", f"2{mark}改造内网"]
    assert normalize_unicode("增长4﹒5%") == "增长4.5%"


@pytest.mark.parametrize(
    "line",
    [
        "国办发〔2023〕5号",
        "（皖政办秘〔2021〕82号）",
        "2021年10月11日",
        "二〇二六年一月二十七日",
        "年度分值=（上半年分值+下半年分值）÷2",
        "省长 卢东亮",
        "访谈者：您住了几年",
        "表1 各区诉求量",
        "本报记者某某摄",
        "2.5",
        "江南区 | 18",
        "——在第十四届人民代表大会上",
        "，“",
        "我们办了三件事",
    ],
)
def test_what_heads_nothing(line):
    assert not is_heading(line)
    assert {found.kind for found in outline(f"{line}\n正文第一句。第二句。")} == {"paragraph"}


def test_a_line_whose_next_begins_with_a_mark_is_no_heading():
    assert [line.kind for line in outline("签署\n，推进合作。\n十三五\n”规划。")] == [
        "paragraph"
    ] * 4


@pytest.mark.parametrize("mark", ["", "。"])
def test_one_sentence_a_line_is_body(mark):
    lines = ["我家楼下的烧烤店天天冒烟", "打了热线也没有人来管", "孩子晚上睡不好觉"] * 5
    text = "\n".join(lines) + "\n请尽快解决" + mark
    assert {line.kind for line in outline(text)} == {"paragraph"}


def test_headings_are_found_in_a_text_without_line_ends():
    body = "推进城市治理，办好群众的事。" * 30
    parts = [f"一、去年工作 {body}（一）道路。{body}（二）桥梁。{body}", f"二、今年安排 {body}"]
    found = [(line.level, line.text) for line in outline("".join(parts)) if line.kind == "heading"]
    assert found == [(1, "一、去年工作"), (2, "（一）道路"), (2, "（二）桥梁"), (1, "二、今年安排")]


BODY = "一、道路\n修好了路［1］。\n二、桥梁\n修好了桥［2］。"


@pytest.mark.parametrize(
    ("before", "contents", "after"),
    [
        ("", "", ""),
        ("目录\n一、道路\n二、桥梁\n", "目录\n一、道路\n二、桥梁", ""),
        ("目　录\n一、道路……1\n二、桥梁 …… 12\n", "目　录\n一、道路……1\n二、桥梁 …… 12", ""),
        ("", "", "\n名词解释\n［1］路：走的。\n［2］桥：过的。"),
        ("", "", "\n附件：名词注释\n一网统管：一种做法。"),
        ("", "", "\n［1］路：走的。\n［2］桥：过的。"),
        ("", "", "\n注：\n1.路是走的。"),
    ],
)
def test_contents_and_notes_are_set_apart(before, contents, after):
    found = set_apart(before + BODY + after)
    assert found == (BODY, contents, after.strip("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "目录\n只有这一行。",
        "目录管理工作\n一、甲\n二、乙\n一、甲\n正文。",
        f"{BODY}\n［3］只有一条的是正文。",
        f"{BODY}\n注重实效",
        "名词解释\n［1］全篇都是注释。",
        "",
    ],
)
def test_what_only_looks_like_contents_or_notes_stays(text):
    assert set_apart(text) == (text, "", "")


@given(
    st.lists(
        st.sampled_from(["目录", "一、甲", "二、乙", "正文。", "名词解释", "［1］注", "注", ""])
    )
)
def test_setting_apart_loses_nothing(lines):
    text = "\n".join(lines)
    assert sorted("".join(set_apart(text)).replace("\n", "")) == sorted(text.replace("\n", ""))
