"""Texts that would do harm if they were taken for anything but text."""

import pytest

from toolkit import Corpus

#: Sets a mark on the page if any of it runs.
HOSTILE = (
    "<script>window.harmed = 1</script>",
    "<img src=x onerror='window.harmed = 2'>",
    '"><svg onload="window.harmed = 3">',
    "<a href='javascript:window.harmed=4'>链接</a>",
    "</script><script>window.harmed = 5</script>",
    "{{constructor.constructor('window.harmed=6')()}}",
    "<style>body{display:none}</style><iframe srcdoc='<script>parent.harmed=7</script>'>",
)


def hostile_corpus():
    """Return twelve texts: markup as words, bidi controls, endless lines, formulas."""
    texts, metadata = {}, {}
    for i in range(12):
        harm = HOSTILE[i % len(HOSTILE)]
        body = "热线诉求办理。" if i % 2 else "网格社区治理。"
        texts[f"t{i}"] = (
            f"{body}{harm}城市\u202e治理\u202c平台\u200b数据。\n=HYPERLINK(1) {body}" * 3
        )
        metadata[f"t{i}"] = {
            "title": f"{harm}题目",
            "city": f"{harm}城{i % 3}",
            "year": 2020 + i % 3,
            "kind": "=cmd()" if i % 2 else harm,
            "region": '" onmouseover="window.harmed=8',
        }
    texts["t0"] += "城市治理" * 25_000
    # A line of words that no dictionary knows: jieba alone takes over a minute for it.
    texts["t1"] += "\n" + "".join(chr(0x9000 + i * i * 7919 % 1999) for i in range(100_000))
    return Corpus.from_texts(texts, metadata=metadata)


@pytest.fixture(scope="session")
def hostile():
    return hostile_corpus()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """What is kept beside a notebook is not kept here, and no test takes up that of another."""
    monkeypatch.chdir(tmp_path)
