"""Each reader on real files of its format, made here."""

import importlib
import io
import json
import shutil
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrapping import SITES, coverage, pdf, pdfs

from toolkit.ingest.documents import unwrap
from toolkit.ingest.encodings import decode, is_garbled
from toolkit.ingest.flags import text_flags
from toolkit.ingest.formats import BY_ENDING, FORMATS, address_list, kind_of, read
from toolkit.ingest.limits import Limits, UnreadableError, need
from toolkit.ingest.prepare import prepare

SAMPLES = {p.suffix: p.read_bytes() for p in Path(__file__).parent.glob("samples/[ab].*")}
PROSE = "城市治理要像绣花一样精细，社区是基层治理的单元。群众的事情要和群众商量着办。"
LINES = [
    "一、过去一年的工作",
    *(f"第{n}件事：{PROSE}" * 3 for n in "甲乙丙丁戊"),
    "二、今年的安排",
    *(f"各位代表：{n}。{PROSE}" * 2 for n in "己庚辛"),
]


def bare(text):
    return "".join(text.split())


# ---------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_encodings_of_simplified_text(codec, found):
    text = f"标题\n{PROSE}\n"
    assert decode(text.encode(codec)) == (text, found, "")


def test_traditional_text_in_big5():
    text = "城市治理要像繡花一樣精細，這是為人民。" * 3
    assert decode(text.encode("big5"))[:2] == (text, "big5hkscs")
    assert decode(text.encode("gb18030"))[:2] == (text, "gb18030")


@pytest.mark.parametrize("claim", ["utf-8", "big5", "iso-8859-1", "x-nonsense", "zlib", ""])
def test_wrong_claims_are_seen_through(claim):
    found = decode(PROSE.encode("gbk"), declared=claim)
    assert (found.text, found.encoding) == (PROSE, "gb18030")
    assert bool(found.note) == (claim in ("utf-8", "big5", "iso-8859-1"))


def test_a_text_cut_within_a_character_is_read_and_told():
    found = decode((PROSE * 20).encode()[:-1])
    assert found.encoding == "utf-8"
    assert "mojibake: 1 characters were lost" in text_flags(found.text)[0]


def test_lost_characters_are_told():
    (draft,) = read("a.txt", f"锟斤拷{PROSE}".encode())
    assert "锟斤拷" in prepare(draft, name="a.txt").doubts[0]
    (draft,) = read("a.csv", f"正文,街道\n{PROSE},东街".encode()[:-1])
    assert draft.warnings == ("characters were lost (\ufffd) in 街道",)


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, bytes(range(256)) * 40, b"\x7fELF" + b"\0\1\2\3" * 500]
)
def test_what_is_no_text(data):
    with pytest.raises(UnreadableError):
        decode(data)


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Co"])))
def test_prose_survives_gb18030_whatever_is_in_it(text):
    text = PROSE * 5 + text
    assert decode(text.encode("gb18030")).text == text


# ---------------------------------------------------------------- documents


def test_text_with_front_matter():
    (draft,) = read("a.md", f'---\ntitle: "题目"\nyear: 2023\n---\n{PROSE}'.encode())
    assert draft.text == PROSE and draft.given == {"title": "题目", "year": "2023"}


def test_lines_of_front_matter_that_are_no_fields_are_told():
    text = f"---\ntitle: 题\ntags:\n- 甲\n- 乙\ntitle: 又\n---\n{PROSE}"
    (draft,) = read("a.md", text.encode())
    assert draft.given == {"title": "题", "tags": ""}
    assert draft.left_out == ("- 甲", "- 乙", "title: 又")


def test_lines_broken_at_a_width_are_joined():
    paragraphs = [f"{PROSE}第{n}段。" * 4 for n in range(8)]
    broken = [p[i : i + 30] for p in paragraphs for i in range(0, len(p), 30)]
    joined = unwrap(["一、总体要求", *broken[:40], "— 2 —", *broken[40:]])
    assert joined.count("— 2 —") == 1, "cleaning removes it, and tells"
    kept = [line for line in joined if line != "— 2 —"]
    assert bare("".join(kept)) == bare("一、总体要求" + "".join(paragraphs))
    assert kept[0] == "一、总体要求" and len(kept) <= len(paragraphs) + 1


@pytest.mark.parametrize("site", SITES)
def test_pages_keep_their_text_and_drop_the_rest(site):
    (draft,) = read("a.html", SITES[site]("甲市的报告", LINES))
    text = prepare(draft, name="a.html").text
    lines = [line for line in text.split("\n") if line != "甲市的报告"]
    assert lines == LINES
    assert ("title", "甲市的报告") in [(f, v) for f, v, _ in draft.told]


