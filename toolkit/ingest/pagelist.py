"""Fetching a list of pages: one at a time from each host, robots.txt obeyed, resumable."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from toolkit.ingest.encodings import declared_encoding
from toolkit.ingest.limits import Limits
from toolkit.ingest.polite import Answer, FetchError, Politeness, asked, get
from toolkit.ingest.readers import READERS
from toolkit.ingest.sources import Item, Store
from toolkit.ingest.writing import printable, read_json, write_json, write_whole
from toolkit.recipe import fingerprint

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
        Holds the pages and ``pages.json``, what is known of each.
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
    known = {url: Page(**row) for url, row in read_json(folder / "pages.json", {}).items()}
    by_host: dict[str, list[str]] = defaultdict(list)
    found: dict[str, Page] = {}
    for url in dict.fromkeys(urls):
        page = known.get(url)
        if page and page.file and (folder / page.file).is_file() and not refresh:
            found[url] = page
            continue
        try:
            by_host[urlsplit(asked(url)).netloc].append(url)
        except FetchError as error:
            found[url] = Page(url, reason=str(error))
    waiting = sum(map(len, by_host.values()))
    with (
        tqdm(total=waiting, desc="fetch", unit="page", delay=2, leave=False) as bar,
        ThreadPoolExecutor(_HOSTS_AT_A_TIME) as pool,
    ):
        hosts = (
            pool.submit(_Host(host, folder, politeness, known).fetch, group, bar.update)
            for host, group in by_host.items()
        )
        # Each host's pages are written down when it is done, so a stop loses little.
        for host in [*hosts]:
            found |= host.result()
            known |= found
            write_json(folder / "pages.json", {u: asdict(p) for u, p in known.items()})
    known |= found
    write_json(folder / "pages.json", {u: asdict(p) for u, p in known.items()})
    return [found[url] for url in urls]


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

    def __init__(
        self, host: str, folder: Path, politeness: Politeness, known: Mapping[str, Page]
    ) -> None:
        self.host, self.folder, self.politeness, self.known = host, folder, politeness, known
        self.last = 0.0

    def fetch(self, urls: Sequence[str], tell: object) -> dict[str, Page]:
        found = {}
        rules: dict[str, RobotFileParser] = {}
        for url in urls:
            scheme = urlsplit(asked(url)).scheme
            try:
                if scheme not in rules:
                    rules[scheme] = self._robots(scheme)
                found[url] = self._page(url, rules[scheme])
            except FetchError as error:
                found[url] = replace(self.known.get(url, Page(url)), reason=str(error))
            if callable(tell):
                tell()
        return found

    def _page(self, url: str, rules: RobotFileParser) -> Page:
        if not rules.can_fetch(self.politeness.user_agent, asked(url)):
            raise FetchError("robots.txt of the site asks not to fetch it; ask its keepers")
        before = self.known.get(url, Page(url))
        conditional = {}
        if before.file and (self.folder / before.file).is_file():
            if before.etag:
                conditional["If-None-Match"] = before.etag
            if before.last_modified:
                conditional["If-Modified-Since"] = before.last_modified
        own = rules.crawl_delay(self.politeness.user_agent)
        answer = self._get(url, conditional, own_delay=float(own or 0))
        if answer.status == 304 and before.file:
            return replace(before, reason="")
        if answer.status != 200:
            raise FetchError(f"the server answers {answer.status}{_meaning(answer.status)}")
        if not answer.data.strip():
            raise FetchError("the page is empty")
        return self._kept(url, answer)

    def _kept(self, url: str, answer: Answer) -> Page:
        kind, _, rest = answer.headers.get("content-type", "").partition(";")
        suffix = _SUFFIXES.get(kind.strip().lower(), "")
        ending = PurePosixPath(urlsplit(answer.url).path.lower()).suffix
        if suffix in ("", ".txt") and ending in READERS:
            suffix = ending
        name = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16] + (suffix or ".html")
        write_whole(self.folder / name, answer.data)
        return Page(
            url,
            name,
            answer.url,
            declared_encoding(rest.encode("ascii", "ignore")),
            answer.headers.get("etag", ""),
            answer.headers.get("last-modified", ""),
            hashlib.sha256(answer.data).hexdigest(),
        )

    def _robots(self, scheme: str) -> RobotFileParser:
        """Return the rules of a host; without any, all is allowed; when it fails, nothing."""
        rules = RobotFileParser()
        answer = self._get(f"{scheme}://{self.host}/robots.txt", {}, own_delay=0.0)
        if answer.status == 200:
            rules.parse(answer.data[:500_000].decode("utf-8", "replace").splitlines())
        elif answer.status in (401, 403):
            rules.parse(["User-agent: *", "Disallow: /"])
        else:
            rules.parse([])
        return rules

    def _get(self, url: str, headers: dict[str, str], *, own_delay: float) -> Answer:
        """Ask at a distance from the last answer; the site's own delay holds if longer."""
        delay = min(max(self.politeness.delay, own_delay), self.politeness.longest_wait)
        time.sleep(max(0.0, self.last + delay - time.monotonic()))
        try:
            return get(url, self.politeness, headers)
        finally:
            self.last = time.monotonic()


def _meaning(status: int) -> str:
    return {
        403: ": it refuses programs; save the page in a browser and take in the file",
        404: ": the page is gone; look for it elsewhere",
        410: ": the page is gone; look for it elsewhere",
    }.get(status, "")
