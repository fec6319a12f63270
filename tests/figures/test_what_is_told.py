"""Nothing leaves a figure without a word, and the words are of two languages."""

import inspect
from unittest.mock import MagicMock

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from toolkit import Corpus, figures, fit_topics, segment, tfidf, trend_table
from toolkit.compare import slope_table
from toolkit.figures import (
    figure_data,
    plot_comparison_cloud,
    plot_keyness,
    plot_similarity,
    plot_slope,
    plot_term_weights,
    plot_topic_share,
    plot_trend,
    plot_wordcloud,
)
from toolkit.figures.marks import label_points
from toolkit.figures.press.drawn import drawings
from toolkit.figures.press.style import figure_style
from toolkit.say import Column, Value, entry, fill, say

PLOTS = [name for name in figures.__all__ if name.startswith("plot_")]


def caption(ax):
    return drawings(np.ravel(ax)[0].figure)[0].caption


def below(ax):
    label = np.ravel(ax)[0].figure._supxlabel
    return "" if label is None else label.get_text()


@pytest.fixture(scope="module")
def corpus():
    """Twelve texts: two have no year, one no region, one a flaw, one no word of any topic."""
    texts = {
        f"t{i}": "热线 诉求 工单 网格 社区" if i % 2 else "条例 立法 热线 数据" for i in range(12)
    }
    texts["t11"] = "孤独 冷僻"
    metadata = {
        f"t{i}": {
            "year": [2021, 2022, 2023, None][i % 4 if i < 8 else i % 3],
            "region": "华北华东华南"[2 * (i % 3) : 2 * (i % 3) + 2],
            "province": "甲乙丙"[i % 3],
            "hall": "东西北"[i % 3],
            "kind": "regulation" if i % 2 else "policy",
            "city": "甲乙"[i % 2],
            "city_en": ["Alpha", "Beta"][i % 2],
            "flaw": "another year's report" if i == 4 else None,
        }
        for i in range(12)
    }
    metadata["t5"]["region"] = None
    metadata["t11"]["region"] = "东北"
    return Corpus.from_texts(texts, metadata=metadata)


@pytest.fixture(scope="module")
def tokens(corpus):
    return segment(corpus)


@pytest.fixture(scope="module")
def matrix(tokens):
    return tfidf(tokens, min_df=2, max_df=1.0)


@pytest.fixture(scope="module")
def topics(matrix):
    return fit_topics(matrix, k=2)


class TestLeftOut:
    def test_undated_texts_are_counted(self, tokens):
        ax = plot_trend(tokens, terms=["热线"])
        assert "12 篇中有 2 篇没有年份，未计入。" in caption(ax)["zh"]
        assert "Left out: 2 of 12 texts (no year)." in caption(ax)["en"]
        assert "12 篇中有 2 篇没有年份" in below(ax)

    def test_so_are_they_in_every_figure_of_groups(self, tokens, matrix, topics):
        drawn = [
            plot_topic_share(topics, by="region"),
            plot_similarity(topics, by="region"),
            plot_similarity(matrix, by="region"),
            plot_term_weights(matrix, by="region", n=2),
            plot_trend(topics, by="region"),
        ]
        for ax in drawn:
            assert "1 篇没有地区" in caption(ax)["zh"]
            assert "1 篇没有地区" in below(ax)
        assert "未计入" not in caption(plot_topic_share(topics, by="kind"))["zh"]

    def test_a_group_without_a_word_of_the_matrix_is_named(self, matrix, topics):
        for ax in (plot_topic_share(topics, by="region"), plot_similarity(matrix, by="region")):
            assert "东北没有可计的词，未列出。" in caption(ax)["zh"]
            assert "Northeast China: no words to count, not shown." in caption(ax)["en"]

    def test_nothing_is_said_where_nothing_is_left_out(self, corpus):
        whole = segment(Corpus(corpus.units.drop(columns="flaw")))
        ax = plot_trend(whole, terms=["热线"], by="kind")
        assert below(ax) == ""
        assert "未计入" not in caption(ax)["zh"]

    def test_given_axes_are_not_written_on(self, tokens):
        _, ax = plt.subplots()
        assert below(plot_trend(tokens, terms=["热线"], ax=ax)) == ""
        assert "没有年份" in caption(ax)["zh"]

    def test_many_points_have_names_where_there_is_room(self):
        with figure_style():
            _, ax = plt.subplots()
            places = np.random.default_rng(0).uniform(size=(300, 2))
            unnamed = label_points(ax, places, [f"名称{i}" for i in range(300)])
        assert 0 < unnamed < 300
        assert len(ax.texts) == 300 - unnamed


