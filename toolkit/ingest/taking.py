"""Intake: every file ends accepted, accepted with warnings, or quarantined; none is lost."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from difflib import get_close_matches
from importlib import metadata as metadata_of
from pathlib import Path, PurePosixPath
from queue import SimpleQueue
from typing import Any

import pandas as pd

from toolkit.ingest.apart import ReadingProcess, from_plain
from toolkit.ingest.decide import decide
from toolkit.ingest.encodings import decode
from toolkit.ingest.limits import Limits, OutOfBoundsError, UnreadableError
from toolkit.ingest.pagelist import page_items
from toolkit.ingest.placing import place
from toolkit.ingest.polite import Politeness
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.readers import address_list
from toolkit.ingest.sources import Item, Store, gather
from toolkit.ingest.tables import COLUMNS, column_names, delimited_rows
from toolkit.ingest.writing import only_one, read_json, remove_leftovers, write_json, write_whole
from toolkit.loading import CorpusError
from toolkit.recipe import fingerprint, versions

#: Where intake keeps what it needs to go on, within the target folder.
STATE = ".intake"


def intake(
    sources: str | Path | Iterable[str | Path],
    *,
    into: str | Path,
    metadata: str | Path | None = None,
    given: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    simplify: bool = False,
    limits: Limits | None = None,
    workers: int | None = None,
    politeness: Politeness | None = None,
) -> pd.DataFrame:
    r"""Take texts of one's own into a corpus folder that `Corpus.load` reads.

    Text and Markdown, web pages (HTML, MHTML), Word, PDF with a text layer, tables of
    texts (CSV, TSV, Excel, JSON Lines, Parquet), zip archives of these, and exports of a
    reference manager (CSL JSON, RIS, BibTeX) with their attached files. The pages of a
    list of addresses (one a line, or a table with a column ``url``) are fetched.

    Parameters
    ----------
    sources : path or paths
        Files, folders, archives.
    into : path
        The corpus folder. What stands in it already stays; another run goes on where the
        last one ended, and changes nothing if nothing is new.
    metadata : path, optional
        A CSV file of what is known: a column ``file`` with names of files (or their
        stems), and any others.
    given : mapping, optional
        What holds for all of them: ``{"year": "2024", "kind": "report"}``.
    columns : mapping, optional
        For tables: column name to column of the corpus (``{"留言": "text"}``), where the
        name is none of the usual ones.
    simplify : bool
        Write traditional characters as simplified ones; recorded for each text.
    limits : Limits, optional
        What a file may cost.
    workers : int, optional
        Reading processes; as many as there are processors, at most four.
    politeness : Politeness, optional
        How to fetch what a list of addresses names.

    Returns
    -------
    DataFrame
        What ``intake.csv`` holds, a row for each text or unreadable file: ``source``,
        ``part``, ``status`` (``accepted``, ``warned``, ``quarantined``), ``id``,
        ``warnings``, ``reason``, ``steps``, ``encoding``, ``n_chars``, ``n_removed``,
        ``n_bytes``, ``sha256``, ``original``.

    Warns
    -----
    UserWarning
        If a row of `metadata` names none of the files, or a column looks like a slip of one
        that is known.

    Raises
    ------
    FileNotFoundError
        If a source does not exist.
    CorpusError
        If the table of metadata is not usable, or fits none of the files.
    BlockingIOError
        If another run is writing to the same folder.

    Notes
    -----
    The folder holds ``metadata.csv`` and ``texts/`` (the corpus), ``intake.csv``,
    ``evidence.csv`` (each value that was found, with the words that say so),
    ``removed.csv`` (each line that cleaning removed or that stands outside a page's text, and
    what cleaning changed within lines: rule, ``n_chars``, the first example; ``n_removed``
    counts both),
    ``apart/`` (tables of contents and end notes), ``originals/`` (the bytes as they came, by
    SHA-256). Values that the user gave are never replaced, nor are cells and texts that were
    edited by hand.

    Every file is read in a process of its own with bounds of time and memory.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> page = "首页>>理论\n城市治理\n来源：甲网\n城市治理要精细,也要有温度。" + "正文在这里。" * 20
    >>> _ = (folder / "甲.txt").write_bytes(page.encode("gb18030"))
    >>> table = intake(folder / "甲.txt", into=folder / "corpus")
    >>> table.loc[0, ["status", "id", "encoding"]].tolist()
    ['accepted', '甲', 'gb18030']
    >>> from toolkit import Corpus
    >>> Corpus.load(folder / "corpus").units.loc["甲", ["title", "source"]].tolist()
    ['城市治理', '甲网']
    """
    into, limits = Path(into), limits or Limits()
    paths = [Path(sources)] if isinstance(sources, (str, os.PathLike)) else [*map(Path, sources)]
    rows = _metadata_rows(Path(metadata)) if metadata is not None else []
    with only_one(into / STATE):
        remove_leftovers(into)
        items = [
            found
            for item in gather(paths, Store(into, limits))
            for found in _listed(item, into, politeness, limits)
        ]
        items = [_known(item, rows, given or {}) for item in items]
        if rows and items and not any(item.given for item in items):
            raise CorpusError([f"{metadata}: its column file names none of the files"])
        for slip in _slips(rows, given or {}, items):
            warnings.warn(slip, stacklevel=2)
        return take_in(
            items, into, columns=columns, simplify=simplify, limits=limits, workers=workers
        )


def take_in(
    items: Sequence[Item],
    into: Path,
    *,
    columns: Mapping[str, str] | None = None,
    simplify: bool = False,
    limits: Limits,
    workers: int | None = None,
) -> pd.DataFrame:
    """Read the items, decide on each, and write the folder; the part that all sources share."""
    known = read_json(into / STATE / "items.json", {})
    known |= {item.key: asdict(item) for item in items}
    options = {"columns": dict(columns or {}), "simplify": simplify}
    known = {k: {**v, "options": options if k in {i.key for i in items} else v["options"]}
             for k, v in known.items()}  # fmt: skip
    write_json(into / STATE / "items.json", known)
    made_by = _versions()
    write_json(into / STATE / "versions.json", made_by)
    everything = [_item(row) for row in known.values()]
    everything.sort(key=lambda pair: (os.fsencode(pair[0].path), pair[0].key))
    read = _read_all(
        everything, into, limits, workers, fingerprint(made_by, [*Prepared.__annotations__])
    )
    return place(decide(read, into), into)


def _versions() -> dict[str, str]:
    """Return the versions of what shapes a reading: with other ones all is read anew."""
    found = versions()
    for name in ("trafilatura", "lxml", "python-docx", "pypdf", "openpyxl", "opencc"):
        try:
            found[name] = metadata_of.version(name)
        except metadata_of.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _item(row: dict[str, Any]) -> tuple[Item, dict[str, Any]]:
    options = row["options"]
    return Item(**{k: v for k, v in row.items() if k != "options"}), options


def _read_all(
    items: Sequence[tuple[Item, dict[str, Any]]],
    into: Path,
    limits: Limits,
    workers: int | None,
    made_by: str,
) -> list[tuple[Item, list[Prepared]]]:
    """Read every item that was not read before, in several processes at a time."""
    from tqdm.auto import tqdm

    n = max(1, workers or min(4, os.cpu_count() or 1))
    idle: SimpleQueue[ReadingProcess] = SimpleQueue()
    readers = [ReadingProcess(limits) for _ in range(n)]
    for reader in readers:
        idle.put(reader)

    def one(pair: tuple[Item, dict[str, Any]]) -> tuple[Item, list[Prepared]]:
        item, options = pair
        if item.reason:
            return item, []
        reader = idle.get()
        try:
            return _read_once(item, options, into, reader, made_by)
        finally:
            idle.put(reader)

    pool = ThreadPoolExecutor(n)
    try:
        done = pool.map(one, items)
        return [*tqdm(done, total=len(items), desc="intake", unit="file", delay=2, leave=False)]
    finally:  # when interrupted, what is being read is given up and what waits is not begun
        pool.shutdown(wait=False, cancel_futures=True)
        for wait in (False, True):  # the second time for what began in between
            pool.shutdown(wait=wait)
            for reader in readers:
                reader.close()


def _read_once(
    item: Item, options: dict[str, Any], into: Path, reader: ReadingProcess, made_by: str
) -> tuple[Item, list[Prepared]]:
    """Return what was read of an item, from an earlier run or now."""
    path = PurePosixPath(item.path)
    # The names that count: of the file and of its folder, which may tell city and year.
    name = "/".join(path.parts[-2:])
    key = fingerprint(item.sha256, name, item.declared, options, made_by)[:32]
    kept = into / STATE / "read" / f"{key}.json"
    answer = read_json(kept, None)
    if answer is None:
        try:
            prepared = reader.read(
                into / item.original, name=name, declared=item.declared, **options
            )
            answer = {"texts": [asdict(text) for text in prepared]}
        except OutOfBoundsError as error:
            return replace(item, reason=str(error)), []
        except UnreadableError as error:
            answer = {"reason": str(error)}
        write_whole(kept, json.dumps(answer).encode())
    if "reason" in answer:
        return replace(item, reason=answer["reason"]), []
    return item, [from_plain(row) for row in answer["texts"]]


def _listed(item: Item, into: Path, politeness: Politeness | None, limits: Limits) -> list[Item]:
    """Return the pages in place of a list of addresses; any other file as it is."""
    if item.reason or not item.path.lower().endswith((".txt", ".csv", ".tsv")):
        return [item]
    rows = address_list(item.path, (into / item.original).read_bytes(), limits)
    return page_items(rows, into, politeness=politeness, limits=limits) if rows else [item]


def _metadata_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a user's table of metadata, by the columns of the corpus."""
    try:
        rows = delimited_rows(decode(path.read_bytes()).text, Limits())
    except (OSError, UnreadableError) as error:
        raise CorpusError([f"{path}: {error}"]) from error
    if not rows:
        return []  # a head and nothing below it yet, as in a new study
    names = column_names(rows[0])
    if "file" not in names.values():
        raise CorpusError(
            [f"{path}: there is no column file; it tells which text a row is about, by the "
             f"name of its file. There are {', '.join(names)}"]
        )  # fmt: skip
    return [{names[k]: v.strip() for k, v in row.items() if v.strip()} for row in rows]


