"""Fetching a list of pages: one at a time from each host, robots.txt obeyed, resumable."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from toolkit.ingest.encodings import declared_encoding
from toolkit.ingest.limits import Limits
from toolkit.ingest.polite import Answer, FetchError, Politeness, asked, get
from toolkit.ingest.readers import READERS
from toolkit.ingest.sources import Item, Store
from toolkit.ingest.writing import printable, read_json, write_json, write_whole
from toolkit.recipe import fingerprint

if TYPE_CHECKING:
    from tqdm.auto import tqdm

_HOSTS_AT_A_TIME = 4
# By what the server calls it; the ending in the address is often that of a program.
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "multipart/related": ".mhtml",
}


@dataclass(frozen=True)
class Page:
    """A page of a list: where it is kept, or why it could not be fetched.

    Parameters
    ----------
    url : str
        As the list has it.
    file : str
        Name within the folder; empty if it was not fetched.
    final_url : str
        After redirects.
    declared : str
        The encoding that the server claimed.
    etag, last_modified : str
        For asking next time whether anything changed.
    sha256 : str
    reason : str
        Why it was not fetched.
    """

    url: str
    file: str = ""
    final_url: str = ""
    declared: str = ""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    reason: str = ""


def fetch_pages(
    urls: Sequence[str],
    folder: Path,
    *,
    politeness: Politeness | None = None,
    refresh: bool = False,
) -> list[Page]:
    """Fetch pages into a folder; those that are there already are not asked for again.

    Parameters
    ----------
    urls : sequence of str
    folder : path
        Holds the pages, and beside each a JSON file of what is known of it.
    politeness : Politeness, optional
    refresh : bool
        Ask for the pages that are there too, whether they changed (a conditional request).

    Returns
    -------
    list of Page
        One for each address, in their order.
    """
    from tqdm.auto import tqdm

    politeness = politeness or Politeness()
    by_host: dict[str, list[Page]] = defaultdict(list)
    found: dict[str, Page] = {}
    for url in dict.fromkeys(urls):
        page = _known(url, folder)
        if page.file and not refresh:
            found[url] = page
            continue
        try:
            by_host[urlsplit(asked(url)).netloc].append(page)
        except FetchError as error:
            found[url] = replace(page, reason=str(error))
    stop = threading.Event()
    pool = ThreadPoolExecutor(_HOSTS_AT_A_TIME)
    waiting = sum(map(len, by_host.values()))
    try:
        with tqdm(total=waiting, desc="fetch", unit="page", delay=2, leave=False) as bar:
            hosts = [
                pool.submit(_Host(folder, politeness).fetch, pages, bar, stop)
                for pages in by_host.values()
            ]
            for host in hosts:
                found |= host.result()
    finally:  # when interrupted, the pages that are being fetched are the last ones
        stop.set()
        pool.shutdown(cancel_futures=True)
    return [found[url] for url in urls]


def _known(url: str, folder: Path) -> Page:
    """Return what was written down when a page was fetched, if it still is there."""
    row = read_json(folder / f"{_stem(url)}.json", None)
    if row is None or not (folder / row["file"]).is_file():
        return Page(url)
    return Page(**row)


def _stem(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]


def page_items(
    rows: list[dict[str, str]],
    into: Path,
    *,
    politeness: Politeness | None = None,
    refresh: bool = False,
    limits: Limits,
) -> list[Item]:
    """Fetch the pages of a list; return them as items that know what the list says."""
    wanted = [row for row in rows if row.get("url")]
    folder = into / "fetched" / "pages"
    pages = fetch_pages([r["url"] for r in wanted], folder, politeness=politeness, refresh=refresh)
    by_url = dict(zip((r["url"] for r in wanted), pages, strict=True))
    store = Store(into, limits)
    items = []
    for number, row in enumerate(rows, 1):
        page = by_url.get(row.get("url", ""))
        title = row.get("title") or row.get("url", "")
        name = f"{number:04d} {title}".replace("/", "-").replace("\\", "-")[:120]
        given = {k: v for k, v in row.items() if v and k not in ("seen", "file")}
        key = fingerprint(row.get("url") or row)[:32]
        if page is None or not page.file:
            reason = page.reason if page else "the list has no address for it"
            items.append(Item(key, printable(name), name, given=given, reason=reason))
            continue
        path = name + Path(page.file).suffix
        kept = store.keep(path, (folder / page.file).read_bytes(), key=key)
        items.append(Item(**{**vars(kept), "given": given, "declared": page.declared}))
    return items


class _Host:
    """The pages of one host, one after the other."""

    def __init__(self, folder: Path, politeness: Politeness) -> None:
        self.folder, self.politeness = folder, politeness
        self.rules: dict[str, RobotFileParser | FetchError] = {}
        self.last = 0.0

    def fetch(
        self, pages: Sequence[Page], bar: tqdm[NoReturn], stop: threading.Event
    ) -> dict[str, Page]:
        """Return the pages as they are now; a failure leaves what was there."""
        found = {}
        for page in pages:
            if stop.is_set():
                break
            try:
                found[page.url] = self._page(page)
            except FetchError as error:
                found[page.url] = replace(page, reason=str(error))
            bar.update()
        return found

    def _page(self, before: Page) -> Page:
        self._may(asked(before.url))
        conditional = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
        answer = self._get(before.url, {name: v for name, v in conditional.items() if v})
        if answer.status == 304 and before.file:
            return before
        if answer.status != 200:
            raise FetchError(f"the server answers {answer.status}{_meaning(answer.status)}")
        if not answer.data.strip():
            raise FetchError("the page is empty")
        return self._kept(before.url, answer)

    def _kept(self, url: str, answer: Answer) -> Page:
        kind, _, rest = answer.headers.get("content-type", "").partition(";")
        suffix = _SUFFIXES.get(kind.strip().lower(), "")
        ending = PurePosixPath(urlsplit(answer.url).path.lower()).suffix
        if suffix in ("", ".txt") and ending in READERS:
            suffix = ending
        page = Page(
            url,
            _stem(url) + (suffix or ".html"),
            answer.url,
            declared_encoding(rest.encode("ascii", "ignore")),
            answer.headers.get("etag", ""),
            answer.headers.get("last-modified", ""),
            hashlib.sha256(answer.data).hexdigest(),
        )
        write_whole(self.folder / page.file, answer.data)
        write_json(self.folder / f"{_stem(url)}.json", asdict(page))
        return page

    def _may(self, url: str) -> None:
        """Refuse an address that the robots.txt of its host asks not to fetch."""
        if not self._rules(url).can_fetch(self.politeness.user_agent, url):
            raise FetchError("robots.txt of the site asks not to fetch it; ask its keepers")

    def _rules(self, url: str) -> RobotFileParser:
        """Return the rules of a host; without any all is allowed, when they fail nothing."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.rules:
            rules = RobotFileParser()
            try:
                answer = get(f"{site}/robots.txt", self.politeness)
            except FetchError as error:
                # A host that does not answer is not asked again for every page.
                self.rules[site] = error
            else:
                text = answer.data[:500_000].decode("utf-8", "replace")
                if answer.status in (401, 403):
                    text = "User-agent: *\nDisallow: /"
                elif answer.status != 200:
                    text = ""
                rules.parse(text.splitlines())
                self.rules[site] = rules
            self.last = time.monotonic()
        known = self.rules[site]
        if isinstance(known, FetchError):
            raise FetchError(f"its robots.txt could not be asked for: {known}")
        return known

    def _get(self, url: str, headers: dict[str, str]) -> Answer:
        """Ask at a distance from the last answer; the site's own delay holds if longer."""
        own = float(self._rules(asked(url)).crawl_delay(self.politeness.user_agent) or 0)
        delay = min(max(self.politeness.delay, own), self.politeness.longest_wait)
        time.sleep(max(0.0, self.last + delay - time.monotonic()))
        try:
            return get(url, self.politeness, headers, may=self._may)
        finally:
            self.last = time.monotonic()


def _meaning(status: int) -> str:
    return {
        403: ": it refuses programs; save the page in a browser and take in the file",
        404: ": the page is gone; look for it elsewhere",
        410: ": the page is gone; look for it elsewhere",
    }.get(status, "")
