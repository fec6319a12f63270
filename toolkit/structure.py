"""The structure of a Chinese text: blocks, headings, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

Unit = Literal["section", "paragraph", "sentence"]
#: Chinese characters, as a range within the brackets of a pattern.
HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

# The longest unnumbered heading seen in the corpus has 22 characters; real reports go to 40.
_LONGEST_HEADING = 45
# The numbered styles, from the widest to the narrowest.
_NUMBERED = [
    re.compile(rf"^{number}\s*\S")
    for number in (
        r"第[零一二三四五六七八九十百\d]+编",
        r"第[零一二三四五六七八九十百\d]+章",
        r"第[零一二三四五六七八九十百\d]+节",
        r"[一二三四五六七八九十]{1,3}、",
        r"[（(][一二三四五六七八九十]{1,3}[）)]",
        r"\d{1,2}[.、．](?!\d)",
        r"[（(]\d{1,2}[）)]",
        r"[①-⑳]",
    )
]
# An article of a law with its text, and the salutations that divide a speech: no headings.
_ARTICLE = re.compile(r"^第[零一二三四五六七八九十百千\d]+条")
_SALUTATION = re.compile(r"^(?:各位|同志们|女士们).{0,12}[：:！!，,]?$")
_ENDS_SENTENCE = re.compile(r"[。！!；;：:，,…]$|——$")
_HAS_SENTENCE = re.compile(r"[。；;]")
# A sentence keeps its final marks and the closing quotes and brackets after them.
_SENTENCE = re.compile(r"[^。！？!?…\n]*(?:[。！？!?…]+[”’」』）)》】\"]*|\n|$)")


def blocks(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the lines of a text that hold something, each with where it starts.

    A line is a paragraph or a heading; blank lines separate and carry nothing.

    Examples
    --------
    >>> list(blocks("题目\n\n  正文。\n"))
    [(0, '题目'), (6, '正文。')]
    """
    for match in re.finditer(r"[^\r\n]+", text):
        line = match.group()
        stripped = line.strip()
        if stripped:
            yield match.start() + len(line) - len(line.lstrip()), stripped


def is_heading(line: str) -> bool:
    """Tell whether a line is a heading.

    Numbered in one of the Chinese styles (第一章, 一、, （一）, 1., ①) or not, a heading
    is short, holds no full stop, and ends without the mark of a sentence.

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
    """
    line = line.strip()
    if not line or len(line) > _LONGEST_HEADING or _HAS_SENTENCE.search(line):
        return False
    if _ARTICLE.match(line) or _SALUTATION.match(line):
        return False
    if _level(line) < len(_NUMBERED):
        return not re.search(r"[，,；;]$", line)
    return not _ENDS_SENTENCE.search(line)


class Line(NamedTuple):
    """A line of a text: what it is, and for a heading how far down it stands."""

    start: int
    kind: Literal["heading", "article", "salutation", "paragraph"]
    level: int
    text: str


def outline(text: str) -> list[Line]:
    r"""Return the lines of a text with what they are.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Line
        ``start`` in characters; ``kind``; ``level`` of a heading: 1 for the widest style
        that the text uses (编, 章, 节, 一、, （一）, 1., （1）, ①; unnumbered ones are the
        narrowest), 0 for other lines; ``text``.

    Examples
    --------
    >>> lines = outline("第一章 总则\n第一条　为了规范治理，制定本条例。\n一、范围\n（一）道路")
    >>> [(line.kind, line.level) for line in lines]
    [('heading', 1), ('article', 0), ('heading', 2), ('heading', 3)]
    """
    found = []
    for start, line in blocks(text):
        if _ARTICLE.match(line):
            found.append((start, "article", 0, line))
        elif _SALUTATION.match(line):
            found.append((start, "salutation", 0, line))
        elif is_heading(line):
            found.append((start, "heading", _level(line), line))
        else:
            found.append((start, "paragraph", 0, line))
    used = sorted({level for _, kind, level, _ in found if kind == "heading"})
    return [
        Line(start, kind, used.index(level) + 1 if kind == "heading" else 0, line)  # type: ignore[arg-type]
        for start, kind, level, line in found
    ]


