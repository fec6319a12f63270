"""Blind sheets: questions for people to answer, and the key that they do not see."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from toolkit.recipe import Recipe, Recorded, fingerprint, step

Kind = Literal["word", "topic", "coding"]
Answers = Mapping[str, "str | Path | pd.DataFrame"]

_LONGEST = 1500  # characters of a passage on a sheet


@dataclass(frozen=True, eq=False)
class BlindSheet(Recorded):
    """Questions with options, and their key; see `intrusion_test` and `coding_sample`.

    Parameters
    ----------
    kind : {"word", "topic", "coding"}
    questions : DataFrame
        ``question`` (from 1), ``passage`` (empty for words), and a column for each option:
        ``a``, ``b``, ….
    key : DataFrame
        ``question`` and what the coders must not know.
    recipe : Recipe
    """

    kind: Kind
    questions: pd.DataFrame
    key: pd.DataFrame
    recipe: Recipe = field(default_factory=Recipe)

    def __repr__(self) -> str:
        return f"BlindSheet {self.number}: {len(self.questions)} questions ({self.kind})"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of questions and key: told on the sheet, so that no key can be changed."""
        return fingerprint(self._plain())

    @property
    def number(self) -> str:
        """The beginning of the fingerprint; ties answers to their questions."""
        return f"s{self.fingerprint[:12]}"  # so that no spreadsheet takes it for a number

    @property
    def options(self) -> list[str]:
        """Letters of the options."""
        return [str(name) for name in self.questions if len(str(name)) == 1]

    def save(
        self, folder: str | Path, *, key: str | Path, lang: Literal["zh", "en"] = "zh"
    ) -> Path:
        """Write what the coders get, and the key apart.

        Parameters
        ----------
        folder : path
            Gets ``sheet.csv``, to be filled in, and ``sheet.html``, to be printed or to be
            filled in on the screen; its button saves the answers as CSV.
        key : path
            File for the key; not in `folder`, which goes to the coders.
        lang : {"zh", "en"}
            Language of the instructions.

        Returns
        -------
        path of the folder

        Raises
        ------
        ValueError
            If the key would go to the coders.
        FileExistsError
            If there is a key of another sheet, or a sheet that was filled in.
        """
        folder, key = Path(folder), Path(key)
        if folder.resolve() in key.resolve().parents:
            raise ValueError(f"{key} is in {folder}, which goes to the coders; keep the key apart")
        table = self.questions.assign(answer="", sheet=self.number)
        table = table.map(lambda v: f"'{v}" if str(v).startswith(("=", "+", "-", "@")) else v)
        plain = json.dumps(self._plain(), ensure_ascii=False, indent=1)
        files = {
            key: f"{plain}\n",
            folder / "sheet.csv": "\ufeff" + table.to_csv(index=False, lineterminator="\n"),
            folder / "sheet.html": self.to_html(lang=lang),
        }
        for path in (key, folder / "sheet.csv"):
            if path.exists() and path.read_bytes() != files[path].encode():
                raise FileExistsError(
                    f"{path} exists and is not what would be written: answers would be lost; "
                    "choose another place"
                )
        for path, text in files.items():
            write_aside(path, text)
        return folder

    @classmethod
    @step("sheet", data=lambda made, given: {"key": made.fingerprint})
    def load(cls, key: str | Path) -> BlindSheet:
        """Read a sheet back from the file of its key."""
        found = json.loads(Path(key).read_text(encoding="utf-8"))
        if not isinstance(found, dict) or found.keys() != {"kind", "questions", "key"}:
            raise ValueError(f"{key} is no key of a sheet; give the file that save() wrote")
        return cls(found["kind"], pd.DataFrame(found["questions"]), pd.DataFrame(found["key"]))

    def to_html(self, *, lang: Literal["zh", "en"] = "zh") -> str:
        """Return the sheet as one page, to print or to fill in: blind, everything escaped."""
        title, how = _WORDS[lang][self.kind]
        coder, save, left = _FORM[lang]
        items = []
        for row in self.questions.to_dict("records"):
            number = row["question"]
            choices = "".join(
                f'<label><input type="radio" name="{number}" value="{letter}">'
                f"<b>{letter}</b> {escape(str(row[letter]))}</label>"
                for letter in self.options
            )
            passage = escape(str(row["passage"]))
            quote = f"<blockquote>{passage}</blockquote>" if passage else ""
            items.append(
                f"<fieldset><legend>{number}</legend>{quote}<div>{choices}</div></fieldset>"
            )
        return (
            f'<!DOCTYPE html>\n<html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
            f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n<p>{how}</p>\n"
            f'<form id="sheet" data-number="{self.number}" data-left="{left}">\n'
            f'<p><label>{coder} <input name="coder" maxlength="40"></label></p>\n'
            + "\n".join(items)
            + f'\n<p class="screen"><button>{save}</button> <output></output></p></form>\n'
            f"<footer>{self.number}</footer>\n<script>{_SCRIPT}</script></html>\n"
        )

    def ratings(self, answers: Answers) -> pd.DataFrame:
        """Return the answers, a row for each question, a column for each coder.

        Parameters
        ----------
        answers : mapping of coder to path or DataFrame
            The filled-in ``sheet.csv`` of each; ``answer`` holds a letter, or nothing.

        Raises
        ------
        ValueError
            With all that is wrong: answers to another sheet, unknown questions or letters.
        """
        problems, columns = [], {}
        for coder, given in answers.items():
            table = given if isinstance(given, pd.DataFrame) else _read(given)
            if missing := {"question", "answer"} - {*table.columns}:
                problems.append(f"{coder}: no column {sorted(missing)}")
                continue
            if "sheet" in table and {*table["sheet"]} != {self.number}:
                problems.append(
                    f"{coder}: answers to sheet {sorted({*table['sheet']})}, not {self.number}"
                )
            letters = table["answer"].fillna("").astype(str).str.strip().str.lower()
            column = pd.Series(
                letters.to_numpy(), index=pd.to_numeric(table["question"], errors="coerce")
            )
            if unknown := {*column} - {*self.options, ""}:
                problems.append(f"{coder}: no options {sorted(unknown)}; there are {self.options}")
            if unknown := {*column.index} - {*self.questions["question"]}:
                problems.append(f"{coder}: no questions {sorted(unknown)}")
            if column.index.has_duplicates:
                problems.append(f"{coder}: some questions stand twice")
            columns[coder] = column[column != ""]
        if not problems and not any(len(column) for column in columns.values()):
            problems.append("there is no answer")
        if problems:
            raise ValueError("these answers cannot be scored:\n- " + "\n- ".join(problems))
        return pd.DataFrame(columns).reindex(self.questions["question"]).astype(object)

    def _plain(self) -> dict[str, Any]:
        tables = {"questions": self.questions, "key": self.key}
        return {"kind": self.kind} | {
            n: json.loads(t.to_json(orient="records")) for n, t in tables.items()
        }


