"""Fetching from a real server on loopback that behaves as badly as servers do."""

import csv
import hashlib
import json
import re
import socket
import time
from dataclasses import replace
from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from toolkit import Corpus, Politeness, collection_table, fetch, intake
from toolkit.cli import app
from toolkit.ingest import FetchError
from toolkit.ingest.collecting import COLLECTIONS
from toolkit.ingest.limits import Limits
from toolkit.ingest.pagelist import fetch_pages
from toolkit.ingest.polite import asked, get, is_public
from toolkit.ingest.store import Store
from toolkit.installed import resource
from toolkit.metadata import CorpusError

RUN = CliRunner()


def pages_of(urls, folder, **kwargs):
    """The pages of addresses alone, kept in a folder."""
    return fetch_pages([{"url": url} for url in urls], Store(folder, Limits()), **kwargs)


def listed(path, urls, **columns):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["url", *columns])
        writer.writerows([url, *columns.values()] for url in urls)
    return path


@pytest.mark.parametrize(
    "name",
    ["utf8", "gbk", "wrong-header", "utf8-as-gbk", "gzip", "chunked", "moved", "busy"],
)
def test_pages_in_all_their_shapes_become_the_same_text(site, polite, tmp_path, name):
    table = fetch(
        listed(tmp_path / "l.csv", [f"{site.url}/{name}.html"], city="北京", kind="新闻"),
        into=tmp_path / "c",
        politeness=polite,
    )
    assert [*table["status"]] == ["accepted"], table.loc[0].to_dict()
    corpus = Corpus.load(tmp_path / "c")
    text = corpus.units["text"].iloc[0]
    assert [line[:4] for line in text.split("\n")] == ["第一段：", "第二段：", "第三段："]
    assert "首页" not in text and "分享" not in text
    row = corpus.units.iloc[0]
    told = [row[c] for c in ("title", "date", "source", "city", "kind")]
    assert told == ["城市怎样治理", "2023-05-10", "甲网", "北京", "news"]


def test_big5_pages_keep_their_script(site, polite, tmp_path):
    table = fetch(
        listed(tmp_path / "l.csv", [f"{site.url}/big5.html"]),
        into=tmp_path / "c",
        politeness=polite,
    )
    assert [*table["encoding"]] == ["big5hkscs"]
    assert "像繡花一樣精細" in Corpus.load(tmp_path / "c").units["text"].iloc[0]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "404: the page is gone"),
        ("forbidden", "403: it refuses programs"),
        ("empty", "the page is empty"),
        ("down", "503 after 3 tries"),
        ("closed", "503 after 1 try, and asks to wait 86400 seconds"),
        ("circle", "redirects in a circle"),
        ("endless", "more than 5 redirects"),
        ("to-file", "only http and https pages are fetched, not 'file:"),
        ("to-ftp", "only http and https pages are fetched, not 'ftp:"),
        ("huge", "the page has 5.0 GB; at most 1.0 MB"),
        ("huge-undeclared", "the page has more than 1.0 MB"),
        ("gzip-bomb", "the page has more than 1.0 MB"),
        ("slow", "took longer than 1 seconds"),
        ("slow-headers", "took longer than 1 seconds"),
        ("truncated", "the answer broke off after 3 tries"),
        ("secret", "robots.txt of the site asks not to fetch it"),
    ],
)
def test_what_cannot_be_fetched_is_told(site, polite, tmp_path, name, reason):
    began = time.monotonic()
    polite = replace(polite, page_bytes=1_000_000, seconds=1)
    (page,) = pages_of([f"{site.url}/{name}.html"], tmp_path, politeness=polite)
    assert reason in page.reason
    assert not page.original
    assert time.monotonic() - began < 10


def test_all_reasons_reach_the_table_and_none_stops_the_others(site, polite, tmp_path):
    urls = [f"{site.url}/{n}.html" for n in ("missing", "utf8", "forbidden")]
    urls += ["ftp://a.cn/x", "not an address", "http://u:p@a.cn/"]
    path = listed(tmp_path / "l.csv", urls)
    path.write_text(path.read_text().replace("url", "url,title", 1) + ",no address\n")
    table = fetch(path, into=tmp_path / "c", politeness=polite)
    assert [*table["status"]] == ["quarantined", "accepted", *["quarantined"] * 5]
    reasons = [*table["reason"]]
    assert "the page is gone" in reasons[0]
    assert "only http and https" in reasons[3] and "only http and https" in reasons[4]
    assert "name and password" in reasons[5]
    assert reasons[6] == "the list has no address for it"
    assert len(Corpus.load(tmp_path / "c")) == 1


