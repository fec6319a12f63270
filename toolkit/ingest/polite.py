"""One polite request: bounded in size, time and redirects, and never to a private address."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from toolkit.ingest.limits import size

#: Says who asks, as robots.txt and the keepers of a site expect.
USER_AGENT = "city-governance-toolkit (research; reads pages that a list names)"
_MOST_REDIRECTS = 5
_CHUNK = 65_536
_TOO_SLOW = "the page took longer than {:g} seconds"
_AGAIN = frozenset((429, 500, 502, 503, 504))


class FetchError(OSError):
    """A page that could not be fetched: what happened, and what to do."""


@dataclass(frozen=True)
class Politeness:
    """How to behave on other people's servers.

    Parameters
    ----------
    delay : float
        Seconds between two requests to one host; a longer one in its robots.txt holds.
    retries : int
        Further tries after an error that may pass (429, 5xx, a broken connection).
    backoff : float
        Seconds before the first further try, doubled for each; Retry-After is obeyed.
    longest_wait : float
        A server that wants a longer wait is left for another run.
    page_bytes : int
        The largest answer, as sent and as unpacked.
    seconds : float
        For a whole answer, however slowly it drips.
    allow_private : bool
        Fetch from this machine and its network too. Off, since a list of addresses from
        elsewhere could make it read what only this machine may see.
    user_agent : str
        Add who you are: a name and an address to write to.
    """

    delay: float = 2.0
    retries: int = 3
    backoff: float = 2.0
    longest_wait: float = 120.0
    page_bytes: int = 20_000_000
    seconds: float = 60.0
    allow_private: bool = False
    user_agent: str = USER_AGENT


@dataclass(frozen=True)
class Answer:
    """What a server sent: status, headers in lower case, bytes, and the final address."""

    status: int
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    data: bytes = b""


def get(
    url: str,
    politeness: Politeness,
    headers: dict[str, str] | None = None,
    *,
    may: Callable[[str], None] | None = None,
) -> Answer:
    """Fetch an address, following redirects to http(s) only and trying again where it helps.

    Parameters
    ----------
    url : str
    politeness : Politeness
    headers : dict, optional
        Further headers of the request.
    may : function of an address, optional
        Is asked of every address that a redirect leads to; raises `FetchError` to refuse.

    Raises
    ------
    FetchError
        With the reason: a refused address, too large, too slow, too many redirects.
    """
    wait = politeness.backoff
    for attempt in range(politeness.retries + 1):
        problem = ""
        answer = None
        try:
            answer = _follow(url, politeness, headers or {}, may)
        except _PassingError as error:
            problem = str(error)
        if answer is not None and answer.status not in _AGAIN:
            return answer
        last = attempt == politeness.retries
        if answer is not None:
            problem = f"the server answers {answer.status}"
            wait = max(wait, _retry_after(answer))
        if last or wait > politeness.longest_wait:
            asks = (
                f", and asks to wait {wait:.0f} seconds" if wait > politeness.longest_wait else ""
            )
            tries = f"{attempt + 1} tr{'ies' if attempt else 'y'}"
            raise FetchError(f"{problem} after {tries}{asks}: run it again later")
        time.sleep(wait)
        wait *= 2
    raise AssertionError  # the last attempt returned or raised


class _PassingError(OSError):
    """An error that another try may not meet."""


def _follow(
    url: str,
    politeness: Politeness,
    headers: dict[str, str],
    may: Callable[[str], None] | None,
) -> Answer:
    deadline = time.monotonic() + politeness.seconds
    seen = []
    for _ in range(_MOST_REDIRECTS + 1):
        answer = _once(url, politeness, headers, deadline)
        where = answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or not where:
            return answer
        seen.append(url)
        url = urljoin(url, where)
        if url in seen:
            raise FetchError(f"the server redirects in a circle ({url})")
        if may is not None:
            may(asked(url))
    raise FetchError(f"more than {_MOST_REDIRECTS} redirects, the last to {url}")


def _once(url: str, politeness: Politeness, headers: dict[str, str], deadline: float) -> Answer:
    import urllib3

    target = asked(url)
    request = {
        "User-Agent": politeness.user_agent,
        "Accept-Encoding": "gzip, deflate",
        "Accept": "text/html,application/xhtml+xml,application/pdf,*/*;q=0.5",
        **headers,
    }
    timeout = urllib3.Timeout(connect=min(15.0, politeness.seconds), read=politeness.seconds)
    reached: list[socket.socket] = []
    # A server that drips its headers would be waited for at every drop.
    end = threading.Timer(max(0.0, deadline - time.monotonic()), _hang_up, [reached])
    end.start()
    with _pool(politeness, reached) as pool:
        try:
            response = pool.request(
                "GET", target, headers=request, timeout=timeout, redirect=False, retries=False,
                preload_content=False, decode_content=True,
            )  # fmt: skip
            with response:
                data = _body(response, politeness, deadline)
                names = {k.lower(): v for k, v in response.headers.items()}
                return Answer(response.status, target, names, data)
        except FetchError:
            raise
        except urllib3.exceptions.LocationParseError as error:
            raise FetchError(f"it is no address of a page ({error})") from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if time.monotonic() >= deadline:
                raise FetchError(_TOO_SLOW.format(politeness.seconds)) from error
            raise _PassingError(_plainly(error)) from error
        finally:
            end.cancel()


def _body(response: Any, politeness: Politeness, deadline: float) -> bytes:
    """Read an answer in pieces, so that neither size nor time can run away."""
    largest = politeness.page_bytes
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        raise FetchError(f"the page has {size(int(declared))}; at most {size(largest)} are fetched")
    pieces, n = [], 0
    # read1 gives what has come; a whole chunk could take a dripping server for ever.
    more = True
    while more:
        pieces.append(response.read1(_CHUNK))
        more = bool(pieces[-1])
        n += len(pieces[-1])
        if n > largest:
            raise FetchError(f"the page has more than {size(largest)}")
        # Asked after the last piece too: what was hung up on looks like an end.
        if time.monotonic() >= deadline:
            raise FetchError(_TOO_SLOW.format(politeness.seconds))
    return b"".join(pieces)


def asked(url: str) -> str:
    """Return the address as it is sent: http(s) only, no password, Chinese in it encoded.

    Raises
    ------
    FetchError

    Examples
    --------
    >>> asked("https://甲市.cn/政务?页=1#顶")
    'https://xn--7st092c.cn/%E6%94%BF%E5%8A%A1?%E9%A1%B5=1'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise FetchError(f"it is no address of a page ({error})") from error
    if parts.scheme not in ("http", "https") or not name:
        raise FetchError(f"only http and https pages are fetched, not {url[:80]!r}")
    if parts.username or parts.password:
        raise FetchError("the address holds a name and password; they are not sent")
    place = f"[{name}]" if ":" in name else name
    place += f":{port}" if port else ""
    safe = "/%:=&?~#+!$,;'@()*[]"
    return urlunsplit(
        (
            parts.scheme,
            place,
            quote(parts.path or "/", safe=safe),
            quote(parts.query, safe=safe),
            "",
        )
    )


