"""The application in a real JupyterLab: every tab, the keyboard, the exports, the code."""

import json
import re
import subprocess
import sys

from toolkit import Corpus
from toolkit.explore import Decisions, apply_decisions

SETUP = "from toolkit import Corpus\nfrom toolkit.explore import explore"
START = "explorer = explore(Corpus.sample())\nexplorer"


def tab(page, name):
    page.locator(".cgt .lm-TabBar-tab", has_text=name).first.click()


def button(page, name):
    return page.locator(".cgt button:visible", has_text=name)


def place(page, name):
    """Return a control, a button or a place of a panel: ``topics-k``."""
    return page.locator(f".cgt-{name}:visible")


def shown_code(page, name):
    """Copy the code as a person would: show it, select it all, copy."""
    place(page, name).locator("button", has_text="复制为代码").click()
    area = place(page, name).locator(".cgt-code textarea")
    area.wait_for()
    area.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == area.input_value()
    return copied


def test_rows_are_chosen_by_the_keyboard(open_lab, expect):
    page = open_lab("keys.ipynb", SETUP, START)
    rows = place(page, "corpus-table").locator("tbody tr")
    expect(rows.first).to_have_attribute("tabindex", "0", timeout=60_000)
    expect(page.locator(".cgt-corpus-reader")).to_contain_text("接诉即办")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(2)).to_have_class(_holds("selected"))
    title = rows.nth(2).locator("td").first.inner_text()
    expect(page.locator(".cgt-corpus-reader")).to_contain_text(title)

    # To the next tab and to its table, by the keyboard alone.
    page.locator(".cgt .lm-TabBar-tab", has_text="文本").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    terms = place(page, "terms-terms").locator("tbody tr")
    expect(place(page, "terms-term").locator("input")).to_be_visible()
    expect(terms.nth(1)).to_have_attribute("tabindex", "0")
    on_row = "document.activeElement.matches('.cgt-table tbody tr')"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(on_row):
            break
    expect(terms.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    word = terms.nth(1).locator("td").nth(1).inner_text()
    expect(place(page, "terms-term").locator("input")).to_have_value(word)


def test_a_way_through_all_tabs(open_lab, workplace, shots, expect, idle):
    page = open_lab("way.ipynb", SETUP, START, "explorer.topics.labels")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    # The texts: read one, before and after cleaning, filter.
    reader = page.locator(".cgt-corpus-reader")
    expect(reader).to_contain_text("接诉即办", timeout=60_000)
    place(page, "corpus-table").locator("tr", has_text="深入推进精治共治法治").click()
    expect(reader).to_contain_text("党的二十大报告指出")
    expect(reader).not_to_contain_text("中国共产党新闻网")
    button(page, "原文").click()
    expect(reader).to_contain_text("中国共产党新闻网>>理论")
    page.screenshot(path=shots / "lab-corpus.png")

    # The terms: choose one from the table, look at it, stop it.
    tab(page, "词")
    place(page, "terms-terms").locator("tbody tr td", has_text="热线").first.click()
    expect(place(page, "terms-term").locator("input")).to_have_value("热线")
    expect(place(page, "terms-drawn").locator("img")).to_have_attribute("alt", _holds("每万词"))
    expect(place(page, "terms-context")).to_contain_text("热线")
    button(page, "停用").click()
    expect(place(page, "terms-effect")).to_contain_text("热线 100→0")
    page.screenshot(path=shots / "lab-terms.png")

    # The topics: move a slider by the keyboard, choose on the map, name.
    tab(page, "主题")
    expect(page.locator(".cgt-map button")).to_have_count(6)
    place(page, "topics-k").locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cgt-map button")).to_have_count(7)
    page.locator(".cgt-map button").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cgt-map button").nth(2)).to_have_class(_holds("cgt-current"))
    bars = page.locator(".cgt .bars").inner_text()
    place(page, "topics-relevance").locator(".noUi-handle").focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".cgt .bars")).not_to_have_text(bars, use_inner_text=True)
    expect(place(page, "topics-relevance").locator(".widget-readout")).to_have_text("0.0")
    expect(page.locator("blockquote mark").first).to_be_visible()
    place(page, "topics-name").locator("input").fill("某主题")
    place(page, "topics-name").locator("input").press("Enter")
    button(page, "命名").click()
    expect(place(page, "topics-topic").locator("select")).to_contain_text("3 某主题")
    page.screenshot(path=shots / "lab-topics.png")

    # What is seen comes again in a fresh kernel, from the code alone.
    code = shown_code(page, "topics-export")
    terms = page.locator(".cgt .bars bdi").all_inner_texts()
    assert rebuilt(code, "[*table[table['topic'] == 3]['term']]") == terms
    place(page, "topics-export").locator("button", has_text="导出表").click()
    name = "relevant_terms-relevance-0-0.csv"
    expect(page.locator(".cgt-status")).to_contain_text(f"tables/{name}")
    place(page, "topics-export").locator("select").select_option("nature")
    place(page, "topics-export").locator("button", has_text="导出图").click()
    expect(page.locator(".cgt-status")).to_contain_text("figures/topic_terms", timeout=60_000)
    assert (workplace / "tables" / name).read_bytes().startswith(b"\xef\xbb\xbf")
    bundle = workplace / "figures" / "topic_terms"
    provenance = json.loads((bundle / "provenance.json").read_text("utf-8"))
    assert provenance["size_mm"][0] in (89.0, 183.0)
    button(page, "各组占比").click()
    expect(place(page, "topics-passages").locator("table")).to_contain_text("北京")

    # The comparison.
    tab(page, "比较")
    place(page, "compare-a-kind").locator("select").select_option("regulation")
    expect(place(page, "compare-drawn").locator("img")).to_be_visible()
    table = place(page, "compare-table")
    expect(table.locator("tbody")).to_contain_text("法规")
    chances = table.locator("tbody tr td:nth-child(7)")
    expect(chances.first).to_have_css("text-align", "right")
    for first in (re.compile(r"< 0\.001|0\.0\d\d"), re.compile(r"[01]\.[1-90]\d\d")):  # up, down
        table.locator("[aria-label^='q:']").click()
        expect(chances.first).to_have_text(first)
    page.screenshot(path=shots / "lab-compare.png")
    button(page, "共同段落").click()
    expect(place(page, "compare-note")).to_contain_text("段相同或相近的文字")
    button(page, "相似度").click()
    expect(place(page, "compare-note")).to_contain_text("主题构成的相似度为")
    expect(place(page, "compare-drawn").locator("img")).to_be_visible()

    # The log, saved and replayed.
    page.locator(".cgt > .jupyter-widget-Accordion .jupyter-widget-Collapse-header").click()
    button(page, "保存").click()
    expect(page.locator(".cgt-status")).to_contain_text("decisions.yaml")
    decisions = Decisions.load(workplace / "decisions.yaml")
    assert [e["do"] for e in decisions.log] == ["stop", "topics", "label"]
    again = apply_decisions(Corpus.sample(), decisions)
    assert again.k == 7
    assert again.labels == {3: "某主题"}
    page.locator(".cgt-log select").select_option(index=0)
    button(page, "撤销所选决定").click()
    expect(page.locator(".cgt-log select")).not_to_contain_text("stop")

    # The cells below see what was found.
    idle(page)
    assert page.errors == []
    assert page.outside == []


