"""Counting shards in parallel: a process that is killed costs what it had begun."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args
from warnings import warn

import numpy as np
import pandas as pd

from toolkit.files import begun, whole_folder, write_json
from toolkit.matrix import count_terms
from toolkit.metadata import CorpusError
from toolkit.passages import Unit
from toolkit.recipe import fingerprint, step
from toolkit.segmentation import Segmenter
from toolkit.shards.counts import ShardCounts, load, text_hashes
from toolkit.shards.reading import Preparation, shard_paths

# How often a shard is tried before it is given up.
_TRIES = 2


@step(
    "counts",
    data=lambda made, given: {
        "texts": fingerprint(text_hashes(made.shards.values())),
        **made.preparation.segmenter.hashes,
    },
)
def count_shards(
    shards: str | Path | Sequence[str | Path],
    folder: str | Path,
    *,
    cleaned: bool = False,
    split: Unit | None = None,
    segmenter: Segmenter | None = None,
    n_jobs: int = -1,
) -> ShardCounts:
    r"""Count the words of texts that need not fit in memory, in parallel.

    A shard is what one process reads and counts at a time; 10 to 50 MB are a good size.
    What is counted is kept in `folder`, so the same call goes on where it was interrupted,
    and counts only shards that are new or have changed.

    Parameters
    ----------
    shards : path, or sequence of paths
        Files of JSON lines (``.jsonl``; objects with ``text``, and an ``id`` and metadata
        if there are any) or Parquet tables with such columns, folders of ``.txt`` files in
        UTF-8, or corpora (see `Corpus.load`); or one folder that holds them.
    folder : path
        For the counts.
    cleaned : bool
        Whether to `clean` the texts before.
    split : {"section", "paragraph", "sentence"}, optional
        What to split the texts into before; see `Corpus.split`.
    segmenter : Segmenter, optional
        ``Segmenter()`` if not given.
    n_jobs : int
        Number of processes; −1 for all cores. ``joblib.parallel_config(backend="dask")``
        sends the shards to a cluster, whose workers must see `shards` and `folder`.

    Returns
    -------
    ShardCounts

    Warns
    -----
    UserWarning
        If shards could not be counted, with the reason for each. A shard is tried twice,
        also where its process was killed; the counts of the others are kept.

    Raises
    ------
    CorpusError
        If there is no shard, none can be counted, or an id stands in two of them.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     texts = Path(folder, "texts.jsonl")
    ...     _ = texts.write_text('{"text": "城市治理"}\n{"text": "社区治理"}', encoding="utf-8")
    ...     count_shards([texts], Path(folder, "counts"), n_jobs=1)
    ShardCounts: 3 words in 2 units of 1 shards
    """
    if split not in (None, *get_args(Unit)):
        raise ValueError(f"split must be one of {get_args(Unit)} or None, not {split!r}")
    paths, folder = shard_paths(shards), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    preparation = Preparation(cleaned, split, segmenter or Segmenter())
    targets = {counts_folder(folder, path, preparation): path for path in paths}
    failed = {targets[t]: why for t, why in _count_all(targets, preparation, n_jobs).items()}
    if len(failed) == len(paths):
        raise CorpusError([f"{shard}: {reason}" for shard, reason in failed.items()])
    if failed:
        told = "\n- ".join(f"{shard}: {reason}" for shard, reason in failed.items())
        warn(f"{len(failed)} of {len(paths)} shards are not counted:\n- {told}", stacklevel=3)
    done = {path: target for target, path in targets.items() if path not in failed}
    found = {term for part in done.values() for term in load(part / "terms.json")}
    tables = [load(part / "units.jsonl") for part in done.values()]
    units = pd.concat(tables)
    places = np.repeat(np.arange(len(done)), [len(table) for table in tables])
    units["shard"] = pd.Categorical.from_codes(places, pd.Index([*map(str, done)]))
    if len(twice := units.index[units.index.duplicated()]):
        where = {i: ", ".join(map(str, units.loc[i, "shard"].unique())) for i in twice[:5]}
        raise CorpusError([f"id {i!r} stands twice: {shards}" for i, shards in where.items()])
    terms = np.array(sorted(found), dtype=object)
    return ShardCounts(folder, done, terms, units, failed, preparation=preparation)


def _count_all(targets: Mapping[Path, Path], how: Preparation, n_jobs: int) -> dict[Path, str]:
    """Count what is not counted yet; return why what is still missing could not be."""
    from joblib import Parallel, delayed
    from tqdm.auto import tqdm

    failures: dict[Path, list[str]] = {target: [] for target in targets}
    bar = tqdm(total=len(targets), desc="count", unit="shard", delay=2, leave=False)
    while left := [t for t, f in failures.items() if not t.exists() and len(f) < _TRIES]:
        # What failed once goes alone: should it kill its process again, it alone is lost.
        batch = [t for t in left if failures[t]][:1] or left
        before = begun(*batch)
        pool = Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
        bar.update(len(targets) - len(left) - bar.n)
        try:
            for target, reason in pool(delayed(_count)(targets[t], t, how) for t in batch):
                bar.update()
                failures[target] += [reason] if reason else []
        except Exception as error:
            # What a shard raises, its process returns: this is a process that was killed.
            lost = [t for t in batch if begun(t) - before and not t.exists()]
            if not lost:
                raise
            for target in lost:
                ended = f"the process that counted it ended ({type(error).__name__})"
                failures[target].append(ended)
    bar.close()
    for aside in begun(*targets):  # by processes that were killed
        shutil.rmtree(aside, ignore_errors=True)
    return {target: why[-1] for target, why in failures.items() if not target.exists()}


def _count(shard: Path, target: Path, preparation: Preparation) -> tuple[Path, str]:
    """Count one shard, whole or not at all; return why it failed, or nothing."""
    try:
        with whole_folder(target) as aside:
            units = preparation.units(shard)
            texts = units.pop("text")
            terms, counts = count_terms(texts, preparation.segmenter)
            for name in ("data", "indices", "indptr"):
                np.save(aside / f"{name}.npy", getattr(counts, name).astype(np.int32))
            write_json(aside / "terms.json", terms.tolist())
            units.reset_index().to_json(
                aside / "units.jsonl",
                orient="records",
                lines=True,
                force_ascii=False,
                date_format="iso",
                double_precision=15,
            )
            about = {"shard": str(shard), "texts": fingerprint(texts.tolist())}
            write_json(aside / "about.json", about)
    except Exception as error:  # whatever is wrong with one shard must not stop the others
        if not target.exists():  # by another process, after this one was given up
            return target, f"{type(error).__name__}: {error}"
    return target, ""


def counts_folder(folder: Path, shard: Path, preparation: Preparation) -> Path:
    """Return where the counts of a shard are: elsewhere, when it or its preparation changes."""
    files = sorted(shard.rglob("*")) if shard.is_dir() else [shard]
    state = [(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in files]
    return folder / fingerprint(str(shard.resolve()), state, preparation.settings)[:24]
