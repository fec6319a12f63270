"""Which place a text is of: its province, its city, how high it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from toolkit.ingest.rules import DATA
from toolkit.structure import HAN
from toolkit.wordlists import shipped_table


class City(NamedTuple):
    """A row of the gazetteer; ``code`` is that of GB/T 2260."""

    city: str
    unit: str
    province: str
    region: str
    tier: str
    code: str


class Place(NamedTuple):
    """A place that is named: what is known of it, as columns of the metadata."""

    city: str = ""
    province: str = ""
    level: str = ""
    code: str = ""


@cache
def gazetteer() -> dict[str, City]:
    """Return the cities and prefectures of China by their short names.

    Examples
    --------
    >>> gazetteer()["恩施"]
    City(city='恩施', unit='州', province='湖北', region='华中', tier='自治州', code='422800')
    """
    table = shipped_table("cities.csv")
    cities = (City(*map(str, row)) for row in table.to_numpy())
    return {city.city: city for city in cities}


@cache
def _provinces() -> dict[str, str]:
    """Return the codes of the provinces by their short names."""
    return {city.province: f"{city.code[:2]}0000" for city in gazetteer().values()}


_PROVINCE = re.compile("|".join(DATA["provinces"]["full"].split()))
_NATIONAL = re.compile(DATA["provinces"]["national"])
_AFTER = re.compile(rf"$|[^{HAN}]|{DATA['provinces']['after']}")
_COUNTY = re.compile(rf"(?!辖)[{HAN}]{{1,8}}?[县区旗市](?:{_AFTER.pattern})")

_COUNTY_ALONE = re.compile(
    rf"(?![各全本我该])[{HAN}]{{2,7}}?(?:县|旗|市|(?<![治发地特新])区)(?=人民|政府|人大|政协|委)"
)


def named_cities(words: str) -> Iterator[tuple[str, int]]:
    """Yield the cities that a text names with their units, as often as it does, and where.

    Examples
    --------
    >>> words = "杭州市、恩施州和恩施土家族苗族自治州，但恩施市是另一个地方"
    >>> [name for name, _ in named_cities(words)]
    ['杭州', '恩施', '恩施']
    """
    places = gazetteer()
    for match in re.finditer(r"市|自治州|州|盟|地区|特别行政区", words):
        unit, before = match[0], words[max(0, match.start() - 16) : match.start()]
        spans = [before[-n:] for n in (6, 5, 4, 3, 2)]
        if unit == "自治州":  # the peoples stand between the name and the unit
            unit, spans = "州", [before[i : i + n] for i in range(16) for n in (6, 5, 4, 3, 2)]
        name = next((s for s in spans if s in places and places[s].unit == unit), "")
        if name:
            yield name, match.end()


def place_in(words: str) -> Place:
    """Return the place that a few words name: with its unit or, standing alone, without.

    Parameters
    ----------
    words : str
        A title, an office, a session; not running text, which names many.

    Returns
    -------
    Place
        ``level`` is ``national``, ``province``, ``city`` or ``county``. A direct
        municipality is city and province.

    Examples
    --------
    >>> place_in("吉林省第十四届人民代表大会")
    Place(city='', province='吉林', level='province', code='220000')
    >>> place_in("2024-杭州").city, place_in("海南经验").city, place_in("我代表国务院").level
    ('杭州', '', 'national')
    """
    if _NATIONAL.search(words):
        return Place("全国", "", "national", "100000")
    province = _PROVINCE.search(words)
    name, end = next(named_cities(words), ("", 0))
    if not name and province is None:
        name, end = _alone(words)
    # Of 浙江省…关于同意杭州市… the province is the author.
    if name and not (
        province
        and not words.startswith(name, province.end())
        and province.start() < words.find(name)
    ):
        city = gazetteer()[name]
        direct = city.tier == "直辖市"
        found = Place(name, city.province, "province" if direct else "city", city.code)
    elif province:
        short = next(p for p in _provinces() if province[0].startswith(p))
        found, end = Place("", short, "province", _provinces()[short]), province.end()
    else:
        return Place(level="county" if _COUNTY_ALONE.match(words) else "")
    if _COUNTY.match(words, end):
        found = found._replace(level="county", code="")
    return found


def _alone(words: str) -> tuple[str, int]:
    """Return a city that is named without its unit, at the beginning or on its own."""
    for piece in re.finditer(f"[{HAN}]+", words):
        for length in (len(piece[0]), 4, 3, 2):
            name = piece[0][:length]
            whole = name == piece[0]
            # A province's name says nothing of the city that shares it, nor does that of a
            # county (恩施市) of the prefecture; and 大同小异 is of no place.
            if name not in gazetteer() or (name in _provinces() and not whole):
                continue
            if whole and gazetteer()[name].unit == "州":
                continue
            if whole or _AFTER.match(words, piece.start() + length):
                return name, piece.start() + length
    return "", 0
