import json
import os
import random
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from toolkit import Corpus, segment, tfidf
from toolkit.figures import (
    MissingGlyphError,
    check_figure,
    export_figure,
    export_table,
    figure_style,
    plot_similarity,
    plot_term_weights,
    plot_topic_terms,
    plot_wordcloud,
)
from toolkit.figures.gallery import PLOTS
from toolkit.figures.press import bundle, export
from toolkit.figures.press.drawn import drawings, keep

DRAW = """
import sys
from toolkit import Corpus, fit_topics, segment, tfidf
from toolkit.figures import *
texts = ["热线诉求工单受理", "网格社区网格员", "条例立法法规", "热线来电工单"]
texts = {f"t{i}": text for i, text in enumerate(texts)}
metadata = {i: {"city": f"城{i[1]}", "year": 2020 + int(i[1])} for i in texts}
tokens = segment(Corpus.from_texts(texts, metadata=metadata))
matrix = tfidf(tokens, min_df=1, max_df=1.0)
topics = fit_topics(matrix, k=2)
for name, ax in {
    "weights": plot_term_weights(matrix),
    "terms": plot_topic_terms(topics, lang="en"),
    "share": plot_topic_share(topics),
    "map": plot_similarity(matrix, by="city"),
    "trend": plot_trend(tokens, terms=["热线", "工单"]),
    "cloud": plot_wordcloud(matrix),
}.items():
    export_figure(ax, name, folder=sys.argv[1])
"""

QUICK = ("correspondence", "topic-share", "wordcloud")

# Writes bundles of one name, one after the other, until it is killed.
LOOP = """
import sys
import matplotlib.pyplot as plt
from toolkit.figures import export_figure
figure, ax = plt.subplots()
for i in range(10_000):
    ax.set_title(str(i))
    export_figure(figure, "loop", folder=sys.argv[1], formats=["png"], dpi=30, overwrite=True)
    print(i, flush=True)
"""


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def is_whole(bundle):
    files = json.loads((bundle / "provenance.json").read_bytes())["files"]
    found = {p.name: sha256(p.read_bytes()).hexdigest() for p in bundle.iterdir()}
    found.pop("provenance.json")
    return found == files and len(files) > 0


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, run_python):
    """A folder with a bundle of each plot, written by a process of its own."""
    folder = tmp_path_factory.mktemp("drawn")
    run_python(DRAW, folder, PYTHONHASHSEED="1", TZ="UTC", OPENBLAS_NUM_THREADS="1")
    return folder


@pytest.fixture
def figure():
    with figure_style():
        figure, ax = plt.subplots()
        ax.bar(["接诉即办", "城市更新"], [3, -2])
    return figure


