"""Collections of public texts: a registry of files with their SHA-256, fetched and taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from toolkit.ingest.formats import address_list
from toolkit.ingest.limits import Limits
from toolkit.ingest.pagelist import AT_A_TIME, fetch_pages, in_queues
from toolkit.ingest.polite import FetchError, Politeness, get
from toolkit.ingest.rules import DATA
from toolkit.ingest.store import Item, Store, printable, write
from toolkit.ingest.taking import take_in
from toolkit.installed import resource
from toolkit.metadata import CorpusError
from toolkit.recipe import fingerprint

#: Where the files of each collection are: a public repository at one commit of it.
COLLECTIONS: dict[str, dict[str, str]] = DATA["collections"]


def fetch(
    source: str | Path,
    *,
    into: str | Path,
    base_url: str | None = None,
    politeness: Politeness | None = None,
    refresh: bool = False,
    limits: Limits | None = None,
) -> pd.DataFrame:
    """Fetch a collection or a list of pages, and take the texts into a corpus folder.

    Parameters
    ----------
    source : {"gwr2024"} or path
        ``gwr2024``: the government work reports of 143 Chinese cities in 2024, as they
        stand in a public repository at a pinned commit. Or a CSV file with a column
        ``url`` (and any of what `intake` knows: ``title``, ``city``, ``year``, ``date``,
        ``publisher``, ``kind``): a list of pages.
    into : path
        The corpus folder. Files that are there with the right SHA-256, and pages that
        were fetched before, are not fetched again.
    base_url : str, optional
        Another place that has the files of the collection under the same names (a mirror).
    politeness : Politeness, optional
        Delay, retries, limits, who asks, and whether private addresses are allowed.
    refresh : bool
        Ask whether the pages of a list changed since they were fetched.
    limits : Limits, optional

    Returns
    -------
    DataFrame
        As from `intake`; what could not be fetched is quarantined with its reason.

    Raises
    ------
    FetchError
        If nothing of a collection could be fetched; says what it wants and where to put
        the files by hand.
    CorpusError
        If `source` is no collection and no list.
    """
    store, politeness = Store(Path(into), limits or Limits()), politeness or Politeness()
    with store.held():
        if str(source) in COLLECTIONS:
            items = _collection(str(source), store, base_url, politeness)
        else:
            items = _pages(Path(source), store, politeness, refresh)
        return take_in(items, store)


def collection_table(name: str) -> pd.DataFrame:
    """Return the registry of a collection: ``city``, ``province``, ``flaw``, ``sha256``.

    Examples
    --------
    >>> table = collection_table("gwr2024")
    >>> len(table), table.loc[table["flaw"] != "", "city"].tolist()
    (143, ['台州', '日照', '池州', '襄阳', '贵阳'])
    """
    if name not in COLLECTIONS:
        raise CorpusError([f"there is no collection {name!r}; there are {', '.join(COLLECTIONS)}"])
    path = resource("corpus", "collections", f"{name}.csv")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _collection(
    name: str, store: Store, base_url: str | None, politeness: Politeness
) -> list[Item]:
    about = COLLECTIONS[name]
    base = (base_url or about["base_url"]).rstrip("/") + "/"
    folder = store.into / "fetched" / name
    rows: dict[str, dict[str, str]] = {
        str(row["path"]): {str(k): str(v) for k, v in row.items()}
        for row in collection_table(name).to_dict("records")
    }
    problems = _download(rows, folder, base, politeness)
    if len(problems) == len(rows):
        first, second = [*rows][:2]
        raise FetchError(
            f"none of the {len(rows)} files of {name} could be fetched ({problems[first]}). "
            f"It wants {base}{first} and so on (corpus/collections/{name}.csv lists "
            f"them). Without a connection, put the files by hand into {folder}, under the names "
            f"{Path(first).name}, {Path(second).name} …, and run it again: "
            "they are checked and taken in"
        )
    items = []
    for path, row in rows.items():
        shown = f"{name}/{Path(path).name}"
        if path in problems:
            item = Item("", shown, reason=problems[path])
        else:
            item = store.keep(shown, (folder / Path(path).name).read_bytes())
        known = ("city", "province", "region", "tier", "flaw")
        given = {column: value for column, value in row.items() if column in known}
        given |= {k: v for k, v in about.items() if k != "base_url"}
        given["url"] = about["base_url"] + path
        items.append(replace(item, key=fingerprint(name, path)[:32], given=given))
    return items


def _download(
    rows: Mapping[str, Mapping[str, str]], folder: Path, base: str, politeness: Politeness
) -> dict[str, str]:
    """Bring the files that are not there yet; return why some could not be brought."""

    def is_right(data: bytes, path: str) -> bool:
        return hashlib.sha256(data).hexdigest() == rows[path]["sha256"]

    def there(path: str) -> Path:
        return folder / Path(path).name

    folder.mkdir(parents=True, exist_ok=True)
    missing = [
        path
        for path in rows
        if not (there(path).is_file() and is_right(there(path).read_bytes(), path))
    ]
    unreachable: list[FetchError] = []

    def bring(path: str) -> None:
        if len(unreachable) >= AT_A_TIME:
            raise unreachable[0]  # the others would only wait as long
        try:
            answer = get(base + path, politeness)
            if answer.status != 200:
                raise FetchError(f"the server answers {answer.status}")
        except FetchError as error:
            other = "; the file that is there is not the one of the registry"
            said = f"it could not be fetched: {error}{other * there(path).is_file()}"
            unreachable.append(FetchError(said))
            raise unreachable[-1] from error
        if not is_right(answer.data, path):
            raise FetchError("what was fetched is not the file of the registry (SHA-256)")
        write(there(path), answer.data)

    return in_queues([missing[i::AT_A_TIME] for i in range(AT_A_TIME)], bring, "file")


def _pages(table: Path, store: Store, politeness: Politeness, refresh: bool) -> list[Item]:
    if not table.is_file():
        raise CorpusError(
            [f"{printable(str(table))} is no file and no collection; "
             f"collections are {', '.join(COLLECTIONS)}"]
        )  # fmt: skip
    rows = address_list(table.name, table.read_bytes(), store.limits)
    if not rows:
        raise CorpusError([f"{table}: there is no column url, so it is no list of pages"])
    place = store.place(table.resolve())
    store.seen.add(place)
    return fetch_pages(rows, store, place=place, politeness=politeness, refresh=refresh)
