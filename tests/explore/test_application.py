"""The application without a browser: what the widgets hold after each step."""

import asyncio
import json
import re
import threading
import warnings
from html import unescape
from pathlib import Path

import ipywidgets as w
import matplotlib.pyplot as plt
import pytest

from toolkit import (
    Corpus,
    fit_topics,
    keyness,
    seeded_topics,
    segment,
    tfidf,
)
from toolkit.explore import Decisions, application, apply_decisions, explore
from toolkit.explore.binder import Exports
from toolkit.explore.labels import Labels
from toolkit.explore.panels import PANELS
from toolkit.explore.panels.compare import cautions
from toolkit.explore.parts import figure
from toolkit.explore.table import TableWidget

CITIES = ("北京", "上海", "重庆", "广州", "深圳", "杭州")


@pytest.fixture(scope="module")
def few():
    """Return the texts on six cities: enough for all that is done here, and quick."""
    return Corpus.sample().select(city=CITIES)


@pytest.fixture
def explorer(few, tmp_path):
    return explore(few, folder=tmp_path, lang="en")


def below(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from below(child)


def open_tab(explorer, name):
    explorer.tab.selected_index = [*PANELS].index(name)
    return explorer.tabs[name]


def rows(tab, place="table"):
    return json.loads(tab.widgets[place]._table._dt_args["data_json"])


def in_notebook(corpus, folder, scenario):
    """Run `scenario(explorer)` in an event loop, as a notebook has one; return what it does."""

    async def main():
        explorer = explore(corpus, folder=folder, lang="en")
        found = await scenario(explorer)
        explorer.close()
        return found

    return asyncio.run(main())


async def rest(explorer):
    """Wait until every tab is made, the one that is seen shows what it should, and all rests."""
    for _ in range(1200):
        await asyncio.sleep(0.05)
        tabs = explorer.tabs.values()
        waits = any(tab.runs or tab.busy or (explorer.seen(tab) and tab.stale) for tab in tabs)
        if len(tabs) == len(PANELS) and not waits:
            return
    raise TimeoutError([(tab.name, tab.stale, tab.runs, tab.busy) for tab in tabs])


def test_only_the_tab_that_is_seen_is_made(explorer):
    assert [*explorer.tabs] == ["corpus"]
    open_tab(explorer, "topics")
    assert [*explorer.tabs] == ["corpus", "topics"]


def test_in_a_notebook_the_other_tabs_are_made_while_the_first_is_read(few, tmp_path):
    async def read(explorer):
        await rest(explorer)
        drawn = explorer.tabs["terms"].widgets["drawn"].value
        return [*explorer.tabs], drawn, explorer.tab.selected_index, explorer.halt.layout.visibility

    filters = [*warnings.filters]
    made, drawn, open_one, halt = in_notebook(few, tmp_path, read)
    assert warnings.filters == filters, "threads that catch warnings undo each other's filters"
    assert made == [*PANELS]
    assert drawn.startswith("<img")
    assert open_one == 0
    assert halt == "hidden"


def test_closing_ends_the_work_and_lets_the_widgets_go(few, tmp_path):
    async def close(explorer):
        await rest(explorer)
        tab, made = open_tab(explorer, "topics"), [*below(explorer)]
        await rest(explorer)
        tab.widgets["k"].value = 5
        await asyncio.sleep(0)
        assert tab.busy
        explorer.close()
        while any(thread.name == "explore" for thread in threading.enumerate()):
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)  # what the work had to give comes now, and is dropped
        return tab, made

    tab, made = in_notebook(few, tmp_path, close)
    assert not tab.busy
    assert not tab.runs
    assert tab.widgets["topic"].options[-1][1] == 6, "the result of work that was ended is dropped"
    assert {widget.comm for widget in made} == {None}


def test_texts_are_filtered_read_and_chosen(explorer):
    tab = explorer.tabs["corpus"]
    text, version, reader = (tab.widgets[name] for name in ("text", "version", "reader"))
    tab.widgets["in city"].value = ["北京"]
    assert [i for _, i in text.options] == ["beijing-2021", "beijing-2023", "beijing-2025"]
    text.value = "beijing-2023"
    assert "中国共产党新闻网" not in reader.value
    version.value = "raw"
    assert "中国共产党新闻网" in reader.value
    tab.widgets["table"]._table.selected_rows = [2]
    assert text.value == "beijing-2025"
    tab.widgets["analyse_these"].click()
    assert explorer.decisions.selection == {"city": ["北京"]}
    assert set(explorer.topics.units["city"]) == {"北京"}
    explorer.scope.click()
    assert explorer.decisions == Decisions()
    tab.widgets["in year"].value = [2022]  # of another city
    assert explorer.say["no_text"] in tab.widgets["note"].value


