"""What a reader is told, and what it makes of a file before anything is decided about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from toolkit.structure import ROW, UNNUMBERED, is_heading, style_of


class Hints(NamedTuple):
    """What is known of a file besides its bytes: its encoding, what its columns are."""

    declared: str = ""
    columns: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Draft:
    """A text as it was read, and what its file says about it.

    Parameters
    ----------
    text : str
        Paragraphs, headings and rows of tables, one a line: of a row the cells stand between
        bars, and blank lines around the table.
    given : dict
        What the user's own tables say: columns of a spreadsheet, fields of a reference.
    told : tuple of (field, value, evidence)
        What the file says of itself: properties of a document, tags of a page.
    left_out : tuple of str
        Lines that the page shows outside of the text: menus, but dates and sources too.
    notes : tuple of str
        What the reader did (lines joined, an encoding corrected).
    warnings : tuple of str
        What the reader could not do (pages without text, characters lost).
    known : tuple of (line, level)
        The lines that the file marks as headings, from level 1, and the items of its lists
        that might be taken for one, level 0 (`toolkit.outlines.outline`).
    part : str
        Which part of the file this is (``row 3``); empty for a whole file.
    encoding : str
        The encoding that the bytes were read in; empty where the format fixes it.
    """

    text: str
    given: dict[str, str] = field(default_factory=dict)
    told: tuple[tuple[str, str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    known: tuple[tuple[str, int], ...] = ()
    part: str = ""
    encoding: str = ""


#: What a reader sets before a line: a title (t), a heading (1 to 9), an item of a list (0), an
#: item with a number (n), which a heading may be too.
MARK = "\0"
_ITEM = "0n"
# Of the numbered styles that are Chinese, which head more often than they list, the last.
_CHINESE = 5
_RUNS_ON = re.compile("[。；！？].")
# A cell with so many paragraphs is no cell of a table, but a place of the page.
_PARAGRAPHS = 3
_PROSE = re.compile("[。！？；]")
#: What a hostile file may say of a cell.
_WIDEST, _SPAN = 100, re.compile(r"[1-9]\d{0,3}")

#: The lines of a cell, and what its file says of how many columns and rows it spans.
Cell = tuple[Iterable[str], str, str]


def drafted(lines: Iterable[str], told: Sequence[tuple[str, str, str]] = (), **more: Any) -> Draft:
    r"""Return the draft of lines, some with a mark before them: see `MARK`.

    A heading that begins the text, alone of its level, is its title.

    Examples
    --------
    >>> made = drafted(["\x001简报", "\x002概况", "较多。", "区 | 件数", "\x002展望", "更好。"])
    >>> made.text
    '简报\n概况\n较多。\n\n区 | 件数\n\n展望\n更好。'
    >>> made.known, made.told[0][:2]
    ((('概况', 2), ('展望', 2)), ('title', '简报'))
    """
    text: list[str] = []
    found: list[tuple[str, str]] = []
    for line in lines:
        mark, line = (line[1], line[2:].strip()) if line.startswith(MARK) else ("", line)
        if mark and line and not _RUNS_ON.search(line) and (mark not in _ITEM or is_heading(line)):
            found.append((mark, line))
        if text and text[-1] and line and bool(ROW.match(line)) != bool(ROW.match(text[-1])):
            text.append("")
        text.append(line)
    levels = [mark for mark, _ in found if mark in "123456789"]
    first = next((line for line in text if line.strip()), "")
    if levels and found[0] == (min(levels), first) and levels.count(min(levels)) == 1:
        found[0] = ("t", first) if style_of(first) == UNNUMBERED else found[0]
    titles = [("title", line[:200], "its mark as a title") for mark, line in found if mark == "t"]
    several = sum(mark in "123456789" for mark, _ in found) > 1
    known = [
        (line, 0 if mark in _ITEM else int(mark))
        for mark, line in found
        if mark != "t" and (mark != "n" or (several and style_of(line) > _CHINESE))
    ]
    return Draft("\n".join(text), told=(*titles[:1], *told), known=tuple(known), **more)


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Return the lines of each row of a table: one, its cells between bars.

    A cell that spans others stands in its first place, and nothing in the others. Columns
    without a word are left out; where one is left, or a cell holds several paragraphs of prose,
    lines stay as they are.

    Examples
    --------
    >>> rows = [[(["各区"], "2", "")], [(["江南区"], "", "2"), (["18"], "", "")], [(["9"], "", "")]]
    >>> table_lines(rows)
    [['各区 |'], ['江南区 | 18'], ['| 9']]
    """
    grid: list[dict[int, list[str]]] = []
    below: dict[int, int] = {}  # the columns that a cell above takes, for so many rows
    for row in rows:
        taken, below, column = below, {c: n - 1 for c, n in below.items() if n > 1}, 0
        grid.append({})
        for lines, *spans in row:
            wide, high = (min(int(n), _WIDEST) if _SPAN.fullmatch(n) else 1 for n in spans)
            while column in taken:
                column += 1
            grid[-1][column] = [re.sub("^\0.", "", line).strip() for line in lines]
            below |= dict.fromkeys(range(column, column + wide), high - 1) if high > 1 else {}
            column += wide
    used = sorted({column for cells in grid for column, lines in cells.items() if any(lines)})
    shown = []
    for cells in grid:
        own = [[*filter(None, cells.get(n, ()))] for n in used]
        least = _PARAGRAPHS if sum(map(bool, own)) > 1 else 1
        prose = any(sum(map(bool, map(_PROSE.search, lines))) >= least for lines in own)
        if prose or len(used) < 2:
            shown.append([line for lines in own for line in lines])
        else:
            line = " | ".join(" ".join(lines).replace(" | ", " ") for lines in own).strip()
            shown.append([" ".join(line.split())] if any(own) else [])
    return shown
