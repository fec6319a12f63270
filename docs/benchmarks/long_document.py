"""One long document: load, clean, split into sentences, segment, topics; seconds and memory.

python -m docs.benchmarks.long_document [MB ...]

Each length is worked in a process of its own, made of the sample corpus again and again. Must
hold: 20 MB in 60 s and 2 GB; five times the text in 5.5 times the time and memory at most.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from toolkit import Corpus, clean, fit_topics, segment, tfidf

SECONDS, GIGABYTES, LINEAR = 60, 2, 5.5


def work(megabytes: float) -> tuple[float, float]:
    """Return the seconds and the peak of memory, in GB, of one document."""
    once = "\n".join(Corpus.sample().units["text"])
    text = once * round(megabytes * 1e6 / len(once.encode()))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.txt").write_text(text, encoding="utf-8")
        Path(folder, "metadata.csv").write_text("id,file\na,a.txt\n", encoding="utf-8")
        begin = time.perf_counter()
        sentences = clean(Corpus.load(folder)).corpus.split("sentence")
        fit_topics(tfidf(segment(sentences), min_df=5), k=10)
    # ru_maxrss is in kilobytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return time.perf_counter() - begin, peak


def main() -> None:
    """Work each length in a process of its own, and tell whether what must hold does."""
    if sys.argv[1:2] == ["--one"]:
        print(*work(float(sys.argv[2])))
        return
    found = []
    for size in [float(size) for size in sys.argv[1:]] or [4.0, 20.0]:
        command = [sys.executable, "-m", "docs.benchmarks.long_document", "--one", str(size)]
        shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, peak = map(float, shown.split()[-2:])
        found.append((size, seconds, peak))
        print(f"{size:g} MB: {seconds:.1f} s, {peak:.2f} GB")
    (small, quick, little), (large, slow, much) = found[0], found[-1]
    bound = LINEAR / 5 * large / small
    print("linear:", slow <= bound * quick and much <= bound * little)
    print("20 MB:", slow <= SECONDS * large / 20 and much <= GIGABYTES * max(large / 20, 1))


if __name__ == "__main__":
    main()
