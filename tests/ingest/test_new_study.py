"""A study of one's own, and the tutorial, run as a user runs them."""

import csv
import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from toolkit import Corpus, intake, new_study
from toolkit.cli import app
from toolkit.installed import resource
from toolkit.study import run_notebook

RUN = CliRunner()
TEXT = "城市怎样治理\n" + "城市治理要像绣花一样精细，社区是基层治理的单元。" * 20


def test_a_new_study_is_ready_for_files(tmp_path):
    shown = RUN.invoke(app, ["new", str(tmp_path / "mine")])
    assert shown.exit_code == 0 and "is ready" in shown.output
    study = tmp_path / "mine"
    (study / "sources" / "甲.txt").write_text(TEXT, encoding="gb18030")
    with (study / "known.csv").open(encoding="utf-8-sig", newline="") as file:
        columns = csv.DictReader(file).fieldnames
    with (study / "known.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns).writerow({"file": "甲.txt", "city": "北京", "year": "2023"})
    # As its README says, from within it.
    command = next(
        line for line in (study / "README.md").read_text(encoding="utf-8").split("\n")
        if "toolkit intake" in line
    )  # fmt: skip
    subprocess.run(
        command.split(),
        cwd=study,
        env={**os.environ, "PATH": ""},
        check=True,
        capture_output=True,
        timeout=120,
    )
    units = Corpus.load(study / "corpus").units
    assert units.loc["甲", ["title", "city", "year"]].tolist() == ["城市怎样治理", "北京", 2023]


@pytest.mark.exhaustive
def test_its_notebooks_read_its_own_corpus(tmp_path):
    study = new_study(tmp_path / "mine")
    for i in range(3):
        text = TEXT.replace("绣花", f"绣花{i}") + f"另一段讲第{i}件事情，街道和社区都要办好。" * (
            20 * i
        )
        (study / "sources" / f"甲{i}.txt").write_text(text, encoding="utf-8")
    for name in ("start.ipynb", "开始.ipynb"):
        run_notebook(study / "notebooks" / name, study / "notebooks")
    assert len(Corpus.load(study / "corpus")) == 3
    assert (study / "figures" / "terms-zh" / "terms-zh.pdf").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").write_text("x")
    with pytest.raises(FileExistsError, match="choose another name"):
        new_study(tmp_path / "mine")
    assert RUN.invoke(app, ["new", str(tmp_path / "mine")]).exit_code == 1
    assert os.listdir(tmp_path) == ["mine"]  # noqa: PTH208
    assert new_study(tmp_path / "other").is_dir()


@pytest.mark.exhaustive
def test_the_tutorial_with_a_server(site, tmp_path, monkeypatch):
    monkeypatch.setenv("CITY_GOVERNANCE_TOOLKIT_SERVER", site.url)
    notebook = run_notebook(resource("notebooks", "en", "08-your-own-corpus.ipynb"), tmp_path)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert not [o for o in outputs if o.get("name") == "stderr"]
    said = "".join(o.get("text", "") for o in outputs)
    assert "accepted" in said and "the page is gone" in said
    assert {path for _, path, _ in site.asked} == {
        "/robots.txt", "/utf8.html", "/gbk.html", "/missing.html"
    }  # fmt: skip


def test_intake_into_a_study_twice_from_two_places(tmp_path):
    for name, text in (("a", TEXT), ("b", TEXT.replace("绣花", "写字") + "完。" * 300)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "同名.txt").write_text(text, encoding="utf-8")
        table = intake(tmp_path / name, into=tmp_path / "corpus")
    assert sorted(table["id"]) == ["同名", "同名-2"], "a file of the same name is another text"
    assert len(Corpus.load(tmp_path / "corpus")) == 2
    assert Path(tmp_path / "corpus" / "texts" / "同名-2.txt").exists()
