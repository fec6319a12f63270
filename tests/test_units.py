"""A table keeps what its grouping left out; columns that cannot group are told."""

import inspect
import re
import traceback
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import toolkit
from toolkit import (
    Corpus,
    dispersion,
    fit_topics,
    score_framework,
    segment,
    term_weights,
    tfidf,
    track_phrase,
    trend_table,
)
from toolkit.compare import (
    attention_panel,
    issuing_bodies,
    judge_labels,
    phrase_table,
    similarity_map,
    similarity_network,
    slope_table,
    topic_share,
)
from toolkit.compare.rates import weight_intervals
from toolkit.topics import seed_terms
from toolkit.units import grouped, where


@pytest.fixture(scope="module")
def tokens():
    corpus = Corpus.sample()
    return segment(Corpus(corpus.units.assign(river=["江", "河", "湖", None] * 10 + ["江"])))


@pytest.fixture(scope="module")
def matrix(tokens):
    return tfidf(tokens)


OWN = ["term", "weight", "rank", "share", "low", "emphasis", "n_docs", "letters", "x", "nearest"]
OWN += ["similarity", "source", "series", "rate", "count", "documents", "refined", "sentence"]
OWN += ["start", "dimension"]
SCORES = ["terms", "classify", "emphasis", "table", "counts", "evidence"]
GROUPING = [*SCORES, "term_weights", "weight_intervals", "trend_table", "slope_table"]
GROUPING += ["topic_share", "dispersion", "similarity_map", "similarity_network"]
GROUPING += ["track_phrase", "seed_terms", "doc_topics", "attention_panel", "phrase_table"]
GROUPING += ["issuing_bodies", "judge_labels"]


#: Units without a value are a group of their own.
KEEPING = ("track_phrase", "phrase_table")


@pytest.fixture(scope="module")
def tables(tokens):
    """Every public function that groups units, as one of the columns that group them."""
    own = dict.fromkeys(OWN, tokens.units["city"])
    odd = {"lists": [["a"]] * len(tokens), "mixed": [1, "a", 2.5, None] * 10 + ["b"]}
    tokens = replace(tokens, units=tokens.units.assign(**own, **odd, nothing=None))
    corpus, matrix = Corpus(tokens.units), tfidf(tokens)
    issued = Corpus(tokens.units.assign(issuer="教育部、财政部"))
    judged = tokens.units.assign(people=["甲", *["乙"] * 40], model=["甲"] * 41)
    topics, scores = fit_topics(matrix, k=3), score_framework(corpus, n_boot=20)
    made = {
        "term_weights": lambda by: term_weights(matrix, by=by),
        "weight_intervals": lambda by: weight_intervals(matrix, by=by, n_boot=20),
        "trend_table": lambda by: trend_table(tokens, terms=["城市"], by=by),
        "slope_table": lambda by: slope_table(tokens, ["北京", "上海"], terms=["城市"], by=by),
        "topic_share": lambda by: topic_share(topics, by=by),
        "dispersion": lambda by: dispersion(tokens, ["城市"], by=by),
        "similarity_map": lambda by: similarity_map(matrix, by=by),
        "similarity_network": lambda by: similarity_network(matrix, by=by),
        "track_phrase": lambda by: track_phrase(corpus, "热线", by=by).counts,
        "phrase_table": lambda by: phrase_table(corpus, ["热线"], by=by),
        "issuing_bodies": lambda by: issuing_bodies(issued, by=by).bodies,
        "judge_labels": lambda by: judge_labels(judged, "people", "model", by=by, n_boot=20),
        "seed_terms": lambda by: seed_terms(matrix, by=by),
        "doc_topics": lambda by: topics.doc_topics(by=by),
        "attention_panel": lambda by: attention_panel(tokens, by=by, n_boot=20).table,
    }
    made |= {name: lambda by, name=name: getattr(scores, name)(by=by) for name in SCORES}
    assert {*made} == {*GROUPING}
    return made


def test_each_function_that_groups_is_among_the_tables(tables):
    rooms = [toolkit, toolkit.compare, toolkit.topics]
    public = [getattr(room, name) for room in rooms for name in room.__all__]
    of_classes = [m for one in public if inspect.isclass(one) for m in vars(one).values()]
    grouping = {
        one.__name__
        for one in [*public, *of_classes]
        if inspect.isfunction(one) and "by" in inspect.signature(one).parameters
    }
    assert grouping - {"_grouped"} <= {*tables}


