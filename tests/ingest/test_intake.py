"""Intake as a whole: three places, resumed after any stop, nothing of the user's replaced."""

import csv
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from test_references import BIB, CSL
from typer.testing import CliRunner
from wrapping import SITES, word

from toolkit import Corpus, intake
from toolkit.cli import app
from toolkit.ingest import decide, worker
from toolkit.ingest.limits import Limits
from toolkit.ingest.store import Store, file_id
from toolkit.metadata import CorpusError

RUN = CliRunner()
NUMBERS = "一二三四五六七八九十"


def prose(topic, n=6):
    """Paragraphs on a topic, different from those on any other."""
    return "\n".join(
        f"{topic}的第{NUMBERS[i]}件事，是{topic}与{NUMBERS[i]}号街道一起把{topic}办好。" * 3
        for i in range(n)
    )


def here(reader, asked):
    """Read in this process, as a reading process would."""
    kind, content = json.loads(json.dumps(worker._done(asked, reader.limits)))
    if kind != "done":
        raise worker._ERRORS[kind](content)
    return content


@pytest.fixture(autouse=True, scope="module")
def one_process():
    """No reading processes: to start one takes longer than to read these files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker.ReadingProcess, "_answer", here)
        patch.setattr(worker, "_most_memory", lambda: 0)  # this process has had more already
        yield


@pytest.fixture
def folder(tmp_path):
    """A folder as research leaves it behind."""
    folder = tmp_path / "mine"
    (folder / "sub").mkdir(parents=True)
    (folder / "道路.txt").write_text(f"道路\n{prose('道路')}", encoding="gb18030")
    (folder / "桥梁.md").write_text(f"桥梁\n{prose('桥梁')}", encoding="utf-8")
    (folder / "sub" / "公园.html").write_bytes(SITES["portal"]("公园", prose("公园").split("\n")))
    (folder / "学校.docx").write_bytes(word("学校", prose("学校").split("\n")))
    (folder / "表.csv").write_text(
        f"标题,正文\n热线,{prose('热线')!r}\n空行,\n网格,{prose('网格')!r}\n", encoding="utf-8-sig"
    )
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        archive.writestr("里面/医院.txt", prose("医院"))
    (folder / "坏.docx").write_bytes(b"PK not really")
    (folder / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "空.txt").write_bytes(b"")
    return folder


def tree(folder):
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_file_ends_in_one_of_three_places(folder, tmp_path):
    table = intake(folder, into=tmp_path / "c")
    found = {(r["source"], r["part"]): (r["status"], r["id"]) for r in table.to_dict("records")}
    assert found == {
        ("mine/sub/公园.html", ""): ("accepted", "公园"),
        ("mine/包.zip/里面/医院.txt", ""): ("accepted", "医院"),
        ("mine/坏.docx", ""): ("quarantined", ""),
        ("mine/学校.docx", ""): ("accepted", "学校"),
        ("mine/旧.doc", ""): ("quarantined", ""),
        ("mine/桥梁.md", ""): ("accepted", "桥梁"),
        ("mine/空.txt", ""): ("quarantined", ""),
        ("mine/表.csv", "row 1"): ("accepted", "表-0001"),
        ("mine/表.csv", "row 2"): ("quarantined", ""),
        ("mine/表.csv", "row 3"): ("accepted", "表-0003"),
        ("mine/道路.txt", ""): ("accepted", "道路"),
    }
    assert (table["reason"] != "").equals(table["status"] == "quarantined")
    for row in table.to_dict("records"):
        data = (tmp_path / "c" / row["original"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"] and len(data) == row["n_bytes"]
    units = Corpus.load(tmp_path / "c").units
    assert units.loc["公园", ["title", "date", "source"]].tolist() == [
        "公园", "2024-02-01 09:30", "甲市人民政府办公室"
    ]  # fmt: skip
    assert units.loc["表-0001", "title"] == "热线"
    assert units.loc["道路", "text"] == f"道路\n{prose('道路')}"


def test_running_again_changes_nothing_and_reads_nothing(folder, tmp_path, monkeypatch):
    table = intake(folder, into=tmp_path / "c")
    before = tree(tmp_path / "c")
    monkeypatch.setattr(
        "toolkit.ingest.worker.ReadingProcess.read",
        lambda *a, **k: pytest.fail("it was read already"),
    )
    assert intake(folder, into=tmp_path / "c").equals(table)
    assert tree(tmp_path / "c") == before


def test_what_a_user_changed_stays(folder, tmp_path):
    into = tmp_path / "c"
    intake(folder, into=into)
    text = into / "texts" / "道路.txt"
    text.write_text("我改过的正文。", encoding="utf-8")
    with (into / "metadata.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    for row in rows:
        if row["id"] == "公园":
            row |= {"title": "我的题目", "source": "", "note": "我的备注"}
    rows.append({"id": "自带", "file": "texts/自带.txt", "title": "自己放进来的"})
    (into / "texts" / "自带.txt").write_text(prose("自带"), encoding="utf-8")
    with (into / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, dict.fromkeys([*rows[0], "note"]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    (folder / "自带.txt").write_text(prose("同名的另一篇"), encoding="utf-8")
    table = intake(folder, into=into)
    units = Corpus.load(into).units
    assert units.loc["公园", ["title", "note"]].tolist() == ["我的题目", "我的备注"]
    assert units["source"].isna()["公园"], "what was emptied stays so"
    assert units.loc["道路", "text"] == "我改过的正文。"
    assert "edited by hand" in table.set_index("id").loc["道路", "steps"]
    assert units.loc["自带", "title"] == "自己放进来的"
    assert units.loc["自带-2", "text"] == prose("同名的另一篇")


def test_a_table_that_a_spreadsheet_saved_in_its_own_encoding_is_read(folder, tmp_path):
    into = tmp_path / "c"
    intake(folder, into=into)
    saved = (into / "metadata.csv").read_text("utf-8-sig")
    (into / "metadata.csv").write_bytes(saved.replace(",桥梁,", ",我的桥,").encode("gbk"))
    intake(folder, into=into)
    assert Corpus.load(into).units.loc["桥梁", "title"] == "我的桥"
    for broken, said in ((b"a,b\n1,2\n", "no column id; found a, b"), (bytes(range(256)), "")):
        (into / "metadata.csv").write_bytes(broken)
        with pytest.raises(CorpusError, match=rf"metadata\.csv .*{said}"):
            intake(folder, into=into)


def test_a_file_that_changed_is_read_anew_and_one_that_broke_leaves_the_corpus(folder, tmp_path):
    into = tmp_path / "c"
    intake(folder, into=into)
    (folder / "道路.txt").write_text(f"道路新编\n{prose('新路')}", encoding="utf-8")
    (folder / "桥梁.md").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"left the corpus: 1 text .*\(桥梁\)"):
        table = intake(folder, into=into).set_index("source")
    units = Corpus.load(into).units
    assert units.loc["道路", "title"] == "道路新编"
    assert "桥梁" not in units.index and not (into / "texts" / "桥梁.txt").exists()
    assert table.loc["mine/桥梁.md", "status"] == "quarantined"
    assert len([*(into / "originals").iterdir()]) > len(table), "the earlier bytes are kept"


def test_what_the_user_says_comes_before_what_is_found(folder, tmp_path):
    known = tmp_path / "known.csv"
    known.write_text(
        "文件,标题,年份,城市\n公园.html,我说的题目,,苏州\n道路,,1999,\n", encoding="gbk"
    )
    intake(folder, into=tmp_path / "c", metadata=known, given={"year": "2020", "kind": "新闻"})
    units = Corpus.load(tmp_path / "c").units
    assert units.loc["公园", ["title", "city", "year"]].tolist() == ["我说的题目", "苏州", 2020]
    assert units.loc["道路", "year"] == 1999
    assert set(units["kind"]) == {"news"} and set(units["kind_given"]) == {"新闻"}
    with (tmp_path / "c" / "evidence.csv").open(encoding="utf-8-sig") as file:
        used = {(r["id"], r["field"], r["value"]): r["used"] for r in csv.DictReader(file)}
    assert used["公园", "title", "公园"] == "not used: 我说的题目"
    assert used["公园", "date", "2024-02-01 09:30"] == "used"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n", "there is no column file"),
        ("file,title\nnone.txt,x\n", "names none of the"),
        ("", "the file is empty"),
    ],
)
def test_a_table_of_metadata_that_does_not_fit(folder, tmp_path, content, said):
    (tmp_path / "k.csv").write_text(content)
    with pytest.raises(CorpusError, match=said):
        intake(folder, into=tmp_path / "c", metadata=tmp_path / "k.csv")


def test_what_the_user_says_that_fits_nothing_is_told(folder, tmp_path):
    known = tmp_path / "known.csv"
    known.write_text("file,titel,district\n公园.html,我的,海淀\n公圆.html,,\n别的,,\n", "utf-8")
    with pytest.warns(UserWarning) as caught:
        intake(folder, into=tmp_path / "c", metadata=known, given={"yera": "2024"})
    assert [str(one.message) for one in caught] == [
        "2 of 3 rows of metadata name no file: '公圆.html' (did you mean '公园.html'?), '别的'",
        "new column 'yera' (did you mean 'year'?)",
        "new column 'titel' (did you mean 'title'?)",
    ]
    shown = RUN.invoke(
        app, ["intake", str(folder / "道路.txt"), "--into", str(tmp_path / "d"), "--set", "yera=1"]
    )
    assert shown.exit_code == 0
    assert "warning: new column 'yera' (did you mean 'year'?)\n" in shown.output


def test_a_table_of_metadata_may_be_empty_yet(folder, tmp_path):
    (tmp_path / "k.csv").write_text("file,title\n")
    table = intake(folder, into=tmp_path / "c", metadata=tmp_path / "k.csv")
    assert table.equals(intake(folder, into=tmp_path / "d"))


def test_sources_that_do_not_exist_are_told_together(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"a\.txt, .*b\.txt"):
        intake([tmp_path / "a.txt", tmp_path / "b.txt"], into=tmp_path / "c")


def test_references_speak_for_their_files(tmp_path):
    library = tmp_path / "lib"
    (library / "files" / "1").mkdir(parents=True)
    (library / "files" / "2").mkdir()
    (library / "lib.bib").write_text(BIB.replace("a.pdf:application/pdf", "a.html:text/html"))
    (library / "files" / "1" / "a.html").write_bytes(
        SITES["news"]("别的题目", prose("甲").split("\n"))
    )
    (library / "files" / "2" / "b.html").write_bytes(SITES["news"]("乙", prose("乙").split("\n")))
    (library / "csl.json").write_text(CSL.replace("城市治理", "没有文件的文章"))
    (library / "bad.ris").write_text("TY  - JOUR\nTI  - 外面\nL1  - ../../../etc/passwd\nER  -\n")
    table = intake(library, into=tmp_path / "c")
    units = Corpus.load(tmp_path / "c").units
    assert units.loc["a", ["title", "author", "year"]].tolist() == [
        "城市治理",
        "张三、Li, Si",
        2023,
    ]
    out = table[table["status"] == "quarantined"]
    assert len(out) == 2 and out["reason"].str.contains("no attached file").all()


def test_contents_and_notes_stand_apart(tmp_path):
    body = f"一、道路\n{prose('道路')}［1］\n二、桥梁\n{prose('桥梁')}"
    notes = "名词解释\n［1］网格：一种做法。\n［2］热线：一种服务。"
    text = f"题目\n目 录\n一、道路\n二、桥梁\n{body}\n{notes}"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    table = intake(tmp_path / "a.txt", into=tmp_path / "c")
    assert Corpus.load(tmp_path / "c")["a"] == f"题目\n{body}"
    apart = tmp_path / "c" / "apart"
    assert (apart / "a-contents.txt").read_text(encoding="utf-8") == "目录\n一、道路\n二、桥梁"
    assert (apart / "a-notes.txt").read_text(encoding="utf-8").startswith("名词解释\n［1］网格")
    assert "apart/" in table.loc[0, "steps"]


def test_what_was_taken_in_is_clean(folder, tmp_path):
    from toolkit import clean

    intake(folder, into=tmp_path / "c")
    corpus = Corpus.load(tmp_path / "c")
    cleaned, report = clean(corpus)
    assert report.empty and cleaned.fingerprint == corpus.fingerprint


def test_what_cleaning_changes_within_lines_is_told(tmp_path):
    text = f"某市条例\n第一条 为了规范 治理,制定本条例。\n分享到：\n{prose('道路')}"
    (tmp_path / "条例.txt").write_text(text, encoding="utf-8")
    (row,) = intake(tmp_path / "条例.txt", into=tmp_path / "c").to_dict("records")
    assert "\n第一条 为了规范治理，制定本条例。\n" in Corpus.load(tmp_path / "c")["条例"]
    removed = (tmp_path / "c" / "removed.csv").read_text("utf-8-sig").split("\n")
    assert removed[:-1] == [
        "id,rule,n_chars,removed",
        "条例,share,4,分享到：",
        '条例,commas and other marks,1,"了规范 治理,制定本条例。 → 了规范 治理，制定本条例。"',
        "条例,spaces between Chinese characters,1,"
        "条 为了规范 治理，制定本条 → 条 为了规范治理，制定本条例",
    ]
    assert row["n_removed"] == 6


def test_messages_of_a_table_beside_long_texts_are_not_cut_off(tmp_path):
    (sources := tmp_path / "in").mkdir()
    for i in range(20):
        (sources / f"t{i}.txt").write_text(prose(f"{chr(0x5000 + 7 * i)}街", 6), "utf-8")
    (sources / "cut.txt").write_text("路灯不亮，请派人来修理。", "utf-8")
    (sources / "m.csv").write_text("正文\n路灯坏了，晚上很黑。\n公交车等了很久。\n", "utf-8")
    table = intake(sources, into=tmp_path / "out")
    short = table[table["warnings"].str.contains("very short")]
    assert short["source"].map(lambda source: Path(source).name).tolist() == ["cut.txt"]


def test_two_runs_at_a_time_are_refused(folder, tmp_path):
    if os.name != "posix":
        pytest.skip("the hold is of POSIX")
    with (
        Store(tmp_path / "c", Limits()).held(),
        pytest.raises(BlockingIOError, match="another run"),
    ):
        intake(folder, into=tmp_path / "c")


@pytest.mark.parametrize("name", ["", "...", "a" * 300, "＊？", "LPT1.txt", "城\u200b市", "\udc80"])
def test_ids_name_a_file_on_every_system(name):
    found = file_id(name)
    assert found and len(found) <= 62 and not found.startswith((".", "-"))
    found.encode("utf-8")
    from toolkit.metadata import id_problem

    assert id_problem(found) == ""


def test_the_command(folder, tmp_path):
    into = str(tmp_path / "c")
    shown = RUN.invoke(app, ["intake", str(folder), "--into", into, "--set", "year=2021"])
    assert shown.exit_code == 1
    assert "7 accepted, 0 accepted with warnings, 4 quarantined" in shown.output
    assert "quarantined  mine/空.txt: the file is empty" in shown.output
    assert set(Corpus.load(into).units["year"]) == {2021}
    one = RUN.invoke(app, ["intake", str(folder / "道路.txt"), "--into", str(tmp_path / "d")])
    assert one.exit_code == 0
    assert RUN.invoke(app, ["intake", "x", "--into", into, "--set", "year"]).exit_code == 2
    missing = RUN.invoke(app, ["intake", str(tmp_path / "no"), "--into", into])
    assert missing.exit_code == 1 and "error: not found" in missing.output


# ---------------------------------------------------------------- stopped at any moment


def killed_after(seconds, source, into):
    """Start an intake of its own and end it without warning; tell whether it was done."""
    code = (
        "import sys; from toolkit import intake; intake(sys.argv[1], into=sys.argv[2], workers=2)"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, str(source), str(into)],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        return False
    return True


@pytest.mark.exhaustive
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_killed_at_random_moments_the_next_run_completes(folder, tmp_path):
    """Thirty moments are in docs/benchmarks/intake_killed.py."""
    for i in range(12):
        (folder / f"更多{i}.txt").write_text(prose(f"更多{i}号"), encoding="utf-8")
    began = time.monotonic()
    killed_after(100, folder, tmp_path / "whole")
    whole = time.monotonic() - began
    expected = tree(tmp_path / "whole")
    chance = random.Random(7)
    for _ in range(5):
        if killed_after(chance.uniform(0.3, 1.0) * whole, folder, tmp_path / "killed"):
            break
    intake(folder, into=tmp_path / "killed")
    assert tree(tmp_path / "killed") == expected


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A source that changed since it was taken in: the folder before, and what is to come."""
    work = tmp_path_factory.mktemp("changed")
    source = work / "mine"
    source.mkdir()
    for topic in ("道路", "桥梁", "公园"):
        (source / f"{topic}.txt").write_text(f"{topic}\n{prose(topic)}", encoding="utf-8")
    intake(source, into=work / "before", workers=1)
    (source / "新.txt").write_text(prose("新来的"), encoding="utf-8")
    (source / "道路.txt").write_text(f"道路改\n{prose('改过的路')}", encoding="utf-8")
    (source / "桥梁.txt").write_bytes(b"")
    shutil.copytree(work / "before", work / "after")
    with pytest.warns(UserWarning, match=r"left the corpus: 1 text .*桥梁"):
        intake(source, into=work / "after", workers=1)
    return work


