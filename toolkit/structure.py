"""The structure of a Chinese text: blocks, headings, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

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
    if _level(line) < len(_NUMBERED):
        return not re.search(r"[，,；;]$", line)
    return not _ENDS_SENTENCE.search(line)


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


def bare(line: str) -> str:
    """Return a line without spaces and marks, so that cleaning does not hide a match."""
    return re.sub(r"[\W_]+", "", line)
