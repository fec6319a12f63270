"""Readers of web pages: HTML and the MHTML archives that browsers save."""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser
from typing import Any

from toolkit.ingest.draft import MARK, Cell, Draft, Hints, drafted, table_lines
from toolkit.ingest.encodings import Decoded, declared_encoding, decode
from toolkit.ingest.limits import UnreadableError, need, reading
from toolkit.ingest.rules import DATA, named
from toolkit.structure import ROW

_TAGS = {kind: frozenset(names.split()) for kind, names in DATA["tags"].items()}
_SPACE = re.compile(r"\s+")
# Prose has full stops and some length; menus and lists of links do not.
_RUNNING = re.compile(r"[。！？；]")
_LONG = 15
_TITLE_TAIL = re.compile(r"\s*[-_|—–·]+\s*[^-_|—–·]{2,30}$")


def read_page(data: bytes, hints: Hints) -> list[Draft]:
    """Read the text of a web page, without what stands around it.

    The main text is found by trafilatura. If that left out running text that the page
    shows, the whole of the page is taken instead: cleaning can remove what is too much,
    and nobody can add what is missing.

    Parameters
    ----------
    data : bytes
    hints : Hints

    Returns
    -------
    list of one Draft
        ``left_out`` has the lines of the page outside of its text.
    """
    found = decode(data, declared=hints.declared or declared_encoding(data))
    return [_draft(found)]


def read_web_archive(data: bytes, hints: Hints) -> list[Draft]:
    """Read the page of an MHTML archive; its pictures and frames are left out."""
    with reading("web archive", "save the page anew"):
        for part in BytesParser(policy=policy.compat32).parsebytes(data).walk():
            body = part.get_payload(decode=True)
            if part.get_content_type() == "text/html" and isinstance(body, bytes) and body.strip():
                charset = part.get_content_charset() or declared_encoding(body)
                return [_draft(decode(body, declared=str(charset)))]
    raise UnreadableError("the web archive holds no page; save the page as HTML")


def _draft(found: Decoded) -> Draft:
    html = need("lxml.html", "web pages")
    etree = need("lxml.etree", "web pages")
    trafilatura = need("trafilatura", "web pages")
    # NUL ends a text for the parser, so everything after it would be lost.
    source = re.sub(r"<\?xml[^>]{0,200}\?>", "", found.text.replace("\0", ""), count=1)
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    with reading("page", "open it in a browser and save it anew"):
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
        told, lines = _meta(tree), _visible_lines(tree)
    marks = [line[:2] if line.startswith(MARK) else "" for line in lines]
    shown = [line[len(mark) :].strip() for line, mark in zip(lines, marks, strict=True)]
    notes = [found.note] if found.note else []
    try:
        main = trafilatura.extract(tree, favor_recall=True, include_comments=False) or ""
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
        notes.append(f"the main text was not found ({type(error).__name__})")
        main = ""
    kept = _lines_of(main, shown)
    # It may leave out short lines; what the page marks as part of a text is one amid it.
    amid = range(min(kept, default=0), max(kept, default=0))
    kept |= {i for i in amid if marks[i] or ROW.match(shown[i])}
    if _running([shown[i] for i in kept]) < 0.98 * _running(shown):
        notes.append("text stands in several places of the page; the whole page is taken")
        kept = set(range(len(shown)))
    return drafted(
        (marks[i] + line for i, line in enumerate(shown) if i in kept),
        told,
        left_out=tuple(line for i, line in enumerate(shown) if i not in kept),
        notes=tuple(notes),
        encoding=found.encoding,
    )


def _meta(tree: Any) -> tuple[tuple[str, str, str], ...]:
    told: list[tuple[str, str, str]] = []
    columns = named("meta")
    for tag in tree.iter("meta"):
        name = (tag.get("name") or tag.get("property") or "").lower()
        value = " ".join((tag.get("content") or "").split())
        if (column := columns.get(name)) and value:
            told.append((column, value[:200], f"<meta {name}>"))
    title = next(tree.iter("title"), None)
    if title is not None and title.text and title.text.strip():
        shown = " ".join(title.text.split())[:200]
        told.append(("title", _TITLE_TAIL.sub("", shown) or shown, "<title>"))
    heading = next(tree.iter("h1"), None)
    if heading is not None and (shown := " ".join("".join(heading.itertext()).split())):
        told.append(("title", shown[:200], "<h1>"))
    return tuple(told)


