"""Readers of tables: each row is a text, its other columns are what the user says of it.

No cell is lost: what has no column of its own gets one, and what cannot be read as a row is
told in its place.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, reduce
from html import unescape
from typing import Any, Literal, NamedTuple

from toolkit.files import unguarded
from toolkit.ingest.draft import Draft, Hints
from toolkit.ingest.encodings import CONTROL, Decoded, declared_encoding, decode, decoded
from toolkit.ingest.limits import UnreadableError, need, reading
from toolkit.metadata import COLUMNS, column_names, free_name

_LINKS = "_rels/workbook.xml.rels"
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


class Row(NamedTuple):
    """A row of a table by the names of its columns, what was odd about it, what stands above."""

    cells: dict[str, str]
    doubts: tuple[str, ...] = ()
    above: str = ""


def read_delimited(data: bytes, hints: Hints) -> list[Draft]:
    """Read a CSV or TSV file, one text a row."""
    found = decode(data, declared=hints.declared)
    return _drafts(delimited_rows(found.text, hints.columns), hints, found)


def delimited_rows(text: str, columns: Mapping[str, str] | None = None) -> list[Row]:
    r"""Return the rows of a CSV or TSV text under its head; `columns` names some of these.

    A line whose quotation marks do not close, or close within a cell, is read as it stands,
    so that it takes no other line with it; its row says so.

    Examples
    --------
    >>> rows = delimited_rows('题,文\n甲,"一\n乙,二,三\n')
    >>> [row.cells for row in rows]
    [{'题': '甲', '文': '"一'}, {'题': '乙', '文': '二', 'column 3': '三'}]
    >>> rows[1].doubts
    ('it has 3 cells under 2 heads: kept as column 3',)
    """
    text = text.removeprefix("\ufeff").replace("\0", "")
    delimiter = max(",\t;", key=text.lstrip("\r\n ").partition("\n")[0].count)
    # A cell is a text, so it may be long; the limit of the csv module is for the process.
    csv.field_size_limit(2**31 - 1)
    return [*_under_heads(_records([*io.StringIO(text, newline="")], delimiter), columns)]


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """Yield the cells of each record, and what was odd about it."""
    start = 0
    while start < len(lines):
        left = (lines[i] for i in range(start, len(lines)))
        reader = csv.reader(left, delimiter=delimiter, skipinitialspace=True, strict=True)
        n_read = 0
        try:
            for cells in reader:
                yield cells, ()
                n_read = reader.line_num
            return
        except csv.Error:
            start += n_read
            # Marks in pairs may hold a delimiter between them; a single one holds nothing.
            single = lines[start].count('"') % 2
            quoting: Literal[0, 3] = csv.QUOTE_NONE if single else csv.QUOTE_MINIMAL
            (cells,) = csv.reader([lines[start]], delimiter=delimiter, quoting=quoting)
            start += 1
            yield cells, (f"the quotation marks of line {start} are amiss: read as it stands",)


def _under_heads(
    records: Iterable[tuple[Sequence[str], tuple[str, ...]]], columns: Mapping[str, str] | None
) -> Iterator[Row]:
    """Yield the rows below the heads: the first row that is not empty, or that below a title."""
    filled = [([*map(unguarded, cells)], d) for cells, d in records if any(map(str.strip, cells))]
    said = [{*map(str.strip, cells)} - {""} for cells, _ in filled[:4]]
    top = next((n for n, found in enumerate(said) if len(found) > 1), 0)
    titles = [title for found in said[:top] for title in found]
    if any(name != to or to in COLUMNS for name, to in column_names(titles, columns).items()):
        top, titles = 0, []
    above = f"above the heads of its columns stands: {'; '.join(titles)}" if titles else ""
    heads = distinct(filled[top][0]) if filled else []
    n_heads = len(heads)
    for cells, doubts in filled[top + 1 :]:
        heads = distinct([*heads, *[""] * (len(cells) - len(heads))])
        row = dict.fromkeys(heads, "") | dict(zip(heads, cells, strict=False))
        if beyond := [head for head in heads[n_heads:] if row.get(head, "").strip()]:
            shown = f"it has {len(cells)} cells under {n_heads} heads: kept as {', '.join(beyond)}"
            doubts = (*doubts, shown)
        yield Row(row, doubts, above)


def distinct(names: Iterable[str]) -> list[str]:
    """Return names of columns, each once; a column without a name is called by its place.

    Examples
    --------
    >>> distinct(["市", "", "市"])
    ['市', 'column 2', '市 2']
    """
    found: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        found[free_name(" ".join(name.split()) or f"column {number}", found)] = None
    return [*found]


def read_json_lines(data: bytes, hints: Hints) -> list[Draft]:
    """Read a JSON Lines file, one object a line, or a JSON list of objects."""
    found = decode(data, declared=hints.declared)
    rows = [
        Row({str(k): _plain(v) for k, v in value.items()})
        if isinstance(value, dict)
        else Row({}, (f"line {number} is no JSON object: {_plain(value)}",))
        for number, value in enumerate(_values(found.text), 1)
        if value not in ("", None)
    ]
    if not any(row.cells for row in rows):
        raise UnreadableError("no line of it is a JSON object")
    return _drafts(rows, hints, found)


def _values(text: str) -> Iterator[Any]:
    """Yield the values of a JSON list, or of each line, which stays as it is if it is no JSON."""
    try:
        whole = _json(text)
        if isinstance(whole, dict):  # as interfaces answer: the rows are one of its values
            lists = [
                v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)
            ]
            whole = lists[0] if len(lists) == 1 else whole
        yield from whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("["):
            raise UnreadableError(f"it is no JSON ({str(error)[:80]})") from error
        for line in map(str.strip, text.split("\n")):
            try:
                yield _json(line)
            except (ValueError, RecursionError):
                yield line


def _json(text: str) -> Any:
    """Return what JSON says; of two values under one key both, the second as ``key 2``."""
    return json.loads(
        text,
        object_pairs_hook=lambda pairs: dict(
            zip(distinct(key for key, _ in pairs), (value for _, value in pairs), strict=True)
        ),
    )


def read_workbook(data: bytes, hints: Hints) -> list[Draft]:
    """Read a spreadsheet of Excel, WPS or OpenDocument: each row of each sheet is a text.

    What merged cells say holds for each of their rows; formulas are read as they were last
    reckoned, and one that never was stands as it is, and is told. What is called .xls and is
    a web page or a text with tabs, as many systems write it, is read as that.
    """
    if not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and b"\0" not in data[:1024]:
        return _written_as_excel(data, hints)
    calamine = need("python_calamine", "spreadsheets")
    rows: list[Row] = []
    with reading("workbook", "open it in Excel or WPS and save it anew, without a password"):
        book = calamine.load_workbook(io.BytesIO(data))
        formulas: dict[str, dict[tuple[int, int], str]] = {}
        if zipfile.is_zipfile(io.BytesIO(data)):
            archive = zipfile.ZipFile(io.BytesIO(data))
            _refuse_spans(archive)
            formulas = _never_reckoned(archive)
        for sheet in book.sheets_metadata:
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                grid = _unmerged(book.get_sheet_by_name(sheet.name))
                doubts: dict[int, tuple[str, ...]] = {}
                for (row, column), formula in formulas.get(sheet.name, {}).items():
                    grid += [[] for _ in range(len(grid), row + 1)]
                    grid[row] += [""] * (column + 1 - len(grid[row]))
                    grid[row][column] = formula
                    doubts[row] = ("it holds a formula without a result: save it in Excel or WPS",)
                records = ((cells, doubts.get(n, ())) for n, cells in enumerate(grid))
                rows += _under_heads(records, hints.columns)
    return _drafts(rows, hints)


def _written_as_excel(data: bytes, hints: Hints) -> list[Draft]:
    """Read the tables of a page, or a text with tabs, that its system called a workbook."""
    found = decode(data, declared=hints.declared or declared_encoding(data))
    if not re.search(r"<t[rd]\b|<row\b", found.text, re.I):
        return _drafts(delimited_rows(found.text, hints.columns), hints, found)
    html = need("lxml.html", "web pages")
    rows: list[Row] = []
    with reading("table", "open it in Excel or WPS and save it as .xlsx"):
        source = re.sub(r"<\?xml[^>]{0,200}\?>", "", found.text.replace("\0", ""), count=1)
        tree = html.document_fromstring(source)
        for table in tree.xpath("//table[not(.//table)]"):
            lines = [tr.xpath("./td | ./th | ./cell") for tr in table.xpath(".//tr | .//row")]
            records = (([c.text_content().strip() for c in line], ()) for line in lines)
            rows += _under_heads(records, hints.columns)
    return _drafts(rows, hints, found)


def _refuse_spans(archive: zipfile.ZipFile) -> None:
    """Refuse an OpenDocument sheet with merged cells, of which the library tells nothing."""
    if "content.xml" in archive.namelist() and re.search(
        rb'number-rows-spanned="(?!1")', archive.read("content.xml")
    ):
        raise UnreadableError("cells of it are merged, and which ones is not read; save as .xlsx")


def _never_reckoned(archive: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], str]]:
    """Return, by sheet of Excel, row and column, the formulas of which it holds no result."""
    sheets = re.findall(rb"<(?:\w+:)?sheet\s[^>]*", _part(archive, "workbook.xml"))
    links = map(_attributes, re.findall(rb"<Relationship\s[^>]*", _part(archive, _LINKS)))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet in map(_attributes, sheets):
        cells = found.setdefault(sheet.get("name", ""), {})
        for opening, formula in _FORMULA.findall(_part(archive, targets.get(sheet.get("id"), ""))):
            about = _attributes(opening)
            place = re.fullmatch("([A-Z]{1,3})([0-9]{1,7})", about.get("r", ""))
            if place and about.get("t") != "str":  # whose result is a text without a letter
                column = reduce(lambda n, letter: 26 * n + ord(letter) - 64, place[1], 0)
                cells[int(place[2]) - 1, column - 1] = f"={unescape(formula.decode())}"
    return found


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part of a workbook; nothing if it has none of this name."""
    name = name.removeprefix("/xl/")
    return archive.read(f"xl/{name}") if f"xl/{name}" in archive.namelist() else b""


