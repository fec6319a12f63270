from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from scipy.spatial.distance import pdist, squareform

from toolkit import Corpus, fit_topics, label_topics, segment, term_weights, tfidf, trend_table
from toolkit.compare import similarity_map, topic_share
from toolkit.compare.maps import _classical, scaled
from toolkit.figures import (
    MissingGlyphError,
    figure_data,
    figure_style,
    plot_similarity,
    plot_term_weights,
    plot_topic_share,
    plot_topic_terms,
    plot_trend,
    plot_wordcloud,
)
from toolkit.figures.plotting import Drawn, _words
from toolkit.figures.press.drawn import drawings
from toolkit.say import entry

TERMS = ["数据", "网格", "热线", "老旧小区"]


def draw(name, value, **options):
    """Draw one of the plots from the tokens, the matrix and the topics of the sample."""
    tokens, matrix, topics = value
    options |= {} if name == "wordcloud" else {"lang": options.get("lang", "zh")}
    return {
        "term_weights": lambda: plot_term_weights(matrix, **options),
        "term_weights_by": lambda: plot_term_weights(matrix, by="region", n=5, **options),
        "topic_terms": lambda: plot_topic_terms(topics, n=6, **options),
        "topic_share": lambda: plot_topic_share(topics, **options),
        "topic_share_year": lambda: plot_topic_share(topics, by="year", **options),
        "similarity": lambda: plot_similarity(topics, by="city", **options),
        "similarity_tfidf": lambda: plot_similarity(matrix, by="doc_id", **options),
        "trend": lambda: plot_trend(tokens, terms=TERMS, **options),
        "trend_topics": lambda: plot_trend(topics, **options),
        "wordcloud": lambda: plot_wordcloud(matrix, n=30, **options),
    }[name]()


PLOTS = [
    "term_weights",
    "term_weights_by",
    "topic_terms",
    "topic_share",
    "topic_share_year",
    "similarity",
    "similarity_tfidf",
    "trend",
    "trend_topics",
    "wordcloud",
]


@pytest.fixture(scope="session")
def value(tokens, matrix, topics):
    return tokens, matrix, topics


@pytest.fixture(scope="module")
def few():
    texts = {"a": "热线热线网格", "b": "网格条例条例条例", "c": "条例热线"}
    metadata = {"a": {"year": 2021}, "b": {"year": 2021}, "c": {"year": 2024}}
    return segment(Corpus.from_texts(texts, metadata=metadata))


def texts(figure):
    """Return every text that is drawn."""
    figure.draw_without_rendering()
    found = {}
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                inside = low <= tick.get_loc() <= high
                for label in (tick.label1, tick.label2):
                    found[label] = axes.axison and inside and label.get_visible()
    for text in figure.findobj(Text):
        found.setdefault(text, text.get_visible())
    return [text for text, is_drawn in found.items() if is_drawn and text.get_text().strip()]


@pytest.fixture(scope="module")
def by_year():
    """Three, two and three texts of three years; all of one city."""
    years = [2021] * 3 + [2023] * 2 + [2024] * 3
    texts = {f"t{i}": "热线热线网格条例" if i % 2 else "热线条例" for i in range(8)}
    metadata = {f"t{i}": {"year": year, "city": "甲"} for i, year in enumerate(years)}
    return segment(Corpus.from_texts(texts, metadata=metadata))


def named_lines(ax):
    return [line for line in ax.lines if not line.get_label().startswith("_")]


def words(ax):
    return [text.get_text() for text in ax.texts]


def bar_lengths(ax):
    return [bar.get_width() for bar in ax.patches]


