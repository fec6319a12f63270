"""Readers of tables: each row is a text, its other columns are what the user says of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.ingest.draft import Draft
from toolkit.ingest.encodings import Decoded, decode
from toolkit.ingest.limits import Limits, UnreadableError, reading
from toolkit.ingest.needs import need
from toolkit.ingest.packed import open_zip

#: What columns are called, in Chinese and English, and which column of the corpus they are.
COLUMNS = {
    **dict.fromkeys(
        ("text", "content", "body", "正文", "内容", "文本", "全文", "留言详情"), "text"
    ),
    **dict.fromkeys(("title", "标题", "题目", "名称", "留言主题"), "title"),
    **dict.fromkeys(
        ("date", "日期", "时间", "发布时间", "发布日期", "成文日期", "留言时间"), "date"
    ),
    **dict.fromkeys(("source", "来源", "出处", "publisher", "发布机构", "媒体"), "source"),
    **dict.fromkeys(("author", "作者", "记者"), "author"),
    **dict.fromkeys(("city", "城市", "地区", "市"), "city"),
    **dict.fromkeys(("year", "年份", "年度", "年"), "year"),
    **dict.fromkeys(("kind", "类型", "文种", "体裁", "类别"), "kind"),
    **dict.fromkeys(("document_number", "文号", "发文字号"), "document_number"),
    **dict.fromkeys(("url", "链接", "网址", "地址", "link"), "url"),
    **dict.fromkeys(("province", "省份", "省"), "province"),
    **dict.fromkeys(("region", "区域"), "region"),
    **dict.fromkeys(("file", "文件", "文件名", "filename", "path"), "file"),
}


def read_delimited(
    data: bytes, limits: Limits, *, declared: str = "", columns: Mapping[str, str] | None = None
) -> list[Draft]:
    """Read a CSV or TSV file, one text a row."""
    found = decode(data, declared=declared)
    rows = delimited_rows(found.text, limits)
    return _drafts(rows, limits, columns, found)


def delimited_rows(text: str, limits: Limits) -> list[dict[str, str]]:
    """Return the rows of a CSV or TSV text as mappings of column to value."""
    text = text.removeprefix("\ufeff").replace("\0", "")
    head = text[: text.find("\n") if "\n" in text[:100_000] else 100_000]
    delimiter = max(",\t;", key=head.count)
    if head.count(delimiter) >= limits.columns:
        raise UnreadableError(
            f"the table has {head.count(delimiter) + 1:,} columns; at most {limits.columns} "
            "are read: keep the text and what is known about it"
        )
    # A cell is a text, so it may be long; the limit of the csv module is for the process.
    csv.field_size_limit(limits.text_chars)
    try:
        reader = csv.DictReader(
            io.StringIO(text, newline=""), delimiter=delimiter, restkey="", strict=False
        )
        if not reader.fieldnames or not any(name.strip() for name in reader.fieldnames):
            raise UnreadableError("the table has no head line that names its columns")
        rows: list[dict[str, str]] = []
        for row in reader:
            if len(rows) >= limits.rows:
                raise UnreadableError(f"the table has more than {limits.rows:,} rows; split it")
            row.pop("", None)
            rows.append({name: value or "" for name, value in row.items()})
    except csv.Error as error:
        raise UnreadableError(f"the table is broken ({error})") from error
    return rows


def read_json_lines(
    data: bytes, limits: Limits, *, declared: str = "", columns: Mapping[str, str] | None = None
) -> list[Draft]:
    """Read a JSON Lines file, one object a line, or a JSON list of objects."""
    found = decode(data, declared=declared)
    rows: list[dict[str, str]] = []
    broken: list[int] = []
    for number, line in enumerate(_json_lines(found.text), 1):
        if not line.strip():
            continue
        if len(rows) >= limits.rows:
            raise UnreadableError(f"the file has more than {limits.rows:,} lines; split it")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            rows.append({str(k): _plain(v) for k, v in row.items()})
        else:
            broken.append(number)
    if not rows:
        raise UnreadableError("no line of it is a JSON object")
    lost = [found.lost]
    if broken:
        lost.append(f"{len(broken)} lines are no JSON objects (line {broken[0]} first): not read")
    found = found._replace(lost="; ".join(filter(None, lost)))
    return _drafts(rows, limits, columns, found)


def _json_lines(text: str) -> list[str]:
    """Return the objects of a JSON list as lines; a file of lines as it is."""
    if not text.lstrip().startswith("["):
        return text.split("\n")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"it is no JSON ({str(error)[:80]})") from error
    return [json.dumps(value, ensure_ascii=False) for value in values]


def read_workbook(
    data: bytes, limits: Limits, *, declared: str = "", columns: Mapping[str, str] | None = None
) -> list[Draft]:
    """Read an Excel file: the sheets that have a column of texts, one text a row."""
    with open_zip(data, limits):
        pass
    openpyxl = need("openpyxl", "Excel files")
    rows: list[dict[str, str]] = []
    with reading("workbook", "open it in Excel or WPS and save it anew"):
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            # What the sheet says of its size may be a lie: it is counted while reading.
            sheet.reset_dimensions()
            rows += _sheet_rows(sheet, limits, already=len(rows))
        book.close()
    return _drafts(rows, limits, columns)


def _sheet_rows(sheet: Any, limits: Limits, *, already: int) -> list[dict[str, str]]:
    names: list[str] = []
    rows: list[dict[str, str]] = []
    for cells in sheet.iter_rows(values_only=True):
        if len(cells) > limits.columns:
            raise UnreadableError(
                f"sheet {sheet.title!r} has {len(cells):,} columns; at most {limits.columns} "
                "are read: keep the text and what is known about it"
            )
        values = [_plain(cell) for cell in cells]
        if not names:
            names = [value.strip() for value in values] if any(values) else []
            continue
        if already + len(rows) >= limits.rows:
            raise UnreadableError(f"the workbook has more than {limits.rows:,} rows; split it")
        if any(values):
            row = dict(zip(names, values, strict=False))
            row.pop("", None)
            rows.append(row)
    return rows


def read_parquet(
    data: bytes, limits: Limits, *, declared: str = "", columns: Mapping[str, str] | None = None
) -> list[Draft]:
    """Read a Parquet file, one text a row."""
    parquet = need("pyarrow.parquet", "Parquet files")
    pyarrow = need("pyarrow", "Parquet files")
    with reading("Parquet file", "write it anew"):
        file = parquet.ParquetFile(pyarrow.BufferReader(data))
        meta = file.metadata
        if meta.num_columns > limits.columns or meta.num_rows > limits.rows:
            raise UnreadableError(
                f"the table has {meta.num_columns:,} columns and {meta.num_rows:,} rows; "
                f"at most {limits.columns} and {limits.rows:,} are read"
            )
        # Packed columns may be bombs: what they unpack to is declared, and bounded by memory.
        total = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
        if total > limits.unpacked_bytes:
            raise UnreadableError("the table unpacks to more than is read; split it")
        table = file.read().to_pylist()
    return _drafts([{str(k): _plain(v) for k, v in row.items()} for row in table], limits, columns)


def _drafts(
    rows: Iterable[Mapping[str, str]],
    limits: Limits,
    columns: Mapping[str, str] | None,
    found: Decoded = Decoded("", ""),  # noqa: B008  a value that cannot change
) -> list[Draft]:
    rows = list(rows)
    if not rows:
        raise UnreadableError("the table has no rows")
    names = list(dict.fromkeys(name for row in rows for name in row))
    mapped = column_names(names, columns)
    text_column = next((n for n, column in mapped.items() if column == "text"), None)
    if text_column is None:
        raise UnreadableError(
            f"no column is known to hold the text; there are {', '.join(names[:12])}. "
            "Say which with columns={'name': 'text'} (--column name=text)"
        )
    total = sum(len(row.get(text_column, "")) for row in rows)
    if total > limits.unpacked_bytes:
        raise UnreadableError("the texts of the table are longer than is read; split it")
    drafts = []
    for number, row in enumerate(rows, 1):
        given = {column: row.get(name, "").strip() for name, column in mapped.items()}
        text = row.get(text_column, "").replace("\r\n", "\n").replace("\0", "")
        given = {column: value for column, value in given.items() if value and column != "text"}
        drafts.append(
            Draft(
                text,
                given=given,
                notes=tuple(filter(None, [found.note])),
                warnings=tuple(filter(None, [found.lost])),
                part=f"row {number}",
                encoding=found.encoding,
            )
        )
    return drafts


def column_names(names: Iterable[str], columns: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return which column of the corpus each column of a table is.

    Names that are known in Chinese or English are mapped; others keep their name.

    Examples
    --------
    >>> column_names(["标题", "正文", "街道"])
    {'标题': 'title', '正文': 'text', '街道': '街道'}
    >>> column_names(["标题", "留言"], {"留言": "text"})
    {'标题': 'title', '留言': 'text'}
    """
    columns = dict(columns or {})
    mapped: dict[str, str] = {}
    for name in names:
        key = name.strip().lower()
        target = columns.get(name.strip()) or COLUMNS.get(key) or name.strip()
        if target in mapped.values() and name.strip() not in columns:
            target = name.strip()  # the first of several columns has the name
        mapped[name] = target
    # A column that was named by the user is the text, whatever another one is called.
    if chosen := [n for n, target in columns.items() if target == "text"]:
        mapped = {
            n: (n if target == "text" and n.strip() not in chosen else target)
            for n, target in mapped.items()
        }
    return mapped


def _plain(value: Any) -> str:
    """Return a cell as text; whole numbers without .0, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else str(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).replace("T00:00:00", "")
    return str(value)
