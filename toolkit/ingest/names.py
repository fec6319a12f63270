"""Names that are safe to show and to keep."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

# Windows keeps these names for devices, whatever their ending.
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)")


def printable(name: str) -> str:
    r"""Return a name that shows what it is: line ends, marks of direction and the like escaped.

    Examples
    --------
    >>> printable("a\n\u202eb.txt")
    'a\\n\\u202eb.txt'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in os.fspath(name))[:500]


def file_id(name: str) -> str:
    """Return an id for a file, which names its text: letters, digits and ``. _ -``.

    Examples
    --------
    >>> file_id("2024 政府工作报告（杭州）.docx"), file_id("../../.bashrc"), file_id("con.txt")
    ('2024-政府工作报告-杭州', 'bashrc', '_con')
    """
    stem = Path(name.replace("\\", "/").rsplit("/", 1)[-1])
    stem_text = unicodedata.normalize("NFC", stem.stem if stem.stem.strip(".") else stem.name)
    cleaned = re.sub(r"[^\w.]+", "-", stem_text).strip("-._")[:60]
    # Surrogates and private characters are letters to nobody.
    cleaned = "".join(c for c in cleaned if c.isprintable())
    # File systems count bytes, and what is kept beside a text has a longer name.
    cleaned = cleaned.encode()[:180].decode("utf-8", "ignore").strip("-._")
    if _DEVICES.fullmatch(cleaned.split(".")[0]):
        cleaned = f"_{cleaned}"
    return cleaned or "text"
