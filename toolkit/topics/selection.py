"""The numbers of topics that were compared: what they are worth, and what finer cuts split."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from toolkit.recipe import Recipe, Recorded, fingerprint
from toolkit.say import Language, phrases
from toolkit.topics.resample import NULLS

#: Fewest passages for each topic.
LEAST_PASSAGES = 5
#: The same where nothing is claimed beyond a few texts.
LEAST_WITHIN = 2
#: Cuts of which the sentence tells what they split.
_TOLD = 3


@dataclass(frozen=True, eq=False)
class KSelection(Recorded):
    """Numbers of topics, compared; see `choose_k`.

    Parameters
    ----------
    table : DataFrame
        A row for each k: ``k``; ``agreement`` with ``agreement_low`` and
        ``agreement_high`` (mean, 5th and 95th percentile of the runs); ``likeness`` (how
        much more alike unseen passages are to what topics foretell of them than to the
        mean passage), ``npmi``, ``support``, ``exclusivity``, ``diversity``, each with
        ``_low`` and ``_high``; ``null`` and ``null_high`` (mean and most of the agreement in
        shuffled texts), ``null_likeness``; ``corrected`` (agreement above chance: 0 as in
        shuffled text, 1 perfect); ``p`` and ``p_likeness`` (share of shuffled texts that
        stand out as much at *any* k, in agreement or in likeness); ``as_good`` (share of the
        runs in which k is at least as stable as the best); ``stable`` and ``foretold`` (above
        chance in agreement, in likeness), ``above`` (in one of them); ``reached`` (likeness is
        most to nearly all of the best); ``suggested``.
    topics : DataFrame
        What each k means, and a tree of the cuts: ``k``, ``topic``, ``terms``, ``stability``,
        ``low``, ``high``, ``null``, ``null_high``, ``above`` (see `topic_stability`), and what
        `tree` tells of neighbouring k: ``passages``, ``parent``, ``overlap``.
    strongest : DataFrame
        The topic that has the largest share of each passage, a column for each k; 0 for a
        passage without terms.
    n_units, n_documents : int
    left_out : dict of str to list of int
        The k that were asked for and not fitted, by the reason: ``"passages"`` (too few
        for so many topics), ``"terms"`` (no more of them than topics), ``"one"`` (fewer
        than 2 topics are none).
    recipe : Recipe
    """

    table: pd.DataFrame
    topics: pd.DataFrame
    strongest: pd.DataFrame
    n_units: int
    n_documents: int
    left_out: dict[str, list[int]] = field(default_factory=dict)
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        return f"KSelection: {self.sentence(lang='en')}"

    @property
    def suggested(self) -> list[int]:
        """The numbers of topics that can be defended, the coarsest first; empty if none can."""
        if "suggested" not in self.table:
            return []
        return [int(k) for k in self.table.loc[self.table["suggested"], "k"]]

    def tree(self, ks: Iterable[int] | None = None) -> pd.DataFrame:
        """Tell which topic of a coarse cut becomes which of a finer one.

        Parameters
        ----------
        ks : iterable of int, optional
            Cuts to be compared, each with the next coarser one; those suggested, or all if
            there are none, if not given.

        Returns
        -------
        DataFrame
            `topics` of these k, those with one parent side by side, with ``passages`` (share
            of them in which the topic is the strongest), ``parent`` (the topic of the next
            coarser cut that it is split from, or is; missing in the coarsest: where most of
            its passages, and its terms, were), ``overlap`` (share of its passages in which
            that one was the strongest).

        Raises
        ------
        ValueError
            If a k was not fitted.

        Examples
        --------
        >>> from toolkit import Corpus, choose_k, segment, tfidf
        >>> article = Corpus.sample().select(doc_id="beijing-2023").split("paragraph")
        >>> selection = choose_k(tfidf(segment(article), min_df=1), k_range=[2, 3])
        >>> int(selection.tree()["parent"].isna().sum())
        2
        """
        fitted = self.table["k"].tolist()
        wanted = sorted({*(self.suggested or fitted if ks is None else whole(ks))})
        if unknown := sorted({*wanted} - {*fitted}):
            raise ValueError(f"no cut was made at k = {unknown}; there are {fitted}")
        return tree_of(self.topics, self.strongest, wanted)

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
        least = LEAST_PASSAGES if "suggested" in self.table else LEAST_WITHIN
        return "".join(
            say["left_out"].format(ks=_spans(ks), why=say[f"why_{why}"].format(least=least))
            for why, ks in self.left_out.items()
        )

    def _found(self, lang: Language) -> str:
        """Say which k can be defended."""
        say, table = phrases("choose_k", lang), self.table.set_index("k")
        first, last = int(table.index[0]), int(table.index[-1])
        facts: dict[str, Any] = {"documents": self.n_documents, "units": self.n_units}
        facts |= {"first": first, "last": last, "floor": 1 / (1 + NULLS), "copies": NULLS}
        if "suggested" not in table:
            return say["few"].format(**facts)
        if not self.suggested:
            return say["none" if first < last else "not_one"].format(**facts) + say["power"]
        k, *finer = self.suggested
        beyond = table.index[table["above"] & (table.index > self.suggested[-1])].tolist()
        best = table.loc[k]
        text = say["coarsest" if best["stable"] else "unstable"].format(k=k, **facts, **best)
        if finer:
            text += say["finer"].format(ks=_spans(finer))
        elif k < last and not beyond:
            text += say["favours"]
        if reached := table.index[table["reached"] & table["foretold"]].tolist():
            text += say["foretold"].format(ks=_spans(reached), **table.loc[reached[-1]])
        if beyond:
            text += say["beyond"].format(ks=_spans(beyond))
        if finer:
            text += self._splits(lang) + say["choose"]
        if k == first > 2:
            text += say["lowest"].format(k=k)
        if last > max(k, 2) and self.suggested[-1] == last:
            text += say["largest"].format(k=last)
        if best["support"] < 0.5:
            text += say["support"].format(support=best["support"])
        return text

    def _splits(self, lang: Language) -> str:
        """Say what the first of the finer cuts split, each topic by three terms."""
        say, text = phrases("choose_k", lang), ""
        tree = self.tree()
        short = tree["terms"].str.split("、").str[:3].str.join("·")
        names = dict(zip(zip(tree["k"], tree["topic"], strict=True), short, strict=True))
        for before, k in itertools.pairwise(self.suggested[: _TOLD + 1]):
            split = [
                say["into"].format(
                    topic=names[before, p], parts=say["and"].join(names[k, t] for t in of)
                )
                for p, of in tree[tree["k"] == k].groupby("parent")["topic"]
                if len(of) > 1
            ]
            text += say["splits"].format(k=k, splits=say["also"].join(split)) if split else ""
        return text


def tree_of(topics: pd.DataFrame, strongest: pd.DataFrame, ks: list[int]) -> pd.DataFrame:
    """Return the topics of some cuts with what each was in the one before; see `tree`."""
    cuts: list[pd.DataFrame] = []
    for k in ks:
        cut = topics[topics["k"] == k].reset_index(drop=True)
        cut["passages"] = [float((strongest[k] == t).mean()) for t in cut["topic"]]
        cut["parent"], cut["overlap"] = pd.array([pd.NA] * k, dtype="Int64"), np.nan
        if cuts:
            before = cuts[-1]
            joint = pd.crosstab(strongest[before["k"][0]], strongest[k])
            joint = joint.reindex(before["topic"], axis=0).reindex(cut["topic"], axis=1).fillna(0)
            within = joint.to_numpy() / np.maximum(joint.sum(axis=0).to_numpy(), 1)
            heads, terms = ([{*x.split("、")} for x in c["terms"]] for c in (before, cut))
            alike = np.array([[len(a & b) / len(a | b) for b in terms] for a in heads])
            parent = (within + alike).argmax(axis=0)
            cut["parent"] = pd.array(before["topic"].to_numpy()[parent], dtype="Int64")
            cut["overlap"] = within[parent, np.arange(k)]
            cut = cut.iloc[np.argsort(parent, kind="stable")].reset_index(drop=True)
        cuts.append(cut)
    return pd.concat(cuts, ignore_index=True)


def whole(k_range: Iterable[int]) -> list[int]:
    """Return the numbers of topics in order; refuse what are no whole numbers."""
    wanted = [*k_range] if isinstance(k_range, Iterable) else [None]
    if not all(isinstance(k, Integral) for k in wanted):
        raise TypeError(f"k_range must be whole numbers such as range(2, 7), not {k_range!r}")
    return sorted({int(k) for k in wanted})


def _spans(numbers: list[int]) -> str:
    """Write sorted numbers with runs of them as spans: 1, 3–5."""
    runs = itertools.groupby(enumerate(numbers), lambda at: at[1] - at[0])
    spans = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{s[0]}–{s[-1]}" if len(s) > 1 else f"{s[0]}" for s in spans)