def test_a_page_with_text_in_two_places_is_taken_whole():
    page = f"<body><div><p>{PROSE * 9}</p></div><aside class='ad'><p>旁边：{PROSE * 3}</p></aside>"
    (draft,) = read("a.html", page.encode())
    assert "旁边" in draft.text and PROSE in draft.text


def test_scripts_styles_comments_and_hidden_parts_are_no_text():
    page = f"<script>var 甲;</script><style>乙</style><!-- 丙 --><p>{PROSE}</p><select>丁</select>"
    (draft,) = read("a.html", page.encode())
    assert draft.text == PROSE


def test_web_archive():
    page = SITES["portal"]("甲市的报告", LINES)
    import email.mime.multipart
    import email.mime.text

    message = email.mime.multipart.MIMEMultipart("related")
    message.attach(email.mime.text.MIMEText(page.decode(), "html", "utf-8"))
    (draft,) = read("a.mhtml", message.as_bytes())
    assert LINES[1] in draft.text


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    if not shutil.which("chromium"):
        pytest.skip("chromium prints the PDF of this test")
    folder = tmp_path_factory.mktemp("pdf")
    pdfs({"a": ("甲市的报告", LINES * 3), "b": ("空", [])}, folder)
    return folder


def test_pdf_gives_its_paragraphs_without_page_numbers(printed):
    (draft,) = read("a.pdf", (printed / "a.pdf").read_bytes())
    want = bare("甲市的报告" + "".join(LINES * 3))
    text = prepare(draft, name="a.pdf").text
    assert coverage(want, bare(text)) == 1.0
    assert coverage(bare(text), want) == 1.0, "nothing was added, page numbers are gone"
    assert text.count("一、过去一年的工作\n") == 3, "headings stand alone"


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("王伟 李娜 张敏 刘洋 陈静 杨磊 赵强 黄勇 周杰 吴军 徐丽 孙涛 马超 朱婷 胡斌 " * 9, False),
        ("城市治理要像繡花一樣精細，這是為人民對於實現發展的體會。" * 9, False),
        ("도시의 거버넌스는 세밀해야 하며 이것은 시민을 위한 것이다. " * 9, False),
        ("Управление городом требует точности. " * 9, False),
        ("12 345 6,789 % " * 40, False),
        ("".join(chr(0x4E00 + i * 97 % 20_900) for i in range(400)), True),
        ("城市治理要像绣花一样精细".encode("gbk").decode("utf-16-be", "replace") * 9, True),
        ("\ue001\ue002\ue003 一二" * 20, True),
    ],
)
def test_text_in_characters_that_do_not_belong_together(text, garbled):
    assert is_garbled(text) == garbled


SHOWN = ["一、总体要求", "城市治理要像绣花一样精细，社区是基层治理的单元。"]


@pytest.mark.parametrize("cmap", ["GBKp-EUC-H", "GBK-EUC-H"])
def test_pdf_whose_fonts_name_a_chinese_collection(cmap):
    (draft,) = read("a.pdf", pdf(SHOWN, cmap=cmap))
    assert draft.text.split("\n") == SHOWN


def test_pdf_whose_fonts_say_nothing_is_told_and_not_accepted():
    with pytest.raises(UnreadableError, match=r"1 pages cannot be made out .* \(OCR\) first"):
        read("a.pdf", pdf(SHOWN * 5, cmap="Identity-H", ordering="Own"))
    import pypdf

    both = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(SHOWN * 5)))
    both.append(io.BytesIO(pdf(SHOWN * 5, cmap="Identity-H", ordering="Own")))
    out = io.BytesIO()
    both.write(out)
    (draft,) = read("a.pdf", out.getvalue())
    assert draft.text.split("\n") == SHOWN * 5
    assert "text that cannot be made out on page 2 of 2" in draft.warnings[0]


def test_scanned_pages_are_told(printed):
    import pypdf

    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(UnreadableError, match=r"none of its 3 pages has a text layer.*OCR"):
        read("a.pdf", out.getvalue())
    mixed = pypdf.PdfWriter(clone_from=io.BytesIO((printed / "a.pdf").read_bytes()))
    mixed.insert_blank_page(595, 842, index=1)
    out = io.BytesIO()
    mixed.write(out)
    (draft,) = read("a.pdf", out.getvalue())
    assert "no text on page 2 of" in draft.warnings[0]


