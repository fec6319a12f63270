"""The study: running it in a fresh kernel, the report, checking its results."""

from __future__ import annotations

import html
import json
import math
import os
import posixpath
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.files import read_json, write_text
from toolkit.installed import resource, versions
from toolkit.say import Language, check_language, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from nbformat import NotebookNode

#: Tells a study notebook where to write; set by `reproduce`.
OUT_VARIABLE = "CITY_GOVERNANCE_TOOLKIT_OUT"
# Another BLAS may differ in the last digits of a factorisation, and no more.
_TOLERANCE = 1e-3
_WIDGET = "application/vnd.jupyter.widget-view+json"


class Study:
    """What a study notebook says and draws, kept so that it can be checked.

    Parameters
    ----------
    folder : path, optional
        Where ``results.json`` and ``figures/`` go: the folder `reproduce` asks for, or
        ``out``.
    lang : {"en", "zh"}
        Of what is said in two languages, the one to show.

    Examples
    --------
    >>> import tempfile
    >>> study = Study(tempfile.mkdtemp())
    >>> study.say("The corpus holds **{n_texts}** texts.", n_texts=41)
    >>> study.results
    {'n_texts': 41}
    """

    def __init__(self, folder: str | Path | None = None, *, lang: Language = "en") -> None:
        check_language(lang)
        self.lang = lang
        self.folder = Path(folder or os.environ.get(OUT_VARIABLE) or "out")
        self.results: dict[str, Any] = {}
        self._begun = False

    def say(self, text: str | Mapping[str, str], **numbers: Any) -> None:
        """Show a sentence with its numbers, and keep each number under its name.

        Parameters
        ----------
        text : str, or dict with a text for "en" and for "zh"
            Markdown with the names of the numbers in braces, ``{share:.1%}``.
        **numbers : int, float, str, or dict with words for "en" and for "zh"
            A name stands for one value in the whole study. Of words in two languages the
            English ones are kept: the results are the same, whatever language is shown.

        Raises
        ------
        ValueError
            If a name has another value already.
        FileExistsError
            If the folder holds a ``results.json`` from elsewhere, or that of a whole run of
            `reproduce`.
        """
        for name, value in numbers.items():
            plain = _rounded(_in_language(value, "en"))
            if self.results.get(name, plain) != plain:
                raise ValueError(
                    f"{name} is {self.results[name]} already, now {plain}; use two names"
                )
            self.results[name] = plain
        path = self.folder / "results.json"
        if not self._begun and path.exists() and not _ours(path):
            raise FileExistsError(
                f"{path} was not written by a Study run by hand, and stays; give another folder: "
                "Study('my-study')"
            )
        self._begun = True
        write_text(path, _json(self.results))
        if "IPython" in sys.modules:  # elsewhere there is nobody to show it to
            from IPython import get_ipython
            from IPython.display import Markdown, display

            if get_ipython() is not None:
                shown = {k: _escaped(_in_language(v, self.lang)) for k, v in numbers.items()}
                display(Markdown(_in_language(text, self.lang).format(**shown)))

    def figure(self, axes: Axes, name: str, **export: Any) -> None:
        """Export a figure of the study; see `export_figure` for what can be given.

        A cell that is changed and run again replaces the figure that it made before.
        """
        from toolkit.figures import export_figure

        export_figure(axes, name, folder=self.folder / "figures", overwrite=True, **export)


def reproduce(out: str | Path = "out", *, lang: Language = "en") -> dict[str, Any]:
    """Run the study in a fresh kernel and write its report, figures and results.

    Written aside and renamed: `out` holds the whole of one run, whatever interrupts the next.

    Parameters
    ----------
    out : path
        A new or empty folder, or that of a run before. Gets ``report.html``,
        ``results.json``, ``study.ipynb``, ``figures/``, the pages that the study writes into
        its folder, such as a topic page, and ``provenance.json`` with versions and checksums.
        What you put there since stays.
    lang : {"en", "zh"}
        Of the study, its figures and the report.

    Returns
    -------
    dict
        The results: each number that the study quotes, by its name; in every language the same.

    Raises
    ------
    RuntimeError
        If a cell of the study fails, with its error.
    FileExistsError
        If `out` holds what no run of the study made, or files that were edited since.
    BlockingIOError
        If another run is writing to `out`.
    """
    import nbformat

    from toolkit.figures import font_path
    from toolkit.figures.press.bundle import our_folder, write_provenance

    check_language(lang)
    font_path()  # prepared here the first time, where the progress can be seen
    out = Path(out)
    if Path.cwd().is_relative_to(out.resolve()):
        raise FileExistsError(f"you are in {out.resolve()}: choose a folder inside it, --out out")
    with our_folder(out, wait=False) as aside:
        notebook = run_notebook(resource("notebooks", lang, "study.ipynb"), aside)
        nbformat.write(notebook, aside / "study.ipynb")
        pages = [path.name for path in aside.glob("*.html")]  # those that the study wrote
        shown = report(notebook, lang=lang, pages=pages)
        (aside / "report.html").write_text(shown, encoding="utf-8")
        results: dict[str, Any] = read_json(aside / "results.json")
        write_provenance(aside, {"study": lang, "made_by": []})
    return results


