"""What the explorer knows: a corpus, decisions, and the values that follow from them."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar, cast

import pandas as pd

from toolkit.cleaning import clean
from toolkit.corpus import Corpus
from toolkit.explore.decisions import OF_TERMS, Decisions, Entry
from toolkit.explore.worker import Progress
from toolkit.matrix import TermMatrix, tfidf
from toolkit.recipe import Recipe, Recorded, fingerprint
from toolkit.segmentation import Segmenter, Tokens, segment
from toolkit.topics import Topics, consensus_topics, fit_topics, seeded_topics
from toolkit.topics.labels import carried
from toolkit.topics.quality import ranked
from toolkit.topics.stability import resampling_of, stability_table

_DIMENSIONS = 4  # of the codebook that comes with the toolkit
_KEPT = 128  # values that are remembered
T = TypeVar("T")
_CATCHING = Lock()  # filters of warnings are those of the whole process
# What finds topics, with the parameters that no decision holds.
_FITS: dict[str, set[str]] = {
    "fit_topics": set(),
    "consensus_topics": {"runs"},
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
    decisions : Decisions, optional
        Earlier ones.

    Examples
    --------
    >>> session = Session(Corpus.sample())
    >>> session.decide({"do": "topics", "k": 4, "seed": 0, "method": "nmf"})
    >>> session.topics().k
    4
    """

    def __init__(self, start: Corpus | Topics, decisions: Decisions | None = None) -> None:
        self.decisions = decisions or Decisions()
        self._given: Topics | None = None
        self._base = Segmenter()
        if isinstance(start, Topics):
            self._given, (self.corpus, self._base) = start, _origin(start)
            if decisions is None:
                self.decisions = Decisions(tuple(_decided(start)))
        else:
            self.corpus = start
        self._made: OrderedDict[Any, Any] = OrderedDict()
        self._making: dict[Any, Any] = {}  # locks: two tabs may ask for one value
        self._lock = Lock()

    # -- decisions -------------------------------------------------------------

    def decide(self, entry: Entry) -> None:
        """Add a decision; nothing is computed before it is asked for."""
        if entry["do"] == "select" and len(entry) > 1:
            self.corpus.select(**{k: v for k, v in entry.items() if k != "do"})  # told now
        self.decisions = self.decisions.add(entry)

    def undo(self, entry: Entry) -> None:
        """Take a decision back."""
        self.decisions = self.decisions.without(entry)

    def label(self, topics: Topics, topic: int, label: str) -> None:
        """Name one of the topics; an empty name takes its label away."""
        own = {topics.labels.get(topic), label}
        for entry in self.decisions.find("label"):
            if entry["label"] in own:
                self.undo(entry)
        if label:
            terms = topics.terms[ranked(topics.topic_term, 20)[topic - 1]].tolist()
            self.decide({"do": "label", "label": label, "terms": terms})

    @property
    def unit(self) -> str:
        """What a passage is."""
        return str(self.decisions.get("unit", "unit", "section"))

    @property
    def fit(self) -> dict[str, Any]:
        """The number of topics, seed and method: as decided last, or as given."""
        given = {} if self._given is None else _decided(self._given)[0]
        return {"do": "topics", "k": 6, "seed": 0, "method": "nmf", **given} | (
            {**found[-1]} if (found := self.decisions.find("topics")) else {}
        )

    @property
    def k(self) -> int:
        """Number of topics."""
        return int(self.fit["k"])

    # -- values ----------------------------------------------------------------

    def whole(self) -> Corpus:
        """Return all texts, cleaned; as they are if they were cleaned or split before."""
        corpus = self.corpus
        if corpus.unit != "document" or any(step.call == "clean" for step in corpus.recipe.steps):
            return corpus
        return self._once("whole", None, lambda: clean(corpus).corpus)

    def cleaned(self) -> Corpus:
        """Return the chosen texts, cleaned."""
        return self._chosen(self.whole())

    def passages(self) -> Corpus:
        """Return the passages that are analysed."""
        texts, unit = self.whole(), self.unit
        if texts.unit == "document" and unit != "document":
            texts = self._once("split", unit, lambda: _split(texts, unit))
        return self._chosen(texts)

    def _chosen(self, texts: Corpus) -> Corpus:
        wanted = self.decisions.selection
        if not wanted:
            return texts
        return self._once("chosen", (texts.fingerprint, wanted), lambda: texts.select(**wanted))

    def tokens(self) -> Tokens:
        """Return the words of the passages."""
        passages, decisions = self.passages(), self.decisions
        of_terms = [entry for entry in decisions.log if entry["do"] in OF_TERMS]
        segmenter = self._once("segmenter", of_terms, lambda: decisions.segmenter(self._base))
        key = (passages.fingerprint, repr(segmenter))
        return self._once("tokens", key, lambda: segment(passages, segmenter))

    def matrix(self) -> TermMatrix:
        """Return the weights of the terms."""
        if self._given is not None and not self._changed():
            return self._given.matrix
        tokens = self.tokens()
        return self._once("matrix", tokens.fingerprint, lambda: tfidf(tokens))

    def topics(self) -> Topics:
        """Return the topics, with the labels that carry over."""
        matrix = self.matrix()
        fit, given = self.fit, self._given
        k, seed, method = int(fit["k"]), int(fit["seed"]), fit["method"]
        if given is not None and matrix is given.matrix and fit == _decided(given)[0]:
            topics = given
        else:
            key = (matrix.fingerprint, k, seed, method)
            topics = self._once("topics", key, lambda: _fit(matrix, k, seed, method))
        labels = self.decisions.labels
        if not labels:
            return topics
        named = (topics.fingerprint, [[*pair] for pair in labels])
        return self._once("labels", named, lambda: _with_labels(topics, labels))

    def lost_labels(self) -> list[str]:
        """Return the labels that no topic of this fit is like."""
        return sorted(
            {label for label, _ in self.decisions.labels} - {*self.topics().labels.values()}
        )

    def stability(
        self, *, runs: int = 20, progress: Progress = lambda done, total: None
    ) -> pd.DataFrame:
        """Return what ``topic_stability(topics, runs=runs)`` does, with progress."""
        topics = self.topics()

        def measure() -> pd.DataFrame:
            work, rows = resampling_of(topics), []
            tasks = work.tasks(runs)
            for done, task in enumerate(tasks):
                progress(done, len(tasks))
                with _CATCHING:
                    rows += work.run(*task)
            return stability_table(pd.DataFrame(rows))

        return self._once("stability", (topics.fingerprint, runs), measure)

    # -- tables and figures ----------------------------------------------------

    def call(self, function: Callable[..., Any], source: Recorded, **params: Any) -> Any:
        """Return ``function(source, **params)``, computed once."""
        key = call_key(function, source, params)
        return self._once("call", key, lambda: _quiet(function, source, params))

    def remember(self, key: Any, make: Callable[[], T]) -> T:
        """Return what `make` gives, made once for a key."""
        return self._once("other", key, make)

    def _changed(self) -> bool:
        """Tell whether a decision makes the matrix another than that of the given topics."""
        return any(e["do"] not in ("topics", "label", "unit") for e in self.decisions.log)

    def _once(self, what: str, key: Any, make: Callable[[], T]) -> T:
        where = (what, fingerprint(key))
        with self._lock:
            making = self._making.setdefault(where, RLock())
        with making:
            found = self._found(where)
            if found is None:
                found = make()
                self._keep(where, found)
        return cast(T, found)

    def _found(self, where: Any) -> Any:
        with self._lock:
            if where in self._made:
                self._made.move_to_end(where)
            return self._made.get(where)

    def _keep(self, where: Any, value: Any) -> None:
        with self._lock:
            self._made[where] = value
            self._made.move_to_end(where)
            while len(self._made) > _KEPT:
                self._making.pop(self._made.popitem(last=False)[0], None)


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
    Topics: 3 topics of 222 units × 2,380 terms
    """
    if not isinstance(decisions, Decisions):
        decisions = Decisions.load(decisions)
    session = Session(corpus, decisions)
    topics = session.topics()
    if lost := session.lost_labels():
        warnings.warn(
            f"{len(lost)} labels match no topic (similarity below {_LEAST:g}): "
            f"{'、'.join(lost)}; look at the topics and label them anew",
            stacklevel=2,
        )
    return topics


def _split(texts: Corpus, unit: Any) -> Corpus:
    with _CATCHING, warnings.catch_warnings():
        # Labels of sections play no part here.
        warnings.filterwarnings("ignore", message=".*labelled headings are not headings")
        return texts.split(unit)


def _fit(matrix: TermMatrix, k: int, seed: int, method: Any) -> Topics:
    with _CATCHING:
        if method == "codebook":
            return seeded_topics(matrix, free=max(k - _DIMENSIONS, 0), seed=seed)
        if method == "consensus":
            return consensus_topics(matrix, k=k, seed=seed)
        return fit_topics(matrix, k=k, seed=seed, method=method)


def _with_labels(topics: Topics, labels: list[tuple[str, list[str]]]) -> Topics:
    with _CATCHING, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*labels match no topic")
        found = carried(topics, labels, least=_LEAST).topics
    if not found.labels:
        return topics
    # Names that a codebook gave stay where nobody gave another.
    return replace(found, labels={**topics.labels, **found.labels})


def _quiet(function: Callable[..., Any], source: Recorded, params: Mapping[str, Any]) -> Any:
    """Call without warnings: what they say of small groups, the table shows by itself."""
    with _CATCHING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(source, **params)


def call_key(
    function: Callable[..., Any], source: Recorded, params: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Return what tells one call from another: the function and what it is applied to."""
    given = {name: getattr(value, "fingerprint", value) for name, value in params.items()}
    return function.__qualname__, source.fingerprint, given


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


def _decided(topics: Topics) -> list[dict[str, Any]]:
    """Return what the recipe of topics tells of their fit, as a decision that gives the same.

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
            "fit_topics, and of consensus_topics or seeded_topics with their own runs, codebook "
            f"and strength; these are of {step.call if step else 'neither'}. "
            "Explore their corpus instead"
        )
    own = {"consensus_topics": "consensus", "seeded_topics": "codebook"}
    method = own.get(step.call) or given.get("method", "nmf")
    return [{"do": "topics", "k": topics.k, "seed": given.get("seed", 0), "method": method}]
