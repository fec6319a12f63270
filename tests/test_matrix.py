import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from toolkit import Corpus, Segmenter, Tokens, segment, term_weights, tfidf


def tokens_of(*units):
    """Make tokens of lists of words, without cutting any text."""
    words = sorted({word for unit in units for word in unit})
    codes = [words.index(word) for unit in units for word in unit]
    offsets = np.cumsum([0, *map(len, units)])
    texts = {f"u{i}": "".join(unit) or "，" for i, unit in enumerate(units)}
    return Tokens(
        vocabulary=np.array(words, dtype=object),
        codes=np.array(codes, dtype=np.int32),
        offsets=offsets,
        spans=np.zeros((len(codes), 2), dtype=np.int32),
        units=Corpus.from_texts(texts).units,
    )


def reference(tokens, vectorizer, *, ngram_range=(1, 1), **options):
    """Fit a scikit-learn vectorizer to the runs of words within the sentences of the tokens."""

    def runs(i):
        own = slice(tokens.offsets[i], tokens.offsets[i + 1])
        by_sentence = {}
        for word, sentence in zip(tokens[i], tokens.sentences[own].tolist(), strict=True):
            by_sentence.setdefault(sentence, []).append(word)
        return [
            " ".join(words[j : j + n])
            for words in by_sentence.values()
            for n in range(ngram_range[0], ngram_range[1] + 1)
            for j in range(len(words) - n + 1)
        ]

    vectorizer = vectorizer(analyzer=runs, **options)
    return vectorizer.fit_transform(range(len(tokens))), vectorizer.get_feature_names_out()


OPTIONS = [
    {},
    {"min_df": 1, "max_df": 1.0},
    {"min_df": 0.02, "max_df": 60},
    {"ngrams": (1, 3)},
    {"ngrams": (2, 2), "sublinear": False},
    {"norm": "l1"},
    {"norm": None, "sublinear": False},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_equals_scikit_learn(tokens, options):
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    ours = tfidf(tokens, **options)
    shared = {
        "min_df": options.get("min_df", 2),
        "max_df": options.get("max_df", 0.5),
        "ngram_range": options.get("ngrams", (1, 1)),
    }
    counts, terms = reference(tokens, CountVectorizer, **shared)
    assert list(ours.terms) == list(terms)
    assert (ours.counts != sparse.csr_array(counts)).nnz == 0
    weights, _ = reference(
        tokens,
        TfidfVectorizer,
        **shared,
        sublinear_tf=options.get("sublinear", True),
        norm=options.get("norm", "l2"),
    )
    np.testing.assert_allclose(ours.weights.toarray(), weights.toarray(), rtol=1e-12)


def test_by_hand():
    """Three sentences, worked on paper with ln and the smooth idf."""
    matrix = tfidf(
        tokens_of(["城市", "治理", "治理"], ["城市", "热线"], ["城市"]),
        min_df=1,
        max_df=1.0,
        norm=None,
    )
    assert list(matrix.terms) == ["城市", "治理", "热线"]
    idf_once = np.log(4 / 2) + 1
    expected = [[1, (1 + np.log(2)) * idf_once, 0], [1, 0, idf_once], [1, 0, 0]]
    np.testing.assert_allclose(matrix.weights.toarray(), expected)
    assert matrix.document_frequency.to_dict() == {"城市": 3, "治理": 1, "热线": 1}


words = st.lists(st.sampled_from("甲乙丙丁"), max_size=8)


@settings(max_examples=100, deadline=None)
@given(st.lists(words, min_size=1, max_size=6), st.integers(1, 3), st.integers(0, 2))
def test_arithmetic(units, shortest, more):
    ngrams = (shortest, shortest + more)
    expected = {}
    for i, unit in enumerate(units):
        for length in range(ngrams[0], ngrams[1] + 1):
            for start in range(len(unit) - length + 1):
                key = (i, " ".join(unit[start : start + length]))
                expected[key] = expected.get(key, 0) + 1
    if not expected:
        with pytest.raises(ValueError, match=r"no term is left|hold no words"):
            tfidf(tokens_of(*units), min_df=1, max_df=1.0, ngrams=ngrams)
        return
    matrix = tfidf(tokens_of(*units), min_df=1, max_df=1.0, ngrams=ngrams)
    counts = matrix.counts.tocoo()
    found = zip(*counts.coords, counts.data, strict=True)
    assert {(int(i), str(matrix.terms[j])): int(n) for i, j, n in found} == expected
    lengths = np.sqrt((matrix.weights.toarray() ** 2).sum(axis=1))
    filled = matrix.counts.sum(axis=1) > 0
    np.testing.assert_allclose(lengths, filled.astype(float))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"min_df": 9}, "none occurs in at least 9 and at most 1 of the 2 units "),
        ({"ngrams": (2, 1)}, "ngrams must be"),
        ({"ngrams": (0, 1)}, "ngrams must be"),
        ({"norm": "l3"}, "norm must be"),
    ],
)
def test_bad_options(options, expected):
    with pytest.raises(ValueError, match=expected):
        tfidf(tokens_of(["甲"], ["甲"]), **options)


