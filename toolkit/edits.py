"""What cleaning replaces within a text: tables of named patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from unicodedata import normalize

from toolkit.structure import HAN


class Edit(NamedTuple):
    """A pattern that is replaced wherever it stands in a text."""

    rule: str
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


# Patterns run over untrusted text, so they must take linear time: repetitions that share
# characters with what follows are possessive (``*+``) or start behind a look-behind.
_INVISIBLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)

_UNICODE = (
    Edit("line ends", re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]"), "\n"),
    Edit("invisible characters", re.compile(f"[{_INVISIBLE}]+"), ""),
    Edit("no-break and other spaces", re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f]"), " "),
    Edit(
        "full-width letters, digits and signs",
        re.compile(r"[０-９Ａ-Ｚａ-ｚ％＋／＆＠＃＝]+"),
        lambda match: "".join(chr(ord(char) - 0xFEE0) for char in match[0]),
    ),
    # PDF files write characters as the radicals that look like them (⽂ for 文), old systems ｡.
    Edit(
        "radicals and half-width marks",
        re.compile(r"[\u2e80-\u2fd5\uff61-\uff65]+"),
        lambda match: normalize("NFKC", match[0]),
    ),
    Edit("full-width decimal point", re.compile(r"(?<=[0-9])[．﹒](?=[0-9])"), "."),
    # Last, since the edits before it bring characters together that may belong together.
    Edit("composed characters", re.compile(r".+"), lambda match: normalize("NFC", match[0])),
)


def _set_together(match: re.Match[str]) -> str:
    text, figures = match.string, match[0].replace(" ", "")
    start, end = match.span()
    # 1 2 3 counts: a row of a table, a list; but not 热线 1 2 3 4 5.
    if re.search(r"(?:热线|电话|拨打|号码)[：:\s“]*$", text[max(0, start - 9) : start]):
        return figures
    counts = len(figures) > 2 and figures in "0123456789"
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return figures if not counts and re.search(f"[%{HAN}]", beside) else match[0]


# Digits that a scan or an old page set apart: 2 0 0 5年，增长1 2 . 5 %.
_FIRST = r"(?<![\d.])(?<![\d.] )[0-9]"
_DIGITS = (
    Edit(
        "digits of a number set apart",
        re.compile(
            _FIRST + r"(?: [0-9])*+ \. ?[0-9](?:(?: [0-9])*+ ?%|(?! ?[\d.]))"
            rf"|{_FIRST}(?: [0-9]){{0,2}}+(?: ?, ?[0-9] [0-9] [0-9])++(?= ?[{HAN}%])"
        ),
        lambda match: match[0].replace(" ", ""),
    ),
    Edit(
        "digits set apart",
        re.compile(_FIRST + r"(?: [0-9](?![\d.]))++(?: (?=[%年月日]))?"),
        _set_together,
    ),
)

# What stands before or after a mark of Chinese text. The marks that these edits write
# themselves are not among them, or a second run would find more to do than the first.
_BEFORE = f"[{HAN}。、”’》〉」』】…]"
_AFTER = f"[{HAN}“‘《〈「『【]"
_PAIR = r"[(（](?:[^()（）\n]|[(（][^()（）\n]*[)）])*[)）]"
_CHINESE = re.compile(f"[{HAN}]")
_CHINESE_FOLLOWS = re.compile(rf"[^\S\n]*+{_AFTER}")


def _full_width_pair(match: re.Match[str]) -> str:
    pair, text, start = match["pair"], match.string, match.start("pair")
    before = text[max(0, start - 2) : start]
    inside = _CHINESE.search(pair) and not re.fullmatch("[A-Za-z] ", before)
    follows = _CHINESE_FOLLOWS.match(text, match.end()) and not re.search("[A-Za-z0-9)）]$", before)
    if match["after_chinese"] is None and not inside and not follows:
        return match[0]
    wide = pair.translate(str.maketrans("()", "（）"))
    return match[0] if wide == pair else wide


def _full_width_marks(match: re.Match[str]) -> str:
    return (match["after"] or match["before"]).translate(str.maketrans(",:;?!", "，：；？！"))


_PUNCTUATION = (
    Edit(
        "parentheses",
        re.compile(rf"(?P<after_chinese>(?<={_BEFORE})[^\S\n]*+)?(?P<pair>{_PAIR})"),
        _full_width_pair,
    ),
    Edit(
        "commas and other marks",
        re.compile(
            rf"(?<=[）{_BEFORE[1:]})[^\S\n]*+(?P<after>[,:;?!]++)[^\S\n]*+"
            rf"|(?<![,:;?!])(?P<before>[,:;?!]++)[^\S\n]*+(?={_AFTER})"
        ),
        _full_width_marks,
    ),
)

# A space between Chinese words is deliberate in a title (深入推进精治共治法治 不断提升…) and
# between the halves of a quoted slogan (“品质生活 亳动消费”); so is the one that ends the number
# of an article (第一条 为了…). Elsewhere in running text it is a slip.
_RUNNING_TEXT = re.compile("[。！？；]")
_BESIDE = f"[{HAN}，。、；：？！“”‘’（）《》〈〉「」『』【】…]"
_SPACES_IN_TEXT = re.compile(
    r"(?P<kept>[“‘《「【]\w{2,}+(?: \w{2,}+)+[”’》」】]"
    r"|^第[零一二三四五六七八九十百千\d]+[编篇章节条](?:之[一二三四五六七八九十]+)? )"
    rf"|(?<={_BESIDE}) | (?={_BESIDE})"
)
# In titles and headings only those beside a mark or between characters set apart (总　则).
_SPACES_IN_TITLE = re.compile(
    r"(?<=[，。、；：？！“‘（《〈「『【]) | (?=[，。、；：？！”’）》〉」』】])"
    rf"|(?<=(?<![{HAN}])[{HAN}]) (?=[{HAN}](?![{HAN}]))"
)


def _close_up(match: re.Match[str]) -> str:
    line = match[0]
    if _RUNNING_TEXT.search(line):
        return _SPACES_IN_TEXT.sub(lambda space: space["kept"] or "", line)
    return _SPACES_IN_TITLE.sub("", line)


_WHITESPACE = (
    Edit("spaces at line ends", re.compile(r"(?m)^[^\S\n]++|(?<![^\S\n])[^\S\n]++$"), ""),
    Edit("wide spaces and runs of spaces", re.compile(r"[^\S\n]{2,}|[^\S\n ]"), " "),
    Edit("spaces in a decimal number", re.compile(r"(?<=[0-9]) \. ?(?=[0-9])"), "."),
    Edit("spaces between Chinese characters", re.compile(r".+"), _close_up),
    Edit("blank lines", re.compile(r"\n{3,}"), "\n\n"),
    Edit("blank lines around the text", re.compile(r"\A\n+|(?<=\n)\n+\Z"), ""),
)

#: The edits of each step, in the order of the steps.
EDITS: dict[str, tuple[Edit, ...]] = {
    "unicode": _UNICODE,
    "lines": _DIGITS,
    "punctuation": _PUNCTUATION,
    "whitespace": _WHITESPACE,
}
