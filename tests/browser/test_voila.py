"""The application as a page of its own, served by a real Voilà."""

import re


def test_every_tab_works_in_voila(
    serve, free_port, write_notebook, workplace, chinese_page, shots, expect
):
    page = chinese_page
    write_notebook(
        workplace / "app.ipynb",
        "from toolkit import Corpus\nfrom toolkit.explore import explore",
        "explore(Corpus.sample(), lang='en')",
    )
    port = free_port()
    serve(
        "voila",
        "app.ipynb",
        "--no-browser",
        f"--port={port}",
        "--Voila.ip=127.0.0.1",
        # These come with the test extra, and ask for parts of JupyterLab that Voilà has not.
        "--VoilaConfiguration.extension_denylist=jupyterlab-jupytext",
        "--VoilaConfiguration.extension_denylist=@jupyter-notebook/lab-extension",
        ready=f"http://127.0.0.1:{port}/api",
    )
    # Voilà's own page links icons from elsewhere; nothing of the application needs them.
    page.route("**/*fontawesome*/**", lambda route: route.fulfill(content_type="text/css", body=""))
    page.goto(f"http://127.0.0.1:{port}/", timeout=120_000)
    expect(page.locator(".cgt-corpus-reader")).to_contain_text("接诉即办", timeout=60_000)
    page.locator(".cgt-corpus-table tbody tr").nth(1).click()
    expect(page.locator(".cgt-corpus-reader")).to_contain_text("党的二十大报告指出")
    page.screenshot(path=shots / "voila-corpus.png")
    for name in ("Terms", "Topics", "Compare"):
        page.locator(".cgt .lm-TabBar-tab", has_text=name).click()
        if name == "Terms":
            page.locator(".cgt-terms-terms tbody tr td", has_text="热线").first.click()
            expect(page.locator(".cgt-terms-term input")).to_have_value("热线")
            expect(page.locator(".cgt-terms-drawn img")).to_be_visible()
        if name == "Topics":
            expect(page.locator(".cgt-map button")).to_have_count(6)
            page.locator(".cgt-topics-k .noUi-handle").focus()
            page.keyboard.press("ArrowLeft")
            expect(page.locator(".cgt-map button")).to_have_count(5)
            page.locator(".cgt-map button").nth(3).click()
            expect(page.locator("blockquote mark").first).to_be_visible()
        if name == "Compare":
            page.locator(".cgt-compare-a-kind select").select_option("regulation")
            expect(page.locator(".cgt-compare-table tbody")).to_contain_text("法规")
        exports = page.locator(f".cgt-{name.lower()}-export")
        exports.locator("button", has_text="Copy as code").click()
        expect(exports.locator("textarea")).to_have_value(
            re.compile(r"corpus = Corpus\.sample\(\)")
        )
        page.screenshot(path=shots / f"voila-{name.lower()}.png")
    assert page.errors == []
    assert [url for url in page.outside if "fontawesome" not in url] == []
