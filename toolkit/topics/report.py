"""The report card: all that a reviewer may ask about the topics, in one place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toolkit.installed import versions
from toolkit.recipe import Recipe, Recorded, check_kind, fingerprint, step
from toolkit.resample import LEAST_TEXTS
from toolkit.say import Language, phrases
from toolkit.topics.factorise import Array
from toolkit.topics.labelled import agreement
from toolkit.topics.model import ALIKE, Topics, cosine
from toolkit.topics.quality import distinctive_terms, diversity, topic_quality
from toolkit.topics.selection import KSelection
from toolkit.topics.stability import topic_stability

#: Texts that hold a passage in nearly the same words, from which on it is a formula.
_LEAST = 5


@dataclass(frozen=True, eq=False)
class ReportCard(Recorded):
    """What can be said for topics; see `report_card`.

    Parameters
    ----------
    summary : Series
        Facts about all topics, by name: units, texts, k and why, stability, coherence,
        diversity, topics that are mostly formula (if any: see `toolkit.without_formulas`),
        agreement with labels, seed, versions, fingerprints.
    topics : DataFrame
        A row for each topic: ``topic``, ``name``, ``share``, ``stability``, ``low``,
        ``high``, ``null``, ``null_high``, ``p``, ``above`` (see `topic_stability`; missing for
        too few texts), ``npmi``, ``support``, ``exclusivity`` (see `topic_quality`),
        ``terms``, ``distinctive`` (see `distinctive_terms`).
    passages : DataFrame
        Three passages of each topic (see `Topics.top_passages`), with ``title``, ``city``,
        ``year`` and ``source`` of their texts where these are known.
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


@step("card")
def report_card(
    topics: Topics,
    *,
    selection: KSelection | None = None,
    labels: str | None = None,
    ignore: Collection[str] = (),
    lang: Language = "zh",
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
    lang : {"zh", "en"}
        Language of the facts.
    runs : int
        Number of fits to parts of the texts; see `topic_stability`.
    seed : int
        Of these.
    n_jobs : int
        Number of processes; −1 for all cores.

    Returns
    -------
    ReportCard

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> article = Corpus.sample().select(doc_id="beijing-2023").split("paragraph")
    >>> report_card(fit_topics(tfidf(segment(article)), k=3)).summary["稳定性"]
    '文本太少，无法检验；所得只是这些文本内部的主题'
    """
    check_kind(topics, Topics, "report_card")
    say = phrases("report_card", lang)
    # What may be wrong with the arguments is told before the runs, which take long.
    why = _why(topics, selection, lang)
    if labels is not None:
        agrees = agreement(topics, labels=labels, ignore=ignore, seed=seed)
    n_documents = int(topics.units["doc_id"].nunique())
    enough = n_documents >= LEAST_TEXTS
    stability = topic_stability(topics, runs=runs, seed=seed, n_jobs=n_jobs) if enough else None
    table = _table(topics, stability)
    units, empty = len(topics.units), int((~topics.filled).sum())
    facts = {
        say["units"]: f"{units:,}" + (say["empty"].format(n=empty) if empty else ""),
        say["texts"]: f"{n_documents:,}",
        say["terms"]: f"{len(topics.terms):,}",
        "k": str(topics.k),
        say["why"]: why,
        say["error"]: f"{topics.error:.3f}",
        say["stability"]: say["few"],
        say["coherence"]: say["npmi"].format(
            npmi=table["npmi"].mean(),
            texts=say["left_out" if enough else "these"],
            support=table["support"].mean(),
        ),
        say["exclusivity"]: f"{table['exclusivity'].mean():.2f}",
        say["diversity"]: f"{diversity(topics.topic_term):.2f}",
    }
    if enough:
        facts[say["stability"]] = say["stable"].format(
            mean=table["stability"].mean(),
            null=table["null"].mean(),
            n=int(table["above"].sum()),
            k=topics.k,
        )
    if formulas := [str(i) for i, x in enumerate(repeated(topics), 1) if x > 0.5]:
        facts[say["formula"]] = say["formulas"].format(topics=", ".join(formulas), least=_LEAST)
    if labels is not None:
        facts[say["labels"].format(labels=say.get(labels, labels))] = say["agreement"].format(
            **agrees
        )
    for last in topics.recipe.steps[-1:]:
        params = ", ".join(f"{k}={v!r}" for k, v in last.params.items())
        facts[say["fit"]] = f"{last.call}({params})" + say["neighbours"] * topics.neighbours
    facts[say["seed"]] = f"{getattr(topics.fit, 'seed', 0)}, {seed}"
    for past in topics.recipe.steps:
        facts |= {f"{say.get(name, name)} (SHA-256)": value for name, value in past.data.items()}
    facts[f"{say['topics']} (SHA-256)"] = topics.fingerprint
    facts[say["versions"]] = ", ".join(f"{name} {value}" for name, value in versions().items())
    return ReportCard(pd.Series(facts, name="value"), table, _passages(topics))


def repeated(topics: Topics, *, n: int = 30) -> Array:
    """Return how much of each topic is formula or template, shape (k,).

    Of what its `n` strongest passages hold of it, it is the share of those that 5 texts or
    more have in nearly the same words: cosine of the weights as for `Topics.top_passages`.
    """
    weights, documents = topics.matrix.weights, topics.units["doc_id"].to_numpy()
    found = np.zeros(topics.k)
    for topic in range(topics.k):
        strength = topics.doc_topic[:, topic] * (weights @ topics.topic_term[topic])
        order = np.argsort(-strength, kind="stable")[:n]
        order = order[strength[order] > 0]
        alike = cosine(weights, order) >= ALIKE
        held = np.array([len({*documents[row]}) >= _LEAST for row in alike])
        found[topic] = strength[order][held].sum() / max(strength[order].sum(), 1e-12)
    return found


def _table(topics: Topics, stability: pd.DataFrame | None) -> pd.DataFrame:
    """Return what can be said for each topic; without `stability` that is missing."""
    table = topic_quality(topics).assign(name=topics.titles)
    if stability is not None:
        table = table.drop(columns=["npmi", "support"]).merge(stability, on="topic")
    else:
        table[["stability", "low", "high", "null", "null_high", "p", "above"]] = pd.NA
    rankings = {"terms": topics.top_terms(10), "distinctive": distinctive_terms(topics)}
    for name, ranking in rankings.items():
        table[name] = ranking.groupby("topic")["term"].agg("、".join).to_numpy()
    order = ["topic", "name", "share", "stability", "low", "high", "null", "null_high", "p"]
    return table[[*order, "above", "npmi", "support", "exclusivity", "terms", "distinctive"]]


def _why(topics: Topics, selection: KSelection | None, lang: Language) -> str:
    if selection is None:
        return phrases("report_card", lang)["given"]
    text = phrases("report_card", lang)["taken"].format(k=topics.k) + selection.sentence(lang=lang)
    if topics.k not in selection.suggested:
        text += phrases("report_card", lang)["not_among"].format(k=topics.k)
    return text


def _passages(topics: Topics) -> pd.DataFrame:
    known = [c for c in ("title", "city", "year", "source") if c in topics.units]
    return topics.top_passages(3).join(topics.units[known], on="unit_id")
