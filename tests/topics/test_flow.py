"""Topics from period to period: planted births and ends, and none where nothing changes."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import nnls

from toolkit.topics.flow import loadings_of, topic_flow


def in_periods(matrix, *, own=()):
    """Give every other text the year 2021, else 2022."""
    units = matrix.units.assign(year=2021 + matrix.units["doc_id"] % 2)
    return replace(matrix, units=units)


def only(matrix, topic, year, k=5, m=300):
    """Take the passages of a planted topic out of a year."""
    own = m // (2 * k)
    block = slice(m - (topic + 1) * own, m - topic * own)
    heavy = np.asarray(matrix.counts[:, np.arange(m)[block]].sum(axis=1)).ravel() > 15
    rows = np.flatnonzero(~(heavy & (matrix.units["year"] != year).to_numpy()))
    return replace(
        matrix,
        counts=matrix.counts[rows],
        weights=matrix.weights[rows],
        units=matrix.units.iloc[rows],
    )


@pytest.fixture(scope="module")
def steady(planted):
    return in_periods(planted(5, n=400))


def test_nothing_is_born_where_nothing_changes(steady):
    flow = topic_flow(steady, k=5)
    assert {*flow.strata["before"]} == {"", "continues"}
    assert {*flow.strata["after"]} == {"", "continues"}
    links = flow.links[flow.links["linked"]]
    assert len(links) == 5 and links["matched"].all()
    assert flow.links["flow"].sum() == pytest.approx(1)
    assert flow.strata.groupby("year")["share"].sum().tolist() == pytest.approx([1, 1])
    assert flow.strata["n_texts"].unique().tolist() == [40]


def test_what_one_year_lacks_is_born_or_gone(steady):
    matrix = only(only(steady, 0, 2022), 1, 2021)
    flow = topic_flow(matrix, k=4)
    assert flow.strata["before"].tolist()[4:].count("born") == 1
    assert flow.strata["after"].tolist()[:4].count("gone") == 1
    assert flow.strata["before"].tolist()[4:].count("continues") == 3
    born = flow.strata.loc[flow.strata["before"] == "born", "topic"].item()
    top = flow.topics[2022].top_terms(5)
    words = top.loc[top["topic"] == born, "term"]
    assert all(word >= "w270" for word in words)  # the words of the planted topic 0
    again = topic_flow(matrix, k=4, order=[2022, 2021])
    assert again.strata["before"].tolist()[4:].count("born") == 1
    assert flow.fingerprint == topic_flow(matrix, k=4).fingerprint != again.fingerprint


@pytest.mark.exhaustive
def test_chance_seldom_makes_an_event(planted):
    events = [
        {*topic_flow(in_periods(planted(4, n=150, seed=seed)), k=4, seed=seed).strata["before"]}
        for seed in range(30)
    ]
    for event in ("born", "merged"):
        assert sum(event in told for told in events) <= 6  # 1 in 21 is expected


def test_loadings_are_those_of_least_squares():
    rng = np.random.default_rng(0)
    rows, parts = rng.random((6, 9)), rng.random((3, 9))
    expected = [nnls(parts.T, row)[0] for row in rows]
    assert loadings_of(sparse.csr_array(rows), parts) == pytest.approx(np.array(expected), abs=1e-4)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n_null": 0}, "n_null must be at least 1"),
        ({"order": [2021]}, "two periods at least"),
        ({"order": [2021, 2029]}, "no year 2029"),
        ({"along": "text"}, "two periods at least; text has 词"),
        ({"along": ["year"]}, "along one column"),
        ({"along": "mixed"}, "several values of 'mixed'"),
        ({"along": "rare"}, r"fewer than 5 texts: b \(1\)"),
    ],
)
def test_periods_that_cannot_be_are_told(steady, given, message):
    units = steady.units.assign(mixed=np.arange(400) % 2, rare="a")
    units.loc[units["doc_id"] == 3, "rare"] = "b"
    with pytest.raises(ValueError, match=message):
        topic_flow(replace(steady, units=units), k=4, **given)
