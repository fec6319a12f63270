"""Do people agree: with each other, and beyond chance."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from toolkit.topics.factorise import Array

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)


def krippendorff_alpha(ratings: pd.DataFrame) -> float:
    """Return Krippendorff's α of nominal ratings; ratings may be missing.

    Parameters
    ----------
    ratings : DataFrame
        A row for each unit, a column for each coder; missing or empty where a coder did
        not rate. 1, 1.0, "1" and "1.0" are one value.

    Returns
    -------
    float
        1 for perfect agreement, 0 for chance; NaN if all ratings are the same, or no
        unit has two.

    References
    ----------
    Krippendorff, K. (2011). *Computing Krippendorff's alpha-reliability*. University of
    Pennsylvania.

    Examples
    --------
    >>> krippendorff_alpha(pd.DataFrame({"A": ["a", "b", "b"], "B": ["a", "b", None]}))
    1.0
    """
    counts = _counts(ratings)
    counts = counts[counts.sum(axis=1) >= 2]
    n, each = counts.sum(), counts.sum(axis=1)
    observed = ((each**2 - (counts**2).sum(axis=1)) / (each - 1)).sum() / max(n, 1)
    expected = (n**2 - (counts.sum(axis=0) ** 2).sum()) / max(n * (n - 1), 1)
    return float(1 - observed / expected) if expected else float("nan")


def fleiss_kappa(ratings: pd.DataFrame) -> float:
    """Return Fleiss' κ of nominal ratings, all units rated equally often.

    Parameters
    ----------
    ratings : DataFrame
        A row for each unit, a column for each coder.

    Returns
    -------
    float
        1 for perfect agreement, 0 for chance; NaN if all ratings are the same.

    Raises
    ------
    ValueError
        If a rating is missing: use `krippendorff_alpha`.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters.
    *Psychological Bulletin*, 76(5), 378–382.

    Examples
    --------
    >>> fleiss_kappa(pd.DataFrame({"A": ["a", "b", "b"], "B": ["a", "b", "b"]}))
    1.0
    """
    if ratings.map(_plain).isna().any(axis=None) or ratings.shape[1] < 2:
        raise ValueError(
            "Fleiss' κ needs two or more ratings of every unit, none missing; "
            "use krippendorff_alpha"
        )
    counts = _counts(ratings)
    raters = ratings.shape[1]
    observed = ((counts**2).sum(axis=1) - raters).mean() / (raters * (raters - 1))
    expected = ((counts.sum(axis=0) / counts.sum()) ** 2).sum()
    return float((observed - expected) / (1 - expected)) if expected < 1 else float("nan")


def chance_p(votes: Array, hits: int) -> float:
    """Return how likely as many hits are if what sets the right option apart is not there.

    Then each option of a question might as well have been the right one: the hits of a
    question are the votes for an option drawn at random. So coders who fall for the same
    wrong word do not count as independent. For one coder this is the binomial test.

    Parameters
    ----------
    votes : array of int, shape (questions, options)
        How many coders chose each option.
    hits : int
        Votes for the right options, over all questions.

    Examples
    --------
    >>> chance_p(np.array([[1, 0], [0, 1]]), 2)
    0.25
    """
    distribution = np.ones(1)
    for row in votes:
        distribution = np.convolve(distribution, np.bincount(row) / len(row))
    return float(min(distribution[hits:].sum(), 1.0))


def exact_interval(hits: float, n: int) -> tuple[float, float]:
    """Return the 95% interval of Clopper and Pearson (1934) for a share; `hits` may be a mean.

    Examples
    --------
    >>> low, high = exact_interval(5, 10)
    >>> round(low, 4), round(high, 4)
    (0.1871, 0.8129)
    """
    from scipy.stats import beta

    if not n:
        return float("nan"), float("nan")
    low = beta.ppf(0.025, hits, n - hits + 1) if hits > 0 else 0
    high = beta.ppf(0.975, hits + 1, n - hits) if hits < n else 1
    return float(low), float(high)


def _plain(rating: Any) -> Any:
    """Return a rating as it is written, a number in one form; what is missing as None."""
    written = f"{rating:.15g}" if isinstance(rating, float) else str(rating).strip()
    if pd.isna(rating) or not written:
        return None
    return str(Decimal(written).normalize()) if _NUMBER.fullmatch(written) else written


def _counts(ratings: pd.DataFrame) -> Array:
    """Return how often each unit was given each value, shape (units, values)."""
    given = ratings.to_numpy(dtype=object).ravel()
    # One coder's table was read as numbers, another's as text: 1, 1.0 and "1" are one rating.
    codes, values = pd.factorize(np.array([_plain(value) for value in given], dtype=object))
    codes = codes.reshape(ratings.shape)
    counts: Array = (codes[:, :, None] == np.arange(len(values))).sum(axis=1).astype(float)
    return counts
