"""Intake: every file ends accepted, accepted with warnings, or quarantined; none is lost."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from difflib import get_close_matches
from importlib import metadata as metadata_of
from pathlib import Path, PurePosixPath
from queue import SimpleQueue

import pandas as pd

from toolkit.ingest.decide import decide
from toolkit.ingest.encodings import decode
from toolkit.ingest.formats import address_list
from toolkit.ingest.limits import Limits, OutOfBoundsError, UnreadableError, fault
from toolkit.ingest.pagelist import fetch_pages
from toolkit.ingest.placing import place, standing
from toolkit.ingest.polite import Politeness
from toolkit.ingest.prepare import Prepared
from toolkit.ingest.sources import gather, recognised
from toolkit.ingest.store import Item, Store, is_gone
from toolkit.ingest.tables import delimited_rows
from toolkit.ingest.worker import ReadingProcess, from_plain
from toolkit.installed import versions
from toolkit.metadata import COLUMNS, CorpusError, column_names, counted, row_problems
from toolkit.recipe import fingerprint


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
    drop_missing: bool = False,
) -> pd.DataFrame:
    r"""Take texts of one's own into a corpus folder that `Corpus.load` reads.

    Text, Markdown, web pages (HTML, MHTML), Word, PDF with a text layer, tables of
    texts (CSV, TSV, Excel, JSON, Parquet), zip archives of these, and exports of a
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
    drop_missing : bool
        Take out of the corpus what was taken in from sources that are no longer there. What
        was edited by hand stays.

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
        that is known; if nothing is found in a source, or sources of earlier runs are no
        longer there.

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

    A column of dates gives ``date`` in ISO 8601 and ``year``; a row whose date or year is none
    is quarantined, with the value and its mend. What texts tell of themselves fills what is
    empty: ``title``, ``date`` (of meeting or signing, else as ``published``), ``effective``,
    ``source``, ``city``, ``province``, ``level``, ``code`` (GB/T 2260), ``issuer``, ``genre``
    (文种), ``document_number``, ``subject``, ``validity``, ``kind``.

    A file is known again, with its id and what was edited, by its place as seen from the
    corpus folder, or by its content if it was renamed or moved. So a study may be moved as a
    whole, and its sources too.

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
    store = Store(Path(into), limits or Limits())
    paths = [Path(sources)] if isinstance(sources, (str, os.PathLike)) else [*map(Path, sources)]
    rows = _metadata_rows(Path(metadata)) if metadata is not None else []
    problems = [f"given: {problem}" for problem in row_problems(given or {})]
    problems += [
        f"{metadata}, row {n}: {p}" for n, row in enumerate(rows, 1) for p in row_problems(row)
    ]
    if problems:
        raise CorpusError(problems)
    with store.held():
        with ReadingProcess(store.limits) as reader:
            found = gather(paths, store, reader)
        items = [one for item in found for one in _listed(item, store, politeness)]
        items = _known(items, rows, given or {})
        if rows and items and not any(item.given for item in items):
            raise CorpusError([f"{metadata}: its column file names none of the files"])
        for slip in _slips(rows, given or {}, items):
            warnings.warn(slip, stacklevel=2)
        options = {"columns": dict(columns or {}), "simplify": simplify}
        return take_in(items, store, options, workers=workers, drop_missing=drop_missing)


def take_in(
    items: Sequence[Item],
    store: Store,
    options: dict[str, object] | None = None,
    *,
    workers: int | None = None,
    drop_missing: bool = False,
) -> pd.DataFrame:
    """Read the items, decide on each, and write the folder; the part that all sources share."""
    options = options or {"columns": {}, "simplify": False}
    before = {key: Item(**row) for key, row in store.read("items").items()}
    items = recognised(items, before, store.into)
    known = {item.key: replace(item, options=options) for item in items}
    known |= _of_before(before, known, store, drop_missing=drop_missing)
    store.note("items", {key: asdict(item) for key, item in known.items()})
    everything = sorted(known.values(), key=lambda item: (os.fsencode(item.path), item.key))
    read = _read_all(everything, store, workers)
    return place(decide(read, store, standing(store.into)["id"]), store)


def _of_before(
    before: Mapping[str, Item], known: Mapping[str, Item], store: Store, *, drop_missing: bool
) -> dict[str, Item]:
    """Return the items of earlier runs that this one did not find; tell whose source is gone."""
    rest: dict[str, Item] = {}
    gone: dict[str, Item] = {}
    for key, old in before.items():
        looked_at = old.place in store.seen
        if key in known or (looked_at and old.reason):
            continue  # found again, or found to be something else than what could not be opened
        missing = looked_at or (old.place != "" and is_gone(store.into / old.place))
        note = "its source is no longer there"
        (gone if missing else rest)[key] = replace(old, note=note * missing)
    if names := [item.name for item in gone.values()]:
        shown = ", ".join(names[:5]) + " …" * (len(names) > 5)
        stays = "what was taken in from them is dropped" if drop_missing else (
            "what was taken in from them stays; drop_missing=True (--drop-missing) takes it out"
        )  # fmt: skip
        warnings.warn(
            f"{counted(len(names), 'source')} no longer there ({shown}): {stays}", stacklevel=4
        )
    return rest if drop_missing else rest | gone


