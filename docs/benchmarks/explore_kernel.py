"""What the steps of the application cost the kernel, in processor time, without a browser.

``python docs/benchmarks/explore_kernel.py`` measures on the sample corpus, ``… FOLDER``
on the text files of a folder (their names are the cities). On a busy machine these are the
figures to trust; `explore_response.py` adds the browser.
"""

import sys
import time
import warnings
from pathlib import Path

from toolkit import Corpus
from toolkit.explore import explore


def main():
    warnings.simplefilter("ignore")
    corpus = given(sys.argv[1]) if len(sys.argv) > 1 else Corpus.sample()
    explorer = None

    def step(name, act):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"{name:44s} {1000 * cpu:8.0f} ms CPU {1000 * wall:8.0f} ms", flush=True)

    def start():
        nonlocal explorer
        explorer = explore(corpus, lang="en")

    def open_tab(number):
        return lambda: setattr(explorer.tab, "selected_index", number)

    def put(widget, value):
        return lambda: setattr(widget, "value", value)

    step("open", start)
    tab = explorer.tabs["corpus"].widgets
    step("corpus: read another text", put(tab["text"], tab["text"].options[3][1]))
    step("terms: first opened (words cut)", open_tab(1))
    tab = explorer.tabs["terms"].widgets
    chosen = [explorer.tabs["terms"].blocks["terms"].keys[n] for n in (20, 40, 60)]
    for term in chosen:
        step("terms: choose a term", put(tab["term"], term))
    step("terms: its dispersion", put(tab["figure"], "dispersion"))
    tab["figure"].value = "trend"
    step("terms: stop it", tab["stop"].click)
    tab["term"].value = explorer.session.passages().units["text"].iloc[5][10:14]
    step("terms: keep a rare string whole", tab["accept"].click)
    tab["term"].value, tab["other"].value = chosen[0], chosen[1]
    step("terms: merge two frequent terms", tab["merge"].click)
    step("topics: first opened", open_tab(2))
    tab = explorer.tabs["topics"].widgets
    for k in (7, 8, 12, 20, 8):
        step(f"topics: k = {k}", put(tab["k"], k))
    for value in (0.9, 0.5):
        step(f"topics: λ = {value}", put(tab["relevance"], value))
    for n in (3, 4):
        step(f"topics: choose topic {n}", tab["map"].children[n - 1].click)
    step("topics: shares", put(tab["look"], "share"))
    step("compare: first opened", open_tab(3))
    tab = explorer.tabs["compare"].widgets
    for n in (1, 0):
        step("compare: keyness", put(tab["a kind"], [tab["a kind"].options[n][1]]))
    for look in ("shared", "likeness"):
        step(f"compare: {look}", put(tab["look"], look))


def given(folder):
    files = sorted(Path(folder).glob("*.txt"))
    metadata = {
        f.stem: {"city": f.stem, "kind": "abc"[i % 3], "year": 2020 + i % 5}
        for i, f in enumerate(files)
    }
    return Corpus.from_texts({f.stem: f.read_text("utf-8") for f in files}, metadata=metadata)


if __name__ == "__main__":
    main()
