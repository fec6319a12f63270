"""Shared passages: each pair as if alone, whatever the order; articles of laws found again.

python -m docs.benchmarks.compare_reuse REPORTS [LAWS]

REPORTS is a folder of texts with a table of them, LAWS one of laws as Markdown, whose names
are ``title(date).md``; two of one title are two versions of a law.
"""

import random
import re
import sys
from collections import defaultdict
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from pathlib import Path

from docs.benchmarks.compare_data import reports, timed
from toolkit import Corpus
from toolkit.compare.formulas import without_formulas
from toolkit.compare.overlap import Reuse, reuse

_ARTICLE = re.compile(r"^\s*第[一二三四五六七八九十百零]+条[\s\u3000]", re.M)
_ALIKE = 0.7  # ratio of difflib from which two articles are the same one


def shares(shared: Reuse) -> dict[frozenset[str], tuple[float, float]]:
    """Return the two shares of each pair, in the order of the names of the documents."""
    table = shared.pairs
    return {
        frozenset((row.doc_a, row.doc_b)): (row.share_a, row.share_b)
        if row.doc_a < row.doc_b
        else (row.share_b, row.share_a)
        for row in table.itertuples()
    }


def furthest(one: dict, other: dict) -> float:
    """Return the largest difference of a share; a pair that is missing shares nothing."""
    none = (0.0, 0.0)
    differences = (
        abs(a - b)
        for pair in one.keys() | other.keys()
        for a, b in zip(one.get(pair, none), other.get(pair, none), strict=True)
    )
    return max(differences, default=0.0)


def order_and_company(texts: dict[str, str], *, alone: int) -> None:
    """Print how far shares are from those in five other orders, and of pairs alone."""
    told = shares(reuse(Corpus.from_texts(texts)))
    rng = random.Random(0)
    far = 0.0
    for _ in range(5):
        names = rng.sample([*texts], len(texts))
        far = max(
            far, furthest(told, shares(reuse(Corpus.from_texts({n: texts[n] for n in names}))))
        )
    print(f"{len(texts)} texts, {len(told)} pairs; five other orders: furthest share {far:.4f}")
    pairs = [*combinations(texts, 2)]
    far = 0.0
    for pair in rng.sample(pairs, min(alone, len(pairs))):
        one = shares(reuse(Corpus.from_texts({name: texts[name] for name in pair})))
        far = max(far, furthest(one, {k: v for k, v in told.items() if k == frozenset(pair)}))
    print(f"{min(alone, len(pairs))} pairs alone: furthest share {far:.4f}")


def articles(text: str) -> dict[str, str]:
    """Return the letters of each article of a law."""
    begins = [m.start() for m in _ARTICLE.finditer(text)] + [len(text)]
    parts = [text[a:b].split("\n#")[0] for a, b in pairwise(begins)]
    return {
        part.split()[0]: "".join(filter(str.isalnum, _ARTICLE.sub("", part))) or "空"
        for part in parts
    }


def ratio(a: str, b: str) -> float:
    """Return difflib's ratio, 0 where a bound shows that it is low."""
    match = SequenceMatcher(None, a, b, autojunk=False)
    low = match.real_quick_ratio() < _ALIKE or match.quick_ratio() < _ALIKE
    return 0.0 if low else match.ratio()


def articles_found(laws: dict[str, dict[str, str]], pairs: list[tuple[str, str]]) -> None:
    """Print how many of the pairs of articles that difflib finds are found here."""
    truth, found, right, listed = 0, 0, 0, 0
    for one, other in pairs:
        texts = {f"a{i}": t for i, t in laws[one].items()}
        texts |= {f"b{i}": t for i, t in laws[other].items()}
        same = {
            frozenset((f"a{i}", f"b{j}"))
            for i, a in laws[one].items()
            for j, b in laws[other].items()
            if ratio(a, b) >= _ALIKE
        }
        table = reuse(Corpus.from_texts(texts), min_chars=12).pairs
        table = table[table["doc_a"].str[0] != table["doc_b"].str[0]]
        told = {frozenset(pair) for pair in table[["doc_a", "doc_b"]].to_numpy()}
        alike = table[table["similarity"] >= _ALIKE]
        close = {frozenset(pair) for pair in alike[["doc_a", "doc_b"]].to_numpy()}
        truth, found = truth + len(same), found + len(close)
        right, listed = right + len(close & same), listed + len(told & same)
    print(
        f"{truth} pairs of articles: recall {right / truth:.3f}, precision {right / found:.3f} "
        f"at a similarity of {_ALIKE}; listed at all {listed / truth:.3f}"
    )


if __name__ == "__main__":
    corpus = reports(sys.argv[1])
    with timed(f"reuse over all pairs of {len(corpus)} texts", 60):
        shared = reuse(corpus)
    print(shared)
    print(shared.pairs.head(6).to_string())
    print(shared.flags.to_string())
    with timed("without_formulas", 60):
        rest = without_formulas(corpus)
    print(rest.sentences["kind"].value_counts(normalize=True).round(3).to_dict())
    print(rest.phrases.head(10).to_string())
    order_and_company(corpus.units["text"].to_dict(), alone=500)
    if len(sys.argv) > 2:
        files = sorted(Path(sys.argv[2]).glob("*.md"))
        whole = {path.stem: path.read_text("utf-8-sig") for path in files}
        ids = {f"law{i}": text for i, text in enumerate(whole.values())}
        order_and_company(ids, alone=10_000)
        laws = {name: articles(text) for name, text in whole.items()}
        versions = defaultdict(list)
        for name in laws:
            versions[name.partition("(")[0]].append(name)
        print("versions of one law")
        articles_found(laws, [(v[0], v[1]) for v in versions.values() if len(v) == 2])
        subject = [name for name in laws if "文明行为" in name]
        print("laws of different cities on one subject")
        articles_found(laws, [*combinations(subject, 2)])
