"""The command line: a thin layer over the package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Chinese texts on city governance: clean, segment, weigh, model, compare, draw.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from toolkit.recipe import DISTRIBUTION, versions

        typer.echo(versions()[DISTRIBUTION])
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def reproduce(
    out: Annotated[Path, typer.Option(help="Folder for the report, figures and results.")] = Path(
        "out"
    ),
    check: Annotated[
        bool, typer.Option("--check", help="Compare with the results committed with the study.")
    ] = False,
) -> None:
    """Run the study of the Beijing article and 40 comparable texts.

    Exit code 0: done, and with --check all results agree; 1: a result differs or the
    study failed; 2: the command was not understood.
    """
    from toolkit import study

    try:
        results = study.reproduce(out)
    except (OSError, RuntimeError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{len(results)} results, report and figures in {out / 'report.html'}")
    if check:
        lines = study.differences(results, study.expected_results())
        for line in lines:
            typer.echo(f"DIFFERS {line}")
        if lines:
            raise typer.Exit(1)
        typer.echo(f"PASS all {len(results)} results agree")


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
    folder: Annotated[Path, typer.Argument(help="A bundle, or a folder of figures.")],
    preset: Annotated[str, typer.Option(help="The journal: nature, elsevier, ieee, cn …")],
) -> None:
    """Check exported figures against what a journal asks.

    Exit code 0: all is as asked; 1: something is not; 2: there is no such preset, or no
    figure in the folder.
    """
    from toolkit.figures import check_folder

    try:
        table = check_folder(folder, preset)
    except (OSError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from None
    for figure, check, result, seen, mend in table.to_numpy(str).tolist():
        typer.echo(f"{result}  {figure}: {check}: {seen}")
        if mend:
            typer.echo(f"      {mend}")
    failures = int((table["result"] == "FAIL").sum())
    typer.echo(f"{len(table)} checks for {preset!r}, {failures} failed")
    if failures:
        raise typer.Exit(1)


@figures.command("gallery")
def draw_all(
    out: Annotated[Path, typer.Option(help="Folder for the figures and the page.")] = Path(
        "gallery"
    ),
    preset: Annotated[
        list[str] | None, typer.Option(help="Only these presets; give it again for another.")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Draw every plot in every preset from the sample corpus, with a page to look at.

    Exit code 0: done; 1: a folder holds something else; 2: there is no such preset.
    """
    from toolkit.figures.gallery import draw_gallery
    from toolkit.figures.presets import PRESETS

    if lang not in ("zh", "en") or (unknown := {*(preset or [])} - {*PRESETS}):
        wrong = lang if lang not in ("zh", "en") else ", ".join(sorted(unknown))
        typer.echo(f"error: {wrong!r} is not one of zh, en, {', '.join(PRESETS)}", err=True)
        raise typer.Exit(2)
    try:
        page = draw_gallery(out, presets=preset or PRESETS, lang="en" if lang == "en" else "zh")
    except OSError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(str(page))