def _slips(
    rows: Sequence[Mapping[str, str]], given: Mapping[str, str], items: Sequence[Item]
) -> list[str]:
    """Return what of the words of the user fits nothing, and what may have been meant."""
    paths = [PurePosixPath(item.path) for item in items]
    files = [*{path.name: None for path in paths}, *{path.stem: None for path in paths}]
    named = [PurePosixPath(row["file"]).name for row in rows if "file" in row]
    slips = []
    if absent := [name for name in named if name not in files]:
        shown = ", ".join(f"{name!r}{_meant(name, files)}" for name in absent[:5])
        shown += " …" * (len(absent) > 5)
        slips.append(f"{len(absent)} of {len(named)} rows of metadata name no file: {shown}")
    columns = [*dict.fromkeys(COLUMNS.values())]
    own = dict.fromkeys(c for row in (given, *rows) for c in row if c not in columns)
    slips += [f"new column {c!r}{meant}" for c in own if (meant := _meant(c, columns))]
    return slips


def _meant(name: str, known: Sequence[str]) -> str:
    found = get_close_matches(name, known, n=1, cutoff=0.75)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _known(item: Item, rows: Sequence[Mapping[str, str]], given: Mapping[str, str]) -> Item:
    """Give an item what the user says of it: of all, then of this file."""
    path = PurePosixPath(item.path)
    said: dict[str, str] = {}
    for row in rows:
        name = PurePosixPath(row.get("file", ""))
        if name.name and (path.name == name.name or path.stem == name.name):
            said = {column: value for column, value in row.items() if column != "file"}
            break
    return replace(item, given={**given, **item.given, **said})
