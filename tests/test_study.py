import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from toolkit import study
from toolkit.figures.press.bundle import changed, provenance_of
from toolkit.study import Study, differences, report, run_notebook

NOTEBOOK = """
from toolkit.study import Study
study = Study()
study.say("There are **{n}** texts.", n=41)
"""


def notebook(*sources):
    cells = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# 题目 <b>", id="m"), *cells]
    )


@pytest.fixture
def small_study(tmp_path, monkeypatch):
    """Replace the study by one of a single cell."""
    path = tmp_path / "notebooks" / "en" / "study.ipynb"
    path.parent.mkdir(parents=True)

    def write(*sources):
        nbformat.write(notebook(*sources), path)
        return path

    monkeypatch.setattr(study, "resource", lambda *parts: tmp_path.joinpath(*parts))
    write(NOTEBOOK)
    return write


def test_say_keeps_plain_rounded_numbers(tmp_path):
    import numpy as np

    kept = Study(tmp_path)
    kept.say("{a} {b:.2f} {c}", a=np.int64(3), b=np.float64(1 / 3), c="热线")
    assert kept.results == {"a": 3, "b": 0.333333, "c": "热线"}
    assert json.loads((tmp_path / "results.json").read_text("utf-8")) == kept.results
    kept.say("{a}", a=3)
    with pytest.raises(ValueError, match="a is 3 already, now 4; use two names"):
        kept.say("{a}", a=4)


@pytest.mark.parametrize("stands", ['{"f1": 0.8}', "[]\n", "{", "[" * 9_999, ""])
def test_a_study_run_by_hand_takes_no_results_of_others(tmp_path, stands):
    path = tmp_path / "results.json"
    path.write_text(stands, encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"results\.json was not written by a Study"):
        Study(tmp_path).say("{a}", a=1)
    assert path.read_text("utf-8") == stands


def test_a_study_run_by_hand_replaces_its_own_results_but_those_of_no_run(tmp_path):
    for number in (1, 2):
        Study(tmp_path).say("{a}", a=number)
    (tmp_path / "provenance.json").write_text("{}", encoding="utf-8")
    with pytest.raises(FileExistsError, match="give another folder"):
        Study(tmp_path).say("{a}", a=3)
    assert json.loads((tmp_path / "results.json").read_text("utf-8")) == {"a": 2}


def test_words_in_two_languages_are_kept_in_one(tmp_path):
    texts = {"en": "{n} is {found}", "zh": "{n}{found}"}
    found = {"en": "among them", "zh": "在其中"}
    kept = [Study(tmp_path, lang=lang) for lang in ("en", "zh")]
    for one in kept:
        one.say(texts, n=6, found=found)
    assert kept[0].results == kept[1].results == {"n": 6, "found": "among them"}


def test_a_study_speaks_the_language_it_is_asked_for(tmp_path):
    path = tmp_path / "n.ipynb"
    say = (
        "from toolkit.study import Study\nstudy = Study(lang='zh')\n"
        "study.say({'en': '{n} is {w}', 'zh': '{n}{w}'}, n=6, w={'en': 'among', 'zh': '在其中'})"
    )
    nbformat.write(notebook(say), path)
    (output,) = run_notebook(path, tmp_path).cells[1].outputs
    assert output.data["text/markdown"] == "6在其中"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ['<html lang="en">', "<summary>code</summary>", "Made with "]),
        ("zh", ['<html lang="zh-CN">', "<summary>代码</summary>", "所用软件："]),
    ],
)
def test_report_speaks_the_language_of_the_study(lang, words):
    page = report(notebook("1"), lang=lang)
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize(
    ("found", "expected", "lines"),
    [
        ({"a": 1, "b": 0.5}, {"a": 1, "b": 0.5}, []),
        ({"b": 0.5001}, {"b": 0.5}, []),
        ({"b": 0.501}, {"b": 0.5}, ["b: 0.501 instead of 0.5"]),
        ({"a": 2}, {"a": 1}, ["a: 2 instead of 1"]),
        ({"w": "甲"}, {"w": "乙"}, ["w: 甲 instead of 乙"]),
        ({}, {"a": 1}, ["a: missing"]),
        ({"a": 1}, {}, ["a: not among the expected results"]),
        ({"a": float("nan")}, {"a": 1.0}, ["a: nan instead of 1.0"]),
    ],
)
def test_differences(found, expected, lines):
    assert differences(found, expected) == lines


MADE = ["figures", "provenance.json", "report.html", "results.json", "study.ipynb"]


@pytest.fixture
def quick_study(small_study, monkeypatch):
    """Replace the run of the study by one that only writes; return what sets its number."""
    number = [41]

    def run(path, out):
        (out / "figures" / "bar").mkdir(parents=True)
        for name in ("results.json", "topics.html", "figures/bar/bar.csv"):
            (out / name).write_text(json.dumps({"n": number[0]}), encoding="utf-8")
        return nbformat.read(path, as_version=4)

    monkeypatch.setattr(study, "run_notebook", run)
    return lambda n: number.__setitem__(0, n)


