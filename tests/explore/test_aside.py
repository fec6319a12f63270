"""A process that calls functions: what it gives back, and when it ends."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from toolkit.explore.aside import Aside


@pytest.fixture
def aside():
    made = Aside()
    yield made
    made.end()


def gone(pid):
    for _ in range(200):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie":
            return True
        time.sleep(0.05)
    return False


def test_it_gives_back_what_functions_return_and_raise(aside):
    assert aside.call(sorted, [3, 1, 2]) == [1, 2, 3]
    with pytest.raises(ZeroDivisionError):
        aside.call(divmod, 1, 0)
    assert aside.call(os.getpid) == aside._process.pid


def test_what_a_function_prints_is_no_answer(aside):
    assert aside.call(print, "城市") is None
    assert aside.call(len, "城市") == 2


def test_after_its_end_a_call_says_so(aside):
    aside.end()
    assert gone(aside._process.pid)
    with pytest.raises((EOFError, OSError, ValueError)):
        aside.call(len, "")


def test_it_ends_when_the_notebook_is_killed(tmp_path):
    """And never runs the file of the main module, which VS Code names."""
    script = tmp_path / "main.py"
    script.write_text(
        "import os, pathlib\n"
        f"ran = pathlib.Path({str(tmp_path / 'ran')!r})\n"
        "ran.write_text(ran.read_text() + 'x' if ran.exists() else 'x')\n"
        "from toolkit.explore.aside import Aside\n"
        "aside = Aside()\n"
        "print(aside.call(os.getpid), flush=True)\n"
        "input()\n"
    )
    notebook = subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with notebook:
        pid = int(notebook.stdout.readline())
        assert psutil.pid_exists(pid)
        notebook.kill()
        notebook.wait()
    assert gone(pid)
    assert (tmp_path / "ran").read_text() == "x"
