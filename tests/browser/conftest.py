"""A real JupyterLab, a real Voilà and a real browser; all traffic stays on this machine."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import nbformat
import pytest

from toolkit.figures import font_path

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "a-token-for-tests"
IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'


@pytest.fixture(scope="session")
def hostile_cell():
    """Return the code of a cell that makes the texts of tests/explore."""
    path = Path(__file__).parent.parent / "explore" / "conftest.py"
    return f"import runpy\ncorpus = runpy.run_path({str(path)!r})['hostile_corpus']()"


@pytest.fixture(scope="module")
def expect(chromium):
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    return expect


@pytest.fixture(scope="module")
def launch(tmp_path_factory):
    """Start a browser on a system that has the fonts of some folders only.

    It ends with the module: while Playwright runs, so does an event loop in this thread, and
    the tests of other modules have loops of their own.
    """
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if path is None:
        pytest.skip("no chromium: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:

        def started(*folders):
            fonts = tmp_path_factory.mktemp("fonts") / "fonts.conf"
            listed = "".join(f"<dir>{folder}</dir>" for folder in folders) + MONOSPACE
            fonts.write_text(f"<fontconfig>{listed}</fontconfig>", encoding="utf-8")
            environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
            return playwright.chromium.launch(executable_path=path, args=ARGUMENTS, env=environment)

        yield started


# As every system has it: which font stands for the generic name.
MONOSPACE = (
    "<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>"
)
LATIN = Path(matplotlib.get_data_path(), "fonts", "ttf")


@pytest.fixture(scope="module")
def chromium(launch):
    """A browser on a system that has Latin fonts only."""
    browser = launch(LATIN)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def chinese_chromium(launch):
    """A browser on a system with Chinese fonts too: widgets are drawn with those."""
    browser = launch(LATIN, font_path("sans").parent)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium):
    """A page at the size of a small projector, which notes errors and requests."""
    yield from opened_page(chromium)


@pytest.fixture
def chinese_page(chinese_chromium):
    yield from opened_page(chinese_chromium)


def opened_page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    page = context.new_page()
    page.errors, page.outside = [], []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on(
        "console",
        lambda message: message.type == "error" and page.errors.append(message.text),
    )

    def requested(request):
        if not request.url.startswith(
            ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:")
        ):
            page.outside.append(request.url)

    page.on("request", requested)
    yield page
    context.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory, request):
    """The folder of screenshots: kept, to be looked at."""
    given = os.environ.get("CITY_GOVERNANCE_TOOLKIT_SHOTS")
    folder = Path(given) if given else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def find_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def free_port():
    return find_port


def wait_for(url, process, log):
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(url, timeout=2)
        except urllib.error.HTTPError:
            return  # an answer, if not a kind one
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"no answer: {log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def serve(workplace, tmp_path_factory):
    """Start servers in the folder of the notebooks; they end with the module."""
    with servers(workplace, tmp_path_factory.mktemp("jupyter")) as start:
        yield start


@contextmanager
def servers(workplace, own):
    """Yield what starts a server in `workplace`; settings are of `own` alone."""
    started = []
    # A new JupyterLab asks whether it may fetch news.
    news = own / "settings" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "IPYTHONDIR": str(own / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "PYTHONWARNINGS": "ignore",
    }

    def start(module, *arguments, ready):
        log = own / f"{module}.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=workplace,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        wait_for(ready, process, log)

    try:
        yield start
    finally:
        end(started)


def end(started):
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def lab(serve):
    """The address of a JupyterLab."""
    return start_lab(serve)


@pytest.fixture(scope="module")
def notebook7(serve):
    """The address of a Notebook 7."""
    return start_lab(serve, "notebook")


def start_lab(start, module="jupyterlab"):
    port = find_port()
    start(
        module,
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        ready=f"http://127.0.0.1:{port}/api?token={TOKEN}",
    )
    # A page that opens before the kernels are known asks which one to take.
    with urllib.request.urlopen(
        f"http://127.0.0.1:{port}/api/kernelspecs?token={TOKEN}", timeout=60
    ) as answer:
        assert "python3" in json.load(answer)["kernelspecs"]
    return f"http://127.0.0.1:{port}"


def save_notebook(path, *cells):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": kernel},
    )
    nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def write_notebook():
    return save_notebook


@pytest.fixture
def open_lab(lab, workplace, chinese_page):
    """Open a notebook of some cells in JupyterLab and run it all."""

    def opened(name, *cells):
        for kept in workplace.glob("autosave-*.yaml"):  # each begins anew
            kept.unlink()
        save_notebook(workplace / name, *cells)
        run_all(chinese_page, f"{lab}/lab/tree/{name}?token={TOKEN}&reset")
        return chinese_page

    return opened


@pytest.fixture
def open_notebook7(notebook7, workplace, page):
    """Open a notebook of some cells in Notebook 7 and run it all, without Chinese fonts."""

    def opened(name, *cells):
        save_notebook(workplace / name, *cells)
        run_all(page, f"{notebook7}/notebooks/{name}?token={TOKEN}", page.locator(IDLE))
        return page

    return opened


def run_all(page, address, ready=None):
    from playwright.sync_api import TimeoutError

    page.goto(address)
    # Earlier, JupyterLab would ask which kernel to take.
    ready = ready or page.get_by_text(re.compile(r"Python 3.*\| Idle"))
    ready.wait_for(timeout=60_000)
    begun = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]")).first
    for _ in range(5):  # what is asked for before the kernel is known is lost
        for dialog in page.locator(".jp-Dialog").all():  # on a busy machine it may ask after all
            assert "kernel" in (asked := dialog.inner_text()).lower(), asked
            dialog.locator(".jp-mod-accept").click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            begun.wait_for(timeout=4000)
        except TimeoutError:
            continue
        return
    raise AssertionError("the cells do not run")


@pytest.fixture(scope="session")
def idle():
    """Wait until the kernel has nothing to do."""
    return lambda page: page.locator(IDLE).wait_for(timeout=60_000)


# Draws a character as the page would and returns its pixels.
PIXELS = """
char => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.font = "40px " + getComputedStyle(document.body).fontFamily;
    pen.fillText(char, 20, 60);
    return canvas.toDataURL();
}
"""


@pytest.fixture(scope="session")
def assert_chinese():
    """Assert that a page has a font for Chinese, as its text would be drawn."""

    def shown(page):
        box, *drawn = (page.evaluate(PIXELS, character) for character in "\ue000城市诉")
        assert len({box, *drawn}) == 4, "characters that a font lacks are drawn as the same box"

    return shown


# The five texts that are hardest to read: their contrast with what is behind them.
CONTRASTS = """(root) => {
  const parts = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = (top, below) => below.map((b, i) => i < 3 ? top[3] * top[i] + (1 - top[3]) * b : 1);
  const part = (v) => v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b) + 0.05;
  const tags = "h1, a, p, td, th, h4, label, button, bdi, footer, mark, .value, .widget-label";
  const shown = (e) => e.checkVisibility() && !e.matches(".disabled, :disabled");
  const texts = `${root} :is(${tags})`;
  return [...document.querySelectorAll(texts)].filter((e) => shown(e) && e.innerText)
    .map((e) => {
      const behind = [];
      for (let x = e; x; x = x.parentElement) {
        behind.unshift(parts(getComputedStyle(x).backgroundColor));
      }
      const back = behind.reduce((below, top) => over(top, below), [255, 255, 255, 1]);
      const ink = over(parts(getComputedStyle(e).color), back);
      const [a, b] = [light(ink), light(back)];
      return [Math.max(a, b) / Math.min(a, b), `${e.className} ${e.innerText.slice(0, 20)}`];
    }).sort(([a], [b]) => a - b).slice(0, 5);
}"""


@pytest.fixture(scope="session")
def hardest():
    """Return the texts below a selector that are hardest to read, each after its contrast."""
    return lambda page, root: page.evaluate(CONTRASTS, root)
