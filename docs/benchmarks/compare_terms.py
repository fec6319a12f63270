"""Recovery of the hidden lexicon by candidate terms, against two simple ways to find them.

    python -m docs.benchmarks.compare_terms [FOLDER]

With a folder the same is measured on its texts. Precision is measured by reading: the script
prints a random sample of each list. One reader, November 2026, sample corpus: 124 of 200
candidates were terms (of those that jieba cuts apart 64 of 76), 42 of 200 words of jieba with
HMM, 35 of 44 phrases, 48 of 72 phrases by NPMI. Of the first 1,000 candidates of 143 reports
123 of 200 were.
"""

import random
import sys
from collections import Counter
from itertools import pairwise
from math import log

from docs.benchmarks.compare_data import reports, timed
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


def bigrams(corpus: Corpus, *, npmi: bool) -> Counter[str]:
    """Return the pairs of words that gensim's ``Phrases`` joins, without stop words.

    With its default scorer and threshold, or with NPMI from 0.3; the same strings as
    gensim 4.4 finds on the sample corpus (44 and 72).
    """
    cut = Segmenter(lexicon=None, stopwords=None, min_length=1)
    stops = set(load_stopwords()["word"])
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in corpus.units["text"]:
        row = cut(text)
        words.update(row)
        pairs.update(pairwise(row))
    size, total = len(words) + len(pairs), words.total()
    found = {}
    for (a, b), n in pairs.items():
        if n < MIN_COUNT or stops.intersection((a, b)):
            continue
        if npmi:
            score = log(n * total / (words[a] * words[b])) / -log(n / total)
        else:
            score = (n - MIN_COUNT) * size / (words[a] * words[b])
        if score > (0.3 if npmi else 10):
            found[a + b] = score
    return Counter(found)


def recovery(corpus: Corpus, n: int) -> None:
    """Print what each way to find terms recovers, and a sample of it to be read."""
    gold = hidden(corpus)
    with timed(f"candidate terms on {corpus.units['doc_id'].nunique()} texts", 60):
        table = candidate_terms(corpus, segmenter=Segmenter(lexicon=None), n=n)
    hmm, pairs = hmm_words(corpus), bigrams(corpus, npmi=False)
    found = {
        "candidate terms": [*table["term"]],
        "of these, cut apart by jieba": [*table.loc[table["suggestion"] != "known", "term"]],
        "jieba with HMM": [word for word, _ in hmm.most_common()],
        "phrases bigrams": [word for word, _ in pairs.most_common()],
        "phrases bigrams by NPMI": [w for w, _ in bigrams(corpus, npmi=True).most_common()],
        "jieba with HMM + phrases bigrams": [*(hmm | pairs)],
    }
    print(f"{len(gold)} terms of the lexicon occur at least {MIN_COUNT} times")
    for name, terms in found.items():
        hits = len(gold & set(terms))
        print(f"{name}: {len(terms)} strings, {hits} hidden terms ({hits / len(gold):.1%})")
    for length in (44, 72, 1000, 4000):
        hits = [f"{name} {len(gold & set(t[:length]))}" for name, t in found.items()]
        print(f"hidden terms among the first {length}: {', '.join(hits)}")
    print("missed:", "、".join(sorted(gold - set(table["term"]))))
    for name in ("candidate terms", "jieba with HMM", "phrases bigrams", "phrases bigrams by NPMI"):
        terms = found[name][:1000]
        sample = sorted(random.Random(0).sample(terms, min(len(terms), 200)))
        print(f"\n{name}, sample to read ({len(sample)}):\n{' '.join(sample)}")


if __name__ == "__main__":
    recovery(clean(Corpus.sample()).corpus, n=1000)
    if len(sys.argv) > 1:
        recovery(reports(sys.argv[1]), n=10**6)
