"""What presets promise, and that figures keep it."""

import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from toolkit.figures import figure_style, plot_term_weights, plot_topic_terms, plot_wordcloud
from toolkit.figures.press.presets import PRESETS

DOCS = Path(__file__).parents[3] / "docs" / "figures.md"


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
class TestEveryPreset:
    def test_numbers_make_sense(self, preset):
        one, middle, two = preset.widths
        assert 60 <= one < two <= 320
        assert one < middle <= two
        small, label, title = preset.text
        assert preset.min_text <= small <= label <= title
        assert preset.dpi[0] >= preset.dpi[1] >= preset.dpi[2] >= 150

    def test_the_documentation_tells_its_numbers(self, preset):
        rows = [
            line for line in DOCS.read_text("utf-8").splitlines() if f"| `{preset.name}`" in line
        ]
        (row,) = rows
        cells = [cell.strip() for cell in row.split("|")[2:-1]]
        widths = " / ".join(f"{w:g}" for w in preset.widths)
        assert cells[0] == widths
        assert cells[1] == ("—" if preset.max_height > 1000 else f"{preset.max_height:g}")
        assert cells[2] == " / ".join(f"{size:g}" for size in preset.text)
        assert cells[3] == f"{preset.min_text:g}"
        assert cells[4] == " / ".join(str(dpi) for dpi in preset.dpi)
        assert cells[5] == ", ".join(preset.formats)

    def test_plots_take_its_page_and_letters(self, preset, topics, matrix):
        with figure_style(preset.name):
            narrow, wide = plot_term_weights(matrix, n=5), plot_topic_terms(topics, n=3)
        for ax, width in ((narrow, preset.widths[0]), (wide[0], preset.widths[2])):
            figure = ax.figure
            assert figure.get_figwidth() * 25.4 == pytest.approx(width)
            assert figure.get_figheight() * 25.4 <= preset.max_height
            assert {t.get_fontsize() for t in ax.get_yticklabels()} == {preset.text[0]}
        assert narrow.xaxis.label.get_fontsize() == preset.text[1]
        face = "Noto Serif SC" if preset.face == "serif" else "Noto Sans SC"
        assert narrow.xaxis.label.get_fontfamily() == [f"{face} TrueType"]


def test_columns_can_be_asked_for(matrix):
    for columns, width in ((1, 90), (1.5, 140), (2, 190)):
        with figure_style("elsevier", columns=columns):
            figure = plot_term_weights(matrix, n=4).figure
        assert figure.get_figwidth() * 25.4 == pytest.approx(width)


def test_chinese_journals_get_song_grey_and_inward_ticks(matrix):
    with figure_style("cn"):
        ax = plot_term_weights(matrix, n=4)
        assert mpl.rcParams["xtick.direction"] == "in"
    assert all(len({*patch.get_facecolor()[:3]}) == 1 for patch in ax.patches)


def test_what_there_is_not():
    with pytest.raises(ValueError, match="no preset 'science'; there are notebook, nature"):
        figure_style("science").__enter__()
    with pytest.raises(ValueError, match=r"columns must be 1, 1\.5 or 2, not 3"):
        figure_style("nature", columns=3).__enter__()
    assert mpl.rcParams["font.size"] == mpl.rcParamsDefault["font.size"]


@pytest.mark.parametrize(("preset", "lines"), [("nature", False), ("elsevier", True)])
def test_lines_stand_behind_the_data_where_the_journal_has_them(matrix, preset, lines):
    with figure_style(preset):
        ax = plot_term_weights(matrix, n=3)
    ax.figure.draw_without_rendering()
    assert any(line.get_visible() for line in ax.get_xgridlines()) is lines


def test_presets_nest_and_end():
    with figure_style("nature"):
        with figure_style("slides"):
            inner = plt.subplots()[0].get_figwidth()
        outer = plt.subplots()[0].get_figwidth()
    assert (round(inner * 25.4), round(outer * 25.4)) == (155, 89)


@pytest.mark.parametrize("preset", ["slides", "cn", "nature"])
def test_as_many_rows_fit_as_the_message_says(matrix, preset):
    with figure_style(preset):
        with pytest.raises(ValueError, match="draw fewer rows") as refused:
            plot_term_weights(matrix, n=200)
        fitting = 200 * int(re.search(r"(\d+)% of these fit", str(refused.value))[1]) // 100
        assert fitting > 15
        plot_term_weights(matrix, n=fitting)
        with pytest.raises(ValueError, match="draw fewer rows"):
            plot_term_weights(matrix, n=2 * fitting)


def test_too_many_rows_for_a_page_are_refused(matrix):
    with figure_style("slides"), pytest.raises(ValueError, match=r"allows 160 mm: draw fewer rows"):
        plot_term_weights(matrix, n=60)
    assert not plt.get_fignums()


def test_a_cloud_grows_wider_rather_than_illegible():
    with figure_style("cn"):
        ax = plot_wordcloud({f"城市治理词语{i:02d}": 1 / (i + 1) for i in range(40)})
    assert ax.figure.get_figwidth() * 25.4 > 80
    assert min(text.get_fontsize() for text in ax.texts) >= 7.45


def test_sources_have_a_date():
    text = DOCS.read_text("utf-8")
    for preset in PRESETS:
        assert re.search(rf"\*\*{preset}\*\*.*2026-11|\*\*{preset}\*\*.*our choice", text), preset