def _plainly(error: Exception) -> str:
    """Return what a library's error means to somebody who wants a page."""
    said = f"{type(error).__name__}: {error}"
    for sign, meaning in (
        ("IncompleteRead", "the answer broke off"),
        ("NameResolutionError", "the name of the server is not known (no connection?)"),
        ("NewConnectionError", "the server cannot be reached (no connection?)"),
        ("Timeout", "the server does not answer"),
    ):
        if sign in said:
            return meaning
    return said[:200]


def _hang_up(reached: list[socket.socket]) -> None:
    for connection in reached:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def _pool(politeness: Politeness, reached: list[socket.socket]) -> Any:
    """Return a pool whose connections look at whom they reached before they ask.

    The address that the connection has is what counts: a name may lead elsewhere the
    second time it is looked up.
    """
    import urllib3
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    def checked(connection: socket.socket) -> socket.socket:
        address = connection.getpeername()[0].split("%")[0]
        if not politeness.allow_private and not _is_public(address):
            connection.close()
            raise FetchError(
                f"{address} is an address of this machine or its network; "
                "allow it with allow_private (--allow-private) if you mean it"
            )
        reached.append(connection)
        return connection

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return checked(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return checked(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    pool = urllib3.PoolManager(num_pools=1)
    pool.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return pool


def _is_public(address: str) -> bool:
    """Tell whether an address is one of the open net; addresses within addresses too.

    Examples
    --------
    >>> [_is_public(a) for a in ("8.8.8.8", "127.0.0.1", "10.1.2.3", "::ffff:127.0.0.1", "fe80::1")]
    [True, False, False, False, False]
    """
    ip = ipaddress.ip_address(address)
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return (inner or ip).is_global and not (inner or ip).is_multicast


def _retry_after(answer: Answer) -> float:
    """Return the seconds that a server asks to wait: a number or a date."""
    from email.utils import parsedate_to_datetime

    value = answer.headers.get("retry-after", "")
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
