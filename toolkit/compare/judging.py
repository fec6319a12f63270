"""Labels of a model or a student, judged against those of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.matrix import tfidf
from toolkit.recipe import check_numbers
from toolkit.resample import bootstrap_weights
from toolkit.segmentation import segment
from toolkit.units import columns_of, grouped, told_of

Array = np.ndarray[Any, Any]
# Columns of its table.
_OWN = ["label", "n", "precision", "recall", "f1", "kappa"]
_OWN += ["f1_low", "f1_high", "kappa_low", "kappa_high"]


def judge_labels(
    units: pd.DataFrame,
    truth: str,
    given: str,
    *,
    by: str | Sequence[str] | None = None,
    n_boot: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Judge the labels of a model, or of a student, against those of people.

    Parameters
    ----------
    units : DataFrame
        The passages, with ``doc_id`` and both columns; those where one is missing are left out.
    truth, given : str
        Columns: of people, and to be judged.
    by : column, or several, optional
        Judge within each group too: ``"city"``, ``["city", "year"]``.
    n_boot, seed : int
        Resamples of whole documents for the intervals, and their seed.

    Returns
    -------
    DataFrame
        A row for each label, and for ``all``: `by`, ``label``, ``n`` (that people gave),
        ``precision``, ``recall``, ``f1``, ``kappa`` (Cohen's, of this label against all
        others; of all: of all labels, and precision, recall and f1 are means over labels),
        with ``f1_low``, ``f1_high``, ``kappa_low``, ``kappa_high`` (95%).

    Examples
    --------
    >>> units = pd.DataFrame({"doc_id": [*"aabbcc"], "people": [*"xxyyxy"], "model": [*"xxyxxy"]})
    >>> judge_labels(units, "people", "model")["recall"].round(2).tolist()
    [1.0, 0.67, 0.83]
    """
    check_numbers(judge_labels, {"n_boot": n_boot, "seed": seed})
    keys = [] if by is None else columns_of(units, by, _OWN)
    if lacking := [c for c in ("doc_id", truth, given) if c not in units]:
        raise ValueError(f"the units have no column {', '.join(map(repr, lacking))}")
    units = units[units[truth].notna() & units[given].notna()]
    if units.empty:
        raise ValueError(f"no passage has both {truth!r} and {given!r}")
    labels = [*dict.fromkeys([*sorted(units[truth].unique()), *sorted(units[given].unique())])]
    groups = {(): np.arange(len(units))} if by is None else grouped(units, keys)
    rng, tables = np.random.default_rng(seed), []
    for group, rows in groups.items():
        part = units.iloc[rows]
        document, names = pd.factorize(part["doc_id"])
        pairs = np.zeros((len(names), len(labels), len(labels)))
        at = [pd.Index(labels).get_indexer(part[c]) for c in (truth, given)]
        np.add.at(pairs, (document, *at), 1)
        drawn = bootstrap_weights(np.arange(len(names)), n_boot, rng) @ pairs.reshape(
            len(names), -1
        )
        scores = _scores(pairs.sum(axis=0)[None])[0]
        spread = _scores(drawn.reshape(n_boot, *pairs.shape[1:]))
        table = pd.DataFrame(scores, columns=["n", "precision", "recall", "f1", "kappa"])
        for column, name in ((3, "f1"), (4, "kappa")):
            low, high = pd.DataFrame(spread[..., column]).quantile([0.025, 0.975]).to_numpy()
            table[f"{name}_low"], table[f"{name}_high"] = low, high
        table.insert(0, "label", [*labels, "all"])
        for i, (key, value) in enumerate(zip(keys, group, strict=True)):
            table.insert(i, key, value)
        tables.append(table)
    found = pd.concat(tables, ignore_index=True).astype({"n": int})
    found.attrs |= told_of(units, keys)
    return found


def _scores(tables: Array) -> Array:
    """Return n, precision, recall, F1 and kappa of labels and of all, of confusion tables."""
    with np.errstate(invalid="ignore", divide="ignore"):
        total = tables.sum(axis=(1, 2))
        true, said = tables.sum(axis=2), tables.sum(axis=1)
        right = np.diagonal(tables, axis1=1, axis2=2)
        precision = np.where(said > 0, right / said, 0)
        recall = np.where(true > 0, right / true, 0)
        f1 = np.where(true + said > 0, 2 * right / (true + said), 0)
        n = total[:, None]
        agree = (n - true - said + 2 * right) / n
        chance = (true * said + (n - true) * (n - said)) / n**2
        kappa = (agree - chance) / (1 - chance)
        whole = (right.sum(axis=1) / total, (true * said).sum(axis=1) / total**2)
        of_all = (whole[0] - whole[1]) / (1 - whole[1])
    each = np.stack([true, precision, recall, f1, kappa], axis=2)
    means = [x.mean(axis=1) for x in (precision, recall, f1)]
    return np.concatenate([each, np.stack([total, *means, of_all], axis=1)[:, None]], axis=1)


def base_labels(corpus: Corpus, truth: str, *, folds: int = 10, seed: int = 0) -> pd.Series[str]:
    """Return the labels of the simplest classifier: what any other must beat.

    TF-IDF and logistic regression; each passage is told by what was learnt from other
    documents. To be judged by `judge_labels`.

    Parameters
    ----------
    corpus : Corpus
        Passages with a column `truth`; those where it is missing teach nothing.
    truth : str
    folds : int
    seed : int
        Of the dealing of documents into folds.

    Returns
    -------
    Series
        A label for each passage that people labelled.

    Raises
    ------
    ValueError
        If there are fewer documents than folds, or fewer than two labels.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    check_numbers(base_labels, {"folds": folds, "seed": seed})
    if truth not in corpus.units:
        raise ValueError(f"the passages have no column {truth!r}")
    kept = corpus.units[truth].notna().to_numpy()
    labels = corpus.units[truth][kept].astype(str)
    documents = corpus.units["doc_id"][kept]
    if documents.nunique() < folds or labels.nunique() < 2:
        raise ValueError(
            f"{documents.nunique()} documents have {labels.nunique()} labels; needed are two "
            f"labels and as many documents as folds ({folds})"
        )
    weights = tfidf(segment(corpus), min_df=2).weights[kept]
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=2000)
    dealt = GroupKFold(folds, shuffle=True, random_state=seed)
    guess = cross_val_predict(model, weights, labels, groups=documents, cv=dealt)
    return pd.Series(guess, index=labels.index, name="base")
