import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import Corpus, Segmenter, TermLedger, candidate_terms, load_lexicon

HIDDEN = Segmenter(lexicon=None)


@pytest.fixture(scope="module")
def candidates(sample):
    return candidate_terms(sample, segmenter=HIDDEN)


def test_hidden_lexicon_is_found_again(sample, candidates):
    text = "\n".join(sample.units["text"])
    gold = {term for term in load_lexicon()["term"] if text.count(term) >= 5}
    found = gold & set(candidates["term"])
    assert len(gold) > 50
    assert len(found) / len(gold) >= 0.80
    jieba = {word for t in sample.units["text"] for word in HIDDEN(t)}
    assert len(gold & jieba) < len(found) / 2
    assert len(candidates) < 250  # not by listing everything


def test_candidates_carry_their_evidence(sample, candidates):
    row = candidates.set_index("term").loc["接诉即办"]
    text = "\n".join(sample.units["text"])
    assert row["count"] == text.count("接诉即办") == 12
    assert row["n_docs"] == sum("接诉即办" in t for t in sample.units["text"]) == 6
    assert row["cut"] == "接诉 即 办"
    assert all("接诉即办" in row[f"line_{i}"] for i in (1, 2, 3))


def test_phrases_of_official_prose_are_no_terms():
    text = "甲地加快建设营商环境，乙地走完一步。加快建设好，走完歇。营商环境新，走完看。"
    corpus = Corpus.from_texts({str(i): text for i in range(3)})
    found = set(candidate_terms(corpus, segmenter=HIDDEN, min_entropy=0, min_pmi=0)["term"])
    assert "营商环境" in found
    assert not {"加快建设", "走完"} & found


def test_known_words_come_after_new_ones(candidates):
    order = candidates["suggestion"].map({"new": 0, "known": 1}).fillna(2)
    assert order.is_monotonic_increasing
    assert candidates.set_index("term").loc["城中村", "suggestion"] == "known"


def test_terms_of_the_lexicon_in_use_are_decided(sample, candidates):
    found = set(candidate_terms(sample)["term"])
    assert "接诉即办" not in found
    assert not found & set(load_lexicon()["term"])


def test_part_of_a_longer_candidate_is_told():
    text = "甲地办起青藤调解室。丙人说青藤调解室好，乙处青藤调解室散，丁旧青藤调解室远。"
    corpus = Corpus.from_texts({str(i): text for i in range(3)})
    found = candidate_terms(corpus, segmenter=HIDDEN, min_entropy=0, min_pmi=0)
    suggestions = found.set_index("term")["suggestion"]
    assert suggestions["青藤调解室"] == "new"
    parts = [s for t, s in suggestions.items() if t in "青藤调解室" and t != "青藤调解室"]
    assert set(parts) == {"part of 青藤调解室"}


def test_places_inside_a_longer_term_are_no_evidence_against_the_shorter():
    # 璟珮 stands three times in the term of the lexicon, five times by itself.
    text = "甲璟珮琮瑄乙。" * 3 + "丙璟珮丁。戊璟珮己。庚璟珮辛。壬璟珮癸。子璟珮丑。"
    segmenter = Segmenter(lexicon=["璟珮琮瑄"], hmm=False, stopwords=None)
    limits = {"min_count": 3, "min_pmi": -99, "min_entropy": 1}
    corpus = Corpus.from_texts({"a": text})
    table = candidate_terms(corpus, segmenter=segmenter, **limits).set_index("term")
    assert table.loc["璟珮", ["suggestion", "count", "inside"]].tolist() == ["new", 8, 3]
    assert "琮瑄" not in table.index  # stands nowhere else
    apart = candidate_terms(corpus, segmenter=segmenter, with_parts=False, **limits)
    assert apart.set_index("term").loc["璟珮", ["count", "inside"]].tolist() == [5, 3]


def test_terms_of_the_lexicon_are_no_verb_with_its_object():
    listed = set(load_lexicon()["term"])
    assert "营商环境" in listed
    assert not {"优化营商环境", "疏解非首都功能", "提请审议", "加装电梯"} & listed


