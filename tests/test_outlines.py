"""What a file marks as headings, lists and tables is known and not guessed again."""

import io

import docx
import pytest

from toolkit import Corpus, clean, intake
from toolkit.outlines import outline

PROSE = "城市治理要像绣花一样精细，社区是基层治理的单元。群众的事情要和群众商量着办。" * 3


@pytest.mark.parametrize(
    ("text", "known", "kinds"),
    [
        # Without a mark 概况 is one too; with two known, only numbers are guessed.
        (
            f"题目\n{PROSE}\n概况\n{PROSE}\n工作\n{PROSE}\n安排\n{PROSE}",
            [("工作", 1), ("安排", 1)],
            [0, 0, 0, 0, 1, 0, 1, 0],
        ),
        # Guessed ones stand below those that are known, or above where their number is wider.
        (f"保障\n（一）组织\n{PROSE}\n实施\n{PROSE}", [("保障", 2), ("实施", 2)], [1, 2, 0, 1, 0]),
        (
            f"一、保障\n（一）组织\n{PROSE}\n（二）人员\n{PROSE}\n二、实施\n（一）分工\n{PROSE}",
            [("（一）组织", 2), ("（二）人员", 2), ("（一）分工", 2)],
            [1, 2, 0, 2, 0, 1, 2, 0],
        ),
        # A style that is known for some is that of all.
        (f"一、保障\n{PROSE}\n二、实施\n{PROSE}", [("一、保障", 3), ("其他", 4)], [1, 0, 1, 0]),
        # An item heads nothing; a long heading, and one above a heading like it, is one.
        (f"道路\n{PROSE}\n{PROSE}", [("道路", 0)], [0, 0, 0]),
        (
            f"{'城市治理' * 20}\n短的话\n{PROSE}\n安排\n{PROSE}",
            [("城市治理" * 20, 1), ("安排", 1)],
            [1, 0, 0, 1, 0],
        ),
        # A row is text that a heading has below it, and no heading.
        (f"{PROSE}\n各区件数\n区 | 件数\n江南区 | 18\n说明\n{PROSE}", [], [0, 1, 0, 0, 1, 0]),
        (f"一、件数\n区 | 件数\n合计 |\n二、说明\n{PROSE}", [], [1, 0, 0, 1, 0]),
        # Written in another way it is known all the same; an article is one.
        (
            f"２０２３年 工作\n{PROSE}\n安排\n{PROSE}",
            [("2023年工作", 1), ("安排", 1)],
            [1, 0, 1, 0],
        ),
        ("总则\n第一条 为了治理。\n附则\n第二条 施行。", [("第一条 为了治理。", 2)], [1, 0, 1, 0]),
    ],
)
def test_what_is_known_is_not_guessed(text, known, kinds):
    assert [line.level for line in outline(text, known)] == kinds


MARKDOWN = f"""# 甲市简报

## 概况

{PROSE}

各区情况如下
| 区 | 件数 | 说明 |
|---|---|---|
| 江南区 | 18 | |
| 江北区 | | 升 |
后面的话{PROSE}

- 道路
- 桥梁

{PROSE}

### 展望之一

{PROSE}

## 保障

（一）组织
{PROSE}
（二）资金
{PROSE}
"""
PAGE = f"""<html><head><title>甲市简报-某网</title></head><body>
<ul><li><a href=/>首页</a></li><li><a href=/b>新闻</a> 2024-01-02</li></ul>
<h1>甲市简报</h1><h2>概况</h2><p>{PROSE}</p><p>各区情况如下</p>
<table><tr><th>区</th><th>件数</th><th>说明</th></tr>
<tr><td><p>江南区</p></td><td>18</td><td></td></tr><tr><td>江北区</td><td></td><td>升</td></tr></table>
<p>后面的话{PROSE}</p><ul><li>道路</li><li><p>桥梁</p></li></ul><p>{PROSE}</p>
<h3>展望之一</h3><p>{PROSE}</p><h2><span>保障</span></h2><p>（一）组织</p><p>{PROSE}</p>
<p>（二）资金</p><p>{PROSE}</p></body></html>"""


def word():
    document = docx.Document()
    document.add_heading("甲市简报", 0)
    document.add_heading("概况", 1)
    document.add_paragraph(PROSE)
    document.add_paragraph("各区情况如下")
    table = document.add_table(3, 3)
    rows = ("区", "件数", "说明"), ("江南区", "18", ""), ("江北区", "", "升")
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    document.add_paragraph(f"后面的话{PROSE}")
    for text in ("道路", "桥梁"):
        document.add_paragraph(text, style="List Bullet")
    document.add_paragraph(PROSE)
    document.add_heading("展望之一", 2)
    document.add_paragraph(PROSE)
    document.add_heading("保障", 1)
    for text in ("（一）组织", PROSE, "（二）资金", PROSE):
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """Files of three formats that say the same, and the folder that they were taken into."""
    folder = tmp_path_factory.mktemp("known")
    (folder / "in").mkdir()
    files = {"a.md": MARKDOWN.encode(), "b.html": PAGE.encode(), "c.docx": word()}
    for name, data in files.items():
        (folder / "in" / name).write_bytes(data)
    intake(folder / "in", into=folder / "corpus", workers=1)
    return folder


@pytest.mark.filterwarnings("ignore:.*have a flaw")  # they are near-duplicates, as is meant
def test_marks_of_files_come_through_intake_alike(taken):
    corpus = Corpus.load(taken / "corpus")
    tables = {text[text.index("各区") : text.index("后面")] for text in corpus.units["text"]}
    assert tables == {"各区情况如下\n\n区 | 件数 | 说明\n江南区 | 18 |\n江北区 | | 升\n\n"}
    units = corpus.split("paragraph").units
    for _, rows in units.groupby("doc_id"):
        assert [*dict.fromkeys(zip(rows["path"], rows["section"], strict=True))] == [
            ("", "概况"),
            ("概况", "展望之一"),
            ("保障", "（一）组织"),
            ("保障", "（二）资金"),
        ]
        assert {"道路", "桥梁", "江南区 | 18 |"} <= {*rows["text"]}
    assert set(corpus.units["title"]) == {"甲市简报"}
    cleaned = clean(corpus).corpus.split("paragraph").units
    assert cleaned["section"].tolist() == units["section"].tolist()
    again = corpus.save(taken / "saved")
    assert Corpus.load(again).fingerprint == corpus.fingerprint
    assert corpus.select(doc_id="a").split("section").units["section"].nunique() == 4


@pytest.mark.filterwarnings("ignore:.*have a flaw")
def test_headings_that_a_user_changed_stay(taken):
    table = taken / "corpus" / "sections.csv"
    before = table.read_text("utf-8-sig")
    intake(taken / "in", into=taken / "corpus", workers=1)
    assert table.read_text("utf-8-sig") == before
    changed = before.replace("a,1,概况,2", "a,1,概况,1")
    table.write_text(changed, "utf-8-sig")
    intake(taken / "in", into=taken / "corpus", workers=1)
    assert table.read_text("utf-8-sig") == changed
    (taken / "in" / "b.html").unlink()
    with pytest.warns(UserWarning, match="no longer there|left the corpus"):
        intake(taken / "in", into=taken / "corpus", workers=1, drop_missing=True)
    assert "\nb," not in table.read_text("utf-8-sig")
    units = Corpus.load(taken / "corpus").split("paragraph").units
    assert "概况 / 保障" in {*units.loc[units["doc_id"] == "a", "path"]}, "as the user says"
    assert "概况 / 保障" not in {*units.loc[units["doc_id"] == "c", "path"]}
