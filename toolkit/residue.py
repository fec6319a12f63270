"""Lines that belong to the page and not to the text, and what they tell about it."""

from __future__ import annotations

import re
from typing import NamedTuple

from toolkit.metadata import COLUMNS
from toolkit.structure import HAN, bare, is_running_text

# Patterns run over untrusted text, so they must take linear time: repetitions that share
# characters with what follows are possessive (``*+``), and the rules see only lines of this
# length (the longest residue seen has 90 characters).
_LONGEST = 150


class Rule(NamedTuple):
    """A kind of line that is residue of the page, ``"anywhere"`` or at its ``"ends"``."""

    name: str
    where: str
    pattern: re.Pattern[str]


# The line that tells where a text comes from is made of labels with their values, either of
# which may be missing: 2023年05月10日10:33 来源:人民网 字体：[大][中][小] 浏览 次.
_DATE = (
    r"(?:19|20)\d{2}\s?[年./-]\s?(?:1[0-2]|0?[1-9])\s?[月./-]\s?(?:3[01]|[12]\d|0?[1-9])(?!\d)日?"
)
_TIME = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_DATE_LABEL = r"(?:发布|发表|发文|更新|成文|印发|录入)?(?:时间|日期)\s*[:：]"
_SOURCE_LABEL = r"(?:(?:文章|信息|稿件|新闻|内容|本文)?来源|稿源|转载自|转自|摘自)\s*[:：]"
_AUTHOR_LABEL = r"(?:作者|撰稿|撰文)\s*[:：]"
_EDITOR_LABEL = r"(?:责任编辑|责编|编辑|编审)\s*[:：]"
_STAFF_LABEL = r"(?:校对|审核|审校|初审|复审|终审|监制|签发|录入|发布人|发布机构)\s*[:：]"
_PHONE_LABEL = r"(?:报料|爆料|新闻|投稿|咨询)?(?:热线|电话)\s*[:：]"
_COUNT = r"(?:浏览|访问|点击|阅读)(?:次数|人数|量|数)?"
_FONT = r"(?:字体大小|字体|字号)"
_BUTTON = (
    r"(?:下载|打印(?:本页|此页|页面)?|全屏|收藏|分享(?:[到至]?\s?[:：])?|关闭(?:窗口|本页)?|点赞|转发|纠错|编辑|×|A[-+]"
    r"|加大|还原|减小|放大|缩小|默认|[大中小]{1,3}(?=[\s\]】）)]|$)|微信|微博|QQ空间|朋友圈|二维码)"
)
_LABEL = (
    f"(?:{_DATE_LABEL}|{_SOURCE_LABEL}|{_AUTHOR_LABEL}|{_EDITOR_LABEL}|{_STAFF_LABEL}"
    rf"|{_PHONE_LABEL}|(?:{_COUNT}|{_FONT})\s*[:：])"
)
_OTHER = f"(?:{_LABEL}|{_BUTTON}|{_COUNT}|{_FONT})"
_NAME = rf"(?!{_OTHER})(?:(?!{_LABEL})[{HAN}·]){{2,6}}(?:(?![{HAN}·])|(?={_LABEL}))"
_NAMES = rf"{_NAME}(?:[、，,/\s]+{_NAME})*"
_VALUE = rf"(?:(?!{_LABEL})[^\s:：|。！？；]){{2,40}}"
_DETAIL = (
    rf"(?:{_DATE_LABEL}\s*)?(?P<date>{_DATE}(?:\s*{_TIME})?)|{_DATE_LABEL}"
    rf"|{_SOURCE_LABEL}\s*(?P<source>(?!根据|依据|{_OTHER}){_VALUE}(?:\s(?!{_OTHER}){_VALUE})?)?"
    rf"|{_AUTHOR_LABEL}\s*(?P<author>{_NAMES})?(?:[（(](?P<author_note>[^（）()]{{2,40}})[）)])?"
    rf"|{_EDITOR_LABEL}\s*(?P<editor>{_NAMES})?|{_STAFF_LABEL}\s*(?:{_NAMES})?"
    rf"|{_PHONE_LABEL}\s*[\d-]{{5,15}}|{_COUNT}\s*(?:[:：]\s*\d*|\d+|(?=次))\s*次?"
    rf"|{_FONT}\s*[:：]?|{_BUTTON}"
)
_UNNAMED = re.sub(r"\?P<\w+>", "?:", _DETAIL)
_BETWEEN = r"[\s|｜/;；,，、·\[\]【】（）()]*+"
# Alone, these may be text: the date below a document, time and telephone of a notice.
_ALONE = (
    rf"(?:{_DATE}|(?:时间|日期)\s*[:：]\s*{_DATE}(?:\s*{_TIME})?|{_PHONE_LABEL}\s*[\d-]{{5,15}})"
)
_AFFILIATION = r"[^（）()。；：:]{2,60}[学院校室心库委办局厅处所会社队司团班授师员士生任记长者辑问]"
_REPORTER = rf"(?:[□■]\s?)?(?:文/)?(?:[{HAN}]{{1,12}}[报网社台刊体])?(?:全媒体)?(?:记者|通讯员)"
_SITE = (
    r"(?:(?:网站|返回|回到)?首页|网站地图|标题导航|版权声明|联系我们|关于我们|页面纠错|设为首页"
    r"|加入收藏|收藏本站|手机版|移动版|电脑版|[繁简]体(?:中文|版)?|English|无障碍(?:浏览|阅读|版)?"
    r"|长者(?:专区|模式|版)|(?:站内)?搜索|(?:用户)?登录|注册|邮箱|RSS|正文|(?:返回|回到)顶部|导航)"
)
# The labels of the table of information above a document of a government.
_TABLE = {
    label: column
    for column in (
        *("date", "published", "effective", "source", "genre", "issuer", "document_number"),
        *("subject", "validity"),
    )
    for label in COLUMNS[column]
}
_TABLE |= dict.fromkeys(
    ["索引号", "信息索引号", "公开方式", "公开范围", "公开形式", "公开时限"], ""
)
_TABLE |= dict.fromkeys(["公开类别", "组配分类", "标题", "名称", "废止日期"], "")
_LABELLED = re.compile(r"[【\[]?(?P<label>\w[\w\s]{1,8})[】\]]?\s?[:：]\s?(?P<value>.{0,100})")
_ATTACHMENT = re.compile(r"附\s?件\s?\d?\s?[:：]?")
_MARK = re.compile(r"[，。；！？…：]")
_CRUMB = re.compile(r"[>»›]+")

