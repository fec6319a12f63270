"""How many topics: which numbers can be defended, and by what."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from numbers import Integral
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd

from toolkit.matrix import TermMatrix
from toolkit.recipe import Recipe, Recorded, check_kind, fingerprint, step
from toolkit.resample import LEAST_TEXTS, max_t
from toolkit.say import Language, phrases
from toolkit.topics.factorise import NMF, Array, method_for, solver_for
from toolkit.topics.model import shares_of
from toolkit.topics.quality import average_jaccard, matched, ranked
from toolkit.topics.resample import Resampling, Rows, Task
from toolkit.topics.stability import stability_table

Method = Literal["auto", "nmf", "nmf-neighbours"]
#: Fewest passages for each topic.
LEAST_PASSAGES = 5
#: The same where nothing is claimed beyond a few texts.
_LEAST_WITHIN = 2
#: A number of topics stands above chance if shuffled text stands out as much in no more
#: than this share of cases, and if it gets this far from chance to perfect agreement.
_P, _LEAST = 0.05, 0.1
#: It is as good as the best if it agrees at least as well in this share of the runs.
_TIE = 0.25
_MEASURES = ("npmi", "support", "exclusivity", "diversity")


@dataclass(frozen=True, eq=False)
class KSelection(Recorded):
    """Numbers of topics, compared; see `choose_k`.

    Parameters
    ----------
    table : DataFrame
        A row for each k: ``k``; ``agreement`` with ``agreement_low`` and
        ``agreement_high`` (mean, 5th and 95th percentile of the runs); ``null`` and
        ``null_high`` (mean and most of the shuffled texts); ``corrected`` (agreement
        above chance: 0 as in shuffled text, 1 perfect); ``p`` (share of shuffled texts
        that stand out as much at *any* k); ``as_good`` (share of the runs in which k is
        at least as good as the best); ``npmi``, ``support``, ``exclusivity``,
        ``diversity``, each with ``_low`` and ``_high``; ``above`` (chance); ``suggested``.
    topics : DataFrame
        What each k means, and a tree of the cuts: ``k``, ``topic``, ``terms``, ``parent``
        (the topic of the next smaller k that it is split from, or is; missing for the
        smallest), ``overlap`` (share of its passages that are that one's), ``stability``,
        ``low``, ``high``, ``null``, ``null_high``, ``above`` (see `topic_stability`).
    n_units, n_documents : int
    left_out : dict of str to list of int
        The k that were asked for and not fitted, by the reason: ``"passages"`` (too few
        for so many topics), ``"terms"`` (no more of them than topics), ``"one"`` (fewer
        than 2 topics are none).
    recipe : Recipe
    """

    table: pd.DataFrame
    topics: pd.DataFrame
    n_units: int
    n_documents: int
    left_out: dict[str, list[int]] = field(default_factory=dict)
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        return f"KSelection: {self.sentence(lang='en')}"

    @property
    def suggested(self) -> list[int]:
        """The numbers of topics that can be defended, the best first; empty if there is none."""
        if "suggested" not in self.table:
            return []
        found = self.table[self.table["suggested"]]
        return [int(k) for k in found.sort_values("corrected", ascending=False)["k"]]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the table, rounded to 1e-6."""
        return fingerprint(self.table.round(6).to_dict("list"))

    def sentence(self, *, lang: Language = "zh") -> str:
        """Say which numbers of topics can be defended, and what else must be said."""
        return self._found(lang) + self._missing(lang)

    def _missing(self, lang: Language) -> str:
        """Say which k were left out, and why."""
        say = phrases("choose_k", lang)
        least = LEAST_PASSAGES if "suggested" in self.table else _LEAST_WITHIN
        return "".join(
            say["left_out"].format(ks=_spans(ks), why=say[f"why_{why}"].format(least=least))
            for why, ks in self.left_out.items()
        )

    def _found(self, lang: Language) -> str:
        """Say which k can be defended."""
        say = phrases("choose_k", lang)
        ks = self.table["k"]
        facts = {
            "documents": self.n_documents,
            "units": self.n_units,
            "first": ks.min(),
            "last": ks.max(),
        }
        if "suggested" not in self.table:
            return say["few"].format(**facts)
        if not self.suggested:
            none = say["none" if ks.min() < ks.max() else "not_one"]
            return none.format(**facts) + say["power"]
        by_k = self.table.set_index("k")
        first = self.suggested[0]
        best = by_k.loc[first]
        facts |= {"best": first, "p": best["p"]}
        facts |= {x: best[x] for x in ("agreement", "agreement_low", "agreement_high", "null")}
        text = say["best"].format(**facts)
        for k in self.suggested[1:]:
            word = "more" if k > first else "less"
            apart = say["and"].join(self._apart(k, first))
            text += say["tie"].format(
                k=k, share=by_k["as_good"][k], meaning=say[word].format(topics=apart)
            )
        if len(self.suggested) > 1:
            text += say["ties"]
        beyond = by_k.index[by_k["above"] & (by_k.index > first)]
        if finer := sorted({*beyond} - {*self.suggested}):
            text += say["finer"].format(ks=_spans(finer))
        elif not len(beyond) and first < facts["last"]:
            text += say["favours"]
        if first == facts["first"] > 2:
            text += say["lowest"].format(k=first)
        if best["support"] < 0.5:
            text += say["support"].format(support=best["support"])
        return text

    def _apart(self, k: int, other: int) -> list[str]:
        """Name the topics that only the larger of two numbers has, by three terms each."""
        fewer, more = (
            [terms.split("、") for terms in self.topics.loc[self.topics["k"] == x, "terms"]]
            for x in sorted((k, other))
        )
        similarity = np.array([[len({*a} & {*b}) / len({*a} | {*b}) for b in more] for a in fewer])
        left = sorted({*range(len(more))} - {*matched(similarity)[1]})
        return ["·".join(more[i][:3]) for i in left]


@step("selection")
def choose_k(
    matrix: TermMatrix,
    *,
    k_range: Iterable[int] = range(2, 13),
    runs: int = 50,
    sample: float = 0.8,
    top: int = 20,
    reference: TermMatrix | None = None,
    method: Method = "auto",
    seed: int = 0,
    n_jobs: int = -1,
    resume: str | Path | None = None,
) -> KSelection:
    """Compare numbers of topics: which are found again, and more than chance would have it.

    For each k, NMF is fitted to all texts and to `runs` random parts of them, and the
    top terms of the topics are compared. The same is done with text whose terms are
    shuffled across the passages: there are no topics in it, and yet small k agree well.
    A number of topics stands above chance if its agreement stands out from that of the
    shuffled texts more than any k of 95% of these does (Westfall & Young 1993), and is at
    least a tenth of the way from theirs to perfect. All that cannot be told from the
    best, run by run, are suggested with it.

    Parameters
    ----------
    matrix : TermMatrix
    k_range : iterable of int
        Numbers of topics; those with fewer than 5 passages for a topic are left out.
    runs : int
        Number of parts of the texts.
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
    Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability
    analysis for topic models. *ECML PKDD*, 498–513.

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
    solver = solver_for(matrix.weights, max(ks))
    fits = {k: NMF(k, seed, solver, quick=True, neighbours=neighbours) for k in ks}
    found_in = {k: _by_size(*fit(matrix)) for k, fit in fits.items()}
    references = {k: ranked(parts, top) for k, (_, parts) in found_in.items()}
    resampling = Resampling(matrix, fits, sample, top, seed, references, judge=reference)
    if enough:
        judge = None if reference is None else reference.fingerprint
        call = [matrix.fingerprint, ks, runs, sample, top, judge, method, seed]
        kept = _Kept(resume, fingerprint(call))
        found = pd.DataFrame(_all(resampling, runs, n_jobs, kept))
        table = _table(found)
    else:
        found = pd.DataFrame(resampling.within())
        table = found.groupby("k")[[*_MEASURES]].mean().reset_index()
    meanings: list[pd.DataFrame] = []
    for k in ks:
        meaning = pd.DataFrame({"k": k, "topic": range(1, k + 1)})
        meaning["terms"] = ["、".join(matrix.terms[row[:8]]) for row in references[k]]
        meaning["parent"], meaning["overlap"] = pd.array([pd.NA] * k, dtype="Int64"), np.nan
        if meanings:  # what each is split from, by passages and by terms
            coarser = ks[len(meanings) - 1]
            shares = found_in[k][0]
            within = found_in[coarser][0].T @ shares / shares.sum(axis=0)
            alike = average_jaccard(references[coarser], references[k], len(matrix.terms))
            parent = (within + alike).argmax(axis=0)
            meaning["parent"] = pd.array(parent + 1, dtype="Int64")
            meaning["overlap"] = within[parent, np.arange(k)]
        if enough:
            meaning = meaning.merge(stability_table(found[found["k"] == k]), on="topic")
        meanings.append(meaning)
    topics = pd.concat(meanings, ignore_index=True)
    return KSelection(table, topics, n_units, n_documents, left_out)


def _fittable(
    k_range: Iterable[int], n_units: int, n_documents: int, n_terms: int
) -> tuple[list[int], dict[str, list[int]]]:
    """Return the k that can be fitted, and those that cannot by the reason; see `KSelection`."""
    wanted = _whole(k_range)
    bear = n_units // (LEAST_PASSAGES if n_documents >= LEAST_TEXTS else _LEAST_WITHIN)
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


def _whole(k_range: Iterable[int]) -> list[int]:
    """Return the numbers of topics in order; refuse what are no whole numbers."""
    wanted = [*k_range] if isinstance(k_range, Iterable) else [None]
    if not all(isinstance(k, Integral) for k in wanted):
        raise TypeError(f"k_range must be whole numbers such as range(2, 7), not {k_range!r}")
    return sorted({int(k) for k in wanted})


def _spans(numbers: list[int]) -> str:
    """Write sorted numbers with runs of them as spans: 1, 3–5."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(f"{s[0]}–{s[-1]}" if len(s) > 1 else f"{s[0]}" for s in spans)


def _by_size(loadings: Array, parts: Array) -> tuple[Array, Array]:
    """Return shares and parts, the largest topic first: numbered as `fit_topics` does."""
    shares = shares_of(loadings, parts)
    order = np.argsort(-shares.sum(axis=0), kind="stable")
    return shares[:, order], parts[order]


def _table(runs: pd.DataFrame) -> pd.DataFrame:
    """Sum up the runs: a row for each k."""
    real, shuffled = (runs[runs["text"] == text] for text in ("real", "shuffled"))
    agreement, null = (
        text.pivot_table(index="run", columns="k", values="agreement") for text in (real, shuffled)
    )
    chance = null.mean()
    corrected = (agreement - chance) / (1 - chance)
    table = pd.DataFrame({"agreement": agreement.mean()})
    for name in ("agreement", *_MEASURES):
        values = real.pivot_table(index="run", columns="k", values=name)
        table[name] = values.mean()
        table[f"{name}_low"], table[f"{name}_high"] = values.quantile(0.05), values.quantile(0.95)
    table["null"], table["null_high"] = chance, null.max()
    table["corrected"] = corrected.mean()
    table["p"] = max_t(agreement.mean().to_numpy(), null.to_numpy())
    table["above"] = (table["p"] <= _P) & (table["corrected"] >= _LEAST)
    table["as_good"] = np.nan
    table["suggested"] = False
    if table["above"].any():
        best = table.loc[table["above"], "corrected"].idxmax()
        table["as_good"] = corrected.ge(corrected[best], axis=0).mean()
        table["suggested"] = table["above"] & (table["as_good"] >= _TIE)
    return table.reset_index()


def _all(resampling: Resampling, runs: int, n_jobs: int, kept: _Kept) -> Rows:
    """Return the rows of all runs, in an order that does not depend on who was first."""
    done = kept.read()
    try:
        for task, rows in resampling.work(runs, n_jobs=n_jobs, what="choose_k", done=done):
            done[task] = rows
            kept.add(task, rows)
    except KeyboardInterrupt as stop:
        stop.add_note(kept.note(len(done)))
        raise
    return [row for task in resampling.tasks(runs) for row in done[task]]


@dataclass(frozen=True)
class _Kept:
    """Finished runs in a file of JSON lines; the first tells which call they belong to."""

    path: str | Path | None
    call: str

    def read(self) -> dict[Task, Rows]:
        if self.path is None or not Path(self.path).exists():
            return {}
        text = Path(self.path).read_text(encoding="utf-8")
        lines = text.split("\n")
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
