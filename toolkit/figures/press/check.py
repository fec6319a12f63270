"""Does a figure meet what a journal asks? A table of what passes, and how to mend the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.press.bundle import PROVENANCE, changed, provenance_of
from toolkit.figures.press.drawn import figure_of
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
_POINT = 25.4 / 72  # mm
_LARGEST = 200_000_000  # bytes: no figure is larger
_EXAMINED = ("png", "tiff", "tif", "pdf", "svg", "eps")
_COLUMNS = ["figure", "check", "result", "found", "mend"]
_STYLE = "draw it within figure_style({preset.name!r})"
# What is checked: what it says where nothing is found, and how to mend what is.
_CHECKS = {
    "width": ("", f"one of {{widths}} mm: {_STYLE}"),
    "height": ("", "at most {preset.max_height:g} mm: draw fewer rows"),
    "smallest text": ("no text", f"at least {{preset.min_text:g}} pt: {_STYLE}"),
    "largest text": ("no text", "at most {preset.max_text:g} pt: set no size, or a smaller one"),
    "thinnest line": ("no lines", f"draw lines of at least {_THINNEST} pt"),
    "fonts": ("TrueType", f"not TrueType: {_STYLE}, or choose a .ttf font"),
    "letters": ("all can be drawn", "replace these letters"),
    "overlaps": (
        "no texts meet",
        "draw fewer labels or a wider figure: figure_style(…, columns=2)",
    ),
    "texts on lines": (
        "no line goes through a text",
        "move the text, or give it a ground: bbox=dict(facecolor='white', linewidth=0)",
    ),
    "cut texts": ("none", "use layout='constrained', or shorten them"),
    "legends": (
        "none over data",
        "move them beside the axes: legend(loc='lower center', bbox_to_anchor=(0.5, 1))",
    ),
    "axis labels": (
        "every axis of numbers is named",
        "say what the numbers are: set_xlabel, set_ylabel, or supxlabel for all panels",
    ),
    "transparency": (
        "all is opaque",
        "give these artists opaque colours (no alpha): print flattens them",
    ),
    "contrast": ("", f"at least {_LEAST_CONTRAST:g} : 1: a darker text or a lighter ground"),
    "colour-blind": ("told apart", "choose other colours, or add markers or hatches"),
    "greyscale": ("told apart", "choose other colours, or add markers or hatches"),
    "colour maps": (
        "lightness is even",
        "choose one whose lightness grows evenly (cmap='viridis'), or that is pale in the middle",
    ),
    "black and white": ("grey only", _STYLE),
    "provenance": ("", "export it again"),
    "checksums": ("as exported", "changed or gone: export it again"),
    "formats": ("none that is taken", "export it with formats={formats}"),
    "resolution": ("", "export it with dpi={preset.dpi[1]}"),
    "alpha": ("none", "save it as RGB: export_figure does"),
    ": fonts": (  # of a file
        "embedded, subset TrueType",
        "export it with export_figure, or with pdf.fonttype 42",
    ),
}

Finding = tuple[str, bool, str]  # what was checked, is it so, what was found


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
        letters, texts that overlap, stand on lines or are cut, legends over data, axes of
        numbers without a label, transparency, contrast of text, colours as colour-blind eyes
        and as black-and-white print show them, maps of colours whose lightness goes up and
        down. Colours count as told apart if their CIE 1976 difference is 10 or more, or if a
        marker, a line style or a hatch differs too.

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
    found = [*_judge(measure(figure_of(figure)), wanted)]
    return _table([("", found)], wanted).drop(columns="figure")


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
        raise FileNotFoundError(f"no figure in {folder}: it holds no {', '.join(_EXAMINED)}")
    return _table(found, wanted)


def _table(found: list[tuple[str, list[Finding]]], preset: Preset) -> pd.DataFrame:
    import pandas as pd

    widths = ", ".join(f"{width:g}" for width in dict.fromkeys(preset.widths))
    told = {"preset": preset, "widths": widths, "formats": list(preset.formats)}
    rows = []
    for figure, findings in found:
        for check, fine, seen in findings:
            _, colon, kind = check.rpartition(": ")
            key = colon + kind if colon + kind in _CHECKS else kind
            good, mend = _CHECKS.get(key, _CHECKS["provenance"])
            result, cure = ("PASS", "") if fine else ("FAIL", mend.format(**told))
            rows.append((figure, check, result, seen or good, cure))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _judge(found: Mapping[str, Any], preset: Preset) -> Iterator[Finding]:
    """Compare what `measure` found with what a preset asks."""
    least, small = found["smallest_text"] or [preset.min_text, ""]
    most, large = found["largest_text"] or [0, ""]
    contrast, pale = found["contrast"] or [21, ""]
    line = found["thinnest_line"]
    yield from _size(found["size_mm"], preset)
    yield "smallest text", least >= preset.min_text - 0.05, small and f"{least:g} pt ({small})"
    yield "largest text", most <= preset.max_text + _TALLER, large and f"{most:g} pt ({large})"
    yield "thinnest line", line is None or line >= _THINNEST, "" if line is None else f"{line:g} pt"
    yield _none("fonts", found["fonts"])
    yield _none("letters", found["letters"])
    yield _none("overlaps", [" / ".join(pair) for pair in found["overlaps"]])
    yield _none("texts on lines", found["struck"])
    yield _none("cut texts", found["cut"])
    yield _none("legends", found["covering"])
    yield _none("axis labels", found["unnamed"])
    yield _none("transparency", found["see_through"])
    seen = f"{contrast:g} : 1" + (f" ({pale})" if pale else "")
    yield "contrast", contrast >= _LEAST_CONTRAST, seen
    alike = [
        (v, f"{a} ~ {b} ({v or 'all eyes'})") for v, of in found["confused"].items() for a, b in of
    ]
    yield _none("colour-blind", [s for v, s in alike if v != "greyscale"])
    yield _none("greyscale", [s for v, s in alike if v == "greyscale"])
    yield _none("colour maps", found["uneven"])
    if preset.grey:
        yield _none("black and white", ["colours"] * found["coloured"])


def _size(size: list[float], preset: Preset, file: str = "") -> Iterator[Finding]:
    width, height = size
    fine = any(abs(width - w) <= _SLACK for w in preset.widths)
    yield f"{file}width", fine, f"{width:g} mm"
    yield f"{file}height", height <= preset.max_height + _SLACK, f"{height:g} mm"


def _none(check: str, found: Sequence[str]) -> Finding:
    return check, not found, "; ".join(found)


def _files(place: Path, preset: Preset) -> Iterator[Finding]:
    """Check the pictures in one folder, and the bundle that they belong to."""
    pictures = sorted(p for p in place.iterdir() if p.suffix.lower().lstrip(".") in _EXAMINED)
    try:
        made = provenance_of(place) if (place / PROVENANCE).exists() else {}
    except FileExistsError:
        yield "provenance", False, f"{PROVENANCE} cannot be read"
        made = {}
    if made:
        yield _none("checksums", changed(place, made["files"]))
    if "measured" in made:  # a table has no size
        taken = {p.suffix[1:].lower() for p in pictures} & {*preset.formats}
        yield "formats", bool(taken), ", ".join(sorted(taken))
        try:
            yield from [*_judge(made["measured"], preset)]
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            yield "provenance", False, f"{PROVENANCE} lacks a measure, or has it otherwise: {error}"
    for path in pictures:
        file = f"{path.name}: "
        try:
            found = _examined(path)
        except (OSError, ValueError) as error:
            yield path.name, False, str(error)
            continue
        if "size_mm" in found:
            yield from _size(found["size_mm"], preset, file)
        if "dpi" in found:
            yield f"{file}resolution", found["dpi"] >= preset.dpi[1] - 1, f"{found['dpi']:g} dpi"
            yield _none(f"{file}alpha", ["has an alpha channel"] * found["alpha"])
        if "bad_fonts" in found:
            yield _none(f"{file}fonts", found["bad_fonts"])


def _examined(path: Path) -> dict[str, Any]:
    """Return what a picture file tells of itself.

    ``size_mm`` where the file tells it; ``dpi`` and ``alpha`` of pixels; ``bad_fonts`` of a
    PDF: those that are not embedded, subset TrueType.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} has over {_LARGEST // 1_000_000} MB")
    readers = {".pdf": _pdf, ".svg": _svg, ".eps": _eps}
    return readers.get(path.suffix.lower(), _pixels)(path)


def _pixels(path: Path) -> dict[str, Any]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            dpi = float(image.info.get("dpi", (0, 0))[0])
            found: dict[str, Any] = {"dpi": round(dpi, 1), "alpha": "A" in image.getbands()}
            if dpi:
                found["size_mm"] = [round(side / dpi * 25.4, 2) for side in image.size]
            return found
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None


def _pdf(path: Path) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        page = PdfReader(path).pages[0]
        box = page.mediabox
        fonts = page.get("/Resources", {}).get_object().get("/Font", {}).get_object()
        bad = [name for name, fine in map(_font, fonts.values()) if not fine]
    except (PyPdfError, IndexError, KeyError, AttributeError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None
    size = [round(float(side) * _POINT, 2) for side in (box.width, box.height)]
    return {"size_mm": size, "bad_fonts": sorted(bad)}


def _font(reference: Any) -> tuple[str, bool]:
    """Return the name of a font in a PDF, and whether it is embedded, subset TrueType."""
    font = reference.get_object()
    name = str(font["/BaseFont"]).lstrip("/")
    if "/DescendantFonts" in font:
        font = font["/DescendantFonts"].get_object()[0].get_object()
    descriptor = font.get("/FontDescriptor", {}).get_object()
    subset = re.match(r"[A-Z]{6}\+", name) is not None
    return name, subset and "/FontFile2" in descriptor


def _svg(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(4000)
    sides = [re.search(rf'\b{side}="([\d.]+)pt"', head) for side in ("width", "height")]
    if not all(sides):
        return {}
    return {"size_mm": [round(float(side[1]) * _POINT, 2) for side in sides if side]}


def _eps(path: Path) -> dict[str, Any]:
    with path.open(encoding="latin-1") as file:
        head = file.read(4000)
    box = re.search(r"%%HiResBoundingBox: ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)", head)
    box = box or re.search(r"%%BoundingBox: (\d+) (\d+) (\d+) (\d+)", head)
    if box is None:
        raise ValueError(f"{path.name} has no bounding box")
    left, bottom, right, top = (float(edge) for edge in box.groups())
    return {"size_mm": [round((right - left) * _POINT, 2), round((top - bottom) * _POINT, 2)]}
