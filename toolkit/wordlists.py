"""Lists of words: the lexicon and the stop list that are shipped, and a user's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib.resources import files
from itertools import dropwhile
from pathlib import Path

import pandas as pd


def load_lexicon() -> pd.DataFrame:
    """Return the governance lexicon: ``term``, ``category``, ``gloss_en``, ``parts``.

    Examples
    --------
    >>> load_lexicon().set_index("term").at["接诉即办", "category"]
    '热线诉求'
    """
    return shipped_table("terms.csv")


def load_stopwords() -> pd.DataFrame:
    """Return the stop list: ``word``, ``class`` and ``note``, which says why it is there.

    Examples
    --------
    >>> load_stopwords().set_index("word").at["以及", "class"]
    'preposition'
    """
    return shipped_table("stopwords.csv")


def shipped_table(name: str) -> pd.DataFrame:
    """Return a table of ``toolkit/lexicon``, all of it text, without the remarks above it."""
    lines = (files("toolkit") / "lexicon" / name).read_text(encoding="utf-8").splitlines(True)
    table = dropwhile(lambda line: line.startswith("#"), lines)
    return pd.read_csv(io.StringIO("".join(table)), dtype=str, keep_default_na=False)


#: A word, a file, the name of a shipped list; or the parts that a string is cut into.
Entry = str | Path | tuple[str, ...]


def word_entries(
    source: str | Path | Sequence[Entry] | None, name: str, shipped: str, column: str
) -> dict[str, tuple[str, ...]]:
    """Return the words of a lexicon or stop list, each with its parts (mostly none)."""
    if source is None:
        return {}
    entries: dict[str, tuple[str, ...]] = {}
    single = isinstance(source, (str, Path))
    items: Sequence[Entry] = [source] if isinstance(source, (str, Path)) else source
    for item in items:
        if isinstance(item, (tuple, list)):
            entries["".join(item)] = tuple(filter(None, item))
            continue
        if item == name:
            table = shipped_table(shipped)
            parts = table["parts"] if "parts" in table else [""] * len(table)
            entries |= {w: tuple(p.split()) for w, p in zip(table[column], parts, strict=True)}
        elif single or isinstance(item, Path) or item.endswith((".csv", ".txt")):
            entries |= _file_entries(Path(item), name, column)
        elif item.strip():
            entries[item.strip()] = ()
    for word, split in entries.items():
        if split and "".join(split) != word:
            raise ValueError(
                f"parts of {word!r} are {' '.join(split)!r}; together they must give it"
            )
    return entries


def _file_entries(path: Path, name: str, column: str) -> dict[str, tuple[str, ...]]:
    if not path.is_file():
        raise FileNotFoundError(
            f"{str(path)!r} is neither {name!r} nor a file; give a list for a few words"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is not UTF-8 (byte {error.start}); save it again as UTF-8"
        ) from None
    if path.suffix != ".csv":
        lines = (line.strip() for line in text.splitlines())
        return {line: () for line in lines if line and not line.startswith("#")}
    reader = csv.DictReader(io.StringIO(text))
    if column not in (reader.fieldnames or ()):
        raise ValueError(f"{path} has no column {column!r}; found {reader.fieldnames}")
    rows = [(row[column].strip(), (row.get("parts") or "").split()) for row in reader]
    return {word: tuple(parts) for word, parts in rows if word}
