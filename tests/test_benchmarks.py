"""The scripts in docs/benchmarks, which are run by hand: what they import and read is there."""

import ast
import importlib
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parent.parent / "docs" / "benchmarks").glob("*.py"))


def test_there_are_scripts():
    assert SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_what_a_benchmark_imports_of_the_project_is_there(script):
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules, names = [alias.name for alias in node.names], []
        elif isinstance(node, ast.ImportFrom):
            modules, names = [node.module], [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            if module.partition(".")[0] not in ("toolkit", "docs"):
                continue
            found = importlib.import_module(module)
            for name in names:
                if not hasattr(found, name):
                    importlib.import_module(f"{module}.{name}")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_what_a_benchmark_reads_beside_itself_is_there(script):
    tree = ast.parse(script.read_text(encoding="utf-8"))
    kept = [
        *(n.args[1] for n in ast.walk(tree) if _calls(n, "sys.path.insert")),
        *(n.args[0] for n in ast.walk(tree) if _calls(n, "pd.read_csv")),
    ]
    for place in kept:
        if "__file__" in ast.unparse(place):
            names = {"__file__": str(script), "Path": Path}
            path = eval(compile(ast.Expression(place), script.name, "eval"), names)
            assert Path(path).exists(), f"{ast.unparse(place)} is {path}, which is not there"


def _calls(node, name):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == name
