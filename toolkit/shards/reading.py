"""Shards: what they may be, and the units that are read from one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.cleaning import clean
from toolkit.corpus import Corpus
from toolkit.loading import read_folder, utf_8
from toolkit.metadata import CorpusError, frame, row_problems
from toolkit.passages import Unit
from toolkit.segmentation import Segmenter

_ENDINGS = (".jsonl", ".parquet")


@dataclass(frozen=True)
class Preparation:
    """How the texts of a shard are prepared and counted."""

    cleaned: bool = False
    split: Unit | None = None
    segmenter: Segmenter = field(default_factory=Segmenter)

    @property
    def settings(self) -> list[Any]:
        """What the counts depend on besides the texts."""
        return [self.cleaned, self.split, repr(self.segmenter), self.segmenter.hashes]

    def units(self, shard: Path) -> pd.DataFrame:
        """Read the units of a shard, with their texts."""
        corpus = Corpus(_read(shard))
        if self.cleaned:
            corpus = clean(corpus).corpus
        return (corpus.split(self.split) if self.split else corpus).units


def shard_paths(shards: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the shards that were named, or that a folder holds; tell what is none."""
    if isinstance(shards, (str, Path)):
        inside = sorted(Path(shards).iterdir()) if Path(shards).is_dir() else [Path(shards)]
        paths = [p for p in inside if p.suffix in _ENDINGS or (p.is_dir() and p.name[0] != ".")]
        if not paths:
            raise CorpusError([f"{shards} holds no {', no '.join(_ENDINGS)} and no folder"])
    else:
        paths = [Path(shard) for shard in shards]
    problems = [
        f"{p} is no folder and no file that ends in {' or '.join(_ENDINGS)}"
        for p in paths
        if not p.is_dir() and not (p.is_file() and p.suffix in _ENDINGS)
    ]
    problems += [f"{p} is named twice" for p in dict.fromkeys(paths) if paths.count(p) > 1]
    if problems or not paths:
        raise CorpusError(problems or ["no shards were given"])
    return paths


def _read(shard: Path) -> pd.DataFrame:
    """Read the texts of a shard with their metadata, as the units of a corpus."""
    if (shard / "metadata.csv").is_file():
        return read_folder(shard)[0]
    rows, problems = [], []
    for number, row in enumerate(_rows(shard), 1):
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            problems.append(f"{shard} row {number}: no object with a text under 'text'")
            continue
        unit_id = str(row.pop("id", None) or f"{shard.stem}-{number:06d}")
        rows.append({"doc_id": unit_id, **row, "unit_id": unit_id})
        problems += [f"{shard} row {number}: {problem}" for problem in row_problems(rows[-1])]
    if problems or not rows:
        raise CorpusError(problems or [f"{shard} holds no text"])
    return frame(rows)


def _rows(shard: Path) -> Iterator[Any]:
    if shard.is_dir():
        for path in sorted(shard.glob("*.txt")):
            yield {"id": path.stem, "text": utf_8(path.read_bytes(), str(path))}
    elif shard.suffix == ".parquet":
        try:
            from pyarrow import parquet
        except ImportError:
            raise ImportError("Parquet needs pyarrow: pip install pyarrow") from None
        for batch in parquet.ParquetFile(shard).iter_batches():
            yield from batch.to_pylist()
    else:
        with shard.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if (line := utf_8(raw, f"{shard} line {number}")).strip():
                    try:
                        yield json.loads(line)
                    except (ValueError, RecursionError):
                        yield None
