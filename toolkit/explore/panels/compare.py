"""Two groups of texts side by side: words, shared passages, likeness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

from toolkit.compare import keyness, profile_similarity, reuse, similarity_map
from toolkit.compare.groups import two_groups
from toolkit.explore.blocks import Block, Figure, Note, Progress, Table, View
from toolkit.explore.controls import Code, Column, Control, Heading, Look, Panel, Row, chosen_by
from toolkit.explore.labels import labels
from toolkit.explore.session import Session
from toolkit.say import Language

_KEY = ["term", "log_ratio", "count_target", "count_reference", "g2", "p", "q"]
_SHARED = ["doc_a", "doc_b", "length", "similarity", "n_docs", "kind", "text_a", "text_b"]
Groups = dict[str, Any]


def compare_panel(session: Session, lang: Language) -> Panel:
    """Return the panel: two groups, and what is looked at."""
    say, units = labels("application", lang), session.corpus.units
    looks = [(say[f"look_{look}"], look) for look in ("keyness", "shared", "likeness")]
    controls, sides = [Control("look", w.ToggleButtons, {"options": looks})], []
    for side in ("a", "b"):
        lists, boxes = chosen_by(units, f"{side} ", say, rows=4, width="5.7rem")
        controls += lists
        sides.append(Column([Heading(say[f"group_{side}"]), *boxes]))
    seen = Row(
        [Column([Look("table")], "cgt-left"), Column(["drawn"], "cgt-right")], "cgt-split cgt-wide"
    )
    code = Code("export", ["table", "drawn"])
    return Panel(compare, controls, Column([Row(sides, "cgt-groups"), "look", "note", seen, code]))


def compare(session: Session, lang: Language, *, look: str, **chosen: Any) -> Iterator[Block]:
    """Show which words one group uses more, which passages both share, how alike they are."""
    say = labels("application", lang)
    target, reference = (
        {name[2:]: [*v] for name, v in chosen.items() if v and name.startswith(f"{side} ")}
        for side in "ab"
    )
    groups = {"target": target, "reference": reference or None}
    if look == "likeness":
        yield from _likeness(session, lang, groups)
    elif not target:
        yield Note("note", say["choose_group" if chosen else "no_groups"])
    elif look == "shared":
        yield from _shared(session, lang, groups)
    else:
        yield from _keyness(session, lang, groups)


def _keyness(session: Session, lang: Language, groups: Groups) -> Iterator[Block]:
    from toolkit.figures import plot_keyness

    for done in session.prepare():
        yield Progress(*done)
    say, tokens = labels("application", lang), session.tokens()
    view = View(keyness, tokens, groups)
    table = view.value(session)
    yield Note("note", say["few" if table["p"].isna().all() else "keyness_note"])
    seen = table[_KEY].assign(caution=cautions(table, say))
    yield Table("table", view, seen.dropna(axis="columns", how="all"))
    yield Figure("drawn", View(plot_keyness, tokens, groups | {"lang": lang}, "ax"))


def _shared(session: Session, lang: Language, groups: Groups) -> Iterator[Block]:
    """Show the passages that a text of the one group shares with one of the other."""
    texts = session.cleaned()
    view = View(reuse, texts, take="passages")
    passages = view.value(session)
    a, b = two_groups(texts.units, **groups)
    documents = texts.units["doc_id"].to_numpy()
    first, second = passages["doc_a"], passages["doc_b"]
    across = (first.isin(documents[a]) & second.isin(documents[b])) | (
        first.isin(documents[b]) & second.isin(documents[a])
    )
    note = labels("application", lang)["shared_note"]
    yield Note("note", note.format(n=int(across.sum()), all=len(passages)))
    yield Table("table", view, passages.loc[across, _SHARED])


def _likeness(session: Session, lang: Language, groups: Groups) -> Iterator[Block]:
    from toolkit.figures import plot_similarity

    say, topics = labels("application", lang), session.topics()
    by = next((c for c in ("city", "doc_id") if c in topics.units), "doc_id")
    note = say["likeness_note"]
    if groups["target"]:
        a, b = two_groups(topics.units, **groups)
        means = pd.DataFrame([topics.doc_topic[rows].mean(axis=0) for rows in (a, b)])
        alike = float(np.asarray(profile_similarity(means))[0, 1])
        note = f"{say['alike'].format(alike=alike)} {note}"
    yield Note("note", note)
    view = View(similarity_map, topics, {"by": by})
    yield Table("table", view, view.value(session).reset_index())
    yield Figure("drawn", View(plot_similarity, topics, {"by": by, "lang": lang}, "ax"))


def cautions(table: pd.DataFrame, say: dict[str, str]) -> list[str]:
    """Say what must be borne in mind with words of `toolkit.keyness`."""
    notes = []
    for row in table.to_dict("records"):
        total = row["count_target" if row["log_ratio"] > 0 else "count_reference"]
        most = say["caution_most"].format(row["most_count"], total, row["most_of"])
        found = [most] if row["most_of"] else []
        found += [say[f"caution_{row['absent_in']}"]] if row["absent_in"] else []
        notes.append(say["caution_and"].join(found))
    return notes
