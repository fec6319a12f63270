"""Effects: what of texts goes with their metadata, with how much is sure."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare.codebook import Codebook
from toolkit.compare.rates import PER
from toolkit.compare.regression import TINY, Design, Term, coded, count_of, covariates_of
from toolkit.recipe import Recipe, Recorded, check_kind, step
from toolkit.resample import LEAST_DOCUMENTS, bootstrap_weights, max_t
from toolkit.segmentation import Tokens
from toolkit.topics import Topics
from toolkit.units import listed, told_of

Array = np.ndarray[Any, Any]

#: A resample without a group tells nothing of it.
_WORST = 1e10


@dataclass(frozen=True, eq=False)
class Effects(Recorded, variable="effects", by="topic_effects", of=Topics):
    """How much of each series (topic, concept) goes with each covariate of the texts.

    Parameters
    ----------
    table : DataFrame
        A row for each level of a covariate but its reference, or for a number, and each
        series: ``covariate``, ``level`` and ``reference`` (empty for a number), ``series``,
        ``n`` and ``n_reference`` (texts of the level and of the reference; all for a
        number), ``effect`` (difference to the reference, or per 1 more, the other
        covariates held equal), ``low``, ``high`` (95% interval), ``p`` and ``p_all`` (as if
        it were the only question asked; over all series and levels of the covariate).
        ``attrs["measure"]`` says of what it is a difference.
    tests : DataFrame
        A row for each covariate, for all its levels and all series at once: ``covariate``,
        ``df``, ``r2`` (share of the variance left by the other covariates), ``p`` (Wald's
        statistic with HC3 errors, summed over the series, against permuted texts; levels of
        fewer than 5 texts stay out).
    values : DataFrame
        What is explained: a row for each text, a column for each series.
    covariates : DataFrame
        A row for each text.
    reference : mapping
        The level that the others of a covariate are compared with.
    n_boot, n_permutations, seed : int
    recipe : Recipe
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    values: pd.DataFrame
    covariates: pd.DataFrame
    reference: Mapping[str, Any] = field(default_factory=dict)
    n_boot: int = 500
    n_permutations: int = 999
    seed: int = 0
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        told = " + ".join(map(str, self.covariates))
        return f"Effects: {self.values.shape[1]} series of {len(self.values):,} texts on {told}"

    def means(self, covariate: str) -> pd.DataFrame:
        """Return the marginal means of a covariate.

        That is what each series would be on average if all texts had this level, or this
        number, with their other covariates as they are.

        Returns
        -------
        DataFrame
            ``level`` (the lowest, the median and the highest of a number), ``series``,
            ``n`` (texts of the level), ``mean``, ``low``, ``high``.
        """
        term = self._term(covariate)
        design = self._design()
        place, levels = design.places[covariate], term.levels
        if levels:
            coding = np.eye(len(levels))[:, 1:]
        else:
            levels = np.quantile(term.values, (0, 0.5, 1), method="nearest").tolist()
            coding = np.array(levels)[:, None] - term.values.mean()
        rows = np.tile(design.x.mean(axis=0), (len(levels), 1))
        rows[:, place] = coding
        coefficients, drawn = design.fit(self.values.to_numpy()), self._drawn(design)
        least = [count_of(term, level) for level in levels]
        low, high = _interval(rows, drawn, least)
        table = _long(levels, self.values, mean=rows @ coefficients, low=low, high=high)
        table.insert(2, "n", np.repeat(least, self.values.shape[1]))
        return table

    def contrasts(self, covariate: str) -> pd.DataFrame:
        """Return the differences between all levels of a covariate, two and two.

        Returns
        -------
        DataFrame
            As the table, with a row for each pair of levels and each series; ``p_all`` is
            over all pairs and series.
        """
        levels = self._term(covariate).levels
        if not levels:
            raise ValueError(f"{covariate!r} is a number, which has no levels to compare")
        return self._compared(covariate, [*combinations(range(len(levels)), 2)])

    def _term(self, covariate: str) -> Term:
        if covariate not in self.covariates:
            raise ValueError(f"no covariate {covariate!r}; there are {[*self.covariates]}")
        return coded(self.covariates[covariate], self.reference)

    def _design(self) -> Design:
        return Design.of({name: self._term(name) for name in map(str, self.covariates)})

    def _drawn(self, design: Design) -> Array:
        """Return the coefficients in each resample of the texts, shape (n_boot, p, k)."""
        rng = np.random.default_rng([self.seed, 0])
        weights = bootstrap_weights(np.arange(len(self.values)), self.n_boot, rng)
        x, y = design.x, self.values.to_numpy()
        n, p = x.shape
        squares = (weights @ (x[:, :, None] * x[:, None, :]).reshape(n, -1)).reshape(-1, p, p)
        products = (weights @ (x[:, :, None] * y[:, None, :]).reshape(n, -1)).reshape(
            -1, p, len(y.T)
        )
        bad = np.linalg.cond(squares) > _WORST  # some level was not drawn
        squares[bad] = np.eye(p)
        found: Array = np.linalg.solve(squares, products)
        found[bad] = np.nan
        return found

    def _compared(self, covariate: str, pairs: Sequence[tuple[int, int]] = ()) -> pd.DataFrame:
        """Return the differences of pairs of levels, the second less the first; see `table`."""
        term, design = self._term(covariate), self._design()
        place = design.places[covariate]
        n_levels, k = len(term.levels), self.values.shape[1]
        wanted = np.ones((1, 1))
        sides: list[tuple[Any, Any]] = [("", "")]
        if n_levels:
            coding = np.eye(n_levels)[:, 1:]
            wanted = np.array([coding[j] - coding[i] for i, j in pairs])
            sides = [(term.levels[j], term.levels[i]) for i, j in pairs]
        rows = np.zeros((len(wanted), design.x.shape[1]))
        rows[:, place] = wanted
        least = np.array([[count_of(term, one) for one in side] for side in sides])
        few = least.min(axis=1)
        low, high = _interval(rows, self._drawn(design), few)
        found, null = self._against_chance(design, covariate, partial(design.t, rows, few))
        found[few < LEAST_DOCUMENTS] = np.nan
        p = (1 + (null >= found - TINY).sum(axis=0)) / (1 + len(null))
        p_all = max_t(found.ravel(), null.reshape(len(null), -1)).reshape(found.shape)
        table = _long(
            [level for level, _ in sides],
            self.values,
            effect=rows @ design.fit(self.values.to_numpy()),
            low=low,
            high=high,
            p=np.where(np.isnan(found), np.nan, p),
            p_all=p_all,
        )
        table.insert(0, "covariate", covariate)
        table.insert(2, "reference", np.repeat([str(other) for _, other in sides], k))
        table.insert(4, "n", np.repeat(least[:, 0], k))
        table.insert(5, "n_reference", np.repeat(least[:, 1], k))
        return table

    def _against_chance(
        self, design: Design, covariate: str, measure: Callable[[Array], Any]
    ) -> tuple[Array, Array]:
        """Return a measure of the values, and what it is by chance, with one axis more.

        What the other covariates leave unexplained is given to the texts at random
        (Freedman & Lane), which for one covariate is giving it to the texts at random.
        """
        y = self.values.to_numpy()
        rest = y - design.without(covariate).fitted(y)
        rng = np.random.default_rng([self.seed, 1])
        null = [measure(rest[rng.permutation(len(y))]) for _ in range(self.n_permutations)]
        found = np.asarray(measure(y))
        return found, np.reshape(null, (-1, *found.shape))

    def _tested(self, covariate: str) -> dict[str, Any]:
        """Return the row of `tests` of a covariate."""
        y, design, term = self.values.to_numpy(), self._design(), self._term(covariate)
        without, place = design.without(covariate), design.places[covariate]
        whole, rest = (((y - part.fitted(y)) ** 2).sum() for part in (without, design))
        least = np.array([count_of(term, level) for level in term.levels or [None]])
        kept = least[bool(term.levels) :] >= LEAST_DOCUMENTS
        told = {"covariate": covariate, "df": len(place)}
        told |= {"r2": 1 - rest / whole if whole > TINY else 0.0, "p": np.nan}
        if least[0] >= LEAST_DOCUMENTS and kept.any():
            found, null = self._against_chance(
                design, covariate, lambda values: design.wald(np.array(place)[kept], values)
            )
            told["p"] = (1 + (null >= found - TINY).sum()) / (1 + len(null))
        return told


