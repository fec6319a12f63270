"""Each check finds what it is for, and a good figure passes all of them."""

import json
import re
import shutil

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from typer.testing import CliRunner

from toolkit.cli import app
from toolkit.figures import (
    check_figure,
    check_folder,
    export_figure,
    export_table,
    figure_style,
    plot_wordcloud,
)
from toolkit.figures.press.vision import chroma, contrast, distance

FONT = "Noto Sans SC TrueType"
LEGEND = {"prop": {"family": FONT, "size": 6}, "framealpha": 1}


@pytest.fixture
def good():
    with figure_style("nature"):
        figure, ax = plt.subplots()
        ax.plot([1, 2, 3], label="热线")
        ax.plot([3, 1, 2], marker="s", label="网格")
        ax.set_xlabel("年份")
        ax.set_ylabel("次数")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure


def failing(figure, preset="nature"):
    table = check_figure(figure, preset)
    return set(table.loc[table["result"] == "FAIL", "check"])


def test_a_good_figure_passes(good):
    table = check_figure(good, "nature")
    assert [*table.columns] == ["check", "result", "found", "mend"]
    assert set(table["result"]) == {"PASS"}
    assert not table["mend"].any()
    assert len(table) == 17


def spoil(name):
    """Return something done to a figure, which one check finds."""

    def small(figure):
        figure.axes[0].set_xlabel("年份", size=4)

    def large(figure):
        figure.axes[0].set_xlabel("年份", size=30)

    def cut(figure):
        figure.axes[0].text(1.9, 2, "很长的说明文字" * 3, in_layout=False, family=FONT, size=7)

    def overlap(figure):
        for words in ("城市治理", "社区网格"):
            figure.axes[0].text(0.5, 2, words, family=FONT, size=7)

    def overlap_in_lines(figure):
        for words in ("甲\n城市数字化治理", "乙\n老旧小区改造"):
            figure.axes[0].text(0.5, 2, words, family=FONT, size=7)

    def pale_in_lines(figure):
        figure.axes[0].text(0.5, 2, "城市\n治理", color="#cccccc", family=FONT, size=7)

    def small_in_lines(figure):
        figure.axes[0].set_xlabel("年\n份", size=4)

    def cut_in_lines(figure):
        words = "短\n" + "很长的说明文字" * 3
        figure.axes[0].text(1.9, 2, words, in_layout=False, family=FONT, size=7)

    def legend_over_lines(figure):
        figure.axes[0].legend(loc="center", **LEGEND)

    def legend_over_points(figure):
        figure.axes[0].legend(loc="center left", **LEGEND)
        figure.axes[0].scatter([0.1], [2], 4, "black", marker="D")

    def legend_over_bars(figure):
        figure.axes[0].legend(loc="upper left", **LEGEND)
        figure.axes[0].bar([0], [3.5], color="black", hatch="//")

    def legend_over_a_picture(figure):
        figure.axes[0].imshow(np.ones((4, 4)), cmap="Greys_r", extent=(0, 2, 1, 3), aspect="auto")
        figure.axes[0].set_ylim(0, 6)
        figure.axes[0].legend(loc="center", **LEGEND)

    def without_label(figure):
        figure.axes[0].set_ylabel("")

    def title_for_two(figure):
        figure.axes[0].set(ylabel="", xlabel="")
        figure.axes[0].set_title("图", size=7)

    def text_on_a_line(figure):
        figure.axes[0].text(0.9, 1.95, "城市治理", family=FONT, size=7, va="center")

    def second_line_on_a_line(figure):
        figure.axes[0].text(0.9, 1.95, "年\n城市治理", family=FONT, size=7, va="bottom")

    def rainbow(figure):
        figure.axes[0].imshow(np.eye(9), cmap="jet", extent=(0, 2, 4, 5), aspect="auto")
        figure.axes[0].set_ylim(0, 6)

    def rainbow_of_points(figure):
        figure.axes[0].hexbin([0, 1, 2], [5, 5, 5.5], cmap="rainbow", gridsize=5)
        figure.axes[0].set_ylim(0, 6)

    def shine(figure):
        figure.axes[0].axvspan(0, 1, alpha=0.3)

    def pale(figure):
        figure.axes[0].text(0.5, 2, "城市治理", color="#cccccc", family=FONT, size=7)

    def hairline(figure):
        figure.axes[0].lines[0].set_linewidth(0.1)

    def hairlines(figure):
        figure.axes[0].hlines([1, 2], 0, 0.5, linewidth=0.05)

    def latin(figure):
        figure.axes[0].set_xlabel("开心🙂", size=7)

    def bold(figure):
        figure.axes[0].set_xlabel("城市", weight="bold", size=7)

    def wide(figure):
        figure.set_figwidth(150 / 25.4)

    def high(figure):
        figure.set_figheight(200 / 25.4)

    return locals()[name]


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("small", "smallest text"),
        ("large", "largest text"),
        ("cut", "cut texts"),
        ("overlap", "overlaps"),
        ("overlap_in_lines", "overlaps"),
        ("pale_in_lines", "contrast"),
        ("small_in_lines", "smallest text"),
        ("cut_in_lines", "cut texts"),
        ("legend_over_lines", "legends"),
        ("legend_over_points", "legends"),
        ("legend_over_bars", "legends"),
        ("legend_over_a_picture", "legends"),
        ("without_label", "axis labels"),
        ("title_for_two", "axis labels"),
        ("text_on_a_line", "texts on lines"),
        ("second_line_on_a_line", "texts on lines"),
        ("rainbow", "colour maps"),
        ("rainbow_of_points", "colour maps"),
        ("shine", "transparency"),
        ("pale", "contrast"),
        ("hairline", "thinnest line"),
        ("hairlines", "thinnest line"),
        ("latin", "letters"),
        ("bold", "letters"),
        ("wide", "width"),
        ("high", "height"),
    ],
)
def test_each_fault_is_found_and_only_that(good, name, check):
    spoil(name)(good)
    table = check_figure(good, "nature")
    found = table[table["result"] == "FAIL"]
    assert set(found["check"]) == {check}
    assert found["mend"].all()


