"""Validation of the codebook on the labelled sections, over several dealings into folds.

python -m tests.benchmarks.compare_framework
"""

import pandas as pd

from toolkit import Codebook, Corpus, clean
from toolkit.compare.validation import validate_framework

if __name__ == "__main__":
    corpus = clean(Corpus.sample()).corpus.split("section")
    rows = Codebook.load().table
    strict = rows[~rows["note"].str.endswith("common word of the field")]
    named = rows[rows["note"].str.endswith("in the article")]
    for name, part in (("whole", rows), ("article and lexicon", strict), ("article", named)):
        checked = [validate_framework(corpus, Codebook(part), seed=seed) for seed in range(5)]
        table = pd.concat([c.summary.set_index("method")["macro_f1"] for c in checked], axis=1)
        print(f"\n{name}: {len(part)} terms; macro F1, five dealings into ten folds of documents")
        table = table.agg(["mean", "min", "max"], axis=1).round(3)
        print(table.sort_values("mean", ascending=False))
        print(checked[0].summary.drop(columns="learns").round(3).to_string())
        print(checked[0].confusion.to_string())
