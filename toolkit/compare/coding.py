"""Passages coded by rules, along several axes, and codes of others judged against people."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare.codebook import Codebook
from toolkit.compare.rules import Places, Rule, read_rule
from toolkit.corpus import Corpus
from toolkit.matrix import tfidf
from toolkit.recipe import Recipe, Recorded, check_kind, check_numbers, step
from toolkit.resample import bootstrap_weights, max_t
from toolkit.segmentation import segment
from toolkit.units import grouped, values_of

Array = np.ndarray[Any, Any]
_FOUND = ["unit_id", "doc_id", "axis", "code", "weight", "terms", "start"]


@dataclass(frozen=True, eq=False)
class Coding(Recorded, variable="coding", by="code_passages", of=Corpus):
    """Which codes each passage has, and by which of its words.

    Parameters
    ----------
    table : DataFrame
        A row for each passage and code: ``unit_id``, ``doc_id``, ``axis``, ``code``,
        ``weight`` (of the code), ``terms`` (that made it true, in their order), ``start`` (of
        the first in the passage; missing where a heading alone tells).
    units : DataFrame
        The passages that were looked at, with or without a code.
    rules : DataFrame
        ``axis``, ``code``, ``rule``, ``weight``.
    recipe : Recipe
    """

    table: pd.DataFrame
    units: pd.DataFrame
    rules: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        coded, axes = self.table["unit_id"].nunique(), self.rules["axis"].nunique()
        return f"Coding: {coded:,} of {len(self.units):,} passages, {axes} axes"

    def codes(self, axis: str) -> pd.DataFrame:
        """Return which passages (rows) have which codes of an axis (columns), as bool."""
        own = self.rules.loc[self.rules["axis"] == axis, "code"].unique()
        if not len(own):
            raise ValueError(f"no axis {axis!r}; there are {self.rules['axis'].unique().tolist()}")
        found = self.table[self.table["axis"] == axis]
        has = pd.DataFrame(False, index=self.units.index, columns=own)
        for code, part in found.groupby("code", sort=False):
            has.loc[part["unit_id"], code] = True
        return has

    def crosstab(self, x: str, y: str, *, n_null: int = 1000, seed: int = 0) -> pd.DataFrame:
        """Count the passages that have a code of one axis and one of another.

        Parameters
        ----------
        x, y : str
            Axes.
        n_null, seed : int
            Draws of chance, and their seed.

        Returns
        -------
        DataFrame
            A row for each pair of codes: the columns `x` and `y`, ``passages`` (with both),
            ``n_docs``, ``expected`` (mean of chance), ``ratio`` (by that), ``p`` (that chance
            shows *any* pair as far from what is expected: Westfall & Young 1993).

        Notes
        -----
        Chance deals the codes of `y` out anew among the passages of each document, so that
        how much a document speaks of either is no reason to find them together; where each
        document is one passage, among all of them.
        """
        check_numbers(Coding.crosstab, {"n_null": n_null, "seed": seed})
        left, right = self.codes(x), self.codes(y)
        document = pd.factorize(self.units["doc_id"])[0]
        strata = document if len({*document}) < len(document) else np.zeros(len(document), int)
        a, b = left.to_numpy(dtype=float), right.to_numpy(dtype=float)
        both, rng = a.T @ b, np.random.default_rng(seed)
        order, null = np.argsort(strata, kind="stable"), np.empty((n_null, both.size))
        for draw in null:
            dealt = np.lexsort([rng.random(len(strata)), strata])
            draw[:] = (a[order].T @ b[dealt]).ravel()
        p = max_t(both.ravel(), null)
        # Both tails: what is rarer than chance stands out too.
        p = np.minimum(1, 2 * np.minimum(p, max_t(-both.ravel(), -null)))
        expected = null.mean(axis=0)
        rows = [(c, d) for c in left for d in right]
        docs = [self.units["doc_id"][left[c] & right[d]].nunique() for c, d in rows]
        found = pd.DataFrame(rows, columns=[x, y])
        found["passages"], found["n_docs"] = both.ravel().astype(int), docs
        found["expected"] = expected
        found["ratio"] = np.divide(
            both.ravel(), expected, out=np.full(both.size, np.nan), where=expected > 0
        )
        return found.assign(p=p)

    def evidence(self, **codes: str) -> pd.DataFrame:
        """Return the passages that have all of some codes: ``evidence(工具="财政", 阶段="实施")``.

        Returns
        -------
        DataFrame
            The passages, with ``terms``: what made them so.
        """
        kept = pd.Series(True, index=self.units.index)
        for axis, code in codes.items():
            has = self.codes(axis)
            if code not in has:
                raise ValueError(f"{axis} has no code {code!r}; there are {[*has]}")
            kept &= has[code]
        wanted = self.table[
            pd.Series(
                [*zip(self.table["axis"], self.table["code"], strict=True)], index=self.table.index
            ).isin([*codes.items()])
        ]
        terms = wanted.groupby("unit_id", sort=False)["terms"].agg("；".join)
        return self.units[kept].assign(terms=terms)


def load_scheme(name: str) -> pd.DataFrame:
    """Return the skeleton of a usual scheme of policy instruments, for rules of one's own.

    Parameters
    ----------
    name : {"rothwell-zegveld", "hood", "howlett-ramesh"}

    Returns
    -------
    DataFrame
        ``axis``, ``code``, ``name_zh``, ``kind_zh``, ``definition_zh``, ``definition_en``, and
        ``rule``: empty, since the literature gives no terms. Names and definitions are in our
        own words, from knowledge of the works; compare them with these.

    References
    ----------
    Hood, C. (1983). *The tools of government*. Macmillan.

    Howlett, M., & Ramesh, M. (1995). *Studying public policy: Policy cycles and policy
    subsystems*. Oxford University Press.

    Rothwell, R., & Zegveld, W. (1985). *Reindustrialization and technology*. Longman.

    Examples
    --------
    >>> load_scheme("rothwell-zegveld").groupby("axis", sort=False).size().to_dict()
    {'supply': 4, 'environment': 4, 'demand': 4}
    """
    table = pd.read_csv(Path(__file__).parents[1] / "lexicon" / "schemes.csv")
    if name not in (known := table["scheme"].unique().tolist()):
        raise ValueError(f"there is no scheme {name!r}; there are {', '.join(known)}")
    own = table[table["scheme"] == name].drop(columns="scheme").reset_index(drop=True)
    return own.assign(rule="")


@step("coding")
def code_passages(corpus: Corpus, rules: pd.DataFrame) -> Coding:
    """Give passages the codes of a codebook whose terms are rules, along one axis or several.

    Parameters
    ----------
    corpus : Corpus
        Split into passages.
    rules : DataFrame
        ``code`` and ``rule``: terms with ``AND``, ``OR``, ``NOT``, ``NEAR/n`` (at most n
        words apart), brackets, and ``IN heading`` behind a term (in the heading of the
        passage, or one above it). Also ``axis`` (instrument, stage, subject; all are one if
        it is missing) and ``weight``. A code may have several rows: one of them is enough.

    Returns
    -------
    Coding

    Raises
    ------
    ValueError
        With every rule that cannot be read.

    Notes
    -----
    Terms are found as whole words, the longest where those of one axis overlap: see
    `Codebook.find`.

    Examples
    --------
    >>> corpus = Corpus.from_texts({"a": "财政给企业补贴。", "b": "财政部开会。", "c": "立法。"})
    >>> rows = [("经济", "财政 AND 补贴"), ("法律", "立法 OR 执法")]
    >>> rules = pd.DataFrame(rows, columns=["code", "rule"])
    >>> code_passages(corpus, rules).table[["unit_id", "code", "terms"]].to_numpy().tolist()
    [['a', '经济', '财政、补贴'], ['c', '法律', '立法']]
    """
    check_kind(corpus, Corpus, "code_passages")
    rules, read = _read(rules)
    units = corpus.units
    headings = [
        " ".join(str(row[c]) for c in ("path", "section") if pd.notna(row.get(c)))
        for row in units.to_dict("records")
    ]
    rows = []
    for axis, own in rules.groupby("axis", sort=False):
        terms = dict.fromkeys(term for i in own.index for term in read[i].terms())
        book = Codebook(pd.DataFrame({"dimension": str(axis), "term": [*terms]}))
        for unit, doc, text, heading in zip(
            units.index, units["doc_id"], units["text"], headings, strict=True
        ):
            here, above = _places(book, text), _places(book, heading)
            done: set[str] = set()
            for i, code, weight in zip(own.index, own["code"], own["weight"], strict=True):
                places = None if code in done else read[i].places(here, above)
                if places is not None:
                    done.add(code)
                    words = "、".join(dict.fromkeys(text[s:e] for s, e, _ in places))
                    start = places[0][0] if places else None
                    rows.append((unit, doc, axis, code, weight, words, start))
    table = pd.DataFrame(rows, columns=_FOUND).astype({"start": "Int64"})
    return Coding(table, units, rules)


def _read(rules: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, Rule]]:
    """Return a table of rules with all its columns, and the rules that were read."""
    if not isinstance(rules, pd.DataFrame):
        raise TypeError(f"rules are a table with the columns code and rule, not {rules!r:.60}")
    lacking = [f"no column {c!r}" for c in ("code", "rule") if c not in rules]
    if lacking or rules.empty:
        raise ValueError("these rules cannot be used:\n- " + "\n- ".join(lacking or ["no rows"]))
    given: dict[str, Any] = {"axis": "code", "weight": 1.0}
    table = rules.reset_index(drop=True)
    table = table.assign(**{c: v for c, v in given.items() if c not in table})
    read, problems = {}, []
    for i, (code, rule) in enumerate(zip(table["code"], table["rule"], strict=True)):
        try:
            read[i] = read_rule(str(rule))
        except ValueError as error:
            problems.append(f"row {i + 1} ({code}: {rule}): {error}")
    if problems:
        raise ValueError("these rules cannot be used:\n- " + "\n- ".join(problems))
    return table[["axis", "code", "rule", "weight"]], read


def _places(book: Codebook, text: str) -> Places:
    """Return where each term of a codebook stands in a text, and the number of its word."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    ends: list[int] | None = None
    for term, start in book.find(text):
        ends = ends or [end for _, _, end in book._segmenter.cut(text)]
        place = (start, start + len(term), bisect_left(ends, start + 1))
        found.setdefault(term, []).append(place)
    return found


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
    keys = [] if by is None else [*values_of(by)]
    if lacking := [c for c in ("doc_id", truth, given, *keys) if c not in units]:
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
        found = _scores(pairs.sum(axis=0)[None])[0]
        spread = _scores(drawn.reshape(n_boot, *pairs.shape[1:]))
        table = pd.DataFrame(found, columns=["n", "precision", "recall", "f1", "kappa"])
        for column, name in ((3, "f1"), (4, "kappa")):
            low, high = pd.DataFrame(spread[..., column]).quantile([0.025, 0.975]).to_numpy()
            table[f"{name}_low"], table[f"{name}_high"] = low, high
        table.insert(0, "label", [*labels, "all"])
        for i, (key, value) in enumerate(zip(keys, group, strict=True)):
            table.insert(i, key, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True).astype({"n": int})


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