def test_a_large_table_is_whole_and_has_its_pages(open_lab, shots, expect):
    page = open_lab("large.ipynb", SETUP, START)
    tab(page, "词")
    place(page, "terms-by").locator("select").select_option(label="城市")
    table = place(page, "terms-terms")
    expect(table.locator(".dt-info")).to_contain_text("1,800")
    page.screenshot(path=shots / "large-table.png")
    first = table.locator("tbody tr").first.inner_text()
    table.locator(".dt-paging-button", has_text="2").first.click()
    expect(table.locator("tbody tr").first).not_to_have_text(first)


def test_the_dark_theme_can_be_read(open_lab, shots, expect, hardest):
    page = open_lab("dark.ipynb", SETUP, START)
    reader = page.locator(".cgt-corpus-reader")
    expect(reader).to_contain_text("接诉即办", timeout=60_000)
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).first.hover()
    page.get_by_text("JupyterLab Dark", exact=True).click()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    place(page, "corpus-find").locator("input").fill("接诉即办")
    place(page, "corpus-find").locator("input").press("Enter")
    expect(reader.locator("mark").first).to_be_visible()
    button(page, "只分析筛选出的文本").click()
    expect(page.locator(".cgt-scope")).to_be_visible()
    page.screenshot(path=shots / "dark-corpus.png")
    for name, sees in (("文本", reader), ("主题", page.locator("blockquote mark").first)):
        tab(page, name)
        expect(sees).to_be_visible()
        page.screenshot(path=shots / f"dark-{name}.png")
        assert hardest(page, ".cgt")[0][0] >= 4.5, hardest(page, ".cgt")


