"""Writing what was decided: the corpus, and the tables that tell all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.ingest.decide import Decision, standing, used
from toolkit.ingest.evidence import FIELDS
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.writing import printable, read_json, write_json, write_table, write_whole

_REPORT = (
    *("source", "part", "status", "id", "warnings", "reason", "steps", "encoding"),
    *("n_chars", "n_removed", "n_bytes", "sha256", "original"),
)
_FIRST = ("id", "file", *FIELDS)


def place(decisions: Sequence[Decision], into: Path) -> pd.DataFrame:
    """Write the folder; return the table of what became of each file.

    What a user edited stays: a text or a cell that is not what intake wrote last.
    """
    written_path = into / ".intake" / "written.json"
    written: dict[str, Any] = read_json(written_path, {"texts": {}, "cells": {}})
    placed = [d for d in decisions if d.id]
    texts, edited = _write_texts(placed, into, written["texts"])
    cells = _write_metadata(placed, into, written["cells"])
    report = [_row(d, edited=d.id in edited) for d in decisions]
    write_table(
        into / "evidence.csv",
        ("id", "field", "value", "rule", "evidence", "used"),
        [
            {"id": d.id, **e._asdict(), "used": used(d, e)}
            for d in placed
            if d.prepared
            for e in d.prepared.found
        ],
    )
    write_table(
        into / "removed.csv",
        ("id", "rule", "n_chars", "removed"),
        [
            {"id": d.id, "rule": rule, "n_chars": n, "removed": shown}
            for d in placed
            if d.prepared
            for rule, n, shown in _taken_away(d.prepared)
        ],
    )
    write_table(into / "intake.csv", _REPORT, report)
    write_json(written_path, {"texts": texts, "cells": cells})
    return pd.DataFrame(report, columns=[*_REPORT])


def _taken_away(text: Prepared) -> list[tuple[str, int, str]]:
    """Return rule, number of characters, and a line in full or an example of what changed."""
    return [*((rule, len(line), line) for rule, line in text.removed), *text.changed]


def _write_texts(
    placed: Sequence[Decision], into: Path, before: dict[str, str]
) -> tuple[dict[str, str], set[str]]:
    """Write the texts; return what was written and which ones a user had edited."""
    now: dict[str, str] = {}
    edited = set()
    for d in placed:
        assert d.prepared is not None  # what has an id has a text
        path = into / "texts" / f"{d.id}.txt"
        data = d.prepared.text.encode("utf-8", "replace")
        now[d.id] = hashlib.sha256(data).hexdigest()
        found = _digest(path)
        if found and found != now[d.id] and found != before.get(d.id, found):
            edited.add(d.id)
        else:
            write_whole(path, data)
        for name, part in (("contents", d.prepared.contents), ("notes", d.prepared.notes)):
            aside = into / "apart" / f"{d.id}-{name}.txt"
            if part:
                write_whole(aside, part.encode("utf-8", "replace"))
            else:
                aside.unlink(missing_ok=True)
    for gone in before.keys() - now.keys():
        path = into / "texts" / f"{gone}.txt"
        if _digest(path) == before[gone]:
            path.unlink()
        for name in ("contents", "notes"):
            (into / "apart" / f"{gone}-{name}.txt").unlink(missing_ok=True)
    return now, edited


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _write_metadata(
    placed: Sequence[Decision], into: Path, before: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """Write the rows of the texts among those of others; return the cells of our own."""
    columns, rows = standing(into)
    columns += [c for c in _FIRST if c not in columns]
    stands = {row["id"]: row for row in rows}
    now: dict[str, dict[str, str]] = {}
    for d in placed:
        row = {"id": d.id, "file": f"texts/{d.id}.txt"}
        row |= {c: " ".join(v.split()) for c, v in d.metadata.items() if c.strip()}
        if d.warnings:
            row["flaw"] = "; ".join(x for x in (row.get("flaw", ""), *d.warnings) if x)
        now[d.id] = row
    for gone in before.keys() - now.keys():
        stands.pop(gone, None)
    for i, row in now.items():
        old, last = stands.get(i, {}), before.get(i)
        # A cell that is not what we wrote last was written by the user.
        own = {c: v for c, v in old.items() if last is not None and v != last.get(c, "")}
        stands[i] = {**row, **own}
    columns += [c for row in stands.values() for c in row if c not in columns]
    columns.append("flaw")  # there to be asked for, also where no text has one
    columns = list(dict.fromkeys(columns))
    write_table(into / "metadata.csv", columns, [stands[i] for i in sorted(stands)])
    return now


def _row(d: Decision, *, edited: bool) -> dict[str, Any]:
    text = d.prepared
    steps = [*(text.steps if text else ())]
    if edited:
        steps.append("the text was edited by hand and stays as it is")
    if text and text.contents:
        steps.append("the table of contents stands in apart/")
    if text and text.notes:
        steps.append("the end notes stand in apart/")
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
