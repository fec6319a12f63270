"""A real browser on a system that has Latin fonts only."""

import os
import shutil
from pathlib import Path

import matplotlib
import pytest

# A browser in a test looks nothing up and reports to nobody.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    fonts = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    latin = Path(matplotlib.get_data_path(), "fonts", "ttf")
    fonts.write_text(f"<fontconfig><dir>{latin}</dir></fontconfig>", encoding="utf-8")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=program,
            args=ARGUMENTS,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        yield started
        started.close()
