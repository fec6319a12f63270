"""The report card: all that a reviewer may ask about the topics, in one place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

from toolkit.recipe import Recipe, Recorded, fingerprint, record, versions
from toolkit.topics.agreement import agreement
from toolkit.topics.choose import KSelection
from toolkit.topics.model import Topics
from toolkit.topics.quality import distinctive_terms, diversity, topic_quality
from toolkit.topics.resample import LEAST_DOCUMENTS
from toolkit.topics.stability import topic_stability


@dataclass(frozen=True, eq=False)
class ReportCard(Recorded):
    """What can be said for topics; see `report_card`.

    Parameters
    ----------
    summary : Series
        Facts about all topics, by name: units, texts, k and why, stability, coherence,
        diversity, agreement with labels, seed, versions, fingerprints.
    topics : DataFrame
        A row for each topic: ``topic``, ``name``, ``share``, ``stability``, ``low``,
        ``high``, ``null``, ``null_high``, ``above`` (see `topic_stability`; missing for
        too few texts), ``npmi``, ``support``, ``exclusivity`` (see `topic_quality`),
        ``terms``, ``distinctive`` (see `distinctive_terms`).
    passages : DataFrame
        Three passages of each topic (see `Topics.top_passages`).
    recipe : Recipe
    """

    summary: pd.Series[str]
    topics: pd.DataFrame
    passages: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the tables, rounded to 1e-6."""
        return fingerprint(self.summary.to_dict(), self.topics.round(6).astype(str).to_dict("list"))

    def _repr_html_(self) -> str:
        summary = self.summary.to_frame("").to_html(header=False)
        topics = self.topics.round(2).to_html(index=False)
        return f"{summary}\n{topics}\n{self.passages.round(2).to_html(index=False)}"


def report_card(
    topics: Topics,
    *,
    selection: KSelection | None = None,
    labels: str | None = None,
    ignore: Collection[str] = (),
    runs: int = 50,
    seed: int = 0,
    n_jobs: int = -1,
) -> ReportCard:
    """Put together what can be said for topics.

    Parameters
    ----------
    topics : Topics
    selection : KSelection, optional
        Of `choose_k`: why there are so many topics.
    labels : column of the units, optional
        Labels that people gave, such as ``"dimension"``.
    ignore : collection of str
        Labels that do not count.
    runs : int
        Number of fits to parts of the texts; see `topic_stability`.
    seed : int
        Of these.
    n_jobs : int
        Number of processes; −1 for all cores.

    Returns
    -------
    ReportCard
    """
    table = topic_quality(topics).assign(name=[name.split(" ", 1)[1] for name in topics.names])
    n_documents = int(topics.units["doc_id"].nunique())
    judged = "these texts"
    if enough := n_documents >= LEAST_DOCUMENTS:
        found = topic_stability(topics, runs=runs, seed=seed, n_jobs=n_jobs)
        table = table.drop(columns=["npmi", "support"]).merge(found, on="topic")
        judged = "texts left out"
    else:
        table[["stability", "low", "high", "null", "null_high", "above"]] = pd.NA
    for name, ranking in (
        ("terms", topics.top_terms(10)),
        ("distinctive", distinctive_terms(topics)),
    ):
        table[name] = ranking.groupby("topic")["term"].agg("、".join).to_numpy()
    facts = {
        "units": f"{len(topics.units):,}",
        "texts": f"{n_documents:,}",
        "terms": f"{len(topics.terms):,}",
        "k": str(topics.k),
        "why this k": "given, not compared with others",
        "unexplained": f"{topics.error:.3f}",
        "stability": "not told: too few texts; these are themes within them",
        "coherence": f"NPMI {table['npmi'].mean():.2f} in {judged}, "
        f"support {table['support'].mean():.0%}",
        "exclusivity": f"{table['exclusivity'].mean():.2f}",
        "diversity": f"{diversity(topics.topic_term):.2f}",
    }
    if selection is not None:
        facts["why this k"] = selection.sentence(lang="en")
        if topics.k not in selection.suggested:
            facts["why this k"] += f" k = {topics.k} is not among them."
    if enough:
        facts["stability"] = (
            f"{table['stability'].mean():.2f} (shuffled text: {table['null'].mean():.2f}); "
            f"{int(table['above'].sum())} of {topics.k} topics stand above chance"
        )
    if labels is not None:
        a = agreement(topics, labels=labels, ignore=ignore, seed=seed)
        facts[f"agreement with {labels}"] = (
            f"NMI {a['nmi']:.2f} ({a['nmi_low']:.2f} to {a['nmi_high']:.2f}; by chance "
            f"{a['nmi_chance']:.2f}), adjusted Rand index {a['ari']:.2f}, {a['n']} units"
        )
    last = topics.recipe.steps[-1] if topics.recipe.steps else None
    if last is not None:
        facts["fitted by"] = (
            f"{last.call}({', '.join(f'{k}={v!r}' for k, v in last.params.items())})"
        )
    for step in topics.recipe.steps:
        facts |= {f"{name} (SHA-256)": value for name, value in step.data.items()}
    facts |= {"topics (SHA-256)": topics.fingerprint}
    facts["versions"] = ", ".join(f"{name} {value}" for name, value in versions().items())
    order = ["topic", "name", "share", "stability", "low", "high", "null", "null_high", "above"]
    order += ["npmi", "support", "exclusivity", "terms", "distinctive"]
    params = {
        "selection": selection,
        "labels": labels,
        "ignore": [*ignore],
        "runs": runs,
        "seed": seed,
    }
    recipe = record(report_card, topics, makes="card", params=params)
    return ReportCard(pd.Series(facts, name="value"), table[order], topics.top_passages(3), recipe)
