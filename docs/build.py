"""Make the documentation site: ``python docs/build.py SITE [--executed FOLDER]``.

The pages are the README, the guides, the notebooks and the docstrings as they stand in the
repository, laid out as there, so that a link works in both places. Nothing is fetched. A
warning is an error. Notebooks are shown with the outputs of those in FOLDER (laid out like
`notebooks/`), or else with those that they are committed with.
"""

import argparse
import base64
import html
import importlib
import re
import shutil
import tempfile
from pathlib import Path

import typer
from sphinx.cmd.build import build_main
from typer.cli import get_docs_for_click

from toolkit.cli import app
from toolkit.figures.press.webfont import embedded_font

ROOT = Path(__file__).resolve().parent.parent
#: What of the repository becomes a page, or is linked from one.
SHOWN = ["*.md", "LICENSE", "*.cff", "environment.yml", "constraints.txt", "pyproject.toml"]
SHOWN += ["corpus/*.md", "corpus/*.csv", "docs/*.md", "docs/**/*.png", "docs/**/*.csv"]
SHOWN += ["docs/badges/*.svg"]
SHOWN += ["docs/**/*.md", "notebooks/**/*.ipynb", "notebooks/*/*.png", "tests/**/test_*.py"]

#: Parts of the package in the order in which data flow through them.
TITLES = {
    "corpus": "Corpus",
    "metadata": "Metadata",
    "ingest": "Taking in texts",
    "cleaning": "Cleaning",
    "segmentation": "Words",
    "wordlists": "Word lists",
    "terms": "Terms",
    "matrix": "Weights",
    "shards": "Corpora on disk",
    "topics": "Topics",
    "compare": "Comparing",
    "figures": "Figures",
    "explore": "Exploring",
    "exercises": "Exercises",
    "recipe": "Recipes",
}
#: What is public in a module that is no room.
OWN = {"toolkit.cleaning": ["CleanResult"], "toolkit.recipe": ["Recipe"]}


def stage(folder: Path, executed: Path | None) -> None:
    """Lay out the pages in a folder of their own."""
    for pattern in SHOWN:
        for source in ROOT.glob(pattern):
            if "book" not in source.relative_to(ROOT).parts and not _hidden(source):
                _copy(source, folder / source.relative_to(ROOT))
    for source in (ROOT / "docs" / "book").rglob("*"):
        if source.is_file():
            _copy(source, folder / source.relative_to(ROOT / "docs" / "book"))
    for source in executed.glob("[ez][nh]/*.ipynb") if executed else ():
        _copy(source, folder / "notebooks" / source.relative_to(executed))
    for path in (folder / "notebooks").rglob("*.ipynb"):
        # A solution is there for those who open it.
        notebook = path.read_text(encoding="utf-8")
        path.write_text(notebook.replace('"solution"', '"hide-cell"'), encoding="utf-8")


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(ROOT).parts)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write_reference(folder: Path) -> None:
    """List every public name, by the part of the package that it comes from."""
    parts: dict[str, list[str]] = {}
    seen: set[str] = set()
    for module in ("toolkit", *(f"toolkit.{part}" for part in TITLES)):
        package = importlib.import_module(module)
        for name in sorted({*getattr(package, "__all__", OWN.get(module, ()))} - seen):
            seen.add(name)
            part = getattr(package, name).__module__.split(".")[1]
            parts.setdefault(part, []).append(f"{module}.{name}")
    lines = ["# Reference", "", "Every public name, in the order in which data flow."]
    for part, title in TITLES.items():
        names = sorted(parts.pop(part), key=str.lower)
        lines += ["", f"## {title}", "", "```{eval-rst}", ".. autosummary::", "   :toctree: api"]
        lines += ["", *(f"   {name}" for name in names), "```"]
    if parts:
        raise RuntimeError(f"{__file__}: TITLES lacks {sorted(parts)}")
    lines += ["", "```{toctree}", ":hidden:", "", "command-line", "```", ""]
    (folder / "reference.md").write_text("\n".join(lines), encoding="utf-8")


def write_command_line(folder: Path) -> None:
    """Describe the commands as their help does."""
    command = typer.main.get_command(app)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="toolkit")
    text = re.sub(r"^# `toolkit`", "# The command line", text)
    (folder / "command-line.md").write_text(text, encoding="utf-8")


def write_font(folder: Path) -> None:
    """Put a font with all characters of the pages and docstrings beside them."""
    sources = [*folder.rglob("*.md"), *folder.rglob("*.ipynb"), *ROOT.glob("toolkit/**/*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    characters = "".join(sorted({*html.unescape(text)} - {*map(chr, range(32))}))
    font = base64.b64decode(embedded_font(characters))
    (folder / "_static" / "noto-sans-sc.woff2").write_bytes(font)


def main() -> None:
    """Build the site; a warning is an error."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("site", type=Path, help="folder to write the site to")
    parser.add_argument("--executed", type=Path, help="folder of notebooks that have been run")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stage(Path(folder), args.executed)
        for write in (write_reference, write_command_line, write_font):
            write(Path(folder))
        options = ["-q", "-W", "--keep-going", "-j", "auto", "-b", "html", "-d", f"{folder}/.trees"]
        raise SystemExit(build_main([*options, folder, str(args.site)]))


if __name__ == "__main__":
    main()