def tick_labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PLOTS)
class TestEveryPlot:
    def test_text_is_readable_whole_and_apart(self, name, lang, value):
        options = {} if name == "wordcloud" else {"lang": lang}
        figure = np.ravel(draw(name, value, **options))[0].figure
        width, height = figure.get_size_inches() * 25.4
        assert 85 < width <= 183
        assert height <= 247
        boxes = {t: Text.get_window_extent(t) for t in texts(figure)}  # without the arrows
        page = figure.bbox.padded(0.5)
        assert all(t.get_fontsize() >= 4.9 for t in boxes)
        for text, box in boxes.items():
            assert page.x0 <= box.x0 and box.x1 <= page.x1, f"{text} is cut"
            assert page.y0 <= box.y0 and box.y1 <= page.y1, f"{text} is cut"
        if name == "wordcloud":  # packed closer than line boxes: see test_no_words_touch
            return
        shown = [(t, b.shrunk(0.9, 0.7)) for t, b in boxes.items()]
        for i, (one, box) in enumerate(shown):
            for other, its in shown[i + 1 :]:
                assert not box.overlaps(its), f"{one} and {other} overlap"


@pytest.mark.parametrize("name", PLOTS)
class TestEveryPlotOnce:
    def test_keeps_data_caption_and_recipe(self, name, value):
        axes = draw(name, value)
        (drawing,) = drawings(np.ravel(axes)[0].figure)
        assert not drawing.data.empty
        assert drawing.caption.keys() == {"zh", "en"}
        assert "plot_" in drawing.recipe.to_code()

    def test_shows_and_saves_nothing(self, name, value, monkeypatch):
        for method in ("show", "savefig"):
            monkeypatch.setattr(plt, method, lambda *a, **k: pytest.fail("called"))
            monkeypatch.setattr(plt.Figure, method, lambda *a, **k: pytest.fail("called"))
        draw(name, value)
        assert len(plt.get_fignums()) == 1


class TestTermWeights:
    def test_bars_and_labels_are_the_table(self, matrix):
        table = term_weights(matrix, n=7)
        ax = plot_term_weights(matrix, n=7)
        assert bar_lengths(ax) == table["weight"].tolist()
        assert tick_labels(ax.yaxis) == table["term"].tolist()
        low, high = ax.get_ylim()
        assert low > high  # the first on top
        assert ax.get_xlabel() == "平均 TF-IDF 权重"
        assert plot_term_weights(matrix, lang="en").get_xlabel() == "Mean TF-IDF weight"

    def test_a_panel_for_each_group_years_in_order(self, matrix):
        table = term_weights(matrix, by="year", n=4)
        axes = plot_term_weights(matrix, by="year", n=4)
        assert [ax.get_title(loc="left") for ax in axes] == [
            str(y) for y in sorted({*table["group"]})
        ]
        for ax in axes:
            rows = table[table["group"] == int(ax.get_title(loc="left"))]
            assert bar_lengths(ax) == rows["weight"].tolist()
        assert len({ax.get_xlim() for ax in axes}) == 1  # one scale

    def test_long_headings_take_two_lines_and_none_is_missing(self, matrix):
        article = matrix.select(doc_id="beijing-2023")
        axes = plot_term_weights(article, by="section", n=3)
        titles = [ax.get_title(loc="left") for ax in axes]
        assert titles[0] == "—"  # the introduction has no heading
        assert [title.count("\n") for title in titles] == [0, 1, 1, 1, 1]
        axes[0].figure.draw_without_rendering()
        for ax, title in zip(axes, titles, strict=True):  # none reaches the panel beside it
            drawn = next(text for text in ax.findobj(Text) if text.get_text() == title)
            assert drawn.get_window_extent().width < ax.get_window_extent().width

    def test_draws_on_given_axes(self, matrix):
        _, ax = plt.subplots()
        assert plot_term_weights(matrix, ax=ax) is ax
        with pytest.raises(ValueError, match="6 panels need as many axes; ax has 1"):
            plot_term_weights(matrix, by="year", ax=ax)

    def test_labels_are_never_formulas_and_never_endless(self):
        matrix = tfidf(segment(Corpus.from_texts({"a": "城市", "b": "治理"})), min_df=1, max_df=1.0)
        odd = np.array(["$\\frac{$", "字" * 500], dtype=object)
        matrix = type(matrix)(matrix.counts, matrix.weights, odd, matrix.units, matrix.recipe)
        ax = plot_term_weights(matrix)
        ax.figure.draw_without_rendering()
        labels = [label.replace("\n", "") for label in tick_labels(ax.yaxis)]  # one in two lines
        assert {len(label) for label in labels} == {10, 30}

    def test_a_missing_glyph_raises_and_leaves_no_figure(self):
        matrix = tfidf(segment(Corpus.from_texts({"a": "城市", "b": "治理"})), min_df=1, max_df=1.0)
        odd = np.array(["城市", "治𠮷"], dtype=object)
        matrix = type(matrix)(matrix.counts, matrix.weights, odd, matrix.units, matrix.recipe)
        for plot in (plot_term_weights, plot_wordcloud):
            with pytest.raises(MissingGlyphError, match=r"'𠮷' \(U\+20BB7\)"):
                plot(matrix)
        assert not plt.get_fignums()


