"""Make the notebooks from their sources: ``python notebooks/build.py [NAME ...]``.

Each ``src/NAME.py`` (jupytext's percent format) holds the code once and its prose twice, in
cells tagged ``en`` and ``zh``; it becomes ``en/NAME.ipynb`` and ``zh/NAME.ipynb``. Of a cell
tagged ``solution``, which ends in ``q1 = …``, the exercise keeps ``q1 = ...``. With
``--solutions DIR`` the notebooks are written to DIR with their solutions.

The study is run, and committed with its outputs and with the results that ``toolkit reproduce
--check`` compares with, in both languages the same; the others are committed without outputs.
"""

import argparse
import ast
import re
import shutil
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from toolkit.study import run_notebook

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh")
EXECUTED = {"study"}
# A line that ends within Chinese: a browser would show a space for it.
_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef”’…])\n *(?=\**[\[\u3000-\u9fff“‘])")


def from_source(source: Path, lang: str = "en", *, solutions: bool = False) -> NotebookNode:
    """Return the notebook of a source in one language, without outputs, the same every time."""
    notebook = jupytext.read(source)
    others = {*LANGUAGES} - {lang}
    notebook.cells = [c for c in notebook.cells if not others & {*c.metadata.get("tags", ())}]
    for number, cell in enumerate(notebook.cells, 1):
        tags = [tag for tag in cell.metadata.get("tags", ()) if tag not in LANGUAGES]
        if cell.cell_type == "code":
            cell.source = cell.source.replace('LANG = "en"', f'LANG = "{lang}"', 1)
            if "solution" in tags and not solutions:
                cell.source = exercise(cell.source)
        elif lang == "zh":
            cell.source = _BREAK.sub("", cell.source)
        cell["id"] = f"{source.stem}-{number:02d}"
        cell.metadata = {"tags": tags} if tags else {}
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return nbformat.from_dict(notebook)


def exercise(solution: str) -> str:
    """Return what a student begins with.

    >>> exercise("kept = table[table['n'] > 1]\\nq1 = len(kept)")
    'q1 = ...'
    """
    last = ast.parse(solution).body[-1]
    if not (isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name)):
        raise ValueError(f"a cell tagged solution ends in `name = answer`, not in:\n{solution}")
    return f"{last.targets[0].id} = ..."


def execute(target: Path) -> None:
    """Run a notebook; keep its outputs, its results and its figure for the README."""
    with tempfile.TemporaryDirectory() as out:
        notebook = run_notebook(target, Path(out))
        notebook.metadata.language_info = {"name": "python"}
        nbformat.write(notebook, target)
        shutil.copy(Path(out, "results.json"), FOLDER / f"{target.stem}-results.json")
        overview = Path(out, "figures", "topic-terms", "topic-terms.png")
        shutil.copy(overview, target.with_name("overview.png"))


def main() -> None:
    """Write the notebooks beside this file, or with their solutions elsewhere."""
    names = sorted(path.stem for path in (FOLDER / "src").glob("*.py"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help=f"only these: {', '.join(names)}")
    parser.add_argument("--solutions", type=Path, metavar="DIR", help="write them with solutions")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="of the solutions")
    asked = parser.parse_args()
    if unknown := {*asked.name} - {*names}:
        parser.error(f"no source {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    for name in asked.name or names:
        source = FOLDER / "src" / f"{name}.py"
        if asked.solutions:
            targets = {asked.solutions / f"{name}.ipynb": asked.lang}
        else:
            targets = {FOLDER / lang / f"{name}.ipynb": lang for lang in LANGUAGES}
        for target, lang in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(from_source(source, lang, solutions=bool(asked.solutions)), target)
            if name in EXECUTED and not asked.solutions:
                execute(target)
            print(target)


if __name__ == "__main__":
    main()
