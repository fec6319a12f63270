"""The teacher's page: who did what, which exercises are hard, what is wrong with a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from toolkit.exercises.checking import questions_of
from toolkit.exercises.collecting import HandIn, exercises_begun, marks
from toolkit.exercises.feedback import WORDS, Lang


def save_marks(handed: Sequence[HandIn], path: str | Path, *, lang: Lang = "zh") -> Path:
    """Write the table as CSV that spreadsheets open, and a page beside it.

    Returns
    -------
    Path
        The page, with the name of the table and the ending ``.html``.
    """
    from toolkit.files import write_csv, write_text

    page = Path(path).with_suffix(".html")
    write_text(page, marks_page(handed, lang=lang))
    write_csv(marks(handed), path)
    return page


def marks_page(handed: Sequence[HandIn], *, lang: Lang = "zh") -> str:
    """Return one page of what was handed in.

    It needs no network and no Chinese font; names are escaped.
    """
    from toolkit.figures.press.page import filled_with_font
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
