"""Collections of public texts: a registry of files with their SHA-256, fetched and taken in."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from toolkit.ingest.limits import Limits
from toolkit.ingest.needs import need
from toolkit.ingest.pagelist import page_items
from toolkit.ingest.polite import FetchError, Politeness, get
from toolkit.ingest.readers import address_list
from toolkit.ingest.sources import Item, Store
from toolkit.ingest.taking import STATE, take_in
from toolkit.ingest.writing import only_one, printable, remove_leftovers
from toolkit.loading import CorpusError
from toolkit.recipe import fingerprint, resource

#: Where the files of each collection are: a public repository at one commit of it.
COLLECTIONS = {
    "gwr2024": {
        "base_url": "https://raw.githubusercontent.com/JiangGufan/digital-governance/"
        "94421b3549d140e534397d857ca473dce58f0ad3/",
        "year": "2024",
        "kind": "report",
        "rights": "government text, for research; collected by JiangGufan/digital-governance (MIT)",
    }
}
_AT_A_TIME = 4


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
    into, limits = Path(into), limits or Limits()
    with only_one(into / STATE):
        remove_leftovers(into)
        if str(source) in COLLECTIONS:
            items = _collection(str(source), into, base_url, politeness or Politeness(), limits)
        else:
            items = _pages(Path(source), into, politeness, refresh, limits)
        return take_in(items, into, limits=limits)


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
    name: str, into: Path, base_url: str | None, politeness: Politeness, limits: Limits
) -> list[Item]:
    about = COLLECTIONS[name]
    base = (base_url or about["base_url"]).rstrip("/") + "/"
    rows: list[dict[str, str]] = [
        {str(k): str(v) for k, v in row.items()}
        for row in collection_table(name).to_dict("records")
    ]
    folder = into / "fetched" / name
    problems = _download(rows, folder, base, politeness)
    if len(problems) == len(rows):
        first = next(iter(problems.values()))
        raise FetchError(
            f"none of the {len(rows)} files of {name} could be fetched ({first}). "
            f"It wants {base}{rows[0]['path']} and so on (corpus/collections/{name}.csv lists "
            f"them). Without a connection, put the files by hand into {folder}, under the names "
            f"{Path(rows[0]['path']).name}, {Path(rows[1]['path']).name} …, and run it again: "
            "they are checked and taken in"
        )
    store = Store(into, limits)
    items = []
    for row in rows:
        path = folder / Path(row["path"]).name
        shown = f"{name}/{path.name}"
        given = {
            k: v for k, v in row.items() if k in ("city", "province", "region", "tier", "flaw")
        }
        given |= {k: v for k, v in about.items() if k != "base_url"}
        given["url"] = about["base_url"] + row["path"]
        key = fingerprint(name, row["path"])[:32]
        if row["path"] in problems:
            items.append(Item(key, shown, shown, given=given, reason=problems[row["path"]]))
        else:
            kept = store.keep(shown, path.read_bytes(), key=key)
            items.append(Item(**{**vars(kept), "given": given}))
    return items


def _download(
    rows: list[dict[str, str]], folder: Path, base: str, politeness: Politeness
) -> dict[str, str]:
    """Bring the files that are not there yet; return why some could not be brought."""
    from tqdm.auto import tqdm

    folder.mkdir(parents=True, exist_ok=True)
    missing = [row for row in rows if not _is(folder / Path(row["path"]).name, row["sha256"])]
    if not missing:
        return {}
    pooch = need("pooch", "collections")
    pooch.get_logger().setLevel("ERROR")
    problems: dict[str, str] = {}
    unreachable: list[str] = []

    def polite(url: str, target: str, _: object) -> None:
        answer = get(url, politeness)
        if answer.status != 200:
            raise FetchError(f"the server answers {answer.status}")
        Path(target).write_bytes(answer.data)

    def one(row: dict[str, str]) -> None:
        name, path = Path(row["path"]).name, row["path"]
        if len(unreachable) >= _AT_A_TIME:
            problems[path] = unreachable[0]  # the others would only wait as long
            return
        other = (folder / name).is_file()
        try:
            pooch.retrieve(
                base + path,
                known_hash=f"sha256:{row['sha256']}",
                fname=name,
                path=folder,
                downloader=polite,
            )
        except ValueError:
            problems[path] = "what was fetched is not the file of the registry (SHA-256)"
        except OSError as error:
            problems[path] = f"it could not be fetched: {error}"
            if other:
                problems[path] += "; the file that is there is not the one of the registry"
            unreachable.append(problems[path])

    with (
        ThreadPoolExecutor(_AT_A_TIME) as pool,
        tqdm(total=len(missing), desc="fetch", unit="file", delay=2, leave=False) as bar,
    ):
        for _ in pool.map(one, missing):
            bar.update()
    return problems


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _pages(
    table: Path, into: Path, politeness: Politeness | None, refresh: bool, limits: Limits
) -> list[Item]:
    if not table.is_file():
        raise CorpusError(
            [f"{printable(str(table))} is no file and no collection; "
             f"collections are {', '.join(COLLECTIONS)}"]
        )  # fmt: skip
    rows = address_list(table.name, table.read_bytes(), limits)
    if not rows:
        raise CorpusError([f"{table}: there is no column url, so it is no list of pages"])
    return page_items(rows, into, politeness=politeness, refresh=refresh, limits=limits)
