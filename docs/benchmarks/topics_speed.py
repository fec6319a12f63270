"""How long does `choose_k` take on the passages of the corpus? Wanted: 60 s on two cores.

python -m docs.benchmarks.topics_speed

Where other work shares the cores, the time of the processors tells more than that of the clock.
"""

import os
import time

from joblib.externals.loky import get_reusable_executor

from toolkit import Corpus, choose_k, clean, segment, tfidf


def main():
    corpus = clean(Corpus.sample()).corpus
    for unit in ("section", "paragraph"):
        matrix = tfidf(segment(corpus.split(unit)))
        start, before = time.perf_counter(), os.times()
        selection = choose_k(matrix, k_range=range(2, 13), runs=50, n_jobs=2)
        seconds = time.perf_counter() - start
        get_reusable_executor().shutdown()  # only then are the times of the workers known
        after = os.times()
        used = sum(after[:4]) - sum(before[:4])
        print(f"{unit}, {matrix}: k = 2..12, 50 runs in {seconds:.1f} s on 2 processes")
        print(f"time of the processors {used:.1f} s; load of the machine {os.getloadavg()[0]:.1f}")
        print(selection, flush=True)


if __name__ == "__main__":
    main()
