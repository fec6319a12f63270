import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from sklearn.metrics import cohen_kappa_score, precision_score, recall_score

from toolkit import coding_sample, fit_topics, intrusion_test, score_coding, score_intrusion
from toolkit.topics import BlindSheet, krippendorff_alpha
from toolkit.topics.coding import _measures
from toolkit.topics.intrusion import least_questions
from toolkit.topics.reliability import chance_p, fleiss_kappa

_ = None
# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section C: four
# observers, twelve units; nominal alpha 0.743.
KRIPPENDORFF_2011 = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
# Three coders, fifteen units; the package `krippendorff` gives 0.691358024691358.
THREE_CODERS = [
    [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
    [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
    [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
]
# The worked example of the article "Fleiss' kappa" of the English Wikipedia: ten subjects,
# fourteen raters, five categories; kappa 0.210.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


@pytest.mark.parametrize(
    ("coders", "expected"), [(KRIPPENDORFF_2011, 0.743), (THREE_CODERS, 0.691358024691358)]
)
def test_alpha_of_published_examples(coders, expected):
    found = krippendorff_alpha(pd.DataFrame(coders, dtype=object).T)
    assert found == pytest.approx(expected, abs=5e-4 if expected == 0.743 else 1e-12)


def test_kappa_of_a_published_example():
    ratings = [[c for c, n in enumerate(row) for _ in range(n)] for row in FLEISS]
    assert fleiss_kappa(pd.DataFrame(ratings)) == pytest.approx(0.210, abs=5e-4)


def test_kappa_refuses_missing_ratings():
    with pytest.raises(ValueError, match="none missing; use krippendorff_alpha"):
        fleiss_kappa(pd.DataFrame({"A": ["a", None], "B": ["a", "b"]}))


def test_agreement_that_cannot_be_told():
    same = pd.DataFrame({"A": ["a", "a"], "B": ["a", "a"]})
    assert np.isnan(krippendorff_alpha(same))
    assert np.isnan(fleiss_kappa(same))
    assert np.isnan(krippendorff_alpha(same[["A"]]))


@pytest.mark.parametrize(
    "other", [[1, 2, 1], [1.0, 2.0, 1.0], ["1.0", "2.0", "1.0"], ["１", " 2", "1"]]
)
def test_a_number_is_one_rating_however_it_is_written(other):
    ratings = pd.DataFrame({"A": ["1", "2", "1"], "B": other})
    assert krippendorff_alpha(ratings) == fleiss_kappa(ratings) == 1
    long = pd.DataFrame({"A": ["1234567890123456781", "x"], "B": ["1234567890123456782", "x"]})
    assert krippendorff_alpha(long) < 1


def test_an_empty_cell_is_no_rating():
    ratings = pd.DataFrame({"A": ["a", "b", "b"], "B": ["a", "b", " "]})
    assert krippendorff_alpha(ratings) == 1
    with pytest.raises(ValueError, match="none missing"):
        fleiss_kappa(ratings)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.data())
def test_chance_for_one_coder_is_binomial(chosen, data):
    hits = data.draw(st.integers(0, len(chosen)))
    votes = np.eye(6, dtype=int)[chosen]
    assert chance_p(votes, hits) == pytest.approx(binom.sf(hits - 1, len(chosen), 1 / 6))


def test_coders_who_choose_alike_are_not_independent():
    votes = np.array([[3, 0, 0, 0, 0, 0]] * 4)  # three coders, always the same word
    assert chance_p(votes, 12) == pytest.approx((1 / 6) ** 4)


@pytest.fixture(scope="module")
def topics(planted):
    return fit_topics(planted(5, 120), k=5)


def filled(sheet, right, *, seed=0):
    """Answer like someone who is right so often, and guesses otherwise."""
    generator = np.random.default_rng(seed)
    answer = [
        a if generator.random() < right else generator.choice(sheet.options)
        for a in sheet.key["answer"]
    ]
    return pd.DataFrame({"question": sheet.key["question"], "answer": answer})


def test_an_intruder_belongs_to_another_topic(topics):
    sheet = intrusion_test(topics)
    assert len(sheet.questions) == 35
    terms = topics.top_terms(10).groupby("topic")["term"].agg(set)
    answers = sheet.key["answer"]
    for (_, row), answer, topic in zip(
        sheet.questions.iterrows(), answers, sheet.key["topic"], strict=True
    ):
        words = {letter: row[letter] for letter in "abcdef"}
        assert len({*words.values()}) == 6
        intruder = words.pop(answer)
        assert {*words.values()} <= terms[topic]
        assert any(intruder in terms[t] for t in terms.index if t != topic)
    assert answers.nunique() > 3, "the place of the intruder must not give it away"
    assert sheet.key["topic"].tolist() != sorted(sheet.key["topic"])


def test_a_topic_question_shows_a_passage(matrix):
    topics = fit_topics(matrix, k=6)
    sheet = intrusion_test(topics, kind="topic")
    row, key = sheet.questions.iloc[0], sheet.key.iloc[0]
    assert row["passage"] in topics.units.loc[key["unit_id"], "text"]
    shares = topics.doc_topics().loc[key["unit_id"]]
    assert shares[key["intruder"]] == shares.min()
    assert shares.idxmax() == key["topic"]
    with pytest.raises(ValueError, match="needs 4 topics; there are 3"):
        intrusion_test(fit_topics(matrix, k=3), kind="topic")


def test_score_of_people_who_see_and_people_who_guess(topics):
    sheet = intrusion_test(topics)
    good = score_intrusion({c: filled(sheet, 0.9, seed=i) for i, c in enumerate("AB")}, sheet)
    assert good.summary["accuracy"] > 0.8
    assert good.summary["p"] < 1e-6
    assert good.summary["alpha"] == pytest.approx(good.summary["kappa"], abs=0.03)
    assert good.topics["answers"].tolist() == [14] * 5
    assert (good.topics["low"] < good.topics["accuracy"]).all()
    # Two coders who answer alike tell no more of a topic than one of them.
    one = score_intrusion({"A": filled(sheet, 0.7)}, sheet).topics
    alike = score_intrusion({c: filled(sheet, 0.7) for c in "AB"}, sheet).topics
    expected = [binomtest(round(7 * a), 7).proportion_ci() for a in one["accuracy"]]
    for found in (one, alike):
        assert found["low"].tolist() == pytest.approx([e.low for e in expected])
        assert found["high"].tolist() == pytest.approx([e.high for e in expected])
    guess = score_intrusion({c: filled(sheet, 0, seed=i) for i, c in enumerate("AB")}, sheet)
    assert guess.summary["p"] > 0.05
    assert abs(guess.summary["alpha"]) < 0.3
    one = score_intrusion({"A": filled(sheet, 1)}, sheet)
    assert one.summary["accuracy"] == 1
    assert np.isnan(one.summary["alpha"])


def test_too_few_questions_are_refused(topics):
    assert least_questions(1 / 6) == 12
    for n, chance in ((12, 1 / 6), (26, 1 / 4)):
        needed = next(h for h in range(n + 2) if binom.sf(h - 1, n, chance) <= 0.05)
        assert binom.sf(needed - 1, n, 0.5) >= 0.8
    with pytest.raises(ValueError, match="10 questions are too few: with fewer than 12"):
        intrusion_test(topics, per_topic=2)
    sheet = intrusion_test(topics)
    with pytest.raises(ValueError, match="8 answers are too few"):
        score_intrusion({"A": filled(sheet, 1).head(8)}, sheet)


def test_wrong_answers_are_told_together(topics):
    sheet = intrusion_test(topics)
    answers = filled(sheet, 1).astype(object)
    answers.loc[0, "answer"] = "z"
    answers.loc[1, "question"] = 99
    other = filled(sheet, 1).assign(sheet="0123")
    with pytest.raises(ValueError, match=r"A: no options \['z'\]") as info:
        score_intrusion({"A": answers, "B": other}, sheet)
    assert "A: no questions [99]" in str(info.value)
    assert "B: answers to sheet ['0123']" in str(info.value)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sheets_are_blind_escaped_and_come_back(matrix, tmp_path, lang):
    sheet = intrusion_test(fit_topics(matrix, k=6), kind="topic")
    questions = sheet.questions.copy()
    questions.loc[0, "passage"] = "<script>alert(1)</script>"
    questions.loc[1, "passage"] = "=HYPERLINK(1)"
    sheet = replace(sheet, questions=questions)
    folder = sheet.save(tmp_path / "coders", key=tmp_path / "key.json", lang=lang)
    page = (folder / "sheet.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert {"zh": "主题入侵测验", "en": "Topic intrusion test"}[lang] in page
    assert "#s0" not in page, "the passage must not tell where it is from"
    table = pd.read_csv(folder / "sheet.csv", encoding="utf-8-sig")
    assert {*table} == {"question", "passage", "a", "b", "c", "d", "answer", "sheet"}
    assert table.loc[1, "passage"].startswith("'=")
    again = BlindSheet.load(tmp_path / "key.json")
    assert again.fingerprint == sheet.fingerprint
    table["answer"] = again.key["answer"]
    table.to_csv(folder / "a.csv", index=False, encoding="utf-8-sig")
    assert score_intrusion({"A": folder / "a.csv"}, again).summary["accuracy"] == 1


def test_topics_may_outnumber_the_letters(planted, tmp_path):
    topics = fit_topics(planted(5, 120), k=28)
    names = [f"名称{i}" for i in range(28)]
    sheet = coding_sample(topics, n=60, labels=names)
    assert sheet.options[24:] == ["y", "z", "aa", "ab", "ac"]
    sheet.save(tmp_path / "coders", key=tmp_path / "key.json")
    option = {sheet.questions[o].iloc[0]: o for o in sheet.options}
    table = pd.read_csv(tmp_path / "coders" / "sheet.csv")
    table["answer"] = sheet.key["machine"].map(option)
    table.to_csv(tmp_path / "a.csv", index=False)
    again = BlindSheet.load(tmp_path / "key.json")
    assert score_coding({"A": tmp_path / "a.csv"}, again).summary["kappa"] == pytest.approx(1)


def keys(topics, matrix):
    """Return a key of each kind, as its file holds it."""
    labels = ["甲", "乙", "丙", "丁", "戊"]
    sheets = {
        "word": intrusion_test(topics),
        "topic": intrusion_test(fit_topics(matrix, k=6), kind="topic"),
        "coding": coding_sample(topics, n=40, labels=labels),
    }
    return {kind: sheet._plain() for kind, sheet in sheets.items()}


STRANGE = [None, True, -1, 2.5, 10**30, float("nan"), "", "zz", [], {}, ["a"]]


@pytest.mark.parametrize("kind", ["word", "topic", "coding"])
def test_a_key_that_is_not_as_it_was_written_is_told_or_of_use(topics, matrix, tmp_path, kind):
    """Whatever is dropped, doubled or altered in it."""
    held = keys(topics, matrix)[kind]
    path = tmp_path / "key.json"

    @settings(max_examples=50, deadline=None)
    @given(st.data())
    def check(data):
        changed = json.loads(json.dumps(held))
        table = data.draw(st.sampled_from(["", "questions", "key"]))
        rows = changed[table] if table else [changed]
        row = data.draw(st.integers(0, min(len(rows), 3) - 1))
        field = data.draw(st.sampled_from(sorted(rows[row])))
        how = data.draw(st.sampled_from(["drop", "alter", "add", "drop row", "twice", "swap"]))
        if how == "drop":
            del rows[row][field]
        elif how == "alter":
            rows[row][field] = data.draw(st.sampled_from(STRANGE))
        elif how == "add":
            rows[row]["more"] = data.draw(st.sampled_from(STRANGE))
        elif how == "drop row":
            del rows[row]
        elif how == "twice":
            rows.append(rows[row])
        else:
            rows[row], rows[-1] = rows[-1], rows[row]
        path.write_text(json.dumps(changed if table or rows else []), encoding="utf-8")
        try:
            sheet = BlindSheet.load(path)
        except ValueError as error:
            assert str(path) in str(error)
            assert "give the file that save() wrote" in str(error)
            if table and how in ("drop", "add"):
                assert f"{table}, question " in str(error)
                assert repr(field if how == "drop" else "more") in str(error)
            return
        assert how in ("alter", "swap", "twice"), "what is missing, or more, is told"
        answers = sheet.questions[["question"]].assign(answer="a")
        score = score_coding if kind == "coding" else score_intrusion
        score({"A": answers, "B": answers}, sheet)
        repr(sheet), sheet.to_html()

    check()


def test_the_key_stays_apart(topics, tmp_path):
    sheet = intrusion_test(topics)
    with pytest.raises(ValueError, match="keep the key apart"):
        sheet.save(tmp_path / "x", key=tmp_path / "x" / "key.json")
    sheet.save(tmp_path / "x", key=tmp_path / "key.json")
    sheet.save(tmp_path / "x", key=tmp_path / "key.json")  # the same again harms nothing
    with pytest.raises(FileExistsError, match=r"key\.json exists"):
        intrusion_test(topics, seed=1).save(tmp_path / "y", key=tmp_path / "key.json")
    assert not (tmp_path / "y").exists()
    page = tmp_path / "x" / "sheet.html"
    before = page.read_bytes()
    page.write_text("my own introduction", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"sheet\.html exists"):
        sheet.save(tmp_path / "x", key=tmp_path / "key.json")
    page.write_bytes(before)
    filled_in = pd.read_csv(tmp_path / "x" / "sheet.csv").assign(answer="a")
    filled_in.to_csv(tmp_path / "x" / "sheet.csv", index=False)
    with pytest.raises(FileExistsError, match=r"sheet\.csv exists"):
        sheet.save(tmp_path / "x", key=tmp_path / "key.json")
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(ValueError, match="no key of a sheet"):
        BlindSheet.load(tmp_path / "other.json")
    changed = json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))
    changed["key"][0]["answer"] = "a" if changed["key"][0]["answer"] != "a" else "b"
    (tmp_path / "key.json").write_text(json.dumps(changed), encoding="utf-8")
    assert BlindSheet.load(tmp_path / "key.json").number != sheet.number


def test_answers_saved_by_a_spreadsheet_in_china(topics, tmp_path):
    sheet = intrusion_test(topics)
    answers = filled(sheet, 1).assign(sheet=sheet.number, note="不确定")
    answers.to_csv(tmp_path / "a.csv", index=False, encoding="gb18030")
    assert score_intrusion({"A": tmp_path / "a.csv"}, sheet).summary["accuracy"] == 1


def test_coding_sample_is_stratified_and_weighted(topics):
    sheet = coding_sample(topics, n=50, labels=["甲", "乙", "丙", "丁", "戊"])
    assert sheet.key["machine"].value_counts().tolist() == [10] * 5
    assert sheet.key["weight"].sum() == pytest.approx(120)
    assert sheet.options == [*"abcdef"]
    right = dict(zip("甲乙丙丁戊", "abcde", strict=True))
    answers = pd.DataFrame(
        {"question": sheet.key["question"], "answer": sheet.key["machine"].map(right)}
    )
    score = score_coding({"A": answers, "B": answers}, sheet)
    assert score.summary["kappa"] == pytest.approx(1) == score.summary["alpha"]
    assert score.labels["precision"].dropna().tolist() == [1] * 5
    answers.loc[:14, "answer"] = "f"
    score = score_coding({"A": answers}, sheet)
    assert score.summary["kappa_low"] < score.summary["kappa"] < score.summary["kappa_high"] < 1
    with pytest.raises(ValueError, match="on 5 passages; 20 are needed"):
        score_coding({"A": answers.head(5)}, sheet)
    with pytest.raises(ValueError, match="2 labels for 5 topics"):
        coding_sample(topics, labels=["甲", "乙"])
    with pytest.raises(ValueError, match="use score_coding"):
        score_intrusion({"A": answers}, sheet)


@given(st.integers(2, 4), st.integers(0, 10_000))
def test_measures_equal_scikit_learn(k, seed):
    generator = np.random.default_rng(seed)
    people, machine = generator.integers(0, k, (2, 60))
    weight = generator.random(60) + 0.1
    found = _measures(people, machine, weight, k)
    given_ = {"sample_weight": weight, "labels": range(k)}
    assert found[0] == pytest.approx(cohen_kappa_score(people, machine, **given_))
    options = {"average": None, "zero_division": np.nan, **given_}
    expected = [
        *precision_score(people, machine, **options),
        *recall_score(people, machine, **options),
    ]
    assert found[1:].tolist() == pytest.approx(expected, nan_ok=True)


def test_a_number_and_its_text_are_one_rating():
    mixed = pd.DataFrame({"A": [1, 2, 2, 1.0], "B": ["1", "2", "2 ", 1]}, dtype=object)
    assert krippendorff_alpha(mixed) == 1
    assert fleiss_kappa(mixed) == 1
    assert krippendorff_alpha(mixed.assign(B=["1", "2", "2", "一"])) < 1
