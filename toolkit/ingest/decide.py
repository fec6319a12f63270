"""Deciding on each text: accepted, accepted with warnings, or quarantined."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Literal

from toolkit.dates import iso_date, year_of
from toolkit.ingest.evidence import FIELDS, Evidence, evidence_of, kind_called
from toolkit.ingest.flags import identity_flags, near_duplicates, shortness
from toolkit.ingest.limits import fault
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.store import Item, Store, digest, file_id
from toolkit.loading import KINDS
from toolkit.metadata import DATES, row_problems

Status = Literal["accepted", "warned", "quarantined"]

# So many texts show what is usual among them.
_ENOUGH = 20
#: Columns of the corpus that are not for a table of texts to fill.
_RESERVED = ("id", "text", "doc_id", "file", "unit")


@dataclass(frozen=True)
class Decision:
    """Where a text ends, and all that will be written about it.

    Parameters
    ----------
    item : Item
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
    status: Status
    id: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    prepared: Prepared | None = None

    @property
    def part(self) -> str:
        """Which part of its file the text is."""
        return self.prepared.part if self.prepared else ""

    def used(self, e: Evidence) -> str:
        """Tell what became of a finding: in the metadata, or what stands there instead."""
        stands = self.metadata.get(e.field, "")
        return "used" if stands == e.value else f"not used: {stands}"


def decide(
    read: Sequence[tuple[Item, list[Prepared]]], store: Store, standing: Iterable[str]
) -> list[Decision]:
    """Decide on every text of every item.

    The ids are noted before anything else is written, so that a text has the same id in
    every run; those of the texts that are `standing` in the corpus are taken.
    """
    decisions: list[Decision] = []
    for item, texts in read:
        if item.reason:
            decisions.append(Decision(item, "quarantined", reason=item.reason))
        for text in texts:
            try:
                decisions.append(_decision(item, text))
            except Exception as error:
                reason = fault("deciding on it", error)
                decisions.append(Decision(item, "quarantined", reason=reason, prepared=text))
    return _with_likeness(_with_lengths(_with_ids(decisions, store, standing)))


def _decision(item: Item, text: Prepared) -> Decision:
    given = _checked({**text.given, **item.given})
    if not re.search(r"\w", text.text):
        left = "nothing is left of it but what belongs to its page"
        reason = "; ".join([left if text.removed else "there is no text in it", *text.doubts])
        return Decision(item, "quarantined", reason=reason, prepared=text)
    if problems := row_problems(given):
        mend = "or give its column another name, if it holds no dates"
        says = "; ".join(f"{k}: {v[:60]}" for k, v in {**given, "text": text.text}.items())
        reason = "; ".join([*problems, mend, f"it says {says}", *text.doubts])
        return Decision(item, "quarantined", reason=reason, prepared=text)
    for name in DATES:
        if name in given:
            given[name] = iso_date(given[name])
    dated = given.get("date") or given.get("published", "")
    own = {"date": dated, "year": str(year_of(given.get("year")) or year_of(dated) or "")}
    given |= {name: value for name, value in own.items() if value}
    # What a user's title tells comes before what the text does.
    text = replace(text, found=(*evidence_of(given), *text.found))
    metadata = dict.fromkeys(FIELDS, "") | given
    for e in text.found:
        if not metadata.get(e.field):
            metadata[e.field] = e.value
    doubts = (*text.doubts, *identity_flags(text.text, given, text.found))
    status: Status = "warned" if doubts else "accepted"
    told = tuple(dict.fromkeys(doubts))
    return Decision(item, status, warnings=told, metadata=metadata, prepared=text)


def _checked(given: dict[str, str]) -> dict[str, str]:
    """Write what the user gave as the corpus wants it."""
    if (kind := given.get("kind")) and kind not in KINDS:
        given = {**given, "kind": kind_called(kind), "kind_given": kind}
    if number := given.get("document_number"):
        given = {**given, "document_number": " ".join(number.split())}
    # These are the corpus' own; what a table says under their names stands beside them.
    return {f"{k}_given" if k in _RESERVED else k: v for k, v in given.items()}


