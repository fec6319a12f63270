import json
import re

import numpy as np
import pandas as pd
import pytest

from toolkit import Corpus, Segmenter, clean, count_shards, fit_topics, segment, term_weights, tfidf
from toolkit.mapped import row_blocks
from toolkit.metadata import CorpusError


def test_the_matrix_is_that_of_the_texts_in_memory(shards, in_memory, tmp_path):
    counts = count_shards(shards, tmp_path / "counts", n_jobs=1)
    with pytest.raises(ValueError, match="norm must be"):
        counts.tfidf(norm="l3")
    with pytest.raises(ValueError, match="no term is left"):
        counts.tfidf(min_df=1000)
    found, expected = counts.tfidf(min_df=3), tfidf(segment(in_memory), min_df=3)
    assert found.terms.tolist() == expected.terms.tolist()
    assert found.units.index.tolist() == expected.units.index.tolist()
    for a, b in ((found.counts, expected.counts), (found.weights, expected.weights)):
        assert (a.indices == b.indices).all()
        assert (a.indptr == b.indptr).all()
        assert (a.data == b.data).all()


@pytest.mark.parametrize("k", [4, 20])
def test_topics_are_those_of_the_texts_in_memory(shards, in_memory, tmp_path, k, monkeypatch):
    expected = fit_topics(tfidf(segment(in_memory)), k=k)
    monkeypatch.setitem(row_blocks.__kwdefaults__, "most", 1000)  # many blocks
    topics = fit_topics(count_shards(shards, tmp_path / "counts", n_jobs=1).tfidf(), k=k)
    assert topics.error == pytest.approx(expected.error, rel=1e-5)
    assert topics.topic_term == pytest.approx(expected.topic_term, abs=1e-3)
    assert topics.doc_topic == pytest.approx(expected.doc_topic, abs=1e-3)


def test_a_topic_leads_back_to_its_texts(shards, tmp_path):
    counts = count_shards(shards, tmp_path / "counts", n_jobs=1)
    topics = fit_topics(counts.tfidf(), k=4)
    passages = topics.top_passages(1)
    assert "sentence" not in passages
    corpus = counts.read(passages["unit_id"])
    assert corpus.units.index.tolist() == passages["unit_id"].tolist()
    for words, text in zip(passages["words"], corpus.units["text"], strict=True):
        assert words.split("、")[0] in text
    assert topics.doc_topics(by="year").index.tolist()[0] in counts.units["year"].tolist()
    assert set(term_weights(counts.tfidf(), by="city")["group"]) == set(counts.units["city"])
    with pytest.raises(KeyError, match="no units"):
        counts.read(["nobody"])


def test_the_recipe_tells_how(shards, tmp_path):
    counts = count_shards(shards, tmp_path / "counts", n_jobs=1)
    code = fit_topics(counts.tfidf(min_df=3), k=4).to_code()
    assert code.splitlines()[2:4] == [
        f"counts = count_shards({str(shards)!r}, {str(tmp_path / 'counts')!r})",
        "matrix = counts.tfidf(min_df=3)",
    ]
    assert {"texts", "lexicon", "stopwords"} <= counts.recipe.steps[0].data.keys()
    elsewhere = count_shards(shards, tmp_path / "elsewhere", n_jobs=1)
    assert elsewhere.fingerprint == counts.fingerprint
    other = count_shards(shards, tmp_path / "counts", n_jobs=1, segmenter=Segmenter(min_length=1))
    assert other.fingerprint != counts.fingerprint


