"""One polite request: bounded in size, time and redirects, and never to a private address."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from toolkit.ingest.limits import size
from toolkit.ingest.rules import DATA

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

#: Says who asks, as robots.txt and the keepers of a site expect.
USER_AGENT = "city-governance-toolkit (research; reads pages that a list names)"
_MOST_REDIRECTS = 5
_CHUNK = 65_536
_TOO_SLOW = "the page took longer than {:g} seconds"
_AGAIN = frozenset((429, 500, 502, 503, 504))
#: Prefixes of IPv6 that hold an address of IPv4, and how many bits stand after it.
_EMBEDDING = {
    ipaddress.IPv6Network("::ffff:0:0/96"): 0,
    ipaddress.IPv6Network("64:ff9b::/96"): 0,
    ipaddress.IPv6Network("2002::/16"): 80,
}
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V4 = ipaddress.IPv4Network("192.0.0.0/24")  # some Pythons take parts of it for public


class FetchError(OSError):
    """A page that could not be fetched: what happened, and what to do."""


class _PassingError(FetchError):
    """An error that another try may not meet."""


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
        Add who you are: a name and an address to write to, in Latin letters.

    Raises
    ------
    ValueError
        If `user_agent` has letters that no request can carry.
    """

    delay: float = 2.0
    retries: int = 3
    backoff: float = 2.0
    longest_wait: float = 120.0
    page_bytes: int = 20_000_000
    seconds: float = 60.0
    allow_private: bool = False
    user_agent: str = USER_AGENT

    def __post_init__(self) -> None:
        if not (self.user_agent.isascii() and self.user_agent.isprintable()):
            raise ValueError(
                f"the user agent {self.user_agent!r} cannot be sent: a request carries Latin "
                "letters only; write your name in Pinyin, and an e-mail address"
            )


class Answer(NamedTuple):
    """What a server sent: status, the final address, headers in lower case, bytes."""

    status: int
    url: str
    headers: dict[str, str]
    data: bytes


def get(
    url: str,
    politeness: Politeness,
    headers: Mapping[str, str] | None = None,
    *,
    may: Callable[[str], None] | None = None,
) -> Answer:
    """Fetch an address, following redirects to http(s) only and trying again where it helps.

    Parameters
    ----------
    url : str
    politeness : Politeness
    headers : mapping, optional
        Further headers of the request.
    may : function of an address, optional
        Is asked of every address that a redirect leads to; raises `FetchError` to refuse.

    Raises
    ------
    FetchError
        With the reason: a refused address, too large, too slow, too many redirects.
    """
    for attempt in range(politeness.retries + 1):
        wait = politeness.backoff * 2**attempt
        try:
            answer = _follow(url, politeness, headers or {}, may)
        except _PassingError as error:
            problem = str(error)
        else:
            if answer.status not in _AGAIN:
                return answer
            problem = f"the server answers {answer.status}"
            wait = max(wait, _retry_after(answer))
        if attempt == politeness.retries or wait > politeness.longest_wait:
            break
        time.sleep(wait)
    tries = f"{attempt + 1} tr{'ies' if attempt else 'y'}"
    asks = f", and asks to wait {wait:.0f} seconds" if wait > politeness.longest_wait else ""
    raise FetchError(f"{problem} after {tries}{asks}: run it again later")


def _follow(
    url: str,
    politeness: Politeness,
    headers: Mapping[str, str],
    may: Callable[[str], None] | None,
) -> Answer:
    deadline = time.monotonic() + politeness.seconds
    seen: list[str] = []
    for _ in range(_MOST_REDIRECTS + 1):
        answer = _once(asked(url), politeness, headers, deadline)
        where = answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or not where:
            return answer
        seen.append(url)
        try:
            url = urljoin(url, where)
        except ValueError as error:
            raise FetchError(f"the server redirects to no address ({where[:80]!r})") from error
        if url in seen:
            raise FetchError(f"the server redirects in a circle ({url})")
        if may:
            may(asked(url))
    raise FetchError(f"more than {_MOST_REDIRECTS} redirects, the last to {url}")


