"""What several test modules share."""

import importlib.util
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings

from toolkit import Corpus, clean, segment, tfidf

# No test is about time: a busy machine would fail it.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser):
    parser.addoption("--save", type=Path, help="keep the figures of the tests in this folder")


def pytest_collection_modifyitems(items):
    """Mark as exhaustive what needs a browser, an installed wheel or a notebook that is run."""
    for item in items:
        dear = {"executed", "installed"} & {*getattr(item, "fixturenames", ())}
        if dear or "browser" in item.path.parts:
            item.add_marker("exhaustive")


def pytest_terminal_summary(terminalreporter, config):
    """Say what was left out, and how to run it."""
    if config.option.markexpr == "not exhaustive":
        terminalreporter.write_line(
            "left out: what is marked exhaustive (browsers, notebooks, every preset, kills); "
            'pytest -m "" runs all, some 20 minutes on two cores'
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where nothing that a test needs may be missing, a skipped test has failed."""
    report = yield
    if report.skipped and os.environ.get("CITY_GOVERNANCE_TOOLKIT_NO_SKIP") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped where no test may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def sample():
    """The sample corpus as it stands on disk."""
    return Corpus.sample()


@pytest.fixture(scope="session")
def sections():
    """The sections of the cleaned sample corpus."""
    return clean(Corpus.sample()).corpus.split("section")


@pytest.fixture(scope="session")
def tokens(sections):
    return segment(sections)


@pytest.fixture(scope="session")
def matrix(tokens):
    return tfidf(tokens)


ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def build():
    """Return ``notebooks/build.py`` as a module."""
    spec = importlib.util.spec_from_file_location("build", ROOT / "notebooks" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """Return a folder into which the wheel is installed: the toolkit without its checkout."""
    made = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", made, ROOT]
    done = subprocess.run(build, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    install = [*pip, "install", "--no-deps", "--no-index", "--target", made / "site"]
    subprocess.run([*install, *made.glob("*.whl")], check=True, capture_output=True, timeout=300)
    return made / "site"


# Found by every Python that starts where this is on the path: it talks to this machine only, and
# has not what only an extra of the toolkit brings.
PLAIN = """
import socket
import sys

EXTRA = {"bibtexparser", "distributed", "docx", "lxml", "opencc", "pyarrow", "pypdfium2"}
EXTRA |= {"python_calamine", "rispy", "tomotopy", "trafilatura"}

class Missing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in EXTRA:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing)

connect = socket.socket.connect

def connect_here(self, address):
    if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in ("127.0.0.1", "::1"):
        raise OSError(f"a notebook asks for {address}: they run without network")
    return connect(self, address)

socket.socket.connect = connect_here
"""
RUN_NOTEBOOK = """
import sys
from pathlib import Path
import nbformat
from toolkit.study import run_notebook

source, target, where = map(Path, sys.argv[1:])
import toolkit
assert Path(toolkit.__file__).is_relative_to(where), toolkit.__file__
nbformat.write(run_notebook(source, Path.cwd()), target)
"""


@pytest.fixture(scope="session")
def executed(request, build, installed, tmp_path_factory):
    """Return a folder of notebooks with their outputs, ``en/NAME.ipynb``, ``zh/NAME.ipynb``.

    The English ones are run with their solutions from the checkout, the Chinese ones as they
    are committed, from the wheel and without a checkout. All are run offline and with what a
    plain install brings, each from a fresh kernel in a folder of its own; the error of one that
    fails is in ``NAME.error``.
    Only the notebooks are run that a test of this session has as its parameters. Processes
    that share a session (pytest-xdist) share the folder: the first of them fills it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, finished = shared / "executed", shared / "executed" / "finished"
    try:
        folder.mkdir()
    except FileExistsError:
        while not finished.exists():
            time.sleep(0.5)
        return folder
    (folder / "sitecustomize.py").write_text(PLAIN, encoding="utf-8")

    def run(lang, name):
        work = folder / "work" / f"{lang}-{name}"
        work.mkdir(parents=True)
        where, source = installed, installed / "toolkit/_data/notebooks" / lang / f"{name}.ipynb"
        if lang == "en":
            where, source = ROOT, folder / "work" / f"{name}.ipynb"
            made = build.from_source(build.FOLDER / "src" / f"{name}.py", lang, solutions=True)
            nbformat.write(made, source)
        (folder / lang).mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", RUN_NOTEBOOK, source, folder / lang / f"{name}.ipynb", where],
            cwd=work,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (where, folder)))},
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode:
            (folder / lang / f"{name}.error").write_text(done.stderr, encoding="utf-8")

    asking = [i for i in request.session.items if "executed" in getattr(i, "fixturenames", ())]
    params = [i.callspec.params for i in asking if hasattr(i, "callspec")]
    wanted = dict.fromkeys(p["notebook"] for p in params if "notebook" in p)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one: run(*one), wanted))
    finally:
        finished.touch()
    return folder