def test_every_kind_of_shard_holds_the_same(texts, tmp_path):
    pytest.importorskip("pyarrow")
    rows = texts[:40]
    folder = tmp_path / "txt"
    folder.mkdir()
    for row in rows:
        (folder / f"{row['id']}.txt").write_text(row["text"], encoding="utf-8")
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "a.jsonl").write_text("\n\n".join(lines), encoding="utf-8-sig")
    pd.DataFrame(rows).to_parquet(tmp_path / "a.parquet", index=False)
    Corpus.from_texts({row["id"]: row["text"] for row in rows}).save(tmp_path / "corpus")
    found = [
        count_shards([shard], tmp_path / "counts", n_jobs=1)
        for shard in (folder, tmp_path / "a.jsonl", tmp_path / "a.parquet", tmp_path / "corpus")
    ]
    for counts in found:
        matrix = counts.tfidf().select(doc_id=rows[3]["id"])
        assert matrix.counts.sum() == found[0].tfidf().select(doc_id=rows[3]["id"]).counts.sum()
        assert counts.terms.tolist() == found[0].terms.tolist()
    assert found[1].units["year"].tolist() == found[2].units["year"].tolist()
    assert found[1].units["city"].tolist() == [row["city"] for row in rows]


def test_texts_are_cleaned_and_split_shard_by_shard(sample, tmp_path):
    rows = [{"id": i, "text": text} for i, text in sample.units["text"].items()]
    for i, part in enumerate((rows[:20], rows[20:])):
        lines = "\n".join(map(json.dumps, part))
        (tmp_path / f"{i}.jsonl").write_text(lines, encoding="utf-8")
    shards = [tmp_path / "0.jsonl", tmp_path / "1.jsonl"]
    counts = count_shards(shards, tmp_path / "c", cleaned=True, split="paragraph", n_jobs=1)
    whole = Corpus.from_texts({row["id"]: row["text"] for row in rows})
    expected = segment(clean(whole).corpus.split("paragraph"))
    assert counts.units.index.tolist() == expected.units.index.tolist()
    assert counts.units["start"].tolist() == expected.units["start"].tolist()
    assert counts.terms.tolist() == expected.vocabulary.tolist()
    unit = counts.units.index[5]
    assert counts.read([unit])[unit] == expected.units["text"].iloc[5]


def test_what_is_counted_is_not_counted_again(shards, tmp_path, monkeypatch):
    folder = tmp_path / "counts"
    first = count_shards(shards, folder, n_jobs=1)
    read = []
    monkeypatch.setattr("toolkit.shards.reading._read", lambda shard: read.append(shard) or 1 / 0)
    assert count_shards(shards, folder, n_jobs=1).fingerprint == first.fingerprint
    assert read == []
    monkeypatch.undo()
    path = shards / "0.jsonl"
    path.write_text('{"id": "new", "text": "城市治理"}', encoding="utf-8")
    again = count_shards(shards, folder, n_jobs=1)
    assert "new" in again.units.index
    assert again.fingerprint != first.fingerprint
    assert len(first.tfidf().units) == len(first), "the counts of before are still there"


@pytest.mark.parametrize(
    "name", ["units.jsonl", "terms.json", "about.json", "indices.npy", "data.npy", "indptr.npy"]
)
@pytest.mark.parametrize("damage", [b"garbage", b"", b"7", None])
def test_damaged_counts_say_what_to_remove(shards, tmp_path, name, damage):
    counts = count_shards([shards / "0.jsonl"], tmp_path / "counts", n_jobs=1)
    [part] = counts.shards.values()
    (part / name).unlink() if damage is None else (part / name).write_bytes(damage)
    with pytest.raises(ValueError, match=rf"{name} is damaged .*remove .* and count again") as told:
        count_shards([shards / "0.jsonl"], tmp_path / "counts", n_jobs=1).tfidf()
    assert str(part) in str(told.value)


def test_a_shard_that_is_not_utf_8_says_where(shards, tmp_path):
    good = (shards / "0.jsonl").read_bytes()
    (shards / "0.jsonl").write_bytes(good + '\n{"text": "城市"}\n'.encode("gb18030"))
    (shards / "old").mkdir()
    (shards / "old" / "a.txt").write_bytes("abc城市治理".encode("gb18030"))
    line = good.count(b"\n") + 2
    with pytest.warns(UserWarning, match="2 of 5 shards are not counted") as told:
        count_shards(shards, tmp_path / "counts", n_jobs=1)
    said = str(told[0].message)
    assert f"0.jsonl line {line} is not UTF-8 (byte 10); save it again as UTF-8" in said
    assert "a.txt is not UTF-8 (byte 3); save it again as UTF-8" in said


