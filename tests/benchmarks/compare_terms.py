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


if __name__ == "__main__":
    corpus = clean(Corpus.sample()).corpus
    gold = hidden(corpus)
    with timed("candidate terms on the sample corpus", 60):
        table = candidate_terms(corpus, segmenter=Segmenter(lexicon=None))
    found = {
        "candidate terms": [*table["term"]],
        "  of these, cut apart by jieba": [*table.loc[table["suggestion"] != "known", "term"]],
        "jieba with HMM": [w for w, _ in hmm_words(corpus).most_common()],
        "phrases bigrams": [w for w, _ in bigrams(corpus).most_common()],
        "jieba with HMM + phrases bigrams": [*(hmm_words(corpus) | bigrams(corpus))],
    }
    print(f"{len(gold)} terms of the lexicon occur at least {MIN_COUNT} times")
    for name, terms in found.items():
        hits = len(gold & set(terms))
        print(
            f"{name}: {len(terms)} strings, {hits} of {len(gold)} hidden terms "
            f"({hits / len(gold):.1%}), one in {len(terms) / max(hits, 1):.1f} strings"
        )
    print("missed:", "、".join(sorted(gold - set(table["term"]))))
    for name in ("candidate terms", "jieba with HMM", "phrases bigrams"):
        terms = found[name]
        sample = sorted(random.Random(0).sample(terms, min(len(terms), 200)))
        print(f"\n{name}, sample to read ({len(sample)}):\n{' '.join(sample)}")
    if len(sys.argv) > 1:
        real = reports(sys.argv[1])
        with timed(f"candidate terms on {len(real)} texts", 60):
            table = candidate_terms(real)
        print(table.head(30)[["term", "suggestion", "count", "n_docs", "c_value"]].to_string())
        print(table["suggestion"].str[:7].value_counts().to_dict())