def test_pmi_and_entropy_worked_by_hand():
    # 甲乙 stands four times, each time between marks: eight letters, each 4 times.
    found = candidate_terms(
        Corpus.from_texts({"a": "甲乙，甲乙。甲乙；甲乙！"}),
        segmenter=Segmenter(lexicon=None, hmm=False),
        min_count=4,
        min_pmi=1,
    )
    (row,) = found.itertuples()
    assert (row.term, row.count) == ("甲乙", 4)
    assert row.pmi == pytest.approx(1)  # log2(4 × 8 / (4 × 4))
    assert row.entropy == pytest.approx(2)  # four marks, all different places
    assert row.c_value == pytest.approx(4)  # log2(2) × 4


def test_c_value_takes_off_what_longer_candidates_hold():
    corpus = Corpus.from_texts({"a": "璟珮琮瑄。" * 4 + "璟珮；" * 6})
    limits = {"min_count": 3, "min_pmi": -99, "min_entropy": 0}
    table = candidate_terms(corpus, segmenter=Segmenter(lexicon=None, hmm=False), **limits)
    values = table.set_index("term")["c_value"]
    assert values["璟珮琮瑄"] == 8  # log2(4) × 4
    # 璟珮 stands 10 times, 4 of them in 璟珮琮 and 璟珮琮瑄.
    assert values["璟珮"] == 6


def test_nothing_to_find_gives_an_empty_table():
    found = candidate_terms(Corpus.from_texts({"a": "热线。"}))
    assert found.empty
    assert "suggestion" in found
    with pytest.raises(ValueError, match="must be at least 2"):
        candidate_terms(Corpus.from_texts({"a": "热线。"}), min_count=1)


@given(st.lists(st.text("甲乙丙，a1\n", max_size=30), min_size=1, max_size=3))
def test_candidates_never_crash_and_count_right(texts):
    corpus = Corpus.from_texts({str(i): "文" + t for i, t in enumerate(texts)})
    segmenter = Segmenter(lexicon=["甲乙丙", "a1"], stopwords=None)
    limits = {"min_count": 2, "min_pmi": -99, "min_entropy": 0}
    found = candidate_terms(corpus, segmenter=segmenter, **limits)
    for row in found.itertuples():
        places = [
            (t, i) for t in corpus.units["text"] for i in range(len(t)) if t.startswith(row.term, i)
        ]
        assert row.count == len(places)
        assert row.n_docs == len({t for t, _ in places}) or len(set(texts)) < len(texts)
        longer = [len(t) for t in ("甲乙丙", "a1") if row.term in t]
        assert row.inside <= sum(t.count("甲乙丙") + t.count("a1") for t in texts) * bool(longer)
    apart = candidate_terms(corpus, segmenter=segmenter, with_parts=False, **limits)
    both = found.merge(apart, on="term", suffixes=("", "_apart"))
    assert (both["count"] - both["inside"]).tolist() == both["count_apart"].tolist()


def test_ledger_compiles_into_a_segmenter():
    ledger = TermLedger.decide(
        accept=["首善标准"], reject=["城市的"], stop=["抓好"], synonym={"市民热线": "热线"}
    )
    assert repr(ledger) == "TermLedger: 1 accept, 1 reject, 1 stop, 1 synonym"
    assert ledger.segmenter()("以首善标准抓好市民热线") == ["首善标准", "热线"]
    plain = ledger.segmenter(Segmenter(lexicon=None, stopwords=None))
    assert "接诉即办" not in plain("接诉即办")
    assert plain("首善标准") == ["首善标准"]


def test_a_term_of_the_lexicon_can_be_rejected():
    text = "接诉即办，精治共治法治"
    assert "接诉即办" in Segmenter()(text)
    words = TermLedger.decide(reject=["接诉即办"]).segmenter()(text)
    assert "接诉即办" not in words
    assert words[-3:] == ["精治", "共治", "法治"]


@pytest.mark.exhaustive
@given(st.sampled_from(load_lexicon()["term"].tolist()))
def test_a_rejected_term_leaves_the_other_rules_as_they_are(term):
    rules = [("城市", "管理", "者"), "首善标准", "governance", ("优化", "营商环境")]
    base = Segmenter(lexicon=rules, synonyms={"市民热线": "热线"}, stopwords=["抓好"])
    after = TermLedger.decide(reject=[term]).segmenter(base)
    assert {t: parts for t, parts in base._terms.items() if t != term} == after._terms
    text = "城市管理者以首善标准抓好市民热线，优化营商环境"
    if term not in text:
        assert after(text) == base(text)