# Kinds of lines that are residue: anywhere, or only at the ends of the page, before the first
# and after the last line of running text.
_PATTERNS = {
    "anywhere": {
        "page number": r"[-–—·•]{1,2}\s?\d{1,4}\s?[-–—·•]{1,2}"
        r"|第\s?\d+\s?页\s?[/，]?\s?共\s?\d+\s?页",
        "paging": r"[·•]?\s?[上下]一[篇页版](?:文章)?(?:\s?[:：].*)?"
        r"|(?:第\d+版[:：]\S{1,12}\s)?(?:[34]?\s?[上下]一[篇版]\s?[34]?\s?){2}(?:放大|缩小|默认|\s)*"
        r"|[（(](?:上接|下转)第?\s?\w{1,4}\s?版[）)]",
        # Of an encyclopaedia's sections, and of pictures.
        "edit link": r"[\[［]?编辑[\]］]?|在维基数据编辑",
        "caption": r"(?:[▲△↑]\s?)?图(?:为|片?[:：/]).{0,80}(?:[。\s]\S{0,16}摄|提供|制图)[）)]?"
        rf"|.{{2,100}}[。，）)\s（(](?:本报|本网|新华社|中新社)?(?:全媒体)?(?:记者|通讯员)\s?[{HAN}·、\s]{{2,12}}摄[）)]?",
        "journal": r"(?:中图分类号|文献标识码|文章编号|收稿日期|基金项目|作者简介|DOI)"
        r"\s?[:：\]】]?\s?.{2,130}"
        r"|[\[【]?关\s?键\s?词[\]】]?\s?[:：]\s?(?P<keywords>[^。]{2,100})",
        "share": r"(?:\d+\s?)?分享[到至]\s?[:：]?(?:\s?(?:微信|微博|QQ空间|朋友圈|×))*+",
    },
    "ends": {
        "prompt": r"(?:请?(?:使用|打开|用)?(?:手机)?微信\s?[“\"]?扫一扫[”\"]?|(?:二维码\s?)?扫一扫)"
        r"(?:[，,\s]*(?:添加.*|关注.*(?:我们|公众号|”)|在?手机.?(?:打开|阅读|浏览|查看).{0,10}))?"
        r"|长按(?:识别)?二维码.{0,20}|点击右上角.*(?:分享|朋友圈).*|您访问的链接即将离开.*",
        "buttons": rf"(?:{_BETWEEN}(?:{_BUTTON}|{_FONT}\s?[:：]?))++{_BETWEEN}|[】×]",
        # The names would be groups within an atomic group, which re does not bear.
        "date, source, editor": rf"(?!{_BETWEEN}{_ALONE}{_BETWEEN}$)"
        rf"{_BETWEEN}(?>(?:{_UNNAMED}){_BETWEEN})++",
        "author and affiliation": rf"[（(]\s?(?:作者[:：]\s?)?(?P<author>{_NAMES})\s?[，,]\s?"
        rf"(?P<author_note>{_AFFILIATION})\s?[）)]",
        "affiliation of the author": r"(?:[（(]\s?作者(?:单位)?(?:[:：]|系|为)|作者单位[:：])\s?"
        rf"(?P<author_note>{_AFFILIATION})\s?[）)]?",
        "reporter": rf"[（(]?{_REPORTER}\s+(?P<author>{_NAMES})(?:\s(?:报道|文|摄))?\s?[）)]?"
        rf"|□\s?{_REPORTER}",
        "breadcrumb": r"(?:您|现在|当前)+的?(?:所在)?位置是?\s?[:：].*"
        r"|[^>»›|。！？；，]{0,18}(?:首页|网|频道)(?:\s?[>»›]+\s?[^>»›|。！？；]{1,40})++",
        "site navigation": rf"(?:{_SITE}[\s|｜·•>]*+)++|[>»›]+"
        r"|欢迎(?:来到|访问)\S+[局厅委办府网站]|(?:APP|立即)下载|原标?题\s?[:：].*",
        "newspaper": r"国内统一(?:连续出版物|刊)号\s?[:：].*"
        r"|(?:广告|订阅|发行)(?:热线|电话)\s?[:：].*"
        r"|主办\s?[:：]\S{2,30}\s+承办\s?[:：].*",
        "part of an article": r"[（(]\s?[一二三四五六七八九十]{1,2}\s?[）)]",
        "illustrator": rf"(?:制图|绘图|漫画|摄影|插图)\s?[:：/]?\s?{_NAMES}|[文图]/\S{{2,20}}",
        "related links": r"(?:我要投稿\s?[•·|]\s?)?"
        r"(?:(?:相关|新闻|热点|精彩|为你)(?:推荐|报道|阅读|新闻|链接|文章|文件|解读|政策|信息|稿件)|猜你喜欢)\s?[:：]?",
        "database": r"[【\[]?(?:法宝引证码|原文链接|CLI\.)[】\]]?\s?[:：]?\s?\S.*",
        "publicity": r"[（(]\s?此件[^（）()]{0,8}公开[^（）()]{0,4}[）)]",
        "licence": r"本(?:作品|模板).{0,120}(?:公有领域|著作权法|知识共享|主席令).{0,20}"
        r"|(?:注：)?.{0,12}维基(?:文库|百科|媒体).{0,60}|(?:Public domain|true|false|\s)++"
        r"|.{0,40}(?:CC[ -]BY|知识共享).{0,60}",
        "copyright": r"(?:版权声明|版权所有|免责声明)(?:\s?[:：©].*|\s.*)?|(?:©|Copyright).*"
        r"|.*(?:ICP备|公网安备)\s?[:：]?\s?\d.*|网站标识码\s?[:：].*|主办(?:单位)?\s?[:：].*网站.*"
        r"|.*如有侵权.{0,8}(?:联系|告知).{0,10}|本(?:文|文献|内容).{0,6}不代表本(?:站|网|平台).*"
        r"|[未非]经.{0,12}(?:授权|许可|同意).{0,10}转载.{0,10}|(?:点击)?阅读原文",
    },
}
_RULES = tuple(
    Rule(name, where, re.compile(pattern))
    for where, patterns in _PATTERNS.items()
    for name, pattern in patterns.items()
)
# What a removed line tells: the names of the groups are columns of the metadata.
_TELLS = {rule.name: rule.pattern for rule in _RULES if rule.pattern.groupindex}
_TELLS["date, source, editor"] = re.compile(_DETAIL)


