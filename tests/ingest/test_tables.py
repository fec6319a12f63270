"""Tables: each row a text, and no cell of any table lost."""

import csv
import io
import json
import os
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.ingest.decide import decide
from toolkit.ingest.formats import read
from toolkit.ingest.limits import Limits, UnreadableError
from toolkit.ingest.placing import place
from toolkit.ingest.prepare import prepare
from toolkit.ingest.store import Item, Store

PROSE = "城市治理要像绣花一样精细，社区是基层治理的单元。群众的事情要和群众商量着办。"
ROWS = [
    {"标题": "甲", "正文": PROSE, "城市": "北京", "年份": 2023, "街道": "一街"},
    {"标题": "乙", "正文": PROSE * 2, "城市": "上海", "年份": 2024, "街道": ""},
]


def table_bytes(suffix):
    import pandas as pd

    frame = pd.DataFrame(ROWS)
    out = io.BytesIO()
    if suffix in (".csv", ".tsv"):
        text = frame.to_csv(index=False, sep="\t" if suffix == ".tsv" else ",")
        return text.encode("gb18030")
    if suffix == ".jsonl":
        return frame.to_json(orient="records", lines=True, force_ascii=False).encode()
    if suffix == ".json":
        return frame.to_json(orient="records", force_ascii=False).encode()
    if suffix == ".xlsx":
        frame.to_excel(out, index=False)
    else:
        frame.to_parquet(out)
    return out.getvalue()


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".json", ".xlsx", ".parquet"])
def test_each_row_of_a_table_is_a_text(suffix):
    drafts = read(f"a{suffix}", table_bytes(suffix))
    assert [d.text for d in drafts] == [PROSE, PROSE * 2]
    assert drafts[0].given == {"title": "甲", "city": "北京", "year": "2023", "街道": "一街"}
    assert [d.part for d in drafts] == ["row 1", "row 2"]


def test_columns_are_named_by_the_user_where_their_names_say_nothing():
    data = f"a,b\n题,{PROSE}\n".encode()
    with pytest.raises(UnreadableError, match=r"no column is known to hold the text.* a, b"):
        read("x.csv", data)
    (draft,) = read("x.csv", data, columns={"b": "text", "a": "title"})
    assert (draft.text, draft.given) == (PROSE, {"title": "题"})


def workbook(rows, *, merged=()):
    """An Excel file; merged areas are column, row, last column, last row, from 1."""
    import openpyxl
    from openpyxl.worksheet.cell_range import CellRange

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell in (cell for row in book.active for cell in row if cell.data_type == "f"):
        cell.data_type = "s"  # a text that begins with = is no formula
    for area in merged:
        book.active.merged_cells.add(CellRange(None, *area))  # what is below stays
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def said(drafts):
    """What is kept of each row, and the first word of what is told of it."""
    return [({"text": d.text, **d.given}, [w.split()[0] for w in d.warnings]) for d in drafts]


