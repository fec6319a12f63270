"""The reader of Word files, with the numbers that Word itself sets before paragraphs."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from toolkit.ingest.draft import MARK, Draft, Hints, drafted, table_lines
from toolkit.ingest.limits import UnreadableError, need, reading

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_OTHERWISE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Text that is not there: the place that it was moved from, a second copy for older programs.
_NOT_TEXT = {f"{_W}moveFrom", f"{_W}del", _OTHERWISE}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ROMAN = {"M": 1000, "CM": 900, "D": 500, "CD": 400, "C": 100, "XC": 90, "L": 50, "XL": 40,
          "X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1}  # fmt: skip
#: What Word calls the styles of titles and headings.
_STYLE = re.compile(r"(?i)(?:heading|标题)\s?([1-9])|(title|标题)")


def read_word(data: bytes, hints: Hints) -> list[Draft]:
    """Read a Word file: paragraphs and rows of tables in their order, then foot and end notes.

    A paragraph has the number that Word sets before it (第一条, 一、, （一）, 1.). A row is a
    line, its cells between bars. Headings are those that their styles or outline levels say.
    Text that was inserted with tracked changes is there, deleted text is not.
    """
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableError(
            "this is the Word format of before 2007, or an encrypted file; "
            "open it in Word or WPS and save it as .docx"
        )
    docx = need("docx", "Word files")
    with reading("Word file", "open it in Word or WPS and save it anew"):
        document = docx.Document(io.BytesIO(data))
        parts = {
            str(part.partname).rpartition("/")[2]: part
            for part in document.part.package.iter_parts()
        }

        def xml(name: str) -> Any:
            return _xml(parts[name].blob if name in parts else b"<none/>")

        numbers = _Numbers(xml("numbering.xml"), xml("styles.xml"))
        lines = [*_lines(document.element.body, numbers)]
        for name in ("footnotes.xml", "endnotes.xml"):
            lines += _lines(xml(name), numbers)
        told = _properties(document.core_properties)
    return [drafted(lines, told)]


def _xml(blob: bytes) -> Any:
    etree = need("lxml.etree", "Word files")
    # No entities, no DTD, no network: what these could bring is never part of a text.
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    return etree.fromstring(blob, parser)


def _lines(node: Any, numbers: _Numbers) -> Iterator[str]:
    """Yield the lines of the paragraphs and rows within a part of a document."""
    for child in node:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, numbers)
        elif child.tag == f"{_W}tbl":
            rows = [
                [(_lines(c, numbers), _value(c, "gridSpan"), "") for c in _within(row, "tc")]
                for row in _within(child, "tr")
            ]
            yield from (line for lines in table_lines(rows) for line in lines)
        elif child.tag not in _NOT_TEXT:
            yield from _lines(child, numbers)


def _within(node: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a table, or the cells of a row, not those of a table within."""
    for child in node:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag not in (*_NOT_TEXT, f"{_W}tbl", f"{_W}p"):
            yield from _within(child, name)


def _paragraph(paragraph: Any, numbers: _Numbers) -> Iterator[str]:
    """Yield the lines of a paragraph, then those of the text boxes that hang on it."""
    pieces: list[str] = []
    boxes: list[str] = []

    def walk(node: Any) -> None:
        for child in node:
            if child.tag in (f"{_W}t", _MATH):
                pieces.append(child.text or "")
            elif child.tag == f"{_W}txbxContent":
                boxes.extend(_lines(child, numbers))
            elif child.tag not in (*_NOT_TEXT, f"{_W}pPr"):
                pieces.append(_SIGNS.get(str(child.tag).removeprefix(_W), ""))
                walk(child)

    walk(paragraph)
    number, mark = numbers.before(paragraph), numbers.mark(paragraph)
    if text := "".join(pieces).strip():
        # A heading may be set in two lines.
        text = text if mark in ("", "0", "n") else " ".join(text.split())
        yield from ((mark and MARK + mark) + number + text).split("\n")
    yield from boxes


class _Level(NamedTuple):
    """How a level of a list is numbered, and the list that its paragraphs are counted in."""

    counted_in: str
    kind: str
    pattern: str
    start: int