def test_texts_are_chosen_by_columns_of_ones_own(tmp_path):
    about = ("热线诉求办理。", "网格社区治理。", "条例法规施行。")
    texts = {f"t{i}": about[i % 3] * 3 for i in range(6)}
    metadata = {
        i: {"街道": "东" if i < "t3" else "西", "note": f"see {i}", "tags": ["a"]} for i in texts
    }
    explorer = explore(Corpus.from_texts(texts, metadata=metadata), folder=tmp_path)
    tab = open_tab(explorer, "terms")
    tab.widgets["by"].value = "街道"
    assert "by='街道'" in tab.widgets["export"].text()
    tab = open_tab(explorer, "corpus")
    assert not {"in note", "in tags"} & {*tab.widgets}, "they group nothing"
    tab.widgets["in 街道"].value = ["西"]
    tab.widgets["analyse_these"].click()
    assert explorer.decisions.selection == {"街道": ["西"]}
    assert len(explorer.session.passages()) == 3


OWN = {
    f"t{i}": {"省份": "东" if i < 3 else "西", "一级分类": ("城管", "交通", "社保")[i % 3]}
    for i in range(6)
}


@pytest.fixture
def own(tmp_path):
    """Return the application on texts of which only columns of one's own are known."""
    about = ("热线诉求办理。", "网格社区治理。", "条例法规施行。")
    more = ("数据平台", "绿地公园", "停车收费")
    texts = {name: about[i % 3] * 3 + more[i // 2] for i, name in enumerate(OWN)}
    return explore(Corpus.from_texts(texts, metadata=OWN), folder=tmp_path, lang="en")


def test_terms_and_likeness_follow_columns_of_ones_own(own):
    tab = open_tab(own, "terms")
    assert tab.blocks["drawn"].figure.params["by"] == "省份", "there is no year"
    tab.widgets["by"].value = "一级分类"
    assert tab.blocks["drawn"].figure.params["by"] == "一级分类"
    own.session.decide({"do": "topics", "k": 2, "seed": 0, "method": "auto"})
    tab = open_tab(own, "compare")
    tab.widgets["look"].value = "likeness"
    assert "cgt-error" not in own.status.value, own.status.value
    assert tab.blocks["drawn"].figure.params["by"] == "一级分类", "a map needs three places"


def test_the_scope_is_told_on_every_panel_and_taken_back_from_there(explorer):
    tab, scope = explorer.tabs["corpus"], explorer.scope
    assert scope.layout.display == "none", "all texts are analysed"
    tab.widgets["in city"].value = ["北京", "上海"]
    tab.widgets["in year"].value = [2023]
    assert scope.layout.display == "none", "nothing is decided yet"
    tab.widgets["analyse_these"].click()
    n = explorer.topics.units["doc_id"].nunique()
    told = f"{n} of {len(explorer.session.corpus)} texts: City = 北京、上海; Year = 2023 ✕"
    assert (scope.description, scope.layout.display) == (told, "")
    assert explorer.history.options[0][0] == "choose texts · City = 北京、上海; Year = 2023"
    open_tab(explorer, "topics")
    scope.click()
    assert explorer.decisions.selection == {}
    assert scope.layout.display == "none"


@pytest.mark.filterwarnings("ignore:.*have a flaw")
def test_doubtful_texts_are_shown_and_left_out(explorer, tmp_path):
    assert explorer.tabs["corpus"].widgets["sound"].layout.display == "none", "all are sound"
    texts = {f"t{i}": f"热线诉求办理。第{i}篇。" for i in range(4)}
    about = {"t1": {"flaw": "cut short", "year": 2021}, "t2": {"year": 2021}}
    given = Corpus.from_texts(texts, metadata=about)
    explorer = explore(given, folder=tmp_path, lang="en")
    tab = explorer.tabs["corpus"]
    assert [row[-1] for row in rows(tab)] == ["", "cut short", "", ""]
    assert tab.widgets["sound"].description == "Leave out 1 doubtful"
    tab.widgets["sound"].click()
    assert explorer.decisions.selection == {"flaw": [""]}
    assert explorer.session.scope == (3, 4)
    assert "without a flaw" in explorer.scope.description
    assert tab.widgets["sound"].disabled


def test_texts_are_searched_in_full(explorer):
    tab = explorer.tabs["corpus"]
    find, reader, note = (tab.widgets[name] for name in ("find", "reader", "note"))
    texts = explorer.session.whole().units["text"]
    counts = texts.str.count("接诉即办")
    find.value = " 接诉即办 "
    assert [row[-1] for row in rows(tab)] == counts[counts > 0].tolist()
    assert [i for _, i in tab.widgets["text"].options] == counts[counts > 0].index.tolist()
    assert f"{(counts > 0).sum()} texts, {counts.sum()} times" in note.value
    assert reader.value.count(">接诉即办</mark>") == counts[counts > 0].iloc[0]
    assert [len(re.findall(f'"s{n}">接诉', reader.value)) for n in (2, 3)] == [
        counts.iloc[0] - 1,
        1,
    ]
    tab.widgets["hit"].value = 3
    before, begins, *_ = reader.value.split("</p>")
    assert before == "<p>…"
    assert '"s3">接诉' in begins, "the text begins where the hit is"
    code, scope = tab.widgets["export"].text(), {}
    exec(code, scope)
    assert scope["table"].index.tolist() == counts[counts > 0].index.tolist()
    tab.widgets["in city"].value = ["广州"]
    find.value = "没有这句话"
    assert explorer.say["nothing_found"] in note.value
    find.value = "("  # is text, no pattern
    assert "cgt-error" not in explorer.status.value


def test_texts_that_are_found_are_chosen_to_be_analysed(explorer):
    tab = explorer.tabs["corpus"]
    tab.widgets["find"].value = "接诉即办"
    found = [i for _, i in tab.widgets["text"].options]
    tab.widgets["analyse_these"].click()
    assert explorer.decisions.selection == {"doc_id": found}
    assert {*explorer.session.passages().units["doc_id"]} == {*found}


def test_a_word_is_merged_into_one_that_is_there_and_the_box_is_emptied(explorer):
    tab = open_tab(explorer, "terms")
    term, other = tab.widgets["term"], tab.widgets["other"]
    term.value, other.value = "市民", "居民们"
    tab.widgets["merge"].click()
    assert explorer.decisions == Decisions()
    assert "居民们" in explorer.status.value
    assert "居民" in explorer.status.value.replace("居民们", ""), "a word that is there is proposed"
    other.value = "居民"
    tab.widgets["merge"].click()
    assert other.value == tab.values["other"] == "", "else the next word would follow it"
    term.value, other.value = "治理", "治 理"
    tab.widgets["split"].click()
    assert other.value == ""
    said = [line for line, _ in explorer.history.options]
    assert said == ["merge · 市民 → 居民", "split · 治理 → 治、理"]


def test_a_term_is_looked_at_and_decided_on(explorer):
    tab = open_tab(explorer, "terms")
    term, other, effect = (tab.widgets[name] for name in ("term", "other", "effect"))
    listed = [row[1] for row in rows(tab, "terms")]
    assert term.value == listed[0]
    tab.widgets["terms"]._table.selected_rows = [4]
    assert term.value == listed[4]
    assert "occurrences in" in tab.widgets["spread"].value
    assert "<img" in tab.widgets["drawn"].value
    tab.widgets["by"].value = "year"
    code = tab.widgets["export"].text()
    assert code.endswith("table = term_weights(matrix, by='year', n=60)\n")
    tab.widgets["by"].value = None
    tab.widgets["stop"].click()
    assert f"<bdi>{listed[4]}</bdi>" in effect.value
    assert "→0" in effect.value
    assert term.value == listed[5], "the next one, as the last is gone"
    term.value = "市民"
    tab.widgets["merge"].click()
    assert "first fill in" in unescape(explorer.status.value)
    assert explorer.decisions.log[-1]["do"] == "stop"
    other.value = "城市"
    tab.widgets["merge"].click()
    assert explorer.decisions.log[-1] == {"do": "merge", "term": "市民", "into": "城市"}
    assert term.value == "城市"
    term.value, other.value = "数字化", "数 字"
    tab.widgets["split"].click()
    assert "together must give" in unescape(explorer.status.value)
    term.value = "没有这个词"
    assert explorer.say["no_line"] in tab.widgets["context"]._table._dt_args["data_json"]
    assert tab.widgets["spread"].value == "", "it is of another word"


def test_topics_follow_the_controls(explorer):
    tab = open_tab(explorer, "topics")
    circles, names, passages = (tab.widgets[name] for name in ("map", "topic", "passages"))
    assert len(circles.children) == 6
    tab.widgets["k"].value = 4
    assert len(circles.children) == 4
    assert explorer.topics.k == 4
    circles.children[2].click()
    assert names.value == 3
    assert "cgt-current" in circles.children[2]._dom_classes
    assert "<mark" in passages.value
    before = tab.widgets["words"].value
    tab.widgets["relevance"].value = 0.0
    assert tab.widgets["words"].value != before
    tab.widgets["name"].value = "某"
    tab.widgets["label"].click()
    assert explorer.topics.labels == {3: "某"}
    assert explorer.history.options[-1][0].startswith("label · 某 · ")
    tab.widgets["look"].value = "share"
    assert passages.value.count("<tr>") == 1 + len(CITIES)
    assert tab.widgets["words"].value == ""
    tab.widgets["method"].value = "codebook"
    assert [*explorer.topics.labels.values()][:2] == ["refined", "smart"]
    sections = len(explorer.topics.units)
    tab.widgets["unit"].value = "paragraph"
    assert len(explorer.topics.units) > sections
    tab.widgets["name"].value = "writing this"  # is not lost when something else is looked at
    tab.widgets["relevance"].value = 0.5
    assert tab.widgets["name"].value == "writing this"


@pytest.mark.parametrize("place", ["context", "drawn"])
def test_a_choice_that_comes_amid_what_is_shown_counts(few, tmp_path, place):
    """JupyterLab brings choices in a thread of their own."""

    async def choose(explorer):
        await rest(explorer)
        tab, show, chosen = open_tab(explorer, "terms"), explorer.tabs["terms"]._show, []

        def with_a_click(block):
            if getattr(block, "place", "") == place and not chosen:
                put = (tab.widgets["term"], "value", "网格")
                chosen.append(threading.Thread(target=setattr, args=put))
                chosen[0].start()
            show(block)

        tab._show = with_a_click
        tab.widgets["term"].value = "热线"
        while not chosen or chosen[0].is_alive():
            await asyncio.sleep(0.05)
        await rest(explorer)
        view = tab.blocks["drawn"].figure
        drawn = tab.widgets["drawn"].value == figure("drawn", view, explorer.session, "en").html
        return tab.widgets["term"].value, rows(tab, "context")[0][1], view.params["terms"], drawn

    assert in_notebook(few, tmp_path, choose) == ("网格", "网格", ["网格"], True)


def test_of_two_choices_the_last_counts(few, tmp_path):
    async def choose(explorer):
        await rest(explorer)
        tab = open_tab(explorer, "topics")
        for k in (3, 4, 5):
            tab.widgets["k"].value = k
            await asyncio.sleep(0.01)
        await rest(explorer)
        return tab.widgets["k"].value, explorer.topics.k, len(tab.widgets["map"].children)

    assert in_notebook(few, tmp_path, choose) == (5, 5, 5)


def test_what_fails_out_of_sight_is_told_when_it_is_seen(explorer, monkeypatch):
    open_tab(explorer, "terms")
    monkeypatch.setattr("toolkit.explore.panels.terms.term_weights", lambda *_, **__: 1 / 0)
    open_tab(explorer, "corpus")
    explorer.scope.click()
    explorer.tabs["terms"].refresh()
    assert explorer.status.value == '<span role="status"></span>'
    open_tab(explorer, "terms")
    assert "division by zero" in explorer.status.value
    monkeypatch.undo()
    explorer.tabs["terms"].refresh()
    assert "division" not in explorer.status.value


@pytest.mark.exhaustive
def test_controls_follow_decisions_that_are_loaded(tmp_path):
    explorer = explore(Corpus.sample(), folder=tmp_path, lang="en")
    tab = open_tab(explorer, "topics")
    explorer.session.measure = lambda runs=3: type(explorer.session).measure(
        explorer.session, runs=runs
    )
    explorer.session.measured = lambda runs=3: type(explorer.session).measured(
        explorer.session, runs=runs
    )
    tab.widgets["stability"].click()
    assert "✓" in tab.widgets["sure"].value
    assert "steadier than 95%" in tab.widgets["sure"].value, "it says above what"
    tab.widgets["name"].value = "数字治理"
    tab.widgets["label"].click()
    assert "✓" in tab.widgets["sure"].value, "a name changes no topic"
    log = [
        {"do": "unit", "unit": "paragraph"},
        {"do": "topics", "k": 3, "seed": 5, "method": "codebook"},
    ]
    Decisions(tuple(log)).save(tmp_path / "decisions.yaml")
    explorer._load(None)
    assert [tab.widgets[name].value for name in ("unit", "seed", "method")] == [
        "paragraph",
        5,
        "codebook",
    ]
    assert tab.widgets["sure"].value == "", "it was of other topics"
    tab.widgets["k"].value = 6
    assert explorer.decisions.log[-1] == log[1] | {"k": 6}


def test_few_texts_are_told_in_the_language_of_the_application(few, tmp_path):
    two = few.select(city=["北京", "上海"])
    explorer = explore(two, folder=tmp_path, lang="zh")
    tab = open_tab(explorer, "topics")
    tab.widgets["stability"].click()
    assert f"{len(two)} 篇文本太少" in tab.widgets["sure"].value
    assert "cgt-error" not in explorer.status.value


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", ["9 次中有 5 次在 a", "5 次中有 5 次在 a；乙组没有此词：效应靠补入的 0.5", ""]),
        ("en", ["5 of 9 in a", "5 of 5 in a; 0 in B: the effect rests on the 0.5 put in", ""]),
    ],
)
@pytest.mark.filterwarnings("ignore:the target has")
def test_cautions_are_told_in_the_language_of_the_application(lang, expected):
    texts = {
        "a": "热线" * 5 + "网格" * 5 + "社区" * 9,
        "b": "热线" * 4 + "社区" * 9,
        "c": "社区" * 9 + "热线",
    }
    table = keyness(segment(Corpus.from_texts(texts)), {"doc_id": ["a", "b"]}).set_index("term")
    assert cautions(table.loc[["热线", "网格", "社区"]], Labels("application", lang)) == expected


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有可选的组"), ("en", "No group to choose")])
def test_texts_without_groups_are_told_how_to_get_them(tmp_path, lang, said):
    texts = {name: f"{name}的热线诉求。" * 5 for name in "甲乙丙"}
    tab = open_tab(explore(Corpus.from_texts(texts), folder=tmp_path, lang=lang), "compare")
    assert said in tab.widgets["note"].value
    assert "metadata.csv" in tab.widgets["note"].value


