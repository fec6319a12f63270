"""Chinese fonts that look the same on every machine, without a system font.

Noto Sans SC and Noto Serif SC come from the package ``pylopdf-fonts-zh-cn``. They are
made TrueType once, into the user's cache folder, and given to matplotlib when a figure
is first drawn.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.figures.press.presets import Face
from toolkit.files import whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

PACKAGE = "pylopdf-fonts-zh-cn"
#: Names the folder of prepared fonts where the user's cache folder will not do.
CACHE_VARIABLE = "CITY_GOVERNANCE_TOOLKIT_CACHE"

_FAMILIES: dict[Face, str] = {"sans": "Noto Sans SC TrueType", "serif": "Noto Serif SC TrueType"}
# Latin letters are bold and italic in fonts that come with matplotlib.
_LATIN: dict[Face, dict[str, tuple[str, int]]] = {
    "sans": {
        "DejaVuSans-Bold": ("normal", 700),
        "DejaVuSans-Oblique": ("italic", 400),
        "DejaVuSans-BoldOblique": ("italic", 700),
    },
    "serif": {
        "STIXGeneralBol": ("normal", 700),
        "STIXGeneralItalic": ("italic", 400),
        "STIXGeneralBolIta": ("italic", 700),
    },
}
_CONVERSION = 2  # part of the file name: raise it when the conversion changes
# Drawn as nothing by the layout engine: line breaks and variation selectors.
_INVISIBLE = re.compile("[\n\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MATH = re.compile(r"(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
_NOT_MATH = re.compile("[\u2e80-\ud7ff\uf900-\uffef\U0001f000-\U0003ffff]")


class MissingGlyphError(ValueError):
    """Text holds characters that the font cannot draw.

    Parameters
    ----------
    characters : str
        The characters, each once.
    where : str
        The text or the font they were met in.
    """

    def __init__(self, characters: str, where: str) -> None:
        self.characters = characters
        named = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in characters)
        super().__init__(f"no glyph for {named} in {where}; replace or remove these characters")


def font_path(face: Face = "sans") -> Path:
    """Return the TrueType file of a Chinese font; prepare it if this is the first time.

    Preparation takes some ten seconds and is safe to interrupt, and to run in several
    processes at a time: the file is written aside and renamed. Its name tells its checksum.

    Parameters
    ----------
    face : {"sans", "serif"}
        Noto Sans SC (黑体) or Noto Serif SC (宋体).

    Raises
    ------
    ValueError
        If `face` is neither of the two.
    OSError
        If the cache folder cannot be written.

    Examples
    --------
    >>> font_path("sans").suffix
    '.ttf'
    """
    if face not in _FAMILIES:
        raise ValueError(f"face must be 'sans' or 'serif', not {face!r}")
    return _prepared(face, cache_folder())


def font_family(face: Face = "sans") -> str:
    """Return the family name of a Chinese font, known to matplotlib from now on."""
    _register(font_path(face), face)
    return _FAMILIES[face]


def is_chinese(families: Iterable[str]) -> bool:
    """Tell whether one of the font families is of the toolkit."""
    return not set(families).isdisjoint(_FAMILIES.values())


def font_status() -> dict[str, str]:
    """Say for each face which font it is and where its prepared file lies.

    Examples
    --------
    >>> sorted(font_status())
    ['sans', 'serif']
    """
    status: dict[str, str] = {}
    for face in _FAMILIES:
        source = _source(face)
        ready = _valid(cache_folder(), source)
        place = str(ready) if ready else "not prepared yet (some ten seconds, at the first figure)"
        status[face] = f"{source.stem} of {PACKAGE} {metadata.version(PACKAGE)}: {place}"
    return status


def cache_folder() -> Path:
    """Return the folder of prepared fonts."""
    if given := os.environ.get(CACHE_VARIABLE):
        return Path(given) / "fonts"
    from platformdirs import user_cache_path

    return user_cache_path("city-governance-toolkit", appauthor=False) / "fonts"


def check_text(figure: Figure) -> dict[Face, str]:
    """Check that every text of a figure will be drawn as it was meant.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    dict
        The faces of the toolkit that its texts use, each with its family.

    Raises
    ------
    MissingGlyphError
        If a font lacks a character that is to be drawn in it: otherwise a box.
    ValueError
        If Chinese text is to be bold or italic: the fonts are regular only, and
        matplotlib would draw boxes. Latin letters may be.
    """
    from matplotlib.text import Text

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_ticklabels(which="both")  # brings labels that are made late up to date
    used = set()
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip():
            if problem := problem_of(text):
                raise problem
            used.update(text.get_fontfamily())
    return {face: family for face, family in _FAMILIES.items() if family in used}


def problem_of(text: Text) -> ValueError | None:
    """Return the error that tells why a text cannot be drawn as it was meant; None if it can."""
    from matplotlib.font_manager import FontProperties, findfont

    content = text.get_text()
    formulas = "".join(_MATH.findall(content))
    if wrong := "".join(dict.fromkeys(_NOT_MATH.findall(formulas))):
        return MissingGlyphError(wrong, f"the formula of {content!r}")
    families, content = text.get_fontfamily(), _MATH.sub("", content)
    look: dict[str, Any] = {"style": text.get_fontstyle(), "weight": text.get_fontweight()}
    paths = [str(findfont(FontProperties(family=[f], **look))) for f in families]
    missing = _missing(content, paths)
    regular = [str(findfont(FontProperties(family=[f]))) for f in families]
    if wrong := _missing(missing, regular):
        return MissingGlyphError(wrong, f"{', '.join(families)} (first in {text.get_text()!r})")
    if missing:
        return ValueError(
            f"{content!r} is to be bold or italic, which the font has not for {missing!r}: only "
            "Latin letters can be; use size or colour"
        )
    return None


def _missing(text: str, fonts: Iterable[str]) -> str:
    known = [_characters(font) for font in fonts]
    drawn = dict.fromkeys(_INVISIBLE.sub("", text))
    return "".join(c for c in drawn if not any(ord(c) in font for font in known))


@cache
def _characters(font: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(font).get_charmap())


def _source(face: Face) -> Path:
    import pylopdf_fonts_zh_cn as package

    return Path(package.serif_path() if face == "serif" else package.sans_path())


@cache
def _register(path: Path, face: Face) -> None:
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontEntry, fontManager

    for file, (style, weight) in _LATIN[face].items():
        place = str(Path(get_data_path(), "fonts", "ttf", f"{file}.ttf"))
        look: dict[str, Any] = {"style": style, "weight": weight, "size": "scalable"}
        fontManager.ttflist.append(FontEntry(place, name=_FAMILIES[face], **look))
    fontManager.addfont(path)


@cache
def _prepared(face: Face, folder: Path) -> Path:
    from toolkit.figures.press.truetype import convert

    source = _source(face)
    if ready := _valid(folder, source):
        return ready
    made = io.BytesIO()
    try:
        convert(source, made, family=_FAMILIES[face])
        target = folder / f"{_stem(source)}{_digest(made.getvalue())}.ttf"
        with whole_file(target) as aside:
            aside.write_bytes(made.getvalue())
    except OSError as error:
        raise OSError(
            f"cannot write the prepared font to {folder} ({error.strerror}); "
            f"set {CACHE_VARIABLE} to a folder that you may write to and that has room"
        ) from error
    return target


def _valid(folder: Path, source: Path) -> Path | None:
    """Return the prepared file whose content has the checksum that its name tells."""
    for path in sorted(folder.glob(f"{_stem(source)}*.ttf")):
        with suppress(OSError):  # another user's, who lets nobody read it
            if path.stem.endswith(_digest(path.read_bytes())):
                return path
    return None


def _stem(source: Path) -> str:
    """Return how the file name of a prepared font begins; its checksum follows."""
    return f"{source.stem}-{metadata.version(PACKAGE)}-{_CONVERSION}-"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
