"""Notebooks are in step with their sources, run from a fresh kernel, and say nothing odd."""

import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

from toolkit.study import expected_results, run_notebook

FOLDER = Path(__file__).parent.parent / "notebooks"
NAMES = sorted(path.stem for path in (FOLDER / "src").glob("*.py"))


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_notebook_has_a_source():
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_in_step_with_its_source(name, build):
    committed = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    expected = build.from_source(FOLDER / "src" / f"{name}.py")
    nbformat.validate(committed)
    assert [(c.cell_type, c.id, c.source) for c in committed.cells] == [
        (c.cell_type, c.id, c.source) for c in expected.cells
    ], "run python notebooks/build.py"
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    if name in build.EXECUTED:
        assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    else:
        assert not any(cell.outputs or cell.execution_count for cell in code)


def test_study_shows_its_results():
    """Each number that the committed text quotes is among the committed results."""
    committed = nbformat.read(FOLDER / "study.ipynb", as_version=4)
    said = [
        output.data["text/markdown"]
        for cell in committed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "text/markdown" in output.get("data", {})
    ]
    assert said
    results = expected_results().values()
    words = {str(value) for value in results}
    numbers = [value for value in results if isinstance(value, (int, float))]
    for sentence in said:
        for word in words:
            if not re.fullmatch(r"[\d.]+", word):
                sentence = sentence.replace(word, "")
        for text in re.findall(r"\d[\d,]*\.?\d*%?", sentence):
            percent = text.endswith("%")
            number = float(text.rstrip("%").replace(",", "")) / (100 if percent else 1)
            digits = len(text.rstrip("%").partition(".")[2]) + (2 if percent else 0)
            close = any(abs(value - number) <= 0.5001 * 10**-digits for value in numbers)
            assert close, f"{text} in {sentence!r} is not among the results"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "study"])
def test_notebook_runs(name, tmp_path):
    """From a fresh kernel; the study is run by ``toolkit reproduce --check``."""
    notebook = run_notebook(FOLDER / f"{name}.ipynb", tmp_path)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", output.text
