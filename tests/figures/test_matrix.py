"""Every plot in every preset, in Chinese and English, passes its own check."""

import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from toolkit import figures
from toolkit.figures import check_figure, figure_style, gallery
from toolkit.figures.gallery import PLOTS
from toolkit.figures.press.drawn import drawings, figure_of
from toolkit.figures.press.presets import PRESETS
from toolkit.recipe import joint_code


def test_every_plot_is_in_the_gallery():
    public = {name for name in figures.__all__ if name.startswith("plot_")}
    source = Path(gallery.__file__).read_text("utf-8")
    drawn = re.findall(r'_draw\("(\w+)"|figures\.plot_(\w+)\(', source)
    assert public == {f"plot_{one or other}" for one, other in drawn}


#: What takes longest to compute is drawn from small values in the tests of topics.
QUICK = [name for name in PLOTS if name not in ("k-selection", "report-card", "topic-tree")]


@pytest.mark.parametrize("name", QUICK)
def test_a_plot_passes_its_own_check(name, values, keep):
    for preset, lang in (("notebook", "zh"), ("cn", "en")):
        check(name, preset, lang, values, keep)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_passes_its_own_check_in_every_preset(name, values, keep):
    for preset in PRESETS:
        for lang in ("zh", "en"):
            check(name, preset, lang, values, keep)


def check(name, preset, lang, values, keep):
    before = dict(mpl.rcParams)
    with figure_style(preset):
        figure = np.ravel(PLOTS[name](values, lang))[0].figure
    table = check_figure(figure, preset)
    bad = table[table["result"] == "FAIL"]
    assert bad[["check", "found"]].to_numpy().tolist() == []
    (drawing,) = drawings(figure)
    assert drawing.alt["zh"] and drawing.alt["en"]
    assert not drawing.data.empty
    keep(figure, f"{preset}-{name}-{lang}")
    plt.close(figure)
    assert dict(mpl.rcParams) == before


@pytest.mark.exhaustive
def test_the_code_of_every_plot_draws_it_again(values):
    """In one process, as one script: what the plots share is computed once."""
    drawn = []
    for draw in PLOTS.values():
        drawn += drawings(figure_of(draw(values, "en")))
        plt.close("all")
    made = {"__name__": "redraw"}
    with mpl.rc_context({"figure.max_open_warning": 0}):
        exec(joint_code(drawing.recipe for drawing in drawn), made)
    axes = [made[f"ax_{i}" if i > 1 else "ax"] for i in range(1, len(drawn) + 1)]
    for drawing, ax in zip(drawn, axes, strict=True):
        again = drawings(figure_of(ax))[0]
        pd.testing.assert_frame_equal(again.data, drawing.data)
        assert again.caption == drawing.caption
