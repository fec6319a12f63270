"""Does `choose_k` see as many topics as people do, and none where there are none?

    python -m docs.benchmarks.choose_k FOLDER
    python -m docs.benchmarks.choose_k FOLDER --drawn 20
    python -m docs.benchmarks.choose_k FOLDER --shuffled 100
    python -m docs.benchmarks.choose_k FOLDER --sizes 60 150 400 --shuffled 40

Of a folder of tables (``*.tsv`` or ``*.csv`` with the columns label and text), for each method:
the number of labels, the cuts suggested from k = 2 to `--most` (all of them, not only the ends),
whether the number of labels is one of them, the most stable cut, the cut at
which unseen passages are foretold best, seconds (on two cores). A table of more than 1,000 passages
is cut down to 1,000 of them, drawn at random.

With ``--drawn``: the same of collections drawn from the tables in turn, with the passages of some
of the labels, 4 at least, drawn at random: so there are many true numbers.

With ``--shuffled``: the same where words are shuffled over the passages, so that no two go together
but by chance; it prints in how many of those tried no k is suggested, after `--minutes` for a
row at the latest. Each case is of random passages of one table, of each of the `--sizes` in turn.
topics.md beside this file has what came out.
"""

import argparse
import itertools
import time
import warnings
from pathlib import Path

import numpy as np

from docs.benchmarks.topics_labels import labelled, rows_of
from docs.benchmarks.topics_planted import matrix_of, shuffled
from toolkit import choose_k

METHODS = ("nmf", "nmf-neighbours")


def some(matrix, truth, size, seed):
    """Return random passages of a matrix, weighed anew, and their labels."""
    n = len(truth)
    rows = np.sort(np.random.default_rng([seed, size]).choice(n, min(size, n), replace=False))
    part = rows_of(matrix, rows)
    return matrix_of(part.counts, part.units["doc_id"].to_numpy()), truth[rows]


def drawn(matrix, truth, seed):
    """Return the passages of some of the labels."""
    generator, kinds = np.random.default_rng([seed, 4]), np.unique(truth)
    chosen = generator.choice(kinds, generator.integers(4, len(kinds) + 1), replace=False)
    rows = np.flatnonzero(np.isin(truth, chosen))
    return rows_of(matrix, rows), truth[rows]


def seen(matrix, labels, most, method):
    begin = time.perf_counter()
    selection = choose_k(matrix, k_range=range(2, most + 1), method=method, n_jobs=2)
    seconds = time.perf_counter() - begin
    table, cuts = selection.table.set_index("k"), selection.suggested
    return {
        "suggested": " ".join(map(str, cuts)) or "none",
        "cuts": len(cuts),
        "labels among them": labels in cuts,
        "most stable": table["corrected"].idxmax(),
        "best foretold": table["likeness"].idxmax(),
        "seconds": round(seconds),
    }


def line(values):
    print("| " + " | ".join(str(value) for value in values) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000])
    parser.add_argument("--drawn", type=int, default=0)
    parser.add_argument("--shuffled", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--methods", nargs="+", default=METHODS)
    args = parser.parse_args()
    found = [labelled(p) for p in sorted([*args.folder.glob("*.tsv"), *args.folder.glob("*.csv")])]
    cases = itertools.product(args.methods, args.sizes)
    if args.shuffled:
        line(["method", "passages", "shuffled texts", "none suggested"])
        for method, size in cases:
            silent, tried, end = 0, 0, time.monotonic() + 60 * args.minutes
            for seed, (matrix, truth, _) in zip(
                range(args.shuffled), itertools.cycle(found), strict=False
            ):
                if time.monotonic() > end:
                    break
                tried += 1
                part = some(matrix, truth, size, seed)[0]
                noise = shuffled(part.counts, part.units["doc_id"].to_numpy(), seed)
                ks = range(2, args.most + 1)
                silent += not choose_k(noise, k_range=ks, method=method, seed=seed).suggested
            line([method, size, tried, silent])
        return
    head, turns = True, [*enumerate(found)]
    if args.drawn:
        turns = [*zip(range(args.drawn), itertools.cycle(found), strict=False)]
    for (method, size), (seed, (matrix, truth, what)) in itertools.product(cases, turns):
        if args.drawn:
            matrix, truth = drawn(matrix, truth, seed)
        part, labels = some(matrix, truth, size, seed if args.drawn else 0)
        number = len({*labels})
        row = {"collection": what, "method": method, "labels": number}
        row |= seen(part, number, args.most, method)
        if head:
            line(row)
            line(["---"] * len(row))
        head = False
        line(row.values())


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
