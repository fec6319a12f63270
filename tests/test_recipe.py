import dataclasses
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from toolkit import (
    Codebook,
    Corpus,
    Segmenter,
    TermLedger,
    choose_k,
    clean,
    coding_sample,
    count_shards,
    dispersion,
    fit_topics,
    intrusion_test,
    keyness,
    label_topics,
    report_card,
    reuse,
    score_framework,
    seeded_topics,
    segment,
    term_weights,
    tfidf,
    topic_stability,
    track_phrase,
    without_formulas,
)
from toolkit.figures import (
    plot_cooccurrence,
    plot_correspondence,
    plot_dimensions,
    plot_dispersion,
    plot_similarity,
    plot_topic_map,
    plot_topic_share,
    plot_topic_terms,
    plot_trend,
)
from toolkit.installed import resource
from toolkit.recipe import Recipe, Step, fingerprint, joint_code
from toolkit.topics import BlindSheet


def rebuilt(value, name):
    """Run the code of a value and return what it makes."""
    scope: dict[str, object] = {}
    exec(value.recipe.to_code(), scope)
    return scope[name]


def test_code_rebuilds_the_value(tmp_path):
    folder = Corpus.sample().select(city=["北京", "上海"]).save(tmp_path / "two cities")
    corpus = Corpus.load(folder).split("paragraph", min_chars=20)
    tokens = segment(corpus, Segmenter(hmm=False, lexicon=["governance", "首善标准"]))
    topics = fit_topics(tfidf(tokens, min_df=3, ngrams=(1, 2)), k=3, seed=7)
    assert rebuilt(corpus, "corpus").fingerprint == corpus.fingerprint
    assert rebuilt(tokens, "tokens").fingerprint == tokens.fingerprint
    assert rebuilt(topics, "topics").fingerprint == topics.fingerprint


def test_code_names_only_what_differs_from_the_default():
    corpus = Corpus.from_texts({"a": "城市治理。社区共治。", "b": "城市治理。"})
    code = tfidf(segment(corpus.split("sentence")), max_df=1.0, sublinear=False).recipe.to_code()
    assert code.splitlines()[-1] == "matrix = tfidf(tokens, max_df=1.0, sublinear=False)"
    assert code.splitlines()[0] == "from toolkit import Corpus, segment, tfidf"


def test_two_recipes_share_their_beginning_and_do_not_collide():
    load = Step("Corpus.sample", "corpus")
    north = Recipe((load, Step("Corpus.select", "corpus", {"region": "华北"})))
    south = Recipe((load, Step("Corpus.select", "corpus", {"region": "华南"})))
    both = Recipe((*north.steps, Step("compare", "table", {"other": south})))
    code = both.to_code()
    scope = {"compare": lambda a, other: (a, other)}
    lines = code.splitlines()
    exec("from toolkit import Corpus\n" + "\n".join(lines[1:]), scope)
    first, second = scope["table"]
    assert set(first.units["region"]) == {"华北"}
    assert set(second.units["region"]) == {"华南"}


def test_a_parameter_that_is_no_code_says_so():
    recipe = Recipe((Step("f", "x", {"table": object()}),))
    with pytest.raises(TypeError, match="'table' is a object, which cannot be written as code"):
        recipe.to_code()


def test_steps_name_their_input_and_data():
    corpus = Corpus.from_texts({"a": "城市治理。"})
    step = segment(corpus).recipe.to_dict()["steps"][-1]
    assert step["call"] == "segment"
    assert step["input"] == corpus.fingerprint
    assert set(step["data"]) == {"lexicon", "stopwords", "synonyms"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (["ab", "c"], ["a", "bc"]),
        ([1], [1.5]),
        ([np.array([1, 2])], [np.array([2, 1])]),
        ([np.array([1, 2])], [np.array([[1, 2]])]),
        ([np.array([1], np.int32)], [np.array([1], np.int64)]),
        (["1"], [1]),
    ],
)
def test_fingerprints_tell_different_values_apart(a, b):
    assert fingerprint(*a) != fingerprint(*b)
    assert fingerprint(*a) == fingerprint(*a)


def test_missing_resource_is_named():
    with pytest.raises(FileNotFoundError, match="corpus/nothing is neither"):
        resource("corpus", "nothing")


def test_import_is_light():
    """What is heavy loads when first used; `import toolkit` brings none of it."""
    heavy = ("numpy", "pandas", "matplotlib", "sklearn", "jieba")
    code = f"import sys, toolkit; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_keys_of_a_mapping_stay_numbers_in_code():
    recipe = Recipe((Step("f", "x", {"labels": {1: "甲", "b": "乙"}}),))
    assert recipe.to_code().splitlines()[-1] == "x = f(labels={1: '甲', 'b': '乙'})"
    assert recipe.steps[0].to_dict()["params"] == {"labels": {"1": "甲", "b": "乙"}}


