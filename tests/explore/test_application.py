"""The application without a browser: what the widgets hold after each step."""

import asyncio
import json
import subprocess
import sys
import threading
import warnings
from html import unescape
from pathlib import Path

import pytest

from toolkit import (
    Corpus,
    consensus_topics,
    fit_topics,
    keyness,
    seeded_topics,
    segment,
    tfidf,
)
from toolkit.explore import Decisions, apply_decisions, explore
from toolkit.explore.compare_tab import cautions
from toolkit.explore.labels import labels
from toolkit.explore.parts import picture


@pytest.fixture
def explorer(tmp_path):
    return explore(Corpus.sample(), folder=tmp_path, lang="en")


def below(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from below(child)


def open_tab(explorer, name):
    explorer.tab.selected_index = ["corpus", "terms", "topics", "compare"].index(name)
    return explorer.tabs[name]


async def settled(explorer):
    """Wait until every tab that is made has shown what it computes."""
    for _ in range(600):
        await asyncio.sleep(0.05)
        tabs = explorer.tabs.values()
        if len(tabs) == 4 and not any(tab.stale or tab.worker.busy for tab in tabs):
            return
    raise TimeoutError([(tab.stale, tab.worker.busy) for tab in tabs])


def test_only_the_tab_that_is_seen_is_made(explorer):
    assert [*explorer.tabs] == ["corpus"]
    open_tab(explorer, "topics")
    assert [*explorer.tabs] == ["corpus", "topics"]


def test_in_a_notebook_the_other_tabs_are_made_while_the_first_is_read(tmp_path):
    async def read():
        explorer = explore(Corpus.sample(), folder=tmp_path, lang="en")
        await settled(explorer)
        return explorer

    filters = [*warnings.filters]
    explorer = asyncio.run(read())
    assert warnings.filters == filters, "threads that catch warnings undo each other's filters"
    assert [*explorer.tabs] == ["corpus", "terms", "topics", "compare"]
    assert [tab.stale for tab in explorer.tabs.values()] == [False] * 4
    assert explorer.tabs["terms"].drawn.value.startswith("<img")
    assert explorer.tab.selected_index == 0
    assert explorer.halt.layout.visibility == "hidden"


def test_closing_ends_the_work_and_lets_the_widgets_go(tmp_path):
    async def close():
        explorer = explore(Corpus.sample(), folder=tmp_path, lang="en")
        await settled(explorer)
        tab, made = open_tab(explorer, "topics"), [*below(explorer)]
        tab.k.value = 16
        assert tab.worker.busy
        explorer.close()
        while any(thread.name == "explore" for thread in threading.enumerate()):
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)  # what the work had to give comes now, and is dropped
        return tab, made

    tab, made = asyncio.run(close())
    assert not tab.worker.busy
    assert tab.names.options[-1][1] == 6, "the result of work that was ended is dropped"
    assert {widget.comm for widget in made} == {None}


def test_the_bar_tells_of_the_tab_that_is_seen(explorer):
    terms = open_tab(explorer, "terms")
    open_tab(explorer, "topics")
    before = explorer.bar.value, explorer.bar.max
    terms.worker._progress(7, 9)
    assert (explorer.bar.value, explorer.bar.max) == before
    open_tab(explorer, "terms")
    terms.worker._progress(7, 9)
    assert (explorer.bar.value, explorer.bar.max) == (7, 9)


def test_texts_are_filtered_read_and_chosen(explorer):
    tab = explorer.tabs["corpus"]
    tab.filters["city"].value = ["北京"]
    assert [value for _, value in tab.text.options] == [
        "beijing-2021",
        "beijing-2023",
        "beijing-2025",
    ]
    tab.text.value = "beijing-2023"
    assert "中国共产党新闻网" not in tab.reader.value
    tab.version.value = "raw"
    assert "中国共产党新闻网" in tab.reader.value
    tab.choose.click()
    assert explorer.decisions.selection == {"city": ["北京"]}
    assert set(explorer.topics.units["city"]) == {"北京"}
    tab.everything.click()
    assert explorer.decisions == Decisions()
    tab.filters["kind"].value = ["theory"]
    tab.filters["year"].value = [2020]
    assert explorer.app.say["no_text"] in explorer.app.status.value


