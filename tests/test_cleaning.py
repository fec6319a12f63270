import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit import Corpus, clean
from toolkit.cleaning import (
    STEPS,
    compose,
    normalize_punctuation,
    normalize_unicode,
    normalize_whitespace,
    remove_residue,
)

everything = compose(normalize_unicode, normalize_punctuation, normalize_whitespace, remove_residue)


def table(**cases):
    """Parametrize (before, after) by what the case is about."""
    return pytest.mark.parametrize(
        ("before", "after"), cases.values(), ids=[name.replace("_", " ") for name in cases]
    )


@table(
    windows_line_ends=("甲\r\n乙\r丙\n", "甲\n乙\n丙\n"),
    line_separator=("甲\u2028乙", "甲\n乙"),
    byte_order_mark=("\ufeff甲", "甲"),
    zero_width=("接诉\u200b即\u200d办\u2060", "接诉即办"),
    soft_hyphen_and_controls=("甲\xad乙\x00丙\x7f", "甲乙丙"),
    no_break_space=("甲\xa0乙\u2003丙", "甲 乙 丙"),
    ideographic_space_is_left_to_white_space=("总　则", "总　则"),
    full_width_letters_and_digits=("２０２３年ＧＤＰ", "2023年GDP"),
    full_width_signs=(
        "增长６．６％，“互联网＋”，Ｒ＆Ｄ，762元／月",
        "增长6.6%，“互联网+”，R&D，762元/月",
    ),
    marks_stay=("甲，乙：丙（丁）；！？", "甲，乙：丙（丁）；！？"),
    dash_stays=("中国－东盟", "中国－东盟"),
    decomposed=("cafe\u0301", "café"),
    decomposed_behind_zero_width=("e\u200b\u0301", "é"),
    compatibility_ideograph=("\uf9db", "率"),
    radicals_of_a_pdf=("⽂化⼊⼼，⻮轮", "文化入心，⻮轮"),
    traditional_and_rare_characters_stay=("數據㵲陽河𠮷", "數據㵲陽河𠮷"),
)
def test_normalize_unicode(before, after):
    assert normalize_unicode(before) == after
    assert normalize_unicode(after) == after


@table(
    comma=("建设,管理", "建设，管理"),
    comma_with_space=("建设, 管理 ,服务", "建设，管理，服务"),
    colon_semicolon=("目标:甲;乙", "目标：甲；乙"),
    question_and_exclamation=("好吗?好!", "好吗？好！"),
    after_a_number=("至3000家,研发占3.5%;其中", "至3000家，研发占3.5%；其中"),
    before_a_number=("共525项,12345热线", "共525项，12345热线"),
    after_a_quote=("“精治”,“共治”", "“精治”，“共治”"),
    after_latin_before_chinese=("提高GDP,改善民生", "提高GDP，改善民生"),
    parentheses=("目标(试行)如下", "目标（试行）如下"),
    parentheses_around_latin=("总值(GDP)增长", "总值（GDP）增长"),
    parentheses_after_percent=("7.03%(剔除退税)", "7.03%（剔除退税）"),
    numbered_item=("(2)提升能力。(3)改善", "（2）提升能力。（3）改善"),
    nested_parentheses=("项目(含甲(乙)丙)", "项目（含甲（乙）丙）"),
    comma_after_parenthesis=("总值(GDP),2023年", "总值（GDP），2023年"),
    half_and_half=("目标(试行）", "目标（试行）"),
    thousands=("共1,000,000元", "共1,000,000元"),
    decimal=("增长3.5个点", "增长3.5个点"),
    time=("于10:33:05发布", "于10:33:05发布"),
    ratio=("比为1.8:1、", "比为1.8:1、"),
    address=("见https://a.cn/x?id=1,2;b=(3)!。", "见https://a.cn/x?id=1,2;b=(3)!。"),
    address_then_text=("见www.a.cn/x,谢谢", "见www.a.cn/x，谢谢"),
    latin=("See Wang (2020), p. 5; what? Yes!", "See Wang (2020), p. 5; what? Yes!"),
    latin_with_chinese_name=("Wang (王) writes, that", "Wang (王) writes, that"),
    call=("由f(x)得到g(y), h(z)", "由f(x)得到g(y), h(z)"),
    quotes_and_stops_stay=('他说"好".然后。', '他说"好".然后。'),
    unpaired=("a)甲 b(乙", "a)甲 b(乙"),
)
def test_normalize_punctuation(before, after):
    assert normalize_punctuation(before) == after
    assert normalize_punctuation(after) == after


