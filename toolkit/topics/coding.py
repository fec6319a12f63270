"""Are the machine's labels right: passages coded by people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit.recipe import step
from toolkit.resample import bootstrap_weights
from toolkit.topics.factorise import Array
from toolkit.topics.model import Topics
from toolkit.topics.reliability import krippendorff_alpha
from toolkit.topics.sheets import Answers, BlindSheet, clip, letters

_NONE = "以上都不是 (none of these)"
_BOOTS = 1000


class CodingScore(NamedTuple):
    """Labels of the machine against those of people; see `score_coding`.

    Parameters
    ----------
    summary : dict
        ``n`` (passages on which people agree by majority), ``kappa`` (Cohen's, of the
        machine with them), ``kappa_low``, ``kappa_high`` (95%), ``alpha``
        (Krippendorff's, between people; NaN for one).
    labels : DataFrame
        ``label``, ``n`` (by people), ``precision``, ``recall``, each with ``_low`` and
        ``_high`` (95%).
    """

    summary: dict[str, float]
    labels: pd.DataFrame


@step("sheet")
def coding_sample(
    topics: Topics, *, n: int = 60, labels: Sequence[str] | None = None, seed: int = 0
) -> BlindSheet:
    """Draw passages for people to code, as many of each machine label.

    Parameters
    ----------
    topics : Topics
        The strongest topic of a passage is the label that the machine gives it.
    n : int
        Number of passages.
    labels : sequence of k str, optional
        What people choose from, a name for each topic; topics may share one. The labels
        or top terms of the topics if not given.
    seed : int

    Returns
    -------
    BlindSheet
        The key holds ``unit_id``, ``doc_id``, ``machine`` and ``weight``: how many
        passages of that label each one drawn stands for.

    Examples
    --------
    >>> from toolkit import Corpus, seeded_topics, segment, tfidf
    >>> topics = seeded_topics(tfidf(segment(Corpus.sample().split("section"))))
    >>> coding_sample(topics, n=40).key["machine"].value_counts().to_dict()
    {...10...}
    """
    names = topics.titles if labels is None else [*labels]
    if len(names) != topics.k:
        raise ValueError(f"{len(names)} labels for {topics.k} topics; give one for each")
    generator = np.random.default_rng(seed)
    filled = np.flatnonzero(topics.filled)
    machine = np.array(names, dtype=object)[topics.doc_topic[filled].argmax(axis=1)]
    choices = [*dict.fromkeys(names)]
    each = -(-n // len(choices))
    drawn: list[tuple[int, str, float]] = []
    for name in choices:
        stratum = filled[machine == name]
        some = generator.choice(stratum, min(each, len(stratum)), replace=False)
        drawn += [(i, name, len(stratum) / len(some)) for i in some]
    rows, given, weight = zip(*(drawn[i] for i in generator.permutation(len(drawn))), strict=True)
    units, number = topics.units.iloc[[*rows]], range(1, len(rows) + 1)
    options = dict(zip(letters(len(choices) + 1), [*choices, _NONE], strict=True))
    passages = units["text"].map(clip).to_numpy()
    questions = pd.DataFrame({"question": number, "passage": passages, **options})
    key = pd.DataFrame(
        {
            "question": number,
            "unit_id": units.index,
            "doc_id": units["doc_id"].to_numpy(),
            "machine": given,
            "weight": weight,
        }
    )
    return BlindSheet("coding", questions, key)


def score_coding(answers: Answers, sheet: BlindSheet, *, seed: int = 0) -> CodingScore:
    """Compare the labels of the machine with those that people gave.

    Passages count by the number that they stand for, since as many of each machine label
    were drawn; intervals come from drawing whole texts again, with replacement.

    Parameters
    ----------
    answers : mapping of coder to path or DataFrame
        The filled-in ``sheet.csv`` of each coder.
    sheet : BlindSheet
    seed : int

    Returns
    -------
    CodingScore

    Raises
    ------
    ValueError
        If the answers are not to this sheet, or people agree on fewer than 20 passages.

    Examples
    --------
    >>> from toolkit import Corpus, seeded_topics, segment, tfidf
    >>> topics = seeded_topics(tfidf(segment(Corpus.sample().split("section"))))
    >>> sheet = coding_sample(topics, n=40)
    >>> letters = {sheet.questions[o].iloc[0]: o for o in sheet.options}
    >>> answers = sheet.key[["question"]].assign(answer=sheet.key["machine"].map(letters))
    >>> score_coding({"A": answers}, sheet).summary["kappa"]
    1.0
    """
    if sheet.kind != "coding":
        raise ValueError("this sheet is an intrusion test; use score_intrusion")
    ratings = sheet.ratings(answers)
    names = sheet.questions.iloc[0][sheet.options]
    votes = np.array([(ratings == letter).sum(axis=1) for letter in sheet.options]).T
    most = votes.max(axis=1, keepdims=True)
    clear = ((votes == most).sum(axis=1) == 1) & (most[:, 0] > 0)
    if clear.sum() < 20:
        raise ValueError(f"people agree by majority on {clear.sum()} passages; 20 are needed")
    values = names.tolist()
    people = votes[clear].argmax(axis=1)
    key = sheet.key[clear]
    machine = np.array([values.index(name) for name in key["machine"]])
    weight = key["weight"].to_numpy(dtype=float)
    document, texts = pd.factorize(key["doc_id"])
    generator = np.random.default_rng(seed)
    draws = bootstrap_weights(texts, _BOOTS, generator)
    found = _measures(people, machine, weight, len(values))
    boots = np.array([_measures(people, machine, weight * d[document], len(values)) for d in draws])
    low, high = pd.DataFrame(boots).quantile([0.025, 0.975]).to_numpy()
    k = len(values)
    labels = pd.DataFrame({"label": values, "n": np.bincount(people, minlength=k)})
    for i, name in enumerate(("precision", "recall")):
        part = slice(1 + i * k, 1 + (i + 1) * k)
        for bound, of_all in (("", found), ("_low", low), ("_high", high)):
            labels[name + bound] = of_all[part]
    summary = {"n": int(clear.sum()), "kappa": found[0], "kappa_low": low[0], "kappa_high": high[0]}
    alpha = krippendorff_alpha(ratings) if ratings.shape[1] > 1 else float("nan")
    return CodingScore({k: float(v) for k, v in (summary | {"alpha": alpha}).items()}, labels)


def _measures(people: Array, machine: Array, weight: Array, k: int) -> Array:
    """Return Cohen's κ, then precision and recall of each label; NaN where there is none."""
    table = np.zeros((k, k))
    np.add.at(table, (people, machine), weight)
    rows, columns, right = table.sum(axis=1), table.sum(axis=0), np.diag(table)
    total = table.sum()
    expected = (rows @ columns) / total**2
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = (right.sum() / total - expected) / (1 - expected)
        return np.concatenate([[kappa], right / columns, right / rows])
