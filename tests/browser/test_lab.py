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


def shown_code(page):
    """Copy the code as a person would: show it, select it all, copy."""
    button(page, "复制为代码").last.click()
    area = page.locator(".cgt-code textarea:visible").last
    area.wait_for()
    area.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == area.input_value()
    return copied


def test_rows_are_chosen_by_the_keyboard(open_lab, expect):
    page = open_lab("keys.ipynb", SETUP, START)
    rows = page.locator(".cgt-table:visible tbody tr")
    expect(rows.first).to_have_attribute("tabindex", "0", timeout=60_000)
    expect(page.locator(".cgt-reader")).to_contain_text("接诉即办")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(2)).to_have_class(_holds("selected"))
    title = rows.nth(2).locator("td").first.inner_text()
    expect(page.locator(".cgt-reader")).to_contain_text(title)

    # To the next tab and to its table, by the keyboard alone.
    page.locator(".cgt .lm-TabBar-tab", has_text="文本").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    terms = page.locator(".cgt-table:visible").first.locator("tbody tr")
    expect(page.locator(".cgt input[list]:visible")).to_be_visible()
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
    expect(page.locator(".cgt input[list]:visible")).to_have_value(word)


def test_a_way_through_all_tabs(open_lab, workplace, shots, expect, idle):
    page = open_lab("way.ipynb", SETUP, START, "explorer.topics.labels")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    # The texts: read one, before and after cleaning, filter.
    reader = page.locator(".cgt-reader")
    expect(reader).to_contain_text("接诉即办", timeout=60_000)
    page.locator(".cgt-table tbody tr", has_text="深入推进精治共治法治").click()
    expect(reader).to_contain_text("党的二十大报告指出")
    expect(reader).not_to_contain_text("中国共产党新闻网")
    button(page, "原文").click()
    expect(reader).to_contain_text("中国共产党新闻网>>理论")
    page.screenshot(path=shots / "lab-corpus.png")

    # The terms: choose one from the table, look at it, stop it.
    tab(page, "词")
    page.locator(".cgt-table tbody tr td:visible", has_text="热线").first.click()
    expect(page.locator(".cgt input[list]:visible")).to_have_value("热线")
    expect(page.locator(".cgt-figure img:visible")).to_have_attribute("alt", _holds("每万词"))
    expect(page.locator(".cgt-table:visible").last).to_contain_text("热线")
    button(page, "停用").click()
    expect(page.locator(".cgt .note:visible").first).to_contain_text("热线 100→0")
    page.screenshot(path=shots / "lab-terms.png")

    # The topics: move a slider by the keyboard, choose on the map, name.
    tab(page, "主题")
    expect(page.locator(".cgt-map button")).to_have_count(6)
    page.locator(".widget-slider:visible .noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cgt-map button")).to_have_count(7)
    page.locator(".cgt-map button").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cgt-map button").nth(2)).to_have_class(_holds("cgt-current"))
    bars = page.locator(".cgt-bars").inner_text()
    page.locator(".widget-slider:visible .noUi-handle").nth(1).focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".cgt-bars")).not_to_have_text(bars, use_inner_text=True)
    expect(page.locator(".widget-slider:visible .widget-readout").nth(1)).to_have_text("0.0")
    expect(page.locator("blockquote mark").first).to_be_visible()
    page.locator(".cgt-side input[type=text]").fill("某主题")
    page.locator(".cgt-side input[type=text]").press("Enter")
    button(page, "命名").click()
    expect(page.locator(".cgt-side select")).to_contain_text("3 某主题")
    page.screenshot(path=shots / "lab-topics.png")

    # What is seen comes again in a fresh kernel, from the code alone.
    code = shown_code(page)
    terms = page.locator(".cgt-bars th").all_inner_texts()
    assert rebuilt(code, "[*table[table['topic'] == 3]['term']]") == terms
    button(page, "导出表").click()
    expect(page.locator(".cgt-status")).to_contain_text("tables/topics.csv")
    page.locator(".cgt select:visible").last.select_option("nature")
    button(page, "导出图").click()
    expect(page.locator(".cgt-status")).to_contain_text("figures/topics", timeout=60_000)
    assert (workplace / "tables" / "topics.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    provenance = json.loads(
        (workplace / "figures" / "topics" / "provenance.json").read_text("utf-8")
    )
    assert provenance["size_mm"][0] in (89.0, 183.0)
    button(page, "各组占比").click()
    expect(page.locator(".cgt-passages table")).to_contain_text("北京")

    # The comparison.
    tab(page, "比较")
    page.locator(".cgt select[multiple]:visible").nth(2).select_option("regulation")
    expect(page.locator(".cgt-figure img:visible")).to_be_visible()
    expect(page.locator(".cgt-table tbody:visible").last).to_contain_text("条例")
    chances = page.locator(".cgt-table:visible tbody tr td:nth-child(6)")
    expect(chances.first).to_have_css("text-align", "right")
    for first in ("< 0.001", re.compile(r"^[01]\.\d{3}$")):  # up, then down
        page.locator(".cgt-table:visible [aria-label^='q:']").click()
        expect(chances.first).to_have_text(first)
    page.screenshot(path=shots / "lab-compare.png")
    button(page, "共同段落").click()
    expect(page.locator(".cgt .note:visible")).to_contain_text("段相同或相近的文字")
    button(page, "相似度").click()
    expect(page.locator(".cgt .note:visible")).to_contain_text("主题构成的相似度为")
    expect(page.locator(".cgt-figure img:visible")).to_be_visible()

    # The log, saved and replayed.
    page.locator(".cgt .jupyter-widget-Collapse-header").click()
    button(page, "保存").click()
    expect(page.locator(".cgt-status")).to_contain_text("decisions.yaml")
    decisions = Decisions.load(workplace / "decisions.yaml")
    assert [e["do"] for e in decisions.log] == ["stop", "topics", "label"]
    again = apply_decisions(Corpus.sample(), decisions)
    assert again.k == 7
    assert again.labels == {3: "某主题"}
    page.locator(".cgt .widget-select select:visible").last.select_option(index=0)
    button(page, "撤销所选决定").click()
    expect(page.locator(".cgt .widget-select select:visible").last).not_to_contain_text("stop")

    # The cells below see what was found.
    idle(page)
    assert page.errors == []
    assert page.outside == []


