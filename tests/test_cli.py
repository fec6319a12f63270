import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from toolkit import study
from toolkit.cli import app
from toolkit.installed import versions

RUN = CliRunner()


def test_help_and_version():
    shown = RUN.invoke(app, ["--help"])
    assert shown.exit_code == 0
    assert "reproduce" in shown.output
    assert "doctor" in shown.output
    assert RUN.invoke(app, ["--version"]).output.strip() == versions()["city-governance-toolkit"]


def test_module_runs_as_the_command():
    shown = subprocess.run(
        [sys.executable, "-m", "toolkit", "--version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == versions()["city-governance-toolkit"]


def test_unknown_command_is_a_usage_error():
    assert RUN.invoke(app, ["reproduc"]).exit_code == 2


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [({"n": 41}, 0, "PASS all 1 results agree"), ({"n": 40}, 1, "DIFFERS n: 40 instead of 41")],
)
def test_reproduce_check(monkeypatch, tmp_path, found, code, said):
    monkeypatch.setattr(study, "reproduce", lambda out, lang: found)
    monkeypatch.setattr(study, "expected_results", lambda: {"n": 41})
    shown = RUN.invoke(app, ["reproduce", "--check", "--out", str(tmp_path)])
    assert shown.exit_code == code
    assert said in shown.output


def test_reproduce_that_fails_says_why(monkeypatch, tmp_path):
    def fails(out, lang):
        raise RuntimeError("study.ipynb failed: a cell")

    monkeypatch.setattr(study, "reproduce", fails)
    shown = RUN.invoke(app, ["reproduce", "--out", str(tmp_path)])
    assert shown.exit_code == 1
    assert "error: study.ipynb failed: a cell" in shown.output


def test_committed_results_are_plain_numbers_and_words():
    results = study.expected_results()
    assert len(results) > 30
    assert all(isinstance(value, (int, float, str)) for value in results.values())
    assert json.loads(json.dumps(results)) == results
