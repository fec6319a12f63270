"""Keyness of texts divided at random, and of words whose rate is doubled: is 5% 5%?

python -m docs.benchmarks.keyness_null [FOLDER] [--splits 200] [--permutations 200]

FOLDER holds texts (.txt); the sample corpus if not given.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit import Corpus, Tokens, keyness, segment
from toolkit.compare.counts import counted, unit_of
from toolkit.recipe import Recipe


def texts_of(folder):
    if folder is None:
        return Corpus.sample()
    files = sorted(Path(folder).rglob("*.txt"))
    return Corpus.from_texts({path.stem: path.read_text("utf-8") for path in files})


def at_random(n, size, rng):
    return rng.permutation(np.arange(n) < size)


def divided(tokens, size, rng, permutations):
    """Keyness of the texts, divided at random into `size` and the others."""
    units = tokens.units.assign(target=at_random(len(tokens), size, rng))
    tokens = replace(tokens, units=units)
    return keyness(tokens, {"target": True}, permutations=permutations, seed=int(rng.integers(1e9)))


def simulated(counts, size, rng):
    """Return tokens like these, over-dispersed as they are, a tenth of the words doubled."""
    length = counts.sum(axis=1)
    mean = np.outer(length, counts.sum(axis=0) / length.sum())
    spread = ((counts - mean) ** 2).sum(axis=0) - mean.sum(axis=0)
    spread = np.maximum(spread / (mean**2).sum(axis=0), 0.02)
    target = at_random(len(counts), size, rng)
    planted = rng.random(counts.shape[1]) < 0.1
    mean[np.ix_(target, planted)] *= 2
    drawn = sparse.csr_array(rng.poisson(rng.gamma(1 / spread, spread, size=mean.shape) * mean))
    # What is not among these words makes the texts as long as they were: rates are of all words.
    rest = np.maximum(length - np.asarray(drawn.sum(axis=1)).ravel(), 0)
    width = counts.shape[1]
    codes = [
        np.concatenate([np.repeat(drawn[[i]].indices, drawn[[i]].data), np.full(n, width)])
        for i, n in enumerate(rest)
    ]
    names = [f"t{i}" for i in range(len(counts))]
    units = pd.DataFrame({"text": "", "doc_id": names, "target": target}, index=names)
    vocabulary = np.array([f"w{i}" for i in range(width + 1)], dtype=object)
    offsets = np.cumsum([0, *map(len, codes)])
    spans = np.zeros((offsets[-1], 2), np.int32)
    codes = np.concatenate(codes).astype(np.int32)
    return Tokens(vocabulary, codes, offsets, spans, units, Recipe()), planted


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--splits", type=int, default=200)
    parser.add_argument("--permutations", type=int, default=200)
    given = parser.parse_args()
    tokens = segment(texts_of(given.folder))
    n, rng = len(tokens), np.random.default_rng(0)
    for size in (n // 2, max(n // 8, 8), n - max(n // 8, 8)):
        start = time.perf_counter()
        table = divided(tokens, size, rng, 1000)
        print(f"{size} of {n} texts, {len(table):,} words: {time.perf_counter() - start:.1f} s")
        tables = [divided(tokens, size, rng, given.permutations) for _ in range(given.splits)]
        any_q = np.mean([(t["q"] < 0.05).any() for t in tables])
        found = pd.concat(tables)
        excluded = ((found["low"] > 0) | (found["high"] < 0)).mean()
        print(
            f"  {given.splits} random divisions: p < .05 for {(found['p'] < 0.05).mean():.1%} "
            f"of the words, intervals without 0 {excluded:.1%}, divisions with q < .05 {any_q:.1%}"
        )
        planted_words(tokens, size, rng, given)


def planted_words(tokens, size, rng, given):
    """Say how often doubled words are found, and intervals hold the true ratio."""
    document, names = pd.factorize(tokens.units["doc_id"])
    counts = counted(tokens, document[unit_of(tokens)], len(names))
    total = np.asarray(counts.sum(axis=0)).ravel()
    rows = []
    while len(rows) < 20_000 and len(rows) < given.splits * 2_000:
        some = rng.permutation(np.flatnonzero(total >= 5))[:2000]
        drawn, planted = simulated(counts[:, some].toarray(), size, rng)
        table = keyness(drawn, {"target": True}, permutations=given.permutations)
        table = table[table["term"] != f"w{len(some)}"]
        number = table["term"].str.slice(1).astype(int)
        # Rates are of all words: where more are doubled, the texts are longer.
        words = [drawn.units["target"].to_numpy() == x for x in (True, False)]
        length = [np.diff(drawn.offsets)[x].sum() for x in words]
        whole = [np.asarray(counts[:, some].sum(axis=1)).ravel()[x].sum() for x in words]
        shift = np.log2((length[0] / whole[0]) / (length[1] / whole[1]))
        truth = np.where(planted[number], 1.0, 0.0) - shift
        held = (table["low"] <= truth) & (truth <= table["high"])
        rows += zip(
            planted[number],
            held,
            table["count_target"] + table["count_reference"],
            table["p"] < 0.05,
            table["q"] < 0.05,
            strict=True,
        )
    found = pd.DataFrame(rows, columns=["planted", "held", "count", "p", "q"])
    doubled = found[found["planted"]]
    print(
        f"  rate doubled ({len(doubled):,} words): intervals hold the truth "
        f"{doubled['held'].mean():.1%} (of words left as they were: "
        f"{found.loc[~found['planted'], 'held'].mean():.1%})"
    )
    for least, most in ((5, 20), (20, 50), (50, 200), (200, 10**9)):
        part = doubled[doubled["count"].between(least, most - 1)]
        if len(part):
            upto = f"to {most - 1}" if most < 10**9 else "and more"
            print(
                f"    {least} {upto} times: held {part['held'].mean():.1%}; "
                f"power {part['p'].mean():.0%} (p), {part['q'].mean():.0%} (q)"
            )


if __name__ == "__main__":
    main()
