"""What is installed: the toolkit, the libraries that shape a result, the data it comes with."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "city-governance-toolkit"
#: How to install something for this Python, whatever stands on the path.
PIP = f"{sys.executable} -m pip install"
_RECORDED_VERSIONS = (
    DISTRIBUTION,
    *("jieba", "matplotlib", "numpy", "pandas", "rjieba", "scikit-learn", "scipy", "wordcloud"),
)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape a result."""
    found = {"python": platform.python_version()}
    for name in _RECORDED_VERSIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def resource(*parts: str) -> Path:
    """Return the path of data shipped with the toolkit: ``corpus``, ``docs``, ``notebooks``.

    An installed wheel carries them inside the package; in a checkout they stand at
    the top, where people look for them.
    """
    package = Path(__file__).parent
    for root in (package / "_data", package.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(
        f"{'/'.join(parts)} is neither inside the installed package nor beside it; "
        f"reinstall {DISTRIBUTION}"
    )
