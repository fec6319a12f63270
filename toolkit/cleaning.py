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
from unicodedata import normalize

import pandas as pd

from toolkit.corpus import Corpus
from toolkit.recipe import step
from toolkit.residue import residue_lines, tells
from toolkit.structure import HAN


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


class Edit(NamedTuple):
    """A pattern that is replaced wherever it stands in a text."""

    rule: str
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


# Patterns run over untrusted text, so they must take linear time: repetitions that share
# characters with what follows are possessive (``*+``) or start behind a look-behind.
_INVISIBLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)

_UNICODE = (
    Edit("line ends", re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]"), "\n"),
    Edit("invisible characters", re.compile(f"[{_INVISIBLE}]+"), ""),
    Edit("no-break and other spaces", re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f]"), " "),
    Edit(
        "full-width letters, digits and signs",
        re.compile(r"[０-９Ａ-Ｚａ-ｚ％＋／＆＠＃＝]+"),
        lambda match: "".join(chr(ord(char) - 0xFEE0) for char in match[0]),
    ),
    # PDF files often write characters as the radicals that look like them: ⽂ for 文.
    Edit(
        "radicals for characters",
        re.compile(r"[\u2e80-\u2fd5]+"),
        lambda match: normalize("NFKC", match[0]),
    ),
    Edit("full-width decimal point", re.compile(r"(?<=[0-9])．(?=[0-9])"), "."),
    # Last, since the edits before it bring characters together that may belong together.
    Edit("composed characters", re.compile(r".+"), lambda match: normalize("NFC", match[0])),
)

# What stands before or after a mark of Chinese text. The marks that these edits write
# themselves are not among them, or a second run would find more to do than the first.
_BEFORE = f"[{HAN}。、”’》〉」』】…]"
_AFTER = f"[{HAN}“‘《〈「『【]"
_PAIR = r"[(（](?:[^()（）\n]|[(（][^()（）\n]*[)）])*[)）]"
_CHINESE = re.compile(f"[{HAN}]")
_CHINESE_FOLLOWS = re.compile(rf"[^\S\n]*+{_AFTER}")


def _full_width_pair(match: re.Match[str]) -> str:
    pair, text, start = match["pair"], match.string, match.start("pair")
    before = text[max(0, start - 2) : start]
    inside = _CHINESE.search(pair) and not re.fullmatch("[A-Za-z] ", before)
    follows = _CHINESE_FOLLOWS.match(text, match.end()) and not re.search("[A-Za-z0-9)）]$", before)
    if match["after_chinese"] is None and not inside and not follows:
        return match[0]
    wide = pair.translate(str.maketrans("()", "（）"))
    return match[0] if wide == pair else wide


def _full_width_marks(match: re.Match[str]) -> str:
    return (match["after"] or match["before"]).translate(str.maketrans(",:;?!", "，：；？！"))


_PUNCTUATION = (
    Edit(
        "parentheses",
        re.compile(rf"(?P<after_chinese>(?<={_BEFORE})[^\S\n]*+)?(?P<pair>{_PAIR})"),
        _full_width_pair,
    ),
    Edit(
        "commas and other marks",
        re.compile(
            rf"(?<=[）{_BEFORE[1:]})[^\S\n]*+(?P<after>[,:;?!]++)[^\S\n]*+"
            rf"|(?<![,:;?!])(?P<before>[,:;?!]++)[^\S\n]*+(?={_AFTER})"
        ),
        _full_width_marks,
    ),
)

# A space between Chinese words is deliberate in a title (深入推进精治共治法治 不断提升…) and
# between the halves of a quoted slogan (“品质生活 亳动消费”); so is the one that ends the number
# of an article (第一条 为了…). Elsewhere in running text it is a slip.
_RUNNING_TEXT = re.compile("[。！？；]")
_BESIDE = f"[{HAN}，。、；：？！“”‘’（）《》〈〉「」『』【】…]"
_SPACES_IN_TEXT = re.compile(
    r"(?P<kept>[“‘《「【]\w{2,}+(?: \w{2,}+)+[”’》」】]"
    r"|^第[零一二三四五六七八九十百千\d]+[章节条] )"
    rf"|(?<={_BESIDE}) | (?={_BESIDE})"
)
# In titles and headings only those beside a mark or between characters set apart (总　则).
_SPACES_IN_TITLE = re.compile(
    r"(?<=[，。、；：？！“‘（《〈「『【]) | (?=[，。、；：？！”’）》〉」』】])"
    rf"|(?<=(?<![{HAN}])[{HAN}]) (?=[{HAN}](?![{HAN}]))"
)


def _close_up(match: re.Match[str]) -> str:
    line = match[0]
    if _RUNNING_TEXT.search(line):
        return _SPACES_IN_TEXT.sub(lambda space: space["kept"] or "", line)
    return _SPACES_IN_TITLE.sub("", line)


_WHITESPACE = (
    Edit("spaces at line ends", re.compile(r"(?m)^[^\S\n]++|(?<![^\S\n])[^\S\n]++$"), ""),
    Edit("wide spaces and runs of spaces", re.compile(r"[^\S\n]{2,}|[^\S\n ]"), " "),
    Edit("spaces in a decimal number", re.compile(r"(?<=[0-9]) \. ?(?=[0-9])"), "."),
    Edit("spaces between Chinese characters", re.compile(r".+"), _close_up),
    Edit("blank lines", re.compile(r"\n{3,}"), "\n\n"),
    Edit("blank lines around the text", re.compile(r"\A\n+|(?<=\n)\n+\Z"), ""),
)


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


def remove_residue(text: str) -> str:
    r"""Remove the lines that belong to the page and not to the text.

    Breadcrumbs, sharing, buttons, paging, dates and sources, editors, authors, WeChat and
    QR code prompts, copyright. Most rules hold only before the first and after the last
    line of running text; a line is removed whole, and only if all of it is residue.

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


_EDITS = {"unicode": _UNICODE, "punctuation": _PUNCTUATION, "whitespace": _WHITESPACE}
#: The steps of `clean`, in their order.
STEPS = (*_EDITS, "residue")


@step("corpus", take="corpus")
def clean(corpus: Corpus, *, steps: Sequence[str] | None = None) -> CleanResult:
    """Clean the texts of a corpus, and tell what was changed and removed.

    Parameters
    ----------
    corpus : Corpus
        Whole texts, not yet split.
    steps : sequence of {"unicode", "punctuation", "whitespace", "residue"}, optional
        What to do, in this order; everything if not given.

    Returns
    -------
    corpus : Corpus
        What the residue told about a text is in its metadata: ``date``
        (``2023-05-10 10:33``), ``source``, ``author``, ``author_note``, ``editor``. A
        value that the metadata had already stays.
    report : DataFrame
        ``unit_id``, ``step``, ``rule``, ``n_chars`` (characters removed or replaced) and
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
    for name in steps:
        if name == "residue":
            text, done = _without_residue(text)
        else:
            text, done = _edited(text, name)
        changes += done
    return text, changes


def _edited(text: str, step: str) -> tuple[str, list[Change]]:
    changes = []
    for edit in _EDITS[step]:
        text, change = _edit(text, edit, step)
        if change.n_chars:
            changes.append(change)
    return text, changes


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