@table(
    ideographic_indentation=("　　正文。\n\t二。", "正文。\n二。"),
    line_ends=("甲 \n乙\t\n", "甲\n乙\n"),
    in_running_text=("取得独立选址项 目的批 准。", "取得独立选址项目的批准。"),
    beside_marks=("一、 总体要求 ，“ 甲 ”", "一、总体要求，“甲”"),
    number_in_text=("2023 年办结 3 件。", "2023年办结3件。"),
    title_in_two_parts=("精治共治法治　 不断提升水平", "精治共治法治 不断提升水平"),
    numbered_heading=("第三节　数据共享", "第三节 数据共享"),
    spaced_characters=("政 府 工 作 报 告", "政府工作报告"),
    chapter=("第一章 总　　则", "第一章 总则"),
    name_and_office=("市长 张 洋", "市长 张洋"),
    article=("第一条　为了规范 治理，制定本条例。", "第一条 为了规范治理，制定本条例。"),
    added_article=("第五条之一　为了治理，制定本条例。", "第五条之一 为了治理，制定本条例。"),
    part_with_text=("第一编　总则。第一条。", "第一编 总则。第一条。"),
    slogan=("举办“品质生活 亳动消费”活动。", "举办“品质生活 亳动消费”活动。"),
    latin=("用OneService Lite 反馈  Help Neighbour。", "用OneService Lite反馈Help Neighbour。"),
    broken_decimal=("增长5 . 5%和304 .9万件", "增长5.5%和304.9万件"),
    numbered_item_is_no_decimal=("1. 5个方面", "1. 5个方面"),
    blank_lines=("\n\n甲\n\n \n\n乙\n\n\n", "甲\n\n乙\n"),
    single_line_end_stays=("甲\n乙", "甲\n乙"),
)
def test_normalize_whitespace(before, after):
    assert normalize_whitespace(before) == after
    assert normalize_whitespace(after) == after


BODY = "第一段写完了，办结率达到98.5%。"