@pytest.mark.parametrize(
    ("name", "data", "want"),
    [
        # more cells than heads
        (
            "a.csv",
            "标题,正文\n甲,城市治理要精细,社区共治要落实,独有的尾巴\n乙,文\n",
            [
                ({"text": "城市治理要精细", "title": "甲", "column 3": "社区共治要落实",
                  "column 4": "独有的尾巴"}, ["it"]),
                ({"text": "文", "title": "乙"}, []),
            ],
        ),
        # a quotation mark that is not closed, at the end and before another
        (
            "a.csv",
            '标题,正文\n甲,"城市\n乙,社区\n丙,基层\n',
            [
                ({"text": '"城市', "title": "甲"}, ["the"]),
                ({"text": "社区", "title": "乙"}, []),
                ({"text": "基层", "title": "丙"}, []),
            ],
        ),
        (
            "a.csv",
            '标题,正文\n甲,"城市\n乙,"社区,区"\n丙,"一\n二"\n',
            [
                ({"text": '"城市', "title": "甲"}, ["the"]),
                ({"text": "社区,区", "title": "乙"}, []),
                ({"text": "一\n二", "title": "丙"}, []),
            ],
        ),
        ("a.csv", '标题, 正文\n"甲", "一,二"\n', [({"text": "一,二", "title": "甲"}, [])]),
        # columns without a name, of one name, and of several names for one thing
        (
            "a.csv",
            "市,,市,标题,title,正文,内容\n甲,乙,丙,丁,戊,文,己\n",
            [({"text": "文", "city": "甲", "column 2": "乙", "市 2": "丙", "title": "丁",
               "title 2": "戊", "内容": "己"}, [])],
        ),
        # the mark that keeps a spreadsheet from running a cell, in heads as well
        ("a.csv", "标题,正文,'=甲\n'@北京市民,'+文,'引\n",
         [({"text": "+文", "title": "@北京市民", "=甲": "'引"}, [])]),
        ("a.csv", "标题,正文\n甲,\n乙,文", [({"text": "", "title": "甲"}, ["its"]),
                                       ({"text": "文", "title": "乙"}, [])]),
        # JSON
        ("a.jsonl", '{"市": "甲", "text": "文", "市": "乙"}',
         [({"text": "文", "city": "甲", "市 2": "乙"}, [])]),
        ("a.jsonl", '{"text": "文"}\n{broken\n[1]\n',
         [({"text": "文"}, []), ({"text": ""}, ["line"]), ({"text": ""}, ["line"])]),
        ("a.json", '[{"正文": "一"}, 7, {"内容": "二"}]',
         [({"text": "一"}, []), ({"text": ""}, ["line"]), ({"text": "二"}, [])]),
        ("a.json", '{\n"正文": "一",\n"数": {"a": 1, "a": 2}}',
         [({"text": "一", "数": '{"a": 1, "a 2": 2}'}, [])]),
    ],
)  # fmt: skip
def test_no_cell_is_lost(name, data, want):
    assert said(read(name, data.encode())) == want


@pytest.mark.parametrize(
    "rows",
    [
        [["某市来信"], ["编号", "诉求"], ["1", "路灯不亮。"]],
        [["某市来信", ""], ["导出于2023年", ""], ["编号", "诉求"], ["1", "路灯不亮。"]],
    ],
)
def test_lines_above_the_heads_are_told_and_name_no_column(rows):
    data = "".join(",".join(row) + "\n" for row in rows).encode()
    captions = "; ".join(row[0] for row in rows[:-2])
    for name, content in (("a.csv", data), ("a.xlsx", workbook(rows, merged=[(1, 1, 2, 1)]))):
        (draft,) = read(name, content, columns={"诉求": "text"})
        assert (draft.text, draft.given) == ("路灯不亮。", {"编号": "1"})
        assert draft.notes == (f"above the heads of its columns stands: {captions}",)
        with pytest.raises(UnreadableError, match="there are 编号, 诉求"):
            read(name, content)


@pytest.mark.parametrize(
    ("title", "date", "text"),
    [("留言标题", "留言日期", "留言内容"), ("诉求标题", "来电时间", "诉求内容")],
)
def test_columns_of_messages_are_known(title, date, text):
    data = f"{title},{date},承办街道,{text}\n路灯,2023/6/1,甲街,路灯不亮。\n".encode()
    (draft,) = read("a.csv", data)
    assert draft.text == "路灯不亮。"
    assert draft.given == {"title": "路灯", "date": "2023/6/1", "承办街道": "甲街"}


def test_a_known_head_above_wider_rows_is_the_head():
    drafts = read("a.csv", "正文\n路灯不亮,请修理。\n公交太少。\n".encode())
    assert [draft.text for draft in drafts] == ["路灯不亮", "公交太少。"]


