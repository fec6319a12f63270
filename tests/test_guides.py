"""Guides of methods run as they stand."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.filterwarnings("ignore:.* such a score is that of one term")
@pytest.mark.parametrize(
    "name", ["co-words", "topic-effects", "attention", "issuers", "indices", "doors"]
)
def test_guide_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    held = {}
    for block in re.findall(r"^```python\n(.*?)^```", text, re.M | re.S):
        exec(compile(block, f"{name}.md", "exec"), held)
    plt.close("all")
    assert held
