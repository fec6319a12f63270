"""What a text tells about itself, each value with the place that says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise, takewhile, zip_longest
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from toolkit.dates import iso_date
from toolkit.ingest.places import Place, named_cities, place_in
from toolkit.ingest.rules import DATA, compiled, named, rules
from toolkit.metadata import COLUMNS, DATES
from toolkit.residue import residue_lines, tells
from toolkit.structure import HAN

#: What is looked for, and has a column always; then what only some texts tell.
FIELDS = ("title", "date", "source", "author", "city", "document_number", "year", "kind")
MORE = (*DATES[1:], "province", "level", "code", "issuer", "genre", "subject", "validity")
# Labels stand in the first lines, before the text begins, and in the last.
_FIRST, _LAST = 60, 12
_LABELLED = frozenset(("title", "source", "author", "document_number", *DATES, *MORE))


class Evidence(NamedTuple):
    """A value for a field, the rule that found it, and the words that say so."""

    field: str
    value: str
    rule: str
    evidence: str


class Page(NamedTuple):
    """What there is of a text and around it, by the place where rules look: words, as shown."""

    head: str
    text: str
    places: Mapping[str, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, text: str, name: str, removed: Sequence[tuple[str, str]]) -> Page:
        """Return the page of a text; its head as scans and old systems set it is put right."""
        head = "\n".join(text.split("\n", 40)[:40])[:3000]
        # 2 0 0 1 年, and a bracket over several lines.
        head = re.sub(r"(?<=\d) (?=[\d年月日])|(?<=[年月]) (?=\d)", "", head)
        head = re.sub(
            r"[（(][^（）()。]{0,80}\n[^（）()。]{0,80}[）)]",
            lambda match: match[0].replace("\n", ""),
            head,
        )
        text, lines = text[:200_000], head.split("\n")
        dated = compiled("parts", "date")
        # The lines that tell who adopted, changed and published a law, and when.
        history = [one for line in lines[:25] if dated.search((one := line.strip())[:60])]
        parts = reversed(PurePosixPath(name).parts[-2:])
        last = text[-1000:].rsplit("\n", 5)[1:]
        places = {
            "head": [(head, "")],
            "text": [(text, "")],
            "end": [(text[-1500:], "")],
            "history": [("\n".join(one for one in history if "。" not in one[:-1]), "")],
            "file name": [(part.rpartition(".")[0] or part, part[:100]) for part in parts],
            "removed reporter": [
                (line, line[:200]) for rule, line in removed if rule == "reporter"
            ],
            "lines": [(line.strip(), _one_line(line)) for line in lines],
            "last lines": [(line.strip(), _one_line(line)) for line in last],
        }
        return cls(head, text, places)


def find_evidence(
    text: str,
    *,
    name: str = "",
    told: Sequence[tuple[str, str, str]] = (),
    around: str = "",
    removed: Sequence[tuple[str, str]] = (),
    raw: str = "",
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
    raw : str
        The text before it was cleaned, if it was: its labels may be gone.

    Returns
    -------
    list of Evidence

    Notes
    -----
    A date of meeting or signing is ``date``, that of a page ``published``; if there is only
    the latter, it is both.

    Examples
    --------
    >>> page = "政府工作报告\n（2024年1月29日在杭州市第十四届人民代表大会上）\n各位代表："
    >>> [(e.field, e.value) for e in find_evidence(page) if e.field in ("date", "city")]
    [('date', '2024-01-29'), ('city', '杭州')]
    """
    page = Page.of(text, name, removed)
    lines = [line for line in around.split("\n") if line]
    found = [*_labelled((raw or text).split("\n"), lines)]
    found += [Evidence(f, _normal(f, v), "file", f"{where}: {v}"[:200]) for f, v, where in told]
    kinds = residue_lines(lines)
    for rule, line in (*removed, *((kinds[i], lines[i]) for i in sorted(kinds))):
        for field, value in tells(rule, line).items():
            field = "published" if field == "date" else field
            found.append(Evidence(field, _normal(field, value), f"residue: {rule}", line[:200]))
    found += _titles(page.head, {e.value for e in found if e.field != "title"})
    untitled = compiled("untitled", "line").fullmatch
    found = [e for e in found if e.field != "title" or not untitled(e.value)]
    found += _signed(page)
    first = [rule for rule in rules("evidence") if rule["field"] == "title"]
    found += [e for rule in first for e in _by_rule(rule, page, found)]
    found += _of_title(found)
    for rule_of in (rule for rule in rules("evidence") if rule not in first):
        found += _by_rule(rule_of, page, found)
    found += _of_place(found, page)
    if at_once := compiled("parts", "at once").search(page.text[-1500:]):
        known = [e for e in found if e.field == "published" and e.value]
        found += [Evidence("effective", e.value, e.rule, at_once[0]) for e in known]
    for stem, shown in page.places["file name"][:1]:
        if re.search(f"[{HAN}]{{2}}", stem):
            found.append(Evidence("title", stem[:200], "file name", shown))
    dates = (e for field in DATES[:2] for e in found if e.field == field and e.value)
    found += [e._replace(field="date") for e in dates if e.field != "date"]
    order = {field: i for i, field in enumerate((*FIELDS, *MORE))}
    found = [e for e in found if e.value and e.field != "place"]
    found.sort(key=lambda e: order.get(e.field, len(order)))
    return list(dict.fromkeys(found))