def test_a_term_is_looked_at_and_decided_on(explorer):
    tab = open_tab(explorer, "terms")
    assert tab.term.value == "城市"
    tab.table._table.selected_rows = [4]
    assert tab.term.value == "热线"
    assert "100 occurrences in" in tab.spread.value
    assert "<img" in tab.drawn.value
    tab.by.value = "year"
    assert tab.actions.text().endswith("table = term_weights(matrix, by='year', n=60)\n")
    tab.by.value = None
    then = tab._rows[5]
    tab._decide("stop")(None)
    assert "<bdi>热线</bdi> 100→0" in tab.effect.value
    assert tab.term.value == then, "the next one, as the last is gone"
    tab.term.value = "市民"
    tab._decide("merge")(None)
    assert "first fill in" in unescape(explorer.app.status.value)
    assert explorer.decisions.log[-1]["do"] == "stop"
    tab.other.value = "居民"
    tab._decide("merge")(None)
    assert explorer.decisions.log[-1] == {"do": "merge", "term": "市民", "into": "居民"}
    assert tab.term.value == "居民"
    tab.term.value, tab.other.value = "数字化", "数 字"
    tab._decide("split")(None)
    assert "together must give" in unescape(explorer.app.status.value)
    tab.term.value = "没有这个词"
    assert explorer.app.say["no_line"] in tab.context._table._dt_args["data_json"]


def test_topics_follow_the_controls(explorer):
    tab = open_tab(explorer, "topics")
    assert len(tab.map.children) == 6
    tab.k.value = 4
    assert len(tab.map.children) == 4
    assert explorer.topics.k == 4
    tab.map.children[2].click()
    assert tab.names.value == 3
    assert "cgt-current" in tab.map.children[2]._dom_classes
    assert "<mark" in tab.passages.value
    before = tab.words.value
    tab.relevance.value = 0.0
    assert tab.words.value != before
    tab.label.value = "某"
    tab.give.click()
    assert explorer.topics.labels == {3: "某"}
    tab.look.value = "share"
    assert tab.passages.value.count("<tr>") == 31  # a line for each city, and the head
    tab.method.value = "codebook"
    assert [*explorer.topics.labels.values()][:2] == ["refined", "smart"]
    tab.unit.value = "paragraph"
    assert len(explorer.topics.units) > 300
    assert explorer.history.options[0][0] == "label · 某 · " + "、".join(
        explorer.decisions.labels[0][1][:6]
    )
    tab.label.value = "writing this"  # is not lost when something else is looked at
    tab.relevance.value = 0.5
    assert tab.label.value == "writing this"


def test_a_choice_that_comes_while_something_is_displayed_counts(explorer):
    """JupyterLab brings choices in a thread of their own."""
    tab = open_tab(explorer, "compare")
    display, chosen = tab.display, []

    def slow(found):
        if not chosen:
            chosen.append(True)
            put = (tab.groups["a"]["kind"], "value", ["regulation"])
            other = threading.Thread(target=setattr, args=put)
            other.start()
            other.join()
            return
        display(found)

    tab.display = slow
    tab.refresh()
    assert [row[0] for row in json.loads(tab.table._table._dt_args["data_json"])[:1]] == ["条例"]


def test_a_choice_during_a_display_that_draws_counts_too(tmp_path):
    async def choose():
        explorer = explore(Corpus.sample(), folder=tmp_path, lang="en")
        await settled(explorer)
        tab = open_tab(explorer, "terms")
        display, chosen = tab.display, []

        def with_a_click(found):
            if not chosen:
                chosen.append(True)
                other = threading.Thread(target=setattr, args=(tab.term, "value", "网格"))
                other.start()
                other.join()
            display(found)

        tab.display = with_a_click
        tab.term.value = "热线"
        await settled(explorer)
        return tab

    tab = asyncio.run(choose())
    assert tab.term.value == "网格"
    assert json.loads(tab.context._table._dt_args["data_json"])[0][1] == "网格"
    assert tab.of_term.figure.params["terms"] == ["网格"]
    assert tab.drawn.value == picture(tab.of_term.figure, tab.app.session, "en")


