"""Near-duplicates: texts that are the same but for a few words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

# Shingles of 8 characters are rare enough that shared formulas do not make texts alike.
_SHINGLE = 8
_SKETCH = 256
_ALIKE = 0.8
_MULTIPLIERS = np.array(
    [pow(1_000_003, i, 2**64) for i in reversed(range(_SHINGLE))], dtype=np.uint64
)


def sketch(text: str) -> list[int]:
    """Return the smallest hashes of a text's shingles: a sample that is the same for the same text.

    Notes
    -----
    Bottom-k sketches of Broder (1997): the share of the k smallest hashes of two texts
    together that both have estimates the Jaccard similarity of their shingles, with a
    standard error below 0.032 for k = 256.
    """
    chars = np.frombuffer(re.sub(r"[\W_]+", "", text).encode("utf-32-le", "replace"), dtype="<u4")
    if len(chars) < _SHINGLE:
        return [int(c) for c in np.unique(chars)]
    windows = np.lib.stride_tricks.sliding_window_view(chars.astype(np.uint64), _SHINGLE)
    hashes = (windows * _MULTIPLIERS).sum(axis=1, dtype=np.uint64)
    # Spread the hashes, whose order is that of the first characters otherwise.
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    return [int(h) for h in np.unique(hashes)[:_SKETCH]]


def near_duplicates(sketches: Mapping[str, list[int]]) -> dict[str, tuple[str, float]]:
    """Return for each text the earlier text that it repeats, and how alike they are.

    Parameters
    ----------
    sketches : mapping of id to sketch
        In their order: of two alike texts the later is the duplicate.

    Returns
    -------
    dict of id to (id, similarity from 0.8 to 1)

    Examples
    --------
    >>> text = "城市治理要像绣花一样精细，社区是基层治理的单元。" * 3
    >>> texts = {"a": text, "b": text + "完", "c": "另一篇文章写的是别的事情。"}
    >>> near_duplicates({name: sketch(text) for name, text in texts.items()})
    {'b': ('a', 0.96)}
    """
    # Most shingles stand in one text only, and need not be kept.
    hashes_of_all = [h for hashes in sketches.values() for h in hashes]
    every, n_texts = np.unique(np.array(hashes_of_all, dtype=np.uint64), return_counts=True)
    in_several = set(every[n_texts > 1].tolist())
    holders: dict[int, list[str]] = defaultdict(list)
    found: dict[str, tuple[str, float]] = {}
    for name, hashes in sketches.items():
        telling = [h for h in hashes if h in in_several]
        shared = Counter(other for h in telling for other in holders[h])
        best = ("", 0.0)
        for other, n in shared.most_common(5):
            if n < _ALIKE / 2 * min(len(hashes), len(sketches[other])):
                break
            together = sorted({*hashes, *sketches[other]})[:_SKETCH]
            both = set(hashes) & set(sketches[other])
            alike = sum(h in both for h in together) / max(1, len(together))
            best = max(best, (other, round(alike, 2)), key=lambda pair: pair[1])
        if best[1] >= _ALIKE:
            found[name] = best
        for h in telling:
            # A shingle that stands in very many texts tells nothing about two of them.
            if len(holders[h]) < 50:
                holders[h].append(name)
    return found
