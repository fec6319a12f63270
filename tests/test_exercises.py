"""Exercises: what counts as right, what a student is told, what is kept and handed in."""

import json
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from toolkit.cli import app
from toolkit.corpus import Corpus
from toolkit.exercises import Feedback, exercises
from toolkit.exercises.answers import kind, same
from toolkit.exercises.checking import Exercises, exercise_names, questions_of, right_answer
from toolkit.exercises.collecting import collect, marks, marks_page, save_marks
from toolkit.exercises.progress import FILE, ProgressError
from toolkit.values import fingerprint

EACH = [(notebook, name) for notebook in exercise_names() for name in questions_of(notebook)]
BOTH = {"en", "zh"}


def made(text):
    return {"en": text, "zh": f"中文 {text}"}


QUESTIONS = {
    "q1": {
        "question": made("How many?"),
        "answer": 41,
        "wrong": [{"answer": 40, "hint": made("one more")}],
        "hint": made("use `len`"),
        "solution": "len(corpus)",
        "explain": made("because <b>"),
    },
    "q2": {
        "question": made("Which, in order?"),
        "answer": ["甲", "乙"],
        "hint": made("look"),
        "solution": "list(words)",
        "explain": made("so"),
    },
    "q3": {
        "question": made("Which?"),
        "answer": {"set": ["甲", "乙"]},
        "hint": made("look"),
        "solution": "set(words)",
        "explain": made("so"),
    },
}


@pytest.fixture
def check(tmp_path):
    return Exercises("00-setup", QUESTIONS, lang="en", folder=tmp_path)


@pytest.mark.parametrize(
    ("answer", "expected", "tolerance", "result"),
    [
        (41, 41, 0, True),
        (41.0, 41, 0, True),
        (np.int64(41), 41, 0, True),
        (np.array(41), 41, 0, True),
        (True, 1, 0, False),
        (1, True, 0, False),
        (np.bool_(True), True, 0, True),
        ("41", 41, 0, False),
        (0.418, 0.42, 0.01, True),
        (0.40, 0.42, 0.01, False),
        (0.1 + 0.2, 0.3, 0, True),
        (float("nan"), 0.3, 0.1, False),
        (10**400, 0.3, 0.1, False),
        (" 接诉即办\n", "接诉即办", 0, True),
        ("１２３４５热线", "12345热线", 0, True),
        ("tf-idf", "TF-IDF", 0, True),
        ("接诉", "接诉即办", 0, False),
        (["甲", "乙"], ["甲", "乙"], 0, True),
        (("甲", "乙 "), ["甲", "乙"], 0, True),
        (["乙", "甲"], ["甲", "乙"], 0, False),
        (["甲"], ["甲", "乙"], 0, False),
        (pd.Series(["甲", "乙"], index=[5, 6]), ["甲", "乙"], 0, True),
        (pd.Index(["甲", "乙"]), ["甲", "乙"], 0, True),
        (np.array([0.5, 0.25]), [0.5, 0.25], 0, True),
        (pd.Series([0.51, 0.25]), [0.5, 0.25], 0.02, True),
        ("甲乙", ["甲", "乙"], 0, False),
        ({"甲", "乙"}, ["甲", "乙"], 0, False),
        (["乙", "甲", "甲"], {"甲", "乙"}, 0, True),
        ({"a": 1}.keys(), {"a"}, 0, True),
        (["甲"], {"甲", "乙"}, 0, False),
        (["甲", "乙", "丙"], {"甲", "乙"}, 0, False),
        ([], {"甲"}, 0, False),
        ([["甲"], {}], {"甲"}, 0, False),
        ([["甲", 2]], [["甲", 2]], 0, True),
        ([("甲", 2)], [["甲", 3]], 0, False),
    ],
)
def test_same(answer, expected, tolerance, result):
    assert same(answer, expected, tolerance=tolerance) is result


