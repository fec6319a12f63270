"""How good topics are by the numbers: coherence, exclusivity, diversity, agreement."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.matrix import TermMatrix
from toolkit.recipe import check_numbers
from toolkit.topics.factorise import Array
from toolkit.topics.hals import updated
from toolkit.topics.model import Topics, ranked_terms

#: Top terms that coherence and exclusivity look at, and those that diversity does.
COHERENCE_TERMS, DIVERSITY_TERMS = 10, 25
#: Passes in which the topics of unseen passages settle.
_FOLDING = 30


def topic_quality(topics: Topics, *, reference: TermMatrix | None = None) -> pd.DataFrame:
    """Measure the topics: coherence with its support, exclusivity, share.

    Parameters
    ----------
    topics : Topics
    reference : TermMatrix, optional
        Other texts whose units tell which terms go together; the texts that the topics
        were fitted to if not given, which flatters them.

    Returns
    -------
    DataFrame
        A row for each topic: ``topic``, ``share`` (see `Topics.shares`), ``npmi`` (mean
        normalised pointwise mutual information of the pairs of its top 10 terms; −1 for
        a pair that never occurs in one unit, 0 for independence, 1 for always together),
        ``support`` (share of the pairs that do occur together in some unit: where it is
        low, `npmi` tells little), ``exclusivity`` (mean share of this topic in the weight
        that its top 10 terms have in all topics).

    References
    ----------
    Lau, J. H., Newman, D., & Baldwin, T. (2014). Machine reading tea leaves. *EACL*,
    530–539.

    Bischof, J. M., & Airoldi, E. M. (2012). Summarizing topical content with word
    frequency and exclusivity. *ICML*, 201–208.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=4)
    >>> topic_quality(topics).columns.tolist()
    ['topic', 'share', 'npmi', 'support', 'exclusivity']
    """
    texts = topics.matrix if reference is None else reference
    top = ranked(topics.topic_term, COHERENCE_TERMS)
    npmi, support = coherence(*presence(texts, topics.terms, top))
    return pd.DataFrame(
        {
            "topic": np.arange(1, topics.k + 1),
            "share": topics.shares.to_numpy(),
            "npmi": npmi,
            "support": support,
            "exclusivity": exclusivity(topics.topic_term),
        }
    )


def distinctive_terms(topics: Topics, n: int = 10) -> pd.DataFrame:
    """Rank the terms that are both frequent in a topic and its own (FREX).

    Returns
    -------
    DataFrame
        ``topic``, ``rank``, ``term``, ``frex``: the harmonic mean of where the term
        stands, from 0 to 1, by weight in the topic and by exclusivity to it.

    References
    ----------
    Bischof, J. M., & Airoldi, E. M. (2012). Summarizing topical content with word
    frequency and exclusivity. *ICML*, 201–208.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=4)
    >>> distinctive_terms(topics, n=2).columns.tolist()
    ['topic', 'rank', 'term', 'frex']
    """
    from scipy.stats import rankdata

    weight = topics.topic_term
    own = _own(weight)
    used = weight.max(axis=0) > 0
    places = [rankdata(x[:, used], axis=1, method="max") / used.sum() for x in (weight, own)]
    frex = np.zeros_like(weight)
    frex[:, used] = 2 / (1 / places[0] + 1 / places[1])
    frex[weight == 0] = 0
    order = np.argsort(-frex, axis=1, kind="stable")[:, :n]
    return ranked_terms(topics, order, frex=frex)


def relevant_terms(topics: Topics, *, relevance: float = 0.6, n: int = 10) -> pd.DataFrame:
    """Rank the terms of each topic by relevance: between its heaviest and its own terms.

    Parameters
    ----------
    topics : Topics
    relevance : float
        λ from 0 to 1. 1 ranks by the weight in the topic, as `Topics.top_terms` does; 0 by
        how many times as much the term weighs here as in all topics together (lift).
    n : int
        Number of terms of each topic.

    Returns
    -------
    DataFrame
        ``topic``, ``rank``, ``term``, ``weight`` (in the topic), ``lift``, ``relevance``
        (λ ln weight + (1 − λ) ln lift).

    References
    ----------
    Sievert, C., & Shirley, K. (2014). LDAvis: A method for visualizing and interpreting
    topics. *Proceedings of the Workshop on Interactive Language Learning, Visualization,
    and Interfaces*, 63–70.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> topics = fit_topics(tfidf(segment(Corpus.sample().split("section"))), k=4)
    >>> same = relevant_terms(topics, relevance=1, n=5)["term"].tolist()
    >>> same == topics.top_terms(5)["term"].tolist()
    True
    """
    check_numbers(relevant_terms, locals())
    if not 0 <= relevance <= 1:
        raise ValueError(f"relevance must be 0 to 1, not {relevance}")
    weight = topics.topic_term
    lift = lifts(topics)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_weight = np.log(weight)
        score = relevance * log_weight + (1 - relevance) * np.log(lift)
    score[weight == 0] = -np.inf
    # All terms of one topic alone have the same lift, but for the last digits: the weight
    # ranks them, not the rounding of another machine.
    order = np.lexsort((-np.round(log_weight, 6), -np.round(score, 6)), axis=1)[:, :n]
    table = ranked_terms(topics, order, weight=weight, lift=lift, relevance=score)
    return table[table["weight"] > 0].reset_index(drop=True)


def lifts(topics: Topics) -> Array:
    """Return how many times as much each term weighs in a topic as in all, shape (k, m)."""
    overall = topics.doc_topic.mean(axis=0) @ topics.topic_term
    overall = overall / max(overall.sum(), np.finfo(float).tiny)
    zero = np.zeros_like(topics.topic_term)
    return np.asarray(np.divide(topics.topic_term, overall, out=zero, where=overall > 0))


def compare_topics(a: Topics, b: Topics, *, top: int = 20) -> pd.DataFrame:
    """Match the topics of two fits, one to one.

    Topics are matched so that their ranked top terms agree most (Hungarian method);
    agreement is the average Jaccard similarity, in which the first ranks weigh most.

    Parameters
    ----------
    a, b : Topics
        Of whatever texts, words and numbers of topics.
    top : int
        Number of top terms compared.

    Returns
    -------
    DataFrame
        A row for each topic of `a`: ``topic_a``, ``topic_b`` (missing where `b` has fewer
        topics), ``agreement`` (0 to 1), ``correlation`` of their shares over the units
        that both fits hold (over their documents if no unit is in both), ``shared``,
        ``only_a`` and ``only_b`` (top terms).

    References
    ----------
    Greene, D., O'Callaghan, D., & Cunningham, P. (2014). How many topics? Stability
    analysis for topic models. *ECML PKDD*, 498–513.

    Examples
    --------
    >>> from toolkit import Corpus, fit_topics, segment, tfidf
    >>> matrix = tfidf(segment(Corpus.sample().split("section")))
    >>> one = fit_topics(matrix, k=4)
    >>> compare_topics(one, one)["agreement"].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    check_numbers(compare_topics, locals())
    terms = {term: i for i, term in enumerate(np.union1d(a.terms, b.terms))}
    lists = [
        np.array([terms[term] for term in topics.terms])[ranked(topics.topic_term, top)]
        for topics in (a, b)
    ]
    size = min(lists[0].shape[1], lists[1].shape[1])
    similarity = average_jaccard(lists[0][:, :size], lists[1][:, :size], len(terms))
    partner = dict(zip(*matched(similarity), strict=True))
    shares = _common_shares(a, b)
    words = np.array([*terms], dtype=object)
    rows = []
    for i in range(a.k):
        j = partner.get(i)
        ours = words[lists[0][i]].tolist()
        theirs = [] if j is None else words[lists[1][j]].tolist()
        rows.append(
            {
                "topic_a": i + 1,
                "topic_b": pd.NA if j is None else j + 1,
                "agreement": 0.0 if j is None else similarity[i, j],
                "correlation": np.nan if j is None else _correlation(shares, i, j),
                "shared": "、".join(w for w in ours if w in theirs),
                "only_a": "、".join(w for w in ours if w not in theirs),
                "only_b": "、".join(w for w in theirs if w not in ours),
            }
        )
    return pd.DataFrame(rows).astype({"topic_b": "Int64"})


