"""Intake ended by SIGKILL at random moments: ``intake_killed.py FOLDER [--times 30]``.

FOLDER holds texts (the collection gwr2024, for instance). One run is left in peace. Then
a run is killed at a random moment between its start and its usual end, as often as said;
every kill is of a new target folder, and the run after it must complete with a folder
that equals the undisturbed one, byte for byte.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CODE = "import sys; from toolkit import intake; intake(sys.argv[1], into=sys.argv[2], workers=2)"


def run(source, into, seconds=None):
    """Run intake in a session of its own; kill it after so many seconds if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(source), str(into)],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def tree(folder):
    """Return the files of a folder with the SHA-256 of each."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def main():
    """Kill, go on, compare, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    equal = killed = 0
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        began = time.monotonic()
        assert run(given.folder, work / "whole") == 0
        whole = time.monotonic() - began
        expected = tree(work / "whole")
        for number in range(given.times):
            into = work / f"killed-{number}"
            moment = chance.uniform(0.05, 1.0) * whole
            killed += run(given.folder, into, moment) == -signal.SIGKILL
            had = len(tree(into)) if into.exists() else 0
            assert run(given.folder, into) == 0
            same = tree(into) == expected
            equal += same
            print(f"{number + 1:3d} killed after {moment:5.2f} s with {had:4d} files: "
                  f"{'equal' if same else 'DIFFERENT'}", flush=True)  # fmt: skip
    print(f"{given.times} runs, {killed} of them killed before their end; {equal} equal results")


if __name__ == "__main__":
    main()
