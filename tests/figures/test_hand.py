"""An author's hand: groups, order, names and colours, in the same words in every plot."""

import inspect

import pandas as pd
import pytest

from toolkit import Corpus, fit_topics, label_topics, segment, tfidf
from toolkit.compare import score_framework
from toolkit.compare.lettering import half_widths, wrapped
from toolkit.figures import (
    check_figure,
    figure_data,
    figure_style,
    plot_dimensions,
    plot_dispersion,
    plot_slope,
    plot_term_weights,
    plot_topic_share,
    plot_topic_terms,
    plot_trend,
)
from toolkit.figures.press.drawn import drawings, is_as_drawn

WORDS = ["热线", "网格", "条例", "社区", "平台", "数据", "诉求", "物业"]
LONG = "以人民为中心的基层治理与公共服务共建共治共享机制建设"


def made(groups, **more):
    texts = {
        f"t{i}": "".join(WORDS[(i + j * j) % 8] + "，" for j in range(9 + i % 4)) + "。"
        for i in range(2 * groups)
    }
    metadata = {
        t: {
            "city": f"市{i % groups:03}",
            "region": "东西南北"[i % groups % 4],
            "year": 2020 + i % 3,
        }
        for i, t in enumerate(texts)
    }
    return Corpus.from_texts(texts, metadata=metadata)


def scored(corpus):
    """Return the corpus with a term of each dimension in each text."""
    some = "接诉即办，精细化管理，公众参与，地方性法规。"
    return Corpus(corpus.units.assign(text=corpus.units["text"] + some))


@pytest.fixture(scope="module")
def corpus():
    return made(8)


@pytest.fixture(scope="module")
def topics(corpus):
    return fit_topics(tfidf(segment(corpus), min_df=1, max_df=1.0), k=3)


def rows_of(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_groups_come_in_the_order_asked_for(topics):
    ax = plot_topic_share(topics, groups=["市003", "市001", "市005"])
    assert rows_of(ax) == ["市003", "市001", "市005"]
    assert figure_data(ax).index.tolist() == ["市003", "市001", "市005"]
    caption = drawings(ax.figure)[0].caption
    assert "全部 8 个城市中的 3 个" in caption["zh"]
    assert "Shown: 3 of 8 values of city." in caption["en"]


def test_order_puts_groups_first_and_loses_none(topics):
    ax = plot_topic_share(topics, order=["市007"])
    assert rows_of(ax)[0] == "市007"
    assert len(rows_of(ax)) == 8


def test_an_ordered_column_of_pandas_is_obeyed(corpus):
    wanted = ["北", "西", "东", "南"]
    units = corpus.units.assign(region=pd.Categorical(corpus.units["region"], wanted, ordered=True))
    tokens = segment(Corpus(units))
    axes = plot_term_weights(tfidf(tokens, min_df=1, max_df=1.0), by="region", n=2)
    assert [ax.get_title(loc="left") for ax in axes] == wanted
    ax = plot_trend(tokens, terms=["热线"], by="region")
    heads = [label.get_text().split("\n")[0].split(" ")[0] for label in ax.get_xticklabels()]
    assert heads == wanted


def test_labels_name_groups_and_words_in_the_language_of_the_figure(corpus):
    labels = {"东": "East", "热线": "hotline"}
    tokens = segment(corpus)
    ax = plot_slope(
        tokens, ["东", "西"], by="region", terms=["热线", "网格"], labels=labels, lang="en"
    )
    assert any(text.get_text().startswith("hotline ") for text in ax.texts)
    assert ax.get_xticklabels()[0].get_text().startswith("East\n")
    caption = drawings(ax.figure)[0].caption
    assert "East" in caption["en"]
    assert "East" not in caption["zh"]


def test_what_stands_out_keeps_its_colour(corpus):
    tokens = segment(corpus)
    ax = plot_trend(
        tokens, terms=["热线", "网格", "条例"], highlight="网格", palette=["#112233"] * 3
    )
    colours = {line.get_label(): line.get_color() for line in ax.lines}
    assert colours["网格"] == "#112233"
    assert colours["热线"] == colours["条例"] != "#112233"


@pytest.mark.filterwarnings("ignore:.*that of one term")
def test_colours_of_a_column_are_told_above(corpus):
    scores = score_framework(scored(corpus))
    palette = {"东": "#aa0000"}
    axes = plot_dimensions(scores, by="city", colour_by="region", palette=palette)
    (legend,) = axes[0].figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["东", "西", "南", "北"]
    inks = {line.get_color() for line in axes[0].lines if len(line.get_xdata()) == 2}
    assert "#aa0000" in inks


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"groups": ["无此市"]}, r"no city \['无此市'\]"),
        ({"order": ["无此市"]}, r"no city \['无此市'\]"),
        ({"highlight": "无此市"}, "highlight: nothing in this figure answers"),
        ({"labels": {"无此市": "x"}}, "labels: nothing in this figure answers"),
        ({"colour_by": "kind"}, "no column 'kind'"),
        ({"palette": ["no colour"]}, "no colour"),
    ],
)
def test_what_nothing_answers_to_is_refused(topics, given, told):
    import matplotlib.pyplot as plt

    with pytest.raises(ValueError, match=told):
        plot_topic_share(topics, **given)
    assert not plt.get_fignums()


