"""From a draft to a text of a corpus: cleaned, set apart, and with what it tells."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.apart import set_apart
from toolkit.cleaning import clean_text
from toolkit.ingest.draft import Draft
from toolkit.ingest.evidence import Evidence, find_evidence
from toolkit.ingest.flags import CHINESE, sketch, text_flags
from toolkit.ingest.limits import need
from toolkit.structure import bare

#: As much of what was removed is looked at for what it tells; a page has far less.
_MOST_REMOVED = 2_000
#: Dates and sources stand in short lines, near the text.
_LONGEST_AROUND, _MOST_AROUND = 150, 400


@dataclass(frozen=True)
class Prepared:
    """A text that is ready for the corpus, and all that was learned on the way.

    Parameters
    ----------
    text : str
        The body; empty if nothing is left.
    known : tuple of (line, level)
        What the file marks as headings or as none, of the lines of the body: see `Draft`.
    contents, notes : str
        Table of contents and end notes, set apart.
    given : dict
        What the user's tables say.
    found : tuple of Evidence
        What the text says, best first within a field.
    doubts : tuple of str
        Why a reader should look at it.
    steps : tuple of str
        What was done beyond the usual.
    removed : tuple of (rule, line)
        Residue that was removed, and lines of a page outside of its text.
    changed : tuple of (rule, number of characters, example)
        What cleaning changed within lines, as in the report of `clean`.
    sketch : tuple of int
        For finding near-duplicates.
    n_chinese : int
        Chinese characters of the body.
    part, encoding : str
        See `Draft`.
    """

    text: str
    known: tuple[tuple[str, int], ...]
    contents: str
    notes: str
    given: dict[str, str]
    found: tuple[Evidence, ...]
    doubts: tuple[str, ...]
    steps: tuple[str, ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, int, str], ...]
    sketch: tuple[int, ...]
    n_chinese: int
    part: str
    encoding: str


def prepare(draft: Draft, *, name: str, simplify: bool = False) -> Prepared:
    r"""Clean a draft and find what it tells.

    Parameters
    ----------
    draft : Draft
    name : str
        Path of its file, which may name the city or the year.
    simplify : bool
        Write traditional characters as simplified ones (OpenCC ``t2s``); recorded.

    Examples
    --------
    >>> prepare(Draft("首页>>理论\n城市治理\n来源：甲网\n要精细,也要有温度。"), name="a.txt").text
    '城市治理\n要精细，也要有温度。'
    """
    steps = list(draft.notes)
    text, known = draft.text, draft.known
    if simplify:
        converter = need("opencc", "simplified characters").OpenCC("t2s")
        simple = converter.convert(text)
        if simple != text:
            n = sum(a != b for a, b in zip(text, simple, strict=False))
            steps.append(f"{n} traditional characters were written as simplified (OpenCC t2s)")
            text, known = simple, tuple((converter.convert(line), level) for line, level in known)
    text, changes = clean_text(text)
    residue = [(c.rule, c.removed) for c in changes if c.step == "residue"]
    outside = [("outside the text", line) for line in draft.left_out]
    around = [line for line in draft.left_out if len(line) <= _LONGEST_AROUND][:_MOST_AROUND]
    apart = set_apart(text)
    found = find_evidence(
        apart.body,
        name=name,
        told=draft.told,
        around="\n".join(around),
        removed=residue[:_MOST_REMOVED],
        raw=draft.text,
    )
    lines = set(map(bare, apart.body.split("\n"))) if known else set()
    return Prepared(
        text=apart.body,
        known=tuple((line, level) for line, level in known if bare(line) in lines),
        contents=apart.contents,
        notes=apart.notes,
        given=draft.given,
        found=tuple(found),
        doubts=(*draft.warnings, *text_flags(apart.body)),
        steps=tuple(steps),
        removed=(*outside, *residue),
        changed=tuple((c.rule, c.n_chars, c.removed) for c in changes if c.step != "residue"),
        sketch=tuple(sketch(apart.body)),
        n_chinese=len(CHINESE.findall(apart.body)),
        part=draft.part,
        encoding=draft.encoding,
    )
