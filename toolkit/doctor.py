"""Is this installation able to do the work? What is missing, and how to get it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import TYPE_CHECKING, NamedTuple

import toolkit
from toolkit.installed import DISTRIBUTION, PIP, versions

if TYPE_CHECKING:
    from packaging.requirements import Requirement

#: What can be installed besides, and what it is for.
_EXTRAS = {
    "word": "tables as Word files",
    "lda": "LDA by Gibbs sampling",
    "fast": "counting 1.5 times as fast",
    "dask": "several machines",
}


class Check(NamedTuple):
    """One thing that was looked at.

    Attributes
    ----------
    name : str
    ok : bool
        False only for what the toolkit needs.
    found : str
    mend : str
        What to do; empty where nothing is amiss.
    """

    name: str
    ok: bool
    found: str
    mend: str = ""


def checks() -> Iterator[Check]:
    """Look at Python, the libraries, the dictionary, the data, the fonts and the kernel.

    Yields
    ------
    Check

    Examples
    --------
    >>> [check.name for check in checks() if not check.ok]
    []
    """
    yield Check("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    for name, version in versions().items():
        if name != "python":
            missing = version == "not installed"
            yield Check(name, not missing, version, f"{PIP} {name}" * missing)
    yield from _outdated()
    again = "--force-reinstall"
    yield _tried("segmentation", _segmentation, f"{again} {DISTRIBUTION} jieba")
    yield _tried("sample corpus", lambda: str(toolkit.Corpus.sample()), f"{again} {DISTRIBUTION}")
    yield _tried("fonts", _fonts, f"{again} pylopdf-fonts-zh-cn")
    yield _tried("kernel", lambda: f"ipykernel {metadata.version('ipykernel')}", "ipykernel")
    yield from _optional()
    for program, use in (("pdffonts", "poppler-utils"), ("chromium", "Chromium")):
        found = shutil.which(program)
        yield Check(
            f"{program} (for the tests only)",
            True,
            found or "not found: the tests that need it will be skipped",
            "" if found else f"install {use} with the system's package manager",
        )


def _tried(name: str, check: Callable[[], str], mend: str) -> Check:
    """Return the outcome of a check; what it raises is wrong, and installing `mend` mends it."""
    try:
        return Check(name, True, check())
    except Exception as error:
        return Check(name, False, f"{type(error).__name__}: {error}", f"{PIP} {mend}")


def _needs(extra: str = "") -> Iterator[tuple[Requirement, str]]:
    """Yield what the toolkit asks for, or what an extra adds, with the version that is here."""
    from packaging.requirements import Requirement

    for need in map(Requirement, metadata.requires(DISTRIBUTION) or ()):
        held = [not need.marker or need.marker.evaluate({"extra": e}) for e in ("", extra)]
        if held[0] if not extra else held == [False, True]:
            try:
                yield need, metadata.version(need.name)
            except metadata.PackageNotFoundError:
                yield need, ""


def _outdated() -> Iterator[Check]:
    """Yield the libraries that are older than the toolkit asks for."""
    for need, found in _needs():
        if not found or not need.specifier.contains(found, prereleases=True):
            seen = f"{found}, but {need.specifier} is needed" if found else "not installed"
            yield Check(need.name, False, seen, f'{PIP} "{need.name}{need.specifier}"')


def _optional() -> Iterator[Check]:
    """Yield what can be installed besides: its absence is no fault."""
    from toolkit.ingest.formats import FORMATS

    read = ", ".join(dict.fromkeys(format.name for format in FORMATS if format.library))
    for extra, use in {"ingest": f"to read {read}, to fetch", **_EXTRAS}.items():
        missing = ", ".join(need.name for need, found in _needs(extra) if not found)
        yield Check(
            f"optional: {extra} ({use})",
            True,
            f"not installed: {missing}" if missing else "installed",
            f'{PIP} "{DISTRIBUTION}[{extra}]"' if missing else "",
        )


def _segmentation() -> str:
    words = toolkit.Segmenter()("深化接诉即办改革")
    if words != ["深化", "接诉即办", "改革"]:
        raise RuntimeError(f"深化接诉即办改革 is cut as {'/'.join(words)}")
    return "/".join(words)


def _fonts() -> str:
    from toolkit.figures.press.fonts import font_status

    return "; ".join(font_status().values())
