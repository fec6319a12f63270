"""Deciding on each text: accepted, accepted with warnings, or quarantined."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from toolkit.ingest.encodings import decode
from toolkit.ingest.evidence import FIELDS, Evidence
from toolkit.ingest.flags import identity_flags
from toolkit.ingest.likeness import near_duplicates
from toolkit.ingest.limits import UnreadableError
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.sources import Item
from toolkit.ingest.writing import file_id, read_json, write_json
from toolkit.loading import KINDS, CorpusError

Status = Literal["accepted", "warned", "quarantined"]

# What users and lists call the kinds, in their own words.
_KINDS = {
    "政府工作报告": "report",
    "报告": "report",
    "条例": "regulation",
    "法规": "regulation",
    "规划": "policy",
    "政策": "policy",
    "新闻": "news",
    "论文": "theory",
    "理论文章": "theory",
    "讲话": "speech",
    "访谈": "interview",
    "案例": "case",
}
_EMPTY = "nothing is left of it but what belongs to its page"


@dataclass(frozen=True)
class Decision:
    """Where a text ends, and all that will be written about it.

    Parameters
    ----------
    item : Item
    part : str
    status : {"accepted", "warned", "quarantined"}
    id : str
        Of the text in the corpus; empty if quarantined.
    reason : str
        Of a quarantine.
    warnings : tuple of str
    metadata : dict
        The columns of ``metadata.csv``: what was given, and what was found for the rest.
    prepared : Prepared or None
    """

    item: Item
    part: str
    status: Status
    id: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    prepared: Prepared | None = None


def decide(read: Sequence[tuple[Item, list[Prepared]]], into: Path) -> list[Decision]:
    """Decide on every text of every item.

    The ids are kept in ``.intake/ids.json`` before anything else is written, so that a
    text has the same id in every run.
    """
    decisions: list[Decision] = []
    for item, texts in read:
        if item.reason:
            decisions.append(Decision(item, "", "quarantined", reason=item.reason,
                                      metadata=dict(item.given)))  # fmt: skip
        decisions += [_decision(item, text) for text in texts]
    decisions = _with_ids(decisions, into)
    return _with_likeness(decisions)


def _decision(item: Item, text: Prepared) -> Decision:
    given, doubts = _checked({**text.given, **item.given})
    metadata = dict.fromkeys(FIELDS, "") | given
    for e in text.found:
        if not metadata.get(e.field) and not (e.field == "city" and e.rule == "source"):
            metadata[e.field] = e.value
    if not re.search(r"\w", text.text):
        reason = _EMPTY if text.removed else "there is no text in it"
        return Decision(item, text.part, "quarantined", reason=reason, metadata=metadata,
                        prepared=text)  # fmt: skip
    doubts = [*doubts, *text.doubts, *identity_flags(text.text, given, text.found)]
    return Decision(
        item,
        text.part,
        "warned" if doubts else "accepted",
        warnings=tuple(dict.fromkeys(doubts)),
        metadata=metadata,
        prepared=text,
    )


def _checked(given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Write what the user gave as the corpus wants it; tell what it cannot be."""
    doubts = []
    if (year := given.get("year")) and not re.fullmatch(r"\d{4}", year):
        match = re.search(r"(?<!\d)(?:19|20)\d{2}(?!\d)", year)
        given = {**given, "year": match[0] if match else ""}
        if not match:
            doubts.append(f"the year that was given is no year: {year[:20]!r}")
    if (kind := given.get("kind")) and kind not in KINDS:
        given = {**given, "kind": _KINDS.get(kind, "other"), "kind_given": kind}
    if number := given.get("document_number"):
        given = {**given, "document_number": " ".join(number.split())}
    reserved = {"id", "text", "doc_id", "file", "unit"}
    return {k: v for k, v in given.items() if k not in reserved}, doubts


def _with_ids(decisions: list[Decision], into: Path) -> list[Decision]:
    path = into / ".intake" / "ids.json"
    ids: dict[str, str] = read_json(path, {})
    taken = {i.casefold() for i in ids.values()} | _rows_of_others(into, set(ids.values()))
    named = []
    for d in decisions:
        if d.status == "quarantined":
            named.append(d)
            continue
        key = f"{d.item.key} {d.part}".strip()
        if key not in ids:
            base = file_id(d.item.path)
            if d.part:
                base += f"-{re.sub(r'[^0-9]', '', d.part):0>4}"
            ids[key] = _free(base, taken)
            taken.add(ids[key].casefold())
        named.append(replace(d, id=ids[key]))
    write_json(path, ids)
    return named


def _free(base: str, taken: set[str]) -> str:
    number = 1
    name = base
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    return name


def _rows_of_others(into: Path, own: set[str]) -> set[str]:
    """Return the ids of texts that stood in the corpus before, and whose names are taken."""
    _, rows = standing(into)
    return {row["id"].casefold() for row in rows} - {i.casefold() for i in own}


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


def _with_likeness(decisions: list[Decision]) -> list[Decision]:
    texts = {d.id: d for d in decisions if d.id and d.prepared is not None}
    alike = near_duplicates({i: [*d.prepared.sketch] for i, d in texts.items() if d.prepared})
    result = []
    for d in decisions:
        if d.id in alike:
            other, share = alike[d.id]
            same = texts[other].item.sha256 == d.item.sha256 and not d.part
            word = (
                f"the same file as {other}" if same else f"near-duplicate of {other} ({share:.0%})"
            )
            d = replace(d, status="warned", warnings=(*d.warnings, word))
        result.append(d)
    return result


def used(decision: Decision, e: Evidence) -> str:
    """Tell what became of a finding: in the metadata, or what stands there instead."""
    stands = decision.metadata.get(e.field, "")
    return "used" if stands == e.value else f"not used: {stands}"