def test_values_with_a_common_beginning_are_rebuilt_together():
    matrix = tfidf(segment(Corpus.sample().split("section")))
    topics = fit_topics(matrix, k=3)
    code = joint_code([topics.recipe, matrix.recipe, fit_topics(matrix, k=2).recipe])
    assert code.splitlines()[2:] == [
        "corpus = Corpus.sample()",
        "corpus = corpus.split('section')",
        "tokens = segment(corpus)",
        "matrix = tfidf(tokens)",
        "topics = fit_topics(matrix, k=3)",
        "topics_2 = fit_topics(matrix, k=2)",
    ]


def test_a_value_that_is_needed_again_is_not_overwritten():
    load = Step("Corpus.sample", "corpus")
    north = Recipe((load, Step("Corpus.select", "corpus", {"region": "华北"})))
    code = Recipe((load, Step("compare", "table", {"other": north}))).to_code()
    assert code.splitlines()[-1] == "table = compare(corpus, other=corpus_2)"


def test_a_step_left_out_is_named():
    corpus = Corpus.from_texts({"a": "城市治理。社区共治。", "b": "城市治理。"})
    tokens = segment(corpus)
    matrix = tfidf(tokens, min_df=1, max_df=1.0)
    whole, a_corpus = "needs a TermMatrix, not", "a Corpus: tfidf(segment(corpus))"
    own = "needs a Corpus, not"
    for call, expected in (
        (lambda: fit_topics(corpus, k=2), f"fit_topics {whole} {a_corpus}"),
        (lambda: fit_topics(tokens, k=2), f"fit_topics {whole} Tokens: tfidf(tokens)"),
        (lambda: choose_k(tokens), f"choose_k {whole} Tokens: tfidf(tokens)"),
        (lambda: seeded_topics(corpus), f"seeded_topics {whole} {a_corpus}"),
        (lambda: term_weights([1]), f"term_weights {whole} a list: tfidf(segment(corpus))"),
        (lambda: tfidf(corpus), "tfidf needs Tokens, not a Corpus: segment(corpus)"),
        (lambda: tfidf(matrix), "tfidf needs Tokens, not a TermMatrix: segment(corpus)"),
        (lambda: keyness(corpus, {}), "keyness needs Tokens, not a Corpus: segment(corpus)"),
        (lambda: segment(tokens), f"segment {own} Tokens: Corpus.load(folder), or Corpus.from"),
        (lambda: segment("城市"), f"segment {own} a str: Corpus.load(folder), or Corpus.from"),
        (lambda: segment(clean(corpus)), f"segment {own} a CleanResult: the .corpus of this"),
        (lambda: segment(7), f"segment {own} an int"),
        (lambda: dispersion(corpus), "dispersion needs Tokens, not a Corpus: segment(corpus)"),
        (lambda: report_card(matrix), "report_card needs Topics, not a TermMatrix: fit_topics(m"),
        (lambda: topic_stability(tokens), "topic_stability needs Topics, not Tokens: fit_topics"),
        (lambda: plot_topic_terms(matrix), "plot_topic_terms needs Topics, not a TermMatrix: fi"),
        (lambda: plot_topic_map(tokens), "topic_map needs Topics, not Tokens: fit_topics(tfidf("),
        (lambda: plot_topic_share(matrix, by="doc_id"), "topic_share needs Topics, not a TermM"),
        (lambda: plot_trend(corpus, terms=["城市"]), "trend_table needs Tokens, not a Corpus: s"),
        (lambda: plot_similarity(tokens, by="doc_id"), "similarity_map needs a TermMatrix, not"),
        (lambda: plot_dispersion(corpus, ["城市"]), "occurrences needs Tokens, not a Corpus: s"),
        (
            lambda: plot_cooccurrence(matrix),
            "plot_cooccurrence needs a WordNetwork, not a TermMatrix: wor",
        ),
        (
            lambda: plot_correspondence(matrix),
            "plot_correspondence needs FrameworkScores, not a TermMatrix: score_framework(",
        ),
        (lambda: plot_dimensions(corpus), "plot_dimensions needs FrameworkScores, not a Corp"),
        (lambda: Corpus.from_texts("城市治理"), "from_texts needs texts by their ids: Corpus.f"),
        (lambda: Corpus.from_texts(["城市治理"]), "from_texts needs texts by their ids"),
        (lambda: Corpus.from_texts({"a": 1}), "from_texts needs texts by their ids"),
        (lambda: fit_topics(matrix, k="3"), "fit_topics: k must be a whole number, not '3'"),
    ):
        with pytest.raises(TypeError) as told:
            call()
        assert str(told.value).startswith(expected)


