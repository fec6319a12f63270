"""Fixed phrasing: what many documents say in the same words, and the rest."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.compare.overlap import reuse
from toolkit.compare.runs import Letters, depth, distinct
from toolkit.corpus import Corpus
from toolkit.recipe import step
from toolkit.structure import sentences

Array = np.ndarray[Any, Any]


class WithoutFormulas(NamedTuple):
    """A corpus with its fixed phrasing blanked out, and what that was.

    Parameters
    ----------
    corpus : Corpus
        Fixed phrasing is replaced by as many spaces, so that every place in these texts
        is the same place in the texts as they were.
    phrases : DataFrame
        Most frequent first: ``phrase`` (as long as `min_docs` documents hold its letters;
        part of a longer one only if as many more hold it), ``n_docs`` and ``count``:
        documents and places that hold it just as written, as a search finds them.
    sentences : DataFrame
        All sentences: ``unit_id``, ``doc_id``, ``start``, ``sentence``, ``formula_share``
        (of its letters), ``kind`` ("formula": at least half; "mixed"; "substance": none).
    texts : DataFrame
        A row for each text: ``doc_id``, ``letters``, ``formula_share`` (of its letters).
    """

    corpus: Corpus
    phrases: pd.DataFrame
    sentences: pd.DataFrame
    texts: pd.DataFrame


@step("corpus", take="corpus")
def without_formulas(corpus: Corpus, *, min_docs: int = 5, min_chars: int = 10) -> WithoutFormulas:
    """Set fixed phrasing aside, so that an analysis can be done again without it.

    Parameters
    ----------
    corpus : Corpus
    min_docs : int
        Documents that hold a phrase at least; near duplicates count once.
    min_chars : int
        Shortest phrase, in letters; marks and spaces do not matter.

    Returns
    -------
    WithoutFormulas

    Raises
    ------
    ValueError
        If a limit makes no sense or nothing would be left of the texts.

    See Also
    --------
    compare_readings : what changes between two readings of the same texts.

    Examples
    --------
    >>> texts = {str(i): f"坚持以人民为中心的发展思想，{what}。"
    ...          for i, what in enumerate(["修路", "种树", "办热线"])}
    >>> rest = without_formulas(Corpus.from_texts(texts), min_docs=3)
    >>> rest.corpus["1"], rest.phrases["phrase"].tolist()
    ('            ，种树。', ['坚持以人民为中心的发展思想'])
    """
    if min_docs < 2 or min_chars < 4:
        raise ValueError(
            f"min_docs must be at least 2 and min_chars at least 4, not {min_docs} and {min_chars}"
        )
    letters = Letters.of(corpus.units)
    place, gram = letters.grams(min_chars)
    group = reuse(corpus).groups[letters.document] if len(letters.names) > 1 else letters.document
    begin = place[distinct(gram, group[place])[gram] >= min_docs]
    fixed = depth(begin, begin + min_chars, len(letters.code)) > 0
    if len(fixed) and fixed.all():
        raise ValueError("all of these texts is fixed phrasing; raise min_docs or min_chars")
    texts = corpus.units["text"].tolist()
    characters = np.array([*"".join(texts)], dtype=object)
    characters[(letters.begin[letters.unit] + letters.offset)[fixed]] = " "
    size, told = (np.bincount(letters.document, x) for x in (np.ones(len(fixed)), fixed))
    texts_of = pd.DataFrame({"doc_id": letters.names, "letters": size.astype(int)})
    texts_of["formula_share"] = told / np.maximum(size, 1)
    units = corpus.units.assign(text=["".join(x) for x in np.split(characters, letters.begin[1:])])
    return WithoutFormulas(
        replace(corpus, units=units),
        _phrases(texts, letters, place, gram, group, fixed, (min_docs, min_chars)),
        _sentences(corpus.units, letters, fixed),
        texts_of,
    )


def _phrases(
    texts: list[str],
    letters: Letters,
    place: Array,
    gram: Array,
    group: Array,
    fixed: Array,
    least: tuple[int, int],
) -> pd.DataFrame:
    """Return the fixed phrases as they are written, and how often a search finds each."""
    size = least[1]
    number = np.full(len(fixed), -1)
    number[place] = gram
    order = np.argsort(gram, kind="stable")
    stands = np.split(place[order], np.flatnonzero(np.diff(gram[order])) + 1)
    edges = np.flatnonzero(
        np.diff(np.concatenate([[0], fixed * (letters.unit + 1), [0]]))  # of units, too
    )
    found: dict[str, tuple[int, int]] = {}
    runs: set[str] = set()
    for low, high in itertools.pairwise(edges.tolist()):
        run = _written(texts, letters, low, high)
        if not fixed[low] or run in runs:
            continue
        runs.add(run)
        while low + size <= high:
            alike = stands[number[low]]
            length = _held(letters, alike, group, (low, high), least)
            phrase = _written(texts, letters, low, low + length)
            if length and phrase not in found:
                found[phrase] = _search(texts, letters, alike, phrase)
            low += max(length - size, 0) + 1
    # What is only the beginning or end of a longer phrase says nothing of its own.
    kept: list[tuple[str, int, int]] = []
    for phrase in sorted(found, key=len, reverse=True):
        n_docs, count = found[phrase]
        if not any(phrase in longer and n_docs - n < least[0] for longer, n, _ in kept):
            kept.append((phrase, n_docs, count))
    table = pd.DataFrame(kept, columns=["phrase", "n_docs", "count"])
    columns, up = ["count", "n_docs", "phrase"], [False, False, True]
    return table.sort_values(columns, ascending=up, ignore_index=True)


def _written(texts: list[str], letters: Letters, low: int, high: int) -> str:
    """Return letters with the marks and spaces between them."""
    text: str = texts[letters.unit[low]]
    return text[letters.offset[low] : letters.offset[high - 1] + 1]


def _held(
    letters: Letters, alike: Array, group: Array, run: tuple[int, int], least: tuple[int, int]
) -> int:
    """Return how long a phrase is that begins a run and stands in enough documents, or 0.

    `alike` tells where the same letters begin that begin the run.
    """
    (low, high), (min_docs, length) = run, least
    while len(np.unique(group[alike])) >= min_docs:
        if low + length == high:
            return length
        after = alike + length
        inside = after < len(letters.code)
        inside[inside] = letters.unit[after[inside]] == letters.unit[alike[inside]]
        inside[inside] = letters.code[after[inside]] == letters.code[low + length]
        alike, length = alike[inside], length + 1
    return length - 1 if length > least[1] else 0


def _search(texts: list[str], letters: Letters, alike: Array, phrase: str) -> tuple[int, int]:
    """Return how many documents and places hold a phrase, of those where it may begin."""
    documents, count, free = set(), 0, (-1, 0)
    for at in alike.tolist():
        unit, start = int(letters.unit[at]), int(letters.offset[at])
        if (unit, start) >= free and texts[unit].startswith(phrase, start):
            documents.add(int(letters.document[at]))
            count, free = count + 1, (unit, start + len(phrase))
    return len(documents), count


def _sentences(units: pd.DataFrame, letters: Letters, fixed: Array) -> pd.DataFrame:
    """Return each sentence with the share of its letters that is fixed phrasing."""
    texts = zip(units.index, units["doc_id"], letters.begin.tolist(), units["text"], strict=True)
    rows = [
        (unit_id, doc_id, start, sentence, begin + start)
        for unit_id, doc_id, begin, text in texts
        for start, sentence in sentences(text)
    ]
    table = pd.DataFrame(rows, columns=["unit_id", "doc_id", "start", "sentence", "begin"])
    bounds = [table["begin"], table.pop("begin") + table["sentence"].str.len()]
    low, high = np.searchsorted(letters.begin[letters.unit] + letters.offset, bounds)
    told = np.append(0, np.cumsum(fixed))
    table["formula_share"] = share = (told[high] - told[low]) / np.maximum(high - low, 1)
    table["kind"] = np.select([share >= 0.5, share > 0], ["formula", "mixed"], "substance")
    return table
