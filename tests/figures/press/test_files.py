"""What others read in exported files: poppler in PDFs, ImageMagick in pixels."""

import json
import shutil
import subprocess
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
import pytest

from toolkit.figures import check_folder, export_figure, figure_style
from toolkit.figures.gallery import PLOTS, draw_gallery
from toolkit.figures.press.presets import PRESETS

# Presets that write PDF take turns; so do the two faces, dpi and sizes.
TURNS = ("nature", "cn", "springer", "elsevier", "thesis")

needs_tools = pytest.mark.skipif(
    not (shutil.which("pdffonts") and shutil.which("identify")),
    reason="poppler-utils or imagemagick is not installed",
)


def read(*command):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def bundles(values, tmp_path_factory):
    """Every plot of the gallery, each in one preset, with the files of that preset."""
    folder, found = tmp_path_factory.mktemp("bundles"), {}
    for (name, draw), preset in zip(PLOTS.items(), cycle(TURNS), strict=False):
        with figure_style(preset):
            figure = np.ravel(draw(values, "zh"))[0].figure
        found[export_figure(figure, name, folder=folder / preset)] = PRESETS[preset]
        plt.close(figure)
    return found


@pytest.mark.exhaustive
@needs_tools
def test_every_pdf_has_embedded_subset_truetype_and_nothing_in_pixels(bundles):
    for bundle, preset in bundles.items():
        pdf = bundle / f"{bundle.name}.pdf"
        rows = read("pdffonts", pdf).splitlines()[2:]
        assert rows, bundle
        for row in rows:
            assert "TrueType" in row, row
            assert row.split()[-5:-2] == ["yes", "yes", "yes"], row  # embedded, subset, Unicode
        assert any(f"Noto{preset.face.capitalize()}SC" in row for row in rows)
        assert len(read("pdfimages", "-list", pdf).splitlines()) == 2  # the head only
        assert pdf.stat().st_size <= 100_000
        size = json.loads((bundle / "provenance.json").read_text("utf-8"))["size_mm"]
        (line,) = (row for row in read("pdfinfo", pdf).splitlines() if "Page size" in row)
        points = [float(part) for part in line.split() if part.replace(".", "").isdigit()]
        assert [side / 72 * 25.4 for side in points] == pytest.approx(size, abs=0.05)


@pytest.mark.exhaustive
@needs_tools
def test_pixels_have_the_size_and_dpi_of_the_page(bundles):
    seen = 0
    for bundle, preset in bundles.items():
        size = json.loads((bundle / "provenance.json").read_text("utf-8"))["size_mm"]
        for suffix in {*preset.formats} & {"png", "tiff"}:
            form = "%w %h %x %y %U %[channels] %[compression]"
            told = read("identify", "-format", form, bundle / f"{bundle.name}.{suffix}").split()
            width, height, across, up = (float(part) for part in told[:4])
            per_mm = {"PixelsPerInch": 25.4, "PixelsPerCentimeter": 10}[told[4]]
            dots = preset.dpi[1] / 25.4
            assert across / per_mm == pytest.approx(dots, rel=1e-3)
            assert up / per_mm == pytest.approx(dots, rel=1e-3)
            assert [width, height] == pytest.approx([side * dots for side in size], abs=1)
            assert "a" not in told[5].removeprefix("gray"), told  # srgb, no alpha
            if suffix == "tiff":
                assert told[-1] == "LZW"
                seen += 1
    assert seen > 10


@pytest.mark.exhaustive
def test_their_folders_pass_the_check(bundles):
    for name in TURNS:
        (folder,) = {bundle.parent for bundle, p in bundles.items() if p.name == name}
        table = check_folder(folder, name)
        assert set(table["result"]) == {"PASS"}, table[table["result"] == "FAIL"].to_string()
        assert table["figure"].nunique() >= 4


@pytest.mark.exhaustive
def test_the_gallery_is_a_page_with_alternative_texts(values, tmp_path):
    page = draw_gallery(
        tmp_path, presets=["slides"], plots=["wordcloud", "slope"], lang="en", values=values
    )
    text = page.read_text("utf-8")
    for name in ("wordcloud", "slope"):
        assert f'src="slides/{name}/{name}.png"' in text
        assert (tmp_path / "slides" / name / f"{name}.svg").exists()
    assert 'alt="Slope chart. Occurrences per 10,000 words' in text
    assert "2 plots in 1 presets" in text
    again = draw_gallery(
        tmp_path, presets=["slides"], plots=["wordcloud", "slope"], lang="en", values=values
    )
    assert again.read_text("utf-8") == text


def test_the_gallery_replaces_no_page_of_yours(tmp_path):
    (tmp_path / "index.html").write_text("my homepage")
    with pytest.raises(FileExistsError, match=r"index\.html is no gallery"):
        draw_gallery(tmp_path, presets=["slides"], plots=["wordcloud"])
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
