"""The notebooks in a folder of one's own, where no checkout is at hand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from toolkit.files import whole_folder
from toolkit.installed import resource

_LINK = re.compile(r"\]\(([^)#\s:]+)")


def copy_notebooks(folder: str | Path) -> Path:
    """Copy the tutorials, with their exercises, and what they link to.

    Parameters
    ----------
    folder : path
        A new or empty folder. It is there whole or not at all.

    Returns
    -------
    Path
        The folder: ``notebooks/en`` and ``notebooks/zh``, and the pages they link to.

    Raises
    ------
    FileExistsError
        If the folder exists and is not empty: answers in it stay.

    Examples
    --------
    >>> import tempfile
    >>> copied = copy_notebooks(Path(tempfile.mkdtemp()) / "class")
    >>> copied.name
    'class'
    """
    folder = Path(folder)
    root = resource("notebooks").parent.resolve()
    with whole_folder(folder) as aside:
        for path in root.glob("notebooks/*/*.ipynb"):
            links = _LINK.findall(path.read_text(encoding="utf-8"))
            for file in (path, *((path.parent / link).resolve() for link in links)):
                target = aside / file.relative_to(root)
                if file.is_file() and not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target)
    return folder
