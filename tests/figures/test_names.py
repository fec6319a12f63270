"""Every plot is public in one place, and says which table it draws."""

import ast
from pathlib import Path

import toolkit
from toolkit import figures

FOLDER = Path(figures.__file__).parent


def plots():
    """Yield the module and the definition of every function that is decorated as a plot."""
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(d, ast.Call) and ast.unparse(d.func) == "plot"
                for d in node.decorator_list
            ):
                yield path.stem, node


def test_plots_are_public_in_figures_alone():
    defined = {node.name for _, node in plots()}
    assert defined == {name for name in figures.__all__ if name.startswith("plot_")}
    assert not {name for name in toolkit.__all__ if name.startswith("plot_")}


def test_a_plot_is_called_as_its_words_are():
    for module, node in plots():
        (decorator,) = node.decorator_list
        assert node.name == f"plot_{ast.literal_eval(decorator.args[0])}", module


def test_a_plot_says_what_its_data_are():
    for _, node in plots():
        assert "The data are" in " ".join(ast.get_docstring(node).split()), node.name
