"""A corpus folder, read and written: everything is checked, all problems are told together."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.files import (
    TableError,
    read_csv,
    read_json,
    whole_folder,
    write_csv,
    write_json,
)
from toolkit.metadata import CorpusError, counted, frame, free_name, id_problem, row_problems
from toolkit.structure import bare

#: The dimensions of city governance that the toolkit's own codebook speaks of.
DIMENSIONS = ("refined", "smart", "participatory", "legal", "general")
#: What a text usually is, to which intake brings other words; any other value stays.
KINDS: tuple[str, ...] = (
    *("theory", "review", "case", "regulation", "note"),
    *("report", "policy", "speech", "news", "interview", "other"),
)
#: The heading under which ``sections.csv`` labels what stands before the first heading.
INTRODUCTION = "(引言)"
#: The file beside the texts that `Corpus.save` writes: what a row is, the types of columns.
MANIFEST = "corpus.json"


def read_folder(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame | None, str]:
    """Read and check a corpus folder: its units, the labels of sections, what a unit is.

    Raises
    ------
    CorpusError
        With all problems of the folder.
    """
    table = folder / "metadata.csv"
    if not table.is_file():
        problem = (
            f"{table} does not exist; it lists the texts, one row each, with columns id and file"
        )
        if n := len([*folder.glob("*.txt")]):
            found = counted(n, "text file")
            problem += f'. {found} found: toolkit intake "{folder}" --into corpus makes it'
        raise CorpusError([problem])
    # What the toolkit saved comes back to the letter; what people wrote is read more kindly.
    manifest = _manifest(folder / MANIFEST)
    problems: list[str] = []
    rows = _rows(table, ("id", "file"), problems, strip=manifest is None)
    root = folder.resolve()
    seen: dict[str, int] = {}
    files: dict[Path, int] = {}
    for line, row in rows:
        where = f"{table} line {line}"
        unit_id = row["id"]
        if problem := id_problem(unit_id):
            problems.append(f"{where}: {problem}")
        elif unit_id in seen:
            problems.append(f"{where}: id {unit_id!r} stands on line {seen[unit_id]} already")
        seen.setdefault(unit_id, line)
        if manifest is None:
            problems += [f"{where}: {problem}" for problem in row_problems(row)]
        row["doc_id"] = row.get("doc_id") or unit_id
        path = (root / row["file"]).resolve()
        text = _read_text(path, row["file"], root, where, problems, exact=manifest is not None)
        if path in files:
            problems.append(f"{where}: file {row['file']!r} stands on line {files[path]} already")
        files.setdefault(path, line)
        row["text"] = text
    for path in sorted({p for parent in {p.parent for p in files} for p in parent.glob("*.txt")}):
        if path.is_relative_to(root) and path.resolve() not in files:
            name = path.relative_to(root).as_posix()
            problems.append(
                f"{folder / name} has no row in {table.name}; add one or move the file away"
            )
    if not rows and not problems:
        problems.append(f"{table} has no rows")
    sections = None
    if (labels := folder / "sections.csv").is_file():
        sections = _read_sections(labels, {row["doc_id"] for _, row in rows}, problems)
    if problems:
        raise CorpusError(problems)
    named = [{"unit_id": row.pop("id"), **row} for _, row in rows]
    units = frame(named, exact=manifest is not None).drop(columns="file")
    if manifest is None:
        return units, sections, "document"
    units = units.rename(columns=manifest["renamed"])
    return _typed(units, manifest["types"], folder), sections, str(manifest["unit"])


def _manifest(path: Path) -> dict[str, Any] | None:
    """Return what `Corpus.save` noted of a corpus; nothing if it did not save it."""
    if not path.is_file():
        return None
    try:
        found = read_json(path)
        tables = [*found["types"].items(), *found["renamed"].items()]
        if isinstance(found["unit"], str) and all(isinstance(v, str) for _, v in tables):
            return dict(found)
        why = "it is not as Corpus.save writes it"
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        why = f"{type(error).__name__}: {error}"
    raise CorpusError(
        [f"{path} is damaged ({why}); put back a copy, or delete it, and all columns are text"]
    )


def _rows(
    path: Path, required: tuple[str, ...], problems: list[str], *, strip: bool = True
) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows of a CSV with their line numbers; note what is wrong with it."""
    try:
        table = read_csv(path, required=required, strip=strip)
    except TableError as error:
        problems += error.problems
        return []
    rows = table.to_dict("records")
    return [
        (int(line), {str(k): v for k, v in row.items()})
        for line, row in zip(table.index, rows, strict=True)
    ]


