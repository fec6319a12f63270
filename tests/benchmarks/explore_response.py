"""How long the application takes to answer, in a real browser and JupyterLab.

``python tests/benchmarks/explore_response.py`` measures on the sample corpus,
``… FOLDER`` on the text files of a folder (their names are the cities). A step is timed
from the key or click to the frame in which what is seen has changed.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "browser"))

from conftest import ARGUMENTS, TOKEN, run_all, save_notebook, servers, start_lab
from playwright.sync_api import sync_playwright

SAMPLE = "corpus = Corpus.sample()"
FOLDER = """\
from pathlib import Path
files = sorted(Path({folder!r}).glob("*.txt"))
corpus = Corpus.from_texts(
    {{f.stem: f.read_text("utf-8") for f in files}},
    metadata={{f.stem: {{"city": f.stem, "kind": "abc"[i % 3], "year": 2020 + i % 5}}
              for i, f in enumerate(files)}},
)"""
# Starts the clock at the next key or click, stops it when the text of the places changes.
CLOCK = """(places) => {
  const see = () => places.map(p => [...document.querySelectorAll(p)].filter(e => e.offsetParent)
    .map(e => e.tagName === 'IMG' ? e.src.length + e.src.slice(-99) : e.innerText).join('|'))
    .join('#');
  window.took = null;
  const before = see();
  let begun = null;
  const start = () => { begun ??= performance.now(); };
  for (const kind of ['pointerdown', 'keydown', 'change'])
    addEventListener(kind, start, {capture: true, once: true});
  const look = () => {
    if (begun !== null && see() !== before) window.took = performance.now() - begun;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def main():
    given = sys.argv[1] if len(sys.argv) > 1 else None
    setup = FOLDER.format(folder=given) if given else SAMPLE
    cells = ["from toolkit import Corpus\nfrom toolkit.explore import explore", setup]
    cells.append("explorer = explore(corpus, lang='en')\nexplorer")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workplace, own = Path(folder, "work"), Path(folder, "own")
        workplace.mkdir()
        own.mkdir()
        save_notebook(workplace / "bench.ipynb", *cells)
        with servers(workplace, own) as start:
            address = start_lab(start)
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=ARGUMENTS
            )
            page = browser.new_page(viewport={"width": 1280, "height": 1500})
            run_all(page, f"{address}/lab/tree/bench.ipynb?token={TOKEN}&reset")
            page.locator(".cgt-reader p").first.wait_for(timeout=120_000)
            page.wait_for_timeout(2000)
            measure(page)
            browser.close()


def measure(page):
    def step(name, places, act):
        page.wait_for_timeout(700)
        page.evaluate(CLOCK, places)
        act()
        page.wait_for_function("window.took !== null", timeout=180_000, polling=20)
        print(f"{name:44s} {page.evaluate('window.took'):8.0f} ms", flush=True)

    def tab(name):
        return lambda: page.locator(".cgt .lm-TabBar-tab", has_text=name).first.click()

    def slider(n, key):
        page.locator(".widget-slider:visible .noUi-handle").nth(n).focus()
        return lambda: page.keyboard.press(key)

    def row(n):
        return lambda: page.locator(".cgt-table:visible tbody tr").nth(n).click()

    reader, bars, figure = [".cgt-reader"], [".cgt-bars th"], [".cgt-figure img"]
    step("corpus: read another text", reader, row(3))
    step("terms: first opened (words cut)", figure, tab("Terms"))
    for n in (4, 5, 6):
        step(f"terms: choose term {n + 1}", figure, row(n))
    stop = page.locator(".cgt button:visible", has_text="Stop word")
    step("terms: stop it", [".cgt .cgt-right .note"], stop.click)
    step("topics: first opened", [".cgt-map button", ".cgt-bars th"], tab("Topics"))
    for k in (7, 8, 9):
        step(f"topics: k = {k}", [".cgt-side select option"], slider(0, "ArrowRight"))
    step("topics: k = 8 again", [".cgt-side select option"], slider(0, "ArrowLeft"))
    for value in (0.9, 0.8, 0.7):
        step(f"topics: λ = {value}", [".cgt-bars"], slider(1, "ArrowLeft"))
    for n in (3, 4):
        circle = page.locator(".cgt-map button").nth(n)
        step(f"topics: choose topic {n + 1}", bars, circle.click)
    shares = page.locator(".cgt button:visible", has_text="Shares by group")
    step("topics: shares by city", [".cgt-passages table"], shares.click)
    page.wait_for_timeout(700)
    tab("Compare")()
    chosen = page.locator(".cgt select[multiple]:visible")
    count = chosen.count()
    kinds = chosen.nth(count // 2 - 1)
    step("compare: keyness", figure, lambda: kinds.select_option(index=1))
    step("compare: keyness of another group", figure, lambda: kinds.select_option(index=0))
    shared = page.locator(".cgt button:visible", has_text="Shared passages")
    step("compare: shared passages", [".cgt .note"], shared.click)
    likeness = page.locator(".cgt button:visible", has_text="Likeness")
    step("compare: likeness", figure, likeness.click)


if __name__ == "__main__":
    main()
