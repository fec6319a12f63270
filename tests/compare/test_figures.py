"""What the figures of comparisons draw, read back from the artists."""

import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from toolkit import Corpus, correspondence, fit_topics, keyness, score_framework, segment
from toolkit.compare import WordNetwork, cluster_words, word_network
from toolkit.compare.codebook import Codebook
from toolkit.figures import (
    figure_style,
    plot_cooccurrence,
    plot_correspondence,
    plot_dendrogram,
    plot_dimensions,
    plot_dispersion,
    plot_keyness,
    plot_similarity,
    plot_similarity_network,
    plot_slope,
    plot_strategic_diagram,
    plot_term_weights,
    plot_topic_share,
    plot_trend,
)
from toolkit.figures.press.drawn import drawings
from toolkit.loading import KINDS


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def scores(sample):
    return score_framework(sample)


@pytest.fixture(scope="module")
def whole(sample):
    return segment(sample)


def drawn(axes):
    """Return what is remembered with a figure, once it has been drawn."""
    figure = np.ravel(axes)[0].figure
    figure.draw_without_rendering()
    (drawing,) = drawings(figure)
    return drawing


def test_keyness_bars_are_the_table(whole):
    ax = plot_keyness(whole, {"kind": "regulation"}, n=6)
    table = keyness(whole, {"kind": "regulation"})
    expected = [*table["log_ratio"].head(6), *table["log_ratio"].tail(6)]
    bars = ax.containers[0]
    assert [bar.get_width() for bar in bars] == pytest.approx(expected)
    data = drawn(ax).data
    assert [t.get_text() for t in ax.get_yticklabels()] == data["term"].tolist()
    hollow = [bar.get_facecolor()[:3] == (1, 1, 1) for bar in bars]
    assert hollow == (data["most_of"].ne("") | data["absent_in"].ne("")).tolist()
    ends = data.sort_values("log_ratio").iloc[[0, -1]]  # what the alternative text tells of
    assert ends["absent_in"].ne("").any()
    alt = drawn(ax).alt["zh"]
    assert all(term in alt for term in ends["term"])
    assert not re.search("target|reference", alt)
    assert any(hollow)


def test_keyness_calls_the_groups_as_it_is_told(whole):
    told = plot_keyness(whole, {"kind": "regulation"}, names=("法规解读", "其他文本"), n=2)
    assert {"法规解读 →", "← 其他文本"} <= {text.get_text() for text in told.texts}
    assert "法规解读与其他文本相比" in drawn(told).caption["zh"]
    plain = plot_keyness(whole, {"kind": "regulation"}, n=2)
    assert {"法规 →", "← 其余"} <= {text.get_text() for text in plain.texts}
    english = plot_keyness(whole, {"kind": "regulation"}, n=2, lang="en")
    assert {"regulation →", "← the others"} <= {text.get_text() for text in english.texts}


@pytest.mark.filterwarnings("ignore:the target has")
def test_captions_speak_of_intervals_only_where_there_are_any(sample, whole, matrix):
    few = segment(Corpus(sample.units.groupby("kind").head(3)))
    one = matrix.select(doc_id="beijing-2023")
    for plot, without, with_them in (
        (lambda t: plot_keyness(t, {"kind": "regulation"}, min_count=2), few, whole),
        (lambda t: plot_trend(t, terms=["热线"], by="kind"), few, whole),
        (lambda m: plot_term_weights(m, n=3, intervals=True), one, matrix),
    ):
        for value, said in ((without, False), (with_them, True)):
            drawing = drawn(plot(value))
            assert drawing.data["low"].notna().any() == said
            assert ["95%" in text for text in drawing.caption.values()] == [said, said]


def test_kinds_of_text_have_chinese_names_in_chinese_figures(whole, matrix, scores):
    expected = {"理论", "综述", "案例", "法规", "札记"}
    assert {*drawn(plot_trend(whole, terms=["热线"], by="kind")).data["kind"]} == set(KINDS[:5])
    trend = plot_trend(whole, terms=["热线"], by="kind")
    assert {text.get_text().split("\n")[0] for text in trend.get_xticklabels()} == expected
    panels = plot_term_weights(matrix, by="kind", n=2)
    assert {ax.get_title(loc="left") for ax in panels} == expected
    share = plot_topic_share(fit_topics(matrix, k=3), by="kind")
    assert {text.get_text() for text in share.get_yticklabels()} == expected
    rows = plot_dimensions(scores, by="kind")[0]
    assert {text.get_text() for text in rows.get_yticklabels()} == expected
    assert expected <= {text.get_text() for text in plot_correspondence(scores, by="kind").texts}
    assert expected == {text.get_text() for text in plot_similarity(matrix, by="kind").texts}
    slope = plot_slope(whole, ["case", "note"], terms=["热线"], by="kind")
    assert [text.get_text() for text in slope.get_xticklabels()] == ["案例\n9 篇", "札记\n8 篇"]


