import re

import pytest

from toolkit import Corpus, Segmenter
from toolkit.explore import Decisions, apply_decisions

ALL = (
    {"do": "select", "city": ["北京", "上海"], "year": [2023]},
    {"do": "unit", "unit": "paragraph"},
    {"do": "accept", "term": "首善标准"},
    {"do": "stop", "term": "推进"},
    {"do": "merge", "term": "市民热线", "into": "热线"},
    {"do": "split", "term": "数字化", "parts": ["数字", "化"]},
    {"do": "topics", "k": 5, "seed": 3, "method": "nmf"},
    {"do": "label", "label": "数字治理: #1", "terms": ["数据", "- 平台"]},
)


def test_what_was_saved_is_read_back(tmp_path):
    decisions = Decisions(ALL)
    path = decisions.save(tmp_path / "new" / "d.yaml")
    assert Decisions.load(path) == decisions
    assert [line[:8] for line in path.read_text("utf-8").splitlines()[-8:]] == [
        "- {do: " + c for c in "suasmstl"
    ]
    assert [p.name for p in path.parent.iterdir()] == ["d.yaml"]
    assert Decisions.load(Decisions().save(tmp_path / "none.yaml")) == Decisions()


def test_a_later_decision_on_the_same_thing_replaces_the_earlier():
    decisions = Decisions(ALL).add({"do": "stop", "term": "首善标准"})
    assert len(decisions.log) == len(ALL)
    assert decisions.log[-1] == {"do": "stop", "term": "首善标准"}
    decisions = decisions.add({"do": "topics", "k": 9, "seed": 0, "method": "codebook"})
    assert [e["k"] for e in decisions.find("topics")] == [9]
    assert decisions.without({"do": "accept", "term": "推进"}).find("stop") == [
        {"do": "stop", "term": "首善标准"}
    ]
    assert len(Decisions(ALL).add({"do": "label", "label": "x", "terms": ["另"]}).labels) == 2


def test_the_segmenter_follows():
    segmenter = Decisions(ALL).segmenter()
    words = segmenter("以首善标准推进市民热线数字化")
    assert words == ["首善标准", "热线", "数字"]
    assert Decisions().segmenter() == Segmenter()
    base = Segmenter(lexicon=None, hmm=False)
    assert Decisions(ALL).segmenter(base).hmm is False


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("stop", "'stop' is not one of select, unit"),
        ({"do": "drop"}, "is not one of"),
        ({"do": "stop"}, "stop needs term"),
        ({"do": "stop", "term": "甲", "x": 1}, "'x' is odd"),
        ({"do": "stop", "term": ""}, "must be a str that is not empty"),
        ({"do": "stop", "term": 3}, "must be a str"),
        ({"do": "merge", "term": "甲", "into": "甲"}, "merged into itself"),
        ({"do": "split", "term": "甲乙", "parts": ["甲"]}, "together must give '甲乙'"),
        ({"do": "split", "term": "甲乙", "parts": ["甲", 1]}, "must hold words"),
        ({"do": "unit", "unit": "page"}, "unit must be one of"),
        ({"do": "topics", "k": 1, "seed": 0, "method": "nmf"}, "k must be at least 2"),
        ({"do": "topics", "k": True, "seed": 0, "method": "nmf"}, "k must be a int"),
        ({"do": "topics", "k": 5, "seed": 0, "method": "lsa"}, "method one of auto, nmf, "),
        ({"do": ["stop"]}, "is not one of"),
        ({"do": "stop", 3: "甲"}, "names of its fields must be words"),
        ({"do": "drop" * 999}, "..."),
        ({"do": "topics", "k": 5, "seed": -1, "method": "nmf"}, "seed from 0"),
        ({"do": "select", "city": "北京"}, "must be a list"),
        ({"do": "select", "city": [["北京"]]}, "no name or number"),
        ({"do": "select", "year": ["2023"]}, "no year"),
    ],
)
def test_what_makes_no_sense_is_told(entry, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        Decisions().add(entry)


def test_all_problems_of_a_file_are_told_together(tmp_path):
    path = tmp_path / "d.yaml"
    path.write_text("version: 1\ndecisions:\n- {do: stop}\n- {do: fly}\n", "utf-8")
    with pytest.raises(ValueError, match=r"(?s)d.yaml: .*decision 1: stop.*decision 2: .*fly"):
        Decisions.load(path)
    merged = (
        {"do": "merge", "term": "甲", "into": "乙"},
        {"do": "merge", "term": "乙", "into": "丙"},
    )
    with pytest.raises(ValueError, match="'甲' is merged into '乙', which is merged itself"):
        Decisions(merged)


#: Ten lists, each of ten times the one before: whoever shows one of them never ends.
ENDLESS = "a0: &a0 [x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2", "not YAML"),
        ("", "version 1"),
        ("7", "version 1"),
        ("version: 2", "version 1"),
        ("version: 1\ndecisions: 3", "must be a list"),
        ("version: 1\ndecisions: {}", "must be a list"),
        ("version: 1\ndecisions: [!!python/object/apply:os.getcwd []]", "not YAML"),
        ("version: 1\ndecisions: [{do: [a]}]", "decision 1: .* is not one of"),
        ("version: 1\ndecisions: [{do: {a: b}}, 3, null]", "(?s)decision 1.*decision 3"),
        ("version: 1\ndecisions: [{do: select, 3: [a]}]", "names of its fields"),
        ("version: 1\ndecisions: [{do: stop, term: [[[[[[a]]]]]]}]", "must be a str"),
        ("version: 1\ndecisions: [{do: select, year: [2023-01-01]}]", "no year"),
        ("version: 1\ndecisions: [{do: topics, k: .inf, seed: 0, method: nmf}]", "must be a int"),
        (f"version: 1\n{ENDLESS}decisions: [{{do: *a9}}]", "refers to another line"),
        ("version: 1\ndecisions: &a [*a]", "refers to another line"),
        ("[" * 100_000, "too deep"),
        ("- " * 5_000, "too deep"),
        ("version: 1\nversion: 2\ndecisions: []", "line 1: 'version' stands twice"),
        ("version: 1\ndecisions:\n- {do: stop, term: 甲, term: 乙}", "line 3: 'term' stands twice"),
        (
            f"version: 1\ndecisions: [{{do: topics, k: 0x{'F' * 5000}, seed: 0, method: nmf}}]",
            "at most",
        ),
        (b"\xff\xfe\x00", "not YAML in UTF-8"),
        (b"version: 1\x00", "not YAML"),
    ],
)
def test_a_file_that_is_none_is_told_with_its_name_and_how_to_mend_it(tmp_path, text, said):
    path = tmp_path / "d.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ValueError, match=said) as told:
        Decisions.load(path)
    assert "d.yaml" in str(told.value)
    assert re.search("mend|delete", str(told.value), re.IGNORECASE)
    assert len(str(told.value)) < 1500


def test_texts_that_the_corpus_has_not_are_told_when_decisions_are_replayed(tmp_path):
    path = Decisions(({"do": "select", "city": ["火星"]},)).save(tmp_path / "d.yaml")
    with pytest.raises(ValueError, match="has not the texts that the decisions select: no city 火"):
        apply_decisions(Corpus.from_texts({"a": "城市"}, metadata={"a": {"city": "北京"}}), path)