@pytest.mark.filterwarnings("ignore:.* units have no mixed")
@pytest.mark.parametrize("name", GROUPING)
def test_what_cannot_group_is_told_in_our_words(name, tables):
    may_be_none = ["term_weights", "weight_intervals", "track_phrase", "doc_topics", "topic_share"]
    may_be_none += ["issuing_bodies", "judge_labels"]
    bad = ["no such", "lists", ["year", "year"], ("city", "no such"), "", 3]
    bad += [] if name in [*may_be_none, "terms", "evidence"] else [None]
    bad += [] if name in KEEPING else [[], "nothing"]
    for by in bad:
        with pytest.raises(ValueError, match=r"column|two labels|all units have one") as info:
            tables[name](by)
        last = traceback.extract_tb(info.value.__traceback__)[-1]
        assert Path(toolkit.__file__).parent in Path(last.filename).parents, (by, info.value)


@pytest.mark.filterwarnings("ignore:.* units have no")
@pytest.mark.parametrize("name", GROUPING)
def test_no_column_is_lost_however_those_of_the_texts_are_called(name, tables):
    for by in ["city", "year", "river", "mixed", *OWN, ["city"], ["city", "year"]]:
        try:
            table = tables[name](by)
        except ValueError as error:
            few = r"of its own; rename|a map needs at least three|no .* there are|two labels"
            assert re.search(few, str(error)), (by, error)
            continue
        columns = [*map(str, table.columns), *map(str, table.index.names)]
        assert len({*columns}) == len(columns), by
        if name not in ("seed_terms", "counts"):
            assert "left_out" in table.attrs or name in KEEPING


@pytest.mark.parametrize(
    ("column", "table"),
    [
        ("series", lambda tokens: trend_table(tokens, terms=["城市"], by="series")),
        ("count", lambda tokens: trend_table(tokens, terms=["城市"], by=["year", "count"])),
        ("documents", lambda tokens: track_phrase(Corpus(tokens.units), "热线", by="documents")),
        ("refined", lambda tokens: score_framework(Corpus(tokens.units)).emphasis("refined")),
        ("dimension", lambda tokens: score_framework(Corpus(tokens.units)).classify("dimension")),
        ("x", lambda tokens: similarity_map(tfidf(tokens), by="x")),
    ],
)
def test_a_column_that_would_be_lost_in_the_table_is_refused(column, table, tokens):
    own = replace(tokens, units=tokens.units.assign(**{column: tokens.units["city"]}))
    with pytest.raises(ValueError, match=f"has a column '{column}' of its own; rename that of"):
        table(own)


@pytest.mark.filterwarnings("ignore:10 of 41 units have no river")
@pytest.mark.parametrize(
    "table",
    [
        lambda tokens, matrix: trend_table(tokens, terms=["城市"], by="river"),
        lambda tokens, matrix: slope_table(tokens, ["江", "河"], terms=["城市"], by="river"),
        lambda tokens, matrix: dispersion(tokens, ["城市"], by="river"),
        lambda tokens, matrix: term_weights(matrix, by="river"),
        lambda tokens, matrix: similarity_map(matrix, by="river"),
        lambda tokens, matrix: fit_topics(matrix, k=3).doc_topics(by="river"),
        lambda tokens, matrix: topic_share(fit_topics(matrix, k=3), by="river"),
        lambda tokens, matrix: similarity_network(matrix, by="river"),
        lambda tokens, matrix: score_framework(Corpus(tokens.units)).terms("river"),
        lambda tokens, matrix: score_framework(Corpus(tokens.units)).classify("river"),
        lambda tokens, matrix: score_framework(Corpus(tokens.units)).table("river"),
    ],
)
def test_a_table_says_what_its_grouping_left_out(table, tokens, matrix):
    left_out = table(tokens, matrix).attrs["left_out"]
    assert left_out == "10 of 41 units have no river and are left out"


def test_a_number_where_a_column_holds_texts_is_told():
    units = pd.DataFrame({"楼层": ["15", "20"], "year": [2020, 2021]})
    with pytest.raises(ValueError, match=r"no 楼层 20 \(a number; they are texts\)"):
        where(units, {"楼层": 20})
    with pytest.raises(ValueError, match="no year 2030; these"):
        where(units, {"year": 2030})


@pytest.mark.filterwarnings("ignore:.* units have no")
def test_columns_of_which_no_unit_has_both_group_nothing():
    units = pd.DataFrame({"city": ["北京", None], "channel": [None, "热线"]})
    assert [*grouped(units, "city")] == ["北京"]
    with pytest.raises(ValueError, match="no unit has a value in its column 'city' and 'channel'"):
        grouped(units, ["city", "channel"])
