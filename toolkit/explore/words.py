"""Words again after a decision on terms: only the units that it touches are cut anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from toolkit.corpus import Corpus
from toolkit.segmentation import Segmenter, TokenCodes, Tokens, segment_recipe

Array = np.ndarray[Any, Any]
#: Told how much is done, of how much.
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Take a report of progress and tell nobody."""


def words_of(
    corpus: Corpus,
    segmenter: Segmenter,
    *,
    before: tuple[Segmenter, Tokens] | None = None,
    progress: Progress = silent,
) -> Tokens:
    """Return what ``segment(corpus, segmenter)`` does, with progress and with less work.

    Parameters
    ----------
    corpus : Corpus
    segmenter : Segmenter
    before : (Segmenter, Tokens), optional
        Another segmenter, and its tokens of these or other units. Only units that are new
        or hold a string on which the two disagree are cut again.
    progress : callable
        Told of units done and all units to do; may raise to end the work.

    Returns
    -------
    Tokens

    Notes
    -----
    A word that enters jieba's dictionary changes the total of its frequencies, and so, by
    less than one part in a million, the odds of every reading. That no unit without the
    word is cut otherwise was tested on the sample corpus, not proved.
    """
    affected = np.ones(len(corpus), dtype=bool)
    kept = None
    texts = corpus.units["text"].tolist()
    if before is not None and (touched := _touched(before[0], segmenter)) is not None:
        old = before[1]
        strings, dropped = touched
        place = old.units.index.get_indexer(corpus.units.index)
        were = old.units["text"].iloc[place].tolist()
        affected = np.array(
            [
                p < 0 or text != was or any(s in text for s in strings)
                for text, was, p in zip(texts, were, place.tolist(), strict=True)
            ],
            dtype=bool,
        )
        kept = (old, ~np.isin(old.vocabulary, [*dropped]), place)
    todo = np.flatnonzero(affected).tolist()
    code_of = TokenCodes(segmenter)
    cut: dict[int, tuple[Array, Array]] = {}
    for done, row in enumerate(todo):
        progress(done, len(todo))
        cut[row] = code_of.kept(texts[row])
    progress(len(todo), len(todo))
    return _joined(corpus, segmenter, code_of, cut, kept)


def _touched(old: Segmenter, new: Segmenter) -> tuple[set[str], set[str]] | None:
    """Return the strings whose units are cut again, and the words that just go.

    None if the segmenters differ in more than their terms, stop words and synonyms.
    """
    lists = {"lexicon", "stopwords", "synonyms"}
    rest = [f.name for f in fields(Segmenter) if f.name not in lists]
    if any(getattr(old, name) != getattr(new, name) for name in rest):
        return None
    terms = {t for t, _ in {*old._terms.items()} ^ {*new._terms.items()}}
    parts = {p for t in terms for s in (old, new) for p in s._terms.get(t, ())}
    pairs = [{*(s.synonyms or {}).items()} for s in (old, new)]
    variants = {v for v, _ in pairs[0] ^ pairs[1]}
    back = {*old._stops} - {*new._stops}  # stopped no longer
    gone = {*new._stops} - {*old._stops}
    of_synonyms = {
        v for s in (old, new) for v, w in (s.synonyms or {}).items() if {v, w} & (back | gone)
    }
    return terms | parts | variants | back | of_synonyms, gone


def _joined(
    corpus: Corpus,
    segmenter: Segmenter,
    code_of: TokenCodes,
    cut: dict[int, tuple[Array, Array]],
    kept: tuple[Tokens, Array, Array] | None,
) -> Tokens:
    """Put the units that were cut together with those that stay."""
    words, place = code_of.vocabulary()
    both = words if kept is None else np.union1d(words, kept[0].vocabulary)
    new = np.searchsorted(both, words)[place]
    if kept is not None:
        old, stays, place_of = kept
        stayed = np.where(stays, np.searchsorted(both, old.vocabulary), -1)[old.codes]
    codes, spans = [], []
    for row in range(len(corpus)):
        if row in cut:
            own, own_spans = cut[row]
            own = new[own]
        else:
            i = place_of[row]
            inside = slice(old.offsets[i], old.offsets[i + 1])
            own, own_spans = stayed[inside], old.spans[inside]
            own, own_spans = own[own >= 0], own_spans[own >= 0]
        codes.append(own)
        spans.append(own_spans)
    used, code = np.unique(_concatenated(codes, np.int32), return_inverse=True)
    return Tokens(
        vocabulary=both[used],
        codes=code.astype(np.int32),
        offsets=np.cumsum([0, *map(len, codes)], dtype=np.int64),
        spans=_concatenated(spans, np.int32).reshape(-1, 2),
        units=corpus.units,
        recipe=segment_recipe(corpus, segmenter),
    )


def _concatenated(arrays: Sequence[Array], kind: type) -> Array:
    return np.concatenate(arrays).astype(kind) if arrays else np.empty(0, dtype=kind)
