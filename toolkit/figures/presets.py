"""What journals ask of a figure: sizes, letters, lines, colours, as plain data.

Every number has its source in ``docs/figures.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Face = Literal["sans", "serif"]
Columns = float
"""How much of a page a figure is wide: 1, 1.5 or 2 columns."""

NO_LIMIT = 2000.0  # mm: a notebook scrolls


@dataclass(frozen=True)
class Colours:
    """The colours of a figure.

    Parameters
    ----------
    categories : tuple of str
        Told apart by colour-blind eyes; neighbours differ in lightness too.
    sequential : str
        Matplotlib's colour map of amounts: lightness falls evenly.
    light, dark : str
        Ends of the scale of words in a cloud, both readable on white.
    """

    categories: tuple[str, ...]
    sequential: str
    light: str
    dark: str


#: Paul Tol's "bright" scheme, ordered so that neighbours differ in lightness too.
COLOUR = Colours(
    ("#4477aa", "#ee6677", "#228833", "#aa3377", "#66ccee", "#ccbb44", "#555555"),
    sequential="Blues",
    light="#4f8fbd",
    dark="#123a63",
)
GREY = Colours(
    ("#3d3d3d", "#8c8c8c", "#000000", "#6b6b6b", "#a6a6a6", "#555555", "#7a7a7a"),
    sequential="Greys",
    light="#858585",
    dark="#111111",
)


@dataclass(frozen=True)
class Preset:
    """What a journal, or another place where figures stand, asks of them.

    Parameters
    ----------
    name : str
    widths : tuple of 3 float
        Of one, one and a half and two columns, in mm. A journal without the middle one
        repeats the widest.
    max_height : float
        In mm.
    text : tuple of 3 float
        Size of small text (ticks, notes), of labels, of titles, in pt.
    min_text : float
        The smallest size allowed, in pt.
    line : float
        Width of axes and ticks, in pt; a line of data is about twice as wide.
    dpi : tuple of 3 int
        For line art, for line art with tones (what the plots of the toolkit are), for
        photographs.
    formats : tuple of str
        What `export_figure` writes: files that the journal takes, and a PNG to look at.
    face : {"sans", "serif"}
    ticks : {"out", "in"}
    colours : Colours
    """

    name: str
    widths: tuple[float, float, float]
    max_height: float
    text: tuple[float, float, float]
    min_text: float
    line: float
    dpi: tuple[int, int, int]
    formats: tuple[str, ...]
    face: Face = "sans"
    ticks: Literal["out", "in"] = "out"
    colours: Colours = COLOUR

    @property
    def scale(self) -> float:
        """How much larger its small text is than that of the notebook."""
        return self.text[0] / 7.5

    @property
    def grey(self) -> bool:
        """Whether figures are printed in black and white."""
        return self.colours is GREY


_ALL = (
    Preset(
        "notebook",
        widths=(89, 120, 183),
        max_height=NO_LIMIT,
        text=(7.5, 8, 8.5),
        min_text=5,
        line=0.6,
        dpi=(300, 300, 300),
        formats=("png", "svg", "pdf"),
    ),
    Preset(
        "nature",
        widths=(89, 120, 183),
        max_height=170,
        text=(6, 7, 7),
        min_text=5,
        line=0.5,
        dpi=(300, 300, 300),
        formats=("pdf", "png"),
    ),
    Preset(
        "elsevier",
        widths=(90, 140, 190),
        max_height=240,
        text=(7, 7.5, 8),
        min_text=7,
        line=0.5,
        dpi=(1000, 500, 300),
        formats=("pdf", "tiff", "png"),
    ),
    Preset(
        "springer",
        widths=(84, 129, 174),
        max_height=234,
        text=(8, 8, 8.5),
        min_text=8,
        line=0.5,
        dpi=(1200, 600, 300),
        formats=("pdf", "tiff", "png"),
    ),
    Preset(
        "ieee",
        widths=(88.9, 182, 182),
        max_height=228.6,
        text=(8, 8, 9),
        min_text=8,
        line=0.5,
        dpi=(600, 600, 300),
        formats=("pdf", "tiff", "png"),
    ),
    Preset(
        "plos",
        widths=(132, 190.5, 190.5),
        max_height=222.3,
        text=(8, 9, 10),
        min_text=8,
        line=0.6,
        dpi=(600, 400, 300),
        formats=("tiff", "png"),
    ),
    Preset(
        "cn",
        widths=(80, 120, 170),
        max_height=230,
        text=(7.5, 7.5, 9),
        min_text=7.5,
        line=0.5,
        dpi=(600, 600, 300),
        formats=("pdf", "tiff", "png"),
        face="serif",
        ticks="in",
        colours=GREY,
    ),
    Preset(
        "thesis",
        widths=(100, 125, 150),
        max_height=220,
        text=(9, 9, 10.5),
        min_text=7.5,
        line=0.6,
        dpi=(600, 300, 300),
        formats=("pdf", "png"),
        face="serif",
    ),
    Preset(
        "slides",
        widths=(155, 220, 310),
        max_height=160,
        text=(13, 14, 16),
        min_text=12,
        line=1,
        dpi=(200, 150, 150),
        formats=("png", "svg"),
    ),
)
PRESETS = {preset.name: preset for preset in _ALL}


def find_preset(name: str) -> Preset:
    """Return a preset by its name.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if name not in PRESETS:
        raise ValueError(f"no preset {name!r}; there are {', '.join(PRESETS)}")
    return PRESETS[name]
