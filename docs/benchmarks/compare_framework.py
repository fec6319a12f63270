"""Validation of the codebook: on the labelled sections, and on real texts nobody tuned it to.

    python -m docs.benchmarks.compare_framework [FOLDER [CODEBOOK.csv ...]]

The sections are judged over several dealings into folds, without the article, from which the
codebook was made. With a folder the paragraphs of its reports are judged too: a paragraph
that opens with a heading of its own ("加强法治政府建设。") is labelled by that heading, which
is then taken off. The patterns were fixed before the first run. Paragraphs on other subjects
stand among them as "none". With other codebooks of the same dimensions, made by others, the
cities' rates by each are ranked and compared.
"""

import re
import sys
from pathlib import Path

import pandas as pd

from docs.benchmarks.compare_data import reports
from toolkit import Codebook, Corpus, clean, load_lexicon, score_framework
from toolkit.compare.validation import validate_framework

HEADINGS = {
    "refined": "城市更新|精细|老旧小区|城市管理|品质|绣花|街巷|停车|市容",
    "smart": "数字政府|智慧|数字化|数据|数字城市|智能",
    "participatory": "基层治理|社会治理|社区|志愿|网格|共建共治|治理共同体",
    "legal": "法治|依法|立法|执法",
}
OPENING = re.compile(
    r"\s*(?:[一二三四五六七八九十\d]+是)?(?:[（(]?[一二三四五六七八九十\d]+[）)、.])?"
    r"\s*([^。；：]{3,25})。(.+)"
)
LEAST_LETTERS = 80
# What the lexicon's own categories are about: no term is chosen by hand.
CATEGORIES = {
    "精细化市容更新": "refined",
    "平台数字": "smart",
    "基层共治": "participatory",
    "热线诉求": "participatory",
    "法治规划": "legal",
}


def by_category(named: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of the article and all of the lexicon, by its categories."""
    lexicon = load_lexicon()
    lexicon = lexicon.assign(dimension=lexicon["category"].map(CATEGORIES)).dropna()
    rest = lexicon[~lexicon["term"].isin(named["term"])]
    return pd.concat([named, rest[["dimension", "term"]].assign(weight=1)], ignore_index=True)


def headed_paragraphs(corpus: Corpus) -> Corpus:
    """Return the paragraphs whose heading names just one dimension, without the heading."""
    rows = []
    for doc_id, text in corpus.units["text"].items():
        for line in text.splitlines():
            if (opening := OPENING.match(line)) is None:
                continue
            heading, body = opening.groups()
            named = [d for d, words in HEADINGS.items() if re.search(words, heading)]
            if len(named) == 1 and sum(map(str.isalnum, body)) >= LEAST_LETTERS:
                rows.append((doc_id, named[0], body))
    units = pd.DataFrame(rows, columns=["doc_id", "dimension", "text"]).drop_duplicates("text")
    units.index = units["doc_id"] + "#" + units.groupby("doc_id").cumcount().astype(str)
    return Corpus(units)


def report(corpus: Corpus, what: str) -> None:
    """Print the macro F1 of the whole codebook, and of parts of it that are stricter."""
    rows = Codebook.load().table
    strict = rows[~rows["note"].str.endswith("common word of the field")]
    named = rows[rows["note"].str.endswith("in the article")]
    codebooks = {
        "whole": rows,
        "article and lexicon": strict,
        "article and lexicon by category": by_category(named),
        "article": named,
    }
    for name, part in codebooks.items():
        checked = [validate_framework(corpus, Codebook(part), seed=seed) for seed in range(5)]
        table = pd.concat([c.summary.set_index("method")["macro_f1"] for c in checked], axis=1)
        print(f"\n{what}; {name}: {len(part)} terms; macro F1, five dealings into ten folds")
        table = table.agg(["mean", "min", "max"], axis=1).round(3)
        print(table.sort_values("mean", ascending=False))
        print(checked[0].summary.drop(columns="learns").round(3).to_string())
        for method in ("terms", "terms + logistic regression"):
            print(checked[0].confusion(method).to_string())


def with_others(corpus: Corpus) -> Corpus:
    """Return labelled passages with the paragraphs on other subjects, labelled "none"."""
    table = pd.read_csv(
        Path(__file__).parents[2] / "tests" / "compare" / "data" / "other_subjects.csv"
    )
    table.index = table["kind"] + "#" + table.groupby("kind").cumcount().astype(str)
    table = table.assign(doc_id="other: " + table["kind"], dimension="none")
    columns = ["text", "doc_id", "dimension"]
    return Corpus(pd.concat([corpus.units[columns], table[columns]]))


def ranked(corpus: Corpus, paths: list[str]) -> None:
    """Print the largest share of a term, and rank correlations with other codebooks."""
    own = score_framework(corpus)
    print(own.terms().groupby("dimension", sort=False).head(3).round(3).to_string())
    for path in paths:
        other = score_framework(corpus, Codebook.load(path))
        found = own.table("doc_id").corrwith(other.table("doc_id"), method="spearman")
        print(path, found.round(2).to_dict())


if __name__ == "__main__":
    sample = clean(Corpus.sample()).corpus
    others = sample.units.index[sample.units["doc_id"] != "beijing-2023"]
    report(sample.select(doc_id=[*others]).split("section"), "sections")
    if len(sys.argv) > 1:
        texts = reports(sys.argv[1])
        report(headed_paragraphs(texts), "headed paragraphs")
        report(with_others(headed_paragraphs(texts)), "headed paragraphs, and other subjects")
        ranked(texts, sys.argv[2:])
