"""The structure of a Chinese text: blocks, headings, sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from unicodedata import normalize

#: Chinese characters, as a range within the brackets of a pattern.
HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"


def whole(pattern: str | list[str], parts: Mapping[str, str]) -> str:
    """Return a pattern with its parts in place, and theirs: ``«name»``.

    Examples
    --------
    >>> whole(["«day»", "日"], {"day": "«n»{1,2}", "n": "[0-9]"})
    '[0-9]{1,2}日'
    """
    found = {"han": HAN, **parts}
    return re.sub("«(.*?)»", lambda match: whole(found[match[1]], parts), "".join(pattern))


# The longest unnumbered heading seen in the corpus has 22 characters; real reports go to 40,
# and to more with a number.
_LONGEST_HEADING, LONGEST_NUMBERED = 45, 60
# A line so long holds many paragraphs: a copy lost the ends of its lines.
_LONG_LINE = 1_000
_C, _CD = "[零〇一二三四五六七八九十百]", r"[零〇一二三四五六七八九十百\d]"
# What follows 1.1 or 1.1.1: no figure, and without a space no unit: 2.5万户 is a quantity.
_DECIMAL = (
    rf"[.．、]?(?![\d.．])(?=\s|[{HAN}])"
    "(?![十百千万亿个倍米元平公吨人户亩年月日天岁时分秒件项家条次所座套辆台处名位升度里斤克级折左以上下余多成])"
)
# The numbered styles, from the widest to the narrowest.
_STYLES = [
    re.compile(rf"{before}\s{{0,2}}(?P<number>{number})\s{{0,2}}{after}\s*(?=\S)")
    for before, number, after in (
        ("第", f"{_CD}{{1,4}}", "(?:编|部分)"),
        ("第", f"{_CD}{{1,4}}", "篇"),
        ("第", f"{_CD}{{1,4}}", "章"),
        ("第", f"{_CD}{{1,4}}", "节"),
        ("", f"{_C}{{1,3}}", f"(?:、|[.．﹒](?!{_C}))"),
        ("[（(]", f"{_C}{{1,3}}", "[）)]、?"),
        ("", r"\d{1,2}", r"[.、．﹒․](?!\d)"),
        *((rf"(?:\d{{1,2}}[.．]){{{depth}}}", r"\d{1,2}", _DECIMAL) for depth in (1, 2, 3)),
        ("[（(]", r"\d{1,2}", "[）)]"),
        ("", "[①-⑳]", ""),
    )
]
UNNUMBERED = len(_STYLES)
_BULLET = re.compile("[-•·●■◆▪★☆*+>#—–]")
# An article of a law with its text; 第三条规定的 and 第三条第二款 speak of one.
ARTICLE = re.compile(
    r"第(?P<number>[零〇一二三四五六七八九十百千\d]{1,7})条(?:之[一二三四五六七八九十]{1,2})?"
    r"(?!\s?(?:[、，,和与至到及或的款项第]|规定|所[称列]|中的))"
)
SALUTATION = re.compile(
    r"^(?:各位|同志们|女士们|先生们|尊敬的|代表们).{0,12}[：:！!，,]?$|^各位代表.{0,16}[：:！!]$"
)
_ENDS_SENTENCE = re.compile(r"[。！!；;：:，,、…]$|——$")
#: The end of a sentence, with the quotes and brackets that close after its mark.
FINAL = re.compile(r"[。！？!?；;：:…][”’」』）)》】\"]*(?:[（(][^（）()]*[）)])?$")
_HAS_SENTENCE = re.compile(r"[。；;]")
# A sentence keeps its final marks and the closing quotes and brackets after them.
_SENTENCE = re.compile(r"[^。！？!?…\n-\r\x85\u2028\u2029]*(?:[。！？!?…]+[”’」』）)》】\"]*|\s?)")

_DAY = r"[\d〇零○Oo一二三四五六七八九十]"
#: A date that stands alone.
DATE = re.compile(
    rf"[（(]?{_DAY}{{2,4}}\s?[年./-]\s?{_DAY}{{1,3}}\s?[月./-](?:\s?{_DAY}{{1,3}}\s?[日号]?)?[）)]?"
)
#: What continues a line, so that no line begins with it.
GOES_ON = re.compile(r"\.\d|[，。、；：！？,;!?%％”’）》」』】〉…]")
_DATA = tomllib.loads(Path(__file__).with_name("structure.toml").read_text("utf-8"))
_NOT_HEADING, _BEGINS_SENTENCE = (
    re.compile(whole(_DATA[kind], {**_DATA["parts"], "date": DATE.pattern}))
    for kind in ("not_heading", "begins_sentence")
)
_BROKEN_OFF = re.compile("(?:如下|以及|或者|[把被])$")
_BESIDE_CHAPTER = re.compile(rf"(?<=\s)第{_CD}{{1,5}}(?:[编篇章节]|条)(?=\s)")
_INSIDE = re.compile(
    rf"(?<![^。！？；;：”）\s])(?P<head>(?P<page>[-–—]\s?\d{{1,4}}\s?[-–—](?!\S))"
    rf"|第\s?(?P<a>{_CD}{{1,7}})\s?[编篇章节条]|(?P<b>{_C}{{1,3}})、|[（(](?P<c>{_C}{{1,3}})[）)])"
)
# The name of a heading in a line without ends, up to the space that is left of one.
_NAME = re.compile(r"(?:第\S+\s)?[^\s。；：，]{2,20}(?:，[^\s。；：，]{2,20})?(?=\s)")
#: A row of a table, as readers write it: its cells apart.
ROW = re.compile(r"[^|]*\s\|(?:\s|$)|\|\s")
_BRACKETS = (("（", "）"), ("《", "》"), ("“", "”"), ("【", "】"), ("「", "」"))


def blocks(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the lines of a text that hold something, each with where it starts.

    A line is a paragraph or a heading; blank lines separate and carry nothing.

    Examples
    --------
    >>> list(blocks("题目\n\n  正文。\n"))
    [(0, '题目'), (6, '正文。')]
    """
    for match in re.finditer(r"[^\r\n]+", text):
        if stripped := match.group().strip():
            yield text.index(stripped, match.start()), stripped