@pytest.mark.filterwarnings("ignore:left the corpus")
@pytest.mark.parametrize(
    "stop",
    [
        *("items.json", "originals", "read", "ids.json", "texts", "metadata.csv"),
        *("writing.json", "evidence.csv", "intake.csv", "written.json"),
    ],
)
def test_stopped_before_each_thing_that_is_written(changed, monkeypatch, stop):
    """The moments between two files, which chance would hit rarely."""
    into = changed / f"stopped-{stop}"  # as far from the sources as the other
    shutil.copytree(changed / "before", into)
    real = Path.replace

    def stops(self, target):
        if stop in (Path(target).name, Path(target).parent.name):
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", stops)
    with pytest.raises(KeyboardInterrupt):
        intake(changed / "mine", into=into, workers=1)
    monkeypatch.undo()
    intake(changed / "mine", into=into, workers=1)
    assert tree(into) == tree(changed / "after")


# ---------------------------------------------------------------- moved, renamed, deleted


def own_edits(into):
    """Edit a text and a title, as people do; return what stands then."""
    (into / "texts" / "道路.txt").write_text("我改过的正文。", encoding="utf-8")
    table = (into / "metadata.csv").read_text("utf-8-sig")
    (into / "metadata.csv").write_text(table.replace(",公园,", ",我的公园,"), "utf-8")


