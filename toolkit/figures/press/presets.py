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
    grid : bool
        Whether lines may stand behind the data.
    largest : float, optional
        The largest text that the journal allows, in pt, where that is more than a title has.
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
    grid: bool = True
    largest: float | None = None

    @property
    def max_text(self) -> float:
        """The largest size of text, in pt: what the journal allows, or that of titles."""
        return self.text[2] if self.largest is None else self.largest

    @property
    def scale(self) -> float:
        """How much larger its small text is than that of the notebook."""
        return self.text[0] / 7.5

    @property
    def grey(self) -> bool:
        """Whether figures are printed in black and white."""
        return self.colours is GREY


_PRINT = ("pdf", "tiff", "png")
# fmt: off
_ALL = (
    #      name        widths               height    text           least line dpi
    Preset("notebook", (89, 120, 183),      NO_LIMIT, (7.5, 8, 8.5), 5,   0.6, (300, 300, 300),
           ("png", "svg", "pdf")),
    Preset("nature",   (89, 120, 183),      170,      (6, 7, 7),     5,   0.5, (300, 300, 300),
           ("pdf", "png"), grid=False),
    Preset("elsevier", (90, 140, 190),      240,      (7, 7.5, 8),   7,   0.5, (1000, 500, 300),
           _PRINT),
    Preset("springer", (84, 129, 174),      234,      (8, 8, 8.5),   8,   0.5, (1200, 600, 300),
           _PRINT, largest=12),
    Preset("ieee",     (88.9, 182, 182),    228.6,    (8, 8, 9),     8,   0.5, (600, 600, 300),
           _PRINT),
    Preset("plos",     (132, 190.5, 190.5), 222.3,    (8, 9, 10),    8,   0.6, (600, 400, 300),
           ("tiff", "png"), largest=12),
    Preset("cn",       (80, 120, 170),      230,      (7.5, 7.5, 9), 7.5, 0.5, (600, 600, 300),
           _PRINT, face="serif", ticks="in", colours=GREY),
    Preset("thesis",   (100, 125, 150),     220,      (9, 9, 10.5),  7.5, 0.6, (600, 300, 300),
           ("pdf", "png"), face="serif"),
    Preset("slides",   (155, 220, 310),     160,      (13, 14, 16),  12,  1.0, (200, 150, 150),
           ("png", "svg")),
)
# fmt: on
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