def test_groups_are_compared(explorer):
    tab = open_tab(explorer, "compare")
    note = tab.widgets["note"]
    assert explorer.say["choose_group"] in note.value
    tab.widgets["a city"].value = ["北京", "上海"]
    first, last = rows(tab)[0][0], rows(tab)[-1][0]
    assert "whole texts are given to the groups at random" in unescape(note.value)
    tab.widgets["b city"].value = ["北京"]
    assert "both groups" in explorer.status.value
    assert (rows(tab)[0][0], rows(tab)[-1][0]) == (first, last), "what is seen stays as it is"
    assert "<img" in tab.widgets["drawn"].value
    assert "cgt-old" not in tab.widgets["drawn"]._dom_classes
    tab.widgets["b city"].value = ["广州"]
    assert "cgt-error" not in explorer.status.value
    tab.widgets["look"].value = "shared"
    assert "shared by the groups" in note.value
    tab.widgets["look"].value = "likeness"
    assert "alike in topics by 0." in note.value
    tab.widgets["b city"].value = []
    tab.widgets["look"].value = "keyness"
    assert (rows(tab)[0][0], rows(tab)[-1][0]) == (first, last)


def views(explorer):
    """Walk the application: every tab, every look of it, every group; yield what is exported."""
    for name in PANELS:
        tab = open_tab(explorer, name)
        if name == "compare":
            tab.widgets["a city"].value = ["北京", "上海"]
        looks = [x for x in tab.controls if isinstance(tab.widgets[x], w.ToggleButtons)]
        looks += [x for x in ("by",) if x in tab.controls]
        for control in looks:
            if (name, control) == ("topics", "by"):
                tab.widgets["look"].value = "share"  # what `by` is for
            for _, value in [*tab.widgets[control].options]:
                tab.widgets[control].value = value
                yield from ((name, x) for x in tab.widgets.values() if isinstance(x, Exports))
        if name == "terms":
            tab.widgets["term"].value = "治理体"  # no word: looked for in the texts
            yield name, tab.widgets["export_term"]