@pytest.fixture
def study(tmp_path):
    """A study with its sources and its corpus, some of it edited by hand."""
    study = tmp_path / "study"
    for place, topic in (("", "道路"), ("", "桥梁"), ("sub", "公园"), ("sub", "学校")):
        (study / "sources" / place).mkdir(parents=True, exist_ok=True)
        path = study / "sources" / place / f"{topic}.txt"
        path.write_text(f"{topic}\n{prose(topic)}", encoding="utf-8")
    intake(study / "sources", into=study / "corpus")
    own_edits(study / "corpus")
    return study


def as_it_was(into, n=4):
    units = Corpus.load(into).units
    assert len(units) == n
    assert units.loc["道路", "text"] == "我改过的正文。"
    assert units.loc["公园", "title"] == "我的公园"
    assert units["flaw"].isna().all(), "nothing is taken for a duplicate"


@pytest.mark.parametrize("how", ["study", "sources", "sub", "copy", "corpus"])
def test_what_moves_is_known_again(study, tmp_path, how):
    """Identity is of content and of relative place."""
    sources, into = study / "sources", study / "corpus"
    if how == "study":
        study = study.rename(tmp_path / "elsewhere")
        sources, into = study / "sources", study / "corpus"
    elif how == "copy":
        shutil.copytree(study, tmp_path / "deep" / "copy")
        sources, into = (
            tmp_path / "deep" / "copy" / "sources",
            tmp_path / "deep" / "copy" / "corpus",
        )
    elif how == "sources":
        sources = sources.rename(tmp_path / "my-files")
    elif how == "sub":
        (sources / "sub").rename(sources / "renamed")
    elif how == "corpus":
        into = into.rename(tmp_path / "texts-of-mine")
    table = intake(sources, into=into)
    assert [*table["status"]] == ["accepted"] * 4
    as_it_was(into)
    before = tree(into)
    intake(sources, into=into)
    assert tree(into) == before


