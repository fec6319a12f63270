"""Arrays that are mapped from files: gone through in parts, so that a part is in memory."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

# Stored values of a part: some 50 MB with all that is made of them.
_PART = 2_000_000


def parts_of(array: np.ndarray[Any, Any]) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the values of an array in C order, part after part."""
    flat = array.reshape(-1)
    for begin in range(0, flat.size, _PART):
        yield flat[begin : begin + _PART]
        release(array)


def row_blocks(
    values: sparse.csr_array, *, most: int = _PART
) -> Iterator[tuple[slice, sparse.csr_array]]:
    """Yield the rows of a sparse array in blocks, with where they stand.

    Parameters
    ----------
    values : sparse array, shape (n, m)
    most : int
        Stored values of a block; a row with more is a block of its own.

    Examples
    --------
    >>> from scipy import sparse
    >>> rows = sparse.csr_array(np.eye(5))
    >>> [(where.start, block.shape) for where, block in row_blocks(rows, most=2)]
    [(0, (2, 5)), (2, (2, 5)), (4, (1, 5))]
    """
    from scipy import sparse

    begin, n = 0, values.shape[0]
    while begin < n:
        first = values.indptr[begin]
        end = int(np.searchsorted(values.indptr, first + most, side="right")) - 1
        end = min(max(end, begin + 1), n)
        inside = slice(first, values.indptr[end])
        parts = (
            values.data[inside],
            values.indices[inside],
            values.indptr[begin : end + 1] - first,
        )
        yield slice(begin, end), sparse.csr_array(parts, shape=(end - begin, values.shape[1]))
        for array in (values.data, values.indices):
            release(array)
        begin = end


def release(array: np.ndarray[Any, Any]) -> None:
    """Give back the memory that holds what was read of a mapped file.

    The array stays as it is: what is needed again is read again. Without this, all that
    was ever read counts as memory of the process. Other arrays are left alone.
    """
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
        base.madvise(mmap.MADV_DONTNEED)
