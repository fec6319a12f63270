"""Readers of a reference manager's exports: CSL JSON, RIS, BibTeX.

What they say is what the user says: it goes into the metadata of the attached files.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from toolkit.ingest.encodings import decode
from toolkit.ingest.limits import Limits, UnreadableError, need, reading
from toolkit.ingest.rules import named
from toolkit.structure import HAN


class Reference(NamedTuple):
    """An entry of a library: what it says, the files that belong to it, what is amiss."""

    given: dict[str, str]
    attachments: tuple[str, ...] = ()
    reason: str = ""


def references(name: str, data: bytes, limits: Limits) -> list[Reference]:
    """Return the entries of an export.

    Parameters
    ----------
    name : str
        The file's name, whose ending tells the format: ``.json``, ``.ris``, ``.bib``.

    Raises
    ------
    UnreadableError
        If it is no such export.
    """
    if len(data) > limits.file_bytes:
        raise UnreadableError("the export is too large; export it in parts")
    text = decode(data).text.replace("\r\n", "\n").replace("\r", "\n")
    suffix = PurePosixPath(name).suffix.lower()
    with reading("export", "export it anew"):
        found = {".json": _csl, ".ris": _ris, ".bib": _bibtex}[suffix](text)
    if not found:
        raise UnreadableError("the export holds no entries")
    return found


def _csl(text: str) -> list[Reference]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"it is no JSON ({str(error)[:80]})") from error
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise UnreadableError("it is no CSL JSON: that is a list of entries")
    return [_of_csl(entry) for entry in entries if "title" in entry or "type" in entry]


def _of_csl(entry: dict[str, Any]) -> Reference:
    given = {
        "title": _text(entry.get("title")),
        "source": _text(entry.get("container-title") or entry.get("publisher")),
        "url": _text(entry.get("URL")),
        "document_number": _text(entry.get("number")),
        "abstract": _text(entry.get("abstract")),
    }
    names = (
        _text(person.get("literal")) or _text(person.get("family")) + _text(person.get("given"))
        for person in _maps(entry.get("author"))
    )
    given["author"] = "、".join(filter(None, names))
    for issued in _maps([entry.get("issued")]):
        parts = issued.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            given["date"] = "-".join(map(_text, parts[0][:3]))
        else:
            given["date"] = _text(issued.get("raw") or issued.get("literal"))
    paths = (_text(file.get("path")) for file in _maps(entry.get("attachments")))
    return Reference(_dated(given), tuple(filter(None, paths)))


def _ris(text: str) -> list[Reference]:
    rispy = need("rispy", "RIS files")
    # A Chinese sentence goes on in the next line without a space; an entry may lack its end.
    text = re.sub(rf"(?<=[{HAN}，、；])\s*\n[ \t]*(?=[{HAN}])", "", text)
    text = re.sub(r"(?m)^([A-Z][A-Z0-9]) {0,2}-[ \t]?", r"\1  - ", text)
    text = re.sub(r"(?m)^TY  -", "ER  - \nTY  -", text) + "\nER  - "
    entries = rispy.loads(
        text, mapping=named("ris"), list_tags=["AU", "A1", "L1", "L2", "LK"],
        delimiter_tags_mapping={}, skip_unknown_tags=True,
    )  # fmt: skip
    return [_of_fields(e, e.pop("author", ()), e.pop("file", ())) for e in entries if len(e) > 1]


def _bibtex(text: str) -> list[Reference]:
    bibtexparser = need("bibtexparser", "BibTeX files")
    library = bibtexparser.parse_string(text, parse_stack=[])
    words: dict[str, str] = {}
    for string in library.strings:
        words[string.key.lower()] = _bibtex_value(string.value, words)
    found = []
    for block in library.blocks:
        entry = getattr(block, "ignore_error_block", None) or block
        if hasattr(entry, "fields"):
            said = {f.key.lower(): _bibtex_value(f.value, words) for f in reversed(entry.fields)}
            fields: dict[str, str] = {}
            for name, column in named("bibtex").items():
                fields[column] = fields.get(column) or said.get(name, "")
            files = (
                piece.split(":")[1] if piece.count(":") >= 2 else piece
                for piece in said.get("file", "").split(";")
            )
            found.append(_of_fields(fields, re.split(r"\s+and\s+", fields.pop("author")), files))
        elif hasattr(block, "error"):
            title = " ".join(block.raw.split())[:200]
            found.append(Reference({"title": title}, reason="the entry is broken; mend its marks"))
    return found if any(not entry.reason for entry in found) else []


def _bibtex_value(raw: str, words: dict[str, str]) -> str:
    """Return what a value says: its pieces, in braces, quotes or by the name of a string."""
    pieces = [piece.strip() for piece in raw.split("#")]
    if not all(re.fullmatch(r'\{.*\}|".*"|[^\s{}"]+', piece, re.S) for piece in pieces):
        pieces = [raw.strip()]  # the mark stands within a text
    text = "".join(words.get(p.lower(), p[1:-1] if p[:1] in '{"' else p) for p in pieces)
    return " ".join(re.sub(r"[{}]|\\(?=[&%_#$])", "", text).split())


def _of_fields(fields: dict[str, str], people: Any, files: Any) -> Reference:
    given = {column: value.strip() for column, value in fields.items() if column != "type"}
    # 俎, 涛 is 俎涛; Latin names stay.
    names = (re.sub(r"(?<=[\u3400-\u9fff]),?\s*(?=[\u3400-\u9fff])", "", p.strip()) for p in people)
    given["author"] = "、".join(filter(None, names))
    paths = tuple(path.strip() for path in files if path.strip())
    return Reference(_dated(given), paths)


def _dated(given: dict[str, str]) -> dict[str, str]:
    """Add the year, and write the date as the metadata do."""
    given = {column: value for column, value in given.items() if value}
    numbers = re.findall(r"\d+", given.pop("date", ""))
    if numbers and len(numbers[0]) == 4:
        given["year"] = numbers[0]
        date = "-".join(f"{n:0>2}" for n in numbers[:3])
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
            given["date"] = date
    return given


def _maps(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int, float)) else ""