def test_a_saved_ledger_comes_back_and_loses_no_decision(tmp_path, candidates):
    path = tmp_path / "ledger.csv"
    TermLedger(candidates).save(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # spreadsheets need it for Chinese
    edited = TermLedger.load(path).table
    edited.loc[edited["term"] == "接诉即办", ["decision", "note"]] = ["accept", "核心机制"]
    TermLedger(edited).save(path)
    # Another round finds fewer candidates; the decision and its row remain.
    TermLedger(candidates.head(3)).save(path)
    again = TermLedger.load(path)
    assert again.terms("accept") == ["接诉即办"]
    assert again.table.set_index("term").loc["接诉即办", "note"] == "核心机制"
    assert len(again.table) == len(candidates)


def test_what_a_person_wrote_into_the_file_is_kept(tmp_path):
    rows = [
        ("甲", "", "问老师", "李"),
        ("乙", "accept", "见条例\u2028第二条", ""),
        ("丙", "", "", "王"),
    ]
    written = TermLedger(pd.DataFrame(rows, columns=["term", "decision", "note", "reviewer"]))
    path = written.save(tmp_path / "ledger.csv")
    # The notebook runs again: the same candidates, one decision, no notes.
    fresh = pd.DataFrame({"term": ["乙", "甲", "丙"], "decision": ["accept", "", ""], "count": 5})
    TermLedger(fresh).save(path)
    table = TermLedger.load(path).table.set_index("term")
    assert table["note"].to_dict() == {"乙": "见条例\u2028第二条", "甲": "问老师", "丙": ""}
    assert table["reviewer"].to_dict() == {"乙": "", "甲": "李", "丙": "王"}
    assert table["decision"].to_dict() == {"乙": "accept", "甲": "", "丙": ""}


def test_two_decisions_are_not_settled_in_silence(tmp_path):
    path = tmp_path / "ledger.csv"
    TermLedger.decide(accept=["首善标准"]).save(path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="首善标准: reject here, accept there"):
        TermLedger.decide(reject=["首善标准"]).save(path)
    assert path.read_bytes() == before


def test_fingerprint_is_of_the_decisions_only(candidates):
    decided = TermLedger.decide(accept=["甲", "乙"])
    assert decided.fingerprint == TermLedger.decide(accept=["乙", "甲"]).fingerprint
    assert decided.fingerprint == decided.merge(TermLedger(candidates)).fingerprint
    assert decided.fingerprint != TermLedger.decide(accept=["甲"], stop=["乙"]).fingerprint


def test_all_problems_of_a_ledger_are_told_together():
    rows = [("甲", "maybe", ""), ("乙", "synonym", ""), ("丙", "", ""), ("丙", "", "")]
    rows += [("丁", "synonym", "戊"), ("戊", "synonym", "己")]
    with pytest.raises(ValueError) as error:
        TermLedger(pd.DataFrame(rows, columns=["term", "decision", "synonym_of"]))
    for part in (
        "'maybe'",
        "a synonym of what",
        "'丙' stands in several rows",
        "'戊' is a synonym",
    ):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"word\n\xe7\x94\xb2\n", "no column term; found word"),
        (b"", "is empty"),
        (b"term,decision\n\xe7\x94\xb2\n", "line 2: 2 columns expected, 1 found"),
    ],
)
def test_unreadable_ledgers_explain_themselves(tmp_path, content, message):
    path = tmp_path / "ledger.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        TermLedger.load(path)


def test_ledger_code_rebuilds_it(tmp_path):
    path = TermLedger.decide(accept=["首善标准"]).save(tmp_path / "ledger.csv")
    assert f"TermLedger.load(path={path.as_posix()!r})" in TermLedger.load(path).recipe.to_code()
    decided = TermLedger.decide(accept=["甲"], synonym={"乙": "丙"})
    merged = decided.merge(TermLedger.load(path))
    for ledger in (decided, merged, TermLedger.load(path)):
        made: dict[str, TermLedger] = {}
        exec(ledger.to_code(), made)
        assert made["ledger"].fingerprint == ledger.fingerprint
    assert "ledger.merge(other=ledger_2)" in merged.to_code()
    with pytest.raises(TypeError, match="made by hand has no code; save it to a file"):
        TermLedger(pd.DataFrame({"term": ["甲"]})).to_code()
