"""The command line: a thin layer over the package."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from toolkit.say import Language

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    help="Chinese texts on city governance: clean, segment, weigh, model, compare, draw.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from toolkit.installed import DISTRIBUTION, versions

        typer.echo(versions()[DISTRIBUTION])
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def reproduce(
    out: Annotated[Path, Option(help="Folder for the report, figures and results.")] = Path("out"),
    check: Annotated[
        bool, Option("--check", help="Compare with the results committed with the study.")
    ] = False,
    lang: Annotated[Language, Option(help="Of the study and its figures.")] = "en",
) -> None:
    """Run the study of the Beijing article and 40 comparable texts.

    Exit code 0: done, and with --check all results agree; 1: a result differs or the
    study failed; 2: the command was not understood.
    """
    from toolkit import study

    with _without_traceback(OSError, RuntimeError, code=1):
        results = study.reproduce(out, lang=lang)
    typer.echo(f"{len(results)} results, report and figures in {out / 'report.html'}")
    if check:
        lines = study.differences(results, study.expected_results())
        for line in lines:
            typer.echo(f"DIFFERS {line}")
        if lines:
            raise typer.Exit(1)
        typer.echo(f"PASS all {len(results)} results agree")


@app.command("intake")
def take_in(
    sources: Annotated[
        list[Path], Argument(help="Files, folders, zip archives, lists of addresses.")
    ],
    into: Annotated[Path, Option(help="The corpus folder.")],
    metadata: Annotated[
        Path | None, Option(help="CSV of what is known, with a column file.")
    ] = None,
    given: Annotated[
        list[str] | None, Option("--set", help="What holds for all: --set year=2024.")
    ] = None,
    column: Annotated[
        list[str] | None, Option(help="Name of a table's column: --column 留言=text.")
    ] = None,
    simplify: Annotated[
        bool, Option("--simplify", help="Write traditional characters as simplified ones.")
    ] = False,
    drop_missing: Annotated[
        bool, Option("--drop-missing", help="Take out what came from sources now gone.")
    ] = False,
) -> None:
    """Take texts of your own into a corpus folder; run it again to go on.

    Exit code 0: every text was accepted, with warnings or without; 1: some were
    quarantined, intake.csv says why, or the sources could not be used; 2: the command was
    not understood.
    """
    from toolkit.ingest import intake

    with _without_traceback(OSError, ValueError, code=1), warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda said, *_: typer.echo(f"warning: {said}", err=True)
        table = intake(
            sources,
            into=into,
            metadata=metadata,
            given=_pairs(given, "--set"),
            columns=_pairs(column, "--column"),
            simplify=simplify,
            drop_missing=drop_missing,
        )
    _say_outcome(table, into)


@app.command("fetch")
def fetch_texts(
    into: Annotated[Path, Option(help="The corpus folder.")],
    collection: Annotated[
        str | None, Argument(help="gwr2024: reports of 143 cities in 2024.")
    ] = None,
    pages: Annotated[Path | None, Option("--list", help="CSV of pages, with a column url.")] = None,
    base_url: Annotated[
        str | None, Option(help="A mirror that has the files of the collection.")
    ] = None,
    delay: Annotated[float, Option(help="Seconds between requests to a host.")] = 2.0,
    user_agent: Annotated[
        str | None, Option(help="Who asks: your name and address to write to.")
    ] = None,
    allow_private: Annotated[
        bool, Option("--allow-private", help="Fetch from this machine's network too.")
    ] = False,
    refresh: Annotated[
        bool, Option("--refresh", help="Ask whether fetched pages changed.")
    ] = False,
) -> None:
    """Fetch a collection of public texts, or the pages of a list, into a corpus folder.

    Exit codes are those of intake.
    """
    from toolkit.ingest import Politeness, fetch

    if (collection is None) == (pages is None):
        raise typer.BadParameter("give either a collection (gwr2024) or --list FILE.csv")
    with _without_traceback(OSError, ValueError, code=1):
        who = user_agent or Politeness.user_agent
        polite = Politeness(user_agent=who, delay=delay, allow_private=allow_private)
        source = collection or pages or ""
        table = fetch(source, into=into, base_url=base_url, politeness=polite, refresh=refresh)
    _say_outcome(table, into)


@app.command()
def new(folder: Annotated[Path, Argument(help="A new or empty folder.")]) -> None:
    """Make a folder for a study of your own: places for files, notebooks, a README."""
    from toolkit.ingest import new_study

    with _without_traceback(OSError, code=1):
        new_study(folder)
    typer.echo(f"{folder} is ready; {folder / 'README.md'} says how to go on")


@app.command("notebooks")
def copy_tutorials(folder: Annotated[Path, Argument(help="A new or empty folder.")]) -> None:
    """Copy the tutorials and their exercises, in English and Chinese, into a folder.

    Exit code 0: done; 1: the folder holds something already, which stays as it is.
    """
    from toolkit.exercises.copying import copy_notebooks

    with _without_traceback(OSError, code=1):
        copy_notebooks(folder)
    typer.echo(f"{folder} is ready; start with: {sys.executable} -m jupyterlab {folder}")


@contextmanager
def _without_traceback(*kinds: type[Exception], code: int) -> Iterator[None]:
    """End with a line about an error that a user can mend, and not with a traceback."""
    try:
        yield
    except kinds as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(code) from None


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in given or ()]
    if wrong := next((text for text, sign, _ in pairs if not sign), None):
        raise typer.BadParameter(f"{wrong!r} is not of the form name=value", param_hint=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _say_outcome(table: pd.DataFrame, into: Path) -> None:
    """Say what became of the files; end with code 1 if one was quarantined."""
    for row in table.to_dict("records"):
        if row["status"] != "accepted":
            word = row["reason"] or row["warnings"]
            typer.echo(f"{row['status']}  {row['source']} {row['part']}: {word}".replace(" :", ":"))
    counts = table["status"].value_counts()
    accepted, warned, out = (counts.get(s, 0) for s in ("accepted", "warned", "quarantined"))
    said = f"{accepted} accepted, {warned} accepted with warnings, {out} quarantined"
    typer.echo(f"{said}; all of it is told in {into / 'intake.csv'}")
    if out:
        raise typer.Exit(1)


@app.command("doctor")
def diagnose() -> None:
    """Check this installation: versions, dictionary, fonts, kernel, and what is missing.

    Exit code 0: all is well; 1: something that is needed does not work.
    """
    from toolkit.doctor import checks

    problems = 0
    for check in checks():
        typer.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.found}")
        if check.mend:
            typer.echo(f"      {check.mend}")
        problems += not check.ok
    if problems:
        typer.echo(f"{problems} problem{'s' * (problems > 1)}")
        raise typer.Exit(1)


figures = typer.Typer(help="Figures for a journal.", no_args_is_help=True)
app.add_typer(figures, name="figures")


@figures.command("check")
def check_figures(
    folder: Annotated[Path, Argument(help="A bundle, or a folder of figures.")],
    preset: Annotated[str, Option(help="The journal: nature, elsevier, ieee, cn …")],
    quiet: Annotated[bool, Option("--quiet", help="Show only what is not as asked.")] = False,
) -> None:
    """Check exported figures against what a journal asks; Python's check_folder has each check.

    Exit code 0: all is as asked; 1: something is not; 2: there is no such preset, or no
    figure in the folder.
    """
    from toolkit.figures import check_folder

    with _without_traceback(OSError, ValueError, code=2):
        table = check_folder(folder, preset)
    for figure, checks in table.groupby("figure", sort=False):
        failed = checks[checks["result"] == "FAIL"]
        if failed.empty and not quiet:
            typer.echo(f"PASS  {figure}: {len(checks)} checks")
        for check, seen, mend in failed[["check", "found", "mend"]].to_numpy(str).tolist():
            typer.echo(f"FAIL  {figure}: {check}: {seen}\n      {mend}")
    failures = int((table["result"] == "FAIL").sum())
    typer.echo(f"{len(table)} checks for {preset!r}, {failures} failed")
    if failures:
        raise typer.Exit(1)


@figures.command("gallery")
def draw_all(
    out: Annotated[Path, Option(help="Folder for the figures and the page.")] = Path("gallery"),
    preset: Annotated[
        list[str] | None, Option(help="Only these presets; give it again for another.")
    ] = None,
    lang: Annotated[Language, Option(help="Of the figures.")] = "zh",
) -> None:
    """Draw every plot in every preset from the sample corpus, with a page to look at.

    Exit code 0: done; 1: a folder holds something else; 2: there is no such preset.
    """
    from toolkit.figures.gallery import draw_gallery
    from toolkit.figures.press.presets import PRESETS

    with _without_traceback(OSError, code=1), _without_traceback(ValueError, code=2):
        page = draw_gallery(out, presets=preset or PRESETS, lang=lang)
    typer.echo(str(page))


tasks = typer.Typer(help="The exercises of the tutorials.", no_args_is_help=True)
app.add_typer(tasks, name="exercises")


@tasks.command("collect")
def collect_exercises(
    folder: Annotated[Path, Argument(help="What students handed in: JSON files.")],
    out: Annotated[Path, Option(help="The table; a page is written beside it.")] = Path(
        "marks.csv"
    ),
    lang: Annotated[Language, Option(help="Of the page.")] = "zh",
) -> None:
    """Make a table and a page of what many students handed in.

    Exit code 0: every file is as it should be; 1: some are not, each is named; 2: there is
    nothing to read.
    """
    from toolkit.exercises.collecting import collect, save_marks
    from toolkit.metadata import counted

    with _without_traceback(OSError, ValueError, code=2):
        handed = collect(folder)
        page = save_marks(handed, out, lang=lang)
    problems = [str(one.problem) for one in handed if one.problem]
    for line in problems:
        typer.echo(line)
    files = counted(len(handed), "file")
    typer.echo(f"{files}, {len(problems)} to look at: {out}, {page}")
    if problems:
        raise typer.Exit(1)