def test_long_work_leaves_the_notebook_usable_and_can_be_stopped(open_lab, shots, expect, idle):
    page = open_lab("long.ipynb", SETUP, START, "print('still', 'here')")
    expect(page.locator(".cgt-corpus-reader")).to_contain_text("接诉即办", timeout=60_000)
    tab(page, "主题")
    expect(page.locator(".cgt-map button")).to_have_count(6)
    idle(page)
    page.locator(".jp-Cell").last.click()
    page.locator(".jp-Cell .jp-InputArea-editor").last.click()
    page.keyboard.press("End")
    page.keyboard.type("\nprint('once', 'more')")
    button(page, "测稳定性").click()
    stop = page.locator(".cgt button", has_text="停止")
    expect(stop).to_be_visible()
    page.locator(".jp-Cell .jp-InputArea-editor").last.click()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-OutputArea-output", has_text="once more")).to_be_visible()
    expect(stop).to_be_visible()
    page.screenshot(path=shots / "lab-long.png")
    stop.click()
    expect(page.locator(".cgt-status")).to_contain_text("已停止")
    expect(stop).to_be_hidden()
    button(page, "测稳定性").click()
    expect(place(page, "topics-sure")).to_contain_text("高于打乱文本", timeout=120_000)
    assert page.errors == []


def test_hostile_texts_are_text_in_the_widgets(open_lab, shots, expect, hostile_cell):
    page = open_lab("hostile.ipynb", SETUP, hostile_cell, "explore(corpus, lang='en')")
    reader = page.locator(".cgt-corpus-reader")
    expect(reader).to_contain_text("<script>window.harmed = 1</script>", timeout=60_000)
    button(page, "As given").click()
    expect(reader).to_contain_text("⟨U+202E⟩")
    place(page, "corpus-table").locator("tbody tr").nth(2).click()
    tab(page, "Terms")
    expect(place(page, "terms-terms")).to_contain_text("script")
    place(page, "terms-terms").locator("tbody tr td", has_text="script").first.click()
    expect(place(page, "terms-context")).to_contain_text("window.harmed")
    tab(page, "Topics")
    # the long line of t1 is parted into passages, which make a topic: its title shows as text
    expect(place(page, "topics-passages")).to_contain_text("<img src=x onerror=")
    place(page, "topics-name").locator("input").fill("<img src=x onerror='window.harmed = 9'>")
    place(page, "topics-name").locator("input").press("Enter")
    button(page, "Name it").click()
    expect(place(page, "topics-topic").locator("select")).to_contain_text("<img src=x")
    tab(page, "Compare")
    place(page, "compare-a-city").locator("select").select_option(index=0)
    expect(place(page, "compare-table").locator("tbody")).to_contain_text("harmed")
    page.screenshot(path=shots / "lab-hostile.png")
    assert page.evaluate("window.harmed") is None
    for tag in ("img[src=x]", "iframe", "svg[onload]", "a[href^=javascript]", "[onmouseover]"):
        assert page.locator(f".cgt {tag}").count() == 0, tag
    assert page.errors == []
    assert page.outside == []


