"""Fits to parts of the texts, and to shuffled text: what stability is measured from."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from toolkit.matrix import TermMatrix
from toolkit.resample import shuffle_terms, subsample
from toolkit.topics.factorise import Array, Factorise
from toolkit.topics.quality import (
    COHERENCE_TERMS,
    average_jaccard,
    coherence,
    diversity,
    exclusivity,
    likeness,
    matched,
    presence,
    ranked,
)

#: Shuffled copies of the text, and fits to parts of each.
NULLS, NULL_RUNS = 20, 4
#: So many runs, and so many copies, before it is asked whether they are enough.
_STAGE = {"real": 10, "shuffled": 5}

#: One unit of work: "real" or "shuffled", and its number.
Task = tuple[str, int]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Resampling:
    """What is fitted again and again, and what it has to agree with.

    Parameters
    ----------
    matrix : TermMatrix
    fits : mapping of k to a factorisation
    sample : float
        Share of the texts that a run sees.
    top : int
        Number of top terms compared.
    seed : int
    references : mapping of k to array of int, shape (k, top)
        Top terms to agree with on the real text; see `ranked`.
    judge : TermMatrix, optional
        Texts to judge coherence by; those that the run does not see if not given.
    null_runs : int
        Fits to parts of each shuffled copy: fewer let copies differ more, which is safe.
    """

    matrix: TermMatrix
    fits: Mapping[int, Factorise]
    sample: float
    top: int
    seed: int
    references: Mapping[int, Array] = field(default_factory=dict)
    judge: TermMatrix | None = None
    null_runs: int = NULL_RUNS

    def __post_init__(self) -> None:
        if not 0 < self.sample < 1:
            raise ValueError(f"sample must be between 0 and 1, not {self.sample}")
        # Runs need to know which text a passage is from, and nothing else of it.
        units = self.matrix.units[["doc_id"]]
        object.__setattr__(self, "matrix", replace(self.matrix, units=units))

    def run(self, kind: str, number: int) -> Rows:
        """Do one task, in one thread: the matrices are small, and runs go side by side."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            return self.real(number) if kind == "real" else self.shuffled(number)

    def real(self, run: int) -> Rows:
        """Fit to a part of the texts; tell for each topic what is found of it again."""
        seen = subsample(self.matrix, self.sample, [self.seed, 0, run])
        part, unseen = (rows_of(self.matrix, np.flatnonzero(x)) for x in (seen, ~seen))
        rows = []
        for k, fit in self.fits.items():
            parts = fit(part)[1]
            agrees, match = agreement(self.references[k], ranked(parts, self.top))
            found = self._measures(parts, self.judge or unseen)
            of_match = {name: values[match] for name, values in found.items()}
            gain = likeness(part, unseen, parts, [self.seed, 3, run])
            of_all = {"agreement": agrees, "likeness": np.full(k, gain)}
            rows += _rows("real", run, k, of_all | of_match)
        return rows

    def within(self) -> Rows:
        """Fit to all texts, and judge by these very texts: all that a few allow."""
        judge, fits = self.judge or self.matrix, self.fits.items()
        found = {k: self._measures(fit(self.matrix)[1], judge) for k, fit in fits}
        return [row for k, measures in found.items() for row in _rows("real", 0, k, measures)]

    def shuffled(self, run: int) -> Rows:
        """Do the same with text whose terms are shuffled across the passages."""
        matrix = shuffle_terms(self.matrix, [self.seed, 1, run])
        chosen = [
            subsample(matrix, self.sample, [self.seed, 2, run, i]) for i in range(self.null_runs)
        ]
        both = [[rows_of(matrix, np.flatnonzero(x)) for x in (seen, ~seen)] for seen in chosen]
        rows = []
        for k, fit in spaced(self.fits).items():
            reference, agrees, gains = ranked(fit(matrix)[1], self.top), [], []
            for i, (part, unseen) in enumerate(both):
                parts = fit(part)[1]
                agrees.append(agreement(reference, ranked(parts, self.top))[0])
                gains.append(likeness(part, unseen, parts, [self.seed, 4, run, i]))
            of_all = {"agreement": np.mean(agrees, axis=0), "likeness": np.full(k, np.mean(gains))}
            rows += _rows("shuffled", run, k, of_all)
        return rows

    def _measures(self, parts: Array, judge: TermMatrix) -> dict[str, Array]:
        top = ranked(parts, COHERENCE_TERMS)
        npmi, support = coherence(*presence(judge, self.matrix.terms, top))
        return {
            "npmi": npmi,
            "support": support,
            "exclusivity": exclusivity(parts),
            "diversity": np.full(len(parts), diversity(parts)),
        }

    def tasks(self, runs: int) -> list[Task]:
        """Name all work."""
        return [("real", i) for i in range(runs)] + [("shuffled", i) for i in range(NULLS)]

    def work(
        self,
        runs: int,
        *,
        n_jobs: int,
        what: str,
        done: Mapping[Task, Rows] | None = None,
        enough: Callable[[str, Rows], bool] | None = None,
    ) -> Iterator[tuple[Task, Rows]]:
        """Yield the rows of each task, in order; those not `done` in parallel, with progress.

        After each stage, the same for any number of processes, `enough` tells from all rows
        so far that no more of its kind are needed.
        """
        from joblib import Parallel, delayed
        from tqdm.auto import tqdm

        known, found = done or {}, list[dict[str, Any]]()
        with (
            Parallel(n_jobs=n_jobs, return_as="generator") as pool,
            tqdm(desc=what, total=len(self.tasks(runs)), leave=False) as bar,
        ):
            for kind in ("real", "shuffled"):
                tasks = [task for task in self.tasks(runs) if task[0] == kind]
                size = _STAGE[kind] if enough else max(len(tasks), 1)
                for begin in range(0, len(tasks), size):
                    stage = tasks[begin : begin + size]
                    new = [task for task in stage if task not in known]
                    made = zip(new, pool(delayed(self.run)(*task) for task in new), strict=True)
                    kept = ((task, known[task]) for task in stage if task in known)
                    for task, rows in itertools.chain(kept, made):
                        found += rows
                        bar.update()
                        yield task, rows
                    if enough and enough(kind, found):
                        break


def spaced(fits: Mapping[int, Factorise]) -> dict[int, Factorise]:
    """Return those to fit to shuffled text: k a quarter apart, for chance has no steps."""
    kept = list[int]()
    for k in sorted(fits):
        if not kept or k >= 1.25 * kept[-1] or k == max(fits):
            kept.append(k)
    return {k: fits[k] for k in kept}


def agreement(reference: Array, found: Array) -> tuple[Array, Array]:
    """Return how well each topic of a reference agrees with its match, and which that is."""
    size = int(max(reference.max(), found.max())) + 1
    similarity = average_jaccard(reference, found, size)
    rows, columns = matched(similarity)
    return similarity[rows, columns], np.array(columns)


def rows_of(matrix: TermMatrix, rows: Array) -> TermMatrix:
    """Return some units of a matrix; their weights stay as they are."""
    return TermMatrix(
        matrix.counts[rows], matrix.weights[rows], matrix.terms, matrix.units.iloc[rows]
    )


def _rows(text: str, run: int, k: int, measures: Mapping[str, Array]) -> Rows:
    """Return one row for each topic, as plain values."""
    named = {name: values.tolist() for name, values in measures.items()}
    return [
        {"text": text, "run": run, "k": k, "topic": i + 1}
        | {name: values[i] for name, values in named.items()}
        for i in range(k)
    ]