class TestBundle:
    def test_holds_pictures_data_caption_and_provenance(self, matrix, tmp_path):
        bundle = export_figure(plot_term_weights(matrix, n=5), "词", folder=tmp_path)
        assert bundle == tmp_path / "词"
        names = {p.name for p in bundle.iterdir()}
        pictures = {"词.png", "词.svg", "词.pdf"}
        texts = {"词.csv", "caption.md", "alt.md", "redraw.py", "provenance.json"}
        assert names == pictures | texts
        assert is_whole(bundle)
        assert not [p for p in tmp_path.iterdir() if p != bundle]
        provenance = json.loads((bundle / "provenance.json").read_text("utf-8"))
        assert [s["call"] for s in provenance["made_by"][0]["steps"]][-2:] == [
            "plot_term_weights",
            "export_figure",
        ]
        assert provenance["versions"]["matplotlib"] == mpl.__version__
        assert [*provenance["fonts"]] == ["Noto Sans SC TrueType"]
        assert provenance["size_mm"][0] == 89
        caption = (bundle / "caption.md").read_text("utf-8")
        assert "## 中文" in caption
        assert "The 5 terms" in caption

    @pytest.mark.exhaustive
    def test_the_code_in_it_makes_the_same_bytes_in_another_process(
        self, drawn, tmp_path, run_python
    ):
        first = contents(drawn)
        histories = [json.loads(first[name])["made_by"] for name in first if name.endswith(".json")]
        assert len(histories) == 6
        assert len(first) == 48
        script = "\n".join(made_by[0]["code"] for made_by in histories)
        run_python(
            f"import os, sys; os.chdir(sys.argv[1])\n{script}",
            tmp_path,
            PYTHONHASHSEED="2",
            OPENBLAS_NUM_THREADS="2",
            TZ="Asia/Shanghai",
            SOURCE_DATE_EPOCH="1",
        )
        again = contents(tmp_path / "figures")
        assert [name for name in first if again.get(name) != first[name]] == []

    @pytest.mark.parametrize("plot", [plot_topic_terms, plot_similarity])
    def test_has_the_same_bytes_when_drawn_before(self, topics, tmp_path, plot):
        ax = np.ravel(plot(topics))[0]
        options = {"formats": ["png", "svg"], "dpi": 60}
        first = contents(export_figure(ax, "x", folder=tmp_path / "a", **options))
        ax.figure.canvas.draw()
        ax.figure.draw_without_rendering()
        assert contents(export_figure(ax, "x", folder=tmp_path / "b", **options)) == first

    def test_leaves_settings_and_environment_alone(self, figure, tmp_path):
        before = dict(mpl.rcParams), dict(os.environ), figure.dpi, figure.get_layout_engine()
        export_figure(figure, "x", folder=tmp_path, dpi=50)
        after = dict(mpl.rcParams), dict(os.environ), figure.dpi, figure.get_layout_engine()
        assert after == before

    def test_only_asked_formats_at_the_asked_resolution(self, figure, tmp_path):
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"], dpi=100)
        assert {p.name for p in bundle.iterdir()} == {"x.png", "provenance.json"}
        width, height = figure.get_size_inches() * 100
        assert plt.imread(bundle / "x.png").shape[:2] == (round(height), round(width))

    def test_the_data_of_several_plots(self, matrix, tmp_path):
        with figure_style():
            figure, axes = plt.subplots(1, 2, layout="constrained")
        plot_term_weights(matrix, n=3, ax=axes[0])
        plot_term_weights(matrix, n=4, lang="en", ax=axes[1])
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        assert len(pd.read_csv(bundle / "x-1.csv")) == 3
        assert len(pd.read_csv(bundle / "x-2.csv")) == 4

    def test_what_is_given_is_used(self, figure, matrix, tmp_path):
        bundle = export_figure(
            figure,
            "x",
            folder=tmp_path,
            data=pd.Series({"a": 1.5}, name="rate"),
            caption={"zh": "图注", "en": "Caption"},
            value=matrix,
            formats=["png"],
        )
        assert (bundle / "x.csv").read_text("utf-8-sig") == "index,rate\na,1.5\n"
        assert (bundle / "caption.md").read_text(
            "utf-8"
        ) == "## 中文\n\n图注\n\n## English\n\nCaption\n"
        code = json.loads((bundle / "provenance.json").read_bytes())["made_by"][0]["code"]
        assert code == matrix.recipe.to_code()