class TestTopicTerms:
    def test_a_title_is_the_label_where_there_is_one(self, topics):
        share = topics.shares
        labelled = label_topics(topics, {1: "智慧城市", 3: "基层治理"})
        titles = [ax.get_title(loc="left") for ax in plot_topic_terms(labelled, n=2)]
        assert titles[:3] == [
            f"智慧城市（{share[1]:.0%}）",
            f"主题 2（{share[2]:.0%}）",
            f"基层治理（{share[3]:.0%}）",
        ]
        (long, *_) = plot_topic_terms(label_topics(topics, {1: "治" * 40}), n=2)
        assert long.get_title(loc="left").replace("\n", "").endswith(f"治…（{share[1]:.0%}）")
        axes = plot_topic_terms(labelled, n=2, lang="en")
        assert axes[0].get_title(loc="left") == f"智慧城市 ({share[1]:.0%})"
        (drawing,) = drawings(axes[0].figure)
        assert " Labels: 1 智慧城市; 3 基层治理." in drawing.caption["en"]
        plain = drawings(plot_topic_terms(topics, n=2)[0].figure)[0]
        assert "Labels" not in plain.caption["en"]

    def test_topics_that_share_a_label_keep_a_panel_each(self, topics):
        labelled = label_topics(topics, dict.fromkeys(range(1, topics.k + 1), "治理"))
        axes = plot_topic_terms(labelled, n=2)
        assert [ax.get_title(loc="left")[:4] for ax in axes] == [
            f"{t} 治理" for t in range(1, topics.k + 1)
        ]

    def test_panels_are_the_table(self, topics):
        table = topics.top_terms(n=4)
        axes = plot_topic_terms(topics, n=4)
        assert len(axes) == topics.k == len(axes[0].figure.axes)
        for number, ax in enumerate(axes, 1):
            rows = table[table["topic"] == number]
            assert bar_lengths(ax) == rows["weight"].tolist()
            assert tick_labels(ax.yaxis) == rows["term"].tolist()
        share = topics.shares[1]
        assert axes[0].get_title(loc="left") == f"主题 1（{share:.0%}）"


class TestTopicShare:
    def test_colours_and_numbers_are_the_table(self, topics):
        table = topic_share(topics, by="city")
        ax = plot_topic_share(topics, by="city")
        (mesh,) = ax.collections
        assert np.array_equal(mesh.get_array(), table.to_numpy())
        assert tick_labels(ax.yaxis) == table.index.tolist()
        shares = table.to_numpy()
        assert words(ax) == [f"{100 * s:.0f}" for s in shares[shares >= 0.05]]
        first = topics.top_terms(n=1)["term"]
        assert [
            label.split("\n")[1].split("·")[0] for label in tick_labels(ax.xaxis)
        ] == first.tolist()

    def test_rows_are_the_means_of_the_groups(self, topics):
        table = topic_share(topics, by="city")
        pd.testing.assert_frame_equal(table.sort_index(), topics.doc_topics(by="city").sort_index())

    def test_years_stay_in_order_and_cities_stand_by_main_topic(self, topics):
        assert topic_share(topics, by="year").index.is_monotonic_increasing
        main = topic_share(topics, by="city").idxmax(axis=1)
        assert main.is_monotonic_increasing

    def test_numbers_stand_out_from_their_cells(self, topics):
        ax = plot_topic_share(topics, by="city")
        (mesh,) = ax.collections

        def luminance(colour):
            linear = [
                c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
            ]
            return np.dot(linear, [0.2126, 0.7152, 0.0722])

        for text in ax.texts:
            cell = mesh.cmap(mesh.norm(float(text.get_text()) / 100))
            light, dark = sorted([luminance(text.get_color()), luminance(cell)], reverse=True)
            assert (light + 0.05) / (dark + 0.05) > 3.5

    def test_many_topics_have_upright_names(self, matrix):
        ax = plot_topic_share(fit_topics(matrix, k=14), by="region")
        assert {label.get_rotation() for label in ax.get_xticklabels()} == {90}