def test_what_fails_out_of_sight_is_told_when_it_is_seen(explorer):
    tab = open_tab(explorer, "terms")
    compute = tab.compute
    tab.compute = lambda progress: 1 / 0
    explorer.tab.selected_index = 0
    tab.refresh()
    assert explorer.app.status.value == ""
    open_tab(explorer, "terms")
    assert "division by zero" in explorer.app.status.value
    tab.compute = compute
    tab.refresh()
    assert "division" not in explorer.app.status.value


def test_controls_follow_decisions_that_are_loaded(explorer):
    tab = open_tab(explorer, "topics")
    tab.measure.click()
    assert "✓" in tab.sure.value
    tab.label.value = "数字治理"
    tab.give.click()
    assert "✓" in tab.sure.value, "a name changes no topic"
    log = [
        {"do": "unit", "unit": "paragraph"},
        {"do": "topics", "k": 3, "seed": 5, "method": "codebook"},
    ]
    explorer.session.decisions = Decisions(tuple(log))
    explorer._changed()
    assert (tab.unit.value, tab.seed.value, tab.method.value) == ("paragraph", 5, "codebook")
    assert tab.sure.value == "", "it was of other topics"
    tab.k.value = 6
    assert explorer.decisions.log[-1] == log[1] | {"k": 6}


def test_few_texts_are_told_in_the_language_of_the_application(tmp_path):
    few = Corpus.sample().select(kind="regulation")
    explorer = explore(few, folder=tmp_path, lang="zh")
    tab = open_tab(explorer, "topics")
    tab.measure.click()
    assert f"{len(few)} 篇文本太少" in tab.sure.value
    assert explorer.app.status.value == ""


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
    assert cautions(table.loc[["热线", "网格", "社区"]], labels("application", lang)) == expected


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有可选的组"), ("en", "No group to choose")])
def test_texts_without_groups_are_told_how_to_get_them(tmp_path, lang, said):
    texts = {name: f"{name}的热线诉求。" * 5 for name in "甲乙丙"}
    tab = open_tab(explore(Corpus.from_texts(texts), folder=tmp_path, lang=lang), "compare")
    assert said in tab.note.value and "metadata.csv" in tab.note.value


def test_groups_are_compared(explorer):
    tab = open_tab(explorer, "compare")
    assert explorer.app.say["choose_group"] in tab.note.value
    tab.groups["a"]["kind"].value = ["regulation"]
    rows = json.loads(tab.table._table._dt_args["data_json"])
    assert [row[0] for row in rows[:2]] == ["条例", "法规"]
    tab.groups["b"]["kind"].value = ["regulation"]
    assert "both groups" in explorer.app.status.value
    tab.groups["b"]["kind"].value = ["theory"]
    tab.look.value = "shared"
    assert "shared by the groups" in tab.note.value
    tab.look.value = "likeness"
    assert "alike in topics by 0." in tab.note.value


@pytest.mark.parametrize("name", ["corpus", "terms", "topics", "compare"])
def test_code_of_every_view_runs_as_it_stands(explorer, name):
    tab = open_tab(explorer, name)
    if name == "compare":
        tab.groups["a"]["kind"].value = ["regulation"]
    parts = [tab.actions] + ([tab.of_term] if name == "terms" else [])
    for part in parts:
        code = f"{part.text()}\nprint(len(table))"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) == len(part.view.value(explorer.session))


