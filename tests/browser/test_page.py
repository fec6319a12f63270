"""The topic page, opened from the disk with the network off."""

import itertools
import re
import runpy
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from toolkit import fit_topics, relevant_terms, segment, tfidf
from toolkit.explore import topic_page
from toolkit.say import Value

WIDTHS = """() => [...document.querySelectorAll("h1, h2, h3, p, li, th, td")].map((element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return `${element.textContent}: ${range.getBoundingClientRect().width}`;
})"""
# Draws every Chinese character of the page with the font of the page.
FONT = """async () => {
  const font = '40px "Page Sans"';
  await document.fonts.load(font, '城');
  const shown = [...new Set(document.body.innerText)];
  const text = shown.filter(c => c > '\\u4e00' && c < '\\u9fff');
  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
  const draw = (c) => {
    canvas.width = canvas.height = 48;
    pen.font = font;
    pen.fillText(c, 2, 40);
    return canvas.toDataURL();
  };
  const missing = draw('\\ue000'), own = text.map(draw);
  return {n: text.length, different: new Set(own).size, loaded: document.fonts.check(font, '城'),
          boxes: own.filter(o => o === missing).length};
}"""
UNNAMED = """[...document.querySelectorAll('a, input, svg, nav, img')].filter(e => !(
  e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || e.alt)).length"""
INJECTED = """{
  const script = document.createElement('script');
  script.textContent = 'window.harmed = 9';
  document.body.append(script);
}"""


