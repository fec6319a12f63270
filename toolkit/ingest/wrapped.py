"""Lines that were broken at the edge of a page, joined into paragraphs again."""

from __future__ import annotations

import re
from math import ceil
from unicodedata import east_asian_width

_ENDS = re.compile(r"[。！？!?；;：:…][”’』」）)》】\"]*$")
# What begins a paragraph, however full the line before it was.
_BEGINS = re.compile(
    r"(?:第[零一二三四五六七八九十百\d]+[编章节条]|[一二三四五六七八九十]{1,3}、|"
    r"[（(][一二三四五六七八九十\d]{1,3}[）)]|——20\d\d|各位代表[：:！!]|[\[［〔]\d{1,3}[\]］〕])"
)
_OPEN = re.compile(r"[，、（“‘《—]$")
_LATIN = re.compile(r"[A-Za-z0-9,.;]$")
_PAGE_NUMBER = re.compile(r"[-–—·]\s?\d{1,4}\s?[-–—·]")


def unwrap(lines: list[str], *, always: bool = False) -> list[str] | None:
    """Join the lines of paragraphs that were broken at a fixed width.

    Parameters
    ----------
    lines : list of str
    always : bool
        Join without asking whether the text is broken: a PDF has no other lines.

    Returns
    -------
    list of str or None
        Paragraphs and headings; None if the lines are paragraphs already.

    Notes
    -----
    A line is joined to the one before if that one reaches the edge, or ends with an open
    mark, and the next does not begin like a heading. No character is lost; the number of a
    page between the halves of a sentence comes behind their paragraph.

    Examples
    --------
    >>> unwrap(["一、总体要求", "坚持人民城市人民建、人民城市为人民，提高城",
    ...         "市治理水平。"], always=True)
    ['一、总体要求', '坚持人民城市人民建、人民城市为人民，提高城市治理水平。']
    """
    lines = [line.strip() for line in lines]
    lines = [line for line in lines if line]
    widths = [_width(line) for line in lines]
    if len(lines) < 3 and not always:
        return None
    edge = _edge(widths)
    if not always:
        full = [i for i, w in enumerate(widths) if edge - 4 <= w <= edge + 4]
        open_ended = sum(1 for i in full if not _ENDS.search(lines[i]))
        # Paragraphs differ in length and end with a mark; broken lines do neither.
        if len(lines) < 20 or len(full) < 0.4 * len(lines) or open_ended < 0.6 * len(full):
            return None
        # Narrower are lists, and wider than any page are paragraphs.
        if not 40 <= edge <= 120:
            return None
    joined: list[str] = []
    pages: list[str] = []  # kept behind the paragraph that they part: cleaning reports them
    last_width = 0
    for line, width in zip(lines, widths, strict=True):
        if _PAGE_NUMBER.fullmatch(line):
            pages.append(line)
            continue
        if joined and _goes_on(joined[-1], line, last_width / max(edge, 1)):
            gap = " " if _LATIN.search(joined[-1]) and re.match(r"[A-Za-z]", line) else ""
            joined[-1] += gap + line
        else:
            joined += [*pages, line]
            pages = []
        last_width = width
    return joined + pages


def _edge(widths: list[int]) -> int:
    """Return the width of a full line: the longest but for a few that stick out."""
    return sorted(widths)[ceil(0.9 * (len(widths) - 1))] if widths else 0


def _goes_on(before: str, line: str, share: float) -> bool:
    """Tell whether a paragraph goes on in the next line; `share` is how full its last one is."""
    if _BEGINS.match(line) and (_ENDS.search(before) or share < 0.9):
        return False
    # A full line that ends with a full stop may end its paragraph or not: of the wrong
    # choice nothing comes but one break more or less.
    return share >= 0.88 or (share >= 0.5 and _OPEN.search(before) is not None)


def _width(line: str) -> int:
    """Return the width of a line in half characters; the longest decide nothing."""
    return sum(2 if east_asian_width(char) in "WFA" else char != " " for char in line[:1000])