class TestFlaws:
    def test_are_marked_and_told(self, tokens):
        ax = plot_trend(tokens, terms=["热线"], by="kind")
        ticks = {label.get_text().split("\n")[0] for label in ax.get_xticklabels()}
        assert ticks == {"政策†", "法规"}
        assert "† 12 篇中有 1 篇带有已知缺陷（t4）" in caption(ax)["zh"]
        assert "† Known flaw in 1 of 12 texts (t4)" in caption(ax)["en"]
        assert "†" in below(ax)

    def test_are_gone_with_one_select(self, corpus):
        sound = segment(corpus.select(flaw=""))
        ax = plot_trend(sound, terms=["热线"], by="kind")
        assert "†" not in caption(ax)["zh"] + below(ax)

    @pytest.mark.parametrize("by", ["kind", "province"])
    def test_mark_every_kind_of_group(self, matrix, topics, by):
        heat = plot_topic_share(topics, by=by)
        assert sum("†" in label.get_text() for label in heat.get_yticklabels()) == 1
        panels = plot_term_weights(matrix, by=by, n=2)
        assert sum("†" in ax.get_title(loc="left") for ax in panels) == 1
        assert "†" in caption(plot_term_weights(matrix, n=2))["zh"]


class TestUnits:
    def test_a_rate_below_one_is_no_percentage(self):
        texts = {f"t{i}": "热线" + " 城市" * 19_999 for i in range(2)}
        metadata = {f"t{i}": {"year": 2021 + i} for i in range(2)}
        tokens = segment(Corpus.from_texts(texts, metadata=metadata))
        ax = plot_slope(tokens, [2021, 2022], terms=["热线"])
        assert ax.get_xlabel() == "每万词出现次数"
        assert [text.get_text() for text in ax.texts] == ["0.5", "热线 0.5"]
        assert caption(ax)["en"].startswith("Occurrences per 10,000 words")

    @pytest.mark.filterwarnings("ignore:.* units have no .* left out")
    def test_the_table_says_what_its_numbers_are(self, tokens, topics):
        assert trend_table(tokens, terms=["热线"]).attrs["measure"] == "rate"
        assert trend_table(topics).attrs["measure"] == "share"
        assert slope_table(topics, ["华北", "华东"], by="region").attrs["measure"] == "share"
        assert plot_slope(topics, ["华北", "华东"], by="region").get_xlabel() == "平均占比（%）"

    def test_n_is_that_of_the_texts_that_count(self, topics):
        table = trend_table(topics, by="province").drop_duplicates("province")
        assert table.set_index("province")["n_texts"].to_dict() == {"甲": 4, "乙": 4, "丙": 3}


