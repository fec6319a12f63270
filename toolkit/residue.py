"""Lines that belong to the page and not to the text, and what they tell about it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from toolkit.metadata import COLUMNS
from toolkit.structure import bare, is_running_text, whole

# The rules see only lines of this length (the longest residue seen has 90 characters).
_LONGEST = 150


_DATA = tomllib.loads(Path(__file__).with_name("residue.toml").read_text("utf-8"))


_PARTS = {name: "".join(pieces) for name, pieces in _DATA["parts"].items()}
# Within an atomic group re bears no names.
_PARTS["unnamed"] = re.sub(r"\?P<\w+>", "?:", _PARTS["detail"])


# The labels of the table of information above a document of a government.
_TABLE = {
    label: column
    for column in (
        *("date", "published", "effective", "source", "genre", "issuer", "document_number"),
        *("subject", "validity"),
    )
    for label in COLUMNS[column]
}
_TABLE |= dict.fromkeys(_DATA["labels"].split(), "")
_LABELLED = re.compile(
    r"[【\[]?(?P<label>\w[\w\s]{1,8})(?:[】\]]\s?[:：]?|\s?[:：])\s?(?P<value>.{0,100})"
)
_ATTACHMENT = re.compile(r"附\s?件\s?\d?\s?[:：]?")
_MARK = re.compile(r"[，。；！？…：]")
_CRUMB = re.compile(r"[>»›]+")

# The kinds of lines that are residue of the page, anywhere or at its ends.
_RULES = tuple(
    (name, where, re.compile(whole(pieces, _PARTS)))
    for where in ("anywhere", "ends")
    for name, pieces in _DATA[where].items()
)
# What a removed line tells: the names of the groups are columns of the metadata.
_TELLS = {name: pattern for name, _, pattern in _RULES if pattern.groupindex}
_TELLS["date, source, editor"] = re.compile(whole("«detail»", _PARTS))


def residue_lines(lines: list[str]) -> dict[int, str]:
    """Return the numbers of the lines that are residue, each with the name of its rule.

    A line is judged by itself and by its block, the lines above the first and below the last
    line of running text; of these only lines that are kept decide where the text is. So a
    second run, which sees only the kept lines, finds nothing more.
    """
    names, anywhere = _rules(lines)
    found = {i: names[i] for i in anywhere}
    written = [i for i, line in enumerate(lines) if line and i not in found]
    _judge_together(lines, written, names)
    kept: list[str] = []
    for i in written:
        if name := names[i]:
            found[i] = name
        elif _is_body(lines[i]):
            break
        elif kept == [bare(lines[i])] != [""]:
            found[i] = "repeated title"
        else:
            kept.append(bare(lines[i]))
    for n, i in enumerate(reversed(written)):
        if name := names[i]:
            found[i] = name
        elif n == 0 and len(written) > 1 and _ATTACHMENT.fullmatch(lines[i]):
            found[i] = "dangling attachment"
        elif i not in found and _is_body(lines[i]):
            break
    # What follows the word for related pages is their titles, down to the end of the page.
    running = (i for i in reversed(written) if _is_body(lines[i]) and i not in found)
    last = next(running, -1)
    links = [i for i in written if i > last and found.get(i) == "related links"]
    if links and last >= 0:
        found |= {i: "related links" for i in written if i > links[0] and i not in found}
    return found


def _is_body(line: str) -> bool:
    """Tell whether a line is text; a title without a mark is none, however long."""
    return is_running_text(line) and (len(line) > _LONGEST or _MARK.search(line) is not None)


def _rules(lines: list[str]) -> tuple[list[str], list[int]]:
    """Return the name of the rule that each line meets, and those that hold anywhere."""
    rules = [
        next(((name, at) for name, at, pattern in _RULES if pattern.fullmatch(line)), ("", ""))
        for line in (line if len(line) <= _LONGEST else "" for line in lines)
    ]
    anywhere = [i for i, (_, where) in enumerate(rules) if where == "anywhere"]
    return [name for name, _ in rules], anywhere


def _judge_together(lines: list[str], written: list[int], names: list[str]) -> None:
    """Add the rules that lines meet by what stands beside them."""
    for before, i, after in zip([-1, *written], written, [*written[1:], -1], strict=False):
        line = lines[i]
        table = [n for n in (before, i, after) if n >= 0 and _labelled(lines[n])]
        if not names[i] and len(table) > 1 and i in table:
            names[i] = "information table"
        elif _CRUMB.fullmatch(line):
            for n in (before, after):
                if (
                    n >= 0
                    and not names[n]
                    and len(lines[n]) <= 20
                    and not is_running_text(lines[n])
                ):
                    names[n] = "breadcrumb"


def _labelled(line: str) -> tuple[str, str] | None:
    """Return the column and the value of a line of a table of information."""
    match = _LABELLED.fullmatch(line) if len(line) <= _LONGEST else None
    label = re.sub(r"\s", "", match["label"]) if match else ""
    if match is None or label not in _TABLE or match["value"].startswith(("根据", "依据")):
        return None
    # That of an event is written so: 2023年5月20日 9:30.
    event = label in ("时间", "日期") and re.search(whole("日.*«time»", _PARTS), match["value"])
    return None if event else (_TABLE[label], match["value"].strip())


def tells(rule: str, line: str) -> dict[str, str]:
    """Return what a removed line tells about its text: columns of the metadata.

    Examples
    --------
    >>> tells("date, source, editor", "2023年5月10日10:33 来源：甲网")
    {'date': '2023-05-10 10:33', 'source': '甲网'}
    """
    told: dict[str, str] = {}
    if rule == "information table" and (labelled := _labelled(line)) and all(labelled):
        return {labelled[0]: _value(*labelled)}
    if pattern := _TELLS.get(rule):
        for match in pattern.finditer(line):
            found = {c: _value(c, v) for c, v in match.groupdict().items() if v}
            told |= {c: v for c, v in found.items() if c not in told}
    return told


def _value(column: str, value: str) -> str:
    if column in ("date", "published", "effective") and len(re.findall(r"\d+", value)) > 2:
        year, month, day, *time = (f"{number:0>2}" for number in re.findall(r"\d+", value))
        return f"{year}-{month}-{day} {':'.join(time)}".strip()
    if column in ("author", "editor"):
        return "、".join(re.split(r"[、，,/\s]+", value))
    return value
