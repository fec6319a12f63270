"""Plain numbers: what public functions say of others."""

import pytest

from toolkit import (
    agreement,
    candidate_terms,
    choose_k,
    compare_topics,
    concordance,
    cooccurrence,
    dispersion,
    fit_topics,
    keyness,
    relevant_terms,
    report_card,
    segment,
    term_weights,
    tfidf,
    topic_stability,
)
from toolkit.figures import plot_term_weights

CALLS = {
    "min_df": (lambda v, x: tfidf(v["tokens"], min_df=x), "number"),
    "k": (lambda v, x: fit_topics(v["matrix"], k=x), "whole number"),
    "seed": (lambda v, x: fit_topics(v["matrix"], k=3, seed=x), "whole number"),
    "n of top_terms": (lambda v, x: v["topics"].top_terms(x), "whole number"),
    "n of top_passages": (lambda v, x: v["topics"].top_passages(x), "whole number"),
    "n of term_weights": (lambda v, x: term_weights(v["matrix"], n=x), "whole number"),
    "n of a plot": (lambda v, x: plot_term_weights(v["matrix"], n=x), "whole number"),
    "n of cooccurrence": (lambda v, x: cooccurrence(v["tokens"], n=x), "whole number"),
    "min_count": (lambda v, x: dispersion(v["tokens"], min_count=x), "whole number"),
    "window": (lambda v, x: concordance(v["corpus"], "城市", window=x), "whole number"),
    "permutations": (
        lambda v, x: keyness(v["tokens"], {"kind": "case"}, permutations=x),
        "whole number",
    ),
    "permutations of agreement": (
        lambda v, x: agreement(v["topics"], labels="kind", permutations=x),
        "whole number",
    ),
    "relevance": (lambda v, x: relevant_terms(v["topics"], relevance=x), "number"),
    "n of relevant_terms": (lambda v, x: relevant_terms(v["topics"], n=x), "whole number"),
    "top": (lambda v, x: compare_topics(v["topics"], v["topics"], top=x), "whole number"),
    "min_entropy": (lambda v, x: candidate_terms(v["corpus"], min_entropy=x), "number"),
    "runs": (lambda v, x: report_card(v["topics"], runs=x), "whole number"),
    "runs of stability": (lambda v, x: topic_stability(v["topics"], runs=x), "whole number"),
    "sample": (lambda v, x: choose_k(v["matrix"], k_range=[2], sample=x), "number"),
    "at_least": (lambda v, x: v["corpus"].matching("城市", at_least=x), "whole number"),
    "min_chars": (lambda v, x: v["corpus"].split("section", min_chars=x), "whole number"),
}


@pytest.fixture(scope="module")
def values(sample):
    tokens = segment(sample)
    matrix = tfidf(tokens)
    return {
        "corpus": sample,
        "tokens": tokens,
        "matrix": matrix,
        "topics": fit_topics(matrix, k=3),
    }


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("wrong", ["2", 1.5, True, [1], -1])
def test_what_is_no_number_is_told(values, name, wrong):
    call, kind = CALLS[name]
    if kind == "number" and isinstance(wrong, float):
        return
    error = ValueError if wrong == -1 else TypeError
    with pytest.raises(error, match=rf"{name.split()[0]} must be a {kind}.*not ") as told:
        call(values, wrong)
    assert repr(wrong) in str(told.value)