def rebuilt(code, expression):
    """Run code in a fresh Python and return what an expression then gives."""
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            f"{code}\nimport json; print(json.dumps({expression}))",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)


def _holds(text):
    return re.compile(re.escape(text))


def test_a_session_survives_a_reload(open_lab, workplace, shots, expect, idle):
    cells = (SETUP, START.replace("explore(", "explore(folder='kept', start=", 1))
    page = open_lab("reload.ipynb", *cells)
    expect(page.locator(".cgt-corpus-reader")).to_contain_text("接诉即办", timeout=60_000)
    tab(page, "主题")
    expect(page.locator(".cgt-map button")).to_have_count(6)
    place(page, "topics-k").locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cgt-map button")).to_have_count(7)
    # By the keys, on what takes no text.
    page.keyboard.press("Control+Z")
    expect(page.locator(".cgt-map button")).to_have_count(6)
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator(".cgt-map button")).to_have_count(7)
    expect(page.locator(".cgt-static")).to_be_hidden()
    idle(page)
    page.keyboard.press("Escape")
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_text("Save Notebook", exact=True).first.click()
    page.wait_for_timeout(1500)
    saved = json.loads((workplace / "reload.ipynb").read_text("utf-8"))
    (still,) = (
        "".join(output["data"]["text/html"])
        for output in saved["cells"][1]["outputs"]
        if "text/html" in output.get("data", {})
    )
    assert still.count("<circle") == 7
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Shut Down Kernel", exact=True).click()
    page.reload()
    expect(page.locator(".cgt-static")).to_be_visible(timeout=60_000)
    expect(page.locator(".cgt-static circle")).to_have_count(7)
    page.screenshot(path=shots / "lab-static.png")


def test_the_next_start_takes_up_what_was_decided(open_lab, expect):
    page = open_lab(
        "next.ipynb", SETUP, START.replace("explore(", "explore(folder='kept', start=", 1)
    )
    expect(page.locator(".cgt-status")).to_contain_text("已恢复上次的 1 个决定", timeout=60_000)
    tab(page, "主题")
    expect(page.locator(".cgt-map button")).to_have_count(7)


def test_every_number_opens_its_passages(open_lab, shots, expect):
    page = open_lab("evidence.ipynb", SETUP, START.replace("))", "), lang='en', folder='e')", 1))
    expect(page.locator(".cgt-corpus-reader")).to_contain_text("接诉即办", timeout=60_000)
    tab(page, "Topics")
    bar = page.locator(".cgt .bars button").nth(2)
    expect(bar).to_be_visible()
    word = bar.inner_text()
    bar.focus()
    page.keyboard.press("Enter")
    about, reader = place(page, "evidence-about"), place(page, "evidence-reader")
    expect(about).to_contain_text(f"“{word}”")
    expect(reader.locator("mark").first).to_have_text(word)
    page.screenshot(path=shots / "lab-evidence-bar.png")
    button(page, "Shares by group").click()
    place(page, "topics-passages").locator("td button").nth(1).click()
    expect(about).to_contain_text("City = ")
    expect(about).to_contain_text("mean share")
    rows = place(page, "evidence-table").locator("tbody tr")
    rows.nth(1).click()
    expect(place(page, "evidence-passage").locator("input")).to_have_value("2")
    page.screenshot(path=shots / "lab-evidence-share.png")
    tab(page, "Terms")
    place(page, "terms-order").locator("select").select_option(label="word 1 on the left (L1)")
    place(page, "terms-context").locator("tbody tr").nth(3).click()
    expect(about).to_contain_text("times")
    expect(reader.locator("mark.s3")).to_have_count(1)
    page.screenshot(path=shots / "lab-evidence-kwic.png")
    for size in ({"width": 1024, "height": 800},):
        page.set_viewport_size(size)
        page.screenshot(path=shots / "lab-evidence-1024.png")
    assert page.errors == []