def test_private_addresses_are_refused_unless_allowed(site, polite, tmp_path):
    strict = replace(polite, allow_private=False, retries=0)
    local = site.url.replace("127.0.0.1", "localhost")
    for url in (site.url, local):
        (page,) = pages_of([f"{url}/utf8.html"], tmp_path, politeness=strict)
        assert "an address of this machine or its network" in page.reason
    assert site.asked == [], "the connection is looked at before anything is asked"


def test_robots_delay_and_name(site, polite, tmp_path):
    polite = replace(polite, user_agent="Zhang San (zhang@example.org)", delay=0.3)
    urls = [f"{site.url}/{n}.html" for n in ("utf8", "gbk", "secret")]
    pages_of(urls, tmp_path, politeness=polite)
    assert [path for _, path, _ in site.asked] == ["/robots.txt", "/utf8.html", "/gbk.html"]
    assert {headers["User-Agent"] for *_, headers in site.asked} == {polite.user_agent}
    times = [at for at, *_ in site.asked]
    assert times[1] - times[0] >= 0.3 and times[2] - times[1] >= 0.3
    site.robots = "User-agent: *\nCrawl-delay: 1\n"
    site.asked.clear()
    pages_of([f"{site.url}/moved.html", f"{site.url}/gzip.html"], tmp_path, politeness=polite)
    times = [at for at, path, _ in site.asked if path in ("/moved.html", "/gzip.html")]
    assert times[1] - times[0] >= 1, "the site's own delay is longer than ours"


def test_without_robots_all_is_allowed_and_with_a_refusal_nothing(site, polite, tmp_path):
    for status, fetched in ((404, True), (403, False)):
        type(site).robots_status = status

        def robots(handler, status=status):
            handler.say(status=status)

        handler = site.RequestHandlerClass
        original, handler.robots_txt = handler.robots_txt, robots
        try:
            (page,) = pages_of([f"{site.url}/utf8.html"], tmp_path / str(status),
                                  politeness=polite)  # fmt: skip
        finally:
            handler.robots_txt = original
        assert bool(page.original) is fetched


def test_fetched_pages_are_not_asked_for_again_unless_refreshed(site, polite, tmp_path):
    urls = [f"{site.url}/changing.html"]
    first = pages_of(urls, tmp_path, politeness=polite)
    site.asked.clear()
    assert pages_of(urls, tmp_path, politeness=polite) == first
    assert site.asked == []
    assert pages_of(urls, tmp_path, politeness=polite, refresh=True) == first
    assert site.asked[-1][2]["If-None-Match"] == '"1"'
    site.etag = '"2"'
    pages_of(urls, tmp_path, politeness=polite, refresh=True)
    (record,) = tmp_path.glob(".intake/pages/*.json")
    assert json.loads(record.read_text())["etag"] == '"2"'


def test_a_failed_refresh_keeps_the_page(site, polite, tmp_path):
    urls = [f"{site.url}/changing.html"]
    (before,) = pages_of(urls, tmp_path, politeness=polite)
    site.RequestHandlerClass.changing_html, kept = (
        lambda handler: handler.say(status=500),
        site.RequestHandlerClass.changing_html,
    )
    try:
        (page,) = pages_of(urls, tmp_path, politeness=polite, refresh=True)
    finally:
        site.RequestHandlerClass.changing_html = kept
    assert page.original == before.original and "500" in page.note


def test_a_list_of_addresses_is_taken_in_like_files(site, polite, tmp_path):
    (tmp_path / "pages.txt").write_text(f"# two pages\n{site.url}/utf8.html\n{site.url}/x.html\n")
    table = intake(tmp_path / "pages.txt", into=tmp_path / "c", politeness=polite)
    assert [*table["status"]] == ["accepted", "quarantined"]


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "http://", "http://[::1", "javascript:alert(1)"),
        *("http://a b/", "file:///etc/passwd", "http://a:99999/"),
    ],
)
def test_no_address(url):
    with pytest.raises(FetchError):
        get(url, Politeness(retries=0, seconds=2))


def test_chinese_in_addresses_is_encoded_once():
    assert asked("http://a.cn/%E5%9F%8E?x=%E5%9F%8E") == "http://a.cn/%E5%9F%8E?x=%E5%9F%8E"
    assert asked("HTTP://a.cn/城 市") == "http://a.cn/%E5%9F%8E%20%E5%B8%82"


# ---------------------------------------------------------------- the collection