def test_what_is_told_names_its_place():
    drafts = read("a.csv", '标题,正文\n甲,文,尾\n乙,"文\n丙,\n'.encode())
    assert [d.part for d in drafts] == ["row 1", "row 2", "row 3"]
    assert drafts[0].warnings == ("it has 3 cells under 2 heads: kept as column 3",)
    assert drafts[1].warnings == ("the quotation marks of line 3 are amiss: read as it stands",)
    assert drafts[2].warnings == ("its row says title: 丙",)
    (_, broken) = read("a.jsonl", b'{"text": "a"}\n\n{broken')
    assert broken.warnings == ("line 3 is no JSON object: {broken",)


def test_workbooks_keep_what_has_no_head_and_what_is_merged():
    rows = [["城市", "正文", "联系", None, None], ["甲", "一", 1, 2.0, "无"], [None, "二", 3, 4.5]]
    drafts = read("a.xlsx", workbook(rows, merged=[(1, 2, 1, 3), (3, 1, 4, 1)]))
    assert said(drafts) == [
        ({"text": "一", "city": "甲", "联系": "1", "联系 2": "2", "column 5": "无"}, []),
        ({"text": "二", "city": "甲", "联系": "3", "联系 2": "4.5"}, []),
    ]


def test_each_sheet_has_heads_of_its_own():
    import openpyxl

    book = openpyxl.Workbook()
    for title, rows in {"甲": [["正文"], ["一"]], "乙": [["题目", "内容"], ["题", "二"]],
                        "空": [], "注": [["说明"], ["三"]]}.items():  # fmt: skip
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert said(read("a.xlsx", out.getvalue())) == [
        ({"text": "一"}, []),
        ({"text": "二", "title": "题"}, []),
        ({"text": "", "说明": "三"}, ["its"]),
    ]


def test_parquet_with_bytes_and_columns_of_one_name():
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = [
        ["城市治理".encode()],
        ["甲".encode("gbk") * 9],
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
        [[b"a"]],
    ]
    table = pa.Table.from_arrays([pa.array(v) for v in values], names=["text", "市", "市", "列"])
    out = io.BytesIO()
    pq.write_table(table, out)
    assert said(read("a.parquet", out.getvalue())) == [
        ({"text": "城市治理", "city": "甲" * 9, "市 2": "16 bytes that are no text",
          "列": '["a"]'}, []),
    ]  # fmt: skip


# ---------------------------------------------------------------- random tables

HEADS = (
    "",
    "标题",
    "题目",
    "城市",
    "市",
    "年份",
    "id",
    "file",
    "unit",
    "类型",
    "列",
    "text",
    "a b",
)
FORMS = ("{}", "", "{},{}", '"{}', '{}"', '{}"{}"{}', "{}\n{}", "=1+{}", "'@{}", " {} ", "2023年{}",
         "{}\t{}", "　{}", "-2+3+cmd|{}", "{}；\"{},")  # fmt: skip


@st.composite
def tables(draw):
    """Heads and ragged rows; each word of a cell, ``格17子``, stands in no other."""
    heads = draw(st.lists(st.sampled_from(HEADS), max_size=5))
    heads.insert(draw(st.integers(0, len(heads))), "正文")
    rows = draw(st.lists(st.lists(st.sampled_from(FORMS), max_size=8), min_size=1, max_size=5))
    words = (f"格{n}子" for n in range(10_000))
    return heads, [[form.format(*(next(words) for _ in "{}{}{}")) for form in row] for row in rows]


def as_file(draw, heads, rows):
    """Return a name and the bytes of a file that holds the table, well made or not."""
    kind = draw(st.sampled_from(("csv", "raw.csv", "tsv", "xlsx", "jsonl")))
    if kind == "xlsx":
        top, left, height = (draw(st.integers(2, 4)) for _ in range(3))
        return "a.xlsx", workbook([heads, *rows], merged=[(left, top, left, top + height)])
    if kind == "jsonl":
        lines = [
            ", ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in zip(heads, row, strict=False))
            for row in rows
        ]
        lines = [f"{{{line}}}" for line in lines]
        broken = draw(st.lists(st.sampled_from(lines)))
        return "a.jsonl", "\n".join([*lines, *(line[1:] for line in broken)]).encode()
    out = io.StringIO()
    if kind == "raw.csv":  # as a program that knows nothing of quotation marks writes it
        out.writelines(",".join(row) + "\n" for row in (heads, *rows))
    else:
        writer = csv.writer(out, delimiter="\t" if kind == "tsv" else ",")
        writer.writerows([heads, *rows])
    out.write(f"{PROSE}\n")  # by which its encoding is told
    codec = draw(st.sampled_from(("utf-8", "utf-8-sig", "gb18030")))
    return f"a.{kind}", out.getvalue().encode(codec)


