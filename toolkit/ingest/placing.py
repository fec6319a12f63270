"""Writing what was decided: the corpus, and the tables that tell all."""

from __future__ import annotations

import csv
import hashlib
import io
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.ingest.decide import Decision
from toolkit.ingest.encodings import decode
from toolkit.ingest.evidence import FIELDS
from toolkit.ingest.limits import UnreadableError
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.sources import STATE
from toolkit.ingest.writing import printable, read_json, write_json, write_table, write_whole
from toolkit.loading import CorpusError

_REPORT = (
    *("source", "part", "status", "id", "warnings", "reason", "steps", "encoding"),
    *("n_chars", "n_removed", "n_bytes", "sha256", "original"),
)
_FIRST = ("id", "file", *FIELDS)


def place(decisions: Sequence[Decision], into: Path) -> pd.DataFrame:
    """Write the folder; return the table of what became of each file.

    What a user edited stays: a text or a cell that is not what intake wrote. What is about
    to be written is noted before, so that a run that was stopped does not take its own
    writing for a user's.
    """
    state = into / STATE
    written, begun = (read_json(state / f"{name}.json", {}) for name in ("written", "writing"))
    texts = {d.id: d.prepared for d in decisions if d.id and d.prepared}
    now: dict[str, Any] = {
        "texts": {i: _digest(_bytes(text.text)) for i, text in texts.items()},
        "cells": {d.id: _cells(d) for d in decisions if d.id},
    }
    write_json(state / "writing.json", now)
    ours = [run for run in (written, begun) if run]
    edited = _write_texts(texts, into, [run["texts"] for run in ours])
    kept = _write_metadata(now["cells"], into, [run["cells"] for run in ours], edited)
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
    write_table(into / "evidence.csv", columns, found)
    write_table(into / "removed.csv", ("id", "rule", "n_chars", "removed"), removed)
    write_table(into / "intake.csv", _REPORT, report)
    write_json(state / "written.json", now)
    (state / "writing.json").unlink()
    return pd.DataFrame(report, columns=[*_REPORT])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _stands(path: Path) -> str:
    """Return the digest of what stands in a file; empty if there is none."""
    return _digest(path.read_bytes()) if path.is_file() else ""


def _taken_away(text: Prepared) -> list[tuple[str, int, str]]:
    """Return rule, number of characters, and a line in full or an example of what changed."""
    return [*((rule, len(line), line) for rule, line in text.removed), *text.changed]


def _write_texts(
    texts: dict[str, Prepared], into: Path, ours: Sequence[dict[str, str]]
) -> set[str]:
    """Write the texts; return which ones a user had edited, with those that are no more."""
    edited = set()
    for i in {i for run in ours for i in run} | {*texts}:
        stands = _stands(into / "texts" / f"{i}.txt")
        known = {run.get(i, "") for run in ours}
        if i in texts:
            known.add(_digest(_bytes(texts[i].text)))
        if stands and stands not in known:
            edited.add(i)
    for i, text in texts.items():
        if i not in edited:
            write_whole(into / "texts" / f"{i}.txt", _bytes(text.text))
        for name, part in (("contents", text.contents), ("notes", text.notes)):
            aside = into / "apart" / f"{i}-{name}.txt"
            if part:
                write_whole(aside, _bytes(part))
            else:
                aside.unlink(missing_ok=True)
    return edited


def _remove_texts(gone: Iterable[str], kept: set[str], into: Path) -> None:
    """Remove the texts whose sources are out, but for what a user made of them."""
    for i in gone:
        for name in ("contents", "notes"):
            (into / "apart" / f"{i}-{name}.txt").unlink(missing_ok=True)
        if i not in kept:
            (into / "texts" / f"{i}.txt").unlink(missing_ok=True)
    if kept:
        shown = ", ".join(sorted(kept)[:5]) + " …" * (len(kept) > 5)
        warnings.warn(
            f"{len(kept)} texts were edited by hand and stay without their sources: {shown}",
            stacklevel=5,
        )


def standing(into: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and rows of ``metadata.csv``, in whatever encoding it was saved.

    Raises
    ------
    CorpusError
        If it is no such table.
    """
    path = into / "metadata.csv"
    try:
        text = decode(path.read_bytes()).text
    except FileNotFoundError:
        return [], []
    except UnreadableError as error:
        raise CorpusError([f"{path}: {error}"]) from error
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restval="")
    columns = [*(reader.fieldnames or ())]
    if "id" not in columns:
        raise CorpusError([f"{path}: there is no column id; there are {', '.join(columns)}"])
    return columns, [{k: v or "" for k, v in row.items() if k} for row in reader]


def _write_metadata(
    now: dict[str, dict[str, str]],
    into: Path,
    ours: Sequence[dict[str, dict[str, str]]],
    edited: set[str],
) -> set[str]:
    """Write the rows of the texts among those of others; return which ones stay for their edits."""
    columns, rows = standing(into)
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
    columns = [*columns, *_FIRST, *(c for row in stands.values() for c in row)]
    # A flaw is there to be asked for, also where no text has one.
    columns = [*dict.fromkeys((*columns, "flaw"))]
    write_table(into / "metadata.csv", columns, [stands[i] for i in sorted(stands)])
    return kept


def _cells(d: Decision) -> dict[str, str]:
    """Return the row of a text."""
    row = {"id": d.id, "file": f"texts/{d.id}.txt"}
    row |= {c: " ".join(v.split()) for c, v in d.metadata.items() if c.strip()}
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