@pytest.fixture
def small_collection(monkeypatch, site):
    """The registry with texts of our own in place of the reports, and a mirror that has them."""
    table = collection_table("gwr2024").head(6).copy()
    for i, row in table.iterrows():
        text = (
            f"各位代表：\n现在，我代表市人民政府向大会报告工作。\n{row['city']}" + "治理。" * 3000
        )
        data = text.encode()
        site.files[f"/files/{row['path']}".replace(row["city"], _quoted(row["city"]))] = data
        table.loc[i, "sha256"] = hashlib.sha256(data).hexdigest()
    monkeypatch.setattr("toolkit.ingest.collecting.collection_table", lambda name: table)
    return table


def _quoted(text):
    from urllib.parse import quote

    return quote(text)


def test_a_collection_comes_from_a_mirror_and_only_once(site, polite, tmp_path, small_collection):
    kept = {"into": tmp_path / "c", "base_url": f"{site.url}/files", "politeness": polite}
    table = fetch("gwr2024", **kept)
    assert [*table["status"].unique()] == ["accepted"]
    assert len(site.asked) == 6
    assert fetch("gwr2024", **kept).equals(table)
    assert len(site.asked) == 6, "what is there is not fetched again"
    units = Corpus.load(tmp_path / "c").units
    assert sorted(units["city"]) == sorted(small_collection["city"])
    assert set(units["year"]) == {2024} and set(units["kind"]) == {"report"}
    assert units["url"].str.startswith("https://raw.githubusercontent.com/JiangGufan/").all()


def test_a_wrong_file_of_a_collection_is_quarantined(site, polite, tmp_path, small_collection):
    wrong = next(iter(site.files))
    site.files[wrong] = b"something else"
    table = fetch("gwr2024", into=tmp_path / "c", base_url=f"{site.url}/files", politeness=polite)
    assert [*table["status"]].count("quarantined") == 1
    assert table["reason"].str.contains("SHA-256").sum() == 1


def test_offline_it_says_what_it_wants_and_takes_files_put_there_by_hand(
    polite, tmp_path, small_collection, site
):
    files = dict(site.files)
    site.files.clear()
    unreachable = {"base_url": "http://127.0.0.1:9/x", "politeness": replace(polite, retries=0)}
    with pytest.raises(FetchError) as told:
        fetch("gwr2024", into=tmp_path / "c", **unreachable)
    folder = tmp_path / "c" / "fetched" / "gwr2024"
    assert "http://127.0.0.1:9/x/data/txt_doc_level/三亚.txt" in str(told.value)
    assert f"put the files by hand into {folder}" in str(told.value)
    for (_, row), data in zip(small_collection.iterrows(), files.values(), strict=True):
        (folder / f"{row['city']}.txt").write_bytes(data)
    table = fetch("gwr2024", into=tmp_path / "c", **unreachable)
    assert [*table["status"].unique()] == ["accepted"]


def test_known_flaws_are_told_when_the_collection_is_loaded(
    polite, tmp_path, site, small_collection
):
    small_collection.loc[2, "flaw"] = "probably truncated"
    fetch("gwr2024", into=tmp_path / "c", base_url=f"{site.url}/files", politeness=polite)
    with pytest.warns(UserWarning, match="1 of 6 texts have a flaw .*东营: probably truncated"):
        Corpus.load(tmp_path / "c")


