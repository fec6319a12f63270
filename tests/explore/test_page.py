import base64
import csv
import gzip
import io
import json
import re
from html import unescape
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
import pytest

from toolkit import Corpus, fit_topics, relevant_terms, report_card, segment, tfidf
from toolkit.explore import topic_page
from toolkit.explore.map import circles
from toolkit.explore.untrusted import LONGEST, escaped, excerpt, marked, marks_of, visible
from toolkit.figures import plot_topic_terms


@pytest.fixture(scope="module")
def topics(matrix):
    return fit_topics(matrix, k=6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("城市", "城市"),
        ("a\u202eb\u2066\u200f", "a⟨U+202E⟩b⟨U+2066⟩⟨U+200F⟩"),
        ("\x00\x1b\x7f\x85", "⟨U+0000⟩⟨U+001B⟩⟨U+007F⟩⟨U+0085⟩"),
        ("\u200b\ufeff\U000e0041\ud800", "⟨U+200B⟩⟨U+FEFF⟩⟨U+E0041⟩⟨U+D800⟩"),
        ("行\n行\t列", "行\n行\t列"),
    ],
)
def test_what_hides_is_named(text, expected):
    assert visible(text) == expected


def test_text_is_escaped_and_never_endless():
    assert (
        escaped("""<a href="x" on='y'>&""") == "&lt;a href=&quot;x&quot; on=&#x27;y&#x27;&gt;&amp;"
    )
    assert visible("字" * (LONGEST + 5)) == "字" * LONGEST + "… (+5)"


def test_marks_stand_where_the_words_do(topics):
    row = topics.units.index.get_loc(topics.top_passages(1)["unit_id"].iloc[2])
    text = topics.units["text"].iloc[row]
    marks = marks_of(topics, row, 3)
    weights = dict(zip(topics.terms, topics.topic_term[2], strict=True))
    assert marks
    assert all(weights[text[a:b]] > 0 for a, b, _ in marks)
    assert max(strength for *_, strength in marks) == 1
    html = marked(text, marks)
    assert unescape(re.sub("</?mark[^>]*>", "", html)) == visible(text)
    assert html.count("<mark") == len(marks)


def test_a_short_word_is_not_marked_inside_a_longer_one(topics):
    for row in range(0, len(topics.units), 7):
        text = topics.units["text"].iloc[row]
        for a, b, _ in marks_of(topics, row, 1):
            longer = [
                t
                for t in ("城市大脑", "城市更新")
                if t in topics.terms[topics.matrix.weights[[row]].indices]
            ]
            assert not any(text[a : a + len(t)] == t and b - a < len(t) for t in longer)


def test_overlapping_marks_are_not_nested():
    assert marked("城市治理", [(0, 3, 1), (2, 4, 1)]) == '<mark class="s3">城市治</mark>理'
    assert marked("a<b", [(1, 2, 0)], 1) == '<mark class="s1">&lt;</mark>b'


def test_an_excerpt_is_whole_sentences_with_the_most_marks():
    text = "第一句没有。" * 20 + "热线在此。诉求在此。" + "末句没有。" * 20
    at = text.index("热线")
    start, end = excerpt(text, [(at, at + 2, 1.0), (at + 5, at + 7, 1.0)], 30)
    assert start <= at
    assert end - start <= 30
    assert "诉求在此。" in text[start:end]
    assert text[end - 1] == "。"
    assert excerpt("很长" * 500, [], 100) == (0, 100)


def test_circles_of_the_map_keep_apart_and_inside(matrix):
    for k in (2, 3, 9, 20):
        table = circles(fit_topics(matrix, k=k))
        place, radius = table[["x", "y"]].to_numpy(), table["radius"].to_numpy()
        assert ((place - radius[:, None] >= 0) & (place + radius[:, None] <= 1)).all()
        apart = ((place[:, None] - place[None]) ** 2).sum(axis=2) ** 0.5
        for i in range(k):
            for j in range(i):
                assert apart[i, j] > 0.8 * (radius[i] + radius[j]), (k, i, j)


def test_page_holds_all_that_it_promises(topics, tmp_path):
    card = report_card(topics, runs=2, n_jobs=1, lang="en")
    path = topic_page(topics, tmp_path / "new" / "t.html", title="题 <目>", card=card, lang="en")
    page = path.read_text("utf-8")
    assert path.stat().st_size < 3_000_000
    assert [p.name for p in path.parent.iterdir()] == ["t.html"]
    assert "<title>题 &lt;目&gt;</title>" in page
    assert page.count('<section class="topic"') == 6
    assert page.count("<blockquote>") == 36
    assert "font/woff2;base64," in page
    assert "Content-Security-Policy" in page
    assert "default-src 'none'" in unescape(page)
    assert all(f"{name}: {value}" in unescape(page) for name, value in card.summary.items())
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page)
    found = re.findall(
        r'download="([a-z.]+)" href="data:text/csv;charset=utf-8;base64,([^"]+)"', page
    )
    tables = {name: pd.read_csv(io.BytesIO(base64.b64decode(data))) for name, data in found}
    assert tables["shares.csv"].shape[0] == 41
    assert tables["terms.csv"].groupby("topic")["rank"].max().tolist() == [50] * 6
    assert set(tables["passages.csv"]["unit_id"]) <= {*topics.units.index}