def _level(line: str) -> int:
    """Return how far down a heading stands: 0 for 第一编; unnumbered ones come last."""
    levels = (level for level, number in enumerate(_NUMBERED) if number.match(line))
    return next(levels, len(_NUMBERED))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text, each with where it starts.

    Final marks, and closing quotes after them, stay with their sentence.

    Examples
    --------
    >>> [s for _, s in sentences("他问：“行吗？”没人答。散会")]
    ['他问：“行吗？”', '没人答。', '散会']
    """
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        stripped = sentence.strip()
        if stripped:
            yield match.start() + len(sentence) - len(sentence.lstrip()), stripped


def passages(
    text: str, *, title: str, unit: Unit, min_chars: int
) -> list[tuple[str, str, int, int]]:
    """Return (name, section, start, end) of the passages of a text."""
    lines = [(start, line) for start, line in blocks(text)]
    title = bare(title)
    sections: list[tuple[str, list[tuple[int, int]]]] = [("", [])]
    for i, (start, line) in enumerate(lines):
        if title and bare(line) == title and not any(spans for _, spans in sections):
            continue
        # A short last line, or one before another heading, heads nothing: it is text.
        if is_heading(line) and i + 1 < len(lines) and not is_heading(lines[i + 1][1]):
            sections.append((line, []))
        else:
            sections[-1][1].append((start, start + len(line)))
    found = []
    paragraph = 0
    for number, (heading, spans) in enumerate(((h, s) for h, s in sections if s), 1):
        pieces = []
        for start, end in spans:
            paragraph += 1
            if unit == "sentence":
                inside = sentences(text[start:end])
                pieces += [
                    (f"p{paragraph:02d}.{i}", start + s, start + s + len(t))
                    for i, (s, t) in enumerate(inside, 1)
                ]
            else:
                pieces.append((f"p{paragraph:02d}", start, end))
        if unit == "section":
            pieces = [(f"s{number:02d}", spans[0][0], spans[-1][1])]
        found += [(name, heading, start, end) for name, start, end in _joined(pieces, min_chars)]
    return found


def _joined(pieces: list[tuple[str, int, int]], min_chars: int) -> list[tuple[str, int, int]]:
    """Join pieces shorter than `min_chars` to the one before, a short first to the next."""
    joined: list[tuple[str, int, int]] = []
    for name, start, end in pieces:
        if joined and min(end - start, joined[-1][2] - joined[-1][1]) < min_chars:
            joined[-1] = (joined[-1][0], joined[-1][1], end)
        else:
            joined.append((name, start, end))
    return joined


class SetApart(NamedTuple):
    """A text without its contents and end notes, and these."""

    body: str
    contents: str = ""
    notes: str = ""


_CONTENTS = re.compile(r"[【\[]?目\s{0,4}[录次][】\]]?")
_PAGE = re.compile(r"[\s.…·⋯]*+\d{0,4}$")
_NOTES = re.compile(
    r"(?:附(?:件|录|注)?\s?\d?\s?[：:]?\s?)?(?:[《“].{2,30}[》”])?(?:相关|有关|部分|主要)?"
    r"(?:名\s?词\s?(?:解\s?释|注\s?释|说\s?明)|术语解释|用语说明|注\s?释|尾\s?注|注)\s?[：:]?"
)
_NOTE = re.compile(r"[［\[〔【(（]?(?P<number>\d{1,3})[］\]〕】)）.、]|\S[^。：:]{1,40}[：:]")
_NUMBERED_NOTE = re.compile(r"[［\[〔【](?P<number>\d{1,3})[］\]〕】]")


def set_apart(text: str) -> SetApart:
    r"""Take the table of contents and the end notes out of a text.

    Both would count words twice: a contents repeats the headings, and notes explain rare
    terms at length. Nothing is lost: what is not in the body is in the other two.

    Parameters
    ----------
    text : str
        A cleaned text, one paragraph or heading a line.

    Returns
    -------
    SetApart
        ``body``, ``contents``, ``notes``.

    Notes
    -----
    Contents begin with 目录 and hold lines that come again below. Notes begin with their
    heading (名词解释, 注释) or are the last lines, numbered ［1］, ［2］ and so on.

    Examples
    --------
    >>> set_apart("一、总则\n推进一网统管［1］。\n名词解释\n［1］一网统管：平台。").notes
    '名词解释\n［1］一网统管：平台。'
    """
    lines = text.split("\n")
    notes_at = _notes_start(lines)
    body, notes = lines[:notes_at], lines[notes_at:]
    first, last = _contents_span(body)
    contents = body[first:last]
    body = body[:first] + body[last:]
    if not "".join(body).strip():
        return SetApart(text)
    return SetApart(*("\n".join(part).strip("\n") for part in (body, contents, notes)))


def _notes_start(lines: list[str]) -> int:
    """Return the line where the end notes begin; the number of lines if there are none."""
    titles = (i for i in range(len(lines) // 3, len(lines)) if _NOTES.fullmatch(lines[i].strip()))
    for i in islice(titles, 20):
        after = [line.strip() for line in lines[i + 1 :] if line.strip()]
        if after and sum(1 for line in after if _NOTE.match(line)) >= max(1, len(after) // 3):
            return i
    # Without a heading: the numbered lines at the very end, counting up from one.
    start, expected = len(lines), None
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i].strip()
        if not line:
            continue
        match = _NUMBERED_NOTE.match(line)
        if match is None or expected not in (None, int(match["number"])):
            break
        expected = int(match["number"]) - 1
        if expected == 0:
            start = i
            break
    # One numbered line may be a paragraph of the body.
    return start if sum(1 for line in lines[start:] if line.strip()) > 1 else len(lines)


def _contents_span(lines: list[str]) -> tuple[int, int]:
    """Return where a table of contents begins and ends; two equal numbers if there is none."""
    for i, line in enumerate(lines[:60]):
        if not _CONTENTS.fullmatch(line.strip()):
            continue
        below = {bare(other) for other in lines[i + 1 :]}
        seen: set[str] = set()
        end, repeated = i + 1, 0
        for j in range(i + 1, len(lines)):
            entry = _PAGE.sub("", lines[j].strip())
            if not entry:
                continue
            if not is_heading(entry) or bare(entry) in seen:
                break
            seen.add(bare(entry))
            rest = {bare(other) for other in lines[j + 1 :]} if len(lines) < 500 else below
            repeated += bare(entry) in rest
            end = j + 1
        if repeated >= 2 and repeated >= len(seen) / 2:
            return i, end
    return 0, 0


def bare(line: str) -> str:
    """Return a line without spaces and marks, so that cleaning does not hide a match."""
    return re.sub(r"[\W_]+", "", line)
