"""What stands apart from the body of a text: its table of contents, its end notes."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from toolkit.structure import bare, is_heading


class SetApart(NamedTuple):
    """A text without its contents and end notes, and these."""

    body: str
    contents: str = ""
    notes: str = ""


_CONTENTS = re.compile(r"[【\[]?目\s{0,4}[录次][】\]]?")
_PAGE = re.compile(r"[\s.…·⋯]*+\d{0,4}$")
_NOTES = re.compile(
    r"(?:附(?:件|录|注)?\s?\d?\s?[：:]?\s?)?(?:[《“].{2,30}[》”])?(?:的?(?:相关|有关|部分|主要)(?:内容)?(?:的)?)?"
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
