"""The study ended by SIGKILL at random moments, and two at once: ``reproduce_killed.py``.

One run is left in peace. Then runs into the same folder are killed at random moments, half of
them near their end, where the new folder takes the place of the old: after each the folder is
whole, as its checksums tell, or stands aside, from where the next run puts it back. Then two
runs start at once: one of them is refused. The last run equals the first, byte for byte.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from toolkit.figures.press.bundle import changed, provenance_of

COMMAND = [sys.executable, "-m", "toolkit", "reproduce", "--out"]


def start(out):
    """Start a run in a session of its own."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*COMMAND, str(out)], start_new_session=True, **quiet)


def whole(out):
    """Tell where a whole folder stands, "here" or "aside", or "nowhere"."""
    for where, folder in [("here", out), *(("aside", p) for p in out.parent.glob(".out-*.old"))]:
        if folder.exists():
            files = provenance_of(folder)["files"]
            return where if not changed(folder, files) else "nowhere"
    return "nowhere"


def main():
    """Kill, look, go on, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        began = time.monotonic()
        assert start(out).wait() == 0, "the study itself fails"
        usual = time.monotonic() - began
        first = provenance_of(out)
        print(f"one run takes {usual:.0f} s and writes {len(first['files'])} files", flush=True)
        found = []
        for number in range(given.times):
            moment = usual * chance.uniform(0.9 if number % 2 else 0.0, 1.05)
            run = start(out)
            try:
                ended = run.wait(moment)
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
                ended = run.wait()
            found.append(whole(out))
            print(f"{number + 1:3d} after {moment:5.1f} s, code {ended}: {found[-1]}", flush=True)
        runs = [start(out), start(out)]
        codes = sorted(run.wait() for run in runs)
        same = provenance_of(out) == first and whole(out) == "here"
        left = sorted(path.name for path in out.parent.iterdir())
        print(f"{given.times} kills: {found.count('nowhere')} without a whole folder; two at once "
              f"end with {codes}; the last run equals the first: {same}; left: {left}")  # fmt: skip


if __name__ == "__main__":
    main()
