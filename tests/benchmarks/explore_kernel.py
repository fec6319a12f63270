"""What the steps of the application cost the kernel, in processor time, without a browser.

``python tests/benchmarks/explore_kernel.py`` measures on the sample corpus, ``… FOLDER``
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
    texts = explorer.tabs["corpus"]
    step("corpus: read another text", put(texts.text, texts.text.options[3][1]))
    step("terms: first opened (words cut)", open_tab(1))
    terms = explorer.tabs["terms"]
    chosen = [terms._rows[n] for n in (20, 40, 60)]
    for term in chosen:
        step("terms: choose a term", put(terms.term, term))
    step("terms: its dispersion", put(terms.figure, "dispersion"))
    terms.figure.value = "trend"
    step("terms: stop it", lambda: terms._decide("stop")(None))
    terms.term.value = explorer.session.passages().units["text"].iloc[5][10:14]
    step("terms: keep a rare string whole", lambda: terms._decide("accept")(None))
    terms.term.value, terms.other.value = chosen[0], chosen[1]
    step("terms: merge two frequent terms", lambda: terms._decide("merge")(None))
    step("topics: first opened", open_tab(2))
    topics = explorer.tabs["topics"]
    for k in (7, 8, 12, 20, 8):
        step(f"topics: k = {k}", put(topics.k, k))
    for value in (0.9, 0.5):
        step(f"topics: λ = {value}", put(topics.relevance, value))
    for n in (3, 4):
        step(f"topics: choose topic {n}", topics.map.children[n - 1].click)
    step("topics: shares by city", put(topics.look, "share"))
    step("topics: from the codebook", put(topics.method, "codebook"))
    step("compare: first opened", open_tab(3))
    compare = explorer.tabs["compare"]
    kinds = compare.groups["a"]["kind"]
    for _, kind in kinds.options[:2]:
        step("compare: keyness", put(kinds, [kind]))
    step("compare: shared passages", put(compare.look, "shared"))
    step("compare: likeness", put(compare.look, "likeness"))


def given(folder):
    files = sorted(Path(folder).glob("*.txt"))
    metadata = {
        f.stem: {"city": f.stem, "kind": "abc"[i % 3], "year": 2020 + i % 5}
        for i, f in enumerate(files)
    }
    return Corpus.from_texts({f.stem: f.read_text("utf-8") for f in files}, metadata=metadata)


if __name__ == "__main__":
    main()
