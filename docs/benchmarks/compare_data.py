"""The real texts that the benchmarks of the comparisons are run on."""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit import Corpus


def reports(folder: str) -> Corpus:
    """Read the texts of a folder: a CSV with a column ``city``, and a text for each city."""
    (table,) = Path(folder).glob("*.csv")
    rows = [*csv.DictReader(table.read_text("utf-8-sig").splitlines())]
    files = {path.stem: path for path in Path(folder).rglob("*.txt")}
    texts = {row["city"]: files[row["city"]].read_text("utf-8") for row in rows}
    keep = ("city", "province", "region", "tier")
    metadata = {row["city"]: {k: row[k] for k in keep if k in row} for row in rows}
    return Corpus.from_texts(texts, metadata=metadata)


@contextmanager
def timed(what: str, bound: float) -> Iterator[None]:
    """Print how long the block took, and the most memory of the process so far."""
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{what}: {seconds:.2f} s (bound {bound:g} s), peak memory {memory:.2f} GB")
