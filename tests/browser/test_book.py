"""The documentation site, as a reader's browser shows it; the build is strict."""

import functools
import http.server
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def site(executed, tmp_path_factory):
    """The site on this machine, of the notebooks that this session has run."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "docs/build.py", folder, "--executed", executed]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def test_pages_show_chinese_and_fetch_nothing_from_elsewhere(page, site, shots, assert_chinese):
    for path in ("index", "notebooks/zh/04-tfidf", "notebooks/en/05-topics", "docs/glossary"):
        page.goto(f"{site}/{path}.html")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=shots / f"book-{Path(path).name}.png")
        assert_chinese(page)
    assert page.errors == []
    assert page.outside == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [("接诉即办", "03 "), ("choose_k", "toolkit.choose_k"), ("关键性", "06 ")],
)
def test_search_finds_chinese_and_names(page, site, query, expected):
    page.goto(f"{site}/search.html?q={query}")
    page.get_by_text(re.compile(r"found \d+ page")).wait_for()
    titles = page.locator("ul.search li > a").all_text_contents()
    assert any(expected in title for title in titles), titles


def test_every_public_name_has_its_page(page, site):
    import toolkit

    page.goto(f"{site}/reference.html")
    shown = page.locator("article").inner_text()
    assert [name for name in toolkit.__all__ if f"toolkit.{name}" not in shown] == []
