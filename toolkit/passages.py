"""Passages: a text cut into its sections, paragraphs, sentences or articles."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import pandas as pd

from toolkit.loading import known_of
from toolkit.metadata import counted
from toolkit.outlines import Line, outline
from toolkit.structure import ARTICLE, bare, sentences

Unit = Literal["section", "paragraph", "sentence", "article"]
#: The units that every text has.
UNITS: tuple[Unit, ...] = ("section", "paragraph", "sentence")
# Where a passage that is too long may be parted: after sentences, or else after clauses.
_END = r"[。｡！？!?…]+[”’」』）)》】\"]*|[\n\r\x85\u2028\u2029]"
*_PARTS, _SPACE = map(re.compile, (_END, "[；;]", r"[，,、：\s]", r"\s*"))

Span = tuple[str, int, int]
Known = Sequence[tuple[str, int]]  # what is known of the headings of a text: see `outline`


class Passage(NamedTuple):
    """A passage of a text: its name, the headings above it, where it stands."""

    name: str
    path: tuple[str, ...]
    section: str
    start: int
    end: int


def cut(
    units: pd.DataFrame,
    unit: Unit,
    sections: pd.DataFrame | None,
    *,
    min_chars: int,
    max_chars: int | None,
) -> pd.DataFrame:
    """Return the passages of texts: the row of their text, and what `Corpus.split` tells."""
    texts, known = units["text"], known_of(sections)
    names = units["title"].fillna("").astype(str) if "title" in units else [""] * len(units)
    rows = [
        (i, f"{text_id}#{name}", text[start:end], section, " / ".join(path), position, start)
        for i, (text_id, text, title) in enumerate(zip(texts.index, texts, names, strict=True))
        for position, (name, path, section, start, end) in enumerate(
            passages(text, title, unit, known.get(text_id, ()), min_chars, max_chars), 1
        )
    ]
    if not rows:
        raise ValueError("nothing to split: every text is empty but for titles and headings")
    columns = ["row", "unit_id", "text", "section", "path", "position", "start"]
    made = pd.DataFrame(rows, columns=columns).set_index("unit_id")
    if unit == "article" and not made["section"].str.fullmatch(ARTICLE).any():
        raise ValueError(
            "no text has articles (第一条 …, each beginning a line); "
            'split("paragraph") takes any text'
        )
    if parted := int(made.index.str.endswith("-1").sum()):
        warnings.warn(
            f"{counted(parted, 'passage')} had more than {max_chars:,} characters and were "
            "parted at ends of sentences (ids ending in -1, -2, …); max_chars=None leaves them "
            "whole",
            stacklevel=4,
        )
    widest = made["path"].where(made["path"] != "", made["section"]).str.split(" / ").str[0]
    made.insert(4, "chapter", widest)
    return made


def passages(
    text: str, title: str, unit: Unit, known: Known, min_chars: int, max_chars: int | None
) -> list[Passage]:
    """Return the passages of a text, each with its own heading and those above that."""
    found: list[Passage] = []
    paragraph = 0
    for number, (headings, lines) in enumerate(_sections(text, bare(title), known), 1):
        pieces: list[tuple[str, list[Span]]] = [(headings[-1], [])]
        path = headings[:-1]
        for line in lines:
            paragraph += 1
            start, end = line.start, line.start + len(line.text)
            name = f"p{paragraph:02d}"
            if unit == "article" and line.kind == "article":
                label = ARTICLE.match(line.text)
                pieces.append((label[0] if label else "", []))
            if unit == "sentence":
                inside = sentences(line.text)
                own = [
                    (f"{name}.{i}", start + s, start + s + len(t))
                    for i, (s, t) in enumerate(inside, 1)
                ]
                pieces[-1][1].extend(own)
            else:
                pieces[-1][1].append((name, start, end))
        if unit == "section":
            pieces = [(headings[-1], [(f"s{number:02d}", lines[0].start, end)])]
        for heading, spans in pieces:
            above = path if heading == headings[-1] else headings
            if unit == "article" and spans:
                spans = [(f"a{len(found) + 1:03d}", spans[0][1], spans[-1][2])]
            spans = [
                part
                for span in _joined(spans, min_chars)
                for part in _parted(text, span, max_chars)
            ]
            found += [Passage(n, tuple(filter(None, above)), heading, s, e) for n, s, e in spans]
    return found


def _sections(text: str, title: str, known: Known) -> Iterator[tuple[list[str], list[Line]]]:
    """Yield the lines under each heading, with the headings from the widest down to it."""
    above: list[tuple[int, str]] = []
    lines: list[Line] = []
    begun = False
    for line in outline(text, known):
        if title and bare(line.text) == title and not begun:
            continue
        if line.kind == "heading":
            if lines:
                yield [h for _, h in above] or [""], lines
            above = [(level, h) for level, h in above if level < line.level]
            above.append((line.level, line.text))
            lines = []
        else:
            begun = True
            lines.append(line)
    if lines:
        yield [h for _, h in above] or [""], lines


def _joined(pieces: list[Span], min_chars: int) -> list[Span]:
    """Join pieces shorter than `min_chars` to the one before, a short first to the next."""
    joined: list[Span] = []
    for name, start, end in pieces:
        if joined and min(end - start, joined[-1][2] - joined[-1][1]) < min_chars:
            joined[-1] = (joined[-1][0], joined[-1][1], end)
        else:
            joined.append((name, start, end))
    return joined


def _parted(text: str, span: Span, max_chars: int | None) -> Iterator[Span]:
    """Yield the parts of a passage, none longer than `max_chars`, each named by its number."""
    name, start, end = span
    part = 1
    while max_chars and end - start > max_chars:
        window = text[start : start + max_chars]
        places = (max((m.end() for m in mark.finditer(window)), default=0) for mark in _PARTS)
        at = start + (next(filter(None, places), 0) or max_chars)
        yield f"{name}-{part}", start, start + len(text[start:at].rstrip())
        start, part = at + len(_SPACE.match(text, at)[0]), part + 1  # type: ignore[index]
    yield f"{name}-{part}" if part > 1 else name, start, end
