"""Run the command line as ``python -m toolkit``."""

from toolkit.cli import app

app(prog_name="toolkit")
