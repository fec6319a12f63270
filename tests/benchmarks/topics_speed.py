"""How long does `choose_k` take on the passages of the corpus? Wanted: 60 s on two cores.

python -m tests.benchmarks.topics_speed
"""

import os
import time

from toolkit import Corpus, choose_k, clean, segment, tfidf


def main():
    matrix = tfidf(segment(clean(Corpus.sample()).corpus.split("section")))
    start = time.perf_counter()
    selection = choose_k(matrix, k_range=range(2, 13), runs=50, n_jobs=2)
    seconds = time.perf_counter() - start
    print(f"{matrix}: k = 2..12, 50 runs in {seconds:.1f} s on 2 of {os.cpu_count()} cores")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    print(selection)


if __name__ == "__main__":
    main()