def test_term_weights(matrix):
    whole = term_weights(matrix, n=5)
    assert whole["rank"].tolist() == [1, 2, 3, 4, 5]
    means = np.asarray(matrix.weights.mean(axis=0)).ravel()
    np.testing.assert_allclose(whole["weight"], np.sort(means)[::-1][:5])
    by_city = term_weights(matrix, by="city", n=3)
    assert (
        by_city["group"].drop_duplicates().tolist()
        == matrix.units["city"].drop_duplicates().tolist()
    )
    beijing = by_city[by_city["group"] == "北京"].iloc[0]
    rows = np.flatnonzero(matrix.units["city"] == "北京")
    column = list(matrix.terms).index(beijing["term"])
    assert beijing["count"] == matrix.counts[rows][:, [column]].sum()
    assert beijing["n_units"] == (matrix.counts[rows][:, [column]].toarray() > 0).sum()
    with pytest.raises(ValueError, match="no column 'town'"):
        term_weights(matrix, by="town")


def test_select_keeps_the_weights(matrix):
    article = matrix.select(doc_id="beijing-2023")
    rows = np.flatnonzero(matrix.units["doc_id"] == "beijing-2023")
    assert article.units.index.tolist() == matrix.units.index[rows].tolist()
    np.testing.assert_array_equal(article.weights.toarray(), matrix.weights[rows].toarray())
    assert article.recipe.to_code().endswith("matrix = matrix.select(doc_id='beijing-2023')")
    with pytest.raises(ValueError, match="no city 南极"):
        matrix.select(city="南极")
    assert set(matrix.select(tier="直辖市").units["tier"]) == {"直辖市"}
    with pytest.raises(ValueError, match=r"there is no column 'town', only .*city"):
        matrix.select(town="北京")


def test_limits_are_told_as_numbers_of_units():
    tokens = segment(Corpus.from_texts({"a": "城市治理"}))
    with pytest.raises(ValueError, match=r"at least 2 and at most 0 of the 1 units \(min_df=2"):
        tfidf(tokens)


def test_ngrams_do_not_cross_units():
    matrix = tfidf(
        segment(Corpus.from_texts({"a": "热线", "b": "网格", "c": "热线网格"}), Segmenter()),
        min_df=1,
        max_df=1.0,
        ngrams=(2, 2),
    )
    assert matrix.counts.sum() == 1
    assert list(matrix.terms) == ["热线 网格"]


def test_runs_of_words_stop_at_sentence_and_line_ends():
    corpus = Corpus.from_texts(
        {"a": "推进城市更新。社区治理很好\n居民议事，热线办理", "b": "城市更新"}
    )
    terms = tfidf(segment(corpus), ngrams=(2, 2), min_df=1, max_df=1.0).terms
    assert terms.tolist() == ["居民 议事", "推进 城市更新", "热线 办理", "议事 热线"]


def test_texts_without_words_say_so():
    tokens = segment(Corpus.from_texts({"a": "12345", "b": "😀。"}))
    with pytest.raises(ValueError, match="these 2 units hold no words: digits, marks"):
        tfidf(tokens)
