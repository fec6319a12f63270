"""Dates and years as people write them: one normaliser for whatever brings metadata."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import pandas as pd

#: What stands in a cell of which nothing is known.
UNKNOWN = frozenset(
    {"", "-", "--", "—", "——", "/", "无", "未知", "不详"}
    | {"nan", "nat", "none", "null", "n/a", "<na>"}
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_TENS = re.compile(r"([一二三])?十([一二三四五六七八九])?")
_DATE = re.compile(
    r"(?P<y>\d{4})(?:\s?(?P<mark>[年./-])\s?(?P<m>\d{1,2})(?:\s?[月./-]\s?(?P<d>\d{1,2}))?)?"
    r"\s?[年月日号]?度?"
)
_RUN = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?:(?P<d>\d\d)(?:(?P<time>\d{4}|\d{6}))?)?")
_WEEKDAY = re.compile(r"[(（]?\s?(?:星期|周|礼拜)[一二三四五六日天]\s?[)）]?")
_TIME = re.compile(
    r"[\sT,]*(?P<half>上午|下午|凌晨|早上|中午|晚上|[AaPp]\.?[Mm]\.?)?\s?"
    r"(?P<h>\d{1,2})[:时点](?P<min>\d{1,2})?(?:[:分](?P<s>\d{1,2})?)?(?:\.\d+)?秒?"
    r"\s?(?P<after>[AaPp]\.?[Mm]\.?)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
# Days are counted by spreadsheets from here; the bounds are 1954 and 2119.
_FIRST_DAY, _SERIALS = datetime(1899, 12, 30), (20_000, 80_000)


def iso_date(value: Any) -> str:
    """Return a date as ISO 8601 writes it, as far as it is known; nothing for a missing one.

    Parameters
    ----------
    value : str, number, date or None
        In any usual form: with marks or without, in Chinese or full-width digits, with a
        time, a day of the week, or only a month or a year; the number of a day in Excel.

    Returns
    -------
    str
        ``2019-04-03 10:47:25``, ``2019-04-03``, ``2019-04`` or ``2019``.

    Raises
    ------
    ValueError
        If it is none; says how to write it.

    Examples
    --------
    >>> [iso_date(v) for v in ("2019/4/3 10:47:25", "2019年4月3日", "20190403", "２０２３", 43558)]
    ['2019-04-03 10:47:25', '2019-04-03', '2019-04-03', '2023', '2019-04-03']
    >>> iso_date("二〇二六年一月二十七日"), iso_date("二〇二四"), iso_date(float("nan"))
    ('2026-01-27', '2024', '')
    """
    if isinstance(value, datetime) and value == value:
        return _shown(value.date(), value.time())
    if isinstance(value, date) and value == value:
        return value.isoformat()
    return _read(" ".join(normalize("NFKC", "" if value is None else str(value)).split()))


def year_of(value: Any) -> int | None:
    """Return the year of a year or a date in any form of `iso_date`; None for a missing one.

    Raises
    ------
    ValueError
        If it names none.

    Examples
    --------
    >>> year_of("2023年"), year_of("二〇二三年"), year_of(2023.0), year_of("2023/4/3"), year_of("")
    (2023, 2023, 2023, 2023, None)
    """
    try:
        found = iso_date(value)
    except ValueError:
        raise ValueError(f"year {value!r} is not four digits; leave it empty if unknown") from None
    return int(found[:4]) if found else None


@lru_cache(maxsize=10_000)
def _read(text: str) -> str:
    if text.casefold() in UNKNOWN:
        return ""
    words = _TENS.sub(lambda m: f"{m[1] or '一'}{m[2] or '〇'}", _WEEKDAY.sub(" ", text))
    words = words.translate(_DIGITS).strip()
    try:
        if re.fullmatch(r"\d{5}(?:\.\d+)?|\d{4,14}\.0+", words):
            number = float(words)
            if _SERIALS[0] <= number < _SERIALS[1]:
                moment = _FIRST_DAY + timedelta(seconds=round(number * 86_400))
                return _shown(moment.date(), moment.time())
            words = words.partition(".")[0]
        if run := _RUN.fullmatch(words):
            clock = re.sub(r"(\d\d)(?!$)", r"\1:", run["time"] or "")
            return f"{_day(run)} {clock}".strip().removesuffix(" 00:00:00")
        if (found := _DATE.match(words)) and (rest := words[found.end() :].strip()):
            clock_found = _TIME.fullmatch(rest)
            if clock_found and found["d"]:
                return f"{_day(found)} {_clock(clock_found)}".removesuffix(" 00:00:00")
        elif found:
            return _day(found)
        elif re.search(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", words):
            moment = pd.Timestamp(words)
            return _shown(moment.date(), moment.time())
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"date {text[:40]!r} is not understood; write it as 2019-04-03, or leave it empty if "
        "unknown"
    )


def _day(found: re.Match[str]) -> str:
    """Return year, month and day as far as they are there; ValueError if there is no such day."""
    numbers = [int(found[name]) for name in ("y", "m", "d") if found[name]]
    date(*[*numbers, 1, 1][:3])
    return "-".join(f"{number:02d}" for number in numbers).rjust(4, "0")


def _clock(found: re.Match[str]) -> str:
    half = (found["half"] or found["after"] or "").casefold().replace(".", "")
    hour = int(found["h"])
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "凌晨", "am") and hour == 12:
        hour = 0
    moment = time(hour, int(found["min"] or 0), int(found["s"] or 0))
    return moment.isoformat() if found["s"] else moment.isoformat("minutes")


def _shown(day: date, moment: time) -> str:
    """Return a moment; midnight is no time."""
    return f"{day} {moment.replace(microsecond=0, tzinfo=None)}".replace(" 00:00:00", "")
