"""A table keeps what its grouping left out."""

from dataclasses import replace

import pytest

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
from toolkit.compare import similarity_map, slope_table, topic_share


@pytest.fixture(scope="module")
def tokens():
    corpus = Corpus.sample()
    return segment(Corpus(corpus.units.assign(river=["江", "河", "湖", None] * 10 + ["江"])))


@pytest.fixture(scope="module")
def matrix(tokens):
    return tfidf(tokens)


@pytest.mark.parametrize(
    ("column", "table"),
    [
        ("series", lambda tokens: trend_table(tokens, terms=["城市"], by="series")),
        ("count", lambda tokens: trend_table(tokens, terms=["城市"], by=["year", "count"])),
        ("documents", lambda tokens: track_phrase(Corpus(tokens.units), "热线", by="documents")),
        ("refined", lambda tokens: score_framework(Corpus(tokens.units)).emphasis("refined")),
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
    ],
)
def test_a_table_says_what_its_grouping_left_out(table, tokens, matrix):
    left_out = table(tokens, matrix).attrs["left_out"]
    assert left_out == "10 of 41 units have no river and are left out"