RESIDUE = """
中国共产党新闻网>>理论
首页 > 新闻动态 > 审计动态
您当前的位置 : 甲市新闻网 > 新闻中心
您当前的位置：首页
网站首页 | 网站地图
回到首页 | 标题导航
欢迎来到甲市审计局
立即下载
2023年05月10日10:33    来源:甲网-理论频道
2020-05-19 19:41:00报料热线:81850000
原创 街道宣传 幸福街道 2023-08-15 18:30 发表于浙江
原创 幸福街道 2023年8月15日
点击蓝字 关注我们
来源丨幸福街道
编辑 | 小李
审核丨老张
喜欢就点个“在看”吧
— END —
抄送：市委办公厅，市人大常委会办公厅，市政协办公厅。
某市城市管理局办公室　　2021年9月3日印发
发布时间:2018-11-12 17:25:15      字体大小:[大][中][小]
文章来源：甲新网 字体： 发布时间：2018-11-12 访问量：
信息来源:甲市人大 发布时间:2025-04-16 23:12 浏览 次
时间:2022-01-05 来源:甲智库公众号
稿源：甲晚报
作者：张三 来源：甲日报
原标题:城市怎样治理
本报记者 张 洋
□记者 房甲乙 报道
（记者 沙甲乙）
文/甲城晚报全媒体记者 李四
编辑:刘甲乙
【编辑：刘甲乙】
责任编辑: 文甲  校对：李四
（责编：刘甲乙、秦甲）
【字号： 加大 还原 减小 】
【字号：
还原
】
下载
打印
打印本页 关闭窗口
打印关闭分享到：
A- A+
二维码 扫一扫 手机阅读
微信“扫一扫”添加“学习甲国”
扫一扫在手机打开当前页
长按识别二维码关注我们
点击右上角微信好友 朋友圈 请使用浏览器分享功能进行分享
分享
分享到:
分享到微信 ×
0 分享至
您访问的链接即将离开“甲市审计局”门户网站 是否继续?
上一篇
下一篇：没有了
·上一篇文章:城市怎样治理
第09版:理论创新 上一版3 4下一版
3 上一篇 下一篇 4 放大 缩小 默认
（上接第一版）
— 12 —
第 3 页 共 9 页
版权声明:本文由用户上传,如有侵权请联系删除!
图片来源于网络,如有侵权联系删除
本文献不代表本站观点,内容供学术参考
未经书面授权，不得转载
版权所有 © 甲市人民政府
备案号：甲ICP备05002141号（备案管理系统）
甲公网安备：43090302000044号
网站标识码：4309000006
转载自:学习甲国
点击阅读原文
主办：甲市委政法委 承办：甲市法学会
国内统一刊号:CN51-0001
广告热线:86510000 订阅热线:86520000
我要投稿 • 相关推荐
制图 王甲
图/主办方提供
通讯员 甲政数宣
( 三 )
[编辑]
在维基数据编辑
图为甲市街头的口袋公园。孔甲乙 摄
中图分类号：D63 文献标识码：A
文章编号：1000-0000(2023)01-0001-09
DOI：10.1000/j.issn.1000-0000.2023.01.001
基金项目：国家社会科学基金项目“城市治理”（23BZZ001）
作者简介：张三，男，甲大学教授。
关键词：城市治理；基层；精细化
（作者系甲大学城市学院教授）
（俎甲，甲市第64期中青年干部培训一班 ）
（此件公开发布）
（此件依申请公开）
分享：
设为首页
加入收藏 | 手机版
繁体
搜索
返回顶部
字体：[大 中 小] 浏览次数：128 打印 关闭
（下转第3版）
市长甲作政府工作报告。本报记者 孙某某摄
相关文件
相关报道：
【法宝引证码】 CLI.12.0000000
原文链接：https://www.example.com/lar/1.html
本作品是甲国法律，不适用于著作权法，属于公有领域。
Public domain
·12·
""".strip().splitlines()


@pytest.mark.parametrize("line", RESIDUE)
def test_residue_goes_below_the_text(line):
    assert everything(f"题目\n\n{BODY}\n\n{line}") == f"题目\n\n{BODY}"


@pytest.mark.parametrize("line", RESIDUE)
def test_residue_goes_above_the_text(line):
    assert everything(f"{line}\n题目\n{line}\n\n{BODY}") == f"题目\n\n{BODY}"


TEXT = """
城市怎样治理
他们正在看护社区
原创 精治的做法
抄送制度怎么改
“扫一扫”办成一件事
扫一扫打开社区大门
微信“扫一扫”就能办
扫描二维码就能办事
未经同意，不得使用个人信息
作者为什么写社区的人员
位置：市民中心二楼
欢迎来到未来城市
数据中心 > 边缘节点
微信办事，扫码就能反馈
共享与分享
记者调查
记者手记：走进网格
一、2023年工作回顾
（一）完善基层治理
人民利益 > 一切
相关部门
图书馆里的课堂
图为什么好看
编辑部来信
关键词是“精细”
新闻发布制度
——2024年1月16日在甲市第五届人民代表大会上
市人民政府市长 葛甲
2024年1月16日
（2024年1月31日）
时间：2023年5月20日 9:30
地点：市民中心二楼
联系电话：010-12345678
电话：010-12345678
来源：根据《甲市条例》整理
甲府发〔2020〕25号
ICP备案办理指南
作者：城市首先是人民的城市
编辑部的故事
上一篇文章讲了网格
各位代表：
12
名词解释
[1]三线一单：生态保护红线和准入清单
（完）
（全文，内容有删节）
Abstract: city governance > rule
""".strip().splitlines()


@pytest.mark.parametrize("line", TEXT)
def test_text_stays_wherever_it_stands(line):
    for text in (f"{line}\n\n{BODY}", f"{BODY}\n\n{line}", f"题目\n{line}\n{BODY}\n{line}"):
        assert remove_residue(text) == text