def _read_all(
    items: Sequence[Item], store: Store, workers: int | None
) -> list[tuple[Item, list[Prepared]]]:
    """Read every item that was not read before, in several processes at a time."""
    from tqdm.auto import tqdm

    made_by = fingerprint(_versions(), [*Prepared.__annotations__])
    n = max(1, workers or min(4, os.cpu_count() or 1))
    idle: SimpleQueue[ReadingProcess] = SimpleQueue()
    readers = [ReadingProcess(store.limits) for _ in range(n)]
    for reader in readers:
        idle.put(reader)

    def one(item: Item) -> tuple[Item, list[Prepared]]:
        if item.reason:
            return item, []
        reader = idle.get()
        try:
            return _read_once(item, store, reader, made_by)
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


def _versions() -> dict[str, str]:
    """Return the versions of what shapes a reading: with other ones all is read anew."""
    found = versions()
    libraries = ("trafilatura", "lxml", "python-docx", "pypdfium2", "pypdf", "python-calamine")
    for name in (*libraries, "rispy", "bibtexparser", "opencc"):
        try:
            found[name] = metadata_of.version(name)
        except metadata_of.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _read_once(
    item: Item, store: Store, reader: ReadingProcess, made_by: str
) -> tuple[Item, list[Prepared]]:
    """Return what was read of an item, from an earlier run or now."""
    # The names that count: of the file and of its folder, which may tell city and year.
    name = "/".join(PurePosixPath(item.path).parts[-2:])
    asked = {"name": name, "declared": item.declared, **item.options}
    kept = f"read/{fingerprint(item.sha256, asked, made_by)[:32]}"
    answer = store.read(kept)
    if not answer:
        try:
            texts = reader.read(store.into / item.original, **asked)  # type: ignore[arg-type]
            answer = {"texts": [asdict(text) for text in texts]}
        except OutOfBoundsError as error:
            return replace(item, reason=str(error)), []
        except UnreadableError as error:
            answer = {"reason": str(error)}
        store.note(kept, answer)
    if "reason" in answer:
        return replace(item, reason=answer["reason"]), []
    return item, [from_plain(row) for row in answer["texts"]]


def _listed(item: Item, store: Store, politeness: Politeness | None) -> list[Item]:
    """Return the pages in place of a list of addresses; any other file as it is."""
    if item.reason or not item.path.lower().endswith((".txt", ".csv", ".tsv")):
        return [item]
    data = (store.into / item.original).read_bytes()
    try:
        rows = address_list(item.path, data, store.limits)
    except Exception as error:
        return [replace(item, reason=fault("looking for addresses in it", error))]
    return fetch_pages(rows, store, place=item.place, politeness=politeness) if rows else [item]


def _metadata_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a user's table of metadata, by the columns of the corpus."""
    try:
        table = delimited_rows(decode(path.read_bytes()).text)
    except (OSError, UnreadableError) as error:
        raise CorpusError([f"{path}: {error}"]) from error
    for number, row in enumerate(table, 1):
        for doubt in row.doubts:
            warnings.warn(f"{path}, row {number}: {doubt}", stacklevel=3)
    rows = [row.cells for row in table]
    if not rows:
        return []  # a head and nothing below it yet, as in a new study
    names = column_names(dict.fromkeys(name for row in rows for name in row))
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
    files = {**{path.name: None for path in paths}, **{path.stem: None for path in paths}}
    named = [PurePosixPath(row["file"]).name for row in rows if "file" in row]
    slips = []
    if absent := [name for name in named if name not in files]:
        shown = ", ".join(f"{name!r}{_meant(name, files)}" for name in absent[:5])
        shown += " …" * (len(absent) > 5)
        slips.append(f"{len(absent)} of {len(named)} rows of metadata name no file: {shown}")
    columns = [*COLUMNS]
    own = dict.fromkeys(c for row in (given, *rows) for c in row if c not in columns)
    return slips + [f"new column {c!r}{meant}" for c in own if (meant := _meant(c, columns))]


def _meant(name: str, known: Iterable[str]) -> str:
    found = get_close_matches(name, [*known], n=1, cutoff=0.75)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _known(
    items: Sequence[Item], rows: Sequence[Mapping[str, str]], given: Mapping[str, str]
) -> list[Item]:
    """Give each item what the user says of it: of all, then of this file."""
    said: dict[str, dict[str, str]] = {}
    for row in rows:
        name = PurePosixPath(row.get("file", "")).name
        said.setdefault(name, {c: value for c, value in row.items() if c != "file"})
    said.pop("", None)
    result = []
    for item in items:
        path = PurePosixPath(item.path)
        of_file = said.get(path.name) or said.get(path.stem) or {}
        result.append(replace(item, given={**given, **item.given, **of_file}))
    return result