def _attributes(opening: bytes) -> dict[str, str]:
    """Return the attributes of an element of XML, without prefixes."""
    return {k: unescape(v) for k, v in re.findall(r'([\w]+)="([^"]*)"', opening.decode())}


def _unmerged(sheet: Any) -> list[list[str]]:
    """Return the cells of a sheet; what merged ones say is in each row, of heads each column."""
    grid = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    head = next((number for number, row in enumerate(grid) if any(row)), 0)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for number, row in enumerate(grid[top : bottom + 1], top):
            last = right if number == head else left
            row[left : last + 1] = [cell or grid[top][left] for cell in row[left : last + 1]]
    return grid


def read_parquet(data: bytes, hints: Hints) -> list[Draft]:
    """Read a Parquet file, one text a row."""
    parquet = need("pyarrow.parquet", "Parquet files")
    pyarrow = need("pyarrow", "Parquet files")
    with reading("Parquet file", "write it anew"):
        table = parquet.ParquetFile(pyarrow.BufferReader(data)).read()
        names = distinct(table.column_names)
        values = zip(*(column.to_pylist() for column in table.columns), strict=True)
        rows = [Row(dict(zip(names, map(_plain, row), strict=True))) for row in values]
    return _drafts(rows, hints)


def _drafts(rows: Sequence[Row], hints: Hints, found: Decoded | None = None) -> list[Draft]:
    found = found or Decoded("", "")
    if not rows:
        raise UnreadableError("the table has no rows under a head that names its columns")
    # By row, since sheets, and objects of JSON, may each name their text in their own way.
    mapped = cache(lambda names: column_names(names, hints.columns))
    if not any("text" in mapped(tuple(row.cells)).values() for row in rows):
        names = dict.fromkeys(name for row in rows for name in row.cells)
        raise UnreadableError(
            f"no column is known to hold the text; there are {', '.join([*names][:12])}. "
            "Say which with columns={'name': 'text'} (--column name=text)"
        )
    return [
        _draft(row, mapped(tuple(row.cells)), found, part=f"row {number}")
        for number, row in enumerate(rows, 1)
    ]


def _draft(row: Row, names: Mapping[str, str], found: Decoded, *, part: str) -> Draft:
    given = {names[name]: cell.strip() for name, cell in row.cells.items() if cell.strip()}
    text = given.pop("text", "").replace("\r\n", "\n").replace("\0", "")
    doubts = [*row.doubts]
    if given and not re.search(r"\w", text):
        doubts.append(
            "its row says " + "; ".join(f"{name}: {cell}" for name, cell in given.items())
        )
    if lost := [name for name, cell in given.items() if "\ufffd" in cell]:
        doubts.append(f"characters were lost (\ufffd) in {', '.join(lost)}")
    return Draft(
        text,
        given=given,
        notes=tuple(filter(None, [found.note, row.above])),
        warnings=tuple(doubts),
        part=part,
        encoding=found.encoding,
    )


def _plain(value: Any) -> str:
    """Return a cell as text; whole numbers without .0, dates as ISO, bytes decoded."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        text = next(filter(None, (decoded(value, c) for c in ("utf-8", "gb18030"))), "\0")
        return f"{len(value):,} bytes that are no text" if CONTROL.search(text) else text
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).replace("T00:00:00", "")
    return str(value)
