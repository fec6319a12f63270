"""The reader of Word files: what stands in them, once, in order, with its numbers."""

import io

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from wrapping import word

from toolkit.ingest.formats import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PROSE = "城市治理要像绣花一样精细，社区是基层治理的单元。群众的事情要和群众商量着办。"


def lines_of(document):
    out = io.BytesIO()
    document.save(out)
    (draft,) = read("a.docx", out.getvalue())
    return draft.text.split("\n")


def add(document, xml):
    """Add a paragraph, or what is given as XML, to the end of a document."""
    document.element.body.append(parse_xml(xml.replace("<w:p>", f"<w:p {W}>", 1)))


def test_a_table_an_insertion_and_a_title():
    document = docx.Document()
    document.core_properties.title = "题目"
    paragraph = document.add_paragraph("开头")
    for tag, text_tag, text in (("w:ins", "w:t", "插入"), ("w:del", "w:delText", "删去")):
        mark, run, piece = (OxmlElement(t) for t in (tag, "w:r", text_tag))
        piece.text = text
        run.append(piece)
        mark.append(run)
        paragraph._p.append(mark)
    document.add_table(1, 2).cell(0, 1).text = "格子"
    document.add_paragraph("结尾")
    out = io.BytesIO()
    document.save(out)
    (draft,) = read("a.docx", out.getvalue())
    assert draft.text == "开头插入\n格子\n结尾"
    assert draft.told == (("title", "题目", "document property title"),)
    assert draft.known == (), "no style says heading"


def test_all_paragraphs_are_kept_in_order():
    lines = [f"第{n}段：{PROSE}" for n in range(99)]
    (draft,) = read("a.docx", word("题目", lines))
    assert draft.text.split("\n") == ["题目", *lines]


def test_a_row_of_a_table_is_a_line():
    document = docx.Document()
    table = document.add_table(4, 3)
    rows = (
        ["区", "系统数", ""],
        ["东区", "8", "在建"],
        ["一\n二", "三"],
        ["项目", f"{PROSE}\n{PROSE}", "完"],
    )
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            cell = table.cell(row, column)
            first, *others = text.split("\n")
            cell.text = first
            for other in others:
                cell.add_paragraph(other)
    table.cell(1, 2).add_table(1, 2).cell(0, 1).text = "内表"
    assert lines_of(document) == [
        *("区 | 系统数 |", "东区 | 8 | 在建 内表", "一 二 | 三 |"),
        f"项目 | {PROSE} {PROSE} | 完",
    ]


def test_what_stands_twice_in_the_file_is_read_once():
    box = "<w:txbxContent><w:p><w:r><w:t>框里</w:t></w:r></w:p></w:txbxContent>"
    document = docx.Document()
    document.add_paragraph("开头")
    add(
        document,
        f"""<w:p><w:r><w:t>有框</w:t><mc:AlternateContent
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
        <mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict>
        </mc:Fallback></mc:AlternateContent></w:r></w:p>""",
    )
    add(document, "<w:p><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>")
    add(document, "<w:p><w:moveTo><w:r><w:t>移走</w:t></w:r></w:moveTo></w:p>")
    assert lines_of(document) == ["开头", "有框", "框里", "移走"]


LEVELS = (
    ("chineseCountingThousand", "%1、"),
    ("chineseCounting", "（%2）"),
    ("decimal", "%3."),
    ("decimal", "%1.%3-%4"),
)


def numbered(levels=LEVELS, override=""):
    """A document with lists 1 and 2 of these levels; `override` changes the second."""
    document = docx.Document()
    root = document.part.numbering_part.element
    for child in list(root):
        root.remove(child)
    shown = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(levels)
    )
    root.append(parse_xml(f'<w:abstractNum {W} w:abstractNumId="7">{shown}</w:abstractNum>'))
    for number, more in (("1", ""), ("2", override)):
        root.append(
            parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="7"/>{more}</w:num>')
        )
    return document


def item(document, text, level=0, number=1):
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    add(document, f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")


def test_numbers_that_word_sets_are_restored():
    document = numbered()
    for level, text in ((0, "工作"), (1, "治理"), (2, "社区"), (2, "街道"), (1, "服务"),
                        (2, "窗口"), (0, "安排"), (1, "城市"), (3, "深")):  # fmt: skip
        item(document, text, level)
    item(document, "不编号", 0, number=0)
    lines = lines_of(document)
    assert lines == ["一、工作", "（一）治理", "1.社区", "2.街道", "（二）服务", "1.窗口",
                     "二、安排", "（一）城市", "二.1-1 深", "不编号"]  # fmt: skip
    from toolkit.structure import is_heading

    assert all(is_heading(line) for line in lines[:2]), "with its number it is a heading again"


def test_numbers_of_styles_and_lists_that_start_anew():
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    document = numbered((("decimal", "第%1条"),), override=start)
    styles = document.styles.element
    styles.append(
        parse_xml(
            f'<w:style {W} w:type="paragraph" w:styleId="Article"><w:pPr><w:numPr>'
            '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        )
    )
    styles.append(
        parse_xml(
            f'<w:style {W} w:type="paragraph" w:styleId="Own">'
            '<w:basedOn w:val="Article"/></w:style>'
        )
    )
    for name in ("Article", "Own"):
        add(
            document,
            f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr><w:r><w:t>为了</w:t></w:r></w:p>',
        )
    item(document, "另起", number=2)
    item(document, "再起", number=2)
    item(document, "接着", number=1)
    assert lines_of(document) == ["第1条 为了", "第2条 为了", "第5条 另起", "第6条 再起",
                                  "第3条 接着"]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("upperRoman", "I."), ("decimalEnclosedCircle", "①."), ("bullet", ""), ("none", "."),
     ("chineseLegalSimplified", "壹."), ("ideographTraditional", "甲."), ("lowerLetter", "a.")],
)  # fmt: skip
def test_kinds_of_numbers(kind, shown):
    document = numbered(((kind, "%1."),))
    item(document, "文")
    assert lines_of(document) == [f"{shown}文"]