def test_pdf_with_a_password(printed):
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO((printed / "a.pdf").read_bytes()))
    writer.encrypt("geheim", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(UnreadableError, match="asks for a password"):
        read("a.pdf", out.getvalue())


# ---------------------------------------------------------------- lists of addresses


def test_a_list_of_addresses_is_not_a_table_of_texts():
    assert address_list("x.csv", f"url,text\nhttp://a.cn,{PROSE}\n".encode(), Limits()) == []
    assert address_list("x.csv", "标题,链接\n甲,http://a.cn\n".encode(), Limits()) == [
        {"title": "甲", "url": "http://a.cn"}
    ]
    assert address_list("x.txt", f"http://a.cn\n{PROSE}".encode(), Limits()) == []


# ---------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("通知.doc", b"<html><p>x", ".html"),
        ("a.txt", b"<!DOCTYPE html><p>x", ".html"),
        ("a.bin", b"%PDF-1.4", ".pdf"),
        ("a.PDF", b"%PDF-1.4", ".pdf"),
        ("page.aspx", b"  <p>x", ".html"),
        ("a", b"x", ""),
    ],
)
def test_first_bytes_correct_the_name(name, data, kind):
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0", "save it as .docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word format of before 2007"),
        ("a.caj", b"x", "print it as PDF"),
        ("a.png", b"\x89PNG", "character recognition"),
        ("a", b"x", "without an ending"),
        ("a.txt", b"", "the file is empty"),
        ("a.html", b"<html></html>", "no text"),
    ],
)
def test_what_is_not_read_says_what_to_do(name, data, said):
    with pytest.raises(UnreadableError, match=said):
        read(name, data)


def test_traditional_text_is_simplified_only_when_asked():
    (draft,) = read("a.txt", "城市治理要像繡花一樣精細，這是為人民。".encode("big5"))
    assert "繡花" in prepare(draft, name="a.txt").text
    done = prepare(draft, name="a.txt", simplify=True)
    assert done.text == "城市治理要像绣花一样精细，这是为人民。"
    assert "traditional characters were written as simplified (OpenCC t2s)" in done.steps[0]


def test_zip_names_in_gbk():
    from toolkit.ingest.sources import members

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("city.txt", PROSE)
    # The name as Windows in China writes it: GBK without the mark of UTF-8.
    data = out.getvalue().replace(b"city.txt", "城市".encode("gbk") + b".txt")
    ((name, content),) = members(data, Limits())
    assert name == "城市.txt" and content == PROSE.encode()


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.endings[0])
def test_each_format_has_a_sample_and_says_what_it_needs(format, monkeypatch):
    name, data = f"a{format.endings[0]}", SAMPLES[format.endings[0]]
    assert "城市治理" in "".join(draft.text for draft in read(name, data))
    assert all(BY_ENDING[ending] is format for ending in format.endings)

    def installed(module):
        if module.partition(".")[0] in {"pypdfium2", "lxml", *(f.library for f in FORMATS)}:
            raise ImportError(module)
        return real(module)

    real = importlib.import_module
    monkeypatch.setattr(importlib, "import_module", installed)
    if format.library:
        with pytest.raises(UnreadableError, match=r"need \w+; install it with.*\[ingest\]"):
            read(name, data)
    else:
        data = pdf(["城市治理" * 9], cmap="GBK-EUC-H") if format.name == "PDF" else data
        assert read(name, data)


@pytest.mark.parametrize(("name", "label"), [("README.md", "name"), ("README.zh-CN.md", "name_zh")])
def test_the_readme_names_what_the_extra_reads(name, label):
    text = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
    (line,) = (line for line in text.split("\n") if "[ingest]" in line and "08-" in line)
    assert [f for f in FORMATS if f.library and getattr(f, label) not in line] == []


def test_merged_cells_of_opendocument_are_told():
    path = Path(__file__).parent / "samples" / "merged.ods"
    with pytest.raises(UnreadableError, match=r"cells of it are merged.*save as \.xlsx"):
        read(path.name, path.read_bytes())


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_spreadsheets_of_other_programs(suffix):
    (first, second) = read(f"b{suffix}", SAMPLES[suffix])
    assert first.text.startswith("城市治理") and first.given == {"city": "甲", "year": "2023"}
    assert (second.text, second.given) == ("乙", {"city": "甲"})


def test_a_missing_library_is_installed_for_this_python():
    with pytest.raises(UnreadableError) as caught:
        need("no_such_library", "PDF files")
    assert f'{sys.executable} -m pip install "city-governance-toolkit[ingest]"' in str(caught.value)


def test_every_line_of_a_page_is_in_the_text_or_told_as_left_out():
    sentence = "城市治理要精细，也要有温度，这是一段足够长的正文文字。"
    page = (
        "<head><title>甲</title></head><body><nav><a>首页</a><p>政务公开</p></nav><article>"
        f"<h1>题目</h1>{f'<p>{sentence}</p>' * 6}</article>"
        "<footer><p>版权所有 某市政府</p></footer></body>"
    )
    (draft,) = read("甲.html", page.encode())
    done = prepare(draft, name="甲.html")
    assert done.text == "\n".join(["题目", *[sentence] * 6])
    left = [("outside the text", line) for line in ("首页", "政务公开", "版权所有 某市政府")]
    assert [*done.removed] == left


