"""What texts tell of themselves, and what raises doubts: tables of (text, found)."""

import pytest

from toolkit.ingest.evidence import city_in, find_evidence, gazetteer
from toolkit.ingest.flags import identity_flags, text_flags
from toolkit.ingest.likeness import near_duplicates, sketch

PROSE = "城市治理要像绣花一样精细，社区是基层治理的单元。" * 10


def best(text, **more):
    found = {}
    for e in find_evidence(text, **more):
        found.setdefault(e.field, e.value)
    return found


def test_gazetteer_has_every_prefecture():
    tiers = [city.tier for city in gazetteer().values()]
    assert tiers.count("地级") + tiers.count("副省级") == 293
    assert (tiers.count("自治州"), tiers.count("地区"), tiers.count("盟")) == (30, 7, 3)
    assert tiers.count("直辖市") == 4 + 6
    assert tiers.count("副省级") == 15


@pytest.mark.parametrize(
    ("words", "city"),
    [
        ("杭州市第十四届人民代表大会", "杭州"),
        ("我代表恩施土家族苗族自治州人民政府", "恩施"),
        ("锡林郭勒盟行政公署", "锡林郭勒"),
        ("杭州", "杭州"),
        ("2024-杭州-报告", "杭州"),
        ("吉林", "吉林"),
        ("吉林省政府", ""),
        ("海南经验", ""),
        ("恩施市人民政府", ""),
        ("城市治理", ""),
        ("都市圈", ""),
    ],
)
def test_city_in(words, city):
    assert city_in(words) == city


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        (
            "政 府 工 作 报 告\n（2024年1月31日在黔东南州第十五届人民代表大会上）\n州长 杨甲",
            "",
            {"title": "政府工作报告", "date": "2024-01-31", "city": "黔东南", "year": "2024",
             "kind": "report"},
        ),
        (
            "各位代表：\n现在，我代表市人民政府向大会报告工作，请予审议。\n一、2022年工作回顾",
            "gwr/池州.txt",
            {"title": "池州", "city": "池州", "year": "2023", "kind": "report"},
        ),
        (
            "成都市人民政府关于推进社区治理的意见\n成府发〔2020〕25号\n各区（市）县政府：\n2020年9月1日",
            "",
            {"title": "成都市人民政府关于推进社区治理的意见", "date": "2020-09-01", "city": "成都",
             "document_number": "成府发〔2020〕25号", "year": "2020", "kind": "policy"},
        ),
        (
            "未政发[2021] 4 号\n关于印发方案的通知",
            "",
            {"document_number": "未政发〔2021〕4号", "year": "2021"},
        ),
        (
            "甲市物业条例（试行）\n" + "\n".join(f"第{n}条　应当做好。" for n in "一二三四五六"),
            "",
            {"title": "甲市物业条例（试行）", "kind": "regulation"},
        ),
        ("题目\n根据《意见》（国发〔2022〕2号）的精神，全面推进。", "", {"title": "题目"}),
        ("正文从这里开始，没有题目。", "2023年/杭州调研.docx", {"title": "杭州调研", "city": "杭州",
                                                     "year": "2023"}),
    ],
)  # fmt: skip
def test_what_is_found(text, name, found):
    assert best(text, name=name) == found


def test_what_stands_around_a_page_tells_too():
    found = best("题目\n正文。", around="2023年05月10日10:33  来源:甲网-理论\n责编：张三")
    assert (found["date"], found["source"]) == ("2023-05-10 10:33", "甲网-理论")


def test_evidence_holds_the_words_that_say_so():
    (e,) = [e for e in find_evidence("成府发〔2020〕25号") if e.field == "document_number"]
    assert (e.rule, e.evidence) == ("document number", "成府发〔2020〕25号")