def is_of(out, n):
    """Tell whether a folder holds the whole of the run that found `n`."""
    files = ("results.json", "topics.html", "figures/bar/bar.csv")
    found = {json.loads((out / name).read_text("utf-8"))["n"] for name in files}
    return found == {n} and not changed(out, provenance_of(out)["files"])


def test_reproduce_writes_everything_and_leaves_other_files(small_study, tmp_path):
    out = tmp_path / "out"
    figure = 'study.folder.joinpath("figures").mkdir(exist_ok=True)'
    small_study(NOTEBOOK, figure)
    assert study.reproduce(out) == {"n": 41}
    (out / "mine.txt").write_text("x", encoding="utf-8")
    (out / "figures" / "mine.txt").write_text("y", encoding="utf-8")
    assert study.reproduce(out) == {"n": 41}, "a second run replaces the first"
    assert sorted(path.name for path in out.iterdir()) == sorted([*MADE, "mine.txt"])
    assert (out / "figures" / "mine.txt").read_text("utf-8") == "y"
    assert "There are <strong>41</strong> texts." in (out / "report.html").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["notebooks", "out"]


@pytest.mark.parametrize("mine", ["figures/x/x.png", "study.ipynb", "notes.txt"])
def test_reproduce_replaces_nothing_that_it_did_not_make(quick_study, tmp_path, mine):
    out = tmp_path / "out"
    (out / mine).parent.mkdir(parents=True)
    (out / mine).write_text("years of work")
    with pytest.raises(FileExistsError, match="out exists and was not made by this toolkit"):
        study.reproduce(out)
    assert [path.name for path in out.rglob("*") if path.is_file()] == [(out / mine).name]
    assert (out / mine).read_text() == "years of work"


def test_reproduce_does_not_replace_what_was_edited(quick_study, tmp_path):
    out = tmp_path / "out"
    study.reproduce(out)
    (out / "figures" / "bar" / "bar.csv").write_text("corrected")
    with pytest.raises(FileExistsError, match=r"edited .*\(figures/bar/bar.csv\).*rename them"):
        study.reproduce(out)
    assert (out / "figures" / "bar" / "bar.csv").read_text() == "corrected"


@pytest.mark.parametrize("where", [".", "..", "inside/.."])
def test_reproduce_does_not_replace_the_folder_one_is_in(quick_study, tmp_path, monkeypatch, where):
    (tmp_path / "project" / "inside").mkdir(parents=True)
    (tmp_path / "project" / "figures.txt").write_text("mine")
    monkeypatch.chdir(tmp_path / "project")
    with pytest.raises(FileExistsError, match=r"you are in .*: choose a folder inside it"):
        study.reproduce(where)
    assert (tmp_path / "project" / "figures.txt").read_text() == "mine"


@pytest.mark.parametrize("fatal", [1, 2])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_stopped_at_each_rename_leaves_no_mixture(
    quick_study, tmp_path, monkeypatch, fatal, moment
):
    """As if it were killed there: nothing is tidied up, and the next run goes on."""
    out, rename, calls = tmp_path / "out", Path.rename, []
    study.reproduce(out)
    quick_study(42)

    def stop(path, target):
        calls.append(path)
        if len(calls) == fatal and moment == "before":
            raise KeyboardInterrupt
        rename(path, target)
        if len(calls) == fatal:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stop)
        patch.setattr(shutil, "rmtree", lambda *a, **k: None)
        with pytest.raises(KeyboardInterrupt):
            study.reproduce(out)
    if out.exists():
        assert is_of(out, 42 if (fatal, moment) == (2, "after") else 41)
    quick_study(43)
    study.reproduce(out)
    assert is_of(out, 43)
    assert {path.name for path in tmp_path.iterdir()} == {"notebooks", "out"}


def test_one_run_at_a_time_writes_to_a_folder(quick_study, tmp_path, monkeypatch):
    run, out = study.run_notebook, tmp_path / "out"

    def another_meanwhile(path, aside):
        with pytest.raises(BlockingIOError, match="another run is writing to"):
            study.reproduce(out)
        return run(path, aside)

    monkeypatch.setattr(study, "run_notebook", another_meanwhile)
    study.reproduce(out)
    assert is_of(out, 41)


def test_reproduce_takes_the_study_in_the_language_asked_for(small_study, tmp_path):
    chinese = tmp_path / "notebooks" / "zh" / "study.ipynb"
    chinese.parent.mkdir()
    figure = 'study.folder.joinpath("figures").mkdir()'
    nbformat.write(
        notebook(NOTEBOOK.replace("There are **{n}** texts.", "共{n}篇"), figure), chinese
    )
    study.reproduce(tmp_path / "out", lang="zh")
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "<p>共41篇</p>" in page
    assert "代码" in page


