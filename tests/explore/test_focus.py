"""The passages behind a number add up to it, and a click shows them."""

import json
import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import Corpus, fit_topics, segment, tfidf
from toolkit.compare import keyness, topic_share
from toolkit.explore import evidence, explore, kwic
from toolkit.explore.focus import Focus, marks
from toolkit.explore.panels import PANELS
from toolkit.explore.panels.texts import as_read


@pytest.fixture(scope="module")
def few():
    return Corpus.sample().select(city=["北京", "上海", "重庆", "广州"])


@pytest.fixture(scope="module")
def tokens(few):
    return segment(few.split("section"))


@pytest.fixture(scope="module")
def topics(tokens):
    return fit_topics(tfidf(tokens), k=4)


@pytest.mark.parametrize("by", ["city", "year", "kind", "doc_id"])
def test_shares_of_passages_have_the_mean_that_is_shown(topics, by):
    shares = topic_share(topics, by=by)
    for group in shares.index:
        for topic in shares:
            found = evidence(topics, topic=topic, group={by: group})
            assert found["share"].mean() == pytest.approx(shares.loc[group, topic])
            assert found["share"].is_monotonic_decreasing


@pytest.mark.filterwarnings("ignore:the target has")
def test_counts_of_passages_add_up_to_that_of_the_word(tokens, few):
    table = keyness(tokens, target={"city": "北京"})
    for row in table.head(20).to_dict("records"):
        found = evidence(tokens, term=row["term"], group={"city": "北京"})
        assert found["count"].sum() == row["count_target"]
    assert evidence(few, term="热线")["count"].sum() == few.units["text"].str.count("热线").sum()


def test_the_reader_takes_headings_as_the_file_marked_them():
    text = "先看结论\n城市要精细。\n一、不是标题\n再写一段。"
    known = [("一、不是标题", 0), ("城市要精细。", 1)]
    tags = [re.findall(r"<(h4|p)>", as_read(text, known=k)) for k in ((), known)]
    assert tags == [["h4", "p", "h4", "p"], ["p", "h4", "p", "p"]]


def test_what_is_not_there_is_told(topics, tokens):
    with pytest.raises(ValueError, match="topic must be 1 to 4, not 5"):
        evidence(topics, topic=5)
    with pytest.raises(ValueError, match="say which term"):
        evidence(tokens)
    with pytest.raises(ValueError, match="阿特兰蒂斯"):
        evidence(topics, topic=1, group={"city": "阿特兰蒂斯"})


def test_marks_stand_on_the_word_as_it_was_counted(tokens):
    found = evidence(tokens, term="治理")
    for unit, count in zip(found["unit_id"][:20], found["count"], strict=False):
        text = tokens.units.loc[unit, "text"]
        spans = marks(tokens, Focus(term="治理"), unit)
        assert [text[a:b] for a, b, _ in spans] == ["治理"] * count


@given(
    text=st.text("城市治理热线，。", max_size=30), order=st.sampled_from(["L1", "L2", "R1", "R3"])
)
@settings(max_examples=40, deadline=None)
def test_lines_are_sorted_by_the_word_beside(text, order):
    tokens = segment(Corpus.from_texts({"a": f"城市治理。{text}", "b": f"{text}城市治理热线"}))
    lines = kwic(tokens, "治理", order=order)
    step = int(order[1]) * (-1 if order[0] == "L" else 1)
    beside = []
    for unit, start in zip(lines["unit_id"], lines["start"], strict=True):
        words = tokens[unit]
        row = tokens.units.index.get_loc(unit)
        spans = tokens.spans[tokens.offsets[row] : tokens.offsets[row + 1], 0].tolist()
        at = spans.index(start) + step
        beside.append(words[at] if 0 <= at < len(words) else "")
    assert beside == sorted(beside)
    whole = kwic(tokens, "治理")
    assert sorted(map(tuple, lines[["unit_id", "start"]].to_numpy())) == sorted(
        map(tuple, whole[["unit_id", "start"]].to_numpy())
    )


def open_tab(explorer, name):
    explorer.tab.selected_index = [*PANELS].index(name)
    return explorer.tabs[name]


def asked_in(widget):
    """Return what the numbers of a widget ask for when they are clicked."""
    return [json.loads(unescape(x)) for x in re.findall("data-focus='([^']*)'", widget.value)]


@pytest.fixture
def explorer(few, tmp_path):
    return explore(few, folder=tmp_path, lang="en")


def test_a_share_a_bar_a_row_and_a_line_show_their_passages(explorer):
    tab = open_tab(explorer, "topics")
    asked = asked_in(tab.widgets["words"])
    assert asked[0]["topic"] == 1
    explorer.focus(Focus(**asked[0]))
    side = explorer.side.widgets
    assert f"“{asked[0]['term']}”" in side["about"].value
    assert "<mark" in side["reader"].value
    tab.widgets["look"].value = "share"
    asked = asked_in(tab.widgets["passages"])
    assert len(asked) == 6 * 4
    explorer.focus(Focus(**asked[1]))
    city = asked[1]["group"]["city"][0]
    assert f"City = {city}" in side["about"].value
    table = topic_share(explorer.topics, by="city")
    assert f"mean share {table.loc[city, 2]:.1%}" in side["about"].value
    tab.widgets["map"].children[2].click()
    assert "Topic 3" in side["about"].value
    tab = open_tab(explorer, "terms")
    tab.widgets["term"].value = "热线"
    tab.widgets["context"]._table.selected_rows = [4]
    lines = kwic(explorer.session.tokens(), "热线")
    assert explorer.session.focus.doc == lines["unit_id"][4]
    assert side["reader"].value.count('class="s3"') == 1
    assert f", {len(lines)} times" in side["about"].value
    tab = open_tab(explorer, "compare")
    tab.widgets["a city"].value = ["北京"]
    tab.widgets["table"]._table.selected_rows = [0]
    row = tab.blocks["table"].data.iloc[0]
    assert f"“{row['term']}” · City = 北京" in side["about"].value
    assert f", {row['count_target']:,} times" in side["about"].value


def test_passages_are_gone_through_and_read_in_full(explorer):
    tab = open_tab(explorer, "topics")
    tab.widgets["map"].children[0].click()
    side = explorer.side.widgets
    before, source = side["reader"].value, side["source"].value
    side["passage"].value = 2
    assert side["reader"].value != before
    assert side["source"].value != source
    assert "beijing-" not in source, "a source that people know, not an id"
    side["view"].value = "full"
    assert len(side["reader"].value) > len(before)
    scope = {}
    exec(side["export"].text(), scope)
    shown = explorer.side.blocks["table"].table.value(explorer.session)
    assert scope["table"].equals(shown)


def test_evidence_follows_decisions(explorer):
    tab = open_tab(explorer, "topics")
    tab.widgets["map"].children[5].click()
    tab.widgets["k"].value = 3
    assert "There is no passage to show" in explorer.side.widgets["about"].value
    assert not explorer.side.blocks.get("table")