class TestSimilarity:
    def test_equal_distances_give_an_equilateral_triangle(self, small_matrix):
        # Three cities without a common word: cosine 0, so each is 1 from each.
        table = similarity_map(small_matrix, by="city")
        points = table[["x", "y"]].to_numpy()
        for i, j in [(0, 1), (0, 2), (1, 2)]:
            assert np.linalg.norm(points[i] - points[j]) == pytest.approx(1, abs=1e-4)
        assert table.attrs["stress"] == pytest.approx(0, abs=1e-4)

    @pytest.mark.parametrize("n", [3, 12, 41])
    def test_the_plane_is_that_of_scikit_learn(self, n):
        from sklearn.manifold import smacof

        shares = np.random.default_rng(n).dirichlet(np.full(9, 0.3), n)
        distances = squareform(pdist(shares, "cosine"))
        plane, stress = scaled(distances)
        options = {"n_init": 1, "max_iter": 2000, "eps": 1e-9, "normalized_stress": False}
        expected, _ = smacof(distances, init=_classical(distances), **options)
        assert pdist(plane) == pytest.approx(pdist(expected), abs=1e-9)
        missed = ((pdist(plane) - squareform(distances)) ** 2).sum()
        assert stress == pytest.approx(np.sqrt(missed / (squareform(distances) ** 2).sum()))

    def test_equal_texts_lie_together(self, small_matrix):
        table = similarity_map(small_matrix)
        assert table.loc["a", "nearest"] == "d"
        assert table.loc["d", "similarity"] == pytest.approx(1)
        assert np.allclose(
            table.loc["a", ["x", "y"]].tolist(), table.loc["d", ["x", "y"]].tolist(), atol=1e-3
        )

    def test_points_lines_and_labels_are_the_table(self, topics):
        table = similarity_map(topics, by="city")
        ax = plot_similarity(topics, by="city")
        lines, points = ax.collections[:2]
        assert np.array_equal(points.get_offsets(), table[["x", "y"]])
        ends = [segment[1].tolist() for segment in lines.get_segments()]
        assert ends == table.loc[table["nearest"], ["x", "y"]].to_numpy().tolist()
        assert sorted(words(ax)) == sorted(table.index)
        assert f"{table.attrs['stress']:.2f}" in ax.get_xlabel()
        ax.figure.draw_without_rendering()
        width, height = ax.get_window_extent().size / (np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim()))
        assert width == pytest.approx(height)  # one scale

    def test_the_map_keeps_the_order_of_distances(self, topics):
        from scipy.spatial.distance import pdist
        from scipy.stats import spearmanr

        shares = topics.doc_topics(by="city")
        table = similarity_map(topics, by="city")
        true = pdist(shares.to_numpy(), "cosine")
        assert spearmanr(true, pdist(table[["x", "y"]].to_numpy())).statistic > 0.85

    def test_two_groups_make_no_map(self, small_matrix):
        one = tfidf(segment(Corpus.from_texts({"a": "热线", "b": "网格"})), min_df=1, max_df=1.0)
        with pytest.raises(ValueError, match="at least three groups; 'doc_id' has 2"):
            similarity_map(one)


