"""What a file may cost and needs, and the one error of a file that cannot be read."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from toolkit.installed import DISTRIBUTION, PIP

_MB = 1_000_000


class UnreadableError(ValueError):
    """A file that cannot be read as text: what was found, and how to mend it."""


class BrokenError(UnreadableError):
    """A file that a library cannot read: broken, unless something else kept it from reading."""


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
    columns : int
        Of a table.
    entries : int
        Files in an archive.
    seconds : float
        Time for reading one file; its process is ended after that.
    memory_bytes : int
        Address space of the process that reads (Linux and macOS).

    Examples
    --------
    >>> Limits(seconds=10).columns
    500
    """

    file_bytes: int = 100 * _MB
    unpacked_bytes: int = 300 * _MB
    text_chars: int = 5_000_000
    columns: int = 500
    entries: int = 10_000
    seconds: float = 60.0
    memory_bytes: int = 2_000 * _MB


@contextmanager
def reading(what: str, mend: str) -> Iterator[None]:
    """Turn whatever a library raises over a broken file into the one error of such files.

    A broken file fails in as many ways as it has parts, and libraries let all of them out.
    Only a lack of memory is passed on, however deep it is hidden: it says nothing of the
    file.

    Examples
    --------
    >>> with reading("PDF", "print it anew"):
    ...     raise KeyError("/Root")
    Traceback (most recent call last):
    ...
    toolkit.ingest.limits.BrokenError: the PDF is broken (KeyError: '/Root'); print it anew
    """
    try:
        yield
    except UnreadableError:
        raise
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, MemoryError):
                raise MemoryError from error
            cause = cause.__cause__ or cause.__context__
        raise BrokenError(f"the {what} is broken ({told(error)}); {mend}") from error


def need(module: str, what: str) -> ModuleType:
    """Import a library of the ``ingest`` extra, or say how to install it.

    Examples
    --------
    >>> need("no_such_library", "PDF files")
    Traceback (most recent call last):
    ...
    toolkit.ingest.limits.UnreadableError: PDF files need no_such_library; install it with: ...
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise UnreadableError(
            f'{what} need {name}; install it with: {PIP} "{DISTRIBUTION}[ingest]"'
        ) from error


@contextmanager
def heard(name: str) -> Iterator[Callable[[], tuple[str, ...]]]:
    """Listen to a library's log; what it said, each thing once, is given on when asked.

    Examples
    --------
    >>> with heard("some_library") as said:
    ...     logging.getLogger("some_library.part").warning("page 3 is odd")
    >>> said()
    ('some_library says: page 3 is odd',)
    """
    records: dict[str, None] = {}
    handler, logger = logging.Handler(logging.WARNING), logging.getLogger(name)
    handler.emit = lambda record: records.setdefault(record.getMessage()[:200])  # type: ignore[method-assign]
    logger.addHandler(handler)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield lambda: tuple(f"{name} says: {record}" for record in [*records][:5])
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


def told(error: BaseException) -> str:
    """Return an error in one line of bearable length.

    Examples
    --------
    >>> told(KeyError("/Root"))
    "KeyError: '/Root'"
    """
    return " ".join(f"{type(error).__name__}: {error}".split())[:160]


def fault(what: str, error: Exception) -> str:
    """Return the reason of a file over which the toolkit itself failed: no other file suffers.

    Examples
    --------
    >>> fault("reading it", IndexError("list index out of range"))
    'reading it failed (IndexError: list index out of range); this is a fault of the toolkit: ...'
    """
    return f"{what} failed ({told(error)}); this is a fault of the toolkit: please report it"


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
