from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from toolkit import choose_k, fit_topics, report_card
from toolkit.figures import (
    export_figure,
    figure_data,
    plot_k_selection,
    plot_report_card,
    plot_topic_tree,
)
from toolkit.figures.press.drawn import drawings


@pytest.fixture(scope="module")
def selection(planted):
    return choose_k(planted(3), k_range=range(2, 5), runs=3, n_jobs=1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_k_selection_draws_the_table(selection, lang):
    axes = plot_k_selection(selection, lang=lang)
    agreement, null = axes[0].lines[0], axes[0].lines[-1]
    assert agreement.get_ydata().tolist() == selection.table["agreement"].tolist()
    assert null.get_ydata().tolist() == selection.table["null"].tolist()
    filled = axes[0].lines[1]
    assert sorted(filled.get_xdata()) == sorted(selection.suggested)
    drawing = drawings(axes[0].figure)[0]
    assert selection.sentence(lang=lang) in drawing.caption[lang]
    assert "90%" in drawing.caption[lang]
    assert drawing.data.equals(selection.table)
    axes[0].figure.canvas.draw()
    plt.close(axes[0].figure)


def test_k_selection_of_few_texts_says_so(planted):
    few = choose_k(planted(2, 30, per_text=30), k_range=[2, 3])
    axes = plot_k_selection(few, lang="en")
    assert [text.get_text() for text in axes[0].texts] == ["too few texts to tell"]
    assert not axes[0].lines
    caption = drawings(axes[0].figure)[0].caption["en"]
    assert "bands" not in caption
    assert few.sentence(lang="en") in caption
    axes[0].figure.canvas.draw()
    plt.close(axes[0].figure)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tree_draws_what_becomes_of_each_topic(selection, lang):
    ax = plot_topic_tree(selection, [2, 3, 4], lang=lang)
    data = figure_data(ax)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["k = 2", "k = 3", "k = 4"]
    assert len(ax.texts) == len(data) == 2 + 3 + 4
    assert len(ax.lines) == 3 + 4, "each finer topic hangs on one"
    for k, cut in data.groupby("k"):
        parts = data[data["x"] == cut["x"].iloc[0] + 1].groupby("parent")["y"].mean()
        middles = cut.set_index("topic")["y"].reindex(parts.index)
        assert parts.tolist() == pytest.approx(middles.tolist()), f"{k}: in the middle of its parts"
        assert cut["y"].is_unique
    (drawing,) = drawings(ax.figure)
    assert "k = 2, 3, 4" in drawing.caption[lang]
    plt.close("all")


def test_the_tree_of_many_cuts_shows_four(selection):
    table = selection.table
    many = replace(selection, table=table.assign(suggested=True))
    ax = plot_topic_tree(many)
    assert figure_data(ax)["k"].unique().tolist() == [2, 3, 4]
    with pytest.raises(ValueError, match="no cut was made at k"):
        plot_topic_tree(selection, [9])
    plt.close("all")


def test_report_card_draws_each_topic(planted, tmp_path):
    card = report_card(fit_topics(planted(3), k=3), runs=3, n_jobs=1)
    axes = plot_report_card(card, lang="en")
    assert [label.get_text() for label in axes[0].get_yticklabels()] == [
        f"{t} {n}" for t, n in zip(card.topics["topic"], card.topics["name"], strict=True)
    ]
    for one, name in zip(axes, ("stability", "npmi", "exclusivity"), strict=True):
        assert one.lines[0].get_xdata().tolist() == card.topics[name].tolist()
    (drawing,) = drawings(axes[0].figure)
    assert "90% of the runs" in drawing.caption["en"]
    weak = card.topics["support"] < 0.3
    hollow, filled = axes[1].lines[:2]
    assert hollow.get_markerfacecolor() == "white"
    assert np.isnan(filled.get_xdata()).tolist() == weak.tolist()
    bundle = export_figure(axes, "card", folder=tmp_path, formats=["png"])
    passages = pd.read_csv(bundle / "card-passages.csv")
    assert passages["unit_id"].tolist() == card.passages["unit_id"].tolist()
    facts = pd.read_csv(bundle / "card-facts.csv", index_col=0)["value"]
    assert facts["主题 (SHA-256)"] == card.summary["主题 (SHA-256)"]
    axes[0].figure.canvas.draw()
    plt.close(axes[0].figure)


def test_a_coherence_of_few_pairs_is_hollow(planted):
    card = report_card(fit_topics(planted(3), k=3), runs=3, n_jobs=1)
    card = replace(card, topics=card.topics.assign(support=[0.09, 0.3, 0.9]))
    filled = plot_report_card(card)[1].lines[1]
    assert np.isnan(filled.get_xdata()).tolist() == [True, False, False]
    plt.close("all")


def test_report_card_of_few_texts_says_so(planted):
    axes = plot_report_card(report_card(fit_topics(planted(2, 30, per_text=30), k=2)))
    assert [text.get_text() for text in axes[0].texts] == ["文本太少，无法检验"]
    (drawing,) = drawings(axes[0].figure)
    assert drawing.caption["zh"].startswith("各主题的连贯性")
    assert "shuffled" not in drawing.caption["en"]
    axes[0].figure.canvas.draw()
    plt.close(axes[0].figure)