def test_code_of_every_view_runs_and_gives_what_is_seen(explorer):
    seen = set()
    for name, exports in views(explorer):
        code, view = exports.text(), exports.view("table")
        assert "cgt-error" not in explorer.status.value, (name, explorer.status.value)
        if view is None or code in seen:
            continue
        seen.add(code)
        scope = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec("\n".join(line for line in code.splitlines() if " = plot_" not in line), scope)
        shown = view.value(explorer.session)
        if name == "corpus":
            shown = shown.set_index("unit_id")[[*scope["table"]]]
        assert scope["table"].equals(shown), code
    assert len(seen) > 20


@pytest.mark.exhaustive
def test_figures_of_every_view_are_drawn_again_by_its_code(explorer):
    seen = set()
    for _, exports in views(explorer):
        code = exports.text()
        if exports.view("figure") is not None and code not in seen:
            seen.add(code)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(code, {})
            plt.close("all")
    assert len(seen) > 10


def test_an_export_that_fails_says_so_and_leaves_nothing(explorer, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "a disk")

    monkeypatch.setattr("toolkit.figures.press.export.write_pictures", full)
    tab = open_tab(explorer, "topics")
    tab.widgets["export"].figure_button.click()
    assert "No space left on device: free some space there" in explorer.status.value
    assert [*(tmp_path / "figures").iterdir()] == []
    assert plt.get_fignums() == []