def test_code_of_other_views_runs_as_it_stands(explorer):
    views = []

    def seen(tab):
        views.append((tab.actions.text(), len(tab.actions.view.value(explorer.session))))

    corpus = open_tab(explorer, "corpus")
    corpus.filters["kind"].value = ["regulation"]
    corpus.version.value = "raw"
    seen(corpus)
    terms = open_tab(explorer, "terms")
    terms.by.value = "kind"
    seen(terms)
    terms.term.value = "治理体"  # no word: looked for in the texts
    views.append((terms.of_term.text(), len(terms.of_term.view.value(explorer.session))))
    topics = open_tab(explorer, "topics")
    topics.look.value = "share"
    seen(topics)
    compare = open_tab(explorer, "compare")
    compare.groups["a"]["kind"].value = ["regulation"]
    for look in ("shared", "likeness"):
        compare.look.value = look
        seen(compare)
    script = "import json, sys\n" + (
        "for code in json.load(sys.stdin):\n    names = {}\n    exec(code, names)\n"
        "    print(len(names['table']))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        input=json.dumps([code for code, _ in views]),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    assert [int(line) for line in done.stdout.split()] == [length for _, length in views]


def test_an_export_that_fails_says_so_and_leaves_no_figure(explorer, tmp_path):
    tab = open_tab(explorer, "topics")
    tab.actions.figure_button.click()
    tab.k.value = 3
    tab.actions.figure_button.click()
    assert "cgt-error" in explorer.app.status.value
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []


def test_exports_go_to_the_folder(explorer, tmp_path):
    tab = open_tab(explorer, "topics")
    tab.actions.table_button.click()
    tab.actions.preset.value = "nature"
    tab.actions.figure_button.click()
    assert (tmp_path / "tables" / "topics.csv").read_text("utf-8-sig").startswith("topic,rank,term")
    assert (tmp_path / "figures" / "topics" / "topics.pdf").stat().st_size > 1000
    assert "figures/topics" in explorer.app.status.value
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == [], "a notebook would show the figure once more"


def test_an_export_is_written_aside_and_told_when_it_is_there(tmp_path):
    async def export():
        explorer = explore(Corpus.sample(), folder=tmp_path, lang="en")
        await settled(explorer)
        tab = open_tab(explorer, "topics")
        tab.actions.figure_button.click()
        at_once = explorer.exporting.busy, explorer.halt.layout.visibility
        for _ in range(600):
            await asyncio.sleep(0.05)
            if not explorer.exporting.busy:
                break
        return explorer, at_once

    explorer, at_once = asyncio.run(export())
    assert at_once == (True, "visible")
    assert "figures/topics" in explorer.app.status.value
    assert (tmp_path / "figures" / "topics" / "topics.pdf").stat().st_size > 1000


def test_exports_one_after_the_other_are_all_told(tmp_path):
    async def export():
        explorer = explore(Corpus.sample(), folder=tmp_path, lang="en")
        await settled(explorer)
        tab, told = open_tab(explorer, "topics"), []
        await settled(explorer)
        explorer.app.tell = told.append
        explorer.app.fail = lambda error: told.append(str(error))
        tab.actions._aside(lambda: Path("no such folder", "x").read_text())
        for control in (tab.actions.table_button, tab.actions.figure_button):
            control.click()
            control.click()
        for _ in range(600):
            await asyncio.sleep(0.05)
            if len(told) == 5:
                break
        return told

    told = asyncio.run(export())
    assert "no such folder" in told[0]
    assert ["topics.csv" in line for line in told[1:]] == [True, True, False, False]
    assert [p.name for p in (tmp_path / "tables").iterdir()] == ["topics.csv"]


def test_the_log_is_saved_loaded_and_taken_back(explorer, tmp_path):
    tab = open_tab(explorer, "topics")
    tab.k.value = 3
    explorer._save(None)
    assert Decisions.load(tmp_path / "decisions.yaml") == explorer.decisions
    tab.k.value = 5
    explorer._load(None)
    assert explorer.topics.k == 3
    assert tab.k.value == 3
    explorer.history.value = 0
    explorer._take_back(None)
    assert explorer.decisions == Decisions()
    assert len(tab.map.children) == 6
    explorer.path.value = "none.yaml"
    explorer._load(None)
    assert "cgt-error" in explorer.app.status.value
    again = explore(Corpus.sample(), decisions=tmp_path / "decisions.yaml")
    assert again.topics.k == 3


def test_topics_can_be_explored_too(sections):
    topics = fit_topics(tfidf(segment(sections)), k=4)
    explorer = explore(topics)
    tab = open_tab(explorer, "topics")
    assert explorer.topics is topics
    assert tab.unit.disabled
    assert len(tab.map.children) == 4
    open_tab(explorer, "terms")
    assert open_tab(explorer, "compare").look.value == "keyness"


@pytest.mark.parametrize("method", ["lda", "consensus", "codebook"])
def test_topics_of_other_methods_are_logged_as_such_and_replayed(sections, method):
    matrix = tfidf(segment(sections))
    given = {
        "lda": lambda: fit_topics(matrix, k=5, seed=3, method="lda"),
        "consensus": lambda: consensus_topics(matrix, k=3, seed=1),
        "codebook": lambda: seeded_topics(matrix, free=1, seed=2),
    }[method]()
    explorer = explore(given, lang="en")
    tab = open_tab(explorer, "topics")
    assert tab.method.value == method
    assert explorer.topics is given
    again = apply_decisions(sections, explorer.decisions)
    assert again.recipe.to_dict()["steps"][-1] == given.recipe.to_dict()["steps"][-1]
    assert again.names == given.names


def test_topics_that_no_decision_would_give_again_are_refused(sections):
    topics = consensus_topics(tfidf(segment(sections)), k=3, runs=10)
    with pytest.raises(ValueError, match=r"of consensus_topics\. Explore their corpus"):
        explore(topics)


def test_texts_without_metadata_can_be_explored():
    corpus = Corpus.from_texts(
        {f"t{i}": "热线诉求办理。网格社区治理。" * (i + 1) for i in range(4)}
    )
    explorer = explore(corpus)
    for name in ("terms", "topics", "compare"):
        open_tab(explorer, name)
    explorer.tabs["compare"].look.value = "likeness"


#: What every host of widgets brings, VS Code too; and anywidget, of which itables is made.
STANDARD = {"@jupyter-widgets/base", "@jupyter-widgets/controls", "anywidget"}


def test_widgets_are_standard_ones(explorer):
    for name in ("corpus", "terms", "topics", "compare"):
        open_tab(explorer, name)

    made = [*below(explorer)]
    assert len(made) > 80
    assert {widget._view_module for widget in made} == STANDARD - {"@jupyter-widgets/base"}
    assert {widget.layout._view_module for widget in made} == {"@jupyter-widgets/base"}


def test_hostile_text_never_becomes_markup(hostile):
    explorer = explore(hostile)
    tabs = [open_tab(explorer, name) for name in ("corpus", "terms", "topics", "compare")]
    explorer.tabs["compare"].groups["a"]["city"].value = [hostile.units["city"].iloc[0]]
    html = [tabs[0].reader, tabs[1].effect, tabs[1].spread, tabs[1].drawn, tabs[2].words]
    html += [tabs[2].passages, tabs[3].note, tabs[3].drawn, explorer.app.status]
    for widget in html:
        for tag in ("<script", "<img src=x", "<iframe", "<svg", "<a ", "<style"):
            assert tag not in widget.value
    assert len(tabs[0].reader.value) < 100_000
    for table in (tabs[0].table, tabs[1].context, tabs[3].table):
        cells = str(json.loads(table._table._dt_args["data_json"]))
        assert "<" not in cells
    assert "&lt;" in str(json.loads(tabs[0].table._table._dt_args["data_json"]))


def test_both_languages_say_everything():
    for part in ("page", "application"):
        zh, en = labels(part, "zh"), labels(part, "en")
        assert zh.keys() == en.keys()
        assert all(zh.values())
        assert all(en.values())
    with pytest.raises(ValueError, match="'zh' or 'en', not 'fr'"):
        labels("page", "fr")
