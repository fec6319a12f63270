"""Words: the lists that are shipped, a user's own, and what is a number or an address."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import dropwhile
from pathlib import Path

import pandas as pd


def load_lexicon() -> pd.DataFrame:
    """Return the governance lexicon: ``term``, ``category``, ``gloss_en``, ``parts``, ``source``.

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


@cache
def departments() -> dict[str, tuple[str, ...]]:
    """Return names of departments, a closed class made by one rule; 县公安局 has two parts."""
    rows = shipped_table("departments.csv").itertuples()
    names = [str(row.short) + form for row in rows for form in str(row.forms).split()]
    apart: dict[str, tuple[str, ...]] = {lv + n: (lv, n) for lv in "省市区县" for n in names}
    return dict.fromkeys(names, ()) | apart


# A Chinese number begins with a figure, as 三千多万 does; 万一, 多余 and 千万 are words.
_FIGURE, _PLACE = "零〇一二三四五六七八九两几", "[十百千万亿]"
_CHINESE_NUMBER = (
    rf"(?:[{_FIGURE}]+|十|(?<=[第约近]){_PLACE}|[百千万]亿|百万|[百千万亿](?=[多余])|(?<=之)百)"
    rf"{_PLACE}*(?:[零〇]?[{_FIGURE}]{_PLACE}+)*(?:[零〇]?[{_FIGURE}])?(?:[多余半]{_PLACE}*)?|半"
)
NUMBER = re.compile(rf"[\d.,:/%‰~～+\-—–]+|(?:百分之|[第约近])?(?:{_CHINESE_NUMBER})")
BEGINS_NUMBER = frozenset(f"{_FIGURE}第约近十百千万亿半")  # among letters; no others are matched
# Of a page or of e-mail; a run of letters is begun once, so that this takes linear time.
ADDRESS = re.compile(
    r"(?:https?|ftp)://[!-~]+|(?<![A-Za-z0-9.])www\.[!-~]+"
    r"|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
LATIN_EDGE = re.compile("^[A-Za-z0-9]|[A-Za-z0-9]$")


#: A word, a file, the name of a shipped list; or the parts that a string is cut into.
Entry = str | Path | tuple[str, ...]


def word_entries(
    source: str | Path | Sequence[Entry] | None, name: str, shipped: str, column: str
) -> dict[str, tuple[str, ...]]:
    """Return the words of a lexicon or stop list, each with its parts (mostly none)."""
    if source is None:
        return {}
    entries: dict[str, tuple[str, ...]] = {}
    items: Sequence[Entry] = [source] if (one := isinstance(source, (str, Path))) else source
    for item in items:
        if isinstance(item, (tuple, list)):
            entries["".join(item)] = tuple(filter(None, item))
            continue
        if item == name:
            table = shipped_table(shipped)
            parts = table["parts"] if "parts" in table else [""] * len(table)
            entries |= {w: tuple(p.split()) for w, p in zip(table[column], parts, strict=True)}
            if shipped == "terms.csv":
                entries = departments() | entries
        elif one or isinstance(item, Path) or item.endswith((".csv", ".txt")):
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
        text = _decoded(path.read_bytes())
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is neither UTF-8 nor GBK (byte {error.start}); save it again as UTF-8"
        ) from None
    if path.suffix != ".csv":
        return dict.fromkeys(_listed(path, text), ())
    reader = csv.DictReader(io.StringIO(text))
    if column not in (reader.fieldnames or ()):
        raise ValueError(f"{path} has no column {column!r}; found {reader.fieldnames}")
    rows = [(row[column].strip(), (row.get("parts") or "").split()) for row in reader]
    return {word: tuple(parts) for word, parts in rows if word}


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


# Of jieba's dictionary: 词 频 性, of which the last two may be missing.
_WEIGHED = re.compile(r"(?P<word>\S+)\s+\d+(?:\s+[A-Za-z]{1,5})?")
_TAGGED = re.compile(r"(?P<word>\S*[^\x00-\x7f]\S*)\s+[A-Za-z]{1,5}")


def _listed(path: Path, text: str) -> list[str]:
    """Return the words of a list, one a line, or of a dictionary of jieba."""
    words, unread = [], []
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        if match := _WEIGHED.fullmatch(line) or _TAGGED.fullmatch(line):
            words.append(match["word"])
        elif line.isascii() or len(line.split()) == 1:
            words.append(line)
        else:
            unread.append(f"line {number}: {line[:40]!r}")
    if unread:
        more = f" … and {len(unread) - 5} more" if len(unread) > 5 else ""
        raise ValueError(
            f"{path}: {'; '.join(unread[:5])}{more}; a line is one word, or as in a dictionary "
            "of jieba a word, its frequency and its part of speech (数字经济 100 n)"
        )
    return words
