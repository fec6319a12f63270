"""Which files are read, by which reader: one entry for each format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from toolkit.ingest import documents, pages, tables, word
from toolkit.ingest.draft import Draft, Hints
from toolkit.ingest.encodings import decode
from toolkit.ingest.limits import Limits, UnreadableError, size
from toolkit.ingest.rules import named
from toolkit.metadata import column_names


class Format(NamedTuple):
    """A format of files.

    Parameters
    ----------
    name, name_zh : str
        What people call it.
    endings : tuple of str
        Of names of files; the first is the usual one.
    read : callable
        From the bytes of a file, and hints, to drafts; raises `UnreadableError` alone.
    mime : tuple of str
        What servers call it.
    library : str
        What it needs of the extra ``ingest``; empty if it is read as installed.
    """

    name: str
    name_zh: str
    endings: tuple[str, ...]
    read: Callable[[bytes, Hints], list[Draft]]
    mime: tuple[str, ...] = ()
    library: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument"
#: All that is read; of each one a sample stands in ``tests/ingest/samples``.
FORMATS = (
    Format("text", "文本", (".txt", ".text"), documents.read_text, ("text/plain",)),
    Format("Markdown", "Markdown", (".md", ".markdown"), documents.read_markdown,
           ("text/markdown",)),
    Format("web page", "网页", (".html", ".htm", ".shtml", ".xhtml"), pages.read_page,
           ("text/html", "application/xhtml+xml"), "trafilatura"),
    Format("web page", "网页", (".mhtml", ".mht"), pages.read_web_archive,
           ("multipart/related",), "trafilatura"),
    Format("Word", "Word", (".docx",), word.read_word,
           (f"{_OFFICE}.wordprocessingml.document",), "docx"),
    Format("PDF", "PDF", (".pdf",), documents.read_pdf, ("application/pdf",)),
    Format("CSV", "CSV", (".csv", ".tsv"), tables.read_delimited,
           ("text/csv", "text/tab-separated-values")),
    Format("Excel", "Excel", (".xlsx", ".xlsm", ".xls", ".ods"), tables.read_workbook,
           (f"{_OFFICE}.spreadsheetml.sheet", "application/vnd.ms-excel",
            "application/vnd.oasis.opendocument.spreadsheet"), "python_calamine"),
    Format("JSON Lines", "JSON Lines", (".jsonl", ".ndjson"), tables.read_json_lines,
           ("application/jsonl", "application/x-ndjson")),
    Format("Parquet", "Parquet", (".parquet",), tables.read_parquet,
           ("application/vnd.apache.parquet",), "pyarrow"),
)  # fmt: skip
BY_ENDING = {ending: format for format in FORMATS for ending in format.endings}
BY_MIME = {mime: format for format in FORMATS for mime in format.mime}


def read(
    name: str,
    data: bytes,
    *,
    limits: Limits | None = None,
    declared: str = "",
    columns: Mapping[str, str] | None = None,
) -> list[Draft]:
    """Read a file by its name and what its first bytes say.

    Parameters
    ----------
    name : str
        Its ending names the format; the first bytes correct it (a page saved as .doc).
    data : bytes
    limits : Limits, optional
    declared : str
        The encoding that a server claimed.
    columns : mapping, optional
        For tables: column name to column of the corpus (``{"留言": "text"}``).

    Returns
    -------
    list of Draft
        One for a document, one a row for a table.

    Raises
    ------
    UnreadableError
        With what was found and how to mend it. No other error.

    Examples
    --------
    >>> read("a.txt", "城市治理。".encode("gb18030"))[0].text
    '城市治理。'
    """
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        raise UnreadableError(
            f"the file has {size(len(data))}; at most {size(limits.file_bytes)} are read: split it"
        )
    if not data:
        raise UnreadableError("the file is empty")
    suffix = kind_of(name, data)
    if suffix not in BY_ENDING:
        mend = named("mends").get(suffix, "save it in one of: " + ", ".join(sorted(BY_ENDING)))
        raise UnreadableError(
            f"files of kind {suffix or 'without an ending'!r} are not read; {mend}"
        )
    drafts = BY_ENDING[suffix].read(data, Hints(declared, columns or {}))
    # What a file costs to read is bounded from outside; here is what it would cost later.
    longest = max((len(draft.text) for draft in drafts), default=0)
    if longest > limits.text_chars:
        raise UnreadableError(
            f"the text has {longest:,} characters; at most {limits.text_chars:,} are read: split it"
        )
    if sum(len(draft.text) for draft in drafts) > limits.unpacked_bytes:
        raise UnreadableError("the texts of the table are longer than is read; split it")
    if (n := len({column for draft in drafts for column in draft.given})) > limits.columns:
        raise UnreadableError(
            f"the table has {n:,} columns; at most {limits.columns} are read: "
            "keep the text and what is known about it"
        )
    if not any(draft.part or re.search(r"\w", draft.text) for draft in drafts):
        raise UnreadableError("there is no text in it")
    return drafts


def kind_of(name: str, data: bytes) -> str:
    """Return the ending that a file should have.

    Examples
    --------
    >>> kind_of("通知.doc", b"<html><body>")
    '.html'
    """
    suffix = PurePosixPath(name.lower()).suffix
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    # Many systems write a page and call it .xls: its table is read as one.
    is_page = suffix in (*BY_MIME["text/html"].endings, ".xls")
    if head.startswith(b"%pdf-"):
        return ".pdf"
    if head.startswith((b"<!doctype html", b"<html")) and not is_page:
        return ".html"
    if head.startswith((b"mime-version:", b"from: <saved by")):
        return ".mhtml"
    if suffix in (".php", ".asp", ".aspx", ".jsp", ".do"):
        return ".html"
    return ".jsonl" if suffix == ".json" else suffix


def address_list(name: str, data: bytes, limits: Limits) -> list[dict[str, str]]:
    """Return the rows of a list of addresses: one a line, or a table with a column ``url``.

    Nothing if the file is no such list: a table with texts of its own, a text.
    """
    suffix = PurePosixPath(name.lower()).suffix
    if suffix not in (".txt", ".csv", ".tsv") or len(data) > limits.file_bytes:
        return []
    try:
        text = decode(data).text
    except UnreadableError:
        return []
    if suffix == ".txt":
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not all(re.fullmatch(r"https?://\S+|#.*", line) for line in lines):
            return []
        return [{"url": line} for line in lines if not line.startswith("#")]
    rows = [row.cells for row in tables.delimited_rows(text)]
    mapped = column_names(dict.fromkeys(name for row in rows for name in row))
    if "text" in mapped.values() or "url" not in mapped.values():
        return []
    return [{mapped[name]: value.strip() for name, value in row.items()} for row in rows]
