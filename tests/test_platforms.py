"""The same on every system: encodings are named, processes start afresh, any locale will do."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = [*ROOT.glob("toolkit/**/*.py"), *ROOT.glob("notebooks/**/*.py"), *ROOT.glob("docs/**/*.py")]
MODES = {f"{kind}{more}" for kind in "rwax" for more in ("", "t", "+", "t+")}


def opens_text(call):
    """Tell whether a call reads or writes text in an encoding that depends on the system."""
    if any(keyword.arg == "encoding" for keyword in call.keywords):
        return False
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in ("read_text", "write_text"):
        return len(call.args) == (name == "write_text")
    if name in ("open", "fdopen"):
        method = isinstance(call.func, ast.Attribute) and name == "open"
        modes = [a.value for a in call.args[not method :] if isinstance(a, ast.Constant)]
        modes += [k.value.value for k in call.keywords if k.arg == "mode"]
        # Without a mode it is text, if it is a path that is opened: archives need an argument.
        return modes[0] in MODES if modes else len(call.args) == (not method)
    return False


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("open(p)", True),
        ("open(p, 'w')", True),
        ("open(p, mode='r')", True),
        ("open(p, 'rb')", False),
        ("open(p, encoding='utf-8')", False),
        ("path.open()", True),
        ("path.open('a')", True),
        ("path.open('wb')", False),
        ("archive.open(name)", False),
        ("path.read_text()", True),
        ("path.read_text('utf-8')", False),
        ("path.write_text(text)", True),
        ("path.write_text(text, encoding='utf-8')", False),
        ("os.fdopen(handle, 'w')", True),
    ],
)
def test_what_depends_on_the_system_is_seen(code, found):
    assert opens_text(ast.parse(code).body[0].value) is found


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_text_is_opened_in_a_named_encoding(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Call) and opens_text(node)), ast.unparse(node)


CORE = """
import multiprocessing
import sys
import tempfile
import warnings
from pathlib import Path

# What a library does with its own files is its own affair.
warnings.filterwarnings("error", category=EncodingWarning, module=r"toolkit(\\\\.|$)")

from toolkit import Corpus, Segmenter, choose_k, clean, count_shards, fit_topics, intake
from toolkit import segment, tfidf
from toolkit.exercises.checking import Exercises, questions_of
from toolkit.exercises.collecting import collect
from toolkit.figures import export_figure, plot_topic_terms


def words(text):
    return Segmenter()(text)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    folder = Path(sys.argv[1])
    corpus = clean(Corpus.sample()).corpus
    texts = [corpus["beijing-2023"], "深化接诉即办改革"]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(words, texts) == [words(text) for text in texts]
    matrix = tfidf(segment(corpus.split("section")))
    once = choose_k(matrix, k_range=[2], runs=2, n_jobs=1)
    again = choose_k(matrix, k_range=[2], runs=2, n_jobs=2)
    assert once.fingerprint == again.fingerprint
    corpus.save(folder / "corpus")
    assert Corpus.load(folder / "corpus")["beijing-2023"] == corpus["beijing-2023"]
    line = '{"text": "深化接诉即办改革"}'
    (folder / "more.jsonl").write_text(line, encoding="utf-8")
    parts = [folder / "corpus", folder / "more.jsonl"]
    assert "in 42 units of 2 shards" in repr(count_shards(parts, folder / "counts", n_jobs=2))
    (folder / "sources").mkdir()
    source = "<html><meta charset=gbk><h1>城市治理</h1><p>" + "下足绣花功夫。" * 60
    (folder / "sources" / "page.html").write_bytes(source.encode("gbk"))
    table = intake(folder / "sources", into=folder / "mine")
    assert table["status"].isin(["accepted", "warned"]).all(), table["reason"].tolist()
    export_figure(plot_topic_terms(fit_topics(matrix, k=3)), "topics", folder=folder / "figures")
    check = Exercises("00-setup", questions_of("00-setup"), folder=folder / "sources")
    check("q1", 41)
    check.hand_in("Wang Xiaoming")
    assert [one.student for one in collect(folder / "sources") if one.done] == ["Wang Xiaoming"]
"""


def plain_locale():
    """Return the environment of a system that knows no UTF-8, not even in names of files."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    return kept | {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONPATH": str(ROOT),
    }


@pytest.mark.exhaustive
def test_core_under_spawn_and_without_utf8(tmp_path):
    script = tmp_path / "core.py"
    script.write_text(CORE, encoding="utf-8")
    probe = "import locale, sys; print(locale.getpreferredencoding(False), sys.flags.utf8_mode)"
    run = {"env": plain_locale(), "capture_output": True, "cwd": tmp_path}
    shown = subprocess.run([sys.executable, "-c", probe], check=True, **run)
    assert b"UTF-8" not in shown.stdout.upper(), "this locale proves nothing"
    ran = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", script, tmp_path], timeout=600, **run
    )
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")[-3000:]


def test_commands_print_chinese_without_utf8(tmp_path):
    doctor = [sys.executable, "-m", "toolkit", "doctor"]
    shown = subprocess.run(doctor, env=plain_locale(), capture_output=True, cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr.decode("utf-8", "replace")[-3000:]
    assert "深化/接诉即办/改革".encode() in shown.stdout
