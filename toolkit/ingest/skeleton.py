"""A study of one's own: a folder to begin in."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from toolkit.files import whole_folder
from toolkit.installed import resource

#: The notebook that a new study gets, by its language.
_NOTEBOOKS = {"en": "start.ipynb", "zh": "开始.ipynb"}
_TEMPLATES = Path(__file__).with_name("study")


def new_study(folder: str | Path) -> Path:
    """Make a folder for a study of one's own.

    Parameters
    ----------
    folder : path
        A new or empty folder. It is there whole or not at all.

    Returns
    -------
    Path
        The folder: ``sources/`` for files, ``known.csv`` for what is known about them,
        ``notebooks/`` that read them, a README in English and Chinese, and a
        ``.gitignore``.

    Raises
    ------
    FileExistsError
        If the folder exists and is not empty.

    Examples
    --------
    >>> import tempfile
    >>> study = new_study(Path(tempfile.mkdtemp()) / "my-study")
    >>> sorted(path.name for path in study.iterdir())
    ['.gitignore', 'README.md', 'known.csv', 'notebooks', 'sources']
    """
    folder = Path(folder)
    with whole_folder(folder) as aside:
        for name in ("sources", "notebooks"):
            (aside / name).mkdir()
        readme = (_TEMPLATES / "README.md").read_text(encoding="utf-8")
        readme = readme.format(name=folder.name, python=sys.executable)
        (aside / "README.md").write_text(readme, encoding="utf-8")
        shutil.copyfile(_TEMPLATES / "known.csv", aside / "known.csv")  # as Excel wants it
        shutil.copyfile(_TEMPLATES / "gitignore", aside / ".gitignore")
        for lang, name in _NOTEBOOKS.items():
            notebook = _with_own_paths(resource("notebooks", lang, "start.ipynb"))
            (aside / "notebooks" / name).write_text(notebook, encoding="utf-8")
    return folder


def _with_own_paths(path: Path) -> str:
    """Return a notebook that reads the files of the study."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            source = source.replace("SOURCES = None", 'SOURCES = "../sources"')
            cell["source"] = source.replace("STUDY = None", 'STUDY = ".."')
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