def right(name):
    """Return something done to a figure, in which no check finds a fault."""

    def lines_apart(figure):
        figure.axes[0].set_xlabel("年份\n（自然年）")
        figure.axes[0].set_title("两行\n标题")

    def legend_in_a_free_corner(figure):
        figure.axes[0].set_ylim(0, 6)
        figure.axes[0].legend(loc="upper right")

    def legend_over_a_band(figure):
        figure.axes[0].axhspan(4, 6, color="#eeeeee")
        figure.axes[0].axvline(1, color="#555555")
        figure.axes[0].set_ylim(0, 6)
        figure.axes[0].legend(loc="upper center")

    def years(figure):
        figure.axes[0].set_xlabel("")
        figure.axes[0].set_xticks([0, 1, 2], ["2021", "2022", "2023"])

    def names(figure):
        figure.axes[0].set_xlabel("")
        figure.axes[0].set_xticks([0, 1, 2], ["北京", "上海", "广州"])

    def title_for_one(figure):
        figure.axes[0].set_ylabel("")
        figure.axes[0].set_title("每万词次数")

    def shared_label(figure):
        figure.axes[0].set_ylabel("")
        figure.supylabel("次数", size=7)

    def legend_beside_a_part(figure):
        figure.axes[0].set_xlim(0, 1)
        figure.axes[0].legend(loc="center left", bbox_to_anchor=(1, 0.5))

    def text_with_a_ground(figure):
        ground = {"facecolor": "white", "linewidth": 0}
        figure.axes[0].text(1, 2, "城市治理", va="center", bbox=ground)

    def text_on_a_mark_over_a_line(figure):
        figure.axes[0].scatter([1], [2], 400, "#222222", marker="D", zorder=3)
        figure.axes[0].text(1, 2, "1", color="white", ha="center", va="center", zorder=4)

    def text_beyond_a_part(figure):
        figure.axes[0].set_xlim(0, 1)
        figure.axes[0].annotate("城市治理", (1.1, 2.1), annotation_clip=False, va="center")

    def even_colours(figure):
        for row, cmap in enumerate(("viridis", "Blues", "RdBu", "RdYlBu", "coolwarm", "tab10")):
            extent = (0, 2, 4 + row / 6, 4 + (row + 1) / 6)
            figure.axes[0].imshow(np.eye(9), cmap=cmap, extent=extent, aspect="auto")
        figure.axes[0].set_ylim(0, 6)

    def letter_of_a_panel(figure):
        figure.axes[0].set_title("a", weight="bold")
        figure.axes[0].text(1, 2.3, "p < 0.05", style="italic")

    return locals()[name]