def test_a_file_that_changed_in_a_folder_that_moved_is_the_same_file(study, tmp_path):
    sources = (study / "sources").rename(tmp_path / "moved")
    (sources / "sub" / "学校.txt").write_text(f"学校新\n{prose('新学校')}", encoding="utf-8")
    (sources / "桥梁.txt").rename(sources / "大桥.txt")
    intake(sources, into=study / "corpus")
    as_it_was(study / "corpus")
    units = Corpus.load(study / "corpus").units
    assert units.loc["学校", "title"] == "学校新"
    assert "桥梁" in units.index, "the id stays, whatever the file is called"


def test_two_sources_with_the_same_names_are_two(study, tmp_path):
    other = tmp_path / "other" / "sources"
    other.mkdir(parents=True)
    (other / "道路.txt").write_text(f"别的\n{prose('别的路')}", encoding="utf-8")
    intake(other, into=study / "corpus")
    as_it_was(study / "corpus", 5)
    # Another file under the same name does not take the place of one that was deleted.
    shutil.rmtree(study / "sources")
    with pytest.warns(UserWarning, match="4 sources no longer there"):
        intake(other, into=study / "corpus")
    as_it_was(study / "corpus", 5)


def test_what_was_deleted_is_told_and_dropped_when_asked(study):
    sources, into = study / "sources", study / "corpus"
    (sources / "坏.docx").write_bytes(b"PK not really")
    intake(sources, into=into)
    for gone in ("道路.txt", "桥梁.txt", "坏.docx", "sub/公园.txt"):
        (sources / gone).unlink()
    with pytest.warns(UserWarning) as caught:
        table = intake(sources, into=into)
    (said,) = {str(one.message) for one in caught}
    assert said.startswith("4 sources no longer there (sources/") and "drop_missing" in said
    steps = table.set_index("source")["steps"]
    assert "its source is no longer there" in steps["sources/坏.docx"]
    assert steps["sources/sub/学校.txt"] == ""
    as_it_was(into)
    with pytest.warns(UserWarning) as caught:
        table = intake(sources, into=into, drop_missing=True)
    said = [str(one.message) for one in caught]
    assert any("kept for what you edited: 2 texts" in one for one in said)
    assert [*table["id"]] == ["学校"]
    as_it_was(into, 3)
    before = tree(into)
    assert [*intake(sources, into=into)["id"]] == ["学校"]
    assert tree(into) == before, "what stays for its edits is the user's from now on"
    (sources / "道路.txt").write_text(f"道路\n{prose('道路')}", encoding="utf-8")
    intake(sources, into=into)
    as_it_was(into, 3)


