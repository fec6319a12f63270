"""What `python -m docs.benchmarks` writes: runs, medians, what must hold, a picture."""

import datetime
import itertools
import os
import platform
from importlib import metadata
from pathlib import Path

import pandas as pd

NAMES = {
    "jieba": "jieba + scikit-learn, the script a student writes",
    "jieba_fast": "jieba_fast + scikit-learn",
    "jieba_next": "jieba-next + scikit-learn",
    "toolkit": "this toolkit",
    "toolkit, shards": "this toolkit, the folder as one shard",
    "toolkit, rjieba": "this toolkit with engine='rjieba', as without the extra `fast`",
    "toolkit, jieba": "this toolkit with engine='jieba'",
    "scikit-learn": "scikit-learn's coordinate descent",
    "loky": "this toolkit on loky",
    "dask": "this toolkit on dask",
    "gensim": "jieba + gensim (TfidfModel, Nmf)",
    "qhchina": "qhchina (jieba, Gibbs LDA of 100 rounds)",
    "cntext": "cntext (word_count of each text)",
}
_VERSIONS = (
    *("city-governance-toolkit", "numba", "rjieba", "jieba", "jieba_fast", "jieba-next", "cntext"),
    *("gensim", "qhchina", "scikit-learn", "numpy", "scipy", "pandas", "joblib", "distributed"),
)
_CASE = ["job", "tool", "size", "unit", "number"]


