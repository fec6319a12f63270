"""How long the application takes to answer, in a real browser and JupyterLab.

``python docs/benchmarks/explore_response.py`` measures on the sample corpus,
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

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "browser"))

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
            page.locator(".cgt-corpus-reader p").first.wait_for(timeout=120_000)
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

    def at(place):
        return page.locator(f".cgt-{place}:visible")

    def slider(name, key):
        at(name).locator(".noUi-handle").focus()
        return lambda: page.keyboard.press(key)

    def row(place, n):
        return lambda: at(place).locator("tbody tr").nth(n).click()

    def type_term(name, term):
        at(name).locator("input").fill(term)
        page.keyboard.press("Tab")
        page.wait_for_timeout(1500)

    terms, figure = ".cgt-terms-terms tbody", ".cgt-terms-drawn img"
    effect, names, bars = ".cgt-terms-effect", ".cgt-topics-topic option", ".cgt-topics-words .bars"
    step("corpus: read another text", row("corpus-table", 3), ".cgt-corpus-reader")
    step("terms: first opened (words cut)", tab("Terms"), terms, figure)
    rows = at("terms-terms").locator("tbody tr")
    words = [rows.nth(n).locator("td").nth(1).inner_text() for n in (0, 1)]
    for n in (4, 5, 6):
        context = ".cgt-terms-context tbody"
        step(f"terms: choose term {n + 1}", row("terms-terms", n), context, figure)
    step("terms: stop it", at("terms-stop").click, effect)
    type_term("terms-term", words[1])
    type_term("terms-other", words[0])
    step("terms: merge two frequent terms", at("terms-merge").click, effect)
    step("topics: first opened", tab("Topics"), ".cgt-map button", bars)
    for k in (7, 8, 9):
        step(f"topics: k = {k}", slider("topics-k", "ArrowRight"), names, bars)
    step("topics: k = 8 again", slider("topics-k", "ArrowLeft"), names)
    for k in (12, 16, 20):
        at("topics-k").locator(".widget-readout").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(str(k))
        step(f"topics: k = {k}", lambda: page.keyboard.press("Enter"), names)
    for value in (0.9, 0.8, 0.7):
        step(f"topics: λ = {value}", slider("topics-relevance", "ArrowLeft"), bars)
    for n in (3, 4):
        step(f"topics: choose topic {n + 1}", page.locator(".cgt-map button").nth(n).click, bars)
    shares = page.locator(".cgt button:visible", has_text="Shares by group")
    step("topics: shares by city", shares.click, ".cgt-topics-passages table")
    tab("Compare")()
    kinds = at("compare-a-kind").locator("select")
    kinds.wait_for()
    page.wait_for_timeout(1000)
    table, figure = ".cgt-compare-table tbody", ".cgt-compare-drawn img"
    for name, index in (("keyness", 1), ("keyness of another group", 0)):
        step(f"compare: {name}", lambda i=index: kinds.select_option(index=i), table, figure)
    for name in ("Shared passages", "Likeness"):
        look = page.locator(".cgt-compare-look button", has_text=name)
        step(f"compare: {name}", look.click, ".cgt-compare-note")
    return steps


if __name__ == "__main__":
    main()
