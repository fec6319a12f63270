"""A three-line table (三线表) for Word."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

_LATIN, _CHINESE = "Times New Roman", "宋体"
_THICK, _THIN = 12, 6  # eighths of a point
_SIZE = 9  # pt, 小五
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_docx(rows: list[list[str]], path: Path, *, caption: str) -> None:
    """Write rows of text, the first the head, as a table with three lines.

    Parameters
    ----------
    rows : list of list of str
    path : path
    caption : str
        Stands above; none if empty.

    Raises
    ------
    ModuleNotFoundError
        If python-docx is not installed.
    """
    try:
        from docx import Document
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "Word tables need python-docx: pip install 'city-governance-toolkit[word]'"
        ) from None
    document = Document()
    if caption:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(line, caption)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row, cells in zip(rows, table.rows, strict=True):
        for text, cell in zip(row, cells.cells, strict=True):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(cell.paragraphs[0], text)
    for cell in table.rows[0].cells:
        _line(cell, "top", _THICK)
        _line(cell, "bottom", _THIN)
    for cell in table.rows[-1].cells:
        _line(cell, "bottom", _THICK)
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(_undated(buffer))


def _write(paragraph: Any, text: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(_NOT_XML.sub("\ufffd", text))
    run.font.size = Pt(_SIZE)
    run.font.name = _LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), _CHINESE)


def _line(cell: Any, side: str, width: int) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._element.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        properties.append(borders)
    border = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(width)), ("space", "0"), ("color", "auto")):
        border.set(qn(f"w:{key}"), value)
    borders.append(border)


def _undated(document: io.BytesIO) -> bytes:
    """Return a document whose parts carry no time, so that its bytes do not vary."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(document) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(part.filename))
    return buffer.getvalue()