def test_a_page_is_judged_by_its_blocks():
    head = "首页\n>\n政府信息公开\n>\n政府工作报告\n题目\n来源：甲日报\n时间：2026-02-09 9:20\n"
    corpus, report = clean(Corpus.from_texts({"a": f"{head}各位代表：\n{BODY}\n附件"}))
    assert corpus["a"] == f"题目\n各位代表：\n{BODY}"
    assert corpus.units.loc["a", ["source", "date"]].tolist() == ["甲日报", "2026-02-09 09:20"]
    removed = report.loc[report["step"] == "residue", "removed"].tolist()
    assert removed == [*head.replace("题目\n", "").splitlines(), "附件"]


def test_the_table_of_information_goes_to_the_metadata():
    table = "索 引 号：甲/2021-1\n发文机关：甲市人民政府\n成文日期：2021年9月2日\n"
    table += "发文字号：甲府发〔2021〕3号\n主题分类：城乡建设\n"
    corpus, _ = clean(Corpus.from_texts({"a": f"{table}题目\n{BODY}"}))
    assert corpus["a"] == f"题目\n{BODY}"
    told = ["issuer", "date", "document_number", "subject"]
    assert corpus.units.loc["a", told].tolist() == [
        "甲市人民政府",
        "2021-09-02",
        "甲府发〔2021〕3号",
        "城乡建设",
    ]


def test_a_label_and_its_value_on_two_lines():
    corpus, _ = clean(Corpus.from_texts({"a": f"题目\n来源：\n甲日报\n{BODY}"}))
    assert corpus["a"] == f"题目\n{BODY}"
    assert corpus.units.loc["a", "source"] == "甲日报"


def test_what_is_residue_at_the_ends_is_text_in_the_middle():
    text = f"{BODY}\n\n来源：甲网\n\n下载\n\n{BODY}"
    assert remove_residue(text) == text
    assert remove_residue(f"{BODY}\n\n— 3 —\n\n{BODY}") == f"{BODY}\n\n{BODY}"


def test_titles_of_related_pages_go_with_the_word_for_them():
    page = f"题目\n{BODY}\n相关推荐\n甲市开会\n一图读懂乙市\n上一篇"
    assert remove_residue(page) == f"题目\n{BODY}"
    inside = f"题目\n{BODY}\n相关推荐\n甲市开会\n{BODY}"
    assert remove_residue(inside) == inside
    before = f"相关新闻\n题目\n{BODY}\n落款"
    assert remove_residue(before) == f"题目\n{BODY}\n落款"


def test_keywords_are_told():
    corpus, _ = clean(Corpus.from_texts({"a": f"题目\n关键词：城市治理；基层\n{BODY}"}))
    assert corpus["a"] == f"题目\n{BODY}"
    assert corpus.units.loc["a", "keywords"] == "城市治理；基层"


def test_title_repeated_above_the_text():
    assert remove_residue(f"题 目\n首页>>理论\n题目\n{BODY}\n题目") == f"题 目\n{BODY}\n题目"
    marks = f"***\n===\n{BODY}"
    assert remove_residue(marks) == marks
    contents = f"目录\n一、甲\n二、乙\n一、甲\n{BODY}"
    assert remove_residue(contents) == contents


# ------------------------------------------------------------------ the article


@pytest.fixture(scope="module")
def article(sample):
    return sample.select(doc_id="beijing-2023")


@pytest.fixture(scope="module")
def cleaned(sample):
    return clean(sample)


def test_every_sentence_of_the_article_stays(article, cleaned):
    """Letters and digits of the body, between its marker lines, against the cleaned text."""
    raw = article["beijing-2023"]
    body = raw[raw.index("党的二十大报告指出") : raw.index("(俎涛")]
    sentences = [s for s in re.split(r"[。\n]", body) if s.strip()]
    assert len(sentences) > 30
    kept = re.sub(r"\W", "", cleaned.corpus["beijing-2023"])
    for sentence in sentences:
        assert re.sub(r"\W", "", sentence) in kept
    title = "深入推进精治共治法治不断提升首都城市治理现代化水平"
    assert kept == title + re.sub(r"\W", "", body), "and there is nothing else"


