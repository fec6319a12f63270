"""What a reader is told, and what it makes of a file before anything is decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple


class Hints(NamedTuple):
    """What is known of a file besides its bytes: its encoding, what its columns are."""

    declared: str = ""
    columns: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Draft:
    """A text as it was read, and what its file says about it.

    Parameters
    ----------
    text : str
        Paragraphs and headings, one a line. A heading is one by its words alone: a short
        line without a full stop, by its number or its place (`toolkit.structure.is_heading`).
    given : dict
        What the user's own tables say: columns of a spreadsheet, fields of a reference.
    told : tuple of (field, value, evidence)
        What the file says of itself: properties of a document, tags of a page.
    left_out : tuple of str
        Lines that the page shows outside of the text: menus, but dates and sources too.
    notes : tuple of str
        What the reader did (lines joined, an encoding corrected).
    warnings : tuple of str
        What the reader could not do (pages without text, characters lost).
    part : str
        Which part of the file this is (``row 3``); empty for a whole file.
    encoding : str
        The encoding that the bytes were read in; empty where the format fixes it.
    """

    text: str
    given: dict[str, str] = field(default_factory=dict)
    told: tuple[tuple[str, str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    part: str = ""
    encoding: str = ""
