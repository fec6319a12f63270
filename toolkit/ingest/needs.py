"""Libraries that only some formats need, imported when first used."""

from __future__ import annotations

import importlib
from types import ModuleType

from toolkit.ingest.limits import UnreadableError
from toolkit.installed import DISTRIBUTION, PIP


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
