import pytest
from hypothesis import given
from hypothesis import strategies as st

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