def test_article_reads_as_printed(cleaned):
    lines = cleaned.corpus["beijing-2023"].split("\n\n")
    assert lines[0] == "深入推进精治共治法治 不断提升首都城市治理现代化水平"
    assert lines[1].startswith("党的二十大报告指出，坚持人民城市人民建、人民城市为人民，")
    assert lines[2:10:2] == [
        "突出以人为本，不断提高城市治理精细化水平",
        "强化科技赋能，不断提高城市治理智能化水平",
        "支持多元参与，不断提高城市治理科学化水平",
        "加强规范保障，不断提高城市治理法治化水平",
    ]
    assert len(lines) == 10
    assert lines[-1].endswith("自觉维护城市安全和城市秩序。")
    assert not re.search("[,:;?!()\xa0]|扫一扫|责编|俎涛|来源|分享|>>", "\n".join(lines))


def test_article_tells_its_metadata(article):
    bare = Corpus.from_texts({"a": article["beijing-2023"]})
    told = clean(bare).corpus.units.loc["a"]
    assert told["date"] == "2023-05-10 10:33"
    assert told["source"] == "人民网-理论频道"
    assert told["author"] == "俎涛"
    assert told["author_note"] == "北京市第64期中青年干部培训一班"
    assert told["editor"] == "刘圆圆、秦华"


def test_the_other_texts_are_clean_already(sample, cleaned):
    others = sample.units.index != "beijing-2023"
    assert others.sum() == 40
    pd.testing.assert_series_equal(
        cleaned.corpus.units["text"][others], sample.units["text"][others]
    )
    assert set(cleaned.report["unit_id"]) == {"beijing-2023"}


def test_labelled_sections_are_found_after_cleaning(sample, cleaned):
    found = cleaned.corpus.split("section").units  # a label without its heading would warn
    assert found["dimension"].notna().all()
    article = found[found["doc_id"] == "beijing-2023"]
    assert [*article["dimension"]] == ["general", "refined", "smart", "participatory", "legal"]


# ------------------------------------------------------------------ metadata and report

PAGE = (
    "首页>>理论\n题目\n2023年05月10日10:33  来源:甲网\n作者:张三\n正文,写完了。\n(责编:李四 王五)"
)


def test_metadata_are_filled_but_never_overwritten():
    corpus = Corpus.from_texts(
        {"a": PAGE, "b": PAGE, "c": BODY},
        metadata={
            "a": {"author": "赵六", "source": "", "date": "2023-05-10"},
            "b": {"author": "张三", "source": None},
            "c": {"author": "孙七"},
        },
    )
    cleaned, report = clean(corpus)
    columns = ["author", "source", "date", "editor"]
    units = cleaned.units[columns].fillna("").T.to_dict("list")
    assert units["a"] == ["赵六", "甲网", "2023-05-10", "李四、王五"]
    assert units["b"] == ["张三", "甲网", "2023-05-10 10:33", "李四、王五"]
    assert units["c"] == ["孙七", "", "", ""]
    assert cleaned.units.loc["c", columns[1:]].isna().all(), "empty is missing, and no group"
    told = report[report["step"] == "metadata"].set_index(["unit_id", "rule"])["removed"]
    assert told["a", "author"] == "张三 (the metadata say 赵六, which stays)"
    assert told["a", "date"] == "2023-05-10 10:33 (the metadata say 2023-05-10, which stays)"
    assert told["b", "date"] == "2023-05-10 10:33"
    assert ("b", "author") not in told.index, "what agrees needs no word"
    assert not any(unit == "c" for unit, _ in told.index)
    assert "editor" not in corpus.units, "the corpus that came in is as it was"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2018-1-2 9:05:00 来源：甲网", {"date": "2018-01-02 09:05:00", "source": "甲网"}),
        ("发布时间：2018/11/12 作者：张三、李四", {"date": "2018-11-12", "author": "张三、李四"}),
        ("来源：甲日报 海外版", {"source": "甲日报 海外版"}),
        ("来源：甲日报 打印 字体：大 中 小", {"source": "甲日报"}),
        ("信息来源：甲日报报料热线:81850000", {"source": "甲日报"}),
        ("作者：张三（甲大学教授） 打印", {"author": "张三", "author_note": "甲大学教授"}),
        ("作者：张三 编辑：李四 打印", {"author": "张三", "editor": "李四"}),
        ("责任编辑：李四 校对：王五 阅读：35次", {"editor": "李四"}),
        ("责任编辑：李四校对：王五", {"editor": "李四"}),
        ("作者： 来源： 浏览 次", {}),
        ("（作者单位：甲大学城市学院）", {"author_note": "甲大学城市学院"}),
        ("本报记者 张 洋", {"author": "张洋"}),
    ],
)  # fmt: skip
def test_what_a_line_tells(line, told):
    corpus, _ = clean(Corpus.from_texts({"a": f"题目\n{line}\n{BODY}"}))
    assert corpus["a"] == f"题目\n{BODY}"
    columns = corpus.units.columns.difference(["text", "doc_id"])
    assert corpus.units.loc["a", columns].to_dict() == told