def residue_lines(lines: list[str]) -> dict[int, str]:
    """Return the numbers of the lines that are residue, each with the name of its rule.

    A line is judged by itself and by its block, the lines above the first and below the last
    line of running text; of these only lines that are kept decide where the text is. So a
    second run, which sees only the kept lines, finds nothing more.
    """
    names, anywhere = _rules(lines)
    found = {i: names[i] for i in anywhere}
    written = [i for i, line in enumerate(lines) if line and i not in found]
    _judge_together(lines, written, names)
    kept: list[str] = []
    for i in written:
        if name := names[i]:
            found[i] = name
        elif _is_body(lines[i]):
            break
        elif kept == [bare(lines[i])] != [""]:
            found[i] = "repeated title"
        else:
            kept.append(bare(lines[i]))
    for n, i in enumerate(reversed(written)):
        if name := names[i]:
            found[i] = name
        elif n == 0 and len(written) > 1 and _ATTACHMENT.fullmatch(lines[i]):
            found[i] = "dangling attachment"
        elif i not in found and _is_body(lines[i]):
            break
    # What follows the word for related pages is their titles, down to the end of the page.
    running = (i for i in reversed(written) if _is_body(lines[i]) and i not in found)
    last = next(running, -1)
    links = [i for i in written if i > last and found.get(i) == "related links"]
    if links and last >= 0:
        found |= {i: "related links" for i in written if i > links[0] and i not in found}
    return found