RIGHT = [c for c in right.__code__.co_varnames if c != "name"]


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_raises_no_alarm(good, name):
    with figure_style("nature"):
        right(name)(good)
    assert not failing(good)


def test_panels_with_a_label_at_the_edge():
    with figure_style("nature", columns=2):
        figure, axes = plt.subplots(2, 2, sharex=True, sharey=True)
        for ax in axes.flat:
            ax.plot([1, 3, 2])
        axes[0, 0].set_ylabel("次数")
        axes[1, 0].set_ylabel("次数")
        for ax in axes[1]:
            ax.set_xlabel("期")
    assert not failing(figure)
    axes[1, 0].set_ylabel("")
    table = check_figure(figure, "nature").set_index("check")
    assert "y axis of panel 3" in table.loc["axis labels", "found"]


@pytest.mark.parametrize(("preset", "most"), [("nature", 7), ("springer", 12), ("cn", 9)])
def test_text_may_be_as_large_as_a_journal_allows(preset, most):
    with figure_style(preset):
        figure, ax = plt.subplots()
        title = ax.set_title("城市", size=most)
    assert "largest text" not in failing(figure, preset)
    title.set_size(most + 1)
    assert "largest text" in failing(figure, preset)


def test_words_of_a_cloud_may_be_larger_but_not_a_title_on_it():
    with figure_style("nature"):
        ax = plot_wordcloud({"接诉即办": 4, "城市更新": 2})
        assert max(text.get_fontsize() for text in ax.texts) > 7.25
    assert not failing(ax.figure)
    ax.set_title("词云", size=12)
    assert "largest text" in failing(ax.figure)


def test_colours_that_colour_blind_eyes_confuse():
    with figure_style("nature"):
        figure, ax = plt.subplots()
        ax.barh([0, 1], [1, 2], color=["#d62728", "#8c8c00"])
    assert "colour-blind" in failing(figure)
    with figure_style("nature"):
        figure, ax = plt.subplots()
        ax.plot([1, 2], color="#d62728", marker="o")
        ax.plot([2, 1], color="#8c8c00", marker="s")  # a shape tells them apart
        ax.set(xlabel="期", ylabel="次数")
    assert not failing(figure)


def test_colours_that_are_one_grey_in_print():
    with figure_style("cn"):
        figure, ax = plt.subplots()
        ax.barh([0, 1], [1, 2], color=["#4477aa", "#b05050"])
    assert failing(figure, "cn") >= {"greyscale", "black and white"}


def test_a_font_that_is_not_truetype():
    from matplotlib.font_manager import fontManager

    from toolkit.figures.press import fonts

    fontManager.addfont(fonts._source("sans"))
    with figure_style("nature"):
        figure, ax = plt.subplots()
        ax.set_title("城市", family="Noto Sans SC")
    assert "fonts" in failing(figure)


def test_measuring_changes_nothing(good):
    good.canvas.draw()
    before = np.asarray(good.canvas.buffer_rgba()).copy()
    engine = good.get_layout_engine()
    check_figure(good, "nature")
    good.canvas.draw()
    assert np.array_equal(np.asarray(good.canvas.buffer_rgba()), before)
    assert good.get_layout_engine() is engine


class TestVision:
    def test_known_values(self):
        # CIE L* of mid grey sRGB 119 is 50.0; WCAG's own example: #777 on white is 4.48.
        assert distance("#777777", "black") == pytest.approx(50.0, abs=0.1)
        assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)
        assert chroma("#808080") < 0.1

    def test_deuteranopes_confuse_red_and_green_of_one_lightness(self):
        # Of the colours of matplotlib's tab10: red and brown-green.
        assert distance("#c5373d", "#6b7a00") > 60
        assert distance("#c5373d", "#6b7a00", "deuteranopia") < 25
        assert distance("#4477aa", "#ee6677", "deuteranopia") > 40

    def test_greyscale_keeps_lightness(self):
        assert distance("red", "red", "greyscale") == 0
        assert distance("white", "black", "greyscale") == pytest.approx(100, abs=0.1)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    with figure_style("elsevier"):
        ax = plot_wordcloud({"接诉即办": 4, "城市更新": 2})
    folder, formats = tmp_path_factory.mktemp("exported"), ["png", "pdf", "tiff", "svg", "eps"]
    return export_figure(ax, "cloud", folder=folder, formats=formats)