def _visible_lines(tree: Any) -> list[str]:
    """Return the lines that a page shows, as its blocks break them, with their marks."""
    pieces: list[str] = []
    mark = ""
    rows, marks = _rows(tree), _marks(tree)
    walk = need("lxml.etree", "web pages").iterwalk(tree, events=("start", "end"))
    for event, node in walk:
        if event == "end" and node is tree:
            break  # what stands behind a cell is none of it
        between = "\n" * (node.tag in _TAGS["blocks"])
        if event == "start" and (node.tag in _TAGS["hidden"] or node in rows):
            walk.skip_subtree()
            pieces += [f"\n{line}\n" for line in rows.get(node, ())]
            continue
        text = (node.text if event == "start" else node.tail) or ""
        if node in marks:
            mark = marks[node] if event == "start" else ""
        pieces += [between, mark if text.strip() else "", _SPACE.sub(" ", text)]
        mark = "" if text.strip() else mark
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]


def _marks(tree: Any) -> dict[Any, str]:
    """Return what the tags of a page say of their lines: headings, items; menus are neither."""
    headings = [*tree.iter(*(f"h{n}" for n in range(1, 7)))]
    if sum(node.tag == "h1" for node in headings) == 1:  # the title, which is told
        headings = [node for node in headings if node.tag != "h1"]
    marks = {node: MARK + node.tag[1] for node in headings}
    return marks | {li: f"{MARK}0" for li in tree.iter("li") if not _is_link(li)}


def _is_link(node: Any) -> bool:
    """Tell whether half of what stands in a node is a link: a menu, titles with their dates."""
    links = "".join(link.text_content() for link in node.iter("a"))
    return bool(links) and 2 * len(_bare(links)) >= len(_bare(node.text_content()))


def _rows(tree: Any) -> dict[Any, list[str]]:
    """Return the rows of tables, each with its lines.

    Pages also set menus and other tables into tables: the parts of these are lines.
    """
    found: dict[Any, list[str]] = {}
    for table in tree.iter("table"):
        rows: dict[Any, list[Cell]] = {}
        for row in table.xpath("./tr | ./tbody/tr | ./thead/tr | ./tfoot/tr"):
            cells = [c for c in row if c.tag in ("td", "th")]
            if not any(c.find(".//table") is not None or len(c.findall(".//a")) > 1 for c in cells):
                rows[row] = [
                    (_visible_lines(c), c.get("colspan", ""), c.get("rowspan", "")) for c in cells
                ]
        if any(len(cells) > 1 for cells in rows.values()):
            found.update(zip(rows, table_lines([*rows.values()]), strict=True))
    return found


def _lines_of(main: str, shown: list[str]) -> set[int]:
    """Return which lines of a page its main text is made of.

    trafilatura finds the text but writes it in its own way: marks for lists and tables,
    lines joined. So its text says only which lines of the page are meant. A long line is
    recognised anywhere; a short one, which may stand anywhere, only in its place.
    """
    text = _bare(main)
    kept: set[int] = set()
    at = 0
    for i, line in enumerate(shown):
        words = _bare(line)
        if not words:
            continue
        found = text.find(words, at)
        if found < 0 and len(words) >= _LONG:
            found = text.find(words)
        if found >= 0 and (len(words) >= _LONG or found - at <= _LONG):
            kept.add(i)
            at = found + len(words)
    return kept


def _running(lines: list[str]) -> int:
    """Return how many characters of running text there are."""
    running = (line for line in lines if len(line) > 30 and _RUNNING.search(line))
    return sum(len(_bare(line)) for line in running)


def _bare(line: str) -> str:
    """Return a line without white space and the marks that tables and lists are written with."""
    return re.sub(r"[\s|]+|^- ", "", line)