def _is_body(line: str) -> bool:
    """Tell whether a line is text; a title without a mark is none, however long."""
    return is_running_text(line) and (len(line) > _LONGEST or _MARK.search(line) is not None)


def _rules(lines: list[str]) -> tuple[list[str], list[int]]:
    """Return the name of the rule that each line meets, and those that hold anywhere."""
    rules = [
        next((rule for rule in _RULES if rule.pattern.fullmatch(line)), None)
        for line in (line if len(line) <= _LONGEST else "" for line in lines)
    ]
    names = [rule.name if rule else "" for rule in rules]
    return names, [i for i, rule in enumerate(rules) if rule and rule.where == "anywhere"]


def _judge_together(lines: list[str], written: list[int], names: list[str]) -> None:
    """Add the rules that lines meet by what stands beside them."""
    for before, i, after in zip([-1, *written], written, [*written[1:], -1], strict=False):
        line = lines[i]
        table = [n for n in (before, i, after) if n >= 0 and _labelled(lines[n])]
        if not names[i] and len(table) > 1 and i in table:
            names[i] = "information table"
        elif _CRUMB.fullmatch(line):
            for n in (before, after):
                if (
                    n >= 0
                    and not names[n]
                    and len(lines[n]) <= 20
                    and not is_running_text(lines[n])
                ):
                    names[n] = "breadcrumb"


def _labelled(line: str) -> tuple[str, str] | None:
    """Return the column and the value of a line of a table of information."""
    match = _LABELLED.fullmatch(line) if len(line) <= _LONGEST else None
    label = re.sub(r"\s", "", match["label"]) if match else ""
    if match is None or label not in _TABLE or match["value"].startswith(("根据", "依据")):
        return None
    # That of an event is written so: 2023年5月20日 9:30.
    event = label in ("时间", "日期") and re.search(rf"日.*{_TIME}", match["value"])
    return None if event else (_TABLE[label], match["value"].strip())


def tells(rule: str, line: str) -> dict[str, str]:
    """Return what a removed line tells about its text: columns of the metadata.

    Examples
    --------
    >>> tells("date, source, editor", "2023年5月10日10:33 来源：甲网")
    {'date': '2023-05-10 10:33', 'source': '甲网'}
    """
    told: dict[str, str] = {}
    if rule == "information table" and (labelled := _labelled(line)) and all(labelled):
        return {labelled[0]: _value(*labelled)}
    if pattern := _TELLS.get(rule):
        for match in pattern.finditer(line):
            found = {c: _value(c, v) for c, v in match.groupdict().items() if v}
            told |= {c: v for c, v in found.items() if c not in told}
    return told


def _value(column: str, value: str) -> str:
    if column in ("date", "published", "effective") and len(re.findall(r"\d+", value)) > 2:
        year, month, day, *time = (f"{number:0>2}" for number in re.findall(r"\d+", value))
        return f"{year}-{month}-{day} {':'.join(time)}".strip()
    if column in ("author", "editor"):
        return "、".join(re.split(r"[、，,/\s]+", value))
    return value