def test_report_accounts_for_every_line():
    text = "\n".join([*RESIDUE[:20], "题目", BODY, "正文。", *RESIDUE[20:]])
    corpus, report = clean(Corpus.from_texts({"a": text}), steps=["residue"])
    removed = [*report.loc[report["step"] == "residue", "removed"]]
    kept = corpus["a"].split("\n")
    assert sorted(removed + kept) == sorted(line.strip() for line in text.split("\n"))
    assert [*report["n_chars"][: len(removed)]] == [len(line) for line in removed]


def test_report_counts_and_shows_normalisations():
    corpus, report = clean(Corpus.from_texts({"a": "１２３，甲乙\u200b丙,丁 (戊)。"}))
    assert corpus["a"] == "123，甲乙丙，丁（戊）。"
    columns = ["step", "rule", "n_chars", "removed"]
    assert [*report[columns].itertuples(index=False, name=None)] == [
        (
            "unicode",
            "invisible characters",
            1,
            "１２３，甲乙\\u200b丙,丁 (戊 → １２３，甲乙丙,丁 (戊",
        ),
        ("unicode", "full-width letters, digits and signs", 3, "１２３，甲乙丙, → 123，甲乙丙,"),
        ("punctuation", "parentheses", 1, "，甲乙丙,丁 (戊)。 → ，甲乙丙,丁（戊）。"),
        (
            "punctuation",
            "commas and other marks",
            1,
            "23，甲乙丙,丁（戊）。 → 23，甲乙丙，丁（戊）。",
        ),
    ]


def test_steps_are_chosen_by_name():
    corpus = Corpus.from_texts({"a": PAGE})
    assert clean(corpus, steps=["residue"]).corpus["a"] == "题目\n正文,写完了。"
    assert "首页>>理论" in clean(corpus, steps=("punctuation",)).corpus["a"]
    assert clean(corpus, steps=[]).corpus["a"] == PAGE
    assert clean(corpus, steps=STEPS).corpus["a"] == clean(corpus).corpus["a"] == everything(PAGE)


def test_recipe_rebuilds_the_corpus(cleaned):
    assert cleaned.corpus.recipe.to_code().endswith("\ncorpus = clean(corpus).corpus")
    chosen = clean(Corpus.sample(), steps=["unicode", "punctuation"]).corpus
    names = {}
    exec(chosen.recipe.to_code(), names)
    assert names["corpus"].fingerprint == chosen.fingerprint != cleaned.corpus.fingerprint


def test_errors_say_what_to_do(sample):
    with pytest.raises(
        ValueError, match=r"unknown steps \['uniform'\].*unicode, lines, punctuation"
    ):
        clean(sample, steps=["unicode", "uniform"])
    with pytest.raises(ValueError, match="clean the whole texts, then split them"):
        clean(Corpus.from_texts({"a": BODY}).split("sentence"))


# ------------------------------------------------------------------ properties

