"""How long the gallery takes: every plot in every preset, in the files of the preset.

Run: ``python docs/benchmarks/figures_gallery.py [PROCESSES]``. Every bundle holds the
pictures that its preset names (PNG, SVG, PDF, TIFF; no EPS), data, captions and code. Presets
are dealt out to two processes, which is what two cores can do. Then one PDF alone.
"""

import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# Presets with large pixels first, so that both processes end together.
ORDER = ["springer", "ieee", "elsevier", "cn", "plos", "thesis", "slides", "notebook", "nature"]


def some(folder: str, presets: list[str]) -> dict[str, float]:
    """Draw some presets; return the seconds of processor time of each, and of the sample."""
    import matplotlib as mpl

    mpl.use("Agg")
    from toolkit.figures.gallery import Sample, draw_gallery

    values = Sample()
    used, last = {f"sample {presets[0]}": time.process_time()}, time.process_time()
    for preset in presets:
        draw_gallery(Path(folder, preset), presets=[preset], values=values)
        used[preset], last = time.process_time() - last, time.process_time()
        print(f"  {preset}: {used[preset]:.1f} s of processor time", flush=True)
    return used


def pdfs(folder: str) -> list[tuple[str, float, int]]:
    """Return for each plot how long its PDF takes, and its size in bytes."""
    import matplotlib.pyplot as plt
    import numpy as np

    from toolkit.figures import figure_style
    from toolkit.figures.gallery import PLOTS, Sample
    from toolkit.figures.press.pictures import write_pictures

    values, rows = Sample(), []
    for name, draw in PLOTS.items():
        with figure_style("nature"):
            figure = np.ravel(draw(values, "zh"))[0].figure
        start = time.process_time()
        write_pictures(figure, Path(folder, name), ["pdf"], dpi=300)
        seconds = time.process_time() - start
        rows.append((name, seconds, Path(folder, f"{name}.pdf").stat().st_size))
        plt.close(figure)
    return rows


def main() -> None:
    """Print wall-clock and processor time."""
    processes = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with ProcessPoolExecutor(processes) as pool:
            parts = [ORDER[i::processes] for i in range(processes)]
            used = [*pool.map(some, [folder] * processes, parts)]
        seconds = time.perf_counter() - start
        files = [
            p for p in Path(folder).rglob("*") if p.suffix in (".png", ".svg", ".pdf", ".tiff")
        ]
        size = sum(p.stat().st_size for p in files) / 1e6
        print(f"gallery: {len(files)} pictures, {size:.0f} MB, {processes} processes")
        total = sum(sum(part.values()) for part in used)
        print(f"  wall {seconds:.0f} s, processor {total:.0f} s")
        rows = pdfs(folder)
    slowest, largest = max(rows, key=lambda r: r[1]), max(rows, key=lambda r: r[2])
    print(f"one PDF: median {statistics.median(r[1] for r in rows):.2f} s of processor time,")
    print(f"  slowest {slowest[0]} {slowest[1]:.2f} s, largest {largest[0]} {largest[2]:,} bytes")


if __name__ == "__main__":
    main()
