"""Blind sheets: questions for people to answer, and the key that they do not see."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, product
from math import inf
from pathlib import Path
from statistics import mode
from string import ascii_lowercase
from typing import Any, Literal, get_args

import pandas as pd

from toolkit.files import TableError, csv_text, read_csv, read_json, write_text
from toolkit.recipe import Recipe, Recorded, fingerprint, step
from toolkit.say import Language, phrases
from toolkit.templates import filled

Kind = Literal["word", "topic", "coding"]
Answers = Mapping[str, "str | Path | pd.DataFrame"]

_LONGEST = 1500  # characters of a passage on a sheet
# What the key holds of each question.
_KEY = {
    "word": ["topic", "answer", "intruder"],
    "topic": ["topic", "answer", "intruder", "unit_id"],
    "coding": ["unit_id", "doc_id", "machine", "weight"],
}


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
        return [str(name) for name in self.questions if name not in ("question", "passage")]

    def save(self, folder: str | Path, *, key: str | Path, lang: Language = "zh") -> Path:
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
            If there is a key of another sheet, or a sheet that was filled in or changed.
        """
        folder, key = Path(folder), Path(key)
        if folder.resolve() in key.resolve().parents:
            raise ValueError(f"{key} is in {folder}, which goes to the coders; keep the key apart")
        table = self.questions.assign(answer="", sheet=self.number)
        texts = {
            key: json.dumps(self._plain(), ensure_ascii=False, indent=1) + "\n",
            folder / "sheet.csv": csv_text(table, bom=True),
            folder / "sheet.html": self.to_html(lang=lang),
        }
        for path, text in texts.items():
            if path.exists() and path.read_bytes() != text.encode():
                raise FileExistsError(
                    f"{path} exists and is not what would be written: what was made of it would "
                    "be lost; choose another place"
                )
        for path, text in texts.items():
            write_text(path, text)
        return folder

    @classmethod
    @step("sheet", data=lambda made, given: {"key": made.fingerprint})
    def load(cls, key: str | Path) -> BlindSheet:
        """Read a sheet back from the file of its key.

        Raises
        ------
        ValueError
            With what is not as `save` writes it: in which table, question and field.
        """
        found = read_json(key)
        if problems := _strange(found):
            more = f"\n- … and {len(problems) - 10} more" if len(problems) > 10 else ""
            told = "".join(f"\n- {problem}" for problem in problems[:10]) + more
            raise ValueError(f"{key} is no key of a sheet; give the file that save() wrote:{told}")
        return cls(found["kind"], pd.DataFrame(found["questions"]), pd.DataFrame(found["key"]))

    def to_html(self, *, lang: Language = "zh") -> str:
        """Return the sheet as one page, to print or to fill in: blind, everything escaped."""
        say = phrases("sheet", lang)
        return filled(
            "topics/sheet.html",
            lang=lang,
            title=say[self.kind],
            how=say[f"{self.kind}_how"],
            **{name: say[name] for name in ("coder", "save", "left")},
            number=self.number,
            options=self.options,
            questions=self.questions.to_dict("records"),
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
            try:
                table = given if isinstance(given, pd.DataFrame) else read_csv(given)
            except TableError as error:
                problems += [f"{coder}: {problem}" for problem in error.problems]
                continue
            if missing := {"question", "answer"} - {*table.columns}:
                problems.append(f"{coder}: no column {sorted(missing)}")
                continue
            if "sheet" in table and {*table["sheet"]} != {self.number}:
                others = sorted({*table["sheet"].astype(str)})
                problems.append(f"{coder}: answers to sheet {others}, not {self.number}")
            chosen = table["answer"].fillna("").astype(str).str.strip().str.lower()
            number = pd.to_numeric(table["question"], errors="coerce")
            column = pd.Series(chosen.to_numpy(), index=number)
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


def _strange(found: Any) -> list[str]:
    """Return what in the file of a key is not as it was written."""
    if not isinstance(found, dict) or found.keys() != {"kind", "questions", "key"}:
        return ["it holds kind, questions and key, and nothing else"]
    kind, tables = found["kind"], [found["questions"], found["key"]]
    if kind not in (known := get_args(Kind)):
        return [f"kind is {kind!r}; it is one of {', '.join(known)}"]
    if not all(isinstance(t, list) and t and all(isinstance(r, dict) for r in t) for t in tables):
        return ["questions and key hold a row with fields for each question"]
    if len({*map(len, tables)}) > 1:
        return [f"there are {len(tables[0])} questions, and a key for {len(tables[1])}"]
    options = letters(max(mode(map(len, tables[0])) - 2, 2))
    labels = [tables[0][0].get(option) for option in options]
    right: dict[str, Callable[[Any], bool]] = {
        **dict.fromkeys(["passage", "intruder", *options], lambda x: isinstance(x, str)),
        **dict.fromkeys(["unit_id", "doc_id"], lambda x: type(x) in (str, int)),
        **dict.fromkeys(["question", "topic"], lambda x: type(x) is int and 0 < x < 1e6),
        "answer": options.__contains__,
        "machine": labels.__contains__,
        "weight": lambda x: type(x) in (int, float) and 0 < x < inf,
    }
    if kind == "topic":
        right["intruder"] = right["topic"]
    problems = []
    for table, of_kind in {"questions": ["passage", *options], "key": _KEY[kind]}.items():
        fields = {"question", *of_kind}
        for number, row in enumerate(found[table], 1):
            place = f"{table}, question {number}"
            problems += [f"{place}: there is no field {name!r}" for name in fields - row.keys()]
            problems += [f"{place}: {name!r} is no field of it" for name in row.keys() - fields]
            strange = [name for name in fields & row.keys() if not right[name](row[name])]
            problems += [f"{place}: {name!r} cannot be {row[name]!r:.60}" for name in strange]
            if (found_number := row.get("question", number)) != number:
                problems.append(f"{place}: 'question' cannot be {found_number!r:.60} here")
    return problems


def clip(text: str) -> str:
    """Return a passage as it stands on a sheet: never endless."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def letters(n: int) -> list[str]:
    """Return the names of n options: a to z, then aa, ab, ….

    Examples
    --------
    >>> letters(28)[-3:]
    ['z', 'aa', 'ab']
    """
    some = [*ascii_lowercase]
    return list(islice(chain(some, map("".join, product(some, some))), n))
