"""Readers of plain text and PDF. Bytes in, drafts out, no file touched."""

from __future__ import annotations

import io
import re
from contextlib import closing
from dataclasses import replace
from itertools import groupby, zip_longest
from math import ceil
from unicodedata import east_asian_width

from toolkit.ingest.draft import Draft, Hints, drafted, table_lines
from toolkit.ingest.encodings import decode, garbled_lines, is_garbled
from toolkit.ingest.limits import UnreadableError, heard, need, reading
from toolkit.ingest.rules import rules
from toolkit.structure import FINAL, begins_anew

_FRONT_MATTER = re.compile(r"\A---\n(?P<fields>(?:[^\n]*\n){0,40}?)---\n")
_FIELD = re.compile(r"(\w+):[ \t]*[\"']?(.*?)[\"']?[ \t]*")


def _table(block: re.Match[str]) -> str:
    """Return the rows of a table of Markdown as all tables are written."""
    rows = []
    for line in f"{block['head']}\n{block['rows']}".split("\n"):
        cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
        rows.append([([cell], "", "") for cell in cells])
    return "\n" + "\n".join(line for lines in table_lines(rows) for line in lines) + "\n"


def read_markdown(data: bytes, hints: Hints) -> list[Draft]:
    """Read a Markdown file: its words, without the marks; what these say of a line is known."""
    (draft,) = read_text(data, hints)
    text = draft.text
    for rule in rules("markdown"):
        text = rule["pattern"].sub(
            _table if "head" in rule["pattern"].groupindex else rule["shown"], text
        )
    made = drafted(text.split("\n"))
    return [replace(draft, text=made.text, known=made.known, told=made.told)]


def read_text(data: bytes, hints: Hints) -> list[Draft]:
    """Read a plain text; what stands between marks above it is what its user says."""
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
    notes = filter(None, [found.note])
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
    titles = (title.strip()[:200] for title, _ in found)
    told = [("title", title, "document property Title") for title in titles if title]
    return [
        Draft(
            "\n".join(unwrap(lines)), told=tuple(told[:1]), notes=said(), warnings=tuple(warnings)
        )
    ]


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
    by_run = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    runs = [[number for _, number in run] for _, run in by_run]
    shown = ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs[:10])
    more = f" and {len(runs) - 10} more" if len(runs) > 10 else ""
    return f"page{'s' * (len(numbers) > 1)} {shown}{more}"


_OPEN = re.compile(r"[，、（“‘《—]$")
_LATIN = re.compile(r"[A-Za-z0-9,.;]$")
_PAGE_NUMBER = re.compile(r"[-–—·]\s?\d{1,4}\s?[-–—·]")


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of paragraphs that were broken at a fixed width: a PDF has no others.

    A line is joined to the one before if that one reaches the edge, or ends with an open
    mark, and the next does not begin like a heading. No character is lost; the number of a
    page between the halves of a sentence comes behind their paragraph.

    Examples
    --------
    >>> unwrap(["一、总体要求", "坚持人民城市人民建、人民城市为人民，提高城", "市治理水平。"])
    ['一、总体要求', '坚持人民城市人民建、人民城市为人民，提高城市治理水平。']
    """
    lines = [line for line in map(str.strip, lines) if line]
    widths = [_width(line) for line in lines]
    # A full line is the longest but for a few that stick out.
    edge = sorted(widths)[ceil(0.9 * (len(widths) - 1))] if widths else 0
    joined: list[str] = []
    pages: list[str] = []  # kept behind the paragraph that they part: cleaning reports them
    last_width = 0
    for line, width in zip(lines, widths, strict=True):
        if _PAGE_NUMBER.fullmatch(line):
            pages.append(line)
            continue
        if joined and _goes_on(joined[-1], line, last_width / max(edge, 1)):
            gap = " " if _LATIN.search(joined[-1]) and re.match(r"[A-Za-z]", line) else ""
            joined[-1] += gap + line
        else:
            joined += [*pages, line]
            pages = []
        last_width = width
    return joined + pages


def _goes_on(before: str, line: str, share: float) -> bool:
    """Tell whether a paragraph goes on in the next line; `share` is how full its last one is."""
    if begins_anew(line) and (FINAL.search(before) or share < 0.9):
        return False
    # A full line that ends with a full stop may end its paragraph or not: of the wrong
    # choice nothing comes but one break more or less.
    return share >= 0.88 or (share >= 0.5 and _OPEN.search(before) is not None)


def _width(line: str) -> int:
    """Return the width of a line in half characters; the longest decide nothing."""
    return sum(2 if east_asian_width(char) in "WFA" else char != " " for char in line[:1000])