def test_a_page_that_marks_no_body_has_its_text():
    (draft,) = read("甲.html", "<title>甲</title><nav>首页</nav><p>城市治理要精细。</p>".encode())
    assert (draft.text, draft.left_out) == ("城市治理要精细。", ("首页",))


MARKDOWN = """---
city: 杭州
---
# 甲市条例

<!-- 第二稿 -->
2021年9月24日 **通过**

## 第一章　总则 ##

> 第一条 为了[治理](https://example.org/a_(b))，制定*本条例*。

- 街道
* 社区 `一网统管`
1. 平台

| 区 | 件数 |
|:---|----:|
| 江南区 | 18 |

```
代码 a_b_c
```
![图](x.png) 面积 3\\*4，变量 snake_case_name 不变。
"""


def test_the_marks_of_markdown_are_no_words():
    (draft,) = read("a.md", MARKDOWN.encode())
    lines = [line for line in draft.text.split("\n") if line.strip()]
    assert lines == [
        "甲市条例", "2021年9月24日 通过", "第一章　总则", "第一条 为了治理，制定本条例。", "街道",
        "社区 一网统管", "1. 平台", "区 | 件数", "江南区 | 18", "代码 a_b_c",
        "图 面积 3*4，变量 snake_case_name 不变。",
    ]  # fmt: skip
    assert draft.given == {"city": "杭州"}


@pytest.mark.parametrize(
    "content",
    [
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><meta charset='gb2312'>"
        "<body><table><tr><td>标题</td><td>正文</td></tr><tr><td>路灯</td><td>路灯不亮，请修理。</td></tr>"
        "</table></body></html>",
        "<table border=1><tr><th>标题</th><th>正文</th></tr><tr><td>路灯</td>"
        "<td>路灯不亮，请修理。</td></tr></table>",
        "标题\t正文\n路灯\t路灯不亮，请修理。\n",
        "<table><tr><td colspan=2>某市来信</td></tr><tr><td>标题</td><td>正文</td></tr>"
        "<tr><td>路灯</td><td>路灯不亮，请修理。</td></tr></table>",
    ],
)
def test_what_systems_call_xls_is_read_as_what_it_is(content):
    (draft,) = read("a.xls", content.encode("gb18030"))
    assert (draft.text, draft.given) == ("路灯不亮，请修理。", {"title": "路灯"})


def test_the_rows_of_a_json_answer_are_texts():
    rows = [{"标题": "路灯", "正文": "路灯不亮。"}, {"标题": "公交", "正文": "公交太少。"}]
    for content in (rows, {"code": 0, "data": rows}):
        drafts = read("a.json", json.dumps(content, ensure_ascii=False).encode())
        assert [d.text for d in drafts] == ["路灯不亮。", "公交太少。"]


def test_a_row_of_a_table_is_a_line_in_every_format():
    table = (
        "<table><tr><th>区</th><th>件数</th></tr><tr><td><p>江南区</p></td><td>18</td></tr></table>"
    )
    page = f"<html><body><h1>甲市简报</h1><p>{PROSE}</p>{table}<p>{PROSE}</p></body></html>"
    text = read("a.html", page.encode())[0].text
    assert "区 | 件数\n江南区 | 18\n" in text


def test_prose_in_a_table_stays_in_lines():
    row = f"<tr><td>甲市</td><td>{f'<p>{PROSE}</p>' * 3}</td></tr>"
    page = f"<html><body><table>{row}</table></body></html>"
    assert "|" not in read("a.html", page.encode())[0].text


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("a.doc", "soffice --headless"),
        ("a.wps", "WPS"),
        ("a.ofd", "save it as PDF"),
        ("a.caj", "CAJViewer"),
    ],
)
def test_what_is_not_read_is_told_with_the_way_out(name, way):
    with pytest.raises(UnreadableError, match=way):
        read(name, b"\xd0\xcf\x11\xe0")


@pytest.mark.parametrize("piece", [" ", "| ", "- ", "[", "*a ", "#", "<!--", "> ", "_", "(a", "\\"])
def test_markdown_of_any_marks_takes_linear_time(piece):
    content = f"甲\n{piece * 60_000}乙\n".encode()
    began = time.process_time()
    read("a.md", content)
    assert time.process_time() - began < 3


def test_hangul_among_chinese_is_told_and_korean_is_not():
    assert "Hangul" in text_flags("\n".join(LINES) + "\n城뭐治눈뇰理城뭐治눈뇰理")[0]
    assert "Hangul" not in "".join(text_flags("도시를 위한 시민의 참여. " * 30))
