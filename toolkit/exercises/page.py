"""The teacher's page: who did what, which exercises are hard, what is wrong with a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from toolkit.exercises.checking import questions_of
from toolkit.exercises.collecting import HandIn, exercises_begun, marks
from toolkit.exercises.feedback import WORDS, Lang

# The last line of a page: by it are known, later, the page and the table beside it.
_MARK = "<!-- sha256 {} -->\n"


def save_marks(handed: Sequence[HandIn], path: str | Path, *, lang: Lang = "zh") -> Path:
    """Write the table as CSV that spreadsheets open, and a page beside it.

    Written before, they are replaced if they stand as they were written.

    Returns
    -------
    Path
        The page, with the name of the table and the ending ``.html``.

    Raises
    ------
    FileExistsError
        If another file has one of the names, or one of them was edited.
    """
    from toolkit.files import csv_text, write_text

    table, page = Path(path), Path(path).with_suffix(".html")
    if table == page:
        raise ValueError(f"{path} is the name of the page; give the table another ending, .csv")
    made = csv_text(marks(handed), bom=True)
    of_page = marks_page(handed, lang=lang)
    for file in (table, page):
        if file.exists() and not _ours(table, page):
            raise FileExistsError(
                f"{file} exists and was not written here, or was edited since, and stays: rename "
                "it, or choose another name, --out NAME.csv"
            )
    write_text(table, made)
    write_text(page, of_page + _MARK.format(_digest(made, of_page)))
    return page


def _ours(table: Path, page: Path) -> bool:
    """Tell whether a table and its page stand as they were written."""
    try:
        shown, found = page.read_bytes().decode(), table.read_bytes().decode()
    except (OSError, ValueError):
        return False
    begin = shown.rfind(_MARK.partition("{")[0])
    return shown[begin:] == _MARK.format(_digest(found, shown[:begin]))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def marks_page(handed: Sequence[HandIn], *, lang: Lang = "zh") -> str:
    """Return one page of what was handed in.

    It needs no network and no Chinese font; names are escaped.
    """
    from toolkit.figures.press.webfont import filled_with_font
    from toolkit.say import check_language

    check_language(lang)
    begun = exercises_begun(handed)
    used = []
    for one in sorted(handed, key=lambda one: one.student):
        if (done := one.done) is not None:
            entries = [done.get(notebook, {}).get(name) for notebook, name in begun]
            used.append((one.student, sum(e["right"] for e in entries if e), entries))
    columns = [
        {
            "notebook": notebook,
            "name": name,
            "first": name == next(iter(questions_of(notebook))),
            "question": questions_of(notebook)[name]["question"][lang],
            "right": sum(e["right"] for *_, entries in used if (e := entries[place])),
        }
        for place, (notebook, name) in enumerate(begun)
    ]
    return filled_with_font(
        "exercises/marks.html",
        lang=lang,
        said={key: texts[lang] for key, texts in WORDS["page"].items()},
        used=used,
        columns=columns,
        problems=[one.problem.said(lang) for one in handed if one.problem],
    )