class TestRedraw:
    @pytest.mark.exhaustive
    def test_runs_as_it_stands_and_makes_the_same_bytes(self, tmp_path, monkeypatch):
        tokens = segment(Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"}))
        with figure_style("cn", columns=2):
            ax = plot_term_weights(tfidf(tokens, min_df=1, max_df=1.0), n=3)
        options = {"formats": ["pdf", "png", "svg"], "dpi": 80}
        bundle = export_figure(ax, "x", folder=tmp_path / "figures", **options)
        before = contents(bundle)
        assert json.loads(before["provenance.json"])["size_mm"][0] == 170
        shutil.copy(bundle / "redraw.py", tmp_path)
        shutil.rmtree(bundle)
        monkeypatch.chdir(tmp_path)
        runpy.run_path("redraw.py")
        assert contents(bundle) == before

    def test_a_figure_without_history_has_none(self, figure, tmp_path):
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        assert not (bundle / "redraw.py").exists()

    @pytest.mark.parametrize(
        "edit",
        [
            lambda ax: ax.set_title("城市"),
            lambda ax: ax.grid(False),
            lambda ax: ax.set_xlim(0, 2),
            lambda ax: ax.text(0.1, 1, "n = 3"),
            lambda ax: ax.patches[0].set_facecolor("#000000"),
            lambda ax: ax.set_xlabel("权重", size=9),
            lambda ax: ax.tick_params(labelsize=5),
            lambda ax: plt.setp(ax.get_yticklabels(), rotation=30),
            lambda ax: ax.axvline(0.1),
            lambda ax: ax.figure.set_figheight(3),
            lambda ax: ax.spines["top"].set_visible(True),
            lambda ax: ax.set_yticks([0, 1], ["甲", "乙"]),
            lambda ax: ax.patches[0].remove(),
        ],
    )
    def test_an_edited_figure_has_none_and_says_so(self, edit, small_matrix, tmp_path):
        ax = plot_term_weights(small_matrix, n=3)
        edit(ax)
        bundle = export_figure(ax, "x", folder=tmp_path, formats=["png"], dpi=30)
        assert not (bundle / "redraw.py").exists()
        provenance = json.loads((bundle / "provenance.json").read_bytes())
        assert "edited by hand after plotting" in provenance["by_hand"]

    def test_what_a_plot_warned_of_is_not_said_again(self, small_matrix, tmp_path):
        ax = plot_term_weights(small_matrix, n=3)
        (drawing,) = drawings(ax.figure)

        def again():
            warnings.warn("few texts", UserWarning, stacklevel=2)
            return drawing.again()

        keep(ax, replace(drawing, again=again))
        bundle = export_figure(ax, "x", folder=tmp_path, formats=["png"], dpi=30)
        assert (bundle / "redraw.py").exists()

    def test_what_was_drawn_on_axes_made_by_hand_has_none(self, small_matrix, tmp_path):
        _, ax = plt.subplots(figsize=(3, 2))
        plot_term_weights(small_matrix, n=3, ax=ax)
        bundle = export_figure(ax, "x", folder=tmp_path, formats=["png"], dpi=30)
        assert not (bundle / "redraw.py").exists()

    @pytest.mark.parametrize(
        "name",
        [
            pytest.param(name, marks=() if name in QUICK else pytest.mark.exhaustive)
            for name in PLOTS
        ],
    )
    def test_drawing_checking_and_exporting_are_no_edit(self, name, values, tmp_path):
        figure = np.ravel(PLOTS[name](values, "zh"))[0].figure
        figure.canvas.draw()
        check_figure(figure, "notebook")
        for _ in range(2):
            bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"], dpi=30)
            assert (bundle / "redraw.py").exists()
            assert "by_hand" not in json.loads((bundle / "provenance.json").read_bytes())


class TestAlternativeText:
    def test_says_the_kind_and_the_ends(self, tmp_path):
        ax = plot_wordcloud({"接诉即办": 4, "城市更新": 2})
        bundle = export_figure(ax, "x", folder=tmp_path, formats=["png"])
        zh, en = (bundle / "alt.md").read_text("utf-8").split("## English")
        assert "词云。词云：2 个词" in zh
        assert "最高：接诉即办 (4)；最低：城市更新 (2)。" in zh
        assert "Highest: 接诉即办 (4); lowest: 城市更新 (2)." in en


class TestPictures:
    def test_raster_has_the_exact_size_and_no_transparency(self, figure, tmp_path):
        figure.patch.set_alpha(0)
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png", "tiff"], dpi=254)
        for suffix in ("png", "tiff"):
            with Image.open(bundle / f"x.{suffix}") as image:
                assert image.mode == "RGB"
                assert image.size[0] == 890  # 89 mm at 10 dots a mm
                assert image.info["dpi"] == pytest.approx((254, 254), abs=0.01)
                assert image.getpixel((0, 0)) == (255, 255, 255)
                if suffix == "tiff":
                    assert image.info["compression"] == "tiff_lzw"

    def test_vectors_have_the_exact_size(self, tmp_path):
        with figure_style("ieee"):
            figure, ax = plt.subplots()
            ax.plot([0, 1])
        with mpl.rc_context({"savefig.bbox": "tight"}):
            bundle = export_figure(figure, "x", folder=tmp_path, formats=["pdf", "svg", "eps"])
        points = 88.9 / 25.4 * 72
        box = re.search(rb"MediaBox \[ *0 0 ([\d.]+)", (bundle / "x.pdf").read_bytes())
        assert float(box[1]) == pytest.approx(points, abs=0.01)
        width = re.search(rb'width="([\d.]+)pt"', (bundle / "x.svg").read_bytes())
        assert float(width[1]) == pytest.approx(points, abs=0.01)
        box = re.search(
            rb"HiResBoundingBox: ([\d.]+) \S+ ([\d.]+)", (bundle / "x.eps").read_bytes()
        )
        assert float(box[2]) - float(box[1]) == pytest.approx(points, abs=0.01)

    def test_eps_has_no_date_and_its_fonts(self, figure, tmp_path):
        first = export_figure(figure, "x", folder=tmp_path / "a", formats=["eps"])
        eps = (first / "x.eps").read_bytes()
        assert b"CreationDate" not in eps
        assert b"/FontType 3" in eps
        again = export_figure(figure, "x", folder=tmp_path / "b", formats=["eps"])
        assert (again / "x.eps").read_bytes() == eps

    def test_what_a_preset_says_is_the_default(self, tmp_path):
        with figure_style("plos"):
            ax = plot_wordcloud({"接诉即办": 4, "城市更新": 2})
        bundle = export_figure(ax, "x", folder=tmp_path)
        assert {p.suffix for p in bundle.iterdir()} >= {".tiff", ".png"}
        assert not (bundle / "x.pdf").exists()
        with Image.open(bundle / "x.tiff") as image:
            assert image.info["dpi"] == (400, 400)
            assert image.size[0] == pytest.approx(132 / 25.4 * 400, abs=1)


class TestTable:
    def test_formulas_are_disarmed_and_numbers_are_not_touched(self, figure, tmp_path):
        cells = ["=1+1", "+1", "-1", "@x", "\tx", "a=b", "城市"]
        data = pd.DataFrame({"term": cells, "=n": [-1, -2.5, 0, 1, 2, 3, np.nan]})
        bundle = export_figure(figure, "x", folder=tmp_path, data=data, formats=["png"])
        raw = (bundle / "x.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        table = pd.read_csv(bundle / "x.csv")
        assert [*table.columns] == ["term", "'=n"]
        assert [*table["term"]] == ["'=1+1", "+1", "-1", "'@x", "'\tx", "a=b", "城市"]
        assert table["'=n"].tolist()[:6] == [-1, -2.5, 0, 1, 2, 3]


class TestRefusals:
    @pytest.mark.parametrize(
        "name",
        [
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "../x",
            "/x",
            ".hidden",
            "a.",
            "a b",
            "con",
            "NUL.x",
            "x" * 101,
        ],
    )
    def test_names_that_could_leave_the_folder_or_break_a_system(self, figure, tmp_path, name):
        with pytest.raises(ValueError, match=r"cannot name a bundle.*, no spaces.*folder="):
            export_figure(figure, name, folder=tmp_path / "f")
        assert not [*tmp_path.iterdir()]

    def test_arguments_that_are_swapped(self, figure, tmp_path):
        for swapped in (figure, figure.axes[0], figure.axes):
            with pytest.raises(TypeError, match=r"exported comes first, then its name"):
                export_figure("topics", swapped, folder=tmp_path)
        with pytest.raises(TypeError, match=r"exported comes first, then its name"):
            export_table("topics", pd.DataFrame({"a": [1]}), folder=tmp_path)
        assert not [*tmp_path.iterdir()]

    @pytest.mark.parametrize("formats", [[], ["gif"], "png"])
    def test_unknown_formats(self, figure, tmp_path, formats):
        with pytest.raises(ValueError, match="formats must be some of"):
            export_figure(figure, "x", folder=tmp_path, formats=formats)

    def test_a_folder_that_is_no_bundle(self, figure, tmp_path):
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "thesis.docx").write_text("years of work")
        with pytest.raises(FileExistsError, match="was not made by this toolkit"):
            export_figure(figure, "x", folder=tmp_path)
        assert (tmp_path / "x" / "thesis.docx").read_text() == "years of work"

    @pytest.mark.parametrize("wrong", ["topics", ["topics"], [], None, {"a": 1}, 3, pd.DataFrame()])
    def test_what_is_no_figure(self, wrong, tmp_path):
        with pytest.raises(TypeError, match=r"a figure of matplotlib.* is needed first, not"):
            export_figure(wrong, "x", folder=tmp_path)
        with pytest.raises(TypeError, match="is needed first"):
            check_figure(wrong, "nature")
        assert not [*tmp_path.iterdir()]

    def test_a_missing_glyph_leaves_nothing(self, figure, tmp_path):
        figure.axes[0].set_title("🙂")
        with pytest.raises(MissingGlyphError):
            export_figure(figure, "x", folder=tmp_path)
        assert not [*tmp_path.iterdir()]


class TestAnotherFigure:
    def test_is_not_replaced_silently(self, matrix, tmp_path):
        bundle = export_figure(
            plot_term_weights(matrix, n=3), "x", folder=tmp_path, formats=["png"]
        )
        before = contents(bundle)
        other = plot_term_weights(matrix, n=4)
        with pytest.raises(
            FileExistsError, match=r"another figure \(made by plot_term_weights .*3"
        ):
            export_figure(other, "x", folder=tmp_path, formats=["png"])
        assert contents(bundle) == before
        export_figure(other, "x", folder=tmp_path, formats=["png"], overwrite=True)
        assert contents(bundle) != before

    def test_the_same_from_other_texts_or_in_another_style_takes_its_place(self, tmp_path):
        for word, preset in (("网格", "nature"), ("社区", "ieee")):
            Corpus.from_texts({"a": "热线", "b": word}).save(tmp_path / preset)
            (tmp_path / preset).rename(tmp_path / "texts")
            matrix = tfidf(segment(Corpus.load(tmp_path / "texts")), min_df=1, max_df=1.0)
            with figure_style(preset):
                ax = plot_term_weights(matrix)
            bundle = export_figure(ax, "x", folder=tmp_path, formats=["png"])
            (tmp_path / "texts").rename(tmp_path / f"old-{preset}")
        assert json.loads((bundle / "provenance.json").read_bytes())["size_mm"][0] == 88.9
        assert "社区" in (bundle / "x.csv").read_text("utf-8")


class TestWhatIsNotOurs:
    """What a user made in a bundle, or under its name, is never lost."""

    def test_another_plain_figure_or_table_is_not_replaced(self, figure, tmp_path):
        """That neither has a recipe does not make them the same."""
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        export_figure(figure, "x", folder=tmp_path, formats=["png"])  # the same again
        before = contents(bundle)
        figure.axes[0].set_title("另一张")
        with pytest.raises(FileExistsError, match=r"another figure .*no plot of the toolkit"):
            export_figure(figure, "x", folder=tmp_path, formats=["png"])
        with pytest.raises(FileExistsError, match="holds another figure"):
            export_table(pd.DataFrame({"a": [1]}), "x", folder=tmp_path)
        export_table(pd.DataFrame({"a": [1]}), "t", folder=tmp_path)
        with pytest.raises(FileExistsError, match="holds another table"):
            export_table(pd.DataFrame({"a": [2]}), "t", folder=tmp_path)
        assert contents(bundle) == before

    def test_a_table_of_the_same_value_is_no_figure(self, matrix, tmp_path):
        bundle = export_figure(plot_term_weights(matrix, n=3), "x", folder=tmp_path)
        before = contents(bundle)
        with pytest.raises(FileExistsError, match="another figure"):
            export_table(pd.DataFrame({"a": [1]}), "x", folder=tmp_path, value=matrix)
        assert contents(bundle) == before

    def test_other_files_stay(self, figure, tmp_path):
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        (bundle / "notes.txt").write_text("mine")
        (bundle / ".ipynb_checkpoints").mkdir()
        (bundle / ".ipynb_checkpoints" / "caption-checkpoint.md").write_text("seen")
        (bundle / "link").symlink_to("notes.txt")
        figure.axes[0].set_title("新")
        for _ in range(2):
            export_figure(figure, "x", folder=tmp_path, formats=["svg"], overwrite=True)
            names = {"x.svg", "provenance.json", "notes.txt", ".ipynb_checkpoints", "link"}
            assert {path.name for path in bundle.iterdir()} == names
            assert (bundle / "link").read_text() == "mine"
            assert (bundle / ".ipynb_checkpoints" / "caption-checkpoint.md").exists()

    def test_edited_files_stay(self, figure, tmp_path):
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["svg"], caption="Old")
        (bundle / "x.svg").write_text("retouched")
        (bundle / "x.png").write_text("of my own, with a name that is free")
        before = contents(bundle)
        with pytest.raises(FileExistsError, match=r"edited since they were written \(x.svg\)"):
            export_figure(figure, "x", folder=tmp_path, formats=["svg"], caption="Old")
        assert contents(bundle) == before
        for _ in range(2):
            export_figure(figure, "x", folder=tmp_path, formats=["svg", "png"], overwrite=True)
            assert (bundle / "edited-x.svg").read_text() == "retouched"
            assert (bundle / "edited-x.png").read_text().startswith("of my own")
            assert (bundle / "x.svg").read_text() != "retouched"

    @pytest.mark.parametrize(
        "provenance",
        ["{}", "[]", "no JSON", "[" * 99_999, '{"files": 3, "made_by": []}',
         '{"files": {}, "made_by": 7}', '{"files": {}, "made_by": [3]}',
         '{"files": {}, "made_by": [{"steps": [{"x": 1}]}]}'],
    )  # fmt: skip
    def test_a_folder_with_a_provenance_of_another_program(self, figure, tmp_path, provenance):
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "provenance.json").write_text(provenance)
        with pytest.raises(FileExistsError, match="was not made by this toolkit"):
            export_figure(figure, "x", folder=tmp_path, overwrite=True)
        assert (tmp_path / "x" / "provenance.json").read_text() == provenance

    @pytest.mark.skipif(os.name == "nt", reason="of POSIX systems")
    def test_the_umask_holds(self, figure, tmp_path):
        before = os.umask(0o002)
        try:
            bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        finally:
            os.umask(before)
        assert bundle.stat().st_mode & 0o777 == 0o775
        assert (bundle / "x.png").stat().st_mode & 0o777 == 0o664