# ---------------------------------------------------------------- doubts


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        (PROSE, ""),
        ("規(guī)范數(shù)字治理(zhìlǐ)和(hé)方法(fǎ)。" * 10, "gloss-polluted"),
        (PROSE + "？。ㄒ唬┭芯恐贫ㄒ唬ㄒ唬", "mojibake"),
        (PROSE + ";?#30340;?#23548;?#30340;", "mojibake"),
        (PROSE + "\ue000\ue001\ue002\ue003\ue004", "mojibake"),
        (PROSE + "城市\ufffd治理", "mojibake"),
        ("åŸŽå¸‚æ²»ç\x90†è¦\x81åƒ\x8fç»£èŠ±ä¸€æ ·ç²¾ç»†" * 5, "mojibake"),
        (PROSE + "對於國家發展來說這是實現與經濟關係的問題，為學習來開會。" * 5, "mixed scripts"),
        ("甲词_乙词_丙词_丁词_戊词_己词\n" + PROSE, "mirror page"),
        ("City governance is a matter of detail. " * 20, "hardly any Chinese"),
        ("引言\n随着城市的不断发展，本文将详细说明。\n1.1 背景\nprint('x')\n结语\n" + PROSE,
         "machine-written page"),
        (PROSE + "抽查**个市级部门。", "hidden numbers"),
        ("只有一句话。", "very short: 5"),
        ("\n".join(f"甲市召开第{i}次会议" for i in range(40)), "tag page"),
    ],
)  # fmt: skip
def test_doubts_about_a_text(text, flag):
    flags = text_flags(text)
    assert bool(flags) == bool(flag), flags
    assert not flag or flags[0].startswith(flag), flags
    assert ("save the original again as UTF-8" in "".join(flags)) == (flag == "mojibake")


def test_real_kinds_of_text_raise_no_doubt(sample):
    from toolkit import clean

    cleaned = clean(sample).corpus
    for unit_id in cleaned.units.index:
        assert text_flags(cleaned[unit_id]) == [], unit_id


def test_a_report_that_is_cut_off_is_short_for_its_kind():
    assert text_flags(PROSE) == []
    assert "probably cut off" in text_flags(PROSE, kind="report")[0]


@pytest.mark.parametrize(
    ("head", "name", "given", "flag"),
    [
        ("现在，我代表国务院，向大会报告政府工作。", "台州.txt", {}, "looks like the national"),
        ("现在，我代表国务院，向大会报告政府工作。", "a.txt", {"city": "全国"}, ""),
        ("现在，我代表苏州市人民政府向大会报告工作。", "无锡.txt", {},
         "looks like the text of 苏州, not that of 无锡"),
        ("现在，我代表苏州市人民政府向大会报告工作。", "a.txt", {"city": "苏州市"}, ""),
        ("现在，我代表市人民政府向大会报告工作。", "无锡.txt", {}, ""),
        ("我们苏州市要建设。苏州市要发展。苏州市要治理。", "无锡.txt", {}, "looks like the text"),
        ("一、2022年工作回顾", "gwr2024/池州.txt", {}, "looks like the text of 2023, not of 2024"),
        ("一、2022年工作回顾", "池州.txt", {"year": "2024"}, "looks like the text of 2023"),
        ("一、2022年工作回顾", "池州.txt", {"year": "2023"}, ""),
        ("一、2023年工作回顾", "gwr2024/池州.txt", {}, ""),
    ],
)  # fmt: skip
def test_doubts_that_a_text_is_what_it_is_said_to_be(head, name, given, flag):
    text = f"{head}\n{PROSE}"
    flags = identity_flags(text, given, find_evidence(text, name=name))
    assert bool(flags) == bool(flag) and (not flag or flags[0].startswith(flag)), flags


def test_near_duplicates_are_found_and_texts_of_a_genre_are_not(sample):
    units = sample.units["text"]
    texts = {"a": units.iloc[1], "b": units.iloc[2], "c": units.iloc[3]}
    texts["d"] = texts["a"].replace("的", "地", 3) + "\n（转载）"
    texts["e"] = texts["b"][: len(texts["b"]) // 2]
    found = near_duplicates({i: sketch(text) for i, text in texts.items()})
    assert found.keys() == {"d"} and found["d"][0] == "a" and found["d"][1] >= 0.8
    assert near_duplicates({"x": sketch(""), "y": sketch("")}) == {}
    assert near_duplicates({"x": sketch("甲乙"), "y": sketch("甲乙")}) == {"y": ("x", 1.0)}