def test_a_failing_cell_leaves_the_last_run_as_it_was(small_study, tmp_path):
    out = tmp_path / "out"
    small_study(NOTEBOOK, 'study.folder.joinpath("figures").mkdir(exist_ok=True)')
    study.reproduce(out)
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    small_study(NOTEBOOK.replace("41", "42"), "1 / 0")
    with pytest.raises(RuntimeError, match=r"(?s)study.ipynb failed.*ZeroDivisionError"):
        study.reproduce(out)
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == before


def test_pages_of_the_study_stand_beside_the_report(small_study, tmp_path):
    write = (
        "study.folder.joinpath('figures').mkdir()\n"
        "_ = (study.folder / 'topics.html').write_text('<p>主题</p>', encoding='utf-8')"
    )
    small_study(NOTEBOOK, write)
    study.reproduce(tmp_path / "out")
    assert (tmp_path / "out" / "topics.html").read_text("utf-8") == "<p>主题</p>"
    assert (tmp_path / "out" / "report.html").exists()


def test_the_report_links_to_what_can_be_reached_from_it():
    made = notebook("1")
    made.cells[0].source = (
        "[Terms](../../docs/glossary.md#term) of [the glossary](../../docs/glossary.md), "
        "[more](other.ipynb), [a site](https://example.org/a) and "
        "`topics.html`, not `other.html`; [here](#limits)"
    )
    page = report(made, pages=["topics.html"])
    assert (
        "Terms of the glossary (<code>docs/glossary.md</code>), "
        "more (<code>notebooks/en/other.ipynb</code>), "
        '<a href="https://example.org/a">a site</a> and '
        '<a href="topics.html">topics.html</a>, not <code>other.html</code>; '
        '<a href="#limits">here</a>'
    ) in page


def test_the_bar_of_a_run_reaches_its_end(tmp_path, capsys):
    """Prose and empty cells are not run, and so are not waited for."""
    path = tmp_path / "n.ipynb"
    nbformat.write(notebook("1", "", "2"), path)
    run_notebook(path, tmp_path)
    assert "100%" in (bar := capsys.readouterr().err)
    assert "2/2" in bar


def test_the_kernel_is_of_this_python(tmp_path):
    path = tmp_path / "n.ipynb"
    nbformat.write(notebook("import sys; print(sys.prefix)"), path)
    ran = run_notebook(path, tmp_path)
    assert ran.cells[1].outputs[0].text.strip() == sys.prefix


def test_report_escapes_what_is_not_html():
    made = notebook("print('<script>')")
    made.cells[1].outputs = [
        nbformat.v4.new_output("stream", text="<script>alert(1)</script>"),
        nbformat.v4.new_output("display_data", {"text/plain": "<img src=x onerror=alert(1)>"}),
    ]
    page = report(made)
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<title>题目 &lt;b&gt;</title>" in page


def test_words_of_a_corpus_are_shown_and_never_run(tmp_path):
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) *b*"
    path = tmp_path / "n.ipynb"
    say = f"from toolkit.study import Study\nStudy().say('a word: {{word}}', word={hostile!r})"
    table = f"import pandas as pd\npd.DataFrame({{'text': [{hostile[:25]!r}]}})"
    nbformat.write(notebook(say, table), path)
    page = report(run_notebook(path, tmp_path)).split("<main>")[1]
    for tag in ("<script", "<img", 'href="javascript', "<em>"):
        assert tag not in page
    shown = page.count("&lt;script&gt;alert(1)&lt;/script&gt;")
    assert shown == 4, "said, in the table, in the code of both"


def test_report_needs_no_network():
    import re

    page = report(notebook("1"))
    assert "font/woff2;base64," in page
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?https?:""", page)


@pytest.mark.exhaustive
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX systems")
def test_killed_at_any_moment_leaves_no_half_written_bundle(tmp_path):
    """Kill a run of a study with one figure at several moments; the next run succeeds."""
    out = tmp_path / "out"
    path = tmp_path / "notebooks" / "en" / "study.ipynb"
    path.parent.mkdir(parents=True)
    draw = (
        "from toolkit.figures import figure_style\nimport matplotlib.pyplot as plt\n"
        "for i in range(4):\n"
        "    with figure_style():\n        figure, ax = plt.subplots()\n"
        "        ax.bar(['甲'], [i])\n"
        "    study.figure(ax, f'bar-{i}')\n"
    )
    nbformat.write(notebook(NOTEBOOK, draw), path)
    code = (
        "import pathlib, sys; from toolkit import study;"
        f"study.resource = lambda *p: pathlib.Path({str(tmp_path)!r}).joinpath(*p);"
        f"study.reproduce({str(out)!r})"
    )
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    whole = time.monotonic() - started
    for moment in (0.6, 0.8, 0.95):
        run = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(whole * moment)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        for bundle in (out / "figures").glob("[!.]*"):
            files = json.loads((bundle / "provenance.json").read_text("utf-8"))["files"]
            assert {p.name for p in bundle.iterdir()} == {*files, "provenance.json"}
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    names = sorted(p.name for p in out.iterdir())
    assert names == MADE
    assert len(list((out / "figures").iterdir())) == 4
