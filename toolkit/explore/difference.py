"""Two states of an exploration side by side: what a decision changes, or a few of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.explore.session import Session
from toolkit.segmentation import Tokens
from toolkit.topics import compare_topics


@dataclass(frozen=True)
class Difference:
    """What is other in one state than in another.

    Parameters
    ----------
    passages : list of str
        Ids of those that both have, whose words are others.
    topics : DataFrame
        Of `toolkit.compare_topics`: topics matched, words gained (``only_b``), lost (``only_a``).
    moved : list of str
        Ids of those that both have, whose main topic is not the match of what it was.
    """

    passages: list[str]
    topics: pd.DataFrame
    moved: list[str]

    @property
    def changed(self) -> list[int]:
        """Topics of the first state without a match of the same 20 top terms."""
        other = self.topics["topic_b"].isna() | (self.topics["only_b"] != "")
        return self.topics.loc[other, "topic_a"].tolist()


def difference(a: Session, b: Session) -> Difference:
    """Compare two states; what was computed for either is not computed again.

    Examples
    --------
    >>> from toolkit import Corpus
    >>> one = Session(Corpus.sample())
    >>> two = one.beside(one.decisions.add({"do": "stop", "term": "鹅卵石"}))
    >>> difference(one, one).passages, len(difference(one, two).passages) < 5
    ([], True)
    """
    first, second = a.topics(), b.topics()
    table = compare_topics(first, second)
    pairs = table.dropna(subset="topic_b")
    match = np.full(first.k, -1)
    match[pairs["topic_a"].to_numpy(int) - 1] = pairs["topic_b"].to_numpy(int) - 1
    both, rows, others = np.intersect1d(
        first.units.index[first.filled], second.units.index[second.filled], return_indices=True
    )
    main = [
        topics.doc_topic[topics.filled][at].argmax(axis=1)
        for topics, at in ((first, rows), (second, others))
    ]
    words, new = (_words(session.tokens()) for session in (a, b))
    cut = [unit for unit in words if unit in new and words[unit] != new[unit]]
    return Difference(cut, table, both[match[main[0]] != main[1]].tolist())


def _words(tokens: Tokens) -> dict[str, list[str]]:
    """Return the words of each unit, by its id."""
    words = tokens.vocabulary[tokens.codes].tolist()
    bounds = zip(tokens.offsets[:-1].tolist(), tokens.offsets[1:].tolist(), strict=True)
    return {
        unit: words[low:high] for unit, (low, high) in zip(tokens.units.index, bounds, strict=True)
    }
