import random
import warnings

import pytest

from toolkit import Corpus, Segmenter, clean, fit_topics, relevant_terms, segment, topic_stability
from toolkit.explore import Decisions, Session, apply_decisions
from toolkit.explore.parts import View
from toolkit.explore.words import words_of


@pytest.fixture
def session():
    return Session(Corpus.sample())


def same(a, b):
    """Tell whether tokens are the same to the last span and step."""
    return (
        a.fingerprint == b.fingerprint
        and (a.spans == b.spans).all()
        and (a.offsets == b.offsets).all()
        and a.recipe.to_dict() == b.recipe.to_dict()
    )


def test_words_are_those_of_a_fresh_segmentation(session, tokens):
    """Many decisions, one after the other, each with only the affected units cut again."""
    chance = random.Random(0)
    vocabulary = tokens.vocabulary.tolist()
    text = "".join(session.passages().units["text"])
    for step in range(24):
        word = chance.choice(vocabulary)
        start = chance.randrange(len(text) - 5)
        new = text[start : start + chance.randint(2, 5)].strip()
        entry = [
            {"do": "stop", "term": word},
            {"do": "accept", "term": new or word},
            {"do": "merge", "term": word, "into": "城市"},
            {"do": "split", "term": word, "parts": [word[:1], word[1:]]},
        ][step % 4]
        if word == "城市" or "城市" in session.decisions.segmenter()._terms.get(word, ()):
            continue
        if step % 9 == 8 and session.decisions.log:  # taken back again
            session.undo(chance.choice(session.decisions.log))
        else:
            session.decide(entry)
        found = session.tokens()
        if step % 6 == 5:
            assert same(found, segment(session.passages(), session.decisions.segmenter())), entry


MERGED = {"synonyms": {"市民热线": "热线"}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"stopwords": ["default", "热线"]}),
        ({"stopwords": ["default", "热线"]}, {}),
        ({}, MERGED),
        (MERGED, {"stopwords": ["default", "市民热线"], **MERGED}),
        (MERGED, {"stopwords": ["default", "热线"], **MERGED}),
        ({}, {"lexicon": None}),
        ({}, {"lexicon": ["governance", ("市民", "热线")]}),
        ({}, {"lexicon": ["governance", "拨打“市民热线”"]}),
        ({}, {"hmm": False}),
        ({"min_length": 1}, {}),
    ],
)
def test_any_change_of_the_segmenter_is_followed(before, after):
    texts = {"a": "拨打“市民热线”诉求。", "b": "热线来电，推进治理。", "c": "社区网格"}
    corpus = Corpus.from_texts(texts)
    one, other = Segmenter(**before), Segmenter(**after)
    found = words_of(corpus, other, before=(one, segment(corpus, one)))
    assert same(found, segment(corpus, other))


def test_only_affected_units_are_cut_again(session):
    session.tokens()
    session.decide({"do": "accept", "term": "家门口"})
    told = []
    session.tokens(lambda done, total: told.append((done, total)))
    holding = session.passages().units["text"].str.contains("家门口").sum()
    assert told[-1] == (holding, holding)
    assert 0 < holding < 5
    session.decide({"do": "stop", "term": "治理"})
    session.tokens(lambda done, total: told.append((done, total)))
    assert told[-1] == (0, 0), "a stop word only goes"


def test_other_texts_reuse_the_words_of_the_same_units(session):
    session.tokens()
    session.decide({"do": "select", "city": ["北京", "上海"]})
    told = []
    found = session.tokens(lambda done, total: told.append((done, total)))
    assert told[-1] == (0, 0)
    assert same(found, segment(session.passages()))
    # The same name for another text is another unit.
    corpus = Corpus.from_texts({"a": "城市治理", "b": "社区"})
    other = Corpus.from_texts({"b": "社区", "a": "网格热线", "c": "条例"})
    segmenter = Segmenter()
    again = words_of(other, segmenter, before=(segmenter, segment(corpus)))
    assert same(again, segment(other))


def test_nothing_is_computed_twice(session, monkeypatch):
    calls = []
    for name in ("fit_topics", "tfidf", "words_of", "clean"):
        real = getattr(__import__("toolkit.explore.session", fromlist=[name]), name)

        def counted(*args, _real=real, _name=name, **kwargs):
            calls.append(_name)
            return _real(*args, **kwargs)

        monkeypatch.setattr(f"toolkit.explore.session.{name}", counted)
    first = session.topics()
    assert session.topics() is first
    assert sorted(calls) == ["clean", "fit_topics", "tfidf", "words_of"]
    session.decide({"do": "topics", "k": 7, "seed": 0, "method": "nmf"})
    session.topics()
    session.decide({"do": "topics", "k": 6, "seed": 0, "method": "nmf"})
    assert session.topics() is first
    session.label(session.topics(), 2, "热线")
    session.call(relevant_terms, session.topics(), relevance=0.5)
    assert sorted(calls) == ["clean", "fit_topics", "fit_topics", "tfidf", "words_of"]