def test_a_failed_shard_is_named_and_the_others_stay(shards, tmp_path, monkeypatch):
    import toolkit.shards.reading as reading

    lines = ['{"text": "好"}', "no json", '{"text": 1}', "[" * 99_999, '{"text":' * 99_999]
    (shards / "1.jsonl").write_text("\n".join(lines), encoding="utf-8")
    tried = []
    read = reading._read
    monkeypatch.setattr(reading, "_read", lambda shard: tried.append(shard.name) or read(shard))
    with pytest.warns(UserWarning, match=r"1 of 4 shards are not counted:\n- .*1\.jsonl") as told:
        counts = count_shards(shards, tmp_path / "counts", n_jobs=1)
    assert tried.count("1.jsonl") == 2
    for row in (2, 3, 4, 5):
        assert f"row {row}: no object" in str(told[0].message)
    assert [path.name for path in counts.shards] == ["0.jsonl", "2.jsonl", "3.jsonl"]
    assert [path.name for path in counts.failed] == ["1.jsonl"]
    assert len(counts.tfidf().units) == len(counts)
    assert not [*(tmp_path / "counts").glob(".*")], "nothing is left half written"


def test_a_shard_that_fails_once_is_counted(shards, tmp_path, monkeypatch):
    import toolkit.shards.reading as reading

    read, failures = reading._read, [OSError("the disk is away")]

    def sometimes(shard):
        if failures:
            raise failures.pop()
        return read(shard)

    monkeypatch.setattr(reading, "_read", sometimes)
    assert len(count_shards(shards, tmp_path / "counts", n_jobs=1).shards) == 4


def test_what_is_no_shard_is_told(shards, tmp_path):
    (tmp_path / "x.csv").write_text("text\n", encoding="utf-8")
    with pytest.raises(CorpusError) as problem:
        count_shards([tmp_path / "x.csv", tmp_path / "nowhere.jsonl"], tmp_path / "counts")
    assert len(problem.value.problems) == 2
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="holds no text"):
        count_shards([tmp_path / "empty.jsonl"], tmp_path / "counts", n_jobs=1)
    with pytest.raises(CorpusError, match="no shards"):
        count_shards([], tmp_path / "counts")
    with pytest.raises(ValueError, match="split must be one of"):
        count_shards(shards, tmp_path / "counts", split="page")
    (shards / "4.jsonl").write_bytes((shards / "0.jsonl").read_bytes())
    with pytest.raises(CorpusError, match=r"stands twice: .*0\.jsonl, .*4\.jsonl"):
        count_shards(shards, tmp_path / "counts", n_jobs=1)


def test_weights_need_no_more_memory_than_a_block(shards, tmp_path, monkeypatch):
    matrix = count_shards(shards, tmp_path / "counts", n_jobs=1).tfidf()
    base = matrix.weights.data
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap), "mapped, not read"
    with pytest.raises(ValueError, match="read-only"):
        matrix.weights.data[0] = 1
    blocks = [block.nnz for _, block in row_blocks(matrix.weights, most=500)]
    assert max(blocks) <= max(500, np.diff(matrix.weights.indptr).max())
    assert sum(blocks) == matrix.weights.nnz


def test_a_folder_outlives_its_values(shards, tmp_path):
    """What stands there is plain arrays and JSON: nothing that could run when read."""
    count_shards(shards, tmp_path / "counts", n_jobs=1).tfidf()
    names = {
        re.sub(r"^[0-9a-f]{24}|tfidf-\w+", "", p.name) for p in (tmp_path / "counts").rglob("*")
    }
    assert names == {
        *("", "about.json", "terms.json", "units.jsonl", "data.npy", "indices.npy", "indptr.npy"),
        *("counts", "weights", "indices", "ends.npy"),
    }