@pytest.mark.exhaustive
def test_exports_have_the_name_of_what_is_seen_and_replace_nothing(explorer, tmp_path):
    tab = open_tab(explorer, "topics")
    mine = tmp_path / "tables" / "relevant_terms-relevance-1-0.csv"
    mine.parent.mkdir()
    mine.write_text("mine")
    tab.widgets["export"].table_button.click()
    assert mine.read_text() == "mine"
    written = mine.with_name("relevant_terms-relevance-1-0-2.csv")
    assert written.read_text("utf-8-sig").startswith("topic,rank,term")
    assert "relevance-1-0-2.csv" in explorer.status.value
    tab.widgets["export"].preset.value = "nature"
    for _ in range(2):
        tab.widgets["export"].figure_button.click()
    assert sorted(p.name for p in (tmp_path / "figures").iterdir()) == [
        "topic_terms",
        "topic_terms-2",
    ]
    assert (tmp_path / "figures" / "topic_terms" / "topic_terms.pdf").stat().st_size > 1000
    tab.widgets["look"].value = "share"
    tab.widgets["export"].table_button.click()
    assert (tmp_path / "tables" / "topic_share-by-city.csv").exists()
    assert plt.get_fignums() == [], "a notebook would show the figure once more"


@pytest.mark.exhaustive
def test_exports_one_after_the_other_are_all_told(few, tmp_path):
    async def export(explorer):
        await rest(explorer)
        tab, told = open_tab(explorer, "topics"), []
        await rest(explorer)
        explorer.tell = told.append
        explorer.fail = lambda error: told.append(str(error))
        tab.work(iter(map(open, [tmp_path / "no such folder" / "x"])))
        for control in ("table_button", "figure_button"):
            getattr(tab.widgets["export"], control).click()
            getattr(tab.widgets["export"], control).click()
        await asyncio.sleep(0)
        at_once = tab.busy, explorer.halt.layout.visibility
        await rest(explorer)
        return told, at_once

    told, at_once = in_notebook(few, tmp_path, export)
    assert at_once == (True, "visible")
    assert "no such folder" in told[0]
    assert [".csv" in line for line in told[1:]] == [True, True, False, False]
    assert len([*(tmp_path / "tables").iterdir()]) == 2


