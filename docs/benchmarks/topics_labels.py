"""How well do topics agree with the labels that people gave?

    python -m docs.benchmarks.topics_labels FOLDER
    python -m docs.benchmarks.topics_labels

Of a folder of tables (``*.tsv`` or ``*.csv`` with the columns label and text): NMI, adjusted
Rand index and purity of the strongest topics with the labels, NPMI of the top 10 terms in these
texts, diversity, seconds of the processor from the weights to the topics; k is the number of
labels and once and a half that. Means over seeds; "spread" is the largest distance of the NMI of
two. topics.md beside this file has a table of it.

Of the sample, without a folder: NMI with the dimensions of the sections that are not "general",
with an interval from leaving out one text after the other. "learnt" seeds: for each of ten folds
of texts, the seed terms come from the labelled sections of the other folds; the fit then sees all
texts, without labels, and only the sections of the fold are judged.
"""

import argparse
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
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
from toolkit.topics.quality import coherence, diversity, presence, ranked

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


def ours(method):
    def fit(matrix, k, seed):
        # A copy, so that each fit looks for its neighbours itself.
        topics = fit_topics(
            rows_of(matrix, np.arange(len(matrix.units))), k=k, seed=seed, method=method
        )
        return topics.doc_topic, topics.topic_term

    return fit


def sklearn_nmf(matrix, k, seed):
    model = NMF(k, init="nndsvd", random_state=seed, max_iter=1000)
    loadings = model.fit_transform(matrix.weights)
    return loadings * model.components_.sum(axis=1), model.components_


def sklearn_lda(matrix, k, seed):
    model = LatentDirichletAllocation(k, random_state=seed, max_iter=20)
    return model.fit_transform(matrix.counts), model.components_


TOOLS = {
    "this toolkit, nmf": ours("nmf"),
    "this toolkit, nmf-neighbours": ours("nmf-neighbours"),
    "scikit-learn NMF": sklearn_nmf,
    "scikit-learn LDA": sklearn_lda,
}


def labelled(path):
    """Return the matrix of a table, the labels of its passages, and what it is."""
    table = pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", dtype=str, quoting=3)
    table = table[["label", "text"]].dropna().reset_index(drop=True)
    matrix = tfidf(segment(Corpus.from_texts({f"{i:06d}": x for i, x in enumerate(table["text"])})))
    truth = table["label"].to_numpy()[matrix.units["doc_id"].astype(int)]
    words = int(np.median(matrix.counts.sum(axis=1)))
    what = f"{len(truth):,} passages of {words} words, {len(set(truth))} labels"
    return matrix, truth, what


def judged(fit, matrix, truth, k, seed):
    begin = time.process_time()
    loadings, parts = fit(matrix, k, seed)
    seconds = time.process_time() - begin
    found = loadings.argmax(axis=1)
    crossed = pd.crosstab(truth, found)
    npmi = coherence(*presence(matrix, matrix.terms, ranked(parts, 10)))[0].mean()
    return {
        "nmi": normalized_mutual_info_score(truth, found),
        "ari": adjusted_rand_score(truth, found),
        "purity": crossed.max().sum() / len(truth),
        "npmi": npmi,
        "diversity": diversity(parts),
        "seconds": seconds,
    }


def tables(folder, seeds):
    """Print a table in Markdown of each file of a folder and each tool."""
    head = True
    for path in sorted([*folder.glob("*.tsv"), *folder.glob("*.csv")]):
        matrix, truth, what = labelled(path)
        labels = len(set(truth))
        for k in (labels, int(1.5 * labels)):
            for tool, fit in TOOLS.items():
                runs = pd.DataFrame([judged(fit, matrix, truth, k, s) for s in range(seeds)])
                row = {"collection": what, "k": k, "tool": tool} | runs.mean().round(3).to_dict()
                row["spread"] = round(float(np.ptp(runs["nmi"])), 3)
                if head:
                    print("| " + " | ".join(row) + " |\n" + "|---" * len(row) + "|")
                head = False
                print("| " + " | ".join(str(value) for value in row.values()) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seeds", type=int, default=2)
    args = parser.parse_args()
    if args.folder:
        tables(args.folder, args.seeds)
    else:
        sample()


def sample():
    matrix = tfidf(segment(clean(Corpus.sample()).corpus.split("section")))
    truth = matrix.units["dimension"].to_numpy()
    judged = np.isin(truth, DIMENSIONS)
    documents = matrix.units["doc_id"].to_numpy()
    found = {}
    for k in (4, 6):
        found[f"NMF, k = {k}"] = strongest(fit_topics(matrix, k=k))
        found[f"NMF, neighbours, k = {k}"] = strongest(
            fit_topics(matrix, k=k, method="nmf-neighbours")
        )
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
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