class TestLanguages:
    @pytest.mark.filterwarnings("ignore:the target has")
    def test_groups_are_called_in_the_language_of_the_caption(self, tokens):
        for lang in ("zh", "en"):
            found = caption(plot_keyness(tokens, {"kind": "regulation"}, min_count=1, lang=lang))
            assert found["zh"].startswith("法规与其余相比")
            assert " in regulation than in the others" in found["en"]

    def test_known_columns_have_names_and_own_ones_are_quoted(self, topics):
        share = caption(plot_topic_share(topics, by="province"))
        assert "按省份分组" in share["zh"]
        assert ", by province." in share["en"]
        own = caption(plot_topic_share(topics, by="hall"))
        assert "按“hall”分组" in own["zh"]
        assert ", by “hall”." in own["en"]
        assert Column("region_en").said("en") == "region"

    def test_english_names_stand_in_the_column_beside(self, topics):
        ax = plot_topic_share(topics, by="city", lang="en")
        assert {label.get_text() for label in ax.get_yticklabels()} == {"Alpha†", "Beta"}
        cloud = Value("city", "甲", topics.units)
        assert (cloud.said("zh"), cloud.said("en")) == ("甲", "Alpha")

    @pytest.mark.parametrize("name", PLOTS)
    def test_another_language_is_refused(self, name):
        plot = getattr(figures, name)
        needed = [
            MagicMock() for p in inspect.signature(plot).parameters.values() if p.default is p.empty
        ]
        with pytest.raises(ValueError, match="lang must be 'zh' or 'en', not 'fr'"):
            plot(*needed, lang="fr")

    def test_every_text_is_in_both_languages_with_the_same_fields(self):
        def texts(found):
            if {*found} <= {"zh", "en"}:
                yield found
            else:
                for part in found.values():
                    yield from texts(part)

        found = [*texts(entry("columns")), *texts(entry("notes")), *texts(entry("plots"))]
        assert len(found) > 80
        for one in found:
            fields = [{*__import__("re").findall(r"{(\w+)", one[lang])} for lang in ("zh", "en")]
            assert fields[0] == fields[1], one

    def test_a_text_that_is_not_there(self):
        with pytest.raises(KeyError):
            say("columns.none", "zh")
        assert fill({"zh": "{a}", "en": "{a}!"}, "en", {"a": Column("year")}) == "year!"


class TestArguments:
    @pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, pd.Index, iter])
    def test_values_may_stand_in_any_sequence(self, tokens, kind):
        ax = plot_slope(tokens, kind([2021, 2022]), terms=kind(["热线", "条例"]))
        code = drawings(ax.figure)[0].to_code()
        assert "groups=[2021, 2022], terms=['热线', '条例']" in code
        plot_trend(tokens, terms=kind(["热线"]))
        plot_comparison_cloud(tokens, kind(["甲", "乙"]), n=2)

    def test_numbers_of_numpy(self, topics, tokens):
        plot_trend(topics, terms=np.array([1, 2]))
        plot_slope(tokens, [np.int64(2021), np.int64(2022)], terms=["热线"])
        plot_term_weights(topics.matrix, n=np.int64(2))

    @pytest.mark.filterwarnings("ignore:the target has")
    def test_groups_of_keyness(self, tokens):
        years = np.array([2021, 2022])
        ax = plot_keyness(tokens, {"year": years}, {"year": np.int64(2023)}, min_count=1)
        assert caption(ax)["zh"].startswith("2021、2022与2023相比")
        assert "'year': [2021, 2022]" in drawings(ax.figure)[0].to_code()

    def test_the_data_drawn_can_be_had(self):
        ax = plot_wordcloud({"热线": 2, "网格": 1})
        assert figure_data(ax)["term"].tolist() == ["热线", "网格"]
        _, empty = plt.subplots()
        with pytest.raises(ValueError, match="no plot of the toolkit"):
            figure_data(empty)


def test_every_plot_says_what_it_needs():
    for name in PLOTS:
        plot = getattr(figures, name)
        documented = plot.__doc__.partition("Parameters\n----------\n")[2]
        for parameter in inspect.signature(plot).parameters:
            assert f"{parameter} :" in documented or f"{parameter}, " in documented, name
            assert documented.count(f"\n{parameter} :") <= 1, (name, parameter)
        assert "Returns\n-------" in documented


@pytest.mark.parametrize("preset", ["nature", "cn", "slides"])
def test_what_is_told_stays_on_the_page(preset, corpus):
    """However a column is called, and in the panels of a figure too."""
    column = "administrative division of the issuing office"
    tokens = segment(Corpus(corpus.units.rename(columns={"year": column})))
    matrix = tfidf(tokens, min_df=2, max_df=1.0)
    for lang in ("zh", "en"):
        with figure_style(preset):
            one = plot_slope(tokens, [2021, 2022], terms=["热线"], by=column, lang=lang)
            panels = plot_term_weights(matrix, by=column, n=2, lang=lang)
        for ax in (one, panels[0]):
            ax.figure.draw_without_rendering()
            box = ax.figure._supxlabel.get_window_extent()
            assert box.x0 >= 0
            assert box.x1 <= ax.figure.bbox.x1
