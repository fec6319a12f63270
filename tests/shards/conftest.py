import json

import pytest

from toolkit import Corpus


@pytest.fixture(scope="session")
def texts(sections):
    """Text and metadata of the sections of the sample corpus, as plain rows."""
    units = sections.units.reset_index(names="id")[["id", "text", "city", "year"]]
    return json.loads(units.to_json(orient="records", force_ascii=False))


@pytest.fixture
def shards(texts, tmp_path):
    """The texts in four files of JSON lines."""
    folder = tmp_path / "shards"
    folder.mkdir()
    size = len(texts) // 4 + 1
    for i in range(4):
        lines = [json.dumps(t, ensure_ascii=False) for t in texts[i * size : (i + 1) * size]]
        (folder / f"{i}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def in_memory(texts):
    """The same texts as one corpus."""
    return Corpus.from_texts({t["id"]: t["text"] for t in texts})
