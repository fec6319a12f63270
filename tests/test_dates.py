"""Dates as people write them."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.dates import iso_date, year_of

FORMS = (
    "{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y.%m.%d}", "{0:%Y%m%d}", "{0.year}/{0.month}/{0.day}",
    "{0.year}年{0.month}月{0.day}日", "{0.year} 年 {0.month} 月 {0.day} 日",
    "{0.year}-{0.month}-{0.day}", "{0:%Y-%m-%dT%H:%M:%S}", "{0.year}年{0.month}月{0.day}日 星期三",
    "{0:%d %b %Y}", "{0:%Y-%m-%d} 00:00:00",
)  # fmt: skip
DIGITS = "〇一二三四五六七八九"


def chinese(number):
    """Return a number of a month or a day as it is read aloud."""
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] * (tens > 1) + "十") * (tens > 0) + DIGITS[ones] * (ones > 0)


@given(st.dates(date(1954, 10, 5), date(2100, 1, 1)))
def test_a_day_is_the_same_in_every_form(day):
    moment = datetime(day.year, day.month, day.day)
    forms = [form.format(moment) for form in FORMS]
    forms += [
        form.translate(str.maketrans("0123456789-", "０１２３４５６７８９－")) for form in forms
    ]
    year = "".join(DIGITS[int(n)] for n in str(day.year))
    forms.append(f"{year}年{chinese(day.month)}月{chinese(day.day)}日")
    serial = (moment - datetime(1899, 12, 30)).days
    values = [*forms, day, moment, pd.Timestamp(moment), np.datetime64(day), serial, float(serial)]
    for value in [*values, str(serial), f"{serial}.0", int(f"{day:%Y%m%d}")]:
        got = iso_date(value)
        assert got == day.isoformat(), value
        assert year_of(value) == day.year


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2019/4/3 10:47:25", "2019-04-03 10:47:25"),
        ("2019年4月3日下午3:05", "2019-04-03 15:05"),
        ("2019年4月3日 15时05分", "2019-04-03 15:05"),
        ("2019-04-03T10:47:25.123+08:00", "2019-04-03 10:47:25"),
        ("2019-4-3 10:47 AM", "2019-04-03 10:47"),
        (43558.45, "2019-04-03 10:48:00"),
        ("20190403104725", "2019-04-03 10:47:25"),
        ("201904", "2019-04"),
        ("2019年4月", "2019-04"),
        ("2019.04", "2019-04"),
        ("２０２３", "2023"),
        ("二〇二四", "2024"),
        ("二○二四年度", "2024"),
        (2023.0, "2023"),
        ("Wed, 03 Apr 2019 10:47:25 GMT", "2019-04-03 10:47:25"),
        (None, ""), (float("nan"), ""), (pd.NaT, ""), (pd.NA, ""), (" ", ""), ("不详", ""),
    ],
)  # fmt: skip
def test_a_date_as_far_as_it_is_known(value, found):
    assert iso_date(value) == found
    assert year_of(value) == (int(found[:4]) if found else None)


@pytest.mark.parametrize(
    "value",
    ["去年", "2019-13-01", "2019年2月30日", "19/4/3", "3/4/2019", "2019-2020", "12345", 7, True,
     "2019年4月3日至5日", "第2019号", "99999999"],
)  # fmt: skip
def test_what_is_no_date_is_told_with_its_mend(value):
    with pytest.raises(ValueError, match="is not understood; write it as 2019-04-03"):
        iso_date(value)
    with pytest.raises(ValueError, match="is not four digits"):
        year_of(value)
