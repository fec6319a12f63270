"""Recovery of the hidden lexicon by candidate terms, against two simple ways to find terms.

    python -m tests.benchmarks.compare_terms [FOLDER]

With a folder the time on its texts is measured too. Precision is measured by reading: the
script prints a random sample of 200 candidates.
"""

import random
import sys
from collections import Counter
from itertools import pairwise

from tests.benchmarks.compare_data import reports, timed
from toolkit import Corpus, Segmenter, clean, load_lexicon, load_stopwords
from toolkit.terms.candidates import candidate_terms

MIN_COUNT = 5


def hidden(corpus: Corpus) -> set[str]:
    """Return the terms of the lexicon that occur at least 5 times."""
    text = "\n".join(corpus.units["text"])
    return {term for term in load_lexicon()["term"] if text.count(term) >= MIN_COUNT}


def hmm_words(corpus: Corpus) -> Counter[str]:
    """Return the words that jieba with its HMM cuts, stop words and single characters left out."""
    cut = Segmenter(lexicon=None)
    counts = Counter(word for text in corpus.units["text"] for word in cut(text))
    return Counter({word: n for word, n in counts.items() if n >= MIN_COUNT})


def bigrams(corpus: Corpus, threshold: float = 10.0) -> Counter[str]:
    """Return the pairs of words that gensim's ``Phrases`` would join (its default scorer)."""
    cut = Segmenter(lexicon=None, stopwords=None, min_length=1)
    stops = set(load_stopwords()["word"])
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in corpus.units["text"]:
        row = cut(text)
        words.update(row)
        pairs.update(p for p in pairwise(row) if not stops.intersection(p))
    scores = {
        a + b: (n - MIN_COUNT) * len(words) / (words[a] * words[b])
        for (a, b), n in pairs.items()
        if n >= MIN_COUNT
    }
    found = {pair: s for pair, s in scores.items() if s > threshold}
    return Counter({pair: round(score) for pair, score in found.items()})


def recovery(corpus: Corpus, n: int) -> None:
    """Print what each way to find terms recovers, and a sample of it to be read."""
    gold = hidden(corpus)
    with timed(f"candidate terms on {corpus.units['doc_id'].nunique()} texts", 60):
        table = candidate_terms(corpus, segmenter=Segmenter(lexicon=None), n=n)
    hmm, pairs = hmm_words(corpus), bigrams(corpus)
    found = {
        "candidate terms": [*table["term"]],
        "of these, cut apart by jieba": [*table.loc[table["suggestion"] != "known", "term"]],
        "jieba with HMM": [word for word, _ in hmm.most_common()],
        "phrases bigrams": [word for word, _ in pairs.most_common()],
        "jieba with HMM + phrases bigrams": [*(hmm | pairs)],
    }
    print(f"{len(gold)} terms of the lexicon occur at least {MIN_COUNT} times")
    for name, terms in found.items():
        hits = len(gold & set(terms))
        print(f"{name}: {len(terms)} strings, {hits} hidden terms ({hits / len(gold):.1%})")
    for length in (31, 100, 1000, 4000):
        hits = [f"{name} {len(gold & set(t[:length]))}" for name, t in found.items()]
        print(f"hidden terms among the first {length}: {', '.join(hits)}")
    print("missed:", "、".join(sorted(gold - set(table["term"]))))
    for name in ("candidate terms", "jieba with HMM", "phrases bigrams"):
        terms = found[name][:1000]
        sample = sorted(random.Random(0).sample(terms, min(len(terms), 200)))
        print(f"\n{name}, sample to read ({len(sample)}):\n{' '.join(sample)}")


if __name__ == "__main__":
    recovery(clean(Corpus.sample()).corpus, n=1000)
    if len(sys.argv) > 1:
        recovery(reports(sys.argv[1]), n=10**6)