@pytest.fixture
def bundle(exported, tmp_path):
    return shutil.copytree(exported, tmp_path / "cloud")


class TestFolder:
    def test_a_bundle_passes(self, bundle, tmp_path):
        table = check_folder(tmp_path, "elsevier")
        assert set(table["result"]) == {"PASS"}
        checks = {*table["check"]}
        assert {
            "checksums",
            "cloud.pdf: fonts",
            "cloud.tiff: resolution",
            "cloud.eps: width",
        } <= checks
        assert check_folder(bundle, "elsevier").equals(table)

    def test_other_presets_are_told_apart(self, bundle):
        table = check_folder(bundle, "springer")
        bad = table[table["result"] == "FAIL"]
        assert {"width", "cloud.pdf: width", "cloud.tiff: resolution"} <= {*bad["check"]}
        assert "dpi=600" in bad["mend"].str.cat()

    def test_what_was_changed_afterwards(self, bundle):
        with Image.open(bundle / "cloud.png") as image:
            image.convert("RGBA").save(bundle / "cloud.png", dpi=(72, 72))
        table = check_folder(bundle, "elsevier")
        bad = {*table.loc[table["result"] == "FAIL", "check"]}
        assert bad == {
            "checksums",
            "cloud.png: width",
            "cloud.png: height",
            "cloud.png: resolution",
            "cloud.png: alpha",
        }

    def test_type_3_fonts_and_broken_files(self, tmp_path):
        figure, ax = plt.subplots(figsize=(90 / 25.4, 2))
        ax.set_title("Type 3")
        figure.savefig(tmp_path / "old.pdf")
        (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
        (tmp_path / "broken.png").write_bytes(b"\x89PNG no")
        table = check_folder(tmp_path, "elsevier")
        bad = {*table.loc[table["result"] == "FAIL", "check"]}
        assert bad == {"old.pdf: fonts", "broken.pdf", "broken.png"}

    def test_a_table_among_the_figures_has_no_size_to_check(self, bundle, tmp_path):
        export_table(pd.DataFrame({"词": ["热线"]}), "terms", folder=tmp_path)
        table = check_folder(tmp_path, "elsevier")
        assert table.loc[table["figure"] == "terms", "check"].tolist() == ["checksums"]
        assert set(table["result"]) == {"PASS"}
        (tmp_path / "terms" / "provenance.json").write_text("{}")
        bad = check_folder(tmp_path, "elsevier").query("result == 'FAIL'")
        assert bad["check"].tolist() == ["provenance"]

    @pytest.mark.parametrize("lost", [{"struck"}, {"size_mm", "contrast"}, None])
    def test_a_measure_that_is_not_there_is_told(self, bundle, lost):
        path = bundle / "provenance.json"
        made = json.loads(path.read_text(encoding="utf-8"))
        kept = made["measured"].items()
        made["measured"] = [] if lost is None else {k: v for k, v in kept if k not in lost}
        path.write_text(json.dumps(made), encoding="utf-8")
        bad = check_folder(bundle, "elsevier").query("result == 'FAIL'")
        assert bad["check"].tolist() == ["provenance"]
        assert bad["mend"].tolist() == ["export it again"]

    def test_no_figures(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="no figure in"):
            check_folder(tmp_path, "nature")


class TestCommand:
    def run(self, *arguments):
        return CliRunner().invoke(app, ["figures", "check", *map(str, arguments)])

    def test_exit_codes(self, bundle, tmp_path):
        done = self.run(bundle, "--preset", "elsevier")
        assert done.exit_code == 0
        passed, summary = done.output.splitlines()
        assert re.fullmatch(r"PASS  cloud: (\d+) checks", passed)[1] == summary.split()[0]
        assert "0 failed" in summary
        done = self.run(bundle, "--preset", "ieee")
        assert done.exit_code == 1
        assert "FAIL  cloud: width: 90 mm" in done.output
        quiet = self.run(bundle, "--preset", "ieee", "--quiet")
        assert quiet.exit_code == 1
        assert "PASS" not in quiet.output
        assert [line for line in done.output.splitlines() if line.startswith("FAIL")] == [
            line for line in quiet.output.splitlines() if line.startswith("FAIL")
        ]
        assert self.run(bundle, "--preset", "science").exit_code == 2
        shutil.rmtree(bundle)
        assert self.run(tmp_path, "--preset", "ieee").exit_code == 2
