"""Does `choose_k` find planted topics, and keep silent where there are none?

    python -m docs.benchmarks.topics_planted --passages 50 200 1000 --seeds 20
    python -m docs.benchmarks.topics_planted --shuffled 100 --out out/shuffled.jsonl

Texts are drawn word by word: each passage mixes the planted topics (Dirichlet, 0.2) with
30% of words from the corpus as a whole; a topic is a draw around the word frequencies of
the corpus; passages are as long as those of the corpus, five make a text.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import sparse

from toolkit import Corpus, TermMatrix, choose_k, segment, tfidf


def corpus_counts():
    return tfidf(segment(Corpus.sample().split("section"))).counts


def matrix_of(counts, documents):
    """Return a matrix with the weights that `tfidf` gives by default."""
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    counts = sparse.csr_array(counts[:, (df >= 2) & (df <= 0.5 * counts.shape[0])])
    counts.sort_indices()
    weights = counts.astype(float)
    df = np.bincount(weights.indices, minlength=weights.shape[1])
    weights.data = 1 + np.log(weights.data)
    weights.data *= (np.log((1 + weights.shape[0]) / (1 + df)) + 1)[weights.indices]
    row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    weights.data /= np.sqrt(np.bincount(row, weights.data**2, weights.shape[0]))[row]
    units = pd.DataFrame({"doc_id": documents, "text": ""})
    units.index = [f"d{i}" for i in range(len(units))]
    terms = np.array([f"w{i:05d}" for i in range(counts.shape[1])], dtype=object)
    return TermMatrix(counts, weights, terms, units)


def planted(base, k, n, seed):
    """Return a matrix of `n` passages of `k` planted topics."""
    generator = np.random.default_rng([seed, k, n])
    lengths = np.asarray(base.sum(axis=1)).ravel()
    frequency = np.asarray(base.sum(axis=0)).ravel() / base.sum()
    topics = generator.dirichlet(frequency * 150 + 1e-9, size=k)
    mixtures = generator.dirichlet(np.full(k, 0.2), size=n)
    chances = 0.7 * mixtures @ topics + 0.3 * frequency
    chances /= chances.sum(axis=1, keepdims=True)
    words = generator.choice(lengths[lengths > 20], n)
    counts = np.array([generator.multinomial(w, p) for w, p in zip(words, chances, strict=True)])
    return matrix_of(sparse.csr_array(counts), np.arange(n) // 5)


def shuffled(base, documents, seed):
    """Return a matrix of the corpus whose words are shuffled over all passages."""
    generator = np.random.default_rng([seed, 99])
    cells = base.tocoo()
    words = generator.permutation(np.repeat(cells.col, cells.data))
    rows = np.repeat(cells.row, cells.data)
    counts = sparse.coo_array((np.ones(len(words), dtype=int), (rows, words)), base.shape).tocsr()
    counts.sum_duplicates()
    return matrix_of(sparse.csr_array(counts), documents)


def select(name, true_k, make, args, runs):
    start = time.perf_counter()
    selection = choose_k(make(*args), runs=runs, n_jobs=1, seed=args[-1])
    table = selection.table.set_index("k")
    return {
        "name": name,
        "true_k": true_k,
        "seed": args[-1],
        "suggested": selection.suggested,
        "seconds": round(time.perf_counter() - start, 1),
        "table": table[["corrected", "p", "as_good"]].round(4).reset_index().to_dict("list"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passages", type=int, nargs="*", default=[])
    parser.add_argument("--topics", type=int, nargs="*", default=[3, 5, 8])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--shuffled", type=int, default=0)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument(
        "--out", default="out/planted.jsonl", help="all selections; goes on from there"
    )
    args = parser.parse_args()
    base = corpus_counts()
    documents = Corpus.sample().split("section").units["doc_id"].to_numpy()
    # One seed after the other, so that what is there after an interruption is balanced.
    work = [
        (f"planted {k}, {n} passages", k, planted, (base, k, n, seed))
        for seed in range(args.seeds)
        for n in args.passages
        for k in args.topics
    ]
    work += [("shuffled", 0, shuffled, (base, documents, seed)) for seed in range(args.shuffled)]
    work.sort(key=lambda item: item[3][-1])
    path = Path(args.out)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    results = [json.loads(line) for line in lines]
    done = {(result["name"], result["seed"]) for result in results}
    work = [item for item in work if (item[0], item[3][-1]) not in done]
    pool = Parallel(n_jobs=args.n_jobs, return_as="generator")
    for result in pool(delayed(select)(*item, args.runs) for item in work):
        results.append(result)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
    report(results)


def report(results):
    frame = pd.DataFrame(results)
    frame["right"] = [
        k in s if k else not s for k, s in zip(frame["true_k"], frame["suggested"], strict=True)
    ]
    frame["first"] = [
        bool(s) and s[0] == k for k, s in zip(frame["true_k"], frame["suggested"], strict=True)
    ]
    frame["size"] = frame["suggested"].map(len)
    print(
        frame.groupby("name").agg(
            cases=("right", "size"),
            right=("right", "mean"),
            first=("first", "mean"),
            suggested=("size", "mean"),
            seconds=("seconds", "mean"),
        )
    )


if __name__ == "__main__":
    main()