def _with_ids(decisions: list[Decision], store: Store, standing: Iterable[str]) -> list[Decision]:
    ids = store.read("ids")
    _know_rows(decisions, ids, store.read("written").get("texts", {}))
    taken = {i.casefold() for i in (*ids.values(), *standing)}
    tried: Counter[str] = Counter()
    named = []
    for d in decisions:
        key = f"{d.item.key} {d.part}".strip()
        if d.status != "quarantined" and key not in ids:
            base = file_id(d.item.path)
            if d.part:
                base += f"-{re.sub(r'[^0-9]', '', d.part):0>4}"
            new = base
            while new.casefold() in taken:
                tried[base] += 1
                new = f"{base}-{tried[base] + 1}"
            ids[key] = new
            taken.add(new.casefold())
        named.append(d if d.status == "quarantined" else replace(d, id=ids[key]))
    store.note("ids", ids)
    return named


def _know_rows(
    decisions: Sequence[Decision], ids: dict[str, str], written: Mapping[str, str]
) -> None:
    """Let the rows of a table keep their ids where others were put in, moved or taken out.

    A row is the one with its text, at its number if there are several; else the one that
    had its number, unless that is another row by its text.
    """
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for d in decisions:
        if d.part and d.prepared and d.status != "quarantined":
            rows[d.item.key][d.part] = digest(d.prepared.text)
    before: dict[str, dict[str, str]] = defaultdict(dict)
    for key in [key for key in ids if key.partition(" ")[0] in rows]:
        before[key.partition(" ")[0]][key.partition(" ")[2]] = ids.pop(key)
    for item, texts in rows.items():
        left, now = before[item], {}
        for part, text in texts.items():
            if part in left and written.get(left[part]) == text:
                now[part] = left.pop(part)
        where = {written.get(i): part for part, i in left.items()}
        for part, text in texts.items():
            if part not in now and (was := where.pop(text, "")):
                now[part] = left.pop(was)
        now = {part: now.get(part) or left.pop(part, "") for part in texts}
        kept = {**left, **{part: i for part, i in now.items() if i}}
        ids.update({f"{item} {part}": i for part, i in kept.items()})


def _with_lengths(decisions: list[Decision]) -> list[Decision]:
    """Tell of texts that are far shorter than the others, or than one of their kind can be.

    Rows are judged by the other rows of their table: messages beside reports are not cut off.
    """
    lengths: dict[str, list[int]] = {}
    for d in decisions:
        if d.id and d.prepared:
            lengths.setdefault(d.part and d.item.sha256, []).append(d.prepared.n_chinese)
    usual = {table: median(n) if len(n) >= _ENOUGH else 0.0 for table, n in lengths.items()}
    found = []
    for d in decisions:
        text = d.prepared
        if d.id and text:
            among = usual[d.part and d.item.sha256] or (float(text.n_chinese) if d.part else 0.0)
            if short := shortness(text.n_chinese, kind=d.metadata["kind"], usual=among):
                d = replace(d, status="warned", warnings=(*d.warnings, short))
        found.append(d)
    return found


def _with_likeness(decisions: list[Decision]) -> list[Decision]:
    texts = {d.id: d for d in decisions if d.id}
    alike = near_duplicates({i: [*d.prepared.sketch] for i, d in texts.items() if d.prepared})
    for i, (other, share) in alike.items():
        d = texts[i]
        same = texts[other].item.sha256 == d.item.sha256 and not d.part
        word = f"the same file as {other}" if same else f"near-duplicate of {other} ({share:.0%})"
        texts[i] = replace(d, status="warned", warnings=(*d.warnings, word))
    return [texts.get(d.id, d) for d in decisions]
