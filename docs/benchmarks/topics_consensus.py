"""Are consensus topics more stable than those of a single run, and by how much?

    python -m docs.benchmarks.topics_consensus

Two questions. "seeds": all texts, other seeds (a run from singular vectors hardly has any
chance in it, so it looks perfectly stable). "texts": random parts of the texts (80%).
Stability is the mean agreement of the topics of two fits, over all pairs; the spread is
that of the difference to a single run from a random start, over the fits.
"""

import argparse
import warnings

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from toolkit import Corpus, clean, segment, tfidf
from toolkit.resample import subsample
from toolkit.topics.factorise import NMF
from toolkit.topics.quality import ranked
from toolkit.topics.resample import agreement, rows_of
from toolkit.topics.stability import Consensus


def random_start(matrix, k, seed):
    from sklearn.decomposition import NMF as Model

    model = Model(k, init="random", random_state=seed, max_iter=2000)
    return model.fit(matrix.weights).components_


def pairwise(found):
    """Return the mean agreement of each fit with all others."""
    tops = [ranked(parts, 20) for parts in found]
    mean = np.array([[agreement(a, b)[0].mean() for b in tops] for a in tops])
    np.fill_diagonal(mean, np.nan)
    return np.nanmean(mean, axis=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--parts", type=int, default=20)
    parser.add_argument("--topics", type=int, nargs="*", default=[3, 4, 5, 6, 7, 8])
    args = parser.parse_args()
    matrix = tfidf(segment(clean(Corpus.sample()).corpus.split("section")))
    parts = [
        rows_of(matrix, np.flatnonzero(subsample(matrix, 0.8, [7, i]))) for i in range(args.parts)
    ]
    for k in args.topics:
        ways = {
            "single, random start": lambda part, i, k=k: random_start(part, k, i),
            "single, singular vectors": lambda part, i, k=k: NMF(k, i)(part)[1],
            "consensus": lambda part, i, k=k: Consensus(k, 50, i)(part)[1],
        }
        for what, inputs in (("seeds", [matrix] * args.parts), ("texts", parts)):
            found = {
                name: pairwise([way(part, i) for i, part in enumerate(inputs)])
                for name, way in ways.items()
            }
            base = found["single, random start"]
            table = pd.DataFrame(
                {
                    name: {
                        "stability": values.mean(),
                        "difference": (values - base).mean(),
                        "low": np.quantile(values - base, 0.05),
                        "high": np.quantile(values - base, 0.95),
                        "better in": (values > base).mean(),
                    }
                    for name, values in found.items()
                }
            )
            print(f"k = {k}, other {what}\n{table.T.round(3).to_string()}\n", flush=True)


if __name__ == "__main__":
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
