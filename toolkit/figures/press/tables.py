"""Tables for papers and spreadsheets: with three lines (三线表) in LaTeX, HTML and Word."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.figures.press.bundle import check_formats, check_name, new_bundle
from toolkit.files import check_characters, half_character, write_csv, write_text
from toolkit.recipe import Recorded
from toolkit.templates import filled

if TYPE_CHECKING:
    import pandas as pd

_MOST_DECIMALS = 8
_LATIN, _CHINESE = "Times New Roman", "宋体"
_THICK, _THIN = 12, 6  # eighths of a point
_SIZE = 9  # pt, 小五
TABLE_FORMATS = ("csv", "tex", "html", "docx")
_NUMBER = re.compile(r"[\u2212]?[\d,]+(\.\d+)?|—")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LATEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "\u2212": "$-$"}
)


def export_table(
    table: pd.DataFrame,
    name: str,
    *,
    folder: str | Path = "tables",
    caption: str = "",
    value: Recorded | None = None,
    formats: Sequence[str] = ("csv", "tex", "html"),
    decimals: int | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a table as a bundle: for a spreadsheet, LaTeX, the web, and Word.

    ``name.csv`` holds the numbers as they are; in the others they are rounded and the table
    has three lines (三线表). ``name.tex`` needs the package booktabs and, for Chinese, ctex
    or xeCJK; ``name.docx`` is in Song (宋体) with Times New Roman.

    Parameters
    ----------
    table : DataFrame
        An index other than 0, 1, 2 … becomes the first columns.
    name : str
        Of the bundle, see `export_figure`; also the label in LaTeX: ``tab:name``.
    folder : path
    caption : str, optional
    value : value with a recipe, optional
        What the table was made from.
    formats : sequence of {"csv", "tex", "html", "docx"}
        "docx" needs the extra ``word``.
    decimals : int, optional
        Of numbers that are not whole. If not given, each column has as many as show three
        digits of its largest number, and at least two.
    overwrite : bool
        Replace a bundle of this name even if it holds something else, or files that you
        edited: these stay, as ``edited-NAME``.

    Returns
    -------
    Path
        The folder of the bundle.

    Raises
    ------
    ValueError
        If the name or a format is not allowed, or a text holds half a character.
    ModuleNotFoundError
        If "docx" is asked for and python-docx is not installed.
    FileExistsError
        See `export_figure`.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> table = pd.DataFrame({"词": ["热线", "网格"], "权重": [0.128, 0.1]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     bundle = export_table(table, "terms", folder=folder)
    ...     print((bundle / "terms.csv").read_text("utf-8-sig"))
    词,权重
    热线,0.128
    网格,0.1
    <BLANKLINE>
    """
    import pandas as pd

    check_name(name)
    check_formats(formats, TABLE_FORMATS)
    flat = table if isinstance(table.index, pd.RangeIndex) else table.reset_index()
    made = {
        "table": name,
        "caption": caption,
        "made_by": [] if value is None else [{"steps": value.recipe.to_plain()}],
    }
    check_characters(flat)
    if problem := half_character(caption):
        raise ValueError(f"the caption {problem}")
    rows = rounded(flat, decimals)
    with new_bundle(folder, name, made, overwrite=overwrite) as aside:
        for suffix in formats:
            path = aside / f"{name}.{suffix}"
            if suffix == "csv":
                write_csv(table, path)
            elif suffix == "docx":
                _write_docx(rows, path, caption=caption)
            else:
                write = _latex if suffix == "tex" else _html
                write_text(path, write(rows, name, caption))
    return Path(folder) / name


def rounded(table: pd.DataFrame, decimals: int | None) -> list[list[str]]:
    """Return the head and the rows of a table as text, as they stand in a paper."""
    head = [str(column) for column in table.columns]
    rows = table.to_numpy(object)
    digits = [_decimals(column) if decimals is None else decimals for column in rows.T]
    return [head, *([_cell(cell, d) for cell, d in zip(row, digits, strict=True)] for row in rows)]


def _decimals(column: Iterable[Any]) -> int:
    """Return how many decimals show three digits of the largest number, at least two."""
    sizes = [abs(float(cell)) for cell in column if isinstance(cell, (float, np.floating))]
    largest = max((size for size in sizes if 0 < size < np.inf), default=1)
    return min(max(2, 2 - int(np.floor(np.log10(largest)))), _MOST_DECIMALS)


def _cell(cell: Any, decimals: int) -> str:
    import pandas as pd

    if isinstance(cell, (float, np.floating)) and not pd.isna(cell):
        text = f"{cell:,.{decimals}f}"
        negative_zero = float(text.replace(",", "")) == 0
        return text.lstrip("-") if negative_zero else text.replace("-", "\u2212")
    if isinstance(cell, (int, np.integer)) and not isinstance(cell, bool):
        return str(cell).replace("-", "\u2212")
    missing = cell is None or (not isinstance(cell, (list, tuple, dict)) and pd.isna(cell))
    return "—" if missing else str(cell)


def _right(rows: list[list[str]]) -> list[bool]:
    """Return for each column whether it holds numbers, which stand to the right."""
    columns = zip(*rows[1:], strict=True)
    return [all(map(_NUMBER.fullmatch, column)) for column in columns] or [False] * len(rows[0])


def _html(rows: list[list[str]], name: str, caption: str) -> str:
    told = {"right": _right(rows), "name": name, "caption": caption}
    return filled("figures/press/table.html", rows=rows, **told)


def _latex(rows: list[list[str]], name: str, caption: str) -> str:
    told = {"right": _right(rows), "name": name, "caption": _latex_text(caption)}
    return filled("figures/press/table.tex", rows=[_latex_row(row) for row in rows], **told)


def _latex_row(row: list[str]) -> str:
    line = " & ".join(_latex_text(cell) for cell in row)
    # The line before ends with \\ or a rule, which take a [ or a * that follows for their own.
    return ("{}" if line.startswith(("[", "*")) else "") + line


def _latex_text(text: str) -> str:
    escaped = " ".join(text.split()).translate(_LATEX)
    return re.sub("-(?=-)", "-{}", escaped)  # hyphens, where TeX would draw a dash


def _write_docx(rows: list[list[str]], path: Path, *, caption: str) -> None:
    """Write rows of text, the first the head, below their caption; see `export_table`."""
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
