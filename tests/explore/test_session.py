import warnings
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit import Corpus, Segmenter, clean, fit_topics, relevant_terms, segment, topic_stability
from toolkit.explore import Decisions, Session, apply_decisions
from toolkit.explore.parts import View
from toolkit.topics.resample import Resampling


@pytest.fixture
def session():
    return Session(Corpus.sample())


# Words, strings that are none, and parts of these: what a person may decide on.
WORDS = [
    "城市",
    "治理",
    "热线",
    "市民热线",
    "数字化",
    "社区治理",
    "精细",
    "条例",
    "再补",
    "家门口",
    "推进",
    "在接",
    "的供给也在",
]
CITIES = ("北京", "上海", "重庆", "新加坡")


@st.composite
def entries(draw):
    """Return a decision that a person may make in the application, of any kind, or an undo."""
    kinds = ["accept", "stop", "merge", "split", "select", "unit", "topics", "undo"]
    do = draw(st.sampled_from(kinds))
    word, other = draw(st.permutations(WORDS))[:2]
    at = draw(st.integers(1, len(word) - 1))
    more = {
        "merge": {"term": word, "into": other},
        "split": {"term": word, "parts": [word[:at], word[at:]]},
        "select": {"city": draw(st.lists(st.sampled_from(CITIES), min_size=2, unique=True))},
        "unit": {"unit": draw(st.sampled_from(["section", "paragraph", "document"]))},
        "topics": {"k": draw(st.integers(2, 4)), "seed": draw(st.integers(0, 2)), "method": "auto"},
        "undo": {"at": draw(st.integers(0, 9))},
    }
    return {"do": do, **more.get(do, {"term": word})}


# Each was cut again in the texts that hold it, and changed how others are cut too: 再补 by one.
FAR_APART = [
    *({"do": "stop", "term": word} for word in ("协议", "一体", "普查", "再往", "复杂", "第二步")),
    *({"do": "accept", "term": word} for word in ("无人值守，", "在接", "汇”提供了", "向走。20")),
    *({"do": "accept", "term": word} for word in ("下的", "的供给也在")),
    *({"do": "merge", "term": word, "into": "城市"} for word in ("回音", "划掉", "青诉即办")),
    *({"do": "merge", "term": word, "into": "城市"} for word in ("率为", "综合治理", "心思")),
    *(
        {"do": "split", "term": word, "parts": [word[0], word[1:]]}
        for word in ("相伴", "三样", "道理", "名目", "家当")
    ),
]