@step("effects")
def topic_effects(
    topics: Topics,
    formula: str | Sequence[str],
    *,
    unit: str = "doc_id",
    reference: Mapping[str, Any] | None = None,
    n_boot: int = 500,
    n_permutations: int = 999,
    seed: int = 0,
) -> Effects:
    """Estimate how the shares of topics go with what texts are like.

    Parameters
    ----------
    topics : Topics
    formula : str or sequence of str
        Columns of the units, such as ``"tier + year"`` or ``["tier", "year"]``: numbers
        count as numbers (the effect is that of 1 more), all else as levels. Columns may
        have spaces in their names.
    unit : str
        What counts as one observation, by its mean share over its passages: the text.
        Texts that belong together, such as the reports of one city in several years, are
        not independent: ``unit="city"`` takes their mean, for covariates of the city; or
        let the city be a covariate beside the year.
    reference : mapping, optional
        The level that the others are compared with, such as ``{"tier": "地级"}``; of
        covariates that are not named, the one with most texts.
    n_boot, n_permutations, seed : int
        Resamples of the texts for intervals, permutations for p, and their seed.

    Returns
    -------
    Effects

    Raises
    ------
    ValueError
        If a column is missing, differs within a text, is the same in all texts or follows
        from the others, or there are too few texts.

    Notes
    -----
    Least squares of the share of each topic on all covariates at once; the same as an
    ordinary regression for each topic. Shares of a text sum to 1, so the effects of a
    level sum to 0 over the topics: what one topic gains, others lose, and a topic may
    fall only because another rose. Look at ``tests`` first, which ask once for all topics;
    then at ``p_all``.

    Intervals draw whole texts again (percentiles), p permutes whole texts (Freedman & Lane
    1983) with the studentised statistic that stays right where one group varies more (DiCiccio
    & Romano 2017), ``p_all`` is single-step max-T. There are none for levels of fewer than 5
    texts. The topics themselves are taken as given: fit others, and see what stays
    (`toolkit.compare_topics`). An effect is a difference between these texts, no cause.

    References
    ----------
    Roberts, M. E., Stewart, B. M., & Airoldi, E. M. (2016). A model of text for
    experimentation in the social sciences. *JASA*, 111(515), 988–1003.

    Freedman, D., & Lane, D. (1983). A nonstochastic interpretation of reported
    significance levels. *Journal of Business & Economic Statistics*, 1(4), 292–298.

    DiCiccio, C. J., & Romano, J. P. (2017). Robust permutation tests for correlation and
    regression coefficients. *JASA*, 112(519), 1211–1220.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=3)
    >>> effects = topic_effects(topics, "kind + year", n_boot=50, n_permutations=50)
    >>> effects.tests["covariate"].tolist()
    ['kind', 'year']
    >>> year = effects.table[effects.table["covariate"] == "year"]
    >>> bool(abs(year["effect"].sum()) < 1e-12)
    True
    """
    check_kind(topics, Topics, "topic_effects")
    filled = topics.units[topics.filled]
    covariates = covariates_of(filled, formula, unit)
    values = topics.doc_topics(by=unit).loc[covariates.index]
    values = values.set_axis(pd.Index(topics.names, name="series"), axis=1)
    how = {"n_boot": n_boot, "n_permutations": n_permutations, "seed": seed}
    return estimated(values, covariates, filled, measure="share", reference=reference, **how)


