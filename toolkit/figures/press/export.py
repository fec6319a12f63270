"""Figures as bundles: pictures, data, caption, and how they were made, in one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.press.bundle import check_formats, check_name, new_bundle
from toolkit.figures.press.drawn import Drawing, drawings, figure_of, is_as_drawn
from toolkit.figures.press.fonts import PACKAGE, check_text, font_path
from toolkit.figures.press.measure import measure
from toolkit.figures.press.pictures import FORMATS, write_pictures
from toolkit.figures.press.style import style_of
from toolkit.files import write_csv, write_text
from toolkit.recipe import Recipe, Recorded, record

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LANGUAGES = {"zh": "中文", "en": "English"}
_BY_HAND = (
    "edited by hand after plotting, or drawn on axes that were made by hand: the code in "
    "made_by draws the plot without that, and there is no redraw.py"
)
_REDRAW = '''"""Draws this figure again: the same bytes with the versions in provenance.json.

A path that is not absolute starts where this is run: run it from the folder of your notebook.
"""

{}
'''


def export_figure(
    figure: Figure | Axes | Sequence[Axes],
    name: str,
    *,
    folder: str | Path = "figures",
    data: pd.DataFrame | pd.Series[Any] | None = None,
    caption: str | Mapping[str, str] | None = None,
    value: Recorded | None = None,
    formats: Sequence[str] | None = None,
    dpi: int | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a figure as a bundle: a folder that holds all a reader or a journal may ask for.

    ``name.png``, ``name.svg``, ``name.pdf`` (TrueType fonts, embedded), ``name.tiff`` (RGB,
    LZW) and ``name.eps`` are the figure in its exact size; ``name.csv`` is the data;
    ``caption.md`` and ``alt.md`` say what it shows, the second to who cannot see it;
    ``redraw.py`` draws it again (there is none if the figure was edited after plotting, which
    is found by drawing it once more and comparing); ``provenance.json`` holds the steps that
    made it, measures, versions and checksums. The same figure gives the same bytes.

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
    formats : sequence of {"png", "svg", "pdf", "eps", "tiff"}, optional
        Those of the preset it was drawn in (see `figure_style`).
    dpi : int, optional
        Dots per inch of PNG and TIFF; those of the preset if not given.
    overwrite : bool
        Replace a bundle of this name even if it holds another figure, or files that you
        edited: these stay, as ``edited-NAME``.

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
    TypeError
        If `figure` is none.
    FileExistsError
        If there is a folder of that name which was not written by an export, or (without
        `overwrite`) holds edited files, or another figure: one that was made by other
        steps, or without any and that looks otherwise. The same figure from newer texts, or
        in another style, takes the place of the old one; files that you put there stay.

    Notes
    -----
    The bundle is written aside and renamed: it is whole or not there. A bundle of the same
    name gives way by a rename too; if the program is killed between the two renames, the
    old one is put back by the next export of that name.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit.figures import plot_wordcloud
    >>> ax = plot_wordcloud({"接诉即办": 3, "城市更新": 2})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     bundle = export_figure(ax, "words", folder=folder, formats=["png"])
    ...     sorted(path.name for path in bundle.iterdir())
    ['alt.md', 'caption.md', 'provenance.json', 'redraw.py', 'words.csv', 'words.png']
    """
    import pandas as pd

    check_name(name)
    whole = figure_of(figure)
    faces, style, drawn = check_text(whole), style_of(whole), drawings(whole)
    as_drawn = is_as_drawn(whole)
    export = {"name": name, "formats": formats, "dpi": dpi}
    formats = style.preset.formats if formats is None else formats
    dpi = style.preset.dpi[1] if dpi is None else dpi
    check_formats(formats, FORMATS)
    if not 30 <= dpi <= 2400:
        raise ValueError(f"dpi must be 30 to 2400, not {dpi}")
    measured = measure(whole)
    if "eps" in formats and (shining := ", ".join(measured["see_through"])):
        raise ValueError(f"EPS holds nothing see-through ({shining}): use opaque colours, or PDF")
    recipes = [record(export_figure, d, makes="bundle", params=export) for d in drawn]
    histories = [_history(recipe) for recipe in (recipes if value is None else [value.recipe])]
    made = {
        "figure": name,
        "size_mm": measured["size_mm"],
        "dpi": dpi,
        "style": style.arguments(),
        "made_by": histories,
        "measured": measured,
        "fonts": {family: font_path(face).name for face, family in faces.items()},
    }
    if drawn and not as_drawn:
        made["by_hand"] = _BY_HAND
    told = _joined(drawn, "caption") if caption is None else caption
    texts = {
        "caption.md": f"{told}\n" if isinstance(told, str) else _sections(told),
        "alt.md": _sections(_joined(drawn, "alt")),
    }
    if as_drawn and value is None and not histories[0]["code"].startswith("#"):
        texts["redraw.py"] = _REDRAW.format(histories[0]["code"])
    with new_bundle(folder, name, made, overwrite=overwrite, libraries=[PACKAGE]) as aside:
        write_pictures(whole, aside / name, formats, dpi=dpi)
        for suffix, table in (_tables(drawn) if data is None else {"": data}).items():
            write_csv(pd.DataFrame(table), aside / f"{name}{suffix}.csv")
        for file, text in texts.items():
            if text:
                write_text(aside / file, text)
    return Path(folder) / name


def _history(recipe: Recipe) -> dict[str, Any]:
    """Return steps, and the code that draws the figure again or why there is none."""
    try:
        code = recipe.to_code()
    except TypeError as error:
        code = f"# {error}"
    return {"steps": recipe.to_plain(), "code": code}


def _tables(drawn: Sequence[Drawing]) -> dict[str, Any]:
    """Return what each plot drew, and what belongs to it, by the end of the file's name."""
    tables: dict[str, Any] = {}
    for number, drawing in enumerate(drawn, 1):
        suffix = f"-{number}" if len(drawn) > 1 else ""
        tables[suffix] = drawing.data
        tables |= {f"{suffix}-{name}": table for name, table in drawing.beside.items()}
    return tables


def _joined(drawn: Sequence[Drawing], part: str) -> dict[str, str]:
    """Return the captions, or the alternative texts, of all plots in each language."""
    return {key: " ".join(getattr(d, part)[key] for d in drawn) for key in LANGUAGES if drawn}


def _sections(texts: Mapping[str, str]) -> str:
    return "\n".join(f"## {LANGUAGES.get(key, key)}\n\n{text}\n" for key, text in texts.items())
