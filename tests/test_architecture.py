"""The house keeps its shape: what may import what."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "toolkit"
# From the top: a module imports only from those above it.
STAGES = [
    ["mapped"],
    ["installed", "values", "dates", "files", "units", "say", "templates"],
    ["recipe", "structure", "metadata"],
    ["loading", "outlines"],
    ["apart", "passages", "lines", "edits"],
    ["corpus"],
    ["residue"],
    ["cleaning"],
    ["wordlists", "engine"],
    ["cutting"],
    ["segmentation"],
    ["matrix"],
    ["resample"],
    ["shards"],
    ["terms"],
    ["topics"],
    ["compare"],
    ["ingest"],
    ["figures"],
    ["explore", "study", "doctor", "exercises"],
    ["cli"],
    ["__main__"],
]
COMPUTE = {name for stage in STAGES[: STAGES.index(["figures"])] for name in stage}
NOT_IN_COMPUTE = {"matplotlib", "wordcloud", "ipywidgets", "IPython", "typer"}
# Lines that a room may have, docstrings included: who adds makes room. "core" is every file
# at the top but those named here.
BUDGET = {
    "core": 5501,
    "engine": 850,
    "shards": 475,
    "terms": 500,
    "topics": 3976,
    "compare": 7010,
    "ingest": 5180,
    "figures": 5710,
    "explore": 3838,
    "exercises": 800,
    "study": 345,
    "cli": 315,
    "doctor": 135,
}
WHOLE = 34_582
# These take a second or more to import, so they load when first used.
LATE = {"sklearn", "jieba", "matplotlib", "wordcloud", "nbclient", "nbconvert", "fontTools"}
LATE |= {"rjieba", "lxml", "trafilatura", "docx", "pypdf", "pypdfium2", "pyarrow", "opencc"}
LATE |= {"python_calamine", "rispy", "bibtexparser"}


def modules():
    return [p for p in sorted(PACKAGE.rglob("*.py")) if "_data" not in p.parts]


def stage_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Yield (module, is it at the top level of the file) for each import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    checking = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in checking:
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            # `from toolkit import study` names a module or a public name of one
            names = [node.module or ""]
            if node.module == "toolkit":
                names = [f"toolkit.{alias.name}" for alias in node.names]
            yield from ((name, node in tree.body) for name in names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node in tree.body) for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_keep_to_the_order_of_the_stages(path):
    if path == PACKAGE / "__init__.py":
        return
    rank = {name: i for i, stage in enumerate(STAGES) for name in stage}
    here = stage_of(path)
    assert here in rank, f"{here} has no place in the order of the stages"
    for module, at_top in imports(path):
        package, *inner = module.split(".")
        if package == "toolkit" and inner and inner[0] in rank and inner[0] != here:
            # corpus and recipe are in one direction; equal stages do not know each other
            assert rank[inner[0]] < rank[here], f"{here} must not import {module}"
        if here in COMPUTE:
            assert package not in NOT_IN_COMPUTE, f"{here} must not import {module}"
        if package in LATE:
            assert not at_top, f"{path.name}: import {module} where it is used"


def test_every_module_stays_readable():
    for path in modules():
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{path.name} has {lines} lines: would two names say more than one?"


def code_of(tree, text):
    """Return the lines of code by their numbers: no docstring, no comment, no blank line."""
    told = {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for number in range(node.lineno, node.end_lineno + 1)
    }
    lines = enumerate(map(str.strip, text.splitlines()), 1)
    return {n: line for n, line in lines if line and line[0] != "#" and n not in told}


def test_every_function_stays_readable():
    for path in modules():
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        code = code_of(tree, text)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                n = sum(number in code for number in range(node.lineno, node.end_lineno + 1))
                assert n <= 60, f"{path.name}: {node.name} has {n} lines of code"


def test_no_eight_lines_stand_twice():
    first = {}
    for path in modules():
        text = path.read_text(encoding="utf-8")
        lines = [*code_of(ast.parse(text), text).items()]
        for i in range(len(lines) - 7):
            numbers, same = zip(*lines[i : i + 8], strict=True)
            here = f"{path.relative_to(PACKAGE)}:{numbers[0]}"
            assert first.setdefault(same, here) == here, "what is done twice is a function"


def test_every_room_keeps_to_its_budget():
    lines = dict.fromkeys(BUDGET, 0)
    for path in modules():
        room = stage_of(path)
        n = path.read_text(encoding="utf-8").count("\n")
        lines[room if room in BUDGET else "core"] += n
    above = {room: f"{n} of {BUDGET[room]}" for room, n in lines.items() if n > BUDGET[room]}
    assert not above, "make room before you add, or say in the review why there is none"
    assert sum(lines.values()) <= WHOLE


def test_no_module_hides_behind_a_function_of_its_name():
    """`from toolkit import x` must not depend on whether module x was imported before."""
    import toolkit

    names = {stage_of(path) for path in modules()}
    assert not names & set(toolkit.__all__)


def test_the_top_level_holds_what_a_lesson_shows():
    """Types of results, errors and tables of plots are public in their rooms."""
    import toolkit

    assert len(toolkit.__all__) <= 60


def test_the_press_knows_any_figure_and_no_plot():
    """Fonts, style, export and checks serve every figure of matplotlib."""
    below = ("toolkit.installed", "toolkit.recipe", "toolkit.files", "toolkit.templates")
    for path in (PACKAGE / "figures" / "press").glob("*.py"):
        for module, _ in imports(path):
            if module.partition(".")[0] == "toolkit":
                assert module.startswith((*below, "toolkit.figures.press")), (
                    f"{path.name} must not import {module}"
                )
