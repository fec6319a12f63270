"""A phrase through the corpus: where it stands first, its variants, its use over time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare.context import concordance
from toolkit.corpus import Corpus
from toolkit.recipe import Recipe, Recorded, step
from toolkit.say import Language, say
from toolkit.structure import HAN
from toolkit.units import check_apart, values_of

_USUAL = ("year", "city")
_INSIDE = "marks or spaces inside"
# Marks and spaces that may stand inside a joined wording; a line's end is none of them.
_JOINING = r"[^\S\r\n]|[\"“”‘’'·、—-]"


@dataclass(frozen=True, eq=False)
class PhraseTrack(Recorded):
    """Where and when a phrase is used.

    Parameters
    ----------
    phrase : str
    counts : DataFrame
        One row for each group of texts, those without the phrase too: the columns that
        group, ``documents``, ``documents_with``, ``count``, ``characters``, ``rate`` (per
        10,000 characters).
    variants : DataFrame
        ``variant``, ``kind`` ("as written", "marks or spaces inside", "given", "one
        character differs"), ``count``, ``documents``, ``first_doc``, ``counted`` (whether
        it is part of `counts`).
    sentences : DataFrame
        Each occurrence that counts, oldest first; see `concordance`.
    recipe : Recipe
    """

    phrase: str
    counts: pd.DataFrame
    variants: pd.DataFrame
    sentences: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def first(self, *, lang: Language = "zh") -> str:
        """Say where the phrase stands first, in which wording, and what that does not mean."""
        row, documents = self.sentences.iloc[0], self.sentences["doc_id"].nunique()
        if "year" not in row or pd.isna(row["year"]):  # those without a year come last
            return say("track.no_year", lang, phrase=self.phrase, documents=documents)
        same_year = self.sentences.loc[self.sentences["year"] == row["year"], "doc_id"]
        others = same_year.nunique() - 1
        worded = row["match"] != self.phrase
        return say(
            "track.first",
            lang,
            phrase=self.phrase,
            worded=say("track.worded", lang, wording=row["match"]) if worded else "",
            document=row["doc_id"],
            year=row["year"],
            also=say("track.also", lang, others=others) if others else "",
            sentence=row["sentence"],
        )

    def __repr__(self) -> str:
        documents = self.sentences["doc_id"].nunique()
        return f"PhraseTrack: {self.phrase}, {len(self.sentences)} times in {documents} documents"


@step("track")
def track_phrase(
    corpus: Corpus,
    phrase: str,
    *,
    variants: Sequence[str] = (),
    joined: bool = False,
    by: str | Sequence[str] | None = None,
) -> PhraseTrack:
    """Follow a phrase through cities and years.

    Parameters
    ----------
    corpus : Corpus
    phrase : str
    variants : sequence of str
        Other wordings to count as the phrase. Wordings of which one character differs
        are found and listed, but not counted unless they are given here.
    joined : bool
        Count the phrase also where quotes, spaces, 、 or dashes stand inside it, within a
        line (改革、开放 for 改革开放). Such wordings are listed in any case.
    by : column of the units, or several
        Columns that group the counts; if not given, year and city, as far as there are such.

    Returns
    -------
    PhraseTrack

    Raises
    ------
    ValueError
        If the phrase does not occur, is shorter than two characters, or a column is
        unknown.

    Examples
    --------
    >>> track = track_phrase(Corpus.sample(), "接诉即办")
    >>> track
    PhraseTrack: 接诉即办, 12 times in 6 documents
    >>> track.variants.loc[track.variants["kind"] == "one character differs", "variant"].tolist()
    ['青诉即办']
    """
    by = values_of([c for c in _USUAL if c in corpus.units] if by is None else by)
    problems = [
        f"units have no column {column!r}; they have {[*corpus.units]}"
        for column in by
        if column not in corpus.units
    ]
    if len(phrase) < 2:
        problems.append(f"a phrase has at least two characters; {phrase!r} has not")
    if problems:
        raise ValueError("; ".join(problems))
    check_apart(by, ["documents", "documents_with", "count", "characters", "rate"])
    given = dict.fromkeys([phrase, *variants])
    wordings = [_loose(w) if joined else re.escape(w) for w in sorted(given, key=len, reverse=True)]
    near = _near(corpus, phrase)
    try:
        found = concordance(corpus, "|".join(wordings), regex=True)
    except ValueError:
        hint = f"; near to it are {'; '.join(near['variant'][:8])}" if len(near) else ""
        if (near["kind"] == _INSIDE).any():
            hint += " (joined=True counts those with marks or spaces inside)"
        raise ValueError(f"{phrase!r} does not occur in these {len(corpus)} texts{hint}") from None
    if "year" in found:
        found = found.sort_values("year", kind="stable", na_position="last", ignore_index=True)
    known = dict.fromkeys(given, "given") | {phrase: "as written"}
    kinds = [known.get(match, _INSIDE) for match in found["match"]]
    listed = _listed([*found["match"]], kinds, [*found["doc_id"]], counted=True)
    near = near[~near["variant"].isin(listed["variant"])]
    variants_found = pd.concat([listed, near], ignore_index=True)
    return PhraseTrack(phrase, _counts(corpus, found, [*by]), variants_found, found)


def _loose(wording: str) -> str:
    """Return a pattern that allows marks and spaces between the characters."""
    return f"(?:{_JOINING})?".join(map(re.escape, wording))


def _near(corpus: Corpus, phrase: str) -> pd.DataFrame:
    """Return the wordings with marks inside, or of which one character differs.

    Of phrases of two and three characters too many differ in one.
    """
    patterns = [_loose(phrase)] + [
        re.escape(phrase[:i]) + rf"[{HAN}]" + re.escape(phrase[i + 1 :])
        for i in range(len(phrase) if len(phrase) >= 4 else 0)
    ]
    matcher = re.compile("|".join(patterns))
    found = [
        (match.group(), doc)
        for text, doc in zip(corpus.units["text"], corpus.units["doc_id"], strict=True)
        for match in matcher.finditer(text)
        if match.group() != phrase
    ]
    inside = re.compile(patterns[0])
    kinds = [_INSIDE if inside.fullmatch(m) else "one character differs" for m, _ in found]
    return _listed([m for m, _ in found], kinds, [doc for _, doc in found], counted=False)


def _listed(
    match: list[str], kinds: list[str], documents: list[str], *, counted: bool
) -> pd.DataFrame:
    table = pd.DataFrame({"variant": match, "kind": kinds, "doc_id": documents})
    grouped = table.groupby(["variant", "kind"], sort=False)["doc_id"]
    listed = grouped.agg(["size", "nunique", "first"]).reset_index()
    listed.columns = pd.Index(["variant", "kind", "count", "documents", "first_doc"])
    listed["counted"] = counted
    return listed.sort_values("count", ascending=False, kind="stable", ignore_index=True)


def _counts(corpus: Corpus, found: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    units = corpus.units.assign(
        characters=corpus.units["text"].str.count(r"\w"),
        count=found["unit_id"].value_counts().reindex(corpus.units.index, fill_value=0),
    )
    units["doc_with"] = units["doc_id"].where(units["count"] > 0)
    key: Any = by or np.zeros(len(units), dtype=int)  # all in one group
    table = units.groupby(key, sort=True, dropna=False).agg(
        documents=("doc_id", "nunique"),
        documents_with=("doc_with", "nunique"),
        count=("count", "sum"),
        characters=("characters", "sum"),
    )
    table["rate"] = table["count"] / table["characters"] * 1e4
    return table.reset_index(drop=not by)
