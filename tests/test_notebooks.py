"""Notebooks keep their form, are in step with their sources, run, and say nothing odd."""

import ast
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import jupytext
import nbformat
import pytest
import yaml

from toolkit.study import differences, expected_results

FOLDER = Path(__file__).parent.parent / "notebooks"
SOURCES = sorted((FOLDER / "src").glob("*.py"))
NAMES = [path.stem for path in SOURCES]
SERIES = [name for name in NAMES if name[:2].isdigit()]
BOTH = [(lang, name) for name in NAMES for lang in ("en", "zh")]
# The study is a report: it has no header of a lesson.
LESSONS = [(lang, name) for lang, name in BOTH if name != "study"]
# The English study is run by `toolkit reproduce --check`.
RUN = [one for one in BOTH if one != ("en", "study")]
HEADER = {
    "en": ["What you will do.", "What you will learn.", "What you need.", "Time.", "Data."],
    "zh": ["要做什么。", "学会什么。", "需要什么。", "用时。", "数据。"],
}
ENDINGS = {
    "en": ["## On your own", "## Further reading"],
    "zh": ["## 自己动手", "## 延伸阅读"],
}
# These show or begin something, and teach nothing that one would read up.
NO_READING = {"gallery", "start"}
READING = {"en": r"^## (?:Further reading|References)$", "zh": r"^## (?:延伸阅读|参考文献)$"}
GLOSSARY = FOLDER.parent / "docs" / "glossary.md"


def idents(pairs):
    return [f"{lang}-{name}" for lang, name in pairs]


def each(argument, values):
    return pytest.mark.parametrize(argument, values, ids=idents(values))


@cache
def source(name):
    return jupytext.read(FOLDER / "src" / f"{name}.py").cells


@cache
def committed(lang, name):
    return nbformat.read(FOLDER / lang / f"{name}.ipynb", as_version=4)


def prose(lang, name):
    return [cell.source for cell in committed(lang, name).cells if cell.cell_type == "markdown"]


def code(lang, name):
    return [cell.source for cell in committed(lang, name).cells if cell.cell_type == "code"]


def anchors(text):
    """Return the names of the headings of a Markdown text, and those given by hand."""
    slugs = [
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    ]
    return {*slugs, *re.findall(r'<a id="([^"]+)"', text)}


def test_every_notebook_has_a_source():
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.ipynb")}
    assert found == {f"{lang}/{name}.ipynb" for lang, name in BOTH}


@each(("lang", "name"), BOTH)
def test_notebook_is_in_step_with_its_source(lang, name, build):
    found = committed(lang, name)
    expected = build.from_source(FOLDER / "src" / f"{name}.py", lang)
    nbformat.validate(found)
    assert [(c.cell_type, c.id, c.source) for c in found.cells] == [
        (c.cell_type, c.id, c.source) for c in expected.cells
    ], f"run python notebooks/build.py {name}"
    cells = [cell for cell in found.cells if cell.cell_type == "code"]
    if name in build.EXECUTED:
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    else:
        assert not any(cell.outputs or cell.execution_count for cell in cells)


@pytest.mark.parametrize("name", NAMES)
def test_each_prose_cell_has_its_twin(name):
    waiting = None
    for cell in source(name):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "markdown":
            assert not {"en", "zh"} & {*tags}, f"code stands once:\n{cell.source}"
            assert waiting is None, f"no Chinese cell follows:\n{waiting}"
        elif waiting is None:
            assert tags == ["en"], f"a cell tagged en is expected here:\n{cell.source}"
            waiting = cell.source
        else:
            assert tags == ["zh"], f"the Chinese cell of this is expected:\n{waiting}"
            headings = [re.findall(r"^#+(?= )", text, re.M) for text in (waiting, cell.source)]
            assert headings[0] == headings[1], f"other headings than its twin:\n{cell.source}"
            assert re.search(r"[\u4e00-\u9fff]", cell.source), cell.source
            waiting = None
    assert waiting is None, f"no Chinese cell follows:\n{waiting}"


@pytest.mark.parametrize("name", NAMES)
def test_no_line_ends_within_chinese(name):
    """A browser would show a space there."""
    for text in prose("zh", name):
        assert not re.search(r"[\u4e00-\u9fff，、：；]\n *[\u4e00-\u9fff]", text), text


