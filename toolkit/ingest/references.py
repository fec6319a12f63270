"""Readers of a reference manager's exports: CSL JSON, RIS, BibTeX.

What they say is what the user says: it goes into the metadata of the attached files.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from toolkit.ingest.encodings import decode
from toolkit.ingest.limits import Limits, UnreadableError


class Reference(NamedTuple):
    """An entry of a library: what it says, and the files that belong to it."""

    given: dict[str, str]
    attachments: tuple[str, ...]
    abstract: str = ""


_RIS = re.compile(r"(?m)^([A-Z][A-Z0-9]) {0,2}-[ \t]?(.*)$")
_RIS_FIELDS = {
    **dict.fromkeys(("TI", "T1"), "title"),
    **dict.fromkeys(("AU", "A1"), "author"),
    **dict.fromkeys(("DA", "PY", "Y1"), "date"),
    **dict.fromkeys(("T2", "JO", "JF", "PB"), "source"),
    "UR": "url",
}
_BIBTEX_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s{}]*)\s*,")
_BIBTEX_FIELD = re.compile(r"\s*,?\s*([\w-]+)\s*=\s*")
_BIBTEX_FIELDS = {
    "title": "title",
    "author": "author",
    "date": "date",
    "year": "date",
    "journal": "source",
    "journaltitle": "source",
    "publisher": "source",
    "institution": "source",
    "url": "url",
}


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
    }
    people = entry.get("author")
    if isinstance(people, list):
        names = [
            _text(p.get("literal")) or _text(p.get("family")) + _text(p.get("given"))
            for p in people
            if isinstance(p, dict)
        ]
        given["author"] = "、".join(name for name in names if name)
    issued = entry.get("issued")
    if isinstance(issued, dict):
        parts = issued.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            given["date"] = "-".join(f"{_text(p):0>2}" for p in parts[0][:3])
        else:
            given["date"] = _text(issued.get("raw") or issued.get("literal"))
    files = entry.get("attachments")
    paths = tuple(
        _text(f.get("path")) for f in (files if isinstance(files, list) else ())
        if isinstance(f, dict) and f.get("path")
    )  # fmt: skip
    return Reference(_dated(given), paths, _text(entry.get("abstract")))


def _ris(text: str) -> list[Reference]:
    found: list[Reference] = []
    given: dict[str, str] = {}
    files: list[str] = []
    abstract = ""
    for tag, value in _RIS.findall(text):
        value = value.strip()
        if tag == "TY":
            given, files, abstract = {}, [], ""
        elif tag == "ER":
            found.append(Reference(_dated(given), tuple(files), abstract))
        elif tag in ("L1", "L2", "LK"):
            files.append(value)
        elif tag in ("AB", "N2"):
            abstract = value
        elif (column := _RIS_FIELDS.get(tag)) and value:
            if column == "author" and "author" in given:
                given["author"] += f"、{_chinese_name(value)}"
            else:
                given.setdefault(column, _chinese_name(value) if column == "author" else value)
    return found


def _bibtex(text: str) -> list[Reference]:
    found = []
    for match in _BIBTEX_ENTRY.finditer(text):
        if match[1].lower() in ("comment", "string", "preamble"):
            continue
        fields: dict[str, str] = {}
        at = match.end()
        while (field := _BIBTEX_FIELD.match(text, at)) and len(fields) < 200:
            value, at = _bibtex_value(text, field.end())
            fields.setdefault(field[1].lower(), value)
        given: dict[str, str] = {}
        for name, column in _BIBTEX_FIELDS.items():
            if value := fields.get(name, ""):
                given.setdefault(column, value)
        if "author" in given:
            people = re.split(r"\s+and\s+", given["author"])
            given["author"] = "、".join(map(_chinese_name, people))
        files = tuple(
            piece.split(":")[1] if piece.count(":") >= 2 else piece
            for piece in fields.get("file", "").split(";")
            if piece.strip()
        )
        found.append(Reference(_dated(given), files, fields.get("abstract", "")))
    return found


def _bibtex_value(text: str, at: int) -> tuple[str, int]:
    """Return a value and where it ends; an unclosed one ends where the next entry begins."""
    if at < len(text) and text[at] in '{"':
        closing = "}" if text[at] == "{" else '"'
        depth, end = 0, at + 1
        limit = min(len(text), at + 100_000)
        while end < limit:
            char = text[end]
            if char == "\\":
                end += 1
            elif char == closing and depth == 0:
                break
            elif char in "{}":
                depth += 1 if char == "{" else -1
            end += 1
        value = re.sub(r"[{}]|\\(?=[&%_#$])", "", text[at + 1 : end])
        return " ".join(value.split()), end + 1
    match = re.compile(r"[^,}\n]*").match(text, at)
    assert match is not None  # it matches nothing as well
    return match[0].strip(), match.end()


def _dated(given: dict[str, str]) -> dict[str, str]:
    """Add the year, and write the date as the metadata do."""
    given = {column: value for column, value in given.items() if value}
    if date := given.get("date"):
        numbers = re.findall(r"\d+", date)
        if numbers and len(numbers[0]) == 4:
            given["date"] = "-".join(f"{n:0>2}" for n in numbers[:3])
            given.setdefault("year", numbers[0])
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given["date"]):
            del given["date"]
    return given


def _chinese_name(name: str) -> str:
    """Write 俎, 涛 as 俎涛; Latin names stay."""
    return re.sub(r"(?<=[\u3400-\u9fff]),?\s*(?=[\u3400-\u9fff])", "", name.strip())


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int, float)) else ""
