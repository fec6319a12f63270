"""Colours as others see them: colour-blind eyes, black-and-white print, low contrast."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_BACK = 4.0  # units of lightness that a map of colours may go back
_PALE = 45.0  # chroma at the middle of a diverging map, at most
# What is left of linear red, green and blue without one kind of cone, complete loss
# (Machado, Oliveira & Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.0).
_WITHOUT = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
VISIONS = (*_WITHOUT, "greyscale")
# Linear sRGB to CIE XYZ, and the white point D65 (IEC 61966-2-1).
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def distance(one: str, other: str, vision: str = "") -> float:
    """Return how different two colours look: CIE 1976 colour difference, 100 black to white.

    Parameters
    ----------
    one, other : str
        Colours as matplotlib takes them.
    vision : {"", "protanopia", "deuteranopia", "tritanopia", "greyscale"}
        Who looks; "" for trichromatic eyes.

    Examples
    --------
    >>> round(distance("black", "white"))
    100
    >>> distance("#d62728", "#8c8c00") > 3 * distance("#d62728", "#8c8c00", "deuteranopia")
    True
    """
    return float(np.linalg.norm(_lab(_seen(one, vision)) - _lab(_seen(other, vision))))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance).

    >>> round(contrast("black", "white"))
    21
    """
    light, dark = sorted((float(_linear(c) @ _TO_XYZ[1]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def chroma(colour: Any) -> float:
    """Return how far a colour is from grey.

    >>> round(chroma("#777777")), round(chroma("blue"))
    (0, 134)
    """
    return float(np.linalg.norm(_lab(_linear(colour))[1:]))


def is_even(cmap: Any) -> bool:
    """Tell whether lightness grows or falls along a map of colours, or turns once at a pale middle.

    Where it goes up and down, as in a rainbow, eyes see steps that the numbers do not have.

    >>> import matplotlib as mpl
    >>> [name for name in ("viridis", "RdBu", "jet") if is_even(mpl.colormaps[name])]
    ['viridis', 'RdBu']
    """
    seen = np.array([_lab(_linear(colour)) for colour in cmap(np.linspace(0, 1, 65))[:, :3]])
    light = seen[:, 0]

    def back(part: Array) -> float:
        steps = np.diff(part)
        return float(min(-steps[steps < 0].sum(), steps[steps > 0].sum()))

    if back(light) <= _BACK:
        return True
    turn = min(light.argmax(), light.argmin(), key=lambda i: abs(int(i) - 32))
    halves = back(light[: turn + 1]), back(light[turn:])
    return max(halves) <= _BACK and float(np.linalg.norm(seen[turn, 1:])) <= _PALE


def _linear(colour: Any) -> Array:
    from matplotlib.colors import to_rgb

    rgb: Array = np.asarray(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _seen(colour: str, vision: str) -> Array:
    rgb = _linear(colour)
    if vision == "greyscale":
        return np.full(3, rgb @ _TO_XYZ[1])
    return np.clip(np.array(_WITHOUT[vision]) @ rgb, 0, 1) if vision else rgb


def _lab(rgb: Array) -> Array:
    share = _TO_XYZ @ rgb / _WHITE
    root = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
