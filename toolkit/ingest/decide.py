"""Deciding on each text: accepted, accepted with warnings, or quarantined."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from toolkit.ingest.evidence import FIELDS, Evidence
from toolkit.ingest.flags import identity_flags
from toolkit.ingest.likeness import near_duplicates
from toolkit.ingest.limits import fault
from toolkit.ingest.names import file_id
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.store import Item, Store, digest
from toolkit.loading import KINDS

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
    return _with_likeness(_with_ids(decisions, store, standing))


def _decision(item: Item, text: Prepared) -> Decision:
    given, doubts = _checked({**text.given, **item.given})
    metadata = dict.fromkeys(FIELDS, "") | given
    for e in text.found:
        if not metadata.get(e.field) and not (e.field == "city" and e.rule == "source"):
            metadata[e.field] = e.value
    if not re.search(r"\w", text.text):
        left = "nothing is left of it but what belongs to its page"
        reason = "; ".join([left if text.removed else "there is no text in it", *text.doubts])
        return Decision(item, "quarantined", reason=reason, prepared=text)
    doubts = [*doubts, *text.doubts, *identity_flags(text.text, given, text.found)]
    status: Status = "warned" if doubts else "accepted"
    told = tuple(dict.fromkeys(doubts))
    return Decision(item, status, warnings=told, metadata=metadata, prepared=text)


def _checked(given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Write what the user gave as the corpus wants it; tell what it cannot be."""
    doubts = []
    if (year := given.get("year")) and not re.fullmatch(r"\d{4}", year):
        match = re.search(r"(?<!\d)(?:19|20)\d{2}(?!\d)", year)
        given = {**given, "year": match[0] if match else "", "year_given": year}
        if not match:
            doubts.append(f"the year that was given is no year: {year[:20]!r}")
    if (kind := given.get("kind")) and kind not in KINDS:
        given = {**given, "kind": _KINDS.get(kind, "other"), "kind_given": kind}
    if number := given.get("document_number"):
        given = {**given, "document_number": " ".join(number.split())}
    # These are the corpus' own; what a table says under their names stands beside them.
    return {f"{k}_given" if k in _RESERVED else k: v for k, v in given.items()}, doubts


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


def _with_likeness(decisions: list[Decision]) -> list[Decision]:
    texts = {d.id: d for d in decisions if d.id}
    alike = near_duplicates({i: [*d.prepared.sketch] for i, d in texts.items() if d.prepared})
    for i, (other, share) in alike.items():
        d = texts[i]
        same = texts[other].item.sha256 == d.item.sha256 and not d.part
        word = f"the same file as {other}" if same else f"near-duplicate of {other} ({share:.0%})"
        texts[i] = replace(d, status="warned", warnings=(*d.warnings, word))
    return [texts.get(d.id, d) for d in decisions]
