"""What must be told of the texts that a table or a figure rests on, in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from toolkit.say import Column, Language, Several, Text, Value, several
from toolkit.units import flawed_texts

_NAMED = 5  # texts with a flaw that a caption names


def flaws(units: pd.DataFrame | None, by: str | None) -> tuple[list[Text], list[Text]]:
    """Return what must be told of the units: below the figure, and in its caption."""
    if units is None:
        return [], []
    short, notes = [], []
    texts = f"{units['doc_id'].nunique():,}"
    without = 0 if by not in units else units.loc[units[by].isna(), "doc_id"].nunique()
    if by is not None and without:
        fields = {"n": f"{without:,}", "all": texts, "column": Column(by)}
        short.append(Text("notes.none_given", fields))
        notes.append(short[-1])
    if flawed := flawed_texts(units):
        named: list[Any] = [*flawed[:_NAMED]]
        named += [Text("notes.more")] * (len(flawed) > _NAMED)
        fields = {"n": f"{len(flawed):,}", "all": texts, "texts": several(named)}
        short.append(Text("notes.flawed_short", fields))
        notes.append(Text("notes.flawed", fields))
    return short, notes


def missing(
    units: pd.DataFrame | None, by: str | None, drawn: Iterable[Any] | None, chosen: bool
) -> list[Text]:
    """Return the note on groups that are not wanted, or have nothing to draw."""
    if units is None or by is None or by not in units or drawn is None:
        return []
    shown = {*drawn}
    missing = [g for g in units[by].dropna().unique() if g not in shown]
    if missing and chosen:
        fields = {"n": len(shown), "all": len(shown) + len(missing), "column": Column(by)}
        return [Text("notes.chosen", fields)]
    names = several(Value(by, group, units) for group in missing)
    return [Text("notes.empty", {"groups": names})] if missing else []


def basis(source: Any, units: pd.DataFrame | None) -> list[Text]:
    """Return the note on what a figure rests on: texts, passages, years, number of topics."""
    if units is None:
        return []
    texts = units["doc_id"].nunique()
    parts = [Text("notes.basis_texts", {"n": f"{texts:,}"})]
    if len(units) > texts:
        parts.append(Text("notes.basis_passages", {"n": f"{len(units):,}"}))
    if "year" in units and not (years := units["year"].dropna()).empty:
        span = [*dict.fromkeys(str(year).removesuffix(".0") for year in (years.min(), years.max()))]
        parts.append(Text("notes.basis_years", {"years": "–".join(span)}))
    if isinstance(k := getattr(source, "k", None), int):
        parts.append(Text("notes.basis_topics", {"k": k}))
    between: dict[Language, str] = {"zh": "，", "en": ", "}
    return [Text("notes.basis", {"parts": Several(tuple(parts), between)})]


def ends_of(data: pd.DataFrame, value: str, lang: Language) -> dict[str, str]:
    """Say what the row with the most and the row with the least of a value are called."""
    ordered = data.dropna(subset=value).sort_values(value, kind="stable")
    ordered = ordered.drop(columns=["most_of", "absent_in"], errors="ignore")
    found = {}
    for end, place in (("most", -1), ("least", 0)):
        row = ordered.iloc[place]
        names = [Value(str(c), v).said(lang) for c, v in row.items() if isinstance(v, str) and v]
        if (named := ordered.index.name) is not None or not names:
            names.insert(0, Value(str(named), ordered.index[place]).said(lang))
        number = f"{row[value]:.3g}".replace("-", "\N{MINUS SIGN}")
        found[end] = f"{several(names[:2]).said(lang)} ({number})"
    return found


def topic_labels(labels: Mapping[int, str]) -> list[Text]:
    """Return the note that lists the labels of topics; none without labels."""
    if not labels:
        return []
    named = [f"{topic} {label}" for topic, label in sorted(labels.items())]
    return [Text("notes.labels", {"labels": Several(tuple(named), {"zh": "；", "en": "; "})})]


def units_of(source: Any) -> pd.DataFrame | None:
    """Return the units of a value; None if it has none."""
    units = getattr(source, "units", None)
    return units if units is not None and "doc_id" in units else None
