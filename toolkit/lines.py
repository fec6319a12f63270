"""Lines that a copy, a page or a scan broke, joined again."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from toolkit.structure import (
    FINAL,
    GOES_ON,
    HAN,
    LONGEST_NUMBERED,
    UNNUMBERED,
    begins_anew,
    cuts,
    is_heading,
    is_running_text,
    style_of,
)

# A paragraph that has begun: with these inside it is no title, however long. A line with a
# label (关键词：甲；乙) is whole.
_CLAUSE = re.compile(r"(?!\w{2,8}[：:][^。]*$).*[，。；！？]")
_OPEN = re.compile(r"[，、（“‘《〈【「『]$")
_CLOSED = re.compile(r"[A-Za-z)）”\"][.!?]$")
# A label of a page whose value a copy put on the next line.
_LABEL = re.compile(
    r"(?:(?:[文信稿]\w)?来\s?源|(?:发布|成文|印发|发文)?(?:时间|日期)|作\s?者|(?:责任)?编辑"
    r"|发文(?:机关|机构|字号)|文\s?号|索\s?引\s?号|主题分类|发布机构|有效性)\s?[:：]"
)
_LONGEST_VALUE = 30
_LATIN_END, _LATIN_START = re.compile("[A-Za-z0-9]$"), re.compile("[A-Za-z]")
_CHINESE = re.compile(f"[{HAN}]")
_PAGE = re.compile(r"[-–—·]\s?\d{1,4}\s?[-–—·]")
_CLOSES = re.compile("[）】》」』〉”’%％]")
_PAIRS = (("（(", "）)"), ("《", "》"), ("“", "”"))
# Lines of a verse or of a list of short clauses are short and end with a mark, all of them.
_VERSE, _SHORT = re.compile("[，。！？；、,;!?]$"), 20
#: A break is ordinary where there are so many of them for the paragraphs that end.
_LEAST_BREAKS, _SHARE = 2, 0.08


class Joined(NamedTuple):
    """A text whose broken lines were joined, how many there were, and the first of them."""

    text: str
    n_joined: int
    sample: str


def part_lines(text: str) -> str:
    r"""Begin a new line for headings, articles and page numbers that stand inside of one.

    Examples
    --------
    >>> part_lines("第一章　总则　　第一条　为了治理，制定本条例。")
    '第一章　总则\n第一条　为了治理，制定本条例。'
    """
    parted = []
    for line in text.split("\n"):
        at = [0, *cuts(whole := line.strip()), len(line)]
        parted += [whole[a:b].strip() for a, b in pairwise(at)] if len(at) > 2 else [line]
    return "\n".join(parted)


def join_lines(text: str) -> Joined:
    r"""Join lines that were broken inside a sentence: nothing of the text is lost.

    A line goes on in the next if that begins with a mark that no line begins with; if it
    leaves a quote or bracket open; or if it is a sentence without its end, and the next
    begins nothing new (a heading, an article, an item, a row of a table). The first line of
    a paragraph may look like a heading: it is joined only in a text that is broken
    throughout. Poems, lists and tables stay, and so do texts that use no marks at all.

    Examples
    --------
    >>> join_lines("一、外贸\n签署\n区域全面经济伙伴关系协定\n，推动城\n市开放。").text
    '一、外贸\n签署区域全面经济伙伴关系协定，推动城市开放。'
    """
    rows = text.split("\n")
    # The number of a page between the halves of a sentence comes behind them.
    written = [i for i, row in enumerate(rows) if row.strip() and not _PAGE.fullmatch(row.strip())]
    own = [rows[i].strip() for i in written]
    between = [rows[a + 1 : b] for a, b in pairwise(written)]
    joins = _joins(own, [bool(b) and not any(map(str.strip, b)) for b in between])
    if not any(joins):
        return Joined(text, 0, "")
    made = ["\n".join(rows[: written[0] + 1])]
    held: list[str] = []
    sample = ""
    for n, join in enumerate(joins):
        below = written[n + 1]
        if join:
            held += filter(str.strip, between[n])
            gap = " " if _LATIN_END.search(own[n]) and _LATIN_START.match(own[n + 1]) else ""
            sample = sample or f"{own[n][-8:]} / {own[n + 1][:8]}"
            made[-1] = made[-1].rstrip()
            made += [gap, rows[below].lstrip()]
        else:
            made.append("\n".join(["", *held, *between[n], rows[below]]))
            held = []
    made += [f"\n{row}" for row in (*held, *rows[written[-1] + 1 :])]
    return Joined("".join(made), sum(joins), sample)


class _Kind(NamedTuple):
    """What a line is by itself."""

    anew: bool
    numbered: bool
    plain: bool
    final: bool
    goes_on: bool
    clause: bool
    verse: bool


def _kind(line: str) -> _Kind:
    heading, numbered = is_heading(line), style_of(line) < UNNUMBERED
    return _Kind(
        anew=begins_anew(line),
        numbered=numbered,
        plain=heading and not numbered,
        final=bool(FINAL.search(line) or _CLOSED.search(line)),
        goes_on=GOES_ON.match(line) is not None and not line.startswith("!["),
        clause=is_running_text(line) and _CLAUSE.match(line) is not None,
        verse=len(line) <= _SHORT and _VERSE.search(line) is not None,
    )


def _joins(lines: list[str], blank: list[bool]) -> list[bool]:
    """Tell of each line but the last whether the next belongs to it."""
    kinds = [_kind(line) for line in lines]
    verse = [False] * len(lines)
    for i in range(len(lines) - 2):
        if kinds[i].verse and kinds[i + 1].verse and kinds[i + 2].verse:
            verse[i : i + 3] = [True] * 3
    marked = 10 * len(re.findall("[。！？]", "".join(lines))) >= len(lines)
    broken = marked and _is_broken(kinds)
    runs_in = _runs_in(lines, kinds)
    spaced = 2 * sum(blank) >= len(blank)
    joins: list[bool] = []
    begun, body, left, whole = False, False, dict.fromkeys(_PAIRS, 0), ""
    for i, (line, kind) in enumerate(zip(lines[:-1], kinds, strict=False)):
        below = kinds[i + 1]
        if not (joins and joins[-1]):
            begun, left, whole = False, dict.fromkeys(_PAIRS, 0), ""
        whole = (whole + line)[: LONGEST_NUMBERED + 1]
        begun = begun or kind.clause
        body = body or kind.numbered or (kind.clause and kind.final) or line.endswith(("：", "！"))
        for pair in left:
            opened, closed = (sum(map(line.count, side)) for side in pair)
            left[pair] += opened - closed
        # A date or a number may stand within a sentence that goes on behind it.
        amid = i + 2 < len(lines) and kinds[i + 2].goes_on
        amid = amid or (begun and not re.search(r"[^\W\d_]", lines[i + 1]))
        anew = below.numbered or (below.anew and not amid)
        first = not (joins and joins[-1])
        if verse[i] and verse[i + 1]:
            join = False
        elif below.goes_on:
            join = not (kind.final and not re.search(r"\w", lines[i + 1]))
        elif _LABEL.fullmatch(line):
            join = not below.numbered and not below.final and len(lines[i + 1]) <= _LONGEST_VALUE
        elif kind.final or (not first and _LABEL.fullmatch(lines[i - 1])):
            join = False
        elif max(left.values()) > 0:
            join = not below.numbered
        elif first and (kind.numbered or kind.anew) and not kind.clause:
            item = i in runs_in or line.startswith("——")
            join = broken and not anew and not blank[i] and item
        elif _OPEN.search(line):
            join = not anew
        elif begun:
            # A signature stands above its date, or last; a heading after a blank line.
            ends = i + 2 == len(lines) or kinds[i + 2].anew
            alone = below.plain and not amid and (blank[i] or ends)
            # A heading in two lines is whole, where breaks within sentences are not usual.
            alone |= not broken and style_of(whole) < UNNUMBERED and is_heading(whole)
            join = marked and not anew and not alone
        else:
            usual = broken and body and (spaced or not blank[i])
            chinese = _CHINESE.search(line) is not None
            join = chinese and not anew and ((amid and below.plain) or usual)
        # A bracket that closes may end a line of any kind; other marks go on in a sentence.
        begun = begun or (join and not _CLOSES.match(lines[i + 1]))
        joins.append(join)
    return joins


def _is_broken(kinds: list[_Kind]) -> bool:
    """Tell whether breaks within sentences are usual, and headings without number are not."""
    pairs = [*pairwise(kinds)]
    breaks = sum(
        below.goes_on or (kind.clause and not kind.final and not below.anew)
        for kind, below in pairs
    )
    ends = sum(kind.clause and kind.final for kind in kinds)
    heads = sum(
        kind.plain and not below.plain and before.final and not below.anew
        for before, (kind, below) in zip(kinds, pairs[1:], strict=False)
    )
    usual = breaks >= max(_LEAST_BREAKS, _SHARE * ends)
    return usual and heads <= breaks + _LEAST_BREAKS


def _runs_in(lines: list[str], kinds: list[_Kind]) -> set[int]:
    """Return the numbered lines of styles that mostly begin paragraphs, not headings."""
    styles = {i: style_of(lines[i]) for i, kind in enumerate(kinds) if kind.numbered}
    n, text = Counter(styles.values()), Counter(s for i, s in styles.items() if kinds[i].clause)
    return {i for i, style in styles.items() if 3 * text[style] >= 2 * n[style]}
