"""Do topics hang on how the texts were read: cleaned, cut into words, split."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pandas as pd

from toolkit.cleaning import clean
from toolkit.compare.formulas import without_formulas
from toolkit.corpus import Corpus
from toolkit.matrix import tfidf
from toolkit.passages import UNITS, Unit
from toolkit.resample import LEAST_TEXTS
from toolkit.segmentation import Segmenter, segment
from toolkit.topics.model import Topics, fit_topics
from toolkit.topics.quality import compare_topics
from toolkit.topics.stability import topic_stability


def sensitivity(
    corpus: Corpus,
    *,
    k: int,
    unit: Unit,
    segmenter: Segmenter | None = None,
    runs: int = 50,
    seed: int = 0,
    n_jobs: int = -1,
) -> pd.DataFrame:
    """Fit again with one decision about reading changed; tell which topics survive.

    Parameters
    ----------
    corpus : Corpus
        Whole texts, as they came: cleaning and splitting are among the decisions.
    k : int
        Number of topics.
    unit : {"section", "paragraph", "sentence"}
        What the texts are split into: that of the topics whose fate is asked.
    segmenter : Segmenter, optional
        ``Segmenter()`` if not given.
    runs : int
        Number of fits to parts of the texts; see `topic_stability`.
    seed : int
    n_jobs : int
        Number of processes; −1 for all cores.

    Returns
    -------
    DataFrame
        A row for each change and topic: ``change`` ("lexicon off", "HMM off" (or on),
        "stop list off", "page residue kept", "formulas out" (see `without_formulas`),
        "unit: paragraph", …), ``topic``, ``terms``,
        ``agreement`` and ``correlation`` (see `compare_topics`), ``least`` (agreement
        that the topic keeps in 95% of the cases when a fifth of the texts is left out,
        or that of the most stable topic of shuffled text if it is higher),
        ``survives`` (the topic is more than chance, see `topic_stability`, and the change
        matters no more than that; missing for fewer than 10 texts), ``lost`` and
        ``gained`` (top terms).

    Raises
    ------
    ValueError
        If the corpus is split already.

    Examples
    --------
    >>> from toolkit import Corpus
    >>> table = sensitivity(Corpus.sample().select(city="北京"), k=3, unit="section")
    >>> table["change"].unique().tolist()
    ['lexicon off', 'HMM off', 'stop list off', 'page residue kept', 'formulas out',
     'unit: paragraph', 'unit: sentence']
    >>> bool(table["survives"].isna().all())  # too few texts to tell how far topics vary anyway
    True
    """
    if corpus.unit != "document":
        raise ValueError(f"this corpus is split into {corpus.unit}s; give the whole texts")
    segmenter = segmenter or Segmenter()
    cleaned = clean(corpus).corpus
    base = _fit(cleaned, unit, segmenter, k, seed)
    least = above = pd.Series(float("nan"), index=range(1, k + 1))
    if enough := len(corpus) >= LEAST_TEXTS:
        stability = topic_stability(base, runs=runs, seed=seed, n_jobs=n_jobs).set_index("topic")
        least, above = stability[["low", "null_high"]].max(axis=1), stability["above"]
    other = f"HMM {'off' if segmenter.hmm else 'on'}"
    changes = {
        "lexicon off": (cleaned, unit, replace(segmenter, lexicon=None)),
        other: (cleaned, unit, replace(segmenter, hmm=not segmenter.hmm)),
        "stop list off": (cleaned, unit, replace(segmenter, stopwords=None)),
        "page residue kept": (corpus, unit, segmenter),
        "formulas out": (without_formulas(cleaned).corpus, unit, segmenter),
    }
    changes |= {f"unit: {u}": (cleaned, u, segmenter) for u in UNITS if u != unit}
    tables = []
    for name, (texts, split, words) in changes.items():
        found = compare_topics(base, _fit(texts, split, words, k, seed))
        tables.append(
            pd.DataFrame(
                {
                    "change": name,
                    "topic": found["topic_a"],
                    "terms": base.titles,
                    "agreement": found["agreement"],
                    "correlation": found["correlation"],
                    "least": least.to_numpy(),
                    "survives": (
                        found["agreement"].ge(least.to_numpy()) & above.to_numpy()
                        if enough
                        else pd.NA
                    ),
                    "lost": found["only_a"],
                    "gained": found["only_b"],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _fit(corpus: Corpus, unit: Unit, segmenter: Segmenter, k: int, seed: int) -> Topics:
    with warnings.catch_warnings():
        # Labels of sections play no part here.
        warnings.filterwarnings("ignore", message=".*labelled headings are not headings")
        passages = corpus.split(unit)
    return fit_topics(tfidf(segment(passages, segmenter)), k=k, seed=seed)
