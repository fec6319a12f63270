"""What texts tell of themselves, and what raises doubts: tables of (text, found)."""

import pytest

from toolkit.ingest.evidence import FIELDS, evidence_of, find_evidence
from toolkit.ingest.flags import identity_flags, near_duplicates, shortness, sketch, text_flags
from toolkit.ingest.places import gazetteer, place_in
from toolkit.residue import residue_lines

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
        ("大同小异", ""),
        ("大同小区的路灯", ""),
        ("吉林省城市更新条例", ""),
        ("吉林市城市更新条例", "吉林"),
        ("浙江省人民政府关于同意杭州市城市规划的批复", ""),
    ],
)
def test_the_city_that_words_name(words, city):
    assert place_in(words).city == city


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
            "成都市人民政府关于推进社区治理的意见\n成府发〔2020〕25号\n各区（市）县政府：\n"
            "2020年9月1日",
            "",
            {"title": "成都市人民政府关于推进社区治理的意见", "date": "2020-09-01", "city": "成都",
             "document_number": "成府发〔2020〕25号", "year": "2020", "kind": "policy"},
        ),
        (
            "甲省“十四五”规划\n甲省住房和城乡建设厅\n二〇二二年二月\n一、总体要求",
            "",
            {"title": "甲省“十四五”规划", "date": "2022-02", "year": "2022", "kind": "policy"},
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
    assert {f: v for f, v in best(text, name=name).items() if f in FIELDS} == found


NOTICE = """    【法宝引证码】 CLI.12.1234567
原文链接：https://example.org/lar/1.html
{title}
{title}
（甲政办发〔2021〕8号）
各县区人民政府：
　　现将《甲市养犬办法》印发给你们，请认真执行，做好各项工作，确保落到实处，并及时报送情况。
杭州市人民政府办公室
2021年9月2日
　　甲市养犬办法
　　一、总则
"""
PROVINCE = {"province": "吉林", "level": "province", "code": "220000"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            NOTICE.format(title="杭州市人民政府办公室关于印发《甲市养犬办法》的通知"),
            {"title": "杭州市人民政府办公室关于印发《甲市养犬办法》的通知", "date": "2021-09-02",
             "document_number": "甲政办发〔2021〕8号", "issuer": "杭州市人民政府办公室",
             "genre": "通知", "kind": "policy", "city": "杭州", "province": "浙江", "level": "city",
             "code": "330100"},
        ),
        (
            "【字号：\n加大\n】\n2026年吉林省政府工作报告\n"
            "——2026年1月27日在吉林省第十四届人民代表大会第五次会议上"
            "\n来源：吉林日报\n时间：2026-02-01\n省长 甲乙\n各位代表：\n"
            "长春市很好。长春市更好。长春市最好。",
            {"title": "2026年吉林省政府工作报告", "date": "2026-01-27", "published": "2026-02-01",
             "source": "吉林日报", "kind": "report", "city": "", **PROVINCE},
        ),
        (
            "政府工作报告\n——二〇二六年一月二十七日在吉林省十四届人民代表大会第四次会议上\n"
            "各位代表：",
            {"date": "2026-01-27", "year": "2026", "city": "", **PROVINCE},
        ),
        (
            "甲市文明条例\n"
            "（2021年9月24日杭州市第十五届人民代表大会常务委员会第三次会议通过　根据2023年3月1日"
            "杭州市第十六届人民代表大会常务委员会第一次会议修正）\n第一条　为了文明，制定本条例。\n"
            "第二条　本条例自2022年1月1日起施行。",
            {"date": "2023-03-01", "issuer": "杭州市人民代表大会常务委员会", "genre": "条例",
             "effective": "2022-01-01", "city": "杭州"},
        ),
        (
            "甲市条例\n2023年1月6日 杭州市第十七届人民代表大会常务委员会第九次会议通过\n"
            "2023年2月10日 浙江省第十四届人民代表大会常务委员会第一次会议批准\n2023年2月23日 公布",
            {"date": "2023-01-06", "published": "2023-02-23", "city": "杭州", "level": "city"},
        ),
        (
            "索 引 号：A0001/2024-1  主题分类：城乡建设、环境保护\n"
            "发文机关：甲省发展改革委 甲省财政厅\n"
            "成文日期：2024年3月5日\n标　　题：关于做好供水的通知\n发文字号：甲发改〔2024〕3号\n"
            "发布日期：\n"
            "2024年3月8日\n有效性：有效\n关于做好供水的通知\n各市州：\n做好供水，保障用水。",
            {"title": "关于做好供水的通知", "subject": "城乡建设、环境保护", "date": "2024-03-05",
             "published": "2024-03-08", "issuer": "甲省发展改革委、甲省财政厅", "validity": "有效",
             "document_number": "甲发改〔2024〕3号", "genre": "通知"},
        ),
        (
            "发文机关 | 国务院办公厅 | 成文日期 | 2024年3月5日\n"
            "发布日期 | 2024年3月8日 | 时效性 | 现行有效\n"
            "国务院办公厅关于供水的意见\n各省：\n做好供水。",
            {"issuer": "国务院办公厅", "date": "2024-03-05", "published": "2024-03-08",
             "validity": "现行有效", "level": "national"},
        ),
        (
            "甲市发展改革委 甲市财政局 甲市住建局\n关于印发供水方案的通知\n各单位：\n做好供水。\n"
            "甲市发展改革委\n"
            "甲市财政局\n甲市住建局\n2024年3月5日",
            {"title": "甲市发展改革委 甲市财政局 甲市住建局关于印发供水方案的通知",
             "date": "2024-03-05", "issuer": "甲市发展改革委、甲市财政局、甲市住建局",
             "genre": "通知"},
        ),
        (
            "来源：\n四川日报\n城市治理有温度\n甲市很好。",
            {"source": "四川日报", "title": "城市治理有温度"},
        ),
        (
            "云南日报/ 2 0 0 1 年/ 0 2 月/ 2 0日/ 第A0 1版/\n云南省国民经济和社会发展\n"
            "第十个五年计划纲要\n"
            "(2 0 0 1 年2 月 1 6日云南省第九\n届人民代表大会第四次会议通过)\n序言\n"
            "世纪之交，成就辉煌。",
            {"title": "云南省国民经济和社会发展第十个五年计划纲要", "date": "2001-02-16",
             "source": "云南日报", "published": "2001-02-20", "genre": "纲要",
             "province": "云南", "level": "province"},
        ),
        (
            "第十三届全国人民代表大会第二次会议关于政府工作报告的决议\n会议听取了政府工作报告。",
            {"kind": "policy", "genre": "决议", "level": "national"},
        ),
        ("杭州市西湖区人民政府关于供水的通告\n做好供水。",
         {"city": "杭州", "level": "county", "issuer": "杭州市西湖区人民政府"}),
        (
            "郑州市人民政府令\n第250号\n《郑州市停车办法》业经2023年1月5日市人民政府第10次常务会议通过，现予"
            "公布，自2023年3月1日起施行。\n市长 甲乙\n2023年1月20日\n郑州市停车办法\n"
            "第一条 为了停车，制定。",
            {"title": "郑州市停车办法", "document_number": "郑州市人民政府令第250号",
             "effective": "2023-03-01", "kind": "regulation", "city": "郑州", "year": "2023"},
        ),
        ("桐庐县人民政府关于供水的决定\n做好供水。", {"city": "", "level": "county"}),
        ("公开方式：主动公开\n生成日期：2023-02-01\n甲市治水规划\n内容如下。",
         {"title": "甲市治水规划", "date": "2023-02-01"}),
        ("路灯不亮，请尽快修理", {"title": ""}),
        ("路灯不亮\n我在大同市路过一次，那里的路灯很亮。", {"city": "", "province": ""}),
        ("# 甲市条例\n第一条　好。", {"title": "甲市条例"}),
        ("首页\n>\n政府信息公开\n>\n工作动态\n甲市治水简报\n内容如下。", {"title": "甲市治水简报"}),
        ("甲市条例（已废止）\n第一条　好。", {"validity": "已废止", "genre": "条例"}),
    ],
)  # fmt: skip
def test_what_documents_of_policy_tell(text, found):
    got = best(text, raw=text)
    assert {f: got.get(f, "") for f in found} == found