def differences(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Compare results, numbers to a tolerance of 0.1%.

    Returns
    -------
    list of str
        A line for each result that differs, is missing or is new; empty if all agree.

    Examples
    --------
    >>> differences({"k": 5, "nmi": 0.50001}, {"k": 4, "nmi": 0.5})
    ['k: 5 instead of 4']
    """
    lines = [f"{name}: missing" for name in expected if name not in found]
    lines += [f"{name}: not among the expected results" for name in found if name not in expected]
    for name in expected.keys() & found.keys():
        a, b = found[name], expected[name]
        same = (
            math.isclose(a, b, rel_tol=_TOLERANCE, abs_tol=1e-9)
            if isinstance(a, float) and isinstance(b, (int, float))
            else a == b
        )
        if not same:
            lines.append(f"{name}: {a} instead of {b}")
    return sorted(lines)


def expected_results() -> dict[str, Any]:
    """Return the results that the study had when it was committed."""
    found: dict[str, Any] = read_json(resource("notebooks", "study-results.json"))
    return found


def run_notebook(path: Path, out: Path) -> NotebookNode:
    """Run a notebook from a fresh kernel of this Python, with a progress bar.

    Parameters
    ----------
    path : path of the notebook
    out : path
        The folder the notebook runs in, and where its `Study` writes.

    Returns
    -------
    NotebookNode
        The notebook with its outputs.

    Raises
    ------
    RuntimeError
        If a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from tqdm.auto import tqdm
    from traitlets.config import Config

    notebook: NotebookNode = nbformat.read(path, as_version=4)
    total = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)
    config = Config()
    # Without other folders to look in, the kernel is that of the Python that runs this.
    config.KernelSpecManager.kernel_dirs = []
    with (
        tempfile.TemporaryDirectory(prefix="kernel-") as sockets,
        tqdm(total=total, desc=path.stem, unit="cell") as bar,
    ):
        if os.name == "posix":  # no port that another user of the machine could reach
            config.KernelManager.transport = "ipc"
            config.KernelManager.ip = f"{sockets}/ipc"
        client = NotebookClient(
            notebook,
            config=config,
            kernel_name="python3",
            timeout=600,
            resources={"metadata": {"path": str(out)}},
            on_cell_executed=lambda **_: bar.update(),
        )
        try:
            client.execute(env={**os.environ, OUT_VARIABLE: str(out.resolve())})
        except (CellExecutionError, DeadKernelError) as error:
            raise RuntimeError(f"{path.name} failed:\n{error}") from error
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times of the clock differ in every run
        if "outputs" in cell:  # a progress bar is of the kernel that ran, and means nothing later
            cell.outputs = [o for o in cell.outputs if _WIDGET not in o.get("data", {})]
    return notebook


def report(notebook: NotebookNode, *, lang: Language = "en", pages: Sequence[str] = ()) -> str:
    """Return a notebook as one HTML page that needs no network and no Chinese font.

    Code is folded away; text that is not HTML already is escaped. Of the links in its prose
    those to the web are kept, of those to a file it is said where it stands; the names of
    `pages`, which stand beside the report, become links.
    """
    from nbconvert.filters import markdown2html

    from toolkit.figures.press.webfont import filled_with_font

    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(("prose", _reachable(markdown2html(cell.source), pages, lang), ""))
        elif cell.cell_type == "code":
            parts.append(("code", cell.source, ""))
            for output in cell.outputs:
                data = output.get("data", {})
                if "image/png" in data:
                    alt = str(output.metadata.get("alt", say("report.figure", lang)))
                    parts.append(("image", data["image/png"].strip(), alt))
                elif "text/html" in data:
                    parts.append(("table", data["text/html"], ""))
                elif "text/markdown" in data:
                    parts.append(("prose", markdown2html(data["text/markdown"]), ""))
                elif text := data.get("text/plain") or output.get("text", ""):
                    parts.append(("text", text, ""))
    title = re.search(r"^# (.+)$", "\n".join(c.source for c in notebook.cells), re.MULTILINE)
    made_with = ", ".join(f"{k} {v}" for k, v in versions().items())
    return filled_with_font(
        "report.html",
        title=title.group(1) if title else say("report.study", lang),
        code=say("report.code", lang),
        lang={"zh": "zh-CN"}.get(lang, lang),
        parts=parts,
        made=say("report.made", lang, versions=made_with),
    )


def _reachable(prose: str, pages: Sequence[str], lang: Language) -> str:
    def named(link: re.Match[str]) -> str:
        target, text = link.groups()
        if "#" in target:  # a term, of which a report has many
            return text
        file = posixpath.normpath(f"notebooks/{lang}/{target}")
        return say("report.file", lang, text=text, file=file)

    # What the notebook links to in its own folder is not where the report is.
    prose = re.sub(r'<a href="(?![a-z]+:|#)([^"]*)">(.*?)</a>', named, prose)
    for name in map(html.escape, pages):
        prose = prose.replace(f"<code>{name}</code>", f'<a href="{name}">{name}</a>')
    return prose


def _ours(path: Path) -> bool:
    """Tell whether results are as `Study.say` writes them, and of no whole run."""
    from toolkit.figures.press.bundle import PROVENANCE

    try:
        found = read_json(path)
    except ValueError:
        return False
    as_written = isinstance(found, dict) and path.read_bytes() == _json(found).encode()
    return as_written and not (path.parent / PROVENANCE).exists()


def _in_language(value: Any, lang: str) -> Any:
    """Return what stands in one language of what is given in each."""
    return value[lang] if isinstance(value, Mapping) else value


def _rounded(value: Any) -> Any:
    """Return a plain value; a float has the six digits that any machine gives alike."""
    if hasattr(value, "item"):
        value = value.item()
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _escaped(value: Any) -> Any:
    """Return a value as Markdown shows it as it stands: words of a corpus are untrusted."""
    return re.sub(r"([\\`*_\[\]<>&#|])", r"\\\1", value) if isinstance(value, str) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
