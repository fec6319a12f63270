import asyncio
import base64
import io
import re
import subprocess

from fontTools.ttLib import TTFont

from toolkit import Corpus
from toolkit.explore import font
from toolkit.explore.font import characters_of, font_rule
from toolkit.explore.labels import Labels


def test_the_font_holds_all_that_may_be_shown():
    corpus = Corpus.from_texts(
        {"甲": "</style><script>治理"}, metadata={"甲": {"city": "鄂尔多斯", "title": "题𠮷"}}
    )
    characters = characters_of(corpus, Labels("application", "zh"))
    assert {*"甲</治理鄂多题𠮷", *Labels("application", "zh")["log"]} <= {*characters}
    rule = font_rule(characters)
    assert rule.count("<") == 2, "the style element begins and ends, and holds no text"
    data = re.search(r"base64,([A-Za-z0-9+/=]+)\)", rule)[1]
    known = TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()
    assert {ord(c) for c in "甲治理鄂多题"} <= {*known}
    assert len(known) < 2 * len(characters)


def test_values_that_are_missing_hold_no_character():
    corpus = Corpus.from_texts({"a": "城", "b": "市"}, metadata={"a": {"city": "北京"}})
    assert corpus.units["city"].isna().any()
    assert {*"城市北京"} <= {*characters_of(corpus, {})}


def test_a_corpus_of_all_characters_makes_no_endless_font():
    rare = "".join(map(chr, range(0x4E00, 0x9FA5)))
    corpus = Corpus.from_texts({"a": rare + "城市治理" * 2})
    characters = characters_of(corpus, {"log": "决定"})
    assert {*"城市治理决定"} <= {*characters}
    assert len(characters) < 6100


def test_common_characters_serve_at_once_and_are_kept_for_the_next_start(tmp_path, monkeypatch):
    """The first start makes a few characters, then all of the texts, then those to keep."""
    ready, asked = tmp_path / "common.html", []

    def run(*_, input, **__):  # the process that makes a font
        asked.append(input.decode())
        return subprocess.CompletedProcess([], 0, stdout=f"{len(asked)}".encode())

    monkeypatch.setattr(font, "kept", lambda: ready)
    monkeypatch.setattr(font.subprocess, "run", run)

    async def started():
        shown, until = [], asyncio.get_running_loop().time() + 20
        font.make_aside("城市" * 600, shown.append, asyncio.get_running_loop())
        while len(shown) < 2 or not ready.exists():
            assert asyncio.get_running_loop().time() < until
            await asyncio.sleep(0.01)
        return shown

    assert asyncio.run(started()) == ["1", "2"]
    assert [len(text) for text in asked] == [900, 1200, len(font.common())]
    assert asyncio.run(started()) == ["3", "4"], "what was kept comes first, without a process"
    assert len(asked) == 4