@pytest.mark.parametrize(("lang", "title"), [("zh", "法治化"), ("en", "legal")])
def test_dimensions_are_called_alike_wherever_they_are_drawn(matrix, lang, title):
    axes = plot_term_weights(matrix, by="dimension", n=2, lang=lang)
    assert title in [ax.get_title(loc="left") for ax in axes]


def test_dispersion_draws_every_occurrence(whole):
    ax = plot_dispersion(whole, ["接诉即办", "城市大脑"])
    points = [len(c.get_offsets()) for c in ax.collections[1:]]
    assert points == [whole.frequencies["接诉即办"], whole.frequencies["城市大脑"]]
    rows = [t.get_text() for t in ax.get_yticklabels()]
    assert rows == sorted(rows)
    assert set(rows) == set(drawn(ax).data["doc_id"])
    with pytest.raises(ValueError, match="draw 1 to 7 words"):
        plot_dispersion(whole, [])


@pytest.fixture(scope="module")
def network(tokens):
    return word_network(tokens)


def test_network_draws_its_pairs_with_a_key(network):
    ax = plot_cooccurrence(network, edges=10)
    lines, *dots = ax.collections
    data = drawn(ax).data
    assert data.equals(network.edges.head(10))
    assert len(lines.get_segments()) == 10
    words = [*dict.fromkeys([*data["source"], *data["target"]])]
    assert {t.get_text() for t in ax.texts} == {*words}
    assert lines.get_linewidths()[0] == max(lines.get_linewidths())  # the strongest pair is first
    community = network.nodes["community"][words]
    groups = [word for _, word in sorted(community.groupby(community).groups.items())]
    assert [len(one.get_offsets()) for one in dots] == [len(group) for group in groups]
    looks = {(*one.get_facecolor()[0], one.get_paths()[0].vertices.tobytes()) for one in dots}
    forms = {form for *_, form in looks}
    assert len(looks) == len(forms) == len(groups), "told apart without colour too"
    key = ax.get_legend()
    counts = network.nodes["count"][words]
    told = [text.get_text() for text in key.get_texts()]
    assert told[0] == f"{counts.min()} 处"
    assert told[-1] == f"Ochiai {data['weight'].max():.2f}"
    # A mark of the key is as large as the dot that it stands for.
    across = [line.get_markersize() for line in key.get_lines()][:3]
    sizes = {
        counts[word]: size
        for one, group in zip(dots, groups, strict=True)
        for word, size in zip(group, one.get_sizes(), strict=True)
    }
    assert across[0] ** 2 == pytest.approx(sizes[counts.min()])
    assert across[2] ** 2 == pytest.approx(sizes[counts.max()])


def test_labels_of_the_network_do_not_meet(network):
    ax = plot_cooccurrence(network)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])
    with pytest.raises(ValueError, match="more than by chance"):
        plot_cooccurrence(EMPTY)


EMPTY = WordNetwork(
    pd.DataFrame({"count": [3], "community": [0], "strength": [0.0]}, index=["x"]),
    pd.DataFrame(columns=["source", "target", "weight", "equivalence"]),
    *(np.nan, "ochiai", "", pd.DataFrame()),
)  # fmt: skip


def test_network_is_the_same_twice(network):
    one, two = (plot_cooccurrence(network, seed=1).collections[1] for _ in range(2))
    np.testing.assert_array_equal(one.get_offsets(), two.get_offsets())


def test_dendrogram_is_the_linkage(tokens):
    clusters = cluster_words(tokens, n=12, n_boot=30)
    ax = plot_dendrogram(clusters)
    assert [max(line.get_xdata()) for line in ax.lines] == pytest.approx(clusters.linkage[:, 2])
    rows = {label.get_text(): row for row, label in enumerate(ax.get_yticklabels())}
    assert {*rows} == {*clusters.terms}
    first = [rows[word] for word in clusters.merges["words"][0].split("、")]
    assert sorted(ax.lines[0].get_ydata()[[0, 3]]) == sorted(first)
    support = clusters.merges["support"][:-1]
    assert [t.get_text() for t in ax.texts] == [f"{s:.0%}" for s in support if s >= 0.5]


def test_strategic_diagram_is_the_table(network):
    ax = plot_strategic_diagram(network, lang="en")
    themes = network.themes()
    places = np.concatenate([one.get_offsets() for one in ax.collections])
    np.testing.assert_allclose(places, themes[["centrality", "density"]])
    told = {text.get_text() for text in ax.texts}
    assert {*themes["name"], "motor", "basic", "isolated", "emerging or declining"} <= told
    assert ax.lines[0].get_xdata()[0] == themes["centrality"].median()
    with pytest.raises(ValueError, match="two communities or more; the network has 0"):
        plot_strategic_diagram(EMPTY)