def test_registries_hold_facts_of_the_right_form():
    table = collection_table("gwr2024")
    assert len(table) == 143 and table["city"].is_unique
    assert table["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert table["path"].str.fullmatch(r"data/txt_doc_level/\w+\.txt").all()
    with pytest.raises(CorpusError, match="there is no collection 'gwr2025'; there are gwr2024"):
        collection_table("gwr2025")
    from toolkit.ingest.formats import address_list

    path = resource("corpus", "collections", "sources.csv")
    rows = address_list(path.name, path.read_bytes(), Limits())
    assert len(rows) == 463
    assert sum(bool(row["url"]) for row in rows) == 445


def test_the_commands_of_the_readme_name_all_they_need():
    readme = resource("corpus", "README.md")
    commands = re.findall(r"`toolkit (fetch [^`]+)`", readme.read_text("utf-8"))
    english, chinese = commands[: len(commands) // 2], commands[len(commands) // 2 :]
    assert english == chinese and len(english) == 2
    for _, option, *rest in map(str.split, commands):
        assert rest[-2:] == ["--into", "reports"]
        assert option in COLLECTIONS or (option == "--list" and resource(rest[0]).is_file())


def test_the_command(site, tmp_path):
    path = listed(tmp_path / "l.csv", [f"{site.url}/utf8.html", f"{site.url}/no.html"])
    common = ["fetch", "--list", str(path), "--into", str(tmp_path / "c"), "--delay", "0"]
    shown = RUN.invoke(app, [*common, "--allow-private", "--user-agent", "me"])
    assert shown.exit_code == 1
    assert "1 accepted, 0 accepted with warnings, 1 quarantined" in shown.output
    assert {headers["User-Agent"] for *_, headers in site.asked} == {"me"}
    assert RUN.invoke(app, ["fetch", "--into", str(tmp_path)]).exit_code == 2
    shown = RUN.invoke(app, ["fetch", "gwr1999", "--into", str(tmp_path / "d")])
    assert shown.exit_code == 1 and "no file and no collection" in shown.output


def test_redirects_obey_robots_too(site, polite, tmp_path):
    (page,) = pages_of([f"{site.url}/to-secret.html"], tmp_path, politeness=polite)
    assert "robots.txt" in page.reason
    assert "/secret.html" not in [path for _, path, _ in site.asked]


def test_a_stopped_fetch_goes_on_where_it_was(site, polite, tmp_path, monkeypatch):
    urls = [f"{site.url}/{n}.html" for n in ("utf8", "gbk", "gzip", "chunked")]
    real, done = Store.note, []

    def stops(store, name, value):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(name)
        real(store, name, value)

    monkeypatch.setattr(Store, "note", stops)
    with pytest.raises(KeyboardInterrupt):
        pages_of(urls, tmp_path, politeness=polite)
    monkeypatch.undo()
    site.asked.clear()
    pages = pages_of(urls, tmp_path, politeness=polite)
    assert all(page.original for page in pages)
    assert [path for _, path, _ in site.asked] == ["/robots.txt", "/gzip.html", "/chunked.html"]


def test_a_host_that_does_not_answer_is_not_asked_for_every_page(polite, tmp_path):
    urls = [f"http://127.0.0.1:9/{i}" for i in range(50)]
    began = time.monotonic()
    pages = pages_of(urls, tmp_path, politeness=replace(polite, retries=1, backoff=0.5))
    assert time.monotonic() - began < 10
    assert {p.reason for p in pages} == {
        "its robots.txt could not be asked for: the server cannot be reached (no connection?) "
        "after 2 tries: run it again later"
    }


def test_what_is_kept_of_a_page(site, polite, tmp_path):
    (page,) = pages_of([f"{site.url}/utf8.html"], tmp_path, politeness=polite)
    (record,) = tmp_path.glob(".intake/pages/*.json")
    kept = json.loads(record.read_text())
    assert kept["url"] == kept["final_url"] == page.inner == f"{site.url}/utf8.html"
    assert kept["original"] == page.original and kept["suffix"] == ".html"
    assert hashlib.sha256((tmp_path / page.original).read_bytes()).hexdigest() == page.sha256


# ---------------------------------------------------------------- one host spoils nothing


@pytest.mark.parametrize(
    "robots",
    [
        *("Crawl-delay: ²", "Crawl-delay: %C2%B2", f"Crawl-delay: {'9' * 5000}", "Crawl-delay: -1"),
        *(f"Crawl-delay: {'9' * 4000}", "Request-rate: ²/²", f"Request-rate: {'1' * 5000}/1"),
        *(
            "Disallow: http://[bad",
            "Allow: //[",
            "Disallow",
            ": :",
            "\x00\ud800",
            "Sitemap: http://[",
        ),
    ],
)
def test_lines_of_robots_that_make_no_sense_say_nothing(site, polite, tmp_path, robots):
    site.robots = f"User-agent: *\n{robots}\nDisallow: /secret\n".encode(
        "utf-8", "replace"
    ).decode()
    polite = replace(polite, longest_wait=0.1)
    pages = pages_of(
        [f"{site.url}/{n}.html" for n in ("utf8", "secret")], tmp_path, politeness=polite
    )
    assert pages[0].original and "robots.txt" in pages[1].reason


@pytest.mark.parametrize(
    ("asks", "reason"),
    [
        ("status=429&Retry-After=%C2%B2", "429 after 3 tries"),
        (f"status=503&Retry-After={'9' * 5000}", "503 after 3 tries"),
        (f"status=503&Retry-After={'9' * 9}", "1 try, and asks to wait 999999999 seconds"),
        ("status=503&Retry-After=Mon, 99 Foo 99999 99:99:99 GMT", "503 after 3 tries"),
        ("status=302&Location=http://[bad", "redirects to no address ('http://[bad')"),
        ("status=302&Location=http://a b/", "no name of a server"),
        ("status=302&Location=http://%2525/", "no name of a server"),
        ("status=302&Location=http://x:99999/", "no address of a page"),
        ("status=302&Location=//%E2%84%80.cn", ""),
        (f"status=302&Location=http://{'a' * 70}.cn/", "no address of a page"),
        ("Content-Length=%C2%B2", ""),
        (f"Content-Length={'9' * 5000}", ""),
        ("Content-Type=%C2%B2;charset=%C2%B2", None),
        ("Content-Encoding=gzip", ""),
        ("ETag=%C3%BF%C2%B2", None),
    ],
)
def test_what_a_server_says_spoils_its_own_page_only(site, polite, tmp_path, asks, reason):
    urls = [f"{site.url}/says.html?{asks}".replace(" ", "%20"), f"{site.url}/utf8.html"]
    spoilt, good = pages_of(urls, tmp_path, politeness=polite)
    assert good.original
    assert (not spoilt.reason) if reason is None else (spoilt.reason and reason in spoilt.reason)
    if reason is None:
        pages_of(urls, tmp_path, politeness=polite, refresh=True)


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyError("x"), RecursionError("x"), TypeError("x")]
)
def test_whatever_fails_over_one_page_is_told_of_that_page(
    site, polite, tmp_path, monkeypatch, error
):
    from toolkit.ingest import pagelist

    real = pagelist.get

    def fails(url, *rest, **kwargs):
        if "gbk" in url:
            raise error
        return real(url, *rest, **kwargs)

    monkeypatch.setattr(pagelist, "get", fails)
    urls = [f"{site.url}/{n}.html" for n in ("gbk", "utf8")]
    failed, good = pages_of(urls, tmp_path, politeness=polite)
    assert good.original
    assert type(error).__name__ in failed.reason and "a fault of the toolkit" in failed.reason


