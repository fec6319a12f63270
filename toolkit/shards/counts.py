"""Counts of a corpus that stays on disk, and the matrix made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from toolkit.corpus import Corpus
from toolkit.files import read_json, whole_folder
from toolkit.mapped import row_blocks
from toolkit.matrix import TermMatrix, check_norm, kept_terms, weighted
from toolkit.metadata import frame
from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.shards.reading import Preparation


@dataclass(frozen=True, eq=False)
class ShardCounts(Recorded):
    """How often each word occurs in each unit of a corpus that stays on disk.

    Parameters
    ----------
    folder : path
        Holds the counts: they are read when needed, shard after shard.
    shards : mapping of path to path
        The shards that were counted, in order, and where the counts of each are.
    terms : array of str, shape (m,)
        All words of all shards, sorted.
    units : DataFrame of n rows
        Metadata as of a `Corpus`, with ``shard`` instead of ``text``.
    failed : mapping of path to str
        Shards that could not be counted, and why.
    recipe : Recipe
    preparation : Preparation
        How the texts were prepared and counted.
    """

    folder: Path
    shards: Mapping[Path, Path]
    terms: np.ndarray[Any, Any]
    units: pd.DataFrame
    failed: Mapping[Path, str] = field(default_factory=dict)
    recipe: Recipe = field(default_factory=Recipe)
    preparation: Preparation = field(default_factory=Preparation)

    def __len__(self) -> int:
        return len(self.units)

    def __repr__(self) -> str:
        return (
            f"ShardCounts: {len(self.terms):,} words in {len(self):,} units "
            f"of {len(self.shards):,} shards" + f", {len(self.failed)} failed" * bool(self.failed)
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the texts of all shards and how they were counted."""
        texts = text_hashes(self.shards.values())
        return fingerprint(texts, self.units.index, self.preparation.settings)

    @step("matrix")
    def tfidf(
        self,
        *,
        min_df: int | float = 2,
        max_df: int | float = 0.5,
        sublinear: bool = True,
        norm: Literal["l1", "l2"] | None = "l2",
    ) -> TermMatrix:
        """Weigh the words of each unit by TF-IDF; see `toolkit.tfidf` for the parameters.

        Returns
        -------
        TermMatrix
            Equal to that of the same texts in memory. Its numbers are mapped from files
            below `folder`, which must stay, and its units have no ``text``: `read` gives
            the texts of some.
        """
        check_norm(norm)
        n = len(self)
        df = np.zeros(len(self.terms), dtype=np.int64)
        place = pd.Index(self.terms, dtype=object)
        parts = {
            part: place.get_indexer(pd.Index(load(part / "terms.json"), dtype=object))
            for part in self.shards.values()
        }
        for part, where in parts.items():
            df[where] += np.bincount(load(part / "indices.npy"), minlength=len(where))
        kept = kept_terms(df, n, min_df, max_df)
        new = np.full(len(self.terms), -1)
        new[kept] = np.arange(len(kept))
        params = {"min_df": min_df, "max_df": max_df, "sublinear": sublinear, "norm": norm}
        target = self.folder / f"tfidf-{fingerprint(self.fingerprint, params)[:16]}"
        index = np.int32 if df[kept].sum() <= np.iinfo(np.int32).max else np.int64
        if not target.exists():
            blocks = (
                (block, weighted(block, df[kept], n, sublinear=sublinear, norm=norm))
                for part, where in parts.items()
                for block in _kept_columns(part, new[where], len(kept))
            )
            _write(target, blocks, index)
        ends_of = np.load(target / "ends.npy")
        count, weight, column = (
            np.memmap(target / name, dtype, mode="r")
            for name, dtype in (("counts", np.int32), ("weights", np.float64), ("indices", index))
        )
        counts, weights = (
            sparse.csr_array((data, column, ends_of), (n, len(kept))) for data in (count, weight)
        )
        return TermMatrix(counts, weights, self.terms[kept], self.units)

    @step("corpus")
    def read(self, unit_ids: Collection[str]) -> Corpus:
        """Read the texts of some units again, such as those of `Topics.top_passages`.

        Raises
        ------
        KeyError
            If there is no such unit.
        """
        wanted = [*dict.fromkeys(unit_ids)]
        if unknown := [i for i in wanted if i not in self.units.index]:
            raise KeyError(f"no units {unknown[:5]}; the first are {[*self.units.index[:3]]}")
        shards = self.units.loc[wanted, "shard"].unique()
        found = pd.concat([self.preparation.units(Path(shard)) for shard in shards])
        return Corpus(found.loc[wanted], unit=self.preparation.split or "document")


def _kept_columns(part: Path, new: np.ndarray[Any, Any], m: int) -> Iterator[sparse.csr_array]:
    """Yield the counts of a shard in blocks, with columns renumbered; −1 drops one."""
    parts = [load(part / f"{name}.npy") for name in ("data", "indices", "indptr")]
    counts = sparse.csr_array(tuple(parts), (len(parts[2]) - 1, len(new)))
    for _, block in row_blocks(counts):
        where = new[block.indices]
        ends = np.concatenate([[0], np.cumsum(where >= 0)])[block.indptr]
        inside = where >= 0
        yield sparse.csr_array((block.data[inside], where[inside], ends), (block.shape[0], m))


def _write(
    target: Path,
    blocks: Iterable[tuple[sparse.csr_array, sparse.csr_array]],
    index: type[np.signedinteger[Any]],
) -> None:
    """Write counts and weights with the same columns, block after block, to be mapped."""
    ends = [np.zeros(1, dtype=index)]
    with (
        whole_folder(target) as aside,
        (aside / "counts").open("wb") as counts_to,
        (aside / "weights").open("wb") as weights_to,
        (aside / "indices").open("wb") as indices_to,
    ):
        for counts, weights in blocks:
            counts_to.write(counts.data.tobytes())
            weights_to.write(weights.data.tobytes())
            indices_to.write(counts.indices.astype(index).tobytes())
            ends.append((counts.indptr[1:] + ends[-1][-1]).astype(index))
        np.save(aside / "ends.npy", np.concatenate(ends))


def _units(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8") as lines:
        return frame([{**json.loads(line), "text": ""} for line in lines]).drop(columns="text")


_READERS: Mapping[str, Callable[[Path], Any]] = {
    "terms.json": lambda path: [*map(str, read_json(path))],
    "about.json": lambda path: str(read_json(path)["texts"]),
    "units.jsonl": _units,
    "*.npy": lambda path: np.load(path, "r"),
}


def load(path: Path) -> Any:
    """Read a file of the counts of a shard; say what to do with one that is damaged."""
    try:
        return _READERS.get(path.name, _READERS["*.npy"])(path)
    except (OSError, EOFError, LookupError, TypeError, ValueError) as error:
        mend = f"remove {path.parent} and count again"
        raise ValueError(f"{path} is damaged ({error}); {mend}") from None


def text_hashes(parts: Iterable[Path]) -> list[str]:
    """Return the fingerprints of the texts that were counted."""
    return [load(part / "about.json") for part in parts]
