"""The report of the study, as a reader's browser shows it."""

import nbformat
import pytest

from toolkit import study
from toolkit.recipe import resource

# Draws a character as the page would and returns its pixels.
PIXELS = """
char => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.font = "40px " + getComputedStyle(document.body).fontFamily;
    pen.fillText(char, 20, 60);
    return canvas.toDataURL();
}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    notebook = nbformat.read(resource("notebooks", "study.ipynb"), as_version=4)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(study.report(notebook), encoding="utf-8")
    return path


@pytest.fixture
def page(browser, report):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.told = []
    page.on("console", lambda message: page.told.append(message.text))
    page.on("pageerror", lambda error: page.told.append(str(error)))
    page.on("request", lambda request: page.told.append(request.url))
    page.goto(report.as_uri())
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def test_asks_for_nothing_and_complains_of_nothing(page, report):
    asked = [told for told in page.told if not told.startswith("data:")]
    assert asked == [report.as_uri()]


def test_shows_chinese_without_a_chinese_font(page):
    box, *shown = (page.evaluate(PIXELS, char) for char in "\ue000城市诉")
    assert len({box, *shown}) == 4, "characters that a font lacks are drawn as the same box"


def test_every_figure_is_there_with_a_description(page):
    figures = page.evaluate(
        "[...document.images].map(image => [image.naturalWidth > 0, image.alt])"
    )
    assert len(figures) >= 10
    assert all(loaded and alt for loaded, alt in figures)


def test_fits_a_narrow_screen(page):
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