@step("effects")
def concept_effects(
    tokens: Tokens,
    formula: str | Sequence[str],
    *,
    codebook: Codebook | None = None,
    unit: str = "doc_id",
    reference: Mapping[str, Any] | None = None,
    n_boot: int = 500,
    n_permutations: int = 999,
    seed: int = 0,
) -> Effects:
    """Estimate how much texts speak of concepts goes with what they are like.

    Differences between groups, with all else in the formula held equal: ``"tier + region"``
    compares tiers of cities within regions.

    Parameters
    ----------
    tokens : Tokens
    codebook : Codebook, optional
        Its dimensions are the concepts; the one of the toolkit if not given. Terms are found
        and counted as in `toolkit.compare.attention_panel`; a text has its rate per 10,000
        words.
    formula, unit, reference, n_boot, n_permutations, seed
        See `topic_effects`.

    Returns
    -------
    Effects

    Raises
    ------
    ValueError
        As `topic_effects`.

    Examples
    --------
    >>> from toolkit import Corpus, segment
    >>> tokens = segment(Corpus.sample())
    >>> effects = concept_effects(tokens, "kind", n_boot=50, n_permutations=99)
    >>> effects.table.attrs["measure"], effects.values.shape
    ('rate', (41, 4))
    """
    check_kind(tokens, Tokens, "concept_effects")
    codebook = Codebook.load() if codebook is None else codebook
    check_kind(codebook, Codebook, "concept_effects")
    covariates = covariates_of(tokens.units, formula, unit)
    found = codebook.count(tokens.units["text"]).astype(int) @ (codebook._weights > 0).astype(int)
    rates = pd.DataFrame(found, columns=pd.Index(codebook.dimensions, name="series"))
    key = tokens.units[unit].to_numpy()
    words = tokens.lengths.groupby(key).sum().replace(0, np.nan)
    values = PER * rates.groupby(key).sum().div(words, axis=0).loc[covariates.index]
    if (empty := values.isna().any(axis=1)).any():
        raise ValueError(f"no words in {listed(values.index[empty])}; leave them out")
    how = {"n_boot": n_boot, "n_permutations": n_permutations, "seed": seed}
    return estimated(values, covariates, tokens.units, measure="rate", reference=reference, **how)


