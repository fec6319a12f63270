"""Figures as bundles: pictures, data, caption, and how they were made, in one folder."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import Drawing, drawings
from toolkit.figures.fonts import PACKAGE, check_text, used_fonts
from toolkit.figures.style import MM
from toolkit.recipe import Recipe, Recorded, record, versions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
LANGUAGES = {"zh": "中文", "en": "English"}
PROVENANCE = "provenance.json"

# Names that no system forbids: Windows reserves some words and drops final dots and spaces.
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
# A cell of text that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_figure(
    figure: Figure | Axes | Sequence[Axes],
    name: str,
    *,
    folder: str | Path = "figures",
    data: pd.DataFrame | pd.Series[Any] | None = None,
    caption: str | Mapping[str, str] | None = None,
    value: Recorded | None = None,
    formats: Sequence[str] = FORMATS,
    dpi: int = 300,
) -> Path:
    """Write a figure as a bundle: a folder that holds all a reader or a journal may ask for.

    ``name.png``, ``name.svg`` and ``name.pdf`` (TrueType fonts, embedded) are the figure;
    ``name.csv`` is the data (UTF-8 with BOM, so that spreadsheets read it); ``caption.md``
    the caption; ``provenance.json`` the steps that made it, the code that makes it again,
    versions and checksums. The same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure, Axes or sequence of Axes
        What the plot functions return, or any figure of matplotlib's.
    name : str
        Of the bundle: letters (Chinese too), digits, ``_``, ``-`` and single dots.
    folder : path
        Where the bundle goes; made if it does not exist.
    data : DataFrame or Series, optional
        What is drawn; known for the plots of the toolkit.
    caption : str or mapping of "zh" and "en" to str, optional
        Known for the plots of the toolkit.
    value : value with a recipe, optional
        What was drawn; known for the plots of the toolkit.
    formats : sequence of {"png", "svg", "pdf"}
    dpi : int
        Dots per inch of the PNG.

    Returns
    -------
    Path
        The folder of the bundle.

    Raises
    ------
    ValueError
        If the name or a format is not allowed.
    MissingGlyphError
        If a font lacks a character.
    FileExistsError
        If there is a folder of that name which `export_figure` did not write, or which
        holds other files.

    Notes
    -----
    The bundle is written aside and renamed: it is whole or not there. A bundle of the same
    name gives way by a rename too; if the program is killed between the two renames, the
    old one is put back by the next export of that name.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit import plot_wordcloud
    >>> ax = plot_wordcloud({"接诉即办": 3, "城市更新": 2})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     bundle = export_figure(ax, "words", folder=folder, formats=["png"])
    ...     sorted(path.name for path in bundle.iterdir())
    ['caption.md', 'provenance.json', 'words.csv', 'words.png']
    """
    whole = _figure_of(figure)
    _check_arguments(name, formats)
    check_text(whole)
    drawn = drawings(whole)
    tables = _tables(drawn) if data is None else {"": _frame(data)}
    target = Path(folder) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    _restore(target)
    _check_replaceable(target)
    aside = Path(tempfile.mkdtemp(prefix=f".{name}-", suffix=".new", dir=target.parent))
    try:
        _write_pictures(whole, aside / name, formats, dpi)
        for suffix, table in tables.items():
            _write_table(table, aside / f"{name}{suffix}.csv")
        if text := _caption(caption, drawn):
            (aside / "caption.md").write_bytes(text.encode())
        width, height = whole.get_size_inches() / MM
        provenance = {
            "figure": name,
            "size_mm": [round(width, 2), round(height, 2)],
            "dpi": dpi,
            "made_by": _histories(name, value, drawn),
            "versions": versions() | {PACKAGE: metadata.version(PACKAGE)},
            "fonts": used_fonts(whole),
            "files": {path.name: _sha256(path) for path in sorted(aside.iterdir())},
        }
        text = json.dumps(provenance, ensure_ascii=False, indent=2)
        (aside / PROVENANCE).write_bytes(f"{text}\n".encode())
        aside.chmod(0o755)  # mkdtemp makes it private
        _install(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def _figure_of(figure: Any) -> Figure:
    from matplotlib.figure import Figure

    while not isinstance(figure, Figure):
        # Axes and figures inside figures know their figure; several axes share one.
        figure = figure.figure if hasattr(figure, "figure") else next(iter(figure))
    return figure


def _check_arguments(name: str, formats: Sequence[str]) -> None:
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name) or len(name) > 100:
        raise ValueError(
            f"{name!r} cannot name a bundle; use letters, digits, '_', '-' and single dots, "
            "up to 100"
        )
    if isinstance(formats, str) or not formats or (unknown := set(formats) - set(FORMATS)):
        wrong = formats if isinstance(formats, str) or not formats else sorted(unknown)
        raise ValueError(f"formats must be some of {FORMATS}; found {wrong!r}")


def _check_replaceable(target: Path) -> None:
    if not target.exists():
        return
    try:
        own = {PROVENANCE, *json.loads((target / PROVENANCE).read_bytes())["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise FileExistsError(
            f"{target} exists and is no figure bundle; choose another name or folder"
        ) from None
    other = {path.name for path in target.iterdir() if not path.name.startswith(".")} - own
    if other:
        raise FileExistsError(
            f"{target} holds files that no export wrote ({', '.join(sorted(other))}); "
            "move them elsewhere, since the bundle is replaced as a whole"
        )


def _write_pictures(figure: Figure, stem: Path, formats: Sequence[str], dpi: int) -> None:
    """Save a figure; its layout is settled once, so that all formats agree."""
    import matplotlib as mpl

    # Without dates, and with ids that depend on the content only, bytes do not vary.
    undated = {"png": None, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    settings: dict[Any, Any] = {
        "pdf.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": stem.name,
    }
    engine = figure.get_layout_engine()
    with mpl.rc_context(settings):
        _settle(figure)
        figure.set_layout_engine("none")
        try:
            for suffix in formats:
                path = stem.with_name(f"{stem.name}.{suffix}")
                figure.savefig(path, dpi=dpi, metadata=undated[suffix])
        finally:
            if engine is not None:
                figure.set_layout_engine(engine)


def _settle(figure: Figure) -> None:
    """Lay the figure out from the start, so that having been drawn before leaves no trace.

    Each layout departs from the last one, and the rounding of floats adds up.
    """
    for axes in figure.axes:
        place = axes.get_subplotspec()
        if figure.get_layout_engine() and place is not None and axes.get_in_layout():
            axes.set_position(place.get_position(figure))
            axes.set_in_layout(True)  # which the line before ends
    figure.draw_without_rendering()


def _write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table for spreadsheets: with BOM, and with no text that is run as a formula."""
    from pandas import RangeIndex

    if not isinstance(table.index, RangeIndex):
        table = table.reset_index()
    table = table.map(_harmless).rename(columns=_harmless)
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _frame(data: Any) -> pd.DataFrame:
    frame: pd.DataFrame = data.to_frame() if hasattr(data, "to_frame") else data
    return frame


