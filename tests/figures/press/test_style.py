from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from toolkit.figures import figure_style, plot_term_weights

SANS, SERIF = ["Noto Sans SC TrueType"], ["Noto Serif SC TrueType"]


def families(axis):
    return {tuple(label.get_fontfamily()) for label in axis.get_ticklabels()}


def test_settings_are_as_before():
    before = dict(mpl.rcParams)
    with figure_style():
        assert mpl.rcParams["font.family"] == SANS
    assert dict(mpl.rcParams) == before
    with pytest.raises(ZeroDivisionError), figure_style():
        1 / 0  # noqa: B018
    assert dict(mpl.rcParams) == before


def test_plots_leave_settings_as_before(matrix):
    before = dict(mpl.rcParams)
    plot_term_weights(matrix)
    assert dict(mpl.rcParams) == before


def test_another_thread_draws_in_its_own_style_and_for_no_cell(matrix):
    """The explorer draws aside while a cell runs: neither may see anything of the other."""
    before, figures = dict(mpl.rcParams), plt.get_fignums()
    with ThreadPoolExecutor(1) as aside:
        with figure_style("nature"):
            drawing = aside.submit(plot_term_weights, matrix)
            assert wait_for([drawing], timeout=0.3).not_done
            small = plt.rcParams["font.size"]
        axes = drawing.result(timeout=60)
    assert axes.xaxis.label.get_fontsize() > small
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == figures  # else a notebook would show it below a cell


def test_works_as_a_decorator():
    @figure_style()
    def draw():
        return plt.subplots()[1].set_title("城市")

    assert draw().get_fontfamily() == SANS
    assert draw().get_fontfamily() == SANS


def test_ticks_made_later_keep_the_font():
    with figure_style():
        _, ax = plt.subplots()
    ax.set_yticks(range(12), ["城市治理"] * 12)
    ax.set_xlim(0, 1e6)
    assert families(ax.yaxis) == families(ax.xaxis) == {tuple(SANS)}
    assert {label.get_fontsize() for label in ax.get_yticklabels()} == {7.5}


def test_what_was_set_on_purpose_stays():
    with figure_style():
        _, ax = plt.subplots()
        ax.tick_params(axis="y", length=0, labelsize=5)
    ax.set_yticks([0, 0.5, 1])
    assert ax.yaxis.get_tick_params()["length"] == 0
    assert {label.get_fontsize() for label in ax.get_yticklabels()} == {5}


def test_axes_of_ones_own_get_the_font_too(matrix):
    _, ax = plt.subplots()  # in matplotlib's own style
    plot_term_weights(matrix, ax=ax)
    assert families(ax.yaxis) == {tuple(SANS)}


def test_plots_follow_the_style_around_them(matrix):
    with figure_style(face="serif"):
        ax = plot_term_weights(matrix)
    assert families(ax.yaxis) == {tuple(SERIF)}
    assert ax.xaxis.label.get_fontfamily() == SERIF


def test_other_figures_are_left_alone():
    _, ax = plt.subplots()
    with figure_style():
        plt.subplots()
    assert families(ax.xaxis).isdisjoint({tuple(SANS)})


def test_what_others_set_meanwhile_stays(monkeypatch):
    """A notebook switches to interactive drawing when the first figure is made."""
    monkeypatch.setitem(mpl.rcParams, "interactive", False)
    with figure_style():
        mpl.rcParams["interactive"] = True
    assert mpl.rcParams["interactive"]
