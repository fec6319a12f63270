"""Cleaning: pure functions ``str -> str``, each one thing, and a report of what they did.

What a step does stands in tables of named patterns. The report says which of them changed
or removed what, so nothing vanishes without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

import pandas as pd

from toolkit.corpus import Corpus
from toolkit.edits import EDITS, Edit
from toolkit.lines import join_lines, part_lines
from toolkit.recipe import step
from toolkit.residue import residue_lines, tells


class CleanResult(NamedTuple):
    """What `clean` returns."""

    corpus: Corpus
    report: pd.DataFrame


class Change(NamedTuple):
    """What one rule did to a text."""

    step: str
    rule: str
    n_chars: int
    removed: str


def normalize_unicode(text: str) -> str:
    r"""Write the same character in the same way.

    Line ends become ``\n``; zero-width and control characters and byte order marks go;
    no-break and typographic spaces become spaces; full-width letters, digits and signs
    become half-width; what remains is in Unicode's composed form (NFC).

    Examples
    --------
    >>> normalize_unicode("\ufeff２０２３年，“互联网＋”\xa0增长６．６％\r\n")
    '2023年，“互联网+” 增长6.6%\n'
    """
    return _edited(text, "unicode")[0]


def normalize_punctuation(text: str) -> str:
    """Write the marks of Chinese sentences full-width: ``， ： ； ？ ！ （ ）``.

    Numbers, times, addresses of pages and Latin text keep theirs; quotes and full stops
    stay as they are.

    Examples
    --------
    >>> normalize_punctuation("截至10:33,受理1,000件(含App报送);详见https://a.cn/?id=1,2")
    '截至10:33，受理1,000件（含App报送）；详见https://a.cn/?id=1,2'
    """
    return _edited(text, "punctuation")[0]


def normalize_whitespace(text: str) -> str:
    r"""Take out the white space that says nothing.

    Indentation, spaces between Chinese characters in running text and blank lines after
    the first go. One space stays where it is deliberate: between the parts of a title or
    heading, after the number of an article, in a quoted slogan, between Latin words.

    Examples
    --------
    >>> normalize_whitespace("精治共治 法治为先\n\n\n　　推进精 治、 共治。发布 City  Brain 2.0。")
    '精治共治 法治为先\n\n推进精治、共治。发布City Brain 2.0。'
    """
    return _edited(text, "whitespace")[0]


def mend_lines(text: str) -> str:
    r"""Join lines that were broken inside a sentence, and part those that hold others.

    Also digits that were set apart. Nothing is lost but line ends and spaces; poems, lists
    and tables stay (see `toolkit.lines`).

    Examples
    --------
    >>> mend_lines("修路。2 0 0 5年，全市推动城\n市治理，增长1 2 %。")
    '修路。2005年，全市推动城市治理，增长12%。'
    """
    return _edited(text, "lines")[0]


def remove_residue(text: str) -> str:
    r"""Remove the lines that belong to the page and not to the text.

    Breadcrumbs and menus, sharing, buttons, paging, dates and sources, tables of information,
    editors, authors, captions, WeChat and QR code prompts, licences, copyright. Most rules
    hold only before the first and after the last line of running text; a line is removed
    whole, and only if all of it is residue.

    Examples
    --------
    >>> remove_residue("首页>>理论\n题目\n2023-05-10 来源：甲网\n正文第一句。\n分享到：")
    '题目\n正文第一句。'
    """
    return _without_residue(text)[0]


def compose(*steps: Callable[[str], str]) -> Callable[[str], str]:
    """Return the function that applies `steps` one after the other.

    Examples
    --------
    >>> compose(normalize_punctuation, str.upper)("接诉即办,app")
    '接诉即办，APP'
    """
    return lambda text: reduce(lambda done, step: step(done), steps, text)


#: The steps of `clean`, in their order.
STEPS = (*EDITS, "residue")
# Lines that residue parted may be joined, which may show residue: so often, if at all.
_ROUNDS = 5


@step("corpus", take="corpus")
def clean(corpus: Corpus, *, steps: Sequence[str] | None = None) -> CleanResult:
    """Clean the texts of a corpus, and tell what was changed and removed.

    Parameters
    ----------
    corpus : Corpus
        Whole texts, not yet split.
    steps : sequence of {"unicode", "lines", "punctuation", "whitespace", "residue"}, optional
        What to do, in this order; everything if not given.

    Returns
    -------
    corpus : Corpus
        What the residue told about a text is in its metadata: ``date``
        (``2023-05-10 10:33``), ``source``, ``author``, ``author_note``, ``editor``, and of
        a government's table of information ``issuer``, ``document_number``, ``subject``
        and others. A value that the metadata had already stays.
    report : DataFrame
        ``unit_id``, ``step``, ``rule``, ``n_chars`` (characters removed or replaced; of
        step ``lines`` the lines joined or parted) and
        ``removed``: a line of residue in full, or the first of the replacements with
        its surroundings. Step ``metadata`` tells what went into the metadata, and where
        the page says something else than they do.

    Raises
    ------
    ValueError
        If the corpus is split, or a step is unknown.

    Notes
    -----
    Cleaning a cleaned corpus changes nothing. Sentences of running text are never
    removed, and their final marks stay. A text that is nothing but residue ends empty.

    Examples
    --------
    >>> corpus, report = clean(Corpus.sample().select(doc_id="beijing-2023"))
    >>> corpus["beijing-2023"][:26]
    '深入推进精治共治法治 不断提升首都城市治理现代化水平'
    >>> corpus.units.loc["beijing-2023", ["source", "editor"]].tolist()
    ['人民网-理论频道', '刘圆圆、秦华']
    >>> report.loc[report["step"] == "residue", "removed"].tolist()[:2]
    ['中国共产党新闻网>>理论', '分享']
    """
    from tqdm.auto import tqdm

    chosen = STEPS if steps is None else tuple(steps)
    if unknown := [step for step in chosen if step not in STEPS]:
        raise ValueError(f"unknown steps {unknown}; steps is a sequence of {', '.join(STEPS)}")
    if corpus.unit != "document":
        raise ValueError(
            f"this corpus is split into {corpus.unit}s; clean the whole texts, then split them"
        )
    texts = []
    rows: list[tuple[object, ...]] = []
    told: dict[object, dict[str, str]] = {}
    for unit_id, text in tqdm(
        corpus.units["text"].items(), total=len(corpus), desc="clean", delay=2, leave=False
    ):
        text, changes = clean_text(text, steps=chosen)
        rows += [(unit_id, *change) for change in changes]
        told[unit_id] = _told([change for change in changes if change.step == "residue"])
        texts.append(text)
    units, filled = _with_metadata(corpus.units.assign(text=texts), told)
    report = pd.DataFrame(rows + filled, columns=["unit_id", "step", "rule", "n_chars", "removed"])
    return CleanResult(replace(corpus, units=units), report)


def clean_text(text: str, *, steps: Sequence[str] = STEPS) -> tuple[str, list[Change]]:
    r"""Clean one text: the steps of `clean`, and what each rule of them did.

    Examples
    --------
    >>> text, changes = clean_text("首页>>理论\n城市治理要精细,也要有温度。")
    >>> text
    '城市治理要精细，也要有温度。'
    >>> [(change.step, change.rule) for change in changes]
    [('punctuation', 'commas and other marks'), ('residue', 'breadcrumb')]
    """
    changes: list[Change] = []
    for _ in range(_ROUNDS):
        for name in steps:
            text, done = _without_residue(text) if name == "residue" else _edited(text, name)
            changes += done
        again = "lines" in steps and "residue" in steps and done
        if not again or not join_lines(text).n_joined:
            break
    return text, changes


def _edited(text: str, step: str) -> tuple[str, list[Change]]:
    changes: list[Change] = []
    if step == "lines":
        text, changes = _mended(text)
    for edit in EDITS[step]:
        text, change = _edit(text, edit, step)
        if change.n_chars:
            changes.append(change)
    return text, changes


def _mended(text: str) -> tuple[str, list[Change]]:
    parted = part_lines(text)
    joined = join_lines(parted)
    n = parted.count("\n") - text.count("\n")
    changes = [Change("lines", "lines within a line", n, "")] if n else []
    if joined.n_joined:
        changes.append(Change("lines", "broken lines", joined.n_joined, joined.sample))
    return joined.text, changes


def _edit(text: str, edit: Edit, step: str) -> tuple[str, Change]:
    n_chars, sample = 0, ""

    def replaced(match: re.Match[str]) -> str:
        nonlocal n_chars, sample
        old, new = match[0], edit.replacement
        if not isinstance(new, str):
            new = new(match)
        if new != old:
            sample = sample or _sample(match, new)
            n_chars += abs(len(old) - len(new)) or sum(map(str.__ne__, old, new))
        return new

    text = edit.pattern.sub(replaced, text)
    return text, Change(step, edit.rule, n_chars, sample)


def _sample(match: re.Match[str], new: str) -> str:
    """Show what a replacement changed, with a few characters around it."""
    old, text = match[0], match.string
    pairs = enumerate(zip(old, new, strict=False))
    same = next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))
    start = match.start() + same
    before, after = text[max(0, start - 6) : start], text[match.end() : match.end() + 6]
    shown = f"{before}{(old[same:] + after)[:8]} → {before}{(new[same:] + after)[:8]}"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown)


def _without_residue(text: str) -> tuple[str, list[Change]]:
    lines = text.split("\n")
    found = residue_lines([line.strip() for line in lines])
    if not found:
        return text, []
    kept = "\n".join(line for i, line in enumerate(lines) if i not in found)
    changes = [
        Change("residue", found[i], len(lines[i].strip()), lines[i].strip()) for i in sorted(found)
    ]
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n"), changes


def _told(changes: list[Change]) -> dict[str, str]:
    """Return what removed lines tell about their text: the first value of each column."""
    told: dict[str, str] = {}
    for change in changes:
        found = tells(change.rule, change.removed)
        told |= {c: v for c, v in found.items() if c not in told}
    return told


def _with_metadata(
    units: pd.DataFrame, told: dict[object, dict[str, str]]
) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    """Fill empty metadata with what the residue told; return the rows of the report too."""
    rows: list[tuple[object, ...]] = []
    for column in dict.fromkeys(column for values in told.values() for column in values):
        cells: list[Any] = [*units[column]] if column in units else [None] * len(units)
        for i, unit_id in enumerate(units.index):
            value = told[unit_id].get(column)
            if value is None or str(cells[i]) == value:
                continue
            if pd.isna(cells[i]) or not str(cells[i]).strip():
                cells[i] = note = value
            else:
                note = f"{value} (the metadata say {cells[i]}, which stays)"
            rows.append((unit_id, "metadata", column, 0, note))
        units = units.assign(**{column: cells})
    return units, rows