class _Numbers:
    """The numbers of a document's lists, counted on as its paragraphs come."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._counts: dict[str, dict[str, int]] = defaultdict(dict)
        self._levels: dict[tuple[str, str], _Level] = {}
        self._styles = {s.get(f"{_W}styleId"): s for s in styles.iter(f"{_W}style")}
        lists = {n.get(f"{_W}abstractNumId"): n for n in numbering.iter(f"{_W}abstractNum")}
        for number in numbering.iter(f"{_W}num"):
            key, base = number.get(f"{_W}numId"), _value(number, "abstractNumId")
            starts = {
                o.get(f"{_W}ilvl"): _value(o, "startOverride")
                for o in number.iter(f"{_W}lvlOverride")
            }
            for level in (*lists.get(base, number).iter(f"{_W}lvl"), *number.iter(f"{_W}lvl")):
                at = level.get(f"{_W}ilvl")
                self._levels[key, at] = _Level(
                    f"{base}/{key}" if any(starts.values()) else base,  # else it goes on
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    int(starts.get(at) or _value(level, "start") or 1),
                )

    def before(self, paragraph: Any) -> str:
        """Count a paragraph; return what Word writes before it."""
        number, at = self._place(paragraph.find(f"{_W}pPr"))
        level = self._levels.get((number, at))
        if level is None:
            return ""
        counts = self._counts[level.counted_in]
        counts[at] = counts.get(at, level.start - 1) + 1
        for deeper in [n for n in counts if n > at]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            above = str(int(match[1]) - 1)
            rule = self._levels.get((number, above), level)
            return _written(counts.get(above, rule.start), rule.kind)

        text = "" if level.kind == "bullet" else re.sub(r"%([1-9])", shown, level.pattern)
        return text + " " * bool(re.search(r"\w$", text))

    def mark(self, paragraph: Any) -> str:
        """Return what a paragraph is by its outline level or its style: see `MARK`."""
        for properties in self._chain(paragraph.find(f"{_W}pPr")):
            level, name = _value(properties, "outlineLvl"), ""
            if properties.tag == f"{_W}style":
                name = _value(properties, "name")
            named = _STYLE.fullmatch(name)
            if level.isdecimal() or named:
                told = str(int(level) + 1) if level.isdecimal() else named and (named[1] or "t")
                return told if told and len(told) == 1 else ""
        level_of = self._levels.get(self._place(paragraph.find(f"{_W}pPr")))
        return "" if level_of is None else "0" if level_of.kind == "bullet" else "n"

    def _chain(self, properties: Any) -> Iterator[Any]:
        """Yield the properties of a paragraph, then its style, then what that is based on."""
        seen: set[str] = set()
        while properties is not None:
            yield properties
            style = _value(properties, "pStyle") or _value(properties, "basedOn")
            properties = None if style in seen else self._styles.get(style)
            seen.add(style)

    def _place(self, properties: Any) -> tuple[str, str]:
        """Return the list and the level that a paragraph, or else its style, names."""
        number = at = ""
        for found in self._chain(properties):
            own = next(found.iter(f"{_W}numPr"), found)
            number, at = number or _value(own, "numId"), at or _value(own, "ilvl")
        return number, at or "0"


def _value(node: Any, name: str) -> str:
    found = next(node.iter(f"{_W}{name}"), None)
    return "" if found is None else found.get(f"{_W}val", "")


def _written(number: int, kind: str) -> str:
    """Return a number as a list of Word writes it.

    Examples
    --------
    >>> [_written(n, "chineseCountingThousand") for n in (2, 10, 11, 20, 105, 110)]
    ['二', '十', '十一', '二十', '一百零五', '一百一十']
    >>> _written(27, "upperLetter"), _written(14, "lowerRoman"), _written(3, "decimalZero")
    ('AA', 'xiv', '03')
    """
    if "Legal" in kind:
        return _chinese(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
    if kind.startswith(("chinese", "japanese", "taiwanese", "ideographDigital")):
        text = _chinese(number, "零一二三四五六七八九", "十百千")
        return text[1:] if 9 < number < 20 else text
    if kind == "ideographTraditional":
        return "甲乙丙丁戊己庚辛壬癸"[(number - 1) % 10]
    if "Circle" in kind and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    text = f"{number:0{2 if kind == 'decimalZero' else 1}}"
    if kind.endswith("Letter"):
        text = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif kind.endswith("Roman"):
        text = ""
        for letter, value in _ROMAN.items():
            text, number = text + letter * (number // value), number % value
    return text.lower() if kind.startswith("lower") else "" if kind == "none" else text


def _chinese(number: int, digits: str, places: str) -> str:
    """Return a number below ten thousand in Chinese digits and places."""
    text = ""
    for digit, place in zip(reversed(str(number)), ("", *places), strict=False):
        text = digits[int(digit)] + (place if digit != "0" else "") + text
    return re.sub("零+", "零", text).rstrip("零")


def _properties(properties: Any) -> tuple[tuple[str, str, str], ...]:
    said = {"title": properties.title or "", "author": properties.author or ""}
    # Word's template names the library that wrote it, or the owner of the machine.
    nobody = ("", "python-docx", "user")
    return tuple(
        (name, value.strip()[:200], f"document property {name}")
        for name, value in said.items()
        if value.strip().lower() not in nobody
    )