def test_shares_add_up_where_units_hold_no_term(tmp_path):
    texts = {"a": "热线诉求", "b": "热线诉求", "c": "网格社区", "d": "网格社区", "e": "谢谢大家"}
    topics = fit_topics(tfidf(segment(Corpus.from_texts(texts)), max_df=1.0), k=2)
    page = topic_page(topics, tmp_path / "t.html").read_text("utf-8")
    assert re.findall(r"</bdi><span>(\d+)%", page) == ["50", "50"]
    assert re.findall(r"</bdi> \((\d+)%\)</h2>", page) == ["50", "50"]
    assert "1 个片段不含这些词，不计入占比。" in page
    assert circles(topics)["share"].tolist() == pytest.approx([0.5, 0.5])
    titles = [ax.get_title(loc="left") for ax in plot_topic_terms(topics)]
    assert titles == ["主题 1（50%）", "主题 2（50%）"]


def test_columns_of_ones_own_are_on_the_page(tmp_path):
    about = ("热线诉求", "网格社区")
    texts = {f"t{i}": about[i % 2] for i in range(6)}
    own = {name: {"一级分类": "城管" if i < 3 else "社保"} for i, name in enumerate(texts)}
    corpus = Corpus.from_texts(texts, metadata=own)
    path = topic_page(fit_topics(tfidf(segment(corpus), max_df=1.0), k=2), tmp_path / "t.html")
    page = path.read_text("utf-8")
    assert "<details><summary><h2>主题占比：一级分类</h2>" in page, "folded, as it may be long"
    assert '<th scope="row"><bdi>城管</bdi></th>' in page
    shares = re.search(r'download="shares.csv" href="data:[^,]*base64,([^"]+)"', page)[1]
    assert "一级分类" in base64.b64decode(shares).decode("utf-8-sig").splitlines()[0]


def rows_of(path):
    """Return what a page knows of its passages."""
    packed = re.search(r'type="application/gzip" id="rows">([^<]*)<', path.read_text("utf-8"))[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_passages_behind_a_share_have_it_as_their_mean(topics, tmp_path, lang):
    path = topic_page(topics, tmp_path / "t.html", lang=lang)
    columns, held, rows = rows_of(path)
    counts = topics.matrix.counts.toarray()
    for i, term in enumerate(held):
        column = topics.terms.tolist().index(term)
        assert [i in row[5] for row in rows] == (counts[:, column] > 0).tolist()
    assert {*relevant_terms(topics, n=15)["term"]} <= {*held}
    assert len(rows) == len(topics.units)
    page = unescape(path.read_text("utf-8"))
    links = re.findall(r'<a href="#(topic=\d[^"]*)">(\d+)</a>', page)
    assert len(links) == topics.k * sum(len(values) for _, values in columns)
    for link, percent in links:
        ((_, k), (name, value)) = parse_qsl(link)
        at = [column for column, _ in columns].index(name)
        shares = [row[3][int(k) - 1] for row in rows if row[2][at] == value and row[3]]
        assert np.mean(shares) / 10 == pytest.approx(float(percent), abs=0.56)


def test_texts_are_in_the_page_only_if_asked_for(topics, tmp_path):
    few = {row[4] for row in rows_of(topic_page(topics, tmp_path / "few.html", passages=1))[2]}
    assert len(few - {""}) <= topics.k
    rows = rows_of(topic_page(topics, tmp_path / "all.html", texts=True))[2]
    assert [row[4] for row in rows] == topics.units["text"].tolist()
    assert (tmp_path / "all.html").stat().st_size < 1_500_000


@pytest.mark.exhaustive
def test_the_same_topics_give_the_same_page(topics, tmp_path):
    pages = [topic_page(topics, tmp_path / name).read_bytes() for name in ("a.html", "b.html")]
    assert pages[0] == pages[1]
    assert '<th scope="row"><bdi>法规</bdi></th>' in pages[0].decode()


def test_hostile_texts_are_text_on_the_page(hostile, tmp_path):
    topics = fit_topics(tfidf(segment(hostile), max_df=1.0), k=2)
    page = topic_page(topics, tmp_path / "t.html", title="<script>1</script>").read_text("utf-8")
    assert len(re.findall("<script", page)) == 4
    assert not re.search(r"<(?:img|iframe|svg onload|style>body)", page)
    assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', page))
    assert "href='javascript" not in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", page)
    assert max(map(len, re.findall(r"<blockquote>.*?</blockquote>", page, re.DOTALL))) < 10_000
    found = re.findall(r'base64,([^"]+)">[^<]*passages', page)
    rows = base64.b64decode(found[0]).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(rows)) for cell in row]
    assert any(cell.startswith("'=") for cell in cells)
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