@pytest.mark.parametrize(
    ("name", "answer", "state", "told"),
    [
        ("q1", 41, "right", "because <b>"),
        ("q1", 40, "not yet", "one more"),
        ("q1", 12, "not yet", 'Stuck? `check.hint("q1")`'),
        ("q1", ..., "not attempted", "Put your answer in place of `...`"),
        ("q1", None, "not attempted", "Put your answer in place of `...`"),
        ("q1", "41", "not yet", "This asks for a number; yours is `'41'`."),
        ("q1", " 41.5 ", "not yet", "Write the number without the quotation marks."),
        ("q1", "４１", "not yet", "Write the number without the quotation marks."),
        ("q1", Corpus.from_texts({"a": "热线。"}), "not yet", "Put `len( )` around it."),
        ("q1", ["甲", "乙"], "not yet", "Put `len( )` around it."),
        ("q1", {"a": 1}, "not yet", "Put `len( )` around it."),
        ("q1", pd.Series([True, False]), "not yet", "`.sum()` behind it counts the True ones."),
        *[("q1", text, "not yet", "0.5 for 50%") for text in ("41%", "41.8 %", "４１％")],
        *[("q1", text, "not yet", "without quotes and unit") for text in ("41篇", "41 texts")],
        *[("q1", text, "not yet", "in figures") for text in ("四十一", "四十一篇", "两个", "十")],
        *[("q1", one, "not yet", "a list of one") for one in ([41], (41,), np.array([41]))],
        ("q1", "18,892", "not yet", "without the quotation marks"),
        ("q1", pd.Series([41]), "not yet", "a list of one"),
        ("q1", np.array([True, False]), "not yet", "`.sum()` behind it counts the True ones."),
        ("q1", [np.bool_(True)], "not yet", "`.sum()` behind it counts the True ones."),
        ("q1", True, "not yet", "This asks for a number; yours is `True`."),
        ("q1", [41], "not yet", "This asks for a number; yours is `[41]`."),
        ("q1", len, "not yet", "Yours is a function"),
        ("q1", object(), "not yet", "yours is `object`"),
        ("q1", pd.DataFrame({"a": [41]}), "not yet", "Yours is a whole table"),
        ("q2", ("甲", "乙"), "right", "so"),
        ("q2", ["乙", "甲"], "not yet", "in another order"),
        ("q2", {"甲", "乙"}, "not yet", "This asks for a list, in order"),
        ("q2", "甲", "not yet", "This asks for a list, in order; yours is `'甲'`."),
        ("q3", pd.Series(["乙", "甲"]), "right", "so"),
        ("q3", ["甲"], "not yet", "Stuck?"),
        ("q3", 2, "not yet", "This asks for a set or a list, in any order"),
    ],
)
def test_what_a_student_is_told(check, name, answer, state, told):
    said = check(name, answer)
    assert (said.name, said.state) == (name, state)
    assert told in said.message


@pytest.mark.parametrize(
    ("name", "answer"),
    [("q1", "forty"), ("q1", ""), ("q1", b"41"), ("q1", True), ("q3", "41"), ("q2", {"甲": 1})],
)
def test_no_hint_where_none_fits(check, name, answer):
    said = check(name, answer).message
    assert said.startswith("This asks for ")
    assert not any(part in said for part in ("len(", ".sum()", "quotation"))


def test_everything_is_said_in_both_languages(tmp_path):
    for lang, right, none in (("zh", "正确。", "未作答。"), ("en", "Right.", "Not attempted.")):
        check = Exercises("00-setup", QUESTIONS, lang=lang, folder=tmp_path / lang)
        assert right in repr(check("q1", 41))
        assert none in repr(check("q1", ...))
        assert QUESTIONS["q1"]["hint"][lang] in repr(check.hint("q1"))
        assert QUESTIONS["q1"]["explain"][lang] in repr(check.solution("q1"))
        assert check.progress().iloc[0, 0] == QUESTIONS["q1"]["question"][lang]