class TestTrend:
    def test_rates_by_hand(self, few):
        # 2021: 7 words, 热线 twice; 2024: 2 words, 热线 once.
        table = trend_table(few, terms=["热线"])
        assert table["year"].tolist() == [2021, 2024]
        assert table["n_texts"].tolist() == [2, 1]
        assert table["count"].tolist() == [2, 1]
        assert table["n_words"].tolist() == [7, 2]
        assert table["rate"].tolist() == pytest.approx([10_000 * 2 / 7, 5_000])

    def test_shares_are_those_of_the_topics(self, topics):
        table = trend_table(topics, terms=[2])
        expected = topics.doc_topics(by="year").sort_index()[2]
        assert table["share"].tolist() == pytest.approx(expected.tolist())
        assert {*table["series"]} == {topics.names[1]}

    def test_lines_ticks_and_names_are_the_table(self, by_year):
        ax = plot_trend(by_year, terms=["热线", "条例"])
        table = trend_table(by_year, terms=["热线", "条例"])
        for line in named_lines(ax):
            rows = table[table["series"] == line.get_label()]
            assert [*line.get_xdata()] == rows["year"].tolist()  # 2022 leaves its gap
            firm = rows["rate"].where(rows["n_texts"] >= 3)
            np.testing.assert_array_equal(line.get_ydata(), firm)
        assert tick_labels(ax.xaxis) == ["2021\n3 篇", "2023\n2 篇", "2024\n3 篇"]
        assert {*words(ax)} == {"热线", "条例"}
        assert ax.get_ylim()[0] == 0

    def test_a_point_of_two_texts_is_hollow_and_on_no_line(self, by_year):
        ax = plot_trend(by_year, terms=["热线"])
        line, few = ax.lines
        assert np.isnan(line.get_ydata()).tolist() == [False, True, False]
        assert np.isnan(few.get_ydata()).tolist() == [True, False, True]
        assert (few.get_linestyle(), few.get_markerfacecolor()) == ("None", "white")
        assert "不足 3 篇" in drawings(ax.figure)[0].caption["zh"]
        firm = plot_trend(by_year, terms=["热线"], by="city")
        assert "不足 3 篇" not in drawings(firm.figure)[0].caption["zh"]

    @pytest.mark.parametrize(
        ("column", "values", "style"),
        [
            ("year", [2021, 2023], "-"),
            ("year", pd.array([2021, 2023], dtype="Int64"), "-"),
            ("date", ["2021-03", "2023-11"], "-"),
            ("date", ["2021年3月", "2023年11月"], "-"),
            ("sort", ["policy", "report"], "None"),
            ("sort", ["1类", "2类"], "None"),
        ],
    )
    def test_only_groups_in_order_are_joined(self, column, values, style):
        corpus = Corpus.from_texts({"a": "热线诉求", "b": "热线条例立法"})
        corpus = replace(corpus, units=corpus.units.assign(**{column: values}))
        ax = plot_trend(segment(corpus), terms=["热线"], by=column)
        line, few = ax.lines
        assert (line.get_linestyle(), line.get_marker()) == (style, "o")
        assert tick_labels(ax.xaxis) == [f"{value}\n1 篇" for value in values]
        if column == "year":
            assert [*few.get_xdata()] == [2021, 2023]
        joined = drawings(ax.figure)[0].alt["en"].startswith("Line chart")
        assert joined == (style == "-")

    def test_names_stand_in_the_order_of_the_line_ends(self, value):
        ax = draw("trend_topics", value)
        ends = {line.get_label(): line.get_ydata()[-1] for line in named_lines(ax)}
        places = {text.get_text(): text.xyann[1] for text in ax.texts}
        assert sorted(ends, key=ends.get) == sorted(places, key=places.get)

    def test_lines_are_told_apart_without_colour(self, value):
        ax = draw("trend_topics", value)
        markers = [line.get_marker() for line in named_lines(ax)]
        assert len({*markers}) == len(markers) == 6

    @pytest.mark.parametrize(
        ("terms", "message"),
        [
            (None, "say which terms"),
            ("热线", "say which terms"),
            (["热线", "地铁"], "not among the words of these texts: 地铁"),
        ],
    )
    def test_terms_that_are_not_there(self, few, terms, message):
        with pytest.raises(ValueError, match=message):
            plot_trend(few, terms=terms)

    def test_topics_that_are_not_there_or_too_many(self, topics, matrix):
        with pytest.raises(ValueError, match=r"no topic has number \[9\]"):
            plot_trend(topics, terms=[1, 9])
        with pytest.raises(ValueError, match="8 lines cannot be told apart"):
            plot_trend(fit_topics(matrix, k=8), terms=range(1, 9))