def write(folder, rows, *, text, missing):
    """Write everything to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    runs = pd.DataFrame(rows)
    columns = [*_CASE, "run", "wall", "work", "cpu", "work_cpu", "peak", "load", "fit", "error"]
    runs.reindex(columns=columns).round(4).to_csv(folder / "runs.csv", index=False)
    runs = runs[runs["work"].notna()]
    medians = runs.groupby(_CASE, sort=False).median(numeric_only=True).reset_index()
    medians["runs"] = runs.groupby(_CASE, sort=False).size().to_numpy()
    parts = [
        "# Benchmarks",
        _where(text, missing, runs),
        "![Speed and memory](scale.png)",
        "## What must hold\n\n" + _table(must_hold(medians)),
        *(
            f"## {title}\n\n" + _table(_shown(medians[medians["job"] == job], per))
            for job, (title, per) in _TITLES.items()
            if (medians["job"] == job).any()
        ),
    ]
    (folder / "results.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    _picture(medians, folder / "scale.png")
    print(_table(must_hold(medians)))


_TITLES = {
    "counts": ("Raw text to counts, one core, without imports and dictionary", "MB/s"),
    "topics": ("Files to topics, k = 10", None),
    "solver": ("Factorisation of the weights", None),
    "workers": ("Counting shards on one and two processes that are up", "MB/s"),
    "memory": ("Shards to 20 topics on two processes", None),
}


def must_hold(medians):
    """Return what must hold with what was measured, for as much as was measured."""

    def value(job, tool, size, column="work_cpu", number=None):
        found = medians[(medians["job"] == job) & (medians["tool"] == tool)]
        found = found[found["size"] == size]
        if number is not None:
            found = found[found["number"] == number]
        return float(found[column].iloc[0]) if len(found) else float("nan")

    sizes = sorted(medians.loc[medians["job"] == "counts", "size"].unique())
    middle = max([s for s in sizes if s <= 10], default=0)
    largest = max(medians.loc[medians["job"] == "workers", "size"], default=0)
    documents = [int(n) for n in sorted(medians.loc[medians["job"] == "memory", "size"].unique())]
    rows = []

    def add(what, found, least=None, most=None):
        if found == found:  # was measured
            bound = f"≥ {least:g}" if least is not None else f"≤ {most:g}"
            holds = found >= least if least is not None else found <= most
            rows.append((what, bound, f"{found:.4g}", "yes" if holds else "no"))

    def ratio(job, a, b, size, column="work_cpu", number=None):
        return value(job, a, size, column, number) / value(job, b, size, column, number)

    for size in sizes:
        add(
            f"counts of {size:g} MB, times the student's script",
            ratio("counts", "jieba", "toolkit", size),
            least=12,
        )
    if sizes:
        add(f"counts of {middle:g} MB, MB/s", middle / value("counts", "toolkit", middle), least=8)
        jieba = value("counts", "jieba", middle)
        rows.append(("the student's script there, MB/s", "", f"{middle / jieba:.2f}", ""))
    for tool, way in (("toolkit", "in memory"), ("toolkit, shards", "as a shard")):
        add(
            f"files to topics {way}, whole process, times the student's script",
            ratio("topics", "jieba", tool, middle, "cpu"),
            least=3,
        )
        add(
            f"files to topics {way}, without imports, times the student's script",
            ratio("topics", "jieba", tool, middle),
            least=5,
        )
    for k in (20, 50):
        add(
            f"NMF, k = {k}, times scikit-learn",
            ratio("solver", "scikit-learn", "toolkit", middle, number=k),
            least=4,
        )
        add(
            f"NMF, k = {k}, error by that of scikit-learn",
            ratio("solver", "toolkit", "scikit-learn", middle, "error", k),
            most=1.001,
        )
    for tool in ("loky", "dask"):
        add(
            f"two workers on {tool}, times one",
            value("workers", tool, largest, "work", 1) / value("workers", tool, largest, "work", 2),
            least=1.7,
        )
    if len(sizes) > 1:
        a, b = middle, sizes[-1]
        add(
            f"counts, time of {b:g} MB by {b / a:g} times that of {a:g} MB",
            value("counts", "toolkit", b) / value("counts", "toolkit", a) / (b / a),
            most=1.1,
        )
    if documents:
        last = documents[-1]
        add(f"{last:,} documents, peak GB", value("memory", "toolkit", last, "peak") / 1e3, most=2)
        for a, b in itertools.pairwise(documents):
            add(
                f"peak of {b:,} documents by that of {a:,} ({b / a:g} times the text)",
                value("memory", "toolkit", b, "peak") / value("memory", "toolkit", a, "peak"),
                most=b / a,
            )
            add(
                f"time of {b:,} documents by {b / a:g} times that of {a:,}",
                value("memory", "toolkit", b, "cpu")
                / value("memory", "toolkit", a, "cpu")
                / (b / a),
                most=1.1,
            )
    return pd.DataFrame(rows, columns=["what", "wanted", "measured", "holds"])


def _shown(medians, per):
    table = medians.copy()
    shown = pd.DataFrame({"tool": table["tool"].map(lambda t: NAMES.get(t, t))})
    shown["size"] = [f"{s:,g} {u}" for s, u in zip(table["size"], table["unit"], strict=True)]
    if (table["job"] == "workers").any():
        shown["processes"] = table["number"]
    elif (table["job"] == "solver").any():
        shown["k"] = table["number"]
    if per:
        clock = "work" if "processes" in shown else "work_cpu"
        shown[per] = (table["size"] / table[clock]).round(2)
    one = not (table["job"].isin(["workers", "memory"])).any()
    if one:
        shown["work, s"] = table["work_cpu"].round(2)
    shown["work by the clock, s"] = table["work"].round(2)
    shown["whole process, s"] = table["cpu"].round(1)
    shown["by the clock, s"] = table["wall"].round(1)
    shown["peak, MB"] = table["peak"].round(0).astype(int)
    if table.get("error", pd.Series(dtype=float)).notna().any():
        shown["error"] = table["error"].round(5)
    shown["runs"] = table["runs"]
    return shown


def _where(text, missing, runs):
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        cpu = next((x.split(":")[1].strip() for x in lines if "model name" in x), cpu)
    versions = []
    for name in _VERSIONS:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    lines = [
        f"{datetime.date.today():%Y-%m-%d}; {cpu}, {os.cpu_count()} cores; {platform.system()}, "
        f"Python {platform.python_version()}; {', '.join(versions)}.",
        f"Text: {text}; what is larger than it repeats it, cut into documents at other places "
        "each time. 1 MB is a million bytes of UTF-8. Each job ran in a process of its own on "
        "one thread, the tools in turn; medians. Seconds are those of the processor where a job "
        "is one process, since other work may share the machine; the clock's stand beside them. "
        "Memory is the sum over all processes, so what they share counts twice. Load of the "
        f"machine while it ran: {runs['load'].median():.1f} (from {runs['load'].min():.1f} to "
        f"{runs['load'].max():.1f}).",
    ]
    if missing:
        lines.append(f"Not installed, so not measured: {', '.join(missing)}.")
    return "\n\n".join(lines)


def _table(frame):
    lines = [frame.columns, ["---"] * len(frame.columns), *frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _picture(medians, path):
    import matplotlib.pyplot as plt

    from toolkit import figure_style

    with figure_style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(7.1, 2.6), width_ratios=(3, 2))
        counts = medians[medians["job"] == "counts"]
        counts = counts[counts["size"] == max([s for s in counts["size"] if s <= 10], default=0)]
        speed = (counts["size"] / counts["work_cpu"]).to_numpy()
        names = [name.replace("_", "-") for name in counts["tool"]]
        left.barh(names, speed, color=["C0" if n == "toolkit" else "#b9b9b9" for n in names])
        for i, value in enumerate(speed):
            at = {"xytext": (3, 0), "textcoords": "offset points", "va": "center"}
            left.annotate(f"{value:.1f}", (value, i), **at)
        left.invert_yaxis()
        left.margins(x=0.12)
        left.set_xlabel("MB of text a second, one core")
        left.set_title("Text to counts")
        memory = medians[medians["job"] == "memory"].sort_values("size")
        right.plot(memory["size"] / 1e3, memory["peak"] / 1e3, marker="o")
        right.margins(0.08)
        right.set(xlabel="thousand documents", ylabel="peak, GB")
        right.set_xlim(left=0)
        right.set_ylim(0, 1.15 * memory["peak"].max() / 1e3 if len(memory) else 1)
        right.set_title("Shards to 20 topics")
        figure.savefig(path, dpi=200)
        plt.close(figure)