def _tables(drawn: Sequence[Drawing]) -> dict[str, pd.DataFrame]:
    """Return what each plot drew, and what belongs to it, by the end of the file's name."""
    tables = {}
    for number, drawing in enumerate(drawn, 1):
        suffix = f"-{number}" if len(drawn) > 1 else ""
        tables[suffix] = drawing.data
        tables |= {f"{suffix}-{name}": table for name, table in drawing.beside.items()}
    return tables


def _caption(given: str | Mapping[str, str] | None, drawn: Sequence[Drawing]) -> str:
    if isinstance(given, str):
        return f"{given}\n"
    if given is None:
        given = {key: " ".join(d.caption[key] for d in drawn) for key in LANGUAGES if drawn}
    return "\n".join(f"## {LANGUAGES.get(key, key)}\n\n{text}\n" for key, text in given.items())


def _histories(name: str, value: Recorded | None, drawn: Sequence[Drawing]) -> list[dict[str, Any]]:
    """Return steps and code, one history for each plot on the figure."""
    recipes = [
        record(export_figure, drawing, makes="bundle", params={"name": name}) for drawing in drawn
    ]
    if value is not None:
        recipes = [value.recipe]
    return [_history(recipe) for recipe in recipes]


def _history(recipe: Recipe) -> dict[str, Any]:
    try:
        code = recipe.to_code()
    except TypeError as error:
        code = f"# {error}"
    return {"steps": [step.to_dict() for step in recipe.steps], "code": code}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _install(aside: Path, target: Path) -> None:
    """Rename the new bundle into place; the old one leaves only when the new one stands."""
    if _contents(aside) == _contents(target):
        return
    if not target.exists():
        aside.rename(target)
        return
    old = aside.with_suffix(".old")
    target.rename(old)
    try:
        aside.rename(target)
    except OSError:
        old.rename(target)
        raise
    _remove(old)


def _restore(target: Path) -> None:
    """Mend what a killed export left: put an old bundle back, remove anything else."""
    old = [*target.parent.glob(f".{target.name}-????????.old")]
    if old and not target.exists():
        old[0].rename(target)
    for path in target.parent.glob(f".{target.name}-????????.*"):
        _remove(path)


def _remove(folder: Path) -> None:
    # Renamed first, so that an export that still writes there fails and installs no half.
    gone = folder.with_suffix(".gone")
    if folder != gone:
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()} if folder.exists() else {}
