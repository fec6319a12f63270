"""A study of one's own: a folder to begin in."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from toolkit.files import whole_folder
from toolkit.recipe import resource

#: The notebook that a new study gets, by its language.
_NOTEBOOKS = {"en": "start.ipynb", "zh": "开始.ipynb"}
_KNOWN = "file,title,city,year,kind,date,source,author,document_number\n"
_IGNORED = """\
# Made from what you keep, and made again when needed.
corpus/.intake/
out/
figures/
.ipynb_checkpoints/
"""
_README = """\
# {name}

Texts, notebooks and results of one study, made with the City Governance Text Toolkit.

| where | what |
|---|---|
| `sources/` | put your files here: pages, Word, PDF, tables of texts, zip archives |
| `known.csv` | what you know: a row for each file, named in `file`; the rest may be empty |
| `corpus/` | made by intake: the texts, `metadata.csv`, `intake.csv` (what became of each file) |
| `notebooks/` | `start.ipynb`, in Chinese `开始.ipynb`: from your files to words and topics |

```sh
{python} -m toolkit intake sources --into corpus --metadata known.csv
```

Run it again whenever you add files: it goes on where it was, and what you edited stays.
Check the rights of what you collect before you publish it: government texts are free to
quote, pages of newspapers are not.

把文件放进 `sources/`，已知的信息填进 `known.csv`（每行一个文件，`file` 写文件名），运行上面的命令；
每个文件的去向写在 `corpus/intake.csv` 里，`notebooks/开始.ipynb` 接着往下做。
新增文件后再运行一次即可，手工改过的内容不会被覆盖。
"""


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
    readme = _README.format(name=folder.name, python=sys.executable)
    with whole_folder(folder) as aside:
        for name in ("sources", "notebooks"):
            (aside / name).mkdir()
        (aside / "known.csv").write_text(_KNOWN, encoding="utf-8-sig")  # as Excel wants it
        (aside / "README.md").write_text(readme, encoding="utf-8")
        (aside / ".gitignore").write_text(_IGNORED, encoding="utf-8")
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
            source = source.replace("STUDY = None", 'STUDY = ".."')
            cell["source"] = source
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
