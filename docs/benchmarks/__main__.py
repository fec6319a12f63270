"""How fast, how large: the toolkit beside what else does the job, in one run.

python -m docs.benchmarks [--sizes 1 10 50] [--documents 10000 50000 200000] [--runs 5]

Writes docs/benchmarks: all runs (runs.csv), medians (results.md), a picture (scale.png). Each
job runs in a process of its own, the tools in turn. What is done is kept in --work: the same
call goes on where it was stopped. Other scripts of this folder: --list.
"""

import argparse
import ast
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from docs.benchmarks import scale_report, scale_texts

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# Packages that need not be there.
OTHERS = ("jieba_fast", "jieba_next", "cntext", "gensim", "qhchina", "distributed")


def plan(sizes, documents, runs):
    """Yield (job, tool, size, unit, number, run) of all that is to be measured."""
    few = min(runs, 3)
    for size in sizes:
        for run in range(runs if size <= 10 else few):
            for tool in (
                "jieba",
                "jieba_fast",
                "jieba_next",
                "cntext",
                "toolkit",
                "toolkit, rjieba",
                "toolkit, jieba",
            ):
                if size <= 10 or tool not in ("cntext", "toolkit, jieba"):
                    yield "counts", tool, size, "MB", 0, run
    for size in [s for s in sizes if s <= 10][-1:]:
        for run in range(runs):
            for tool in ("jieba", "gensim", "qhchina", "toolkit", "toolkit, shards"):
                yield "topics", tool, size, "MB", 10, run
        for run in range(few):
            for k in (20, 50):
                for tool in ("scikit-learn", "toolkit"):
                    yield "solver", tool, size, "MB", k, run
    for run in range(runs):
        for tool, n in (("loky", 1), ("loky", 2), ("dask", 1), ("dask", 2)):
            yield "workers", tool, sizes[-1], "MB", n, run
    for number in documents:
        yield "memory", "toolkit", number, "documents", 20, 0


def measure(job, tool, folder, number):
    """Run one job in a process of its own; return its seconds and its peak of memory."""
    command = [sys.executable, "-m", "docs.benchmarks.scale_jobs", job, tool, str(folder)]
    start, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        [*command, str(number)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        # One process is one core, so that tools are compared and not their threads.
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    peak = [0]
    watch = threading.Thread(target=_watch, args=(process.pid, peak))
    watch.start()
    shown = process.communicate()[0].splitlines()
    wall, after = time.perf_counter() - start, os.times()
    watch.join()
    if process.returncode:
        return {"failed": process.returncode}
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    found = json.loads(shown[-1])
    return {**found, "wall": wall, "cpu": cpu, "peak": peak[0] / 1e6}


def _watch(pid, peak):
    """Note the most memory that a process and its children hold together."""
    while True:
        try:
            tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            peak[0] = max(peak[0], sum(map(_resident, tree)))
            if tree[0].status() == psutil.STATUS_ZOMBIE:
                return
        except psutil.NoSuchProcess:
            return
        time.sleep(0.05)


def _resident(process):
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def folders(work, paragraphs, job, size, unit):
    """Return the folder that a job reads, made if need be."""
    many = {"megabytes": size} if unit == "MB" else {"number": size}
    texts = scale_texts.documents(paragraphs, **many)
    if job in ("workers", "memory"):
        small = 1000 if unit == "MB" else 4000
        return scale_texts.shards(work, f"shards-{size}-{unit}", texts, size=small)
    return scale_texts.files(work, f"files-{size}-{unit}", texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 10, 50], help="MB of text")
    parser.add_argument("--documents", type=int, nargs="*", default=[10_000, 50_000, 200_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="+", help="of: counts topics solver workers memory")
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "benchmarks")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks")
    parser.add_argument("--list", action="store_true", help="list the scripts of this folder")
    given = parser.parse_args()
    if given.list:
        for path in sorted(HERE.glob("*.py")):
            said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            if said:
                print(f"{path.stem}: {said.splitlines()[0]}")
        return
    given.work.mkdir(parents=True, exist_ok=True)
    paragraphs, text = scale_texts.news(given.work)
    kept = given.work / "runs.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    rows = [json.loads(line) for line in lines]
    names = ("job", "tool", "size", "unit", "number", "run")
    done = {tuple(row[name] for name in names) for row in rows}
    missing = [name for name in OTHERS if not importlib.util.find_spec(name)]
    sizes = [int(size) if size == int(size) else size for size in given.sizes]
    for case in plan(sorted(sizes), sorted(given.documents), given.runs):
        job, tool, size, unit, number, _ = case
        absent = tool in missing or (tool == "dask" and "distributed" in missing)
        if case in done or absent or (given.only and job not in given.only):
            continue
        folder = folders(given.work, paragraphs, job, size, unit)
        print(*case, end=": ", flush=True)
        row = dict(zip(names, case, strict=True)) | measure(job, tool, folder, number)
        row["load"] = os.getloadavg()[0]
        print({k: round(v, 2) for k, v in row.items() if k in ("wall", "work", "cpu", "peak")})
        rows.append(row)
        with kept.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    scale_report.write(given.out, rows, text=text, missing=missing)


if __name__ == "__main__":
    main()
