"""Does a figure meet what a journal asks? A table of what passes, and how to mend the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.press.bundle import PROVENANCE, changed, provenance_of
from toolkit.figures.press.drawn import figure_of
from toolkit.figures.press.files import EXAMINED, examine
from toolkit.figures.press.measure import measure
from toolkit.figures.press.presets import Preset, find_preset

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEAST_CONTRAST = 3.0  # of large text and of parts of a figure: WCAG 2.1, 1.4.3 and 1.4.11
_THINNEST = 0.25  # pt
_SLACK = 0.5  # mm
_TALLER = 0.25  # pt
_COLUMNS = ["figure", "check", "result", "found", "mend"]

Finding = tuple[str, bool, str, str]  # what was checked, is it so, what was found, the cure


def check_figure(figure: Figure | Axes, preset: str) -> pd.DataFrame:
    """Check a figure against what a journal asks.

    Parameters
    ----------
    figure : Figure, Axes or sequence of Axes
    preset : str
        See `figure_style`.

    Returns
    -------
    DataFrame
        ``check``, ``result`` ("PASS" or "FAIL"), ``found``, ``mend`` (how, where it fails):
        size, smallest and largest text (but words of a cloud), thinnest line, fonts,
        letters, texts that overlap or are cut, transparency, contrast of text, colours as
        colour-blind eyes and as black-and-white print show them. Colours count as told apart if
        their CIE 1976 difference is 10 or more, or if a marker, a line style or a
        hatch differs too.

    Raises
    ------
    ValueError
        If there is no such preset.

    Notes
    -----
    Colour-blind vision is simulated for complete loss of a cone (Machado, Oliveira &
    Fernandes 2009); contrast is that of WCAG 2.1, measured on the drawn pixels.

    Examples
    --------
    >>> from toolkit import figure_style
    >>> from toolkit.figures import plot_wordcloud
    >>> with figure_style("nature"):
    ...     ax = plot_wordcloud({"接诉即办": 4, "城市更新": 2})
    >>> table = check_figure(ax, "nature")
    >>> set(table["result"])
    {'PASS'}
    """
    wanted = find_preset(preset)
    return _table([("", [*_judge(measure(figure_of(figure)), wanted)])]).drop(columns="figure")


def check_folder(folder: str | Path, preset: str) -> pd.DataFrame:
    """Check the figures in a folder, as files and as they were measured when exported.

    Parameters
    ----------
    folder : path
        A bundle of `export_figure`, a folder of them, or of pictures from elsewhere, of
        which less can be checked.
    preset : str
        See `figure_style`.

    Returns
    -------
    DataFrame
        Like that of `check_figure`, with the name of the ``figure``. Of the files are
        checked: checksums, formats, size, resolution, transparency, fonts.

    Raises
    ------
    FileNotFoundError
        If there is no figure in the folder.
    """
    wanted = find_preset(preset)
    root = Path(folder)
    if not root.is_dir():
        raise FileNotFoundError(f"{folder} is no folder")
    found = []
    for place in (root, *sorted(p for p in root.iterdir() if p.is_dir() and p.name[0] != ".")):
        if findings := [*_files(place, wanted)]:
            found.append((place.name, findings))
    if not found:
        raise FileNotFoundError(f"no figure in {folder}: it holds no {', '.join(EXAMINED)}")
    return _table(found)


def _table(found: list[tuple[str, list[Finding]]]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (figure, check, "PASS" if fine else "FAIL", seen, "" if fine else mend)
        for figure, findings in found
        for check, fine, seen, mend in findings
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _judge(found: Mapping[str, Any], preset: Preset) -> Iterator[Finding]:
    """Compare what `measure` found with what a preset asks."""
    least, small = found["smallest_text"] or [preset.min_text, ""]
    most, large = found["largest_text"] or [0, ""]
    contrast, pale = found["contrast"] or [21, ""]
    line, style = found["thinnest_line"], f"draw it within figure_style({preset.name!r})"
    yield from _size(found["size_mm"], preset)
    yield (
        "smallest text",
        least >= preset.min_text - 0.05,
        f"{least:g} pt ({small})" if small else "no text",
        f"at least {preset.min_text:g} pt: {style}",
    )
    yield (
        "largest text",
        most <= preset.max_text + _TALLER,
        f"{most:g} pt ({large})" if large else "no text",
        f"at most {preset.max_text:g} pt: set no size, or a smaller one",
    )
    yield (
        "thinnest line",
        line is None or line >= _THINNEST,
        "no lines" if line is None else f"{line:g} pt",
        f"draw lines of at least {_THINNEST} pt",
    )
    overlaps = [" / ".join(pair) for pair in found["overlaps"]]
    for check, seen, good, mend in (
        ("fonts", found["fonts"], "TrueType", f"not TrueType: {style}, or choose a .ttf font"),
        ("letters", found["letters"], "all can be drawn", "replace these letters"),
        (
            "overlaps",
            overlaps,
            "no texts meet",
            "draw fewer labels or a wider figure: figure_style(…, columns=2)",
        ),
        ("cut texts", found["cut"], "none", "use layout='constrained', or shorten them"),
        (
            "transparency",
            found["see_through"],
            "all is opaque",
            "give these artists opaque colours (no alpha): print flattens them",
        ),
    ):
        yield _none(check, seen, good, mend)
    yield (
        "contrast",
        contrast >= _LEAST_CONTRAST,
        f"{contrast:g} : 1" + (f" ({pale})" if pale else ""),
        f"at least {_LEAST_CONTRAST:g} : 1: a darker text or a lighter ground",
    )
    alike = [
        (v, f"{a} ~ {b} ({v or 'all eyes'})") for v, of in found["confused"].items() for a, b in of
    ]
    mend = "choose other colours, or add markers or hatches"
    yield _none("colour-blind", [s for v, s in alike if v != "greyscale"], "told apart", mend)
    yield _none("greyscale", [s for v, s in alike if v == "greyscale"], "told apart", mend)
    if preset.grey:
        coloured = found["coloured"]
        yield "black and white", not coloured, "colours" if coloured else "grey only", style


def _size(size: list[float], preset: Preset, file: str = "") -> Iterator[Finding]:
    width, height = size
    widths = [*dict.fromkeys(preset.widths)]
    named = ", ".join(f"{w:g}" for w in widths)
    yield (
        f"{file}width",
        any(abs(width - w) <= _SLACK for w in widths),
        f"{width:g} mm",
        f"one of {named} mm: draw it within figure_style({preset.name!r})",
    )
    yield (
        f"{file}height",
        height <= preset.max_height + _SLACK,
        f"{height:g} mm",
        f"at most {preset.max_height:g} mm: draw fewer rows",
    )


def _none(check: str, found: list[str], good: str, mend: str) -> Finding:
    return check, not found, "; ".join(found) or good, mend


def _files(place: Path, preset: Preset) -> Iterator[Finding]:
    """Check the pictures in one folder, and the bundle that they belong to."""
    pictures = sorted(p for p in place.iterdir() if p.suffix.lower().lstrip(".") in EXAMINED)
    try:
        made = provenance_of(place) if (place / PROVENANCE).exists() else {}
    except FileExistsError:
        yield "provenance", False, f"{PROVENANCE} cannot be read", "export it again"
        made = {}
    if made:
        gone = changed(place, made["files"])
        yield _none("checksums", gone, "as exported", "changed or gone: export it again")
    if "measured" in made:  # a table has no size
        taken = {p.suffix[1:].lower() for p in pictures} & {*preset.formats}
        yield (
            "formats",
            bool(taken),
            ", ".join(sorted(taken)) or "none that is taken",
            f"export it with formats={list(preset.formats)}",
        )
        yield from _judge(made["measured"], preset)
    for path in pictures:
        file = f"{path.name}: "
        try:
            found = examine(path)
        except (OSError, ValueError) as error:
            yield path.name, False, str(error), "export it again"
            continue
        if "size_mm" in found:
            yield from _size(found["size_mm"], preset, file)
        if "dpi" in found:
            least, alpha = preset.dpi[1], found["alpha"]
            yield (
                f"{file}resolution",
                found["dpi"] >= least - 1,
                f"{found['dpi']:g} dpi",
                f"export it with dpi={least}",
            )
            yield (
                f"{file}alpha",
                not alpha,
                "has an alpha channel" if alpha else "none",
                "save it as RGB: export_figure does",
            )
        if "bad_fonts" in found:
            yield _none(
                f"{file}fonts",
                found["bad_fonts"],
                "embedded, subset TrueType",
                "export it with export_figure, or with pdf.fonttype 42",
            )
