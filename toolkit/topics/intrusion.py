"""Can people tell what a topic is about: intrusion tests."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from toolkit.recipe import step
from toolkit.topics.factorise import Array
from toolkit.topics.model import Topics
from toolkit.topics.quality import ranked
from toolkit.topics.reliability import chance_p, exact_interval, fleiss_kappa, krippendorff_alpha
from toolkit.topics.sheets import Answers, BlindSheet, clip, letters

_SHOWN, _FROM, _FAR = 5, 10, 50  # words shown, of the top, while the intruder is below
_TOPICS = 3  # right topics of a passage


class IntrusionScore(NamedTuple):
    """What people saw; see `score_intrusion`.

    Parameters
    ----------
    summary : dict
        ``answers``, ``accuracy``, ``chance``, ``p`` (exact, against chance), ``alpha``
        (Krippendorff) and ``kappa`` (Fleiss) between coders; NaN where they cannot be told.
    topics : DataFrame
        ``topic``, ``answers``, ``accuracy``, ``low``, ``high`` (95%, Clopper–Pearson; a
        question counts once, however many coders answered it, since they may all fall
        for the same word).
    coders : DataFrame
        ``coder``, ``answers``, ``accuracy``, ``p``.
    """

    summary: dict[str, float]
    topics: pd.DataFrame
    coders: pd.DataFrame


@step("sheet")
def intrusion_test(
    topics: Topics,
    *,
    kind: Literal["word", "topic"] = "word",
    per_topic: int = 7,
    seed: int = 0,
) -> BlindSheet:
    """Make a test of whether people see what belongs to a topic.

    Parameters
    ----------
    topics : Topics
    kind : {"word", "topic"}
        "word": five of the ten top terms of a topic, and a top term of another that
        weighs little in it. "topic": a passage, the three topics that weigh most in it,
        each by five terms, and one that weighs least.
    per_topic : int
        Number of questions for each topic.
    seed : int

    Returns
    -------
    BlindSheet
        Write it with ``save(folder, key=path)``.

    Raises
    ------
    ValueError
        If there are too few questions: a coder who is right half of the time would often
        not be told from one who guesses.

    References
    ----------
    Chang, J., Boyd-Graber, J., Gerrish, S., Wang, C., & Blei, D. M. (2009). Reading tea
    leaves: How humans interpret topic models. *NIPS*, 288–296.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=4)
    >>> intrusion_test(topics)
    BlindSheet ...: 28 questions (word)
    """
    generator = np.random.default_rng(seed)
    make = {"word": _word_questions, "topic": _topic_questions}.get(kind)
    if make is None:
        raise ValueError(f"kind must be 'word' or 'topic', not {kind!r}")
    rows = make(topics, per_topic, generator)
    size = len(rows[0]["options"]) if rows else 2
    if len(rows) < (least := least_questions(1 / size)):
        raise ValueError(
            f"{len(rows)} questions are too few: with fewer than {least}, a coder who is right "
            "half of the time is often not told from one who guesses; raise per_topic, or use "
            "more topics or passages"
        )
    questions, key, names = [], [], letters(size)
    for number, i in enumerate(generator.permutation(len(rows)), 1):
        row, places = rows[i], generator.permutation(size)
        options = {names[p]: row["options"][o] for p, o in enumerate(places)}
        questions.append({"question": number, "passage": row["passage"], **options})
        answer = names[int(np.flatnonzero(places == size - 1)[0])]
        key.append({"question": number, "topic": row["topic"], "answer": answer} | row["key"])
    return BlindSheet(kind, pd.DataFrame(questions), pd.DataFrame(key))


def score_intrusion(answers: Answers, sheet: BlindSheet) -> IntrusionScore:
    """Score the answers to an intrusion test.

    Parameters
    ----------
    answers : mapping of coder to path or DataFrame
        The filled-in ``sheet.csv`` of each coder.
    sheet : BlindSheet
        With its key; ``BlindSheet.load(path)`` reads it back.

    Returns
    -------
    IntrusionScore

    Raises
    ------
    ValueError
        If the answers are not to this sheet, or too few.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=4)
    >>> sheet = intrusion_test(topics)
    >>> score_intrusion({"A": sheet.key[["question", "answer"]]}, sheet).summary["accuracy"]
    1.0
    """
    from scipy.stats import binomtest

    if sheet.kind == "coding":
        raise ValueError("this sheet asks for coding; use score_coding")
    ratings = sheet.ratings(answers)
    right = sheet.key.set_index("question")["answer"]
    chance = 1 / len(sheet.options)
    n = int(ratings.notna().sum().max())
    if n < (least := least_questions(chance)):
        raise ValueError(f"{n} answers are too few to score; each coder should give {least}")
    hit = ratings.eq(right, axis=0).where(ratings.notna()).astype(float)
    votes = np.array([[(ratings == o).sum(axis=1)] for o in sheet.options])[:, 0].T
    some = ratings.shape[1] > 1
    summary = {
        "answers": int(hit.notna().sum().sum()),
        "accuracy": float(np.nanmean(hit.to_numpy())),
        "chance": chance,
        "p": chance_p(votes, int(np.nansum(hit.to_numpy()))),
        "alpha": krippendorff_alpha(ratings) if some else float("nan"),
        "kappa": fleiss_kappa(ratings) if some and ratings.notna().all(axis=None) else float("nan"),
    }
    of_topic = sheet.key.set_index("question")["topic"]
    topics = []
    for topic, part in hit.groupby(of_topic):
        given = part.to_numpy()[part.notna().to_numpy()]
        questions = int(part.notna().any(axis=1).sum())
        mean = given.mean() if questions else np.nan
        topics.append((topic, len(given), mean, *exact_interval(mean * questions, questions)))
    coders = []
    for name, column in hit.loc[:, hit.count() > 0].items():
        p = binomtest(int(column.sum()), column.count(), chance, "greater").pvalue
        coders.append((name, column.count(), column.mean(), p))
    return IntrusionScore(
        summary,
        pd.DataFrame(topics, columns=["topic", "answers", "accuracy", "low", "high"]),
        pd.DataFrame(coders, columns=["coder", "answers", "accuracy", "p"]),
    )


def least_questions(chance: float) -> int:
    """Return how many questions tell a coder right half of the time from a guess.

    That is with power 0.8 in a one-sided exact test at 0.05.

    Examples
    --------
    >>> least_questions(1 / 6), least_questions(1 / 4)
    (12, 26)
    """
    from scipy.stats import binom

    n = 1
    while True:
        needed = binom.isf(0.05, n, chance) + 1
        if binom.sf(needed - 1, n, 0.5) >= 0.8:
            return n
        n += 1


def _word_questions(topics: Topics, per_topic: int, generator: Any) -> list[dict[str, Any]]:
    top = ranked(topics.topic_term, _FROM)
    near = ranked(topics.topic_term, min(_FAR, topics.topic_term.shape[1] // 2))
    rows = []
    for topic in range(topics.k):
        others = np.setdiff1d(np.delete(top, topic, axis=0), near[topic])
        if not len(others):
            raise ValueError(
                f"topic {topic + 1} shares its terms with all others; none can intrude"
            )
        for _ in range(per_topic):
            shown = generator.choice(top[topic], _SHOWN, replace=False)
            intruder = int(generator.choice(others))
            words = topics.terms[[*shown, intruder]].tolist()
            rows.append(_question(topic, words, intruder=words[-1]))
    return rows


def _topic_questions(topics: Topics, per_topic: int, generator: Any) -> list[dict[str, Any]]:
    if topics.k <= _TOPICS:
        raise ValueError(f"a topic intrusion test needs {_TOPICS + 1} topics; there are {topics.k}")
    words = ["、".join(topics.terms[row]) for row in ranked(topics.topic_term, _SHOWN)]
    order = np.argsort(-topics.doc_topic, axis=1, kind="stable")
    # The three topics must be there: passages that are all one topic ask nothing.
    third = np.take_along_axis(topics.doc_topic, order[:, [_TOPICS - 1]], axis=1)[:, 0]
    rows = []
    for topic in range(topics.k):
        fit = np.flatnonzero((order[:, 0] == topic) & (third >= 0.05))
        for i in _spread(fit, topics.units["doc_id"], generator)[:per_topic]:
            chosen = [*order[i, :_TOPICS], order[i, -1]]
            key = {"intruder": int(chosen[-1]) + 1, "unit_id": topics.units.index[i]}
            passage = clip(topics.units["text"].iloc[i])
            rows.append(_question(topic, [words[t] for t in chosen], passage, **key))
    return rows


def _question(topic: int, options: list[str], passage: str = "", **key: Any) -> dict[str, Any]:
    return {"topic": topic + 1, "passage": passage, "options": options, "key": key}


def _spread(rows: Array, documents: pd.Series[Any], generator: Any) -> Array:
    """Return rows in random order, the first of every document before the second of any."""
    rows = generator.permutation(rows)
    nth = documents.iloc[rows].groupby(documents.iloc[rows].to_numpy()).cumcount().to_numpy()
    ordered: Array = rows[np.argsort(nth, kind="stable")]
    return ordered
