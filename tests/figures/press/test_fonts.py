import os
import re
import signal
import subprocess
import sys
import warnings
from pathlib import Path as File

import matplotlib.pyplot as plt
import pytest
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path

from toolkit.figures import (
    MissingGlyphError,
    figure_style,
    font_path,
    font_status,
    plot_wordcloud,
)
from toolkit.figures.press import fonts
from toolkit.figures.press.fonts import CACHE_VARIABLE, check_text
from toolkit.figures.press.truetype import convert

RARE = "龘囍靐鱻麤驫爩堃淼犇骉㛃䶮㐂臺灣繁體裡裏衛爲說著國"

# Takes the place of the conversion: as slow as is needed to be met half-way.
STAND_IN = """
import sys, time
from toolkit.figures.press import fonts, truetype
def convert(source, target, *, family):
    print("begun", flush=True)
    for _ in range(20):
        target.write(b"glyphs" * 1000)
        time.sleep(float(sys.argv[1]))
truetype.convert = convert
print(fonts.font_path())
"""


def area(font, index):
    """Signed area of a glyph, in square units of the font."""
    font.load_glyph(index, flags=LoadFlags.NO_SCALE)
    vertices, codes = font.get_path()
    if not len(codes):
        return 0.0
    total = 0.0
    for x, y in (p.T for p in Path(vertices * 64, codes).to_polygons(closed_only=True)):
        total += 0.5 * float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
    return total


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A part of the source font, and what the conversion makes of it."""
    from fontTools import subset

    folder = tmp_path_factory.mktemp("fonts")
    source, made = folder / "source.otf", folder / "made.ttf"
    every_hundredth = [chr(c) for c in sorted(fonts._characters(str(fonts._source("sans"))))[::100]]
    options = subset.Options(layout_features=[], notdef_outline=True)
    with subset.load_font(str(fonts._source("sans")), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(every_hundredth) + RARE + "中国Ag%−∑")
        subsetter.subset(font)
        font.save(source)
    with made.open("wb") as file:
        convert(source, file, family="Made")
    return FT2Font(str(source)), FT2Font(str(made))


class TestConversion:
    def test_every_character_is_kept_with_its_width_and_shape(self, pair):
        source, made = pair
        assert made.get_charmap() == source.get_charmap()
        assert made.num_glyphs == source.num_glyphs > 300
        for glyph in range(source.num_glyphs):
            before, after = area(source, glyph), area(made, glyph)
            # TrueType turns the other way round.
            assert after == pytest.approx(-before, rel=0.01, abs=60)
            widths = {f.load_glyph(glyph, flags=LoadFlags.NO_SCALE).linearHoriAdvance for f in pair}
            assert len(widths) == 1

    def test_a_whole_font_can_be_checked_by_another_reader(self, pair):
        from fontTools.ttLib import TTFont

        with TTFont(pair[1].fname) as font:
            glyphs = font["glyf"]
            bounds = [
                glyphs[name] for name in font.getGlyphOrder() if glyphs[name].numberOfContours
            ]
            assert max(len(g.endPtsOfContours) for g in bounds) == font["maxp"].maxContours
            assert max(len(g.coordinates) for g in bounds) == font["maxp"].maxPoints
            for glyph in bounds:
                box = glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax
                xs, ys = zip(*glyph.coordinates, strict=True)
                assert box == (min(xs), min(ys), max(xs), max(ys))

    def test_the_new_font_is_not_taken_for_an_installed_one(self, pair):
        assert pair[1].family_name == "Made"
        assert FT2Font(str(font_path("sans"))).family_name == "Noto Sans SC TrueType"

    def test_the_prepared_font_has_every_character_of_the_source(self):
        assert fonts._characters(str(font_path())) == fonts._characters(str(fonts._source("sans")))


def without_a_glyph(text, face="sans"):
    """Return the characters of a text that cannot be drawn."""
    with figure_style(face=face):
        figure, ax = plt.subplots()
        ax.set_title(text)
    try:
        check_text(figure)
    except MissingGlyphError as error:
        return error.characters
    return ""


class TestMissingGlyphs:
    @pytest.mark.parametrize(
        ("text", "missing"),
        [
            (RARE, ""),
            ("，。“”‘’—…·①㈠℃￥％−×±≤≥→αβé〇々", ""),
            ("城市🙂治理🚇🙂", "🙂🚇"),
            ("𠮷野", "𠮷"),
            ("两行\n文字", ""),
            ("葛\U000e0100", ""),  # a variation selector is not drawn
        ],
    )
    def test_names_each_character_once(self, text, missing):
        assert without_a_glyph(text) == missing

    @pytest.mark.parametrize("face", ["sans", "serif"])
    def test_both_faces_have_rare_and_traditional_characters(self, face):
        assert without_a_glyph(f"{RARE}Aé−∑《》·", face=face) == ""

    def test_the_words_of_a_cloud_are_checked(self):
        with pytest.raises(MissingGlyphError, match=r"'🙂' \(U\+1F642\).*first in '微笑🙂'"):
            plot_wordcloud({"城市": 2, "微笑🙂": 1})

    @pytest.mark.parametrize(
        "draw",
        [
            lambda ax: ax.set_title("开心🙂"),
            lambda ax: ax.set_yticks([0], ["开心🙂"]),
            lambda ax: ax.figure.suptitle("开心🙂"),
            lambda ax: ax.annotate("开心🙂", (0, 0)),
            lambda ax: ax.plot([1], label="开心🙂") and ax.legend(),
            lambda ax: ax.set_xlabel("开心🙂 $x^2$"),
        ],
    )
    def test_a_figure_with_one_raises(self, draw):
        with figure_style():
            _, ax = plt.subplots()
            draw(ax)
        with pytest.raises(MissingGlyphError) as caught:
            check_text(ax.figure)
        assert caught.value.characters == "🙂"

    def test_saving_raises_too(self, tmp_path):
        with figure_style():
            figure, ax = plt.subplots()
            ax.set_title("开心🙂")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of matplotlib's, about the box
            with pytest.raises(MissingGlyphError):
                figure.savefig(tmp_path / "x.png")

    def test_what_is_not_drawn_does_not_count(self):
        with figure_style():
            _, ax = plt.subplots()
            ax.set_title("开心🙂").set_visible(False)
        check_text(ax.figure)

    def test_minus_formulas_and_rare_characters_pass(self, tmp_path):
        with figure_style():
            figure, ax = plt.subplots()
            ax.plot([-2, 3], [-1, 1])
            ax.set_title(f"占比 $\\sum_i w_i^2$（%）{RARE[:4]} \\$5")
        check_text(figure)
        figure.savefig(tmp_path / "x.png")  # no warning either

    def test_chinese_inside_a_formula_raises(self):
        with figure_style():
            _, ax = plt.subplots()
            ax.set_title("$x_{城市}$")
        with pytest.raises(MissingGlyphError, match="the formula"):
            check_text(ax.figure)

    @pytest.mark.parametrize("style", [{"weight": "bold"}, {"weight": 700}, {"style": "italic"}])
    def test_bold_and_italic_raise_instead_of_being_drawn_regular(self, style):
        with figure_style():
            _, ax = plt.subplots()
            ax.set_title("城市治理", **style)
        with pytest.raises(ValueError, match="which the font has not for '城市治理'"):
            check_text(ax.figure)

    @pytest.mark.parametrize("face", ["sans", "serif"])
    @pytest.mark.parametrize("style", [{"weight": "bold"}, {"style": "italic"}])
    def test_latin_letters_are_drawn_bold_and_italic(self, face, style):
        drawn = []
        for look in ({}, style):
            with figure_style(face=face):
                figure, ax = plt.subplots()
                ax.set_title("a, p < 0.05, é", **look)
            check_text(figure)
            figure.canvas.draw()
            drawn.append(bytes(figure.canvas.buffer_rgba()))
        assert drawn[0] != drawn[1]

    @pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
    def test_saving_by_matplotlib_stops_at_a_character_without_a_glyph(self, suffix, tmp_path):
        """Within the style and after it; and pyplot's settings are as before."""
        hooks = plt.rcParams["figure.hooks"]
        with figure_style():
            figure, ax = plt.subplots()
            ax.set_title("开心🙂")
            with pytest.raises(MissingGlyphError), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                figure.savefig(tmp_path / f"x.{suffix}")
        assert plt.rcParams["figure.hooks"] == hooks
        with pytest.raises(MissingGlyphError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            figure.savefig(tmp_path / f"x.{suffix}")


class TestCache:
    @pytest.fixture(autouse=True)
    def own_cache(self, tmp_path, monkeypatch):
        monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
        self.folder = tmp_path / "fonts"

    @pytest.fixture
    def quick(self, monkeypatch):
        """Count conversions, which only write a few bytes."""
        from toolkit.figures.press import truetype

        calls = []

        def convert(source, target, *, family):
            calls.append(family)
            target.write(b"glyphs" * 100)

        monkeypatch.setattr(truetype, "convert", convert)
        return calls

    def path(self):
        fonts._prepared.cache_clear()  # as in a new process
        return font_path()

    def test_is_filled_once(self, quick):
        assert self.path() == self.path()
        assert quick == ["Noto Sans SC TrueType"]
        assert [p.name for p in self.folder.iterdir()] == [self.path().name]

    def test_a_truncated_file_is_made_again(self, quick):
        path = self.path()
        whole = path.read_bytes()
        path.write_bytes(whole[:50])
        assert self.path().read_bytes() == whole
        assert len(quick) == 2

    def test_a_file_of_another_version_is_not_used(self, quick):
        path = self.path()
        path.rename(path.with_name(path.name.replace(f"-{fonts._CONVERSION}-", "-0-")))
        assert self.path() == path
        assert len(quick) == 2

    @pytest.mark.skipif(os.name == "nt", reason="of POSIX systems")
    def test_a_shared_folder_works_for_several_users(self, quick, monkeypatch):
        path = self.path()
        assert path.stat().st_mode & 0o777 == 0o666 & ~self.mask()
        whole, read = path.read_bytes(), File.read_bytes

        def refused(file):  # as another user's file is, who lets nobody read it
            if file == path and len(quick) == 1:
                raise PermissionError(13, "Permission denied", str(file))
            return read(file)

        monkeypatch.setattr(File, "read_bytes", refused)
        assert self.path().read_bytes() == whole

    def mask(self):
        mask = os.umask(0o022)
        os.umask(mask)
        return mask

    def test_status_tells_before_and_after(self, quick):
        assert "not prepared yet" in font_status()["sans"]
        path = self.path()
        assert str(path) in font_status()["sans"]
        assert "not prepared yet" in font_status()["serif"]

    def test_a_folder_that_cannot_be_written_is_told(self, quick, tmp_path, monkeypatch):
        (tmp_path / "file").touch()
        monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file"))
        with pytest.raises(OSError, match=f"set {CACHE_VARIABLE} to a folder"):
            self.path()

    def test_a_disk_that_is_full_is_told_and_keeps_no_half(self, quick, monkeypatch):
        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("toolkit.figures.press.truetype.convert", full)
        with pytest.raises(OSError, match=r"No space left .*that has room"):
            self.path()
        assert [*self.folder.glob("*")] == []

    @pytest.mark.skipif(os.name != "posix", reason="rights are of POSIX")
    def test_others_may_read_it_as_the_umask_says(self, quick):
        before = os.umask(0o002)
        try:
            assert self.path().stat().st_mode & 0o777 == 0o664
        finally:
            os.umask(before)

    def test_an_unknown_face_is_told(self):
        with pytest.raises(ValueError, match="'sans' or 'serif', not 'bold'"):
            font_path("bold")

    def test_two_processes_at_a_time(self):
        command = [sys.executable, "-c", STAND_IN, "0.02"]
        both = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
            for _ in range(2)
        ]
        paths = {process.communicate(timeout=120)[0].splitlines()[-1] for process in both}
        assert [process.returncode for process in both] == [0, 0]
        assert len(paths) == 1
        assert File(paths.pop()).stat().st_size == 120_000

    def test_killed_half_way(self, run_python):
        process = subprocess.Popen([sys.executable, "-c", STAND_IN, "60"], stdout=subprocess.PIPE)
        process.stdout.readline()  # it has begun
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.communicate(timeout=60)
        assert not [*self.folder.glob("*")]
        path = File(run_python(STAND_IN, 0).splitlines()[-1])
        assert path.stat().st_size == 120_000


def test_pages_name_their_own_font_first():
    """Behind a font of the system, the first run of Chinese is drawn as boxes and stays so."""
    root = File(__file__).parents[3]
    pages = [*(root / "toolkit").rglob("*.html"), root / "docs/book/_static/chinese.css"]
    found = 0
    for page in pages:
        text = page.read_text("utf-8")
        for own in re.findall(r'@font-face \{\s*font-family: ("[^"]+")', text):
            found += 1
            sheet = page.with_suffix(".css")
            both = text + (sheet.read_text("utf-8") if sheet.exists() else "")
            # Limited, so that Latin stays that of the system.
            assert "unicode-range: U+2" in text, page
            named = re.findall(r'[:;{ ,]((?:"[^"]+"|[\w-]+)(?:, *(?:"[^"]+"|[\w-]+))+)', both)
            for families in (n for n in named if own in n):
                assert families.startswith(own), f"{page}: {families}"
    assert found >= 5