def ranked(parts: Array, top: int) -> Array:
    """Return the columns of the `top` heaviest terms of each topic, heaviest first."""
    return np.argsort(-parts, axis=1, kind="stable")[:, :top]


def average_jaccard(a: Array, b: Array, size: int) -> Array:
    """Return the average Jaccard similarity of ranked lists, shape (len(a), len(b)).

    The mean, over depths 1, 2, … of the lists, of the Jaccard similarity of the two heads.

    Parameters
    ----------
    a, b : arrays of int, shapes (k, t) and (l, t)
        Numbers of terms, the first rank first.
    size : int
        Number of terms there are.

    Examples
    --------
    >>> average_jaccard(np.array([[0, 1, 2]]), np.array([[0, 2, 3]]), 4).round(3).tolist()
    [[0.611]]
    """
    depth = np.arange(a.shape[1])
    place = np.full((len(b), size), a.shape[1])
    np.put_along_axis(place, b, depth[None], axis=1)
    # A term that both lists hold is in both heads from the deeper of its two places on.
    deeper = np.maximum(depth, place[:, a].transpose(1, 0, 2))
    common = (deeper[..., None] <= depth).sum(axis=2)
    mean: Array = (common / (2 * (depth + 1) - common)).mean(axis=-1)
    return mean


