"""Guides of methods run as they stand."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.exhaustive
@pytest.mark.filterwarnings("ignore:.* such a score is that of one term")
@pytest.mark.parametrize(
    "name", ["co-words", "topic-effects", "attention", "issuers", "indices", "doors", "coding"]
)
def test_guide_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    held = {}
    for block in re.findall(r"^```python\n(.*?)^```", text, re.M | re.S):
        exec(compile(block, f"{name}.md", "exec"), held)
    plt.close("all")
    assert held


def outline(path):
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```.*?^```", text, re.M | re.S)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return {
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", prose, re.M)],
        "rows of tables": len(re.findall(r"^\|", prose, re.M)),
        "code": [re.sub(r" +# .*", "", block) for block in blocks],  # comments are translated
    }


@pytest.mark.parametrize("name", [path.name for path in sorted((DOCS / "zh").glob("*.md"))])
def test_chinese_guide_keeps_up_with_its_twin(name):
    english, chinese = DOCS / name, DOCS / "zh" / name
    assert outline(chinese) == outline(english)
    assert f"[中文](zh/{name})" in english.read_text(encoding="utf-8")
    assert f"[English](../{name})" in chinese.read_text(encoding="utf-8")