def estimated(
    values: pd.DataFrame,
    covariates: pd.DataFrame,
    units: pd.DataFrame,
    *,
    measure: str,
    reference: Mapping[str, Any] | None,
    **how: Any,
) -> Effects:
    """Return the effects of covariates (a row for each text) on values (the same rows)."""
    made = Effects(pd.DataFrame(), pd.DataFrame(), values, covariates, dict(reference or {}), **how)
    if made.n_permutations < 1:
        raise ValueError("p needs permutations: n_permutations must be at least 1, not 0")
    if unknown := {*made.reference} - {*covariates}:
        raise ValueError(f"reference names no covariate: {listed(unknown)}")
    tables = []
    for name in map(str, covariates):
        others = range(1, len(made._term(name).levels))
        tables.append(made._compared(name, [(0, i) for i in others]))
    table = pd.concat(tables, ignore_index=True)
    table.attrs |= {"measure": measure, **told_of(units, [*covariates])}
    tests = pd.DataFrame([made._tested(name) for name in map(str, covariates)])
    return Effects(table, tests, values, covariates, made.reference, **how)


def _interval(rows: Array, drawn: Array, least: Any) -> tuple[Array, Array]:
    """Return the ends of intervals, shape (m, k); none where there are too few texts."""
    found = rows @ drawn
    with warnings.catch_warnings(action="ignore"):  # of all NaN, which stay so
        ends = np.nanquantile(found, (0.025, 0.975), axis=0)
    ends[:, np.asarray(least) < LEAST_DOCUMENTS] = np.nan
    return ends[0], ends[1]


def _long(levels: Sequence[Any], values: pd.DataFrame, **columns: Array) -> pd.DataFrame:
    """Return a row for each level and series."""
    k = values.shape[1]
    places = {
        "level": np.repeat(np.array([str(level) for level in levels], dtype=object), k),
        "series": np.tile(values.columns.to_numpy(), len(levels)),
    }
    return pd.DataFrame(places | {name: part.ravel() for name, part in columns.items()})