def test_a_large_table_is_whole_and_has_its_pages(open_lab, shots, expect):
    page = open_lab("large.ipynb", SETUP, START)
    tab(page, "词")
    page.locator(".cgt select:visible").first.select_option(label="城市")
    table = page.locator(".cgt-left .cgt-table:visible")
    expect(table.locator(".dt-info")).to_contain_text("1,800")
    page.screenshot(path=shots / "large-table.png")
    first = table.locator("tbody tr").first.inner_text()
    table.locator(".dt-paging-button", has_text="2").first.click()
    expect(table.locator("tbody tr").first).not_to_have_text(first)


def test_long_work_leaves_the_notebook_usable_and_can_be_stopped(open_lab, shots, expect, idle):
    page = open_lab("long.ipynb", SETUP, START, "print('still', 'here')")
    expect(page.locator(".cgt-reader")).to_contain_text("接诉即办", timeout=60_000)
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
    expect(page.locator(".cgt-small")).to_contain_text("高于偶然", timeout=120_000)
    assert page.errors == []


def test_hostile_texts_are_text_in_the_widgets(open_lab, shots, expect, hostile_cell):
    page = open_lab("hostile.ipynb", SETUP, hostile_cell, "explore(corpus, lang='en')")
    reader = page.locator(".cgt-reader")
    expect(reader).to_contain_text("<script>window.harmed = 1</script>", timeout=60_000)
    button(page, "As given").click()
    expect(reader).to_contain_text("⟨U+202E⟩")
    page.locator(".cgt-table tbody tr").nth(2).click()
    tab(page, "Terms")
    expect(page.locator(".cgt-table:visible").first).to_contain_text("script")
    page.locator(".cgt-table tbody tr td:visible", has_text="harmed").first.click()
    expect(page.locator(".cgt-table:visible").last).to_contain_text("window.harmed")
    tab(page, "Topics")
    expect(page.locator(".cgt-passages")).to_contain_text("热线")
    page.locator(".cgt-side input[type=text]").fill("<img src=x onerror='window.harmed = 9'>")
    page.locator(".cgt-side input[type=text]").press("Enter")
    button(page, "Name it").click()
    expect(page.locator(".cgt-side select")).to_contain_text("<img src=x")
    tab(page, "Compare")
    page.locator(".cgt select[multiple]:visible").nth(0).select_option(index=0)
    expect(page.locator(".cgt-table tbody:visible").last).to_contain_text("harmed")
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