def is_running_text(line: str) -> bool:
    """Tell whether a line is part of the text: long, or with the marks of a sentence."""
    line = line.strip()
    if not line or len(line) > LONGEST_NUMBERED or _HAS_SENTENCE.search(line):
        return True
    if ARTICLE.match(line) or SALUTATION.match(line):
        return True
    if style_of(line) < UNNUMBERED:
        return bool(re.search(r"[，,；;]$", line))
    return len(line) > _LONGEST_HEADING or bool(_ENDS_SENTENCE.search(line))


def is_heading(line: str) -> bool:
    """Tell whether a line, by itself, is a heading.

    Numbered in one of the Chinese styles (第一章, 一、, （一）, 1., ①) or not, a heading
    is short, holds no full stop, and ends without the mark of a sentence. Dates, numbers of
    documents, speakers, captions, formulas and rows of a table are none. What stands
    around a line tells more: see `outline`.

    Examples
    --------
    >>> is_heading("九百多万件诉求说明了什么")
    True
    >>> is_heading("（一）完善基层治理")
    True
    >>> is_heading("城市管理应该像绣花一样精细。")
    False
    >>> is_heading("一是明确责任；二是搭建平台。")
    False
    >>> is_heading("国办发〔2023〕5号")
    False
    """
    line = line.strip()
    if is_running_text(line) or GOES_ON.match(line) or _NOT_HEADING.match(line):
        return False
    if style_of(line) < UNNUMBERED:
        return True
    whole = all(line.count(left) == line.count(right) for left, right in _BRACKETS)
    return whole and not _BEGINS_SENTENCE.match(line) and not _BROKEN_OFF.search(line)


def begins_anew(line: str) -> bool:
    """Tell whether a line must begin something: numbered, an item, a date, a row of a table."""
    patterns = (ARTICLE, SALUTATION, _NOT_HEADING, _BULLET)
    return style_of(line) < UNNUMBERED or any(pattern.match(line) for pattern in patterns)


def cuts(line: str) -> list[int]:
    """Return where a line holds the beginnings of others: headings, articles, page numbers.

    A chapter may have its first section or article beside it. In a line so long that it must
    hold many, numbers that count up from one begin them; the space after the name of a
    heading ends it.
    """
    chapter = _STYLES[0].match(line) or any(style.match(line) for style in _STYLES[1:4])
    found = {m.start() for m in _BESIDE_CHAPTER.finditer(line)} if chapter else set()
    if len(line) <= _LONG_LINE:
        return sorted(found)
    last: dict[int, int] = {}
    for match in _INSIDE.finditer(line):
        at = match.start("head")
        if match["page"]:
            found |= {at, match.end()}
            continue
        style = next((n for n, s in enumerate(_STYLES) if s.match(line, at)), UNNUMBERED)
        if style < UNNUMBERED or ARTICLE.match(line, at):
            number = _value(match["a"] or match["b"] or match["c"])
            if number not in (1, last.get(style, 0) + 1):
                continue
            last = {s: n for s, n in last.items() if s < style or s == UNNUMBERED} | {style: number}
            found.add(at)
            name = _NAME.match(line, match.end())
            if style < UNNUMBERED and name:
                found.add(name.end())
    return sorted(found - {0, len(line)})


def style_of(line: str) -> int:
    """Return how far down a heading stands: 0 for 第一编; unnumbered ones come last."""
    return next((n for n, style in enumerate(_STYLES) if style.match(line)), UNNUMBERED)


def number_of(line: str, style: int) -> int:
    """Return the number that a line has in a style; 0 for none."""
    match = _STYLES[style].match(line) if style < UNNUMBERED else None
    return _value(match["number"]) if match else 0


def _value(number: str) -> int:
    """Return the value of a number as headings are numbered: 12, 十二, 一百零三, ⑫."""
    if number.isdecimal():
        return int(number)
    if "①" <= number <= "⑳":
        return ord(number) - ord("①") + 1
    total, figure = 0, 0
    for char in number:
        if char in "十百千":
            total += max(figure, 1) * 10 ** ("十百千".index(char) + 1)
            figure = 0
        else:
            figure = "〇一二三四五六七八九".find(char.replace("零", "〇"))
    return total + figure


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text, each with where it starts.

    Final marks, and closing quotes after them, stay with their sentence.

    Examples
    --------
    >>> [s for _, s in sentences("他问：“行吗？”没人答。散会")]
    ['他问：“行吗？”', '没人答。', '散会']
    """
    for match in _SENTENCE.finditer(text):
        if stripped := match.group().strip():
            yield text.index(stripped, match.start()), stripped


def bare(line: str) -> str:
    """Return a line without spaces and marks, so that cleaning does not hide a match."""
    return re.sub(r"[\W_]+", "", normalize("NFKC", line))