class TestReplacing:
    def test_an_older_bundle_gives_way(self, figure, tmp_path):
        export_figure(figure, "x", folder=tmp_path, formats=["png", "svg"])
        figure.axes[0].set_title("新")
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["pdf"], overwrite=True)
        assert {p.name for p in bundle.iterdir()} == {"x.pdf", "provenance.json"}
        assert [p.name for p in tmp_path.iterdir()] == ["x"]

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (ZeroDivisionError("by 0"), "by 0"),
            (OSError(28, "No space left on device"), "free some space there"),
        ],
    )
    def test_a_failure_keeps_the_old_one(self, figure, tmp_path, monkeypatch, error, said):
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        before = contents(bundle)

        def fail(*_, **__):
            raise error

        monkeypatch.setattr(export, "write_pictures", fail)
        with pytest.raises(type(error), match=said) as told:
            export_figure(figure, "x", folder=tmp_path, formats=["svg"])
        assert said == "by 0" or str(bundle) in str(told.value)
        assert contents(tmp_path) == {f"x/{name}": data for name, data in before.items()}

    @pytest.mark.parametrize("fatal", [1, 2])
    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_stopped_at_each_rename(self, figure, tmp_path, monkeypatch, fatal, moment):
        """As if the program were killed there: nothing is tidied up."""
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        figure.axes[0].set_title("新")
        old, rename, calls = contents(bundle), Path.rename, []

        def stop(path, target):
            calls.append(path)
            if len(calls) == fatal and moment == "before":
                raise KeyboardInterrupt
            rename(path, target)
            if len(calls) == fatal:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", stop)
            patch.setattr(shutil, "rmtree", lambda *a, **k: None)
            with pytest.raises(KeyboardInterrupt):
                export_figure(figure, "x", folder=tmp_path, formats=["png"], overwrite=True)
        if bundle.exists():
            assert is_whole(bundle)
        else:  # between the two renames the old bundle stands aside
            (aside,) = tmp_path.glob(".x-*.old")
            assert contents(aside) == old
        export_figure(figure, "x", folder=tmp_path, formats=["png"], overwrite=True)
        assert is_whole(bundle)
        assert contents(bundle) != old
        assert [p.name for p in tmp_path.iterdir()] == ["x"]

    def test_an_old_bundle_comes_back_even_if_the_export_fails(self, figure, tmp_path, monkeypatch):
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["png"])
        before = contents(bundle)
        bundle.rename(tmp_path / ".x-abcdefgh.old")
        monkeypatch.setattr(export, "write_pictures", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            export_figure(figure, "x", folder=tmp_path, formats=["png"])
        assert contents(bundle) == before
        assert [p.name for p in tmp_path.iterdir()] == ["x"]

    def test_several_at_once_are_written_one_by_one(self, tmp_path):
        def write(number):
            with bundle.new_bundle(tmp_path, "x", made(number), overwrite=True) as aside:
                for name in "ab":
                    (aside / name).write_text(str(number))
                    time.sleep(0.01)

        def made(number):
            return {"figure": "x", "made_by": [], "number": number}

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(24)))
        assert is_whole(tmp_path / "x")
        assert len({(tmp_path / "x" / name).read_text() for name in "ab"}) == 1
        assert [p.name for p in tmp_path.iterdir()] == ["x"]

    @pytest.mark.exhaustive
    @pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
    def test_killed_at_random_moments(self, tmp_path, figure):
        rng = random.Random(0)
        bundle = tmp_path / "loop"
        for _ in range(5):
            process = subprocess.Popen(
                [sys.executable, "-c", LOOP, str(tmp_path)],
                stdout=subprocess.PIPE,
                env=os.environ | {"MPLBACKEND": "Agg"},
            )
            assert process.stdout.readline()  # the first bundle stands
            time.sleep(rng.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=60)
            process.stdout.close()
            stands = bundle if bundle.exists() else next(tmp_path.glob(".loop-*.old"))
            assert is_whole(stands)
        export_figure(figure, "loop", folder=tmp_path, formats=["png"], overwrite=True)
        assert [p.name for p in tmp_path.iterdir()] == ["loop"]


