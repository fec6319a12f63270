"""Fetching a list of pages: one at a time from each host, robots.txt obeyed, resumable."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from toolkit.ingest.encodings import declared_encoding
from toolkit.ingest.formats import BY_ENDING, BY_MIME
from toolkit.ingest.limits import fault
from toolkit.ingest.polite import Answer, FetchError, Politeness, asked, get
from toolkit.ingest.rules import DATA
from toolkit.ingest.store import Item, Store
from toolkit.recipe import fingerprint

AT_A_TIME = 4


def fetch_pages(
    rows: Sequence[dict[str, str]],
    store: Store,
    *,
    place: str = "",
    politeness: Politeness | None = None,
    refresh: bool = False,
) -> list[Item]:
    """Fetch the pages of a list; those that were fetched before are not asked for again.

    Parameters
    ----------
    rows : sequence of dict
        A page each: ``url``, and what else the list says of it.
    store : Store
        Keeps the pages, and beside its state what is known of each.
    place : str
        Of the list.
    politeness : Politeness, optional
    refresh : bool
        Ask for the pages that are there too, whether they changed (a conditional request).

    Returns
    -------
    list of Item
        One for each row, in their order. What could not be fetched has a reason; or a note, if
        it was fetched before and stays.
    """
    pages = _Pages(store, politeness or Politeness())
    queues: dict[str, list[str]] = defaultdict(list)
    reasons = {"": "the list has no address for it"}
    for url in dict.fromkeys(row.get("url", "") for row in rows):
        try:
            if url and (refresh or not pages.known(url)):
                queues[urlsplit(asked(url)).netloc].append(url)
        except FetchError as error:
            reasons[url] = str(error)
    reasons |= in_queues(queues.values(), pages.fetch, "page")
    items = []
    for number, row in enumerate(rows, 1):
        url = row.get("url", "")
        page = pages.known(url)
        title = f"{number:04d} {row.get('title') or url}".replace("/", "-").replace("\\", "-")
        item = Item(
            fingerprint(url or row)[:32],
            title[:120] + page.get("suffix", ""),
            place,
            url or f"row {number}",
            given={k: v for k, v in row.items() if v and k not in ("seen", "file")},
            reason=reasons.get(url, ""),
        )
        if page:
            kept = {name: page[name] for name in ("sha256", "n_bytes", "original", "declared")}
            note = f"it stays as it was fetched before: {item.reason}" if item.reason else ""
            item = replace(item, **kept, reason="", note=note)
        items.append(item)
    return items


def in_queues(
    queues: Iterable[Sequence[str]], work: Callable[[str], None], unit: str
) -> dict[str, str]:
    """Work through queues, a few at a time and each in its order.

    Returns
    -------
    dict
        Why something could not be fetched: whatever goes wrong with one is told of that one.
    """
    from tqdm.auto import tqdm

    queues = [*queues]
    problems: dict[str, str] = {}
    stop = threading.Event()

    def through(queue: Sequence[str]) -> None:
        for entry in queue:
            if stop.is_set():
                return
            try:
                work(entry)
            except FetchError as error:
                problems[entry] = str(error)
            except OSError:
                raise  # the disk is at fault, and nothing more can be kept
            except Exception as error:
                problems[entry] = fault("fetching it", error)
            bar.update()

    pool = ThreadPoolExecutor(AT_A_TIME)
    total = sum(map(len, queues))
    with tqdm(total=total, desc="fetch", unit=unit, delay=2, leave=False) as bar:
        try:
            for queue in [pool.submit(through, queue) for queue in queues]:
                queue.result()
        finally:  # when interrupted, what is being fetched is the last
            stop.set()
            pool.shutdown(cancel_futures=True)
    return problems


class _Pages:
    """The pages that were fetched, and how their hosts want to be asked."""

    def __init__(self, store: Store, politeness: Politeness) -> None:
        self.store, self.politeness = store, politeness
        self.rules: dict[str, RobotFileParser | FetchError] = {}
        self.last: dict[str, float] = {}

    def known(self, url: str) -> dict[str, Any]:
        """Return what was written down when a page was fetched, if it still is there."""
        row = self.store.read(_record(url))
        kept = (self.store.into / row.get("original", "")).is_file()
        return row if kept else {}

    def fetch(self, url: str) -> None:
        """Fetch a page and keep it; a failure leaves what was there."""
        before = self.known(url)
        conditions = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        headers = {name: before[key] for name, key in conditions.items() if before.get(key)}
        answer = self._ask(asked(url), headers)
        if answer.status == 304 and before:
            return
        if answer.status != 200:
            meaning = DATA["answers"].get(str(answer.status), "")
            raise FetchError(f"the server answers {answer.status}{meaning}")
        if not answer.data.strip():
            raise FetchError("the page is empty")
        kind, _, rest = answer.headers.get("content-type", "").partition(";")
        # By what the server calls it; the ending in the address is often that of a program.
        format = BY_MIME.get(kind.strip().lower())
        suffix = format.endings[0] if format else ""
        ending = PurePosixPath(urlsplit(answer.url).path.lower()).suffix
        if suffix in ("", ".txt") and ending in BY_ENDING:
            suffix = ending
        suffix = suffix or ".html"
        row = {
            **asdict(self.store.keep(f"page{suffix}", answer.data)),
            "url": url,
            "final_url": answer.url,
            "suffix": suffix,
            "declared": declared_encoding(rest.encode("ascii", "ignore")),
            **{key: answer.headers.get(key, "") for key in conditions.values()},
        }
        self.store.note(_record(url), row)

    def _ask(self, url: str, headers: dict[str, str]) -> Answer:
        """Ask at a distance from the last answer; the site's own delay holds if longer."""
        self._may(url)
        host = urlsplit(url).netloc
        own = self._rules(url).crawl_delay(self.politeness.user_agent) or 0
        delay = min(max(self.politeness.delay, int(own)), self.politeness.longest_wait)
        time.sleep(max(0.0, self.last[host] + delay - time.monotonic()))
        try:
            return get(url, self.politeness, headers, may=self._may)
        finally:
            self.last[host] = time.monotonic()

    def _may(self, url: str) -> None:
        """Refuse an address that the robots.txt of its host asks not to fetch."""
        if not self._rules(url).can_fetch(self.politeness.user_agent, url):
            raise FetchError("robots.txt of the site asks not to fetch it; ask its keepers")

    def _rules(self, url: str) -> RobotFileParser:
        """Return the rules of a host; without any all is allowed, when they fail nothing."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.rules:
            try:
                self.rules[site] = _robots(get(f"{site}/robots.txt", self.politeness))
            except FetchError as error:
                # A host that does not answer is not asked again for every page.
                self.rules[site] = error
            self.last[parts.netloc] = time.monotonic()
        known = self.rules[site]
        if isinstance(known, FetchError):
            raise FetchError(f"its robots.txt could not be asked for: {known}")
        return known


def _record(url: str) -> str:
    return f"pages/{fingerprint(url)[:16]}"


def _robots(answer: Answer) -> RobotFileParser:
    """Return what a robots.txt asks; lines that are none say nothing."""
    rules = RobotFileParser()
    lines = answer.data[:500_000].decode("utf-8", "replace").splitlines()
    if answer.status in (401, 403):
        lines = ["User-agent: *", "Disallow: /"]
    elif answer.status != 200:
        lines = []

    def makes_sense(line: str) -> bool:
        try:
            RobotFileParser().parse(["User-agent: *", line])
        except ValueError:
            return False
        return True

    rules.parse([line for line in lines if makes_sense(line)])
    return rules