class Odd:
    """Raises whatever one does with it."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


class Loud(str):
    def __eq__(self, other):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError

    __hash__ = str.__hash__


LOOP = []
LOOP.append(LOOP)
ODD = [Odd(), Loud("甲"), [Odd()], LOOP, 10**5000, [10**5000], b"x", {1: 2}, {("a",): [1]}, 1j]
ODD += [float("inf"), "\ud800", [None], [...], pd.NA, [pd.NA], pd.NaT, np.zeros((2, 2)), range(9)]
ODD += [np.array([]), np.array(None), iter([1]), Exception, int, pd.Series([[1], [2]]), {"a", 1}]


@pytest.mark.parametrize("name", [*QUESTIONS])
@pytest.mark.parametrize("place", range(len(ODD)))  # pytest itself is broken by some of them
def test_no_answer_breaks_the_check(check, name, place):
    said = check(name, ODD[place])
    assert said.state == "not yet"
    assert said.message
    assert said._repr_html_()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


@given(st.sampled_from([*QUESTIONS]), anything)
def test_whatever_is_answered_there_is_an_answer(tmp_path_factory, name, answer):
    folder = tmp_path_factory.getbasetemp()
    said = Exercises("00-setup", QUESTIONS, lang="en", folder=folder)(name, answer)
    right = same(answer, right_answer(QUESTIONS[name]))
    assert said.state == ("not attempted" if answer is None else "right" if right else "not yet")
    assert name in repr(said)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)


def test_what_is_shown_is_escaped():
    said = Feedback("<i>q", "solution", "`<script>` <b>", "<img src=x onerror=alert(1)>", "en")
    tags = Tags()
    tags.feed(said._repr_html_())
    assert tags.seen == {"div", "strong", "code", "pre"}


def test_a_name_that_is_not_there_is_told():
    with pytest.raises(ValueError, match=r"no exercises '\.\./x'; there are 00-setup"):
        exercises("../x")
    with pytest.raises(ValueError, match="lang must be 'zh' or 'en', not 'de'"):
        exercises("00-setup", lang="de")
    with pytest.raises(ValueError, match="00-setup has no exercise 'q9'; it has q1"):
        exercises("00-setup")("q9", 1)


# ---- the files of questions


@pytest.mark.parametrize(("notebook", "name"), EACH)
def test_question_is_whole_and_in_both_languages(notebook, name):
    question = questions_of(notebook)[name]
    needed = {"question", "answer", "hint", "solution", "explain"}
    assert needed <= {*question} <= needed | {"wrong", "tolerance"}
    texts = [question[part] for part in ("question", "hint", "explain")]
    texts += [wrong["hint"] for wrong in question.get("wrong", ())]
    for text in texts:
        assert {*text} == BOTH, text
        assert all(isinstance(value, str) and value.strip() for value in text.values()), text
        assert any("\u4e00" <= c <= "\u9fff" for c in text["zh"]), text
    compile(str(question["solution"]), name, "exec")
    assert kind(right_answer(question)) in {"bool", "number", "text", "list", "set"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("notebook", "name"), EACH)
def test_known_wrong_answers_get_their_hint(notebook, name, lang, tmp_path):
    question = questions_of(notebook)[name]
    check = Exercises(notebook, questions_of(notebook), lang=lang, folder=tmp_path)
    assert check(name, right_answer(question)).state == "right"
    for wrong in question.get("wrong", ()):
        said = check(name, right_answer(wrong))
        assert (said.state, said.message) == ("not yet", wrong["hint"][lang])


# ---- what is kept


def test_not_attempted_leaves_no_trace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check = exercises("00-setup", lang="en")
    assert [check("q1", nothing).state for nothing in (..., None)] == ["not attempted"] * 2
    assert not list(tmp_path.iterdir())


def test_progress_is_kept_and_right_stays_right(check, tmp_path):
    for answer in (40, 12, 41, 40):
        check("q1", answer)
    check.solution("q2")
    again = Exercises("00-setup", QUESTIONS, lang="en", folder=tmp_path)
    assert again.progress().to_numpy().tolist() == [
        ["How many?", "Right", 3],
        ["Which, in order?", "Not attempted", 0],
        ["Which?", "Not attempted", 0],
    ]
    kept = json.loads((tmp_path / FILE).read_text("utf-8"))["done"]["00-setup"]
    assert kept["q2"] == {"right": False, "tries": 0, "seen": True}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("content", ["", "[1]", "{}", "[" * 99_999, '{"format": 1}', "\x00"])
def test_a_damaged_file_of_progress_is_told_and_left_alone(check, tmp_path, content):
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    said = check("q1", 41)
    assert said.state == "right"
    assert f"(Your progress could not be kept: {FILE} is" in said.message
    assert (tmp_path / FILE).read_text("utf-8") == content
    with pytest.raises(ProgressError, match=FILE):
        check.hand_in("王小明")


def test_a_folder_that_cannot_be_written_to_is_told(check, tmp_path):
    (tmp_path / FILE).mkdir()
    assert "could not be kept" in check("q1", 41).message


# ---- what is handed in


def test_hand_in_is_signed_by_its_content(check, tmp_path):
    check("q1", 41)
    check("q2", ["乙"])
    said = check.hand_in(" 王 小明 ")
    assert said.name == "hand-in-王-小明.json"
    assert "1 right, 2 tried" in said.message
    assert str(tmp_path) in said.message
    assert repr(said).startswith("✓ hand-in-王-小明.json is ready. It tells which exercises")
    path = tmp_path / said.name
    held = json.loads(path.read_text("utf-8"))
    assert held["student"] == "王 小明"
    assert held.pop("sha256") == fingerprint(held)
    for name in ("", " \n", "长" * 101):
        with pytest.raises(ProgressError, match="a name has 1 to 100 characters"):
            check.hand_in(name)
    chinese = Exercises("00-setup", QUESTIONS, lang="zh", folder=tmp_path)
    assert "做对 1 题，做过 2 题" in chinese.hand_in("王小明").message
    with pytest.raises(ProgressError, match=r"请写上您的姓名：check\.hand_in"):
        chinese.hand_in()


@pytest.fixture
def handed(tmp_path):
    """Return a folder with what five students handed in, and a function that adds to it."""
    folder = tmp_path / "in"

    def add(place, student, **answers):
        inside = folder / place
        inside.mkdir(parents=True)
        check = Exercises("00-setup", questions_of("00-setup"), folder=inside)
        for name, answer in answers.items():
            check(name, answer)
        path = inside / check.hand_in(student).name
        (inside / FILE).unlink(missing_ok=True)
        return path

    add("a", "王小明", q1=41)
    add("b", "<script>alert(1)</script>", q1=40)
    add("c", "=cmd()", q1=41)
    add("d", "Zoë")
    return folder, add


def test_collect_makes_a_table_and_a_page(handed, tmp_path):
    folder, _ = handed
    out = tmp_path / "marks.csv"
    shown = CliRunner().invoke(app, ["exercises", "collect", str(folder), "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    table = pd.read_csv(out, encoding="utf-8-sig").set_index("student")
    assert table["right"].to_dict() == {
        "王小明": 1, "<script>alert(1)</script>": 0, "'=cmd()": 1, "Zoë": 0
    }  # fmt: skip
    assert table.loc["Zoë", "00-setup q1"] != table.loc["Zoë", "00-setup q1"]
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "font/woff2;base64," in page
    assert ">50%</td>" in page


def test_all_that_is_wrong_is_told_together(handed):
    folder, add = handed
    good = add("e", "赵", q1=41)
    held = json.loads(good.read_text("utf-8"))

    def write(name, content):
        (folder / name).write_text(
            content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
        )

    def signed(**changes):
        made = {k: v for k, v in (held | changes).items() if k != "sha256"}
        return made | {"sha256": fingerprint(made)}

    entry = {"right": True, "tries": 1, "seen": False}
    write("z1.json", held | {"student": "钱"})
    write("z2.json", good.read_text("utf-8"))
    write("z3.json", "[" * 99_999)
    write("z4.json", "1" * 1_000_001)
    write("z5.json", {"format": held["format"], "done": {}})
    write("z6.json", signed(student="孙", done={"00-setup": {"q1": entry}, "=x": {"y": entry}}))
    write("z7.json", signed(student="李", done={"00-setup": {"q1": entry | {"tries": -1}}}))
    write("z8.json", signed(student=["周"]))
    deep = json.dumps(held | {"version": "_"}).replace('"_"', "[" * 400 + "]" * 400)
    write("z9.json", deep)
    found = {one.file: str(one.problem) for one in collect(folder) if one.problem}
    assert {file: said.split(" ", 1)[1] for file, said in found.items()} == {
        "z1.json": "was changed after it was made: its checksum is another",
        "z2.json": "the same student also handed in e/hand-in-赵.json",
        "z3.json": "is damaged and cannot be read; move it away and begin anew",
        "z4.json": "has over 1 MB, which no such file has; ask for it anew",
        "z5.json": 'was not handed in: such a file is made by check.hand_in("name")',
        "z6.json": "has exercises that this version does not know: =x y",
        "z7.json": "is damaged and cannot be read; move it away and begin anew",
        "z8.json": 'was not handed in: such a file is made by check.hand_in("name")',
        "z9.json": 'was not handed in: such a file is made by check.hand_in("name")',
    }
    table = marks(collect(folder)).set_index("file")
    assert len(table) == 14, "a row for each file"
    assert table.loc["z6.json", "right"] == 1, "what is known of it counts"
    assert table.loc["z1.json", "right"] == 0
    for lang in ("en", "zh"):
        assert marks_page(collect(folder), lang=lang).count("<li>") == 9


def test_the_questions_are_read_once_however_many_hand_in(handed, tmp_path, monkeypatch):
    import yaml

    folder, add = handed
    held = json.loads(add("e", "赵", q1=41).read_text("utf-8"))
    for number in range(50):
        made = {k: v for k, v in held.items() if k != "sha256"} | {"student": f"{number}"}
        text = json.dumps(made | {"sha256": fingerprint(made)})
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
    read, load = [], yaml.safe_load
    monkeypatch.setattr(yaml, "safe_load", lambda text: read.append(text) or load(text))
    questions_of.cache_clear()
    save_marks(collect(folder), tmp_path / "marks.csv")
    assert len(read) <= len(exercise_names())


@pytest.mark.parametrize("edited", ["marks.csv", "marks.html"])
@pytest.mark.parametrize("before", [True, False])
def test_marks_replace_nothing_but_marks(handed, tmp_path, edited, before):
    folder, add = handed
    if before:
        save_marks(collect(folder), tmp_path / "marks.csv")
        add("e", "Ann")
        save_marks(collect(folder), tmp_path / "marks.csv")
        assert "Ann" in (tmp_path / "marks.html").read_text("utf-8")
    with (tmp_path / edited).open("a", encoding="utf-8") as file:
        file.write("mine")
    stood = {path.name: path.read_bytes() for path in tmp_path.glob("marks.*")}
    with pytest.raises(FileExistsError, match="or was edited since, and stays"):
        save_marks(collect(folder), tmp_path / "marks.csv")
    assert stood == {path.name: path.read_bytes() for path in tmp_path.glob("marks.*")}
    with pytest.raises(ValueError, match="the name of the page"):
        save_marks(collect(folder), tmp_path / "other.html")


def test_nothing_to_collect_is_an_error(tmp_path):
    for folder, told in ((tmp_path / "none", "no such folder"), (tmp_path, "no JSON file")):
        out = tmp_path / "marks.csv"
        shown = CliRunner().invoke(app, ["exercises", "collect", str(folder), "--out", str(out)])
        assert shown.exit_code == 2
        assert told in shown.output
        assert not out.exists()


def test_links_out_of_the_folder_are_not_followed(handed, tmp_path):
    folder, _ = handed
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    try:
        (folder / "link.json").symlink_to(tmp_path / "secret.json")
    except OSError:
        return  # Windows allows links to few
    assert len(collect(folder)) == 4
