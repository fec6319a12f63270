from conftest import idle

CELLS = [
    "from toolkit import Corpus\nfrom toolkit.explore import explore",
    "explorer = explore(Corpus.sample())\nexplorer",
]


def test_lab(open_lab, shots):
    page = open_lab("x.ipynb", *CELLS)
    page.locator(".cgt").wait_for(timeout=60000)
    idle(page)
    page.wait_for_timeout(5000)
    page.screenshot(path=shots / "lab1.png")
    for i, name in enumerate(["词", "主题", "比较"]):
        page.locator(".cgt .lm-TabBar-tab", has_text=name).click()
        page.wait_for_timeout(6000)
        page.screenshot(path=shots / f"lab{i + 2}.png")
    print(page.errors, page.outside)
