"""What a text tells about itself, each value with the place that says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from toolkit.ingest.rules import rules
from toolkit.residue import residue_lines, tells
from toolkit.structure import HAN, is_heading
from toolkit.wordlists import shipped_table

#: What is looked for.
FIELDS = ("title", "date", "source", "author", "city", "document_number", "year", "kind")


class Evidence(NamedTuple):
    """A value for a field, the rule that found it, and the words that say so."""

    field: str
    value: str
    rule: str
    evidence: str


class City(NamedTuple):
    """A row of the gazetteer."""

    city: str
    unit: str
    province: str
    region: str
    tier: str


@cache
def gazetteer() -> dict[str, City]:
    """Return the cities and prefectures of China by their short names.

    Examples
    --------
    >>> gazetteer()["恩施"]
    City(city='恩施', unit='州', province='湖北', region='华中', tier='自治州')
    """
    table = shipped_table("cities.csv")
    cities = (City(*map(str, row)) for row in table.to_numpy())
    return {city.city: city for city in cities}


def named_cities(words: str) -> Iterator[str]:
    """Yield the cities that a text names with their units, as often as it does.

    Examples
    --------
    >>> list(named_cities("杭州市、恩施州和恩施土家族苗族自治州，但恩施市是另一个地方"))
    ['杭州', '恩施', '恩施']
    """
    places = gazetteer()
    for match in re.finditer(r"市|自治州|州|盟|地区|特别行政区", words):
        if match[0] == "自治州":
            # The peoples stand between the name and the unit.
            before = words[max(0, match.start() - 16) : match.start()]
            spans = (before[i : i + n] for i in range(len(before)) for n in (6, 5, 4, 3, 2))
            name = next((s for s in spans if s in places and places[s].unit == "州"), "")
        else:
            spans = (words[max(0, match.start() - n) : match.start()] for n in (6, 5, 4, 3, 2))
            name = next((s for s in spans if s in places and places[s].unit == match[0]), "")
        if name:
            yield name


def city_in(words: str) -> str:
    """Return the city that a few words name, with its unit or, standing alone, without.

    Examples
    --------
    >>> city_in("杭州市第十四届人民代表大会"), city_in("2024-杭州"), city_in("海南经验")
    ('杭州', '杭州', '')
    """
    if name := next(named_cities(words), ""):
        return name
    pieces = re.split(rf"[^{HAN}]+", words)
    for piece in pieces:
        if piece in gazetteer() and gazetteer()[piece].unit != "州":
            return piece
        for length in (4, 3, 2):
            name = piece[:length]
            # A province's name says nothing of the city that shares it, nor does that of a
            # county (恩施市) of the prefecture.
            after = piece[length : length + 1]
            if name in gazetteer() and (name not in _PROVINCES or piece == name):
                return "" if after in tuple("市县区州盟省") else name
    return ""


_PROVINCES = frozenset(("吉林", "海南"))


def find_evidence(
    text: str,
    *,
    name: str = "",
    told: Sequence[tuple[str, str, str]] = (),
    around: str = "",
    removed: Sequence[tuple[str, str]] = (),
) -> list[Evidence]:
    r"""Return what is found about a text; the first value of a field is the best.

    Parameters
    ----------
    text : str
        The cleaned text.
    name : str
        Path of the file; its last two parts may name the city and the year.
    told : sequence of (field, value, where)
        What the file says in its properties.
    around : str
        The lines of the page outside of the text.
    removed : sequence of (rule, line)
        Residue that cleaning removed from the text.

    Returns
    -------
    list of Evidence

    Examples
    --------
    >>> page = "政府工作报告\n（2024年1月29日在杭州市第十四届人民代表大会上）\n各位代表："
    >>> [(e.field, e.value) for e in find_evidence(page) if e.field in ("date", "city")]
    [('date', '2024-01-29'), ('city', '杭州')]
    """
    head = "\n".join(text.split("\n")[:40])[:3000]
    found = [Evidence(f, _normal(f, v), "file", f"{where}: {v}"[:200]) for f, v, where in told]
    lines = [line for line in around.split("\n") if line]
    kinds = residue_lines(lines)
    removed = [*removed, *((kinds[i], lines[i]) for i in sorted(kinds))]
    for rule, line in removed:
        for field, value in tells(rule, line).items():
            found.append(Evidence(field, _normal(field, value), f"residue: {rule}", line[:200]))
    found += _titles(head, name)
    for kind in rules("evidence"):
        found += _by_rule(kind, _places(kind, head, text, name, found, removed), head)
    counts = Counter(named_cities(text[:200_000]))
    (most, n), (_, next_n) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    if n >= 3 and n > 2 * next_n:
        found.append(Evidence("city", most, "most named", f"{most} is named {n} times"))
    found = [e for e in found if e.value]
    order = {field: i for i, field in enumerate(FIELDS)}
    found.sort(key=lambda e: order.get(e.field, len(order)))
    return list(dict.fromkeys(found))


def _places(
    rule: Mapping[str, Any],
    head: str,
    text: str,
    name: str,
    found: Sequence[Evidence],
    removed: Sequence[tuple[str, str]],
) -> Iterator[tuple[str, str, str]]:
    """Yield the words that a rule looks at; and what they are, and are shown as, if known."""
    place = rule["in"]
    if place in ("head", "text"):
        yield head if place == "head" else text[:200_000], "", ""
    elif place == "lines":
        for line in (*head.split("\n")[: rule["first"]], *text[-1000:].rsplit("\n", 5)[1:]):
            yield line.strip(), "", _one_line(line)
    elif place == "file name":
        for part in reversed(PurePosixPath(name).parts[-2:]):
            yield PurePosixPath(part).stem, place, part[:100]
    elif place == "removed reporter":
        yield from ((line, "", line[:200]) for kind, line in removed if kind == "reporter")
    else:  # what was found before: of titles the first
        values = [e for e in found if e.field == place and e.value]
        for e in values[:1] if place == "title" else values:
            same = place in ("title", "source")
            yield e.value, place if same else e.rule, e.value[:100] if same else e.evidence


def _by_rule(
    rule: Mapping[str, Any], places: Iterator[tuple[str, str, str]], head: str
) -> Iterator[Evidence]:
    """Yield what a rule finds in each of its places."""
    if "unless" in rule and rule["unless"] in head:
        return
    for words, name, shown in places:
        whole = rule["in"] == "lines"
        match = (rule["pattern"].fullmatch if whole else rule["pattern"].search)(words)
        if match is None:
            continue
        if "at_least" in rule:
            n = len(rule["pattern"].findall(words))
            if n < rule["at_least"]:
                continue
            shown = rule["says"].format(n=n)
        value = match.expand(rule["value"])
        if rule["field"] == "city":
            value = "全国" if "国务院" in value else city_in(value)
        if "later" in rule:
            value = str(int(value) + rule["later"])
        field = rule["field"]
        yield Evidence(
            field, _normal(field, value), rule.get("rule", name), shown or _one_line(match[0])
        )


def _titles(head: str, name: str) -> Iterator[Evidence]:
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    first = lines[0] if lines else ""
    # The salutation of a report, the first numbered heading and a document number are no titles.
    numbered = re.match(r"[一二三四五六七八九十]、|第[一二三]|[（(]|\d{1,2}[.、]|——|现在", first)
    office = r"^(?:市|州|区|县|省)(?:人民政府)?(?:市|州|区|县|省)?长\s"
    other = re.search(rf"^各位|[：:]$|回顾$|会议上$|{office}|\d\s?[〕\]］）)】].*[号號]$", first)
    if len(first) <= 60 and not numbered and not other and is_heading(first):
        yield Evidence("title", _normal("title", first), "first line", first)
    stem = PurePosixPath(name).stem
    if re.search(f"[{HAN}]{{2}}", stem):
        yield Evidence("title", stem[:200], "file name", PurePosixPath(name).name[:200])


def _normal(field: str, value: str) -> str:
    value = " ".join(value.split())
    if field == "date":
        numbers = re.match(r"\D*(\d{4})\D+(\d{1,2})\D+(\d{1,2})", value)
        if numbers is None:
            return ""
        year, month, day = map(int, numbers.groups())
        time = re.search(r"\b\d{1,2}:\d{2}(?::\d{2})?", value[numbers.end() :])
        return f"{year}-{month:02d}-{day:02d}" + (f" {time[0]}" if time else "")
    if field == "title":  # its characters may be set apart: 政 府 工 作 报 告
        return re.sub(rf"(?<![{HAN}]{{2}})(?<=[{HAN}]) (?=[{HAN}](?![{HAN}]))", "", value)
    return value


def _one_line(words: str) -> str:
    return " ".join(words.split())[:200]
