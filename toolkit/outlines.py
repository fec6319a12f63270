"""The outline of a text: which of its lines are headings, and how far down each stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from toolkit.structure import (
    ARTICLE,
    DATE,
    FINAL,
    GOES_ON,
    HAN,
    LONGEST_NUMBERED,
    ROW,
    SALUTATION,
    UNNUMBERED,
    bare,
    blocks,
    cuts,
    is_heading,
    is_running_text,
    number_of,
    style_of,
)

_FIRST_SENTENCE = re.compile(rf"[^。！？!?；;]{{2,{LONGEST_NUMBERED}}}。")
_ANNEXES = re.compile(r"附件\s?[：:]\s?1\s?[.、．﹒․]")
# An annex itself, 附件1 or 附录A, and not its name in the list of a notice.
_ANNEX = re.compile(
    r"附\s?[件录表](?:\s?(?:[\d一二三四五六七八九十]{1,2}|[A-Z])(?:[\s：:].{1,40})?)?"
)
# A chapter of a text whose sections are 1.1, 1.2: its number has no mark.
_CHAPTER = re.compile(rf"^(\d{{1,2}})\s(?=\s{{0,3}}[{HAN}])")
_NOTE = re.compile(r"\s*(?:[（(][^（）()]*[）)])+")  # who does it, until when
#: Of a file that marks its headings the widest guessed one stands below the narrowest marked.
_MARKED = 100


class Line(NamedTuple):
    """A line of a text: what it is, and for a heading how far down it stands."""

    start: int
    kind: Literal["heading", "article", "salutation", "paragraph"]
    level: int
    text: str


def outline(text: str, known: Sequence[tuple[str, int]] = ()) -> list[Line]:
    r"""Return the lines of a text with what they are, judged by what stands around them.

    Parameters
    ----------
    text : str
    known : sequence of (heading, level)
        What the file of the text marks as a heading, from level 1, and as none: level 0, an
        item of a list. These are not guessed again. Where there are several headings, no
        line without a number is one besides; numbered ones stand below those around them.

    Returns
    -------
    list of Line
        ``start`` in characters; ``kind``; ``level`` of a heading: 1 for the widest style
        that the text uses (编, 篇, 章, 节, 一、, （一）, 1., （1）, ①; unnumbered ones are the
        narrowest, but wider than the numbers that begin right below them), 0 for other
        lines; ``text``, of a heading without its full stop.

    Notes
    -----
    A heading heads something: text, or a heading of a narrower style. The numbered lines of
    one style under one parent are of one kind, headings or items of a list: where nearly
    all open with a short sentence and go on (``（一）稳经济。面对…``), that sentence is the
    heading and the rest a line of its own. In a text of short lines without marks, such
    as a poem or messages, no line without a number is a heading. Where a copy lost the ends
    of lines, headings are found inside them by numbers that count up from one.

    Examples
    --------
    >>> lines = outline("第一章 总则\n第一条　为了治理，制定本条例。\n一、范围\n（一）道路\n修。")
    >>> [(line.kind, line.level) for line in lines]
    [('heading', 1), ('article', 0), ('heading', 2), ('heading', 3), ('paragraph', 0)]
    """
    pieces = []
    for start, line in blocks(text):
        for begin, end in pairwise([0, *cuts(line), len(line)]):
            if piece := line[begin:end].strip():
                pieces.append((text.index(piece, start + begin), piece))
    headings = _headings([line for _, line in pieces], known)
    ranks = sorted({rank for _, rank in headings.values()})
    found = []
    for i, (start, line) in enumerate(pieces):
        if i in headings:
            end, rank = headings[i]
            found.append(Line(start, "heading", ranks.index(rank) + 1, line[:end].rstrip("。")))
            rest = line[end:].lstrip()
            start, line = start + len(line) - len(rest), rest
        if ARTICLE.match(line):
            found.append(Line(start, "article", 0, line))
        elif SALUTATION.match(line):
            found.append(Line(start, "salutation", 0, line))
        elif line:
            found.append(Line(start, "paragraph", 0, line))
    return found


def _marked(lines: list[str], known: Sequence[tuple[str, int]]) -> dict[int, int]:
    """Return the lines that are known, with their levels."""
    levels: dict[str, list[int]] = {}
    for heading, level in known:
        levels.setdefault(bare(heading), []).append(level)
    found = {}
    for i, line in enumerate(lines if levels else ()):
        left = levels.get(bare(line))
        if left and bare(line) and not ARTICLE.match(line):
            found[i] = left.pop(0) if len(left) > 1 else left[0]
    return found


def _headings(lines: list[str], known: Sequence[tuple[str, int]]) -> dict[int, tuple[int, float]]:
    """Return which lines are headings: where each ends in its line, how far down it stands."""
    marked = _marked(lines, known)
    told = {i: level - _MARKED for i, level in marked.items() if level}
    of_style = {style_of(lines[i]): level for i, level in reversed(told.items())}

    def rank(style: float) -> float:
        """Return how far down a guessed heading stands among those that are known."""
        below = [level for s, level in of_style.items() if style < s < UNNUMBERED]
        return of_style.get(int(style), min(below) - 0.5 if below else style)

    found = {i: (end, rank(style)) for i, (end, style) in _guessed(lines, marked).items()}
    return found | {i: (len(lines[i]), float(level)) for i, level in told.items()}


def _guessed(lines: list[str], known: Mapping[int, int]) -> dict[int, tuple[int, float]]:
    """Return what look like headings among the lines of which nothing is known."""
    if sum(6 < style_of(line) < 10 for line in lines) > 1:
        lines = [
            _CHAPTER.sub(r"\1.", line, count=1) if line[0].isdigit() else line for line in lines
        ]
    annexes = {*known}  # 附件：1.甲 goes on below with 2.乙; none heads what follows
    for i, line in enumerate(lines):
        if _ANNEXES.match(line) or (i - 1 in annexes - {*known} and number_of(line, 6) > 1):
            annexes.add(i)
    styles = [UNNUMBERED if i in annexes else style_of(line) for i, line in enumerate(lines)]
    row = [ROW.match(line) is not None for line in lines]
    running = [is_running_text(line) and not r for line, r in zip(lines, row, strict=True)]
    several = sum(level > 0 for level in known.values()) > 1
    plain = [
        style == UNNUMBERED and i not in annexes and not several and is_heading(line)
        for i, (style, line) in enumerate(zip(styles, lines, strict=True))
    ]
    ends = [_heading_end(line, style) for style, line in zip(styles, lines, strict=True)]
    # A note in brackets is no text that a heading has below it, nor is a heading.
    none = [line[0] in "（(" or known.get(i, 0) > 0 for i, line in enumerate(lines)]
    own = [style_of(line) if known.get(i) else styles[i] for i, line in enumerate(lines)]
    after = [-1 if n and s == UNNUMBERED else s for s, n in zip(own[1:], none[1:], strict=True)]
    after.append(-1)
    kinds = _kinds(lines, styles, ends, after)
    marked = [
        FINAL.search(line) is not None for line, run in zip(lines, running, strict=True) if run
    ]
    body = [i for i, run in enumerate(running) if run] or [len(lines)]
    among = sum(plain[: body[-1]])  # not what a page has below
    believed = 2 * sum(marked) >= len(marked) and among <= 1.5 * len(marked) + 3
    speakers = Counter(
        line.split("：")[0] for line, p in zip(lines, plain, strict=True) if p and "：" in line
    )
    first_of = {style: i for i, style in reversed(list(enumerate(styles)))}
    found: dict[int, tuple[int, float]] = {}
    # From below, since a heading is one by what it heads.
    for i in range(len(lines) - 1, -1, -1):
        line, end, style = lines[i], ends[i], styles[i]
        if 0 < end < len(line):
            if kinds[i] == "headings":
                found[i] = end, style
        elif i + 1 == len(lines) or GOES_ON.match(lines[i + 1]):
            continue
        elif end:
            allowed = kinds[i] == "headings" or (kinds[i] == "lines" and is_heading(line))
            if allowed and after[i] > style:
                found[i] = end, style
        elif i > body[0] and i not in annexes and _is_annex(lines[i : i + 4]):
            found[i] = len(line), -2
        elif plain[i] and believed and speakers[line.split("：")[0]] < 2:
            attached = i > 0 and DATE.fullmatch(lines[i - 1]) is not None
            body_below = (running[i + 1] or row[i + 1]) and not known.get(i + 1)
            follows = body_below and i + 1 not in found and not SALUTATION.match(lines[i + 1])
            below = next(reversed(found), i)  # the heading found last stands nearest
            opens = below > i and number_of(lines[below], styles[below]) == 1
            # The numbers begin anew below it, or are the widest of the text.
            again = follows and (first_of[styles[below]] < i or styles[below] == min(styles))
            if opens and body[0] < i and (below == i + 1 or again):
                found[i] = len(line), -1 if attached else styles[below] - 0.5
            elif follows:
                found[i] = len(line), -1 if attached else UNNUMBERED
    return found


def _is_annex(lines: list[str]) -> bool:
    """Tell whether the first of some lines begins an annex; in a list a signature is below it."""
    first, *below = lines
    listed = any(DATE.fullmatch(line) or _ANNEX.match(line) for line in below)
    return _ANNEX.fullmatch(first) is not None and not listed


def _heading_end(line: str, style: int) -> int:
    """Return where the heading of a numbered line ends; 0 if it has none."""
    if style == UNNUMBERED:
        return 0
    if is_heading(line):
        return len(line)
    first = _FIRST_SENTENCE.match(line)
    return first.end() if first and not _NOTE.fullmatch(line, first.end()) else 0


def _kinds(lines: list[str], styles: list[int], ends: list[int], after: list[int]) -> list[str]:
    """Tell of each line what the numbered lines of its style around it are.

    ``"headings"`` if nearly all of several open like one and have text below, ``"items"`` if
    half of them do not, otherwise ``"lines"``, each of which stands for itself.
    """
    kinds = ["lines"] * len(lines)
    open_groups: dict[int, list[int]] = {}
    groups = []
    for i, style in enumerate(styles):
        if style == UNNUMBERED:
            continue
        open_groups = {s: group for s, group in open_groups.items() if s <= style}
        if style not in open_groups or number_of(lines[i], style) == 1:
            open_groups[style] = []
            groups.append(open_groups[style])
        open_groups[style].append(i)
    # Of the whole text too: few of its tasks may open with a short sentence by chance.
    short = [
        Counter(s for s, end in zip(styles, ends, strict=True) if end > least) for least in (-1, 0)
    ]
    for group in groups:
        n = len(group)
        of_style = styles[group[0]]
        usual = 2 * short[1][of_style] >= short[0][of_style]
        like = sum(ends[i] > 0 for i in group)
        heading = sum(0 < ends[i] < len(lines[i]) or after[i] > of_style for i in group)
        if n > 1 and usual and 5 * like >= 4 * n and 5 * heading >= 4 * n:
            kind = "headings"
        elif (n > 1 and 2 * like <= n) or (n > 2 and heading == 1 and after[group[-1]] > of_style):
            kind = "items"
        else:
            continue
        for i in group:
            kinds[i] = kind
    return kinds
