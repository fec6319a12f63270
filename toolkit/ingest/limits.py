"""What a file may cost, and the one error of a file that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1_000_000


class UnreadableError(ValueError):
    """A file that cannot be read as text: what was found, and how to mend it."""


class OutOfBoundsError(UnreadableError):
    """A file whose reading took too much time or memory; another run may fare better."""


@dataclass(frozen=True)
class Limits:
    """What one file may cost, so that a hostile one cannot take the machine.

    Parameters
    ----------
    file_bytes : int
        A larger file is not opened.
    unpacked_bytes : int
        What an archive or a packed document may hold when unpacked, all together.
    text_chars : int
        The longest text; the longest Chinese novels have about three million.
    rows, columns : int
        Of a table.
    pages : int
        Of a PDF.
    entries : int
        Files in an archive.
    seconds : float
        Time for reading one file; its process is ended after that.
    memory_bytes : int
        Address space of the process that reads (Linux and macOS).

    Examples
    --------
    >>> Limits(seconds=10).pages
    2000
    """

    file_bytes: int = 100 * _MB
    unpacked_bytes: int = 300 * _MB
    text_chars: int = 5_000_000
    rows: int = 200_000
    columns: int = 500
    pages: int = 2_000
    entries: int = 10_000
    seconds: float = 60.0
    memory_bytes: int = 2_000 * _MB


def size(n_bytes: int) -> str:
    """Return a number of bytes as people say it.

    Examples
    --------
    >>> size(1_234_567)
    '1.2 MB'
    """
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= scale:
            return f"{n_bytes / scale:.1f} {unit}"
    return f"{n_bytes} bytes"
