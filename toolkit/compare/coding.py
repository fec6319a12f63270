"""Passages coded by rules, along several axes."""

from __future__ import annotations

import warnings
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare.codebook import Codebook
from toolkit.compare.rules import Places, Rule, read_rule
from toolkit.corpus import Corpus
from toolkit.recipe import Recipe, Recorded, check_kind, check_numbers, step
from toolkit.resample import max_t

#: Of a term how often it is found and stands, and the longer words that hold it.
Tally = dict[str, tuple[Counter[str], Counter[str]]]
# So often a term must stand before it is told that it is mostly not found.
_OFTEN = 10
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
    terms : DataFrame
        What each term missed: ``axis``, ``term``, ``found`` (times as whole words), ``stands``
        (times as a string), ``inside`` (longer words that hold it, with their times).
    recipe : Recipe
    """

    table: pd.DataFrame
    units: pd.DataFrame
    rules: pd.DataFrame
    terms: pd.DataFrame
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

    Warns
    -----
    UserWarning
        If a term mostly stands inside of longer words, where it is not found.

    Notes
    -----
    Terms are found as whole words, the longest where those of one axis overlap: see
    `Codebook.find`. 补贴 is not found in 财政补贴, which is one word; `Coding.terms` tells.

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
    rows, told = [], []
    for axis, own in rules.groupby("axis", sort=False):
        terms = dict.fromkeys(term for i in own.index for term in read[i].terms())
        book = Codebook(pd.DataFrame({"dimension": str(axis), "term": [*terms]}))
        tally = {term: (Counter[str](), Counter[str]()) for term in terms}
        for unit, doc, text, heading in zip(
            units.index, units["doc_id"], units["text"], headings, strict=True
        ):
            here, above = _places(book, text), _places(book, heading)
            _tell(tally, book, text, here)
            done: set[str] = set()
            for i, code, weight in zip(own.index, own["code"], own["weight"], strict=True):
                places = None if code in done else read[i].places(here, above)
                if places is not None:
                    done.add(code)
                    words = "、".join(dict.fromkeys(text[s:e] for s, e, _ in places))
                    start = places[0][0] if places else None
                    rows.append((unit, doc, axis, code, weight, words, start))
        for term, (times, inside) in tally.items():
            longer = "、".join(f"{word} {n}" for word, n in inside.most_common(5))
            told.append((axis, term, times["found"], times["stands"], longer))
    table = pd.DataFrame(rows, columns=_FOUND).astype({"start": "Int64"})
    terms_of = pd.DataFrame(told, columns=["axis", "term", "found", "stands", "inside"])
    few = terms_of[(terms_of["stands"] >= _OFTEN) & (2 * terms_of["found"] < terms_of["stands"])]
    if len(few):
        said = [f"{t} {s} times, {n} as a word ({w})" for _, t, n, s, w in few.to_numpy()[:5]]
        warnings.warn(
            f"terms stand mostly inside of longer words: {'; '.join(said)}; add those that mean "
            "the same to the rule. coding.terms shows all",
            stacklevel=3,
        )
    return Coding(table, units, rules, terms_of)


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


def _tell(tally: Tally, book: Codebook, text: str, here: Places) -> None:
    """Add how often terms stand in a text, and in which longer words those not found are."""
    words: list[str] | None = None
    for term, (times, inside) in tally.items():
        found, stands = len(here.get(term, ())), text.count(term)
        times.update(found=found, stands=stands)
        if stands > found:
            words = words or [word for word, _, _ in book._segmenter.cut(text)]
            inside.update(word for word in words if term in word and word != term)
