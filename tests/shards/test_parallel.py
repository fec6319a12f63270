"""Two kinds of pools, and processes that are killed: real ones."""

import json
import os
import signal
import sys
import threading
import time

import joblib
import psutil
import pytest
from joblib.externals.loky import get_reusable_executor

from toolkit import count_shards
from toolkit.metadata import CorpusError
from toolkit.shards.counting import counts_folder
from toolkit.shards.reading import Preparation


@pytest.fixture(scope="module")
def expected(texts, tmp_path_factory):
    """The matrix that one process makes."""
    folder = tmp_path_factory.mktemp("expected")
    lines = [json.dumps(text) for text in texts]
    (folder / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return count_shards([folder / "all.jsonl"], folder / "counts", n_jobs=1).tfidf()


def same(a, b):
    return (
        a.terms.tolist() == b.terms.tolist()
        and a.units.index.tolist() == b.units.index.tolist()
        and (a.weights != b.weights).nnz == 0
    )


class Killer(threading.Thread):
    """Kills workers, so many times, as soon as one of them begins a shard."""

    def __init__(self, folder, shard, times, find):
        super().__init__()
        self.folder, self.shard, self.times, self.killed = folder, shard, times, []
        self.find = find  # gives the ids of the processes to kill
        self.over = threading.Event()

    def run(self):
        name = counts_folder(self.folder, self.shard, Preparation()).name
        seen = set()
        while len(self.killed) < self.times and not self.over.is_set():
            new = {*self.folder.glob(f".{name}-*")} - seen
            if new:
                seen |= new
                self.killed.append(self.kill())
            time.sleep(0.002)

    def kill(self):
        pids = self.find()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return len(pids)


def workers_of_loky():
    children = psutil.Process().children()
    return [child.pid for child in children if "popen_loky" in " ".join(child.cmdline())]


@pytest.fixture
def count_killed(tmp_path):
    """Count shards while their workers are killed so many times."""

    def count(shards, shard, times):
        get_reusable_executor().shutdown(wait=True)  # new workers read the dictionary first
        folder = tmp_path / "counts"
        killer = Killer(folder, shard, times, workers_of_loky)
        killer.start()
        try:
            return count_shards(shards, folder, n_jobs=2)
        finally:
            killer.over.set()
            killer.join()
            assert len(killer.killed) == times
            assert all(killer.killed)
            assert not [*folder.glob(".*")], "nothing is left half written"

    yield count
    get_reusable_executor().shutdown(wait=True)


def test_the_number_of_processes_does_not_matter(shards, tmp_path, expected):
    assert same(count_shards(shards, tmp_path / "counts", n_jobs=2).tfidf(), expected)


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_costs_its_shard_only(shards, count_killed, expected):
    counts = count_killed(shards, shards / "2.jsonl", times=1)
    assert not counts.failed
    assert same(counts.tfidf(), expected)


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_shard_that_kills_twice_is_given_up(shards, count_killed):
    with pytest.warns(UserWarning, match=r"0\.jsonl: the process that counted it ended"):
        counts = count_killed(shards, shards / "0.jsonl", times=2)
    assert [path.name for path in counts.shards] == ["1.jsonl", "2.jsonl", "3.jsonl"]


@pytest.fixture
def cluster():
    """A scheduler with two worker processes on the loopback interface, in use by joblib."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        yield cluster


def test_dask_counts_the_same(shards, tmp_path, expected, cluster):
    assert len(cluster.scheduler.workers) == 2
    assert same(count_shards(shards, tmp_path / "counts").tfidf(), expected)
    # What is wrong with a shard is told from a cluster too.
    (tmp_path / "bad.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(CorpusError, match="row 1: no object"):
        count_shards([tmp_path / "bad.jsonl"], tmp_path / "counts")


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_dask_goes_on_without_a_worker_that_was_killed(shards, tmp_path, expected, cluster):
    folder = tmp_path / "counts"
    killer = Killer(
        folder, shards / "0.jsonl", 1, lambda: [nanny.pid for nanny in cluster.workers.values()][:1]
    )
    killer.start()
    try:
        counts = count_shards(shards, folder)
    finally:
        killer.over.set()
        killer.join()
    assert killer.killed == [1]
    assert not counts.failed
    assert same(counts.tfidf(), expected)
