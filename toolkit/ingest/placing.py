"""Writing what was decided: the corpus, and the tables that tell all."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.files import TableError, read_csv, write_csv
from toolkit.ingest.decide import Decision
from toolkit.ingest.evidence import FIELDS
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.store import Store, digest, encoded, printable, write
from toolkit.metadata import CorpusError, counted

_REPORT = (
    *("source", "part", "status", "id", "warnings", "reason", "steps", "encoding"),
    *("n_chars", "n_removed", "n_bytes", "sha256", "original"),
)
_FIRST = ("id", "file", *FIELDS)


def place(decisions: Sequence[Decision], store: Store) -> pd.DataFrame:
    """Write the folder; return the table of what became of each file.

    What a user edited stays: a text or a cell that is not what intake wrote. What is about
    to be written is noted before, so that a run that was stopped does not take its own
    writing for a user's.
    """
    into = store.into
    texts = {d.id: d.prepared for d in decisions if d.id and d.prepared}
    now: dict[str, Any] = {
        "texts": {i: digest(text.text) for i, text in texts.items()},
        "cells": {d.id: _cells(d) for d in decisions if d.id},
        "known": {i: [[h, str(n)] for h, n in text.known] for i, text in texts.items()},
    }
    ours = [run for run in (store.read("written"), store.read("writing")) if run]
    store.note("writing", now)
    edited = _write_texts(texts, into, [run["texts"] for run in ours])
    kept = _write_metadata(now["cells"], into, [run["cells"] for run in ours], edited)
    _write_sections(now["known"], into, [run.get("known", {}) for run in ours], kept)
    _remove_texts({i for run in ours for i in run["texts"]} - {*texts}, kept, into)
    report = [_row(d, edited=d.id in edited) for d in decisions]
    found = [
        {"id": d.id, **e._asdict(), "used": d.used(e)}
        for d in decisions
        if d.id and d.prepared
        for e in d.prepared.found
    ]
    removed = [
        {"id": i, "rule": rule, "n_chars": n, "removed": shown}
        for i, text in texts.items()
        for rule, n, shown in _taken_away(text)
    ]
    columns = ("id", "field", "value", "rule", "evidence", "used")
    _write_table(into / "evidence.csv", columns, found)
    _write_table(into / "removed.csv", ("id", "rule", "n_chars", "removed"), removed)
    _write_table(into / "intake.csv", _REPORT, report)
    store.note("written", now)
    (store.state / "writing.json").unlink()
    return pd.DataFrame(report, columns=[*_REPORT])


def _write_table(path: Path, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    cells = [[_writable(str(row.get(column, ""))) for column in columns] for row in rows]
    write_csv(pd.DataFrame(cells, columns=[*columns], dtype=object), path)


def _writable(text: str) -> str:
    """Return a text that can be written, with what is half a character as its code."""
    return text.encode("utf-8", "backslashreplace").decode()


def _taken_away(text: Prepared) -> list[tuple[str, int, str]]:
    """Return rule, number of characters, and a line in full or an example of what changed."""
    return [*((rule, len(line), line) for rule, line in text.removed), *text.changed]


def _write_texts(
    texts: dict[str, Prepared], into: Path, ours: Sequence[dict[str, str]]
) -> set[str]:
    """Write the texts; return which ones a user had edited, with those that are no more."""
    edited = set()
    for i in {i for run in ours for i in run} | {*texts}:
        path = into / "texts" / f"{i}.txt"
        stands = digest(path.read_bytes()) if path.is_file() else ""
        known = {run.get(i, "") for run in ours}
        if i in texts:
            known.add(digest(texts[i].text))
        if stands and stands not in known:
            edited.add(i)
    for i, text in texts.items():
        if i not in edited:
            write(into / "texts" / f"{i}.txt", encoded(text.text))
        for name, part in (("contents", text.contents), ("notes", text.notes)):
            aside = into / "apart" / f"{i}-{name}.txt"
            if part:
                write(aside, encoded(part))
            else:
                aside.unlink(missing_ok=True)
    return edited


def _remove_texts(gone: set[str], kept: set[str], into: Path) -> None:
    """Remove the texts whose sources are out, but for what a user made of them; tell which."""
    for i in gone:
        for name in ("contents", "notes"):
            (into / "apart" / f"{i}-{name}.txt").unlink(missing_ok=True)
        if i not in kept:
            (into / "texts" / f"{i}.txt").unlink(missing_ok=True)
    for ids, what in ((gone - kept, "left the corpus"), (kept, "kept for what you edited")):
        if ids:
            shown = ", ".join(sorted(ids)[:5]) + " …" * (len(ids) > 5)
            found = f"{counted(len(ids), 'text')} that no source holds any more ({shown})"
            warnings.warn(f"{what}: {found}", stacklevel=5)


def _write_sections(
    now: dict[str, Any], into: Path, ours: Sequence[dict[str, Any]], kept: set[str]
) -> None:
    """Write what files mark as headings; the rows of a text that a user changed stay."""
    table = standing(into, "sections.csv", ["doc_id", "heading"])
    rows: dict[str, list[dict[str, str]]] = {}
    for row in table.to_dict("records"):
        rows.setdefault(row["doc_id"], []).append({str(c): str(v) for c, v in row.items()})
    for i in ({i for run in ours for i in run} | {*now}) - kept:
        stands = rows.get(i, [])
        wrote = [run[i] for run in ours if run.get(i)] or [[]]
        said = [[r["heading"], r.get("level", "") + r.get("dimension", "")] for r in stands]
        if said in wrote:
            rows[i] = [
                {"doc_id": i, "position": str(n), "heading": heading, "level": level}
                for n, (heading, level) in enumerate(now.get(i, []), 1)
            ]
    found = [row for i in sorted(rows) for row in rows[i]]
    if found or len(table):
        columns = [*dict.fromkeys(("doc_id", "position", "heading", "level", *table))]
        _write_table(into / "sections.csv", columns, found)


def standing(
    into: Path, name: str = "metadata.csv", required: Sequence[str] = ("id",)
) -> pd.DataFrame:
    """Return a table of the folder as it stands, in whatever encoding it was saved.

    Raises
    ------
    CorpusError
        If it is no such table.
    """
    try:
        return read_csv(into / name, required=required)
    except FileNotFoundError:
        return pd.DataFrame(columns=[*(_FIRST if name == "metadata.csv" else required)])
    except TableError as error:
        raise CorpusError(error.problems) from error


def _write_metadata(
    now: dict[str, dict[str, str]],
    into: Path,
    ours: Sequence[dict[str, dict[str, str]]],
    edited: set[str],
) -> set[str]:
    """Write the rows of the texts among those of others; return which ones stay for their edits."""
    table = standing(into)
    rows = ({str(c): str(v) for c, v in row.items()} for row in table.to_dict("records"))
    stands = {row["id"]: row for row in rows}
    kept = set()
    for i in {i for run in ours for i in run} | {*now}:
        old = stands.get(i, {})
        # A cell that is none that we wrote was written by the user.
        known = [run[i] for run in ours if i in run] or [now.get(i, {})]
        own = {c: v for c, v in old.items() if all(v != row.get(c, "") for row in known)}
        if i in now:
            stands[i] = {**now[i], **own}
        elif (own or i in edited) and (into / "texts" / f"{i}.txt").is_file():
            kept.add(i)
        else:
            stands.pop(i, None)
    columns = [*table, *_FIRST, *(c for row in stands.values() for c in row)]
    # A flaw is there to be asked for, also where no text has one.
    columns = [*dict.fromkeys((*columns, "flaw"))]
    _write_table(into / "metadata.csv", columns, [stands[i] for i in sorted(stands)])
    return kept


def _cells(d: Decision) -> dict[str, str]:
    """Return the row of a text."""
    row = {"id": d.id, "file": f"texts/{d.id}.txt"}
    told = {" ".join(c.split()): " ".join(v.split()) for c, v in d.metadata.items() if c.strip()}
    row |= {_writable(c): _writable(v) for c, v in told.items()}
    if d.warnings:
        row["flaw"] = "; ".join(x for x in (row.get("flaw", ""), *d.warnings) if x)
    return row


def _row(d: Decision, *, edited: bool) -> dict[str, Any]:
    text = d.prepared
    steps = [*(text.steps if text else ())]
    steps += ["the text was edited by hand and stays as it is"] * edited
    steps += ["the table of contents stands in apart/"] * bool(text and text.contents)
    steps += ["the end notes stand in apart/"] * bool(text and text.notes)
    steps += [d.item.note] * bool(d.item.note)
    return {
        "source": d.item.name,
        "part": d.part,
        "status": d.status,
        "id": d.id,
        # Either may quote what the file says.
        "warnings": printable("; ".join(d.warnings)),
        "reason": printable(d.reason),
        "steps": "; ".join(steps),
        "encoding": text.encoding if text else "",
        "n_chars": len(text.text) if text else 0,
        "n_removed": sum(n for _, n, _ in _taken_away(text)) if text else 0,
        "n_bytes": d.item.n_bytes,
        "sha256": d.item.sha256,
        "original": d.item.original,
    }
