"""Wrap texts as pages of three sites of our own making, as Word files and as PDFs."""

from __future__ import annotations

import html
import io
from pathlib import Path

_MENU = "".join(
    f'<li><a href="/{i}">{name}</a></li>'
    for i, name in enumerate(("首页", "政务公开", "办事服务", "互动交流", "走进甲市", "数据开放"))
)
_LINKS = "".join(
    f'<li><a href="/art/{i}.html">{name}</a><span>2024-02-{i + 1:02d}</span></li>'
    for i, name in enumerate(
        (
            "甲市召开经济运行调度会",
            "一图读懂甲市老旧小区改造",
            "甲市发布冬季清雪预案",
            "市领导走访慰问环卫工人",
            "关于公布便民服务点名单的公告",
        )
    )
)
_COUNTER = "<script>var n = 1; document.write('浏览次数：' + n);</script>"


def site_portal(title: str, paragraphs: list[str]) -> bytes:
    """A government portal of today: UTF-8, article metadata, buttons split over lines."""
    body = "\n".join(f"<p style='text-indent:2em'>　　{html.escape(p)}</p>" for p in paragraphs)
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">
<title>{title}_甲市人民政府门户网站</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-02-01 09:30">
<meta name="ContentSource" content="甲市人民政府办公室">
<style>.x{{color:red}}</style></head><body>
<header><div class="logo">甲市人民政府</div><nav><ul>{_MENU}</ul></nav></header>
<div class="crumbs">您当前的位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a>
&gt; 政府工作报告</div>
<div class="article"><h1>{title}</h1>
<div class="info"><span>发布时间：2024-02-01 09:30</span> <span>来源：甲市人民政府办公室</span>
<span>浏览次数：</span>{_COUNTER}
<span>【字号：</span><a>大</a> <a>中</a> <a>小</a><span>】</span><a>打印</a> <a>收藏</a></div>
<div id="zoom" class="content">{body}</div>
<div class="share">分享到：<a>微信</a> <a>微博</a></div>
<div class="qr">扫一扫在手机打开当前页</div>
<div class="tools"><a>打印本页</a> <a>关闭窗口</a></div>
</div>
<div class="related"><h3>相关推荐</h3><ul>{_LINKS}</ul></div>
<footer><p>网站地图 | 联系我们 | 关于我们</p><p>主办单位：甲市人民政府办公室网站</p>
<p>甲ICP备05002141号</p><p>网站标识码：4309000006</p></footer></body></html>""".encode()


def site_tables(title: str, paragraphs: list[str]) -> bytes:
    """A site of 2005: GBK that says GB2312, nested tables, line breaks for paragraphs."""
    body = "<BR><BR>\r\n".join("&nbsp;&nbsp;&nbsp;&nbsp;" + html.escape(p) for p in paragraphs)
    page = f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312">
<TITLE>{title}</TITLE></HEAD><BODY>
<TABLE width=760><TR><TD bgcolor=red>{_MENU}</TD></TR></TABLE>
<TABLE width=760><TR><TD width=160 valign=top><B>相关新闻</B><BR>{_LINKS}</TD>
<TD><TABLE><TR><TD align=center><FONT size=5>{title}</FONT></TD></TR>
<TR><TD>时间:2024-02-01 来源:甲市政府网 [<A>大</A>][<A>中</A>][<A>小</A>]</TD></TR>
<TR><TD class=nr>{body}</TD></TR>
<TR><TD>上一篇：<A href=1>甲市发布公告</A></TD></TR><TR><TD>下一篇：没有了</TD></TR>
<TR><TD align=right>【打印本页】【关闭窗口】</TD></TR></TABLE></TD></TR></TABLE>
<CENTER>版权所有 © 甲市人民政府　甲ICP备05002141号</CENTER></BODY></HTML>"""
    return page.encode("gbk", "xmlcharrefreplace")


