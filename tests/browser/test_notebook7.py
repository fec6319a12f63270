"""The application in a real Notebook 7, in a browser on a machine without Chinese fonts."""

import re


def test_every_tab_works_and_chinese_shows(open_notebook7, shots, expect):
    page = open_notebook7(
        "seven.ipynb",
        "from toolkit import Corpus\nfrom toolkit.explore import explore",
        "explorer = explore(Corpus.sample())\nexplorer",
    )
    expect(page.locator(".cgt-corpus-reader")).to_contain_text("接诉即办", timeout=60_000)
    page.wait_for_function("document.fonts.check('16px \"Toolkit Sans\"', '城')", timeout=60_000)
    page.wait_for_function(
        "[...document.fonts].some(f => f.family.includes('Toolkit Sans') && f.status === 'loaded')",
        timeout=60_000,
    )
    page.screenshot(path=shots / "notebook7-corpus.png")
    for name, seen in (
        ("词", page.locator(".cgt-terms-drawn img")),
        ("主题", page.locator(".cgt .bars bdi").first),
        ("比较", page.locator(".cgt-compare-a-kind select")),
    ):
        page.locator(".cgt .lm-TabBar-tab", has_text=name).first.click()
        expect(seen).to_be_visible()
        page.screenshot(path=shots / f"notebook7-{name}.png")
    page.locator(".cgt-compare-a-kind select").select_option("regulation")
    expect(page.locator(".cgt-compare-table tbody")).to_contain_text("法规")
    page.locator(".cgt-compare-export button", has_text="复制为代码").click()
    expect(page.locator(".cgt-compare-export textarea")).to_have_value(
        re.compile(r"corpus = Corpus\.sample\(\)")
    )
    page.locator(".cgt .lm-TabBar-tab", has_text="文本").first.click()
    for place in (
        "h2",
        ".lm-TabBar-tabLabel",
        ".cgt-corpus-reader h4",
        ".cgt-corpus-reader p",
        "th",
        "button",
    ):
        shown = page.locator(f".cgt {place}:visible").first
        expect(shown).to_be_visible()
        drawn = shown.screenshot()
        # No font has these: what was drawn before must differ from as many boxes.
        shown.evaluate("e => { e.textContent = '\ue000'.repeat(e.textContent.length); }")
        assert shown.screenshot() != drawn, place
    # Notebook 7.6 itself makes this one, whatever the notebook holds.
    own = "Cannot read properties of undefined (reading 'schema')"
    assert [error for error in page.errors if error != own] == []
    assert page.outside == []
