"""How often words meet by chance, when each is dealt whole documents in another order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.compare.counts import Places, codes_of, unit_of
from toolkit.resample import LEAST_TEXTS
from toolkit.segmentation import Tokens

Array = np.ndarray[Any, Any]


def false_discovery(found: Array, null: Array) -> Array:
    """Return of the values that stand out as far as each, the share that chance would give.

    What chance gives is told from all values of all draws together, each in units of how it
    varies in its own place, 1 at the least: what is rare varies too little to tell.

    Parameters
    ----------
    found : array, shape (m,)
        Values that vary by about 1 by chance, such as roots of counts.
    null : array, shape (n, m)

    Returns
    -------
    array, shape (m,)

    Examples
    --------
    >>> null = np.random.default_rng(0).normal(size=(50, 100))
    >>> false_discovery(np.append(np.zeros(99), 6.0), null).round(2)[-2:].tolist()
    [0.6, 0.02]
    """
    both = np.vstack([found, null])
    away = ((both - both.mean(axis=0)) / np.maximum(both.std(axis=0), 1.0)).round(9)
    order = np.argsort(-away[0], kind="stable")
    chance = np.sort(away[1:], axis=None)
    above = 1 + chance.size - np.searchsorted(chance, away[0, order])
    rank = np.searchsorted(-away[0, order], -away[0, order], side="right")
    share = np.minimum(above / len(null) / rank, 1.0)
    q = np.empty_like(share)
    q[order] = np.minimum.accumulate(share[::-1])[::-1]
    return np.asarray(q)


def meetings_by_chance(
    tokens: Tokens, names: Array, held: Any, places: Places, n: int, seed: int
) -> tuple[Array, Array, Array, str]:
    """Return how often every two words meet, in how many documents, and how often in `n` draws.

    Beside them stands what changes places in the draws: documents, or units of few documents.
    """
    for block, tested in ((tokens.units["doc_id"], "documents"), (tokens.units.index, "units")):  # noqa: B007
        own, parts = pd.factorize(block)
        if len(parts) >= LEAST_TEXTS:
            break
    else:
        raise ValueError(
            f"{len(parts)} units are too few to tell what is chance: {LEAST_TEXTS} documents, or "
            "else units, are needed; split the corpus into passages, corpus.split('paragraph')"
        )
    part = own[unit_of(tokens)]
    # The tokens in a row, those of a document side by side.
    row = np.argsort(part, kind="stable")
    sizes = np.bincount(part, minlength=len(parts))
    number = np.full(len(tokens.vocabulary), -1)
    number[codes_of(tokens, names.tolist())] = np.arange(len(names))
    at = np.flatnonzero(number[tokens.codes[row]] >= 0)
    word, of = number[tokens.codes[row[at]]], part[row[at]]
    after = at - (np.cumsum(sizes) - sizes)[of]
    m, pairs = len(names), np.triu_indices(len(names), 1)
    rng = np.random.default_rng(seed)
    null = np.empty((n, len(pairs[0])), dtype=np.int32)
    for draw in null:
        order = rng.permuted(np.tile(np.arange(len(parts)), (m, 1)), axis=1)
        begin = np.empty_like(order)
        np.put_along_axis(begin, order, sizes[order].cumsum(axis=1) - sizes[order], axis=1)
        dealt = places.hold(word, m, row[begin[word, of] + after])
        draw[:] = (dealt.T @ dealt).toarray()[pairs]
    cells = held.tocoo()
    ends = (places.part(part)[cells.row] * m + cells.col, cells.row)
    apart = sparse.coo_array((cells.data, ends), (len(parts) * m, places.n)).tocsr()
    meet = (apart @ held).tocoo()
    documents = np.bincount(meet.row % m * m + meet.col, minlength=m * m).reshape(m, m)
    return (held.T @ held).toarray()[pairs], documents[pairs], null, tested
