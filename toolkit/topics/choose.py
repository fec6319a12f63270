"""How many topics: which numbers can be defended, and by what."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from toolkit.matrix import TermMatrix
from toolkit.recipe import check_kind, fingerprint, step
from toolkit.resample import LEAST_TEXTS, max_t
from toolkit.topics.factorise import NMF, Array, method_for
from toolkit.topics.model import shares_of
from toolkit.topics.quality import ranked
from toolkit.topics.resample import Resampling, Rows, Task
from toolkit.topics.selection import LEAST_PASSAGES, LEAST_WITHIN, KSelection, tree_of, whole
from toolkit.topics.stability import stability_table

Method = Literal["auto", "nmf", "nmf-neighbours"]
#: A number of topics stands above chance if shuffled text stands out as much in no more
#: than this share of cases, and if it gets this far from chance to perfect agreement.
_P, _LEAST = 0.05, 0.1
#: It is as stable as the best if it agrees at least as well in this share of the runs.
_TIE = 0.25
#: Runs are enough if the mean agreement of every k is known to this standard error.
_PRECISE = 0.03
#: Fits to parts of each shuffled copy; one from so many passages on, where chance varies less.
_NULL_RUNS, _MANY = 3, 500
#: Likeness is most, and nearly all, of the best that a run gets to. Chosen with
#: collections with labels in view (docs/benchmarks/topics.md).
_REACHED = 0.8, 0.97
_MEASURES = ("likeness", "npmi", "support", "exclusivity", "diversity")


@step("selection")
def choose_k(
    matrix: TermMatrix,
    *,
    k_range: Iterable[int] = range(2, 16),
    runs: int = 50,
    sample: float = 0.8,
    top: int = 20,
    reference: TermMatrix | None = None,
    method: Method = "auto",
    seed: int = 0,
    n_jobs: int = -1,
    resume: str | Path | None = None,
) -> KSelection:
    """Compare numbers of topics: which are found again, and foretell what is unseen.

    For each k, NMF is fitted to all texts and to random parts of them. Two things are
    measured. *Agreement*: are the top terms of the topics found again? It favours coarse
    cuts. *Likeness*: of passages that the fit has not seen, topics are told from half the
    terms; is the other half as they foretell, more than as in the mean passage (Owen & Perry
    2009)? It sees finer topics, and falls where these are only noise. The same is done with
    text whose terms are shuffled across the passages: there are no topics in it, and yet
    small k agree well. A number of topics stands above chance if one of the two stands out
    from that of the shuffled texts more than either at any k of 95% of these does (Westfall
    & Young 1993); agreement must be at least a tenth of the way from theirs to perfect,
    likeness above that of the mean passage.

    Suggested are cuts above chance: the coarsest as stable as the most stable one, run by run;
    and from where a run first has most (80%) of its best likeness to where it has nearly all
    (97%), by the lower and the upper quartile of the runs. Finer cuts foretell hardly more. They
    are several, not one number (`KSelection.tree` tells what is split), and need not hold how
    many kinds people see.

    Runs end when they tell enough: those with parts of the texts when the standard error of
    each mean agreement is .03, shuffled texts when there is no k left that can stand above
    chance (Besag & Clifford 1991). They are done in stages, so that the number of processes
    changes nothing.

    Parameters
    ----------
    matrix : TermMatrix
    k_range : iterable of int
        Numbers of topics; those with fewer than 5 passages for a topic are left out.
    runs : int
        Number of parts of the texts, at most.
    sample : float
        Size of a part. Whole texts are left out, never single passages of them: those
        of one text are not independent.
    top : int
        Number of top terms compared.
    reference : TermMatrix, optional
        Other texts to judge coherence by; those that a run has not seen if not given.
    method : {"auto", "nmf", "nmf-neighbours"}
        See `fit_topics`; neighbours are looked for anew in each part.
    seed : int
    n_jobs : int
        Number of processes; −1 for all cores.
    resume : path, optional
        A file that keeps the finished runs: after an interruption the same call goes on.

    Returns
    -------
    KSelection
        Its sentence tells the k that were left out, and why. With fewer than 10 texts, or
        too few passages, nothing can be said about what other texts would show: then only
        coherence (in these very texts), exclusivity and diversity are told, and no k is
        suggested.

    Raises
    ------
    TypeError
        If `matrix` is something else, such as a corpus, or a k is not a whole number.
    ValueError
        If no k is left, or the file to resume from is of another call.

    References
    ----------
    Besag, J., & Clifford, P. (1991). Sequential Monte Carlo p-values. *Biometrika*, 78(2),
    301–304.

    Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability
    analysis for topic models. *ECML PKDD*, 498–513.

    Owen, A. B., & Perry, P. O. (2009). Bi-cross-validation of the SVD and the nonnegative
    matrix factorization. *Annals of Applied Statistics*, 3(2), 564–594.

    Westfall, P. H., & Young, S. S. (1993). *Resampling-based multiple testing*. Wiley.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> article = Corpus.sample().select(doc_id="beijing-2023").split("paragraph")
    >>> choose_k(tfidf(segment(article), min_df=1), k_range=[2]).suggested
    []
    """
    check_kind(matrix, TermMatrix, "choose_k")
    n_units = int((np.diff(matrix.counts.indptr) > 0).sum())
    n_documents = int(matrix.units["doc_id"].nunique())
    enough = n_documents >= LEAST_TEXTS
    ks, left_out = _fittable(k_range, n_units, n_documents, len(matrix.terms))
    if method not in get_args(Method):
        raise ValueError(f"method must be one of {[*get_args(Method)]}, not {method!r}")
    neighbours = method_for(matrix, method) != "nmf"
    # Those to compare are all fitted alike, and quickly: by `hals`, however many there are.
    how: Any = {"solver": "hals", "quick": True, "neighbours": neighbours, "most": max(ks)}
    fits = {k: NMF(k, seed, **how) for k in ks}
    found_in = {k: _by_size(*fit(matrix)) for k, fit in fits.items()}
    references = {k: ranked(parts, top) for k, (_, parts) in found_in.items()}
    parts = 1 if n_units >= _MANY else _NULL_RUNS
    resampling = Resampling(matrix, fits, sample, top, seed, references, reference, parts)
    if enough:
        judge = None if reference is None else reference.fingerprint
        call = [matrix.fingerprint, ks, runs, sample, top, judge, method, seed]
        kept = _Kept(resume, fingerprint(call))
        found = pd.DataFrame(_all(resampling, runs, n_jobs, kept))
        table = _table(found)
    else:
        found = pd.DataFrame(resampling.within())
        table = found.groupby("k")[[*_MEASURES[1:]]].mean().reset_index()
    meanings: list[pd.DataFrame] = []
    for k in ks:
        meaning = pd.DataFrame({"k": k, "topic": range(1, k + 1)})
        meaning["terms"] = ["、".join(matrix.terms[row[:8]]) for row in references[k]]
        if enough:
            meaning = meaning.merge(stability_table(found, k), on="topic")
        meanings.append(meaning)
    strongest = pd.DataFrame(
        {k: np.where(x.any(axis=1), x.argmax(axis=1) + 1, 0) for k, (x, _) in found_in.items()},
        index=matrix.units.index,
    )
    topics = tree_of(pd.concat(meanings, ignore_index=True), strongest, ks)
    topics = topics.sort_values(["k", "topic"], ignore_index=True)
    return KSelection(table, topics, strongest, n_units, n_documents, left_out)


def _fittable(
    k_range: Iterable[int], n_units: int, n_documents: int, n_terms: int
) -> tuple[list[int], dict[str, list[int]]]:
    """Return the k that can be fitted, and those that cannot by the reason; see `KSelection`."""
    wanted = whole(k_range)
    bear = n_units // (LEAST_PASSAGES if n_documents >= LEAST_TEXTS else LEAST_WITHIN)
    ks = [k for k in wanted if 2 <= k <= min(bear, n_terms - 1)]
    reasons = {
        "one": [k for k in wanted if k < 2],
        "passages": [k for k in wanted if k > max(bear, 1)],
        "terms": [k for k in wanted if max(n_terms, 2) <= k <= bear],
    }
    if not ks:
        raise ValueError(
            f"none of k = {wanted} can be fitted to {n_units} passages of {n_documents} texts: "
            "2 topics need 10 passages (4 within a few texts); split into more passages"
        )
    return ks, {why: left for why, left in reasons.items() if left}


def _by_size(loadings: Array, parts: Array) -> tuple[Array, Array]:
    """Return shares and parts, the largest topic first: numbered as `fit_topics` does."""
    shares = shares_of(loadings, parts)
    order = np.argsort(-shares.sum(axis=0), kind="stable")
    return shares[:, order], parts[order]


def _table(runs: pd.DataFrame) -> pd.DataFrame:
    """Sum up the runs: a row for each k."""
    real, shuffled = (runs[runs["text"] == text] for text in ("real", "shuffled"))
    measured = {x: _by_run(real, x) for x in ("agreement", *_MEASURES)}
    table = pd.DataFrame({name: values.mean() for name, values in measured.items()})
    for name, values in measured.items():
        table[f"{name}_low"], table[f"{name}_high"] = values.quantile(0.05), values.quantile(0.95)
    # Between the k that were fitted to shuffled texts, chance is taken to lie on a line.
    null, null_likeness = (
        _by_run(shuffled, name).reindex(columns=table.index).interpolate("index", axis=1)
        for name in ("agreement", "likeness")
    )
    chance = null.mean()
    table["null"], table["null_high"] = chance, null.max()
    table["null_likeness"] = null_likeness.mean()
    corrected = (measured["agreement"] - chance) / (1 - chance)
    table["corrected"] = corrected.mean()
    found = np.concatenate([table["agreement"], table["likeness"]])
    p = max_t(found, np.hstack([null, null_likeness]))
    table["p"], table["p_likeness"] = np.split(p, 2)
    table["stable"] = (table["p"] <= _P) & (table["corrected"] >= _LEAST)
    table["foretold"] = (table["p_likeness"] <= _P) & (table["likeness"] > 0)
    table["above"] = table["stable"] | table["foretold"]
    table["as_good"] = np.nan
    if table["stable"].any():
        best = table.loc[table["stable"], "corrected"].idxmax()
        table["as_good"] = corrected.ge(corrected[best], axis=0).mean()
    tied = table.index[table["stable"] & (table["as_good"] >= _TIE)]
    table["reached"] = table["foretold"].any() & _reached(measured["likeness"])
    stable = table.index.isin(tied[:1] if table["reached"].any() else tied)
    wanted = table["above"] & (table["reached"] | stable)
    table["suggested"] = wanted if wanted.any() else table["above"]
    return table.reset_index()


def _reached(likeness: pd.DataFrame) -> Array:
    """Return at which k likeness is most to nearly all of the best, by the middle runs."""
    # Where topics foretell less than the mean passage does, the way up starts from there.
    gain = likeness.sub(likeness.min(axis=1).clip(upper=0), axis=0)
    first, last = (gain.ge(x * gain.max(axis=1), axis=0).idxmax(axis=1) for x in _REACHED)
    k = gain.columns.to_numpy()
    return np.asarray((first.quantile(0.25) <= k) & (k <= last.quantile(0.75)))


def _by_run(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return rows.pivot_table(index="run", columns="k", values=name)


def _all(resampling: Resampling, runs: int, n_jobs: int, kept: _Kept) -> Rows:
    """Return the rows of all runs, in an order that does not depend on who was first."""
    done = kept.read()
    found: Rows = []
    work = resampling.work(runs, n_jobs=n_jobs, what="choose_k", done=done, enough=_enough)
    try:
        for task, rows in work:
            found += rows
            if task not in done:
                kept.add(task, rows)
                done[task] = rows
    except KeyboardInterrupt as stop:
        stop.add_note(kept.note(len(done)))
        raise
    return found


def _enough(kind: str, rows: Rows) -> bool:
    """Tell whether agreement is known well enough, or no k can stand above chance any more."""
    runs = pd.DataFrame(rows)
    if kind == "real":
        agreement = _by_run(runs, "agreement")
        return bool((agreement.std() / np.sqrt(len(agreement)) <= _PRECISE).all())
    table = _table(runs)
    n = runs.loc[runs["text"] == "shuffled", "run"].nunique()
    return bool((table[["p", "p_likeness"]] > 1.5 / (1 + n)).all(axis=None))


@dataclass(frozen=True)
class _Kept:
    """Finished runs in a file of JSON lines; the first tells which call they belong to."""

    path: str | Path | None
    call: str

    def read(self) -> dict[Task, Rows]:
        if self.path is None or not Path(self.path).exists():
            return {}
        lines = Path(self.path).read_text(encoding="utf-8").split("\n")
        if lines[0] != json.dumps({"choose_k": self.call}):
            raise ValueError(
                f"{self.path} is not of this call of choose_k (other texts or parameters); "
                "name another file, or delete it"
            )
        if lines[-1]:  # an interrupted line has no end
            size = len("\n".join([*lines[:-1], ""]).encode())
            os.truncate(self.path, size)
        whole = [json.loads(line) for line in lines[1:-1]]
        return {(item["text"], item["run"]): item["rows"] for item in whole}

    def add(self, task: Task, rows: Rows) -> None:
        if self.path is None:
            return
        path = Path(self.path)
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="\n") as file:
            if new:
                file.write(json.dumps({"choose_k": self.call}) + "\n")
            file.write(json.dumps({"text": task[0], "run": task[1], "rows": rows}) + "\n")

    def note(self, n: int) -> str:
        if self.path is None:
            return "choose_k was interrupted; with resume='runs.jsonl' it can go on later"
        return f"{n} runs are kept in {os.fspath(self.path)}; the same call goes on from there"
