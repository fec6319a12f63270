"""Exports of reference managers."""

import json

import pytest

from toolkit.ingest.limits import Limits
from toolkit.ingest.references import references

CSL = json.dumps(
    [
        {
            "type": "article",
            "title": "城市治理",
            "author": [{"family": "张", "given": "三"}, {"literal": "甲市政府"}],
            "issued": {"date-parts": [[2023, 5, 1]]},
            "container-title": "甲刊",
        }
    ]
)
RIS = """TY  - JOUR
TI  - 城市治理
AU  - 张, 三
AU  - Li, Si
PY  - 2023/05/01
JO  - 甲刊
L1  - files/1/a.pdf
ER  -
"""
BIB = """@comment{x}
@article{key,
  title = {城市{治理}},
  author = {张, 三 and Li, Si},
  year = 2023,
  journal = "甲刊",
  file = {PDF:files/1/a.pdf:application/pdf;files/2/b.html}
}
"""


@pytest.mark.parametrize(
    ("name", "text", "author", "files"),
    [
        ("a.json", CSL, "张三、甲市政府", ()),
        ("a.ris", RIS, "张三、Li, Si", ("files/1/a.pdf",)),
        ("a.bib", BIB, "张三、Li, Si", ("files/1/a.pdf", "files/2/b.html")),
    ],
)
def test_references(name, text, author, files):
    (entry,) = references(name, text.encode(), Limits())
    said = {**entry.given}
    said.pop("date", None)
    assert said == {"title": "城市治理", "author": author, "source": "甲刊", "year": "2023"}
    assert entry.attachments == files


def entries(name, text):
    return references(name, text.encode(), Limits())


@pytest.mark.parametrize("dash", ["  - ", " - ", "  -"])
def test_ris_keeps_all_lines_of_a_field_all_files_and_an_entry_without_end(dash):
    text = """TY  - JOUR
TI  - 城市治理的
  第二行
AB  - First line
second line
三行
N1  - not ours
goes on
L1  - a.pdf
L2  - b.pdf
TY  - JOUR
TI  - 没有结尾
""".replace("  - ", dash)
    first, second = entries("a.ris", text)
    assert first.given["title"] == "城市治理的第二行"
    assert first.given["abstract"] == "First line second line 三行"
    assert first.attachments == ("a.pdf", "b.pdf")
    assert second.given["title"] == "没有结尾"


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("{城市} # {治理}", "城市治理"),
        ('w # "的" # {路}', "社区 共治的路"),
        ("W", "社区 共治"),
        ("{{城市} # 5}", "城市 # 5"),
        ("{C\\# 与 50\\%}", "C# 与 50%"),
        ("{两\n  行}", "两 行"),
        ('"引{\\"o}"', '引\\"o'),
        ("2023", "2023"),
    ],
)
def test_bibtex_values(field, title):
    text = f'@string{{w = "社区" # {{ 共治}}}}\n@article{{k, author={{张三}}, title = {field}}}'
    (entry,) = entries("a.bib", text)
    assert entry.given == {"title": title, "author": "张三"}


def test_bibtex_entries_of_one_key_and_broken_ones_are_kept_or_told():
    text = "@book{k, title={甲}, title={乙}}\n@book{k, title={丙}}\n@misc{x, title={丁\n"
    text += "@misc{y, title={戊}}"
    found = entries("a.bib", text)
    assert [e.given["title"] for e in found] == ["甲", "丙", "@misc{x, title={丁", "戊"]
    assert [bool(e.reason) for e in found] == [False, False, True, False]
