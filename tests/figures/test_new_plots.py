"""What the maps, networks, slopes, clouds and alignments draw, read back from the artists."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from scipy.cluster.hierarchy import linkage

from toolkit import Corpus, fit_topics, label_topics, segment, term_weights, tfidf, trend_table
from toolkit.compare import similarity_network, slope_table, topic_effects, topic_map, topic_share
from toolkit.compare.rates import by_document, ratio_interval, weight_intervals
from toolkit.figures import (
    check_figure,
    export_figure,
    figure_data,
    figure_style,
    plot_alignment,
    plot_comparison_cloud,
    plot_effects,
    plot_similarity_network,
    plot_slope,
    plot_term_weights,
    plot_topic_map,
    plot_topic_share,
    plot_trend,
)
from toolkit.figures.press.drawn import drawings
from toolkit.figures.press.presets import COLOUR

SHARED = "深化接诉即办改革完善首接负责制和限时办结机制让群众办事更方便"


def words(ax):
    return [text.get_text() for text in ax.texts]


@pytest.fixture(scope="module")
def few():
    """By hand: 2021 has 热线 2 of 4 words, 2024 1 of 4; 网格 0 of 4 and 2 of 4."""
    texts = {"a": "热线 热线 条例 立法", "b": "热线 网格 网格 条例"}
    return segment(Corpus.from_texts(texts, metadata={"a": {"year": 2021}, "b": {"year": 2024}}))


@pytest.fixture(scope="module")
def pair():
    return Corpus.from_texts(
        {
            "a": f"{SHARED}。{'甲乙丙丁戊己庚辛' * 10}",
            "b": f"{'子丑寅卯辰巳午未' * 10}。{SHARED}",
            "c": "口袋公园建在家门口，老人和孩子都多了去处。",
        }
    )


class TestIntervals:
    def test_all_alike_have_no_width(self):
        found = ratio_interval(np.full((6, 2), [2.0, 0.0]), np.full(6, 10.0))
        assert found.tolist() == [[0.2, 0.2], [0.0, 0.0]]

    def test_few_documents_have_none(self):
        assert np.isnan(ratio_interval(np.ones((4, 1)), np.ones(4))).all()
        # A document without words is none.
        assert np.isnan(ratio_interval(np.ones((5, 1)), np.array([1, 1, 1, 1, 0.0]))).all()

    def test_close_to_the_interval_of_the_normal_distribution(self):
        rng = np.random.default_rng(1)
        above = rng.normal(3, 1, (400, 1))
        (low, high) = ratio_interval(above, np.ones(400), n_boot=2000)[0]
        half = 1.96 * above.std() / 20
        assert low == pytest.approx(above.mean() - half, abs=0.02)
        assert high == pytest.approx(above.mean() + half, abs=0.02)

    def test_sums_by_document(self):
        values = np.array([[1, 2], [3, 4], [5, 6]])
        assert by_document(values, np.array(["x", "y", "x"])).tolist() == [[6, 8], [3, 4]]

    def test_bars_show_them(self, matrix):
        table = weight_intervals(matrix, n=4)
        pd.testing.assert_frame_equal(table.iloc[:, :-2], term_weights(matrix, n=4))
        ax = plot_term_weights(matrix, n=4, intervals=True)
        (lines,) = ax.collections
        ends = [segment[:, 0].tolist() for segment in lines.get_segments()]
        assert ends == table[["low", "high"]].to_numpy().tolist()
        assert not plot_term_weights(matrix, n=4).collections

    def test_groups_have_their_own(self, matrix):
        table = weight_intervals(matrix, by="kind", n=2)
        documents = matrix.units.groupby("kind")["doc_id"].nunique()
        few = table["group"].map(documents) < 5
        assert (table["low"].isna() == few).all()
        inside = table[~few]
        assert ((inside["low"] <= inside["weight"]) & (inside["weight"] <= inside["high"])).all()

    def test_trend_shows_them_where_there_are_five_texts(self, tokens):
        table = trend_table(tokens, terms=["热线", "网格"])
        assert (table["low"].isna() == (table["n_texts"] < 5)).all()
        known = table.dropna()
        assert ((known["low"] <= known["rate"]) & (known["rate"] <= known["high"])).all()
        ax = plot_trend(tokens, terms=["热线", "网格"])
        drawn = [segment for lines in ax.collections for segment in lines.get_segments()]
        drawn = [segment for segment in drawn if segment.ndim == 2 and np.isfinite(segment).all()]
        assert [segment[:, 1].tolist() for segment in drawn] == known[
            ["low", "high"]
        ].to_numpy().tolist()


class TestTopicMap:
    def test_equal_topics_lie_together_and_shares_are_those_of_the_topics(self, topics):
        table = topic_map(topics)
        assert table["share"].tolist() == topics.shares.tolist()
        assert 0 <= table.attrs["stress"] < 1
        assert table.index.tolist() == [1, 2, 3, 4, 5, 6]

    def test_topics_have_the_names_that_they_have_elsewhere(self, topics):
        table = topic_map(topics)
        assert [f"{topic} {words}" for topic, words in table["terms"].items()] == topics.names

    def test_relevance_one_is_the_ranking_by_weight(self, topics):
        table = topic_map(topics, n=4, relevance=1)
        top = topics.top_terms(4).groupby("topic")["term"].agg("·".join)
        assert table["terms"].tolist() == top.tolist()
        assert topic_map(topics, n=4, relevance=0)["terms"].tolist() != top.tolist()

    def test_distances_are_those_of_the_words(self, topics):
        from scipy.spatial.distance import pdist
        from scipy.stats import spearmanr

        term = topics.topic_term / topics.topic_term.sum(axis=1, keepdims=True)
        found = pdist(topic_map(topics)[["x", "y"]].to_numpy())
        assert spearmanr(pdist(term, "jensenshannon"), found).statistic > 0.5

    def test_bubbles_are_the_table(self, topics):
        table = topic_map(topics)
        ax = plot_topic_map(topics)
        (bubbles,) = ax.collections[:1]
        assert np.allclose(bubbles.get_offsets(), table[["x", "y"]])
        sizes = bubbles.get_sizes()
        assert sizes / sizes.max() == pytest.approx(table["share"] / table["share"].max())
        assert words(ax)[:6] == ["1", "2", "3", "4", "5", "6"]
        assert {*words(ax)[6:]} == {*table["terms"]}

    def test_three_topics_have_no_stress_and_no_lines_behind_labels(self, matrix):
        ax = plot_topic_map(fit_topics(matrix, k=3))
        assert ax.get_xlabel() == "越近越相似；面积为平均占比"
        assert "应力" not in drawings(ax.figure)[0].caption["zh"]
        ax.figure.canvas.draw()
        frame = ax.get_window_extent()
        for text in ax.texts:
            box = text.get_window_extent()
            assert frame.x0 < box.x0 and box.x1 < frame.x1
            assert frame.y0 < box.y0 and box.y1 < frame.y1

    def test_a_number_stands_within_its_bubble_or_before_the_words(self, matrix):
        with figure_style("nature"):
            ax = plot_topic_map(fit_topics(matrix, k=28))
        assert check_figure(ax, "nature")["result"].eq("PASS").all()
        inside = [text for text in ax.texts if text.get_text().isdigit()]
        before = [int(found[0]) for t in words(ax) if (found := re.match(r"\d+(?= )", t))]
        assert 0 < len(inside) < 28
        assert sorted([*before, *(int(text.get_text()) for text in inside)]) == [*range(1, 29)]
        across = np.sqrt(ax.collections[0].get_sizes())
        for text in inside:
            width = text.get_window_extent().width / ax.figure.dpi * 72
            assert width < across[int(text.get_text()) - 1]

    @pytest.mark.parametrize("preset", ["cn", "nature"])
    def test_lines_end_before_the_labels(self, matrix, preset):
        with figure_style(preset):
            ax = plot_topic_map(fit_topics(matrix, k=12))
        ax.figure.draw_without_rendering()
        lines = ax.lines[2:]  # after the axes of the map
        ends = ax.transData.transform(np.concatenate([line.get_xydata() for line in lines]))
        names = [text for text in ax.texts if not text.get_text().isdigit()]
        boxes = [text.get_window_extent() for text in names]
        assert len(lines) == len(boxes) == 12
        assert not [box for box in boxes for end in ends if box.padded(1).contains(*end)]

    def test_labels_stand_in_place_of_the_words(self, topics):
        labelled = label_topics(topics, {2: "智慧城市"})
        table = topic_map(labelled)
        assert table["label"].tolist() == ["", "智慧城市", "", "", "", ""]
        ax = plot_topic_map(labelled)
        assert {*words(ax)[6:]} == {"智慧城市", *table["terms"].drop(2)}
        (drawing,) = drawings(ax.figure)
        assert "主题名称：2 智慧城市。" in drawing.caption["zh"]
        assert "Labels: 2 智慧城市." in drawing.caption["en"]
        assert "label" not in topic_map(topics)

    def test_what_makes_no_map(self, matrix, topics):
        with pytest.raises(ValueError, match="at least three topics; there are 2"):
            topic_map(fit_topics(matrix, k=2))
        with pytest.raises(ValueError, match="relevance must be 0 to 1, not 2"):
            topic_map(topics, relevance=2)


class TestSimilarityNetwork:
    def test_by_hand(self, small_matrix):
        # a and d are equal, b and c like nobody: ties go to the first.
        table = similarity_network(small_matrix, by="doc_id", neighbours=1)
        first = table.iloc[0]
        assert (first["source"], first["target"], first["mutual"]) == ("a", "d", True)
        assert first["similarity"] == pytest.approx(1)
        assert table["similarity"].tolist()[1:] == pytest.approx([0] * (len(table) - 1))

    def test_each_group_has_its_neighbours(self, topics):
        table = similarity_network(topics, by="city", neighbours=2)
        both = pd.concat([table["source"], table["target"]])
        assert both.value_counts().min() >= 2
        assert table["similarity"].is_monotonic_decreasing
        assert not table.duplicated(["source", "target"]).any()

    def test_lines_and_dots_are_the_table(self, topics):
        table = similarity_network(topics, by="region", neighbours=2)
        ax = plot_similarity_network(topics, by="region", neighbours=2)
        lines, dots = ax.collections[:2]
        assert len(lines.get_segments()) == len(table)
        assert np.argmax(lines.get_linewidths()) == 0
        assert {*words(ax)} == {*table["source"]} | {*table["target"]}
        assert len(dots.get_offsets()) == len(words(ax))

    def test_too_many_neighbours(self, small_matrix):
        with pytest.raises(ValueError, match="neighbours must be 1 to 2, not 3"):
            similarity_network(small_matrix, by="city", neighbours=3)


class TestSlope:
    def test_by_hand(self, few):
        table = slope_table(few, [2021, 2024], terms=["热线", "网格"])
        assert table["series"].tolist() == ["网格", "热线"]
        assert table["first"].tolist() == [0, 5000]
        assert table["second"].tolist() == [5000, 2500]
        assert table["change"].tolist() == [5000, -2500]

    def test_lines_are_the_table_and_what_falls_is_dashed(self, few):
        ax = plot_slope(few, [2021, 2024], terms=["热线", "网格"])
        rise, _, _, fall, *hollow = ax.lines
        assert {line.get_markerfacecolor() for line in hollow} == {"white"}
        assert [*rise.get_ydata()] == [0, 5000]
        assert [*fall.get_ydata()] == [5000, 2500]
        assert (rise.get_linestyle(), fall.get_linestyle()) == ("-", "--")
        assert words(ax)[:4] == ["0", "5,000", "网格 5,000", "热线 2,500"]
        assert [label.get_text() for label in ax.get_xticklabels()] == ["2021\n1 篇", "2024\n1 篇"]

    def test_topics_of_two_cities(self, topics):
        table = slope_table(topics, ["北京", "上海"], by="city")
        share = topics.doc_topics(by="city")
        names = [topics.names[i - 1] for i in share.columns]
        expected = dict(zip(names, share.loc["上海"], strict=True))
        assert dict(zip(table["series"], table["second"], strict=True)) == pytest.approx(expected)

    def test_what_makes_no_slope(self, few):
        with pytest.raises(ValueError, match=r"no year \[2022\]; there are \[2021, 2024\]"):
            slope_table(few, [2021, 2022], terms=["热线"])
        with pytest.raises(ValueError, match="two groups of 'year'"):
            slope_table(few, [2021], terms=["热线"])


class TestComparisonCloud:
    def test_by_hand(self, few):
        table = figure_data(plot_comparison_cloud(few, [2021, 2024], by="year"))
        # Mean rate of 热线: 3,750; 2021 is 1,250 above it.
        excess = table.set_index(["group", "term"])["excess"]
        assert excess[2021, "热线"] == pytest.approx(1250)
        assert excess[2021, "立法"] == pytest.approx(1250)
        assert excess[2024, "网格"] == pytest.approx(2500)
        assert "条例" not in table["term"].tolist()  # as often in both
        assert (table.loc[table["group"] == 2024, "x"] >= 450).all()

    def test_words_have_the_colour_of_their_group_and_do_not_touch(self, tokens):
        ax = plot_comparison_cloud(tokens, ["北京", "上海"], n=15)
        table = figure_data(ax)
        assert words(ax) == ["北京", "上海", *table["term"]]
        inks = [to_hex(text.get_color()) for text in ax.texts[2:]]
        assert inks == [COLOUR.categories[int(g == "上海")] for g in table["group"]]

    @pytest.mark.parametrize(
        ("groups", "message"),
        [
            (["北京"], "two to four groups"),
            ("北京", "two to four groups"),
            (["北京", "月球"], r"no city \['月球'\]"),
        ],
    )
    def test_what_makes_none(self, tokens, groups, message):
        with pytest.raises(ValueError, match=message):
            plot_comparison_cloud(tokens, groups)


class TestAlignment:
    def test_places_are_those_in_the_documents(self, pair):
        table = figure_data(plot_alignment(pair))
        assert len(table) == 1
        row = table.iloc[0]
        assert (row["doc_a"], row["doc_b"], row["text_a"]) == ("a", "b", SHARED)
        length = len(pair["a"]) / 100
        assert row["from_a"] == 0
        assert row["to_a"] == pytest.approx(len(SHARED) / length)
        assert row["from_b"] == pytest.approx(81 / length)
        assert row["to_b"] == pytest.approx(100)

    def test_passages_of_a_split_corpus_stand_where_they_stood(self, pair):
        whole, split = (figure_data(plot_alignment(c)) for c in (pair, pair.split("sentence")))
        columns = ["from_a", "to_a", "from_b", "to_b"]
        assert np.allclose(split[columns], whole[columns], atol=1.5)

    def test_bands_join_the_passages(self, pair):
        ax = plot_alignment(pair)
        table = figure_data(ax)
        corners = ax.patches[0].get_xy()[:4]
        row = table.iloc[0]
        assert corners.tolist() == [
            [row["from_a"], 0],
            [row["to_a"], 0],
            [row["to_b"], 1],
            [row["from_b"], 1],
        ]
        assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
        assert words(ax) == ["1"]

    def test_what_shares_nothing(self, pair):
        with pytest.raises(ValueError, match="a and c share no passage"):
            plot_alignment(pair, ["a", "c"])
        apart = Corpus.from_texts({"a": "热线诉求工单受理回访", "b": "网格社区楼栋长巡查"})
        with pytest.raises(ValueError, match="no two documents share"):
            plot_alignment(apart)


class TestDendrogram:
    def test_rows_are_its_leaves(self, topics):
        table = topic_share(topics, by="region", order="dendrogram")
        plain = topics.doc_topics(by="region")
        pd.testing.assert_frame_equal(table.sort_index(), plain.sort_index())
        tree = linkage(plain.to_numpy(), "average", optimal_ordering=True)
        assert table.attrs["linkage"] == tree.tolist()

    def test_the_tree_stands_beside_its_rows(self, topics):
        ax = plot_topic_share(topics, by="region", order="dendrogram")
        (beside,) = ax.child_axes
        (lines,) = beside.collections
        assert len(lines.get_segments()) == len(topic_share(topics, by="region")) - 1
        joins = np.concatenate([segment[[0, -1], 1] for segment in lines.get_segments()])
        leaves = {0.5 + i for i in range(len(topic_share(topics, by="region")))}
        assert leaves <= {*np.round(joins, 6).tolist()}
        assert beside.get_ylim() == ax.get_ylim()

    def test_years_keep_their_order(self, topics):
        table = topic_share(topics, by="year", order="dendrogram")
        assert table.index.is_monotonic_increasing
        with pytest.raises(ValueError, match="order must be"):
            topic_share(topics, order="size")


def test_long_chinese_labels_stand_in_two_lines():
    long = "以人民为中心的城市治理现代化水平提升行动"
    counts = tfidf(segment(Corpus.from_texts({"a": "城市", "b": "治理"})), min_df=1, max_df=1.0)
    terms = np.array([long, "治理"], dtype=object)
    matrix = type(counts)(counts.counts, counts.weights, terms, counts.units, counts.recipe)
    with figure_style("nature"):
        ax = plot_term_weights(matrix)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert "治理" in labels
    (wrapped,) = (label for label in labels if "\n" in label)
    assert wrapped.replace("\n", "") == long
    assert abs(len(wrapped.split("\n")[0]) - 10) <= 2
    plt.close(ax.figure)


@pytest.mark.parametrize("preset", ["notebook", "nature", "cn", "slides"])
def test_the_template_for_a_plot_runs_as_it_stands(preset, tokens, tmp_path, keep):
    page = Path(__file__).parents[2] / "docs" / "add-a-plot.md"
    names = {"__name__": "__main__"}
    exec(re.search(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)[1], names)
    with figure_style(preset):
        ax = names["plot_longest_texts"](tokens, n=5)
    table = figure_data(ax)
    assert [*ax.lines[0].get_xdata()] == table["words"].tolist()
    checks = check_figure(ax, preset)
    assert set(checks["result"]) == {"PASS"}, checks
    keep(ax.figure, f"template-{preset}")
    bundle = export_figure(ax, "longest", folder=tmp_path, formats=["png"])
    assert "词数最多的 5 篇" in (bundle / "alt.md").read_text("utf-8")


@pytest.fixture(scope="module")
def effects(topics):
    return topic_effects(topics, "kind + year", n_boot=50, n_permutations=99)


class TestEffects:
    def test_marks_stand_at_the_effects_and_are_filled_above_chance(self, effects):
        ax = plot_effects(effects, "kind")
        data = figure_data(ax)
        level = data["level"].iloc[0]
        part = data[data["level"] == level]
        dots = [line for line in ax.lines if line.get_label().startswith("案例")]
        assert level == "case" and len(dots) == 1
        assert dots[0].get_xdata().tolist() == pytest.approx(part["effect"].tolist())
        hollow = [x for line in ax.lines if line.get_mfc() == "white" for x in line.get_xdata()]
        assert sorted(hollow) == pytest.approx(sorted(data.loc[data["p_all"] > 0.05, "effect"]))
        shares = effects.table.query("covariate == 'kind'")["effect"]
        assert data["effect"].tolist() == pytest.approx((100 * shares).tolist())

    def test_a_number_has_one_mark_for_each_topic(self, effects):
        ax = plot_effects(effects, "year", lang="en")
        assert ax.get_legend() is None
        assert "per 1 more year (n = 41)" in ax.get_xlabel()

    def test_what_is_not_there_is_told(self, effects):
        for wrong in ({"covariate": "city"}, {"covariate": "kind", "levels": ["none"]}):
            with pytest.raises(ValueError, match="no such effects"):
                plot_effects(effects, **wrong)
        with pytest.raises(TypeError, match="plot_effects needs"):
            plot_effects(effects.table)
