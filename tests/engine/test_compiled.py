"""The dictionary that processes share, and the frequencies of words that are added."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from toolkit.engine import JiebaEngine, compiled
from toolkit.engine.compiled import CompiledEngine

SENTENCE = "小明硕士毕业于中国科学院计算所"
CODE = f"""
from toolkit.engine.compiled import CompiledEngine, _known
print(*CompiledEngine(("硕士毕业",))({SENTENCE!r}, hmm=True), _known()[0].total)
"""


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Return where the dictionary is kept, which is nowhere yet."""
    monkeypatch.setattr(compiled, "user_cache_path", lambda *_, **__: tmp_path)
    compiled._known.cache_clear()
    yield lambda: sorted(path.name for path in tmp_path.iterdir())
    compiled._known.cache_clear()


def test_it_is_kept_and_read_again(kept, tmp_path):
    tokens = CompiledEngine(())(SENTENCE, hmm=True)
    assert tokens == JiebaEngine(())(SENTENCE, hmm=True)
    [name] = kept()
    changed = (tmp_path / name).stat().st_mtime_ns
    made = compiled._known()
    compiled._known.cache_clear()
    read = compiled._known()
    assert read[0] is not made[0]
    for one, other in zip(made, read, strict=True):
        assert all(map(np.array_equal, one, other))
    assert CompiledEngine(())(SENTENCE, hmm=True) == tokens
    assert (tmp_path / name).stat().st_mtime_ns == changed


@pytest.mark.parametrize("harm", ["cut short", "one byte", "header", "other file", "empty"])
def test_a_damaged_one_is_made_anew(kept, tmp_path, harm):
    tokens = CompiledEngine(())(SENTENCE, hmm=True)
    [name] = kept()
    whole = (tmp_path / name).read_bytes()
    middle = len(whole) // 2
    damaged = {
        "cut short": whole[:middle],
        "one byte": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "header": whole.replace(b"(1048576,)", b"(1008576,)", 1),
        "other file": b"PK not a dictionary",
        "empty": b"",
    }
    assert damaged[harm] != whole
    (tmp_path / name).write_bytes(damaged[harm])
    compiled._known.cache_clear()
    assert CompiledEngine(())(SENTENCE, hmm=True) == tokens
    assert kept() == [name]
    assert (tmp_path / name).read_bytes() == whole


def test_where_nothing_can_be_written_it_is_made_each_time(kept, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    monkeypatch.setattr(compiled, "user_cache_path", lambda *_, **__: tmp_path / "taken")
    assert CompiledEngine(())(SENTENCE, hmm=True) == JiebaEngine(())(SENTENCE, hmm=True)
    assert kept() == ["taken"]


@pytest.mark.skipif(os.name != "posix", reason="rights are of POSIX")
def test_others_may_read_it_as_the_umask_says(kept, tmp_path):
    before = os.umask(0o002)
    try:
        compiled._known()
    finally:
        os.umask(before)
    [name] = kept()
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o664


@pytest.mark.exhaustive
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_what_numba_keeps_is_made_again_if_it_is_damaged(tmp_path, ending):
    code = (
        "from toolkit.engine import make_engine; import warnings; warnings.simplefilter('error');"
        "print(type(make_engine('auto', ())).__name__)"
    )
    for _ in range(2):
        shown = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert shown.stdout == "CompiledEngine\n"
        for path in tmp_path.rglob(f"*.{ending}"):
            path.write_bytes(b"x")


@pytest.mark.exhaustive
def test_processes_that_begin_at_once_share_it(tmp_path):
    places = {name: str(tmp_path) for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CODE], env=os.environ | places, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    shown = {process.communicate()[0] for process in started}
    assert shown == {"小明 硕士毕业 于 中国科学院 计算所 60101967\n"}
    assert len([*tmp_path.rglob("dictionary-*")]) == 1
    assert [*tmp_path.rglob(".dictionary-*")] == []


def test_words_have_the_frequencies_that_jieba_gives_them():
    words = ("城市管", "一件事", "γ射线", "𠀀城", "京", "人工智能+", "市" * 40)
    tokenizer = JiebaEngine(words).tokenizer
    engine = CompiledEngine(words)
    assert engine._trie.unknown == math.log(1) - math.log(tokenizer.total)
    for word in (*words, "城市", "城", "γ"):
        if word != "𠀀城":  # in no block, so never met
            node = compiled._node(engine._trie, compiled._characters(word), 0, len(word))
            expected = tokenizer.FREQ[word]
            cost = math.log(expected) - math.log(tokenizer.total) if expected else -math.inf
            assert engine._trie.cost[node] == cost


def test_a_table_grows_with_its_words():
    many = tuple(f"词{chr(0x4E00 + i)}{chr(0x4E00 + j)}典" for i in range(100) for j in range(150))
    engine = CompiledEngine(many)
    assert engine._trie.slots.size > compiled._known()[1].slots.size
    assert engine("".join(many[::500]), hmm=False) == [*many[::500]]
