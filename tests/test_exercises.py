"""Exercises: what counts as right, what a student is told, what is kept and handed in."""

import numpy as np
import pandas as pd
import pytest

from toolkit.exercises import exercises
from toolkit.exercises.answers import same


@pytest.mark.parametrize(
    ("answer", "expected", "tolerance", "result"),
    [
        (41, 41, 0, True),
        (41.0, 41, 0, True),
        (np.int64(41), 41, 0, True),
        (np.array(41), 41, 0, True),
        (True, 1, 0, False),
        (1, True, 0, False),
        (np.bool_(True), True, 0, True),
        ("41", 41, 0, False),
        (0.418, 0.42, 0.01, True),
        (0.40, 0.42, 0.01, False),
        (0.1 + 0.2, 0.3, 0, True),
        (float("nan"), 0.3, 0.1, False),
        (10**400, 0.3, 0.1, False),
        (" 接诉即办\n", "接诉即办", 0, True),
        ("１２３４５热线", "12345热线", 0, True),
        ("tf-idf", "TF-IDF", 0, True),
        ("接诉", "接诉即办", 0, False),
        (["甲", "乙"], ["甲", "乙"], 0, True),
        (("甲", "乙 "), ["甲", "乙"], 0, True),
        (["乙", "甲"], ["甲", "乙"], 0, False),
        (["甲"], ["甲", "乙"], 0, False),
        (pd.Series(["甲", "乙"], index=[5, 6]), ["甲", "乙"], 0, True),
        (pd.Index(["甲", "乙"]), ["甲", "乙"], 0, True),
        (np.array([0.5, 0.25]), [0.5, 0.25], 0, True),
        (pd.Series([0.51, 0.25]), [0.5, 0.25], 0.02, True),
        ("甲乙", ["甲", "乙"], 0, False),
        ({"甲", "乙"}, ["甲", "乙"], 0, False),
        (["乙", "甲", "甲"], {"甲", "乙"}, 0, True),
        ({"a": 1}.keys(), {"a"}, 0, True),
        (["甲"], {"甲", "乙"}, 0, False),
        ([["甲", 2]], [["甲", 2]], 0, True),
        ([("甲", 2)], [["甲", 3]], 0, False),
    ],
)
def test_same(answer, expected, tolerance, result):
    assert same(answer, expected, tolerance=tolerance) is result


def test_not_attempted_leaves_no_trace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check = exercises("00-setup", lang="en")
    assert [check("q1", nothing).state for nothing in (..., None)] == ["not attempted"] * 2
    assert not list(tmp_path.iterdir())