def site_news(title: str, paragraphs: list[str]) -> bytes:
    """A news site: divs in divs, spans within sentences, advertisements between paragraphs."""
    blocks = []
    for i, p in enumerate(paragraphs):
        cut = len(p) // 2
        blocks.append(
            f"<div class='para'><span>{html.escape(p[:cut])}</span>"
            f"<span style='font-size:16px'>{html.escape(p[cut:])}</span></div>"
        )
        if i == 3:
            blocks.append("<aside class='ad'><a href='/ad'>广告：甲市甲街道有房出租</a></aside>")
    return f"""<!DOCTYPE html><html><head><meta charset="UTF-8">
<meta property="og:title" content="{title}"><title>{title}-甲新闻网</title></head><body>
<div id="top"><a href="/">甲新闻网</a> &gt; <a href="/n">新闻中心</a></div>
<div class="main"><div class="left"><h1>{title}</h1>
<p class="meta">2024年02月01日10:33&nbsp;&nbsp;来源：<a>甲日报</a></p>
<div class="content">{"".join(blocks)}<p>（责编：张三、李四）</p></div>
<div class="actions"><button>点赞</button><button>收藏</button><span>分享到</span></div></div>
<div class="right"><h2>相关阅读</h2><ul>{_LINKS}</ul></div></div>
<div class="foot"><p>Copyright © 甲新闻网 版权所有</p><p>未经书面授权，不得转载</p></div>
</body></html>""".encode()


SITES = {"portal": site_portal, "tables": site_tables, "news": site_news}


def word(title: str, paragraphs: list[str]) -> bytes:
    """A Word file: a title, paragraphs, every fifth as a cell of a table."""
    import docx

    document = docx.Document()
    document.add_heading(title, 0)
    for i, text in enumerate(paragraphs):
        if i % 50 == 49:
            document.add_table(1, 1).cell(0, 0).text = text
        else:
            document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(lines: list[str], *, cmap: str = "GBKp-EUC-H", ordering: str = "GB1") -> bytes:
    """A PDF of one page as Chinese programs make them: no font in it, and no Unicode table.

    With an `ordering` that no reader knows, nobody can tell which characters it shows.
    """
    shown = "".join(f"<{line.encode('gbk').hex()}> Tj 0 -20 Td " for line in lines)
    content = f"BT /F1 12 Tf 50 800 Td {shown}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong/Encoding/%s/DescendantFonts[6 0 R]>>"
        % cmap.encode(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong/FontDescriptor 7 0 R/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(%s)/Supplement 2>>/DW 1000>>" % ordering.encode(),
        b"<</Type/FontDescriptor/FontName/STSong/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 80>>",
    ]
    out, table = b"%PDF-1.4\n", b"xref\n0 8\n0000000000 65535 f \n"
    for number, made in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj%s\nendobj\n" % (number, made)
    end = b"trailer<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + table + end


def pdfs(texts: dict[str, tuple[str, list[str]]], folder: Path) -> None:
    """Print each text as a PDF into `folder` with a browser, page numbers below."""
    from playwright.sync_api import sync_playwright

    below = (
        "<div style='font-size:9px;width:100%;text-align:center'>"
        "— <span class=pageNumber></span> —</div>"
    )
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        page = browser.new_page()
        for name, (title, paragraphs) in texts.items():
            body = "\n".join(f"<p>{html.escape(p)}</p>" for p in paragraphs)
            page.set_content(
                "<html lang=zh><meta charset=utf-8><style>body{font:16px/1.8 serif}"
                "p{text-indent:2em;margin:0}h1{text-align:center}</style>"
                f"<h1>{title}</h1>{body}"
            )
            page.pdf(
                path=folder / f"{name}.pdf",
                format="A4",
                margin=dict.fromkeys(("top", "bottom", "left", "right"), "25mm"),
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=below,
            )
        browser.close()


def coverage(text: str, other: str, width: int = 8) -> float:
    """Return the share of the characters of a text that stand in another one too.

    A character counts if any window of `width` characters around it is in the other text.
    """
    windows = {other[i : i + width] for i in range(len(other) - width + 1)}
    covered = bytearray(len(text))
    for i in range(len(text) - width + 1):
        if text[i : i + width] in windows:
            covered[i : i + width] = b"\1" * width
    return sum(covered) / len(text) if text else 1.0