NASTY = st.sampled_from(
    [
        *"甲乙丙。，、；：？！“”‘’（）《》【】—…网大Ａ９％．",
        *",.:;?!()[]<>|/-'\"&%+×·•aZ019",
        *" \n\n\t\r\u3000\xa0\ufeff\u200b",
        *("e\u0301", "\uf9db", "。\n", "甲乙丙丁", "——", " . ", "\n\n\n", "http://", "www.a.cn"),
        *("2023年5月10日", "10:33", "1,000", "首页", "来源：", "作者:", "编辑：", "分享", "记者 "),
        *(f"\n{line}\n" for line in [*RESIDUE, *TEXT, BODY]),
    ]
)
TEXTS = st.lists(NASTY, max_size=40).map("".join)


@settings(max_examples=600, deadline=None)
@given(TEXTS)
@example("甲, ,b ,，( 乙")
def test_cleaning_twice_is_cleaning_once(text):
    for step in (normalize_unicode, normalize_punctuation, normalize_whitespace, everything):
        assert step(step(text)) == step(text)
    assert unicodedata.is_normalized("NFC", everything(text))


def test_cleaning_the_corpus_twice(cleaned):
    corpus, report = clean(cleaned.corpus)
    assert report.empty
    assert corpus.fingerprint == cleaned.corpus.fingerprint


SENTENCES = [
    "城市要精细。",
    "谁来管？大家管！",
    "（记者 张洋）来到社区！",
    "分享到：街道、社区。",
    BODY,
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*RESIDUE, *TEXT, *SENTENCES]), max_size=25))
@example(["城市要精细。", "我要投稿 • 相关推荐", "城市怎样治理"])
def test_text_always_survives(lines):
    normal = compose(normalize_punctuation, normalize_whitespace)
    kept = everything("\n\n".join(lines)).split("\n\n")
    sentences = [normal(line) for line in lines if line in SENTENCES]
    assert [line for line in kept if line in map(normal, SENTENCES)] == sentences
    # What follows the word for related pages, behind all sentences, is their titles.
    last = max((i for i, line in enumerate(lines) if line in SENTENCES), default=len(lines))
    related = [i for i, line in enumerate(lines) if i > last and re.search("相关[推文报]", line)]
    before = lines[: related[0]] if related else lines
    assert {normal(line) for line in before if line in TEXT} <= set(kept)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_letters_are_only_lost_with_a_line_of_the_report(text):
    """What cleaning takes away, it reports: letters in = letters out + letters reported."""
    normal = compose(normalize_unicode, normalize_punctuation, normalize_whitespace)(text)
    if not normal.strip():
        return
    corpus, report = clean(Corpus.from_texts({"a": normal}), steps=["residue"])
    removed = report.loc[report["step"] == "residue", "removed"]
    letters = re.sub(r"\W", "", normalize_unicode(text))
    assert sorted(re.sub(r"\W", "", corpus["a"] + "".join(removed))) == sorted(letters)


@pytest.mark.parametrize(
    "unit",
    [
        *"甲,(（ >\u200b",
        *("( ", "甲 ", "a ", "(甲)", "((甲)", "1 .", "“甲乙 ", "http://", "e\u0301", "[大]"),
        *("浏览 ", "编辑：张三 ", "来源：", "首页>", "分享 ", "（甲，"),
    ],
)
def test_a_line_of_200000_characters(unit):
    """Patterns that are not linear would never come to an end here."""
    text = unit * (200_000 // len(unit))
    assert re.sub(r"\W", "", everything(text)) == re.sub(r"\W", "", normalize_unicode(text))


@pytest.mark.parametrize(
    "unit", ["浏览 ", "编辑：张三 ", "张三、", "来源：", "首页>", "分享", "大 ", "a>"]
)
def test_longest_line_that_may_be_residue(unit):
    text = f"{(unit * 150)[:140]}城市。"
    assert everything(text) == compose(normalize_punctuation, normalize_whitespace)(text)


def test_20000_short_lines():
    assert everything("\n".join(RESIDUE * (20_000 // len(RESIDUE)))) == ""
    text = "\n".join([BODY] * 20_000)
    assert everything(text) == text
    assert everything("\n" * 20_000) == ""
