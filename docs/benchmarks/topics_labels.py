"""How well do topics agree with the dimensions that people gave the sections?

    python -m docs.benchmarks.topics_labels

NMI over the sections that are not "general", with an interval from leaving out one text
after the other. "learnt" seeds: for each of ten folds of texts, the seed terms come from
the labelled sections of the other folds; the fit then sees all texts, without labels, and
only the sections of the fold are judged.
"""

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from toolkit import (
    Corpus,
    TermMatrix,
    clean,
    fit_topics,
    seeded_topics,
    segment,
    tfidf,
)
from toolkit.topics import seed_terms

DIMENSIONS = ["refined", "smart", "participatory", "legal"]


def rows_of(matrix, rows):
    return TermMatrix(
        matrix.counts[rows], matrix.weights[rows], matrix.terms, matrix.units.iloc[rows]
    )


def interval(truth, found, documents):
    """Return NMI, and the error of it by the jackknife over texts."""
    nmi = normalized_mutual_info_score(truth, found)
    left = np.array(
        [
            normalized_mutual_info_score(truth[documents != d], found[documents != d])
            for d in np.unique(documents)
        ]
    )
    error = 1.96 * np.sqrt((len(left) - 1) * ((left - left.mean()) ** 2).mean())
    return {"nmi": nmi, "low": nmi - error, "high": nmi + error}


def strongest(topics):
    return topics.doc_topic.argmax(axis=1)


def dimension(topics):
    """Return the strongest of the topics that have a name, by name."""
    names = np.array([topics.labels[i + 1] for i in range(len(topics.labels))])
    return names[topics.doc_topic[:, : len(names)].argmax(axis=1)]


def learnt(matrix, *, n, free, seed):
    documents = matrix.units["doc_id"].to_numpy()
    found = np.empty(len(documents), dtype=object)
    folds = GroupKFold(10, shuffle=True, random_state=seed).split(documents, groups=documents)
    for others, fold in folds:
        codebook = seed_terms(rows_of(matrix, others), ignore=["general"], n=n)
        found[fold] = dimension(seeded_topics(matrix, codebook, free=free))[fold]
    return found


def main():
    matrix = tfidf(segment(clean(Corpus.sample()).corpus.split("section")))
    truth = matrix.units["dimension"].to_numpy()
    judged = np.isin(truth, DIMENSIONS)
    documents = matrix.units["doc_id"].to_numpy()
    found = {}
    for k in (4, 6):
        found[f"NMF, k = {k}"] = strongest(fit_topics(matrix, k=k))
        found[f"LDA, k = {k}"] = strongest(fit_topics(matrix, k=k, method="lda"))
        model = KMeans(k, n_init=20, random_state=0)
        found[f"k-means, k = {k}"] = model.fit_predict(matrix.weights.toarray())
    for free in (0, 1, 2):
        found[f"codebook of the toolkit, free = {free}"] = dimension(
            seeded_topics(matrix, free=free)
        )
    for n in (20, 50, 100, 200):
        for free in (0, 1):
            for seed in (0, 1, 2):
                found[f"learnt seeds, n = {n}, free = {free}, folds {seed}"] = learnt(
                    matrix, n=n, free=free, seed=seed
                )
    rows = {
        name: interval(truth[judged].astype(str), labels[judged].astype(str), documents[judged])
        for name, labels in found.items()
    }
    print(f"{judged.sum()} sections of {len(np.unique(documents))} texts")
    print(pd.DataFrame(rows).T.round(3).to_string())


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