@pytest.fixture(scope="module")
def written(matrix, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "topics.html"
    return topic_page(fit_topics(matrix, k=6), path, lang="en")


@pytest.fixture
def offline(page):
    page.context.set_offline(True)
    page.requests = []
    page.on("request", lambda request: page.requests.append(request.url))
    return page


def test_works_from_the_disk_without_network(written, offline, shots, expect):
    offline.goto(written.as_uri())
    current = offline.locator("section.topic.current")
    expect(current).to_have_count(1)
    expect(current.locator("h2")).to_contain_text("Topic 1")
    offline.locator("svg a[data-topic='3']").click()
    expect(current.locator("h2")).to_contain_text("Topic 3")
    expect(current.locator("blockquote mark").first).to_be_visible()
    assert offline.evaluate("document.querySelectorAll('[aria-current]').length") == 2
    # By the keyboard: the next topic of the list, then the slider.
    offline.locator(".list a[data-topic='4']").focus()
    offline.keyboard.press("Enter")
    expect(current.locator("h2")).to_contain_text("Topic 4")
    before = current.locator(".bars bdi").all_inner_texts()
    slider = offline.locator("#relevance")
    slider.focus()
    offline.keyboard.press("Home")
    after = current.locator(".bars bdi").all_inner_texts()
    assert offline.locator("#lambda").inner_text() == "0.0"
    assert len(after) == len(before) == 15
    assert after != before
    offline.keyboard.press("End")
    assert current.locator(".bars bdi").all_inner_texts() == before
    with offline.expect_download() as download:
        offline.get_by_text("Terms of the topics (terms.csv)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbftopic,rank,term")
    offline.screenshot(path=shots / "page.png", full_page=True)
    offline.locator("#all").check()
    assert offline.locator("section.topic:visible").count() == 6
    assert offline.errors == []
    assert [u for u in offline.requests if not u.startswith(("data:", written.as_uri()))] == []


def test_terms_are_ranked_as_the_function_does(matrix, written, offline, expect):
    offline.goto(written.as_uri())
    topics = fit_topics(matrix, k=6)
    slider = offline.locator("#relevance")
    for value in ("0.3", "0.7"):
        slider.fill(value)
        table = relevant_terms(topics, relevance=float(value), n=15)
        for topic, rows in table.groupby("topic"):
            found = offline.locator(f"#topic-{topic} .bars bdi").all_text_contents()
            assert found == rows["term"].tolist(), (value, topic)


def test_a_term_opens_the_passages_that_hold_it(matrix, written, offline, expect):
    topics = fit_topics(matrix, k=6)
    offline.goto(written.as_uri())
    bar = offline.locator("#topic-1 .bars a").first
    term = bar.inner_text()
    holds = topics.matrix.counts[:, topics.terms.tolist().index(term)].toarray() > 0
    bar.click()
    expect(offline.locator(".found")).to_contain_text(f"passages: {holds.sum()} ")
    assert offline.locator("input[name=term]").input_value() == term
    assert offline.locator("#evidence mark").first.inner_text() == term
    offline.locator("input[name=term]").fill("")
    expect(offline.locator(".found")).to_contain_text(f"passages: {len(topics.units)} ")


def test_a_share_opens_the_passages_behind_it(matrix, written, offline, expect, shots):
    topics = fit_topics(matrix, k=6)
    desk, found = offline.locator("#evidence"), offline.locator(".found")
    offline.goto(written.as_uri())
    expect(found).to_contain_text(f"passages: {len(topics.units)} ")
    offline.locator("details:has-text('Shares by region') td a").nth(1).click()
    place = offline.evaluate("location.hash")
    region = re.search(r"by\.region=([^&]+)", unquote_plus(place))[1]
    said = {g: Value("region", g).said("en") for g in topics.units["region"].unique()}
    behind = topics.units["region"].map(said).eq(region)
    expect(found).to_contain_text(f"passages: {behind.sum()} · texts: ")
    expect(offline.locator("section.topic.current h2")).to_contain_text("Topic 2")
    assert desk.locator("select[name='by.region']").input_value() == region
    shares = [int(s) for s in re.findall(r" · (\d+)% · ", desk.locator("ol").inner_text())]
    assert shares == sorted(shares, reverse=True)
    # A word narrows it; the address says all of it, and brings it back.
    desk.locator("input[name=q]").fill("改造")
    expect(found).not_to_contain_text(f"passages: {behind.sum()} ")
    told, address = found.inner_text(), offline.url
    assert "q=" in address
    offline.locator("button[type=reset]").click()
    expect(found).to_contain_text(f"passages: {len(topics.units)} ")
    offline.goto("about:blank")
    offline.goto(address)
    expect(found).to_have_text(told)
    assert desk.locator("input[name=q]").input_value() == "改造"
    assert {m.inner_text() for m in desk.locator("ol mark").all()} <= {"改造"}
    offline.screenshot(path=shots / "page-evidence.png")
    assert offline.errors == []


def test_a_text_is_read_in_its_order_and_pages_are_turned(matrix, offline, expect, tmp_path):
    topics = fit_topics(matrix, k=6)
    offline.goto(topic_page(topics, tmp_path / "t.html", lang="zh", texts=True).as_uri())
    desk = offline.locator("#evidence")
    desk.get_by_role("button", name="下一页").click()
    expect(desk.locator("ol")).to_have_attribute("start", "11")
    desk.get_by_role("link", name="看全文").first.click()
    number = int(re.search(r"text=(\d+)", offline.url)[1])
    doc = topics.units["doc_id"].unique()[number]
    texts = topics.units.loc[topics.units["doc_id"] == doc, "text"]
    expect(desk.locator("blockquote p")).to_have_text([*texts][:10], use_inner_text=False)


def test_tables_are_sorted_by_a_click(written, offline):
    offline.goto(written.as_uri())
    table = offline.locator("details:has-text('Shares by region') table")
    before = table.locator("tbody tr").all_inner_texts()
    table.locator("th button").nth(2).click()
    column = [int(x) for x in table.locator("tbody tr td:nth-child(3)").all_inner_texts()]
    assert column == sorted(column, reverse=True)
    assert table.locator("[aria-sort=descending]").count() == 1
    assert sorted(table.locator("tbody tr").all_inner_texts()) == sorted(before)


def test_chinese_shows_without_a_chinese_font(written, offline):
    """The embedded font has every character of the page and draws them apart."""
    offline.goto(written.as_uri())
    found = offline.evaluate(FONT)
    assert found["loaded"]
    assert found["n"] > 300
    assert found["boxes"] == 0
    assert found["different"] > 0.99 * found["n"]


def test_no_text_stays_in_boxes(matrix, offline, tmp_path):
    """Laid out anew, once its font is there, no text of the page is wider than it was.

    Chromium keeps some texts in boxes that it drew before a font came which is not the first.
    """
    offline.goto(topic_page(fit_topics(matrix, k=6), tmp_path / "topics.html").as_uri())
    offline.evaluate("document.fonts.ready")
    before = offline.evaluate(WIDTHS)
    offline.evaluate("document.body.style.fontFamily = 'monospace'")
    assert offline.evaluate(WIDTHS) != before
    offline.evaluate("document.body.style.fontFamily = ''")
    assert offline.evaluate(WIDTHS) == before


def test_prints_whole(written, offline, shots, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext: apt-get install poppler-utils")
    offline.goto(written.as_uri())
    offline.pdf(path=tmp_path / "page.pdf", format="A4")
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for topic in range(1, 7):
        assert re.search(rf"Topic {topic}\b", text)
    assert "Code that rebuilds these topics" in text
    assert "show all topics" not in text


def test_is_accessible(written, offline, shots, hardest):
    offline.goto(written.as_uri())
    levels = offline.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert offline.evaluate(UNNAMED) == 0
    assert offline.evaluate("document.documentElement.lang") == "en"
    for scheme in ("light", "dark"):  # WCAG 2: 4.5 for text
        offline.emulate_media(color_scheme=scheme)
        offline.screenshot(path=shots / f"page-{scheme}.png", full_page=True)
        assert hardest(offline, "body")[0][0] >= 4.5, (scheme, hardest(offline, "body"))


def test_hostile_texts_run_nothing(offline, tmp_path, shots):
    made = runpy.run_path(str(Path(__file__).parent.parent / "explore" / "conftest.py"))
    topics = fit_topics(tfidf(segment(made["hostile_corpus"]()), max_df=1.0), k=2)
    path = topic_page(topics, tmp_path / "t.html", title="<img src=x onerror='window.harmed=1'>")
    offline.goto(path.as_uri())
    offline.locator("#relevance").fill("0.2")
    offline.locator("#all").check()
    offline.screenshot(path=shots / "page-hostile.png", full_page=True)
    for box in offline.locator("th, td, blockquote").all()[:60]:
        box.hover()
    assert offline.evaluate("window.harmed") is None
    assert offline.locator("iframe, img, body svg[onload], [onmouseover]").count() == 0
    assert "window.harmed" in offline.locator("body").inner_text()
    assert offline.errors == []
    assert [u for u in offline.requests if not u.startswith(("data:", path.as_uri()))] == []
    # And if a script came in all the same, the page would not let it run.
    offline.evaluate(INJECTED)
    assert offline.evaluate("window.harmed") is None