@pytest.mark.skipif(
    not shutil.which("pdffonts") and not os.environ.get("CI"),
    reason="poppler is not installed (Debian: apt-get install poppler-utils)",
)
class TestPdf:
    def test_fonts_are_truetype_embedded_and_subset(self, figure, tmp_path):
        export_figure(figure, "x", folder=tmp_path, formats=["pdf"])
        for pdf in sorted(tmp_path.glob("*/*.pdf")):
            done = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True)
            assert done.stderr == ""
            rows = done.stdout.splitlines()[2:]
            assert rows
            for row in rows:
                assert "NotoSansSC-Regular" in row
                assert "TrueType" in row
                assert row.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, Unicode
            images = subprocess.run(
                ["pdfimages", "-list", pdf], capture_output=True, text=True, check=True
            )
            assert len(images.stdout.splitlines()) == 2  # the head only: no picture in pixels
            assert pdf.stat().st_size < 100_000

    def test_text_can_be_found_and_copied(self, figure, tmp_path):
        bundle = export_figure(figure, "x", folder=tmp_path, formats=["pdf"])
        done = subprocess.run(
            ["pdftotext", bundle / "x.pdf", "-"], capture_output=True, encoding="utf-8", check=True
        )
        assert "接诉即办" in done.stdout
        assert "−2" in done.stdout