def evidence_of(given: Mapping[str, str]) -> list[Evidence]:
    """Return what a title and a city that the user gave tell besides.

    Examples
    --------
    >>> [(e.field, e.value) for e in evidence_of({"title": "关于政府工作报告的决议"})]
    [('genre', '决议'), ('kind', 'policy')]
    """
    found = [Evidence("title", given["title"], "given", given["title"])] if "title" in given else []
    found += _of_title(found)
    page = Page.of("", "", ())
    for rule in rules("evidence"):
        if rule["in"] == "title":
            found += _by_rule(rule, page, found)
    if city := given.get("city") or given.get("province"):
        found.insert(0, Evidence("place", city, "given", city))
    found += _of_place(found, page)
    return [e for e in found if e.value and e.field not in ("place", "title")]


def _by_rule(rule: Mapping[str, Any], page: Page, found: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield what a rule finds in each of its places: of the page, or what was found before."""
    place, pattern, name = rule["in"], rule["pattern"], ""
    places: list[tuple[str, str, str]] = [(*words, "") for words in page.places.get(place, ())]
    if place == "lines":
        places = [
            (*w, "") for w in (*page.places[place][: rule["first"]], *page.places["last lines"])
        ]
    elif place not in page.places:
        values = [e for e in found if e.field == place and e.value]
        if place == "title":
            places = [(e.value, e.value[:100], place) for e in values[:1]]
        else:
            places = [(e.value, e.evidence, e.rule) for e in values]
    look = pattern.fullmatch if place == "lines" else pattern.search
    for words, shown, name in places:
        match = look(words) if words else None
        if match and rule.get("last"):
            *_, match = pattern.finditer(words)
        if match is None:
            continue
        if "at_least" in rule:
            n = len(pattern.findall(words))
            if n < rule["at_least"]:
                continue
            shown = rule["says"].format(n=n)
        value = match.expand(rule["value"])
        if "later" in rule:
            value = str(int(value) + rule["later"])
        field, known = rule["field"], name or (place if place == "file name" else "")
        said = shown or _one_line(match[0])
        yield Evidence(field, _normal(field, value), rule.get("rule", known), said)


def _titles(head: str, other: Collection[str]) -> Iterator[Evidence]:
    """Yield the first line that is a title and no `other` value, as it goes on."""
    lines = [line.strip() for line in head.split("\n") if line.strip()][:40]
    # What stands beside a mark of its own is a step of the way to the page.
    steps = {i + n for i, line in enumerate(lines) if re.fullmatch("[>»›]+", line) for n in (-1, 1)}
    lines = [line for i, line in enumerate(lines) if i not in steps and line not in other]
    # The end of a row of buttons may stand before the title: 减小】2026年政府工作报告.
    lines = [re.sub(r"^[^【\[]{0,30}[】\]](?=\w)", "", line) for line in lines]
    untitled = compiled("untitled", "line")
    lines = [line for line in lines if not (untitled.fullmatch(line) or any(_pairs([line])))]
    # What stands alone is the text itself, such as a message.
    title = lines[0] if len(lines) > 1 else ""
    if title and len(title) <= 120 and not compiled("untitled", "none").fullmatch(title):
        yield Evidence("title", _normal("title", _joined(lines[:6])), "first line", title)


def _joined(lines: Sequence[str]) -> str:
    """Return a title with the lines that it goes on in: offices, and below them what they issue."""
    office, title = compiled("parts", "office"), lines[0]
    for before, line in pairwise(lines):
        listed, lists = (all(map(office.fullmatch, words.split())) for words in (before, line))
        goes_on = listed or (any(place_in(lines[0])) and not re.match("关于|《", line))
        if genre_of(title) or not goes_on or len(title) > 120 or re.search("[。：；]", line):
            break
        title += " " * (listed and lists and not before.endswith("共和国")) + line
    return title if genre_of(title) else lines[0]


def genre_of(title: str) -> str:
    """Return the kind of document that a title ends in (文种).

    Examples
    --------
    >>> genre_of("甲市养犬办法（试行）"), genre_of("关于印发《甲市规划》的通知"), genre_of("题目")
    ('办法', '通知', '')
    """
    bare = re.sub(r"(?:——.*|[（(【\[][^（()）]*[）)】\]]|[》”·*\s]|全文)*$", "", title)
    return next((genre for genre in _genres() if bare.endswith(genre)), "")


@cache
def _genres() -> dict[str, str]:
    """Return what titles may end in, the longest first, each with the kind that it is."""
    found = {**named("kinds"), **dict.fromkeys(("报告", "公报", "纪要", "议案"), "")}
    return {genre: found[genre] for genre in sorted(found, key=len, reverse=True)}


def kind_called(name: str) -> str:
    """Return the kind that users and lists call by a name; ``other`` if it is none."""
    known = {**named("called"), **named("kinds")}
    return known.get(name) or _genres().get(genre_of(f"某{name}")) or "other"


def _of_title(found: Sequence[Evidence]) -> Iterator[Evidence]:
    title = next((e for e in found if e.field == "title" and e.value), None)
    if title and (genre := genre_of(title.value)):
        yield Evidence("genre", genre, "title", title.value[:100])
        yield Evidence("kind", _genres()[genre], "title", title.value[:100])


def _signed(page: Page) -> Iterator[Evidence]:
    """Yield who signed: the offices in the lines above a date that stands alone."""
    lines = [
        line.strip()
        for line in (*page.head.split("\n"), *page.text[-1000:].split("\n"))
        if line.strip()
    ]
    dated, office = compiled("parts", "date"), compiled("parts", "office")
    for i, line in enumerate(lines):
        if len(line) <= 20 and dated.match(line) and iso_date_or_none(line):
            above = [
                *takewhile(
                    lambda word: len(word) <= 60 and all(map(office.fullmatch, word.split())),
                    reversed(lines[max(0, i - 12) : i]),
                )
            ]
            if above and not set(above) & {lines[0]}:
                offices = "、".join(chain.from_iterable(line.split() for line in reversed(above)))
                yield Evidence("issuer", offices, "signature", f"{offices} {line}"[:200])


@cache
def _labels() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return labels with what they tell, and the pattern of one at the place of a label."""
    known = {name: column for column, names in COLUMNS.items() for name in names}
    known = {name: c for name, c in known.items() if re.fullmatch(f"[{HAN}]{{2,}}", name)}
    known |= dict.fromkeys(DATA["labels"][""].split(), "")
    known |= {name: column for name, column in named("labels").items() if column}
    spaced = (r"[\s　]*".join(name) for name in sorted(known, key=len, reverse=True))
    label = f"(?P<label>{'|'.join(spaced)})"
    return known, re.compile(
        rf"(?:^|(?<=[\s　|｜;；\]】]))[\[【]?{label}(?:\s*[\]】]\s*[:：]?|\s*[:：]|\s*[|｜](?!$)|$)"
    )


def _labelled(lines: Sequence[str], around: Sequence[str]) -> Iterator[Evidence]:
    """Yield what labels tell, such as those of the information table of a government page."""
    shown = [line.strip() for line in lines if line.strip()]
    begins = compiled("untitled", "begins")
    first = [*takewhile(lambda line: not begins.match(line), shown[:_FIRST])]
    # Below the text a short one may be part of it: 时间 of a meeting.
    last = [(label, value) for label, value in _pairs(shown[len(first) :][-_LAST:]) if label[3:]]
    for label, value in (*_pairs(first), *last, *_pairs(around)):
        # Of a page these tell when it was put up.
        column = "published" if label in ("时间", "日期") else _labels()[0][label]
        if column in _LABELLED and len(value) <= (40 if column == "source" else 120):
            yield Evidence(column, _normal(column, value), "label", f"{label}：{value}"[:200])


def _pairs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield labels and their values: behind them, or in the next line."""
    pattern = _labels()[1]
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        found = [*pattern.finditer(line)] if len(line) <= 500 else []
        for match, following in zip_longest(found, found[1:]):
            label = re.sub(r"\s", "", match["label"])
            value = line[match.end() : following.start() if following else None]
            value = value.strip(" \t　|｜[]【】;；")
            if not (value or following or pattern.match(below)):
                value = below
            # 题目 alone in a line may be one.
            if re.search(r"\W$", match[0]) or len(label) > 3:
                yield label, value


def _of_place(found: Sequence[Evidence], page: Page) -> Iterator[Evidence]:
    """Yield the columns of the places that were named, the best of which decides the others."""
    main = Place()
    for e in [e for e in found if e.field == "place"]:
        place = place_in(e.value)
        main = main if any(main) else place
        if place.city and (main.city or not any(main)):
            yield Evidence("city", place.city, e.rule, e.evidence)
        if place is main:
            for field in ("province", "level", "code"):
                yield Evidence(field, getattr(place, field), e.rule, e.evidence)
    counts = Counter(city for city, _ in named_cities(page.text))
    (most, n), (_, next_n) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    if n >= 3 and n > 2 * next_n and (main.city or not any(main)):
        says = f"{most} is named {n} times"
        yield Evidence("city", most, "most named", says)
        yield Evidence("province", place_in(f"{most}市").province, "most named", says)


def iso_date_or_none(value: str) -> str:
    """Return a date as ISO writes it, and nothing for what is none."""
    try:
        return iso_date(value)
    except ValueError:
        return ""


def _normal(field: str, value: str) -> str:
    value = " ".join(value.split())
    if field in DATES:
        value = re.sub(r"(?<=[年月])\s?/\s?", "", value)
        if match := compiled("parts", "stamp").search(value):
            value = match[0]
        return iso_date_or_none(value)
    if field == "issuer":
        return "、".join(filter(None, re.split(r"[、，,;； 　]+", value)))
    if field == "title":  # its characters may be set apart: 政 府 工 作 报 告
        value = re.sub(rf"(?<![{HAN}]{{2}})(?<=[{HAN}]) (?=[{HAN}](?![{HAN}]))", "", value)
        return value.strip("·*# ")
    return value


def _one_line(words: str) -> str:
    return " ".join(words.split())[:200]
