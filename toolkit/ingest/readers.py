"""Which reader reads which file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from toolkit.ingest import documents, pages, tables
from toolkit.ingest.draft import Draft
from toolkit.ingest.encodings import decode
from toolkit.ingest.limits import Limits, UnreadableError, size

Reader = Callable[..., list[Draft]]

READERS: dict[str, Reader] = {
    **dict.fromkeys((".txt", ".md", ".text", ".markdown"), documents.read_text),
    **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml"), pages.read_page),
    **dict.fromkeys((".mhtml", ".mht"), pages.read_web_archive),
    ".docx": documents.read_word,
    ".pdf": documents.read_pdf,
    **dict.fromkeys((".csv", ".tsv"), tables.read_delimited),
    **dict.fromkeys((".xlsx", ".xlsm"), tables.read_workbook),
    **dict.fromkeys((".jsonl", ".ndjson"), tables.read_json_lines),
    ".parquet": tables.read_parquet,
}
#: Formats whose rows are texts.
TABLES = frozenset(
    suffix for suffix, reader in READERS.items() if reader.__module__ == tables.__name__
)
#: What other formats are, and what to do with them.
OTHERS = {
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt"), "open it in Word or WPS, save it as .docx"),
    **dict.fromkeys((".xls", ".et", ".ods"), "open it in Excel or WPS and save it as .xlsx"),
    **dict.fromkeys((".ppt", ".pptx"), "save its text as .docx"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), "unpack it, or pack it as .zip"),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif", ".bmp"),
        "it is a picture: run it through character recognition (OCR) first",
    ),
    ".caj": "open it in CAJViewer and print it as PDF",
    ".epub": "save its chapters as .html or .txt",
}


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
    if suffix not in READERS:
        mend = OTHERS.get(suffix, "save it in one of: " + ", ".join(sorted(READERS)))
        raise UnreadableError(
            f"files of kind {suffix or 'without an ending'!r} are not read; {mend}"
        )
    reader = READERS[suffix]
    extra = {"columns": columns} if suffix in TABLES else {}
    drafts = reader(data, limits, declared=declared, **extra)
    if longest := next((d for d in drafts if len(d.text) > limits.text_chars), None):
        raise UnreadableError(
            f"the text has {len(longest.text):,} characters; at most {limits.text_chars:,} "
            "are read: split it"
        )
    if all(not re.search(r"\w", draft.text) for draft in drafts):
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
    if head.startswith(b"%pdf-"):
        return ".pdf"
    if suffix in READERS and suffix not in (".txt", ".text", ".pdf"):
        return suffix
    if head.startswith((b"<!doctype html", b"<html")):
        return ".html"
    if head.startswith((b"mime-version:", b"from: <saved by")):
        return ".mhtml"
    if suffix == ".json":
        return ".jsonl"
    if suffix in (".php", ".asp", ".aspx", ".jsp", ".do"):
        return ".html"
    return suffix


def address_list(name: str, data: bytes, limits: Limits) -> list[dict[str, str]]:
    """Return the rows of a list of addresses: one a line, or a table with a column ``url``.

    Nothing if the file is no such list: a table with texts of its own, a text.
    """
    suffix = PurePosixPath(name.lower()).suffix
    if suffix not in (".txt", ".csv", ".tsv") or len(data) > limits.file_bytes:
        return []
    if suffix == ".txt" and data.lstrip(b"\xef\xbb\xbf \r\n")[:1] not in (b"h", b"#"):
        return []
    try:
        text = decode(data).text
    except UnreadableError:
        return []
    if suffix == ".txt":
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines and all(re.fullmatch(r"https?://\S+|#.*", line) for line in lines):
            return [{"url": line} for line in lines if not line.startswith("#")]
        return []
    try:
        rows = tables.delimited_rows(text, limits)
    except UnreadableError:
        return []
    if not rows:
        return []
    mapped = tables.column_names(rows[0])
    if "text" in mapped.values() or "url" not in mapped.values():
        return []
    return [{mapped[name]: value.strip() for name, value in row.items()} for row in rows]