def test_the_log_is_saved_loaded_and_taken_back(explorer, few, tmp_path):
    tab = open_tab(explorer, "topics")
    tab.widgets["k"].value = 3
    explorer._save(None)
    assert Decisions.load(tmp_path / "decisions.yaml") == explorer.decisions
    tab.widgets["k"].value = 5
    explorer._load(None)
    assert explorer.topics.k == 3
    assert tab.widgets["k"].value == 3
    explorer.history.value = 0
    explorer._take_back(None)
    assert explorer.decisions == Decisions()
    assert len(tab.widgets["map"].children) == 6
    explorer.path.value = "none.yaml"
    explorer._load(None)
    assert "none.yaml" in explorer.status.value
    again = explore(few, decisions=tmp_path / "decisions.yaml")
    assert again.topics.k == 3


def test_decisions_are_undone_and_redone_by_buttons(explorer):
    tab = open_tab(explorer, "topics")
    assert explorer.undo.disabled
    assert explorer.redo.disabled
    tab.widgets["k"].value = 3
    explorer.undo.click()
    assert (tab.widgets["k"].value, explorer.topics.k) == (6, 6)
    assert (explorer.undo.disabled, explorer.redo.disabled) == (True, False)
    explorer.redo.click()
    assert (tab.widgets["k"].value, explorer.topics.k) == (3, 3)


def test_topics_can_be_explored_too(sections):
    topics = fit_topics(tfidf(segment(sections)), k=4)
    explorer = explore(topics)
    tab = open_tab(explorer, "topics")
    assert explorer.topics is topics
    assert tab.widgets["unit"].disabled
    assert len(tab.widgets["map"].children) == 4
    open_tab(explorer, "terms")
    assert open_tab(explorer, "compare").widgets["look"].value == "keyness"


@pytest.mark.parametrize("method", ["lda", "nmf-neighbours", "codebook"])
def test_topics_of_other_methods_are_logged_as_such_and_replayed(few, method):
    sections = few.split("section")
    matrix = tfidf(segment(sections))
    given = {
        "lda": lambda: fit_topics(matrix, k=2, seed=3, method="lda"),
        "nmf-neighbours": lambda: fit_topics(matrix, k=3, seed=1, method="nmf-neighbours"),
        "codebook": lambda: seeded_topics(matrix, free=1, seed=2),
    }[method]()
    explorer = explore(given, lang="en")
    tab = open_tab(explorer, "topics")
    assert tab.widgets["method"].value == method
    assert explorer.topics is given
    again = apply_decisions(sections, explorer.decisions)
    assert again.recipe.to_dict()["steps"][-1] == given.recipe.to_dict()["steps"][-1]
    assert again.names == given.names


