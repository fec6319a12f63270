"""The report of the study, as a reader's browser shows it."""

import nbformat
import pytest

from toolkit import study
from toolkit.installed import resource


@pytest.fixture(scope="module", params=["en", "zh"])
def report(request, tmp_path_factory):
    lang = request.param
    notebook = nbformat.read(resource("notebooks", lang, "study.ipynb"), as_version=4)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(study.report(notebook, lang=lang), encoding="utf-8")
    return path


@pytest.fixture
def page(page, report):
    page.context.set_offline(True)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(report.as_uri())
    page.evaluate("document.fonts.ready")
    return page


def test_asks_for_nothing_and_complains_of_nothing(page, report):
    assert [url for url in page.asked if not url.startswith("data:")] == [report.as_uri()]
    assert page.errors == []


def test_shows_chinese_without_a_chinese_font(page, assert_chinese):
    assert_chinese(page)


def test_every_figure_is_there_with_a_description(page):
    figures = page.evaluate(
        "[...document.images].map(image => [image.naturalWidth > 0, image.alt])"
    )
    assert len(figures) >= 10
    assert all(loaded and alt for loaded, alt in figures)


def test_columns_of_code_line_up(page):
    widths = page.evaluate(
        """["iiii", "MMMM"].map(text => {
            const line = document.createElement("pre");
            line.style.width = "max-content";
            line.textContent = text;
            document.body.append(line);
            return line.clientWidth;
        })"""
    )
    assert widths[0] == widths[1]


def test_fits_a_narrow_screen(page):
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_texts_are_text(page, hostile_cell, tmp_path):
    path = tmp_path / "n.ipynb"
    say = (
        "from toolkit.study import Study\nStudy().say('{word}', word=corpus.units.iloc[0]['title'])"
    )
    cells = [hostile_cell, f"{say}\nprint(corpus.units['text'].iloc[2])", "corpus.units.head(12)"]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, path)
    hostile = tmp_path / "report.html"
    hostile.write_text(study.report(study.run_notebook(path, tmp_path)), encoding="utf-8")
    page.asked.clear()
    page.goto(hostile.as_uri())
    assert page.inner_text("body").count("window.harmed") >= 12
    assert page.evaluate("window.harmed") is None
    assert page.asked == [hostile.as_uri()]
    assert page.errors == []
