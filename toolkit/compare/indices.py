"""Indices of policies that come with their evidence: PMC, strength, aims and measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.corpus import Corpus
from toolkit.files import read_csv
from toolkit.metadata import CorpusError
from toolkit.recipe import Recipe, Recorded, step
from toolkit.topics import krippendorff_alpha
from toolkit.units import listed

SHEET = ["doc_id", "variable", "item", "question", "value", "sentence"]
#: From which index on a policy has a grade, in the literature, with 9 or 10 variables.
_GRADES = [(9, "perfect"), (7, "excellent"), (5, "acceptable"), (0, "poor")]


def index_sheet(
    corpus: Corpus, questions: Mapping[str, Sequence[str]], *, most: int = 1
) -> pd.DataFrame:
    """Return the sheet that each rater of an index fills in, one row for each question.

    Parameters
    ----------
    corpus : Corpus
    questions : mapping of variable to questions
        Such as ``{"时效": ["有长期目标吗？", "有年度任务吗？"]}``; a variable of one question
        is a score, such as the strength of a policy.
    most : int
        The highest value: 1 for yes and no, 5 for scores from 0 to 5.

    Returns
    -------
    DataFrame
        ``doc_id``, ``variable``, ``item`` (number of the question), ``question``, and, to
        be filled in, ``value`` (0 to `most`) and ``sentence`` (that shows it, copied from
        the text, for each value above 0).

    Examples
    --------
    >>> corpus = Corpus.from_texts({"a": "三年内建成。", "b": "加强领导。"})
    >>> index_sheet(corpus, {"时效": ["有期限吗？"]})[["doc_id", "question"]].to_numpy().tolist()
    [['a', '有期限吗？（0 / 1）'], ['b', '有期限吗？（0 / 1）']]
    """
    if not questions or not all(questions.values()) or isinstance(questions, str):
        raise ValueError("questions has questions for each variable: {'时效': ['有期限吗？']}")
    answers = "0 / 1" if most == 1 else f"0–{most}"
    rows = [
        (doc, variable, i, f"{question}（{answers}）", "", "")
        for doc in corpus.units["doc_id"].unique()
        for variable, asked in questions.items()
        for i, question in enumerate([asked] if isinstance(asked, str) else asked, 1)
    ]
    return pd.DataFrame(rows, columns=SHEET)


@dataclass(frozen=True, eq=False)
class PolicyIndex(Recorded, variable="index", by="score_index", of=Corpus):
    """An index of documents, down to the sentences that it rests on.

    Parameters
    ----------
    scores : DataFrame
        A row for each document, a column for each variable: the mean of its items by the
        highest value, 0 to 1.
    table : DataFrame
        Index ``doc_id``, highest first: ``index`` (sum of the variables), ``rank``, and
        ``grade`` ("perfect" from 9, "excellent" from 7, "acceptable" from 5, "poor"; empty
        unless there are 9 or 10 variables, for which the literature has these).
    answers : DataFrame
        What all raters said: ``rater`` and the columns of the sheet.
    agreement : DataFrame
        A row for each variable and for ``all``: ``variable``, ``n`` (questions of a document
        answered by two raters or more), ``same`` (share of them on which they agree),
        ``alpha`` (Krippendorff's, nominal).
    disagreements : DataFrame
        The questions on which raters differ: as the sheet, with a column of each rater's
        value. The index takes their mean.
    recipe : Recipe
    """

    scores: pd.DataFrame
    table: pd.DataFrame
    answers: pd.DataFrame
    agreement: pd.DataFrame
    disagreements: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        alpha = self.agreement["alpha"].iloc[-1]
        n, m = self.scores.shape
        return f"PolicyIndex: {n} documents by {m} variables, agreement of raters {alpha:.2f}"

    def sensitivity(self) -> pd.DataFrame:
        """Return how much hangs on each variable: the index without it.

        Returns
        -------
        DataFrame
            ``variable``, ``spread`` (standard deviation of its scores; 0 tells no documents
            apart), ``correlation`` (Spearman's, of the index with and without it; missing
            where one of them is the same for all), ``most_moved`` (documents by how many
            ranks at most), ``moved`` (the document that moves most).
        """
        whole, rows = self.scores.sum(axis=1), []
        ranks = whole.rank(ascending=False)
        for variable, own in self.scores.items():
            rest = (whole - own).round(9).rank(ascending=False)
            varies = min(np.ptp(ranks), np.ptp(rest)) > 0
            correlation = ranks.corr(rest) if varies else np.nan
            moved = (rest - ranks).abs()
            rows.append((variable, own.std(ddof=0), correlation, moved.max(), moved.idxmax()))
        columns = ["variable", "spread", "correlation", "most_moved", "moved"]
        return pd.DataFrame(rows, columns=columns)


@step("index")
def score_index(
    corpus: Corpus, sheets: Mapping[str, str | Path | pd.DataFrame], *, most: int = 1
) -> PolicyIndex:
    """Compute an index of policies from the sheets of one rater or several.

    Parameters
    ----------
    corpus : Corpus
        The texts that were rated: sentences are looked for in them.
    sheets : mapping of rater to a sheet that is filled in
        A CSV or a table; see `index_sheet`.
    most : int
        The highest value, as in `index_sheet`.

    Returns
    -------
    PolicyIndex

    Raises
    ------
    CorpusError
        With all that is wrong: a value that is missing or none, a value above 0 without its
        sentence, a sentence that is not in the text, a question that one rater lacks.

    Notes
    -----
    The PMC index (Ruiz Estrada 2011) is the sum over variables of the share of their
    yes/no questions that are answered by yes. Known objections: all variables weigh the same
    whatever they mean, and a question the more, the fewer its variable has; sums let one
    strength make up for any weakness, so unlike policies get the same index; what is 1 for
    nearly all documents tells none apart (`PolicyIndex.sensitivity`); a mention is no
    quality; the limits of the grades are conventions; and the form of a surface depends on
    the order of the variables, which means nothing.

    References
    ----------
    Ruiz Estrada, M. A. (2011). Policy modeling: Definition, classification and
    evaluation. *Journal of Policy Modeling*, 33(4), 523–536.

    Examples
    --------
    >>> corpus = Corpus.from_texts({"a": "三年内建成。", "b": "加强领导。"})
    >>> sheet = index_sheet(corpus, {"时效": ["有期限吗？"], "保障": ["有领导吗？"]})
    >>> sheet["value"] = [1, 0, 0, 1]
    >>> sheet["sentence"] = ["三年内建成。", "", "", "加强领导。"]
    >>> score_index(corpus, {"one": sheet}).table["index"].to_dict()
    {'a': 1.0, 'b': 1.0}
    """
    texts = corpus.units.groupby("doc_id", sort=False)["text"].agg("".join)
    texts = texts.map(_plain)
    read = {r: s if isinstance(s, pd.DataFrame) else read_csv(s) for r, s in sheets.items()}
    problems = [] if read else ["no rater has filled in a sheet"]
    for rater, sheet in read.items():
        problems += _problems(rater, sheet, texts, most)
    if problems:
        raise CorpusError(problems)
    parts = [sheet[SHEET].assign(rater=rater) for rater, sheet in read.items()]
    answers = pd.concat(parts, ignore_index=True)
    answers["value"], answers["item"] = answers["value"].astype(float), answers["item"].astype(int)
    keys = ["doc_id", "variable", "item"]
    ratings = answers.pivot_table(index=keys, columns="rater", values="value", sort=False)
    lacking = ratings.isna().sum()
    problems = [f"{rater} lacks {n} questions" for rater, n in lacking.items() if n]
    asked = ratings.groupby("doc_id", sort=False).size()
    less, all_of = asked[asked < asked.max()], asked.max()
    problems += [f"{doc} has {n} questions, others {all_of}" for doc, n in less.items()]
    if problems:
        raise CorpusError(problems)
    means = (ratings.mean(axis=1) / most).rename("score").reset_index()
    scores = means.pivot_table("score", "doc_id", "variable", sort=False)
    table = pd.DataFrame({"index": scores.sum(axis=1)})
    table["rank"] = table["index"].round(9).rank(ascending=False, method="min").astype(int)
    told = scores.shape[1] in (9, 10)
    table["grade"] = [
        next(g for low, g in _GRADES if x >= low) if told else "" for x in table["index"]
    ]
    differ = (
        ratings[ratings.max(axis=1) > ratings.min(axis=1)]
        .reset_index()
        .merge(answers.drop_duplicates(keys)[[*keys, "question"]], on=keys)
    )
    agreement = [_agreement(v, part) for v, part in ratings.groupby("variable", sort=False)]
    agreement.append(_agreement("all", ratings))
    return PolicyIndex(
        scores.rename_axis(columns=None),
        table.sort_values("rank", kind="stable"),
        answers[["rater", *SHEET]],
        pd.DataFrame(agreement),
        differ,
    )


def _problems(rater: str, sheet: pd.DataFrame, texts: pd.Series[Any], most: int) -> list[str]:
    """Return what is wrong with a sheet."""
    if lacking := [column for column in SHEET if column not in sheet]:
        return [f"the sheet of {rater} has no column {listed(lacking)}; begin with index_sheet"]
    found = []
    for row in sheet.fillna("").to_dict("records"):
        place = f"{rater}, {row['doc_id']}, {row['variable']} {row['item']}"
        value = pd.to_numeric(row["value"], errors="coerce") if row["value"] != "" else np.nan
        sentence = _plain(str(row["sentence"]))
        if row["doc_id"] not in texts.index:
            found.append(f"{place}: there is no such document")
        elif not (0 <= value <= most and value == int(value)):
            found.append(f"{place}: the value is {row['value']!r}, not 0 to {most}")
        elif value and not sentence:
            found.append(f"{place}: {value:g} needs the sentence that shows it")
        elif value and sentence not in texts[row["doc_id"]]:
            found.append(f"{place}: the text does not hold {row['sentence']!r:.60}")
    twice = sheet.duplicated(["doc_id", "variable", "item"]).sum()
    return [*found, *([f"{rater} answers {twice} questions twice"] if twice else [])]


def _plain(text: str) -> str:
    """Return a text without spaces: a sentence that was copied may be broken otherwise."""
    return "".join(text.split())


def _agreement(variable: Any, ratings: pd.DataFrame) -> dict[str, Any]:
    two = ratings[ratings.notna().sum(axis=1) >= 2]
    same = float((two.max(axis=1) == two.min(axis=1)).mean()) if len(two) else np.nan
    alpha = krippendorff_alpha(two) if len(two) else np.nan
    return {"variable": variable, "n": len(two), "same": same, "alpha": alpha}
