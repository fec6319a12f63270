"""Make the notebooks from their sources: ``python notebooks/build.py``.

Each ``src/NAME.py`` (jupytext's percent format) becomes ``NAME.ipynb``. The study is run,
and committed with its outputs and with the results that ``toolkit reproduce --check``
compares with; the others are committed without outputs.
"""

import shutil
import tempfile
from pathlib import Path

import jupytext
import nbformat

from toolkit.study import run_notebook

FOLDER = Path(__file__).parent
EXECUTED = {"study"}


def from_source(source: Path) -> nbformat.NotebookNode:
    """Return the notebook of a source, without outputs, the same every time."""
    notebook = jupytext.read(source)
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"{source.stem}-{number:02d}"
        cell.metadata = {k: v for k, v in cell.metadata.items() if k == "tags"}
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return nbformat.from_dict(notebook)


def main() -> None:
    """Write every notebook beside this file."""
    for source in sorted((FOLDER / "src").glob("*.py")):
        target = FOLDER / f"{source.stem}.ipynb"
        nbformat.write(from_source(source), target)
        if source.stem in EXECUTED:
            with tempfile.TemporaryDirectory() as out:
                notebook = run_notebook(target, Path(out))
                notebook.metadata.language_info = {"name": "python"}
                nbformat.write(notebook, target)
                shutil.copy(Path(out, "results.json"), FOLDER / f"{source.stem}-results.json")
                overview = Path(out, "figures", "topic-terms", "topic-terms.png")
                shutil.copy(overview, FOLDER / "overview.png")
        print(target)


if __name__ == "__main__":
    main()
