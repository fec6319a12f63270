"""A phrase through the corpus: where it stands first, its variants, its use over time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from toolkit.compare.context import concordance
from toolkit.corpus import Corpus
from toolkit.recipe import Recipe, Recorded, step

_SENTENCES = {
    "en": {
        "first": "{phrase} stands first, within this corpus, in {document} of {year}{also}: "
        "“{sentence}” These texts are a selection: an earlier use outside of them is likely, and "
        "a text may tell of a phrase long after it was coined.",
        "also": " (and {others} other documents of that year)",
        "no year": "{phrase} stands in {documents} documents of this corpus; none of them has a "
        "year, so which is first cannot be told.",
    },
    "zh": {
        "first": "在本语料中，“{phrase}”最早见于{year}年的 {document}{also}：“{sentence}”"
        "这些文本只是一部分：语料之外很可能有更早的用例，一个说法也可能提出很久以后才被文本提到。",
        "also": "（同年另有{others}篇）",
        "no year": "本语料有{documents}篇文本用到“{phrase}”，但都没有注明年份，无从判断哪篇最早。",
    },
}


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

    def first(self, *, lang: Literal["zh", "en"] = "zh") -> str:
        """Say where the phrase stands first, and what that does not mean."""
        row, documents = self.sentences.iloc[0], self.sentences["doc_id"].nunique()
        say = _SENTENCES[lang]
        if "year" not in row or pd.isna(row["year"]):  # those without a year come last
            return say["no year"].format(phrase=self.phrase, documents=documents)
        same_year = self.sentences.loc[self.sentences["year"] == row["year"], "doc_id"]
        others = same_year.nunique() - 1
        return say["first"].format(
            phrase=self.phrase,
            document=row["doc_id"],
            year=row["year"],
            also=say["also"].format(others=others) if others else "",
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
    by: Sequence[str] = ("year", "city"),
) -> PhraseTrack:
    """Follow a phrase through cities and years.

    Parameters
    ----------
    corpus : Corpus
    phrase : str
        Found also where marks or spaces stand inside it.
    variants : sequence of str
        Other wordings to count as the phrase. Wordings of which one character differs
        are found and listed, but not counted unless they are given here.
    by : sequence of str
        Columns that group the counts.

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
    problems = [
        f"units have no column {column!r}; they have {[*corpus.units]}"
        for column in by
        if column not in corpus.units
    ]
    if len(phrase) < 2:
        problems.append(f"a phrase has at least two characters; {phrase!r} has not")
    if problems:
        raise ValueError("; ".join(problems))
    wordings = {phrase: "as written"} | {v: "given" for v in variants if v != phrase}
    pattern = "|".join(_loose(w) for w in sorted(wordings, key=len, reverse=True))
    try:
        found = concordance(corpus, pattern, regex=True)
    except ValueError:
        near = _near(corpus, phrase)
        hint = f"; near to it are {', '.join(near['variant'][:8])}" if len(near) else ""
        raise ValueError(f"{phrase!r} does not occur in these {len(corpus)} texts{hint}") from None
    if "year" in found:
        found = found.sort_values("year", kind="stable", na_position="last", ignore_index=True)
    kinds = [wordings.get(m, "marks or spaces inside") for m in found["match"]]
    listed = _listed(found["match"], kinds, found["doc_id"], counted=True)
    near = _near(corpus, phrase)
    near = near[~near["variant"].isin(listed["variant"])]
    return PhraseTrack(
        phrase,
        _counts(corpus, found, [*by]),
        pd.concat([listed, near], ignore_index=True),
        found,
    )


def _loose(wording: str) -> str:
    """Return a pattern that allows marks and spaces between the characters."""
    return r"[\s\"“”‘’'·、—-]?".join(map(re.escape, wording))


def _near(corpus: Corpus, phrase: str) -> pd.DataFrame:
    """Return the wordings of which one character differs; short phrases have too many."""
    if len(phrase) < 4:
        return _listed(pd.Series([], dtype=object), [], pd.Series([], dtype=object), counted=False)
    patterns = [
        re.escape(phrase[:i]) + r"[\u4e00-\u9fff]" + re.escape(phrase[i + 1 :])
        for i in range(len(phrase))
    ]
    matcher = re.compile("|".join(patterns))
    found = [
        (match.group(), doc)
        for text, doc in zip(corpus.units["text"], corpus.units["doc_id"], strict=True)
        for match in matcher.finditer(text)
        if match.group() != phrase
    ]
    match = pd.Series([m for m, _ in found], dtype=object)
    documents = pd.Series([d for _, d in found], dtype=object)
    return _listed(match, ["one character differs"] * len(found), documents, counted=False)


def _listed(
    match: pd.Series[str], kinds: list[str], documents: pd.Series[str], *, counted: bool
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
    table = units.groupby(by, sort=True, dropna=False).agg(
        documents=("doc_id", "nunique"),
        documents_with=("doc_with", "nunique"),
        count=("count", "sum"),
        characters=("characters", "sum"),
    )
    table["rate"] = table["count"] / table["characters"] * 1e4
    return table.reset_index()
