"""What goes on from one to the next, read back from the artists."""

from types import MappingProxyType

import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from toolkit import Corpus
from toolkit.compare import find_citations
from toolkit.figures import figure_data, plot_citations, plot_topic_flow
from toolkit.figures.press.drawn import drawings
from toolkit.figures.press.style import colours
from toolkit.topics import TopicFlow


@pytest.fixture(scope="module")
def flow():
    """By hand: the first topic of 2021 is the second of 2022; the other ends, one is born."""
    rows = [(2021, 1, "热线", 0.6, 9), (2021, 2, "网格", 0.4, 9)]
    rows += [(2022, 1, "公园", 0.7, 8), (2022, 2, "热线", 0.3, 8)]
    strata = pd.DataFrame(rows, columns=["year", "topic", "title", "share", "n_texts"])
    strata["before"] = ["", "", "born", "continues"]
    strata["after"] = ["continues", "gone", "", ""]
    pairs = [(1, 1, 0.1, 0.1), (1, 2, 0.9, 0.3), (2, 1, 0.05, 0.3), (2, 2, 0.2, 0.3)]
    links = pd.DataFrame(pairs, columns=["topic_a", "topic_b", "similarity", "flow"])
    links = links.assign(needed=0.5, low=0.08, **{"from": 2021, "to": 2022})
    links["matched"] = [False, True, True, False]
    links["linked"] = links["similarity"] > 0.5
    return TopicFlow(strata, links, MappingProxyType({2021: None, 2022: None}))


def test_bars_are_shares_and_bands_are_links(flow, monkeypatch):
    monkeypatch.setattr(TopicFlow, "fingerprint", "made by hand")
    ax = plot_topic_flow(flow, lang="en")
    data = figure_data(ax)
    # The chain of 热线 stays on top, what is born comes below it.
    assert data[["year", "topic"]].to_numpy().tolist() == [
        [2021, 1],
        [2021, 2],
        [2022, 2],
        [2022, 1],
    ]
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([60, 40, 30, 70])
    usual, event = colours().categories[:2]
    assert [bar.get_facecolor() for bar in ax.patches] == [
        pytest.approx(to_rgba(c)) for c in (usual, event, usual, event)
    ]
    (band,) = ax.collections
    ends = band.get_paths()[0].get_extents()
    assert ends.y1 == pytest.approx(data["top"].max())
    # Three quarters of the passages of 热线 go on as such: 0.3 of 0.1 + 0.3.
    corners = band.get_paths()[0].vertices
    first = corners[corners[:, 0] == ends.x0, 1]
    assert first.max() - first.min() == pytest.approx(60 * 0.75)
    assert [t.get_text() for t in ax.texts][-4:] == ["1 热线", "2 网格 ×", "2 热线", "1 公园 +"]
    (drawing,) = drawings(ax.figure)
    assert "1 are born (+), 1 end (×)" in drawing.caption["en"]
    assert drawing.beside["links"].equals(flow.links)


def test_a_flow_is_needed(matrix):
    with pytest.raises(TypeError, match="plot_topic_flow needs"):
        plot_topic_flow(matrix)


def test_documents_stand_at_their_years_and_lines_are_edges():
    texts = {"a": "种树。", "b": "见《甲市办法》。", "c": "见《甲市办法》。", "d": "无年份。"}
    metadata = {n: {"title": "解读", "year": 2020 + i} for i, n in enumerate("abc")}
    metadata["a"]["title"], metadata["d"] = "甲市办法", {"title": "札记"}
    citations = find_citations(Corpus.from_texts(texts, metadata=metadata))
    ax = plot_citations(citations)
    (dots,) = ax.collections
    assert dots.get_offsets()[:, 0].tolist() == [2020, 2021, 2022]
    ends = [(line.get_xdata()[0], line.get_xdata()[-1]) for line in ax.lines[:2]]
    assert ends == [(2020, 2021), (2020, 2022)]
    assert [text.get_text() for text in ax.texts] == ["甲市办法"]
    (drawing,) = drawings(ax.figure)
    assert "另有 1 篇没有年份" in drawing.caption["zh"]
    assert "2)" in drawing.caption["en"]
    with pytest.raises(ValueError, match="none has a year"):
        plot_citations(
            find_citations(
                Corpus.from_texts({"a": "甲", "b": "乙"}, metadata={"a": {"title": "甲"}})
            )
        )