def matched(similarity: Array) -> tuple[list[int], list[int]]:
    """Return rows and columns, matched one to one so that their similarity is greatest."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-similarity)
    return rows.tolist(), columns.tolist()


def presence(texts: TermMatrix, terms: Array, top: Array) -> tuple[Array, Array]:
    """Return which units of `texts` hold each of the top terms, and where each then is.

    Returns
    -------
    array of bool, shape (n, t); array of int of the shape of `top`
    """
    wanted, column = np.unique(top, return_inverse=True)
    found = pd.Index(texts.terms).get_indexer(pd.Index(terms[wanted]))
    held = np.zeros((texts.counts.shape[0], len(wanted)), dtype=bool)
    known = found >= 0
    held[:, known] = sparse.csr_array(texts.counts[:, found[known]]).toarray() > 0
    return held, column.reshape(top.shape)


def coherence(held: Array, top: Array) -> tuple[Array, Array]:
    """Return the mean NPMI of the pairs of each topic, and the share of pairs that co-occur."""
    joint = held.T.astype(float) @ held
    i, j = np.triu_indices(top.shape[1], 1)
    a, b = top[:, i], top[:, j]
    together = joint[a, b]
    scores = npmi(together, joint[a, a], joint[b, b], len(held))
    return scores.mean(axis=1), (together > 0).mean(axis=1)


def npmi(together: Array, a: Array, b: Array, n: int) -> Array:
    """Return the normalised pointwise mutual information of pairs of terms.

    Parameters
    ----------
    together, a, b : arrays
        Number of units that hold both terms, the one, the other.
    n : int
        Number of units.

    Examples
    --------
    >>> npmi(np.array([2, 1, 0]), np.array([2, 2, 2]), np.array([2, 2, 2]), 4).tolist()
    [1.0, 0.0, -1.0]
    """
    scores = np.full(np.shape(together), -1.0)
    some = together > 0
    p = together[some] / n
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(p * n * n / (a[some] * b[some])) / -np.log(p)
    scores[some] = np.where(p == 1, 1.0, found)
    return np.asarray(scores)


def likeness(part: TermMatrix, unseen: TermMatrix, parts: Array, seed: Any) -> float:
    """Return how much more alike unseen passages are to what topics foretell than to the mean.

    Of the terms a random half tells how much of each topic is in a passage, and topics then
    what it weighs in the other half, and the other way round; cosines, less those with the
    mean passage of the part that the topics are of.
    """
    weights, half = unseen.weights, np.random.default_rng(seed).integers(2, size=parts.shape[1])
    squares, found = weights.multiply(weights), []
    for topics in (parts, np.asarray(part.weights.mean(axis=0)).reshape(1, -1)):
        topics = topics / np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-12)
        cosines = []
        for known in (half, 1 - half):
            told, hidden = topics * known, topics * (1 - known)
            cross, gram = (weights @ told.T).T, (told @ told.T).astype(np.float32)
            shares = np.zeros(cross.shape, np.float32)
            for _ in range(_FOLDING):
                shares = updated(shares, cross, gram)
            fit = ((weights @ hidden.T) * shares.T).sum(axis=1)
            size = ((hidden @ hidden.T @ shares) * shares).sum(axis=0) * (squares @ (1 - known))
            cosines.append(np.divide(fit, np.sqrt(size), out=np.zeros_like(fit), where=size > 0))
        found.append(float(np.mean(cosines)))
    return round(found[0] - found[1], 12)


def exclusivity(parts: Array) -> Array:
    """Return, for each topic, its mean share in its top terms."""
    top = ranked(parts, COHERENCE_TERMS)
    mean: Array = np.take_along_axis(_own(parts), top, axis=1).mean(axis=1)
    return mean


def diversity(parts: Array) -> float:
    """Return the share of different terms among the top 25 of all topics (Dieng et al. 2020)."""
    top = ranked(parts, DIVERSITY_TERMS)
    return len(np.unique(top)) / top.size


def _own(parts: Array) -> Array:
    """Return the share of each topic in the weight of each term."""
    parts = parts / np.maximum(parts.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    total = parts.sum(axis=0)
    return np.asarray(np.divide(parts, total, out=np.zeros_like(parts), where=total > 0))


def _common_shares(a: Topics, b: Topics) -> tuple[Array, Array]:
    by = None if a.units.index.isin(b.units.index).any() else "doc_id"
    tables = a.doc_topics(by=by), b.doc_topics(by=by)
    common = tables[0].index[tables[0].index.isin(tables[1].index)]
    return tables[0].loc[common].to_numpy(), tables[1].loc[common].to_numpy()


def _correlation(shares: tuple[Array, Array], i: int, j: int) -> float:
    x, y = shares[0][:, i], shares[1][:, j]
    if len(x) < 3 or not np.ptp(x) or not np.ptp(y):
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])