def test_a_parameter_that_no_plot_has_is_refused(topics):
    with pytest.raises(TypeError, match="colours"):
        plot_topic_share(topics, colours="red")


def test_the_code_of_a_figure_holds_the_hand(topics):
    ax = plot_topic_share(topics, groups=["市003", "市001"], labels={"市003": "甲"}, show="z")
    code = drawings(ax.figure)[0].recipe.steps[-1].params
    assert code == {"groups": ["市003", "市001"], "labels": {"市003": "甲"}, "show": "z"}
    assert is_as_drawn(ax.figure)


def test_help_names_each_parameter():
    shown = inspect.signature(plot_topic_share).parameters
    assert [*shown][-8:-2] == ["groups", "order", "labels", "highlight", "colour_by", "palette"]
    assert [*shown][-2:] == ["lang", "ax"]
    assert "order" not in inspect.signature(plot_slope).parameters
    assert "highlight : value or sequence" in plot_slope.__doc__


@pytest.mark.parametrize("preset", ["nature", "cn", "slides"])
def test_many_groups_stand_in_blocks_side_by_side(preset):
    many = fit_topics(tfidf(segment(made(90)), min_df=1, max_df=1.0), k=3)
    with figure_style(preset):
        ax = plot_topic_share(many)
        table = check_figure(ax, preset)
    blocks = [rows_of(one) for one in ax.figure.axes if rows_of(one)[:1] != [""]]
    names = [name for block in blocks for name in block if name.startswith("市")]
    assert len(blocks) > 1 and sorted(names) == sorted(figure_data(ax).index)
    assert {*table["result"]} == {"PASS"}, table[table["result"] == "FAIL"]


@pytest.mark.filterwarnings("ignore:.*that of one term")
def test_too_many_rows_say_how_many_have_room():
    scores = score_framework(scored(made(138)))
    with figure_style("slides"), pytest.raises(ValueError, match=r"draw up to \d+ rows \(groups="):
        plot_dimensions(scores)


def test_very_many_texts_have_their_lines():
    with figure_style("nature"):
        ax = plot_dispersion(segment(made(60)), ["热线", "网格"])
        table = check_figure(ax, "nature")
    assert {*table["result"]} == {"PASS"}, table[table["result"] == "FAIL"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_long_names_leave_the_axes_their_room(corpus, topics, lang):
    long = LONG if lang == "zh" else "Grassroots governance and public services, built together"
    named = label_topics(topics, {1: long, 2: f"{long}乙", 3: "短"})
    ax = plot_slope(named, ["东", "西"], by="region", lang=lang)
    ax.figure.draw_without_rendering()
    assert ax.get_window_extent().width > 0.3 * ax.figure.bbox.width
    table = check_figure(ax, "notebook")
    assert {*table["result"]} == {"PASS"}, table[table["result"] == "FAIL"]


def test_each_topic_has_its_own_scale(topics):
    axes = plot_topic_terms(topics, n=3)
    for ax in axes:
        assert max(bar.get_width() for bar in ax.patches) > 0.9 * ax.get_xlim()[1]


def test_panels_have_bands_and_one_year_no_line(corpus):
    tokens = segment(corpus)
    axes = plot_trend(tokens, terms=["热线", "网格"], panels=True)
    assert [ax.get_title(loc="left") for ax in axes] == ["热线", "网格"]
    assert all(ax.collections for ax in axes)
    one = plot_trend(segment(corpus.select(year=2021)), terms=["热线"])
    assert all(len(line.get_xdata()) == 1 for line in one.lines)


@pytest.mark.parametrize("most", [8, 12, 26])
@pytest.mark.parametrize("text", [LONG, "一，二", "Grassroots governance of all", "甲 $x$ 乙", ""])
def test_broken_names_lose_nothing(text, most):
    lines = wrapped(text, most)
    assert "".join(lines.split()) == "".join(text.split())
    words = max(map(half_widths, text.split()), default=0)
    assert max(map(half_widths, lines.split("\n"))) <= max(most + 2, words if text.isascii() else 0)