def test_a_private_address_is_refused_at_once_and_told_as_such(site, tmp_path):
    began = time.monotonic()
    (page,) = pages_of([f"{site.url}/utf8.html"], tmp_path, politeness=Politeness())
    assert time.monotonic() - began < 1
    assert "127.0.0.1 is an address of this machine" in page.reason
    assert "allow_private" in page.reason and "tries" not in page.reason


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "[::1]", "[::7f00:1]", "[64:ff9b::7f00:1]"]
)
def test_a_private_address_is_not_even_connected_to(host, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: asked.append(a) or 1 / 0)
    began = time.monotonic()
    (page,) = pages_of([f"http://{host}:9/"], tmp_path, politeness=Politeness())
    assert time.monotonic() - began < 1 and not asked
    assert "is an address of this machine" in page.reason and "tries" not in page.reason


def test_a_server_that_does_not_prove_who_it_is_is_not_asked_again(site, polite):
    with pytest.raises(FetchError, match=r"SSL|prove|broke"):
        get(site.url.replace("http", "https"), replace(polite, retries=0))


@pytest.mark.parametrize("agent", ["张三 (zhang@example.org)", "a\nb", "a\r\nX: y", "é", "\x00"])
def test_a_name_that_cannot_be_sent_is_told_at_once(agent, tmp_path):
    with pytest.raises(ValueError, match=r"cannot be sent: .* Pinyin"):
        Politeness(user_agent=agent)
    listed(tmp_path / "l.csv", ["http://a.cn/"])
    common = ["fetch", "--list", str(tmp_path / "l.csv"), "--into", str(tmp_path / "c")]
    shown = RUN.invoke(app, [*common, "--user-agent", agent])
    assert shown.exit_code == 1 and "error: the user agent" in shown.output


EMBEDDED = ("::ffff:{}", "64:ff9b::{}", "::ffff:0:{}", "::{}", "2002:{hex}::", "64:ff9b:1::{}")
PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "192.0.0.8", "192.0.0.9", "192.0.0.170", "192.0.2.1", "198.18.0.1"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "203.0.113.5"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_in_every_form(address):
    number = int(ip_address(address))
    assert not is_public(address)
    for form in EMBEDDED:
        inside = form.format(address, hex=f"{number >> 16:x}:{number & 0xFFFF:x}")
        assert not is_public(inside), inside
        assert not is_public(str(ip_address(inside))), inside


@pytest.mark.parametrize(
    "address",
    ["::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "100::1", "::7f00:1"],
)
def test_addresses_of_version_6_that_are_not_public(address):
    assert not is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_address_within_an_address_is_what_it_is_itself(number):
    plain = IPv4Address(number)
    wrapped = [f"::ffff:{plain}", f"64:ff9b::{plain}"]
    wrapped.append(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1")
    assert {is_public(one) for one in wrapped} == {is_public(str(plain))}
    assert not is_public(f"::{plain}")
