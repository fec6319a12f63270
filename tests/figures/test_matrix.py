"""Every plot in every preset, in Chinese and English, passes its own check."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from toolkit import figures
from toolkit.figures import check_figure, figure_style
from toolkit.figures.gallery import PLOTS
from toolkit.figures.press.drawn import drawings
from toolkit.figures.press.presets import PRESETS


def test_every_plot_is_in_the_gallery():
    public = {name for name in figures.__all__ if name.startswith("plot_")}
    drawn = {code for draw in PLOTS.values() for code in draw.__code__.co_names}
    assert public <= drawn


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("preset", PRESETS)
def test_every_plot_passes_its_own_check(preset, lang, values, keep):
    before, problems = dict(mpl.rcParams), {}
    for name, draw in PLOTS.items():
        with figure_style(preset):
            figure = np.ravel(draw(values, lang))[0].figure
        table = check_figure(figure, preset)
        if len(bad := table[table["result"] == "FAIL"]):
            problems[name] = bad[["check", "found"]].to_numpy().tolist()
        (drawing,) = drawings(figure)
        assert drawing.alt["zh"] and drawing.alt["en"]
        assert not drawing.data.empty
        drawing.to_code()
        keep(figure, f"{preset}-{name}-{lang}")
        plt.close(figure)
    assert problems == {}
    assert dict(mpl.rcParams) == before
