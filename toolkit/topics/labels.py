"""Names that people give to topics: kept by what the topics hold, not by their number."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.files import read_json, write_json
from toolkit.recipe import fingerprint, step
from toolkit.topics.model import Topics
from toolkit.topics.quality import average_jaccard, matched, ranked

_VERSION = 1
_TOP = 20


class Carried(NamedTuple):
    """Topics with the labels of an earlier fit; see `carry_labels`.

    Parameters
    ----------
    topics : Topics
    table : DataFrame
        ``label``, ``topic`` (that is most like it; missing if there is none),
        ``similarity`` (0 to 1), ``carried``.
    """

    topics: Topics
    table: pd.DataFrame


@step("topics")
def label_topics(topics: Topics, labels: Mapping[int, str]) -> Topics:
    """Return the topics with names.

    Parameters
    ----------
    topics : Topics
    labels : mapping of topic number to name

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=4)
    >>> label_topics(topics, {1: "数字治理"}).names[0]
    '1 数字治理'
    """
    if unknown := sorted(set(labels) - set(range(1, topics.k + 1))):
        raise ValueError(f"there are no topics {unknown}; they are numbered 1 to {topics.k}")
    return replace(topics, labels={**topics.labels, **labels})


def save_labels(topics: Topics, path: str | Path) -> Path:
    """Write the labels of topics, each with the top terms that it stands for.

    Raises
    ------
    ValueError
        If no topic has a label.
    FileExistsError
        If there is a file that holds something else than labels.

    Examples
    --------
    >>> import tempfile
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> matrix = tfidf(segment(Corpus.sample().split("section")))
    >>> topics = label_topics(fit_topics(matrix, k=4), {1: "数字治理"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_labels(topics, f"{folder}/labels.json")
    ...     carry_labels(fit_topics(matrix, k=5), path).table["carried"].tolist()
    [True]
    """
    if not topics.labels:
        raise ValueError("no topic has a label; give some with label_topics")
    if Path(path).exists() and b'"fingerprint": "' not in Path(path).read_bytes():
        raise FileExistsError(f"{path} exists and holds no labels; choose another name")
    labels = [
        {"label": label, "fingerprint": fingerprint(terms)[:12], "terms": terms}
        for label, terms in labelled_terms(topics)
    ]
    write_json(path, {"version": _VERSION, "labels": labels}, indent=1)
    return Path(path)


def labelled_terms(topics: Topics) -> list[tuple[str, list[str]]]:
    """Return each label with the top terms that it stands for."""
    top = topics.terms[ranked(topics.topic_term, _TOP)]
    return [(label, top[topic - 1].tolist()) for topic, label in sorted(topics.labels.items())]


def carry_labels(topics: Topics, path: str | Path, *, least: float = 0.5) -> Carried:
    """Give topics the labels that were saved for an earlier fit.

    Parameters
    ----------
    topics : Topics
    path : path
        A file of `save_labels`.
    least : float
        Least similarity of the top terms (average Jaccard, 0 to 1) for a label to carry
        over.

    Returns
    -------
    Carried

    Warns
    -----
    UserWarning
        Naming the labels that match no topic.

    Raises
    ------
    ValueError
        If the file holds no labels of a known version, or was changed by hand so that
        terms and fingerprint differ.
    """
    saved = read_json(path)
    labels = saved.get("labels") if isinstance(saved, dict) else None
    if not labels or not isinstance(labels, list) or saved.get("version") != _VERSION:
        raise ValueError(f"{path} does not hold topic labels of version {_VERSION}")
    if strange := [number for number, x in enumerate(labels, 1) if not _is_label(x)]:
        raise ValueError(
            f"{path}: labels {strange} are not as save_labels writes them: an object with a "
            "label (a text), terms (a list of texts) and the fingerprint of these"
        )
    changed = [x["label"] for x in labels if fingerprint(x["terms"])[:12] != x["fingerprint"]]
    if changed:
        raise ValueError(f"{path}: the terms of {changed} are not those that were labelled")
    return carried(topics, [(x["label"], x["terms"]) for x in labels], least=least)


def _is_label(x: Any) -> bool:
    if not isinstance(x, dict) or x.keys() != {"label", "fingerprint", "terms"}:
        return False
    terms = x["terms"]
    texts = [x["label"], *terms] if isinstance(terms, list) and terms else [None]
    return all(isinstance(text, str) and text for text in texts)


def carried(topics: Topics, labels: Sequence[tuple[str, list[str]]], *, least: float) -> Carried:
    """Give topics labels, each of which stands for top terms; see `carry_labels`."""
    known = {term: i for i, term in enumerate(topics.terms)}
    for term in (term for _, terms in labels for term in terms):
        known.setdefault(term, len(known))
    ours = ranked(topics.topic_term, _TOP)
    size = min(ours.shape[1], *(len(terms) for _, terms in labels))
    theirs = np.array([[known[term] for term in terms[:size]] for _, terms in labels])
    similarity = average_jaccard(theirs, ours[:, :size], len(known))
    partner = dict(zip(*matched(similarity), strict=True))
    rows = []
    for i, (label, _) in enumerate(labels):
        j = partner.get(i)
        score = 0.0 if j is None else float(similarity[i, j])
        rows.append((label, pd.NA if j is None else j + 1, score, score >= least))
    table = pd.DataFrame(rows, columns=["label", "topic", "similarity", "carried"])
    table = table.astype({"topic": "Int64"})
    if lost := table.loc[~table["carried"], "label"].tolist():
        warnings.warn(
            f"{len(lost)} of {len(labels)} labels match no topic (similarity below {least:g}): "
            f"{'、'.join(lost)}; look at the topics and label them anew",
            stacklevel=3,
        )
    kept = table[table["carried"]]
    found = {int(t): str(x) for t, x in zip(kept["topic"], kept["label"], strict=True)}
    return Carried(label_topics(topics, found), table)