@settings(
    max_examples=int(os.environ.get("RANDOM_TABLES", "60")),
    deadline=None,
    suppress_health_check=[*HealthCheck],
)
@given(st.data())
def test_every_cell_of_a_random_table_is_kept_or_told(data):
    heads, rows = data.draw(tables())
    name, content = as_file(data.draw, heads, rows)
    words = {w for row in rows for cell in row for w in words_of(cell)}
    if name.endswith(".jsonl"):  # which has no cells but under its keys
        words = {w for row in rows for cell in row[: len(heads)] for w in words_of(cell)}
    with tempfile.TemporaryDirectory() as folder:
        try:
            drafts = read(name, content)
        except UnreadableError as error:
            # Told as a whole, which it may only be if there is nothing, or no column of texts.
            assert not words or ("no column is known" in str(error) and name == "a.jsonl")
            return
        item = Item("key", name, name, "0", len(content))
        store = Store(Path(folder), Limits())
        prepared = [prepare(draft, name=name) for draft in drafts]
        place(decide([(item, prepared)], store, []), store)
        told = (p for p in store.into.rglob("*") if p.suffix in (".txt", ".csv"))
        kept = "".join(p.read_text(encoding="utf-8") for p in told if p.stem != "evidence")
    assert words <= words_of(kept)


def words_of(text):
    return set(re.findall(r"格\d+子", text))


def test_a_formula_without_its_result_stays_and_is_told():
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "甲 & 乙"
    for sheet in (book.active, book.create_sheet("第二", 0)):
        sheet.append(["标题", "正文", "分数"])
        sheet.append(["一", "城市治理要精细。", 2])
        sheet.append(["二", "社区共治要落实。", f"=LEN({sheet.title[0]!r}&C2)"])
        sheet["A5"] = "=CONCAT(A2,A3)"  # in a row that has nothing else
    out = io.BytesIO()
    book.save(out)
    drafts = read("a.xlsx", out.getvalue())
    assert [draft.given.get("分数") for draft in drafts] == [
        "2", "=LEN('第'&C2)", None, "2", "=LEN('甲'&C2)", None
    ]  # fmt: skip
    assert [draft.given["title"] for draft in drafts[2::3]] == ["=CONCAT(A2,A3)"] * 2
    told = [any("formula without a result" in said for said in d.warnings) for d in drafts]
    assert told == [False, True, True] * 2


def test_a_formula_with_its_result_is_its_result():
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["正文", "注", "数"], ["城市治理要精细。", '=""', "=1+1"]):
        book.active.append(row)
    made, out = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = re.sub(
                rb'<c r="B2"><f>""</f><v ?/?>(</v>)?',
                b'<c r="B2" t="str"><f>""</f><v></v>',
                old.read(name),
            )
            new.writestr(name, re.sub(rb"(<f>1\+1</f>)<v ?/?>(</v>)?", rb"\1<v>2</v>", part))
    (draft,) = read("a.xlsx", out.getvalue())
    assert (draft.given, draft.warnings) == ({"数": "2"}, ())


def test_usual_columns_of_hotlines_hold_the_date():
    from toolkit.metadata import column_names

    names = column_names(["工单编号", "受理时间", "诉求内容"])
    assert names == {"工单编号": "工单编号", "受理时间": "date", "诉求内容": "text"}
    assert column_names(["登记日期", "留言时间"])["登记日期"] == "date"