@pytest.mark.parametrize("name", NAMES)
def test_code_differs_by_its_language_only(name):
    english, chinese = "\n".join(code("en", name)), "\n".join(code("zh", name))
    assert english.count('LANG = "en"') == 1
    assert english.replace('LANG = "en"', 'LANG = "zh"') == chinese


@each(("lang", "name"), LESSONS)
def test_header_tells_what_to_expect(lang, name):
    head = prose(lang, name)[0]
    assert re.match(rf"# {name[:2]} \S" if name in SERIES else r"# \S", head)
    assert re.findall(r"^\*\*(.+?)\*\*", head, re.MULTILINE) == HEADER[lang]
    if name in SERIES:
        minutes = [int(n) for n in re.findall(r"\d+", head.split(f"**{HEADER[lang][3]}**")[1])]
        assert 20 <= minutes[0] <= 45


@each(("lang", "name"), [(lang, name) for lang, name in BOTH if name in SERIES])
def test_series_ends_with_tasks_and_reading_and_leads_on(lang, name):
    text = "\n".join(prose(lang, name))
    assert [text.count(f"\n{ending}\n") for ending in ENDINGS[lang]] == [1, 1]
    assert "(../../docs/glossary.md" in text
    if name != SERIES[-1]:
        following = SERIES[SERIES.index(name) + 1]
        assert f"({following}.ipynb)" in prose(lang, name)[-1]


def works(lang, name):
    """Return the references of a notebook."""
    reading = re.split(READING[lang], "\n\n".join(prose(lang, name)), flags=re.MULTILINE)[1:]
    items = re.findall(r"^- ((?:.+\n?(?!- |\n))+.*)", "".join(reading), re.MULTILINE)
    return [" ".join(item.split()) for item in items]


@each(("lang", "name"), [(lang, name) for lang, name in BOTH if name not in NO_READING])
def test_reading_is_given_in_full(lang, name):
    assert len(re.findall(READING[lang], "\n".join(prose(lang, name)), re.MULTILINE)) == 1
    assert len(works(lang, name)) >= 2
    for work in works(lang, name):
        assert re.search(r"[(（](?:19|20)\d\d[–)）]|https://www.unicode.org", work), work
        # Who, when, what, and where it is to be found.
        assert re.search(r"\d–\d|https://|[*).] [A-Z][\w ,-]+\.$|第\d+期", work), work


def test_a_work_is_cited_alike_everywhere():
    cited = {}
    for lang, name in BOTH:
        for work in works(lang, name):
            if key := re.match(r"([^,]+),.*?\(((?:19|20)\d\d)\)", work):
                cited.setdefault(key.groups(), set()).add(work)
    assert len(cited) > 20
    assert [sorted(ways) for ways in cited.values() if len(ways) > 1] == []


@each(("lang", "name"), LESSONS)
def test_terms_in_bold_lead_to_the_glossary(lang, name):
    """A term stands in bold where it is introduced."""
    entries = re.findall(r"### (.+)\n\n- \*\*(.+?)\*\*", GLOSSARY.read_text(encoding="utf-8"))
    text = "\n".join(prose(lang, name))
    for english, chinese in entries:
        if english == "text":  # an everyday word: its bold is stress
            continue
        term = {"en": rf"{english}s?", "zh": chinese}[lang]
        anchor = english.lower().replace(" ", "-").replace("'", "")
        if first := re.search(rf"\[?\*\*{term}\*\*(\]\([^)]+\))?", text, re.IGNORECASE):
            assert str(first[1]).endswith(f"glossary.md#{anchor})"), f"{english} · {chinese}"


