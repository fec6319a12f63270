"""Of noise, how much is called stable, above chance, surviving, or in agreement with labels?

python -m docs.benchmarks.verdicts_null [--draws 200] [--texts 40]

Clusters: profiles drawn from one Dirichlet distribution. Topics: the words of the sample,
shuffled across all documents. 5% is what may be called so.
"""

import argparse
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit import (
    Corpus,
    agreement,
    choose_k,
    fit_topics,
    seeded_topics,
    segment,
    tfidf,
    topic_stability,
)
from toolkit.compare import cluster_profiles

CALLED = ["stable", "a pattern"]


def clusters(draws, rng):
    """Print how many draws of noise, and of four kinds of groups, hold stable clusters."""
    for n, columns, k, even in ((16, 4, 4, 2), (20, 6, 4, 1), (30, 12, 6, 5)):
        called, high = 0, []
        for seed in range(draws):
            noise = pd.DataFrame(rng.dirichlet([even] * columns, n))
            found = cluster_profiles(noise, k=k, seed=seed).stability
            called += found["verdict"].isin(CALLED).any()
            high.append((found["jaccard"].dropna() >= 0.75).mean())
        print(
            f"{n} groups, {columns} columns, k={k}: stable or a pattern in {called / draws:.1%} of "
            f"{draws} draws; {np.mean(high):.0%} of the clusters reach a Jaccard of 0.75",
            flush=True,
        )
    power = []
    for seed in range(draws // 5):
        centres = rng.dirichlet([1] * 6, 4)
        kinds = pd.DataFrame(np.vstack([rng.dirichlet(20 * c + 0.2, 5) for c in centres]))
        found = cluster_profiles(kinds, k=4, seed=seed).stability
        power.append(found["verdict"].isin(CALLED).mean())
    print(f"20 groups of four kinds: {np.mean(power):.0%} of the clusters are called so")


def topics(texts, rng):
    """Print how often topics of shuffled words are said to be more than chance."""
    corpus = Corpus.sample()
    tokens = segment(corpus.select(doc_id=corpus.units["doc_id"].tolist()[::2]).split("section"))
    few, rows = {"runs": 10, "n_jobs": 1}, []
    for seed in range(texts):
        noise = tfidf(replace(tokens, codes=rng.permutation(tokens.codes)))
        fit, guided = fit_topics(noise, k=4), seeded_topics(noise, free=1)
        agrees = agreement(fit, labels="dimension", ignore="general", permutations=199, seed=seed)
        rows.append(
            {
                "topic_stability": topic_stability(fit, seed=seed, **few)["above"].any(),
                "of seeded_topics": topic_stability(guided, seed=seed, **few)["above"].any(),
                "choose_k": bool(choose_k(noise, k_range=[3, 5], seed=seed, **few).suggested),
                "agreement": agrees["p"] <= 0.05,
            }
        )
        if seed % 5 == 4:
            print(f"after {seed + 1}: {pd.DataFrame(rows).mean().round(3).to_dict()}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--texts", type=int, default=40)
    given = parser.parse_args()
    if given.draws:
        clusters(given.draws, np.random.default_rng(0))
    topics(given.texts, np.random.default_rng(0))


if __name__ == "__main__":
    main()