def _once(
    target: str, politeness: Politeness, headers: Mapping[str, str], deadline: float
) -> Answer:
    """Ask a server once, after a look at the address that was reached.

    The address that the connection has is what counts: a name may lead elsewhere the
    second time it is looked up.
    """
    from urllib3.connection import HTTPConnection
    from urllib3.exceptions import HTTPError

    parts = urlsplit(target)
    request = {
        "Host": parts.netloc,
        "User-Agent": politeness.user_agent,
        "Accept-Encoding": "gzip, deflate",
        "Accept": "text/html,application/xhtml+xml,application/pdf,*/*;q=0.5",
        **headers,
    }
    left = max(0.1, deadline - time.monotonic())
    try:
        with _reached(parts, min(15.0, left), politeness) as reached:
            connection = HTTPConnection(parts.hostname or "", timeout=left)
            connection.sock = reached
            # A server that drips its headers would be waited for at every drop.
            end = threading.Timer(max(0.0, deadline - time.monotonic()), _hang_up, [reached])
            end.start()
            try:
                place = urlunsplit(("", "", parts.path, parts.query, ""))
                connection.request("GET", place, headers=request, preload_content=False)
                response = connection.getresponse()
                data = _body(response, politeness, deadline)
            finally:
                end.cancel()
                connection.close()
            named = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, target, named, data)
    except FetchError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise FetchError(f"the server does not prove who it is ({error.verify_message})") from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if time.monotonic() >= deadline:
            raise FetchError(_TOO_SLOW.format(politeness.seconds)) from error
        said = f"{type(error).__name__}: {error}"
        meant = next((means for sign, means in DATA["broken"].items() if sign in said), said[:200])
        raise _PassingError(meant) from error


def _reached(parts: SplitResult, seconds: float, politeness: Politeness) -> socket.socket:
    """Return a connection to the server of an address, if it may be asked."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [*dict.fromkeys(str(place[4][0]) for place in places)]
    # Looked at before anything is sent: an address where nobody listens is private too.
    allowed = [a for a in addresses if politeness.allow_private or is_public(a)]
    if not allowed:
        raise FetchError(
            f"{addresses[0]} is an address of this machine or its network; "
            "allow it with allow_private (--allow-private) if you mean it"
        )
    for address in allowed:
        try:
            reached = socket.create_connection((address, port), timeout=seconds)
            break
        except OSError:
            if address == allowed[-1]:
                raise
    if not secure:
        return reached
    return ssl.create_default_context().wrap_socket(reached, server_hostname=host)


def _hang_up(reached: socket.socket) -> None:
    with contextlib.suppress(OSError):
        reached.shutdown(socket.SHUT_RDWR)


def _body(response: BaseHTTPResponse, politeness: Politeness, deadline: float) -> bytes:
    """Read an answer in pieces, so that neither size nor time can run away."""
    largest = politeness.page_bytes
    declared = response.headers.get("content-length", "")
    if re.fullmatch(r"[0-9]{1,18}", declared) and int(declared) > largest:
        raise FetchError(f"the page has {size(int(declared))}; at most {size(largest)} are fetched")
    data = bytearray()
    # read1 gives what has come; a whole chunk could take a dripping server for ever.
    while piece := response.read1(_CHUNK):
        data += piece
        if len(data) > largest:
            raise FetchError(f"the page has more than {size(largest)}")
        if time.monotonic() >= deadline:
            break
    # Asked after the last piece too: what was hung up on looks like an end.
    if time.monotonic() >= deadline:
        raise FetchError(_TOO_SLOW.format(politeness.seconds))
    return bytes(data)


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
        # Every name is looked at in the form that is asked for, and those that are none refused.
        name = host if ":" in host else host.encode("idna").decode("ascii")
        safe = "/%:=&?~#+!$,;'@()*[]"
        path, query = quote(parts.path or "/", safe=safe), quote(parts.query, safe=safe)
    except (ValueError, UnicodeError) as error:
        raise FetchError(f"it is no address of a page ({error})") from error
    if parts.scheme not in ("http", "https") or not name:
        raise FetchError(f"only http and https pages are fetched, not {url[:80]!r}")
    if parts.username or parts.password:
        raise FetchError("the address holds a name and password; they are not sent")
    if ":" not in name and not re.fullmatch(r"[\w.-]+", name, re.ASCII):
        raise FetchError(f"it is no address of a page ({name[:80]!r} is no name of a server)")
    place = (f"[{name}]" if ":" in name else name) + (f":{port}" if port else "")
    return urlunsplit((parts.scheme, place, path, query, ""))


def is_public(address: str) -> bool:
    """Tell whether an address is one of the open net; addresses within addresses too.

    Examples
    --------
    >>> [is_public(a) for a in ("8.8.8.8", "10.1.2.3", "192.0.0.8", "2606:4700::1111")]
    [True, False, False, True]
    >>> [is_public(a) for a in ("::1", "::ffff:127.0.0.1", "::7f00:1", "64:ff9b::10.0.0.1")]
    [False, False, False, False]
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        for prefix, after in _EMBEDDING.items():
            if ip in prefix:
                return is_public(str(ipaddress.IPv4Address(int(ip) >> after & 0xFFFFFFFF)))
        return ip in _OPEN_V6 and ip.is_global
    return ip.is_global and not ip.is_multicast and ip not in _SPECIAL_V4


def _retry_after(answer: Answer) -> float:
    """Return the seconds that a server asks to wait: a number or a date."""
    from email.utils import parsedate_to_datetime as read

    value = answer.headers.get("retry-after", "").strip()
    digits = re.fullmatch("[0-9]{1,12}", value)
    try:
        return float(value) if digits else max(0.0, read(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError, OSError):
        return 0.0
