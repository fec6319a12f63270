"""Tables for papers, read back from the files."""

import re
import sys
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit import term_weights
from toolkit.figures import export_table
from toolkit.figures.press import tables

TABLE = pd.DataFrame(
    {
        "词": ["热线_1", "<b>网格</b>", "50% & #更多", "=1+1"],
        "频次": [12, 3, -1, 0],
        "权重": [0.1284, -0.005, 1234.5, np.nan],
    }
)


def read(bundle, suffix):
    return (bundle / f"t.{suffix}").read_text("utf-8-sig")


@pytest.fixture
def bundle(tmp_path):
    return export_table(
        TABLE, "t", folder=tmp_path, caption="词 & 权重", formats=["csv", "tex", "html", "docx"]
    )


def test_csv_holds_the_numbers_as_they_are(bundle):
    lines = read(bundle, "csv").splitlines()
    assert lines[1] == "热线_1,12,0.1284"
    assert lines[4] == "'=1+1,0,"


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ([0.0312, 0.0287, np.nan], ["0.0312", "0.0287", "—"]),
        ([0.1284, -0.1], ["0.128", "\u22120.100"]),
        ([1234.5, 0.1284], ["1,234.50", "0.13"]),
        ([0.0, np.nan], ["0.00", "—"]),
        ([9.99e-300, np.inf], ["0.00000000", "inf"]),
        ([3, "热线"], ["3", "热线"]),
    ],
)
def test_a_column_shows_three_digits_of_its_largest_number(column, cells):
    table = pd.DataFrame({"v": pd.Series(column, dtype=object)})
    assert [row[0] for row in tables.rounded(table, None)[1:]] == cells
    assert tables.rounded(pd.DataFrame({"v": [0.0312]}), 2)[1] == ["0.03"]


def test_latex_has_three_rules_and_escapes(bundle):
    tex = read(bundle, "tex")
    assert [*re.findall(r"\\(\w+rule)", tex)] == ["toprule", "midrule", "bottomrule"]
    assert r"\begin{tabular}{lrr}" in tex
    assert r"\caption{词 \& 权重}" in tex
    assert r"\label{tab:t}" in tex
    assert r"热线\_1 & 12 & 0.13 \\" in tex
    assert r"\textless{}b\textgreater{}网格" in tex
    assert r"50\% \& \#更多 & $-$1 & 1,234.50 \\" in tex
    assert "ctex" in tex.splitlines()[0]


def read_latex(tex):
    """Return the cells of a table, read as strictly as TeX reads them."""
    table = r"\\begin\{tabular\}\{([lr]+)\}(.*)\\end\{tabular\}"
    columns, body = re.search(table, tex, re.DOTALL).groups()
    rows, cell, before = [[]], "", r"\\"
    for token in re.findall(r"\\\\|\\[a-z]+(?:\{\})?|\\.|\{\}|\$-\$|\s+|.", body):
        if token in ("&", r"\\"):
            rows[-1].append(cell.strip())
            cell = ""
            rows += [[]] if token == r"\\" else []
        elif token in RULES:
            assert not cell.strip()
        elif token.isspace():
            cell += " "
            continue  # TeX looks for an argument beyond it
        else:
            plain = len(token) == 1 and token not in SPECIAL
            assert plain or token in READ, f"{token!r} is for TeX"
            assert not (token in "[*" and before in ENDS), f"{token!r} belongs to {before!r}"
            assert not (cell.endswith("-") and token == before == "-"), "hyphens make a dash"
            cell += READ.get(token, token)
        before = token
    assert rows.pop() == []
    assert {len(row) for row in rows} == {len(columns)}
    return rows


RULES = (r"\toprule", r"\midrule", r"\bottomrule")
ENDS = (r"\\", *RULES)
SPECIAL = {*"\\%$#_{}~^&"}
READ = {rf"\{c}": c for c in "&%$#_{}"} | {"$-$": "\u2212", "{}": "", r"\textbackslash{}": "\\"}
READ |= {r"\textasciitilde{}": "~", r"\textasciicircum{}": "^"}
READ |= {r"\textless{}": "<", r"\textgreater{}": ">"}
CELLS = st.text(st.sampled_from("热线 a1[]*-&%$#_{}~^\\<>\n\t'\u2212"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=2, max_size=4))
@example([["*", "a--b"], ["[1]", "---"]])
def test_latex_reads_back(rows):
    """TeX is not run here: it takes 371 MB. The tables were compiled once by hand."""
    expected = [[" ".join(cell.split()) for cell in row] for row in rows]
    assert read_latex(tables._latex(rows, "t", "词")) == expected


@pytest.mark.parametrize(
    "line",
    [
        r"[1] & 2",
        r"* & 2",
        "1 & 2 & 3",
        "50% & 1",
        "a_b & 1",
        r"\foo{} & 1",
        "a -- b & 1",
        "$x$ & 1",
    ],
)
def test_the_reader_of_latex_is_strict(line):
    tex = tables._latex([["a", "b"], ["x", "y"]], "t", "").replace("x & y", line)
    assert line in tex
    with pytest.raises(AssertionError):
        read_latex(tex)


