"""Shared passages between all real reports, near duplicates, fixed phrasing.

python -m tests.benchmarks.compare_reuse FOLDER
"""

import sys

from tests.benchmarks.compare_data import reports, timed
from toolkit.compare.formulas import without_formulas
from toolkit.compare.overlap import reuse

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
