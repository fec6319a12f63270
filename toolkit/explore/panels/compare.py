"""Two groups of texts side by side: words, shared passages, likeness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

import toolkit.explore.parts as p
from toolkit.compare import keyness, profile_similarity, reuse, similarity_map
from toolkit.compare.keywords import two_groups
from toolkit.explore.focus import Focus
from toolkit.explore.labels import Labels
from toolkit.explore.session import Session

_KEY = ["term", "log_ratio", "count_target", "count_reference", "g2", "p", "q"]
_SHARED = ["doc_a", "doc_b", "length", "similarity", "n_docs", "kind", "text_a", "text_b"]
Groups = dict[str, Any]


def compare_panel(session: Session, say: Labels) -> p.Panel:
    """Return the panel: two groups, and what is looked at."""
    units = session.corpus.units
    looks = [(say[f"look_{look}"], look) for look in ("keyness", "shared", "likeness")]
    sides = []
    for side in ("a", "b"):
        lists = p.chosen_by(units, f"{side} ", say, rows=4, width="5.7rem")
        sides.append(p.Column([w.Label(say[f"group_{side}"]), *lists]))
    seen = [p.Column([p.Look("table")], "cgt-left"), p.Column(["drawn"], "cgt-right")]
    parts = [
        p.Row(sides, "cgt-groups"),
        p.Control("look", w.ToggleButtons, {"options": looks}),
        "note",
        p.Row(seen, "cgt-split cgt-wide"),
        p.Code("export", ["table", "drawn"]),
    ]
    return p.Panel(compare, p.Column(parts))


def compare(session: Session, say: Labels, *, look: str, **chosen: Any) -> Iterator[p.Block]:
    """Show which words one group uses more, which passages both share, how alike they are."""
    target, reference = (
        {name[2:]: [*v] for name, v in chosen.items() if v and name.startswith(f"{side} ")}
        for side in "ab"
    )
    groups = {"target": target, "reference": reference or None}
    if look == "likeness":
        yield from _likeness(session, say, groups)
    elif not target:
        yield p.note("note", say["choose_group" if chosen else "no_groups"])
    elif look == "shared":
        yield from _shared(session, say, groups)
    else:
        yield from _keyness(session, say, groups)


def _keyness(session: Session, say: Labels, groups: Groups) -> Iterator[p.Block]:
    from toolkit.figures import plot_keyness

    yield from session.prepare()
    tokens = session.tokens()
    view = p.View(keyness, tokens, groups)
    table = view.value(session)
    yield p.note("note", say["few" if table["p"].isna().all() else "keyness_note"])
    seen = table[_KEY].assign(caution=cautions(table, say))

    def focus(row: int) -> Focus:
        which = "target" if table["log_ratio"].iloc[row] > 0 else "reference"
        return Focus(term=str(table["term"].iloc[row]), group=groups[which] or {})

    yield p.Table("table", view, seen.dropna(axis="columns", how="all"), focus=focus)
    drawn = p.View(plot_keyness, tokens, groups | {"lang": say.lang}, "ax")
    yield p.figure("drawn", drawn, session, say.lang)


def _shared(session: Session, say: Labels, groups: Groups) -> Iterator[p.Block]:
    """Show the passages that a text of the one group shares with one of the other."""
    texts = session.cleaned()
    view = p.View(reuse, texts, take="passages")
    passages = view.value(session)
    documents = texts.units["doc_id"].to_numpy()
    a, b = (documents[rows] for rows in two_groups(texts.units, **groups))
    first, second = passages["doc_a"], passages["doc_b"]
    across = (first.isin(a) & second.isin(b)) | (first.isin(b) & second.isin(a))
    yield p.note("note", say["shared_note"].format(n=int(across.sum()), all=len(passages)))
    yield p.Table("table", view, passages.loc[across, _SHARED])


def _likeness(session: Session, say: Labels, groups: Groups) -> Iterator[p.Block]:
    from toolkit.figures import plot_similarity

    topics, told = session.topics(), say["likeness_note"]
    grouping = (*groups["target"], "city", *p.columns(topics.units))
    units = topics.units[topics.filled]
    # A map needs three places.
    by = next((c for c in grouping if c in units and units[c].nunique() > 2), "doc_id")
    if groups["target"]:
        rows = two_groups(topics.units, **groups)
        means = pd.DataFrame([topics.doc_topic[group].mean(axis=0) for group in rows])
        alike = float(np.asarray(profile_similarity(means))[0, 1])
        told = f"{say['alike'].format(alike=alike)} {told}"
    yield p.note("note", told)
    view = p.View(similarity_map, topics, {"by": by})
    yield p.Table("table", view, view.value(session).reset_index())
    drawn = p.View(plot_similarity, topics, {"by": by, "lang": say.lang}, "ax")
    yield p.figure("drawn", drawn, session, say.lang)


def cautions(table: pd.DataFrame, say: Labels) -> list[str]:
    """Say what must be borne in mind with words of `toolkit.keyness`."""
    notes = []
    for row in table.to_dict("records"):
        total = row["count_target" if row["log_ratio"] > 0 else "count_reference"]
        most = say["caution_most"].format(row["most_count"], total, row["most_of"])
        found = [most] if row["most_of"] else []
        found += [say[f"caution_{row['absent_in']}"]] if row["absent_in"] else []
        notes.append(say["caution_and"].join(found))
    return notes