def test_the_command_drops_what_is_missing(study):
    (study / "sources" / "桥梁.txt").unlink()
    command = ["intake", str(study / "sources"), "--into", str(study / "corpus")]
    shown = RUN.invoke(app, command)
    assert "warning: 1 source no longer there (sources/桥梁.txt)" in shown.output
    assert "--drop-missing" in shown.output and "4 accepted" in shown.output
    assert "3 accepted" in RUN.invoke(app, [*command, "--drop-missing"]).output
    assert "warning: " not in RUN.invoke(app, command).output


def test_what_broke_leaves_but_for_what_was_edited(study):
    for name in ("道路.txt", "桥梁.txt"):
        (study / "sources" / name).write_bytes(b"")
    with pytest.warns(UserWarning) as caught:
        intake(study / "sources", into=study / "corpus")
    left, stay = (str(one.message) for one in caught)
    assert "left the corpus: 1 text" in left and "(桥梁)" in left
    assert "kept for what you edited: 1 text" in stay and "(道路)" in stay
    as_it_was(study / "corpus", 3)


def test_rows_of_a_table_keep_their_ids_wherever_they_stand(tmp_path):
    table, into = tmp_path / "表.csv", tmp_path / "c"

    def take_in(*topics):
        table.write_text("正文\n" + "".join(f"{prose(t)!r}\n" for t in topics), "utf-8")
        intake(table, into=into)
        units = Corpus.load(into).units
        return {i: text[1:3] for i, text in units["text"].items()}

    assert take_in("道路", "桥梁", "公园") == {
        "表-0001": "道路",
        "表-0002": "桥梁",
        "表-0003": "公园",
    }
    (into / "texts" / "表-0002.txt").write_text("我改过的正文。", encoding="utf-8")
    found = take_in("新来", "道路", "桥梁", "公园")
    assert found["表-0001"] == "道路" and found["表-0003"] == "公园" and len(found) == 4
    assert found["表-0002"] == "改过"
    with pytest.warns(UserWarning, match=r"left the corpus: 1 text .*\(表-0001\)"):
        found = take_in("公园", "新来", "桥梁")
    assert found.pop("表-0002") == "改过" and found.pop("表-0003") == "公园"
    assert [*found.values()] == ["新来"]
    before = tree(into)
    take_in("公园", "新来", "桥梁")
    assert tree(into) == before


