"""How well do topics agree with the labels that people gave?

    python -m docs.benchmarks.topics_labels FOLDER
    python -m docs.benchmarks.topics_labels

Of a folder of tables (``*.tsv`` or ``*.csv`` with the columns label and text): NMI, adjusted Rand
index and purity of the strongest topics with the labels, NPMI of the top 10 terms in these texts,
diversity, seconds of the processor from the weights to the topics, and memory (the most that the
fits of one tool take beyond what was held before, in MB); k is the number of labels and once and
a half that. Means over seeds; "spread" is the largest distance of the NMI of two. Tools that are
not installed are told and left out (``pip install tomotopy umap-learn``). topics.md beside this
file has a table of it.

"BERTopic's recipe" is that of Grootendorst (2022) with vectors that need no download: SVD of
TF-IDF in place of a language model; UMAP and HDBSCAN as BERTopic sets them; c-TF-IDF; topics
merged to k, and passages of no cluster put where their words fit best (as its ``nr_topics`` and
``reduce_outliers`` do).

Of the sample, without a folder: NMI with the dimensions of the sections that are not "general",
with an interval from leaving out one text after the other. "learnt" seeds: for each of ten folds
of texts, the seed terms come from the labelled sections of the other folds; the fit then sees all
texts, without labels, and only the sections of the fold are judged.
"""

import argparse
import datetime
import importlib.metadata
import multiprocessing
import re
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import normalize
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


def bertopic_recipe(matrix, k, seed):
    from umap import UMAP

    size = min(100, *(n - 1 for n in matrix.weights.shape))
    vectors = normalize(TruncatedSVD(size, random_state=seed).fit_transform(matrix.weights))
    places = UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
    ).fit_transform(vectors)
    found = HDBSCAN(min_cluster_size=10, copy=True).fit_predict(places)
    if (found < 0).all():
        found[:] = 0
    own = class_weights(matrix.counts, found)
    if len(own) > k:
        merged = AgglomerativeClustering(k, metric="cosine", linkage="average").fit_predict(own)
        found = np.where(found < 0, -1, merged[found])
        own = class_weights(matrix.counts, found)
    nearest = (normalize(matrix.weights) @ normalize(own).T).argmax(axis=1)
    found = np.where(found < 0, nearest, found)
    return np.eye(len(own))[found], class_weights(matrix.counts, found)


def class_weights(counts, found):
    """Return the c-TF-IDF of clusters: how often they hold each term, the rare ones raised."""
    held = np.array(
        [counts[np.flatnonzero(found == c)].sum(axis=0) for c in range(found.max() + 1)]
    )
    inverse = np.log1p(counts.sum() / (found.max() + 1) / np.maximum(held.sum(axis=0), 1))
    return held / np.maximum(held.sum(axis=1, keepdims=True), 1) * inverse


TOOLS = {
    "this toolkit, nmf": ours("nmf"),
    "this toolkit, nmf-neighbours": ours("nmf-neighbours"),
    "scikit-learn NMF": sklearn_nmf,
    "scikit-learn LDA": sklearn_lda,
    "tomotopy LDA": ours("lda-gibbs"),
    "BERTopic's recipe": bertopic_recipe,
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


def peak():
    """Return the most that this process has held, in MB; only Linux tells."""
    status = Path("/proc/self/status")
    found = (
        re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))
        if status.exists()
        else None
    )
    return int(found[1]) / 1024 if found else np.nan


def runs_of(tool, matrix, truth, ks, seeds):
    """Judge the fits of one tool, in a process of its own: what it holds most is theirs alone."""
    # First a fit to a few passages, so that none is timed loading and compiling.
    TOOLS[tool](rows_of(matrix, np.arange(min(200, len(matrix.units)))), 2, 0)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        held = peak()
        rows = [
            {"k": k, **judged(TOOLS[tool], matrix, truth, k, s)} for k in ks for s in range(seeds)
        ]
        return pd.DataFrame(rows).assign(memory=peak() - held)


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
    print(datetime.date.today().isoformat(), end="")
    for library in ("numpy", "scipy", "scikit-learn", "tomotopy", "umap-learn"):
        try:
            print(f", {library} {importlib.metadata.version(library)}", end="")
        except importlib.metadata.PackageNotFoundError:
            continue
    print("\n")
    for path in sorted([*folder.glob("*.tsv"), *folder.glob("*.csv")]):
        matrix, truth, what = labelled(path)
        ks = [len(set(truth)), int(1.5 * len(set(truth)))]
        for tool in TOOLS:
            try:
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                    runs = pool.submit(runs_of, tool, matrix, truth, ks, seeds).result()
            except ImportError as missing:
                print(f"left out: {tool}: {missing}", file=sys.stderr)
                continue
            for k, of_k in runs.groupby("k"):
                row = {"collection": what, "k": k, "tool": tool}
                row |= of_k.drop(columns="k").mean().round(3).to_dict()
                row |= {"memory": round(row["memory"], 0), "spread": round(np.ptp(of_k["nmi"]), 3)}
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