def test_html_is_escaped_and_has_every_cell(bundle):
    cells = []

    class Reader(HTMLParser):
        tag = ""

        def handle_starttag(self, tag, attrs):
            self.tag = tag
            assert tag != "b"

        def handle_data(self, data):
            if self.tag in ("th", "td", "caption") and data.strip():
                cells.append(data)

    page = read(bundle, "html")
    Reader().feed(page)
    assert cells[:4] == ["词 & 权重", "词", "频次", "权重"]
    assert "<b>网格</b>" in cells
    assert cells[-1] == "—"
    assert "−1" in cells
    assert '<meta charset="utf-8">' in page


def test_word_has_three_lines_and_song(bundle):
    docx = pytest.importorskip("docx")
    document = docx.Document(str(bundle / "t.docx"))
    assert document.paragraphs[0].text == "词 & 权重"
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["词", "频次", "权重"]
    assert rows[2] == ["<b>网格</b>", "3", "−0.01"]
    xml = table._element.xml
    sizes = re.findall(r'<w:(top|bottom) w:val="single" w:sz="(\d+)"', xml)
    assert sizes == [("top", "12"), ("bottom", "6")] * 3 + [("bottom", "12")] * 3
    assert not re.search(r"<w:(left|right|insideV) w:val", xml)
    assert 'w:eastAsia="宋体"' in xml
    assert 'w:ascii="Times New Roman"' in xml
    assert 'w:sz w:val="18"' in xml  # 9 pt, 小五


def test_same_bytes(bundle, tmp_path):
    again = export_table(
        TABLE,
        "t",
        folder=tmp_path / "b",
        caption="词 & 权重",
        formats=["csv", "tex", "html", "docx"],
    )
    for path in bundle.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_numbers():
    cells = [0.126, -0.001, -2.0, 1e6, 3, True, None, np.nan, pd.NaT, np.int64(-4), "−", ("a", 1)]
    frame = pd.DataFrame({"x": pd.Series(cells, dtype=object)})
    assert [row[0] for row in tables.rounded(frame, 2)[1:]] == [
        *("0.13", "0.00", "−2.00", "1,000,000.00", "3", "True", "—", "—", "—", "−4", "−"),
        "('a', 1)",
    ]


def test_an_index_that_tells_something_is_a_column(tmp_path, matrix):
    table = term_weights(matrix, by="region", n=2).set_index(["group", "term"])
    bundle = export_table(table, "t", folder=tmp_path, value=matrix)
    assert read(bundle, "tex").count(" & ") == 5 * (len(table) + 1)
    assert "tfidf" in (bundle / "provenance.json").read_text("utf-8")


def test_refusals(tmp_path, matrix):
    for formats in ([], "csv", ["xlsx"]):
        with pytest.raises(ValueError, match="formats must be some of"):
            export_table(TABLE, "t", folder=tmp_path, formats=formats)
    with pytest.raises(ValueError, match="cannot name a bundle"):
        export_table(TABLE, "../t", folder=tmp_path)
    export_table(TABLE, "t", folder=tmp_path, value=matrix)
    with pytest.raises(FileExistsError, match="holds another"):
        export_table(TABLE.head(1), "t", folder=tmp_path, value=matrix)


def test_what_word_cannot_hold_is_shown_as_unreadable(tmp_path):
    docx = pytest.importorskip("docx")
    table = pd.DataFrame({"a\x0b": ["城\x00\x1f市", "\uffff"]})
    bundle = export_table(table, "t", folder=tmp_path, caption="\x01", formats=["docx"])
    (made,) = docx.Document(str(bundle / "t.docx")).tables
    assert [c.text for c in made.columns[0].cells] == ["a\ufffd", "城\ufffd\ufffd市", "\ufffd"]


@pytest.mark.parametrize("format", tables.TABLE_FORMATS)
@pytest.mark.parametrize("place", ["head", "cell", "caption"])
def test_half_a_character_is_told_with_its_place(tmp_path, format, place):
    text = {"head": "甲", "cell": "乙", "caption": "丙", place: "治\ud83d"}
    head = pd.Index([text["head"]], dtype=object)
    table = pd.DataFrame([[text["cell"]]], columns=head, dtype=object)
    with pytest.raises(ValueError, match="holds half a character"):
        export_table(table, "t", folder=tmp_path, caption=text["caption"], formats=[format])
    assert not any(tmp_path.iterdir())


def test_word_without_python_docx(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ModuleNotFoundError, match=r"city-governance-toolkit\[word\]"):
        export_table(TABLE, "t", folder=tmp_path, formats=["docx"])
    assert not [*tmp_path.iterdir()]


def test_an_empty_table(tmp_path):
    bundle = export_table(TABLE.head(0), "t", folder=tmp_path, formats=["tex", "html", "docx"])
    assert "词 & 频次 & 权重" in read(bundle, "tex")