def test_members_and_references_that_go_are_told_and_what_was_mended_is_not(tmp_path):
    source, into = tmp_path / "in", tmp_path / "c"
    source.mkdir()

    def packed(*topics):
        with zipfile.ZipFile(source / "包.zip", "w") as archive:
            for topic in topics:
                archive.writestr(f"{topic}.txt", prose(topic))

    (source / "包.zip").write_bytes(b"PK not really")
    (source / "lib.ris").write_text("TY  - JOUR\nTI  - 城市治理研究\nER  - \n", "utf-8")
    assert len(intake(source, into=into)) == 2
    packed("医院", "车站")
    (source / "城市治理研究.txt").write_text(prose("城市"), encoding="utf-8")
    assert [*intake(source, into=into)["status"]] == ["accepted"] * 3, "nothing is left of before"
    packed("医院")
    with pytest.warns(UserWarning, match=r"1 source no longer there \(in/包.zip/车站.txt\)"):
        assert len(intake(source, into=into)) == 3


# ---------------------------------------------------------------- a disk that is full


@pytest.fixture
def full(monkeypatch):
    """Let the writing of what is called so meet a full disk."""
    real = Path.write_bytes

    def fill(part):
        def write_bytes(path, data):
            if part not in path.as_posix():
                return real(path, data)
            real(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device", str(path))

        monkeypatch.setattr(Path, "write_bytes", write_bytes)

    return fill


@pytest.mark.parametrize(
    "part",
    [
        *("/originals/", "/read/", "/texts/", "/apart/", "items.json", "ids.json", "writing.json"),
        *("metadata.csv", "removed.csv", "intake.csv", "written.json"),
    ],
)
def test_a_full_disk_is_told_with_its_path_and_the_next_run_completes(
    tmp_path, full, monkeypatch, part
):
    body = f"目录\n一、道路\n二、桥梁\n一、道路\n{prose('道路')}\n二、桥梁\n{prose('桥梁')}"
    (tmp_path / "道路.txt").write_text(f"题目\n{body}", encoding="utf-8")
    into = tmp_path / "c"
    full(part)
    with pytest.raises(OSError, match="No space left on device: free some space there") as told:
        intake(tmp_path / "道路.txt", into=into)
    assert part.strip("/") in str(told.value) and str(into) in str(told.value)
    assert not [*into.rglob("*.part")]
    monkeypatch.undo()
    assert [*intake(tmp_path / "道路.txt", into=into)["status"]] == ["accepted"]


def test_a_full_disk_ends_a_fetch_too(tmp_path, site, polite, full):
    listed = tmp_path / "l.csv"
    listed.write_text(f"url\n{site.url}/utf8.html\n{site.url}/gbk.html\n")
    full("/originals/")
    with pytest.raises(OSError, match="No space left on device: free some space there"):
        intake(listed, into=tmp_path / "c", politeness=polite)
    shown = RUN.invoke(app, ["intake", str(listed), "--into", str(tmp_path / "d")])
    assert (
        shown.exit_code == 1 and "error: [Errno 28] No space left on device: free" in shown.output
    )


# ---------------------------------------------------------------- silent loss, one bad item


def test_a_folder_that_may_not_be_read_is_told(folder, tmp_path, monkeypatch):
    intake(folder, into=tmp_path / "c")
    real = os.scandir

    def scandir(path):  # nothing is shut to root
        if os.fspath(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    table = intake(folder, into=tmp_path / "c", drop_missing=True).set_index("source")
    assert "the folder cannot be opened (Permission denied)" in table.loc["mine/sub", "reason"]
    assert table.loc["mine/sub/公园.html", "status"] == "accepted", "what was taken in stays"
    monkeypatch.undo()
    assert "mine/sub" not in [*intake(folder, into=tmp_path / "c")["source"]]


def test_an_empty_source_says_so(tmp_path):
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.warns(UserWarning, match=r"nothing was found in .*empty"):
        table = intake([tmp_path / "empty", tmp_path / "empty.zip"], into=tmp_path / "c")
    assert [*table["reason"]] == ["there are no files in the archive"]


@pytest.mark.parametrize("letter", ["𠀀", "城", "é", "e\u0301", "👨‍👩‍👧"])
def test_names_are_as_long_as_a_file_system_bears(tmp_path, letter):
    name = letter * 250
    while len(os.fsencode(f"{name}.txt")) > 255:
        name = name[:-1]
    source = tmp_path / "in"
    source.mkdir()
    body = f"一、道路\n{prose('道路')}［1］\n二、桥梁\n{prose('桥梁')}"
    text = f"题目\n目 录\n一、道路\n二、桥梁\n{body}\n名词解释\n［1］网格：一种做法。\n［2］热线。"
    (source / f"{name}.txt").write_text(text, encoding="utf-8")
    (source / f"{name[:-1]}a.txt").write_text(f"又一篇\n{prose('又一篇')}", encoding="utf-8")
    rows = "\n".join(f"{topic},{prose(topic)!r}" for topic in "甲乙")
    (source / f"{name[:-1]}.csv").write_text(f"标题,正文\n{rows}\n", encoding="utf-8")
    table = intake(source, into=tmp_path / "c")
    assert [*table["status"]] == ["accepted"] * 4
    assert len(Corpus.load(tmp_path / "c")) == 4


ERRORS = [
    *(ValueError("x"), TypeError("x"), KeyError("x"), IndexError("x"), AssertionError("x")),
    *(RecursionError("x"), OverflowError("x"), ZeroDivisionError("x"), LookupError("x")),
    *(UnicodeEncodeError("utf-8", "x", 0, 1, "x"), StopIteration("x"), NotImplementedError("x")),
    *(OSError(5, "Input/output error"), EOFError("x"), RuntimeError("x"), AttributeError("x")),
]


@pytest.mark.parametrize("part", ["prepare", "_decision", "identity_flags"])
def test_whatever_fails_over_one_file_is_told_of_that_file(tmp_path, monkeypatch, part):
    """Programming errors too, which are told as such."""
    module = worker if part == "prepare" else decide
    real = getattr(module, part)

    def fails(first, *rest, **kwargs):
        if found := re.search(r"第(\d+)错", repr((first, rest))):
            raise ERRORS[int(found[1])]
        return real(first, *rest, **kwargs)

    monkeypatch.setattr(module, part, fails)
    (tmp_path / "in").mkdir()
    for i in range(len(ERRORS)):
        (tmp_path / "in" / f"{i:02d}.txt").write_text(f"第{i}错\n{prose('道路')}", "utf-8")
    (tmp_path / "in" / "桥梁.txt").write_text(prose("桥梁"), encoding="utf-8")
    *failed, good = intake(tmp_path / "in", into=tmp_path / "c").to_dict("records")
    assert good["status"] == "accepted"
    for row, error in zip(failed, ERRORS, strict=True):
        assert type(error).__name__ in row["reason"]
        assert "a fault of the toolkit" in row["reason"]


@pytest.mark.parametrize(("module", "part"), [("sources", "members"), ("taking", "address_list")])
@pytest.mark.parametrize("error", [ERRORS[0], ERRORS[3], RecursionError("x")])
def test_whatever_fails_over_an_archive_or_a_list_is_told_of_it(
    tmp_path, monkeypatch, module, part, error
):
    def fails(*_):
        raise error

    monkeypatch.setattr(f"toolkit.ingest.{module}.{part}", fails)
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive:
        archive.writestr("医院.txt", prose("医院"))
    (tmp_path / "桥梁.md").write_text(prose("桥梁"), encoding="utf-8")
    paths = [tmp_path / "包.zip", tmp_path / "桥梁.md"]
    first, good = intake(paths, into=tmp_path / "c").to_dict("records")
    assert good["status"] == "accepted"
    assert first["source"].startswith("包.zip") and "a fault of the toolkit" in first["reason"]


@pytest.mark.parametrize("name", ["items", "ids", "written"])
def test_a_damaged_note_is_told_with_its_path_and_one_of_a_reading_is_made_again(
    folder, tmp_path, name
):
    intake(folder, into=tmp_path / "c")
    before = tree(tmp_path / "c")
    for path in (tmp_path / "c" / ".intake" / "read").iterdir():
        path.write_bytes(b"{")
    intake(folder, into=tmp_path / "c")
    assert tree(tmp_path / "c") == before
    (tmp_path / "c" / ".intake" / f"{name}.json").write_bytes(b"[")
    with pytest.raises(CorpusError, match=rf"{name}\.json is damaged; put back a copy"):
        intake(folder, into=tmp_path / "c")
