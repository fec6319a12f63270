"""The glossary: each term once, in both languages, with an address that links can name."""

import re
from collections import Counter
from pathlib import Path

import pytest

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"
ENTRY = re.compile(r"### (.+)\n\n- \*\*(.+?)\*\*：(.+)\n- (.+)\n")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def text():
    return GLOSSARY.read_text(encoding="utf-8")


def test_every_term_has_one_line_in_each_language(text):
    entries = ENTRY.findall(text)
    assert len(entries) == text.count("\n### ") >= 120
    for english, chinese, explained, explanation in entries:
        assert re.fullmatch(r"[A-Za-z0-9' -]+", english), english
        assert re.search(r"[\u4e00-\u9fff]|TF-IDF", chinese), chinese
        assert CHINESE.search(explained) and explained.endswith("。"), explained
        assert not CHINESE.search(re.sub("接诉即办|的|以人民为中心", "", explanation)), explanation
        assert explanation.endswith("."), explanation
        assert max(len(explained), len(explanation)) <= 160


def test_terms_and_addresses_are_unique(text):
    entries = ENTRY.findall(text)
    english = [entry[0].lower().replace("'", "").replace(" ", "-") for entry in entries]
    assert [name for name, n in Counter(english).items() if n > 1] == []
    same = [name for name, n in Counter(entry[1] for entry in entries).items() if n > 1]
    assert same == []


def test_groups_are_listed_at_the_top(text):
    groups = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert re.findall(r"^- \[(.+?)\]\(#", text, re.MULTILINE) == groups
