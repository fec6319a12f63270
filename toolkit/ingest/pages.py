"""Readers of web pages: HTML and the MHTML archives that browsers save."""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser
from typing import Any

from toolkit.ingest.draft import Draft, Hints
from toolkit.ingest.encodings import Decoded, declared_encoding, decode
from toolkit.ingest.limits import UnreadableError, reading
from toolkit.ingest.needs import need
from toolkit.ingest.rules import DATA, named

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
        told, shown = _meta(tree), _visible_lines(tree)
    notes = [found.note] if found.note else []
    try:
        main = trafilatura.extract(tree, favor_recall=True, include_comments=False) or ""
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as error:
        notes.append(f"the main text was not found ({type(error).__name__})")
        main = ""
    kept = _lines_of(main, shown)
    if _running([shown[i] for i in kept]) < 0.98 * _running(shown):
        notes.append("text stands in several places of the page; the whole page is taken")
        kept = set(range(len(shown)))
    text = "\n".join(line for i, line in enumerate(shown) if i in kept)
    return Draft(
        text,
        told=told,
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
    """Return the lines that a page shows, as its blocks break them."""
    pieces: list[str] = []
    cells = _cells(tree)
    walk = need("lxml.etree", "web pages").iterwalk(tree, events=("start", "end"))
    for event, node in walk:
        if event == "start" and node.tag in _TAGS["hidden"]:
            walk.skip_subtree()
            continue
        text = (node.text if event == "start" else node.tail) or ""
        between = "\n" * (node.tag in _TAGS["blocks"])
        if node in cells:
            between = " | " * (event == "start" and cells[node])
        pieces += [between, _SPACE.sub(" ", text)]
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]


def _cells(tree: Any) -> dict[Any, bool]:
    """Return the cells of tables whose rows are lines, and whether each has one before it.

    Pages also set prose, menus and other tables into tables: the parts of these are lines.
    """
    cells: dict[Any, bool] = {}
    for row in tree.iter("tr"):
        own = [cell for cell in row if cell.tag in ("td", "th")]
        prose = any(
            cell.find(".//table") is not None or _RUNNING.search(cell.text_content())
            for cell in own
        )
        if len(own) > 1 and not prose and not any(len(cell.findall(".//a")) > 1 for cell in own):
            cells |= {cell: i > 0 for i, cell in enumerate(own)}
            cells |= {
                part: False for cell in own for part in cell.iterdescendants("p", "div", "br")
            }
    return cells


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