def _typed(units: pd.DataFrame, types: Mapping[str, str], folder: Path) -> pd.DataFrame:
    """Return units with the types that they had when they were saved, if they still can."""
    units, problems = units.copy(), []
    for column in [column for column in types if column in units]:
        cells, kind = units[column], types[column]
        try:
            if kind.startswith("bool"):  # which spreadsheets write in capitals
                read: pd.Series[Any] = cells.str.casefold().map({"true": True, "false": False})
                if odd := [*cells[read.isna() & cells.notna()]]:
                    raise ValueError(f"{odd[0]!r} is neither True nor False")
            elif kind.startswith("datetime"):
                read = pd.to_datetime(cells, format="ISO8601")
            else:
                read = pd.to_numeric(cells)
            if read.isna().any() and kind == "bool":
                raise ValueError("a cell is empty")
            units[column] = read.astype(kind)  # type: ignore[call-overload]
        except (ValueError, TypeError) as error:
            problems.append(
                f"{folder / 'metadata.csv'}: column {column!r} was saved as {kind}, which it no "
                f"longer is ({error}); mend its cells, or take its line out of {MANIFEST}"
            )
    if problems:
        raise CorpusError(problems)
    return units


def _read_text(
    path: Path, name: str, root: Path, where: str, problems: list[str], *, exact: bool
) -> str:
    if not path.is_relative_to(root):
        problems.append(f"{where}: file {name!r} lies outside the folder; copy it inside")
    elif not path.is_file():
        problems.append(f"{where}: file {name!r} does not exist; correct the name or add the file")
    else:
        try:
            encoding = "utf-8" if exact else "utf-8-sig"
            text = utf_8(path.read_bytes(), f"{where}: file {name!r}", encoding)
        except TableError as error:
            problems += error.problems
            return ""
        if exact:
            return text
        if not text.strip():
            problems.append(f"{where}: file {name!r} is empty; remove the row or fill the file")
        return text.replace("\r\n", "\n")
    return ""


def utf_8(raw: bytes, where: str, encoding: str = "utf-8-sig") -> str:
    """Return a text that must be UTF-8, or say `where` it is not."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        told = f"{where} is not UTF-8 (byte {error.start}); save it again as UTF-8"
        raise CorpusError([told]) from None


def _read_sections(path: Path, documents: set[str], problems: list[str]) -> pd.DataFrame:
    rows = _rows(path, ("doc_id", "position", "heading"), problems)
    for line, row in rows:
        where = f"{path} line {line}"
        if row["doc_id"] not in documents:
            problems.append(f"{where}: unknown doc_id {row['doc_id']!r}; it is not in metadata.csv")
        if not re.fullmatch(r"\d?", level := row.get("level", "")):
            problems.append(f"{where}: level {level!r} is no digit: 1 for the widest headings")
        elif not level + row.get("dimension", ""):
            problems.append(f"{where}: no dimension; say what the section is about, or its level")
    columns = ["doc_id", "position", "heading", "dimension"]
    columns += ["level"] * any("level" in row for _, row in rows)
    return pd.DataFrame([[r.get(c, "") for c in columns] for _, r in rows], columns=columns)


def write_folder(
    folder: str | Path, units: pd.DataFrame, sections: pd.DataFrame | None, unit: str
) -> None:
    """Write a corpus to a folder that `read_folder` reads back, whole or not at all."""
    table = units.drop(columns="text")
    renamed = {own: free_name(own, [*map(str, table)]) for own in ("id", "file") if own in table}
    types = {c: str(k) for c, k in table.dtypes.items() if k.kind in "iufbM"}
    table = table.rename(columns=renamed).reset_index(names="id")
    table.insert(1, "file", [f"texts/{i}.txt" for i in table["id"]])
    with whole_folder(folder) as aside:
        (aside / "texts").mkdir()
        for name, text in zip(table["file"], units["text"], strict=True):
            (aside / name).write_bytes(text.encode())
        write_csv(table, aside / "metadata.csv", exact=True)
        if sections is not None:
            write_csv(sections.reset_index(drop=True), aside / "sections.csv")
        stored = {stored: own for own, stored in renamed.items()}
        manifest = {"unit": unit, "types": types, "renamed": stored}
        write_json(aside / MANIFEST, manifest, indent=1)


def labels_of(sections: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    """Return the labels of sections by their documents and headings."""
    if sections is None:
        return {}
    sections = sections[sections["dimension"] != ""]
    keys = zip(sections["doc_id"], map(bare, sections["heading"]), strict=True)
    return dict(zip(keys, sections["dimension"], strict=True))


def known_of(sections: pd.DataFrame | None) -> dict[str, list[tuple[str, int]]]:
    """Return what is known of the headings of each document, with their levels."""
    known: dict[str, list[tuple[str, int]]] = {}
    if sections is not None and "level" in sections:
        for row in sections[sections["level"].fillna("") != ""].to_dict("records"):
            known.setdefault(row["doc_id"], []).append((row["heading"], int(row["level"])))
    return known


def warn_unmatched(missing: list[tuple[str, str]]) -> None:
    """Warn of labels whose headings are none of their texts."""
    shown = "; ".join(f"{doc}: {heading}" for doc, heading in sorted(missing)[:3])
    warnings.warn(
        f"{len(missing)} labelled headings are not headings of their texts ({shown}); "
        "clean the corpus before splitting it, or correct sections.csv",
        stacklevel=4,
    )
