"""Tables for papers and spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.figures.press.bundle import check_formats, check_name, new_bundle
from toolkit.figures.press.word import write_docx
from toolkit.files import check_characters, half_character, write_csv, write_text
from toolkit.recipe import Recorded
from toolkit.templates import filled

if TYPE_CHECKING:
    import pandas as pd

_MOST_DECIMALS = 8
TABLE_FORMATS = ("csv", "tex", "html", "docx")
_NUMBER = re.compile(r"[\u2212]?[\d,]+(\.\d+)?|—")
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
    with new_bundle(folder, name, made, overwrite=overwrite) as aside:
        for suffix in formats:
            path = aside / f"{name}.{suffix}"
            if suffix == "csv":
                write_csv(table, path)
            elif suffix == "docx":
                write_docx(rounded(flat, decimals), path, caption=caption)
            else:
                write = _latex if suffix == "tex" else _html
                write_text(path, write(rounded(flat, decimals), name, caption))
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


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


def _right(rows: list[list[str]]) -> list[bool]:
    """Return for each column whether it holds numbers, which stand to the right."""
    return [all(map(_is_number, column)) for column in zip(*rows[1:], strict=True)] or [
        False for _ in rows[0]
    ]


def _latex(rows: list[list[str]], name: str, caption: str) -> str:
    columns = "".join("r" if right else "l" for right in _right(rows))
    head, *body = (_latex_row(row) for row in rows)
    lines = [
        "% \\usepackage{booktabs}; for Chinese: XeLaTeX with \\usepackage{ctex} (or xeCJK)",
        r"\begin{table}[htbp]",
        r"  \centering",
        *([rf"  \caption{{{_latex_text(caption)}}}"] if caption else []),
        rf"  \label{{tab:{name}}}",
        rf"  \begin{{tabular}}{{{columns}}}",
        r"    \toprule",
        head,
        r"    \midrule",
        *body,
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _latex_row(row: list[str]) -> str:
    line = " & ".join(_latex_text(cell) for cell in row)
    # The line before ends with \\ or a rule, which take a [ or a * that follows for their own.
    return rf"    {'{}' if line.startswith(('[', '*')) else ''}{line} \\"


def _latex_text(text: str) -> str:
    escaped = " ".join(text.split()).translate(_LATEX)
    return re.sub("-(?=-)", "-{}", escaped)  # hyphens, where TeX would draw a dash


def _html(rows: list[list[str]], name: str, caption: str) -> str:
    return filled(
        "figures/press/table.html", rows=rows, right=_right(rows), name=name, caption=caption
    )
