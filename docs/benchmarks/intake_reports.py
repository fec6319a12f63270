"""How much of 143 reports survives intake, in six wrappings: ``intake_reports.py FOLDER``.

FOLDER holds the texts of the collection gwr2024 (``CITY.txt``). Each is taken in as it is
and wrapped as pages of three sites, as a Word file and as a PDF; the wrappings are those of
``tests/ingest/wrapping.py``. Printed for each: seconds, the share of the body's characters
that are in the corpus (texts and what was set apart), the share of the corpus's
characters that are not of the body, and the flags against those of the registry.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "ingest"))

from wrapping import SITES, coverage, pdfs, word

from toolkit import collection_table, intake
from toolkit.cleaning import clean_text

NORMAL = ("unicode", "punctuation", "whitespace")


def bare(text):
    """Return a text as it is compared: normalised, without white space."""
    return "".join(clean_text(text, steps=NORMAL)[0].split())


def wrap(texts, kind, folder):
    """Write the texts in one wrapping."""
    folder.mkdir()
    titled = {
        city: (f"{city}政府工作报告", [p.strip() for p in text.split("\n") if p.strip()])
        for city, text in texts.items()
    }
    if kind == "pdf":
        pdfs(titled, folder)
        return
    for city, (title, paragraphs) in titled.items():
        if kind == "txt":
            (folder / f"{city}.txt").write_bytes(texts[city].encode())
        elif kind == "docx":
            (folder / f"{city}.docx").write_bytes(word(title, paragraphs))
        else:
            (folder / f"{city}.html").write_bytes(SITES[kind](title, paragraphs))


def measure(texts, source, into):
    """Take the folder in; return what is measured and the flagged cities."""
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time()
    table = intake(source, into=into, given={"year": "2024"}, workers=2)
    seconds = time.perf_counter() - began
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime + time.process_time() - own
    lost = extra = total = kept_total = 0.0
    worst = (1.0, "")
    for row in table.to_dict("records"):
        city = Path(row["source"]).stem
        body = bare(texts[city])
        if row["status"] == "quarantined":
            kept = ""
        else:
            parts = [into / "texts" / f"{row['id']}.txt", *(into / "apart").glob(f"{row['id']}-*")]
            kept = bare("\n".join(path.read_text(encoding="utf-8") for path in parts))
        recall = coverage(body, kept)
        worst = min(worst, (recall, city))
        lost += (1 - recall) * len(body)
        extra += (1 - coverage(kept, body + f"{city}政府工作报告")) * len(kept)
        total += len(body)
        kept_total += len(kept)
    flagged = {Path(s).stem for s in table.loc[table["status"] != "accepted", "source"]}
    known = set(collection_table("gwr2024").query("flaw != ''")["city"])
    return {
        "files": len(table),
        "seconds": round(seconds, 1),
        "cpu_s": round(cpu, 1),
        "recall": f"{1 - lost / total:.5f}",
        "worst": f"{worst[0]:.4f} {worst[1]}",
        "residue": f"{extra / max(1, kept_total):.5f}",
        "missed": " ".join(sorted(known - flagged)) or "none",
        "false": " ".join(sorted(flagged - known)) or "none",
    }


def main():
    """Measure every wrapping and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kinds", nargs="*", default=["txt", *SITES, "docx", "pdf"])
    given = parser.parse_args()
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted(given.folder.glob("*.txt"))}
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for kind in given.kinds:
            wrap(texts, kind, work / kind)
            rows[kind] = measure(texts, work / kind, work / f"{kind}-corpus")
            print(kind, rows[kind], flush=True)
    table = pd.DataFrame(rows).T
    print(table.to_string())
    print("all:", round(sum(row["seconds"] for row in rows.values()), 1), "seconds")


if __name__ == "__main__":
    main()