def kinds_of_values(folder):
    """Return a value of every kind that has a recipe, by the variable of its code."""
    corpus = Corpus.sample().select(year=[2023, 2024])
    cleaned = clean(corpus).corpus
    matrix = tfidf(segment(cleaned.split("section")))
    topics = label_topics(fit_topics(matrix, k=3), {1: "数字治理"})
    cleaned.save(folder / "corpus")
    ledger = TermLedger.decide(accept=["首善标准"], synonym={"市民热线": "热线"})
    ledger.save(folder / "ledger.csv")
    sheet = coding_sample(topics, n=12)
    sheet.save(folder / "sheet", key=folder / "key.json")
    (folder / "texts.jsonl").write_text('{"text": "城市治理"}\n{"text": "社区治理"}\n', "utf-8")
    counts = count_shards([folder / "texts.jsonl"], folder / "counts", n_jobs=1)
    return [
        Corpus.load(folder / "corpus"),
        Corpus.from_texts({"a": "城市治理。"}, metadata={"a": {"year": 2023, "分": 1.5}}),
        segment(cleaned, Segmenter(lexicon=["governance", "首善标准"], min_length=1)),
        matrix.select(year=2023),
        topics,
        seeded_topics(matrix, codebook=Codebook.load()),
        choose_k(matrix, k_range=iter([3]), runs=1, n_jobs=1),
        sheet,
        BlindSheet.load(folder / "key.json"),
        intrusion_test(topics),
        report_card(topics, runs=1, n_jobs=1),
        Codebook.load(),
        score_framework(cleaned, Codebook.load(), n_boot=2),
        track_phrase(corpus, "接诉即办"),
        reuse(corpus, min_chars=30),
        without_formulas(corpus).corpus,
        ledger,
        TermLedger.load(folder / "ledger.csv"),
        counts,
        counts.tfidf(min_df=1, max_df=1.0),
        counts.read([counts.units.index[0]]),
    ]


@pytest.mark.exhaustive
@pytest.mark.filterwarnings("ignore")
def test_the_code_of_every_kind_of_value_runs_in_a_fresh_process(tmp_path):
    values = kinds_of_values(tmp_path)
    codes = [value.to_code() for value in values]
    made = [value.recipe.steps[-1].makes for value in values]
    (tmp_path / "codes.json").write_text(json.dumps([*zip(codes, made, strict=True)]))
    run = (
        "import json, sys, warnings; warnings.simplefilter('ignore')\n"
        "for code, made in json.load(open(sys.argv[1])):\n"
        "    exec(code, scope := {}); print(scope[made].fingerprint)"
    )
    command = [sys.executable, "-c", run, str(tmp_path / "codes.json")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown.stdout.split() == [value.fingerprint for value in values]


@pytest.mark.filterwarnings("ignore:.*such a score is that of one term")
def test_a_value_that_cannot_be_rebuilt_says_so():
    corpus = Corpus.from_texts({"a": "城市治理。", "b": "社区共治。"}, metadata={"a": {"x": 1}})
    by_hand = Corpus(corpus.units)
    some = dataclasses.replace(corpus, units=corpus.units.iloc[:1])
    table = pd.DataFrame({"dimension": ["甲", "乙"], "term": ["城市", "社区"]})
    for value, why in (
        (by_hand, "a value made by hand has no code"),
        (segment(by_hand), "segment was applied to a value that was made by hand"),
        (some, "this Corpus was changed by hand after Corpus.from_texts"),
        (segment(some), "what Corpus.from_texts made was changed by hand before segment"),
        (Codebook(table), "a value made by hand has no code"),
        (
            score_framework(corpus, Codebook(table), n_boot=2),
            "parameter 'codebook' is a Codebook made by hand",
        ),
    ):
        with pytest.raises(TypeError, match=why):
            value.to_code()


def test_a_call_that_does_not_fit_names_the_step_and_what_it_takes():
    corpus = Corpus.from_texts({"a": "城市"})
    with pytest.raises(TypeError, match=r"segment\(\): got .* 'words'; it takes \(corpus, "):
        segment(corpus, words=1)
    with pytest.raises(TypeError, match=r"split\(\): too many positional .*; it takes \("):
        corpus.split("section", "paragraph", 3, 4)


def test_what_is_long_stands_as_its_hash():
    texts = {f"t{i}": "城市治理" * 100 for i in range(1000)}
    corpus = Corpus.from_texts(texts)
    assert len(json.dumps(corpus.recipe.steps[0].to_dict())) < 1000
    with pytest.raises(TypeError, match="'texts' is a dict of 1,000, which cannot be written"):
        corpus.to_code()


def test_a_recipe_does_not_change_with_what_was_given():
    texts = {"a": "城市治理。"}
    corpus = Corpus.from_texts(texts)
    texts["a"] = "社区共治。"
    assert "城市治理" in corpus.to_code()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("inf"), "x = f(v=float('inf'))"),
        ([1.5, float("-inf")], "x = f(v=[1.5, float('-inf')])"),
        ({"a": {2, 1}}, "x = f(v={'a': [1, 2]})"),
        (np.array([1, 2]), "x = f(v=[1, 2])"),
        (pd.Series(["甲"]), "x = f(v=['甲'])"),
        (np.int64(3), "x = f(v=3)"),
        (range(2), "x = f(v=range(0, 2))"),
    ],
)
def test_values_as_code(value, code):
    assert Recipe((Step("f", "x", {"v": value}),)).to_code().splitlines()[-1] == code