def test_topics_that_no_decision_would_give_again_are_refused(few):
    topics = seeded_topics(tfidf(segment(few.split("section"))), strength=0.3)
    with pytest.raises(ValueError, match=r"of seeded_topics\. Explore their corpus"):
        explore(topics)


def test_texts_without_metadata_can_be_explored():
    corpus = Corpus.from_texts(
        {f"t{i}": "热线诉求办理。网格社区治理。" * (i + 1) for i in range(4)}
    )
    explorer = explore(corpus)
    for name in ("terms", "topics", "compare"):
        open_tab(explorer, name)
    explorer.tabs["compare"].widgets["look"].value = "likeness"


#: What every host of widgets brings, VS Code too; and anywidget, of which itables is made.
STANDARD = {"@jupyter-widgets/base", "@jupyter-widgets/controls", "anywidget"}


def test_widgets_are_standard_ones(explorer):
    for name in PANELS:
        open_tab(explorer, name)
    made = [*below(explorer)]
    assert len(made) > 80
    assert {widget._view_module for widget in made} == STANDARD - {"@jupyter-widgets/base"}
    assert {widget.layout._view_module for widget in made} == {"@jupyter-widgets/base"}


def test_hostile_text_never_becomes_markup(hostile):
    explorer, html, tables = explore(hostile), 0, 0
    for name in PANELS:
        tab = open_tab(explorer, name)
        if name == "compare":
            tab.widgets["a city"].value = [hostile.units["city"].iloc[0]]
    style = explorer.children[0]
    for widget in below(explorer):
        if isinstance(widget, w.HTML) and widget is not style:
            html += bool(widget.value)
            assert len(widget.value) < 300_000
            for tag in ("<script", "<img src=x", "<iframe", "<svg", "<a ", "<style"):
                assert tag not in widget.value
        elif isinstance(widget, TableWidget) and widget.layout.display != "none":
            tables += 1
            assert "<" not in str(json.loads(widget._table._dt_args["data_json"]))
    assert html > 6
    assert tables == 4
    assert "&lt;" in str(rows(explorer.tabs["corpus"]))


def test_colours_are_those_of_the_theme_of_jupyterlab():
    style = Path(application.__file__).with_name("application.css").read_text("utf-8")
    own = re.sub(r"var\(--jp-[\w-]+, [^)]*\)|rgba\([^)]*\)", "", style)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|: (?:white|black)\b", own)


def test_every_place_of_a_panel_is_one_that_it_shows(explorer):
    """A place that is named wrongly would stay empty, without a word."""
    shown = {name: set() for name in PANELS}
    for name, _ in views(explorer):
        tab = explorer.tabs[name]
        shown[name] |= {p for p, b in tab.blocks.items()} | {*tab.values}
        if "drawn" in tab.blocks:
            assert tab.widgets["drawn"].value.startswith("<img")
    left = {(n, p) for n, tab in explorer.tabs.items() for p in {*tab.widgets} - shown[n]}
    buttons = {p for t in explorer.tabs.values() for p, c in t.controls.items() if c.act}
    rest = {("corpus", "note"), ("terms", "effect"), ("terms", "plan"), ("topics", "sure")}
    assert {(n, p) for n, p in left if p not in buttons and "export" not in p} == rest


def test_the_panel_of_contributing_works(few, tmp_path, monkeypatch):
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8")
    scope = {}
    exec(re.search(r"```python\n(import ipywidgets.*?)```", text, re.DOTALL)[1], scope)
    monkeypatch.setitem(PANELS, "terms", scope["spread_panel"])
    tab = open_tab(explore(few, folder=tmp_path, lang="en"), "terms")
    tab.widgets["n"].value = 7
    assert len(rows(tab)) == 7
    assert "table = dispersion(tokens, terms=[" in tab.widgets["export"].text()


def test_both_languages_say_everything():
    for part in ("page", "application"):
        zh, en = Labels(part, "zh"), Labels(part, "en")
        assert zh.keys() == en.keys()
        assert all(zh.values())
        assert all(en.values())
    with pytest.raises(ValueError, match="'zh' or 'en', not 'fr'"):
        Labels("page", "fr")


