"""How long the application takes to answer, in a real browser and JupyterLab.

``python tests/benchmarks/explore_response.py`` measures on the sample corpus,
``… FOLDER`` on the text files of a folder (their names are the cities). A step is timed
from the key or click to the frame in which what is seen has changed: the words first, the
figure, which is drawn aside, where there are two columns. Of five runs, each in a server, a
kernel and a page of its own, the median and the longest.
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "browser"))

import psutil
from conftest import ARGUMENTS, TOKEN, run_all, save_notebook, servers, start_lab
from playwright.sync_api import sync_playwright

RUNS = 5
SAMPLE = "corpus = Corpus.sample()"
FOLDER = """\
from pathlib import Path
files = sorted(Path({folder!r}).glob("*.txt"))
corpus = Corpus.from_texts(
    {{f.stem: f.read_text("utf-8") for f in files}},
    metadata={{f.stem: {{"city": f.stem, "kind": "abc"[i % 3], "year": 2020 + i % 5}}
              for i, f in enumerate(files)}},
)"""
# Starts the clock at the next key or click, and stops one for each place when it changes.
CLOCK = """(places) => {
  const see = place => [...document.querySelectorAll(place)].filter(e => e.offsetParent)
    .map(e => e.tagName === 'IMG' ? e.src.length + e.src.slice(-99) : e.textContent).join('|');
  const before = places.map(see);
  window.took = places.map(() => null);
  let begun = null, looks = false;
  const start = () => { begun ??= performance.now(); };
  for (const kind of ['pointerdown', 'keydown', 'change'])
    addEventListener(kind, start, {capture: true, once: true});
  const look = () => {
    looks = false;
    places.forEach((place, i) => {
      if (begun !== null && window.took[i] === null && see(place) !== before[i])
        window.took[i] = performance.now() - begun;
    });
    if (!window.took.includes(null)) watcher.disconnect();
  };
  // In the frame after a change: to look at every frame would itself keep the machine busy.
  const watcher = new MutationObserver(() => {
    if (!looks) requestAnimationFrame(look);
    looks = true;
  });
  watcher.observe(document.body, {subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ['src', 'class', 'style']});
}"""


def main():
    given = sys.argv[1] if len(sys.argv) > 1 else None
    setup = FOLDER.format(folder=given) if given else SAMPLE
    cells = ["from toolkit import Corpus\nfrom toolkit.explore import explore", setup]
    cells.append("explorer = explore(corpus, lang='en')\nexplorer")
    print(f"load {os.getloadavg()[0]:.1f}")
    runs = [run(cells) for _ in range(RUNS)]
    print(f"load {os.getloadavg()[0]:.1f}\n\nms: median, longest of words; of the figure; CPU")
    for steps in zip(*runs, strict=True):
        columns = [*zip(*(took for _, took, _ in steps), strict=True)]
        told = "".join(f"{median(column):8.0f}{max(column):6.0f}" for column in columns)
        print(f"{steps[0][0]:40s}{told:30s}{median(spent for *_, spent in steps):7.0f}")


def run(cells):
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
            steps = measure(page)
            browser.close()
    return steps


def measure(page):
    (kernel,) = (
        child
        for child in psutil.Process().children(recursive=True)
        if "ipykernel_launcher" in " ".join(child.cmdline())
    )
    steps = []

    def spent():
        times = kernel.cpu_times()
        return times.user + times.system

    def step(name, act, *places):
        page.wait_for_timeout(1000)
        page.evaluate(CLOCK, [*places])
        before = spent()
        act()
        page.wait_for_function("!window.took.includes(null)", timeout=180_000, polling=200)
        took = page.evaluate("window.took")
        page.wait_for_timeout(500)
        steps.append((name, took, 1000 * (spent() - before)))

    def tab(name):
        return lambda: page.locator(".cgt .lm-TabBar-tab", has_text=name).first.click()

    def slider(n, key):
        page.locator(".widget-slider:visible .noUi-handle").nth(n).focus()
        return lambda: page.keyboard.press(key)

    def row(n):
        return lambda: page.locator(".cgt-table:visible tbody tr").nth(n).click()

    def button(name):
        return page.locator(".cgt button:visible", has_text=name).click

    def type_term(place, term):
        page.locator(place).first.fill(term)
        page.keyboard.press("Tab")
        page.wait_for_timeout(1500)

    table, figure = ".cgt-table tbody", ".cgt-figure img"
    effect, names = ".cgt .cgt-right .note", ".cgt-side select option"
    step("corpus: read another text", row(3), ".cgt-reader")
    step("terms: first opened (words cut)", tab("Terms"), table, figure)
    rows = page.locator(".cgt-table:visible tbody tr")
    words = [rows.nth(n).locator("td").nth(1).inner_text() for n in (0, 1)]
    for n in (4, 5, 6):
        step(f"terms: choose term {n + 1}", row(n), ".cgt-right .cgt-table tbody", figure)
    step("terms: stop it", button("Stop word"), effect)
    type_term(".cgt input[list]:visible", words[1])
    type_term(".cgt-right input[type=text]:visible:not([list])", words[0])
    step("terms: merge two frequent terms", button("Merge"), effect)
    step("topics: first opened", tab("Topics"), ".cgt-map button", ".cgt-bars th")
    for k in (7, 8, 9):
        step(f"topics: k = {k}", slider(0, "ArrowRight"), names, ".cgt-bars td")
    step("topics: k = 8 again", slider(0, "ArrowLeft"), names)
    for k in (12, 16, 20):
        readout = page.locator(".widget-slider:visible .widget-readout").first
        readout.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(str(k))
        step(f"topics: k = {k}", lambda: page.keyboard.press("Enter"), names)
    for value in (0.9, 0.8, 0.7):
        step(f"topics: λ = {value}", slider(1, "ArrowLeft"), ".cgt-bars")
    for n in (3, 4):
        step(
            f"topics: choose topic {n + 1}",
            page.locator(".cgt-map button").nth(n).click,
            ".cgt-bars th",
        )
    step("topics: shares by city", button("Shares by group"), ".cgt-passages table")
    tab("Compare")()
    chosen = page.locator(".cgt select[multiple]:visible")
    chosen.nth(1).wait_for()
    page.wait_for_timeout(1000)
    kinds = chosen.nth(chosen.count() // 2 - 1)
    for name, index in (("keyness", 1), ("keyness of another group", 0)):
        step(f"compare: {name}", lambda i=index: kinds.select_option(index=i), table, figure)
    step("compare: shared passages", button("Shared passages"), ".cgt .note")
    step("compare: likeness", button("Likeness"), table, figure)
    return steps


if __name__ == "__main__":
    main()
