"""What the explorer knows: a corpus, decisions, and the values that follow from them."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import pandas as pd

from toolkit.cleaning import clean
from toolkit.corpus import Corpus
from toolkit.explore.decisions import OF_TERMS, Decisions, Entry, Fit
from toolkit.explore.focus import Focus
from toolkit.explore.worker import COMPUTING
from toolkit.matrix import TermMatrix, tfidf
from toolkit.recipe import Recipe, fingerprint
from toolkit.segmentation import Segmenter, Tokens, segment
from toolkit.topics import Topics, fit_topics, seeded_topics
from toolkit.topics.labels import carried
from toolkit.topics.quality import ranked
from toolkit.topics.stability import resampling_of, stability_table
from toolkit.units import where

_DIMENSIONS = 4  # of the codebook that comes with the toolkit
_KEPT = 128  # values that are remembered
T = TypeVar("T")
# What finds topics, with the parameters that no decision holds.
_FITS: dict[str, set[str]] = {
    "fit_topics": set(),
    "seeded_topics": {"codebook", "strength"},
}
_LEAST = 0.5  # similarity of the top terms for a label to carry over


class Session:
    """A corpus and decisions on it; computes what follows, each thing once.

    Knows nothing of widgets. Every value it gives is one of the toolkit's own, with a
    recipe, so its code rebuilds what is seen.

    Parameters
    ----------
    start : Corpus or Topics
        What to explore. The texts of topics are taken as they were split.
    decisions : path or Decisions, optional
        Earlier ones, or a file of `Decisions.save`.

    Examples
    --------
    >>> session = Session(Corpus.sample())
    >>> session.decide({"do": "topics", "k": 4, "seed": 0, "method": "nmf"})
    >>> session.topics().k
    4
    """

    def __init__(
        self, start: Corpus | Topics, decisions: str | Path | Decisions | None = None
    ) -> None:
        if isinstance(decisions, (str, Path)):
            decisions = Decisions.load(decisions)
        self.decisions = decisions or Decisions()
        self.start = start
        self._given: Topics | None = None
        self._given_fit = Fit()
        self._base = Segmenter()
        if isinstance(start, Topics):
            self._given, (self.corpus, self._base) = start, _origin(start)
            self._given_fit = fit_of(start)
            if decisions is None:
                self.decisions = Decisions((self._given_fit.entry,))
        else:
            self.corpus = start
        self._made: OrderedDict[Any, Any] = OrderedDict()
        self.past: list[Decisions] = []  # to which `back` returns
        self.future: list[Decisions] = []
        self._before = self.decisions  # the last one
        self.focus: Focus | None = None  # whose evidence is shown
        self.previewed: Entry | None = None  # the decision that is taken if it comes again
        self.held: Decisions | None = None  # the state that others are seen beside
        if decisions is not None:
            self.replay(decisions)

    # -- decisions -------------------------------------------------------------

    def decide(self, entry: Entry) -> None:
        """Add a decision; nothing is computed before it is asked for."""
        self.replay(self.decisions.add(entry))

    def undo(self, entry: Entry) -> None:
        """Take a decision back."""
        self.replay(self.decisions.without(entry))

    def replay(self, decisions: Decisions) -> None:
        """Take decisions in place of those that there are.

        Raises
        ------
        ValueError
            If they choose texts that the corpus has not.
        """
        if decisions.selection:
            try:
                self.corpus.select(**decisions.selection)
            except ValueError as error:
                raise ValueError(
                    f"the corpus has not the texts that the decisions select: {error}"
                ) from None
        if decisions != self.decisions:
            self.past, self.future = [*self.past, self.decisions], []
        self._before, self.decisions = self.decisions, decisions

    def back(self) -> None:
        """Undo the last change of the decisions, if there is one."""
        self._move(self.past, self.future)

    def forward(self) -> None:
        """Take again what was undone last, unless something else was decided since."""
        self._move(self.future, self.past)

    def beside(self, decisions: Decisions) -> Session:
        """Return a session of other decisions; what is computed serves both."""
        other = copy(self)
        other.decisions = other._before = decisions
        other.past, other.future = [], []
        return other

    def _move(self, source: list[Decisions], target: list[Decisions]) -> None:
        if source:
            target.append(self.decisions)
            self._before, self.decisions = self.decisions, source.pop()

    def label(self, topics: Topics, topic: int, label: str) -> None:
        """Name one of the topics; an empty name takes its label away."""
        own, decisions = {topics.labels.get(topic), label}, self.decisions
        for entry in decisions.find("label"):
            if entry["label"] in own:
                decisions = decisions.without(entry)
        if label:
            terms = topics.terms[ranked(topics.topic_term, 20)[topic - 1]].tolist()
            decisions = decisions.add({"do": "label", "label": label, "terms": terms})
        self.replay(decisions)

    @property
    def unit(self) -> str:
        """What a passage is."""
        return str(self.decisions.last("unit").get("unit", "section"))

    @property
    def fit(self) -> Fit:
        """How topics are found: as decided last, or as given."""
        decided = self.decisions.last("topics")
        return Fit(**decided) if decided else self._given_fit

    @property
    def scope(self) -> tuple[int, int]:
        """How many texts are chosen, and of how many."""
        units = self.corpus.units
        chosen = units.loc[where(units, self.decisions.selection), "doc_id"]
        return len(chosen.unique()), len(units["doc_id"].unique())

    # -- values ----------------------------------------------------------------

    def whole(self) -> Corpus:
        """Return all texts, cleaned; as they are if they were cleaned or split before."""
        corpus = self.corpus
        if corpus.unit != "document" or any(step.call == "clean" for step in corpus.recipe.steps):
            return corpus
        return self.once("whole", None, lambda: clean(corpus).corpus)

    def cleaned(self) -> Corpus:
        """Return the chosen texts, cleaned."""
        return self._chosen(self.whole())

    def passages(self) -> Corpus:
        """Return the passages that are analysed."""
        texts, unit = self.whole(), self.unit
        if texts.unit != "document" or unit == "document":
            return self._chosen(texts)

        def split() -> Corpus:
            with unwarned():
                return texts.split(cast(Any, unit))

        return self._chosen(self.once("split", unit, split))

    def _chosen(self, texts: Corpus) -> Corpus:
        wanted = self.decisions.selection
        if not wanted:
            return texts
        return self.once("chosen", (texts.fingerprint, wanted), lambda: texts.select(**wanted))

    def tokens(self) -> Tokens:
        """Return the words of the passages."""
        return self._tokens(self.decisions)

    def _tokens(self, decisions: Decisions) -> Tokens:
        of_terms = [entry for entry in decisions.log if entry["do"] in OF_TERMS]
        make = partial(decisions.segmenter, self._base)
        passages, segmenter = self.passages(), self.once("segmenter", of_terms, make)
        key = (passages.fingerprint, repr(segmenter))
        return self.once("tokens", key, lambda: segment(passages, segmenter))

    def effect(self) -> pd.DataFrame | None:
        """Return how often words occur before and after the last decision on terms.

        Returns
        -------
        DataFrame or None
            ``before`` and ``after`` by word, the most changed first; None if the last
            decision was on something else.
        """
        before, tokens = self._tokens(self._before), self.tokens()
        if before.fingerprint == tokens.fingerprint:
            return None
        columns = {"before": before.frequencies, "after": tokens.frequencies}
        both = pd.DataFrame(columns).fillna(0).astype(int)
        changed = both[both["before"] != both["after"]]
        order = (changed["after"] - changed["before"]).abs().sort_values(ascending=False)
        return changed.loc[order.index]

    def matrix(self) -> TermMatrix:
        """Return the weights of the terms."""
        if self._given is not None and not self._changed():
            return self._given.matrix
        tokens = self.tokens()
        return self.once("matrix", tokens.fingerprint, lambda: tfidf(tokens))

    def prepare(self) -> Iterator[tuple[int, int]]:
        """Make the weights of the terms, a step at a time, so that others need not wait.

        Yields
        ------
        tuple of int
            How many steps are done, and how many there are.
        """
        steps = (self.whole, self.passages, self.tokens, self.matrix)
        for done, make in enumerate(steps, 1):
            make()
            yield done, len(steps)

    def topics(self) -> Topics:
        """Return the topics, with the labels that carry over."""
        matrix, fit, given = self.matrix(), self.fit, self._given
        if given is not None and matrix is given.matrix and fit == self._given_fit:
            topics = given
        else:
            key = (matrix.fingerprint, *asdict(fit).values())
            topics = self.once("topics", key, lambda: _topics(matrix, fit))
        if not (labels := self.decisions.labels):
            return topics

        def labelled() -> Topics:
            with unwarned():
                found = carried(topics, labels, least=_LEAST).topics
            if not found.labels:
                return topics
            # Names that a codebook gave stay where nobody gave another.
            return replace(found, labels={**topics.labels, **found.labels})

        key = (topics.fingerprint, [[*pair] for pair in labels])
        return self.once("labels", key, labelled)

    def lost_labels(self) -> list[str]:
        """Return the labels that no topic of this fit is like."""
        return sorted(
            {label for label, _ in self.decisions.labels} - {*self.topics().labels.values()}
        )

    def measure(self, *, runs: int = 20) -> Iterator[tuple[int, int]]:
        """Measure the stability of the topics, a fit at a time; see `measured`.

        Yields
        ------
        tuple of int
            How many fits are done, and how many there are in all. What was done when nobody
            asks for the next is not done again.
        """
        topics = self.topics()
        work = resampling_of(topics)
        tasks = work.tasks(runs)
        rows: list[Any] = []
        for done, task in enumerate(tasks):
            yield done, len(tasks)
            key = (topics.fingerprint, runs, *map(str, task))
            rows += self.once("task", key, partial(work.run, *task))
        key = (topics.fingerprint, runs)
        self.once("stability", key, lambda: stability_table(pd.DataFrame(rows), topics.k))

    def measured(self, *, runs: int = 20) -> pd.DataFrame | None:
        """Return what ``topic_stability(topics, runs=runs)`` does, once it is measured."""
        found = self._made.get(("stability", fingerprint((self.topics().fingerprint, runs))))
        return cast("pd.DataFrame | None", found)

    def _changed(self) -> bool:
        """Tell whether a decision makes the matrix another than that of the given topics."""
        return any(e["do"] not in ("topics", "label", "unit") for e in self.decisions.log)

    def once(self, what: str, key: Any, make: Callable[[], T]) -> T:
        """Return what `make` gives, made once for a key."""
        place = (what, fingerprint(key))
        with COMPUTING:
            if place not in self._made:
                self._made[place] = make()
            self._made.move_to_end(place)
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
            return cast(T, self._made[place])


def apply_decisions(corpus: Corpus, decisions: str | Path | Decisions) -> Topics:
    """Replay decisions that were made while exploring.

    Parameters
    ----------
    corpus : Corpus
        The texts as they were given to `explore`, or others.
    decisions : path or Decisions
        A file of `Decisions.save`.

    Returns
    -------
    Topics
        Of the chosen texts, with the words, the number of topics and the labels that were
        decided on; their recipe needs neither the file nor the explorer.

    Warns
    -----
    UserWarning
        Naming the labels that match no topic.

    Examples
    --------
    >>> log = Decisions().add({"do": "topics", "k": 3, "seed": 0, "method": "nmf"})
    >>> apply_decisions(Corpus.sample(), log)
    Topics: 3 topics of 222 units × 2,386 terms
    """
    session = Session(corpus, decisions)
    topics = session.topics()
    if lost := session.lost_labels():
        warnings.warn(
            f"{len(lost)} labels match no topic (similarity below {_LEAST:g}): "
            f"{'、'.join(lost)}; look at the topics and label them anew",
            stacklevel=2,
        )
    return topics


def _topics(matrix: TermMatrix, fit: Fit) -> Topics:
    if fit.method == "codebook":
        return seeded_topics(matrix, free=max(fit.k - _DIMENSIONS, 0), seed=fit.seed)
    return fit_topics(matrix, k=fit.k, seed=fit.seed, method=cast(Any, fit.method))


@contextmanager
def unwarned() -> Iterator[None]:
    """Compute without warnings: what they say of few or long texts, what is shown says itself."""
    with COMPUTING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _origin(topics: Topics) -> tuple[Corpus, Segmenter]:
    """Return the corpus and the segmenter that topics were made with, by their recipe."""
    steps = topics.recipe.steps
    at = next((i for i, step in enumerate(steps) if step.call == "segment"), None)
    if at is None:
        raise ValueError("these topics do not tell how their words were cut; explore the corpus")
    unit = next((s.params["unit"] for s in steps[:at] if s.call == "Corpus.split"), "document")
    # Without the labels of its sections, which its passages have, it is not what was made.
    made = [*steps[: at - 1], *(replace(step, made="") for step in steps[at - 1 : at])]
    corpus = Corpus(topics.units, None, unit, Recipe(tuple(made)))
    return corpus, steps[at].params.get("segmenter", Segmenter())


def fit_of(topics: Topics) -> Fit:
    """Return how topics were found, by their recipe; a decision for it gives the same.

    Raises
    ------
    ValueError
        If no decision would.
    """
    step = next((s for s in topics.recipe.steps if s.call in _FITS), None)
    given = {} if step is None else step.params  # without what is as usual
    if step is None or given.keys() & _FITS[step.call]:
        raise ValueError(
            "explore() logs decisions that give the same topics again: it takes topics of "
            "fit_topics, and of seeded_topics with its own codebook and strength; "
            f"these are of {step.call if step else 'neither'}. "
            "Explore their corpus instead"
        )
    method = "codebook" if step.call == "seeded_topics" else given.get("method", "auto")
    return Fit(topics.k, given.get("seed", 0), method)