def test_decisions_are_kept_as_they_are_made_and_taken_up_again(few, tmp_path):
    explorer = explore(few, folder=tmp_path, lang="en")
    assert [*tmp_path.iterdir()] == [], "nothing was decided"
    open_tab(explorer, "topics").widgets["k"].value = 3
    (kept,) = tmp_path.iterdir()
    again = explore(few, folder=tmp_path, lang="en")
    assert again.decisions == explorer.decisions
    assert f"1 decisions of last time were taken up ({kept.name})" in again.status.value
    again.undo.click()
    assert again.decisions == Decisions()
    other = explore(few.select(city=["北京", "上海"]), folder=tmp_path)
    assert other.decisions == Decisions(), "they are of other texts"
    given = explore(few, folder=tmp_path, decisions=Decisions())
    assert given.decisions == Decisions(), "what is given counts more"


def test_keeping_replaces_nothing_of_anybody_else(few, tmp_path):
    one, two = (explore(few, folder=tmp_path, lang="en") for _ in range(2))
    open_tab(one, "topics").widgets["k"].value = 3
    open_tab(two, "topics").widgets["k"].value = 4
    open_tab(one, "topics").widgets["k"].value = 5
    found = {Decisions.load(path).last("topics")["k"] for path in tmp_path.iterdir()}
    assert found == {5, 4}
    (mine,) = (p for p in tmp_path.iterdir() if Decisions.load(p).last("topics")["k"] == 5)
    mine.write_text(mine.read_text("utf-8") + "# of mine\n", "utf-8")
    open_tab(one, "topics").widgets["k"].value = 6
    assert mine.read_text("utf-8").endswith("# of mine\n")
    assert len([*tmp_path.iterdir()]) == 3


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\ndecisions: &a [*a]",
        "\x00",
        "[" * 10_000,
        "version: 2",
        "x" * 6_000_000,
        "version: 1\ndecisions:\n- {do: select, city: [阿特兰蒂斯]}",
    ],
)
def test_a_file_kept_that_cannot_be_used_is_told_and_set_aside(few, tmp_path, text):
    explorer = explore(few, folder=tmp_path, lang="en")
    open_tab(explorer, "topics").widgets["k"].value = 3
    (kept,) = tmp_path.iterdir()
    kept.write_text(text, "utf-8")
    again = explore(few, folder=tmp_path, lang="en")
    assert again.decisions == Decisions()
    assert f"{kept.name}, saved automatically, cannot be used" in again.status.value
    (aside,) = tmp_path.iterdir()
    assert aside.suffix == ".unusable"
    assert aside.read_text("utf-8") == text
    open_tab(again, "topics").widgets["k"].value = 4
    assert explore(few, folder=tmp_path).decisions == again.decisions


def test_a_folder_that_takes_no_file_is_told_and_work_goes_on(few, tmp_path):
    explorer = explore(few, folder=tmp_path / "file", lang="en")
    (tmp_path / "file").write_text("in the way")
    tab = open_tab(explorer, "topics")
    tab.widgets["k"].value = 3
    assert explorer.topics.k == len(tab.widgets["map"].children) == 3
    assert 'role="alert"' in explorer.status.value


def test_a_notebook_without_a_kernel_shows_what_was_seen(hostile):
    explorer = explore(hostile, lang="en")
    open_tab(explorer, "topics").widgets["k"].value = 3
    still = explorer._as_static()
    assert still.count("<circle") == still.count("%</li>") == 3
    assert "topics · k 3" in still
    assert "<script" not in still
    assert "<img" not in still


def test_a_decision_is_previewed_and_taken_by_the_second_press(explorer):
    tab = open_tab(explorer, "terms")
    tab.widgets["preview"].value = True
    tab.widgets["term"].value = "热线"
    before = explorer.decisions
    tab.widgets["stop"].click()
    assert explorer.decisions is before
    told = tab.widgets["plan"].value
    n = (explorer.session.passages().units["text"].str.contains("热线")).sum()
    assert 0 < int(re.search(r"words of (\d+) passages", told)[1]) <= n
    tab.widgets["term"].value = "网格"
    tab.widgets["stop"].click()
    assert explorer.decisions is before, "another decision is previewed anew"
    tab.widgets["stop"].click()
    assert explorer.decisions.log == ({"do": "stop", "term": "网格"},)
    assert tab.widgets["plan"].value == ""


def test_two_states_are_seen_side_by_side(explorer):
    tab = open_tab(explorer, "topics")
    tab.widgets["look"].value = "beside"
    assert "No state is held" in tab.widgets["words"].value
    held = explorer.topics
    tab.widgets["hold"].click()
    tab.widgets["k"].value = 7
    assert "A has 6 topics, this state 7; the words of 0 passages" in tab.widgets["words"].value
    table = unescape(tab.widgets["passages"].value)
    assert table.count("<tr>") == 1 + 7
    for name in (*held.names, *explorer.topics.names):
        assert name[:30] in table