def test_a_title_that_was_given_tells_the_kind():
    got = {e.field: e.value for e in evidence_of({"title": "甲市第二次会议关于政府工作报告的决议"})}
    assert (got["kind"], got["genre"]) == ("policy", "决议")


@pytest.mark.parametrize(
    "title", ["untitled", "Microsoft Word - 关于供水的通知.doc", "无标题文档", "甲市人民政府"]
)
def test_what_programs_call_a_file_is_no_title(title):
    assert (
        best("关于供水的通知\n做好供水。", told=[("title", title, "<title>")])["title"]
        == "关于供水的通知"
    )


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
        ("\n".join(f"我们要把第{i}件事办好，让人民满意" for i in range(40)), ""),
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
    assert shortness(230, kind="", usual=0) == ""
    assert "probably cut off" in shortness(230, kind="report", usual=0)


def test_what_is_short_is_judged_against_the_others():
    assert shortness(30, kind="", usual=0).startswith("very short: 30")
    assert shortness(30, kind="", usual=16_000).startswith("very short: 30")
    assert shortness(30, kind="", usual=120) == ""
    assert shortness(5, kind="", usual=120).startswith("very short: 5")


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


def test_a_law_in_force_from_its_publication():
    text = "甲市条例\n发布日期：2024-11-29\n第一条 为了治理。\n第九条 本条例自公布之日起施行。"
    found = {x.field: x.value for x in reversed(find_evidence(text))}
    assert found["effective"] == found["published"] == "2024-11-29"
    later = find_evidence(text.replace("自公布之日起", "自2025年3月1日起"))
    assert next(x.value for x in later if x.field == "effective") == "2025-03-01"


@pytest.mark.parametrize(
    "line",
    [
        "省长张三作政府工作报告",
        "张三作政府工作报告。甲报·乙日报记者 李四",
        "市长张三代表市政府作工作报告。",
    ],
)
def test_a_caption_below_the_title_is_residue(line):
    lines = ["2026年甲省政府工作报告", line, "各位代表：", "现在，我向大会报告工作，请予审议。"]
    assert residue_lines(lines) == {1: "caption"}
    assert residue_lines([*lines[2:], f"会议听取了{line}，并作出决议。"]) == {}


def test_the_header_of_a_database_is_no_text():
    lines = [
        "甲市条例",
        "【法规类别】城市管理",
        "【时效性】现行有效",
        "第一条 为了治理，制定本条例。",
    ]
    assert residue_lines(lines) == {1: "information table", 2: "information table"}
