"""The teacher's page: who did what, which exercises are hard, what is wrong with a file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from toolkit.exercises.checking import questions_of
from toolkit.exercises.collecting import HandIn, exercises_begun, marks
from toolkit.exercises.feedback import Lang

_SAID = {
    "en": {
        "title": "Exercises handed in",
        "count": "{n} hand-ins, {m} exercises.",
        "student": "student",
        "right": "right",
        "share": "share right",
        "legend": "✓ right, ✗ tried and not right, * the solution was looked at. Point at a sign "
        "for the number of tries, at the name of an exercise for its question.",
        "problems": "To look at",
    },
    "zh": {
        "title": "练习提交情况",
        "count": "共 {n} 份，{m} 道题。",
        "student": "姓名",
        "right": "答对",
        "share": "答对比例",
        "legend": "✓ 正确，✗ 做过但不对，* 看过参考答案。鼠标停在符号上可见尝试次数，"
        "停在题号上可见题目。",
        "problems": "需要留意",
    },
}
_CSS = """
@font-face { font-family: "Marks"; src: url(data:font/woff2;base64,%s) format("woff2"); }
body { font: 15px/1.5 system-ui, "Marks", sans-serif; color: #1d1d1f; margin: 2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #e2e2e2; text-align: center; }
tbody th, tfoot th { text-align: left; font-weight: 500; white-space: nowrap; }
thead th { border-bottom: 1px solid #888; font-weight: 600; white-space: nowrap; }
tfoot td, tfoot th { border-top: 1px solid #888; border-bottom: 0; color: #555; }
.first { border-left: 1px solid #ccc; }
.right { color: #2a7f4f; }
.wrong { color: #b5482a; }
"""


def save_marks(handed: Sequence[HandIn], path: str | Path, *, lang: Lang = "zh") -> Path:
    """Write the table as CSV that spreadsheets open, and a page beside it.

    Returns
    -------
    Path
        The page, with the name of the table and the ending ``.html``.
    """
    from toolkit.figures.press.tables import write_csv
    from toolkit.ingest.writing import write_whole

    path = Path(path)
    page = path.with_suffix(".html")
    write_whole(page, marks_page(handed, lang=lang).encode("utf-8"))
    aside = path.with_name(f".{path.name}.part")
    write_csv(marks(handed), aside)
    aside.replace(path)
    return page


def marks_page(handed: Sequence[HandIn], *, lang: Lang = "zh") -> str:
    """Return one page of what was handed in.

    It needs no network and no Chinese font; names are escaped.
    """
    from toolkit.figures.press.webfont import embedded_font

    said, columns = _SAID[lang], exercises_begun(handed)
    used = sorted((one for one in handed if one.done is not None), key=lambda one: one.student)
    problems = [escape(one.problem.said(lang)) for one in handed if one.problem]
    content = (
        f"<h1>{said['title']}</h1><p>{said['count'].format(n=len(used), m=len(columns))}</p>"
        f"{_table(used, columns, lang)}<p>{said['legend']}</p>"
    )
    if problems:
        content += f"<h2>{said['problems']}</h2><ul><li>{'</li><li>'.join(problems)}</li></ul>"
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{said['title']}</title><style>{_CSS % embedded_font(content)}</style></head>"
        f"<body>{content}</body></html>\n"
    )


def _table(used: Sequence[HandIn], columns: Sequence[tuple[str, str]], lang: Lang) -> str:
    """Return a row for each student, a column for each exercise, and how many got it right."""
    said = _SAID[lang]
    questions = {notebook: questions_of(notebook) for notebook, _ in columns}
    notebooks, names, shares = "", "", ""
    for notebook, name in columns:
        first = ' class="first"' if name == next(iter(questions[notebook])) else ""
        if first:
            span = len(questions[notebook])
            notebooks += f'<th colspan="{span}" class="first">{escape(notebook)}</th>'
        question = escape(questions[notebook][name]["question"][lang])
        names += f'<th{first} title="{question}">{escape(name)}</th>'
        right = [entry["right"] for one in used if (entry := _entry(one, notebook, name))]
        shares += f"<td{first}>{sum(right) / len(used):.0%}</td>"
    rows = ""
    for one in used:
        entries = [_entry(one, notebook, name) for notebook, name in columns]
        right = [entry["right"] for entry in entries if entry]
        rows += f"<tr><th>{escape(one.student)}</th><td>{sum(right)}</td>"
        rows += "".join(map(_cell, entries)) + "</tr>"
    return (
        f'<table><thead><tr><th rowspan="2">{said["student"]}</th>'
        f'<th rowspan="2">{said["right"]}</th>{notebooks}</tr><tr>{names}</tr></thead>'
        f"<tbody>{rows}</tbody>"
        f"<tfoot><tr><th>{said['share']}</th><td></td>{shares}</tr></tfoot></table>"
    )


def _entry(one: HandIn, notebook: str, name: str) -> dict[str, Any] | None:
    return (one.done or {}).get(notebook, {}).get(name)


def _cell(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return "<td></td>"
    sign = "✓" if entry["right"] else "✗" if entry["tries"] else ""
    kind = "right" if entry["right"] else "wrong"
    return f'<td class="{kind}" title="{entry["tries"]}">{sign}{"*" * entry["seen"]}</td>'