def test_topics_are_those_of_the_functions(session, sections):
    expected = fit_topics(__import__("toolkit").tfidf(segment(sections)), k=6)
    assert session.topics().fingerprint == expected.fingerprint
    assert session.topics().to_code() == (
        "from toolkit import Corpus, clean, fit_topics, segment, tfidf\n\n"
        "corpus = Corpus.sample()\n"
        "corpus = clean(corpus).corpus\ncorpus = corpus.split('section')\n"
        "tokens = segment(corpus)\nmatrix = tfidf(tokens)\ntopics = fit_topics(matrix, k=6)"
    )


def decided(session):
    for entry in (
        {"do": "select", "region": ["华北", "华东", "华南"]},
        {"do": "unit", "unit": "paragraph"},
        {"do": "stop", "term": "推进"},
        {"do": "merge", "term": "市民热线", "into": "热线"},
        {"do": "split", "term": "数字化", "parts": ["数字", "化"]},
        {"do": "topics", "k": 5, "seed": 1, "method": "codebook"},
    ):
        session.decide(entry)
    session.label(session.topics(), 5, "其他")
    return session


def test_the_code_rebuilds_what_is_seen(session):
    decided(session)
    topics = session.topics()
    shown = session.call(relevant_terms, topics, relevance=0.3, n=5)
    scope = {}
    exec(View(relevant_terms, topics, {"relevance": 0.3, "n": 5}).recipe.to_code(), scope)
    assert scope["topics"].fingerprint == topics.fingerprint
    assert (
        scope["topics"].labels
        == topics.labels
        == {1: "refined", 2: "smart", 3: "participatory", 4: "legal", 5: "其他"}
    )
    assert scope["table"].equals(shown)


def test_decisions_are_replayed(session, tmp_path):
    path = decided(session).decisions.save(tmp_path / "d.yaml")
    again = apply_decisions(Corpus.sample(), path)
    assert again.fingerprint == session.topics().fingerprint
    assert again.labels == session.topics().labels
    assert again.recipe.to_dict() == session.topics().recipe.to_dict()


def test_labels_stay_with_what_they_name(session):
    session.label(session.topics(), 3, "热线")
    session.decide({"do": "stop", "term": "推进"})
    session.decide({"do": "topics", "k": 7, "seed": 0, "method": "nmf"})
    topics = session.topics()
    (number,) = topics.labels
    assert "热线" in topics.top_terms(3).query("topic == @number")["term"].tolist()
    session.label(session.topics(), number, "诉求")  # another name replaces the first
    assert [e["label"] for e in session.decisions.find("label")] == ["诉求"]
    session.label(session.topics(), number, "")
    assert not session.topics().labels
    lost = Decisions().add({"do": "label", "label": "航天", "terms": ["火箭", "卫星"]})
    with pytest.warns(UserWarning, match="1 labels match no topic .*航天"):
        apply_decisions(Corpus.sample(), lost)


def test_exploring_topics_starts_from_them(sections):
    from toolkit import tfidf

    topics = fit_topics(tfidf(segment(sections, Segmenter(hmm=False)), min_df=3), k=5, seed=2)
    session = Session(topics)
    assert session.topics() is topics
    assert session.decisions.log == ({"do": "topics", "k": 5, "seed": 2, "method": "nmf"},)
    session.label(session.topics(), 1, "数字")
    assert session.topics().labels == {1: "数字"}
    assert session.tokens().fingerprint == segment(sections, Segmenter(hmm=False)).fingerprint
    session.decide({"do": "stop", "term": "数据"})
    assert "数据" not in session.topics().terms


def test_stability_is_that_of_the_function_and_can_be_stopped(session):
    session.decide({"do": "topics", "k": 3, "seed": 0, "method": "nmf"})

    class Stop(Exception):
        pass

    def stop(done, total):
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        session.stability(runs=3, progress=stop)
    told = []
    found = session.stability(runs=3, progress=lambda *what: told.append(what))
    assert told[0] == (0, 23)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib's own, of the processes it ends
        expected = topic_stability(session.topics(), runs=3, n_jobs=1)
    assert found.round(9).equals(expected.round(9))


def test_texts_that_were_cleaned_stay_as_they_are():
    corpus = clean(Corpus.sample()).corpus
    assert Session(corpus).cleaned() is corpus
    assert Session(corpus.split("section")).passages().unit == "section"


def test_an_unknown_value_is_told_when_it_is_chosen(session):
    with pytest.raises(ValueError, match="no city 火星"):
        session.decide({"do": "select", "city": ["火星"]})
    assert session.decisions == Decisions()