@given(st.lists(entries(), min_size=1, max_size=12))
@example(FAR_APART)
@settings(max_examples=10, deadline=None)
def test_what_is_shown_is_what_its_code_gives(log):
    """After any decisions: the counts, the terms and the topics that are seen, and their code."""
    session = Session(Corpus.sample().select(city=CITIES))
    for entry in log:
        session.tokens()  # what was seen in between has no part in what is seen now
        before = session.decisions.log
        with suppress(ValueError):  # such as a circle of merged words: told, not taken
            if entry["do"] != "undo":
                session.decide(entry)
            elif entry["at"] < len(before):
                session.undo(before[entry["at"]])
    if not session.decisions.find("topics"):  # six topics are too many for a few whole texts
        session.decide({"do": "topics", "k": 3, "seed": 0, "method": "auto"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        topics = session.topics()
        shown = View(relevant_terms, topics, {"relevance": 0.3, "n": 5}).value(session)
        scope = {}
        exec(View(relevant_terms, topics, {"relevance": 0.3, "n": 5}).recipe.to_code(), scope)
    assert scope["tokens"].frequencies.to_dict() == session.tokens().frequencies.to_dict()
    assert scope["tokens"].fingerprint == session.tokens().fingerprint
    assert scope["topics"].fingerprint == topics.fingerprint
    assert scope["table"].equals(shown)


def test_nothing_is_computed_twice(session, monkeypatch):
    calls = []
    for name in ("fit_topics", "tfidf", "segment", "clean"):
        real = getattr(__import__("toolkit.explore.session", fromlist=[name]), name)

        def counted(*args, _real=real, _name=name, **kwargs):
            calls.append(_name)
            return _real(*args, **kwargs)

        monkeypatch.setattr(f"toolkit.explore.session.{name}", counted)
    first = session.topics()
    assert session.topics() is first
    assert sorted(calls) == ["clean", "fit_topics", "segment", "tfidf"]
    session.decide({"do": "topics", "k": 7, "seed": 0, "method": "auto"})
    session.topics()
    session.decide({"do": "topics", "k": 6, "seed": 0, "method": "auto"})
    assert session.topics() is first
    session.label(session.topics(), 2, "热线")
    View(relevant_terms, session.topics(), {"relevance": 0.5}).value(session)
    assert sorted(calls) == ["clean", "fit_topics", "fit_topics", "segment", "tfidf"]


def test_decisions_are_undone_and_taken_again(session):
    session.back()
    assert session.decisions == Decisions(), "there is nothing to undo"
    stop, topics = (
        {"do": "stop", "term": "推进"},
        {"do": "topics", "k": 4, "seed": 0, "method": "auto"},
    )
    session.decide(stop)
    session.decide(topics)
    session.label(session.topics(), 1, "甲")
    session.label(session.topics(), 1, "乙")  # in place of the first: one step
    session.back()
    assert [e["label"] for e in session.decisions.find("label")] == ["甲"]
    session.back()
    session.back()
    assert session.decisions.log == (stop,)
    session.back()
    assert (session.decisions, session.past) == (Decisions(), [])
    assert session.effect().loc["推进", "before"] == 0, "it is counted again"
    session.forward()
    session.forward()
    assert session.decisions.log == (stop, topics)
    session.decide({"do": "stop", "term": "工作"})
    before = session.decisions
    session.forward()
    assert session.decisions is before, "another way was taken"
    assert Session(session.corpus, before).past == []


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
    shown = View(relevant_terms, topics, {"relevance": 0.3, "n": 5}).value(session)
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
    session.decide({"do": "topics", "k": 7, "seed": 0, "method": "auto"})
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
    assert session.decisions.log == ({"do": "topics", "k": 5, "seed": 2, "method": "auto"},)
    session.label(session.topics(), 1, "数字")
    assert session.topics().labels == {1: "数字"}
    assert session.tokens().fingerprint == segment(sections, Segmenter(hmm=False)).fingerprint
    session.decide({"do": "stop", "term": "数据"})
    assert "数据" not in session.topics().terms


@pytest.mark.exhaustive
def test_stability_is_that_of_the_function_and_goes_on_where_it_was_stopped(session, monkeypatch):
    session.decide({"do": "topics", "k": 3, "seed": 0, "method": "auto"})
    for _ in zip(range(5), session.measure(runs=3), strict=False):
        pass
    assert session.measured(runs=3) is None
    done = []
    real = Resampling.run
    monkeypatch.setattr(Resampling, "run", lambda *task: done.append(task) or real(*task))
    told = [*session.measure(runs=3)]
    assert told[0] == (0, 23)
    assert len(done) == 23 - 4, "what was done is not done again"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib's own, of the processes it ends
        expected = topic_stability(session.topics(), runs=3, n_jobs=1)
    assert session.measured(runs=3).round(9).equals(expected.round(9))


def test_texts_that_were_cleaned_stay_as_they_are():
    corpus = clean(Corpus.sample()).corpus
    assert Session(corpus).cleaned() is corpus
    assert Session(corpus.split("section")).passages().unit == "section"


def test_an_unknown_value_is_told_when_it_is_chosen(session):
    with pytest.raises(ValueError, match="no city 火星"):
        session.decide({"do": "select", "city": ["火星"]})
    assert session.decisions == Decisions()
