"""Readers of plain text and PDF. Bytes in, drafts out, no file touched."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import zip_longest

from toolkit.ingest.draft import Draft, Hints
from toolkit.ingest.encodings import decode, garbled_lines, is_garbled
from toolkit.ingest.limits import UnreadableError, heard, reading
from toolkit.ingest.needs import need
from toolkit.ingest.wrapped import unwrap

_FRONT_MATTER = re.compile(r"\A---\n(?P<fields>(?:[^\n]*\n){0,40}?)---\n")
_FIELD = re.compile(r"(\w+):[ \t]*[\"']?(.*?)[\"']?[ \t]*")


# What marks a line, or words in a line, in Markdown; escaped marks are what they show.
_MARKED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?s)<!--.*?(?:-->|\Z)"), ""),
    (re.compile(r"(?m)^[ \t]*+(?:`{3,}|~{3,}).*$"), ""),
    # The line below the head of a table, then its rows.
    (re.compile(r"(?m)^[ \t]*+\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t:-]*$\n?"), ""),
    (
        re.compile(r"(?m)^[ \t]*+\|(.*)$"),
        lambda row: " | ".join(cell.strip() for cell in row[1].strip(" \t|").split("|")),
    ),
    (re.compile(r"(?m)^[ \t]*+(?:(?:[-*_][ \t]*){3,}|=+[ \t]*)$"), ""),
    (re.compile(r"(?m)^[ \t]{0,3}#{1,6}[ \t]++(.*)$"), lambda heading: heading[1].rstrip("# \t")),
    (re.compile(r"(?m)^(?:[ \t]*>[ \t]?)+|^[ \t]*+[-*+][ \t]++(?:\[[ xX]\][ \t]++)?"), ""),
    (
        re.compile(r"!?\[([^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])"),
        r"\1",
    ),
    (re.compile(r"</?(?:br|b|i|u|p|div|span|center|font|sup|sub)\b[^<>\n]*>"), ""),
    (re.compile(r"(\*{1,3}|~~|`)(?=[^\s*~`])([^\n*~`]*[^\s*~`])\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,2})(?=[^\s_])([^\n_]*[^\s_])\1(?!\w)"), r"\2"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|~>-])"), r"\1"),
)


def read_markdown(data: bytes, hints: Hints) -> list[Draft]:
    """Read a Markdown file: its words, without the marks; a row of a table is a line."""
    (draft,) = read_text(data, hints)
    text = draft.text
    for pattern, shown in _MARKED:
        text = pattern.sub(shown, text)
    return [replace(draft, text=text)]


def read_text(data: bytes, hints: Hints) -> list[Draft]:
    """Read a plain text; lines broken by a typewriter are joined again."""
    found = decode(data, declared=hints.declared)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    given: dict[str, str] = {}
    left_out = []
    if match := _FRONT_MATTER.match(text):
        text = text[match.end() :]
        for line in match["fields"].splitlines():
            field = _FIELD.fullmatch(line)
            if field and field[1] not in given:
                given[field[1]] = field[2]
            else:
                left_out.append(line)
    notes = [found.note] if found.note else []
    if joined := unwrap(text.split("\n")):
        text = "\n".join(joined)
        notes.append("lines were broken at a fixed width; they were joined")
    return [Draft(text, given, (), tuple(left_out), tuple(notes), encoding=found.encoding)]


_OCR = "run it through character recognition (OCR) first, such as ocrmypdf -l chi_sim IN OUT"


def read_pdf(data: bytes, hints: Hints) -> list[Draft]:
    """Read the text layer of a PDF; pages that are pictures are told and not guessed.

    PDFium reads fonts that only name a Chinese character collection (``GBKp-EUC-H``,
    Adobe-GB1); pypdf is asked for the pages of which it makes nothing.

    Raises
    ------
    UnreadableError
        If it is broken or encrypted, or holds no text, or none that can be made out.
    """
    if b"%PDF-" not in data[:1024]:
        raise UnreadableError("it is no PDF: the mark %PDF- is missing at its beginning")
    found: list[tuple[str, list[str]]] = []
    with heard("pypdf") as said:
        for library in (_by_pdfium, _by_pypdf):
            try:
                with reading("PDF", "open it in a viewer and print it to a new PDF"):
                    found.append(library(data))
            except UnreadableError as error:
                failed = error
            else:
                if all(map(_is_legible, found[-1][1])):
                    break
    if not found:
        raise failed
    either = [*zip_longest(*(texts for _, texts in found), fillvalue="")]
    pages = [next(filter(_is_legible, texts), "") for texts in either]
    bare = [number for number, texts in enumerate(either, 1) if not "".join(texts).strip()]
    garbled = [number for number, text in enumerate(pages, 1) if not text and number not in bare]
    if garbled and not any(pages):
        raise UnreadableError(
            f"the text of its {len(pages)} pages cannot be made out (its fonts do not say which "
            f"characters they show); {_OCR}"
        )
    if not any(pages):
        raise UnreadableError(
            f"none of its {len(pages)} pages has a text layer (scanned pictures); {_OCR}"
        )
    warnings = [
        f"{what} on {_ranges(numbers)} of {len(pages)} ({why}?): not read"
        for what, why, numbers in (
            ("no text", "pictures", bare),
            ("text that cannot be made out", "fonts that do not say their characters", garbled),
        )
        if numbers
    ]
    lines = [line for page in pages for line in _without_running_lines(page.split("\n"))]
    joined = unwrap(lines, always=True) or lines
    titles = (title.strip()[:200] for title, _ in found)
    told = [("title", title, "document property Title") for title in titles if title]
    return [Draft("\n".join(joined), told=tuple(told[:1]), notes=said(), warnings=tuple(warnings))]


def _by_pdfium(data: bytes) -> tuple[str, list[str]]:
    """Return the title and the text of each page as PDFium reads them."""
    pdfium = need("pypdfium2", "PDF files")
    with closing(pdfium.PdfDocument(data)) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
        title = document.get_metadata_dict().get("Title", "")
    # The mark stands for a hyphen at the end of a line.
    return title, [re.sub("[\ufffe\x02](?:\r\n)?", "", t).replace("\r\n", "\n") for t in texts]


def _by_pypdf(data: bytes) -> tuple[str, list[str]]:
    """Return the title and the text of each page as pypdf reads them."""
    pypdf = need("pypdf", "PDF files")
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError("the PDF asks for a password; save a copy without one")
    texts = [page.extract_text() for page in reader.pages]
    return str((reader.metadata or {}).get("/Title") or ""), texts


def _is_legible(text: str) -> bool:
    """Tell whether a page can be read, and no large part of its lines is of no language."""
    lost = sum(map(len, garbled_lines(text)))
    return bool(text.strip()) and not is_garbled(text) and lost < 0.3 * len(text)


def _without_running_lines(lines: list[str]) -> list[str]:
    """Drop the number of the page, above or below."""
    kept = [line.strip() for line in lines if line.strip()]
    for at in (0, -1):
        if kept and re.fullmatch(
            r"(?:[-–—·]\s?)?\d{1,4}(?:\s?[-–—·])?(?:\s?/\s?\d{1,4})?", kept[at]
        ):
            del kept[at]
    return kept


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