def clip(text: str) -> str:
    """Return a passage as it stands on a sheet: never endless."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def write_aside(path: Path, text: str) -> None:
    """Write a file that is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8", newline="\n")
    aside.replace(path)


def _read(path: str | Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError:  # as spreadsheets in China save CSV
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="gb18030")


_STYLE = (
    "body{max-width:44em;margin:2em auto;padding:0 1em;line-height:1.6;color:#222;"
    "font-family:'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif}"
    "h1{font-size:1.3em}fieldset{break-inside:avoid;border:0;border-top:1px solid #ccc;"
    "margin:0;padding:.5em 0 .7em;min-width:0}"
    "legend{float:left;width:2.2em;font-weight:bold}"
    "fieldset>*{margin-left:2.2em}legend{margin-left:0}"
    "fieldset>div>label{min-width:5.4em}fieldset>div{display:flex;flex-wrap:wrap;gap:.2em 1.8em}"
    "blockquote{margin:0 0 .5em 2.2em;padding-left:.8em;border-left:3px solid #ccc}"
    "b{margin-right:.3em;color:#777;font-weight:normal}"
    "input[type=radio]{appearance:none;width:.85em;height:.85em;border:1px solid #333;"
    "margin:0 .5em 0 0;vertical-align:-.05em}input:checked{background:#333}"
    "input[name=coder]{border:0;border-bottom:1px solid #333;font:inherit;width:12em}"
    "footer{color:#777;font-size:.8em;margin-top:2em}button{font:inherit;padding:.2em 1em}"
    "@media print{body{margin:0;max-width:none}.screen{display:none}}"
)
# Answers never leave the page but as a file that the coder saves.
_SCRIPT = (
    "const form=document.getElementById('sheet');"
    "form.addEventListener('submit',event=>{event.preventDefault();"
    "const open=[];let rows='\\ufeffquestion,answer,sheet\\n';"
    "for(const set of form.querySelectorAll('fieldset')){"
    "const number=set.querySelector('legend').textContent;"
    "const chosen=set.querySelector(':checked');"
    "if(!chosen)open.push(number);"
    "rows+=`${number},${chosen?chosen.value:''},${form.dataset.number}\\n`}"
    "form.querySelector('output').textContent=open.length?form.dataset.left+open.join(', '):'✓';"
    "const link=document.createElement('a');"
    "link.href=URL.createObjectURL(new Blob([rows],{type:'text/csv'}));"
    "const coder=form.elements.coder.value.replace(/[^\\p{L}\\p{N}_-]/gu,'')||'coder';"
    "link.download=`${coder}-${form.dataset.number}.csv`;link.click();"
    "URL.revokeObjectURL(link.href)});"
)
_FORM = {
    "zh": ("编码员：", "保存答案（CSV）", "已保存；尚未作答："),
    "en": ("Coder:", "Save the answers (CSV)", "Saved; not answered yet: "),
}
_WORDS = {
    "zh": {
        "word": (
            "词语入侵测验",
            "每题六个词中有五个属于同一主题，一个不属于。请选出不属于的那个词。",
        ),
        "topic": (
            "主题入侵测验",
            "每段文字下有四组词，三组与文字有关，一组无关。请选出无关的那一组。",
        ),
        "coding": ("段落编码", "请为每段文字选出最主要的一个维度；都不符合时选最后一项。"),
    },
    "en": {
        "word": (
            "Word intrusion test",
            "Five of the six words belong together, one does not. Choose the one that does not.",
        ),
        "topic": (
            "Topic intrusion test",
            "Three of the four groups of words have to do with the passage, one has not. "
            "Choose the one that has not.",
        ),
        "coding": (
            "Coding of passages",
            "Choose the main dimension of each passage; the last option if none applies.",
        ),
    },
}
