"""Keyness of one city, and of one region, against all other real reports.

python -m tests.benchmarks.compare_keyness FOLDER
"""

import sys
import warnings

from tests.benchmarks.compare_data import reports, timed
from toolkit import segment
from toolkit.compare.keywords import keyness

if __name__ == "__main__":
    corpus = reports(sys.argv[1])
    with timed(f"segment {len(corpus)} texts", float("inf")):
        tokens = segment(corpus)
    for target in ({"city": "北京"}, {"region": "华东"}):
        with warnings.catch_warnings(record=True) as told, timed(f"keyness {target}", 5):
            warnings.simplefilter("always")
            table = keyness(tokens, target)
        print(f"{len(table):,} words; {'; '.join(str(w.message) for w in told) or 'no warning'}")
        print(
            table.head(8)[["term", "count_target", "count_reference", "log_ratio", "low", "high"]]
        )
