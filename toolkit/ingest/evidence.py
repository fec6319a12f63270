"""What a text tells about itself, each value with the place that says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple

from toolkit.residue import residue_lines, tells
from toolkit.structure import HAN, bare, is_heading
from toolkit.wordlists import shipped_table

#: What is looked for.
FIELDS = ("title", "date", "source", "author", "city", "document_number", "year", "kind")


class Evidence(NamedTuple):
    """A value for a field, the rule that found it, and the words that say so."""

    field: str
    value: str
    rule: str
    evidence: str


_YEAR = r"(?<!\d)((?:19[89]|20[0-4])\d)(?!\d)"
_DATE = re.compile(
    r"(?<!\d)(20\d\d|19\d\d)\s?[年./-]\s?(1[0-2]|0?[1-9])\s?[月./-]\s?(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_DOCUMENT_NUMBER = re.compile(
    rf"(?P<office>[{HAN}]{{1,8}})\s?[〔\[［（(【]\s?(?P<year>(?:19|20)\d\d)\s?[〕\]］）)】]\s?"
    r"(?:第\s?)?(?P<number>\d{1,5})\s?[号號]"
)
_SESSION = re.compile(
    rf"[（(—-]*\s?({_DATE.pattern})日?\s?在([{HAN}]{{2,30}}?)第[{HAN}\d]{{1,5}}届"
)
_SPEAKER = re.compile(rf"我(?:谨)?代表([{HAN}]{{0,12}}?(?:人民政府|市政府|州政府|国务院|行署))")
_REVIEW = re.compile(r"(?m)^.{0,8}?(20\d\d) ?年.{0,12}回顾.{0,6}$")
_ARTICLE = re.compile(r"(?m)^[ \t　]*+第[零一二三四五六七八九十百千\d]{1,6}条[\s　]")
_KINDS = (
    ("report", r"政府工作报告|工作报告$"),
    ("interview", r"访谈|专访|答记者问|对话"),
    ("speech", r"讲话|致辞|发言"),
    ("regulation", r"(?:条例|办法|规定|细则|规则|章程)(?:[（(][^（）()]{1,12}[）)])?$"),
    (
        "policy",
        r"(?:意见|通知|方案|规划|纲要|计划|决定|公告|措施|通告|批复)(?:[（(][^（）()]{1,12}[）)])?$",
    ),
)


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
    found += _from_residue(around, removed)
    found += _titles(head, name)
    found += _numbers(head, text)
    found += _dates(head, text)
    title = next((e.value for e in found if e.field == "title"), "")
    found += _cities(head, text, title, name, [e for e in found if e.field == "source"])
    found += _years(head, title, name, found)
    found += _kinds(head, text, title, removed)
    found = [e for e in found if e.value]
    order = {field: i for i, field in enumerate(FIELDS)}
    found.sort(key=lambda e: order.get(e.field, len(order)))
    return list(dict.fromkeys(found))


def _from_residue(around: str, removed: Sequence[tuple[str, str]]) -> Iterator[Evidence]:
    lines = [line for line in around.split("\n") if line]
    rules = residue_lines(lines)
    pairs = [*removed, *((rules[i], lines[i]) for i in sorted(rules))]
    for rule, line in pairs:
        for field, value in tells(rule, line).items():
            yield Evidence(field, _normal(field, value), f"residue: {rule}", line[:200])


def _titles(head: str, name: str) -> Iterator[Evidence]:
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    first = lines[0] if lines else ""
    # The salutation of a report and the first numbered heading are no titles.
    numbered = re.match(r"[一二三四五六七八九十]、|第[一二三]|[（(]|\d{1,2}[.、]|——|现在", first)
    if len(first) <= 60 and not numbered and is_heading(first) and _titular(first):
        yield Evidence("title", _closed(first), "first line", first)
    stem = PurePosixPath(name).stem
    if re.search(f"[{HAN}]{{2}}", stem):
        yield Evidence("title", stem[:200], "file name", PurePosixPath(name).name[:200])


def _titular(line: str) -> bool:
    """Tell a title from the other short lines that may come first."""
    if _DOCUMENT_NUMBER.fullmatch(line):
        return False
    office = r"^(?:市|州|区|县|省)(?:人民政府)?(?:市|州|区|县|省)?长\s"
    return not re.search(rf"^各位|[：:]$|回顾$|会议上$|{office}", line)


def _closed(title: str) -> str:
    """Close up the characters of a title that are set apart: 政 府 工 作 报 告."""
    return re.sub(rf"(?<![{HAN}]{{2}})(?<=[{HAN}]) (?=[{HAN}](?![{HAN}]))", "", title)


def _numbers(head: str, text: str) -> Iterator[Evidence]:
    for line in (*head.split("\n")[:15], *text[-1000:].rsplit("\n", 5)[1:]):
        match = _DOCUMENT_NUMBER.search(line)
        # Within a sentence it is the number of another document.
        if match and len(_one_line(line)) <= len(match[0]) + 8:
            value = f"{match['office']}〔{match['year']}〕{match['number']}号"
            yield Evidence("document_number", value, "document number", _one_line(line))


def _dates(head: str, text: str) -> Iterator[Evidence]:
    if match := _SESSION.search(head):
        yield Evidence(
            "date", _normal("date", match[1]), "date of the session", _one_line(match[0])
        )
    for line in (*head.split("\n")[:6], *text.rsplit("\n", 5)[1:]):
        stripped = line.strip("（()） 　\t")
        if (match := _DATE.match(stripped)) and len(stripped) <= 14:
            yield Evidence("date", _normal("date", match[0]), "date line", _one_line(line))


def _cities(
    head: str, text: str, title: str, name: str, sources: Sequence[Evidence]
) -> Iterator[Evidence]:
    for pattern, rule in ((_SPEAKER, "who reports"), (_SESSION, "session")):
        if match := pattern.search(head):
            words = match[match.lastindex or 1]
            value = "全国" if "国务院" in words else city_in(words)
            yield Evidence("city", value, rule, _one_line(match[0]))
    if match := re.search(rf"(?m)^([{HAN}]{{2,12}})人民政府[市州]长", head):
        yield Evidence("city", city_in(match[1]), "mayor", _one_line(match[0]))
    if "国务院" not in head:
        yield Evidence("city", city_in(title), "title", title[:100])
    for part in reversed(PurePosixPath(name).parts[-2:]):
        yield Evidence("city", city_in(PurePosixPath(part).stem), "file name", part[:100])
    for source in sources:
        yield Evidence("city", city_in(source.value), "source", source.value[:100])
    counts = Counter(named_cities(text[:200_000]))
    ranked = [*counts.most_common(2), ("", 0), ("", 0)]
    if ranked[0][1] >= 3 and ranked[0][1] > 2 * ranked[1][1]:
        place, n = ranked[0]
        yield Evidence("city", place, "most named", f"{place} is named {n} times")


def _years(head: str, title: str, name: str, found: list[Evidence]) -> Iterator[Evidence]:
    if match := re.search(rf"{_YEAR}年?.{{0,10}}报告", title):
        yield Evidence("year", match[1], "title", title[:100])
    if match := _REVIEW.search(head):
        # A report of January reviews the year before.
        value = str(int(match[1]) + 1)
        yield Evidence("year", value, "year under review", _one_line(match[0]))
    for e in found:
        if e.field == "date":
            yield Evidence("year", e.value[:4], e.rule, e.evidence)
        elif e.field == "document_number" and (match := re.search(r"〔(\d{4})〕", e.value)):
            yield Evidence("year", match[1], e.rule, e.evidence)
    if match := re.search(_YEAR, title):
        yield Evidence("year", match[1], "title", title[:100])
    for part in reversed(PurePosixPath(name).parts[-2:]):
        if match := re.search(_YEAR, part):
            yield Evidence("year", match[1], "file name", part[:100])


def _kinds(
    head: str, text: str, title: str, removed: Sequence[tuple[str, str]]
) -> Iterator[Evidence]:
    if match := re.search(rf"{_SPEAKER.pattern}[^。]{{0,12}}(?:报告|作).{{0,6}}工作", head):
        yield Evidence("kind", "report", "who reports", _one_line(match[0]))
    for kind, pattern in _KINDS:
        if re.search(pattern, bare(title) if kind == "report" else title):
            yield Evidence("kind", kind, "title", title[:100])
    if len(found := _ARTICLE.findall(text[:200_000])) >= 5:
        yield Evidence("kind", "regulation", "articles", f"{len(found)} articles (第…条)")
    if match := re.search(r"(?m)^[\[【]?\s?(?:摘\s?要|关键词)\s?[\]】]?\s?[:：]?.{0,40}", head):
        yield Evidence("kind", "theory", "abstract", _one_line(match[0]))
    if match := re.search(r"(?:新华社|本报讯|中新社|本报记者|[（(]记者).{0,20}", head):
        yield Evidence("kind", "news", "reporter", _one_line(match[0]))
    for rule, line in removed:
        if rule == "reporter":
            yield Evidence("kind", "news", "reporter", line[:200])


def _normal(field: str, value: str) -> str:
    value = " ".join(value.split())
    if field == "date":
        match = _DATE.search(value)
        if match is None:
            return ""
        year, month, day = match.groups()
        time = re.search(r"\b\d{1,2}:\d{2}(?::\d{2})?", value[match.end() :])
        return f"{year}-{int(month):02d}-{int(day):02d}" + (f" {time[0]}" if time else "")
    if field == "title":
        return _closed(value)
    return value


def _one_line(words: str) -> str:
    return " ".join(words.split())[:200]
