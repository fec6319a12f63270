"""A real server on loopback that behaves as badly as servers do, and the files of the issue."""

import gzip
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from toolkit import Politeness
from toolkit.ingest.limits import Limits

sys.path.insert(0, str(Path(__file__).parent))  # the tests share wrapping.py

BODY = "城市治理要像绣花一样精细。" * 20
PAGE = (
    "<html><head><meta charset='{charset}'><title>城市怎样治理_甲市政府网</title></head><body>"
    "<ul><li><a href='/'>首页</a></li><li><a href='/h'>互动</a></li></ul><h1>城市怎样治理</h1>"
    "<p>发布时间：2023-05-10 来源：甲网</p><div>"
    + "".join(f"<p>第{n}段：{BODY}</p>" for n in "一二三")
    + "</div><p>分享到：</p></body></html>"
)


class Site(BaseHTTPRequestHandler):
    """Answers by the path; what was asked is kept for the tests to look at."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def say(self, data=b"", status=200, kind="text/html", **headers):
        self.send_response(status)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Content-Type": kind, "Content-Length": len(data), **headers}
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        server = self.server
        server.asked.append((time.monotonic(), self.path, dict(self.headers)))
        name = self.path.strip("/").partition("?")[0].replace(".", "_").replace("-", "_")
        if self.path.startswith("/files/"):
            data = server.files.get(self.path)
            self.say(data, kind="text/plain") if data is not None else self.say(status=404)
        elif handler := getattr(self, name, None):
            handler()
        else:
            self.say(status=404)

    def robots_txt(self):
        self.say(self.server.robots.encode(), kind="text/plain")

    def utf8_html(self):
        self.say(PAGE.format(charset="utf-8").encode(), kind="text/html; charset=utf-8")

    def gbk_html(self):
        self.say(PAGE.format(charset="gb2312").encode("gbk"), kind="text/html; charset=gb2312")

    def wrong_header_html(self):  # GBK that claims to be UTF-8, in the header and in the page
        self.say(PAGE.format(charset="utf-8").encode("gbk"), kind="text/html; charset=utf-8")

    def utf8_as_gbk_html(self):
        self.say(PAGE.format(charset="gbk").encode(), kind="text/html; charset=gbk")

    def big5_html(self):
        page = "<html><body>" + "<p>城市治理要像繡花一樣精細，這是為人民。</p>" * 20
        self.say(page.encode("big5"), kind="text/html; charset=big5")

    def gzip_html(self):
        data = gzip.compress(PAGE.format(charset="utf-8").encode())
        self.say(data, Content_Encoding="gzip")

    def gzip_bomb_html(self):
        self.say(gzip.compress(b"\0" * 5_000_000), Content_Encoding="gzip")

    def chunked_html(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        data = PAGE.format(charset="utf-8").encode()
        for i in range(0, len(data), 700):
            piece = data[i : i + 700]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def slow_html(self):
        self.drip(b"<p>x</p>")

    def slow_headers_html(self):
        self.drip(b"X-Pad: 1\r\n", head=b"HTTP/1.1 200 OK\r\n")

    def drip(self, piece, head=b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"):
        try:
            self.wfile.write(head)
            for _ in range(600):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def truncated_html(self):
        data = PAGE.format(charset="utf-8").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data) + 1000))
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def empty_html(self):
        self.say()

    def busy_html(self):  # asks to wait, then answers
        self.server.tries["busy"] += 1
        if self.server.tries["busy"] < 3:
            self.say(status=429, Retry_After="0")
        else:
            self.utf8_html()

    def down_html(self):
        self.say(status=503)

    def closed_html(self):
        self.say(status=503, Retry_After="86400")

    def says_html(self):
        """What the address asks for: a status, and a header with its value."""
        asked = dict(parse_qsl(self.path.partition("?")[2]))
        status = int(asked.pop("status", "200"))
        self.utf8_html() if not asked else self.say(b"x", status=status, **asked)

    def forbidden_html(self):
        self.say(status=403)

    def secret_html(self):
        self.utf8_html()

    def circle_html(self):
        self.say(status=302, Location="/circle-2.html")

    def circle_2_html(self):
        self.say(status=302, Location="/circle.html")

    def endless_html(self):
        _, _, n = self.path.partition("?")
        self.say(status=302, Location=f"/endless.html?{int(n or 0) + 1}")

    def moved_html(self):
        self.say(status=301, Location="/utf8.html")

    def to_secret_html(self):
        self.say(status=302, Location="/secret.html")

    def to_file_html(self):
        self.say(status=302, Location="file:///etc/passwd")

    def to_ftp_html(self):
        self.say(status=302, Location="ftp://127.0.0.1/x")

    def huge_html(self):
        self.say(b"", Content_Length=5_000_000_000)
        self.close_connection = True

    def huge_undeclared_html(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(2000):
                self.wfile.write(b"x" * 65_536)
        except OSError:
            pass
        self.close_connection = True

    def changing_html(self):
        if self.headers.get("If-None-Match") == self.server.etag:
            self.say(status=304, Content_Length=None)
        else:
            self.say(PAGE.format(charset="utf-8").encode(), ETag=self.server.etag)

    def report_pdf(self):
        self.say(b"%PDF-1.4 not really", kind="application/pdf")


@pytest.fixture
def site():
    """The server; ``site.url`` is its address, ``site.asked`` what was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.asked, server.files, server.etag = [], {}, '"1"'
    server.tries = dict.fromkeys(("busy",), 0)
    server.robots = "User-agent: *\nDisallow: /secret\n"
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def polite():
    """As polite as a test has time for, and allowed to ask this machine."""
    return Politeness(delay=0, retries=2, backoff=0.01, seconds=3, allow_private=True)


@pytest.fixture
def small():
    """Limits that a test reaches quickly."""
    return Limits(
        file_bytes=3_000_000,
        unpacked_bytes=5_000_000,
        text_chars=500_000,
        entries=100,
        seconds=20,
        memory_bytes=1_500_000_000,
    )
