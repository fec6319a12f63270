"""What stands around the package keeps in step with it."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["dependencies"])}
# conda-forge's name for what pip calls otherwise.
CONDA_NAMES = {"matplotlib-base": "matplotlib", "nbconvert-core": "nbconvert"}
# Not on conda-forge: these come through `pip: -e .`.
ONLY_PIP = {"pylopdf-fonts-zh-cn", "rjieba", "textalloc"}
# What an extra of pip is as a package of conda: fonttools[woff].
FOR_AN_EXTRA = {"brotli-python"}


@pytest.fixture(scope="module")
def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_environment_holds_what_the_project_needs(environment):
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-e ."]}
    assert conda[0] == "python=3.12", "Binder takes a range for no version"
    found = {}
    for line in conda[1:]:
        match = re.fullmatch(r"([a-z0-9._-]+)(>=[0-9.]+)?", line)
        assert match, f"{line!r} is no conda requirement of the plain form name>=version"
        found[canonicalize_name(CONDA_NAMES.get(match[1], match[1]))] = match[2] or ""
    found.pop("pip")
    for name in FOR_AN_EXTRA:
        assert found.pop(name) == ""
    expected = {n: str(r.specifier) for n, r in NEEDED.items() if n not in ONLY_PIP}
    assert found == expected


def test_constraints_pin_every_dependency():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {}
    for line in lines:
        if line and not line.startswith("#"):
            assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line
            name, version = line.split("==")
            pins[canonicalize_name(name)] = version
    extras = [Requirement(r) for group in PROJECT["optional-dependencies"].values() for r in group]
    extras = [r for r in extras if r.name != PROJECT["name"]]  # one extra may hold another
    for requirement in [*NEEDED.values(), *extras]:
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_readme_commands_are_those_that_are_tested():
    commands = [
        "python3 -m venv .venv && .venv/bin/python -m pip install -e . -c constraints.txt"
        " && .venv/bin/python -m toolkit reproduce",
        'python3 -m venv .venv && .venv/bin/python -m pip install -e ".[test]" -c constraints.txt'
        " && .venv/bin/python -m pytest",
    ]
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for command in commands:
            assert command in text, f"{name} lacks: {command}"


@pytest.mark.parametrize(
    "name", ["README.md", pytest.param("README.zh-CN.md", marks=pytest.mark.exhaustive)]
)
def test_python_in_the_readme_runs(name, tmp_path):
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        check=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "corpus/README.md"]
)
def test_links_lead_somewhere(name):
    path = ROOT / name
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{name}: {target}"


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_no_merge_was_left_half_done(path):
    assert not re.search(r"^(<<<<<<<|>>>>>>>) ", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_wheel_works_without_a_checkout(installed, tmp_path):
    """The wheel carries the lexicon, the corpus and the study; it needs nothing beside it."""
    names = {path.relative_to(installed).as_posix() for path in installed.rglob("*")}
    assert "toolkit/_data/notebooks/zh/study.ipynb" in names
    assert "toolkit/exercises/questions/00-setup.yaml" in names
    assert not [n for n in names if n.startswith(("tests/", "corpus/"))]
    code = (
        "import toolkit, pathlib; from toolkit import Corpus, segment;"
        f"assert pathlib.Path(toolkit.__file__).is_relative_to({str(installed)!r});"
        "print(len(segment(Corpus.sample())))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(installed)!r});" + code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert shown.stdout.strip() == "41", shown.stderr


@pytest.mark.exhaustive
def test_what_notebooks_write_is_neither_kept_nor_shipped(tmp_path):
    project = tmp_path / "project"
    skip = shutil.ignore_patterns(".git", ".venv", "out", "__pycache__", ".*_cache", "tests")
    shutil.copytree(ROOT, project, ignore=skip)
    written = [
        "my-study/sources/空.txt",
        "figures/terms/terms.png",
        "decisions.yaml",
        "topics.html",
    ]
    for lang in ("en", "zh"):
        for name in written:
            path = project / "notebooks" / lang / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "wheel", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "-w", tmp_path, project], check=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    names = {n.split("/notebooks/")[1] for n in ZipFile(wheel).namelist() if "/notebooks/" in n}
    kept = {p.relative_to(ROOT).as_posix() for p in (ROOT / "notebooks").glob("*/*.ipynb")}
    assert {f"notebooks/{n}" for n in names if n.endswith(".ipynb")} == kept
    assert {n for n in names if n[:3] in ("en/", "zh/") and not n.endswith(".ipynb")} == {
        "en/overview.png", "zh/overview.png"
    }  # fmt: skip


# ---- the public home


HOME = ROOT / ".github"


ADDRESS = runpy.run_path(str(ROOT / "docs" / "address.py"))


@pytest.fixture
def home(tmp_path):
    """The files in which the address stands, in a folder of their own."""
    for name in ("docs/address.toml", "codemeta.json", *ADDRESS["places"](NOBODY)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


NOBODY = {"repository": "", "contact": "", "people": []}


def test_the_address_stands_wherever_it_must(home):
    ADDRESS["write"](home)
    for path in home.rglob("*.*"):
        if path.is_file():
            assert path.read_bytes() == (ROOT / path.relative_to(home)).read_bytes(), (
                f"python docs/address.py would change {path.name}"
            )
    at = "https://github.com/nobody/governance"
    (home / "docs" / "address.toml").write_text(
        f'repository = "{at}"\ncontact = "us@example.org"\n'
        'people = [{ given = "Lin", family = "Wang", orcid = "0000-0002-1825-0097" }]\n'
    )
    for _ in range(2):  # twice the same
        ADDRESS["write"](home)
    project = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Repository"] == at
    assert project["scripts"] == PROJECT["scripts"]
    citation = yaml.safe_load((home / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["repository-code"] == at
    assert citation["authors"][1]["family-names"] == "Wang"
    described = json.loads((home / "codemeta.json").read_text(encoding="utf-8"))
    assert (described["codeRepository"], described["version"]) == (at, PROJECT["version"])
    for name, lang in {"README.md": "en", "README.zh-CN.md": "zh"}.items():
        text = (home / name).read_text(encoding="utf-8")
        assert text.count(f"nobody/governance/blob/main/notebooks/{lang}/quickstart.ipynb") == 1
    assert "us@example.org" in (home / ".github" / "SECURITY.md").read_text(encoding="utf-8")


def test_a_place_without_marks_is_told(home):
    (home / "CITATION.cff").write_text("authors: []\n")
    with pytest.raises(SystemExit, match=r"CITATION\.cff: one pair of marks"):
        ADDRESS["write"](home)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_compares_as_the_page_of_sources_does(name):
    """The rows of the READMEs are some of those in docs/compared.md, with the same marks."""
    rows = {
        where: [line.split("|")[2:] for line in text.splitlines() if "● |" in line]
        for where in (name, "docs/compared.md")
        if (text := (ROOT / where).read_text(encoding="utf-8"))
    }
    assert len(rows[name]) == 10
    remaining = iter(rows["docs/compared.md"])
    assert all(row in remaining for row in rows[name]), "other marks, or another order"


def test_hooks_have_the_versions_of_the_pins():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    revisions = {repo["repo"].rsplit("/", 1)[-1]: repo.get("rev") for repo in hooks["repos"]}
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert f"ruff=={revisions['ruff-pre-commit'].removeprefix('v')}" in pins


def test_the_data_package_describes_the_tables_of_the_corpus():
    package = json.loads((ROOT / "corpus" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == PROJECT["version"]
    described = {resource["path"]: resource["schema"] for resource in package["resources"]}
    tables = {p.relative_to(ROOT / "corpus").as_posix() for p in ROOT.glob("corpus/**/*.csv")}
    assert {*described} == tables
    for path, schema in described.items():
        table = pd.read_csv(ROOT / "corpus" / path, dtype=str)
        assert [field["name"] for field in schema["fields"]] == [*table]
        assert not table.duplicated(schema.get("primaryKey", [*table])).any()
        for field in schema["fields"]:
            if allowed := field.get("constraints", {}).get("enum"):
                assert set(table[field["name"]]) <= set(allowed)


def test_a_release_is_built_attested_and_published_without_a_password():
    text = (HOME / "workflows" / "release.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert "secrets." not in text
    for job in workflow["jobs"].values():
        _, actions = steps_of(job)
        assert all(re.fullmatch(r"[a-z/-]+@[0-9a-f]{40}", name) for name in actions)
    build, publish = workflow["jobs"].values()
    assert "attestations" in build["permissions"]
    assert publish["permissions"] == {"id-token": "write"}


def steps_of(job):
    return [step for step in job["steps"] if "run" in step], [
        step["uses"] for step in job["steps"] if "uses" in step
    ]


def test_the_workflow_calls_what_runs_here():
    workflow = yaml.safe_load((HOME / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    triggers = workflow[True]  # YAML takes `on` for a truth value
    assert {*triggers} == {"push", "pull_request", "schedule", "workflow_dispatch"}
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for job in workflow["jobs"].values():
        (run,), actions = steps_of(job)
        assert run["run"] == ".ci/run", "no logic of its own"
        assert run["shell"] == "bash"
        assert all(name in script for name in run["env"])
        assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) for name in actions)
        assert {os.split("-")[0] for os in job["strategy"]["matrix"]["os"]} == {
            "ubuntu", "macos", "windows"
        }  # fmt: skip
        skip = run["env"]["CITY_GOVERNANCE_TOOLKIT_NO_SKIP"]
        assert skip.endswith("&& '1' || '0' }}"), "an empty variable is none on Windows"
    pythons = workflow["jobs"]["pinned"]["strategy"]["matrix"]["python"]
    assert f">={pythons[0]}" == PROJECT["requires-python"]
    # The pins fit the Pythons that are named; a later one meets the newest dependencies only.
    named = [c.rsplit(" ", 1)[1] for c in PROJECT["classifiers"] if ":: Python :: 3." in c]
    assert pythons == named
    matrix = workflow["jobs"]["unpinned"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.x"]
    (oldest,) = matrix["include"]
    assert f">={oldest['python']}" == PROJECT["requires-python"]
    for dependencies in (*matrix["dependencies"], oldest["dependencies"]):
        assert f"\n  {dependencies})" in script


@pytest.mark.skipif(os.name != "posix", reason="Windows has no bash of its own")
def test_the_script_can_be_run():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no bash of its own")
@pytest.mark.parametrize(
    ("there", "user", "installed"),
    [
        (["chromium", "pdffonts", "identify"], 0, []),
        (["google-chrome", "identify"], 0, ["poppler-utils"]),
        (["chromium-browser"], 1000, ["poppler-utils", "imagemagick"]),
        ([], 1000, ["chromium", "poppler-utils", "imagemagick"]),
    ],
)
def test_the_script_installs_what_is_missing(there, user, installed, tmp_path):
    """Each package by itself, and with sudo by whom has need of it."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    begin = script[script.index("step()") : script.index("work=$(mktemp")]
    bash = shutil.which("bash")
    fakes = dict.fromkeys(there, "") | {
        "id": f"echo {user}",
        "env": 'shift; exec "$@"',
        "sudo": 'echo "with sudo" >> log; exec "$@"',
        "apt-get": 'echo "${@: -1}" >> log',
    }
    for name, does in fakes.items():
        path = tmp_path / name
        path.write_text(f"#!{bash}\n{does}\n", encoding="utf-8")
        path.chmod(0o755)
    (tmp_path / "log").touch()
    environment = {"PATH": str(tmp_path)}
    command = [bash, "-euo", "pipefail", "-c", begin]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    log = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert [n for n in log if n not in ("with sudo", "-qq")] == installed
    assert log.count("with sudo") == (1 + len(installed) if user and installed else 0)


@pytest.mark.parametrize("path", sorted((HOME / "ISSUE_TEMPLATE").glob("*")), ids=lambda p: p.name)
def test_issue_forms_are_whole_and_in_both_languages(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {*form} == {"name", "description", "body"}
    identities = [field["id"] for field in form["body"]]
    assert len(identities) == len(set(identities))
    texts = [form["name"], form["description"]]
    texts += [field["attributes"]["label"] for field in form["body"]]
    for text in texts:
        assert re.search(r"[A-Za-z].* · .*[\u4e00-\u9fff]", text), text
