"""Fuzz every reader and the cleaning: ``intake_fuzz.py [--examples 10000] [--only .pdf]``.

The inputs are those of ``tests/ingest/test_hostile.py``: noise made of pieces of the
formats, and real files with bytes changed. What counts as a failure is any error but the
documented one. ``intake_atheris.py`` does the same with inputs led by coverage.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "ingest"))

import test_hostile as hostile

from toolkit.cleaning import clean_text
from toolkit.ingest.limits import UnreadableError
from toolkit.ingest.references import references
from toolkit.ingest.sources import members


def archives(data):
    """Read an archive; only the documented error may come."""
    try:
        for _ in members(data, hostile.LIMITS):
            pass
    except UnreadableError:
        pass


def exports(data):
    """Read the three exports of a reference manager."""
    for name in ("a.json", "a.ris", "a.bib"):
        try:
            references(name, data, hostile.LIMITS)
        except UnreadableError:
            continue


def cleaning(data):
    """Clean a text twice; the second time changes nothing."""
    text, _ = clean_text(data.decode("utf-8", "replace"))
    assert clean_text(text)[0] == text


def targets():
    """Return what is fuzzed: name, function, and where inputs come from."""
    noise = hostile.NOISE
    found = {
        suffix: (
            lambda data, suffix=suffix: hostile.never_crashes(suffix, data),
            st.one_of(noise, hostile.mutated(hostile.SAMPLES[suffix])),
        )
        for suffix in hostile.SUFFIXES
    }
    zipped = hostile.zipped(**{"a.txt": hostile.PROSE, "b/c.html": b"<p>x"})
    found["archives"] = (archives, st.one_of(noise, hostile.mutated(zipped)))
    found["references"] = (exports, noise)
    found["cleaning"] = (cleaning, noise)
    return found


def main():
    """Run the targets and print how many inputs each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    # As in a reading process: an input that wants all of the memory gets an error.
    resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
    for name, (function, source) in targets().items():
        if options.only and name not in options.only:
            continue
        print(f"{name:10s} {fuzz(function, source, options.examples)}", flush=True)


def fuzz(function, source, examples):
    """Run one target; return what to print of it."""
    times = []

    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=[*HealthCheck]
    )
    @given(source)
    def one(data):
        start = time.perf_counter()
        function(data)
        times.append(time.perf_counter() - start)

    one()
    return f"{len(times):6d} inputs, no crash; {sum(times):5.0f} s, longest {max(times):.2f} s"


if __name__ == "__main__":
    main()
