"""Fixed phrasing: what many documents say in the same words, and the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.compare.grams import Letters, covered, documents_of_grams
from toolkit.compare.overlap import reuse
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
        Most frequent first: ``phrase`` (as far as the fixed letters go), ``n_docs`` (how
        many documents hold a typical part of it), ``count``.
    sentences : DataFrame
        All sentences: ``unit_id``, ``doc_id``, ``start``, ``sentence``, ``formula_share``
        (of its letters), ``kind`` ("formula": at least half; "mixed"; "substance": none).
    """

    corpus: Corpus
    phrases: pd.DataFrame
    sentences: pd.DataFrame


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
    group = reuse(corpus).groups[letters.document[place]] if len(letters.names) > 1 else place * 0
    n_docs = np.zeros(len(letters.code), dtype=np.int64)
    n_docs[place] = documents_of_grams(gram, group)
    fixed = covered(np.flatnonzero(n_docs >= min_docs), min_chars, len(n_docs))
    if len(fixed) and fixed.all():
        raise ValueError("all of these texts is fixed phrasing; raise min_docs or min_chars")
    texts = corpus.units["text"].tolist()
    blanked = [
        _blank(text, letters.offset[part][fixed[part]]) for text, part in _parts(letters, texts)
    ]
    units = corpus.units.assign(text=blanked)
    return WithoutFormulas(
        replace(corpus, units=units),
        _phrases(texts, letters, fixed, n_docs, min_chars),
        _sentences(corpus.units, letters, fixed),
    )


def _parts(letters: Letters, texts: list[str]) -> list[tuple[str, slice]]:
    """Return each text with the slice of its letters."""
    ends = np.searchsorted(letters.unit, np.arange(len(texts)), side="right")
    begins = [0, *ends[:-1].tolist()]
    return [(t, slice(b, e)) for t, b, e in zip(texts, begins, ends.tolist(), strict=True)]


def _blank(text: str, places: Array) -> str:
    characters = np.array([*text], dtype=object)
    characters[places] = " "
    return "".join(characters)


def _phrases(
    texts: list[str], letters: Letters, fixed: Array, n_docs: Array, size: int
) -> pd.DataFrame:
    """Return the runs of fixed letters, with the number of documents of a typical part."""
    edge = np.flatnonzero(np.diff(np.concatenate([[0], fixed.astype(np.int8), [0]])))
    rows = []
    for start, end in zip(edge[::2].tolist(), edge[1::2].tolist(), strict=True):
        cuts = np.flatnonzero(np.diff(letters.unit[start:end])) + 1 + start
        for low, high in zip([start, *cuts.tolist()], [*cuts.tolist(), end], strict=True):
            first, last = letters.offset[low], letters.offset[high - 1]
            phrase = texts[letters.unit[low]][first : last + 1]
            whole = n_docs[low : high - size + 1]  # of the runs that lie within the phrase
            rows.append((phrase, int(np.median(whole))))
    table = pd.DataFrame(rows, columns=["phrase", "n_docs"])
    table = table.groupby("phrase", sort=False)["n_docs"].agg(["max", "size"]).reset_index()
    table.columns = pd.Index(["phrase", "n_docs", "count"])
    order = np.lexsort((table["phrase"], -table["n_docs"], -table["count"]))
    return table.iloc[order].reset_index(drop=True)


def _sentences(units: pd.DataFrame, letters: Letters, fixed: Array) -> pd.DataFrame:
    rows = []
    parts = _parts(letters, units["text"].tolist())
    for unit_id, doc_id, (text, part) in zip(units.index, units["doc_id"], parts, strict=True):
        offsets, flags = letters.offset[part], fixed[part]
        for start, sentence in sentences(text):
            low, high = np.searchsorted(offsets, [start, start + len(sentence)])
            share = float(flags[low:high].mean()) if high > low else 0.0
            kind = "formula" if share >= 0.5 else "mixed" if share else "substance"
            rows.append((unit_id, doc_id, start, sentence, share, kind))
    columns = ["unit_id", "doc_id", "start", "sentence", "formula_share", "kind"]
    return pd.DataFrame(rows, columns=columns)
