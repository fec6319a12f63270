"""Files: tables, JSON, a whole file, a whole folder; what stands there is never half.

What is written is written aside and renamed, with the rights that the user's umask gives,
and what is aside goes when something fails. No text in a CSV is a formula to a spreadsheet:
an apostrophe guards it, which is taken off when it is read.
"""

from __future__ import annotations

import csv
import errno
import glob
import io
import json
import re
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# What begins a formula, full-width signs too; and what is nothing but a number.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_GUARDED = re.compile(r"''*[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?%?")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Significant digits of a number in a file: as many as any number of threads computes.
DIGITS = 8
_MAY_NOT = (errno.EACCES, errno.EPERM, errno.EROFS)
_MENDS = dict.fromkeys(_MAY_NOT, "choose a folder that you may write to") | {
    errno.ENOSPC: "free some space there, or choose another folder",
    errno.EDQUOT: "your quota is used up: free some space there, or choose another folder",
    errno.ENAMETOOLONG: "choose a shorter name",
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR), "a file stands there: choose another place"),
}


class TableError(ValueError):
    """A table that cannot be read: all of its problems, told together.

    Parameters
    ----------
    problems : collection of str
        One line each: where, what was found, what to do.
    """

    def __init__(self, problems: Collection[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


def read_text(path: str | Path) -> str:
    """Read a text as spreadsheets and editors save it: UTF-8, UTF-16 with its mark, or GBK.

    Raises
    ------
    TableError
        If it is none of them.
    """
    raw = Path(path).read_bytes()
    known = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    place = 0
    for encoding in known:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            place = place or error.start
    raise TableError([f"{path} is not UTF-8 (byte {place}), nor GBK; save it again as UTF-8"])


def read_csv(
    path: str | Path, *, required: Collection[str] = (), strip: bool = True
) -> pd.DataFrame:
    """Read a table, all of it text.

    Parameters
    ----------
    path : path
        A CSV as `read_text` reads it.
    required : collection of str
        Columns that must be there.
    strip : bool
        Take spaces off the ends of cells.

    Returns
    -------
    DataFrame
        Index ``line``: where each row begins in the file. Cells and heads are without the
        apostrophe that guards a formula.

    Raises
    ------
    TableError
        With every problem: rows that are too long or too short, a quote that is not
        closed, columns that are missing or stand twice.
    """
    import pandas as pd

    text = read_text(path)
    if not text.strip():
        raise TableError([f"{path} is empty; its first line names its columns"])
    head, rows, problems = parse_csv(text, strip=strip)
    problems = [f"{path} {problem}" for problem in problems]
    if missing := [name for name in required if name not in head]:
        found = ", ".join(head)
        problems.append(f"{path} line 1: no column {', '.join(missing)}; found {found}")
    if problems:
        raise TableError(problems)
    lines = pd.Index([line for line, _ in rows], name="line", dtype="int64")
    return pd.DataFrame([cells for _, cells in rows], index=lines, columns=head, dtype=object)


def parse_csv(
    text: str, *, strip: bool = True
) -> tuple[list[str], list[tuple[int, list[str]]], list[str]]:
    r"""Return the heads, the rows with their line numbers, and the problems of a CSV.

    Examples
    --------
    >>> parse_csv("id,title\na,'@甲\nb\n")
    (['id', 'title'], [(2, ['a', '@甲'])], ['line 3: 2 columns expected, 1 found; put a value
    that holds a comma between double quotes'])
    """
    csv.field_size_limit(2**31 - 1)  # of its 131,072 characters a whole text has more
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head: list[str] = []
    rows, problems = [], []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problems.append(
                f"line {line}: {error}; a double quote that opens a value must also close it, "
                "and one inside is written twice"
            )
            break
        if cells is None:
            break
        begin, line = line, reader.line_num + 1
        cells = [unguarded(cell.strip() if strip else cell) for cell in cells]
        if not any(cells):
            continue
        if not head:
            head = cells
            twice = sorted({name for name in head if name and head.count(name) > 1})
            problems += [f"line {begin}: column {name!r} stands twice" for name in twice]
        elif len(cells) != len(head):
            problems.append(
                f"line {begin}: {len(head)} columns expected, {len(cells)} found; "
                "put a value that holds a comma between double quotes"
            )
        else:
            rows.append((begin, cells))
    return head, rows, problems


def write_csv(
    table: pd.DataFrame, path: str | Path, *, bom: bool = True, exact: bool = False
) -> None:
    """Write a table whole, so that a spreadsheet shows it and runs none of it.

    Parameters
    ----------
    table : DataFrame
        An index other than 0, 1, 2 … becomes the first columns.
    path : path
    bom : bool
        Begin with the mark that Excel needs to read Chinese.
    exact : bool
        Write all digits of numbers, not those of `rounded`.

    Raises
    ------
    ValueError
        If a cell holds half a character.
    """
    with whole_file(path) as aside:
        aside.write_bytes(csv_text(table, bom=bom, exact=exact).encode())


def csv_text(table: pd.DataFrame, *, bom: bool = False, exact: bool = False) -> str:
    """Return a table as the text of a CSV; see `write_csv`."""
    import pandas as pd

    if not isinstance(table.index, pd.RangeIndex):
        table = table.reset_index()
    check_characters(table)
    table = (table if exact else rounded(table)).map(guarded)
    table.columns = [guarded(str(name)) for name in table.columns]
    return "\ufeff" * bom + str(table.to_csv(index=False, lineterminator="\n"))


def check_characters(table: pd.DataFrame) -> None:
    """Raise ValueError if a head or a cell holds half a character, with its place."""
    for number, column in enumerate(table):
        cells = zip(table.index, table.iloc[:, number], strict=True)
        for row, cell in [("of heads", str(column)), *cells]:
            if isinstance(cell, str) and (problem := half_character(cell)):
                raise ValueError(f"row {row}, column {column!r} {problem}")


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its numbers to 8 significant digits.

    More of them change with the number of threads that computed them. In a column with
    both signs, what is below 1e-12 of its largest value is what was left of a zero. Whole
    numbers stay as they are.

    Examples
    --------
    >>> import pandas as pd
    >>> rounded(pd.DataFrame({"x": [1 / 3, 123456789.0, -1e-17]}))["x"].tolist()
    [0.33333333, 123456789.0, 0.0]
    """
    import numpy as np
    import pandas as pd

    table = table.copy()
    for place, kind in enumerate(table.dtypes):
        if getattr(kind, "kind", "") != "f":
            continue
        column = table.iloc[:, place]
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        finite = np.isfinite(values) & (values != np.trunc(values))
        some = values[finite]
        short = np.array([float(f"{value:.{DIGITS}g}") for value in some])
        if (values < 0).any() and (values > 0).any() and len(some):
            short[np.abs(some) < 1e-12 * np.nanmax(np.abs(values))] = 0.0
        values = values.copy()
        values[finite] = short
        table.isetitem(place, pd.array(values, dtype=str(column.dtype)))  # type: ignore[call-overload]
    return table


def guarded(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guarded("@北京市民"), guarded("-2+3"), guarded("-2.5"), guarded(-2)
    ("'@北京市民", "'-2+3", '-2.5', -2)
    """
    if not isinstance(cell, str):
        return cell
    if "\r" in cell:  # which pandas leaves without quotes
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that `guarded` put before it."""
    return cell[1:] if _GUARDED.match(cell) else cell


def half_character(text: str) -> str:
    r"""Return what is wrong with a text that cannot be written, or nothing.

    Examples
    --------
    >>> half_character("城市\ud83d")
    "holds half a character ('\\ud83d' at 2), as a wrong decoding leaves it; read its source again"
    """
    if text.isascii() or not (found := _SURROGATE.search(text)):
        return ""
    where = f"{found.group()!a} at {found.start()}"
    return f"holds half a character ({where}), as a wrong decoding leaves it; read its source again"


def read_json(path: str | Path) -> Any:
    """Read a file of JSON.

    Raises
    ------
    ValueError
        If it is not JSON, with its name.
    """
    try:
        return json.loads(Path(path).read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON ({error})") from None


def write_json(path: str | Path, value: Any, *, indent: int | None = None) -> None:
    """Write a file of JSON whole."""
    write_text(path, f"{json.dumps(value, ensure_ascii=False, indent=indent)}\n")


def write_text(path: str | Path, text: str) -> None:
    """Write a text whole, in UTF-8, its line ends as they are; half a character is an error."""
    if problem := half_character(text):
        raise ValueError(f"what is to be written to {path} {problem}")
    with whole_file(path) as aside:
        aside.write_bytes(text.encode())


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a path to write to, which becomes `path` when all went well.

    Raises
    ------
    OSError
        If it cannot be written, with its path and what to do.
    """
    path = Path(path)
    with telling(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = _aside(path, ".part")
        try:
            yield aside
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: str | Path, *, replace: bool = False) -> Iterator[Path]:
    """Give an empty folder to write to, which becomes `folder` when all went well.

    Parameters
    ----------
    folder : path
    replace : bool
        Take the place of what stands there: the caller knows that it is its own. The old
        one leaves when the new one stands; if the program is killed between the two
        renames, the next call puts it back. A folder that holds the same stays.

    Raises
    ------
    FileExistsError
        If something stands there, but for an empty folder, and `replace` is not given.
    OSError
        If it cannot be written, with its path and what to do.
    """
    folder = Path(folder)
    with telling(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        old = _aside(folder, ".old")
        if left := [*folder.parent.glob(_asides(folder, ".old"))]:
            if not folder.exists():
                left[0].rename(folder)
            for path in left:
                shutil.rmtree(path, ignore_errors=True)
        if not replace and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FileExistsError(f"{folder} exists and is not empty; choose another name")
        aside = _aside(folder, ".new")
        aside.mkdir()
        try:
            yield aside
            if not folder.exists():
                aside.rename(folder)
            elif _contents(aside) != _contents(folder):
                folder.rename(old)
                aside.rename(folder)
        finally:
            if old.exists() and not folder.exists():
                old.rename(folder)
            for path in (aside, old):
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def telling(path: str | Path) -> Iterator[None]:
    """Let an error of the system say which path it met, and how to mend it."""
    try:
        yield
    except OSError as error:
        if error.errno not in _MENDS or _MENDS[error.errno] in str(error):
            raise
        told = f"{error.strerror}: {_MENDS[error.errno]}"
        raise type(error)(error.errno, told, str(path)) from error


def begun(*folders: Path) -> set[Path]:
    """Return what `whole_folder` has begun, and not finished, for some folders."""
    return {path for folder in folders for path in folder.parent.glob(_asides(folder, ".new"))}


def _aside(path: Path, suffix: str) -> Path:
    # Of a long name a part does: a name may have 255 bytes, and a character has up to four.
    return path.with_name(f".{path.name[:40]}-{secrets.token_hex(4)}{suffix}")


def _asides(path: Path, suffix: str) -> str:
    return f".{glob.escape(path.name[:40])}-????????{suffix}"


def _contents(folder: Path) -> dict[str, bytes]:
    with suppress(OSError):
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {}