@each(("lang", "name"), BOTH)
def test_links_lead_somewhere(lang, name):
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(#[^)\s]+)?\)", "\n".join(prose(lang, name))):
        if "://" in target:
            continue
        path = FOLDER / lang / (target or f"{name}.ipynb")
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            assert anchor[1:] in anchors(path.read_text(encoding="utf-8")), target + anchor


@pytest.mark.parametrize("name", NAMES)
def test_helpers_live_in_the_toolkit(name):
    for cell in source(name):
        if cell.cell_type == "code" and not re.search(r"^\s*[%!]", cell.source, re.MULTILINE):
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    assert node.end_lineno - node.lineno < 5, f"{node.name} belongs in toolkit/"


@pytest.mark.parametrize("name", NAMES)
def test_exercises_are_those_of_the_questions(name):
    text = "\n".join(code("en", name))
    asked = re.findall(r'^check\("(\w+)", (\w+)\)$', text, re.MULTILINE)
    assert re.findall(r"^(\w+) = \.\.\.$", text, re.MULTILINE) == [answer for _, answer in asked]
    path = FOLDER.parent / "toolkit" / "exercises" / "questions" / f"{name}.yaml"
    if path.exists():
        questions = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert [exercise for exercise, _ in asked] == [*questions]
        assert f'exercises("{name}", lang=LANG)' in text
    else:
        assert not asked
        assert name not in SERIES


def test_notebooks_are_copied_from_the_wheel_with_what_they_link_to(installed, tmp_path):
    folder = tmp_path / "class"
    copy = [sys.executable, "-m", "toolkit", "notebooks", folder]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    subprocess.run(copy, cwd=tmp_path, env=environment, check=True, capture_output=True)
    found = {path.relative_to(folder / "notebooks").as_posix() for path in folder.rglob("*.ipynb")}
    assert found >= {f"{lang}/{name}.ipynb" for lang, name in BOTH}
    for lang, name in BOTH:
        for target in re.findall(r"\]\(([^)#\s:]+)", "\n".join(prose(lang, name))):
            assert (folder / "notebooks" / lang / target).exists(), target
    again = subprocess.run(copy, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert again.returncode == 1
    assert "exists and is not empty; choose another name" in again.stderr


@pytest.mark.parametrize("notebook", RUN, ids=idents(RUN))
def test_notebook_runs(notebook, executed):
    """With its solutions every check says right; untouched, every one says not attempted."""
    lang, name = notebook
    error = executed / lang / f"{name}.error"
    assert not error.exists(), error.read_text(encoding="utf-8")
    ran = nbformat.read(executed / lang / f"{name}.ipynb", as_version=4)
    sign = "✓" if lang == "en" else "○"
    for cell in ran.cells:
        outputs = cell.get("outputs", [])
        assert not [o.text for o in outputs if o.get("name") == "stderr"]
        if cell.cell_type == "code" and (asked := re.search(r'^check\("(\w+)"', cell.source, re.M)):
            said = outputs[-1]["data"]["text/plain"]
            assert said.startswith(f"{sign} {asked[1]} "), said


def said(cells):
    """Return the sentences with numbers of a study that was run."""
    outputs = [o for cell in cells if cell.cell_type == "code" for o in cell.outputs]
    return [o.data["text/markdown"] for o in outputs if "text/markdown" in o.get("data", {})]


@pytest.mark.parametrize("notebook", [("zh", "study")], ids=["zh"])
def test_results_of_the_study_are_those_of_the_english_one(notebook, executed):
    """Run here in Chinese, they are the results committed, which the English study gave."""
    lang, name = notebook
    found = executed / "work" / f"{lang}-{name}" / "results.json"
    assert differences(json.loads(found.read_text("utf-8")), expected_results()) == []
    ran = nbformat.read(executed / lang / f"{name}.ipynb", as_version=4)
    assert said(ran.cells) == said(committed(lang, name).cells)


def test_study_says_the_same_numbers_in_both_languages():
    english, chinese = (said(committed(lang, "study").cells) for lang in ("en", "zh"))
    assert len(english) == len(chinese) > 10
    for one, other in zip(english, chinese, strict=True):
        numbers = [sorted(re.findall(r"\d[\d,.]*\d|\d", text)) for text in (one, other)]
        assert numbers[0] == numbers[1], f"{one}\n{other}"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_study_shows_its_results(lang):
    """Each number that the committed text quotes is among the committed results."""
    sentences = said(committed(lang, "study").cells)
    assert sentences
    results = expected_results().values()
    words = {str(value) for value in results}
    words |= {word.replace(", ", "、") for word in words}  # a list, in Chinese
    numbers = [value for value in results if isinstance(value, (int, float))]
    for sentence in sentences:
        for word in words:
            if not re.fullmatch(r"[\d.]+", word):
                sentence = sentence.replace(word, "")
        for text in re.findall(r"\d[\d,]*\.?\d*%?", sentence):
            percent = text.endswith("%")
            number = float(text.rstrip("%").replace(",", "")) / (100 if percent else 1)
            digits = len(text.rstrip("%").partition(".")[2]) + (2 if percent else 0)
            close = any(abs(value - number) <= 0.5001 * 10**-digits for value in numbers)
            assert close, f"{text} in {sentence!r} is not among the results"