class TestWordcloud:
    def test_words_and_sizes_are_the_table(self, matrix):
        ax = plot_wordcloud(matrix, n=40)
        table = figure_data(ax)
        assert words(ax) == table["term"].tolist()
        assert len({*words(ax)}) == 40
        sizes = [text.get_fontsize() for text in ax.texts]
        assert np.allclose(np.array(sizes) / sizes[0], table["size"] / table["size"][0])
        assert [text.get_position() for text in ax.texts] == [
            *zip(table["x"], table["y"], strict=True)
        ]

    def test_size_falls_with_weight(self, matrix):
        table = figure_data(plot_wordcloud(matrix, n=60))
        assert table["weight"].is_monotonic_decreasing
        assert table["size"].is_monotonic_decreasing
        assert table["size"].iloc[0] > 2 * table["size"].iloc[-1]

    def test_no_words_touch(self, matrix):
        """Draw the words one by one: no pixel belongs to two, none lies off the sheet."""
        ax = plot_wordcloud(matrix, n=30)
        covered = 0
        for one in ax.texts:
            for text in ax.texts:
                text.set_visible(text is one)
            ax.figure.canvas.draw()
            ink = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].min(axis=2) < 250
            assert ink.any()
            assert not (ink[[0, -1]].any() or ink[:, [0, -1]].any()), f"{one} is cut"
            covered = covered + ink
        assert covered.max() == 1

    def test_same_seed_same_places(self, matrix):
        first, again, other = (figure_data(plot_wordcloud(matrix, n=20, seed=s)) for s in (1, 1, 2))
        pd.testing.assert_frame_equal(first, again)
        assert not np.allclose(first["x"], other["x"])

    def test_all_words_are_there_or_it_says_so(self):
        many = {f"很长很长很长很长的词语{i:03d}": 1.0 for i in range(60)}
        with figure_style("slides"):
            assert len(figure_data(plot_wordcloud(many, n=5))) == 5
            with pytest.raises(ValueError, match="60 words do not fit; ask for fewer"):
                plot_wordcloud(many, n=60)

    @pytest.mark.parametrize(
        "weights",
        [
            {"城市": 2.0, "治理": 1.0, "零": 0.0},
            pd.Series({"城市": 2.0, "治理": 1.0}),
            pd.DataFrame({"term": ["治理", "城市"], "weight": [1.0, 2.0]}),
        ],
    )
    def test_takes_mappings_series_and_tables(self, weights):
        assert words(plot_wordcloud(weights)) == ["城市", "治理"]

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            (pd.DataFrame({"term": ["城市", "城市"], "weight": [1.0, 2.0]}), "twice: 城市"),
            ({}, "some of them positive"),
            ({"城市": 0.0}, "some of them positive"),
            ({"城市": float("nan")}, "must be numbers"),
        ],
    )
    def test_what_makes_no_cloud(self, weights, message):
        with pytest.raises(ValueError, match=message):
            plot_wordcloud(weights)

    def test_a_term_is_no_formula(self):
        ax = plot_wordcloud({"$x^2$": 1.0})
        ax.figure.draw_without_rendering()
        assert words(ax) == ["$x^2$"]


class TestAlternativeText:
    def test_empty_cells_are_left_out_and_minus_is_a_minus(self):
        data = pd.DataFrame({"term": ["居民", "广州"], "note": ["", "某文"], "v": [5.333, -3.72]})
        _, alt = _words(entry("plots.wordcloud"), "v", Drawn(None, data, {"words": 2}), [])
        assert alt["zh"].endswith("最高：居民 (5.33)；最低：广州、某文 (−3.72)。")
        assert alt["en"].endswith(" Highest: 居民 (5.33); lowest: 广州, 某文 (−3.72).")

    def test_what_the_toolkit_knows_has_its_name_in_each_language(self):
        data = pd.DataFrame({"dimension": ["legal", "smart"], "v": [1, 2]})
        _, alt = _words(entry("plots.wordcloud"), "v", Drawn(None, data, {"words": 2}), [])
        assert "最高：智能化 (2)" in alt["zh"]
        assert "Highest: smart (2)" in alt["en"]
