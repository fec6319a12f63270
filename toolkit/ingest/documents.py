"""Readers of documents: plain text, Word, PDF. Bytes in, drafts out, no file touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from toolkit.ingest.draft import Draft
from toolkit.ingest.encodings import decode
from toolkit.ingest.limits import Limits, UnreadableError, reading
from toolkit.ingest.needs import need
from toolkit.ingest.packed import open_zip
from toolkit.ingest.wrapped import unwrap

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FRONT_MATTER = re.compile(r"\A---\n(?P<fields>(?:[^\n]*\n){0,40}?)---\n")
_FIELD = re.compile(r"(?m)^(\w+):[ \t]*[\"']?(.*?)[\"']?[ \t]*$")


def read_text(data: bytes, limits: Limits, *, declared: str = "") -> list[Draft]:
    """Read a plain text or Markdown file; lines broken by a typewriter are joined again."""
    found = decode(data, declared=declared)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    given = {}
    if match := _FRONT_MATTER.match(text):
        given = dict(_FIELD.findall(match["fields"]))
        text = text[match.end() :]
    notes = [found.note]
    joined = unwrap(text.split("\n"))
    if joined is not None:
        text = "\n".join(joined)
        notes.append("lines were broken at a fixed width; they were joined")
    return [
        Draft(
            text,
            given=given,
            notes=tuple(filter(None, notes)),
            warnings=tuple(filter(None, [found.lost])),
            encoding=found.encoding,
        )
    ]


def read_word(data: bytes, limits: Limits, *, declared: str = "") -> list[Draft]:
    """Read a Word file: paragraphs and rows of tables in their order, then foot and end notes.

    A row is a line, its cells between bars, unless a cell holds several paragraphs.
    Text that was inserted with tracked changes is there, deleted text is not.
    """
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableError(
            "this is the Word format of before 2007, or an encrypted file; "
            "open it in Word or WPS and save it as .docx"
        )
    with open_zip(data, limits) as archive:
        names = set(archive.namelist())
    if "word/document.xml" not in names and not any(n.endswith("document.xml") for n in names):
        raise UnreadableError("it is no Word file: it holds no document.xml")
    docx = need("docx", "Word files")
    import io

    with reading("Word file", "open it in Word or WPS and save it anew"):
        document = docx.Document(io.BytesIO(data))
        lines = _paragraphs(document.element.body)
        for part in document.part.package.iter_parts():
            if str(part.partname) in ("/word/footnotes.xml", "/word/endnotes.xml"):
                lines += _paragraphs(_xml(part.blob))
        told = _properties(document.core_properties)
    return [Draft("\n".join(lines), told=told)]


def _xml(blob: bytes) -> Any:
    etree = need("lxml.etree", "Word files")
    # No entities, no DTD, no network: what these could bring is never part of a text.
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    return etree.fromstring(blob, parser)


def _paragraphs(root: Any) -> list[str]:
    lines: list[str] = []
    for row, found in groupby(_lines(root), key=lambda line: line[0]):
        cells, texts = zip(*((cell, text) for _, cell, text in found), strict=True)
        one = row is not None and len({*cells}) == len(cells) and "\n" not in "".join(texts)
        lines += [" | ".join(texts)] if one else texts
    return lines


def _lines(root: Any) -> Iterator[tuple[Any, Any, str]]:
    """Yield the paragraphs that hold text, each with the row and the cell it stands in."""
    for paragraph in root.iter(f"{_W}p"):
        pieces: list[str] = []
        for node in paragraph.iter(
            f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"
        ):
            # A text box is a paragraph within a paragraph: its text comes in its own turn.
            if next(node.iterancestors(f"{_W}p")) is not paragraph:
                continue
            tag = node.tag.removeprefix(_W)
            pieces.append({"t": node.text or "", "tab": "\t", "noBreakHyphen": "-"}.get(tag, "\n"))
        if line := "".join(pieces).strip():
            row, cell = (next(paragraph.iterancestors(_W + tag), None) for tag in ("tr", "tc"))
            yield row, cell, line


def _properties(properties: Any) -> tuple[tuple[str, str, str], ...]:
    told = []
    for name, value in (("title", properties.title), ("author", properties.author)):
        # Word's template names the library that wrote it, or the owner of the machine.
        if value and value.strip() and value.strip().lower() not in ("python-docx", "user"):
            told.append((name, value.strip()[:200], f"document property {name}"))
    return tuple(told)


def read_pdf(data: bytes, limits: Limits, *, declared: str = "") -> list[Draft]:
    """Read the text layer of a PDF; pages that are pictures are told and not guessed.

    Raises
    ------
    UnreadableError
        If it is broken, encrypted, too long, or holds no text at all.
    """
    import io
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%PDF-" not in data[:1024]:
        raise UnreadableError("it is no PDF: the mark %PDF- is missing at its beginning")
    with reading("PDF", "open it in a viewer and print it to a new PDF"):
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF asks for a password; save a copy without one")
        # What it says of their number comes first: to count a million takes memory.
        tree: Any = reader.root_object["/Pages"]
        count = int(tree.get("/Count", 0))
        count = count if count > limits.pages else len(reader.pages)
        if count > limits.pages:
            raise UnreadableError(
                f"the PDF has {count:,} pages; at most {limits.pages:,} are read: split it"
            )
        pages, bare, n_chars = [], [], 0
        for number, page in enumerate(reader.pages, 1):
            lines = page.extract_text().split("\n")
            if not any(line.strip() for line in lines):
                bare.append(number)
            n_chars += sum(map(len, lines))
            if n_chars > limits.text_chars:
                raise UnreadableError(f"the PDF has more than {limits.text_chars:,} characters")
            pages.append(lines)
        info: Any = reader.metadata or {}
        title = str(info.get("/Title") or "").strip()
    if len(bare) == count:
        raise UnreadableError(
            f"none of its {count} pages has a text layer (scanned pictures); "
            "run it through character recognition (OCR) first"
        )
    warnings = [f"no text on {_ranges(bare)} of {count} (pictures?): not read"] if bare else []
    lines = [line for page in pages for line in _without_running_lines(page)]
    joined = unwrap(lines, always=True) or lines
    told = (("title", title[:200], "document property Title"),) if _is_title(title) else ()
    return [Draft("\n".join(joined), told=told, warnings=tuple(warnings))]


def _without_running_lines(lines: list[str]) -> list[str]:
    """Drop the number of the page, above or below."""
    kept = [line.strip() for line in lines if line.strip()]
    for at in (0, -1):
        if kept and re.fullmatch(
            r"(?:[-–—·]\s?)?\d{1,4}(?:\s?[-–—·])?(?:\s?/\s?\d{1,4})?", kept[at]
        ):
            del kept[at]
    return kept


def _is_title(title: str) -> bool:
    return bool(title) and not re.search(r"\.(?:docx?|wps|html?|pdf)\b|^Microsoft |://", title)


def _ranges(numbers: list[int]) -> str:
    """Return page numbers as people write them: pages 1–3, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = ", ".join(f"{a}–{b}" if a < b else f"{a}" for a, b in runs[:10])
    more = f" and {len(runs) - 10} more" if len(runs) > 10 else ""
    return f"page{'s' * (len(numbers) > 1)} {shown}{more}"
