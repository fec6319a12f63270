"""Where a string stands: its concordance, and a phrase through cities and years."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.recipe import Recipe, Recorded, check_numbers, step
from toolkit.say import Language, say
from toolkit.segmentation import Tokens
from toolkit.structure import HAN, sentences
from toolkit.units import columns_of, values_of

Sort = Literal["position", "left", "right"]

_SOURCE = ("doc_id", "title", "city", "year", "section")
# A match: number of the unit, where it starts and ends, where its context does.
Place = tuple[int, int, int, int, int]
_PLACE = ["unit", "start", "end", "before", "after"]
_PARTS = [("left", "before", "start"), ("match", "start", "end"), ("right", "end", "after")]
_USUAL = ("year", "city")
_INSIDE = "marks or spaces inside"
_FOUND = ["variant", "kind", "doc_id"]
# Marks and spaces that may stand inside a joined wording; a line's end is none of them.
_JOINING = r"[^\S\r\n]|[\"“”‘’'·、—-]"


def concordance(
    source: Corpus | Tokens,
    pattern: str,
    *,
    regex: bool = False,
    window: int = 20,
    sort: Sort = "position",
) -> pd.DataFrame:
    """Show every occurrence of a string or a word in its context (KWIC).

    Parameters
    ----------
    source : Corpus or Tokens
        In a corpus the pattern is searched in the text and the window is in characters;
        in tokens it is searched among whole words and the window is in words.
    pattern : str
    regex : bool
        Whether `pattern` is a regular expression; among words it must match a word whole.
    window : int
        Context on each side, within the unit.
    sort : {"position", "left", "right"}
        Order by place, by the context before read backwards from the match, or by the
        context after.

    Returns
    -------
    DataFrame
        ``left``, ``match``, ``right``, ``unit_id``, the source (``doc_id``, ``title``,
        ``city``, ``year``, ``section``, as far as the units have them), ``start`` and
        ``end`` of the match in the text of the unit, ``sentence``.

    Raises
    ------
    ValueError
        If the pattern occurs nowhere or is no regular expression.

    Examples
    --------
    >>> table = concordance(Corpus.sample().select(doc_id="beijing-2023"), "绣", sort="right")
    >>> (table["match"] + table["right"].str[:3]).tolist()
    ['绣出城市', '绣花一样', '绣花般的']
    """
    check_numbers(concordance, locals())
    if sort not in ("position", "left", "right"):
        raise ValueError(f"sort must be 'position', 'left' or 'right', not {sort!r}")
    if not pattern or window < 1:
        raise ValueError("pattern must not be empty, and window at least 1")
    try:
        matcher = re.compile(pattern if regex else re.escape(pattern))
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
    search: Callable[..., Iterator[Place]] = _in_tokens if isinstance(source, Tokens) else _in_text
    places = pd.DataFrame(search(source, matcher, window), columns=_PLACE)
    if places.empty:
        kind = "word" if isinstance(source, Tokens) else "passage"
        raise ValueError(f"no {kind} matches {pattern!r} in these {len(source)} units")
    units = source.units.rename_axis("unit_id")
    texts = units["text"].to_numpy()[places["unit"]]
    table = pd.DataFrame(
        {
            name: [text[i:j] for text, i, j in zip(texts, places[low], places[high], strict=True)]
            for name, low, high in _PARTS
        }
    )
    table[["left", "right"]] = table[["left", "right"]].replace(r"\s+", " ", regex=True)
    columns = [column for column in _SOURCE if column in units]
    told = units[columns].iloc[places["unit"]].reset_index()
    table = table.join(told).join(places[["start", "end"]])
    split: dict[int, list[tuple[int, str]]] = {}
    table["sentence"] = [
        _sentence(split, unit, text, start)
        for unit, text, start in zip(places["unit"], texts, places["start"], strict=True)
    ]
    if sort == "position":
        return table
    key = table["left"].str[::-1] if sort == "left" else table["right"]
    return table.iloc[np.argsort(key.to_numpy(dtype=object), kind="stable")].reset_index(drop=True)


def _in_text(corpus: Corpus, matcher: re.Pattern[str], window: int) -> Iterator[Place]:
    """Yield each match in the texts."""
    for i, text in enumerate(corpus.units["text"]):
        for match in matcher.finditer(text):
            start, end = match.span()
            if end > start:
                yield i, start, end, max(start - window, 0), min(end + window, len(text))


def _in_tokens(tokens: Tokens, matcher: re.Pattern[str], window: int) -> Iterator[Place]:
    """Yield each word that matches whole."""
    matching = np.array([bool(matcher.fullmatch(word)) for word in tokens.vocabulary], dtype=bool)
    for place in np.flatnonzero(matching[tokens.codes]):
        i = int(np.searchsorted(tokens.offsets, place, side="right")) - 1
        low = max(tokens.offsets[i], place - window)
        high = min(tokens.offsets[i + 1] - 1, place + window)
        start, end = tokens.spans[place].tolist()
        yield i, start, end, int(tokens.spans[low, 0]), int(tokens.spans[high, 1])


def _sentence(split: dict[int, list[tuple[int, str]]], unit: int, text: str, start: int) -> str:
    """Return the sentence of a text that holds a place; `split` keeps the sentences of units."""
    if unit not in split:
        split[unit] = [*sentences(text)]
    place = bisect_right(split[unit], start, key=lambda one: one[0])
    return split[unit][place - 1][1] if place else ""


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
    problems, own = [], ["documents", "documents_with", "count", "characters", "rate"]
    try:
        by = by and columns_of(corpus.units, by, own)
    except ValueError as error:
        problems.append(str(error))
    if len(phrase) < 2:
        problems.append(f"a phrase has at least two characters; {phrase!r} has not")
    if problems:
        raise ValueError("; ".join(problems))
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
    matched = found.rename(columns={"match": "variant"})
    matched["kind"] = [known.get(match, _INSIDE) for match in found["match"]]
    listed = _listed(matched[_FOUND], counted=True)
    near = near[~near["variant"].isin(listed["variant"])]
    variants_found = pd.concat([listed, near], ignore_index=True)
    return PhraseTrack(phrase, _counts(corpus, found, [*by]), variants_found, found)


def phrase_table(
    corpus: Corpus, phrases: Sequence[str], *, by: str | Sequence[str] = "city"
) -> pd.DataFrame:
    """Return how often each place or group has each of some phrases, and where it first stands.

    Parameters
    ----------
    corpus : Corpus
    phrases : sequence of str
    by : column of the units, or several
        Such as the place, or the level (national, provincial, of cities).

    Returns
    -------
    DataFrame
        A row for each phrase and group, those without it too: ``phrase``, the columns of
        `by`, ``documents``, ``documents_with``, ``count``, ``characters``, ``rate`` (per
        10,000 characters), and of the earliest occurrence there ``first_doc`` and
        ``sentence``, ``first_year`` and ``years_after`` (the earliest of all groups), if
        the texts have years. It is the earliest in this corpus: a place whose early texts
        are not in it comes later than it was.

    Raises
    ------
    ValueError
        If there are no phrases, one is shorter than two characters, or a column is unknown.

    Examples
    --------
    >>> table = phrase_table(Corpus.sample(), ["接诉即办", "一网统管"], by="kind")
    >>> table.loc[table["kind"] == "regulation", ["phrase", "documents_with", "first_year"]]
      phrase  documents_with  first_year
    2   接诉即办               1      2021.0
    7   一网统管               1      2021.0
    """
    units, wanted = corpus.units, [*dict.fromkeys(map(str, values_of(phrases)))]
    own = ["phrase", "documents", "documents_with", "count", "characters", "rate", "sentence"]
    columns = columns_of(units, by, [*own, "first_doc", "first_year", "years_after"])
    if not wanted or min(map(len, wanted)) < 2:
        raise ValueError(f"phrases have at least two characters each; found {phrases!r}")
    told = units.assign(first_doc=units["doc_id"])[[*columns, "first_doc"]]
    if "year" in units:
        told["first_year"] = pd.to_numeric(units["year"], errors="coerce").astype(float)
    tables = []
    for phrase in wanted:
        found = pd.DataFrame({"unit_id": [], "sentence": []}, dtype=object)
        if units["text"].str.contains(phrase, regex=False).any():
            found = concordance(corpus, phrase)
        table = _counts(corpus, found, columns)
        first = found[["unit_id", "sentence"]].join(told, on="unit_id").drop(columns="unit_id")
        if "year" in units:
            first["years_after"] = first["first_year"] - first["first_year"].min()
            first = first.sort_values("first_year", kind="stable")  # those without one last
        table = table.merge(first.drop_duplicates(columns), how="left", on=columns)
        table.insert(0, "phrase", phrase)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _loose(wording: str) -> str:
    """Return a pattern that allows marks and spaces between the characters."""
    return f"(?:{_JOINING})?".join(map(re.escape, wording))


def _near(corpus: Corpus, phrase: str) -> pd.DataFrame:
    """Return the wordings with marks inside, or of which one character differs.

    Of phrases of two and three characters too many differ in one.
    """
    inside = _loose(phrase)
    others = [
        re.escape(phrase[:i]) + rf"[{HAN}]" + re.escape(phrase[i + 1 :])
        for i in range(len(phrase) if len(phrase) >= 4 else 0)
    ]
    matcher = re.compile("|".join([f"(?P<inside>{inside})", *others]))
    found = [
        (match.group(), _INSIDE if match["inside"] else "one character differs", doc)
        for text, doc in zip(corpus.units["text"], corpus.units["doc_id"], strict=True)
        for match in matcher.finditer(text)
        if match.group() != phrase
    ]
    return _listed(pd.DataFrame(found, columns=_FOUND), counted=False)


def _listed(found: pd.DataFrame, *, counted: bool) -> pd.DataFrame:
    """Return one row for each wording that was found."""
    each = found.groupby(["variant", "kind"], sort=False, as_index=False)
    columns = {"count": "size", "documents": "nunique", "first_doc": "first"}
    table = each.agg(**{name: ("doc_id", how) for name, how in columns.items()})
    table["counted"] = counted
    return table.sort_values("count", ascending=False, kind="stable", ignore_index=True)


def _counts(corpus: Corpus, found: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return how often a phrase was found in each group of texts."""
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