def test_dimensions_of_many_groups_are_panels(scores):
    axes = plot_dimensions(scores, by="year")
    table = scores.table("year").sort_index()
    assert len(axes) == 4
    for ax, dimension in zip(axes, scores.codebook.dimensions, strict=True):
        np.testing.assert_allclose(ax.lines[0].get_xdata(), table[dimension])
    assert [ax.get_title(loc="left") for ax in axes] == ["精细化", "智能化", "多元参与", "法治化"]
    assert drawn(axes).recipe.to_code().endswith("ax = plot_dimensions(scores, by='year')")


def test_dimensions_of_two_groups_are_a_dumbbell(scores):
    (ax,) = plot_dimensions(scores, groups=["北京", "上海"], lang="en")
    table = scores.table("city")
    for line, city, name in zip(ax.lines, ["北京", "上海"], ["Beijing", "Shanghai"], strict=False):
        np.testing.assert_allclose(line.get_xdata(), table.loc[city])
        assert line.get_label() == name
    assert [t.get_text() for t in ax.get_yticklabels()] == scores.codebook.dimensions
    with pytest.raises(ValueError, match=r"no city \['南极'\]"):
        plot_dimensions(scores, groups=["北京", "南极"])


def test_dimensions_are_drawn_on_as_many_axes_as_there_are(scores):
    one, many = plt.figure().subplots(), plt.figure().subplots(1, 4)
    with pytest.raises(ValueError, match="4 panels need as many axes; ax has 1"):
        plot_dimensions(scores, by="region", ax=one)
    with pytest.raises(ValueError, match="4 panels need as many axes; ax has 3"):
        plot_dimensions(scores, groups=["北京", "上海"], ax=many[:3])
    cities = ["北京", "上海"]
    (dumbbell,) = plot_dimensions(scores, groups=cities, ax=one)
    assert dumbbell is one
    panels = plot_dimensions(scores, groups=cities, ax=many)
    table = scores.table("city").loc[cities]
    for ax, dimension in zip(panels, scores.codebook.dimensions, strict=True):
        np.testing.assert_allclose(ax.lines[0].get_xdata(), table[dimension])


def test_a_codebook_may_have_eight_dimensions(sample):
    terms = ["热线", "网格", "数据", "社区", "条例", "平台", "服务", "治理"]
    table = pd.DataFrame({"dimension": [f"维度{i}" for i in range(8)], "term": terms})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # such a score is that of one term
        scores = score_framework(sample, Codebook(table))
    with figure_style(columns=2):
        axes = plot_dimensions(scores, by="year")
    assert [ax.get_title(loc="left") for ax in axes] == [*table["dimension"]]


def test_maps_and_networks_stand_in_subfigures(scores, network, matrix):
    """Their labels are placed as on a figure of that size."""
    draw = {
        plot_correspondence: (scores, {}),
        plot_cooccurrence: (network, {"edges": 8}),
        plot_similarity: (matrix, {"by": "city"}),
        plot_similarity_network: (matrix, {}),
    }
    for plot, (value, params) in draw.items():
        with figure_style():
            figure = plt.figure(figsize=(8, 4), layout="constrained")
            left, right = figure.subfigures(1, 2)
            for part in (left, right):
                plot(value, ax=part.subplots(), **params)
            figure.draw_without_rendering()
        for part in (left, right):
            (ax,) = part.axes
            assert len(ax.texts) > 2
            assert all(text.get_figure() is part for text in ax.texts)
            box = part.bbox
            for text in ax.texts:
                assert box.contains(*text.get_window_extent().get_points().mean(axis=0))


def test_map_places_groups_and_dimensions(scores):
    ax = plot_correspondence(scores)
    found = correspondence(scores.counts("city"))
    rows, columns = ax.collections[:2]
    np.testing.assert_allclose(rows.get_offsets(), found.rows[["axis_1", "axis_2"]])
    np.testing.assert_allclose(columns.get_offsets(), found.columns[["axis_1", "axis_2"]])
    assert {"北京", "法治化"} <= {t.get_text() for t in ax.texts}
    assert f"{found.inertia['share'][1]:.0%}" in ax.get_xlabel()


@pytest.mark.filterwarnings("ignore:.* such a score is that of one term")
def test_labels_from_data_are_no_formulas():
    texts = {f"{i}": "热线条例。" for i in range(3)}
    corpus = Corpus.from_texts(texts, metadata={i: {"city": f"$x_{i}$"} for i in texts})
    ax = plot_dispersion(segment(corpus), ["热线"])
    ax.figure.draw_without_rendering()
    axes = plot_dimensions(
        score_framework(
            Corpus.from_texts(
                dict.fromkeys(texts, "城市更新数据社区条例。"),
                metadata={i: {"city": f"$x_{i}$"} for i in texts},
            )
        )
    )
    assert axes[0].get_yticklabels()[0].get_text() == r"\$x_0\$"
